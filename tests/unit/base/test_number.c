/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* Numbers in and out, against the C library's own printf and strtod, in the C locale and in one with decimal commas. */
#include <locale.h>
#include <math.h>

#include "support.h"
#include "unit.h"

static double any_double(jx_test_rng *r) {
    double v;
    do {
        uint64_t u = jx_test_u64(r);
        memcpy(&v, &u, sizeof v);
    } while (!isfinite(v));
    return v;
}

/* Numbers as they occur: few decimals, moderate size. */
static double usual_double(jx_test_rng *r) {
    static const double scale[] = {1, 10, 100, 1000, 1e7, 3, 7};
    double v = (double)(int64_t)jx_test_below(r, 2000000000) / scale[jx_test_below(r, 7)];
    return jx_test_u64(r) & 1 ? v : -v;
}

static const double special[] = {0.5,
                                 1.5,
                                 2.5,
                                 0.125,
                                 0.375,
                                 1e22,
                                 1e23,
                                 5e-324,
                                 2.2250738585072014e-308,
                                 0x1p53,
                                 0x1p-1074,
                                 0x1p1023,
                                 1e15,
                                 999999.5,
                                 0.05,
                                 9.995,
                                 9007199254740993.0,
                                 0x1p-44};

static void fixed_like_printf(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    jx_test_rng r = {.seed = 1};
    jx_buf b;
    jx_buf_init(&b, t.ctx);
    for (int i = 0; i < 60000; i++) {
        double v = i < 18 ? special[i] : i % 3 ? usual_double(&r) : any_double(&r);
        int dec = (int)jx_test_below(&r, i % 100 ? 8 : 40);
        char want[512];
        (void)snprintf(want, sizeof want, "%.*f", dec, v);
        b.n = 0;
        jx_buf_fixed(&b, v, dec);
        assert_int_equal(jx_buf_ok(&b), JX_OK);
        const char *w = want;
        if (*w == '-' && strspn(w + 1, "0.") == strlen(w + 1)) {
            w++; /* we write no minus zero */
        }
        assert_string_equal(b.s, w);
    }
    jx_buf_release(&b);
    jx_test_release(&t);
}

/* Fewest digits of printf that read back: no text of ours may be longer in digits. */
static size_t fewest_digits(double v) {
    for (int n = 1; n < 17; n++) {
        char s[64];
        (void)snprintf(s, sizeof s, "%.*e", n - 1, v);
        if (strtod(s, NULL) == v) {
            return (size_t)n;
        }
    }
    return 17;
}

static size_t digits_of(const char *s) {
    size_t n = 0, zeros = 0;
    bool seen = false;
    for (; *s && *s != 'e'; s++) {
        if (*s >= '0' && *s <= '9') {
            seen = seen || *s != '0';
            zeros = *s == '0' ? zeros + 1 : 0;
            n += seen;
        }
    }
    return n - (zeros < n ? zeros : 0);
}

static void shortest_round_trip(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    jx_test_rng r = {.seed = 2};
    jx_buf b;
    jx_buf_init(&b, t.ctx);
    for (int i = 0; i < 60000; i++) {
        double v = i < 18       ? special[i]
                   : i % 3 == 0 ? any_double(&r)
                   : i % 3 == 1 ? usual_double(&r)
                                : ldexp(i % 2 ? 1 : -1, (int)jx_test_below(&r, 2090) - 1070);
        if (v == 0) {
            continue;
        }
        b.n = 0;
        jx_buf_double(&b, v);
        assert_int_equal(jx_buf_ok(&b), JX_OK);
        assert_true(strtod(b.s, NULL) == v);
        double back;
        assert_true(jx_parse_double(b.s, b.n, &back) && back == v);
        assert_true(digits_of(b.s) <= fewest_digits(v));
    }
    jx_buf_release(&b);
    jx_test_release(&t);
}

static void parse_like_strtod(void **state) {
    (void)state;
    jx_test_rng r = {.seed = 5};
    for (int i = 0; i < 200000; i++) {
        char s[900];
        size_t n = 0, digits = 1 + jx_test_below(&r, i % 1000 == 0 ? 800 : 25);
        size_t point = jx_test_below(&r, digits + 1);
        for (size_t k = 0; k < digits; k++) {
            if (k == point) {
                s[n++] = '.';
            }
            s[n++] = (char)('0' + jx_test_below(&r, 10));
        }
        s[n] = '\0';
        if (i % 2) {
            n += (size_t)snprintf(s + n, 12, "e%d", (int)jx_test_below(&r, 680) - 340);
        }
        double got = -1, want = strtod(s, NULL);
        bool ok = jx_parse_double(s, n, &got);
        assert_int_equal(ok, isfinite(want));
        if (ok) {
            assert_true(got == want);
        }
    }
}

/* The middle between two doubles, and its neighbours in the last of many digits: where naive readers err. */
static void parse_halfway(void **state) {
    (void)state;
    jx_test_rng r = {.seed = 6};
    for (int i = 0; i < 5000; i++) {
        double v = fabs(i % 2 ? any_double(&r) : usual_double(&r));
        char s[1700];
        /* the exact middle needs one binary digit more: print as long double */
        long double mid = ((long double)v + (long double)nextafter(v, INFINITY)) / 2;
        if (!isfinite((double)mid) || v == 0 || v < 1e-290) {
            continue;
        }
        int n = snprintf(s, sizeof s, "%.1100Lf", mid);
        for (int step = -1; step <= 1; step++) {
            s[n - 1] = step < 0 ? '0' : step == 0 ? s[n - 1] : '1';
            double got;
            assert_true(jx_parse_double(s, (size_t)n, &got));
            assert_true(got == strtod(s, NULL));
        }
    }
}

static void parse_refuses(void **state) {
    (void)state;
    static const char *const bad[] = {
        "",    "+",   "-",   ".",    "e5",    "1e",  "1e+",   "1 ",    " 1",     "0x1p3",
        "nan", "inf", "1,5", "1..2", "1e5.0", "--1", "1_000", "1e400", "-1e309", "1.7976931348623159e308"};
    double v;
    int64_t i;
    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
        assert_false(jx_parse_double(bad[k], strlen(bad[k]), &v));
        assert_false(jx_parse_int64(bad[k], strlen(bad[k]), &i));
    }
    assert_true(jx_parse_double("-1e-400", 7, &v) && v == 0 && signbit(v));
    assert_true(jx_parse_double("0e99999999999", 13, &v) && v == 0);
    assert_true(jx_parse_double("2.4703282292062328e-324", 23, &v) && v == 5e-324);
    assert_true(jx_parse_double("2.4703282292062327e-324", 23, &v) && v == 0);
    assert_true(jx_parse_int64("9223372036854775807", 19, &i) && i == INT64_MAX);
    assert_true(jx_parse_int64("-9223372036854775808", 20, &i) && i == INT64_MIN);
    assert_true(jx_parse_int64("-0", 2, &i) && i == 0);
    assert_false(jx_parse_int64("9223372036854775808", 19, &i));
    assert_false(jx_parse_int64("-9223372036854775809", 20, &i));
    assert_false(jx_parse_int64("99999999999999999999", 20, &i));
    assert_false(jx_parse_int64("1.0", 3, &i));
}

static void integers(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    jx_test_rng r = {.seed = 4};
    jx_buf b;
    jx_buf_init(&b, t.ctx);
    for (int i = 0; i < 2000; i++) {
        int64_t v = i == 0 ? INT64_MIN : i == 1 ? INT64_MAX : (int64_t)(jx_test_u64(&r) >> jx_test_below(&r, 64));
        char want[160];
        (void)snprintf(want, sizeof want, "%lld|%llu|%zu|%d|%u|%c|%%|%s|%.3f", (long long)v, (unsigned long long)v,
                       (size_t)v, (int)v, (unsigned)v, 'x', "str", 0.0625);
        b.n = 0;
        jx_buf_fmt(&b, "%lld|%llu|%zu|%d|%u|%c|%%|%s|%.3f", (long long)v, (unsigned long long)v, (size_t)v, (int)v,
                   (unsigned)v, 'x', "str", 0.0625);
        assert_int_equal(jx_buf_ok(&b), JX_OK);
        assert_string_equal(b.s, want);
        b.n = 0;
        jx_buf_grouped(&b, v, "");
        (void)snprintf(want, sizeof want, "%lld", (long long)v);
        assert_string_equal(b.s, want);
    }
    static const struct {
        int64_t v;
        const char *text;
    } groups[] = {{0, "0"}, {999, "999"}, {1000, "1,000"}, {-123456, "-123,456"}, {1234567, "1,234,567"}};
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        b.n = 0;
        jx_buf_grouped(&b, groups[i].v, ",");
        assert_string_equal(b.s, groups[i].text);
    }
    jx_buf_release(&b);
    jx_test_release(&t);
}

static void decimal_comma(void **state) {
    (void)state;
    if (!setlocale(LC_ALL, "de_DE.UTF-8")) {
        skip();
    }
    jx_test t;
    jx_test_init(&t, 0);
    jx_buf b;
    jx_buf_init(&b, t.ctx);
    jx_buf_fmt(&b, "%.2f ", 1.5);
    jx_buf_double(&b, 0.1);
    assert_string_equal(b.s, "1.50 0.1");
    double v;
    assert_true(jx_parse_double("1.5", 3, &v) && v == 1.5);
    jx_buf_release(&b);
    jx_test_release(&t);
    (void)setlocale(LC_ALL, "C");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fixed_like_printf), cmocka_unit_test(shortest_round_trip), cmocka_unit_test(parse_like_strtod),
        cmocka_unit_test(parse_halfway),     cmocka_unit_test(parse_refuses),       cmocka_unit_test(integers),
        cmocka_unit_test(decimal_comma),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
