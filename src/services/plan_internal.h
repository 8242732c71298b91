/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** What the files of the planner share: the instance all models become, its value, its bound, its search. */
#ifndef JX_SERVICES_PLAN_INTERNAL_H
#define JX_SERVICES_PLAN_INTERNAL_H

#include "junxian/plan.h"
#include "services/plan_quick.h"

#define JX__NO_VALUE UINT64_MAX /* a set of sites that breaks a constraint of service or capacity */

typedef struct jx__brake jx__brake; /* below */

/**
 * One form for all models: minimise  sum of w x cost of the sites used + outs of what is not served + fix of the open sites, where each
 * demand wants `need` different open sites, no more sites than most_open and no more prices than budget are spent.
 */
typedef struct jx__inst {
    uint32_t n, m;           /* demands that matter (equal ones merged in cover models), and all sites */
    uint32_t *demand;        /* n: one of the problem's */
    uint32_t *units;         /* n: of demand, against capacity */
    uint64_t *w;             /* n: units x weight: worth of one unit of cost */
    uint64_t *out;           /* n x 2: price of going unserved, the cheaper first; need 1 uses the first; NULL: all must be served */
    uint32_t need;           /* 1, or 2 with backup */
    uint64_t *row_off;       /* n + 1 */
    jx_plan_entry *row;      /* by cost, then site */
    uint64_t *col_off;       /* m + 1 */
    jx_plan_entry *col;      /* of each site: {demand, cost}, by demand */
    uint64_t *fix;           /* m: in the objective when open; NULL: 0 */
    uint64_t *price;         /* m: against the budget */
    uint8_t *status;         /* m: jx_plan_status */
    uint32_t most_open;
    uint64_t budget;
    uint64_t *cap;           /* m, at most the total of units; NULL: none */
    uint64_t total_units;
    uint64_t penalty;        /* heuristics only: what one unserved demand seems to cost where all must be served */
    bool single;
    double most;             /* no plan's objective is more, everybody at the farthest and all sites paid */
    unsigned shift;          /* bounds are computed in objective x 2^shift */
} jx__inst;

static inline uint32_t jx__add_cost(uint32_t a, uint32_t b) { return a > UINT32_MAX - b ? UINT32_MAX : a + b; }

/** Which form: the model's own, or p-centre's "everybody within radius" as the cheapest cover. */
typedef struct jx__form {
    jx_plan_model model;
    uint32_t radius;           /* of CENTER */
    bool plain;                /* CENTER: costs as they are, to be asked for the largest; no radius */
    bool full;                 /* keep entries that kept sites make useless: to ask what a kept one brings */
    bool by_count;             /* CENTER: sites cost 1 each, not their price */
    const uint32_t *surcharge; /* per site, added to every cost; NULL: none */
} jx__form;
jx_status jx__inst_new(jx_ctx *ctx, const jx_plan_problem *p, const jx__form *f, jx__inst *t);
void jx__inst_release(jx_ctx *ctx, jx__inst *t);

/** Shapes and combinations of the caller's arrays. */
jx_status jx__plan_check(jx_ctx *ctx, const jx_plan_problem *p);
/** Says which constraint cannot hold, where one alone can be named; JX_OK where none can. */
jx_status jx__plan_possible(jx_ctx *ctx, const jx_plan_problem *p);
/** Says so after a search has proved that there is no plan; never JX_OK. */
jx_status jx__plan_blame(jx_ctx *ctx, jx__brake *brake, const jx_plan_problem *p);
/** Costs beyond this are of no use to the model. */
uint32_t jx__plan_reach(const jx_plan_problem *p);

/* ---- when to stop ---------------------------------------------------------------------------------------------------- */

/** Asked for every piece of work; asks in turn the caller's stop and the job's cancel every few hundred thousand steps. */
struct jx__brake {
    jx_ctx *ctx;
    bool (*stop)(void *);
    void *user;
    uint64_t work, next, on_at; /* elementary steps done; when to ask again; when the answer was yes */
    uint64_t grace;             /* steps allowed after that: for a first plan, which is wanted in any case */
    bool on, cancelled;
};
enum { JX__BRAKE_STEPS = 1 << 18, JX__BRAKE_GRACE = 300000000 };
/** Count `steps`; true once the work must end. NULL never ends. */
bool jx__braked(jx__brake *b, uint64_t steps);
/** The same as a stop function, for engines that count for themselves. */
bool jx__brake_now(void *brake);

/* ---- value of a set of sites ------------------------------------------------------------------------------------------- */

typedef struct jx__shares {
    jx_plan_share *v; /* demand: index into the instance until a search gives them away */
    size_t n, cap;
} jx__shares;
/** How hard to try for whole assignments: not at all (as if they could be split), a little, until proved or very long. */
typedef enum jx__effort { JX__LIGHT = 0, JX__SOME = 40, JX__FULL = 4000 } jx__effort;
/** Value without capacities; O(n x few). */
uint64_t jx__value_free(const jx__inst *t, const uint8_t *open);
/**
 * Value of a set of open sites, capacities included. *value JX__NO_VALUE: not possible. *lower: a bound of it, equal where the assignment
 * is proved (one by one assignments are cut off after a while). Stops early, with JX__NO_VALUE, once it is known to be at least `cutoff`;
 * braked, it has JX__NO_VALUE too, and a *lower that is one.
 */
jx_status jx__value(jx_ctx *ctx, jx__brake *brake, const jx__inst *t, const uint8_t *open, jx__effort effort, uint64_t cutoff, uint64_t *value, uint64_t *lower, jx__shares *shares);
/** Assignment under capacities (plan_flow.c). */
jx_status jx__assign(jx_ctx *ctx, jx__brake *brake, const jx__inst *t, const uint8_t *open, jx__effort effort, uint64_t cutoff, uint64_t *value, uint64_t *lower, jx__shares *shares);
/** Multipliers to begin with: what serving each demand costs at the margin with these sites open, the dual of the split assignment. Left
 *  as they are where there is none. Scaled. */
jx_status jx__assign_prices(jx_ctx *ctx, jx__brake *brake, const jx__inst *t, const uint8_t *open, int64_t *lambda);
/** Sums of fix, prices and count of the sites that are open and not kept. */
uint64_t jx__fix_sum(const jx__inst *t, const uint8_t *open);
bool jx__affordable(const jx__inst *t, const uint8_t *open);

/* ---- bound -------------------------------------------------------------------------------------------------------------------- */

enum { JX__FREE, JX__OPEN, JX__SHUT }; /* of a site in the search */

typedef struct jx__pick {
    int64_t v;
    uint32_t units, i;
    double ratio;
} jx__pick;

/** Multipliers and what the relaxed problem answers to them. */
typedef struct jx__bound {
    int64_t *lambda, *best_lambda; /* n, in scaled units */
    double mu_budget, mu_cap, best_mu_budget, best_mu_cap;
    double *g;                     /* n: violation */
    int64_t *rho;                  /* m: reduced cost */
    double *used;                  /* m: units taken by the knapsack (capacities) */
    uint8_t *chosen;               /* m: open in the relaxed problem, decided ones included */
    jx__pick *pick, *pick_tmp;     /* n */
    uint32_t *heap;                /* m */
    int64_t worst_chosen, best_left; /* of the undecided, for fixing; INT64_MIN, INT64_MAX: none */
    bool full;                     /* the count is used up */
    uint64_t steps;
} jx__bound;
jx_status jx__bound_new(jx_ctx *ctx, const jx__inst *t, jx__bound *b);
void jx__bound_release(jx_ctx *ctx, jx__bound *b);
/** Value of the relaxed problem at the multipliers: a lower bound, exact integer arithmetic, in scaled units. Fills rho, chosen, g. */
int64_t jx__bound_at(const jx__inst *t, jx__bound *b, const uint8_t *val, bool use_best);
/** One subgradient step towards `target` (scaled). */
void jx__bound_step(const jx__inst *t, jx__bound *b, const uint8_t *val, double alpha, double now, double target);
/** Scaled bound -> the least objective that it allows. */
static inline uint64_t jx__bound_ceil(const jx__inst *t, int64_t l) {
    return l <= 0 ? 0 : ((uint64_t)l + ((uint64_t)1 << t->shift) - 1) >> t->shift;
}

/* ---- search --------------------------------------------------------------------------------------------------------------------- */

typedef struct jx__search {
    jx_ctx *ctx;
    const jx__inst *t;
    jx__bound b;
    uint8_t *val;       /* m: JX__FREE ... */
    uint32_t *trail;    /* sites decided, in order */
    uint32_t n_trail;
    uint8_t *best, *trial; /* m flags */
    uint32_t *order;    /* m */
    int64_t *keys;      /* m */
    uint64_t best_value; /* JX__NO_VALUE: none */
    uint64_t cutoff;    /* only plans below this are of interest: best_value once there is one */
    uint64_t open_bound; /* least bound of what was left unexplored */
    uint64_t nodes, most_nodes;
    jx__brake *brake;
    jx__shares shares;   /* of the best, under capacities */
    bool stopped, first; /* first: any plan will do */
} jx__search;

typedef struct jx__goal {
    const uint8_t *force;  /* m: JX__OPEN or JX__SHUT as the caller wants them; NULL: none */
    const uint8_t *start;  /* m flags: a plan to begin with, or NULL */
    uint64_t cutoff;       /* only better ones are wanted; JX__NO_VALUE: any */
    uint64_t floor;        /* known already: no plan is better */
    uint64_t most_nodes;
    bool first;
    jx__brake *brake;
    uint64_t seed;
    jx__shares *shares;    /* gets who goes where, demands as in the problem, where capacities are and a plan is found; may be NULL */
} jx__goal;
typedef struct jx__found {
    uint64_t value;   /* JX__NO_VALUE: none below the cutoff */
    uint64_t bound;   /* of all plans the goal allows; min(bound, cutoff) is proved */
    bool stopped;
    uint64_t nodes, steps;
} jx__found;
/** By the siting engine; `center`: an instance of the `plain` form, asked for the largest cost. Wants t->most below jx__quick_most, no
 *  capacities and need 1. */
jx_status jx__search_quick(jx_ctx *ctx, const jx__inst *t, bool center, const jx__goal *g, uint8_t *best, jx__found *out);
/** Best plan of an instance; `best` gets m flags where found. By the siting engine where it can be, else by plan_search.c's own. */
jx_status jx__search_run(jx_ctx *ctx, const jx__inst *t, const jx__goal *g, uint8_t *best, jx__found *out);
/** Greedy and swaps (plan_preview.c); leaves s->best. */
jx_status jx__preview(jx__search *s, const uint8_t *start);
/** Complete a set of sites to a plan and keep it when it is better. `by` orders what may be added (ascending). */
jx_status jx__try_set(jx__search *s, const uint8_t *chosen, const int64_t *by);
/** Keep a set when it is affordable and better. */
jx_status jx__offer_set(jx__search *s, const uint8_t *open);

/* ---- p-centre ----------------------------------------------------------------------------------------------------------------------- */

/** Whole solve of any model with some sites forced. As jx__search_run; for CENTER value and bound are costs. */
typedef struct jx__solver {
    const jx_plan_problem *p;
    jx__inst t; /* of CENTER with capacities: empty */
} jx__solver;
jx_status jx__solver_new(jx_ctx *ctx, const jx_plan_problem *p, jx__solver *s);
jx_status jx__solver_run(jx_ctx *ctx, const jx__solver *s, const jx__goal *g, uint8_t *best, jx__found *out);
/** All at once: new, run, release. */
jx_status jx__plan_run(jx_ctx *ctx, const jx_plan_problem *p, const jx__goal *g, uint8_t *best, jx__found *out);
/** The p-centre under capacities. */
jx_status jx__centre_run(jx_ctx *ctx, const jx_plan_problem *p, const jx__goal *g, uint8_t *best, jx__found *out);
/** Farthest cost of a set of open sites; JX__NO_VALUE: somebody goes without. *lower: what is sure of it, as jx__value. */
jx_status jx__centre_value(jx_ctx *ctx, jx__brake *brake, const jx_plan_problem *p, const uint8_t *open, uint64_t *value, uint64_t *lower);

#endif
