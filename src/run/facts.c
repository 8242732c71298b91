/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Facts told twice at once: a line of text and a member of JSON, so that the two cannot drift apart. */
#include "run/run_internal.h"

void jx__facts_begin(jx__facts *f, jx_result *res, const char *schema, const char *file, const char *format) {
    f->res = res;
    jx_json_init(&f->j, &res->json, true);
    jx_json_obj(&f->j);
    jx_json_key(&f->j, "schema"), jx_json_str(&f->j, schema);
    jx_json_key(&f->j, "file"), jx_json_str(&f->j, file);
    jx_json_key(&f->j, "format"), jx_json_str(&f->j, format);
    jx_buf_fmt(&res->text, "%s: %s\n", file, format);
}

void jx__fact_int(jx__facts *f, const char *key, const char *title, int64_t v) {
    jx_json_key(&f->j, key), jx_json_int(&f->j, v);
    jx_buf_fmt(&f->res->text, "  %s: ", jx__tr(f->res, title));
    jx_buf_grouped(&f->res->text, v, ",");
    jx_buf_char(&f->res->text, '\n');
}

void jx__fact_str(jx__facts *f, const char *key, const char *title, const char *v) {
    jx_json_key(&f->j, key), jx_json_str(&f->j, v);
    jx_buf_fmt(&f->res->text, "  %s: %s\n", jx__tr(f->res, title), v ? v : "-");
}

void jx__fact_box(jx__facts *f, double w, double s, double e, double n) {
    const double v[4] = {w, s, e, n};
    jx_json_key(&f->j, "extent"), jx_json_arr(&f->j);
    jx_buf_fmt(&f->res->text, "  %s:", jx__tr(f->res, N_("extent (west, south, east, north)")));
    for (int i = 0; i < 4; i++) {
        jx_json_real(&f->j, v[i], 7);
        jx_buf_char(&f->res->text, ' ');
        jx_buf_fixed(&f->res->text, v[i], 5);
    }
    jx_json_end_arr(&f->j);
    jx_buf_char(&f->res->text, '\n');
}

void jx__facts_end(jx__facts *f) { jx_json_end_obj(&f->j); }

void jx__fact_real(jx__facts *f, const char *key, const char *title, double v, int decimals, const char *unit) {
    jx_json_key(&f->j, key), jx_json_real(&f->j, v, decimals);
    jx_buf_fmt(&f->res->text, "  %s: ", jx__tr(f->res, title));
    jx_buf_fixed(&f->res->text, v, decimals);
    jx_buf_fmt(&f->res->text, "%s%s\n", *unit ? " " : "", unit);
}
