/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/*
 * Elementary functions against the C library's in extended precision, rounded to double: never more than one ulp away,
 * over millions of points; exact and special cases; identities.
 */
#include <inttypes.h>
#include <math.h>

#include "junxian/num.h"
#include "support.h"
#include "unit.h"

enum { POINTS = 300000 };

/* Distance in representable doubles. */
static uint64_t ulps(double a, double b) {
    if (isnan(a) || isnan(b)) {
        return isnan(a) && isnan(b) ? 0 : UINT64_MAX;
    }
    int64_t x, y;
    memcpy(&x, &a, sizeof x);
    memcpy(&y, &b, sizeof y);
    x = x < 0 ? INT64_MIN - x : x;
    y = y < 0 ? INT64_MIN - y : y;
    return x > y ? (uint64_t)x - (uint64_t)y : (uint64_t)y - (uint64_t)x;
}

typedef struct function {
    const char *name;
    double (*ours)(double);
    long double (*theirs)(long double);
    double lo, hi;
    int scale; /* 0: even over [lo, hi]; else lo + (hi - lo) 2^-k, k up to scale: crowded towards lo */
} function;

static const function functions[] = {
    {"sin", jx_sin, sinl, -7, 7, 0},
    {"sin", jx_sin, sinl, -1e5, 1e5, 0},
    {"sin", jx_sin, sinl, 0, 1, 300},
    {"sin near pi", jx_sin, sinl, JX_PI, 4, 60},
    {"cos", jx_cos, cosl, -7, 7, 0},
    {"cos", jx_cos, cosl, -1e5, 1e5, 0},
    {"cos near pi/2", jx_cos, cosl, JX_PI / 2, 2, 60},
    {"tan", jx_tan, tanl, -7, 7, 0},
    {"tan", jx_tan, tanl, -1e5, 1e5, 0},
    {"tan", jx_tan, tanl, 0, 1, 300},
    {"asin", jx_asin, asinl, -1, 1, 0},
    {"asin", jx_asin, asinl, 0, 1, 300},
    {"asin near 1", jx_asin, asinl, 1, 0.5, 60},
    {"atan", jx_atan, atanl, -3, 3, 0},
    {"atan", jx_atan, atanl, 0, 1e300, 2000},
    {"exp", jx_exp, expl, -2, 2, 0},
    {"exp", jx_exp, expl, -708, 709.7, 0},
    {"exp", jx_exp, expl, 0, -1, 300},
    {"log", jx_log, logl, 0, 4, 0},
    {"log", jx_log, logl, 0, 1e308, 2000},
    {"log near 1", jx_log, logl, 1, 1.5, 52},
    {"log near 1", jx_log, logl, 1, 0.5, 52},
    {"sinh", jx_sinh, sinhl, -3, 3, 0},
    {"sinh", jx_sinh, sinhl, -710, 710, 0},
    {"sinh", jx_sinh, sinhl, 0, 1, 300},
    {"cosh", jx_cosh, coshl, -3, 3, 0},
    {"cosh", jx_cosh, coshl, -710, 710, 0},
    {"asinh", jx_asinh, asinhl, -3, 3, 0},
    {"asinh", jx_asinh, asinhl, 0, 1e300, 1200},
    {"atanh", jx_atanh, atanhl, -1, 1, 0},
    {"atanh", jx_atanh, atanhl, 0, 1, 300},
    {"atanh near 1", jx_atanh, atanhl, 1, 0.5, 52},
};

static void within_one_ulp(void **state) {
    (void)state;
    jx_test_rng r = {.seed = 11};
    for (size_t f = 0; f < sizeof functions / sizeof functions[0]; f++) {
        const function *fn = &functions[f];
        for (int i = 0; i < POINTS; i++) {
            double u = jx_test_unit(&r);
            double x =
                fn->lo + (fn->hi - fn->lo) * (fn->scale ? ldexp(u, -(int)jx_test_below(&r, (uint64_t)fn->scale)) : u);
            double want = (double)fn->theirs((long double)x), got = fn->ours(x);
            if (ulps(got, want) > 1) {
                fail_msg("%s(%a) = %a, want %a", fn->name, x, got, want);
            }
        }
    }
}

static void two_arguments(void **state) {
    (void)state;
    jx_test_rng r = {.seed = 12};
    for (int i = 0; i < 1000000; i++) {
        double x = ldexp(jx_test_unit(&r) * 2 - 1, (int)jx_test_below(&r, i % 2 ? 8 : 2000) - (i % 2 ? 4 : 1000));
        double y = ldexp(jx_test_unit(&r) * 2 - 1, (int)jx_test_below(&r, i % 2 ? 8 : 2000) - (i % 2 ? 4 : 1000));
        if (ulps(jx_atan2(y, x), (double)atan2l((long double)y, (long double)x)) > 1) {
            fail_msg("atan2(%a, %a)", y, x);
        }
        x = fabs(x);
        y = (jx_test_unit(&r) * 2 - 1) * (i % 3 ? 4 : 300);
        if (ulps(jx_pow(x, y), (double)powl((long double)x, (long double)y)) > 1) {
            fail_msg("pow(%a, %a)", x, y);
        }
    }
}

static void exact_cases(void **state) {
    (void)state;
    assert_true(jx_exp(0) == 1 && jx_log(1) == 0 && jx_cos(0) == 1 && jx_sin(0) == 0 && jx_cosh(0) == 1);
    assert_true(jx_atan(1) == JX_PI / 4 && jx_asin(1) == JX_PI / 2 && jx_asin(-1) == -JX_PI / 2);
    assert_true(jx_sin(JX_PI / 2) == 1 && jx_cos(JX_PI) == -1 && jx_exp(1) == 2.718281828459045);
    for (int n = 0; n < 300; n++) {
        assert_true(jx_pow(2, n) == ldexp(1, n) && jx_pow(2, -n) == ldexp(1, -n));
        double p = 1;
        for (int k = 0; k < n && n < 34; k++) {
            p *= 3;
        }
        assert_true(n >= 34 || jx_pow(3, n) == p);
        if (n < 23) {
            char s[16];
            (void)snprintf(s, sizeof s, "1e%d", n);
            assert_true(jx_pow(10, n) == strtod(s, NULL));
        }
        assert_true(jx_pow((double)n * n, 0.5) == n);
        assert_true(jx_log(ldexp(1, n)) == (double)(n * logl(2.0L)));
    }
}

static void special_cases(void **state) {
    (void)state;
    static double (*const odd[])(double) = {jx_sin, jx_tan, jx_asin, jx_atan, jx_sinh, jx_asinh, jx_atanh};
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        assert_true(odd[i](0.0) == 0 && !signbit(odd[i](0.0)));
        assert_true(odd[i](-0.0) == 0 && signbit(odd[i](-0.0)));
        assert_true(isnan(odd[i](NAN)));
        assert_true(odd[i](5e-324) == 5e-324 && odd[i](1e-310) == 1e-310);
        assert_true(odd[i](0.3) == -odd[i](-0.3));
    }
    assert_true(isnan(jx_sin(INFINITY)) && isnan(jx_cos(-INFINITY)) && isnan(jx_tan(INFINITY)) && isnan(jx_cos(NAN)));
    assert_true(isnan(jx_asin(1.0000000000000002)) && isnan(jx_atanh(-2)) && isnan(jx_log(-1)) && isnan(jx_log(NAN)));
    assert_true(jx_exp(-INFINITY) == 0 && isinf(jx_exp(INFINITY)) && isinf(jx_exp(710)) && isnan(jx_exp(NAN)));
    assert_true(jx_exp(-745) == 5e-324 && jx_exp(-746) == 0);
    assert_true(jx_log(0) == -INFINITY && jx_log(INFINITY) == INFINITY && jx_log(5e-324) < -744);
    assert_true(jx_atanh(1) == INFINITY && jx_atanh(-1) == -INFINITY);
    assert_true(jx_sinh(-INFINITY) == -INFINITY && jx_cosh(-800) == INFINITY && jx_asinh(-INFINITY) == -INFINITY);
    assert_true(isnan(jx_cosh(NAN)) && jx_atan(INFINITY) == JX_PI / 2);
    static const double v[] = {0.0, -0.0, 1, -1, 2.5, -2.5, INFINITY, -INFINITY, 5e-324, -1e308};
    for (size_t i = 0; i < 10; i++) {
        for (size_t k = 0; k < 10; k++) {
            double want = atan2(v[i], v[k]), got = jx_atan2(v[i], v[k]);
            assert_true(ulps(got, want) <= 1 && signbit(got) == signbit(want));
            if (v[i] >= 0 && !(v[i] == 0 && signbit(v[i]))) {
                assert_true(ulps(jx_pow(v[i], v[k]), pow(v[i], v[k])) <= 1);
            }
        }
    }
    assert_true(isnan(jx_atan2(NAN, 1)) && isnan(jx_atan2(1, NAN)) && isnan(jx_pow(NAN, 1)) && jx_pow(NAN, 0) == 1);
    assert_true(isnan(jx_pow(-2, 2)) && jx_pow(1, NAN) == 1);
    assert_true(fabs(jx_sin(1e9) - sin(1e9)) < 1e-6); /* beyond the promised range: sane */
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(within_one_ulp), cmocka_unit_test(two_arguments),
                                       cmocka_unit_test(exact_cases), cmocka_unit_test(special_cases)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
