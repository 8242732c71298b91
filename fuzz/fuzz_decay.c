/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* Decays of travel time: what parses is written as text that parses to the same; weights stay in [0, 1] and never rise. */
#include "fuzz.h"
#include "junxian/access.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size > 4096) {
        return 0;
    }
    jx_fuzz f = jx_fuzz_begin();
    jx_decay d, again;
    char *text = malloc(size + 1);
    jx_fuzz_check(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    if (jx_decay_parse(f.ctx, text, &d) == JX_OK) {
        jx_buf b;
        jx_buf_init(&b, f.ctx);
        jx_decay_write(&b, &d);
        jx_fuzz_check(jx_buf_ok(&b) == JX_OK && jx_decay_parse(f.ctx, b.s, &again) == JX_OK && memcmp(&d, &again, sizeof d) == 0);
        jx_buf_release(&b);
        double last = 1;
        for (uint32_t ms = 0; ms < 100000000; ms = ms * 2 + 1 + ms / 3) {
            double w = jx_decay_at(&d, ms);
            jx_fuzz_check(w >= 0 && w <= last);
            last = w;
        }
        jx_fuzz_check(jx_decay_at(&d, JX_UNREACHABLE) == 0);
    }
    free(text);
    jx_fuzz_end(&f);
    return 0;
}
