/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Shortfalls: every cause by hand, ranking, sums, and what is left out. */
#include <math.h>

#include "junxian/services.h"
#include "oom.h"
#include "support.h"

/* One cell a settlement, walking at 3.6 km/h = 1 m/s, threshold 15 minutes: 900 m as the crow flies. */
enum { N = 8 };
static const double people[N] = {10, 20, 30, 40, 50, 60, 70, 0};
static const uint32_t ms[N] = {JX_UNREACHABLE, 1800000, 1800000,        JX_UNREACHABLE,
                               1000000,        600000,  JX_UNREACHABLE, 1800000};
static const uint8_t off[N] = {1, 0, 0, 0, 0, 0, 0, 0};
static const uint32_t limit[N] = {900000, 900000, 900000, 900000, 900000, 900000, 900000, 900000};
static const double crow[N] = {100, 901, 900, 800, 700, 100, 5000, 800};
static const uint32_t offroad[N] = {0, 0, 900000, 0, 500001, 0, 0, 0};
static const uint32_t nearest[N] = {JX_NONE, 3, 4, JX_NONE, 5, 6, JX_NONE, 4};
static const uint32_t settlement[N] = {0, 1, 2, 3, 4, 5, 6, 7};

static jx_shortfall_input input(jx_reach_input *in, uint8_t *reach) {
    *in = (jx_reach_input){N, people, ms, off, limit, 9};
    jx_reach_classify(in, reach);
    return (jx_shortfall_input){in, reach, nearest, settlement, N, crow, offroad, 3.6, 0};
}

static const jx_shortfall *of(const jx_shortfall *s, uint32_t n, uint32_t settlement_id) {
    for (uint32_t i = 0; i < n; i++) {
        if (s[i].settlement == settlement_id) {
            return &s[i];
        }
    }
    return NULL;
}

static void every_cause(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    jx_reach_input in;
    uint8_t reach[N];
    const jx_shortfall_input si = input(&in, reach);
    jx_shortfall *s;
    uint32_t n;
    assert_int_equal(jx_shortfalls(t.ctx, &si, &s, &n), JX_OK);
    assert_int_equal(n, 6); /* 5 is served, nobody lives in 7 */
    assert_null(of(s, n, 5));
    assert_null(of(s, n, 7));
    assert_int_equal(of(s, n, 0)->cause, JX_CAUSE_NO_ROAD_NEAR);     /* off the network */
    assert_int_equal(of(s, n, 1)->cause, JX_CAUSE_NO_FACILITY_NEAR); /* 901 m take more than 15 minutes on any road */
    assert_int_equal(of(s, n, 2)->cause, JX_CAUSE_ROAD_SLOW); /* exactly half of the time is off the road: not most */
    assert_int_equal(of(s, n, 3)->cause, JX_CAUSE_NO_ROUTE);
    assert_int_equal(of(s, n, 4)->cause, JX_CAUSE_NO_ROAD_NEAR); /* a millisecond more than half is off the road */
    assert_int_equal(of(s, n, 6)->cause,
                     JX_CAUSE_NO_FACILITY_NEAR); /* no route, but none would be near enough either */
    for (uint32_t i = 0; i + 1 < n; i++) {
        assert_true(s[i].people >= s[i + 1].people);
    }
    const jx_shortfall *a = of(s, n, 1);
    assert_int_equal(a->nearest, 3);
    assert_int_equal(a->nearest_ms, 1800000);
    assert_int_equal(a->excess_ms, 900000);
    assert_int_equal(of(s, n, 3)->excess_ms, JX_UNREACHABLE);
    assert_int_equal(of(s, n, 3)->median_ms, JX_UNREACHABLE);
    jx_free(t.ctx, s);
    in.n_facilities = 0; /* nothing to go to: the one cause there can be */
    jx_reach_classify(&in, reach);
    assert_int_equal(jx_shortfalls(t.ctx, &si, &s, &n), JX_OK);
    assert_int_equal(n, 7);
    for (uint32_t i = 0; i < n; i++) {
        assert_int_equal(s[i].cause, JX_CAUSE_NO_FACILITY_NEAR);
    }
    jx_free(t.ctx, s);
    jx_test_release(&t);
}

/* Random cells in few settlements: people add up, lists are ranked, nobody is listed twice. */
static void sums_and_ranks(void **state) {
    (void)state;
    enum { CELLS = 300, PLACES = 9 };
    jx_test t;
    jx_test_init(&t, 0);
    for (uint64_t seed = 1; seed <= 10; seed++) {
        jx_test_rng r = {seed, 0};
        double p[CELLS], c[CELLS], unserved = 0, listed = 0, own[PLACES] = {0};
        uint32_t time[CELLS], lim[CELLS], near[CELLS], place[CELLS], way[CELLS];
        uint8_t o[CELLS], reach[CELLS];
        for (uint32_t i = 0; i < CELLS; i++) {
            p[i] = (double)jx_test_below(&r, 80) / 4;
            o[i] = jx_test_below(&r, 15) == 0;
            time[i] = o[i] ? JX_UNREACHABLE : (uint32_t)jx_test_below(&r, 2000000);
            near[i] = o[i] ? JX_NONE : (uint32_t)jx_test_below(&r, 3);
            lim[i] = 900000;
            place[i] = jx_test_below(&r, 4) == 0 ? JX_NONE : (uint32_t)jx_test_below(&r, PLACES);
            c[i] = (double)jx_test_below(&r, 2000);
            way[i] = (uint32_t)jx_test_below(&r, 1000000);
            if (place[i] != JX_NONE) {
                own[place[i]] += p[i];
            }
        }
        const jx_reach_input in = {CELLS, p, time, o, lim, 3};
        jx_reach_classify(&in, reach);
        for (uint32_t i = 0; i < CELLS; i++) {
            unserved += reach[i] == JX_REACH_WITHIN ? 0 : p[i];
        }
        jx_shortfall_input si = {&in, reach, near, place, PLACES, c, way, 3.6, 0};
        jx_shortfall *s;
        uint32_t n, n_few, n_named = 0;
        assert_int_equal(jx_shortfalls(t.ctx, &si, &s, &n), JX_OK);
        for (uint32_t i = 0; i < n; i++) {
            listed += s[i].people;
            assert_true(i == 0 || s[i - 1].people > s[i].people ||
                        (s[i - 1].people == s[i].people && s[i - 1].settlement <= s[i].settlement));
            assert_true(s[i].people <= s[i].people_settlement && s[i].people > 0);
            assert_true(place[s[i].cell] == s[i].settlement && reach[s[i].cell] != JX_REACH_WITHIN);
            n_named += s[i].settlement != JX_NONE ? 1 : 0;
            assert_true(s[i].settlement == JX_NONE || s[i].people_settlement == own[s[i].settlement]);
        }
        assert_true(listed == unserved);
        assert_true(n_named <= PLACES);
        jx_free(t.ctx, s);
        si.min_people = 12; /* small ones stay out of the list, the others keep their order */
        assert_int_equal(jx_shortfalls(t.ctx, &si, &s, &n_few), JX_OK);
        assert_true(n_few < n);
        for (uint32_t i = 0; i < n_few; i++) {
            assert_true(s[i].people >= 12);
        }
        jx_free(t.ctx, s);
    }
    jx_test_release(&t);
}

static void nobody_and_nothing(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    const jx_reach_input in = {0};
    const jx_shortfall_input si = {.reach_in = &in};
    jx_shortfall *s;
    uint32_t n = 9;
    assert_int_equal(jx_shortfalls(t.ctx, &si, &s, &n), JX_OK);
    assert_int_equal(n, 0);
    jx_free(t.ctx, s);
    jx_test_release(&t);
}

static jx_status once(jx_ctx *ctx, void *arg) {
    (void)arg;
    jx_reach_input in;
    uint8_t reach[N];
    const jx_shortfall_input si = input(&in, reach);
    jx_shortfall *s = NULL;
    uint32_t n;
    jx_status st = jx_shortfalls(ctx, &si, &s, &n);
    jx_free(ctx, st == JX_OK ? s : NULL);
    return st;
}

static void no_memory(void **state) {
    (void)state;
    jx_oom_sweep(once, NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cause),
        cmocka_unit_test(sums_and_ranks),
        cmocka_unit_test(nobody_and_nothing),
        cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
