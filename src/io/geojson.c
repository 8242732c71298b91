/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** GeoJSON boundaries through jansson, its one door. Only polygons are read; positions are converted from the declared
 * system. */
#include <jansson.h>

#include "junxian/io.h"

enum { MAX_BYTES = 64 << 20, MAX_DEPTH = 12 };

typedef struct reader {
    jx_ctx *ctx;
    const char *file;
    jx_crs crs;
    JX_VEC(jx_pt) pts;
    JX_VEC(uint32_t) off; /* start of each ring */
} reader;

static jx_status bad(const reader *r, const char *what) {
    return JX_FAIL_ROW(r->ctx, r->file, 0, GEOJSON_BAD, JX_S(what));
}

static jx_status ring(reader *r, const json_t *coords) {
    size_t n = json_array_size(coords);
    if (n < 4) {
        return bad(r, N_("a ring has fewer than four positions"));
    }
    JX_TRY(jx_vec_push(r->ctx, &r->off, (uint32_t)r->pts.n));
    for (size_t i = 0; i < n; i++) {
        const json_t *p = json_array_get(coords, i), *x = json_array_get(p, 0), *y = json_array_get(p, 1);
        jx_pt pt;
        if (!json_is_number(x) || !json_is_number(y)) {
            return bad(r, N_("a position is not [lon, lat]"));
        }
        double lon = json_number_value(x), lat = json_number_value(y);
        if (!(lon >= -180 && lon <= 180 && lat >= -90 && lat <= 90)) {
            return bad(r, N_("a position is not in degrees"));
        }
        jx_to_wgs84(r->crs, &lon, &lat);
        if (!jx_pt_from_deg(lon, lat, &pt)) {
            return bad(r, N_("a position is not in degrees"));
        }
        JX_TRY(jx_vec_push(r->ctx, &r->pts, pt));
    }
    return JX_OK;
}

static jx_status polygon(reader *r, const json_t *coords) {
    for (size_t i = 0; i < json_array_size(coords); i++) {
        JX_TRY(ring(r, json_array_get(coords, i)));
    }
    return JX_OK;
}

static jx_status object(reader *r, const json_t *o, int depth, const json_t **first_name) {
    const char *type = json_string_value(json_object_get(o, "type"));
    if (!type || depth > MAX_DEPTH) {
        return bad(r, N_("no GeoJSON object"));
    }
    const char *list = strcmp(type, "FeatureCollection") == 0    ? "features"
                       : strcmp(type, "GeometryCollection") == 0 ? "geometries"
                                                                 : NULL;
    if (list) {
        const json_t *a = json_object_get(o, list);
        for (size_t i = 0; i < json_array_size(a); i++) {
            JX_TRY(object(r, json_array_get(a, i), depth + 1, first_name));
        }
        return JX_OK;
    }
    if (strcmp(type, "Feature") == 0) {
        const json_t *name = json_object_get(json_object_get(o, "properties"), "name"),
                     *g = json_object_get(o, "geometry");
        *first_name = *first_name ? *first_name : name;
        return json_is_null(g) ? JX_OK : object(r, g, depth + 1, first_name);
    }
    const json_t *coords = json_object_get(o, "coordinates");
    if (strcmp(type, "Polygon") == 0) {
        return polygon(r, coords);
    }
    if (strcmp(type, "MultiPolygon") == 0) {
        for (size_t i = 0; i < json_array_size(coords); i++) {
            JX_TRY(polygon(r, json_array_get(coords, i)));
        }
    }
    return JX_OK; /* points and lines are no boundary */
}

static jx_status assemble(reader *r, jx_mpoly *out) {
    jx_assembly_report rep;
    jx_line *lines = jx_malloc(r->ctx, r->off.n, sizeof *lines);
    if (!lines) {
        return JX_E_NOMEM;
    }
    for (size_t i = 0; i < r->off.n; i++) {
        uint32_t end = i + 1 < r->off.n ? r->off.v[i + 1] : (uint32_t)r->pts.n;
        lines[i] = (jx_line){r->pts.v + r->off.v[i], end - r->off.v[i]};
    }
    jx_status st = jx_mpoly_assemble(r->ctx, lines, r->off.n, out, &rep);
    jx_free(r->ctx, lines);
    if (st == JX_OK && rep.crossings) {
        JX_WARN_ROW(r->ctx, r->file, 0, GEOJSON_CROSSES, JX_R(jx_deg(rep.where.lon), 5),
                    JX_R(jx_deg(rep.where.lat), 5));
    }
    return st;
}

jx_status jx_geojson_boundary(jx_ctx *ctx, const char *path, jx_crs crs, jx_mpoly *out, char **name) {
    jx_file f;
    json_error_t e;
    *out = (jx_mpoly){0};
    *name = NULL;
    JX_TRY(jx_file_open(ctx, path, &f));
    reader r = {.ctx = ctx, .file = path, .crs = crs};
    jx_status st = f.n > MAX_BYTES ? JX_FAIL(ctx, FILE_BIG, JX_S(path), JX_I(f.n), JX_I(MAX_BYTES)) : JX_OK;
    size_t bom = f.n >= 3 && memcmp(f.p, "\xef\xbb\xbf", 3) == 0 ? 3 : 0; /* Windows writes one, jansson takes none */
    json_t *root = st == JX_OK ? json_loadb((const char *)f.p + bom, f.n - bom, JSON_REJECT_DUPLICATES, &e) : NULL;
    const json_t *first_name = NULL;
    if (st == JX_OK && !root) {
        st = JX_FAIL_ROW(ctx, path, e.line, GEOJSON_BAD, JX_S(e.text));
    }
    if (st == JX_OK) {
        st = object(&r, root, 0, &first_name);
    }
    if (st == JX_OK && !r.off.n) {
        st = bad(&r, N_("no polygon in it"));
    }
    if (st == JX_OK) {
        st = assemble(&r, out);
    }
    if (st == JX_OK && json_is_string(first_name)) {
        *name = jx_strdup(ctx, json_string_value(first_name));
        st = *name ? JX_OK : JX_E_NOMEM;
    }
    json_decref(root);
    jx_vec_free(ctx, &r.pts);
    jx_vec_free(ctx, &r.off);
    jx_file_close(ctx, &f);
    if (st != JX_OK) {
        jx_mpoly_release(ctx, out);
    }
    return st;
}
