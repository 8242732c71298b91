/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Strong components per mode (Tarjan 1972, with an explicit stack) and the islands among them. */
#include "network/overlay_internal.h"

typedef struct tarjan {
    const jx_network *net;
    jx_mode mode;
    const uint8_t *twice; /* by edge: its length counts elsewhere; NULL: none */
    uint32_t *index, *low, *comp, *stack, *next_arc, *call;
    uint32_t n_stack, n_comp, counter;
} tarjan;

static bool usable(const jx_network *net, jx_mode m, uint32_t arc) { return (net->access[arc >> 1] & JX_ACCESS_BIT(m, arc & 1u)) != 0; }

static void pop_component(tarjan *t, uint32_t root) {
    uint32_t v;
    do {
        v = t->stack[--t->n_stack];
        t->comp[v] = t->n_comp;
    } while (v != root);
    t->n_comp++;
}

/* Depth-first from root; next_arc remembers where each node on the call stack goes on. */
static void visit(tarjan *t, uint32_t root) {
    const jx_network *net = t->net;
    uint32_t depth = 0;
    t->call[depth++] = root;
    t->index[root] = t->low[root] = t->counter++;
    t->stack[t->n_stack++] = root;
    t->next_arc[root] = net->first_arc[root];
    while (depth) {
        uint32_t u = t->call[depth - 1];
        if (t->next_arc[u] == net->first_arc[u + 1]) {
            if (t->low[u] == t->index[u]) {
                pop_component(t, u);
            }
            if (--depth) {
                uint32_t p = t->call[depth - 1];
                t->low[p] = t->low[u] < t->low[p] ? t->low[u] : t->low[p];
            }
            continue;
        }
        uint32_t arc = net->arc[t->next_arc[u]++], v = jx_arc_head(net, arc);
        if (!usable(net, t->mode, arc)) {
            continue;
        }
        if (t->index[v] == JX_NONE) {
            t->index[v] = t->low[v] = t->counter++;
            t->stack[t->n_stack++] = v;
            t->next_arc[v] = net->first_arc[v];
            t->call[depth++] = v;
        } else if (t->comp[v] == JX_NONE) { /* still on the stack */
            t->low[u] = t->index[v] < t->low[u] ? t->index[v] : t->low[u];
        }
    }
}

/* Length inside each component decides which are islands; an edge between two components is a one-way in or out: nobody joins it. */
static jx_status mark_islands(jx_ctx *ctx, jx_network *net, const tarjan *t, double island_km) {
    jx_mode m = t->mode;
    double *km = jx_calloc(ctx, t->n_comp, sizeof *km);
    if (!km) {
        return JX_E_NOMEM;
    }
    uint32_t biggest = 0;
    for (uint32_t e = 0; e < net->n_edges; e++) {
        uint32_t c = t->comp[net->from[e]];
        bool open = (net->access[e] & (JX_ACCESS_BIT(m, false) | JX_ACCESS_BIT(m, true))) != 0;
        net->component[m][e] = open && c == t->comp[net->to[e]] ? c : JX_NONE;
        if (net->component[m][e] != JX_NONE && !(t->twice && t->twice[e])) {
            km[c] += net->length_mm[e] / 1e6;
        }
    }
    for (uint32_t c = 0; c < t->n_comp; c++) {
        biggest = km[c] > km[biggest] ? c : biggest;
    }
    for (uint32_t c = 0; c < t->n_comp; c++) {
        if (km[c] > 0 && c != biggest && km[c] < island_km) {
            net->n_islands[m]++;
            net->island_km[m] += km[c];
        }
    }
    for (uint32_t e = 0; e < net->n_edges; e++) {
        uint32_t c = net->component[m][e];
        if (c == JX_NONE || (c != biggest && km[c] < island_km)) {
            net->island[e] |= (uint8_t)(1u << m);
        }
    }
    jx_free(ctx, km);
    return JX_OK;
}

static jx_status one_mode(jx_ctx *ctx, jx_network *net, jx_mode m, double island_km, const uint8_t *twice) {
    uint32_t n = net->n_nodes;
    uint32_t *block = jx_malloc(ctx, 6 * (size_t)n, sizeof *block);
    net->component[m] = jx_malloc(ctx, net->n_edges, sizeof *net->component[m]);
    if (!block || !net->component[m]) {
        jx_free(ctx, block);
        return JX_E_NOMEM;
    }
    tarjan t = {.net = net, .mode = m, .twice = twice, .index = block, .low = block + n, .comp = block + 2 * (size_t)n, .stack = block + 3 * (size_t)n,
                .next_arc = block + 4 * (size_t)n, .call = block + 5 * (size_t)n};
    memset(block, 0xff, 3 * (size_t)n * sizeof *block);
    for (uint32_t v = 0; v < n; v++) {
        if (t.index[v] == JX_NONE) {
            visit(&t, v);
        }
    }
    jx_status st = mark_islands(ctx, net, &t, island_km);
    jx_free(ctx, block);
    return st;
}

jx_status jx__find_components(jx_ctx *ctx, jx_network *net, const jx_profiles *p, const uint8_t *twice) {
    net->island = jx_calloc(ctx, net->n_edges, 1);
    jx_status st = net->island ? JX_OK : JX_E_NOMEM;
    for (int m = 0; st == JX_OK && m < JX_N_MODES; m++) {
        st = one_mode(ctx, net, (jx_mode)m, p->mode[m].island_km, twice);
    }
    return st;
}

jx_status jx__network_components(jx_ctx *ctx, jx_network *net, const jx_profiles *p) {
    JX_TRY(jx__find_components(ctx, net, p, NULL));
    jx_network_tell(ctx, net);
    return JX_OK;
}

void jx_network_tell(jx_ctx *ctx, const jx_network *net) {
    const jx_turn_rules *t = &net->turns;
    if (t->n_relations > t->n_kept + t->n_other) {
        JX_NOTE(ctx, NETWORK_TURNS, JX_I(t->n_kept), JX_I(t->n_relations), JX_I(t->n_conditional), JX_I(t->n_unknown + t->n_incomplete + t->n_apart));
    }
    for (int m = 0; m < JX_N_MODES; m++) {
        if (net->n_islands[m]) {
            JX_NOTE(ctx, NETWORK_ISLANDS, JX_S(jx_mode_name((jx_mode)m)), JX_I(net->n_islands[m]), JX_R(net->island_km[m], 1));
        }
    }
}
