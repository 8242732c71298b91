/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * CSV, as bureaus deliver it: comma, semicolon or tab; UTF-8 with or without BOM, GB18030, UTF-16. The encoding is told
 * by the bytes and a declared one is checked, because GBK read as UTF-8 is the usual way to lose names in silence.
 * iconv's one door.
 */
#include <errno.h>
#include <iconv.h>

#include "io/io_internal.h"

enum { MAX_COLS = 4096, MAX_BYTES = 1 << 30 };

const char *jx_encoding_name(jx_encoding e) {
    static const char *const names[] = {"auto", "UTF-8", "GB18030", "UTF-16"};
    return names[e];
}

/* UTF-16 without its mark: every ASCII character, commas and line ends above all, has a zero byte on the same side. */
static jx_encoding zeros_say(const uint8_t *p, size_t n, bool *big_endian) {
    size_t zeros[2] = {0}, seen = n < 4096 ? n : 4096;
    for (size_t i = 0; i < seen; i++) {
        zeros[i & 1] += p[i] == 0;
    }
    *big_endian = zeros[0] > zeros[1];
    size_t more = zeros[*big_endian ? 0 : 1], less = zeros[*big_endian ? 1 : 0];
    return n % 2 == 0 && more > 2 * less ? JX_ENC_UTF16 : JX_ENC_AUTO;
}

typedef struct found {
    jx_encoding enc; /* AUTO: not text */
    const char *iconv_name;
    size_t bom, first_other; /* bytes to skip; where the first byte beyond ASCII (or beyond UTF-8) stands */
} found;

static found detect(const uint8_t *p, size_t n) {
    bool big = false;
    if (n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0) {
        return (found){JX_ENC_UTF8, "UTF-8", 3, 0};
    }
    if (n >= 2 && (memcmp(p, "\xff\xfe", 2) == 0 || memcmp(p, "\xfe\xff", 2) == 0)) {
        return (found){JX_ENC_UTF16, "UTF-16", 0, 0}; /* iconv reads the mark itself */
    }
    if (n && memchr(p, 0, n)) {
        jx_encoding e = zeros_say(p, n, &big);
        return (found){e, big ? "UTF-16BE" : "UTF-16LE", 0, 0};
    }
    size_t bad = 0;
    if (jx_utf8_valid((const char *)p, n, &bad)) {
        for (bad = 0; bad < n && p[bad] < 0x80; bad++) {
        }
        return (found){JX_ENC_UTF8, "UTF-8", 0, bad};
    }
    return (found){JX_ENC_GB18030, "GB18030", 0, bad};
}

/* Western text read as GBK pairs an accented letter with the plain one behind it; Chinese text has its second bytes
 * high. */
static bool rather_western(const uint8_t *p, size_t n) {
    size_t low = 0, high = 0;
    for (size_t i = 0; i + 1 < n; i++) {
        if (p[i] >= 0x80) {
            *(p[i + 1] < 0x80 ? &low : &high) += 1;
            i++;
        }
    }
    return low > high;
}

/* Chinese in UTF-8 is all but impossible to be meant as GBK. */
static bool surely_utf8(const uint8_t *p, size_t n, const found *f) {
    for (size_t i = f->first_other; i < n; i++) {
        if (p[i] >= 0xe3 && p[i] <= 0xef) {
            return true;
        }
    }
    return f->bom > 0;
}

static int64_t line_at(const uint8_t *p, size_t at) {
    int64_t line = 1;
    for (size_t i = 0; i < at; i++) {
        line += p[i] == '\n';
    }
    return line;
}

static jx_status convert(jx_ctx *ctx, const char *name, const char *from, const uint8_t *p, size_t n, char **out,
                         size_t *out_n) {
    size_t cap = n * 2 + 64, left_in = n, left_out;
    char *buf = jx_malloc(ctx, cap, 1), *in = (char *)(uintptr_t)p, *at = buf;
    iconv_t cd = iconv_open("UTF-8", from);
    jx_status st = buf ? JX_OK : JX_E_NOMEM;
    if (cd == (iconv_t)-1) {
        jx_free(ctx, buf);
        return JX_FAIL(ctx, CSV_NO_ICONV, JX_S(from));
    }
    left_out = cap;
    while (st == JX_OK && left_in) {
        if (iconv(cd, &in, &left_in, &at, &left_out) != (size_t)-1) {
            break;
        }
        if (errno != E2BIG) {
            st = JX_FAIL_ROW(ctx, name, line_at(p, n - left_in), CSV_ENCODING, JX_S(from));
            break;
        }
        size_t used = (size_t)(at - buf);
        char *more = jx_realloc(ctx, buf, cap * 2, 1);
        if (!more) {
            st = JX_E_NOMEM;
            break;
        }
        buf = more;
        cap *= 2;
        at = buf + used;
        left_out = cap - used;
    }
    iconv_close(cd);
    if (st != JX_OK) {
        jx_free(ctx, buf);
        return st;
    }
    *out = buf;
    *out_n = (size_t)(at - buf);
    return JX_OK;
}

/* The delimiter that the first line has most of, outside quotes. */
static char sniff(const char *s, size_t n) {
    size_t count[3] = {0};
    bool quoted = false;
    for (size_t i = 0; i < n && (quoted || (s[i] != '\n' && s[i] != '\r')); i++) {
        quoted = s[i] == '"' ? !quoted : quoted;
        if (!quoted) {
            count[0] += s[i] == ',';
            count[1] += s[i] == ';';
            count[2] += s[i] == '\t';
        }
    }
    return count[2] > count[0] && count[2] >= count[1] ? '\t' : count[1] > count[0] ? ';' : ',';
}

typedef struct parser {
    jx_ctx *ctx;
    jx_text_table *t;
    const char *s, *end;
    uint32_t line;
    JX_VEC(char) field;
    JX_VEC(const char *) cells; /* of the row under way */
    jx__rows rows;
} parser;

static jx_status push_field(parser *p) {
    const char *text = jx__rows_text(&p->rows, p->field.n ? p->field.v : "", p->field.n);
    p->field.n = 0;
    if (p->cells.n >= MAX_COLS) {
        return JX_FAIL_ROW(p->ctx, p->t->file, p->line, CSV_COLUMNS, JX_I(MAX_COLS));
    }
    return text ? jx_vec_push(p->ctx, &p->cells, text) : JX_E_NOMEM;
}

/* A stretch of plain bytes at once. */
static jx_status push_bytes(parser *p, size_t n) {
    JX_TRY(jx_vec_reserve(p->ctx, &p->field, n));
    memcpy(p->field.v + p->field.n, p->s, n);
    p->field.n += n;
    p->s += n;
    return JX_OK;
}

/* A quoted field: "" is a quote, anything else stands for itself, line ends included. */
static jx_status quoted(parser *p, uint32_t start) {
    for (p->s++; p->s < p->end; p->s++) {
        if (*p->s == '"' && p->s + 1 < p->end && p->s[1] == '"') {
            p->s++;
        } else if (*p->s == '"') {
            p->s++;
            return JX_OK;
        }
        p->line += *p->s == '\n';
        JX_TRY(jx_vec_push(p->ctx, &p->field, *p->s));
    }
    return JX_FAIL_ROW(p->ctx, p->t->file, start, CSV_QUOTE, JX_I(start));
}

/* One row into p->cells; *more false at the end of the file. */
static jx_status row(parser *p, bool *more) {
    p->cells.n = 0;
    *more = p->s < p->end;
    while (p->s < p->end) {
        char c = *p->s;
        if (c == '"' && p->field.n == 0) {
            JX_TRY(quoted(p, p->line));
        } else if (c == p->t->delimiter) {
            p->s++;
            JX_TRY(push_field(p));
            if (p->s == p->end) {
                break;
            }
        } else if (c == '\n' || c == '\r') {
            p->s += c == '\r' && p->s + 1 < p->end && p->s[1] == '\n' ? 2 : 1;
            break;
        } else {
            size_t n = 1;
            while (p->s + n < p->end && p->s[n] != p->t->delimiter && p->s[n] != '\n' && p->s[n] != '\r') {
                n++;
            }
            JX_TRY(push_bytes(p, n));
        }
    }
    return *more ? push_field(p) : JX_OK;
}

static jx_status all_rows(parser *p) {
    for (bool more = true; more;) {
        uint32_t line = p->line;
        JX_TRY(row(p, &more));
        if (more) {
            JX_TRY(jx__rows_add(&p->rows, p->cells.v, p->cells.n, line));
        }
        p->line++;
    }
    return JX_OK;
}

static jx_status parse_utf8(jx_ctx *ctx, const char *s, size_t n, jx_text_table *t) {
    t->delimiter = sniff(s, n);
    parser p = {.ctx = ctx, .t = t, .s = s, .end = s + n, .line = 1, .rows = {.ctx = ctx, .t = t}};
    jx_status st = n && memchr(s, 0, n) ? JX_FAIL(ctx, CSV_BINARY, JX_S(t->file)) : all_rows(&p);
    jx_vec_free(ctx, &p.field);
    jx_vec_free(ctx, &p.cells);
    return jx__rows_end(&p.rows, st);
}

/* What was declared against what the bytes say. */
static jx_status check_declared(jx_ctx *ctx, const jx_text_table *t, const uint8_t *p, size_t n, jx_encoding enc,
                                const found *f) {
    if (f->enc == JX_ENC_AUTO) {
        return JX_FAIL(ctx, CSV_BINARY, JX_S(t->file));
    }
    if (enc == JX_ENC_AUTO && f->enc == JX_ENC_GB18030 && rather_western(p, n)) {
        return JX_FAIL_ROW(ctx, t->file, line_at(p, f->first_other), CSV_UNKNOWN, JX_S(t->file));
    }
    if (enc == JX_ENC_AUTO || enc == f->enc) {
        return JX_OK;
    }
    if (enc == JX_ENC_UTF8) {
        return JX_FAIL_ROW(ctx, t->file, line_at(p, f->first_other), CSV_NOT_UTF8, JX_S(jx_encoding_name(f->enc)));
    }
    if (enc == JX_ENC_GB18030 && f->enc == JX_ENC_UTF8 && !surely_utf8(p, n, f)) {
        return JX_OK; /* plain ASCII, or too little to tell */
    }
    return JX_FAIL_ROW(ctx, t->file, line_at(p, f->first_other), CSV_DECLARED, JX_S(jx_encoding_name(enc)),
                       JX_S(jx_encoding_name(f->enc)));
}

static jx_status parse(jx_ctx *ctx, const uint8_t *p, size_t n, jx_encoding enc, jx_text_table *t) {
    if (n > MAX_BYTES) {
        return JX_FAIL(ctx, FILE_BIG, JX_S(t->file), JX_I(n), JX_I(MAX_BYTES));
    }
    const found f = detect(p, n);
    JX_TRY(check_declared(ctx, t, p, n, enc, &f));
    t->encoding = enc == JX_ENC_AUTO ? f.enc : enc;
    if (t->encoding == JX_ENC_UTF8) {
        return parse_utf8(ctx, (const char *)p + f.bom, n - f.bom, t);
    }
    char *text = NULL;
    size_t text_n = 0;
    JX_TRY(convert(ctx, t->file, t->encoding == JX_ENC_GB18030 ? "GB18030" : f.iconv_name, p, n, &text, &text_n));
    size_t bom = text_n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    jx_status st = parse_utf8(ctx, text + bom, text_n - bom, t);
    jx_free(ctx, text);
    return st;
}

jx_status jx_csv_parse(jx_ctx *ctx, const char *name, const void *p, size_t n, jx_encoding enc, jx_text_table *out) {
    *out = (jx_text_table){0};
    out->arena = jx_arena_new(ctx);
    out->file = out->arena ? jx_arena_strn(ctx, out->arena, name, strlen(name)) : NULL;
    jx_status st = out->file ? parse(ctx, p, n, enc, out) : JX_E_NOMEM;
    if (st != JX_OK) {
        jx_text_table_release(ctx, out);
    }
    return st;
}

void jx_text_table_release(jx_ctx *ctx, jx_text_table *t) {
    jx_arena_free(ctx, t->arena);
    *t = (jx_text_table){0};
}
