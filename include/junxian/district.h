/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Districts: every cell of people to one site with room for them. Arithmetic on arrays. First the split assignment, exact, by
 * min-cost flow (a cell's people may go to several sites); then whole cells, by rounding and search, measured against the flow's
 * bound and proved where the search tree is small. Options: contiguous districts, least people moved, barriers not to be crossed.
 */
#ifndef JUNXIAN_DISTRICT_H
#define JUNXIAN_DISTRICT_H

#include "junxian/base.h"

/**
 * The problem. All arrays are borrowed. People are whole units of the caller's choice (persons, or thousandths of a person where cells
 * hold fractions). What is best, in this order: no people crossing a barrier, no people moved, least people x time. A cell without
 * a way to any site belongs to none and is left out of everything else.
 */
typedef struct jx_district {
    uint32_t n_cells, n_sites;
    uint32_t parts;           /* units a person: only for messages; 0 is 1 */
    const uint32_t *people;   /* units per cell */
    const uint32_t *time_ms;  /* dense: cell * n_sites + site; JX_UNREACHABLE: no way, or farther than allowed */
    const uint64_t *capacity; /* units per site */
    const uint32_t *present;  /* site of each cell today, JX_NONE: none; NULL: nobody has one. Leaving it counts as moved */
    const uint8_t *crossing;  /* dense: 1 where the way crosses a barrier; NULL: no way does */
    /* neighbours of each cell, both ways, for contiguous districts; may be NULL where those are not asked for */
    const uint32_t *near_off; /* n_cells + 1 */
    const uint32_t *near;
} jx_district;

/** How good an assignment is: compared from the first field to the last. In units of people, and units x ms. */
typedef struct jx_district_score {
    int64_t over;     /* people above the capacity of their site, summed over sites */
    int64_t crossing; /* people whose way crosses a barrier */
    int64_t moved;    /* people whose site is not their present one */
    int64_t time;     /* people x time_ms */
} jx_district_score;
/** -1, 0, 1. */
int jx_district_compare(const jx_district_score *a, const jx_district_score *b);

/** The split assignment, best possible. */
typedef struct jx_district_flow {
    jx_district_score score; /* over is 0 */
    uint64_t people;         /* assigned: all but those without any way */
    uint64_t cut_off;        /* people without a way to any site */
    uint32_t n_split;        /* cells that go to more than one site */
    uint32_t *part;          /* dense: people of the cell at the site */
    int64_t *price_ms;       /* per site, >= 0: what one more place there would save, in ms a person (of the combined cost where there are
                                barriers or a present assignment). With them anybody can check that nothing is better (see jx_district_bound) */
} jx_district_flow;
void jx_district_flow_release(jx_ctx *ctx, jx_district_flow *f);

/**
 * Successive shortest paths on the graph of sites, from everybody at their nearest. Exact. O(path x (sites^2 + cells of the sites on it)),
 * one path for each handful of people above a capacity. Memory: 8 bytes a pair and the result's 4.
 * JX_E_INFEASIBLE: too few places in all (says how many are short), or for the people who reach only full sites (says which).
 * JX_E_INPUT: numbers out of range. Source: Ahuja, Magnanti, Orlin 1993, 9.7; Tomizawa 1971 (sites as nodes).
 */
jx_status jx_district_split(jx_ctx *ctx, const jx_district *d, jx_district_flow *out) JX_MUST_USE;

/** A lower bound on people x time of every assignment within the capacities, split or not, from any prices >= 0: the dual of the flow. Only
 *  for problems without present and crossing. Equal to score.time with the flow's own prices. O(pairs). */
int64_t jx_district_bound(const jx_district *d, const int64_t *price_ms);

typedef struct jx_district_plan {
    uint32_t *site;          /* per cell; JX_NONE: no way to any */
    jx_district_score score;
    jx_district_score bound; /* of the split assignment: no plan of whole cells within the capacities is better */
    bool proved;             /* no plan of whole cells is better (contiguity not counted) */
    bool none_fits;          /* proved: whole cells cannot be within the capacities at all */
    double gap;              /* (time - bound) / time where the earlier fields are equal to the bound's; NaN where not */
    uint64_t *load;          /* per site: people */
    uint32_t pieces;         /* connected pieces over all districts, beyond one a district that has cells; needs near */
    uint64_t n_nodes;        /* of the search tree */
} jx_district_plan;
void jx_district_plan_release(jx_ctx *ctx, jx_district_plan *p);

/**
 * Whole cells from a split assignment: most of each cell's people decide, then shifts, swaps and chains of shifts while they better
 * the score; without contiguity, and where only time counts, then a search tree of at most `nodes` nodes. Where whole cells do not
 * fit, score.over says how far the best one found is above the capacities. contiguous: pieces are joined to neighbouring districts and every
 * later step keeps districts in one piece; a piece that none of its neighbours' sites can be reached from stays (see pieces).
 */
jx_status jx_district_whole(jx_ctx *ctx, const jx_district *d, const jx_district_flow *f, bool contiguous, uint64_t nodes, jx_district_plan *out) JX_MUST_USE;

#endif
