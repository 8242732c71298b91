/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Whole cells made better: shifts, swaps, chains of shifts from a site that is too full to one with room; districts in one piece. */
#include "services/district_internal.h"

enum { CIRCLE_WORK = 15000000 };

/* ---- contiguity ------------------------------------------------------------------------------------------------------------ */

static bool touches(const jx__whole *w, uint32_t cell, uint32_t site) {
    const jx_district *d = w->d;
    for (uint32_t e = d->near_off[cell]; e < d->near_off[cell + 1]; e++) {
        if (w->site[d->near[e]] == site) {
            return true;
        }
    }
    return false;
}

/* Marks the piece of `cell`'s district that holds it, `without` one cell; its cells are in the queue. */
static uint32_t piece(jx__whole *w, uint32_t cell, uint32_t without) {
    const jx_district *d = w->d;
    uint32_t n = 0;
    w->seen[cell] = w->stamp;
    w->queue[n++] = cell;
    for (uint32_t q = 0; q < n; q++) {
        uint32_t c = w->queue[q];
        for (uint32_t e = d->near_off[c]; e < d->near_off[c + 1]; e++) {
            uint32_t v = d->near[e];
            if (v != without && w->seen[v] != w->stamp && w->site[v] == w->site[cell]) {
                w->seen[v] = w->stamp;
                w->queue[n++] = v;
            }
        }
    }
    return n;
}

bool jx__whole_may(jx__whole *w, uint32_t cell, uint32_t to) {
    const jx_district *d = w->d;
    uint32_t a = w->site[cell];
    bool walked = false;
    if (!w->contiguous) {
        return true;
    }
    if (w->first[to] != JX_NONE && !touches(w, cell, to)) {
        return false;
    }
    w->stamp++;
    for (uint32_t e = d->near_off[cell]; a != JX_NONE && e < d->near_off[cell + 1]; e++) {
        uint32_t v = d->near[e];
        if (w->site[v] == a && v != cell && w->seen[v] != w->stamp) {
            if (walked) {
                return false; /* a neighbour that the first one's piece does not hold once the cell is gone */
            }
            piece(w, v, cell);
            walked = true;
        }
    }
    return true;
}

uint32_t jx__whole_pieces(jx__whole *w) {
    uint32_t pieces = 0, districts = 0;
    w->stamp++;
    for (uint32_t s = 0; s < w->d->n_sites; s++) {
        districts += w->first[s] != JX_NONE ? 1 : 0;
        for (uint32_t c = w->first[s]; c != JX_NONE; c = w->next[c]) {
            if (w->seen[c] != w->stamp) {
                piece(w, c, JX_NONE);
                pieces++;
            }
        }
    }
    return pieces - districts;
}

/* Leaves only the piece with most people (then cells, then the first found) of a district; the others go without. */
static void keep_largest(jx__whole *w, uint32_t s, uint32_t *keep) {
    uint64_t most = 0;
    uint32_t cells = 0, head = JX_NONE;
    w->stamp++;
    for (uint32_t c = w->first[s]; c != JX_NONE; c = w->next[c]) {
        if (w->seen[c] != w->stamp) {
            uint32_t n = piece(w, c, JX_NONE);
            uint64_t people = 0;
            for (uint32_t i = 0; i < n; i++) {
                people += w->d->people[w->queue[i]];
            }
            if (head == JX_NONE || people > most || (people == most && n > cells)) {
                most = people, cells = n, head = c;
            }
        }
    }
    if (head == JX_NONE) {
        return;
    }
    w->stamp++;
    piece(w, head, JX_NONE);
    for (uint32_t c = w->first[s], next; c != JX_NONE; c = next) {
        next = w->next[c];
        if (w->seen[c] != w->stamp) {
            keep[c] = s;
            jx__whole_move(w, c, JX_NONE);
        }
    }
}

/* The best way to give one of the cells without a site to a district that touches it. */
static bool adopt(jx__whole *w, const uint32_t *loose, uint32_t n, uint32_t *which, uint32_t *to) {
    jx_district_score best = w->score;
    bool any = false;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t c = loose[i];
        for (uint32_t e = w->d->near_off[c]; e < w->d->near_off[c + 1]; e++) {
            uint32_t s = w->site[w->d->near[e]];
            if (s == JX_NONE || !jx__district_way(w->d, c, s)) {
                continue;
            }
            jx__whole_move(w, c, s);
            if (!any || jx_district_compare(&w->score, &best) < 0) {
                best = w->score, *which = i, *to = s, any = true;
            }
            jx__whole_move(w, c, JX_NONE);
        }
    }
    return any;
}

jx_status jx__whole_join(jx_ctx *ctx, jx__whole *w) {
    uint32_t n = 0, which, to;
    uint32_t *keep = jx_malloc(ctx, w->d->n_cells, sizeof *keep), *loose = jx_malloc(ctx, w->d->n_cells, sizeof *loose);
    jx_status st = keep && loose ? JX_OK : JX_E_NOMEM;
    for (uint32_t c = 0; st == JX_OK && c < w->d->n_cells; c++) {
        keep[c] = JX_NONE;
    }
    for (uint32_t s = 0; st == JX_OK && s < w->d->n_sites; s++) {
        keep_largest(w, s, keep);
    }
    for (uint32_t c = 0; st == JX_OK && c < w->d->n_cells; c++) {
        if (keep[c] != JX_NONE) {
            loose[n++] = c;
        }
    }
    while (st == JX_OK && n && adopt(w, loose, n, &which, &to)) {
        jx__whole_move(w, loose[which], to);
        loose[which] = loose[--n];
        st = jx_poll(ctx);
    }
    for (uint32_t i = 0; st == JX_OK && i < n; i++) { /* none of its neighbours' sites can be reached from it */
        jx__whole_move(w, loose[i], keep[loose[i]]);
    }
    jx_free(ctx, keep);
    jx_free(ctx, loose);
    return st;
}

/* ---- moves ------------------------------------------------------------------------------------------------------------------- */

/* Makes the move if it betters the score. */
static bool try_shift(jx__whole *w, uint32_t cell, uint32_t to) {
    jx_district_score was = w->score;
    uint32_t a = w->site[cell];
    if (!jx__district_way(w->d, cell, to)) {
        return false;
    }
    jx__whole_move(w, cell, to);
    if (jx_district_compare(&w->score, &was) >= 0) {
        jx__whole_move(w, cell, a);
        return false;
    }
    if (w->contiguous) { /* the dear test only for moves that pay */
        jx__whole_move(w, cell, a);
        if (!jx__whole_may(w, cell, to)) {
            return false;
        }
        jx__whole_move(w, cell, to);
    }
    return true;
}

static bool try_swap(jx__whole *w, uint32_t x, uint32_t y) {
    jx_district_score was = w->score;
    uint32_t a = w->site[x], b = w->site[y];
    if (!jx__district_way(w->d, x, b) || !jx__district_way(w->d, y, a)) {
        return false;
    }
    jx__whole_move(w, x, b), jx__whole_move(w, y, a);
    bool better = jx_district_compare(&w->score, &was) < 0;
    if (!better || w->contiguous) {
        jx__whole_move(w, y, b), jx__whole_move(w, x, a);
    }
    if (!better || !w->contiguous) {
        return better;
    }
    if (!jx__whole_may(w, x, b)) {
        return false;
    }
    jx__whole_move(w, x, b);
    if (!jx__whole_may(w, y, a)) {
        jx__whole_move(w, x, a);
        return false;
    }
    jx__whole_move(w, y, a);
    return true;
}

/* Can a swap of these two pay at all? A swap between equal loads changes only the ways; cheap test before the moves. */
static bool swap_hope(const jx__whole *w, uint32_t x, uint32_t y) {
    const jx_district *d = w->d;
    uint32_t a = w->site[x], b = w->site[y];
    if (!jx__district_way(d, x, b) || !jx__district_way(d, y, a)) {
        return false;
    }
    if (w->load[a] > d->capacity[a] || w->load[b] > d->capacity[b]) {
        return d->people[x] != d->people[y];
    }
    int64_t px = d->people[x], py = d->people[y], grow = px - py; /* of b; a shrinks by it */
    if ((grow > 0 && (int64_t)(d->capacity[b] - w->load[b]) < grow) || (grow < 0 && (int64_t)(d->capacity[a] - w->load[a]) < -grow)) {
        return false;
    }
    return px * (jx__district_cost(d, &w->toll, x, b) - jx__district_cost(d, &w->toll, x, a)) +
               py * (jx__district_cost(d, &w->toll, y, a) - jx__district_cost(d, &w->toll, y, b)) < 0 || d->present || d->crossing;
}

static bool swaps_of(jx__whole *w, uint32_t x) {
    for (uint32_t b = 0; b < w->d->n_sites; b++) {
        if (b == w->site[x] || !jx__district_way(w->d, x, b) || (w->contiguous && !touches(w, x, b))) {
            continue;
        }
        for (uint32_t y = w->first[b], next; y != JX_NONE; y = next) {
            next = w->next[y]; /* a swap taken back puts y in front */
            if (swap_hope(w, x, y) && try_swap(w, x, y)) {
                return true;
            }
        }
    }
    return false;
}

/* The cell at a that goes to b for least (of those that help: with people). JX_NONE: none. */
static uint32_t cheapest(jx__whole *w, uint32_t a, uint32_t b, uint32_t least_people) {
    uint32_t best = JX_NONE;
    double cost = 0;
    for (uint32_t c = w->first[a]; c != JX_NONE; c = w->next[c]) {
        if (w->d->people[c] < least_people || w->d->people[c] == 0 || !jx__district_way(w->d, c, b)) {
            continue;
        }
        double k = (double)(jx__district_cost(w->d, &w->toll, c, b) - jx__district_cost(w->d, &w->toll, c, a)) * w->d->people[c];
        if ((best == JX_NONE || k < cost || (!(k > cost) && c < best)) && jx__whole_may(w, c, b)) {
            best = c, cost = k;
        }
    }
    return best;
}

/* One cell each along a -> b -> c: what a is too full by goes on to where there is room. */
static bool chain_from(jx__whole *w, uint32_t a) {
    for (uint32_t b = 0; b < w->d->n_sites; b++) {
        uint32_t x = b == a ? JX_NONE : cheapest(w, a, b, 1);
        if (x == JX_NONE) {
            continue;
        }
        jx_district_score was = w->score;
        jx__whole_move(w, x, b);
        for (uint32_t c = 0; c < w->d->n_sites; c++) {
            uint32_t y = c == b || c == a || w->load[c] >= w->d->capacity[c] ? JX_NONE : cheapest(w, b, c, 1);
            if (y == JX_NONE) {
                continue;
            }
            jx__whole_move(w, y, c);
            if (jx_district_compare(&w->score, &was) < 0) {
                return true;
            }
            jx__whole_move(w, y, b);
        }
        jx__whole_move(w, x, a);
    }
    return false;
}

static bool chains(jx__whole *w) {
    for (uint32_t a = 0; a < w->d->n_sites; a++) {
        if (w->load[a] > w->d->capacity[a] && chain_from(w, a)) {
            return true;
        }
    }
    return false;
}

static bool shifts(jx__whole *w) {
    bool any = false;
    for (uint32_t c = 0; c < w->d->n_cells; c++) {
        for (uint32_t s = 0; w->site[c] != JX_NONE && w->d->people[c] && s < w->d->n_sites; s++) {
            any = (s != w->site[c] && try_shift(w, c, s)) || any;
        }
    }
    return any;
}

static jx_status little_moves(jx_ctx *ctx, jx__whole *w, bool *any) {
    *any = shifts(w);
    for (uint32_t c = 0; c < w->d->n_cells; c++) {
        if (w->site[c] != JX_NONE && w->d->people[c]) {
            *any = swaps_of(w, c) || *any;
        }
        if (c % 256 == 255) {
            JX_TRY(jx_poll(ctx));
        }
    }
    *any = *any || chains(w);
    return JX_OK;
}

static jx_status until_none(jx_ctx *ctx, jx__whole *w, jx__pairs *q) {
    for (bool any = true, more; any;) {
        JX_TRY(jx_poll(ctx));
        any = false;
        if (q) {
            JX_TRY(jx__whole_pairs(ctx, w, q, &any));
        }
        JX_TRY(little_moves(ctx, w, &more));
        any = any || more;
    }
    return JX_OK;
}

jx_status jx__whole_improve(jx_ctx *ctx, jx__whole *w, const jx_district_flow *f) {
    jx__pairs *q = NULL;
    jx_status st = w->contiguous ? JX_OK : jx__pairs_new(ctx, w->d, &q);
    st = st == JX_OK ? until_none(ctx, w, q) : st;
    if (st == JX_OK && q) {
        st = jx__whole_circles(ctx, w, q, f, CIRCLE_WORK);
        st = st == JX_OK ? until_none(ctx, w, q) : st;
    }
    jx__pairs_free(ctx, q);
    return st;
}
