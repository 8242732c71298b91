/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Branch and bound over the sites: bound, fix by reduced costs, branch; depth first, so that memory stays small. */
#include "services/plan_internal.h"

/* ---- decisions ------------------------------------------------------------------------------------------------------------------- */

static void decide(jx__search *s, uint32_t j, uint8_t val) {
    s->val[j] = val;
    s->trail[s->n_trail++] = j;
}

static void undo(jx__search *s, uint32_t to) {
    while (s->n_trail > to) {
        s->val[s->trail[--s->n_trail]] = JX__FREE;
    }
}

/* Count and budget: what no longer fits is shut. false: too much is open already. */
static bool resources(jx__search *s) {
    const jx__inst *t = s->t;
    uint64_t count = 0, spent = 0;
    for (uint32_t j = 0; j < t->m; j++) {
        bool counts = s->val[j] == JX__OPEN && t->status[j] != JX_PLAN_KEPT;
        count += counts;
        spent += counts ? t->price[j] : 0;
    }
    if ((t->most_open != JX_NONE && count > t->most_open) || (t->budget != UINT64_MAX && spent > t->budget)) {
        return false;
    }
    bool full = t->most_open != JX_NONE && count == t->most_open;
    for (uint32_t j = 0; j < t->m; j++) {
        if (s->val[j] == JX__FREE && (full || (t->budget != UINT64_MAX && t->price[j] > t->budget - spent))) {
            decide(s, j, JX__SHUT);
        }
    }
    return true;
}

/* Everybody must be served: who has no more sites than needed opens them. -1: impossible, 1: something was opened. */
static int needs(jx__search *s) {
    const jx__inst *t = s->t;
    int changed = 0;
    uint64_t room = 0;
    for (uint32_t i = 0; i < t->n; i++) {
        uint32_t possible = 0;
        for (uint64_t k = t->row_off[i]; possible <= t->need && k < t->row_off[i + 1]; k++) {
            possible += s->val[t->row[k].site] != JX__SHUT;
        }
        if (possible < t->need) {
            return -1;
        }
        for (uint64_t k = t->row_off[i]; possible == t->need && k < t->row_off[i + 1]; k++) {
            if (s->val[t->row[k].site] == JX__FREE) {
                decide(s, t->row[k].site, JX__OPEN);
                changed = 1;
            }
        }
    }
    for (uint32_t j = 0; t->cap && j < t->m; j++) {
        room += s->val[j] != JX__SHUT ? t->cap[j] : 0;
    }
    return t->cap && room < t->total_units ? -1 : changed;
}

static bool propagate(jx__search *s) {
    for (;;) {
        if (!resources(s)) {
            return false;
        }
        int c = s->t->out ? 0 : needs(s);
        if (c <= 0) {
            return c == 0;
        }
    }
}

/* ---- plans ------------------------------------------------------------------------------------------------------------------------- */

/* Value of a set; kept when it is the best. */
static jx_status try_value(jx__search *s, const uint8_t *open, jx__effort effort, uint64_t *value, uint64_t *lower) {
    jx__shares shares = {0};
    jx_status st = jx__value(s->ctx, s->brake, s->t, open, effort, s->cutoff, value, lower, s->t->cap ? &shares : NULL);
    if (st == JX_OK && *value < s->cutoff) {
        s->best_value = s->cutoff = *value;
        memcpy(s->best, open, s->t->m);
        jx_vec_free(s->ctx, &s->shares);
        s->shares = shares;
        if (s->brake) {
            s->brake->grace = 0;
        }
        return JX_OK;
    }
    jx_vec_free(s->ctx, &shares);
    return st;
}

jx_status jx__offer_set(jx__search *s, const uint8_t *open) {
    uint64_t value, lower;
    if (!jx__affordable(s->t, open)) {
        return JX_OK;
    }
    return try_value(s, open, JX__SOME, &value, &lower);
}

/* ---- nodes --------------------------------------------------------------------------------------------------------------------------- */

static bool ended(jx__search *s) {
    s->stopped = s->stopped || jx__braked(s->brake, s->t->col_off[s->t->m] * (s->t->cap ? 8 : 2)) || (s->first && s->best_value != JX__NO_VALUE);
    return s->stopped;
}

static void keep_multipliers(const jx__inst *t, jx__bound *b) {
    memcpy(b->best_lambda, b->lambda, t->n * sizeof *b->lambda);
    b->best_mu_budget = b->mu_budget;
    b->best_mu_cap = b->mu_cap;
}

static void use_multipliers(const jx__inst *t, jx__bound *b) {
    memcpy(b->lambda, b->best_lambda, t->n * sizeof *b->lambda);
    b->mu_budget = b->best_mu_budget;
    b->mu_cap = b->best_mu_cap;
}

/* Climb with the bound; plans on the way. *best: the highest, scaled. */
static jx_status climb(jx__search *s, uint32_t most, uint32_t sure, double alpha, int64_t *best) {
    const jx__inst *t = s->t;
    uint32_t idle = 0, tried = 0;
    *best = INT64_MIN / 2;
    keep_multipliers(t, &s->b);
    for (uint32_t it = 0; it < most && alpha > 0.002; it++) {
        int64_t l = jx__bound_at(t, &s->b, s->val, false);
        if (l > *best) {
            idle = l > *best + (*best >> 14) ? 0 : idle + 1;
            *best = l;
            keep_multipliers(t, &s->b);
            if (it >= tried) {
                JX_TRY(jx__try_set(s, s->b.chosen, s->b.rho));
                tried = it + (t->cap ? 15 : 5);
            }
        } else {
            idle++;
        }
        bool end = ended(s);
        if (jx__bound_ceil(t, *best) >= s->cutoff || (end && it >= sure)) { /* a bound worth the name first */
            break;
        }
        if (idle >= 12) {
            alpha /= 2;
            idle = 0;
            use_multipliers(t, &s->b);
            (void)jx__bound_at(t, &s->b, s->val, false);
            l = *best;
        }
        double to = s->cutoff == JX__NO_VALUE ? (double)*best * (*best > 0 ? 1.05 : 0.95) + 1 : (double)(s->cutoff << t->shift);
        jx__bound_step(t, &s->b, s->val, alpha, (double)l, to);
    }
    use_multipliers(t, &s->b);
    return JX_OK;
}

/* Sites whose other decision would push the bound over the cutoff. */
static bool fix_sites(jx__search *s, int64_t l) {
    const jx__inst *t = s->t;
    const jx__bound *b = &s->b;
    bool any = false;
    if (s->cutoff == JX__NO_VALUE) {
        return false;
    }
    for (uint32_t j = 0; j < t->m; j++) {
        if (s->val[j] != JX__FREE) {
            continue;
        }
        int64_t swap_out = b->full && b->worst_chosen != INT64_MIN ? b->worst_chosen : 0, swap_in = b->full && b->best_left < 0 ? b->best_left : 0;
        int64_t other = b->chosen[j] ? l - b->rho[j] + swap_in : l + b->rho[j] - swap_out;
        if (jx__bound_ceil(t, other) >= s->cutoff) {
            decide(s, j, b->chosen[j] ? JX__OPEN : JX__SHUT);
            any = true;
        }
    }
    return any;
}

/* The undecided site to branch on, and what to try first. */
static uint32_t branch_site(const jx__search *s, uint8_t *first) {
    const jx__bound *b = &s->b;
    uint32_t in = JX_NONE, out = JX_NONE;
    for (uint32_t j = 0; j < s->t->m; j++) {
        if (s->val[j] == JX__FREE && b->chosen[j]) {
            in = in == JX_NONE || b->rho[j] < b->rho[in] ? j : in;
        } else if (s->val[j] == JX__FREE) {
            out = out == JX_NONE || b->rho[j] < b->rho[out] ? j : out;
        }
    }
    *first = JX__OPEN;
    return in != JX_NONE ? in : out;
}

static void leave_open(jx__search *s, uint64_t bound) { s->open_bound = bound < s->open_bound ? bound : s->open_bound; }

static jx_status leaf(jx__search *s) {
    uint64_t value, lower;
    for (uint32_t j = 0; j < s->t->m; j++) {
        s->trial[j] = s->val[j] == JX__OPEN;
    }
    JX_TRY(try_value(s, s->trial, JX__FULL, &value, &lower));
    if (lower < s->cutoff) {
        leave_open(s, lower); /* the assignment was not searched to its end */
    }
    return JX_OK;
}

static jx_status node(jx__search *s, uint64_t parent_bound, bool root);

static jx_status branch(jx__search *s, uint64_t bound) {
    const jx__inst *t = s->t;
    uint8_t first;
    uint32_t j = branch_site(s, &first), mark = s->n_trail;
    if (j == JX_NONE) {
        return leaf(s);
    }
    int64_t *keep = jx_malloc(s->ctx, t->n, sizeof *keep);
    if (!keep) {
        return JX_E_NOMEM;
    }
    double mu_budget = s->b.mu_budget, mu_cap = s->b.mu_cap;
    memcpy(keep, s->b.lambda, t->n * sizeof *keep);
    jx_status st = JX_OK;
    for (int side = 0; st == JX_OK && side < 2; side++) {
        if (s->stopped || s->nodes >= s->most_nodes) {
            leave_open(s, bound);
            break;
        }
        if (bound >= s->cutoff) {
            break;
        }
        memcpy(s->b.lambda, keep, t->n * sizeof *keep);
        s->b.mu_budget = mu_budget;
        s->b.mu_cap = mu_cap;
        decide(s, j, side == 0 ? first : first == JX__OPEN ? JX__SHUT : JX__OPEN);
        st = node(s, bound, false);
        undo(s, mark);
    }
    jx_free(s->ctx, keep);
    return st;
}

/* So many rounds at the root before a call to stop is heard: some tenths of a second. */
static uint32_t sure_rounds(const jx__inst *t) {
    uint64_t round = t->col_off[t->m] * (t->cap ? 8 : 2) + 1, n = JX__BRAKE_GRACE / round;
    return n < 40 ? (uint32_t)n : 40;
}

static jx_status node(jx__search *s, uint64_t parent_bound, bool root) {
    const jx__inst *t = s->t;
    uint32_t mark = s->n_trail;
    uint64_t bound = parent_bound;
    jx_status st = JX_OK;
    s->nodes++;
    for (uint32_t round = 0; st == JX_OK && bound < s->cutoff; round++) {
        int64_t l;
        if (!propagate(s)) {
            bound = JX__NO_VALUE;
            break;
        }
        bool first = root && round == 0;
        st = climb(s, first ? 500 : 40, first && !s->first ? sure_rounds(s->t) : 0, first ? 2 : 0.7, &l);
        if (st != JX_OK) {
            break;
        }
        uint64_t here = jx__bound_ceil(t, l);
        bound = here > bound ? here : bound;
        if (bound >= s->cutoff || ended(s)) {
            break;
        }
        l = jx__bound_at(t, &s->b, s->val, true);
        if (!fix_sites(s, l)) {
            break;
        }
    }
    if (st == JX_OK && bound < s->cutoff) {
        if (s->stopped) {
            leave_open(s, bound);
        } else {
            st = branch(s, bound);
        }
    }
    undo(s, mark);
    return st;
}

/* ---- the door ----------------------------------------------------------------------------------------------------------------------------- */

static uint8_t forced(const jx__inst *t, const jx__goal *g, uint32_t j) {
    return g->force && g->force[j] ? g->force[j] : t->status[j] == JX_PLAN_KEPT ? JX__OPEN : t->status[j] == JX_PLAN_BARRED ? JX__SHUT : JX__FREE;
}

static jx_status begin(jx__search *s, const jx__goal *g) {
    const jx__inst *t = s->t;
    s->val = jx_calloc(s->ctx, t->m, 1);
    s->trail = jx_malloc(s->ctx, t->m, sizeof *s->trail);
    s->best = jx_calloc(s->ctx, t->m, 1);
    s->trial = jx_calloc(s->ctx, t->m, 1);
    s->order = jx_malloc(s->ctx, t->m, sizeof *s->order);
    s->keys = jx_malloc(s->ctx, t->m, sizeof *s->keys);
    if (!s->val || !s->trail || !s->best || !s->trial || !s->order || !s->keys) {
        return JX_E_NOMEM;
    }
    JX_TRY(jx__bound_new(s->ctx, t, &s->b));
    for (uint32_t j = 0; j < t->m; j++) {
        uint8_t v = forced(t, g, j);
        if (v != JX__FREE) {
            decide(s, j, v);
        }
    }
    return JX_OK;
}

jx_status jx__search_quick(jx_ctx *ctx, const jx__inst *t, bool center, const jx__goal *g, uint8_t *best, jx__found *out) {
    uint8_t *state = jx_malloc(ctx, t->m, 1);
    uint64_t p = t->most_open;
    jx__quick_found f;
    if (!state) {
        return JX_E_NOMEM;
    }
    for (uint32_t j = 0; j < t->m; j++) {
        uint8_t v = forced(t, g, j);
        state[j] = v == JX__OPEN ? JX__QUICK_OPEN : v == JX__SHUT ? JX__QUICK_SHUT : JX__QUICK_FREE;
        p += t->status[j] == JX_PLAN_KEPT;
    }
    const jx__quick q = {.center = center, .n = t->n, .m = t->m, .p = p < t->m ? (uint32_t)p : t->m, .row_off = t->row_off, .col_off = t->col_off,
                         .row = t->row, .col = t->col, .w = t->w, .may_go_without = t->out != NULL, .fix = t->fix, .price = t->price, .budget = t->budget,
                         .state = state, .start = g->start, .cutoff = g->cutoff, .most_nodes = g->most_nodes, .seed = g->seed,
                         .stop = g->brake ? jx__brake_now : NULL, .user = g->brake};
    jx_status st = jx__quick_solve(ctx, &q, best, &f);
    jx_free(ctx, state);
    uint64_t end = f.value < g->cutoff ? f.value : g->cutoff;
    *out = (jx__found){.value = f.value, .bound = f.bound, .stopped = f.bound < end, .nodes = f.nodes, .steps = f.steps};
    return st;
}

/* Before any plan is known: each demand is worth its second cheapest site. */
static void first_multipliers(jx__search *s) {
    const jx__inst *t = s->t;
    for (uint32_t i = 0; t->cap && !t->fix && !t->out && i < t->n; i++) {
        uint64_t from = t->row_off[i], n = t->row_off[i + 1] - from;
        s->b.lambda[i] = n == 0 ? 0 : (int64_t)((t->w[i] * t->row[from + (n > 1)].cost) << t->shift);
    }
}

jx_status jx__search_run(jx_ctx *ctx, const jx__inst *t, const jx__goal *g, uint8_t *best, jx__found *out) {
    if (!t->cap && t->need == 1 && t->most < jx__quick_most) {
        return jx__search_quick(ctx, t, false, g, best, out);
    }
    jx__search s = {.ctx = ctx, .t = t, .best_value = JX__NO_VALUE, .cutoff = g->cutoff, .open_bound = JX__NO_VALUE, .most_nodes = g->most_nodes,
                    .brake = g->brake, .first = g->first};
    jx_status st = begin(&s, g);
    if (st == JX_OK && propagate(&s)) {
        if (s.brake) {
            s.brake->grace = JX__BRAKE_GRACE;
        }
        first_multipliers(&s);
        st = jx__preview(&s, g->start);
        if (s.brake) {
            s.brake->grace = 0;
        }
        if (st == JX_OK && t->cap && !t->fix && !t->out && s.best_value != JX__NO_VALUE) {
            st = jx__assign_prices(ctx, s.brake, t, s.best, s.b.lambda);
        }
        if (st == JX_OK) {
            st = node(&s, g->floor, true);
        }
    }
    if (st == JX_OK) {
        out->value = s.best_value;
        out->bound = s.open_bound < s.cutoff ? s.open_bound : s.cutoff;
        out->stopped = s.open_bound < s.cutoff;
        out->nodes = s.nodes;
        out->steps = s.b.steps;
        if (s.best_value != JX__NO_VALUE) {
            memcpy(best, s.best, t->m);
        }
        if (g->shares && s.best_value != JX__NO_VALUE) {
            jx_vec_free(ctx, g->shares);
            *g->shares = s.shares;
            s.shares = (jx__shares){0};
            for (size_t k = 0; k < g->shares->n; k++) {
                g->shares->v[k].demand = t->demand[g->shares->v[k].demand];
            }
        }
    }
    jx_vec_free(ctx, &s.shares);
    jx__bound_release(ctx, &s.b);
    void *const blocks[] = {s.val, s.trail, s.best, s.trial, s.order, s.keys};
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) {
        jx_free(ctx, blocks[k]);
    }
    return st;
}
