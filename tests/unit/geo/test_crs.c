/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* GCJ-02 and BD-09 against points published with other implementations; round trips; names; what is outside stays. */
#include <math.h>

#include "junxian/geo.h"
#include "support.h"

/*
 * From googollee/eviltransform (c/test.c) and hujiulong/gcoord (test/fixtures/china-cities.json). The gcoord rows come
 * from the map services themselves, which are 0.64 to 0.73 m from the published formula; gcoord allows 5e-5 degrees.
 */
static const struct {
    double lon, lat, gcj_lon, gcj_lat, bd_lon, bd_lat, tolerance;
} known[] = {
    {121.5272106, 31.1774276, 121.531541859, 31.175303984, 0, 0, 2e-7},
    {116.377817, 39.911954, 116.384047225, 39.913345455, 0, 0, 2e-7},
    {104.0640437, 30.5747262, 104.0665489, 30.5722732, 104.0730134, 30.5783237, 9e-6},
    {126.528903, 45.8017783, 126.5349726, 45.8037804, 126.5415875, 45.8094074, 9e-6},
    {87.6140048, 43.824388, 87.6168579, 43.8255962, 87.6232918, 43.8317719, 9e-6},
};

static void published_points(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        double lon = known[i].lon, lat = known[i].lat;
        jx_from_wgs84(JX_CRS_GCJ02, &lon, &lat);
        assert_true(fabs(lon - known[i].gcj_lon) < known[i].tolerance &&
                    fabs(lat - known[i].gcj_lat) < known[i].tolerance);
        lon = known[i].gcj_lon;
        lat = known[i].gcj_lat;
        jx_to_wgs84(JX_CRS_GCJ02, &lon, &lat);
        assert_true(fabs(lon - known[i].lon) < known[i].tolerance && fabs(lat - known[i].lat) < known[i].tolerance);
        if (known[i].bd_lon > 0) { /* GCJ-02 to BD-09 agrees to a centimetre */
            jx_from_wgs84(JX_CRS_BD09, &lon, &lat);
            assert_true(fabs(lon - known[i].bd_lon) < 2e-7 && fabs(lat - known[i].bd_lat) < 2e-7);
        }
    }
}

static void round_trips(void **state) {
    (void)state;
    jx_test_rng rng = {11, 0};
    for (int i = 0; i < 50000; i++) {
        double lon = 72.03 + 65.7 * jx_test_unit(&rng), lat = 0.86 + 54.9 * jx_test_unit(&rng);
        double gcj_lon = lon, gcj_lat = lat, bd_lon = lon, bd_lat = lat;
        jx_from_wgs84(JX_CRS_GCJ02, &gcj_lon, &gcj_lat);
        jx_from_wgs84(JX_CRS_BD09, &bd_lon, &bd_lat);
        double k = cos(lat * 0.017453292519943295);
        assert_true(hypot((gcj_lon - lon) * k, gcj_lat - lat) * 111000 <
                    800); /* moved by as much as these systems move */
        double further = hypot((bd_lon - gcj_lon) * k, bd_lat - gcj_lat) * 111000;
        assert_true(further > 700 && further < 1050); /* 0.0065 and 0.006 degrees, give or take 50 m */
        jx_to_wgs84(JX_CRS_GCJ02, &gcj_lon, &gcj_lat);
        jx_to_wgs84(JX_CRS_BD09, &bd_lon, &bd_lat);
        assert_true(fabs(gcj_lon - lon) < 1e-9 && fabs(gcj_lat - lat) < 1e-9);
        assert_true(fabs(bd_lon - lon) < 1e-9 && fabs(bd_lat - lat) < 1e-9);
    }
}

static void what_stays(void **state) {
    (void)state;
    static const double outside[][2] = {{9.5, 47.1},  {-120, 31}, {72.0, 30}, {137.84, 30}, {100, 0.8},
                                        {100, 55.83}, {179, -89}, {0, 0},     {140.5, 35}};
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
        for (jx_crs crs = JX_CRS_UNKNOWN; crs <= JX_CRS_BD09; crs++) {
            double x = outside[i][0], y = outside[i][1];
            jx_from_wgs84(crs, &x, &y);
            assert_true(x == outside[i][0] && y == outside[i][1]);
        }
    }
    jx_test_rng rng = {12, 0};
    for (int i = 0; i < 1000; i++) { /* the inverse never runs away, whatever it is given */
        double lon = -200 + 400 * jx_test_unit(&rng), lat = -95 + 190 * jx_test_unit(&rng), x = lon, y = lat;
        jx_to_wgs84(JX_CRS_BD09, &x, &y);
        assert_true(fabs(x - lon) < 0.05 && fabs(y - lat) < 0.05);
        x = lon;
        y = lat;
        jx_to_wgs84(JX_CRS_CGCS2000, &x, &y);
        assert_true(x == lon && y == lat);
    }
    double nan_lon = NAN, nan_lat = 30;
    jx_to_wgs84(JX_CRS_GCJ02, &nan_lon, &nan_lat);
    assert_true(isnan(nan_lon));
}

static void names(void **state) {
    (void)state;
    assert_int_equal(jx_crs_parse("WGS84"), JX_CRS_WGS84);
    assert_int_equal(jx_crs_parse("epsg:4326"), JX_CRS_WGS84);
    assert_int_equal(jx_crs_parse("EPSG:4490"), JX_CRS_CGCS2000);
    assert_int_equal(jx_crs_parse("Cgcs2000"), JX_CRS_CGCS2000);
    assert_int_equal(jx_crs_parse("GCJ02"), JX_CRS_GCJ02);
    assert_int_equal(jx_crs_parse("bd09"), JX_CRS_BD09);
    assert_int_equal(jx_crs_parse(""), JX_CRS_UNKNOWN);
    assert_int_equal(jx_crs_parse("gcj"), JX_CRS_UNKNOWN);
    assert_int_equal(jx_crs_parse("wgs84 "), JX_CRS_UNKNOWN);
    for (jx_crs crs = JX_CRS_WGS84; crs <= JX_CRS_BD09; crs++) {
        assert_int_equal(jx_crs_parse(jx_crs_name(crs)), crs);
    }
}

static void degrees(void **state) {
    (void)state;
    jx_pt p;
    assert_true(jx_pt_from_deg(180, -90, &p) && p.lon == 1800000000 && p.lat == -900000000);
    assert_true(jx_pt_from_deg(119.48123456, 31.41999999, &p) && p.lon == 1194812346 && p.lat == 314200000);
    assert_false(jx_pt_from_deg(180.0000001, 0, &p));
    assert_false(jx_pt_from_deg(0, 90.0000001, &p));
    assert_false(jx_pt_from_deg(NAN, 0, &p));
    assert_false(jx_pt_from_deg(0, INFINITY, &p));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_points), cmocka_unit_test(round_trips),
        cmocka_unit_test(what_stays),       cmocka_unit_test(names),
        cmocka_unit_test(degrees),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
