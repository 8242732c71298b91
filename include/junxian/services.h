/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Measures on travel-time tables: who is within reach, who is not, where, and why. Arithmetic on arrays only:
 * nothing here touches the network.
 */
#ifndef JUNXIAN_SERVICES_H
#define JUNXIAN_SERVICES_H

#include "junxian/base.h"

/** How a cell stands towards a service. Three kinds of "no" that must never be mixed up. */
typedef enum jx_reach {
    JX_REACH_WITHIN,         /* a facility within the threshold */
    JX_REACH_BEYOND,         /* one can be reached, too late */
    JX_REACH_UNREACHABLE,    /* on the network, but no route to any facility */
    JX_REACH_OFF_NETWORK,    /* too far from any street of the mode */
    JX_REACH_NO_FACILITY,    /* the county and its surroundings have none on the map */
    JX_REACH_NOT_APPLICABLE, /* the standard says nothing for this kind of place */
    JX_N_REACH
} jx_reach;
const char *jx_reach_name(jx_reach r); /* "within", "beyond", ... never translated */

/** Inputs of one criterion, all per cell. Borrowed. */
typedef struct jx_reach_input {
    uint32_t n_cells;
    const double *people;         /* persons, or 1 per cell where people are unknown */
    const uint32_t *nearest_ms;   /* JX_UNREACHABLE: none */
    const uint8_t *off_network;   /* 1: the cell has no joint */
    const uint32_t *threshold_ms; /* 0: not applicable */
    uint32_t n_facilities;
} jx_reach_input;
/** Class of every cell. O(n). */
void jx_reach_classify(const jx_reach_input *in, uint8_t *reach);

/** People by how they stand, and travel time of those who can reach one. */
typedef struct jx_coverage {
    double people;            /* sum over the group's cells to which the standard applies */
    double by_reach[JX_N_REACH];
    double share_within;      /* by_reach[WITHIN] / people; NaN when people == 0 */
    double mean_ms;           /* population-weighted, over people who can reach one; NaN when none */
    uint32_t median_ms, p90_ms; /* over all people of the group, unreachable counting as infinite; JX_UNREACHABLE then */
    uint32_t n_cells;
} jx_coverage;
/** Coverage per group: group[i] < n_groups or JX_NONE. Deterministic (sums in index order). O(n log n). */
jx_status jx_coverage_by_group(jx_ctx *ctx, const jx_reach_input *in, const uint8_t *reach, const uint32_t *group, uint32_t n_groups,
                               jx_coverage *out) JX_MUST_USE;
/** People within t minutes for t = 0..n_minutes-1, cumulative; off-network and unreachable people never enter. */
void jx_reach_curve(const jx_reach_input *in, uint32_t n_minutes, double *out);

typedef enum jx_cause {
    JX_CAUSE_NO_FACILITY_NEAR, /* even a straight road at full speed would be too long */
    JX_CAUSE_NO_ROAD_NEAR,     /* off network, or most of the time is the way to the street */
    JX_CAUSE_ROAD_SLOW,        /* near as the crow flies, but the way round is long or slow */
    JX_CAUSE_NO_ROUTE          /* on the network, no way through to any */
} jx_cause;
const char *jx_cause_name(jx_cause c);

/** A settlement (or cluster of cells) whose people are not served. */
typedef struct jx_shortfall {
    uint32_t settlement;     /* group id given by the caller */
    uint32_t cell;           /* the cell with most unserved people: where to put the finger on the map */
    uint32_t n_cells;
    double people;           /* unserved */
    double people_settlement; /* all people of the settlement */
    uint32_t median_ms;      /* of the unserved; JX_UNREACHABLE */
    uint32_t nearest;        /* facility nearest to `cell`; JX_NONE */
    uint32_t nearest_ms;     /* its time from `cell`; JX_UNREACHABLE */
    uint32_t excess_ms;      /* nearest_ms minus the threshold of `cell`; JX_UNREACHABLE when unreachable */
    uint32_t threshold_ms;
    jx_cause cause;
} jx_shortfall;
typedef struct jx_shortfall_input {
    const jx_reach_input *reach_in;
    const uint8_t *reach;
    const uint32_t *nearest;    /* facility per cell */
    const uint32_t *settlement; /* group per cell, JX_NONE: each its own */
    uint32_t n_settlements;
    const double *crow_m;       /* straight distance to the nearest facility as the crow flies; NaN none */
    const uint32_t *offroad_ms; /* of the cell's joint */
    double full_speed_kmh;      /* fastest ordinary speed of the mode: what a straight road would allow */
    double min_people;          /* settlements with fewer unserved people are left out of the list; 0: none is */
} jx_shortfall_input;
/** Ranked by people (descending), then settlement. Caller frees *out with jx_free. */
jx_status jx_shortfalls(jx_ctx *ctx, const jx_shortfall_input *in, jx_shortfall **out, uint32_t *n) JX_MUST_USE;

#endif
