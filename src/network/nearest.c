/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The k nearest facilities of every node, in one climb and one descent: lists of k labels take the place of single
 * times. A facility's label climbs to its ancestors; downwards a row merges the lists of the vertices above it. Keys
 * are time << 32 | facility, so order and ties are those of the travel-time table; k labels at x suffice for v, because
 * whoever precedes a facility at x precedes it, or equals it, at v. A list whose best label cannot beat the worst of
 * the row costs one comparison.
 */
#include "network/sweep_internal.h"

typedef struct labels {
    const jx_sweep *s;
    uint32_t k, room;  /* labels of a list; places kept for one on the path */
    uint32_t *place;   /* vertex -> index in `own`, JX_NONE */
    uint32_t *touched; /* vertices facilities climb through, rising */
    uint32_t n_touched;
    uint64_t *own;  /* n_touched * k */
    uint64_t *path; /* (height + 1) * room, by slot */
} labels;

enum { ROOM = 8 };
#define NO_LABEL UINT64_MAX
#define NO_TIME ((uint64_t)JX_UNREACHABLE << 32) /* labels from here on are none */

/* Inserts unless the list holds the facility with a smaller key; an older label of it goes. Sorted, k long. */
static void insert(uint64_t *list, uint32_t k, uint64_t key) {
    uint32_t at = k - 1;
    for (uint32_t i = 0; i < k; i++) { /* where it is already, or the last place, which falls out */
        if ((uint32_t)list[i] == (uint32_t)key && list[i] != NO_LABEL) {
            if (list[i] <= key) {
                return;
            }
            at = i;
            break;
        }
    }
    for (; at > 0 && list[at - 1] > key; at--) {
        list[at] = list[at - 1];
    }
    list[at] = key;
}

static void merge(uint64_t *restrict list, uint32_t k, const uint64_t *restrict from, uint32_t ms) {
    for (uint32_t i = 0; i < k; i++) {
        uint64_t t = (from[i] >> 32) + ms, key = t << 32 | (uint32_t)from[i];
        if (t >= JX_UNREACHABLE || key >= list[k - 1]) {
            return; /* and so are all that follow */
        }
        insert(list, k, key);
    }
}

static jx_status touch(jx_ctx *ctx, labels *l, const jx_origins *f) {
    const jx_hierarchy *h = l->s->h;
    uint32_t n = f->off[f->n];
    uint64_t *low = jx_malloc(ctx, 2 * (size_t)n, sizeof *low);
    if (!low) {
        return JX_E_NOMEM;
    }
    for (uint32_t i = 0; i < n; i++) {
        low[i] = h->rank[f->ports[i].node];
    }
    jx_sort_u64(low, low + n, n);
    l->n_touched = jx__union_of_paths(h, low, n, l->touched);
    jx_free(ctx, low);
    l->own = jx_malloc(ctx, (size_t)l->n_touched * l->k, sizeof *l->own);
    if (!l->own) {
        return JX_E_NOMEM;
    }
    memset(l->own, 0xff, (size_t)l->n_touched * l->k * sizeof *l->own);
    for (uint32_t i = 0; i < l->n_touched; i++) {
        l->place[l->touched[i]] = i;
    }
    return JX_OK;
}

static void climb(const labels *l, const jx_origins *f) {
    const jx_sweep *s = l->s;
    for (uint32_t i = 0; i < f->n; i++) {
        for (uint32_t p = f->off[i]; p < f->off[i + 1]; p++) {
            uint64_t key = (uint64_t)f->ports[p].ms << 32 | i;
            uint64_t *list = l->own + (size_t)l->place[s->h->rank[f->ports[p].node]] * l->k;
            if (f->ports[p].ms != JX_UNREACHABLE && key < list[l->k - 1]) {
                insert(list, l->k, key);
            }
        }
    }
    for (uint32_t i = 0; i < l->n_touched; i++) {
        uint32_t v = l->touched[i];
        const uint64_t *list = l->own + (size_t)i * l->k;
        for (uint32_t a = s->climb[v]; a < s->climb[v + 1]; a++) {
            merge(l->own + (size_t)l->place[s->climb_head[a]] * l->k, l->k, list, s->climb_ms[a]);
        }
    }
}

static void give(const labels *l, uint32_t v, const uint64_t *list, jx_table_entry *out) {
    jx_table_entry *o = out + (size_t)l->s->h->node[v] * l->k;
    for (uint32_t i = 0; i < l->k; i++) {
        o[i] = (jx_table_entry){(uint32_t)list[i], (uint32_t)(list[i] >> 32)};
    }
}

static void start(const labels *l, uint32_t v, uint64_t *list) {
    uint32_t own = l->place[v];
    for (uint32_t i = 0; i < l->k; i++) {
        list[i] = own == JX_NONE ? NO_LABEL : l->own[(size_t)own * l->k + i];
    }
}

static void descend_any(const labels *l, jx_table_entry *out) {
    const jx_sweep *s = l->s;
    memset(l->path + (size_t)s->h->height * l->room, 0xff, l->room * sizeof *l->path);
    for (uint32_t r = 0; r < s->n_rows; r++) {
        uint64_t *list = l->path + (size_t)s->own[r] * l->room;
        start(l, s->vertex[r], list);
        for (uint32_t a = s->first[r + 1];
             a-- > s->first[r];) { /* the parent first: its labels are mostly the right ones */
            merge(list, l->k, l->path + (size_t)s->slot[a] * l->room, s->ms[a]);
        }
        give(l, s->vertex[r], list, out);
    }
}

#if defined(__x86_64__)
/*
 * Lists of up to eight labels as one AVX-512 vector in a register. Inserting key c into a sorted list is min(list,
 * max(list moved up by one, c)); lanes behind an older label of the same facility stay, which takes that label out. No
 * branch depends on the times but whether a list has anything to say.
 */
#define AVX512 __attribute__((target("avx512f,avx512vl,avx512dq,avx512bw")))

AVX512 JX_INLINE void later(__m512i from, uint32_t ms, __m512i *to) {
    const __m512i key = _mm512_add_epi64(from, _mm512_set1_epi64((long long)((uint64_t)ms << 32)));
    const __mmask8 none =
        _mm512_cmplt_epu64_mask(key, from) | _mm512_cmpge_epu64_mask(key, _mm512_set1_epi64((long long)NO_TIME));
    *to = _mm512_mask_set1_epi64(key, none, -1);
}

AVX512 JX_INLINE void insert8(__m512i *list, uint64_t key, __mmask8 lanes) {
    const __m512i c = _mm512_set1_epi64((long long)key), low = _mm512_set1_epi64(0xffffffff);
    const __mmask8 old = _mm512_cmpeq_epi64_mask(_mm512_and_epi64(*list, low), _mm512_and_epi64(c, low));
    const __m512i moved = _mm512_alignr_epi64(*list, _mm512_setzero_si512(), 7);
    const __m512i merged = _mm512_min_epu64(*list, _mm512_max_epu64(moved, c));
    *list = _mm512_mask_mov_epi64(*list, (__mmask8)(((unsigned)old - 1u) ^ old) & lanes, merged);
}

AVX512 static void descend_avx512(const labels *l, jx_table_entry *out) {
    const jx_sweep *s = l->s;
    const __mmask8 lanes = (__mmask8)((1u << l->k) - 1u);
    memset(l->path, 0xff, ((size_t)s->h->height + 1) * ROOM * sizeof *l->path);
    for (uint32_t r = 0; r < s->n_rows; r++) {
        uint64_t first[ROOM], come[ROOM];
        uint32_t a = s->first[r + 1];
        memset(first, 0xff, sizeof first);
        start(l, s->vertex[r], first);
        __m512i list = _mm512_loadu_si512(first);
        if (l->place[s->vertex[r]] == JX_NONE &&
            a > s->first[r]) { /* the parent first: mostly its labels are the right ones */
            a--;
            later(_mm512_loadu_si512(l->path + (size_t)s->slot[a] * ROOM), s->ms[a], &list);
        }
        while (a-- > s->first[r] && s->slot[a] != s->h->height) { /* what fills up the group stands in front */
            __m512i key;
            later(_mm512_loadu_si512(l->path + (size_t)s->slot[a] * ROOM), s->ms[a], &key);
            _mm512_storeu_si512(come, key);
            const __m512i worst = _mm512_permutexvar_epi64(_mm512_set1_epi64((long long)l->k - 1), list);
            uint32_t n = (uint32_t)__builtin_popcount(_mm512_cmplt_epu64_mask(key, worst));
            for (uint32_t i = 0; i < n; i++) { /* keys are sorted: those below the worst come first */
                insert8(&list, come[i], lanes);
            }
        }
        _mm512_storeu_si512(l->path + (size_t)s->own[r] * ROOM, list);
        give(l, s->vertex[r], l->path + (size_t)s->own[r] * ROOM, out);
    }
}
#endif

static void descend(const labels *l, jx_table_entry *out) {
#if defined(__x86_64__)
    if (l->k <= ROOM && jx__isa() >= JX__AVX512) {
        descend_avx512(l, out);
        return;
    }
#endif
    descend_any(l, out);
}

jx_status jx_sweep_nearest(jx_ctx *ctx, const jx_sweep *s, const jx_origins *facilities, uint32_t k,
                           jx_table_entry *out) {
    const jx_hierarchy *h = s->h;
    labels l = {.s = s, .k = k, .room = k > ROOM ? k : ROOM};
    if (k == 0) {
        return JX_OK;
    }
    l.place = jx_malloc(ctx, h->n_nodes, sizeof *l.place);
    l.touched = jx_malloc(ctx, h->n_nodes, sizeof *l.touched);
    l.path = jx_malloc(ctx, ((size_t)h->height + 1) * l.room, sizeof *l.path);
    jx_status st = l.place && l.touched && l.path ? JX_OK : JX_E_NOMEM;
    if (st == JX_OK) {
        memset(l.place, 0xff, (size_t)h->n_nodes * sizeof *l.place);
        st = touch(ctx, &l, facilities);
    }
    if (st == JX_OK) {
        climb(&l, facilities);
        descend(&l, out);
    }
    jx_free(ctx, l.place);
    jx_free(ctx, l.touched);
    jx_free(ctx, l.own);
    jx_free(ctx, l.path);
    return st;
}
