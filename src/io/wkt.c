/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** WKT polygons, as GIS layers hand them over: POLYGON and MULTIPOLYGON, in degrees; a third dimension is passed over. */
#include "junxian/io.h"

typedef struct reader {
    jx_ctx *ctx;
    const char *s;
    jx_crs crs;
    JX_VEC(jx_pt) pts;
    JX_VEC(uint32_t) off;
} reader;

static jx_status bad(const reader *r) { return JX_FAIL0(r->ctx, WKT_BAD); }

static bool eat(reader *r, char c) {
    while (*r->s == ' ') {
        r->s++;
    }
    if (*r->s != c) {
        return false;
    }
    r->s++;
    return true;
}

static bool number(reader *r, double *out) {
    while (*r->s == ' ') {
        r->s++;
    }
    size_t n = strcspn(r->s, " ,()");
    bool ok = n > 0 && n < 64 && jx_parse_double(r->s, n, out);
    r->s += n;
    return ok;
}

/* "(x y, x y, ...)" */
static jx_status ring(reader *r) {
    JX_TRY(jx_vec_push(r->ctx, &r->off, (uint32_t)r->pts.n));
    if (!eat(r, '(')) {
        return bad(r);
    }
    do {
        double x = 0, y = 0, z;
        jx_pt p;
        if (!number(r, &x) || !number(r, &y) || !(x >= -180 && x <= 180 && y >= -90 && y <= 90)) {
            return bad(r);
        }
        while (*r->s == ' ' && number(r, &z)) {
        }
        jx_to_wgs84(r->crs, &x, &y);
        if (!jx_pt_from_deg(x, y, &p)) {
            return bad(r);
        }
        JX_TRY(jx_vec_push(r->ctx, &r->pts, p));
    } while (eat(r, ','));
    return eat(r, ')') ? JX_OK : bad(r);
}

static jx_status polygon(reader *r) {
    if (!eat(r, '(')) {
        return bad(r);
    }
    do {
        JX_TRY(ring(r));
    } while (eat(r, ','));
    return eat(r, ')') ? JX_OK : bad(r);
}

static jx_status geometry(reader *r) {
    bool multi = strncmp(r->s, "MULTIPOLYGON", 12) == 0;
    if (!multi && strncmp(r->s, "POLYGON", 7) != 0) {
        return bad(r);
    }
    r->s += strcspn(r->s, "(");
    if (!multi) {
        return polygon(r);
    }
    if (!eat(r, '(')) {
        return bad(r);
    }
    do {
        JX_TRY(polygon(r));
    } while (eat(r, ','));
    return eat(r, ')') ? JX_OK : bad(r);
}

jx_status jx_wkt_polygon(jx_ctx *ctx, const char *wkt, jx_crs crs, jx_mpoly *out) {
    reader r = {.ctx = ctx, .s = wkt, .crs = crs};
    *out = (jx_mpoly){.box = JX_BOX_EMPTY};
    jx_status st = geometry(&r);
    jx_line *lines = st == JX_OK ? jx_malloc(ctx, r.off.n, sizeof *lines) : NULL;
    st = st == JX_OK && !lines ? JX_E_NOMEM : st;
    for (size_t i = 0; st == JX_OK && i < r.off.n; i++) {
        uint32_t e = i + 1 < r.off.n ? r.off.v[i + 1] : (uint32_t)r.pts.n;
        lines[i] = (jx_line){r.pts.v + r.off.v[i], e - r.off.v[i]};
    }
    if (st == JX_OK) {
        st = jx_mpoly_assemble(ctx, lines, r.off.n, out, NULL);
    }
    if (st == JX_OK && out->n_parts == 0) {
        jx_mpoly_release(ctx, out);
        st = bad(&r);
    }
    jx_free(ctx, lines);
    jx_vec_free(ctx, &r.pts);
    jx_vec_free(ctx, &r.off);
    return st;
}
