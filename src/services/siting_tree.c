/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The proof: bound, fix sites by reduced cost, shrink, and where that does not settle a part, branch on the site that the
 * multipliers are least sure about. Depth first; each part knows what it has proved, so that a search broken off still has
 * an honest bound.
 */
#include <math.h>

#include "services/siting_internal.h"

typedef struct tree {
    jx_ctx *ctx;
    const jx__work *k;
    jx__swap *swap;
    jx__halt *h;
    jx__best *best;
    jx__bounder b;
    double enough;
    uint8_t *plan, *open; /* per site: open by the branch at hand; a whole plan to offer */
    uint32_t polish;      /* improving selections until the next one is polished */
    uint32_t depth;
    jx_status st;
} tree;

double jx__slack(const jx__work *k, double cost) {
    double relative = 1e-9 * cost;
    if (!isfinite(cost)) {
        return 0;
    }
    return k->whole ? 1 - k->grain : relative; /* bounds are multiples of the grain: the next one below cost - 1 + grain proves nothing */
}

/* A bound that settles a part: nothing better is in it. */
static double goal_of(const tree *t) {
    double best = t->best->cost < t->enough ? t->best->cost : t->enough;
    return best - jx__slack(t->k, best);
}

/* Offer the branch's open sites and those selected in the part; false: they are too dear together. */
static bool offer(tree *t, const jx__part *q, const uint8_t *sel) {
    double spent = 0;
    memcpy(t->open, t->plan, t->k->m);
    for (uint32_t j = 0; sel && j < q->m; j++) {
        if (sel[j]) {
            t->open[q->site[j]] = 1;
            spent += t->k->cost[q->site[j]];
        }
    }
    if (spent > q->budget) {
        return false;
    }
    (void)jx__best_offer(t->best, t->open, jx__work_cost(t->k, t->open));
    return true;
}

static void on_selection(void *user, const jx__part *q, const jx__bounder *b, double *goal) {
    tree *t = user;
    bool payable = offer(t, q, b->sel);
    if (payable && t->swap && t->depth == 0 && ++t->polish % 16 == 0) {
        (void)jx__swap_greedy(t->swap, t->open);
        double cost = jx__swap_descend(t->ctx, t->swap, t->h);
        (void)jx__best_offer(t->best, jx__swap_open(t->swap), cost);
    }
    double now = goal_of(t);
    *goal = now < *goal ? now : *goal;
}

/* Everything free can be had, or nothing: then the part is one plan. */
static bool is_leaf(const tree *t, const jx__part *q) {
    double spent = 0, extra = 0;
    if (q->m > q->p && q->p > 0 && q->n > 0) {
        return false;
    }
    for (uint32_t j = 0; j < q->m; j++) {
        spent += t->k->cost[q->site[j]];
        extra += t->k->open_cost[q->site[j]];
    }
    return q->m == 0 || q->p == 0 || q->n == 0 || (spent <= q->budget && extra == 0);
}

static double leaf(tree *t, const jx__part *q) {
    uint8_t *all = t->b.sel;
    memset(all, q->p > 0 && q->n > 0, q->m);
    (void)offer(t, q, all);
    return jx__work_cost(t->k, t->open);
}

/* Note the sites that marks open in the branch's plan (or take them back). */
static void write_plan(tree *t, const jx__part *q, const uint8_t *mark, uint8_t value) {
    for (uint32_t j = 0; j < q->m; j++) {
        if (mark[j] == JX__OPEN) {
            t->plan[q->site[j]] = value;
        }
    }
}

static double explore(tree *t, jx__part *q);

/* The part under marks: shrink, explore, put the plan back. */
static double descend_to(tree *t, const jx__part *q, const uint8_t *mark) {
    jx__part next;
    uint32_t n_open = 0;
    double spent = 0;
    for (uint32_t j = 0; j < q->m; j++) {
        n_open += mark[j] == JX__OPEN;
        spent += mark[j] == JX__OPEN ? t->k->cost[q->site[j]] : 0;
    }
    if (n_open > q->p || spent > q->budget) {
        return INFINITY; /* no plan is in it */
    }
    t->st = jx__part_reduce(t->ctx, t->k, q, mark, &next);
    if (t->st != JX_OK) {
        return -INFINITY;
    }
    write_plan(t, q, mark, 1);
    t->depth++;
    double bound = explore(t, &next);
    t->depth--;
    jx__part_release(t->ctx, &next);
    write_plan(t, q, mark, 0);
    return bound;
}

static uint32_t n_free(const tree *t, const jx__part *q, uint32_t i) {
    uint32_t n = 0;
    for (size_t e = q->off[i]; e < q->off[i + 1]; e++) {
        n += t->b.mark[q->row[e].id] == JX__FREE;
    }
    return n;
}

/* For a question: of the clients with fewest sites left, the site that was selected most. Closing it soon forces another. */
static uint32_t choose_cover(const tree *t, const jx__part *q) {
    uint32_t least = JX_NONE, best = JX_NONE;
    double most = -1;
    for (uint32_t i = 0; i < q->n; i++) {
        uint32_t n = n_free(t, q, i);
        if (n == 0 || n > least) {
            continue;
        }
        most = n < least ? -1 : most;
        least = n;
        for (size_t e = q->off[i]; e < q->off[i + 1]; e++) {
            uint32_t j = q->row[e].id;
            if (t->b.mark[j] == JX__FREE && t->b.share[j] > most) {
                most = t->b.share[j];
                best = j;
            }
        }
    }
    return best;
}

/* The site about which the rounds were least sure. */
static uint32_t choose(const tree *t, const jx__part *q) {
    uint32_t best = 0;
    double most = -1;
    for (uint32_t j = 0; j < q->m; j++) {
        double s = t->b.share[j], unsure = t->b.mark[j] == JX__FREE ? (s < 1 - s ? s : 1 - s) : -2;
        if (unsure > most) {
            most = unsure;
            best = j;
        }
    }
    return most < 0 ? JX_NONE : best;
}

static double branch(tree *t, const jx__part *q, double bound) {
    uint8_t *mark = jx_malloc(t->ctx, q->m, 1);
    if (!mark) {
        t->st = JX_E_NOMEM;
        return bound;
    }
    memcpy(mark, t->b.mark, q->m);
    uint32_t j = t->k->question ? choose_cover(t, q) : choose(t, q);
    double least = INFINITY;
    if (j == JX_NONE) {
        least = descend_to(t, q, mark);
    } else {
        bool open_first = t->b.share[j] >= 0.5;
        for (int turn = 0; turn < 2; turn++) {
            mark[j] = (turn == 0) == open_first ? JX__OPEN : JX__CLOSED;
            bool settled = t->st != JX_OK || t->h->why != JX_SITING_PROVED;
            double got = settled ? bound : descend_to(t, q, mark);
            least = got < least ? got : least;
        }
    }
    jx_free(t->ctx, mark);
    return least;
}

/* Make a covering question smaller. True when it is answered by that: sites that must open are opened and the rest explored. */
static bool by_dominance(tree *t, jx__part *q, double *bound) {
    uint32_t n_forced = 0;
    uint64_t steps = 0;
    uint8_t *mark = jx_malloc(t->ctx, q->m, 1);
    t->st = mark ? jx__part_dominate(t->ctx, t->k, q, mark, &n_forced, &steps) : JX_E_NOMEM;
    (void)jx__halted(t->ctx, t->h, steps);
    *bound = t->st == JX_OK && n_forced > 0 ? descend_to(t, q, mark) : -INFINITY;
    jx_free(t->ctx, mark);
    return t->st != JX_OK || n_forced > 0;
}

/* Proved lower bound of the plans in a part that are better than the best (what fixing left out is not). */
static double explore(tree *t, jx__part *q) {
    double bound;
    t->h->nodes++;
    if (t->k->question && by_dominance(t, q, &bound)) {
        return bound;
    }
    if (is_leaf(t, q)) {
        return leaf(t, q);
    }
    static const jx__effort first = {1500, 20, 1.5, 0.004, 40}, later = {60, 8, 0.9, 0.02, 0};
    double goal = goal_of(t);
    memset(t->b.mark, JX__FREE, q->m);
    t->b.n_marked = 0;
    bound = jx__bound(t->ctx, &t->b, q, t->depth == 0 ? first : later, &goal, t->h, on_selection, t);
    if (bound >= goal || t->h->why != JX_SITING_PROVED || t->st != JX_OK) {
        return bound;
    }
    double below;
    if (t->b.n_marked * 5 >= q->m) { /* much is settled: go on with the rest before guessing */
        uint8_t *mark = jx_malloc(t->ctx, q->m, 1);
        if (!mark) {
            t->st = JX_E_NOMEM;
            return bound;
        }
        memcpy(mark, t->b.mark, q->m);
        below = descend_to(t, q, mark);
        jx_free(t->ctx, mark);
    } else {
        below = branch(t, q, bound);
    }
    return below > bound ? below : bound;
}

/* Multipliers to start from: between a client's nearest and second nearest site of the best plan. */
static void first_multipliers(const tree *t, jx__part *q) {
    const jx__work *k = t->k;
    for (uint32_t i = 0; i < k->n; i++) {
        double c[2] = {k->without[i], k->without[i]};
        size_t e = k->off[i];
        for (int r = 0; r < 2; r++, e++) {
            while (e < k->off[i + 1] && !t->best->open[k->row[e].id]) {
                e++;
            }
            if (e >= k->off[i + 1]) {
                break;
            }
            c[r] = k->w[i] * k->row[e].dist;
        }
        q->lam[i] = c[1] < k->dear ? (c[0] + c[1]) / 2 : c[0] < k->dear ? c[0] : 0;
    }
}

/* The root: kept sites are open from the start. */
static double explore_root(tree *t) {
    jx__part all, root;
    t->st = jx__part_root(t->ctx, t->k, &all);
    if (t->st != JX_OK) {
        return -INFINITY;
    }
    first_multipliers(t, &all);
    uint8_t *mark = t->b.mark;
    for (uint32_t j = 0; j < all.m; j++) {
        mark[j] = t->k->kept[j] ? JX__OPEN : t->k->barred[j] ? JX__CLOSED : JX__FREE;
    }
    t->st = jx__part_reduce(t->ctx, t->k, &all, mark, &root);
    write_plan(t, &all, mark, 1);
    jx__part_release(t->ctx, &all);
    if (t->st != JX_OK) {
        return -INFINITY;
    }
    double bound = explore(t, &root);
    jx__part_release(t->ctx, &root);
    return bound;
}

jx_status jx__tree_prove(jx_ctx *ctx, const jx__work *k, jx__swap *swap, double enough, jx__halt *h, jx__best *best, double *bound) {
    tree t = {.ctx = ctx, .k = k, .swap = swap, .h = h, .best = best, .enough = enough};
    t.plan = jx_calloc(ctx, k->m, 1);
    t.open = jx_calloc(ctx, k->m, 1);
    t.st = t.plan && t.open ? jx__bounder_make(ctx, k, &t.b) : JX_E_NOMEM;
    if (t.st == JX_OK) {
        double got = explore_root(&t), goal = goal_of(&t), least = best->cost < enough ? best->cost : enough;
        if (got >= goal) { /* nothing better is left; what fixing and pruning left out is no better either */
            got = k->whole ? least : goal;
        } else {
            got = k->whole ? ceil(got) : got - 1e-11 * fabs(got);
        }
        *bound = got > *bound ? got : *bound;
        jx__bounder_release(ctx, &t.b);
    }
    jx_free(ctx, t.plan), jx_free(ctx, t.open);
    return t.st;
}
