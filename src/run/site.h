/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** `junxian site` on a county: candidates, the planner's options, the plan, and what it does to people. */
#ifndef JX_RUN_SITE_H
#define JX_RUN_SITE_H

#include "junxian/plan.h"
#include "junxian/report.h"
#include "run/study.h"

/** Demand is counted in thousandths of persons: whole numbers, so that sums and proofs are exact. */
enum { JX__UNITS = 1000 };

/** One possible site: existing ones first (the facilities of the offer), then the candidates. */
typedef struct jx__site_row {
    const char *name;    /* owned by the arena or the county */
    jx_pt pt;
    uint32_t facility;   /* index into county->facilities; JX_NONE: a candidate */
    uint32_t township;   /* index into county->township; JX_NONE */
    double capacity;     /* people it can take; NaN: any number */
    bool capacity_given; /* stated by its source, not by --capacity */
    uint32_t price;
    bool price_given;
    uint8_t status;      /* jx_plan_status */
} jx__site_row;

/** Some people of a cell, and what the plan does to them: all of its people, or under capacities those with the same ways. */
typedef struct jx__piece {
    uint32_t cell, site;          /* site: index into jx__siting.site that they use after; JX_NONE */
    uint32_t before_ms, after_ms; /* JX_UNREACHABLE: no way, or no place */
    bool full_before, full_after; /* there is a way to a site, but no place for them */
    double people;
} jx__piece;

typedef struct jx__siting {
    const jx_args *args;
    jx__study study;
    jx_arena *arena;
    jx_plan_model model;
    const char *candidates;  /* as asked for */
    uint32_t n_existing, n_sites;
    jx__site_row *site;
    jx_snap *snap;           /* n_sites */
    jx_table *table;         /* cells x sites */
    uint32_t *cutoff_ms;     /* per cell: of the cover models, and for counting who is within */
    uint32_t limit_ms;       /* UINT32_MAX: none */
    uint32_t *units, *weight; /* per cell */
    bool weighted;
    double demand_per_1000;  /* places wanted per 1,000 people; 1000: everybody */
    /* cells the plan cannot be about */
    uint32_t n_off, n_cut;   /* off the network; on it, but no site can be reached */
    double people_off, people_cut;
    uint32_t n_beyond;       /* no possible site within reach, left out as asked */
    double people_beyond;
    /* the plan */
    jx_plan_problem problem;
    uint64_t *row;
    jx_plan_entry *entry;
    uint8_t *status;
    uint32_t *price;
    uint64_t *capacity;
    jx_plan plan;
    bool two_levels;
    jx_plan_levels levels;
    jx_plan_upper upper;
    jx__offer above;         /* the service that people are referred to */
    uint32_t *referral;
    double seconds;
    bool late;               /* the time limit ended the search */
    bool cut;                /* somebody asked to stop it */
    bool by_effort;          /* late: its steps were used up, not the time */
    /* what it does */
    jx__piece *piece;               /* everybody the plan is about; by cell */
    uint64_t n_pieces;
    uint32_t *before_ms, *after_ms; /* per cell, for maps: of what most of its people have */
    uint32_t *after_site;           /* per cell: index into site; JX_NONE */
    bool any_before;                /* there is an existing site that somebody can reach */
    jx_before before;
} jx__siting;

/** Why these options cannot go together, a msgid, or NULL; and whether they ask for what only another program finds (site_combination.c). */
const char *jx__site_combination(const jx_args *args);
bool jx__site_needs_solver(const jx_args *args);

/** Candidates and their columns (site_candidates.c). */
jx_status jx__site_candidates(jx_ctx *ctx, jx__siting *s);
/** Options and tables -> the problem (site_problem.c). */
jx_status jx__site_problem(jx_ctx *ctx, jx__siting *s);
/** Nearest of n sites of `which` per cell: exact, beyond any cut-off. `site` may be NULL (site_effect.c). */
jx_status jx__site_nearest(jx_ctx *ctx, const jx__siting *s, const uint32_t *which, uint32_t n, uint32_t *ms, uint32_t *site);
/** The model that is asked for; the p-median where none is. False: no such model (verb_site_county.c, as the next). */
bool jx__site_model(const jx_args *args, jx_plan_model *out);
/** The own search, one level or two: s->plan and s->upper from s->problem. */
jx_status jx__site_solve(jx_ctx *ctx, jx__siting *s);
/** The plan by the program that --solver names, within so many seconds; and the problem as it sees it into --write-lp (site_solver.c). */
jx_status jx__site_by_solver(jx_ctx *ctx, jx__siting *s, double seconds);
/** Times before and after per cell. */
jx_status jx__site_effect(jx_ctx *ctx, jx__siting *s);
/** Text and JSON (site_tell.c). */
jx_status jx__site_tell(jx_ctx *ctx, jx__siting *s, jx_result *res);
/** A page, GeoPackage, GeoJSON, CSV or XLSX by the name of --output (site_save.c); a wrong ending is told before anything is computed. */
jx_status jx__site_save(jx_ctx *ctx, jx__siting *s, const jx_result *res);
jx_status jx__site_save_check(jx_ctx *ctx, const jx_args *args);

/** Everything it holds, with its study (verb_site_county.c). */
void jx__site_release(jx_ctx *ctx, jx__siting *s);

/** Of a site: people that use it, and of those the ones newly within the threshold. */
typedef struct jx__site_gain {
    double people, nearer, newly_within;
} jx__site_gain;
jx__site_gain jx__site_gains(const jx__siting *s, uint32_t site);
/** Chosen new sites, the one whose loss is worst first; returns how many. `order` has n_sites places: indices into plan.open. */
uint32_t jx__site_ranked(const jx__siting *s, uint32_t *order);
/* ---- what is said, printed and saved of a plan (site_report.c) ---- */
/** The objective as people say it: person-minutes, minutes, persons, price. */
double jx__site_natural(const jx__siting *s, uint64_t v);
/** People the plan is about, and their times before and after; township JX_NONE: all. */
jx_report_gain jx__site_effects(const jx__siting *s, uint32_t township);
/** An existing site that may close and does. */
bool jx__site_closed(const jx__siting *s, uint32_t site);
/** The plan as the report prints it; arrays in s->arena or borrowed from s. */
jx_status jx__site_report(jx_ctx *ctx, jx__siting *s, jx_report_plan *out);
/** The same before it is solved: only the question. */
jx_status jx__site_question(jx_ctx *ctx, jx__siting *s, jx_report_plan *out);

/** Layers of plans: sites (points), cells before and after (polygons), gains by township (table). */
typedef struct jx__plan_layers {
    jx_layers *values;  /* owns the cells */
    jx_layers own;      /* owns sites and gains */
    jx_layer layer[3];  /* sites, cells, gains: for writers */
    uint32_t n;
} jx__plan_layers;
/** `many`: of a run, with names that tell plans apart; else of the one plan that was asked for. Release whatever happened. */
jx_status jx__plan_layers_make(jx_ctx *ctx, const jx_county *c, const jx_report_plan *plans, uint32_t n, bool many, jx__plan_layers *out);
void jx__plan_layers_release(jx_ctx *ctx, jx__plan_layers *l);

static inline bool jx__site_is_new(const jx__siting *s, uint32_t site) { return site >= s->n_existing; }

#endif
