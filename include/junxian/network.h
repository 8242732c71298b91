/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The road network: undirected street segments with access per mode and direction; metrics (times per arc) made from it
 * and a profile; joints of places with it; exact travel-time tables.
 */
#ifndef JUNXIAN_NETWORK_H
#define JUNXIAN_NETWORK_H

#include "junxian/geo.h"
#include "junxian/osm.h"
#include "junxian/raster.h"
#include "junxian/table.h"

/* ---- modes and profiles ---------------------------------------------------------------------------------------- */

typedef enum jx_mode { JX_WALK, JX_BIKE, JX_CAR, JX_N_MODES } jx_mode;
const char *jx_mode_name(jx_mode m); /* "walk", "bike", "car" */
bool jx_mode_parse(const char *s, jx_mode *out);

/** Classes of street, as the highway tag has them, plus what else carries people. */
#define JX_ROAD_CLASS_MAP(X)                                                                                   \
    X(MOTORWAY, motorway) X(TRUNK, trunk) X(PRIMARY, primary) X(SECONDARY, secondary) X(TERTIARY, tertiary)    \
    X(MOTORWAY_LINK, motorway_link) X(TRUNK_LINK, trunk_link) X(PRIMARY_LINK, primary_link)                    \
    X(SECONDARY_LINK, secondary_link) X(TERTIARY_LINK, tertiary_link) X(UNCLASSIFIED, unclassified)            \
    X(RESIDENTIAL, residential) X(LIVING_STREET, living_street) X(SERVICE, service) X(TRACK, track)            \
    X(PEDESTRIAN, pedestrian) X(FOOTWAY, footway) X(CYCLEWAY, cycleway) X(PATH, path) X(STEPS, steps)          \
    X(BRIDLEWAY, bridleway) X(ROAD, road) X(CORRIDOR, corridor) X(BUSWAY, busway) X(FERRY, ferry)              \
    X(BARRIER, barrier)
typedef enum jx_road_class {
#define JX_ROAD_ENUM(up, low) JX_ROAD_##up,
    JX_ROAD_CLASS_MAP(JX_ROAD_ENUM)
#undef JX_ROAD_ENUM
    JX_N_ROAD_CLASSES
} jx_road_class;
const char *jx_road_class_name(jx_road_class c);

enum { JX_N_SURFACES = 12 }; /* surface and tracktype groups named by the profile file; 0 = not stated */

/** Speeds and rules of one mode; compiled from standards/profiles.yaml (network/profile.c documents the keys). */
typedef struct jx_profile {
    jx_mode mode;
    double speed_kmh[JX_N_ROAD_CLASSES];     /* 0: not usable unless a tag says so */
    double surface_cap_kmh[JX_N_SURFACES];   /* 0: none */
    double surface_factor[JX_N_SURFACES];
    double maxspeed_factor;                  /* of the posted limit; 0: ignore limits */
    double tag_allowed_kmh;                  /* speed where only an access tag opens the street */
    double offroad_kmh;                      /* from a place to the street, and the way is counted */
    double offroad_max_m;                    /* beyond: off network */
    double offroad_detour;                   /* crow-fly metres times this */
    double island_km;                        /* components with less street than this are islands */
    bool slopes;                             /* whether a DEM changes its times, by this law */
    jx_slope_law slope_law;
    double u_turn_s;                         /* turning back on the street, anywhere; 0: costs nothing */
    double sharp_s, sharp_deg;               /* a turn by more than so many degrees; 0 s: costs nothing */
} jx_profile;
typedef struct jx_profiles jx_profiles; /* the compiled file: three jx_profile, access rules, barrier rules, surfaces */
jx_status jx_profiles_compile(jx_ctx *ctx, const jx_doc *doc, jx_profiles **out) JX_MUST_USE;
void jx_profiles_free(jx_ctx *ctx, jx_profiles *p);
const jx_profile *jx_profiles_get(const jx_profiles *p, jx_mode m);
/** The word of profiles.yaml for what a DEM does to the mode: "none", "tobler", "bike_power". */
const char *jx_profile_slope_name(const jx_profile *p);

/* ---- the network ------------------------------------------------------------------------------------------------- */

enum jx_access { /* bits of jx_network.access */
    JX_WALK_FWD = 1, JX_WALK_BWD = 2, JX_BIKE_FWD = 4, JX_BIKE_BWD = 8, JX_CAR_FWD = 16, JX_CAR_BWD = 32
};
#define JX_ACCESS_BIT(mode, backward) (1u << (2u * (unsigned)(mode) + ((backward) ? 1u : 0u)))

enum jx_edge_flags { JX_EDGE_LINK = 1, JX_EDGE_ROUNDABOUT = 2, JX_EDGE_TUNNEL = 4, JX_EDGE_BRIDGE = 8, JX_EDGE_AREA = 16, JX_EDGE_TOLL = 32 };

/** The longest rule that is built or read: every junction and barrier of a via way counts, and real rules have a few arcs. */
enum { JX_TURN_MAX_ARCS = 64 };
typedef enum jx_turn_kind { JX_TURN_NO, JX_TURN_ONLY } jx_turn_kind;

/**
 * Turn restrictions, flat. Rule r is the run of arcs arc[off[r]] .. arc[off[r + 1] - 1] (two to JX_TURN_MAX_ARCS, each begins where the
 * one before ends; edits that cut a street may lengthen it): JX_TURN_NO: the run must not be driven to its end; JX_TURN_ONLY: who has
 * driven all but the last arc must go on by the last.
 * Sources: relations type=restriction of OpenStreetMap. Each relation read is counted once, in one of the n_ fields below.
 */
typedef struct jx_turn_rules {
    uint32_t n;
    uint32_t *off, *arc;
    uint8_t *kind;     /* jx_turn_kind */
    uint8_t *modes;    /* bit per mode; walkers are never meant */
    int64_t *relation; /* where the rule comes from */
    uint32_t n_relations;   /* in the extract: the sum of those below */
    uint32_t n_kept;        /* became rules */
    uint32_t n_conditional; /* hold at certain times or for certain loads only: left out */
    uint32_t n_other;       /* for other vehicles, or with an exception for ours */
    uint32_t n_unknown;     /* say nothing we know */
    uint32_t n_incomplete;  /* a member is missing in the extract, has no role we know, or is no street */
    uint32_t n_apart;       /* ways that do not meet at the via, from and to that could be several pieces of a way, or more than JX_TURN_MAX_ARCS pieces */
} jx_turn_rules;

struct jx_turned; /* junxian/turns.h */

/** Immutable. Edge e joins from[e] and to[e]; its geometry runs from -> to. Open for readers. */
typedef struct jx_network {
    uint32_t n_nodes, n_edges;
    jx_pt *node;            /* n_nodes */
    uint32_t *from, *to;
    uint32_t *length_mm;
    uint32_t *offset_mm;    /* where the edge begins along its way: times are differences along the way, so cutting it changes no sum */
    uint8_t *cls;           /* jx_road_class */
    uint8_t *access;        /* jx_access bits */
    uint8_t *surface;       /* group, 0 not stated */
    uint8_t *maxspeed_fwd, *maxspeed_bwd; /* km/h, 0 not stated (255 = 255 or more, "none") */
    uint16_t *flags;
    uint32_t *duration_ms;  /* of ferries with a duration; 0: from length and speed */
    int64_t *way_id;
    uint32_t *name;         /* offset into names; JX_NONE no name */
    char *names;            /* NUL-terminated texts, one after another */
    uint64_t *geom_off;     /* n_edges + 1 */
    jx_pt *geom;            /* with both end points */
    uint32_t *first_arc;    /* n_nodes + 1: arcs leaving a node */
    uint32_t *arc;          /* 2 * n_edges: edge * 2 + (1 when walked to -> from) */
    /* Per mode: component of each edge (JX_NONE: not usable), and which are islands. Strong components for car and bike. */
    uint32_t *component[JX_N_MODES];
    uint8_t *island;        /* per edge, bit per mode: lies in a small island, nothing joins it */
    uint32_t n_islands[JX_N_MODES];
    double island_km[JX_N_MODES];      /* street length lying in islands */
    double class_km[JX_N_ROAD_CLASSES]; /* length of the ways read, per class, before any access rule; rims of squares drawn as relations left out */
    uint32_t n_barriers, n_missing_refs;
    jx_turn_rules turns;
    struct jx_turned *turned; /* NULL: as built. Else made by jx_turned_new from another one, which it refers to */
    void *mapped;           /* arrays lie in memory of somebody else, who outlives this (a snapshot); NULL: each is owned */
} jx_network;

jx_status jx_network_build(jx_ctx *ctx, const jx_extract *x, const jx_profiles *p, jx_network **out) JX_MUST_USE;
void jx_network_free(jx_ctx *ctx, jx_network *net);
/** The notes a build ends with (turns, islands), for a network that was built before. */
void jx_network_tell(jx_ctx *ctx, const jx_network *net);
/** A second handle on the same arrays, which must outlive it. */
jx_status jx_network_borrow(jx_ctx *ctx, const jx_network *net, jx_network **out) JX_MUST_USE;
static inline uint32_t jx_arc_head(const jx_network *n, uint32_t arc) { return (arc & 1u) ? n->from[arc >> 1] : n->to[arc >> 1]; }
static inline uint32_t jx_arc_tail(const jx_network *n, uint32_t arc) { return (arc & 1u) ? n->to[arc >> 1] : n->from[arc >> 1]; }

/* ---- metric: time per arc ------------------------------------------------------------------------------------------ */

/** Heights under the streets. Longitude and latitude in degrees are the field's x and y. */
typedef struct jx_terrain {
    jx_field heights; /* metres, smoothed; NaN unknown */
    double smooth_m, step_m, level_slope; /* as used; profiles.yaml, `terrain` */
    double cell_m;    /* size of the cells as given, the mean of both sides */
} jx_terrain;
/** From a DEM as read (x, y in degrees, metres high) and the profile file's `terrain` keys: cells much smaller than the
 *  smoothing are drawn together, then the mean over a window is taken. The DEM is not kept. JX_E_INPUT: DEM_HEIGHTS where a
 *  number is no height on earth, as undeclared no-data values are. */
jx_status jx_terrain_new(jx_ctx *ctx, const jx_field *dem, const jx_profiles *p, jx_terrain **out) JX_MUST_USE;
void jx_terrain_free(jx_ctx *ctx, jx_terrain *t);

/** What a DEM did to one mode's times. Lengths of the streets the mode may use, ferries left out; all 0 without a DEM or a law. */
typedef struct jx_slope_stats {
    bool used;
    double street_km;
    double void_km;    /* no height is known: level */
    double level_km;   /* bridges and tunnels whose ends no sane slope joins: level */
    double own_km;     /* stairs: their speed is that of climbing already */
    double time_factor; /* time over all streets, both ways, as a multiple of the time on the flat */
} jx_slope_stats;

typedef struct jx_metric {
    jx_mode mode;
    uint32_t n_arcs;
    uint32_t *time_ms; /* 2 * n_edges, indexed like jx_network.arc's values; JX_UNREACHABLE: closed. 0 for barriers and a
                          few millimetres. Times along a way add up exactly however it is cut: adding a street never lengthens one */
    jx_slope_stats slope;
} jx_metric;
jx_status jx_metric_new(jx_ctx *ctx, const jx_network *net, const jx_profile *p, jx_metric **out) JX_MUST_USE;

/**
 * The same on terrain, each direction by itself. Heights are read every step along each way from its start, whatever cuts it, and
 * times along it are again differences of rounded times from its start: adding a street lengthens none. Where every height is the same,
 * or none is known, the times are those of jx_metric_new to the last bit; so are those of a mode without a law. Bridges and
 * tunnels leave the ground: one slope between the ends of the way, and level where that is steeper than level_slope. Warns
 * DEM_PARTLY. Parallel over ways; same bits for any thread count. Cost: O(street length / step).
 */
jx_status jx_metric_new_on(jx_ctx *ctx, const jx_network *net, const jx_profile *p, const jx_terrain *t, jx_metric **out) JX_MUST_USE;
void jx_metric_free(jx_ctx *ctx, jx_metric *m);

/* ---- joints: how a place stands on the network ------------------------------------------------------------------------ */

typedef struct jx_snap {
    uint32_t edge;       /* JX_NONE: off network */
    uint32_t pos_mm;     /* from the edge's `from` end, <= length_mm */
    uint32_t offroad_mm; /* straight distance to the joint (to the nearest edge even when off network, if any within 10x) */
    uint32_t offroad_ms; /* at the profile's off-road speed and detour */
    jx_pt joint;
} jx_snap;
/** Joint of each place with the nearest usable edge of the metric's mode (islands left out). Parallel. Ties: lower edge. */
jx_status jx_snap_all(jx_ctx *ctx, const jx_network *net, const jx_metric *m, const jx_profile *p, const jx_pt *places, uint32_t n,
                      jx_snap *out) JX_MUST_USE;

/**
 * Times along part of an edge, the one definition everything uses: walking `mm` of an edge of length L with arc time T
 * takes floor((T * mm + L / 2) / L) ms (T when L == 0). From a joint at pos: to `to` costs part(L - pos) of the forward arc,
 * to `from` part(pos) of the backward arc; two joints on one edge also see the direct piece |pos1 - pos2| in its direction.
 */
uint32_t jx_part_ms(uint32_t arc_ms, uint32_t part_mm, uint32_t length_mm);
/** a + b, saturating at JX_UNREACHABLE. */
static inline uint32_t jx_add_ms(uint32_t a, uint32_t b) { return a > UINT32_MAX - b ? UINT32_MAX : a + b; }

/** Where a place enters the network: a node (one of the two ends of its edge, mostly) with the time to get there. */
typedef struct jx_port {
    uint32_t node, ms;
} jx_port;

/** The open ends of a joint's edge with the time to them (leaving) or from them, off-road time included; returns how many, 0 to 2. */
uint32_t jx_snap_ports(const jx_network *net, const jx_metric *m, const jx_snap *s, bool leaving, jx_port out[2]);

/* ---- travel-time tables -------------------------------------------------------------------------------------------------- */

typedef enum jx_direction { JX_TO_FACILITY, JX_FROM_FACILITY } jx_direction;

/** cells x facilities within the cut-off, rows sorted by time then facility; nearest is exact beyond the cut-off too. */
typedef struct jx_table {
    jx_mode mode;
    jx_direction direction;
    uint32_t cutoff_ms;
    uint32_t n_cells, n_facilities;
    uint64_t *row;         /* n_cells + 1 */
    jx_table_entry *entry;
    uint32_t *nearest_ms;  /* JX_UNREACHABLE: none can be reached at all, or the cell is off network */
    uint32_t *nearest;     /* facility, JX_NONE */
} jx_table;

/** Exact integer times. Parallel over facilities; same bits for any thread count. Cost: one bounded Dijkstra a facility plus
 *  one multi-source run. A cell and a facility at the same joint take their two off-road times. */
jx_status jx_table_new(jx_ctx *ctx, const jx_network *net, const jx_metric *m, jx_direction dir, const jx_snap *cells, uint32_t n_cells,
                       const jx_snap *facilities, uint32_t n_facilities, uint32_t cutoff_ms, jx_table **out) JX_MUST_USE;
void jx_table_free(jx_ctx *ctx, jx_table *t);

#endif
