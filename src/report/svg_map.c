/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * One map of cells by class: on the ground that all maps share its cells, its marks and names, and the legend inside the
 * frame; or two of one scale side by side.
 */
#include <math.h>

#include "report/svg_internal.h"

/* ---- classes --------------------------------------------------------------------------------------------------- */

const char *const jx__time_ramp[5] = {"#ffffd4", "#fed98e", "#fe9929", "#d95f0e", "#993404"};
const char *const jx__amount_ramp[5] = {"#ffffcc", "#a1dab4", "#41b6c4", "#2c7fb8", "#253494"};
const char *const jx__change_ramp[7] = {"#b35806", "#f1a340", "#fee0b6", "#f7f7f7", "#d1e5f0", "#67a9cf", "#2166ac"};

void jx__map_ramp(jx__map_spec *s, const char *const *ramp, const double *brk, uint32_t n) {
    s->n_classes = n;
    for (uint32_t i = 0; i < n; i++) {
        s->cls[i] = (jx__map_class){
            .fill = ramp[i], .lo = i ? brk[i - 1] : 0, .hi = i + 1 < n ? brk[i] : (double)INFINITY};
    }
}

uint8_t jx__map_class_of(double v, const double *brk, uint32_t n) {
    if (isnan(v) || isinf(v)) {
        return isnan(v) ? JX__CELL_NO_DATA : JX__CELL_UNREACHABLE;
    }
    uint8_t k = 0;
    while (k + 1u < n && v > brk[k]) {
        k++;
    }
    return k;
}

/* ---- cells ------------------------------------------------------------------------------------------------------ */

static bool on_grid(const jx_county *c) {
    return !c->cells.shape && c->people_source != JX_PEOPLE_TABLE;
}

static bool same_square(const jx_cells *s, uint32_t a, uint32_t b) {
    return s->row[a] == s->row[b] && s->col[a] == s->col[b];
}

/* Class to paint a cell in. A square on a township border is several cells: it is painted once, as most of
 * its people have it. */
static uint8_t paint_class(const jx__page *p, const uint8_t *of_cell, uint32_t i) {
    const jx_cells *s = &p->c->cells;
    if (!(s->people[i] > 0)) {
        return JX__CELL_BLANK;
    }
    for (uint32_t k = i; on_grid(p->c) && k > 0 && same_square(s, k - 1, i); k--) {
        if (s->people[k - 1] >= s->people[i]) {
            return JX__CELL_BLANK;
        }
    }
    for (uint32_t k = i + 1; on_grid(p->c) && k < s->n && same_square(s, k, i); k++) {
        if (s->people[k] > s->people[i]) {
            return JX__CELL_BLANK;
        }
    }
    return of_cell[i];
}

static void rect(jx_buf *b, double x, double y, double w, double h) {
    jx_buf_char(b, 'M');
    jx__num(b, x);
    jx_buf_char(b, ' ');
    jx__num(b, y);
    jx_buf_char(b, 'h');
    jx__num(b, w);
    jx_buf_char(b, 'v');
    jx__num(b, h);
    jx_buf_char(b, 'h');
    jx__num(b, -w);
    jx_buf_char(b, 'z');
}

static jx_status cell_path(const jx__page *p, const jx__frame *f, uint32_t i) {
    const jx_cells *s = &p->c->cells;
    if (s->shape) {
        return jx__mpoly_path(p->ctx, p->b, f, &s->shape[i]);
    }
    if (!on_grid(p->c)) { /* points of a table: a small square each */
        double x, y, side = fmax(4, fmin(16, 0.6 * sqrt(f->width * f->height / s->n)));
        jx__px(f, s->pt[i], &x, &y);
        rect(p->b, x - side / 2, y - side / 2, side, side);
        return JX_OK;
    }
    jx_pt ring[7];
    unsigned n = jx_grid_ring(&p->c->grid, s->col[i], s->row[i], ring);
    return jx__path(p->ctx, p->b, f, ring, n, true);
}

/* Squares side by side of one class become one rectangle, edges snapped so that neighbours meet without a seam. */
static uint32_t run_of_squares(const jx__page *p, const jx__frame *f, const uint8_t *cls, uint32_t i) {
    const jx_cells *s = &p->c->cells;
    uint32_t last = i, k = i + 1;
    for (; k < s->n && s->row[k] == s->row[i] && s->col[k] <= s->col[last] + 1; k++) {
        if (cls[k] == cls[i]) {
            last = k;
        } else if (cls[k] != JX__CELL_BLANK) {
            break;
        }
    }
    double x0, y0, x1, y1, half = p->c->grid.size_m * f->scale / 2;
    jx__px(f, jx_grid_center(&p->c->grid, s->col[i], s->row[i]), &x0, &y0);
    jx__px(f, jx_grid_center(&p->c->grid, s->col[last], s->row[last]), &x1, &y1);
    double left = floor((x0 - half) * 10 + 0.5) / 10, right = floor((x1 + half) * 10 + 0.5) / 10;
    double top = floor((y0 - half) * 10 + 0.5) / 10, bottom = floor((y0 + half) * 10 + 0.5) / 10;
    rect(p->b, left, top, right - left, bottom - top);
    return last;
}

static jx_status cells_of_class(const jx__page *p, const jx__frame *f, const uint8_t *cls, uint8_t k,
                                const char *fill) {
    bool squares = on_grid(p->c) && p->c->grid.kind == JX_GRID_SQUARE, any = false;
    for (uint32_t i = 0; i < p->c->cells.n; i++) {
        if (cls[i] != k) {
            continue;
        }
        if (!any) {
            jx_buf_fmt(p->b, "<path%s fill=\"%s\" d=\"", k < JX__MAP_CLASSES ? "" : " class=\"p\"", fill);
            any = true;
        }
        if (squares) {
            i = run_of_squares(p, f, cls, i);
        } else {
            JX_TRY(cell_path(p, f, i));
        }
    }
    jx_buf_str(p->b, any ? "\"/>" : "");
    return JX_OK;
}

static void count(const jx__page *p, const jx__map_spec *s, double people[JX__MAP_ROWS]) {
    memset(people, 0, JX__MAP_ROWS * sizeof *people);
    for (uint32_t i = 0; i < p->c->cells.n; i++) {
        uint8_t k = s->of_cell[i];
        if (k != JX__CELL_BLANK) {
            people[k == JX__CELL_UNREACHABLE ? JX__ROW_UNREACHABLE : k == JX__CELL_NO_DATA ? JX__ROW_NO_DATA : k] +=
                p->c->cells.people[i];
        }
    }
}

static jx_status cells(const jx__page *p, const jx__frame *f, const jx__map_spec *s) {
    uint8_t *cls = jx_malloc(p->ctx, p->c->cells.n, sizeof *cls);
    if (!cls) {
        return JX_E_NOMEM;
    }
    for (uint32_t i = 0; i < p->c->cells.n; i++) {
        cls[i] = paint_class(p, s->of_cell, i);
    }
    jx_buf_str(p->b, "<g class=\"cells\">");
    jx_status st = JX_OK;
    for (uint8_t k = 0; st == JX_OK && k < s->n_classes; k++) {
        st = cells_of_class(p, f, cls, k, s->cls[k].fill);
    }
    if (st == JX_OK) {
        st = cells_of_class(p, f, cls, JX__CELL_UNREACHABLE, "url(#dots)");
    }
    if (st == JX_OK) {
        st = cells_of_class(p, f, cls, JX__CELL_NO_DATA, "url(#hatch)");
    }
    jx_buf_str(p->b, "</g>");
    jx_free(p->ctx, cls);
    return st;
}

/* ---- marks -------------------------------------------------------------------------------------------------------- */

static void one_mark(const jx__page *p, const jx__frame *f, const jx__map_mark *m) {
    double x, y;
    jx__px(f, m->pt, &x, &y);
    if (!(x > 0 && x < f->width && y > 0 && y < f->height)) {
        return;
    }
    jx_buf_fmt(p->b, "<use href=\"#%s\" x=\"", m->symbol);
    jx__num(p->b, x);
    jx_buf_str(p->b, "\" y=\"");
    jx__num(p->b, y);
    jx_buf_str(p->b, "\"/>");
    if (m->number) {
        jx__text_at(p->b, x, y + 4, m->number < 10 ? "class=\"num\"" : "class=\"num two\"");
        jx_buf_fmt(p->b, "%u</text>", m->number);
    }
}

static void marks(const jx__page *p, const jx__frame *f, const jx__map_spec *s, bool fixed) {
    bool any = false;
    for (uint32_t i = 0; i < s->n_marks; i++) {
        if (s->mark[i].fixed == fixed) {
            jx_buf_str(p->b, any ? "" : "<g>");
            any = true;
            one_mark(p, f, &s->mark[i]);
        }
    }
    jx_buf_str(p->b, any ? "</g>" : fixed ? "" : "<g></g>");
}

/* New sites as a dark disc for their number; closed ones as the theme's shape without its colour, crossed out;
 * candidates as a small ring. */
void jx__site_marks(const jx__page *p) {
    jx_buf_str(p->b, "<svg width=\"0\" height=\"0\" class=\"defs\" aria-hidden=\"true\" focusable=\"false\"><defs>"
                     "<circle id=\"new\" r=\"9\" fill=\"#1c2430\" stroke=\"#fff\" stroke-width=\"1.6\"/>"
                     "<circle id=\"site\" r=\"2\" fill=\"#fff\" stroke=\"#1c2430\" stroke-width=\".7\"/>");
    for (int t = 0; t < JX_N_THEMES; t++) {
        jx_buf_fmt(p->b,
                   "<g id=\"closed%d\"><path fill=\"#fff\" stroke=\"#1c2430\" d=\"%s\"/>"
                   "<path fill=\"none\" stroke=\"#fff\" stroke-width=\"4\" d=\"M-6-6L6 6M-6 6L6-6\"/>"
                   "<path fill=\"none\" stroke=\"#1c2430\" stroke-width=\"1.8\" d=\"M-6-6L6 6M-6 6L6-6\"/></g>",
                   t, jx__theme_shape[t]);
    }
    jx_buf_str(p->b, "</defs></svg>\n");
}

/* ---- the map ----------------------------------------------------------------------------------------------------- */

static void size(const jx__page *p, double w, double h) {
    jx_buf_str(p->b, " width=\"");
    jx__num(p->b, w);
    jx_buf_str(p->b, "\" height=\"");
    jx__num(p->b, h);
    jx_buf_str(p->b, "\"");
}

static void open_picture(const jx__page *p, double w, double h) {
    jx_buf_str(p->b, "<svg class=\"map\" role=\"img\"");
    size(p, w, h);
    jx_buf_str(p->b, " viewBox=\"0 0 ");
    jx__num(p->b, w);
    jx_buf_char(p->b, ' ');
    jx__num(p->b, h);
}

static jx_status land(const jx__page *p, const jx__frame *f, const jx__map_spec *s) {
    jx_buf_str(p->b, "<svg");
    size(p, f->width, f->height);
    jx_buf_str(p->b, "><rect fill=\"#fbfbf9\" width=\"100%\" height=\"100%\"/><use href=\"#ground\"/>");
    JX_TRY(cells(p, f, s));
    jx_buf_str(p->b, "<use href=\"#roads\"/><use href=\"#veil\"/><use href=\"#bounds\"/>");
    marks(p, f, s, false);
    JX_TRY(jx__labels(p, f, s));
    marks(p, f, s, true);
    jx_buf_str(p->b, "</svg>");
    return JX_OK;
}

static void frame(const jx__page *p, double w, double h) {
    jx_buf_str(p->b, "<rect class=\"frame\" x=\".5\" y=\".5\"");
    size(p, w - 1, h - 1);
    jx_buf_str(p->b, "/>");
}

jx_status jx__map_draw(const jx__page *p, const jx__map_spec *s) {
    jx__frame f = jx__frame_of(p->c);
    double people[JX__MAP_ROWS], full = f.width + JX__LEGEND_W, height = fmax(f.height, jx__legend_height(s, false));
    count(p, s, people);
    jx_buf_str(p->b, "<div class=\"scroll\">");
    open_picture(p, full, height);
    jx_buf_fmt(p->b, "\" aria-labelledby=\"%s\"><rect fill=\"#fff\" width=\"100%%\" height=\"100%%\"/>", s->heading);
    JX_TRY(land(p, &f, s));
    jx_buf_str(p->b, "<path stroke=\"#d5dae0\" d=\"M");
    jx__num(p->b, f.width);
    jx_buf_str(p->b, " 0V");
    jx__num(p->b, height);
    jx_buf_str(p->b, "\"/>");
    jx__legend(p, &f, height, s, people);
    frame(p, full, height);
    jx_buf_str(p->b, "</svg></div>\n");
    return JX_OK;
}

static jx_status one_of_pair(const jx__page *p, const jx__frame *f, const jx__map_spec *s, const char *caption) {
    jx_buf_str(p->b, "<figure><figcaption><b>");
    jx__both(p, caption);
    jx_buf_str(p->b, "</b></figcaption>");
    open_picture(p, f->width, f->height);
    jx_buf_fmt(p->b, "\" aria-labelledby=\"%s\"><rect fill=\"#fff\" width=\"100%%\" height=\"100%%\"/>", s->heading);
    JX_TRY(land(p, f, s));
    jx__scale_within(p, f);
    frame(p, f->width, f->height);
    jx_buf_str(p->b, "</svg></figure>\n");
    return JX_OK;
}

jx_status jx__map_pair(const jx__page *p, const jx__map_spec *a, const jx__map_spec *b, const char *caption_a,
                       const char *caption_b) {
    jx__frame f = jx__frame_of(p->c);
    double before[JX__MAP_ROWS], after[JX__MAP_ROWS], height = jx__legend_height(b, true);
    count(p, a, before);
    count(p, b, after);
    jx_buf_str(p->b, "<div class=\"pair\">");
    JX_TRY(one_of_pair(p, &f, a, caption_a));
    JX_TRY(one_of_pair(p, &f, b, caption_b));
    jx_buf_str(p->b, "<div class=\"key-of-pair\">");
    open_picture(p, JX__LEGEND_W, height);
    jx_buf_fmt(p->b, "\" aria-labelledby=\"%s\">", b->heading);
    jx__legend_shared(p, b, before, after);
    jx_buf_str(p->b, "</svg></div></div>\n");
    return JX_OK;
}
