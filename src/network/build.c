/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Extract -> network. Ways are cut where they meet, end, or pass a barrier; what lies between becomes one edge with its geometry.
 * A barrier that stops a mode becomes zero-length edges that only the other modes may use, so that no search needs to know of it.
 */
#include <math.h>

#include "network/network_internal.h"

typedef struct edge {
    uint32_t from, to; /* extract nodes at first, network nodes at the end */
    uint32_t length_mm, offset_mm, use;
    uint64_t geom;
} edge;

typedef struct builder {
    jx_ctx *ctx;
    const jx_extract *x;
    const jx_profiles *p;
    jx_network *net;
    jx__way_uses uses;
    uint8_t *block;      /* per extract node: modes stopped */
    uint8_t *meets;      /* per extract node: 0 unused, 1 passed once, 2 a node of the network */
    uint32_t *node_of;   /* extract node -> network node */
    JX_VEC(edge) edges;
    JX_VEC(jx_pt) geom;
    JX_VEC(jx_pt) nodes;
    double *way_mm;      /* scratch for ferry durations: length of each use */
} builder;

static void mark(builder *b, uint32_t node, bool end) {
    uint8_t m = b->meets[node];
    b->meets[node] = end || m >= 1 ? 2 : 1;
}

/* Where ways meet themselves or one another, where they end or are cut by a missing node, and where a barrier stands. */
static void find_nodes(builder *b) {
    const jx_extract *x = b->x;
    for (size_t u = 0; u < b->uses.n; u++) {
        uint32_t lo = x->way_ref_off[b->uses.v[u].way], hi = x->way_ref_off[b->uses.v[u].way + 1];
        for (uint32_t i = lo; i < hi; i++) {
            uint32_t n = x->way_refs[i];
            if (n == JX_NONE) {
                continue;
            }
            bool end = i == lo || i + 1 == hi || x->way_refs[i - 1] == JX_NONE || x->way_refs[i + 1] == JX_NONE;
            if (end || x->way_refs[i - 1] != n) { /* a node listed twice in a row is one, but an end stays an end */
                mark(b, n, end);
            }
            if (b->block[n]) {
                b->meets[n] = 2;
            }
        }
    }
}

static jx_status close_edge(builder *b, uint32_t use, uint32_t from, uint32_t to, uint64_t geom, uint64_t mm) {
    if (b->geom.n - geom < 2) {
        b->geom.n = (size_t)geom;
        return JX_OK;
    }
    uint32_t len = mm > JX__MAX_EDGE_MM ? JX__MAX_EDGE_MM : (uint32_t)mm, off = jx__offset_mm(b->way_mm[use], len);
    b->way_mm[use] += (double)mm;
    return jx_vec_push(b->ctx, &b->edges, (edge){from, to, len, off, use, geom});
}

/* Edges of one way. A closed way without any meeting is one loop. */
static jx_status cut_way(builder *b, uint32_t use) {
    const jx_extract *x = b->x;
    uint32_t lo = x->way_ref_off[b->uses.v[use].way], hi = x->way_ref_off[b->uses.v[use].way + 1], start = JX_NONE, last = JX_NONE;
    uint64_t geom = b->geom.n, mm = 0;
    double class_mm = 0;
    for (uint32_t i = lo; i < hi; i++) {
        uint32_t n = x->way_refs[i];
        if (n == JX_NONE) {
            b->net->n_missing_refs++;
            JX_TRY(start == JX_NONE ? JX_OK : close_edge(b, use, start, last, geom, mm));
            start = JX_NONE;
            continue;
        }
        if (n == last && start != JX_NONE) {
            continue;
        }
        if (start != JX_NONE) {
            uint32_t d = jx_seg_mm(x->node_pt[last], x->node_pt[n]);
            mm += d;
            class_mm += d;
        }
        if (start == JX_NONE) {
            start = n;
            geom = b->geom.n;
            mm = 0;
        }
        JX_TRY(jx_vec_push(b->ctx, &b->geom, x->node_pt[n]));
        last = n;
        if (b->meets[n] == 2 && b->geom.n - geom > 1) {
            JX_TRY(close_edge(b, use, start, n, geom, mm));
            start = n;
            geom = b->geom.n;
            mm = 0;
            JX_TRY(jx_vec_push(b->ctx, &b->geom, x->node_pt[n]));
        }
    }
    if (!b->uses.v[use].rim) {
        b->net->class_km[b->uses.v[use].cls] += class_mm / 1e6;
    }
    return start == JX_NONE ? JX_OK : close_edge(b, use, start, last, geom, mm);
}

static jx_status number_nodes(builder *b) {
    for (uint32_t i = 0; i < b->x->n_nodes; i++) {
        if (b->meets[i] == 2) {
            b->node_of[i] = (uint32_t)b->nodes.n;
            JX_TRY(jx_vec_push(b->ctx, &b->nodes, b->x->node_pt[i]));
        }
    }
    return JX_OK;
}

/* The end of an edge at a barrier gets a node of its own, tied to the barrier by an edge for those who may pass. */
static jx_status barrier_end(builder *b, uint32_t *end) {
    uint32_t x_node = *end, center = b->node_of[x_node];
    *end = center;
    if (!b->block[x_node]) {
        return JX_OK;
    }
    uint32_t stub = (uint32_t)b->nodes.n;
    jx_pt pt = b->x->node_pt[x_node];
    uint64_t geom = b->geom.n;
    JX_TRY(jx_vec_push(b->ctx, &b->nodes, pt));
    JX_TRY(jx_vec_push(b->ctx, &b->geom, pt));
    JX_TRY(jx_vec_push(b->ctx, &b->geom, pt));
    JX_TRY(jx_vec_push(b->ctx, &b->edges, (edge){stub, center, 0, 0, JX_NONE - 1 - b->block[x_node], geom}));
    *end = stub;
    return JX_OK;
}

static jx_status connect(builder *b) {
    size_t n = b->edges.n; /* barrier edges are appended behind */
    for (size_t e = 0; e < n; e++) {
        edge t = b->edges.v[e];
        JX_TRY(barrier_end(b, &t.from));
        JX_TRY(barrier_end(b, &t.to));
        b->edges.v[e].from = t.from;
        b->edges.v[e].to = t.to;
    }
    b->net->n_barriers = (uint32_t)(b->edges.n - n);
    return JX_OK;
}

static jx_status alloc_edges(jx_ctx *ctx, jx_network *net, uint32_t n) {
    net->n_edges = n;
    net->from = jx_malloc(ctx, n, sizeof *net->from);
    net->to = jx_malloc(ctx, n, sizeof *net->to);
    net->length_mm = jx_malloc(ctx, n, sizeof *net->length_mm);
    net->offset_mm = jx_malloc(ctx, n, sizeof *net->offset_mm);
    net->cls = jx_calloc(ctx, n, 1);
    net->access = jx_calloc(ctx, n, 1);
    net->surface = jx_calloc(ctx, n, 1);
    net->maxspeed_fwd = jx_calloc(ctx, n, 1);
    net->maxspeed_bwd = jx_calloc(ctx, n, 1);
    net->flags = jx_calloc(ctx, n, sizeof *net->flags);
    net->duration_ms = jx_calloc(ctx, n, sizeof *net->duration_ms);
    net->way_id = jx_calloc(ctx, n, sizeof *net->way_id);
    net->name = jx_malloc(ctx, n, sizeof *net->name);
    net->geom_off = jx_malloc(ctx, (size_t)n + 1, sizeof *net->geom_off);
    bool ok = net->from && net->to && net->length_mm && net->offset_mm && net->cls && net->access && net->surface && net->maxspeed_fwd && net->maxspeed_bwd &&
              net->flags && net->duration_ms && net->way_id && net->name && net->geom_off;
    return ok ? JX_OK : JX_E_NOMEM;
}

static void fill_edge(const builder *b, uint32_t e) {
    const edge *t = &b->edges.v[e];
    jx_network *net = b->net;
    net->from[e] = t->from;
    net->to[e] = t->to;
    net->length_mm[e] = t->length_mm;
    net->offset_mm[e] = t->offset_mm;
    net->geom_off[e] = t->geom;
    net->name[e] = JX_NONE;
    if (t->use >= b->uses.n) { /* a barrier: everybody it does not stop, both ways */
        unsigned stopped = JX_NONE - 1 - t->use;
        net->cls[e] = JX_ROAD_BARRIER;
        for (int m = 0; m < JX_N_MODES; m++) {
            if (!(stopped & (1u << m))) {
                net->access[e] |= (uint8_t)(JX_ACCESS_BIT(m, false) | JX_ACCESS_BIT(m, true));
            }
        }
        return;
    }
    const jx__way_use *u = &b->uses.v[t->use];
    net->cls[e] = u->cls;
    net->access[e] = u->access;
    net->surface[e] = u->surface;
    net->maxspeed_fwd[e] = u->max_fwd;
    net->maxspeed_bwd[e] = u->max_bwd;
    net->flags[e] = u->flags;
    net->way_id[e] = b->x->way_id[u->way];
    net->name[e] = u->name;
    if (u->duration_ms && b->way_mm[t->use] > 0) { /* by length over the whole crossing */
        double per_mm = u->duration_ms / b->way_mm[t->use];
        net->duration_ms[e] = (uint32_t)(floor(per_mm * ((double)t->offset_mm + t->length_mm) + 0.5) - floor(per_mm * t->offset_mm + 0.5));
    }
}

typedef JX_VEC(char) text;

/* A name and its zero byte; what is no character of UTF-8, or would end the name early, becomes U+FFFD: every name is a text. */
static jx_status add_name(jx_ctx *ctx, text *t, jx_str s) {
    JX_TRY(jx_vec_reserve(ctx, t, 3 * s.n + 1));
    for (size_t i = 0; i < s.n;) {
        uint32_t cp = 0;
        unsigned len = jx_utf8_decode(s.s + i, s.n - i, &cp), put = len && cp ? len : 3;
        memcpy(t->v + t->n, len && cp ? s.s + i : "\ufffd", put);
        t->n += put;
        i += len ? len : 1;
    }
    t->v[t->n++] = 0;
    return JX_OK;
}

/* String ids of the extract -> offsets into the network's own names, each name once. */
static jx_status own_names(builder *b) {
    jx_network *net = b->net;
    uint32_t n = jx_strings_count(b->x->strings);
    uint32_t *offset = jx_malloc(b->ctx, n, sizeof *offset);
    text all = {0};
    jx_status st = offset ? JX_OK : JX_E_NOMEM;
    if (st == JX_OK) {
        memset(offset, 0xff, n * sizeof *offset);
    }
    for (uint32_t e = 0; st == JX_OK && e < net->n_edges; e++) {
        uint32_t id = net->name[e];
        if (id == JX_NONE) {
            continue;
        }
        if (offset[id] == JX_NONE) {
            jx_str s = jx_strings_get(b->x->strings, id);
            offset[id] = (uint32_t)all.n;
            st = add_name(b->ctx, &all, s);
        }
        net->name[e] = offset[id];
    }
    jx_free(b->ctx, offset);
    net->names = all.v;
    return st;
}

static jx_status finish(builder *b) {
    jx_network *net = b->net;
    if (!b->edges.n) {
        return JX_FAIL0(b->ctx, NETWORK_EMPTY);
    }
    JX_TRY(alloc_edges(b->ctx, net, (uint32_t)b->edges.n));
    for (uint32_t e = 0; e < net->n_edges; e++) {
        fill_edge(b, e);
    }
    net->geom_off[net->n_edges] = b->geom.n;
    net->geom = b->geom.v;
    b->geom.v = NULL;
    net->node = b->nodes.v;
    net->n_nodes = (uint32_t)b->nodes.n;
    b->nodes.v = NULL;
    JX_TRY(own_names(b));
    net->first_arc = jx_calloc(b->ctx, (size_t)net->n_nodes + 1, sizeof *net->first_arc);
    net->arc = jx_malloc(b->ctx, 2 * (size_t)net->n_edges, sizeof *net->arc);
    if (!net->first_arc || !net->arc) {
        return JX_E_NOMEM;
    }
    for (uint32_t e = 0; e < net->n_edges; e++) {
        net->first_arc[net->from[e]]++;
        net->first_arc[net->to[e]]++;
    }
    uint32_t sum = 0;
    for (uint32_t i = 0; i <= net->n_nodes; i++) { /* counts -> ends; filling backwards turns them into starts */
        sum += net->first_arc[i];
        net->first_arc[i] = sum;
    }
    for (uint32_t e = net->n_edges; e-- > 0;) {
        net->arc[--net->first_arc[net->to[e]]] = 2 * e + 1;
        net->arc[--net->first_arc[net->from[e]]] = 2 * e;
    }
    JX_TRY(jx__network_restrictions(b->ctx, b->x, b->p, net, b->node_of));
    return jx__network_components(b->ctx, net, b->p);
}

/* Geometry offsets must rise with the edge number; barrier ends appended theirs behind, so order holds by construction. */
static jx_status build(builder *b) {
    JX_TRY(jx__network_classify(b->ctx, b->x, b->p, &b->uses, &b->block));
    b->meets = jx_calloc(b->ctx, b->x->n_nodes, 1);
    b->node_of = jx_malloc(b->ctx, b->x->n_nodes, sizeof *b->node_of);
    b->way_mm = jx_calloc(b->ctx, b->uses.n, sizeof *b->way_mm);
    if (!b->meets || !b->node_of || !b->way_mm) {
        return JX_E_NOMEM;
    }
    memset(b->node_of, 0xff, b->x->n_nodes * sizeof *b->node_of);
    find_nodes(b);
    for (uint32_t u = 0; u < b->uses.n; u++) {
        JX_TRY(cut_way(b, u));
    }
    JX_TRY(jx_poll(b->ctx));
    JX_TRY(number_nodes(b));
    JX_TRY(connect(b));
    return finish(b);
}

jx_status jx_network_build(jx_ctx *ctx, const jx_extract *x, const jx_profiles *p, jx_network **out) {
    builder b = {.ctx = ctx, .x = x, .p = p, .net = jx_calloc(ctx, 1, sizeof *b.net)};
    jx_status st = b.net ? build(&b) : JX_E_NOMEM;
    jx_vec_free(ctx, &b.uses);
    jx_vec_free(ctx, &b.edges);
    jx_free(ctx, b.geom.v);
    jx_free(ctx, b.nodes.v);
    jx_free(ctx, b.block);
    jx_free(ctx, b.meets);
    jx_free(ctx, b.node_of);
    jx_free(ctx, b.way_mm);
    if (st != JX_OK) {
        jx_network_free(ctx, b.net);
        return st;
    }
    *out = b.net;
    return JX_OK;
}

jx_status jx_network_borrow(jx_ctx *ctx, const jx_network *net, jx_network **out) {
    jx_network *b = jx_malloc(ctx, 1, sizeof *b);
    if (!b) {
        return JX_E_NOMEM;
    }
    *b = *net;
    b->mapped = net->mapped ? net->mapped : net->node;
    *out = b;
    return JX_OK;
}

void jx_network_free(jx_ctx *ctx, jx_network *net) {
    if (!net) {
        return;
    }
    void *const blocks[] = {net->node,      net->from,        net->to,         net->length_mm,    net->offset_mm,
                            net->cls,       net->access,      net->surface,    net->maxspeed_fwd, net->maxspeed_bwd,
                            net->flags,     net->duration_ms, net->way_id,     net->name,         net->names,
                            net->geom_off,  net->geom,        net->first_arc,  net->arc,          net->island,
                            net->turns.off, net->turns.arc,   net->turns.kind, net->turns.modes,  net->turns.relation};
    for (size_t i = 0; !net->mapped && i < sizeof blocks / sizeof *blocks; i++) {
        jx_free(ctx, blocks[i]);
    }
    for (int m = 0; !net->mapped && m < JX_N_MODES; m++) {
        jx_free(ctx, net->component[m]);
    }
    jx__turned_free(ctx, net->mapped ? NULL : net->turned);
    jx_free(ctx, net);
}
