/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Several metrics customised at once: the bits of one after another, for every instruction set and number of threads.
 */
#include "graph.h"
#include "network/lanes.h"
#include "oom.h"
#include "support.h"

enum { MAX_METRICS = 9 };

typedef struct metrics {
    test_graph g;
    uint32_t n, *own[MAX_METRICS];
    const uint32_t *time[MAX_METRICS];
} metrics;

/* The graph's own times, and others of all kinds that share nothing with them: lanes must not mix. */
static void metrics_make(uint64_t i, uint32_t n, metrics *m) {
    m->n = n;
    for (uint32_t k = 0; k < n; k++) {
        size_t words = (size_t)m->g.g.n_edges * 2;
        m->own[k] = malloc((words + 1) * sizeof(uint32_t));
        for (size_t e = 0; e < words; e++) {
            uint64_t r = jx_random(31 + k, i, e);
            m->own[k][e] =
                k == 0 ? m->g.time[e] : graph_time(k % 2 ? (uint8_t)r : 5, (uint8_t)(r >> 8), (uint8_t)(r >> 16));
        }
        m->time[k] = m->own[k];
    }
}

static bool metrics_of_bytes(uint64_t i, metrics *m) {
    static uint8_t bytes[8192];
    size_t size = 2 + 7 * (size_t)(jx_random(21, i, 0) % (i % 10 == 0 ? 900 : 120));
    for (size_t k = 0; k < size; k++) {
        bytes[k] = (uint8_t)jx_random(22, i, k);
    }
    if (!graph_from_bytes(bytes, size, i % 10 == 0 ? 400 : 40, i % 3 == 0, &m->g)) {
        return false;
    }
    metrics_make(i, 1 + (uint32_t)(i % MAX_METRICS), m);
    return true;
}

/* A grid of streets: large enough for several groups of the tree, whose offers are carried over. */
static void metrics_of_town(uint32_t w, uint32_t n, metrics *m) {
    graph_grid(w, 23, &m->g);
    metrics_make(w, n, m);
}

static void metrics_free(metrics *m) {
    for (uint32_t k = 0; k < m->n; k++) {
        free(m->own[k]);
    }
    graph_free(&m->g);
}

static jx_hierarchy *hierarchy_of(jx_ctx *ctx, const test_graph *g) {
    uint32_t *order = malloc((size_t)g->g.n_nodes * sizeof *order);
    jx_hierarchy *h = NULL;
    assert_int_equal(jx_order(ctx, &g->g, NULL, NULL, order), JX_OK);
    assert_int_equal(jx_hierarchy_new(ctx, &g->g, order, &h), JX_OK);
    free(order);
    return h;
}

static void assert_same_times(const jx_times *got, const jx_times *want) {
    assert_ptr_equal(got->h, want->h);
    for (uint32_t a = 0; a < want->h->n_arcs; a++) {
        assert_int_equal(got->weight[a].up, want->weight[a].up);
        assert_int_equal(got->weight[a].down, want->weight[a].down);
    }
}

/* New ones, and then the same memory with the metrics the other way round: nothing is left of what was there. */
static void check(jx_ctx *ctx, const jx_hierarchy *h, const metrics *m) {
    jx_times *got[MAX_METRICS], *want[MAX_METRICS];
    const uint32_t *turned[MAX_METRICS];
    assert_int_equal(jx_times_many(ctx, h, m->n, m->time, got), JX_OK);
    for (uint32_t k = 0; k < m->n; k++) {
        assert_int_equal(jx_times_new(ctx, h, m->time[k], &want[k]), JX_OK);
        assert_same_times(got[k], want[k]);
        turned[k] = m->time[m->n - 1 - k];
    }
    assert_int_equal(jx_times_customise_many(ctx, m->n, got, turned), JX_OK);
    for (uint32_t k = 0; k < m->n; k++) {
        assert_same_times(got[k], want[m->n - 1 - k]);
    }
    for (uint32_t k = 0; k < m->n; k++) {
        jx_times_free(ctx, got[k]);
        jx_times_free(ctx, want[k]);
    }
}

static void many_are_each_alone(void **state) {
    (void)state;
    int best = jx__isa();
    for (int isa = 0; isa <= best; isa++) {
        jx_test t;
        jx_test_init(&t, 0);
        jx__isa_limit(isa);
        for (uint64_t i = 0; i < 500; i++) {
            metrics m;
            if (metrics_of_bytes(i, &m)) {
                jx_hierarchy *h = hierarchy_of(t.ctx, &m.g);
                check(t.ctx, h, &m);
                jx_hierarchy_free(t.ctx, h);
                metrics_free(&m);
            }
        }
        jx_test_release(&t);
    }
    jx__isa_limit(best);
}

static void threads_change_nothing(void **state) {
    (void)state;
    metrics m;
    metrics_of_town(90, 5, &m);
    jx_test one;
    jx_test_init(&one, 0);
    jx_hierarchy *h = hierarchy_of(one.ctx, &m.g);
    jx_times *want[MAX_METRICS];
    check(one.ctx, h, &m);
    assert_int_equal(jx_times_many(one.ctx, h, m.n, m.time, want), JX_OK);
    for (unsigned threads = 2; threads <= 5; threads += 3) {
        jx_test more;
        jx_test_init(&more, threads);
        jx_times *got[MAX_METRICS];
        assert_int_equal(jx_times_many(more.ctx, h, m.n, m.time, got), JX_OK);
        for (uint32_t k = 0; k < m.n; k++) {
            assert_same_times(got[k], want[k]);
            jx_times_free(more.ctx, got[k]);
        }
        jx_test_release(&more);
    }
    for (uint32_t k = 0; k < m.n; k++) {
        jx_times_free(one.ctx, want[k]);
    }
    jx_hierarchy_free(one.ctx, h);
    jx_test_release(&one);
    metrics_free(&m);
}

static void none_is_none(void **state) {
    (void)state;
    metrics m;
    metrics_of_town(3, 1, &m);
    jx_test t;
    jx_test_init(&t, 0);
    jx_hierarchy *h = hierarchy_of(t.ctx, &m.g);
    assert_int_equal(jx_times_many(t.ctx, h, 0, NULL, NULL), JX_OK);
    jx_hierarchy_free(t.ctx, h);
    jx_test_release(&t);
    metrics_free(&m);
}

/* A chain eliminated from one end to the other is as high as it is long: around the height where one by one begins. */
static void high_ones_are_each_alone(void **state) {
    (void)state;
    enum { LONGEST = 2049 };
    for (uint32_t n = LONGEST - 1; n <= LONGEST; n++) {
        metrics m = {.g = {.from = malloc(LONGEST * 4),
                           .to = malloc(LONGEST * 4),
                           .time = malloc(LONGEST * 8),
                           .pos = calloc(LONGEST, sizeof(jx_pt))}};
        uint32_t order[LONGEST];
        for (uint32_t v = 0; v < n; v++) {
            m.g.from[v] = v;
            m.g.to[v] = v + 1;
            m.g.time[2 * v] = v;
            m.g.time[2 * v + 1] = 2 * v;
            order[v] = v;
        }
        m.g.g = (jx_graph){n, n - 1, m.g.from, m.g.to, m.g.pos};
        metrics_make(n, 5, &m);
        jx_test t;
        jx_test_init(&t, 0);
        jx_hierarchy *h;
        assert_int_equal(jx_hierarchy_new(t.ctx, &m.g.g, order, &h), JX_OK);
        assert_int_equal(h->height, n);
        check(t.ctx, h, &m);
        jx_hierarchy_free(t.ctx, h);
        jx_test_release(&t);
        metrics_free(&m);
    }
}

static jx_status whole_path(jx_ctx *ctx, void *arg) {
    const metrics *m = arg;
    uint32_t order[64];
    jx_hierarchy *h = NULL;
    jx_times *got[MAX_METRICS] = {0};
    jx_status st = jx_order(ctx, &m->g.g, NULL, NULL, order);
    if (st == JX_OK) {
        st = jx_hierarchy_new(ctx, &m->g.g, order, &h);
    }
    if (st == JX_OK) {
        st = jx_times_many(ctx, h, m->n, m->time, got);
    }
    for (uint32_t k = 0; k < m->n; k++) {
        assert_true((got[k] != NULL) == (st == JX_OK)); /* all or none */
        jx_times_free(ctx, got[k]);
    }
    jx_hierarchy_free(ctx, h);
    return st;
}

static void memory_may_fail(void **state) {
    (void)state;
    metrics m;
    metrics_of_town(7, 5, &m);
    jx_oom_sweep(whole_path, &m);
    metrics_free(&m);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(many_are_each_alone), cmocka_unit_test(threads_change_nothing),
                                       cmocka_unit_test(none_is_none), cmocka_unit_test(high_ones_are_each_alone),
                                       cmocka_unit_test(memory_may_fail)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
