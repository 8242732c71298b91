/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The frame of a map and what maps and charts share. */
#ifndef JX_SVG_INTERNAL_H
#define JX_SVG_INTERNAL_H

#include "report/svg_map.h"

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
/** The same as classes, rules and limits of a map. */
void jx__map_minutes(jx__map_spec *s, const jx__classes *c);

/** Path of each theme's mark, about 10 pixels wide around 0, 0. */
extern const char *const jx__theme_shape[JX_N_THEMES];

/* Text at a place: open, then write, then "</text>"; or in both languages. */
void jx__text_at(jx_buf *b, double x, double y, const char *attrs);
void jx__text_both(const jx__page *p, double x, double y, const char *attrs, const char *msgid);
void jx__text_both_args(const jx__page *p, double x, double y, const char *attrs, const char *msgid, uint32_t n,
                        const jx_arg *args);
void jx__text_words(const jx__page *p, double x, double y, const char *attrs, jx__words w);

/* svg_chart.c: what other charts use too */
void jx__line(jx_buf *b, double x0, double y0, double x1, double y1, const char *style);
/** A township's name, as far as it fits, left of the chart's rows. */
void jx__row_name(const jx__page *p, const jx_area *a);

/** People by class: the classes, then the unreachable and those without data. */
enum { JX__ROW_UNREACHABLE = JX__MAP_CLASSES, JX__ROW_NO_DATA, JX__MAP_ROWS };
/* svg_legend.c: everything right of the map */
double jx__legend_height(const jx__map_spec *s, bool shared);
void jx__legend(const jx__page *p, const jx__frame *f, double height, const jx__map_spec *s,
                const double people[JX__MAP_ROWS]);
/** For two maps: two columns of people, no scale bar; its corner is at 0, 0. */
void jx__legend_shared(const jx__page *p, const jx__map_spec *s, const double before[JX__MAP_ROWS],
                       const double after[JX__MAP_ROWS]);
/** A scale bar within the map, on a plate. */
void jx__scale_within(const jx__page *p, const jx__frame *f);
/* svg_labels.c: names that do not cover one another, nor the marks */
jx_status jx__labels(const jx__page *p, const jx__frame *f, const jx__map_spec *s);

#endif
