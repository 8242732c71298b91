/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** What the files of the hierarchy share. */
#ifndef JX_NETWORK_HIERARCHY_INTERNAL_H
#define JX_NETWORK_HIERARCHY_INTERNAL_H

#include "junxian/hierarchy.h"

/** Customisation keeps a square of this side at most in memory, eight bytes a cell; road networks of continents have
 * some 3,000. */
enum { JX__MAX_HEIGHT = 8191 };

/** order.c: neighbours without loops and repetitions, CSR. Caller frees both. */
jx_status jx__adjacency(jx_ctx *ctx, const jx_graph *g, uint32_t **off, uint32_t **head);

/** hierarchy.c: the arc of row `lo` that ends at `hi`, JX_NONE: there is none. O(log row). */
uint32_t jx__find_arc(const jx_hierarchy *h, uint32_t lo, uint32_t hi);

/** hierarchy.c: the first input of an arc >= `arc`. O(log edges). */
uint32_t jx__first_input(const jx_hierarchy *h, uint32_t arc);
/**
 * All vertices on the ways from `low` (n vertices, rising, repetitions legal) to the root, rising; returns how many. In
 * a postorder the way of one ends where it meets the way of the next. O(result).
 */
uint32_t jx__union_of_paths(const jx_hierarchy *h, const uint64_t *low, uint32_t n, uint32_t *out);

static inline uint32_t jx__min(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

#endif
