/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Layers: results as named columns with unit and validity, with or without geometry. What GeoPackage, CSV, XLSX and the
 * report's tables are written from; the writers know nothing of counties.
 */
#ifndef JUNXIAN_LAYER_H
#define JUNXIAN_LAYER_H

#include "junxian/county.h"

typedef enum jx_col_type { JX_COL_REAL, JX_COL_INT, JX_COL_TEXT } jx_col_type;
/** Why a value is not there. Written as NULL plus words in tables, never as 0. */
typedef enum jx_validity { JX_VALID, JX_NO_DATA, JX_NOT_REACHABLE, JX_NOT_APPLICABLE } jx_validity;

typedef struct jx_column {
    const char *name;     /* field name, ASCII, never translated: "walk_primary_school_s" */
    const char *title;    /* msgid for people */
    const char *unit;     /* "s", "persons", "m", "" */
    jx_col_type type;
    int decimals;         /* of a real in text outputs; -1 shortest */
    double *real;
    int64_t *integer;
    const char **text;    /* NULL entry: no data */
    uint8_t *validity;    /* jx_validity per row; NULL: all valid */
} jx_column;

typedef enum jx_geom_kind { JX_GEOM_NONE, JX_GEOM_POINT, JX_GEOM_LINE, JX_GEOM_POLYGON } jx_geom_kind;

typedef struct jx_layer {
    const char *name;     /* table name: "cells" */
    const char *title;    /* msgid */
    jx_geom_kind geom;
    uint32_t n;
    jx_pt *pt;            /* POINT: n */
    uint64_t *line_off;   /* LINE: n + 1 into line_pts */
    const jx_pt *line_pts;/* borrowed */
    jx_mpoly *poly;       /* POLYGON: n; written as MULTIPOLYGON */
    bool owns_poly;
    jx_column *col;
    uint32_t n_cols;
    /* how QGIS opens it coloured; NULL: plain */
    const char *style_column;
    const double *style_breaks;  /* n_breaks ascending, in the column's unit */
    const char *const *style_colors; /* n_breaks + 1, "#rrggbb" */
    const char *const *style_labels; /* n_breaks + 1 msgids, or NULL */
    uint32_t n_breaks;
    const char *const *style_values; /* not NULL: classes of a column of text instead; n_breaks of them, and colours */
    bool for_tables;      /* goes into tables.xlsx and CSV */
    bool for_gpkg;        /* goes into county.gpkg */
} jx_layer;

typedef struct jx_layers {
    jx_arena *arena;
    jx_layer *layer;
    uint32_t n;
} jx_layers;

/**
 * All result layers: areas, townships (table), cells, facilities, shortfalls, edges, services (table), sources (table),
 * findings (table). Borrows county and diagnosis.
 */
jx_status jx_layers_build(jx_ctx *ctx, const jx_county *c, const jx_diagnosis *d, jx_layers **out) JX_MUST_USE;
/** A value of each row, for jx_layers_values. NaN: no data; INFINITY: cannot be reached. Borrowed until the layers are made. */
typedef struct jx_values {
    const char *name, *title, *unit;
    int decimals;
    const double *v;
} jx_values;
typedef struct jx_values_input {
    const jx_values *cell, *area, *facility;
    uint32_t n_cell, n_area, n_facility;
    const uint32_t *facilities;   /* rows of the facility layer: indices into county.facilities; area values: [0] the whole, then the townships */
    uint32_t n_facilities;
    double breaks[4];             /* of the first cell value, rising; all 0: no style */
    bool far_is_dark;             /* travel times; else amounts: more is darker */
} jx_values_input;
/** Layers of anything that has a value per cell, township and facility: "cells" (styled by its first value), "areas", "facilities". */
jx_status jx_layers_values(jx_ctx *ctx, const jx_county *c, const jx_values_input *in, jx_layers **out) JX_MUST_USE;
void jx_layers_free(jx_ctx *ctx, jx_layers *l);
const jx_layer *jx_layers_find(const jx_layers *l, const char *name);

#endif
