/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* Messages as prose: templates filled in, with place and remedy around them. */
#include <math.h>

#include "base_internal.h"

/* A real with its integer part grouped: format, then let the digits before the point through jx_buf_grouped's spacing.
 */
static void grouped_real(jx_buf *b, double v, int decimals) {
    jx_buf t;
    jx_buf_init(&t, b->ctx);
    jx_buf_fixed(&t, v, decimals);
    if (jx_buf_ok(&t) != JX_OK) {
        b->failed = true;
    } else {
        size_t from = t.s[0] == '-', to = from + strspn(t.s + from, "0123456789");
        jx_buf_add(b, t.s, from);
        for (size_t i = from; i < to; i++) {
            jx_buf_char(b, t.s[i]);
            if (i + 1 < to && (to - i - 1) % 3 == 0) {
                jx_buf_char(b, ',');
            }
        }
        jx_buf_str(b, t.s + to);
    }
    jx_buf_release(&t);
}

static void add_arg(jx_buf *b, const jx_arg *a, bool group) {
    switch (a->type) {
        case JX_ARG_STR:
            jx_buf_str(b, a->s ? a->s : "");
            break;
        case JX_ARG_INT:
            if (group) {
                jx_buf_grouped(b, a->i, ",");
            } else {
                jx_buf_int(b, a->i);
            }
            break;
        case JX_ARG_REAL:
            if (group && isfinite(a->r)) {
                grouped_real(b, a->r, a->decimals);
            } else if (a->decimals < 0) {
                jx_buf_double(b, a->r);
            } else {
                jx_buf_fixed(b, a->r, a->decimals);
            }
            break;
        case JX_ARG_NONE:
            break;
    }
}

void jx_render(jx_buf *b, const char *tmpl, uint32_t n_args, const jx_arg *args) {
    for (const char *p = tmpl; *p;) {
        size_t plain = strcspn(p, "{");
        jx_buf_add(b, p, plain);
        p += plain;
        if (!*p) {
            break;
        }
        bool number = p[1] >= '0' && p[1] <= '9', group = number && p[2] == ',';
        if (number && p[group ? 3 : 2] == '}' && (uint32_t)(p[1] - '0') < n_args) {
            add_arg(b, &args[p[1] - '0'], group);
            p += group ? 4 : 3;
        } else {
            jx_buf_char(b, *p++);
        }
    }
}

/* What stands between text and remedy: a full stop, unless the text ends with a question mark of its own. */
static const char *after_text(const jx_buf *b, const char *stop) {
    static const char wide_question[] = "\xEF\xBC\x9F";
    if (b->n >= 3 && memcmp(b->s + b->n - 3, wide_question, 3) == 0) {
        return "";
    }
    return b->n >= 1 && b->s[b->n - 1] == '?' ? " " : stop;
}

void jx_msg_render(jx_buf *b, const jx_catalog *c, const jx_message *m, bool with_remedy) {
    const jx_msg_info *info = jx_msg_find((int)m->id);
    if (m->file) {
        jx_buf_str(b, m->file);
        if (m->row > 0) {
            jx_buf_char(b, ':');
            jx_buf_int(b, m->row);
        }
        jx_buf_str(b, ": ");
    }
    jx_arg args[JX_MSG_MAX_ARGS];
    uint32_t n = m->n_args < JX_MSG_MAX_ARGS ? m->n_args : JX_MSG_MAX_ARGS;
    for (uint32_t i = 0; i < n; i++) {
        args[i] = m->args[i];
        if (args[i].type == JX_ARG_STR && args[i].decimals == 1 && args[i].s) {
            args[i].s = jx_tr(c, args[i].s);
        }
    }
    jx_render(b, jx_tr(c, info ? info->text : ""), n, args);
    if (m->offset >= 0) {
        jx_render(b, jx_tr(c, N_(" (at byte {0})")), 1, (jx_arg[]){JX_I(m->offset)});
    }
    if (with_remedy && info && *info->remedy) {
        jx_buf_str(b, after_text(b, jx_tr(c, N_(". "))));
        jx_buf_str(b, jx_tr(c, info->remedy));
    }
}
