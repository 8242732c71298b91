/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Point to point on the hierarchy. The ways up from both ends are short, so both are computed whole, by slot; the best
 * common ancestor is the turning point. Who gave an ancestor its time is found by looking for it: some vertex below it
 * on the path whose time and arc add up. An arc is unfolded the same way: an edge of its own with that time, or a
 * vertex below both ends whose two arcs add up. Nothing but times is ever stored.
 */
#include "junxian/route.h"

#include <math.h>

#include "network/hierarchy_internal.h"
#include "network/table_internal.h"

typedef struct finder {
    const jx_network *net;
    const uint32_t *time;
    const jx_times *t;
    uint32_t *up, *down;   /* by slot: times from the start, to the goal */
    uint32_t *vertex[2];   /* by slot: the vertex there on either side's path */
    uint32_t low[2];       /* lowest vertex of either side */
    JX_VEC(uint32_t) arcs; /* network arcs of the way, in order */
    uint32_t turning;      /* time of turns that belongs to the next leg */
    JX_VEC(uint64_t) todo; /* hierarchy arcs to unfold: arc * 2 + downwards; tail in the upper half */
} finder;

/* Times from the ports to all their ancestors; `back`: to the ports. All ports lie on the lowest one's path. */
static void climb(const finder *f, const jx_port *ports, uint32_t n, bool back, uint32_t low, uint32_t *ms,
                  uint32_t *vertex) {
    const jx_hierarchy *h = f->t->h;
    for (uint32_t s = 0; s < h->height; s++) {
        ms[s] = JX_UNREACHABLE;
        vertex[s] = JX_NONE;
    }
    for (uint32_t i = 0; i < n; i++) {
        uint32_t s = h->slot[h->rank[ports[i].node]];
        ms[s] = jx__min(ms[s], ports[i].ms);
    }
    for (uint32_t v = low; v != JX_NONE; v = h->parent[v]) {
        uint32_t at = ms[h->slot[v]];
        vertex[h->slot[v]] = v;
        for (uint32_t a = h->up[v]; at != JX_UNREACHABLE && a < h->up[v + 1]; a++) {
            uint32_t w = back ? f->t->weight[a].down : f->t->weight[a].up, *to = &ms[h->head_slot[a]];
            *to = jx__min(*to, jx_add_ms(at, w));
        }
    }
}

static jx_status later(jx_ctx *ctx, finder *f, uint32_t arc, uint32_t tail, bool downwards) {
    return jx_vec_push(ctx, &f->todo, (uint64_t)tail << 32 | 2u * arc | (downwards ? 1u : 0u));
}

/* Edge of the arc itself with its time, as a network arc in the direction asked for; JX_NONE: it goes over a lower
 * vertex. */
static uint32_t own_edge(const finder *f, uint32_t arc, bool downwards, uint32_t ms) {
    const jx_hierarchy *h = f->t->h;
    for (uint32_t i = jx__first_input(h, arc); i < h->n_inputs && h->input_arc[i] == arc; i++) {
        uint32_t way = h->input[i] ^ (downwards ? 1u : 0u);
        if (f->time[way] == ms) {
            return way;
        }
    }
    return JX_NONE;
}

/* One arc from the heap of work: an edge, or its two halves over a lower vertex (the first half on top). */
static jx_status unfold(jx_ctx *ctx, finder *f, uint64_t item) {
    const jx_hierarchy *h = f->t->h;
    uint32_t arc = (uint32_t)item >> 1, v = (uint32_t)(item >> 32), x = h->head[arc];
    bool downwards = item & 1u;
    uint32_t ms = downwards ? f->t->weight[arc].down : f->t->weight[arc].up, way = own_edge(f, arc, downwards, ms);
    if (way != JX_NONE) {
        return jx_vec_push(ctx, &f->arcs, way);
    }
    for (uint32_t k = h->down[v]; k < h->down[v + 1]; k++) {
        uint32_t a = h->down_arc[k], u = h->down_tail[k], b = jx__find_arc(h, u, x);
        if (b == JX_NONE) {
            continue;
        }
        /* up: v -> u -> x; down: x -> u -> v */
        jx_pair wa = f->t->weight[a], wb = f->t->weight[b];
        if (jx_add_ms(downwards ? wb.down : wa.down, downwards ? wa.up : wb.up) == ms) {
            JX_TRY(later(ctx, f, downwards ? a : b, u, false));
            return later(ctx, f, downwards ? b : a, u, true);
        }
    }
    return JX_FAIL0(ctx, TIMES_STALE);
}

static jx_status unfold_all(jx_ctx *ctx, finder *f) {
    while (f->todo.n) {
        JX_TRY(unfold(ctx, f, f->todo.v[--f->todo.n]));
    }
    return JX_OK;
}

/* The lowest vertex below x on the side's path whose time and arc make x's; its arc. JX_NONE: x is a port itself. */
static uint32_t came_by(const finder *f, int side, uint32_t x, uint32_t *from) {
    const jx_hierarchy *h = f->t->h;
    const uint32_t *ms = side ? f->down : f->up;
    for (uint32_t v = f->low[side]; v < x; v = h->parent[v]) {
        uint32_t a = ms[h->slot[v]] == JX_UNREACHABLE ? JX_NONE : jx__find_arc(h, v, x);
        if (a != JX_NONE &&
            jx_add_ms(ms[h->slot[v]], side ? f->t->weight[a].down : f->t->weight[a].up) == ms[h->slot[x]]) {
            *from = v;
            return a;
        }
    }
    return JX_NONE;
}

/* Is x's time that of a port at it? Then the side's way begins there. */
static bool is_port(const finder *f, const jx_port *ports, uint32_t n, uint32_t x, uint32_t ms) {
    for (uint32_t i = 0; i < n; i++) {
        if (f->t->h->rank[ports[i].node] == x && ports[i].ms == ms) {
            return true;
        }
    }
    return false;
}

/* From the turning point down one side to its port. Start side: the last arc is found first, so it waits on the stack.
 */
static jx_status trace(jx_ctx *ctx, finder *f, int side, const jx_port *ports, uint32_t n, uint32_t top) {
    const jx_hierarchy *h = f->t->h;
    const uint32_t *ms = side ? f->down : f->up;
    for (uint32_t x = top, v = 0; !is_port(f, ports, n, x, ms[h->slot[x]]); x = v) {
        uint32_t a = came_by(f, side, x, &v);
        if (a == JX_NONE) {
            return JX_FAIL0(ctx, TIMES_STALE);
        }
        JX_TRY(later(ctx, f, a, v, side == 1));
        if (side == 1) {
            JX_TRY(unfold_all(ctx, f));
        }
    }
    return unfold_all(ctx, f);
}

/* Best turning point: least sum over the ancestors both share; JX_NONE when there is no way. */
static uint32_t meet(const finder *f, uint32_t *ms) {
    const jx_hierarchy *h = f->t->h;
    uint32_t best = JX_UNREACHABLE, at = JX_NONE;
    for (uint32_t v = f->low[0]; v != JX_NONE; v = h->parent[v]) {
        uint32_t s = h->slot[v], sum = f->vertex[1][s] == v ? jx_add_ms(f->up[s], f->down[s]) : JX_UNREACHABLE;
        if (sum < best) {
            best = sum;
            at = v;
        }
    }
    *ms = best;
    return at;
}

/* ---- joints and geometry ----------------------------------------------------------------------------------------- */

static uint32_t open_ports(const finder *f, const jx_snap *s, bool leaving, jx_port out[2]) {
    jx_port p[2];
    uint32_t n = 0;
    jx__ports_of(f->net, f->time, s, leaving, p);
    for (int i = 0; i < 2; i++) {
        if (p[i].ms != JX_UNREACHABLE) {
            out[n++] = p[i];
        }
    }
    return n;
}

static uint32_t lowest(const jx_hierarchy *h, const jx_port *p, uint32_t n) {
    uint32_t v = JX_NONE;
    for (uint32_t i = 0; i < n; i++) {
        v = jx__min(v, h->rank[p[i].node]);
    }
    return v;
}

typedef struct drawing {
    JX_VEC(jx_route_leg) legs;
    JX_VEC(jx_pt) pts;
} drawing;

static jx_status add_point(jx_ctx *ctx, drawing *d, jx_pt p) {
    if (d->pts.n && d->pts.v[d->pts.n - 1].lon == p.lon && d->pts.v[d->pts.n - 1].lat == p.lat) {
        return JX_OK;
    }
    return jx_vec_push(ctx, &d->pts, p);
}

/* Points of the edge between two places along it, ends included: cut points lie where the lengths say. */
static jx_status draw(jx_ctx *ctx, const jx_network *net, const jx_route_leg *g, drawing *d) {
    const jx_pt *p = net->geom + net->geom_off[g->edge];
    uint32_t n = (uint32_t)(net->geom_off[g->edge + 1] - net->geom_off[g->edge]);
    uint32_t lo = g->backward ? g->end_mm : g->begin_mm, hi = g->backward ? g->begin_mm : g->end_mm,
             whole = net->length_mm[g->edge];
    JX_VEC(jx_pt) part = {0};
    uint64_t at = 0;
    jx_status st = JX_OK;
    for (uint32_t i = 0; st == JX_OK && i + 1 < n; i++) {
        uint32_t len = jx_seg_mm(p[i], p[i + 1]);
        for (int end = 0; st == JX_OK && end < 2; end++) { /* the cut points that fall into this segment */
            uint32_t cut = end ? hi : lo;
            bool here = cut >= at && (cut < at + len || (i + 2 == n && cut <= at + len)),
                 corner = end == 0 && i > 0 && at > lo && at < hi;
            if (corner) {
                st = jx_vec_push(ctx, &part, p[i]);
            }
            if (st == JX_OK && here && (cut != 0 || lo == 0) && !(end == 1 && hi == lo)) {
                double f = len ? (double)(cut - at) / len : 0;
                jx_pt q = {p[i].lon + (int32_t)floor(((double)p[i + 1].lon - p[i].lon) * f + 0.5),
                           p[i].lat + (int32_t)floor(((double)p[i + 1].lat - p[i].lat) * f + 0.5)};
                st = jx_vec_push(ctx, &part, q);
            }
        }
        at += len;
    }
    if (st == JX_OK && hi >= whole && n) {
        st = jx_vec_push(ctx, &part, p[n - 1]);
    }
    for (size_t i = 0; st == JX_OK && i < part.n; i++) {
        st = add_point(ctx, d, part.v[g->backward ? part.n - 1 - i : i]);
    }
    jx_vec_free(ctx, &part);
    return st;
}

static jx_status add_leg(jx_ctx *ctx, finder *f, drawing *d, jx_route_leg g) {
    g.time_ms = jx_add_ms(g.time_ms, f->turning);
    f->turning = 0;
    JX_TRY(draw(ctx, jx_plain(f->net), &g, d));
    return jx_vec_push(ctx, &d->legs, g);
}

/* Which end of its edge a joint's way goes by: the node where the rest begins. */
static jx_status end_leg(jx_ctx *ctx, finder *f, drawing *d, const jx_snap *s, uint32_t node, bool leaving) {
    uint32_t e = s->edge, len = f->net->length_mm[e];
    jx_port p[2];
    jx__ports_of(f->net, f->time, s, leaving, p);
    bool by_to = p[0].node == node && (p[1].node != node || p[0].ms <= p[1].ms);
    uint32_t end = by_to ? len : 0;
    jx_route_leg g = {e, leaving ? !by_to : by_to, leaving ? s->pos_mm : end, leaving ? end : s->pos_mm,
                      p[by_to ? 0 : 1].ms};
    return add_leg(ctx, f, d, g);
}

static jx_status whole_way(jx_ctx *ctx, finder *f, drawing *d, const jx_snap *from, const jx_snap *to,
                           uint32_t first, uint32_t last) {
    JX_TRY(end_leg(ctx, f, d, from, first, true));
    for (size_t i = 0; i < f->arcs.n; i++) {
        uint32_t arc = f->arcs.v[i], plain = jx_plain_arc(f->net, arc), e = plain >> 1, len = f->net->length_mm[arc >> 1];
        bool back = arc & 1u;
        if (plain == JX_NONE) {
            f->turning = jx_add_ms(f->turning, f->time[arc]);
            continue;
        }
        JX_TRY(add_leg(ctx, f, d, (jx_route_leg){e, back, back ? len : 0, back ? 0 : len, f->time[arc]}));
    }
    return end_leg(ctx, f, d, to, last, false);
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

static jx_status over_the_top(jx_ctx *ctx, finder *f, const jx_snap *from, const jx_snap *to, uint32_t direct,
                              drawing *d, uint32_t *ms) {
    jx_port a[2], b[2];
    uint32_t na = open_ports(f, from, true, a), nb = open_ports(f, to, false, b);
    const jx_hierarchy *h = f->t->h;
    f->low[0] = lowest(h, a, na);
    f->low[1] = lowest(h, b, nb);
    climb(f, a, na, false, f->low[0], f->up, f->vertex[0]);
    climb(f, b, nb, true, f->low[1], f->down, f->vertex[1]);
    uint32_t top = meet(f, ms);
    if (direct <= *ms) {
        *ms = direct;
        return direct == JX_UNREACHABLE
                   ? JX_OK
                   : add_leg(ctx, f, d,
                             (jx_route_leg){from->edge, to->pos_mm < from->pos_mm, from->pos_mm, to->pos_mm, direct});
    }
    JX_TRY(trace(ctx, f, 0, a, na, top));
    JX_TRY(trace(ctx, f, 1, b, nb, top));
    uint32_t first = h->node[top], last = first;
    if (f->arcs.n) {
        first = jx_arc_tail(f->net, f->arcs.v[0]);
        last = jx_arc_head(f->net, f->arcs.v[f->arcs.n - 1]);
    }
    return whole_way(ctx, f, d, from, to, first, last);
}

jx_status jx_route_find(jx_ctx *ctx, const jx_network *net, const jx_metric *m, const jx_times *t, const jx_snap *from,
                        const jx_snap *to, jx_route *out) {
    *out = (jx_route){.time_ms = JX_UNREACHABLE};
    if (from->edge == JX_NONE || to->edge == JX_NONE) {
        return JX_OK;
    }
    finder f = {.net = net, .time = m->time_ms, .t = t};
    drawing d = {0};
    uint32_t *room = jx_malloc(ctx, 4 * (size_t)t->h->height, sizeof *room), ms = JX_UNREACHABLE;
    jx_status st = room ? JX_OK : JX_E_NOMEM;
    if (st == JX_OK) {
        uint32_t n = t->h->height,
                 direct = from->edge == to->edge ? jx__direct_ms(net, m->time_ms, from, to) : JX_UNREACHABLE;
        f.up = room, f.down = room + n, f.vertex[0] = room + 2 * (size_t)n, f.vertex[1] = room + 3 * (size_t)n;
        st = over_the_top(ctx, &f, from, to, direct, &d, &ms);
    }
    jx_free(ctx, room);
    jx_vec_free(ctx, &f.arcs);
    jx_vec_free(ctx, &f.todo);
    if (st != JX_OK || ms == JX_UNREACHABLE) {
        jx_vec_free(ctx, &d.legs);
        jx_vec_free(ctx, &d.pts);
        return st;
    }
    *out = (jx_route){.offroad_ms = jx_add_ms(from->offroad_ms, to->offroad_ms),
                      .leg = d.legs.v,
                      .n_legs = (uint32_t)d.legs.n,
                      .pts = d.pts.v,
                      .n_pts = (uint32_t)d.pts.n};
    out->time_ms = jx_add_ms(ms, out->offroad_ms);
    for (uint32_t i = 0; i < out->n_legs; i++) {
        const jx_route_leg *g = &out->leg[i];
        out->length_mm += g->backward ? g->begin_mm - g->end_mm : g->end_mm - g->begin_mm;
    }
    return JX_OK;
}

void jx_route_release(jx_ctx *ctx, jx_route *r) {
    jx_free(ctx, r->leg);
    jx_free(ctx, r->pts);
    *r = (jx_route){.time_ms = JX_UNREACHABLE};
}
