/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The preview: local search on sets of sites. Each client knows its two nearest open sites, so that opening one site and
 * closing the best other is judged in one pass over the clients near it (Whitaker 1983; Resende and Werneck 2007).
 */
#include <math.h>

#include "services/siting_internal.h"

struct jx__swap {
    const jx__work *k;
    uint32_t n_open;
    uint8_t *open;
    uint32_t *s1, *s2;      /* per client: its nearest open site and the second; m: none */
    double *c1, *c2;        /* their costs */
    double *loss, *extra;   /* per site: cost of closing it; how much less when the site at hand opens */
    uint32_t *touched, *order; /* m + 2, m */
    double cost, spent;
    jx_ctx *ctx;
};

jx_status jx__swap_new(jx_ctx *ctx, const jx__work *k, jx__swap **out) {
    jx__swap *s = jx_calloc(ctx, 1, sizeof *s);
    if (!s) {
        return JX_E_NOMEM;
    }
    s->k = k;
    s->ctx = ctx;
    s->open = jx_calloc(ctx, (size_t)k->m + 1, 1);
    s->s1 = jx_malloc(ctx, k->n, sizeof *s->s1);
    s->s2 = jx_malloc(ctx, k->n, sizeof *s->s2);
    s->c1 = jx_malloc(ctx, k->n, sizeof *s->c1);
    s->c2 = jx_malloc(ctx, k->n, sizeof *s->c2);
    s->loss = jx_calloc(ctx, (size_t)k->m + 1, sizeof *s->loss);
    s->extra = jx_calloc(ctx, (size_t)k->m + 1, sizeof *s->extra);
    s->touched = jx_malloc(ctx, (size_t)k->m + 2, sizeof *s->touched);
    s->order = jx_malloc(ctx, k->m, sizeof *s->order);
    if (!s->open || !s->s1 || !s->s2 || !s->c1 || !s->c2 || !s->loss || !s->extra || !s->touched || !s->order) {
        jx__swap_free(ctx, s);
        return JX_E_NOMEM;
    }
    *out = s;
    return JX_OK;
}

void jx__swap_free(jx_ctx *ctx, jx__swap *s) {
    if (s) {
        jx_free(ctx, s->open), jx_free(ctx, s->s1), jx_free(ctx, s->s2), jx_free(ctx, s->c1), jx_free(ctx, s->c2);
        jx_free(ctx, s->loss), jx_free(ctx, s->extra), jx_free(ctx, s->touched), jx_free(ctx, s->order);
        jx_free(ctx, s);
    }
}

const uint8_t *jx__swap_open(const jx__swap *s) { return s->open; }

/* The two nearest open sites of client i, from its row. Returns the steps taken. */
static size_t look_up(jx__swap *s, uint32_t i) {
    const jx__work *k = s->k;
    size_t e = k->off[i], end = k->off[i + 1];
    while (e < end && !s->open[k->row[e].id]) {
        e++;
    }
    s->s1[i] = e < end ? k->row[e].id : k->m;
    s->c1[i] = e < end ? k->w[i] * k->row[e].dist : k->without[i];
    e += e < end;
    while (e < end && !s->open[k->row[e].id]) {
        e++;
    }
    s->s2[i] = e < end ? k->row[e].id : k->m;
    s->c2[i] = e < end ? k->w[i] * k->row[e].dist : k->without[i];
    return e - k->off[i] + 1;
}

/* Cost, spending and number of the open sites. */
static void sum_up(jx__swap *s) {
    const jx__work *k = s->k;
    s->cost = s->spent = 0;
    s->n_open = 0;
    for (uint32_t j = 0; j < k->m; j++) {
        s->n_open += s->open[j];
        s->cost += s->open[j] ? k->open_cost[j] : 0;
        s->spent += s->open[j] ? k->cost[j] : 0;
    }
    for (uint32_t i = 0; i < k->n; i++) {
        s->cost += s->c1[i];
    }
}

static void look_up_all(jx__swap *s) {
    for (uint32_t i = 0; i < s->k->n; i++) {
        (void)look_up(s, i);
    }
    sum_up(s);
}

/* What closing each site alone would cost. */
static void losses(jx__swap *s) {
    const jx__work *k = s->k;
    for (uint32_t j = 0; j < k->m; j++) {
        s->loss[j] = -k->open_cost[j];
    }
    s->loss[k->m] = 0;
    for (uint32_t i = 0; i < k->n; i++) {
        s->loss[s->s1[i]] += s->c2[i] - s->c1[i];
    }
}

static double gain_of(const jx__swap *s, uint32_t j) {
    const jx__work *k = s->k;
    double gain = -k->open_cost[j];
    for (size_t e = k->soff[j]; e < k->soff[j + 1]; e++) {
        uint32_t i = k->col[e].id;
        double c = k->w[i] * k->col[e].dist;
        gain += c < s->c1[i] ? s->c1[i] - c : 0;
    }
    return gain;
}

/* A change of the set: site to open and site to close, m for none; delta is of the cost. */
typedef struct move {
    uint32_t in, out;
    double delta;
} move;

/* Best change that opens j, or j alone. */
static move best_with(jx__swap *s, uint32_t j, uint64_t *steps) {
    const jx__work *k = s->k;
    uint32_t n_touched = 0;
    double gain = -k->open_cost[j];
    for (size_t e = k->soff[j]; e < k->soff[j + 1]; e++) {
        uint32_t i = k->col[e].id;
        double c = k->w[i] * k->col[e].dist;
        if (c >= s->c2[i]) {
            continue;
        }
        uint32_t r = s->s1[i];
        double less = s->c2[i] - c;
        if (c < s->c1[i]) {
            gain += s->c1[i] - c;
            less = s->c2[i] - s->c1[i];
        }
        if (less > 0) {
            s->touched[n_touched] = r;
            n_touched += s->extra[r] == 0;
            s->extra[r] += less;
        }
    }
    *steps += k->soff[j + 1] - k->soff[j] + k->m / 4;
    move best = {j, k->m, INFINITY};
    if (s->n_open < k->p && s->spent + k->cost[j] <= k->budget) {
        best.delta = -gain;
    }
    for (uint32_t r = 0; r < k->m; r++) {
        if (s->open[r] && !k->kept[r] && s->spent + k->cost[j] - k->cost[r] <= k->budget) {
            double delta = s->loss[r] - s->extra[r] - gain;
            best = delta < best.delta ? (move){j, r, delta} : best;
        }
    }
    while (n_touched > 0) {
        s->extra[s->touched[--n_touched]] = 0;
    }
    return best;
}

/* Carry out a change; only clients near its sites are looked at again. Returns the steps taken. */
static uint64_t apply(jx__swap *s, move mv) {
    const jx__work *k = s->k;
    uint64_t steps = k->n;
    if (mv.in < k->m) {
        s->open[mv.in] = 1;
        for (size_t e = k->soff[mv.in]; e < k->soff[mv.in + 1]; e++) {
            uint32_t i = k->col[e].id;
            double c = k->w[i] * k->col[e].dist;
            if (c < s->c1[i]) {
                s->s2[i] = s->s1[i], s->c2[i] = s->c1[i];
                s->s1[i] = mv.in, s->c1[i] = c;
            } else if (c < s->c2[i]) {
                s->s2[i] = mv.in, s->c2[i] = c;
            }
        }
        steps += k->soff[mv.in + 1] - k->soff[mv.in];
    }
    if (mv.out < k->m) {
        s->open[mv.out] = 0;
        for (uint32_t i = 0; i < k->n; i++) {
            if (s->s1[i] == mv.out || s->s2[i] == mv.out) {
                steps += look_up(s, i);
            }
        }
    }
    sum_up(s);
    return steps;
}

/* Closing alone pays where sites cost something. */
static move best_drop(jx__swap *s) {
    const jx__work *k = s->k;
    move best = {k->m, k->m, 0};
    for (uint32_t r = 0; r < k->m; r++) {
        if (s->open[r] && !k->kept[r] && s->loss[r] < best.delta) {
            best = (move){k->m, r, s->loss[r]};
        }
    }
    return best;
}

/* Is a change of cost more than rounding? */
static bool pays(const jx__swap *s, double delta) { return delta < -1e-12 * (s->cost + 1); }

/* What opening j brings, per unit of money where that is short. */
static double worth(const jx__swap *s, uint32_t j) {
    const jx__work *k = s->k;
    double gain = gain_of(s, j);
    return isfinite(k->budget) ? gain / (k->cost[j] + 1e-9 * (k->budget + 1)) : gain;
}

/* The best site to add. Gains only shrink as sites open: an old one is an upper bound (kept in loss), made new when it leads. */
static uint32_t best_add(jx__swap *s) {
    const jx__work *k = s->k;
    uint32_t fresh = k->m;
    while (true) {
        uint32_t top = k->m;
        for (uint32_t j = 0; j < k->m; j++) {
            if (!s->open[j] && !k->barred[j] && s->spent + k->cost[j] <= k->budget && (top == k->m || s->loss[j] > s->loss[top])) {
                top = j;
            }
        }
        if (top == k->m || top == fresh) {
            return top;
        }
        s->loss[top] = worth(s, top);
        fresh = top;
    }
}

double jx__swap_greedy(jx__swap *s, const uint8_t *open) {
    const jx__work *k = s->k;
    for (uint32_t j = 0; j < k->m; j++) {
        s->open[j] = open ? open[j] : k->kept[j];
        s->loss[j] = INFINITY;
    }
    look_up_all(s);
    while (s->n_open < k->p) {
        uint32_t j = best_add(s);
        if (j == k->m || s->loss[j] < 0) {
            break;
        }
        (void)apply(s, (move){j, k->m, 0});
    }
    return s->cost;
}

/* Sites in a shuffled order, the same for the same seed and stream. */
static void shuffle(jx__swap *s, uint64_t seed, uint64_t stream) {
    for (uint32_t j = 0; j < s->k->m; j++) {
        uint32_t r = (uint32_t)(jx_random(seed, stream, j) % (j + 1));
        s->order[j] = s->order[r];
        s->order[r] = j;
    }
}

/* Take the best change of every pass (steep), or each that pays as it is met. */
static double descend(jx__swap *s, jx__halt *h, bool steep) {
    const jx__work *k = s->k;
    bool changed = true;
    while (changed) {
        changed = false;
        losses(s);
        uint64_t steps = 0;
        move best = best_drop(s);
        for (uint32_t a = 0; a < k->m; a++) {
            uint32_t j = s->order[a];
            if (s->open[j] || k->barred[j]) {
                continue;
            }
            move mv = best_with(s, j, &steps);
            best = mv.delta < best.delta ? mv : best;
            if (!steep && pays(s, best.delta)) {
                steps += apply(s, best);
                losses(s);
                best = best_drop(s);
                changed = true;
            }
        }
        if (pays(s, best.delta)) {
            steps += apply(s, best);
            changed = true;
        }
        if (jx__halted(s->ctx, h, steps)) {
            break;
        }
    }
    return s->cost;
}

double jx__swap_descend(jx_ctx *ctx, jx__swap *s, jx__halt *h) {
    (void)ctx;
    for (uint32_t j = 0; j < s->k->m; j++) {
        s->order[j] = j;
    }
    return descend(s, h, true);
}

/* From a set, replace a few sites by others at random, within the budget. */
static void kick(jx__swap *s, const uint8_t *from, uint64_t seed, uint64_t stream) {
    const jx__work *k = s->k;
    memcpy(s->open, from, k->m);
    sum_up(s);
    uint32_t todo = 2 + s->n_open / 20;
    uint64_t c = k->m;
    for (uint32_t tries = 0; todo && tries < 20 * todo; tries++) {
        uint32_t in = (uint32_t)(jx_random(seed, stream, c++) % k->m), out = (uint32_t)(jx_random(seed, stream, c++) % k->m);
        if (!s->open[in] && !k->barred[in] && s->open[out] && !k->kept[out] && s->spent + k->cost[in] - k->cost[out] <= k->budget) {
            s->open[in] = 1;
            s->open[out] = 0;
            s->spent += k->cost[in] - k->cost[out];
            todo--;
        }
    }
    look_up_all(s);
}

enum { KICKS = 200 };

void jx__swap_preview(jx_ctx *ctx, jx__swap *s, uint64_t seed, uint64_t steps, double enough, jx__halt *h, jx__best *best) {
    const jx__work *k = s->k;
    (void)jx__swap_greedy(s, NULL);
    (void)jx__best_offer(best, s->open, s->cost);
    (void)jx__swap_descend(ctx, s, h);
    (void)jx__best_offer(best, s->open, s->cost);
    uint64_t until = h->work + steps;
    for (uint32_t t = 0; t < KICKS && best->cost > enough && h->work < until && k->m > 1 && !jx__halted(ctx, h, 0); t++) {
        kick(s, best->open, seed, t);
        shuffle(s, seed, t);
        (void)descend(s, h, false);
        (void)jx__best_offer(best, s->open, s->cost);
    }
}
