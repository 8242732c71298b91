/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Plans on the county of a run: opened, solved within their effort, told. */
#include "run/plans.h"

/* What a second of effort is worth: asks of the search, which come every few hundred thousand of its steps
 * whatever the size of the table. Steps and not seconds, so that a plan does not depend on the machine. */
static const double worth_of_a_second = 200;

typedef struct effort {
    double left; /* asks */
    bool late;
} effort;

static bool stop(void *user) {
    effort *e = user;
    e->left -= 1;
    e->late = e->late || e->left < 0;
    return e->late;
}

static const char *label(const jx__plan_ask *a) {
    const char *name = jx_args_get(&a->args, "name");
    return name ? name : jx_args_get(&a->args, "service");
}

/* The county is the run's; its job has been read already. */
static jx_status open_plan(jx_ctx *ctx, jx_county *county, const jx__plan_ask *a, bool times, jx__siting *s) {
    const char *mode_name = jx_args_get(&a->args, "mode");
    jx_mode mode = JX_N_MODES;
    *s = (jx__siting){.args = &a->args, .study.county = county};
    if ((mode_name && !jx_mode_parse(mode_name, &mode)) || !jx__site_model(&a->args, &s->model)) {
        return JX_E_INTERNAL; /* jx__plans_read has refused it */
    }
    s->arena = jx_arena_new(ctx);
    JX_TRY(s->arena ? JX_OK : JX_E_NOMEM);
    JX_TRY(jx__offer_open(ctx, &s->study, jx_args_get(&a->args, "service"), mode, 0, times, &s->study.offer));
    return jx__site_candidates(ctx, s);
}

static void close_plan(jx_ctx *ctx, jx__siting *s) {
    s->study.county = NULL; /* borrowed */
    jx__site_release(ctx, s);
}

/* Which plan a message before this one was about. */
static jx_status blame(jx_ctx *ctx, const jx__plan_ask *a, jx_status st) {
    if (st != JX_OK && st != JX_E_CANCELLED && st != JX_E_NOMEM) {
        JX_WARN_ROW(ctx, a->file, a->line, PLANS_THIS, JX_S(label(a)));
    }
    return st;
}

jx_status jx__plans_check(jx_ctx *ctx, jx_county *county, jx__plans *p) {
    for (uint32_t k = 0; k < p->n; k++) {
        jx__siting s;
        JX_TRY(jx_poll(ctx));
        jx_status st = open_plan(ctx, county, &p->ask[k], false, &s);
        if (st == JX_OK && jx_args_get(&p->ask[k].args, "refer-to")) {
            st = jx__offer_open(ctx, &s.study, jx_args_get(&p->ask[k].args, "refer-to"), JX_CAR, 0, false, &s.above);
        }
        close_plan(ctx, &s);
        JX_TRY(blame(ctx, &p->ask[k], st));
    }
    return JX_OK;
}

/* ---- solving ----------------------------------------------------------------------------------------------------------------------------- */

static jx_status keep_message(jx_ctx *ctx, jx__siting *s, const jx_message *m, jx_message *out) {
    *out = *m;
    for (uint32_t i = 0; i < m->n_args; i++) {
        const char *text = m->args[i].s;
        if (m->args[i].type == JX_ARG_STR && text) {
            out->args[i].s = jx_arena_strn(ctx, s->arena, text, strlen(text));
            JX_TRY(out->args[i].s ? JX_OK : JX_E_NOMEM);
        }
    }
    out->file = NULL;
    return JX_OK;
}

/* The search speaks into a context of its own: that a plan cannot be is no error of the run. */
static jx_status search(jx_ctx *ctx, jx__siting *s, const jx__plan_ask *a, jx_message *impossible) {
    effort e = {.left = a->effort * worth_of_a_second};
    jx_ctx *quiet = jx_ctx_quiet(ctx);
    if (!quiet) {
        return JX_E_NOMEM;
    }
    s->problem.stop = stop;
    s->problem.stop_user = &e;
    jx_status st = jx__site_solve(quiet, s);
    s->problem.stop = NULL;
    s->late = s->by_effort = e.late;
    if (st == JX_E_INFEASIBLE || st == JX_E_LIMIT) {
        const jx_message *m = jx_ctx_error(quiet);
        st = m ? keep_message(ctx, s, m, impossible) : JX_E_INTERNAL;
        jx_ctx_free(quiet);
        return st;
    }
    return jx_ctx_quiet_end(ctx, quiet, st);
}

/* What only the search needed: tables of cells by candidates are the largest of all. */
static void trim(jx_ctx *ctx, jx__siting *s) {
    jx_table_free(ctx, s->table);
    jx_free(ctx, s->row);
    jx_free(ctx, s->entry);
    jx_free(ctx, s->referral);
    s->table = NULL;
    s->row = NULL;
    s->entry = NULL;
    s->referral = NULL;
}

static jx_status one_plan(jx_ctx *ctx, jx_county *county, jx__plans *p, uint32_t k) {
    const jx__plan_ask *a = &p->ask[k];
    jx__siting *s = &p->siting[k];
    jx_progress(ctx, N_("travel times"), 0, 0);
    JX_TRY(open_plan(ctx, county, a, false, s));
    JX_TRY(jx__site_problem(ctx, s));
    jx_progress(ctx, N_("searching for the best plan"), k, p->n);
    JX_TRY(search(ctx, s, a, &p->impossible[k]));
    if (p->impossible[k].id != JX_M_NONE) {
        if (p->impossible[k].id == JX_M_PLAN_UNDECIDED) {
            JX_WARN_ROW(ctx, a->file, a->line, PLANS_UNDECIDED, JX_S(label(a)));
        } else {
            JX_WARN_ROW(ctx, a->file, a->line, PLANS_IMPOSSIBLE, JX_S(label(a)), JX_I(p->impossible[k].id));
        }
        JX_TRY(jx__site_question(ctx, s, &p->report[k]));
        p->report[k].impossible = &p->impossible[k];
    } else {
        JX_TRY(jx__site_effect(ctx, s));
        JX_TRY(jx__site_report(ctx, s, &p->report[k]));
    }
    trim(ctx, s);
    return JX_OK;
}

jx_status jx__plans_solve(jx_ctx *ctx, jx_county *county, jx__plans *p) {
    if (!p->n) {
        return JX_OK;
    }
    p->siting = jx_calloc(ctx, p->n, sizeof *p->siting);
    p->report = jx_calloc(ctx, p->n, sizeof *p->report);
    p->impossible = jx_calloc(ctx, p->n, sizeof *p->impossible);
    if (!p->siting || !p->report || !p->impossible) {
        return JX_E_NOMEM;
    }
    for (uint32_t k = 0; k < p->n; k++) {
        JX_TRY(jx_poll(ctx));
        JX_TRY(blame(ctx, &p->ask[k], one_plan(ctx, county, p, k)));
    }
    return jx__plan_layers_make(ctx, county, p->report, p->n, true, &p->layers);
}

void jx__plans_release(jx_ctx *ctx, jx__plans *p) {
    jx__plan_layers_release(ctx, &p->layers);
    for (uint32_t k = 0; p->siting && k < p->n; k++) {
        close_plan(ctx, &p->siting[k]);
    }
    jx_free(ctx, p->ask);
    jx_free(ctx, p->siting);
    jx_free(ctx, p->report);
    jx_free(ctx, p->impossible);
    jx_doc_release(ctx, &p->doc);
    *p = (jx__plans){0};
}
