/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The shared opening of the service verbs, on the built-in demo: against the diagnosis, which comes to its tables by its own way, and against plain Dijkstra. */
#include "run/study.h"
#include "unit.h"

static jx_mem *mem;
static jx_ctx *ctx;
static jx__study study;

static jx_args arguments(const char **input, jx_arg_value *opt, uint32_t n) { return (jx_args){input, 1, opt, n, "test"}; }
static const char *demo[] = {"demo"};

static int setup(void **state) {
    (void)state;
    mem = jx_mem_new(NULL, 0);
    ctx = jx_ctx_new(&(jx_ctx_options){.mem = mem});
    jx_arg_value opt[] = {{"service", "primary_school"}};
    jx_args args = arguments(demo, opt, 1);
    return ctx && jx__study_open(ctx, &args, &study) == JX_OK ? 0 : -1;
}

static int teardown(void **state) {
    (void)state;
    jx__study_release(ctx, &study);
    jx_ctx_free(ctx);
    size_t left = jx_mem_used(mem);
    jx_mem_free(mem);
    return left == 0 ? 0 : -1;
}

static void the_offer_is_the_diagnosis_s(void **state) {
    (void)state;
    jx_diagnosis *d = NULL;
    assert_int_equal(jx_diagnose(ctx, study.county, &d), JX_OK);
    const jx_service_result *r = NULL;
    for (uint32_t i = 0; i < d->n_results && !r; i++) {
        r = strcmp(study.county->services[d->results[i].service].id, "primary_school") == 0 ? &d->results[i] : NULL;
    }
    assert_non_null(r);
    const jx__offer *o = &study.offer;
    assert_int_equal(o->n, r->n_facilities);
    assert_int_equal(o->n_inside, r->n_inside);
    assert_memory_equal(o->facility, r->facility, o->n * sizeof *o->facility);
    assert_int_equal(o->cutoff_ms, r->table->cutoff_ms);
    uint32_t n = study.county->cells.n;
    assert_memory_equal(o->table->row, r->table->row, (n + 1) * sizeof *o->table->row);
    assert_memory_equal(o->table->entry, r->table->entry, o->table->row[n] * sizeof *o->table->entry);
    jx_diagnosis_free(ctx, d);
}

static void other_places_get_the_times_dijkstra_finds(void **state) {
    (void)state;
    const jx_county *c = study.county;
    enum { N = 40 };
    jx_pt pt[N];
    jx_snap snap[N];
    for (uint32_t i = 0; i < N; i++) {
        pt[i] = c->cells.pt[(size_t)i * c->cells.n / N];
    }
    assert_int_equal(jx__study_snap(ctx, &study, JX_WALK, pt, N, snap), JX_OK);
    jx_table *a = NULL, *b = NULL;
    assert_int_equal(jx__study_table(ctx, &study, JX_WALK, snap, N, 1200000, &a), JX_OK);
    assert_int_equal(jx_table_new(ctx, c->network, c->metric[JX_WALK], JX_TO_FACILITY, c->cell_snap[JX_WALK], c->cells.n, snap, N, 1200000, &b), JX_OK);
    assert_true(a->row[c->cells.n] > N);
    assert_memory_equal(a->row, b->row, (c->cells.n + 1) * sizeof *a->row);
    assert_memory_equal(a->entry, b->entry, a->row[c->cells.n] * sizeof *a->entry);
    assert_memory_equal(a->nearest_ms, b->nearest_ms, c->cells.n * sizeof *a->nearest_ms);
    jx_table_free(ctx, a);
    jx_table_free(ctx, b);
}

static void further_services_and_what_is_missing(void **state) {
    (void)state;
    jx__offer o;
    assert_int_equal(jx__offer_open(ctx, &study, "hospital", JX_CAR, 600000, true, &o), JX_OK);
    assert_true(o.n > 0 && o.mode == JX_CAR && o.table->cutoff_ms == 600000);
    jx__offer_release(ctx, &o);
    assert_int_equal(jx__offer_open(ctx, &study, "hospital", JX_N_MODES, 0, false, &o), JX_OK);
    assert_true(o.mode == o.service->criteria[0].mode && o.criterion == &o.service->criteria[0] && !o.table);
    jx__offer_release(ctx, &o);
    assert_int_equal(jx__offer_open(ctx, &study, "opera", JX_WALK, 0, true, &o), JX_E_USAGE);
    jx__offer_release(ctx, &o);
    jx_ctx_clear_error(ctx);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_offer_is_the_diagnosis_s), cmocka_unit_test(other_places_get_the_times_dijkstra_finds),
                                       cmocka_unit_test(further_services_and_what_is_missing)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
