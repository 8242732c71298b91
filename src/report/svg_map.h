/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * A map of cells by class, as data: what to paint, what to mark, what the legend says. Any chapter fills a jx__map_spec and calls
 * jx__map_draw (one map with its legend inside the frame) or jx__map_pair (two of one scale with one legend).
 *
 *     jx__map_spec s = {.heading = "h3", .title = {{N_("Places within reach")}}, .unit = {N_("per 1,000")}, .of_cell = cls};
 *     jx__map_ramp(&s, jx__amount_ramp, breaks, 5);        five classes with their ranges
 *     s.cls[1].rule = JX__RULE_SOLID;                      the threshold lies above the second class
 *     JX_TRY(jx__map_draw(p, &s));
 *
 * The classes of a cell are the caller's business; the map sums the people in each itself. Everything borrowed for the call.
 */
#ifndef JX_SVG_MAP_H
#define JX_SVG_MAP_H

#include "report/report_internal.h"

/** Words in both languages. zh NULL: en is a msgid; en NULL: nothing. */
typedef struct jx__words {
    const char *en, *zh;
} jx__words;

/** Of a cell that has no class. Three things that look different on the map; cells without people are never painted. */
enum { JX__CELL_UNREACHABLE = 253, JX__CELL_NO_DATA = 254, JX__CELL_BLANK = 255 };
enum { JX__MAP_CLASSES = 7 };
enum jx__rule { JX__RULE_NONE, JX__RULE_SOLID, JX__RULE_DASHED };

typedef struct jx__map_class {
    const char *fill; /* "#rrggbb" */
    double lo, hi;    /* the legend says "5–10"; hi INFINITY: "> 5" */
    jx__words words;  /* in place of the range */
    uint8_t rule;     /* jx__rule: a heavy line under it in the legend; the threshold */
} jx__map_class;

typedef struct jx__map_mark {
    jx_pt pt;
    const char *symbol; /* id of a definition: "mk0" (theme of jx_theme), "mk0s" (small), "closed0", "new", "site" */
    uint32_t number;    /* written on it; 0: none */
    double radius;      /* names keep off; 0: they need not */
    bool fixed;         /* no name over it even where there is no other room; drawn above the names */
} jx__map_mark;

/** A line of the legend: a symbol and what it stands for. */
typedef struct jx__map_key {
    const char *symbol, *msgid;
    uint32_t n_args;
    jx_arg args[2];
} jx__map_key;

/** A threshold in the legend: msgid with {0}. */
typedef struct jx__map_limit {
    const char *msgid;
    double v;
    bool dashed;
} jx__map_limit;

typedef struct jx__map_spec {
    const char *heading;    /* id of the element whose text names the map to a screen reader */
    jx__words title[2];     /* of the legend, in bold */
    jx__words under;        /* quiet */
    jx__words unit;         /* above the classes */
    uint32_t n_classes;
    jx__map_class cls[JX__MAP_CLASSES];
    bool told_apart;        /* classes only tell neighbours apart: the legend has no rows of them */
    const char *first, *last; /* msgids: words above the first and below the last class; NULL: none */
    const char *unreachable, *no_data; /* msgids of these rows of the legend; NULL: no such row */
    const uint8_t *of_cell; /* per cell: a class, or JX__CELL_... */
    uint32_t n_limits;
    jx__map_limit limit[2];
    uint32_t n_marks;
    const jx__map_mark *mark; /* drawn in this order */
    uint32_t n_keys;
    jx__map_key key[5];
} jx__map_spec;

/** Near to far, little to much, worse to better (locked to zero: the fourth is "as before"). */
extern const char *const jx__time_ramp[5], *const jx__amount_ramp[5], *const jx__change_ramp[7];
/** `n` classes of a ramp by n - 1 rising breaks, with their ranges: "0–5", "5–10", "> 30". */
void jx__map_ramp(jx__map_spec *s, const char *const *ramp, const double *brk, uint32_t n);
/** Class of a value by rising breaks; a value on a break belongs below it. NaN: no data; INFINITY: unreachable. */
uint8_t jx__map_class_of(double v, const double *brk, uint32_t n);

jx_status jx__map_draw(const jx__page *p, const jx__map_spec *s);
/** Two maps of the same classes side by side, a caption (msgid) over each, and one legend with the people of both. */
jx_status jx__map_pair(const jx__page *p, const jx__map_spec *a, const jx__map_spec *b, const char *caption_a, const char *caption_b);
/** Definitions of the marks beyond those of themes. Once a page, after jx__map_defs. */
void jx__site_marks(const jx__page *p);

/** Words by language, untranslated where they are a msgid. */
const char *jx__words_in(const jx__page *p, jx__words w, bool zh);

#endif
