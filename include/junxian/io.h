/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Files and foreign formats <-> the model. Each foreign library has one door in src/io. */
#ifndef JUNXIAN_IO_H
#define JUNXIAN_IO_H

#include "junxian/county.h"
#include "junxian/hierarchy.h"
#include "junxian/isochrone.h"
#include "junxian/layer.h"
#include "junxian/snapshot.h"

/* ---- files (io/file.c) ------------------------------------------------------------------------------------------ */

/** Bytes of a file, mapped (or read, where mapping fails). Directory, missing, unreadable: an error that says so. */
typedef struct jx_file {
    const uint8_t *p;
    size_t n;
    bool mapped;
} jx_file;
jx_status jx_file_open(jx_ctx *ctx, const char *path, jx_file *out) JX_MUST_USE;
void jx_file_close(jx_ctx *ctx, jx_file *f);
/** Seconds on a clock that only runs forward: for limits and progress, never for results. */
double jx_clock_s(void);
bool jx_path_exists(const char *path);
bool jx_path_is_dir(const char *path);
/** Write PATH.part, fsync, rename; on any failure the .part is removed and an old PATH stays. */
jx_status jx_file_write(jx_ctx *ctx, const char *path, const void *p, size_t n) JX_MUST_USE;
/**
 * An output folder that appears whole or not at all: files are written into `path`.part-<pid>, and jx_outdir_commit renames
 * it. An existing folder is refused without overwrite; with it, only files of the same names are replaced, at commit.
 */
typedef struct jx_outdir {
    char *path, *tmp;
    bool overwrite, existed;
} jx_outdir;
jx_status jx_outdir_begin(jx_ctx *ctx, const char *path, bool overwrite, jx_outdir *out) JX_MUST_USE;
/** Path inside the temporary folder; caller frees with jx_free. */
char *jx_outdir_path(jx_ctx *ctx, const jx_outdir *d, const char *name);
jx_status jx_outdir_commit(jx_ctx *ctx, jx_outdir *d) JX_MUST_USE;
void jx_outdir_abort(jx_ctx *ctx, jx_outdir *d); /* safe after commit */

/* ---- solvers (io/solver.c) --------------------------------------------------------------------------------------- */

/**
 * Lets a mixed-integer solver of the system work on a program in LP format: `solver` is cbc, highs or scip, a name in PATH or a path whose last
 * part begins so. At most so many seconds of its own (0: no limit); Ctrl-C ends it. Its solution file is appended to *answer; nothing, when its
 * time was over without one. JX_E_FILE
 * (SOLVER_MISSING, SOLVER_FAILED) or JX_E_USAGE (SOLVER_UNKNOWN); nothing stays behind in the folder for temporary files.
 */
jx_status jx_solver_run(jx_ctx *ctx, const char *solver, const char *lp, size_t n, double seconds, jx_buf *answer) JX_MUST_USE;

/* ---- network snapshots (io/snapshot.c) ------------------------------------------------------------------------------- */

/** Writes `path` (whole or not at all); *bytes gets its size. */
jx_status jx_snapshot_save(jx_ctx *ctx, const char *path, const jx_snapshot_content *c, uint64_t *bytes) JX_MUST_USE;
/** A mapped snapshot; its network and hierarchy live until it is unloaded. Not to be written to by others meanwhile: a new one takes
 *  the name of the old by renaming, which leaves the mapped one whole. */
typedef struct jx_snapshot_file {
    jx_file file;
    jx_snapshot *snapshot;
} jx_snapshot_file;
jx_status jx_snapshot_load(jx_ctx *ctx, const char *path, jx_snapshot_file *out) JX_MUST_USE;
void jx_snapshot_unload(jx_ctx *ctx, jx_snapshot_file *f); /* safe when zeroed */

/* ---- OSM PBF (io/pbf.c, libdeflate's door) -------------------------------------------------------------------------- */

jx_status jx_pbf_read(jx_ctx *ctx, const char *path, const jx_keep *keep, jx_extract **out) JX_MUST_USE;
/** The same from bytes in memory (the embedded demo). */
jx_status jx_pbf_read_bytes(jx_ctx *ctx, const uint8_t *p, size_t n, const jx_keep *keep, jx_extract **out) JX_MUST_USE;
/** Inflate one blob into buf (blob->raw_len bytes). */
jx_status jx_pbf_inflate(jx_ctx *ctx, const jx_blob *b, uint8_t *buf) JX_MUST_USE;
/** Counts only, nothing kept: what `inspect` shows and the reading bench times. */
typedef struct jx_pbf_counts {
    jx_osm_header header;
    uint64_t blocks, nodes, ways, relations, tags, refs;
    jx_box box;
} jx_pbf_counts;
jx_status jx_pbf_count(jx_ctx *ctx, const char *path, jx_pbf_counts *out) JX_MUST_USE;

/* ---- configuration (io/yaml.c, libyaml's door; io/json.c, jansson's door) --------------------------------------------- */

jx_status jx_yaml_parse(jx_ctx *ctx, const char *name, const void *p, size_t n, jx_doc *out) JX_MUST_USE;
jx_status jx_yaml_file(jx_ctx *ctx, const char *path, jx_doc *out) JX_MUST_USE;
/** GeoJSON polygons (Feature, FeatureCollection or geometry) joined into one multipolygon; `crs` converted to WGS 84.
 *  *name gets properties.name of the first feature (jx_free) or NULL. */
jx_status jx_geojson_boundary(jx_ctx *ctx, const char *path, jx_crs crs, jx_mpoly *out, char **name) JX_MUST_USE;

/* ---- tables (io/csv.c, io/table.c; XLSX and others through the GDAL plugin) -------------------------------------------- */

typedef enum jx_encoding { JX_ENC_AUTO, JX_ENC_UTF8, JX_ENC_GB18030, JX_ENC_UTF16 } jx_encoding;
const char *jx_encoding_name(jx_encoding e);
/** A table of texts, all UTF-8. Row numbers count as in the file (header row is 1, or as found). */
typedef struct jx_text_table {
    jx_arena *arena;
    char *file;
    jx_encoding encoding;     /* as found */
    char delimiter;           /* 0 for a workbook */
    char *sheet;              /* NULL for CSV */
    uint32_t n_cols, n_rows;  /* data rows */
    const char **header;      /* n_cols */
    const char **cell;        /* n_rows * n_cols; "" empty; surrounding blanks trimmed */
    uint32_t *row_no;         /* line or row in the file */
    const char *const *shape_wkt; /* geometry column of polygons when read from a GIS file; NULL */
} jx_text_table;
/** CSV/TSV/semicolon, UTF-8 (BOM or not), GB18030 or UTF-16; declared encoding is checked, AUTO is told by the bytes. */
jx_status jx_csv_parse(jx_ctx *ctx, const char *name, const void *p, size_t n, jx_encoding enc, jx_text_table *out) JX_MUST_USE;
/** By extension: .csv .tsv .txt here, .xlsx .xls .ods through the plugin. Merged or multi-row headers are refused with row. */
jx_status jx_table_read(jx_ctx *ctx, const char *path, jx_encoding enc, const char *sheet, jx_text_table *out) JX_MUST_USE;
void jx_text_table_release(jx_ctx *ctx, jx_text_table *t);
/** Column whose header equals one of the NULL-terminated names (ASCII case-blind, full-width folded); JX_NONE. */
uint32_t jx_text_table_col(const jx_text_table *t, const char *const *names);
/** Number in a cell: "1,234", full-width digits accepted; "一百二" is not a number -> TABLE_TEXT_NUMBER with file, row, column. */
jx_status jx_text_table_real(jx_ctx *ctx, const jx_text_table *t, uint32_t row, uint32_t col, double *out) JX_MUST_USE;

/** The name by which standards know a group of people that a header calls "children", "儿童", "60岁及以上", ...; NULL: no such word. */
const char *jx_group_name(const char *header);
/** Persons of a group in a row with so many people. Empty: NaN, not known. Refused: PEOPLE_NEGATIVE, GROUP_MORE (more than all, but for rounding). */
jx_status jx_text_table_group(jx_ctx *ctx, const jx_text_table *t, uint32_t row, uint32_t col, double people, double *out) JX_MUST_USE;

/** POLYGON or MULTIPOLYGON text in degrees of `crs` -> WGS 84; anything else is WKT_BAD. O(n log n). */
jx_status jx_wkt_polygon(jx_ctx *ctx, const char *wkt, jx_crs crs, jx_mpoly *out) JX_MUST_USE;

/* ---- rasters and workbooks (plugins/gdal, dlopened by io/plugin.c) ----------------------------------------------------- */

typedef struct jx_raster {
    uint32_t width, height;
    double west, north, dx, dy;
    double *value; /* NaN no data */
    char crs[64];
} jx_raster;
/** A north-up raster in geographic WGS 84 (others are refused with the gdalwarp line to run). Only the window that meets
 *  `box` is read. Fails with PLUGIN_MISSING where the plugin is not installed. */
jx_status jx_raster_read(jx_ctx *ctx, const char *path, jx_box box, jx_raster *out) JX_MUST_USE;
/** Heights (between pixels) or classes (the nearest pixel), in any coordinate system GDAL knows and any orientation: brought to WGS 84
 *  where they are not. Fails with RASTER_ELSEWHERE where nothing of it meets the box, with RASTER_UNIT for heights in other than metres. */
typedef enum jx_raster_kind { JX_RASTER_HEIGHTS, JX_RASTER_CLASSES } jx_raster_kind;
jx_status jx_raster_read_ground(jx_ctx *ctx, const char *path, jx_box box, jx_raster_kind kind, jx_raster *out) JX_MUST_USE;
void jx_raster_release(jx_ctx *ctx, jx_raster *r);
bool jx_gdal_available(void);

/* ---- results ------------------------------------------------------------------------------------------------------------ */

/** GeoPackage 1.3 (io/gpkg*.c, sqlite's door): OGC tables, R-tree per geometry layer, layer_styles with the given QML per
 *  layer (NULL entries: none). Bytes depend on the input only: `time` stamps last_change. */
jx_status jx_gpkg_write(jx_ctx *ctx, const char *path, const jx_layers *layers, const char *const *qml, int64_t time) JX_MUST_USE;
/** What a GeoPackage holds, for `inspect`. */
typedef struct jx_gpkg_layer_info {
    char name[128], kind[32];
    int64_t rows, srs;
    double min_x, min_y, max_x, max_y;
    bool rtree, styled;
} jx_gpkg_layer_info;
jx_status jx_gpkg_info(jx_ctx *ctx, const char *path, jx_gpkg_layer_info **out, uint32_t *n) JX_MUST_USE;
/** GeoPackage geometry blob -> multipolygon or point; every bound checked (fuzzed). */
jx_status jx_gpkg_geom_parse(jx_ctx *ctx, const void *p, size_t n, jx_mpoly *poly, jx_pt *pt, bool *is_point) JX_MUST_USE;
jx_status jx_gpkg_geom_write(jx_buf *out, const jx_layer *l, uint32_t row) JX_MUST_USE;
/**
 * UTF-8 with BOM, CRLF; NULL as empty; texts that a spreadsheet would compute (= @ first, or + - with a call in it) with an apostrophe before
 * them; validity in a <name>_why column where any value is missing.
 */
jx_status jx_csv_write(jx_ctx *ctx, const char *path, const jx_layer *layer) JX_MUST_USE;

/**
 * GeoJSON (RFC 7946) into a buffer (io/geojson_write.c): positions with 7 decimals, exactly as in memory; outer rings
 * counter-clockwise. Failed appends stick in the buffer; jx_geojson_end tells. Not cut at the 180th meridian.
 */
typedef struct jx_geojson {
    jx_buf *b;
    size_t n_features;
} jx_geojson;
typedef struct jx_geojson_prop {
    const char *key;
    const char *text; /* NULL: a number */
    double number;    /* NaN writes null */
    int decimals;     /* < 0: as many as it takes */
} jx_geojson_prop;
void jx_geojson_begin(jx_geojson *g, jx_buf *b);
/** One Point. */
void jx_geojson_point(jx_geojson *g, jx_pt pt, const jx_geojson_prop *props, size_t n_props);
/** One LineString; a single position is written twice, for a line has two at least. */
void jx_geojson_line(jx_geojson *g, const jx_pt *pts, uint32_t n, const jx_geojson_prop *props, size_t n_props);
/** One MultiPolygon; an empty one has no coordinates. */
void jx_geojson_area(jx_geojson *g, const jx_mpoly *m, const jx_geojson_prop *props, size_t n_props);
jx_status jx_geojson_end(jx_geojson *g) JX_MUST_USE;
/** The bands as a FeatureCollection, the largest first, so that it lies at the bottom of a map. Properties: minutes, mode,
 *  direction ("from" or "to" the origins), tolerance_m. */
jx_status jx_geojson_isochrone(jx_buf *b, const jx_isochrone *iso) JX_MUST_USE;

/* ---- METIS ------------------------------------------------------------------------------------------------------- */

/** A jx_dissect_fn by METIS_NodeND; the network's own where this build has no METIS. Same graph, same order. */
jx_status jx_metis_dissect(jx_ctx *ctx, void *user, uint32_t n, const uint32_t *off, const uint32_t *head, const jx_pt *pos, uint32_t *order) JX_MUST_USE;

/* ---- OR-Library ------------------------------------------------------------------------------------------------------------ */

/** A p-median problem of the OR-Library (J. E. Beasley): an undirected graph; every node is a client and a candidate site. */
typedef struct jx_orlib {
    uint32_t n, p;
    uint64_t edges;  /* lines of edges in the file */
    uint32_t *dist;  /* n x n shortest ways, JX_UNREACHABLE where there is none */
} jx_orlib;
/**
 * From the bytes of a file: nodes, edges and p, then one edge a line as two nodes (from 1) and a whole cost; of two lines for the same pair
 * of nodes the later one holds. At most 5,000 nodes and 20 million edges; `name` is for messages. O(n m log n).
 */
jx_status jx_orlib_parse(jx_ctx *ctx, const char *name, const void *bytes, size_t n, jx_orlib *out) JX_MUST_USE;
jx_status jx_orlib_read(jx_ctx *ctx, const char *path, jx_orlib *out) JX_MUST_USE;
void jx_orlib_release(jx_ctx *ctx, jx_orlib *o);

#endif
