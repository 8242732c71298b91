/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Charts as SVG: people reached against travel time, and townships side by side. The title says the finding, the line
 * under it the measure; axes from zero, labels on the marks, no legend.
 */
#include <math.h>

#include "report/svg_internal.h"

void jx__line(jx_buf *b, double x0, double y0, double x1, double y1, const char *style) {
    jx_buf_str(b, "<path d=\"M");
    jx__num(b, x0);
    jx_buf_char(b, ' ');
    jx__num(b, y0);
    jx_buf_char(b, 'L');
    jx__num(b, x1);
    jx_buf_char(b, ' ');
    jx__num(b, y1);
    jx_buf_fmt(b, "\" %s/>", style);
}

static void open_figure(const jx__page *p) {
    jx_buf_str(p->b, "<figure><figcaption><b>");
}

static void measure(const jx__page *p, const char *msgid, jx_mode mode) {
    jx_buf_str(p->b, "</b>");
    jx__both(p, msgid);
    jx_buf_str(p->b, ", ");
    jx__both(p, jx_mode_phrase(mode));
}

static void open_chart(const jx__page *p, int w, int h) {
    jx_buf_fmt(p->b, "</figcaption><svg class=\"chart\" role=\"img\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">",
               w, h, w, h);
}

/* ---- the curve ------------------------------------------------------------------------------------------------- */

enum { W = 372, H = 212, X0 = 36, X1 = 356, Y0 = 22, Y1 = 172 };

static const char *const tick = "fill=\"#5f6b7a\" font-size=\"11\"";
static const char *const tick_end = "fill=\"#5f6b7a\" font-size=\"11\" text-anchor=\"end\"";
static const char *const tick_mid = "fill=\"#5f6b7a\" font-size=\"11\" text-anchor=\"middle\"";

static int last_minute(const jx__classes *c) {
    double limit = fmax(isnan(c->town) ? 0 : c->town, isnan(c->country) ? 0 : c->country);
    return limit <= 10 ? 30 : limit <= 30 ? 60 : JX_CURVE_MINUTES - 1;
}

static void axes(const jx__page *p, int max) {
    for (int s = 0; s <= 100; s += 25) {
        double y = Y1 - (double)(Y1 - Y0) * s / 100;
        jx__line(p->b, X0, y, X1, y, "stroke=\"#d5dae0\"");
        jx__text_at(p->b, X0 - 6, y + 4, tick_end);
        jx_buf_fmt(p->b, "%d</text>", s);
    }
    for (int t = 0; t <= max; t += max / 6) {
        jx__text_at(p->b, X0 + (double)(X1 - X0) * t / max, Y1 + 16, tick_mid);
        jx_buf_fmt(p->b, "%d</text>", t);
    }
    jx__text_at(p->b, 0, 12, tick);
    jx_buf_str(p->b, "%</text>");
    jx__text_both(p, X1, Y1 + 33, tick_end, N_("minutes to the nearest"));
}

/* The standard's limit as a line; town to the left of it, country to the right, so that two labels stay apart. */
static void limit(const jx__page *p, double minutes, int max, bool dashed, const char *msgid, bool left) {
    if (isnan(minutes) || minutes > max) {
        return;
    }
    double x = X0 + (X1 - X0) * minutes / max;
    const jx_arg a = JX_R(minutes, floor(minutes) == minutes ? 0 : 1);
    jx__line(p->b, x, Y0 - 6, x, Y1,
         dashed ? "stroke=\"#1c2430\" stroke-width=\"1.4\" stroke-dasharray=\"5 3\""
                : "stroke=\"#1c2430\" stroke-width=\"1.4\"");
    jx__text_both_args(p, left ? x - 3 : x + 4, Y0 - 8,
                       left ? "font-size=\"11\" text-anchor=\"end\"" : "font-size=\"11\"", msgid, 1, &a);
}

static void limits(const jx__page *p, const jx__classes *c, int max) {
    bool two = !isnan(c->town) && !isnan(c->country) && c->town != c->country;
    if (two) {
        limit(p, c->town, max, false, N_("town {0}"), (X1 - X0) * c->town / max > 44);
        limit(p, c->country, max, true, N_("country {0}"), false);
    } else {
        limit(p, isnan(c->town) ? c->country : c->town, max, false, N_("standard {0}"), false);
    }
}

static void curve(const jx__page *p, const jx_service_result *r, int max) {
    jx_buf_str(p->b, "<path fill=\"none\" stroke=\"#14607a\" stroke-width=\"2.4\" stroke-linejoin=\"round\" d=\"");
    for (int t = 0; t <= max; t++) {
        jx_buf_char(p->b, t ? 'L' : 'M');
        jx__num(p->b, X0 + (double)(X1 - X0) * t / max);
        jx_buf_char(p->b, ' ');
        jx__num(p->b, Y1 - (Y1 - Y0) * fmin(1, r->curve[t] / r->total.people));
    }
    jx_buf_str(p->b, "\"/>");
    if (r->total.median_ms != JX_UNREACHABLE && r->total.median_ms / 60000.0 < max * 0.8) {
        double m = r->total.median_ms / 60000.0, x = X0 + (X1 - X0) * m / max, y = (Y0 + Y1) / 2.0;
        const jx_arg a = JX_R(m, 1);
        jx_buf_str(p->b, "<circle r=\"4\" fill=\"#fff\" stroke=\"#14607a\" stroke-width=\"2\" cx=\"");
        jx__num(p->b, x);
        jx_buf_str(p->b, "\" cy=\"");
        jx__num(p->b, y);
        jx_buf_str(p->b, "\"/>");
        jx__text_both_args(p, x + 8, y + 16, "class=\"halo\" font-size=\"11\"", N_("half within {0} min"), 1, &a);
    }
}

void jx__curve_chart(const jx__page *p, uint32_t result) {
    const jx_service_result *r = &p->d->results[result];
    const jx_criterion *k = &p->c->services[r->service].criteria[r->criterion];
    const jx__classes c = jx__classes_of(k);
    int max = last_minute(&c);
    bool cells = p->c->people_source == JX_PEOPLE_NONE;
    if (!(r->total.people > 0)) {
        return;
    }
    const jx_arg a = JX_R(100 * r->total.share_within, 1);
    open_figure(p);
    jx__both_args(
        p, cells ? N_("{0} % of cells are within the standard") : N_("{0} % of people are within the standard"), 1, &a);
    measure(p, cells ? N_("share of cells by minutes to the nearest") : N_("share of people by minutes to the nearest"),
            k->mode);
    open_chart(p, W, H);
    axes(p, max);
    limits(p, &c, max);
    curve(p, r, max);
    jx_buf_str(p->b, "</svg></figure>\n");
}

/* ---- townships ------------------------------------------------------------------------------------------------- */

enum { ROW = 18, NAME_X = 112, BAR_X1 = 316, TOP = 12, NAME_COLUMNS = 16 };

/* A name as far as it fits. */
static void short_name(jx_buf *b, const char *s) {
    size_t n = strlen(s), used = 0, at = 0;
    while (at < n) {
        uint32_t cp;
        unsigned len = jx_utf8_decode(s + at, n - at, &cp);
        len = len ? len : 1;
        used += jx_utf8_width(s + at, len);
        if (used > NAME_COLUMNS) {
            break;
        }
        at += len;
    }
    jx_buf_add(b, s, at);
    jx_buf_str(b, at < n ? "\u2026" : "");
}

void jx__row_name(const jx__page *p, const jx_area *a) {
    for (int zh = 0; zh < 2; zh++) {
        jx_buf t;
        jx_buf_init(&t, p->ctx);
        short_name(&t, jx__area_name(p->c, a, zh));
        if (jx_buf_ok(&t) == JX_OK) {
            jx_buf_fmt(p->b, "<g class=\"%s\">", zh ? "zh" : "en");
            jx__text_at(p->b, NAME_X - 8, 4, "text-anchor=\"end\"");
            jx__escape(p->b, t.n ? t.s : "");
            jx_buf_str(p->b, "</text></g>");
        } else {
            p->b->failed = true;
        }
        jx_buf_release(&t);
    }
}

static void row(const jx__page *p, const jx_service_result *r, uint32_t i) {
    double v = r->township[i].share_within, x = NAME_X + (BAR_X1 - NAME_X) * v;
    jx_buf_fmt(p->b, "<g class=\"row\" data-v=\"");
    jx_buf_fixed(p->b, isnan(v) ? -1 : 100 * v, 1);
    jx_buf_fmt(p->b, "\" transform=\"translate(0 %u)\">", (unsigned)(TOP + ROW / 2 + i * ROW));
    jx__row_name(p, &p->c->areas[p->c->township[i]]);
    jx__line(p->b, NAME_X, 0, BAR_X1, 0, "stroke=\"#e6e9ed\"");
    if (!isnan(v)) {
        jx_buf_str(p->b, "<circle r=\"4.5\" fill=\"#14607a\" cx=\"");
        jx__num(p->b, x);
        jx_buf_str(p->b, "\"/>");
    }
    jx__text_at(p->b, W - 8, 4, "text-anchor=\"end\"");
    jx__percent(p, v);
    jx_buf_str(p->b, "</text></g>");
}

/* "From 0.0 % in Planken to 87.6 % in Triesen". False where fewer than two have people. */
static bool span_title(const jx__page *p, const jx_service_result *r) {
    uint32_t lo = JX_NONE, hi = JX_NONE;
    for (uint32_t i = 0; i < p->c->n_townships; i++) {
        double v = r->township[i].share_within;
        if (!isnan(v)) {
            lo = lo == JX_NONE || v < r->township[lo].share_within ? i : lo;
            hi = hi == JX_NONE || v > r->township[hi].share_within ? i : hi;
        }
    }
    if (lo == hi) {
        return false;
    }
    open_figure(p);
    for (int zh = 0; zh < 2; zh++) {
        jx_buf t;
        jx_buf_init(&t, p->ctx);
        const jx_arg a[] = {JX_R(100 * r->township[lo].share_within, 1),
                            JX_S(jx__area_name(p->c, &p->c->areas[p->c->township[lo]], zh)),
                            JX_R(100 * r->township[hi].share_within, 1),
                            JX_S(jx__area_name(p->c, &p->c->areas[p->c->township[hi]], zh))};
        const char *text = N_("from {0} % in {1} to {2} % in {3}");
        jx_render(&t, zh ? jx_tr(p->o->zh, text) : text, 4, a);
        if (jx_buf_ok(&t) == JX_OK) {
            jx_buf_fmt(p->b, "<span class=\"%s\">", zh ? "zh" : "en");
            jx__escape(p->b, t.s);
            jx_buf_str(p->b, "</span>");
        } else {
            p->b->failed = true;
        }
        jx_buf_release(&t);
    }
    return true;
}

void jx__dot_plot(const jx__page *p, uint32_t result) {
    const jx_service_result *r = &p->d->results[result];
    uint32_t n = p->c->n_townships;
    if (n < 2 || !span_title(p, r)) {
        return;
    }
    double bottom = TOP + (double)n * ROW;
    jx_buf_str(p->b, "</b>");
    jx__both(p, N_("% within the standard, townships in official order; line: the whole area"));
    jx_buf_str(p->b, " <button class=\"js by\" type=\"button\">");
    jx__both(p, N_("order by value"));
    jx_buf_str(p->b, "</button>");
    open_chart(p, W, (int)bottom + 22);
    for (int s = 0; s <= 100; s += 25) {
        double x = NAME_X + (BAR_X1 - NAME_X) * s / 100.0;
        jx__line(p->b, x, TOP, x, bottom, "stroke=\"#d5dae0\"");
        jx__text_at(p->b, x, bottom + 15, tick_mid);
        jx_buf_fmt(p->b, "%d</text>", s);
    }
    if (!isnan(r->total.share_within)) {
        double x = NAME_X + (BAR_X1 - NAME_X) * r->total.share_within;
        jx__line(p->b, x, TOP - 6, x, bottom, "stroke=\"#1c2430\" stroke-width=\"1.4\" stroke-dasharray=\"5 3\"");
    }
    for (uint32_t i = 0; i < n; i++) {
        row(p, r, i);
    }
    jx_buf_str(p->b, "</svg></figure>\n");
}
