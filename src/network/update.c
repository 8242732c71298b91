/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Customisation after a few edges changed. A time depends only on arcs with lower lower ends, and arcs are numbered by
 * lower end: taking touched arcs row by row makes each row final when it is taken. What a row's changed arcs then offer
 * to the triangles above it comes from final times: a shorter way over the row's vertex is written to the third side at
 * once; only where the old way was the shortest and has become longer must the third side be computed from scratch.
 * Minima again, so the result is the full customisation's to the bit.
 */
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "network/hierarchy_internal.h"

/* A touched arc: what it was before, and whether its time must be looked for again. */
typedef struct touched {
    uint32_t tail;
    bool again;
    jx_pair was;
} touched;

typedef struct updater {
    const jx_hierarchy *h;
    const uint32_t *time;
    jx_pair *w;
    JX_VEC(uint64_t) heap; /* arc << 32 | index of the note: an arc may stand in it more than once, oldest note first */
    JX_VEC(touched) note;
    struct side *row; /* the one being worked on */
    uint8_t *changed;
} updater;

static jx_status touch(jx_ctx *ctx, updater *u, uint32_t arc, touched t) {
    uint64_t key = (uint64_t)arc << 32 | u->note.n;
    JX_TRY(jx_vec_push(ctx, &u->note, t));
    JX_TRY(jx_vec_reserve(ctx, &u->heap, 1));
    size_t i = u->heap.n++;
    for (; i > 0 && key < u->heap.v[(i - 1) / 2]; i = (i - 1) / 2) {
        u->heap.v[i] = u->heap.v[(i - 1) / 2];
    }
    u->heap.v[i] = key;
    return JX_OK;
}

static uint64_t take(updater *u) {
    uint64_t *v = u->heap.v, top = v[0], last = v[--u->heap.n];
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

/* The arc's time from scratch: its own edges, and every vertex below both ends - those tails of v and of x that are the
   same. All of v's lie in its subtree, a stretch of x's. */
static jx_pair recompute(const updater *u, uint32_t v, uint32_t arc) {
    const jx_hierarchy *h = u->h;
    uint32_t x = h->head[arc], i = h->down[v], end = h->down[v + 1], lo = h->down[x], hi = h->down[x + 1];
    jx_pair best = {JX_UNREACHABLE, JX_UNREACHABLE};
    for (uint32_t k = jx__first_input(h, arc); k < h->n_inputs && h->input_arc[k] == arc; k++) {
        best.up = jx__min(best.up, u->time[h->input[k]]);
        best.down = jx__min(best.down, u->time[h->input[k] ^ 1u]);
    }
    uint32_t stop = hi, first = i < end ? h->down_tail[i] : v;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        lo = h->down_tail[mid] < first ? mid + 1 : lo;
        hi = h->down_tail[mid] < first ? hi : mid;
    }
    while (i < end && lo < stop) {
        uint32_t a = h->down_tail[i], b = h->down_tail[lo];
        if (a == b) {
            jx_pair p = u->w[h->down_arc[i]], q = u->w[h->down_arc[lo]];
            best.up = jx__min(best.up, jx_add_ms(p.down, q.up));
            best.down = jx__min(best.down, jx_add_ms(q.down, p.up));
        }
        i += a <= b ? 1 : 0;
        lo += b <= a ? 1 : 0;
    }
    return best;
}

/* One of a triangle's sides over v, before and now. */
typedef struct side {
    jx_pair was, is;
} side;

/* Takes all touched arcs of the lowest row; says which came out different. */
static uint32_t finish_row(updater *u) {
    const jx_hierarchy *h = u->h;
    uint32_t v = u->note.v[(uint32_t)u->heap.v[0]].tail, n = 0;
    memset(u->changed, 0, h->up[v + 1] - h->up[v]);
    while (u->heap.n && (uint32_t)(u->heap.v[0] >> 32) < h->up[v + 1]) {
        uint64_t key = take(u);
        uint32_t arc = (uint32_t)(key >> 32), at = arc - h->up[v];
        touched t = u->note.v[(uint32_t)key]; /* the oldest note has the time before any of this */
        while (u->heap.n && (uint32_t)(u->heap.v[0] >> 32) == arc) {
            t.again = u->note.v[(uint32_t)take(u)].again || t.again;
        }
        if (t.again) {
            u->w[arc] = recompute(u, v, arc);
        }
        if (u->w[arc].up != t.was.up || u->w[arc].down != t.was.down) {
            u->changed[at] = 1;
            u->row[at].was = t.was;
            n++;
        }
    }
    return n ? v : JX_NONE;
}

/* Did the way over v go from `was` to `is` in a manner that concerns the third side's time? */
static inline uint32_t concerns(uint32_t now, uint32_t was, uint32_t is) {
    return (uint32_t)(is < now) | ((uint32_t)(was == now) & (uint32_t)(is > was));
}

static inline uint32_t third_concerned(jx_pair now, const side *x, const side *y) {
    return concerns(now.up, jx_add_ms(x->was.down, y->was.up), jx_add_ms(x->is.down, y->is.up)) |
           concerns(now.down, jx_add_ms(y->was.down, x->was.up), jx_add_ms(y->is.down, x->is.up));
}

/* Shorter ways are written at once; where the way over v was the shortest and is no longer, the time is looked for
 * again. */
static jx_status offer(jx_ctx *ctx, updater *u, uint32_t x, uint32_t third, const side *sx, const side *sy) {
    jx_pair *now = &u->w[third], before = *now;
    uint32_t up = jx_add_ms(sx->is.down, sy->is.up), down = jx_add_ms(sy->is.down, sx->is.up);
    bool again = (before.up == jx_add_ms(sx->was.down, sy->was.up) && up > before.up) ||
                 (before.down == jx_add_ms(sy->was.down, sx->was.up) && down > before.down);
    now->up = jx__min(before.up, up);
    now->down = jx__min(before.down, down);
    return touch(ctx, u, third, (touched){x, again, before});
}

/* The first place from `at` on where the row, whose slots rise, has `slot`; it has one. */
static inline uint32_t find_slot(const jx_hierarchy *h, uint32_t at, uint16_t slot) {
#if defined(__SSE2__)
    const __m128i want = _mm_set1_epi16((short)slot);
    for (; at + 8 <= h->n_arcs; at += 8) { /* mostly one step: no guessing how far it is */
        __m128i some = _mm_loadu_si128((const __m128i *)(const void *)&h->head_slot[at]);
        uint32_t hits = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi16(some, want));
        if (hits) {
            return at + (uint32_t)__builtin_ctz(hits) / 2;
        }
    }
#endif
    while (h->head_slot[at] != slot) {
        at++;
    }
    return at;
}

/* Third sides of the triangles of v's arcs i and those in [begin, end). The row above x is in x's own row, in the same
 * order. */
static jx_status spread_arc(jx_ctx *ctx, updater *u, const side *row, uint32_t a, uint32_t i, uint32_t begin,
                            uint32_t end, bool all) {
    const jx_hierarchy *h = u->h;
    uint32_t x = h->head[a + i], third = h->up[x];
    const uint16_t *slot = h->head_slot + a;
    for (uint32_t k = begin; k < end; k++) {
        if (all || u->changed[k]) {
            uint32_t least = h->up[x] + k - i - 1;
            third = find_slot(h, third > least ? third : least, slot[k]);
            if (third_concerned(u->w[third], &row[i], &row[k])) {
                JX_TRY(offer(ctx, u, x, third, &row[i], &row[k]));
            }
        }
    }
    return JX_OK;
}

static jx_status spread(jx_ctx *ctx, updater *u, uint32_t v) {
    const jx_hierarchy *h = u->h;
    uint32_t a = h->up[v], d = h->up[v + 1] - a, first = d, last = 0;
    for (uint32_t i = 0; i < d; i++) {
        first = u->changed[i] && i < first ? i : first;
        last = u->changed[i] ? i : last;
        u->row[i].is = u->w[a + i];
        u->row[i].was = u->changed[i] ? u->row[i].was : u->row[i].is;
    }
    for (uint32_t i = 0; i <= last; i++) { /* rows above lie anywhere: ask for all of them at once */
        uint32_t near = h->up[h->head[a + i]] + (u->changed[i] ? 0 : (first > i ? first : last) - i - 1);
        __builtin_prefetch(&h->head_slot[near]);
        __builtin_prefetch(&u->w[near]);
    }
    for (uint32_t i = 0; i <= last; i++) {
        JX_TRY(spread_arc(ctx, u, u->row, a, i, i + 1 > first || u->changed[i] ? i + 1 : first,
                          u->changed[i] ? d : last + 1, u->changed[i]));
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
        uint32_t arc = u->h->edge_arc[edges[i]];
        if (arc != JX_NONE) {
            arc >>= 1;
            JX_TRY(touch(ctx, u, arc, (touched){lower_end(u->h, arc), true, u->w[arc]}));
        }
    }
    while (u->heap.n) {
        uint32_t v = finish_row(u);
        if (v != JX_NONE) {
            JX_TRY(spread(ctx, u, v));
        }
    }
    return JX_OK;
}

jx_status jx_times_update(jx_ctx *ctx, jx_times *t, const uint32_t *time_ms, const uint32_t *edges, uint32_t n) {
    updater u = {.h = t->h, .time = time_ms, .w = t->weight};
    u.row = jx_malloc(ctx, t->h->height, sizeof *u.row); /* a row is a path to the root at most */
    u.changed = jx_malloc(ctx, t->h->height, 1);
    jx_status st = u.row && u.changed ? run(ctx, &u, edges, n) : JX_E_NOMEM;
    jx_vec_free(ctx, &u.heap);
    jx_vec_free(ctx, &u.note);
    jx_free(ctx, u.row);
    jx_free(ctx, u.changed);
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
