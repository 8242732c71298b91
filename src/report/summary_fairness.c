/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The chapter on access and equity for programs: the same figures, not rounded for reading. */
#include <math.h>

#include "report/fairness_internal.h"

/* JSON has no infinity: where somebody has nothing an index can be infinite, which is said in words. */
static void figure(jx_json *j, const char *key, double v) {
    jx_json_key(j, key);
    if (isinf(v)) {
        jx_json_str(j, "infinite");
    } else {
        jx_json_real(j, v, 9);
    }
}

static void minutes(jx_json *j, const char *key, const jx_inequality *q) {
    jx_json_key(j, key), jx_json_obj(j);
    figure(j, "people", q->people + q->infinite);
    figure(j, "unreachable", q->infinite);
    figure(j, "mean", q->mean);
    figure(j, "p90", q->p90);
    jx_json_end_obj(j);
}

static void places(jx_json *j, const jx_county *c, const jx_service *v, const jx_fair_places *p) {
    jx_json_key(j, "places");
    if (!p->used) {
        jx_json_null(j);
        return;
    }
    jx_json_obj(j);
    jx_json_key(j, "capacities_guessed"), jx_json_int(j, p->n_guessed);
    figure(j, "norm_per_1000", v->places_per_1000);
    jx_json_key(j, "norm_of"), jx_json_str(j, v->places_of);
    figure(j, "wanted", p->wanted ? p->shortage.demand : NAN);
    figure(j, "short_far", p->wanted ? p->shortage.far : NAN);
    figure(j, "short_full", p->wanted ? p->shortage.full : NAN);
    figure(j, "spare", p->wanted ? p->shortage.spare : NAN);
    jx_json_key(j, "cells_unknown"), jx_json_int(j, p->n_unknown);
    figure(j, "people_of_cells_unknown", p->people_unknown);
    jx_json_key(j, "townships"), jx_json_arr(j);
    for (uint32_t t = 0; t <= c->n_townships; t++) {
        const jx_fair_town *w = &p->town[t];
        jx_json_obj(j);
        jx_json_key(j, "name"), jx_json_str(j, t == c->n_townships ? NULL : jx_area_name(&c->areas[c->township[t]], false));
        jx_json_key(j, "facilities"), jx_json_int(j, w->n);
        jx_json_key(j, "capacities_guessed"), jx_json_int(j, w->n_guessed);
        figure(j, "places", w->places);
        figure(j, "people", w->people);
        figure(j, "per_1000", w->per_1000);
        jx_json_end_obj(j);
    }
    jx_json_end_arr(j);
    jx_json_end_obj(j);
}

static void service(jx_json *j, const jx_county *c, const jx_diagnosis *d, const jx_fair_service *s) {
    const jx_service *v = &c->services[d->results[s->result].service];
    jx_json_obj(j);
    jx_json_key(j, "service"), jx_json_str(j, v->id);
    jx_json_key(j, "mode"), jx_json_str(j, jx_mode_name(v->criteria[0].mode));
    jx_json_key(j, "ranked"), jx_json_bool(j, !s->none && !s->doubtful);
    figure(j, "catchment_min", s->limit_ms / 60000.0);
    minutes(j, "town", &s->time[1]);
    minutes(j, "country", &s->time[0]);
    minutes(j, "all", &s->time[3]);
    figure(j, "fgt0", s->poor[0]);
    figure(j, "fgt1", s->poor[1]);
    figure(j, "fgt2", s->poor[2]);
    figure(j, "too_far_min", s->gap_min);
    figure(j, "people_none_near", s->access[3].zero);
    figure(j, "gini", s->access[3].gini);
    figure(j, "theil_t", s->access[3].theil_t);
    figure(j, "theil_t_between_town_country", s->urban.between_t);
    figure(j, "theil_t_between_townships", s->township.between_t);
    figure(j, "palma", s->access[3].palma);
    figure(j, "least_40_percent", s->least40);
    figure(j, "concentration", s->along.standard);
    places(j, c, v, &s->places);
    jx_json_end_obj(j);
}

void jx__summary_fairness(jx_json *j, const jx_county *c, const jx_diagnosis *d, const jx_fairness *f) {
    jx_json_key(j, "fairness"), jx_json_obj(j);
    jx_json_key(j, "measure"), jx_json_str(j, "e2sfca");
    jx_json_key(j, "largest_town"), jx_json_str(j, f->town == JX_NONE ? NULL : c->places[f->town].name);
    jx_json_key(j, "services"), jx_json_arr(j);
    for (uint32_t i = 0; i < f->n; i++) {
        service(j, c, d, &f->service[i]);
    }
    jx_json_end_arr(j);
    jx_json_key(j, "most_unequal"), jx_json_arr(j);
    for (uint32_t k = 0; k < f->n_picks; k++) {
        jx_json_str(j, c->services[d->results[f->service[f->pick[k].service].result].service].id);
    }
    jx_json_end_arr(j);
    jx_json_end_obj(j);
}
