/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The door between the planner and the siting engine: a plan without capacities and backup, in the form both know. */
#ifndef JX_SERVICES_PLAN_QUICK_H
#define JX_SERVICES_PLAN_QUICK_H

#include "junxian/plan.h"

enum { JX__QUICK_FREE, JX__QUICK_OPEN, JX__QUICK_SHUT };

/** Arrays borrowed. A plan's worth: sum of w x cost to the nearest open site (`center`: the largest cost) and of the fix of open sites. */
typedef struct jx__quick {
    bool center;
    uint32_t n, m, p;                    /* demands, sites, most sites in a plan, with those that are open in every one */
    const uint64_t *row_off, *col_off;   /* n + 1, m + 1 */
    const jx_plan_entry *row, *col;      /* by cost, then site; of each site {demand, cost} */
    const uint64_t *w;                   /* n */
    bool may_go_without;                 /* at a cost of 1 per w; else everybody must be served */
    const uint64_t *fix;                 /* m; NULL: 0 */
    const uint64_t *price;               /* m */
    uint64_t budget;                     /* UINT64_MAX: none */
    const uint8_t *state;                /* m: JX__QUICK_... */
    const uint8_t *start;                /* m flags: a plan to begin with, or NULL */
    uint64_t cutoff;                     /* only plans of less worth are wanted; UINT64_MAX: any */
    uint64_t most_nodes, seed;           /* 0: a preview, and a bound at the root */
    bool (*stop)(void *user);
    void *user;
} jx__quick;

typedef struct jx__quick_found {
    uint64_t value; /* UINT64_MAX: no plan below the cutoff was met */
    uint64_t bound; /* no plan is worth less; at most the cutoff */
    uint64_t nodes, steps;
} jx__quick_found;

/** The total of all w x cost and fix must be below this, so that sums in doubles are exact. */
static const double jx__quick_most = 0x1p53 - 2;

/** Best plan: m flags in `open` where one was found, without sites that nobody needs. Errors: JX_E_NOMEM; being cancelled is being stopped. */
jx_status jx__quick_solve(jx_ctx *ctx, const jx__quick *q, uint8_t *open, jx__quick_found *out);

#endif
