/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Chordal completion by the elimination tree. The tree comes first (Liu's algorithm with path compression), ranks are
 * renumbered to a postorder of it, and then row x of the factor is the union of tree paths from x's lower neighbours up
 * to x: every arc is met once, and rows come out sorted.
 */
#include "network/hierarchy_internal.h"

typedef struct builder {
    const jx_graph *g;
    const uint32_t *order;
    uint32_t *off, *adj; /* simple neighbours by node */
    uint32_t *pos;       /* node -> place in `order` */
    uint32_t *tree;      /* place -> parent's place */
    uint32_t *work;      /* n + 1 */
    uint32_t *mark;      /* n + 1 */
    jx_hierarchy *h;
} builder;

/* Places of the elimination tree's parents. work[] holds compressed ancestors. */
static void elimination_tree(builder *b) {
    uint32_t n = b->g->n_nodes, *anc = b->work;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t v = b->order[i];
        b->tree[i] = anc[i] = JX_NONE;
        for (uint32_t k = b->off[v]; k < b->off[v + 1]; k++) {
            uint32_t r = b->pos[b->adj[k]];
            if (r >= i) {
                continue;
            }
            while (anc[r] != JX_NONE && anc[r] != i) {
                uint32_t up = anc[r];
                anc[r] = i;
                r = up;
            }
            if (anc[r] == JX_NONE) {
                anc[r] = i;
                b->tree[r] = i;
            }
        }
    }
}

/*
 * Postorder without a stack: subtree sizes bottom-up, then every vertex takes the last number of its range, children
 * filling the range from its front in the order of their places.
 */
static void renumber(builder *b) {
    uint32_t n = b->g->n_nodes, *size = b->mark, *begin = b->work, roots = 0;
    jx_hierarchy *h = b->h;
    for (uint32_t i = 0; i < n; i++) {
        size[i] = 1;
    }
    for (uint32_t i = 0; i < n; i++) {
        if (b->tree[i] != JX_NONE) {
            size[b->tree[i]] += size[i];
        }
    }
    for (uint32_t i = n; i-- > 0;) { /* begin[i]: first free number in i's range */
        uint32_t p = b->tree[i], *free_at = p == JX_NONE ? &roots : &begin[p], first = *free_at;
        *free_at += size[i];
        begin[i] = first;
        uint32_t v = first + size[i] - 1, node = b->order[i];
        h->rank[node] = v;
        h->node[v] = node;
        h->size[v] = size[i];
    }
    for (uint32_t i = 0; i < n; i++) {
        uint32_t p = b->tree[i];
        h->parent[h->rank[b->order[i]]] = p == JX_NONE ? JX_NONE : h->rank[b->order[p]];
    }
}

static jx_status slots(jx_ctx *ctx, builder *b) {
    jx_hierarchy *h = b->h;
    uint32_t *depth = b->work, deepest = 0;
    for (uint32_t v = h->n_nodes; v-- > 0;) {
        depth[v] = h->parent[v] == JX_NONE ? 0 : depth[h->parent[v]] + 1;
        deepest = depth[v] > deepest ? depth[v] : deepest;
    }
    if (deepest >= JX__MAX_HEIGHT) {
        return JX_FAIL(ctx, HIERARCHY_DEEP, JX_I(deepest));
    }
    h->height = h->n_nodes ? deepest + 1 : 0;
    for (uint32_t v = 0; v < h->n_nodes; v++) {
        h->slot[v] = (uint16_t)(deepest - depth[v]);
    }
    return JX_OK;
}

/* Rows of the factor: for each x, climb from its lower neighbours until a vertex already seen for x. */
static uint64_t climb(const builder *b, uint32_t *per_row, bool fill) {
    jx_hierarchy *h = b->h;
    uint32_t *mark = b->mark;
    uint64_t total = 0;
    memset(mark, 0xff, (size_t)h->n_nodes * sizeof *mark);
    for (uint32_t x = 0; x < h->n_nodes; x++) {
        uint32_t node = h->node[x];
        mark[x] = x;
        for (uint32_t k = b->off[node]; k < b->off[node + 1]; k++) {
            uint32_t v = h->rank[b->adj[k]];
            for (; v < x && mark[v] != x; v = h->parent[v]) {
                mark[v] = x;
                if (fill) {
                    h->head[per_row[v]] = x;
                }
                per_row[v]++;
                total++;
            }
        }
    }
    return total;
}

static jx_status rows(jx_ctx *ctx, builder *b) {
    jx_hierarchy *h = b->h;
    uint32_t n = h->n_nodes;
    memset(h->up, 0, ((size_t)n + 1) * sizeof *h->up);
    uint64_t total = climb(b, h->up, false);
    if (total > INT32_MAX) {
        return JX_FAIL(ctx, HIERARCHY_DENSE, JX_I((int64_t)total));
    }
    h->n_arcs = (uint32_t)total;
    uint32_t sum = 0;
    for (uint32_t v = 0; v <= n; v++) {
        uint32_t d = v < n ? h->up[v] : 0;
        b->work[v] = h->up[v] = sum;
        sum += d;
    }
    h->head = jx_malloc(ctx, total, sizeof *h->head);
    h->head_slot = jx_malloc(ctx, total, sizeof *h->head_slot);
    h->down_arc = jx_malloc(ctx, total, sizeof *h->down_arc);
    h->down_tail = jx_malloc(ctx, total, sizeof *h->down_tail);
    if (!h->head || !h->head_slot || !h->down_arc || !h->down_tail) {
        return JX_E_NOMEM;
    }
    climb(b, b->work, true);
    return JX_OK;
}

static void turn_rows(builder *b) {
    jx_hierarchy *h = b->h;
    memset(h->down, 0, ((size_t)h->n_nodes + 1) * sizeof *h->down);
    for (uint32_t a = 0; a < h->n_arcs; a++) {
        h->head_slot[a] = h->slot[h->head[a]];
        h->down[h->head[a] + 1]++;
    }
    for (uint32_t v = 0; v < h->n_nodes; v++) {
        h->down[v + 1] += h->down[v];
        b->work[v] = h->down[v];
    }
    for (uint32_t v = 0; v < h->n_nodes; v++) {
        for (uint32_t a = h->up[v]; a < h->up[v + 1]; a++) {
            uint32_t at = b->work[h->head[a]]++;
            h->down_arc[at] = a;
            h->down_tail[at] = v;
        }
    }
}

uint32_t jx__find_arc(const jx_hierarchy *h, uint32_t lo, uint32_t hi) {
    uint32_t a = h->up[lo], n = h->up[lo + 1] - a;
    while (n > 1) { /* branch-free halving: the last head <= hi */
        uint32_t half = n / 2;
        a += h->head[a + half] <= hi ? half : 0;
        n -= half;
    }
    return n && h->head[a] == hi ? a : JX_NONE;
}

uint32_t jx__first_input(const jx_hierarchy *h, uint32_t arc) {
    uint32_t lo = 0, hi = h->n_inputs;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        lo = h->input_arc[mid] < arc ? mid + 1 : lo;
        hi = h->input_arc[mid] < arc ? hi : mid;
    }
    return lo;
}

uint32_t jx__union_of_paths(const jx_hierarchy *h, const uint64_t *low, uint32_t n, uint32_t *out) {
    uint32_t k = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t next = i + 1 < n ? (uint32_t)low[i + 1] : JX_NONE;
        for (uint32_t v = (uint32_t)low[i]; v < next; v = h->parent[v]) { /* JX_NONE, above a root, ends it too */
            out[k++] = v;
        }
    }
    return k;
}

/* Each edge finds its arc; the list of edges by arc lets the customisation read and write forwards. */
static jx_status place_edges(jx_ctx *ctx, builder *b) {
    jx_hierarchy *h = b->h;
    uint64_t *key = jx_malloc(ctx, 2 * (size_t)h->n_edges, sizeof *key);
    if (!key) {
        return JX_E_NOMEM;
    }
    uint32_t n = 0;
    for (uint32_t e = 0; e < h->n_edges; e++) {
        uint32_t x = h->rank[b->g->from[e]], y = h->rank[b->g->to[e]];
        if (x == y) {
            h->edge_arc[e] = JX_NONE;
            continue;
        }
        uint32_t a = x < y ? jx__find_arc(h, x, y) : jx__find_arc(h, y, x);
        h->edge_arc[e] = 2 * a + (x < y ? 0u : 1u);
        key[n++] = (uint64_t)a << 32 | e;
    }
    jx_sort_u64(key, key + h->n_edges, n);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t e = (uint32_t)key[i];
        h->input_arc[i] = (uint32_t)(key[i] >> 32);
        h->input[i] = 2 * e + (h->edge_arc[e] & 1u);
    }
    h->n_inputs = n;
    jx_free(ctx, key);
    return JX_OK;
}

static jx_status allocate(jx_ctx *ctx, builder *b) {
    size_t n = b->g->n_nodes;
    jx_hierarchy *h = b->h;
    *h = (jx_hierarchy){.n_nodes = b->g->n_nodes, .n_edges = b->g->n_edges};
    uint32_t **const own[] = {&h->rank, &h->node, &h->parent, &h->size, &b->pos, &b->tree};
    uint32_t **const ends[] = {&h->up, &h->down, &b->work, &b->mark};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        if (!(*own[i] = jx_malloc(ctx, n, sizeof **own[i]))) {
            return JX_E_NOMEM;
        }
    }
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        if (!(*ends[i] = jx_malloc(ctx, n + 1, sizeof **ends[i]))) {
            return JX_E_NOMEM;
        }
    }
    h->slot = jx_malloc(ctx, n, sizeof *h->slot);
    h->edge_arc = jx_malloc(ctx, h->n_edges, sizeof *h->edge_arc);
    h->input = jx_malloc(ctx, h->n_edges, sizeof *h->input);
    h->input_arc = jx_malloc(ctx, h->n_edges, sizeof *h->input_arc);
    return h->slot && h->edge_arc && h->input && h->input_arc ? JX_OK : JX_E_NOMEM;
}

static jx_status build(jx_ctx *ctx, builder *b) {
    JX_TRY(allocate(ctx, b));
    JX_TRY(jx__adjacency(ctx, b->g, &b->off, &b->adj));
    for (uint32_t i = 0; i < b->g->n_nodes; i++) {
        b->pos[b->order[i]] = i;
    }
    elimination_tree(b);
    renumber(b);
    JX_TRY(slots(ctx, b));
    JX_TRY(rows(ctx, b));
    turn_rows(b);
    return place_edges(ctx, b);
}

jx_status jx_hierarchy_new(jx_ctx *ctx, const jx_graph *g, const uint32_t *order, jx_hierarchy **out) {
    jx_hierarchy *h = jx_calloc(ctx, 1, sizeof *h);
    if (!h) {
        return JX_E_NOMEM;
    }
    builder b = {.g = g, .order = order, .h = h};
    jx_status st = build(ctx, &b);
    void *const blocks[] = {b.off, b.adj, b.pos, b.tree, b.work, b.mark};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        jx_free(ctx, blocks[i]);
    }
    if (st != JX_OK) {
        jx_hierarchy_free(ctx, h);
        return st;
    }
    *out = h;
    return JX_OK;
}

jx_status jx_hierarchy_borrow(jx_ctx *ctx, const jx_hierarchy *h, jx_hierarchy **out) {
    jx_hierarchy *b = jx_malloc(ctx, 1, sizeof *b);
    if (!b) {
        return JX_E_NOMEM;
    }
    *b = *h;
    b->mapped = h->mapped ? h->mapped : h->rank;
    *out = b;
    return JX_OK;
}

jx_status jx_hierarchy_of(jx_ctx *ctx, const jx_graph *g, jx_dissect_fn dissect, void *user, jx_hierarchy **out) {
    uint32_t *order = jx_malloc(ctx, g->n_nodes, sizeof *order);
    jx_status st = order ? jx_order(ctx, g, dissect, user, order) : JX_E_NOMEM;
    if (st == JX_OK) {
        st = jx_hierarchy_new(ctx, g, order, out);
    }
    jx_free(ctx, order);
    return st;
}

void jx_hierarchy_free(jx_ctx *ctx, jx_hierarchy *h) {
    if (!h) {
        return;
    }
    if (!h->mapped) {
        void *const blocks[] = {h->rank,      h->node, h->parent,   h->size,      h->slot,     h->up,        h->head,
                                h->head_slot, h->down, h->down_arc, h->down_tail, h->edge_arc, h->input_arc, h->input};
        for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
            jx_free(ctx, blocks[i]);
        }
    }
    jx_free(ctx, h);
}
