/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The Lagrangean bound of a part: "each client is served once" is priced by multipliers instead of asked for, so that each
 * site has its own worth and the best p of them are simply taken. Multipliers are found by deflected subgradient steps.
 * With the best ones the bound is that of the linear relaxation (Narula, Ogbu, Samuelsson 1977; Beasley 1993).
 */
#include <math.h>

#include "services/siting_internal.h"

jx_status jx__bounder_make(jx_ctx *ctx, const jx__work *k, jx__bounder *b) {
    *b = (jx__bounder){.k = k};
    b->rho = jx_malloc(ctx, k->m, sizeof *b->rho);
    b->share = jx_malloc(ctx, k->m, sizeof *b->share);
    b->pick = jx_malloc(ctx, k->m, sizeof *b->pick);
    b->sel = jx_malloc(ctx, k->m, 1);
    b->mark = jx_malloc(ctx, k->m, 1);
    b->dir = jx_malloc(ctx, k->n, sizeof *b->dir);
    b->lam = jx_malloc(ctx, k->n, sizeof *b->lam);
    b->len = jx_malloc(ctx, k->n, sizeof *b->len);
    if (!b->rho || !b->share || !b->pick || !b->sel || !b->mark || !b->dir || !b->lam || !b->len) {
        jx__bounder_release(ctx, b);
        return JX_E_NOMEM;
    }
    return JX_OK;
}

void jx__bounder_release(jx_ctx *ctx, jx__bounder *b) {
    jx_free(ctx, b->rho), jx_free(ctx, b->share), jx_free(ctx, b->pick), jx_free(ctx, b->sel), jx_free(ctx, b->mark);
    jx_free(ctx, b->dir), jx_free(ctx, b->lam), jx_free(ctx, b->len);
    *b = (jx__bounder){0};
}

/* Order of sites by reduced cost, then number: the same everywhere. */
static bool before(const double *rho, uint32_t a, uint32_t b) { return rho[a] != rho[b] ? rho[a] < rho[b] : a < b; }

/* Bring the p first in that order to the front. */
static void first_p(const double *rho, uint32_t *v, uint32_t n, uint32_t p) {
    uint32_t lo = 0, hi = n;
    while (hi - lo > 1) {
        uint32_t mid = v[lo + (hi - lo - 1) / 2], a = lo, b = hi - 1;
        while (true) {
            while (before(rho, v[a], mid)) {
                a++;
            }
            while (before(rho, mid, v[b])) {
                b--;
            }
            if (a >= b) {
                break;
            }
            uint32_t t = v[a];
            v[a] = v[b], v[b] = t;
            a++, b--;
        }
        uint32_t cut = b + 1; /* v[lo..cut) before or equal to mid, v[cut..hi) after or equal */
        if (p < cut) {
            hi = cut;
        } else if (p > cut) {
            lo = cut;
        } else {
            return;
        }
    }
}

/* The sites that the multipliers select, and the bound they give. */
static double evaluate(jx__bounder *b, const jx__part *q, const double *lam, double mu, uint64_t *steps) {
    const jx__work *k = b->k;
    double *rho = b->rho, sum = q->base - (mu > 0 ? mu * q->budget : 0);
    for (uint32_t j = 0; j < q->m; j++) {
        rho[j] = k->open_cost[q->site[j]] + mu * k->cost[q->site[j]];
        b->sel[j] = 0;
    }
    uint64_t work = q->n + q->m;
    double priced = 0;
    for (uint32_t i = 0; i < q->n; i++) {
        double w = k->w[q->client[i]], l = lam[i];
        size_t e = q->off[i], end = q->off[i + 1];
        for (; e < end; e++) {
            double d = w * q->row[e].dist - l;
            if (d >= 0) {
                break;
            }
            rho[q->row[e].id] += d;
        }
        b->len[i] = (uint32_t)(e - q->off[i]);
        work += b->len[i];
        priced += l;
    }
    sum += priced;
    uint32_t n = 0;
    for (uint32_t j = 0; j < q->m; j++) {
        if (rho[j] < 0) {
            b->pick[n++] = j;
        }
    }
    b->n_pick = n < q->p ? n : q->p;
    if (n > q->p && q->p > 0) {
        first_p(rho, b->pick, n, q->p);
    }
    b->rho_last = -INFINITY;
    b->rho_next = 0;
    for (uint32_t a = 0; a < n; a++) {
        double r = rho[b->pick[a]];
        if (a < b->n_pick) {
            b->sel[b->pick[a]] = 1;
            sum += r;
            b->rho_last = r > b->rho_last ? r : b->rho_last;
        } else {
            b->rho_next = r < b->rho_next ? r : b->rho_next;
        }
    }
    *steps += 2 * work;
    /* Whole numbers and multipliers on the grain add up without rounding while they have the bits; where not, that much less is sure. */
    double size = priced + fabs(q->base) + (mu > 0 ? mu * q->budget : 0);
    if (k->whole && !(size < 0x1p52 * k->grain)) {
        sum -= 0x1p-48 * (q->n + q->m + 1.0) * size;
    }
    return sum;
}

/* Mark the sites whose other state would take the bound over the goal. */
static void fix(jx__bounder *b, const jx__part *q, double bound, double goal) {
    double room = goal - bound;
    bool full = b->n_pick == q->p;
    for (uint32_t j = 0; j < q->m; j++) {
        if (b->mark[j] != JX__FREE) {
            continue;
        }
        double worse = b->sel[j] ? b->rho_next - b->rho[j] : b->rho[j] - (full ? b->rho_last : 0);
        if (worse >= room) {
            b->mark[j] = b->sel[j] ? JX__OPEN : JX__CLOSED;
            b->n_marked++;
        }
    }
}

/* A multiplier need not be below the second cheapest pair (the first alone cannot make it pay) nor above what is open. */
static double clamp(const jx__bounder *b, const jx__part *q, uint32_t i, double l) {
    size_t e = q->off[i];
    double w = b->k->w[q->client[i]], cap = q->cap[i], second = e + 1 < q->off[i + 1] ? w * q->row[e + 1].dist : cap;
    l = l > second ? l : second;
    return l < cap ? l : cap;
}

/* The nearest multiple of the grain. Adding so much that only those are left, and taking it away, is that; no compiler may undo it. */
static double on_grain(const jx__work *k, double l) {
    double lift = 0x1.8p52 * k->grain;
    return k->whole ? (l + lift) - lift : l;
}

/* New direction: the subgradient and half of the old one; those that the clamps would stop at once are left out. Returns its
 * squared length. */
static double turn(jx__bounder *b, const jx__part *q, double *mu_dir) {
    const jx__work *k = b->k;
    double norm = 0;
    for (uint32_t i = 0; i < q->n; i++) {
        int count = 1;
        const jx__pair *row = &q->row[q->off[i]];
        for (uint32_t e = 0; e < b->len[i]; e++) {
            count -= b->sel[row[e].id];
        }
        double d = count + 0.5 * b->dir[i], l = b->lam[i];
        d = (d > 0 && l >= q->cap[i]) || (d < 0 && clamp(b, q, i, l - 1e-9 * l) >= l) ? 0 : d;
        b->dir[i] = d;
        norm += d * d;
    }
    if (isfinite(k->budget)) {
        double spent = -q->budget;
        for (uint32_t a = 0; a < b->n_pick; a++) {
            spent += k->cost[q->site[b->pick[a]]];
        }
        *mu_dir = spent + 0.5 * *mu_dir;
        norm += *mu_dir * *mu_dir;
    }
    return norm;
}

enum { SURE_STEPS = 40000000 };

double jx__bound(jx_ctx *ctx, jx__bounder *b, jx__part *q, jx__effort effort, double *goal, jx__halt *h, jx__select_fn found, void *user) {
    double best = -INFINITY, mu = q->mu, mu_dir = 0, bold = effort.boldness;
    uint32_t idle = 0;
    uint64_t spent = 0;
    for (uint32_t i = 0; i < q->n; i++) {
        b->lam[i] = clamp(b, q, i, on_grain(b->k, q->lam[i]));
        b->dir[i] = 0;
    }
    memset(b->share, 0, q->m * sizeof *b->share);
    for (uint32_t round = 0; round < effort.rounds; round++) {
        uint64_t steps = 0;
        double bound = evaluate(b, q, b->lam, mu, &steps);
        for (uint32_t j = 0; j < q->m; j++) {
            b->share[j] += (b->sel[j] - b->share[j]) * (round ? 0.08 : 1);
        }
        idle++;
        if (bound > best) {
            idle = bound > best + 1e-7 * (*goal - best) ? 0 : idle;
            best = bound;
            memcpy(q->lam, b->lam, q->n * sizeof *q->lam);
            q->mu = mu;
            found(user, q, b, goal);
        }
        fix(b, q, bound, *goal);
        h->rounds++;
        bool halted = jx__halted(ctx, h, steps);
        spent += steps;
        if (best >= *goal || (halted && (round + 1 >= effort.sure || spent > SURE_STEPS))) {
            break;
        }
        if (idle >= effort.patience) {
            bold *= 0.5;
            idle = 0;
            if (bold < effort.least) {
                break;
            }
            memcpy(b->lam, q->lam, q->n * sizeof *q->lam);
            mu = q->mu;
            bound = evaluate(b, q, b->lam, mu, &steps);
            memset(b->dir, 0, q->n * sizeof *b->dir);
            mu_dir = 0;
        }
        double norm = turn(b, q, &mu_dir);
        if (!(norm > 0)) {
            break; /* no direction left: these multipliers are best */
        }
        double step = bold * (*goal + jx__slack(b->k, *goal) - bound) / norm;
        for (uint32_t i = 0; i < q->n; i++) {
            b->lam[i] = clamp(b, q, i, on_grain(b->k, b->lam[i] + step * b->dir[i]));
        }
        mu = mu + step * mu_dir > 0 ? on_grain(b->k, mu + step * mu_dir) : 0;
    }
    return best;
}
