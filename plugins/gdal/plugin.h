/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * What the GDAL plugin offers: plain C structs and functions, no types of the engine, one versioned table. The plugin owns what it
 * hands out until `release` is called; texts are UTF-8. Functions return 0, or non-zero with a reason in `error`.
 */
#ifndef JUNXIAN_PLUGIN_GDAL_H
#define JUNXIAN_PLUGIN_GDAL_H

#include <stddef.h>
#include <stdint.h>

#define JX_GDAL_ABI 1
enum { JX_GDAL_OK = 0, JX_GDAL_CANNOT_OPEN, JX_GDAL_NOT_GEOGRAPHIC, JX_GDAL_NOT_NORTH_UP, JX_GDAL_MEMORY, JX_GDAL_NO_LAYER, JX_GDAL_FAILED };

typedef struct jx_gdal_raster {
    uint32_t width, height;
    double west, north, dx, dy; /* degrees; dy > 0 downwards */
    double *value;              /* NaN no data */
    char crs[64];
    char error[256];
} jx_gdal_raster;

typedef struct jx_gdal_table {
    uint32_t n_cols, n_rows;
    uint32_t first_row;   /* number of the first data row in the sheet */
    char **header;        /* n_cols */
    char **cell;          /* n_rows * n_cols */
    char **wkt;           /* n_rows, NULL where the layer has no polygons */
    int header_suspicious;/* empty header cells: merged or multi-row header */
    char sheet[128];
    char error[256];
} jx_gdal_table;

typedef struct jx_gdal_api {
    int abi;
    /* window: west, south, east, north in degrees */
    int (*raster_read)(const char *path, const double window[4], jx_gdal_raster *out);
    void (*raster_release)(jx_gdal_raster *r);
    int (*table_read)(const char *path, const char *sheet, jx_gdal_table *out);
    void (*table_release)(jx_gdal_table *t);
} jx_gdal_api;

/** The one symbol that is looked up. */
const jx_gdal_api *jx_gdal_plugin(void);

#endif
