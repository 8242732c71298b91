/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** tables.xlsx through libxlsxwriter, its one door: a sheet per table, header frozen, strings as strings so that no
 * cell is a formula. */
#include <math.h>
#include <xlsxwriter.h>

#include "report/report_internal.h"

typedef struct book {
    jx_ctx *ctx;
    lxw_workbook *wb;
    lxw_format *head, *real[4], *whole, *grey;
    const jx_catalog *cat;
} book;

enum { MAX_ROWS = 1048576, HEAD_ROWS = 2, MAX_TEXT = 32000 }; /* Excel's limits; text a little below its 32,767 */

/* A text Excel can hold: broken UTF-8 replaced, too long ones cut with an ellipsis. Nearly all are fine as they are. */
static jx_status text(const book *k, lxw_worksheet *ws, lxw_row_t row, lxw_col_t col, const char *s) {
    size_t n = strlen(s), bad;
    if (n <= MAX_TEXT && jx_utf8_valid(s, n, &bad)) {
        worksheet_write_string(ws, row, col, s, NULL);
        return JX_OK;
    }
    jx_buf b;
    jx_buf_init(&b, k->ctx);
    for (size_t at = 0; at < n;) {
        uint32_t cp;
        unsigned len = jx_utf8_decode(s + at, n - at, &cp);
        if (b.n > MAX_TEXT) {
            jx_buf_str(&b, "\u2026");
            break;
        }
        if (len) {
            jx_buf_add(&b, s + at, len);
        } else {
            jx_buf_str(&b, "\ufffd");
        }
        at += len ? len : 1;
    }
    jx_status st = jx_buf_ok(&b);
    if (st == JX_OK) {
        worksheet_write_string(ws, row, col, b.s, NULL);
    }
    jx_buf_release(&b);
    return st;
}

/* Wide enough for the stable name and for the texts of the first rows, never for a whole sentence. */
static double column_width(const jx_column *c, uint32_t n) {
    size_t w = strlen(c->name) + 2;
    for (uint32_t i = 0; c->type == JX_COL_TEXT && i < n && i < 400; i++) {
        size_t t = c->text[i] ? jx_utf8_width(c->text[i], strlen(c->text[i])) + 1 : 0;
        w = t > w ? t : w;
    }
    return w < 10 ? 10 : w > 60 ? 60 : (double)w;
}

static jx_status sheet_head(book *k, lxw_worksheet *ws, const jx_layer *l, uint32_t n_rows) {
    for (uint32_t c = 0; c < l->n_cols; c++) {
        jx_buf b;
        jx_buf_init(&b, k->ctx);
        jx_buf_fmt(&b, "%s", jx_tr(k->cat, l->col[c].title));
        if (l->col[c].unit && *l->col[c].unit) {
            jx_buf_fmt(&b, " [%s]", jx_tr(k->cat, l->col[c].unit));
        }
        jx_status st = jx_buf_ok(&b);
        if (st == JX_OK) {
            worksheet_write_string(ws, 0, (lxw_col_t)c, b.s, k->head);
            /* the stable name, for whoever joins tables */
            worksheet_write_string(ws, 1, (lxw_col_t)c, l->col[c].name, k->grey);
            worksheet_set_column(ws, (lxw_col_t)c, (lxw_col_t)c, column_width(&l->col[c], l->n), NULL);
        }
        jx_buf_release(&b);
        JX_TRY(st);
    }
    worksheet_freeze_panes(ws, HEAD_ROWS, 1);
    if (n_rows && l->n_cols) {
        worksheet_autofilter(ws, 1, 0, (lxw_row_t)(n_rows + 1), (lxw_col_t)(l->n_cols - 1));
    }
    return JX_OK;
}

static jx_status value(const book *k, lxw_worksheet *ws, lxw_row_t row, lxw_col_t col, const jx_column *c, uint32_t i) {
    static const char *const why[] = {"", N_("no data"), N_("not reachable"), N_("not applicable")};
    uint8_t v = c->validity ? c->validity[i] : JX_VALID;
    if (v == JX_VALID && c->type == JX_COL_REAL && !isfinite(c->real[i])) {
        v = JX_NO_DATA; /* a workbook with "nan" in it does not open */
    }
    if (v != JX_VALID) {
        worksheet_write_string(ws, row, col, jx_tr(k->cat, why[v & 3]), k->grey);
    } else if (c->type == JX_COL_REAL) {
        worksheet_write_number(ws, row, col, c->real[i], k->real[c->decimals < 0 || c->decimals > 3 ? 3 : c->decimals]);
    } else if (c->type == JX_COL_INT) {
        worksheet_write_number(ws, row, col, (double)c->integer[i], k->whole);
    } else if (c->text[i]) {
        return text(k, ws, row, col, c->text[i]);
    }
    return JX_OK;
}

/* One sheet of a table from row `from` on; returns in *to the first row that did not fit. */
static jx_status sheet(book *k, const jx_layer *l, uint32_t from, unsigned number, uint32_t *to) {
    jx_buf name;
    jx_buf_init(&name, k->ctx);
    jx_buf_str(&name, l->name);
    if (number > 1) {
        jx_buf_fmt(&name, "_%u", number);
    }
    jx_status st = jx_buf_ok(&name);
    lxw_worksheet *ws = st == JX_OK ? workbook_add_worksheet(k->wb, name.s) : NULL;
    if (st == JX_OK && !ws) {
        st = JX_FAIL(k->ctx, XLSX_FAILED, JX_S(l->name));
    }
    jx_buf_release(&name);
    JX_TRY(st);
    *to = l->n - from > MAX_ROWS - HEAD_ROWS ? from + MAX_ROWS - HEAD_ROWS : l->n;
    JX_TRY(sheet_head(k, ws, l, *to - from));
    for (uint32_t i = from; i < *to; i++) {
        for (uint32_t c = 0; c < l->n_cols; c++) {
            JX_TRY(value(k, ws, (lxw_row_t)(i - from + HEAD_ROWS), (lxw_col_t)c, &l->col[c], i));
        }
    }
    return JX_OK;
}

static jx_status sheets(book *k, const jx_layer *l) {
    uint32_t from = 0;
    for (unsigned number = 1; number == 1 || from < l->n; number++) {
        JX_TRY(sheet(k, l, from, number, &from));
    }
    return JX_OK;
}

static jx_status notes(book *k) {
    lxw_worksheet *ws = workbook_add_worksheet(k->wb, "notes");
    static const char *const lines[] = {
        N_("Tables of a junxian diagnosis. Methods, sources and guesses are in report.html beside this file."),
        N_("Row 1 of each sheet names the column with its unit, row 2 gives the stable name used in county.gpkg and "
           "the CSV files."),
        N_("'no data', 'not reachable' and 'not applicable' are three different things; none of them is zero."),
        "\u00a9 OpenStreetMap contributors, ODbL 1.0"};
    if (!ws) {
        return JX_FAIL(k->ctx, XLSX_FAILED, JX_S("notes"));
    }
    worksheet_set_column(ws, 0, 0, 110, NULL);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        worksheet_write_string(ws, (lxw_row_t)i, 0, jx_tr(k->cat, lines[i]), NULL);
    }
    return JX_OK;
}

jx_status jx_report_xlsx(jx_ctx *ctx, const char *path, const jx_layers *layers, const jx_catalog *cat, int64_t time) {
    static const char *const decimals[4] = {"#,##0", "#,##0.0", "#,##0.00", "#,##0.00#"};
    lxw_workbook_options options = {.constant_memory = LXW_FALSE, .tmpdir = NULL, .use_zip64 = LXW_FALSE};
    book k = {.ctx = ctx, .wb = workbook_new_opt(path, &options), .cat = cat};
    if (!k.wb) {
        return JX_FAIL(ctx, XLSX_FAILED, JX_S(path));
    }
    char title[] = "junxian"; /* the library asks for char * */
    lxw_doc_properties p = {.title = title, .created = (time_t)(time > 0 ? time : 1)};
    workbook_set_properties(k.wb, &p);
    k.head = workbook_add_format(k.wb);
    format_set_bold(k.head);
    format_set_text_wrap(k.head);
    k.grey = workbook_add_format(k.wb);
    format_set_font_color(k.grey, 0x5F6B7A);
    k.whole = workbook_add_format(k.wb);
    format_set_num_format(k.whole, "0");
    for (int i = 0; i < 4; i++) {
        k.real[i] = workbook_add_format(k.wb);
        format_set_num_format(k.real[i], decimals[i]);
    }
    jx_status st = notes(&k);
    for (uint32_t i = 0; st == JX_OK && i < layers->n; i++) {
        st = layers->layer[i].for_tables ? sheets(&k, &layers->layer[i]) : JX_OK;
    }
    lxw_error e = workbook_close(k.wb); /* writes the file and frees the book, whatever happened before */
    if (st == JX_OK && e != LXW_NO_ERROR) {
        st = JX_FAIL(ctx, XLSX_FAILED, JX_S(lxw_strerror(e)));
    }
    return st;
}
