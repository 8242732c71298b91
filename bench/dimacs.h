/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Road graphs of the 9th DIMACS challenge: .gr(.gz) with arcs, .co(.gz) with positions. For benchmarks. */
#ifndef JX_BENCH_DIMACS_H
#define JX_BENCH_DIMACS_H

#include "junxian/hierarchy.h"

typedef struct dimacs {
    jx_graph g;     /* an edge for each pair of nodes */
    uint32_t *time; /* edge * 2 + backward: the least of its arcs, JX_UNREACHABLE where there is none */
    uint32_t *from, *to;
    jx_pt *pos;
} dimacs;

/** Reads both files; false with a message on stderr when they are not what they should be. */
bool dimacs_read(const char *gr, const char *co, dimacs *out);
/** w x h copies side by side, joined at their borders by edges between nodes at the same height. */
bool dimacs_tile(const dimacs *d, uint32_t w, uint32_t h, dimacs *out);
/** The n nodes nearest to the middle one, breadth first, with the edges between them. */
bool dimacs_cut(const dimacs *d, uint32_t n, dimacs *out);
void dimacs_free(dimacs *d);

#endif
