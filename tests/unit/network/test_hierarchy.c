/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Orders, hierarchies, customisation and sweeps against plain Dijkstra, on thousands of graphs made from bytes. */
#include "hierarchy_check.h"
#include "network/lanes.h"
#include "oom.h"
#include "unit/network/sweep_check.h"

static void topology_is_sound(void **state) {
    (void)state;
    static uint8_t bytes[8192];
    jx_test t;
    jx_test_init(&t, 0);
    for (uint64_t i = 0; i < 2000; i++) {
        test_graph g;
        if (graph_from_bytes(bytes, make_bytes(i, bytes, sizeof bytes), 200, true, &g)) {
            built b;
            build(t.ctx, &g, &b);
            assert_true(hierarchy_sound(&g.g, b.h));
            unbuild(t.ctx, &b);
            graph_free(&g);
        }
    }
    jx_test_release(&t);
}

static void measures_are_dijkstra(void **state) {
    (void)state;
    static uint8_t bytes[8192];
    int best = jx__isa();
    for (int isa = 0; isa <= best; isa++) {
        jx_test t;
        jx_test_init(&t, 0);
        jx__isa_limit(isa);
        for (uint64_t i = 0; i < 600; i++) {
            test_graph g;
            if (!graph_from_bytes(bytes, make_bytes(i + 9000, bytes, sizeof bytes), i % 10 == 0 ? 300 : 40, i % 3 == 0,
                                  &g)) {
                continue;
            }
            built b;
            uint32_t off[41];
            jx_port ports[80];
            jx_sweep *s;
            bool back = i % 2;
            build(t.ctx, &g, &b);
            make_origins(i, g.g.n_nodes, 1 + (uint32_t)(i % 40), off, ports);
            jx_origins o = {1 + (uint32_t)(i % 40), off, ports};
            assert_int_equal(
                jx_sweep_new(t.ctx, b.t,
                             &(jx_sweep_options){.dir = back ? JX_TO_FACILITY : JX_FROM_FACILITY, .prune = i % 4 < 2},
                             &s),
                JX_OK);
            check_nearest(&t, &g, s, back, &o, 1 + (uint32_t)(jx_random(41, i, 0) % 10)); /* below and above eight */
            check_cumulative(&t, &g, s, back, &o);
            check_one(&t, &g, s, b.h, back, i);
            check_table(&t, &g, b.t, i);
            jx_sweep_free(t.ctx, s);
            unbuild(t.ctx, &b);
            graph_free(&g);
        }
        jx_test_release(&t);
    }
    jx__isa_limit(best);
}

static void sweeps_are_dijkstra(void **state) {
    (void)state;
    static uint8_t bytes[8192];
    int best = jx__isa();
    for (int isa = 0; isa <= best; isa++) {
        jx_test t;
        jx_test_init(&t, 0);
        jx__isa_limit(isa);
        for (uint64_t i = 0; i < 1500; i++) {
            test_graph g;
            if (graph_from_bytes(bytes, make_bytes(i + 1000, bytes, sizeof bytes), i % 10 == 0 ? 400 : 40, i % 3 == 0,
                                 &g)) {
                built b;
                build(t.ctx, &g, &b);
                compare(&t, &g, b.t, i);
                unbuild(t.ctx, &b);
                graph_free(&g);
            }
        }
        jx_test_release(&t);
    }
    jx__isa_limit(best);
}

/* ---- a few edges changed ------------------------------------------------------------------------- */

static void updates_are_customisations(void **state) {
    (void)state;
    static uint8_t bytes[8192];
    jx_test t;
    jx_test_init(&t, 0);
    for (uint64_t i = 0; i < 1500; i++) {
        test_graph g;
        if (!graph_from_bytes(bytes, make_bytes(i + 500, bytes, sizeof bytes), i % 10 == 0 ? 300 : 40, i % 2 == 0,
                              &g)) {
            continue;
        }
        built b;
        build(t.ctx, &g, &b);
        jx_times *full, *copy;
        for (uint64_t round = 0; g.g.n_edges && round < 4; round++) {
            uint32_t edges[12], n = (uint32_t)(jx_random(i, round, 0) % 12);
            assert_int_equal(jx_times_copy(t.ctx, b.t, &copy), JX_OK);
            for (uint32_t k = 0; k < n; k++) {
                uint64_t r = jx_random(i, round, k + 1);
                edges[k] = (uint32_t)(r % g.g.n_edges); /* the same one twice is legal */
                g.time[2 * edges[k] + (r >> 40 & 1u)] =
                    graph_time((uint8_t)(r >> 32), (uint8_t)(r >> 48), (uint8_t)(r >> 56));
            }
            assert_int_equal(jx_times_update(t.ctx, copy, g.time, edges, n), JX_OK);
            assert_int_equal(jx_times_new(t.ctx, b.h, g.time, &full), JX_OK);
            assert_memory_equal(copy->weight, full->weight, b.h->n_arcs * sizeof *full->weight);
            jx_times_free(t.ctx, full);
            jx_times_free(t.ctx, b.t);
            b.t = copy;
        }
        unbuild(t.ctx, &b);
        graph_free(&g);
    }
    jx_test_release(&t);
}

/* ---- threads ----------------------------------------------------------------------------------------------------- */

/* A town of w x w junctions with some streets missing and times by chance. */
static void make_town(uint32_t w, test_graph *t) {
    graph_grid(w, 5, t);
    for (uint32_t m = 0; m < t->g.n_edges; m++) { /* one street in twenty has no way back */
        t->time[2 * m + 1] = (t->time[2 * m + 1] - 1) % 20 ? t->time[2 * m] : JX_UNREACHABLE;
    }
}

static void threads_change_nothing(void **state) {
    (void)state;
    test_graph g;
    make_town(90, &g);
    jx_test one;
    jx_test_init(&one, 0);
    built a;
    build(one.ctx, &g, &a);
    for (unsigned threads = 2; threads <= 5; threads += 3) {
        jx_test many;
        jx_test_init(&many, threads);
        built b;
        build(many.ctx, &g, &b);
        assert_memory_equal(a.order, b.order, (size_t)g.g.n_nodes * 4);
        assert_int_equal(a.h->n_arcs, b.h->n_arcs);
        assert_memory_equal(a.t->weight, b.t->weight, (size_t)a.h->n_arcs * sizeof *a.t->weight);
        compare(&many, &g, b.t, threads);
        unbuild(many.ctx, &b);
        jx_test_release(&many);
    }
    unbuild(one.ctx, &a);
    jx_test_release(&one);
    graph_free(&g);
}

/* The same from a sweep of some rows: seventh nodes and what lies above them. */
static void check_wanted(jx_test *t, const jx_times *times, const jx_origins *o, uint32_t k, const jx_table_entry *want) {
    uint32_t n = times->h->n_nodes, *target = malloc(n * sizeof *target), n_targets = 0;
    jx_table_entry *got = malloc((size_t)n * k * sizeof *got);
    jx_sweep *s;
    for (uint32_t v = 0; v < n; v += 7) {
        target[n_targets++] = v;
    }
    jx_sweep_options opt = {.dir = JX_TO_FACILITY, .targets = target, .n_targets = n_targets};
    assert_int_equal(jx_sweep_new(t->ctx, times, &opt, &s), JX_OK);
    assert_true(jx_sweep_rows(s) < n);
    assert_int_equal(jx_sweep_nearest(t->ctx, s, o, k, got), JX_OK);
    for (uint32_t v = 0; v < n; v += 7) {
        assert_memory_equal(got + v * k, want + v * k, k * sizeof *got);
    }
    jx_sweep_free(t->ctx, s);
    free(target);
    free(got);
}

/* Subtree by subtree on several threads, and the same from the whole tree; the first of each against Dijkstra. */
static void nearest_in_pieces(void **state) {
    (void)state;
    int best = jx__isa();
    test_graph g;
    make_town(40, &g);
    for (int isa = 0; isa <= best; isa++) {
        jx__isa_limit(isa);
        for (uint32_t k = 1; k <= 10; k += 3) {
            uint32_t n = g.g.n_nodes, off[41];
            jx_port ports[80];
            jx_table_entry *got[3];
            make_origins(k, n, 40, off, ports);
            jx_origins o = {40, off, ports};
            for (unsigned i = 0; i < 3; i++) {
                const unsigned threads[] = {0, 2, 5};
                jx_test t;
                built b;
                jx_sweep *s;
                jx_test_init(&t, threads[i]);
                build(t.ctx, &g, &b);
                assert_int_equal(jx_sweep_new(t.ctx, b.t, &(jx_sweep_options){.dir = JX_TO_FACILITY}, &s), JX_OK);
                got[i] = malloc((size_t)n * k * sizeof *got[i]);
                assert_int_equal(jx_sweep_nearest(t.ctx, s, &o, k, got[i]), JX_OK);
                assert_memory_equal(got[i], got[0], (size_t)n * k * sizeof *got[i]);
                check_wanted(&t, b.t, &o, k, got[0]);
                if (i == 1 && isa == best && k == 4) {
                    check_nearest(&t, &g, s, true, &o, k);
                }
                jx_sweep_free(t.ctx, s);
                unbuild(t.ctx, &b);
                jx_test_release(&t);
            }
            free(got[0]);
            free(got[1]);
            free(got[2]);
        }
    }
    jx__isa_limit(best);
    graph_free(&g);
}

static jx_status nearest_path(jx_ctx *ctx, void *arg) {
    const test_graph *g = arg;
    uint32_t off[] = {0, 1};
    jx_hierarchy *h = NULL;
    jx_times *t = NULL;
    jx_sweep *s = NULL;
    jx_table_entry out[64 * 2];
    jx_status st = jx_hierarchy_of(ctx, &g->g, NULL, NULL, &h);
    st = st == JX_OK ? jx_times_new(ctx, h, g->time, &t) : st;
    st = st == JX_OK ? jx_sweep_new(ctx, t, &(jx_sweep_options){.dir = JX_TO_FACILITY}, &s) : st;
    st = st == JX_OK ? jx_sweep_nearest(ctx, s, &(jx_origins){1, off, &(jx_port){0, 0}}, 2, out) : st;
    jx_sweep_free(ctx, s);
    jx_times_free(ctx, t);
    jx_hierarchy_free(ctx, h);
    return st;
}

/* ---- failing memory ---------------------------------------------------------------------------------------------- */

static jx_status whole_path(jx_ctx *ctx, void *arg) {
    const test_graph *g = arg;
    uint32_t order[64], off[] = {0, 1};
    jx_hierarchy *h = NULL;
    jx_times *t = NULL;
    jx_sweep *s = NULL;
    sheet sh = {NULL, g->g.n_nodes, malloc((size_t)g->g.n_nodes * 4)};
    jx_status st = jx_order(ctx, &g->g, NULL, NULL, order);
    if (st == JX_OK) {
        st = jx_hierarchy_new(ctx, &g->g, order, &h);
    }
    if (st == JX_OK) {
        st = jx_times_new(ctx, h, g->time, &t);
    }
    if (st == JX_OK) {
        st = jx_sweep_new(ctx, t, &(jx_sweep_options){.prune = true, .targets = order, .n_targets = 2}, &s);
    }
    if (st == JX_OK) {
        sh.s = s;
        st = jx_sweep_run(ctx, s, &(jx_origins){1, off, &(jx_port){0, 0}}, JX_UNREACHABLE,
                          &(jx_sweep_calls){.rows = note}, &sh);
    }
    jx_sweep_free(ctx, s);
    jx_times_free(ctx, t);
    jx_hierarchy_free(ctx, h);
    free(sh.ms);
    return st;
}

static void memory_may_fail(void **state) {
    (void)state;
    test_graph g;
    make_town(7, &g);
    jx_oom_sweep(whole_path, &g);
    jx_oom_sweep(nearest_path, &g);
    graph_free(&g);
}

/* Loops over instruction sets end at this processor's best: what that leaves out is told, not passed over. */
static void tell_skipped(void) {
    static const char *const name[] = {"plain", "SSE 4.1", "AVX2", "AVX-512"};
    for (int isa = jx__isa() + 1; isa <= JX__AVX512; isa++) {
        print_message("[  SKIPPED ] kernels for %s: not in this processor\n", name[isa]);
    }
}

int main(void) {
    tell_skipped();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(topology_is_sound),      cmocka_unit_test(sweeps_are_dijkstra),
        cmocka_unit_test(measures_are_dijkstra),  cmocka_unit_test(updates_are_customisations),
        cmocka_unit_test(threads_change_nothing), cmocka_unit_test(nearest_in_pieces), cmocka_unit_test(memory_may_fail)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
