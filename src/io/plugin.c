/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The plugin door: GDAL is loaded when a file needs it, from $JUNXIAN_PLUGINS, beside the program, or ../lib/junxian. */
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

#include "gdal/plugin.h"
#include "io/plugin_door.h"

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
    return api && api->abi == JX_GDAL_ABI ? api : NULL; /* the library stays loaded: dlopen counts, and GDAL does not unload cleanly */
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

static jx_status failed(jx_ctx *ctx, const char *path, int code, const char *crs, const char *error) {
    switch (code) {
    case JX_GDAL_NOT_GEOGRAPHIC:
        return JX_FAIL(ctx, RASTER_CRS, JX_S(path), JX_S(*crs ? crs : "?"));
    case JX_GDAL_NOT_NORTH_UP:
        return JX_FAIL(ctx, RASTER_ROTATED, JX_S(path));
    case JX_GDAL_MEMORY:
        return JX_FAIL(ctx, NOMEM, JX_I(0));
    case JX_GDAL_NO_LAYER:
        return JX_FAIL(ctx, TABLE_NO_SHEET, JX_S(path));
    default:
        return JX_FAIL(ctx, PLUGIN_CANNOT_READ, JX_S(path), JX_S(error));
    }
}

jx_status jx_raster_read(jx_ctx *ctx, const char *path, jx_box box, jx_raster *out) {
    const jx_gdal_api *api = load(ctx);
    *out = (jx_raster){0};
    if (!api) {
        return JX_FAIL(ctx, PLUGIN_MISSING, JX_S(path));
    }
    const double window[4] = {jx_deg(box.min_lon), jx_deg(box.min_lat), jx_deg(box.max_lon), jx_deg(box.max_lat)};
    jx_gdal_raster r;
    int code = api->raster_read(path, window, &r);
    jx_status st = code ? failed(ctx, path, code, r.crs, r.error) : JX_OK;
    size_t n = (size_t)r.width * r.height;
    if (st == JX_OK) {
        *out = (jx_raster){.width = r.width, .height = r.height, .west = r.west, .north = r.north, .dx = r.dx, .dy = r.dy};
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

void jx_raster_release(jx_ctx *ctx, jx_raster *r) {
    jx_free(ctx, r->value);
    *r = (jx_raster){0};
}

static const char *keep(jx_ctx *ctx, jx_text_table *t, const char *s) {
    size_t n = strlen(s);
    while (n && (*s == ' ' || *s == '\t')) {
        s++;
        n--;
    }
    while (n && (s[n - 1] == ' ' || s[n - 1] == '\t')) {
        n--;
    }
    return jx_arena_strn(ctx, t->arena, s, n);
}

static jx_status copy_table(jx_ctx *ctx, const char *path, const jx_gdal_table *g, jx_text_table *t) {
    size_t n = (size_t)g->n_cols * g->n_rows;
    t->arena = jx_arena_new(ctx);
    t->file = t->arena ? jx_arena_strn(ctx, t->arena, path, strlen(path)) : NULL;
    t->sheet = t->file ? jx_arena_strn(ctx, t->arena, g->sheet, strlen(g->sheet)) : NULL;
    t->header = t->sheet ? jx_arena_alloc(ctx, t->arena, g->n_cols + 1, sizeof *t->header) : NULL;
    t->cell = t->header ? jx_arena_alloc(ctx, t->arena, n + 1, sizeof *t->cell) : NULL;
    t->row_no = t->cell ? jx_arena_alloc(ctx, t->arena, g->n_rows + 1, sizeof *t->row_no) : NULL;
    const char **wkt = t->row_no && g->wkt ? jx_arena_alloc(ctx, t->arena, g->n_rows + 1, sizeof *wkt) : NULL;
    if (!t->row_no || (g->wkt && !wkt)) {
        return JX_E_NOMEM;
    }
    t->encoding = JX_ENC_UTF8;
    t->n_cols = g->n_cols;
    t->shape_wkt = wkt;
    for (uint32_t c = 0; c < g->n_cols; c++) {
        t->header[c] = keep(ctx, t, g->header[c]);
        if (!t->header[c]) {
            return JX_E_NOMEM;
        }
    }
    for (uint32_t r = 0; r < g->n_rows; r++) {
        bool blank = !g->wkt;
        for (uint32_t c = 0; c < g->n_cols; c++) {
            const char *s = keep(ctx, t, g->cell[(size_t)r * g->n_cols + c]);
            if (!s) {
                return JX_E_NOMEM;
            }
            t->cell[(size_t)t->n_rows * g->n_cols + c] = s;
            blank = blank && !*s;
        }
        if (!blank) { /* blank rows are passed over, but rows are numbered as in the sheet */
            t->row_no[t->n_rows] = g->first_row + r;
            if (wkt) {
                wkt[t->n_rows] = g->wkt[r] ? jx_arena_strn(ctx, t->arena, g->wkt[r], strlen(g->wkt[r])) : NULL;
            }
            t->n_rows++;
        }
    }
    return JX_OK;
}

jx_status jx__plugin_table(jx_ctx *ctx, const char *path, const char *sheet, jx_text_table *out) {
    *out = (jx_text_table){0};
    jx_file f; /* the usual errors of files first */
    JX_TRY(jx_file_open(ctx, path, &f));
    jx_file_close(ctx, &f);
    const jx_gdal_api *api = load(ctx);
    if (!api) {
        return JX_FAIL(ctx, PLUGIN_MISSING, JX_S(path));
    }
    jx_gdal_table g;
    int code = api->table_read(path, sheet, &g);
    jx_status st = code ? failed(ctx, path, code, "", g.error) : JX_OK;
    if (st == JX_OK && g.header_suspicious) {
        st = JX_FAIL_ROW(ctx, path, 1, TABLE_HEADER, JX_S(g.sheet));
    }
    if (st == JX_OK) {
        st = copy_table(ctx, path, &g, out);
    }
    api->table_release(&g);
    if (st != JX_OK) {
        jx_text_table_release(ctx, out);
    }
    return st;
}
