/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** p-centre with all options: the smallest radius within which some affordable set of sites serves everybody (Minieka 1970), by bisection. */
#include "services/plan_internal.h"

/* Distinct costs in use, rising. */
static jx_status radii(jx_ctx *ctx, const jx_plan_problem *p, uint32_t **out, uint32_t *n) {
    uint64_t nnz = p->row[p->n_demands], *keys = jx_malloc(ctx, nnz, sizeof *keys), *tmp = jx_malloc(ctx, nnz, sizeof *tmp);
    size_t count = 0;
    *n = 0;
    *out = keys && tmp ? jx_malloc(ctx, nnz, sizeof **out) : NULL;
    if (*out) {
        for (uint32_t i = 0; i < p->n_demands; i++) {
            for (uint64_t k = p->row[i]; p->people[i] > 0 && k < p->row[i + 1]; k++) {
                if (p->entry[k].cost <= jx__plan_reach(p)) {
                    keys[count++] = p->entry[k].cost;
                }
            }
        }
        jx_sort_u64(keys, tmp, count);
        for (size_t k = 0; k < count; k++) {
            if (k == 0 || keys[k] != keys[k - 1]) {
                (*out)[(*n)++] = (uint32_t)keys[k];
            }
        }
    }
    jx_free(ctx, keys);
    jx_free(ctx, tmp);
    return *out ? JX_OK : JX_E_NOMEM;
}

static uint64_t free_value(const jx_plan_problem *p, const uint8_t *open) {
    uint64_t worst = 0;
    for (uint32_t i = 0; i < p->n_demands; i++) {
        uint64_t best = JX__NO_VALUE;
        for (uint64_t k = p->row[i]; k < p->row[i + 1]; k++) {
            bool use = open[p->entry[k].site] && p->entry[k].cost <= p->limit;
            best = use && p->entry[k].cost < best ? p->entry[k].cost : best;
        }
        if (p->people[i] > 0) {
            worst = best > worst ? best : worst;
        }
    }
    return worst;
}

/* Can this set serve everybody within the radius under the capacities? -1: not known. */
static jx_status holds(jx_ctx *ctx, jx__brake *brake, const jx_plan_problem *p, const uint8_t *open, uint32_t radius, int *yes) {
    jx__inst t;
    uint64_t value = JX__NO_VALUE, lower = 0;
    jx_status st = jx__inst_new(ctx, p, &(jx__form){.model = JX_PLAN_CENTER, .radius = radius}, &t);
    if (st == JX_OK) {
        st = jx__value(ctx, brake, &t, open, JX__FULL, JX__NO_VALUE, &value, &lower, NULL);
    }
    jx__inst_release(ctx, &t);
    *yes = value != JX__NO_VALUE ? 1 : lower != JX__NO_VALUE ? -1 : 0;
    return st;
}

jx_status jx__centre_value(jx_ctx *ctx, jx__brake *brake, const jx_plan_problem *p, const uint8_t *open, uint64_t *value, uint64_t *lower) {
    uint32_t *r, n;
    *value = *lower = free_value(p, open);
    if (!p->capacity || *value == JX__NO_VALUE) {
        return JX_OK;
    }
    JX_TRY(radii(ctx, p, &r, &n));
    uint32_t lo = 0, hi = n; /* the answer is r[lo..hi), none at n */
    bool sure = true;
    jx_status st = JX_OK;
    while (st == JX_OK && lo < hi) {
        uint32_t mid = (lo + hi) / 2;
        int yes = 0;
        if (jx__braked(brake, 8 * p->row[p->n_demands])) { /* each step sets up a problem of its own */
            sure = false;
            lo = hi = n;
            break;
        }
        if (r[mid] >= *lower) {
            st = holds(ctx, brake, p, open, r[mid], &yes);
            sure = sure && yes >= 0;
        }
        yes > 0 ? (void)(hi = mid) : (void)(lo = mid + 1);
    }
    *value = lo < n ? r[lo] : n == 0 ? 0 : JX__NO_VALUE;
    *lower = sure ? *value : *lower;
    jx_free(ctx, r);
    return st;
}

/* Some set within the radius, if there is one; no more nodes than the root's where `quick`. */
static jx_status probe(jx_ctx *ctx, const jx_plan_problem *p, const jx__goal *g, uint32_t radius, bool quick, uint8_t *set, jx__found *f) {
    jx__inst t;
    jx__goal any = *g;
    jx_plan_problem q = *p;
    /* The count, or where sites are not counted the budget, is asked for as the objective of a cover: its bound rounds up. */
    bool count = p->most_open != JX_NONE;
    any.cutoff = count ? (uint64_t)p->most_open + 1 : p->budget == UINT64_MAX ? JX__NO_VALUE : p->budget + 1;
    any.floor = 0;
    any.most_nodes = quick ? 0 : g->most_nodes;
    any.first = true;
    q.most_open = JX_NONE;
    q.budget = count ? p->budget : UINT64_MAX;
    *f = (jx__found){.value = JX__NO_VALUE};
    jx_status st = jx__inst_new(ctx, &q, &(jx__form){.model = JX_PLAN_CENTER, .radius = radius, .by_count = count}, &t);
    if (st == JX_OK) {
        st = jx__search_run(ctx, &t, &any, set, f);
    }
    jx__inst_release(ctx, &t);
    return st;
}

/* The p-centre without capacities: no plan with them is better, and its sites are the first to try. */
static jx_status without_capacities(jx_ctx *ctx, const jx_plan_problem *p, const jx__goal *g, uint8_t *set, jx__found *f) {
    jx_plan_problem q = *p;
    jx__goal u = *g;
    q.capacity = NULL;
    u.shares = NULL;
    return jx__plan_run(ctx, &q, &u, set, f);
}

/* The farthest that anybody is sent. */
static uint64_t farthest(const jx_plan_problem *p, const jx__shares *shares) {
    uint64_t most = 0;
    for (size_t k = 0; k < shares->n; k++) {
        const jx_plan_share *s = &shares->v[k];
        for (uint64_t e = p->row[s->demand]; e < p->row[s->demand + 1]; e++) {
            most = p->entry[e].site == s->site && p->entry[e].cost > most ? p->entry[e].cost : most;
        }
    }
    return most;
}

typedef struct bisection {
    jx_ctx *ctx;
    const jx_plan_problem *p;
    const jx__goal *g;
    uint32_t *r, n;
    uint32_t lo, hi, proved; /* sets are known from r[hi] on, unknown below; none exists below r[proved] */
    uint8_t *set, *best;
    jx__found *out;
    jx__shares shares;
} bisection;

static jx_status ask(bisection *b, uint32_t at, bool quick, const uint8_t *start) {
    jx__goal g = *b->g;
    jx__found f;
    g.shares = &b->shares;
    g.start = start;
    JX_TRY(probe(b->ctx, b->p, &g, b->r[at], quick, b->set, &f));
    b->out->nodes += f.nodes;
    b->out->steps += f.steps;
    if (f.value == JX__NO_VALUE) {
        b->proved = f.stopped ? b->proved : at + 1;
        b->lo = quick && f.stopped ? b->lo : at + 1;
        return JX_OK;
    }
    memcpy(b->best, b->set, b->p->n_sites);
    b->out->value = farthest(b->p, &b->shares);
    for (b->hi = at; b->hi > b->lo && b->r[b->hi - 1] >= b->out->value; b->hi--) {
    }
    if (b->g->shares) {
        jx_vec_free(b->ctx, b->g->shares);
        *b->g->shares = b->shares;
        b->shares = (jx__shares){0};
    }
    return JX_OK;
}

static jx_status bisect(bisection *b, const uint8_t *start) {
    jx_status st = JX_OK;
    if (start && b->lo < b->hi) { /* capacities may not bind at all */
        st = ask(b, b->lo, true, start);
    }
    if (st == JX_OK && b->lo < b->hi && b->out->value == JX__NO_VALUE) { /* is there any at all? */
        st = ask(b, b->hi - 1, b->hi - 1 > b->lo, start);
    }
    while (st == JX_OK && b->lo < b->hi && !(b->g->brake && b->g->brake->on)) {
        st = ask(b, b->out->value == JX__NO_VALUE ? b->hi - 1 : (b->lo + b->hi) / 2, false, NULL);
    }
    return st;
}

static jx_status run(bisection *b) {
    const jx_plan_problem *p = b->p;
    const jx__goal *g = b->g;
    jx__found *out = b->out, f;
    uint8_t *start = jx_malloc(b->ctx, p->n_sites, 1);
    jx_status st = start ? without_capacities(b->ctx, p, g, start, &f) : JX_E_NOMEM;
    if (st == JX_OK) {
        out->nodes = f.nodes;
        out->steps = f.steps;
        for (b->hi = b->n; b->hi > 0 && b->r[b->hi - 1] >= g->cutoff; b->hi--) {
        }
        while (b->lo < b->hi && b->r[b->lo] < f.bound) {
            b->lo++;
        }
        b->proved = b->lo;
        uint32_t top = b->hi;
        if (f.value != JX__NO_VALUE || f.stopped) {
            st = bisect(b, f.value != JX__NO_VALUE ? start : NULL);
        }
        if (b->n == 0 && f.value != JX__NO_VALUE) { /* nobody to serve */
            out->value = 0;
            memcpy(b->best, start, p->n_sites);
        }
        uint64_t end = out->value < g->cutoff ? out->value : g->cutoff;
        out->bound = b->proved < top && b->r[b->proved] < end ? b->r[b->proved] : end;
        out->stopped = out->bound < end;
    }
    jx_free(b->ctx, start);
    return st;
}

jx_status jx__centre_run(jx_ctx *ctx, const jx_plan_problem *p, const jx__goal *g, uint8_t *best, jx__found *out) {
    bisection b = {.ctx = ctx, .p = p, .g = g, .best = best, .out = out, .set = jx_malloc(ctx, p->n_sites, 1)};
    jx_status st = b.set ? radii(ctx, p, &b.r, &b.n) : JX_E_NOMEM;
    if (st == JX_OK) {
        st = run(&b);
        jx_free(ctx, b.r);
    }
    jx_vec_free(ctx, &b.shares);
    jx_free(ctx, b.set);
    return st;
}
