/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Packed Hilbert R-tree: items in the order of their centres on a Hilbert curve, 16 to a node, levels one after
 * another. */
#include <math.h>

#include "geo/geo_internal.h"
#include "junxian/num.h"

enum { FAN = 16, MAX_LEVELS = 9 };

struct jx_rtree {
    uint32_t n, n_levels;
    uint32_t first[MAX_LEVELS + 1]; /* of each level in box[]; level 0 are the items in Hilbert order */
    jx_box *box;
    uint32_t *item; /* level 0 position -> caller's index */
};

/* Hilbert distance of (x, y), 16 bits each, by the bit-interleaving of quadrant states. */
static uint32_t hilbert(uint32_t x, uint32_t y) {
    uint32_t d = 0;
    for (uint32_t s = 1u << 15; s > 0; s >>= 1) {
        uint32_t rx = (x & s) ? 1 : 0, ry = (y & s) ? 1 : 0;
        d += s * s * ((3 * rx) ^ ry);
        if (!ry) {
            if (rx) {
                x = 0xffff - (x & 0xffff);
                y = 0xffff - (y & 0xffff);
            }
            uint32_t t = x;
            x = y;
            y = t;
        }
    }
    return d;
}

static uint32_t cell16(int64_t v2, int64_t lo2, int64_t span2) {
    return (uint32_t)((v2 - lo2) * 65535 / (span2 ? span2 : 1));
}

static jx_status sort_items(jx_ctx *ctx, const jx_box *boxes, uint32_t n, uint32_t *item) {
    jx_box all = JX_BOX_EMPTY;
    for (uint32_t i = 0; i < n; i++) {
        jx_box_join(&all, boxes[i]);
        item[i] = i;
    }
    uint64_t *key = jx_malloc(ctx, n, sizeof *key), *tmp = jx_malloc(ctx, n, sizeof *tmp);
    uint32_t *tmp_item = jx_malloc(ctx, n, sizeof *tmp_item);
    jx_status st = key && tmp && tmp_item ? JX_OK : JX_E_NOMEM;
    if (st == JX_OK) {
        int64_t w = 2 * ((int64_t)all.max_lon - all.min_lon), h = 2 * ((int64_t)all.max_lat - all.min_lat);
        for (uint32_t i = 0; i < n; i++) {
            key[i] = hilbert(cell16((int64_t)boxes[i].min_lon + boxes[i].max_lon, 2 * (int64_t)all.min_lon, w),
                             cell16((int64_t)boxes[i].min_lat + boxes[i].max_lat, 2 * (int64_t)all.min_lat, h));
        }
        jx_sort_u64_u32(key, item, tmp, tmp_item, n);
    }
    jx_free(ctx, key);
    jx_free(ctx, tmp);
    jx_free(ctx, tmp_item);
    return st;
}

jx_status jx_rtree_build(jx_ctx *ctx, const jx_box *boxes, uint32_t n, jx_rtree **out) {
    jx_rtree *t = jx_calloc(ctx, 1, sizeof *t);
    if (!t) {
        return JX_E_NOMEM;
    }
    t->n = n;
    uint32_t total = 0;
    for (uint32_t count = n;; count = (count + FAN - 1) / FAN) {
        t->first[t->n_levels++] = total;
        total += count;
        if (count <= 1) {
            break;
        }
    }
    t->first[t->n_levels] = total;
    t->box = jx_malloc(ctx, total, sizeof *t->box);
    t->item = jx_malloc(ctx, n, sizeof *t->item);
    jx_status st = t->box && t->item ? sort_items(ctx, boxes, n, t->item) : JX_E_NOMEM;
    if (st != JX_OK) {
        jx_rtree_free(ctx, t);
        return st;
    }
    for (uint32_t i = 0; i < n; i++) {
        t->box[i] = boxes[t->item[i]];
    }
    for (uint32_t l = 1; l < t->n_levels; l++) {
        uint32_t below = t->first[l - 1], end = t->first[l];
        for (uint32_t k = 0; k < t->first[l + 1] - t->first[l]; k++) {
            jx_box b = JX_BOX_EMPTY;
            for (uint32_t i = below + k * FAN; i < end && i < below + (k + 1) * FAN; i++) {
                jx_box_join(&b, t->box[i]);
            }
            t->box[t->first[l] + k] = b;
        }
    }
    *out = t;
    return JX_OK;
}

void jx_rtree_free(jx_ctx *ctx, jx_rtree *t) {
    if (t) {
        jx_free(ctx, t->box);
        jx_free(ctx, t->item);
        jx_free(ctx, t);
    }
}

/* Children of node k on level l lie on level l - 1 at [k * FAN, end). */
static uint32_t child_end(const jx_rtree *t, uint32_t l, uint32_t k) {
    uint32_t n_below = t->first[l] - t->first[l - 1], e = (k + 1) * FAN;
    return e < n_below ? e : n_below;
}

static bool query(const jx_rtree *t, uint32_t l, uint32_t k, jx_box q, bool (*fn)(void *, uint32_t), void *user) {
    if (!jx_box_meets(t->box[t->first[l] + k], q)) {
        return true;
    }
    if (l == 0) {
        return fn(user, t->item[k]);
    }
    for (uint32_t c = k * FAN, e = child_end(t, l, k); c < e; c++) {
        if (!query(t, l - 1, c, q, fn, user)) {
            return false;
        }
    }
    return true;
}

void jx_rtree_query(const jx_rtree *t, jx_box q, bool (*fn)(void *user, uint32_t item), void *user) {
    if (t->n) {
        query(t, t->n_levels - 1, 0, q, fn, user);
    }
}

typedef struct nearest_state {
    const jx_rtree *t;
    jx_pt p;
    double abs_lat, cos_lat, sin_lat; /* of p; radians and its functions, sine without sign */
    double best;
    uint32_t item;
    double (*dist)(void *, uint32_t, double);
    void *user;
} nearest_state;

/*
 * Lower bound of the distance to a box: the chord through the sphere, 2 sin(d/2) <= d, with sin(x/2) >= x/2 (1 -
 * x^2/24). Meridians draw together towards the poles: longitudes count with the cosine of the box's latitude farthest
 * from the equator, itself bounded from below by cos(a + d) >= cos(a)(1 - d^2/2) - sin(a) d. A little under, for
 * callers who measure on a map.
 */
static double bound(const nearest_state *s, jx_box b) {
    static const double unit = 1e-7 * JX_PI / 180, north = 6335439,
                        east = 6378137; /* least radii of curvature, at the equator */
    double dx = s->p.lon < b.min_lon   ? (double)b.min_lon - s->p.lon
                : s->p.lon > b.max_lon ? (double)s->p.lon - b.max_lon
                                       : 0;
    double dy = s->p.lat < b.min_lat   ? (double)b.min_lat - s->p.lat
                : s->p.lat > b.max_lat ? (double)s->p.lat - b.max_lat
                                       : 0;
    dx *= unit;
    dy *= unit;
    dx *= 1 - dx * dx / 24;
    dy *= (1 - dy * dy / 24) * north;
    if (dx > 0) {
        double far = -(double)b.min_lat > b.max_lat ? -(double)b.min_lat : b.max_lat;
        double d = far * unit - s->abs_lat;
        double c = d > 0 ? s->cos_lat * (1 - d * d / 2) - s->sin_lat * d : s->cos_lat;
        dx *= c > 0 ? c * east : 0;
    } else {
        dx = 0; /* opposite sides of the globe: no bound */
    }
    return sqrt(dx * dx + dy * dy) * 0.998;
}

static void search(nearest_state *s, uint32_t l, uint32_t k) {
    const jx_rtree *t = s->t;
    if (l == 0) {
        uint32_t item = t->item[k];
        double d = s->dist(s->user, item, s->best);
        if (d >= 0 && (d < s->best || (d == s->best && item < s->item))) {
            s->best = d;
            s->item = item;
        }
        return;
    }
    double d[FAN];
    uint32_t order[FAN], n = 0, c0 = k * FAN;
    for (uint32_t c = c0, e = child_end(t, l, k); c < e; c++, n++) {
        double v = bound(s, t->box[t->first[l - 1] + c]);
        uint32_t i = n;
        for (; i > 0 && d[i - 1] > v; i--) {
            d[i] = d[i - 1];
            order[i] = order[i - 1];
        }
        d[i] = v;
        order[i] = c;
    }
    for (uint32_t i = 0; i < n && d[i] <= s->best; i++) {
        search(s, l - 1, order[i]);
    }
}

uint32_t jx_rtree_nearest(const jx_rtree *t, jx_pt p, double max_m,
                          double (*dist)(void *user, uint32_t item, double best), void *user, double *best_m) {
    nearest_state s = {.t = t, .p = p, .best = max_m, .item = JX_NONE, .dist = dist, .user = user};
    s.abs_lat = fabs(jx_deg(p.lat)) * (JX_PI / 180);
    s.cos_lat = jx_cos(s.abs_lat);
    s.sin_lat = jx_sin(s.abs_lat);
    if (t->n) {
        search(&s, t->n_levels - 1, 0);
    }
    if (best_m) {
        *best_m = s.best;
    }
    return s.item;
}
