/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Concentration of a value along another order of people. People of one rank are one item with their mean value: their order cannot matter. */
#include <math.h>

#include "junxian/inequality.h"
#include "junxian/num.h"

/* Items by rank, ties merged. */
typedef struct ranked {
    double *x, *w;
    uint32_t n;
    double people, sum;
    bool equal; /* all values, before merging could round them apart */
} ranked;

static bool usable(double x, double w, double rank) { return x >= 0 && !isinf(x) && w >= 0 && !isinf(w) && !isnan(rank); }

/* Any double in the order of its value. */
static uint64_t sort_key(double v) {
    uint64_t u;
    v = v == 0 ? 0 : v;
    memcpy(&u, &v, sizeof u);
    return u >> 63 ? ~u : u | (uint64_t)1 << 63;
}

static void merge(const double *x, const double *w, const double *rank, const uint32_t *order, uint32_t n, ranked *r) {
    jx_acc people = {0}, sum = {0};
    for (uint32_t i = 0; i < n;) {
        jx_acc pw = {0}, px = {0};
        double at = rank[order[i]];
        for (; i < n && rank[order[i]] == at; i++) {
            r->equal = r->equal && x[order[i]] == x[order[0]];
            jx_acc_add(&pw, w[order[i]]);
            jx_acc_add(&px, w[order[i]] * x[order[i]]);
        }
        double tw = jx_acc_total(&pw), tx = jx_acc_total(&px);
        jx_acc_add(&people, tw);
        jx_acc_add(&sum, tx);
        if (tw > 0) {
            r->w[r->n] = tw;
            r->x[r->n++] = tx / tw;
        }
    }
    r->people = jx_acc_total(&people);
    r->sum = jx_acc_total(&sum);
}

static double covariance_index(const ranked *r, double mean) {
    jx_acc below = {0}, s = {0};
    for (uint32_t i = 0; i < r->n; i++) {
        double mid = (jx_acc_total(&below) + r->w[i] / 2) / r->people;
        jx_acc_add(&s, r->w[i] * (r->x[i] - mean) * (2 * mid - 1));
        jx_acc_add(&below, r->w[i]);
    }
    return r->equal ? 0 : jx_acc_total(&s) / r->people / mean;
}

/* Mean of the people between two shares of the order. */
static double mean_between(const ranked *r, double from, double to) {
    jx_acc below = {0}, people = {0}, sum = {0};
    for (uint32_t i = 0; i < r->n; i++) {
        double a = jx_acc_total(&below) / r->people, b = (jx_acc_total(&below) + r->w[i]) / r->people;
        double part = (b < to ? b : to) - (a > from ? a : from);
        if (part > 0) {
            jx_acc_add(&people, part);
            jx_acc_add(&sum, part * r->x[i]);
        }
        jx_acc_add(&below, r->w[i]);
    }
    return jx_acc_total(&people) > 0 ? jx_acc_total(&sum) / jx_acc_total(&people) : NAN;
}

static void measure(const ranked *r, double lo, double hi, jx_concentration *out) {
    double mean = r->people > 0 ? r->sum / r->people : NAN;
    out->people = r->people;
    out->mean = mean;
    if (!(mean > 0) || r->n < 2) { /* one rank orders nobody */
        return;
    }
    out->standard = covariance_index(r, mean);
    if (hi > lo && mean > lo && mean < hi) {
        out->wagstaff = out->standard * mean * (hi - lo) / ((hi - mean) * (mean - lo));
    }
    if (hi > lo) {
        out->erreygers = out->standard * 4 * mean / (hi - lo);
    }
    double low = mean_between(r, 0, 0.4), high = mean_between(r, 0.9, 1);
    out->palma = low > 0 ? high / low : high > 0 ? INFINITY : NAN;
}

jx_status jx_concentration_of(jx_ctx *ctx, const double *x, const double *w, const double *rank, size_t n, double lo, double hi,
                              jx_concentration *out) {
    uint64_t *keys = jx_malloc(ctx, n, 2 * sizeof *keys);
    uint32_t *order = jx_malloc(ctx, n, 2 * sizeof *order), k = 0;
    ranked r = {jx_malloc(ctx, n, sizeof *r.x), jx_malloc(ctx, n, sizeof *r.w), 0, 0, 0, true};
    jx_status st = keys && order && r.x && r.w ? JX_OK : JX_E_NOMEM;
    *out = (jx_concentration){.mean = NAN, .standard = NAN, .wagstaff = NAN, .erreygers = NAN, .palma = NAN};
    for (size_t i = 0; st == JX_OK && i < n; i++) {
        if (usable(x[i], w[i], rank[i])) {
            keys[k] = sort_key(rank[i]);
            order[k++] = (uint32_t)i;
        } else {
            out->n_missing++;
            out->missing += w[i] >= 0 && !isinf(w[i]) ? w[i] : 0;
        }
    }
    if (st == JX_OK) {
        jx_sort_u64_u32(keys, order, keys + n, order + n, k);
        merge(x, w, rank, order, k, &r);
        out->n = k;
        measure(&r, lo, hi, out);
    }
    jx_free(ctx, keys);
    jx_free(ctx, order);
    jx_free(ctx, r.x);
    jx_free(ctx, r.w);
    return st;
}
