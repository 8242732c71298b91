/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/*
 * Exponential, logarithm, power. exp: subtract a multiple of ln 2, then Taylor with the leading terms exact. log: the
 * mantissa m in [sqrt 1/2, sqrt 2] gives s = (m - 1) / (m + 1) in double-double, and ln m = 2 atanh s. pow needs the
 * logarithm to 66 bits, so there the first coefficients of the series are double-double as well.
 */
#include <math.h>

#include "num_internal.h"

/* ln 2 in two parts; the first has 32 bits, so that its product with an exponent is exact. */
static const double ln2_1 = 0x1.62e42feep-1, ln2_2 = 0x1.a39ef35793c76p-33;

jx__dd jx__dd_sqrt(jx__dd a) {
    if (!(a.h > 0)) {
        return (jx__dd){0, 0};
    }
    double s = sqrt(a.h);
    jx__dd p = jx__two_prod(s, s);
    return jx__fast_sum(s, (((a.h - p.h) - p.l) + a.l) / (2 * s));
}

jx__dd jx__exp_dd(jx__dd x, int *k) {
    static const double inv_ln2 = 0x1.71547652b82fep+0;
    double n = rint(x.h * inv_ln2);
    *k = (int)n;
    jx__dd r = jx__two_sum(x.h - n * ln2_1, -(n * ln2_2));
    r = jx__fast_sum(r.h, r.l + x.l);
    jx__dd z = jx__two_prod(r.h, r.h);
    double q = 1.0 / 87178291200.0 + r.h * (1.0 / 1307674368000.0);
    q = 1.0 / 6227020800.0 + r.h * q;
    q = 1.0 / 479001600.0 + r.h * q;
    q = 1.0 / 39916800.0 + r.h * q;
    q = 1.0 / 3628800.0 + r.h * q;
    q = 1.0 / 362880.0 + r.h * q;
    q = 1.0 / 40320.0 + r.h * q;
    q = 1.0 / 5040.0 + r.h * q;
    q = 1.0 / 720.0 + r.h * q;
    q = 1.0 / 120.0 + r.h * q;
    q = 1.0 / 24.0 + r.h * q;
    q = 1.0 / 6.0 + r.h * q;
    jx__dd s = jx__fast_sum(1, r.h), t = jx__fast_sum(s.h, z.h / 2);
    return jx__fast_sum(t.h, t.l + (s.l + (r.l + r.h * r.l + z.l / 2 + z.h * r.h * q)));
}

double jx_exp(double x) {
    if (isnan(x) || x > 710) {
        return isnan(x) ? NAN : INFINITY;
    }
    if (x < -746) {
        return 0;
    }
    int k;
    jx__dd e = jx__exp_dd((jx__dd){x, 0}, &k);
    return ldexp(e.h + e.l, k);
}

jx__dd jx__atanh_dd(jx__dd s, bool fine) {
    static const jx__dd c[4] = {{0x1.5555555555555p-2, 0x1.5555555555555p-56},
                                {0x1.999999999999ap-3, -0x1.999999999999ap-57},
                                {0x1.2492492492492p-3, 0x1.2492492492492p-57},
                                {0x1.c71c71c71c71cp-4, 0x1.c71c71c71c71cp-58}};
    double z = s.h * s.h;
    double p = 1.0 / 23 + z * (1.0 / 25);
    p = 1.0 / 21 + z * p;
    p = 1.0 / 19 + z * p;
    p = 1.0 / 17 + z * p;
    p = 1.0 / 15 + z * p;
    p = 1.0 / 13 + z * p;
    p = 1.0 / 11 + z * p;
    if (!fine) {
        p = c[3].h + z * p;
        p = c[2].h + z * p;
        p = c[1].h + z * p;
        p = c[0].h + z * p;
        return jx__fast_sum(s.h, s.l + s.h * z * p);
    }
    jx__dd zz = jx__dd_mul(s, s), q = {p, 0};
    for (int i = 3; i >= 0; i--) {
        q = jx__dd_add(c[i], jx__dd_mul(zz, q));
    }
    return jx__dd_add(s, jx__dd_mul(jx__dd_mul(s, zz), q));
}

jx__dd jx__log_dd(jx__dd x, bool fine) {
    int k;
    double m = frexp(x.h, &k);
    if (m < 0x1.6a09e667f3bcdp-1) {
        m *= 2;
        k--;
    }
    double rest = ldexp(x.l, -k);
    jx__dd den = jx__two_sum(m, 1), num = jx__two_sum(m - 1, rest);
    den.l += rest;
    jx__dd a = jx__atanh_dd(jx__dd_div(num, den), fine);
    a.h *= 2;
    a.l *= 2;
    if (k == 0) {
        return a;
    }
    jx__dd n = jx__fast_sum(k * ln2_1, k * ln2_2);
    return jx__dd_add(n, a);
}

double jx_log(double x) {
    if (isnan(x) || x < 0) {
        return NAN;
    }
    if (x == 0) {
        return -INFINITY;
    }
    if (isinf(x)) {
        return INFINITY;
    }
    jx__dd r = jx__log_dd((jx__dd){x, 0}, false);
    return r.h + r.l;
}

/* x^y where x or y is zero, infinite, one or not a number. */
static double pow_special(double x, double y) {
    if (y == 0 || x == 1) {
        return 1;
    }
    if (isnan(x) || isnan(y) || x < 0) {
        return NAN;
    }
    bool shrinks = x < 1;
    if (x == 0 || isinf(x)) {
        return shrinks == (y > 0) ? 0 : INFINITY;
    }
    return shrinks == (y > 0) ? 0 : INFINITY; /* y infinite */
}

double jx_pow(double x, double y) {
    if (!(x > 0) || x == 1 || isinf(x) || !isfinite(y) || y == 0) {
        return pow_special(x, y);
    }
    jx__dd l = jx__log_dd((jx__dd){x, 0}, true);
    double t = y * l.h;
    if (t > 710) {
        return INFINITY;
    }
    if (t < -746) {
        return 0;
    }
    if (fabs(t) < 0x1p-60) {
        return 1;
    }
    jx__dd p = jx__two_prod(l.h, y);
    int k;
    jx__dd e = jx__exp_dd(jx__fast_sum(p.h, p.l + l.l * y), &k);
    return ldexp(e.h + e.l, k);
}
