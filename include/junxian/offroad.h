/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Between the door and the street: walking over land cover, and over slopes where a DEM is given, in place of the straight walk. One
 * sweep of a cost surface from all streets of a mode gives the time, and the joint, of every place.
 */
#ifndef JUNXIAN_OFFROAD_H
#define JUNXIAN_OFFROAD_H

#include "junxian/network.h"

typedef struct jx_offroad {
    jx_plane plane;
    jx_field heights; /* metres on the plane; 0 everywhere without a DEM, NaN (level) where it knows nothing */
    float *friction;  /* per cell: time as a multiple of Tobler's walker's, > 0; NaN cannot be entered */
    double path_kmh;  /* the walk profile's speed on a footway */
    const char *scheme;
    uint64_t unknown; /* cells of the grid without a class */
    bool on_heights;
} jx_offroad;

/** What became of the places joined. */
typedef struct jx_offroad_stats {
    uint32_t n_straight; /* over a straight line to the nearest street: as fast as any */
    uint32_t n_around;   /* over the cost surface, faster than the straight line or to another street */
    uint32_t n_unknown;  /* neither can be walked (water, no class): the straight walk of profiles.yaml */
    uint32_t n_off;      /* no street within offroad.max_m */
} jx_offroad_stats;

/**
 * @param cover  classes, x and y in degrees; NaN none
 * @param table  standards/landcover.yaml or one like it; `scheme` NULL: its only one
 * @param around cells are made for this box, no smaller than the classes' own and at most 16 million: larger cells beyond
 * @param terrain NULL: level. Borrowed until the call returns
 * @return JX_OK; JX_E_INPUT: LANDCOVER_BAD, LANDCOVER_SCHEME, LANDCOVER_CLASS (a class the scheme does not know); JX_E_NOMEM
 */
jx_status jx_offroad_new(jx_ctx *ctx, const jx_field *cover, const jx_doc *table, const char *scheme, const jx_profiles *p, jx_box around,
                         const jx_terrain *terrain, jx_offroad **out) JX_MUST_USE;
void jx_offroad_free(jx_ctx *ctx, jx_offroad *o);

/**
 * Joins places as jx_snap_all does, then gives each the quickest way over open ground: the straight line to the nearest street, or the
 * way over the cost surface to whichever street it reaches first. `leaving`: times from the place to the street, else to the place. Which
 * places are off the network does not change. offroad_ms is the time without a detour factor, offroad_mm the straight distance to the joint.
 * Cost: jx_snap_all of places and street cells, one sweep (raster.h) to the longest straight walk there is; a second without an end where a
 * place has neither a straight way nor one around within that time. Same bits for any thread count.
 */
jx_status jx_offroad_join(jx_ctx *ctx, const jx_offroad *o, const jx_network *net, const jx_metric *m, const jx_profile *p, bool leaving,
                          const jx_pt *places, uint32_t n, jx_snap *out, jx_offroad_stats *stats) JX_MUST_USE;

#endif
