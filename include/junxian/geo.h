/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Geometry of a county: coordinate systems, the local metric plane, polygons, a static spatial index, grids.
 * Positions are jx_pt (1e-7 degrees WGS 84); metres are doubles on a jx_plane.
 */
#ifndef JUNXIAN_GEO_H
#define JUNXIAN_GEO_H

#include "junxian/base.h"

/* ---- coordinate systems --------------------------------------------------------------------------------------- */

typedef enum jx_crs { JX_CRS_UNKNOWN, JX_CRS_WGS84, JX_CRS_CGCS2000, JX_CRS_GCJ02, JX_CRS_BD09 } jx_crs;
/** "wgs84", "EPSG:4326", "cgcs2000", "EPSG:4490", "gcj02", "bd09" (any case) -> crs; JX_CRS_UNKNOWN otherwise. */
jx_crs jx_crs_parse(const char *name);
const char *jx_crs_name(jx_crs crs);
/** Degrees in `crs` to WGS 84 degrees. CGCS2000 is WGS 84 to some centimetres. Exact inverse iteration (< 1e-9 deg). */
void jx_to_wgs84(jx_crs crs, double *lon, double *lat);
void jx_from_wgs84(jx_crs crs, double *lon, double *lat);
/** Degrees -> jx_pt, rounded to nearest; false when outside +-180/+-90 or not finite. */
bool jx_pt_from_deg(double lon, double lat, jx_pt *out);
static inline double jx_deg(int32_t e7) { return (double)e7 / 1e7; }

void jx_box_add(jx_box *b, jx_pt p);
void jx_box_join(jx_box *b, jx_box other);
bool jx_box_has(jx_box b, jx_pt p);
static inline bool jx_box_meets(jx_box a, jx_box b) {
    return a.min_lon <= b.max_lon && b.min_lon <= a.max_lon && a.min_lat <= b.max_lat && b.min_lat <= a.max_lat;
}
/** Box grown by metres on every side, clamped to the globe. */
jx_box jx_box_grow(jx_box b, double metres);

/** Length of the segment in millimetres on the GRS 80 ellipsoid (radii of curvature at mid-latitude; < 1e-6 relative
 *  below 100 km). Symmetric, deterministic, rounded to nearest. */
uint32_t jx_seg_mm(jx_pt a, jx_pt b);

/* ---- the local metric plane ------------------------------------------------------------------------------------ */

/** Transverse Mercator (Krueger series to n^6) on GRS 80, scale 1, centred on a point: x east, y north, metres. */
typedef struct jx_plane {
    double lon0, lat0; /* degrees of the origin */
    double a6[6], b6[6], rect_radius, y0, n, e;
} jx_plane;
void jx_plane_init(jx_plane *pl, double lon0_deg, double lat0_deg);
void jx_plane_fwd(const jx_plane *pl, double lon_deg, double lat_deg, double *x, double *y);
void jx_plane_inv(const jx_plane *pl, double x, double y, double *lon_deg, double *lat_deg);
void jx_plane_pt(const jx_plane *pl, jx_pt p, double *x, double *y);
jx_pt jx_plane_to_pt(const jx_plane *pl, double x, double y);

/* ---- polygons -------------------------------------------------------------------------------------------------- */

/** Multipolygon, flat. Rings closed (first == last), outer rings counter-clockwise, holes clockwise, each outer
 *  followed by its holes. part_off counts rings, ring_off counts points. Owned arrays. */
typedef struct jx_mpoly {
    jx_pt *pts;
    uint32_t *ring_off; /* n_rings + 1 */
    uint32_t *part_off; /* n_parts + 1 */
    uint32_t n_pts, n_rings, n_parts;
    jx_box box;
} jx_mpoly;
void jx_mpoly_release(jx_ctx *ctx, jx_mpoly *m);
jx_status jx_mpoly_copy(jx_ctx *ctx, const jx_mpoly *m, jx_mpoly *out) JX_MUST_USE;
/** Even-odd; points on an edge count as inside. O(points). */
bool jx_mpoly_has(const jx_mpoly *m, jx_pt p);
double jx_mpoly_area_m2(const jx_mpoly *m); /* holes subtracted; on a plane centred on the box */
/** A point inside for labels (pole of inaccessibility, coarse). */
jx_pt jx_mpoly_label_point(const jx_mpoly *m);
/** Rectangle as a multipolygon. */
jx_status jx_mpoly_from_box(jx_ctx *ctx, jx_box b, jx_mpoly *out) JX_MUST_USE;

typedef struct jx_line {
    const jx_pt *pts;
    uint32_t n;
} jx_line;
typedef struct jx_assembly_report {
    uint32_t open_ends;      /* chains that did not close (missing members) */
    uint32_t crossings;      /* rings that cross themselves or one another; their position in `where` */
    jx_pt where;
    uint32_t rings, duplicate_lines;
} jx_assembly_report;
/**
 * Assemble rings from line strings in any order and direction; roles are ignored, nesting is computed (OSM multipolygon
 * rules: touching rings at a point are legal, duplicate segments cancel). Open chains are dropped and counted; a self-
 * crossing ring is kept and counted. n_parts may be 0. O(n log n) in points.
 */
jx_status jx_mpoly_assemble(jx_ctx *ctx, const jx_line *lines, size_t n, jx_mpoly *out, jx_assembly_report *rep) JX_MUST_USE;

/** Point-in-polygon prepared for many tests: edges in latitude slabs. Owned. About O(sqrt points) a test. */
typedef struct jx_prepared jx_prepared;
jx_status jx_prepare(jx_ctx *ctx, const jx_mpoly *m, jx_prepared **out) JX_MUST_USE; /* borrows m */
bool jx_prepared_has(const jx_prepared *p, jx_pt q);
void jx_prepared_free(jx_ctx *ctx, jx_prepared *p);

/** Douglas-Peucker on integer positions, tolerance in metres; keeps ends. Writes kept indices; returns how many. */
jx_status jx_simplify(jx_ctx *ctx, const jx_pt *pts, uint32_t n, double tol_m, uint32_t *keep, uint32_t *n_keep) JX_MUST_USE;

/* ---- static spatial index over boxes ----------------------------------------------------------------------------- */

/** Packed Hilbert R-tree, node size 16. Item i is boxes[i]. */
typedef struct jx_rtree jx_rtree;
jx_status jx_rtree_build(jx_ctx *ctx, const jx_box *boxes, uint32_t n, jx_rtree **out) JX_MUST_USE;
void jx_rtree_free(jx_ctx *ctx, jx_rtree *t);
/** Calls fn for each item whose box meets q, in an unspecified but deterministic order; fn returning false stops. */
void jx_rtree_query(const jx_rtree *t, jx_box q, bool (*fn)(void *user, uint32_t item), void *user);
/**
 * Nearest items by a caller's exact distance: visits items in order of box distance (metres, lower bound) from p until the
 * next bound exceeds the best; `dist(user, item, best)` returns the exact distance in metres (>= 0), or a negative number
 * to skip the item. Ties: the lower item wins. JX_NONE when none is within max_m. Thread-safe.
 */
uint32_t jx_rtree_nearest(const jx_rtree *t, jx_pt p, double max_m, double (*dist)(void *user, uint32_t item, double best),
                          void *user, double *best_m);

/** Distance from p to segment a-b in metres (local scale at p), and the position of the foot in 0..1. */
double jx_pt_seg_m(jx_pt p, jx_pt a, jx_pt b, double *t);
double jx_pt_pt_m(jx_pt a, jx_pt b);
/** Metres per 1e-7 degree of longitude and latitude at p: for callers that measure many things around one place. */
void jx_scale_at(jx_pt p, double *kx, double *ky);

/* ---- grids ------------------------------------------------------------------------------------------------------- */

typedef enum jx_grid_kind { JX_GRID_SQUARE, JX_GRID_HEX } jx_grid_kind;
/** Regular cells on a plane: squares of side `size`, or pointy-top hexagons with `size` between opposite sides. */
typedef struct jx_grid {
    jx_plane plane;
    jx_grid_kind kind;
    double size_m;
} jx_grid;
/** Column and row of the cell that holds p. Origin at the plane's origin, so ids do not depend on the data's extent. */
void jx_grid_cell(const jx_grid *g, jx_pt p, int32_t *col, int32_t *row);
/** Ring of the cell, counter-clockwise, closed; 5 or 7 points. Returns how many. */
unsigned jx_grid_ring(const jx_grid *g, int32_t col, int32_t row, jx_pt out[7]);
jx_pt jx_grid_center(const jx_grid *g, int32_t col, int32_t row);
double jx_grid_cell_area_m2(const jx_grid *g);
/** Neighbours: 4 or 8 for squares, 6 for hexagons (n is 4, 8 or 6). Writes n pairs. */
void jx_grid_neighbours(const jx_grid *g, int32_t col, int32_t row, unsigned n, int32_t (*out)[2]);

#endif
