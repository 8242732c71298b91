/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The hierarchy against igraph's Dijkstra on the graphs of the property tests: zero times, parallel edges, loops, closed directions, pieces
 * that do not hang together, and times near the bound. igraph adds doubles, exact below 2^53, so every time is compared to the bit; a
 * sum of 2^32 - 1 and more is "no way" for us. Then some edges change (jx_times_update), then the graph grows (jx_hierarchy_extend).
 */
#include <igraph.h>
#include <stdio.h>
#include <stdlib.h>

#include "hierarchy_check.h"
#include "junxian/sweep.h"

enum { GRAPHS = 3000, SOURCES = 10 };

static uint64_t n_compared, n_saturated, n_closed, n_zero;

static void must(bool ok, const char *what, uint64_t i) {
    if (!ok) {
        fprintf(stderr, "graph %llu: %s\n", (unsigned long long)i, what);
        exit(1);
    }
}

typedef struct dice {
    uint64_t seed, k;
} dice;

static uint8_t roll(void *user) {
    dice *d = user;
    return (uint8_t)jx_random(31, d->seed, d->k++);
}

static void to_igraph(const test_graph *g, igraph_t *out, igraph_vector_t *weight) {
    igraph_vector_int_t edges;
    igraph_vector_int_init(&edges, 0);
    igraph_vector_init(weight, 0);
    for (uint32_t e = 0; e < g->g.n_edges; e++) {
        for (uint32_t k = 0; k < 2; k++) {
            if (g->time[2 * e + k] != JX_UNREACHABLE) {
                igraph_vector_int_push_back(&edges, (igraph_integer_t)(k ? g->to[e] : g->from[e]));
                igraph_vector_int_push_back(&edges, (igraph_integer_t)(k ? g->from[e] : g->to[e]));
                igraph_vector_push_back(weight, g->time[2 * e + k]);
                n_zero += g->time[2 * e + k] == 0 ? 1 : 0;
            }
        }
    }
    igraph_create(out, &edges, (igraph_integer_t)g->g.n_nodes, IGRAPH_DIRECTED);
    igraph_vector_int_destroy(&edges);
}

static void compare(jx_ctx *ctx, const test_graph *g, const jx_times *t, bool back, uint64_t i) {
    igraph_t ig;
    igraph_vector_t weight;
    igraph_matrix_t want;
    igraph_vector_int_t sources;
    jx_sweep *s;
    uint32_t n = g->g.n_nodes;
    to_igraph(g, &ig, &weight);
    igraph_matrix_init(&want, 0, 0);
    igraph_vector_int_init(&sources, SOURCES);
    for (int k = 0; k < SOURCES; k++) {
        VECTOR(sources)[k] = k == 0 ? (igraph_integer_t)(n - 1) : (igraph_integer_t)(jx_random(32, i, (uint64_t)k) % n);
    }
    must(igraph_distances_dijkstra(&ig, &want, igraph_vss_vector(&sources), igraph_vss_all(), &weight, back ? IGRAPH_IN : IGRAPH_OUT) == IGRAPH_SUCCESS, "igraph", i);
    must(jx_sweep_new(ctx, t, &(jx_sweep_options){.dir = back ? JX_TO_FACILITY : JX_FROM_FACILITY, .prune = i % 2}, &s) == JX_OK, "sweep", i);
    for (int k = 0; k < SOURCES; k++) {
        const uint32_t *ms, *place;
        must(jx_sweep_one(ctx, s, (uint32_t)VECTOR(sources)[k], &ms, &place) == JX_OK, "sweep one", i);
        for (uint32_t v = 0; v < n; v++) {
            double d = MATRIX(want, k, (igraph_integer_t)v);
            uint32_t bound = d < 4294967295.0 ? (uint32_t)d : JX_UNREACHABLE;
            must(ms[place[t->h->rank[v]]] == bound, "a time differs from igraph's", i);
            n_compared++;
            n_closed += d == IGRAPH_INFINITY ? 1 : 0;
            n_saturated += d != IGRAPH_INFINITY && bound == JX_UNREACHABLE ? 1 : 0;
        }
    }
    jx_sweep_free(ctx, s);
    igraph_vector_int_destroy(&sources);
    igraph_matrix_destroy(&want);
    igraph_vector_destroy(&weight);
    igraph_destroy(&ig);
}

static void one_graph(jx_ctx *ctx, uint64_t i) {
    static uint8_t bytes[8192];
    test_graph g, more;
    dice d = {i, 0};
    jx_hierarchy *h = NULL, *grown = NULL;
    jx_times *t = NULL, *tg = NULL;
    size_t size = 2 + 7 * (size_t)(jx_random(33, i, 0) % (i % 10 == 0 ? 600 : 90));
    for (size_t k = 0; k < size; k++) {
        bytes[k] = (uint8_t)jx_random(34, i, k);
    }
    must(graph_from_bytes(bytes, size, i % 10 == 0 ? 300 : 40, i % 3 == 0, &g), "bytes", i);
    uint32_t *order = malloc((size_t)g.g.n_nodes * 4);
    must(jx_order(ctx, &g.g, NULL, NULL, order) == JX_OK && jx_hierarchy_new(ctx, &g.g, order, &h) == JX_OK && jx_times_new(ctx, h, g.time, &t) == JX_OK, "build", i);
    compare(ctx, &g, t, i % 2, i);
    uint32_t edges[8], n = g.g.n_edges ? roll(&d) % 8u : 0;
    for (uint32_t k = 0; k < n; k++) {
        edges[k] = ((uint32_t)roll(&d) << 8 | roll(&d)) % g.g.n_edges;
        g.time[2 * edges[k] + roll(&d) % 2u] = graph_time(roll(&d), roll(&d), roll(&d));
    }
    must(jx_times_update(ctx, t, g.time, edges, n) == JX_OK, "update", i);
    compare(ctx, &g, t, i % 2 == 0, i);
    graph_grow(&g, roll, &d, i % 3 == 0, &more);
    must(jx_hierarchy_extend(ctx, h, &more.g, &grown) == JX_OK && jx_times_extend(ctx, t, grown, more.time, NULL, 0, &tg) == JX_OK, "grow", i);
    compare(ctx, &more, tg, i % 2, i);
    jx_times_free(ctx, tg);
    jx_hierarchy_free(ctx, grown);
    jx_times_free(ctx, t);
    jx_hierarchy_free(ctx, h);
    free(order);
    graph_free(&g);
    graph_free(&more);
}

int main(void) {
    jx_mem *mem = jx_mem_new(NULL, 0);
    jx_ctx *ctx = mem ? jx_ctx_new(&(jx_ctx_options){.mem = mem}) : NULL;
    must(ctx != NULL, "memory", 0);
    for (uint64_t i = 0; i < GRAPHS; i++) {
        one_graph(ctx, i);
    }
    jx_ctx_free(ctx);
    must(jx_mem_used(mem) == 0, "leak", 0);
    jx_mem_free(mem);
    printf("%d graphs, %llu times equal igraph %s's: %llu without a way, %llu beyond the bound; %llu arcs of no time\n", GRAPHS, (unsigned long long)n_compared,
           IGRAPH_VERSION, (unsigned long long)n_closed, (unsigned long long)n_saturated, (unsigned long long)n_zero);
    return 0;
}
