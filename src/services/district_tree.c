/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Whole cells, proved: branch and bound on the cells that the split assignment splits. Each node is a split assignment of its own. */
#include "services/district_internal.h"

typedef struct tree {
    jx__whole *w;
    jx_district d;      /* with rows of fixed cells narrowed to their site */
    uint32_t *time;     /* d's */
    jx_district_score best;
    uint32_t *best_site;
    bool any, ended;    /* a plan within the capacities is known; every branch was looked at */
    uint64_t n, max;
} tree;

/* A site to try for the cell at hand: those with most of its people in the split assignment first, then the cheapest. */
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

static bool hopeless(const tree *t, int64_t time) { return t->any && time >= t->best.time; }

static uint32_t branches(const tree *t, const jx_district_flow *f, uint32_t cell, branch *b) {
    uint32_t n = 0, m = t->d.n_sites;
    int64_t least = INT64_MAX;
    const uint32_t *row = t->d.time_ms + (size_t)cell * m, *part = f->part + (size_t)cell * m;
    for (uint32_t s = 0; s < m; s++) {
        least = row[s] != JX_UNREACHABLE && row[s] + f->price_ms[s] < least ? row[s] + f->price_ms[s] : least;
    }
    for (uint32_t s = 0; s < m; s++) {
        if (row[s] != JX_UNREACHABLE) {
            b[n++] = (branch){s, part[s], f->score.time + (row[s] + f->price_ms[s] - least) * (int64_t)t->d.people[cell]};
        }
    }
    return n;
}

static void narrow(tree *t, uint32_t cell, uint32_t site) {
    size_t row = (size_t)cell * t->d.n_sites;
    const uint32_t *was = t->w->d->time_ms + row;
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

jx_status jx__whole_tree(jx_ctx *ctx, jx__whole *w, uint64_t max_nodes, jx_district_plan *out) {
    size_t all = (size_t)w->d->n_cells * w->d->n_sites;
    tree t = {.w = w, .d = *w->d, .best = w->score, .any = w->score.over == 0, .ended = true, .max = max_nodes};
    t.time = jx_malloc(ctx, all, sizeof *t.time);
    t.best_site = jx_malloc(ctx, w->d->n_cells, sizeof *t.best_site);
    jx_status st = t.time && t.best_site ? JX_OK : JX_E_NOMEM;
    if (st == JX_OK) {
        memcpy(t.time, w->d->time_ms, all * sizeof *t.time);
        memcpy(t.best_site, w->site, w->d->n_cells * sizeof *t.best_site);
        t.d.time_ms = t.time;
        st = node(ctx, &t);
    }
    for (uint32_t c = 0; st == JX_OK && t.any && c < w->d->n_cells; c++) {
        if (t.best_site[c] != w->site[c]) {
            jx__whole_move(w, c, t.best_site[c]);
        }
    }
    out->n_nodes = t.n < t.max ? t.n : t.max;
    out->proved = t.ended && t.any;
    out->none_fits = t.ended && !t.any;
    jx_free(ctx, t.time);
    jx_free(ctx, t.best_site);
    return st;
}
