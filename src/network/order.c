/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Elimination order. Roads are full of dead ends and of nodes of degree two; eliminating those first adds no arc that
 * was not there, so they are peeled before the dissection sees anything. In rounds of independent nodes: a chain of n
 * nodes then gives a tree of height log n, not n.
 */
#include "network/hierarchy_internal.h"

typedef struct peel {
    uint32_t n;
    uint32_t *off, *head; /* simple symmetric adjacency; rows shrink in place */
    uint32_t *deg;
    uint32_t *round; /* the round in which a node was peeled or had a neighbour peeled */
    uint8_t *gone;
    uint32_t *order, n_order;
    uint32_t *now, *next; /* candidates of this round and of the next */
    uint32_t n_now, n_next;
} peel;

/* ---- simple symmetric adjacency ---------------------------------------------------------------------------------- */

/* Rows by counting sort, then loops and repeated neighbours fall out with a stamp. */
jx_status jx__adjacency(jx_ctx *ctx, const jx_graph *g, uint32_t **off_out, uint32_t **head_out) {
    uint32_t n = g->n_nodes;
    uint32_t *off = jx_calloc(ctx, (size_t)n + 2, sizeof *off),
             *head = jx_malloc(ctx, 2 * (size_t)g->n_edges, sizeof *head);
    uint32_t *seen = jx_malloc(ctx, n, sizeof *seen);
    if (!off || !head || !seen) {
        jx_free(ctx, off);
        jx_free(ctx, head);
        jx_free(ctx, seen);
        return JX_E_NOMEM;
    }
    for (uint32_t e = 0; e < g->n_edges; e++) {
        off[g->from[e] + 2]++;
        off[g->to[e] + 2]++;
    }
    for (uint32_t v = 2; v <= n + 1; v++) {
        off[v] += off[v - 1];
    }
    for (uint32_t e = 0; e < g->n_edges; e++) {
        head[off[g->from[e] + 1]++] = g->to[e];
        head[off[g->to[e] + 1]++] = g->from[e];
    }
    memset(seen, 0xff, (size_t)n * sizeof *seen);
    uint32_t w = 0, begin = 0;
    for (uint32_t v = 0; v < n; v++) { /* off[v + 1] still ends row v */
        uint32_t end = off[v + 1];
        off[v] = w;
        seen[v] = v;
        for (uint32_t i = begin; i < end; i++) {
            uint32_t x = head[i];
            if (seen[x] != v) {
                seen[x] = v;
                head[w++] = x;
            }
        }
        begin = end;
    }
    off[n] = w;
    jx_free(ctx, seen);
    *off_out = off;
    *head_out = head;
    return JX_OK;
}

/* ---- peeling ----------------------------------------------------------------------------------------------------- */

static void drop(peel *p, uint32_t v, uint32_t x) {
    uint32_t *row = p->head + p->off[v], n = p->deg[v];
    for (uint32_t i = 0; i < n; i++) {
        if (row[i] == x) {
            row[i] = row[n - 1];
            break;
        }
    }
    p->deg[v]--;
}

/* v's neighbour x is replaced by y, unless y is one already. */
static void bridge(peel *p, uint32_t v, uint32_t x, uint32_t y) {
    uint32_t *row = p->head + p->off[v], n = p->deg[v], at = n;
    for (uint32_t i = 0; i < n; i++) {
        if (row[i] == y) {
            drop(p, v, x);
            return;
        }
        at = row[i] == x ? i : at;
    }
    row[at] = y;
}

static void touch(peel *p, uint32_t v, uint32_t round) {
    p->round[v] = round;
    if (p->deg[v] <= 2) {
        p->next[p->n_next++] = v;
    }
}

static void peel_node(peel *p, uint32_t v, uint32_t round) {
    const uint32_t *row = p->head + p->off[v];
    uint32_t d = p->deg[v], a = d > 0 ? row[0] : JX_NONE, b = d > 1 ? row[1] : JX_NONE;
    p->gone[v] = 1;
    p->order[p->n_order++] = v;
    if (d == 1) {
        drop(p, a, v);
    } else if (d == 2) {
        bridge(p, a, v, b);
        bridge(p, b, v, a);
    }
    for (uint32_t k = 0; k < d; k++) {
        touch(p, k == 0 ? a : b, round);
    }
}

static void peel_all(peel *p) {
    for (uint32_t v = 0; v < p->n; v++) {
        if (p->deg[v] <= 2) {
            p->now[p->n_now++] = v;
        }
    }
    for (uint32_t round = 1; p->n_now; round++) {
        p->n_next = 0;
        for (uint32_t i = 0; i < p->n_now; i++) {
            uint32_t v = p->now[i];
            if (p->gone[v]) {
                continue;
            }
            if (p->round[v] == round) { /* a neighbour went this round: wait for the next, already listed there */
                continue;
            }
            peel_node(p, v, round);
        }
        uint32_t *t = p->now;
        p->now = p->next;
        p->next = t;
        p->n_now = p->n_next;
    }
}

/* What is left, renumbered in the order of nodes. */
static jx_status core_order(jx_ctx *ctx, peel *p, const jx_graph *g, jx_dissect_fn dissect, void *user) {
    uint32_t n = p->n - p->n_order, m = 0, *id = p->round;
    uint32_t *back = jx_malloc(ctx, n, sizeof *back), *off = jx_malloc(ctx, (size_t)n + 1, sizeof *off),
             *order = jx_malloc(ctx, n, sizeof *order);
    jx_pt *pos = jx_malloc(ctx, n, sizeof *pos);
    jx_status st = back && off && order && pos ? JX_OK : JX_E_NOMEM;
    if (st == JX_OK && n) {
        for (uint32_t v = 0, k = 0; v < p->n; v++) {
            if (!p->gone[v]) {
                pos[k] = g->pos[v];
                back[k] = v;
                id[v] = k++;
            }
        }
        for (uint32_t k = 0; k < n; k++) { /* rows move towards the front only */
            const uint32_t *row = p->head + p->off[back[k]];
            uint32_t d = p->deg[back[k]];
            off[k] = m;
            for (uint32_t i = 0; i < d; i++) {
                p->head[m++] = id[row[i]];
            }
        }
        off[n] = m;
        st = dissect(ctx, user, n, off, p->head, pos, order);
        for (uint32_t k = 0; st == JX_OK && k < n; k++) {
            p->order[p->n_order++] = back[order[k]];
        }
    }
    jx_free(ctx, back);
    jx_free(ctx, off);
    jx_free(ctx, order);
    jx_free(ctx, pos);
    return st;
}

jx_status jx_order(jx_ctx *ctx, const jx_graph *g, jx_dissect_fn dissect, void *user, uint32_t *order) {
    peel p = {.n = g->n_nodes, .order = order};
    JX_TRY(jx__adjacency(ctx, g, &p.off, &p.head));
    p.deg = jx_malloc(ctx, p.n, sizeof *p.deg);
    p.round = jx_calloc(ctx, p.n, sizeof *p.round);
    p.gone = jx_calloc(ctx, p.n, sizeof *p.gone);
    /* a node is listed once by itself and at most once by each neighbour peeled in a round: two neighbours at the most
     */
    p.now = jx_malloc(ctx, 3 * (size_t)p.n, sizeof *p.now);
    p.next = jx_malloc(ctx, 3 * (size_t)p.n, sizeof *p.next);
    jx_status st = p.deg && p.round && p.gone && p.now && p.next ? JX_OK : JX_E_NOMEM;
    if (st == JX_OK) {
        for (uint32_t v = 0; v < p.n; v++) {
            p.deg[v] = p.off[v + 1] - p.off[v];
        }
        peel_all(&p);
        st = core_order(ctx, &p, g, dissect ? dissect : jx_dissect_flow, user);
    }
    void *const blocks[] = {p.off, p.head, p.deg, p.round, p.gone, p.now, p.next};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        jx_free(ctx, blocks[i]);
    }
    return st;
}
