/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* The local plane against proj, lengths against geod (tables in tests/data/geo), boxes. */
#include <math.h>

#include "junxian/geo.h"
#include "support.h"

static void plane_is_projs(void **state) {
    (void)state;
    size_t n, rows = 0;
    char *file = jx_test_file("tests/data/geo/tmerc.txt", &n), *at = file;
    double lon0, lat0, lon, lat, x, y, worst = 0, worst_back = 0;
    for (int used; sscanf(at, "%lf %lf %lf %lf %lf %lf%n", &lon0, &lat0, &lon, &lat, &x, &y, &used) == 6;
         at += used, rows++) {
        jx_plane pl;
        jx_plane_init(&pl, lon0, lat0);
        double gx, gy, glon, glat;
        jx_plane_fwd(&pl, lon, lat, &gx, &gy);
        worst = fmax(worst, hypot(gx - x, gy - y));
        jx_plane_inv(&pl, gx, gy, &glon, &glat);
        worst_back = fmax(worst_back, fmax(fabs(glon - lon) * cos(lat * 0.017453292519943295), fabs(glat - lat)));
    }
    free(file);
    assert_true(rows > 500);
    assert_true(worst < 2e-6);       /* proj prints micrometres */
    assert_true(worst_back < 1e-11); /* degrees: a micrometre */
}

static void lengths_are_geods(void **state) {
    (void)state;
    size_t n, rows = 0;
    char *file = jx_test_file("tests/data/geo/lengths.txt", &n), *at = file;
    jx_pt a, b;
    double m;
    for (int used; sscanf(at, "%d %d %d %d %lf%n", &a.lon, &a.lat, &b.lon, &b.lat, &m, &used) == 5;
         at += used, rows++) {
        assert_true(fabs(jx_pt_pt_m(a, b) - m) <= 1e-6 * m + 1e-6);
        assert_true(fabs(jx_seg_mm(a, b) - m * 1000) <= 1e-3 * m + 0.501);
        assert_true(jx_seg_mm(a, b) == jx_seg_mm(b, a));
        if (m < 5000 && fabs(a.lat / 1e7) < 60) { /* a map with the scale at one end */
            double t;
            assert_true(fabs(jx_pt_seg_m(a, b, b, &t) - m) < 2e-3 * m + 1e-6);
        }
    }
    free(file);
    assert_true(rows == 1500);
    assert_int_equal(jx_seg_mm((jx_pt){5, 5}, (jx_pt){5, 5}), 0);
}

static void feet_on_segments(void **state) {
    (void)state;
    jx_test_rng rng = {5, 0};
    for (int i = 0; i < 2000; i++) { /* the foot is the nearest of a hundred points along */
        jx_pt a = {1194800000 + (int32_t)jx_test_below(&rng, 20000), 314000000 + (int32_t)jx_test_below(&rng, 20000)};
        jx_pt b = {1194800000 + (int32_t)jx_test_below(&rng, 20000), 314000000 + (int32_t)jx_test_below(&rng, 20000)};
        jx_pt p = {1194800000 + (int32_t)jx_test_below(&rng, 20000), 314000000 + (int32_t)jx_test_below(&rng, 20000)};
        double t, u, d = jx_pt_seg_m(p, a, b, &t), least = 1e9;
        assert_true(t >= 0 && t <= 1);
        for (int k = 0; k <= 100; k++) {
            jx_pt q = {(int32_t)lround(a.lon + (b.lon - a.lon) * k / 100.0),
                       (int32_t)lround(a.lat + (b.lat - a.lat) * k / 100.0)};
            least = fmin(least, jx_pt_seg_m(p, q, q, &u));
        }
        assert_true(d <= least + 0.01 && least <= d + jx_pt_pt_m(a, b) / 100 + 0.01);
    }
}

static void boxes(void **state) {
    (void)state;
    jx_box b = JX_BOX_EMPTY;
    jx_box_add(&b, (jx_pt){10, 20});
    jx_box_add(&b, (jx_pt){-5, 40});
    assert_true(b.min_lon == -5 && b.max_lon == 10 && b.min_lat == 20 && b.max_lat == 40);
    assert_true(jx_box_has(b, (jx_pt){-5, 40}) && !jx_box_has(b, (jx_pt){-6, 40}));
    jx_box all = b;
    jx_box_join(&all, JX_BOX_EMPTY);
    assert_memory_equal(&all, &b, sizeof b);
    jx_test_rng rng = {6, 0};
    for (int i = 0; i < 2000; i++) { /* nothing within the distance is outside the grown box */
        jx_pt p = {(int32_t)((jx_test_unit(&rng) - 0.5) * 3.4e9), (int32_t)((jx_test_unit(&rng) - 0.5) * 1.7e9)};
        double metres = 20000 * jx_test_unit(&rng), az = 6.283185307 * jx_test_unit(&rng);
        jx_plane pl;
        jx_plane_init(&pl, jx_deg(p.lon), jx_deg(p.lat));
        jx_box grown = jx_box_grow((jx_box){p.lon, p.lat, p.lon, p.lat}, metres * 1.0001 + 0.02);
        assert_true(jx_box_has(grown, jx_plane_to_pt(&pl, metres * sin(az), metres * cos(az))));
    }
    jx_box pole = jx_box_grow((jx_box){1799999999, 899999999, 1799999999, 899999999}, 1e6);
    assert_true(pole.max_lon == 1800000000 && pole.max_lat == 900000000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plane_is_projs),
        cmocka_unit_test(lengths_are_geods),
        cmocka_unit_test(feet_on_segments),
        cmocka_unit_test(boxes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
