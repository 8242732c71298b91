/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Good plans fast: greedy by what the next site brings, then swaps, each round judging all pairs of one in and one out in one pass over
 * the entries (Whitaker 1983; Resende & Werneck 2007). And the mending of sets that the bound proposes.
 */
#include "services/plan_internal.h"

/* Two cheapest open sites of each demand, as prices in the objective. */
typedef struct near2 {
    uint32_t *first;  /* site of d1; JX_NONE */
    uint64_t *d1, *d2;
    uint64_t *gain;   /* m */
    uint64_t *loss, *spare; /* m */
} near2;

/* The price of demand i going without (its k-th service). */
static uint64_t without(const jx__inst *t, uint32_t i, uint32_t k) { return t->out ? t->out[2 * (size_t)i + k] : t->penalty; }

static jx_status near_new(jx_ctx *ctx, const jx__inst *t, near2 *w) {
    w->first = jx_malloc(ctx, t->n, sizeof *w->first);
    w->d1 = jx_malloc(ctx, t->n, sizeof *w->d1);
    w->d2 = jx_malloc(ctx, t->n, sizeof *w->d2);
    w->gain = jx_malloc(ctx, t->m, sizeof *w->gain);
    w->loss = jx_malloc(ctx, t->m, sizeof *w->loss);
    w->spare = jx_malloc(ctx, t->m, sizeof *w->spare);
    return w->first && w->d1 && w->d2 && w->gain && w->loss && w->spare ? JX_OK : JX_E_NOMEM;
}

static void near_free(jx_ctx *ctx, near2 *w) {
    void *const blocks[] = {w->first, w->d1, w->d2, w->gain, w->loss, w->spare};
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) {
        jx_free(ctx, blocks[k]);
    }
}

static void near_fill(const jx__inst *t, const uint8_t *open, near2 *w) {
    for (uint32_t i = 0; i < t->n; i++) {
        uint64_t none = without(t, i, 0);
        uint32_t got = 0;
        w->first[i] = JX_NONE;
        w->d1[i] = w->d2[i] = none;
        for (uint64_t k = t->row_off[i]; got < 2 && k < t->row_off[i + 1]; k++) {
            if (open[t->row[k].site]) {
                uint64_t c = t->w[i] * t->row[k].cost;
                c = c < none ? c : none;
                got++ == 0 ? (void)(w->first[i] = t->row[k].site, w->d1[i] = c) : (void)(w->d2[i] = c);
            }
        }
    }
}

/* ---- greedy ----------------------------------------------------------------------------------------------------------------------- */

/* What opening j saves; covers left to give are counted where two are wanted. */
static uint64_t gain_of(const jx__inst *t, const near2 *w, const uint32_t *have, uint32_t j) {
    uint64_t sum = 0;
    for (uint64_t k = t->col_off[j]; k < t->col_off[j + 1]; k++) {
        uint32_t i = t->col[k].site;
        if (t->need == 2) {
            sum += have[i] < 2 ? without(t, i, 1 - have[i]) : 0;
        } else {
            uint64_t c = t->w[i] * t->col[k].cost;
            sum += c < w->d1[i] ? w->d1[i] - c : 0;
        }
    }
    return sum;
}

static jx_status greedy(jx__search *s, uint8_t *open) {
    const jx__inst *t = s->t;
    near2 w = {0};
    uint32_t *have = jx_calloc(s->ctx, t->n, sizeof *have);
    jx_status st = have ? near_new(s->ctx, t, &w) : JX_E_NOMEM;
    while (st == JX_OK) {
        near_fill(t, open, &w);
        memset(have, 0, t->n * sizeof *have);
        for (uint32_t j = 0; j < t->m; j++) {
            for (uint64_t k = t->col_off[j]; open[j] && k < t->col_off[j + 1]; k++) {
                have[t->col[k].site]++;
            }
        }
        uint32_t best = JX_NONE;
        double best_rate = 0;
        for (uint32_t j = 0; j < t->m; j++) {
            if (s->val[j] != JX__FREE || open[j]) {
                continue;
            }
            open[j] = 1;
            bool fits = jx__affordable(t, open);
            open[j] = 0;
            double cost = t->fix ? (double)t->fix[j] : t->budget != UINT64_MAX ? (double)t->price[j] : 1;
            double rate = fits ? (double)gain_of(t, &w, have, j) / (cost > 0 ? cost : 0.5) : 0;
            if (rate > best_rate) {
                best_rate = rate;
                best = j;
            }
        }
        if (best == JX_NONE) {
            break;
        }
        open[best] = 1;
        st = jx_poll(s->ctx);
    }
    near_free(s->ctx, &w);
    jx_free(s->ctx, have);
    return st;
}

/* ---- swaps --------------------------------------------------------------------------------------------------------------------------- */

/* Best pair of one in and one out; false: none gains. */
static bool best_swap(const jx__search *s, uint8_t *open, near2 *w, uint32_t *in, uint32_t *out) {
    const jx__inst *t = s->t;
    uint64_t best = 0;
    near_fill(t, open, w);
    memset(w->loss, 0, t->m * sizeof *w->loss);
    for (uint32_t i = 0; i < t->n; i++) {
        if (w->first[i] != JX_NONE) {
            w->loss[w->first[i]] += w->d2[i] - w->d1[i];
        }
    }
    for (uint32_t j = 0; j < t->m; j++) {
        if (s->val[j] != JX__FREE || open[j]) {
            continue;
        }
        uint64_t gain = 0;
        memset(w->spare, 0, t->m * sizeof *w->spare); /* of the loss of each, what j saves */
        for (uint64_t k = t->col_off[j]; k < t->col_off[j + 1]; k++) {
            uint32_t i = t->col[k].site;
            uint64_t c = t->w[i] * t->col[k].cost;
            gain += c < w->d1[i] ? w->d1[i] - c : 0;
            if (w->first[i] != JX_NONE && c < w->d2[i]) {
                w->spare[w->first[i]] += w->d2[i] - (c > w->d1[i] ? c : w->d1[i]);
            }
        }
        for (uint32_t r = 0; r < t->m; r++) {
            if (!open[r] || s->val[r] != JX__FREE || gain + w->spare[r] <= w->loss[r] || gain + w->spare[r] - w->loss[r] <= best) {
                continue;
            }
            open[r] = 0, open[j] = 1;
            bool fits = jx__affordable(t, open);
            open[r] = 1, open[j] = 0;
            if (fits) {
                best = gain + w->spare[r] - w->loss[r];
                *in = j;
                *out = r;
            }
        }
    }
    return best > 0;
}

static jx_status swaps(jx__search *s, uint8_t *open) {
    near2 w = {0};
    uint32_t in = 0, out = 0;
    jx_status st = near_new(s->ctx, s->t, &w);
    for (uint32_t round = 0; st == JX_OK && round < 200 && best_swap(s, open, &w, &in, &out); round++) {
        open[in] = 1;
        open[out] = 0;
        st = jx_poll(s->ctx);
    }
    near_free(s->ctx, &w);
    return st;
}

/* ---- mending --------------------------------------------------------------------------------------------------------------------------- */

static int by_key(const void *a, const void *b, void *user) {
    const int64_t *key = user;
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return key[x] != key[y] ? (key[x] < key[y] ? -1 : 1) : x < y ? -1 : x > y;
}

/* Where sites cost: close what is not missed, the most expensive first. */
static jx_status prune(jx__search *s, uint8_t *open) {
    const jx__inst *t = s->t;
    uint64_t value, lower, now;
    JX_TRY(jx__value(s->ctx, t, open, JX__LIGHT, JX__NO_VALUE, &now, &lower, NULL));
    for (uint32_t j = 0; j < t->m; j++) {
        s->order[j] = j;
        s->keys[j] = t->fix ? -(int64_t)t->fix[j] : 0;
    }
    JX_TRY(jx_sort(s->ctx, s->order, t->m, sizeof *s->order, by_key, s->keys));
    for (uint32_t k = 0; k < t->m && !(s->stop && s->stop(s->stop_user)); k++) {
        uint32_t j = s->order[k];
        if (!open[j] || s->val[j] != JX__FREE) {
            continue;
        }
        open[j] = 0;
        JX_TRY(jx__value(s->ctx, t, open, JX__LIGHT, JX__NO_VALUE, &value, &lower, NULL));
        open[j] = value <= now ? 0 : 1;
        now = value <= now ? value : now;
    }
    return JX_OK;
}

/* Enough room, and somebody for everybody, as far as count and budget go: add in the order of `by`. */
static jx_status complete(jx__search *s, uint8_t *open, const int64_t *by, bool *done) {
    const jx__inst *t = s->t;
    uint64_t value, lower;
    for (uint32_t j = 0; j < t->m; j++) {
        s->order[j] = j;
    }
    JX_TRY(jx_sort(s->ctx, s->order, t->m, sizeof *s->order, by_key, (void *)(uintptr_t)by));
    uint64_t room = 0;
    for (uint32_t j = 0; t->cap && j < t->m; j++) {
        room += open[j] ? t->cap[j] : 0;
    }
    value = lower = JX__NO_VALUE;
    if (room >= t->total_units || !t->cap) {
        JX_TRY(jx__value(s->ctx, t, open, JX__LIGHT, JX__NO_VALUE, &value, &lower, NULL));
    }
    for (uint32_t k = 0; value == JX__NO_VALUE && k < t->m; k++) {
        uint32_t j = s->order[k];
        if (open[j] || s->val[j] != JX__FREE) {
            continue;
        }
        open[j] = 1;
        if (!jx__affordable(t, open)) {
            open[j] = 0;
            continue;
        }
        if (t->fix && jx__fix_sum(t, open) >= s->cutoff) {
            break; /* dearer than what is wanted */
        }
        JX_TRY(jx_poll(s->ctx));
        if (s->stop && s->stop(s->stop_user)) {
            break;
        }
        room += t->cap ? t->cap[j] : 0;
        if (room >= t->total_units || !t->cap) { /* else no need to ask */
            JX_TRY(jx__value(s->ctx, t, open, JX__LIGHT, JX__NO_VALUE, &value, &lower, NULL));
        }
    }
    *done = value != JX__NO_VALUE;
    return JX_OK;
}

/* Give up sites, the worst by `by` first, until the rest can be paid. */
static void afford(const jx__search *s, uint8_t *open, const int64_t *by) {
    while (!jx__affordable(s->t, open)) {
        uint32_t worst = JX_NONE;
        for (uint32_t j = 0; j < s->t->m; j++) {
            if (open[j] && s->val[j] == JX__FREE && (worst == JX_NONE || by[j] > by[worst])) {
                worst = j;
            }
        }
        if (worst == JX_NONE) {
            return;
        }
        open[worst] = 0;
    }
}

jx_status jx__try_set(jx__search *s, const uint8_t *chosen, const int64_t *by) {
    const jx__inst *t = s->t;
    bool ok = true;
    memcpy(s->trial, chosen, t->m);
    afford(s, s->trial, by);
    if (!t->out) {
        JX_TRY(complete(s, s->trial, by, &ok));
    }
    if (ok && t->fix) {
        JX_TRY(prune(s, s->trial));
    }
    if (ok && !t->fix && !t->cap && t->need == 1 && jx__value_free(t, s->trial) != s->best_value) {
        JX_TRY(swaps(s, s->trial));
    }
    return ok ? jx__offer_set(s, s->trial) : JX_OK;
}

jx_status jx__preview(jx__search *s, const uint8_t *start) {
    const jx__inst *t = s->t;
    uint8_t *open = jx_malloc(s->ctx, t->m, 1);
    int64_t *by = jx_calloc(s->ctx, t->m, sizeof *by);
    jx_status st = open && by ? JX_OK : JX_E_NOMEM;
    for (int turn = start ? 0 : 1; st == JX_OK && turn < 2; turn++) {
        bool suits = true;
        for (uint32_t j = 0; j < t->m; j++) {
            open[j] = turn == 0 ? start[j] : s->val[j] == JX__OPEN;
            suits = suits && (s->val[j] == JX__FREE || open[j] == (s->val[j] == JX__OPEN));
            by[j] = t->cap ? -(int64_t)t->cap[j] : -(int64_t)(t->col_off[j + 1] - t->col_off[j]);
        }
        if (!suits) {
            continue;
        }
        st = turn == 0 ? JX_OK : greedy(s, open);
        if (st == JX_OK && turn == 1 && !t->fix && t->need == 1) {
            st = swaps(s, open);
        }
        if (st == JX_OK) {
            st = jx__try_set(s, open, by);
        }
    }
    jx_free(s->ctx, open);
    jx_free(s->ctx, by);
    return st;
}
