/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Making columns; layers.c makes the map layers, layers_tables.c the tables without geometry. */
#ifndef JX_COUNTY_LAYERS_INTERNAL_H
#define JX_COUNTY_LAYERS_INTERNAL_H

#include "county/diagnose_internal.h"
#include "junxian/layer.h"

typedef struct jx__layering {
    jx_ctx *ctx;
    const jx_county *c;
    const jx_diagnosis *d;
    jx_layers *l;
    jx_layer *at; /* the layer under way */
    uint32_t cap_cols;
    bool failed;  /* out of memory, checked once per layer */
} jx__layering;

/** Begin a layer of n rows with room for `cols` columns. */
void jx__layer_begin(jx__layering *w, const char *name, const char *title, jx_geom_kind geom, uint32_t n, uint32_t cols);
/** New columns; NULL when out of memory (w->failed). Validity arrays are made on demand with jx__validity. */
jx_column *jx__col_real(jx__layering *w, const char *name, const char *title, const char *unit, int decimals);
jx_column *jx__col_int(jx__layering *w, const char *name, const char *title, const char *unit);
jx_column *jx__col_text(jx__layering *w, const char *name, const char *title);
/** Mark a value as not there. */
void jx__invalid(jx__layering *w, jx_column *col, uint32_t row, jx_validity why);
/** "a_b_c" in the arena, for names of columns. */
const char *jx__name3(jx__layering *w, const char *a, const char *b, const char *c);
/** A real that may be NaN (no data). */
void jx__put_real(jx__layering *w, jx_column *col, uint32_t row, double v);
/** Milliseconds as minutes; JX_UNREACHABLE is "not reachable". */
void jx__put_minutes(jx__layering *w, jx_column *col, uint32_t row, uint32_t ms);

/** The layer of cells with its geometry and the columns about the cells; room for more columns. */
void jx__cells_begin(jx__layering *w, const char *title, uint32_t more_cols);

void jx__layer_townships(jx__layering *w);
void jx__layer_services(jx__layering *w);
void jx__layer_sources(jx__layering *w);
void jx__layer_shortfalls(jx__layering *w);
void jx__layer_findings(jx__layering *w);

#endif
