/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Numbers that come out the same everywhere: own elementary functions (glibc, musl and browsers differ in the last bit),
 * block-ordered sums, weighted quantiles. Elementary functions are tested to 1 ulp against glibc over their range.
 */
#ifndef JUNXIAN_NUM_H
#define JUNXIAN_NUM_H

#include "junxian/base.h"

#define JX_PI 3.14159265358979323846

double jx_sin(double x); /* |x| < 1e5 */
double jx_cos(double x);
double jx_tan(double x);
double jx_asin(double x);
double jx_atan(double x);
double jx_atan2(double y, double x);
double jx_exp(double x);
double jx_log(double x);
double jx_pow(double x, double y); /* x >= 0 */
double jx_sinh(double x);
double jx_cosh(double x);
double jx_asinh(double x);
double jx_atanh(double x);

/** Sum in fixed blocks of 4096 with Neumaier compensation: same bits for any thread count. */
double jx_sum(const double *v, size_t n);

/** A running sum with Neumaier's compensation (1974); start with {0}. Adding in the same order gives the same bits. */
typedef struct jx_acc {
    double sum, comp;
} jx_acc;
static inline void jx_acc_add(jx_acc *a, double x) {
    double t = a->sum + x, big = a->sum < 0 ? -a->sum : a->sum, small = x < 0 ? -x : x;
    a->comp += big >= small ? (a->sum - t) + x : (x - t) + a->sum;
    a->sum = t;
}
static inline double jx_acc_total(const jx_acc *a) { return a->sum + a->comp; }

/** Weighted quantile of values with weights >= 0: the smallest value v such that the weight of all values <= v is at
 *  least q of the whole. Sorts an index copy. n == 0 or zero weight: JX_UNREACHABLE. Entries JX_UNREACHABLE sort last. */
jx_status jx_weighted_quantiles_u32(jx_ctx *ctx, const uint32_t *v, const double *w, size_t n, const double *q, size_t nq,
                                    uint32_t *out) JX_MUST_USE;

/**
 * Apportion `total` over n shares w >= 0 so that the results sum to total exactly (the double sum in index order equals
 * total to 1e-9 relative and the last correction goes to the largest share). All w zero: equal shares.
 */
void jx_apportion(double total, const double *w, size_t n, double *out);

#endif
