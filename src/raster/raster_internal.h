/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** What the files of raster share. */
#ifndef JX_RASTER_INTERNAL_H
#define JX_RASTER_INTERNAL_H

#include "junxian/num.h"
#include "junxian/raster.h"

/** Tobler's walker on the flat: 6 exp(-0.175) km/h. */
#define JX__TOBLER_FLAT_KMH 5.036742124615245

/** Tobler's speed on slope s as a multiple of that on the flat. */
double jx__tobler(double s);

#endif
