/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** What a GeoPackage holds: any GeoPackage, also a damaged one or a database that is none. */
#include <stdio.h>

#include "io/gpkg_internal.h"

static void copy_text(char *dst, size_t cap, const char *s) {
    snprintf(dst, cap, "%s", s ? s : "");
}

/* One number of a query about one table; `missing` where the query cannot be asked (a table that is QGIS's and may be
 * absent). */
static jx_status ask(const jx__gpkg *g, const char *fmt, const char *name, bool may_lack, int64_t *out) {
    sqlite3_stmt *s = NULL;
    char *text = sqlite3_mprintf(fmt, name);
    jx_status st = JX_OK;
    *out = 0;
    if (!text) {
        return JX_FAIL(g->ctx, NOMEM, JX_I(0));
    }
    if (sqlite3_prepare_v2(g->db, text, -1, &s, NULL) == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW) {
        *out = sqlite3_column_int64(s, 0);
    } else if (!may_lack) {
        st = jx__gpkg_failed(g);
    }
    sqlite3_finalize(s);
    sqlite3_free(text);
    return st;
}

static jx_status one_layer(const jx__gpkg *g, sqlite3_stmt *s, jx_gpkg_layer_info *l) {
    const char *name = (const char *)sqlite3_column_text(s, 0);
    int64_t rtree, styled;
    name = name ? name : "";
    copy_text(l->name, sizeof l->name, name);
    copy_text(l->kind, sizeof l->kind, (const char *)sqlite3_column_text(s, 1));
    l->srs = sqlite3_column_int64(s, 2);
    l->min_x = sqlite3_column_double(s, 3);
    l->min_y = sqlite3_column_double(s, 4);
    l->max_x = sqlite3_column_double(s, 5);
    l->max_y = sqlite3_column_double(s, 6);
    JX_TRY(ask(g, "SELECT count(*) FROM \"%w\"", name, false, &l->rows));
    JX_TRY(ask(g, "SELECT count(*) FROM gpkg_extensions WHERE extension_name='gpkg_rtree_index' AND table_name=%Q",
               name, true, &rtree));
    JX_TRY(ask(g, "SELECT count(*) FROM layer_styles WHERE f_table_name=%Q", name, true, &styled));
    l->rtree = rtree > 0;
    l->styled = styled > 0;
    return JX_OK;
}

jx_status jx_gpkg_info(jx_ctx *ctx, const char *path, jx_gpkg_layer_info **out, uint32_t *n) {
    static const char *const query =
        "SELECT c.table_name, coalesce(g.geometry_type_name, c.data_type), coalesce(c.srs_id,0), c.min_x, c.min_y, "
        "c.max_x, c.max_y"
        " FROM gpkg_contents c LEFT JOIN gpkg_geometry_columns g ON g.table_name=c.table_name ORDER BY c.rowid";
    JX_VEC(jx_gpkg_layer_info) list = {0};
    jx__gpkg g = {.ctx = ctx, .path = path};
    sqlite3_stmt *s = NULL;
    jx_file f; /* the usual errors of files first */
    *out = NULL;
    *n = 0;
    JX_TRY(jx_file_open(ctx, path, &f));
    jx_file_close(ctx, &f);
    jx_status st = JX_OK;
    int64_t contents = 0;
    if (sqlite3_open_v2(path, &g.db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) {
        st = jx__gpkg_failed(&g);
    }
    if (st == JX_OK) {
        st = ask(&g, "SELECT count(*) FROM sqlite_master WHERE name='%q'", "gpkg_contents", false, &contents);
    }
    if (st == JX_OK && contents == 0) {
        st = JX_FAIL(ctx, GPKG_DAMAGED, JX_S(path));
    }
    if (st == JX_OK && sqlite3_prepare_v2(g.db, query, -1, &s, NULL) != SQLITE_OK) {
        st = jx__gpkg_failed(&g);
    }
    while (st == JX_OK) {
        jx_gpkg_layer_info l = {0};
        int code = sqlite3_step(s);
        if (code == SQLITE_DONE) {
            break;
        }
        st = code == SQLITE_ROW ? one_layer(&g, s, &l) : jx__gpkg_failed(&g);
        if (st == JX_OK) {
            st = jx_vec_push(ctx, &list, l);
        }
    }
    sqlite3_finalize(s);
    sqlite3_close(g.db);
    if (st != JX_OK) {
        jx_vec_free(ctx, &list);
        return st;
    }
    *out = list.v;
    *n = (uint32_t)list.n;
    return JX_OK;
}
