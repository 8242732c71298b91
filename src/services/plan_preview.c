/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Good plans under capacities and with backup: greedy by what the next site brings, and the mending of sets that the bound proposes.
 */
#include "services/plan_internal.h"

/* The price of demand i going without (its k-th service). */
static uint64_t without(const jx__inst *t, uint32_t i, uint32_t k) { return t->out ? t->out[2 * (size_t)i + k] : t->penalty; }

/* ---- greedy ----------------------------------------------------------------------------------------------------------------------- */

/* What each demand costs with the sites open now, and how many of them serve it. */
static void look(const jx__inst *t, const uint8_t *open, uint64_t *now, uint32_t *have) {
    for (uint32_t i = 0; i < t->n; i++) {
        now[i] = without(t, i, 0);
        have[i] = 0;
        for (uint64_t k = t->row_off[i]; k < t->row_off[i + 1]; k++) {
            uint64_t c = t->w[i] * t->row[k].cost;
            if (open[t->row[k].site]) {
                now[i] = have[i]++ == 0 && c < now[i] ? c : now[i];
            }
        }
    }
}

/* What opening j saves; covers left to give are counted where two are wanted. */
static uint64_t gain_of(const jx__inst *t, const uint64_t *now, const uint32_t *have, uint32_t j) {
    uint64_t sum = 0;
    for (uint64_t k = t->col_off[j]; k < t->col_off[j + 1]; k++) {
        uint32_t i = t->col[k].site;
        if (t->need == 2) {
            sum += have[i] < 2 ? without(t, i, 1 - have[i]) : 0;
        } else {
            uint64_t c = t->w[i] * t->col[k].cost;
            sum += c < now[i] ? now[i] - c : 0;
        }
    }
    return sum;
}

static jx_status greedy(jx__search *s, uint8_t *open) {
    const jx__inst *t = s->t;
    uint64_t *now = jx_malloc(s->ctx, t->n, sizeof *now);
    uint32_t *have = jx_malloc(s->ctx, t->n, sizeof *have);
    jx_status st = now && have ? JX_OK : JX_E_NOMEM;
    while (st == JX_OK) {
        look(t, open, now, have);
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
            double rate = fits ? (double)gain_of(t, now, have, j) / (cost > 0 ? cost : 0.5) : 0;
            if (rate > best_rate) {
                best_rate = rate;
                best = j;
            }
        }
        if (best == JX_NONE) {
            break;
        }
        open[best] = 1;
        if (jx__braked(s->brake, 2 * t->row_off[t->n])) {
            break;
        }
    }
    jx_free(s->ctx, now);
    jx_free(s->ctx, have);
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
    JX_TRY(jx__value(s->ctx, s->brake, t, open, JX__LIGHT, JX__NO_VALUE, &now, &lower, NULL));
    for (uint32_t j = 0; j < t->m; j++) {
        s->order[j] = j;
        s->keys[j] = t->fix ? -(int64_t)t->fix[j] : 0;
    }
    JX_TRY(jx_sort(s->ctx, s->order, t->m, sizeof *s->order, by_key, s->keys));
    for (uint32_t k = 0; k < t->m && !jx__braked(s->brake, t->m); k++) {
        uint32_t j = s->order[k];
        if (!open[j] || s->val[j] != JX__FREE) {
            continue;
        }
        open[j] = 0;
        JX_TRY(jx__value(s->ctx, s->brake, t, open, JX__LIGHT, JX__NO_VALUE, &value, &lower, NULL));
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
        JX_TRY(jx__value(s->ctx, s->brake, t, open, JX__LIGHT, JX__NO_VALUE, &value, &lower, NULL));
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
        if (jx__braked(s->brake, t->m)) {
            break;
        }
        room += t->cap ? t->cap[j] : 0;
        if (room >= t->total_units || !t->cap) { /* else no need to ask */
            JX_TRY(jx__value(s->ctx, s->brake, t, open, JX__LIGHT, JX__NO_VALUE, &value, &lower, NULL));
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
        if (st == JX_OK) {
            st = jx__try_set(s, open, by);
        }
    }
    jx_free(s->ctx, open);
    jx_free(s->ctx, by);
    return st;
}
