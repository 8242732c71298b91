/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* jx_csv_parse: any bytes are refused with a message, or a table whose cells and numbers can all be asked for. */
#include "fuzz.h"
#include "junxian/io.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    jx_fuzz f = jx_fuzz_begin();
    jx_text_table t;
    jx_encoding enc = size ? (jx_encoding)(data[0] % 4) : JX_ENC_AUTO;
    if (jx_csv_parse(f.ctx, "fuzz.csv", data, size, enc, &t) == JX_OK) {
        static const char *const names[] = {"lon", "经度", NULL};
        jx_fuzz_check(t.n_cols > 0);
        for (uint32_t r = 0; r < t.n_rows; r++) {
            jx_fuzz_check(t.row_no[r] > 0);
            for (uint32_t c = 0; c < t.n_cols; c++) {
                double v;
                jx_ctx_clear_error(f.ctx);
                jx_status st = jx_text_table_real(f.ctx, &t, r, c, &v);
                jx_fuzz_check(st == JX_OK || st == JX_E_INPUT);
                jx_ctx_clear_error(f.ctx);
                st = jx_text_table_group(f.ctx, &t, r, c, 100, &v); /* never more than the people, never less than nobody */
                jx_fuzz_check(st == JX_E_INPUT || (st == JX_OK && (v != v || (v >= 0 && v <= 102))));
            }
        }
        for (uint32_t c = 0; c < t.n_cols; c++) {
            const char *group = jx_group_name(t.header[c]);
            jx_fuzz_check(!group || strcmp(jx_group_name(group), group) == 0);
        }
        uint32_t col = jx_text_table_col(&t, names);
        jx_fuzz_check(col == JX_NONE || col < t.n_cols);
        jx_text_table_release(f.ctx, &t);
    } else {
        jx_fuzz_check(jx_ctx_error(f.ctx) != NULL);
    }
    jx_fuzz_end(&f);
    return 0;
}
