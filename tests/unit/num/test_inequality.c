/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Inequality: published values, and what must hold whatever the numbers.
 * Published: PySAL inequality 1.x, tests test_gini.py, test_theil.py, test_atkinson.py on libpysal's example "mexico" (income of the 32 states in
 * 1940 and regions of Hanson 1998; facts, BSD-3); R package ineq's example vector with the value of its Gini as recorded by
 * fikovnik/ISSTA18-artifact (experiment/ineq/ineq/ineq/test-6.R).
 */
#include <math.h>

#include "junxian/inequality.h"
#include "oom.h"
#include "support.h"

static const double mexico_1940[32] = {10384, 22361, 9573, 3758, 2934, 8578, 8537, 6909, 17816, 12132, 4359, 2181, 4414, 5309, 3408,  3327,
                                       6936,  4836,  9073, 1892, 3569, 11016, 21965, 4372, 4840, 6399, 2459, 7508, 3605, 5203, 7990, 3734};
static const double mexico_2000[32] = {27782, 29855, 26103, 36163, 8684, 30735, 28460, 21358, 54349, 17379, 15585, 11820, 12348, 21610, 16322, 11838,
                                       18170, 11478, 38672, 9010, 15685, 26149, 33442, 15866, 15242, 24068, 13360, 23546, 11701, 12191, 17509, 11130};
static const uint32_t hanson[32] = {1, 0, 1, 4, 4, 0, 0, 2, 3, 1, 2, 4, 2, 2, 3, 2, 2, 1, 0, 4, 2, 2, 4, 1, 1, 0, 4, 0, 2, 2, 4, 1};
static const jx_inequality_options half = {0.5, NAN, false};

static void ones(double *w, size_t n) {
    for (size_t i = 0; i < n; i++) {
        w[i] = 1;
    }
}

static void as_published(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    double w[32];
    ones(w, 32);
    jx_inequality q, rows[7];
    assert_int_equal(jx_inequality_of(t.ctx, mexico_1940, w, 32, &half, &q), JX_OK);
    assert_near(q.gini, 0.35372371173452849, 1e-15);
    assert_near(q.theil_t, 0.20894344, 5e-9);
    assert_int_equal(jx_inequality_by_group(t.ctx, mexico_1940, w, 32, hanson, 5, &half, rows), JX_OK);
    jx_theil_parts p = jx_theil_split(rows, 5, NULL, NULL);
    assert_near(p.between_t, 0.0345889, 5e-8);
    assert_near(p.within_t + p.between_t, q.theil_t, 1e-15);
    assert_int_equal(jx_inequality_by_group(t.ctx, mexico_2000, w, 32, hanson, 5, &half, rows), JX_OK);
    p = jx_theil_split(rows, 5, NULL, NULL);
    assert_near(rows[6].theil_t, 0.10660832, 5e-9);
    assert_near(p.between_t, 0.03635872, 5e-9);
    const double ten[10] = {541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261}, five[5] = {10, 20, 30, 40, 50};
    assert_int_equal(jx_inequality_of(t.ctx, ten, w, 10, &half, &q), JX_OK);
    assert_near(q.gini, 0.462091130267624, 1e-14);
    assert_int_equal(jx_inequality_of(t.ctx, five, w, 5, &half, &q), JX_OK);
    assert_near(q.atkinson, 0.06315, 1e-5);
    assert_near((1 - q.atkinson) * q.mean, 28.105398233, 1e-8);
    const jx_inequality_options one = {1, NAN, false};
    assert_int_equal(jx_inequality_of(t.ctx, five, w, 5, &one, &q), JX_OK);
    assert_near((1 - q.atkinson) * q.mean, 26.0517108, 1e-7);
    const double split[6] = {0, 0, 0, 10, 10, 10};
    const uint32_t sides[6] = {0, 0, 0, 1, 1, 1};
    assert_int_equal(jx_inequality_by_group(t.ctx, split, w, 6, sides, 2, &half, rows), JX_OK);
    p = jx_theil_split(rows, 2, NULL, NULL);
    assert_near(rows[3].theil_t, 0.6931471805599453, 1e-15);
    assert_near(p.between_t, 0.6931471805599453, 1e-15);
    assert_true(p.within_t == 0 && isinf(rows[3].theil_l) && isinf(p.between_l));
    jx_test_release(&t);
}

/* Values and weights of a stream; some zero, some missing. */
static size_t draw(uint64_t seed, double *x, double *w, uint32_t *group, bool gaps) {
    size_t n = 2 + jx_random(seed, 0, 0) % 60;
    for (size_t i = 0; i < n; i++) {
        uint64_t r = jx_random(seed, 1, i);
        x[i] = r % 11 == 0 && gaps ? 0 : (double)(1 + (r >> 8) % 10000) / 37;
        x[i] = r % 13 == 0 && gaps ? NAN : x[i];
        w[i] = (double)(1 + (r >> 40) % 500) / 3;
        group[i] = (r >> 30) % 5 == 4 ? JX_NONE : (uint32_t)((r >> 30) % 5);
    }
    return n;
}

static void splitting_scaling_and_doubling_change_nothing(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    double x[256], w[256], x2[256], w2[256];
    uint32_t g[256];
    for (uint64_t seed = 1; seed <= 300; seed++) {
        size_t n = draw(seed, x, w, g, true);
        jx_inequality a, b;
        const jx_inequality_options opt = {seed % 2 ? 0.5 : 2, 100, false};
        for (size_t i = 0; i < n; i++) { /* twice over, one copy cut in two people's parts, in another order */
            x2[i] = x[n - 1 - i], w2[i] = w[n - 1 - i];
            x2[n + i] = x[i], w2[n + i] = w[i] / 4;
            x2[2 * n + i] = x[i], w2[2 * n + i] = w[i] * 3 / 4;
        }
        assert_int_equal(jx_inequality_of(t.ctx, x, w, n, &opt, &a), JX_OK);
        assert_int_equal(jx_inequality_of(t.ctx, x2, w2, 3 * n, &opt, &b), JX_OK);
        assert_int_equal(3 * a.n_missing, b.n_missing);
        assert_near(2 * a.missing, b.missing, 1e-9);
        assert_near(2 * a.people, b.people, 1e-9);
        if (a.mean > 0) {
            assert_true(a.gini >= 0 && a.gini < 1 && a.theil_t >= 0 && a.theil_l >= 0 && a.atkinson >= 0 && a.atkinson <= 1);
            assert_near(a.gini, b.gini, 1e-13);
            assert_near(a.theil_t, b.theil_t, 1e-13);
            assert_near(a.atkinson, b.atkinson, 1e-12);
            assert_true(a.theil_l == b.theil_l || fabs(a.theil_l - b.theil_l) < 1e-13);
            assert_true(a.palma == b.palma || fabs(a.palma / b.palma - 1) < 1e-11);
            assert_true(a.median == b.median && a.p90 == b.p90);
            for (int k = 0; k < 3; k++) {
                assert_near(a.fgt[k], b.fgt[k], 1e-13);
            }
        }
        const jx_inequality_options opt4 = {opt.epsilon, 400, false};
        for (size_t i = 0; i < n; i++) {
            x2[i] = 4 * x[i];
        }
        assert_int_equal(jx_inequality_of(t.ctx, x2, w, n, &opt4, &b), JX_OK);
        if (a.mean > 0) { /* four times everything is exact in binary */
            assert_true(a.gini == b.gini && a.theil_t == b.theil_t && a.atkinson == b.atkinson && a.fgt[1] == b.fgt[1]);
        }
    }
    jx_test_release(&t);
}

static void gini_by_pairs(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    double x[64], w[64];
    uint32_t g[64];
    for (uint64_t seed = 1; seed <= 200; seed++) {
        size_t n = draw(seed, x, w, g, false);
        double pairs = 0, people = 0, sum = 0;
        for (size_t i = 0; i < n; i++) {
            people += w[i], sum += w[i] * x[i];
            for (size_t k = 0; k < n; k++) {
                pairs += w[i] * w[k] * fabs(x[i] - x[k]);
            }
        }
        jx_inequality a;
        jx_concentration c;
        double curve[101], area = 0;
        assert_int_equal(jx_inequality_of(t.ctx, x, w, n, NULL, &a), JX_OK);
        assert_near(a.gini, pairs / (2 * people * sum), 1e-13);
        assert_int_equal(jx_concentration_of(t.ctx, x, w, x, n, NAN, NAN, &c), JX_OK); /* ordered by itself, concentration is the Gini */
        assert_near(c.standard, a.gini, 1e-13);
        assert_true(fabs(c.palma / (a.palma * 4) - 1) < 1e-12); /* shares of 10 and 40 % against means */
        assert_int_equal(jx_lorenz(t.ctx, x, w, n, 100, curve), JX_OK);
        for (int k = 0; k < 100; k++) {
            assert_true(curve[k] <= curve[k + 1] && curve[k] <= k / 100.0 + 1e-12);
            area += (curve[k] + curve[k + 1]) / 200;
        }
        assert_true(curve[0] == 0 && curve[100] == 1);
        assert_near(1 - 2 * area, a.gini, 1e-3);
        assert_true((curve[100] - curve[90]) / curve[40] - a.palma < 1e-9 * a.palma);
    }
    jx_test_release(&t);
}

static void theil_comes_apart_exactly(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    double x[64], w[64], bt[5], bl[5];
    uint32_t g[64];
    for (uint64_t seed = 1; seed <= 500; seed++) {
        size_t n = draw(seed, x, w, g, seed % 3 == 0);
        jx_inequality rows[6], all;
        assert_int_equal(jx_inequality_by_group(t.ctx, x, w, n, g, 4, &half, rows), JX_OK);
        assert_int_equal(jx_inequality_of(t.ctx, x, w, n, &half, &all), JX_OK);
        assert_memory_equal(&all, &rows[5], sizeof all); /* the last row is the whole, whatever the groups */
        double people = 0, missing = 0;
        uint32_t count = 0;
        for (int k = 0; k < 5; k++) {
            people += rows[k].people, missing += rows[k].missing, count += rows[k].n;
        }
        assert_near(people, all.people, 1e-9); /* with the row of those without a group, nobody is lost */
        assert_near(missing, all.missing, 1e-9);
        assert_int_equal(count, all.n);
        jx_theil_parts p = jx_theil_split(rows, 4, bt, bl);
        double ulp = 2.220446049250313e-16;
        assert_true(fabs(p.within_t + p.between_t - all.theil_t) <= 32 * ulp * (1 + all.theil_t));
        assert_near(bt[0] + bt[1] + bt[2] + bt[3] + bt[4], p.between_t, 1e-14);
        if (!isinf(all.theil_l)) {
            assert_true(fabs(p.within_l + p.between_l - all.theil_l) <= 32 * ulp * (1 + all.theil_l));
            assert_near(bl[0] + bl[1] + bl[2] + bl[3] + bl[4], p.between_l, 1e-14);
        } else {
            assert_true(isinf(p.within_l));
        }
    }
    jx_test_release(&t);
}

static void equals_nobody_and_the_unreachable(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    double x[7], w[7] = {0.1, 0.7, 0.3, 1e6, 1e-6, 3, 0};
    for (int i = 0; i < 7; i++) {
        x[i] = 0.1;
    }
    jx_inequality q;
    jx_concentration c;
    const double rank[7] = {3, 1, 2, 2, 9, -4, 0};
    assert_int_equal(jx_inequality_of(t.ctx, x, w, 7, &half, &q), JX_OK);
    assert_true(q.gini == 0 && q.theil_t == 0 && q.theil_l == 0 && q.atkinson == 0);
    assert_near(q.palma, 0.25, 1e-12);
    assert_int_equal(jx_concentration_of(t.ctx, x, w, rank, 7, 0, 1, &c), JX_OK);
    assert_true(c.standard == 0 && c.wagstaff == 0 && c.erreygers == 0);
    assert_int_equal(jx_inequality_of(t.ctx, x, w, 0, &half, &q), JX_OK);
    assert_true(q.n == 0 && q.people == 0 && isnan(q.mean) && isnan(q.gini) && isnan(q.median));
    const double far[4] = {10, 20, INFINITY, NAN}, one[4] = {1, 1, 2, 5};
    const jx_inequality_options limit = {0.5, 15, true};
    assert_int_equal(jx_inequality_of(t.ctx, far, one, 4, &limit, &q), JX_OK);
    assert_true(q.infinite == 2 && q.missing == 5 && q.n_missing == 1 && q.people == 2 && q.mean == 15 && q.median == 20 && isinf(q.p90));
    assert_near(q.fgt[0], 0.75, 1e-15);                   /* one of two who can, and two who cannot */
    assert_near(q.fgt[1], (5 / 15.0 + 2) / 4, 1e-15);
    const double zero[2] = {0, 0};
    assert_int_equal(jx_inequality_of(t.ctx, zero, one, 2, &half, &q), JX_OK);
    assert_true(q.mean == 0 && q.zero == 2 && isnan(q.gini));
    jx_test_release(&t);
}

/* The order of people of one rank, and of rows, cannot matter; the bounded forms are their definitions. */
static void concentration_is_of_ranks(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    double x[64], w[64], rank[64], y[64], v[64], s[64], curve_sum;
    uint32_t g[64];
    for (uint64_t seed = 1; seed <= 200; seed++) {
        size_t n = draw(seed, x, w, g, false);
        for (size_t i = 0; i < n; i++) {
            rank[i] = (double)(jx_random(seed, 2, i) % 7) - 3;
        }
        jx_concentration a, b;
        assert_int_equal(jx_concentration_of(t.ctx, x, w, rank, n, 0, 300, &a), JX_OK);
        double people = 0, sum = 0;
        for (size_t i = 0; i < n; i++) {
            people += w[i], sum += w[i] * x[i];
            y[i] = x[n - 1 - i], v[i] = w[n - 1 - i], s[i] = rank[n - 1 - i] * 5 + 100;
        }
        curve_sum = 0;
        for (size_t i = 0; i < n; i++) { /* fractional rank by counting, pair by pair */
            double r = 0;
            for (size_t k = 0; k < n; k++) {
                r += rank[k] < rank[i] ? w[k] : rank[k] == rank[i] ? w[k] / 2 : 0;
            }
            curve_sum += w[i] * x[i] * r / people;
        }
        size_t same = 1;
        while (same < n && rank[same] == rank[0]) {
            same++;
        }
        if (same == n) { /* one rank orders nobody */
            assert_true(isnan(a.standard) && isnan(a.wagstaff) && isnan(a.erreygers) && isnan(a.palma));
            continue;
        }
        double mean = sum / people, standard = 2 * curve_sum / sum - 1;
        assert_near(a.standard, standard, 1e-12);
        assert_near(a.erreygers, standard * 4 * mean / 300, 1e-12);
        assert_near(a.wagstaff, standard * mean * 300 / ((300 - mean) * mean), 1e-11);
        assert_int_equal(jx_concentration_of(t.ctx, y, v, s, n, 0, 300, &b), JX_OK);
        assert_near(a.standard, b.standard, 1e-13);
        assert_near(a.palma, b.palma, 1e-10 * a.palma);
        for (size_t i = 0; i < n; i++) {
            s[i] = -rank[n - 1 - i];
        }
        assert_int_equal(jx_concentration_of(t.ctx, y, v, s, n, 0, 300, &b), JX_OK);
        assert_near(a.standard, -b.standard, 1e-12); /* the other way round, the other sign */
    }
    jx_test_release(&t);
}

static jx_status everything(jx_ctx *ctx, void *arg) {
    (void)arg;
    double w[32], curve[11], q[2] = {0.25, 0.75}, at[2];
    ones(w, 32);
    jx_inequality a, rows[7];
    jx_concentration c;
    JX_TRY(jx_inequality_of(ctx, mexico_1940, w, 32, &half, &a));
    JX_TRY(jx_inequality_by_group(ctx, mexico_1940, w, 32, hanson, 5, &half, rows));
    JX_TRY(jx_lorenz(ctx, mexico_1940, w, 32, 10, curve));
    JX_TRY(jx_weighted_quantiles(ctx, mexico_1940, w, 32, q, 2, at));
    return jx_concentration_of(ctx, mexico_1940, w, mexico_2000, 32, NAN, NAN, &c);
}

static void memory_may_end_anywhere(void **state) {
    (void)state;
    jx_oom_sweep(everything, NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(as_published),
                                       cmocka_unit_test(splitting_scaling_and_doubling_change_nothing),
                                       cmocka_unit_test(gini_by_pairs),
                                       cmocka_unit_test(theil_comes_apart_exactly),
                                       cmocka_unit_test(equals_nobody_and_the_unreachable),
                                       cmocka_unit_test(concentration_is_of_ranks),
                                       cmocka_unit_test(memory_may_end_anywhere)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
