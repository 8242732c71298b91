/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* Grids: every point lies in one cell, whose ring holds it; neighbours share corners; areas are the promised ones. */
#include <math.h>

#include "junxian/geo.h"
#include "support.h"

static jx_mpoly ring_of(const jx_grid *g, int32_t col, int32_t row, jx_pt pts[7], uint32_t off[2]) {
    static uint32_t part[2] = {0, 1};
    off[0] = 0;
    off[1] = jx_grid_ring(g, col, row, pts);
    jx_mpoly m = {pts, off, part, off[1], 1, 1, JX_BOX_EMPTY};
    for (uint32_t i = 0; i < off[1]; i++) {
        jx_box_add(&m.box, pts[i]);
    }
    return m;
}

static double to_line(const jx_mpoly *m, jx_pt p) {
    double best = INFINITY, t;
    for (uint32_t i = 0; i + 1 < m->n_pts; i++) {
        best = fmin(best, jx_pt_seg_m(p, m->pts[i], m->pts[i + 1], &t));
    }
    return best;
}

static bool next_to(const int32_t (*cells)[2], unsigned n, int32_t col, int32_t row) {
    for (unsigned i = 0; i < n; i++) {
        if (cells[i][0] == col && cells[i][1] == row) {
            return true;
        }
    }
    return false;
}

static void check_cell(const jx_grid *g, jx_pt p) {
    int32_t col, row, col2, row2, near[8][2];
    jx_pt pts[7], other[7];
    uint32_t off[2], off2[2];
    unsigned n = g->kind == JX_GRID_HEX ? 6 : 8;
    jx_grid_cell(g, p, &col, &row);
    jx_mpoly m = ring_of(g, col, row, pts, off);
    assert_int_equal(off[1], g->kind == JX_GRID_HEX ? 7 : 5);
    assert_true(pts[0].lon == pts[off[1] - 1].lon && pts[0].lat == pts[off[1] - 1].lat);
    bool on_line = to_line(&m, p) < 0.03; /* corners are rounded to a centimetre */
    assert_true(jx_mpoly_has(&m, p) || on_line);
    assert_true(fabs(jx_mpoly_area_m2(&m) / jx_grid_cell_area_m2(g) - 1) < 2e-3);
    jx_grid_cell(g, jx_grid_center(g, col, row), &col2, &row2);
    assert_true(col == col2 && row == row2);
    jx_grid_neighbours(g, col, row, n, near);
    for (unsigned i = 0; i < n; i++) {
        int32_t back[8][2];
        jx_mpoly o = ring_of(g, near[i][0], near[i][1], other, off2);
        assert_true(!jx_mpoly_has(&o, p) || on_line);
        unsigned shared = 0;
        for (uint32_t a = 0; a + 1 < off[1]; a++) {
            for (uint32_t b = 0; b + 1 < off2[1]; b++) {
                shared += pts[a].lon == other[b].lon && pts[a].lat == other[b].lat;
            }
        }
        assert_int_equal(shared, g->kind == JX_GRID_SQUARE && i >= 4 ? 1 : 2); /* the very same corners */
        jx_grid_neighbours(g, near[i][0], near[i][1], n, back);
        assert_true(next_to((const int32_t(*)[2])back, n, col, row));
        assert_false(next_to((const int32_t(*)[2])near, i, near[i][0], near[i][1]));
    }
}

static void one_cell_each(void **state) {
    (void)state;
    jx_test_rng rng = {41, 0};
    for (int k = 0; k < 24; k++) {
        jx_grid g = {.kind = k % 2 ? JX_GRID_HEX : JX_GRID_SQUARE, .size_m = 50 + 2000 * jx_test_unit(&rng)};
        double lon0 = -170 + 340 * jx_test_unit(&rng), lat0 = -70 + 140 * jx_test_unit(&rng);
        jx_plane_init(&g.plane, lon0, lat0);
        for (int i = 0; i < 1000; i++) {
            double x = (jx_test_unit(&rng) - 0.5) * 120000, y = (jx_test_unit(&rng) - 0.5) * 120000;
            check_cell(&g, jx_plane_to_pt(&g.plane, x, y));
        }
    }
}

/* Hexagons are the nearest-centre regions of their lattice. */
static void hexagons_are_nearest(void **state) {
    (void)state;
    jx_test_rng rng = {42, 0};
    jx_grid g = {.kind = JX_GRID_HEX, .size_m = 500};
    jx_plane_init(&g.plane, 119.4, 31.4);
    for (int i = 0; i < 5000; i++) {
        double x = (jx_test_unit(&rng) - 0.5) * 20000, y = (jx_test_unit(&rng) - 0.5) * 20000;
        int32_t col, row;
        jx_grid_cell(&g, jx_plane_to_pt(&g.plane, x, y), &col, &row);
        double cx, cy, best = INFINITY, mine = INFINITY;
        for (int32_t r = row - 2; r <= row + 2; r++) {
            for (int32_t c = col - 2; c <= col + 2; c++) {
                jx_plane_pt(&g.plane, jx_grid_center(&g, c, r), &cx, &cy);
                double d = hypot(x - cx, y - cy);
                best = fmin(best, d);
                mine = c == col && r == row ? d : mine;
            }
        }
        assert_true(mine < best + 0.05);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_cell_each),
        cmocka_unit_test(hexagons_are_nearest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
