/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Is the length of an edge what its points give? The builder's own measure costs some 80 ns a segment, which would double the time of
 * opening. So it is asked once every quarter of a degree of latitude, and in between millimetres per 1e-7 degrees are interpolated:
 * cosines are off by at most (h^2)/8 = 2.4e-6 then, 1.4e-4 of themselves at 89 degrees. Long segments and the poles are measured.
 */
#include <math.h>

#include "network/network_internal.h"
#include "network/snapshot_internal.h"

static const double step = 2500000; /* a quarter of a degree in 1e-7 degrees */

void jx__scales_make(jx__scales *s) {
    enum { WIDE = 1000000 };
    for (int i = 0; i < JX__N_SCALES; i++) {
        int32_t lat = (int32_t)(i * step);
        s->east[i] = jx_seg_mm((jx_pt){0, lat}, (jx_pt){WIDE, lat}) / (double)WIDE;
        s->north[i] = jx_seg_mm((jx_pt){0, lat - WIDE / 2}, (jx_pt){0, lat + WIDE / 2}) / (double)WIDE;
    }
}

static double about(const jx__scales *s, jx_pt a, jx_pt b) {
    double dx = (double)b.lon - a.lon, dy = (double)b.lat - a.lat, at = fabs((double)a.lat + b.lat) / (2 * step);
    if (fabs(dx) > step || fabs(dy) > step || at >= JX__N_SCALES - 1) {
        return jx_seg_mm(a, b);
    }
    int i = (int)at;
    double t = at - i;
    dx *= s->east[i] + t * (s->east[i + 1] - s->east[i]);
    dy *= s->north[i] + t * (s->north[i + 1] - s->north[i]);
    return sqrt(dx * dx + dy * dy);
}

bool jx__length_fits(const jx__scales *s, const jx_network *n, uint32_t e) {
    double mm = 0, slack = 0;
    for (uint64_t i = n->geom_off[e]; i + 1 < n->geom_off[e + 1]; i++) {
        double d = about(s, n->geom[i], n->geom[i + 1]);
        mm += d;
        slack += d > 0; /* each segment was rounded */
    }
    double want = mm < JX__MAX_EDGE_MM ? mm : JX__MAX_EDGE_MM;
    return fabs(n->length_mm[e] - want) <= want / 1000 + slack;
}
