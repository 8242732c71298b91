/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The plan in words and as JSON: how good it is and how sure, what each site brings, who gains. */
#include <math.h>

#include "run/site.h"

typedef struct tell {
    const jx__siting *s;
    jx_result *res;
    jx_json j;
    bool zh;
} tell;

static const char *tr(const tell *t, const char *msgid) { return jx__tr(t->res, msgid); }

static void say(tell *t, const char *msgid, uint32_t n, const jx_arg *args) {
    jx_render(&t->res->text, tr(t, msgid), n, args);
    jx_buf_char(&t->res->text, '\n');
}

/* ---- figures ----------------------------------------------------------------------------------------------------------------------------- */

static const char *unit_of(const jx__siting *s) {
    switch (s->model) {
    case JX_PLAN_MEDIAN: return "person-minutes";
    case JX_PLAN_CENTER: return "minutes";
    case JX_PLAN_COVER_MAX: return "persons not covered";
    default: return "price";
    }
}

static jx_arg real_or_dash(double v) { return isnan(v) ? JX_S("-") : JX_R(v, 1); }

static const char *township_name(const tell *t, uint32_t k) {
    const jx_county *c = t->s->study.county;
    return k == JX_NONE ? tr(t, N_("outside")) : jx_area_name(&c->areas[c->township[k]], t->zh);
}

/* A township as the area of study has none within it. */
static bool has_townships(const tell *t) { return t->s->study.county->n_townships > 0; }

static const char *site_name(const tell *t, uint32_t j) { return *t->s->site[j].name ? t->s->site[j].name : tr(t, N_("(no name)")); }

/* ---- parts --------------------------------------------------------------------------------------------------------------------------------- */

static void key_figures(tell *t, const char *key, const jx_report_effect *f) {
    jx_json_key(&t->j, key), jx_json_obj(&t->j);
    jx_json_key(&t->j, "mean_minutes"), jx_json_real(&t->j, f->mean_min, 2);
    jx_json_key(&t->j, "longest_minutes"), jx_json_real(&t->j, f->longest_min, 2);
    jx_json_key(&t->j, "people_within"), jx_json_real(&t->j, f->within, 1);
    jx_json_key(&t->j, "people"), jx_json_real(&t->j, f->people, 1);
    jx_json_key(&t->j, "people_without_any"), jx_json_real(&t->j, f->out, 1);
    jx_json_key(&t->j, "people_without_place"), jx_json_real(&t->j, f->full, 1);
    jx_json_end_obj(&t->j);
}

static void head(tell *t) {
    static const char *const basis[] = {"nearest", "shared_out", "nearest_too_little_room", "nearest_undecided"};
    const jx__siting *s = t->s;
    const jx_service *v = s->study.offer.service;
    const jx_report_gain all = jx__site_effects(s, JX_NONE);
    const jx_report_effect before = all.before, after = all.after;
    uint32_t n_new = 0, n_closed = 0;
    for (uint32_t k = 0; k < s->plan.n_open; k++) {
        n_new += jx__site_is_new(s, s->plan.open[k]);
    }
    for (uint32_t j = 0; j < s->n_existing; j++) {
        n_closed += jx__site_closed(s, j);
    }
    jx_json_key(&t->j, "schema"), jx_json_str(&t->j, "junxian.site-county/1");
    jx_json_key(&t->j, "service"), jx_json_str(&t->j, v->id);
    jx_json_key(&t->j, "mode"), jx_json_str(&t->j, jx_mode_name(s->study.offer.mode));
    jx_json_key(&t->j, "model"), jx_json_str(&t->j, jx_plan_model_name(s->model));
    jx_json_key(&t->j, "candidates"), jx_json_str(&t->j, s->candidates);
    jx_json_key(&t->j, "n_candidates"), jx_json_int(&t->j, (int64_t)(s->n_sites - s->n_existing));
    jx_json_key(&t->j, "n_existing"), jx_json_int(&t->j, s->n_existing);
    jx_json_key(&t->j, "n_new"), jx_json_int(&t->j, n_new);
    jx_json_key(&t->j, "n_closed"), jx_json_int(&t->j, n_closed);
    key_figures(t, "before", &before);
    key_figures(t, "after", &after);
    jx_json_key(&t->j, "before_within_capacities"), s->capacity ? jx_json_bool(&t->j, s->before == JX_BEFORE_SHARED) : jx_json_null(&t->j);
    jx_json_key(&t->j, "before_is"), jx_json_str(&t->j, basis[s->before]);
    jx_arg what[] = {JX_S(jx_service_name(v, t->zh)), JX_T(jx_mode_phrase(s->study.offer.mode)), JX_I(s->n_existing), JX_I(n_new), JX_I(n_closed),
                     JX_I(s->n_sites - s->n_existing)};
    what[1] = JX_S(tr(t, jx_mode_phrase(s->study.offer.mode)));
    say(t, N_("{0}, {1}: {2,} sites exist; the plan opens {3,} of {5,} candidates and closes {4,}"), 6, what);
    jx_arg mean[] = {JX_R(before.mean_min, 1), JX_R(after.mean_min, 1), JX_R(before.longest_min, 1), JX_R(after.longest_min, 1)};
    if (!isnan(before.mean_min) && !isnan(after.mean_min)) {
        say(t, N_("  mean travel time: {0} -> {1} min; longest: {2} -> {3} min"), 4, mean);
    }
    if (s->before == JX_BEFORE_SHORT) {
        say(t, N_("  before: the existing sites cannot take everybody under these conditions, so the times before are to the nearest one, whatever its room"), 0, NULL);
    } else if (s->before == JX_BEFORE_UNDECIDED) {
        say(t, N_("  before: whether the existing sites can take everybody was not decided in a short search, so the times before are to the nearest one, whatever its room"), 0, NULL);
    }
    bool any = false;
    for (uint32_t i = 0; i < s->study.county->cells.n; i++) {
        any = any || s->cutoff_ms[i] > 0;
    }
    jx_arg within[] = {JX_I((int64_t)(before.within + 0.5)), JX_I((int64_t)(after.within + 0.5)), JX_I((int64_t)(after.people + 0.5))};
    if (any) {
        say(t, N_("  people within the threshold: {0,} -> {1,} of {2,}"), 3, within);
    }
    jx_arg full[] = {JX_I((int64_t)(before.full + 0.5)), JX_I((int64_t)(after.full + 0.5))};
    if (s->before == JX_BEFORE_SHARED && before.full + after.full >= 0.5) {
        say(t, N_("  people who get no place within reach: {0,} -> {1,}; times are of those who do"), 2, full);
    } else if (after.full >= 0.5) {
        say(t, N_("  people who get no place within reach with the plan: {1,}; times are of those who do"), 2, full);
    }
}

static void proof(tell *t) {
    const jx__siting *s = t->s;
    const jx_plan *p = &s->plan;
    jx_json_key(&t->j, "objective"), jx_json_real(&t->j, jx__site_natural(s, p->objective), -1);
    jx_json_key(&t->j, "bound"), jx_json_real(&t->j, jx__site_natural(s, p->bound), -1);
    jx_json_key(&t->j, "objective_unit"), jx_json_str(&t->j, unit_of(s));
    jx_json_key(&t->j, "weighted"), jx_json_bool(&t->j, s->weighted);
    jx_json_key(&t->j, "gap"), jx_json_real(&t->j, p->gap, 6);
    jx_json_key(&t->j, "proved"), jx_json_bool(&t->j, p->proved);
    const char *solver = jx_args_get(s->args, "solver"), *by_whom = !p->proved ? NULL : solver ? solver : "junxian";
    jx_json_key(&t->j, "proved_by"), by_whom ? jx_json_str(&t->j, by_whom) : jx_json_null(&t->j);
    jx_json_key(&t->j, "stopped_by_time"), jx_json_bool(&t->j, s->late);
    jx_json_key(&t->j, "stopped_by_request"), jx_json_bool(&t->j, s->cut);
    jx_json_key(&t->j, "runner_up_cut_short"), jx_json_bool(&t->j, p->second_cut);
    jx_json_key(&t->j, "seed"), jx_json_int(&t->j, (int64_t)p->seed);
    jx_json_key(&t->j, "nodes"), jx_json_int(&t->j, (int64_t)p->nodes);
    jx_json_key(&t->j, "seconds"), jx_json_real(&t->j, s->seconds, 3);
    jx_json_key(&t->j, "solver"), solver ? jx_json_str(&t->j, solver) : jx_json_null(&t->j);
    jx_arg gap[] = {JX_R(100 * p->gap, 2)}, by[] = {JX_S(solver ? solver : "")};
    if (solver) {
        say(t, p->proved ? N_("  found by {0}, which says that no plan is better (to its own tolerances)") : N_("  found by {0}, which does not say how good it is"), 1, by);
    } else if (p->proved) {
        say(t, N_("  proved: no plan is better"), 0, gap);
    } else {
        say(t, N_("  not proved: the best plan may be better by at most {0} %"), 1, gap);
    }
    if (s->cut || s->late) {
        say(t, s->cut ? N_("  cut short at your request") : N_("  cut short by the time limit"), 0, gap);
    }
}

static void one_site(tell *t, uint32_t k, uint32_t rank) {
    const jx__siting *s = t->s;
    uint32_t j = s->plan.open[k];
    const jx__site_row *r = &s->site[j];
    jx__site_gain g = jx__site_gains(s, j);
    bool possible = s->plan.loss[k] < JX_PLAN_LOSS_UNKNOWN;
    jx_json_obj(&t->j);
    jx_json_key(&t->j, "rank"), jx_json_int(&t->j, rank);
    jx_json_key(&t->j, "name"), jx_json_str(&t->j, r->name);
    jx_json_key(&t->j, "township"), r->township == JX_NONE ? jx_json_null(&t->j) : jx_json_str(&t->j, township_name(t, r->township));
    jx_json_key(&t->j, "lon"), jx_json_real(&t->j, jx_deg(r->pt.lon), 7);
    jx_json_key(&t->j, "lat"), jx_json_real(&t->j, jx_deg(r->pt.lat), 7);
    jx_json_key(&t->j, "people"), jx_json_real(&t->j, g.people, 1);
    jx_json_key(&t->j, "people_nearer"), jx_json_real(&t->j, g.nearer, 1);
    jx_json_key(&t->j, "people_newly_within"), jx_json_real(&t->j, g.newly_within, 1);
    jx_json_key(&t->j, "loss_known"), jx_json_bool(&t->j, s->plan.loss[k] != JX_PLAN_LOSS_UNKNOWN);
    jx_json_key(&t->j, "loss"), possible ? jx_json_real(&t->j, jx__site_natural(s, s->plan.loss[k]), -1) : jx_json_null(&t->j);
    jx_json_key(&t->j, "price"), jx_json_int(&t->j, r->price);
    jx_json_key(&t->j, "price_given"), jx_json_bool(&t->j, r->price_given);
    jx_json_key(&t->j, "capacity"), jx_json_real(&t->j, r->capacity, 1);
    if (s->two_levels) {
        uint32_t to = s->upper.refer[j];
        jx_json_key(&t->j, "refers_to"), to == JX_NONE ? jx_json_null(&t->j) : jx_json_str(&t->j, s->study.county->facilities[s->above.facility[to]].name);
    }
    jx_json_end_obj(&t->j);
    jx_arg a[] = {JX_I(rank), JX_S(site_name(t, j)), JX_S(township_name(t, r->township)), JX_I((int64_t)(g.people + 0.5)), JX_I((int64_t)(g.nearer + 0.5)),
                  JX_I((int64_t)(g.newly_within + 0.5))};
    say(t, has_townships(t) ? N_("  {0}. {1} ({2}): {3,} people use it, {4,} have a shorter way, {5,} are newly within the threshold")
                            : N_("  {0}. {1}: {3,} people use it, {4,} have a shorter way, {5,} are newly within the threshold"), 6, a);
}

static jx_status projects(tell *t, jx_ctx *ctx) {
    const jx__siting *s = t->s;
    uint32_t *order = jx_malloc(ctx, s->n_sites, sizeof *order);
    if (!order) {
        return JX_E_NOMEM;
    }
    uint32_t n = jx__site_ranked(s, order);
    jx_json_key(&t->j, "projects"), jx_json_arr(&t->j);
    if (n > 0) {
        say(t, N_("projects, the one that would be missed most first:"), 0, NULL);
    }
    for (uint32_t k = 0; k < n; k++) {
        one_site(t, order[k], k + 1);
    }
    jx_json_end_arr(&t->j);
    jx_json_key(&t->j, "closed"), jx_json_arr(&t->j);
    for (uint32_t j = 0; j < s->n_existing; j++) {
        if (jx__site_closed(s, j)) {
            jx_arg a[] = {JX_S(site_name(t, j)), JX_S(township_name(t, s->site[j].township))};
            jx_json_str(&t->j, s->site[j].name);
            say(t, has_townships(t) ? N_("  closes: {0} ({1})") : N_("  closes: {0}"), 2, a);
        }
    }
    jx_json_end_arr(&t->j);
    jx_free(ctx, order);
    return JX_OK;
}

static void runner_up(tell *t) {
    const jx__siting *s = t->s;
    const jx_plan *p = &s->plan;
    jx_json_key(&t->j, "runner_up");
    if (p->n_second == 0) {
        jx_json_null(&t->j);
        if (p->second_cut) {
            say(t, N_("runner-up: none met before the search was cut short"), 0, NULL);
        }
        return;
    }
    double worse = p->objective ? 100 * ((double)p->second_objective / (double)p->objective - 1) : 0;
    jx_json_obj(&t->j);
    jx_json_key(&t->j, "objective"), jx_json_real(&t->j, jx__site_natural(s, p->second_objective), -1);
    jx_json_key(&t->j, "proved"), jx_json_bool(&t->j, p->second_proved);
    jx_json_key(&t->j, "new_sites"), jx_json_arr(&t->j);
    jx_arg a[] = {JX_R(worse, 2)};
    jx_render(&t->res->text, tr(t, p->second_objective == p->objective ? N_("runner-up, as good:") : p->objective ? N_("runner-up, worse by {0} %:") : N_("runner-up:")), 1, a);
    bool more = false;
    for (uint32_t k = 0; k < p->n_second; k++) {
        if (jx__site_is_new(s, p->second[k])) {
            jx_json_str(&t->j, s->site[p->second[k]].name);
            jx_buf_str(&t->res->text, more ? t->zh ? "\uff1b" : "; " : t->zh ? "" : " ");
            jx_buf_str(&t->res->text, site_name(t, p->second[k]));
            more = true;
        }
    }
    jx_buf_char(&t->res->text, '\n');
    if (p->second_cut) {
        say(t, N_("  (the search for it was cut short: a better one may exist)"), 0, NULL);
    }
    jx_json_end_arr(&t->j);
    jx_json_end_obj(&t->j);
}

static void townships(tell *t) {
    const jx__siting *s = t->s;
    const jx_county *c = s->study.county;
    jx_json_key(&t->j, "townships"), jx_json_arr(&t->j);
    if (has_townships(t)) {
        say(t, N_("who gains, by township:"), 0, NULL);
    }
    for (uint32_t k = 0; k < c->n_townships; k++) {
        const jx_report_gain g = jx__site_effects(s, k);
        const jx_report_effect b = g.before, a = g.after;
        const double nearer = g.nearer, farther = g.farther;
        jx_json_obj(&t->j);
        jx_json_key(&t->j, "name"), jx_json_str(&t->j, c->areas[c->township[k]].name);
        jx_json_key(&t->j, "people_nearer"), jx_json_real(&t->j, nearer, 1);
        jx_json_key(&t->j, "people_farther"), jx_json_real(&t->j, farther, 1);
        key_figures(t, "before", &b);
        key_figures(t, "after", &a);
        jx_json_end_obj(&t->j);
        if (nearer >= 0.5 || farther >= 0.5) {
            jx_arg v[] = {JX_S(township_name(t, k)), JX_I((int64_t)(nearer + 0.5)), real_or_dash(b.mean_min), real_or_dash(a.mean_min), JX_I((int64_t)(a.within - b.within + 0.5))};
            jx_arg w[] = {JX_I((int64_t)(farther + 0.5))};
            jx_render(&t->res->text, tr(t, N_("  {0}: {1,} people have a shorter way, mean {2} -> {3} min, {4,} more within the threshold")), 5, v);
            if (farther >= 0.5) {
                jx_render(&t->res->text, tr(t, N_("; for {0,} it gets longer")), 1, w);
            }
            jx_buf_char(&t->res->text, '\n');
        }
    }
    jx_json_end_arr(&t->j);
}

/* What the result rests on that nobody measured. */
static void guesses(tell *t) {
    const jx__siting *s = t->s;
    const jx_county *c = s->study.county;
    uint32_t price = 0, capacity = 0;
    for (uint32_t j = 0; j < s->n_sites; j++) {
        price += s->problem.price && !s->site[j].price_given && jx__site_is_new(s, j);
        capacity += s->capacity && !s->site[j].capacity_given;
    }
    jx_json_key(&t->j, "guesses"), jx_json_obj(&t->j);
    jx_json_key(&t->j, "people"), jx_json_str(&t->j, jx_trust_name(c->people_trust));
    jx_json_key(&t->j, "existing_sites_may_be_missing"), jx_json_bool(&t->j, s->study.offer.few);
    jx_json_key(&t->j, "prices_from_options"), jx_json_int(&t->j, price);
    jx_json_key(&t->j, "capacities_from_options"), jx_json_int(&t->j, capacity);
    jx_json_end_obj(&t->j);
    jx_json_key(&t->j, "left_out"), jx_json_obj(&t->j);
    jx_json_key(&t->j, "cells_off_network"), jx_json_int(&t->j, s->n_off);
    jx_json_key(&t->j, "people_off_network"), jx_json_real(&t->j, s->people_off, 1);
    jx_json_key(&t->j, "cells_cut_off"), jx_json_int(&t->j, s->n_cut);
    jx_json_key(&t->j, "people_cut_off"), jx_json_real(&t->j, s->people_cut, 1);
    jx_json_key(&t->j, "cells_beyond_reach"), jx_json_int(&t->j, s->n_beyond);
    jx_json_key(&t->j, "people_beyond_reach"), jx_json_real(&t->j, s->people_beyond, 1);
    jx_json_end_obj(&t->j);
    jx_arg beyond[] = {JX_I(s->n_beyond), JX_I((int64_t)(s->people_beyond + 0.5)), JX_S(s->problem.reach_text)};
    if (s->n_beyond > 0) {
        say(t, N_("left out: {0,} cells with {1,} people that have no possible site within {2}"), 3, beyond);
    }
    if (s->study.offer.few) {
        say(t, N_("do not build on this yet: so few existing sites are known that some are probably missing from the map; add your own list (--facilities)"), 0, NULL);
    }
    if (c->people_trust == JX_GUESSED) {
        say(t, N_("guessed: where people live; a census table or a population raster makes this firm"), 0, NULL);
    } else if (c->people_trust == JX_DERIVED) {
        say(t, N_("derived: where in each township people live; its total is known"), 0, NULL);
    }
    jx_arg a[] = {JX_I(price), JX_I(capacity)};
    if (price + capacity > 0) {
        say(t, N_("assumed by options, not by data: {0,} prices, {1,} capacities"), 2, a);
    }
}

jx_status jx__site_tell(jx_ctx *ctx, jx__siting *s, jx_result *res) {
    tell t = {.s = s, .res = res, .zh = res->lang && strncmp(res->lang, "zh", 2) == 0};
    jx_json_init(&t.j, &res->json, true);
    jx_json_obj(&t.j);
    head(&t);
    proof(&t);
    JX_TRY(projects(&t, ctx));
    runner_up(&t);
    townships(&t);
    guesses(&t);
    jx_json_end_obj(&t.j);
    return JX_OK;
}
