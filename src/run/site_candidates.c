/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Where something could be built: settlements, cells with a street, or the rows of a file; and which existing sites stay. */
#include <math.h>

#include "run/net.h"
#include "run/site.h"

static jx__site_row *row_of(jx_ctx *ctx, jx__siting *s, const char *name, size_t n, jx_pt pt) {
    jx__site_row *r = &s->site[s->n_sites];
    *r = (jx__site_row){.name = jx_arena_strn(ctx, s->arena, name, n), .pt = pt, .facility = JX_NONE, .township = JX_NONE, .capacity = NAN, .price = 1,
                        .status = JX_PLAN_NEW};
    return r->name ? (s->n_sites++, r) : NULL;
}

static jx_status room_for(jx_ctx *ctx, jx__siting *s, uint32_t more) {
    jx__site_row *p = jx_realloc(ctx, s->site, (size_t)s->n_sites + more, sizeof *s->site);
    s->site = p ? p : s->site;
    return p ? JX_OK : JX_E_NOMEM;
}

/* ---- existing ------------------------------------------------------------------------------------------------------------------------ */

static jx_status existing(jx_ctx *ctx, jx__siting *s) {
    const jx_county *c = s->study.county;
    const jx__offer *o = &s->study.offer;
    const char *kind = jx_args_get(s->args, "kind");
    bool places = jx_args_get(s->args, "demand") != NULL; /* maps state beds and seats: no measure of people served unless places are what is wanted */
    JX_TRY(room_for(ctx, s, o->n));
    for (uint32_t k = 0; k < o->n; k++) {
        const jx_facility *f = &c->facilities[o->facility[k]];
        if (kind && strcmp(kind, f->kind) != 0) {
            continue;
        }
        jx__site_row *r = row_of(ctx, s, f->name, strlen(f->name), f->pt);
        if (!r) {
            return JX_E_NOMEM;
        }
        r->facility = o->facility[k];
        r->township = f->township;
        if (places && !isnan(f->capacity)) {
            r->capacity = f->capacity;
            r->capacity_given = true;
        }
        r->price = 0;
        r->status = JX_PLAN_KEPT;
    }
    s->n_existing = s->n_sites;
    return JX_OK;
}

/* "all", or names with commas: sets a status; a name that fits nothing is an error. */
static jx_status mark(jx_ctx *ctx, jx__siting *s, const char *key, uint8_t status) {
    const char *list = jx_args_get(s->args, key);
    for (const char *p = list; p && *p;) {
        size_t n = strcspn(p, ",");
        bool found = false, all = n == 3 && memcmp(p, "all", 3) == 0;
        for (uint32_t j = 0; j < s->n_existing; j++) {
            if (all || (strlen(s->site[j].name) == n && memcmp(s->site[j].name, p, n) == 0)) {
                s->site[j].status = status;
                found = true;
            }
        }
        if (!found) {
            char *name = jx_arena_strn(ctx, s->arena, p, n);
            return name ? JX_FAIL(ctx, SITE_UNKNOWN, JX_S(key), JX_S(name)) : JX_E_NOMEM;
        }
        p += n + (p[n] == ',');
    }
    return JX_OK;
}

/* ---- candidates ------------------------------------------------------------------------------------------------------------------------ */

static jx_status settlements(jx_ctx *ctx, jx__siting *s) {
    const jx_county *c = s->study.county;
    JX_TRY(room_for(ctx, s, c->n_places));
    for (uint32_t k = 0; k < c->n_places; k++) {
        const jx_place *p = &c->places[k];
        if (p->inside) {
            jx__site_row *r = row_of(ctx, s, p->name, strlen(p->name), p->pt);
            if (!r) {
                return JX_E_NOMEM;
            }
            r->township = p->township;
        }
    }
    return JX_OK;
}

static jx_status cells(jx_ctx *ctx, jx__siting *s) {
    const jx_county *c = s->study.county;
    JX_TRY(room_for(ctx, s, c->cells.n));
    for (uint32_t i = 0; i < c->cells.n; i++) {
        if (c->cell_snap[s->study.offer.mode][i].edge == JX_NONE) {
            continue; /* no street: nobody could come */
        }
        uint32_t place = c->cells.settlement[i];
        jx_buf b;
        jx_buf_init(&b, ctx);
        jx_buf_fmt(&b, "%s%s", place == JX_NONE ? "" : c->places[place].name, place == JX_NONE ? "" : " ");
        c->cells.id ? jx_buf_str(&b, c->cells.id[i]) : jx_buf_fmt(&b, "#%u", i + 1);
        jx_status st = jx_buf_ok(&b);
        jx__site_row *r = st == JX_OK ? row_of(ctx, s, b.s, b.n, c->cells.pt[i]) : NULL;
        jx_buf_release(&b);
        if (!r) {
            return JX_E_NOMEM;
        }
        r->township = c->cells.township[i];
    }
    return JX_OK;
}

static uint32_t township_at(const jx_county *c, jx_pt p) {
    for (uint32_t t = 0; t < c->n_townships; t++) {
        if (jx_mpoly_has(&c->areas[c->township[t]].shape, p)) {
            return t;
        }
    }
    return JX_NONE;
}

static jx_status number_upto(jx_ctx *ctx, const jx_text_table *t, uint32_t r, uint32_t col, double most, double *out) {
    JX_TRY(jx_text_table_real(ctx, t, r, col, out));
    return *out >= 0 && *out <= most ? JX_OK : JX_FAIL_ROW(ctx, t->file, t->row_no[r], SITE_COLUMN_RANGE, JX_S(t->header[col]), JX_R(*out, 2), JX_R(most, 0));
}

/* lon, lat, and where there: name, cost, capacity. */
static jx_status file_rows(jx_ctx *ctx, jx__siting *s, const jx_text_table *t, const jx__net_places *p) {
    static const char *const cost_names[] = {"cost", "price", "费用", "造价", "投资", NULL};
    static const char *const cap_names[] = {"capacity", "beds", "seats", "容量", "床位", "学位", NULL};
    uint32_t cost = jx_text_table_col(t, cost_names), cap = jx_text_table_col(t, cap_names);
    JX_TRY(room_for(ctx, s, p->n));
    for (uint32_t k = 0; k < p->n; k++) {
        jx__site_row *r = row_of(ctx, s, p->name[k], strlen(p->name[k]), p->pt[k]);
        double v;
        if (!r) {
            return JX_E_NOMEM;
        }
        r->township = township_at(s->study.county, r->pt);
        if (cost != JX_NONE && *t->cell[(size_t)k * t->n_cols + cost]) {
            JX_TRY(number_upto(ctx, t, k, cost, 4e9, &v));
            if (v != floor(v)) {
                return JX_FAIL_ROW(ctx, t->file, t->row_no[k], SITE_PRICE_WHOLE, JX_S(t->header[cost]), JX_R(v, -1));
            }
            r->price = (uint32_t)v;
            r->price_given = true;
        }
        if (cap != JX_NONE && *t->cell[(size_t)k * t->n_cols + cap]) {
            JX_TRY(number_upto(ctx, t, k, cap, 1e9, &r->capacity));
            r->capacity_given = true;
        }
    }
    return JX_OK;
}

static jx_status from_file(jx_ctx *ctx, jx__siting *s) {
    jx__net_places p = {0};
    jx_text_table t;
    JX_TRY(jx_table_read(ctx, s->candidates, JX_ENC_AUTO, NULL, &t));
    jx_status st = jx__net_places_read(ctx, s->args, "candidates", &p);
    if (st == JX_OK) {
        st = file_rows(ctx, s, &t, &p);
    }
    jx__net_places_release(ctx, &p);
    jx_text_table_release(ctx, &t);
    return st;
}

/* ---- money and room that only the options say ---------------------------------------------------------------------------------------------- */

static void defaults(jx__siting *s) {
    double price = jx_args_num(s->args, "price", 1), capacity = jx_args_num(s->args, "capacity", NAN), existing_capacity = jx_args_num(s->args, "existing-capacity", NAN);
    double running = jx_args_num(s->args, "running-price", 0);
    for (uint32_t j = 0; j < s->n_sites; j++) {
        jx__site_row *r = &s->site[j];
        if (!r->price_given) {
            r->price = jx__site_is_new(s, j) ? (uint32_t)price : (uint32_t)running;
        }
        if (!r->capacity_given) {
            r->capacity = jx__site_is_new(s, j) ? capacity : existing_capacity;
        }
    }
}

jx_status jx__site_candidates(jx_ctx *ctx, jx__siting *s) {
    s->candidates = jx_args_get(s->args, "candidates");
    s->candidates = s->candidates ? s->candidates : "settlements";
    JX_TRY(existing(ctx, s));
    JX_TRY(mark(ctx, s, "may-close", JX_PLAN_MAY_CLOSE));
    JX_TRY(mark(ctx, s, "keep", JX_PLAN_KEPT));
    if (strcmp(s->candidates, "settlements") == 0) {
        JX_TRY(settlements(ctx, s));
    } else if (strcmp(s->candidates, "cells") == 0) {
        JX_TRY(cells(ctx, s));
    } else {
        JX_TRY(from_file(ctx, s));
    }
    if (s->n_sites == s->n_existing) {
        return JX_FAIL(ctx, SITE_NO_CANDIDATES, JX_S(s->candidates));
    }
    defaults(s);
    const jx__offer *o = &s->study.offer;
    uint32_t n_new = s->n_sites - s->n_existing, off = 0;
    jx_pt *pts = jx_malloc(ctx, n_new, sizeof *pts);
    s->snap = jx_malloc(ctx, s->n_sites, sizeof *s->snap);
    jx_status st = pts && s->snap ? JX_OK : JX_E_NOMEM;
    for (uint32_t k = 0; st == JX_OK && k < n_new; k++) {
        pts[k] = s->site[s->n_existing + k].pt;
    }
    if (st == JX_OK) {
        for (uint32_t j = 0; j < s->n_existing; j++) {
            s->snap[j] = s->study.county->facility_snap[o->mode][s->site[j].facility];
        }
        st = jx__study_snap(ctx, &s->study, o->mode, pts, n_new, s->snap + s->n_existing);
    }
    jx_free(ctx, pts);
    for (uint32_t j = s->n_existing; st == JX_OK && j < s->n_sites; j++) {
        off += s->snap[j].edge == JX_NONE;
    }
    if (st == JX_OK && off > 0) {
        JX_WARN(ctx, SITE_CANDIDATES_OFF, JX_I(off), JX_I(n_new));
    }
    return st == JX_OK && off == n_new ? JX_FAIL(ctx, SITE_NO_CANDIDATES, JX_S(s->candidates)) : st;
}
