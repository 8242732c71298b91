/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * A hierarchy with some vertices more. They go to the top of the order, above every root: then no old vertex changes its number, its
 * place in the tree or its slot, and no old arc changes its time, because what an arc knows is what lies below its ends. All that is new
 * are arcs from the vertices on the ways from the attached ones to their roots, at the ends of their rows, and a clique among the
 * new ones. Old roots hang below the first new vertex, attached or not, so that subtrees stay stretches of numbers. The
 * symbolic work is the height of the tree a new vertex; the rest is copying in a few stretches.
 */
#include "network/hierarchy_internal.h"

typedef struct extender {
    const jx_hierarchy *b; /* the base */
    const jx_graph *g;
    jx_hierarchy *h;
    uint32_t n, k;          /* old vertices, new ones */
    JX_VEC(uint64_t) rows;  /* row << 32 | new vertex: arcs to come, sorted */
    JX_VEC(uint64_t) ties;  /* new vertex << 32 | old vertex, as the new edges say */
    JX_VEC(uint64_t) input; /* new arc << 32 | edge */
    uint32_t *stamp;
} extender;

/* ---- which rows grow ------------------------------------------------------------------------------------------------------------- */

static uint32_t vertex_of(const extender *x, uint32_t node) { return node < x->n ? x->b->rank[node] : node; }

static jx_status find_ties(jx_ctx *ctx, extender *x) {
    for (uint32_t e = x->b->n_edges; e < x->g->n_edges; e++) {
        uint32_t u = vertex_of(x, x->g->from[e]), v = vertex_of(x, x->g->to[e]), lo = u < v ? u : v, hi = u < v ? v : u;
        if (hi >= x->n && lo < x->n) {
            JX_TRY(jx_vec_push(ctx, &x->ties, (uint64_t)hi << 32 | lo));
        } else if (hi < x->n && lo != hi && jx__find_arc(x->b, lo, hi) == JX_NONE) {
            return JX_FAIL(ctx, HIERARCHY_EXTEND, JX_I(e));
        }
    }
    return JX_OK;
}

static jx_status sort_vec(jx_ctx *ctx, uint64_t *key, size_t n) {
    uint64_t *tmp = jx_malloc(ctx, n, sizeof *tmp);
    if (!tmp) {
        return JX_E_NOMEM;
    }
    jx_sort_u64(key, tmp, n);
    jx_free(ctx, tmp);
    return JX_OK;
}

/* Every vertex between an attached one and its root sees the new vertex; every root sees the first. */
static jx_status find_rows(jx_ctx *ctx, extender *x) {
    x->stamp = jx_malloc(ctx, x->n, sizeof *x->stamp);
    if (!x->stamp) {
        return JX_E_NOMEM;
    }
    memset(x->stamp, 0xff, x->n * sizeof *x->stamp);
    JX_TRY(find_ties(ctx, x));
    JX_TRY(sort_vec(ctx, x->ties.v, x->ties.n));
    for (size_t i = 0; i < x->ties.n; i++) {
        uint32_t top = (uint32_t)(x->ties.v[i] >> 32);
        for (uint32_t v = (uint32_t)x->ties.v[i]; v != JX_NONE && x->stamp[v] != top; v = x->b->parent[v]) {
            x->stamp[v] = top;
            JX_TRY(jx_vec_push(ctx, &x->rows, (uint64_t)v << 32 | top));
        }
    }
    for (uint32_t v = x->n; v > 0;) { /* roots: jumping over their trees */
        v--;
        JX_TRY(jx_vec_push(ctx, &x->rows, (uint64_t)v << 32 | x->n));
        v -= x->b->size[v] - 1;
    }
    JX_TRY(sort_vec(ctx, x->rows.v, x->rows.n));
    size_t w = 0;
    for (size_t i = 0; i < x->rows.n; i++) { /* a root may have seen the first one already */
        if (i == 0 || x->rows.v[i] != x->rows.v[i - 1]) {
            x->rows.v[w++] = x->rows.v[i];
        }
    }
    x->rows.n = w;
    uint64_t total = (uint64_t)x->b->n_arcs + w + (uint64_t)x->k * (x->k - 1) / 2;
    if (x->b->height + x->k > JX__MAX_HEIGHT) {
        return JX_FAIL(ctx, HIERARCHY_DEEP, JX_I((int64_t)x->b->height + x->k));
    }
    if (total > INT32_MAX) {
        return JX_FAIL(ctx, HIERARCHY_DENSE, JX_I((int64_t)total));
    }
    x->h->n_arcs = (uint32_t)total;
    return JX_OK;
}

/* ---- copying ------------------------------------------------------------------------------------------------------------------------ */

static jx_status allocate(jx_ctx *ctx, extender *x) {
    jx_hierarchy *h = x->h;
    size_t n = h->n_nodes, m = h->n_arcs;
    uint32_t **const by_vertex[] = {&h->rank, &h->node, &h->parent, &h->size}, **const ends[] = {&h->up, &h->down};
    uint32_t **const by_arc[] = {&h->head, &h->down_arc, &h->down_tail}, **const by_edge[] = {&h->edge_arc, &h->input_arc, &h->input};
    bool ok = true;
    for (size_t i = 0; ok && i < 4; i++) {
        ok = (*by_vertex[i] = jx_malloc(ctx, n, sizeof(uint32_t))) != NULL;
    }
    for (size_t i = 0; ok && i < 2; i++) {
        ok = (*ends[i] = jx_malloc(ctx, n + 1, sizeof(uint32_t))) != NULL;
    }
    for (size_t i = 0; ok && i < 3; i++) {
        ok = (*by_arc[i] = jx_malloc(ctx, m, sizeof(uint32_t))) != NULL;
    }
    for (size_t i = 0; ok && i < 3; i++) {
        ok = (*by_edge[i] = jx_malloc(ctx, h->n_edges, sizeof(uint32_t))) != NULL;
    }
    ok = ok && (h->slot = jx_malloc(ctx, n, sizeof *h->slot)) && (h->head_slot = jx_malloc(ctx, m, sizeof *h->head_slot));
    return ok ? JX_OK : JX_E_NOMEM;
}

static void copy_vertices(const extender *x) {
    const jx_hierarchy *b = x->b;
    jx_hierarchy *h = x->h;
    uint32_t n = x->n;
    memcpy(h->rank, b->rank, n * sizeof *h->rank);
    memcpy(h->node, b->node, n * sizeof *h->node);
    memcpy(h->parent, b->parent, n * sizeof *h->parent);
    memcpy(h->size, b->size, n * sizeof *h->size);
    memcpy(h->slot, b->slot, n * sizeof *h->slot);
    for (uint32_t v = n; v > 0; v -= b->size[v - 1]) {
        h->parent[v - 1] = n;
    }
    for (uint32_t i = 0; i < x->k; i++) {
        h->rank[n + i] = h->node[n + i] = n + i;
        h->parent[n + i] = i + 1 < x->k ? n + i + 1 : JX_NONE;
        h->size[n + i] = n + i + 1;
        h->slot[n + i] = (uint16_t)(b->height + i);
    }
}

/* Rows upwards: stretches of the base, a new arc at the end of a row here and there. */
static void copy_up(const extender *x) {
    const jx_hierarchy *b = x->b;
    jx_hierarchy *h = x->h;
    uint32_t from = 0, to = 0, v = 0;
    for (size_t i = 0; i <= x->rows.n; i++) {
        uint32_t row = i < x->rows.n ? (uint32_t)(x->rows.v[i] >> 32) : x->n - 1, end = b->up[row + 1];
        memcpy(h->head + to, b->head + from, (end - from) * sizeof *h->head);
        memcpy(h->head_slot + to, b->head_slot + from, (end - from) * sizeof *h->head_slot);
        for (; v <= row; v++) {
            h->up[v] = b->up[v] + (to - from);
        }
        to += end - from;
        from = end;
        if (i < x->rows.n) {
            h->head[to] = (uint32_t)x->rows.v[i];
            h->head_slot[to++] = h->slot[(uint32_t)x->rows.v[i]];
        }
    }
    for (; v < h->n_nodes; v++) {
        h->up[v] = to;
        for (uint32_t t = v + 1; t < h->n_nodes; t++) {
            h->head[to] = t;
            h->head_slot[to++] = h->slot[t];
        }
    }
    h->up[v] = to;
}

/* Rows downwards: those of old vertices keep their tails; those of new ones stand behind them, tails rising. */
static jx_status copy_down(jx_ctx *ctx, extender *x) {
    const jx_hierarchy *b = x->b;
    jx_hierarchy *h = x->h;
    memcpy(h->down, b->down, x->n * sizeof *h->down);
    memcpy(h->down_tail, b->down_tail, b->n_arcs * sizeof *h->down_tail);
    uint32_t *shift = x->stamp;
    for (uint32_t v = 0; v < x->n; v++) {
        shift[v] = h->up[v] - b->up[v];
    }
    for (uint32_t i = 0; i < b->n_arcs; i++) {
        h->down_arc[i] = b->down_arc[i] + shift[b->down_tail[i]];
    }
    uint32_t *next = jx_calloc(ctx, (size_t)x->k + 1, sizeof *next);
    if (!next) {
        return JX_E_NOMEM;
    }
    for (size_t i = 0; i < x->rows.n; i++) {
        next[(uint32_t)x->rows.v[i] - x->n + 1]++;
    }
    uint32_t sum = b->n_arcs;
    for (uint32_t i = 0; i <= x->k; i++) { /* new vertex i also has the new ones before it */
        sum += next[i] + (i ? i - 1 : 0);
        h->down[x->n + i] = sum;
    }
    for (uint32_t i = 0; i < x->k; i++) {
        next[i] = h->down[x->n + i];
    }
    uint32_t row = JX_NONE, at = 0;
    for (size_t i = 0; i < x->rows.n; i++) {
        uint32_t v = (uint32_t)(x->rows.v[i] >> 32), t = (uint32_t)x->rows.v[i];
        at = v == row ? at + 1 : h->up[v] + (b->up[v + 1] - b->up[v]);
        row = v;
        h->down_arc[next[t - x->n]] = at;
        h->down_tail[next[t - x->n]++] = v;
    }
    for (uint32_t v = x->n; v < h->n_nodes; v++) {
        for (uint32_t a = h->up[v]; a < h->up[v + 1]; a++) {
            h->down_arc[next[h->head[a] - x->n]] = a;
            h->down_tail[next[h->head[a] - x->n]++] = v;
        }
    }
    jx_free(ctx, next);
    return JX_OK;
}

/* Edges: old ones move with their rows; the list by arc is merged with the new ones. */
static jx_status copy_edges(jx_ctx *ctx, extender *x) {
    const jx_hierarchy *b = x->b;
    jx_hierarchy *h = x->h;
    const uint32_t *shift = x->stamp;
    for (uint32_t e = 0; e < b->n_edges; e++) {
        uint32_t u = b->rank[x->g->from[e]], v = b->rank[x->g->to[e]];
        h->edge_arc[e] = b->edge_arc[e] == JX_NONE ? JX_NONE : b->edge_arc[e] + 2 * shift[u < v ? u : v];
    }
    for (uint32_t e = b->n_edges; e < h->n_edges; e++) {
        uint32_t u = vertex_of(x, x->g->from[e]), v = vertex_of(x, x->g->to[e]);
        h->edge_arc[e] = JX_NONE;
        if (u != v) {
            uint32_t a = u < v ? jx__find_arc(h, u, v) : jx__find_arc(h, v, u);
            h->edge_arc[e] = 2 * a + (u < v ? 0u : 1u);
            JX_TRY(jx_vec_push(ctx, &x->input, (uint64_t)a << 32 | e));
        }
    }
    JX_TRY(sort_vec(ctx, x->input.v, x->input.n));
    uint32_t k = 0, w = 0, i = 0;
    size_t row = 0;
    while (i < b->n_inputs || k < x->input.n) {
        uint32_t old = JX_NONE;
        if (i < b->n_inputs) { /* how many new arcs stand before it: those of rows that have ended */
            while (row < x->rows.n && b->up[(uint32_t)(x->rows.v[row] >> 32) + 1] <= b->input_arc[i]) {
                row++;
            }
            old = b->input_arc[i] + (uint32_t)row;
        }
        if (k == x->input.n || old <= (uint32_t)(x->input.v[k] >> 32)) {
            h->input_arc[w] = old;
            h->input[w++] = b->input[i++];
        } else {
            uint32_t e = (uint32_t)x->input.v[k];
            h->input_arc[w] = (uint32_t)(x->input.v[k++] >> 32);
            h->input[w++] = 2 * e + (h->edge_arc[e] & 1u);
        }
    }
    h->n_inputs = w;
    return JX_OK;
}

static jx_status extend(jx_ctx *ctx, extender *x) {
    JX_TRY(find_rows(ctx, x));
    JX_TRY(allocate(ctx, x));
    copy_vertices(x);
    copy_up(x);
    JX_TRY(copy_down(ctx, x));
    return copy_edges(ctx, x);
}

jx_status jx_hierarchy_extend(jx_ctx *ctx, const jx_hierarchy *base, const jx_graph *g, jx_hierarchy **out) {
    extender x = {.b = base, .g = g, .n = base->n_nodes, .k = g->n_nodes - base->n_nodes};
    if (base->n_nodes == 0 || g->n_nodes <= base->n_nodes || g->n_edges < base->n_edges) {
        return JX_FAIL(ctx, HIERARCHY_EXTEND, JX_I(g->n_edges));
    }
    x.h = jx_calloc(ctx, 1, sizeof *x.h);
    jx_status st = x.h ? JX_OK : JX_E_NOMEM;
    if (st == JX_OK) {
        x.h->n_nodes = g->n_nodes;
        x.h->n_edges = g->n_edges;
        x.h->height = base->height + x.k;
        st = extend(ctx, &x);
    }
    jx_vec_free(ctx, &x.rows);
    jx_vec_free(ctx, &x.ties);
    jx_vec_free(ctx, &x.input);
    jx_free(ctx, x.stamp);
    if (st != JX_OK) {
        jx_hierarchy_free(ctx, x.h);
        return st;
    }
    *out = x.h;
    return JX_OK;
}

/* ---- times ------------------------------------------------------------------------------------------------------------------------- */

/* The base's times with every new arc closed: that is what a customisation gives while all new edges are. */
static void copy_times(const jx_times *base, jx_times *t) {
    const jx_hierarchy *b = base->h, *h = t->h;
    uint32_t from = 0, to = 0;
    for (uint32_t v = 0; v < b->n_nodes; v++) {
        uint32_t more = (h->up[v + 1] - h->up[v]) - (b->up[v + 1] - b->up[v]);
        if (more || v + 1 == b->n_nodes) {
            uint32_t n = b->up[v + 1] - from;
            memcpy(t->weight + to, base->weight + from, n * sizeof *t->weight);
            memset(t->weight + to + n, 0xff, more * sizeof *t->weight);
            from += n;
            to += n + more;
        }
    }
    memset(t->weight + to, 0xff, (h->n_arcs - to) * sizeof *t->weight);
}

/* Where a row's arcs to new vertices begin. */
static uint32_t first_new(const jx_hierarchy *b, const jx_hierarchy *h, uint32_t v) {
    return h->up[v] + (v < b->n_nodes ? b->up[v + 1] - b->up[v] : 0);
}

static void meet(jx_pair *third, jx_pair x, jx_pair y) {
    third->up = jx__min(third->up, jx_add_ms(x.down, y.up));
    third->down = jx__min(third->down, jx_add_ms(y.down, x.up));
}

/* Eliminating v: all that changes are third sides at new vertices. Rows in rising order, so what v offers is final. */
static void offer_new(const jx_hierarchy *b, const jx_times *t, uint32_t v) {
    const jx_hierarchy *h = t->h;
    jx_pair *w = t->weight;
    uint32_t first = first_new(b, h, v), end = h->up[v + 1];
    for (uint32_t k = h->up[v]; first < end && k < first; k++) {
        uint32_t third = first_new(b, h, h->head[k]);
        for (uint32_t i = first; i < end; i++, third++) {
            while (h->head[third] < h->head[i]) { /* the row above has all that this one has */
                third++;
            }
            meet(&w[third], w[k], w[i]);
        }
    }
    for (uint32_t i = first; i < end; i++) { /* new vertices see one another */
        uint32_t x = h->head[i];
        for (uint32_t k = i + 1; k < end; k++) {
            meet(&w[h->up[x] + h->head[k] - x - 1], w[i], w[k]);
        }
    }
}

/* New edges on new arcs; those between old neighbours are listed in `late`. */
static uint32_t enter_edges(const jx_hierarchy *b, const jx_times *t, const uint32_t *time_ms, uint32_t *late) {
    uint32_t n = 0;
    for (uint32_t e = b->n_edges; e < t->h->n_edges; e++) {
        uint32_t a = t->h->edge_arc[e];
        if (a != JX_NONE && t->h->head[a >> 1] < b->n_nodes) {
            late[n++] = e;
        } else if (a != JX_NONE) {
            jx_pair *w = &t->weight[a >> 1];
            w->up = jx__min(w->up, time_ms[2 * e + (a & 1u)]);
            w->down = jx__min(w->down, time_ms[2 * e + 1 - (a & 1u)]);
        }
    }
    return n;
}

static jx_status extend_times(jx_ctx *ctx, const jx_times *base, jx_times *t, const uint32_t *time_ms) {
    uint32_t *late = jx_malloc(ctx, t->h->n_edges - base->h->n_edges, sizeof *late);
    if (!late) {
        return JX_E_NOMEM;
    }
    copy_times(base, t);
    uint32_t n = enter_edges(base->h, t, time_ms, late);
    for (uint32_t v = 0; v < t->h->n_nodes; v++) {
        offer_new(base->h, t, v);
    }
    jx_status st = n ? jx_times_update(ctx, t, time_ms, late, n) : JX_OK;
    jx_free(ctx, late);
    return st;
}

jx_status jx_times_extend(jx_ctx *ctx, const jx_times *base, const jx_hierarchy *h, const uint32_t *time_ms, const uint32_t *edges, uint32_t n,
                          jx_times **out) {
    jx_times *changed = NULL, *t = jx_calloc(ctx, 1, sizeof *t);
    jx_status st = t ? JX_OK : JX_E_NOMEM;
    if (st == JX_OK && n) { /* old edges first: nothing old depends on what is new */
        st = jx_times_copy(ctx, base, &changed);
        if (st == JX_OK) {
            st = jx_times_update(ctx, changed, time_ms, edges, n);
        }
    }
    if (st == JX_OK) {
        t->h = h;
        t->weight = jx_malloc(ctx, h->n_arcs, sizeof *t->weight);
        st = t->weight ? extend_times(ctx, changed ? changed : base, t, time_ms) : JX_E_NOMEM;
    }
    jx_times_free(ctx, changed);
    if (st != JX_OK) {
        jx_times_free(ctx, t);
        return st;
    }
    *out = t;
    return JX_OK;
}
