/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Siting: checks, the way from preview to proof, and what a plan says about its sites. */
#include <math.h>

#include "services/siting_internal.h"

const char *jx_siting_model_name(jx_siting_model m) {
    static const char *const names[JX_N_SITING_MODELS] = {"p-median", "p-center"};
    return names[m];
}

const char *jx_siting_end_name(jx_siting_end e) {
    static const char *const names[] = {"proved", "preview", "stopped", "cancelled"};
    return names[e];
}

/* ---- checks ------------------------------------------------------------------------------------------------------------ */

static bool all_good(const double *v, uint32_t n) {
    for (uint32_t i = 0; v && i < n; i++) {
        if (!(v[i] >= 0 && isfinite(v[i]))) {
            return false;
        }
    }
    return true;
}

static const char *bad_shape(const jx_siting *s) {
    if (s->n_clients == JX_NONE || s->n_sites == JX_NONE || (!s->off && s->n_sites && s->n_clients > SIZE_MAX / 16 / s->n_sites)) {
        return N_("too large");
    }
    if (!all_good(s->weight, s->n_clients)) {
        return N_("a weight is negative or no number");
    }
    if (!all_good(s->site_cost, s->n_sites) || !all_good(s->open_cost, s->n_sites)) {
        return N_("a site's cost is negative or no number");
    }
    if (s->site_cost && !(s->budget >= 0)) {
        return N_("the budget is negative or no number");
    }
    for (uint32_t j = 0; s->status && j < s->n_sites; j++) {
        if (s->status[j] > JX_SITE_MAY_CLOSE) {
            return N_("a site has an unknown status");
        }
    }
    for (uint32_t i = 0; s->off && i < s->n_clients; i++) {
        if (s->off[i] > s->off[i + 1] || (i == 0 && s->off[0] != 0)) {
            return N_("rows of distances do not rise");
        }
        for (size_t e = s->off[i]; e < s->off[i + 1]; e++) {
            if (s->site[e] >= s->n_sites) {
                return N_("a distance names a site that there is not");
            }
        }
    }
    return NULL;
}

/* Can client i be served by some site? */
static bool servable(const jx_siting *s, uint32_t i) {
    size_t begin = s->off ? s->off[i] : (size_t)i * s->n_sites, end = s->off ? s->off[i + 1] : begin + s->n_sites;
    for (size_t e = begin; e < end; e++) {
        if (s->dist[e] != JX_UNREACHABLE && s->dist[e] <= s->max_dist) {
            return true;
        }
    }
    return false;
}

jx_status jx_siting_check(jx_ctx *ctx, const jx_siting *s) {
    const char *bad = bad_shape(s);
    if (bad) {
        return JX_FAIL(ctx, SITING_SHAPE, JX_S(bad));
    }
    uint32_t kept = 0;
    double spent = 0;
    for (uint32_t j = 0; s->status && j < s->n_sites; j++) {
        if (s->status[j] == JX_SITE_KEPT) {
            kept++;
            spent += s->site_cost ? s->site_cost[j] : 0;
        }
    }
    if (kept > s->p) {
        return JX_FAIL(ctx, SITING_KEPT_MANY, JX_I(kept), JX_I(s->p));
    }
    if (s->site_cost && spent > s->budget) {
        return JX_FAIL(ctx, SITING_KEPT_DEAR, JX_R(spent, 2), JX_R(s->budget, 2));
    }
    for (uint32_t i = 0; s->unserved_dist == JX_UNREACHABLE && i < s->n_clients; i++) {
        if ((!s->weight || s->weight[i] > 0) && !servable(s, i)) {
            return JX_FAIL(ctx, SITING_CLIENT_FAR, JX_I((int64_t)i + 1));
        }
    }
    return JX_OK;
}

/* ---- plans ------------------------------------------------------------------------------------------------------------- */

void jx_siting_plan_release(jx_ctx *ctx, jx_siting_plan *plan) {
    jx_free(ctx, plan->open), jx_free(ctx, plan->assigned), jx_free(ctx, plan->runner);
    *plan = (jx_siting_plan){0};
}

/* What a client costs with nothing but its own best: the weakest bound. */
static double weak_bound(const jx__work *k, jx_siting_model model) {
    double sum = 0, most = 0;
    for (uint32_t i = 0; i < k->n; i++) {
        double d = k->off[i] < k->off[i + 1] ? k->row[k->off[i]].dist : k->in->unserved_dist;
        sum += k->w[i] * d;
        most = d > most ? d : most;
    }
    return model == JX_SITING_P_CENTER ? most : sum;
}

static uint32_t list(const uint8_t *open, uint32_t m, uint32_t *out) {
    uint32_t n = 0;
    for (uint32_t j = 0; j < m; j++) {
        if (open[j]) {
            out[n++] = j;
        }
    }
    return n;
}

/* Two nearest open sites of client i as places in its row; the row's end: none. */
static void nearest_two(const jx__work *k, const uint8_t *open, uint32_t i, size_t at[2]) {
    size_t e = k->off[i], end = k->off[i + 1];
    for (int t = 0; t < 2; t++) {
        while (e < end && !open[k->row[e].id]) {
            e++;
        }
        at[t] = e;
        e += e < end;
    }
}

/* Assignment, shares and objective of the open sites; share_of[j]: place of site j in plan->open. */
static void settle(const jx__work *k, jx_siting_model model, const uint8_t *open, const uint32_t *share_of, jx_siting_plan *plan) {
    bool center = model == JX_SITING_P_CENTER;
    double sum = 0, most = 0;
    for (uint32_t a = 0; a < plan->n_open; a++) {
        jx_site_share *s = &plan->open[a];
        s->value = center ? 0 : k->open_cost[s->site];
        s->loss = center ? 0 : -s->value;
        sum += s->value;
    }
    const double unserved = k->in->unserved_dist == JX_UNREACHABLE ? (double)INFINITY : k->in->unserved_dist;
    for (uint32_t i = 0; i < k->n; i++) {
        size_t at[2], end = k->off[i + 1];
        nearest_two(k, open, i, at);
        double d = at[0] < end ? k->row[at[0]].dist : unserved, next = at[1] < end ? k->row[at[1]].dist : unserved;
        sum += k->w[i] * d;
        most = d > most ? d : most;
        if (at[0] == end) {
            continue;
        }
        plan->assigned[k->client[i]] = k->row[at[0]].id;
        jx_site_share *s = &plan->open[share_of[k->row[at[0]].id]];
        s->n_clients++;
        s->weight += k->w[i];
        if (center) {
            s->value = d > s->value ? d : s->value;
            s->loss = next > s->loss ? next : s->loss;
        } else {
            s->value += k->w[i] * d;
            s->loss += k->w[i] * (next - d);
        }
    }
    plan->objective = center ? most : sum;
    for (uint32_t a = 0; center && a < plan->n_open; a++) {
        plan->open[a].loss = plan->open[a].loss > most ? plan->open[a].loss - most : 0;
    }
}

static jx_status fill_plan(jx_ctx *ctx, const jx__work *k, jx_siting_model model, const uint8_t *open, jx_siting_plan *plan) {
    uint32_t *share_of = jx_malloc(ctx, k->m, sizeof *share_of);
    plan->model = model;
    plan->open = jx_calloc(ctx, k->m, sizeof *plan->open);
    plan->assigned = jx_malloc(ctx, k->in->n_clients, sizeof *plan->assigned);
    if (!share_of || !plan->open || !plan->assigned) {
        jx_free(ctx, share_of);
        jx_siting_plan_release(ctx, plan);
        return JX_E_NOMEM;
    }
    for (uint32_t j = 0; j < k->m; j++) {
        if (open[j]) {
            share_of[j] = plan->n_open;
            plan->open[plan->n_open++].site = j;
        }
    }
    for (uint32_t c = 0; c < k->in->n_clients; c++) {
        plan->assigned[c] = JX_NONE;
    }
    settle(k, model, open, share_of, plan);
    jx_free(ctx, share_of);
    return JX_OK;
}

static void set_bound(jx_siting_plan *plan, double bound) {
    plan->bound = bound < plan->objective ? bound : plan->objective;
    plan->gap = plan->objective > plan->bound ? (plan->objective - plan->bound) / plan->objective : 0;
}

static jx_status fill_runner(jx_ctx *ctx, const jx__best *best, jx_siting_plan *plan) {
    plan->runner_up = best->next_cost;
    plan->runner = jx_malloc(ctx, best->m, sizeof *plan->runner);
    if (!plan->runner) {
        jx_siting_plan_release(ctx, plan);
        return JX_E_NOMEM;
    }
    plan->n_runner = isfinite(best->next_cost) ? list(best->next, best->m, plan->runner) : 0;
    return JX_OK;
}

jx_status jx_siting_evaluate(jx_ctx *ctx, const jx_siting *s, jx_siting_model model, const uint32_t *open, uint32_t n_open, jx_siting_plan *plan) {
    *plan = (jx_siting_plan){0};
    const char *bad = bad_shape(s);
    for (uint32_t a = 0; a < n_open && !bad; a++) {
        bad = open[a] < s->n_sites ? NULL : N_("a plan names a site that there is not");
    }
    if (bad) {
        return JX_FAIL(ctx, SITING_SHAPE, JX_S(bad));
    }
    jx__work k;
    JX_TRY(jx__work_make(ctx, s, &k));
    uint8_t *is_open = jx_calloc(ctx, s->n_sites, 1);
    jx_status st = is_open ? JX_OK : JX_E_NOMEM;
    for (uint32_t a = 0; st == JX_OK && a < n_open; a++) {
        is_open[open[a]] = 1;
    }
    JX_TRY_OUT(st, st);
    JX_TRY_OUT(st, fill_plan(ctx, &k, model, is_open, plan));
    for (uint32_t i = 0; i < k.n && s->unserved_dist == JX_UNREACHABLE; i++) {
        if (plan->assigned[k.client[i]] == JX_NONE) {
            jx_siting_plan_release(ctx, plan);
            st = JX_FAIL(ctx, SITING_CLIENT_FAR, JX_I((int64_t)k.client[i] + 1));
            goto out;
        }
    }
    plan->end = JX_SITING_PREVIEW;
    plan->preview = plan->objective;
    plan->runner_up = INFINITY;
    set_bound(plan, weak_bound(&k, model));
out:
    jx_free(ctx, is_open);
    jx__work_release(ctx, &k);
    return st;
}

/* ---- solving ----------------------------------------------------------------------------------------------------------- */

/* No plan serves everybody: proved, or not found in time. */
static jx_status no_plan(jx_ctx *ctx, const jx_siting *s, const jx__halt *h) {
    if (h->why == JX_SITING_CANCELLED) {
        return jx_poll(ctx);
    }
    if (h->why != JX_SITING_PROVED) {
        return JX_FAIL0(ctx, SITING_NOTHING_YET);
    }
    if (s->site_cost && isfinite(s->budget)) {
        return JX_FAIL(ctx, SITING_NO_PLAN_BUDGET, JX_I(s->p), JX_R(s->budget, 2));
    }
    return JX_FAIL(ctx, SITING_NO_PLAN, JX_I(s->p));
}

static jx_status solve_median(jx_ctx *ctx, const jx__work *k, jx__halt *h, jx__best *best, jx_siting_plan *plan, double *bound) {
    jx__swap *swap;
    JX_TRY(jx__swap_new(ctx, k, &swap));
    jx__swap_preview(ctx, swap, h->opt->seed, h->opt->preview ? JX__PREVIEW_SWAPS : JX__PROOF_SWAPS, -1, h, best);
    plan->preview = best->cost;
    h->limit = h->opt->preview ? h->work + JX__PREVIEW_BOUNDS : UINT64_MAX;
    jx_status st = jx__tree_prove(ctx, k, swap, k->dear, h, best, bound); /* stopped already: as many rounds as make a bound worth the name */
    jx__swap_free(ctx, swap);
    return st;
}

/* Sites that the objective has no use for are still asked for: open those that bring clients nearer. Not where they cost something. */
static jx_status complete(jx_ctx *ctx, const jx__work *k, jx_siting_model model, jx__best *best) {
    jx__swap *swap;
    if (isfinite(k->budget) || !isfinite(best->cost)) {
        return JX_OK;
    }
    JX_TRY(jx__swap_new(ctx, k, &swap));
    double cost = jx__swap_greedy(swap, best->open);
    memcpy(best->open, jx__swap_open(swap), k->m);
    best->cost = model == JX_SITING_P_CENTER ? best->cost : cost;
    if (memcmp(best->open, best->next, k->m) == 0) {
        best->next_cost = INFINITY;
    }
    jx__swap_free(ctx, swap);
    return JX_OK;
}

/* The plan from the best set of sites, and how far it is proved. */
static jx_status report(jx_ctx *ctx, const jx__work *k, jx_siting_model model, const jx__halt *h, const jx__best *best, double bound, jx_siting_plan *plan) {
    double too_dear = model == JX_SITING_P_CENTER ? INFINITY : k->dear;
    if (!(best->cost < too_dear)) {
        return no_plan(ctx, k->in, h);
    }
    double preview = plan->preview;
    JX_TRY(fill_plan(ctx, k, model, best->open, plan));
    plan->preview = preview;
    JX_TRY(fill_runner(ctx, best, plan));
    if (plan->runner_up >= too_dear) {
        plan->runner_up = INFINITY;
        plan->n_runner = 0;
    }
    set_bound(plan, bound);
    bool whole = model == JX_SITING_P_CENTER || k->whole;
    plan->proved = h->why == JX_SITING_PROVED || plan->gap <= (whole ? 0 : 1e-9);
    if (plan->proved && whole) {
        set_bound(plan, plan->objective);
    }
    plan->seed = h->opt->seed;
    plan->n_nodes = h->nodes;
    plan->end = plan->proved ? JX_SITING_PROVED : h->why;
    return h->why == JX_SITING_CANCELLED ? jx_poll(ctx) : JX_OK;
}

jx_status jx_siting_solve(jx_ctx *ctx, const jx_siting *s, jx_siting_model model, const jx_siting_options *opt, jx_siting_plan *plan) {
    *plan = (jx_siting_plan){0};
    JX_TRY(jx_siting_check(ctx, s));
    jx__work k;
    JX_TRY(jx__work_make(ctx, s, &k));
    jx__best best;
    jx__halt h = {.opt = opt, .limit = UINT64_MAX, .most_nodes = UINT64_MAX, .why = JX_SITING_PROVED};
    double bound = weak_bound(&k, model);
    jx_status st = jx__best_make(ctx, k.m, &best);
    if (st == JX_OK) {
        st = model == JX_SITING_P_CENTER ? jx__center_solve(ctx, &k, INFINITY, &h, &best, &plan->preview, &bound)
                                         : solve_median(ctx, &k, &h, &best, plan, &bound);
        st = st == JX_OK ? complete(ctx, &k, model, &best) : st;
        st = st == JX_OK ? report(ctx, &k, model, &h, &best, bound, plan) : st;
        jx__best_release(ctx, &best);
    }
    if (st != JX_OK && plan->n_open == 0) {
        jx_siting_plan_release(ctx, plan);
    }
    jx__work_release(ctx, &k);
    return st;
}
