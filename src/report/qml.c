/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** QGIS styles: graduated by the layer's breaks and colours, or one plain symbol, so that QGIS opens the GeoPackage
 * coloured. */
#include "report/report_internal.h"

static void color(jx_buf *b, const char *hex, int alpha) {
    static const char digits[] = "0123456789abcdef";
    for (int i = 0; i < 3; i++) {
        int hi = (int)(strchr(digits, hex[1 + 2 * i]) - digits), lo = (int)(strchr(digits, hex[2 + 2 * i]) - digits);
        jx_buf_fmt(b, "%d,", hi * 16 + lo);
    }
    jx_buf_fmt(b, "%d", alpha);
}

static void option(jx_buf *b, const char *name, const char *value) {
    jx_buf_fmt(b, "<Option type=\"QString\" name=\"%s\" value=\"%s\"/>", name, value);
}

static void symbol(jx_buf *b, const jx_layer *l, unsigned number, const char *hex) {
    static const char *const types[] = {"", "marker", "line", "fill"}, *const classes[] = {"", "SimpleMarker",
                                                                                           "SimpleLine", "SimpleFill"};
    jx_buf_fmt(b,
               "<symbol type=\"%s\" name=\"%u\" alpha=\"%s\"><layer class=\"%s\" enabled=\"1\" pass=\"0\"><Option "
               "type=\"Map\">",
               types[l->geom], number, l->geom == JX_GEOM_POLYGON ? "0.75" : "1", classes[l->geom]);
    jx_buf_fmt(b, "<Option type=\"QString\" name=\"%s\" value=\"", l->geom == JX_GEOM_LINE ? "line_color" : "color");
    color(b, hex, 255);
    jx_buf_str(b, "\"/>");
    if (l->geom == JX_GEOM_LINE) {
        option(b, "line_width", "0.4");
    } else if (l->geom == JX_GEOM_POLYGON) {
        option(b, "outline_color", "213,218,224,255");
        option(b, "outline_width", "0.1");
    } else {
        option(b, "outline_color", "28,36,48,255");
        option(b, "size", "2.4");
    }
    jx_buf_str(b, "</Option></layer></symbol>");
}

static void range(jx_buf *b, const jx_layer *l, uint32_t i, const jx_catalog *cat) {
    double lo = i ? l->style_breaks[i - 1] : 0;
    jx_buf_str(b, "<range symbol=\"");
    jx_buf_fmt(b, "%u\" render=\"true\" lower=\"", i);
    jx_buf_double(b, lo);
    jx_buf_str(b, "\" upper=\"");
    if (i < l->n_breaks) {
        jx_buf_double(b, l->style_breaks[i]);
    } else {
        jx_buf_str(b, "1e12");
    }
    jx_buf_str(b, "\" label=\"");
    jx_buf_double(b, lo);
    jx_buf_str(b, i < l->n_breaks ? " \u2013 " : " +");
    if (i < l->n_breaks) {
        jx_buf_double(b, l->style_breaks[i]);
    }
    if (l->style_labels) {
        jx_buf_char(b, ' ');
        jx__escape(b, jx_tr(cat, l->style_labels[i]));
    }
    jx_buf_str(b, "\"/>");
}

/* A class for each text. */
static void categories(jx_buf *b, const jx_layer *l) {
    jx_buf_fmt(b,
               "<renderer-v2 type=\"categorizedSymbol\" attr=\"%s\" forceraster=\"0\" symbollevels=\"0\" "
               "enableorderby=\"0\"><categories>",
               l->style_column);
    for (uint32_t i = 0; i < l->n_breaks; i++) {
        jx_buf_fmt(b, "<category symbol=\"%u\" render=\"true\" type=\"string\" value=\"", i);
        jx__escape(b, l->style_values[i]);
        jx_buf_str(b, "\" label=\"");
        jx__escape(b, l->style_values[i]);
        jx_buf_str(b, "\"/>");
    }
    jx_buf_str(b, "</categories><symbols>");
    for (uint32_t i = 0; i < l->n_breaks; i++) {
        symbol(b, l, i, l->style_colors[i]);
    }
    jx_buf_str(b, "</symbols></renderer-v2>");
}

jx_status jx_report_qml(jx_ctx *ctx, const jx_layer *l, const jx_catalog *cat, jx_buf *b) {
    (void)ctx;
    static const char *const plain[] = {"", "#0072b2", "#5f6b7a", "#f6f7f9"};
    if (l->geom == JX_GEOM_NONE) {
        return JX_OK;
    }
    jx_buf_str(b,
               "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n<qgis version=\"3.22\" "
               "styleCategories=\"Symbology\">");
    if (!l->style_column) {
        jx_buf_str(
            b, "<renderer-v2 type=\"singleSymbol\" forceraster=\"0\" symbollevels=\"0\" enableorderby=\"0\"><symbols>");
        symbol(b, l, 0, plain[l->geom]);
        jx_buf_str(b, "</symbols></renderer-v2>");
    } else if (l->style_values) {
        categories(b, l);
    } else {
        jx_buf_fmt(b,
                   "<renderer-v2 type=\"graduatedSymbol\" attr=\"%s\" graduatedMethod=\"GraduatedColor\" "
                   "forceraster=\"0\" symbollevels=\"0\" enableorderby=\"0\"><ranges>",
                   l->style_column);
        for (uint32_t i = 0; i <= l->n_breaks; i++) {
            range(b, l, i, cat);
        }
        jx_buf_str(b, "</ranges><symbols>");
        for (uint32_t i = 0; i <= l->n_breaks; i++) {
            symbol(b, l, i, l->style_colors[i]);
        }
        jx_buf_str(b, "</symbols></renderer-v2>");
    }
    jx_buf_str(b, "</qgis>\n");
    return jx_buf_ok(b);
}
