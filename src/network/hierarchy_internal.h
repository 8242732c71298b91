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

static inline uint32_t jx__min(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

#endif
