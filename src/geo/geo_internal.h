/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Exact predicates on positions, shared by the polygon files. */
#ifndef JX_GEO_INTERNAL_H
#define JX_GEO_INTERNAL_H

#include "junxian/geo.h"

__extension__ typedef __int128 jx__wide; /* products of two coordinate differences need 65 bits */

/** Sign of the turn a -> b -> c: 1 left, -1 right, 0 straight. Exact. */
static inline int jx__turn(jx_pt a, jx_pt b, jx_pt c) {
    jx__wide v = (jx__wide)((int64_t)b.lon - a.lon) * ((int64_t)c.lat - a.lat) -
                 (jx__wide)((int64_t)b.lat - a.lat) * ((int64_t)c.lon - a.lon);
    return (v > 0) - (v < 0);
}
static inline bool jx__same(jx_pt a, jx_pt b) {
    return a.lon == b.lon && a.lat == b.lat;
}
static inline bool jx__less(jx_pt a, jx_pt b) {
    return a.lon < b.lon || (a.lon == b.lon && a.lat < b.lat);
}

/** p on the closed segment a-b. Exact. */
static inline bool jx__on_segment(jx_pt p, jx_pt a, jx_pt b) {
    return p.lon >= (a.lon < b.lon ? a.lon : b.lon) && p.lon <= (a.lon > b.lon ? a.lon : b.lon) &&
           p.lat >= (a.lat < b.lat ? a.lat : b.lat) && p.lat <= (a.lat > b.lat ? a.lat : b.lat) &&
           jx__turn(a, b, p) == 0;
}

/** One edge's part in an even-odd test: 1 toggles, 0 not, -1 p lies on it. Half-open in latitude. Exact. */
static inline int jx__ray(jx_pt p, jx_pt a, jx_pt b) {
    if (jx__on_segment(p, a, b)) {
        return -1;
    }
    if ((a.lat > p.lat) == (b.lat > p.lat)) {
        return 0;
    }
    return (jx__turn(a, b, p) > 0) == (b.lat > a.lat) ? 1 : 0;
}

/** Even-odd test of one closed ring: 1 inside, 0 outside, -1 on it. */
int jx__ring_has(const jx_pt *pts, uint32_t n, jx_pt p);
/** Twice the signed area in squared 1e-7 degrees; positive counter-clockwise. */
double jx__ring_area2(const jx_pt *pts, uint32_t n);
/** As jx_prepared_has, with -1 for points on an edge. */
int jx__prepared_where(const jx_prepared *p, jx_pt q);

typedef struct jx__seg {
    jx_pt a, b;
} jx__seg;
/** Counts pairs of segments that cross (not: touch) into rep->crossings; rep->where is where the first pair does. */
jx_status jx__crossings(jx_ctx *ctx, const jx__seg *segs, size_t n, jx_assembly_report *rep) JX_MUST_USE;

#endif
