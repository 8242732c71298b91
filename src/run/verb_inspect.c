/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** `junxian inspect`: what is in a file we can read. The first thing people try, so it answers for any file. */
#include "run/run_internal.h"

/* Text line and JSON member of the same fact, so the two cannot drift apart. */
typedef struct facts {
    jx_result *res;
    jx_json j;
} facts;

static void begin(facts *f, jx_result *res, const char *file, const char *format) {
    f->res = res;
    jx_json_init(&f->j, &res->json, true);
    jx_json_obj(&f->j);
    jx_json_key(&f->j, "schema"), jx_json_str(&f->j, "junxian.inspect/1");
    jx_json_key(&f->j, "file"), jx_json_str(&f->j, file);
    jx_json_key(&f->j, "format"), jx_json_str(&f->j, format);
    jx_buf_fmt(&res->text, "%s: %s\n", file, format);
}

static void fact_int(facts *f, const char *key, const char *title, int64_t v) {
    jx_json_key(&f->j, key), jx_json_int(&f->j, v);
    jx_buf_fmt(&f->res->text, "  %s: ", jx__tr(f->res, title));
    jx_buf_grouped(&f->res->text, v, ",");
    jx_buf_char(&f->res->text, '\n');
}

static void fact_str(facts *f, const char *key, const char *title, const char *v) {
    jx_json_key(&f->j, key), jx_json_str(&f->j, v);
    jx_buf_fmt(&f->res->text, "  %s: %s\n", jx__tr(f->res, title), v ? v : "-");
}

static void fact_box(facts *f, double w, double s, double e, double n) {
    const double v[4] = {w, s, e, n};
    jx_json_key(&f->j, "extent"), jx_json_arr(&f->j);
    jx_buf_fmt(&f->res->text, "  %s:", jx__tr(f->res, N_("extent (west, south, east, north)")));
    for (int i = 0; i < 4; i++) {
        jx_json_real(&f->j, v[i], 7);
        jx_buf_char(&f->res->text, ' ');
        jx_buf_fixed(&f->res->text, v[i], 5);
    }
    jx_json_end_arr(&f->j);
    jx_buf_char(&f->res->text, '\n');
}

static void end(facts *f) { jx_json_end_obj(&f->j); }

static jx_status inspect_pbf(jx_ctx *ctx, const char *path, jx_result *res) {
    jx_pbf_counts c;
    JX_TRY(jx_pbf_count(ctx, path, &c));
    facts f;
    begin(&f, res, path, "OpenStreetMap PBF");
    fact_int(&f, "nodes", N_("nodes"), (int64_t)c.nodes);
    fact_int(&f, "ways", N_("ways"), (int64_t)c.ways);
    fact_int(&f, "relations", N_("relations"), (int64_t)c.relations);
    fact_int(&f, "blocks", N_("data blocks"), (int64_t)c.blocks);
    fact_str(&f, "crs", N_("coordinate system"), "WGS 84 (EPSG:4326)");
    if (c.nodes) {
        fact_box(&f, jx_deg(c.box.min_lon), jx_deg(c.box.min_lat), jx_deg(c.box.max_lon), jx_deg(c.box.max_lat));
    }
    jx_buf date;
    jx_buf_init(&date, ctx);
    if (c.header.timestamp > 0) {
        jx_buf_date(&date, c.header.timestamp, false);
    }
    jx_status st = jx_buf_ok(&date);
    if (st == JX_OK) {
        fact_str(&f, "date", N_("date of the data"), date.n ? date.s : NULL);
        fact_str(&f, "program", N_("written by"), c.header.program[0] ? c.header.program : NULL);
        end(&f);
    }
    jx_buf_release(&date);
    return st;
}

static jx_status inspect_table(jx_ctx *ctx, const char *path, jx_encoding enc, jx_result *res) {
    jx_text_table t;
    JX_TRY(jx_table_read(ctx, path, enc, NULL, &t));
    facts f;
    begin(&f, res, path, t.sheet ? "workbook" : "table");
    fact_int(&f, "rows", N_("rows"), t.n_rows);
    fact_int(&f, "columns_n", N_("columns"), t.n_cols);
    fact_str(&f, "encoding", N_("character encoding"), jx_encoding_name(t.encoding));
    if (t.sheet) {
        fact_str(&f, "sheet", N_("sheet"), t.sheet);
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
    end(&f);
    jx_text_table_release(ctx, &t);
    return JX_OK;
}

static jx_status inspect_gpkg(jx_ctx *ctx, const char *path, jx_result *res) {
    jx_gpkg_layer_info *l = NULL;
    uint32_t n = 0;
    JX_TRY(jx_gpkg_info(ctx, path, &l, &n));
    facts f;
    begin(&f, res, path, "GeoPackage");
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
    end(&f);
    jx_free(ctx, l);
    return JX_OK;
}

static jx_status inspect_geojson(jx_ctx *ctx, const char *path, jx_result *res) {
    jx_mpoly m;
    char *name = NULL;
    JX_TRY(jx_geojson_boundary(ctx, path, JX_CRS_WGS84, &m, &name));
    facts f;
    begin(&f, res, path, "GeoJSON");
    fact_str(&f, "name", N_("name"), name);
    fact_int(&f, "polygons", N_("polygons"), m.n_parts);
    fact_int(&f, "points", N_("points"), m.n_pts);
    fact_int(&f, "area_km2", N_("area in km2, read as WGS 84"), (int64_t)(jx_mpoly_area_m2(&m) / 1e6 + 0.5));
    fact_box(&f, jx_deg(m.box.min_lon), jx_deg(m.box.min_lat), jx_deg(m.box.max_lon), jx_deg(m.box.max_lat));
    fact_str(&f, "crs", N_("coordinate system"), jx__tr(res, N_("not stated in the file; Chinese sources are often GCJ-02")));
    end(&f);
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
    facts f;
    begin(&f, res, path, "raster");
    fact_int(&f, "width", N_("columns"), r.width);
    fact_int(&f, "height", N_("rows"), r.height);
    fact_str(&f, "crs", N_("coordinate system"), r.crs);
    fact_box(&f, r.west, r.north - r.dy * r.height, r.west + r.dx * r.width, r.north);
    fact_int(&f, "valid", N_("pixels with data"), valid);
    fact_int(&f, "sum", N_("sum of all pixels"), (int64_t)(sum + 0.5));
    end(&f);
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
    bool binary = false;
    for (size_t i = 0; i < f.n && i < 512; i++) {
        binary = binary || f.p[i] == 0;
    }
    bool utf16 = begins(&f, "\xff\xfe", 2, 0) || begins(&f, "\xfe\xff", 2, 0);
    jx_file_close(ctx, &f);
    if (pbf || ends_with(path, ".pbf")) {
        return inspect_pbf(ctx, path, res);
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
