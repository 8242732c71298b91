/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* Polygons: prepared tests equal plain ones, label points lie inside, copies, simplification, memory failing at every
 * step. */
#include "oom.h"
#include "tables.h"

/* Every polygon of the table: many points, vertices and points beside them; both ways of asking agree. */
static void prepared_is_plain(void **state) {
    (void)state;
    static table_case c;
    jx_test t;
    jx_test_init(&t, 0);
    jx_test_rng rng = {21, 0};
    size_t n;
    char *file = jx_test_file("tests/data/geo/polygons.txt", &n), *at = file;
    while (table_next(&at, &c)) {
        jx_mpoly m, copy;
        jx_prepared *p;
        assert_int_equal(jx_mpoly_assemble(t.ctx, c.lines, c.n_lines, &m, NULL), JX_OK);
        assert_int_equal(jx_mpoly_copy(t.ctx, &m, &copy), JX_OK);
        assert_true(same_mpoly(&m, &copy));
        assert_int_equal(jx_prepare(t.ctx, &copy, &p), JX_OK);
        for (int i = 0; i < 500; i++) {
            jx_pt v = m.pts[jx_test_below(&rng, m.n_pts)];
            assert_true(jx_prepared_has(p, v) && jx_mpoly_has(&m, v)); /* the line belongs to the area */
            v.lon += (int32_t)jx_test_below(&rng, 2001) - 1000;
            v.lat += (int32_t)jx_test_below(&rng, 5) - 2;
            assert_true(jx_prepared_has(p, v) == jx_mpoly_has(&m, v));
        }
        jx_pt label = jx_mpoly_label_point(&m);
        assert_true(jx_mpoly_has(&m, label));
        jx_prepared_free(t.ctx, p);
        jx_mpoly_release(t.ctx, &m);
        jx_mpoly_release(t.ctx, &copy);
    }
    free(file);
    jx_test_release(&t);
}

/* A comb of tall teeth: an edge list per slab would outgrow the polygon a thousandfold. */
static void tall_edges(void **state) {
    (void)state;
    enum { TEETH = 20000 };
    jx_test t;
    jx_test_init(&t, 0);
    jx_pt *pts = malloc((2 * TEETH + 4) * sizeof *pts);
    assert_non_null(pts);
    uint32_t n = 0;
    for (int i = 0; i < TEETH; i++) {
        pts[n++] = (jx_pt){i * 20, 0};
        pts[n++] = (jx_pt){i * 20 + 10, 1000000};
    }
    pts[n++] = (jx_pt){TEETH * 20, 2000000};
    pts[n++] = (jx_pt){0, 2000000};
    pts[n++] = pts[0];
    jx_mpoly m;
    jx_prepared *p;
    assert_int_equal(jx_mpoly_assemble(t.ctx, &(jx_line){pts, n}, 1, &m, NULL), JX_OK);
    size_t before = jx_mem_used(t.mem);
    assert_int_equal(jx_prepare(t.ctx, &m, &p), JX_OK);
    assert_true(jx_mem_used(t.mem) - before < 64 * (size_t)n);
    assert_true(jx_prepared_has(p, (jx_pt){10, 1000001}) && !jx_prepared_has(p, (jx_pt){10, 999000}));
    jx_prepared_free(t.ctx, p);
    jx_mpoly_release(t.ctx, &m);
    free(pts);
    jx_test_release(&t);
}

/* A thin diagonal, a hook and a crumb: no raster hits them, the label must. */
static void label_points(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    static const jx_pt diagonal[] = {{0, 0}, {1000000, 1000000}, {1000040, 1000000}, {40, 0}, {0, 0}};
    static const jx_pt hook[] = {{0, 0},     {1000, 0}, {1000, 1000}, {0, 1000}, {0, 999},
                                 {999, 999}, {999, 1},  {0, 1},       {0, 0}};
    static const jx_pt crumb[] = {{0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}};
    const jx_line lines[] = {{diagonal, 5}, {hook, 9}, {crumb, 5}};
    for (int i = 0; i < 3; i++) {
        jx_mpoly m;
        assert_int_equal(jx_mpoly_assemble(t.ctx, &lines[i], 1, &m, NULL), JX_OK);
        jx_pt p = jx_mpoly_label_point(&m);
        assert_true(jx_mpoly_has(&m, p));
        for (uint32_t k = 0; k < m.n_pts && i == 0; k++) {
            assert_false(p.lon == m.pts[k].lon && p.lat == m.pts[k].lat);
        }
        jx_mpoly_release(t.ctx, &m);
    }
    jx_mpoly box;
    assert_int_equal(jx_mpoly_from_box(t.ctx, (jx_box){0, 0, 1000, 1000}, &box), JX_OK);
    check_form(&box);
    jx_pt p = jx_mpoly_label_point(&box);
    assert_true(labs(p.lon - 500) < 100 && labs(p.lat - 500) < 100); /* of a square: its middle */
    jx_mpoly_release(t.ctx, &box);
    jx_test_release(&t);
}

static void nothing_at_all(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    jx_mpoly none = {.box = JX_BOX_EMPTY}, copy;
    jx_prepared *p;
    assert_false(jx_mpoly_has(&none, (jx_pt){0, 0}));
    assert_true(jx_mpoly_area_m2(&none) == 0);
    assert_int_equal(jx_mpoly_copy(t.ctx, &none, &copy), JX_OK);
    assert_int_equal(copy.n_parts, 0);
    assert_int_equal(jx_prepare(t.ctx, &none, &p), JX_OK);
    assert_false(jx_prepared_has(p, (jx_pt){0, 0}));
    jx_prepared_free(t.ctx, p);
    jx_prepared_free(t.ctx, NULL);
    jx_mpoly_release(t.ctx, &copy);
    jx_mpoly_release(t.ctx, &copy);
    jx_test_release(&t);
}

/* Ends stay, indices ascend, every dropped point is within the tolerance of the line that replaces it. */
static void simplified_lines(void **state) {
    (void)state;
    enum { N = 600 };
    jx_test t;
    jx_test_init(&t, 0);
    jx_test_rng rng = {22, 0};
    for (int round = 0; round < 60; round++) {
        jx_pt pts[N];
        uint32_t keep[N], n_keep, n = (uint32_t)jx_test_below(&rng, N + 1), last = UINT32_MAX;
        jx_pt at = {1194800000, (int32_t)(((double)round - 30) * 2.5e7)};
        for (uint32_t i = 0; i < n; i++) {
            at.lon += (int32_t)jx_test_below(&rng, 4001) - 1000;
            at.lat += (int32_t)jx_test_below(&rng, 4001) - 2000;
            pts[i] = at;
        }
        if (n > 3 && round % 3 == 0) {
            pts[n - 1] = pts[0]; /* a ring */
        }
        for (double tol = 0; tol < 2000; tol = tol * 4 + 1) {
            assert_int_equal(jx_simplify(t.ctx, pts, n, tol, keep, &n_keep), JX_OK);
            assert_true(n_keep <= n && n_keep <= last && (n < 2 || n_keep >= 2));
            if (n) {
                assert_true(keep[0] == 0 && keep[n_keep - 1] == n - 1);
            }
            for (uint32_t k = 0; k + 1 < n_keep; k++) {
                assert_true(keep[k] < keep[k + 1]);
                for (uint32_t i = keep[k] + 1; i < keep[k + 1]; i++) {
                    double u;
                    assert_true(jx_pt_seg_m(pts[i], pts[keep[k]], pts[keep[k + 1]], &u) <= tol);
                }
            }
            last = tol > 0 ? n_keep : UINT32_MAX; /* a larger tolerance keeps no more */
        }
    }
    jx_test_release(&t);
}

static jx_status everything(jx_ctx *ctx, void *arg) {
    const jx_pt *pts = arg;
    jx_mpoly m = {0}, copy = {0};
    jx_prepared *p = NULL;
    uint32_t keep[201], n_keep;
    jx_status st = jx_mpoly_from_box(ctx, (jx_box){0, 0, 5, 5}, &m);
    st = st == JX_OK ? jx_mpoly_copy(ctx, &m, &copy) : st;
    st = st == JX_OK ? jx_prepare(ctx, &copy, &p) : st;
    st = st == JX_OK ? jx_simplify(ctx, pts, 201, 0.001, keep, &n_keep) : st;
    jx_prepared_free(ctx, p);
    jx_mpoly_release(ctx, &m);
    jx_mpoly_release(ctx, &copy);
    return st;
}

static void failing_memory(void **state) {
    (void)state;
    static jx_pt pts[201];
    for (int i = 0; i < 201; i++) {
        pts[i] = (jx_pt){i * 1000, (i * 7919) % 1000};
    }
    jx_oom_sweep(everything, pts);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prepared_is_plain), cmocka_unit_test(tall_edges),       cmocka_unit_test(label_points),
        cmocka_unit_test(nothing_at_all),    cmocka_unit_test(simplified_lines), cmocka_unit_test(failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
