/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** GeoJSON out (RFC 7946): WGS 84 degrees with 7 decimals, exactly the positions in memory; outer rings run against the
 * clock. */
#include "junxian/io.h"

/* A position from its whole 1e-7 degrees: no rounding anywhere. */
static void degrees(jx_buf *b, int32_t e7) {
    uint32_t v = e7 < 0 ? 0u - (uint32_t)e7 : (uint32_t)e7;
    char frac[8];
    if (e7 < 0) {
        jx_buf_char(b, '-');
    }
    jx_buf_int(b, v / 10000000u);
    frac[0] = '.';
    uint32_t rest = v % 10000000u;
    for (int i = 7; i > 0; i--, rest /= 10) {
        frac[i] = (char)('0' + rest % 10);
    }
    jx_buf_add(b, frac, sizeof frac);
}

static void positions(jx_buf *b, const jx_pt *p, uint32_t n) {
    jx_buf_char(b, '[');
    for (uint32_t i = 0; i < n; i++) {
        jx_buf_str(b, i ? ",[" : "[");
        degrees(b, p[i].lon);
        jx_buf_char(b, ',');
        degrees(b, p[i].lat);
        jx_buf_char(b, ']');
    }
    jx_buf_char(b, ']');
}

void jx_geojson_begin(jx_geojson *g, jx_buf *b) {
    *g = (jx_geojson){.b = b};
    jx_buf_str(b, "{\"type\":\"FeatureCollection\",\"features\":[");
}

static void begin_feature(jx_geojson *g, const jx_geojson_prop *props, size_t n) {
    jx_json j;
    jx_buf_str(g->b, g->n_features++ ? ",\n" : "\n");
    jx_buf_str(g->b, "{\"type\":\"Feature\",\"properties\":");
    jx_json_init(&j, g->b, false);
    jx_json_obj(&j);
    for (size_t i = 0; i < n; i++) {
        jx_json_key(&j, props[i].key);
        if (props[i].text) {
            jx_json_str(&j, props[i].text);
        } else {
            jx_json_real(&j, props[i].number, props[i].decimals);
        }
    }
    jx_json_end_obj(&j);
    jx_buf_str(g->b, ",\"geometry\":{\"type\":");
}

void jx_geojson_point(jx_geojson *g, jx_pt pt, const jx_geojson_prop *props, size_t n_props) {
    begin_feature(g, props, n_props);
    jx_buf_str(g->b, "\"Point\",\"coordinates\":[");
    degrees(g->b, pt.lon);
    jx_buf_char(g->b, ',');
    degrees(g->b, pt.lat);
    jx_buf_str(g->b, "]}}");
}

void jx_geojson_line(jx_geojson *g, const jx_pt *pts, uint32_t n, const jx_geojson_prop *props, size_t n_props) {
    begin_feature(g, props, n_props);
    jx_buf_str(g->b, "\"LineString\",\"coordinates\":");
    if (n == 1) { /* a way of no length: a line still has two positions */
        const jx_pt twice[2] = {pts[0], pts[0]};
        positions(g->b, twice, 2);
    } else {
        positions(g->b, pts, n);
    }
    jx_buf_str(g->b, "}}");
}

void jx_geojson_area(jx_geojson *g, const jx_mpoly *m, const jx_geojson_prop *props, size_t n_props) {
    begin_feature(g, props, n_props);
    jx_buf_str(g->b, "\"MultiPolygon\",\"coordinates\":[");
    for (uint32_t p = 0; p < m->n_parts; p++) {
        jx_buf_str(g->b, p ? ",[" : "[");
        for (uint32_t r = m->part_off[p]; r < m->part_off[p + 1]; r++) {
            if (r > m->part_off[p]) {
                jx_buf_char(g->b, ',');
            }
            positions(g->b, m->pts + m->ring_off[r], m->ring_off[r + 1] - m->ring_off[r]);
        }
        jx_buf_char(g->b, ']');
    }
    jx_buf_str(g->b, "]}}");
}

jx_status jx_geojson_end(jx_geojson *g) {
    jx_buf_str(g->b, "\n]}\n");
    return jx_buf_ok(g->b);
}

jx_status jx_geojson_isochrone(jx_buf *b, const jx_isochrone *iso) {
    jx_geojson g;
    jx_geojson_begin(&g, b);
    for (uint32_t i = iso->n_bands; i-- > 0;) {
        const jx_geojson_prop props[] = {
            {.key = "minutes", .number = iso->band_ms[i] / 60000.0, .decimals = -1},
            {.key = "mode", .text = jx_mode_name(iso->mode)},
            {.key = "direction", .text = iso->direction == JX_FROM_FACILITY ? "from" : "to"},
            {.key = "tolerance_m", .number = iso->tolerance_m, .decimals = 1},
        };
        jx_geojson_area(&g, &iso->band[i], props, sizeof props / sizeof *props);
    }
    return jx_geojson_end(&g);
}
