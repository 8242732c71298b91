/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The yardstick: a textbook Dijkstra as one writes it with std::priority_queue<pair>: CSR arcs of {head, weight} in the
 * order of nodes, a binary heap of (distance, node) pairs with the sift of std::pop_heap (hole to the bottom, then up),
 * lazy deletion.
 */
#ifndef JX_BENCH_REFERENCE_H
#define JX_BENCH_REFERENCE_H

#include "junxian/hierarchy.h"

typedef struct reference reference;
reference *reference_new(const jx_graph *g, const uint32_t *time);
void reference_free(reference *r);
/** dist[node]; stops beyond `limit`. Returns nodes settled. */
uint32_t reference_run(reference *r, uint32_t source, uint32_t limit, uint32_t *dist);

#endif
