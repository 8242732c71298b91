/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** What the `net` verbs share. */
#ifndef JX_RUN_NET_H
#define JX_RUN_NET_H

#include "junxian/isochrone.h"
#include "junxian/route.h"
#include "junxian/turns.h"
#include "run/run_internal.h"

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
} jx__net;
jx_status jx__net_open(jx_ctx *ctx, const jx_args *args, jx__net *n);
void jx__net_release(jx_ctx *ctx, jx__net *n);
/** Extract -> profiles, network, hierarchy, without looking for a snapshot. The job is loaded. */
jx_status jx__net_build_streets(jx_ctx *ctx, jx__net *n);
jx_status jx__net_mode(jx_ctx *ctx, const jx_args *args, jx_mode *mode);

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
jx_status jx__net_snap(jx_ctx *ctx, const jx__net *n, const jx_pt *pts, uint32_t count, jx_snap *out);
/** Joints of a table's places; some off the network are a warning that names the first, all are an error. */
jx_status jx__net_snap_places(jx_ctx *ctx, const jx__net *n, const jx_args *args, const char *key, const jx__net_places *p, jx_snap *out);
/** The joint of an option's point; off the network is an error that says so. */
jx_status jx__net_snap_one(jx_ctx *ctx, const jx__net *n, const jx_args *args, const char *key, jx_snap *out);

#endif
