/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** What the verb district works on: the study, sites with capacities, children per cell, and the problem made of them. */
#ifndef JX_RUN_DISTRICT_H
#define JX_RUN_DISTRICT_H

#include "junxian/consortium.h"
#include "junxian/district.h"
#include "junxian/report.h"
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

/* ---- blocks.c: sentences for the terminal and for pages ------------------------------------------------------------------------ */

typedef struct jx__told {
    jx_report_block b[24];
    uint32_t n;
} jx__told;
/** One more sentence: of plain arguments, of a service (JX__SERVICE) or of a msgid (JX__MSGID). At most 4. */
void jx__tell(jx__told *t, const char *msgid, uint32_t n, const jx_arg *args);
#define JX__SERVICE(k) ((jx_arg){.type = JX_ARG_STR, .decimals = JX_REF_SERVICE, .i = (int64_t)(k)})
#define JX__MSGID(m) ((jx_arg){.type = JX_ARG_STR, .decimals = JX_REF_MSGID, .s = (m)})
/** Sentences as lines of text. */
void jx__told_text(const jx_county *c, const jx__told *t, jx_result *res);

/* ---- the verbs' work, for their pages (district_page.c, consortium_page.c) -------------------------------------------------------- */

typedef struct jx__district_work {
    jx__districts in;
    jx_district_flow flow;
    jx_district_plan plan, free_plan; /* free_plan: without contiguity, to say what that costs */
    bool contiguous, present;
    double nearest_ms;                /* mean if everybody went to the nearest, capacities or not */
} jx__district_work;
typedef struct jx__district_row {
    double people, mean_min, farthest_min, left, came; /* people who left for another site, and who came from one */
} jx__district_row;
jx_status jx__district_page(jx_ctx *ctx, const char *path, const jx_args *args, const jx_result *res, const jx__district_work *w,
                            const jx__district_row *r, const jx__told *head, const jx__told *end) JX_MUST_USE;

enum { JX__MAX_CIRCLES = 8 };
typedef struct jx__consortia {
    jx__study study;
    const jx_county *c;
    jx_mode mode;
    uint32_t n_heads, n_members, n_circles;
    const char *member_kinds;        /* as asked for, or chosen */
    bool fell_back;                  /* chosen, and not health centres */
    uint32_t *head, *member;         /* indices into county->facilities */
    jx_snap *head_snap, *member_snap;
    uint32_t *of_cell;               /* member that each cell has nearest; JX_NONE */
    uint32_t *cell_head_ms;          /* cells: to the nearest head */
    double *people, no_member;       /* of members; of cells that reach none */
    uint32_t *time;                  /* members x heads */
    double *share;
    uint32_t circle[JX__MAX_CIRCLES];
    double beyond[JX__MAX_CIRCLES], *town_people, *town_beyond; /* townships x circles */
    uint32_t *cell_head, *town_head; /* head of the group of a cell; of most of a township's people; JX_NONE */
    double *town_share;              /* of those people, in all of the township's; NaN: nobody */
    jx_consortium_plan plan;
} jx__consortia;
jx_status jx__consortium_page(jx_ctx *ctx, const char *path, const jx_args *args, const jx_result *res, const jx__consortia *w,
                              const jx__told *told) JX_MUST_USE;

static inline jx_encoding jx__encoding_of(const jx_args *args) {
    const char *s = jx_args_get(args, "encoding");
    return !s || strcmp(s, "auto") == 0 ? JX_ENC_AUTO : strcmp(s, "gb18030") == 0 ? JX_ENC_GB18030 : strcmp(s, "utf-16") == 0 ? JX_ENC_UTF16 : JX_ENC_UTF8;
}

#endif
