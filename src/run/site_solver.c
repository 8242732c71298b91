/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** A plan by somebody else's solver: what the own search refuses, or a second opinion. Only the sites are taken from it. */
#include "junxian/plan_mip.h"
#include "run/site.h"

static jx_status ask(jx_ctx *ctx, const jx__siting *s, double seconds, uint8_t *open, jx_mip_end *end) {
    const char *solver = jx_args_get(s->args, "solver"), *path = jx_args_get(s->args, "write-lp");
    jx_buf lp, answer;
    jx_buf_init(&lp, ctx);
    jx_buf_init(&answer, ctx);
    jx_status st = jx_plan_mip_write(ctx, &s->problem, &lp);
    st = st == JX_OK && path ? jx_file_write(ctx, path, lp.s, lp.n) : st;
    *end = JX_MIP_NOTHING;
    if (st == JX_OK && solver) {
        st = jx_solver_run(ctx, solver, lp.s, lp.n, seconds, &answer);
        if (st == JX_OK) {
            jx_plan_mip_read(answer.s ? answer.s : "", answer.n, s->n_sites, open, end);
        }
    }
    jx_buf_release(&lp);
    jx_buf_release(&answer);
    return st;
}

jx_status jx__site_by_solver(jx_ctx *ctx, jx__siting *s, double seconds) {
    jx_mip_end end;
    if (s->two_levels) {
        return JX_FAIL0(ctx, SOLVER_LEVELS);
    }
    uint8_t *open = jx_calloc(ctx, s->n_sites, 1);
    jx_status st = open ? ask(ctx, s, seconds, open, &end) : JX_E_NOMEM;
    if (st == JX_OK && jx_args_get(s->args, "solver")) {
        s->late = end == JX_MIP_FEASIBLE;
        st = end == JX_MIP_INFEASIBLE ? JX_FAIL0(ctx, PLAN_IMPOSSIBLE) :
             end == JX_MIP_NOTHING    ? JX_FAIL0(ctx, PLAN_UNDECIDED) :
                                        jx_plan_of_sites(ctx, &s->problem, open, end == JX_MIP_OPTIMAL, &s->plan);
    }
    jx_free(ctx, open);
    return st;
}
