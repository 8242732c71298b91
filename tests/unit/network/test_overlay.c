/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Hierarchies that grow: sound, with the times of a customisation from scratch, and the ways of Dijkstra. */
#include "hierarchy_check.h"
#include "junxian/sweep.h"
#include "oom.h"
#include "support.h"

typedef struct dice {
    uint64_t seed, k;
} dice;

static uint8_t roll(void *user) {
    dice *d = user;
    return (uint8_t)jx_random(11, d->seed, d->k++);
}

static size_t make_bytes(uint64_t i, uint8_t *bytes) {
    size_t n = 2 + 7 * (size_t)(jx_random(21, i, 0) % (i % 10 == 0 ? 600 : 90));
    for (size_t k = 0; k < n; k++) {
        bytes[k] = (uint8_t)jx_random(22, i, k);
    }
    return n;
}

/* One to all over the hierarchy from some nodes, against Dijkstra on the graph. */
static void ways_are_dijkstra(jx_ctx *ctx, const test_graph *g, const jx_times *t, bool back, uint64_t seed) {
    jx_sweep *s;
    uint32_t n = g->g.n_nodes, *dist = malloc((size_t)n * 4);
    assert_int_equal(jx_sweep_new(ctx, t, &(jx_sweep_options){.dir = back ? JX_TO_FACILITY : JX_FROM_FACILITY, .prune = seed % 2}, &s), JX_OK);
    for (uint64_t i = 0; i < 4; i++) {
        uint32_t from = i == 0 ? n - 1 : (uint32_t)(jx_random(seed, 5, i) % n);
        const uint32_t *ms, *place;
        memset(dist, 0xff, (size_t)n * 4);
        dist[from] = 0;
        graph_dijkstra(&g->g, g->time, back, dist);
        assert_int_equal(jx_sweep_one(ctx, s, from, &ms, &place), JX_OK);
        for (uint32_t v = 0; v < n; v++) {
            assert_int_equal(ms[place[v]], dist[t->h->node[v]]);
        }
    }
    jx_sweep_free(ctx, s);
    free(dist);
}

static void grown_hierarchies_are_whole(void **state) {
    (void)state;
    static uint8_t bytes[8192];
    for (uint64_t i = 0; i < 3000; i++) {
        jx_test t;
        test_graph g, more;
        dice d = {i, 0};
        jx_hierarchy *h, *grown;
        jx_times *base, *got, *want;
        jx_test_init(&t, i % 7 == 0 ? 2 : 0);
        assert_true(graph_from_bytes(bytes, make_bytes(i, bytes), i % 10 == 0 ? 300 : 40, i % 3 == 0, &g));
        graph_grow(&g, roll, &d, i % 3 == 0, &more);
        uint32_t *order = malloc((size_t)g.g.n_nodes * 4);
        assert_int_equal(jx_order(t.ctx, &g.g, NULL, NULL, order), JX_OK);
        assert_int_equal(jx_hierarchy_new(t.ctx, &g.g, order, &h), JX_OK);
        assert_true(hierarchy_sound(&g.g, h));
        assert_int_equal(jx_times_new(t.ctx, h, g.time, &base), JX_OK);
        assert_int_equal(jx_hierarchy_extend(t.ctx, h, &more.g, &grown), JX_OK);
        assert_true(hierarchy_sound(&more.g, grown));
        uint32_t edges[6], n = g.g.n_edges ? roll(&d) % 6u : 0; /* and some old edges change */
        for (uint32_t k = 0; k < n; k++) {
            edges[k] = ((uint32_t)roll(&d) << 8 | roll(&d)) % g.g.n_edges;
            more.time[2 * edges[k] + roll(&d) % 2u] = graph_time(roll(&d), roll(&d), roll(&d));
        }
        assert_int_equal(jx_times_extend(t.ctx, base, grown, more.time, edges, n, &got), JX_OK);
        assert_int_equal(jx_times_new(t.ctx, grown, more.time, &want), JX_OK);
        assert_memory_equal(got->weight, want->weight, grown->n_arcs * sizeof *got->weight);
        ways_are_dijkstra(t.ctx, &more, got, i % 2, i);
        jx_times_free(t.ctx, got);
        jx_times_free(t.ctx, want);
        jx_times_free(t.ctx, base);
        jx_hierarchy_free(t.ctx, grown);
        jx_hierarchy_free(t.ctx, h);
        free(order);
        graph_free(&g);
        graph_free(&more);
        jx_test_release(&t);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(grown_hierarchies_are_whole)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
