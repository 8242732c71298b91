/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The plugin's own files to each other. */
#ifndef JUNXIAN_PLUGIN_GDAL_INTERNAL_H
#define JUNXIAN_PLUGIN_GDAL_INTERNAL_H

#include "plugin.h"

/** GDAL's drivers, once; its messages go to nobody but us. */
void jx__gdal_begin(void);
/** GDAL's last message, or the fallback. */
void jx__gdal_reason(char error[256], const char *fallback);

int jx__gdal_raster_read(const char *path, const double window[4], int how, jx_gdal_raster *out);
void jx__gdal_raster_release(jx_gdal_raster *r);
int jx__gdal_table_read(const char *path, const char *sheet, const char *encoding, jx_gdal_table *out);
void jx__gdal_table_release(jx_gdal_table *t);

#endif
