/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The service verbs with one allocation failing, spread evenly over the whole run, on a square kilometre of streets. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "oom.h"
#include "run/run_internal.h"

enum { TRIES = 100 };

static const char *streets[] = {JX_SOURCE_DIR "/tests/data/sao-paulo/block.osm.pbf"};
static char output[6][96];

typedef struct called {
    const char *name;
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

static void verbs_give_everything_back(void **state) {
    (void)state;
    char dir[] = "/tmp/junxian-verbs-XXXXXX", problem[96];
    assert_non_null(mkdtemp(dir));
    static const char *const files[6] = {"d.gpkg", "d.geojson", "c.gpkg", "s.gpkg", "d.html", "c.html"};
    for (int i = 0; i < 6; i++) {
        snprintf(output[i], sizeof output[i], "%s/%s", dir, files[i]);
    }
    snprintf(problem, sizeof problem, "%s/problem.json", dir);
#define PLACE {"facilities", JX_SOURCE_DIR "/tests/data/sao-paulo/block.csv"}, {"cell-size", "250"}
    jx_arg_value access[] = {PLACE, {"service", "hospital"}, {"measure", "nearest,2sfca"}, {"supply", "count"}};
    jx_arg_value equity[] = {PLACE, {"service", "hospital"}, {"measure", "nearest"}, {"supply", "count"}};
    jx_arg_value district[] = {PLACE, {"service", "primary_school"}, {"capacity", "balanced"}, {"slack", "1"}, {"output", output[0]}};
    jx_arg_value wishes[] = {PLACE, {"service", "primary_school"}, {"capacity", "balanced"}, {"contiguous", ""}, {"no-crossing", "primary"},
                             {"present", "nearest"}, {"output", output[1]}, {"problem", problem}};
    jx_arg_value page[] = {PLACE, {"service", "primary_school"}, {"capacity", "balanced"}, {"present", "nearest"}, {"output", output[4]}};
    jx_arg_value group_page[] = {PLACE, {"around", ""}, {"output", output[5]}};
    jx_arg_value groups[] = {PLACE, {"around", ""}, {"max-ratio", "2"}, {"share", "beds"}, {"output", output[2]}};
    jx_arg_value site[] = {PLACE, {"service", "primary_school"}, {"add", "1"}, {"candidates", "cells"}, {"preview", ""}, {"output", output[3]}};
#define CALL(verb, opt) {#opt, jx__verb_##verb, {streets, 1, opt, sizeof opt / sizeof *opt, "test"}}
    called k[] = {CALL(access, access), CALL(equity, equity), CALL(district, district), CALL(district, wishes), CALL(district, page), CALL(consortium, groups), CALL(consortium, group_page), CALL(site, site)};
    for (size_t v = 0; v < sizeof k / sizeof *k; v++) {
        size_t all, got, failed = 0;
        assert_int_equal(jx_oom_run(call, &k[v], 0, &all), JX_OK);
        for (size_t i = 0; i < TRIES; i++) {
            jx_status st = jx_oom_run(call, &k[v], 1 + (all - 1) * i / (TRIES - 1), &got);
            assert_true(st == JX_E_NOMEM || st == JX_OK); /* text that does not fit is found when it is printed */
            failed += st == JX_E_NOMEM;
        }
        print_message("%s: %zu allocations, %zu of %d failures told\n", k[v].name, all, failed, TRIES);
        assert_true(failed > TRIES * 9 / 10);
    }
    char rm[64];
    snprintf(rm, sizeof rm, "rm -rf %s", dir);
    assert_int_equal(system(rm), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(verbs_give_everything_back)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
