/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Standards: the shipped files say what the sources say and no more; what is written wrongly is refused by line. */
#include "county/county_internal.h"
#include "fixture.h"

static const jx_service *service(const jx_county *c, const char *id) {
    for (uint32_t i = 0; i < c->n_services; i++) {
        if (strcmp(c->services[i].id, id) == 0) {
            return &c->services[i];
        }
    }
    return NULL;
}

static jx_status read_text(jx_ctx *ctx, const char *yaml, jx_county *c, jx_doc *doc) {
    jx_status st = jx_yaml_parse(ctx, "s.yaml", yaml, strlen(yaml), doc);
    const jx_county_config cfg = {.standard = doc};
    memset(c, 0, sizeof *c);
    if (st == JX_OK) {
        c->arena = jx_arena_new(ctx);
        st = c->arena ? jx__standards_build(ctx, &cfg, c) : JX_E_NOMEM;
    }
    return st;
}

static void done(jx_ctx *ctx, jx_county *c, jx_doc *doc) {
    jx_arena_free(ctx, c->arena);
    jx_doc_release(ctx, doc);
}

static char *shipped(const char *name) {
    char path[200];
    size_t n;
    (void)snprintf(path, sizeof path, "standards/%s.yaml", name);
    return jx_test_file(path, &n);
}

/* The living circles of GB 50180: 5, 10 and 15 minutes. No figure of its facility table was read, so none may claim to
 * be. */
static void china_is_not_overclaimed(void **state) {
    (void)state;
    static const struct {
        const char *id;
        uint32_t minutes;
    } circles[] = {{"kindergarten", 5},   {"primary_school", 10},  {"junior_school", 15}, {"health_centre", 15},
                   {"health_station", 5}, {"elderly_day_care", 5}, {"culture", 15},       {"market", 10}};
    jx_test t;
    jx_test_init(&t, 0);
    char *text = shipped("services-cn");
    jx_county c;
    jx_doc doc;
    assert_int_equal(read_text(t.ctx, text, &c, &doc), JX_OK);
    assert_string_equal(c.standard_id, "cn");
    for (size_t i = 0; i < sizeof circles / sizeof *circles; i++) {
        const jx_service *s = service(&c, circles[i].id);
        assert_non_null(s);
        assert_int_equal(s->criteria[0].mode, JX_WALK);
        assert_int_equal(s->criteria[0].urban_ms, circles[i].minutes * 60000);
    }
    for (uint32_t i = 0; i < c.n_services; i++) {
        const jx_service *s = &c.services[i];
        assert_true(*s->name_en && *s->name_zh && s->n_kinds && s->n_criteria);
        for (uint32_t k = 0; k < s->n_criteria; k++) {
            bool gb = strstr(s->criteria[k].clause, "GB 50180") != NULL;
            assert_false(gb && s->criteria[k].urban_verified);
            assert_false(strcmp(s->criteria[k].clause, "product default") == 0 &&
                         (s->criteria[k].verified || s->criteria[k].urban_verified));
            assert_non_null(s->criteria[k].note_zh);
        }
    }
    /* Two figures were read: 30 minutes to a rural primary school, and the 15-minute medical circle. */
    assert_true(service(&c, "primary_school")->criteria[0].rural_verified);
    assert_false(service(&c, "primary_school")->criteria[0].verified);
    assert_int_equal(service(&c, "health_centre")->criteria[1].mode, JX_CAR);
    assert_true(service(&c, "health_centre")->criteria[1].verified);
    done(t.ctx, &c, &doc);
    free(text);
    jx_test_release(&t);
}

static void international(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    char *text = shipped("services-intl");
    jx_county c;
    jx_doc doc;
    assert_int_equal(read_text(t.ctx, text, &c, &doc), JX_OK);
    const jx_criterion *stop = &service(&c, "bus_stop")->criteria[0], *hospital = &service(&c, "hospital")->criteria[0];
    assert_int_equal(stop->urban_ms, 499800); /* 500 m at 3.6 km/h, in hundredths of a minute */
    assert_true(stop->urban_verified && !stop->rural_verified && !stop->verified);
    assert_int_equal(hospital->mode, JX_CAR);
    assert_int_equal(hospital->urban_ms, 30 * 60000);
    assert_int_equal(hospital->rural_ms, 60 * 60000);
    assert_false(hospital->verified);
    done(t.ctx, &c, &doc);
    free(text);
    jx_test_release(&t);
}

#define HEAD "id: own\nservices:\n  - id: a\n    name: {en: A}\n    theme: health\n    kinds: [x]\n    criteria:\n"

static void wrong_files(void **state) {
    (void)state;
    static const struct {
        const char *yaml;
        jx_msg_id id;
        int64_t row;
    } cases[] = {
        {"id: own\n", JX_M_CONFIG_MISSING, 1},
        {"id: own\nservices: []\n", JX_M_STANDARD_LIST, 2},
        {"id: own\nservices: 3\n", JX_M_STANDARD_LIST, 2},
        {"id: own\nservices:\n  - 3\n", JX_M_STANDARD_LIST, 3},
        {HEAD "      - {mode: fly, urban_min: 5}\n", JX_M_STANDARD_MODE, 8},
        {HEAD "      - {urban_min: 5}\n", JX_M_CONFIG_MISSING, 8},
        {HEAD "      - {mode: walk}\n", JX_M_STANDARD_NO_THRESHOLD, 8},
        {HEAD "      - {mode: walk, urban_min: -1}\n", JX_M_CONFIG_RANGE, 8},
        {HEAD "      - {mode: walk, urban_min: five}\n", JX_M_CONFIG_TYPE, 8},
        {HEAD "      - {mode: walk, urban_mins: 5}\n", JX_M_CONFIG_UNKNOWN_KEY, 8},
        {HEAD "      - {mode: walk, urban_min: 5}\n      - {mode: walk, urban_min: 9}\n", JX_M_STANDARD_MODE_TWICE, 9},
        {HEAD "      - {mode: walk, urban_min: 5}\n  - {id: a, theme: health, kinds: [x], criteria: [{mode: walk, "
              "urban_min: 5}]}\n",
         JX_M_STANDARD_ID_TWICE, 9},
        {"services:\n  - {id: A-b, theme: health, kinds: [x], criteria: [{mode: walk, urban_min: 5}]}\n",
         JX_M_STANDARD_ID, 2},
        {"services:\n  - {id: a, theme: wealth, kinds: [x], criteria: [{mode: walk, urban_min: 5}]}\n",
         JX_M_STANDARD_THEME, 2},
        {"services:\n  - {id: a, theme: health, kinds: [], criteria: [{mode: walk, urban_min: 5}]}\n",
         JX_M_STANDARD_LIST, 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        jx_test t;
        jx_test_init(&t, 0);
        jx_county c;
        jx_doc doc;
        assert_int_equal(read_text(t.ctx, cases[i].yaml, &c, &doc), JX_E_INPUT);
        const jx_message *m = jx_ctx_error(t.ctx);
        assert_non_null(m);
        if (m->id != cases[i].id || m->row != cases[i].row) {
            fail_msg("case %zu: message %d in row %lld", i, (int)m->id, (long long)m->row);
        }
        done(t.ctx, &c, &doc);
        jx_test_release(&t);
    }
}

/* What may be left out gives a text, never a NULL that a writer would stumble over. */
static void the_least_that_works(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    jx_county c;
    jx_doc doc;
    assert_int_equal(
        read_text(t.ctx, "services:\n  - {id: a, theme: health, kinds: [x], criteria: [{mode: walk, rural_min: 5}]}\n",
                  &c, &doc),
        JX_OK);
    assert_string_equal(jx_service_name(&c.services[0], true), "a");
    assert_string_equal(jx_service_name(&c.services[0], false), "a");
    assert_non_null(c.services[0].criteria[0].clause);
    assert_non_null(c.standard_zh);
    assert_int_equal(c.services[0].criteria[0].urban_ms, 0);
    assert_false(c.services[0].criteria[0].verified);
    assert_true(isnan(c.services[0].norm_per_10k));
    done(t.ctx, &c, &doc);
    jx_test_release(&t);
}

static jx_status once(jx_ctx *ctx, void *arg) {
    jx_county c;
    jx_doc doc = {0};
    jx_status st = read_text(ctx, arg, &c, &doc);
    done(ctx, &c, &doc);
    return st;
}

static void no_memory(void **state) {
    (void)state;
    char text[] = HEAD "      - {mode: walk, urban_min: 5, clause: x, note: {en: a, zh: b}}\n";
    jx_oom_sweep(once, text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(china_is_not_overclaimed), cmocka_unit_test(international), cmocka_unit_test(wrong_files),
        cmocka_unit_test(the_least_that_works),     cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
