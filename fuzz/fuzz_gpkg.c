/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* jx_gpkg_geom_parse: any bytes are refused, or a geometry that writes to bytes which parse to what holds the same points. */
#include "fuzz.h"
#include "junxian/io.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    jx_fuzz f = jx_fuzz_begin();
    jx_mpoly m, again;
    jx_pt p, p2;
    bool is_point, point2;
    if (jx_gpkg_geom_parse(f.ctx, data, size, &m, &p, &is_point) == JX_OK) {
        jx_layer l = {.geom = is_point ? JX_GEOM_POINT : JX_GEOM_POLYGON, .n = 1, .pt = &p, .poly = &m};
        jx_buf b;
        jx_buf_init(&b, f.ctx);
        jx_fuzz_check(jx_gpkg_geom_write(&b, &l, 0) == JX_OK);
        jx_fuzz_check(jx_gpkg_geom_parse(f.ctx, b.s, b.n, &again, &p2, &point2) == JX_OK && point2 == is_point);
        jx_fuzz_check(!is_point || (p.lon == p2.lon && p.lat == p2.lat));
        for (int i = 0; !is_point && i < 25; i++) { /* rings may be cut differently where they touch; what is inside may not change */
            jx_pt q = {(int32_t)(m.box.min_lon + ((int64_t)m.box.max_lon - m.box.min_lon) * (i % 5) / 4),
                       (int32_t)(m.box.min_lat + ((int64_t)m.box.max_lat - m.box.min_lat) * (i / 5) / 4)};
            jx_fuzz_check(m.n_rings == 0 || jx_mpoly_has(&m, q) == jx_mpoly_has(&again, q));
        }
        jx_mpoly_release(f.ctx, &again);
        jx_buf_release(&b);
        jx_mpoly_release(f.ctx, &m);
    } else {
        jx_fuzz_check(jx_ctx_error(f.ctx) != NULL);
    }
    jx_fuzz_end(&f);
    return 0;
}
