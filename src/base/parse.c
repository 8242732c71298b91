/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading numbers: strict, locale-proof, correctly rounded. Short decimals take the exact fast path (Clinger: both the
 * digits and the power of ten are exact doubles, so one rounding remains); the rest go through exact decimal limbs.
 */
#include <math.h>

#include "base_internal.h"

typedef struct scan {
    bool neg;
    const char *dig; /* first digit or point */
    const char *end; /* behind the last */
    int64_t exp10;   /* of the written exponent */
} scan;

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* [+-]? (digits [. digits*] | . digits) ([eE] [+-]? digits)? and nothing else. */
static bool scan_number(const char *s, size_t n, scan *out) {
    const char *p = s, *end = s + n;
    *out = (scan){0};
    if (p < end && (*p == '+' || *p == '-')) {
        out->neg = *p++ == '-';
    }
    out->dig = p;
    size_t digits = 0;
    bool point = false;
    for (; p < end && (is_digit(*p) || (*p == '.' && !point)); p++) {
        digits += *p != '.';
        point = point || *p == '.';
    }
    out->end = p;
    if (digits == 0) {
        return false;
    }
    if (p < end && (*p == 'e' || *p == 'E')) {
        p++;
        bool neg = false;
        if (p < end && (*p == '+' || *p == '-')) {
            neg = *p++ == '-';
        }
        if (p == end) {
            return false;
        }
        for (; p < end && is_digit(*p); p++) {
            if (out->exp10 < 100000000) {
                out->exp10 = out->exp10 * 10 + (*p - '0');
            }
        }
        out->exp10 = neg ? -out->exp10 : out->exp10;
    }
    return p == end;
}

/* Number of digits before the point, and the first digit that is not zero. */
static const char *skip_zeros(const scan *sc, int64_t *before_point) {
    const char *p = sc->dig;
    int64_t before = 0, zeros = 0;
    bool point = false;
    const char *first = NULL;
    for (; p < sc->end; p++) {
        if (*p == '.') {
            point = true;
            continue;
        }
        before += !point;
        if (!first) {
            if (*p == '0') {
                zeros++;
            } else {
                first = p;
            }
        }
    }
    *before_point = before - zeros;
    return first;
}

/* The number is m * 2^e, m in [2^54, 2^63) with its lowest bit sticky: round once, also into the denormals. */
static double assemble(uint64_t m, int e) {
    int drop = 0;
    while (m >> drop >= (UINT64_C(1) << 53)) {
        drop++;
    }
    drop = drop > -1074 - e ? drop : -1074 - e;
    if (drop > 63) {
        return 0;
    }
    uint64_t keep = m >> drop, rest = m & ((UINT64_C(1) << drop) - 1), half = UINT64_C(1) << (drop - 1);
    if (rest > half || (rest == half && (keep & 1))) {
        keep++;
    }
    return ldexp((double)keep, e + drop);
}

/* The exact way. `lead`: the first non-zero digit is worth 10^lead. */
static double exact(const char *first, const char *end, int64_t lead) {
    jx__dec d;
    enum { UNIT_AT = 9 * JX__DEC_INT - 1 };
    int at = (int)(UNIT_AT - lead); /* index of the digit from the very left */
    d.first = at / 9;
    d.last = d.first;
    for (const char *p = first; p < end; p++) {
        if (*p == '.') {
            continue;
        }
        if (at >= 9 * JX__DEC_LIMBS) { /* beyond what can matter, except that it is there */
            if (*p != '0') {
                d.limb[JX__DEC_LIMBS - 1] |= 1;
            }
            continue;
        }
        static const uint32_t unit[9] = {100000000, 10000000, 1000000, 100000, 10000, 1000, 100, 10, 1};
        int i = at / 9;
        while (d.last <= i) {
            d.limb[d.last++] = 0;
        }
        d.limb[i] += (uint32_t)(*p - '0') * unit[at % 9];
        at++;
    }
    int e = 0;
    for (;;) { /* bring the integer part into [2^54, 2^63) */
        uint64_t hi = d.first < JX__DEC_INT - 2 ? UINT64_MAX : 0;
        if (hi == 0) {
            uint64_t a = d.first <= JX__DEC_INT - 2 && d.last > JX__DEC_INT - 2 ? d.limb[JX__DEC_INT - 2] : 0;
            uint64_t b = d.first <= JX__DEC_INT - 1 && d.last > JX__DEC_INT - 1 ? d.limb[JX__DEC_INT - 1] : 0;
            hi = a * 1000000000U + b;
        }
        if (hi >= UINT64_C(1) << 59) {
            unsigned bits = hi == UINT64_MAX ? 9 : 3;
            jx__dec_shift_down(&d, bits);
            e += (int)bits;
        } else if (hi < UINT64_C(1) << 54) {
            unsigned bits = hi < UINT64_C(1) << 30 ? 29 : 4;
            jx__dec_shift_up(&d, bits);
            e -= (int)bits;
        } else {
            bool sticky = false;
            for (int i = d.last - 1; i >= JX__DEC_INT && !sticky; i--) {
                sticky = d.limb[i] != 0;
            }
            return assemble(hi | sticky, e);
        }
    }
}

bool jx_parse_double(const char *s, size_t n, double *out) {
    static const double pow10_exact[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                         1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    scan sc;
    if (!scan_number(s, n, &sc)) {
        return false;
    }
    int64_t before;
    const char *first = skip_zeros(&sc, &before);
    double v = 0;
    if (first) {
        uint64_t w = 0;
        int64_t digits = 0;
        for (const char *p = first; p < sc.end; p++) {
            if (*p != '.') {
                digits++;
                w = digits <= 18 ? w * 10 + (uint64_t)(*p - '0') : w;
            }
        }
        int64_t lead = before - 1 + sc.exp10, unit = lead - digits + 1;
        if (lead > 310) {
            return false;
        }
        if (digits <= 18 && w <= UINT64_C(1) << 53 && unit >= -22 && unit <= 22) {
            v = unit < 0 ? (double)w / pow10_exact[-unit] : (double)w * pow10_exact[unit];
        } else if (lead >= -345) {
            v = exact(first, sc.end, lead);
        }
        if (!isfinite(v)) {
            return false;
        }
    }
    *out = sc.neg ? -v : v;
    return true;
}

bool jx_parse_int64(const char *s, size_t n, int64_t *out) {
    size_t i = 0;
    bool neg = false;
    if (n && (s[0] == '+' || s[0] == '-')) {
        neg = s[0] == '-';
        i = 1;
    }
    if (i == n) {
        return false;
    }
    uint64_t v = 0, most = (uint64_t)INT64_MAX + neg;
    for (; i < n; i++) {
        if (!is_digit(s[i])) {
            return false;
        }
        uint64_t d = (uint64_t)(s[i] - '0');
        if (v > (most - d) / 10) {
            return false;
        }
        v = v * 10 + d;
    }
    *out = neg ? (v ? -(int64_t)(v - 1) - 1 : 0) : (int64_t)v;
    return true;
}
