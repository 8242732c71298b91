/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/*
 * Configuration trees as bytes, for the browser's module, which has no YAML parser.
 * "JXV1", then one value: type u8, line u32, and by type: SEQ count u32, values; MAP count u32, (line u32, key,
 * value)s; BOOL u8, INT i64, REAL the double's bits; every scalar ends with its spelling. Texts are length u32 and
 * bytes. All little-endian. Reading trusts nothing.
 */
#include "base_internal.h"
#include "junxian/val.h"

enum { MAX_DEPTH = 64 };

static void put_le(jx_buf *b, uint64_t v, unsigned bytes) {
    for (unsigned i = 0; i < bytes; i++) {
        jx_buf_char(b, (char)(unsigned char)(v >> (8 * i) & 255));
    }
}

static void put_text(jx_buf *b, const char *s, size_t n) {
    put_le(b, n, 4);
    jx_buf_add(b, s, n);
}

static uint64_t bits_of(double r) {
    uint64_t u;
    memcpy(&u, &r, sizeof u);
    return u;
}

static jx_status pack(jx_buf *b, const jx_val *v, int depth) {
    if (depth > MAX_DEPTH) {
        return JX_FAIL(b->ctx, CONFIG_TOO_DEEP, JX_I(MAX_DEPTH));
    }
    put_le(b, (uint64_t)v->type, 1);
    put_le(b, v->line, 4);
    switch (v->type) {
        case JX_VAL_SEQ:
        case JX_VAL_MAP:
            put_le(b, v->n, 4);
            for (uint32_t i = 0; i < v->n; i++) {
                if (v->type == JX_VAL_MAP) {
                    put_le(b, v->key_lines[i], 4);
                    put_text(b, v->keys[i], strlen(v->keys[i]));
                }
                JX_TRY(pack(b, v->items[i], depth + 1));
            }
            return JX_OK;
        case JX_VAL_BOOL:
            put_le(b, v->b, 1);
            break;
        case JX_VAL_INT:
            put_le(b, (uint64_t)v->i, 8);
            break;
        case JX_VAL_REAL:
            put_le(b, bits_of(v->r), 8);
            break;
        case JX_VAL_NULL:
        case JX_VAL_STR:
            break;
    }
    put_text(b, v->s ? v->s : "", v->s ? v->n : 0);
    return JX_OK;
}

jx_status jx_val_pack(jx_buf *out, const jx_val *root) {
    jx_buf_str(out, "JXV1");
    JX_TRY(pack(out, root, 1));
    return jx_buf_ok(out);
}

typedef struct reader {
    jx_ctx *ctx;
    jx_doc *d;
    const unsigned char *p;
    size_t n, at;
} reader;

static jx_status bad(const reader *r) {
    return JX_FAIL(r->ctx, CONFIG_PACKED_BAD, JX_I(r->at));
}

static jx_status get_le(reader *r, unsigned bytes, uint64_t *v) {
    if (r->n - r->at < bytes) {
        return bad(r);
    }
    *v = 0;
    for (unsigned i = 0; i < bytes; i++) {
        *v |= (uint64_t)r->p[r->at++] << (8 * i);
    }
    return JX_OK;
}

static jx_status get_u32(reader *r, uint32_t *v) {
    uint64_t x = 0;
    JX_TRY(get_le(r, 4, &x));
    *v = (uint32_t)x;
    return JX_OK;
}

/* A text without NUL bytes, valid UTF-8; borrowed from the input. */
static jx_status get_text(reader *r, const char **s, uint32_t *n) {
    JX_TRY(get_u32(r, n));
    if (*n > r->n - r->at) {
        return bad(r);
    }
    *s = (const char *)r->p + r->at;
    if (memchr(*s, 0, *n) || !jx_utf8_valid(*s, *n, NULL)) {
        return bad(r);
    }
    r->at += *n;
    return JX_OK;
}

static jx_status get_scalar(reader *r, jx_val_type type, uint32_t line, jx_val **out) {
    uint64_t x = 0;
    if (type == JX_VAL_BOOL || type == JX_VAL_INT || type == JX_VAL_REAL) {
        JX_TRY(get_le(r, type == JX_VAL_BOOL ? 1 : 8, &x));
    }
    const char *s;
    uint32_t n;
    JX_TRY(get_text(r, &s, &n));
    jx_val *v = jx_val_scalar(r->ctx, r->d, s, n, true, line);
    if (!v) {
        return JX_E_NOMEM;
    }
    v->type = type;
    if (type == JX_VAL_BOOL) {
        if (x > 1) {
            return bad(r);
        }
        v->b = x == 1;
    } else if (type == JX_VAL_INT) {
        memcpy(&v->i, &x, sizeof x);
        v->r = (double)v->i;
    } else if (type == JX_VAL_REAL) {
        memcpy(&v->r, &x, sizeof x);
    }
    *out = v;
    return JX_OK;
}

static jx_status get_value(reader *r, int depth, jx_val **out);

static jx_status get_children(reader *r, int depth, jx_val *v) {
    uint32_t n;
    JX_TRY(get_u32(r, &n));
    if (n > (r->n - r->at) / 9) { /* no value is shorter than its head and a length */
        return bad(r);
    }
    for (uint32_t i = 0; i < n; i++) {
        const char *key = NULL;
        uint32_t key_line = 0, key_n = 0;
        if (v->type == JX_VAL_MAP) {
            JX_TRY(get_u32(r, &key_line));
            JX_TRY(get_text(r, &key, &key_n));
        }
        jx_val *item;
        JX_TRY(get_value(r, depth + 1, &item));
        if (v->type == JX_VAL_MAP) {
            JX_TRY(jx_val_put(r->ctx, r->d, v, key, key_n, key_line, item));
        } else {
            JX_TRY(jx_val_append(r->ctx, r->d, v, item));
        }
    }
    return JX_OK;
}

static jx_status get_value(reader *r, int depth, jx_val **out) {
    uint64_t type = 0;
    uint32_t line = 0;
    if (depth > MAX_DEPTH) {
        return bad(r);
    }
    JX_TRY(get_le(r, 1, &type));
    if (type > JX_VAL_MAP) {
        return bad(r);
    }
    JX_TRY(get_u32(r, &line));
    if (type != JX_VAL_SEQ && type != JX_VAL_MAP) {
        return get_scalar(r, (jx_val_type)type, line, out);
    }
    *out = type == JX_VAL_SEQ ? jx_val_seq(r->ctx, r->d, line) : jx_val_map(r->ctx, r->d, line);
    return *out ? get_children(r, depth, *out) : JX_E_NOMEM;
}

jx_status jx_val_unpack(jx_ctx *ctx, const void *p, size_t n, const char *name, jx_doc *out) {
    reader r = {.ctx = ctx, .d = out, .p = p, .n = n};
    JX_TRY(jx_doc_init(ctx, out, name));
    jx_val *root = NULL;
    jx_status st = JX_OK;
    if (n < 4 || memcmp(p, "JXV1", 4) != 0) {
        st = bad(&r);
    } else {
        r.at = 4;
        st = get_value(&r, 1, &root);
    }
    if (st == JX_OK && r.at != n) {
        st = bad(&r);
    }
    if (st != JX_OK) {
        jx_doc_release(ctx, out);
        return st;
    }
    out->root = root;
    return JX_OK;
}
