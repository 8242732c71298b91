/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** What the verb district works on: the study, sites with capacities, children per cell, and the problem made of them. */
#ifndef JX_RUN_DISTRICT_H
#define JX_RUN_DISTRICT_H

#include "junxian/consortium.h"
#include "junxian/district.h"
#include "run/measures.h"

enum { JX__PARTS = 1000 }; /* people count in thousandths */

/** Where the share of people who need a place comes from. */
typedef enum jx__rate { JX__RATE_GIVEN, JX__RATE_STANDARD, JX__RATE_ASSUMED, JX__RATE_ALL } jx__rate;
const char *jx__rate_name(jx__rate r);

typedef struct jx__districts {
    jx__study study;
    const jx_county *c;
    uint32_t n;               /* sites */
    uint32_t *facility;       /* n: index into county->facilities */
    jx_snap *snap;
    char **label;             /* n: name, told apart where two are alike */
    uint32_t limit_ms;        /* longest way; JX_UNREACHABLE: none */
    const char *demand;       /* name of the group of people; NULL: a rate of all */
    double per_1000, wanted;  /* children per thousand people, or NaN; all children */
    jx__rate rate_from;       /* of per_1000 */
    uint32_t *people;         /* cells: thousandths of children */
    double *capacity;         /* sites: places */
    const char *capacity_from; /* "stated", "balanced", "given" */
    uint32_t n_filled;        /* of capacities stated: filled by --missing-capacity */
    uint64_t *room;           /* sites: thousandths */
    uint32_t *time, *present;
    uint8_t *crossing;
    uint32_t *near_off, *near;
    jx_district d;
} jx__districts;
/** Everything of the arguments. Release whatever happened. */
jx_status jx__districts_open(jx_ctx *ctx, const jx_args *args, jx__districts *d) JX_MUST_USE;
void jx__districts_release(jx_ctx *ctx, jx__districts *d);

/** district_share.c: people per cell. */
jx_status jx__districts_children(jx_ctx *ctx, const jx_args *args, jx__districts *d) JX_MUST_USE;
/** A table as dense rows: cell * facilities + facility; JX_UNREACHABLE where it says nothing. */
void jx__table_spread(const jx_table *t, uint32_t *dense);
/** district_safe.c: times of ways that neither step onto nor cross roads of class `least` or larger; JX_UNREACHABLE: no such way. */
jx_status jx__safe_times(jx_ctx *ctx, const jx__districts *d, jx_road_class least, uint32_t cutoff_ms, uint32_t *dense) JX_MUST_USE;
/** district_present.c: the present assignment from a table of cells and sites, or everybody at the nearest. */
jx_status jx__districts_present(jx_ctx *ctx, const jx_args *args, jx__districts *d) JX_MUST_USE;
/**
 * neighbours.c: cells that touch on the grid, and the shortest links that join what lies apart, so that all cells hang together: the edges
 * of the shortest spanning tree of the cells' points (hold; O(n^2)). Without a grid the six nearest stand for those that touch, O(n^2).
 */
jx_status jx__neighbours(jx_ctx *ctx, const jx_county *c, bool hold, uint32_t **off, uint32_t **near) JX_MUST_USE;

/* ---- district_map.c: parts of a county on maps ------------------------------------------------------------------------------ */

enum { JX__PART_COLOURS = 7 };
extern const char *const jx__part_colours[JX__PART_COLOURS]; /* "#rrggbb" */
/** A colour for each part, others where parts meet. part: per cell, JX_NONE none; colour[n]. O(cells + n^2). */
jx_status jx__part_colour(jx_ctx *ctx, const jx_county *c, const uint32_t *part, uint32_t n, uint8_t *colour) JX_MUST_USE;
/** A layer coloured by a column of text: n texts and their colours (indices into jx__part_colours). */
jx_status jx__layer_classes(jx_ctx *ctx, jx_layers *l, const char *layer, const char *column, const char *const *label, const uint8_t *colour,
                            uint32_t n) JX_MUST_USE;
typedef struct jx__parts {
    const char *name, *title;    /* of the layer */
    uint32_t n;
    const uint32_t *of_cell;     /* part of each cell; JX_NONE */
    const char *const *label;    /* n, borrowed as long as the layers live */
    const uint8_t *colour;       /* n */
    const jx_values *value;      /* columns of n */
    uint32_t n_values;
} jx__parts;
/** One more layer: the parts' outlines, coloured. Nothing where cells are points. */
jx_status jx__layer_parts(jx_ctx *ctx, jx_layers *l, const jx_county *c, const jx__parts *p) JX_MUST_USE;

/** district_problem.c: the problem and its answer as JSON, for a solver of the user's own (--problem FILE). pt: where the cells are. */
jx_status jx__problem_save(jx_ctx *ctx, const char *path, const jx_district *d, const char *const *label,
                           const jx_pt *pt, const jx_district_flow *f, const jx_district_plan *p) JX_MUST_USE;
jx_status jx__groups_save(jx_ctx *ctx, const char *path, const jx_consortium *c, const jx_consortium_plan *p) JX_MUST_USE;

/** layer_text.c: one more column, of texts (NULL: no data; borrowed), at the end of a layer of jx_layers_values. */
jx_status jx__layer_text(jx_ctx *ctx, jx_layers *l, const char *layer, const char *name, const char *title, const char *const *text) JX_MUST_USE;

static inline jx_encoding jx__encoding_of(const jx_args *args) {
    const char *s = jx_args_get(args, "encoding");
    return !s || strcmp(s, "auto") == 0 ? JX_ENC_AUTO : strcmp(s, "gb18030") == 0 ? JX_ENC_GB18030 : strcmp(s, "utf-16") == 0 ? JX_ENC_UTF16 : JX_ENC_UTF8;
}

#endif
