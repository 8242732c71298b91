/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The network with turns. At a junction where states end, a vehicle comes in at the node of its state (or at the junction's own node, when
 * nothing is remembered) and goes out by a gate; turns lead from the one to the other. Arcs that everybody may take at no cost share one
 * gate. An arc that leads to different states has a gate for each, and trips that end on it come in from a gate behind them all.
 */
#include "network/turn_internal.h"

typedef struct maker {
    jx_ctx *ctx;
    const jx_network *net;
    const jx_metric *m;
    jx__states s;
    jx_network *out;
    jx_turned *t;
    uint32_t *state_off, *state_at; /* states by the node they end at */
    uint32_t *tail, *head;          /* by arc: where its first copy leads from and to */
    uint8_t *entered;               /* nodes that are come to with nothing remembered */
    JX_VEC(uint32_t) node;          /* plain nodes */
    JX_VEC(uint32_t) from;
    JX_VEC(uint32_t) to;
    JX_VEC(uint32_t) edge;
    JX_VEC(uint32_t) time;
} maker;

/* ---- pieces ------------------------------------------------------------------------------------------------------------ */

static jx_status add_node(maker *k, uint32_t plain, uint32_t *out) {
    *out = (uint32_t)k->node.n;
    return jx_vec_push(k->ctx, &k->node, plain);
}

static jx_status add_edge(maker *k, uint32_t from, uint32_t to, uint32_t edge, uint32_t fwd, uint32_t bwd) {
    JX_TRY(jx_vec_push(k->ctx, &k->from, from));
    JX_TRY(jx_vec_push(k->ctx, &k->to, to));
    JX_TRY(jx_vec_push(k->ctx, &k->edge, edge));
    JX_TRY(jx_vec_push(k->ctx, &k->time, fwd));
    return jx_vec_push(k->ctx, &k->time, bwd);
}

static jx_status add_turn(maker *k, uint32_t from, uint32_t to, uint32_t ms) {
    k->t->n_turns++;
    return add_edge(k, from, to, JX_NONE, ms, JX_UNREACHABLE);
}

/* Node of a state at the head of the arc that led there. */
static uint32_t node_of(const maker *k, uint32_t state, uint32_t arc) {
    return state == JX_NONE ? jx_arc_head(k->net, arc) : k->net->n_nodes + state;
}

/* ---- a junction ---------------------------------------------------------------------------------------------------------- */

/* The gates of an arc out of a junction, by the state they lead to. */
typedef struct gates {
    JX_VEC(uint32_t) to;   /* state */
    JX_VEC(uint32_t) node;
} gates;

/* Does every state at v let everybody take arc b for nothing, to the same state? */
static bool is_common(const maker *k, uint32_t v, uint32_t b) {
    uint32_t to = jx__states_go(&k->s, JX_NONE, b);
    for (uint32_t i = k->state_off[v]; i < k->state_off[v + 1]; i++) {
        uint32_t s = k->state_at[i];
        if (jx__states_go(&k->s, s, b) != to || jx__turn_ms(&k->s, k->s.v.v[s].arc, b) || !jx__states_may(&k->s, s, b)) {
            return false;
        }
    }
    return true;
}

/* Copies beyond the first lead to longer states. Only they are edges at once; the first is the edge itself. */
static jx_status gate_to(maker *k, gates *g, uint32_t v, uint32_t b, uint32_t state, uint32_t *out) {
    for (size_t i = 0; i < g->to.n; i++) {
        if (g->to.v[i] == state) {
            *out = g->node.v[i];
            return JX_OK;
        }
    }
    JX_TRY(add_node(k, v, out));
    JX_TRY(jx_vec_push(k->ctx, &g->to, state));
    JX_TRY(jx_vec_push(k->ctx, &g->node, *out));
    uint32_t ms = k->m->time_ms[b], end = node_of(k, state, b);
    if (g->to.n == 1) {
        k->tail[b] = *out;
        k->head[b] = end;
        return JX_OK;
    }
    return b & 1u ? add_edge(k, end, *out, b >> 1, JX_UNREACHABLE, ms) : add_edge(k, *out, end, b >> 1, ms, JX_UNREACHABLE);
}

static jx_status own_gates(maker *k, gates *g, uint32_t v, uint32_t b) {
    uint32_t gate;
    g->to.n = g->node.n = 0;
    JX_TRY(gate_to(k, g, v, b, jx__states_go(&k->s, JX_NONE, b), &gate));
    if (k->entered[v]) {
        JX_TRY(add_turn(k, v, gate, 0));
    }
    for (uint32_t i = k->state_off[v]; i < k->state_off[v + 1]; i++) {
        uint32_t s = k->state_at[i];
        if (jx__states_may(&k->s, s, b)) {
            JX_TRY(gate_to(k, g, v, b, jx__states_go(&k->s, s, b), &gate));
            JX_TRY(add_turn(k, k->net->n_nodes + s, gate, jx__turn_ms(&k->s, k->s.v.v[s].arc, b)));
        }
    }
    k->t->arrive[b] = k->tail[b];
    if (g->node.n > 1) {
        JX_TRY(add_node(k, v, &k->t->arrive[b]));
        for (size_t i = 0; i < g->node.n; i++) {
            JX_TRY(add_turn(k, g->node.v[i], k->t->arrive[b], 0));
        }
    }
    return JX_OK;
}

static jx_status common_gate(maker *k, uint32_t v, uint32_t *gate) {
    JX_TRY(add_node(k, v, gate));
    if (k->entered[v]) {
        JX_TRY(add_turn(k, v, *gate, 0));
    }
    for (uint32_t i = k->state_off[v]; i < k->state_off[v + 1]; i++) {
        JX_TRY(add_turn(k, k->net->n_nodes + k->state_at[i], *gate, 0));
    }
    return JX_OK;
}

static jx_status junction(maker *k, gates *g, uint32_t v) {
    const jx_network *net = k->net;
    uint32_t common = JX_NONE;
    bool split = k->state_off[v] < k->state_off[v + 1];
    k->t->n_split += split ? 1 : 0;
    for (uint32_t i = net->first_arc[v]; i < net->first_arc[v + 1]; i++) {
        uint32_t b = net->arc[i];
        k->t->arrive[b] = k->tail[b] = v;
        k->head[b] = node_of(k, jx__states_go(&k->s, JX_NONE, b), b);
        if (!split || k->m->time_ms[b] == JX_UNREACHABLE) {
            continue;
        }
        if (!is_common(k, v, b)) {
            JX_TRY(own_gates(k, g, v, b));
            continue;
        }
        if (common == JX_NONE) {
            JX_TRY(common_gate(k, v, &common));
        }
        k->t->arrive[b] = k->tail[b] = common;
    }
    return JX_OK;
}

static jx_status junctions(maker *k) {
    gates g = {0};
    jx_status st = JX_OK;
    for (uint32_t v = 0; st == JX_OK && v < k->net->n_nodes; v++) {
        st = v % 65536 ? JX_OK : jx_poll(k->ctx);
        st = st == JX_OK ? junction(k, &g, v) : st;
    }
    jx_vec_free(k->ctx, &g.to);
    jx_vec_free(k->ctx, &g.node);
    return st;
}

/* ---- edges ------------------------------------------------------------------------------------------------------------------ */

/* The two nodes by which trips leave an edge, or come to it, must lie on one path to the root of a hierarchy: a closed edge sees to that. */
static jx_status tie_ends(maker *k, const uint32_t *end, uint32_t f, uint32_t t) {
    bool tied = (end[0] == f && end[1] == t) || (end[0] == t && end[1] == f) || end[0] == end[1];
    return tied ? JX_OK : add_edge(k, end[0], end[1], JX_NONE, JX_UNREACHABLE, JX_UNREACHABLE);
}

/* Both directions of an edge stay one edge where its ends are. Else the way back becomes an edge of its own. */
static jx_status plain_edges(maker *k) {
    for (uint32_t e = 0; e < k->net->n_edges; e++) {
        uint32_t fwd = k->m->time_ms[2 * e], bwd = k->m->time_ms[2 * e + 1];
        uint32_t f = k->tail[2 * e], t = k->head[2 * e], bf = k->head[2 * e + 1], bt = k->tail[2 * e + 1];
        k->t->leave[2 * e] = t;
        k->t->leave[2 * e + 1] = bf;
        k->t->back[e] = 2 * e + 1;
        if (fwd == JX_UNREACHABLE && bwd == JX_UNREACHABLE) { /* nobody drives here: a loop that nothing lists */
            t = f = k->net->from[e];
        } else if (fwd == JX_UNREACHABLE) {
            f = bf, t = bt;
        } else if (bwd != JX_UNREACHABLE) {
            bool split = f != bf || t != bt;
            if (split) {
                k->t->back[e] = 2 * (uint32_t)k->from.n + 1;
                JX_TRY(add_edge(k, bf, bt, e, JX_UNREACHABLE, bwd));
                bwd = JX_UNREACHABLE;
            }
            JX_TRY(tie_ends(k, &k->t->leave[2 * e], split ? JX_NONE : f, t));
            JX_TRY(tie_ends(k, &k->t->arrive[2 * e], split ? JX_NONE : f, t));
        }
        k->from.v[e] = f;
        k->to.v[e] = t;
        k->time.v[2 * e] = fwd;
        k->time.v[2 * e + 1] = bwd;
    }
    return JX_OK;
}

static jx_status list_arcs(maker *k) {
    jx_network *o = k->out;
    const uint32_t *time = k->time.v;
    o->first_arc = jx_calloc(k->ctx, (size_t)o->n_nodes + 1, sizeof *o->first_arc);
    uint32_t sum = 0;
    if (!o->first_arc) {
        return JX_E_NOMEM;
    }
    for (uint32_t pass = 0; pass < 2; pass++) {
        for (uint32_t e = o->n_edges; e-- > 0;) {
            if (time[2 * e] == JX_UNREACHABLE && time[2 * e + 1] == JX_UNREACHABLE) {
                continue;
            }
            if (!pass) {
                o->first_arc[o->from[e]]++;
                o->first_arc[o->to[e]]++;
            } else { /* ends become starts */
                o->arc[--o->first_arc[o->to[e]]] = 2 * e + 1;
                o->arc[--o->first_arc[o->from[e]]] = 2 * e;
            }
        }
        for (uint32_t v = 0; !pass && v <= o->n_nodes; v++) {
            sum += o->first_arc[v];
            o->first_arc[v] = sum;
        }
        if (!pass && !(o->arc = jx_malloc(k->ctx, sum, sizeof *o->arc))) {
            return JX_E_NOMEM;
        }
    }
    return JX_OK;
}

/* What an edge is made of comes from the plain one; turns are short barriers. */
static jx_status describe(maker *k) {
    const jx_network *net = k->net;
    jx_network *o = k->out;
    o->n_nodes = (uint32_t)k->node.n;
    o->n_edges = (uint32_t)k->from.n;
    o->node = jx_malloc(k->ctx, o->n_nodes, sizeof *o->node);
    o->length_mm = jx_calloc(k->ctx, o->n_edges, sizeof *o->length_mm);
    o->cls = jx_malloc(k->ctx, o->n_edges, sizeof *o->cls);
    o->flags = jx_calloc(k->ctx, o->n_edges, sizeof *o->flags);
    if (!o->node || !o->length_mm || !o->cls || !o->flags) {
        return JX_E_NOMEM;
    }
    for (uint32_t v = 0; v < o->n_nodes; v++) {
        o->node[v] = net->node[k->node.v[v]];
    }
    for (uint32_t x = 0; x < o->n_edges; x++) {
        uint32_t e = k->edge.v[x];
        o->length_mm[x] = e == JX_NONE ? 0 : net->length_mm[e];
        o->cls[x] = e == JX_NONE ? JX_ROAD_BARRIER : net->cls[e];
        o->flags[x] = e == JX_NONE ? 0 : net->flags[e];
    }
    return JX_OK;
}

/* ---- the whole ----------------------------------------------------------------------------------------------------------------- */

static jx_status index_states(maker *k) {
    const jx_network *net = k->net;
    uint32_t n = (uint32_t)k->s.v.n;
    k->state_off = jx_calloc(k->ctx, (size_t)net->n_nodes + 1, sizeof *k->state_off);
    k->state_at = jx_malloc(k->ctx, n, sizeof *k->state_at);
    k->entered = jx_calloc(k->ctx, net->n_nodes, 1);
    if (!k->state_off || !k->state_at || !k->entered) {
        return JX_E_NOMEM;
    }
    for (uint32_t s = 0; s < n; s++) {
        k->state_off[jx_arc_head(net, k->s.v.v[s].arc)]++;
    }
    uint32_t sum = 0;
    for (uint32_t v = 0; v <= net->n_nodes; v++) {
        sum += k->state_off[v];
        k->state_off[v] = sum;
    }
    for (uint32_t s = n; s-- > 0;) {
        k->state_at[--k->state_off[jx_arc_head(net, k->s.v.v[s].arc)]] = s;
    }
    for (uint32_t a = 0; a < 2 * net->n_edges; a++) {
        if (k->m->time_ms[a] != JX_UNREACHABLE && jx__states_go(&k->s, JX_NONE, a) == JX_NONE) {
            k->entered[jx_arc_head(net, a)] = 1;
        }
    }
    return JX_OK;
}

static jx_status reserve(maker *k) {
    const jx_network *net = k->net;
    size_t arcs = 2 * (size_t)net->n_edges;
    k->tail = jx_malloc(k->ctx, arcs, sizeof *k->tail);
    k->head = jx_malloc(k->ctx, arcs, sizeof *k->head);
    k->t->back = jx_malloc(k->ctx, net->n_edges, sizeof *k->t->back);
    k->t->leave = jx_malloc(k->ctx, arcs, sizeof *k->t->leave);
    k->t->arrive = jx_malloc(k->ctx, arcs, sizeof *k->t->arrive);
    if (!k->tail || !k->head || !k->t->back || !k->t->leave || !k->t->arrive) {
        return JX_E_NOMEM;
    }
    for (uint32_t v = 0; v < net->n_nodes; v++) {
        JX_TRY(jx_vec_push(k->ctx, &k->node, v));
    }
    for (size_t s = 0; s < k->s.v.n; s++) {
        JX_TRY(jx_vec_push(k->ctx, &k->node, jx_arc_head(net, k->s.v.v[s].arc)));
    }
    for (uint32_t e = 0; e < net->n_edges; e++) { /* filled in when all gates are known */
        JX_TRY(add_edge(k, 0, 0, e, JX_UNREACHABLE, JX_UNREACHABLE));
    }
    return JX_OK;
}

static jx_status make(maker *k, const jx_profile *p, jx_metric *out) {
    JX_TRY(jx__states_make(k->ctx, k->net, k->m, p, &k->s));
    k->t->n_rules = k->s.n_rules;
    k->t->n_states = (uint32_t)k->s.v.n;
    JX_TRY(index_states(k));
    JX_TRY(reserve(k));
    JX_TRY(junctions(k));
    JX_TRY(plain_edges(k));
    JX_TRY(describe(k));
    k->out->from = k->from.v, k->out->to = k->to.v;
    k->from.v = k->to.v = NULL;
    k->t->node = k->node.v, k->t->edge = k->edge.v;
    k->node.v = k->edge.v = NULL;
    JX_TRY(list_arcs(k));
    *out = *k->m;
    out->n_arcs = 2 * k->out->n_edges;
    out->time_ms = k->time.v;
    k->time.v = NULL;
    return JX_OK;
}

jx_status jx_turned_new(jx_ctx *ctx, const jx_network *net, const jx_metric *m, const jx_profile *p, jx_network **out, jx_metric **out_metric) {
    maker k = {.ctx = ctx, .net = net, .m = m, .out = jx_calloc(ctx, 1, sizeof *k.out), .t = jx_calloc(ctx, 1, sizeof *k.t)};
    jx_metric *metric = jx_calloc(ctx, 1, sizeof *metric);
    jx_status st = k.out && k.t && metric ? JX_OK : JX_E_NOMEM;
    if (st == JX_OK) {
        k.t->plain = net;
        k.out->turned = k.t;
        st = make(&k, p, metric);
    } else {
        jx_free(ctx, k.t);
    }
    jx__states_release(ctx, &k.s);
    void *const blocks[] = {k.state_off, k.state_at, k.tail, k.head, k.entered, k.node.v, k.from.v, k.to.v, k.edge.v, k.time.v};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        jx_free(ctx, blocks[i]);
    }
    if (st != JX_OK) {
        jx_network_free(ctx, k.out);
        jx_metric_free(ctx, metric);
        return st;
    }
    *out = k.out;
    *out_metric = metric;
    return JX_OK;
}

void jx__turned_free(jx_ctx *ctx, jx_turned *t) {
    if (t) {
        void *const blocks[] = {t->node, t->edge, t->back, t->leave, t->arrive, t};
        for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
            jx_free(ctx, blocks[i]);
        }
    }
}

/* Gates first, as they have the fewest neighbours, then states, then the node itself: separators stay separators. */
jx_status jx_turned_order(jx_ctx *ctx, const jx_network *turned, const uint32_t *plain_order, uint32_t *order) {
    const jx_turned *t = turned->turned;
    uint32_t n = t->plain->n_nodes, k = 0;
    uint32_t *first = jx_malloc(ctx, n, sizeof *first), *next = jx_malloc(ctx, turned->n_nodes, sizeof *next);
    if (!first || !next) {
        jx_free(ctx, first);
        jx_free(ctx, next);
        return JX_E_NOMEM;
    }
    memset(first, 0xff, n * sizeof *first);
    for (uint32_t v = 0; v < turned->n_nodes; v++) { /* the last comes out first */
        next[v] = first[t->node[v]];
        first[t->node[v]] = v;
    }
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t v = first[plain_order[i]]; v != JX_NONE; v = next[v]) {
            order[k++] = v;
        }
    }
    jx_free(ctx, first);
    jx_free(ctx, next);
    return JX_OK;
}

jx_status jx_turned_hierarchy(jx_ctx *ctx, const jx_network *turned, const jx_hierarchy *plain, jx_hierarchy **out) {
    jx_graph g = jx_network_graph(turned);
    uint32_t *order = jx_malloc(ctx, g.n_nodes, sizeof *order);
    jx_status st = order ? jx_turned_order(ctx, turned, plain->node, order) : JX_E_NOMEM;
    if (st == JX_OK) {
        st = jx_hierarchy_new(ctx, &g, order, out);
    }
    jx_free(ctx, order);
    return st;
}
