/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The k nearest facilities of every node, in one climb and one descent: lists of k labels take the place of single
 * times. A facility's label climbs to its ancestors; downwards a row merges the lists of the vertices above it. Keys
 * are time << 32 | facility, so order and ties are those of the travel-time table; k labels at x suffice for v, because
 * whoever precedes a facility at x precedes it, or equals it, at v. A list whose best label cannot beat the worst of
 * the row costs one comparison.
 *
 * On several threads the top of the tree is passed first; then each subtree below it is a piece of work of its own, whose path is filled
 * anew with the labels that its ancestors were given.
 */
#include "network/sweep_internal.h"

typedef struct labels {
    const jx_sweep *s;
    uint32_t k, room;  /* labels of a list; places kept for one on the path */
    uint32_t *place;   /* vertex -> index in `own`, JX_NONE */
    uint32_t *touched; /* vertices facilities climb through, rising */
    uint32_t n_touched;
    uint64_t *own;  /* n_touched * k */
    uint64_t *path; /* (height + 1) * room, by slot; the worker's */
} labels;

/* Passes rows [begin, end), whose ancestors' labels are on the path. */
typedef void (*descend_fn)(const labels *l, uint32_t begin, uint32_t end, jx_table_entry *out);

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

static void descend_any(const labels *l, uint32_t begin, uint32_t end, jx_table_entry *out) {
    const jx_sweep *s = l->s;
    for (uint32_t r = begin; r < end; r++) {
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

AVX512 static void descend_avx512(const labels *l, uint32_t begin, uint32_t end, jx_table_entry *out) {
    const jx_sweep *s = l->s;
    const __mmask8 lanes = (__mmask8)((1u << l->k) - 1u);
    for (uint32_t r = begin; r < end; r++) {
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

#if defined(__x86_64__)
/*
 * With AVX2: times and facilities of up to eight labels in two vectors, compared as signed words, so times must be
 * below 2^31. Inserting: lanes behind the new label move up by one, as far as the lane of an older label of its
 * facility.
 */
#define AVX2 __attribute__((target("avx2")))
#define NEVER 0x7fffffff /* the time of no label; its facility is -1 */

typedef struct list8 {
    __m256i t, f;
} list8;

AVX2 JX_INLINE __m256i behind(const list8 *a, __m256i t, __m256i f) {
    return _mm256_or_si256(_mm256_cmpgt_epi32(a->t, t),
                           _mm256_and_si256(_mm256_cmpeq_epi32(a->t, t), _mm256_cmpgt_epi32(a->f, f)));
}

AVX2 JX_INLINE void insert_avx2(list8 *a, uint32_t time, uint32_t facility) {
    const __m256i down = _mm256_setr_epi32(0, 0, 1, 2, 3, 4, 5, 6),
                  bit = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
    const __m256i t = _mm256_set1_epi32((int)time), f = _mm256_set1_epi32((int)facility), gt = behind(a, t, f);
    uint32_t after = (uint32_t)_mm256_movemask_ps((__m256)gt);
    uint32_t old = (uint32_t)_mm256_movemask_ps((__m256)_mm256_cmpeq_epi32(a->f, f));
    uint32_t change = old & ~after ? 0 : after & ((old << 1) - 1u);
    const __m256i which = _mm256_and_si256(_mm256_set1_epi32((int)change), bit), lanes = _mm256_cmpeq_epi32(which, bit);
    const __m256i come = _mm256_blend_epi32(_mm256_permutevar8x32_epi32(gt, down), _mm256_setzero_si256(), 1);
    const __m256i nt = _mm256_blendv_epi8(t, _mm256_permutevar8x32_epi32(a->t, down), come);
    const __m256i nf = _mm256_blendv_epi8(f, _mm256_permutevar8x32_epi32(a->f, down), come);
    a->t = _mm256_blendv_epi8(a->t, nt, lanes);
    a->f = _mm256_blendv_epi8(a->f, nf, lanes);
}

AVX2 JX_INLINE list8 later_avx2(const list8 *from, uint32_t ms) {
    const __m256i sum = _mm256_add_epi32(from->t, _mm256_set1_epi32((int)ms));
    return (list8){_mm256_min_epu32(sum, _mm256_set1_epi32(NEVER)), from->f};
}

/* Entries in the caller's order; `half` says which of lanes 0-3 and 4-7 belong to the k. */
AVX2 JX_INLINE void give_avx2(const list8 *a, const __m256i half[2], jx_table_entry *o) {
    const __m256i t = _mm256_or_si256(a->t, _mm256_cmpeq_epi32(a->t, _mm256_set1_epi32(NEVER)));
    const __m256i lo = _mm256_unpacklo_epi32(a->f, t), hi = _mm256_unpackhi_epi32(a->f, t);
    _mm256_maskstore_epi64((long long *)(void *)o, half[0], _mm256_permute2x128_si256(lo, hi, 0x20));
    _mm256_maskstore_epi64((long long *)(void *)(o + 4), half[1], _mm256_permute2x128_si256(lo, hi, 0x31));
}

/* Lists on the path: 64 bytes a slot, which small blocks of memory do not align. */
AVX2 JX_INLINE list8 load_avx2(const labels *l, uint32_t slot) {
    const __m256i *at = (const __m256i *)(const void *)(l->path + (size_t)slot * ROOM);
    return (list8){_mm256_loadu_si256(at), _mm256_loadu_si256(at + 1)};
}

AVX2 static list8 start_avx2(const labels *l, uint32_t v) {
    uint32_t t[ROOM], f[ROOM], own = l->place[v];
    for (uint32_t i = 0; i < ROOM; i++) {
        uint64_t key = own == JX_NONE || i >= l->k ? NO_LABEL : l->own[(size_t)own * l->k + i];
        bool none = key >= (uint64_t)NEVER << 32; /* or so late that the facility comes sooner from above */
        t[i] = none ? NEVER : (uint32_t)(key >> 32);
        f[i] = none ? JX_NONE : (uint32_t)key;
    }
    return (list8){_mm256_loadu_si256((const __m256i *)(const void *)t),
                   _mm256_loadu_si256((const __m256i *)(const void *)f)};
}

AVX2 JX_INLINE void merge_avx2(list8 *list, const list8 *from, uint32_t ms, __m256i last) {
    const list8 key = later_avx2(from, ms);
    const __m256i wt = _mm256_permutevar8x32_epi32(list->t, last), wf = _mm256_permutevar8x32_epi32(list->f, last);
    const list8 worst = {wt, wf};
    uint32_t better = (uint32_t)_mm256_movemask_ps((__m256)behind(&worst, key.t, key.f));
    if (better) { /* keys are sorted: those before the worst come first */
        uint32_t t[ROOM], f[ROOM];
        _mm256_storeu_si256((__m256i *)(void *)t, key.t);
        _mm256_storeu_si256((__m256i *)(void *)f, key.f);
        for (uint32_t i = 0, n = (uint32_t)__builtin_popcount(better); i < n; i++) {
            insert_avx2(list, t[i], f[i]);
        }
    }
}

AVX2 static void descend_avx2(const labels *l, uint32_t begin, uint32_t end, jx_table_entry *out) {
    enum { AHEAD = 12 };
    const jx_sweep *s = l->s;
    const uint32_t *node = s->h->node;
    const __m256i last = _mm256_set1_epi32((int)l->k - 1), four = _mm256_setr_epi64x(0, 1, 2, 3);
    const __m256i half[2] = {_mm256_cmpgt_epi64(_mm256_set1_epi64x((int)l->k), four),
                             _mm256_cmpgt_epi64(_mm256_set1_epi64x((int)l->k - 4), four)};
    for (uint32_t r = begin; r < end; r++) {
        uint32_t v = s->vertex[r], a = s->first[r + 1], first = s->first[r];
        list8 list;
        __builtin_prefetch(&out[(size_t)node[s->vertex[r + AHEAD < s->n_rows ? r + AHEAD : r]] * l->k], 1);
        if (l->place[v] == JX_NONE && a > first &&
            s->slot[a - 1] != s->h->height) { /* the parent: mostly its labels are the right ones */
            a--;
            list = load_avx2(l, s->slot[a]);
            list = later_avx2(&list, s->ms[a]);
        } else {
            list = start_avx2(l, v);
        }
        while (a-- > first && s->slot[a] != s->h->height) { /* what fills up the group stands in front */
            const list8 from = load_avx2(l, s->slot[a]);
            merge_avx2(&list, &from, s->ms[a], last);
        }
        __m256i *own = (__m256i *)(void *)(l->path + (size_t)s->own[r] * ROOM);
        _mm256_storeu_si256(own, list.t);
        _mm256_storeu_si256(own + 1, list.f);
        give_avx2(&list, half, out + (size_t)node[v] * l->k);
    }
}

static bool all_below(const labels *l, const jx_origins *f) {
    bool ok = l->s->no_huge && l->s->narrow && l->k <= ROOM;
    for (uint32_t i = 0; ok && i < f->off[f->n]; i++) {
        ok = f->ports[i].ms < JX__FAR / 2 || f->ports[i].ms == JX_UNREACHABLE;
    }
    return ok;
}
#endif

static descend_fn choose(const labels *l, const jx_origins *f) {
#if defined(__x86_64__)
    if (l->k <= ROOM && jx__isa() >= JX__AVX512) {
        return descend_avx512;
    }
    if (jx__isa() >= JX__AVX2 && all_below(l, f)) {
        return descend_avx2;
    }
#endif
    (void)l;
    (void)f;
    return descend_any;
}

/* ---- in pieces ---------------------------------------------------------------------------------------------------- */

enum { PIECES = 64 }; /* a subtree is cut no further than to this share of all rows */

typedef struct pieces {
    labels l;
    descend_fn descend;
    JX_VEC(uint32_t) first; /* rows where subtrees begin */
    uint64_t *paths;        /* one a worker */
    jx_table_entry *out;
} pieces;

static size_t path_size(const labels *l) { return ((size_t)l->s->h->height + 1) * l->room; }

/* Rows of a vertex's subtree, its own first: those of vertices above v - size, for vertices fall. Not all of them need have one. */
static uint32_t rows_below(const jx_sweep *s, uint32_t row) {
    uint32_t v = s->vertex[row], lo = row + 1, hi = s->n_rows;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        bool inside = s->vertex[mid] + s->h->size[v] > v;
        lo = inside ? mid + 1 : lo;
        hi = inside ? hi : mid;
    }
    return lo - row;
}

/* A vertex's labels as they lie on the path: keys, or with AVX2 eight times and eight facilities. */
static void recall(const pieces *p, const labels *l, uint32_t v) {
    const jx_table_entry *e = p->out + (size_t)l->s->h->node[v] * l->k;
    uint64_t *list = l->path + (size_t)l->s->h->slot[v] * l->room;
    memset(list, 0xff, l->room * sizeof *list);
#if defined(__x86_64__)
    if (p->descend == descend_avx2) {
        uint32_t words[2 * ROOM];
        for (uint32_t i = 0; i < ROOM; i++) {
            words[i] = i < l->k ? jx__min(e[i].time_ms, NEVER) : NEVER;
            words[ROOM + i] = i < l->k ? e[i].facility : JX_NONE;
        }
        memcpy(list, words, sizeof words);
        return;
    }
#endif
    for (uint32_t i = 0; i < l->k; i++) {
        list[i] = (uint64_t)e[i].time_ms << 32 | e[i].facility;
    }
}

static jx_status piece(jx_ctx *wctx, void *arg, size_t begin, size_t end, unsigned worker) {
    const pieces *p = arg;
    labels l = p->l;
    l.path = p->paths + worker * path_size(&l);
    for (size_t i = begin; i < end; i++) {
        uint32_t row = p->first.v[i];
        for (uint32_t v = l.s->h->parent[l.s->vertex[row]]; v != JX_NONE; v = l.s->h->parent[v]) {
            recall(p, &l, v);
        }
        p->descend(&l, row, row + rows_below(l.s, row), p->out);
        JX_TRY(jx_poll(wctx));
    }
    return JX_OK;
}

static jx_status descend(jx_ctx *ctx, pieces *p) {
    const jx_sweep *s = p->l.s;
    unsigned threads = jx_ctx_threads(ctx);
    p->paths = jx_malloc(ctx, threads * path_size(&p->l), sizeof *p->paths);
    if (!p->paths) {
        return JX_E_NOMEM;
    }
    memset(p->paths, 0xff, threads * path_size(&p->l) * sizeof *p->paths);
    p->l.path = p->paths;
    if (threads == 1) {
        p->descend(&p->l, 0, s->n_rows, p->out);
        return JX_OK;
    }
    for (uint32_t r = 0; r < s->n_rows;) {
        uint32_t below = rows_below(s, r);
        if (below <= s->n_rows / PIECES) {
            JX_TRY(jx_vec_push(ctx, &p->first, r));
            r += below;
        } else {
            p->descend(&p->l, r, r + 1, p->out);
            r++;
        }
    }
    return jx_parallel_for(ctx, p->first.n, 1, piece, p);
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
    jx_status st = l.place && l.touched ? JX_OK : JX_E_NOMEM;
    if (st == JX_OK) {
        memset(l.place, 0xff, (size_t)h->n_nodes * sizeof *l.place);
        st = touch(ctx, &l, facilities);
    }
    if (st == JX_OK) {
        climb(&l, facilities);
        pieces p = {.l = l, .descend = choose(&l, facilities), .out = out};
        st = descend(ctx, &p);
        jx_vec_free(ctx, &p.first);
        jx_free(ctx, p.paths);
    }
    jx_free(ctx, l.place);
    jx_free(ctx, l.touched);
    jx_free(ctx, l.own);
    return st;
}
