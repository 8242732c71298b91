/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** A new road: its ends look for the nearest street, which is cut where they meet it. */
#include <math.h>

#include "network/overlay_internal.h"

/* The best point so far, on an edge of the base or on a road's line. */
typedef struct search {
    jx_pt p;
    double kx, ky, best_m, t;
    uint32_t edge, line, seg;
} search;

/* ---- nearest street -------------------------------------------------------------------------------------------------------------- */

static void look_at(search *q, const jx_pt *g, uint32_t n, uint32_t edge, uint32_t line) {
    for (uint32_t i = 0; i + 1 < n; i++) {
        double bx = ((double)g[i + 1].lon - g[i].lon) * q->kx, by = ((double)g[i + 1].lat - g[i].lat) * q->ky;
        double px = ((double)q->p.lon - g[i].lon) * q->kx, py = ((double)q->p.lat - g[i].lat) * q->ky;
        double len2 = bx * bx + by * by, t = len2 > 0 ? (px * bx + py * by) / len2 : 0;
        t = t < 0 ? 0 : t > 1 ? 1 : t;
        double dx = px - t * bx, dy = py - t * by, d = sqrt(dx * dx + dy * dy);
        if (d < q->best_m || (d == q->best_m && q->edge == JX_NONE && q->line == JX_NONE)) {
            q->best_m = d;
            q->t = t;
            q->seg = i;
            q->edge = edge;
            q->line = line;
        }
    }
}

/* Which streets a search takes. */
typedef struct choice {
    const uint8_t *access;
    uint8_t need;  /* modes, both bits each */
    bool all;      /* of them, or any */
    bool joins;    /* for the end of a road: bridges, tunnels and, unless `islands`, islands only where the point lies on them */
    bool islands;
    int64_t way;   /* 0: any */
} choice;

static const double ON_M = 0.5; /* a point this near lies on the street: what a hand on a map can mean */

static bool serves(uint8_t access, const choice *c) {
    return c->all ? (jx__both_ways(access) & c->need) == c->need : (access & c->need) != 0;
}

/* Modes that the street leads nowhere: it is an island of theirs in the base. */
static uint8_t stranded(const jx_network *net, uint32_t e) {
    unsigned bits = 0;
    for (int m = 0; m < JX_N_MODES; m++) {
        unsigned both = JX_ACCESS_BIT(m, false) | JX_ACCESS_BIT(m, true);
        bits |= (net->island[e] >> m & 1) != 0 && (net->access[e] & both) != 0 ? both : 0u;
    }
    return (uint8_t)bits;
}

static bool fit_to_join(const jx_network *net, uint32_t e, const choice *c) {
    return !(net->flags[e] & (JX_EDGE_BRIDGE | JX_EDGE_TUNNEL)) && (c->islands || !(stranded(net, e) & c->need));
}

static void look_at_edge(search *q, const jx_network *net, uint32_t e, const choice *c) {
    search s = *q;
    if (c->joins && s.best_m > ON_M && !fit_to_join(net, e, c)) {
        s.best_m = ON_M;
    }
    look_at(&s, net->geom + net->geom_off[e], (uint32_t)(net->geom_off[e + 1] - net->geom_off[e]), e, JX_NONE);
    *q = s.edge == e ? s : *q;
}

/* No tree: an edge lies within its length of its first node, and that passes over nearly all of them. A margin for the scale, which
   is that of the point. */
static search nearest_edge(const jx_network *net, const choice *c, jx_pt p, double max_m) {
    search q = {.p = p, .best_m = max_m, .edge = JX_NONE, .line = JX_NONE};
    jx_scale_at(p, &q.kx, &q.ky);
    for (uint32_t e = 0; e < net->n_edges; e++) {
        if (!serves(c->access[e], c) || (c->way && net->way_id[e] != c->way) || net->cls[e] == JX_ROAD_BARRIER || net->cls[e] == JX_ROAD_FERRY) {
            continue;
        }
        jx_pt f = net->node[net->from[e]];
        double dx = ((double)f.lon - p.lon) * q.kx, dy = ((double)f.lat - p.lat) * q.ky, reach = q.best_m + net->length_mm[e] * 1.1e-3 + 1;
        if (0.49 * (dx * dx + dy * dy) <= reach * reach) {
            look_at_edge(&q, net, e, c);
        }
    }
    return q;
}

uint32_t jx_network_nearest_edge(const jx_network *net, jx_pt p, uint8_t access, int64_t way, double max_m, double *gap_m) {
    const choice c = {.access = net->access, .need = access ? jx__both_ways(access) : JX_ACCESS_ALL, .way = way};
    search q = nearest_edge(net, &c, p, max_m);
    *gap_m = q.best_m;
    return q.edge;
}

/* A road may end on one that was added before it as well. */
static search nearest_of(const jx__apply *a, const choice *c, jx_pt p, double max_m) {
    search q = nearest_edge(a->base, c, p, max_m);
    for (size_t i = 0; i < a->lines.n; i++) {
        const jx__line *l = &a->lines.v[i];
        uint32_t s = l->edge == JX_NONE ? jx_map64_get(&a->street_of, jx__key(JX_NONE, l->road)) : JX_NONE;
        if (s != JX_NONE && serves(a->streets.v[s].access, c)) {
            look_at(&q, l->pts, l->n_pts, JX_NONE, (uint32_t)i);
        }
    }
    return q;
}

static uint8_t served(const jx__apply *a, const search *q, bool islands) {
    if (q->edge == JX_NONE) {
        return jx__both_ways(a->streets.v[jx_map64_get(&a->street_of, jx__key(JX_NONE, a->lines.v[q->line].road))].access);
    }
    uint8_t open = jx__both_ways(a->access[q->edge]);
    return islands || q->best_m <= ON_M ? open : open & (uint8_t)~stranded(a->base, q->edge);
}

/* A road for cars and walkers should not end on a footpath while there is a street for both. A street for all the road's modes, or for
   as many as can be (cars before bicycles before walkers); one that is an island of theirs only where there is no other. *left: modes that
   get no joint. */
static search nearest(const jx__apply *a, jx_pt p, uint8_t need, double max_m, uint8_t *left) {
    enum { WALK = 3, BIKE = 12, CAR = 48 };
    static const uint8_t sets[] = {CAR | BIKE | WALK, CAR | BIKE, CAR | WALK, BIKE | WALK, CAR, BIKE, WALK};
    search q = {.edge = JX_NONE, .line = JX_NONE};
    *left = need;
    for (unsigned k = 0; k < 2 * sizeof sets; k++) {
        choice c = {.access = a->access, .need = sets[k % sizeof sets], .all = true, .joins = true, .islands = k >= sizeof sets};
        if (c.need & ~need) {
            continue;
        }
        q = nearest_of(a, &c, p, max_m);
        if (q.edge != JX_NONE || q.line != JX_NONE) {
            *left = need & (uint8_t)~served(a, &q, c.islands);
            break;
        }
    }
    return q;
}

/* Modes that cannot go on at an end which joins. */
static void tell_left(const jx__apply *a, const jx_edit *e, int end, uint8_t left) {
    for (int m = 0; m < JX_N_MODES; m++) {
        if (left & JX_ACCESS_BIT(m, false)) {
            JX_WARN_ROW(a->ctx, a->o->file, e->row, EDIT_MODE_LEFT, JX_I(end + 1), JX_S(jx_mode_name((jx_mode)m)), JX_R(e->join_m, 0));
        }
    }
}

/* ---- cutting --------------------------------------------------------------------------------------------------------------------------- */

static jx_pt between(jx_pt a, jx_pt b, double t) {
    return (jx_pt){(int32_t)rint(a.lon + t * ((double)b.lon - a.lon)), (int32_t)rint(a.lat + t * ((double)b.lat - a.lat))};
}

static jx_status line_of(jx__apply *a, uint32_t edge, uint32_t *at) {
    const jx_network *net = a->base;
    *at = jx_map64_get(&a->line_of, edge);
    if (*at == JX_NONE) {
        jx__line l = {.edge = edge, .road = JX_NONE, .pts = net->geom + net->geom_off[edge], .length_mm = net->length_mm[edge]};
        l.n_pts = (uint32_t)(net->geom_off[edge + 1] - net->geom_off[edge]);
        *at = (uint32_t)a->lines.n;
        JX_TRY(jx_vec_push(a->ctx, &a->lines, l));
        JX_TRY(jx_map64_put(a->ctx, &a->line_of, edge, *at));
    }
    return JX_OK;
}

static jx_status new_node(jx__apply *a, jx_pt pt, uint32_t *node) {
    if (a->nodes.n >= JX_EDITED_NODES) {
        return JX_FAIL(a->ctx, EDIT_MANY, JX_I(JX_EDITED_NODES));
    }
    *node = a->base->n_nodes + (uint32_t)a->nodes.n;
    return jx_vec_push(a->ctx, &a->nodes, pt);
}

/* The node at a place of a line: one that is there, or a new one. */
static jx_status cut(jx__apply *a, jx__line *l, uint32_t seg, double t, jx__cut *out) {
    uint64_t mm = 0;
    for (uint32_t i = 0; i < seg; i++) {
        mm += jx_seg_mm(l->pts[i], l->pts[i + 1]);
    }
    mm += (uint64_t)(t * jx_seg_mm(l->pts[seg], l->pts[seg + 1]) + 0.5);
    uint32_t pos = mm > l->length_mm ? l->length_mm : (uint32_t)mm;
    if (l->edge != JX_NONE && (pos == 0 || pos == l->length_mm)) {
        uint32_t node = pos == 0 ? a->base->from[l->edge] : a->base->to[l->edge];
        *out = (jx__cut){pos, seg, node, a->base->node[node]};
        return JX_OK;
    }
    for (size_t i = 0; i < l->cuts.n; i++) {
        if (l->cuts.v[i].pos_mm == pos) {
            *out = l->cuts.v[i];
            return JX_OK;
        }
    }
    *out = (jx__cut){pos, seg, JX_NONE, between(l->pts[seg], l->pts[seg + 1], t)};
    JX_TRY(new_node(a, out->pt, &out->node));
    return jx_vec_push(a->ctx, &l->cuts, *out);
}

/* ---- the road -------------------------------------------------------------------------------------------------------------------------- */

static jx_status join_end(jx__apply *a, const search *q, jx_pt given, jx_road_end *end, uint32_t *node, jx_pt *pt) {
    jx__cut c;
    *end = (jx_road_end){JX_NONE, JX_NONE, 0};
    *pt = given;
    if (q->edge == JX_NONE && q->line == JX_NONE) {
        return new_node(a, given, node);
    }
    uint32_t line = q->line;
    if (line == JX_NONE) {
        JX_TRY(line_of(a, q->edge, &line));
    }
    JX_TRY(cut(a, &a->lines.v[line], q->seg, q->t, &c));
    *node = c.node;
    *pt = c.pt;
    *end = (jx_road_end){a->lines.v[line].edge, a->lines.v[line].road, q->best_m};
    return JX_OK;
}

/* The way: joint, the points given, joint; a point twice in a row is one. */
static jx_status lay(jx__apply *a, const jx_edit *e, jx_pt first, jx_pt last, jx__line *l) {
    jx_pt *pts = jx_malloc(a->ctx, (size_t)e->n_pts + 2, sizeof *pts);
    if (!pts || jx_vec_push(a->ctx, &a->owned, pts) != JX_OK) {
        jx_free(a->ctx, pts);
        return JX_E_NOMEM;
    }
    uint32_t n = 0;
    uint64_t mm = 0;
    for (uint32_t i = 0; i < e->n_pts + 2; i++) {
        jx_pt p = i == 0 ? first : i == e->n_pts + 1 ? last : e->pts[i - 1];
        if (n == 0 || p.lon != pts[n - 1].lon || p.lat != pts[n - 1].lat) {
            mm += n ? jx_seg_mm(pts[n - 1], p) : 0;
            pts[n++] = p;
        }
    }
    l->pts = pts;
    l->n_pts = n;
    l->length_mm = mm > 4000000000u ? 0 : (uint32_t)mm;
    return l->length_mm >= 2 ? JX_OK : JX_FAIL_ROW(a->ctx, a->o->file, e->row, EDIT_POINTS, JX_I(e->n_pts));
}

/* A road between two old nodes gets a node halfway: the hierarchy grows by nodes, not by arcs between old ones. */
static jx_status halve(jx__apply *a, jx__line *l) {
    uint32_t half = l->length_mm / 2, mm = 0, seg = 0, d = jx_seg_mm(l->pts[0], l->pts[1]);
    while (mm + d < half) {
        mm += d;
        seg++;
        d = jx_seg_mm(l->pts[seg], l->pts[seg + 1]);
    }
    jx__cut c = {half, seg, JX_NONE, between(l->pts[seg], l->pts[seg + 1], (double)(half - mm) / d)};
    JX_TRY(new_node(a, c.pt, &c.node));
    return jx_vec_push(a->ctx, &l->cuts, c);
}

jx_status jx__road_add(jx__apply *a, const jx_edit *e, uint32_t road) {
    uint8_t need = jx__both_ways(e->access);
    jx_pt given[2] = {e->pts[0], e->pts[e->n_pts - 1]}, at[2];
    uint32_t node[2], street;
    jx__two_ends ends;
    uint8_t left[2];
    search q[2] = {nearest(a, given[0], need, e->join_m, &left[0]), nearest(a, given[1], need, e->join_m, &left[1])};
    if (q[0].edge == JX_NONE && q[0].line == JX_NONE && q[1].edge == JX_NONE && q[1].line == JX_NONE) {
        return JX_FAIL_ROW(a->ctx, a->o->file, e->row, EDIT_FAR, JX_R(e->join_m, 0));
    }
    for (int i = 0; i < 2; i++) {
        if (q[i].edge != JX_NONE || q[i].line != JX_NONE) {
            tell_left(a, e, i, left[i]);
        }
        JX_TRY(join_end(a, &q[i], given[i], &ends.end[i], &node[i], &at[i]));
    }
    jx__line l = {.edge = JX_NONE, .road = road};
    JX_TRY(lay(a, e, at[0], at[1], &l));
    JX_TRY(jx_vec_push(a->ctx, &a->ends, ends));
    JX_TRY(jx__street_at(a, JX_NONE, road, &street));
    JX_TRY(jx_vec_push(a->ctx, &a->lines, l));
    jx__line *mine = &a->lines.v[a->lines.n - 1];
    JX_TRY(jx_vec_push(a->ctx, &mine->cuts, (jx__cut){0, 0, node[0], at[0]}));
    JX_TRY(jx_vec_push(a->ctx, &mine->cuts, (jx__cut){l.length_mm, l.n_pts - 2, node[1], at[1]}));
    return node[0] < a->base->n_nodes && node[1] < a->base->n_nodes ? halve(a, mine) : JX_OK;
}
