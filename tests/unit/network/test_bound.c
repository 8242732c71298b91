/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The bound that lets kernels sum without care: never too low, and sweeps right at it, on every instruction set. */
#include "network/sweep_internal.h"
#include "oom.h"
#include "unit/network/sweep_check.h"

enum { HALF = JX__FAR / 2, MAX_N = 48, MAX_M = 2 * MAX_N };

/* The longest finite time between two nodes, by Dijkstra from each. all: every node reaches every other. */
static uint32_t longest_time(const test_graph *g, bool *all) {
    uint32_t n = g->g.n_nodes, most = 0, *dist = malloc(n * sizeof *dist);
    *all = true;
    for (uint32_t s = 0; s < n; s++) {
        memset(dist, 0xff, n * sizeof *dist);
        dist[s] = 0;
        graph_dijkstra(&g->g, g->time, false, dist);
        for (uint32_t v = 0; v < n; v++) {
            *all = *all && dist[v] != JX_UNREACHABLE;
            most = dist[v] != JX_UNREACHABLE && dist[v] > most ? dist[v] : most;
        }
    }
    free(dist);
    return most;
}

static bool below(jx_ctx *ctx, const jx_times *t, uint32_t limit) {
    bool yes = false;
    assert_int_equal(jx__all_below(ctx, t, limit, &yes), JX_OK);
    return yes;
}

static void a_bound_is_a_bound(void **state) {
    (void)state;
    static uint8_t bytes[8192];
    uint32_t whole = 0, told = 0;
    jx_test t;
    jx_test_init(&t, 0);
    for (uint64_t i = 0; i < 1500; i++) {
        test_graph g;
        built b;
        bool all;
        if (!graph_from_bytes(bytes, make_bytes(i + 40000, bytes, sizeof bytes), i % 2 ? 12 : 40, i % 3 == 0, &g)) {
            continue;
        }
        build(t.ctx, &g, &b);
        uint32_t most = longest_time(&g, &all);
        assert_false(below(t.ctx, b.t, most)); /* one time is not below itself */
        assert_false(below(t.ctx, b.t, most / 2));
        told += below(t.ctx, b.t, UINT32_MAX) ? 1 : 0;
        if (all && g.g.n_nodes > 1 && most < UINT32_MAX / 2 - 1) { /* no further than to any node and on from it */
            assert_true(below(t.ctx, b.t, 2 * most + 1));
            whole++;
        }
        unbuild(t.ctx, &b);
        graph_free(&g);
    }
    assert_true(whole > 50 && told > 300);
    jx_test_release(&t);
}

/* ---- at the limit -------------------------------------------------------------------------------------------------- */

static void graph_alloc(test_graph *g) {
    memset(g, 0, sizeof *g);
    g->from = malloc(MAX_M * 4);
    g->to = malloc(MAX_M * 4);
    g->time = malloc(MAX_M * 8);
    g->pos = malloc(MAX_N * sizeof *g->pos);
}

static void add(test_graph *g, uint32_t a, uint32_t b, uint32_t there, uint32_t back) {
    uint32_t e = g->g.n_edges++;
    assert_true(e < MAX_M);
    g->from[e] = a;
    g->to[e] = b;
    g->time[2 * e] = there;
    g->time[2 * e + 1] = back;
}

/* A tree whose times add up to about `total` each way, streets of at least `slow` beside it, dead ends of one-way streets. */
static void draw(uint64_t i, uint32_t total, uint32_t slow, uint32_t span, test_graph *g) {
    jx_test_rng r = {i, 0};
    uint32_t n = 2 + (uint32_t)jx_test_below(&r, MAX_N - 8);
    graph_alloc(g);
    g->g = (jx_graph){n + 6, 0, g->from, g->to, g->pos};
    for (uint32_t v = 0; v < n + 6; v++) {
        g->pos[v] = (jx_pt){(int32_t)(v % 7u) * 1000, (int32_t)(v / 7u) * 1000};
    }
    for (uint32_t v = 1; v < n; v++) {
        uint32_t up = jx_test_below(&r, 4) ? v - 1 : (uint32_t)jx_test_below(&r, v);
        add(g, up, v, (uint32_t)(total / n + jx_test_below(&r, 5)), (uint32_t)(total / n + jx_test_below(&r, 5)));
    }
    for (uint32_t k = 0; k < n / 2; k++) {
        uint32_t ms = (uint32_t)(slow + jx_test_below(&r, span)), a = (uint32_t)jx_test_below(&r, n), b = (uint32_t)jx_test_below(&r, n);
        add(g, a, b, jx_test_below(&r, 2) ? ms : JX_UNREACHABLE, jx_test_below(&r, 2) ? ms : JX_UNREACHABLE);
    }
    for (uint32_t v = n; v < n + 6; v++) { /* into nodes nobody leaves, out of nodes nobody enters */
        uint32_t at = (uint32_t)jx_test_below(&r, v), ms = (uint32_t)jx_test_below(&r, total / 4);
        bool out = jx_test_below(&r, 2);
        add(g, at, v, out ? ms : JX_UNREACHABLE, out ? JX_UNREACHABLE : ms);
    }
}

static bool check_all(jx_test *t, const test_graph *g, uint64_t i) {
    built b;
    jx_sweep *s;
    bool back = i % 2, all;
    uint32_t off[41];
    jx_port ports[80];
    build(t->ctx, g, &b);
    jx_sweep_options opt = {.dir = back ? JX_TO_FACILITY : JX_FROM_FACILITY, .prune = i % 4 < 2};
    assert_int_equal(jx_sweep_new(t->ctx, b.t, &opt, &s), JX_OK);
    bool narrow = s->narrow;
    assert_true(!narrow || longest_time(g, &all) < HALF);
    make_origins(i, g->g.n_nodes, 40, off, ports);
    jx_origins o = {40, off, ports};
    check_one(t, g, s, b.h, back, i);
    check_nearest(t, g, s, back, &o, 1 + (uint32_t)(i % 9));
    check_table(t, g, b.t, i);
    compare(t, g, b.t, i);
    jx_sweep_free(t->ctx, s);
    unbuild(t->ctx, &b);
    return narrow;
}

static void sweeps_are_right_at_the_limit(void **state) {
    (void)state;
    int best = jx__isa();
    for (int isa = 0; isa <= best; isa++) {
        jx_test t;
        uint32_t narrow = 0, wide = 0;
        jx_test_init(&t, 0);
        jx__isa_limit(isa);
        for (uint64_t i = 100; i < 460; i++) {
            static const struct {
                uint32_t least, span;
            } slow[] = {{HALF - 40, 80}, {JX__FAR - 60, 59}, {JX__FAR, 1000}, {UINT32_MAX - 1000, 999}, {60000, 200000}, {3u << 29, 1000}};
            test_graph g;
            uint32_t total = (uint32_t)(HALF / 8 * (1 + jx_random(i, 5, 0) % 10));
            draw(i, total, slow[i % 6].least, slow[i % 6].span, &g);
            check_all(&t, &g, i) ? narrow++ : wide++;
            graph_free(&g);
        }
        assert_true(narrow > 60 && wide > 60);
        jx_test_release(&t);
    }
    jx__isa_limit(best);
}

/* Two arms of a star: between their ends it takes exactly what to and from the middle take. */
static void the_limit_is_sharp(void **state) {
    (void)state;
    int best = jx__isa();
    for (int isa = 0; isa <= best; isa++) {
        jx_test t;
        jx_test_init(&t, 0);
        jx__isa_limit(isa);
        for (uint32_t k = 0; k < 8; k++) {
            test_graph g;
            graph_alloc(&g);
            memset(g.pos, 0, MAX_N * sizeof *g.pos);
            g.g = (jx_graph){9, 0, g.from, g.to, g.pos};
            for (uint32_t v = 1; v < 9; v++) {
                add(&g, 0, v, HALF / 2 - 5 + k, HALF / 2);
            }
            assert_int_equal(check_all(&t, &g, k), k < 5); /* HALF - 5 + k between two ends; k = 5: HALF, which is not below */
            graph_free(&g);
        }
        jx_test_release(&t);
    }
    jx__isa_limit(best);
}

static jx_status ask(jx_ctx *ctx, void *arg) {
    bool yes;
    return jx__all_below(ctx, arg, HALF, &yes);
}

static void memory_may_fail(void **state) {
    (void)state;
    jx_test t;
    test_graph g;
    built b;
    jx_test_init(&t, 0);
    draw(3, HALF, HALF - 40, 80, &g);
    build(t.ctx, &g, &b);
    jx_oom_sweep(ask, b.t);
    unbuild(t.ctx, &b);
    graph_free(&g);
    jx_test_release(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_bound_is_a_bound), cmocka_unit_test(sweeps_are_right_at_the_limit), cmocka_unit_test(the_limit_is_sharp),
                                       cmocka_unit_test(memory_may_fail)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
