/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The hierarchy on graphs made from bytes: order, topology, customisation, sweeps both ways, nearest, tables, cumulative sums and a forest of
 * ways are plain Dijkstra's, to the bit; after edits and after growing too. The graphs are those of the property tests (tests/graph.h).
 */
#include "fuzz.h"
#include "hierarchy_check.h"
#include "junxian/route.h"
#include "junxian/sweep.h"

enum { MAX_BYTES = 1200, MAX_NODES = 96, LANES = 20 };

/* Bytes that decide what is asked, taken from the end; zeros when they are used up. */
typedef struct asker {
    const uint8_t *data;
    size_t left;
} asker;

static uint8_t ask(void *user) {
    asker *a = user;
    return a->left ? a->data[--a->left] : 0;
}

typedef struct world {
    jx_ctx *ctx;
    asker a;
    const test_graph *g;
    const jx_hierarchy *h;
    const jx_times *t;
    bool back;
    uint32_t n_origins, off[LANES + 1];
    jx_port ports[2 * LANES];
    uint32_t *want; /* origin * n + node */
    jx_sweep *s;
} world;

static void make_origins(world *w) {
    uint32_t k = 0, n = w->g->g.n_nodes;
    w->n_origins = 1 + ask(&w->a) % LANES;
    for (uint32_t i = 0; i < w->n_origins; i++) {
        w->off[i] = k;
        for (uint32_t p = ask(&w->a) % 3u; p > 0; p--) {
            w->ports[k].node = ask(&w->a) % n;
            w->ports[k++].ms = graph_time(ask(&w->a), ask(&w->a), ask(&w->a));
        }
    }
    w->off[w->n_origins] = k;
    w->want = malloc((size_t)w->n_origins * n * sizeof *w->want);
    memset(w->want, 0xff, (size_t)w->n_origins * n * sizeof *w->want);
    for (uint32_t i = 0; i < w->n_origins; i++) {
        uint32_t *d = w->want + (size_t)i * n;
        for (uint32_t p = w->off[i]; p < w->off[i + 1]; p++) {
            d[w->ports[p].node] = w->ports[p].ms < d[w->ports[p].node] ? w->ports[p].ms : d[w->ports[p].node];
        }
        graph_dijkstra(&w->g->g, w->g->time, w->back, d);
    }
}

/* ---- sweeps ----------------------------------------------------------------------------------------------------------------------- */

typedef struct sheet {
    const world *w;
    uint32_t *got;
} sheet;

static jx_status note(jx_ctx *wctx, void *user, const jx_batch *b, uint32_t row, uint32_t n, const uint32_t (*ms)[JX_LANES]) {
    sheet *sh = user;
    (void)wctx;
    for (uint32_t k = 0; k < n; k++) {
        for (uint32_t l = 0; l < b->n_lanes; l++) {
            if (ms[k][l] <= b->limit_ms) {
                sh->got[(size_t)b->origin[l] * sh->w->g->g.n_nodes + jx_sweep_node(sh->w->s, row + k)] = ms[k][l];
            }
        }
    }
    return JX_OK;
}

static void check_run(world *w) {
    size_t n = (size_t)w->n_origins * w->g->g.n_nodes;
    sheet sh = {w, malloc(n * sizeof *sh.got)};
    uint32_t cutoff = ask(&w->a) % 2 ? JX_UNREACHABLE : graph_time(ask(&w->a), ask(&w->a), ask(&w->a));
    memset(sh.got, 0xff, n * sizeof *sh.got);
    jx_fuzz_check(jx_sweep_run(w->ctx, w->s, &(jx_origins){w->n_origins, w->off, w->ports}, cutoff, &(jx_sweep_calls){.rows = note}, &sh) == JX_OK);
    for (size_t i = 0; i < n; i++) {
        jx_fuzz_check(sh.got[i] == (w->want[i] <= cutoff ? w->want[i] : JX_UNREACHABLE));
    }
    free(sh.got);
}

static void check_one(world *w) {
    uint32_t n = w->g->g.n_nodes, from = ask(&w->a) % n, *d = malloc(n * sizeof *d);
    const uint32_t *ms, *place;
    memset(d, 0xff, n * sizeof *d);
    d[from] = 0;
    graph_dijkstra(&w->g->g, w->g->time, w->back, d);
    jx_fuzz_check(jx_sweep_one(w->ctx, w->s, from, &ms, &place) == JX_OK);
    for (uint32_t v = 0; v < n; v++) {
        jx_fuzz_check(ms[place[v]] == d[w->h->node[v]]);
    }
    free(d);
}

static void check_nearest(world *w) {
    uint32_t n = w->g->g.n_nodes, k = 1 + ask(&w->a) % 5u;
    jx_table_entry *got = malloc((size_t)n * k * sizeof *got);
    jx_fuzz_check(jx_sweep_nearest(w->ctx, w->s, &(jx_origins){w->n_origins, w->off, w->ports}, k, got) == JX_OK);
    for (uint32_t v = 0; v < n; v++) {
        uint64_t after = 0; /* time << 32 | facility of the one before, plus one */
        for (uint32_t i = 0; i < k; i++) {
            uint64_t best = UINT64_MAX;
            for (uint32_t o = 0; o < w->n_origins; o++) {
                uint32_t ms = w->want[(size_t)o * n + v];
                uint64_t key = (uint64_t)ms << 32 | o;
                best = ms != JX_UNREACHABLE && key >= after && key < best ? key : best;
            }
            jx_fuzz_check(got[v * k + i].time_ms == (best == UINT64_MAX ? JX_UNREACHABLE : (uint32_t)(best >> 32)));
            jx_fuzz_check(got[v * k + i].facility == (best == UINT64_MAX ? JX_NONE : (uint32_t)best));
            after = best == UINT64_MAX ? UINT64_MAX : best + 1;
        }
    }
    free(got);
}

static void check_cumulative(world *w) {
    uint32_t n = w->g->g.n_nodes, weight[MAX_NODES + 8], limit[2];
    uint64_t got[2 * LANES];
    for (uint32_t v = 0; v < n; v++) {
        weight[v] = (uint32_t)ask(&w->a) << 18;
    }
    for (int i = 0; i < 2; i++) {
        limit[i] = graph_time(ask(&w->a), ask(&w->a), ask(&w->a));
    }
    jx_fuzz_check(jx_sweep_cumulative(w->ctx, w->s, &(jx_origins){w->n_origins, w->off, w->ports}, weight, limit, 2, got) == JX_OK);
    for (uint32_t o = 0; o < w->n_origins; o++) {
        for (uint32_t k = 0; k < 2; k++) {
            uint64_t sum = 0;
            for (uint32_t v = 0; v < n; v++) {
                uint32_t ms = w->want[(size_t)o * n + v];
                sum += ms != JX_UNREACHABLE && ms <= limit[k] ? weight[v] : 0;
            }
            jx_fuzz_check(got[2 * o + k] == sum);
        }
    }
}

/* Places on edges: tables want the ends of one edge. */
static void check_table(world *w) {
    uint32_t n = w->g->g.n_nodes, off[9], k = 0, got[64];
    jx_port ports[16];
    if (w->g->g.n_edges == 0) {
        return;
    }
    for (uint32_t i = 0; i < 8; i++) {
        uint32_t e = ((uint32_t)ask(&w->a) << 8 | ask(&w->a)) % w->g->g.n_edges;
        off[i] = k;
        ports[k++] = (jx_port){w->g->from[e], ask(&w->a)};
        ports[k++] = (jx_port){w->g->to[e], ask(&w->a)};
    }
    off[8] = k;
    jx_origins o = {8, off, ports};
    jx_fuzz_check(jx_sweep_table(w->ctx, w->t, w->back ? JX_TO_FACILITY : JX_FROM_FACILITY, &o, &o, JX_UNREACHABLE, got) == JX_OK);
    uint32_t *d = malloc(n * sizeof *d);
    for (uint32_t i = 0; i < 8; i++) {
        memset(d, 0xff, n * sizeof *d);
        for (uint32_t p = off[i]; p < off[i + 1]; p++) {
            d[ports[p].node] = ports[p].ms < d[ports[p].node] ? ports[p].ms : d[ports[p].node];
        }
        graph_dijkstra(&w->g->g, w->g->time, w->back, d);
        for (uint32_t j = 0; j < 8; j++) {
            uint32_t a = jx_add_ms(d[ports[off[j]].node], ports[off[j]].ms), b = jx_add_ms(d[ports[off[j] + 1].node], ports[off[j] + 1].ms);
            jx_fuzz_check(got[8 * i + j] == (a < b ? a : b));
        }
    }
    free(d);
}

static void check_times(world *w) {
    jx_sweep_options opt = {.dir = w->back ? JX_TO_FACILITY : JX_FROM_FACILITY, .prune = ask(&w->a) % 2};
    make_origins(w);
    jx_fuzz_check(jx_sweep_new(w->ctx, w->t, &opt, &w->s) == JX_OK);
    check_run(w);
    check_one(w);
    check_nearest(w);
    check_cumulative(w);
    check_table(w);
    jx_sweep_free(w->ctx, w->s);
    free(w->want);
}

/* ---- forest: needs a network around the graph ---------------------------------------------------------------------------------------------- */

static void check_forest(jx_ctx *ctx, const test_graph *g, bool back, asker *a) {
    uint32_t n = g->g.n_nodes, m = g->g.n_edges, k = 0;
    jx_network net = {.n_nodes = n, .n_edges = m, .from = g->from, .to = g->to, .length_mm = calloc(m + 1, 4),
                      .first_arc = calloc(n + 1, 4), .arc = malloc((2 * m + 1) * sizeof(uint32_t))};
    jx_metric metric = {.mode = JX_CAR, .n_arcs = 2 * m, .time_ms = g->time};
    jx_snap facs[4];
    uint32_t n_facs = m ? 1 + ask(a) % 4u : 0, *d = malloc(n * sizeof *d);
    jx_forest *f;
    for (uint32_t v = 0; v < n; v++) {
        net.first_arc[v] = k;
        for (uint32_t e = 0; e < m; e++) {
            for (uint32_t b = 0; b < 2; b++) {
                if ((b ? g->to[e] : g->from[e]) == v) {
                    net.arc[k++] = 2 * e + b;
                }
            }
        }
    }
    net.first_arc[n] = k;
    memset(d, 0xff, n * sizeof *d);
    for (uint32_t i = 0; i < n_facs; i++) { /* edges of no length: a joint is at both ends, for the arc's time */
        uint32_t e = ask(a) % m;
        jx_port p[2];
        facs[i] = (jx_snap){.edge = e, .offroad_ms = ask(a)};
        for (uint32_t q = jx_snap_ports(&net, &metric, &facs[i], !back, p); q-- > 0;) {
            d[p[q].node] = p[q].ms < d[p[q].node] ? p[q].ms : d[p[q].node];
        }
    }
    graph_dijkstra(&g->g, g->time, back, d);
    jx_fuzz_check(jx_forest_new(ctx, &net, &metric, back ? JX_TO_FACILITY : JX_FROM_FACILITY, facs, n_facs, &f) == JX_OK);
    uint32_t reached = 0;
    for (uint32_t v = 0; v < n; v++) {
        jx_fuzz_check(f->ms[v] == d[v]);
        reached += d[v] != JX_UNREACHABLE ? 1 : 0;
        if (f->arc[v] != JX_NONE) { /* the arc is one of a shortest way */
            uint32_t from = back ? jx_arc_head(&net, f->arc[v]) : jx_arc_tail(&net, f->arc[v]);
            jx_fuzz_check(jx_add_ms(d[from], g->time[f->arc[v]]) == d[v] && f->facility[v] == f->facility[from]);
        }
    }
    jx_fuzz_check(reached == f->n_reached);
    jx_forest_free(ctx, f);
    free(d);
    free(net.length_mm);
    free(net.first_arc);
    free(net.arc);
}

/* ---- the whole ------------------------------------------------------------------------------------------------------------------------------ */

static void check_same(const jx_times *a, const jx_times *b) {
    jx_fuzz_check(memcmp(a->weight, b->weight, a->h->n_arcs * sizeof *a->weight) == 0);
}

static void edit(world *w, test_graph *g, jx_times *t) {
    jx_times *full;
    uint32_t edges[8], n = g->g.n_edges ? ask(&w->a) % 8u : 0;
    for (uint32_t i = 0; i < n; i++) {
        edges[i] = ((uint32_t)ask(&w->a) << 8 | ask(&w->a)) % g->g.n_edges;
        g->time[2 * edges[i] + ask(&w->a) % 2u] = graph_time(ask(&w->a), ask(&w->a), ask(&w->a));
    }
    jx_fuzz_check(jx_times_update(w->ctx, t, g->time, edges, n) == JX_OK);
    jx_fuzz_check(jx_times_new(w->ctx, t->h, g->time, &full) == JX_OK);
    check_same(t, full);
    jx_times_free(w->ctx, full);
}

static void grow(world *w, const test_graph *g, const jx_hierarchy *h, const jx_times *t) {
    test_graph more;
    jx_hierarchy *grown;
    jx_times *got, *full;
    graph_grow(g, ask, &w->a, true, &more);
    jx_fuzz_check(jx_hierarchy_extend(w->ctx, h, &more.g, &grown) == JX_OK);
    jx_fuzz_check(hierarchy_sound(&more.g, grown));
    jx_fuzz_check(jx_times_extend(w->ctx, t, grown, more.time, NULL, 0, &got) == JX_OK);
    jx_fuzz_check(jx_times_new(w->ctx, grown, more.time, &full) == JX_OK);
    check_same(got, full);
    w->g = &more;
    w->h = grown;
    w->t = got;
    check_times(w);
    jx_times_free(w->ctx, got);
    jx_times_free(w->ctx, full);
    jx_hierarchy_free(w->ctx, grown);
    graph_free(&more);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    test_graph g;
    if (size > MAX_BYTES || !graph_from_bytes(data, size, MAX_NODES, true, &g)) {
        return 0;
    }
    jx_fuzz f = jx_fuzz_begin();
    uint32_t order[MAX_NODES];
    jx_hierarchy *h;
    jx_times *t;
    world w = {.ctx = f.ctx, .a = {data, size}, .g = &g};
    w.back = ask(&w.a) % 2;
    jx_fuzz_check(jx_order(f.ctx, &g.g, NULL, NULL, order) == JX_OK);
    jx_fuzz_check(jx_hierarchy_new(f.ctx, &g.g, order, &h) == JX_OK);
    jx_fuzz_check(hierarchy_sound(&g.g, h));
    jx_fuzz_check(jx_times_new(f.ctx, h, g.time, &t) == JX_OK);
    w.h = h;
    w.t = t;
    check_times(&w);
    edit(&w, &g, t);
    w.back = !w.back;
    check_times(&w);
    check_forest(f.ctx, &g, w.back, &w.a);
    grow(&w, &g, h, t);
    jx_times_free(f.ctx, t);
    jx_hierarchy_free(f.ctx, h);
    graph_free(&g);
    jx_fuzz_end(&f);
    return 0;
}
