/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The plugin door: GDAL is loaded when a file needs it, from $JUNXIAN_PLUGINS, beside the program, or ../lib/junxian.
 */
#include "gdal/plugin.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

#include "io/io_internal.h"

static const jx_gdal_api *try_load(jx_ctx *ctx, const char *dir, size_t n, const char *sub) {
    jx_buf b;
    jx_buf_init(&b, ctx);
    jx_buf_add(&b, dir, n);
    jx_buf_str(&b, sub);
    jx_buf_str(&b, "/junxian_gdal.so");
    void *lib = jx_buf_ok(&b) == JX_OK && jx_path_exists(b.s) ? dlopen(b.s, RTLD_NOW | RTLD_LOCAL) : NULL;
    jx_buf_release(&b);
    const jx_gdal_api *(*entry)(void) = NULL;
    void *sym = lib ? dlsym(lib, "jx_gdal_plugin") : NULL;
    memcpy(&entry, &sym, sizeof entry); /* ISO C has no cast from object to function pointer */
    const jx_gdal_api *api = entry ? entry() : NULL;
    return api && api->abi == JX_GDAL_ABI
               ? api
               : NULL; /* the library stays loaded: dlopen counts, and GDAL does not unload cleanly */
}

static const jx_gdal_api *load(jx_ctx *ctx) {
    const char *env = getenv("JUNXIAN_PLUGINS");
    if (env && *env) {
        return try_load(ctx, env, strlen(env), "");
    }
    char exe[4096];
    ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
    while (n > 0 && exe[n - 1] != '/') {
        n--;
    }
    if (n <= 0) {
        return NULL;
    }
    const jx_gdal_api *api = try_load(ctx, exe, (size_t)n, ".");
    return api ? api : try_load(ctx, exe, (size_t)n, "../lib/junxian");
}

bool jx_gdal_available(void) {
    jx_mem *mem = jx_mem_new(NULL, 0);
    jx_ctx *ctx = mem ? jx_ctx_new(&(jx_ctx_options){.mem = mem}) : NULL;
    bool there = ctx && load(ctx) != NULL;
    jx_ctx_free(ctx);
    jx_mem_free(mem);
    return there;
}

static jx_status failed(jx_ctx *ctx, const char *path, int code, const char *crs, uint64_t pixels, const char *error) {
    switch (code) {
        case JX_GDAL_NOT_GEOGRAPHIC:
            return JX_FAIL(ctx, RASTER_CRS, JX_S(path), JX_S(*crs ? crs : "?"));
        case JX_GDAL_NOT_NORTH_UP:
            return JX_FAIL(ctx, RASTER_ROTATED, JX_S(path));
        case JX_GDAL_NO_CRS:
            return JX_FAIL(ctx, RASTER_NO_CRS, JX_S(path));
        case JX_GDAL_MEMORY:
            return JX_FAIL(ctx, NOMEM, JX_I(0));
        case JX_GDAL_BIG:
            return JX_FAIL(ctx, RASTER_BIG, JX_S(path), JX_I(pixels), JX_I(JX_GDAL_MAX_PIXELS));
        case JX_GDAL_NO_LAYER:
            return JX_FAIL(ctx, TABLE_NO_SHEET, JX_S(path));
        default:
            return JX_FAIL(ctx, PLUGIN_CANNOT_READ, JX_S(path), JX_S(error));
    }
}

/* The usual errors of files first, in our words. */
static jx_status file_is_there(jx_ctx *ctx, const char *path) {
    jx_file f;
    JX_TRY(jx_file_open(ctx, path, &f));
    jx_file_close(ctx, &f);
    return JX_OK;
}

/* Unknown units are metres, as they are by far the most often. */
static bool in_metres(const char *unit) {
    static const char *const names[] = {"", "m", "M", "metre", "meter", "metres", "meters", "Meter", "Metre"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(unit, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

static jx_status raster_read(jx_ctx *ctx, const char *path, jx_box box, int how, jx_raster *out) {
    *out = (jx_raster){0};
    JX_TRY(file_is_there(ctx, path));
    const jx_gdal_api *api = load(ctx);
    if (!api) {
        return JX_FAIL(ctx, PLUGIN_MISSING, JX_S(path));
    }
    const double window[4] = {jx_deg(box.min_lon), jx_deg(box.min_lat), jx_deg(box.max_lon), jx_deg(box.max_lat)};
    jx_gdal_raster r;
    int code = api->raster_read(path, window, how, &r);
    jx_status st = code == JX_GDAL_BIG && how != JX_GDAL_AS_IS
                       ? JX_FAIL(ctx, RASTER_GROUND_BIG, JX_S(path), JX_I((int64_t)r.width * r.height), JX_I(JX_GDAL_MAX_PIXELS))
                   : code ? failed(ctx, path, code, r.crs, (uint64_t)r.width * r.height, r.error) : JX_OK;
    if (st == JX_OK && how == JX_GDAL_BILINEAR && !in_metres(r.unit)) {
        st = JX_FAIL(ctx, RASTER_UNIT, JX_S(path), JX_S(r.unit));
    }
    if (st == JX_OK && how != JX_GDAL_AS_IS && !r.width) {
        st = JX_FAIL(ctx, RASTER_ELSEWHERE, JX_S(path));
    }
    size_t n = (size_t)r.width * r.height;
    if (st == JX_OK) {
        *out =
            (jx_raster){.width = r.width, .height = r.height, .west = r.west, .north = r.north, .dx = r.dx, .dy = r.dy};
        memcpy(out->crs, r.crs, sizeof out->crs);
        out->value = jx_malloc(ctx, n, sizeof *out->value);
        st = out->value ? JX_OK : JX_E_NOMEM;
    }
    if (st == JX_OK && n) {
        memcpy(out->value, r.value, n * sizeof *out->value);
    }
    api->raster_release(&r);
    return st;
}

jx_status jx_raster_read(jx_ctx *ctx, const char *path, jx_box box, jx_raster *out) {
    return raster_read(ctx, path, box, JX_GDAL_AS_IS, out);
}

jx_status jx_raster_read_ground(jx_ctx *ctx, const char *path, jx_box box, jx_raster_kind kind, jx_raster *out) {
    return raster_read(ctx, path, box, kind == JX_RASTER_HEIGHTS ? JX_GDAL_BILINEAR : JX_GDAL_NEAREST, out);
}

void jx_raster_release(jx_ctx *ctx, jx_raster *r) {
    jx_free(ctx, r->value);
    *r = (jx_raster){0};
}

/* A sheet: its rows go the way of all rows, header first. */
static jx_status sheet_rows(jx_ctx *ctx, const jx_gdal_table *g, jx_text_table *t) {
    jx__rows rows = {.ctx = ctx, .t = t};
    const char **cell = jx_malloc(ctx, (size_t)g->n_cols + 1, sizeof *cell);
    jx_status st = cell ? JX_OK : JX_E_NOMEM;
    for (uint32_t r = 0; st == JX_OK && r < g->n_rows; r++) {
        for (uint32_t c = 0; st == JX_OK && c < g->n_cols; c++) {
            const char *s = g->cell[(size_t)r * g->n_cols + c];
            cell[c] = jx__rows_text(&rows, s, strlen(s));
            st = cell[c] ? JX_OK : JX_E_NOMEM;
        }
        if (st == JX_OK) {
            st = jx__rows_add(&rows, cell, g->n_cols, g->row_no[r]);
        }
    }
    jx_free(ctx, cell);
    return jx__rows_end(&rows, st);
}

/* "POINT (9.5 47.1)", with or without a height: its two numbers as texts. */
static bool point_texts(const char *wkt, const char *out[2], size_t n[2]) {
    const char *p = wkt && strncmp(wkt, "POINT", 5) == 0 ? strchr(wkt, '(') : NULL;
    if (!p) {
        return false;
    }
    p++;
    for (int k = 0; k < 2; k++) {
        p += strspn(p, " ");
        out[k] = p;
        n[k] = strcspn(p, " )");
        p += n[k];
    }
    return n[0] > 0 && n[1] > 0;
}

/* A layer of points whose fields do not say where they are: lon and lat become its last columns. */
static bool needs_place(const jx_gdal_table *g, const jx_text_table *t) {
    static const char *const places[] = {"lon", "lng", "long", "longitude", "x", "\u7ecf\u5ea6", NULL};
    const char *text[2];
    size_t n[2];
    bool any = false;
    for (uint32_t r = 0; g->wkt && r < g->n_rows; r++) {
        any = any || point_texts(g->wkt[r], text, n);
    }
    return any && jx_text_table_col(t, places) == JX_NONE;
}

static jx_status add_place(jx_ctx *ctx, const jx_gdal_table *g, jx_text_table *t) {
    t->header[t->n_cols] = "lon";
    t->header[t->n_cols + 1] = "lat";
    t->n_cols += 2;
    for (uint32_t r = 0; r < g->n_rows; r++) {
        const char *text[2] = {"", ""};
        size_t n[2] = {0, 0};
        bool has = point_texts(g->wkt[r], text, n);
        for (int k = 0; k < 2; k++) {
            const char **cell = &t->cell[(size_t)r * t->n_cols + g->n_cols + (size_t)k];
            *cell = has ? jx_arena_strn(ctx, t->arena, text[k], n[k]) : "";
            JX_TRY(*cell ? JX_OK : JX_E_NOMEM);
        }
    }
    return JX_OK;
}

static jx_status layer_shapes(jx_ctx *ctx, const jx_gdal_table *g, jx_text_table *t) {
    const char **wkt = jx_arena_alloc(ctx, t->arena, (size_t)g->n_rows + 1, sizeof *wkt);
    bool shapes = false;
    if (!wkt) {
        return JX_E_NOMEM;
    }
    for (uint32_t r = 0; r < g->n_rows; r++) {
        const char *s = g->wkt ? g->wkt[r] : NULL;
        wkt[r] = s ? jx_arena_strn(ctx, t->arena, s, strlen(s)) : NULL;
        if (s && !wkt[r]) {
            return JX_E_NOMEM;
        }
        shapes = shapes || (s && (strncmp(s, "POLYGON", 7) == 0 || strncmp(s, "MULTIPOLYGON", 12) == 0));
    }
    t->shape_wkt = shapes ? wkt : NULL;
    return JX_OK;
}

/* A layer: its fields are the header, whatever their names, and every feature is a row, blank or not, for it has a
 * shape. */
static jx_status layer_rows(jx_ctx *ctx, const jx_gdal_table *g, jx_text_table *t) {
    jx__rows rows = {.ctx = ctx, .t = t};
    t->header = jx_arena_alloc(ctx, t->arena, (size_t)g->n_cols + 2, sizeof *t->header);
    t->row_no = t->header ? jx_arena_alloc(ctx, t->arena, (size_t)g->n_rows + 1, sizeof *t->row_no) : NULL;
    if (!t->row_no) {
        return JX_E_NOMEM;
    }
    t->n_cols = g->n_cols;
    t->n_rows = g->n_rows;
    for (uint32_t c = 0; c < g->n_cols; c++) {
        t->header[c] = jx__rows_text(&rows, g->header[c], strlen(g->header[c]));
        JX_TRY(t->header[c] ? JX_OK : JX_E_NOMEM);
    }
    bool place = needs_place(g, t);
    size_t wide = (size_t)g->n_cols + (place ? 2 : 0);
    t->cell = jx_arena_alloc(ctx, t->arena, wide * g->n_rows + 1, sizeof *t->cell);
    JX_TRY(t->cell ? JX_OK : JX_E_NOMEM);
    for (uint32_t r = 0; r < g->n_rows; r++) {
        t->row_no[r] = g->row_no[r];
        for (uint32_t c = 0; c < g->n_cols; c++) {
            const char *s = g->cell[(size_t)r * g->n_cols + c];
            t->cell[r * wide + c] = jx__rows_text(&rows, s, strlen(s));
            JX_TRY(t->cell[r * wide + c] ? JX_OK : JX_E_NOMEM);
        }
    }
    JX_TRY(place ? add_place(ctx, g, t) : JX_OK);
    return layer_shapes(ctx, g, t);
}

static jx_status copy_table(jx_ctx *ctx, const char *path, const jx_gdal_table *g, jx_text_table *t) {
    t->arena = jx_arena_new(ctx);
    t->file = t->arena ? jx_arena_strn(ctx, t->arena, path, strlen(path)) : NULL;
    t->sheet = t->file ? jx_arena_strn(ctx, t->arena, g->sheet, strlen(g->sheet)) : NULL;
    if (!t->sheet) {
        return JX_E_NOMEM;
    }
    bool chinese = strncmp(g->encoding, "GB", 2) == 0 || strcmp(g->encoding, "CP936") == 0;
    t->encoding = chinese ? JX_ENC_GB18030 : JX_ENC_UTF8;
    return g->header ? layer_rows(ctx, g, t) : sheet_rows(ctx, g, t);
}

jx_status jx__plugin_table(jx_ctx *ctx, const char *path, jx_encoding enc, const char *sheet, jx_text_table *out) {
    *out = (jx_text_table){0};
    JX_TRY(file_is_there(ctx, path));
    const jx_gdal_api *api = load(ctx);
    if (!api) {
        return JX_FAIL(ctx, PLUGIN_MISSING, JX_S(path));
    }
    jx_gdal_table g;
    int code =
        api->table_read(path, sheet, enc == JX_ENC_UTF8 || enc == JX_ENC_GB18030 ? jx_encoding_name(enc) : NULL, &g);
    jx_status st = code ? failed(ctx, path, code, "", 0, g.error) : copy_table(ctx, path, &g, out);
    api->table_release(&g);
    if (st != JX_OK) {
        jx_text_table_release(ctx, out);
    }
    return st;
}
