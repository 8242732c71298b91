/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * igraph on a DIMACS graph, with the nodes junxian-bench chooses. Prints `version,work,ms,sum of the times,note` per line: all: one
 * source, all nodes, mean of five; table: five rows of the 1,000 x 1,000 table (a search ends when its targets are reached), times 200.
 */
#include <igraph.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "../dimacs.h"

enum { SOURCES = 5, TARGETS = 1000, ROUNDS = 2 };

static double now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static igraph_integer_t pick(const igraph_t *g, uint64_t stream, uint64_t i) {
    return (igraph_integer_t)(jx_random(42, stream, i) % (uint64_t)igraph_vcount(g));
}

/* Milliseconds for SOURCES nodes of a stream, one after another, to all nodes (0) or to the TARGETS of a stream; the sum of the times: of
   the first one to all, of all to the targets. */
static double times(const igraph_t *g, const igraph_vector_t *weight, uint64_t from, uint64_t to, double *sum) {
    igraph_vector_int_t node; /* igraph wants each target once */
    uint32_t *often = calloc((size_t)igraph_vcount(g), sizeof *often);
    double ms = 0;
    *sum = 0;
    igraph_vector_int_init(&node, 0);
    for (uint64_t i = 0; to && i < TARGETS; i++) {
        igraph_integer_t v = pick(g, to, i);
        if (often[v]++ == 0) {
            igraph_vector_int_push_back(&node, v);
        }
    }
    for (uint64_t i = 0; i < SOURCES; i++) {
        igraph_matrix_t out;
        igraph_vs_t targets = igraph_vss_all();
        igraph_matrix_init(&out, 0, 0);
        if (to) {
            igraph_vs_vector(&targets, &node);
        }
        double t = now_ms();
        igraph_distances_dijkstra(g, &out, igraph_vss_1(pick(g, from, i)), targets, weight, IGRAPH_OUT);
        ms += now_ms() - t;
        for (igraph_integer_t k = 0; (to || i == 0) && k < igraph_matrix_ncol(&out); k++) {
            double d = MATRIX(out, 0, k);
            *sum += d < IGRAPH_INFINITY ? d * (to ? often[VECTOR(node)[k]] : 1) : 0;
        }
        igraph_matrix_destroy(&out);
    }
    igraph_vector_int_destroy(&node);
    free(often);
    return ms;
}

int main(int argc, char **argv) {
    dimacs d;
    if (argc != 3 || !dimacs_read(argv[1], argv[2], &d)) {
        fputs("usage: bench_igraph X.gr.gz X.co.gz\n", stderr);
        return 2;
    }
    igraph_vector_int_t edges;
    igraph_vector_t weight;
    igraph_t g;
    igraph_vector_int_init(&edges, 0);
    igraph_vector_init(&weight, 0);
    for (uint32_t e = 0; e < d.g.n_edges; e++) {
        for (int k = 0; k < 2; k++) {
            if (d.time[2 * e + (uint32_t)k] != JX_UNREACHABLE) {
                igraph_vector_int_push_back(&edges, (igraph_integer_t)(k ? d.to[e] : d.from[e]));
                igraph_vector_int_push_back(&edges, (igraph_integer_t)(k ? d.from[e] : d.to[e]));
                igraph_vector_push_back(&weight, d.time[2 * e + (uint32_t)k]);
            }
        }
    }
    igraph_create(&g, &edges, (igraph_integer_t)d.g.n_nodes, IGRAPH_DIRECTED);
    double all = 1e300, table = 1e300, all_sum = 0, table_sum = 0;
    for (int round = 0; round < ROUNDS; round++) {
        double t = times(&g, &weight, 1, 0, &all_sum);
        all = t < all ? t : all;
        t = times(&g, &weight, 2, 3, &table_sum);
        table = t < table ? t : table;
    }
    printf("%s,all,%.3f,%.0f,mean of %d\n", IGRAPH_VERSION, all / SOURCES, all_sum, SOURCES);
    printf("%s,table,%.3f,%.0f,%d rows; times %d\n", IGRAPH_VERSION, table / SOURCES * TARGETS, table_sum, SOURCES, TARGETS / SOURCES);
    return 0;
}
