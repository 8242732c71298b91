/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
#include "network/lanes.h"

static int isa_limit = JX__AVX512;

void jx__isa_limit(int isa) {
    isa_limit = isa;
}

int jx__isa(void) {
    int best = JX__PLAIN;
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512bw")) {
        best = JX__AVX512;
    } else if (__builtin_cpu_supports("avx2")) {
        best = JX__AVX2;
    } else if (__builtin_cpu_supports("sse4.1")) {
        best = JX__SSE4;
    }
#endif
    return best < isa_limit ? best : isa_limit;
}
