/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Plans of sites within a run: `plans:` of county.yaml, or --plans FILE.yaml. Each is a question of `junxian site`, with its keys, on the
 * run's own county. The search is bounded by steps, never by a clock, so that the same input gives the same bytes.
 */
#ifndef JX_RUN_PLANS_H
#define JX_RUN_PLANS_H

#include "run/site.h"

typedef struct jx__plan_ask {
    jx_args args;       /* as if given to `junxian site` */
    const char *file;   /* where it stands, for messages */
    uint32_t line;
    double effort;      /* about so many seconds of searching, counted in steps */
} jx__plan_ask;

typedef struct jx__plans {
    jx_doc doc;         /* of --plans; empty: they stand in county.yaml */
    uint32_t n;
    jx__plan_ask *ask;
    jx__siting *siting; /* n; after jx__plans_solve */
    jx_report_plan *report;
    jx_message *impossible; /* n; what a report->impossible points at */
    jx__plan_layers layers;
} jx__plans;

/**
 * Reads and checks the plans: unknown keys, values out of range and plans that do not say how many are refused with file, line and remedy
 * (PLANS_SHAPE, PLANS_VALUE, PLANS_HOW_MANY, CONFIG_UNKNOWN...). Registers their files as sources of the job; call it before jx__job_locate.
 * None: JX_OK with n 0. Release whatever happened.
 */
jx_status jx__plans_read(jx_ctx *ctx, const jx_args *args, jx__job *job, jx__plans *out) JX_MUST_USE;
/** Against the county: services, names of existing sites, tables of candidates. Computes no travel time. */
jx_status jx__plans_check(jx_ctx *ctx, jx_county *county, jx__plans *p) JX_MUST_USE;
/** Solves all, one after the other; a plan that cannot be is a warning (PLANS_IMPOSSIBLE) and a chapter that says why. */
jx_status jx__plans_solve(jx_ctx *ctx, jx_county *county, jx__plans *p) JX_MUST_USE;
void jx__plans_release(jx_ctx *ctx, jx__plans *p);

#endif
