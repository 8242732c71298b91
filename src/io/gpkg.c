/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * GeoPackage 1.3 through sqlite3, its one door. Rows first, R-tree after, triggers last: the standard's triggers call ST_ functions that
 * plain SQLite lacks, and must not fire while we write. Bytes depend on the layers and the given time only.
 */
#include <math.h>
#include <sqlite3.h>
#include <stdio.h>

#include "junxian/io.h"

typedef struct gpkg {
    jx_ctx *ctx;
    sqlite3 *db;
    const char *path;
    char stamp[32];
} gpkg;

static jx_status sql_failed(const gpkg *g) {
    int code = sqlite3_errcode(g->db);
    if (code == SQLITE_FULL || code == SQLITE_IOERR) {
        return JX_FAIL(g->ctx, FILE_FULL, JX_S(g->path));
    }
    return JX_FAIL(g->ctx, GPKG_SQL, JX_S(g->path), JX_S(sqlite3_errmsg(g->db)));
}

static jx_status sql(const gpkg *g, const char *text) { return sqlite3_exec(g->db, text, NULL, NULL, NULL) == SQLITE_OK ? JX_OK : sql_failed(g); }

/* Names come from our own code and are ASCII identifiers; %w and %q quote them all the same. */
static jx_status sqlf(const gpkg *g, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    char *text = sqlite3_vmprintf(fmt, ap);
    va_end(ap);
    jx_status st = text ? sql(g, text) : JX_FAIL(g->ctx, NOMEM, JX_I(0));
    sqlite3_free(text);
    return st;
}

static const char *const schema =
    "PRAGMA page_size=4096; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA application_id=0x47504B47; PRAGMA user_version=10300;"
    "BEGIN;"
    "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,"
    " organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);"
    "INSERT INTO gpkg_spatial_ref_sys VALUES"
    " ('Undefined Cartesian SRS',-1,'NONE',-1,'undefined','undefined Cartesian coordinate reference system'),"
    " ('Undefined geographic SRS',0,'NONE',0,'undefined','undefined geographic coordinate reference system'),"
    " ('WGS 84 geodetic',4326,'EPSG',4326,'GEOGCS[\"WGS 84\",DATUM[\"WGS_1984\",SPHEROID[\"WGS 84\",6378137,298.257223563,AUTHORITY[\"EPSG\",\"7030\"]],"
    "AUTHORITY[\"EPSG\",\"6326\"]],PRIMEM[\"Greenwich\",0,AUTHORITY[\"EPSG\",\"8901\"]],UNIT[\"degree\",0.0174532925199433,AUTHORITY[\"EPSG\",\"9122\"]],"
    "AXIS[\"Latitude\",NORTH],AXIS[\"Longitude\",EAST],AUTHORITY[\"EPSG\",\"4326\"]]',"
    "'longitude/latitude coordinates in decimal degrees on the WGS 84 spheroid');"
    "CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '',"
    " last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE,"
    " srs_id INTEGER, CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));"
    "CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL,"
    " z TINYINT NOT NULL, m TINYINT NOT NULL, CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name),"
    " CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),"
    " CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));"
    "CREATE TABLE gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,"
    " CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));"
    "CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT, f_table_schema TEXT, f_table_name TEXT,"
    " f_geometry_column TEXT, styleName TEXT, styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT, ui TEXT,"
    " update_time DATETIME);";

static const char *geom_type(jx_geom_kind k) { return k == JX_GEOM_POINT ? "POINT" : k == JX_GEOM_LINE ? "LINESTRING" : "MULTIPOLYGON"; }

static jx_box row_box(const jx_layer *l, uint32_t i) {
    jx_box b = JX_BOX_EMPTY;
    if (l->geom == JX_GEOM_POINT) {
        jx_box_add(&b, l->pt[i]);
    } else if (l->geom == JX_GEOM_LINE) {
        for (uint64_t k = l->line_off[i]; k < l->line_off[i + 1]; k++) {
            jx_box_add(&b, l->line_pts[k]);
        }
    } else {
        b = l->poly[i].box;
    }
    return b;
}

/* ---- a table and its rows ------------------------------------------------------------------------------------------------ */

static jx_status create_table(const gpkg *g, const jx_layer *l, jx_buf *b) {
    static const char *const types[] = {"REAL", "INTEGER", "TEXT"};
    jx_buf_fmt(b, "CREATE TABLE \"%s\" (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL", l->name);
    if (l->geom != JX_GEOM_NONE) {
        jx_buf_fmt(b, ", geom %s", geom_type(l->geom));
    }
    for (uint32_t c = 0; c < l->n_cols; c++) {
        jx_buf_fmt(b, ", \"%s\" %s", l->col[c].name, types[l->col[c].type]);
        if (l->col[c].validity) {
            jx_buf_fmt(b, ", \"%s_why\" TEXT", l->col[c].name);
        }
    }
    jx_buf_str(b, ")");
    JX_TRY(jx_buf_ok(b));
    return sql(g, b->s);
}

static jx_status prepare_insert(const gpkg *g, const jx_layer *l, jx_buf *b, sqlite3_stmt **out) {
    uint32_t n = l->geom != JX_GEOM_NONE ? 1 : 0;
    for (uint32_t c = 0; c < l->n_cols; c++) {
        n += l->col[c].validity ? 2 : 1;
    }
    b->n = 0;
    jx_buf_fmt(b, "INSERT INTO \"%s\" VALUES (?", l->name);
    for (uint32_t i = 0; i < n; i++) {
        jx_buf_str(b, ",?");
    }
    jx_buf_str(b, ")");
    JX_TRY(jx_buf_ok(b));
    return sqlite3_prepare_v2(g->db, b->s, -1, out, NULL) == SQLITE_OK ? JX_OK : sql_failed(g);
}

static void bind_value(sqlite3_stmt *s, int *at, const jx_column *c, uint32_t i) {
    static const char *const why[] = {NULL, "no_data", "not_reachable", "not_applicable"};
    uint8_t v = c->validity ? c->validity[i] : JX_VALID;
    if (v != JX_VALID) {
        sqlite3_bind_null(s, (*at)++);
    } else if (c->type == JX_COL_REAL) {
        sqlite3_bind_double(s, (*at)++, c->real[i]);
    } else if (c->type == JX_COL_INT) {
        sqlite3_bind_int64(s, (*at)++, c->integer[i]);
    } else {
        sqlite3_bind_text(s, (*at)++, c->text[i], -1, SQLITE_STATIC);
    }
    if (c->validity) {
        sqlite3_bind_text(s, (*at)++, why[v & 3], -1, SQLITE_STATIC);
    }
}

static jx_status insert_rows(const gpkg *g, const jx_layer *l, sqlite3_stmt *s) {
    jx_buf blob;
    jx_status st = JX_OK;
    jx_buf_init(&blob, g->ctx);
    for (uint32_t i = 0; st == JX_OK && i < l->n; i++) {
        int at = 1;
        sqlite3_bind_int64(s, at++, (sqlite3_int64)i + 1);
        if (l->geom != JX_GEOM_NONE) {
            blob.n = 0;
            st = jx_gpkg_geom_write(&blob, l, i);
            sqlite3_bind_blob64(s, at++, blob.s, blob.n, SQLITE_STATIC);
        }
        for (uint32_t c = 0; c < l->n_cols; c++) {
            bind_value(s, &at, &l->col[c], i);
        }
        if (st == JX_OK && sqlite3_step(s) != SQLITE_DONE) {
            st = sql_failed(g);
        }
        sqlite3_reset(s);
        if (st == JX_OK && i % 4096 == 0) {
            st = jx_poll(g->ctx);
        }
    }
    jx_buf_release(&blob);
    return st;
}

/* ---- R-tree ----------------------------------------------------------------------------------------------------------------- */

static jx_status fill_rtree(const gpkg *g, const jx_layer *l) {
    char *text = sqlite3_mprintf("INSERT INTO \"rtree_%w_geom\" VALUES (?,?,?,?,?)", l->name);
    sqlite3_stmt *s = NULL;
    jx_status st = text && sqlite3_prepare_v2(g->db, text, -1, &s, NULL) == SQLITE_OK ? JX_OK : sql_failed(g);
    sqlite3_free(text);
    for (uint32_t i = 0; st == JX_OK && i < l->n; i++) {
        jx_box b = row_box(l, i);
        if (b.min_lon > b.max_lon) {
            continue;
        }
        sqlite3_bind_int64(s, 1, (sqlite3_int64)i + 1);
        sqlite3_bind_double(s, 2, jx_deg(b.min_lon));
        sqlite3_bind_double(s, 3, jx_deg(b.max_lon));
        sqlite3_bind_double(s, 4, jx_deg(b.min_lat));
        sqlite3_bind_double(s, 5, jx_deg(b.max_lat));
        if (sqlite3_step(s) != SQLITE_DONE) {
            st = sql_failed(g);
        }
        sqlite3_reset(s);
    }
    sqlite3_finalize(s);
    return st;
}

/* The triggers of the standard's R-tree extension, for editors that know ST_MinX and its like. */
static jx_status triggers(const gpkg *g, const char *t) {
    static const char *const texts[] = {
        "CREATE TRIGGER \"rtree_%w_geom_insert\" AFTER INSERT ON \"%w\" WHEN (new.\"geom\" NOT NULL AND NOT ST_IsEmpty(NEW.\"geom\")) BEGIN INSERT OR REPLACE INTO"
        " \"rtree_%w_geom\" VALUES (NEW.\"fid\", ST_MinX(NEW.\"geom\"), ST_MaxX(NEW.\"geom\"), ST_MinY(NEW.\"geom\"), ST_MaxY(NEW.\"geom\")); END",
        "CREATE TRIGGER \"rtree_%w_geom_update1\" AFTER UPDATE OF \"geom\" ON \"%w\" WHEN OLD.\"fid\" = NEW.\"fid\" AND (NEW.\"geom\" NOTNULL AND NOT"
        " ST_IsEmpty(NEW.\"geom\")) BEGIN INSERT OR REPLACE INTO \"rtree_%w_geom\" VALUES (NEW.\"fid\", ST_MinX(NEW.\"geom\"), ST_MaxX(NEW.\"geom\"),"
        " ST_MinY(NEW.\"geom\"), ST_MaxY(NEW.\"geom\")); END",
        "CREATE TRIGGER \"rtree_%w_geom_update2\" AFTER UPDATE OF \"geom\" ON \"%w\" WHEN OLD.\"fid\" = NEW.\"fid\" AND (NEW.\"geom\" ISNULL OR"
        " ST_IsEmpty(NEW.\"geom\")) BEGIN DELETE FROM \"rtree_%w_geom\" WHERE id = OLD.\"fid\"; END",
        "CREATE TRIGGER \"rtree_%w_geom_update3\" AFTER UPDATE ON \"%w\" WHEN OLD.\"fid\" != NEW.\"fid\" AND (NEW.\"geom\" NOTNULL AND NOT ST_IsEmpty(NEW.\"geom\"))"
        " BEGIN DELETE FROM \"rtree_%w_geom\" WHERE id = OLD.\"fid\"; INSERT OR REPLACE INTO \"rtree_%w_geom\" VALUES (NEW.\"fid\", ST_MinX(NEW.\"geom\"),"
        " ST_MaxX(NEW.\"geom\"), ST_MinY(NEW.\"geom\"), ST_MaxY(NEW.\"geom\")); END",
        "CREATE TRIGGER \"rtree_%w_geom_update4\" AFTER UPDATE ON \"%w\" WHEN OLD.\"fid\" != NEW.\"fid\" AND (NEW.\"geom\" ISNULL OR ST_IsEmpty(NEW.\"geom\"))"
        " BEGIN DELETE FROM \"rtree_%w_geom\" WHERE id IN (OLD.\"fid\", NEW.\"fid\"); END",
        "CREATE TRIGGER \"rtree_%w_geom_delete\" AFTER DELETE ON \"%w\" WHEN old.\"geom\" NOT NULL BEGIN DELETE FROM \"rtree_%w_geom\" WHERE id = OLD.\"fid\"; END"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        JX_TRY(sqlf(g, texts[i], t, t, t, t));
    }
    return JX_OK;
}

static jx_status rtree(const gpkg *g, const jx_layer *l) {
    JX_TRY(sqlf(g, "CREATE VIRTUAL TABLE \"rtree_%w_geom\" USING rtree(id, minx, maxx, miny, maxy)", l->name));
    JX_TRY(fill_rtree(g, l));
    JX_TRY(sqlf(g, "INSERT INTO gpkg_extensions VALUES (%Q,'geom','gpkg_rtree_index','http://www.geopackage.org/spec120/#extension_rtree','write-only')", l->name));
    return triggers(g, l->name);
}

/* ---- a layer ------------------------------------------------------------------------------------------------------------------ */

static jx_status contents(const gpkg *g, const jx_layer *l) {
    if (l->geom == JX_GEOM_NONE) {
        return sqlf(g, "INSERT INTO gpkg_contents (table_name,data_type,identifier,description,last_change) VALUES (%Q,'attributes',%Q,%Q,%Q)", l->name, l->name,
                    l->title, g->stamp);
    }
    jx_box b = JX_BOX_EMPTY;
    for (uint32_t i = 0; i < l->n; i++) {
        jx_box_join(&b, row_box(l, i));
    }
    b = b.min_lon > b.max_lon ? (jx_box){0, 0, 0, 0} : b;
    JX_TRY(sqlf(g, "INSERT INTO gpkg_contents VALUES (%Q,'features',%Q,%Q,%Q,%.7f,%.7f,%.7f,%.7f,4326)", l->name, l->name, l->title, g->stamp, jx_deg(b.min_lon),
                jx_deg(b.min_lat), jx_deg(b.max_lon), jx_deg(b.max_lat)));
    return sqlf(g, "INSERT INTO gpkg_geometry_columns VALUES (%Q,'geom',%Q,4326,0,0)", l->name, geom_type(l->geom));
}

static jx_status write_layer(const gpkg *g, const jx_layer *l, const char *qml) {
    jx_buf b;
    sqlite3_stmt *s = NULL;
    jx_buf_init(&b, g->ctx);
    jx_status st = create_table(g, l, &b);
    if (st == JX_OK) {
        st = contents(g, l);
    }
    if (st == JX_OK) {
        st = prepare_insert(g, l, &b, &s);
    }
    if (st == JX_OK) {
        st = insert_rows(g, l, s);
    }
    sqlite3_finalize(s);
    jx_buf_release(&b);
    if (st == JX_OK && l->geom != JX_GEOM_NONE) {
        st = rtree(g, l);
    }
    if (st == JX_OK && qml) {
        st = sqlf(g, "INSERT INTO layer_styles (f_table_catalog,f_table_schema,f_table_name,f_geometry_column,styleName,styleQML,styleSLD,useAsDefault,description,"
                     "owner,ui,update_time) VALUES ('','',%Q,'geom',%Q,%Q,'',1,'','junxian',NULL,%Q)", l->name, l->name, qml, g->stamp);
    }
    return st;
}

jx_status jx_gpkg_write(jx_ctx *ctx, const char *path, const jx_layers *layers, const char *const *qml, int64_t time) {
    jx_buf stamp;
    jx_buf_init(&stamp, ctx);
    jx_buf_date(&stamp, time, true);
    JX_TRY(jx_buf_ok(&stamp));
    gpkg g = {.ctx = ctx, .path = path};
    snprintf(g.stamp, sizeof g.stamp, "%s", stamp.s);
    jx_buf_release(&stamp);
    if (sqlite3_open_v2(path, &g.db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK) {
        jx_status bad = sql_failed(&g);
        sqlite3_close(g.db);
        return bad;
    }
    jx_status st = sql(&g, schema);
    for (uint32_t i = 0; st == JX_OK && i < layers->n; i++) {
        if (layers->layer[i].for_gpkg) {
            st = write_layer(&g, &layers->layer[i], qml[i]);
        }
    }
    if (st == JX_OK) {
        st = sql(&g, "INSERT INTO gpkg_contents (table_name,data_type,identifier,description,last_change) VALUES ('layer_styles','attributes','layer_styles','',"
                     "'1970-01-01T00:00:00.000Z'); COMMIT;");
    }
    if (sqlite3_close(g.db) != SQLITE_OK && st == JX_OK) {
        st = JX_FAIL(ctx, FILE_ERROR, JX_S(path), JX_S("close"));
    }
    return st;
}

/* ---- reading, for inspect ------------------------------------------------------------------------------------------------------- */

static void copy_text(char *dst, size_t cap, const unsigned char *s) { snprintf(dst, cap, "%s", s ? (const char *)s : ""); }

static jx_status count_rows(const gpkg *g, jx_gpkg_layer_info *l) {
    sqlite3_stmt *s = NULL;
    char *text = sqlite3_mprintf("SELECT count(*), (SELECT count(*) FROM sqlite_master WHERE name='rtree_%q_geom') FROM \"%w\"", l->name, l->name);
    jx_status st = text && sqlite3_prepare_v2(g->db, text, -1, &s, NULL) == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW ? JX_OK : sql_failed(g);
    if (st == JX_OK) {
        l->rows = sqlite3_column_int64(s, 0);
        l->rtree = sqlite3_column_int(s, 1) > 0;
    }
    sqlite3_finalize(s);
    sqlite3_free(text);
    text = sqlite3_mprintf("SELECT 1 FROM layer_styles WHERE f_table_name=%Q", l->name);
    if (text && sqlite3_prepare_v2(g->db, text, -1, &s, NULL) == SQLITE_OK) { /* the table is QGIS's and may be absent */
        l->styled = sqlite3_step(s) == SQLITE_ROW;
        sqlite3_finalize(s);
    }
    sqlite3_free(text);
    return st;
}

jx_status jx_gpkg_info(jx_ctx *ctx, const char *path, jx_gpkg_layer_info **out, uint32_t *n) {
    gpkg g = {.ctx = ctx, .path = path};
    sqlite3_stmt *s = NULL;
    JX_VEC(jx_gpkg_layer_info) list = {0};
    jx_status st = JX_OK;
    if (sqlite3_open_v2(path, &g.db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(g.db, "SELECT c.table_name, coalesce(g.geometry_type_name, c.data_type), coalesce(c.srs_id,0), c.min_x, c.min_y, c.max_x, c.max_y FROM"
                                 " gpkg_contents c LEFT JOIN gpkg_geometry_columns g ON g.table_name=c.table_name ORDER BY c.rowid", -1, &s, NULL) != SQLITE_OK) {
        st = sql_failed(&g);
    }
    while (st == JX_OK && sqlite3_step(s) == SQLITE_ROW) {
        jx_gpkg_layer_info l = {0};
        copy_text(l.name, sizeof l.name, sqlite3_column_text(s, 0));
        copy_text(l.kind, sizeof l.kind, sqlite3_column_text(s, 1));
        l.srs = sqlite3_column_int64(s, 2);
        l.min_x = sqlite3_column_double(s, 3);
        l.min_y = sqlite3_column_double(s, 4);
        l.max_x = sqlite3_column_double(s, 5);
        l.max_y = sqlite3_column_double(s, 6);
        st = count_rows(&g, &l);
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
