/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Charts as SVG: people reached against travel time, and townships side by side. Axes from zero, labels on the marks, no legend. */
#include <math.h>

#include "report/svg_internal.h"

static void num(jx_buf *b, double v) { jx_buf_fixed(b, floor(v * 10 + 0.5) / 10, 1); }

static void line(jx_buf *b, double x0, double y0, double x1, double y1, const char *style) {
    jx_buf_str(b, "<path fill=\"none\" d=\"M");
    num(b, x0);
    jx_buf_char(b, ' ');
    num(b, y0);
    jx_buf_char(b, 'L');
    num(b, x1);
    jx_buf_char(b, ' ');
    num(b, y1);
    jx_buf_fmt(b, "\" %s/>", style);
}

static void open_text(jx_buf *b, double x, double y, const char *attrs) {
    jx_buf_str(b, "<text x=\"");
    num(b, x);
    jx_buf_str(b, "\" y=\"");
    num(b, y);
    jx_buf_fmt(b, "\" %s>", attrs);
}

static void both(const jx__page *p, double x, double y, const char *attrs, const char *msgid) {
    for (int zh = 0; zh < 2; zh++) {
        jx_buf_fmt(p->b, "<g class=\"%s\">", zh ? "zh" : "en");
        open_text(p->b, x, y, attrs);
        jx__escape(p->b, zh ? jx_tr(p->o->zh, msgid) : msgid);
        jx_buf_str(p->b, "</text></g>");
    }
}

void jx__curve_chart(const jx__page *p, uint32_t result) {
    const jx_service_result *r = &p->d->results[result];
    enum { W = 348, H = 220, X0 = 40, Y0 = 24, X1 = 336, Y1 = 180 };
    double threshold = jx__main_threshold(p->c, r) / 60000.0;
    int max = 30;
    while (max < threshold * 3 && max < JX_CURVE_MINUTES - 1) {
        max += 30;
    }
    max = max > JX_CURVE_MINUTES - 1 ? JX_CURVE_MINUTES - 1 : max;
    const double kx = (double)(X1 - X0) / max, ky = (double)(Y1 - Y0);
    jx_buf_fmt(p->b, "<svg class=\"chart\" role=\"img\" viewBox=\"0 0 %d %d\">", W, H);
    for (int s = 0; s <= 100; s += 25) {
        double y = Y1 - ky * s / 100;
        line(p->b, X0, y, X1, y, "stroke=\"#d5dae0\"");
        open_text(p->b, X0 - 6, y + 4, "font-size=\"10\" text-anchor=\"end\" fill=\"#5f6b7a\"");
        jx_buf_fmt(p->b, "%d</text>", s);
    }
    for (int t = 0; t <= max; t += max / 6) {
        open_text(p->b, X0 + kx * t, Y1 + 15, "font-size=\"10\" text-anchor=\"middle\" fill=\"#5f6b7a\"");
        jx_buf_fmt(p->b, "%d</text>", t);
    }
    both(p, X0 - 34, 12, "font-size=\"10\" fill=\"#5f6b7a\"", p->c->people_source == JX_PEOPLE_NONE ? N_("% of cells") : N_("% of people"));
    both(p, X1, Y1 + 32, "font-size=\"10\" text-anchor=\"end\" fill=\"#5f6b7a\"", N_("minutes to the nearest"));
    if (r->total.people > 0) {
        jx_buf_str(p->b, "<path fill=\"none\" stroke=\"#14607a\" stroke-width=\"2.2\" stroke-linejoin=\"round\" d=\"");
        for (int t = 0; t <= max; t++) {
            jx_buf_char(p->b, t ? 'L' : 'M');
            num(p->b, X0 + kx * t);
            jx_buf_char(p->b, ' ');
            num(p->b, Y1 - ky * r->curve[t] / r->total.people);
        }
        jx_buf_str(p->b, "\"/>");
    }
    double x = X0 + kx * threshold;
    line(p->b, x, Y0 - 4, x, Y1, "stroke=\"#1c2430\" stroke-width=\"1.4\" stroke-dasharray=\"4 3\"");
    open_text(p->b, x + 4, Y0 + 2, "font-size=\"10\" fill=\"#1c2430\"");
    jx_buf_double(p->b, threshold);
    jx_buf_str(p->b, " min</text></svg>\n");
}

void jx__dot_plot(const jx__page *p, uint32_t result) {
    const jx_service_result *r = &p->d->results[result];
    const jx_county *c = p->c;
    enum { W = 348, ROW = 16, X0 = 118, X1 = 336, Y0 = 26, MAX_ROWS = 40 };
    uint32_t n = c->n_townships < MAX_ROWS ? c->n_townships : MAX_ROWS;
    if (!n) {
        return;
    }
    double bottom = Y0 + (double)n * ROW, k = (X1 - X0) / 100.0;
    jx_buf_fmt(p->b, "<svg class=\"chart\" role=\"img\" viewBox=\"0 0 %d %d\">", W, (int)bottom + 22);
    for (int s = 0; s <= 100; s += 25) {
        line(p->b, X0 + k * s, Y0 - 6, X0 + k * s, bottom, "stroke=\"#d5dae0\"");
        open_text(p->b, X0 + k * s, bottom + 14, "font-size=\"10\" text-anchor=\"middle\" fill=\"#5f6b7a\"");
        jx_buf_fmt(p->b, "%d</text>", s);
    }
    both(p, X0, 12, "font-size=\"10\" fill=\"#5f6b7a\"", N_("% within reach, by township in official order; line: the whole area"));
    if (!isnan(r->total.share_within)) {
        double x = X0 + k * 100 * r->total.share_within;
        line(p->b, x, Y0 - 6, x, bottom, "stroke=\"#1c2430\" stroke-width=\"1.4\" stroke-dasharray=\"4 3\"");
    }
    for (uint32_t i = 0; i < n; i++) {
        double y = Y0 + (i + 0.5) * ROW;
        const jx_area *a = &c->areas[c->township[i]];
        for (int zh = 0; zh < 2; zh++) {
            jx_buf_fmt(p->b, "<g class=\"%s\">", zh ? "zh" : "en");
            open_text(p->b, X0 - 8, y + 4, "font-size=\"11\" text-anchor=\"end\"");
            jx__escape(p->b, jx_area_name(a, zh));
            jx_buf_str(p->b, "</text></g>");
        }
        if (!isnan(r->township[i].share_within)) {
            jx_buf_str(p->b, "<circle r=\"4\" fill=\"#14607a\" cx=\"");
            num(p->b, X0 + k * 100 * r->township[i].share_within);
            jx_buf_str(p->b, "\" cy=\"");
            num(p->b, y);
            jx_buf_str(p->b, "\"/>");
        }
    }
    jx_buf_str(p->b, "</svg>\n");
}
