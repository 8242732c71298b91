/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * igraph on a DIMACS graph: one-to-all Dijkstra, mean of a few sources. Prints `peer,version,work,ms` and the sum of the times from
 * the first source, so that the answer can be compared.
 */
#include <igraph.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "../dimacs.h"

enum { SOURCES = 5 };

static double now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
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
    double ms = 0, sum = 0;
    for (uint64_t i = 0; i < SOURCES; i++) {
        igraph_matrix_t out;
        igraph_matrix_init(&out, 0, 0);
        igraph_integer_t source = (igraph_integer_t)(jx_random(42, 1, i) % d.g.n_nodes);
        double t = now_ms();
        igraph_distances_dijkstra(&g, &out, igraph_vss_1(source), igraph_vss_all(), &weight, IGRAPH_OUT);
        ms += now_ms() - t;
        for (igraph_integer_t v = 0; i == 0 && v < igraph_matrix_ncol(&out); v++) {
            sum += MATRIX(out, 0, v);
        }
        igraph_matrix_destroy(&out);
    }
    printf("igraph,%s,one source all nodes,%.3f,%.0f\n", IGRAPH_VERSION, ms / SOURCES, sum);
    return 0;
}
