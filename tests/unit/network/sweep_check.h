/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Graphs from bytes by number, and all that sweeps give against plain Dijkstra. */
#ifndef JX_TESTS_SWEEP_CHECK_H
#define JX_TESTS_SWEEP_CHECK_H

#include "graph.h"
#include "junxian/sweep.h"
#include "support.h"

/* Bytes of graph number i: small and dense, long and thin, or large. */
static inline size_t make_bytes(uint64_t i, uint8_t *bytes, size_t cap) {
    size_t n = 2 + 7 * (size_t)(jx_random(1, i, 0) % (i % 10 == 0 ? 900 : 120));
    n = n < cap ? n : cap;
    for (size_t k = 0; k < n; k++) {
        bytes[k] = (uint8_t)jx_random(2, i, k);
    }
    return n;
}

typedef struct built {
    uint32_t *order;
    jx_hierarchy *h;
    jx_times *t;
} built;

static inline void build(jx_ctx *ctx, const test_graph *g, built *b) {
    b->order = malloc((size_t)g->g.n_nodes * 4);
    assert_int_equal(jx_order(ctx, &g->g, NULL, NULL, b->order), JX_OK);
    assert_int_equal(jx_hierarchy_new(ctx, &g->g, b->order, &b->h), JX_OK);
    assert_int_equal(jx_times_new(ctx, b->h, g->time, &b->t), JX_OK);
}

static inline void unbuild(jx_ctx *ctx, built *b) {
    jx_times_free(ctx, b->t);
    jx_hierarchy_free(ctx, b->h);
    free(b->order);
}

/* ---- sweeps against Dijkstra -------------------------------------------------------------------------------------- */

typedef struct sheet {
    const jx_sweep *s;
    uint32_t n, *ms; /* origin * n + node */
} sheet;

static inline jx_status note(jx_ctx *wctx, void *user, const jx_batch *b, uint32_t row, uint32_t n,
                      const uint32_t (*ms)[JX_LANES]) {
    sheet *sh = user;
    (void)wctx;
    for (uint32_t k = 0; k < n; k++) {
        for (uint32_t l = 0; l < b->n_lanes; l++) {
            if (ms[k][l] <= b->limit_ms) {
                sh->ms[(size_t)b->origin[l] * sh->n + jx_sweep_node(sh->s, row + k)] = ms[k][l];
            }
        }
    }
    return JX_OK;
}

/* Origins with zero to two ports, some late. */
static inline uint32_t make_origins(uint64_t seed, uint32_t n_nodes, uint32_t n, uint32_t *off, jx_port *ports) {
    uint32_t k = 0;
    for (uint32_t i = 0; i < n; i++) {
        off[i] = k;
        for (uint64_t p = jx_random(seed, i, 0) % 3; p > 0; p--) {
            ports[k++] =
                (jx_port){(uint32_t)(jx_random(seed, i, p) % n_nodes), (uint32_t)(jx_random(seed, i, p + 9) % 50)};
        }
    }
    off[n] = k;
    return k;
}

static inline void compare(jx_test *t, const test_graph *g, const jx_times *times, uint64_t seed) {
    uint32_t n = g->g.n_nodes, off[41], targets[3], n_origins = 1 + (uint32_t)(seed % 40);
    jx_port ports[80];
    make_origins(seed, n, n_origins, off, ports);
    uint32_t cutoff = seed % 3 == 0 ? (uint32_t)(jx_random(seed, 3, 3) % 3000) : JX_UNREACHABLE;
    for (int i = 0; i < 3; i++) {
        targets[i] = (uint32_t)(jx_random(seed, 77, (uint64_t)i) % n);
    }
    bool few = seed % 5 == 0, back = seed % 2 == 0;
    jx_sweep_options opt = {.dir = back ? JX_TO_FACILITY : JX_FROM_FACILITY,
                            .prune = seed % 4 < 2,
                            .targets = few ? targets : NULL,
                            .n_targets = 3};
    sheet sh = {NULL, n, malloc((size_t)n_origins * n * 4)};
    memset(sh.ms, 0xff, (size_t)n_origins * n * 4);
    jx_sweep *s;
    assert_int_equal(jx_sweep_new(t->ctx, times, &opt, &s), JX_OK);
    sh.s = s;
    assert_int_equal(
        jx_sweep_run(t->ctx, s, &(jx_origins){n_origins, off, ports}, cutoff, &(jx_sweep_calls){.rows = note}, &sh),
        JX_OK);
    uint32_t *dist = malloc((size_t)n * 4);
    for (uint32_t i = 0; i < n_origins; i++) {
        memset(dist, 0xff, (size_t)n * 4);
        for (uint32_t k = off[i]; k < off[i + 1]; k++) {
            dist[ports[k].node] = ports[k].ms < dist[ports[k].node] ? ports[k].ms : dist[ports[k].node];
        }
        graph_dijkstra(&g->g, g->time, back, dist);
        for (uint32_t v = 0; v < n; v++) {
            if (!few || v == targets[0] || v == targets[1] || v == targets[2]) {
                assert_int_equal(sh.ms[(size_t)i * n + v], dist[v] <= cutoff ? dist[v] : JX_UNREACHABLE);
            }
        }
    }
    free(dist);
    free(sh.ms);
    jx_sweep_free(t->ctx, s);
}

/* ---- what is made of sweeps, against the same made of Dijkstra's times ------------------------------------------- */

typedef struct ranked {
    uint32_t ms, facility;
} ranked;

static inline int by_time(const void *a, const void *b) {
    const ranked *x = a, *y = b;
    return x->ms != y->ms ? (x->ms > y->ms ? 1 : -1) : (x->facility > y->facility) - (x->facility < y->facility);
}

/* All times between origins and nodes, by Dijkstra: ms[origin * n + node]. */
static inline uint32_t *all_times(const test_graph *g, const jx_origins *o, bool back) {
    uint32_t n = g->g.n_nodes, *ms = malloc((size_t)o->n * n * 4 + 4);
    memset(ms, 0xff, (size_t)o->n * n * 4);
    for (uint32_t i = 0; i < o->n; i++) {
        for (uint32_t k = o->off[i]; k < o->off[i + 1]; k++) {
            uint32_t *at = &ms[(size_t)i * n + o->ports[k].node];
            *at = o->ports[k].ms < *at ? o->ports[k].ms : *at;
        }
        graph_dijkstra(&g->g, g->time, back, ms + (size_t)i * n);
    }
    return ms;
}

static inline void check_nearest(jx_test *t, const test_graph *g, const jx_sweep *s, bool to_facility, const jx_origins *o,
                          uint32_t k) {
    uint32_t n = g->g.n_nodes, *ms = all_times(g, o, to_facility);
    jx_table_entry *got = malloc((size_t)n * k * sizeof *got);
    ranked *want = malloc((o->n + 1) * sizeof *want);
    assert_int_equal(jx_sweep_nearest(t->ctx, s, o, k, got), JX_OK);
    for (uint32_t v = 0; v < n; v++) {
        for (uint32_t i = 0; i < o->n; i++) {
            want[i] = (ranked){ms[(size_t)i * n + v], i};
        }
        qsort(want, o->n, sizeof *want, by_time);
        for (uint32_t i = 0; i < k; i++) {
            bool some = i < o->n && want[i].ms != JX_UNREACHABLE;
            assert_int_equal(got[v * k + i].time_ms, some ? want[i].ms : JX_UNREACHABLE);
            assert_int_equal(got[v * k + i].facility, some ? want[i].facility : JX_NONE);
        }
    }
    free(ms);
    free(got);
    free(want);
}

static inline void check_one(jx_test *t, const test_graph *g, jx_sweep *s, const jx_hierarchy *h, bool back, uint64_t seed) {
    uint32_t n = g->g.n_nodes, *dist = malloc((size_t)n * 4);
    for (uint64_t i = 0; i < 3; i++) {
        uint32_t from = (uint32_t)(jx_random(seed, 31, i) % n);
        const uint32_t *ms, *place;
        memset(dist, 0xff, (size_t)n * 4);
        dist[from] = 0;
        graph_dijkstra(&g->g, g->time, back, dist);
        assert_int_equal(jx_sweep_one(t->ctx, s, from, &ms, &place), JX_OK);
        for (uint32_t v = 0; v < n; v++) {
            assert_int_equal(ms[place[v]], dist[h->node[v]]);
        }
    }
    free(dist);
}

static inline void check_cumulative(jx_test *t, const test_graph *g, const jx_sweep *s, bool back, const jx_origins *o) {
    uint32_t n = g->g.n_nodes, *ms = all_times(g, o, back), limit[3] = {700, 200, JX_UNREACHABLE},
             *weight = malloc(n * sizeof *weight);
    uint64_t *got = malloc((size_t)o->n * 3 * sizeof *got);
    for (uint32_t v = 0; v < n; v++) {
        weight[v] = (uint32_t)(jx_random(8, v, 0) % (1u << 26));
    }
    assert_int_equal(jx_sweep_cumulative(t->ctx, s, o, weight, limit, 3, got), JX_OK);
    for (uint32_t i = 0; i < o->n; i++) {
        for (uint32_t k = 0; k < 3; k++) {
            uint64_t sum = 0;
            for (uint32_t v = 0; v < n; v++) {
                uint32_t d = ms[(size_t)i * n + v];
                sum += d != JX_UNREACHABLE && d <= limit[k] ? weight[v] : 0;
            }
            assert_true(got[i * 3 + k] == sum);
        }
    }
    free(ms);
    free(weight);
    free(got);
}

/* Places on edges: both ends, with the time to each. */
static inline uint32_t edge_places(uint64_t seed, const test_graph *g, uint32_t n, uint32_t *off, jx_port *ports) {
    uint32_t k = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t e = (uint32_t)(jx_random(seed, i, 0) % g->g.n_edges);
        off[i] = k;
        if (jx_random(seed, i, 1) % 8) {
            ports[k++] = (jx_port){g->from[e], (uint32_t)(jx_random(seed, i, 2) % 900)};
        }
        if (jx_random(seed, i, 1) % 7) {
            ports[k++] = (jx_port){g->to[e], (uint32_t)(jx_random(seed, i, 3) % 900)};
        }
    }
    off[n] = k;
    return k;
}

static inline void check_table(jx_test *t, const test_graph *g, const jx_times *times, uint64_t seed) {
    uint32_t off_a[60], off_b[60], n_a = 1 + (uint32_t)(seed % 50), n_b = 1 + (uint32_t)(seed / 3 % 50);
    jx_port ports_a[120], ports_b[120];
    if (g->g.n_edges == 0) {
        return;
    }
    edge_places(seed, g, n_a, off_a, ports_a);
    edge_places(seed + 1, g, n_b, off_b, ports_b);
    jx_origins a = {n_a, off_a, ports_a}, b = {n_b, off_b, ports_b};
    bool back = seed % 2;
    uint32_t cutoff = seed % 3 == 0 ? 1200 : JX_UNREACHABLE, *ms = all_times(g, &a, back),
             *got = malloc((size_t)n_a * n_b * 4);
    assert_int_equal(jx_sweep_table(t->ctx, times, back ? JX_TO_FACILITY : JX_FROM_FACILITY, &a, &b, cutoff, got),
                     JX_OK);
    for (uint32_t i = 0; i < n_a; i++) {
        for (uint32_t j = 0; j < n_b; j++) {
            uint32_t want = JX_UNREACHABLE;
            for (uint32_t k = off_b[j]; k < off_b[j + 1]; k++) {
                uint32_t d = jx_add_ms(ms[(size_t)i * g->g.n_nodes + ports_b[k].node], ports_b[k].ms);
                want = d < want ? d : want;
            }
            assert_int_equal(got[(size_t)i * n_b + j], want <= cutoff ? want : JX_UNREACHABLE);
        }
    }
    free(ms);
    free(got);
}

#endif
