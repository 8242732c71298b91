/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * CSV, as bureaus deliver it: comma, semicolon or tab; UTF-8 with or without BOM, GB18030, UTF-16. The encoding is told by the bytes
 * and a declared one is checked, because GBK read as UTF-8 is the usual way to lose names in silence. iconv's one door.
 */
#include <errno.h>
#include <iconv.h>

#include "junxian/io.h"

enum { MAX_COLS = 4096, MAX_BYTES = 1 << 30 };

const char *jx_encoding_name(jx_encoding e) {
    static const char *const names[] = {"auto", "UTF-8", "GB18030", "UTF-16"};
    return names[e];
}

static jx_encoding detect(const uint8_t *p, size_t n, size_t *bom) {
    *bom = 0;
    if (n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0) {
        *bom = 3;
        return JX_ENC_UTF8;
    }
    if (n >= 2 && (memcmp(p, "\xff\xfe", 2) == 0 || memcmp(p, "\xfe\xff", 2) == 0)) {
        return JX_ENC_UTF16; /* iconv reads the BOM itself */
    }
    size_t bad;
    return jx_utf8_valid((const char *)p, n, &bad) ? JX_ENC_UTF8 : JX_ENC_GB18030;
}

static int64_t line_at(const uint8_t *p, size_t at) {
    int64_t line = 1;
    for (size_t i = 0; i < at; i++) {
        line += p[i] == '\n';
    }
    return line;
}

static jx_status convert(jx_ctx *ctx, const char *name, const char *from, const uint8_t *p, size_t n, char **out, size_t *out_n) {
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
    JX_VEC(const char *) all;
    JX_VEC(uint32_t) row_no;
} parser;

static jx_status push_field(parser *p) {
    size_t a = 0, b = p->field.n;
    while (a < b && (p->field.v[a] == ' ' || p->field.v[a] == '\t')) {
        a++;
    }
    while (b > a && (p->field.v[b - 1] == ' ' || p->field.v[b - 1] == '\t')) {
        b--;
    }
    const char *text = jx_arena_strn(p->ctx, p->t->arena, b > a ? p->field.v + a : "", b - a);
    p->field.n = 0;
    if (p->cells.n >= MAX_COLS) {
        return JX_FAIL_ROW(p->ctx, p->t->file, p->line, CSV_COLUMNS, JX_I(MAX_COLS));
    }
    return text ? jx_vec_push(p->ctx, &p->cells, text) : JX_E_NOMEM;
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
            p->s++;
            JX_TRY(jx_vec_push(p->ctx, &p->field, c));
        }
    }
    return *more ? push_field(p) : JX_OK;
}

static bool blank(const parser *p) {
    for (size_t i = 0; i < p->cells.n; i++) {
        if (*p->cells.v[i]) {
            return false;
        }
    }
    return true;
}

static jx_status take_header(parser *p) {
    p->t->n_cols = (uint32_t)p->cells.n;
    p->t->header = jx_arena_alloc(p->ctx, p->t->arena, p->cells.n, sizeof *p->t->header);
    if (!p->t->header) {
        return JX_E_NOMEM;
    }
    memcpy(p->t->header, p->cells.v, p->cells.n * sizeof *p->cells.v);
    return JX_OK;
}

static jx_status take_row(parser *p, uint32_t line) {
    if (p->cells.n > p->t->n_cols) {
        for (size_t i = p->t->n_cols; i < p->cells.n; i++) {
            if (*p->cells.v[i]) {
                return JX_FAIL_ROW(p->ctx, p->t->file, line, CSV_ROW_LONG, JX_I(p->cells.n), JX_I(p->t->n_cols));
            }
        }
    }
    for (uint32_t i = 0; i < p->t->n_cols; i++) {
        JX_TRY(jx_vec_push(p->ctx, &p->all, i < p->cells.n ? p->cells.v[i] : ""));
    }
    p->t->n_rows++;
    return jx_vec_push(p->ctx, &p->row_no, line);
}

static jx_status all_rows(parser *p) {
    for (bool more = true; more;) {
        uint32_t line = p->line;
        JX_TRY(row(p, &more));
        if (more && !blank(p)) {
            JX_TRY(p->t->header ? take_row(p, line) : take_header(p));
        }
        p->line++;
    }
    if (!p->t->header) {
        return JX_FAIL_ROW(p->ctx, p->t->file, 1, CSV_EMPTY, JX_S(p->t->file));
    }
    return JX_OK;
}

static jx_status parse_utf8(jx_ctx *ctx, const char *s, size_t n, jx_text_table *t) {
    t->delimiter = sniff(s, n);
    parser p = {.ctx = ctx, .t = t, .s = s, .end = s + n, .line = 1};
    jx_status st = all_rows(&p);
    if (st == JX_OK) {
        t->cell = jx_arena_alloc(ctx, t->arena, p.all.n + 1, sizeof *t->cell);
        t->row_no = jx_arena_alloc(ctx, t->arena, p.row_no.n + 1, sizeof *t->row_no);
        st = t->cell && t->row_no ? JX_OK : JX_E_NOMEM;
    }
    if (st == JX_OK && t->n_rows) {
        memcpy(t->cell, p.all.v, p.all.n * sizeof *t->cell);
        memcpy(t->row_no, p.row_no.v, p.row_no.n * sizeof *t->row_no);
    }
    jx_vec_free(ctx, &p.field);
    jx_vec_free(ctx, &p.cells);
    jx_vec_free(ctx, &p.all);
    jx_vec_free(ctx, &p.row_no);
    return st;
}

static jx_status parse(jx_ctx *ctx, const uint8_t *p, size_t n, jx_encoding enc, jx_text_table *t) {
    size_t bom, bad;
    jx_encoding found = detect(p, n, &bom);
    if (n > MAX_BYTES) {
        return JX_FAIL(ctx, FILE_BIG, JX_S(t->file), JX_I(n), JX_I(MAX_BYTES));
    }
    if (enc == JX_ENC_UTF8 && found != JX_ENC_UTF8) {
        jx_utf8_valid((const char *)p, n, &bad);
        return JX_FAIL_ROW(ctx, t->file, line_at(p, found == JX_ENC_UTF16 ? 0 : bad), CSV_NOT_UTF8, JX_S(jx_encoding_name(found)));
    }
    t->encoding = enc == JX_ENC_AUTO ? found : enc;
    if (t->encoding == JX_ENC_UTF8) {
        return parse_utf8(ctx, (const char *)p + bom, n - bom, t);
    }
    char *text = NULL;
    size_t text_n = 0;
    JX_TRY(convert(ctx, t->file, jx_encoding_name(t->encoding), p, n, &text, &text_n));
    jx_status st = parse_utf8(ctx, text, text_n, t);
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
