/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * GeoPackage 1.3 through sqlite3, its one door. Rows first, R-tree after, triggers last: the standard's triggers call
 * ST_ functions that plain SQLite lacks, and must not fire while we write. Bytes depend on the layers and the given
 * time only.
 */
#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "io/gpkg_internal.h"

jx_status jx__gpkg_failed(const jx__gpkg *g) {
    int code = sqlite3_errcode(g->db), error = g->db ? sqlite3_system_errno(g->db) : 0;
    switch (code & 0xff) {
        case SQLITE_NOMEM:
            return JX_FAIL(g->ctx, NOMEM, JX_I(0));
        case SQLITE_FULL:
            return JX_FAIL(g->ctx, FILE_FULL, JX_S(g->path));
        case SQLITE_IOERR:
        case SQLITE_CANTOPEN:
            if (error) {
                return jx__file_cannot(g->ctx, g->path, error);
            }
            break;
        case SQLITE_NOTADB:
        case SQLITE_CORRUPT:
            return JX_FAIL(g->ctx, GPKG_DAMAGED, JX_S(g->path));
        default:
            break;
    }
    return JX_FAIL(g->ctx, GPKG_SQL, JX_S(g->path), JX_S(sqlite3_errmsg(g->db)));
}

static jx_status sql(const jx__gpkg *g, const char *text) {
    return sqlite3_exec(g->db, text, NULL, NULL, NULL) == SQLITE_OK ? JX_OK : jx__gpkg_failed(g);
}

/* Names come from our own code and are ASCII identifiers; %w and %q quote them all the same. */
static jx_status sqlf(const jx__gpkg *g, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    char *text = sqlite3_vmprintf(fmt, ap);
    va_end(ap);
    jx_status st = text ? sql(g, text) : JX_FAIL(g->ctx, NOMEM, JX_I(0));
    sqlite3_free(text);
    return st;
}

static const char *const schema =
    "PRAGMA page_size=4096; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA application_id=0x47504B47; PRAGMA "
    "user_version=10300;"
    "BEGIN;"
    "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT "
    "NOT NULL,"
    " organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);"
    "INSERT INTO gpkg_spatial_ref_sys VALUES"
    " ('Undefined Cartesian SRS',-1,'NONE',-1,'undefined','undefined Cartesian coordinate reference system'),"
    " ('Undefined geographic SRS',0,'NONE',0,'undefined','undefined geographic coordinate reference system'),"
    " ('WGS 84 geodetic',4326,'EPSG',4326,'GEOGCS[\"WGS 84\",DATUM[\"WGS_1984\",SPHEROID[\"WGS "
    "84\",6378137,298.257223563,AUTHORITY[\"EPSG\",\"7030\"]],"
    "AUTHORITY[\"EPSG\",\"6326\"]],PRIMEM[\"Greenwich\",0,AUTHORITY[\"EPSG\",\"8901\"]],UNIT[\"degree\",0."
    "0174532925199433,AUTHORITY[\"EPSG\",\"9122\"]],"
    "AXIS[\"Latitude\",NORTH],AXIS[\"Longitude\",EAST],AUTHORITY[\"EPSG\",\"4326\"]]',"
    "'longitude/latitude coordinates in decimal degrees on the WGS 84 spheroid');"
    "CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT "
    "UNIQUE, description TEXT DEFAULT '',"
    " last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), min_x DOUBLE, min_y DOUBLE, max_x "
    "DOUBLE, max_y DOUBLE,"
    " srs_id INTEGER, CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));"
    "CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT "
    "NOT NULL, srs_id INTEGER NOT NULL,"
    " z TINYINT NOT NULL, m TINYINT NOT NULL, CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), "
    "CONSTRAINT uk_gc_table_name UNIQUE (table_name),"
    " CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),"
    " CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));"
    "CREATE TABLE gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT "
    "NOT NULL, scope TEXT NOT NULL,"
    " CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));"
    "CREATE TABLE gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, "
    "description TEXT, mime_type TEXT,"
    " constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name), CONSTRAINT gdc_tn UNIQUE "
    "(table_name, name));"
    "CREATE TABLE gpkg_data_column_constraints (constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value "
    "TEXT, min NUMERIC, min_is_inclusive"
    " BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT, CONSTRAINT gdcc_ntv UNIQUE (constraint_name, "
    "constraint_type, value));"
    "INSERT INTO gpkg_extensions VALUES "
    "('gpkg_data_columns',NULL,'gpkg_schema','http://www.geopackage.org/spec121/#extension_schema','read-write'),"
    " ('gpkg_data_column_constraints',NULL,'gpkg_schema','http://www.geopackage.org/spec121/"
    "#extension_schema','read-write');"
    "CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT, f_table_schema "
    "TEXT, f_table_name TEXT,"
    " f_geometry_column TEXT, styleName TEXT, styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, "
    "owner TEXT, ui TEXT,"
    " update_time DATETIME);";

static const char *geom_type(jx_geom_kind k) {
    return k == JX_GEOM_POINT ? "POINT" : k == JX_GEOM_LINE ? "LINESTRING" : "MULTIPOLYGON";
}

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

/* ---- a table and its rows ---------------------------------------------------------------------------------------- */

static jx_status create_table(const jx__gpkg *g, const jx_layer *l, jx_buf *b) {
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

static jx_status prepare_insert(const jx__gpkg *g, const jx_layer *l, jx_buf *b, sqlite3_stmt **out) {
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
    return sqlite3_prepare_v2(g->db, b->s, -1, out, NULL) == SQLITE_OK ? JX_OK : jx__gpkg_failed(g);
}

static void bind_value(sqlite3_stmt *s, int *at, const jx_column *c, uint32_t i) {
    static const char *const why[] = {NULL, "no_data", "not_reachable", "not_applicable"};
    uint8_t v = c->validity ? c->validity[i] : JX_VALID;
    if (v != JX_VALID || (c->type == JX_COL_REAL && !isfinite(c->real[i]))) {
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

static jx_status insert_rows(const jx__gpkg *g, const jx_layer *l, sqlite3_stmt *s) {
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
            st = jx__gpkg_failed(g);
        }
        sqlite3_reset(s);
        if (st == JX_OK && i % 4096 == 0) {
            st = jx_poll(g->ctx);
        }
    }
    jx_buf_release(&blob);
    return st;
}

/* ---- R-tree ------------------------------------------------------------------------------------------------------ */

static jx_status fill_rtree(const jx__gpkg *g, const jx_layer *l) {
    char *text = sqlite3_mprintf("INSERT INTO \"rtree_%w_geom\" VALUES (?,?,?,?,?)", l->name);
    sqlite3_stmt *s = NULL;
    jx_status st = text && sqlite3_prepare_v2(g->db, text, -1, &s, NULL) == SQLITE_OK ? JX_OK : jx__gpkg_failed(g);
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
            st = jx__gpkg_failed(g);
        }
        sqlite3_reset(s);
    }
    sqlite3_finalize(s);
    return st;
}

/* The triggers of the standard's R-tree extension, for editors that know ST_MinX and its like. */
static jx_status triggers(const jx__gpkg *g, const char *t) {
    static const char *const texts[] = {
        ("CREATE TRIGGER \"rtree_%w_geom_insert\" AFTER INSERT ON \"%w\" WHEN (new.\"geom\" NOT NULL AND NOT "
         "ST_IsEmpty(NEW.\"geom\")) BEGIN INSERT OR REPLACE INTO"
         " \"rtree_%w_geom\" VALUES (NEW.\"fid\", ST_MinX(NEW.\"geom\"), ST_MaxX(NEW.\"geom\"), ST_MinY(NEW.\"geom\"), "
         "ST_MaxY(NEW.\"geom\")); END"),
        ("CREATE TRIGGER \"rtree_%w_geom_update1\" AFTER UPDATE OF \"geom\" ON \"%w\" WHEN OLD.\"fid\" = NEW.\"fid\" "
         "AND (NEW.\"geom\" NOTNULL AND NOT"
         " ST_IsEmpty(NEW.\"geom\")) BEGIN INSERT OR REPLACE INTO \"rtree_%w_geom\" VALUES (NEW.\"fid\", "
         "ST_MinX(NEW.\"geom\"), ST_MaxX(NEW.\"geom\"),"
         " ST_MinY(NEW.\"geom\"), ST_MaxY(NEW.\"geom\")); END"),
        ("CREATE TRIGGER \"rtree_%w_geom_update2\" AFTER UPDATE OF \"geom\" ON \"%w\" WHEN OLD.\"fid\" = NEW.\"fid\" "
         "AND (NEW.\"geom\" ISNULL OR"
         " ST_IsEmpty(NEW.\"geom\")) BEGIN DELETE FROM \"rtree_%w_geom\" WHERE id = OLD.\"fid\"; END"),
        ("CREATE TRIGGER \"rtree_%w_geom_update3\" AFTER UPDATE ON \"%w\" WHEN OLD.\"fid\" != NEW.\"fid\" AND "
         "(NEW.\"geom\" NOTNULL AND NOT ST_IsEmpty(NEW.\"geom\"))"
         " BEGIN DELETE FROM \"rtree_%w_geom\" WHERE id = OLD.\"fid\"; INSERT OR REPLACE INTO \"rtree_%w_geom\" VALUES "
         "(NEW.\"fid\", ST_MinX(NEW.\"geom\"),"
         " ST_MaxX(NEW.\"geom\"), ST_MinY(NEW.\"geom\"), ST_MaxY(NEW.\"geom\")); END"),
        ("CREATE TRIGGER \"rtree_%w_geom_update4\" AFTER UPDATE ON \"%w\" WHEN OLD.\"fid\" != NEW.\"fid\" AND "
         "(NEW.\"geom\" ISNULL OR ST_IsEmpty(NEW.\"geom\"))"
         " BEGIN DELETE FROM \"rtree_%w_geom\" WHERE id IN (OLD.\"fid\", NEW.\"fid\"); END"),
        ("CREATE TRIGGER \"rtree_%w_geom_delete\" AFTER DELETE ON \"%w\" WHEN old.\"geom\" NOT NULL BEGIN DELETE FROM "
         "\"rtree_%w_geom\" WHERE id = OLD.\"fid\"; END")};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        JX_TRY(sqlf(g, texts[i], t, t, t, t));
    }
    return JX_OK;
}

static jx_status rtree(const jx__gpkg *g, const jx_layer *l) {
    JX_TRY(sqlf(g, "CREATE VIRTUAL TABLE \"rtree_%w_geom\" USING rtree(id, minx, maxx, miny, maxy)", l->name));
    JX_TRY(fill_rtree(g, l));
    JX_TRY(sqlf(g,
                "INSERT INTO gpkg_extensions VALUES "
                "(%Q,'geom','gpkg_rtree_index','http://www.geopackage.org/spec120/#extension_rtree','write-only')",
                l->name));
    return triggers(g, l->name);
}

/* ---- a layer ----------------------------------------------------------------------------------------------------- */

static jx_status contents(const jx__gpkg *g, const jx_layer *l) {
    if (l->geom == JX_GEOM_NONE) {
        return sqlf(g,
                    "INSERT INTO gpkg_contents (table_name,data_type,identifier,description,last_change) VALUES "
                    "(%Q,'attributes',%Q,%Q,%Q)",
                    l->name, l->name, l->title, g->stamp);
    }
    jx_box b = JX_BOX_EMPTY;
    for (uint32_t i = 0; i < l->n; i++) {
        jx_box_join(&b, row_box(l, i));
    }
    if (b.min_lon > b.max_lon) { /* no rows, no extent */
        JX_TRY(sqlf(g, "INSERT INTO gpkg_contents VALUES (%Q,'features',%Q,%Q,%Q,NULL,NULL,NULL,NULL,4326)", l->name,
                    l->name, l->title, g->stamp));
    } else {
        JX_TRY(sqlf(g, "INSERT INTO gpkg_contents VALUES (%Q,'features',%Q,%Q,%Q,%.7f,%.7f,%.7f,%.7f,4326)", l->name,
                    l->name, l->title, g->stamp, jx_deg(b.min_lon), jx_deg(b.min_lat), jx_deg(b.max_lon),
                    jx_deg(b.max_lat)));
    }
    return sqlf(g, "INSERT INTO gpkg_geometry_columns VALUES (%Q,'geom',%Q,4326,0,0)", l->name, geom_type(l->geom));
}

/* Titles and units of the columns, as the schema extension has them. */
static jx_status data_columns(const jx__gpkg *g, const jx_layer *l) {
    for (uint32_t c = 0; c < l->n_cols; c++) {
        const jx_column *k = &l->col[c];
        JX_TRY(sqlf(g, "INSERT INTO gpkg_data_columns (table_name,column_name,title,description) VALUES (%Q,%Q,%Q,%Q)",
                    l->name, k->name, k->title, k->unit && *k->unit ? k->unit : NULL));
    }
    return JX_OK;
}

static jx_status write_layer(const jx__gpkg *g, const jx_layer *l, const char *qml) {
    jx_buf b;
    sqlite3_stmt *s = NULL;
    jx_buf_init(&b, g->ctx);
    jx_status st = create_table(g, l, &b);
    if (st == JX_OK) {
        st = contents(g, l);
    }
    if (st == JX_OK) {
        st = data_columns(g, l);
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
        st = sqlf(g,
                  "INSERT INTO layer_styles "
                  "(f_table_catalog,f_table_schema,f_table_name,f_geometry_column,styleName,styleQML,styleSLD,"
                  "useAsDefault,description,"
                  "owner,ui,update_time) VALUES ('','',%Q,'geom',%Q,%Q,'',1,'','junxian',NULL,%Q)",
                  l->name, l->name, qml, g->stamp);
    }
    return st;
}

static jx_status write_all(const jx__gpkg *g, const jx_layers *layers, const char *const *qml) {
    jx_status st = sql(g, schema);
    for (uint32_t i = 0; st == JX_OK && i < layers->n; i++) {
        if (layers->layer[i].for_gpkg) {
            st = write_layer(g, &layers->layer[i], qml ? qml[i] : NULL);
        }
    }
    if (st == JX_OK) {
        st = sqlf(g,
                  "INSERT INTO gpkg_contents (table_name,data_type,identifier,description,last_change) VALUES"
                  " ('layer_styles','attributes','layer_styles','',%Q); COMMIT;",
                  g->stamp);
    }
    return st;
}

static jx_status write_part(jx__gpkg *g, const char *part, const jx_layers *layers, const char *const *qml) {
    unlink(part); /* left by a killed run */
    if (sqlite3_open_v2(part, &g->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK) {
        jx_status bad = jx__gpkg_failed(g);
        sqlite3_close(g->db);
        return bad;
    }
    jx_status st = write_all(g, layers, qml);
    if (sqlite3_close(g->db) != SQLITE_OK && st == JX_OK) {
        st = JX_FAIL(g->ctx, FILE_ERROR, JX_S(g->path), JX_S("close"));
    }
    if (st != JX_OK) {
        unlink(part);
    }
    return st;
}

jx_status jx_gpkg_write(jx_ctx *ctx, const char *path, const jx_layers *layers, const char *const *qml, int64_t time) {
    jx_buf stamp;
    jx_buf_init(&stamp, ctx);
    jx_buf_date(&stamp, time, true);
    char *part = jx__file_part(ctx, path);
    jx_status st = part ? jx_buf_ok(&stamp) : JX_E_NOMEM;
    if (st == JX_OK) {
        jx__gpkg g = {.ctx = ctx, .path = path};
        snprintf(g.stamp, sizeof g.stamp, "%s", stamp.s);
        st = write_part(&g, part, layers, qml);
    }
    if (st == JX_OK) {
        st = jx__file_settle(ctx, part, path);
    }
    jx_buf_release(&stamp);
    jx_free(ctx, part);
    return st;
}
