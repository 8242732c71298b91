/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Plans against the slow truth: hundreds of random instances of every model and option; then the properties a planner counts on. */
#include "oom.h"
#include "plan_oracle.h"
#include "support.h"

typedef struct made {
    jx_plan_problem p;
    uint64_t row[24];
    jx_plan_entry entry[24 * 12];
    uint32_t people[24], weight[24], price[12];
    uint8_t status[12];
    uint64_t capacity[12];
} made;

typedef struct dice {
    uint64_t seed, n;
} dice;
static uint32_t roll(dice *d, uint32_t below) { return (uint32_t)(jx_random(d->seed, 0, d->n++) % below); }

enum { WITH_CAPACITY = 1, WITH_SINGLE = 2, WITH_BACKUP = 4 };

static void make(dice *d, jx_plan_model model, unsigned options, made *m) {
    jx_plan_problem *p = &m->p;
    bool capped = options & WITH_CAPACITY;
    *p = (jx_plan_problem){.model = model, .most_open = JX_NONE, .budget = UINT64_MAX, .limit = UINT32_MAX, .most_nodes = 1000000, .seed = d->seed};
    p->n_demands = 1 + roll(d, capped ? 5 : 12);
    p->n_sites = 1 + roll(d, capped ? 4 : 7);
    uint32_t span = roll(d, 3) == 0 ? 4 : 30; /* many ties, or few */
    uint64_t n = 0;
    for (uint32_t i = 0; i < p->n_demands; i++) {
        m->row[i] = n;
        m->people[i] = roll(d, 8) == 0 ? 0 : 1 + roll(d, capped ? 4 : 50);
        m->weight[i] = 1 + roll(d, 3);
        for (uint32_t j = 0; j < p->n_sites; j++) {
            if (roll(d, 10) < 8) {
                m->entry[n++] = (jx_plan_entry){j, roll(d, span)};
            }
        }
    }
    m->row[p->n_demands] = n;
    for (uint32_t j = 0; j < p->n_sites; j++) {
        m->price[j] = 1 + roll(d, 6);
        m->status[j] = (uint8_t)(roll(d, 3) ? JX_PLAN_NEW : roll(d, 4));
        m->capacity[j] = roll(d, 6) == 0 ? UINT64_MAX : roll(d, 9);
    }
    p->row = m->row;
    p->entry = m->entry;
    p->people = m->people;
    p->weight = roll(d, 2) ? m->weight : NULL;
    p->price = roll(d, 2) ? m->price : NULL;
    p->status = roll(d, 2) ? m->status : NULL;
    p->most_open = roll(d, 3) ? roll(d, 4) : JX_NONE;
    p->budget = roll(d, 2) ? UINT64_MAX : roll(d, 12);
    p->limit = roll(d, 3) ? UINT32_MAX : span / 2 + roll(d, span);
    p->cutoff = roll(d, span);
    p->capacity = capped ? m->capacity : NULL;
    p->single = options & WITH_SINGLE;
    p->covers = options & WITH_BACKUP ? 2 : roll(d, 2);
    p->backup_permille = roll(d, 3) * 250;
}

static uint32_t mask(const uint32_t *v, uint32_t n) {
    uint32_t s = 0;
    for (uint32_t k = 0; k < n; k++) {
        s |= 1u << v[k];
    }
    return s;
}

static void shares_add_up(const made *m, const jx_plan *o) {
    uint64_t load[12] = {0}, got[24] = {0};
    for (uint32_t k = 0; k < o->n_shares; k++) {
        load[o->share[k].site] += o->share[k].units;
        got[o->share[k].demand] += o->share[k].units;
        assert_true(mask(o->open, o->n_open) >> o->share[k].site & 1);
    }
    for (uint32_t j = 0; j < m->p.n_sites; j++) {
        assert_true(load[j] <= m->capacity[j]);
    }
    for (uint32_t i = 0; i < m->p.n_demands; i++) {
        assert_true(m->p.model == JX_PLAN_COVER_MAX ? got[i] <= m->people[i] : got[i] == m->people[i]);
    }
}

static void against_truth(jx_test *t, const made *m, const char *what, uint64_t seed) {
    const jx_plan_problem *p = &m->p;
    jx_plan o;
    uint64_t truth = oracle_best(p, 0);
    jx_status st = jx_plan_solve(t->ctx, p, &o);
    if ((truth == NO_PLAN) != (st == JX_E_INFEASIBLE) || (st != JX_OK && st != JX_E_INFEASIBLE)) {
        fail_msg("%s seed %llu: status %s, truth %llu", what, (unsigned long long)seed, jx_status_name(st), (unsigned long long)truth);
    }
    if (st != JX_OK) {
        assert_null(o.open);
        jx_ctx_clear_error(t->ctx);
        return;
    }
    uint32_t set = mask(o.open, o.n_open);
    if (o.objective != truth || oracle_value(p, set) != truth || !o.proved) {
        fail_msg("%s seed %llu: objective %llu, truth %llu, set worth %llu, proved %d", what, (unsigned long long)seed, (unsigned long long)o.objective,
                 (unsigned long long)truth, (unsigned long long)oracle_value(p, set), o.proved);
    }
    uint32_t chosen = 0;
    for (uint32_t k = 0; k < o.n_open; k++) {
        bool kept = p->status && p->status[o.open[k]] == JX_PLAN_KEPT;
        chosen |= kept ? 0 : 1u << o.open[k];
        made less = *m; /* a kept site may be missed too: the loss asks what it brings */
        less.p.status = NULL;
        less.p.row = less.row, less.p.entry = less.entry;
        less.p.most_open = JX_NONE, less.p.budget = UINT64_MAX;
        uint64_t v = oracle_value(&less.p, set & ~(1u << o.open[k])), kept_price = 0;
        for (uint32_t j = 0; p->model == JX_PLAN_COVER_ALL && j < p->n_sites; j++) {
            kept_price += (set >> j & 1) && j != o.open[k] && p->status && p->status[j] == JX_PLAN_KEPT ? (p->price ? p->price[j] : 1) : 0;
        }
        v -= v == NO_PLAN ? 0 : kept_price;
        uint64_t loss = v == NO_PLAN ? UINT64_MAX : v > truth ? v - truth : 0;
        if (o.loss[k] != loss) {
            fail_msg("%s seed %llu: loss of %u is %llu, truth %llu", what, (unsigned long long)seed, o.open[k], (unsigned long long)o.loss[k], (unsigned long long)loss);
        }
    }
    uint64_t second = chosen ? oracle_best(p, chosen) : NO_PLAN;
    if (second == NO_PLAN ? o.n_second != 0 && chosen != 0 && o.second_objective != second : o.second_objective != second || !o.second_proved) {
        fail_msg("%s seed %llu: runner-up %llu, truth %llu", what, (unsigned long long)seed, (unsigned long long)o.second_objective, (unsigned long long)second);
    }
    if (o.n_second) {
        assert_int_equal(oracle_value(p, mask(o.second, o.n_second)), second);
    }
    if (p->capacity) {
        shares_add_up(m, &o);
    }
    jx_plan_release(t->ctx, &o);
}

static void sweep(const char *what, unsigned options, uint64_t rounds) {
    jx_test t;
    jx_test_init(&t, 0);
    for (uint64_t k = 0; k < rounds; k++) {
        for (int model = 0; model < JX_N_PLAN_MODELS; model++) {
            if ((options & WITH_BACKUP) && model != JX_PLAN_COVER_MAX && model != JX_PLAN_COVER_ALL) {
                continue;
            }
            made m;
            dice d = {k * 8 + (uint64_t)model + 1000003 * options, 0};
            make(&d, (jx_plan_model)model, options, &m);
            against_truth(&t, &m, what, d.seed);
        }
    }
    jx_test_release(&t);
}

static void test_open(void **state) {
    (void)state;
    sweep("no capacities", 0, 400);
}
static void test_split(void **state) {
    (void)state;
    sweep("capacities, split", WITH_CAPACITY, 250);
}
static void test_single(void **state) {
    (void)state;
    sweep("capacities, whole", WITH_CAPACITY | WITH_SINGLE, 250);
}
static void test_backup(void **state) {
    (void)state;
    sweep("backup", WITH_BACKUP, 400);
}

/* ---- two engines ------------------------------------------------------------------------------------------------------------------------- */

/* Without capacities a problem goes to the siting engine, with capacities that never bind to the planner's own: the same worths. */
static void test_both_engines(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    uint32_t compared = 0;
    for (uint64_t seed = 0; seed < 600; seed++) {
        made m;
        dice d = {seed + 31000000, 0};
        make(&d, (jx_plan_model)(seed % JX_N_PLAN_MODELS), 0, &m);
        m.p.covers = 1;
        jx_plan a, b;
        jx_status first = jx_plan_solve(t.ctx, &m.p, &a);
        jx_ctx_clear_error(t.ctx);
        for (uint32_t j = 0; j < m.p.n_sites; j++) {
            m.capacity[j] = seed % 3 ? UINT64_MAX : 1000;
        }
        m.p.capacity = m.capacity;
        assert_int_equal(jx_plan_solve(t.ctx, &m.p, &b), first);
        if (first != JX_OK) {
            jx_ctx_clear_error(t.ctx);
            continue;
        }
        bool same = mask(a.open, a.n_open) == mask(b.open, b.n_open); /* of plans as good as another each may take its own; runners-up go by it */
        if (a.objective != b.objective || !a.proved || !b.proved || (same && a.second_objective != b.second_objective)) {
            fail_msg("seed %llu: %llu and %llu, runners-up %llu and %llu", (unsigned long long)seed, (unsigned long long)a.objective,
                     (unsigned long long)b.objective, (unsigned long long)a.second_objective, (unsigned long long)b.second_objective);
        }
        compared++;
        jx_plan_release(t.ctx, &a);
        jx_plan_release(t.ctx, &b);
    }
    assert_true(compared > 200);
    jx_test_release(&t);
}

/* Near and beyond the numbers that a double counts one by one, every unit still tells. */
static void test_large_numbers(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    for (uint64_t seed = 0; seed < 240; seed++) {
        made m;
        dice d = {seed + 91000000, 0};
        make(&d, seed % 2 ? JX_PLAN_MEDIAN : JX_PLAN_COVER_MAX, 0, &m);
        for (uint32_t i = 0; i < m.p.n_demands; i++) { /* sums of about 2^49 to 2^59, differences of a few units */
            m.people[i] = m.people[i] ? (1u << 31) - 3 + m.people[i] % 7 : 0;
            m.weight[i] = (1u << (10 + seed % 11)) - m.weight[i];
        }
        m.p.weight = m.weight;
        for (uint64_t k = 0; k < m.row[m.p.n_demands]; k++) {
            m.entry[k].cost = m.entry[k].cost % 3 + (seed % 3 ? 13 : 0);
        }
        m.p.limit = UINT32_MAX, m.p.covers = 1, m.p.cutoff = seed % 3 ? 14 : 1;
        against_truth(&t, &m, "large numbers", d.seed);
    }
    jx_test_release(&t);
}

/* ---- two levels -------------------------------------------------------------------------------------------------------------------------- */

static uint64_t levels_value(const jx_plan_levels *l, uint32_t lower, uint32_t upper) {
    const jx_plan_problem *p = &l->lower;
    uint64_t sum = 0, count = 0, above = 0;
    for (uint32_t j = 0; j < p->n_sites; j++) {
        count += lower >> j & 1;
    }
    for (uint32_t k = 0; k < l->n_upper; k++) {
        above += upper >> k & 1;
    }
    if ((p->most_open != JX_NONE && count > p->most_open) || (l->upper_most_open != JX_NONE && above > l->upper_most_open)) {
        return NO_PLAN;
    }
    for (uint32_t i = 0; i < p->n_demands; i++) {
        uint64_t best = NO_PLAN;
        for (uint32_t j = 0; j < p->n_sites; j++) {
            uint64_t on = NO_PLAN;
            for (uint32_t k = 0; k < l->n_upper; k++) {
                uint32_t d = l->referral[j * l->n_upper + k];
                if ((upper >> k & 1) && d != UINT32_MAX) {
                    on = oracle_min(on, (uint64_t)d + (l->onward ? l->onward[k] : 0));
                }
            }
            uint32_t c = oracle_cost(p, i, j);
            if ((lower >> j & 1) && c != UINT32_MAX && (on != NO_PLAN || l->share_permille == 0)) {
                best = oracle_min(best, c + (on == NO_PLAN ? 0 : (on * l->share_permille + 500) / 1000));
            }
        }
        if (p->people[i] > 0 && best == NO_PLAN) {
            return NO_PLAN;
        }
        sum += p->people[i] ? best * p->people[i] * (p->weight ? p->weight[i] : 1) : 0;
    }
    return sum;
}

static void test_levels(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    for (uint64_t seed = 0; seed < 300; seed++) {
        made m;
        dice d = {seed + 77000000, 0};
        uint32_t referral[7 * 4], onward[4];
        make(&d, JX_PLAN_MEDIAN, 0, &m);
        m.p.status = NULL, m.p.budget = UINT64_MAX, m.p.limit = UINT32_MAX, m.p.covers = 1;
        jx_plan_levels l = {.lower = m.p, .n_upper = 1 + roll(&d, 4), .referral = referral, .onward = roll(&d, 2) ? onward : NULL,
                            .upper_most_open = roll(&d, 4) ? roll(&d, 3) : JX_NONE, .share_permille = roll(&d, 6) * 200};
        for (uint32_t k = 0; k < 28; k++) {
            referral[k] = roll(&d, 8) ? roll(&d, 60) : UINT32_MAX;
            onward[k % 4] = roll(&d, 40);
        }
        uint64_t truth = NO_PLAN;
        for (uint32_t a = 0; a < 1u << m.p.n_sites; a++) {
            for (uint32_t b = 0; b < 1u << l.n_upper; b++) {
                truth = oracle_min(truth, levels_value(&l, a, b));
            }
        }
        jx_plan o;
        jx_plan_upper u;
        jx_status st = jx_plan_levels_solve(t.ctx, &l, &o, &u);
        if (truth == NO_PLAN ? st != JX_E_INFEASIBLE : st != JX_OK || o.objective != truth || !o.proved ||
                                                          levels_value(&l, mask(o.open, o.n_open), mask(u.open, u.n_open)) != truth) {
            fail_msg("levels seed %llu: %s, objective %llu, truth %llu", (unsigned long long)seed, jx_status_name(st),
                     (unsigned long long)o.objective, (unsigned long long)truth);
        }
        jx_plan_release(t.ctx, &o);
        jx_plan_upper_release(t.ctx, &u);
        jx_ctx_clear_error(t.ctx);
    }
    jx_test_release(&t);
}

/* ---- properties ------------------------------------------------------------------------------------------------------------------------ */

/* A town on a plane: too large for all subsets, so only what must hold between answers is asked. */
enum { TOWN = 160, SPOTS = 40 };
typedef struct town {
    uint64_t row[TOWN + 1];
    jx_plan_entry entry[TOWN * SPOTS];
    uint32_t people[TOWN], price[SPOTS];
    uint8_t status[SPOTS];
    uint64_t capacity[SPOTS];
} town;

static void build(town *w, uint64_t seed, uint32_t spots) {
    dice d = {seed, 0};
    uint32_t x[TOWN], y[TOWN];
    for (uint32_t i = 0; i < TOWN; i++) {
        x[i] = roll(&d, 1000), y[i] = roll(&d, 1000);
        w->people[i] = 1 + roll(&d, 90);
    }
    uint64_t n = 0;
    for (uint32_t i = 0; i < TOWN; i++) {
        w->row[i] = n;
        for (uint32_t j = 0; j < spots; j++) {
            uint32_t k = j * (TOWN / SPOTS), dx = x[i] > x[k] ? x[i] - x[k] : x[k] - x[i], dy = y[i] > y[k] ? y[i] - y[k] : y[k] - y[i];
            w->entry[n++] = (jx_plan_entry){j, dx + dy};
        }
    }
    w->row[TOWN] = n;
    for (uint32_t j = 0; j < SPOTS; j++) {
        w->price[j] = 1 + roll(&d, 9);
        w->capacity[j] = 800 + roll(&d, 1600);
    }
}

static uint64_t ask(jx_test *t, jx_plan_problem p, uint32_t *set) {
    jx_plan o;
    p.no_runner_up = true;
    jx_status st = jx_plan_solve(t->ctx, &p, &o);
    jx_ctx_clear_error(t->ctx);
    if (st == JX_E_INFEASIBLE) {
        return NO_PLAN;
    }
    assert_int_equal(st, JX_OK);
    assert_true(o.proved);
    uint64_t v = o.objective, again;
    uint8_t open[SPOTS] = {0};
    for (uint32_t k = 0; k < o.n_open; k++) {
        open[o.open[k]] = 1;
    }
    assert_int_equal(jx_plan_value(t->ctx, &p, open, &again), JX_OK);
    assert_int_equal(again, v);
    for (uint32_t k = 0; set && k < SPOTS; k++) {
        set[k] = open[k];
    }
    jx_plan_release(t->ctx, &o);
    return v;
}

static void test_properties(void **state) {
    (void)state;
    static town w;
    jx_test t;
    jx_test_init(&t, 0);
    for (uint64_t seed = 1; seed <= 6; seed++) {
        for (int model = 0; model < JX_N_PLAN_MODELS; model++) {
            jx_plan_problem p = {.model = (jx_plan_model)model, .n_demands = TOWN, .row = w.row, .entry = w.entry, .people = w.people, .price = w.price,
                                 .most_open = model == JX_PLAN_COVER_ALL ? JX_NONE : 4, .budget = UINT64_MAX, .limit = UINT32_MAX, .cutoff = 350, .most_nodes = 1000000, .seed = seed};
            uint32_t a[SPOTS], b[SPOTS];
            uint64_t before = NO_PLAN;
            for (uint32_t spots = 10; spots <= SPOTS; spots += 10) { /* more candidates, never worse */
                build(&w, seed, spots);
                p.n_sites = spots;
                uint64_t v = ask(&t, p, spots == SPOTS ? a : NULL);
                assert_true(v <= before);
                before = v;
            }
            assert_true(ask(&t, p, b) == before); /* the same again */
            assert_memory_equal(a, b, sizeof a);
            p.most_open = JX_NONE;
            for (uint64_t budget = 4, last = NO_PLAN; model != JX_PLAN_COVER_ALL && budget <= 16; budget += 4) { /* more money, never worse */
                p.budget = budget;
                uint64_t v = ask(&t, p, NULL);
                assert_true(v <= last);
                last = v;
            }
            p.budget = UINT64_MAX;
            p.most_open = model == JX_PLAN_COVER_ALL ? JX_NONE : 3;
            for (uint32_t cutoff = 250, last = 0; model >= JX_PLAN_COVER_MAX && cutoff <= 550; cutoff += 100) { /* a longer reach, never worse */
                p.cutoff = cutoff;
                uint64_t v = ask(&t, p, NULL);
                assert_true(last == 0 || v <= before);
                before = v;
                last = 1;
            }
        }
    }
    jx_test_release(&t);
}

/* Capacities on the town: tighter is never better, splitting never worse than going whole. */
static void test_capacities(void **state) {
    (void)state;
    static town w;
    jx_test t;
    jx_test_init(&t, 0);
    for (uint64_t seed = 1; seed <= 3; seed++) {
        build(&w, seed, 12);
        jx_plan_problem p = {.model = JX_PLAN_MEDIAN, .n_demands = TOWN, .n_sites = 12, .row = w.row, .entry = w.entry, .people = w.people,
                             .most_open = 8, .budget = UINT64_MAX, .limit = UINT32_MAX, .most_nodes = 1000000};
        uint64_t open = ask(&t, p, NULL);
        p.capacity = w.capacity;
        uint64_t split = ask(&t, p, NULL);
        for (uint32_t j = 0; j < 12; j++) {
            w.capacity[j] += 400;
        }
        uint64_t more = ask(&t, p, NULL);
        assert_true(open <= more && more <= split);
        jx_plan o;
        p.single = true, p.no_runner_up = true;
        assert_int_equal(jx_plan_solve(t.ctx, &p, &o), JX_OK);
        assert_true(o.objective >= more && o.bound <= o.objective);
        jx_plan_release(t.ctx, &o);
    }
    jx_test_release(&t);
}

static bool at_once(void *user) { return ++*(int *)user > 0; }

static void test_stopped(void **state) {
    (void)state;
    static town w;
    jx_test t;
    int asked = 0;
    jx_test_init(&t, 0);
    uint32_t unproved = 0;
    for (uint64_t seed = 8; seed < 16; seed++) {
        build(&w, seed, SPOTS);
        jx_plan_problem p = {.model = (jx_plan_model)(seed % JX_N_PLAN_MODELS), .covers = seed == 10 ? 2 : 1, .n_demands = TOWN, .n_sites = SPOTS, .row = w.row, .entry = w.entry, .people = w.people, .cutoff = seed % 4 == JX_PLAN_COVER_ALL ? 300 : 170,
                             .most_open = seed % 4 == JX_PLAN_COVER_ALL ? JX_NONE : 7, .budget = UINT64_MAX, .limit = UINT32_MAX, .most_nodes = 1000000, .stop = at_once, .stop_user = &asked};
        jx_plan o;
        assert_int_equal(jx_plan_solve(t.ctx, &p, &o), JX_OK);
        p.stop = NULL;
        uint64_t truth = ask(&t, p, NULL);
        assert_true(o.bound <= truth && truth <= o.objective);
        assert_true(o.proved ? o.gap == 0 : o.gap > 0 && o.gap < 1);
        unproved += !o.proved;
        jx_plan_release(t.ctx, &o);
    }
    assert_true(unproved > 0);
    jx_test_release(&t);
}

typedef struct counter {
    uint64_t asked, after; /* how often; from when on the answer is yes */
    volatile int *cancel;  /* set then, too */
} counter;
static bool at_last(void *user) {
    counter *c = user;
    bool yes = ++c->asked >= c->after;
    if (yes && c->cancel) {
        *c->cancel = 1;
    }
    return yes && !c->cancel;
}

/* A stop is heard everywhere: wherever in the search it falls - flows, covers, bounds, runner-up - it is asked no more than once more, the
 * bound makes no more rounds than those a first bound takes, and there is a plan with a true bound. Counted, not timed. */
static void stop_is_heard(jx_test *t, jx_plan_problem p) {
    jx_plan whole;
    assert_int_equal(jx_plan_solve(t->ctx, &p, &whole), JX_OK);
    uint64_t least = whole.bound, most = whole.objective; /* the optimum is between */
    jx_plan_release(t->ctx, &whole);
    for (uint64_t after = 1, more = 1; more && after < 4000; after += 1 + after) {
        counter c = {0, after, NULL};
        jx_plan o;
        p.stop = at_last, p.stop_user = &c;
        jx_status st = jx_plan_solve(t->ctx, &p, &o);
        if (st != JX_OK) {
            fail_msg("model %d, stopped when asked %u times: %s", (int)p.model, (unsigned)after, jx_status_name(st));
        }
        more = c.asked >= after;
        assert_true(c.asked <= after);
        assert_true(o.bound <= most && least <= o.objective);
        assert_true(o.proved == (o.bound == o.objective) && (o.proved || (o.gap > 0 && o.gap <= 1)));
        assert_true(o.second_cut ? !o.second_proved : o.second_proved || !more);
        if (after == 1) {
            assert_true(o.steps <= 250 && o.nodes <= 5); /* a p-centre asks up to three questions, each with a first bound of 40 rounds */
        }
        assert_true(o.n_open > 0 && o.site != NULL);
        jx_plan_release(t->ctx, &o);
    }
}

static void test_stop_heard(void **state) {
    (void)state;
    static town w;
    jx_test t;
    jx_test_init(&t, 0);
    for (int k = 0; k < 12; k++) {
        build(&w, 40 + (uint64_t)k, SPOTS);
        for (uint32_t j = 0; j < SPOTS; j++) {
            w.capacity[j] += 600;
        }
        jx_plan_problem p = {.model = (jx_plan_model)(k % 4), .n_demands = TOWN, .n_sites = SPOTS, .row = w.row, .entry = w.entry, .people = w.people,
                             .cutoff = k % 4 == JX_PLAN_COVER_ALL ? 350 : 170, .most_open = k % 4 == JX_PLAN_COVER_ALL ? JX_NONE : 7, .budget = UINT64_MAX,
                             .limit = UINT32_MAX, .most_nodes = 300, .capacity = k < 4 ? NULL : w.capacity, .single = k >= 8};
        stop_is_heard(&t, p);
    }
    jx_test_release(&t);
}

/* Cancelled: the plan so far all the same, its gap true, and not a word said. */
static void test_cancelled(void **state) {
    (void)state;
    static town w;
    volatile int cancel = 0;
    jx_mem *mem = jx_mem_new(NULL, 0);
    jx_ctx *ctx = jx_ctx_new(&(jx_ctx_options){.mem = mem, .cancel = &cancel});
    uint32_t cut = 0;
    for (int k = 0; k < 12; k++) {
        build(&w, 40 + (uint64_t)k, SPOTS);
        for (uint32_t j = 0; j < SPOTS; j++) {
            w.capacity[j] += 600;
        }
        for (uint64_t after = 1; after < 200; after *= 3) {
            counter c = {0, after, &cancel};
            jx_plan_problem p = {.model = (jx_plan_model)(k % 4), .n_demands = TOWN, .n_sites = SPOTS, .row = w.row, .entry = w.entry, .people = w.people,
                                 .cutoff = k % 4 == JX_PLAN_COVER_ALL ? 350 : 170, .most_open = k % 4 == JX_PLAN_COVER_ALL ? JX_NONE : 7,
                                 .budget = UINT64_MAX, .limit = UINT32_MAX, .most_nodes = 300, .capacity = k < 4 ? NULL : w.capacity, .single = k >= 8,
                                 .stop = at_last, .stop_user = &c};
            jx_plan o;
            cancel = 0;
            jx_status st = jx_plan_solve(ctx, &p, &o);
            if (st != JX_OK && st != JX_E_CANCELLED) {
                fail_msg("%d, asked %u: %s, message %d", k, (unsigned)after, jx_status_name(st), jx_ctx_error(ctx) ? (int)jx_ctx_error(ctx)->id : 0);
            }
            assert_true(o.site != NULL && o.bound <= o.objective && jx_ctx_error(ctx) == NULL);
            cut += st == JX_E_CANCELLED;
            jx_plan_release(ctx, &o);
        }
    }
    assert_true(cut > 10);
    jx_ctx_free(ctx);
    jx_mem_free(mem);
}

/* ---- what cannot hold says why ------------------------------------------------------------------------------------------------------------ */

static void test_blame(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    /* four demands in a line, a site at each, 10 apart; each site serves itself and its neighbours */
    const uint64_t row[] = {0, 2, 5, 8, 10};
    const jx_plan_entry e[] = {{0, 0}, {1, 10}, {0, 10}, {1, 0}, {2, 10}, {1, 10}, {2, 0}, {3, 10}, {2, 10}, {3, 0}};
    const uint32_t people[] = {10, 20, 30, 40}, price[] = {5, 6, 7, 8};
    uint64_t capacity[] = {50, 50, 50, 50};
    const jx_plan_problem base = {.model = JX_PLAN_COVER_ALL, .n_demands = 4, .n_sites = 4, .row = row, .entry = e, .people = people, .price = price,
                                  .most_open = JX_NONE, .budget = UINT64_MAX, .limit = UINT32_MAX, .cutoff = 10, .most_nodes = 1000};
    jx_plan_problem p[] = {base, base, base, base, base, base};
    const uint8_t barred[] = {JX_PLAN_BARRED, JX_PLAN_BARRED, JX_PLAN_NEW, JX_PLAN_NEW};
    const jx_msg_id expect[] = {JX_M_PLAN_NO_SITE, JX_M_PLAN_COUNT, JX_M_PLAN_BUDGET_BUYS, JX_M_PLAN_BUDGET, JX_M_PLAN_CAPACITY, JX_M_PLAN_NO_SECOND};
    p[0].status = barred;            /* the first cell has nobody */
    p[1].most_open = 1;              /* two are needed */
    p[2].budget = 10;                /* 5 + 6 = 11: buys one of two */
    p[3].budget = 11;                /* the two cheapest do not reach the fourth: 5 + 7 = 12 */
    p[4].capacity = capacity, p[4].most_open = 1;
    p[5].covers = 2, p[5].cutoff = 5;
    for (size_t k = 0; k < 6; k++) {
        jx_plan o;
        assert_int_equal(jx_plan_solve(t.ctx, &p[k], &o), JX_E_INFEASIBLE);
        assert_int_equal(jx_ctx_error(t.ctx)->id, expect[k]);
        jx_ctx_clear_error(t.ctx);
    }
    jx_plan_problem bad = base;
    const jx_plan_entry twice[] = {{0, 0}, {0, 10}, {0, 10}, {1, 0}, {2, 10}, {1, 10}, {2, 0}, {3, 10}, {2, 10}, {3, 0}};
    jx_plan o;
    bad.entry = twice;
    assert_int_equal(jx_plan_solve(t.ctx, &bad, &o), JX_E_INPUT);
    jx_ctx_clear_error(t.ctx);
    bad = base;
    bad.covers = 2, bad.capacity = capacity;
    assert_int_equal(jx_plan_solve(t.ctx, &bad, &o), JX_E_INPUT);
    jx_test_release(&t);
}

static jx_status one_plan(jx_ctx *ctx, void *arg) {
    jx_plan o;
    jx_status st = jx_plan_solve(ctx, &((made *)arg)->p, &o);
    jx_plan_release(ctx, &o);
    return st;
}

static void test_memory(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    uint32_t swept = 0;
    for (uint64_t seed = 0; swept < 12; seed++) {
        made m;
        dice d = {seed, 0};
        make(&d, (jx_plan_model)(seed % JX_N_PLAN_MODELS), (unsigned)(seed / 4 % 4), &m);
        if (one_plan(t.ctx, &m) == JX_OK) {
            jx_oom_sweep(one_plan, &m);
            swept++;
        }
        jx_ctx_clear_error(t.ctx);
    }
    jx_test_release(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_open),
        cmocka_unit_test(test_split),
        cmocka_unit_test(test_single),
        cmocka_unit_test(test_backup),
        cmocka_unit_test(test_both_engines),
        cmocka_unit_test(test_large_numbers),
        cmocka_unit_test(test_levels),
        cmocka_unit_test(test_properties),
        cmocka_unit_test(test_capacities),
        cmocka_unit_test(test_stopped),
        cmocka_unit_test(test_stop_heard),
        cmocka_unit_test(test_cancelled),
        cmocka_unit_test(test_blame),
        cmocka_unit_test(test_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
