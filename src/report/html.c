/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
#include "report/report_internal.h"
jx_status jx_report_html(jx_ctx *ctx, const jx_county *c, const jx_diagnosis *d, const jx_report_options *o, jx_buf *out) {
    (void)ctx; (void)c; (void)d; (void)o;
    jx_buf_str(out, "<!doctype html>");
    return jx_buf_ok(out);
}
