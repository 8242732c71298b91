/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* Configuration trees: the YAML 1.2 core schema (spec, 10.3.2), typed reading, spelling help, bytes and back. */
#include <math.h>

#include "junxian/val.h"
#include "oom.h"
#include "support.h"
#include "unit.h"

static void core_schema(void **state) {
    (void)state;
    static const struct {
        const char *s;
        jx_val_type type;
        double r;
    } cases[] = {{"null", JX_VAL_NULL, 0},
                 {"~", JX_VAL_NULL, 0},
                 {"", JX_VAL_NULL, 0},
                 {"true", JX_VAL_BOOL, 1},
                 {"False", JX_VAL_BOOL, 0},
                 {"yes", JX_VAL_STR, 0},
                 {"no", JX_VAL_STR, 0},
                 {"on", JX_VAL_STR, 0},
                 {"12", JX_VAL_INT, 12},
                 {"-0", JX_VAL_INT, 0},
                 {"+5", JX_VAL_INT, 5},
                 {"0o14", JX_VAL_INT, 12},
                 {"0x3A", JX_VAL_INT, 58},
                 {"0x", JX_VAL_STR, 0},
                 {"0o8", JX_VAL_STR, 0},
                 {"012", JX_VAL_INT, 12},
                 {"1.5", JX_VAL_REAL, 1.5},
                 {".5", JX_VAL_REAL, .5},
                 {"5.", JX_VAL_REAL, 5},
                 {"12e03", JX_VAL_REAL, 12000},
                 {"-2E+05", JX_VAL_REAL, -200000},
                 {"1,5", JX_VAL_STR, 0},
                 {"12 km", JX_VAL_STR, 0},
                 {"0x-1", JX_VAL_STR, 0},
                 {"99999999999999999999", JX_VAL_REAL, 1e20},
                 {".inf", JX_VAL_REAL, INFINITY},
                 {"-.Inf", JX_VAL_REAL, -INFINITY},
                 {"inf", JX_VAL_STR, 0},
                 {"nan", JX_VAL_STR, 0},
                 {"+.nan", JX_VAL_STR, 0},
                 {"07:30", JX_VAL_STR, 0}};
    jx_test t;
    jx_test_init(&t, 0);
    jx_doc d;
    assert_int_equal(jx_doc_init(t.ctx, &d, "x.yaml"), JX_OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const jx_val *v = jx_val_scalar(t.ctx, &d, cases[i].s, strlen(cases[i].s), false, 3);
        assert_int_equal(v->type, cases[i].type);
        assert_string_equal(v->s, cases[i].s);
        if (v->type == JX_VAL_INT || v->type == JX_VAL_REAL) {
            assert_true(v->r == cases[i].r);
        } else if (v->type == JX_VAL_BOOL) {
            assert_true(v->b == (cases[i].r == 1));
        }
        v = jx_val_scalar(t.ctx, &d, cases[i].s, strlen(cases[i].s), true, 3);
        assert_int_equal(v->type, JX_VAL_STR);
    }
    assert_true(isnan(jx_val_scalar(t.ctx, &d, ".nan", 4, false, 3)->r));
    jx_doc_release(t.ctx, &d);
    jx_test_release(&t);
}

/* map: name, speed 4.5, lanes 2, open true, empty, and a sequence of maps. */
static jx_status build(jx_ctx *ctx, jx_doc *d, uint32_t many) {
    static const char *const text[][2] = {
        {"name", "Liyang 溧阳"}, {"speed", "4.5"}, {"lanes", "2"}, {"open", "true"}, {"nothing", ""}};
    JX_TRY(jx_doc_init(ctx, d, "roads.yaml"));
    jx_val *map = jx_val_map(ctx, d, 1), *seq = jx_val_seq(ctx, d, 9);
    jx_status st = map && seq ? JX_OK : JX_E_NOMEM;
    for (uint32_t i = 0; i < 5 && st == JX_OK; i++) {
        jx_val *v = jx_val_scalar(ctx, d, text[i][1], strlen(text[i][1]), false, i + 2);
        st = jx_val_put(ctx, d, map, text[i][0], strlen(text[i][0]), i + 2, v);
    }
    for (uint32_t i = 0; i < many && st == JX_OK; i++) {
        char key[16];
        int n = snprintf(key, sizeof key, "k%u", i);
        st = jx_val_append(ctx, d, seq, jx_val_map(ctx, d, 10 + i));
        if (st == JX_OK) {
            st = jx_val_put(ctx, d, map, key, (size_t)n, 20 + i, jx_val_scalar(ctx, d, key, (size_t)n, false, 20 + i));
        }
    }
    if (st == JX_OK) {
        st = jx_val_put(ctx, d, map, "list", 4, 9, seq);
    }
    if (st != JX_OK) {
        jx_doc_release(ctx, d);
        return st;
    }
    d->root = map;
    return JX_OK;
}

static void reading(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    jx_ctx *ctx = t.ctx;
    jx_doc d;
    assert_int_equal(build(ctx, &d, 0), JX_OK);
    const jx_val *m = d.root;
    const char *s = "default";
    double r = -1;
    int64_t i = -1;
    bool b = false;
    assert_int_equal(jx_cfg_str(ctx, &d, m, "absent", &s), JX_OK);
    assert_string_equal(s, "default");
    assert_int_equal(jx_cfg_str(ctx, &d, m, "nothing", &s), JX_OK);
    assert_string_equal(s, "default");
    assert_int_equal(jx_cfg_str(ctx, &d, NULL, "name", &s), JX_OK);
    assert_int_equal(jx_cfg_str(ctx, &d, m, "name", &s), JX_OK);
    assert_string_equal(s, "Liyang 溧阳");
    assert_int_equal(jx_cfg_str(ctx, &d, m, "speed", &s), JX_OK);
    assert_string_equal(s, "4.5");
    assert_int_equal(jx_cfg_real(ctx, &d, m, "speed", 0, 5, &r), JX_OK);
    assert_true(r == 4.5);
    assert_int_equal(jx_cfg_real(ctx, &d, m, "lanes", 0, 5, &r), JX_OK);
    assert_true(r == 2);
    assert_int_equal(jx_cfg_int(ctx, &d, m, "lanes", 0, 5, &i), JX_OK);
    assert_int_equal(i, 2);
    assert_int_equal(jx_cfg_bool(ctx, &d, m, "open", &b), JX_OK);
    assert_true(b);
    r = 77;
    i = 77;
    assert_int_equal(jx_cfg_real(ctx, &d, m, "speed", 5, 6, &r), JX_E_INPUT);
    assert_int_equal(jx_ctx_error(ctx)->row, 3);
    assert_string_equal(jx_ctx_error(ctx)->file, "roads.yaml");
    assert_int_equal(jx_test_error(&t), JX_M_CONFIG_RANGE);
    assert_int_equal(jx_cfg_int(ctx, &d, m, "speed", 0, 5, &i), JX_E_INPUT);
    assert_int_equal(jx_test_error(&t), JX_M_CONFIG_TYPE);
    assert_int_equal(jx_cfg_int(ctx, &d, m, "lanes", 3, 5, &i), JX_E_INPUT);
    assert_int_equal(jx_test_error(&t), JX_M_CONFIG_RANGE);
    assert_int_equal(jx_cfg_real(ctx, &d, m, "name", 0, 5, &r), JX_E_INPUT);
    assert_int_equal(jx_cfg_bool(ctx, &d, m, "lanes", &b), JX_E_INPUT);
    assert_int_equal(jx_cfg_str(ctx, &d, m, "list", &s), JX_E_INPUT);
    assert_int_equal(jx_test_error(&t), JX_M_CONFIG_TYPE);
    assert_true(r == 77 && i == 77);
    assert_int_equal(jx_val_put(ctx, &d, (jx_val *)(uintptr_t)m, "name", 4, 8, (jx_val *)(uintptr_t)m), JX_E_INPUT);
    assert_int_equal(jx_test_error(&t), JX_M_CONFIG_DUPLICATE_KEY);
    assert_null(jx_val_get(NULL, "x"));
    assert_string_equal(jx_val_str(jx_val_get(m, "nothing"), "?"), "?");
    jx_doc_release(ctx, &d);
    jx_test_release(&t);
}

static void spelling_help(void **state) {
    (void)state;
    static const char *const all[] = {"name", "speed", "lanes", "open", "nothing", "list", NULL};
    static const char *const few[] = {"nmae", "sped", "lane", "opens", "nothin", "lists", NULL};
    static const char *const other[] = {"altogether", "different", NULL};
    jx_test t;
    jx_test_init(&t, 0);
    jx_doc d;
    assert_int_equal(build(t.ctx, &d, 0), JX_OK);
    assert_int_equal(jx_cfg_known(t.ctx, &d, d.root, all), JX_OK);
    assert_int_equal(jx_cfg_known(t.ctx, &d, NULL, all), JX_OK);
    assert_int_equal(jx_cfg_known(t.ctx, &d, d.root, few), JX_E_INPUT);
    assert_string_equal(jx_ctx_error(t.ctx)->args[1].s, "nmae"); /* two letters swapped count once */
    assert_int_equal(jx_test_error(&t), JX_M_CONFIG_UNKNOWN_KEY);
    assert_int_equal(jx_cfg_known(t.ctx, &d, d.root, other), JX_E_INPUT);
    assert_string_equal(jx_ctx_error(t.ctx)->args[1].s, "altogether, different");
    assert_int_equal(jx_test_error(&t), JX_M_CONFIG_UNKNOWN_KEY_LIST);
    jx_doc_release(t.ctx, &d);
    jx_test_release(&t);
}

static void large_maps(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    jx_doc d;
    enum { MANY = 5000 };
    assert_int_equal(build(t.ctx, &d, MANY), JX_OK);
    for (uint32_t i = 0; i < MANY; i++) {
        char key[16];
        (void)snprintf(key, sizeof key, "k%u", i);
        assert_string_equal(jx_val_str(jx_val_get(d.root, key), ""), key);
        assert_string_equal(d.root->keys[5 + i], key); /* file order */
    }
    assert_null(jx_val_get(d.root, "k5000"));
    assert_int_equal(jx_val_get(d.root, "list")->n, MANY);
    jx_doc_release(t.ctx, &d);
    jx_test_release(&t);
}

static void same(const jx_val *a, const jx_val *b) {
    assert_int_equal(a->type, b->type);
    assert_int_equal(a->line, b->line);
    assert_int_equal(a->n, b->n);
    if (a->type == JX_VAL_SEQ || a->type == JX_VAL_MAP) {
        for (uint32_t i = 0; i < a->n; i++) {
            if (a->type == JX_VAL_MAP) {
                assert_string_equal(a->keys[i], b->keys[i]);
                assert_int_equal(a->key_lines[i], b->key_lines[i]);
            }
            same(a->items[i], b->items[i]);
        }
        return;
    }
    assert_string_equal(a->s, b->s);
    assert_true(a->b == b->b && a->i == b->i && memcmp(&a->r, &b->r, sizeof a->r) == 0);
}

static void packing(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    jx_doc d, e;
    jx_buf b;
    jx_buf_init(&b, t.ctx);
    assert_int_equal(build(t.ctx, &d, 40), JX_OK);
    assert_int_equal(jx_val_pack(&b, d.root), JX_OK);
    assert_int_equal(jx_val_unpack(t.ctx, b.s, b.n, "packed", &e), JX_OK);
    same(d.root, e.root);
    jx_doc_release(t.ctx, &e);
    for (size_t cut = 0; cut < b.n; cut++) {
        assert_int_equal(jx_val_unpack(t.ctx, b.s, cut, "packed", &e), JX_E_INPUT);
        assert_null(e.arena);
        assert_int_equal(jx_test_error(&t), JX_M_CONFIG_PACKED_BAD);
    }
    jx_buf_char(&b, 0); /* something behind the end */
    assert_int_equal(jx_val_unpack(t.ctx, b.s, b.n, "packed", &e), JX_E_INPUT);
    jx_buf_release(&b);
    jx_val *deep = jx_val_seq(t.ctx, &d, 1), *at = deep;
    for (int i = 0; i < 64; i++) {
        jx_val *in = jx_val_seq(t.ctx, &d, 1);
        assert_int_equal(jx_val_append(t.ctx, &d, at, in), JX_OK);
        at = in;
    }
    jx_ctx_clear_error(t.ctx);
    assert_int_equal(jx_val_pack(&b, deep), JX_E_INPUT);
    assert_int_equal(jx_test_error(&t), JX_M_CONFIG_TOO_DEEP);
    jx_buf_release(&b);
    jx_doc_release(t.ctx, &d);
    jx_test_release(&t);
}

static jx_status all_of_it(jx_ctx *ctx, void *arg) {
    (void)arg;
    jx_doc d = {0}, e = {0};
    jx_buf b;
    jx_buf_init(&b, ctx);
    jx_status st = build(ctx, &d, 300);
    if (st == JX_OK && (st = jx_val_pack(&b, d.root)) == JX_OK) {
        st = jx_val_unpack(ctx, b.s, b.n, "packed", &e);
    }
    jx_buf_release(&b);
    jx_doc_release(ctx, &e);
    jx_doc_release(ctx, &d);
    return st;
}

static void out_of_memory(void **state) {
    (void)state;
    jx_oom_sweep(all_of_it, NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(core_schema),   cmocka_unit_test(reading),
                                       cmocka_unit_test(spelling_help), cmocka_unit_test(large_maps),
                                       cmocka_unit_test(packing),       cmocka_unit_test(out_of_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
