/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** p-median problems as the OR-Library keeps them: a graph of edges, made into the table of shortest ways between all nodes. */
#include "junxian/io.h"

enum { MAX_NODES = 5000, MAX_EDGES = 20000000, MAX_COST = 1000000000, WORD = 20 };

/* ---- numbers ------------------------------------------------------------------------------------------------------------ */

typedef struct reader {
    jx_ctx *ctx;
    const char *name, *s;
    size_t n, at;
    int64_t row;
} reader;

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == '\f'; }

/* To the next word; false at the end of the file. */
static bool skip_blanks(reader *r) {
    while (r->at < r->n && is_blank(r->s[r->at])) {
        r->row += r->s[r->at++] == '\n';
    }
    return r->at < r->n;
}

/* The next word as a whole number between lo and hi; there is one. */
static jx_status number(reader *r, const char *what, int64_t lo, int64_t hi, uint32_t *out) {
    size_t begin = r->at;
    while (r->at < r->n && !is_blank(r->s[r->at])) {
        r->at++;
    }
    int64_t v;
    if (!jx_parse_int64(r->s + begin, r->at - begin, &v)) {
        char word[WORD + 1] = {0}; /* as much of it as makes sense in a message */
        memcpy(word, r->s + begin, r->at - begin < WORD ? r->at - begin : WORD);
        return JX_FAIL_ROW(r->ctx, r->name, r->row, ORLIB_NUMBER, JX_S(word));
    }
    if (v < lo || v > hi) {
        return JX_FAIL_ROW(r->ctx, r->name, r->row, ORLIB_RANGE, JX_S(what), JX_I(v), JX_I(lo), JX_I(hi));
    }
    *out = (uint32_t)v;
    return JX_OK;
}

/* The next number, or JX_E_INPUT with nothing said where the file ends. */
static jx_status next(reader *r, const char *what, int64_t lo, int64_t hi, uint32_t *out, bool *end) {
    *end = !skip_blanks(r);
    return *end ? JX_OK : number(r, what, lo, hi, out);
}

/* ---- the graph ------------------------------------------------------------------------------------------------------------ */

typedef struct arc {
    uint32_t head, cost;
} arc;

typedef struct graph {
    uint32_t n, p, n_edges;
    uint64_t *key, *tmp_key; /* pair of nodes, the lesser first */
    uint32_t *cost, *tmp_cost;
    size_t *off;
    arc *arcs;
} graph;

static void graph_release(jx_ctx *ctx, graph *g) {
    jx_free(ctx, g->key), jx_free(ctx, g->tmp_key), jx_free(ctx, g->cost), jx_free(ctx, g->tmp_cost);
    jx_free(ctx, g->off), jx_free(ctx, g->arcs);
}

static jx_status read_edges(reader *r, graph *g) {
    uint32_t read = 0;
    bool end;
    for (; read < g->n_edges; read++) {
        uint32_t v[3] = {0};
        JX_TRY(next(r, N_("node"), 1, g->n, &v[0], &end));
        if (!end) {
            JX_TRY(next(r, N_("node"), 1, g->n, &v[1], &end));
        }
        if (!end) {
            JX_TRY(next(r, N_("cost"), 0, MAX_COST, &v[2], &end));
        }
        if (end) {
            return JX_FAIL_ROW(r->ctx, r->name, r->row, ORLIB_SHORT, JX_I(read), JX_I(g->n_edges));
        }
        uint32_t a = v[0] < v[1] ? v[0] : v[1], b = v[0] < v[1] ? v[1] : v[0];
        g->key[read] = (uint64_t)(a - 1) << 32 | (b - 1);
        g->cost[read] = v[2];
    }
    return skip_blanks(r) ? JX_FAIL_ROW(r->ctx, r->name, r->row, ORLIB_LONG, JX_I(g->n_edges)) : JX_OK;
}

static jx_status read_graph(reader *r, graph *g) {
    bool end;
    JX_TRY(next(r, N_("number of nodes"), 1, MAX_NODES, &g->n, &end));
    if (!end) {
        JX_TRY(next(r, N_("number of edges"), 0, MAX_EDGES, &g->n_edges, &end));
    }
    if (!end) {
        JX_TRY(next(r, N_("number of sites p"), 1, g->n, &g->p, &end));
    }
    if (end) {
        return JX_FAIL_ROW(r->ctx, r->name, r->row, ORLIB_NUMBER, JX_S(""));
    }
    if (g->n_edges > r->n / 4) { /* an edge takes six bytes; so that no room is made for a promise */
        return JX_FAIL_ROW(r->ctx, r->name, r->row, ORLIB_SHORT, JX_I(0), JX_I(g->n_edges));
    }
    g->key = jx_malloc(r->ctx, g->n_edges, sizeof *g->key);
    g->tmp_key = jx_malloc(r->ctx, g->n_edges, sizeof *g->tmp_key);
    g->cost = jx_malloc(r->ctx, g->n_edges, sizeof *g->cost);
    g->tmp_cost = jx_malloc(r->ctx, g->n_edges, sizeof *g->tmp_cost);
    return g->key && g->tmp_key && g->cost && g->tmp_cost ? read_edges(r, g) : JX_E_NOMEM;
}

/* Arcs both ways from the last line of each pair of nodes. */
static jx_status make_arcs(jx_ctx *ctx, graph *g) {
    jx_sort_u64_u32(g->key, g->cost, g->tmp_key, g->tmp_cost, g->n_edges); /* stable: later lines stay behind earlier ones */
    uint32_t n = 0;
    for (uint32_t e = 0; e < g->n_edges; e++) {
        bool last = e + 1 == g->n_edges || g->key[e + 1] != g->key[e], loop = g->key[e] >> 32 == (g->key[e] & UINT32_MAX);
        if (last && !loop) {
            g->key[n] = g->key[e];
            g->cost[n++] = g->cost[e];
        }
    }
    g->off = jx_calloc(ctx, (size_t)g->n + 2, sizeof *g->off);
    g->arcs = jx_malloc(ctx, (size_t)n * 2, sizeof *g->arcs);
    if (!g->off || !g->arcs) {
        return JX_E_NOMEM;
    }
    for (uint32_t e = 0; e < n; e++) {
        g->off[(g->key[e] >> 32) + 2]++;
        g->off[(g->key[e] & UINT32_MAX) + 2]++;
    }
    for (uint32_t v = 1; v <= g->n; v++) {
        g->off[v + 1] += g->off[v];
    }
    for (uint32_t e = 0; e < n; e++) {
        uint32_t a = (uint32_t)(g->key[e] >> 32), b = (uint32_t)g->key[e];
        g->arcs[g->off[a + 1]++] = (arc){b, g->cost[e]};
        g->arcs[g->off[b + 1]++] = (arc){a, g->cost[e]};
    }
    return JX_OK;
}

/* ---- shortest ways ---------------------------------------------------------------------------------------------------------- */

/* A binary heap of distance << 32 | node; a node may stand in it several times, the first time out counts. */
static void push(uint64_t *heap, size_t *n, uint64_t v) {
    size_t i = (*n)++;
    while (i > 0 && heap[(i - 1) / 2] > v) {
        heap[i] = heap[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    heap[i] = v;
}

static uint64_t pop(uint64_t *heap, size_t *n) {
    uint64_t top = heap[0], v = heap[--*n];
    size_t i = 0, child;
    while ((child = 2 * i + 1) < *n) {
        child += child + 1 < *n && heap[child + 1] < heap[child];
        if (heap[child] >= v) {
            break;
        }
        heap[i] = heap[child];
        i = child;
    }
    heap[i] = v;
    return top;
}

/* Distances from one node into its row; JX_NONE, or a node too far to be counted. */
static uint32_t from_node(const graph *g, uint32_t source, uint64_t *heap, uint32_t *row) {
    size_t n = 0;
    for (uint32_t v = 0; v < g->n; v++) {
        row[v] = JX_UNREACHABLE;
    }
    row[source] = 0;
    push(heap, &n, source);
    while (n > 0) {
        uint64_t top = pop(heap, &n);
        uint32_t v = (uint32_t)top, d = (uint32_t)(top >> 32);
        if (d > row[v]) {
            continue;
        }
        for (size_t a = g->off[v]; a < g->off[v + 1]; a++) {
            uint64_t via = (uint64_t)d + g->arcs[a].cost;
            if (via >= JX_UNREACHABLE) {
                return g->arcs[a].head;
            }
            if (via < row[g->arcs[a].head]) {
                row[g->arcs[a].head] = (uint32_t)via;
                push(heap, &n, via << 32 | g->arcs[a].head);
            }
        }
    }
    return JX_NONE;
}

static jx_status all_ways(jx_ctx *ctx, const graph *g, jx_orlib *out) {
    out->dist = jx_malloc(ctx, (size_t)g->n * g->n, sizeof *out->dist);
    uint64_t *heap = jx_malloc(ctx, g->off[g->n] + 1, sizeof *heap);
    jx_status st = out->dist && heap ? JX_OK : JX_E_NOMEM;
    for (uint32_t v = 0; v < g->n && st == JX_OK; v++) {
        uint32_t far = from_node(g, v, heap, out->dist + (size_t)v * g->n);
        st = far == JX_NONE ? jx_poll(ctx) : JX_FAIL(ctx, ORLIB_FAR, JX_I((int64_t)v + 1), JX_I((int64_t)far + 1));
    }
    jx_free(ctx, heap);
    return st;
}

jx_status jx_orlib_parse(jx_ctx *ctx, const char *name, const void *bytes, size_t n, jx_orlib *out) {
    reader r = {.ctx = ctx, .name = name, .s = bytes, .n = n, .row = 1};
    graph g = {0};
    *out = (jx_orlib){0};
    jx_status st = read_graph(&r, &g);
    st = st == JX_OK ? make_arcs(ctx, &g) : st;
    if (st == JX_OK) {
        out->n = g.n;
        out->p = g.p;
        out->edges = g.n_edges;
        st = all_ways(ctx, &g, out);
    }
    graph_release(ctx, &g);
    if (st != JX_OK) {
        jx_orlib_release(ctx, out);
    }
    return st;
}

jx_status jx_orlib_read(jx_ctx *ctx, const char *path, jx_orlib *out) {
    jx_file f;
    *out = (jx_orlib){0};
    JX_TRY(jx_file_open(ctx, path, &f));
    jx_status st = jx_orlib_parse(ctx, path, f.p, f.n, out);
    jx_file_close(ctx, &f);
    return st;
}

void jx_orlib_release(jx_ctx *ctx, jx_orlib *o) {
    jx_free(ctx, o->dist);
    *o = (jx_orlib){0};
}
