/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The GDAL plugin: population rasters, workbooks and GIS layers. Loaded only when a file needs it. */
#include <cpl_error.h>
#include <gdal.h>
#include <stdio.h>

#include "internal.h"

void jx__gdal_begin(void) {
    static int done;
    if (!done) {
        GDALAllRegister();
        CPLSetErrorHandler(CPLQuietErrorHandler);
        done = 1;
    }
    CPLErrorReset();
}

void jx__gdal_reason(char error[256], const char *fallback) {
    const char *s = CPLGetLastErrorMsg();
    snprintf(error, 256, "%s", s && *s ? s : fallback);
}

__attribute__((visibility("default"))) const jx_gdal_api *jx_gdal_plugin(void) {
    static const jx_gdal_api api = {JX_GDAL_ABI, jx__gdal_raster_read, jx__gdal_raster_release, jx__gdal_table_read,
                                    jx__gdal_table_release};
    return &api;
}
