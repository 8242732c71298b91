/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* A streaming JSON writer: the caller names what comes, commas, indentation and escapes are written here. */
#include <assert.h>
#include <math.h>

#include "base_internal.h"

void jx_json_init(jx_json *j, jx_buf *b, bool pretty) {
    *j = (jx_json){.b = b, .pretty = pretty};
}

static void newline(jx_json *j) {
    if (j->pretty) {
        jx_buf_char(j->b, '\n');
        for (int i = 0; i < j->depth; i++) {
            jx_buf_add(j->b, "  ", 2);
        }
    }
}

/* What stands before a value or a key. */
static void lead(jx_json *j) {
    if (j->after_key) {
        j->after_key = false;
        return;
    }
    if (j->need_comma) {
        jx_buf_char(j->b, ',');
    }
    if (j->depth > 0) {
        newline(j);
    }
}

static void open(jx_json *j, char c) {
    lead(j);
    jx_buf_char(j->b, c);
    j->depth++;
    assert(j->depth <= 64);
    j->need_comma = false;
}

static void close(jx_json *j, char c) {
    j->depth--;
    assert(j->depth >= 0 && !j->after_key);
    if (j->need_comma) { /* something stands inside */
        newline(j);
    }
    jx_buf_char(j->b, c);
    j->need_comma = true;
}

void jx_json_obj(jx_json *j) {
    open(j, '{');
}
void jx_json_end_obj(jx_json *j) {
    close(j, '}');
}
void jx_json_arr(jx_json *j) {
    open(j, '[');
}
void jx_json_end_arr(jx_json *j) {
    close(j, ']');
}

static void escaped(jx_buf *b, unsigned char c) {
    static const char hex[] = "0123456789abcdef";
    static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
    const char *hit = c ? strchr(from, c) : NULL;
    jx_buf_char(b, '\\');
    if (hit) {
        jx_buf_char(b, to[hit - from]);
        return;
    }
    jx_buf_str(b, "u00");
    jx_buf_char(b, hex[c >> 4]);
    jx_buf_char(b, hex[c & 15]);
}

static void quoted(jx_buf *b, const char *s, size_t n) {
    jx_buf_char(b, '"');
    size_t plain = 0;
    for (size_t i = 0; i < n;) {
        unsigned char c = (unsigned char)s[i];
        uint32_t cp = c;
        unsigned len = c < 0x80 ? 1 : jx_utf8_decode(s + i, n - i, &cp);
        bool control = c < 0x20 || c == 0x7F || (len == 2 && cp < 0xA0); /* the upper ones are legal, but steer a terminal */
        bool special = control || c == '"' || c == '\\' || len == 0;
        if (special) {
            jx_buf_add(b, s + plain, i - plain);
            if (len == 0) {
                jx_buf_str(b, "\xEF\xBF\xBD");
            } else {
                escaped(b, len == 2 ? (unsigned char)cp : c);
            }
        }
        i += len ? len : 1;
        plain = special ? i : plain;
    }
    jx_buf_add(b, s + plain, n - plain);
    jx_buf_char(b, '"');
}

void jx_json_key(jx_json *j, const char *key) {
    lead(j);
    quoted(j->b, key, strlen(key));
    jx_buf_char(j->b, ':');
    if (j->pretty) {
        jx_buf_char(j->b, ' ');
    }
    j->after_key = true;
}

static void raw(jx_json *j, const char *s) {
    lead(j);
    jx_buf_str(j->b, s);
    j->need_comma = true;
}

void jx_json_strn(jx_json *j, const char *s, size_t n) {
    lead(j);
    quoted(j->b, s, n);
    j->need_comma = true;
}

void jx_json_str(jx_json *j, const char *s) {
    if (s) {
        jx_json_strn(j, s, strlen(s));
    } else {
        jx_json_null(j);
    }
}

void jx_json_int(jx_json *j, int64_t v) {
    lead(j);
    jx_buf_int(j->b, v);
    j->need_comma = true;
}

void jx_json_real(jx_json *j, double v, int decimals) {
    if (!isfinite(v)) {
        jx_json_null(j);
        return;
    }
    lead(j);
    if (decimals < 0) {
        jx_buf_double(j->b, v);
    } else {
        jx_buf_fixed(j->b, v, decimals);
    }
    j->need_comma = true;
}

void jx_json_bool(jx_json *j, bool v) {
    raw(j, v ? "true" : "false");
}
void jx_json_null(jx_json *j) {
    raw(j, "null");
}
