/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * One origin, all nodes. With nothing to put side by side but rows, rows are: those of one level do not need each
 * other, so they are sorted by level and length and taken sixteen at a time, arcs stored across (the sliced ELLPACK
 * form of sparse matrices). An arc costs its eight bytes and a gathered load; the bound is the gather unit, then the
 * stream of arcs from the third cache.
 */
#include "network/sweep_internal.h"

enum { WIDE = 16 };

typedef struct jx__one {
    uint32_t n_places, n_chunks; /* rows stand at places; those of a chunk are sixteen in a row */
    uint32_t *place;             /* vertex -> place */
    uint32_t *first;             /* n_chunks + 1: steps of sixteen arcs */
    uint32_t *head, *ms;         /* steps * 16; what fills up leads from the last place, where nothing ever is */
    uint32_t *time;              /* n_places + 1 */
} jx__one;

typedef void (*one_fn)(const jx__one *o);

/* ---- kernels
 * ----------------------------------------------------------------------------------------------------------------- */

/* Saturating throughout: the gather hides it. */
static void pass_plain(const jx__one *o) {
    for (uint32_t c = 0; c < o->n_chunks; c++) {
        uint32_t *acc = o->time + WIDE * (size_t)c;
        for (uint32_t s = o->first[c]; s < o->first[c + 1]; s++) {
            const uint32_t *head = o->head + WIDE * (size_t)s, *ms = o->ms + WIDE * (size_t)s;
            for (uint32_t l = 0; l < WIDE; l++) {
                uint32_t t = jx_add_ms(o->time[head[l]], ms[l]);
                acc[l] = t < acc[l] ? t : acc[l];
            }
        }
    }
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void pass_avx2(const jx__one *o) {
    const __m256i ones = _mm256_set1_epi32(-1);
    for (uint32_t c = 0; c < o->n_chunks; c++) {
        __m256i *at = (__m256i *)(void *)(o->time + WIDE * (size_t)c),
                acc[2] = {_mm256_loadu_si256(at), _mm256_loadu_si256(at + 1)};
        for (uint32_t s = o->first[c]; s < o->first[c + 1]; s++) {
            for (uint32_t p = 0; p < 2; p++) {
                const __m256i head =
                    _mm256_loadu_si256((const __m256i *)(const void *)(o->head + WIDE * (size_t)s) + p);
                const __m256i ms = _mm256_loadu_si256((const __m256i *)(const void *)(o->ms + WIDE * (size_t)s) + p);
                const __m256i t = _mm256_i32gather_epi32((const int *)(const void *)o->time, head, 4);
                const __m256i sum = _mm256_add_epi32(_mm256_min_epu32(t, _mm256_xor_si256(ms, ones)), ms);
                acc[p] = _mm256_min_epu32(acc[p], sum);
            }
        }
        _mm256_storeu_si256(at, acc[0]);
        _mm256_storeu_si256(at + 1, acc[1]);
    }
}

__attribute__((target("avx512f,avx512vl,avx512dq,avx512bw"))) static void pass_avx512(const jx__one *o) {
    for (uint32_t c = 0; c < o->n_chunks; c++) {
        uint32_t *at = o->time + WIDE * (size_t)c;
        __m512i acc = _mm512_loadu_si512(at);
        for (uint32_t s = o->first[c]; s < o->first[c + 1]; s++) {
            const __m512i head = _mm512_loadu_si512(o->head + WIDE * (size_t)s),
                          ms = _mm512_loadu_si512(o->ms + WIDE * (size_t)s);
            const __m512i t = _mm512_i32gather_epi32(head, o->time, 4);
            const __m512i room = _mm512_ternarylogic_epi32(ms, ms, ms, 0x55);
            acc = _mm512_min_epu32(acc, _mm512_add_epi32(_mm512_min_epu32(t, room), ms));
        }
        _mm512_storeu_si512(at, acc);
    }
}
#endif

static one_fn kernel(void) {
#if defined(__x86_64__)
    return jx__isa() >= JX__AVX512 ? pass_avx512 : jx__isa() == JX__AVX2 ? pass_avx2 : pass_plain;
#else
    return pass_plain;
#endif
}

/* ---- building
 * --------------------------------------------------------------------------------------------------------------------
 */

static bool is_fill(const jx_sweep *s, uint32_t a) {
    return s->slot[a] == s->h->height;
}

/* Rows by level, then by falling number of arcs: key = level, 65535 - arcs, row. */
static jx_status sort_rows(jx_ctx *ctx, const jx_sweep *s, uint64_t **out) {
    uint64_t *key = jx_malloc(ctx, 2 * (size_t)s->n_rows, sizeof *key);
    uint32_t *level = jx_malloc(ctx, s->h->height, sizeof *level); /* of the open path, by slot */
    if (!key || !level) {
        jx_free(ctx, key);
        jx_free(ctx, level);
        return JX_E_NOMEM;
    }
    for (uint32_t r = 0; r < s->n_rows; r++) {
        uint32_t deepest = 0, d = 0;
        for (uint32_t a = s->first[r]; a < s->first[r + 1]; a++) {
            if (!is_fill(s, a)) {
                deepest = level[s->slot[a]] + 1 > deepest ? level[s->slot[a]] + 1 : deepest;
                d++;
            }
        }
        level[s->own[r]] = deepest;
        key[r] = (uint64_t)deepest << 48 | (uint64_t)(0xffffu - d) << 32 | r;
    }
    jx_sort_u64(key, key + s->n_rows, s->n_rows);
    jx_free(ctx, level);
    *out = key;
    return JX_OK;
}

/* Places for all rows, each level from a new chunk; steps a chunk needs.
 */
static jx_status place_rows(jx_ctx *ctx, const jx_sweep *s, const uint64_t *key, jx__one *o) {
    uint32_t n = 0, chunks = 0, steps = 0;
    for (uint32_t i = 0; i < s->n_rows; i++) {
        n = i && key[i] >> 48 != key[i - 1] >> 48 ? (n + WIDE - 1) / WIDE * WIDE : n;
        n++;
    }
    n = (n + WIDE - 1) / WIDE * WIDE;
    o->n_places = n;
    o->n_chunks = n / WIDE;
    o->place = jx_malloc(ctx, s->h->n_nodes, sizeof *o->place);
    o->first = jx_malloc(ctx, (size_t)o->n_chunks + 1, sizeof *o->first);
    o->time = jx_malloc(ctx, (size_t)n + 1, sizeof *o->time);
    if (!o->place || !o->first || !o->time) {
        return JX_E_NOMEM;
    }
    n = 0;
    for (uint32_t i = 0; i < s->n_rows; i++) {
        n = i && key[i] >> 48 != key[i - 1] >> 48 ? (n + WIDE - 1) / WIDE * WIDE : n;
        if (n % WIDE == 0) { /* the first of a chunk has most arcs */
            o->first[chunks++] = steps;
            steps += 0xffffu - (uint32_t)(key[i] >> 32 & 0xffffu);
        }
        o->place[s->vertex[(uint32_t)key[i]]] = n++;
    }
    o->first[chunks] = steps;
    o->head = jx_malloc(ctx, WIDE * (size_t)steps, sizeof *o->head);
    o->ms = jx_calloc(ctx, WIDE * (size_t)steps, sizeof *o->ms);
    return o->head && o->ms ? JX_OK : JX_E_NOMEM;
}

static jx_status fill(jx_ctx *ctx, const jx_sweep *s, jx__one *o) {
    uint32_t *open = jx_malloc(ctx, s->h->height, sizeof *open); /* places of the open path, by slot */
    if (!open) {
        return JX_E_NOMEM;
    }
    for (size_t i = 0; i < WIDE * (size_t)o->first[o->n_chunks]; i++) {
        o->head[i] = o->n_places;
    }
    for (uint32_t r = 0; r < s->n_rows; r++) {
        uint32_t p = o->place[s->vertex[r]], step = o->first[p / WIDE];
        open[s->own[r]] = p;
        for (uint32_t a = s->first[r]; a < s->first[r + 1]; a++) {
            if (!is_fill(s, a)) {
                size_t at = WIDE * (size_t)step++ + p % WIDE;
                o->head[at] = open[s->slot[a]];
                o->ms[at] = s->ms[a];
            }
        }
    }
    jx_free(ctx, open);
    return JX_OK;
}

static jx_status make(jx_ctx *ctx, const jx_sweep *s, jx__one **out) {
    jx__one *o = jx_calloc(ctx, 1, sizeof *o);
    uint64_t *key = NULL;
    jx_status st = o ? sort_rows(ctx, s, &key) : JX_E_NOMEM;
    if (st == JX_OK) {
        st = place_rows(ctx, s, key, o);
    }
    if (st == JX_OK) {
        st = fill(ctx, s, o);
    }
    jx_free(ctx, key);
    if (st != JX_OK) {
        jx__one_free(ctx, o);
        return st;
    }
    *out = o;
    return JX_OK;
}

void jx__one_free(jx_ctx *ctx, jx__one *o) {
    if (o) {
        void *const blocks[] = {o->place, o->first, o->head, o->ms, o->time};
        for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
            jx_free(ctx, blocks[i]);
        }
        jx_free(ctx, o);
    }
}

/* ---- one origin
 * ---------------------------------------------------------------------------------------------------------------------
 */

/* Times of the origin's ancestors, in their places. The union of paths of one node is its path. */
static void climb(const jx_sweep *s, const jx__one *o, uint32_t low) {
    o->time[o->place[low]] = 0;
    for (uint32_t v = low; v != JX_NONE; v = s->h->parent[v]) {
        uint32_t at = o->time[o->place[v]];
        for (uint32_t a = s->climb[v]; a < s->climb[v + 1]; a++) {
            uint32_t *to = &o->time[o->place[s->climb_head[a]]];
            *to = jx__min(*to, jx_add_ms(at, s->climb_ms[a]));
        }
    }
}

jx_status jx_sweep_one(jx_ctx *ctx, jx_sweep *s, uint32_t node, const uint32_t **ms, const uint32_t **place) {
    if (!s->one) {
        JX_TRY(make(ctx, s, &s->one));
    }
    memset(s->one->time, 0xff, ((size_t)s->one->n_places + 1) * sizeof *s->one->time);
    climb(s, s->one, s->h->rank[node]);
    kernel()(s->one);
    *ms = s->one->time;
    *place = s->one->place;
    return JX_OK;
}
