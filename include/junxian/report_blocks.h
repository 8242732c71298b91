/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * A chapter told as a row of blocks: headings, sentences, maps of classes, tables of numbers. Who computed something fills them (run/);
 * the report only sets them. All borrowed for the call.
 */
#ifndef JUNXIAN_REPORT_BLOCKS_H
#define JUNXIAN_REPORT_BLOCKS_H

#include "junxian/county.h"

/** A cell without a class: it cannot reach; nothing is known; not painted. */
enum { JX_BLOCK_UNREACHABLE = 253, JX_BLOCK_NO_DATA = 254, JX_BLOCK_BLANK = 255, JX_BLOCK_CLASSES = 7 };

typedef struct jx_report_class {
    const char *fill;  /* "#rrggbb" */
    const char *words; /* msgid; NULL: the range lo - hi, hi INFINITY: above lo */
    double lo, hi;
    bool heavy;        /* the line under it is what the map is about */
} jx_report_class;

typedef struct jx_report_map {
    const char *title, *unit;   /* msgids; unit NULL */
    uint32_t n_classes;
    jx_report_class cls[JX_BLOCK_CLASSES];
    bool told_apart;            /* classes only tell neighbours apart: no rows in the legend */
    const uint8_t *of_cell;     /* class of each cell, or JX_BLOCK_... */
    const char *unreachable, *no_data; /* msgids; NULL: no row in the legend */
    uint32_t n_sites, n_others; /* numbered from 1; small marks of the theme */
    const jx_pt *site, *other;
    const char *site_words, *other_words; /* msgids of the legend */
    jx_theme theme;
} jx_report_map;

typedef struct jx_report_table {
    uint32_t n_cols, n_rows;    /* columns of numbers; beside them a column of names */
    uint32_t shown;             /* of the columns, the first so many are printed */
    const char *const *head;    /* 1 + n_cols msgids */
    const int8_t *decimals;     /* n_cols; -1: grouped whole number; -2: a share, as percent */
    const char *const *name, *const *name_zh; /* n_rows; name_zh NULL: the same in both languages */
    const double *v;            /* n_rows x n_cols; NaN: not known or not asked */
    bool numbered;              /* rows have their number, as sites on the map */
    bool sum;                   /* the last row is of all */
} jx_report_table;

typedef struct jx_report_block {
    const char *heading;        /* msgid of a heading, alone */
    const char *msgid;          /* a sentence: msgid and arguments */
    uint32_t n_args;
    jx_arg args[4];
    bool lead;                  /* set large */
    const jx_report_map *map;
    const jx_report_table *table;
} jx_report_block;

typedef struct jx_report_chapter {
    const char *title;          /* msgid */
    jx_theme theme;
    const jx_report_block *block;
    uint32_t n;
} jx_report_chapter;

#endif
