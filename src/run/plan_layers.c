/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Plans as layers: the project list with its sites, cells before and after, gains per township. */
#include <math.h>

#include "run/district.h"
#include "run/site.h"

typedef struct making {
    jx_ctx *ctx;
    const jx_county *c;
    const jx_report_plan *plan;
    uint32_t n;
    bool many;
    jx__plan_layers *out;
    bool failed;
} making;

/* ---- columns ----------------------------------------------------------------------------------------------------------------------------- */

static jx_layer *begin(making *w, uint32_t at, const char *name, const char *title, jx_geom_kind geom, uint32_t n, uint32_t cols) {
    jx_layer *l = &w->out->layer[at];
    *l = (jx_layer){.name = name, .title = title, .geom = geom, .n = n, .for_gpkg = true, .for_tables = true};
    l->col = jx_arena_alloc(w->ctx, w->out->own.arena, cols, sizeof *l->col);
    l->pt = geom == JX_GEOM_POINT ? jx_arena_alloc(w->ctx, w->out->own.arena, (size_t)n + 1, sizeof *l->pt) : NULL;
    w->failed = w->failed || !l->col || (geom == JX_GEOM_POINT && !l->pt);
    return l;
}

static jx_column *column(making *w, jx_layer *l, const char *name, const char *title, const char *unit, jx_col_type type, int decimals) {
    if (w->failed) {
        return NULL;
    }
    jx_column *c = &l->col[l->n_cols++];
    *c = (jx_column){.name = name, .title = title, .unit = unit, .type = type, .decimals = decimals};
    void *data = jx_arena_alloc(w->ctx, w->out->own.arena, (size_t)l->n + 1, 8);
    c->validity = jx_arena_alloc(w->ctx, w->out->own.arena, (size_t)l->n + 1, 1);
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

static const char *township_name(const jx_county *c, uint32_t t) { return t == JX_NONE ? NULL : c->areas[c->township[t]].name; }

/* Which plan a row is of: number, and its name. */
static void which(making *w, jx_column *const id[2], uint32_t row, uint32_t k) {
    if (w->many && !w->failed) {
        id[0]->integer[row] = k + 1;
        id[1]->text[row] = w->plan[k].name ? w->plan[k].name : w->c->services[w->plan[k].service].id;
    }
}

static void which_columns(making *w, jx_layer *l, jx_column *id[2]) {
    id[0] = w->many ? column(w, l, "plan_no", N_("number of the plan"), "", JX_COL_INT, 0) : NULL;
    id[1] = w->many ? column(w, l, "plan_name", N_("name of the plan"), "", JX_COL_TEXT, 0) : NULL;
}

/* ---- sites ------------------------------------------------------------------------------------------------------------------------------- */

static uint32_t n_rows(const making *w) {
    uint32_t n = 0;
    for (uint32_t k = 0; k < w->n; k++) {
        for (uint32_t i = 0; i < w->plan[k].n_sites; i++) {
            n += w->plan[k].site[i].role != JX_ROLE_CANDIDATE;
        }
    }
    return n;
}

/* New ones by rank, then the existing. */
static void sites(making *w) {
    static const char *const became[] = {[JX_ROLE_NEW] = "new", [JX_ROLE_KEPT] = "kept", [JX_ROLE_CLOSED] = "closed"};
    jx_layer *l = begin(w, 0, w->many ? "plan_sites" : "sites", N_("project list: sites opened, kept and closed"), JX_GEOM_POINT, n_rows(w), 14);
    jx_column *id[2];
    which_columns(w, l, id);
    jx_column *rank = column(w, l, "rank", N_("rank: missed most first"), "", JX_COL_INT, 0), *name = column(w, l, "name", N_("name"), "", JX_COL_TEXT, 0);
    jx_column *what = column(w, l, "plan", N_("in the plan"), "", JX_COL_TEXT, 0), *town = column(w, l, "township", N_("township"), "", JX_COL_TEXT, 0);
    jx_column *people = column(w, l, "people", N_("people who use it"), N_("persons"), JX_COL_REAL, 1);
    jx_column *nearer = column(w, l, "people_nearer", N_("people with a shorter way"), N_("persons"), JX_COL_REAL, 1);
    jx_column *newly = column(w, l, "people_newly_within", N_("people newly within the threshold"), N_("persons"), JX_COL_REAL, 1);
    jx_column *price = column(w, l, "price", N_("price"), "", JX_COL_REAL, 0), *assumed = column(w, l, "price_from", N_("price: from the table or assumed"), "", JX_COL_TEXT, 0);
    jx_column *cap = column(w, l, "capacity", N_("capacity"), "", JX_COL_REAL, 1), *cap_from = column(w, l, "capacity_from", N_("capacity: from the source or assumed"), "", JX_COL_TEXT, 0);
    for (uint32_t k = 0, r = 0; !w->failed && k < w->n; k++) {
        for (uint32_t i = 0; i < w->plan[k].n_sites; i++) {
            const jx_report_site *s = &w->plan[k].site[i];
            if (s->role == JX_ROLE_CANDIDATE) {
                continue;
            }
            which(w, id, r, k);
            l->pt[r] = s->pt;
            rank->integer[r] = s->rank;
            rank->validity[r] = s->rank ? JX_VALID : JX_NOT_APPLICABLE;
            name->text[r] = s->name;
            what->text[r] = became[s->role];
            town->text[r] = township_name(w->c, s->township);
            put(people, r, s->people, JX_NO_DATA);
            put(nearer, r, s->nearer, JX_NO_DATA);
            put(newly, r, s->newly_within, JX_NO_DATA);
            put(price, r, s->price, JX_NOT_APPLICABLE);
            assumed->text[r] = isnan(s->price) ? NULL : s->price_assumed ? "assumed" : "table";
            put(cap, r, s->capacity, JX_NO_DATA);
            cap_from->text[r] = isnan(s->capacity) ? NULL : s->capacity_assumed ? "assumed" : "source";
            r++;
        }
    }
}

/* ---- cells ------------------------------------------------------------------------------------------------------------------------------- */

enum { PER_PLAN = 5 };

static double minutes(uint32_t ms) { return ms == JX_UNREACHABLE ? (double)INFINITY : ms / 60000.0; }

static const char *column_name(making *w, uint32_t k, const char *what) {
    jx_buf b;
    jx_buf_init(&b, w->ctx);
    w->many ? jx_buf_fmt(&b, "plan%u_%s", k + 1, what) : jx_buf_str(&b, what);
    const char *s = jx_buf_ok(&b) == JX_OK ? jx_arena_strn(w->ctx, w->out->own.arena, b.s, b.n) : NULL;
    w->failed = w->failed || !s;
    jx_buf_release(&b);
    return s;
}

static bool within(const jx_report_plan *p, uint32_t ms, bool town) {
    double limit = town ? p->town_min : p->country_min;
    return limit > 0 && ms != JX_UNREACHABLE && ms <= floor(limit * 60000 + 0.5);
}

static void values_of(making *w, uint32_t k, jx_values *v, double *x) {
    static const char *const names[PER_PLAN] = {"before_min", "after_min", "saved_min", "within_before", "within_after"};
    static const char *const titles[PER_PLAN] = {N_("travel time before"), N_("travel time after"), N_("minutes saved"), N_("within the threshold before (1 yes)"),
                                                 N_("within the threshold after (1 yes)")};
    const jx_report_plan *p = &w->plan[k];
    uint32_t n = w->c->cells.n;
    for (uint32_t q = 0; q < PER_PLAN; q++) {
        v[q] = (jx_values){.name = column_name(w, k, names[q]), .title = titles[q], .unit = q < 3 ? "min" : "", .decimals = q < 3 ? 2 : 0, .v = x + (size_t)q * n};
    }
    for (uint32_t i = 0; i < n; i++) {
        double b = minutes(p->before_ms[i]), a = minutes(p->after_ms[i]);
        x[i] = b;
        x[(size_t)n + i] = a;
        x[2 * (size_t)n + i] = isinf(b) || isinf(a) ? (double)INFINITY : b - a;
        x[3 * (size_t)n + i] = within(p, p->before_ms[i], w->c->cells.urban[i]);
        x[4 * (size_t)n + i] = within(p, p->after_ms[i], w->c->cells.urban[i]);
    }
}

/* Breaks that a person would choose; the threshold, where there is one, always among them. */
static void breaks(const jx_report_plan *p, double out[4]) {
    static const double usual[4] = {5, 10, 15, 30};
    double t = p->town_min > 0 ? p->town_min : p->country_min;
    bool known = !(t > 0);
    for (int i = 0; i < 4; i++) {
        out[i] = usual[i];
        known = known || usual[i] == t;
    }
    for (int i = 0; !known && i < 4; i++) {
        out[i] = i == 0 ? t / 2 : i == 1 ? t : out[i - 1] * 2;
    }
}

static jx_status site_texts(making *w, uint32_t k) {
    const jx_report_plan *p = &w->plan[k];
    uint32_t n = w->c->cells.n;
    const char **text = jx_malloc(w->ctx, n, sizeof *text);
    const char *name = column_name(w, k, "site");
    jx_status st = text && name ? JX_OK : JX_E_NOMEM;
    for (uint32_t i = 0; st == JX_OK && i < n; i++) {
        text[i] = p->after_site[i] == JX_NONE ? NULL : p->site[p->after_site[i]].name;
    }
    if (st == JX_OK) {
        st = jx__layer_text(w->ctx, w->out->values, "cells", name, N_("site used"), text);
    }
    jx_free(w->ctx, text);
    return st;
}

static jx_status cells(making *w) {
    uint32_t n = w->c->cells.n, solved = 0, first = JX_NONE;
    jx_values *v = jx_malloc(w->ctx, (size_t)w->n * PER_PLAN, sizeof *v);
    double *x = jx_malloc(w->ctx, (size_t)w->n * PER_PLAN * n, sizeof *x);
    jx_values_input in = {.cell = v, .far_is_dark = true};
    for (uint32_t k = 0; v && x && k < w->n; k++) {
        if (!w->plan[k].impossible) {
            values_of(w, k, v + (size_t)solved * PER_PLAN, x + (size_t)solved * PER_PLAN * n);
            first = first == JX_NONE ? k : first;
            solved++;
        }
    }
    in.n_cell = solved * PER_PLAN;
    jx_status st = v && x && !w->failed ? JX_OK : JX_E_NOMEM;
    if (st == JX_OK && solved) {
        breaks(&w->plan[first], in.breaks);
    }
    st = st == JX_OK ? jx_layers_values(w->ctx, w->c, &in, &w->out->values) : st;
    for (uint32_t k = 0; st == JX_OK && k < w->n; k++) {
        st = w->plan[k].impossible ? JX_OK : site_texts(w, k);
    }
    if (st == JX_OK) {
        jx_layer *l = &w->out->values->layer[0];
        l->title = N_("travel time per cell before and after");
        l->name = w->many ? "plan_cells" : l->name;
        l->style_column = solved ? v[1].name : NULL; /* in our arena */
        w->out->layer[1] = *l;
    }
    jx_free(w->ctx, v);
    jx_free(w->ctx, x);
    return st;
}

/* ---- townships ------------------------------------------------------------------------------------------------------------------------------ */

static void gains(making *w) {
    const jx_county *c = w->c;
    jx_layer *l = begin(w, 2, w->many ? "plan_gains" : "gains", N_("who gains, by township"), JX_GEOM_NONE, w->n * c->n_townships, 9);
    jx_column *id[2];
    which_columns(w, l, id);
    jx_column *name = column(w, l, "township", N_("township"), "", JX_COL_TEXT, 0), *people = column(w, l, "people", N_("people"), N_("persons"), JX_COL_REAL, 1);
    jx_column *nearer = column(w, l, "people_nearer", N_("people with a shorter way"), N_("persons"), JX_COL_REAL, 1);
    jx_column *farther = column(w, l, "people_farther", N_("people with a longer way"), N_("persons"), JX_COL_REAL, 1);
    jx_column *newly = column(w, l, "people_newly_within", N_("people newly within the threshold"), N_("persons"), JX_COL_REAL, 1);
    jx_column *before = column(w, l, "mean_before_min", N_("mean travel time before"), "min", JX_COL_REAL, 2);
    jx_column *after = column(w, l, "mean_after_min", N_("mean travel time after"), "min", JX_COL_REAL, 2);
    uint32_t r = 0;
    for (uint32_t k = 0; !w->failed && k < w->n; k++) {
        for (uint32_t t = 0; !w->plan[k].impossible && t < c->n_townships; t++, r++) {
            const jx_report_gain *g = &w->plan[k].township[t];
            which(w, id, r, k);
            name->text[r] = township_name(c, t);
            put(people, r, g->after.people, JX_NO_DATA);
            put(nearer, r, g->nearer, JX_NO_DATA);
            put(farther, r, g->farther, JX_NO_DATA);
            put(newly, r, g->newly_within, JX_NO_DATA);
            put(before, r, g->before.mean_min, JX_NOT_REACHABLE);
            put(after, r, g->after.mean_min, JX_NOT_REACHABLE);
        }
    }
    l->n = r;
}

jx_status jx__plan_layers_make(jx_ctx *ctx, const jx_county *c, const jx_report_plan *plans, uint32_t n, bool many, jx__plan_layers *out) {
    *out = (jx__plan_layers){.n = 3};
    making w = {.ctx = ctx, .c = c, .plan = plans, .n = n, .many = many, .out = out};
    out->own.arena = jx_arena_new(ctx);
    if (!out->own.arena) {
        return JX_E_NOMEM;
    }
    sites(&w);
    JX_TRY(w.failed ? JX_E_NOMEM : cells(&w));
    gains(&w);
    return w.failed ? JX_E_NOMEM : JX_OK;
}

void jx__plan_layers_release(jx_ctx *ctx, jx__plan_layers *l) {
    jx_layers_free(ctx, l->values);
    jx_arena_free(ctx, l->own.arena);
    *l = (jx__plan_layers){0};
}
