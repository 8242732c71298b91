/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Siting against all subsets, and properties that any answer must have. */
#include <math.h>

#include "junxian/siting.h"
#include "oom.h"
#include "support.h"

enum { MAX_N = 14, MAX_M = 9 };

/* A random small problem with every option now and then. */
typedef struct mini {
    jx_siting s;
    double weight[MAX_N], site_cost[MAX_M], open_cost[MAX_M];
    uint32_t dist[MAX_N * MAX_M], site[MAX_N * MAX_M];
    size_t off[MAX_N + 1];
    uint8_t status[MAX_M];
} mini;

static void make_sparse(mini *q) {
    size_t n = 0;
    for (uint32_t i = 0; i < q->s.n_clients; i++) {
        q->off[i] = n;
        for (uint32_t j = 0; j < q->s.n_sites; j++) {
            uint32_t d = q->dist[i * q->s.n_sites + j];
            if (d != JX_UNREACHABLE) {
                q->site[n] = j;
                q->dist[n++] = d; /* never ahead of what is still to be read */
            }
        }
    }
    q->off[q->s.n_clients] = n;
    q->s.off = q->off;
    q->s.site = q->site;
}

static void make_mini(jx_test_rng *r, mini *q) {
    *q = (mini){0};
    uint32_t n = (uint32_t)jx_test_below(r, MAX_N + 1), m = 1 + (uint32_t)jx_test_below(r, MAX_M);
    q->s = (jx_siting){.n_clients = n, .n_sites = m, .dist = q->dist, .p = 1 + (uint32_t)jx_test_below(r, m), .max_dist = JX_UNREACHABLE, .unserved_dist = JX_UNREACHABLE};
    uint32_t spread = jx_test_below(r, 2) ? 6 : 100, holes = (uint32_t)jx_test_below(r, 3);
    for (uint32_t e = 0; e < n * m; e++) {
        q->dist[e] = holes && jx_test_below(r, 6) < holes ? JX_UNREACHABLE : (uint32_t)jx_test_below(r, spread);
    }
    if (jx_test_below(r, 2)) {
        bool whole = jx_test_below(r, 2);
        for (uint32_t i = 0; i < n; i++) {
            q->weight[i] = whole ? (double)jx_test_below(r, 5) : 3 * jx_test_unit(r);
        }
        q->s.weight = q->weight;
    }
    if (jx_test_below(r, 3) == 0) {
        for (uint32_t j = 0; j < m; j++) {
            q->status[j] = (uint8_t)(jx_test_below(r, 4) ? JX_SITE_CANDIDATE : 1 + jx_test_below(r, 2));
        }
        q->s.status = q->status;
    }
    if (jx_test_below(r, 3) == 0) {
        for (uint32_t j = 0; j < m; j++) {
            q->site_cost[j] = (double)jx_test_below(r, 10);
        }
        q->s.site_cost = q->site_cost;
        q->s.budget = (double)jx_test_below(r, 5 * m);
    }
    if (jx_test_below(r, 3) == 0) {
        for (uint32_t j = 0; j < m; j++) {
            q->open_cost[j] = (double)jx_test_below(r, spread);
        }
        q->s.open_cost = q->open_cost;
    }
    q->s.max_dist = jx_test_below(r, 3) ? JX_UNREACHABLE : (uint32_t)jx_test_below(r, spread);
    q->s.unserved_dist = jx_test_below(r, 3) ? JX_UNREACHABLE : (uint32_t)jx_test_below(r, 2 * spread);
    if (jx_test_below(r, 2)) {
        make_sparse(q);
    }
}

static uint32_t dist_of(const jx_siting *s, uint32_t i, uint32_t j) {
    uint32_t d = JX_UNREACHABLE;
    if (!s->off) {
        d = s->dist[(size_t)i * s->n_sites + j];
    }
    for (size_t e = s->off ? s->off[i] : 1; s->off && e < s->off[i + 1]; e++) {
        d = s->site[e] == j && s->dist[e] < d ? s->dist[e] : d;
    }
    return d > s->max_dist ? JX_UNREACHABLE : d;
}

/* Objective of a set of sites by the definition; INFINITY where it breaks a constraint. */
static double by_definition(const jx_siting *s, jx_siting_model model, uint32_t set) {
    uint32_t n_open = 0;
    double spent = 0, sum = 0, most = 0;
    for (uint32_t j = 0; j < s->n_sites; j++) {
        bool in = set >> j & 1;
        if (!in && s->status && s->status[j] == JX_SITE_KEPT) {
            return INFINITY;
        }
        n_open += in;
        spent += in && s->site_cost ? s->site_cost[j] : 0;
        sum += in && s->open_cost ? s->open_cost[j] : 0;
    }
    if (n_open > s->p || (s->site_cost && spent > s->budget)) {
        return INFINITY;
    }
    for (uint32_t i = 0; i < s->n_clients; i++) {
        double w = s->weight ? s->weight[i] : 1;
        uint32_t best = s->unserved_dist;
        for (uint32_t j = 0; j < s->n_sites; j++) {
            uint32_t d = set >> j & 1 ? dist_of(s, i, j) : JX_UNREACHABLE;
            best = d < best ? d : best;
        }
        if (w > 0 && best == JX_UNREACHABLE) {
            return INFINITY;
        }
        sum += w > 0 ? w * best : 0;
        most = w > 0 && best > most ? best : most;
    }
    return model == JX_SITING_P_CENTER ? most : sum;
}

static double by_all_subsets(const jx_siting *s, jx_siting_model model) {
    double best = INFINITY;
    for (uint32_t set = 0; set < 1u << s->n_sites; set++) {
        double v = by_definition(s, model, set);
        best = v < best ? v : best;
    }
    return best;
}

static uint32_t set_of(const jx_siting_plan *p) {
    uint32_t set = 0;
    for (uint32_t a = 0; a < p->n_open; a++) {
        set |= 1u << p->open[a].site;
    }
    return set;
}

static bool close_to(double a, double b) { return fabs(a - b) <= 1e-9 * (1 + fabs(b)); }

/* What a plan says about itself must be true of its sites. */
static void check_plan(const jx_siting *s, jx_siting_model model, const jx_siting_plan *p, double optimum) {
    uint32_t set = set_of(p);
    assert_true(close_to(p->objective, by_definition(s, model, set)));
    assert_true(p->objective >= optimum - 1e-9 * (1 + optimum));
    assert_true(p->bound <= optimum + 1e-9 * (1 + optimum));
    assert_true(p->bound <= p->objective);
    assert_true(p->proved == (p->end == JX_SITING_PROVED));
    if (p->n_runner) {
        uint32_t other = 0;
        for (uint32_t a = 0; a < p->n_runner; a++) {
            other |= 1u << p->runner[a];
        }
        assert_true(other != set);
        assert_true(close_to(p->runner_up, by_definition(s, model, other)));
    }
    jx_siting free_hand = *s; /* without one site the plan may be poorer than the constraints on sites ask for */
    free_hand.status = NULL;
    double weight = 0;
    for (uint32_t a = 0; a < p->n_open; a++) {
        double without = by_definition(&free_hand, model, set & ~(1u << p->open[a].site));
        assert_true(isinf(without) ? isinf(p->open[a].loss) : close_to(p->open[a].loss, without - p->objective));
        weight += p->open[a].weight;
    }
    for (uint32_t i = 0; i < s->n_clients; i++) {
        double w = s->weight ? s->weight[i] : 1;
        uint32_t best = JX_NONE;
        for (uint32_t j = 0; w > 0 && j < s->n_sites; j++) {
            uint32_t d = set >> j & 1 ? dist_of(s, i, j) : JX_UNREACHABLE;
            if (d < s->unserved_dist && d != JX_UNREACHABLE && (best == JX_NONE || d < dist_of(s, i, best))) {
                best = j;
            }
        }
        assert_int_equal(p->assigned[i], best);
        weight -= best == JX_NONE ? 0 : w;
    }
    assert_true(fabs(weight) < 1e-9);
}

static jx_status solve(jx_test *t, const jx_siting *s, int model, jx_siting_options opt, jx_siting_plan *p) {
    jx_status st = jx_siting_solve(t->ctx, s, (jx_siting_model)model, &opt, p);
    jx_ctx_clear_error(t->ctx);
    return st;
}

/* Proved plans are best among all subsets, and what is said to be impossible is. */
static void all_subsets(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    jx_test_rng r = {.seed = 5};
    uint32_t feasible = 0, infeasible = 0;
    for (int round = 0; round < 4000; round++) {
        mini q;
        make_mini(&r, &q);
        for (int model = 0; model < JX_N_SITING_MODELS; model++) {
            double optimum = by_all_subsets(&q.s, (jx_siting_model)model);
            for (int preview = 0; preview < 2; preview++) {
                jx_siting_plan p;
                jx_status st = solve(&t, &q.s, model, (jx_siting_options){.seed = (uint64_t)round, .preview = preview}, &p);
                if (st == JX_OK) {
                    check_plan(&q.s, (jx_siting_model)model, &p, optimum);
                    assert_true(p.proved); /* so small that a preview's work is enough */
                    assert_true(close_to(p.objective, optimum));
                    feasible++;
                } else {
                    assert_int_equal(st, JX_E_INFEASIBLE);
                    assert_true(isinf(optimum));
                    infeasible++;
                }
                jx_siting_plan_release(t.ctx, &p);
            }
        }
    }
    assert_true(feasible > 4000 && infeasible > 1000);
    jx_test_release(&t);
}

/* The plan of a set of sites is what the definition says, also for sets that no search would choose. */
static void evaluate_any_set(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    jx_test_rng r = {.seed = 6};
    for (int round = 0; round < 1000; round++) {
        mini q;
        make_mini(&r, &q);
        jx_siting loose = q.s; /* evaluating does not look at these */
        loose.p = q.s.n_sites;
        loose.site_cost = NULL;
        loose.status = NULL;
        uint32_t set = (uint32_t)jx_test_below(&r, 1u << q.s.n_sites), open[MAX_M], n = 0;
        for (uint32_t j = 0; j < q.s.n_sites; j++) {
            if (set >> j & 1) {
                open[n++] = j;
            }
        }
        for (int model = 0; model < JX_N_SITING_MODELS; model++) {
            jx_siting_plan p;
            double want = by_definition(&loose, (jx_siting_model)model, set);
            jx_status st = jx_siting_evaluate(t.ctx, &q.s, (jx_siting_model)model, open, n, &p);
            if (st == JX_OK) {
                assert_int_equal(set_of(&p), set);
                assert_true(close_to(p.objective, want));
                assert_true(p.bound <= by_all_subsets(&loose, (jx_siting_model)model) + 1e-9);
            } else {
                assert_int_equal(st, JX_E_INFEASIBLE);
                assert_true(isinf(want));
                jx_ctx_clear_error(t.ctx);
            }
            jx_siting_plan_release(t.ctx, &p);
        }
    }
    jx_test_release(&t);
}

/* A plane with random clients and sites; costs are straight distances. */
static uint32_t *plane(uint64_t seed, uint32_t n, uint32_t m) {
    jx_test_rng r = {.seed = seed};
    double *xy = malloc((size_t)(n + m) * 2 * sizeof *xy);
    uint32_t *d = malloc((size_t)n * m * sizeof *d);
    assert_non_null(xy);
    assert_non_null(d);
    for (uint32_t a = 0; a < 2 * (n + m); a++) {
        xy[a] = jx_test_unit(&r) * 1000;
    }
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t j = 0; j < m; j++) {
            double dx = xy[2 * i] - xy[2 * (n + j)], dy = xy[2 * i + 1] - xy[2 * (n + j) + 1];
            d[(size_t)i * m + j] = (uint32_t)sqrt(dx * dx + dy * dy);
        }
    }
    free(xy);
    return d;
}

/* One site more to choose from, or to open, never makes the best plan worse; nor does more money. */
static void more_is_never_worse(void **state) {
    (void)state;
    enum { N = 60, M = 30 };
    jx_test t;
    jx_test_init(&t, 0);
    uint32_t *all = plane(11, N, M), *part = malloc((size_t)N * M * sizeof *part);
    double cost[M];
    assert_non_null(part);
    for (uint32_t j = 0; j < M; j++) {
        cost[j] = 1 + (double)(j * 7 % 5);
    }
    for (int model = 0; model < JX_N_SITING_MODELS; model++) {
        double last = INFINITY;
        for (uint32_t m = 6; m <= M; m++) { /* the first m sites */
            for (uint32_t i = 0; i < N; i++) {
                memcpy(part + (size_t)i * m, all + (size_t)i * M, m * sizeof *part);
            }
            jx_siting s = {.n_clients = N, .n_sites = m, .dist = part, .p = 5, .max_dist = JX_UNREACHABLE, .unserved_dist = JX_UNREACHABLE};
            jx_siting_plan p;
            assert_int_equal(solve(&t, &s, model, (jx_siting_options){.seed = 3}, &p), JX_OK);
            assert_true(p.proved && p.objective <= last && p.n_open == 5);
            last = p.objective;
            jx_siting_plan_release(t.ctx, &p);
        }
        last = INFINITY;
        for (uint32_t n_open = 1; n_open <= 12; n_open++) {
            jx_siting s = {.n_clients = N, .n_sites = M, .dist = all, .p = n_open, .max_dist = JX_UNREACHABLE, .unserved_dist = JX_UNREACHABLE};
            jx_siting_plan p;
            assert_int_equal(solve(&t, &s, model, (jx_siting_options){.seed = 3}, &p), JX_OK);
            assert_true(p.proved && p.objective <= last);
            last = p.objective;
            jx_siting_plan_release(t.ctx, &p);
        }
        last = INFINITY;
        for (uint32_t budget = 5; budget <= 30; budget++) {
            jx_siting s = {.n_clients = N, .n_sites = M, .dist = all, .p = M, .site_cost = cost, .budget = budget, .max_dist = JX_UNREACHABLE, .unserved_dist = JX_UNREACHABLE};
            jx_siting_plan p;
            assert_int_equal(solve(&t, &s, model, (jx_siting_options){.seed = 3}, &p), JX_OK);
            assert_true(p.proved && p.objective <= last);
            last = p.objective;
            jx_siting_plan_release(t.ctx, &p);
        }
    }
    free(all);
    free(part);
    jx_test_release(&t);
}

static bool stop_at_once(void *user) {
    (void)user;
    return true;
}
static bool stop_later(void *user) {
    uint32_t *n = user;
    return (*n)-- == 0;
}

static bool same_plan(const jx_siting_plan *a, const jx_siting_plan *b, uint32_t n_clients) {
    return a->objective == b->objective && a->bound == b->bound && a->n_open == b->n_open && a->n_nodes == b->n_nodes && a->n_runner == b->n_runner &&
           memcmp(a->assigned, b->assigned, n_clients * sizeof *a->assigned) == 0 && memcmp(a->runner, b->runner, a->n_runner * sizeof *a->runner) == 0;
}

/* Whenever a search is told to stop, what it says is true; and a search that was not is the same every time. */
static void stopping_is_honest(void **state) {
    (void)state;
    enum { N = 300, M = 200 };
    uint32_t *d = plane(12, N, M);
    for (int model = 0; model < JX_N_SITING_MODELS; model++) {
        jx_test t;
        jx_test_init(&t, 0);
        jx_siting s = {.n_clients = N, .n_sites = M, .dist = d, .p = 12, .max_dist = JX_UNREACHABLE, .unserved_dist = JX_UNREACHABLE};
        jx_siting_plan whole, again, p;
        assert_int_equal(solve(&t, &s, model, (jx_siting_options){.seed = 8}, &whole), JX_OK);
        assert_int_equal(solve(&t, &s, model, (jx_siting_options){.seed = 8}, &again), JX_OK);
        assert_true(whole.proved && same_plan(&whole, &again, N));
        for (uint32_t asked = 0; asked < 12; asked++) {
            uint32_t left = asked;
            jx_siting_options opt = {.seed = 8, .stop = asked ? stop_later : stop_at_once, .user = &left};
            assert_int_equal(solve(&t, &s, model, opt, &p), JX_OK);
            assert_true(p.objective >= whole.objective && p.bound <= whole.objective && p.n_open == 12);
            assert_true(p.end == JX_SITING_STOPPED || p.proved);
            assert_true(p.proved == (p.bound == p.objective));
            assert_true(p.gap == (p.objective - p.bound) / p.objective);
            assert_true(asked > 0 || p.end == JX_SITING_STOPPED);
            jx_siting_plan_release(t.ctx, &p);
        }
        jx_siting_plan_release(t.ctx, &whole);
        jx_siting_plan_release(t.ctx, &again);
        jx_test_release(&t);
    }
    free(d);
}

static void cancelled_has_a_plan(void **state) {
    (void)state;
    enum { N = 200, M = 150 };
    uint32_t *d = plane(13, N, M);
    volatile int cancel = 1;
    jx_mem *mem = jx_mem_new(NULL, 0);
    jx_ctx *ctx = jx_ctx_new(&(jx_ctx_options){.mem = mem, .cancel = &cancel});
    for (int model = 0; model < JX_N_SITING_MODELS; model++) {
        jx_siting s = {.n_clients = N, .n_sites = M, .dist = d, .p = 9, .max_dist = JX_UNREACHABLE, .unserved_dist = JX_UNREACHABLE};
        jx_siting_plan p;
        assert_int_equal(jx_siting_solve(ctx, &s, (jx_siting_model)model, &(jx_siting_options){.seed = 8}, &p), JX_E_CANCELLED);
        assert_int_equal(p.end, JX_SITING_CANCELLED);
        assert_true(p.n_open == 9 && p.bound <= p.objective && isfinite(p.objective));
        jx_siting_plan_release(ctx, &p);
    }
    jx_ctx_free(ctx);
    jx_mem_free(mem);
    free(d);
}

/* Each constraint that cannot hold is named. */
static void infeasible_says_why(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    const uint32_t d[3 * 3] = {1, 5, 9, 5, 1, 5, 9, 5, 1};
    const uint8_t kept[3] = {JX_SITE_KEPT, JX_SITE_KEPT, JX_SITE_CANDIDATE};
    const double cost[3] = {2, 2, 2}, nan[3] = {1, NAN, 1};
    const jx_siting plain = {.n_clients = 3, .n_sites = 3, .dist = d, .p = 1, .max_dist = JX_UNREACHABLE, .unserved_dist = JX_UNREACHABLE};
    struct {
        jx_siting s;
        jx_msg_id id;
    } cases[6] = {{plain, JX_M_SITING_KEPT_MANY}, {plain, JX_M_SITING_KEPT_DEAR}, {plain, JX_M_SITING_CLIENT_FAR},
                  {plain, JX_M_SITING_NO_PLAN}, {plain, JX_M_SITING_NO_PLAN_BUDGET}, {plain, JX_M_SITING_SHAPE}};
    cases[0].s.status = kept;
    cases[1].s.status = kept, cases[1].s.p = 2, cases[1].s.site_cost = cost, cases[1].s.budget = 3;
    cases[2].s.max_dist = 0;
    cases[3].s.max_dist = 4;
    cases[4].s.max_dist = 4, cases[4].s.p = 3, cases[4].s.site_cost = cost, cases[4].s.budget = 5;
    cases[5].s.weight = nan;
    for (int c = 0; c < 6; c++) {
        for (int model = 0; model < JX_N_SITING_MODELS; model++) {
            jx_siting_plan p;
            assert_int_not_equal(jx_siting_solve(t.ctx, &cases[c].s, (jx_siting_model)model, &(jx_siting_options){0}, &p), JX_OK);
            assert_int_equal(jx_test_error(&t), cases[c].id);
        }
    }
    jx_test_release(&t);
}

typedef struct oom_arg {
    const jx_siting *s;
    jx_siting_model model;
} oom_arg;

static jx_status solve_and_drop(jx_ctx *ctx, void *arg) {
    const oom_arg *a = arg;
    jx_siting_plan p;
    JX_TRY(jx_siting_solve(ctx, a->s, a->model, &(jx_siting_options){.seed = 1}, &p));
    jx_siting_plan_release(ctx, &p);
    const uint32_t open[2] = {1, 4};
    JX_TRY(jx_siting_evaluate(ctx, a->s, a->model, open, 2, &p));
    jx_siting_plan_release(ctx, &p);
    return JX_OK;
}

static void allocations_may_fail(void **state) {
    (void)state;
    uint32_t *d = plane(14, 40, 25);
    for (int model = 0; model < JX_N_SITING_MODELS; model++) {
        jx_siting s = {.n_clients = 40, .n_sites = 25, .dist = d, .p = 4, .max_dist = JX_UNREACHABLE, .unserved_dist = JX_UNREACHABLE};
        oom_arg a = {&s, (jx_siting_model)model};
        jx_oom_sweep(solve_and_drop, &a);
    }
    free(d);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_subsets),         cmocka_unit_test(evaluate_any_set),     cmocka_unit_test(more_is_never_worse),
        cmocka_unit_test(stopping_is_honest),  cmocka_unit_test(cancelled_has_a_plan), cmocka_unit_test(infeasible_says_why),
        cmocka_unit_test(allocations_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
