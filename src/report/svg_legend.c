/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The legend inside a map's frame: title, unit, classes with their people, what is not a value, limits, marks, scale,
 * source. */
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

/* What a row says of people: how many and which share; or, for two maps, how many before and after. */
typedef struct tally {
    const double *people, *after; /* JX__MAP_ROWS; after NULL: one map */
    double all;
} tally;

static void share(const pen *k, const tally *t, int row) {
    jx__text_at(k->p->b, k->x + 158, k->y, "text-anchor=\"end\"");
    jx__count(k->p->b, k->p->c, t->people[row]);
    jx_buf_str(k->p->b, "</text>");
    jx__text_at(k->p->b, k->x + 206, k->y, t->after ? "text-anchor=\"end\"" : "text-anchor=\"end\" fill=\"#5f6b7a\"");
    if (t->after) {
        jx__count(k->p->b, k->p->c, t->after[row]);
    } else if (t->all > 0) {
        jx__percent(k->p, t->people[row] / t->all);
    }
    jx_buf_str(k->p->b, "</text>");
}

/* Two digits of what is less than one; else tenths. */
static void amount(jx_buf *b, double v) {
    int decimals = 1;
    for (double at = v; at > 0 && at < 1 && decimals < 6; at *= 10) {
        decimals++;
    }
    if (decimals == 1) {
        jx__num(b, v);
        return;
    }
    size_t start = b->n;
    jx_buf_fixed(b, v, decimals);
    while (!b->failed && b->n > start && b->s[b->n - 1] == '0') {
        b->n--;
    }
}

static void range(const pen *k, const jx__map_class *c) {
    if (c->words.en) {
        jx__text_words(k->p, k->x + 44, k->y, "", c->words);
        return;
    }
    jx__text_at(k->p->b, k->x + 44, k->y, "");
    if (isinf(c->hi)) {
        jx_buf_str(k->p->b, "&gt; ");
        amount(k->p->b, c->lo);
    } else {
        amount(k->p->b, c->lo);
        jx_buf_str(k->p->b, "\u2013");
        amount(k->p->b, c->hi);
    }
    jx_buf_str(k->p->b, "</text>");
}

/* Heights of the parts, for jx__legend_height too. */
enum { TOP = 24, LINE = 17, UNDER = 22, HEADS = 18, ROW = 20, END = 18, LIMIT = 18, KEY = 20, SCALE = 64 };

static void title(pen *k, const jx__map_spec *s, bool shared) {
    static const char *const head = "fill=\"#5f6b7a\" font-size=\"11\" text-anchor=\"end\"";
    const double x = k->x + 12;
    for (int i = 0; i < 2; i++) {
        if (s->title[i].en) {
            jx__text_words(k->p, x, k->y, "font-weight=\"600\"", s->title[i]);
            k->y += LINE;
        }
    }
    if (s->under.en) {
        jx__text_words(k->p, x, k->y, quiet, s->under);
    }
    k->y += UNDER;
    if (s->unit.en) {
        jx__text_words(k->p, k->x + 44, k->y, quiet, s->unit);
    }
    jx__text_both(k->p, k->x + 158, k->y, head, shared ? N_("before") : jx__unit_word(k->p->c));
    if (shared) {
        jx__text_both(k->p, k->x + 206, k->y, head, N_("after"));
    } else {
        jx__text_at(k->p->b, k->x + 206, k->y, head);
        jx_buf_str(k->p->b, "%</text>");
    }
    k->y += HEADS;
}

static void end_word(pen *k, const char *msgid) {
    if (msgid) {
        jx__text_both(k->p, k->x + 12, k->y, quiet, msgid);
        k->y += END;
    }
}

static void classes(pen *k, const jx__map_spec *s, const tally *t) {
    end_word(k, s->first);
    for (uint32_t i = 0; !s->told_apart && i < s->n_classes; i++, k->y += ROW) {
        swatch(k, s->cls[i].fill, "class=\"sw c\"");
        range(k, &s->cls[i]);
        share(k, t, (int)i);
        if (s->cls[i].rule) {
            rule(k, 8, 208, k->y + 6, s->cls[i].rule == JX__RULE_DASHED);
        }
    }
    end_word(k, s->last);
    k->y += 4;
}

static void not_values(pen *k, const jx__map_spec *s, const tally *t) {
    const char *const words[2] = {s->unreachable, s->no_data};
    static const char *const fill[2] = {"url(#dots)", "url(#hatch)"};
    for (int i = 0; i < 2; i++) {
        if (words[i]) {
            swatch(k, fill[i], "class=\"sw\"");
            jx__text_both(k->p, k->x + 44, k->y, "", words[i]);
            share(k, t, JX__ROW_UNREACHABLE + i);
            k->y += ROW;
        }
    }
    swatch(k, "#e6efdf", "class=\"sw\"");
    swatch(k, "#fff", "class=\"sw\" fill-opacity=\".6\"");
    jx__text_both(k->p, k->x + 44, k->y, "", N_("outside the area"));
    k->y += ROW + 4;
}

static void limits(pen *k, const jx__map_spec *s) {
    for (uint32_t i = 0; i < s->n_limits; i++, k->y += LIMIT) {
        const jx__map_limit *m = &s->limit[i];
        const jx_arg a = JX_R(m->v, floor(m->v) == m->v ? 0 : 1);
        rule(k, 12, 36, k->y - 4, m->dashed);
        jx__text_both_args(k->p, k->x + 44, k->y, "", m->msgid, 1, &a);
    }
    k->y += 6;
}

static void keys(pen *k, const jx__map_spec *s) {
    for (uint32_t i = 0; i < s->n_keys; i++, k->y += KEY) {
        const jx__map_key *m = &s->key[i];
        jx_buf_fmt(k->p->b, "<use href=\"#%s\" x=\"", m->symbol);
        jx__num(k->p->b, k->x + 24);
        jx_buf_str(k->p->b, "\" y=\"");
        jx__num(k->p->b, k->y - 4);
        jx_buf_str(k->p->b, "\"/>");
        jx__text_both_args(k->p, k->x + 44, k->y, "", m->msgid, m->n_args, m->args);
    }
}

double jx__legend_height(const jx__map_spec *s, bool shared) {
    double h = TOP + UNDER + HEADS + (s->title[0].en ? LINE : 0) + (s->title[1].en ? LINE : 0) + ROW * (s->told_apart ? 0 : (double)s->n_classes);
    h += (s->first ? END : 0) + (s->last ? END : 0) + (s->unreachable ? ROW : 0) + (s->no_data ? ROW : 0) + 8 + ROW;
    return h + LIMIT * (double)s->n_limits + 6 + KEY * (double)s->n_keys + (shared ? 40 : SCALE);
}

/* ---- scale and source ------------------------------------------------------------------------------------------- */

static double scale_metres(const jx__frame *f, double widest) {
    static const double steps[] = {100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000, 100000};
    double m = steps[0];
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        m = steps[i] * f->scale <= widest ? steps[i] : m;
    }
    return m;
}

static void bar(const jx__page *p, double x, double y, double w) {
    jx_buf_str(p->b, "<path fill=\"none\" stroke=\"#1c2430\" stroke-width=\"1.4\" d=\"M");
    jx__num(p->b, x);
    jx_buf_char(p->b, ' ');
    jx__num(p->b, y - 5);
    jx_buf_str(p->b, "v5h");
    jx__num(p->b, w);
    jx_buf_str(p->b, "v-5\"/>");
}

static void metres(jx_buf *b, double m) {
    jx_buf_fmt(b, m < 1000 ? "%d m</text>" : "%d km</text>", (int)(m < 1000 ? m : m / 1000));
}

static void source(const jx__page *p, double x, double y) {
    jx__text_at(p->b, x, y, "fill=\"#5f6b7a\" font-size=\"10\"");
    jx_buf_str(p->b, "\u00a9 OpenStreetMap contributors</text>");
    jx__text_at(p->b, x, y + 13, "fill=\"#5f6b7a\" font-size=\"10\"");
    jx_buf_str(p->b, "ODbL 1.0");
    if (p->c->data_time > 0) {
        jx_buf_str(p->b, " \u00b7 ");
        jx__date(p->b, p->c->data_time);
    }
    jx_buf_str(p->b, "</text>");
}

static void north(const jx__page *p, double x, double y) {
    jx_buf_str(p->b, "<g class=\"print\"><path fill=\"#1c2430\" d=\"M");
    jx__num(p->b, x - 5);
    jx_buf_char(p->b, ' ');
    jx__num(p->b, y);
    jx_buf_str(p->b, "l5-14l5 14l-5-4z\"/>");
    jx__text_at(p->b, x, y - 18, "text-anchor=\"middle\" font-size=\"11\"");
    jx_buf_str(p->b, "N</text></g>");
}

static void scale_bar(const jx__page *p, const jx__frame *f, double height) {
    double m = scale_metres(f, 120), x = f->width + 12, y = height - 44;
    bar(p, x, y, m * f->scale);
    jx__text_at(p->b, x + m * f->scale + 6, y + 1, "font-size=\"11\"");
    metres(p->b, m);
    source(p, x, height - 24);
    north(p, f->width + JX__LEGEND_W - 17, height - 42);
}

void jx__scale_within(const jx__page *p, const jx__frame *f) {
    double m = scale_metres(f, 100), w = m * f->scale, y = f->height - 12;
    jx_buf_str(p->b, "<rect fill=\"#fff\" fill-opacity=\".8\" x=\"1\" y=\"");
    jx__num(p->b, f->height - 25);
    jx_buf_str(p->b, "\" height=\"24\" width=\"");
    jx__num(p->b, w + 56);
    jx_buf_str(p->b, "\"/>");
    bar(p, 10, y, w);
    jx__text_at(p->b, w + 16, y + 1, "font-size=\"11\"");
    metres(p->b, m);
    north(p, f->width - 17, f->height - 12);
}

/* ---- the legend ---------------------------------------------------------------------------------------------------- */

static void legend(pen *k, const jx__map_spec *s, const tally *t) {
    title(k, s, t->after != NULL);
    classes(k, s, t);
    not_values(k, s, t);
    limits(k, s);
    keys(k, s);
}

void jx__legend(const jx__page *p, const jx__frame *f, double height, const jx__map_spec *s,
                const double people[JX__MAP_ROWS]) {
    pen k = {p, f->width, TOP};
    tally t = {.people = people};
    for (int i = 0; i < JX__MAP_ROWS; i++) {
        t.all += people[i];
    }
    legend(&k, s, &t);
    scale_bar(p, f, height);
}

void jx__legend_shared(const jx__page *p, const jx__map_spec *s, const double before[JX__MAP_ROWS],
                       const double after[JX__MAP_ROWS]) {
    pen k = {p, 0, TOP};
    const tally t = {.people = before, .after = after};
    legend(&k, s, &t);
    source(p, 12, k.y + 6);
}
