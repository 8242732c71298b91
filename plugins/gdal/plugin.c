/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The GDAL plugin: population rasters, workbooks and GIS layers. Loaded only when a file needs it. */
#include "plugin.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <gdal.h>
#include <math.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void open_once(void) {
    static int done;
    if (!done) {
        GDALAllRegister();
        CPLSetErrorHandler(CPLQuietErrorHandler);
        done = 1;
    }
}

static void reason(char error[256], const char *fallback) {
    const char *s = CPLGetLastErrorMsg();
    snprintf(error, 256, "%s", s && *s ? s : fallback);
}

/* ---- rasters ------------------------------------------------------------------------------------------------------- */

/* Columns and rows of the window that meets the asked-for box. */
static int clip(double lo, double hi, double origin, double step, int n, int *first, int *count) {
    double a = floor((lo - origin) / step), b = ceil((hi - origin) / step);
    a = a < 0 ? 0 : a > n ? n : a;
    b = b < 0 ? 0 : b > n ? n : b;
    *first = (int)a;
    *count = (int)(b - a);
    return *count > 0;
}

static int read_band(GDALDatasetH ds, const double gt[6], const double window[4], jx_gdal_raster *out) {
    int x0 = 0, y0 = 0, w = 0, h = 0;
    if (!clip(window[0], window[2], gt[0], gt[1], GDALGetRasterXSize(ds), &x0, &w) ||
        !clip(-window[3], -window[1], -gt[3], -gt[5], GDALGetRasterYSize(ds), &y0, &h)) {
        return JX_GDAL_OK; /* nothing of it lies in the window: width 0 */
    }
    GDALRasterBandH band = GDALGetRasterBand(ds, 1);
    int has_nodata = 0;
    double nodata = GDALGetRasterNoDataValue(band, &has_nodata);
    size_t n = (size_t)w * (size_t)h;
    out->value = malloc(n * sizeof *out->value);
    if (!out->value) {
        return JX_GDAL_MEMORY;
    }
    if (GDALRasterIO(band, GF_Read, x0, y0, w, h, out->value, w, h, GDT_Float64, 0, 0) != CE_None) {
        return JX_GDAL_FAILED;
    }
    for (size_t i = 0; i < n; i++) {
        if (has_nodata && (out->value[i] == nodata || (isnan(nodata) && isnan(out->value[i])))) {
            out->value[i] = NAN;
        }
    }
    out->width = (uint32_t)w;
    out->height = (uint32_t)h;
    out->west = gt[0] + x0 * gt[1];
    out->north = gt[3] + y0 * gt[5];
    out->dx = gt[1];
    out->dy = -gt[5];
    return JX_GDAL_OK;
}

static int raster_read(const char *path, const double window[4], jx_gdal_raster *out) {
    memset(out, 0, sizeof *out);
    open_once();
    GDALDatasetH ds = GDALOpenEx(path, GDAL_OF_RASTER | GDAL_OF_READONLY, NULL, NULL, NULL);
    double gt[6];
    int st = ds ? JX_GDAL_OK : JX_GDAL_CANNOT_OPEN;
    if (!st) {
        OGRSpatialReferenceH srs = GDALGetSpatialRef(ds);
        const char *name = srs ? OSRGetName(srs) : "";
        snprintf(out->crs, sizeof out->crs, "%s", name ? name : "");
        st = srs && OSRIsGeographic(srs) ? JX_GDAL_OK : JX_GDAL_NOT_GEOGRAPHIC;
    }
    if (!st && (GDALGetGeoTransform(ds, gt) != CE_None || gt[2] != 0 || gt[4] != 0 || !(gt[1] > 0) || !(gt[5] < 0))) {
        st = JX_GDAL_NOT_NORTH_UP;
    }
    if (!st) {
        st = read_band(ds, gt, window, out);
    }
    if (st) {
        reason(out->error, "cannot be read");
    }
    if (ds) {
        GDALClose(ds);
    }
    return st;
}

static void raster_release(jx_gdal_raster *r) {
    free(r->value);
    memset(r, 0, sizeof *r);
}

/* ---- tables ---------------------------------------------------------------------------------------------------------- */

static void table_release(jx_gdal_table *t) {
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
    free(t->wkt);
    memset(t, 0, sizeof *t);
}

static int is_workbook(GDALDatasetH ds) {
    const char *name = GDALGetDriverShortName(GDALGetDatasetDriver(ds));
    return strcmp(name, "XLSX") == 0 || strcmp(name, "XLS") == 0 || strcmp(name, "ODS") == 0;
}

/* Numbers come back from a workbook as reals: 12 must not read "12.0000000". */
static char *field_text(OGRFeatureH f, int i) {
    char buf[64];
    if (!OGR_F_IsFieldSetAndNotNull(f, i)) {
        return strdup("");
    }
    if (OGR_Fld_GetType(OGR_F_GetFieldDefnRef(f, i)) == OFTReal) {
        double v = OGR_F_GetFieldAsDouble(f, i);
        snprintf(buf, sizeof buf, v == floor(v) && fabs(v) < 1e15 ? "%.0f" : "%.15g", v);
        return strdup(buf);
    }
    return strdup(OGR_F_GetFieldAsString(f, i));
}

static int copy_rows(OGRLayerH layer, jx_gdal_table *t, int with_shapes) {
    OGRFeatureH f;
    uint32_t row = 0;
    OGR_L_ResetReading(layer);
    while (row < t->n_rows && (f = OGR_L_GetNextFeature(layer)) != NULL) {
        for (uint32_t c = 0; c < t->n_cols; c++) {
            t->cell[(size_t)row * t->n_cols + c] = field_text(f, (int)c);
        }
        OGRGeometryH g = with_shapes ? OGR_F_GetGeometryRef(f) : NULL;
        if (g) {
            OGR_G_ExportToWkt(g, &t->wkt[row]);
        }
        OGR_F_Destroy(f);
        row++;
    }
    t->n_rows = row;
    return JX_GDAL_OK;
}

static int copy_layer(OGRLayerH layer, int workbook, jx_gdal_table *t) {
    OGRFeatureDefnH d = OGR_L_GetLayerDefn(layer);
    int with_shapes = wkbFlatten(OGR_FD_GetGeomType(d)) == wkbPolygon || wkbFlatten(OGR_FD_GetGeomType(d)) == wkbMultiPolygon;
    snprintf(t->sheet, sizeof t->sheet, "%s", OGR_L_GetName(layer));
    t->n_cols = (uint32_t)OGR_FD_GetFieldCount(d);
    t->n_rows = (uint32_t)OGR_L_GetFeatureCount(layer, 1);
    t->first_row = workbook ? 2 : 1;
    t->header = calloc(t->n_cols + 1, sizeof *t->header);
    t->cell = calloc((size_t)t->n_cols * t->n_rows + 1, sizeof *t->cell);
    t->wkt = with_shapes ? calloc(t->n_rows + 1, sizeof *t->wkt) : NULL;
    if (!t->header || !t->cell || (with_shapes && !t->wkt)) {
        return JX_GDAL_MEMORY;
    }
    for (uint32_t c = 0; c < t->n_cols; c++) {
        const char *name = OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(d, (int)c));
        t->header[c] = strdup(name);
        /* GDAL names empty header cells Field1, Field2...: what a merged or two-row header looks like */
        t->header_suspicious |= workbook && (strncmp(name, "Field", 5) == 0 || !*name);
    }
    return copy_rows(layer, t, with_shapes);
}

static int table_read(const char *path, const char *sheet, jx_gdal_table *out) {
    memset(out, 0, sizeof *out);
    open_once();
    const char *const options[] = {"HEADERS=FORCE", "FIELD_TYPES=AUTO", NULL};
    CPLSetConfigOption("OGR_XLSX_HEADERS", "FORCE");
    CPLSetConfigOption("OGR_ODS_HEADERS", "FORCE");
    CPLSetConfigOption("OGR_XLS_HEADERS", "FORCE");
    GDALDatasetH ds = GDALOpenEx(path, GDAL_OF_VECTOR | GDAL_OF_READONLY, NULL, NULL, NULL);
    (void)options;
    int st = ds ? JX_GDAL_OK : JX_GDAL_CANNOT_OPEN;
    if (!st) {
        OGRLayerH layer = sheet ? GDALDatasetGetLayerByName(ds, sheet) : GDALDatasetGetLayer(ds, 0);
        st = layer ? copy_layer(layer, is_workbook(ds), out) : JX_GDAL_NO_LAYER;
    }
    if (st) {
        char error[256];
        reason(error, "cannot be read");
        table_release(out);
        memcpy(out->error, error, sizeof error);
    }
    if (ds) {
        GDALClose(ds);
    }
    return st;
}

__attribute__((visibility("default"))) const jx_gdal_api *jx_gdal_plugin(void) {
    static const jx_gdal_api api = {JX_GDAL_ABI, raster_read, raster_release, table_read, table_release};
    return &api;
}
