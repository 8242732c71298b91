/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The Lagrangian bound. "Each demand is served `need` times" is priced with multipliers lambda, budget and total capacity with one each;
 * what is left falls apart into sites: the worth of site j is  rho_j = fix_j + sum over i of min(0, w_i c_ij - lambda_i)  - under a capacity
 * the best fractional knapsack of those - and the best sites are opened, as many as may be. All values are 64-bit integers in objective
 * x 2^shift; what is rounded is rounded downwards, so the bound is one, to the last bit. Sources: Narula, Ogbu, Samuelsson 1977;
 * Beasley 1993; Geoffrion 1974; Held, Wolfe, Crowder 1974 (steps).
 */
#include <math.h>

#include "services/plan_internal.h"

static const int64_t depth_floor = INT64_MIN / 4; /* sums that fall below are "no bound at all": they stop here instead of overflowing */

jx_status jx__bound_new(jx_ctx *ctx, const jx__inst *t, jx__bound *b) {
    *b = (jx__bound){0};
    b->lambda = jx_calloc(ctx, t->n, sizeof *b->lambda);
    b->best_lambda = jx_calloc(ctx, t->n, sizeof *b->best_lambda);
    b->g = jx_calloc(ctx, t->n, sizeof *b->g);
    b->rho = jx_calloc(ctx, t->m, sizeof *b->rho);
    b->used = jx_calloc(ctx, t->m, sizeof *b->used);
    b->chosen = jx_calloc(ctx, t->m, 1);
    b->heap = jx_malloc(ctx, t->m, sizeof *b->heap);
    b->pick = jx_malloc(ctx, t->cap ? t->n : 0, sizeof *b->pick);
    b->pick_tmp = jx_malloc(ctx, t->cap ? t->n : 0, sizeof *b->pick_tmp);
    return b->lambda && b->best_lambda && b->g && b->rho && b->used && b->chosen && b->heap && b->pick && b->pick_tmp ? JX_OK : JX_E_NOMEM;
}

void jx__bound_release(jx_ctx *ctx, jx__bound *b) {
    void *const blocks[] = {b->lambda, b->best_lambda, b->g, b->rho, b->used, b->chosen, b->heap, b->pick, b->pick_tmp};
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) {
        jx_free(ctx, blocks[k]);
    }
    *b = (jx__bound){0};
}

static int64_t scaled(const jx__inst *t, uint64_t v) { return (int64_t)(v << t->shift); }

/* ---- one site --------------------------------------------------------------------------------------------------------------------- */

static int64_t part_free(const jx__inst *t, const int64_t *lambda, uint32_t j) {
    int64_t sum = 0;
    for (uint64_t k = t->col_off[j]; k < t->col_off[j + 1]; k++) {
        int64_t v = scaled(t, t->w[t->col[k].site] * t->col[k].cost) - lambda[t->col[k].site];
        sum += v < 0 ? v : 0;
    }
    return sum;
}

typedef struct sack {
    int64_t sum;
    uint64_t room;
    double *g; /* loses what is taken; may be NULL */
} sack;

static void take(sack *s, const jx__pick *p) {
    if (p->units <= s->room) {
        s->room -= p->units;
        s->sum += p->v;
        if (s->g) {
            s->g[p->i] -= 1;
        }
    } else if (s->room > 0) {
        double part = (double)s->room / p->units;
        s->sum += (int64_t)ceil((double)p->v * part);
        if (s->g) {
            s->g[p->i] -= part;
        }
        s->room = 0;
    }
}

/* Best ratios first until the room is used up, without sorting more than that takes: by halves, as quicksort would. */
static void fill_sack(jx__pick *a, jx__pick *tmp, size_t n, sack *s) {
    while (n > 0 && s->room > 0) {
        double x = a[0].ratio, y = a[n / 2].ratio, z = a[n - 1].ratio, mid = x < y ? (y < z ? y : x < z ? z : x) : (x < z ? x : y < z ? z : y);
        size_t more = 0, same = 0, less = 0;
        uint64_t units = 0;
        for (size_t k = 0; k < n; k++) { /* better ones to the front of tmp, worse ones to its end, equal ones to the front of a */
            if (a[k].ratio > mid) {
                units += a[k].units;
                tmp[more++] = a[k];
            } else if (a[k].ratio < mid) {
                tmp[n - ++less] = a[k];
            } else {
                a[same++] = a[k];
            }
        }
        if (units > s->room) {
            memcpy(a, tmp, more * sizeof *a);
            n = more;
            continue;
        }
        for (size_t k = 0; k < more; k++) {
            take(s, &tmp[k]);
        }
        for (size_t k = 0; k < same; k++) {
            take(s, &a[k]);
        }
        memcpy(a, tmp + (n - less), less * sizeof *a);
        n = less;
    }
}

/* What a site gains by its capacity at most: fractional knapsack over the demands that pay for themselves. `g`, when given, loses what
   the knapsack takes. */
static int64_t part_capped(const jx__inst *t, jx__bound *b, const int64_t *lambda, uint32_t j, double *g) {
    size_t n = 0;
    sack s = {0, t->cap[j], g};
    for (uint64_t k = t->col_off[j]; k < t->col_off[j + 1]; k++) {
        uint32_t i = t->col[k].site;
        int64_t v = lambda[i] - scaled(t, t->w[i] * t->col[k].cost);
        if (v > 0) {
            b->pick[n++] = (jx__pick){v, t->units[i], i, (double)v / t->units[i]};
        }
    }
    fill_sack(b->pick, b->pick_tmp, n, &s);
    b->used[j] = (double)(t->cap[j] - s.room);
    return -(s.sum + 2 + (s.sum >> 40)); /* ratios are rounded: room for that */
}

/* ---- all sites ---------------------------------------------------------------------------------------------------------------------- */

static int64_t budget_term(double mu, uint64_t price) { return (int64_t)floor(mu * (double)price); }
static int64_t room_term(double mu, uint64_t cap) { return (int64_t)ceil(mu * (double)cap * (1 + 1e-12)); }

/* The constants that belong to the two multipliers. */
static int64_t row_constants(const jx__inst *t, double mu_budget, double mu_cap) {
    int64_t sum = 0;
    sum -= mu_budget > 0 ? (int64_t)ceil(mu_budget * (double)t->budget * (1 + 1e-12)) + 1 : 0;
    sum += mu_cap > 0 ? (int64_t)floor(mu_cap * (double)t->total_units * (1 - 1e-12)) - 1 : 0;
    return sum;
}

static bool less_rho(const jx__bound *b, uint32_t x, uint32_t y) { return b->rho[x] != b->rho[y] ? b->rho[x] < b->rho[y] : x < y; }

/* Heap of the `most` lowest negative rho among the undecided, the highest on top. */
static void push_site(jx__bound *b, uint32_t *n, uint32_t most, uint32_t j) {
    uint32_t *h = b->heap;
    if (*n < most) {
        uint32_t c = (*n)++;
        while (c > 0 && less_rho(b, h[(c - 1) / 2], j)) {
            h[c] = h[(c - 1) / 2];
            c = (c - 1) / 2;
        }
        h[c] = j;
    } else if (most > 0 && less_rho(b, j, h[0])) {
        uint32_t c = 0;
        for (;;) {
            uint32_t k = 2 * c + 1;
            k = k + 1 < *n && less_rho(b, h[k], h[k + 1]) ? k + 1 : k;
            if (k >= *n || !less_rho(b, j, h[k])) {
                break;
            }
            h[c] = h[k];
            c = k;
        }
        h[c] = j;
    }
}

static int64_t choose(const jx__inst *t, jx__bound *b, const uint8_t *val) {
    uint64_t taken = 0;
    int64_t sum = 0;
    uint32_t n = 0;
    b->best_left = INT64_MAX;
    b->worst_chosen = INT64_MIN;
    for (uint32_t j = 0; j < t->m; j++) {
        b->chosen[j] = val[j] == JX__OPEN;
        taken += val[j] == JX__OPEN && t->status[j] != JX_PLAN_KEPT;
        sum += val[j] == JX__OPEN ? b->rho[j] : 0;
        sum = sum < depth_floor ? depth_floor : sum;
    }
    uint32_t most = t->most_open == JX_NONE ? t->m : taken >= t->most_open ? 0 : t->most_open - (uint32_t)taken;
    for (uint32_t j = 0; j < t->m; j++) {
        if (val[j] == JX__FREE && b->rho[j] < 0) {
            push_site(b, &n, most, j);
        }
    }
    for (uint32_t k = 0; k < n; k++) {
        b->chosen[b->heap[k]] = 1;
        sum += b->rho[b->heap[k]];
        sum = sum < depth_floor ? depth_floor : sum;
        b->worst_chosen = b->rho[b->heap[k]] > b->worst_chosen ? b->rho[b->heap[k]] : b->worst_chosen;
    }
    b->full = n == most;
    for (uint32_t j = 0; j < t->m; j++) {
        if (val[j] == JX__FREE && !b->chosen[j] && b->rho[j] < b->best_left) {
            b->best_left = b->rho[j];
        }
    }
    return sum;
}

/* What the demands themselves bring, and their violation but for the sites. */
static int64_t demands(const jx__inst *t, jx__bound *b, const int64_t *lambda) {
    int64_t sum = 0;
    for (uint32_t i = 0; i < t->n; i++) {
        sum += (int64_t)t->need * lambda[i];
        b->g[i] = t->need;
        for (uint32_t k = 0; t->out && k < t->need; k++) {
            int64_t v = scaled(t, t->out[2 * i + k]) - lambda[i];
            if (v < 0) {
                sum += v;
                b->g[i] -= 1;
            }
        }
    }
    return sum;
}

int64_t jx__bound_at(const jx__inst *t, jx__bound *b, const uint8_t *val, bool use_best) {
    const int64_t *lambda = use_best ? b->best_lambda : b->lambda;
    double mu_b = use_best ? b->best_mu_budget : b->mu_budget, mu_c = use_best ? b->best_mu_cap : b->mu_cap;
    b->steps++;
    for (uint32_t j = 0; j < t->m; j++) {
        if (val[j] == JX__SHUT) {
            b->rho[j] = INT64_MAX;
            continue;
        }
        int64_t part = t->cap ? part_capped(t, b, lambda, j, NULL) : part_free(t, lambda, j);
        part += t->fix ? scaled(t, t->fix[j]) : 0;
        part += mu_b > 0 ? budget_term(mu_b, t->price[j]) : 0;
        b->rho[j] = part - (mu_c > 0 ? room_term(mu_c, t->cap[j]) : 0);
    }
    int64_t sum = demands(t, b, lambda) + row_constants(t, mu_b, mu_c) + choose(t, b, val);
    for (uint32_t j = 0; j < t->m; j++) {
        if (b->chosen[j] && t->cap) {
            (void)part_capped(t, b, lambda, j, b->g);
        }
        for (uint64_t k = t->col_off[j]; b->chosen[j] && !t->cap && k < t->col_off[j + 1]; k++) {
            uint32_t i = t->col[k].site;
            b->g[i] -= scaled(t, t->w[i] * t->col[k].cost) < lambda[i] ? 1 : 0;
        }
    }
    return sum < depth_floor ? depth_floor : sum;
}

/* ---- steps ------------------------------------------------------------------------------------------------------------------------------- */

typedef struct slack {
    double budget, room, budget_unit, room_unit; /* violations, and what one of them is measured in */
} slack;

static slack violations(const jx__inst *t, const jx__bound *b) {
    slack s = {0, 0, 0, 0};
    double price = 0, cap = 0;
    for (uint32_t j = 0; j < t->m; j++) {
        price += (double)t->price[j];
        cap += t->cap ? (double)t->cap[j] : 0;
        s.budget += b->chosen[j] ? (double)t->price[j] : 0;
        s.room += b->chosen[j] && t->cap ? (double)t->cap[j] : 0;
    }
    if (t->budget != UINT64_MAX && price > 0) {
        s.budget_unit = price / t->m;
        s.budget = (s.budget - (double)t->budget) / s.budget_unit;
    }
    if (t->cap && !t->out && cap > 0) {
        s.room_unit = cap / t->m;
        s.room = ((double)t->total_units - s.room) / s.room_unit;
    }
    return s;
}

void jx__bound_step(const jx__inst *t, jx__bound *b, const uint8_t *val, double alpha, double now, double target) {
    slack s = violations(t, b);
    double norm = 0, most = 2e18 / ((double)t->n * t->need + 1);
    (void)val;
    for (uint32_t i = 0; i < t->n; i++) {
        b->g[i] = b->lambda[i] == 0 && b->g[i] < 0 ? 0 : b->g[i];
        norm += b->g[i] * b->g[i];
    }
    bool budget = s.budget_unit > 0 && (b->mu_budget > 0 || s.budget > 0), room = s.room_unit > 0 && (b->mu_cap > 0 || s.room > 0);
    norm += budget ? s.budget * s.budget : 0;
    norm += room ? s.room * s.room : 0;
    if (!(norm > 0)) {
        return;
    }
    double step = alpha * (target > now ? target - now : 1) / norm;
    for (uint32_t i = 0; i < t->n; i++) {
        double v = (double)b->lambda[i] + step * b->g[i];
        b->lambda[i] = v <= 0 ? 0 : (int64_t)(v < most ? v : most);
    }
    double mu = budget ? b->mu_budget + step * s.budget / s.budget_unit : b->mu_budget;
    b->mu_budget = mu > 0 && mu * (double)t->budget < 1e18 ? mu : mu > 0 ? b->mu_budget : 0;
    mu = room ? b->mu_cap + step * s.room / s.room_unit : b->mu_cap;
    b->mu_cap = mu > 0 && mu * (double)t->total_units < 1e18 ? mu : mu > 0 ? b->mu_cap : 0;
}
