/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * One map of a service: on the ground that all maps share its cells by class, its facilities and names, and the legend
 * inside the frame.
 */
#include <math.h>

#include "report/svg_internal.h"

/* ---- classes --------------------------------------------------------------------------------------------------- */

const char *jx__class_fill(int k) {
    static const char *const fill[JX__N_CLASSES] = {"#ffffd4", "#fed98e",    "#fe9929",    "#d95f0e",
                                                    "#993404", "url(#dots)", "url(#hatch)"};
    return fill[k];
}

/* The greatest number a person would choose that is not above v. */
static double nice_below(double v) {
    static const double nice[] = {1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360, 480};
    double best = v;
    for (size_t i = 0; i < sizeof nice / sizeof *nice; i++) {
        best = nice[i] <= v ? nice[i] : best;
    }
    return best;
}

/* Breaks that a person would choose, the standard's own limits always among them. */
jx__classes jx__classes_of(const jx_criterion *k) {
    jx__classes c = {.town = k->urban_ms ? k->urban_ms / 60000.0 : NAN,
                     .country = k->rural_ms ? k->rural_ms / 60000.0 : NAN};
    double a = isnan(c.town) ? c.country : c.town, b = isnan(c.country) ? c.town : c.country;
    double lo = a < b ? a : b, hi = a < b ? b : a;
    c.brk[0] = nice_below(lo / 2);
    c.brk[1] = lo;
    c.heavy[1] = 1;
    if (hi > lo) {
        c.brk[2] = hi;
        c.brk[3] = nice_below(hi * 2);
        c.heavy[2] = 1;
    } else {
        c.brk[2] = nice_below(lo * 2);
        c.brk[3] = nice_below(lo * 4);
    }
    for (int i = 2; i < 4; i++) { /* beyond the list of nice numbers */
        c.brk[i] = c.brk[i] > c.brk[i - 1] ? c.brk[i] : c.brk[i - 1] * 2;
    }
    return c;
}

static int class_of(const jx_service_result *r, uint32_t cell, const jx__classes *c) {
    if (r->reach[cell] == JX_REACH_NO_FACILITY) {
        return JX__NO_DATA_CLASS;
    }
    if (r->nearest_ms[cell] == JX_UNREACHABLE) {
        return JX__UNREACHABLE_CLASS;
    }
    int k = 0;
    while (k < 4 && r->nearest_ms[cell] > c->brk[k] * 60000) {
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

/* Class to paint a cell in; -1: none. A square on a township border is several cells: it is painted once, as most of
 * its people have it. */
static int paint_class(const jx__page *p, const jx_service_result *r, const jx__classes *c, uint32_t i) {
    const jx_cells *s = &p->c->cells;
    if (!(s->people[i] > 0)) {
        return -1;
    }
    for (uint32_t k = i; on_grid(p->c) && k > 0 && same_square(s, k - 1, i); k--) {
        if (s->people[k - 1] >= s->people[i]) {
            return -1;
        }
    }
    for (uint32_t k = i + 1; on_grid(p->c) && k < s->n && same_square(s, k, i); k++) {
        if (s->people[k] > s->people[i]) {
            return -1;
        }
    }
    return class_of(r, i, c);
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
static uint32_t run_of_squares(const jx__page *p, const jx__frame *f, const int8_t *cls, uint32_t i) {
    const jx_cells *s = &p->c->cells;
    uint32_t last = i, k = i + 1;
    for (; k < s->n && s->row[k] == s->row[i] && s->col[k] <= s->col[last] + 1; k++) {
        if (cls[k] == cls[i]) {
            last = k;
        } else if (cls[k] >= 0) {
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

static jx_status cells_of_class(const jx__page *p, const jx__frame *f, const int8_t *cls, int k) {
    bool squares = on_grid(p->c) && p->c->grid.kind == JX_GRID_SQUARE, any = false;
    for (uint32_t i = 0; i < p->c->cells.n; i++) {
        if (cls[i] != k) {
            continue;
        }
        if (!any) {
            jx_buf_fmt(p->b, "<path%s fill=\"%s\" d=\"", k < 5 ? "" : " class=\"p\"", jx__class_fill(k));
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

static jx_status cells(const jx__page *p, const jx__frame *f, const jx_service_result *r,
                       double people[JX__N_CLASSES]) {
    const jx__classes c = jx__classes_of(&p->c->services[r->service].criteria[r->criterion]);
    int8_t *cls = jx_malloc(p->ctx, p->c->cells.n, sizeof *cls);
    if (!cls) {
        return JX_E_NOMEM;
    }
    memset(people, 0, JX__N_CLASSES * sizeof *people);
    for (uint32_t i = 0; i < p->c->cells.n; i++) {
        cls[i] = (int8_t)paint_class(p, r, &c, i);
        people[class_of(r, i, &c)] += p->c->cells.people[i];
    }
    jx_buf_str(p->b, "<g class=\"cells\">");
    jx_status st = JX_OK;
    for (int k = 0; st == JX_OK && k < JX__N_CLASSES; k++) {
        st = cells_of_class(p, f, cls, k);
    }
    jx_buf_str(p->b, "</g>");
    jx_free(p->ctx, cls);
    return st;
}

/* ---- the map ----------------------------------------------------------------------------------------------------- */

static void facilities(const jx__page *p, const jx__frame *f, const jx_service_result *r) {
    jx_buf_str(p->b, "<g>");
    for (uint32_t i = 0; i < r->n_facilities; i++) {
        double x, y;
        jx__px(f, p->c->facilities[r->facility[i]].pt, &x, &y);
        if (x > 0 && x < f->width && y > 0 && y < f->height) {
            jx_buf_fmt(p->b, "<use href=\"#mk%d%s\" x=\"", (int)p->c->services[r->service].theme,
                       r->n_facilities > JX__MANY_MARKS ? "s" : "");
            jx__num(p->b, x);
            jx_buf_str(p->b, "\" y=\"");
            jx__num(p->b, y);
            jx_buf_str(p->b, "\"/>");
        }
    }
    jx_buf_str(p->b, "</g>");
}

static void size(const jx__page *p, double w, double h) {
    jx_buf_str(p->b, " width=\"");
    jx__num(p->b, w);
    jx_buf_str(p->b, "\" height=\"");
    jx__num(p->b, h);
    jx_buf_str(p->b, "\"");
}

jx_status jx__map(const jx__page *p, uint32_t result) {
    const jx_service_result *r = &p->d->results[result];
    jx__frame f = jx__frame_of(p->c);
    double people[JX__N_CLASSES], full = f.width + JX__LEGEND_W;
    jx_buf_str(p->b, "<div class=\"scroll\"><svg class=\"map\" role=\"img\"");
    size(p, full, f.height);
    jx_buf_str(p->b, " viewBox=\"0 0 ");
    jx__num(p->b, full);
    jx_buf_char(p->b, ' ');
    jx__num(p->b, f.height);
    jx_buf_fmt(p->b, "\" aria-labelledby=\"h%u\"><rect fill=\"#fff\" width=\"100%%\" height=\"100%%\"/><svg",
               r->service);
    size(p, f.width, f.height);
    jx_buf_str(p->b, "><rect fill=\"#fbfbf9\" width=\"100%\" height=\"100%\"/><use href=\"#ground\"/>");
    JX_TRY(cells(p, &f, r, people));
    jx_buf_str(p->b, "<use href=\"#roads\"/><use href=\"#veil\"/><use href=\"#bounds\"/>");
    facilities(p, &f, r);
    JX_TRY(jx__labels(p, &f, r));
    jx_buf_str(p->b, "</svg><path stroke=\"#d5dae0\" d=\"M");
    jx__num(p->b, f.width);
    jx_buf_str(p->b, " 0V");
    jx__num(p->b, f.height);
    jx_buf_str(p->b, "\"/>");
    jx__legend(p, &f, r, people);
    jx_buf_str(p->b, "<rect class=\"frame\" x=\".5\" y=\".5\"");
    size(p, full - 1, f.height - 1);
    jx_buf_str(p->b, "/></svg></div>\n");
    return JX_OK;
}
