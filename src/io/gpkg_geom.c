/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** GeoPackage geometry blobs: a header with the envelope, then WKB. Little-endian out; either order in, every bound
 * checked. */
#include <math.h>

#include "junxian/io.h"

static void put_u32(jx_buf *b, uint32_t v) {
    const uint8_t p[4] = {(uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16), (uint8_t)(v >> 24)};
    jx_buf_add(b, p, 4);
}

static void put_f64(jx_buf *b, double d) {
    uint64_t v;
    uint8_t p[8];
    memcpy(&v, &d, 8);
    for (int i = 0; i < 8; i++) {
        p[i] = (uint8_t)(v >> (8 * i));
    }
    jx_buf_add(b, p, 8);
}

static void put_pt(jx_buf *b, jx_pt p) {
    put_f64(b, jx_deg(p.lon));
    put_f64(b, jx_deg(p.lat));
}

static void put_header(jx_buf *b, const jx_box *box) {
    bool empty = box && box->min_lon > box->max_lon; /* flagged, and without an envelope, as the standard has it */
    const uint8_t head[4] = {'G', 'P', 0, empty ? 0x11 : box ? 3 : 1}; /* little-endian, envelope xy or none */
    jx_buf_add(b, head, 4);
    put_u32(b, 4326);
    if (box && !empty) {
        put_f64(b, jx_deg(box->min_lon));
        put_f64(b, jx_deg(box->max_lon));
        put_f64(b, jx_deg(box->min_lat));
        put_f64(b, jx_deg(box->max_lat));
    }
}

static void put_wkb(jx_buf *b, uint32_t type) {
    jx_buf_char(b, 1);
    put_u32(b, type);
}

static void put_mpoly(jx_buf *b, const jx_mpoly *m) {
    put_header(b, m->n_pts ? &m->box : &JX_BOX_EMPTY);
    put_wkb(b, 6);
    put_u32(b, m->n_parts);
    for (uint32_t p = 0; p < m->n_parts; p++) {
        put_wkb(b, 3);
        put_u32(b, m->part_off[p + 1] - m->part_off[p]);
        for (uint32_t r = m->part_off[p]; r < m->part_off[p + 1]; r++) {
            put_u32(b, m->ring_off[r + 1] - m->ring_off[r]);
            for (uint32_t i = m->ring_off[r]; i < m->ring_off[r + 1]; i++) {
                put_pt(b, m->pts[i]);
            }
        }
    }
}

jx_status jx_gpkg_geom_write(jx_buf *b, const jx_layer *l, uint32_t row) {
    if (l->geom == JX_GEOM_POINT) {
        put_header(b, NULL);
        put_wkb(b, 1);
        put_pt(b, l->pt[row]);
    } else if (l->geom == JX_GEOM_LINE) {
        jx_box box = JX_BOX_EMPTY;
        uint64_t lo = l->line_off[row], hi = l->line_off[row + 1];
        for (uint64_t i = lo; i < hi; i++) {
            jx_box_add(&box, l->line_pts[i]);
        }
        put_header(b, &box);
        put_wkb(b, 2);
        put_u32(b, (uint32_t)(hi - lo));
        for (uint64_t i = lo; i < hi; i++) {
            put_pt(b, l->line_pts[i]);
        }
    } else {
        put_mpoly(b, &l->poly[row]);
    }
    return jx_buf_ok(b);
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

typedef struct reader {
    jx_ctx *ctx;
    const uint8_t *p, *end;
    bool little;
    JX_VEC(jx_pt) pts;
    JX_VEC(uint32_t) off;
} reader;

static bool take(reader *r, void *out, size_t n) {
    if ((size_t)(r->end - r->p) < n) {
        return false;
    }
    uint8_t *o = out;
    for (size_t i = 0; i < n; i++) { /* to the machine's order, which is little-endian on all we build for */
        o[i] = r->p[r->little ? i : n - 1 - i];
    }
    r->p += n;
    return true;
}

static bool take_pt(reader *r, jx_pt *out) {
    double x, y;
    return take(r, &x, 8) && take(r, &y, 8) && jx_pt_from_deg(x, y, out);
}

static bool wkb_head(reader *r, uint32_t *type) {
    if (r->p == r->end || *r->p > 1) {
        return false;
    }
    r->little = *r->p++ == 1;
    return take(r, type, 4);
}

static jx_status damaged(const reader *r) {
    return JX_FAIL0(r->ctx, GPKG_BLOB);
}

static jx_status polygon(reader *r) {
    uint32_t rings, n;
    if (!take(r, &rings, 4)) {
        return damaged(r);
    }
    for (uint32_t k = 0; k < rings; k++) {
        if (!take(r, &n, 4) || n == 0 || n > (size_t)(r->end - r->p) / 16) { /* never allocate for more than there is */
            return damaged(r);
        }
        JX_TRY(jx_vec_push(r->ctx, &r->off, (uint32_t)r->pts.n));
        for (uint32_t i = 0; i < n; i++) {
            jx_pt p;
            if (!take_pt(r, &p)) {
                return damaged(r);
            }
            JX_TRY(jx_vec_push(r->ctx, &r->pts, p));
        }
    }
    return JX_OK;
}

static jx_status geometry(reader *r, uint32_t type, jx_pt *pt, bool *is_point) {
    uint32_t parts, sub;
    if (type == 1) {
        *is_point = true;
        return take_pt(r, pt) ? JX_OK : damaged(r);
    }
    if (type == 3) {
        return polygon(r);
    }
    if (type != 6 || !take(r, &parts, 4)) {
        return damaged(r);
    }
    for (uint32_t i = 0; i < parts; i++) {
        if (!wkb_head(r, &sub) || sub != 3) {
            return damaged(r);
        }
        JX_TRY(polygon(r));
    }
    return JX_OK;
}

static jx_status to_mpoly(reader *r, jx_mpoly *out) {
    jx_line *lines = jx_malloc(r->ctx, r->off.n, sizeof *lines);
    if (!lines) {
        return JX_E_NOMEM;
    }
    for (size_t i = 0; i < r->off.n; i++) {
        uint32_t e = i + 1 < r->off.n ? r->off.v[i + 1] : (uint32_t)r->pts.n;
        lines[i] = (jx_line){r->pts.v + r->off.v[i], e - r->off.v[i]};
    }
    jx_status st = jx_mpoly_assemble(r->ctx, lines, r->off.n, out, NULL);
    jx_free(r->ctx, lines);
    return st;
}

jx_status jx_gpkg_geom_parse(jx_ctx *ctx, const void *p, size_t n, jx_mpoly *poly, jx_pt *pt, bool *is_point) {
    static const size_t envelope[8] = {0, 32, 48, 48, 64, SIZE_MAX, SIZE_MAX, SIZE_MAX};
    const uint8_t *b = p;
    reader r = {.ctx = ctx, .p = b, .end = b + n};
    uint32_t type = 0;
    *poly = (jx_mpoly){.box = JX_BOX_EMPTY};
    *is_point = false;
    if (n < 8 || b[0] != 'G' || b[1] != 'P' || envelope[b[3] >> 1 & 7] > n - 8) {
        return damaged(&r);
    }
    r.p += 8 + envelope[b[3] >> 1 & 7];
    jx_status st = wkb_head(&r, &type) ? geometry(&r, type, pt, is_point) : damaged(&r);
    if (st == JX_OK && !*is_point) {
        st = to_mpoly(&r, poly);
    }
    jx_vec_free(ctx, &r.pts);
    jx_vec_free(ctx, &r.off);
    return st;
}
