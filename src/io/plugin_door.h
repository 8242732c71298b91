/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The plugin door, for the rest of this room. */
#ifndef JX_IO_PLUGIN_DOOR_H
#define JX_IO_PLUGIN_DOOR_H

#include "junxian/io.h"

/** A workbook's sheet or a GIS layer as a table of texts, through the GDAL plugin. */
jx_status jx__plugin_table(jx_ctx *ctx, const char *path, const char *sheet, jx_text_table *out);

#endif
