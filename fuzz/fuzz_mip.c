/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* Solution files of other solvers: any bytes give flags of 0 and 1 and a status, the same every time. */
#include "fuzz.h"
#include "junxian/plan_mip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    enum { SITES = 7 };
    uint8_t open[SITES], again[SITES];
    jx_mip_end end, end_again;
    jx_plan_mip_read((const char *)data, size, SITES, open, &end);
    jx_plan_mip_read((const char *)data, size, SITES, again, &end_again);
    jx_fuzz_check((unsigned)end <= JX_MIP_NOTHING && end == end_again && memcmp(open, again, SITES) == 0);
    for (int j = 0; j < SITES; j++) {
        jx_fuzz_check(open[j] <= 1 && (end != JX_MIP_NOTHING || !open[j]));
    }
    return 0;
}
