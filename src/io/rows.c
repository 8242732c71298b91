/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Rows of texts -> a table with one header. The same rules for CSV and workbooks: a header with gaps is a merged or
 * two-row header, and a lone name above wider rows is a title; which column is which would then be a guess, so both are
 * refused.
 */
#include "io/io_internal.h"

/* Bytes of the blank at `s`, 0 where there is none: ASCII blanks, no-break space, ideographic space, a stray byte-order
 * mark. */
static size_t blank_at(const char *s, const char *end) {
    size_t n = (size_t)(end - s);
    if (n && (*s == ' ' || *s == '\t' || *s == '\n' || *s == '\r')) {
        return 1;
    }
    if (n >= 2 && memcmp(s, "\xc2\xa0", 2) == 0) {
        return 2;
    }
    return n >= 3 && (memcmp(s, "\xe3\x80\x80", 3) == 0 || memcmp(s, "\xef\xbb\xbf", 3) == 0) ? 3 : 0;
}

const char *jx__rows_text(jx__rows *b, const char *s, size_t n) {
    const char *end = s + n;
    for (size_t k; (k = blank_at(s, end)) > 0;) {
        s += k;
    }
    for (bool cut = true; cut;) {
        cut = false;
        for (size_t k = 1; k <= 3 && !cut && (size_t)(end - s) >= k; k++) {
            cut = blank_at(end - k, end) == k;
            end -= cut ? k : 0;
        }
    }
    return jx_arena_strn(b->ctx, b->t->arena, s, (size_t)(end - s));
}

/* One past the last cell with text. */
static size_t width(const char *const *cell, size_t n) {
    while (n && !*cell[n - 1]) {
        n--;
    }
    return n;
}

static jx_status take_header(jx__rows *b, const char *const *cell, size_t n, uint32_t row) {
    b->header_row = row;
    for (size_t i = 1; i < n; i++) { /* the first may be nameless: the row numbers of statistics programs */
        if (!*cell[i]) {
            return JX_FAIL_ROW(b->ctx, b->t->file, row, TABLE_HEADER, JX_I(i + 1));
        }
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < i; k++) {
            if (*cell[i] == *cell[k] && strcmp(cell[i], cell[k]) == 0) {
                JX_WARN_ROW(b->ctx, b->t->file, row, TABLE_TWICE, JX_S(cell[i]), JX_I(k + 1), JX_I(i + 1));
                break;
            }
        }
    }
    b->t->n_cols = (uint32_t)n;
    b->t->header = jx_arena_alloc(b->ctx, b->t->arena, n, sizeof *b->t->header);
    if (!b->t->header) {
        return JX_E_NOMEM;
    }
    memcpy(b->t->header, cell, n * sizeof *cell);
    return JX_OK;
}

jx_status jx__rows_add(jx__rows *b, const char *const *cell, size_t n, uint32_t row) {
    n = width(cell, n);
    if (n == 0) {
        return JX_OK;
    }
    if (!b->t->header) {
        return take_header(b, cell, n, row);
    }
    uint32_t cols = b->t->n_cols;
    if (n > cols) {
        return b->t->n_rows == 0 ? JX_FAIL_ROW(b->ctx, b->t->file, b->header_row, TABLE_TITLE, JX_I(cols), JX_I(n))
                                 : JX_FAIL_ROW(b->ctx, b->t->file, row, CSV_ROW_LONG, JX_I(n), JX_I(cols));
    }
    JX_TRY(jx_vec_reserve(b->ctx, &b->all, cols));
    for (uint32_t i = 0; i < cols; i++) {
        b->all.v[b->all.n++] = i < n ? cell[i] : "";
    }
    b->t->n_rows++;
    return jx_vec_push(b->ctx, &b->row_no, row);
}

jx_status jx__rows_end(jx__rows *b, jx_status st) {
    jx_text_table *t = b->t;
    if (st == JX_OK && !t->header) {
        st = JX_FAIL_ROW(b->ctx, t->file, 1, CSV_EMPTY, JX_S(t->file));
    }
    if (st == JX_OK) {
        t->cell = jx_arena_alloc(b->ctx, t->arena, b->all.n + 1, sizeof *t->cell);
        t->row_no = jx_arena_alloc(b->ctx, t->arena, b->row_no.n + 1, sizeof *t->row_no);
        st = t->cell && t->row_no ? JX_OK : JX_E_NOMEM;
    }
    if (st == JX_OK && t->n_rows) {
        memcpy(t->cell, b->all.v, b->all.n * sizeof *t->cell);
        memcpy(t->row_no, b->row_no.v, b->row_no.n * sizeof *t->row_no);
    }
    jx_vec_free(b->ctx, &b->all);
    jx_vec_free(b->ctx, &b->row_no);
    return st;
}
