/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* jx_yaml_parse: any bytes are refused with a message, or a tree that packs and unpacks to itself. */
#include "fuzz.h"
#include "junxian/io.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    jx_fuzz f = jx_fuzz_begin();
    jx_doc doc, again;
    if (jx_yaml_parse(f.ctx, "fuzz.yaml", data, size, &doc) == JX_OK) {
        jx_buf b;
        jx_buf_init(&b, f.ctx);
        jx_fuzz_check(doc.root != NULL && jx_val_pack(&b, doc.root) == JX_OK);
        jx_fuzz_check(jx_val_unpack(f.ctx, b.s, b.n, "fuzz", &again) == JX_OK);
        jx_doc_release(f.ctx, &again);
        jx_buf_release(&b);
        jx_doc_release(f.ctx, &doc);
    } else {
        jx_fuzz_check(jx_ctx_error(f.ctx) != NULL);
    }
    jx_fuzz_end(&f);
    return 0;
}
