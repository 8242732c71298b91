/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* GeoJSON out: texts written down from RFC 7946 by hand, and areas read back by the reader, which is another library's.
 */
#include <math.h>

#include "junxian/io.h"
#include "oom.h"
#include "unit/io/folder.h"

static const jx_pt rings[] = {{-1, 5},
                              {100000000, -5},
                              {100000007, 89999999},
                              {-1, 5}, /* outer */
                              {60000000, 1000},
                              {60000000, 2000},
                              {61000000, 2000},
                              {60000000, 1000}, /* its hole */
                              {-1800000000, -900000000},
                              {-1799999999, -900000000},
                              {-1799999999, -899999999},
                              {-1800000000, -900000000}};

static jx_mpoly area_of(uint32_t *ring_off, uint32_t *part_off) {
    for (uint32_t i = 0; i < 4; i++) {
        ring_off[i] = 4 * i;
    }
    part_off[0] = 0;
    part_off[1] = 2;
    part_off[2] = 3;
    return (jx_mpoly){.pts = (jx_pt *)(uintptr_t)rings,
                      .ring_off = ring_off,
                      .part_off = part_off,
                      .n_pts = 12,
                      .n_rings = 3,
                      .n_parts = 2};
}

static jx_status write_all(jx_ctx *ctx, void *user) {
    uint32_t ring_off[4], part_off[3], band_ms[2] = {450000, 1800000}, none[1] = {0};
    jx_mpoly band[2] = {{.ring_off = none, .part_off = none}, area_of(ring_off, part_off)};
    const jx_isochrone iso = {.mode = JX_BIKE,
                              .direction = JX_TO_FACILITY,
                              .n_bands = 2,
                              .band_ms = band_ms,
                              .band = band,
                              .tolerance_m = 202.25};
    jx_buf b;
    jx_buf_init(&b, ctx);
    jx_status st = jx_geojson_isochrone(&b, &iso);
    if (st == JX_OK && user) {
        assert_string_equal(b.s, user);
    }
    jx_buf_release(&b);
    return st;
}

static char areas_text[] =
    "{\"type\":\"FeatureCollection\",\"features\":[\n"
    "{\"type\":\"Feature\",\"properties\":{\"minutes\":30,\"mode\":\"bike\",\"direction\":\"to\",\"tolerance_m\":202.2}"
    ",\"geometry\":"
    "{\"type\":\"MultiPolygon\",\"coordinates\":[[[[-0.0000001,0.0000005],[10.0000000,-0.0000005],[10.0000007,8."
    "9999999],[-0.0000001,0.0000005]],"
    "[[6.0000000,0.0001000],[6.0000000,0.0002000],[6.1000000,0.0002000],[6.0000000,0.0001000]]],"
    "[[[-180.0000000,-90.0000000],[-179.9999999,-90.0000000],[-179.9999999,-89.9999999],[-180.0000000,-90.0000000]]]]}}"
    ",\n"
    "{\"type\":\"Feature\",\"properties\":{\"minutes\":7.5,\"mode\":\"bike\",\"direction\":\"to\",\"tolerance_m\":202."
    "2},\"geometry\":"
    "{\"type\":\"MultiPolygon\",\"coordinates\":[]}}\n]}\n";

static void areas(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    assert_int_equal(write_all(t.ctx, areas_text), JX_OK);
    jx_test_release(&t);
    jx_oom_sweep(write_all, NULL);
}

/* Read back through jansson: the same positions. */
static void there_and_back(void **state) {
    (void)state;
    jx_test t;
    folder d;
    jx_mpoly m;
    char *name;
    jx_test_init(&t, 0);
    folder_make(&d);
    put(in(&d, "a.geojson"), areas_text, sizeof areas_text - 1);
    assert_int_equal(jx_geojson_boundary(t.ctx, in(&d, "a.geojson"), JX_CRS_WGS84, &m, &name), JX_OK);
    assert_int_equal(m.n_rings, 3);
    assert_int_equal(m.n_parts, 2);
    for (uint32_t i = 0; i < 12; i++) {
        bool found = false;
        for (uint32_t k = 0; k < m.n_pts && !found; k++) {
            found = m.pts[k].lon == rings[i].lon && m.pts[k].lat == rings[i].lat;
        }
        assert_true(found);
    }
    jx_mpoly_release(t.ctx, &m);
    folder_clear(d.path);
    jx_test_release(&t);
}

static void lines(void **state) {
    (void)state;
    jx_test t;
    jx_buf b;
    jx_geojson g;
    jx_test_init(&t, 0);
    jx_buf_init(&b, t.ctx);
    const jx_geojson_prop props[] = {{.key = "name", .text = "\"溧阳\""},
                                     {.key = "km", .number = 12.345, .decimals = 1},
                                     {.key = "unknown", .number = (double)NAN, .decimals = 1}};
    jx_geojson_begin(&g, &b);
    jx_geojson_line(&g, rings, 2, props, 3);
    jx_geojson_line(&g, rings + 4, 1, NULL, 0);
    assert_int_equal(jx_geojson_end(&g), JX_OK);
    assert_string_equal(
        b.s,
        "{\"type\":\"FeatureCollection\",\"features\":[\n"
        "{\"type\":\"Feature\",\"properties\":{\"name\":\"\\\"溧阳\\\"\",\"km\":12.3,\"unknown\":null},\"geometry\":"
        "{\"type\":\"LineString\",\"coordinates\":[[-0.0000001,0.0000005],[10.0000000,-0.0000005]]}},\n"
        "{\"type\":\"Feature\",\"properties\":{},\"geometry\":{\"type\":\"LineString\",\"coordinates\":[[6.0000000,0."
        "0001000],[6.0000000,0.0001000]]}}\n]}\n");
    jx_buf_release(&b);
    jx_test_release(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(areas), cmocka_unit_test(there_and_back),
                                       cmocka_unit_test(lines)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
