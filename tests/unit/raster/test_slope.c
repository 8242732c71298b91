/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* Speed by slope: Tobler's published figures, the balance of powers of AccessMod's bicycle, streets on planes. */
#include <math.h>

#include "junxian/raster.h"
#include "support.h"

static const jx_slope_model walk = {JX_SLOPE_WALK_TOBLER, 0};

/* Tobler 1993: 6 km/h at 5 % downhill, "about 5 km/h" (5.04) on the flat, symmetric about -0.05. */
static void test_tobler(void **state) {
    (void)state;
    const double flat = 6 * exp(-3.5 * 0.05);
    assert_true(fabs(flat - 5.04) < 0.005);
    assert_true(fabs(jx_slope_speed(&walk, 0) - 1) < 1e-15);
    assert_true(fabs(jx_slope_speed(&walk, -0.05) * flat - 6) < 1e-14);
    for (double s = -1; s <= 1; s += 1.0 / 512) {
        assert_true(fabs(jx_slope_speed(&walk, s) * flat / (6 * exp(-3.5 * fabs(s + 0.05))) - 1) < 1e-14);
    }
    assert_true(jx_slope_speed(&walk, 50) == jx_slope_speed(&walk, 1));
    assert_true(jx_slope_speed(&walk, -50) == jx_slope_speed(&walk, -1));
}

/* AccessMod's user manual: the power of the flat speed is held; never above twice that speed. Written from the manual's
 * constants once more, and solved by halving intervals instead of Newton. */
static double manual(double flat_kmh, double s) {
    double air = (1.293 - 0.00426 * 20) * exp(-500 / 7000.0), a = 0.445 * air / 2, weight = 9.8 * 95;
    double v0 = flat_kmh / 3.6, power = v0 * weight * 0.012 + v0 * v0 * v0 * a, lo = 0, hi = 2 * v0;
    for (int i = 0; i < 200; i++) {
        double v = (lo + hi) / 2;
        *(v * weight * (s + 0.012) + v * v * v * a < power ? &lo : &hi) = v;
    }
    return lo / v0;
}

static void test_bicycle(void **state) {
    (void)state;
    for (double kmh = 5; kmh <= 30; kmh += 2.5) {
        jx_slope_model m = {JX_SLOPE_BIKE_POWER, kmh};
        double before = 3;
        assert_true(fabs(jx_slope_speed(&m, 0) - 1) < 1e-12);
        for (double s = -1; s <= 1; s += 1.0 / 256) {
            double v = jx_slope_speed(&m, s), push = 6 * exp(-3.5 * fabs(s + 0.05)) / kmh, want = manual(kmh, s);
            want = s > 0 && push > want ? fmin(push, 1) : want;
            assert_true(fabs(v / want - 1) < 1e-9);
            assert_true(v <= before + 1e-12 && v <= 2 && v > 0); /* steeper is never faster */
            before = v;
        }
        assert_true(jx_slope_speed(&m, -0.5) == 2);
    }
}

/* Height 0.08 x: east is up 8 %, west down, north level. */
static jx_field ramp(jx_ctx *ctx) {
    jx_field f;
    assert_int_equal(jx_field_init(ctx, 64, 64, 0, 640, 10, 10, &f), JX_OK);
    for (uint32_t i = 0; i < 64 * 64; i++) {
        f.v[i] = (float)(0.08 * 10 * (i % 64 + 0.5));
    }
    return f;
}

static double q(uint32_t q16) {
    return q16 / 65536.0;
}

static void test_streets_on_a_ramp(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    jx_field f = ramp(t.ctx);
    const jx_slope_model models[] = {walk, {JX_SLOPE_BIKE_POWER, 15}};
    for (int k = 0; k < 2; k++) {
        const jx_slope_model *m = &models[k];
        double up = 1 / jx_slope_speed(m, 0.08), down = 1 / jx_slope_speed(m, -0.08);
        double x[] = {50, 450}, y[] = {300, 300}, corner_x[] = {100, 300, 300}, corner_y[] = {300, 300, 600};
        static const double steps[] = {1, 10, 30, 400, 1e9, INFINITY};
        for (int i = 0; i < 6; i++) { /* one slope: any step gives it */
            jx_slope_factor g = jx_slope_along(&f, m, x, y, 2, steps[i]);
            assert_true(fabs(q(g.fwd_q16) - up) < 2e-4 && fabs(q(g.bwd_q16) - down) < 2e-4 && g.voids == 0);
            assert_int_equal(g.pieces, i < 1 ? 400 : i < 2 ? 40 : i < 3 ? 14 : 1);
        }
        /* 200 m up and 300 m level: time integrates */
        jx_slope_factor g = jx_slope_along(&f, m, corner_x, corner_y, 3, 10);
        assert_true(fabs(q(g.fwd_q16) - (2 * up + 3) / 5) < 2e-4);
        assert_true(fabs(q(g.bwd_q16) - (2 * down + 3) / 5) < 2e-4);
        assert_true(g.fwd_q16 > g.bwd_q16);
        /* a bridge from end to end knows nothing of the bend */
        g = jx_slope_along(&f, m, corner_x, corner_y, 3, INFINITY);
        assert_true(g.pieces == 1 && fabs(q(g.fwd_q16) * jx_slope_speed(m, 0.08 * 200 / 500) - 1) < 2e-4);
    }
    jx_field_release(t.ctx, &f);
    jx_test_release(&t);
}

static void test_there_and_back(void **state) { /* forward along the turned line is backward along the line */
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    jx_field f = ramp(t.ctx);
    jx_test_rng rng = {3, 0};
    for (uint32_t i = 0; i < 64 * 64; i++) {
        f.v[i] = jx_test_below(&rng, 20) ? (float)(30 * jx_test_unit(&rng)) : NAN;
    }
    for (int i = 0; i < 500; i++) {
        double x[2][9], y[2][9];
        size_t n = 2 + jx_test_below(&rng, 8);
        for (size_t k = 0; k < n; k++) {
            x[0][k] = x[1][n - 1 - k] = 640 * jx_test_unit(&rng);
            y[0][k] = y[1][n - 1 - k] = 640 * jx_test_unit(&rng);
        }
        jx_slope_factor a = jx_slope_along(&f, &walk, x[0], y[0], n, 12),
                        b = jx_slope_along(&f, &walk, x[1], y[1], n, 12);
        assert_true(a.pieces == b.pieces && a.voids == b.voids);
        assert_true(llabs((long long)a.fwd_q16 - b.bwd_q16) <= 1 && llabs((long long)a.bwd_q16 - b.fwd_q16) <= 1);
    }
    jx_field_release(t.ctx, &f);
    jx_test_release(&t);
}

static void test_no_height_is_level_and_counted(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 3);
    jx_field f = ramp(t.ctx);
    double x[] = {100, 300, 300, 300, -500, -100, 5, 5, 600, 700}, y[] = {300, 300, 300, 600, 5, 5, 5, 5, 100, 100};
    size_t first[] = {0, 2, 4, 6, 8, 10, 10};
    bool bridge[] = {false, false, false, false, true, false};
    jx_slope_factor out[6];
    assert_int_equal(jx_slope_factors(t.ctx, &f, &walk, x, y, first, NULL, 2, 10, out), JX_OK);
    assert_int_equal(jx_test_said(&t, JX_M_DEM_VOIDS), 0);
    assert_int_equal(jx_slope_factors(t.ctx, &f, &walk, x, y, first, bridge, 6, 10, out), JX_OK);
    assert_int_equal(jx_test_said(&t, JX_M_DEM_VOIDS), 1);
    assert_true(out[2].fwd_q16 == 65536 && out[2].bwd_q16 == 65536 && out[2].voids == 40 && out[2].pieces == 40);
    assert_true(out[3].fwd_q16 == 65536 && out[3].pieces == 0); /* no length */
    assert_true(out[4].fwd_q16 == 65536 && out[4].pieces == 1 && out[4].voids == 1);
    assert_true(out[5].fwd_q16 == 65536 && out[5].pieces == 0); /* no points */
    jx_slope_factor same = jx_slope_along(&f, &walk, x, y, 2, 10);
    assert_memory_equal(&same, &out[0], sizeof same);
    jx_field_release(t.ctx, &f);
    jx_test_release(&t);
}

static void test_refused(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    jx_field f = ramp(t.ctx);
    size_t first[] = {0};
    static const double steps[] = {0, -1, NAN}, speeds[] = {0, -1, NAN, 1e9};
    for (int i = 0; i < 3; i++) {
        assert_int_equal(jx_slope_factors(t.ctx, &f, &walk, NULL, NULL, first, NULL, 0, steps[i], NULL), JX_E_INPUT);
        assert_int_equal(jx_test_error(&t), JX_M_SLOPE_STEP);
    }
    for (int i = 0; i < 4; i++) {
        jx_slope_model m = {JX_SLOPE_BIKE_POWER, speeds[i]};
        assert_int_equal(jx_slope_factors(t.ctx, &f, &m, NULL, NULL, first, NULL, 0, 10, NULL), JX_E_INPUT);
        assert_int_equal(jx_test_error(&t), JX_M_SLOPE_SPEED);
    }
    assert_int_equal(jx_slope_factors(t.ctx, &f, &walk, NULL, NULL, first, NULL, 0, 10, NULL), JX_OK);
    jx_field_release(t.ctx, &f);
    jx_test_release(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tobler),
        cmocka_unit_test(test_bicycle),
        cmocka_unit_test(test_streets_on_a_ramp),
        cmocka_unit_test(test_there_and_back),
        cmocka_unit_test(test_no_height_is_level_and_counted),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
