/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Results -> sentences in waiting. Nothing here thinks: each sentence is a template and the numbers of one result. */
#include <math.h>

#include "county/diagnose_internal.h"

static uint32_t place_area(const jx_county *c, uint32_t cell) {
    uint32_t t = c->cells.township[cell];
    return t == JX_NONE ? c->study : c->township[t];
}

const char *jx_shortfall_place(const jx_county *c, const jx_shortfall *s, bool zh) {
    if (s->settlement < c->n_places) {
        return jx_place_name(&c->places[s->settlement], zh);
    }
    return jx_area_name(&c->areas[place_area(c, s->cell)], zh);
}

/* ---- arguments ---------------------------------------------------------------------------------------------------------- */

static jx_arg ref(enum jx_finding_ref what, uint32_t index) { return (jx_arg){.type = JX_ARG_STR, .decimals = (int)what, .i = index}; }
static jx_arg msgid(const char *s) { return (jx_arg){.type = JX_ARG_STR, .decimals = JX_REF_MSGID, .s = s}; }
static jx_arg minutes(uint32_t ms) { return JX_R(ms / 60000.0, ms % 60000 && ms < 600000 ? 1 : 0); }
static jx_arg whole(double v) { return JX_I(floor(v + 0.5)); }

static jx_arg where(const jx_county *c, const jx_shortfall *s) {
    return s->settlement < c->n_places ? ref(JX_REF_PLACE, s->settlement) : ref(JX_REF_AREA, place_area(c, s->cell));
}

/* ---- lists -------------------------------------------------------------------------------------------------------------- */

typedef JX_VEC(jx_finding) findings;

typedef struct writer {
    jx_ctx *ctx;
    const jx_county *c;
    jx_diagnosis *d;
} writer;

#define ADD(w, list, ID, text, trust_, ...)                                                                                    \
    add((w), (list), (ID), (text), (trust_), (uint32_t)(sizeof((jx_arg[]){__VA_ARGS__}) / sizeof(jx_arg)), (jx_arg[]){__VA_ARGS__})

static jx_status add(const writer *w, findings *list, const char *id, const char *text, jx_trust trust, uint32_t n, const jx_arg *args) {
    jx_finding f = {.id = id, .msgid = text, .n_args = n, .trust = trust, .people = NAN, .result = JX_NONE, .place = JX_NONE, .cell = JX_NONE};
    memcpy(f.args, args, n * sizeof *args);
    return jx_vec_push(w->ctx, list, f);
}

static jx_finding *last(findings *list) { return &list->v[list->n - 1]; }

/* Into the diagnosis' arena, and the working list is gone. */
static jx_status keep(const writer *w, findings *list, jx_finding **out, uint32_t *n) {
    *out = jx_arena_alloc(w->ctx, w->d->arena, list->n + 1, sizeof **out);
    if (*out && list->n) {
        memcpy(*out, list->v, list->n * sizeof **out);
    }
    *n = *out ? (uint32_t)list->n : 0;
    jx_vec_free(w->ctx, list);
    return *out ? JX_OK : JX_E_NOMEM;
}

/* ---- what is covered, and what is short ----------------------------------------------------------------------------------- */

static jx_arg people(const writer *w, double n) {
    bool cells = w->c->people_source == JX_PEOPLE_NONE;
    return (jx_arg){.type = JX_ARG_STR, .decimals = JX_REF_PEOPLE, .r = n, .i = cells ? JX__CELLS : (int64_t)w->c->people_trust};
}

static jx_arg limit(const jx_service_result *r) {
    return (jx_arg){.type = JX_ARG_STR, .decimals = JX_REF_LIMIT, .i = (int64_t)r->service * 256 + r->criterion};
}

/* One sentence a headline result. Who is not served leads; where the map may be at fault it says so and never "missing". */
static jx_status coverage(const writer *w, findings *list, uint32_t i) {
    const jx_service_result *r = &w->d->results[i];
    double out = r->total.people - r->total.by_reach[JX_REACH_WITHIN];
    bool cells = w->c->people_source == JX_PEOPLE_NONE;
    if (!(r->total.people > 0)) {
        return JX_OK;
    }
    if (r->n_facilities == 0) {
        JX_TRY(ADD(w, list, "COVERAGE", N_("no {0} is on the map, in the area or around it: check the map before calling it missing"), JX_MEASURED,
                   ref(JX_REF_SERVICE, r->service)));
    } else if (out < 0.5 || r->n_shortfalls == 0) {
        JX_TRY(ADD(w, list, "COVERAGE",
                   cells ? N_("nearly all cells, {0}, lie within {1} of the nearest {2}") : N_("nearly everyone, {0}, lives within {1} of the nearest {2}"),
                   w->c->people_trust, people(w, r->total.by_reach[JX_REACH_WITHIN]), limit(r), ref(JX_REF_SERVICE, r->service)));
    } else {
        const char *text = r->map_gap ? N_("for {0} ({1} %) the map shows no {3} within {2}; {5} {4}: check the map before calling it missing")
                           : r->total.by_reach[JX_REACH_BEYOND] < out / 2 /* most cannot get there at all: "more than" would be wrong */
                               ? N_("{0} ({1} %) do not reach any {3} within {2}; {5} {4}")
                           : cells    ? N_("{0} ({1} %) lie more than {2} from the nearest {3}; {5} {4}")
                                      : N_("{0} ({1} %) live more than {2} from the nearest {3}; {5} {4}");
        const char *group = r->shortfalls[0].people > out / 2 ? N_("most of them in") : N_("the largest group in");
        JX_TRY(ADD(w, list, "COVERAGE", text, w->c->people_trust, people(w, out), JX_R(100 * out / r->total.people, 1), limit(r),
                   ref(JX_REF_SERVICE, r->service), where(w->c, &r->shortfalls[0]), msgid(group)));
    }
    last(list)->people = out;
    last(list)->result = i;
    return JX_OK;
}

static const char *why(jx_cause cause) {
    switch (cause) {
        case JX_CAUSE_NO_FACILITY_NEAR:
            return N_("none is near");
        case JX_CAUSE_NO_ROAD_NEAR:
            return N_("no street is near");
        case JX_CAUSE_ROAD_SLOW:
            return N_("the way round is long or slow");
        default:
            return N_("there is no way through");
    }
}

static jx_status shortfall(const writer *w, findings *list, uint32_t i, const jx_shortfall *s) {
    const jx_service_result *r = &w->d->results[i];
    const jx_criterion *k = jx__criterion_of(w->c, r);
    bool cells = w->c->people_source == JX_PEOPLE_NONE, far = s->median_ms != JX_UNREACHABLE;
    const char *text;
    if (r->map_gap) {
        text = N_("{0}: for {1} no {4} is on the map within {2} min {3}; check the map before calling it missing");
    } else if (far) {
        text = cells ? N_("{0}: {1} lie more than {2} min {3} from the nearest {4}, half of them {5} min or more")
                     : N_("{0}: {1} live more than {2} min {3} from the nearest {4}, half of them {5} min or more");
    } else {
        text = N_("{0}: {1} do not reach any {4} {3} within {2} min; {5}");
    }
    JX_TRY(ADD(w, list, r->map_gap ? "NOT_ON_MAP" : "SHORTFALL", text, w->c->people_trust, where(w->c, s), people(w, s->people), minutes(s->threshold_ms),
               msgid(jx_mode_phrase(k->mode)), ref(JX_REF_SERVICE, r->service), far && !r->map_gap ? minutes(s->median_ms) : msgid(why(s->cause))));
    last(list)->people = s->people;
    last(list)->result = i;
    last(list)->place = s->settlement;
    last(list)->cell = s->cell;
    return JX_OK;
}

static int cmp_finding(const void *a, const void *b, void *user) {
    (void)user;
    const jx_finding *x = a, *y = b;
    return x->people != y->people ? (x->people < y->people ? 1 : -1) : x->result != y->result ? (x->result > y->result ? 1 : -1) : 0;
}

/* Headline criteria only: coverage of each, then the shortfalls of at least one per mille of the people, most people first. */
static jx_status headline(const writer *w) {
    findings cover = {0}, shorts = {0};
    jx_status st = JX_OK;
    for (uint32_t i = 0; st == JX_OK && i < w->d->n_results; i++) {
        const jx_service_result *r = &w->d->results[i];
        if (r->criterion != 0) {
            continue;
        }
        st = coverage(w, &cover, i);
        for (uint32_t s = 0; st == JX_OK && s < r->n_shortfalls && s < 20; s++) {
            if (r->shortfalls[s].people >= r->total.people / 1000) {
                st = shortfall(w, &shorts, i, &r->shortfalls[s]);
            }
        }
    }
    if (st == JX_OK) {
        st = jx_sort(w->ctx, cover.v, cover.n, sizeof(jx_finding), cmp_finding, NULL);
    }
    if (st == JX_OK) {
        st = jx_sort(w->ctx, shorts.v, shorts.n, sizeof(jx_finding), cmp_finding, NULL);
    }
    for (size_t i = 0; st == JX_OK && i < shorts.n; i++) {
        st = jx_vec_push(w->ctx, &cover, shorts.v[i]);
    }
    jx_vec_free(w->ctx, &shorts);
    if (st != JX_OK) {
        jx_vec_free(w->ctx, &cover);
        return st;
    }
    return keep(w, &cover, &w->d->headline, &w->d->n_headline);
}

/* ---- what to check first ---------------------------------------------------------------------------------------------------- */

static jx_status check_service(const writer *w, findings *list, uint32_t i) {
    const jx_service_result *r = &w->d->results[i];
    const jx_service *s = jx__service_of(w->c, r);
    if (r->criterion != 0 || !(r->map_gap & JX_GAP_FEW_FACILITIES)) {
        return JX_OK;
    }
    if (r->n_facilities == 0) {
        JX_TRY(ADD(w, list, "CHECK_NONE", N_("{0}: none on the map, in the area or around it; not on the map does not mean missing"), JX_MEASURED,
                   ref(JX_REF_SERVICE, r->service)));
    } else {
        JX_TRY(ADD(w, list, "CHECK_FEW", N_("{0}: only {1} on the map inside the area, {2} per 10,000 people where {3} would be plausible"), JX_MEASURED,
                   ref(JX_REF_SERVICE, r->service), JX_I(r->n_inside), JX_R(r->per_10k, 2), JX_R(s->norm_per_10k, 1)));
    }
    last(list)->result = i;
    return JX_OK;
}

static jx_status check_first(const writer *w) {
    findings list = {0};
    const jx_diagnosis *d = w->d;
    jx_status st = JX_OK;
    if (w->c->people_source == JX_PEOPLE_NONE) {
        st = ADD(w, &list, "CHECK_PEOPLE", N_("no source says how many people live here: everything is counted in cells that touch a residential street ({0,})"),
                 JX_GUESSED, JX_I(w->c->cells.n));
    }
    if (st == JX_OK && (d->map_gap & JX_GAP_FEW_BUILDINGS)) {
        st = ADD(w, &list, "CHECK_BUILDINGS", N_("only {0} residential buildings per 100 people on the map: what is not mapped cannot be counted"), JX_MEASURED,
                 JX_R(d->buildings_per_100_people, 1));
    }
    if (st == JX_OK && (d->map_gap & JX_GAP_FEW_STREETS)) {
        st = ADD(w, &list, "CHECK_STREETS", N_("only {0} km of streets per 1,000 people on the map: ways may be missing"), JX_MEASURED,
                 JX_R(d->street_km_per_1000_people, 2));
    }
    if (st == JX_OK && d->villages_without_street) {
        st = ADD(w, &list, "CHECK_VILLAGES", N_("{0} villages have no street within 500 m on the map"), JX_MEASURED, JX_I(d->villages_without_street));
    }
    for (uint32_t i = 0; st == JX_OK && i < d->n_results; i++) {
        st = check_service(w, &list, i);
    }
    if (st != JX_OK) {
        jx_vec_free(w->ctx, &list);
        return st;
    }
    return keep(w, &list, &w->d->check_first, &w->d->n_check_first);
}

/* ---- what rests on guesses ---------------------------------------------------------------------------------------------------- */

static jx_status people_guesses(const writer *w, findings *list) {
    static const char *const sources[] = {
        N_("people: sums of the given raster ({0,} in all)"),
        N_("people: the given table of cells, unchanged ({0,} in all)"),
        N_("people: census totals per township, spread over residential floor area ({0,} in all)"),
        N_("people: population figures of the map, spread over residential floor area ({0,} in all)"),
        N_("people: guessed from dwellings, {1} persons each ({0,} in all)"),
        N_("people: unknown; cells are counted in their place"),
    };
    const jx_county *c = w->c;
    JX_TRY(ADD(w, list, "PEOPLE_SOURCE", sources[c->people_source], c->people_trust, whole(isnan(c->people_total) ? 0 : c->people_total),
               JX_R(c->persons_per_dwelling, 1)));
    bool spread = c->people_source == JX_PEOPLE_CENSUS || c->people_source == JX_PEOPLE_TAGS;
    if (spread && c->mix.buildings < 0.995) {
        JX_TRY(ADD(w, list, "PEOPLE_MIX", N_("only {0} % of the people are placed by buildings; residential land carries {1} %, streets {2} %, place names {3} %"),
                   JX_GUESSED, JX_R(100 * c->mix.buildings, 0), JX_R(100 * c->mix.landuse, 0), JX_R(100 * c->mix.streets, 0), JX_R(100 * c->mix.places, 0)));
    }
    if (spread && c->mix.buildings > 0) {
        JX_TRY(ADD(w, list, "LEVELS", N_("buildings without a number of storeys are taken as by type, {0} where the type says nothing"), JX_GUESSED,
                   JX_R(c->default_levels, 0)));
    }
    return JX_OK;
}

static jx_status guesses(const writer *w) {
    findings list = {0};
    const jx_network *net = w->c->network;
    double stated = 0, all = 0;
    uint32_t unverified = 0;
    for (uint32_t e = 0; e < net->n_edges; e++) {
        if (net->access[e] & (JX_CAR_FWD | JX_CAR_BWD)) {
            all += net->length_mm[e];
            stated += net->maxspeed_fwd[e] ? net->length_mm[e] : 0;
        }
    }
    for (uint32_t s = 0; s < w->c->n_services; s++) {
        for (uint32_t k = 0; k < w->c->services[s].n_criteria; k++) {
            unverified += w->c->services[s].criteria[k].verified ? 0 : 1;
        }
    }
    uint32_t n_level = 0; /* schools that count for every level, for want of a better tag */
    for (uint32_t f = 0; f < w->c->n_facilities; f++) {
        n_level += w->c->facilities[f].inside && strcmp(w->c->facilities[f].kind, "school") == 0 ? 1 : 0;
    }
    jx_status st = people_guesses(w, &list);
    if (st == JX_OK && n_level) {
        st = ADD(w, &list, "SCHOOL_LEVEL", N_("{0} schools inside the area say nothing of their level on the map; they count for every level"), JX_GUESSED,
                 JX_I(n_level));
    }
    if (st == JX_OK && all > 0) {
        st = ADD(w, &list, "SPEEDS", N_("{0} % of the length of streets for cars has no posted limit on the map; speeds there are those of the class"), JX_GUESSED,
                 JX_R(100 * (1 - stated / all), 0));
    }
    if (st == JX_OK && unverified) {
        st = ADD(w, &list, "UNVERIFIED", N_("{0} thresholds of the standard are editable defaults whose clause could not be verified; they are marked in the tables"),
                 JX_GUESSED, JX_I(unverified));
    }
    if (st != JX_OK) {
        jx_vec_free(w->ctx, &list);
        return st;
    }
    return keep(w, &list, &w->d->guesses, &w->d->n_guesses);
}

jx_status jx__findings(jx_ctx *ctx, const jx_county *c, jx_diagnosis *d) {
    const writer w = {ctx, c, d};
    JX_TRY(headline(&w));
    JX_TRY(check_first(&w));
    return guesses(&w);
}

jx_status jx_county_guesses(jx_ctx *ctx, const jx_county *c, jx_diagnosis **out) {
    jx_diagnosis *d = jx_calloc(ctx, 1, sizeof *d);
    jx_arena *a = d ? jx_arena_new(ctx) : NULL;
    if (!a) {
        jx_free(ctx, d);
        return JX_E_NOMEM;
    }
    d->arena = a;
    const writer w = {ctx, c, d};
    jx_status st = guesses(&w);
    if (st != JX_OK) {
        jx_diagnosis_free(ctx, d);
        return st;
    }
    *out = d;
    return JX_OK;
}
