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
    uint8_t *kept;       /* m */
    double *cost, *open_cost; /* m each, never NULL */
    double budget;       /* INFINITY: none */
    bool whole;          /* every plan's objective is a whole number */
} jx__work;
jx_status jx__work_make(jx_ctx *ctx, const jx_siting *s, jx__work *k);
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
    jx_siting_end why;   /* PROVED: nobody has asked to stop */
} jx__halt;
/** Count `steps`; true once the search must end (cancelled, or options.stop). Sticky. */
bool jx__halted(jx_ctx *ctx, jx__halt *h, uint64_t steps);

/* ---- siting_swap.c: the preview ------------------------------------------------------------------------------------------ */

/** Local search on sets of sites with each client's two nearest at hand. */
typedef struct jx__swap jx__swap;
jx_status jx__swap_new(jx_ctx *ctx, const jx__work *k, jx__swap **out);
void jx__swap_free(jx_ctx *ctx, jx__swap *s);
/** Start from a set (NULL: the kept sites only), add the best site until no more may be added. */
void jx__swap_greedy(jx__swap *s, const uint8_t *open);
/** Adds, drops and swaps until none is an improvement, or told to stop. Returns the cost. */
double jx__swap_descend(jx_ctx *ctx, jx__swap *s, jx__halt *h);
const uint8_t *jx__swap_open(const jx__swap *s);
/** The whole preview: greedy, descent, then kicks and descents for so many steps or until the cost is `enough`. Offers every
 *  local optimum. */
void jx__swap_preview(jx_ctx *ctx, jx__swap *s, uint64_t seed, uint64_t steps, double enough, jx__halt *h, jx__best *best);
enum { JX__PREVIEW_STEPS = 60000000 }; /* a fifth of a second or so */

/* ---- siting_center.c -------------------------------------------------------------------------------------------------------- */

/** The p-centre: preview and proof. `best` holds radii; *bound is a proved lower one. */
jx_status jx__center_solve(jx_ctx *ctx, const jx__work *k, jx__halt *h, jx__best *best, jx_siting_plan *plan, double *bound);

/* ---- siting_tree.c: the proof --------------------------------------------------------------------------------------------- */

/** Branch and bound from the best so far (improved as better plans are met). *bound: proved lower bound of all plans. */
jx_status jx__tree_prove(jx_ctx *ctx, const jx__work *k, jx__swap *swap, jx__halt *h, jx__best *best, double *bound, uint64_t *nodes);
/** How far below the best a bound may lie and still prove it. */
double jx__slack(const jx__work *k, double cost);

#endif
