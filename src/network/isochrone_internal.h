/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Isochrones in three steps: streets within the last band become straight pieces with times (isochrone_pieces.c); the
 * pieces lay their distance on a sparse grid (isochrone_field.c); each band is contoured into rings and polygons
 * (isochrone_rings.c).
 */
#ifndef JX_ISOCHRONE_INTERNAL_H
#define JX_ISOCHRONE_INTERNAL_H

#include "junxian/isochrone.h"
#include "junxian/turns.h"

enum {
    JX__ISO_STEPS = 64, /* positions of a corner along a side of a square: all of them whole units of 1e-7 degrees */
    JX__ISO_TILE = 64   /* grid points along a tile */
};

/** A straight piece of street, entered at `a`. Times rise from a to b. */
typedef struct jx__piece {
    jx_pt a, b;
    uint32_t ms_a, ms_b;
    uint32_t bound; /* one cannot leave the street here */
} jx__piece;
typedef JX_VEC(jx__piece) jx__pieces;

/** Lengths everything is drawn with, metres. */
typedef struct jx__iso_sizes {
    int32_t dx, dy;   /* a square in 1e-7 degrees, multiples of JX__ISO_STEPS */
    double cell_m;    /* its height */
    double diag_m;    /* its diagonal, where it is longest */
    double swallow_m; /* bends nearer to one another than this are drawn straight */
    double slack_m;   /* and so much is added for it */
    double min_m;     /* radius around any street reached */
    double reach_m;   /* largest radius */
    double piece_m;   /* longest piece */
    double m_per_ms;  /* crow-fly metres of walking */
} jx__iso_sizes;

/** Metres per 1e-7 degree, the same within a hundredth of a degree of latitude; kept until another is asked. */
typedef struct jx__iso_scale {
    int32_t slice; /* start with INT32_MIN */
    double kx, ky;
} jx__iso_scale;
void jx__iso_scale_at(jx__iso_scale *s, int32_t lat);

/** What the streets are read from. */
typedef struct jx__iso_source {
    const jx_network *net;
    const uint32_t *time;
    jx_direction dir;
    const uint32_t *node_ms;
    const jx_snap *origins;
    uint32_t n_origins, last_ms;
} jx__iso_source;

/** isochrone_pieces.c: box of the nodes reached (empty: none), then the pieces. */
jx_box jx__iso_box(const jx__iso_source *src);
jx_status jx__iso_pieces(jx_ctx *ctx, const jx__iso_source *src, const jx__iso_sizes *z, jx__pieces *out);

/** isochrone_field.c: values at the points of a sparse grid; <= 0 is inside. Point (c, r) lies at c * dx, r * dy. */
typedef struct jx__field {
    jx__iso_sizes z;
    int32_t col0, row0; /* of the first tile */
    uint32_t tiles_x, tiles_y, n_slots;
    uint32_t *slot;    /* per tile, JX_NONE: nothing near */
    uint32_t *tile_of; /* per slot */
    float *value;      /* n_slots * TILE * TILE */
    const jx__pieces *pieces;
    uint32_t *off, *item; /* pieces near each slot */
    uint32_t band_ms, done_ms;
    bool begun; /* done_ms counts */
} jx__field;
jx_status jx__field_init(jx_ctx *ctx, jx__field *f, const jx__iso_sizes *z, const jx__pieces *pieces);
void jx__field_release(jx_ctx *ctx, jx__field *f);
/** Lowers the values to those of this band; bands must ascend. */
jx_status jx__field_raise(jx_ctx *ctx, jx__field *f, uint32_t band_ms);
static inline float jx__field_at(const jx__field *f, int32_t col, int32_t row) {
    uint32_t x = (uint32_t)(col - f->col0), y = (uint32_t)(row - f->row0), tx = x / JX__ISO_TILE, ty = y / JX__ISO_TILE;
    uint32_t slot = tx < f->tiles_x && ty < f->tiles_y ? f->slot[(size_t)ty * f->tiles_x + tx] : JX_NONE;
    return slot == JX_NONE
               ? 1e30f
               : f->value[((size_t)slot * JX__ISO_TILE + y % JX__ISO_TILE) * JX__ISO_TILE + x % JX__ISO_TILE];
}

/** isochrone_rings.c: where the field is <= 0; specks of holes are filled in it. */
jx_status jx__field_contour(jx_ctx *ctx, jx__field *f, jx_mpoly *out);

#endif
