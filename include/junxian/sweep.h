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
 * What becomes of the results; each may be NULL. Batches run on several workers at once, one batch on one worker from
 * begin to end. rows: results of rows [row, row + n): ms[k][lane] is the time of row + k; rows rise; those that hold
 * nothing within the cut-off may be left out.
 */
typedef struct jx_sweep_calls {
    jx_status (*begin)(jx_ctx *wctx, void *user, const jx_batch *b);
    jx_status (*rows)(jx_ctx *wctx, void *user, const jx_batch *b, uint32_t row, uint32_t n,
                      const uint32_t (*ms)[JX_LANES]);
    jx_status (*end)(jx_ctx *wctx, void *user, const jx_batch *b);
} jx_sweep_calls;

/**
 * Sweeps from all origins, in batches of sixteen neighbours in the hierarchy; batches in parallel. cutoff_ms: times
 * beyond it are not wanted (JX_UNREACHABLE: all are). Whole subtrees beyond the cut-off are passed over. Origins
 * without ports get no call.
 */
jx_status jx_sweep_run(jx_ctx *ctx, const jx_sweep *s, const jx_origins *from, uint32_t cutoff_ms,
                       const jx_sweep_calls *calls, void *user) JX_MUST_USE;

/**
 * One batch of at most sixteen origins, kept: ms[row][i] is the time of origin i, rows as jx_sweep_node has them; a time counts when it
 * is at most *limit_ms. ms has jx_sweep_rows(s) rows.
 */
jx_status jx_sweep_sheet(jx_ctx *ctx, const jx_sweep *s, const jx_origins *from, uint32_t (*ms)[JX_LANES], uint32_t *limit_ms) JX_MUST_USE;

/**
 * Times from (or to) one node for all nodes, by dense blocks of sixteen vertices. The time of vertex v is
 * (*ms)[(*place)[v]], JX_UNREACHABLE where there is no way; both belong to the sweep and hold until its next call. The sweep must have
 * all rows. Not for two threads at once; the first call makes arrays of about the sweep's size.
 */
jx_status jx_sweep_one(jx_ctx *ctx, jx_sweep *s, uint32_t node, const uint32_t **ms, const uint32_t **place) JX_MUST_USE;

/**
 * Cumulative opportunities: out[origin * n_thresholds + t] is the sum of weight over the nodes within threshold_ms[t]
 * of the origin (a node at the threshold counts). weight is by node, below 2^26; sums are exact. Fused with the sweep:
 * nothing of size nodes x origins is ever written. Parallel over batches.
 */
jx_status jx_sweep_cumulative(jx_ctx *ctx, const jx_sweep *s, const jx_origins *from, const uint32_t *weight,
                              const uint32_t *threshold_ms, uint32_t n_thresholds, uint64_t *out) JX_MUST_USE;

/**
 * The k nearest facilities of every node: out[node * k + i], sorted by time, then facility; missing ones are {JX_NONE,
 * JX_UNREACHABLE}. The sweep's direction says which way people go: JX_TO_FACILITY from the node to the facility. Nodes
 * that the sweep has no row for are left as they are. O(arcs * k) and mostly O(arcs). Parallel over subtrees; same bits for any thread count.
 */
jx_status jx_sweep_nearest(jx_ctx *ctx, const jx_sweep *s, const jx_origins *facilities, uint32_t k,
                           jx_table_entry *out) JX_MUST_USE;

/**
 * Times between all origins and all targets: out[origin * n_targets + target] (the sweep's direction says which way),
 * JX_UNREACHABLE where there is no way or only one longer than the cut-off. Targets enter through ports too.
 */
jx_status jx_sweep_table(jx_ctx *ctx, const jx_times *t, jx_direction dir, const jx_origins *from, const jx_origins *to,
                         uint32_t cutoff_ms, uint32_t *out) JX_MUST_USE;

/**
 * Times between joints: out[i * n_to + k] from joint i to joint k, off-road ends included; JX_UNREACHABLE where there is no way within the
 * cut-off or an end is off the network.
 */
jx_status jx_matrix(jx_ctx *ctx, const jx_network *net, const jx_metric *m, const jx_times *t, const jx_snap *from, uint32_t n_from,
                    const jx_snap *to, uint32_t n_to, uint32_t cutoff_ms, uint32_t *out) JX_MUST_USE;

/* ---- travel-time tables on the hierarchy ------------------------------------------------------------------------------------- */

/** The cells of one mode and direction, ready for any number of tables. Borrows network, metric and cells; not the times. */
typedef struct jx_tables jx_tables;
jx_status jx_tables_new(jx_ctx *ctx, const jx_network *net, const jx_metric *m, const jx_times *times, jx_direction dir, const jx_snap *cells,
                        uint32_t n_cells, jx_tables **out) JX_MUST_USE;
void jx_tables_free(jx_ctx *ctx, jx_tables *t);
/** The table jx_table_new makes, to the bit, by sweeps. Parallel over batches of sixteen facilities; same bits for any thread count. */
jx_status jx_tables_make(jx_ctx *ctx, const jx_tables *t, const jx_snap *facilities, uint32_t n_facilities, uint32_t cutoff_ms,
                         jx_table **out) JX_MUST_USE;

#endif
