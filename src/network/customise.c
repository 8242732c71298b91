/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Customisation. Vertices are eliminated upwards; eliminating v offers, to every two of its upper neighbours x < y, the
 * way over v. Ancestors of v lie on one path to the root, so the offers go into a dense matrix by slot: row x, column
 * y, both directions side by side. A vertex takes its own row out of the matrix when its turn comes and leaves it empty
 * for the next vertex of that level.
 *
 * The row of v is widened once into blocks of eight neighbouring slots (absent ones: unreachable, which no minimum ever
 * takes), and a block is held in a register while all rows above it are relaxed: three vector instructions and a load
 * and a store relax eight pairs, about a third of them real. Counted for New York: 8.2 million triangles in some 2.5
 * million steps.
 *
 * Threads: groups of the tree (subtrees, then the chains between them) each with a matrix of their own; what a group
 * offers to the vertices above it, a clique, is carried over. Minima commute: the same bits for any thread count.
 */
#include "network/customise_internal.h"
#include "network/lanes.h"

/* ---- the kernel -------------------------------------------------------------------------------------------------- */

/*
 * v's times become final: the better of what was offered and of its edges; its matrix row is left empty. `in` walks
 * along the edges, which are listed by arc.
 */
JX_INLINE uint32_t close_row(const jx__customiser *c, const jx__front *f, uint32_t v, uint32_t *in) {
    const jx_hierarchy *h = c->h;
    uint32_t a = h->up[v], end = h->up[v + 1], i = *in;
    jx_pair *restrict m = f->m + (size_t)h->slot[v] * f->stride, *restrict w = c->weight[0];
    const uint32_t *time = c->time[0];
    for (uint32_t k = a; k < end; k++) {
        jx_pair *o = &m[h->head_slot[k]];
        w[k] = *o;
        *o = (jx_pair){JX_UNREACHABLE, JX_UNREACHABLE};
    }
    for (; i < h->n_inputs && h->input_arc[i] < end; i++) {
        uint32_t e = h->input[i], k = h->input_arc[i];
        __builtin_prefetch(&time[h->input[i + JX__AHEAD < h->n_inputs ? i + JX__AHEAD : i]]);
        w[k].up = jx__min(w[k].up, time[e]);
        w[k].down = jx__min(w[k].down, time[e ^ 1u]);
    }
    *in = i;
    return end - a;
}

JX_INLINE uint32_t widen(const uint16_t *restrict slot, const jx_pair *restrict w, const jx__front *f, uint32_t d) {
    uint64_t *restrict swapped = f->swapped;
    uint32_t *restrict row_at = f->row_at, *restrict stop = f->stop, stride = f->stride;
    jx_pair *restrict wide = f->wide;
    uint32_t n = 0, open = JX_NONE;
    for (uint32_t i = 0; i < d; i++) {
        uint32_t s = slot[i], b = s / JX__BLOCK;
        if (b != open) {
            open = b;
            f->block_at[n] = b * JX__BLOCK;
            memset(&wide[JX__BLOCK * n++], 0xff, JX__BLOCK * sizeof *wide);
        }
        jx_pair turned = {w[i].down, w[i].up};
        wide[JX__BLOCK * (n - 1) + s % JX__BLOCK] = w[i];
        stop[n - 1] = i + 1;
        memcpy(&swapped[i], &turned, sizeof turned);
        row_at[i] = s * stride;
    }
    return n;
}

/* One block against the n rows it meets. */
#define OFFER_BLOCK(isa, TARGET, T)                                                       \
    TARGET JX_INLINE void offer_block_##isa(const jx__front *f, uint32_t k) {             \
        const uint64_t *restrict swapped = f->swapped;                                    \
        const uint32_t *restrict row_at = f->row_at;                                      \
        const jx__v_##T *wide = (const jx__v_##T *)(const void *)&f->wide[JX__BLOCK * k]; \
        jx_pair *column = f->m + f->block_at[k];                                          \
        jx__v_##T w[JX__PARTS(T)], room[JX__PARTS(T)];                                    \
        for (int p = 0; p < JX__PARTS(T); p++) {                                          \
            w[p] = wide[p];                                                               \
            room[p] = ~w[p];                                                              \
        }                                                                                 \
        for (uint32_t i = 0, n = f->stop[k]; i < n; i++) {                                \
            const jx__v_##T c = JX__ALL_##T(swapped[i]);                                  \
            jx__v_##T *at = (jx__v_##T *)(void *)(column + row_at[i]);                    \
            for (int p = 0; p < JX__PARTS(T); p++) {                                      \
                const jx__v_##T old = at[p], sum = JX__MIN_##T(c, room[p]) + w[p];        \
                at[p] = JX__MIN_##T(old, sum);                                            \
            }                                                                             \
        }                                                                                 \
    }
JX__FOR_EACH_ISA(OFFER_BLOCK)

JX_INLINE void offer_few(const uint16_t *slot, const jx_pair *w, const jx__front *f, uint32_t d) {
    for (uint32_t i = 0; i + 1 < d; i++) {
        jx_pair *row = f->m + (size_t)slot[i] * f->stride;
        for (uint32_t j = i + 1; j < d; j++) {
            jx_pair *o = &row[slot[j]];
            o->up = jx__min(o->up, jx_add_ms(w[i].down, w[j].up));
            o->down = jx__min(o->down, jx_add_ms(w[j].down, w[i].up));
        }
    }
}

#define RANGE(isa, TARGET, T)                                                                                   \
    TARGET static void range_##isa(const jx__customiser *c, const jx__front *f, uint32_t begin, uint32_t end) { \
        const jx_hierarchy *h = c->h;                                                                           \
        uint32_t in = begin < end ? jx__first_input(h, h->up[begin]) : 0;                                       \
        for (uint32_t v = begin; v < end; v++) {                                                                \
            uint32_t d = close_row(c, f, v, &in), a = h->up[v];                                                 \
            if (d <= 4) {                                                                                       \
                offer_few(h->head_slot + a, c->weight[0] + a, f, d);                                            \
                continue;                                                                                       \
            }                                                                                                   \
            uint32_t n = widen(h->head_slot + a, c->weight[0] + a, f, d);                                       \
            for (uint32_t k = 0; k < n; k++) {                                                                  \
                offer_block_##isa(f, k);                                                                        \
            }                                                                                                   \
        }                                                                                                       \
    }
JX__FOR_EACH_ISA(RANGE)

/* ---- groups of the tree ------------------------------------------------------------------------------------------ */

/* Doubling classes of subtree size: a group holds the vertices of one class that hang together. */
static uint32_t class_of(uint32_t size, uint32_t least) {
    uint32_t c = 0;
    for (; size > least; size /= 2) {
        c++;
    }
    return c;
}

static jx_status find_groups(jx_ctx *ctx, jx__customiser *c) {
    const jx_hierarchy *h = c->h;
    uint32_t n = h->n_nodes, least = jx_ctx_threads(ctx) > 1 ? n / (16 * jx_ctx_threads(ctx)) : n;
    uint32_t *open =
        jx_malloc(ctx, n, sizeof *open); /* vertex -> its group, for roots and vertices above the smallest class */
    JX_VEC(jx__group) g = {0};
    least = least < 512 ? 512 : least;
    jx_status st = open ? JX_OK : JX_E_NOMEM;
    for (uint32_t v = n; st == JX_OK && v-- > 0;) {
        uint32_t k = class_of(h->size[v], least), p = h->parent[v];
        if (p != JX_NONE && g.v[open[p]].level == k) {
            open[v] = open[p];
            if (k == 0) { /* the whole subtree is in the group of its root */
                v -= h->size[v] - 1;
            }
            continue;
        }
        open[v] = (uint32_t)g.n;
        jx__group one = {v, p == JX_NONE ? JX_NONE : open[p], JX_NONE, JX_NONE, k, NULL};
        st = jx_vec_push(ctx, &g, one);
        if (k == 0) {
            v -= h->size[v] - 1;
        }
    }
    jx_free(ctx, open);
    c->group = g.v;
    c->n_groups = (uint32_t)g.n;
    for (uint32_t i = 0; i < c->n_groups; i++) { /* listed downwards, so every list of children comes out upwards */
        uint32_t p = g.v[i].parent;
        if (p != JX_NONE) {
            g.v[i].next = g.v[p].first_child;
            g.v[p].first_child = i;
        }
        c->n_levels = g.v[i].level + 1 > c->n_levels ? g.v[i].level + 1 : c->n_levels;
    }
    return st;
}

static jx_status sort_levels(jx_ctx *ctx, jx__customiser *c) {
    c->by_level = jx_malloc(ctx, c->n_groups, sizeof *c->by_level);
    c->level_at = jx_calloc(ctx, (size_t)c->n_levels + 2, sizeof *c->level_at);
    if (!c->by_level || !c->level_at) {
        return JX_E_NOMEM;
    }
    for (uint32_t i = 0; i < c->n_groups; i++) {
        c->level_at[c->group[i].level + 2]++;
    }
    for (uint32_t k = 2; k <= c->n_levels; k++) {
        c->level_at[k] += c->level_at[k - 1];
    }
    for (uint32_t i = 0; i < c->n_groups; i++) {
        c->by_level[c->level_at[c->group[i].level + 1]++] = i;
    }
    return JX_OK;
}

/* What the group's matrix holds for the clique above its root, taken out or put in. */
static jx_status carry_out(jx_ctx *ctx, const jx__customiser *c, const jx__front *f, jx__group *g) {
    const jx_hierarchy *h = c->h;
    const uint16_t *slot = h->head_slot + h->up[g->root];
    uint32_t d = h->up[g->root + 1] - h->up[g->root], n = 0;
    if (d < 2) {
        return JX_OK;
    }
    g->offers = jx_malloc(ctx, (size_t)d * (d - 1) / 2, c->width * sizeof *g->offers);
    if (!g->offers) {
        return JX_E_NOMEM;
    }
    for (uint32_t i = 0; i < d; i++) {
        for (uint32_t j = i + 1; j < d; j++) {
            jx_pair *o = &f->m[((size_t)slot[i] * f->stride + slot[j]) * c->width];
            memcpy(&g->offers[n], o, c->width * sizeof *o);
            memset(o, 0xff, c->width * sizeof *o);
            n += c->width;
        }
    }
    return JX_OK;
}

static void carry_in(const jx__customiser *c, const jx__front *f, const jx__group *g) {
    const jx_hierarchy *h = c->h;
    const uint16_t *slot = h->head_slot + h->up[g->root];
    uint32_t d = g->offers ? h->up[g->root + 1] - h->up[g->root] : 0, n = 0;
    for (uint32_t i = 0; i < d; i++) {
        for (uint32_t j = i + 1; j < d; j++) {
            jx_pair *o = &f->m[((size_t)slot[i] * f->stride + slot[j]) * c->width];
            for (uint32_t k = 0; k < c->width; k++, n++) {
                o[k].up = jx__min(o[k].up, g->offers[n].up);
                o[k].down = jx__min(o[k].down, g->offers[n].down);
            }
        }
    }
}

static jx_status work_group(jx_ctx *wctx, const jx__customiser *c, const jx__front *f, jx__group *g) {
    const jx_hierarchy *h = c->h;
    uint32_t v = g->root + 1 - h->size[g->root];
    for (uint32_t k = g->first_child; k != JX_NONE; k = c->group[k].next) {
        jx__group *child = &c->group[k];
        c->range(c, f, v, child->root + 1 - h->size[child->root]);
        carry_in(c, f, child);
        jx_free(wctx, child->offers);
        child->offers = NULL;
        v = child->root + 1;
    }
    c->range(c, f, v, g->root + 1);
    return g->parent == JX_NONE ? JX_OK : carry_out(wctx, c, f, g);
}

static jx_status front_init(jx_ctx *ctx, jx__front *f, const jx__customiser *c) {
    if (f->m) {
        return JX_OK;
    }
    uint32_t height = c->h->height, n_blocks = (height + JX__BLOCK - 1) / JX__BLOCK | 1u;
    f->stride = n_blocks * JX__BLOCK; /* whole blocks, an odd number: rows then fall into different cache sets */
    size_t pairs = (size_t)height * f->stride * c->width;
    f->memory = jx_malloc(ctx, pairs + JX__BLOCK, sizeof *f->memory);
    f->swapped = jx_malloc(ctx, height, sizeof *f->swapped);
    f->row_at = jx_malloc(ctx, height, sizeof *f->row_at);
    f->wide = jx_malloc(ctx, (size_t)f->stride * c->width, sizeof *f->wide);
    f->block_at = jx_malloc(ctx, n_blocks, sizeof *f->block_at);
    f->stop = jx_malloc(ctx, n_blocks, sizeof *f->stop);
    if (!f->memory || !f->swapped || !f->row_at || !f->wide || !f->block_at || !f->stop) {
        return JX_E_NOMEM;
    }
    f->m = f->memory + (-(uintptr_t)f->memory & 63u) / sizeof *f->m; /* no vector crosses a cache line */
    memset(f->m, 0xff, pairs * sizeof *f->m);
    return JX_OK;
}

static void front_release(jx_ctx *ctx, jx__front *f) {
    void *const blocks[] = {f->memory, f->swapped, f->row_at, f->wide, f->block_at, f->stop};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        jx_free(ctx, blocks[i]);
    }
}

static jx_status work_range(jx_ctx *wctx, void *arg, size_t begin, size_t end, unsigned worker) {
    const jx__customiser *c = arg;
    JX_TRY(front_init(wctx, &c->front[worker], c));
    for (size_t i = begin; i < end; i++) {
        JX_TRY(work_group(wctx, c, &c->front[worker], &c->group[c->by_level[c->level_at[c->level] + i]]));
    }
    return JX_OK;
}

/* ---- the whole ------------------------------------------------------------------------------------------------------
 */

static jx_status work_all(jx_ctx *ctx, jx__customiser *c) {
    JX_TRY(find_groups(ctx, c));
    JX_TRY(sort_levels(ctx, c));
    for (c->level = 0; c->level < c->n_levels; c->level++) {
        JX_TRY(jx_parallel_for(ctx, c->level_at[c->level + 1] - c->level_at[c->level], 1, work_range, c));
    }
    return JX_OK;
}

jx_status jx__customise(jx_ctx *ctx, jx__customiser *c) {
    unsigned threads = jx_ctx_threads(ctx);
    c->front = jx_calloc(ctx, threads, sizeof *c->front);
    jx_status st = c->front ? work_all(ctx, c) : JX_E_NOMEM;
    for (unsigned i = 0; c->front && i < threads; i++) {
        front_release(ctx, &c->front[i]);
    }
    for (uint32_t i = 0; i < c->n_groups; i++) {
        jx_free(ctx, c->group[i].offers);
    }
    jx_free(ctx, c->front);
    jx_free(ctx, c->group);
    jx_free(ctx, c->by_level);
    jx_free(ctx, c->level_at);
    return st;
}

jx_status jx_times_customise(jx_ctx *ctx, jx_times *t, const uint32_t *time_ms) {
    jx__customiser c = {.h = t->h, .width = 1, .time = {time_ms}, .weight = {t->weight}, .range = JX__PICK(range)};
    return jx__customise(ctx, &c);
}

jx_status jx_times_new(jx_ctx *ctx, const jx_hierarchy *h, const uint32_t *time_ms, jx_times **out) {
    jx_times *t = jx_calloc(ctx, 1, sizeof *t);
    if (!t) {
        return JX_E_NOMEM;
    }
    t->h = h;
    t->weight = jx_malloc(ctx, h->n_arcs, sizeof *t->weight);
    jx_status st = t->weight ? jx_times_customise(ctx, t, time_ms) : JX_E_NOMEM;
    if (st != JX_OK) {
        jx_times_free(ctx, t);
        return st;
    }
    *out = t;
    return JX_OK;
}

void jx_times_free(jx_ctx *ctx, jx_times *t) {
    if (t) {
        jx_free(ctx, t->weight);
        jx_free(ctx, t);
    }
}
