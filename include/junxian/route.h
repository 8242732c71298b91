/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Single ways on the network: point to point with its streets and geometry, shortest-path trees, and who uses which street. */
#ifndef JUNXIAN_ROUTE_H
#define JUNXIAN_ROUTE_H

#include "junxian/sweep.h"

/* ---- one way ----------------------------------------------------------------------------------------------------------- */

/** A stretch of one street of the plain network; time_ms has the turn into it in it. */
typedef struct jx_route_leg {
    uint32_t edge;
    bool backward;      /* from `to` towards `from` */
    uint32_t begin_mm, end_mm; /* along the edge from its `from` end; backward: begin_mm > end_mm */
    uint32_t time_ms;
} jx_route_leg;

/** A way from one joint to another, off-road ends included in time_ms but not in legs. Owned arrays. */
typedef struct jx_route {
    uint32_t time_ms;       /* JX_UNREACHABLE: there is none, and nothing below */
    uint32_t offroad_ms;    /* at both ends together */
    uint64_t length_mm;     /* on streets */
    jx_route_leg *leg;
    uint32_t n_legs;
    jx_pt *pts;             /* geometry joint to joint, without repeated points */
    uint32_t n_pts;
} jx_route;

/**
 * Shortest way by the times, which must be those of the metric. Both directions climb the elimination tree (some hundred vertices),
 * then arcs are unfolded into streets: O(path to the root, arcs on it) and the way's length. Ties: any shortest way, the same on
 * every machine. Joints off the network give JX_UNREACHABLE.
 */
jx_status jx_route_find(jx_ctx *ctx, const jx_network *net, const jx_metric *m, const jx_times *t, const jx_snap *from, const jx_snap *to,
                        jx_route *out) JX_MUST_USE;
void jx_route_release(jx_ctx *ctx, jx_route *r);

/* ---- shortest-path forests and loads --------------------------------------------------------------------------------------- */

/**
 * The forest of shortest ways between every node and its nearest facility. arc[v] is the network arc (edge * 2 + backward) one takes
 * at v: leaving v towards the facility, or, with JX_FROM_FACILITY, the one by which one arrives. JX_NONE at roots and where there is
 * no way. order lists the reached nodes by rising time, so that sums can be carried from the leaves to the roots by walking it back.
 */
typedef struct jx_forest {
    uint32_t n_nodes, n_reached;
    uint32_t *ms, *facility, *arc, *order;
} jx_forest;
/** Plain Dijkstra from all facilities at once. Ties: lower facility, then lower node. */
jx_status jx_forest_new(jx_ctx *ctx, const jx_network *net, const jx_metric *m, jx_direction dir, const jx_snap *facilities, uint32_t n_facilities,
                        jx_forest **out) JX_MUST_USE;
void jx_forest_free(jx_ctx *ctx, jx_forest *f);

/**
 * How many people's trips to their nearest facility use each arc of the (plain) network: load[edge * 2 + backward], zeroed here. A trip that uses part of an
 * edge counts for the edge. reached (may be NULL) gets the people who have a way. Sums run in a fixed order: same bits everywhere.
 */
jx_status jx_network_load(jx_ctx *ctx, const jx_network *net, const jx_metric *m, jx_direction dir, const jx_snap *cells, const double *people,
                          uint32_t n_cells, const jx_snap *facilities, uint32_t n_facilities, double *load, double *reached) JX_MUST_USE;

#endif
