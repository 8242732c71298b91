/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* Numbers, speeds and durations in tags: examples of the OpenStreetMap wiki, and what must not be guessed at. */
#include "junxian/osm.h"
#include "support.h"

static void numbers(void **state) {
    (void)state;
    static const struct {
        const char *s;
        bool ok;
        double v;
    } cases[] = {{"12", true, 12},
                 {"12.5 m", true, 12.5},
                 {" 7 ", true, 7},
                 {"3;4", true, 3},
                 {"-2", true, -2},
                 {"1 234", true, 1234},
                 {"1'234'567", true, 1234567},
                 {"2 (est.)", true, 2},
                 {"12 345 678", true, 12345678},
                 {"100m", true, 100},
                 {"80 \xe5\xba\x8a", true, 80},
                 {"0", true, 0},
                 {"1,234", false, 0},
                 {"1,5", false, 0},
                 {"~500", false, 0},
                 {"2-3", false, 0},
                 {"1e5", false, 0},
                 {"1 23", false, 0},
                 {"1 2345", false, 0},
                 {"1 234,5", false, 0},
                 {"", false, 0},
                 {" ", false, 0},
                 {"many", false, 0},
                 {"6'4\"", false, 0},
                 {".", false, 0},
                 {"1.2.3", false, 0},
                 {">5", false, 0},
                 {"1'234 567", false, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double v = -99;
        if (jx_tag_number(cases[i].s, &v) != cases[i].ok || (cases[i].ok && !(v == cases[i].v))) {
            fail_msg("'%s' gave %g", cases[i].s, v);
        }
    }
    double v;
    assert_false(jx_tag_number(NULL, &v));
}

static void speeds(void **state) {
    (void)state;
    static const struct {
        const char *s;
        double kmh;
    } cases[] = {{"50", 50},
                 {"30 mph", 30 * 1.609344},
                 {"30mph", 30 * 1.609344},
                 {"10 knots", 18.52},
                 {"80 km/h", 80},
                 {"60 kmh", 60},
                 {"50;30", 50},
                 {"none", 255},
                 {"walk", 7},
                 {"CN:urban", 50},
                 {"CN:motorway", 120},
                 {"LI:urban", 50},
                 {"CH:rural", 80},
                 {"DE:zone:30", 30},
                 {"AT:zone30", 30},
                 {"FR:zone20", 20},
                 {"signals", 0},
                 {"variable", 0},
                 {"", 0},
                 {"-30", 0},
                 {"0", 0},
                 {"5000", 0},
                 {"DE:zone", 0},
                 {"DE:zone:fast", 0},
                 {"XX:urban", 0},
                 {"fixme", 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (!(jx_tag_maxspeed(cases[i].s) == cases[i].kmh)) {
            fail_msg("'%s' gave %g", cases[i].s, jx_tag_maxspeed(cases[i].s));
        }
    }
    assert_true(jx_tag_maxspeed(NULL) == 0);
}

static void durations(void **state) {
    (void)state;
    static const struct {
        const char *s;
        uint32_t ms;
    } cases[] = {{"00:20", 1200000},
                 {"1:20", 4800000},
                 {"01:20:30", 4830000},
                 {"20", 1200000},
                 {"20 min", 1200000},
                 {"7.5", 450000},
                 {"PT20M", 1200000},
                 {"PT1H30M", 5400000},
                 {"PT45S", 45000},
                 {"PT2H", 7200000},
                 {"48:00", 172800000},
                 {"", 0},
                 {"PT", 0},
                 {"PT20", 0},
                 {"PT20X", 0},
                 {"PT10M1H", 0},
                 {"PT5M5M", 0},
                 {"1:-20", 0},
                 {"-5", 0},
                 {"12:30:", 0},
                 {"1:2:3:4", 0},
                 {"a while", 0},
                 {"0", 0},
                 {"100:00", 0},
                 {"1:20 min", 0},
                 {"20 h", 0},
                 {"P1D", 0},
                 {"PT-5M", 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (jx_tag_duration_ms(cases[i].s) != cases[i].ms) {
            fail_msg("'%s' gave %u", cases[i].s, jx_tag_duration_ms(cases[i].s));
        }
    }
    assert_int_equal(jx_tag_duration_ms(NULL), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(numbers), cmocka_unit_test(speeds),
                                       cmocka_unit_test(durations)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
