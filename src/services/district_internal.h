/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** What the files of districting share. */
#ifndef JX_SERVICES_DISTRICT_INTERNAL_H
#define JX_SERVICES_DISTRICT_INTERNAL_H

#include "junxian/district.h"

/** One price for all that counts, so that a path's cost compares as the score does: a path has at most n_sites steps. */
typedef struct jx__toll {
    int64_t moved, crossing;
} jx__toll;
/** Checks the problem; JX_E_INPUT when its numbers do not fit. */
jx_status jx__district_check(jx_ctx *ctx, const jx_district *d, jx__toll *toll);

static inline int64_t jx__district_cost(const jx_district *d, const jx__toll *t, uint32_t cell, uint32_t site) {
    size_t e = (size_t)cell * d->n_sites + site;
    int64_t cost = d->time_ms[e];
    cost += d->present && d->present[cell] != JX_NONE && d->present[cell] != site ? t->moved : 0;
    return cost + (d->crossing && d->crossing[e] ? t->crossing : 0);
}
static inline bool jx__district_way(const jx_district *d, uint32_t cell, uint32_t site) {
    return d->time_ms[(size_t)cell * d->n_sites + site] != JX_UNREACHABLE;
}

/** jx_district_split; quiet: an infeasible problem is no error to utter. */
jx_status jx__district_flow(jx_ctx *ctx, const jx_district *d, bool quiet, jx_district_flow *out);

/** Adds `people` of a cell at a site to a score (negative: takes them away). */
void jx__district_add(const jx_district *d, jx_district_score *s, uint32_t cell, uint32_t site, int64_t people);

/** The plan being made: assignment, loads and score, always in step. */
typedef struct jx__whole {
    const jx_district *d;
    jx__toll toll;
    uint32_t *site;
    uint64_t *load;
    jx_district_score score;
    /* cells by site, in lists */
    uint32_t *first, *next, *prev;
    bool contiguous;
    uint32_t *seen, *queue; /* of walks over neighbours */
    uint32_t stamp;
} jx__whole;
/** Moves a cell; from or to JX_NONE leaves it without. */
void jx__whole_move(jx__whole *w, uint32_t cell, uint32_t to);
/** Shifts, swaps and chains until none betters the score. */
jx_status jx__whole_improve(jx_ctx *ctx, jx__whole *w, const jx_district_flow *f);
/** Joins islands to neighbouring districts. */
jx_status jx__whole_join(jx_ctx *ctx, jx__whole *w);
/** Pieces beyond one a district. */
uint32_t jx__whole_pieces(jx__whole *w);
/** May the cell leave its district without cutting it, and does it touch that of `to`? */
bool jx__whole_may(jx__whole *w, uint32_t cell, uint32_t to);

/** Dividing two districts anew, with room of its own (district_pairs.c): all pairs, and what is too much handed on, until neither betters
 *  the score. Not for districts in one piece. */
typedef struct jx__pairs jx__pairs;
jx_status jx__pairs_new(jx_ctx *ctx, const jx_district *d, jx__pairs **out);
void jx__pairs_free(jx_ctx *ctx, jx__pairs *q);
jx_status jx__whole_pairs(jx_ctx *ctx, jx__whole *w, jx__pairs *q, bool *any);
/** Circles of three sites, with divisions of so much work (places in lists; some hundred thousand a hundredth of a second). */
jx_status jx__whole_circles(jx_ctx *ctx, jx__whole *w, jx__pairs *q, const jx_district_flow *f, uint64_t work);

/** Search for the best plan of whole cells where only time counts; betters w, and says in the plan what it proved. */
jx_status jx__whole_tree(jx_ctx *ctx, jx__whole *w, const jx_district_flow *f, uint64_t max_nodes, jx_district_plan *out);

#endif
