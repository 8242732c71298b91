/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Streets reached in time, as straight pieces whose times rise from one end to the other. Each node reached sends a run
 * along every street it leads into, as far as time allows or to where the run from the other end is as early; origins
 * send theirs from the middle of their edge.
 */
#include <math.h>

#include "network/isochrone_internal.h"

typedef struct cutter {
    jx_ctx *ctx;
    const jx__iso_source *src;
    const jx__iso_sizes *z;
    jx__pieces *out;
    jx__iso_scale scale;
} cutter;

/* A way along one arc, in shares of its length: from f0 to f1, `ms` at f0, `per` for the whole arc. */
typedef struct run {
    uint32_t arc;
    double f0, f1, ms, per;
} run;

jx_box jx__iso_box(const jx__iso_source *src) {
    jx_box box = JX_BOX_EMPTY;
    for (uint32_t v = 0; v < src->net->n_nodes; v++) {
        if (src->node_ms[v] <= src->last_ms) {
            jx_box_add(&box, src->net->node[v]);
        }
    }
    for (uint32_t i = 0; i < src->n_origins; i++) {
        if (src->origins[i].edge != JX_NONE) {
            jx_box_add(&box, src->origins[i].joint);
        }
    }
    return box;
}

static uint32_t whole_ms(double ms) {
    return ms < 4294967294.0 ? (uint32_t)ms : UINT32_MAX - 1;
}

/* A straight piece in parts short enough; t: metres along the run at its ends. */
static jx_status emit(cutter *c, const run *r, double total, jx_pt a, jx_pt b, double ta, double tb, uint32_t bound) {
    double len = tb - ta, rate = total > 0 ? r->per / total : 0;
    uint32_t n = len > c->z->piece_m ? (uint32_t)ceil(len / c->z->piece_m) : 1;
    double dx = ((double)b.lon - a.lon) / n, dy = ((double)b.lat - a.lat) / n, base = r->ms - r->f0 * r->per;
    jx_pt at = a;
    for (uint32_t i = 1; i <= n; i++) {
        jx_pt to = i == n ? b : (jx_pt){(int32_t)(a.lon + rint(dx * i)), (int32_t)(a.lat + rint(dy * i))};
        double t0 = ta + len * (i - 1) / n, t1 = ta + len * i / n;
        JX_TRY(jx_vec_push(c->ctx, c->out,
                           (jx__piece){at, to, whole_ms(base + rate * t0), whole_ms(ceil(base + rate * t1)), bound}));
        at = to;
    }
    return JX_OK;
}

static double metres(const cutter *c, jx_pt a, jx_pt b) {
    double x = ((double)b.lon - a.lon) * c->scale.kx, y = ((double)b.lat - a.lat) * c->scale.ky;
    return sqrt(x * x + y * y);
}

static jx_pt between(jx_pt a, jx_pt b, double share) {
    return (jx_pt){(int32_t)rint(a.lon + ((double)b.lon - a.lon) * share),
                   (int32_t)rint(a.lat + ((double)b.lat - a.lat) * share)};
}

/* The run's stretch of the arc's geometry, bend by bend; bends close together are drawn as one. */
static jx_status follow(cutter *c, const run *r) {
    const jx_network *net = jx_plain(c->src->net);
    uint32_t e = jx_plain_arc(c->src->net, r->arc) >> 1, n = (uint32_t)(net->geom_off[e + 1] - net->geom_off[e]);
    const jx_pt *g = net->geom + net->geom_off[e];
    const bool back = r->arc & 1u;
    const uint32_t bound =
        net->cls[e] == JX_ROAD_MOTORWAY || net->cls[e] == JX_ROAD_MOTORWAY_LINK || (net->flags[e] & JX_EDGE_TUNNEL);
    jx__iso_scale_at(&c->scale, g[0].lat);
    double total = 0;
    for (uint32_t i = 0; i + 1 < n; i++) {
        total += metres(c, g[i], g[i + 1]);
    }
    double begin = r->f0 * total, end = r->f1 * total, s = 0, s_from = begin;
    jx_pt from = back ? g[n - 1] : g[0];
    bool started = begin <= 0;
    for (uint32_t i = 0; i + 1 < n; i++) {
        jx_pt p = back ? g[n - 1 - i] : g[i], q = back ? g[n - 2 - i] : g[i + 1];
        double len = metres(c, p, q), next = s + len;
        if (!started && (next >= begin || i + 2 == n)) {
            from = between(p, q, len > 0 ? fmin((begin - s) / len, 1) : 0);
            started = true;
        }
        bool last = next >= end || i + 2 == n;
        if (started && (last || next - s_from >= c->z->swallow_m)) {
            double stop = fmin(next, end);
            jx_pt to = last && len > 0 ? between(p, q, fmax(fmin((end - s) / len, 1), 0)) : q;
            JX_TRY(emit(c, r, total, from, to, s_from, fmax(stop, s_from), bound));
            from = to;
            s_from = stop;
        }
        if (last) {
            break;
        }
        s = next;
    }
    return JX_OK;
}

/* As far as the last band allows; one millisecond more, for times are rounded. */
static jx_status send(cutter *c, run r) {
    double left = (double)c->src->last_ms + 1 - r.ms;
    if (r.per > 0 && (r.f1 - r.f0) * r.per > left) {
        r.f1 = r.f0 + left / r.per;
    }
    return follow(c, &r);
}

static uint32_t out_ms(const jx__iso_source *s, uint32_t arc) {
    return s->time[s->dir == JX_FROM_FACILITY ? arc : arc ^ 1u];
}

/* The share of the arc that is reached no later from its tail than from its head. */
static double own_share(const jx__iso_source *s, uint32_t arc) {
    uint32_t tail = s->node_ms[jx_arc_tail(s->net, arc)], head = s->node_ms[jx_arc_head(s->net, arc)];
    uint32_t there = out_ms(s, arc), back = out_ms(s, arc ^ 1u);
    if (head == JX_UNREACHABLE || back == JX_UNREACHABLE) {
        return 1;
    }
    double both = (double)there + back;
    if (both <= 0) {
        return tail <= head ? 1 : 0;
    }
    double share = ((double)head + back - tail) / both;
    return share < 0 ? 0 : share > 1 ? 1 : share;
}

static jx_status from_node(cutter *c, uint32_t v) {
    const jx__iso_source *s = c->src;
    const jx_network *net = s->net;
    bool drawn = false;
    for (uint32_t i = net->first_arc[v]; i < net->first_arc[v + 1]; i++) {
        uint32_t arc = net->arc[i], ms = out_ms(s, arc);
        if (ms == JX_UNREACHABLE || net->cls[arc >> 1] == JX_ROAD_FERRY || jx_plain_arc(net, arc) == JX_NONE) {
            continue;
        }
        drawn = true; /* with a share of nothing the run from the other end comes as far as here */
        double share = own_share(s, arc);
        if (share > 0) {
            JX_TRY(send(c, (run){arc, 0, share, s->node_ms[v], ms}));
        }
    }
    return drawn
               ? JX_OK
               : jx_vec_push(c->ctx, c->out, (jx__piece){net->node[v], net->node[v], s->node_ms[v], s->node_ms[v], 0});
}

static jx_status from_origin(cutter *c, const jx_snap *o) {
    const jx__iso_source *s = c->src;
    if (o->edge == JX_NONE || o->offroad_ms > s->last_ms) {
        return JX_OK;
    }
    uint32_t len = s->net->length_mm[o->edge];
    for (uint32_t back = 0; back < 2 && s->net->cls[o->edge] != JX_ROAD_FERRY; back++) {
        /* away from the origin: to it people come the other way */
        uint32_t fwd = 2 * o->edge, bwd = jx_back_arc(s->net, o->edge);
        uint32_t arc = s->dir == JX_FROM_FACILITY ? (back ? bwd : fwd) : (back ? fwd : bwd) ^ 1u, ms = out_ms(s, arc), at = back ? len - o->pos_mm : o->pos_mm;
        if (ms != JX_UNREACHABLE) {
            JX_TRY(send(c, (run){arc, len ? (double)at / len : 0, 1, o->offroad_ms, ms}));
        }
    }
    return JX_OK;
}

jx_status jx__iso_pieces(jx_ctx *ctx, const jx__iso_source *src, const jx__iso_sizes *z, jx__pieces *out) {
    enum { BLOCK = 1 << 16 };
    cutter c = {.ctx = ctx, .src = src, .z = z, .out = out, .scale = {.slice = INT32_MIN}};
    for (uint32_t v = 0; v < src->net->n_nodes; v++) {
        if (v % BLOCK == 0) {
            JX_TRY(jx_poll(ctx));
        }
        if (src->node_ms[v] <= src->last_ms) {
            JX_TRY(from_node(&c, v));
        }
    }
    for (uint32_t i = 0; i < src->n_origins; i++) {
        JX_TRY(from_origin(&c, &src->origins[i]));
    }
    return JX_OK;
}
