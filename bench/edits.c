/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * What edits cost on a DIMACS graph, beside doing it all again: CSV `work,ms,again_ms,ratio`. Roads go between the middles of two streets
 * drawn by chance: two new nodes, a piece each side, the road.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "dimacs.h"
#include "junxian/sweep.h"

static double now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void must(bool ok, const char *what) {
    if (!ok) {
        fprintf(stderr, "bench_edits: %s\n", what);
        exit(1);
    }
}


/* The base with `roads` roads more. */
static jx_graph grow(const dimacs *d, uint32_t roads, uint64_t seed, uint32_t **time) {
    uint32_t n = d->g.n_nodes, m = d->g.n_edges, nn = n + 2 * roads, mm = m + 5 * roads;
    uint32_t *from = malloc(mm * 4u), *to = malloc(mm * 4u);
    jx_pt *pos = malloc(nn * sizeof *pos);
    *time = malloc(mm * 8u);
    must(from && to && pos && *time, "memory");
    memcpy(from, d->from, m * 4u);
    memcpy(to, d->to, m * 4u);
    memcpy(*time, d->time, m * 8u);
    memcpy(pos, d->g.pos, n * sizeof *pos);
    for (uint32_t r = 0, e = m; r < roads; r++) {
        for (uint32_t k = 0; k < 2; k++) {
            uint32_t s = (uint32_t)(jx_random(seed, r, k) % m), p = n + 2 * r + k;
            pos[p] = pos[d->from[s]];
            for (uint32_t half = 0; half < 2; half++, e++) {
                from[e] = half ? p : d->from[s];
                to[e] = half ? d->to[s] : p;
                for (uint32_t b = 0; b < 2; b++) {
                    uint32_t t = d->time[2 * s + b];
                    (*time)[2 * e + b] = t == JX_UNREACHABLE ? t : (t + half) / 2;
                }
            }
        }
        from[e] = n + 2 * r;
        to[e] = n + 2 * r + 1;
        (*time)[2 * e] = (*time)[2 * e + 1] = 1 + (uint32_t)(jx_random(seed, r, 9) % 20000);
        e++;
    }
    return (jx_graph){nn, mm, from, to, pos};
}

static void roads(jx_ctx *ctx, const dimacs *d, const jx_hierarchy *h, const jx_times *t, const uint32_t *order, uint32_t n) {
    uint32_t *time;
    jx_graph g = grow(d, n, 7, &time);
    jx_hierarchy *grown, *again;
    jx_times *got, *full;
    double best[4] = {1e9, 1e9, 1e9, 1e9};
    uint32_t *order2 = malloc(g.n_nodes * 4u);
    for (uint32_t i = 0; i < g.n_nodes; i++) {
        order2[i] = i < d->g.n_nodes ? order[i] : i;
    }
    for (int k = 0; k < 5; k++) {
        double a = now_ms();
        must(jx_hierarchy_extend(ctx, h, &g, &grown) == JX_OK, "extend");
        double b = now_ms();
        must(jx_times_extend(ctx, t, grown, time, NULL, 0, &got) == JX_OK, "times");
        double c = now_ms();
        must(jx_hierarchy_new(ctx, &g, order2, &again) == JX_OK, "hierarchy");
        double e = now_ms();
        must(jx_times_new(ctx, grown, time, &full) == JX_OK, "customise");
        double f = now_ms();
        must(memcmp(got->weight, full->weight, grown->n_arcs * sizeof *got->weight) == 0, "times differ");
        double took[4] = {b - a, c - b, e - c, f - e};
        for (int i = 0; i < 4; i++) {
            best[i] = took[i] < best[i] ? took[i] : best[i];
        }
        jx_times_free(ctx, got);
        jx_times_free(ctx, full);
        jx_hierarchy_free(ctx, grown);
        jx_hierarchy_free(ctx, again);
    }
    printf("hierarchy with %u roads more,%.3f,%.3f,%.4f\n", n, best[0], best[2], best[0] / best[2]);
    printf("times with %u roads more,%.3f,%.3f,%.4f\n", n, best[1], best[3], best[1] / best[3]);
    free(order2);
}

static void changes(jx_ctx *ctx, const dimacs *d, const jx_times *t, uint32_t n) {
    double best[2] = {1e9, 1e9};
    uint32_t *time = malloc(d->g.n_edges * 8u), *edges = malloc(n * 4u), diff = 0;
    memcpy(time, d->time, d->g.n_edges * 8u);
    for (uint32_t i = 0; i < n; i++) {
        edges[i] = (uint32_t)(jx_random(5, i, 0) % d->g.n_edges);
        time[2 * edges[i]] = time[2 * edges[i] + 1] = JX_UNREACHABLE;
    }
    for (int k = 0; k < 9; k++) {
        jx_times *c;
        double a = now_ms();
        must(jx_times_copy(ctx, t, &c) == JX_OK, "copy");
        double b = now_ms();
        must(jx_times_update(ctx, c, time, edges, n) == JX_OK, "update");
        double e = now_ms();
        best[0] = b - a < best[0] ? b - a : best[0];
        best[1] = e - b < best[1] ? e - b : best[1];
        diff = 0;
        for (uint32_t i = 0; i < t->h->n_arcs; i++) {
            diff += c->weight[i].up != t->weight[i].up || c->weight[i].down != t->weight[i].down ? 1 : 0;
        }
        jx_times_free(ctx, c);
    }
    printf("copy of the times (%.1f MB),%.3f,,\n", (double)t->h->n_arcs * 8 / 1e6, best[0]);
    printf("update after %u closures (%u of %u arcs other),%.3f,,\n", n, diff, t->h->n_arcs, best[1]);
}

int main(int argc, char **argv) {
    dimacs d;
    jx_mem *mem = jx_mem_new(NULL, 0);
    jx_ctx *ctx = jx_ctx_new(&(jx_ctx_options){.mem = mem});
    jx_hierarchy *h;
    jx_times *t;
    must(argc == 3 && dimacs_read(argv[1], argv[2], &d), "usage: bench_edits X.gr.gz X.co.gz");
    uint32_t *order = malloc(d.g.n_nodes * 4u);
    must(jx_order(ctx, &d.g, NULL, NULL, order) == JX_OK && jx_hierarchy_new(ctx, &d.g, order, &h) == JX_OK && jx_times_new(ctx, h, d.time, &t) == JX_OK, "base");
    printf("work,ms,again_ms,ratio\n");
    roads(ctx, &d, h, t, order, 1);
    roads(ctx, &d, h, t, order, 10);
    roads(ctx, &d, h, t, order, 100);
    changes(ctx, &d, t, 1);
    changes(ctx, &d, t, 10);
    return 0;
}
