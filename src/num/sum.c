/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* Sums, quantiles and apportionment: what adds people up, so the order of addition is part of the result. */
#include <math.h>

#include "num_internal.h"

double jx_sum(const double *v, size_t n) {
    enum { BLOCK = 4096 };
    jx_acc all = {0, 0};
    for (size_t at = 0; at < n; at += BLOCK) {
        size_t end = n - at < BLOCK ? n : at + BLOCK;
        jx_acc block = {0, 0};
        for (size_t i = at; i < end; i++) {
            jx_acc_add(&block, v[i]);
        }
        jx_acc_add(&all, block.sum);
        jx_acc_add(&all, block.comp);
    }
    return all.sum + all.comp;
}

jx_status jx_weighted_quantiles_u32(jx_ctx *ctx, const uint32_t *v, const double *w, size_t n, const double *q,
                                    size_t nq, uint32_t *out) {
    /* Equality with the wanted share must not hang on the last bit of a sum of weights. */
    static const double slack = 1 - 1e-12;
    for (size_t k = 0; k < nq; k++) {
        out[k] = JX_UNREACHABLE;
    }
    if (n == 0) {
        return JX_OK;
    }
    uint64_t *keys = jx_malloc(ctx, n, 2 * sizeof *keys);
    if (!keys) {
        return JX_E_NOMEM;
    }
    for (size_t i = 0; i < n; i++) {
        keys[i] = (uint64_t)v[i] << 32 | (uint32_t)i;
    }
    jx_sort_u64(keys, keys + n, n);
    jx_acc total = {0, 0};
    for (size_t i = 0; i < n; i++) {
        jx_acc_add(&total, w[(uint32_t)keys[i]]);
    }
    double whole = total.sum + total.comp;
    for (size_t k = 0; k < nq && whole > 0; k++) {
        jx_acc part = {0, 0};
        double want = q[k] * whole * slack;
        for (size_t i = 0; i < n; i++) {
            double x = w[(uint32_t)keys[i]];
            jx_acc_add(&part, x);
            if (x > 0 && part.sum + part.comp >= want) {
                out[k] = (uint32_t)(keys[i] >> 32);
                break;
            }
        }
    }
    jx_free(ctx, keys);
    return JX_OK;
}

static double plain_sum(const double *v, size_t n) {
    double s = 0;
    for (size_t i = 0; i < n; i++) {
        s += v[i];
    }
    return s;
}

/* Share without its scale: negative and undefined weights count nothing. */
static double share(double w, double most) {
    return w > 0 ? w / most : 0;
}

void jx_apportion(double total, const double *w, size_t n, double *out) {
    size_t largest = 0;
    for (size_t i = 1; i < n; i++) {
        if (w[i] > w[largest] || !(w[largest] > 0)) {
            largest = i;
        }
    }
    if (n == 0) {
        return;
    }
    double most = w[largest];
    if (!(most > 0)) {
        largest = 0;
    }
    jx_acc all = {0, 0};
    for (size_t i = 0; i < n; i++) {
        out[i] = most > 0 ? share(w[i], most) : 1;
        jx_acc_add(&all, out[i]);
    }
    double sum = all.sum + all.comp;
    for (size_t i = 0; i < n; i++) {
        out[i] = total * (out[i] / sum);
    }
    /* What rounding left over goes to the largest share, until adding up in order gives the total. */
    for (int turn = 0; turn < 8; turn++) {
        double rest = total - plain_sum(out, n), fixed = out[largest] + rest;
        if (rest == 0 || fixed == out[largest] || (fixed < 0) != (total < 0)) {
            break;
        }
        out[largest] = fixed;
    }
}
