/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * What all maps share, defined once and used by each: land, water, woods, built-up land, streets, boundaries, the veil
 * over what is outside, patterns and the marks of the themes.
 */
#include "report/svg_internal.h"

static jx_status ground(const jx__page *p, const jx__frame *f) {
    static const char *const fill[JX_N_GROUNDS] = {"#cfe3ee", "#e6efdf", "#ebe7e0"};
    static const int order[JX_N_GROUNDS] = {JX_GROUND_WATER, JX_GROUND_WOOD, JX_GROUND_BUILT};
    const jx_backdrop *d = &p->c->backdrop;
    jx_buf_str(p->b, "<g id=\"ground\">");
    for (int k = 0; k < JX_N_GROUNDS; k++) {
        int g = order[k];
        jx_buf_fmt(p->b, "<path fill=\"%s\" fill-rule=\"evenodd\" d=\"", fill[g]);
        for (uint32_t i = 0; i < d->n[g]; i++) {
            JX_TRY(jx__mpoly_path(p->ctx, p->b, f, &d->poly[g][i]));
        }
        jx_buf_str(p->b, "\"/>");
    }
    jx_buf_str(p->b, "<path fill=\"none\" stroke=\"#cfe3ee\" stroke-width=\"1.6\" d=\"");
    for (uint32_t i = 0; i < d->n_rivers; i++) {
        JX_TRY(jx__path(p->ctx, p->b, f, d->river_pts + d->river_off[i], d->river_off[i + 1] - d->river_off[i], false));
    }
    jx_buf_str(p->b, "\"/></g>");
    return JX_OK;
}

/* ---- streets ------------------------------------------------------------------------------------------------- */

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

static jx_status road_class(const jx__page *p, const jx__frame *f, int rank) {
    const jx_network *net = p->c->network;
    for (uint32_t e = 0; e < net->n_edges; e++) {
        uint32_t n = (uint32_t)(net->geom_off[e + 1] - net->geom_off[e]);
        const jx_pt *g = net->geom + net->geom_off[e];
        if (road_rank(net->cls[e]) != rank) {
            continue;
        }
        double x0, y0, x1, y1;
        jx__px(f, g[0], &x0, &y0);
        jx__px(f, g[n - 1], &x1, &y1);
        bool in = (x0 >= 0 && x0 <= f->width && y0 >= 0 && y0 <= f->height) ||
                  (x1 >= 0 && x1 <= f->width && y1 >= 0 && y1 <= f->height);
        if (in) {
            JX_TRY(jx__path(p->ctx, p->b, f, g, n, false));
        }
    }
    return JX_OK;
}

/* White with a grey casing, the great ones above; the small ones as one thin line. The shape of a class is defined
 * without a colour of its own, so that it can be drawn twice. */
static jx_status roads(const jx__page *p, const jx__frame *f) {
    static const char *const casing[3] = {"3", "2.4", "1.7"}, *const core[3] = {"1.9", "1.4", ".9"};
    for (int rank = 0; rank < 4; rank++) {
        if (rank == 3 && p->c->network->n_edges >= 60000) {
            break; /* a province's lanes would be a grey blot and a slow page */
        }
        jx_buf_fmt(p->b, "<path id=\"rd%d\" d=\"", rank);
        JX_TRY(road_class(p, f, rank));
        jx_buf_str(p->b, "\"/>");
    }
    jx_buf_str(p->b,
               "<g id=\"roads\" fill=\"none\" stroke-linecap=\"round\" stroke-linejoin=\"round\">"
               "<use href=\"#rd3\" stroke=\"#8a939e\" stroke-width=\".4\"/>");
    for (int rank = 2; rank >= 0; rank--) {
        jx_buf_fmt(p->b, "<use href=\"#rd%d\" stroke=\"#848d98\" stroke-width=\"%s\"/>", rank, casing[rank]);
    }
    for (int rank = 2; rank >= 0; rank--) {
        jx_buf_fmt(p->b, "<use href=\"#rd%d\" stroke=\"#fff\" stroke-width=\"%s\"/>", rank, core[rank]);
    }
    jx_buf_str(p->b, "</g>");
    return JX_OK;
}

/* ---- boundaries ---------------------------------------------------------------------------------------------- */

static uint64_t segment_key(jx_pt a, jx_pt b) {
    bool swap = b.lon < a.lon || (b.lon == a.lon && b.lat < a.lat);
    const jx_pt s[2] = {swap ? b : a, swap ? a : b};
    return jx_hash64(s, sizeof s, 0);
}

/* One ring; stretches drawn before are left out, since dashes drawn twice fill each other's gaps. */
static jx_status ring_once(const jx__page *p, const jx__frame *f, const jx_pt *pts, uint32_t n, jx_map64 *seen,
                           bool draw) {
    uint32_t start = 0;
    for (uint32_t i = 0; i + 1 < n; i++) {
        uint64_t key = segment_key(pts[i], pts[i + 1]);
        if (jx_map64_get(seen, key) == JX_NONE) {
            JX_TRY(jx_map64_put(p->ctx, seen, key, 1));
            continue;
        }
        if (draw && i > start) {
            JX_TRY(jx__path(p->ctx, p->b, f, pts + start, i - start + 1, false));
        }
        start = i + 1;
    }
    if (draw && n > start + 1) {
        JX_TRY(jx__path(p->ctx, p->b, f, pts + start, n - start, false));
    }
    return JX_OK;
}

static jx_status rings_once(const jx__page *p, const jx__frame *f, const jx_mpoly *m, jx_map64 *seen, bool draw) {
    for (uint32_t r = 0; r < m->n_rings; r++) {
        JX_TRY(ring_once(p, f, m->pts + m->ring_off[r], m->ring_off[r + 1] - m->ring_off[r], seen, draw));
    }
    return JX_OK;
}

static jx_status townships(const jx__page *p, const jx__frame *f, jx_map64 *seen) {
    JX_TRY(rings_once(p, f, &p->c->areas[p->c->study].shape, seen, false));
    for (uint32_t i = 0; i < p->c->n_townships; i++) {
        JX_TRY(rings_once(p, f, &p->c->areas[p->c->township[i]].shape, seen, true));
    }
    return JX_OK;
}

static jx_status boundaries(const jx__page *p, const jx__frame *f) {
    const jx_area *study = &p->c->areas[p->c->study];
    jx_buf_str(p->b, "<path id=\"area\" d=\"");
    JX_TRY(jx__mpoly_path(p->ctx, p->b, f, &study->shape));
    jx_buf_str(p->b, "\"/><path id=\"veil\" fill=\"#fff\" fill-opacity=\".6\" fill-rule=\"evenodd\" d=\"M0 0h");
    jx__num(p->b, f->width);
    jx_buf_char(p->b, 'v');
    jx__num(p->b, f->height);
    jx_buf_str(p->b, "H0z");
    JX_TRY(jx__mpoly_path(p->ctx, p->b, f, &study->shape));
    jx_buf_str(p->b, "\"/><g id=\"bounds\" fill=\"none\"><path stroke=\"#5f6b7a\" stroke-dasharray=\"4 2.5\" d=\"");
    jx_map64 seen = {0};
    jx_status st = townships(p, f, &seen);
    jx_map64_release(p->ctx, &seen);
    jx_buf_str(p->b,
               study->is_box ? "\"/></g>" : "\"/><use href=\"#area\" stroke=\"#1c2430\" stroke-width=\"2\"/></g>");
    return st;
}

/* ---- patterns and marks --------------------------------------------------------------------------------------- */

/* A shape for each theme, so that colour never carries it alone. */
const char *const jx__theme_shape[JX_N_THEMES] = {"M-4.4-1.5h2.9v-2.9h3v2.9h2.9v3h-2.9v2.9h-3v-2.9h-2.9z", /* cross */
                                                  "M0-4.8l4.6 8.2h-9.2z",                             /* triangle */
                                                  "M0-5l5 5l-5 5l-5-5z",                              /* diamond */
                                                  "M-3.8-3.8h7.6v7.6h-7.6z",                          /* square */
                                                  "M-2.3-4.2h4.6l2.6 4.2l-2.6 4.2h-4.6l-2.6-4.2z",    /* hexagon */
                                                  "M-3.8 0a3.8 3.8 0 1 0 7.6 0a3.8 3.8 0 1 0-7.6 0z", /* circle */
                                                  "M0-4.8l4.8 3.5l-1.8 5.6h-6l-1.8-5.6z"};            /* pentagon */

static void marks(const jx__page *p) {
    static const char *const colors[JX_N_THEMES] = {"#0072b2", "#e69f00", "#cc79a7", "#009e73",
                                                    "#8a6d3b", "#56b4e9", "#666666"};
    for (int t = 0; t < JX_N_THEMES; t++) {
        jx_buf_fmt(p->b,
                   "<path id=\"mk%d\" fill=\"%s\" stroke=\"#1c2430\" d=\"%s\"/>"
                   "<use id=\"mk%ds\" href=\"#mk%d\" transform=\"scale(.62)\"/>",
                   t, colors[t], jx__theme_shape[t], t, t);
    }
}

jx_status jx__map_defs(const jx__page *p) {
    jx__frame f = jx__frame_of(p->c);
    jx_buf_str(p->b,
               "<svg width=\"0\" height=\"0\" class=\"defs\" aria-hidden=\"true\" focusable=\"false\"><defs>"
               "<pattern id=\"hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">"
               "<rect width=\"6\" height=\"6\" fill=\"#eef0f2\"/>"
               "<path d=\"M-1 7L7 -1M-1 1L1 -1M5 7L7 5\" stroke=\"#7b858f\" stroke-width=\".8\"/></pattern>"
               "<pattern id=\"dots\" width=\"4\" height=\"4\" patternUnits=\"userSpaceOnUse\">"
               "<rect width=\"4\" height=\"4\" fill=\"#fff\"/><circle cx=\"2\" cy=\"2\" r=\"1.1\" "
               "fill=\"#3a3f47\"/></pattern>");
    marks(p);
    JX_TRY(ground(p, &f));
    JX_TRY(roads(p, &f));
    JX_TRY(boundaries(p, &f));
    jx_buf_str(p->b, "</defs></svg>\n");
    return JX_OK;
}
