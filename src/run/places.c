/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Seats and beds against what is wanted: by norm or by the people counted, in words. */
#include <math.h>

#include "run/measures.h"

/* People to whom the norm applies: all, or the group it names if that is given. */
static const double *norm_base(const jx__access *a) {
    const jx_service *s = a->study.offer.service;
    if (isnan(s->places_per_1000)) {
        return NULL;
    }
    if (!s->places_of) {
        return a->study.county->cells.people;
    }
    const jx__group *g = jx__groups_find(&a->groups, s->places_of);
    return g ? g->cells : NULL;
}

jx_status jx__places_make(jx_ctx *ctx, const jx__access *a, jx__places *out) {
    const jx__offer *o = &a->study.offer;
    const jx_county *c = a->study.county;
    const double *base = a->demand_name ? a->demand : norm_base(a);
    *out = (jx__places){.by_norm = !a->demand_name};
    if (!a->by_capacity || !base || c->people_source == JX_PEOPLE_NONE) {
        return JX_OK;
    }
    out->wanted = jx_malloc(ctx, c->cells.n, sizeof *out->wanted);
    out->seated = jx_malloc(ctx, o->n, sizeof *out->seated);
    if (!out->wanted || !out->seated) {
        return JX_E_NOMEM;
    }
    for (uint32_t i = 0; i < c->cells.n; i++) {
        double people = isnan(base[i]) ? 0 : base[i];
        out->wanted[i] = out->by_norm ? people * o->service->places_per_1000 / 1000 : people;
    }
    const jx_access_input in = {c->cells.n, o->n, o->table->row, o->table->entry, out->wanted, a->supply, NULL};
    JX_TRY(jx_access_shortage(ctx, &in, a->limit_ms, out->seated, &out->shortage));
    out->known = true;
    return JX_OK;
}

void jx__places_release(jx_ctx *ctx, jx__places *p) {
    jx_free(ctx, p->wanted);
    jx_free(ctx, p->seated);
    *p = (jx__places){0};
}

static void say(const jx__access *a, const jx__places *p, jx_result *res) {
    const jx_shortage *s = &p->shortage;
    double missing = s->far + s->full;
    jx_arg args[] = {JX_R(missing, 0), JX_R(a->limit_ms / 60000.0, 0), JX_R(s->demand, 0), JX_R(s->far, 0), JX_R(s->full, 0), JX_R(s->spare, 0)};
    const char *text = missing >= 0.5 ? N_("short of {0} places within {1} min, of {2} wanted: {3} have none near, for {4} those near are full; {5} places stay free elsewhere")
                                      : N_("no place is missing within {1} min: {2} wanted, {5} stay free");
    jx_render(&res->text, jx__tr(res, text), 6, args);
    jx_buf_str(&res->text, "\n  ");
    if (p->by_norm) {
        const jx_service *v = a->study.offer.service;
        jx_arg norm[] = {JX_R(v->places_per_1000, 1), JX_S(v->places_of ? v->places_of : jx__tr(res, N_("people"))), JX_S(v->places_clause)};
        jx_render(&res->text, jx__tr(res, N_("wanted by the norm: {0} per 1,000 {1} ({2})")), 3, norm);
        jx_buf_fmt(&res->text, "%s\n", v->places_verified ? "" : jx__tr(res, N_("; this figure has not been checked")));
    } else {
        jx_arg who[] = {JX_S(a->demand_name)};
        jx_render(&res->text, jx__tr(res, N_("wanted: one for each of '{0}'")), 1, who);
        jx_buf_char(&res->text, '\n');
    }
}

/* Places inside a township (JX_NONE: the whole area), and what the norm counts there. */
typedef struct town {
    uint32_t n, stated;
    double places, per_1000; /* NaN: not known */
    bool below;              /* the norm */
} town;

static double base_of(const jx__access *a, uint32_t t) {
    const char *of = a->study.offer.service->places_of;
    const jx_county *c = a->study.county;
    if (!of) {
        return c->people_source == JX_PEOPLE_NONE ? NAN : t == JX_NONE ? c->people_total : c->township_people[t];
    }
    const jx__group *g = jx__groups_find(&a->groups, of);
    double sum = 0; /* NaN where one township's figure is not known */
    for (uint32_t k = 0; g && t == JX_NONE && k < c->n_townships; k++) {
        sum += g->township[k];
    }
    return !g ? NAN : t == JX_NONE ? sum : g->township[t];
}

static town town_of(const jx__access *a, uint32_t t) {
    const jx__offer *o = &a->study.offer;
    town w = {.places = 0, .per_1000 = NAN};
    for (uint32_t f = 0; f < o->n; f++) {
        const jx_facility *v = &a->study.county->facilities[o->facility[f]];
        if (v->inside && (t == JX_NONE || v->township == t)) {
            w.n++;
            w.stated += isnan(v->capacity) ? 0 : 1;
            w.places += a->by_capacity ? a->supply[f] : isnan(v->capacity) ? 0 : v->capacity;
        }
    }
    w.places = a->by_capacity || w.stated == w.n ? w.places : NAN;
    double base = base_of(a, t);
    w.per_1000 = base > 0 ? w.places / base * 1000 : NAN;
    w.below = w.per_1000 < o->service->places_per_1000;
    return w;
}

static void townships_json(const jx__access *a, bool zh, jx_json *j) {
    const jx_county *c = a->study.county;
    bool norm = !isnan(a->study.offer.service->places_per_1000);
    jx_json_key(j, "townships"), jx_json_arr(j);
    for (uint32_t t = 0; t < c->n_townships; t++) {
        town w = town_of(a, t);
        jx_json_obj(j);
        jx_json_key(j, "name"), jx_json_str(j, jx_area_name(&c->areas[c->township[t]], zh));
        jx_json_key(j, "people"), jx_json_real(j, c->people_source == JX_PEOPLE_NONE ? NAN : c->township_people[t], 1);
        jx_json_key(j, "facilities"), jx_json_int(j, w.n);
        jx_json_key(j, "capacity_stated"), jx_json_int(j, w.stated);
        jx_json_key(j, "places"), jx_json_real(j, w.places, 1);
        jx_json_key(j, "places_per_1000"), jx_json_real(j, w.per_1000, 2);
        jx_json_key(j, "below_norm"), norm && !isnan(w.per_1000) ? jx_json_bool(j, w.below) : jx_json_null(j);
        jx_json_end_obj(j);
    }
    jx_json_end_arr(j);
}

static void townships_text(const jx__access *a, jx_result *res) {
    const jx_county *c = a->study.county;
    const jx_service *s = a->study.offer.service;
    jx__grid g;
    if (!a->by_capacity || isnan(s->places_per_1000) || c->n_townships == 0) {
        return;
    }
    jx__grid_init(&g, res->text.ctx, 5);
    jx__grid_str(&g, "");
    jx__grid_str(&g, jx__tr(res, N_("facilities")));
    jx__grid_str(&g, jx__tr(res, N_("places")));
    jx__grid_str(&g, jx__tr(res, N_("per 1,000")));
    jx__grid_str(&g, "");
    for (uint32_t k = 0; k <= c->n_townships; k++) {
        uint32_t t = k == 0 ? JX_NONE : k - 1;
        town w = town_of(a, t);
        jx__grid_str(&g, k == 0 ? jx__tr(res, N_("all")) : jx_area_name(&c->areas[c->township[t]], strcmp(res->lang, "en") != 0));
        jx__grid_num(&g, w.n, -1);
        jx__grid_num(&g, w.places, -1);
        jx__grid_num(&g, w.per_1000, 1);
        jx__grid_str(&g, w.below ? jx__tr(res, N_("below the norm")) : "");
    }
    jx__grid_print(&g, &res->text);
}

void jx__places_tell(const jx__access *a, const jx__places *p, jx_result *res, jx_json *j) {
    const jx_service *s = a->study.offer.service;
    bool guessed = a->n_median > 0 || a->study.county->people_trust == JX_GUESSED;
    jx_json_key(j, "places"), jx_json_obj(j);
    jx_json_key(j, "norm_per_1000"), jx_json_real(j, s->places_per_1000, 2);
    jx_json_key(j, "norm_of"), jx_json_str(j, s->places_of);
    jx_json_key(j, "norm_clause"), jx_json_str(j, s->places_clause);
    jx_json_key(j, "norm_verified"), jx_json_bool(j, s->places_verified);
    jx_json_key(j, "known"), jx_json_bool(j, p->known);
    if (p->known) {
        jx_json_key(j, "basis"), jx_json_str(j, p->by_norm ? "norm" : "group");
        jx_json_key(j, "trust"), jx_json_str(j, jx_trust_name(guessed ? JX_GUESSED : a->study.county->people_trust));
        jx_json_key(j, "wanted"), jx_json_real(j, p->shortage.demand, 3);
        jx_json_key(j, "seated"), jx_json_real(j, p->shortage.seated, 3);
        jx_json_key(j, "short"), jx_json_real(j, p->shortage.far + p->shortage.full, 3);
        jx_json_key(j, "short_far"), jx_json_real(j, p->shortage.far, 3);
        jx_json_key(j, "short_full"), jx_json_real(j, p->shortage.full, 3);
        jx_json_key(j, "spare"), jx_json_real(j, p->shortage.spare, 3);
        say(a, p, res);
        townships_text(a, res);
    }
    townships_json(a, strcmp(res->lang, "en") != 0, j);
    jx_json_end_obj(j);
}
