/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** What a plan does to every cell: times before and after, and what each site brings. */
#include "run/site.h"

jx_status jx__site_nearest(jx_ctx *ctx, const jx__siting *s, const uint32_t *which, uint32_t n, uint32_t *ms, uint32_t *site) {
    jx_snap *snap = jx_malloc(ctx, n, sizeof *snap);
    jx_table *t = NULL;
    jx_status st = snap ? JX_OK : JX_E_NOMEM;
    for (uint32_t k = 0; st == JX_OK && k < n; k++) {
        snap[k] = s->snap[which[k]];
    }
    if (st == JX_OK) {
        st = jx__study_table(ctx, &s->study, s->study.offer.mode, snap, n, 0, &t);
    }
    for (uint32_t i = 0; st == JX_OK && i < t->n_cells; i++) {
        ms[i] = t->nearest_ms[i];
        if (site) {
            site[i] = t->nearest[i] == JX_NONE ? JX_NONE : which[t->nearest[i]];
        }
    }
    jx_table_free(ctx, t);
    jx_free(ctx, snap);
    return st;
}

/* Where capacities or referral send people elsewhere than to the nearest: `site` is the one most of a cell's people use. */
static void assigned(const jx__siting *s, const uint32_t *site, uint32_t *ms, uint32_t *used) {
    const jx_table *t = s->table;
    for (uint32_t i = 0; i < t->n_cells; i++) {
        for (uint64_t k = t->row[i]; s->units[i] > 0 && site[i] != JX_NONE && k < t->row[i + 1]; k++) {
            if (t->entry[k].facility == site[i]) {
                ms[i] = t->entry[k].time_ms;
                if (used) {
                    used[i] = site[i];
                }
            }
        }
    }
}

/* With capacities, before is what the existing sites can do when people are shared out as they are after: like is compared with like. Where
 * they have not room for all, or it cannot be told in a short search, it stays the way to the nearest, and the answer says so. */
static bool long_enough(void *asked) { return ++*(uint32_t *)asked > 400; }

static jx_status shared_before(jx_ctx *ctx, jx__siting *s) {
    uint32_t asked = 0;
    jx_plan_problem p = s->problem;
    jx_plan now = {0};
    uint8_t *status = jx_malloc(ctx, s->n_sites, sizeof *status);
    jx_ctx *quiet = jx_ctx_quiet(ctx); /* an impossible present is an answer, no error */
    jx_status st = status && quiet ? JX_OK : JX_E_NOMEM;
    for (uint32_t j = 0; st == JX_OK && j < s->n_sites; j++) {
        bool stands = !jx__site_is_new(s, j) && s->status[j] != JX_PLAN_BARRED;
        status[j] = stands ? JX_PLAN_KEPT : JX_PLAN_BARRED;
    }
    if (st == JX_OK) {
        p.status = status;
        p.price = NULL;
        p.budget = UINT64_MAX;
        p.most_open = 0;
        p.covers = 1; /* a second one in reach changes nobody's way */
        p.no_runner_up = true;
        p.most_nodes = 100;
        p.stop = long_enough; /* counted, not timed: the same answer everywhere */
        p.stop_user = &asked;
        st = jx_plan_solve(quiet, &p, &now);
        s->shared_before = st == JX_OK;
        if (st == JX_OK) {
            assigned(s, now.site, s->before_ms, NULL);
        }
        st = st == JX_E_INFEASIBLE || st == JX_E_LIMIT ? JX_OK : st;
    }
    jx_plan_release(ctx, &now);
    st = jx_ctx_quiet_end(ctx, quiet, st);
    jx_free(ctx, status);
    return st;
}

jx_status jx__site_effect(jx_ctx *ctx, jx__siting *s) {
    uint32_t n = s->study.county->cells.n;
    s->before_ms = jx_malloc(ctx, n, sizeof *s->before_ms);
    s->after_ms = jx_malloc(ctx, n, sizeof *s->after_ms);
    s->after_site = jx_malloc(ctx, n, sizeof *s->after_site);
    uint32_t *which = jx_malloc(ctx, s->n_sites, sizeof *which);
    jx_status st = s->before_ms && s->after_ms && s->after_site && which ? JX_OK : JX_E_NOMEM;
    for (uint32_t j = 0; st == JX_OK && j < s->n_existing; j++) {
        which[j] = j;
    }
    st = st == JX_OK ? jx__site_nearest(ctx, s, which, s->n_existing, s->before_ms, NULL) : st;
    st = st == JX_OK ? jx__site_nearest(ctx, s, s->plan.open, s->plan.n_open, s->after_ms, s->after_site) : st;
    jx_free(ctx, which);
    if (st == JX_OK && (s->capacity || s->two_levels)) {
        assigned(s, s->plan.site, s->after_ms, s->after_site);
    }
    return st == JX_OK && s->capacity ? shared_before(ctx, s) : st;
}

jx__site_gain jx__site_gains(const jx__siting *s, uint32_t site) {
    const jx_county *c = s->study.county;
    jx__site_gain g = {0, 0, 0};
    for (uint32_t i = 0; i < c->cells.n; i++) {
        if (s->after_site[i] == site) {
            double p = c->cells.people[i];
            bool was = s->before_ms[i] <= s->cutoff_ms[i], is = s->after_ms[i] <= s->cutoff_ms[i];
            g.people += p;
            g.nearer += s->after_ms[i] < s->before_ms[i] ? p : 0;
            g.newly_within += is && !was ? p : 0;
        }
    }
    return g;
}

uint32_t jx__site_ranked(const jx__siting *s, uint32_t *order) {
    uint32_t n = 0;
    for (uint32_t k = 0; k < s->plan.n_open; k++) {
        if (jx__site_is_new(s, s->plan.open[k])) {
            uint32_t at = n++;
            for (; at > 0 && s->plan.loss[order[at - 1]] < s->plan.loss[k]; at--) {
                order[at] = order[at - 1];
            }
            order[at] = k;
        }
    }
    return n;
}
