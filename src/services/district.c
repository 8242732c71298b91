/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Districts: checks, scores, the bound, and the way from a split assignment to whole cells. */
#include <math.h>

#include "services/district_internal.h"

/* ---- checks --------------------------------------------------------------------------------------------------------------- */

static jx_status bad(jx_ctx *ctx, const char *what) { return JX_FAIL(ctx, DISTRICT_SHAPE, JX_T(what)); }

static jx_status check_rows(jx_ctx *ctx, const jx_district *d, int64_t *farthest, uint64_t *people) {
    *farthest = 1, *people = 0;
    for (uint32_t c = 0; c < d->n_cells; c++) {
        *people += d->people[c];
        for (uint32_t s = 0; s < d->n_sites; s++) {
            uint32_t t = d->time_ms[(size_t)c * d->n_sites + s];
            *farthest = t != JX_UNREACHABLE && t > *farthest ? t : *farthest;
        }
        if (d->present && d->present[c] != JX_NONE && d->present[c] >= d->n_sites) {
            return bad(ctx, N_("a present assignment names a site that is not there"));
        }
    }
    return JX_OK;
}

static jx_status check_near(jx_ctx *ctx, const jx_district *d) {
    for (uint32_t c = 0; d->near_off && c < d->n_cells; c++) {
        if (d->near_off[c] > d->near_off[c + 1]) {
            return bad(ctx, N_("the list of neighbours does not rise"));
        }
        for (uint32_t e = d->near_off[c]; e < d->near_off[c + 1]; e++) {
            if (d->near[e] >= d->n_cells) {
                return bad(ctx, N_("a neighbour is not there"));
            }
        }
    }
    return JX_OK;
}

/*
 * Two simple paths over the sites differ by less than 2 x sites x the longest time, so a toll above that puts what it stands for first;
 * likewise one level up. Sums of paths must stay below 2^62, and so must people x time.
 */
jx_status jx__district_check(jx_ctx *ctx, const jx_district *d, jx__toll *toll) {
    int64_t farthest;
    uint64_t people;
    if (d->n_sites == 0) {
        return bad(ctx, N_("there is no site"));
    }
    JX_TRY(check_rows(ctx, d, &farthest, &people));
    JX_TRY(check_near(ctx, d));
    double paths = 2.0 * d->n_sites, one = paths * (double)farthest + 1, two = d->present ? paths * (one + (double)farthest) + 1 : one;
    if (paths * ((d->crossing ? two : one) + one) > 4e18 || (double)people * (double)farthest > 4e18) {
        return bad(ctx, N_("too many sites, people or milliseconds to add up exactly"));
    }
    toll->moved = (int64_t)one;
    toll->crossing = (int64_t)two;
    return JX_OK;
}

/* ---- scores ----------------------------------------------------------------------------------------------------------------- */

int jx_district_compare(const jx_district_score *a, const jx_district_score *b) {
    const int64_t x[4] = {a->over, a->crossing, a->moved, a->time}, y[4] = {b->over, b->crossing, b->moved, b->time};
    for (int k = 0; k < 4; k++) {
        if (x[k] != y[k]) {
            return x[k] < y[k] ? -1 : 1;
        }
    }
    return 0;
}

void jx__district_add(const jx_district *d, jx_district_score *s, uint32_t cell, uint32_t site, int64_t people) {
    size_t e = (size_t)cell * d->n_sites + site;
    s->time += people * d->time_ms[e];
    s->moved += d->present && d->present[cell] != JX_NONE && d->present[cell] != site ? people : 0;
    s->crossing += d->crossing && d->crossing[e] ? people : 0;
}

int64_t jx_district_bound(const jx_district *d, const int64_t *price_ms) {
    int64_t sum = 0;
    for (uint32_t c = 0; c < d->n_cells; c++) {
        int64_t least = INT64_MAX;
        for (uint32_t s = 0; s < d->n_sites; s++) {
            uint32_t t = d->time_ms[(size_t)c * d->n_sites + s];
            least = t != JX_UNREACHABLE && t + price_ms[s] < least ? t + price_ms[s] : least;
        }
        sum += least == INT64_MAX ? 0 : least * d->people[c];
    }
    for (uint32_t s = 0; s < d->n_sites; s++) {
        sum -= price_ms[s] ? (int64_t)d->capacity[s] * price_ms[s] : 0; /* a price stands only where the places are all taken */
    }
    return sum;
}

void jx_district_flow_release(jx_ctx *ctx, jx_district_flow *f) {
    jx_free(ctx, f->part);
    jx_free(ctx, f->price_ms);
    *f = (jx_district_flow){0};
}

void jx_district_plan_release(jx_ctx *ctx, jx_district_plan *p) {
    jx_free(ctx, p->site);
    jx_free(ctx, p->load);
    *p = (jx_district_plan){0};
}

/* ---- whole cells -------------------------------------------------------------------------------------------------------------- */

static int64_t above(const jx__whole *w, uint32_t s) { return w->load[s] > w->d->capacity[s] ? (int64_t)(w->load[s] - w->d->capacity[s]) : 0; }

static void change(jx__whole *w, uint32_t cell, uint32_t s, int64_t sign) {
    int64_t people = sign * (int64_t)w->d->people[cell];
    jx__district_add(w->d, &w->score, cell, s, people);
    w->score.over -= above(w, s);
    w->load[s] = (uint64_t)((int64_t)w->load[s] + people);
    w->score.over += above(w, s);
}

void jx__whole_move(jx__whole *w, uint32_t cell, uint32_t to) {
    uint32_t a = w->site[cell];
    if (a != JX_NONE) {
        change(w, cell, a, -1);
        if (w->prev[cell] == JX_NONE) {
            w->first[a] = w->next[cell];
        } else {
            w->next[w->prev[cell]] = w->next[cell];
        }
        if (w->next[cell] != JX_NONE) {
            w->prev[w->next[cell]] = w->prev[cell];
        }
    }
    w->site[cell] = to;
    if (to != JX_NONE) {
        change(w, cell, to, 1);
        w->next[cell] = w->first[to];
        w->prev[cell] = JX_NONE;
        if (w->first[to] != JX_NONE) {
            w->prev[w->first[to]] = cell;
        }
        w->first[to] = cell;
    }
}

/* Where most of its people go; a cell of nobody to the site that is cheapest at the prices, where its neighbours go too. */
static uint32_t choice(const jx__whole *w, const jx_district_flow *f, uint32_t cell) {
    uint32_t best = JX_NONE, most = 0;
    int64_t least = INT64_MAX;
    for (uint32_t s = 0; s < w->d->n_sites; s++) {
        if (jx__district_way(w->d, cell, s)) {
            uint32_t people = f->part[(size_t)cell * w->d->n_sites + s];
            int64_t cost = jx__district_cost(w->d, &w->toll, cell, s) + f->price_ms[s];
            if (best == JX_NONE || people > most || (people == most && cost < least)) {
                best = s, most = people, least = cost;
            }
        }
    }
    return best;
}

static jx_status make(jx_ctx *ctx, jx__whole *w, const jx_district_flow *f, uint64_t nodes, jx_district_plan *out) {
    const jx_district *d = w->d;
    for (uint32_t s = 0; s < d->n_sites; s++) {
        w->first[s] = JX_NONE;
    }
    for (uint32_t c = 0; c < d->n_cells; c++) {
        w->site[c] = JX_NONE;
        jx__whole_move(w, c, choice(w, f, c));
    }
    if (w->contiguous) {
        JX_TRY(jx__whole_join(ctx, w));
    }
    JX_TRY(jx__whole_improve(ctx, w, f));
    out->bound = f->score;
    out->proved = jx_district_compare(&w->score, &out->bound) == 0;
    if (!w->contiguous && !d->present && !d->crossing && !out->proved && nodes) {
        JX_TRY(jx__whole_tree(ctx, w, f, nodes, out));
    }
    out->score = w->score;
    out->pieces = d->near_off ? jx__whole_pieces(w) : 0;
    bool level = out->score.over == 0 && out->score.crossing == out->bound.crossing && out->score.moved == out->bound.moved;
    out->gap = !level ? NAN : out->proved || out->score.time == 0 ? 0 : (double)(out->score.time - out->bound.time) / (double)out->score.time;
    return JX_OK;
}

jx_status jx_district_whole(jx_ctx *ctx, const jx_district *d, const jx_district_flow *f, bool contiguous, uint64_t nodes, jx_district_plan *out) {
    size_t n = d->n_cells;
    jx__whole w = {.d = d, .contiguous = contiguous};
    *out = (jx_district_plan){0};
    JX_TRY(jx__district_check(ctx, d, &w.toll));
    if (contiguous && !d->near_off) {
        return bad(ctx, N_("contiguous districts need the neighbours of cells"));
    }
    w.site = out->site = jx_malloc(ctx, n, sizeof *w.site);
    w.load = out->load = jx_calloc(ctx, d->n_sites, sizeof *w.load);
    w.first = jx_malloc(ctx, d->n_sites, sizeof *w.first);
    w.next = jx_malloc(ctx, n, sizeof *w.next), w.prev = jx_malloc(ctx, n, sizeof *w.prev);
    w.seen = jx_calloc(ctx, n, sizeof *w.seen), w.queue = jx_malloc(ctx, n, sizeof *w.queue);
    jx_status st = w.site && w.load && w.first && w.next && w.prev && w.seen && w.queue ? make(ctx, &w, f, nodes, out) : JX_E_NOMEM;
    jx_free(ctx, w.first), jx_free(ctx, w.next), jx_free(ctx, w.prev), jx_free(ctx, w.seen), jx_free(ctx, w.queue);
    if (st != JX_OK) {
        jx_district_plan_release(ctx, out);
    }
    return st;
}
