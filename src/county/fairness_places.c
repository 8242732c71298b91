/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Seats and beds of a service: what its facilities state, against what the norm wants of the people near them and of each township. */
#include <math.h>

#include "county/fairness_internal.h"

typedef struct worker {
    jx_ctx *ctx;
    const jx_county *c;
    const jx_service *s;
    const jx_service_result *r;
    jx_fair_places *out;
    double *capacity; /* of r->facility: stated, or the median of those stated */
    double *wanted;   /* cells */
    const jx_people_group *group; /* the norm's; NULL: of all people, or not known */
    bool base_known;
} worker;

/* False: fewer than half of the facilities say. */
static jx_status capacities(worker *w, bool *enough) {
    const jx_service_result *r = w->r;
    double half = 0.5, *ones = jx_malloc(w->ctx, r->n_facilities, sizeof *ones);
    w->capacity = jx_malloc(w->ctx, r->n_facilities, sizeof *w->capacity);
    if (!ones || !w->capacity) {
        jx_free(w->ctx, ones);
        return JX_E_NOMEM;
    }
    for (uint32_t j = 0; j < r->n_facilities; j++) {
        ones[j] = 1;
        w->capacity[j] = w->c->facilities[r->facility[j]].capacity;
        w->out->n_guessed += isnan(w->capacity[j]) ? 1 : 0;
    }
    *enough = w->out->n_guessed * 2 <= r->n_facilities;
    jx_status st = *enough ? jx_weighted_quantiles(w->ctx, w->capacity, ones, r->n_facilities, &half, 1, &w->out->median) : JX_OK;
    for (uint32_t j = 0; *enough && j < r->n_facilities; j++) {
        w->capacity[j] = isnan(w->capacity[j]) ? w->out->median : w->capacity[j];
    }
    jx_free(w->ctx, ones);
    return st;
}

static void find_group(worker *w) {
    w->base_known = !w->s->places_of && w->c->people_source != JX_PEOPLE_NONE;
    for (uint32_t g = 0; w->s->places_of && g < w->c->n_groups; g++) {
        if (strcmp(w->c->groups[g].name, w->s->places_of) == 0) {
            w->group = &w->c->groups[g];
            w->base_known = true;
        }
    }
}

/* People the norm counts in a township, n_townships standing for the whole area. Without a norm all people count. */
static double base_of(const worker *w, uint32_t t) {
    const jx_county *c = w->c;
    if (isnan(w->s->places_per_1000) && c->people_source != JX_PEOPLE_NONE) {
        return t == c->n_townships ? c->people_total : c->township_people[t];
    }
    if (!w->base_known) {
        return NAN;
    }
    if (w->group) {
        return t == c->n_townships ? w->group->total : w->group->township[t];
    }
    return t == c->n_townships ? c->people_total : c->township_people[t];
}

static void town(const worker *w, uint32_t t) {
    const jx_county *c = w->c;
    jx_fair_town *v = &w->out->town[t];
    jx_acc places = {0};
    *v = (jx_fair_town){.people = base_of(w, t)};
    for (uint32_t j = 0; j < w->r->n_facilities; j++) {
        const jx_facility *f = &c->facilities[w->r->facility[j]];
        if (f->inside && (t == c->n_townships || f->township == t)) {
            v->n++;
            v->n_guessed += isnan(f->capacity) ? 1 : 0;
            jx_acc_add(&places, w->capacity[j]);
        }
    }
    v->places = jx_acc_total(&places);
    v->per_1000 = v->people > 0 ? v->places / v->people * 1000 : NAN;
    v->below = v->per_1000 < w->s->places_per_1000;
}

static jx_status shortage(worker *w, uint32_t limit_ms) {
    const jx_county *c = w->c;
    const jx_table *t = w->r->table;
    w->wanted = jx_malloc(w->ctx, c->cells.n, sizeof *w->wanted);
    if (!w->wanted) {
        return JX_E_NOMEM;
    }
    for (uint32_t i = 0; i < c->cells.n; i++) {
        double people = w->group ? w->group->people[i] : c->cells.people[i];
        if (isnan(people) && c->cells.people[i] > 0) {
            w->out->n_unknown++;
            w->out->people_unknown += c->cells.people[i];
        }
        w->wanted[i] = (isnan(people) ? 0 : people) * w->s->places_per_1000 / 1000;
    }
    const jx_access_input in = {c->cells.n, t->n_facilities, t->row, t->entry, w->wanted, w->capacity, NULL};
    w->out->wanted = true;
    return jx_access_shortage(w->ctx, &in, limit_ms, NULL, &w->out->shortage);
}

static jx_status places(worker *w, uint32_t limit_ms) {
    const jx_county *c = w->c;
    bool enough = false;
    JX_TRY(capacities(w, &enough));
    if (!enough) {
        *w->out = (jx_fair_places){0};
        return JX_OK;
    }
    find_group(w);
    w->out->used = true;
    w->out->town = jx_calloc(w->ctx, (size_t)c->n_townships + 1, sizeof *w->out->town);
    if (!w->out->town) {
        return JX_E_NOMEM;
    }
    for (uint32_t t = 0; t <= c->n_townships; t++) {
        town(w, t);
    }
    return w->base_known && !isnan(w->s->places_per_1000) ? shortage(w, limit_ms) : JX_OK;
}

jx_status jx__fair_places(jx_ctx *ctx, const jx_county *c, const jx_service_result *r, jx_fair_service *s) {
    worker w = {.ctx = ctx, .c = c, .s = &c->services[r->service], .r = r, .out = &s->places};
    jx_status st = places(&w, s->limit_ms);
    jx_free(ctx, w.capacity);
    jx_free(ctx, w.wanted);
    return st;
}
