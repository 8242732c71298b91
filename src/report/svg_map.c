/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Maps as SVG. What all maps share - land, water, woods, built-up land, streets, boundaries, names - is defined once and used by each; a map
 * adds its cells by class, its facilities, and a legend inside the frame. Coordinates are tenths of a pixel, geometry is thinned to a pixel.
 */
#include <math.h>

#include "report/svg_internal.h"

static void num(jx_buf *b, double v) {
    double r = floor(v * 10 + 0.5) / 10;
    jx_buf_fixed(b, r, r == floor(r) ? 0 : 1);
}

/* ---- the frame: plane metres -> pixels ---------------------------------------------------------------------------------- */

jx__frame jx__frame_of(const jx_county *c) {
    jx_box b = c->areas[c->study].shape.box;
    double x0 = HUGE_VAL, y0 = HUGE_VAL, x1 = -HUGE_VAL, y1 = -HUGE_VAL;
    const jx_pt corner[4] = {{b.min_lon, b.min_lat}, {b.max_lon, b.min_lat}, {b.max_lon, b.max_lat}, {b.min_lon, b.max_lat}};
    for (int i = 0; i < 4; i++) {
        double x, y;
        jx_plane_pt(&c->grid.plane, corner[i], &x, &y);
        x0 = x < x0 ? x : x0;
        x1 = x > x1 ? x : x1;
        y0 = y < y0 ? y : y0;
        y1 = y > y1 ? y : y1;
    }
    double w = x1 - x0 > 100 ? x1 - x0 : 100, h = y1 - y0 > 100 ? y1 - y0 : 100, margin = 16;
    double scale = fmin((JX__MAP_W - 2 * margin) / w, (JX__MAP_MAX_H - 2 * margin) / h);
    jx__frame f = {.plane = &c->grid.plane, .scale = scale, .height = h * scale + 2 * margin};
    f.height = f.height < 360 ? 360 : f.height;
    f.x0 = x0 - (JX__MAP_W / scale - w) / 2;
    f.y1 = y1 + (f.height / scale - h) / 2;
    return f;
}

static void to_px(const jx__frame *f, jx_pt p, double *x, double *y) {
    double mx, my;
    jx_plane_pt(f->plane, p, &mx, &my);
    *x = (mx - f->x0) * f->scale;
    *y = (f->y1 - my) * f->scale;
}

/* A path of points, thinned to a pixel; nothing when it shrinks to a dot. */
static jx_status path(jx_ctx *ctx, jx_buf *b, const jx__frame *f, const jx_pt *pts, uint32_t n, bool closed) {
    uint32_t *keep = jx_malloc(ctx, n, sizeof *keep), k = 0;
    jx_status st = keep ? jx_simplify(ctx, pts, n, 0.7 / f->scale, keep, &k) : JX_E_NOMEM;
    if (st == JX_OK && k >= (closed ? 4u : 2u)) {
        for (uint32_t i = 0; i < k - (closed ? 1 : 0); i++) {
            double x, y;
            to_px(f, pts[keep[i]], &x, &y);
            jx_buf_char(b, i ? 'L' : 'M');
            num(b, x);
            jx_buf_char(b, ' ');
            num(b, y);
        }
        jx_buf_str(b, closed ? "z" : "");
    }
    jx_free(ctx, keep);
    return st;
}

static jx_status mpoly_path(jx_ctx *ctx, jx_buf *b, const jx__frame *f, const jx_mpoly *m) {
    for (uint32_t r = 0; r < m->n_rings; r++) {
        JX_TRY(path(ctx, b, f, m->pts + m->ring_off[r], m->ring_off[r + 1] - m->ring_off[r], true));
    }
    return JX_OK;
}

/* ---- what all maps share ---------------------------------------------------------------------------------------------------- */

static jx_status ground(const jx__page *p, const jx__frame *f) {
    static const char *const fill[JX_N_GROUNDS] = {"#cfe3ee", "#e6efdf", "#ebe7e0"};
    static const int order[JX_N_GROUNDS] = {JX_GROUND_WOOD, JX_GROUND_BUILT, JX_GROUND_WATER};
    const jx_backdrop *d = &p->c->backdrop;
    jx_buf_str(p->b, "<g id=\"ground\"><path fill=\"#fbfbf9\" fill-rule=\"evenodd\" d=\"");
    JX_TRY(mpoly_path(p->ctx, p->b, f, &p->c->areas[p->c->study].shape));
    jx_buf_str(p->b, "\"/>");
    for (int k = 0; k < JX_N_GROUNDS; k++) {
        int g = order[k];
        jx_buf_fmt(p->b, "<path fill=\"%s\" fill-rule=\"evenodd\" d=\"", fill[g]);
        for (uint32_t i = 0; i < d->n[g]; i++) {
            JX_TRY(mpoly_path(p->ctx, p->b, f, &d->poly[g][i]));
        }
        jx_buf_str(p->b, "\"/>");
    }
    jx_buf_str(p->b, "<path fill=\"none\" stroke=\"#cfe3ee\" stroke-width=\"1.6\" d=\"");
    for (uint32_t i = 0; i < d->n_rivers; i++) {
        JX_TRY(path(p->ctx, p->b, f, d->river_pts + d->river_off[i], d->river_off[i + 1] - d->river_off[i], false));
    }
    jx_buf_str(p->b, "\"/></g>");
    return JX_OK;
}

static int road_rank(uint8_t cls) {
    switch (cls) {
    case JX_ROAD_MOTORWAY:
    case JX_ROAD_TRUNK:
        return 0;
    case JX_ROAD_PRIMARY:
    case JX_ROAD_SECONDARY:
        return 1;
    case JX_ROAD_TERTIARY:
        return 2;
    case JX_ROAD_RESIDENTIAL:
    case JX_ROAD_UNCLASSIFIED:
    case JX_ROAD_LIVING_STREET:
        return 3;
    default:
        return -1;
    }
}

static jx_status road_class(const jx__page *p, const jx__frame *f, int rank, jx_box box) {
    const jx_network *net = p->c->network;
    for (uint32_t e = 0; e < net->n_edges; e++) {
        uint32_t n = (uint32_t)(net->geom_off[e + 1] - net->geom_off[e]);
        const jx_pt *g = net->geom + net->geom_off[e];
        if (road_rank(net->cls[e]) == rank && (jx_box_has(box, g[0]) || jx_box_has(box, g[n - 1]))) {
            JX_TRY(path(p->ctx, p->b, f, g, n, false));
        }
    }
    return JX_OK;
}

/* White with a grey casing, the great ones above; the small ones as one thin line. */
static jx_status roads(const jx__page *p, const jx__frame *f) {
    static const char *const casing[3] = {"3.4", "2.6", "1.9"}, *const core[3] = {"2.2", "1.5", "1"};
    jx_box box = p->c->areas[p->c->study].shape.box;
    jx_buf_str(p->b, "<g id=\"roads\" fill=\"none\" stroke-linecap=\"round\" stroke-linejoin=\"round\">");
    if (p->c->network->n_edges < 60000) { /* a province's lanes would be a grey blot and a slow page */
        jx_buf_str(p->b, "<path stroke=\"#9aa3ad\" stroke-width=\".35\" d=\"");
        JX_TRY(road_class(p, f, 3, box));
        jx_buf_str(p->b, "\"/>");
    }
    for (int rank = 2; rank >= 0; rank--) {
        jx_buf_fmt(p->b, "<path id=\"rd%d\" stroke=\"#8a939e\" stroke-width=\"%s\" d=\"", rank, casing[rank]);
        JX_TRY(road_class(p, f, rank, box));
        jx_buf_fmt(p->b, "\"/><use href=\"#rd%d\" style=\"stroke:#fff;stroke-width:%s\"/>", rank, core[rank]);
    }
    jx_buf_str(p->b, "</g>");
    return JX_OK;
}

static jx_status boundaries(const jx__page *p, const jx__frame *f) {
    jx_buf_str(p->b, "<g id=\"bounds\" fill=\"none\"><path stroke=\"#5f6b7a\" stroke-dasharray=\"4 2\" stroke-width=\".8\" d=\"");
    for (uint32_t i = 0; i < p->c->n_townships; i++) {
        JX_TRY(mpoly_path(p->ctx, p->b, f, &p->c->areas[p->c->township[i]].shape));
    }
    jx_buf_str(p->b, "\"/><path stroke=\"#1c2430\" stroke-width=\"1.6\" d=\"");
    JX_TRY(mpoly_path(p->ctx, p->b, f, &p->c->areas[p->c->study].shape));
    jx_buf_str(p->b, "\"/></g>");
    return JX_OK;
}

/* ---- names: by importance, none over another ------------------------------------------------------------------------------ */

typedef struct placed {
    double x0, y0, x1, y1;
} placed;

enum { MAX_LABELS = 60 };

static bool free_spot(const placed *done, uint32_t n, placed q) {
    for (uint32_t i = 0; i < n; i++) {
        if (q.x0 < done[i].x1 && done[i].x0 < q.x1 && q.y0 < done[i].y1 && done[i].y0 < q.y1) {
            return false;
        }
    }
    return q.x0 > 2 && q.x1 < JX__MAP_W - 2;
}

static void labels(const jx__page *p, const jx__frame *f, bool zh) {
    placed done[MAX_LABELS];
    uint32_t n = 0;
    jx_buf_fmt(p->b, "<g id=\"labels-%s\" font-size=\"10\" text-anchor=\"middle\" fill=\"#1c2430\" stroke=\"#fff\" stroke-width=\"2.4\" stroke-linejoin=\"round\" paint-order=\"stroke\">", zh ? "zh" : "en");
    for (int kind = JX_PLACE_CITY; kind <= JX_PLACE_HAMLET; kind++) {
        for (uint32_t i = 0; i < p->c->n_places && n < MAX_LABELS; i++) {
            const jx_place *pl = &p->c->places[i];
            if ((int)pl->kind != kind || kind == JX_PLACE_SUBURB || kind == JX_PLACE_QUARTER || !jx_mpoly_has(&p->c->areas[p->c->study].shape, pl->pt)) {
                continue;
            }
            const char *name = jx_place_name(pl, zh);
            double x, y, w = 5.4 * (double)jx_utf8_width(name, strlen(name)) + 6;
            to_px(f, pl->pt, &x, &y);
            placed q = {x - w / 2, y - 10, x + w / 2, y + 4};
            if (!free_spot(done, n, q) || strpbrk(name, ";/")) {
                continue;
            }
            done[n++] = q;
            jx_buf_str(p->b, kind <= JX_PLACE_TOWN ? "<text font-weight=\"600\" font-size=\"12\" x=\"" : "<text x=\"");
            num(p->b, x);
            jx_buf_str(p->b, "\" y=\"");
            num(p->b, y);
            jx_buf_str(p->b, "\">");
            jx__escape(p->b, name);
            jx_buf_str(p->b, "</text>");
        }
    }
    jx_buf_str(p->b, "</g>");
}

jx_status jx__map_defs(const jx__page *p) {
    jx__frame f = jx__frame_of(p->c);
    jx_buf_str(p->b, "<svg width=\"0\" height=\"0\" class=\"defs\" aria-hidden=\"true\"><defs>"
                     "<pattern id=\"hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\"><rect width=\"6\" height=\"6\" fill=\"#eef0f2\"/>"
                     "<path d=\"M-1 7L7 -1M-1 1L1 -1M5 7L7 5\" stroke=\"#8a939e\" stroke-width=\".8\"/></pattern>"
                     "<pattern id=\"dots\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\"><rect width=\"5\" height=\"5\" fill=\"#fff\"/>"
                     "<circle cx=\"2.5\" cy=\"2.5\" r=\"1.3\" fill=\"#3a3f47\"/></pattern>");
    JX_TRY(ground(p, &f));
    JX_TRY(roads(p, &f));
    JX_TRY(boundaries(p, &f));
    labels(p, &f, false);
    labels(p, &f, true);
    jx_buf_str(p->b, "</defs></svg>\n");
    return JX_OK;
}

/* ---- one map ------------------------------------------------------------------------------------------------------------------ */

static const char *const ramp[5] = {"#ffffd4", "#fed98e", "#fe9929", "#d95f0e", "#993404"};
enum { CLASS_UNREACHABLE = 5, CLASS_NO_DATA = 6, N_CLASSES = 7 };

/* Breaks a person would choose, with the standard's own threshold as the second. */
void jx__breaks(double threshold_min, double out[4]) {
    static const double nice[] = {1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 480};
    const double want[4] = {threshold_min / 2, threshold_min, threshold_min * 2, threshold_min * 4};
    for (int i = 0; i < 4; i++) {
        out[i] = want[i];
        for (size_t k = 0; k < sizeof nice / sizeof *nice && i != 1; k++) {
            out[i] = nice[k] <= want[i] ? nice[k] : out[i];
        }
    }
}

uint32_t jx__main_threshold(const jx_county *c, const jx_service_result *r) {
    const jx_criterion *k = &c->services[r->service].criteria[r->criterion];
    if (!k->urban_ms || !k->rural_ms) {
        return k->urban_ms ? k->urban_ms : k->rural_ms;
    }
    return r->urban.people >= r->rural.people ? k->urban_ms : k->rural_ms;
}

static int class_of(const jx_service_result *r, uint32_t cell, const double breaks[4]) {
    if (r->reach[cell] == JX_REACH_NO_FACILITY || r->reach[cell] == JX_REACH_NOT_APPLICABLE) {
        return CLASS_NO_DATA;
    }
    if (r->nearest_ms[cell] == JX_UNREACHABLE) {
        return CLASS_UNREACHABLE;
    }
    int k = 0;
    while (k < 4 && r->nearest_ms[cell] > breaks[k] * 60000) {
        k++;
    }
    return k;
}

static jx_status cell_path(const jx__page *p, const jx__frame *f, uint32_t i) {
    const jx_cells *s = &p->c->cells;
    if (s->shape) {
        return mpoly_path(p->ctx, p->b, f, &s->shape[i]);
    }
    double x, y, half = p->c->grid.size_m * f->scale / 2;
    if (p->c->people_source == JX_PEOPLE_TABLE) { /* points of a table: a small square each */
        to_px(f, s->pt[i], &x, &y);
        half = 3;
    } else {
        jx_pt ring[7];
        unsigned n = jx_grid_ring(&p->c->grid, s->col[i], s->row[i], ring);
        if (n == 7) {
            return path(p->ctx, p->b, f, ring, n, true);
        }
        to_px(f, jx_grid_center(&p->c->grid, s->col[i], s->row[i]), &x, &y);
    }
    jx_buf_char(p->b, 'M');
    num(p->b, x - half);
    jx_buf_char(p->b, ' ');
    num(p->b, y - half);
    jx_buf_char(p->b, 'h');
    num(p->b, 2 * half);
    jx_buf_char(p->b, 'v');
    num(p->b, 2 * half);
    jx_buf_char(p->b, 'h');
    num(p->b, -2 * half);
    jx_buf_char(p->b, 'z');
    return JX_OK;
}

static jx_status cells(const jx__page *p, const jx__frame *f, const jx_service_result *r, const double breaks[4], double people[N_CLASSES]) {
    for (int k = 0; k < N_CLASSES; k++) {
        bool any = false;
        people[k] = 0;
        for (uint32_t i = 0; i < p->c->cells.n; i++) {
            if (class_of(r, i, breaks) != k || !(p->c->cells.people[i] > 0)) {
                continue;
            }
            if (!any) {
                jx_buf_fmt(p->b, "<path fill=\"%s\" fill-opacity=\".75\" d=\"", k < 5 ? ramp[k] : k == CLASS_NO_DATA ? "url(#hatch)" : "url(#dots)");
            }
            any = true;
            people[k] += p->c->cells.people[i];
            JX_TRY(cell_path(p, f, i));
        }
        jx_buf_str(p->b, any ? "\"/>" : "");
    }
    return JX_OK;
}

/* A mark of its theme's own shape and colour, with an ink outline. */
void jx__mark(jx_buf *b, jx_theme t, double x, double y) {
    static const char *const colors[JX_N_THEMES] = {"#0072b2", "#e69f00", "#cc79a7", "#009e73", "#8a6d3b", "#56b4e9", "#666666"};
    static const char *const shapes[JX_N_THEMES] = {
        "m-4-1.4h2.6v-2.6h2.8v2.6h2.6v2.8h-2.6v2.6h-2.8v-2.6h-2.6z", /* cross */
        "m0-4.2l4 7.2h-8z",                                          /* triangle */
        "m0-4.4l4.4 4.4l-4.4 4.4l-4.4-4.4z",                         /* diamond */
        "m-3.4-3.4h6.8v6.8h-6.8z",                                   /* square */
        "m-2-3.8h4l2.4 3.8l-2.4 3.8h-4l-2.4-3.8z",                   /* hexagon */
        "m-2.6 0a2.6 2.6 0 1 0 5.2 0a2.6 2.6 0 1 0-5.2 0z",          /* small circle */
        "m0-4.2l4.2 3.1l-1.6 4.9h-5.2l-1.6-4.9z"};                   /* pentagon */
    jx_buf_fmt(b, "<path fill=\"%s\" d=\"M", colors[t]);
    num(b, x);
    jx_buf_char(b, ' ');
    num(b, y);
    jx_buf_fmt(b, "%s\"/>", shapes[t]);
}

static void facilities(const jx__page *p, const jx__frame *f, const jx_service_result *r) {
    jx_buf_str(p->b, "<g stroke=\"#1c2430\" stroke-width=\".8\">");
    for (uint32_t i = 0; i < r->n_facilities; i++) {
        double x, y;
        to_px(f, p->c->facilities[r->facility[i]].pt, &x, &y);
        if (x > 0 && x < JX__MAP_W && y > 0 && y < f->height) {
            jx__mark(p->b, p->c->services[r->service].theme, x, y);
        }
    }
    jx_buf_str(p->b, "</g>");
}

/* ---- legend -------------------------------------------------------------------------------------------------------------------- */

/* Text in both languages at one place. */
static void text2(const jx__page *p, double x, double y, const char *attrs, const char *msgid) {
    for (int zh = 0; zh < 2; zh++) {
        jx_buf_fmt(p->b, "<text class=\"%s\" x=\"", zh ? "zh" : "en");
        num(p->b, x);
        jx_buf_str(p->b, "\" y=\"");
        num(p->b, y);
        jx_buf_fmt(p->b, "\" %s>", attrs);
        jx__escape(p->b, zh ? jx_tr(p->o->zh, msgid) : msgid);
        jx_buf_str(p->b, "</text>");
    }
}

static void plain_text(const jx__page *p, double x, double y, const char *attrs) {
    jx_buf_str(p->b, "<text x=\"");
    num(p->b, x);
    jx_buf_str(p->b, "\" y=\"");
    num(p->b, y);
    jx_buf_fmt(p->b, "\" %s>", attrs);
}

static void legend_row(const jx__page *p, double y, const char *fill, const char *heavy) {
    jx_buf_fmt(p->b, "<rect x=\"%d\" y=\"", JX__MAP_W + 14);
    num(p->b, y - 10);
    jx_buf_fmt(p->b, "\" width=\"22\" height=\"13\" fill=\"%s\" stroke=\"#1c2430\" stroke-width=\"%s\"/>", fill, heavy);
}

static void range_text(const jx__page *p, int k, const double breaks[4]) {
    if (k > 0) {
        jx_buf_double(p->b, breaks[k - 1]);
        jx_buf_str(p->b, k < 4 ? "\u2013" : " +");
    } else {
        jx_buf_str(p->b, "0\u2013");
    }
    if (k < 4) {
        jx_buf_double(p->b, breaks[k]);
    }
}

static void legend(const jx__page *p, const jx_service_result *r, const double breaks[4], const double people[N_CLASSES]) {
    double x = JX__MAP_W + 42, y = 62;
    const char *const small = "font-size=\"11\"", *const right = "font-size=\"11\" text-anchor=\"end\"";
    text2(p, JX__MAP_W + 14, 20, "font-size=\"12\" font-weight=\"600\"", N_("Travel time to the nearest"));
    text2(p, JX__MAP_W + 14, 36, "font-size=\"11\" fill=\"#5f6b7a\"", jx_mode_phrase(p->c->services[r->service].criteria[r->criterion].mode));
    text2(p, x, 52, "font-size=\"10\" fill=\"#5f6b7a\"", N_("min"));
    text2(p, JX__FRAME_W - 10, 52, "font-size=\"10\" fill=\"#5f6b7a\" text-anchor=\"end\"", jx__unit_word(p->c));
    for (int k = 0; k < N_CLASSES; k++, y += 19) {
        static const char *const odd[2] = {N_("unreachable"), N_("no data")};
        legend_row(p, y + 8, k < 5 ? ramp[k] : k == CLASS_NO_DATA ? "url(#hatch)" : "url(#dots)", k == 1 ? "2.2" : ".5");
        if (k < 5) {
            plain_text(p, x, y + 9, small);
            range_text(p, k, breaks);
            jx_buf_str(p->b, "</text>");
        } else {
            text2(p, x, y + 9, small, odd[k - 5]);
        }
        plain_text(p, JX__FRAME_W - 10, y + 9, right);
        jx__people(p->b, people[k], p->c->people_trust);
        jx_buf_str(p->b, "</text>");
    }
    text2(p, JX__MAP_W + 14, y + 12, "font-size=\"10\" fill=\"#5f6b7a\"", N_("heavy frame: the standard's threshold"));
    jx_buf_str(p->b, "<g stroke=\"#1c2430\" stroke-width=\".8\">");
    jx__mark(p->b, p->c->services[r->service].theme, JX__MAP_W + 24, y + 30);
    jx_buf_str(p->b, "</g>");
    text2(p, x, y + 34, small, N_("facility"));
}

static void scale_bar(const jx__page *p, const jx__frame *f) {
    static const double steps[] = {100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000, 100000};
    double m = steps[0];
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        m = steps[i] * f->scale <= 130 ? steps[i] : m;
    }
    double y = f->height - 40, x = JX__MAP_W + 14, w = m * f->scale;
    jx_buf_str(p->b, "<path fill=\"none\" stroke=\"#1c2430\" stroke-width=\"1.4\" d=\"M");
    num(p->b, x);
    jx_buf_char(p->b, ' ');
    num(p->b, y - 5);
    jx_buf_str(p->b, "v5h");
    num(p->b, w);
    jx_buf_str(p->b, "v-5\"/>");
    plain_text(p, x + w + 6, y + 1, "font-size=\"10\"");
    jx_buf_fmt(p->b, m < 1000 ? "%d m</text>" : "%d km</text>", (int)(m < 1000 ? m : m / 1000));
    plain_text(p, x, f->height - 22, "font-size=\"9\" fill=\"#5f6b7a\"");
    jx_buf_str(p->b, "\u00a9 OpenStreetMap contributors, ODbL</text>");
    plain_text(p, x, f->height - 10, "font-size=\"9\" fill=\"#5f6b7a\"");
    jx__date(p->b, p->c->data_time);
    jx_buf_str(p->b, "</text><g class=\"print\"><path d=\"M");
    num(p->b, JX__FRAME_W - 24);
    jx_buf_char(p->b, ' ');
    num(p->b, f->height - 34);
    jx_buf_str(p->b, "l5-14l5 14l-5-4z\" fill=\"#1c2430\"/>");
    plain_text(p, JX__FRAME_W - 19, f->height - 50, "font-size=\"9\" text-anchor=\"middle\"");
    jx_buf_str(p->b, "N</text></g>");
}

jx_status jx__map(const jx__page *p, uint32_t result) {
    const jx_service_result *r = &p->d->results[result];
    jx__frame f = jx__frame_of(p->c);
    double breaks[4], people[N_CLASSES];
    jx__breaks(jx__main_threshold(p->c, r) / 60000.0, breaks);
    jx_buf_fmt(p->b, "<svg class=\"map\" role=\"img\" viewBox=\"0 0 %d ", JX__FRAME_W);
    num(p->b, f.height);
    jx_buf_fmt(p->b, "\"><rect width=\"%d\" height=\"", JX__FRAME_W);
    num(p->b, f.height);
    jx_buf_str(p->b, "\" fill=\"#fff\"/><svg width=\"520\" height=\"");
    num(p->b, f.height);
    jx_buf_str(p->b, "\"><rect width=\"520\" height=\"100%\" fill=\"#f6f7f9\"/><use href=\"#ground\"/>");
    JX_TRY(cells(p, &f, r, breaks, people));
    jx_buf_str(p->b, "<use href=\"#roads\"/><use href=\"#bounds\"/>");
    facilities(p, &f, r);
    jx_buf_str(p->b, "<use class=\"en\" href=\"#labels-en\"/><use class=\"zh\" href=\"#labels-zh\"/></svg>");
    legend(p, r, breaks, people);
    scale_bar(p, &f);
    jx_buf_fmt(p->b, "<rect x=\".5\" y=\".5\" width=\"%d\" height=\"", JX__FRAME_W - 1);
    num(p->b, f.height - 1);
    jx_buf_str(p->b, "\" fill=\"none\" stroke=\"#d5dae0\"/></svg>\n");
    return JX_OK;
}
