/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Text in both languages side by side; the page shows one (a radio button and a line of CSS). Numbers in tables. */
#include <math.h>

#include "report/report_internal.h"

void jx__str(const jx__page *p, const char *s) {
    jx_buf_str(p->b, s);
}

void jx__esc(const jx__page *p, const char *s) {
    jx__escape(p->b, s);
}

static void open_span(jx_buf *b, bool zh) {
    jx_buf_str(b, zh ? "<span class=\"zh\" lang=\"zh-CN\">" : "<span class=\"en\" lang=\"en\">");
}

void jx__both_names(const jx__page *p, const char *en, const char *zh) {
    if (strcmp(en, zh) == 0) {
        jx__escape(p->b, en);
        return;
    }
    open_span(p->b, false);
    jx__escape(p->b, en);
    jx_buf_str(p->b, "</span>");
    open_span(p->b, true);
    jx__escape(p->b, zh);
    jx_buf_str(p->b, "</span>");
}

void jx__both(const jx__page *p, const char *msgid) {
    jx__both_names(p, msgid, jx_tr(p->o->zh, msgid));
}

void jx__both_area(const jx__page *p, const jx_area *a) {
    jx__both_names(p, jx__area_name(p->c, a, false), jx__area_name(p->c, a, true));
}

void jx__both_service(const jx__page *p, uint32_t service) {
    const jx_service *s = &p->c->services[service];
    jx__both_names(p, s->name_en, s->name_zh);
}

/* Rendered apart, so that arguments are escaped once and by us. */
void jx__span(const jx__page *p, bool zh, jx_buf *text) {
    if (jx_buf_ok(text) == JX_OK) {
        open_span(p->b, zh);
        jx__escape(p->b, text->n ? text->s : "");
        jx_buf_str(p->b, "</span>");
    } else {
        p->b->failed = true;
    }
    jx_buf_release(text);
}

void jx__both_args(const jx__page *p, const char *msgid, uint32_t n, const jx_arg *args) {
    for (int zh = 0; zh < 2; zh++) {
        jx_buf t;
        jx_buf_init(&t, p->ctx);
        jx_render(&t, zh ? jx_tr(p->o->zh, msgid) : msgid, n, args);
        jx__span(p, zh, &t);
    }
}

void jx__both_finding(const jx__page *p, const jx_finding *f) {
    for (int zh = 0; zh < 2; zh++) {
        jx_buf t;
        jx_buf_init(&t, p->ctx);
        jx__say(&t, zh ? p->o->zh : NULL, zh, p->c, f);
        jx__span(p, zh, &t);
    }
}

void jx__both_limit(const jx__page *p, const jx_criterion *k) {
    jx_buf_str(p->b, "<span class=\"nb\">");
    jx__minutes(p->b, k->urban_ms ? k->urban_ms : k->rural_ms);
    if (k->urban_ms && k->rural_ms && k->urban_ms != k->rural_ms) {
        jx_buf_str(p->b, " / ");
        jx__minutes(p->b, k->rural_ms);
    }
    jx_buf_char(p->b, ' ');
    jx__both(p, N_("min"));
    jx_buf_str(p->b, "</span> <span class=\"nb\">");
    jx__both(p, jx_mode_phrase(k->mode));
    jx_buf_str(p->b, "</span>");
}

/* ---- numbers in tables --------------------------------------------------------------------------------------- */

void jx__percent(const jx__page *p, double share) {
    if (isfinite(share)) {
        jx_buf_fixed(p->b, 100 * share, 1);
    } else {
        jx_buf_str(p->b, "\u2013");
    }
}

void jx__th(const jx__page *p, const char *msgid, bool number_column) {
    jx_buf_str(p->b, number_column ? "<th class=\"n\" scope=\"col\">" : "<th scope=\"col\">");
    jx__both(p, msgid);
    jx_buf_str(p->b, "</th>");
}

void jx__td_share(const jx__page *p, double share) {
    if (isfinite(share)) {
        jx_buf_str(p->b, "<td class=\"n bar\" style=\"--v:");
        jx_buf_fixed(p->b, 100 * share, 1);
        jx_buf_str(p->b, "\">");
    } else {
        jx_buf_str(p->b, "<td class=\"n\">");
    }
    jx__percent(p, share);
    jx_buf_str(p->b, "</td>");
}

void jx__td_count(const jx__page *p, double v) {
    jx_buf_str(p->b, "<td class=\"n\">");
    jx__count(p->b, p->c, v);
    jx_buf_str(p->b, "</td>");
}

void jx__td_minutes(const jx__page *p, uint32_t ms) {
    jx_buf_str(p->b, "<td class=\"n\">");
    if (ms == JX_UNREACHABLE) {
        jx_buf_str(p->b, "\u2013");
    } else {
        jx_buf_fixed(p->b, ms / 60000.0, 1); /* one decimal throughout, so that a column lines up */
    }
    jx_buf_str(p->b, "</td>");
}
