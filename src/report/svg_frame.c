/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The frame of all maps: plane metres -> pixels, numbers to a tenth, geometry thinned to a pixel. */
#include <math.h>

#include "report/svg_internal.h"

void jx__num(jx_buf *b, double v) {
    double r = floor(v * 10 + 0.5) / 10;
    jx_buf_fixed(b, r == 0 ? 0 : r, r == floor(r) ? 0 : 1); /* never "-0" */
}

/* What the map has to show: the area, or where only a box is known the cells in it. */
static jx_box extent(const jx_county *c) {
    const jx_area *a = &c->areas[c->study];
    if (!a->is_box || c->cells.n == 0) {
        return a->shape.box;
    }
    jx_box b = JX_BOX_EMPTY;
    for (uint32_t i = 0; i < c->cells.n; i++) {
        if (c->cells.shape) {
            jx_box_join(&b, c->cells.shape[i].box);
        } else {
            jx_box_add(&b, c->cells.pt[i]);
        }
    }
    return c->cells.shape ? b : jx_box_grow(b, c->grid.size_m);
}

jx__frame jx__frame_of(const jx_county *c) {
    enum { MAX_W = 560, MAX_H = 760, MIN_W = 380, MIN_H = 420, MARGIN = 14 };
    jx_box b = extent(c);
    double x0 = HUGE_VAL, y0 = HUGE_VAL, x1 = -HUGE_VAL, y1 = -HUGE_VAL;
    const jx_pt corner[4] = {
        {b.min_lon, b.min_lat}, {b.max_lon, b.min_lat}, {b.max_lon, b.max_lat}, {b.min_lon, b.max_lat}};
    for (int i = 0; i < 4; i++) {
        double x, y;
        jx_plane_pt(&c->grid.plane, corner[i], &x, &y);
        x0 = x < x0 ? x : x0;
        x1 = x > x1 ? x : x1;
        y0 = y < y0 ? y : y0;
        y1 = y > y1 ? y : y1;
    }
    double w = x1 - x0 > 100 ? x1 - x0 : 100, h = y1 - y0 > 100 ? y1 - y0 : 100;
    double scale = fmin((MAX_W - 2 * MARGIN) / w, (MAX_H - 2 * MARGIN) / h);
    jx__frame f = {.plane = &c->grid.plane,
                   .scale = scale,
                   .width = ceil(w * scale) + 2 * MARGIN,
                   .height = ceil(h * scale) + 2 * MARGIN};
    f.width = f.width < MIN_W ? MIN_W : f.width;
    f.height = f.height < MIN_H ? MIN_H : f.height;
    f.x0 = x0 - (f.width / scale - w) / 2;
    f.y1 = y1 + (f.height / scale - h) / 2;
    return f;
}

void jx__px(const jx__frame *f, jx_pt p, double *x, double *y) {
    double mx, my;
    jx_plane_pt(f->plane, p, &mx, &my);
    *x = (mx - f->x0) * f->scale;
    *y = (f->y1 - my) * f->scale;
}

/* Tenths of a pixel from the last point, or from the frame's corner: shorter than absolute coordinates. */
static void step(jx_buf *b, int64_t dx, int64_t dy) {
    jx__num(b, (double)dx / 10);
    if (dy >= 0) {
        jx_buf_char(b, ' ');
    }
    jx__num(b, (double)dy / 10);
}

jx_status jx__path(jx_ctx *ctx, jx_buf *b, const jx__frame *f, const jx_pt *pts, uint32_t n, bool closed) {
    uint32_t *keep = jx_malloc(ctx, n, sizeof *keep), k = 0;
    jx_status st = keep ? jx_simplify(ctx, pts, n, 0.6 / f->scale, keep, &k) : JX_E_NOMEM;
    if (st == JX_OK && k >= (closed ? 4u : 2u)) {
        int64_t lx = 0, ly = 0;
        for (uint32_t i = 0; i < k - (closed ? 1 : 0); i++) {
            double x, y;
            jx__px(f, pts[keep[i]], &x, &y);
            int64_t tx = (int64_t)floor(x * 10 + 0.5), ty = (int64_t)floor(y * 10 + 0.5);
            if (i && tx == lx && ty == ly) {
                continue;
            }
            jx_buf_char(b, i ? 'l' : 'M');
            step(b, tx - lx, ty - ly);
            lx = tx;
            ly = ty;
        }
        jx_buf_str(b, closed ? "z" : "");
    }
    jx_free(ctx, keep);
    return st;
}

jx_status jx__mpoly_path(jx_ctx *ctx, jx_buf *b, const jx__frame *f, const jx_mpoly *m) {
    for (uint32_t r = 0; r < m->n_rings; r++) {
        JX_TRY(jx__path(ctx, b, f, m->pts + m->ring_off[r], m->ring_off[r + 1] - m->ring_off[r], true));
    }
    return JX_OK;
}

/* ---- text ---------------------------------------------------------------------------------------------------- */

void jx__text_at(jx_buf *b, double x, double y, const char *attrs) {
    jx_buf_str(b, "<text x=\"");
    jx__num(b, x);
    jx_buf_str(b, "\" y=\"");
    jx__num(b, y);
    jx_buf_str(b, "\"");
    if (*attrs) {
        jx_buf_fmt(b, " %s", attrs);
    }
    jx_buf_char(b, '>');
}

void jx__text_both_args(const jx__page *p, double x, double y, const char *attrs, const char *msgid, uint32_t n,
                        const jx_arg *args) {
    for (int zh = 0; zh < 2; zh++) {
        jx_buf t;
        jx_buf_init(&t, p->ctx);
        jx_render(&t, zh ? jx_tr(p->o->zh, msgid) : msgid, n, args);
        if (jx_buf_ok(&t) == JX_OK) {
            jx_buf_fmt(p->b, "<g class=\"%s\">", zh ? "zh" : "en");
            jx__text_at(p->b, x, y, attrs);
            jx__escape(p->b, t.n ? t.s : "");
            jx_buf_str(p->b, "</text></g>");
        } else {
            p->b->failed = true;
        }
        jx_buf_release(&t);
    }
}

void jx__text_both(const jx__page *p, double x, double y, const char *attrs, const char *msgid) {
    jx__text_both_args(p, x, y, attrs, msgid, 0, NULL);
}

const char *jx__words_in(const jx__page *p, jx__words w, bool zh) {
    return !zh ? w.en : w.zh ? w.zh : jx_tr(p->o->zh, w.en);
}

void jx__text_words(const jx__page *p, double x, double y, const char *attrs, jx__words w) {
    for (int zh = 0; zh < 2; zh++) {
        jx_buf_fmt(p->b, "<g class=\"%s\">", zh ? "zh" : "en");
        jx__text_at(p->b, x, y, attrs);
        jx__escape(p->b, jx__words_in(p, w, zh));
        jx_buf_str(p->b, "</text></g>");
    }
}
