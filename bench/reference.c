/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
#include "reference.h"

#include <stdlib.h>

typedef struct pair {
    uint32_t dist, node;
} pair;

typedef struct link {
    uint32_t head, weight;
} link;

struct reference {
    uint32_t n;
    uint32_t *first;
    link *arc;
    pair *heap;
    size_t size, cap;
};

reference *reference_new(const jx_graph *g, const uint32_t *time) {
    reference *r = calloc(1, sizeof *r);
    r->n = g->n_nodes;
    r->first = calloc((size_t)g->n_nodes + 2, sizeof *r->first);
    r->arc = malloc(2 * (size_t)g->n_edges * sizeof *r->arc);
    r->cap = 2 * (size_t)g->n_edges + 16;
    r->heap = malloc(r->cap * sizeof *r->heap);
    for (uint32_t e = 0; e < g->n_edges; e++) {
        r->first[g->from[e] + 2] += time[2 * e] != JX_UNREACHABLE ? 1 : 0;
        r->first[g->to[e] + 2] += time[2 * e + 1] != JX_UNREACHABLE ? 1 : 0;
    }
    for (uint32_t v = 2; v <= g->n_nodes + 1; v++) {
        r->first[v] += r->first[v - 1];
    }
    for (uint32_t e = 0; e < g->n_edges; e++) {
        if (time[2 * e] != JX_UNREACHABLE) {
            r->arc[r->first[g->from[e] + 1]++] = (link){g->to[e], time[2 * e]};
        }
        if (time[2 * e + 1] != JX_UNREACHABLE) {
            r->arc[r->first[g->to[e] + 1]++] = (link){g->from[e], time[2 * e + 1]};
        }
    }
    return r;
}

void reference_free(reference *r) {
    free(r->first);
    free(r->arc);
    free(r->heap);
    free(r);
}

static inline bool less(pair a, pair b) {
    return a.dist < b.dist || (a.dist == b.dist && a.node < b.node);
}

static inline void sift_up(pair *heap, size_t hole, pair value) {
    while (hole > 0 && less(value, heap[(hole - 1) / 2])) {
        heap[hole] = heap[(hole - 1) / 2];
        hole = (hole - 1) / 2;
    }
    heap[hole] = value;
}

static inline void push(reference *r, pair value) {
    sift_up(r->heap, r->size++, value);
}

static inline pair pop(reference *r) {
    pair top = r->heap[0], last = r->heap[--r->size];
    size_t hole = 0, child = 2;
    for (; child < r->size; child = 2 * hole + 2) {
        child -= less(r->heap[child - 1], r->heap[child]) ? 1 : 0;
        r->heap[hole] = r->heap[child];
        hole = child;
    }
    if (child == r->size) {
        r->heap[hole] = r->heap[child - 1];
        hole = child - 1;
    }
    if (r->size) {
        sift_up(r->heap, hole, last);
    }
    return top;
}

uint32_t reference_run(reference *r, uint32_t source, uint32_t limit, uint32_t *dist) {
    uint32_t settled = 0;
    memset(dist, 0xff, (size_t)r->n * sizeof *dist);
    r->size = 0;
    dist[source] = 0;
    push(r, (pair){0, source});
    while (r->size) {
        pair p = pop(r);
        if (p.dist > dist[p.node]) {
            continue;
        }
        if (p.dist > limit) {
            break;
        }
        settled++;
        for (uint32_t a = r->first[p.node]; a < r->first[p.node + 1]; a++) {
            uint32_t d = p.dist + r->arc[a].weight;
            if (d < dist[r->arc[a].head]) {
                dist[r->arc[a].head] = d;
                push(r, (pair){d, r->arc[a].head});
            }
        }
    }
    return settled;
}
