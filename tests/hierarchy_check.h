/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** What must hold of any hierarchy, and graphs that grow; shared by the tests and the fuzzer. */
#ifndef JX_TESTS_HIERARCHY_CHECK_H
#define JX_TESTS_HIERARCHY_CHECK_H

#include "graph.h"

/** Numbers, rows both ways, tree and edges agree; every two upper neighbours of a vertex are joined. */
static inline bool hierarchy_sound(const jx_graph *g, const jx_hierarchy *h) {
    bool ok = h->n_nodes == g->n_nodes && h->n_edges == g->n_edges;
    for (uint32_t v = 0; ok && v < h->n_nodes; v++) {
        uint32_t a = h->up[v], end = h->up[v + 1];
        ok = h->rank[h->node[v]] == v && h->parent[v] == (a < end ? h->head[a] : JX_NONE);
        ok = ok && (h->parent[v] == JX_NONE ? h->slot[v] + 1u == h->height : h->slot[v] < h->slot[h->parent[v]]);
        ok = ok && h->slot[v] < h->height && h->size[v] <= v + 1;
        for (uint32_t k = a; ok && k < end; k++) {
            ok = h->head[k] > v && (k == a || h->head[k] > h->head[k - 1]) && h->head_slot[k] == h->slot[h->head[k]] &&
                 v + h->size[h->head[k]] > h->head[k];
            uint32_t p = h->head[a], at = h->up[p]; /* a chordal graph: the parent's row holds the rest */
            while (k > a && at < h->up[p + 1] && h->head[at] < h->head[k]) {
                at++;
            }
            ok = ok && (k == a || (at < h->up[p + 1] && h->head[at] == h->head[k]));
        }
        for (uint32_t k = h->down[v]; ok && k < h->down[v + 1]; k++) {
            ok = h->head[h->down_arc[k]] == v && h->down_arc[k] >= h->up[h->down_tail[k]] && h->down_arc[k] < h->up[h->down_tail[k] + 1] &&
                 (k == h->down[v] || h->down_tail[k] > h->down_tail[k - 1]);
        }
    }
    ok = ok && h->up[h->n_nodes] == h->n_arcs && h->down[h->n_nodes] == h->n_arcs;
    uint32_t loops = 0;
    for (uint32_t e = 0; ok && e < h->n_edges; e++) {
        uint32_t x = h->rank[g->from[e]], y = h->rank[g->to[e]], lo = x < y ? x : y, a = h->edge_arc[e] / 2;
        loops += x == y ? 1 : 0;
        ok = x == y ? h->edge_arc[e] == JX_NONE
                    : a >= h->up[lo] && a < h->up[lo + 1] && h->head[a] == (x < y ? y : x) && (h->edge_arc[e] & 1u) == (x > y);
    }
    ok = ok && h->n_inputs == h->n_edges - loops;
    for (uint32_t i = 0; ok && i < h->n_inputs; i++) {
        ok = h->edge_arc[h->input[i] / 2] == 2 * h->input_arc[i] + (h->input[i] & 1u) && (i == 0 || h->input_arc[i] >= h->input_arc[i - 1]);
    }
    return ok;
}

/** `t` with some nodes and edges more, every new edge at a new node: what a new road does. Bytes from `next`. */
static inline void graph_grow(const test_graph *t, uint8_t (*next)(void *user), void *user, bool huge, test_graph *out) {
    uint32_t n = t->g.n_nodes, m = t->g.n_edges, k = 1 + next(user) % 5u, more = next(user) % 16u;
    *out = (test_graph){.from = malloc((m + more) * 4 + 4),
                        .to = malloc((m + more) * 4 + 4),
                        .time = malloc((m + more) * 8 + 8),
                        .pos = malloc((n + k) * sizeof *out->pos)};
    memcpy(out->from, t->from, m * 4);
    memcpy(out->to, t->to, m * 4);
    memcpy(out->time, t->time, (size_t)m * 8);
    memcpy(out->pos, t->pos, n * sizeof *t->pos);
    memset(out->pos + n, 0, k * sizeof *out->pos);
    for (uint32_t e = m; e < m + more; e++) {
        uint32_t a = n + next(user) % k, b = ((uint32_t)next(user) | (uint32_t)next(user) << 8) % (n + k);
        bool turned = next(user) & 1u;
        out->from[e] = turned ? b : a;
        out->to[e] = turned ? a : b;
        for (uint32_t d = 0; d < 2; d++) {
            uint8_t kind = next(user);
            out->time[2 * e + d] = graph_time(huge ? kind : (kind % 16u ? 5 : 1), next(user), next(user));
        }
    }
    out->g = (jx_graph){n + k, m + more, out->from, out->to, out->pos};
}

#endif
