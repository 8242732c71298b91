/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** What a plan does to every cell: times before and after, and what each site brings. */
#include <math.h>

#include "run/site.h"

jx_status jx__site_nearest(jx_ctx *ctx, const jx__siting *s, const uint32_t *which, uint32_t n, uint32_t *ms, uint32_t *site) {
    jx_snap *snap = jx_malloc(ctx, n, sizeof *snap);
    jx_table *t = NULL;
    jx_status st = snap ? JX_OK : JX_E_NOMEM;
    for (uint32_t k = 0; st == JX_OK && k < n; k++) {
        snap[k] = s->snap[which[k]];
    }
    if (st == JX_OK) {
        st = jx__study_table(ctx, &s->study, s->study.offer.mode, snap, n, 0, &t);
    }
    for (uint32_t i = 0; st == JX_OK && i < t->n_cells; i++) {
        ms[i] = t->nearest_ms[i];
        if (site) {
            site[i] = t->nearest[i] == JX_NONE ? JX_NONE : which[t->nearest[i]];
        }
    }
    jx_table_free(ctx, t);
    jx_free(ctx, snap);
    return st;
}

static uint32_t time_to(const jx__siting *s, uint32_t cell, uint32_t site) {
    const jx_table *t = s->table;
    for (uint64_t k = t->row[cell]; k < t->row[cell + 1]; k++) {
        if (t->entry[k].facility == site) {
            return t->entry[k].time_ms;
        }
    }
    return JX_UNREACHABLE;
}

/* Where referral sends people elsewhere than to the nearest. */
static void referred(const jx__siting *s) {
    for (uint32_t i = 0; i < s->table->n_cells; i++) {
        uint32_t j = s->plan.site[i];
        if (s->units[i] > 0 && j != JX_NONE) {
            s->after_ms[i] = time_to(s, i, j);
            s->after_site[i] = j;
        }
    }
}

/* ---- ways: who goes where ---------------------------------------------------------------------------------------------------------------- */

typedef struct way {
    uint32_t site, ms, units;
    bool full;
} way;
typedef struct ways {
    uint64_t *row; /* cells + 1 */
    way *v;        /* of a cell: by time, those without a place last */
} ways;

static void release(jx_ctx *ctx, ways *w) {
    jx_free(ctx, w->row);
    jx_free(ctx, w->v);
}

/* A cell's shares of the plan, and whoever has none; *k: the next share. */
static uint64_t shares_of(const jx__siting *s, const jx_plan *plan, uint32_t i, uint32_t nearest_ms, uint32_t *k, way *v) {
    uint32_t left = s->units[i];
    uint64_t n = 0;
    for (; *k < plan->n_shares && plan->share[*k].demand == i; (*k)++) {
        const jx_plan_share *h = &plan->share[*k];
        const way w = {h->site, time_to(s, i, h->site), h->units, false};
        uint64_t at = n++;
        for (; at > 0 && v[at - 1].ms > w.ms; at--) {
            v[at] = v[at - 1];
        }
        v[at] = w;
        left -= h->units;
    }
    if (left > 0) {
        v[n++] = (way){JX_NONE, JX_UNREACHABLE, left, nearest_ms != JX_UNREACHABLE};
    }
    return n;
}

/* `plan`: shared out by it; NULL: everybody to `site` (NULL: of no interest) in `ms`. */
static jx_status make_ways(jx_ctx *ctx, const jx__siting *s, const jx_plan *plan, const uint32_t *ms, const uint32_t *site, ways *w) {
    uint32_t n_cells = s->table->n_cells, k = 0;
    uint64_t n = 0;
    w->row = jx_malloc(ctx, (size_t)n_cells + 1, sizeof *w->row);
    w->v = jx_malloc(ctx, (size_t)n_cells + (plan ? plan->n_shares : 0) + 1, sizeof *w->v);
    if (!w->row || !w->v) {
        return JX_E_NOMEM;
    }
    for (uint32_t i = 0; i < n_cells; i++) {
        w->row[i] = n;
        if (s->units[i] > 0 && plan) {
            n += shares_of(s, plan, i, ms[i], &k, w->v + n);
        } else if (s->units[i] > 0) {
            w->v[n++] = (way){site ? site[i] : JX_NONE, ms[i], s->units[i], false};
        }
    }
    w->row[n_cells] = n;
    return JX_OK;
}

/* Of a cell whose people part, maps show what most of them have. */
static void show_most(const jx__siting *s, const ways *w, uint32_t *ms, uint32_t *site) {
    for (uint32_t i = 0; i < s->table->n_cells; i++) {
        uint32_t most = 0;
        for (uint64_t k = w->row[i]; k < w->row[i + 1]; k++) {
            if (w->v[k].units > most) {
                most = w->v[k].units;
                ms[i] = w->v[k].ms;
                if (site) {
                    site[i] = w->v[k].site;
                }
            }
        }
    }
}

/* Nobody knows who of a cell goes which way: who has the shorter one before is taken to have the shorter one after. */
static jx_status couple(jx_ctx *ctx, jx__siting *s, const ways *before, const ways *after) {
    uint32_t n_cells = s->table->n_cells;
    s->piece = jx_malloc(ctx, before->row[n_cells] + after->row[n_cells] + 1, sizeof *s->piece);
    if (!s->piece) {
        return JX_E_NOMEM;
    }
    for (uint32_t i = 0; i < n_cells; i++) {
        uint64_t b = before->row[i], a = after->row[i];
        uint32_t of_b = 0, of_a = 0; /* units used up */
        while (b < before->row[i + 1] && a < after->row[i + 1]) {
            const way *x = &before->v[b], *y = &after->v[a];
            uint32_t u = x->units - of_b < y->units - of_a ? x->units - of_b : y->units - of_a;
            s->piece[s->n_pieces++] = (jx__piece){.cell = i, .site = y->site, .before_ms = x->ms, .after_ms = y->ms,
                                                  .full_before = x->full, .full_after = y->full,
                                                  .people = s->study.county->cells.people[i] * ((double)u / s->units[i])};
            of_b += u;
            of_a += u;
            b += of_b == x->units;
            a += of_a == y->units;
            of_b = of_b == x->units ? 0 : of_b;
            of_a = of_a == y->units ? 0 : of_a;
        }
    }
    return JX_OK;
}

/* ---- before ------------------------------------------------------------------------------------------------------------------------------- */

/* With capacities, before is what the existing sites can do when people are shared out as they are after: like is compared with like. Where
 * they cannot take all, or it cannot be told in a short search, it stays the way to the nearest, and the answer says which. */
static bool long_enough(void *asked) { return ++*(uint32_t *)asked > 400; }

static jx_status shared_before(jx_ctx *ctx, jx__siting *s, jx_plan *now) {
    uint32_t asked = 0;
    jx_plan_problem p = s->problem;
    uint8_t *status = jx_malloc(ctx, s->n_sites, sizeof *status);
    jx_ctx *quiet = jx_ctx_quiet(ctx); /* an impossible present is an answer, no error */
    jx_status st = status && quiet ? JX_OK : JX_E_NOMEM;
    for (uint32_t j = 0; st == JX_OK && j < s->n_sites; j++) {
        bool stands = !jx__site_is_new(s, j) && s->status[j] != JX_PLAN_BARRED;
        status[j] = stands ? JX_PLAN_KEPT : JX_PLAN_BARRED;
    }
    if (st == JX_OK) {
        p.status = status;
        p.price = NULL;
        p.budget = UINT64_MAX;
        p.most_open = 0;
        p.covers = 1; /* a second one in reach changes nobody's way */
        p.no_runner_up = true;
        p.most_nodes = 100;
        p.stop = long_enough; /* counted, not timed: the same answer everywhere */
        p.stop_user = &asked;
        st = jx_plan_solve(quiet, &p, now);
        s->before = st == JX_OK ? JX_BEFORE_SHARED : st == JX_E_LIMIT ? JX_BEFORE_UNDECIDED : JX_BEFORE_SHORT;
        st = st == JX_E_INFEASIBLE || st == JX_E_LIMIT ? JX_OK : st;
    }
    st = jx_ctx_quiet_end(ctx, quiet, st);
    jx_free(ctx, status);
    return st;
}

static jx_status pieces(jx_ctx *ctx, jx__siting *s) {
    jx_plan now = {0};
    ways before = {0}, after = {0};
    jx_status st = s->capacity ? shared_before(ctx, s, &now) : JX_OK;
    st = st == JX_OK ? make_ways(ctx, s, s->before == JX_BEFORE_SHARED ? &now : NULL, s->before_ms, NULL, &before) : st;
    st = st == JX_OK ? make_ways(ctx, s, s->capacity ? &s->plan : NULL, s->after_ms, s->after_site, &after) : st;
    st = st == JX_OK ? couple(ctx, s, &before, &after) : st;
    if (st == JX_OK) {
        show_most(s, &before, s->before_ms, NULL);
        show_most(s, &after, s->after_ms, s->after_site);
    }
    release(ctx, &before);
    release(ctx, &after);
    jx_plan_release(ctx, &now);
    return st;
}

jx_status jx__site_effect(jx_ctx *ctx, jx__siting *s) {
    uint32_t n = s->study.county->cells.n;
    s->before_ms = jx_malloc(ctx, n, sizeof *s->before_ms);
    s->after_ms = jx_malloc(ctx, n, sizeof *s->after_ms);
    s->after_site = jx_malloc(ctx, n, sizeof *s->after_site);
    uint32_t *which = jx_malloc(ctx, s->n_sites, sizeof *which);
    jx_status st = s->before_ms && s->after_ms && s->after_site && which ? JX_OK : JX_E_NOMEM;
    for (uint32_t j = 0; st == JX_OK && j < s->n_existing; j++) {
        which[j] = j;
    }
    st = st == JX_OK ? jx__site_nearest(ctx, s, which, s->n_existing, s->before_ms, NULL) : st;
    st = st == JX_OK ? jx__site_nearest(ctx, s, s->plan.open, s->plan.n_open, s->after_ms, s->after_site) : st;
    jx_free(ctx, which);
    for (uint32_t i = 0; st == JX_OK && i < n; i++) {
        s->any_before = s->any_before || s->before_ms[i] != JX_UNREACHABLE;
    }
    if (st == JX_OK && s->two_levels) {
        referred(s);
    }
    return st == JX_OK ? pieces(ctx, s) : st;
}

/* ---- sums ---------------------------------------------------------------------------------------------------------------------------------- */

static bool newly(const jx__siting *s, const jx__piece *p) { return p->after_ms <= s->cutoff_ms[p->cell] && p->before_ms > s->cutoff_ms[p->cell]; }

jx__site_gain jx__site_gains(const jx__siting *s, uint32_t site) {
    jx__site_gain g = {0, 0, 0};
    for (uint64_t k = 0; k < s->n_pieces; k++) {
        const jx__piece *p = &s->piece[k];
        if (p->site == site) {
            g.people += p->people;
            g.nearer += p->after_ms < p->before_ms ? p->people : 0;
            g.newly_within += newly(s, p) ? p->people : 0;
        }
    }
    return g;
}

/* One side of a piece; sum and reached: of the mean. */
static void count(jx_report_effect *f, const jx__piece *p, uint32_t ms, bool full, uint32_t cutoff, double *sum, double *reached) {
    f->people += p->people;
    f->within += ms <= cutoff ? p->people : 0;
    f->full += full ? p->people : 0;
    if (ms == JX_UNREACHABLE) {
        f->out += full ? 0 : p->people;
        return;
    }
    *sum += p->people * ms;
    *reached += p->people;
    f->longest_min = ms / 60000.0 > f->longest_min ? ms / 60000.0 : f->longest_min;
}

jx_report_gain jx__site_effects(const jx__siting *s, uint32_t township) {
    jx_report_gain g = {0};
    double sum[2] = {0, 0}, reached[2] = {0, 0};
    for (uint64_t k = 0; k < s->n_pieces; k++) {
        const jx__piece *p = &s->piece[k];
        if (township != JX_NONE && s->study.county->cells.township[p->cell] != township) {
            continue;
        }
        count(&g.before, p, p->before_ms, p->full_before, s->cutoff_ms[p->cell], &sum[0], &reached[0]);
        count(&g.after, p, p->after_ms, p->full_after, s->cutoff_ms[p->cell], &sum[1], &reached[1]);
        g.nearer += p->after_ms < p->before_ms ? p->people : 0;
        g.farther += p->after_ms > p->before_ms ? p->people : 0;
        g.newly_within += newly(s, p) ? p->people : 0;
    }
    for (int k = 0; k < 2; k++) {
        jx_report_effect *f = k ? &g.after : &g.before;
        f->mean_min = reached[k] > 0 ? sum[k] / reached[k] / 60000 : (double)NAN;
        f->longest_min = reached[k] > 0 ? f->longest_min : (double)NAN;
    }
    return g;
}

/* What is not known claims no rank: it comes last. */
static bool missed_less(uint64_t a, uint64_t b) { return b != JX_PLAN_LOSS_UNKNOWN && (a == JX_PLAN_LOSS_UNKNOWN || a < b); }

uint32_t jx__site_ranked(const jx__siting *s, uint32_t *order) {
    uint32_t n = 0;
    for (uint32_t k = 0; k < s->plan.n_open; k++) {
        if (jx__site_is_new(s, s->plan.open[k])) {
            uint32_t at = n++;
            for (; at > 0 && missed_less(s->plan.loss[order[at - 1]], s->plan.loss[k]); at--) {
                order[at] = order[at - 1];
            }
            order[at] = k;
        }
    }
    return n;
}
