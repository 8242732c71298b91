/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Plans of sites in summary.json: the question in short, before and after, the project list, who gains, how sure. */
#include "report/report_internal.h"

static void real(jx_json *j, const char *key, double v, int decimals) {
    jx_json_key(j, key);
    jx_json_real(j, v, decimals);
}

static void text(jx_json *j, const char *key, const char *s) {
    jx_json_key(j, key);
    s ? jx_json_str(j, s) : jx_json_null(j);
}

static void effect(jx_json *j, const char *key, const jx_report_effect *e) {
    jx_json_key(j, key), jx_json_obj(j);
    real(j, "mean_minutes", e->mean_min, 2);
    real(j, "longest_minutes", e->longest_min, 2);
    real(j, "people", e->people, 1);
    real(j, "people_within", e->within, 1);
    real(j, "people_without_any", e->out, 1);
    real(j, "people_without_place", e->full, 1);
    jx_json_end_obj(j);
}

static void gain(jx_json *j, const jx_report_gain *g) {
    real(j, "people_nearer", g->nearer, 1);
    real(j, "people_farther", g->farther, 1);
    real(j, "people_newly_within", g->newly_within, 1);
    effect(j, "before", &g->before);
    effect(j, "after", &g->after);
}

static void sites(jx_json *j, const jx_county *c, const jx_report_plan *v) {
    static const char *const role[] = {[JX_ROLE_NEW] = "new", [JX_ROLE_KEPT] = "kept", [JX_ROLE_CLOSED] = "closed"};
    jx_json_key(j, "sites"), jx_json_arr(j);
    for (uint32_t i = 0; i < v->n_sites; i++) {
        const jx_report_site *s = &v->site[i];
        if (s->role == JX_ROLE_CANDIDATE) {
            continue;
        }
        jx_json_obj(j);
        text(j, "plan", role[s->role]);
        jx_json_key(j, "rank"), s->rank ? jx_json_int(j, s->rank) : jx_json_null(j);
        text(j, "name", s->name);
        text(j, "township", s->township == JX_NONE ? NULL : c->areas[c->township[s->township]].name);
        real(j, "lon", jx_deg(s->pt.lon), 7);
        real(j, "lat", jx_deg(s->pt.lat), 7);
        real(j, "people", s->people, 1);
        real(j, "people_nearer", s->nearer, 1);
        real(j, "people_newly_within", s->newly_within, 1);
        real(j, "price", s->price, 0);
        real(j, "capacity", s->capacity, 1);
        jx_json_end_obj(j);
    }
    jx_json_end_arr(j);
}

static void townships(jx_json *j, const jx_county *c, const jx_report_plan *v) {
    jx_json_key(j, "townships"), jx_json_arr(j);
    for (uint32_t t = 0; t < c->n_townships; t++) {
        jx_json_obj(j);
        text(j, "name", c->areas[c->township[t]].name);
        gain(j, &v->township[t]);
        jx_json_end_obj(j);
    }
    jx_json_end_arr(j);
}

static void sure(jx_json *j, const jx_report_plan *v) {
    static const char *const end[] = {
        [JX_PLAN_PROVED] = "proved", [JX_PLAN_PREVIEW] = "preview", [JX_PLAN_EFFORT] = "effort", [JX_PLAN_CLOCK] = "clock"};
    text(j, "ended_by", end[v->end]);
    jx_json_key(j, "proved"), jx_json_bool(j, v->end == JX_PLAN_PROVED);
    real(j, "objective", v->objective, -1);
    real(j, "bound", v->bound, -1);
    text(j, "objective_unit", v->unit);
    real(j, "gap", v->gap, 6);
    jx_json_key(j, "nodes"), jx_json_int(j, (int64_t)v->nodes);
}

void jx__summary_plans(jx_json *j, const jx_county *c, const jx_report_options *o) {
    if (!o->n_plans) {
        return; /* without plans the file is the same as ever */
    }
    static const char *const before[] = {"nearest", "shared_out", "nearest_too_little_room", "nearest_undecided"};
    jx_json_key(j, "plans"), jx_json_arr(j);
    for (uint32_t k = 0; k < o->n_plans; k++) {
        const jx_report_plan *v = &o->plans[k];
        jx_json_obj(j);
        text(j, "name", v->name);
        text(j, "service", c->services[v->service].id);
        text(j, "mode", jx_mode_name(v->mode));
        text(j, "model", jx_plan_model_name(v->model));
        jx_json_key(j, "impossible"), v->impossible ? jx_json_int(j, v->impossible->id) : jx_json_null(j);
        if (!v->impossible) {
            sure(j, v);
            text(j, "before_is", before[v->before]);
            gain(j, &v->total);
            jx_json_key(j, "cells_beyond_reach"), jx_json_int(j, v->n_beyond);
            real(j, "people_beyond_reach", v->people_beyond, 1);
            sites(j, c, v);
            townships(j, c, v);
        }
        jx_json_end_obj(j);
    }
    jx_json_end_arr(j);
}
