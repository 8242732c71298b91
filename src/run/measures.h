/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** What the verbs access and equity share: groups of people, supply, and the measures by name with their defaults. */
#ifndef JX_RUN_MEASURES_H
#define JX_RUN_MEASURES_H

#include "junxian/access.h"
#include "junxian/inequality.h"
#include "junxian/report_access.h"
#include "run/groups.h"

typedef struct jx__access {
    jx__study study;
    jx__groups groups;           /* the county's, and those of --groups */
    uint32_t limit_ms;           /* catchment */
    double *supply;              /* of offer.n */
    bool by_capacity;
    uint32_t n_stated, n_median; /* capacities stated; taken as the median of those (guessed) */
    double median_capacity;
    const double *demand;        /* cells: people or one group */
    const char *demand_name;     /* NULL: all people */
    jx_trust demand_trust;
    double *demand_own;
} jx__access;
/** Study, groups, supply, demand, by --service --mode --minutes --groups --demand --supply. Release whatever happened. */
jx_status jx__access_open(jx_ctx *ctx, const jx_args *args, jx__access *a) JX_MUST_USE;
void jx__access_release(jx_ctx *ctx, jx__access *a);

typedef struct jx__measure {
    const char *name, *column; /* "2sfca", "access_2sfca" */
    const char *title, *unit; /* msgids */
    bool time;           /* minutes; INFINITY: cannot be reached within the cut-off */
    bool has_decay, has_totals;
    jx_decay decay;
    jx_fca_totals totals;
    uint32_t n_outside;  /* facilities outside the area that a floating catchment counts, without the people who live there */
    double *v;           /* cells */
} jx__measure;
enum { JX__MAX_MEASURES = 12 };
/** One measure by name, by --decay --k --wanted; v with jx_free. */
jx_status jx__measure_make(jx_ctx *ctx, const jx_args *args, const jx__access *a, const char *name, size_t n, jx__measure *out) JX_MUST_USE;
const char *jx__measure_names(void);
/** Most n_outside of n measures, and a warning if there are any. */
uint32_t jx__measures_edge(jx_ctx *ctx, const jx__measure *m, uint32_t n, uint32_t n_facilities);

/** A measure over people: town and country, townships, groups. Arrays end with the row of those without a group and the row of all. */
typedef struct jx__summary {
    jx_inequality urban[4];  /* country, town, (none), all */
    jx_inequality *town;     /* n_townships + 2 */
    jx_inequality *group;    /* groups.n: weighted by the group's persons */
} jx__summary;
jx_status jx__summarise(jx_ctx *ctx, const jx__access *a, const jx__measure *m, const jx_inequality_options *opt, jx__summary *out) JX_MUST_USE;
void jx__summary_release(jx_ctx *ctx, jx__summary *s);
/** "primary school, on foot: 12 facilities (10 inside), catchment 30 min; ..." and the same as JSON keys of the open object. */
void jx__access_head(const jx__access *a, jx_result *res, jx_json *j, const char *schema);
void jx__measure_json(jx_ctx *ctx, const jx__measure *m, jx_json *j);

/** Places (seats, beds) against what is wanted. */
typedef struct jx__places {
    bool known;          /* capacities are in use and there is a figure of what is wanted */
    bool by_norm;        /* wanted by the norm; else by the group of --demand */
    double *wanted;      /* cells */
    double *seated;      /* of offer.n, one best sharing */
    jx_shortage shortage;
} jx__places;
jx_status jx__places_make(jx_ctx *ctx, const jx__access *a, jx__places *out) JX_MUST_USE;
void jx__places_tell(const jx__access *a, const jx__places *p, jx_result *res, jx_json *j);
void jx__places_release(jx_ctx *ctx, jx__places *p);

/** --output NAME.html: the page of access (equity NULL) or of equity, of n measures and their summaries. */
jx_status jx__access_page(jx_ctx *ctx, const jx_args *args, const jx_result *res, const jx__access *a, const jx__measure *m, const jx__summary *s, uint32_t n,
                          const jx__places *places, const jx_report_equity *equity) JX_MUST_USE;
/** A wrong extension of --output is told before anything is computed. */
jx_status jx__save_check(jx_ctx *ctx, const jx_args *args) JX_MUST_USE;
/** The same for verbs that write a page, too. */
jx_status jx__save_check_page(jx_ctx *ctx, const jx_args *args) JX_MUST_USE;
bool jx__is_html(const char *path);
/** Does a name end so, with something before it? */
bool jx__ends(const char *s, const char *end);
/** Layers -> a file by its extension: .gpkg (styled), .geojson (outlines of parts if there are, else the first layer), .csv (the first layer), .xlsx. */
jx_status jx__layers_save(jx_ctx *ctx, const char *path, const jx_layers *l, const jx_catalog *cat, int64_t stamp) JX_MUST_USE;

/** A table of text with columns that line up, whatever script the words are in. */
typedef struct jx__grid {
    jx_buf cells;        /* texts, each ended by NUL */
    uint32_t n_cols, n;
} jx__grid;
void jx__grid_init(jx__grid *g, jx_ctx *ctx, uint32_t n_cols);
void jx__grid_str(jx__grid *g, const char *s);
/** A number; NaN shows as a dash. decimals < 0: grouped whole number. */
void jx__grid_num(jx__grid *g, double v, int decimals);
/** First column to the left, the others to the right. Releases the grid. */
void jx__grid_print(jx__grid *g, jx_buf *out);

#endif
