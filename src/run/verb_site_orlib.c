/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** `junxian site --orlib`: a p-median or p-centre of the OR-Library, with proof. */
#include <math.h>

#include "junxian/siting.h"
#include "run/run_internal.h"

static bool is_late(void *until) { return jx_clock_s() > *(const double *)until; }

/* A number that is whole prints as one. */
static int decimals(double v) { return v == floor(v) ? 0 : 3; }

static void tell_value(jx__facts *f, const char *key, const char *title, double v) { jx__fact_real(f, key, title, v, decimals(v), ""); }

static void tell_sites(jx__facts *f, const jx_siting_plan *plan) {
    jx_json *j = &f->j;
    jx_buf *text = &f->res->text;
    jx_json_key(j, "sites"), jx_json_arr(j);
    for (uint32_t a = 0; a < plan->n_open; a++) {
        jx_json_int(j, (int64_t)plan->open[a].site + 1);
    }
    jx_json_end_arr(j);
    jx_json_key(j, "site_numbers"), jx_json_str(j, "as in the file, from 1");
    jx_json_key(j, "contributions"), jx_json_arr(j);
    jx_buf_fmt(text, "  %s\n", jx__tr(f->res, N_("sites, numbered as in the file (from 1); clients, their sum or farthest distance, and how much worse without the site")));
    for (uint32_t a = 0; a < plan->n_open; a++) {
        const jx_site_share *s = &plan->open[a];
        jx_json_obj(j);
        jx_json_key(j, "site"), jx_json_int(j, (int64_t)s->site + 1);
        jx_json_key(j, "clients"), jx_json_int(j, s->n_clients);
        jx_json_key(j, "value"), jx_json_real(j, s->value, -1);
        jx_json_key(j, "loss"), jx_json_real(j, s->loss, -1);
        jx_json_end_obj(j);
        jx_buf_fmt(text, "    %u  %u  ", s->site + 1, s->n_clients);
        jx_buf_fixed(text, s->value, decimals(s->value));
        if (isfinite(s->loss)) {
            jx_buf_str(text, "  +");
            jx_buf_fixed(text, s->loss, decimals(s->loss));
            jx_buf_char(text, '\n');
        } else {
            jx_buf_fmt(text, "  %s\n", jx__tr(f->res, N_("not possible without")));
        }
    }
    jx_json_end_arr(j);
}

static void tell_runner_up(jx__facts *f, const jx_siting_plan *plan) {
    if (plan->n_runner == 0) {
        jx_json_key(&f->j, "runner_up"), jx_json_null(&f->j);
        return;
    }
    jx_json_key(&f->j, "runner_up"), jx_json_obj(&f->j);
    tell_value(f, "objective", N_("best other plan met"), plan->runner_up);
    jx_json_key(&f->j, "sites"), jx_json_arr(&f->j);
    for (uint32_t a = 0; a < plan->n_runner; a++) {
        jx_json_int(&f->j, (int64_t)plan->runner[a] + 1);
    }
    jx_json_end_arr(&f->j);
    jx_json_end_obj(&f->j);
}

static void tell_plan(jx_result *res, const char *path, const jx_orlib *o, uint32_t p, const jx_siting_plan *plan, double seconds) {
    jx__facts f;
    jx__facts_begin(&f, res, "junxian.site/1", path, "OR-Library p-median");
    jx__fact_str(&f, "model", N_("model"), jx_siting_model_name(plan->model));
    jx__fact_int(&f, "nodes", N_("nodes (each a client and a candidate site)"), o->n);
    jx__fact_int(&f, "p", N_("sites wanted"), p);
    tell_value(&f, "objective", N_("objective"), plan->objective);
    tell_value(&f, "bound", N_("proved bound"), plan->bound);
    jx_json_key(&f.j, "gap"), jx_json_real(&f.j, plan->gap, -1);
    jx_json_key(&f.j, "proved"), jx_json_bool(&f.j, plan->proved);
    jx_buf_fmt(&res->text, "  %s: %s\n", jx__tr(res, N_("proved best")), jx__tr(res, plan->proved ? N_("yes") : N_("no")));
    if (!plan->proved) {
        jx_buf_fmt(&res->text, "  %s: ", jx__tr(res, N_("gap to the bound")));
        jx_buf_fixed(&res->text, 100 * plan->gap, 2);
        jx_buf_str(&res->text, " %\n");
    }
    jx_json_key(&f.j, "end"), jx_json_str(&f.j, jx_siting_end_name(plan->end));
    jx__fact_real(&f, "seconds", N_("solving took"), seconds, 3, "s");
    jx__fact_int(&f, "seed", N_("seed"), (int64_t)plan->seed);
    jx__fact_int(&f, "parts", N_("parts of the search looked at"), (int64_t)plan->n_nodes);
    jx_json_key(&f.j, "preview"), jx_json_real(&f.j, plan->preview, -1);
    tell_runner_up(&f, plan);
    tell_sites(&f, plan);
    jx__facts_end(&f);
}

static jx_status solve(jx_ctx *ctx, const jx_args *args, const char *path, const jx_orlib *o, jx_result *res) {
    const char *name = jx_args_get(args, "model");
    double limit = jx_args_num(args, "time-limit", 0), begin = jx_clock_s(), until = begin + limit;
    jx_siting s = {.n_clients = o->n, .n_sites = o->n, .dist = o->dist, .p = (uint32_t)jx_args_num(args, "p", 0),
                   .max_dist = JX_UNREACHABLE, .unserved_dist = JX_UNREACHABLE};
    s.p = s.p ? s.p : o->p;
    s.p = s.p < o->n ? s.p : o->n;
    jx_siting_options opt = {.seed = (uint64_t)jx_args_num(args, "seed", 1), .preview = jx_args_flag(args, "preview")};
    if (limit > 0) {
        opt.stop = is_late;
        opt.user = &until;
    }
    jx_siting_plan plan;
    jx_progress(ctx, N_("searching for the best plan"), 0, 0);
    jx_status st = jx_siting_solve(ctx, &s, name && strncmp(name, "p-cent", 6) == 0 ? JX_SITING_P_CENTER : JX_SITING_P_MEDIAN, &opt, &plan);
    if (st == JX_OK || (st == JX_E_CANCELLED && plan.n_open > 0)) {
        tell_plan(res, path, o, s.p, &plan, jx_clock_s() - begin);
        if (st == JX_OK && plan.end == JX_SITING_STOPPED) {
            st = JX_FAIL(ctx, SITE_TIME, JX_R(100 * plan.gap, 2));
        }
    }
    jx_siting_plan_release(ctx, &plan);
    return st;
}

/* An option that is not heard must not be swallowed: the answer would be to another question. */
static jx_status only_its_own(jx_ctx *ctx, const jx_args *args) {
    static const char *const own[] = {"orlib", "p", "model", "seed", "preview", "time-limit", "json", "dry-run", "threads", "memory", "lang", "quiet", "help", NULL};
    const char *model = jx_args_get(args, "model");
    if (args->n_input) {
        return JX_FAIL(ctx, SITE_ORLIB_INPUT, JX_S(args->input[0]));
    }
    for (uint32_t i = 0; i < args->n_opt; i++) {
        bool known = false;
        for (const char *const *o = own; *o; o++) {
            known = known || strcmp(*o, args->opt[i].key) == 0;
        }
        if (!known) {
            return JX_FAIL(ctx, SITE_ORLIB_OPTION, JX_S(args->opt[i].key));
        }
    }
    return model && strcmp(model, "p-median") != 0 && strncmp(model, "p-cent", 6) != 0 ? JX_FAIL(ctx, ARG_CHOICE, JX_S("model"), JX_S(model), JX_S("p-median|p-center|p-centre"))
                                                                                       : JX_OK;
}

jx_status jx__verb_site_orlib(jx_ctx *ctx, const jx_args *args, jx_result *res) {
    const char *path = jx_args_get(args, "orlib");
    jx_orlib o;
    JX_TRY(only_its_own(ctx, args));
    JX_TRY(jx_orlib_read(ctx, path, &o));
    jx_status st = solve(ctx, args, path, &o, res);
    jx_orlib_release(ctx, &o);
    return st;
}

/* The county's part is in verb_site_county.c. */
jx_status jx__verb_site(jx_ctx *ctx, const jx_args *args, jx_result *res) {
    return jx_args_get(args, "orlib") ? jx__verb_site_orlib(ctx, args, res)
           : args->n_input == 0     ? JX_FAIL0(ctx, SITE_NO_PROBLEM)
                                    : jx__verb_site_county(ctx, args, res);
}
