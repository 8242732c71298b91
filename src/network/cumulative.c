/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Cumulative opportunities: what lies within several thresholds of each origin, summed while a sweep's rows are in the
 * cache. Sums are integers, so their order does not matter.
 */
#include "network/sweep_internal.h"

typedef struct counter {
    const uint32_t *weight; /* by row */
    const uint32_t *threshold;
    uint32_t n_thresholds;
    uint64_t *out;
    uint64_t (*sum)[JX_LANES]; /* per worker: n_thresholds rows */
    void (*count)(const struct counter *c, const jx_batch *b, uint32_t row, uint32_t n, const uint32_t (*ms)[JX_LANES]);
} counter;

/*
 * Sixteen sums of 32 bits over at most sixty-four rows, then into 64 bits: that is why weights are below 2^26. A
 * comparison gives a mask, the mask the weight or nothing.
 */
#define COUNT(isa, TARGET, T)                                                                     \
    TARGET static void count_##isa(const counter *c, const jx_batch *b, uint32_t row, uint32_t n, \
                                   const uint32_t(*ms)[JX_LANES]) {                               \
        uint64_t(*sum)[JX_LANES] = c->sum + (size_t)b->worker * c->n_thresholds;                  \
        const uint32_t *weight = c->weight + row;                                                 \
        for (uint32_t t = 0; t < c->n_thresholds; t++) {                                          \
            uint32_t part[JX_LANES];                                                              \
            jx__v_##T acc[JX__PARTS(T)];                                                          \
            const jx__v_##T most = JX__SET(T, jx__min(c->threshold[t], b->limit_ms));             \
            memset(acc, 0, sizeof acc);                                                           \
            for (uint32_t k = 0; k < n; k++) {                                                    \
                const jx__v_##T *at = (const jx__v_##T *)(const void *)ms[k];                     \
                for (int p = 0; p < JX__PARTS(T); p++) {                                          \
                    acc[p] += (jx__v_##T)(at[p] <= most) & weight[k];                             \
                }                                                                                 \
            }                                                                                     \
            memcpy(part, acc, sizeof acc);                                                        \
            for (int l = 0; l < JX_LANES; l++) {                                                  \
                sum[t][l] += part[l];                                                             \
            }                                                                                     \
        }                                                                                         \
    }
JX__FOR_EACH_ISA(COUNT)

static jx_status begin(jx_ctx *wctx, void *user, const jx_batch *b) {
    const counter *c = user;
    (void)wctx;
    memset(c->sum + (size_t)b->worker * c->n_thresholds, 0, c->n_thresholds * sizeof *c->sum);
    return JX_OK;
}

static jx_status take(jx_ctx *wctx, void *user, const jx_batch *b, uint32_t row, uint32_t n,
                      const uint32_t (*ms)[JX_LANES]) {
    const counter *c = user;
    (void)wctx;
    c->count(c, b, row, n, ms);
    return JX_OK;
}

static jx_status finish(jx_ctx *wctx, void *user, const jx_batch *b) {
    const counter *c = user;
    uint64_t(*sum)[JX_LANES] = c->sum + (size_t)b->worker * c->n_thresholds;
    (void)wctx;
    for (uint32_t l = 0; l < b->n_lanes; l++) {
        for (uint32_t t = 0; t < c->n_thresholds; t++) {
            c->out[(size_t)b->origin[l] * c->n_thresholds + t] = sum[t][l];
        }
    }
    return JX_OK;
}

jx_status jx_sweep_cumulative(jx_ctx *ctx, const jx_sweep *s, const jx_origins *from, const uint32_t *weight,
                              const uint32_t *threshold_ms, uint32_t n_thresholds, uint64_t *out) {
    counter c = {.threshold = threshold_ms, .n_thresholds = n_thresholds, .out = out, .count = JX__PICK(count)};
    uint32_t *by_row = jx_malloc(ctx, s->n_rows, sizeof *by_row), last = 0;
    c.sum = jx_malloc(ctx, (size_t)jx_ctx_threads(ctx) * n_thresholds, sizeof *c.sum);
    jx_status st = by_row && c.sum ? JX_OK : JX_E_NOMEM;
    memset(out, 0, (size_t)from->n * n_thresholds * sizeof *out);
    for (uint32_t r = 0; st == JX_OK && r < s->n_rows; r++) {
        by_row[r] = weight[jx_sweep_node(s, r)];
        if (by_row[r] >= 1u << 26) {
            st = JX_FAIL(ctx, WEIGHT_LARGE, JX_I(by_row[r]));
        }
    }
    for (uint32_t t = 0; t < n_thresholds; t++) {
        last = threshold_ms[t] > last ? threshold_ms[t] : last;
    }
    if (st == JX_OK) {
        c.weight = by_row;
        st = jx_sweep_run(ctx, s, from, last, &(jx_sweep_calls){begin, take, finish}, &c);
    }
    jx_free(ctx, by_row);
    jx_free(ctx, c.sum);
    return st;
}
