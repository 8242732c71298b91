/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Settlements whose people are not served, ranked, each with its place, its measure and its cause. */
#include <math.h>

#include "junxian/num.h"
#include "junxian/services.h"

static bool unserved(uint8_t r) { return r != JX_REACH_WITHIN && r != JX_REACH_NOT_APPLICABLE; }

/*
 * Why, decided at the cell with most unserved people, in this order:
 *   no road near      off the network, or more than half of the time is the way to the street
 *   no facility near  there is none, or the crow's way at the mode's full speed already takes longer than the threshold
 *   no route          on the network, and no way through to any
 *   road slow         near enough as the crow flies: the way round, or its speed, is what is too long
 */
static jx_cause cause_of(const jx_shortfall_input *in, uint32_t cell) {
    const jx_reach_input *r = in->reach_in;
    uint8_t reach = in->reach[cell];
    if (reach == JX_REACH_OFF_NETWORK) {
        return JX_CAUSE_NO_ROAD_NEAR;
    }
    double crow_ms = in->crow_m[cell] * 3600 / in->full_speed_kmh;
    if (reach == JX_REACH_NO_FACILITY || !(crow_ms <= r->threshold_ms[cell])) {
        return JX_CAUSE_NO_FACILITY_NEAR;
    }
    if (reach == JX_REACH_UNREACHABLE) {
        return JX_CAUSE_NO_ROUTE;
    }
    return 2.0 * in->offroad_ms[cell] > r->nearest_ms[cell] ? JX_CAUSE_NO_ROAD_NEAR : JX_CAUSE_ROAD_SLOW;
}

typedef struct key {
    uint32_t group, cell;
} key;

/* Cells of unserved people by group; a cell without settlement is a group of its own behind the others. */
static int cmp_key(const void *a, const void *b, void *user) {
    (void)user;
    const key *x = a, *y = b;
    return x->group != y->group ? (x->group > y->group ? 1 : -1) : (x->cell > y->cell) - (x->cell < y->cell);
}

static int cmp_rank(const void *a, const void *b, void *user) {
    (void)user;
    const jx_shortfall *x = a, *y = b;
    if (x->people != y->people) {
        return x->people < y->people ? 1 : -1;
    }
    return x->settlement != y->settlement ? (x->settlement > y->settlement ? 1 : -1) : (x->cell > y->cell) - (x->cell < y->cell);
}

static jx_status one(jx_ctx *ctx, const jx_shortfall_input *in, const key *keys, size_t n, uint32_t *ms, double *w, jx_shortfall *s) {
    const jx_reach_input *r = in->reach_in;
    static const double half = 0.5;
    *s = (jx_shortfall){.settlement = in->settlement[keys[0].cell], .cell = keys[0].cell, .n_cells = (uint32_t)n};
    for (size_t i = 0; i < n; i++) {
        uint32_t c = keys[i].cell;
        s->people += r->people[c];
        s->cell = r->people[c] > r->people[s->cell] ? c : s->cell;
        ms[i] = in->reach[c] == JX_REACH_BEYOND ? r->nearest_ms[c] : JX_UNREACHABLE;
        w[i] = r->people[c];
    }
    JX_TRY(jx_weighted_quantiles_u32(ctx, ms, w, n, &half, 1, &s->median_ms));
    bool can = in->reach[s->cell] == JX_REACH_BEYOND;
    s->threshold_ms = r->threshold_ms[s->cell];
    s->nearest = in->nearest[s->cell];
    s->nearest_ms = can ? r->nearest_ms[s->cell] : JX_UNREACHABLE;
    s->excess_ms = can ? s->nearest_ms - s->threshold_ms : JX_UNREACHABLE;
    s->cause = cause_of(in, s->cell);
    return JX_OK;
}

static jx_status collect(jx_ctx *ctx, const jx_shortfall_input *in, key *keys, uint32_t *n) {
    *n = 0;
    for (uint32_t i = 0; i < in->reach_in->n_cells; i++) {
        if (unserved(in->reach[i]) && in->reach_in->people[i] > 0) {
            bool named = in->settlement[i] < in->n_settlements;
            keys[(*n)++] = (key){named ? in->settlement[i] : in->n_settlements + i, i};
        }
    }
    return jx_sort(ctx, keys, *n, sizeof *keys, cmp_key, NULL);
}

jx_status jx_shortfalls(jx_ctx *ctx, const jx_shortfall_input *in, jx_shortfall **out, uint32_t *n) {
    uint32_t cells = in->reach_in->n_cells, n_keys = 0, count = 0;
    key *keys = jx_malloc(ctx, cells, sizeof *keys);
    uint32_t *ms = jx_malloc(ctx, cells, sizeof *ms);
    double *w = jx_malloc(ctx, cells, sizeof *w), *all = jx_calloc(ctx, (size_t)in->n_settlements + 1, sizeof *all);
    jx_shortfall *list = jx_malloc(ctx, cells, sizeof *list);
    jx_status st = keys && ms && w && all && list ? collect(ctx, in, keys, &n_keys) : JX_E_NOMEM;
    for (uint32_t i = 0; st == JX_OK && i < cells; i++) {
        if (in->settlement[i] < in->n_settlements) {
            all[in->settlement[i]] += in->reach_in->people[i];
        }
    }
    for (uint32_t i = 0; st == JX_OK && i < n_keys;) {
        uint32_t e = i + 1;
        while (e < n_keys && keys[e].group == keys[i].group) {
            e++;
        }
        st = one(ctx, in, keys + i, e - i, ms, w, &list[count]);
        if (st == JX_OK && list[count].people >= in->min_people) {
            jx_shortfall *s = &list[count++];
            s->people_settlement = s->settlement < in->n_settlements ? all[s->settlement] : s->people;
        }
        i = e;
    }
    if (st == JX_OK) {
        st = jx_sort(ctx, list, count, sizeof *list, cmp_rank, NULL);
    }
    jx_free(ctx, keys);
    jx_free(ctx, ms);
    jx_free(ctx, w);
    jx_free(ctx, all);
    if (st != JX_OK) {
        jx_free(ctx, list);
        return st;
    }
    *out = list;
    *n = count;
    return JX_OK;
}
