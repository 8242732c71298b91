/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The chapter of a single question on access or equity: one service by one mode, its measures over people and places. All borrowed. */
#ifndef JUNXIAN_REPORT_ACCESS_H
#define JUNXIAN_REPORT_ACCESS_H

#include "junxian/access.h"
#include "junxian/county.h"
#include "junxian/inequality.h"

typedef struct jx_report_measure {
    const char *name, *title, *unit; /* "2sfca"; msgids */
    bool time;                       /* minutes: the median is shown; else the mean */
} jx_report_measure;

/** A row of the tables: one of the three says who. */
typedef struct jx_report_people {
    const char *msgid;      /* "town" */
    bool place;             /* with msgid: a row among the townships, not a sum */
    const jx_area *area;    /* a township */
    const char *group;      /* a group of people */
    bool spread;            /* a group known by township only */
    const jx_inequality *q; /* n_measures, one after the other */
} jx_report_people;

typedef struct jx_report_equity {
    const double *lorenz;   /* n_lorenz + 1 points */
    uint32_t n_lorenz;
    double line;            /* poverty line in the measure's unit; NaN none */
    jx_theil_parts urban, township;
    const jx_concentration *along; /* NULL: no order of people is known */
    const jx_place *town;   /* people are ordered by the way to it; NULL: by rank_of */
    const char *rank_of;
} jx_report_equity;

typedef struct jx_report_access {
    const jx_service *service;
    jx_mode mode;
    uint32_t limit_ms, n_facilities, n_inside;
    uint32_t n_outside;     /* facilities outside that a floating catchment counts; the people who live there it does not */
    const uint32_t *facility; /* index into county.facilities */
    bool by_capacity;
    uint32_t n_guessed;     /* capacities taken as the median */
    double median;
    const char *demand;     /* group whose demand counts; NULL: all people */
    const jx_report_measure *measure;
    uint32_t n_measures;
    const double *v;        /* cells: the first measure; INFINITY cannot be reached */
    const uint32_t *nearest_ms; /* cells; JX_UNREACHABLE: none can be reached at all */
    const jx_report_people *row; /* the first is all people */
    uint32_t n_rows;
    const jx_shortage *shortage; /* NULL: places are not known */
    const jx_report_equity *equity; /* NULL: access alone */
} jx_report_access;

#endif
