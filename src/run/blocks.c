/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Sentences that go to the terminal and to pages alike. */
#include "run/district.h"

void jx__tell(jx__told *t, const char *msgid, uint32_t n, const jx_arg *args) {
    if (t->n < sizeof t->b / sizeof *t->b && n <= 4) {
        jx_report_block *b = &t->b[t->n++];
        *b = (jx_report_block){.msgid = msgid, .n_args = n};
        for (uint32_t i = 0; i < n; i++) {
            b->args[i] = args[i];
        }
    }
}

void jx__told_text(const jx_county *c, const jx__told *t, jx_result *res) {
    bool zh = strcmp(res->lang, "en") != 0;
    for (uint32_t k = 0; k < t->n; k++) {
        jx_arg args[4];
        for (uint32_t i = 0; i < t->b[k].n_args; i++) {
            const jx_arg *a = &t->b[k].args[i];
            bool service = a->type == JX_ARG_STR && a->decimals == JX_REF_SERVICE,
                 word = a->type == JX_ARG_STR && a->decimals == JX_REF_MSGID;
            args[i] = service ? JX_S(jx_service_name(&c->services[a->i], zh)) : word ? JX_S(jx__tr(res, a->s)) : *a;
        }
        jx_render(&res->text, jx__tr(res, t->b[k].msgid), t->b[k].n_args, args);
        jx_buf_char(&res->text, '\n');
    }
}
