/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* jx_orlib_parse: any bytes are refused with a message, or a table of distances that is symmetric with a zero diagonal. */
#include "fuzz.h"
#include "junxian/io.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    jx_fuzz f = jx_fuzz_begin();
    jx_orlib o;
    if (jx_orlib_parse(f.ctx, "fuzz.txt", data, size, &o) == JX_OK) {
        jx_fuzz_check(o.n > 0 && o.p > 0 && o.p <= o.n);
        for (uint32_t a = 0; a < o.n && a < 40; a++) {
            jx_fuzz_check(o.dist[(size_t)a * o.n + a] == 0);
            for (uint32_t b = 0; b < o.n; b++) {
                jx_fuzz_check(o.dist[(size_t)a * o.n + b] == o.dist[(size_t)b * o.n + a]);
            }
        }
        jx_orlib_release(f.ctx, &o);
    } else {
        jx_fuzz_check(jx_ctx_error(f.ctx) != NULL);
    }
    jx_fuzz_end(&f);
    return 0;
}
