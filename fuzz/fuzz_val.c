/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* jx_val_unpack: any bytes are either refused or a tree that packs to bytes which unpack to the same bytes again. */
#include "fuzz.h"
#include "junxian/val.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    jx_fuzz f = jx_fuzz_begin();
    jx_doc doc, again;
    if (jx_val_unpack(f.ctx, data, size, "fuzz", &doc) == JX_OK) {
        jx_buf one, two;
        jx_buf_init(&one, f.ctx);
        jx_buf_init(&two, f.ctx);
        jx_fuzz_check(jx_val_pack(&one, doc.root) == JX_OK);
        jx_fuzz_check(one.n == size && memcmp(one.s, data, size) == 0);
        jx_fuzz_check(jx_val_unpack(f.ctx, one.s, one.n, "fuzz", &again) == JX_OK);
        jx_fuzz_check(jx_val_pack(&two, again.root) == JX_OK);
        jx_fuzz_check(one.n == two.n && memcmp(one.s, two.s, one.n) == 0);
        static const char *const keys[] = {"name", "speed", NULL};
        double real = 0;
        if (jx_cfg_known(f.ctx, &doc, doc.root, keys) == JX_OK &&
            jx_cfg_real(f.ctx, &doc, doc.root, "speed", 0, 200, &real) == JX_OK) {
            jx_fuzz_check(real >= 0 && real <= 200);
        }
        jx_doc_release(f.ctx, &again);
        jx_doc_release(f.ctx, &doc);
        jx_buf_release(&one);
        jx_buf_release(&two);
    } else {
        jx_fuzz_check(jx_ctx_error(f.ctx) != NULL);
    }
    jx_fuzz_end(&f);
    return 0;
}
