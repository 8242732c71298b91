/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* Fields: what is true of bilinear interpolation and of Horn's slope on planes, and gaps that stay gaps. */
#include <math.h>

#include "junxian/raster.h"
#include "oom.h"
#include "support.h"

static void plane(jx_field *f, double gx, double gy) {
    for (uint32_t r = 0; r < f->n_rows; r++) {
        for (uint32_t c = 0; c < f->n_cols; c++) {
            double x = f->west + (c + 0.5) * f->dx, y = f->north - (r + 0.5) * f->dy;
            f->v[(size_t)r * f->n_cols + c] = (float)(gx * (x - 1000) + gy * (y - 2000));
        }
    }
}

static void test_plane_comes_back(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    jx_field f;
    assert_int_equal(jx_field_init(t.ctx, 40, 30, 1000, 2000, 32, 16, &f), JX_OK);
    plane(&f, 0.25, -0.5); /* powers of two: the heights are exact */
    jx_test_rng rng = {7, 0};
    for (int i = 0; i < 10000; i++) { /* between the outermost centres */
        double x = 1016 + jx_test_unit(&rng) * 39 * 32, y = 1992 - jx_test_unit(&rng) * 29 * 16;
        assert_true(fabs(jx_field_sample(&f, x, y) - (0.25 * (x - 1000) - 0.5 * (y - 2000))) < 1e-9);
    }
    for (uint32_t r = 1; r < 29; r++) {
        for (uint32_t c = 1; c < 39; c++) {
            assert_true(fabs(jx_field_slope(&f, c, r) - sqrt(0.25 * 0.25 + 0.5 * 0.5)) < 1e-12);
        }
    }
    jx_field_release(t.ctx, &f);
    jx_test_release(&t);
}

static void test_borders_and_gaps(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    jx_field f;
    assert_int_equal(jx_field_init(t.ctx, 3, 3, 0, 30, 10, 10, &f), JX_OK);
    for (int i = 0; i < 9; i++) {
        assert_true(isnan(f.v[i]));
        f.v[i] = (float)i;
    }
    /* within half a cell of the border its values go on; outside there is nothing */
    assert_true(jx_field_sample(&f, 0, 30) == 0 && jx_field_sample(&f, 30, 0) == 8);
    assert_true(jx_field_sample(&f, 30, 15) == 5 && jx_field_sample(&f, 15, 30) == 1);
    assert_true(isnan(jx_field_sample(&f, -0.001, 15)) && isnan(jx_field_sample(&f, 15, 30.001)));
    assert_true(isnan(jx_field_sample(&f, NAN, 15)) && isnan(jx_field_sample(&f, 15, INFINITY)));
    assert_int_equal(jx_field_cell(&f, 0, 30), 0);
    assert_int_equal(jx_field_cell(&f, 30, 0), 8);
    assert_int_equal(jx_field_cell(&f, 10, 20), 4);
    assert_int_equal(jx_field_cell(&f, 30.1, 0), JX_NONE);
    assert_int_equal(jx_field_cell(&f, NAN, 0), JX_NONE);
    /* a gap reaches as far as its centre has weight */
    f.v[4] = NAN;
    assert_true(isnan(jx_field_sample(&f, 14, 16)) && isnan(jx_field_sample(&f, 15, 15)));
    assert_true(jx_field_sample(&f, 5, 15) == 3 && jx_field_sample(&f, 15, 25) == 1);
    assert_true(isnan(jx_field_slope(&f, 1, 1)) && isnan(jx_field_slope(&f, 0, 1)));
    jx_field_release(t.ctx, &f);
    jx_test_release(&t);
}

static void shifted(const void *user, double x, double y, double *sx, double *sy) {
    const double *by = user;
    *sx = x + by[0];
    *sy = y + by[1];
}

static void test_resample(void **state) {
    (void)state;
    for (unsigned threads = 0; threads < 6; threads += 5) {
        jx_test t;
        jx_test_init(&t, threads);
        jx_field src, dst;
        const double by[2] = {100000, -50000};
        assert_int_equal(jx_field_init(t.ctx, 40, 30, 101000, -48000, 32, 16, &src), JX_OK);
        assert_int_equal(jx_field_init(t.ctx, 111, 67, 1100, 1900, 4, 2, &dst), JX_OK);
        for (uint32_t i = 0; i < 40 * 30; i++) {
            src.v[i] = (float)(8 * (i % 40) + 4 * (i / 40));
        }
        assert_int_equal(jx_field_resample(t.ctx, &src, shifted, by, &dst), JX_OK);
        for (uint32_t i = 0; i < 111 * 67; i++) {
            double x = 1100 + (i % 111 + 0.5) * 4, y = 1900 - (i / 111 + 0.5) * 2;
            double want = 8 * ((x - 1000) / 32 - 0.5) + 4 * ((2000 - y) / 16 - 0.5);
            assert_true(fabs(dst.v[i] - want) < 1e-4);
        }
        jx_field_release(t.ctx, &dst);
        jx_field_release(t.ctx, &src);
        jx_test_release(&t);
    }
}

static void test_shapes_refused(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    jx_field f;
    static const struct {
        uint32_t c, r;
        double w, n, dx, dy;
    } bad[] = {{0, 5, 0, 0, 1, 1},        {5, 0, 0, 0, 1, 1},         {5, 5, 0, 0, 0, 1},
               {5, 5, 0, 0, 1, -1},       {5, 5, 0, 0, NAN, 1},       {5, 5, 0, NAN, 1, 1},
               {5, 5, INFINITY, 0, 1, 1}, {65536, 65536, 0, 0, 1, 1}, {5, 5, 0, 0, 1, INFINITY}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(jx_field_init(t.ctx, bad[i].c, bad[i].r, bad[i].w, bad[i].n, bad[i].dx, bad[i].dy, &f),
                         JX_E_INPUT);
        assert_int_equal(jx_test_error(&t), JX_M_FIELD_SHAPE);
        jx_field_release(t.ctx, &f);
    }
    jx_test_release(&t);
}

static jx_status one(jx_ctx *ctx, void *arg) {
    (void)arg;
    jx_field f;
    jx_status st = jx_field_init(ctx, 9, 9, 0, 0, 1, 1, &f);
    jx_field_release(ctx, &f);
    return st;
}

static void test_memory(void **state) {
    (void)state;
    jx_oom_sweep(one, NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plane_comes_back), cmocka_unit_test(test_borders_and_gaps),
        cmocka_unit_test(test_resample),         cmocka_unit_test(test_shapes_refused),
        cmocka_unit_test(test_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
