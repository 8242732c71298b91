/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Network snapshots of a DIMACS graph: bench_snapshot X.gr.gz X.co.gz TILES FILE [THREADS]. TILES x TILES copies of the graph become a
 * network of straight streets; CSV of its size on disk, and of the time to build, to write and to open (best of five, file in the cache).
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "dimacs.h"
#include "junxian/io.h"

static void must(bool ok, const char *what) {
    if (!ok) {
        (void)fprintf(stderr, "bench_snapshot: %s\n", what);
        exit(1);
    }
}

static double now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void *zeros(jx_ctx *ctx, size_t n, size_t size) {
    void *p = jx_calloc(ctx, n, size);
    must(p != NULL, "not enough memory");
    return p;
}

/* Streets without tags: every edge open to all, two points each. */
static jx_network *streets(jx_ctx *ctx, const jx_graph *g) {
    jx_network *net = zeros(ctx, 1, sizeof *net);
    size_t n = g->n_nodes, m = g->n_edges;
    uint32_t **const u32[] = {&net->from, &net->to, &net->length_mm, &net->offset_mm, &net->duration_ms, &net->name, &net->component[0], &net->component[1], &net->component[2]};
    uint8_t **const u8[] = {&net->cls, &net->access, &net->surface, &net->maxspeed_fwd, &net->maxspeed_bwd, &net->island};
    for (size_t i = 0; i < sizeof u32 / sizeof *u32; i++) {
        *u32[i] = zeros(ctx, m, sizeof **u32[i]);
    }
    for (size_t i = 0; i < sizeof u8 / sizeof *u8; i++) {
        *u8[i] = zeros(ctx, m, 1);
    }
    net->n_nodes = g->n_nodes;
    net->n_edges = g->n_edges;
    net->node = zeros(ctx, n, sizeof *net->node);
    net->flags = zeros(ctx, m, sizeof *net->flags);
    net->way_id = zeros(ctx, m, sizeof *net->way_id);
    net->geom_off = zeros(ctx, m + 1, sizeof *net->geom_off);
    net->geom = zeros(ctx, 2 * m, sizeof *net->geom);
    net->first_arc = zeros(ctx, n + 1, sizeof *net->first_arc);
    net->arc = zeros(ctx, 2 * m, sizeof *net->arc);
    net->turns.off = zeros(ctx, 1, sizeof *net->turns.off);
    memcpy(net->node, g->pos, n * sizeof *net->node);
    memcpy(net->from, g->from, m * sizeof *net->from);
    memcpy(net->to, g->to, m * sizeof *net->to);
    for (uint32_t e = 0; e < m; e++) {
        net->cls[e] = JX_ROAD_RESIDENTIAL;
        net->access[e] = 63;
        net->name[e] = JX_NONE;
        net->length_mm[e] = jx_seg_mm(g->pos[g->from[e]], g->pos[g->to[e]]);
        net->geom_off[e + 1] = 2 * (uint64_t)(e + 1);
        net->geom[2 * (size_t)e] = g->pos[g->from[e]];
        net->geom[2 * (size_t)e + 1] = g->pos[g->to[e]];
        net->first_arc[g->from[e]]++;
        net->first_arc[g->to[e]]++;
    }
    for (uint32_t v = 1; v <= n; v++) {
        net->first_arc[v] += net->first_arc[v - 1];
    }
    for (uint32_t e = g->n_edges; e-- > 0;) { /* as build.c has it: ends become starts */
        net->arc[--net->first_arc[g->to[e]]] = 2 * e + 1;
        net->arc[--net->first_arc[g->from[e]]] = 2 * e;
    }
    return net;
}

static void measure(jx_ctx *ctx, const jx_network *net, const char *file) {
    static const char sha[] = "0000000000000000000000000000000000000000000000000000000000000000";
    jx_graph g = jx_network_graph(net);
    uint32_t *order = zeros(ctx, g.n_nodes, sizeof *order);
    jx_hierarchy *h;
    jx_doc profiles;
    uint64_t bytes;
    double start = now_ms(), built, best = 1e30;
    must(jx_order(ctx, &g, jx_metis_dissect, NULL, order) == JX_OK && jx_hierarchy_new(ctx, &g, order, &h) == JX_OK, "no hierarchy");
    built = now_ms() - start;
    must(jx_yaml_file(ctx, JX_SOURCE_DIR "/standards/profiles.yaml", &profiles) == JX_OK, "no profiles");
    const jx_snapshot_content c = {.net = net, .h = h, .profiles = &profiles, .extract_sha256 = sha, .source = "dimacs"};
    start = now_ms();
    must(jx_snapshot_save(ctx, file, &c, &bytes) == JX_OK, "cannot write");
    double written = now_ms() - start;
    for (int i = 0; i < 5; i++) {
        jx_snapshot_file f;
        start = now_ms();
        must(jx_snapshot_load(ctx, file, &f) == JX_OK, "cannot open");
        double ms = now_ms() - start;
        best = ms < best ? ms : best;
        jx_snapshot_unload(ctx, &f);
    }
    printf("nodes,edges,arcs,bytes,bytes_per_node,order_and_hierarchy_ms,write_ms,open_ms,open_ns_per_node\n%u,%u,%u,%llu,%.1f,%.0f,%.0f,%.2f,%.1f\n", net->n_nodes, net->n_edges,
           h->n_arcs, (unsigned long long)bytes, (double)bytes / net->n_nodes, built, written, best, best * 1e6 / net->n_nodes);
    jx_doc_release(ctx, &profiles);
    jx_hierarchy_free(ctx, h);
    jx_free(ctx, order);
}

int main(int argc, char **argv) {
    dimacs d, tiled;
    must(argc >= 5, "usage: bench_snapshot X.gr.gz X.co.gz TILES FILE [THREADS]");
    uint32_t tiles = (uint32_t)strtoul(argv[3], NULL, 10);
    jx_mem *mem = jx_mem_new(NULL, 0);
    jx_pool *pool = jx_pool_new(argc > 5 ? (unsigned)strtoul(argv[5], NULL, 10) : 1);
    jx_ctx *ctx = mem && pool ? jx_ctx_new(&(jx_ctx_options){.mem = mem, .pool = pool}) : NULL;
    must(ctx != NULL && tiles > 0, "not enough memory");
    must(dimacs_read(argv[1], argv[2], &d), "no graph");
    if (tiles > 1) {
        must(dimacs_tile(&d, tiles, tiles, &tiled), "not enough memory");
        dimacs_free(&d);
        d = tiled;
    }
    jx_network *net = streets(ctx, &d.g);
    measure(ctx, net, argv[4]);
    jx_network_free(ctx, net);
    dimacs_free(&d);
    jx_ctx_free(ctx);
    jx_pool_free(pool);
    jx_mem_free(mem);
    return 0;
}
