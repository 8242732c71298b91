/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Are all finite times of a network short? Then sums in 32 bits need no care, and kernels can do without it.
 *
 * The longest arc times the height of the tree bounds every walk that a sweep can add up, but in the thousandths of a second of a large
 * network that is three hundred times the longest time there is. A pivot does better: who can reach it and whom it reaches are no further
 * apart than to it and from it. Let S be the vertices that reach the pivot and T those it reaches. A way that does not begin in S never
 * enters S, for else it could go on to the pivot; one that does not end in T never was in T. Those ways lie in dead ends of one-way
 * streets and on islands, which are small: there the longest walk up and the longest down are bound enough.
 */
#include "network/sweep_internal.h"

enum { TRIES = 4 };

/* A sum beyond all numbers is late, which is not the same as no way. */
static uint32_t sum(uint32_t a, uint32_t b) {
    return a == JX_UNREACHABLE || b == JX_UNREACHABLE ? JX_UNREACHABLE : jx__min(jx_add_ms(a, b), JX_UNREACHABLE - 1);
}

/*
 * Shortest times to the pivot and from it: up along its ancestors, then all rows downwards. False: an arc leads into S from outside it, or
 * out of T. That is where a way on is longer than all numbers, and what is said above does not hold.
 */
static bool spread(const jx_times *t, uint32_t pivot, uint32_t *to, uint32_t *from) {
    const jx_hierarchy *h = t->h;
    bool closed = true;
    memset(to, 0xff, h->n_nodes * sizeof *to);
    memset(from, 0xff, h->n_nodes * sizeof *from);
    to[pivot] = from[pivot] = 0;
    for (uint32_t v = pivot; v != JX_NONE; v = h->parent[v]) {
        for (uint32_t a = h->up[v]; a < h->up[v + 1]; a++) {
            uint32_t u = h->head[a];
            from[u] = jx__min(from[u], sum(from[v], t->weight[a].up));
            to[u] = jx__min(to[u], sum(to[v], t->weight[a].down));
        }
    }
    for (uint32_t v = h->n_nodes; v-- > 0;) {
        uint32_t there = to[v], here = from[v], into = JX_UNREACHABLE, out = JX_UNREACHABLE;
        for (uint32_t a = h->up[v]; a < h->up[v + 1]; a++) {
            uint32_t u = h->head[a], up = t->weight[a].up, down = t->weight[a].down;
            there = jx__min(there, sum(to[u], up));
            here = jx__min(here, sum(from[u], down));
            into = to[u] == JX_UNREACHABLE ? jx__min(into, down) : into;
            out = from[u] == JX_UNREACHABLE ? jx__min(out, up) : out;
        }
        to[v] = there;
        from[v] = here;
        closed = closed && (there == JX_UNREACHABLE || into == JX_UNREACHABLE) && (here == JX_UNREACHABLE || out == JX_UNREACHABLE);
    }
    return closed;
}

static uint32_t longest(const uint32_t *ms, uint32_t n) {
    uint32_t most = 0;
    for (uint32_t i = 0; i < n; i++) {
        most = ms[i] != JX_UNREACHABLE && ms[i] > most ? ms[i] : most;
    }
    return most;
}

static uint32_t farther(uint32_t far, uint32_t ms, uint32_t beyond) {
    uint32_t walk = ms == JX_UNREACHABLE ? 0 : sum(ms, beyond);
    return walk > far ? walk : far;
}

/* The longest walk up and then down among vertices with in[v] == JX_UNREACHABLE. */
static uint64_t walks(const jx_times *t, const uint32_t *in, uint32_t *up, uint32_t *down) {
    const jx_hierarchy *h = t->h;
    uint32_t most_up = 0, most_down = 0;
    for (uint32_t v = h->n_nodes; v-- > 0;) {
        if (in[v] != JX_UNREACHABLE) {
            continue;
        }
        up[v] = down[v] = 0;
        for (uint32_t a = h->up[v]; a < h->up[v + 1]; a++) {
            uint32_t u = h->head[a];
            if (in[u] == JX_UNREACHABLE) {
                up[v] = farther(up[v], t->weight[a].up, up[u]);
                down[v] = farther(down[v], t->weight[a].down, down[u]);
            }
        }
        most_up = up[v] > most_up ? up[v] : most_up;
        most_down = down[v] > most_down ? down[v] : most_down;
    }
    return (uint64_t)most_up + most_down;
}

/* The highest vertex below `end` that others lie below, both ways, and that is not of the last pivot's own circle; JX_NONE. */
static uint32_t find_pivot(const jx_times *t, uint32_t end, const uint32_t *to, const uint32_t *from) {
    const jx_hierarchy *h = t->h;
    for (uint32_t v = end; v-- > 0;) {
        bool in = false, out = false;
        for (uint32_t i = h->down[v]; i < h->down[v + 1]; i++) {
            in = in || t->weight[h->down_arc[i]].up != JX_UNREACHABLE;
            out = out || t->weight[h->down_arc[i]].down != JX_UNREACHABLE;
        }
        if (in && out && (end == h->n_nodes || to[v] == JX_UNREACHABLE || from[v] == JX_UNREACHABLE)) {
            return v;
        }
    }
    return JX_NONE;
}

uint32_t jx__longest_arc(const jx_times *t) {
    uint32_t most = 0;
    for (uint32_t a = 0; a < t->h->n_arcs; a++) {
        uint32_t u = t->weight[a].up, d = t->weight[a].down;
        most = u != JX_UNREACHABLE && u > most ? u : most;
        most = d != JX_UNREACHABLE && d > most ? d : most;
    }
    return most;
}

bool jx__sums_below(const jx_times *t, uint32_t limit) { return (uint64_t)jx__longest_arc(t) * 2 * (t->h->height + 1u) < limit; }

jx_status jx__all_below(jx_ctx *ctx, const jx_times *t, uint32_t limit, bool *yes) {
    const uint32_t n = t->h->n_nodes;
    uint32_t *ms = jx_malloc(ctx, 4 * (size_t)n, sizeof *ms);
    if (!ms) {
        return JX_E_NOMEM;
    }
    *yes = false;
    uint32_t *to = ms, *from = ms + n, *up = from + n, *down = up + n, pivot = n;
    for (int i = 0; !*yes && i < TRIES && (pivot = find_pivot(t, pivot, to, from)) != JX_NONE; i++) {
        bool closed = spread(t, pivot, to, from);
        *yes = closed && (uint64_t)longest(to, n) + longest(from, n) < limit && walks(t, to, up, down) < limit && walks(t, from, up, down) < limit;
    }
    jx_free(ctx, ms);
    return JX_OK;
}
