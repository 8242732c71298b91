/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** `junxian inspect`: what is in a file we can read. The first thing people try, so it answers for any file. */
#include "run/run_internal.h"

static jx_status inspect_pbf(jx_ctx *ctx, const char *path, jx_result *res) {
    jx_pbf_counts c;
    JX_TRY(jx_pbf_count(ctx, path, &c));
    jx__facts f;
    jx__facts_begin(&f, res, "junxian.inspect/1", path, "OpenStreetMap PBF");
    jx__fact_int(&f, "nodes", N_("nodes"), (int64_t)c.nodes);
    jx__fact_int(&f, "ways", N_("ways"), (int64_t)c.ways);
    jx__fact_int(&f, "relations", N_("relations"), (int64_t)c.relations);
    jx__fact_int(&f, "blocks", N_("data blocks"), (int64_t)c.blocks);
    jx__fact_str(&f, "crs", N_("coordinate system"), "WGS 84 (EPSG:4326)");
    if (c.nodes) {
        jx__fact_box(&f, jx_deg(c.box.min_lon), jx_deg(c.box.min_lat), jx_deg(c.box.max_lon), jx_deg(c.box.max_lat));
    }
    jx_buf date;
    jx_buf_init(&date, ctx);
    if (c.header.timestamp > 0) {
        jx_buf_date(&date, c.header.timestamp, false);
    }
    jx_status st = jx_buf_ok(&date);
    if (st == JX_OK) {
        jx__fact_str(&f, "date", N_("date of the data"), date.n ? date.s : NULL);
        jx__fact_str(&f, "program", N_("written by"), c.header.program[0] ? c.header.program : NULL);
        jx__facts_end(&f);
    }
    jx_buf_release(&date);
    return st;
}

static jx_status inspect_table(jx_ctx *ctx, const char *path, jx_encoding enc, jx_result *res) {
    jx_text_table t;
    JX_TRY(jx_table_read(ctx, path, enc, NULL, &t));
    jx__facts f;
    jx__facts_begin(&f, res, "junxian.inspect/1", path, t.sheet ? "workbook" : "table");
    jx__fact_int(&f, "rows", N_("rows"), t.n_rows);
    jx__fact_int(&f, "columns_n", N_("columns"), t.n_cols);
    jx__fact_str(&f, "encoding", N_("character encoding"), jx_encoding_name(t.encoding));
    if (t.sheet) {
        jx__fact_str(&f, "sheet", N_("sheet"), t.sheet);
    }
    jx_json_key(&f.j, "columns"), jx_json_arr(&f.j);
    for (uint32_t c = 0; c < t.n_cols; c++) {
        uint32_t numbers = 0, filled = 0;
        double v;
        for (uint32_t r = 0; r < t.n_rows; r++) {
            const char *s = t.cell[(size_t)r * t.n_cols + c];
            filled += *s ? 1 : 0;
            numbers += *s && jx_parse_double(s, strlen(s), &v) ? 1 : 0;
        }
        const char *kind = filled == 0 ? N_("empty") : numbers == filled ? N_("number") : N_("text");
        jx_json_obj(&f.j);
        jx_json_key(&f.j, "name"), jx_json_str(&f.j, t.header[c]);
        jx_json_key(&f.j, "type"), jx_json_str(&f.j, kind);
        jx_json_key(&f.j, "filled"), jx_json_int(&f.j, filled);
        jx_json_key(&f.j, "example"), jx_json_str(&f.j, t.n_rows ? t.cell[c] : NULL);
        jx_json_end_obj(&f.j);
        jx_buf_fmt(&res->text, "    %s  (%s)  %s\n", t.header[c], jx__tr(res, kind), t.n_rows ? t.cell[c] : "");
    }
    jx_json_end_arr(&f.j);
    jx__facts_end(&f);
    jx_text_table_release(ctx, &t);
    return JX_OK;
}

static jx_status inspect_gpkg(jx_ctx *ctx, const char *path, jx_result *res) {
    jx_gpkg_layer_info *l = NULL;
    uint32_t n = 0;
    JX_TRY(jx_gpkg_info(ctx, path, &l, &n));
    jx__facts f;
    jx__facts_begin(&f, res, "junxian.inspect/1", path, "GeoPackage");
    jx_json_key(&f.j, "layers"), jx_json_arr(&f.j);
    for (uint32_t i = 0; i < n; i++) {
        jx_json_obj(&f.j);
        jx_json_key(&f.j, "name"), jx_json_str(&f.j, l[i].name);
        jx_json_key(&f.j, "geometry"), jx_json_str(&f.j, l[i].kind);
        jx_json_key(&f.j, "rows"), jx_json_int(&f.j, l[i].rows);
        jx_json_key(&f.j, "srs"), jx_json_int(&f.j, l[i].srs);
        jx_json_key(&f.j, "rtree"), jx_json_bool(&f.j, l[i].rtree);
        jx_json_key(&f.j, "styled"), jx_json_bool(&f.j, l[i].styled);
        jx_json_end_obj(&f.j);
        jx_buf_fmt(&res->text, "  %s: %s, ", l[i].name, l[i].kind);
        jx_buf_grouped(&res->text, l[i].rows, ",");
        jx_buf_fmt(&res->text, " %s, EPSG:%lld%s%s\n", jx__tr(res, N_("rows")), (long long)l[i].srs, l[i].rtree ? ", R-tree" : "", l[i].styled ? ", QGIS style" : "");
    }
    jx_json_end_arr(&f.j);
    jx__facts_end(&f);
    jx_free(ctx, l);
    return JX_OK;
}

static jx_status inspect_geojson(jx_ctx *ctx, const char *path, jx_result *res) {
    jx_mpoly m;
    char *name = NULL;
    JX_TRY(jx_geojson_boundary(ctx, path, JX_CRS_WGS84, &m, &name));
    jx__facts f;
    jx__facts_begin(&f, res, "junxian.inspect/1", path, "GeoJSON");
    jx__fact_str(&f, "name", N_("name"), name);
    jx__fact_int(&f, "polygons", N_("polygons"), m.n_parts);
    jx__fact_int(&f, "points", N_("points"), m.n_pts);
    jx__fact_int(&f, "area_km2", N_("area in km2, read as WGS 84"), (int64_t)(jx_mpoly_area_m2(&m) / 1e6 + 0.5));
    jx__fact_box(&f, jx_deg(m.box.min_lon), jx_deg(m.box.min_lat), jx_deg(m.box.max_lon), jx_deg(m.box.max_lat));
    jx__fact_str(&f, "crs", N_("coordinate system"), jx__tr(res, N_("not stated in the file; Chinese sources are often GCJ-02")));
    jx__facts_end(&f);
    jx_free(ctx, name);
    jx_mpoly_release(ctx, &m);
    return JX_OK;
}

static jx_status inspect_raster(jx_ctx *ctx, const char *path, jx_result *res) {
    const jx_box world = {-1800000000, -900000000, 1800000000, 900000000};
    jx_raster r;
    JX_TRY(jx_raster_read(ctx, path, world, &r));
    double sum = 0;
    int64_t valid = 0;
    for (size_t i = 0; i < (size_t)r.width * r.height; i++) {
        if (r.value[i] == r.value[i]) {
            sum += r.value[i];
            valid++;
        }
    }
    jx__facts f;
    jx__facts_begin(&f, res, "junxian.inspect/1", path, "raster");
    jx__fact_int(&f, "width", N_("columns"), r.width);
    jx__fact_int(&f, "height", N_("rows"), r.height);
    jx__fact_str(&f, "crs", N_("coordinate system"), r.crs);
    jx__fact_box(&f, r.west, r.north - r.dy * r.height, r.west + r.dx * r.width, r.north);
    jx__fact_int(&f, "valid", N_("pixels with data"), valid);
    jx__fact_int(&f, "sum", N_("sum of all pixels"), (int64_t)(sum + 0.5));
    jx__facts_end(&f);
    jx_raster_release(ctx, &r);
    return JX_OK;
}

static bool ends_with(const char *s, const char *end) {
    size_t n = strlen(s), m = strlen(end);
    return n >= m && strcmp(s + n - m, end) == 0;
}

static bool begins(const jx_file *f, const char *magic, size_t n, size_t at) { return f->n >= at + n && memcmp(f->p + at, magic, n) == 0; }

jx_status jx__verb_inspect(jx_ctx *ctx, const jx_args *args, jx_result *res) {
    const char *path = args->input[0], *enc_name = jx_args_get(args, "encoding");
    jx_file f;
    JX_TRY(jx_file_open(ctx, path, &f));
    bool gpkg = begins(&f, "SQLite format 3", 16, 0), pbf = begins(&f, "OSMHeader", 9, 6), tiff = begins(&f, "II*\0", 4, 0) || begins(&f, "MM\0*", 4, 0);
    bool snapshot = jx_snapshot_is(f.p, f.n);
    bool binary = false;
    for (size_t i = 0; i < f.n && i < 512; i++) {
        binary = binary || f.p[i] == 0;
    }
    bool utf16 = begins(&f, "\xff\xfe", 2, 0) || begins(&f, "\xfe\xff", 2, 0);
    jx_file_close(ctx, &f);
    if (pbf || ends_with(path, ".pbf")) {
        return inspect_pbf(ctx, path, res);
    }
    if (snapshot) {
        return jx__tell_snapshot(ctx, "junxian.inspect/1", path, res);
    }
    if (gpkg) {
        return inspect_gpkg(ctx, path, res);
    }
    if (tiff) {
        return inspect_raster(ctx, path, res);
    }
    if (ends_with(path, ".geojson") || ends_with(path, ".json")) {
        return inspect_geojson(ctx, path, res);
    }
    if (binary && !utf16 && !ends_with(path, ".xlsx") && !ends_with(path, ".xls") && !ends_with(path, ".ods")) {
        return JX_FAIL(ctx, FILE_UNKNOWN, JX_S(path));
    }
    jx_encoding enc = !enc_name || strcmp(enc_name, "auto") == 0 ? JX_ENC_AUTO : strcmp(enc_name, "utf-8") == 0 ? JX_ENC_UTF8
                      : strcmp(enc_name, "gb18030") == 0       ? JX_ENC_GB18030 : JX_ENC_UTF16;
    return inspect_table(ctx, path, enc, res);
}
