/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Perfect customisation. Downwards: when v's turn comes, the exact times between all its upper neighbours are known, in
 * a dense matrix by slot as in customise.c. The arc v-x is not needed when some other neighbour y gives a way that is
 * no longer. Equal times count as no longer only if the piece between x and y takes time: then what replaces an arc is
 * strictly shorter at v's end, and no two arcs can replace each other. (Pieces of 0 ms are entered as 1 ms: that keeps
 * a few arcs too many, never too few.)
 */
#include "network/hierarchy_internal.h"
#include "network/lanes.h"

enum { BLOCK = 8 };

typedef struct pruner {
    const jx_hierarchy *h;
    const jx_pair *weight;
    uint8_t *keep;
    jx_pair *m;      /* exact times of the open path: row of the lower, column of the upper end */
    uint64_t *pair;  /* v's times, (up, down) */
    jx_pair *wide;   /* the same in blocks, (down, up) swapped or not */
    jx_pair *across; /* per neighbour: eight pairs of best ways over later neighbours */
    jx_pair *along;  /* per block: best ways over earlier neighbours */
    uint32_t *row_at, *block_at, *stop;
    uint32_t stride;
} pruner;

static uint32_t widen(const pruner *p, uint32_t v) {
    uint32_t a = p->h->up[v], d = p->h->up[v + 1] - a, n = 0, open = JX_NONE;
    for (uint32_t i = 0; i < d; i++) {
        uint32_t s = p->h->head_slot[a + i], b = s / BLOCK;
        if (b != open) {
            open = b;
            p->block_at[n] = b * BLOCK;
            memset(&p->wide[BLOCK * n++], 0xff, BLOCK * sizeof *p->wide);
        }
        p->wide[BLOCK * (n - 1) + s % BLOCK] = p->weight[a + i];
        p->stop[n - 1] = i + 1;
        memcpy(&p->pair[i], &p->weight[a + i], sizeof *p->pair);
        p->row_at[i] = s * p->stride;
    }
    return n;
}

/*
 * Row i of the block holds (x_i -> y, y -> x_i) for eight y. Along: v -> x_i -> y and y -> x_i -> v. Across: v -> y ->
 * x_i and x_i -> y -> v, which needs the block's pairs against the row's turned round.
 */
#define MEET_BLOCK(isa, TARGET, T)                                                                             \
    TARGET JX_INLINE void meet_block_##isa(const pruner *p, uint32_t k) {                                      \
        const jx__v_##T *wide = (const jx__v_##T *)(const void *)&p->wide[BLOCK * k];                          \
        jx__v_##T *out = (jx__v_##T *)(void *)&p->along[BLOCK * k], w[JX__PARTS(T)], room[JX__PARTS(T)],       \
                  along[JX__PARTS(T)];                                                                         \
        for (int q = 0; q < JX__PARTS(T); q++) {                                                               \
            w[q] = wide[q];                                                                                    \
            room[q] = ~w[q];                                                                                   \
        }                                                                                                      \
        memset(along, 0xff, sizeof along);                                                                     \
        for (uint32_t i = 0; i < p->stop[k]; i++) {                                                            \
            const jx__v_##T c = JX__ALL_##T(p->pair[i]), c_room = ~c;                                          \
            const jx__v_##T *at = (const jx__v_##T *)(const void *)(p->m + p->row_at[i] + p->block_at[k]);     \
            jx__v_##T *across = (jx__v_##T *)(void *)(p->across + BLOCK * (size_t)i);                          \
            for (int q = 0; q < JX__PARTS(T); q++) {                                                           \
                const jx__v_##T m = at[q], turned = JX__TURN_##T(m), best = across[q];                         \
                const jx__v_##T over = JX__MIN_##T(m, c_room) + c, back = JX__MIN_##T(turned, room[q]) + w[q]; \
                along[q] = JX__MIN_##T(along[q], over);                                                        \
                across[q] = JX__MIN_##T(best, back);                                                           \
            }                                                                                                  \
        }                                                                                                      \
        memcpy(out, along, sizeof along);                                                                      \
    }
JX__FOR_EACH_ISA(MEET_BLOCK)

/* Which of v's arcs are needed, and v's exact row for those below. */
static void settle(const pruner *p, uint32_t v) {
    uint32_t a = p->h->up[v], d = p->h->up[v + 1] - a;
    jx_pair *row = p->m + (size_t)p->h->slot[v] * p->stride;
    for (uint32_t i = 0, k = 0; i < d; i++) {
        uint32_t s = p->h->head_slot[a + i];
        k += i == p->stop[k] ? 1 : 0;
        jx_pair w = p->weight[a + i], best = p->along[BLOCK * k + s % BLOCK];
        const jx_pair *across = p->across + BLOCK * (size_t)i;
        for (uint32_t l = 0; l < BLOCK; l++) {
            best.up = jx__min(best.up, across[l].up);
            best.down = jx__min(best.down, across[l].down);
        }
        p->keep[a + i] = (uint8_t)((w.up < best.up ? 1u : 0u) | (w.down < best.down ? 2u : 0u));
        best.up = jx__min(best.up, w.up);
        best.down = jx__min(best.down, w.down);
        row[s].up = best.up ? best.up : 1;
        row[s].down = best.down ? best.down : 1;
    }
}

#define PRUNE(isa, TARGET, T)                                              \
    TARGET static void prune_##isa(const pruner *p) {                      \
        for (uint32_t v = p->h->n_nodes; v-- > 0;) {                       \
            uint32_t d = p->h->up[v + 1] - p->h->up[v], n = widen(p, v);   \
            memset(p->across, 0xff, BLOCK *(size_t)d * sizeof *p->across); \
            for (uint32_t k = 0; k < n; k++) {                             \
                meet_block_##isa(p, k);                                    \
            }                                                              \
            settle(p, v);                                                  \
        }                                                                  \
    }
JX__FOR_EACH_ISA(PRUNE)

jx_status jx_times_needed(jx_ctx *ctx, const jx_times *t, uint8_t *keep) {
    const jx_hierarchy *h = t->h;
    pruner p = {.h = h, .weight = t->weight, .keep = keep, .stride = ((h->height + BLOCK - 1) / BLOCK | 1u) * BLOCK};
    size_t cells = (size_t)h->height * p.stride, n = p.stride;
    p.m = jx_malloc(ctx, cells, sizeof *p.m);
    p.pair = jx_malloc(ctx, n, sizeof *p.pair);
    p.wide = jx_malloc(ctx, n, sizeof *p.wide);
    p.across = jx_malloc(ctx, n * BLOCK, sizeof *p.across);
    p.along = jx_malloc(ctx, n, sizeof *p.along);
    p.row_at = jx_malloc(ctx, n, sizeof *p.row_at);
    p.block_at = jx_malloc(ctx, n, sizeof *p.block_at);
    p.stop = jx_malloc(ctx, n, sizeof *p.stop);
    jx_status st =
        p.m && p.pair && p.wide && p.across && p.along && p.row_at && p.block_at && p.stop ? JX_OK : JX_E_NOMEM;
    if (st == JX_OK) {
        memset(p.m, 0xff, cells * sizeof *p.m);
        JX__PICK(prune)(&p);
    }
    void *const blocks[] = {p.m, p.pair, p.wide, p.across, p.along, p.row_at, p.block_at, p.stop};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        jx_free(ctx, blocks[i]);
    }
    return st;
}
