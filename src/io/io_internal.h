/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** What the files of this room share: rows becoming a table, and files becoming final. */
#ifndef JX_IO_INTERNAL_H
#define JX_IO_INTERNAL_H

#include "junxian/io.h"

/** Rows of texts, from CSV or a workbook alike, on their way into a table: the first row with any text is the header.
 */
typedef struct jx__rows {
    jx_ctx *ctx;
    jx_text_table *t;
    uint32_t header_row;
    JX_VEC(const char *) all;
    JX_VEC(uint32_t) row_no;
} jx__rows;

/** A copy in the table's arena without blanks around it (full-width and no-break ones too); NULL: out of memory. */
const char *jx__rows_text(jx__rows *b, const char *s, size_t n);
/** One row of `n` texts that live as long as the table. Blank rows are passed over; a doubtful header is refused. */
jx_status jx__rows_add(jx__rows *b, const char *const *cell, size_t n, uint32_t row) JX_MUST_USE;
/** After the last row; `st` is what became of reading them. Frees the builder's own memory in any case. */
jx_status jx__rows_end(jx__rows *b, jx_status st) JX_MUST_USE;

/** The message for a system error number on a path. */
jx_status jx__file_cannot(jx_ctx *ctx, const char *path, int error) JX_MUST_USE;
/** PATH.part; jx_free it. */
char *jx__file_part(jx_ctx *ctx, const char *path);
/** Bring `part` to disk and give it its final name; on failure it is removed and an old PATH stays. */
jx_status jx__file_settle(jx_ctx *ctx, const char *part, const char *path) JX_MUST_USE;

/** A file being written in pieces: PATH.part until it is whole. */
typedef struct jx__file_out {
    const char *path;
    char *part;
    int fd;
    uint64_t n;
} jx__file_out;
jx_status jx__file_out_begin(jx_ctx *ctx, const char *path, jx__file_out *out) JX_MUST_USE;
/** `out` is a jx__file_out: the shape of jx_bytes_fn. */
jx_status jx__file_out_put(jx_ctx *ctx, void *out, const void *p, size_t n);
/** `st` is what became of the writing: JX_OK brings the file to disk and gives it its name, all else removes it. */
jx_status jx__file_out_end(jx_ctx *ctx, jx__file_out *out, jx_status st) JX_MUST_USE;

/** A workbook's sheet or a GIS layer as a table of texts, through the GDAL plugin. */
jx_status jx__plugin_table(jx_ctx *ctx, const char *path, jx_encoding enc, const char *sheet,
                           jx_text_table *out) JX_MUST_USE;

#endif
