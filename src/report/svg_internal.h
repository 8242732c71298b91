/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The frame of a map and what maps and charts share. */
#ifndef JX_SVG_INTERNAL_H
#define JX_SVG_INTERNAL_H

#include "report/report_internal.h"

enum { JX__MAP_W = 520, JX__FRAME_W = 720, JX__MAP_MAX_H = 820 };

/** Plane metres -> pixels of a map: x right, y down. */
typedef struct jx__frame {
    const jx_plane *plane;
    double x0, y1, scale, height;
} jx__frame;
jx__frame jx__frame_of(const jx_county *c);
/** Four breaks in minutes; the second is the threshold. */
void jx__breaks(double threshold_min, double out[4]);
/** The threshold most people live under. */
uint32_t jx__main_threshold(const jx_county *c, const jx_service_result *r);
void jx__mark(jx_buf *b, jx_theme t, double x, double y);

#endif
