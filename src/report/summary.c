/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** summary.json: everything machine-readable, schema "junxian.diagnosis/1". Field names are English and never change
 * within a schema. */
#include <math.h>

#include "report/fairness_internal.h"

static void key_str(jx_json *j, const char *k, const char *v) {
    jx_json_key(j, k);
    jx_json_str(j, v);
}
static void key_int(jx_json *j, const char *k, int64_t v) {
    jx_json_key(j, k);
    jx_json_int(j, v);
}
static void key_real(jx_json *j, const char *k, double v) {
    jx_json_key(j, k);
    jx_json_real(j, v, -1);
}
static void key_ms(jx_json *j, const char *k, uint32_t ms) {
    jx_json_key(j, k);
    if (ms == JX_UNREACHABLE) {
        jx_json_null(j);
    } else {
        jx_json_int(j, ms);
    }
}

static void coverage(jx_json *j, const jx_coverage *v, const char *name) {
    jx_json_obj(j);
    if (name) {
        key_str(j, "name", name);
    }
    key_real(j, "people", v->people);
    for (int r = 0; r < JX_N_REACH; r++) {
        key_real(j, jx_reach_name((jx_reach)r), v->by_reach[r]);
    }
    key_real(j, "share_within", v->share_within);
    key_real(j, "mean_ms", v->mean_ms);
    key_ms(j, "median_ms", v->median_ms);
    key_ms(j, "p90_ms", v->p90_ms);
    key_int(j, "cells", v->n_cells);
    jx_json_end_obj(j);
}

static void area(jx_json *j, const jx_county *c) {
    const jx_area *a = &c->areas[c->study];
    jx_json_key(j, "area");
    jx_json_obj(j);
    key_str(j, "name", a->name);
    key_str(j, "name_en", a->name_en);
    key_str(j, "name_zh", a->name_zh);
    key_int(j, "osm_relation", a->osm_id);
    key_real(j, "km2", a->area_m2 / 1e6);
    jx_json_key(j, "is_box"), jx_json_bool(j, a->is_box);
    jx_json_key(j, "chosen_by_user"), jx_json_bool(j, c->study_given);
    jx_json_key(j, "townships"), jx_json_arr(j);
    for (uint32_t i = 0; i < c->n_townships; i++) {
        const jx_area *t = &c->areas[c->township[i]];
        jx_json_obj(j);
        key_str(j, "name", t->name);
        key_str(j, "code", t->code);
        key_int(j, "osm_relation", t->osm_id);
        key_real(j, "km2", t->area_m2 / 1e6);
        key_real(j, "people", c->people_source == JX_PEOPLE_NONE ? NAN : c->township_people[i]);
        key_real(j, "placed_by_buildings", c->township_mix[i].buildings);
        key_real(j, "placed_by_landuse", c->township_mix[i].landuse);
        key_real(j, "placed_by_streets", c->township_mix[i].streets);
        key_real(j, "placed_by_places", c->township_mix[i].places);
        jx_json_end_obj(j);
    }
    jx_json_end_arr(j);
    jx_json_end_obj(j);
}

static void people(jx_json *j, const jx_county *c) {
    jx_json_key(j, "people");
    jx_json_obj(j);
    key_real(j, "total", c->people_total);
    key_str(j, "source", jx_people_source_name(c->people_source));
    key_str(j, "trust", jx_trust_name(c->people_trust));
    key_str(j, "counted_in", c->people_source == JX_PEOPLE_NONE ? "cells" : "persons");
    key_int(j, "cells", c->cells.n);
    key_str(j, "urban_rule", c->urban_rule);
    key_int(j, "residential_buildings", c->n_buildings);
    key_real(j, "walkable_street_km", c->street_km);
    jx_json_end_obj(j);
}

static void shortfalls(jx_json *j, const jx_county *c, const jx_service_result *r) {
    jx_json_key(j, "shortfalls"), jx_json_arr(j);
    for (uint32_t i = 0; i < r->n_shortfalls; i++) {
        const jx_shortfall *s = &r->shortfalls[i];
        jx_json_obj(j);
        key_str(j, "place", jx_shortfall_place(c, s, false));
        key_str(j, "place_zh", jx_shortfall_place(c, s, true));
        key_real(j, "lon", jx_deg(c->cells.pt[s->cell].lon));
        key_real(j, "lat", jx_deg(c->cells.pt[s->cell].lat));
        key_real(j, "people", s->people);
        key_real(j, "people_settlement", s->people_settlement);
        key_ms(j, "threshold_ms", s->threshold_ms);
        key_ms(j, "median_ms", s->median_ms);
        key_str(j, "nearest", s->nearest == JX_NONE ? NULL : c->facilities[s->nearest].name);
        key_ms(j, "nearest_ms", s->nearest_ms);
        key_ms(j, "excess_ms", s->excess_ms);
        key_str(j, "cause", jx_cause_name(s->cause));
        key_str(j, "wording", r->map_gap ? "not_on_map" : "short");
        jx_json_end_obj(j);
    }
    jx_json_end_arr(j);
}

static void result(jx_json *j, const jx_county *c, const jx_service_result *r) {
    const jx_service *s = &c->services[r->service];
    const jx_criterion *k = &s->criteria[r->criterion];
    jx_json_obj(j);
    key_str(j, "service", s->id);
    key_str(j, "name_en", s->name_en);
    key_str(j, "name_zh", s->name_zh);
    key_str(j, "theme", jx_theme_name(s->theme));
    key_str(j, "mode", jx_mode_name(k->mode));
    jx_json_key(j, "headline"), jx_json_bool(j, r->criterion == 0);
    key_int(j, "urban_ms", k->urban_ms);
    key_int(j, "rural_ms", k->rural_ms);
    key_str(j, "clause", k->clause);
    key_int(j, "year", k->year);
    jx_json_key(j, "verified"), jx_json_bool(j, k->verified);
    key_int(j, "facilities", r->n_facilities);
    key_int(j, "facilities_inside", r->n_inside);
    key_real(j, "per_10k", r->per_10k);
    key_int(j, "map_gap", r->map_gap);
    jx_json_key(j, "total"), coverage(j, &r->total, NULL);
    jx_json_key(j, "urban"), coverage(j, &r->urban, NULL);
    jx_json_key(j, "rural"), coverage(j, &r->rural, NULL);
    jx_json_key(j, "townships"), jx_json_arr(j);
    for (uint32_t i = 0; i < c->n_townships; i++) {
        coverage(j, &r->township[i], c->areas[c->township[i]].name);
    }
    jx_json_end_arr(j);
    key_str(j, "worst_township", r->worst_township == JX_NONE ? NULL : c->areas[c->township[r->worst_township]].name);
    jx_json_key(j, "people_within_minutes"), jx_json_arr(j);
    for (int t = 0; t < JX_CURVE_MINUTES; t += 5) {
        jx_json_real(j, r->curve[t], -1);
    }
    jx_json_end_arr(j);
    shortfalls(j, c, r);
    jx_json_end_obj(j);
}

/* What a finding is about, for whoever does not read sentences. */
static void subject(jx_json *j, const jx_county *c, const jx_diagnosis *d, const jx_finding *f) {
    if (f->result != JX_NONE) {
        const jx_service *s = &c->services[d->results[f->result].service];
        key_str(j, "service", s->id);
        key_str(j, "mode", jx_mode_name(s->criteria[d->results[f->result].criterion].mode));
    }
    if (f->cell != JX_NONE) {
        key_real(j, "lon", jx_deg(c->cells.pt[f->cell].lon));
        key_real(j, "lat", jx_deg(c->cells.pt[f->cell].lat));
    }
}

static jx_status key_sentence(jx_ctx *ctx, jx_json *j, const char *key, const jx_catalog *cat, bool zh,
                              const jx_county *c, const jx_finding *f) {
    jx_buf b;
    jx_buf_init(&b, ctx);
    jx__say(&b, cat, zh, c, f);
    jx_status st = jx_buf_ok(&b);
    if (st == JX_OK) {
        key_str(j, key, b.s);
    }
    jx_buf_release(&b);
    return st;
}

static jx_status findings(jx_ctx *ctx, jx_json *j, const char *key, const jx_county *c, const jx_diagnosis *d,
                          const jx_report_options *o, const jx_finding *f, uint32_t n) {
    jx_json_key(j, key), jx_json_arr(j);
    for (uint32_t i = 0; i < n; i++) {
        if (!jx__sayable(&f[i])) {
            continue;
        }
        jx_json_obj(j);
        key_str(j, "id", f[i].id);
        key_str(j, "trust", jx_trust_name(f[i].trust));
        key_real(j, "people", f[i].people);
        subject(j, c, d, &f[i]);
        JX_TRY(key_sentence(ctx, j, "en", NULL, false, c, &f[i]));
        if (o->zh) {
            JX_TRY(key_sentence(ctx, j, "zh", o->zh, true, c, &f[i]));
        }
        jx_json_end_obj(j);
    }
    jx_json_end_arr(j);
    return JX_OK;
}

/* What the run said, in both languages. */
static jx_status messages(jx_ctx *ctx, jx_json *j, const jx_report_options *o) {
    static const char *const level[] = {"note", "warning", "error"};
    jx_json_key(j, "messages"), jx_json_arr(j);
    for (uint32_t i = 0; i < o->n_warnings; i++) {
        const jx_message *m = &o->warnings[i];
        jx_json_obj(j);
        key_int(j, "code", m->id);
        key_str(j, "level", level[m->level]);
        for (int zh = 0; zh < (o->zh ? 2 : 1); zh++) {
            jx_buf b;
            jx_buf_init(&b, ctx);
            jx_msg_render(&b, zh ? o->zh : NULL, m, false);
            jx_status st = jx_buf_ok(&b);
            if (st == JX_OK) {
                key_str(j, zh ? "zh" : "en", b.s);
            }
            jx_buf_release(&b);
            JX_TRY(st);
        }
        jx_json_end_obj(j);
    }
    jx_json_end_arr(j);
    return JX_OK;
}

static void sources(jx_json *j, const jx_county *c) {
    jx_json_key(j, "sources"), jx_json_arr(j);
    for (uint32_t i = 0; i < c->n_sources; i++) {
        const jx_source *s = &c->sources[i];
        jx_json_obj(j);
        key_str(j, "name", s->name);
        key_str(j, "what", s->what);
        key_str(j, "licence", s->licence);
        key_str(j, "attribution", s->attribution);
        key_str(j, "crs", s->crs);
        key_str(j, "encoding", s->encoding);
        key_int(j, "date", s->date);
        key_str(j, "sha256", *s->sha256 ? s->sha256 : NULL);
        jx_json_end_obj(j);
    }
    jx_json_end_arr(j);
}

/* Only with a DEM: without one the file is the same as ever. */
static void heights(jx_json *j, const jx_county *c) {
    jx_json_key(j, "terrain"), jx_json_obj(j);
    key_real(j, "cell_m", c->terrain->cell_m);
    key_real(j, "smooth_m", c->terrain->smooth_m);
    key_real(j, "step_m", c->terrain->step_m);
    jx_json_key(j, "modes"), jx_json_obj(j);
    for (int m = 0; m < JX_N_MODES; m++) {
        const jx_slope_stats *s = &c->metric[m]->slope;
        jx_json_key(j, jx_mode_name((jx_mode)m)), jx_json_obj(j);
        key_str(j, "law", jx_profile_slope_name(jx_profiles_get(c->profiles, (jx_mode)m)));
        if (s->used) {
            key_real(j, "time_factor", s->time_factor);
            key_real(j, "street_km", s->street_km);
            key_real(j, "no_height_km", s->void_km);
            key_real(j, "level_structures_km", s->level_km);
            key_real(j, "stairs_km", s->own_km);
        }
        jx_json_end_obj(j);
    }
    jx_json_end_obj(j);
    jx_json_end_obj(j);
}

static void open_ground(jx_json *j, const jx_county *c) {
    jx_json_key(j, "land_cover"), jx_json_obj(j);
    key_str(j, "classes", c->offroad->scheme);
    key_real(j, "cell_m", c->offroad->heights.dx);
    key_real(j, "path_kmh", c->offroad->path_kmh);
    jx_json_key(j, "slopes"), jx_json_bool(j, c->offroad->on_heights);
    jx_json_key(j, "cells"), jx_json_obj(j);
    for (int m = 0; m < JX_N_MODES; m++) {
        const jx_offroad_stats *s = &c->offroad_cells[m];
        jx_json_key(j, jx_mode_name((jx_mode)m)), jx_json_obj(j);
        key_int(j, "straight", s->n_straight);
        key_int(j, "around", s->n_around);
        key_int(j, "ground_unknown", s->n_unknown);
        key_int(j, "off_network", s->n_off);
        jx_json_end_obj(j);
    }
    jx_json_end_obj(j);
    jx_json_end_obj(j);
}

jx_status jx_report_summary(jx_ctx *ctx, const jx_county *c, const jx_diagnosis *d, const jx_report_options *o,
                            jx_buf *out) {
    jx_json j;
    jx_json_init(&j, out, true);
    jx_json_obj(&j);
    key_str(&j, "schema", "junxian.diagnosis/1");
    key_str(&j, "version", o->version);
    key_str(&j, "command", o->command);
    key_int(&j, "time", o->time);
    area(&j, c);
    people(&j, c);
    jx_json_key(&j, "standard"), jx_json_obj(&j);
    key_str(&j, "id", c->standard_id);
    key_str(&j, "en", c->standard_en);
    key_str(&j, "zh", c->standard_zh);
    jx_json_end_obj(&j);
    jx_json_key(&j, "results"), jx_json_arr(&j);
    for (uint32_t i = 0; i < d->n_results; i++) {
        result(&j, c, &d->results[i]);
    }
    jx_json_end_arr(&j);
    JX_TRY(findings(ctx, &j, "findings", c, d, o, d->headline, d->n_headline));
    JX_TRY(findings(ctx, &j, "check_first", c, d, o, d->check_first, d->n_check_first));
    JX_TRY(findings(ctx, &j, "guesses", c, d, o, d->guesses, d->n_guesses));
    if (o->fairness) {
        jx__summary_fairness(&j, c, d, o->fairness);
    }
    sources(&j, c);
    if (c->terrain) {
        heights(&j, c);
    }
    if (c->offroad) {
        open_ground(&j, c);
    }
    jx__summary_plans(&j, c, o);
    JX_TRY(messages(ctx, &j, o));
    jx_json_end_obj(&j);
    jx_buf_char(out, '\n');
    return jx_buf_ok(out);
}
