/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Medical consortia: which township health centre and clinic refers to which head hospital. Each member wholly to one head, by least
 * people x referral time, with no group larger than a given share of the fair one. Arithmetic on arrays, exact at the size of a county.
 */
#ifndef JUNXIAN_CONSORTIUM_H
#define JUNXIAN_CONSORTIUM_H

#include "junxian/base.h"

/** All arrays borrowed. */
typedef struct jx_consortium {
    uint32_t n_members, n_heads;
    const double *people;    /* per member: its catchment, >= 0 */
    const uint32_t *time_ms; /* dense: member * n_heads + head; JX_UNREACHABLE */
    const double *share;     /* per head: of the people it is fit for, relative (beds); NULL: equal */
    double max_ratio;        /* no group has more people than max_ratio x its fair part among the heads that a member can reach; 0: no limit; else >= 1 */
    uint64_t nodes;          /* most nodes of the search tree */
} jx_consortium;

typedef struct jx_consortium_group {
    uint32_t n_members;
    double people, limit;    /* limit: INFINITY none */
    double mean_ms;          /* weighted by people; NaN: nobody */
    uint32_t farthest, farthest_ms; /* member; JX_NONE and 0: no members */
} jx_consortium_group;

typedef struct jx_consortium_plan {
    uint32_t *head;          /* per member; JX_NONE: no way to any head */
    jx_consortium_group *group; /* per head */
    uint32_t n_cut_off;      /* members without a way to any head */
    uint32_t n_off;          /* heads that no member can reach: no group, a limit of 0, no fair part */
    double mean_ms, nearest_mean_ms; /* of all; and if each went to its nearest head: what balance costs */
    bool proved;             /* no grouping within the limits has less people x time */
    double gap;              /* of the mean, against the bound; 0 when proved */
} jx_consortium_plan;
void jx_consortium_plan_release(jx_ctx *ctx, jx_consortium_plan *p);

/**
 * Form groups. JX_E_INFEASIBLE: no grouping keeps to the limit (or none was found: the message says which). People count in thousandths.
 * Cost: jx_district_split per node of the tree.
 */
jx_status jx_consortium_form(jx_ctx *ctx, const jx_consortium *c, jx_consortium_plan *out) JX_MUST_USE;

/** People per cell beyond thresholds: out[k] people of `people` whose time is above threshold_ms[k] or none. O(n x k). */
void jx_consortium_beyond(const double *people, const uint32_t *time_ms, uint32_t n, const uint32_t *threshold_ms, uint32_t n_thresholds, double *out);

#endif
