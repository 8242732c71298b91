/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Network snapshots as files: written piece by piece under another name, mapped for reading. */
#include "io/io_internal.h"

jx_status jx_snapshot_save(jx_ctx *ctx, const char *path, const jx_snapshot_content *c, uint64_t *bytes) {
    jx__file_out out;
    JX_TRY(jx__file_out_begin(ctx, path, &out));
    jx_status st = jx_snapshot_write(ctx, c, jx__file_out_put, &out);
    *bytes = out.n;
    return jx__file_out_end(ctx, &out, st);
}

jx_status jx_snapshot_load(jx_ctx *ctx, const char *path, jx_snapshot_file *out) {
    *out = (jx_snapshot_file){0};
    JX_TRY(jx_file_open(ctx, path, &out->file));
    jx_status st = jx_snapshot_open(ctx, path, out->file.p, out->file.n, &out->snapshot);
    if (st != JX_OK) {
        jx_snapshot_unload(ctx, out);
    }
    return st;
}

void jx_snapshot_unload(jx_ctx *ctx, jx_snapshot_file *f) {
    jx_snapshot_free(ctx, f->snapshot);
    jx_file_close(ctx, &f->file);
    *f = (jx_snapshot_file){0};
}
