/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Lorenz curve as SVG: what share of access the people with least have, with the Gini coefficient in words. */
#include <math.h>

#include "junxian/fairness.h"
#include "report/svg_internal.h"

enum { W = 372, H = 322, X0 = 40, X1 = 300, Y0 = 14, Y1 = 274 };

static const char *const tick_end = "fill=\"#5f6b7a\" font-size=\"11\" text-anchor=\"end\"";
static const char *const tick_mid = "fill=\"#5f6b7a\" font-size=\"11\" text-anchor=\"middle\"";

static double px(double share) {
    return X0 + (X1 - X0) * share;
}
static double py(double share) {
    return Y1 - (Y1 - Y0) * share;
}

static void stroke(jx_buf *b, double x0, double y0, double x1, double y1, const char *style) {
    jx_buf_str(b, "<path d=\"M");
    jx__num(b, px(x0));
    jx_buf_char(b, ' ');
    jx__num(b, py(y0));
    jx_buf_char(b, 'L');
    jx__num(b, px(x1));
    jx_buf_char(b, ' ');
    jx__num(b, py(y1));
    jx_buf_fmt(b, "\" %s/>", style);
}

static void axes(const jx__page *p, bool time) {
    for (int s = 0; s <= 100; s += 25) {
        stroke(p->b, 0, s / 100.0, 1, s / 100.0, "stroke=\"#d5dae0\"");
        jx__text_at(p->b, X0 - 6, py(s / 100.0) + 4, tick_end);
        jx_buf_fmt(p->b, "%d</text>", s);
        jx__text_at(p->b, px(s / 100.0), Y1 + 16, tick_mid);
        jx_buf_fmt(p->b, "%d</text>", s);
    }
    bool cells = p->c->people_source == JX_PEOPLE_NONE;
    jx__text_both(p, X1, Y1 + 34, tick_end,
                  cells  ? N_("% of cells, those with least first")
                  : time ? N_("% of people, those with the shortest way first")
                         : N_("% of people, those with least access first"));
    jx__text_both(p, X0 + 6, Y0 + 12, "class=\"halo\" fill=\"#5f6b7a\" font-size=\"11\"",
                  time ? N_("% of all minutes") : N_("% of access"));
}

static void curve(const jx__page *p, const double *v, uint32_t n) {
    jx_buf_str(p->b, "<path fill=\"#9fb3c1\" fill-opacity=\".35\" d=\"M");
    for (uint32_t k = 0; k <= n; k++) {
        jx_buf_char(p->b, k ? 'L' : ' ');
        jx__num(p->b, px((double)k / n));
        jx_buf_char(p->b, ' ');
        jx__num(p->b, py(v[k]));
    }
    jx_buf_str(p->b, "z\"/>");
    stroke(p->b, 0, 0, 1, 1, "stroke=\"#1c2430\" stroke-width=\"1.4\" stroke-dasharray=\"5 3\"");
    for (uint32_t k = 0; k < n; k++) {
        stroke(p->b, (double)k / n, v[k], (double)(k + 1) / n, v[k + 1],
               "stroke=\"#14607a\" stroke-width=\"2.4\" stroke-linecap=\"round\"");
    }
}

/* The curve's middle, said beside it. */
static void middle(const jx__page *p, double half) {
    const jx_arg a = JX_R(100 * half, 1);
    jx_buf_str(p->b, "<circle r=\"4\" fill=\"#fff\" stroke=\"#14607a\" stroke-width=\"2\" cx=\"");
    jx__num(p->b, px(0.5));
    jx_buf_str(p->b, "\" cy=\"");
    jx__num(p->b, py(half));
    jx_buf_str(p->b, "\"/>");
    jx__text_both_args(p, px(0.5) - 8, py(half) - (half < 0.25 ? 10 : -16),
                       "class=\"halo\" font-size=\"11\" text-anchor=\"end\"", N_("half have {0} %"), 1, &a);
    jx__text_both(p, px(0.62), py(0.62) - 8, "class=\"halo\" font-size=\"11\" text-anchor=\"end\"",
                  N_("if all had the same"));
}

void jx__lorenz_chart(const jx__page *p, const double *v, uint32_t n, double gini, bool time) {
    bool cells = p->c->people_source == JX_PEOPLE_NONE;
    if (isnan(v[n]) || isnan(gini)) {
        return;
    }
    const jx_arg half = JX_R(100 * v[n / 2], 1), words[] = {JX_R(gini, 2), JX_R(200 * gini, 0)};
    jx__str(p, "<figure><figcaption><b>");
    if (time) {
        jx__both_args(p, N_("the half with the shortest ways spend {0} % of all minutes"), 1, &half);
    } else if (v[n / 2] > 0) {
        jx__both_args(p,
                      cells ? N_("the half of the cells with least share {0} % of access")
                            : N_("the half of the people with least share {0} % of access"),
                      1, &half);
    } else {
        jx__both(p, cells ? N_("more than half of the cells have nothing within the catchment")
                          : N_("more than half of the people have nothing within the catchment"));
    }
    jx__str(p, "</b>");
    jx__both_args(p,
                  cells ? N_("Gini {0}: two cells drawn by lot differ by {1} % of the mean, on average (0: all have "
                             "the same; 1: one has all)")
                        : N_("Gini {0}: two people drawn by lot differ by {1} % of the mean, on average (0: all have "
                             "the same; 1: one has all)"),
                  2, words);
    jx_buf_fmt(p->b, "</figcaption><svg class=\"chart\" role=\"img\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">",
               W, H, W, H);
    axes(p, time);
    curve(p, v, n);
    middle(p, v[n / 2]);
    jx_buf_str(p->b, "</svg></figure>\n");
}
