/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * One origin, all nodes. Arc by arc, each would cost a load from anywhere, and that is the bound (tried: rows of one
 * level sixteen abreast with the gather unit, 7 ns for sixteen arcs). So the tree is cut into blocks of up to sixteen
 * vertices, and each keeps the times from its border - those vertices above it that have arcs into it - to all its
 * vertices, closed over the ways inside. A block is then a small dense (min, +) product without an order inside; a
 * border vertex costs one load, spread over all lanes. Twice as many numbers as arcs, but read in a row. The idea is
 * the supernodes of sparse factorisation.
 *
 * The bound is then the stream of those numbers, so most border vertices have half words above their least. Times
 * longer than the way over another border vertex are never the shortest; they may be anything not below that way, and
 * so do not stand in the way of half words.
 *
 * The few blocks the origin lies below are passed arc by arc, because there times come from inside, too.
 */
#include "network/sweep_internal.h"

enum { BLOCK = 16, HALF = 8 };

/*
 * No finite time is so long where s->narrow; "nothing yet" is JX__FAR. A time into a block may be longer and is then never part of a
 * shortest way: cut to NO_WAY_IN it stays so, and no sum of the two wraps.
 */
#define NOT_FINITE 0x40000000u
#define NO_WAY_IN (JX__FAR - 1u)

typedef struct block {
    uint32_t border;     /* into edge[] and base[]; it ends where the next block's begins */
    uint32_t first_near; /* border vertices from here on have half words in near[], those before words in far[] */
    uint32_t far, near;  /* where these begin */
    uint32_t place;      /* of its first vertex */
    uint32_t parts;      /* of eight lanes: 1 or 2 */
} block;

typedef struct jx__one {
    uint32_t n_blocks, n_places;
    block *block;          /* n_blocks + 1, parents first */
    uint32_t *of;          /* vertex -> block */
    uint32_t *place;       /* vertex -> place */
    uint32_t *vertex;      /* place -> vertex, JX_NONE: fills up eight lanes */
    uint32_t *edge;        /* places of border vertices */
    uint32_t *base;        /* least time from each into the block */
    JX_VEC(uint16_t) near; /* by border vertex and lane */
    JX_VEC(uint32_t) far;
    uint32_t *time;    /* by place */
    uint32_t *climbed; /* times of the origin's ancestors, by slot */
    uint32_t *path;    /* times above and in a block passed arc by arc, by slot */
} jx__one;

/* ---- kernel ------------------------------------------------------------------------------------------------------ */

/* Passes blocks [begin, end); true: some time is not finite. */
typedef bool (*pass_fn)(const jx__one *o, uint32_t begin, uint32_t end);

typedef uint16_t half4 __attribute__((vector_size(8), aligned(2), may_alias));
typedef uint16_t half8 __attribute__((vector_size(16), aligned(2), may_alias));
#define HALVES_p4 half4
#define HALVES_s4 half4
#define HALVES_a8 half8
#define WORDS_p4(h) __builtin_convertvector(*(h), jx__v_p4)
#if defined(__x86_64__) /* named, because gcc makes five instructions of the plain words */
#define WORDS_s4(h) ((jx__v_s4)_mm_cvtepu16_epi32(_mm_loadl_epi64((const __m128i *)(const void *)(h))))
#define WORDS_a8(h) ((jx__v_a8)_mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)(const void *)(h))))
#endif

#define ONE_KERNEL(isa, TARGET, T)                                                                              \
    TARGET JX_INLINE void block_##isa(const jx__one *o, const block *b, const uint32_t n_vec, jx__v_##T *any) { \
        const uint32_t *restrict edge = o->edge, *restrict base = o->base;                                      \
        const jx__v_##T *far = (const jx__v_##T *)(const void *)(o->far.v + b->far);                            \
        const HALVES_##T *near = (const HALVES_##T *)(const void *)(o->near.v + b->near);                       \
        jx__v_##T acc[BLOCK / JX__N_##T];                                                                       \
        for (uint32_t p = 0; p < n_vec; p++) {                                                                  \
            acc[p] = JX__SET(T, JX__FAR);                                                                       \
        }                                                                                                       \
        for (uint32_t i = b->border, end = b->first_near; i < end; i++, far += n_vec) {                         \
            const jx__v_##T t = JX__SET(T, o->time[edge[i]]);                                                   \
            for (uint32_t p = 0; p < n_vec; p++) {                                                              \
                const jx__v_##T sum = t + far[p];                                                               \
                acc[p] = JX__MIN_##T(acc[p], sum);                                                              \
            }                                                                                                   \
        }                                                                                                       \
        for (uint32_t i = b->first_near, end = b[1].border; i < end; i++, near += n_vec) {                      \
            const jx__v_##T t = JX__SET(T, o->time[edge[i]]) + JX__SET(T, base[i]);                             \
            for (uint32_t p = 0; p < n_vec; p++) {                                                              \
                const jx__v_##T sum = t + WORDS_##T(near + p);                                                  \
                acc[p] = JX__MIN_##T(acc[p], sum);                                                              \
            }                                                                                                   \
        }                                                                                                       \
        for (uint32_t p = 0; p < n_vec; p++) {                                                                  \
            ((jx__v_##T *)(void *)(o->time + b->place))[p] = acc[p];                                            \
            *any |= acc[p];                                                                                     \
        }                                                                                                       \
    }                                                                                                           \
    TARGET static bool pass_##isa(const jx__one *o, uint32_t begin, uint32_t end) {                             \
        jx__v_##T any = {0};                                                                                    \
        uint32_t lanes[JX__N_##T], all = 0;                                                                     \
        for (const block *b = o->block + begin; b < o->block + end; b++) {                                      \
            if (b->parts == 2) {                                                                                \
                block_##isa(o, b, BLOCK / JX__N_##T, &any);                                                     \
            } else {                                                                                            \
                block_##isa(o, b, HALF / JX__N_##T, &any);                                                      \
            }                                                                                                   \
        }                                                                                                       \
        memcpy(lanes, &any, sizeof lanes);                                                                      \
        for (uint32_t l = 0; l < JX__N_##T; l++) {                                                              \
            all |= lanes[l];                                                                                    \
        }                                                                                                       \
        return all >= NOT_FINITE;                                                                               \
    }
ONE_KERNEL(plain, , p4)
#if defined(__x86_64__)
ONE_KERNEL(sse4, __attribute__((target("sse4.1"))), s4)
ONE_KERNEL(avx2, __attribute__((target("avx2"))), a8) /* wider vectors bring nothing: the bound is the stream */
#endif

static pass_fn kernel(void) {
#if defined(__x86_64__)
    return jx__isa() >= JX__AVX2 ? pass_avx2 : jx__isa() == JX__SSE4 ? pass_sse4 : pass_plain;
#else
    return pass_plain;
#endif
}

/* ---- building: blocks -------------------------------------------------------------------------------------------- */

/*
 * From the leaves up, a vertex joins its children's open pieces; where they would be more than a block, the largest are
 * cut off. In a postorder the children of v are v - 1 and so on, each the size of its subtree further. open[v] is 0 for
 * the tops of finished blocks.
 */
static void cut(const jx_hierarchy *h, uint8_t *open, uint8_t *top) {
    for (uint32_t v = 0; v < h->n_nodes; v++) {
        uint32_t sum = 1, low = v - (h->size[v] - 1);
        for (uint32_t c = v; c > low; c -= h->size[c - 1]) {
            sum += open[c - 1];
        }
        while (sum > BLOCK) {
            uint32_t most = low;
            for (uint32_t c = v; c > low; c -= h->size[c - 1]) {
                most = open[c - 1] > open[most] || most == low ? c - 1 : most;
            }
            sum -= open[most];
            open[most] = 0;
            top[most] = 1;
        }
        open[v] = (uint8_t)sum;
        top[v] = h->parent[v] == JX_NONE;
    }
}

static jx_status find_blocks(jx_ctx *ctx, const jx_hierarchy *h, jx__one *o) {
    uint8_t *open = jx_malloc(ctx, h->n_nodes, 1), *top = jx_calloc(ctx, h->n_nodes, 1);
    o->of = jx_malloc(ctx, h->n_nodes, sizeof *o->of);
    if (open && top && o->of) {
        cut(h, open, top);
        for (uint32_t v = h->n_nodes; v-- > 0;) {
            o->of[v] = top[v] ? o->n_blocks++ : o->of[h->parent[v]];
        }
        o->block = jx_calloc(ctx, (size_t)o->n_blocks + 1, sizeof *o->block);
    }
    jx_free(ctx, open);
    jx_free(ctx, top);
    return o->block ? JX_OK : JX_E_NOMEM;
}

/* Places for the blocks in their order. */
static void lay_out(const jx_hierarchy *h, jx__one *o) {
    uint32_t at = 0;
    for (uint32_t k = 0; k < o->n_blocks; k++) {
        o->block[k] = (block){0};
    }
    for (uint32_t v = 0; v < h->n_nodes; v++) {
        o->block[o->of[v]].border++; /* sizes, for now */
    }
    for (uint32_t k = 0; k < o->n_blocks; k++) {
        o->block[k].parts = o->block[k].border > HALF ? 2 : 1;
        o->block[k].border = 0;
        o->block[k].place = at;
        at += HALF * o->block[k].parts;
    }
    memset(o->vertex, 0xff, at * sizeof *o->vertex);
    for (uint32_t v = h->n_nodes; v-- > 0;) {
        block *b = &o->block[o->of[v]];
        o->place[v] = b->place + b->border++;
        o->vertex[o->place[v]] = v;
    }
}

static jx_status find_places(jx_ctx *ctx, const jx_hierarchy *h, jx__one *o) {
    o->n_places = BLOCK * o->n_blocks; /* at most */
    o->place = jx_malloc(ctx, h->n_nodes, sizeof *o->place);
    o->vertex = jx_malloc(ctx, o->n_places, sizeof *o->vertex);
    o->time = jx_malloc(ctx, o->n_places, sizeof *o->time);
    o->climbed = jx_malloc(ctx, h->height, sizeof *o->climbed);
    o->path = jx_malloc(ctx, h->height, sizeof *o->path);
    if (!o->place || !o->vertex || !o->time || !o->climbed || !o->path) {
        return JX_E_NOMEM;
    }
    lay_out(h, o);
    o->n_places = o->block[o->n_blocks - 1].place + HALF * o->block[o->n_blocks - 1].parts;
    return JX_OK;
}

/* ---- building: times from borders into blocks -------------------------------------------------------------------- */

typedef struct maker {
    const jx_sweep *s;
    jx__one *o;
    uint32_t *seen;            /* by slot: the block that has it on its border, + 1 */
    uint32_t *index;           /* by slot: of border vertices in the block's border; of the block's own its lane */
    uint32_t (*in)[BLOCK];     /* by border vertex and lane */
    uint32_t *unsorted, *base; /* of one border */
    uint32_t (*via)[BLOCK];    /* at most the way over another border vertex: what may be stored where `in` is longer */
} maker;

static uint32_t size_of(const jx__one *o, uint32_t k) {
    uint32_t n = HALF * o->block[k].parts;
    while (o->vertex[o->block[k].place + n - 1] == JX_NONE) {
        n--;
    }
    return n;
}

/* A kept arc's head lies above the block when its slot is beyond the top's. */
static bool above(const maker *m, uint32_t k, uint32_t slot) {
    const jx_hierarchy *h = m->s->h;
    return slot != h->height && slot > h->slot[m->o->vertex[m->o->block[k].place]];
}

/* Finds the border: it is among the arcs of the top, the far ones first - the near ones' times are ready last. */
static uint32_t find_border(maker *m, uint32_t k, uint32_t *edge) {
    const jx_sweep *s = m->s;
    const jx_hierarchy *h = s->h;
    const uint32_t *vertex = m->o->vertex + m->o->block[k].place;
    uint32_t n = 0;
    for (uint32_t i = 0, size = size_of(m->o, k); i < size; i++) {
        uint32_t r = h->n_nodes - 1 - vertex[i];
        for (uint32_t a = s->first[r]; a < s->first[r + 1]; a++) {
            if (above(m, k, s->slot[a])) {
                m->seen[s->slot[a]] = k + 1;
            }
        }
    }
    for (uint32_t a = h->up[vertex[0] + 1]; a-- > h->up[vertex[0]];) {
        if (m->seen[h->head_slot[a]] == k + 1) {
            m->index[h->head_slot[a]] = n;
            if (edge) {
                edge[n] = m->o->place[h->head[a]];
            }
            n++;
        }
    }
    return n;
}

/* Times from the border to every vertex: over an arc from above, or on from a vertex of the block. */
static void close_block(maker *m, uint32_t k, uint32_t n) {
    const jx_sweep *s = m->s;
    const uint32_t *vertex = m->o->vertex + m->o->block[k].place;
    memset(m->in, 0xff, n * sizeof *m->in);
    for (uint32_t i = 0, size = size_of(m->o, k); i < size; i++) {
        uint32_t r = s->h->n_nodes - 1 - vertex[i];
        m->index[s->own[r]] = i;
        for (uint32_t a = s->first[r]; a < s->first[r + 1]; a++) {
            uint32_t from = m->index[s->slot[a]];
            if (above(m, k, s->slot[a])) {
                m->in[from][i] = jx__min(m->in[from][i], s->ms[a]);
            } else if (s->slot[a] != s->h->height) {
                for (uint32_t e = 0; e < n; e++) {
                    m->in[e][i] = jx__min(m->in[e][i], jx_add_ms(m->in[e][from], s->ms[a]));
                }
            }
        }
    }
}

static void over(maker *m, uint32_t from, uint32_t to, uint32_t ms) {
    for (uint32_t i = 0; i < BLOCK; i++) {
        m->via[from][i] = jx__min(m->via[from][i], jx_add_ms(m->in[to][i], ms));
    }
}

/* Ways from each border vertex over the arcs to the others, both up and down. */
static void detour(maker *m, uint32_t k, uint32_t n) {
    const jx_sweep *s = m->s;
    const jx_hierarchy *h = s->h;
    const uint32_t *edge = m->o->edge + m->o->block[k].border;
    memcpy(m->via, m->in, n * sizeof *m->in);
    for (uint32_t e = 0; e < n; e++) {
        uint32_t v = m->o->vertex[edge[e]], r = h->n_nodes - 1 - v;
        for (uint32_t a = s->climb[v]; a < s->climb[v + 1]; a++) {
            uint32_t slot = h->slot[s->climb_head[a]];
            if (m->seen[slot] == k + 1) {
                over(m, e, m->index[slot], s->climb_ms[a]);
            }
        }
        for (uint32_t a = s->first[r]; a < s->first[r + 1]; a++) {
            if (s->slot[a] != h->height && m->seen[s->slot[a]] == k + 1) {
                over(m, m->index[s->slot[a]], e, s->ms[a]);
            }
        }
    }
}

/* The base of a border vertex's half words; JX_UNREACHABLE: they do not suffice. */
static uint32_t half_words(const uint32_t *in, const uint32_t *via, uint32_t size) {
    uint32_t base = JX_UNREACHABLE;
    for (uint32_t i = 0; i < size; i++) {
        base = in[i] == via[i] ? jx__min(base, in[i]) : base;
    }
    if (base >= NOT_FINITE) {
        return JX_UNREACHABLE;
    }
    for (uint32_t i = 0; i < size; i++) {
        if (via[i] > base && via[i] - base > UINT16_MAX) {
            return JX_UNREACHABLE;
        }
    }
    return base;
}

static void store_far(jx__one *o, const uint32_t *in, uint32_t lanes, uint32_t size) {
    for (uint32_t i = 0; i < lanes; i++) {
        uint32_t t = in[i < size ? i : 0];
        o->far.v[o->far.n++] = jx__min(t, NO_WAY_IN);
    }
}

static void store_near(jx__one *o, const uint32_t *in, uint32_t lanes, uint32_t size, uint32_t base) {
    for (uint32_t i = 0; i < lanes; i++) {
        uint32_t t = in[i < size ? i : 0], above = t > base ? t - base : 0;
        o->near.v[o->near.n++] = (uint16_t)jx__min(above, UINT16_MAX);
    }
}

/* Those with words go to the front of the border. */
static jx_status store_block(jx_ctx *ctx, maker *m, uint32_t k, uint32_t n) {
    jx__one *o = m->o;
    block *b = &o->block[k];
    uint32_t *edge = o->edge + b->border, *base = o->base + b->border, lanes = HALF * b->parts, size = size_of(o, k),
             n_far = 0, i = 0;
    b->far = (uint32_t)o->far.n;
    b->near = (uint32_t)o->near.n;
    JX_TRY(jx_vec_reserve(ctx, &o->far, (size_t)n * lanes));
    JX_TRY(jx_vec_reserve(ctx, &o->near, (size_t)n * lanes));
    memcpy(m->unsorted, edge, n * sizeof *edge);
    for (uint32_t e = 0; e < n; e++) {
        m->base[e] = half_words(m->in[e], m->via[e], size);
        n_far += m->base[e] == JX_UNREACHABLE ? 1 : 0;
    }
    b->first_near = b->border + n_far;
    for (uint32_t e = 0; e < n; e++) {
        uint32_t at = m->base[e] == JX_UNREACHABLE ? i++ : n_far++;
        edge[at] = m->unsorted[e];
        base[at] = m->base[e];
        if (m->base[e] == JX_UNREACHABLE) {
            store_far(o, m->in[e], lanes, size);
        } else {
            store_near(o, m->in[e], lanes, size, m->base[e]);
        }
    }
    return JX_OK;
}

/*
 * Orders the blocks by level, then by the size of their border: the processor foresees how long a loop runs that ran as
 * long the last time, and blocks of one level wait for nothing: a tenth of all time.
 */
static jx_status order_blocks(jx_ctx *ctx, maker *m) {
    jx__one *o = m->o;
    const jx_hierarchy *h = m->s->h;
    uint64_t *key = jx_malloc(ctx, 2 * (size_t)o->n_blocks, sizeof *key);
    uint32_t *to = jx_malloc(ctx, o->n_blocks, sizeof *to);
    jx_status st = key && to ? JX_OK : JX_E_NOMEM;
    for (uint32_t k = 0; st == JX_OK && k < o->n_blocks; k++) {
        uint32_t up = h->parent[o->vertex[o->block[k].place]],
                 level = up == JX_NONE ? 0 : (uint32_t)(key[o->of[up]] >> 48) + 1;
        key[k] = (uint64_t)level << 48 | (uint64_t)find_border(m, k, NULL) << 32 | k;
    }
    if (st == JX_OK) {
        jx_sort_u64(key, key + o->n_blocks, o->n_blocks);
        for (uint32_t i = 0; i < o->n_blocks; i++) {
            to[(uint32_t)key[i]] = i;
        }
        for (uint32_t v = 0; v < h->n_nodes; v++) {
            o->of[v] = to[o->of[v]];
        }
        lay_out(h, o);
    }
    jx_free(ctx, key);
    jx_free(ctx, to);
    return st;
}

static jx_status fill(jx_ctx *ctx, maker *m) {
    jx__one *o = m->o;
    uint32_t n = 0;
    JX_TRY(order_blocks(ctx, m));
    JX_TRY(jx_vec_reserve(ctx, &o->far, 1)); /* arrays to point into, even when nothing has a border */
    JX_TRY(jx_vec_reserve(ctx, &o->near, 1));
    memset(m->seen, 0, m->s->h->height * sizeof *m->seen);
    for (uint32_t k = 0; k < o->n_blocks; k++) {
        o->block[k].border = n;
        n += find_border(m, k, NULL);
    }
    o->block[o->n_blocks].border = n;
    o->edge = jx_malloc(ctx, n, sizeof *o->edge);
    o->base = jx_malloc(ctx, n, sizeof *o->base);
    if (!o->edge || !o->base) {
        return JX_E_NOMEM;
    }
    memset(m->seen, 0, m->s->h->height * sizeof *m->seen);
    for (uint32_t k = 0; k < o->n_blocks; k++) {
        n = find_border(m, k, o->edge + o->block[k].border);
        if (m->s->narrow) {
            close_block(m, k, n);
            detour(m, k, n);
            JX_TRY(store_block(ctx, m, k, n));
        }
    }
    return JX_OK;
}

static jx_status fill_all(jx_ctx *ctx, const jx_sweep *s, jx__one *o) {
    maker m = {.s = s, .o = o};
    m.seen = jx_calloc(ctx, s->h->height, sizeof *m.seen);
    m.index = jx_calloc(ctx, (size_t)s->h->height + 1, sizeof *m.index);
    m.unsorted = jx_malloc(ctx, s->h->height, sizeof *m.unsorted);
    m.base = jx_malloc(ctx, s->h->height, sizeof *m.base);
    m.in = jx_malloc(ctx, s->h->height, sizeof *m.in);
    m.via = jx_malloc(ctx, s->h->height, sizeof *m.via);
    jx_status st = m.seen && m.index && m.unsorted && m.base && m.in && m.via ? fill(ctx, &m) : JX_E_NOMEM;
    void *const arrays[] = {m.seen, m.index, m.unsorted, m.base, m.in, m.via};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
        jx_free(ctx, arrays[i]);
    }
    return st;
}

static jx_status make(jx_ctx *ctx, const jx_sweep *s, jx__one **out) {
    jx__one *o = jx_calloc(ctx, 1, sizeof *o);
    jx_status st = o ? find_blocks(ctx, s->h, o) : JX_E_NOMEM;
    if (st == JX_OK) {
        st = find_places(ctx, s->h, o);
    }
    if (st == JX_OK) {
        st = fill_all(ctx, s, o);
    }
    if (st != JX_OK) {
        jx__one_free(ctx, o);
        return st;
    }
    *out = o;
    return JX_OK;
}

void jx__one_free(jx_ctx *ctx, jx__one *o) {
    if (o) {
        void *const arrays[] = {o->block, o->of, o->place, o->vertex, o->edge, o->base, o->time, o->climbed, o->path};
        for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
            jx_free(ctx, arrays[i]);
        }
        jx_vec_free(ctx, &o->near);
        jx_vec_free(ctx, &o->far);
        jx_free(ctx, o);
    }
}

/* ---- one origin -------------------------------------------------------------------------------------------------- */

/* Times of the origin's ancestors, by slot: the way to the root has one vertex a slot. */
static void climb(const jx_sweep *s, jx__one *o, uint32_t low) {
    memset(o->climbed, 0xff, s->h->height * sizeof *o->climbed);
    o->climbed[s->h->slot[low]] = 0;
    for (uint32_t v = low; v != JX_NONE; v = s->h->parent[v]) {
        uint32_t at = o->climbed[s->h->slot[v]];
        for (uint32_t a = s->climb[v]; a < s->climb[v + 1]; a++) {
            uint32_t *to = &o->climbed[s->h->slot[s->climb_head[a]]];
            *to = jx__min(*to, jx_add_ms(at, s->climb_ms[a]));
        }
    }
}

/* A block arc by arc. low: the origin, whose ancestors have times already; JX_NONE: none of them is here. True: some
 * time is not finite. */
static bool pass_arcs(const jx_sweep *s, const jx__one *o, uint32_t k, uint32_t low) {
    const jx_hierarchy *h = s->h;
    const block *b = &o->block[k];
    for (uint32_t i = b->border; i < b[1].border; i++) {
        uint32_t t = o->time[o->edge[i]];
        o->path[h->slot[o->vertex[o->edge[i]]]] = s->narrow && t >= NOT_FINITE ? JX_UNREACHABLE : t;
    }
    bool lost = false;
    for (uint32_t p = b->place; p < b->place + HALF * b->parts && o->vertex[p] != JX_NONE; p++) {
        uint32_t v = o->vertex[p], r = h->n_nodes - 1 - v, t = JX_UNREACHABLE;
        if (low != JX_NONE && low <= v && v - h->size[v] + 1 <= low) {
            t = o->climbed[s->own[r]];
        }
        for (uint32_t a = s->first[r]; a < s->first[r + 1]; a++) {
            if (s->slot[a] != h->height) {
                t = jx__min(t, jx_add_ms(o->path[s->slot[a]], s->ms[a]));
            }
        }
        o->path[s->own[r]] = t;
        o->time[p] = s->narrow && t == JX_UNREACHABLE ? JX__FAR : t;
        lost = lost || t == JX_UNREACHABLE;
    }
    return lost;
}

/* Blocks above the origin's, the root's first. */
static uint32_t blocks_above(const jx_hierarchy *h, const jx__one *o, uint32_t low, uint32_t *out) {
    uint32_t n = 0;
    for (uint32_t v = low; v != JX_NONE; v = h->parent[v]) {
        if (n == 0 || out[n - 1] != o->of[v]) {
            out[n++] = o->of[v];
        }
    }
    for (uint32_t i = 0; i < n / 2; i++) {
        uint32_t t = out[i];
        out[i] = out[n - 1 - i];
        out[n - 1 - i] = t;
    }
    return n;
}

static jx_status pass(jx_ctx *ctx, const jx_sweep *s, const jx__one *o, uint32_t low) {
    uint32_t *here = jx_malloc(ctx, s->h->height, sizeof *here);
    if (!here) {
        return JX_E_NOMEM;
    }
    uint32_t n = blocks_above(s->h, o, low, here);
    bool lost = false;
    for (uint32_t i = 0, next = 0; i <= n; next = i < n ? here[i] + 1 : 0, i++) {
        uint32_t stop = i < n ? here[i] : o->n_blocks;
        lost = (s->narrow && kernel()(o, next, stop)) || lost;
        for (uint32_t k = next; !s->narrow && k < stop; k++) {
            pass_arcs(s, o, k, JX_NONE);
        }
        lost = (i < n && pass_arcs(s, o, stop, low)) || lost;
    }
    for (uint32_t p = 0; s->narrow && lost && p < o->n_places; p++) {
        o->time[p] = o->time[p] < NOT_FINITE ? o->time[p] : JX_UNREACHABLE;
    }
    jx_free(ctx, here);
    return JX_OK;
}

jx_status jx_sweep_one(jx_ctx *ctx, jx_sweep *s, uint32_t node, const uint32_t **ms, const uint32_t **place) {
    if (!s->one) {
        JX_TRY(make(ctx, s, &s->one));
    }
    climb(s, s->one, s->h->rank[node]);
    JX_TRY(pass(ctx, s, s->one, s->h->rank[node]));
    *ms = s->one->time;
    *place = s->one->place;
    return JX_OK;
}
