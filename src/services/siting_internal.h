/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** What the files of the siting solver share: the problem in the form they work on, and the best plans so far. */
#ifndef JX_SERVICES_SITING_INTERNAL_H
#define JX_SERVICES_SITING_INTERNAL_H

#include "junxian/siting.h"

/* One client and site that may go together, in a row of the other. */
typedef struct jx__pair {
    uint32_t id, dist; /* site in a client's row, client in a site's row */
} jx__pair;

/* ---- siting_work.c: the problem, sorted ------------------------------------------------------------------------------- */

/** The problem with clients of weight 0 and useless pairs left out; rows by distance, both ways. Costs are weight x dist. */
typedef struct jx__work {
    const jx_siting *in;
    uint32_t n, m, p; /* clients that count, sites, most sites in a plan */
    uint32_t *client; /* n: their numbers in the problem */
    double *w;        /* n */
    double *without;  /* n: cost of going unserved; more than any plan's whole cost where that is not allowed */
    double dear;      /* that cost; a plan below it serves everybody who must be */
    size_t *off, *soff;
    jx__pair *row, *col; /* client i: row[off[i]..]; site j: col[soff[j]..] */
    uint8_t *kept, *barred; /* m: in every plan, in none */
    double *cost, *open_cost; /* m each, never NULL */
    double budget;       /* INFINITY: none */
    bool whole;          /* every plan's objective is a whole number, and below 2^53: sums of them are exact */
    double grain;        /* then multipliers are multiples of this power of two, so that bounds are exact, too */
    bool question;       /* all distances are 0, and only whether everybody can be served is asked: clients may fall away */
} jx__work;
jx_status jx__work_make(jx_ctx *ctx, const jx_siting *s, jx__work *k);
/** Sets without, dear, whole and grain from the rest. */
void jx__work_price(jx__work *k);
void jx__work_release(jx_ctx *ctx, jx__work *k);

/** Cost of a set of sites, `open` 1 per site. O(sum of row prefixes). */
double jx__work_cost(const jx__work *k, const uint8_t *open);

/* ---- siting_best.c: the best plan met and the next ------------------------------------------------------------------------ */

typedef struct jx__best {
    uint32_t m;
    double cost, next_cost; /* INFINITY: none yet */
    uint8_t *open, *next;   /* per site */
} jx__best;
jx_status jx__best_make(jx_ctx *ctx, uint32_t m, jx__best *b);
void jx__best_release(jx_ctx *ctx, jx__best *b);
/** Take note of a plan; true when it is better than the best so far. */
bool jx__best_offer(jx__best *b, const uint8_t *open, double cost);

/* ---- when to stop ------------------------------------------------------------------------------------------------------- */

typedef struct jx__halt {
    const jx_siting_options *opt;
    uint64_t work, next; /* elementary steps done, and when to ask again */
    uint64_t limit;      /* a preview ends after so many */
    uint64_t nodes, most_nodes, rounds; /* parts of the search looked at, how many may be, rounds of bounding */
    jx_siting_end why;   /* PROVED: nothing has put an end to the search */
} jx__halt;
/** Count `steps`; true once the search must end: cancelled, options.stop, or the preview's work done. Sticky. */
bool jx__halted(jx_ctx *ctx, jx__halt *h, uint64_t steps);

/* ---- siting_swap.c: the preview ------------------------------------------------------------------------------------------ */

/** Local search on sets of sites with each client's two nearest at hand. */
typedef struct jx__swap jx__swap;
jx_status jx__swap_new(jx_ctx *ctx, const jx__work *k, jx__swap **out);
void jx__swap_free(jx_ctx *ctx, jx__swap *s);
/** Start from a set (NULL: the kept sites only), add the best site until no more may be added or none pays. Returns the cost. */
double jx__swap_greedy(jx__swap *s, const uint8_t *open);
/** Adds, drops and swaps until none is an improvement, or told to stop. Returns the cost. */
double jx__swap_descend(jx_ctx *ctx, jx__swap *s, jx__halt *h);
const uint8_t *jx__swap_open(const jx__swap *s);
/** The whole preview: greedy, descent, then kicks and descents for so many steps or until the cost is `enough`. Offers every
 *  local optimum. */
void jx__swap_preview(jx_ctx *ctx, jx__swap *s, uint64_t seed, uint64_t steps, double enough, jx__halt *h, jx__best *best);
/** Steps of work: a preview's swaps and, after them, its bounds (up to a tenth and a quarter of a second); the swaps before a proof. */
enum { JX__PREVIEW_SWAPS = 12000000, JX__PREVIEW_BOUNDS = 40000000, JX__PROOF_SWAPS = 200000 };

/* ---- siting_center.c -------------------------------------------------------------------------------------------------------- */

/** The p-centre: preview (its radius in *preview) and proof. `best` holds radii; plans of radius `enough` or more are of no interest; *bound
 *  is a proved lower one of all plans, or `enough`. */
jx_status jx__center_solve(jx_ctx *ctx, const jx__work *k, double enough, jx__halt *h, jx__best *best, double *preview, double *bound);
/** Radius of a set of sites, INFINITY where it leaves somebody out who must be served. */
double jx__center_radius(const jx__work *k, const uint8_t *open);

/* ---- siting_reduce.c: what is left to decide ---------------------------------------------------------------------------------- */

/** A part of the search: sites that may still open or not, and the clients that one of them could serve better. */
typedef struct jx__part {
    uint32_t n, m, p;         /* clients, free sites, how many of them may open */
    double base, budget;      /* cost settled, and money left */
    uint32_t *client, *site;  /* numbers in the work */
    double *cap;              /* n: cost with what is open, or unserved */
    double *lam, mu;          /* multipliers: n of "served once", one of the budget */
    size_t *off;
    jx__pair *row;            /* id: free site; only pairs cheaper than cap; by distance */
} jx__part;
enum { JX__FREE, JX__OPEN, JX__CLOSED };

jx_status jx__part_root(jx_ctx *ctx, const jx__work *k, jx__part *out);
/** What is left of a part once some sites are marked open or closed. Sites that cannot matter any more fall away, too. */
jx_status jx__part_reduce(jx_ctx *ctx, const jx__work *k, const jx__part *from, const uint8_t *mark, jx__part *out);
void jx__part_release(jx_ctx *ctx, jx__part *q);

/* ---- siting_dominate.c ------------------------------------------------------------------------------------------------------------ */

/** For questions: take out, in place, clients that are served whenever another is, and sites that serve no more than another that is no
 *  dearer. Clients left with one site mark it JX__OPEN (mark: q->m, set here); *n_forced of them. */
jx_status jx__part_dominate(jx_ctx *ctx, const jx__work *k, jx__part *q, uint8_t *mark, uint32_t *n_forced, uint64_t *steps);

/* ---- siting_bound.c: the Lagrangean bound --------------------------------------------------------------------------------------- */

/** Room for bounding, as large as the root needs; shared by all parts. */
typedef struct jx__bounder {
    const jx__work *k;
    double *rho, *dir, *lam, *share; /* per site, client, client, site: reduced cost, step, multipliers, part of the time selected */
    uint32_t *len, *pick, n_pick;   /* per client: pairs below its multiplier; sites selected */
    uint8_t *sel, *mark;            /* per site of the part: selected; JX__FREE, _OPEN, _CLOSED: fixed by reduced cost */
    double rho_last, rho_next;      /* largest selected reduced cost, least not selected below 0 */
    uint32_t n_marked;
} jx__bounder;
jx_status jx__bounder_make(jx_ctx *ctx, const jx__work *k, jx__bounder *b);
void jx__bounder_release(jx_ctx *ctx, jx__bounder *b);

/** How long and how boldly to look for multipliers. */
typedef struct jx__effort {
    uint32_t rounds, patience; /* at most so many; steps are halved after so many without success */
    double boldness, least;    /* first factor of steps, and the one to give up at */
    uint32_t sure;             /* a call to stop waits for so many rounds: a bound worth the name, for a few tenths of a second at most */
} jx__effort;
/** Called with each improving selection (marks in b->sel): may lower *goal, the bound at which the part is done. */
typedef void (*jx__select_fn)(void *user, const jx__part *q, const jx__bounder *b, double *goal);
/**
 * Best bound of a part that `effort` finds; q->lam and q->mu keep its multipliers. Ends early once the bound reaches *goal. Sites whose
 * other state would take the bound to *goal are marked on the way; b->mark must be clear at first.
 */
double jx__bound(jx_ctx *ctx, jx__bounder *b, jx__part *q, jx__effort effort, double *goal, jx__halt *h, jx__select_fn found, void *user);

/* ---- siting_tree.c: the proof --------------------------------------------------------------------------------------------- */

/** How far below a cost a bound may lie and still prove it: a grain less than 1 between whole numbers, a billionth of it otherwise. */
double jx__slack(const jx__work *k, double cost);
/** Branch and bound from the best so far, improved as better plans are met (swap may be NULL: none is polished). Plans of cost `enough`
 *  or more are of no interest. *bound: proved lower bound of all plans, or `enough` where it is at least that. */
jx_status jx__tree_prove(jx_ctx *ctx, const jx__work *k, jx__swap *swap, double enough, jx__halt *h, jx__best *best, double *bound);

#endif
