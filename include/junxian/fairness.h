/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Is there enough, and is it fair: what a diagnosis says about all services of the standard at once. Arithmetic on its travel-time tables; the
 * one further table it makes is the way by car to the largest town, along which people are ordered.
 *
 * Three measures, each for what it is good at. Minutes to the nearest say how far it is. The standard's own threshold, cell by cell, says who
 * is poor in access and by how much (FGT). Access by floating catchments (E2SFCA, Luo & Qi 2009: weights 1, 0.68, 0.22 in thirds of the
 * catchment, which is the longer of the standard's thresholds; each facility counts one) says how much is left for each when all others come
 * too: Gini, Theil, Palma and the concentration index are of it. People who can reach no facility at all are in none of these: they are
 * missing there and counted apart; people who can, but not within the catchment, have 0.
 */
#ifndef JUNXIAN_FAIRNESS_H
#define JUNXIAN_FAIRNESS_H

#include "junxian/access.h"
#include "junxian/county.h"
#include "junxian/inequality.h"

/** Places (seats, beds) of a township, or of the whole area. */
typedef struct jx_fair_town {
    uint32_t n, n_guessed;  /* facilities inside; those whose capacity is not stated: the median of those stated stands for it */
    double places;
    double people;          /* to whom the norm applies, else all; NaN: not known */
    double per_1000;        /* NaN */
    bool below;             /* the norm; false where there is none */
} jx_fair_town;

typedef struct jx_fair_places {
    bool used;              /* capacities are stated by at least half of the facilities; else all below is 0 */
    bool wanted;            /* there is a norm, and its people are known: `shortage` is filled */
    uint32_t n_guessed;     /* of all that serve, inside and around */
    uint32_t n_unknown;     /* cells where the number of the people the norm counts is not known: taken as nobody */
    double people_unknown;  /* all people of those cells */
    double median;
    jx_shortage shortage;   /* within the catchment, wanted by the norm */
    jx_fair_town *town;     /* n_townships + 1, the last for the whole area */
} jx_fair_places;

typedef struct jx_fair_service {
    uint32_t result;        /* of the diagnosis: the headline criterion */
    bool none;              /* no facility on the map: nothing below is filled but NaN */
    bool doubtful;          /* the map may lack facilities: not ranked */
    uint32_t limit_ms;      /* catchment */
    jx_inequality time[4];  /* minutes to the nearest: country, town, (none), all; INFINITY: cannot be reached */
    jx_inequality access[4];/* facilities per 1,000 people by E2SFCA, the same rows; missing: cannot reach any */
    jx_theil_parts urban, township; /* of access[3].theil_t and theil_l: town and country; townships, "no township" being one */
    jx_concentration along; /* access along the time by car to the largest town; NaN without one */
    double poor[3];         /* FGT 0, 1, 2 of minutes against each cell's own threshold, of people to whom the standard applies; gap capped at 1 */
    double gap_min;         /* minutes too far, mean of those beyond who can reach one; NaN: nobody */
    double least40;         /* share of all access that the four tenths with least have */
    jx_fair_places places;
} jx_fair_service;

enum { JX_FAIR_PICKS = 3, JX_FAIR_LORENZ = 50 };
/** One of the most unequal services: highest Gini among those that are not doubtful. */
typedef struct jx_fair_pick {
    uint32_t service;       /* index into jx_fairness.service */
    double *access;         /* cells; NaN: cannot reach any */
    double lorenz[JX_FAIR_LORENZ + 1];
    jx_inequality *town;    /* n_townships + 2, of access: townships, (no township), all */
} jx_fair_pick;

typedef struct jx_fairness {
    jx_fair_service *service; /* as the standard orders them */
    uint32_t n;
    jx_fair_pick pick[JX_FAIR_PICKS];
    uint32_t n_picks;
    uint32_t town;          /* place: the largest town; JX_NONE: the map has none */
    double *town_min;       /* cells: minutes by car to it; NaN: no way, or no town */
} jx_fairness;

/**
 * Needs the tables that a diagnosis keeps (of the headline criteria). Owned by the caller, free with jx_fairness_free. Cost: a few sorts of the
 * cells a service, one table to one place, a flow for each service with capacities. Same bits for any thread count.
 */
jx_status jx_fairness_of(jx_ctx *ctx, const jx_county *c, const jx_diagnosis *d, jx_fairness **out) JX_MUST_USE;
void jx_fairness_free(jx_ctx *ctx, jx_fairness *f);

/** The largest city, else town, inside the area: by its stated people, then in the order of the map. JX_NONE: none. */
uint32_t jx_largest_town(const jx_county *c);
/** Minutes by car from every cell to the largest town: out[cells], NaN where there is no way. *town as jx_largest_town. */
jx_status jx_town_minutes(jx_ctx *ctx, const jx_county *c, double *out, uint32_t *town) JX_MUST_USE;

#endif
