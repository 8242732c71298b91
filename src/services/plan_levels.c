/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Two levels: a search over the upper sites; below each set of them the lower level is a p-median whose costs hold the way on. With
 * undecided upper sites counted as open that p-median is a bound, for more upper sites only shorten the ways on.
 */
#include "services/plan_internal.h"

typedef struct levels {
    jx_ctx *ctx;
    const jx_plan_levels *p;
    jx__brake brake;
    uint8_t *val;        /* n_upper: JX__FREE, OPEN, SHUT */
    uint32_t *surcharge; /* n_sites */
    uint8_t *set, *best, *best_upper;
    uint64_t value, open_bound, nodes, steps;
    bool stopped;
} levels;

static uint8_t upper_status(const jx_plan_levels *p, uint32_t k) { return p->upper_status ? p->upper_status[k] : JX_PLAN_NEW; }

/* Cheapest way on from a lower site over upper sites that are not shut (or, `open_only`, that are open). */
static uint32_t way_on(const levels *l, uint32_t j, bool open_only, uint32_t *to) {
    const jx_plan_levels *p = l->p;
    uint32_t best = UINT32_MAX;
    *to = JX_NONE;
    for (uint32_t k = 0; k < p->n_upper; k++) {
        uint32_t d = p->referral[(size_t)j * p->n_upper + k];
        bool use = open_only ? l->val[k] == JX__OPEN : l->val[k] != JX__SHUT;
        d = d == UINT32_MAX ? d : jx__add_cost(d, p->onward ? p->onward[k] : 0);
        if (use && d < best) {
            best = d;
            *to = k;
        }
    }
    return best;
}

static uint32_t shared(uint32_t cost, uint32_t permille) {
    uint64_t c = ((uint64_t)cost * permille + 500) / 1000;
    return permille == 0 ? 0 : cost == UINT32_MAX ? UINT32_MAX : (uint32_t)(c < UINT32_MAX ? c : UINT32_MAX - 1);
}

/* The lower level under the present upper sites. */
static jx_status lower(levels *l, uint64_t most_nodes, jx__found *f) {
    jx__inst t;
    jx_plan_problem q = l->p->lower;
    uint8_t *status = jx_malloc(l->ctx, q.n_sites, 1);
    *f = (jx__found){.value = JX__NO_VALUE, .bound = JX__NO_VALUE};
    if (!status) {
        return JX_E_NOMEM;
    }
    bool lost = false;
    for (uint32_t j = 0; j < q.n_sites; j++) {
        uint32_t to;
        status[j] = l->p->lower.status ? l->p->lower.status[j] : JX_PLAN_NEW;
        l->surcharge[j] = shared(way_on(l, j, false, &to), l->p->share_permille);
        if (l->surcharge[j] == UINT32_MAX && l->p->share_permille > 0) { /* nowhere to send people on to */
            lost = lost || status[j] == JX_PLAN_KEPT;
            status[j] = JX_PLAN_BARRED;
        }
    }
    q.status = status;
    jx_status st = lost ? JX_OK : jx__inst_new(l->ctx, &q, &(jx__form){.model = JX_PLAN_MEDIAN, .surcharge = l->surcharge}, &t);
    if (st == JX_OK && !lost) {
        const jx__goal g = {.cutoff = l->value, .most_nodes = most_nodes, .brake = &l->brake, .seed = q.seed};
        st = jx__search_run(l->ctx, &t, &g, l->set, f);
    }
    if (!lost) {
        jx__inst_release(l->ctx, &t);
    }
    l->nodes += f->nodes;
    l->steps += f->steps;
    jx_free(l->ctx, status);
    return st;
}

static jx_status go(levels *l, uint32_t depth_bound);

/* All upper sites decided: solve the lower level to the end. */
static jx_status leaf(levels *l) {
    jx__found f;
    JX_TRY(lower(l, l->p->lower.most_nodes, &f));
    if (f.value < l->value) {
        l->value = f.value;
        memcpy(l->best, l->set, l->p->lower.n_sites);
        memcpy(l->best_upper, l->val, l->p->n_upper);
    }
    if (f.stopped) {
        l->open_bound = f.bound < l->open_bound ? f.bound : l->open_bound;
    }
    return JX_OK;
}

/* The undecided upper site that most lower sites would send to, as things stand. */
static uint32_t busiest(const levels *l) {
    uint32_t best = JX_NONE, most = 0;
    for (uint32_t k = 0; k < l->p->n_upper; k++) {
        uint32_t n = 1;
        for (uint32_t j = 0; l->val[k] == JX__FREE && j < l->p->lower.n_sites; j++) {
            uint32_t to;
            n += way_on(l, j, false, &to) != UINT32_MAX && to == k;
        }
        if (l->val[k] == JX__FREE && n > most) {
            most = n;
            best = k;
        }
    }
    return best;
}

static jx_status go(levels *l, uint32_t open) {
    const jx_plan_levels *p = l->p;
    uint32_t k = busiest(l);
    if (k == JX_NONE) {
        return leaf(l);
    }
    jx__found f;
    JX_TRY(lower(l, 0, &f));
    l->stopped = l->stopped || jx__brake_now(&l->brake);
    if (f.bound >= l->value) {
        return JX_OK;
    }
    if (l->stopped) {
        l->open_bound = f.bound < l->open_bound ? f.bound : l->open_bound;
        return JX_OK;
    }
    jx_status st = JX_OK;
    uint8_t *keep = jx_malloc(l->ctx, p->n_upper, 1);
    if (!keep) {
        return JX_E_NOMEM;
    }
    memcpy(keep, l->val, p->n_upper);
    for (int side = 0; st == JX_OK && side < 2; side++) {
        memcpy(l->val, keep, p->n_upper);
        if (side == 0 && p->upper_most_open != JX_NONE && open >= p->upper_most_open) {
            continue;
        }
        l->val[k] = side == 0 ? JX__OPEN : JX__SHUT;
        for (uint32_t i = 0; side == 0 && p->upper_most_open != JX_NONE && open + 1 >= p->upper_most_open && i < p->n_upper; i++) {
            l->val[i] = l->val[i] == JX__FREE ? JX__SHUT : l->val[i];
        }
        st = go(l, open + (side == 0));
    }
    memcpy(l->val, keep, p->n_upper);
    jx_free(l->ctx, keep);
    return st;
}

/* ---- the answer ---------------------------------------------------------------------------------------------------------------------- */

static jx_status tell(levels *l, jx_plan *o, jx_plan_upper *u) {
    const jx_plan_levels *p = l->p;
    const jx_plan_problem *q = &p->lower;
    memcpy(l->val, l->best_upper, p->n_upper);
    o->objective = l->value;
    o->bound = l->open_bound < l->value ? l->open_bound : l->value;
    o->proved = o->bound == o->objective;
    o->gap = o->objective == 0 ? 0 : (double)(o->objective - o->bound) / (double)o->objective;
    o->seed = q->seed;
    o->nodes = l->nodes;
    o->steps = l->steps;
    o->open = jx_malloc(l->ctx, q->n_sites, sizeof *o->open);
    o->loss = jx_malloc(l->ctx, q->n_sites, sizeof *o->loss);
    o->site = jx_malloc(l->ctx, q->n_demands, sizeof *o->site);
    o->cost = jx_malloc(l->ctx, q->n_demands, sizeof *o->cost);
    u->open = jx_malloc(l->ctx, p->n_upper, sizeof *u->open);
    u->refer = jx_malloc(l->ctx, q->n_sites, sizeof *u->refer);
    if (!o->open || !o->loss || !o->site || !o->cost || !u->open || !u->refer) {
        return JX_E_NOMEM;
    }
    for (uint32_t k = 0; k < p->n_upper; k++) {
        if (l->val[k] == JX__OPEN) {
            u->open[u->n_open++] = k;
        }
    }
    for (uint32_t j = 0; j < q->n_sites; j++) {
        l->surcharge[j] = shared(way_on(l, j, true, &u->refer[j]), p->share_permille);
        if (l->best[j]) {
            o->open[o->n_open++] = j;
        }
    }
    jx__inst t;
    jx_status st = jx__inst_new(l->ctx, q, &(jx__form){.model = JX_PLAN_MEDIAN, .surcharge = l->surcharge, .full = true}, &t);
    for (uint32_t k = 0; st == JX_OK && k < o->n_open; k++) {
        uint64_t v, least;
        l->best[o->open[k]] = 0;
        st = jx__value(l->ctx, NULL, &t, l->best, JX__FULL, JX__NO_VALUE, &v, &least, NULL);
        l->best[o->open[k]] = 1;
        o->loss[k] = v == JX__NO_VALUE ? UINT64_MAX : v - l->value;
    }
    jx__inst_release(l->ctx, &t);
    for (uint32_t i = 0; st == JX_OK && i < q->n_demands; i++) {
        o->site[i] = JX_NONE;
        o->cost[i] = UINT32_MAX;
        uint32_t best = UINT32_MAX;
        for (uint64_t e = q->row[i]; e < q->row[i + 1]; e++) {
            uint32_t j = q->entry[e].site, c = jx__add_cost(q->entry[e].cost, l->surcharge[j]);
            if (l->best[j] && q->entry[e].cost <= q->limit && (c < best || (c == best && o->site[i] != JX_NONE && j < o->site[i]))) {
                best = c;
                o->site[i] = j;
                o->cost[i] = q->entry[e].cost;
            }
        }
    }
    return st;
}

static jx_status begin(levels *l) {
    const jx_plan_levels *p = l->p;
    const jx_plan_problem *q = &p->lower;
    if (q->model != JX_PLAN_MEDIAN || q->capacity || p->n_upper == 0 || p->share_permille > 1000) {
        return JX_FAIL0(l->ctx, PLAN_LEVELS);
    }
    JX_TRY(jx__plan_check(l->ctx, q));
    JX_TRY(jx__plan_possible(l->ctx, q));
    l->val = jx_malloc(l->ctx, p->n_upper, 1);
    l->best_upper = jx_malloc(l->ctx, p->n_upper, 1);
    l->surcharge = jx_malloc(l->ctx, q->n_sites, sizeof *l->surcharge);
    l->set = jx_malloc(l->ctx, q->n_sites, 1);
    l->best = jx_malloc(l->ctx, q->n_sites, 1);
    if (!l->val || !l->best_upper || !l->surcharge || !l->set || !l->best) {
        return JX_E_NOMEM;
    }
    for (uint32_t k = 0; k < p->n_upper; k++) {
        uint8_t s = upper_status(p, k);
        bool none = p->upper_most_open == 0 && s != JX_PLAN_KEPT;
        l->val[k] = s == JX_PLAN_KEPT ? JX__OPEN : s == JX_PLAN_BARRED || none ? JX__SHUT : JX__FREE;
    }
    return JX_OK;
}

jx_status jx_plan_levels_solve(jx_ctx *ctx, const jx_plan_levels *p, jx_plan *out, jx_plan_upper *upper) {
    levels l = {.ctx = ctx, .p = p, .value = JX__NO_VALUE, .open_bound = JX__NO_VALUE,
                .brake = {.ctx = ctx, .stop = p->lower.stop, .user = p->lower.stop_user}};
    *out = (jx_plan){0};
    *upper = (jx_plan_upper){0};
    jx_status st = begin(&l);
    st = st == JX_OK ? go(&l, 0) : st;
    if (st == JX_OK && l.value == JX__NO_VALUE) {
        st = l.brake.cancelled                  ? jx_poll(ctx)
             : l.open_bound != JX__NO_VALUE ? JX_FAIL0(ctx, PLAN_UNDECIDED) : JX_FAIL0(ctx, PLAN_IMPOSSIBLE);
    }
    st = st == JX_OK ? tell(&l, out, upper) : st;
    void *const blocks[] = {l.val, l.best_upper, l.surcharge, l.set, l.best};
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) {
        jx_free(ctx, blocks[k]);
    }
    if (st != JX_OK) {
        jx_plan_release(ctx, out);
        jx_plan_upper_release(ctx, upper);
    }
    st = st == JX_OK && l.brake.cancelled ? JX_E_CANCELLED : st;
    return st;
}

void jx_plan_upper_release(jx_ctx *ctx, jx_plan_upper *u) {
    jx_free(ctx, u->open);
    jx_free(ctx, u->refer);
    *u = (jx_plan_upper){0};
}
