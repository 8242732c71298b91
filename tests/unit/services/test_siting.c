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

static void all_subsets(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    jx_test_rng r = {.seed = 5};
    uint32_t feasible = 0;
    for (int round = 0; round < 3000; round++) {
        mini q;
        make_mini(&r, &q);
        for (int model = 0; model < JX_N_SITING_MODELS; model++) {
            double optimum = by_all_subsets(&q.s, (jx_siting_model)model);
            jx_siting_plan p;
            jx_status st = jx_siting_solve(t.ctx, &q.s, (jx_siting_model)model, &(jx_siting_options){.seed = 1, .preview = true}, &p);
            if (st == JX_OK) {
                check_plan(&q.s, (jx_siting_model)model, &p, optimum);
                feasible++;
            } else {
                assert_true(st == JX_E_INFEASIBLE ? isinf(optimum) : st == JX_E_LIMIT);
                jx_ctx_clear_error(t.ctx);
            }
            jx_siting_plan_release(t.ctx, &p);
        }
    }
    assert_true(feasible > 2000);
    jx_test_release(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_subsets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
