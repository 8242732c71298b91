/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* Numbers as text without stdio: integers, fixed decimals, shortest doubles, and the tiny printf. */
#include <assert.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>

#include "base_internal.h"

/* Digits of v from the end of a 20-byte buffer; returns the first. */
static char *digits_u64(char end[20], uint64_t v) {
    char *p = end + 20;
    do {
        *--p = (char)('0' + v % 10);
        v /= 10;
    } while (v);
    return p;
}

static uint64_t magnitude(int64_t v) {
    return v < 0 ? ~(uint64_t)v + 1 : (uint64_t)v;
}

static void add_u64(jx_buf *b, uint64_t v) {
    char tmp[20], *p = digits_u64(tmp, v);
    jx_buf_add(b, p, (size_t)(tmp + 20 - p));
}

void jx_buf_int(jx_buf *b, int64_t v) {
    if (v < 0) {
        jx_buf_char(b, '-');
    }
    add_u64(b, magnitude(v));
}

void jx_buf_grouped(jx_buf *b, int64_t v, const char *sep) {
    char tmp[20], *p = digits_u64(tmp, magnitude(v));
    if (v < 0) {
        jx_buf_char(b, '-');
    }
    for (const char *end = tmp + 20; p < end; p++) {
        jx_buf_char(b, *p);
        if (p + 1 < end && (end - p - 1) % 3 == 0) {
            jx_buf_str(b, sep);
        }
    }
}

static void not_finite(jx_buf *b, double v) {
    jx_buf_str(b, isnan(v) ? "nan" : v < 0 ? "-inf" : "inf");
}

void jx_buf_fixed(jx_buf *b, double v, int decimals) {
    enum { MOST = 9 * JX__DEC_FRAC - 18 };
    if (!isfinite(v)) {
        not_finite(b, v);
        return;
    }
    decimals = decimals < 0 ? 0 : decimals > MOST ? MOST : decimals;
    jx__dec d;
    jx__dec_from_double(&d, v);
    jx__dec_round(&d, decimals);
    int lead = jx__dec_lead(&d);
    if (v < 0 && lead != INT_MAX) { /* what rounds to nothing has no sign */
        jx_buf_char(b, '-');
    }
    for (int pos = lead < 0 ? lead : 0; pos <= decimals; pos++) {
        if (pos == 1) {
            jx_buf_char(b, '.');
        }
        jx_buf_char(b, (char)('0' + jx__dec_digit(&d, pos)));
    }
}

/* Digits d[0..n) with the leading one worth 10^exp10, as plain or scientific text. */
static size_t layout(char out[JX__DOUBLE_TEXT], bool neg, const char *dig, int n, int exp10) {
    size_t at = 0;
    if (neg) {
        out[at++] = '-';
    }
    if (exp10 >= -5 && exp10 < 17) {
        int from = exp10 < 0 ? exp10 : 0, to = n - 1 > exp10 ? n - 1 : exp10;
        for (int i = from; i <= to; i++) {
            if (i == exp10 + 1) {
                out[at++] = '.';
            }
            out[at++] = i >= 0 && i < n ? dig[i] : '0';
        }
    } else {
        out[at++] = dig[0];
        if (n > 1) {
            out[at++] = '.';
            memcpy(out + at, dig + 1, (size_t)(n - 1));
            at += (size_t)(n - 1);
        }
        out[at++] = 'e';
        out[at++] = exp10 < 0 ? '-' : '+';
        char tmp[20], *p = digits_u64(tmp, magnitude(exp10));
        memcpy(out + at, p, (size_t)(tmp + 20 - p));
        at += (size_t)(tmp + 20 - p);
    }
    out[at] = '\0';
    return at;
}

/* |v| with n significant digits (the last one raised by `bump`) as text; trailing zeros fall away. */
static size_t try_digits(char out[JX__DOUBLE_TEXT], const jx__dec *exact, bool neg, int n, bool bump) {
    jx__dec d = *exact;
    int lead = jx__dec_lead(&d), last = lead + n - 1;
    jx__dec_round(&d, last);
    if (bump) {
        jx__dec_bump(&d, last);
    }
    lead = jx__dec_lead(&d);
    char dig[20];
    int k = 0;
    for (int pos = lead; pos <= last && k < 20; pos++) {
        dig[k++] = (char)('0' + jx__dec_digit(&d, pos));
    }
    while (k > 1 && dig[k - 1] == '0') {
        k--;
    }
    return layout(out, neg, dig, k, -lead);
}

size_t jx__format_double(char out[JX__DOUBLE_TEXT], double v) {
    bool neg = signbit(v) != 0;
    if (v == 0) {
        return layout(out, neg, "0", 1, 0);
    }
    if (!isfinite(v)) {
        const char *s = isnan(v) ? "nan" : neg ? "-inf" : "inf";
        memcpy(out, s, strlen(s) + 1);
        return strlen(s);
    }
    jx__dec exact;
    jx__dec_from_double(&exact, v);
    int e;
    /* Below a power of two the neighbours are twice as near, so the nearest short decimal may lie on the wrong side. */
    bool edge = frexp(fabs(v), &e) == 0.5;
    double back;
    for (int n = fabs(v) < 2.3e-308 ? 1 : 15; n < 17; n++) {
        size_t len = try_digits(out, &exact, neg, n, false);
        if (jx_parse_double(out, len, &back) && back == v) {
            return len;
        }
        if (edge) {
            len = try_digits(out, &exact, neg, n, true);
            if (jx_parse_double(out, len, &back) && back == v) {
                return len;
            }
        }
    }
    return try_digits(out, &exact, neg, 17, false);
}

void jx_buf_double(jx_buf *b, double v) {
    char tmp[JX__DOUBLE_TEXT];
    jx_buf_add(b, tmp, jx__format_double(tmp, v));
}

/* One conversion; p stands behind the %. Returns the position behind it. */
static const char *convert(jx_buf *b, const char *p, va_list *ap) {
    if (strncmp(p, "lld", 3) == 0) {
        jx_buf_int(b, va_arg(*ap, long long));
        return p + 3;
    }
    if (strncmp(p, "llu", 3) == 0) {
        add_u64(b, va_arg(*ap, unsigned long long));
        return p + 3;
    }
    if (strncmp(p, "zu", 2) == 0) {
        add_u64(b, va_arg(*ap, size_t));
        return p + 2;
    }
    if (p[0] == '.' && p[1] >= '0' && p[1] <= '9' && p[2] == 'f') {
        jx_buf_fixed(b, va_arg(*ap, double), p[1] - '0');
        return p + 3;
    }
    switch (*p) {
        case 's':
            jx_buf_str(b, va_arg(*ap, const char *));
            break;
        case 'd':
            jx_buf_int(b, va_arg(*ap, int));
            break;
        case 'u':
            add_u64(b, va_arg(*ap, unsigned));
            break;
        case 'c':
            jx_buf_char(b, (char)va_arg(*ap, int));
            break;
        case '%':
            jx_buf_char(b, '%');
            break;
        default:
            assert(false && "a conversion jx_buf_fmt does not know");
            return p + strlen(p);
    }
    return p + 1;
}

void jx_buf_fmt(jx_buf *b, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    for (const char *p = fmt; *p;) {
        size_t plain = strcspn(p, "%");
        jx_buf_add(b, p, plain);
        p += plain;
        if (*p == '%') {
            p = convert(b, p + 1, &ap);
        }
    }
    va_end(ap);
}

static void two_digits(jx_buf *b, int64_t v) {
    jx_buf_char(b, (char)('0' + v / 10 % 10));
    jx_buf_char(b, (char)('0' + v % 10));
}

/* Days since 1970 to a civil date: Howard Hinnant's algorithm (public domain), eras of 400 years beginning in March. */
void jx_buf_date(jx_buf *b, int64_t seconds, bool with_time) {
    int64_t t = seconds < 0 ? 0 : seconds, z = t / 86400 + 719468, era = z / 146097, doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365, doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153, day = doy - (153 * mp + 2) / 5 + 1, month = mp < 10 ? mp + 3 : mp - 9;
    jx_buf_int(b, yoe + era * 400 + (month <= 2 ? 1 : 0));
    jx_buf_char(b, '-');
    two_digits(b, month);
    jx_buf_char(b, '-');
    two_digits(b, day);
    if (with_time) {
        jx_buf_char(b, 'T');
        two_digits(b, t % 86400 / 3600);
        jx_buf_char(b, ':');
        two_digits(b, t / 60 % 60);
        jx_buf_char(b, ':');
        two_digits(b, t % 60);
        jx_buf_str(b, ".000Z");
    }
}
