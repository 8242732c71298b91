/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** A plan as the report prints it: figures of before and after, sites by rank, gains by township, how sure it is. */
#include <math.h>

#include "run/site.h"

double jx__site_natural(const jx__siting *s, uint64_t v) {
    double weight = s->weighted ? 100 : 1;
    switch (s->model) {
    case JX_PLAN_MEDIAN: return (double)v / JX__UNITS / weight / 60000;
    case JX_PLAN_CENTER: return (double)v / 60000;
    case JX_PLAN_COVER_MAX: return (double)v / JX__UNITS / weight / (s->problem.covers == 2 ? 1000 : 1);
    default: return (double)v;
    }
}

static bool is_open(const jx__siting *s, uint32_t j) {
    for (uint32_t k = 0; k < s->plan.n_open; k++) {
        if (s->plan.open[k] == j) {
            return true;
        }
    }
    return false;
}

bool jx__site_closed(const jx__siting *s, uint32_t j) { return !is_open(s, j) && s->status[j] == JX_PLAN_MAY_CLOSE; }

/* ---- the question -------------------------------------------------------------------------------------------------------------------------- */

static const char *base_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static uint32_t service_index(const jx_county *c, const char *id) {
    for (uint32_t i = 0; id && i < c->n_services; i++) {
        if (strcmp(c->services[i].id, id) == 0) {
            return i;
        }
    }
    return JX_NONE;
}

static void threshold(const jx__siting *s, jx_report_plan *v) {
    const jx_criterion *k = s->study.offer.criterion;
    double given = jx_args_num(s->args, "cutoff", 0);
    v->threshold_given = given > 0;
    v->town_min = given > 0 ? given : k && k->urban_ms ? k->urban_ms / 60000.0 : (double)NAN;
    v->country_min = given > 0 ? given : k && k->rural_ms ? k->rural_ms / 60000.0 : (double)NAN;
}

jx_status jx__site_question(jx_ctx *ctx, jx__siting *s, jx_report_plan *v) {
    const jx_args *a = s->args;
    const jx_county *c = s->study.county;
    const char *assign = jx_args_get(a, "assign"), *weights = jx_args_get(a, "weights");
    double longest = jx_args_num(a, "max-minutes", 0);
    (void)ctx;
    *v = (jx_report_plan){
        .name = jx_args_get(a, "name"), .service = (uint32_t)(s->study.offer.service - c->services), .mode = s->study.offer.mode, .model = s->model,
        .candidates = base_name(s->candidates ? s->candidates : "settlements"), .n_candidates = s->n_sites - s->n_existing, .n_existing = s->n_existing,
        .kind = jx_args_get(a, "kind"), .add = jx_args_num(a, "add", NAN), .budget = jx_args_num(a, "budget", NAN), .price = jx_args_num(a, "price", NAN),
        .running_price = jx_args_num(a, "running-price", NAN), .longest_min = longest > 0 ? longest : (double)NAN,
        .capacity = jx_args_num(a, "capacity", NAN), .existing_capacity = jx_args_num(a, "existing-capacity", NAN),
        .whole = assign && strcmp(assign, "whole") == 0, .per_1000 = jx_args_num(a, "demand", NAN), .weights = weights,
        .may_close = jx_args_get(a, "may-close"), .keep = jx_args_get(a, "keep"), .twice = jx_args_num(a, "covers", 1) >= 2,
        .refer_to = service_index(c, jx_args_get(a, "refer-to")), .refer_share = jx_args_num(a, "refer-share", 0.2)};
    threshold(s, v);
    return JX_OK;
}

/* ---- sites ----------------------------------------------------------------------------------------------------------------------------------- */

/* What the plan loses without the site, in the measure that its model is about. */
static double loss_of(const jx__siting *s, uint64_t loss) {
    if (loss >= JX_PLAN_LOSS_UNKNOWN) {
        return loss == JX_PLAN_LOSS_UNKNOWN ? (double)NAN : (double)INFINITY;
    }
    double all = 0;
    for (uint32_t i = 0; i < s->study.county->cells.n; i++) {
        all += (double)s->units[i] * (s->weighted ? s->weight[i] : 1);
    }
    return s->model == JX_PLAN_MEDIAN ? (double)loss / all / 60000 : jx__site_natural(s, loss);
}

static void fill_site(const jx__siting *s, uint32_t j, jx_report_site *r) {
    const jx__site_row *row = &s->site[j];
    bool open = is_open(s, j), is_new = jx__site_is_new(s, j);
    uint32_t to = s->two_levels ? s->upper.refer[j] : JX_NONE;
    jx__site_gain g = {0, 0, 0};
    *r = (jx_report_site){.name = row->name, .pt = row->pt, .township = row->township, .loss = NAN,
                          .role = is_new ? open ? JX_ROLE_NEW : JX_ROLE_CANDIDATE : jx__site_closed(s, j) ? JX_ROLE_CLOSED : JX_ROLE_KEPT,
                          .price = s->problem.price ? (double)row->price : (double)NAN, .price_assumed = s->problem.price && !row->price_given,
                          .capacity = s->capacity ? row->capacity : (double)NAN, .capacity_assumed = !row->capacity_given,
                          .refers_to = to == JX_NONE ? NULL : s->study.county->facilities[s->above.facility[to]].name};
    if (open) {
        g = jx__site_gains(s, j);
    }
    r->people = g.people;
    r->nearer = g.nearer;
    r->newly_within = g.newly_within;
}

/* New ones by rank, then existing, then the candidates that were not taken; at[j]: where site j went. */
static jx_status sites(jx_ctx *ctx, jx__siting *s, uint32_t *at, jx_report_plan *v) {
    jx_report_site *r = jx_arena_alloc(ctx, s->arena, (size_t)s->n_sites + 1, sizeof *r);
    uint32_t *order = jx_malloc(ctx, s->n_sites, sizeof *order), n = 0;
    if (!r || !order) {
        jx_free(ctx, order);
        return JX_E_NOMEM;
    }
    v->site = r;
    v->n_sites = s->n_sites;
    v->n_new = jx__site_ranked(s, order);
    for (; n < v->n_new; n++) {
        uint32_t k = order[n], j = s->plan.open[k];
        fill_site(s, j, &r[n]);
        r[n].rank = n + 1;
        r[n].loss = loss_of(s, s->plan.loss[k]);
        at[j] = n;
    }
    for (uint32_t j = 0; j < s->n_sites; j++) {
        if (!jx__site_is_new(s, j) || !is_open(s, j)) {
            fill_site(s, j, &r[n]);
            v->n_closed += r[n].role == JX_ROLE_CLOSED;
            at[j] = n++;
        }
    }
    jx_free(ctx, order);
    return JX_OK;
}

/* ---- people ------------------------------------------------------------------------------------------------------------------------------------ */

static jx_status people(jx_ctx *ctx, jx__siting *s, const uint32_t *at, jx_report_plan *v) {
    const jx_county *c = s->study.county;
    uint8_t *counted = jx_arena_alloc(ctx, s->arena, (size_t)c->cells.n + 1, sizeof *counted);
    uint32_t *site = jx_arena_alloc(ctx, s->arena, (size_t)c->cells.n + 1, sizeof *site);
    jx_report_gain *town = jx_arena_alloc(ctx, s->arena, (size_t)c->n_townships + 1, sizeof *town);
    if (!counted || !site || !town) {
        return JX_E_NOMEM;
    }
    for (uint32_t i = 0; i < c->cells.n; i++) {
        counted[i] = s->units[i] > 0;
        site[i] = s->after_site[i] == JX_NONE ? JX_NONE : at[s->after_site[i]];
    }
    for (uint32_t t = 0; t < c->n_townships; t++) {
        town[t] = jx__site_effects(s, t);
    }
    v->total = jx__site_effects(s, JX_NONE);
    v->any_before = s->any_before;
    v->before = s->before;
    v->township = town;
    v->counted = counted;
    v->before_ms = s->before_ms;
    v->after_ms = s->after_ms;
    v->after_site = site;
    return JX_OK;
}

/* ---- how sure ---------------------------------------------------------------------------------------------------------------------------------- */

static jx_status second(jx_ctx *ctx, jx__siting *s, jx_report_plan *v) {
    const jx_plan *p = &s->plan;
    const char **name = jx_arena_alloc(ctx, s->arena, (size_t)p->n_second + 1, sizeof *name);
    if (!name) {
        return JX_E_NOMEM;
    }
    for (uint32_t k = 0; k < p->n_second; k++) {
        if (jx__site_is_new(s, p->second[k])) {
            name[v->n_second++] = s->site[p->second[k]].name;
        }
    }
    v->second = name;
    v->has_second = p->n_second > 0;
    v->second_proved = p->second_proved;
    v->second_worse = p->objective ? (double)p->second_objective / (double)p->objective - 1 : (double)NAN;
    return JX_OK;
}

static void sure(const jx__siting *s, jx_report_plan *v) {
    static const char *const units[JX_N_PLAN_MODELS] = {N_("person-minutes"), N_("minutes"), N_("people not within reach"), N_("of the price's unit")};
    v->end = s->plan.proved ? JX_PLAN_PROVED : jx_args_flag(s->args, "preview") ? JX_PLAN_PREVIEW : s->late && !s->by_effort ? JX_PLAN_CLOCK : JX_PLAN_EFFORT;
    v->solver = jx_args_get(s->args, "solver");
    v->objective = jx__site_natural(s, s->plan.objective);
    v->bound = jx__site_natural(s, s->plan.bound);
    v->gap = s->plan.gap;
    v->unit = units[s->model];
    v->weighted = s->weighted;
    v->nodes = s->plan.nodes;
    for (uint32_t j = 0; j < s->n_sites; j++) {
        v->n_prices_assumed += s->problem.price && !s->site[j].price_given && jx__site_is_new(s, j);
        v->n_capacities_assumed += s->capacity && !s->site[j].capacity_given;
    }
    v->few_existing = s->study.offer.few;
    v->n_off = s->n_off;
    v->n_cut = s->n_cut;
    v->people_off = s->people_off;
    v->people_cut = s->people_cut;
    v->n_beyond = s->n_beyond;
    v->people_beyond = s->people_beyond;
}

jx_status jx__site_report(jx_ctx *ctx, jx__siting *s, jx_report_plan *v) {
    uint32_t *at = jx_malloc(ctx, s->n_sites, sizeof *at);
    jx_status st = at ? jx__site_question(ctx, s, v) : JX_E_NOMEM;
    st = st == JX_OK ? sites(ctx, s, at, v) : st;
    st = st == JX_OK ? people(ctx, s, at, v) : st;
    st = st == JX_OK ? second(ctx, s, v) : st;
    if (st == JX_OK) {
        sure(s, v);
    }
    jx_free(ctx, at);
    return st;
}
