/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The legend inside a map's frame: title, unit, classes with their people, the standard's limits, what is not a time,
 * scale, source. */
#include <math.h>

#include "report/svg_internal.h"

static const char *const quiet = "fill=\"#5f6b7a\" font-size=\"11\"";

typedef struct pen {
    const jx__page *p;
    double x, y; /* left edge of the panel, baseline of the row */
} pen;

/* As on the map: the ground shows through a class, never through a pattern. */
static void swatch(const pen *k, const char *fill, const char *attrs) {
    jx_buf_str(k->p->b, "<rect x=\"");
    jx__num(k->p->b, k->x + 12);
    jx_buf_str(k->p->b, "\" y=\"");
    jx__num(k->p->b, k->y - 11);
    jx_buf_fmt(k->p->b, "\" width=\"24\" height=\"14\" fill=\"%s\" %s/>", fill, attrs);
}

static void rule(const pen *k, double x0, double x1, double y, bool dashed) {
    jx_buf_fmt(k->p->b, "<path stroke=\"#1c2430\" stroke-width=\"2.4\"%s d=\"M",
               dashed ? " stroke-dasharray=\"6 3\"" : "");
    jx__num(k->p->b, k->x + x0);
    jx_buf_char(k->p->b, ' ');
    jx__num(k->p->b, y);
    jx_buf_char(k->p->b, 'h');
    jx__num(k->p->b, x1 - x0);
    jx_buf_str(k->p->b, "\"/>");
}

static void share(const pen *k, double people, double all) {
    jx__text_at(k->p->b, k->x + 158, k->y, "text-anchor=\"end\"");
    jx__count(k->p->b, k->p->c, people);
    jx_buf_str(k->p->b, "</text>");
    jx__text_at(k->p->b, k->x + 206, k->y, "text-anchor=\"end\" fill=\"#5f6b7a\"");
    if (all > 0) {
        jx__percent(k->p, people / all);
    }
    jx_buf_str(k->p->b, "</text>");
}

static void range(const pen *k, int i, const double brk[4]) {
    jx__text_at(k->p->b, k->x + 44, k->y, "");
    if (i == 4) {
        jx_buf_str(k->p->b, "&gt; ");
        jx__num(k->p->b, brk[3]);
    } else {
        jx__num(k->p->b, i ? brk[i - 1] : 0);
        jx_buf_str(k->p->b, "\u2013");
        jx__num(k->p->b, brk[i]);
    }
    jx_buf_str(k->p->b, "</text>");
}

static void title(pen *k, const jx_service_result *r) {
    const jx_service *s = &k->p->c->services[r->service];
    const double x = k->x + 12;
    jx__text_both(k->p, x, k->y, "font-weight=\"600\"", N_("Travel time to the nearest"));
    for (int zh = 0; zh < 2; zh++) {
        jx_buf_fmt(k->p->b, "<g class=\"%s\">", zh ? "zh" : "en");
        jx__text_at(k->p->b, x, k->y + 17, "font-weight=\"600\"");
        jx__escape(k->p->b, jx_service_name(s, zh));
        jx_buf_str(k->p->b, "</text></g>");
    }
    k->y += 34;
    jx__text_both(k->p, x, k->y, quiet, jx_mode_phrase(s->criteria[r->criterion].mode));
    k->y += 22;
    jx__text_both(k->p, k->x + 44, k->y, quiet, N_("min"));
    jx__text_both(k->p, k->x + 158, k->y, "fill=\"#5f6b7a\" font-size=\"11\" text-anchor=\"end\"",
                  jx__unit_word(k->p->c));
    jx__text_at(k->p->b, k->x + 206, k->y, "fill=\"#5f6b7a\" font-size=\"11\" text-anchor=\"end\"");
    jx_buf_str(k->p->b, "%</text>");
    k->y += 18;
}

static bool is_dashed(const jx__classes *c, double brk) {
    return brk != c->town && !isnan(c->town); /* the town's limit is solid, the country's dashed */
}

static void classes(pen *k, const jx__classes *c, const double people[JX__N_CLASSES], double all) {
    for (int i = 0; i < 5; i++, k->y += 20) {
        swatch(k, jx__class_fill(i), "class=\"sw c\"");
        range(k, i, c->brk);
        share(k, people[i], all);
        if (i < 4 && c->heavy[i]) {
            rule(k, 8, 208, k->y + 6, is_dashed(c, c->brk[i]));
        }
    }
    k->y += 4;
}

static void not_times(pen *k, const double people[JX__N_CLASSES], double all) {
    static const char *const words[2] = {N_("unreachable"), N_("no data")};
    for (int i = 0; i < 2; i++, k->y += 20) {
        swatch(k, jx__class_fill(JX__UNREACHABLE_CLASS + i), "class=\"sw\"");
        jx__text_both(k->p, k->x + 44, k->y, "", words[i]);
        share(k, people[JX__UNREACHABLE_CLASS + i], all);
    }
    swatch(k, "#e6efdf", "class=\"sw\"");
    swatch(k, "#fff", "class=\"sw\" fill-opacity=\".6\"");
    jx__text_both(k->p, k->x + 44, k->y, "", N_("outside the area"));
    k->y += 24;
}

static void limits(pen *k, const jx__classes *c) {
    bool both = !isnan(c->town) && !isnan(c->country) && c->town != c->country;
    const double v[2] = {isnan(c->town) ? c->country : c->town, c->country};
    for (int i = 0; i < (both ? 2 : 1); i++, k->y += 18) {
        const char *text = !both ? N_("standard: {0} min")
                           : i   ? N_("standard, country: {0} min")
                                 : N_("standard, town: {0} min");
        const jx_arg a = JX_R(v[i], floor(v[i]) == v[i] ? 0 : 1);
        rule(k, 12, 36, k->y - 4, i == 1);
        jx__text_both_args(k->p, k->x + 44, k->y, "", text, 1, &a);
    }
    k->y += 6;
}

static void facility(pen *k, const jx_service_result *r) {
    const jx_arg a[] = {JX_I(r->n_inside), JX_I(r->n_facilities - r->n_inside)};
    jx_buf_fmt(k->p->b, "<use href=\"#mk%d\" x=\"", (int)k->p->c->services[r->service].theme);
    jx__num(k->p->b, k->x + 24);
    jx_buf_str(k->p->b, "\" y=\"");
    jx__num(k->p->b, k->y - 4);
    jx_buf_str(k->p->b, "\"/>");
    jx__text_both_args(k->p, k->x + 44, k->y, "", N_("facility: {0,} inside, {1,} around"), 2, a);
}

static void scale_bar(const jx__page *p, const jx__frame *f) {
    static const double steps[] = {100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000, 100000};
    double m = steps[0], x = f->width + 12, y = f->height - 44;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        m = steps[i] * f->scale <= 120 ? steps[i] : m;
    }
    double w = m * f->scale;
    jx_buf_str(p->b, "<path fill=\"none\" stroke=\"#1c2430\" stroke-width=\"1.4\" d=\"M");
    jx__num(p->b, x);
    jx_buf_char(p->b, ' ');
    jx__num(p->b, y - 5);
    jx_buf_str(p->b, "v5h");
    jx__num(p->b, w);
    jx_buf_str(p->b, "v-5\"/>");
    jx__text_at(p->b, x + w + 6, y + 1, "font-size=\"11\"");
    jx_buf_fmt(p->b, m < 1000 ? "%d m</text>" : "%d km</text>", (int)(m < 1000 ? m : m / 1000));
    jx__text_at(p->b, x, f->height - 24, "fill=\"#5f6b7a\" font-size=\"10\"");
    jx_buf_str(p->b, "\u00a9 OpenStreetMap contributors</text>");
    jx__text_at(p->b, x, f->height - 11, "fill=\"#5f6b7a\" font-size=\"10\"");
    jx_buf_str(p->b, "ODbL 1.0");
    if (p->c->data_time > 0) {
        jx_buf_str(p->b, " \u00b7 ");
        jx__date(p->b, p->c->data_time);
    }
    jx_buf_str(p->b, "</text><g class=\"print\"><path fill=\"#1c2430\" d=\"M");
    jx__num(p->b, f->width + JX__LEGEND_W - 22);
    jx_buf_char(p->b, ' ');
    jx__num(p->b, f->height - 42);
    jx_buf_str(p->b, "l5-14l5 14l-5-4z\"/>");
    jx__text_at(p->b, f->width + JX__LEGEND_W - 17, f->height - 60, "text-anchor=\"middle\" font-size=\"11\"");
    jx_buf_str(p->b, "N</text></g>");
}

void jx__legend(const jx__page *p, const jx__frame *f, const jx_service_result *r, const double people[JX__N_CLASSES]) {
    const jx__classes c = jx__classes_of(&p->c->services[r->service].criteria[r->criterion]);
    pen k = {p, f->width, 24};
    double all = 0;
    for (int i = 0; i < JX__N_CLASSES; i++) {
        all += people[i];
    }
    title(&k, r);
    classes(&k, &c, people, all);
    not_times(&k, people, all);
    limits(&k, &c);
    facility(&k, r);
    scale_bar(p, f);
}
