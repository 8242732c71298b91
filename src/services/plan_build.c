/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** From a planner's problem to the one form that bound and search know: jx__inst. */
#include "services/plan_internal.h"

static uint64_t hash_row(const jx_plan_entry *e, uint64_t n) {
    uint64_t h = n;
    for (uint64_t k = 0; k < n; k++) {
        h = jx_hash64(&e[k].site, sizeof e[k].site, h);
    }
    return h;
}

static int by_cost(const void *a, const void *b, void *user) {
    (void)user;
    const jx_plan_entry *x = a, *y = b;
    return x->cost != y->cost ? (x->cost < y->cost ? -1 : 1) : x->site < y->site ? -1 : x->site > y->site;
}

static jx_status alloc(jx_ctx *ctx, const jx_plan_problem *p, jx__inst *t) {
    uint64_t nnz = p->row[p->n_demands];
    t->m = p->n_sites;
    t->demand = jx_malloc(ctx, p->n_demands, sizeof *t->demand);
    t->units = jx_malloc(ctx, p->n_demands, sizeof *t->units);
    t->w = jx_malloc(ctx, p->n_demands, sizeof *t->w);
    t->row_off = jx_malloc(ctx, (size_t)p->n_demands + 1, sizeof *t->row_off);
    t->row = jx_malloc(ctx, nnz, sizeof *t->row);
    t->col_off = jx_calloc(ctx, (size_t)t->m + 2, sizeof *t->col_off);
    t->col = jx_malloc(ctx, nnz, sizeof *t->col);
    t->price = jx_malloc(ctx, t->m, sizeof *t->price);
    t->status = jx_malloc(ctx, t->m, 1);
    return t->demand && t->units && t->w && t->row_off && t->row && t->col_off && t->col && t->price && t->status ? JX_OK : JX_E_NOMEM;
}

static jx_status sites(jx_ctx *ctx, const jx_plan_problem *p, const jx__form *f, jx__inst *t) {
    bool fixed = f->model == JX_PLAN_COVER_ALL || (f->model == JX_PLAN_CENTER && !f->plain);
    t->fix = fixed ? jx_malloc(ctx, t->m, sizeof *t->fix) : NULL;
    t->cap = p->capacity ? jx_malloc(ctx, t->m, sizeof *t->cap) : NULL;
    if ((fixed && !t->fix) || (p->capacity && !t->cap)) {
        return JX_E_NOMEM;
    }
    t->most_open = p->most_open;
    t->budget = p->budget;
    t->single = p->single;
    for (uint32_t j = 0; j < t->m; j++) {
        t->status[j] = p->status ? p->status[j] : JX_PLAN_NEW;
        bool kept = t->status[j] == JX_PLAN_KEPT;
        t->price[j] = kept ? 0 : p->price ? p->price[j] : 1;
        if (fixed) {
            t->fix[j] = kept ? 0 : f->by_count ? 1 : t->price[j];
        }
    }
    return JX_OK;
}

/* Nobody goes past a kept site: of a sorted row, the entries up to the first kept one, or that one alone where it costs no more. */
static uint64_t useful(const jx__inst *t, jx_plan_entry *row, uint64_t n) {
    for (uint64_t k = 0; k < n; k++) {
        if (t->status[row[k].site] == JX_PLAN_KEPT) {
            uint64_t at = k;
            for (; at > 0 && row[at - 1].cost == row[k].cost; at--) {
            }
            row[at] = row[k];
            return at + 1;
        }
    }
    return n;
}

/* Rows of the demands that matter; site and cost, sorted; equal rows of cover models become one. */
static jx_status rows(jx_ctx *ctx, const jx_plan_problem *p, const jx__form *f, jx__inst *t) {
    bool cover = f->model != JX_PLAN_MEDIAN && !f->plain, merge = cover && !p->capacity;
    uint32_t most = f->model == JX_PLAN_CENTER && !f->plain ? f->radius : jx__plan_reach(p);
    jx_map64 seen = {0};
    jx_status st = JX_OK;
    t->row_off[0] = 0;
    for (uint32_t i = 0; st == JX_OK && i < p->n_demands; i++) {
        if (p->people[i] == 0 || (p->weight && p->weight[i] == 0 && f->model == JX_PLAN_MEDIAN && !p->capacity)) {
            continue;
        }
        uint64_t at = t->row_off[t->n], n = 0;
        for (uint64_t k = p->row[i]; k < p->row[i + 1]; k++) {
            const jx_plan_entry e = p->entry[k];
            bool too_big = p->capacity && p->single && p->capacity[e.site] < p->people[i];
            if (e.cost <= most && !too_big && t->status[e.site] != JX_PLAN_BARRED) {
                t->row[at + n++] = (jx_plan_entry){e.site, cover ? 0 : f->surcharge ? jx__add_cost(e.cost, f->surcharge[e.site]) : e.cost};
            }
        }
        st = jx_sort(ctx, t->row + at, n, sizeof *t->row, by_cost, NULL);
        n = f->full || p->capacity || p->covers == 2 ? n : useful(t, t->row + at, n);
        uint64_t w = f->plain ? 1 : (uint64_t)p->people[i] * (p->weight ? p->weight[i] : 1), h = merge ? hash_row(t->row + at, n) : 0;
        uint32_t twin = merge ? jx_map64_get(&seen, h) : JX_NONE;
        t->total_units += p->people[i];
        if (twin != JX_NONE && t->row_off[twin + 1] - t->row_off[twin] == n && memcmp(t->row + t->row_off[twin], t->row + at, n * sizeof *t->row) == 0) {
            t->w[twin] += w;
            continue;
        }
        if (merge && st == JX_OK && twin == JX_NONE) {
            st = jx_map64_put(ctx, &seen, h, t->n);
        }
        t->demand[t->n] = i;
        t->units[t->n] = p->people[i];
        t->w[t->n++] = w;
        t->row_off[t->n] = at + n;
    }
    jx_map64_release(ctx, &seen);
    return st;
}

static void columns(jx__inst *t) {
    for (uint64_t k = 0; k < t->row_off[t->n]; k++) {
        t->col_off[t->row[k].site + 2]++;
    }
    for (uint32_t j = 0; j < t->m; j++) {
        t->col_off[j + 2] += t->col_off[j + 1];
    }
    for (uint32_t i = 0; i < t->n; i++) {
        for (uint64_t k = t->row_off[i]; k < t->row_off[i + 1]; k++) {
            t->col[t->col_off[t->row[k].site + 1]++] = (jx_plan_entry){i, t->row[k].cost};
        }
    }
}

static jx_status outs(jx_ctx *ctx, const jx_plan_problem *p, const jx__form *f, jx__inst *t) {
    bool backup = p->covers == 2 && f->model != JX_PLAN_MEDIAN && f->model != JX_PLAN_CENTER;
    t->need = backup ? 2 : 1;
    if (f->model != JX_PLAN_COVER_MAX) {
        return JX_OK;
    }
    t->out = jx_malloc(ctx, t->n, 2 * sizeof *t->out);
    if (!t->out) {
        return JX_E_NOMEM;
    }
    for (uint32_t i = 0; i < t->n; i++) {
        t->out[2 * i] = backup ? t->w[i] * p->backup_permille : t->w[i];
        t->out[2 * i + 1] = backup ? t->w[i] * (1000 - p->backup_permille) : 0;
    }
    return JX_OK;
}

/* Everything that can be added up stays below 2^60 in scaled units, and bounds have as many bits after the point as fit. */
static jx_status scale(jx_ctx *ctx, jx__inst *t) {
    double total = 0, fix = 0;
    uint64_t most = 0;
    for (uint32_t i = 0; i < t->n; i++) {
        uint64_t from = t->row_off[i], to = t->row_off[i + 1];
        double cost = from == to ? 0 : (double)t->row[to - 1].cost * (double)t->w[i];
        cost += t->out ? (double)t->out[2 * i] + (double)t->out[2 * i + 1] : 0;
        most = cost > (double)most && cost < 1e18 ? (uint64_t)cost : most;
        total += cost;
    }
    for (uint32_t j = 0; t->fix && j < t->m; j++) {
        fix += (double)t->fix[j];
    }
    if (total + fix > 1e18) {
        return JX_FAIL(ctx, PLAN_PROBLEM, JX_T(N_("people x weight x cost is too large for exact sums; use coarser units")));
    }
    t->most = total + fix;
    t->penalty = (uint64_t)fix + most + 1;
    for (t->shift = 20; t->shift > 0 && (total + fix * (double)t->need) * (double)((uint64_t)1 << t->shift) > 2.5e17; t->shift--) {
    }
    return JX_OK;
}

jx_status jx__inst_new(jx_ctx *ctx, const jx_plan_problem *p, const jx__form *f, jx__inst *t) {
    *t = (jx__inst){0};
    JX_TRY(alloc(ctx, p, t));
    JX_TRY(sites(ctx, p, f, t));
    JX_TRY(rows(ctx, p, f, t));
    columns(t);
    for (uint32_t j = 0; t->cap && j < t->m; j++) {
        t->cap[j] = p->capacity[j] < t->total_units ? p->capacity[j] : t->total_units;
    }
    JX_TRY(outs(ctx, p, f, t));
    return scale(ctx, t);
}

void jx__inst_release(jx_ctx *ctx, jx__inst *t) {
    void *const blocks[] = {t->demand, t->units, t->w, t->out, t->row_off, t->row, t->col_off, t->col, t->fix, t->price, t->status, t->cap};
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) {
        jx_free(ctx, blocks[k]);
    }
    *t = (jx__inst){0};
}
