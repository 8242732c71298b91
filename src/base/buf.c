/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* The byte buffer every writer writes into. Always NUL-terminated within its capacity once it holds anything. */
#include "base_internal.h"

void jx_buf_init(jx_buf *b, jx_ctx *ctx) {
    *b = (jx_buf){.ctx = ctx};
}

void jx_buf_release(jx_buf *b) {
    if (b->s) {
        jx_free(b->ctx, b->s);
    }
    *b = (jx_buf){.ctx = b->ctx};
}

/* Room for `more` bytes and the NUL. */
static bool room(jx_buf *b, size_t more) {
    if (b->failed) {
        return false;
    }
    if (more < b->cap - b->n) {
        return true;
    }
    size_t need = more < PTRDIFF_MAX - b->n ? b->n + more + 1 : PTRDIFF_MAX;
    size_t cap = b->cap < 64 ? 64 : b->cap < PTRDIFF_MAX / 2 ? b->cap * 2 : PTRDIFF_MAX;
    cap = cap < need ? need : cap;
    char *p = jx_realloc(b->ctx, b->s, cap, 1);
    if (!p) {
        b->failed = true;
        return false;
    }
    b->s = p;
    b->cap = cap;
    return true;
}

void jx_buf_add(jx_buf *b, const void *s, size_t n) {
    if (n && room(b, n)) {
        memcpy(b->s + b->n, s, n);
        b->n += n;
        b->s[b->n] = '\0';
    }
}

void jx_buf_str(jx_buf *b, const char *s) {
    jx_buf_add(b, s, strlen(s));
}

void jx_buf_char(jx_buf *b, char c) {
    if (room(b, 1)) {
        b->s[b->n++] = c;
        b->s[b->n] = '\0';
    }
}

jx_status jx_buf_ok(jx_buf *b) {
    if (!b->s && room(b, 0)) {
        b->s[0] = '\0';
    }
    return b->failed ? JX_E_NOMEM : JX_OK;
}
