/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** jx_diagnose: one travel-time table per service and mode, then arithmetic on arrays. */
#include <math.h>

#include "county/diagnose_internal.h"

/* A settlement is listed from half a person on: spreading leaves crumbs of people in empty places. Totals count the crumbs too. */
static const double least_people = 0.5;

typedef struct worker {
    jx_ctx *ctx;
    const jx_county *c;
    jx_diagnosis *d;
    jx_service_result *r;
} worker;

/* Facilities of the service, and how many of them lie inside. */
static jx_status choose_facilities(worker *w) {
    jx_service_result *r = w->r;
    r->facility = jx_malloc(w->ctx, w->c->n_facilities, sizeof *r->facility);
    if (!r->facility) {
        return JX_E_NOMEM;
    }
    JX_TRY(jx_service_facilities(w->ctx, w->c, &w->c->services[r->service], r->facility, &r->n_facilities));
    for (uint32_t i = 0; i < r->n_facilities; i++) {
        r->n_inside += w->c->facilities[r->facility[i]].inside ? 1 : 0;
    }
    return JX_OK;
}

static jx_status alloc_result(worker *w) {
    uint32_t n = w->c->cells.n;
    jx_service_result *r = w->r;
    r->threshold_ms = jx_malloc(w->ctx, n, sizeof *r->threshold_ms);
    r->nearest_ms = jx_malloc(w->ctx, n, sizeof *r->nearest_ms);
    r->nearest = jx_malloc(w->ctx, n, sizeof *r->nearest);
    r->reach = jx_malloc(w->ctx, n, 1);
    r->township = jx_calloc(w->ctx, w->c->n_townships, sizeof *r->township);
    return r->threshold_ms && r->nearest_ms && r->nearest && r->reach && r->township ? JX_OK : JX_E_NOMEM;
}

/* Times from every cell. The headline criterion keeps its table up to twice the threshold; the others need the nearest only. */
static jx_status travel(worker *w, const jx_criterion *k) {
    const jx_county *c = w->c;
    jx_service_result *r = w->r;
    uint32_t most = k->urban_ms > k->rural_ms ? k->urban_ms : k->rural_ms, cutoff = most * 2 > 1800000 ? most * 2 : 1800000;
    jx_snap *snap = jx_malloc(w->ctx, r->n_facilities, sizeof *snap);
    jx_table *t = NULL;
    if (!snap) {
        return JX_E_NOMEM;
    }
    for (uint32_t i = 0; i < r->n_facilities; i++) {
        snap[i] = c->facility_snap[k->mode][r->facility[i]];
    }
    cutoff = r->criterion == 0 ? cutoff : 0;
    jx_status st = c->tables[k->mode] ? jx_tables_make(w->ctx, c->tables[k->mode], snap, r->n_facilities, cutoff, &t)
                                      : jx_table_new(w->ctx, c->road[k->mode], c->road_metric[k->mode], JX_TO_FACILITY, c->cell_snap[k->mode], c->cells.n,
                                                     snap, r->n_facilities, cutoff, &t);
    jx_free(w->ctx, snap);
    for (uint32_t i = 0; st == JX_OK && i < c->cells.n; i++) {
        r->nearest_ms[i] = t->nearest_ms[i];
        r->nearest[i] = t->nearest[i] == JX_NONE ? JX_NONE : r->facility[t->nearest[i]];
        r->threshold_ms[i] = c->cells.urban[i] ? k->urban_ms : k->rural_ms;
    }
    if (st == JX_OK && r->criterion == 0) {
        r->table = t;
    } else {
        jx_table_free(w->ctx, t);
    }
    return st;
}

static jx_status coverages(worker *w, const jx_reach_input *in) {
    const jx_county *c = w->c;
    jx_service_result *r = w->r;
    uint32_t n = c->cells.n;
    uint32_t *group = jx_malloc(w->ctx, n, sizeof *group);
    jx_coverage two[2];
    if (!group) {
        return JX_E_NOMEM;
    }
    memset(group, 0, n * sizeof *group);
    jx_status st = jx_coverage_by_group(w->ctx, in, r->reach, group, 1, &r->total);
    for (uint32_t i = 0; i < n; i++) {
        group[i] = c->cells.urban[i] ? 1 : 0;
    }
    if (st == JX_OK) {
        st = jx_coverage_by_group(w->ctx, in, r->reach, group, 2, two);
    }
    if (st == JX_OK) {
        r->rural = two[0];
        r->urban = two[1];
        st = jx_coverage_by_group(w->ctx, in, r->reach, c->cells.township, c->n_townships, r->township);
    }
    r->worst_township = JX_NONE;
    for (uint32_t t = 0; st == JX_OK && t < c->n_townships; t++) {
        bool worse = r->township[t].people > 0 &&
                     (r->worst_township == JX_NONE || r->township[t].share_within < r->township[r->worst_township].share_within);
        r->worst_township = worse ? t : r->worst_township;
    }
    jx_free(w->ctx, group);
    return st;
}

/* ---- as the crow flies ------------------------------------------------------------------------------------------------ */

typedef struct crow {
    const jx_county *c;
    const jx_service_result *r;
    jx_pt p;
} crow;

static double facility_dist(void *user, uint32_t item, double best) {
    (void)best;
    const crow *k = user;
    return jx_pt_pt_m(k->p, k->c->facilities[k->r->facility[item]].pt);
}

static jx_status crow_distances(worker *w, double *out) {
    const jx_county *c = w->c;
    const jx_service_result *r = w->r;
    jx_box *boxes = jx_malloc(w->ctx, r->n_facilities, sizeof *boxes);
    jx_rtree *tree = NULL;
    jx_status st = boxes ? JX_OK : JX_E_NOMEM;
    for (uint32_t i = 0; st == JX_OK && i < r->n_facilities; i++) {
        jx_pt p = c->facilities[r->facility[i]].pt;
        boxes[i] = (jx_box){p.lon, p.lat, p.lon, p.lat};
    }
    if (st == JX_OK) {
        st = jx_rtree_build(w->ctx, boxes, r->n_facilities, &tree);
    }
    for (uint32_t i = 0; st == JX_OK && i < c->cells.n; i++) {
        crow k = {c, r, c->cells.pt[i]};
        double m;
        out[i] = jx_rtree_nearest(tree, k.p, 1e6, facility_dist, &k, &m) == JX_NONE ? NAN : m;
    }
    jx_rtree_free(w->ctx, tree);
    jx_free(w->ctx, boxes);
    return st;
}

static jx_status shortfalls(worker *w, const jx_reach_input *in, const jx_criterion *k) {
    const jx_county *c = w->c;
    double *crow_m = jx_malloc(w->ctx, c->cells.n, sizeof *crow_m);
    uint32_t *offroad = jx_malloc(w->ctx, c->cells.n, sizeof *offroad);
    jx_status st = crow_m && offroad ? crow_distances(w, crow_m) : JX_E_NOMEM;
    for (uint32_t i = 0; st == JX_OK && i < c->cells.n; i++) {
        offroad[i] = c->cell_snap[k->mode][i].offroad_ms;
    }
    if (st == JX_OK) {
        const jx_shortfall_input s = {in, w->r->reach, w->r->nearest, c->cells.settlement, c->n_places, crow_m, offroad,
                                      jx_profiles_get(c->profiles, k->mode)->speed_kmh[JX_ROAD_SECONDARY], least_people};
        st = jx_shortfalls(w->ctx, &s, &w->r->shortfalls, &w->r->n_shortfalls);
    }
    jx_free(w->ctx, crow_m);
    jx_free(w->ctx, offroad);
    return st;
}

static jx_status one_result(worker *w) {
    const jx_county *c = w->c;
    jx_service_result *r = w->r;
    const jx_criterion *k = jx__criterion_of(c, r);
    JX_TRY(choose_facilities(w));
    JX_TRY(alloc_result(w));
    JX_TRY(travel(w, k));
    uint8_t *off = jx_malloc(w->ctx, c->cells.n, 1);
    if (!off) {
        return JX_E_NOMEM;
    }
    for (uint32_t i = 0; i < c->cells.n; i++) {
        off[i] = c->cell_snap[k->mode][i].edge == JX_NONE;
    }
    const jx_reach_input in = {c->cells.n, c->cells.people, r->nearest_ms, off, r->threshold_ms, r->n_facilities};
    jx_reach_classify(&in, r->reach);
    jx_reach_curve(&in, JX_CURVE_MINUTES, r->curve);
    jx_status st = coverages(w, &in);
    if (st == JX_OK) {
        st = shortfalls(w, &in, k);
    }
    jx_free(w->ctx, off);
    return st;
}

jx_status jx_diagnose(jx_ctx *ctx, const jx_county *c, jx_diagnosis **out) {
    jx_diagnosis *d = jx_calloc(ctx, 1, sizeof *d);
    if (!d) {
        return JX_E_NOMEM;
    }
    uint32_t n = 0;
    for (uint32_t s = 0; s < c->n_services; s++) {
        n += c->services[s].n_criteria;
    }
    d->arena = jx_arena_new(ctx);
    d->results = jx_calloc(ctx, n, sizeof *d->results);
    jx_status st = d->arena && d->results ? JX_OK : JX_E_NOMEM;
    for (uint32_t s = 0; st == JX_OK && s < c->n_services; s++) {
        for (uint32_t k = 0; st == JX_OK && k < c->services[s].n_criteria; k++) {
            jx_service_result *r = &d->results[d->n_results++];
            r->service = s;
            r->criterion = k;
            r->per_10k = NAN;
            worker w = {ctx, c, d, r};
            jx_progress(ctx, N_("travel times and diagnosis"), d->n_results, n);
            st = jx_poll(ctx);
            st = st == JX_OK ? one_result(&w) : st;
        }
    }
    if (st == JX_OK) {
        st = jx__completeness(ctx, c, d);
    }
    if (st == JX_OK) {
        st = jx__findings(ctx, c, d);
    }
    if (st != JX_OK) {
        jx_diagnosis_free(ctx, d);
        return st;
    }
    *out = d;
    return JX_OK;
}

void jx_diagnosis_free(jx_ctx *ctx, jx_diagnosis *d) {
    if (!d) {
        return;
    }
    for (uint32_t i = 0; i < d->n_results; i++) {
        jx_service_result *r = &d->results[i];
        void *const blocks[] = {r->facility, r->threshold_ms, r->nearest_ms, r->nearest, r->reach, r->township, r->shortfalls};
        for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) {
            jx_free(ctx, blocks[k]);
        }
        jx_table_free(ctx, r->table);
    }
    jx_free(ctx, d->results);
    jx_arena_free(ctx, d->arena);
    jx_free(ctx, d);
}
