/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Who goes where when sites have capacities. Split: minimum-cost flow by shortest augmenting paths between sites, starting from
 * everybody at the cheapest site, which is optimal but for the overloads; every step takes the cheapest chain of moves that relieves
 * one. Whole: branch and bound on the demands that the flow splits. Source: Ahuja, Magnanti, Orlin 1993; the site graph is ours.
 */
#include "services/plan_internal.h"

#define NO_WAY UINT32_MAX
#define FAR (INT64_MAX / 4)
enum { WORK_PER_CUT = 100000 };
typedef struct flow {
    const jx__inst *t;
    uint32_t n, k;     /* demands; places: open sites, and going without where that is allowed */
    uint32_t *place;   /* k: site, JX_NONE for going without */
    uint32_t *cost;    /* n x k per unit and weight, NO_WAY */
    uint32_t *x;       /* n x k units */
    uint64_t *unit_w;  /* n: weight of a unit */
    uint64_t *load, *cap;
    int64_t *step;     /* k x k: cheapest move of a unit from one place to another */
    uint32_t *by;      /* k x k: whose */
    int64_t *dist;
    uint32_t *prev;
    jx__brake *brake;
    bool braked;
    uint64_t work; /* elementary steps of all flows */
    uint64_t cuts, most_cuts; /* nodes of the assignment's search; beyond, the flow's bound is what is known */
    uint64_t best;     /* of whole assignments */
    uint64_t split;    /* of the split one: no whole one is better */
    uint32_t *best_at; /* n: place */
    uint64_t least_open; /* bound of what was cut off unexplored */
} flow;

static int64_t unit_cost(const flow *f, uint32_t i, uint32_t a) { return (int64_t)(f->unit_w[i] * f->cost[(size_t)i * f->k + a]); }

/* The cheapest demand to move from a to b. */
static void rate(flow *f, uint32_t a, uint32_t b) {
    int64_t best = FAR;
    uint32_t who = JX_NONE;
    for (uint32_t i = 0; i < f->n; i++) {
        size_t at = (size_t)i * f->k;
        if (f->x[at + a] > 0 && f->cost[at + b] != NO_WAY) {
            int64_t c = unit_cost(f, i, b) - unit_cost(f, i, a);
            if (c < best) {
                best = c;
                who = i;
            }
        }
    }
    f->step[a * f->k + b] = best;
    f->by[a * f->k + b] = who;
}

/* All rates at once: O(n k) where demands are hardly split. */
static void rate_all(flow *f) {
    for (uint32_t e = 0; e < f->k * f->k; e++) {
        f->step[e] = FAR;
        f->by[e] = JX_NONE;
    }
    for (uint32_t i = 0; i < f->n; i++) {
        size_t at = (size_t)i * f->k;
        for (uint32_t a = 0; a < f->k; a++) {
            for (uint32_t b = 0; f->x[at + a] > 0 && b < f->k; b++) {
                int64_t c = b == a || f->cost[at + b] == NO_WAY ? FAR : unit_cost(f, i, b) - unit_cost(f, i, a);
                if (c < f->step[a * f->k + b]) {
                    f->step[a * f->k + b] = c;
                    f->by[a * f->k + b] = i;
                }
            }
        }
    }
}

/* After demand i changed at place a: fresh rates where it was the cheapest, or is now. */
static void rerate(flow *f, uint32_t a, uint32_t i) {
    size_t at = (size_t)i * f->k;
    for (uint32_t b = 0; b < f->k; b++) {
        if (b == a) {
            continue;
        }
        if (f->x[at + a] > 0) {
            if (f->cost[at + b] != NO_WAY && unit_cost(f, i, b) - unit_cost(f, i, a) < f->step[a * f->k + b]) {
                f->step[a * f->k + b] = unit_cost(f, i, b) - unit_cost(f, i, a);
                f->by[a * f->k + b] = i;
            }
        } else if (f->by[a * f->k + b] == i) {
            rate(f, a, b);
        }
    }
}

/* Shortest chain of moves from any overloaded place to any with room; JX_NONE: there is none. */
static uint32_t relief(flow *f) {
    uint32_t end = JX_NONE;
    for (uint32_t a = 0; a < f->k; a++) {
        f->dist[a] = f->load[a] > f->cap[a] ? 0 : FAR;
        f->prev[a] = JX_NONE;
    }
    bool changed = true;
    for (uint32_t round = 0; changed && round <= f->k; round++) {
        changed = false;
        for (uint32_t a = 0; a < f->k; a++) {
            for (uint32_t b = 0; f->dist[a] < FAR && b < f->k; b++) {
                int64_t s = f->step[a * f->k + b];
                if (a != b && s < FAR && f->dist[a] + s < f->dist[b]) {
                    f->dist[b] = f->dist[a] + s;
                    f->prev[b] = a;
                    changed = true;
                }
            }
        }
    }
    for (uint32_t a = 0; a < f->k; a++) {
        if (f->load[a] < f->cap[a] && f->dist[a] < FAR && (end == JX_NONE || f->dist[a] < f->dist[end])) {
            end = a;
        }
    }
    return end;
}

static void move_along(flow *f, uint32_t end) {
    uint64_t units = f->cap[end] - f->load[end];
    uint32_t start = end, hops = 0;
    for (uint32_t b = end; f->prev[b] != JX_NONE; b = f->prev[b], hops++) {
        uint32_t a = f->prev[b], i = f->by[a * f->k + b];
        uint64_t there = f->x[(size_t)i * f->k + a];
        units = there < units ? there : units;
        start = a;
    }
    uint64_t over = f->load[start] - f->cap[start];
    units = over < units ? over : units;
    f->load[start] -= units;
    f->load[end] += units;
    for (uint32_t b = end; hops > 0; hops--) {
        uint32_t a = f->prev[b], i = f->by[a * f->k + b];
        f->x[(size_t)i * f->k + a] -= (uint32_t)units;
        f->x[(size_t)i * f->k + b] += (uint32_t)units;
        b = a;
    }
    for (uint32_t b = end; f->prev[b] != JX_NONE; b = f->prev[b]) { /* rates after all moves: a demand may move twice in a chain */
        f->dist[b] = f->by[f->prev[b] * f->k + b];
    }
    for (uint32_t b = end; f->prev[b] != JX_NONE; b = f->prev[b]) {
        rerate(f, f->prev[b], (uint32_t)f->dist[b]);
        rerate(f, b, (uint32_t)f->dist[b]);
    }
}

/* Least cost with splitting allowed; JX__NO_VALUE: capacities cannot hold. */
static void solve_split(flow *f, uint64_t *value) {
    *value = JX__NO_VALUE;
    if ((f->braked = jx__braked(f->brake, (uint64_t)f->n * f->k * 2))) {
        return;
    }
    memset(f->load, 0, f->k * sizeof *f->load);
    memset(f->x, 0, (size_t)f->n * f->k * sizeof *f->x);
    for (uint32_t i = 0; i < f->n; i++) {
        size_t at = (size_t)i * f->k;
        uint32_t best = JX_NONE;
        for (uint32_t a = 0; a < f->k; a++) {
            best = f->cost[at + a] != NO_WAY && (best == JX_NONE || f->cost[at + a] < f->cost[at + best]) ? a : best;
        }
        if (best == JX_NONE) {
            return;
        }
        f->x[at + best] = f->t->units[i];
        f->load[best] += f->t->units[i];
    }
    rate_all(f);
    for (;;) {
        bool over = false;
        for (uint32_t a = 0; a < f->k; a++) {
            over = over || f->load[a] > f->cap[a];
        }
        if (!over) {
            break;
        }
        uint32_t end = relief(f);
        if (end == JX_NONE) {
            return;
        }
        move_along(f, end);
        f->work += (uint64_t)f->k * f->k * 4 + f->n;
        if ((f->braked = jx__braked(f->brake, (uint64_t)f->k * f->k * 4))) {
            return;
        }
    }
    *value = 0;
    for (size_t e = 0; e < (size_t)f->n * f->k; e++) {
        *value += f->x[e] ? f->unit_w[e / f->k] * f->cost[e] * f->x[e] : 0;
    }
}

/* ---- whole assignments -------------------------------------------------------------------------------------------------------- */

/* The split demand with most units; JX_NONE: all are whole, and the flow is an assignment. */
static uint32_t split_one(const flow *f) {
    uint32_t worst = JX_NONE;
    for (uint32_t i = 0; i < f->n; i++) {
        uint32_t parts = 0;
        for (uint32_t a = 0; a < f->k; a++) {
            parts += f->x[(size_t)i * f->k + a] > 0;
        }
        if (parts > 1 && (worst == JX_NONE || f->t->units[i] > f->t->units[worst])) {
            worst = i;
        }
    }
    return worst;
}

static void keep_whole(flow *f, uint64_t value) {
    f->best = value;
    for (uint32_t i = 0; i < f->n; i++) {
        for (uint32_t a = 0; a < f->k; a++) {
            if (f->x[(size_t)i * f->k + a] > 0) {
                f->best_at[i] = a;
            }
        }
    }
}

/* `above`: a bound of this part, from the one above. */
static jx_status cut(jx_ctx *ctx, flow *f, uint32_t depth, uint64_t above) {
    uint64_t value;
    solve_split(f, &value);
    if (f->braked) {
        f->least_open = above < f->least_open ? above : f->least_open;
        return JX_OK;
    }
    if (value == JX__NO_VALUE || value >= f->best) {
        return JX_OK;
    }
    uint32_t i = split_one(f);
    if (i == JX_NONE) {
        keep_whole(f, value);
        return JX_OK;
    }
    if (++f->cuts > f->most_cuts || f->work > f->most_cuts * WORK_PER_CUT || depth > 400) {
        f->least_open = value < f->least_open ? value : f->least_open;
        return JX_OK;
    }
    size_t at = (size_t)i * f->k;
    uint32_t *row = jx_malloc(ctx, (size_t)f->k * 2, sizeof *row), *parts = row ? row + f->k : NULL;
    if (!row) {
        return JX_E_NOMEM;
    }
    memcpy(row, f->cost + at, f->k * sizeof *row);
    memcpy(parts, f->x + at, f->k * sizeof *row);
    jx_status st = JX_OK;
    for (uint32_t done = 0; st == JX_OK && done < f->k; done++) { /* where most of it goes first, then by cost */
        uint32_t a = JX_NONE;
        for (uint32_t b = 0; b < f->k; b++) {
            bool open = row[b] != NO_WAY && parts[b] != UINT32_MAX;
            a = open && (a == JX_NONE || parts[b] > parts[a] || (parts[b] == parts[a] && row[b] < row[a])) ? b : a;
        }
        if (a == JX_NONE) {
            break;
        }
        parts[a] = UINT32_MAX;
        for (uint32_t b = 0; b < f->k; b++) {
            f->cost[at + b] = b == a ? row[b] : NO_WAY;
        }
        st = cut(ctx, f, depth + 1, value);
    }
    memcpy(f->cost + at, row, f->k * sizeof *row);
    jx_free(ctx, row);
    return st;
}

/* Whole demands by rounding the split assignment: each goes where most of it does, then single moves and exchanges lessen what is over
 * the capacities, and after that the cost, until none does. */
typedef struct rounding {
    flow *f;
    uint32_t *at;
    uint64_t *load;
} rounding;

static int64_t over(const rounding *r, uint32_t a, int64_t more) {
    int64_t v = (int64_t)r->load[a] + more - (int64_t)r->f->cap[a];
    return v > 0 ? v : 0;
}

/* Is demand i better off at b, in exchange for j (JX_NONE: for nothing)? Does it. */
static bool better_off(rounding *r, uint32_t i, uint32_t b, uint32_t j) {
    flow *f = r->f;
    uint32_t a = r->at[i];
    if (a == b || f->cost[(size_t)i * f->k + b] == NO_WAY || (j != JX_NONE && f->cost[(size_t)j * f->k + a] == NO_WAY)) {
        return false;
    }
    int64_t units = (int64_t)f->t->units[i] - (j == JX_NONE ? 0 : (int64_t)f->t->units[j]);
    int64_t less = over(r, a, 0) + over(r, b, 0) - over(r, a, -units) - over(r, b, units);
    if (less < 0) {
        return false;
    }
    int64_t cost = (unit_cost(f, i, b) - unit_cost(f, i, a)) * (int64_t)f->t->units[i];
    cost += j == JX_NONE ? 0 : (unit_cost(f, j, a) - unit_cost(f, j, b)) * (int64_t)f->t->units[j];
    if (less == 0 && cost >= 0) {
        return false;
    }
    r->at[i] = b;
    r->load[a] -= f->t->units[i];
    r->load[b] += f->t->units[i];
    if (j != JX_NONE) {
        r->at[j] = a;
        r->load[b] -= f->t->units[j];
        r->load[a] += f->t->units[j];
    }
    return true;
}

static bool improve(rounding *r) {
    flow *f = r->f;
    bool any = false;
    for (uint32_t i = 0; i < f->n && !jx__braked(f->brake, f->k); i++) {
        for (uint32_t b = 0; b < f->k; b++) {
            any = better_off(r, i, b, JX_NONE) || any;
        }
    }
    for (uint32_t i = 0; !any && i < f->n && !jx__braked(f->brake, f->n); i++) {
        for (uint32_t j = 0; j < f->n; j++) {
            any = (r->at[j] != r->at[i] && better_off(r, i, r->at[j], j)) || any;
        }
    }
    return any;
}

static jx_status round_off(jx_ctx *ctx, flow *f) {
    rounding r = {f, jx_malloc(ctx, f->n, sizeof *r.at), jx_calloc(ctx, f->k, sizeof *r.load)};
    jx_status st = r.at && r.load ? JX_OK : JX_E_NOMEM;
    solve_split(f, &f->split);
    bool there = st == JX_OK && !f->braked && f->split < f->best;
    f->split = f->braked ? 0 : f->split;
    uint64_t value = 0, too_much = 0;
    for (uint32_t i = 0; there && i < f->n; i++) {
        const uint32_t *x = f->x + (size_t)i * f->k;
        r.at[i] = 0;
        for (uint32_t a = 1; a < f->k; a++) {
            r.at[i] = x[a] > x[r.at[i]] ? a : r.at[i];
        }
        r.load[r.at[i]] += f->t->units[i];
    }
    for (uint32_t pass = 0; there && pass < 100 && improve(&r); pass++) {
    }
    for (uint32_t a = 0; there && a < f->k; a++) {
        too_much += (uint64_t)over(&r, a, 0);
    }
    for (uint32_t i = 0; there && i < f->n; i++) {
        value += (uint64_t)unit_cost(f, i, r.at[i]) * f->t->units[i];
    }
    if (there && too_much == 0 && value < f->best) {
        f->best = value;
        memcpy(f->best_at, r.at, f->n * sizeof *r.at);
    }
    jx_free(ctx, r.at);
    jx_free(ctx, r.load);
    return st;
}

/* ---- the door ------------------------------------------------------------------------------------------------------------------------ */

static jx_status make(jx_ctx *ctx, const jx__inst *t, const uint8_t *open, flow *f) {
    f->t = t;
    f->n = t->n;
    f->k = t->out ? 1 : 0;
    for (uint32_t j = 0; j < t->m; j++) {
        f->k += open[j] ? 1 : 0;
    }
    size_t nk = (size_t)f->n * f->k, kk = (size_t)f->k * f->k;
    f->place = jx_malloc(ctx, f->k, sizeof *f->place);
    f->cost = jx_malloc(ctx, nk, sizeof *f->cost);
    f->x = jx_malloc(ctx, nk, sizeof *f->x);
    f->unit_w = jx_malloc(ctx, f->n, sizeof *f->unit_w);
    f->load = jx_malloc(ctx, f->k, sizeof *f->load);
    f->cap = jx_malloc(ctx, f->k, sizeof *f->cap);
    f->step = jx_malloc(ctx, kk, sizeof *f->step);
    f->by = jx_malloc(ctx, kk, sizeof *f->by);
    f->dist = jx_malloc(ctx, f->k, sizeof *f->dist);
    f->prev = jx_malloc(ctx, f->k, sizeof *f->prev);
    f->best_at = jx_malloc(ctx, f->n, sizeof *f->best_at);
    uint32_t *at = jx_malloc(ctx, t->m, sizeof *at);
    bool ok = f->place && f->cost && f->x && f->unit_w && f->load && f->cap && f->step && f->by && f->dist && f->prev && f->best_at && at;
    for (uint32_t j = 0, k = 0; ok && j < t->m; j++) {
        at[j] = open[j] ? k : JX_NONE;
        if (open[j]) {
            f->cap[k] = t->cap[j];
            f->place[k++] = j;
        }
    }
    if (ok && t->out) {
        f->cap[f->k - 1] = t->total_units;
        f->place[f->k - 1] = JX_NONE;
    }
    for (uint32_t i = 0; ok && i < f->n; i++) {
        f->unit_w[i] = t->w[i] / t->units[i];
        for (uint32_t a = 0; a < f->k; a++) {
            f->cost[(size_t)i * f->k + a] = f->place[a] == JX_NONE ? 1 : NO_WAY;
        }
        for (uint64_t e = t->row_off[i]; e < t->row_off[i + 1]; e++) {
            if (at[t->row[e].site] != JX_NONE) {
                f->cost[(size_t)i * f->k + at[t->row[e].site]] = t->row[e].cost;
            }
        }
    }
    jx_free(ctx, at);
    return ok ? JX_OK : JX_E_NOMEM;
}

static void drop(jx_ctx *ctx, flow *f) {
    void *const blocks[] = {f->place, f->cost, f->x, f->unit_w, f->load, f->cap, f->step, f->by, f->dist, f->prev, f->best_at};
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) {
        jx_free(ctx, blocks[k]);
    }
}

static jx_status report(jx_ctx *ctx, const flow *f, jx__shares *shares) {
    for (uint32_t i = 0; i < f->n; i++) {
        for (uint32_t a = 0; a < f->k; a++) {
            uint32_t units = f->t->single ? (f->best_at[i] == a ? f->t->units[i] : 0) : f->x[(size_t)i * f->k + a];
            if (units && f->place[a] != JX_NONE) {
                JX_TRY(jx_vec_push(ctx, shares, (jx_plan_share){i, f->place[a], units}));
            }
        }
    }
    return JX_OK;
}

jx_status jx__assign(jx_ctx *ctx, jx__brake *brake, const jx__inst *t, const uint8_t *open, jx__effort effort, uint64_t cutoff, uint64_t *value, uint64_t *lower, jx__shares *shares) {
    flow f = {.least_open = JX__NO_VALUE, .most_cuts = (uint64_t)effort, .brake = brake};
    bool whole = t->single && effort != JX__LIGHT;
    uint64_t fix = jx__fix_sum(t, open);
    *value = *lower = JX__NO_VALUE;
    if (fix >= cutoff) {
        return JX_OK;
    }
    jx_status st = make(ctx, t, open, &f);
    if (st == JX_OK && !whole) {
        solve_split(&f, value);
        *value += *value == JX__NO_VALUE ? 0 : fix;
        *lower = f.braked ? fix : *value;
    } else if (st == JX_OK) {
        f.best = cutoff == JX__NO_VALUE ? JX__NO_VALUE : cutoff - fix;
        uint64_t none = f.best;
        st = round_off(ctx, &f);
        st = st == JX_OK && f.best > f.split ? cut(ctx, &f, 0, f.split) : st;
        *value = f.best == none ? JX__NO_VALUE : f.best + fix;
        uint64_t least = f.best < f.least_open ? f.best : f.least_open; /* a cutoff that held is a bound too */
        *lower = least == JX__NO_VALUE ? JX__NO_VALUE : least + fix;
    }
    if (st == JX_OK && shares && *value != JX__NO_VALUE) {
        st = report(ctx, &f, shares);
    }
    drop(ctx, &f);
    return st;
}

/* What one unit of room at each place would save: the shortest way from it to a place with room to spare. */
static void room_prices(flow *f) {
    for (uint32_t a = 0; a < f->k; a++) {
        f->dist[a] = f->load[a] < f->cap[a] ? 0 : FAR;
    }
    bool changed = true;
    for (uint32_t round = 0; changed && round <= f->k; round++) {
        changed = false;
        for (uint32_t a = 0; a < f->k; a++) {
            for (uint32_t b = 0; b < f->k; b++) {
                int64_t s = f->step[a * f->k + b];
                if (a != b && s < FAR && f->dist[b] < FAR && s + f->dist[b] < f->dist[a]) {
                    f->dist[a] = s + f->dist[b];
                    changed = true;
                }
            }
        }
    }
}

jx_status jx__assign_prices(jx_ctx *ctx, jx__brake *brake, const jx__inst *t, const uint8_t *open, int64_t *lambda) {
    flow f = {.brake = brake};
    uint64_t value = JX__NO_VALUE;
    jx_status st = make(ctx, t, open, &f);
    if (st == JX_OK) {
        solve_split(&f, &value);
    }
    if (st == JX_OK && value != JX__NO_VALUE) {
        room_prices(&f);
        for (uint32_t i = 0; i < f.n; i++) {
            int64_t best = FAR;
            for (uint32_t a = 0; a < f.k; a++) {
                int64_t c = f.cost[(size_t)i * f.k + a] == NO_WAY || f.dist[a] >= FAR ? FAR : unit_cost(&f, i, a) + f.dist[a];
                best = c < best ? c : best;
            }
            double worth = (double)best * (double)t->units[i] * (double)((uint64_t)1 << t->shift);
            lambda[i] = best > 0 && best < FAR && worth < 1e17 ? (int64_t)worth : lambda[i];
        }
    }
    drop(ctx, &f);
    return st;
}
