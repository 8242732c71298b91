/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** `junxian site` on a county: candidates, the planner's options, the plan, and what it does to people. */
#ifndef JX_RUN_SITE_H
#define JX_RUN_SITE_H

#include "junxian/plan.h"
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
    /* what it does */
    uint32_t *before_ms, *after_ms; /* per cell, to the site used */
    uint32_t *after_site;           /* per cell: index into site; JX_NONE */
    bool shared_before;             /* with capacities: before_ms is of people shared out under them, as after_ms is; else to the nearest */
} jx__siting;

/** Candidates and their columns (site_candidates.c). */
jx_status jx__site_candidates(jx_ctx *ctx, jx__siting *s);
/** Options and tables -> the problem (site_problem.c). */
jx_status jx__site_problem(jx_ctx *ctx, jx__siting *s);
/** Nearest of n sites of `which` per cell: exact, beyond any cut-off. `site` may be NULL (site_effect.c). */
jx_status jx__site_nearest(jx_ctx *ctx, const jx__siting *s, const uint32_t *which, uint32_t n, uint32_t *ms, uint32_t *site);
/** Times before and after per cell. */
jx_status jx__site_effect(jx_ctx *ctx, jx__siting *s);
/** Text and JSON (site_tell.c). */
jx_status jx__site_tell(jx_ctx *ctx, jx__siting *s, jx_result *res);
/** GeoPackage, GeoJSON, CSV or XLSX by the name of --output (site_save.c). */
jx_status jx__site_save(jx_ctx *ctx, const jx__siting *s, const jx_result *res);

/** Of a site: people that use it, and of those the ones newly within the threshold. */
typedef struct jx__site_gain {
    double people, nearer, newly_within;
} jx__site_gain;
jx__site_gain jx__site_gains(const jx__siting *s, uint32_t site);
/** Chosen new sites, the one whose loss is worst first; returns how many. `order` has n_sites places: indices into plan.open. */
uint32_t jx__site_ranked(const jx__siting *s, uint32_t *order);
static inline bool jx__site_is_new(const jx__siting *s, uint32_t site) { return site >= s->n_existing; }

#endif
