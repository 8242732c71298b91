/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The frame of a map and what maps and charts share. */
#ifndef JX_SVG_INTERNAL_H
#define JX_SVG_INTERNAL_H

#include "report/report_internal.h"

enum { JX__LEGEND_W = 216, JX__MANY_MARKS = 80 };

/** Plane metres -> pixels of a map: x right, y down. */
typedef struct jx__frame {
    const jx_plane *plane;
    double x0, y1, scale, width, height;
} jx__frame;
jx__frame jx__frame_of(const jx_county *c);
void jx__px(const jx__frame *f, jx_pt p, double *x, double *y);
/** A number to a tenth, without a needless ".0". */
void jx__num(jx_buf *b, double v);
/** A path thinned to a pixel; nothing when it shrinks to a dot. */
jx_status jx__path(jx_ctx *ctx, jx_buf *b, const jx__frame *f, const jx_pt *pts, uint32_t n, bool closed);
jx_status jx__mpoly_path(jx_ctx *ctx, jx_buf *b, const jx__frame *f, const jx_mpoly *m);

/** Five classes of minutes: four breaks, among them the standard's limits. */
typedef struct jx__classes {
    double brk[4];
    double town, country; /* minutes; NaN where the standard says nothing; equal where both are one */
    uint8_t heavy[4];     /* the break is a limit */
} jx__classes;
jx__classes jx__classes_of(const jx_criterion *k);

enum { JX__UNREACHABLE_CLASS = 5, JX__NO_DATA_CLASS = 6, JX__N_CLASSES = 7 };
/** Fill of a class: a colour of the ramp or a pattern. */
const char *jx__class_fill(int k);

/* Text at a place: open, then write, then "</text>"; or in both languages. */
void jx__text_at(jx_buf *b, double x, double y, const char *attrs);
void jx__text_both(const jx__page *p, double x, double y, const char *attrs, const char *msgid);
void jx__text_both_args(const jx__page *p, double x, double y, const char *attrs, const char *msgid, uint32_t n,
                        const jx_arg *args);

/* svg_legend.c: everything right of the map */
void jx__legend(const jx__page *p, const jx__frame *f, const jx_service_result *r, const double people[JX__N_CLASSES]);
/* svg_labels.c: names that do not cover one another, nor the facilities where there are few */
jx_status jx__labels(const jx__page *p, const jx__frame *f, const jx_service_result *r);

#endif
