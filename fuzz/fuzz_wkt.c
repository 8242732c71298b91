/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* jx_wkt_polygon: any text is refused, or a multipolygon with at least one part. */
#include "fuzz.h"
#include "junxian/io.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    jx_fuzz f = jx_fuzz_begin();
    char *text = jx_strndup(f.ctx, (const char *)data, size);
    jx_mpoly m;
    if (text && jx_wkt_polygon(f.ctx, text, JX_CRS_GCJ02, &m) == JX_OK) {
        jx_fuzz_check(m.n_parts > 0 && m.n_rings >= m.n_parts);
        jx_mpoly_release(f.ctx, &m);
    }
    jx_free(f.ctx, text);
    jx_fuzz_end(&f);
    return 0;
}
