/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Whole cells, proved: branch and bound on the cells that the split assignment splits. Each node is a split assignment
 * of its own. First, what the prices rule out once a plan is known is left out: a cell that goes where it costs more
 * than the gap between plan and bound cannot be part of a better plan, and a cell with one site left is none of the
 * tree's business. What is left is small.
 */
#include "services/district_internal.h"

enum { MOST_NODES = 200000 };

typedef struct tree {
    jx__whole *w;
    jx_district d;           /* what is left to decide; rows of cells fixed by the tree are narrowed to their site */
    uint32_t *cell, *people; /* of d: numbers in w's problem */
    uint32_t *time, *was;    /* d's, and as it is without the tree's narrowing */
    uint64_t *room;          /* d's capacities */
    int64_t base;            /* people x time of what is settled */
    uint32_t *settled;       /* per cell of w's problem: its only site, or JX_NONE */
    jx_district_score best;
    uint32_t *best_site;
    bool any, ended; /* a plan within the capacities is known; every branch was looked at */
    uint64_t n, max;
} tree;

/* A site to try for the cell at hand: those with most of its people in the split assignment first, then the cheapest.
 */
typedef struct branch {
    uint32_t site, part;
    int64_t least; /* no plan below it has less people x time */
} branch;

static int by_hope(const void *a, const void *b, void *user) {
    (void)user;
    const branch *x = a, *y = b;
    if (x->part != y->part) {
        return x->part < y->part ? 1 : -1;
    }
    return x->least != y->least ? (x->least > y->least ? 1 : -1) : (x->site > y->site) - (x->site < y->site);
}

static uint32_t most_split(const tree *t, const jx_district_flow *f) {
    uint32_t best = JX_NONE, m = t->d.n_sites;
    for (uint32_t c = 0; c < t->d.n_cells; c++) {
        uint32_t sites = 0;
        for (uint32_t s = 0; s < m; s++) {
            sites += f->part[(size_t)c * m + s] ? 1 : 0;
        }
        best = sites > 1 && (best == JX_NONE || t->d.people[c] > t->d.people[best]) ? c : best;
    }
    return best;
}

static void keep(tree *t, const jx_district_flow *f) {
    uint32_t m = t->d.n_sites;
    for (uint32_t c = 0; c < t->d.n_cells; c++) {
        for (uint32_t s = 0; s < m; s++) {
            t->best_site[c] = f->part[(size_t)c * m + s] ? s : t->best_site[c];
        }
    }
    t->best = f->score;
    t->any = true;
}

static bool hopeless(const tree *t, int64_t time) {
    return t->any && time >= t->best.time;
}

static uint32_t branches(const tree *t, const jx_district_flow *f, uint32_t cell, branch *b) {
    uint32_t n = 0, m = t->d.n_sites;
    int64_t least = INT64_MAX;
    const uint32_t *row = t->d.time_ms + (size_t)cell * m, *part = f->part + (size_t)cell * m;
    for (uint32_t s = 0; s < m; s++) {
        least = row[s] != JX_UNREACHABLE && row[s] + f->price_ms[s] < least ? row[s] + f->price_ms[s] : least;
    }
    for (uint32_t s = 0; s < m; s++) {
        if (row[s] != JX_UNREACHABLE) {
            b[n++] =
                (branch){s, part[s], f->score.time + (row[s] + f->price_ms[s] - least) * (int64_t)t->d.people[cell]};
        }
    }
    return n;
}

static void narrow(tree *t, uint32_t cell, uint32_t site) {
    size_t row = (size_t)cell * t->d.n_sites;
    const uint32_t *was = t->was + row;
    for (uint32_t s = 0; s < t->d.n_sites; s++) {
        t->time[row + s] = site == JX_NONE || s == site ? was[s] : JX_UNREACHABLE;
    }
}

static jx_status node(jx_ctx *ctx, tree *t) {
    jx_district_flow f;
    branch *b = NULL;
    uint32_t n = 0, cell = JX_NONE;
    JX_TRY(jx_poll(ctx));
    if (++t->n > t->max) {
        t->ended = false;
        return JX_OK;
    }
    jx_status st = jx__district_flow(ctx, &t->d, true, &f);
    if (st != JX_OK) {
        return st == JX_E_INFEASIBLE ? JX_OK : st;
    }
    if (!hopeless(t, f.score.time)) {
        cell = most_split(t, &f);
        if (cell == JX_NONE) {
            keep(t, &f);
        } else if (!(b = jx_malloc(ctx, t->d.n_sites, sizeof *b))) {
            st = JX_E_NOMEM;
        } else {
            n = branches(t, &f, cell, b);
            st = jx_sort(ctx, b, n, sizeof *b, by_hope, NULL);
        }
    }
    jx_district_flow_release(ctx, &f); /* before going down: depth times a table would be too much */
    for (uint32_t i = 0; st == JX_OK && i < n && t->n <= t->max; i++) {
        if (!hopeless(t, b[i].least)) {
            narrow(t, cell, b[i].site);
            st = node(ctx, t);
        }
    }
    if (n) {
        narrow(t, cell, JX_NONE);
    }
    jx_free(ctx, b);
    return st;
}

/* Puts what the prices leave open into the tree's problem; false: nothing better than the known plan is possible. */
static bool reduce(tree *t, const jx_district_flow *f) {
    const jx_district *d = t->w->d;
    uint32_t m = d->n_sites, n = 0;
    for (uint32_t s = 0; s < m; s++) {
        t->room[s] = d->capacity[s];
    }
    for (uint32_t c = 0; c < d->n_cells; c++) {
        const uint32_t *row = d->time_ms + (size_t)c * m;
        uint32_t *left = t->was + (size_t)n * m, k = 0, only = 0;
        int64_t least = INT64_MAX;
        t->settled[c] = t->w->site[c];
        for (uint32_t s = 0; s < m; s++) {
            least = row[s] != JX_UNREACHABLE && row[s] + f->price_ms[s] < least ? row[s] + f->price_ms[s] : least;
        }
        if (least == INT64_MAX || !d->people[c]) {
            continue;
        }
        for (uint32_t s = 0; s < m; s++) {
            left[s] = JX_UNREACHABLE;
            if (row[s] != JX_UNREACHABLE && d->capacity[s] >= d->people[c] &&
                !(t->any &&
                  f->score.time + (row[s] + f->price_ms[s] - least) * (int64_t)d->people[c] >= t->best.time)) {
                left[s] = row[s], only = s, k++;
            }
        }
        if (k == 0 || (k == 1 && t->room[only] < d->people[c])) {
            return false;
        }
        t->settled[c] = k == 1 ? only : JX_NONE;
        if (k == 1) {
            t->room[only] -= d->people[c];
            t->base += (int64_t)d->people[c] * row[only];
        } else {
            t->cell[n] = c, t->people[n] = d->people[c], n++;
        }
    }
    memcpy(t->time, t->was, (size_t)n * m * sizeof *t->time);
    t->d = (jx_district){
        .n_cells = n, .n_sites = m, .parts = d->parts, .people = t->people, .time_ms = t->time, .capacity = t->room};
    t->best.time -= t->base;
    return true;
}

static jx_status grow(jx_ctx *ctx, tree *t, const jx_district_flow *f) {
    jx_district_score known = t->w->score;
    if (!reduce(t, f)) {
        return JX_OK;
    }
    double share = (double)(t->d.n_cells + 1) / (t->w->d->n_cells + 1.0), more = (double)t->max / share;
    t->max = more < MOST_NODES ? (uint64_t)more : MOST_NODES; /* nodes are as much cheaper as the problem is smaller */
    JX_TRY(node(ctx, t));
    if (t->any && (known.over || t->best.time + t->base < known.time)) {
        for (uint32_t c = 0; c < t->w->d->n_cells; c++) {
            if (t->settled[c] != JX_NONE && t->settled[c] != t->w->site[c]) {
                jx__whole_move(t->w, c, t->settled[c]);
            }
        }
        for (uint32_t i = 0; i < t->d.n_cells; i++) {
            if (t->best_site[i] != t->w->site[t->cell[i]]) {
                jx__whole_move(t->w, t->cell[i], t->best_site[i]);
            }
        }
    }
    return JX_OK;
}

jx_status jx__whole_tree(jx_ctx *ctx, jx__whole *w, const jx_district_flow *f, uint64_t max_nodes,
                         jx_district_plan *out) {
    size_t n = w->d->n_cells, m = w->d->n_sites, all = n * m;
    tree t = {.w = w, .best = w->score, .any = w->score.over == 0, .ended = true, .max = max_nodes};
    t.time = jx_malloc(ctx, all, sizeof *t.time),
    t.was = jx_malloc(ctx, all + m, sizeof *t.was); /* one row to try the last cell in */
    t.cell = jx_malloc(ctx, n, sizeof *t.cell), t.people = jx_malloc(ctx, n, sizeof *t.people),
    t.room = jx_malloc(ctx, m, sizeof *t.room);
    t.best_site = jx_calloc(ctx, n, sizeof *t.best_site), t.settled = jx_malloc(ctx, n, sizeof *t.settled);
    jx_status st =
        t.time && t.was && t.cell && t.people && t.room && t.best_site && t.settled ? grow(ctx, &t, f) : JX_E_NOMEM;
    out->n_nodes = t.n < t.max ? t.n : t.max;
    out->proved = t.ended && t.any;
    out->none_fits = t.ended && !t.any;
    jx_free(ctx, t.time), jx_free(ctx, t.was), jx_free(ctx, t.cell), jx_free(ctx, t.people), jx_free(ctx, t.room),
        jx_free(ctx, t.best_site), jx_free(ctx, t.settled);
    return st;
}
