/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * San Francisco: 205 census tracts, 16 candidate stores, 4 to open, real network distances in metres. Published by PySAL spopt: p-median
 * with a mean of 2982.1268579890657 m, and 21 tracts left beyond 5,000 m by the maximal covering. All 1,820 sets of four are the oracle
 * of each model. Distances go in as whole millimetres; the published mean comes back from the sites with the distances as they were.
 */
#include <math.h>

#include "junxian/plan.h"
#include "support.h"

enum { TRACTS = 205, STORES = 16, OPEN = 4 };

typedef struct town {
    double metres[TRACTS][STORES];
    char tract[TRACTS][32];
    uint32_t people[TRACTS];
    uint64_t row[TRACTS + 1];
    jx_plan_entry entry[TRACTS * STORES];
} town;

static uint32_t tract_of(town *w, const char *name, uint32_t *n) {
    for (uint32_t i = 0; i < *n; i++) {
        if (strcmp(w->tract[i], name) == 0) {
            return i;
        }
    }
    if (*n >= TRACTS) {
        fail_msg("unknown tract '%s'", name);
    }
    snprintf(w->tract[*n], sizeof w->tract[*n], "%s", name);
    return (*n)++;
}

static void load(town *w) {
    char line[512], name[32], tract[32];
    double d;
    unsigned store, people;
    uint32_t n = 0, rows = 0;
    FILE *f = fopen(JX_SOURCE_DIR "/tests/data/sf-stores/SF_network_distance_candidateStore_16_censusTract_205_new.csv", "r");
    assert_non_null(f);
    assert_non_null(fgets(line, sizeof line, f));
    while (fgets(line, sizeof line, f)) {
        assert_int_equal(sscanf(line, "%lf,%31[^,],%31[^,],%u", &d, name, tract, &people), 4);
        assert_int_equal(sscanf(name, "Store_%u", &store), 1);
        uint32_t i = tract_of(w, tract, &n);
        uint32_t j = store >= 11 ? store - 4 : store - 1; /* they are called Store_1 to Store_7 and Store_11 to Store_19 */
        assert_true(j < STORES);
        w->metres[i][j] = d;
        rows++;
    }
    fclose(f);
    assert_int_equal(n, TRACTS);
    assert_int_equal(rows, TRACTS * STORES);
    f = fopen(JX_SOURCE_DIR "/tests/data/sf-stores/SF_demand_205_centroid_uniform_weight.csv", "r");
    assert_non_null(f);
    assert_non_null(fgets(line, sizeof line, f));
    while (fgets(line, sizeof line, f)) { /* "","OBJECTID","ID","NAME","STATE_NAME","AREA","POP2000",... */
        assert_int_equal(sscanf(line, "\"%*[^\"]\",\"%*[^\"]\",\"%*[^\"]\",\"%31[^\"]\",\"%*[^\"]\",%*[^,],%u", tract, &people), 2);
        w->people[tract_of(w, tract, &n)] = people;
    }
    fclose(f);
    for (uint32_t i = 0; i <= TRACTS; i++) {
        w->row[i] = (uint64_t)i * STORES;
    }
    for (uint32_t e = 0; e < TRACTS * STORES; e++) {
        w->entry[e] = (jx_plan_entry){e % STORES, (uint32_t)llround(w->metres[e / STORES][e % STORES] * 1000)};
    }
}

static jx_plan_problem problem(const town *w, jx_plan_model model) {
    return (jx_plan_problem){.model = model, .n_demands = TRACTS, .n_sites = STORES, .row = w->row, .entry = w->entry, .people = w->people,
                             .most_open = OPEN, .budget = UINT64_MAX, .limit = UINT32_MAX, .cutoff = 5000000, .most_nodes = 100000};
}

/* Mean, farthest, and people and tracts beyond 5 km of a set, from the distances as they are. */
typedef struct truth {
    double mean, far;
    uint64_t missed_people;
    uint32_t missed_tracts;
} truth;
static truth look(const town *w, uint32_t set) {
    truth t = {0, 0, 0, 0};
    double people = 0;
    for (uint32_t i = 0; i < TRACTS; i++) {
        double best = INFINITY;
        for (uint32_t j = 0; j < STORES; j++) {
            best = (set >> j & 1) && w->metres[i][j] < best ? w->metres[i][j] : best;
        }
        t.mean += best * w->people[i];
        people += w->people[i];
        t.far = best > t.far ? best : t.far;
        t.missed_people += best > 5000 ? w->people[i] : 0;
        t.missed_tracts += best > 5000;
    }
    t.mean /= people;
    return t;
}

static uint32_t set_of(const jx_plan *o) {
    uint32_t s = 0;
    for (uint32_t k = 0; k < o->n_open; k++) {
        s |= 1u << o->open[k];
    }
    return s;
}

static uint32_t bits(uint32_t v) {
    uint32_t n = 0;
    for (; v; v &= v - 1) {
        n++;
    }
    return n;
}

static void test_published(void **state) {
    (void)state;
    static town w;
    jx_test t;
    jx_test_init(&t, 0);
    load(&w);
    double mean = INFINITY, far = INFINITY;
    uint64_t missed = UINT64_MAX;
    uint32_t sets = 0;
    for (uint32_t s = 0; s < 1u << STORES; s++) {
        if (bits(s) == OPEN) {
            truth k = look(&w, s);
            mean = k.mean < mean ? k.mean : mean;
            far = k.far < far ? k.far : far;
            missed = k.missed_people < missed ? k.missed_people : missed;
            sets++;
        }
    }
    assert_int_equal(sets, 1820);

    jx_plan o;
    jx_plan_problem p = problem(&w, JX_PLAN_MEDIAN);
    assert_int_equal(jx_plan_solve(t.ctx, &p, &o), JX_OK);
    assert_true(o.proved);
    assert_true(fabs(look(&w, set_of(&o)).mean - 2982.1268579890657) < 1e-9);
    assert_true(fabs(look(&w, set_of(&o)).mean - mean) < 1e-9);
    assert_int_equal(set_of(&o), 1u << 1 | 1u << 7 | 1u << 8 | 1u << 11); /* Store_2, 11, 12, 15 */
    jx_plan_release(t.ctx, &o);

    p = problem(&w, JX_PLAN_COVER_MAX);
    assert_int_equal(jx_plan_solve(t.ctx, &p, &o), JX_OK);
    assert_true(o.proved);
    assert_int_equal(o.objective, missed);
    assert_int_equal(missed, 79866);
    assert_int_equal(look(&w, set_of(&o)).missed_tracts, 21);
    jx_plan_release(t.ctx, &o);

    uint32_t one[TRACTS]; /* tracts instead of people: 20 */
    for (uint32_t i = 0; i < TRACTS; i++) {
        one[i] = 1;
    }
    p.people = one;
    assert_int_equal(jx_plan_solve(t.ctx, &p, &o), JX_OK);
    assert_int_equal(o.objective, 20);
    jx_plan_release(t.ctx, &o);

    p = problem(&w, JX_PLAN_CENTER);
    assert_int_equal(jx_plan_solve(t.ctx, &p, &o), JX_OK);
    assert_true(o.proved);
    assert_int_equal(o.objective, (uint64_t)llround(far * 1000));
    assert_true(look(&w, set_of(&o)).far == far);
    jx_plan_release(t.ctx, &o);
    jx_test_release(&t);
}

/* Fewest stores that reach everybody: all 65,536 sets. */
static void test_cover_all(void **state) {
    (void)state;
    static town w;
    jx_test t;
    jx_test_init(&t, 0);
    load(&w);
    const uint32_t reach[] = {8000, 9000, 11000, 15000, 20000, 30000};
    for (size_t k = 0; k < sizeof reach / sizeof *reach; k++) {
        uint32_t least = STORES + 1;
        for (uint32_t s = 1; s < 1u << STORES; s++) {
            least = bits(s) < least && look(&w, s).far * 1000 <= reach[k] * 1000.0 + 0.5 ? bits(s) : least;
        }
        jx_plan o;
        jx_plan_problem p = problem(&w, JX_PLAN_COVER_ALL);
        p.most_open = JX_NONE;
        p.cutoff = reach[k] * 1000;
        jx_status st = jx_plan_solve(t.ctx, &p, &o);
        assert_int_equal(st, least > STORES ? JX_E_INFEASIBLE : JX_OK);
        if (st == JX_OK) {
            assert_true(o.proved);
            assert_int_equal(o.objective, least);
            jx_plan_release(t.ctx, &o);
        }
    }
    jx_test_release(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_published), cmocka_unit_test(test_cover_all)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
