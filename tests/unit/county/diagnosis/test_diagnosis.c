/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Diagnosis and layers: by hand on the made-up county, recomputed from the columns on the demo, and as properties. */
#include "fixture.h"
#include "junxian/layer.h"

static const jx_service_result *result(const jx_county *c, const jx_diagnosis *d, const char *id, jx_mode mode) {
    for (uint32_t i = 0; i < d->n_results; i++) {
        const jx_service *s = &c->services[d->results[i].service];
        if (strcmp(s->id, id) == 0 && s->criteria[d->results[i].criterion].mode == mode) {
            return &d->results[i];
        }
    }
    fail_msg("no result %s", id);
    return NULL;
}

static const jx_column *column(const jx_layer *l, const char *service, jx_mode mode, const char *what) {
    char name[128];
    (void)snprintf(name, sizeof name, "%s_%s_%s", service, jx_mode_name(mode), what);
    for (uint32_t k = 0; k < l->n_cols; k++) {
        if (strcmp(l->col[k].name, name) == 0) {
            return &l->col[k];
        }
    }
    fail_msg("no column %s", name);
    return NULL;
}

/* One straight street: the time is the distance along it at 1 m/s and the two ways off it at the off-road speed times
 * the detour. */
static void times_on_one_street(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    fixture f;
    fixture_open(t.ctx, &f, TINY, "services-intl");
    jx_county *c = fixture_county(t.ctx, &f);
    jx_diagnosis *d;
    assert_int_equal(jx_diagnose(t.ctx, c, &d), JX_OK);
    const jx_service_result *r = result(c, d, "market", JX_WALK);
    assert_int_equal(r->n_facilities, 1);
    assert_int_equal(r->n_inside, 0);
    const jx_profile *p = jx_profiles_get(c->profiles, JX_WALK);
    jx_pt market = c->facilities[r->facility[0]].pt;
    for (uint32_t i = 0; i < c->cells.n; i++) {
        const jx_snap *s = &c->cell_snap[JX_WALK][i], *m = &c->facility_snap[JX_WALK][r->facility[0]];
        double metres = jx_pt_pt_m((jx_pt){c->cells.pt[i].lon, s->joint.lat}, (jx_pt){market.lon, s->joint.lat});
        double off = (s->offroad_mm + m->offroad_mm) / 1e3 * p->offroad_detour / p->offroad_kmh * 3.6;
        assert_true(fabs(r->nearest_ms[i] / 1e3 - metres - off) < 1);
        assert_int_equal(r->nearest[i], r->facility[0]);
    }
    assert_int_equal(result(c, d, "hospital", JX_CAR)->map_gap & JX_GAP_FEW_FACILITIES, JX_GAP_FEW_FACILITIES);
    assert_true(fabs(result(c, d, "hospital", JX_CAR)->total.by_reach[JX_REACH_NO_FACILITY] - c->people_total) < 1e-9);
    jx_diagnosis_free(t.ctx, d);
    jx_county_free(t.ctx, c);
    fixture_close(t.ctx, &f);
    jx_test_release(&t);
}

/* ---- the demo
 * ------------------------------------------------------------------------------------------------------------ */

/* From the columns alone: times, thresholds by town or country, people. */
static void coverage_from_the_columns(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 2);
    fixture f;
    fixture_open(t.ctx, &f, DEMO, "services-intl");
    jx_county *c = fixture_county(t.ctx, &f);
    jx_diagnosis *d;
    jx_layers *l;
    assert_int_equal(jx_diagnose(t.ctx, c, &d), JX_OK);
    assert_int_equal(jx_layers_build(t.ctx, c, d, &l), JX_OK);
    const jx_layer *cells = jx_layers_find(l, "cells");
    for (uint32_t i = 0; i < d->n_results; i++) {
        const jx_service_result *r = &d->results[i];
        const jx_service *s = &c->services[r->service];
        const jx_criterion *k = &s->criteria[r->criterion];
        const jx_column *ms = column(cells, s->id, k->mode, "ms"), *reach = column(cells, s->id, k->mode, "reach");
        double all = 0, within = 0, listed = 0;
        for (uint32_t j = 0; j < cells->n; j++) {
            uint32_t limit = c->cells.urban[j] ? k->urban_ms : k->rural_ms;
            bool there = !ms->validity || ms->validity[j] == JX_VALID, in = there && limit && ms->integer[j] <= limit;
            assert_true((strcmp(reach->text[j], "within") == 0) == in);
            all += limit ? c->cells.people[j] : 0;
            within += in ? c->cells.people[j] : 0;
        }
        for (uint32_t j = 0; j < r->n_shortfalls; j++) {
            listed += r->shortfalls[j].people;
            assert_true(r->shortfalls[j].people >= 0.5);
        }
        assert_true(fabs(r->total.people - all) <= 1e-9 * all);
        assert_true(fabs(r->total.by_reach[JX_REACH_WITHIN] - within) <= 1e-9 * all);
        assert_true(listed <= all - within + 1e-6);
        assert_true(fabs(r->urban.people + r->rural.people - r->total.people) <= 1e-9 * all);
        assert_true(fabs(r->curve[JX_CURVE_MINUTES - 1]) <= all * (1 + 1e-12));
    }
    /* names of columns: ASCII, each once in its layer however written */
    for (uint32_t i = 0; i < l->n; i++) {
        for (uint32_t k = 0; k < l->layer[i].n_cols; k++) {
            const char *name = l->layer[i].col[k].name;
            assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_"), strlen(name));
            for (uint32_t q = 0; q < k; q++) {
                assert_string_not_equal(name, l->layer[i].col[q].name);
            }
        }
    }
    assert_int_equal(jx_layers_find(l, "findings")->n, d->n_headline + d->n_check_first + d->n_guesses);
    jx_layers_free(t.ctx, l);
    jx_diagnosis_free(t.ctx, d);
    jx_county_free(t.ctx, c);
    fixture_close(t.ctx, &f);
    jx_test_release(&t);
}

static jx_diagnosis *diagnose(jx_ctx *ctx, const fixture *f, jx_county **c) {
    jx_diagnosis *d = NULL;
    *c = fixture_county(ctx, f);
    assert_int_equal(jx_diagnose(ctx, *c, &d), JX_OK);
    return d;
}

/* A further doctor, wherever: nobody's time grows and nobody falls out of reach. */
static void a_facility_more_never_lowers_coverage(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 2);
    fixture f;
    fixture_open(t.ctx, &f, DEMO, "services-intl");
    jx_county *c0, *c1;
    jx_diagnosis *d0 = diagnose(t.ctx, &f, &c0), *d1;
    jx_test_rng r = {11, 0};
    for (int round = 0; round < 4; round++) {
        jx_pt p = c0->cells.pt[jx_test_below(&r, c0->cells.n)];
        const jx_facility_row row = {
            .kind = "health_station", .name = "New", .capacity = NAN, .pt = p, .row = 2, .file = "l.csv", .source = 1};
        f.cfg.facilities = &row;
        f.cfg.n_facilities = 1;
        d1 = diagnose(t.ctx, &f, &c1);
        const jx_service_result *a = result(c0, d0, "doctor", JX_WALK), *b = result(c1, d1, "doctor", JX_WALK);
        for (uint32_t i = 0; i < c0->cells.n; i++) {
            assert_true(b->nearest_ms[i] <= a->nearest_ms[i]);
        }
        assert_true(b->total.share_within >= a->total.share_within);
        jx_diagnosis_free(t.ctx, d1);
        jx_county_free(t.ctx, c1);
    }
    jx_diagnosis_free(t.ctx, d0);
    jx_county_free(t.ctx, c0);
    fixture_close(t.ctx, &f);
    jx_test_release(&t);
}

static uint64_t fingerprint(unsigned threads) {
    jx_test t;
    jx_test_init(&t, threads);
    fixture f;
    fixture_open(t.ctx, &f, DEMO, "services-cn");
    jx_county *c;
    jx_diagnosis *d = diagnose(t.ctx, &f, &c);
    uint64_t h = jx_hash64(c->cells.people, c->cells.n * sizeof *c->cells.people, 1);
    for (uint32_t i = 0; i < d->n_results; i++) {
        const jx_service_result *r = &d->results[i];
        h = jx_hash64(r->nearest_ms, c->cells.n * sizeof *r->nearest_ms, h);
        h = jx_hash64(r->nearest, c->cells.n * sizeof *r->nearest, h);
        h = jx_hash64(r->curve, sizeof r->curve, h);
        h = jx_hash64(&r->total.mean_ms, sizeof r->total.mean_ms, h);
    }
    jx_buf b;
    jx_buf_init(&b, t.ctx);
    for (uint32_t i = 0; i < d->n_headline; i++) {
        jx_finding_render(&b, NULL, false, c, &d->headline[i]);
    }
    assert_int_equal(jx_buf_ok(&b), JX_OK);
    h = jx_hash64(b.s, b.n, h);
    jx_buf_release(&b);
    jx_diagnosis_free(t.ctx, d);
    jx_county_free(t.ctx, c);
    fixture_close(t.ctx, &f);
    jx_test_release(&t);
    return h;
}

static void same_bits_for_any_thread_count(void **state) {
    (void)state;
    uint64_t one = fingerprint(0);
    assert_true(fingerprint(2) == one && fingerprint(5) == one);
}

/* ---- what may be said
 * ------------------------------------------------------------------------------------------------------ */

/* A shortfall that rests on a gap in the map is "not on the map"; cells are never called people. */
static void wording(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    fixture f;
    fixture_open(t.ctx, &f, TINY, "services-intl");
    jx_county *c = fixture_county(t.ctx, &f);
    for (int unknown = 0; unknown < 2; unknown++) {
        if (unknown) {
            c->people_source = JX_PEOPLE_NONE;
            c->people_total = NAN;
        }
        jx_diagnosis *d;
        assert_int_equal(jx_diagnose(t.ctx, c, &d), JX_OK);
        assert_true(d->n_headline > 0 && d->n_check_first > 0 && d->n_guesses > 0);
        const jx_finding *const list[] = {d->headline, d->check_first, d->guesses};
        const uint32_t n[] = {d->n_headline, d->n_check_first, d->n_guesses};
        for (int l = 0; l < 3; l++) {
            for (uint32_t i = 0; i < n[l]; i++) {
                jx_buf b;
                jx_buf_init(&b, t.ctx);
                jx_finding_render(&b, NULL, false, c, &list[l][i]);
                assert_int_equal(jx_buf_ok(&b), JX_OK);
                assert_null(strchr(b.s, '{'));
                assert_null(strstr(b.s, "nan"));
                bool gap = list[l][i].result != JX_NONE && d->results[list[l][i].result].map_gap;
                assert_false(gap && l == 0 && !strstr(b.s, "map"));
                assert_false(unknown && l == 0 && (strstr(b.s, "people") || strstr(b.s, "live ")));
                jx_buf_release(&b);
            }
        }
        jx_diagnosis_free(t.ctx, d);
    }
    jx_county_free(t.ctx, c);
    fixture_close(t.ctx, &f);
    jx_test_release(&t);
}

/* ---- no memory
 * --------------------------------------------------------------------------------------------------------------- */

static jx_status diagnose_once(jx_ctx *ctx, void *arg) {
    jx_diagnosis *d = NULL;
    jx_layers *l = NULL;
    jx_status st = jx_diagnose(ctx, arg, &d);
    if (st == JX_OK) {
        st = jx_layers_build(ctx, arg, d, &l);
    }
    if (st == JX_OK) {
        jx_layers_free(ctx, l);
    }
    jx_diagnosis_free(ctx, d);
    return st;
}

static void no_memory(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    fixture f;
    fixture_open(t.ctx, &f, TINY, "services-intl");
    jx_county *c = fixture_county(t.ctx, &f);
    jx_oom_sweep(diagnose_once, c);
    jx_county_free(t.ctx, c);
    fixture_close(t.ctx, &f);
    jx_test_release(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_on_one_street),
        cmocka_unit_test(coverage_from_the_columns),
        cmocka_unit_test(a_facility_more_never_lowers_coverage),
        cmocka_unit_test(same_bits_for_any_thread_count),
        cmocka_unit_test(wording),
        cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
