/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The service verbs with memory that ends near their end, on the built-in demo. Slow: each try builds the county. */
#include "oom.h"
#include "run/run_internal.h"

static const char *demo[] = {"demo"};

typedef struct called {
    jx_status (*verb)(jx_ctx *ctx, const jx_args *args, jx_result *res);
    jx_args args;
} called;

static jx_status call(jx_ctx *c, void *arg) {
    const called *k = arg;
    jx_result res = {.lang = "en"};
    jx_buf_init(&res.text, c);
    jx_buf_init(&res.json, c);
    jx_status st = k->verb(c, &k->args, &res);
    jx_buf_release(&res.text);
    jx_buf_release(&res.json);
    return st;
}

/* Memory ends somewhere after the county is built, where these verbs do their own work; before it, test_oom looks. */
static void verbs_give_everything_back(void **state) {
    (void)state;
    jx_arg_value opt[] = {{"service", "hospital"}, {"measure", "nearest"}, {"supply", "count"}};
    called k[] = {{jx__verb_access, {demo, 1, opt, 3, "test"}}, {jx__verb_equity, {demo, 1, opt, 3, "test"}}};
    for (size_t v = 0; v < 2; v++) {
        size_t all, got;
        assert_int_equal(jx_oom_run(call, &k[v], 0, &all), JX_OK);
        for (size_t back = 0; back < 60; back += 1 + back / 3) {
            jx_status st = jx_oom_run(call, &k[v], all - back, &got);
            assert_true(st == JX_E_NOMEM || st == JX_OK); /* text that does not fit is found when it is printed */
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(verbs_give_everything_back)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
