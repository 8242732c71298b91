/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * A plan of sites as the report prints it: the question as asked, what becomes of every site, times before and after per cell, who
 * gains, how sure. Data only; who solved it fills it (run/), the report computes nothing but classes and sums of what it shows.
 */
#ifndef JUNXIAN_REPORT_PLAN_H
#define JUNXIAN_REPORT_PLAN_H

#include "junxian/county.h"
#include "junxian/plan.h"

typedef enum jx_site_role {
    JX_ROLE_NEW,      /* the plan opens it */
    JX_ROLE_KEPT,     /* existing: stays */
    JX_ROLE_CLOSED,   /* existing: the plan closes it */
    JX_ROLE_CANDIDATE /* could have been built; is not */
} jx_site_role;

typedef struct jx_report_site {
    const char *name;     /* "" none: told by its position */
    jx_pt pt;
    jx_site_role role;
    uint32_t rank;        /* of a new one: 1 would be missed most; 0 */
    uint32_t township;    /* index into jx_county.township; JX_NONE */
    double people, nearer, newly_within; /* who use it; of them: with a shorter way, newly within the threshold */
    double price;         /* NaN: prices play no part */
    double capacity;      /* people, or places with a demand; NaN: any number */
    bool price_assumed, capacity_assumed; /* by an option, not by data */
    double loss;          /* what the plan loses without it, in loss_unit's measure; INFINITY: without it no plan is possible; NaN: not known */
    const char *refers_to; /* facility above; NULL: none */
} jx_report_site;

/** Of some people, to the site each uses. */
typedef struct jx_report_effect {
    double mean_min, longest_min; /* over those who can reach one; NaN: nobody */
    double people, within, out;   /* persons: all, within the threshold, who can reach none */
    double full;                  /* with capacities: persons who could reach a site, but get no place within the plan's reach */
} jx_report_effect;

/** What the figures of before are of. */
typedef enum jx_before {
    JX_BEFORE_NEAREST,  /* no capacities: everybody to the nearest */
    JX_BEFORE_SHARED,   /* people shared out under the capacities of what exists, as after */
    JX_BEFORE_SHORT,    /* what exists cannot take everybody under these conditions: to the nearest */
    JX_BEFORE_UNDECIDED /* whether it can was not decided in a short search: to the nearest */
} jx_before;
typedef struct jx_report_gain {
    jx_report_effect before, after;
    double nearer, farther, newly_within; /* persons */
} jx_report_gain;

/** How a search ended. */
typedef enum jx_plan_end {
    JX_PLAN_PROVED,  /* no plan is better */
    JX_PLAN_PREVIEW, /* only a good plan was asked for */
    JX_PLAN_EFFORT,  /* its steps were used up: the same plan again for the same input */
    JX_PLAN_CLOCK    /* the time was used up, or it was stopped: another machine may find another plan */
} jx_plan_end;

typedef struct jx_report_plan {
    const char *name;        /* as the user calls it; NULL: made of the service */
    const jx_message *impossible; /* why there is no plan; the rest but the question is empty then. NULL: there is one */
    /* the question */
    uint32_t service;        /* index into jx_county.services */
    jx_mode mode;
    jx_plan_model model;
    const char *candidates;  /* "settlements", "cells", or the name of a table */
    uint32_t n_candidates, n_existing;
    const char *kind;        /* of the existing: only this kind; NULL: all */
    double add, budget, price, running_price; /* NaN: not asked */
    double town_min, country_min; /* what counts as within reach; NaN: nothing */
    bool threshold_given;    /* by the user; else the standard's */
    double longest_min;      /* nobody may be sent farther; NaN */
    double capacity, existing_capacity; /* of sites that state none; NaN: any number */
    bool whole;              /* a cell's people go to one site */
    double per_1000;         /* places wanted per 1,000 people; NaN: everybody counts */
    const char *weights, *may_close, *keep; /* as given; NULL */
    bool twice;              /* a second site within reach counts */
    uint32_t refer_to;       /* index into jx_county.services; JX_NONE */
    double refer_share;
    /* sites: new ones by rank, then existing, then candidates */
    const jx_report_site *site;
    uint32_t n_sites, n_new, n_closed;
    /* effect */
    const uint32_t *before_ms, *after_ms; /* per cell; JX_UNREACHABLE */
    const uint32_t *after_site; /* per cell: index into site; JX_NONE */
    const uint8_t *counted;  /* per cell: 1: the plan is about its people */
    bool any_before;         /* there is a site today that somebody can reach */
    jx_before before;
    jx_report_gain total;
    const jx_report_gain *township; /* jx_county.n_townships */
    /* how sure */
    jx_plan_end end;
    const char *solver;      /* the program that found the plan, on whose word JX_PLAN_PROVED then rests; NULL: junxian's own search */
    double objective, bound, gap; /* in unit; gap is a share */
    const char *unit;        /* msgid */
    bool weighted;
    uint64_t nodes;
    uint32_t n_second;       /* new sites of the runner-up */
    const char *const *second;
    bool has_second, second_proved;
    double second_worse;     /* share by which it is worse; NaN: of an objective of zero */
    /* what it rests on */
    bool few_existing;       /* so few existing sites that some are probably missing from the map */
    uint32_t n_prices_assumed, n_capacities_assumed;
    uint32_t n_off, n_cut;   /* cells left out: off the network, cut off */
    double people_off, people_cut;
    uint32_t n_beyond;       /* no possible site within reach: left out as asked */
    double people_beyond;
} jx_report_plan;

#endif
