/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* Rules on tags: the language of standards/osm-facilities.yaml, the file itself, and what it finds in the demo. */
#include "junxian/io.h"
#include "oom.h"
#include "unit/osm/model.h"

enum { CAP = 32 };

/* An extract of nodes with the given tags: node i + 1 has tag lists[i] = "key=value|key=value". */
static jx_extract *extract_of(jx_ctx *ctx, const char *const *lists, size_t n) {
    static char text[64][400];
    static obj o[64];
    const obj *p[64];
    assert_true(n <= 64);
    for (size_t i = 0; i < n; i++) {
        assert_true(strlen(lists[i]) < 400);
        memcpy(text[i], lists[i], strlen(lists[i]) + 1);
        o[i] = (obj){.id = (int64_t)i + 1};
        for (char *s = text[i], *next; s && *s; s = next) {
            next = strchr(s, '|');
            if (next) {
                *next++ = 0;
            }
            char *v = strchr(s, '=');
            assert_non_null(v);
            *v = 0;
            model_tag(&o[i], s, v + 1);
        }
        p[i] = &o[i];
    }
    enc file = model_file(p, n, 16, &(how){0});
    jx_extract *x = NULL;
    const jx_keep keep = {(const char *const[]){"amenity", "shop", "leisure", "social_facility", "healthcare", "office",
                                                "a", "highway", "public_transport", "railway", NULL}};
    assert_int_equal(jx_pbf_read_bytes(ctx, file.p, file.n, &keep, &x), JX_OK);
    assert_int_equal(x->n_nodes, n);
    enc_free(&file);
    return x;
}

static uint32_t match_node(const jx_matcher *m, const jx_extract *x, uint32_t i, uint32_t *rules) {
    return jx_matcher_match(m, x->node_tags + x->node_tag_off[i], x->node_tag_off[i + 1] - x->node_tag_off[i], rules,
                            CAP);
}

static void language(void **state) {
    (void)state;
    static const char yaml[] =
        "- {kind: k0, any: [{a: x}]}\n"
        "- {kind: k1, any: [{a: [x, y]}, {b: z, a: w}]}\n"
        "- {kind: k2, any: [{a: '*'}], not: [{b: z}, {c: '*', d: e}]}\n"
        "- {kind: k3, any: [{a: {contains: p}}]}\n"
        "- {kind: k4, any: [{a: '*'}], name: [one, 学]}\n"
        "- {kind: k5, any: [{a: '*'}], name: one, name_not: [none]}\n"
        "- {kind: k6, any: [{nowhere: '*'}, {a: unheard}]}\n"
        "- {kind: k7, any: [{b: z}], not: [{nowhere: '*'}], level: 2, note: n, fallback: true}\n";
    static const struct {
        const char *tags;
        unsigned rules; /* bit i: rule i holds */
    } cases[] = {{"a=x", 1 | 2 | 4},
                 {"a=y", 2 | 4},
                 {"a=w", 4},
                 {"a=w|b=z", 2 | 128},
                 {"a=x|b=z", 1 | 2 | 128},
                 {"a=v|c=1", 4},
                 {"a=v|c=1|d=e", 0},
                 {"a=p", 4 | 8},
                 {"a=q;p", 4 | 8},
                 {"a=q; p ;r", 4 | 8},
                 {"a=pp;q", 4},
                 {"a=;", 4},
                 {"a=v|name=one", 4 | 16 | 32},
                 {"a=v|name:en=phone", 4 | 16 | 32},
                 {"a=v|name=none", 4 | 16},
                 {"a=v|name=one|name:de=none", 4 | 16},
                 {"a=v|name=小学", 4 | 16},
                 {"a=v|alt_name=one", 4 | 16 | 32},
                 {"a=v|note=one", 4},
                 {"highway=x|b=z", 128},
                 {"highway=a", 0}};
    enum { N = sizeof cases / sizeof *cases };
    const char *lists[N];
    for (size_t i = 0; i < N; i++) {
        lists[i] = cases[i].tags;
    }
    jx_test t;
    jx_test_init(&t, 0);
    jx_extract *x = extract_of(t.ctx, lists, N);
    jx_doc d;
    jx_matcher *m;
    assert_int_equal(jx_yaml_parse(t.ctx, "rules", yaml, strlen(yaml), &d), JX_OK);
    assert_int_equal(jx_matcher_compile(t.ctx, &d, d.root, x, &m), JX_OK);
    for (uint32_t i = 0; i < N; i++) {
        uint32_t rules[CAP], n = match_node(m, x, i, rules);
        unsigned got = 0;
        for (uint32_t k = 0; k < n; k++) {
            got |= 1u << rules[k];
            assert_true(k == 0 || rules[k - 1] < rules[k]);
        }
        if (got != cases[i].rules) {
            fail_msg("'%s' matches %x, not %x", cases[i].tags, got, cases[i].rules);
        }
        uint32_t one[1];
        assert_int_equal(
            jx_matcher_match(m, x->node_tags + x->node_tag_off[i], x->node_tag_off[i + 1] - x->node_tag_off[i], one, 1),
            n > 0);
    }
    jx_matcher_free(t.ctx, m);
    jx_matcher_free(t.ctx, NULL);
    jx_doc_release(t.ctx, &d);
    jx_extract_free(t.ctx, x);
    jx_test_release(&t);
}

static void bad_rules(void **state) {
    (void)state;
    static const struct {
        const char *yaml;
        jx_msg_id id;
        int64_t row;
    } cases[] = {{"a: b", JX_M_RULE_BAD, 1},
                 {"- x", JX_M_RULE_BAD, 1},
                 {"\n- {any: [{a: b}]}", JX_M_RULE_BAD, 2},
                 {"- {kind: k}", JX_M_RULE_BAD, 1},
                 {"- {kind: k, any: {a: b}}", JX_M_RULE_BAD, 1},
                 {"- {kind: k, any: [a]}", JX_M_RULE_BAD, 1},
                 {"- {kind: k, any: [{}]}", JX_M_RULE_BAD, 1},
                 {"- {kind: k, any: [{a: {is: b}}]}", JX_M_RULE_BAD, 1},
                 {"- {kind: k, any: [{a: {contains: b, or: c}}]}", JX_M_RULE_BAD, 1},
                 {"- {kind: k, any: [{a: [[b]]}]}", JX_M_RULE_BAD, 1},
                 {"- {kind: k, any: [{a: b}], not: [c]}", JX_M_RULE_BAD, 1},
                 {"- {kind: k, any: [{a: b}], name: {c: d}}", JX_M_RULE_BAD, 1},
                 {"- {kind: k, any: [{a: b}], name_not: [[d]]}", JX_M_RULE_BAD, 1},
                 {"- {kind: k, any: [{a: b}], nmae: x}", JX_M_CONFIG_UNKNOWN_KEY, 1}};
    static const char *const lists[1] = {"a=b"};
    jx_test t;
    jx_test_init(&t, 0);
    jx_extract *x = extract_of(t.ctx, lists, 1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        jx_doc d;
        jx_matcher *m = NULL;
        assert_int_equal(jx_yaml_parse(t.ctx, "mine.yaml", cases[i].yaml, strlen(cases[i].yaml), &d), JX_OK);
        assert_int_not_equal(jx_matcher_compile(t.ctx, &d, d.root, x, &m), JX_OK);
        assert_null(m);
        assert_string_equal(jx_ctx_error(t.ctx)->file, "mine.yaml");
        assert_int_equal(jx_ctx_error(t.ctx)->row, cases[i].row);
        jx_msg_id id = jx_test_error(&t);
        if (id != cases[i].id) {
            fail_msg("'%s' gave %d", cases[i].yaml, (int)id);
        }
        jx_doc_release(t.ctx, &d);
    }
    jx_extract_free(t.ctx, x);
    jx_test_release(&t);
}

static jx_doc shipped_map(jx_ctx *ctx) {
    size_t n;
    char *text = jx_test_file("standards/osm-facilities.yaml", &n);
    jx_doc d;
    assert_int_equal(jx_yaml_parse(ctx, "osm-facilities.yaml", text, n, &d), JX_OK);
    free(text);
    return d;
}

/* Kinds of one object, as the caller reads them: a fallback counts only alone. Each name once, followed by a blank. */
static void kinds_of(const jx_val *rules, const uint32_t *hit, uint32_t n, char *out, size_t cap) {
    out[0] = 0;
    for (uint32_t k = 0; k < n; k++) {
        const jx_val *r = rules->items[hit[k]], *fallback = jx_val_get(r, "fallback");
        char kind[64];
        (void)snprintf(kind, sizeof kind, "%s ", jx_val_get(r, "kind")->s);
        if (!(fallback && fallback->b && n > 1) && !strstr(out, kind)) {
            assert_true(strlen(out) + strlen(kind) < cap);
            memcpy(out + strlen(out), kind, strlen(kind) + 1);
        }
    }
}

/* What mappers write in China and elsewhere (wiki pages of the keys), and what a planner would call it. */
static void shipped_rules(void **state) {
    (void)state;
    static const struct {
        const char *tags, *kinds;
    } cases[] = {
        {"amenity=school|name=实验小学", "primary_school "},
        {"amenity=school|name=第三初级中学", "junior_school "},
        {"amenity=school|name=第一中学", "junior_school "},
        {"amenity=school|name=溧阳市高级中学", ""},
        {"amenity=school|name=职业中学", ""},
        {"amenity=school|name=九年一贯制学校", "primary_school junior_school "},
        {"amenity=school|name=外国语学校", "school "},
        {"amenity=school|name=Primarschule Nendeln", "primary_school "},
        {"amenity=school|name=X|isced:level=1;2", "primary_school junior_school "},
        {"amenity=school|name=某小学|isced:level=2", "junior_school "},
        {"amenity=school|name=某小学|isced:level=10", "school "},
        {"amenity=school|name=Liechtensteinische Musikschule", ""},
        {"amenity=school", "school "},
        {"disused:amenity=school|a=1", ""},
        {"amenity=hospital|name=人民医院", "hospital "},
        {"amenity=hospital|name=戴埠镇卫生院", "health_centre "},
        {"amenity=clinic|name=城南社区卫生服务中心", "health_centre "},
        {"amenity=clinic|name=王家村卫生室", "health_station "},
        {"amenity=clinic|name=口腔诊所", ""},
        {"amenity=doctors|name=Praxis", "health_station "},
        {"amenity=doctors|name=Zahnarzt Dr. X", ""},
        {"amenity=dentist", ""},
        {"amenity=social_facility|social_facility=nursing_home|social_facility:for=senior", "elderly_home "},
        {"amenity=social_facility|social_facility=group_home|social_facility:for=child", ""},
        {"amenity=social_facility|social_facility=nursing_home|social_facility:for=disabled", ""},
        {"amenity=community_centre|community_centre:for=senior", "elderly_day_care culture_centre "},
        {"amenity=community_centre|name=便民服务中心", "culture_centre service_centre "},
        {"leisure=sports_centre|access=members", ""},
        {"leisure=pitch", "sports_ground "},
        {"leisure=garden", ""},
        {"leisure=garden|name=Stadtgarten", "park "},
        {"amenity=marketplace|wholesale=yes", ""},
        {"shop=supermarket", "supermarket "},
        {"amenity=atm", ""},
        {"amenity=fuel|access=private", ""},
        {"highway=bus_stop|public_transport=platform|bus=yes", "bus_stop "},
        {"public_transport=stop_position|bus=yes", ""},
        {"railway=station|station=subway", ""},
        {"amenity=toilets|toilets:access=customers", ""},
    };
    enum { N = sizeof cases / sizeof *cases };
    const char *lists[N];
    for (size_t i = 0; i < N; i++) {
        lists[i] = cases[i].tags;
    }
    jx_test t;
    jx_test_init(&t, 0);
    jx_extract *x = extract_of(t.ctx, lists, N);
    jx_doc d = shipped_map(t.ctx);
    const jx_val *rules = jx_val_get(d.root, "facilities");
    jx_matcher *m;
    assert_int_equal(jx_matcher_compile(t.ctx, &d, rules, x, &m), JX_OK);
    for (uint32_t i = 0; i < N; i++) {
        uint32_t hit[CAP];
        char kinds[400];
        kinds_of(rules, hit, match_node(m, x, i, hit), kinds, sizeof kinds);
        if (strcmp(kinds, cases[i].kinds) != 0) {
            fail_msg("%s: '%s', not '%s'", cases[i].tags, kinds, cases[i].kinds);
        }
    }
    jx_matcher_free(t.ctx, m);
    jx_doc_release(t.ctx, &d);
    jx_extract_free(t.ctx, x);
    jx_test_release(&t);
}

/* Counts of the demo by one plain tag filter: osmium tags-filter ... | osmium fileinfo -e (tests/unit/io/pbf/oracle.py
 * compares the objects; here it is the kinds). */
static void demo_counts(void **state) {
    (void)state;
    static const struct {
        const char *kind;
        uint32_t n;
    } cases[] = {{"police ", 4},        {"fire_station ", 9}, {"library ", 3},     {"pharmacy ", 6}, {"hospital ", 2},
                 {"kindergarten ", 20}, {"supermarket ", 16}, {"post_office ", 8}, {"fuel ", 12}};
    jx_test t;
    jx_test_init(&t, 0);
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/demo/liechtenstein/liechtenstein-2024-03.osm.pbf", JX_SOURCE_DIR);
    jx_extract *x;
    const jx_keep keep = {jx_keep_default};
    assert_int_equal(jx_pbf_read(t.ctx, path, &keep, &x), JX_OK);
    jx_doc d = shipped_map(t.ctx);
    const jx_val *rules = jx_val_get(d.root, "facilities");
    jx_matcher *m;
    assert_int_equal(jx_matcher_compile(t.ctx, &d, rules, x, &m), JX_OK);
    uint32_t n[9] = {0};
    for (int type = 0; type < 3; type++) {
        const uint32_t *const off[] = {x->node_tag_off, x->way_tag_off, x->rel_tag_off};
        const jx_tag *const tags[] = {x->node_tags, x->way_tags, x->rel_tags};
        const uint32_t count[] = {x->n_nodes, x->n_ways, x->n_rels};
        for (uint32_t i = 0; i < count[type]; i++) {
            uint32_t hit[CAP], from = off[type][i];
            char kinds[400];
            kinds_of(rules, hit, jx_matcher_match(m, tags[type] + from, off[type][i + 1] - from, hit, CAP), kinds,
                     sizeof kinds);
            for (size_t k = 0; k < 9; k++) {
                n[k] += strcmp(kinds, cases[k].kind) == 0;
            }
        }
    }
    for (size_t k = 0; k < 9; k++) {
        if (n[k] != cases[k].n) {
            fail_msg("%s: %u, not %u", cases[k].kind, n[k], cases[k].n);
        }
    }
    jx_matcher_free(t.ctx, m);
    jx_doc_release(t.ctx, &d);
    jx_extract_free(t.ctx, x);
    jx_test_release(&t);
}

typedef struct oom_case {
    const jx_doc *doc;
    const jx_extract *x;
} oom_case;

static jx_status compile_once(jx_ctx *ctx, void *arg) {
    const oom_case *c = arg;
    jx_matcher *m = NULL;
    jx_status st = jx_matcher_compile(ctx, c->doc, jx_val_get(c->doc->root, "facilities"), c->x, &m);
    jx_matcher_free(ctx, m);
    return st;
}

static void out_of_memory(void **state) {
    (void)state;
    static const char *const lists[] = {"amenity=school|name=x", "shop=supermarket"};
    jx_test t;
    jx_test_init(&t, 0);
    jx_extract *x = extract_of(t.ctx, lists, 2);
    jx_doc d = shipped_map(t.ctx);
    jx_oom_sweep(compile_once, &(oom_case){&d, x});
    jx_doc_release(t.ctx, &d);
    jx_extract_free(t.ctx, x);
    jx_test_release(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(language), cmocka_unit_test(bad_rules),
                                       cmocka_unit_test(shipped_rules), cmocka_unit_test(demo_counts),
                                       cmocka_unit_test(out_of_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
