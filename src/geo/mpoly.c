/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Multipolygons: containment, area, label point, copies. */
#include <math.h>

#include "geo/geo_internal.h"
#include "junxian/num.h"

void jx_mpoly_release(jx_ctx *ctx, jx_mpoly *m) {
    jx_free(ctx, m->pts);
    jx_free(ctx, m->ring_off);
    jx_free(ctx, m->part_off);
    *m = (jx_mpoly){0};
}

static void *copy_block(jx_ctx *ctx, const void *p, size_t n, size_t size) {
    void *out = jx_malloc(ctx, n, size);
    if (out && n) {
        memcpy(out, p, n * size);
    }
    return out;
}

jx_status jx_mpoly_copy(jx_ctx *ctx, const jx_mpoly *m, jx_mpoly *out) {
    static const uint32_t zero = 0;
    *out = *m;
    out->pts = copy_block(ctx, m->pts, m->n_pts, sizeof *m->pts);
    out->ring_off = copy_block(ctx, m->ring_off ? m->ring_off : &zero, (size_t)m->n_rings + 1, sizeof *m->ring_off);
    out->part_off = copy_block(ctx, m->part_off ? m->part_off : &zero, (size_t)m->n_parts + 1, sizeof *m->part_off);
    if (!out->pts || !out->ring_off || !out->part_off) {
        jx_mpoly_release(ctx, out);
        return JX_E_NOMEM;
    }
    return JX_OK;
}

int jx__ring_has(const jx_pt *pts, uint32_t n, jx_pt p) {
    int inside = 0;
    for (uint32_t i = 0; i + 1 < n; i++) {
        int r = jx__ray(p, pts[i], pts[i + 1]);
        if (r < 0) {
            return -1;
        }
        inside ^= r;
    }
    return inside;
}

bool jx_mpoly_has(const jx_mpoly *m, jx_pt p) {
    if (!jx_box_has(m->box, p)) {
        return false;
    }
    int inside = 0;
    for (uint32_t r = 0; r < m->n_rings; r++) {
        int in = jx__ring_has(m->pts + m->ring_off[r], m->ring_off[r + 1] - m->ring_off[r], p);
        if (in < 0) {
            return true;
        }
        inside ^= in;
    }
    return inside != 0;
}

double jx__ring_area2(const jx_pt *pts, uint32_t n) {
    double sum = 0; /* relative to the first point: less cancellation */
    for (uint32_t i = 0; i + 1 < n; i++) {
        double ax = (double)pts[i].lon - pts[0].lon, ay = (double)pts[i].lat - pts[0].lat;
        double bx = (double)pts[i + 1].lon - pts[0].lon, by = (double)pts[i + 1].lat - pts[0].lat;
        sum += ax * by - ay * bx;
    }
    return sum;
}

double jx_mpoly_area_m2(const jx_mpoly *m) {
    if (!m->n_rings) {
        return 0;
    }
    jx_plane pl;
    jx_plane_init(&pl, ((double)m->box.min_lon + m->box.max_lon) / 2e7,
                  ((double)m->box.min_lat + m->box.max_lat) / 2e7);
    double sum = 0;
    for (uint32_t r = 0; r < m->n_rings; r++) {
        double px = 0, py = 0, ring = 0;
        for (uint32_t i = m->ring_off[r]; i < m->ring_off[r + 1]; i++) {
            double x, y;
            jx_plane_pt(&pl, m->pts[i], &x, &y);
            if (i > m->ring_off[r]) {
                ring += px * y - py * x;
            }
            px = x;
            py = y;
        }
        sum += ring; /* holes run clockwise and subtract themselves */
    }
    return sum / 2;
}

/* Squared distance to the nearest edge on a flat map around the box; for labels that is exact enough. */
static double clearance2(const jx_mpoly *m, double x, double y, double kx) {
    double best = HUGE_VAL;
    for (uint32_t r = 0; r < m->n_rings; r++) {
        for (uint32_t i = m->ring_off[r]; i + 1 < m->ring_off[r + 1]; i++) {
            double ax = m->pts[i].lon * kx, ay = m->pts[i].lat, bx = m->pts[i + 1].lon * kx - ax,
                   by = (double)m->pts[i + 1].lat - ay;
            double px = x - ax, py = y - ay, len = bx * bx + by * by, t = len > 0 ? (px * bx + py * by) / len : 0;
            t = t < 0 ? 0 : t > 1 ? 1 : t;
            double dx = px - t * bx, dy = py - t * by, d = dx * dx + dy * dy;
            best = d < best ? d : best;
        }
    }
    return best;
}

/* The longitude of the first edge crossed by latitude `lat` east of `lon`; HUGE_VAL: none. */
static double next_crossing(const jx_mpoly *m, double lat, double lon) {
    double best = HUGE_VAL;
    for (uint32_t r = 0; r < m->n_rings; r++) {
        for (uint32_t i = m->ring_off[r]; i + 1 < m->ring_off[r + 1]; i++) {
            jx_pt a = m->pts[i], b = m->pts[i + 1];
            if ((a.lat > lat) != (b.lat > lat)) {
                double x = a.lon + (lat - a.lat) / ((double)b.lat - a.lat) * ((double)b.lon - a.lon);
                best = x > lon && x < best ? x : best;
            }
        }
    }
    return best;
}

/* Slender or bent areas that no point of the raster hits: the middle of the widest chord of some parallels. */
static jx_pt middle_of_chord(const jx_mpoly *m, int steps) {
    jx_pt at = m->pts[0];
    double widest = 0;
    for (int i = 1; i < steps; i++) {
        double lat = floor(m->box.min_lat + ((double)m->box.max_lat - m->box.min_lat) * i / steps) + 0.5;
        double x = next_crossing(m, lat, -HUGE_VAL);
        for (int k = 0; k < steps && x < HUGE_VAL; k++) {
            double e = next_crossing(m, lat, x);
            if (e == HUGE_VAL) {
                break;
            }
            jx_pt p = {(int32_t)((x + e) / 2), (int32_t)lat};
            if (e - x > widest && jx_mpoly_has(m, p)) {
                widest = e - x;
                at = p;
            }
            x = e;
        }
    }
    return at;
}

jx_pt jx_mpoly_label_point(const jx_mpoly *m) {
    if (!m->n_rings) {
        return (jx_pt){0, 0};
    }
    enum { STEPS = 12 };
    double kx = jx_cos(((double)m->box.min_lat + m->box.max_lat) / 2e7 * (JX_PI / 180)), best = -1;
    jx_pt at = {0, 0};
    double w = (double)m->box.max_lon - m->box.min_lon, h = (double)m->box.max_lat - m->box.min_lat;
    for (int i = 1; i < STEPS; i++) {
        for (int j = 1; j < STEPS; j++) {
            jx_pt p = {(int32_t)(m->box.min_lon + w * j / STEPS), (int32_t)(m->box.min_lat + h * i / STEPS)};
            if (!jx_mpoly_has(m, p)) {
                continue;
            }
            double d = clearance2(m, p.lon * kx, p.lat, kx);
            if (d > best) {
                best = d;
                at = p;
            }
        }
    }
    return best < 0 ? middle_of_chord(m, STEPS) : at;
}

jx_status jx_mpoly_from_box(jx_ctx *ctx, jx_box b, jx_mpoly *out) {
    const jx_pt ring[5] = {{b.min_lon, b.min_lat},
                           {b.max_lon, b.min_lat},
                           {b.max_lon, b.max_lat},
                           {b.min_lon, b.max_lat},
                           {b.min_lon, b.min_lat}};
    uint32_t ring_off[2] = {0, 5}, part_off[2] = {0, 1};
    const jx_mpoly m = {(jx_pt *)(uintptr_t)ring, ring_off, part_off, 5, 1, 1, b};
    return jx_mpoly_copy(ctx, &m, out);
}
