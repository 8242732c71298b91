/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* Sums, weighted quantiles and apportionment: conservation, definitions checked by counting, bad weights, no memory. */
#include <math.h>

#include "junxian/num.h"
#include "oom.h"
#include "support.h"
#include "unit.h"

static void sums(void **state) {
    (void)state;
    assert_true(jx_sum(NULL, 0) == 0);
    static double v[20001];
    jx_test_rng r = {.seed = 21};
    for (int turn = 0; turn < 20; turn++) {
        size_t n = jx_test_below(&r, 20001);
        __extension__ __int128 exact = 0; /* multiples of 2^-40 below 2^60 */
        for (size_t i = 0; i < n; i++) {
            int64_t k = (int64_t)(jx_test_u64(&r) >> 11) * (i % 2 ? 1 : -1);
            v[i] = ldexp((double)k, -40);
            exact += k;
        }
        double want = ldexp((double)exact, -40);
        assert_true(fabs(jx_sum(v, n) - want) <= fabs(want) * 0x1p-52);
    }
    double cancel[] = {1, 1e100, 1, -1e100};
    assert_true(jx_sum(cancel, 4) == 2);
}

/* By the definition: the smallest value whose weight so far reaches q of the whole. */
static uint32_t by_definition(const uint32_t *v, const double *w, size_t n, double q) {
    double whole = 0;
    for (size_t i = 0; i < n; i++) {
        whole += w[i];
    }
    uint32_t best = JX_UNREACHABLE;
    for (size_t i = 0; i < n; i++) {
        double part = 0;
        for (size_t k = 0; k < n; k++) {
            part += v[k] <= v[i] ? w[k] : 0;
        }
        if (w[i] > 0 && part >= q * whole && v[i] < best) {
            best = v[i];
        }
    }
    return best;
}

static void quantiles(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    jx_test_rng r = {.seed = 22};
    static const double q[] = {0, 0.25, 0.5, 0.75, 0.9, 1};
    uint32_t v[60], out[6];
    double w[60];
    for (int turn = 0; turn < 3000; turn++) {
        size_t n = jx_test_below(&r, 60);
        for (size_t i = 0; i < n; i++) {
            v[i] = turn % 7 && jx_test_below(&r, 5) == 0 ? JX_UNREACHABLE : (uint32_t)jx_test_below(&r, 30);
            w[i] = (double)jx_test_below(&r, turn % 3 ? 8 : 2); /* whole numbers add up exactly */
        }
        assert_int_equal(jx_weighted_quantiles_u32(t.ctx, v, w, n, q, 6, out), JX_OK);
        for (size_t k = 0; k < 6; k++) {
            assert_int_equal(out[k], by_definition(v, w, n, q[k]));
        }
    }
    /* Ten tenths: three of them are 0.3, whatever binary fractions say. */
    for (uint32_t i = 0; i < 10; i++) {
        v[i] = 9 - i;
        w[i] = 0.1;
    }
    static const double tenths[] = {0.1, 0.2, 0.3, 0.6, 0.7, 1};
    static const uint32_t want[] = {0, 1, 2, 5, 6, 9};
    assert_int_equal(jx_weighted_quantiles_u32(t.ctx, v, w, 10, tenths, 6, out), JX_OK);
    assert_memory_equal(out, want, sizeof want);
    jx_test_release(&t);
}

static void apportion(void **state) {
    (void)state;
    static double w[10000], out[10000];
    jx_test_rng r = {.seed = 23};
    for (int turn = 0; turn < 300; turn++) {
        size_t n = 1 + jx_test_below(&r, turn % 10 ? 200 : 10000);
        for (size_t i = 0; i < n; i++) {
            w[i] = jx_test_below(&r, 4) == 0 ? 0 : ldexp(jx_test_unit(&r), (int)jx_test_below(&r, turn % 2 ? 4 : 200));
        }
        double total = turn % 5 == 0 ? 0 : (double)jx_test_below(&r, 2000000), whole = jx_sum(w, n), sum = 0;
        jx_apportion(total, w, n, out);
        for (size_t i = 0; i < n; i++) {
            assert_true(out[i] >= 0);
            assert_true(whole == 0 || w[i] > 0 || out[i] == 0);
            assert_true(whole == 0 || fabs(out[i] - total * w[i] / whole) <= total * 1e-12);
            sum += out[i];
        }
        assert_true(fabs(sum - total) <= total * 1e-14);
    }
    memset(w, 0, sizeof w);
    jx_apportion(10, w, 4, out);
    assert_true(out[0] == 2.5 && out[3] == 2.5);
    double odd[] = {NAN, -5, 1, 3};
    jx_apportion(8, odd, 4, out);
    assert_true(out[0] == 0 && out[1] == 0 && out[2] == 2 && out[3] == 6);
    double huge[] = {1e308, 1e308, 1e308, 1e308};
    jx_apportion(1, huge, 4, out);
    assert_true(out[0] == 0.25 && out[3] == 0.25);
    jx_apportion(5, w, 0, out);
}

static jx_status some_quantile(jx_ctx *ctx, void *arg) {
    (void)arg;
    static const uint32_t v[] = {3, 1, 2};
    static const double w[] = {1, 1, 1}, q = 0.5;
    uint32_t out = 0;
    JX_TRY(jx_weighted_quantiles_u32(ctx, v, w, 3, &q, 1, &out));
    assert_int_equal(out, 2);
    return JX_OK;
}

static void out_of_memory(void **state) {
    (void)state;
    jx_oom_sweep(some_quantile, NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(sums), cmocka_unit_test(quantiles), cmocka_unit_test(apportion),
                                       cmocka_unit_test(out_of_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
