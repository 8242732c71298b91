/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Ways that keep off large roads. The network is cut at every junction of such a road: each street end there becomes an end of its own,
 * so that a way may begin or end in a street beside the road but never step onto it or over it; bridges and underpasses, which have no
 * junction with it, lead across. The straight walk from a cell or site to its street may not cross such a road either.
 */
#include "run/district.h"

/* Slip roads are as large as the road they belong to. */
static bool is_big(unsigned cls, jx_road_class least) {
    cls = cls >= JX_ROAD_MOTORWAY_LINK && cls <= JX_ROAD_TERTIARY_LINK ? cls - JX_ROAD_MOTORWAY_LINK + JX_ROAD_MOTORWAY : cls;
    return cls <= (unsigned)least;
}

/* ---- the network cut ------------------------------------------------------------------------------------------------------ */

typedef struct cut {
    jx_network net; /* arrays of the original but for those below; never freed as a network */
    jx_metric metric;
    uint8_t *big;   /* nodes of the original on large roads */
} cut;

static void release_cut(jx_ctx *ctx, cut *k) {
    jx_free(ctx, k->net.from), jx_free(ctx, k->net.to), jx_free(ctx, k->net.first_arc), jx_free(ctx, k->net.arc), jx_free(ctx, k->net.node);
    jx_free(ctx, k->metric.time_ms), jx_free(ctx, k->big);
}

/* Ends at large roads, each a node of its own. */
static uint32_t part(const jx_network *net, uint32_t node, cut *k) {
    if (!k->big[node]) {
        return node;
    }
    k->net.node[k->net.n_nodes] = net->node[node];
    return k->net.n_nodes++;
}

static void rewire(const jx_network *net, const jx_metric *m, jx_road_class least, cut *k) {
    for (uint32_t e = 0; e < net->n_edges; e++) {
        if (is_big(net->cls[e], least)) {
            k->big[net->from[e]] = k->big[net->to[e]] = 1;
        }
    }
    memcpy(k->net.node, net->node, net->n_nodes * sizeof *net->node);
    for (uint32_t e = 0; e < net->n_edges; e++) {
        bool shut = is_big(net->cls[e], least);
        k->net.from[e] = part(net, net->from[e], k);
        k->net.to[e] = part(net, net->to[e], k);
        k->metric.time_ms[2 * e] = shut ? JX_UNREACHABLE : m->time_ms[2 * e];
        k->metric.time_ms[2 * e + 1] = shut ? JX_UNREACHABLE : m->time_ms[2 * e + 1];
    }
    for (uint32_t a = 0; a < 2 * net->n_edges; a++) {
        k->net.first_arc[jx_arc_tail(&k->net, a) + 1]++;
    }
    for (uint32_t v = 0; v < k->net.n_nodes; v++) {
        k->net.first_arc[v + 1] += k->net.first_arc[v];
    }
    for (uint32_t a = 2 * net->n_edges; a-- > 0;) { /* counted down, so that the starts are true afterwards */
        k->net.arc[--k->net.first_arc[jx_arc_tail(&k->net, a) + 1]] = a;
    }
    for (uint32_t v = 0; v < k->net.n_nodes; v++) {
        k->net.first_arc[v] = k->net.first_arc[v + 1];
    }
    k->net.first_arc[k->net.n_nodes] = 2 * net->n_edges;
}

static jx_status make_cut(jx_ctx *ctx, const jx_network *net, const jx_metric *m, jx_road_class least, cut *k) {
    size_t n = net->n_edges, most = net->n_nodes + 2 * n;
    *k = (cut){.net = *net, .metric = *m};
    k->net.from = jx_malloc(ctx, n, sizeof *net->from), k->net.to = jx_malloc(ctx, n, sizeof *net->to);
    k->net.first_arc = jx_calloc(ctx, most + 2, sizeof *net->first_arc), k->net.arc = jx_malloc(ctx, 2 * n, sizeof *net->arc);
    k->net.node = jx_malloc(ctx, most, sizeof *net->node);
    k->metric.time_ms = jx_malloc(ctx, 2 * n, sizeof *m->time_ms), k->big = jx_calloc(ctx, net->n_nodes, 1);
    if (!k->net.from || !k->net.to || !k->net.first_arc || !k->net.arc || !k->net.node || !k->metric.time_ms || !k->big) {
        release_cut(ctx, k);
        return JX_E_NOMEM;
    }
    rewire(net, m, least, k);
    return JX_OK;
}

/* ---- the straight walk to the street ----------------------------------------------------------------------------------------- */

typedef struct pieces {
    jx_pt (*seg)[2];
    jx_box *box;
    uint32_t n;
    jx_rtree *tree;
    jx_pt a, b; /* the walk asked about */
    bool met;
} pieces;

/* > 0: c lies left of a -> b. Exact: differences within a county fit 26 bits. */
static double side(jx_pt a, jx_pt b, jx_pt c) {
    return ((double)b.lon - a.lon) * ((double)c.lat - a.lat) - ((double)b.lat - a.lat) * ((double)c.lon - a.lon);
}

static bool meets(void *user, uint32_t i) {
    pieces *s = user;
    jx_pt c = s->seg[i][0], d = s->seg[i][1];
    double u = side(s->a, s->b, c), v = side(s->a, s->b, d), x = side(c, d, s->a), y = side(c, d, s->b);
    /* ending on the road is not crossing it; passing through a bend of it is */
    s->met = x != 0 && y != 0 && (x < 0) != (y < 0) && ((u <= 0 && v >= 0) || (u >= 0 && v <= 0));
    return !s->met;
}

static bool walk_crosses(pieces *s, jx_pt from, const jx_snap *to) {
    jx_box box = JX_BOX_EMPTY;
    s->a = from, s->b = to->joint, s->met = false;
    jx_box_add(&box, from), jx_box_add(&box, to->joint);
    if (to->edge != JX_NONE && s->n) {
        jx_rtree_query(s->tree, box, meets, s);
    }
    return s->met;
}

/* Segments of large roads at ground level; under and over the others one may walk. */
static jx_status gather(jx_ctx *ctx, const jx_network *net, jx_road_class least, pieces *s) {
    size_t most = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (uint32_t e = 0; e < net->n_edges; e++) {
            if (!is_big(net->cls[e], least) || (net->flags[e] & (JX_EDGE_TUNNEL | JX_EDGE_BRIDGE))) {
                continue;
            }
            for (uint64_t i = net->geom_off[e]; i + 1 < net->geom_off[e + 1]; i++, most++) {
                if (pass) {
                    s->seg[s->n][0] = net->geom[i], s->seg[s->n][1] = net->geom[i + 1];
                    s->box[s->n] = JX_BOX_EMPTY;
                    jx_box_add(&s->box[s->n], net->geom[i]), jx_box_add(&s->box[s->n], net->geom[i + 1]);
                    s->n++;
                }
            }
        }
        if (!pass) {
            s->seg = jx_malloc(ctx, most, sizeof *s->seg);
            s->box = jx_malloc(ctx, most, sizeof *s->box);
            if (!s->seg || !s->box) {
                return JX_E_NOMEM;
            }
        }
    }
    return s->n ? jx_rtree_build(ctx, s->box, s->n, &s->tree) : JX_OK;
}

/* Closes what only a walk over a large road begins or ends. */
static jx_status walks(jx_ctx *ctx, const jx__districts *d, jx_road_class least, uint32_t *dense) {
    const jx_county *c = d->c;
    jx_mode mode = d->study.offer.mode;
    pieces s = {.n = 0};
    uint32_t n = c->cells.n, m = d->n;
    jx_status st = gather(ctx, c->road[mode], least, &s);
    for (uint32_t i = 0; st == JX_OK && i < n; i++) {
        if (walk_crosses(&s, c->cells.pt[i], &c->cell_snap[mode][i])) {
            for (uint32_t k = 0; k < m; k++) {
                dense[(size_t)i * m + k] = JX_UNREACHABLE;
            }
        }
    }
    for (uint32_t k = 0; st == JX_OK && k < m; k++) {
        if (walk_crosses(&s, c->facilities[d->facility[k]].pt, &d->snap[k])) {
            for (uint32_t i = 0; i < n; i++) {
                dense[(size_t)i * m + k] = JX_UNREACHABLE;
            }
        }
    }
    jx_rtree_free(ctx, s.tree);
    jx_free(ctx, s.seg), jx_free(ctx, s.box);
    return st;
}

jx_status jx__safe_times(jx_ctx *ctx, const jx__districts *d, jx_road_class least, uint32_t cutoff_ms, uint32_t *dense) {
    const jx_county *c = d->c;
    jx_mode mode = d->study.offer.mode;
    cut k;
    jx_table *t = NULL;
    JX_TRY(make_cut(ctx, c->road[mode], c->road_metric[mode], least, &k));
    jx_status st = jx_table_new(ctx, &k.net, &k.metric, JX_TO_FACILITY, c->cell_snap[mode], c->cells.n, d->snap, d->n, cutoff_ms, &t);
    if (st == JX_OK) {
        jx__table_spread(t, dense);
        st = walks(ctx, d, least, dense);
    }
    jx_table_free(ctx, t);
    release_cut(ctx, &k);
    return st;
}
