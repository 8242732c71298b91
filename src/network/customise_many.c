/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Customisation of four metrics at once. A cell of the matrix holds the pairs of all four, eight words, one vector:
 * every lane does work that is needed, where the blocks of one metric (customise.c) are two thirds empty and its short
 * rows, most of all, stay scalar; rows, slots and lists of edges are read once for the four. The walk over the tree,
 * threads included, is that of customise.c.
 */
#include "network/customise_internal.h"
#include "network/lanes.h"

/* Above it the matrix would take more than 128 MiB a thread: one metric after another. */
enum { MAX_HEIGHT = 2048 };

/* Vectors in a cell. */
#define PARTS(T) (8 / JX__N_##T)
#define ALL_ONES(T) (~(jx__v_##T){0})
/* Part p of a cell from the pairs of four metrics. */
#define CELL_p4(q, p) ((jx__v_p4)(jx__q2){q[2 * (p)], q[2 * (p) + 1]})
#define CELL_s4(q, p) ((jx__v_s4)(jx__q2){q[2 * (p)], q[2 * (p) + 1]})
#define CELL_a8(q, p) ((jx__v_a8)(jx__q4){q[0], q[1], q[2], q[3]})

/* The times of an edge both ways, the way up first. `input`: edge * 2 + (1: the way up is the second). */
JX_INLINE uint64_t edge_pair(const uint32_t *time, uint32_t input) {
    uint64_t q;
    uint32_t turn = 32 * (input & 1u);
    memcpy(&q, &time[input & ~1u], sizeof q);
    return q << turn | q >> turn;
}

/* An edge's times in all four metrics are taken where they are better. */
#define TAKE_EDGE(isa, TARGET, T)                                                                       \
    TARGET JX_INLINE void take_edge_##isa(const jx__customiser *c, uint32_t in, jx__v_##T *w) {         \
        const jx_hierarchy *h = c->h;                                                                   \
        uint32_t e = h->input[in], next = h->input[in + JX__AHEAD < h->n_inputs ? in + JX__AHEAD : in]; \
        uint64_t q[JX__ABREAST];                                                                        \
        for (int l = 0; l < JX__ABREAST; l++) {                                                         \
            __builtin_prefetch(&c->time[l][next]);                                                      \
            q[l] = edge_pair(c->time[l], e);                                                            \
        }                                                                                               \
        for (int p = 0; p < PARTS(T); p++) {                                                            \
            const jx__v_##T ms = CELL_##T(q, p), old = w[p];                                            \
            w[p] = JX__MIN_##T(old, ms);                                                                \
        }                                                                                               \
    }

/* v's times become final in w, as in customise.c, and go to the four metrics' arrays. */
#define CLOSE_ROW(isa, TARGET, T)                                                                                \
    TARGET JX_INLINE void close_row_##isa(const jx__customiser *c, const jx__front *f, uint32_t v, uint32_t *in, \
                                          jx__v_##T *restrict w) {                                               \
        const jx_hierarchy *h = c->h;                                                                            \
        uint32_t a = h->up[v], end = h->up[v + 1], i = *in;                                                      \
        jx__v_##T *restrict m = (jx__v_##T *)(void *)f->m + (size_t)h->slot[v] * f->stride * PARTS(T);           \
        for (uint32_t k = a; k < end; k++) {                                                                     \
            jx__v_##T *o = m + (size_t)h->head_slot[k] * PARTS(T), *to = w + (size_t)(k - a) * PARTS(T);         \
            for (int p = 0; p < PARTS(T); p++) {                                                                 \
                to[p] = o[p];                                                                                    \
                o[p] = ALL_ONES(T);                                                                              \
            }                                                                                                    \
        }                                                                                                        \
        for (; i < h->n_inputs && h->input_arc[i] < end; i++) {                                                  \
            take_edge_##isa(c, i, w + (size_t)(h->input_arc[i] - a) * PARTS(T));                                 \
        }                                                                                                        \
        const jx_pair *pair = (const jx_pair *)(const void *)w;                                                  \
        *in = i;                                                                                                 \
        for (uint32_t k = a; k < end; k++) {                                                                     \
            for (int l = 0; l < JX__ABREAST; l++) {                                                              \
                memcpy(&c->weight[l][k], pair++, sizeof *pair);                                                  \
            }                                                                                                    \
        }                                                                                                        \
    }

/* The ways over v between any two of its d upper neighbours, lower end first. */
#define OFFER(isa, TARGET, T)                                                                                         \
    TARGET JX_INLINE void offer_##isa(const jx__front *f, const uint16_t *restrict slot, const jx__v_##T *restrict w, \
                                      uint32_t d) {                                                                   \
        for (uint32_t i = 0; i + 1 < d; i++) {                                                                        \
            jx__v_##T *restrict row = (jx__v_##T *)(void *)f->m + (size_t)slot[i] * f->stride * PARTS(T);             \
            jx__v_##T first[PARTS(T)], room[PARTS(T)];                                                                \
            for (int p = 0; p < PARTS(T); p++) {                                                                      \
                first[p] = JX__TURN_##T(w[i * PARTS(T) + (uint32_t)p]);                                               \
                room[p] = ~first[p];                                                                                  \
            }                                                                                                         \
            for (uint32_t j = i + 1; j < d; j++) {                                                                    \
                jx__v_##T *at = row + (size_t)slot[j] * PARTS(T);                                                     \
                for (int p = 0; p < PARTS(T); p++) {                                                                  \
                    const jx__v_##T second = w[j * PARTS(T) + (uint32_t)p], old = at[p],                              \
                                    sum = JX__MIN_##T(second, room[p]) + first[p];                                    \
                    at[p] = JX__MIN_##T(old, sum);                                                                    \
                }                                                                                                     \
            }                                                                                                         \
        }                                                                                                             \
    }

#define RANGE(isa, TARGET, T)                                                                                   \
    TAKE_EDGE(isa, TARGET, T)                                                                                   \
    CLOSE_ROW(isa, TARGET, T)                                                                                   \
    OFFER(isa, TARGET, T)                                                                                       \
    TARGET static void range_##isa(const jx__customiser *c, const jx__front *f, uint32_t begin, uint32_t end) { \
        const jx_hierarchy *h = c->h;                                                                           \
        jx__v_##T *w = (jx__v_##T *)(void *)f->wide;                                                            \
        uint32_t in = begin < end ? jx__first_input(h, h->up[begin]) : 0;                                       \
        for (uint32_t v = begin; v < end; v++) {                                                                \
            close_row_##isa(c, f, v, &in, w);                                                                   \
            offer_##isa(f, h->head_slot + h->up[v], w, h->up[v + 1] - h->up[v]);                                \
        }                                                                                                       \
    }

RANGE(plain, , p4)
#if defined(__x86_64__)
RANGE(sse4, __attribute__((target("sse4.1"))), s4)
RANGE(avx2, __attribute__((target("avx2"))), a8)
#define range_avx512 range_avx2 /* a cell is one vector of AVX2 */
#endif

/* Two to four metrics; empty places repeat the first, whose times are then written again, the same. */
static jx_status customise_abreast(jx_ctx *ctx, uint32_t n, jx_times *const t[], const uint32_t *const time_ms[]) {
    jx__customiser c = {.h = t[0]->h, .width = JX__ABREAST, .range = JX__PICK(range)};
    for (uint32_t l = 0; l < JX__ABREAST; l++) {
        c.time[l] = time_ms[l < n ? l : 0];
        c.weight[l] = t[l < n ? l : 0]->weight;
    }
    return jx__customise(ctx, &c);
}

jx_status jx_times_customise_many(jx_ctx *ctx, uint32_t n, jx_times *const t[], const uint32_t *const time_ms[]) {
    for (uint32_t i = 0, k = 0; i < n; i += k) {
        k = t[i]->h->height > MAX_HEIGHT ? 1 : n - i < JX__ABREAST ? n - i : JX__ABREAST;
        JX_TRY(k == 1 ? jx_times_customise(ctx, t[i], time_ms[i]) : customise_abreast(ctx, k, t + i, time_ms + i));
    }
    return JX_OK;
}

static jx_status empty_times(jx_ctx *ctx, const jx_hierarchy *h, jx_times **out) {
    jx_times *t = *out = jx_calloc(ctx, 1, sizeof *t);
    if (!t) {
        return JX_E_NOMEM;
    }
    t->h = h;
    t->weight = jx_malloc(ctx, h->n_arcs, sizeof *t->weight);
    return t->weight ? JX_OK : JX_E_NOMEM;
}

jx_status jx_times_many(jx_ctx *ctx, const jx_hierarchy *h, uint32_t n, const uint32_t *const time_ms[],
                        jx_times *out[]) {
    jx_status st = JX_OK;
    for (uint32_t i = 0; i < n; i++) {
        out[i] = NULL;
    }
    for (uint32_t i = 0; st == JX_OK && i < n; i++) {
        st = empty_times(ctx, h, &out[i]);
    }
    if (st == JX_OK) {
        st = jx_times_customise_many(ctx, n, out, time_ms);
    }
    for (uint32_t i = 0; st != JX_OK && i < n; i++) {
        jx_times_free(ctx, out[i]);
        out[i] = NULL;
    }
    return st;
}
