/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Double-double arithmetic (Dekker 1971, Knuth): a number as the unevaluated sum h + l with |l| <= ulp(h) / 2. The
 * elementary functions carry about 58 bits through their last step and round once, which keeps them within 1 ulp
 * everywhere without depending on any machine's libm. Needs strict IEEE arithmetic: no contraction, no fast-math.
 */
#ifndef JX_NUM_INTERNAL_H
#define JX_NUM_INTERNAL_H

#include "junxian/num.h"

typedef struct jx__dd {
    double h, l;
} jx__dd;

/** Exact a + b. */
static inline jx__dd jx__two_sum(double a, double b) {
    double s = a + b, bb = s - a;
    return (jx__dd){s, (a - (s - bb)) + (b - bb)};
}

/** Exact a + b where |a| >= |b|. */
static inline jx__dd jx__fast_sum(double a, double b) {
    double s = a + b;
    return (jx__dd){s, b - (s - a)};
}

/** Exact a * b, for |a|, |b| below 2^996 and a product far from underflow. */
static inline jx__dd jx__two_prod(double a, double b) {
    double p = a * b, ta = a * 134217729.0, tb = b * 134217729.0;
    double ah = ta - (ta - a), bh = tb - (tb - b), al = a - ah, bl = b - bh;
    return (jx__dd){p, ((ah * bh - p) + ah * bl + al * bh) + al * bl};
}

static inline jx__dd jx__dd_add(jx__dd a, jx__dd b) {
    jx__dd s = jx__two_sum(a.h, b.h), t = jx__two_sum(a.l, b.l);
    s = jx__fast_sum(s.h, s.l + t.h);
    return jx__fast_sum(s.h, s.l + t.l);
}

static inline jx__dd jx__dd_neg(jx__dd a) {
    return (jx__dd){-a.h, -a.l};
}

static inline jx__dd jx__dd_mul(jx__dd a, jx__dd b) {
    jx__dd p = jx__two_prod(a.h, b.h);
    return jx__fast_sum(p.h, p.l + (a.h * b.l + a.l * b.h));
}

static inline jx__dd jx__dd_div(jx__dd a, jx__dd b) {
    double q = a.h / b.h;
    jx__dd p = jx__two_prod(q, b.h);
    double rest = ((a.h - p.h) - p.l) + a.l - q * b.l;
    return jx__fast_sum(q, rest / b.h);
}

/** Square root of a >= 0. */
jx__dd jx__dd_sqrt(jx__dd a);

/** e^(x.h + x.l) as *k powers of two times the result, which lies in [0.7, 1.5]; |x| < 1100. */
jx__dd jx__exp_dd(jx__dd x, int *k);
/** ln x, x > 0 finite; relative error below 2^-58, or below 2^-66 when `fine`. */
jx__dd jx__log_dd(jx__dd x, bool fine);
/** atanh s for |s| <= 0.172, to the same accuracy. */
jx__dd jx__atanh_dd(jx__dd s, bool fine);

#endif
