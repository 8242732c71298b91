/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Where to build, as planners ask it: the four models of location with existing sites, budget, capacities, backup and referral,
 * solved to proof. Arithmetic on a table of costs; nothing here knows a network.
 *
 *   JX_PLAN_MEDIAN     least weighted cost to the site used          (Hakimi 1964; ReVelle & Swain 1970)
 *   JX_PLAN_CENTER     least cost of the farthest                    (Hakimi 1964; Minieka 1970)
 *   JX_PLAN_COVER_MAX  fewest people out of reach                    (Church & ReVelle 1974; twice covered: Hogan & ReVelle 1986)
 *   JX_PLAN_COVER_ALL  cheapest set of sites that reaches everybody  (Toregas et al. 1971)
 *
 * All are minimised. The method is one for all: Lagrangian relaxation of "each demand is served" with exact bounds, fixing by reduced
 * costs, branch and bound over the sites. Without capacities and backup the engine of junxian/siting.h does it (as long as the sum of
 * everything is below 2^53, so that its doubles count exactly); capacities add fractional knapsacks to the bound and min-cost flow to the
 * plan, in integers. docs/siting.md has the formulas.
 */
#ifndef JUNXIAN_PLAN_H
#define JUNXIAN_PLAN_H

#include "junxian/base.h"

typedef enum jx_plan_model { JX_PLAN_MEDIAN, JX_PLAN_CENTER, JX_PLAN_COVER_MAX, JX_PLAN_COVER_ALL, JX_N_PLAN_MODELS } jx_plan_model;
/** "p-median", "p-center", "mclp", "lscp": never translated. */
const char *jx_plan_model_name(jx_plan_model m);
bool jx_plan_model_parse(const char *s, jx_plan_model *out);

enum jx_plan_status {
    JX_PLAN_NEW,       /* a candidate: opens or not */
    JX_PLAN_KEPT,      /* stays open, costs and counts nothing */
    JX_PLAN_MAY_CLOSE, /* existing: counts, and costs its price, when it stays open */
    JX_PLAN_BARRED     /* stays closed */
};

typedef struct jx_plan_entry {
    uint32_t site, cost; /* ms, mm ...: any one unit */
} jx_plan_entry;

/** What to solve. All arrays borrowed; zero is the default of every option but `most_open`, `budget` and `limit`. */
typedef struct jx_plan_problem {
    jx_plan_model model;
    uint32_t n_demands, n_sites;
    const uint64_t *row;         /* n_demands + 1: entries of each demand, the sites it can use, each once, in any order */
    const jx_plan_entry *entry;
    const uint32_t *people;      /* units of demand: persons, or thousandths of them; 0: of no concern */
    const uint32_t *weight;      /* worth of a unit in the objective (groups that count more); NULL: 1 */
    const uint8_t *status;       /* jx_plan_status; NULL: all new */
    uint32_t most_open;          /* sites open besides the kept ones, at most; JX_NONE: any number */
    const uint32_t *price;       /* of opening (new) or of staying open (may close); NULL: 1 each */
    uint64_t budget;             /* sum of prices, at most; UINT64_MAX: none */
    const uint64_t *capacity;    /* units a site takes; NULL, or UINT64_MAX: any number */
    bool single;                 /* with capacities: a demand goes to one site whole; else it may be split */
    uint32_t limit;              /* a demand cannot use a site farther than this; UINT32_MAX: none */
    uint32_t cutoff;             /* cover models: a site within this covers */
    uint32_t covers;             /* cover models: 2 counts a second site within reach too (backup); 0 and 1: once */
    uint32_t backup_permille;    /* COVER_MAX with covers 2: worth of the second cover, at most 500; the first has the rest */
    uint64_t seed;               /* of ties and restarts; kept in the answer */
    uint64_t most_nodes;         /* of the search; 0: only the preview with the bound at the root */
    bool (*stop)(void *user);    /* asked every few hundred thousand steps; true ends the search with the best so far (a first plan and a
                                    first bound are still made, some tenths of a second); NULL: never */
    void *stop_user;
    bool no_runner_up;           /* spare the second search */
    uint32_t units_per_person;   /* for messages only; 0: 1 */
    const char *reach_text;      /* for messages only: what the limit or cut-off is called, "30 min"; NULL: a number */
} jx_plan_problem;

typedef struct jx_plan_share {
    uint32_t demand, site, units;
} jx_plan_share;

/** The answer. Owned arrays; release with jx_plan_release. Sites ascending. */
typedef struct jx_plan {
    uint64_t objective;   /* MEDIAN: units x weight x cost; CENTER: cost; COVER_MAX: units x weight not covered (with backup: thousandths of
                             it); COVER_ALL: sum of prices */
    uint64_t bound;       /* no plan is better than this */
    double gap;           /* (objective - bound) / objective; 0 when objective is 0 */
    bool proved;          /* bound == objective */
    uint64_t seed, nodes, steps; /* of the search, of the bound's iterations */
    uint32_t n_open;
    uint32_t *open;       /* with the kept ones */
    uint64_t *loss;       /* n_open: how much worse the objective gets without this site; UINT64_MAX: no longer possible; JX_PLAN_LOSS_UNKNOWN */
    uint32_t *site;       /* n_demands: the site used: the nearest open one within the limit, beyond a cut-off too; with capacities where
                             most units go; JX_NONE: none */
    uint32_t *cost;       /* n_demands: its cost; UINT32_MAX */
    jx_plan_share *share; /* with capacities: who goes where, by demand, then site */
    uint32_t n_shares;
    uint32_t n_second;    /* runner-up: the best plan that does without one at least of the open sites; 0: none, or none found */
    uint32_t *second;
    uint64_t second_objective;
    bool second_proved;   /* nothing is better than it, and where there is none: there is none */
    bool second_cut;      /* `stop` or cancel cut its search short */
} jx_plan;
#define JX_PLAN_LOSS_UNKNOWN (UINT64_MAX - 1) /* under capacities: it was not searched to its end */

/**
 * Solve. Same problem, same plan, unless `stop` cuts it short.
 *
 * @return JX_OK; JX_E_INFEASIBLE with a message that says which constraint cannot hold (PLAN_NO_SITE, PLAN_CAPACITY, PLAN_COUNT,
 *         PLAN_BUDGET, PLAN_IMPOSSIBLE); JX_E_LIMIT (PLAN_UNDECIDED: stopped before any plan was found); JX_E_INPUT (PLAN_PROBLEM: arrays that
 *         make no sense; PLAN_COMBINATION: backup with capacities); JX_E_NOMEM. On error *out is empty. JX_E_CANCELLED: cut short as by `stop`; when
 *         out->site is set *out is the best plan so far with its gap (and nothing was said: the caller knows whether it is kept), else it
 *         is empty and CANCELLED was said.
 * Cost: a step of the bound is O(entries); steps are hundreds at the root and tens a node. Memory: O(entries). Serial.
 */
jx_status jx_plan_solve(jx_ctx *ctx, const jx_plan_problem *p, jx_plan *out) JX_MUST_USE;
void jx_plan_release(jx_ctx *ctx, jx_plan *p);

/**
 * Objective of a given plan: `open` has n_sites flags; kept sites count as open. JX_E_INFEASIBLE (PLAN_IMPOSSIBLE) when it breaks a
 * constraint of service, capacity, count or budget.
 */
jx_status jx_plan_value(jx_ctx *ctx, const jx_plan_problem *p, const uint8_t *open, uint64_t *objective) JX_MUST_USE;

/**
 * Two levels (clinics below, hospitals above): of the people at a site below, a share is sent on to one above. The cost of a demand by
 * site j is cost(j) + share x min over open k above of (referral[j * n_upper + k] + onward[k]), the second rounded to a whole unit.
 * `lower` is a MEDIAN without a limit on costs.
 */
typedef struct jx_plan_levels {
    jx_plan_problem lower;
    uint32_t n_upper;
    const uint32_t *referral;     /* n_sites x n_upper costs; UINT32_MAX: no way */
    const uint32_t *onward;       /* n_upper: weighted cost from there to the level above (county hospital); NULL: none */
    const uint8_t *upper_status;  /* as status, for the upper sites; NULL: all new */
    uint32_t upper_most_open;     /* besides the kept ones; JX_NONE: any */
    uint32_t share_permille;      /* of the people, sent on */
} jx_plan_levels;
typedef struct jx_plan_upper {
    uint32_t n_open;
    uint32_t *open;   /* upper sites */
    uint32_t *refer;  /* n_sites of the lower level: where each sends its people; JX_NONE: nowhere to */
} jx_plan_upper;
/** Solve both levels together, to proof. Errors as jx_plan_solve. No runner-up. */
jx_status jx_plan_levels_solve(jx_ctx *ctx, const jx_plan_levels *p, jx_plan *out, jx_plan_upper *upper) JX_MUST_USE;
void jx_plan_upper_release(jx_ctx *ctx, jx_plan_upper *u);

#endif
