/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Coordinate systems, plane and lengths against published answers and PROJ; indices and rings against looking at everything. */
#include <math.h>

#include "junxian/geo.h"
#include "junxian/num.h"
#include "oom.h"
#include "support.h"

static double dice(uint64_t seed, uint64_t k) { return (double)(jx_random(seed, 2, k) >> 11) / 9007199254740992.0; }

static double metres(double lon1, double lat1, double lon2, double lat2) {
    double k = 111320, c = cos((lat1 + lat2) / 2 * 3.14159265358979 / 180);
    return hypot((lon2 - lon1) * k * c, (lat2 - lat1) * k);
}

/* Tests of googollee/eviltransform (first two) and hujiulong/gcoord, which sits within a metre of the formula. */
static void gcj_known_answers(void **state) {
    (void)state;
    static const double rows[][7] = {{121.5272106, 31.1774276, 121.531541859, 31.175303984, 0, 0, 0.02},
                                     {116.377817, 39.911954, 116.384047225, 39.913345455, 0, 0, 1.0},
                                     {104.0640437, 30.5747262, 104.0665489, 30.5722732, 104.0730134, 30.5783237, 1.0},
                                     {126.528903, 45.8017783, 126.5349726, 45.8037804, 126.5415875, 45.8094074, 1.0},
                                     {87.6140048, 43.824388, 87.6168579, 43.8255962, 87.6232918, 43.8317719, 1.0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double lon = rows[i][0], lat = rows[i][1];
        jx_from_wgs84(JX_CRS_GCJ02, &lon, &lat);
        assert_true(metres(lon, lat, rows[i][2], rows[i][3]) < rows[i][6]);
        if (rows[i][4] != 0) {
            lon = rows[i][0], lat = rows[i][1];
            jx_from_wgs84(JX_CRS_BD09, &lon, &lat);
            assert_true(metres(lon, lat, rows[i][4], rows[i][5]) < 1.0);
        }
    }
}

static void there_and_back(void **state) {
    (void)state;
    static const jx_crs systems[] = {JX_CRS_WGS84, JX_CRS_CGCS2000, JX_CRS_GCJ02, JX_CRS_BD09};
    for (uint64_t i = 0; i < 20000; i++) {
        double lon = 74 + 60 * dice(1, 2 * i), lat = 4 + 49 * dice(1, 2 * i + 1);
        for (int s = 0; s < 4; s++) {
            double x = lon, y = lat;
            jx_from_wgs84(systems[s], &x, &y);
            double shift = metres(lon, lat, x, y);
            assert_true(s < 2 ? shift == 0 : shift > 20 && shift < 2200);
            jx_to_wgs84(systems[s], &x, &y);
            assert_true(metres(lon, lat, x, y) < 1e-3); /* asked for: 0.5 m */
        }
    }
    double lon = 9.5, lat = 47.1; /* outside China nothing is shifted */
    jx_from_wgs84(JX_CRS_GCJ02, &lon, &lat);
    assert_true(lon == 9.5 && lat == 47.1);
    assert_int_equal(jx_crs_parse("GCJ-02"), JX_CRS_GCJ02);
    assert_int_equal(jx_crs_parse("epsg:4490"), JX_CRS_CGCS2000);
    assert_int_equal(jx_crs_parse("utm"), JX_CRS_UNKNOWN);
}

static void plane_and_lengths_equal_proj(void **state) {
    (void)state;
    FILE *f = fopen(JX_SOURCE_DIR "/tests/data/geo/proj.csv", "r");
    char line[256];
    int planes = 0, lengths = 0;
    assert_non_null(f);
    while (fgets(line, sizeof line, f)) {
        double v[6];
        if (sscanf(line, "len,%lf,%lf,%lf,%lf,%lf", &v[0], &v[1], &v[2], &v[3], &v[4]) == 5) {
            jx_pt a, b;
            jx_pt_from_deg(v[0], v[1], &a);
            jx_pt_from_deg(v[2], v[3], &b);
            assert_true(fabs(jx_seg_mm(a, b) / 1e3 - v[4]) < 1e-3 + 1e-6 * v[4]);
            assert_int_equal(jx_seg_mm(a, b), jx_seg_mm(b, a));
            lengths++;
        } else if (sscanf(line, "%lf,%lf,%lf,%lf,%lf,%lf", &v[0], &v[1], &v[2], &v[3], &v[4], &v[5]) == 6) {
            jx_plane p;
            double x, y, lon, lat;
            jx_plane_init(&p, v[0], v[1]);
            jx_plane_fwd(&p, v[2], v[3], &x, &y);
            assert_true(fabs(x - v[4]) < 1e-3 && fabs(y - v[5]) < 1e-3);
            jx_plane_inv(&p, x, y, &lon, &lat);
            assert_true(fabs(lon - v[2]) < 1e-10 && fabs(lat - v[3]) < 1e-10);
            planes++;
        }
    }
    fclose(f);
    assert_true(planes == 20 && lengths == 5);
}

/* ---- index ------------------------------------------------------------------------------------------------------------ */

typedef struct cloud {
    jx_pt *pt;
    jx_pt at;
    uint32_t hits;
} cloud;

static double cloud_dist(void *user, uint32_t item, double best) {
    (void)best;
    cloud *c = user;
    return item % 7 == 3 ? -1 : jx_pt_pt_m(c->at, c->pt[item]); /* some are skipped */
}
static bool cloud_hit(void *user, uint32_t item) {
    (void)item;
    ((cloud *)user)->hits++;
    return true;
}

static void index_equals_looking_at_all(void **state) {
    (void)state;
    static const uint32_t sizes[] = {0, 1, 2, 15, 16, 17, 300, 5000};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        uint32_t n = sizes[s];
        jx_test t;
        jx_rtree *tree;
        jx_test_init(&t, 0);
        jx_pt *pt = jx_malloc(t.ctx, n, sizeof *pt);
        jx_box *box = jx_malloc(t.ctx, n, sizeof *box);
        for (uint32_t i = 0; i < n; i++) {
            pt[i] = (jx_pt){(int32_t)(1.19e9 + dice(s, 2 * i) * 1e7), (int32_t)(6.9e8 + dice(s, 2 * i + 1) * 1e7)};
            box[i] = (jx_box){pt[i].lon, pt[i].lat, pt[i].lon, pt[i].lat};
        }
        assert_int_equal(jx_rtree_build(t.ctx, box, n, &tree), JX_OK);
        for (uint64_t q = 0; q < 200; q++) {
            cloud c = {pt, {(int32_t)(1.19e9 + (dice(99, 2 * q) * 1.4 - 0.2) * 1e7), (int32_t)(6.9e8 + (dice(99, 2 * q + 1) * 1.4 - 0.2) * 1e7)}, 0};
            double best = 40000, got;
            uint32_t want = JX_NONE, inside = 0;
            jx_box win = {c.at.lon - 500000, c.at.lat - 300000, c.at.lon + 500000, c.at.lat + 300000};
            for (uint32_t i = 0; i < n; i++) {
                double d = cloud_dist(&c, i, 0);
                inside += jx_box_has(win, pt[i]) ? 1 : 0;
                if (d >= 0 && d < best) {
                    best = d;
                    want = i;
                }
            }
            assert_int_equal(jx_rtree_nearest(tree, c.at, 40000, cloud_dist, &c, &got), want);
            assert_true(want == JX_NONE || got == best);
            jx_rtree_query(tree, win, cloud_hit, &c);
            assert_int_equal(c.hits, inside);
        }
        jx_rtree_free(t.ctx, tree);
        jx_free(t.ctx, pt);
        jx_free(t.ctx, box);
        jx_test_release(&t);
    }
}

/* ---- rings -------------------------------------------------------------------------------------------------------------- */

static const jx_pt outer[] = {{0, 0}, {1000, 0}, {1000, 1000}, {0, 1000}, {0, 0}};
static const jx_pt hole[] = {{200, 200}, {200, 800}, {800, 800}, {800, 200}, {200, 200}};
static const jx_pt island[] = {{400, 400}, {600, 400}, {600, 600}, {400, 600}, {400, 400}};
static const jx_pt beside[] = {{1000, 1000}, {2000, 1000}, {2000, 2000}, {1000, 2000}, {1000, 1000}}; /* touches outer at a corner */

/* Every segment a line of its own, shuffled and turned round. */
static uint32_t shatter(const jx_pt *ring, uint32_t n, uint64_t seed, jx_pt (*seg)[2], jx_line *lines, uint32_t at) {
    for (uint32_t i = 0; i + 1 < n; i++, at++) {
        bool turn = dice(seed, at) < 0.5;
        seg[at][0] = ring[i + (turn ? 1 : 0)];
        seg[at][1] = ring[i + (turn ? 0 : 1)];
        lines[at] = (jx_line){seg[at], 2};
    }
    return at;
}

static void rings_from_pieces(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    for (uint64_t seed = 0; seed < 50; seed++) {
        jx_pt seg[16][2];
        jx_line lines[16];
        uint32_t n = shatter(outer, 5, seed, seg, lines, 0);
        n = shatter(hole, 5, seed, seg, lines, n);
        n = shatter(island, 5, seed, seg, lines, n);
        n = shatter(beside, 5, seed, seg, lines, n);
        for (uint32_t i = n; i-- > 1;) { /* shuffle */
            uint32_t k = (uint32_t)(dice(seed, 100 + i) * (i + 1));
            jx_line l = lines[i];
            lines[i] = lines[k];
            lines[k] = l;
        }
        jx_mpoly m;
        jx_assembly_report rep;
        assert_int_equal(jx_mpoly_assemble(t.ctx, lines, n, &m, &rep), JX_OK);
        assert_int_equal(m.n_rings, 4);
        assert_int_equal(m.n_parts, 3);
        assert_int_equal(rep.open_ends, 0);
        assert_int_equal(rep.crossings, 0);
        static const struct {
            jx_pt p;
            bool in;
        } probes[] = {{{100, 100}, true}, {{300, 300}, false}, {{500, 500}, true}, {{1500, 1500}, true}, {{1500, 500}, false}, {{1000, 1000}, true}, {{200, 500}, true}, {{-1, 0}, false}};
        jx_prepared *pre;
        assert_int_equal(jx_prepare(t.ctx, &m, &pre), JX_OK);
        for (size_t i = 0; i < sizeof probes / sizeof *probes; i++) {
            assert_int_equal(jx_mpoly_has(&m, probes[i].p), probes[i].in);
            assert_int_equal(jx_prepared_has(pre, probes[i].p), probes[i].in);
        }
        jx_prepared_free(t.ctx, pre);
        jx_mpoly_release(t.ctx, &m);
    }
    jx_test_release(&t);
}

static void bad_rings_are_counted(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    static const jx_pt bow[] = {{0, 0}, {1000, 1000}, {1000, 0}, {0, 1000}, {0, 0}}, open[] = {{0, 0}, {1000, 0}, {1000, 1000}};
    const jx_line cross = {bow, 5}, gap = {open, 3}, twice[2] = {{outer, 5}, {outer, 5}};
    jx_mpoly m;
    jx_assembly_report rep;
    assert_int_equal(jx_mpoly_assemble(t.ctx, &cross, 1, &m, &rep), JX_OK);
    assert_true(rep.crossings == 1 && m.n_rings == 1);
    jx_mpoly_release(t.ctx, &m);
    assert_int_equal(jx_mpoly_assemble(t.ctx, &gap, 1, &m, &rep), JX_OK);
    assert_true(rep.open_ends == 1 && m.n_parts == 0);
    jx_mpoly_release(t.ctx, &m);
    assert_int_equal(jx_mpoly_assemble(t.ctx, twice, 2, &m, &rep), JX_OK); /* what is drawn twice cancels */
    assert_true(m.n_parts == 0 && rep.duplicate_lines == 4);
    jx_mpoly_release(t.ctx, &m);
    assert_int_equal(jx_mpoly_assemble(t.ctx, NULL, 0, &m, &rep), JX_OK);
    assert_true(m.n_parts == 0 && !jx_mpoly_has(&m, (jx_pt){0, 0}));
    jx_mpoly_release(t.ctx, &m);
    jx_test_release(&t);
}

static void grids_hold_their_points(void **state) {
    (void)state;
    for (int kind = 0; kind < 2; kind++) {
        jx_grid g = {.kind = (jx_grid_kind)kind, .size_m = 250};
        jx_plane_init(&g.plane, 119.4, 31.4);
        for (uint64_t i = 0; i < 3000; i++) {
            jx_pt p;
            int32_t col, row, c2, r2, near[8][2];
            jx_pt ring[7];
            jx_pt_from_deg(119.4 + dice(5, 2 * i) - 0.5, 31.4 + dice(5, 2 * i + 1) - 0.5, &p);
            jx_grid_cell(&g, p, &col, &row);
            unsigned n = jx_grid_ring(&g, col, row, ring);
            assert_int_equal(n, kind ? 7 : 5);
            uint32_t off[2] = {0, n}, part[2] = {0, 1};
            jx_mpoly m = {ring, off, part, n, 1, 1, JX_BOX_EMPTY};
            for (unsigned k = 0; k < n; k++) {
                jx_box_add(&m.box, ring[k]);
            }
            assert_true(fabs(jx_mpoly_area_m2(&m) / jx_grid_cell_area_m2(&g) - 1) < 1e-3);
            m.box = jx_box_grow(m.box, 1);
            jx_grid_cell(&g, jx_grid_center(&g, col, row), &c2, &r2);
            assert_true(c2 == col && r2 == row);
            double x, y, cx, cy;
            jx_plane_pt(&g.plane, p, &x, &y);
            jx_plane_pt(&g.plane, jx_grid_center(&g, col, row), &cx, &cy);
            assert_true(hypot(x - cx, y - cy) < 250 * 0.71);
            unsigned k = kind ? 6 : 4;
            jx_grid_neighbours(&g, col, row, k, near);
            for (unsigned j = 0; j < k; j++) { /* neighbours' centres are one size away */
                jx_plane_pt(&g.plane, jx_grid_center(&g, near[j][0], near[j][1]), &x, &y);
                assert_true(fabs(hypot(x - cx, y - cy) - 250) < 0.1);
            }
        }
    }
}

static void simplified_lines_stay_near(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    jx_pt line[400];
    uint32_t keep[400], n;
    for (uint32_t i = 0; i < 400; i++) {
        line[i] = (jx_pt){(int32_t)(95000000 + i * 2000), (int32_t)(471000000 + dice(8, i) * 4000)};
    }
    assert_int_equal(jx_simplify(t.ctx, line, 400, 20, keep, &n), JX_OK);
    assert_true(n > 2 && n < 400 && keep[0] == 0 && keep[n - 1] == 399);
    for (uint32_t k = 0; k + 1 < n; k++) {
        for (uint32_t i = keep[k]; i <= keep[k + 1]; i++) {
            double at;
            assert_true(jx_pt_seg_m(line[i], line[keep[k]], line[keep[k + 1]], &at) <= 20.001);
        }
    }
    jx_test_release(&t);
}

static jx_status rings_once(jx_ctx *ctx, void *arg) {
    (void)arg;
    const jx_line lines[2] = {{outer, 5}, {hole, 5}};
    jx_mpoly m = {0}, copy = {0};
    jx_prepared *p = NULL;
    jx_rtree *tree = NULL;
    const jx_box box = {0, 0, 1, 1};
    jx_status st = jx_mpoly_assemble(ctx, lines, 2, &m, NULL);
    if (st == JX_OK) {
        st = jx_mpoly_copy(ctx, &m, &copy);
    }
    if (st == JX_OK) {
        st = jx_prepare(ctx, &m, &p);
    }
    if (st == JX_OK) {
        st = jx_rtree_build(ctx, &box, 1, &tree);
    }
    jx_rtree_free(ctx, tree);
    jx_prepared_free(ctx, p);
    jx_mpoly_release(ctx, &copy);
    jx_mpoly_release(ctx, &m);
    return st;
}

static void out_of_memory(void **state) {
    (void)state;
    jx_oom_sweep(rings_once, NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gcj_known_answers),      cmocka_unit_test(there_and_back),     cmocka_unit_test(plane_and_lengths_equal_proj),
        cmocka_unit_test(index_equals_looking_at_all), cmocka_unit_test(rings_from_pieces), cmocka_unit_test(bad_rings_are_counted),
        cmocka_unit_test(grids_hold_their_points), cmocka_unit_test(simplified_lines_stay_near), cmocka_unit_test(out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
