/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** `junxian access`: what people can reach, by town and country, township and group; layers for the map. */
#include <math.h>

#include "run/measures.h"

typedef struct work {
    jx__access a;
    jx__measure m[JX__MAX_MEASURES];
    jx__summary s[JX__MAX_MEASURES];
    uint32_t n;
    jx__places places;
    jx_load *load; /* everybody to the nearest within the catchment */
    double unserved;
} work;

static jx_status make_measures(jx_ctx *ctx, const jx_args *args, work *w) {
    const char *list = jx_args_get(args, "measure");
    for (const char *at = list ? list : "nearest,cumulative,2sfca"; *at; w->n++) {
        size_t n = strcspn(at, ",");
        if (w->n == JX__MAX_MEASURES || n == 0) {
            return JX_FAIL(ctx, ACCESS_MEASURE, JX_S(at), JX_S(jx__measure_names()));
        }
        JX_TRY(jx__measure_make(ctx, args, &w->a, at, n, &w->m[w->n]));
        JX_TRY(jx__summarise(ctx, &w->a, &w->m[w->n], NULL, &w->s[w->n]));
        at += n + (at[n] == ',');
    }
    return JX_OK;
}

static jx_status compute(jx_ctx *ctx, const jx_args *args, work *w) {
    JX_TRY(jx__access_open(ctx, args, &w->a));
    JX_TRY(make_measures(ctx, args, w));
    const jx__offer *o = &w->a.study.offer;
    jx__measures_edge(ctx, w->m, w->n, o->n);
    const jx_access_input in = {o->table->n_cells, o->n, o->table->row, o->table->entry, w->a.demand, w->a.supply, NULL};
    w->load = jx_malloc(ctx, o->n, sizeof *w->load);
    if (!w->load) {
        return JX_E_NOMEM;
    }
    jx_access_load(&in, w->a.limit_ms, w->load, &w->unserved);
    return jx__places_make(ctx, &w->a, &w->places);
}

/* ---- telling ------------------------------------------------------------------------------------------------------------------- */

static void row_json(jx_json *j, const char *kind, const char *name, const jx_inequality *q) {
    jx_json_obj(j);
    jx_json_key(j, "kind"), jx_json_str(j, kind);
    jx_json_key(j, "name"), jx_json_str(j, name);
    jx_json_key(j, "people"), jx_json_real(j, q->people + q->infinite, 1);
    jx_json_key(j, "unreachable"), jx_json_real(j, q->infinite, 1);
    jx_json_key(j, "missing"), jx_json_real(j, q->missing, 1);
    jx_json_key(j, "zero"), jx_json_real(j, q->zero, 1);
    jx_json_key(j, "mean"), jx_json_real(j, q->mean, 6);
    jx_json_key(j, "p10"), jx_json_real(j, isinf(q->p10) ? NAN : q->p10, 6);
    jx_json_key(j, "median"), jx_json_real(j, isinf(q->median) ? NAN : q->median, 6);
    jx_json_key(j, "p90"), jx_json_real(j, isinf(q->p90) ? NAN : q->p90, 6);
    jx_json_end_obj(j);
}

static void measure_json(jx_ctx *ctx, const work *w, uint32_t k, bool zh, jx_json *j) {
    const jx_county *c = w->a.study.county;
    const jx__summary *s = &w->s[k];
    jx_json_obj(j);
    jx__measure_json(ctx, &w->m[k], j);
    jx_json_key(j, "rows"), jx_json_arr(j);
    row_json(j, "all", NULL, &s->urban[3]);
    row_json(j, "town", NULL, &s->urban[1]);
    row_json(j, "country", NULL, &s->urban[0]);
    for (uint32_t t = 0; t < c->n_townships; t++) {
        row_json(j, "township", jx_area_name(&c->areas[c->township[t]], zh), &s->town[t]);
    }
    row_json(j, "no_township", NULL, &s->town[c->n_townships]);
    for (uint32_t g = 0; g < w->a.groups.n; g++) {
        row_json(j, "group", w->a.groups.g[g].name, &s->group[g]);
    }
    jx_json_end_arr(j);
    jx_json_end_obj(j);
}

/* One line of the table: people, then of times the median and of amounts the mean. */
static void line(jx__grid *g, const char *name, const work *w, const jx_inequality *(*of)(const jx__summary *, uint32_t), uint32_t which) {
    const jx_inequality *first = of(&w->s[0], which);
    jx__grid_str(g, name);
    jx__grid_num(g, first->people + first->infinite, -1);
    for (uint32_t k = 0; k < w->n; k++) {
        const jx_inequality *q = of(&w->s[k], which);
        double all = w->s[k].urban[3].mean;
        jx__grid_num(g, w->m[k].time ? q->median : q->mean, w->m[k].time || all >= 100 ? 1 : all >= 0.1 ? 3 : 6);
    }
}
static const jx_inequality *of_urban(const jx__summary *s, uint32_t i) { return &s->urban[i]; }
static const jx_inequality *of_town(const jx__summary *s, uint32_t i) { return &s->town[i]; }
static const jx_inequality *of_group(const jx__summary *s, uint32_t i) { return &s->group[i]; }

static void legend(const work *w, jx_result *res) {
    for (uint32_t k = 0; k < w->n; k++) {
        const jx__measure *m = &w->m[k];
        jx_arg args[] = {JX_S(m->name), JX_S(jx__tr(res, m->title)), JX_S(jx__tr(res, m->unit)), JX_S(jx__tr(res, m->time ? N_("median") : N_("mean")))};
        jx_render(&res->text, jx__tr(res, N_("  {0}: {1}, {2}, {3}")), 4, args);
        jx_buf_char(&res->text, '\n');
    }
    const jx_inequality *q = &w->s[0].urban[3];
    double none = w->m[0].time ? q->infinite : q->zero, all = q->people + q->infinite;
    if (none > 0 && all > 0) {
        jx_arg args[] = {JX_I((int64_t)floor(none + 0.5)), JX_R(100 * none / all, 1), JX_S(w->m[0].name)};
        jx_render(&res->text, jx__tr(res, N_("{0,} people ({1} %) reach nothing ({2})")), 3, args);
        jx_buf_char(&res->text, '\n');
    }
}

static void tell(jx_ctx *ctx, const work *w, jx_result *res) {
    const jx_county *c = w->a.study.county;
    bool zh = strcmp(res->lang, "en") != 0;
    jx_json j;
    jx__grid g;
    jx_json_init(&j, &res->json, true);
    jx_json_obj(&j);
    jx__access_head(&w->a, res, &j, "junxian.access/1");
    jx_json_key(&j, "measures"), jx_json_arr(&j);
    for (uint32_t k = 0; k < w->n; k++) {
        measure_json(ctx, w, k, zh, &j);
    }
    jx_json_end_arr(&j);
    jx__grid_init(&g, ctx, 2 + w->n);
    jx__grid_str(&g, "");
    jx__grid_str(&g, jx__tr(res, N_("people")));
    for (uint32_t k = 0; k < w->n; k++) {
        jx__grid_str(&g, w->m[k].name);
    }
    line(&g, jx__tr(res, N_("all")), w, of_urban, 3);
    line(&g, jx__tr(res, N_("town")), w, of_urban, 1);
    line(&g, jx__tr(res, N_("country")), w, of_urban, 0);
    for (uint32_t t = 0; t < c->n_townships; t++) {
        line(&g, jx_area_name(&c->areas[c->township[t]], zh), w, of_town, t);
    }
    for (uint32_t k = 0; k < w->a.groups.n; k++) {
        line(&g, w->a.groups.g[k].name, w, of_group, k);
    }
    jx__grid_print(&g, &res->text);
    legend(w, res);
    jx__places_tell(&w->a, &w->places, res, &j);
    jx_json_end_obj(&j);
}

/* ---- layers ----------------------------------------------------------------------------------------------------------------------- */

/* Times: thirds of the catchment, itself, and twice it. Amounts: fifths of people, or where many have the same, parts of the mean. */
static jx_status breaks(jx_ctx *ctx, const work *w, double out[4]) {
    static const double fifths[4] = {0.2, 0.4, 0.6, 0.8}, parts[4] = {0.25, 0.5, 1, 2};
    double t = w->a.limit_ms / 60000.0, mean = w->s[0].urban[3].mean;
    if (w->m[0].time) {
        out[0] = t / 3, out[1] = t * 2 / 3, out[2] = t, out[3] = t * 2;
        return JX_OK;
    }
    JX_TRY(jx_weighted_quantiles(ctx, w->m[0].v, w->a.study.county->cells.people, w->a.study.county->cells.n, fifths, 4, out));
    bool rising = out[0] > 0 && out[0] < out[1] && out[1] < out[2] && out[2] < out[3];
    for (int k = 0; k < 4 && !rising; k++) {
        out[k] = mean > 0 ? mean * parts[k] : 0;
    }
    return JX_OK;
}

static jx_status layers(jx_ctx *ctx, const work *w, double *area, double *facility, jx_layers **out) {
    const jx_county *c = w->a.study.county;
    const jx__offer *o = &w->a.study.offer;
    jx_values cell[JX__MAX_MEASURES], town[JX__MAX_MEASURES], site[3];
    uint32_t n_areas = c->n_townships + 1;
    for (uint32_t k = 0; k < w->n; k++) {
        const jx__measure *m = &w->m[k];
        cell[k] = (jx_values){m->column, m->title, m->unit, m->time ? 1 : 6, m->v};
        for (uint32_t t = 0; t < n_areas; t++) {
            const jx_inequality *q = t == 0 ? &w->s[k].urban[3] : &w->s[k].town[t - 1];
            area[k * n_areas + t] = m->time ? q->median : q->mean;
        }
        town[k] = (jx_values){m->column, m->title, m->unit, m->time ? 1 : 6, area + k * n_areas};
    }
    for (uint32_t f = 0; f < o->n; f++) {
        facility[f] = w->load[f].demand;
        facility[o->n + f] = w->load[f].demand > 0 ? w->load[f].farthest_ms / 60000.0 : NAN;
    }
    site[0] = (jx_values){"load", N_("people for whom it is the nearest"), N_("persons"), 1, facility};
    site[1] = (jx_values){"farthest_min", N_("longest way of those"), "min", 1, facility + o->n};
    site[2] = (jx_values){"seated", N_("places taken when shared out best"), N_("places"), 1, w->places.seated};
    jx_values_input in = {cell, town, site, w->n, w->n, w->places.known ? 3 : 2, o->facility, o->n, {0}, w->m[0].time};
    JX_TRY(breaks(ctx, w, in.breaks));
    return jx_layers_values(ctx, c, &in, out);
}

static jx_status save(jx_ctx *ctx, const jx_args *args, const work *w, jx_result *res) {
    const char *path = jx_args_get(args, "output");
    const jx_county *c = w->a.study.county;
    if (!path) {
        return JX_OK;
    }
    if (jx__is_html(path)) {
        return jx__access_page(ctx, args, res, &w->a, w->m, w->s, w->n, &w->places, NULL);
    }
    double *area = jx_malloc(ctx, (size_t)w->n * (c->n_townships + 1), sizeof *area), *facility = jx_malloc(ctx, 2 * (size_t)w->a.study.offer.n, sizeof *facility);
    jx_layers *l = NULL;
    jx_status st = area && facility ? layers(ctx, w, area, facility, &l) : JX_E_NOMEM;
    if (st == JX_OK) {
        st = jx__layers_save(ctx, path, l, res->cat, jx__stamp(c->data_time));
    }
    jx_layers_free(ctx, l);
    jx_free(ctx, area);
    jx_free(ctx, facility);
    return st;
}

jx_status jx__verb_access(jx_ctx *ctx, const jx_args *args, jx_result *res) {
    work w = {.n = 0};
    jx_status st = jx__save_check_page(ctx, args);
    if (st == JX_OK) {
        st = compute(ctx, args, &w);
    }
    if (st == JX_OK) {
        st = save(ctx, args, &w, res);
    }
    if (st == JX_OK) {
        tell(ctx, &w, res);
    }
    for (uint32_t k = 0; k < JX__MAX_MEASURES; k++) {
        jx_free(ctx, w.m[k].v);
        jx__summary_release(ctx, &w.s[k]);
    }
    jx_free(ctx, w.load);
    jx__places_release(ctx, &w.places);
    jx__access_release(ctx, &w.a);
    return st;
}
