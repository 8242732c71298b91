/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The siting engine at work for the planner: rows taken over as they are, sums exact, nothing opened that nobody needs. */
#include <math.h>

#include "services/plan_quick.h"
#include "services/siting_internal.h"

static jx_status alloc(jx_ctx *ctx, const jx__quick *q, jx__work *k) {
    size_t pairs = q->row_off[q->n];
    k->client = jx_malloc(ctx, q->n, sizeof *k->client);
    k->w = jx_malloc(ctx, q->n, sizeof *k->w);
    k->without = jx_malloc(ctx, q->n, sizeof *k->without);
    k->off = jx_malloc(ctx, (size_t)q->n + 1, sizeof *k->off);
    k->soff = jx_malloc(ctx, (size_t)q->m + 1, sizeof *k->soff);
    k->row = jx_malloc(ctx, pairs, sizeof *k->row);
    k->col = jx_malloc(ctx, pairs, sizeof *k->col);
    k->kept = jx_malloc(ctx, q->m, 1);
    k->barred = jx_malloc(ctx, q->m, 1);
    k->cost = jx_malloc(ctx, q->m, sizeof *k->cost);
    k->open_cost = jx_malloc(ctx, q->m, sizeof *k->open_cost);
    return k->client && k->w && k->without && k->off && k->soff && k->row && k->col && k->kept && k->barred && k->cost && k->open_cost ? JX_OK : JX_E_NOMEM;
}

static jx_status make(jx_ctx *ctx, const jx__quick *q, const jx_siting *in, jx__work *k) {
    *k = (jx__work){.in = in, .n = q->n, .m = q->m, .p = q->p < q->m ? q->p : q->m, .budget = INFINITY};
    JX_TRY(alloc(ctx, q, k));
    uint64_t all = 0;
    for (uint32_t i = 0; i < q->n; i++) {
        k->client[i] = i;
        k->w[i] = (double)q->w[i];
        k->off[i] = q->row_off[i];
    }
    k->off[q->n] = q->row_off[q->n];
    for (size_t e = 0; e < k->off[q->n]; e++) {
        k->row[e] = (jx__pair){q->row[e].site, q->row[e].cost};
        k->col[e] = (jx__pair){q->col[e].site, q->col[e].cost};
    }
    for (uint32_t j = 0; j < q->m; j++) {
        k->soff[j] = q->col_off[j];
        k->kept[j] = q->state[j] == JX__QUICK_OPEN;
        k->barred[j] = q->state[j] == JX__QUICK_SHUT;
        k->cost[j] = (double)q->price[j];
        k->open_cost[j] = q->fix ? (double)q->fix[j] : 0;
        all += q->price[j];
    }
    k->soff[q->m] = q->col_off[q->m];
    if (q->budget < all) {
        k->budget = (double)q->budget;
    } else {
        memset(k->cost, 0, q->m * sizeof *k->cost);
    }
    jx__work_price(k);
    return JX_OK;
}

static double worth(const jx__quick *q, const jx__work *k, const uint8_t *open) { return q->center ? jx__center_radius(k, open) : jx__work_cost(k, open); }

/* Offer the plan to begin with, if it may be one. */
static void offer_start(const jx__quick *q, const jx__work *k, jx__best *best) {
    double spent = 0;
    uint32_t count = 0;
    bool suits = q->start != NULL;
    for (uint32_t j = 0; suits && j < k->m; j++) {
        suits = q->start[j] ? !k->barred[j] : !k->kept[j];
        spent += q->start[j] ? k->cost[j] : 0;
        count += q->start[j];
    }
    if (suits && spent <= k->budget && count <= k->p) {
        (void)jx__best_offer(best, q->start, worth(q, k, q->start));
    }
}

static jx_status search(jx_ctx *ctx, const jx__quick *q, const jx__work *k, double enough, jx__halt *h, jx__best *best, double *bound) {
    bool preview = q->most_nodes == 0;
    double seen;
    jx__swap *swap;
    if (q->center) {
        return jx__center_solve(ctx, k, enough, h, best, &seen, bound);
    }
    JX_TRY(jx__swap_new(ctx, k, &swap));
    jx__swap_preview(ctx, swap, q->seed, preview ? JX__PREVIEW_SWAPS : JX__PROOF_SWAPS, 0, h, best);
    h->limit = preview ? h->work + JX__PREVIEW_BOUNDS : UINT64_MAX;
    jx_status st = jx__tree_prove(ctx, k, swap, enough, h, best, bound);
    jx__swap_free(ctx, swap);
    return st;
}

static bool room_for_kept(const jx__work *k) {
    double spent = 0;
    uint32_t count = 0;
    for (uint32_t j = 0; j < k->m; j++) {
        spent += k->kept[j] ? k->cost[j] : 0;
        count += k->kept[j];
    }
    return count <= k->p && spent <= k->budget;
}

/* Close what is open for nothing. */
static void tidy(const jx__quick *q, const jx__work *k, uint8_t *open, double *value) {
    for (uint32_t j = k->m; j-- > 0;) {
        if (open[j] && !k->kept[j]) {
            open[j] = 0;
            double v = worth(q, k, open);
            open[j] = v > *value;
            *value = v > *value ? *value : v;
        }
    }
}

jx_status jx__quick_solve(jx_ctx *ctx, const jx__quick *q, uint8_t *open, jx__quick_found *out) {
    const jx_siting in = {.n_clients = q->n, .n_sites = q->m, .max_dist = JX_UNREACHABLE, .unserved_dist = q->may_go_without ? 1 : JX_UNREACHABLE};
    const jx_siting_options opt = {.seed = q->seed, .preview = q->most_nodes == 0, .stop = q->stop, .user = q->user};
    jx__halt h = {.opt = &opt, .limit = UINT64_MAX, .most_nodes = q->most_nodes ? q->most_nodes : UINT64_MAX, .why = JX_SITING_PROVED};
    jx__work k;
    jx__best best = {0};
    double bound = 0;
    *out = (jx__quick_found){.value = UINT64_MAX};
    jx_status st = make(ctx, q, &in, &k);
    JX_TRY_OUT(st, st);
    JX_TRY_OUT(st, jx__best_make(ctx, k.m, &best));
    /* a plan worth as much serves not everybody */
    double none = q->center ? 0x1p40 : k.dear, enough = (double)q->cutoff < none ? (double)q->cutoff : none;
    if (!room_for_kept(&k)) {
        out->bound = q->cutoff;
        goto out;
    }
    offer_start(q, &k, &best);
    JX_TRY_OUT(st, search(ctx, q, &k, enough, &h, &best, &bound));
    out->nodes = h.nodes;
    out->steps = h.rounds;
    double value = best.cost;
    if (value < enough) {
        memcpy(open, best.open, k.m);
        tidy(q, &k, open, &value);
        out->value = (uint64_t)value;
    }
    out->bound = bound < none ? (uint64_t)bound : q->cutoff; /* at `none` there is no plan: then nothing below the cutoff either */
    out->bound = out->bound < q->cutoff ? out->bound : q->cutoff;
    out->bound = out->bound < out->value ? out->bound : out->value;
out:
    jx__best_release(ctx, &best);
    jx__work_release(ctx, &k);
    return st;
}
