/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The door to other solvers: what it reads, and that the plan it makes of given sites is the best sharing out, by all subsets. */
#include "junxian/plan_mip.h"
#include "oom.h"
#include "support.h"

static void test_answers(void **state) {
    (void)state;
    uint8_t open[5];
    jx_mip_end end;
#define READ(text) jx_plan_mip_read(text, sizeof text - 1, 5, open, &end)
    READ("Optimal - objective value 12.00000000\n      0 zero 0 0\n      1 y1                     1                       0\n  7 y4  0.9999999 2\n 9 x1_4 1 0\n");
    assert_true(end == JX_MIP_OPTIMAL && !open[0] && open[1] && !open[2] && !open[3] && open[4]);
    READ("Model status\nOptimal\n\n# Primal solution values\nFeasible\nObjective 12\n# Columns 3\nzero 0\ny0 1\ny3 0\n");
    assert_true(end == JX_MIP_OPTIMAL && open[0] && !open[3]);
    READ("Stopped on time - objective value 3\n 0 y2 1 0\n");
    assert_true(end == JX_MIP_FEASIBLE && open[2]);
    READ("Infeasible - objective value 0.00\n 0 y2 1 0\n");
    assert_true(end == JX_MIP_INFEASIBLE);
    READ("Stopped on time (no integer solution - continuous used) - objective value 3\n 0 y2 1 0\n");
    assert_true(end == JX_MIP_NOTHING && !open[2]);
    READ("y9 1\ny05x 1\ny 1\ny2\n1\n");
    assert_true(end == JX_MIP_NOTHING);
    READ("");
    assert_true(end == JX_MIP_NOTHING);
#undef READ
}

/* Three demands, three sites; the second cover asks for two in reach. */
static const uint64_t row[] = {0, 2, 4, 6};
static const jx_plan_entry entry[] = {{0, 1}, {1, 5}, {0, 4}, {1, 2}, {1, 6}, {2, 1}};
static const uint32_t people[] = {10, 20, 30};
static const uint64_t capacity[] = {25, 30, 100};
static const jx_plan_problem problem = {.model = JX_PLAN_COVER_MAX, .n_demands = 3, .n_sites = 3, .row = row, .entry = entry, .people = people, .most_open = 2,
                                        .budget = UINT64_MAX, .capacity = capacity, .limit = UINT32_MAX, .cutoff = 6, .covers = 2, .backup_permille = 400};

static void test_plans_of_sites(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    jx_plan_problem p = problem;
    jx_plan plan;
    const uint8_t first_two[] = {1, 1, 0}, all[] = {1, 1, 1};
    assert_int_equal(jx_plan_of_sites(t.ctx, &p, first_two, true, &plan), JX_OK);
    /* room for 55 of 60; the third demand has one site only: 5 x 0.6 + 30 x 0.4 in thousandths */
    assert_true(plan.objective == 5 * 600 + 30 * 400 && plan.proved && plan.bound == plan.objective && plan.n_open == 2);
    jx_plan_release(t.ctx, &plan);
    assert_int_equal(jx_plan_of_sites(t.ctx, &p, all, true, &plan), JX_E_INFEASIBLE); /* one more than it may open */
    assert_int_equal(jx_test_said(&t, JX_M_PLAN_IMPOSSIBLE), 1);
    p.model = JX_PLAN_COVER_ALL;
    p.most_open = JX_NONE;
    assert_int_equal(jx_plan_of_sites(t.ctx, &p, all, false, &plan), JX_OK);
    assert_true(plan.objective == 3 && !plan.proved && plan.bound == 0 && plan.loss[0] == UINT64_MAX);
    jx_plan_release(t.ctx, &plan);
    assert_int_equal(jx_plan_of_sites(t.ctx, &p, first_two, false, &plan), JX_E_INFEASIBLE); /* the third has no second */
    p.capacity = NULL;
    p.covers = 1;
    assert_int_equal(jx_plan_of_sites(t.ctx, &p, all, false, &plan), JX_OK); /* any two of them serve all: without one nothing is lost */
    assert_true(plan.objective == 3 && plan.loss[0] == 0 && plan.loss[1] == 0 && plan.loss[2] == 0);
    jx_plan_release(t.ctx, &plan);
    jx_buf b;
    jx_buf_init(&b, t.ctx);
    p.model = JX_PLAN_CENTER;
    p.covers = 2;
    assert_int_equal(jx_plan_mip_write(t.ctx, &p, &b), JX_E_INPUT); /* never dropped in silence */
    jx_buf_release(&b);
    jx_test_release(&t);
}

static jx_status door(jx_ctx *ctx, void *arg) {
    const uint8_t first_two[] = {1, 1, 0};
    jx_plan plan;
    jx_buf b;
    (void)arg;
    jx_buf_init(&b, ctx);
    jx_status st = jx_plan_mip_write(ctx, &problem, &b);
    jx_buf_release(&b);
    JX_TRY(st);
    JX_TRY(jx_plan_of_sites(ctx, &problem, first_two, true, &plan));
    jx_plan_release(ctx, &plan);
    return JX_OK;
}

static void test_failing_memory(void **state) {
    (void)state;
    jx_oom_sweep(door, NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_answers), cmocka_unit_test(test_plans_of_sites), cmocka_unit_test(test_failing_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
