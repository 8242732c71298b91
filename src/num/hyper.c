/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* Hyperbolic functions and their inverses, from the kernels of explog.c; series where those would cancel. */
#include <math.h>

#include "num_internal.h"

/* (e^a + sign e^-a) / 2 for a > 0. */
static double half_exp(double a, double sign) {
    int k;
    if (a > 711) {
        return INFINITY;
    }
    jx__dd e = jx__exp_dd((jx__dd){a, 0}, &k);
    if (a > 40) {
        return ldexp(e.h + e.l, k - 1);
    }
    e.h = ldexp(e.h, k);
    e.l = ldexp(e.l, k);
    jx__dd inv = jx__dd_div((jx__dd){sign, 0}, e), s = jx__dd_add(e, inv);
    return 0.5 * (s.h + s.l);
}

double jx_sinh(double x) {
    double a = fabs(x);
    if (a >= 0.35) {
        double r = half_exp(a, -1);
        return x < 0 ? -r : r;
    }
    double z = x * x;
    double p = 1.0 / 6227020800.0 + z * (1.0 / 1307674368000.0);
    p = 1.0 / 39916800.0 + z * p;
    p = 1.0 / 362880.0 + z * p;
    p = 1.0 / 5040.0 + z * p;
    p = 1.0 / 120.0 + z * p;
    p = 1.0 / 6.0 + z * p;
    return x + x * z * p;
}

double jx_cosh(double x) {
    return isnan(x) ? NAN : half_exp(fabs(x), 1);
}

double jx_asinh(double x) {
    double a = fabs(x);
    if (isnan(x) || isinf(x)) {
        return x;
    }
    if (a < 0x1p-20) {
        return a < 0x1p-27 ? x : x - x * x * x / 6;
    }
    jx__dd r;
    if (a > 0x1p28) {
        static const jx__dd ln2 = {0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56};
        r = jx__dd_add(jx__log_dd((jx__dd){a, 0}, false), ln2);
    } else {
        jx__dd sq = jx__two_prod(a, a), one = jx__two_sum(1, sq.h);
        jx__dd root = jx__dd_sqrt(jx__fast_sum(one.h, one.l + sq.l));
        r = jx__log_dd(jx__dd_add(root, (jx__dd){a, 0}), false);
    }
    return x < 0 ? -(r.h + r.l) : r.h + r.l;
}

double jx_atanh(double x) {
    double a = fabs(x);
    if (!(a <= 1)) {
        return NAN;
    }
    if (a < 0x1p-27) {
        return x;
    }
    if (a == 1) {
        return x < 0 ? -INFINITY : INFINITY;
    }
    jx__dd r;
    if (a < 0.17) {
        r = jx__atanh_dd((jx__dd){a, 0}, false);
    } else {
        jx__dd q = jx__dd_div(jx__two_sum(1, a), jx__two_sum(1, -a));
        r = jx__log_dd(q, false);
        r.h *= 0.5;
        r.l *= 0.5;
    }
    return x < 0 ? -(r.h + r.l) : r.h + r.l;
}
