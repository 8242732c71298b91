/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The verb table is complete, and arguments are held against it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "junxian/run.h"

static jx_mem *mem;
static jx_ctx *ctx;
static jx_log *messages;

static int setup(void **state) {
    (void)state;
    mem = jx_mem_new(NULL, 0);
    messages = jx_log_new(mem);
    ctx = jx_ctx_new(&(jx_ctx_options){.mem = mem, .sink = jx_log_sink, .sink_user = messages});
    return ctx && messages ? 0 : -1;
}

static int teardown(void **state) {
    (void)state;
    jx_ctx_free(ctx);
    jx_log_free(messages);
    size_t left = jx_mem_used(mem);
    jx_mem_free(mem);
    return left == 0 ? 0 : -1;
}

static void every_row_is_complete(void **state) {
    (void)state;
    uint32_t n, n_common;
    const jx_verb *v = jx_verbs(&n);
    const jx_param *common = jx_common_params(&n_common);
    assert_true(n >= 6 && n_common >= 6);
    for (uint32_t i = 0; i < n; i++) {
        assert_true(v[i].name && v[i].help && v[i].inputs && v[i].outputs && v[i].run && v[i].examples && v[i].examples[0]);
        assert_ptr_equal(jx_verb_find(v[i].name), &v[i]);
        for (uint32_t k = 0; k < v[i].n_params; k++) {
            const jx_param *p = &v[i].params[k];
            assert_true(p->key && p->help);
            assert_true(p->type != JX_P_CHOICE || p->choices);
            assert_true((p->type != JX_P_NUMBER && p->type != JX_P_INT) || p->lo < p->hi);
            for (uint32_t m = 0; m < n_common; m++) { /* a verb's option may not hide a common one */
                assert_string_not_equal(p->key, common[m].key);
                assert_true(!p->letter || p->letter != common[m].letter);
            }
            for (uint32_t m = 0; m < k; m++) {
                assert_string_not_equal(p->key, v[i].params[m].key);
                assert_true(!p->letter || p->letter != v[i].params[m].letter);
            }
        }
    }
    assert_null(jx_verb_find("nonsense"));
}

static jx_status check(const char *key, const char *value) {
    const char *input = "x";
    jx_arg_value opt = {key, value};
    jx_args a = {.input = &input, .n_input = 1, .opt = &opt, .n_opt = 1};
    jx_ctx_clear_error(ctx);
    return jx_args_check(ctx, jx_verb_find("run"), &a);
}

static void arguments_are_checked(void **state) {
    (void)state;
    assert_int_equal(check("cell-size", "250"), JX_OK);
    assert_int_equal(check("cell-size", "24.9"), JX_E_USAGE);
    assert_int_equal(check("cell-size", "5000.1"), JX_E_USAGE);
    assert_int_equal(check("cell-size", "250m"), JX_E_USAGE);
    assert_int_equal(check("cell-size", "nan"), JX_E_USAGE);
    assert_int_equal(check("grid", "hex"), JX_OK);
    assert_int_equal(check("grid", "he"), JX_E_USAGE);
    assert_int_equal(check("grid", "square|hex"), JX_E_USAGE);
    assert_int_equal(check("threads", "2"), JX_OK);
    assert_int_equal(check("threads", "-1"), JX_E_USAGE);
    assert_int_equal(check("threads", "1.5"), JX_E_USAGE);
    assert_int_equal(check("area", ""), JX_E_USAGE);
    assert_int_equal(check("no-such", "1"), JX_E_USAGE);
    assert_int_equal(jx_ctx_error(ctx)->id, JX_M_ARG_UNKNOWN);
}

static void the_last_option_wins(void **state) {
    (void)state;
    jx_arg_value opt[] = {{"cell-size", "100"}, {"cell-size", "200"}};
    jx_args a = {.opt = opt, .n_opt = 2};
    assert_string_equal(jx_args_get(&a, "cell-size"), "200");
    assert_true(jx_args_num(&a, "cell-size", 0) == 200);
    assert_null(jx_args_get(&a, "grid"));
    assert_true(jx_args_num(&a, "threads", 7) == 7);
}

static void the_log_keeps_copies(void **state) {
    (void)state;
    char text[] = "first";
    JX_WARN(ctx, ROW_TWICE, JX_S(text), JX_I(3));
    text[0] = 'X';
    uint32_t n;
    const jx_message *m = jx_log_all(messages, &n);
    assert_true(n >= 1);
    assert_string_equal(m[n - 1].args[0].s, "first");
    assert_int_equal(m[n - 1].args[1].i, 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_complete),
        cmocka_unit_test(arguments_are_checked),
        cmocka_unit_test(the_last_option_wins),
        cmocka_unit_test(the_log_keeps_copies),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
