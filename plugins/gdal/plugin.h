/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * What the GDAL plugin offers: plain C structs and functions, no types of the engine, one versioned table. The plugin
 * owns what it hands out until `release` is called; texts are UTF-8. Functions return 0, or non-zero with a reason in
 * `error`.
 */
#ifndef JUNXIAN_PLUGIN_GDAL_H
#define JUNXIAN_PLUGIN_GDAL_H

#include <stddef.h>
#include <stdint.h>

#define JX_GDAL_ABI 3
enum {
    JX_GDAL_OK = 0,
    JX_GDAL_CANNOT_OPEN,
    JX_GDAL_NOT_GEOGRAPHIC, /* `crs` says what it is instead */
    JX_GDAL_NOT_NORTH_UP,
    JX_GDAL_MEMORY,
    JX_GDAL_NO_LAYER,
    JX_GDAL_FAILED,
    JX_GDAL_BIG, /* width and height say how big */
    JX_GDAL_NO_CRS
};
/** What to do with a raster in another coordinate system. Counts per pixel cannot be resampled, so they are refused. */
enum { JX_GDAL_AS_IS, JX_GDAL_BILINEAR, JX_GDAL_NEAREST };
enum { JX_GDAL_MAX_PIXELS = 1 << 27 };

typedef struct jx_gdal_raster {
    uint32_t width, height;
    double west, north, dx, dy; /* degrees; dy > 0 downwards */
    double *value;              /* NaN no data; scale and offset of the band applied */
    char crs[64];
    char unit[16]; /* of the values, "" not stated */
    char error[256];
} jx_gdal_raster;

/** A workbook's sheet comes as it is, header among the rows; a GIS layer has its field names in `header`. */
typedef struct jx_gdal_table {
    uint32_t n_cols, n_rows;
    char **header;    /* n_cols; NULL for a workbook */
    char **cell;      /* n_rows * n_cols; "" empty */
    uint32_t *row_no; /* n_rows: as in the sheet; 1, 2, 3.. in a layer */
    char **wkt;       /* n_rows, NULL where the layer has no polygons */
    char sheet[128];
    char encoding[32]; /* of texts in the file, where the format leaves it open: "UTF-8" or "GB18030"; else "" */
    char error[256];
} jx_gdal_table;

typedef struct jx_gdal_api {
    int abi;
    /* window: west, south, east, north in degrees */
    int (*raster_read)(const char *path, const double window[4], int how, jx_gdal_raster *out);
    void (*raster_release)(jx_gdal_raster *r);
    /* sheet NULL: the first. encoding NULL: told by the file, else by its bytes */
    int (*table_read)(const char *path, const char *sheet, const char *encoding, jx_gdal_table *out);
    void (*table_release)(jx_gdal_table *t);
} jx_gdal_api;

/** The one symbol that is looked up. */
const jx_gdal_api *jx_gdal_plugin(void);

#endif
