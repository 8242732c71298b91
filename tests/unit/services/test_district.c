/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Districts and consortia against every assignment there is, duality, and properties any answer must have. */
#include <math.h>

#include "junxian/consortium.h"
#include "junxian/district.h"
#include "oom.h"
#include "support.h"

enum { MAX_N = 64, MAX_M = 6 };

typedef struct mini {
    jx_district d;
    uint32_t people[MAX_N], time[MAX_N * MAX_M], present[MAX_N], off[MAX_N + 1], near[MAX_N * 8];
    uint64_t cap[MAX_M];
    uint8_t crossing[MAX_N * MAX_M];
} mini;

static void make(jx_test_rng *r, uint32_t n, uint32_t m, bool tiers, mini *q) {
    *q = (mini){0};
    q->d = (jx_district){.n_cells = n, .n_sites = m, .people = q->people, .time_ms = q->time, .capacity = q->cap};
    uint64_t all = 0;
    uint32_t spread = jx_test_below(r, 2) ? 5 : 1000, holes = (uint32_t)jx_test_below(r, 3);
    for (uint32_t c = 0; c < n; c++) {
        q->people[c] = (uint32_t)jx_test_below(r, 6);
        all += q->people[c];
        q->present[c] = jx_test_below(r, 6) ? (uint32_t)jx_test_below(r, m) : JX_NONE;
    }
    for (uint32_t e = 0; e < n * m; e++) {
        q->time[e] = holes && jx_test_below(r, 8) < holes ? JX_UNREACHABLE : (uint32_t)jx_test_below(r, spread);
        q->crossing[e] = jx_test_below(r, 4) == 0;
    }
    for (uint32_t s = 0; s < m; s++) {
        q->cap[s] = jx_test_below(r, 2 * all / m + 2);
    }
    if (tiers) {
        q->d.present = jx_test_below(r, 2) ? q->present : NULL;
        q->d.crossing = jx_test_below(r, 2) ? q->crossing : NULL;
    }
}

/* ---- every assignment ---------------------------------------------------------------------------------------------------------- */

typedef struct brute {
    const mini *q;
    uint64_t load[MAX_M];
    jx_district_score now, best;
    bool any, split;
} brute;

static void walk(brute *b, uint32_t c, uint32_t left, uint32_t site);
static void next_cell(brute *b, uint32_t c) {
    if (c == b->q->d.n_cells) {
        if (!b->any || jx_district_compare(&b->now, &b->best) < 0) {
            b->best = b->now, b->any = true;
        }
        return;
    }
    bool way = false;
    for (uint32_t s = 0; s < b->q->d.n_sites; s++) {
        way = way || b->q->time[c * b->q->d.n_sites + s] != JX_UNREACHABLE;
    }
    if (way) {
        walk(b, c, b->q->people[c], 0);
    } else {
        next_cell(b, c + 1);
    }
}
static void walk(brute *b, uint32_t c, uint32_t left, uint32_t s) {
    const jx_district *d = &b->q->d;
    if (s == d->n_sites) {
        if (left == 0) {
            next_cell(b, c + 1);
        }
        return;
    }
    size_t e = c * d->n_sites + s;
    for (uint32_t k = 0; k <= left; k++) {
        if ((k && (d->time_ms[e] == JX_UNREACHABLE || b->load[s] + k > d->capacity[s])) || (!b->split && k && k < d->people[c])) {
            continue;
        }
        jx_district_score was = b->now;
        b->now.time += k ? (int64_t)k * d->time_ms[e] : 0;
        b->now.moved += d->present && d->present[c] != JX_NONE && d->present[c] != s ? k : 0;
        b->now.crossing += d->crossing && d->crossing[e] ? k : 0;
        b->load[s] += k;
        walk(b, c, left - k, s + 1);
        b->load[s] -= k;
        b->now = was;
    }
}

static void check_flow(const mini *q, const jx_district_flow *f) {
    const jx_district *d = &q->d;
    uint64_t load[MAX_M] = {0}, people = 0;
    for (uint32_t c = 0; c < d->n_cells; c++) {
        uint64_t sum = 0;
        for (uint32_t s = 0; s < d->n_sites; s++) {
            uint32_t p = f->part[c * d->n_sites + s];
            assert_true(!p || d->time_ms[c * d->n_sites + s] != JX_UNREACHABLE);
            sum += p, load[s] += p;
        }
        assert_true(sum == 0 || sum == d->people[c]);
        people += sum;
    }
    assert_int_equal(people, f->people);
    for (uint32_t s = 0; s < d->n_sites; s++) {
        assert_true(load[s] <= d->capacity[s]);
    }
    if (!d->present && !d->crossing) {
        assert_int_equal(jx_district_bound(d, f->price_ms), f->score.time); /* nothing can be better: weak duality */
    }
}

static void same_score(const jx_district_score *a, const jx_district_score *b) {
    assert_int_equal(a->crossing, b->crossing);
    assert_int_equal(a->moved, b->moved);
    assert_int_equal(a->time, b->time);
}

static void test_split_is_best_of_all(void **state) {
    (void)state;
    jx_test t;
    jx_test_rng r = {1, 0};
    mini q;
    jx_test_init(&t, 0);
    uint32_t solved = 0, refused = 0;
    for (uint32_t k = 0; k < 1500; k++) {
        make(&r, (uint32_t)jx_test_below(&r, 5), 1 + (uint32_t)jx_test_below(&r, 3), true, &q);
        brute b = {.q = &q, .split = true};
        next_cell(&b, 0);
        jx_district_flow f;
        jx_status st = jx_district_split(t.ctx, &q.d, &f);
        assert_int_equal(st, b.any ? JX_OK : JX_E_INFEASIBLE);
        if (st == JX_OK) {
            same_score(&f.score, &b.best);
            check_flow(&q, &f);
            jx_district_flow_release(t.ctx, &f);
            solved++;
        } else {
            jx_msg_id id = jx_test_error(&t);
            assert_true(id == JX_M_DISTRICT_SHORT || id == JX_M_DISTRICT_FULL);
            refused++;
        }
    }
    assert_true(solved > 300 && refused > 300);
    jx_test_release(&t);
}

/* Larger ones: the dual proves the optimum; room never harms; whole cells stay above the bound. */
static void test_room_never_harms(void **state) {
    (void)state;
    jx_test t;
    jx_test_rng r = {2, 0};
    mini q;
    jx_test_init(&t, 0);
    for (uint32_t k = 0; k < 400; k++) {
        make(&r, (uint32_t)jx_test_below(&r, MAX_N + 1), 1 + (uint32_t)jx_test_below(&r, MAX_M), false, &q);
        jx_district_flow f, g;
        if (jx_district_split(t.ctx, &q.d, &f) != JX_OK) {
            jx_ctx_clear_error(t.ctx);
            continue;
        }
        check_flow(&q, &f);
        q.cap[jx_test_below(&r, q.d.n_sites)] += 1 + jx_test_below(&r, 5);
        assert_int_equal(jx_district_split(t.ctx, &q.d, &g), JX_OK);
        assert_true(g.score.time <= f.score.time && g.people == f.people && g.cut_off == f.cut_off);
        jx_district_flow_release(t.ctx, &f);
        jx_district_flow_release(t.ctx, &g);
    }
    jx_test_release(&t);
}

static void recount(const mini *q, const jx_district_plan *p) {
    const jx_district *d = &q->d;
    jx_district_score s = {0};
    uint64_t load[MAX_M] = {0};
    for (uint32_t c = 0; c < d->n_cells; c++) {
        if (p->site[c] != JX_NONE) {
            size_t e = c * d->n_sites + p->site[c];
            assert_true(d->time_ms[e] != JX_UNREACHABLE);
            load[p->site[c]] += d->people[c];
            s.time += (int64_t)d->people[c] * d->time_ms[e];
            s.moved += d->present && d->present[c] != JX_NONE && d->present[c] != p->site[c] ? d->people[c] : 0;
            s.crossing += d->crossing && d->crossing[e] ? d->people[c] : 0;
        }
    }
    for (uint32_t k = 0; k < d->n_sites; k++) {
        assert_int_equal(load[k], p->load[k]);
        s.over += load[k] > d->capacity[k] ? (int64_t)(load[k] - d->capacity[k]) : 0;
    }
    assert_int_equal(jx_district_compare(&s, &p->score), 0);
    assert_true(p->score.over || jx_district_compare(&p->bound, &p->score) <= 0);
}

static void test_whole_cells_are_proved(void **state) {
    (void)state;
    jx_test t;
    jx_test_rng r = {3, 0};
    mini q;
    jx_test_init(&t, 0);
    uint32_t fits = 0, none = 0;
    for (uint32_t k = 0; k < 600; k++) {
        make(&r, (uint32_t)jx_test_below(&r, 8), 1 + (uint32_t)jx_test_below(&r, 3), k % 3 == 0, &q);
        jx_district_flow f;
        jx_district_plan p;
        if (jx_district_split(t.ctx, &q.d, &f) != JX_OK) {
            jx_ctx_clear_error(t.ctx);
            continue;
        }
        brute b = {.q = &q};
        next_cell(&b, 0);
        assert_int_equal(jx_district_whole(t.ctx, &q.d, &f, false, 100000, &p), JX_OK);
        recount(&q, &p);
        if (!q.d.present && !q.d.crossing) {
            assert_int_equal(p.proved, b.any);
            assert_int_equal(p.none_fits, !b.any);
            fits += b.any, none += !b.any;
        }
        if (p.proved) {
            same_score(&p.score, &b.best);
            assert_true(p.gap == 0);
        }
        if (p.score.over == 0) {
            assert_true(b.any && jx_district_compare(&b.best, &p.score) <= 0);
        }
        jx_district_flow_release(t.ctx, &f);
        jx_district_plan_release(t.ctx, &p);
    }
    assert_true(fits > 100 && none > 10);
    jx_test_release(&t);
}

/* Capacities that a hidden assignment fills to the last place: something fits, so a plan that fits is found; small ones are proved best. */
static void test_full_to_the_last_place(void **state) {
    (void)state;
    jx_test t;
    jx_test_rng r = {9, 0};
    mini q;
    jx_test_init(&t, 0);
    for (uint32_t k = 0; k < 300; k++) {
        bool small = k < 200;
        make(&r, small ? 9 : MAX_N, 2 + (uint32_t)jx_test_below(&r, small ? 2 : MAX_M - 1), false, &q);
        uint64_t load[MAX_M] = {0};
        for (uint32_t c = 0; c < q.d.n_cells; c++) {
            uint32_t s = (uint32_t)jx_test_below(&r, q.d.n_sites);
            q.people[c] = 1 + (uint32_t)jx_test_below(&r, 30);
            q.time[c * q.d.n_sites + s] = (uint32_t)jx_test_below(&r, 1000);
            load[s] += q.people[c];
        }
        memcpy(q.cap, load, sizeof load);
        jx_district_flow f;
        jx_district_plan p;
        assert_int_equal(jx_district_split(t.ctx, &q.d, &f), JX_OK);
        assert_int_equal(jx_district_whole(t.ctx, &q.d, &f, false, small ? 100000 : 0, &p), JX_OK);
        recount(&q, &p);
        assert_int_equal(p.score.over, 0);
        if (small) {
            brute b = {.q = &q};
            next_cell(&b, 0);
            assert_true(p.proved);
            same_score(&p.score, &b.best);
        }
        jx_district_flow_release(t.ctx, &f);
        jx_district_plan_release(t.ctx, &p);
    }
    jx_test_release(&t);
}

/* Moving fewest: no plan of whole cells within the capacities moves fewer, and none of those that move as few has less time. What the
 * present assignment is too full by must move; room more never moves more. */
static void test_fewest_moved(void **state) {
    (void)state;
    jx_test t;
    jx_test_rng r = {10, 0};
    mini q;
    jx_test_init(&t, 0);
    uint32_t best = 0, all = 0;
    for (uint32_t k = 0; k < 400; k++) {
        make(&r, 3 + (uint32_t)jx_test_below(&r, 5), 2 + (uint32_t)jx_test_below(&r, 2), false, &q);
        q.d.present = q.present;
        jx_district_flow f, g;
        jx_district_plan p;
        if (jx_district_split(t.ctx, &q.d, &f) != JX_OK) {
            jx_ctx_clear_error(t.ctx);
            continue;
        }
        uint64_t load[MAX_M] = {0};
        int64_t must = 0;
        for (uint32_t c = 0; c < q.d.n_cells; c++) {
            if (q.present[c] != JX_NONE && q.time[c * q.d.n_sites + q.present[c]] != JX_UNREACHABLE) {
                load[q.present[c]] += q.people[c];
            }
        }
        for (uint32_t s = 0; s < q.d.n_sites; s++) {
            must += load[s] > q.cap[s] ? (int64_t)(load[s] - q.cap[s]) : 0;
        }
        assert_true(f.score.moved >= must);
        assert_int_equal(jx_district_whole(t.ctx, &q.d, &f, false, 0, &p), JX_OK);
        brute b = {.q = &q};
        next_cell(&b, 0);
        if (p.score.over == 0) {
            assert_true(jx_district_compare(&b.best, &p.score) <= 0 && p.score.moved >= f.score.moved);
        }
        all += b.any;
        best += b.any && jx_district_compare(&b.best, &p.score) == 0;
        q.cap[jx_test_below(&r, q.d.n_sites)] += 1 + jx_test_below(&r, 5);
        assert_int_equal(jx_district_split(t.ctx, &q.d, &g), JX_OK);
        assert_true(g.score.moved <= f.score.moved);
        jx_district_flow_release(t.ctx, &f);
        jx_district_flow_release(t.ctx, &g);
        jx_district_plan_release(t.ctx, &p);
    }
    print_message("fewest moved: best of all in %u of %u\n", best, all);
    assert_true(all > 100 && best * 10 >= all * 9);
    jx_test_release(&t);
}

/* A present assignment that fits its capacities stays as it is, whatever the times. */
static void test_nobody_moves_without_need(void **state) {
    (void)state;
    jx_test t;
    jx_test_rng r = {4, 0};
    mini q;
    jx_test_init(&t, 0);
    for (uint32_t k = 0; k < 200; k++) {
        make(&r, (uint32_t)jx_test_below(&r, MAX_N + 1), 1 + (uint32_t)jx_test_below(&r, MAX_M), false, &q);
        uint64_t load[MAX_M] = {0};
        for (uint32_t c = 0; c < q.d.n_cells; c++) {
            q.present[c] = (uint32_t)jx_test_below(&r, q.d.n_sites);
            q.time[c * q.d.n_sites + q.present[c]] = (uint32_t)jx_test_below(&r, 1000);
            load[q.present[c]] += q.people[c];
        }
        memcpy(q.cap, load, sizeof load);
        q.d.present = q.present;
        jx_district_flow f;
        jx_district_plan p;
        assert_int_equal(jx_district_split(t.ctx, &q.d, &f), JX_OK);
        assert_int_equal(f.score.moved, 0);
        assert_int_equal(jx_district_whole(t.ctx, &q.d, &f, false, 0, &p), JX_OK);
        for (uint32_t c = 0; c < q.d.n_cells; c++) {
            assert_int_equal(p.site[c], q.present[c]);
        }
        assert_true(p.proved);
        jx_district_flow_release(t.ctx, &f);
        jx_district_plan_release(t.ctx, &p);
    }
    jx_test_release(&t);
}

/* ---- contiguity ---------------------------------------------------------------------------------------------------------------- */

static void on_grid(mini *q, uint32_t side) {
    uint32_t n = 0;
    for (uint32_t c = 0; c < side * side; c++) {
        q->off[c] = n;
        uint32_t x = c % side, y = c / side;
        if (x) {
            q->near[n++] = c - 1;
        }
        if (x + 1 < side) {
            q->near[n++] = c + 1;
        }
        if (y) {
            q->near[n++] = c - side;
        }
        if (y + 1 < side) {
            q->near[n++] = c + side;
        }
    }
    q->off[side * side] = n;
    q->d.near_off = q->off;
    q->d.near = q->near;
}

static uint32_t flood(const mini *q, const uint32_t *site) {
    uint8_t seen[MAX_N] = {0}, has[MAX_M] = {0};
    uint32_t pieces = 0, districts = 0;
    for (uint32_t c = 0; c < q->d.n_cells; c++) {
        if (site[c] == JX_NONE || seen[c]) {
            continue;
        }
        uint32_t stack[MAX_N], n = 1;
        stack[0] = c, seen[c] = 1, pieces++;
        districts += !has[site[c]], has[site[c]] = 1;
        while (n) {
            uint32_t u = stack[--n];
            for (uint32_t e = q->off[u]; e < q->off[u + 1]; e++) {
                if (!seen[q->near[e]] && site[q->near[e]] == site[c]) {
                    seen[q->near[e]] = 1, stack[n++] = q->near[e];
                }
            }
        }
    }
    return pieces - districts;
}

static void test_districts_in_one_piece(void **state) {
    (void)state;
    jx_test t;
    jx_test_rng r = {5, 0};
    mini q;
    jx_test_init(&t, 0);
    uint32_t repaired = 0;
    for (uint32_t k = 0; k < 300; k++) {
        make(&r, 49, 2 + (uint32_t)jx_test_below(&r, MAX_M - 1), k % 4 == 0, &q);
        on_grid(&q, 7);
        for (uint32_t e = 0; e < 49 * q.d.n_sites; e++) { /* times that mean little: scattered districts to repair */
            q.time[e] = q.time[e] == JX_UNREACHABLE ? 1000 : q.time[e];
        }
        jx_district_flow f;
        jx_district_plan p, w;
        if (jx_district_split(t.ctx, &q.d, &f) != JX_OK) {
            jx_ctx_clear_error(t.ctx);
            continue;
        }
        assert_int_equal(jx_district_whole(t.ctx, &q.d, &f, true, 0, &p), JX_OK);
        assert_int_equal(jx_district_whole(t.ctx, &q.d, &f, false, 0, &w), JX_OK);
        recount(&q, &p);
        assert_int_equal(p.pieces, 0);
        assert_int_equal(flood(&q, p.site), 0);
        assert_int_equal(flood(&q, w.site), w.pieces);
        repaired += w.pieces > 0;
        jx_district_flow_release(t.ctx, &f);
        jx_district_plan_release(t.ctx, &p);
        jx_district_plan_release(t.ctx, &w);
    }
    assert_true(repaired > 50);
    jx_test_release(&t);
}

/* ---- consortia ------------------------------------------------------------------------------------------------------------------ */

static void test_consortia_against_all(void **state) {
    (void)state;
    jx_test t;
    jx_test_rng r = {6, 0};
    jx_test_init(&t, 0);
    uint32_t formed = 0, none = 0;
    for (uint32_t k = 0; k < 500; k++) {
        uint32_t n = 1 + (uint32_t)jx_test_below(&r, 7), m = 1 + (uint32_t)jx_test_below(&r, 3), time[7 * 3], code = 1;
        double people[7], share[3] = {1, 2, 1}, all = 0, shares = 0, best = INFINITY;
        for (uint32_t i = 0; i < n; i++) {
            people[i] = (double)jx_test_below(&r, 20000);
            all += people[i];
            code *= m;
        }
        for (uint32_t e = 0; e < n * m; e++) {
            time[e] = (uint32_t)jx_test_below(&r, 3600000);
        }
        jx_consortium c = {n, m, people, time, k % 2 ? share : NULL, k % 5 ? 1 + (double)jx_test_below(&r, 100) / 100 : 0, 100000};
        for (uint32_t h = 0; h < m; h++) {
            shares += c.share ? share[h] : 1;
        }
        while (code--) {
            double load[3] = {0}, sum = 0;
            bool good = true;
            for (uint32_t i = 0, x = code; i < n; i++, x /= m) {
                load[x % m] += people[i];
                sum += people[i] * time[i * m + x % m];
            }
            for (uint32_t h = 0; h < m && c.max_ratio > 0; h++) {
                good = good && load[h] <= c.max_ratio * all * (c.share ? share[h] : 1) / shares + 1e-3;
            }
            best = good && sum < best ? sum : best;
        }
        jx_consortium_plan p;
        jx_status st = jx_consortium_form(t.ctx, &c, &p);
        assert_int_equal(st, isinf(best) ? JX_E_INFEASIBLE : JX_OK);
        if (st == JX_OK) {
            double got = 0, members = 0;
            for (uint32_t i = 0; i < n; i++) {
                got += people[i] * time[i * m + p.head[i]];
            }
            for (uint32_t h = 0; h < m; h++) {
                members += p.group[h].n_members;
            }
            assert_true(p.proved && members == n);
            assert_near(got, best, best * 1e-12);
            assert_true(all == 0 || p.mean_ms >= p.nearest_mean_ms);
            jx_consortium_plan_release(t.ctx, &p);
            formed++;
        } else {
            assert_int_equal(jx_test_error(&t), JX_M_CONSORTIUM_NONE);
            none++;
        }
    }
    assert_true(formed > 200 && none > 20);
    jx_test_release(&t);
}

/* A head that nobody can get to has no fair part: with it the answer is that without it. And a limit that cannot hold is spoken of as such. */
static void test_head_out_of_reach(void **state) {
    (void)state;
    enum { NO = JX_UNREACHABLE };
    jx_test t;
    jx_test_init(&t, 0);
    const double people[] = {100, 100, 100, 100}, share[] = {1, 1, 5};
    const uint32_t with[] = {1, 9, NO, 2, 9, NO, 3, 9, NO, 4, 9, NO}, without[] = {1, 9, 2, 9, 3, 9, 4, 9}, only[] = {1, NO, 2, NO, 3, NO, 4, 9};
    const double *shares[] = {NULL, share};
    for (int k = 0; k < 2; k++) {
        const jx_consortium a = {4, 3, people, with, shares[k], 1.0, 1000}, b = {4, 2, people, without, shares[k], 1.0, 1000};
        jx_consortium_plan p, q;
        assert_int_equal(jx_consortium_form(t.ctx, &a, &p), JX_OK);
        assert_int_equal(jx_consortium_form(t.ctx, &b, &q), JX_OK);
        assert_memory_equal(p.head, q.head, sizeof people / sizeof *people * sizeof *p.head);
        assert_true(p.n_off == 1 && q.n_off == 0 && p.group[2].limit == 0 && p.group[0].limit == q.group[0].limit);
        jx_consortium_plan_release(t.ctx, &p);
        jx_consortium_plan_release(t.ctx, &q);
    }
    const jx_consortium c = {4, 2, people, only, NULL, 1.0, 1000};
    jx_consortium_plan p;
    assert_int_equal(jx_consortium_form(t.ctx, &c, &p), JX_E_INFEASIBLE);
    assert_int_equal(jx_test_error(&t), JX_M_CONSORTIUM_NONE);
    jx_test_release(&t);
}

static void test_beyond(void **state) {
    (void)state;
    const double people[] = {10, 20, 30, 40};
    const uint32_t time[] = {0, 1800000, 1800001, JX_UNREACHABLE}, limit[] = {1800000, 3600000};
    double out[2];
    jx_consortium_beyond(people, time, 4, limit, 2, out);
    assert_true(out[0] == 70 && out[1] == 40);
}

/* ---- refusals and failing memory ---------------------------------------------------------------------------------------------- */

static void test_refusals(void **state) {
    (void)state;
    jx_test t;
    jx_test_rng r = {7, 0};
    mini q;
    jx_district_flow f = {0};
    jx_district_plan p;
    jx_test_init(&t, 0);
    make(&r, 4, 2, false, &q);
    q.d.n_sites = 0;
    assert_int_equal(jx_district_split(t.ctx, &q.d, &f), JX_E_INPUT);
    q.d.n_sites = 2;
    q.present[0] = 2;
    q.d.present = q.present;
    assert_int_equal(jx_district_split(t.ctx, &q.d, &f), JX_E_INPUT);
    q.d.present = NULL;
    q.people[0] = UINT32_MAX, q.people[1] = UINT32_MAX, q.time[0] = JX_UNREACHABLE - 1;
    assert_int_equal(jx_district_split(t.ctx, &q.d, &f), JX_E_INPUT);
    make(&r, 4, 2, false, &q);
    assert_int_equal(jx_district_whole(t.ctx, &q.d, &f, true, 0, &p), JX_E_INPUT);
    jx_test_release(&t);
}

static jx_status all_of_it(jx_ctx *ctx, void *arg) {
    const mini *q = arg;
    jx_district_flow f;
    jx_district_plan p = {0}, w = {0};
    JX_TRY(jx_district_split(ctx, &q->d, &f));
    jx_status st = jx_district_whole(ctx, &q->d, &f, true, 0, &p);
    if (st == JX_OK) {
        st = jx_district_whole(ctx, &q->d, &f, false, 50, &w);
    }
    jx_district_flow_release(ctx, &f);
    jx_district_plan_release(ctx, &p);
    jx_district_plan_release(ctx, &w);
    return st;
}
static jx_status forming(jx_ctx *ctx, void *arg) {
    static const double people[] = {5, 5, 6, 7};
    static const uint32_t time[] = {1, 9, 1, 8, 2, 9, 1, 5};
    const jx_consortium c = {4, 2, people, time, NULL, 1.2, 100};
    jx_consortium_plan p;
    (void)arg;
    JX_TRY(jx_consortium_form(ctx, &c, &p));
    jx_consortium_plan_release(ctx, &p);
    return JX_OK;
}

static void test_failing_memory(void **state) {
    (void)state;
    jx_test_rng r = {8, 0};
    mini q;
    make(&r, 49, 3, false, &q);
    on_grid(&q, 7);
    uint64_t all = 0;
    for (uint32_t c = 0; c < 49; c++) {
        all += q.people[c];
        for (uint32_t s = 0; s < 3; s++) {
            q.time[c * 3 + s] = (uint32_t)jx_test_below(&r, 1000);
        }
    }
    q.cap[0] = q.cap[1] = q.cap[2] = all / 3 + 1;
    jx_oom_sweep(all_of_it, &q);
    jx_oom_sweep(forming, NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_split_is_best_of_all), cmocka_unit_test(test_room_never_harms), cmocka_unit_test(test_whole_cells_are_proved),
        cmocka_unit_test(test_full_to_the_last_place),
        cmocka_unit_test(test_fewest_moved), cmocka_unit_test(test_nobody_moves_without_need), cmocka_unit_test(test_districts_in_one_piece), cmocka_unit_test(test_consortia_against_all), cmocka_unit_test(test_head_out_of_reach),
        cmocka_unit_test(test_beyond), cmocka_unit_test(test_refusals), cmocka_unit_test(test_failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
