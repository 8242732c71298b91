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

/* Can this set serve everybody within the radius under the capacities? */
static jx_status holds(jx_ctx *ctx, const jx_plan_problem *p, const uint8_t *open, uint32_t radius, bool *yes) {
    jx__inst t;
    uint64_t value = JX__NO_VALUE, lower;
    jx_status st = jx__inst_new(ctx, p, &(jx__form){.model = JX_PLAN_CENTER, .radius = radius}, &t);
    if (st == JX_OK) {
        st = jx__value(ctx, &t, open, JX__FULL, JX__NO_VALUE, &value, &lower, NULL);
    }
    jx__inst_release(ctx, &t);
    *yes = value != JX__NO_VALUE;
    return st;
}

jx_status jx__centre_value(jx_ctx *ctx, const jx_plan_problem *p, const uint8_t *open, uint64_t *value) {
    uint32_t *r, n;
    *value = free_value(p, open);
    if (!p->capacity || *value == JX__NO_VALUE) {
        return JX_OK;
    }
    JX_TRY(radii(ctx, p, &r, &n));
    uint32_t lo = 0, hi = n; /* the answer is r[lo..hi), none at n */
    jx_status st = JX_OK;
    while (st == JX_OK && lo < hi) {
        uint32_t mid = (lo + hi) / 2;
        bool yes = false;
        if (r[mid] >= *value) {
            st = holds(ctx, p, open, r[mid], &yes);
        }
        yes ? (void)(hi = mid) : (void)(lo = mid + 1);
    }
    *value = lo < n ? r[lo] : n == 0 ? 0 : JX__NO_VALUE;
    jx_free(ctx, r);
    return st;
}

/* Some set within the radius, if there is one. */
static jx_status probe(jx_ctx *ctx, const jx_plan_problem *p, const jx__goal *g, uint32_t radius, uint8_t *set, jx__found *f) {
    jx__inst t;
    jx__goal any = *g;
    jx_plan_problem q = *p;
    /* The count, or where sites are not counted the budget, is asked for as the objective of a cover: its bound rounds up. */
    bool count = p->most_open != JX_NONE;
    any.cutoff = count ? (uint64_t)p->most_open + 1 : p->budget == UINT64_MAX ? JX__NO_VALUE : p->budget + 1;
    q.most_open = JX_NONE;
    q.budget = count ? p->budget : UINT64_MAX;
    any.first = true;
    any.start = NULL;
    *f = (jx__found){.value = JX__NO_VALUE};
    jx_status st = jx__inst_new(ctx, &q, &(jx__form){.model = JX_PLAN_CENTER, .radius = radius, .by_count = count}, &t);
    if (st == JX_OK) {
        st = jx__search_run(ctx, &t, &any, set, f);
    }
    jx__inst_release(ctx, &t);
    return st;
}

jx_status jx__centre_run(jx_ctx *ctx, const jx_plan_problem *p, const jx__goal *g, uint8_t *best, jx__found *out) {
    uint32_t *r, n;
    uint8_t *set = jx_malloc(ctx, p->n_sites, 1);
    jx_status st = set ? radii(ctx, p, &r, &n) : JX_E_NOMEM;
    if (st != JX_OK) {
        jx_free(ctx, set);
        return st;
    }
    uint32_t hi = n, lo = 0, proved = 0; /* sets are known from r[hi] on, unknown below; none exists below r[proved] */
    while (hi > 0 && r[hi - 1] >= g->cutoff) {
        hi--;
    }
    uint32_t top = hi;
    for (bool first = true; st == JX_OK && lo < hi; first = false) {
        uint32_t mid = first ? hi - 1 : (lo + hi) / 2; /* is there any at all? */
        jx__found f;
        st = probe(ctx, p, g, r[mid], set, &f);
        out->nodes += f.nodes;
        out->steps += f.steps;
        if (st == JX_OK && f.value != JX__NO_VALUE) {
            memcpy(best, set, p->n_sites);
            st = jx__centre_value(ctx, p, set, &out->value);
            for (hi = mid; hi > lo && r[hi - 1] >= out->value; hi--) {
            }
        } else {
            proved = f.stopped ? proved : mid + 1;
            lo = mid + 1;
        }
        st = st == JX_OK ? jx_poll(ctx) : st;
    }
    if (n == 0) { /* nobody to serve */
        out->value = 0;
        memset(best, 0, p->n_sites);
        for (uint32_t j = 0; j < p->n_sites; j++) {
            best[j] = (p->status && p->status[j] == JX_PLAN_KEPT) || (g->force && g->force[j] == JX__OPEN);
        }
    }
    uint64_t end = out->value < g->cutoff ? out->value : g->cutoff;
    out->bound = proved < top && r[proved] < end ? r[proved] : end;
    out->stopped = out->bound < end;
    jx_free(ctx, set);
    jx_free(ctx, r);
    return st;
}
