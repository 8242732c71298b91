/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Orders, hierarchies, customisation and sweeps against plain Dijkstra, on thousands of graphs made from bytes. */
#include "graph.h"
#include "junxian/sweep.h"
#include "network/lanes.h"
#include "oom.h"
#include "support.h"

/* Bytes of graph number i: small and dense, long and thin, or large. */
static size_t make_bytes(uint64_t i, uint8_t *bytes, size_t cap) {
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

static void build(jx_ctx *ctx, const test_graph *g, built *b) {
    b->order = malloc((size_t)g->g.n_nodes * 4);
    assert_int_equal(jx_order(ctx, &g->g, NULL, NULL, b->order), JX_OK);
    assert_int_equal(jx_hierarchy_new(ctx, &g->g, b->order, &b->h), JX_OK);
    assert_int_equal(jx_times_new(ctx, b->h, g->time, &b->t), JX_OK);
}

static void unbuild(jx_ctx *ctx, built *b) {
    jx_times_free(ctx, b->t);
    jx_hierarchy_free(ctx, b->h);
    free(b->order);
}

/* ---- topology
 * ---------------------------------------------------------------------------------------------------------- */

static void check_hierarchy(const test_graph *g, const jx_hierarchy *h) {
    uint32_t n = h->n_nodes;
    for (uint32_t v = 0; v < n; v++) {
        assert_int_equal(h->rank[h->node[v]], v);
        uint32_t a = h->up[v], end = h->up[v + 1];
        assert_true(h->parent[v] == (a < end ? h->head[a] : JX_NONE)); /* the lowest neighbour above */
        for (uint32_t k = a; k < end; k++) {
            assert_true(h->head[k] > v && (k == a || h->head[k] > h->head[k - 1]));
            assert_int_equal(h->head_slot[k], h->slot[h->head[k]]);
            assert_true(v + h->size[h->head[k]] > h->head[k]); /* the head is an ancestor: v lies in its range */
        }
        for (uint32_t k = h->down[v]; k < h->down[v + 1]; k++) {
            assert_int_equal(h->head[h->down_arc[k]], v);
            assert_true(h->down_arc[k] >= h->up[h->down_tail[k]] && h->down_arc[k] < h->up[h->down_tail[k] + 1]);
        }
    }
    for (uint32_t e = 0; e < h->n_edges; e++) {
        uint32_t x = h->rank[g->from[e]], y = h->rank[g->to[e]];
        if (x == y) {
            assert_int_equal(h->edge_arc[e], JX_NONE);
        } else {
            uint32_t a = h->edge_arc[e] / 2, lo = x < y ? x : y;
            assert_true(a >= h->up[lo] && a < h->up[lo + 1] && h->head[a] == (x < y ? y : x) &&
                        (h->edge_arc[e] & 1u) == (x > y));
        }
    }
}

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
            check_hierarchy(&g, b.h);
            unbuild(t.ctx, &b);
            graph_free(&g);
        }
    }
    jx_test_release(&t);
}

/* ---- sweeps against Dijkstra
 * ---------------------------------------------------------------------------------------------- */

typedef struct sheet {
    const jx_sweep *s;
    uint32_t n, *ms; /* origin * n + node */
} sheet;

static jx_status note(jx_ctx *wctx, void *user, const jx_batch *b, uint32_t row, uint32_t n,
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
static uint32_t make_origins(uint64_t seed, uint32_t n_nodes, uint32_t n, uint32_t *off, jx_port *ports) {
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

static void compare(jx_test *t, const test_graph *g, const jx_times *times, uint64_t seed) {
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

/* ---- what is made of sweeps, against the same made of Dijkstra's times
 * ------------------------------------------------------ */

typedef struct ranked {
    uint32_t ms, facility;
} ranked;

static int by_time(const void *a, const void *b) {
    const ranked *x = a, *y = b;
    return x->ms != y->ms ? (x->ms > y->ms ? 1 : -1) : (x->facility > y->facility) - (x->facility < y->facility);
}

/* All times between origins and nodes, by Dijkstra: ms[origin * n + node]. */
static uint32_t *all_times(const test_graph *g, const jx_origins *o, bool back) {
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

static void check_nearest(jx_test *t, const test_graph *g, const jx_sweep *s, bool to_facility, const jx_origins *o,
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

static void check_one(jx_test *t, const test_graph *g, jx_sweep *s, const jx_hierarchy *h, bool back, uint64_t seed) {
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

static void check_cumulative(jx_test *t, const test_graph *g, const jx_sweep *s, bool back, const jx_origins *o) {
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
static uint32_t edge_places(uint64_t seed, const test_graph *g, uint32_t n, uint32_t *off, jx_port *ports) {
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

static void check_table(jx_test *t, const test_graph *g, const jx_times *times, uint64_t seed) {
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

/* ---- threads
 * ------------------------------------------------------------------------------------------------------------------ */

/* A town of w x w junctions with some streets missing and times by chance. */
static void make_town(uint32_t w, test_graph *t) {
    uint32_t m = 0;
    *t = (test_graph){.from = malloc((size_t)w * w * 8),
                      .to = malloc((size_t)w * w * 8),
                      .time = malloc((size_t)w * w * 16),
                      .pos = malloc((size_t)w * w * sizeof(jx_pt))};
    for (uint32_t v = 0; v < w * w; v++) {
        t->pos[v] = (jx_pt){(int32_t)(v % w) * 9000, (int32_t)(v / w) * 9000};
        for (uint32_t k = 0; k < 2; k++) {
            if ((k ? v / w : v % w) + 1 < w && jx_random(5, v, k) % 10 < 8) {
                t->from[m] = v;
                t->to[m] = k ? v + w : v + 1;
                t->time[2 * m] = 1 + (uint32_t)(jx_random(6, v, k) % 5000);
                t->time[2 * m + 1] = jx_random(7, v, k) % 20 ? t->time[2 * m] : JX_UNREACHABLE;
                m++;
            }
        }
    }
    t->g = (jx_graph){w * w, m, t->from, t->to, t->pos};
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

/* ---- failing memory
 * ---------------------------------------------------------------------------------------------------------------- */

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
        cmocka_unit_test(threads_change_nothing), cmocka_unit_test(memory_may_fail)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
