/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* The R-tree: what it finds is what looking at every item finds, from the equator to the poles. */
#include <math.h>

#include "junxian/geo.h"
#include "oom.h"
#include "support.h"

enum { MAX = 5000 };

typedef struct found {
    uint8_t seen[MAX];
    size_t n, stop;
} found;

static bool mark(void *user, uint32_t item) {
    found *f = user;
    f->seen[item]++;
    return ++f->n != f->stop;
}

static int32_t spread(jx_test_rng *r, double middle, double width) {
    double v = middle + (jx_test_unit(r) - 0.5) * width;
    return (int32_t)v;
}

static void queries(void **state) {
    (void)state;
    static const uint32_t sizes[] = {0, 1, 2, 15, 16, 17, 255, 256, 257, 4097, MAX};
    static jx_box boxes[MAX];
    jx_test t;
    jx_test_init(&t, 0);
    jx_test_rng rng = {31, 0};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        uint32_t n = sizes[s];
        for (uint32_t i = 0; i < n; i++) {
            int32_t x = spread(&rng, 0, 3.4e9), y = spread(&rng, 0, 1.6e9);
            boxes[i] =
                (jx_box){x, y, x + (int32_t)jx_test_below(&rng, 40000000), y + (int32_t)jx_test_below(&rng, 40000000)};
        }
        jx_rtree *tree;
        assert_int_equal(jx_rtree_build(t.ctx, boxes, n, &tree), JX_OK);
        for (int q = 0; q < 200; q++) {
            int32_t x = spread(&rng, 0, 3e9), y = spread(&rng, 0, 1.4e9);
            jx_box asked = {x, y, x + (int32_t)jx_test_below(&rng, 300000000),
                            y + (int32_t)jx_test_below(&rng, 100000000)};
            found f = {.n = 0};
            jx_rtree_query(tree, asked, mark, &f);
            for (uint32_t i = 0; i < n; i++) {
                assert_int_equal(f.seen[i], jx_box_meets(boxes[i], asked));
            }
            if (f.n > 1) { /* stops when told */
                found some = {.stop = 1};
                jx_rtree_query(tree, asked, mark, &some);
                assert_int_equal(some.n, 1);
            }
        }
        jx_rtree_free(t.ctx, tree);
    }
    jx_rtree_free(t.ctx, NULL);
    jx_test_release(&t);
}

typedef struct items {
    jx_pt p, a[MAX], b[MAX];
    bool segments, every_third_out;
    size_t asked;
} items;

static double distance(void *user, uint32_t i, double best) {
    items *it = user;
    double t;
    (void)best;
    it->asked++;
    if (it->every_third_out && i % 3 == 0) {
        return -1;
    }
    return it->segments ? jx_pt_seg_m(it->p, it->a[i], it->b[i], &t) : jx_pt_pt_m(it->p, it->a[i]);
}

static uint32_t by_hand(items *it, uint32_t n, double max_m, double *best) {
    uint32_t item = JX_NONE;
    *best = max_m;
    for (uint32_t i = 0; i < n; i++) {
        double d = distance(it, i, *best);
        if (d >= 0 && (item == JX_NONE ? d <= *best : d < *best)) {
            *best = d;
            item = i;
        }
    }
    return item;
}

static void check_nearest(jx_ctx *ctx, jx_test_rng *rng, double lat, double width, bool coarse) {
    static items it;
    static jx_box boxes[MAX];
    uint32_t n = 1 + (uint32_t)jx_test_below(rng, jx_test_below(rng, 2) ? MAX : 60); /* few: the nearest may be far */
    int32_t grain = coarse ? 1000000 : 1; /* coarse: many items in the same place, so that ties occur */
    double wide =
        fabs(lat) > 65 && width > 1e7 ? 4 * width : width; /* where meridians meet, degrees of longitude are short */
    double height = lat + width / 2e7 > 89.9 ? (89.9 - lat) * 2e7 : width;
    it.segments = jx_test_below(rng, 2);
    for (uint32_t i = 0; i < n; i++) {
        it.a[i] = (jx_pt){spread(rng, 1e9, wide) / grain * grain, spread(rng, lat * 1e7, height) / grain * grain};
        it.b[i] = (jx_pt){it.a[i].lon + spread(rng, 0, 20000), it.a[i].lat + spread(rng, 0, 20000)};
        boxes[i] = (jx_box){it.a[i].lon, it.a[i].lat, it.a[i].lon, it.a[i].lat};
        if (it.segments) {
            jx_box_add(&boxes[i], it.b[i]);
        }
    }
    jx_rtree *tree;
    assert_int_equal(jx_rtree_build(ctx, boxes, n, &tree), JX_OK);
    size_t asked = 0;
    for (int q = 0; q < 50; q++) {
        double best, expected, max_m = q % 5 ? INFINITY : 20000 * jx_test_unit(rng);
        it.p = (jx_pt){spread(rng, 1e9, wide * 1.2) / grain * grain, spread(rng, lat * 1e7, height) / grain * grain};
        it.every_third_out = q % 7 == 0;
        it.asked = 0;
        uint32_t got = jx_rtree_nearest(tree, it.p, max_m, distance, &it, &best);
        asked += it.asked;
        assert_int_equal(got, by_hand(&it, n, max_m, &expected));
        assert_true(got == JX_NONE || best == expected);
    }
    if (n > 1000 && !coarse && fabs(lat) < 70) {
        assert_true(asked < 50 * 60); /* it does not look at everything */
    }
    jx_rtree_free(ctx, tree);
}

static void nearest(void **state) {
    (void)state;
    static const double lats[] = {0, 31.4, -47, 69, 80, 88, -88};
    jx_test t;
    jx_test_init(&t, 0);
    jx_test_rng rng = {32, 0};
    for (size_t l = 0; l < sizeof lats / sizeof *lats; l++) {
        for (int round = 0; round < 40; round++) {
            check_nearest(t.ctx, &rng, lats[l], round % 2 ? 4e6 : 8e7, round % 4 == 2); /* a county; eight degrees */
        }
    }
    jx_rtree *none;
    assert_int_equal(jx_rtree_build(t.ctx, NULL, 0, &none), JX_OK);
    assert_int_equal(jx_rtree_nearest(none, (jx_pt){0, 0}, INFINITY, distance, NULL, NULL), JX_NONE);
    jx_rtree_free(t.ctx, none);
    jx_test_release(&t);
}

static jx_status build(jx_ctx *ctx, void *arg) {
    jx_rtree *tree;
    JX_TRY(jx_rtree_build(ctx, arg, 100, &tree));
    jx_rtree_free(ctx, tree);
    return JX_OK;
}

static void failing_memory(void **state) {
    (void)state;
    static jx_box boxes[100];
    jx_oom_sweep(build, boxes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(queries),
        cmocka_unit_test(nearest),
        cmocka_unit_test(failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
