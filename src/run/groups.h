/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Groups of people of a county: those its people table counts cell by cell, and those of a table by township (--groups), spread. */
#ifndef JX_RUN_GROUPS_H
#define JX_RUN_GROUPS_H

#include "run/study.h"

/** A column of a table by township: one value each (NaN: the table does not say). Released with the context by jx__columns_release. */
typedef struct jx__town_column {
    char *name;     /* as the header has it */
    double *v;      /* n_townships */
} jx__town_column;
typedef struct jx__town_columns {
    uint32_t n;
    jx__town_column *col;
} jx__town_columns;
/** Every column of numbers of a table whose first known column names townships (name or official code). Strict: unknown townships stop. */
jx_status jx__town_columns_read(jx_ctx *ctx, const jx_county *c, const char *path, jx_encoding enc, jx__town_columns *out) JX_MUST_USE;
void jx__town_columns_release(jx_ctx *ctx, jx__town_columns *t);

typedef struct jx__group {
    const char *name;       /* as standards know it, else as the source has it */
    const double *cells;    /* persons; NaN: not known */
    const double *township; /* persons; NaN: not known */
    jx_trust trust;         /* as its people; spread from townships: derived at best */
    double *own;            /* cells, where they are not the county's */
} jx__group;
typedef struct jx__groups {
    uint32_t n;
    jx__group *g;
    jx__town_columns table;
} jx__groups;
/** The county's, then those of the table (path NULL: none) whose name the county does not have: what is counted is not replaced by what is spread. */
jx_status jx__groups_open(jx_ctx *ctx, const jx_county *c, const char *path, jx_encoding enc, jx__groups *out) JX_MUST_USE;
void jx__groups_release(jx_ctx *ctx, jx__groups *g);
/** By name, or by any other word for it; NULL. */
const jx__group *jx__groups_find(const jx__groups *g, const char *name);

#endif
