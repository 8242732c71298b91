/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Sweeps: times from many origins to all nodes, or to the nodes wanted, sixteen origins at a time. An origin climbs the
 * few hundred ancestors of its node; then all rows are passed once downwards, a row being the arcs from above into one
 * vertex. Only the path to the root is kept, by slot (tens of KiB, in the cache whatever the network's size); the
 * results of sixty-four rows at a time go to a consumer while they are in the cache. Source: PHAST (Delling et al.
 * 2013) and RPHAST (Delling, Goldberg, Werneck 2011), on customizable hierarchies.
 */
#ifndef JUNXIAN_SWEEP_H
#define JUNXIAN_SWEEP_H

#include "junxian/hierarchy.h"

enum { JX_LANES = 16, JX_SWEEP_ROWS = 64 };

/**
 * Rows of a hierarchy with times, ready to be swept in one direction. JX_FROM_FACILITY: times from the origin to every
 * node; JX_TO_FACILITY: from every node to the origin. Immutable; borrows the hierarchy, not the times.
 */
typedef struct jx_sweep jx_sweep;

typedef struct jx_sweep_options {
    jx_direction dir;
    bool prune; /* leave out what jx_times_needed finds needless: costs a customisation, saves a quarter of the arcs */
    const uint32_t *targets; /* nodes wanted; NULL: all */
    uint32_t n_targets;
} jx_sweep_options;
jx_status jx_sweep_new(jx_ctx *ctx, const jx_times *t, const jx_sweep_options *opt, jx_sweep **out) JX_MUST_USE;
void jx_sweep_free(jx_ctx *ctx, jx_sweep *s);
uint32_t jx_sweep_rows(const jx_sweep *s);
uint32_t jx_sweep_arcs(const jx_sweep *s);
/** Node of a row. */
uint32_t jx_sweep_node(const jx_sweep *s, uint32_t row);

/** Where an origin enters: some nodes (two ends of its edge, say), each with the time to get there. */
typedef struct jx_port {
    uint32_t node, ms;
} jx_port;
/** Origins in CSR form: origin i has ports[off[i]] to ports[off[i + 1] - 1]; none is legal (reaches nothing). */
typedef struct jx_origins {
    uint32_t n;
    const uint32_t *off;
    const jx_port *ports;
} jx_origins;

/** Sixteen origins on their way, or fewer. */
typedef struct jx_batch {
    const uint32_t *origin; /* n_lanes of them */
    uint32_t n_lanes;
    uint32_t limit_ms; /* a time counts when it is at most this; anything above is beyond the cut-off or unreachable */
    unsigned worker;   /* < jx_ctx_threads: for workspaces */
} jx_batch;
/**
 * Results of rows [row, row + n): ms[k][lane] is the time of row + k. Rows that hold nothing within the cut-off may be
 * left out. Called by several workers at once for different batches; for one batch always by one worker, rows rising;
 * each batch begins with a call of n == 0.
 */
typedef jx_status (*jx_sweep_fn)(jx_ctx *wctx, void *user, const jx_batch *b, uint32_t row, uint32_t n,
                                 const uint32_t (*ms)[JX_LANES]);

/**
 * Sweeps from all origins, in batches of sixteen neighbours in the hierarchy; batches in parallel. cutoff_ms: times
 * beyond it are not wanted (JX_UNREACHABLE: all are). Whole subtrees beyond the cut-off are passed over. Origins
 * without ports get no call.
 */
jx_status jx_sweep_run(jx_ctx *ctx, const jx_sweep *s, const jx_origins *from, uint32_t cutoff_ms, jx_sweep_fn fn,
                       void *user) JX_MUST_USE;

#endif
