/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Tables by extension, and what is asked of any of them: columns by name, numbers in cells. */
#include <math.h>

#include "io/io_internal.h"

static bool ends_with(const char *s, const char *end) {
    size_t n = strlen(s), m = strlen(end);
    if (n < m) {
        return false;
    }
    for (size_t i = 0; i < m; i++) {
        char c = s[n - m + i];
        if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != end[i]) {
            return false;
        }
    }
    return true;
}

jx_status jx_table_read(jx_ctx *ctx, const char *path, jx_encoding enc, const char *sheet, jx_text_table *out) {
    static const char *const foreign[] = {".xlsx", ".xls", ".ods", ".gpkg", ".shp", ".geojson",
                                          ".fgb",  ".kml", ".gml", ".tab",  ".mif", NULL};
    for (const char *const *f = foreign; *f; f++) {
        if (ends_with(path, *f)) {
            return jx__plugin_table(ctx, path, enc, sheet, out);
        }
    }
    jx_file f;
    JX_TRY(jx_file_open(ctx, path, &f));
    jx_status st = jx_csv_parse(ctx, path, f.p, f.n, enc, out);
    jx_file_close(ctx, &f);
    return st;
}

/* Next code point with full-width forms folded to ASCII and ASCII letters to small ones. */
static uint32_t folded(const char **s, const char *end) {
    uint32_t cp = 0;
    unsigned n = jx_utf8_decode(*s, (size_t)(end - *s), &cp);
    if (!n) {
        cp = (uint8_t) * *s;
        n = 1;
    }
    *s += n;
    cp = cp >= 0xff01 && cp <= 0xff5e ? cp - 0xfee0 : cp == 0x3000 ? ' ' : cp;
    return cp >= 'A' && cp <= 'Z' ? cp + 32 : cp;
}

static bool same_header(const char *a, const char *b) {
    const char *ea = a + strlen(a), *eb = b + strlen(b);
    while (a < ea && b < eb) {
        if (folded(&a, ea) != folded(&b, eb)) {
            return false;
        }
    }
    return a == ea && b == eb;
}

uint32_t jx_text_table_col(const jx_text_table *t, const char *const *names) {
    for (const char *const *n = names; *n; n++) {
        for (uint32_t c = 0; c < t->n_cols; c++) {
            if (same_header(t->header[c], *n)) {
                return c;
            }
        }
    }
    return JX_NONE;
}

static bool digit(char c) {
    return c >= '0' && c <= '9';
}

/* "-1,234.5" -> "-1234.5" in place. Commas only between groups of three digits, so that a decimal comma is never
 * swallowed. */
static bool without_groups(char *s) {
    char *to = s + (*s == '-' || *s == '+'), *from = to;
    size_t n = strspn(from, "0123456789");
    bool ok = n >= 1 && n <= 3;
    to += n;
    from += n;
    while (ok && *from == ',') {
        ok = digit(from[1]) && digit(from[2]) && digit(from[3]) && !digit(from[4]);
        for (int i = 0; ok && i < 3; i++) {
            *to++ = from[1 + i];
        }
        from += 4;
    }
    if (ok) {
        ok = strchr(from, ',') == NULL;
        memmove(to, from, strlen(from) + 1);
    }
    return ok;
}

/* Full-width signs and digits as ASCII; groups of thousands joined. */
static bool plain_number(const char *s, char *out, size_t cap) {
    const char *end = s + strlen(s);
    size_t n = 0;
    while (s < end) {
        uint32_t c = folded(&s, end);
        c = c == 0x2212 ? '-' : c; /* the minus sign proper */
        if (c > 127 || n + 1 >= cap) {
            return false;
        }
        out[n++] = (char)c;
    }
    out[n] = 0;
    return !strchr(out, ',') || without_groups(out);
}

jx_status jx_text_table_real(jx_ctx *ctx, const jx_text_table *t, uint32_t row, uint32_t col, double *out) {
    const char *s = t->cell[(size_t)row * t->n_cols + col];
    char buf[64];
    if (!*s) {
        return JX_FAIL_ROW(ctx, t->file, t->row_no[row], TABLE_EMPTY_CELL, JX_S(t->header[col]));
    }
    if (!plain_number(s, buf, sizeof buf) || !jx_parse_double(buf, strlen(buf), out)) {
        return JX_FAIL_ROW(ctx, t->file, t->row_no[row], TABLE_TEXT_NUMBER, JX_S(t->header[col]), JX_S(s));
    }
    return JX_OK;
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

static const char *why_text(uint8_t v) {
    static const char *const words[] = {"", "no_data", "not_reachable", "not_applicable"};
    return words[v & 3];
}

static void put_text(jx_buf *b, const char *s) {
    bool quote = strpbrk(s, ",\"\r\n") != NULL;
    if (!quote) {
        jx_buf_str(b, s);
        return;
    }
    jx_buf_char(b, '"');
    for (; *s; s++) {
        if (*s == '"') {
            jx_buf_char(b, '"');
        }
        jx_buf_char(b, *s);
    }
    jx_buf_char(b, '"');
}

/* Spreadsheets take a text that begins so for a formula and compute it; an apostrophe before it keeps it text. Ids of cells such as -4_45 and
 * phone numbers begin with a sign and compute nothing: those are asked for a call or a reference too. */
static bool computes(const char *s) {
    return *s && s[1] && (strchr("=@\t\r", *s) || (strchr("+-", *s) && strpbrk(s, "(!|")));
}

static void put_name(jx_buf *b, const char *s) {
    bool formula = computes(s);
    if (formula) {
        jx_buf_str(b, "\"'");
        for (; *s; s++) {
            jx_buf_str(b, *s == '"' ? "\"\"" : (char[]){*s, 0});
        }
        jx_buf_char(b, '"');
    } else {
        put_text(b, s);
    }
}

static void put_value(jx_buf *b, const jx_column *c, uint32_t i) {
    if (c->validity && c->validity[i] != JX_VALID) {
        return;
    }
    switch (c->type) {
        case JX_COL_REAL:
            if (!isfinite(c->real[i])) {
                break; /* no number is an empty cell, never "nan" */
            }
            if (c->decimals < 0) {
                jx_buf_double(b, c->real[i]);
            } else {
                jx_buf_fixed(b, c->real[i], c->decimals);
            }
            break;
        case JX_COL_INT:
            jx_buf_int(b, c->integer[i]);
            break;
        case JX_COL_TEXT:
            put_name(b, c->text[i] ? c->text[i] : "");
            break;
    }
}

jx_status jx_csv_write(jx_ctx *ctx, const char *path, const jx_layer *l) {
    jx_buf b;
    jx_buf_init(&b, ctx);
    jx_buf_str(&b, "\xef\xbb\xbf");
    for (uint32_t c = 0; c < l->n_cols; c++) {
        jx_buf_str(&b, c ? "," : "");
        put_name(&b, l->col[c].name);
        if (l->col[c].validity) { /* why a value is not there: three different things, never an empty cell alone */
            jx_buf_fmt(&b, ",%s_why", l->col[c].name);
        }
    }
    jx_buf_str(&b, "\r\n");
    for (uint32_t i = 0; i < l->n; i++) {
        for (uint32_t c = 0; c < l->n_cols; c++) {
            jx_buf_str(&b, c ? "," : "");
            put_value(&b, &l->col[c], i);
            if (l->col[c].validity) {
                jx_buf_fmt(&b, ",%s", why_text(l->col[c].validity[i]));
            }
        }
        jx_buf_str(&b, "\r\n");
    }
    jx_status st = jx_buf_ok(&b);
    if (st == JX_OK) {
        st = jx_file_write(ctx, path, b.s, b.n);
    }
    jx_buf_release(&b);
    return st;
}
