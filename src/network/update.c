/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Customisation after a few edges changed. Arcs are numbered by their lower end, and a time depends only on arcs with
 * lower lower ends: taking touched arcs in the order of their numbers makes each final when it is taken. An arc that
 * comes out different offers its new time to the triangles above it; only where that is shorter, or where the old one
 * was the shortest, is the third side touched. Minima again, so the result is the full customisation's to the bit.
 */
#include "network/hierarchy_internal.h"

typedef struct updater {
    const jx_hierarchy *h;
    const uint32_t *time;
    jx_pair *w;
    JX_VEC(uint32_t) heap; /* touched arcs, least first; an arc may stand in it more than once */
} updater;

static jx_status touch(jx_ctx *ctx, updater *u, uint32_t arc) {
    JX_TRY(jx_vec_reserve(ctx, &u->heap, 1));
    size_t i = u->heap.n++;
    for (; i > 0 && arc < u->heap.v[(i - 1) / 2]; i = (i - 1) / 2) {
        u->heap.v[i] = u->heap.v[(i - 1) / 2];
    }
    u->heap.v[i] = arc;
    return JX_OK;
}

static uint32_t take(updater *u) {
    uint32_t *v = u->heap.v, top = v[0], last = v[--u->heap.n];
    size_t n = u->heap.n, i = 0;
    for (size_t c = 1; c < n; c = 2 * i + 1) {
        c += c + 1 < n && v[c + 1] < v[c] ? 1 : 0;
        if (v[c] >= last) {
            break;
        }
        v[i] = v[c];
        i = c;
    }
    v[i] = last;
    return top;
}

/* The better of the arc's own edges. */
static jx_pair from_edges(const updater *u, uint32_t arc) {
    const jx_hierarchy *h = u->h;
    jx_pair w = {JX_UNREACHABLE, JX_UNREACHABLE};
    for (uint32_t lo = jx__first_input(h, arc); lo < h->n_inputs && h->input_arc[lo] == arc; lo++) {
        w.up = jx__min(w.up, u->time[h->input[lo]]);
        w.down = jx__min(w.down, u->time[h->input[lo] ^ 1u]);
    }
    return w;
}

/* The arc's time from scratch: its edges and all ways over vertices below both ends. `v` is the lower end. */
static jx_pair recompute(const updater *u, uint32_t v, uint32_t arc) {
    const jx_hierarchy *h = u->h;
    uint32_t x = h->head[arc];
    jx_pair best = from_edges(u, arc);
    for (uint32_t k = h->down[v]; k < h->down[v + 1]; k++) {
        uint32_t a = h->down_arc[k], end = h->up[h->down_tail[k] + 1], b = a + 1;
        while (b < end && h->head[b] < x) {
            b++;
        }
        if (b < end && h->head[b] == x) {
            best.up = jx__min(best.up, jx_add_ms(u->w[a].down, u->w[b].up));
            best.down = jx__min(best.down, jx_add_ms(u->w[b].down, u->w[a].up));
        }
    }
    return best;
}

/*
 * The third side between x and y, by way of v: up (x -> v -> y for x below y) went from `was` to `is`. Does that touch
 * its time? A shorter way is taken over at once: then nothing needs to be computed again, but what is above has to hear
 * of it.
 */
static bool concerns(uint32_t now, uint32_t was, uint32_t is) {
    return is < now || (was == now && is > was);
}

static jx_status spread(jx_ctx *ctx, updater *u, uint32_t v, uint32_t arc, jx_pair was) {
    const jx_hierarchy *h = u->h;
    uint32_t x = h->head[arc], row = h->up[x], row_end = h->up[x + 1];
    jx_pair is = u->w[arc];
    for (uint32_t b = h->up[v]; b < h->up[v + 1]; b++) {
        uint32_t y = h->head[b], third;
        jx_pair o = u->w[b];
        if (b == arc) {
            continue;
        }
        if (y < x) { /* third side: y up to x */
            third = jx__find_arc(h, y, x);
            jx_pair now = u->w[third];
            if (concerns(now.up, jx_add_ms(o.down, was.up), jx_add_ms(o.down, is.up)) ||
                concerns(now.down, jx_add_ms(was.down, o.up), jx_add_ms(is.down, o.up))) {
                JX_TRY(touch(ctx, u, third));
            }
            continue;
        }
        while (row < row_end && h->head[row] < y) {
            row++;
        }
        third = row;
        jx_pair now = u->w[third];
        if (concerns(now.up, jx_add_ms(was.down, o.up), jx_add_ms(is.down, o.up)) ||
            concerns(now.down, jx_add_ms(o.down, was.up), jx_add_ms(o.down, is.up))) {
            JX_TRY(touch(ctx, u, third));
        }
    }
    return JX_OK;
}

static uint32_t lower_end(const jx_hierarchy *h, uint32_t arc) {
    uint32_t lo = 0, hi = h->n_nodes;
    while (hi - lo > 1) { /* the last row that begins at or before the arc */
        uint32_t mid = lo + (hi - lo) / 2;
        lo = h->up[mid] <= arc ? mid : lo;
        hi = h->up[mid] <= arc ? hi : mid;
    }
    return lo;
}

static jx_status run(jx_ctx *ctx, updater *u, const uint32_t *edges, uint32_t n) {
    for (uint32_t i = 0; i < n; i++) {
        if (u->h->edge_arc[edges[i]] != JX_NONE) {
            JX_TRY(touch(ctx, u, u->h->edge_arc[edges[i]] >> 1));
        }
    }
    for (uint32_t last = JX_NONE; u->heap.n;) {
        uint32_t arc = take(u);
        if (arc == last) {
            continue;
        }
        last = arc;
        uint32_t v = lower_end(u->h, arc);
        jx_pair was = u->w[arc], is = recompute(u, v, arc);
        if (is.up != was.up || is.down != was.down) {
            u->w[arc] = is;
            JX_TRY(spread(ctx, u, v, arc, was));
        }
    }
    return JX_OK;
}

jx_status jx_times_update(jx_ctx *ctx, jx_times *t, const uint32_t *time_ms, const uint32_t *edges, uint32_t n) {
    updater u = {.h = t->h, .time = time_ms, .w = t->weight};
    jx_status st = run(ctx, &u, edges, n);
    jx_vec_free(ctx, &u.heap);
    return st;
}

jx_status jx_times_copy(jx_ctx *ctx, const jx_times *t, jx_times **out) {
    jx_times *c = jx_calloc(ctx, 1, sizeof *c);
    if (!c || !(c->weight = jx_malloc(ctx, t->h->n_arcs, sizeof *c->weight))) {
        jx_free(ctx, c);
        return JX_E_NOMEM;
    }
    c->h = t->h;
    memcpy(c->weight, t->weight, (size_t)t->h->n_arcs * sizeof *c->weight);
    *out = c;
    return JX_OK;
}
