/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** What the files of raster share. */
#ifndef JX_RASTER_INTERNAL_H
#define JX_RASTER_INTERNAL_H

#include "junxian/num.h"
#include "junxian/raster.h"

/** Tobler's speed on slope s as a multiple of that on the flat. */
double jx__tobler(double s);

#endif
