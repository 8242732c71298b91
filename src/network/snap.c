/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Joints: the nearest point on a usable edge, found in an R-tree over short pieces of edges. */
#include <math.h>

#include "network/overlay_internal.h"

enum { PIECE = 8 }; /* segments in one box of the tree */

typedef struct piece {
    uint32_t edge, first, n; /* points first .. first + n of the edge's geometry */
} piece;

typedef struct snapper {
    const jx_network *net;
    const jx_profile *p;
    uint8_t need; /* access bits of the mode */
    const uint8_t *only; /* edges asked for; NULL: all */
    jx_rtree *tree;
    JX_VEC(piece) pieces;
    const jx_pt *places;
    jx_snap *out;
} snapper;

static jx_status cut_pieces(jx_ctx *ctx, snapper *s) {
    const jx_network *net = s->net;
    JX_VEC(jx_box) boxes = {0};
    jx_status st = JX_OK;
    for (uint32_t e = 0; st == JX_OK && e < net->n_edges; e++) {
        bool island = (net->island[e] & (1u << s->p->mode)) != 0;
        if ((s->only && !s->only[e]) || !(net->access[e] & s->need) || island || net->cls[e] == JX_ROAD_BARRIER || net->cls[e] == JX_ROAD_FERRY) {
            continue;
        }
        uint32_t points = (uint32_t)(net->geom_off[e + 1] - net->geom_off[e]);
        for (uint32_t i = 0; st == JX_OK && i + 1 < points; i += PIECE) {
            uint32_t n = points - 1 - i < PIECE ? points - 1 - i : PIECE;
            jx_box b = JX_BOX_EMPTY;
            for (uint32_t k = 0; k <= n; k++) {
                jx_box_add(&b, net->geom[net->geom_off[e] + i + k]);
            }
            st = jx_vec_push(ctx, &s->pieces, (piece){e, i, n});
            if (st == JX_OK) {
                st = jx_vec_push(ctx, &boxes, b);
            }
        }
    }
    if (st == JX_OK) {
        st = jx_rtree_build(ctx, boxes.v, (uint32_t)boxes.n, &s->tree);
    }
    jx_vec_free(ctx, &boxes);
    return st;
}

/* One search: a place, its scale, and the best point on the best piece so far. */
typedef struct search {
    const snapper *s;
    jx_pt p;
    double kx, ky, best_m;
    uint32_t best_piece, best_seg;
    double best_t;
} search;

/* Distance to a piece; remembers where on it. Pieces of an edge are numbered along it, so ties go to the lower edge. */
static double piece_dist(void *user, uint32_t item, double best) {
    (void)best;
    search *q = user;
    const piece *pc = &q->s->pieces.v[item];
    const jx_pt *g = q->s->net->geom + q->s->net->geom_off[pc->edge] + pc->first;
    double least = HUGE_VAL, at = 0;
    uint32_t seg = 0;
    for (uint32_t i = 0; i < pc->n; i++) {
        double bx = ((double)g[i + 1].lon - g[i].lon) * q->kx, by = ((double)g[i + 1].lat - g[i].lat) * q->ky;
        double px = ((double)q->p.lon - g[i].lon) * q->kx, py = ((double)q->p.lat - g[i].lat) * q->ky;
        double len2 = bx * bx + by * by, t = len2 > 0 ? (px * bx + py * by) / len2 : 0;
        t = t < 0 ? 0 : t > 1 ? 1 : t;
        double dx = px - t * bx, dy = py - t * by, d = dx * dx + dy * dy;
        if (d < least) {
            least = d;
            seg = i;
            at = t;
        }
    }
    double d = sqrt(least);
    if (d < q->best_m || (d == q->best_m && item < q->best_piece)) {
        q->best_m = d;
        q->best_piece = item;
        q->best_seg = seg;
        q->best_t = at;
    }
    return d;
}

static void join(const search *q, jx_snap *out) {
    const jx_network *net = q->s->net;
    const piece *pc = &q->s->pieces.v[q->best_piece];
    const jx_pt *g = net->geom + net->geom_off[pc->edge];
    uint32_t seg = pc->first + q->best_seg;
    uint64_t mm = 0;
    for (uint32_t i = 0; i < seg; i++) {
        mm += jx_seg_mm(g[i], g[i + 1]);
    }
    mm += (uint64_t)(q->best_t * jx_seg_mm(g[seg], g[seg + 1]) + 0.5);
    out->edge = pc->edge;
    out->pos_mm = mm > net->length_mm[pc->edge] ? net->length_mm[pc->edge] : (uint32_t)mm;
    out->joint.lon = (int32_t)rint(g[seg].lon + q->best_t * ((double)g[seg + 1].lon - g[seg].lon));
    out->joint.lat = (int32_t)rint(g[seg].lat + q->best_t * ((double)g[seg + 1].lat - g[seg].lat));
}

/* m * detour at km/h: 1 m at 1 km/h takes 3600 ms */
uint32_t jx__offroad_ms(const jx_profile *p, double m) {
    double ms = m * p->offroad_detour * 3600 / p->offroad_kmh + 0.5;
    return ms < 4294967000.0 ? (uint32_t)ms : UINT32_MAX - 1;
}

static jx_status snap_range(jx_ctx *wctx, void *arg, size_t begin, size_t end, unsigned worker) {
    (void)wctx;
    (void)worker;
    snapper *s = arg;
    const jx_profile *p = s->p;
    for (size_t i = begin; i < end; i++) {
        search q = {.s = s, .p = s->places[i], .best_m = HUGE_VAL, .best_piece = JX_NONE};
        double limit = p->offroad_max_m * 10;
        jx_scale_at(q.p, &q.kx, &q.ky);
        s->out[i] = (jx_snap){.edge = JX_NONE, .offroad_mm = JX_NONE, .offroad_ms = JX_UNREACHABLE, .joint = q.p};
        if (jx_rtree_nearest(s->tree, q.p, limit, piece_dist, &q, NULL) == JX_NONE || q.best_m > limit) {
            continue;
        }
        s->out[i].offroad_mm = (uint32_t)(q.best_m * 1000 + 0.5);
        if (q.best_m <= p->offroad_max_m) {
            s->out[i].offroad_ms = jx__offroad_ms(p, q.best_m);
            join(&q, &s->out[i]);
        }
    }
    return JX_OK;
}

jx_status jx_snap_all(jx_ctx *ctx, const jx_network *net, const jx_metric *m, const jx_profile *p, const jx_pt *places, uint32_t n,
                      jx_snap *out) {
    return jx__snap_among(ctx, net, m->mode, p, NULL, places, n, out);
}

jx_status jx__snap_among(jx_ctx *ctx, const jx_network *net, jx_mode mode, const jx_profile *p, const uint8_t *only, const jx_pt *places,
                         uint32_t n, jx_snap *out) {
    snapper s = {.net = net, .p = p, .places = places, .out = out, .only = only};
    s.need = (uint8_t)(JX_ACCESS_BIT(mode, false) | JX_ACCESS_BIT(mode, true));
    jx_status st = cut_pieces(ctx, &s);
    if (st == JX_OK) {
        st = jx_parallel_for(ctx, n, 256, snap_range, &s);
    }
    jx_vec_free(ctx, &s.pieces);
    jx_rtree_free(ctx, s.tree);
    return st;
}
