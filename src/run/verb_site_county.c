/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** `junxian site INPUT`: open the county, make the problem, solve it within the time allowed, say and save what it does. */

#include "run/site.h"

/* The search ends at the time limit, and on Ctrl-C: both leave the best plan so far. */
typedef struct watch {
    double until; /* 0: no limit */
    bool late;
} watch;

static bool stop(void *user) {
    watch *w = user;
    w->late = w->late || (w->until > 0 && jx_clock_s() > w->until);
    return w->late;
}

bool jx__site_model(const jx_args *args, jx_plan_model *out) {
    const char *model = jx_args_get(args, "model");
    *out = JX_PLAN_MEDIAN;
    return !model || jx_plan_model_parse(strcmp(model, "p-centre") == 0 ? "p-center" : model, out);
}

jx_status jx__site_solve(jx_ctx *ctx, jx__siting *s) {
    if (s->two_levels) {
        s->levels.lower = s->problem;
        return jx_plan_levels_solve(ctx, &s->levels, &s->plan, &s->upper);
    }
    return jx_plan_solve(ctx, &s->problem, &s->plan);
}

static jx_status solve(jx_ctx *ctx, jx__siting *s) {
    double limit = jx_args_num(s->args, "time-limit", 60), begin = jx_clock_s();
    watch w = {limit > 0 ? begin + limit : 0, false};
    s->problem.stop = stop;
    s->problem.stop_user = &w;
    jx_progress(ctx, N_("searching for the best plan"), 0, 0);
    const bool by_other = jx_args_get(s->args, "solver") != NULL;
    jx_status st = by_other || jx_args_get(s->args, "write-lp") ? jx__site_by_solver(ctx, s, limit) : JX_OK;
    if (st == JX_OK && !by_other) {
        st = jx__site_solve(ctx, s);
        s->late = w.late;
    }
    s->seconds = jx_clock_s() - begin;
    s->cut = st == JX_E_CANCELLED && s->plan.site;
    if (s->cut) { /* the best plan so far is told and saved all the same */
        jx_ctx_wind_up(ctx);
        st = JX_OK;
    }
    s->problem.stop = NULL;
    return st;
}

void jx__site_release(jx_ctx *ctx, jx__siting *s) {
    void *const blocks[] = {s->site, s->snap, s->cutoff_ms, s->units, s->weight, s->row, s->entry, s->status, s->price, s->capacity,
                            s->referral, s->before_ms, s->after_ms, s->after_site, s->piece};
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) {
        jx_free(ctx, blocks[k]);
    }
    jx_table_free(ctx, s->table);
    jx_plan_release(ctx, &s->plan);
    jx_plan_upper_release(ctx, &s->upper);
    jx__offer_release(ctx, &s->above);
    jx__study_release(ctx, &s->study);
    jx_arena_free(ctx, s->arena);
}

/* A plan cut short is no failure, but whoever called must know. */
static jx_status ended(jx_ctx *ctx, const jx__siting *s) {
    double gap = 100 * s->plan.gap;
    if (s->plan.second_cut && !s->cut && s->plan.proved) {
        jx_say(ctx, JX_LEVEL_WARNING, JX_M_SITE_RUNNER_CUT, NULL, 0, 0, NULL);
    }
    return s->cut                           ? JX_FAIL(ctx, SITE_CUT_SHORT, JX_R(gap, 2))
           : s->late && !s->plan.proved ? JX_FAIL(ctx, SITE_TIME, JX_R(gap, 2))
                                            : JX_OK;
}

jx_status jx__verb_site_county(jx_ctx *ctx, const jx_args *args, jx_result *res) {
    jx__siting s = {.args = args};
    if (!jx__site_model(args, &s.model)) {
        return JX_FAIL(ctx, ARG_CHOICE, JX_S("model"), JX_S(jx_args_get(args, "model")), JX_S("p-median|p-center|mclp|lscp"));
    }
    if (!jx_args_get(args, "add") && !jx_args_get(args, "budget") && s.model != JX_PLAN_COVER_ALL) { /* told before the extract is read */
        return JX_FAIL(ctx, SITE_HOW_MANY, JX_S(jx_plan_model_name(s.model)));
    }
    const char *why = jx__site_combination(args);
    if (why) {
        return JX_FAIL(ctx, SITE_COMBINATION, JX_T(why));
    }
    if (jx__site_needs_solver(args)) {
        return JX_FAIL0(ctx, SITE_NEEDS_SOLVER);
    }
    JX_TRY(jx__site_save_check(ctx, args));
    s.arena = jx_arena_new(ctx);
    jx_status st = s.arena ? jx__study_open(ctx, args, &s.study) : JX_E_NOMEM;
    st = st == JX_OK ? jx__site_candidates(ctx, &s) : st;
    st = st == JX_OK ? jx__site_problem(ctx, &s) : st;
    st = st == JX_OK ? solve(ctx, &s) : st;
    st = st == JX_OK ? jx__site_effect(ctx, &s) : st;
    st = st == JX_OK ? jx__site_tell(ctx, &s, res) : st;
    st = st == JX_OK ? jx__site_save(ctx, &s, res) : st;
    st = st == JX_OK ? ended(ctx, &s) : st;
    jx__site_release(ctx, &s);
    return st;
}
