/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/*
 * Arc tangent and arc sine. The angle of (x, y) is that of a table direction (1, k/16) plus a small rest, found by
 * rotating the vector in double-double; the rest is a short series.
 */
#include <math.h>

#include "num_internal.h"

/* atan(k / 16) */
static const jx__dd table[17] = {
    {0x0.0p+0, 0x0.0p+0},
    {0x1.ff55bb72cfdeap-5, -0x1.c934d86d23f1dp-60},
    {0x1.fd5ba9aac2f6ep-4, -0x1.cd37686760c17p-59},
    {0x1.7b97b4bce5b02p-3, 0x1.347b0b4f881cap-58},
    {0x1.f5b75f92c80ddp-3, 0x1.8ab6e3cf7afbdp-57},
    {0x1.362773707ebccp-2, -0x1.963a544b672d8p-57},
    {0x1.6f61941e4def1p-2, -0x1.c63aae6f6e918p-56},
    {0x1.a64eec3cc23fdp-2, -0x1.24dec1b50b7ffp-56},
    {0x1.dac670561bb4fp-2, 0x1.a2b7f222f65e2p-56},
    {0x1.0657e94db30d0p-1, -0x1.d5b495f6349e6p-56},
    {0x1.1e00babdefeb4p-1, -0x1.928df287a668fp-58},
    {0x1.345f01cce37bbp-1, 0x1.1021137c71102p-55},
    {0x1.4978fa3269ee1p-1, 0x1.2419a87f2a458p-56},
    {0x1.5d58987169b18p-1, 0x1.0028e4bc5e7cap-57},
    {0x1.700a7c5784634p-1, -0x1.8c34d25aadef6p-56},
    {0x1.819d0b7158a4dp-1, -0x1.bf76229d3b917p-56},
    {0x1.921fb54442d18p-1, 0x1.1a62633145c07p-55},
};
static const jx__dd half_pi = {0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54};
static const jx__dd pi = {0x1.921fb54442d18p+1, 0x1.1a62633145c07p-53};

/* a * f + b, f with few bits. */
static jx__dd scale_add(jx__dd a, double f, jx__dd b) {
    jx__dd p = jx__two_prod(a.h, f), s = jx__two_sum(b.h, p.h);
    return jx__fast_sum(s.h, s.l + p.l + a.l * f + b.l);
}

/* Angle of (x, y), 0 <= y <= x, x near 1. */
static jx__dd octant(jx__dd y, jx__dd x) {
    double k = rint(16 * (y.h / x.h)), c = k / 16;
    jx__dd t = jx__dd_div(scale_add(x, -c, y), scale_add(y, c, x));
    double z = t.h * t.h;
    double p = -1.0 / 11 + z * (1.0 / 13);
    p = 1.0 / 9 + z * p;
    p = -1.0 / 7 + z * p;
    p = 1.0 / 5 + z * p;
    p = -1.0 / 3 + z * p;
    t = jx__fast_sum(t.h, t.l + t.h * z * p);
    return k == 0 ? t : jx__dd_add(table[(int)k], t);
}

/* Angle of (x, y), both >= 0, not both zero. */
static jx__dd quadrant(jx__dd y, jx__dd x) {
    return y.h <= x.h ? octant(y, x) : jx__dd_add(half_pi, jx__dd_neg(octant(x, y)));
}

double jx_atan2(double y, double x) {
    if (isnan(x) || isnan(y)) {
        return NAN;
    }
    double ay = fabs(y), ax = fabs(x), r;
    bool left = signbit(x) != 0;
    if (isinf(ax) || isinf(ay)) {
        ax = isinf(ax) ? 1 : 0;
        ay = isinf(ay) ? 1 : 0;
    }
    if (ay == 0) {
        r = left ? pi.h : 0;
    } else {
        int e;
        (void)frexp(ax > ay ? ax : ay, &e);
        double sx = ldexp(ax, -e), sy = ldexp(ay, -e);
        if (sy < sx * 0x1p-60 && !left) {
            r = ay / ax; /* may be denormal: one division, one rounding */
        } else {
            sx = sx < 0x1p-200 ? 0 : sx;
            sy = sy < 0x1p-200 ? 0 : sy;
            jx__dd a = quadrant((jx__dd){sy, 0}, (jx__dd){sx, 0});
            a = left ? jx__dd_add(pi, jx__dd_neg(a)) : a;
            r = a.h + a.l;
        }
    }
    return signbit(y) ? -r : r;
}

double jx_atan(double x) {
    return jx_atan2(x, 1);
}

double jx_asin(double x) {
    double a = fabs(x);
    if (!(a <= 1)) {
        return NAN;
    }
    if (a < 0x1p-27) {
        return x;
    }
    jx__dd sq = jx__two_prod(a, a), rest = jx__two_sum(1, -sq.h);
    jx__dd c = jx__dd_sqrt(jx__fast_sum(rest.h, rest.l - sq.l));
    jx__dd r = quadrant((jx__dd){a, 0}, c);
    return x < 0 ? -(r.h + r.l) : r.h + r.l;
}
