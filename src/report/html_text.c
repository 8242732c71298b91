/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Text in both languages side by side; the page shows one (a radio button and a line of CSS, no script). */
#include "report/report_internal.h"

static void open_span(jx_buf *b, bool zh) { jx_buf_str(b, zh ? "<span class=\"zh\" lang=\"zh-CN\">" : "<span class=\"en\" lang=\"en\">"); }

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

void jx__both(const jx__page *p, const char *msgid) { jx__both_names(p, msgid, jx_tr(p->o->zh, msgid)); }

/* Rendered apart, so that arguments are escaped once and by us. */
static void rendered(const jx__page *p, bool zh, const jx_buf *text) {
    open_span(p->b, zh);
    jx__escape(p->b, text->n ? text->s : "");
    jx_buf_str(p->b, "</span>");
}

void jx__both_args(const jx__page *p, const char *msgid, uint32_t n, const jx_arg *args) {
    for (int zh = 0; zh < 2; zh++) {
        jx_buf t;
        jx_buf_init(&t, p->ctx);
        jx_render(&t, zh ? jx_tr(p->o->zh, msgid) : msgid, n, args);
        if (jx_buf_ok(&t) == JX_OK) {
            rendered(p, zh, &t);
        } else {
            p->b->failed = true;
        }
        jx_buf_release(&t);
    }
}

void jx__both_finding(const jx__page *p, const jx_finding *f) {
    for (int zh = 0; zh < 2; zh++) {
        jx_buf t;
        jx_buf_init(&t, p->ctx);
        jx_finding_render(&t, zh ? p->o->zh : NULL, zh, p->c, f);
        if (jx_buf_ok(&t) == JX_OK) {
            rendered(p, zh, &t);
        } else {
            p->b->failed = true;
        }
        jx_buf_release(&t);
    }
}
