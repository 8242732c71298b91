/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Graphs made from bytes, shared by the property tests and the fuzzer: directed times on undirected edges, closed
 * directions, zero and huge times, parallel edges, loops, pieces that do not hang together. And the plain Dijkstra
 * everything is compared with.
 */
#ifndef JX_TESTS_GRAPH_H
#define JX_TESTS_GRAPH_H

#include <stdlib.h>

#include "junxian/hierarchy.h"

enum { GRAPH_MAX_NODES = 4096, GRAPH_MAX_EDGES = 4 * GRAPH_MAX_NODES };

typedef struct test_graph {
    jx_graph g;
    uint32_t *from, *to, *time; /* time: edge * 2 + backward */
    jx_pt *pos;
} test_graph;

static inline uint32_t graph_time(uint8_t kind, uint8_t x, uint8_t y) {
    uint32_t v = (uint32_t)x << 8 | y;
    switch (kind & 7u) {
        case 0:
            return 0;
        case 1:
            return JX_UNREACHABLE;
        case 2:
            return UINT32_MAX - 1 - v; /* just below the sentinel */
        case 3:
            return 0x7fffff00u + (v & 0x1ffu); /* around the middle, where narrow kernels stop */
        case 4:
            return v << 12;
        default:
            return v % 1000;
    }
}

/* Three bytes a node's share of edges: data drives everything, and every byte string is some graph. `spread`: 0 only
 * small times. */
static inline bool graph_from_bytes(const uint8_t *data, size_t size, uint32_t max_nodes, bool huge, test_graph *t) {
    if (size < 2) {
        return false;
    }
    uint32_t n = 1 + ((uint32_t)data[0] | (uint32_t)data[1] << 8) % max_nodes, m = 0;
    memset(t, 0, sizeof *t);
    t->from = malloc((size_t)(size / 7 + 1) * 4);
    t->to = malloc((size_t)(size / 7 + 1) * 4);
    t->time = malloc((size_t)(size / 7 + 1) * 8);
    t->pos = malloc((size_t)n * sizeof *t->pos);
    for (size_t i = 2; i + 7 <= size && m < GRAPH_MAX_EDGES; i += 7, m++) {
        const uint8_t *b = data + i;
        t->from[m] = ((uint32_t)b[0] | (uint32_t)(b[6] & 15u) << 8) % n;
        t->to[m] = b[6] & 128u ? (t->from[m] + 1 + b[1] % 4u) % n : ((uint32_t)b[1] | (uint32_t)(b[6] & 15u) << 8) % n;
        t->time[2 * m] = graph_time(huge ? b[2] : 5, b[3], b[4]);
        t->time[2 * m + 1] = graph_time(huge ? b[5] : (b[5] % 16u == 0 ? 1 : 5), b[4], b[3]);
    }
    for (uint32_t v = 0; v < n; v++) {
        t->pos[v] = (jx_pt){(int32_t)(v % 17u) * 1000, (int32_t)(v / 17u) * 1000};
    }
    t->g = (jx_graph){n, m, t->from, t->to, t->pos};
    return true;
}

static inline void graph_free(test_graph *t) {
    free(t->from);
    free(t->to);
    free(t->time);
    free(t->pos);
}

/* Textbook: O(n^2), no heap. `back`: times to s instead of from s. Several sources through dist, which comes in filled.
 */
static inline void graph_dijkstra(const jx_graph *g, const uint32_t *time, bool back, uint32_t *dist) {
    uint8_t *done = calloc(g->n_nodes, 1);
    for (;;) {
        uint32_t v = JX_NONE;
        for (uint32_t x = 0; x < g->n_nodes; x++) {
            v = !done[x] && dist[x] != JX_UNREACHABLE && (v == JX_NONE || dist[x] < dist[v]) ? x : v;
        }
        if (v == JX_NONE) {
            break;
        }
        done[v] = 1;
        for (uint32_t e = 0; e < g->n_edges; e++) {
            for (uint32_t k = 0; k < 2; k++) {
                uint32_t tail = k ? g->to[e] : g->from[e], head = k ? g->from[e] : g->to[e];
                if ((back ? head : tail) == v) {
                    uint32_t x = back ? tail : head, ms = jx_add_ms(dist[v], time[2 * e + k]);
                    dist[x] = ms < dist[x] ? ms : dist[x];
                }
            }
        }
    }
    free(done);
}

/** w x w junctions, a fifth of the streets between neighbours missing, times both ways from 1 to 5,000 by chance; graph_free as any. */
static inline void graph_grid(uint32_t w, uint64_t seed, test_graph *t) {
    uint32_t m = 0;
    *t = (test_graph){.from = malloc((size_t)w * w * 8),
                      .to = malloc((size_t)w * w * 8),
                      .time = malloc((size_t)w * w * 16),
                      .pos = malloc((size_t)w * w * sizeof(jx_pt))};
    for (uint32_t v = 0; v < w * w; v++) {
        t->pos[v] = (jx_pt){(int32_t)(v % w) * 9000, (int32_t)(v / w) * 9000};
        for (uint32_t k = 0; k < 2; k++) {
            if ((k ? v / w : v % w) + 1 < w && jx_random(seed, v, k) % 10 < 8) {
                t->from[m] = v;
                t->to[m] = k ? v + w : v + 1;
                t->time[2 * m] = 1 + (uint32_t)(jx_random(seed + 1, v, k) % 5000);
                t->time[2 * m + 1] = 1 + (uint32_t)(jx_random(seed + 2, v, k) % 5000);
                m++;
            }
        }
    }
    t->g = (jx_graph){w * w, m, t->from, t->to, t->pos};
}

#endif
