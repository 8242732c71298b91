/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** What every fuzz target needs: its entry point declared, and a context with a ceiling so that a bomb is an error. */
#ifndef JX_FUZZ_FUZZ_H
#define JX_FUZZ_FUZZ_H

#include <stdlib.h>

#include "junxian/base.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct jx_fuzz {
    jx_mem *mem;
    jx_ctx *ctx;
} jx_fuzz;

/** A fresh context with at most 256 MiB. */
static inline jx_fuzz jx_fuzz_begin(void) {
    jx_fuzz f = {.mem = jx_mem_new(NULL, (size_t)256 << 20)};
    f.ctx = f.mem ? jx_ctx_new(&(jx_ctx_options){.mem = f.mem}) : NULL;
    if (!f.ctx) {
        abort();
    }
    return f;
}

/** Ends the run; whatever is still allocated is a leak. */
static inline void jx_fuzz_end(jx_fuzz *f) {
    jx_ctx_free(f->ctx);
    if (jx_mem_used(f->mem) != 0) {
        abort();
    }
    jx_mem_free(f->mem);
}

/** A property that must hold for any input. */
static inline void jx_fuzz_check(bool holds) {
    if (!holds) {
        abort();
    }
}

#endif
