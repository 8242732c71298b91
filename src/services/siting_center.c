/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * p-centre: the least radius within which p sites reach everybody. Whether a radius will do is a covering question, and
 * that is a p-median whose distances are 0 within the radius and 1 beyond: its optimum is 0 or it is not (Minieka 1970).
 */
#include <math.h>

#include "services/siting_internal.h"

/* The radii that can be optimal, rising: distances that occur, and that of going unserved. */
typedef struct radii {
    uint32_t *r, n;
} radii;

static jx_status make_radii(jx_ctx *ctx, const jx__work *k, radii *out) {
    size_t all = k->off[k->n];
    uint32_t at_least = 0, n = 0;
    uint64_t *key = jx_malloc(ctx, all + 1, sizeof *key), *tmp = jx_malloc(ctx, all + 1, sizeof *tmp);
    out->r = jx_malloc(ctx, all + 2, sizeof *out->r);
    if (!key || !tmp || !out->r) {
        jx_free(ctx, key), jx_free(ctx, tmp), jx_free(ctx, out->r);
        return JX_E_NOMEM;
    }
    /* nobody is nearer than their nearest site */
    for (uint32_t i = 0; i < k->n; i++) {
        uint32_t d = k->off[i] < k->off[i + 1] ? k->row[k->off[i]].dist : k->in->unserved_dist;
        at_least = d > at_least ? d : at_least;
    }
    size_t m = 0;
    for (size_t e = 0; e < all; e++) {
        if (k->row[e].dist >= at_least) {
            key[m++] = k->row[e].dist;
        }
    }
    if (k->in->unserved_dist != JX_UNREACHABLE && k->n) {
        key[m++] = k->in->unserved_dist;
    }
    if (m == 0) {
        key[m++] = 0;
    }
    jx_sort_u64(key, tmp, m);
    for (size_t e = 0; e < m; e++) {
        if (n == 0 || out->r[n - 1] != key[e]) {
            out->r[n++] = (uint32_t)key[e];
        }
    }
    out->n = n;
    jx_free(ctx, key), jx_free(ctx, tmp);
    return JX_OK;
}

/* The covering question of one radius. */
typedef struct cover {
    jx_siting s;
    size_t *off;
    uint32_t *site, *dist;
    jx__work k;
    jx__swap *swap;
    jx__best best;
} cover;

static void cover_release(jx_ctx *ctx, cover *c) {
    jx__swap_free(ctx, c->swap);
    jx__best_release(ctx, &c->best);
    jx__work_release(ctx, &c->k);
    jx_free(ctx, c->off), jx_free(ctx, c->site), jx_free(ctx, c->dist);
}

static jx_status cover_make(jx_ctx *ctx, const jx__work *k, uint32_t radius, cover *c) {
    size_t n = 0;
    *c = (cover){.off = jx_malloc(ctx, (size_t)k->n + 1, sizeof *c->off)};
    jx_status st = c->off ? JX_OK : JX_E_NOMEM;
    JX_TRY_OUT(st, st);
    for (uint32_t i = 0; i < k->n; i++) {
        for (size_t e = k->off[i]; e < k->off[i + 1] && k->row[e].dist <= radius; e++) {
            n++;
        }
    }
    c->site = jx_malloc(ctx, n, sizeof *c->site);
    c->dist = jx_calloc(ctx, n, sizeof *c->dist);
    st = c->site && c->dist ? JX_OK : JX_E_NOMEM;
    JX_TRY_OUT(st, st);
    n = 0;
    for (uint32_t i = 0; i < k->n; i++) {
        c->off[i] = n;
        for (size_t e = k->off[i]; e < k->off[i + 1] && k->row[e].dist <= radius; e++) {
            c->site[n++] = k->row[e].id;
        }
    }
    c->off[k->n] = n;
    c->s = (jx_siting){.n_clients = k->n, .n_sites = k->m, .off = c->off, .site = c->site, .dist = c->dist, .p = k->p, .site_cost = k->cost,
                       .budget = k->budget, .max_dist = JX_UNREACHABLE, .unserved_dist = 1};
    JX_TRY_OUT(st, jx__work_make(ctx, &c->s, &c->k));
    c->k.budget = k->budget;
    memcpy(c->k.kept, k->kept, k->m);
    memcpy(c->k.barred, k->barred, k->m);
    c->k.question = true;
    JX_TRY_OUT(st, jx__swap_new(ctx, &c->k, &c->swap));
    JX_TRY_OUT(st, jx__best_make(ctx, k->m, &c->best));
    return JX_OK;
out:
    cover_release(ctx, c);
    return st;
}

double jx__center_radius(const jx__work *k, const uint8_t *open) {
    double most = 0, unserved = k->in->unserved_dist == JX_UNREACHABLE ? (double)INFINITY : k->in->unserved_dist;
    for (uint32_t i = 0; i < k->n; i++) {
        size_t e = k->off[i], end = k->off[i + 1];
        while (e < end && !open[k->row[e].id]) {
            e++;
        }
        double d = e < end ? k->row[e].dist : unserved;
        most = d > most ? d : most;
    }
    return most;
}

/* What is known of a radius once it has been asked for. */
typedef enum answer { WILL_DO, WILL_NOT, NOT_KNOWN } answer;

/* Will a radius do? By swaps, then, if `proof`, by search. Every plan met is offered by the radius it really has. */
static jx_status ask(jx_ctx *ctx, const jx__work *k, uint32_t radius, bool proof, jx__halt *h, jx__best *best, answer *out) {
    cover c;
    JX_TRY(cover_make(ctx, k, radius, &c));
    jx_status st = JX_OK;
    double bound = 0;
    jx__swap_preview(ctx, c.swap, h->opt->seed, proof ? 0 : h->opt->preview ? JX__PREVIEW_SWAPS / 16 : JX__PROOF_SWAPS / 4, 0, h, &c.best);
    if (proof && c.best.cost > 0 && h->why == JX_SITING_PROVED) {
        st = jx__tree_prove(ctx, &c.k, c.swap, 1, h, &c.best, &bound);
    }
    if (st == JX_OK) {
        (void)jx__best_offer(best, c.best.open, jx__center_radius(k, c.best.open));
        *out = c.best.cost <= 0 ? WILL_DO : bound >= 1 ? WILL_NOT : NOT_KNOWN;
    }
    cover_release(ctx, &c);
    return st;
}

/* Halve the radii between lo and hi. Afterwards some plan has radius r[hi] or less, and with `proof` none has less than r[lo]. */
static jx_status halve(jx_ctx *ctx, const jx__work *k, const radii *r, bool proof, jx__halt *h, jx__best *best, uint32_t *lo, uint32_t *hi) {
    while (*lo < *hi && h->why == JX_SITING_PROVED) {
        uint32_t mid = *lo + (*hi - *lo) / 2;
        answer a;
        JX_TRY(ask(ctx, k, r->r[mid], proof, h, best, &a));
        if (a == WILL_DO) {
            while (*hi > *lo && r->r[*hi - 1] >= best->cost) {
                --*hi;
            }
        } else if (a == WILL_NOT || !proof) {
            *lo = mid + 1;
        } else {
            break; /* an end was put to it */
        }
    }
    return JX_OK;
}

jx_status jx__center_solve(jx_ctx *ctx, const jx__work *k, double enough, jx__halt *h, jx__best *best, double *preview, double *bound) {
    radii r;
    JX_TRY(make_radii(ctx, k, &r));
    uint32_t lo = 0, hi = r.n, top; /* r[n]: no plan at all */
    while (hi > 0 && r.r[hi - 1] >= enough) {
        hi--;
    }
    top = hi;
    jx_status st = halve(ctx, k, &r, false, h, best, &lo, &hi);
    *preview = best->cost;
    lo = 0;
    h->limit = h->opt->preview ? h->work + JX__PREVIEW_BOUNDS : UINT64_MAX;
    if (st == JX_OK) {
        st = halve(ctx, k, &r, true, h, best, &lo, &hi);
    }
    *bound = lo < top ? r.r[lo] : enough;
    jx_free(ctx, r.r);
    return st;
}
