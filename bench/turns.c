/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * What turns cost: size and times of the car's network without turns, with restrictions and U-turns, and with sharp turns. One thread.
 * Usage: bench_turns X.osm.pbf PROFILES.yaml | bench_turns X.gr[.gz] X.co[.gz] (rules by chance at one junction in fifty). Prints CSV.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "dimacs.h"
#include "junxian/io.h"
#include "junxian/sweep.h"
#include "junxian/turns.h"
#include "reference.h"

enum { ORIGINS = 128, ROUNDS = 5 };

static double now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int64_t triangles(const jx_hierarchy *h) {
    int64_t sum = 0;
    for (uint32_t v = 0; v < h->n_nodes; v++) {
        int64_t d = (int64_t)h->up[v + 1] - h->up[v];
        sum += d * (d - 1) / 2;
    }
    return sum;
}

/* Sixteen origins at a time to all nodes; the least of some rounds, per origin. */
static jx_status sweeps(jx_ctx *ctx, const jx_times *t, uint32_t n_nodes, double *ms) {
    jx_sweep *s;
    uint32_t off[ORIGINS + 1];
    jx_port port[ORIGINS];
    JX_TRY(jx_sweep_new(ctx, t, &(jx_sweep_options){.dir = JX_FROM_FACILITY, .prune = true}, &s));
    for (uint32_t i = 0; i < ORIGINS; i++) {
        off[i] = i;
        port[i] = (jx_port){(uint32_t)(jx_random(3, 1, i) % n_nodes), 0};
    }
    off[ORIGINS] = ORIGINS;
    *ms = 1e9;
    for (int r = 0; r < ROUNDS; r++) {
        double begin = now_ms();
        JX_TRY(jx_sweep_run(ctx, s, &(jx_origins){ORIGINS, off, port}, JX_UNREACHABLE, &(jx_sweep_calls){0}, NULL));
        double took = (now_ms() - begin) / ORIGINS;
        *ms = took < *ms ? took : *ms;
    }
    jx_sweep_free(ctx, s);
    return JX_OK;
}

/* One textbook Dijkstra from a node, the mean of some. */
static jx_status dijkstras(jx_ctx *ctx, const jx_graph *g, const uint32_t *time, double *ms) {
    enum { RUNS = 20 };
    uint32_t *dist = jx_malloc(ctx, g->n_nodes, sizeof *dist);
    reference *r = reference_new(g, time);
    if (!dist || !r) {
        return JX_E_NOMEM;
    }
    double begin = now_ms();
    for (uint32_t i = 0; i < RUNS; i++) {
        reference_run(r, (uint32_t)(jx_random(3, 1, i) % g->n_nodes), JX_UNREACHABLE, dist);
    }
    *ms = (now_ms() - begin) / RUNS;
    reference_free(r);
    jx_free(ctx, dist);
    return JX_OK;
}

static jx_status measure(jx_ctx *ctx, const char *name, const jx_network *road, const uint32_t *time, const uint32_t *order, double expand_ms) {
    jx_graph g = jx_network_graph(road);
    jx_hierarchy *h;
    jx_times *t;
    double build, customise = 1e9, sweep, dijkstra, begin = now_ms();
    JX_TRY(jx_hierarchy_new(ctx, &g, order, &h));
    build = now_ms() - begin;
    JX_TRY(jx_times_new(ctx, h, time, &t));
    for (int r = 0; r < ROUNDS; r++) {
        begin = now_ms();
        JX_TRY(jx_times_customise(ctx, t, time));
        customise = now_ms() - begin < customise ? now_ms() - begin : customise;
    }
    JX_TRY(sweeps(ctx, t, g.n_nodes, &sweep));
    JX_TRY(dijkstras(ctx, &g, time, &dijkstra));
    uint32_t split = road->turned ? road->turned->n_split : 0, states = road->turned ? road->turned->n_states : 0;
    printf("%s,%u,%u,%u,%u,%u,%u,%lld,%.1f,%.1f,%.2f,%.3f,%.2f\n", name, g.n_nodes, g.n_edges, split, states, h->n_arcs, h->height,
           (long long)triangles(h), expand_ms, build, customise, sweep, dijkstra);
    fflush(stdout);
    jx_times_free(ctx, t);
    jx_hierarchy_free(ctx, h);
    return JX_OK;
}

static jx_status variant(jx_ctx *ctx, const char *name, const jx_network *net, const jx_metric *m, const jx_profile *p, const uint32_t *order, bool own_order) {
    jx_network *turned;
    jx_metric *tm;
    double begin = now_ms();
    JX_TRY(jx_turned_new(ctx, net, m, p, &turned, &tm));
    double took = now_ms() - begin;
    uint32_t *copies = jx_malloc(ctx, turned->n_nodes, sizeof *copies);
    jx_graph g = jx_network_graph(turned);
    JX_TRY(copies ? own_order ? jx_order(ctx, &g, jx_metis_dissect, NULL, copies) : jx_turned_order(ctx, turned, order, copies) : JX_E_NOMEM);
    JX_TRY(measure(ctx, name, turned, tm->time_ms, copies, took));
    jx_free(ctx, copies);
    jx_metric_free(ctx, tm);
    jx_network_free(ctx, turned);
    return JX_OK;
}

static jx_status all(jx_ctx *ctx, jx_network *net, const jx_metric *m, const jx_profile *p) {
    uint32_t *order = jx_malloc(ctx, net->n_nodes, sizeof *order), rules = net->turns.n;
    jx_graph g = jx_network_graph(net);
    jx_profile q = *p;
    double begin = now_ms();
    JX_TRY(order ? jx_order(ctx, &g, jx_metis_dissect, NULL, order) : JX_E_NOMEM);
    printf("network,nodes,edges,split,states,arcs,levels,triangles,expand_ms,hierarchy_ms,customise_ms,sweep16_ms,dijkstra_ms\n");
    fprintf(stderr, "order %.1f ms, once for all\n", now_ms() - begin);
    JX_TRY(measure(ctx, "plain", net, m->time_ms, order, 0));
    net->turns.n = 0; /* the mode's streets alone */
    JX_TRY(variant(ctx, "car", net, m, &q, order, false));
    net->turns.n = rules;
    q.u_turn_s = 0;
    JX_TRY(variant(ctx, "restrictions", net, m, &q, order, false));
    q.u_turn_s = p->u_turn_s;
    JX_TRY(variant(ctx, "restrictions+u-turns", net, m, &q, order, false));
    q.sharp_s = p->u_turn_s * 7.5 / 20;
    q.sharp_deg = 60;
    JX_TRY(variant(ctx, "all turns", net, m, &q, order, false));
    JX_TRY(variant(ctx, "all turns; order of its own", net, m, &q, order, true));
    jx_free(ctx, order);
    return JX_OK;
}

/* ---- sources of networks ---------------------------------------------------------------------------------------------- */

static jx_status from_osm(jx_ctx *ctx, const char *pbf, const char *profiles) {
    jx_doc doc;
    jx_profiles *p;
    jx_extract *x;
    jx_network *net;
    jx_metric *m;
    const jx_keep keep = {jx_keep_default};
    JX_TRY(jx_yaml_file(ctx, profiles, &doc));
    JX_TRY(jx_profiles_compile(ctx, &doc, &p));
    JX_TRY(jx_pbf_read(ctx, pbf, &keep, &x));
    JX_TRY(jx_network_build(ctx, x, p, &net));
    jx_extract_free(ctx, x);
    JX_TRY(jx_metric_new(ctx, net, jx_profiles_get(p, JX_CAR), &m));
    JX_TRY(all(ctx, net, m, jx_profiles_get(p, JX_CAR)));
    jx_metric_free(ctx, m);
    jx_network_free(ctx, net);
    jx_profiles_free(ctx, p);
    jx_doc_release(ctx, &doc);
    return JX_OK;
}

/* One junction of three streets or more in fifty forbids one turn, drawn by chance. */
static jx_status draw_rules(jx_ctx *ctx, jx_network *n) {
    uint32_t k = 0;
    n->turns.off = jx_calloc(ctx, n->n_nodes + 1, sizeof *n->turns.off);
    n->turns.arc = jx_malloc(ctx, 2 * (size_t)n->n_nodes, sizeof *n->turns.arc);
    n->turns.kind = jx_calloc(ctx, n->n_nodes, 1);
    n->turns.modes = jx_malloc(ctx, n->n_nodes, 1);
    if (!n->turns.off || !n->turns.arc || !n->turns.kind || !n->turns.modes) {
        return JX_E_NOMEM;
    }
    memset(n->turns.modes, 0xff, n->n_nodes);
    for (uint32_t v = 0; v < n->n_nodes; v++) {
        uint32_t d = n->first_arc[v + 1] - n->first_arc[v], a = (uint32_t)(jx_random(9, 1, v) % (d ? d : 1)), b = (a + 1) % (d ? d : 1);
        if (d >= 3 && jx_random(9, 2, v) % 50 == 0) {
            n->turns.arc[2 * k] = n->arc[n->first_arc[v] + a] ^ 1u;
            n->turns.arc[2 * k + 1] = n->arc[n->first_arc[v] + b];
            k++;
            n->turns.off[k] = 2 * k;
        }
    }
    n->turns.n = k;
    return JX_OK;
}

static jx_status from_dimacs(jx_ctx *ctx, const char *gr, const char *co) {
    dimacs d;
    if (!dimacs_read(gr, co, &d)) {
        return JX_E_FILE;
    }
    uint32_t n = d.g.n_nodes, m = d.g.n_edges, sum = 0;
    jx_network net = {.n_nodes = n, .n_edges = m, .node = d.pos, .from = d.from, .to = d.to};
    net.length_mm = jx_calloc(ctx, m, sizeof *net.length_mm);
    net.cls = jx_calloc(ctx, m, 1);
    net.flags = jx_calloc(ctx, m, sizeof *net.flags);
    net.way_id = jx_calloc(ctx, m, sizeof *net.way_id);
    net.geom_off = jx_malloc(ctx, (size_t)m + 1, sizeof *net.geom_off);
    net.geom = jx_malloc(ctx, 2 * (size_t)m, sizeof *net.geom);
    net.first_arc = jx_calloc(ctx, (size_t)n + 1, sizeof *net.first_arc);
    net.arc = jx_malloc(ctx, 2 * (size_t)m, sizeof *net.arc);
    if (!net.length_mm || !net.cls || !net.flags || !net.way_id || !net.geom_off || !net.geom || !net.first_arc || !net.arc) {
        return JX_E_NOMEM;
    }
    for (uint32_t e = 0; e <= m; e++) {
        net.geom_off[e] = 2 * (uint64_t)e;
    }
    for (uint32_t e = 0; e < m; e++) {
        net.way_id[e] = e;
        net.geom[2 * e] = d.pos[d.from[e]];
        net.geom[2 * e + 1] = d.pos[d.to[e]];
        net.first_arc[d.from[e]]++;
        net.first_arc[d.to[e]]++;
    }
    for (uint32_t v = 0; v <= n; v++) {
        sum += net.first_arc[v];
        net.first_arc[v] = sum;
    }
    for (uint32_t e = m; e-- > 0;) {
        net.arc[--net.first_arc[d.to[e]]] = 2 * e + 1;
        net.arc[--net.first_arc[d.from[e]]] = 2 * e;
    }
    JX_TRY(draw_rules(ctx, &net));
    jx_metric metric = {.mode = JX_CAR, .n_arcs = 2 * m, .time_ms = d.time};
    /* published without unit; fifteen minutes are about 250,000 (junxian_bench.c), so 20 s are 5,556 */
    jx_status st = all(ctx, &net, &metric, &(jx_profile){.mode = JX_CAR, .u_turn_s = 5.556, .sharp_deg = 60});
    void *const blocks[] = {net.length_mm, net.cls, net.flags, net.way_id, net.geom_off, net.geom, net.first_arc, net.arc,
                            net.turns.off, net.turns.arc, net.turns.kind, net.turns.modes};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        jx_free(ctx, blocks[i]);
    }
    dimacs_free(&d);
    return st;
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fputs("usage: bench_turns X.osm.pbf PROFILES.yaml | bench_turns X.gr[.gz] X.co[.gz]\n", stderr);
        return 2;
    }
    jx_mem *mem = jx_mem_new(NULL, 0);
    jx_ctx *ctx = jx_ctx_new(&(jx_ctx_options){.mem = mem});
    jx_status st = strstr(argv[1], ".pbf") ? from_osm(ctx, argv[1], argv[2]) : from_dimacs(ctx, argv[1], argv[2]);
    if (st != JX_OK && jx_ctx_error(ctx)) {
        fprintf(stderr, "%s\n", jx_status_name(st));
    }
    jx_ctx_free(ctx);
    jx_mem_free(mem);
    return jx_status_exit_code(st);
}
