/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Classes of reach, coverage and curve: by hand, against a slow computation straight from the definitions, and as
 * properties. */
#include <math.h>

#include "junxian/services.h"
#include "oom.h"
#include "support.h"

enum { N = 400, GROUPS = 7 };

typedef struct county {
    double people[N];
    uint32_t ms[N], threshold[N], group[N];
    uint8_t off[N], reach[N];
    jx_reach_input in;
} county;

/* A random county with every kind of cell in it. People are quarters, so that sums are exact in any order. */
static void make(county *c, uint64_t seed) {
    jx_test_rng r = {seed, 0};
    for (uint32_t i = 0; i < N; i++) {
        c->people[i] = (double)jx_test_below(&r, 400) / 4;
        c->off[i] = jx_test_below(&r, 12) == 0;
        c->ms[i] = jx_test_below(&r, 10) == 0 ? JX_UNREACHABLE : (uint32_t)jx_test_below(&r, 4000000);
        c->threshold[i] = jx_test_below(&r, 9) == 0 ? 0 : 900000 * (1 + (uint32_t)jx_test_below(&r, 2));
        c->group[i] =
            jx_test_below(&r, 8) == 0 ? JX_NONE : (uint32_t)jx_test_below(&r, GROUPS - 1); /* the last stays empty */
    }
    c->in = (jx_reach_input){N, c->people, c->ms, c->off, c->threshold, 5};
    jx_reach_classify(&c->in, c->reach);
}

static void every_class_by_hand(void **state) {
    (void)state;
    const double people[] = {1, 1, 1, 1, 1, 1, 1};
    const uint32_t ms[] = {899999, 900000, 900001, JX_UNREACHABLE, JX_UNREACHABLE, 5, 0};
    const uint8_t off[] = {0, 0, 0, 0, 1, 0, 0};
    const uint32_t limit[] = {900000, 900000, 900000, 900000, 900000, 0, 900000};
    const jx_reach want[] = {JX_REACH_WITHIN,      JX_REACH_WITHIN,         JX_REACH_BEYOND, JX_REACH_UNREACHABLE,
                             JX_REACH_OFF_NETWORK, JX_REACH_NOT_APPLICABLE, JX_REACH_WITHIN};
    jx_reach_input in = {7, people, ms, off, limit, 3};
    uint8_t got[7];
    jx_reach_classify(&in, got);
    for (int i = 0; i < 7; i++) {
        assert_int_equal(got[i], want[i]);
    }
    in.n_facilities = 0; /* then nothing but "none" and "does not apply" can be said */
    jx_reach_classify(&in, got);
    for (int i = 0; i < 7; i++) {
        assert_int_equal(got[i], i == 5 ? JX_REACH_NOT_APPLICABLE : JX_REACH_NO_FACILITY);
    }
    for (int r = 0; r < JX_N_REACH; r++) {
        for (int q = 0; q < r; q++) {
            assert_string_not_equal(jx_reach_name((jx_reach)r), jx_reach_name((jx_reach)q));
        }
    }
}

/* Smallest time such that at least q of the people have one no longer: by trying every time that occurs. */
static uint32_t slow_quantile(const county *c, uint32_t g, double q, double all) {
    uint32_t best = JX_UNREACHABLE;
    for (uint32_t i = 0; i < N; i++) {
        double sum = 0;
        for (uint32_t k = 0; k < N; k++) {
            bool counts = c->group[k] == g && c->threshold[k] && !c->off[k] && c->ms[k] <= c->ms[i];
            sum += counts ? c->people[k] : 0;
        }
        if (c->group[i] == g && c->threshold[i] && !c->off[i] && c->ms[i] < best && sum >= q * all) {
            best = c->ms[i];
        }
    }
    return best;
}

static void slow_coverage(const county *c, uint32_t g, jx_coverage *out) {
    *out = (jx_coverage){0};
    double time = 0, can = 0;
    for (uint32_t i = 0; i < N; i++) {
        if (c->group[i] != g) {
            continue;
        }
        out->n_cells++;
        out->by_reach[c->reach[i]] += c->people[i];
        if (c->threshold[i]) {
            out->people += c->people[i];
            if (!c->off[i] && c->ms[i] != JX_UNREACHABLE) {
                time += c->people[i] * c->ms[i];
                can += c->people[i];
            }
        }
    }
    out->share_within = out->by_reach[JX_REACH_WITHIN] / out->people;
    out->mean_ms = time / can;
    out->median_ms = slow_quantile(c, g, 0.5, out->people);
    out->p90_ms = slow_quantile(c, g, 0.9, out->people);
}

static void coverage_equals_its_definition(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    for (uint64_t seed = 1; seed <= 20; seed++) {
        static county c;
        jx_coverage got[GROUPS], want;
        make(&c, seed);
        assert_int_equal(jx_coverage_by_group(t.ctx, &c.in, c.reach, c.group, GROUPS, got), JX_OK);
        for (uint32_t g = 0; g + 1 < GROUPS; g++) {
            slow_coverage(&c, g, &want);
            assert_int_equal(got[g].n_cells, want.n_cells);
            assert_true(got[g].people == want.people && got[g].share_within == want.share_within);
            assert_true(fabs(got[g].mean_ms - want.mean_ms) <= 1e-9 * want.mean_ms);
            assert_int_equal(got[g].median_ms, want.median_ms);
            assert_int_equal(got[g].p90_ms, want.p90_ms);
            for (int r = 0; r < JX_N_REACH; r++) {
                assert_true(got[g].by_reach[r] == want.by_reach[r]);
            }
        }
        const jx_coverage *none = &got[GROUPS - 1]; /* nobody: no share, no time, never a zero */
        assert_true(none->people == 0 && none->n_cells == 0 && isnan(none->share_within) && isnan(none->mean_ms));
        assert_int_equal(none->median_ms, JX_UNREACHABLE);
    }
    jx_test_release(&t);
}

/* The groups and those without a group make up the whole. */
static void groups_add_up(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    static county c;
    uint32_t one[N];
    jx_coverage part[GROUPS + 1], all;
    make(&c, 77);
    for (uint32_t i = 0; i < N; i++) {
        one[i] = 0;
        c.group[i] = c.group[i] == JX_NONE ? GROUPS : c.group[i];
    }
    assert_int_equal(jx_coverage_by_group(t.ctx, &c.in, c.reach, c.group, GROUPS + 1, part), JX_OK);
    assert_int_equal(jx_coverage_by_group(t.ctx, &c.in, c.reach, one, 1, &all), JX_OK);
    double people = 0, within = 0;
    for (int g = 0; g <= GROUPS; g++) {
        people += part[g].people;
        within += part[g].by_reach[JX_REACH_WITHIN];
    }
    assert_true(people == all.people && within == all.by_reach[JX_REACH_WITHIN]);
    jx_test_release(&t);
}

/* A further facility can only shorten the nearest time: nobody may fall out of reach by it. */
static void a_facility_more_never_lowers_coverage(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    for (uint64_t seed = 1; seed <= 50; seed++) {
        static county c;
        jx_test_rng r = {seed, 1u << 20};
        jx_coverage before[GROUPS], after[GROUPS];
        double curve[2][121];
        make(&c, seed);
        assert_int_equal(jx_coverage_by_group(t.ctx, &c.in, c.reach, c.group, GROUPS, before), JX_OK);
        jx_reach_curve(&c.in, 121, curve[0]);
        for (uint32_t i = 0; i < N; i++) {
            uint32_t to_new = jx_test_below(&r, 3) ? JX_UNREACHABLE : (uint32_t)jx_test_below(&r, 4000000);
            c.ms[i] = !c.off[i] && to_new < c.ms[i] ? to_new : c.ms[i];
        }
        c.in.n_facilities++;
        jx_reach_classify(&c.in, c.reach);
        assert_int_equal(jx_coverage_by_group(t.ctx, &c.in, c.reach, c.group, GROUPS, after), JX_OK);
        jx_reach_curve(&c.in, 121, curve[1]);
        for (int g = 0; g + 1 < GROUPS; g++) {
            assert_true(after[g].by_reach[JX_REACH_WITHIN] >= before[g].by_reach[JX_REACH_WITHIN]);
            assert_true(after[g].median_ms <= before[g].median_ms && after[g].p90_ms <= before[g].p90_ms);
        }
        for (int m = 0; m < 121; m++) {
            assert_true(curve[1][m] >= curve[0][m]);
        }
    }
    jx_test_release(&t);
}

static void curve_equals_its_definition(void **state) {
    (void)state;
    static county c;
    double got[31];
    make(&c, 5);
    c.ms[0] = 600000; /* ten minutes sharp are within ten minutes, a millisecond more is not */
    c.ms[1] = 600001;
    c.off[0] = c.off[1] = 0;
    jx_reach_curve(&c.in, 31, got);
    for (uint32_t m = 0; m < 31; m++) {
        double want = 0;
        for (uint32_t i = 0; i < N; i++) {
            want += c.threshold[i] && !c.off[i] && c.ms[i] <= m * 60000 ? c.people[i] : 0;
        }
        assert_true(got[m] == want);
    }
}

static jx_status coverage_once(jx_ctx *ctx, void *arg) {
    county *c = arg;
    jx_coverage out[GROUPS];
    return jx_coverage_by_group(ctx, &c->in, c->reach, c->group, GROUPS, out);
}

static void no_memory(void **state) {
    (void)state;
    static county c;
    make(&c, 3);
    jx_oom_sweep(coverage_once, &c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_class_by_hand),
        cmocka_unit_test(coverage_equals_its_definition),
        cmocka_unit_test(groups_add_up),
        cmocka_unit_test(a_facility_more_never_lowers_coverage),
        cmocka_unit_test(curve_equals_its_definition),
        cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
