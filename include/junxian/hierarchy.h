/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The customizable hierarchy behind all travel times: an elimination order of the network (nested dissection), the
 * chordal arcs it makes, times customised for one metric, and sweeps over them.
 *
 * Sources: Dibbelt, Strasser, Wagner, Customizable Contraction Hierarchies (JEA 2016); Delling, Goldberg, Nowatzyk,
 * Werneck, PHAST (JPDC 2013); Liu, The role of elimination trees in sparse factorization (SIAM J. Matrix Anal. 1990).
 *
 * Words: a *vertex* is a node renumbered by rank; ranks are a postorder of the elimination tree, so the subtree under
 * vertex v is the range [v - size + 1, v] and every up-neighbour of v is an ancestor of v. A *slot* says how far down
 * from the root an ancestor stands, counted from the deepest level: slots rise with rank, and one array of `height`
 * values holds a whole path to the root.
 */
#ifndef JUNXIAN_HIERARCHY_H
#define JUNXIAN_HIERARCHY_H

#include "junxian/network.h"

/* ---- the graph under it --------------------------------------------------------------------------------------------
 */

/** Undirected edges and positions; no times. Arrays are borrowed. Parallel edges and loops are legal. */
typedef struct jx_graph {
    uint32_t n_nodes, n_edges;
    const uint32_t *from, *to;
    const jx_pt *pos;
} jx_graph;
static inline jx_graph jx_network_graph(const jx_network *n) {
    return (jx_graph){n->n_nodes, n->n_edges, n->from, n->to, n->node};
}

/* ---- order ------------------------------------------------------------------------------------------------------- */

/**
 * Orders the nodes of a simple symmetric graph (CSR) for elimination: order[i] is the node eliminated i-th. The door
 * for METIS (io/metis.c), which stays outside this floor.
 */
typedef jx_status (*jx_dissect_fn)(jx_ctx *ctx, void *user, uint32_t n, const uint32_t *off, const uint32_t *head,
                                   const jx_pt *pos, uint32_t *order);
/** Own nested dissection, without any library: inertial flow on positions. Parallel; same order for any thread count.
 */
jx_status jx_dissect_flow(jx_ctx *ctx, void *user, uint32_t n, const uint32_t *off, const uint32_t *head,
                          const jx_pt *pos, uint32_t *order) JX_MUST_USE;
/**
 * Elimination order of the graph: nodes of degree one and two are peeled off in independent rounds (that adds no arcs
 * and keeps the tree low), the core goes to `dissect` (NULL: jx_dissect_flow). order has n_nodes entries. O(n + m) and
 * the dissection.
 */
jx_status jx_order(jx_ctx *ctx, const jx_graph *g, jx_dissect_fn dissect, void *user, uint32_t *order) JX_MUST_USE;

/* ---- hierarchy: topology only ------------------------------------------------------------------------------------ */

/**
 * Immutable; one block per array, the same bytes on disk (docs/formats/network.md). Arc a leads from its lower end
 * (the vertex whose row holds it) up to head[a]; it stands for both directions.
 */
typedef struct jx_hierarchy {
    uint32_t n_nodes, n_edges, n_arcs;
    uint32_t height;     /* length of the longest path to a root; slots are below it */
    uint32_t *rank;      /* node -> vertex */
    uint32_t *node;      /* vertex -> node */
    uint32_t *parent;    /* elimination tree; JX_NONE: a root */
    uint32_t *size;      /* vertices in the subtree, itself included */
    uint16_t *slot;      /* of a vertex */
    uint32_t *up;        /* n_nodes + 1: rows of arcs, heads ascending */
    uint32_t *head;      /* n_arcs */
    uint16_t *head_slot; /* n_arcs: slot[head[a]] */
    uint32_t *down;      /* n_nodes + 1: arcs that end here, by rising tail */
    uint32_t *down_arc;  /* n_arcs */
    uint32_t *down_tail; /* n_arcs: the vertex whose row holds down_arc */
    uint32_t *edge_arc;  /* n_edges: arc * 2 + (1: the edge's `from` is the upper end); JX_NONE: a loop */
    uint32_t n_inputs;   /* n_edges without loops */
    uint32_t *input_arc; /* n_inputs: arcs of edges, rising */
    uint32_t *input; /* n_inputs: edge * 2 + (1: the edge's `from` is the upper end): index of the way up in a metric */
    void *mapped;    /* arrays lie in one block of somebody else's; NULL: each is owned */
} jx_hierarchy;

jx_status jx_hierarchy_new(jx_ctx *ctx, const jx_graph *g, const uint32_t *order, jx_hierarchy **out) JX_MUST_USE;
/** Order (jx_order) and hierarchy in one go, for who keeps no order. */
jx_status jx_hierarchy_of(jx_ctx *ctx, const jx_graph *g, jx_dissect_fn dissect, void *user, jx_hierarchy **out) JX_MUST_USE;
void jx_hierarchy_free(jx_ctx *ctx, jx_hierarchy *h);
/** A second handle on the same arrays, which must outlive it. */
jx_status jx_hierarchy_borrow(jx_ctx *ctx, const jx_hierarchy *h, jx_hierarchy **out) JX_MUST_USE;
/**
 * The hierarchy of a graph that grew: its first nodes and edges are the base's, and every new edge has a new node at one end or
 * joins two nodes that are neighbours in the base already (else HIERARCHY_EXTEND). The order is kept, new nodes come last, that is on
 * top of it; old vertices keep rank and slot. Equal to building anew in everything that is asked of it; a little higher, by the
 * new nodes: meant for some tens of them. O(new nodes * height) of work and one pass of copying over the base's arrays.
 */
jx_status jx_hierarchy_extend(jx_ctx *ctx, const jx_hierarchy *base, const jx_graph *g, jx_hierarchy **out) JX_MUST_USE;

/* ---- customisation: times for one metric ------------------------------------------------------------------------- */

/** Times of an arc, side by side because every triangle needs both. */
typedef struct jx_pair {
    uint32_t up, down; /* lower -> upper end; upper -> lower end */
} jx_pair;

/** A hierarchy with the times of one metric: weight[a] is the shortest way between its ends over vertices below both.
 */
typedef struct jx_times {
    const jx_hierarchy *h;
    jx_pair *weight; /* n_arcs */
} jx_times;

/**
 * time_ms is indexed edge * 2 + backward, as in jx_metric; JX_UNREACHABLE: closed; sums saturate. Subtrees in parallel,
 * then the separators above them; the same bits for any thread count. O(triangles).
 */
jx_status jx_times_new(jx_ctx *ctx, const jx_hierarchy *h, const uint32_t *time_ms, jx_times **out) JX_MUST_USE;
/** Does it again for other times in the same memory. */
jx_status jx_times_customise(jx_ctx *ctx, jx_times *t, const uint32_t *time_ms) JX_MUST_USE;
/**
 * Times of n metrics (walk, bike, car, variants of a plan): out[i] for time_ms[i], to the bit what jx_times_new gives, in one pass
 * over the hierarchy for four of them. Per thread 32 bytes a cell of a square of the hierarchy's height, four times as much as
 * for one metric; one after another where that is more than 128 MiB. On failure of jx_times_many out holds NULLs.
 */
jx_status jx_times_many(jx_ctx *ctx, const jx_hierarchy *h, uint32_t n, const uint32_t *const time_ms[], jx_times *out[]) JX_MUST_USE;
/** Does it again for other times in the same memory; t are n different ones of one hierarchy. */
jx_status jx_times_customise_many(jx_ctx *ctx, uint32_t n, jx_times *const t[], const uint32_t *const time_ms[]) JX_MUST_USE;
/**
 * After the times of some edges changed in time_ms (which now holds all times as they are): redoes what depends on them. The result is
 * that of jx_times_customise, to the bit. On failure (memory, cancel) the times are undefined: customise again or drop them.
 */
jx_status jx_times_update(jx_ctx *ctx, jx_times *t, const uint32_t *time_ms, const uint32_t *edges, uint32_t n) JX_MUST_USE;
/**
 * Times of an extended hierarchy (jx_hierarchy_extend) from those of its base: time_ms holds all times of the grown graph; `edges`, n of
 * them, are the old edges whose times changed. The result is that of jx_times_new, to the bit.
 */
jx_status jx_times_extend(jx_ctx *ctx, const jx_times *base, const jx_hierarchy *h, const uint32_t *time_ms, const uint32_t *edges, uint32_t n,
                          jx_times **out) JX_MUST_USE;
/** A copy to try changes on; the base stays what it is. */
jx_status jx_times_copy(jx_ctx *ctx, const jx_times *t, jx_times **out) JX_MUST_USE;
/**
 * Perfect customisation: which arcs a sweep can do without, because a way over a third vertex above the lower end is no
 * longer. keep[a] gets bit 0 when the way up is needed, bit 1 for the way down. Times do not change. O(triangles).
 */
jx_status jx_times_needed(jx_ctx *ctx, const jx_times *t, uint8_t *keep) JX_MUST_USE;
void jx_times_free(jx_ctx *ctx, jx_times *t);

#endif
