/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Tables: a workbook's sheet row by row as it is (which row is the header is the engine's to judge), or the features of
 * a GIS layer with their polygons as WKT. Shapefiles without a code page are read as UTF-8 where their bytes are, else
 * as GB18030.
 */
#include <cpl_conv.h>
#include <cpl_string.h>
#include <gdal.h>
#include <math.h>
#include <ogr_api.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

enum { MAX_CELLS = 1 << 28 };

void jx__gdal_table_release(jx_gdal_table *t) {
    for (uint32_t i = 0; t->header && i < t->n_cols; i++) {
        free(t->header[i]);
    }
    for (size_t i = 0; t->cell && i < (size_t)t->n_cols * t->n_rows; i++) {
        free(t->cell[i]);
    }
    for (uint32_t i = 0; t->wkt && i < t->n_rows; i++) {
        CPLFree(t->wkt[i]);
    }
    free(t->header);
    free(t->cell);
    free(t->row_no);
    free(t->wkt);
    memset(t, 0, sizeof *t);
}

static int is_driver(GDALDatasetH ds, const char *const *names) {
    const char *name = GDALGetDriverShortName(GDALGetDatasetDriver(ds));
    while (*names && strcmp(name, *names) != 0) {
        names++;
    }
    return *names != NULL;
}

static int is_workbook(GDALDatasetH ds) {
    static const char *const names[] = {"XLSX", "XLS", "ODS", NULL};
    return is_driver(ds, names);
}

/* A real must read 12, not 12.0000000, and with a point in any locale. */
static char *field_text(OGRFeatureH f, int i) {
    char buf[64];
    if (!OGR_F_IsFieldSetAndNotNull(f, i)) {
        return strdup("");
    }
    if (OGR_Fld_GetType(OGR_F_GetFieldDefnRef(f, i)) == OFTReal) {
        double v = OGR_F_GetFieldAsDouble(f, i);
        CPLsnprintf(buf, sizeof buf, v == floor(v) && fabs(v) < 1e15 ? "%.0f" : "%.15g", v);
        return strdup(buf);
    }
    return strdup(OGR_F_GetFieldAsString(f, i));
}

static int copy_rows(OGRLayerH layer, int workbook, int with_shapes, jx_gdal_table *t) {
    OGRFeatureH f;
    uint32_t row = 0;
    OGR_L_ResetReading(layer);
    while (row < t->n_rows && (f = OGR_L_GetNextFeature(layer)) != NULL) {
        int failed = 0;
        for (uint32_t c = 0; c < t->n_cols; c++) {
            char *s = t->cell[(size_t)row * t->n_cols + c] = field_text(f, (int)c);
            failed |= !s;
        }
        OGRGeometryH g = with_shapes ? OGR_F_GetGeometryRef(f) : NULL;
        if (g) {
            OGR_G_ExportToWkt(g, &t->wkt[row]);
        }
        t->row_no[row] = workbook ? (uint32_t)OGR_F_GetFID(f) : row + 1;
        OGR_F_Destroy(f);
        row++;
        if (failed) {
            return JX_GDAL_MEMORY;
        }
    }
    t->n_rows = row;
    return JX_GDAL_OK;
}

static int copy_layer(OGRLayerH layer, int workbook, jx_gdal_table *t) {
    OGRFeatureDefnH d = OGR_L_GetLayerDefn(layer);
    OGRwkbGeometryType kind = wkbFlatten(OGR_FD_GetGeomType(d));
    /* formats without a geometry type of the layer say "unknown": the features decide */
    int with_shapes = !workbook && (kind == wkbPoint || kind == wkbPolygon || kind == wkbMultiPolygon || kind == wkbUnknown ||
                                    kind == wkbGeometryCollection);
    GIntBig rows = OGR_L_GetFeatureCount(layer, 1);
    snprintf(t->sheet, sizeof t->sheet, "%s", OGR_L_GetName(layer));
    t->n_cols = (uint32_t)OGR_FD_GetFieldCount(d);
    if (rows < 0 || rows >= MAX_CELLS || (GIntBig)t->n_cols * rows >= MAX_CELLS) {
        t->n_cols = 0;
        return JX_GDAL_MEMORY;
    }
    t->n_rows = (uint32_t)rows;
    t->cell = calloc((size_t)t->n_cols * t->n_rows + 1, sizeof *t->cell);
    t->row_no = calloc((size_t)t->n_rows + 1, sizeof *t->row_no);
    t->header = workbook ? NULL : calloc((size_t)t->n_cols + 1, sizeof *t->header);
    t->wkt = with_shapes ? calloc((size_t)t->n_rows + 1, sizeof *t->wkt) : NULL;
    if (!t->cell || !t->row_no || (!workbook && !t->header) || (with_shapes && !t->wkt)) {
        return JX_GDAL_MEMORY;
    }
    for (uint32_t c = 0; t->header && c < t->n_cols; c++) {
        t->header[c] = strdup(OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(d, (int)c)));
        if (!t->header[c]) {
            return JX_GDAL_MEMORY;
        }
    }
    return copy_rows(layer, workbook, with_shapes, t);
}

static int all_utf8(const jx_gdal_table *t) {
    for (uint32_t c = 0; t->header && c < t->n_cols; c++) {
        if (!CPLIsUTF8(t->header[c], -1)) {
            return 0;
        }
    }
    for (size_t i = 0; i < (size_t)t->n_cols * t->n_rows; i++) {
        if (!CPLIsUTF8(t->cell[i], -1)) {
            return 0;
        }
    }
    return 1;
}

static int read_once(const char *path, const char *sheet, const char *encoding, jx_gdal_table *out,
                     int *bytes_undeclared) {
    static const char *const with_encoding[] = {"ESRI Shapefile", "MapInfo File", NULL};
    char **options = encoding ? CSLSetNameValue(NULL, "ENCODING", encoding) : NULL;
    GDALDatasetH ds = GDALOpenEx(path, GDAL_OF_VECTOR | GDAL_OF_READONLY, NULL, (const char *const *)options, NULL);
    int st = ds ? JX_GDAL_OK : JX_GDAL_CANNOT_OPEN;
    *bytes_undeclared = 0;
    if (!st) {
        OGRLayerH layer = sheet ? GDALDatasetGetLayerByName(ds, sheet) : GDALDatasetGetLayer(ds, 0);
        st = layer ? copy_layer(layer, is_workbook(ds), out) : JX_GDAL_NO_LAYER;
        if (!st && is_driver(ds, with_encoding)) {
            const char *source = GDALGetMetadataItem(layer, "SOURCE_ENCODING", "SHAPEFILE");
            *bytes_undeclared = !encoding && !(source && *source);
            snprintf(out->encoding, sizeof out->encoding, "%s",
                     encoding            ? encoding
                     : source && *source ? source
                                         : "UTF-8");
        }
    }
    if (st) {
        char error[256];
        jx__gdal_reason(error, "cannot be read");
        jx__gdal_table_release(out);
        memcpy(out->error, error, sizeof error);
    }
    if (ds) {
        GDALClose(ds);
    }
    CSLDestroy(options);
    return st;
}

int jx__gdal_table_read(const char *path, const char *sheet, const char *encoding, jx_gdal_table *out) {
    static const char *const drivers[] = {"XLSX", "XLS", "ODS"};
    int undeclared;
    memset(out, 0, sizeof *out);
    jx__gdal_begin();
    for (size_t i = 0; i < sizeof drivers / sizeof *drivers; i++) { /* every cell as it stands, the header among them */
        char key[32];
        snprintf(key, sizeof key, "OGR_%s_HEADERS", drivers[i]);
        CPLSetThreadLocalConfigOption(key, "DISABLE");
        snprintf(key, sizeof key, "OGR_%s_FIELD_TYPES", drivers[i]);
        CPLSetThreadLocalConfigOption(key, "STRING");
    }
    int st = read_once(path, sheet, encoding, out, &undeclared);
    if (!st && undeclared && !all_utf8(out)) {
        jx__gdal_table_release(out);
        st = read_once(path, sheet, "GB18030", out, &undeclared);
    }
    return st;
}
