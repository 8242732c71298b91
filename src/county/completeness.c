/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Is the map complete enough to call something missing? Bounds below which a mapped place is implausible, not targets: they are meant
 * to be crossed only where mapping stopped half-way, as in much of rural China.
 */
#include <math.h>

#include "county/diagnose_internal.h"

static const double few_buildings_per_100 = 1;    /* blocks of flats throughout still give about two */
static const double few_buildings_per_km = 2;     /* residential buildings per km of residential street */
static const double street_km_to_judge = 5;       /* less residential street than this says nothing */
static const double few_street_km_per_1000 = 0.8; /* a dense city has about 1.5 km per 1,000 people */
static const double few_of_norm = 0.5;            /* of the standard's plausibility norm */
static const double expected_at_least = 1.5;      /* below that, none at all is no sign of a gap */
static const double village_street_m = 500;
static const double many_villages = 0.05;         /* share of villages without a street that makes all results doubtful */

static double total_people(const jx_county *c) { return c->people_source == JX_PEOPLE_NONE ? NAN : c->people_total; }

/* Schools: would the pupils that so many people have fill more classes a school than any school has? */
static bool crowded(const jx_service *s, double people, uint32_t schools) {
    return s->max_classes > 0 && s->pupils_per_class > 0 &&
           people * s->pupils_per_1000 / 1000 / s->pupils_per_class > s->max_classes * (schools + 0.5);
}

bool jx_service_few(const jx_county *c, const jx_service *s, uint32_t n_inside, uint32_t n_all) {
    double people = total_people(c), expected = s->norm_per_10k * people / 1e4;
    bool few = expected >= expected_at_least && n_inside < expected * few_of_norm;
    return few || crowded(s, people, n_inside) || n_all == 0;
}

static void service_gap(const jx_county *c, jx_service_result *r, unsigned whole) {
    double people = total_people(c);
    r->map_gap = whole;
    r->per_10k = people > 0 ? r->n_inside / people * 1e4 : NAN;
    if (jx_service_few(c, jx__service_of(c, r), r->n_inside, r->n_facilities)) {
        r->map_gap |= JX_GAP_FEW_FACILITIES;
    }
}

static jx_status villages(jx_ctx *ctx, const jx_county *c, uint32_t *n_without, uint32_t *n_all) {
    jx_pt *pt = jx_malloc(ctx, c->n_places, sizeof *pt);
    jx_snap *snap = jx_malloc(ctx, c->n_places, sizeof *snap);
    jx_status st = pt && snap ? JX_OK : JX_E_NOMEM;
    uint32_t n = 0;
    for (uint32_t i = 0; st == JX_OK && i < c->n_places; i++) {
        const jx_place *p = &c->places[i];
        if ((p->kind == JX_PLACE_VILLAGE || p->kind == JX_PLACE_HAMLET) && jx_mpoly_has(&c->areas[c->study].shape, p->pt)) {
            pt[n++] = p->pt;
        }
    }
    if (st == JX_OK) {
        st = jx_snap_all(ctx, c->network, c->metric[JX_WALK], jx_profiles_get(c->profiles, JX_WALK), pt, n, snap);
    }
    *n_without = 0;
    *n_all = n;
    for (uint32_t i = 0; st == JX_OK && i < n; i++) {
        *n_without += snap[i].offroad_mm == JX_NONE || snap[i].offroad_mm > village_street_m * 1000 ? 1 : 0;
    }
    jx_free(ctx, pt);
    jx_free(ctx, snap);
    return st;
}

jx_status jx__completeness(jx_ctx *ctx, const jx_county *c, jx_diagnosis *d) {
    double people = total_people(c);
    d->buildings_per_100_people = people > 0 ? c->n_buildings / people * 100 : NAN;
    d->street_km_per_1000_people = people > 0 ? c->street_km / people * 1000 : NAN;
    d->street_km_per_km2 = c->street_km / (c->areas[c->study].area_m2 / 1e6);
    uint32_t n_villages;
    JX_TRY(villages(ctx, c, &d->villages_without_street, &n_villages));
    bool few_on_streets = c->residential_street_km >= street_km_to_judge && c->n_buildings < c->residential_street_km * few_buildings_per_km;
    if (d->buildings_per_100_people < few_buildings_per_100 || few_on_streets) {
        d->map_gap |= JX_GAP_FEW_BUILDINGS;
    }
    if (d->street_km_per_1000_people < few_street_km_per_1000) {
        d->map_gap |= JX_GAP_FEW_STREETS;
    }
    if (d->villages_without_street) {
        d->map_gap |= JX_GAP_VILLAGE_NO_STREET;
    }
    /* One hut without a path is checked, but does not put every shortfall of the county in doubt. */
    unsigned whole = d->map_gap;
    if (d->villages_without_street < n_villages * many_villages) {
        whole &= ~(unsigned)JX_GAP_VILLAGE_NO_STREET;
    }
    for (uint32_t i = 0; i < d->n_results; i++) {
        service_gap(c, &d->results[i], whole);
        d->map_gap |= d->results[i].map_gap;
    }
    return JX_OK;
}
