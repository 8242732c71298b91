/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The tables: townships, shortfalls, services with their standards, sources. */
#include <math.h>

#include "county/layers_internal.h"

/* NULL: not known. */
static const char *date_text(jx__layering *w, int64_t t) {
    if (t <= 0) {
        return NULL;
    }
    jx_buf b;
    jx_buf_init(&b, w->ctx);
    jx_buf_date(&b, t, false);
    const char *s = jx_buf_ok(&b) == JX_OK ? jx_arena_strn(w->ctx, w->l->arena, b.s, b.n) : NULL;
    jx_buf_release(&b);
    w->failed = w->failed || !s;
    return s;
}

/* One row per township and headline service would be long; one row per township, three columns a service, is what planners paste. */
void jx__layer_townships(jx__layering *w) {
    const jx_county *c = w->c;
    uint32_t n = c->n_townships + 1;
    jx__layer_begin(w, "townships", N_("coverage by township"), JX_GEOM_NONE, n, 10 + 3 * w->d->n_results);
    jx_column *code = jx__col_text(w, "code", N_("official code")), *name = jx__col_text(w, "name", N_("name"));
    jx_column *people = jx__col_real(w, "people", N_("people"), N_("persons"), -1), *km2 = jx__col_real(w, "area_km2", N_("area"), "km2", 2);
    jx_column *by_b = jx__col_real(w, "people_by_buildings", N_("share of people placed by buildings"), "%", 0);
    jx_column *by_l = jx__col_real(w, "people_by_landuse", N_("share of people placed by residential land"), "%", 0);
    jx_column *by_s = jx__col_real(w, "people_by_streets", N_("share of people placed by streets"), "%", 0);
    jx_column *by_p = jx__col_real(w, "people_by_places", N_("share of people placed by place names"), "%", 0);
    for (uint32_t i = 0; !w->failed && i < n; i++) { /* townships in official order, the whole last */
        bool all = i == c->n_townships;
        bool spread = c->people_source == JX_PEOPLE_CENSUS || c->people_source == JX_PEOPLE_TAGS || c->people_source == JX_PEOPLE_DWELLINGS;
        const jx_area *a = &c->areas[all ? c->study : c->township[i]];
        const jx_people_mix *m = all ? &c->mix : &c->township_mix[i];
        code->text[i] = a->code;
        name->text[i] = a->name;
        km2->real[i] = a->area_m2 / 1e6;
        jx__put_real(w, people, i, c->people_source == JX_PEOPLE_NONE ? NAN : all ? c->people_total : c->township_people[i]);
        jx__put_real(w, by_b, i, spread ? 100 * m->buildings : NAN);
        jx__put_real(w, by_l, i, spread ? 100 * m->landuse : NAN);
        jx__put_real(w, by_s, i, spread ? 100 * m->streets : NAN);
        jx__put_real(w, by_p, i, spread ? 100 * m->places : NAN);
    }
    for (uint32_t k = 0; !w->failed && k < w->d->n_results; k++) {
        const jx_service_result *r = &w->d->results[k];
        const char *id = jx__service_of(c, r)->id, *mode = jx_mode_name(jx__criterion_of(c, r)->mode);
        jx_column *share = jx__col_real(w, jx__name3(w, id, mode, "share"), N_("share of people within reach"), "%", 1);
        jx_column *out = jx__col_real(w, jx__name3(w, id, mode, "without"), N_("people without"), N_("persons"), 0);
        jx_column *med = jx__col_real(w, jx__name3(w, id, mode, "median_min"), N_("median travel time"), "min", 1);
        for (uint32_t i = 0; !w->failed && i < n; i++) {
            const jx_coverage *v = i == c->n_townships ? &r->total : &r->township[i];
            jx__put_real(w, share, i, 100 * v->share_within);
            jx__put_real(w, out, i, v->people > 0 ? v->people - v->by_reach[JX_REACH_WITHIN] : NAN);
            jx__put_minutes(w, med, i, v->median_ms);
        }
    }
}

static uint32_t count_shortfalls(const jx_diagnosis *d) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < d->n_results; i++) {
        n += d->results[i].n_shortfalls;
    }
    return n;
}

void jx__layer_shortfalls(jx__layering *w) {
    const jx_county *c = w->c;
    jx__layer_begin(w, "shortfalls", N_("settlements with people beyond the threshold"), JX_GEOM_POINT, count_shortfalls(w->d), 20);
    jx_column *svc = jx__col_text(w, "service", N_("service")), *mode = jx__col_text(w, "mode", N_("mode")), *rank = jx__col_int(w, "rank", N_("rank"), "");
    jx_column *place = jx__col_text(w, "place", N_("settlement")), *town = jx__col_text(w, "township", N_("township"));
    jx_column *people = jx__col_real(w, "people", N_("people without"), N_("persons"), 1), *all = jx__col_real(w, "people_settlement", N_("people of the settlement"), N_("persons"), 1);
    jx_column *limit = jx__col_real(w, "threshold_min", N_("threshold"), "min", 1), *med = jx__col_real(w, "median_min", N_("median travel time"), "min", 1);
    jx_column *near = jx__col_text(w, "nearest", N_("nearest facility")), *near_min = jx__col_real(w, "nearest_min", N_("time to it"), "min", 1);
    jx_column *excess = jx__col_real(w, "excess_min", N_("by how much it misses"), "min", 1), *cause = jx__col_text(w, "cause", N_("cause"));
    jx_column *word = jx__col_text(w, "wording", N_("what may be said")), *cells = jx__col_int(w, "cells", N_("cells"), "");
    w->at->pt = jx_arena_alloc(w->ctx, w->l->arena, (size_t)w->at->n + 1, sizeof *w->at->pt);
    w->failed = w->failed || !w->at->pt;
    uint32_t i = 0;
    for (uint32_t k = 0; !w->failed && k < w->d->n_results; k++) {
        const jx_service_result *r = &w->d->results[k];
        for (uint32_t s = 0; s < r->n_shortfalls; s++, i++) {
            const jx_shortfall *f = &r->shortfalls[s];
            w->at->pt[i] = c->cells.pt[f->cell];
            svc->text[i] = jx__service_of(c, r)->id;
            mode->text[i] = jx_mode_name(jx__criterion_of(c, r)->mode);
            rank->integer[i] = s + 1;
            place->text[i] = jx_shortfall_place(c, f, false);
            town->text[i] = c->cells.township[f->cell] == JX_NONE ? NULL : c->areas[c->township[c->cells.township[f->cell]]].name;
            people->real[i] = f->people;
            all->real[i] = f->people_settlement;
            limit->real[i] = f->threshold_ms / 60000.0;
            jx__put_minutes(w, med, i, f->median_ms);
            near->text[i] = f->nearest == JX_NONE || !*c->facilities[f->nearest].name ? NULL : c->facilities[f->nearest].name;
            jx__put_minutes(w, near_min, i, f->nearest_ms);
            jx__put_minutes(w, excess, i, f->excess_ms);
            cause->text[i] = jx_cause_name(f->cause);
            word->text[i] = r->map_gap ? "not_on_map" : "short";
            cells->integer[i] = f->n_cells;
        }
    }
}

static void put_coverage(jx__layering *w, uint32_t i, jx_column *const col[6], const jx_coverage *v) {
    jx__put_real(w, col[0], i, v->people);
    jx__put_real(w, col[1], i, v->by_reach[JX_REACH_WITHIN]);
    jx__put_real(w, col[2], i, 100 * v->share_within);
    jx__put_real(w, col[3], i, v->mean_ms / 60000);
    jx__put_minutes(w, col[4], i, v->median_ms);
    jx__put_minutes(w, col[5], i, v->p90_ms);
}

void jx__layer_services(jx__layering *w) {
    const jx_county *c = w->c;
    uint32_t n = w->d->n_results;
    jx__layer_begin(w, "services", N_("services, their standards and coverage"), JX_GEOM_NONE, n, 32);
    jx_column *id = jx__col_text(w, "service", N_("service")), *en = jx__col_text(w, "name_en", N_("English name")), *zh = jx__col_text(w, "name_zh", N_("Chinese name"));
    jx_column *theme = jx__col_text(w, "theme", N_("theme")), *mode = jx__col_text(w, "mode", N_("mode"));
    jx_column *um = jx__col_int(w, "urban_ms", N_("threshold in town"), "ms"), *rm = jx__col_int(w, "rural_ms", N_("threshold in the country"), "ms");
    jx_column *clause = jx__col_text(w, "clause", N_("clause")), *year = jx__col_int(w, "year", N_("year"), ""), *ver = jx__col_text(w, "verified", N_("clause verified"));
    jx_column *nf = jx__col_int(w, "facilities", N_("facilities inside and around"), ""), *ni = jx__col_int(w, "facilities_inside", N_("facilities inside"), "");
    jx_column *per = jx__col_real(w, "per_10k", N_("facilities per 10,000 people"), "", 2);
    jx_column *cov[6] = {jx__col_real(w, "people", N_("people"), N_("persons"), -1), jx__col_real(w, "within", N_("people within reach"), N_("persons"), -1),
                         jx__col_real(w, "share", N_("share of people within reach"), "%", 1), jx__col_real(w, "mean_min", N_("mean travel time"), "min", 1),
                         jx__col_real(w, "median_min", N_("median travel time"), "min", 1), jx__col_real(w, "p90_min", N_("90th percentile of travel time"), "min", 1)};
    jx_column *off = jx__col_real(w, "off_network", N_("people off the network"), N_("persons"), 1), *un = jx__col_real(w, "unreachable", N_("people without a route"), N_("persons"), 1);
    jx_column *nofac = jx__col_real(w, "no_facility", N_("people without any facility on the map"), N_("persons"), 1);
    jx_column *us = jx__col_real(w, "urban_share", N_("share within reach in town"), "%", 1), *rs = jx__col_real(w, "rural_share", N_("share within reach in the country"), "%", 1);
    jx_column *worst = jx__col_text(w, "worst_township", N_("worst township")), *gap = jx__col_text(w, "map_gap", N_("map looks incomplete"));
    for (uint32_t i = 0; !w->failed && i < n; i++) {
        const jx_service_result *r = &w->d->results[i];
        const jx_service *s = jx__service_of(c, r);
        const jx_criterion *k = jx__criterion_of(c, r);
        id->text[i] = s->id;
        en->text[i] = s->name_en;
        zh->text[i] = s->name_zh;
        theme->text[i] = jx_theme_name(s->theme);
        mode->text[i] = jx_mode_name(k->mode);
        um->integer[i] = k->urban_ms;
        rm->integer[i] = k->rural_ms;
        clause->text[i] = *k->clause ? k->clause : NULL;
        year->integer[i] = k->year;
        ver->text[i] = k->verified ? "yes" : "no";
        nf->integer[i] = r->n_facilities;
        ni->integer[i] = r->n_inside;
        jx__put_real(w, per, i, r->per_10k);
        put_coverage(w, i, cov, &r->total);
        off->real[i] = r->total.by_reach[JX_REACH_OFF_NETWORK];
        un->real[i] = r->total.by_reach[JX_REACH_UNREACHABLE];
        nofac->real[i] = r->total.by_reach[JX_REACH_NO_FACILITY];
        jx__put_real(w, us, i, 100 * r->urban.share_within);
        jx__put_real(w, rs, i, 100 * r->rural.share_within);
        worst->text[i] = r->worst_township == JX_NONE ? NULL : c->areas[c->township[r->worst_township]].name;
        gap->text[i] = r->map_gap ? "yes" : "no";
    }
}

void jx__layer_sources(jx__layering *w) {
    const jx_county *c = w->c;
    jx__layer_begin(w, "sources", N_("sources"), JX_GEOM_NONE, c->n_sources, 8);
    jx_column *name = jx__col_text(w, "name", N_("file")), *what = jx__col_text(w, "what", N_("what it is")), *date = jx__col_text(w, "date", N_("date of the data"));
    jx_column *crs = jx__col_text(w, "crs", N_("coordinate system")), *enc = jx__col_text(w, "encoding", N_("character encoding"));
    jx_column *lic = jx__col_text(w, "licence", N_("licence")), *att = jx__col_text(w, "attribution", N_("attribution")), *sha = jx__col_text(w, "sha256", "SHA-256");
    for (uint32_t i = 0; !w->failed && i < c->n_sources; i++) {
        const jx_source *s = &c->sources[i];
        name->text[i] = s->name;
        what->text[i] = s->what;
        date->text[i] = date_text(w, s->date);
        crs->text[i] = s->crs;
        enc->text[i] = s->encoding;
        lic->text[i] = s->licence;
        att->text[i] = s->attribution;
        sha->text[i] = *s->sha256 ? s->sha256 : NULL;
    }
}

/* The sentence as it stands in the English report; the report itself has both languages. */
static const char *sentence(jx__layering *w, const jx_finding *f) {
    jx_buf b;
    jx_buf_init(&b, w->ctx);
    jx_finding_render(&b, NULL, false, w->c, f);
    const char *s = jx_buf_ok(&b) == JX_OK ? jx_arena_strn(w->ctx, w->l->arena, b.s, b.n) : NULL;
    jx_buf_release(&b);
    w->failed = w->failed || !s;
    return s;
}

void jx__layer_findings(jx__layering *w) {
    const jx_diagnosis *d = w->d;
    const jx_finding *const list[] = {d->check_first, d->headline, d->guesses};
    const uint32_t n[] = {d->n_check_first, d->n_headline, d->n_guesses};
    static const char *const names[] = {"check_first", "headline", "guess"};
    jx__layer_begin(w, "findings", N_("findings: what to check first, coverage and shortfalls, guesses"), JX_GEOM_NONE, n[0] + n[1] + n[2], 8);
    jx_column *part = jx__col_text(w, "part", N_("part of the report")), *id = jx__col_text(w, "finding", N_("kind of finding"));
    jx_column *text = jx__col_text(w, "sentence", N_("finding")), *trust = jx__col_text(w, "trust", N_("how sure"));
    jx_column *people = jx__col_real(w, "people", N_("people concerned"), N_("persons"), 1);
    jx_column *svc = jx__col_text(w, "service", N_("service")), *mode = jx__col_text(w, "mode", N_("mode"));
    uint32_t row = 0;
    for (int p = 0; !w->failed && p < 3; p++) {
        for (uint32_t i = 0; !w->failed && i < n[p]; i++, row++) {
            const jx_finding *f = &list[p][i];
            const jx_service_result *r = f->result == JX_NONE ? NULL : &d->results[f->result];
            part->text[row] = names[p];
            id->text[row] = f->id;
            text->text[row] = sentence(w, f);
            trust->text[row] = jx_trust_name(f->trust);
            jx__put_real(w, people, row, f->people);
            svc->text[row] = r ? jx__service_of(w->c, r)->id : NULL;
            mode->text[row] = r ? jx_mode_name(jx__criterion_of(w->c, r)->mode) : NULL;
        }
    }
}
