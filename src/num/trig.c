/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/*
 * Sine, cosine, tangent. The argument loses its multiple of pi/2 by a three-part subtraction (Cody and Waite 1980): the
 * first two parts have 33 bits, so that their products with the multiple are exact; the rest is a Taylor series on
 * [-pi/4, pi/4] whose leading terms are kept exact.
 */
#include <math.h>

#include "num_internal.h"

static jx__dd sin_kernel(jx__dd r) {
    double z = r.h * r.h;
    double s = -1.0 / 1307674368000.0 + z * (1.0 / 355687428096000.0);
    s = 1.0 / 6227020800.0 + z * s;
    s = -1.0 / 39916800.0 + z * s;
    s = 1.0 / 362880.0 + z * s;
    s = -1.0 / 5040.0 + z * s;
    s = 1.0 / 120.0 + z * s;
    s = -1.0 / 6.0 + z * s;
    return jx__fast_sum(r.h, r.h * z * s + r.l * (1 - z / 2));
}

static jx__dd cos_kernel(jx__dd r) {
    jx__dd zz = jx__two_prod(r.h, r.h);
    double z = zz.h;
    double c = 1.0 / 20922789888000.0 - z * (1.0 / 6402373705728000.0);
    c = -1.0 / 87178291200.0 + z * c;
    c = 1.0 / 479001600.0 + z * c;
    c = -1.0 / 3628800.0 + z * c;
    c = 1.0 / 40320.0 + z * c;
    c = -1.0 / 720.0 + z * c;
    c = 1.0 / 24.0 + z * c;
    jx__dd w = jx__fast_sum(1, -z / 2);
    return jx__fast_sum(w.h, w.l - zz.l / 2 + z * z * c - r.h * r.l);
}

/* x - k pi/2 with |result| <= pi/4; returns k mod 4. */
static unsigned reduce(double x, jx__dd *r) {
    static const double two_over_pi = 0x1.45f306dc9c883p-1;
    static const double p1 = 0x1.921fb544p+0, p2 = 0x1.0b4611a6p-34, p3 = 0x1.3198a2e037073p-69;
    if (fabs(x) >= 1e5) {
        x = fmod(x, 2 * JX_PI); /* outside the promised range: sane, no longer to the last bit */
    }
    double k = rint(x * two_over_pi);
    jx__dd t = jx__two_sum(x - k * p1, -(k * p2));
    *r = jx__fast_sum(t.h, t.l - k * p3);
    return (unsigned)((int)k & 3);
}

static double finish(jx__dd v, bool negative) {
    return negative ? -(v.h + v.l) : v.h + v.l;
}

double jx_sin(double x) {
    if (!isfinite(x)) {
        return NAN;
    }
    if (fabs(x) < 0x1p-27) {
        return x;
    }
    jx__dd r;
    unsigned q = reduce(x, &r);
    return finish(q & 1 ? cos_kernel(r) : sin_kernel(r), (q & 2) != 0);
}

double jx_cos(double x) {
    if (!isfinite(x)) {
        return NAN;
    }
    jx__dd r;
    unsigned q = reduce(x, &r);
    return finish(q & 1 ? sin_kernel(r) : cos_kernel(r), q == 1 || q == 2);
}

double jx_tan(double x) {
    if (!isfinite(x)) {
        return NAN;
    }
    if (fabs(x) < 0x1p-27) {
        return x;
    }
    jx__dd r;
    unsigned q = reduce(x, &r);
    jx__dd s = sin_kernel(r), c = cos_kernel(r);
    return q & 1 ? finish(jx__dd_div(c, s), true) : finish(jx__dd_div(s, c), false);
}
