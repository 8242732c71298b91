/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* The message table keeps its promises, errors are kept and rendered, catalogues are read or refused. */

#include "support.h"
#include "unit.h"

static void table_is_sound(void **state) {
    (void)state;
    uint32_t n;
    const jx_msg_info *all = jx_msg_all(&n);
    assert_true(n > 0);
    for (uint32_t i = 0; i < n; i++) {
        if (i && all[i].id <= all[i - 1].id) {
            fail_msg("message %d stands behind %d", (int)all[i].id, (int)all[i - 1].id);
        }
        assert_ptr_equal(jx_msg_find((int)all[i].id), &all[i]);
        size_t len = strlen(all[i].text);
        if (len == 0 || all[i].text[len - 1] == '.' ||
            (all[i].text[0] >= 'A' && all[i].text[0] <= 'Z' && all[i].text[1] >= 'a')) {
            print_message("note: message %d should start in lower case and have no full stop: %s\n", (int)all[i].id,
                          all[i].text);
        }
        assert_non_null(all[i].remedy);
        assert_non_null(all[i].explanation);
    }
    assert_null(jx_msg_find(0));
    assert_null(jx_msg_find(999999));
}

static void statuses(void **state) {
    (void)state;
    assert_int_equal(jx_status_exit_code(JX_OK), 0);
    assert_int_equal(jx_status_exit_code(JX_E_CANCELLED), 130);
    assert_int_equal(jx_status_exit_code(JX_E_LIMIT), 6);
    assert_int_equal(jx_status_http(JX_E_FILE), 404);
    assert_string_equal(jx_status_name(JX_E_INPUT), "E_INPUT");
    assert_int_equal(jx_status_exit_code((jx_status)99), 70);
    assert_int_equal(jx_status_http((jx_status)99), 500);
    assert_string_equal(jx_status_name((jx_status)99), "E_UNKNOWN");
}

static void first_error_is_kept(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    char file[] = "roads.yaml", key[] = "spede";
    assert_int_equal(JX_FAIL_ROW(t.ctx, file, 7, CONFIG_UNKNOWN_KEY, JX_S(key), JX_S("speed")), JX_E_INPUT);
    assert_int_equal(JX_FAIL0(t.ctx, CANCELLED), JX_E_CANCELLED);
    file[0] = key[0] = '?'; /* the context has its own copy */
    const jx_message *m = jx_ctx_error(t.ctx);
    assert_int_equal(m->id, JX_M_CONFIG_UNKNOWN_KEY);
    jx_buf b;
    jx_buf_init(&b, t.ctx);
    jx_msg_render(&b, NULL, m, true);
    assert_int_equal(jx_buf_ok(&b), JX_OK);
    assert_string_equal(
        b.s, "roads.yaml:7: unknown key 'spede'; did you mean 'speed'? Correct the spelling or remove the line.");
    assert_int_equal(t.n_said, 2);
    jx_ctx_clear_error(t.ctx);
    assert_null(jx_ctx_error(t.ctx));
    char large[5000];
    for (size_t i = 0; i + 3 < sizeof large; i += 3) {
        memcpy(large + i, "溧", 4);
    }
    (void)JX_FAIL(t.ctx, CATALOG_BAD, JX_S(large));
    const char *cut = jx_ctx_error(t.ctx)->args[0].s;
    assert_true(strlen(cut) > 100 && strlen(cut) < 2048 && jx_utf8_valid(cut, strlen(cut), NULL));
    jx_buf_release(&b);
    jx_test_release(&t);
}

static void rendering(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    jx_buf b;
    jx_buf_init(&b, t.ctx);
    const jx_arg args[] = {JX_S("{1}"), JX_I(-1234567), JX_R(98765.4321, 2), JX_R(0.5, 0)};
    static const struct {
        const char *tmpl, *text;
    } cases[] = {{"", ""},
                 {"{0}", "{1}"},
                 {"{1} {1,}", "-1234567 -1,234,567"},
                 {"{2}/{2,}", "98765.43/98,765.43"},
                 {"{3}", "0"},
                 {"{4} {9} {x} {", "{4} {9} {x} {"},
                 {"{0", "{0"},
                 {"{0,", "{0,"},
                 {"{{0}}", "{{1}}"},
                 {"{1,}{", "-1,234,567{"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        b.n = 0;
        jx_buf_str(&b, "|");
        jx_render(&b, cases[i].tmpl, 4, args);
        assert_int_equal(jx_buf_ok(&b), JX_OK);
        assert_string_equal(b.s + 1, cases[i].text);
    }
    jx_buf_release(&b);
    jx_test_release(&t);
}

static void catalogues(void **state) {
    (void)state;
    static const char *const files[] = {"fuzz/corpus/mo/small.mo", "fuzz/corpus/mo/swapped.mo"};
    jx_test t;
    jx_test_init(&t, 0);
    for (size_t f = 0; f < 2; f++) {
        size_t n;
        char *mo = jx_test_file(files[f], &n);
        jx_catalog *c;
        assert_int_equal(jx_catalog_open(t.ctx, mo, n, &c), JX_OK);
        assert_string_equal(jx_tr(c, ". "), "。");
        assert_string_equal(jx_tr(c, "no such text"), "no such text");
        assert_string_equal(jx_tr(c, ""), "");
        jx_message m = {.id = JX_M_NOMEM, .offset = -1, .n_args = 1, .args = {JX_I(4096)}};
        jx_buf b;
        jx_buf_init(&b, t.ctx);
        jx_msg_render(&b, c, &m, false);
        assert_string_equal(b.s, "内存不足，还需 4,096 字节");
        b.n = 0;
        m = (jx_message){.id = JX_M_CATALOG_BAD, .offset = 7, .n_args = 1, .args = {JX_T(". ")}};
        jx_msg_render(&b, c, &m, true); /* an argument that is a text of ours is translated too */
        assert_string_equal(b.s,
                            "the translation file is damaged: 。 (at byte 7)。Reinstall junxian, or use --lang en.");
        jx_buf_release(&b);
        jx_catalog_free(t.ctx, c);
        for (size_t cut = 0; cut < n; cut++) { /* truncated anywhere: refused, or nothing of it was missing */
            char *part = malloc(cut ? cut : 1);
            memcpy(part, mo, cut);
            jx_status st = jx_catalog_open(t.ctx, part, cut, &c);
            assert_int_equal(st, JX_E_INPUT);
            assert_null(c);
            assert_int_equal(jx_test_error(&t), JX_M_CATALOG_BAD);
            free(part);
        }
        free(mo);
    }
    assert_string_equal(jx_tr(NULL, "plain"), "plain");
    jx_test_release(&t);
}

typedef struct heard {
    size_t warnings, notes;
    uint64_t done;
    const char *phase;
} heard;

static void hear(void *user, const jx_message *m) {
    heard *h = user;
    h->warnings += m->level == JX_LEVEL_WARNING;
    h->notes += m->level == JX_LEVEL_NOTE;
}

static void hear_progress(void *user, const char *phase, uint64_t done, uint64_t total) {
    heard *h = user;
    assert_int_equal(total, 10);
    h->phase = phase;
    h->done = done;
}

static void warnings_and_progress(void **state) {
    (void)state;
    heard h = {0};
    jx_mem *mem = jx_mem_new(NULL, 0);
    jx_ctx_options opt = {
        .mem = mem, .lang = "zh_CN", .sink = hear, .sink_user = &h, .progress = hear_progress, .progress_user = &h};
    jx_ctx *ctx = jx_ctx_new(&opt), *deaf = jx_ctx_new(&(jx_ctx_options){.mem = mem});
    assert_string_equal(jx_ctx_lang(ctx), "zh_CN");
    assert_string_equal(jx_ctx_lang(deaf), "en");
    assert_ptr_equal(jx_ctx_mem(ctx), mem);
    JX_WARN(ctx, CONFIG_MISSING, JX_S("x"));
    JX_NOTE(ctx, CONFIG_MISSING, JX_S(NULL));
    JX_WARN(deaf, CONFIG_MISSING, JX_S("x"));
    jx_progress(ctx, "reading", 3, 10);
    jx_progress(deaf, "reading", 3, 10);
    assert_true(h.warnings == 1 && h.notes == 1 && h.done == 3);
    assert_string_equal(h.phase, "reading");
    assert_null(jx_ctx_error(ctx)); /* a warning is no error */
    jx_ctx_free(ctx);
    jx_ctx_free(deaf);
    assert_int_equal(jx_mem_used(mem), 0);
    jx_mem_free(mem);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(table_is_sound),      cmocka_unit_test(statuses),
                                       cmocka_unit_test(first_error_is_kept), cmocka_unit_test(rendering),
                                       cmocka_unit_test(catalogues),          cmocka_unit_test(warnings_and_progress)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
