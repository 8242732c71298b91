/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Segments that cross one another: how many pairs, and where the first pair does. Touching is not crossing. */
#include <math.h>

#include "geo/geo_internal.h"

typedef struct search {
    const jx__seg *segs;
    uint32_t i, first; /* the segment asked about; the lowest later one that crosses it */
    jx_assembly_report *rep;
} search;

static bool crosses(const jx__seg *s, const jx__seg *t) {
    return jx__turn(s->a, s->b, t->a) * jx__turn(s->a, s->b, t->b) < 0 &&
           jx__turn(t->a, t->b, s->a) * jx__turn(t->a, t->b, s->b) < 0;
}

static bool look(void *user, uint32_t k) {
    search *s = user;
    if (k > s->i && crosses(&s->segs[s->i], &s->segs[k])) {
        s->rep->crossings++;
        s->first = k < s->first ? k : s->first;
    }
    return true;
}

static jx_box box_of(const jx__seg *s) {
    jx_box b = {s->a.lon, s->a.lat, s->a.lon, s->a.lat};
    jx_box_add(&b, s->b);
    return b;
}

static jx_pt meeting_point(const jx__seg *s, const jx__seg *t) {
    double sx = (double)s->b.lon - s->a.lon, sy = (double)s->b.lat - s->a.lat, tx = (double)t->b.lon - t->a.lon,
           ty = (double)t->b.lat - t->a.lat, ox = (double)t->a.lon - s->a.lon, oy = (double)t->a.lat - s->a.lat;
    double den = sx * ty - sy * tx, u = den != 0 ? (ox * ty - oy * tx) / den : 0;
    u = u < 0 ? 0 : u > 1 ? 1 : u;
    return (jx_pt){(int32_t)rint(s->a.lon + u * sx), (int32_t)rint(s->a.lat + u * sy)};
}

/* Few segments are compared with one another; many through an index of their boxes. */
jx_status jx__crossings(jx_ctx *ctx, const jx__seg *segs, size_t n, jx_assembly_report *rep) {
    enum { FEW = 48 };
    jx_rtree *tree = NULL;
    if (n > FEW) {
        jx_box *boxes = jx_malloc(ctx, n, sizeof *boxes);
        if (!boxes) {
            return JX_E_NOMEM;
        }
        for (size_t i = 0; i < n; i++) {
            boxes[i] = box_of(&segs[i]);
        }
        jx_status st = jx_rtree_build(ctx, boxes, (uint32_t)n, &tree);
        jx_free(ctx, boxes);
        JX_TRY(st);
    }
    bool found = false;
    for (uint32_t i = 0; i < n; i++) {
        search s = {segs, i, JX_NONE, rep};
        if (tree) {
            jx_rtree_query(tree, box_of(&segs[i]), look, &s);
        } else {
            for (uint32_t k = i + 1; k < n; k++) {
                look(&s, k);
            }
        }
        if (s.first != JX_NONE && !found) {
            found = true;
            rep->where = meeting_point(&segs[i], &segs[s.first]);
        }
    }
    jx_rtree_free(ctx, tree);
    return JX_OK;
}
