/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* Numbers in and out: what parses is written as text that parses to the same number; strtod agrees in the C locale. */
#include <math.h>

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    jx_fuzz f = jx_fuzz_begin();
    double v, back;
    char *text = malloc(size + 1);
    jx_fuzz_check(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    jx_buf b;
    jx_buf_init(&b, f.ctx);
    if (jx_parse_double(text, size, &v)) {
        jx_fuzz_check(isfinite(v) && strtod(text, NULL) == v);
        jx_buf_double(&b, v);
        jx_fuzz_check(jx_buf_ok(&b) == JX_OK && jx_parse_double(b.s, b.n, &back) && back == v);
    }
    if (size >= 8) {
        memcpy(&v, data, 8);
        if (isfinite(v)) {
            b.n = 0;
            jx_buf_double(&b, v);
            jx_fuzz_check(jx_buf_ok(&b) == JX_OK && jx_parse_double(b.s, b.n, &back) && back == v);
            b.n = 0;
            jx_buf_fixed(&b, v, data[0] % 20);
            jx_fuzz_check(jx_buf_ok(&b) == JX_OK && jx_parse_double(b.s, b.n, &back));
        }
    }
    jx_buf_release(&b);
    free(text);
    jx_fuzz_end(&f);
    return 0;
}
