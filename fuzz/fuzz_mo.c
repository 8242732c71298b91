/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* jx_catalog_open: any bytes are either refused or answer every look-up with a readable text. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    jx_fuzz f = jx_fuzz_begin();
    jx_catalog *c = NULL;
    if (jx_catalog_open(f.ctx, data, size, &c) == JX_OK) {
        uint32_t n;
        const jx_msg_info *all = jx_msg_all(&n);
        size_t total = 0;
        for (uint32_t i = 0; i < n; i++) {
            total += strlen(jx_tr(c, all[i].text));
        }
        jx_message m = {.id = JX_M_NOMEM, .offset = -1, .n_args = 1, .args = {JX_I(12345)}};
        jx_buf b;
        jx_buf_init(&b, f.ctx);
        jx_msg_render(&b, c, &m, true);
        jx_fuzz_check(jx_buf_ok(&b) == JX_OK && total > 0);
        jx_buf_release(&b);
        jx_catalog_free(f.ctx, c);
    }
    jx_fuzz_end(&f);
    return 0;
}
