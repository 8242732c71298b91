/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Access: published examples, and what each measure must keep.
 * - Soukhov et al. 2023 (PLOS ONE 18(1) e0278468), example of three towns and three job centres after Shen 1998, decay exp(-0.1 t): spatial
 *   availability 66,833, 133,203 and 9,963, as the R package accessibility asserts them too (ipeaGIT/accessibility, test-spatial_availability.R).
 * - The hospital example of PySAL access (test_hospital_example.py): 2SFCA with 1/t, four traffic situations; 3SFCA where all pairs lie within the
 *   catchment. Expected numbers recomputed with numpy from the definitions in that test.
 * - The example of the R package catchment (miserman/catchment, test-catchment_ratio.R): 2SFCA, KD2SFCA, E2SFCA, 3SFCA; numpy from the formulas there.
 * - Decay functions: values asserted in ipeaGIT/accessibility, test-decay_*.R.
 */
#include <math.h>

#include "junxian/access.h"
#include "junxian/num.h"
#include "oom.h"
#include "support.h"

enum { MAX_CELLS = 40, MAX_SITES = 12 };
typedef struct table {
    uint64_t row[MAX_CELLS + 1];
    jx_table_entry entry[MAX_CELLS * MAX_SITES];
    double demand[MAX_CELLS], supply[MAX_SITES];
    jx_decay decay;
    jx_access_input in;
} table;

/* minutes[cell * n_sites + site]; negative: no way. */
static void fill(table *k, jx_ctx *ctx, const double *minutes, uint32_t n_cells, uint32_t n_sites, const double *demand, const double *supply, const char *decay) {
    uint64_t n = 0;
    for (uint32_t i = 0; i < n_cells; i++) {
        k->row[i] = n;
        k->demand[i] = demand[i];
        for (uint32_t j = 0; j < n_sites; j++) {
            if (minutes[i * n_sites + j] >= 0) {
                jx_table_entry e = {j, (uint32_t)rint(minutes[i * n_sites + j] * 60000)};
                uint64_t at = n++;
                while (at > k->row[i] && k->entry[at - 1].time_ms > e.time_ms) {
                    k->entry[at] = k->entry[at - 1];
                    at--;
                }
                k->entry[at] = e;
            }
        }
    }
    k->row[n_cells] = n;
    for (uint32_t j = 0; j < n_sites; j++) {
        k->supply[j] = supply[j];
    }
    assert_int_equal(jx_decay_parse(ctx, decay, &k->decay), JX_OK);
    k->in = (jx_access_input){n_cells, n_sites, k->row, k->entry, k->demand, k->supply, &k->decay};
}

static void expect(const double *got, const double *want, int n, double tolerance) {
    for (int i = 0; i < n; i++) {
        assert_near(got[i], want[i], tolerance);
    }
}

static void soukhov_2023(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    const double minutes[9] = {15, 30, 100, 30, 15, 100, 100, 100, 15}, people[3] = {50000, 150000, 10000}, jobs[3] = {100000, 100000, 10000};
    const double published[3] = {66833, 133203, 9963};
    double a[3], shen[3];
    table k;
    jx_fca_totals sum;
    fill(&k, t.ctx, minutes, 3, 3, people, jobs, "exponential:0.1");
    assert_int_equal(jx_access_fca(t.ctx, &k.in, JX_FCA_AVAILABILITY, a, NULL, &sum), JX_OK);
    expect(a, published, 3, 0.5);
    assert_near(a[0] + a[1] + a[2], 210000, 1e-6);
    assert_int_equal(jx_access_fca(t.ctx, &k.in, JX_FCA_2SFCA, shen, NULL, &sum), JX_OK);
    for (int i = 0; i < 3; i++) { /* the paper's remark: availability per person is Shen's measure, which is 2SFCA with this decay */
        assert_near(a[i] / people[i], shen[i], 1e-12);
    }
    jx_test_release(&t);
}

static void pysal_hospitals(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    const double people[3] = {100, 50, 10}, doctors[3] = {15, 20, 100};
    static const struct {
        double in, out, cross, two[3];
    } cases[4] = {{40, 40, -1, {0.3314441169802766, 0.5798281320669381, 7.286418169862544}},
                  {20, 40, -1, {0.4353402208763805, 0.683724235963042, 5.727976611420986}},
                  {40, 20, -1, {0.3310719131614654, 0.5778577857785778, 7.299991939492457}},
                  {20, 20, 40, {0.4425683953985841, 0.6667582799658271, 5.7405246461850234}}};
    const double three[3] = {0.1748021480798136, 0.42403550855652616, 9.631800976419234};
    for (int c = 0; c < 4; c++) {
        const double minutes[9] = {1, cases[c].cross, cases[c].in, cases[c].cross, 1, cases[c].in, cases[c].out, cases[c].out, 1};
        double a[3];
        table k;
        jx_fca_totals sum;
        fill(&k, t.ctx, minutes, 3, 3, people, doctors, "power:1");
        assert_int_equal(jx_access_fca(t.ctx, &k.in, JX_FCA_2SFCA, a, NULL, &sum), JX_OK);
        expect(a, cases[c].two, 3, 1e-12);
        if (c == 3) {
            assert_int_equal(jx_access_fca(t.ctx, &k.in, JX_FCA_3SFCA, a, NULL, &sum), JX_OK);
            expect(a, three, 3, 1e-12);
        }
    }
    jx_test_release(&t);
}

static void catchment_example(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    const double minutes[6] = {5, 55, 35, 15, 40, 25}, people[3] = {5, 10, 50}, supply[2] = {5, 10};
    static const struct {
        const char *decay;
        jx_fca method;
        double want[3];
    } cases[] = {{"step:30", JX_FCA_2SFCA, {1, 0.16666666666666666, 0.16666666666666666}},
                 {"gaussian:2", JX_FCA_2SFCA, {1, 1, 1.9287498479639178e-22}},
                 {"step:20=1,40=0.68,60=0.22", JX_FCA_2SFCA, {0.15795079348173394, 0.295965297882435, 0.22501186107533963}},
                 {"step:20=1,40=0.68,60=0.22", JX_FCA_3SFCA, {0.18897011882395778, 0.3148141633268966, 0.2181401554522249}},
                 {"step:20=1,40=0.68,60=0.22", JX_FCA_M2SFCA, {0.11990201299392907, 0.2722098393671511, 0.15300806553123097}}};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        double a[3];
        table k;
        jx_fca_totals sum;
        fill(&k, t.ctx, minutes, 3, 2, people, supply, cases[c].decay);
        assert_int_equal(jx_access_fca(t.ctx, &k.in, cases[c].method, a, NULL, &sum), JX_OK);
        expect(a, cases[c].want, 3, 1e-14);
    }
    jx_test_release(&t);
}

static void decays_as_published(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    static const struct {
        const char *decay;
        double minutes, want, tolerance;
    } cases[] = {{"exponential:0.1", 0, 1, 0}, {"exponential:0.1", 10, 0.36787944117144233, 1e-15}, {"exponential:0.05", 120, 0.0024787521766663585, 1e-16},
                 {"linear:30", 10, 0.6667, 5e-5}, {"linear:30", 60, 0, 0}, {"power:0.5", 0.5, 1, 0}, {"power:0.5", 16, 0.25, 1e-15}, {"power:0.25", 256, 0.25, 1e-15},
                 {"logistic:20,2", 0, 1, 0}, {"logistic:20,2", 20, 0.5, 1e-7}, {"logistic:30,10", 30, 0.502, 5e-4}, {"logistic:20,2", 1e4, 0, 0},
                 {"step:25=1,50=0.5", 5, 1, 0}, {"step:25=1,50=0.5", 30, 0.5, 0}, {"step:25=1,50=0.5", 55, 0, 0}, {"kernel:30", 0, 1, 0}, {"kernel:30", 30, 0, 0},
                 {"kernel:30", 15, 0.70136657, 5e-9}, /* Dai 2010: (exp(-1/8) - exp(-1/2)) / (1 - exp(-1/2)) */
                 {"epanechnikov:30", 15, 0.75, 0}, {"gaussian:1", 1, 0.24197072 * 2.5066282746, 1.3e-7}}; /* PySAL access, test_weights.py: normal density at 1, here not scaled */
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        jx_decay d, again;
        assert_int_equal(jx_decay_parse(t.ctx, cases[c].decay, &d), JX_OK);
        assert_near(jx_decay_at(&d, (uint32_t)rint(cases[c].minutes * 60000)), cases[c].want, cases[c].tolerance);
        assert_true(jx_decay_at(&d, JX_UNREACHABLE) == 0);
        double last = 1;
        for (uint32_t ms = 0; ms < 7200000; ms += 7919) {
            double f = jx_decay_at(&d, ms);
            assert_true(f >= 0 && f <= last);
            last = f;
        }
        jx_buf b;
        jx_buf_init(&b, t.ctx);
        jx_decay_write(&b, &d);
        assert_int_equal(jx_buf_ok(&b), JX_OK);
        assert_int_equal(jx_decay_parse(t.ctx, b.s, &again), JX_OK);
        assert_memory_equal(&d, &again, sizeof d);
        jx_buf_release(&b);
    }
    static const char *const bad[] = {"", "linear", "linear:", "linear:0", "linear:-3", "linear:x", "linear:3 ", "linear:3,", "logistic:20", "logistic:20,0", "step:", "step:10,",
                                      "step:10=0.5,20=0.7", "step:20,10", "step:10=2", "step:1,2,3,4,5,6,7,8,9", "cubic:3", "linear:nan", "linear:inf", "step:10=1=2"};
    for (size_t c = 0; c < sizeof bad / sizeof *bad; c++) {
        jx_decay d;
        assert_int_equal(jx_decay_parse(t.ctx, bad[c], &d), JX_E_USAGE);
    }
    jx_test_release(&t);
}

/* ---- what must hold whatever the numbers -------------------------------------------------------------------------------- */

static void random_table(table *k, jx_ctx *ctx, uint64_t seed, const char *decay) {
    double minutes[MAX_CELLS * MAX_SITES], demand[MAX_CELLS], supply[MAX_SITES];
    uint32_t n_cells = 1 + (uint32_t)(jx_random(seed, 0, 0) % MAX_CELLS), n_sites = 1 + (uint32_t)(jx_random(seed, 0, 1) % MAX_SITES);
    for (uint32_t i = 0; i < n_cells; i++) {
        demand[i] = jx_random(seed, 1, i) % 7 == 0 ? 0 : (double)(jx_random(seed, 1, i) % 100000) / 64;
    }
    for (uint32_t j = 0; j < n_sites; j++) {
        uint64_t r = jx_random(seed, 2, j);
        supply[j] = r % 9 == 0 ? NAN : (double)(r % 5000) / 16;
    }
    for (uint32_t e = 0; e < n_cells * n_sites; e++) {
        uint64_t r = jx_random(seed, 3, e);
        minutes[e] = r % 3 == 0 ? -1 : (double)(r % 40000) / 1000;
    }
    fill(k, ctx, minutes, n_cells, n_sites, demand, supply, decay);
}

static const char *const decays[] = {"step:20", "step:10=1,20=0.68,30=0.22", "linear:30", "exponential:0.1", "gaussian:12", "kernel:30", "epanechnikov:25", "logistic:20,5", "power:1.5"};
enum { N_DECAYS = sizeof decays / sizeof *decays };

static void what_is_there_is_what_is_given(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    table k;
    for (uint64_t seed = 1; seed <= 400; seed++) {
        double a[MAX_CELLS], level[MAX_SITES];
        random_table(&k, t.ctx, seed, decays[seed % N_DECAYS]);
        for (int m = 0; m < JX_N_FCA; m++) {
            jx_fca_totals s;
            assert_int_equal(jx_access_fca(t.ctx, &k.in, (jx_fca)m, a, level, &s), JX_OK);
            double given = 0, sum = 0, levels = 0, asked = 0, known = 0;
            for (uint32_t i = 0; i < k.in.n_cells; i++) {
                assert_true(a[i] >= 0 && !isinf(a[i]));
                given += a[i] * k.demand[i], sum += a[i];
            }
            for (uint32_t j = 0; j < k.in.n_facilities; j++) {
                known += k.supply[j] >= 0 ? k.supply[j] : 0;
                levels += level[j] >= 0 ? level[j] : 0;
                asked += level[j] > 0 ? k.supply[j] / level[j] : 0;
            }
            double near = 1e-9 * (1 + s.supply);
            assert_near(known, s.supply, near);
            assert_true(s.supply_used <= s.supply + near && s.demand_reaching <= s.demand + 1e-9 * (1 + s.demand));
            if (m == JX_FCA_2SFCA || m == JX_FCA_3SFCA) {
                assert_near(given, s.supply_used, near);
            } else if (m == JX_FCA_M2SFCA) {
                assert_true(given <= s.supply_used + near);
            } else if (m == JX_FCA_AVAILABILITY) {
                assert_near(sum, s.supply_used, near);
            } else {
                bool all_supplied = true; /* a facility of no supply takes people in without a level */
                for (uint32_t j = 0; j < k.in.n_facilities; j++) {
                    all_supplied = all_supplied && k.supply[j] != 0;
                }
                assert_near(sum, levels, 1e-9 * (1 + levels));
                if (all_supplied) {
                    assert_near(asked, s.demand_reaching, 1e-9 * (1 + s.demand));
                }
            }
        }
    }
    jx_test_release(&t);
}

static void one_facility_more_never_takes_away(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    table k;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        random_table(&k, t.ctx, seed, decays[seed % N_DECAYS]);
        double with[MAX_CELLS], without[MAX_CELLS], grav_with[MAX_CELLS], grav_without[MAX_CELLS];
        uint32_t near_with[MAX_CELLS], near_without[MAX_CELLS], dual_with[MAX_CELLS], dual_without[MAX_CELLS];
        jx_access_cumulative(&k.in, 900000, with);
        jx_access_gravity(&k.in, grav_with);
        jx_access_kth(&k.in, 2, near_with);
        jx_access_dual(&k.in, 100, dual_with);
        uint32_t gone = (uint32_t)(jx_random(seed, 5, 0) % k.in.n_facilities);
        uint64_t n = 0; /* the same table without one facility */
        for (uint32_t i = 0; i < k.in.n_cells; i++) {
            uint64_t begin = k.row[i], end = k.row[i + 1];
            k.row[i] = n;
            for (uint64_t e = begin; e < end; e++) {
                if (k.entry[e].facility != gone) {
                    k.entry[n++] = k.entry[e];
                }
            }
        }
        k.row[k.in.n_cells] = n;
        jx_access_cumulative(&k.in, 900000, without);
        jx_access_gravity(&k.in, grav_without);
        jx_access_kth(&k.in, 2, near_without);
        jx_access_dual(&k.in, 100, dual_without);
        for (uint32_t i = 0; i < k.in.n_cells; i++) {
            assert_true(without[i] <= with[i] && grav_without[i] <= grav_with[i] * (1 + 1e-15));
            assert_true(near_without[i] >= near_with[i] && dual_without[i] >= dual_with[i]);
        }
    }
    jx_test_release(&t);
}

/* By the definitions, dense and naive. */
static void bfca_and_the_simple_ones_by_definition(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    table k;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        random_table(&k, t.ctx, seed, decays[seed % N_DECAYS]);
        double f[MAX_CELLS][MAX_SITES] = {{0}}, ms[MAX_CELLS][MAX_SITES], a[MAX_CELLS], cum[MAX_CELLS];
        uint32_t n = k.in.n_cells, m = k.in.n_facilities, dual[MAX_CELLS];
        for (uint32_t i = 0; i < n; i++) {
            for (uint32_t j = 0; j < m; j++) {
                ms[i][j] = INFINITY;
            }
            for (uint64_t e = k.row[i]; e < k.row[i + 1]; e++) {
                uint32_t j = k.entry[e].facility;
                ms[i][j] = k.entry[e].time_ms;
                f[i][j] = isnan(k.supply[j]) ? 0 : jx_decay_at(&k.decay, k.entry[e].time_ms);
            }
        }
        jx_fca_totals s;
        assert_int_equal(jx_access_fca(t.ctx, &k.in, JX_FCA_BFCA, a, NULL, &s), JX_OK);
        jx_access_cumulative(&k.in, 600000, cum);
        jx_access_dual(&k.in, 200, dual);
        for (uint32_t i = 0; i < n; i++) {
            double want = 0, within = 0, first = INFINITY;
            for (uint32_t j = 0; j < m; j++) {
                double people = 0, mass = 0;
                for (uint32_t c = 0; c < n; c++) {
                    double reach = 0;
                    for (uint32_t l = 0; l < m; l++) {
                        reach += f[c][l];
                    }
                    people += reach > 0 ? k.demand[c] * f[c][j] / reach : 0;
                    mass += f[c][j];
                }
                want += people > 0 ? f[i][j] / mass * k.supply[j] / people : 0;
                within += ms[i][j] <= 600000 && k.supply[j] >= 0 ? k.supply[j] : 0;
            }
            for (uint32_t j = 0; j < m; j++) { /* the least time at which what lies within it is enough */
                double sum = 0;
                for (uint32_t l = 0; l < m; l++) {
                    sum += ms[i][l] <= ms[i][j] && k.supply[l] >= 0 ? k.supply[l] : 0;
                }
                first = sum >= 200 && ms[i][j] < first ? ms[i][j] : first;
            }
            assert_near(a[i], want, 1e-11 * (1 + want));
            assert_near(cum[i], within, 1e-9);
            assert_true(isinf(first) ? dual[i] == JX_UNREACHABLE : dual[i] == (uint32_t)first);
        }
    }
    jx_test_release(&t);
}

/* Minimum cut by trying all sets of facilities: what the maximum flow must be. */
static void seats_equal_the_smallest_cut(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    table k;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        random_table(&k, t.ctx, seed, "step:30");
        uint32_t limit = 600000 + (uint32_t)(jx_random(seed, 6, 0) % 1200000), n = k.in.n_cells, m = k.in.n_facilities;
        for (uint32_t i = 0; i < n; i++) {
            k.demand[i] = rint(k.demand[i] / 10); /* whole persons: the sums below are exact */
        }
        for (uint32_t j = 0; j < m; j++) {
            k.supply[j] = rint(k.supply[j] * 4);
        }
        double best = INFINITY, seated[MAX_SITES], sum = 0;
        for (uint32_t set = 0; set < 1u << m; set++) {
            double cut = 0;
            for (uint32_t j = 0; j < m; j++) {
                cut += set >> j & 1 && k.supply[j] >= 0 ? k.supply[j] : 0;
            }
            for (uint32_t i = 0; i < n; i++) {
                bool inside = true;
                for (uint64_t e = k.row[i]; e < k.row[i + 1]; e++) {
                    bool counts = k.entry[e].time_ms <= limit && k.supply[k.entry[e].facility] >= 0;
                    inside = inside && (!counts || (set >> k.entry[e].facility & 1));
                }
                cut += inside ? 0 : k.demand[i];
            }
            best = cut < best ? cut : best;
        }
        jx_shortage s;
        assert_int_equal(jx_access_shortage(t.ctx, &k.in, limit, seated, &s), JX_OK);
        assert_near(s.seated, best, 1e-9);
        assert_near(s.demand, s.seated + s.far + s.full, 1e-9);
        for (uint32_t j = 0; j < m; j++) {
            assert_true(seated[j] >= 0 && (isnan(k.supply[j]) ? seated[j] == 0 : seated[j] <= k.supply[j]));
            sum += seated[j];
        }
        assert_near(sum, s.seated, 1e-9);
        jx_load load[MAX_SITES];
        double unserved, loaded = 0;
        jx_access_load(&k.in, limit, load, &unserved);
        for (uint32_t j = 0; j < m; j++) {
            loaded += load[j].demand;
            assert_true(load[j].farthest_ms <= limit);
        }
        assert_near(loaded + unserved, s.demand, 1e-9);
    }
    jx_test_release(&t);
}

static jx_status everything(jx_ctx *ctx, void *arg) {
    table *k = arg;
    double a[MAX_CELLS];
    jx_fca_totals s;
    jx_shortage short_of;
    jx_decay d;
    for (int m = 0; m < JX_N_FCA; m++) {
        JX_TRY(jx_access_fca(ctx, &k->in, (jx_fca)m, a, NULL, &s));
    }
    JX_TRY(jx_decay_parse(ctx, "step:10=1,20=0.5", &d));
    return jx_access_shortage(ctx, &k->in, 1200000, NULL, &short_of);
}

static void memory_may_end_anywhere(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    table k;
    random_table(&k, t.ctx, 11, "kernel:30");
    jx_oom_sweep(everything, &k);
    jx_test_release(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(soukhov_2023),
                                       cmocka_unit_test(pysal_hospitals),
                                       cmocka_unit_test(catchment_example),
                                       cmocka_unit_test(decays_as_published),
                                       cmocka_unit_test(what_is_there_is_what_is_given),
                                       cmocka_unit_test(one_facility_more_never_takes_away),
                                       cmocka_unit_test(bfca_and_the_simple_ones_by_definition),
                                       cmocka_unit_test(seats_equal_the_smallest_cut),
                                       cmocka_unit_test(memory_may_end_anywhere)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
