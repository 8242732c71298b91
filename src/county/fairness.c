/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Is there enough, and is it fair: all services of a diagnosis by the same measures, and which are most unequal. */
#include <math.h>

#include "county/fairness_internal.h"

typedef struct worker {
    jx_ctx *ctx;
    const jx_county *c;
    const jx_diagnosis *d;
    jx_fairness *f;
    uint32_t *urban;      /* cells: 1 town, 0 country */
    double *minutes;      /* cells, of the service under work */
    double *access;       /* services x cells; only the picked ones are kept */
    jx_inequality *towns; /* n_townships + 2 */
} worker;

/* ---- the largest town ----------------------------------------------------------------------------------------------- */

uint32_t jx_largest_town(const jx_county *c) {
    uint32_t best = JX_NONE;
    for (uint32_t p = 0; p < c->n_places; p++) {
        const jx_place *v = &c->places[p];
        if (!v->inside || v->kind > JX_PLACE_TOWN) {
            continue;
        }
        const jx_place *b = best == JX_NONE ? NULL : &c->places[best];
        double mine = isnan(v->population) ? 0 : v->population, its = b && !isnan(b->population) ? b->population : 0;
        if (!b || v->kind < b->kind || (v->kind == b->kind && mine > its)) {
            best = p;
        }
    }
    return best;
}

jx_status jx_town_minutes(jx_ctx *ctx, const jx_county *c, double *out, uint32_t *town) {
    jx_snap snap;
    jx_table *t = NULL;
    *town = jx_largest_town(c);
    for (uint32_t i = 0; i < c->cells.n; i++) {
        out[i] = NAN;
    }
    if (*town == JX_NONE || !c->road[JX_CAR]) {
        return JX_OK;
    }
    JX_TRY(jx_county_join(ctx, c, JX_CAR, false, &c->places[*town].pt, 1, &snap, NULL));
    JX_TRY(c->tables[JX_CAR] ? jx_tables_make(ctx, c->tables[JX_CAR], &snap, 1, 0, &t)
                             : jx_table_new(ctx, c->road[JX_CAR], c->road_metric[JX_CAR], JX_TO_FACILITY, c->cell_snap[JX_CAR], c->cells.n, &snap, 1, 0, &t));
    for (uint32_t i = 0; i < c->cells.n; i++) {
        out[i] = t->nearest_ms[i] == JX_UNREACHABLE ? NAN : t->nearest_ms[i] / 60000.0;
    }
    jx_table_free(ctx, t);
    return JX_OK;
}

/* ---- one service ----------------------------------------------------------------------------------------------------- */

/* Those beyond their own threshold: how far, in parts of it (FGT) and in minutes. */
static jx_status poverty(worker *w, const jx_service_result *r, jx_fair_service *s) {
    const jx_cells *cells = &w->c->cells;
    const jx_inequality_options opt = {0, 1, true};
    jx_inequality q;
    jx_acc gap = {0}, beyond = {0};
    for (uint32_t i = 0; i < cells->n; i++) {
        uint32_t t = r->nearest_ms[i], limit = r->threshold_ms[i];
        w->minutes[i] = limit == 0 ? NAN : t == JX_UNREACHABLE ? INFINITY : (double)t / limit;
        if (r->reach[i] == JX_REACH_BEYOND) {
            jx_acc_add(&beyond, cells->people[i]);
            jx_acc_add(&gap, cells->people[i] * ((t - limit) / 60000.0));
        }
    }
    JX_TRY(jx_inequality_of(w->ctx, w->minutes, cells->people, cells->n, &opt, &q));
    memcpy(s->poor, q.fgt, sizeof s->poor);
    s->gap_min = jx_acc_total(&beyond) > 0 ? jx_acc_total(&gap) / jx_acc_total(&beyond) : NAN;
    return JX_OK;
}

static jx_status spread(worker *w, const jx_service_result *r, jx_fair_service *s, double *access) {
    const jx_cells *cells = &w->c->cells;
    const jx_table *t = r->table;
    const jx_decay decay = jx_decay_thirds(s->limit_ms / 60000.0);
    const jx_access_input in = {t->n_cells, t->n_facilities, t->row, t->entry, cells->people, NULL, &decay};
    jx_fca_totals totals;
    double lorenz[6];
    JX_TRY(jx_access_fca(w->ctx, &in, JX_FCA_2SFCA, access, NULL, &totals));
    for (uint32_t i = 0; i < cells->n; i++) {
        bool none = r->nearest_ms[i] == JX_UNREACHABLE;
        access[i] = none ? NAN : access[i] * 1000;
        w->minutes[i] = none ? INFINITY : r->nearest_ms[i] / 60000.0;
    }
    JX_TRY(jx_inequality_by_group(w->ctx, w->minutes, cells->people, cells->n, w->urban, 2, NULL, s->time));
    JX_TRY(jx_inequality_by_group(w->ctx, access, cells->people, cells->n, w->urban, 2, NULL, s->access));
    JX_TRY(jx_inequality_by_group(w->ctx, access, cells->people, cells->n, cells->township, w->c->n_townships, NULL, w->towns));
    s->urban = jx_theil_split(s->access, 2, NULL, NULL);
    s->township = jx_theil_split(w->towns, w->c->n_townships, NULL, NULL);
    JX_TRY(jx_lorenz(w->ctx, access, cells->people, cells->n, 5, lorenz));
    s->least40 = lorenz[2];
    return jx_concentration_of(w->ctx, access, cells->people, w->f->town_min, cells->n, NAN, NAN, &s->along);
}

static void nothing(jx_fair_service *s) {
    const jx_inequality empty = {.mean = NAN, .p10 = NAN, .median = NAN, .p90 = NAN, .gini = NAN, .theil_t = NAN, .theil_l = NAN, .atkinson = NAN,
                                 .palma = NAN, .fgt = {NAN, NAN, NAN}};
    for (int k = 0; k < 4; k++) {
        s->time[k] = s->access[k] = empty;
    }
    s->urban = s->township = (jx_theil_parts){NAN, NAN, NAN, NAN};
    s->along = (jx_concentration){.mean = NAN, .standard = NAN, .wagstaff = NAN, .erreygers = NAN, .palma = NAN};
    s->poor[0] = s->poor[1] = s->poor[2] = s->gap_min = s->least40 = NAN;
}

static jx_status one_service(worker *w, uint32_t result, jx_fair_service *s, double *access) {
    const jx_service_result *r = &w->d->results[result];
    const jx_criterion *k = &w->c->services[r->service].criteria[r->criterion];
    *s = (jx_fair_service){.result = result, .doubtful = r->map_gap != 0, .limit_ms = k->urban_ms > k->rural_ms ? k->urban_ms : k->rural_ms};
    s->none = r->n_facilities == 0 || !r->table;
    nothing(s);
    if (s->none) {
        return JX_OK;
    }
    JX_TRY(poverty(w, r, s));
    JX_TRY(spread(w, r, s, access));
    return jx__fair_places(w->ctx, w->c, r, s);
}

/* ---- all of them --------------------------------------------------------------------------------------------------------- */

static jx_status pick(worker *w) {
    jx_fairness *f = w->f;
    uint32_t n = w->c->cells.n;
    bool taken[256] = {false};
    while (f->n_picks < JX_FAIR_PICKS) {
        uint32_t best = JX_NONE;
        for (uint32_t i = 0; i < f->n && i < sizeof taken; i++) {
            const jx_fair_service *s = &f->service[i];
            bool fit = !taken[i] && !s->none && !s->doubtful && s->access[3].gini > 0;
            best = fit && (best == JX_NONE || s->access[3].gini > f->service[best].access[3].gini) ? i : best;
        }
        if (best == JX_NONE) {
            break;
        }
        taken[best] = true;
        jx_fair_pick *p = &f->pick[f->n_picks++];
        p->service = best;
        p->access = jx_malloc(w->ctx, n, sizeof *p->access);
        p->town = jx_calloc(w->ctx, (size_t)w->c->n_townships + 2, sizeof *p->town);
        if (!p->access || !p->town) {
            return JX_E_NOMEM;
        }
        memcpy(p->access, w->access + (size_t)best * n, n * sizeof *p->access);
        JX_TRY(jx_inequality_by_group(w->ctx, p->access, w->c->cells.people, n, w->c->cells.township, w->c->n_townships, NULL, p->town));
        JX_TRY(jx_lorenz(w->ctx, p->access, w->c->cells.people, n, JX_FAIR_LORENZ, p->lorenz));
    }
    return JX_OK;
}

static jx_status work(worker *w) {
    const jx_county *c = w->c;
    jx_fairness *f = w->f;
    uint32_t n = c->cells.n, n_headline = 0;
    for (uint32_t i = 0; i < w->d->n_results; i++) {
        n_headline += w->d->results[i].criterion == 0 ? 1 : 0;
    }
    f->service = jx_calloc(w->ctx, n_headline, sizeof *f->service);
    f->town_min = jx_malloc(w->ctx, n, sizeof *f->town_min);
    w->urban = jx_malloc(w->ctx, n, sizeof *w->urban);
    w->minutes = jx_malloc(w->ctx, n, sizeof *w->minutes);
    w->access = jx_malloc(w->ctx, (size_t)n_headline * n, sizeof *w->access);
    w->towns = jx_calloc(w->ctx, (size_t)c->n_townships + 2, sizeof *w->towns);
    if (!f->service || !f->town_min || !w->urban || !w->minutes || !w->access || !w->towns) {
        return JX_E_NOMEM;
    }
    for (uint32_t i = 0; i < n; i++) {
        w->urban[i] = c->cells.urban[i] ? 1 : 0;
    }
    JX_TRY(jx_town_minutes(w->ctx, c, f->town_min, &f->town));
    for (uint32_t i = 0; i < w->d->n_results; i++) {
        if (w->d->results[i].criterion == 0) {
            JX_TRY(jx_poll(w->ctx));
            f->n++;
            JX_TRY(one_service(w, i, &f->service[f->n - 1], w->access + (size_t)(f->n - 1) * n));
        }
    }
    return pick(w);
}

jx_status jx_fairness_of(jx_ctx *ctx, const jx_county *c, const jx_diagnosis *d, jx_fairness **out) {
    jx_fairness *f = jx_calloc(ctx, 1, sizeof *f);
    if (!f) {
        return JX_E_NOMEM;
    }
    f->town = JX_NONE;
    worker w = {.ctx = ctx, .c = c, .d = d, .f = f};
    jx_status st = work(&w);
    jx_free(ctx, w.urban);
    jx_free(ctx, w.minutes);
    jx_free(ctx, w.access);
    jx_free(ctx, w.towns);
    if (st != JX_OK) {
        jx_fairness_free(ctx, f);
        return st;
    }
    *out = f;
    return JX_OK;
}

void jx_fairness_free(jx_ctx *ctx, jx_fairness *f) {
    if (!f) {
        return;
    }
    for (uint32_t i = 0; i < f->n; i++) {
        jx_free(ctx, f->service[i].places.town);
    }
    for (uint32_t i = 0; i < f->n_picks; i++) {
        jx_free(ctx, f->pick[i].access);
        jx_free(ctx, f->pick[i].town);
    }
    jx_free(ctx, f->service);
    jx_free(ctx, f->town_min);
    jx_free(ctx, f);
}
