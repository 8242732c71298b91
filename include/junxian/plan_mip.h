/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The door to other people's solvers: a plan's problem as a mixed-integer program in the LP format that CBC, HiGHS, SCIP and GLPK read,
 * and their answer back. For what jx_plan_solve refuses (backup coverage with capacities), and for whoever wants a second opinion.
 * Of an answer only the sites are believed; the plan that they make is computed here, exactly. Text in, text out: no files, no programs.
 */
#ifndef JUNXIAN_PLAN_MIP_H
#define JUNXIAN_PLAN_MIP_H

#include "junxian/plan.h"

/**
 * Appends the program. Variables: y<site> open, x<demand>_<site> part of a demand at a site, u<demand> part without any, v<demand> without a
 * second, z the farthest. The objective is in millions of units x cost (MEDIAN), thousands of cost (CENTER), thousands of units (COVER_MAX) or
 * prices (COVER_ALL), so that its numbers suit floating point. Backup with capacities: a demand's first site has room for it, the second need
 * only be open within reach. O(entries) lines. JX_E_INPUT (PLAN_PROBLEM) as jx_plan_solve.
 */
jx_status jx_plan_mip_write(jx_ctx *ctx, const jx_plan_problem *p, jx_buf *out) JX_MUST_USE;

typedef enum jx_mip_end { JX_MIP_OPTIMAL, JX_MIP_FEASIBLE, JX_MIP_INFEASIBLE, JX_MIP_NOTHING } jx_mip_end;
/**
 * A solution file: CBC's (`solution FILE`), HiGHS' (--solution_file) or any with a variable's name and its value on a line. open[n_sites] gets
 * flags. *end: what it says of itself; NOTHING: neither a status nor a value. Bytes of any kind are safe. O(bytes).
 */
void jx_plan_mip_read(const char *text, size_t n, uint32_t n_sites, uint8_t *open, jx_mip_end *end);

/**
 * The plan with these sites open (flags; kept ones count as open), people shared out best: all fields as jx_plan_solve has them, but bound is 0
 * unless `proved` (somebody else's word), and there is no runner-up. JX_E_INFEASIBLE (PLAN_IMPOSSIBLE) when the sites break a constraint.
 */
jx_status jx_plan_of_sites(jx_ctx *ctx, const jx_plan_problem *p, const uint8_t *open, bool proved, jx_plan *out) JX_MUST_USE;

#endif
