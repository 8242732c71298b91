/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** What the verbs of this room share: the job (sources and settings of one county) and the embedded files. */
#ifndef JX_RUN_INTERNAL_H
#define JX_RUN_INTERNAL_H

#include "junxian/io.h"
#include "junxian/report.h"
#include "junxian/run.h"

/* ---- embedded.c: files that travel inside the binary --------------------------------------------------------- */

typedef struct jx__embedded {
    const char *name; /* "profiles.yaml" */
    const unsigned char *p, *end;
} jx__embedded;
/** An embedded file by name, or NULL. All of them with jx__embedded_all (NULL name ends). */
const jx__embedded *jx__embedded_find(const char *name);
const jx__embedded *jx__embedded_all(void);

/* ---- job.c: one county's sources and settings ------------------------------------------------------------------ */

enum { JX__MAX_SOURCES = 64 };

/** Everything between a command line and jx_county_build. Owns all that config borrows. */
typedef struct jx__job {
    jx_arena *arena;
    const char *input;    /* as given */
    const char *folder;   /* county folder; NULL for a bare extract */
    const char *osm_path; /* NULL: the embedded demo */
    const char *out_path;
    const char *title;
    jx_doc config;        /* county.yaml */
    jx_doc profiles, facility_map, people, standard;
    bool standard_auto;   /* chosen by where the extract lies */
    bool checking;        /* report every bad row and go on (check), instead of stopping at the first (run) */
    uint32_t n_bad;       /* bad rows seen while checking */
    jx_county_config cfg;
    jx_mpoly boundary;
    char *boundary_name;
    jx_people_table people_table;
    jx_people_raster people_raster;
    jx_raster raster;
    jx_source sources[JX__MAX_SOURCES];
    uint32_t n_sources;
    jx_crs facility_crs[JX__MAX_SOURCES]; /* per source: as declared; JX_CRS_UNKNOWN where it has no points of ours */
    jx_crs table_crs;
    const char *raster_path;
    const char *dem_path; /* NULL: none */
    jx_field dem;
    const char *cover_path, *landcover_file; /* NULL: none; the built-in table */
    jx_field cover;
    jx_doc landcover;
    const char *network_path; /* of the snapshot in use; NULL none */
    jx_snapshot_file network;
} jx__job;

/** Read the settings (county.yaml or options) and every small source; the extract itself is not read yet. */
jx_status jx__job_load(jx_ctx *ctx, const jx_args *args, bool checking, jx__job *job);
/** What needs the extract's box: choice of the standard, window of the raster. */
jx_status jx__job_locate(jx_ctx *ctx, jx__job *job, const jx_extract *x);
/** The windows of DEM and land cover that the extract needs, where they are given; jx__job_locate does it too. */
jx_status jx__job_ground(jx_ctx *ctx, jx__job *job, jx_box data_box);
/** The extract, from file or from the embedded demo. */
jx_status jx__job_extract(jx_ctx *ctx, jx__job *job, jx_extract **out);
void jx__job_release(jx_ctx *ctx, jx__job *job);
/** Path of a file named in county.yaml: relative to the folder. NULL when out of memory. */
const char *jx__job_path(jx_ctx *ctx, jx__job *job, const char *name);
/** Register a source with its SHA-256; returns its index in *idx. */
jx_status jx__job_source(jx_ctx *ctx, jx__job *job, const char *path, const char *what, uint32_t *idx);

/* ---- job_network.c: networks built before ------------------------------------------------------------------------ */

/** Do the first bytes of this file say "network snapshot"? What is not there or no file is none. */
jx_status jx__is_snapshot(jx_ctx *ctx, const char *path, bool *yes);
/** The key of what the job would build its network from. */
jx_status jx__job_key(jx_ctx *ctx, const jx__job *job, char out[JX_SNAPSHOT_KEY + 1]);
/** FOLDER/network.jxn; NULL when out of memory. */
const char *jx__job_network_path(jx_ctx *ctx, jx__job *job);
/** Opens the snapshot of --network, or of the county folder, when it is that of the inputs; else leaves all to be built. */
jx_status jx__job_network(jx_ctx *ctx, const jx_args *args, jx__job *job);
/** verb_net_build.c: opens a snapshot and tells what it says about itself. */
jx_status jx__tell_snapshot(jx_ctx *ctx, const char *schema, const char *path, jx_result *res);

/* ---- job_tables.c: the user's tables ----------------------------------------------------------------------------- */

/** Column names and formats of one table source, from county.yaml or options. */
typedef struct jx__table_spec {
    const char *path, *sheet;
    jx_encoding encoding;
    jx_crs crs;
    const char *kind;                    /* facilities: all rows are of this kind; NULL: a column says */
    const char *col_lon, *col_lat, *col_people, *col_name, *col_kind, *col_id; /* NULL: by the usual names */
    const jx_val *groups;                /* of a table of cells: name -> column; NULL: by the usual names */
} jx__table_spec;
jx_status jx__load_people_table(jx_ctx *ctx, jx__job *job, const jx__table_spec *spec);
jx_status jx__load_census(jx_ctx *ctx, jx__job *job, const jx__table_spec *spec);
jx_status jx__load_facilities(jx_ctx *ctx, jx__job *job, const jx__table_spec *specs, uint32_t n);

/* ---- save.c: what verbs write ------------------------------------------------------------------------------------------ */

/**
 * A page on a single question (-o NAME.html): `chapters` is zero but for the chapters it holds; `title` a msgid. Languages, messages and
 * the command line come from the result and the arguments.
 */
jx_status jx__page_save(jx_ctx *ctx, const char *path, const jx_county *c, const jx_args *args, const jx_result *res, const char *title,
                        const jx_report_options *chapters);

/* ---- facts.c: text and JSON of the same fact ------------------------------------------------------------------------- */

typedef struct jx__facts {
    jx_result *res;
    jx_json j;
} jx__facts;
void jx__facts_begin(jx__facts *f, jx_result *res, const char *schema, const char *file, const char *format);
void jx__fact_int(jx__facts *f, const char *key, const char *title, int64_t v);
void jx__fact_str(jx__facts *f, const char *key, const char *title, const char *v);
void jx__fact_real(jx__facts *f, const char *key, const char *title, double v, int decimals, const char *unit);
void jx__fact_box(jx__facts *f, double w, double s, double e, double n);
void jx__facts_end(jx__facts *f);

/* ---- verbs -------------------------------------------------------------------------------------------------------- */

jx_status jx__verb_run(jx_ctx *ctx, const jx_args *args, jx_result *res);
jx_status jx__verb_init(jx_ctx *ctx, const jx_args *args, jx_result *res);
jx_status jx__verb_check(jx_ctx *ctx, const jx_args *args, jx_result *res);
jx_status jx__verb_inspect(jx_ctx *ctx, const jx_args *args, jx_result *res);
jx_status jx__verb_net_build(jx_ctx *ctx, const jx_args *args, jx_result *res);
jx_status jx__verb_net_info(jx_ctx *ctx, const jx_args *args, jx_result *res);
jx_status jx__verb_net_route(jx_ctx *ctx, const jx_args *args, jx_result *res);
jx_status jx__verb_net_matrix(jx_ctx *ctx, const jx_args *args, jx_result *res);
jx_status jx__verb_net_isochrone(jx_ctx *ctx, const jx_args *args, jx_result *res);
jx_status jx__verb_net_load(jx_ctx *ctx, const jx_args *args, jx_result *res);
jx_status jx__verb_site(jx_ctx *ctx, const jx_args *args, jx_result *res);
jx_status jx__verb_site_county(jx_ctx *ctx, const jx_args *args, jx_result *res);
jx_status jx__verb_site_orlib(jx_ctx *ctx, const jx_args *args, jx_result *res);
jx_status jx__verb_access(jx_ctx *ctx, const jx_args *args, jx_result *res);
jx_status jx__verb_equity(jx_ctx *ctx, const jx_args *args, jx_result *res);
jx_status jx__verb_district(jx_ctx *ctx, const jx_args *args, jx_result *res);
jx_status jx__verb_consortium(jx_ctx *ctx, const jx_args *args, jx_result *res);
jx_status jx__verb_explain(jx_ctx *ctx, const jx_args *args, jx_result *res);
jx_status jx__verb_doctor(jx_ctx *ctx, const jx_args *args, jx_result *res);

/** Is `value` one of "a|b|c" (verbs.c)? */
bool jx__in_choices(const char *choices, const char *value);
/** Translate for this result's reader. */
static inline const char *jx__tr(const jx_result *res, const char *msgid) { return jx_tr(res->cat, msgid); }

/** The stamp of outputs: SOURCE_DATE_EPOCH if set, else the newest source's date. */
int64_t jx__stamp(int64_t data_time);

#endif
