/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** What the `net` verbs share. */
#ifndef JX_RUN_NET_H
#define JX_RUN_NET_H

#include "junxian/isochrone.h"
#include "junxian/overlay.h"
#include "junxian/route.h"
#include "junxian/turns.h"
#include "run/run_internal.h"

/** What a scenario is made from. */
typedef struct jx__scenario_base {
    const jx_network *net;
    const jx_metric *metric;
    const jx_profiles *profiles;
    const jx_profile *profile;
    const jx_terrain *terrain; /* that metric was made on; NULL: level */
    bool turns;
    const jx_hierarchy *h; /* of net: it is extended; a network with turns takes its order over */
    const jx_times *times; /* without turns: those of net */
} jx__scenario_base;
/** A scenario opened: the edited network of one mode with its times. Zero-initialise; release whatever happened. */
typedef struct jx__scenario {
    jx_edited *edited;
    jx_metric *metric; /* of edited->net, where places join */
    jx_edited_cut cut;
    jx_network *turned;
    jx_metric *turned_metric;
    const jx_network *road; /* what the mode travels on */
    const jx_metric *road_metric;
    jx_hierarchy *h;        /* extended; NULL: the base's */
    jx_hierarchy *turned_h; /* with turns */
    jx_times *times;
} jx__scenario;
jx_status jx__scenario_open(jx_ctx *ctx, const char *path, const jx__scenario_base *b, jx__scenario *s);
void jx__scenario_release(jx_ctx *ctx, jx__scenario *s);

/** A network with the times of one mode. Zero-initialise; release whatever happened. */
typedef struct jx__net {
    jx__job job;
    jx_profiles *profiles;
    const jx_profile *profile;
    jx_mode mode;
    jx_network *net;
    jx_box data_box;     /* of the extract */
    jx_terrain *terrain; /* NULL: level */
    jx_metric *metric;
    jx_network *turned; /* with turns; NULL: they make no difference, or are left out */
    jx_metric *turned_metric;
    const jx_network *road; /* what the mode travels on: one of the two */
    const jx_metric *road_metric;
    jx_hierarchy *plain_h, *turned_h;
    const jx_hierarchy *h; /* of road: one of the two */
    jx_times *times;
    const jx_edited *edited; /* with --edits, else NULL: road and times are the scenario's; net, metric and h stay those of the base */
    jx_times *base_times;
    jx__scenario scenario;
} jx__net;
jx_status jx__net_open(jx_ctx *ctx, const jx_args *args, jx__net *n);
void jx__net_release(jx_ctx *ctx, jx__net *n);
/** Extract -> profiles, network, hierarchy, without looking for a snapshot. The job is loaded. */
jx_status jx__net_build_streets(jx_ctx *ctx, jx__net *n);
jx_status jx__net_mode(jx_ctx *ctx, const jx_args *args, jx_mode *mode);

/** Order by METIS and hierarchy of a plain network. */
jx_status jx__net_hierarchy(jx_ctx *ctx, const jx_network *net, jx_hierarchy **out);

/** Points with names, from a table with lon and lat. */
typedef struct jx__net_places {
    uint32_t n;
    jx_pt *pt;
    char **name;
} jx__net_places;
jx_status jx__net_places_read(jx_ctx *ctx, const jx_args *args, const char *key, jx__net_places *out);
void jx__net_places_release(jx_ctx *ctx, jx__net_places *p);
jx_crs jx__net_crs(const jx_args *args);
/** "LON,LAT" of an option. */
jx_status jx__net_point(jx_ctx *ctx, const jx_args *args, const char *key, jx_pt *out);
/** Joints of places: one each, or with --edits what the edits put beside it (junxian/overlay.h). */
jx_status jx__net_joints(jx_ctx *ctx, const jx__net *n, const jx_pt *pts, uint32_t count, jx_joints *out);
/** Joints of a table's places; some off the network are a warning that names the first, all are an error. */
jx_status jx__net_joints_places(jx_ctx *ctx, const jx__net *n, const jx_args *args, const char *key, const jx__net_places *p, jx_joints *out);
/** The joints of an option's point; off the network is an error that says so. */
jx_status jx__net_joints_one(jx_ctx *ctx, const jx__net *n, const jx_args *args, const char *key, jx_joints *out);
/** Does place i stand on the network by any of its joints? */
bool jx__net_stands(const jx_joints *j, uint32_t i);

/** edits.c: a scenario file compiled to a list of edits for this network; docs/edits.md describes it. */
jx_status jx__edits_compile(jx_ctx *ctx, const jx_doc *doc, const jx_network *net, const jx_profiles *p, jx_overlay **out);
/** The same from a file, applied; says how much. */
jx_status jx__edits_apply(jx_ctx *ctx, const char *path, const jx_network *net, const jx_profiles *p, jx_edited **out);

#endif
