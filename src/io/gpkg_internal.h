/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The GeoPackage door's own: one open database and what its errors mean. */
#ifndef JX_IO_GPKG_INTERNAL_H
#define JX_IO_GPKG_INTERNAL_H

#include <sqlite3.h>

#include "io/io_internal.h"

typedef struct jx__gpkg {
    jx_ctx *ctx;
    sqlite3 *db;
    const char *path;
    char stamp[32];
} jx__gpkg;

/** The database's last error as a message. */
jx_status jx__gpkg_failed(const jx__gpkg *g) JX_MUST_USE;

#endif
