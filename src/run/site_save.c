/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The plan as layers: the project list with its sites, before and after per cell, gains per township. */
#include <math.h>

#include "run/site.h"

typedef struct saving {
    jx_ctx *ctx;
    const jx__siting *s;
    jx_layers l;
    jx_layer layer[3];
    bool failed;
} saving;

static jx_layer *begin(saving *w, const char *name, const char *title, jx_geom_kind geom, uint32_t n, uint32_t cols) {
    jx_layer *l = &w->layer[w->l.n++];
    *l = (jx_layer){.name = name, .title = title, .geom = geom, .n = n, .for_gpkg = true, .for_tables = true};
    l->col = jx_arena_alloc(w->ctx, w->l.arena, cols, sizeof *l->col);
    l->pt = geom == JX_GEOM_POINT ? jx_arena_alloc(w->ctx, w->l.arena, (size_t)n + 1, sizeof *l->pt) : NULL;
    w->failed = w->failed || !l->col || (geom == JX_GEOM_POINT && !l->pt);
    return l;
}

static jx_column *column(saving *w, jx_layer *l, const char *name, const char *title, const char *unit, jx_col_type type, int decimals) {
    if (w->failed) {
        return NULL;
    }
    jx_column *c = &l->col[l->n_cols++];
    *c = (jx_column){.name = name, .title = title, .unit = unit, .type = type, .decimals = decimals};
    void *data = jx_arena_alloc(w->ctx, w->l.arena, (size_t)l->n + 1, 8);
    c->validity = jx_arena_alloc(w->ctx, w->l.arena, (size_t)l->n + 1, 1);
    w->failed = w->failed || !data || !c->validity;
    if (w->failed) {
        return NULL;
    }
    memset(data, 0, ((size_t)l->n + 1) * 8);
    memset(c->validity, JX_VALID, (size_t)l->n + 1);
    type == JX_COL_REAL ? (void)(c->real = data) : type == JX_COL_INT ? (void)(c->integer = data) : (void)(c->text = data);
    return c;
}

static void put(jx_column *c, uint32_t row, double v, jx_validity why) {
    if (isnan(v)) {
        c->validity[row] = (uint8_t)why;
    } else {
        c->real[row] = v;
    }
}

static double minutes(uint32_t ms) { return ms == JX_UNREACHABLE ? NAN : ms / 60000.0; }

static const char *township_name(const jx_county *c, uint32_t t) { return t == JX_NONE ? NULL : c->areas[c->township[t]].name; }

static const char *became(const jx__siting *s, uint32_t j, bool open) {
    return jx__site_is_new(s, j) ? "new" : s->site[j].status == JX_PLAN_KEPT ? "kept" : open ? "stays open" : "closed";
}

/* New ones by rank, then the existing. */
static void sites(saving *w, const uint32_t *order, uint32_t n_new) {
    const jx__siting *s = w->s;
    uint32_t n = n_new + s->n_existing;
    jx_layer *l = begin(w, "sites", N_("project list: sites opened, kept and closed"), JX_GEOM_POINT, n, 11);
    jx_column *rank = column(w, l, "rank", N_("rank: missed most first"), "", JX_COL_INT, 0), *name = column(w, l, "name", N_("name"), "", JX_COL_TEXT, 0);
    jx_column *what = column(w, l, "plan", N_("in the plan"), "", JX_COL_TEXT, 0), *town = column(w, l, "township", N_("township"), "", JX_COL_TEXT, 0);
    jx_column *people = column(w, l, "people", N_("people who use it"), N_("persons"), JX_COL_REAL, 1);
    jx_column *nearer = column(w, l, "people_nearer", N_("people with a shorter way"), N_("persons"), JX_COL_REAL, 1);
    jx_column *newly = column(w, l, "people_newly_within", N_("people newly within the threshold"), N_("persons"), JX_COL_REAL, 1);
    jx_column *price = column(w, l, "price", N_("price"), "", JX_COL_REAL, 0), *assumed = column(w, l, "price_from", N_("price: from the table or assumed"), "", JX_COL_TEXT, 0);
    jx_column *cap = column(w, l, "capacity", N_("capacity"), "", JX_COL_REAL, 1), *cap_from = column(w, l, "capacity_from", N_("capacity: from the source or assumed"), "", JX_COL_TEXT, 0);
    for (uint32_t r = 0, k = 0; !w->failed && r < n; r++) {
        uint32_t j = r < n_new ? s->plan.open[order[r]] : r - n_new;
        const jx__site_row *row = &s->site[j];
        for (k = 0; k < s->plan.n_open && s->plan.open[k] != j; k++) {
        }
        jx__site_gain g = jx__site_gains(s, j);
        l->pt[r] = row->pt;
        rank->integer[r] = r + 1;
        rank->validity[r] = r < n_new ? JX_VALID : JX_NOT_APPLICABLE;
        name->text[r] = row->name;
        what->text[r] = became(s, j, k < s->plan.n_open);
        town->text[r] = township_name(s->study.county, row->township);
        put(people, r, g.people, JX_NO_DATA);
        put(nearer, r, g.nearer, JX_NO_DATA);
        put(newly, r, g.newly_within, JX_NO_DATA);
        put(price, r, s->problem.price ? (double)row->price : (double)NAN, JX_NOT_APPLICABLE);
        assumed->text[r] = !s->problem.price ? NULL : row->price_given ? "table" : "assumed";
        put(cap, r, row->capacity, JX_NO_DATA);
        cap_from->text[r] = isnan(row->capacity) ? NULL : row->capacity_given ? "source" : "assumed";
    }
}

static const double breaks[] = {5, 10, 15, 30};
static const char *const colors[] = {"#ffffd4", "#fed98e", "#fe9929", "#d95f0e", "#993404"};
static const char *const labels[] = {N_("up to 5 min"), N_("5 to 10 min"), N_("10 to 15 min"), N_("15 to 30 min"), N_("over 30 min")};

static void cells(saving *w) {
    const jx__siting *s = w->s;
    const jx_county *c = s->study.county;
    jx_layer *l = begin(w, "cells", N_("travel time per cell before and after"), JX_GEOM_POINT, c->cells.n, 8);
    jx_column *people = column(w, l, "people", N_("people"), N_("persons"), JX_COL_REAL, -1), *town = column(w, l, "township", N_("township"), "", JX_COL_TEXT, 0);
    jx_column *before = column(w, l, "before_min", N_("travel time before"), "min", JX_COL_REAL, 2), *after = column(w, l, "after_min", N_("travel time after"), "min", JX_COL_REAL, 2);
    jx_column *saved = column(w, l, "saved_min", N_("minutes saved"), "min", JX_COL_REAL, 2), *site = column(w, l, "site", N_("site used"), "", JX_COL_TEXT, 0);
    jx_column *was = column(w, l, "within_before", N_("within the threshold before (1 yes)"), "", JX_COL_INT, 0);
    jx_column *is = column(w, l, "within_after", N_("within the threshold after (1 yes)"), "", JX_COL_INT, 0);
    for (uint32_t i = 0; !w->failed && i < c->cells.n; i++) {
        l->pt[i] = c->cells.pt[i];
        people->real[i] = c->cells.people[i];
        town->text[i] = township_name(c, c->cells.township[i]);
        put(before, i, minutes(s->before_ms[i]), JX_NOT_REACHABLE);
        put(after, i, minutes(s->after_ms[i]), JX_NOT_REACHABLE);
        put(saved, i, minutes(s->before_ms[i]) - minutes(s->after_ms[i]), JX_NOT_REACHABLE);
        site->text[i] = s->after_site[i] == JX_NONE ? NULL : s->site[s->after_site[i]].name;
        was->integer[i] = s->before_ms[i] <= s->cutoff_ms[i];
        is->integer[i] = s->after_ms[i] <= s->cutoff_ms[i];
    }
    l->style_column = "after_min";
    l->style_breaks = breaks;
    l->style_colors = colors;
    l->style_labels = labels;
    l->n_breaks = 4;
}

static void townships(saving *w) {
    const jx__siting *s = w->s;
    const jx_county *c = s->study.county;
    jx_layer *l = begin(w, "gains", N_("who gains, by township"), JX_GEOM_NONE, c->n_townships, 5);
    jx_column *name = column(w, l, "township", N_("township"), "", JX_COL_TEXT, 0), *people = column(w, l, "people", N_("people"), N_("persons"), JX_COL_REAL, 1);
    jx_column *nearer = column(w, l, "people_nearer", N_("people with a shorter way"), N_("persons"), JX_COL_REAL, 1);
    jx_column *farther = column(w, l, "people_farther", N_("people with a longer way"), N_("persons"), JX_COL_REAL, 1);
    jx_column *newly = column(w, l, "people_newly_within", N_("people newly within the threshold"), N_("persons"), JX_COL_REAL, 1);
    for (uint32_t t = 0; !w->failed && t < c->n_townships; t++) {
        name->text[t] = township_name(c, t);
    }
    for (uint32_t i = 0; !w->failed && i < c->cells.n; i++) {
        uint32_t t = c->cells.township[i];
        if (t != JX_NONE) {
            double p = c->cells.people[i];
            people->real[t] += p;
            nearer->real[t] += s->after_ms[i] < s->before_ms[i] ? p : 0;
            farther->real[t] += s->after_ms[i] > s->before_ms[i] ? p : 0;
            newly->real[t] += s->after_ms[i] <= s->cutoff_ms[i] && s->before_ms[i] > s->cutoff_ms[i] ? p : 0;
        }
    }
}

/* ---- files ------------------------------------------------------------------------------------------------------------------------------ */

static bool ends(const char *s, const char *end) {
    size_t n = strlen(s), k = strlen(end);
    return n > k && strcmp(s + n - k, end) == 0;
}

static jx_status gpkg(saving *w, const char *path, const jx_result *res) {
    jx_buf qml;
    const char *text[3] = {NULL, NULL, NULL};
    jx_buf_init(&qml, w->ctx);
    jx_status st = jx_report_qml(w->ctx, &w->layer[1], res->cat, &qml);
    st = st == JX_OK ? jx_buf_ok(&qml) : st;
    if (st == JX_OK) {
        text[1] = qml.n ? qml.s : NULL;
        st = jx_gpkg_write(w->ctx, path, &w->l, text, jx__stamp(w->s->study.county->data_time));
    }
    jx_buf_release(&qml);
    return st;
}

static jx_status geojson(saving *w, const char *path) {
    jx_geojson g;
    jx_buf b;
    const jx_layer *l = &w->layer[0];
    jx_buf_init(&b, w->ctx);
    jx_geojson_begin(&g, &b);
    for (uint32_t r = 0; r < l->n; r++) {
        jx_geojson_prop props[16];
        for (uint32_t k = 0; k < l->n_cols; k++) {
            const jx_column *c = &l->col[k];
            bool valid = c->validity[r] == JX_VALID;
            props[k] = (jx_geojson_prop){.key = c->name, .decimals = c->decimals, .number = NAN};
            if (c->type == JX_COL_TEXT) {
                props[k].text = c->text[r];
            } else if (valid) {
                props[k].number = c->type == JX_COL_INT ? (double)c->integer[r] : c->real[r];
            }
        }
        jx_geojson_point(&g, l->pt[r], props, l->n_cols);
    }
    jx_status st = jx_geojson_end(&g);
    if (st == JX_OK) {
        st = jx_file_write(w->ctx, path, b.s, b.n);
    }
    jx_buf_release(&b);
    return st;
}

jx_status jx__site_save(jx_ctx *ctx, const jx__siting *s, const jx_result *res) {
    const char *path = jx_args_get(s->args, "output");
    saving w = {.ctx = ctx, .s = s};
    if (!path) {
        return JX_OK;
    }
    w.l.arena = jx_arena_new(ctx);
    w.l.layer = w.layer;
    uint32_t *order = jx_malloc(ctx, s->n_sites, sizeof *order);
    jx_status st = w.l.arena && order ? JX_OK : JX_E_NOMEM;
    if (st == JX_OK) {
        uint32_t n_new = jx__site_ranked(s, order);
        sites(&w, order, n_new);
        cells(&w);
        townships(&w);
        st = w.failed ? JX_E_NOMEM : JX_OK;
    }
    if (st == JX_OK) {
        st = ends(path, ".gpkg") ? gpkg(&w, path, res) : ends(path, ".geojson") || ends(path, ".json") ? geojson(&w, path) :
             ends(path, ".csv") ? jx_csv_write(ctx, path, &w.layer[0]) : ends(path, ".xlsx") ? jx_report_xlsx(ctx, path, &w.l, res->cat, jx__stamp(s->study.county->data_time)) :
             JX_FAIL(ctx, SITE_FORMAT, JX_S(path));
    }
    jx_free(ctx, order);
    jx_arena_free(ctx, w.l.arena);
    return st;
}
