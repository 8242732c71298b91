/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Where to build: which sites to open so that clients have it near, with proof. Arithmetic on arrays: clients with
 * weights, sites with status and cost, distances between them. A preview in a fraction of a second (greedy, swaps),
 * then bounds and branch and bound until the plan is proved best or somebody says stop.
 */
#ifndef JUNXIAN_SITING_H
#define JUNXIAN_SITING_H

#include "junxian/base.h"

typedef enum jx_siting_model {
    JX_SITING_P_MEDIAN, /* least sum of weight x distance */
    JX_SITING_P_CENTER, /* least distance of the worst-off client */
    JX_N_SITING_MODELS
} jx_siting_model;
const char *jx_siting_model_name(jx_siting_model m); /* "p-median", "p-center"; never translated */

typedef enum jx_site_status {
    JX_SITE_CANDIDATE, /* may be opened */
    JX_SITE_KEPT,      /* exists and stays: in every plan */
    JX_SITE_MAY_CLOSE  /* exists; a plan may do without it. For the arithmetic the same as a candidate */
} jx_site_status;

/**
 * The problem. All arrays are borrowed and stay as they are. Distances are whole numbers of any unit (travel time in ms,
 * metres): whoever has real ones scales them, and sums up again by the plan's `assigned`. JX_UNREACHABLE is no way.
 *
 * Distances come in rows by client, either dense (off == NULL: dist[client * n_sites + site]) or only the pairs that
 * there are (entries off[client] to off[client + 1] - 1 of site and dist; a pair twice counts with its lesser distance).
 *
 * Kin of the p-median are asked for through it: the most weight within reach is distance 0 within, unserved_dist 1; the
 * fewest sites that reach everybody are distance 0 within, open_cost 1, p = n_sites; with open_cost and p = n_sites it is the
 * facility location problem.
 */
typedef struct jx_siting {
    uint32_t n_clients, n_sites;
    const double *weight;     /* per client, finite and >= 0; NULL: 1 each. Weight 0: need not be served at all */
    const size_t *off;        /* n_clients + 1, or NULL: dense */
    const uint32_t *site;     /* of each pair; NULL with dense rows */
    const uint32_t *dist;
    const uint8_t *status;    /* per site, jx_site_status; NULL: all are candidates */
    uint32_t p;               /* sites in a plan, kept ones included; fewer where the budget or n_sites does not give more */
    const double *site_cost;  /* per site, finite and >= 0, of having it in the plan; NULL: 0 each */
    double budget;            /* most that the plan's sites may cost together; only read with site_cost */
    const double *open_cost;  /* per site, finite and >= 0, added to the objective of a p-median for having it in the plan; NULL: 0 */
    uint32_t max_dist;        /* a site serves nobody farther away; JX_UNREACHABLE: no limit */
    uint32_t unserved_dist;   /* a client may go without, at this distance; JX_UNREACHABLE: everybody must be served */
} jx_siting;

/** Checks of a problem: shapes, ranges, and every constraint that cannot hold whatever is opened. The latter gives
 *  JX_E_INFEASIBLE and says which: more kept sites than p, a budget below what the kept ones cost, a client that no
 *  site serves. O(pairs). jx_siting_solve does it too. */
jx_status jx_siting_check(jx_ctx *ctx, const jx_siting *s) JX_MUST_USE;

/** How a search ended. */
typedef enum jx_siting_end {
    JX_SITING_PROVED,   /* no plan is better */
    JX_SITING_PREVIEW,  /* the work of a preview is done, as asked */
    JX_SITING_STOPPED,  /* options.stop said so */
    JX_SITING_CANCELLED /* the job was cancelled */
} jx_siting_end;
const char *jx_siting_end_name(jx_siting_end e); /* "proved", "preview", ... */

/** What one open site brings. */
typedef struct jx_site_share {
    uint32_t site;
    uint32_t n_clients; /* that have it nearest, weight 0 ones left out */
    double weight;      /* theirs */
    double value;       /* their part of the objective (p-centre: the distance of the farthest) */
    double loss;        /* how much worse the objective would be without this site; INFINITY: not possible without */
} jx_site_share;

typedef struct jx_siting_plan {
    jx_siting_model model;
    jx_siting_end end;
    bool proved;          /* bound == objective, to the last unit where weights are whole numbers, to 1e-9 of it where not */
    double objective, bound, gap; /* bound <= optimum <= objective; gap = (objective - bound) / objective, 0 for 0 / 0 */
    double preview;       /* objective that the heuristics found before the proof began */
    uint64_t seed, n_nodes; /* n_nodes: of the search tree, a measure of effort that no clock enters */
    uint32_t n_open;
    jx_site_share *open;  /* by site number, rising */
    uint32_t *assigned;   /* per client: its nearest open site (of two equal the lower number), JX_NONE: unserved */
    double runner_up;     /* objective of the best other plan met (not proved second); INFINITY: none met */
    uint32_t n_runner;
    uint32_t *runner;     /* its sites, rising */
} jx_siting_plan;
void jx_siting_plan_release(jx_ctx *ctx, jx_siting_plan *plan);

typedef struct jx_siting_options {
    uint64_t seed;
    bool preview;               /* end after a fixed amount of work (a few tenths of a second on a problem of 500 x 500): swaps and a first bound */
    bool (*stop)(void *user);   /* asked every few milliseconds of work; true: end with the best so far. May be NULL */
    void *user;
} jx_siting_options;

/**
 * Solve. On JX_OK the plan is filled (release it), proved or with its honest gap; so it is on JX_E_CANCELLED when
 * plan->n_open > 0. JX_E_INFEASIBLE: no plan obeys all constraints, proved; the message says which. JX_E_LIMIT: stopped
 * before any plan was found or that was proved. Same problem and seed, same plan, for any number of threads (unless
 * stopped). Memory: 24 bytes a pair. Sources: Whitaker 1983 and Resende, Werneck 2007 (swaps), Narula, Ogbu, Samuelsson 1977 and
 * Beasley 1993 (Lagrangean bound and fixing), own branching; p-centre by covers: Minieka 1970.
 */
jx_status jx_siting_solve(jx_ctx *ctx, const jx_siting *s, jx_siting_model model, const jx_siting_options *opt,
                          jx_siting_plan *plan) JX_MUST_USE;

/** The plan with exactly these sites open (what there is now, or what somebody has in mind): objective, shares, assignment.
 *  bound is the weakest one, end PREVIEW. p and budget are not looked at. JX_E_INFEASIBLE: a client goes unserved. */
jx_status jx_siting_evaluate(jx_ctx *ctx, const jx_siting *s, jx_siting_model model, const uint32_t *open, uint32_t n_open,
                             jx_siting_plan *plan) JX_MUST_USE;

#endif
