/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Chapters told as blocks: headings, sentences, maps, tables. */
#include <math.h>

#include "report/plan_internal.h"

static jx_status map(const jx__page *p, const jx_report_map *m, const char *heading) {
    uint32_t n = m->n_sites + m->n_others;
    jx__map_mark *mark = jx_malloc(p->ctx, n, sizeof *mark);
    if (!mark) {
        return JX_E_NOMEM;
    }
    bool small = m->n_others > JX__MANY_MARKS;
    for (uint32_t i = 0; i < m->n_others; i++) {
        mark[i] = (jx__map_mark){.pt = m->other[i], .symbol = jx__theme_mark(m->theme, small), .radius = small ? 0 : 5};
    }
    for (uint32_t i = 0; i < m->n_sites; i++) {
        mark[m->n_others + i] =
            (jx__map_mark){.pt = m->site[i], .symbol = "new", .number = i + 1, .radius = 9, .fixed = true};
    }
    jx__map_spec s = {.heading = heading,
                      .title = {{m->title, NULL}},
                      .unit = {m->unit, NULL},
                      .n_classes = m->n_classes,
                      .told_apart = m->told_apart,
                      .unreachable = m->unreachable,
                      .no_data = m->no_data,
                      .of_cell = m->of_cell,
                      .mark = mark,
                      .n_marks = n};
    for (uint32_t i = 0; i < m->n_classes; i++) {
        const jx_report_class *c = &m->cls[i];
        s.cls[i] = (jx__map_class){.fill = c->fill,
                                   .lo = c->lo,
                                   .hi = c->hi,
                                   .words = {c->words, NULL},
                                   .rule = c->heavy ? JX__RULE_SOLID : JX__RULE_NONE};
    }
    if (m->site_words) {
        s.key[s.n_keys++] =
            (jx__map_key){.symbol = "new", .msgid = m->site_words, .n_args = 1, .args = {JX_I(m->n_sites)}};
    }
    if (m->other_words && m->n_others) {
        s.key[s.n_keys++] = (jx__map_key){.symbol = jx__theme_mark(m->theme, false),
                                          .msgid = m->other_words,
                                          .n_args = 1,
                                          .args = {JX_I(m->n_others)}};
    }
    jx_status st = jx__map_draw(p, &s);
    jx_free(p->ctx, mark);
    return st;
}

static void number(const jx__page *p, double v, int decimals) {
    if (decimals == -2) {
        jx__td_share(p, v);
        return;
    }
    jx__str(p, "<td class=\"n\">");
    if (isnan(v) || isinf(v)) {
        jx__str(p, "\u2013");
    } else if (decimals < 0) {
        jx_buf_grouped(p->b, (int64_t)floor(v + 0.5), ",");
    } else {
        jx_buf_fixed(p->b, v, decimals);
    }
    jx__str(p, "</td>");
}

static void row(const jx__page *p, const jx_report_table *t, uint32_t r) {
    bool sum = t->sum && r + 1 == t->n_rows;
    jx__str(p, sum ? "</tbody><tfoot><tr class=\"sum\">" : "<tr>");
    if (t->numbered) {
        jx_buf_fmt(p->b, sum ? "<td></td>" : "<td class=\"n\">%u</td>", r + 1);
    }
    jx__str(p, "<td>");
    if (sum) {
        jx__both(p, t->name[r]);
    } else if (t->name_zh) {
        jx__both_names(p, t->name[r], t->name_zh[r]);
    } else {
        jx__esc(p, t->name[r]);
    }
    jx__str(p, "</td>");
    for (uint32_t k = 0; k < t->shown; k++) {
        number(p, t->v[(size_t)r * t->n_cols + k], t->decimals[k]);
    }
    jx__str(p, sum ? "</tr></tfoot>" : "</tr>");
}

static void table(const jx__page *p, const jx_report_table *t) {
    jx__str(p, "<div class=\"scroll\"><table class=\"sort\"><thead><tr>");
    if (t->numbered) {
        jx__th(p, N_("no."), true);
    }
    for (uint32_t k = 0; k <= t->shown; k++) {
        jx__th(p, t->head[k], k > 0);
    }
    jx__str(p, "</tr></thead><tbody>");
    for (uint32_t r = 0; r < t->n_rows; r++) {
        row(p, t, r);
    }
    jx__str(p, t->sum ? "</table></div>\n" : "</tbody></table></div>\n");
}

static jx_status block(const jx__page *p, const jx_report_block *b, const char *heading) {
    if (b->heading) {
        jx__str(p, "<h3>");
        jx__both(p, b->heading);
        jx__str(p, "</h3>");
    }
    if (b->msgid) {
        jx__str(p, b->lead ? "<p class=\"lead\">" : "<p class=\"also\">");
        jx__sentence(p, b->msgid, b->n_args, b->args);
        jx__str(p, "</p>");
    }
    if (b->table) {
        table(p, b->table);
    }
    return b->map ? map(p, b->map, heading) : JX_OK;
}

void jx__block_contents(const jx__page *p) {
    for (uint32_t k = 0; k < p->o->n_chapters; k++) {
        jx_buf_fmt(p->b, "<div><a href=\"#more%u\">", k + 1);
        jx__both(p, p->o->chapters[k].title);
        jx__str(p, "</a></div>");
    }
}

jx_status jx__block_chapters(const jx__page *p) {
    if (p->o->n_chapters && !p->o->n_plans) {
        jx__site_marks(p);
    }
    for (uint32_t k = 0; k < p->o->n_chapters; k++) {
        const jx_report_chapter *c = &p->o->chapters[k];
        char heading[16];
        jx_buf h;
        jx_buf_init(&h, p->ctx);
        jx_buf_fmt(&h, "hm%u", k + 1);
        jx_status st = jx_buf_ok(&h);
        if (st == JX_OK && h.n < sizeof heading) {
            memcpy(heading, h.s, h.n + 1);
        }
        jx_buf_release(&h);
        JX_TRY(st);
        jx_buf_fmt(p->b,
                   "<section id=\"more%u\" class=\"svc\"><h2 id=\"%s\"><svg class=\"mk\" viewBox=\"-6 -6 12 12\" "
                   "aria-hidden=\"true\">"
                   "<use href=\"#mk%d\"/></svg> ",
                   k + 1, heading, (int)c->theme);
        jx__both(p, c->title);
        jx__str(p, "</h2>");
        for (uint32_t i = 0; i < c->n; i++) {
            JX_TRY(jx_poll(p->ctx));
            JX_TRY(block(p, &c->block[i], heading));
        }
        jx__str(p, "</section>\n");
    }
    return JX_OK;
}
