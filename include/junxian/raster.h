/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Terrain: grids in memory, speed by slope along streets, walking time over open ground.
 * Knows neither files nor degrees: metres east and north in, seconds and factors out. Same bits on every machine: only
 * + - * / sqrt and num's own exp.
 */
#ifndef JUNXIAN_RASTER_H
#define JUNXIAN_RASTER_H

#include "junxian/base.h"

/* ---- fields: one number per cell -------------------------------------------------------------------------------- */

/** Heights, friction, ...: row-major, the first row northernmost, NaN where nothing is known. Plain and open, so that a
 *  caller may also point it at numbers of its own. Units are the caller's; slopes and costs need metres. */
typedef struct jx_field {
    uint32_t n_cols, n_rows; /* together below 2^32 - 1 cells */
    double west, north;      /* outer corner of the first cell */
    double dx, dy;           /* size of a cell, both > 0 */
    float *v;
} jx_field;

/** All NaN. JX_E_INPUT (FIELD_SHAPE) when empty, too large, or the cell size is not positive and finite. */
jx_status jx_field_init(jx_ctx *ctx, uint32_t n_cols, uint32_t n_rows, double west, double north, double dx, double dy,
                        jx_field *out) JX_MUST_USE;
void jx_field_release(jx_ctx *ctx, jx_field *f);

/** Cell that holds a point; JX_NONE outside. West and north borders belong to a cell, east and south ones only to the
 *  last column and row. */
uint32_t jx_field_cell(const jx_field *f, double x, double y);

/** Bilinear between the four nearest cell centres; within half a cell of the border the border's values go on. NaN
 * outside the field and where a centre that has weight is NaN. O(1). */
double jx_field_sample(const jx_field *f, double x, double y);

/** Steepest slope (rise over run, >= 0) at a cell from its eight neighbours: Horn 1981, as gdaldem and r.slope.aspect
 * do. NaN at the border and beside NaN. */
double jx_field_slope(const jx_field *f, uint32_t col, uint32_t row);

/** Where a point of the new field lies in the old one's coordinates (a jx_plane's inverse for instance). */
typedef void (*jx_field_map)(const void *user, double x, double y, double *src_x, double *src_y);
/** Fill `dst` (initialised) from `src` by sampling at the mapped cell centres; map NULL: same coordinates. A DEM in
 * degrees becomes one in metres that way. Threads: over rows. O(cells). */
jx_status jx_field_resample(jx_ctx *ctx, const jx_field *src, jx_field_map map, const void *user,
                            jx_field *dst) JX_MUST_USE;

/** A field of larger cells, kx x ky old ones each: their mean, NaN where one of them is. Cells left over in the east and
 * south are dropped. `dst` need not be initialised. Threads: over rows. O(cells). */
jx_status jx_field_thin(jx_ctx *ctx, const jx_field *src, uint32_t kx, uint32_t ky, jx_field *dst) JX_MUST_USE;

/** The mean over a window of 2 rx + 1 by 2 ry + 1 cells, taken over pairs of known cells opposite each other, so that a
 * plane stays the same to rounding, also at the border and beside gaps. NaN stays NaN. `dst` need not be initialised.
 * Threads: over rows. O(cells x window). */
jx_status jx_field_smooth(jx_ctx *ctx, const jx_field *src, uint32_t rx, uint32_t ry, jx_field *dst) JX_MUST_USE;

/* ---- speed by slope --------------------------------------------------------------------------------------------- */

typedef enum jx_slope_law {
    /** Tobler 1993 (Three presentations on geographical analysis and modeling, NCGIA 93-1): 6 exp(-3.5 |s + 0.05|)
     * km/h, 5.04 on the flat, 6 at 5 % downhill. Only its shape is used, as in AccessMod: times whatever the flat speed
     * is. */
    JX_SLOPE_WALK_TOBLER,
    /** AccessMod's bicycle (the WHO's tool for access to health care, Ray and Ebener 2008, Int. J. Health Geographics
     * 7:63; formula and constants: its user manual, "Speed correction for the bicycling model", and its source,
     * r.walk.accessmod, bicycleSpeed.h): the power that gives the flat speed is held on every slope, P = v (R + A v^2),
     * R = 9.8 m/s^2 x 95 kg x (slope + 0.012), A = 0.445 m^2 / 2 x density of air at 20 degrees and 500 m, no wind;
     * downhill never above twice the flat speed. The balance is that of Martin et al. 1998 (J. Applied Biomechanics
     * 14:276). Ours in addition: who would climb slower than he walks (Tobler) gets off and pushes. */
    JX_SLOPE_BIKE_POWER
} jx_slope_law;

typedef struct jx_slope_model {
    jx_slope_law law;
    double flat_kmh; /* riding speed on the flat, > 0; walking does not ask */
} jx_slope_model;

/** Tobler's walker on the flat: 6 exp(-0.175) km/h. */
#define JX_TOBLER_FLAT_KMH 5.036742124615245

/** Streets steeper than this are the DEM's mistake (a cliff beside the street): slopes are cut to +-1, 45 degrees. */
#define JX_SLOPE_MAX 1.0

/** Speed on slope s (rise over run, uphill > 0) as a multiple of the speed on the flat; > 0. Walking and riding: 0
 * gives 1 to rounding. */
double jx_slope_speed(const jx_slope_model *m, double s);

/** Time along a line as a multiple of the time on the flat, in 1/65536: 65536 is flat. Times are
 *  (uint64_t)flat_ms * fwd_q16 + 32768 >> 16. */
typedef struct jx_slope_factor {
    uint32_t fwd_q16, bwd_q16; /* from the first point to the last, and back */
    uint32_t pieces, voids;    /* sampled pieces, and those counted as flat because the field is NaN at an end */
} jx_slope_factor;

/**
 * The factor of one line: cut into ceil(length / step_m) equal pieces (at least one), heights at their ends, time
 * summed over the pieces. A line that leaves the ground (bridge, tunnel) is asked with step_m = INFINITY: one piece,
 * end to end. step_m > 0, about a cell; shorter steps see the noise of the DEM. n < 2 or no length: flat, no pieces.
 * O(n + length / step_m), no memory, any thread.
 */
jx_slope_factor jx_slope_along(const jx_field *dem, const jx_slope_model *m, const double *x, const double *y, size_t n,
                               double step_m);

/** The same for many lines: line i has points first[i] .. first[i + 1]. `bridge` (may be NULL) marks lines taken end to
 * end. Says DEM_VOIDS once with the count when pieces had no height. Threads: over lines; same bits for any number. */
jx_status jx_slope_factors(jx_ctx *ctx, const jx_field *dem, const jx_slope_model *m, const double *x, const double *y,
                           const size_t *first, const bool *bridge, size_t n_lines, double step_m,
                           jx_slope_factor *out) JX_MUST_USE;

/* ---- cost surface: walking over open ground --------------------------------------------------------------------- */

typedef enum jx_walk_law {
    /** Naismith as corrected by Aitken 1977 and Langmuir 1984, exactly as GRASS r.walk defines it: seconds of a step =
     *  a dS + b dH uphill, c dH downhill to slope_factor, d dH steeper, plus lambda * friction * dS (friction: seconds
     * per metre). */
    JX_WALK_LANGMUIR,
    /** Tobler 1993 times friction (1: a path; Tobler's own figure off paths is 5/3): seconds = dS / v(slope) *
       friction. */
    JX_WALK_TOBLER
} jx_walk_law;

enum jx_walk_flags {
    JX_WALK_KNIGHT = 1,  /* sixteen neighbours instead of eight: at most 2.8 % too long on the flat instead of 8.2 % */
    JX_WALK_REVERSE = 2, /* times towards the starts instead of away from them */
    JX_WALK_VOID_FLAT =
        4 /* where heights are NaN the ground is level; without it such cells cannot be crossed (as in r.walk) */
};

typedef struct jx_walk_model {
    jx_walk_law law;
    unsigned flags;
    double a, b, c, d, slope_factor, lambda; /* Langmuir only */
    double max_s;                            /* cells farther than this stay unreached; INFINITY: none */
} jx_walk_model;
/** r.walk's defaults: 0.72, 6.0, 1.9998, -1.9998, slope factor -0.2125, lambda 1. */
jx_walk_model jx_walk_langmuir(void);
jx_walk_model jx_walk_tobler(void);

typedef struct jx_walk_start {
    uint32_t cell; /* row * n_cols + col; jx_field_cell() */
    double time_s; /* what was spent before, >= 0 */
} jx_walk_start;

typedef struct jx_walk_report {
    uint64_t reached; /* cells with a time */
    uint64_t blocked; /* starts on cells that cannot be entered: they reach nothing */
} jx_walk_report;

/**
 * Least accumulated time from the nearest of many starts to every cell (Dijkstra on the grid's graph; friction of a
 * step is the mean of the cells it touches: two, four for a knight's move).
 *
 * @param heights      metres; NaN: see flags
 * @param friction     NULL, or one number >= 0 (Langmuir) or > 0 (Tobler) per cell of heights; NaN: cannot be entered
 * @param[out] time_s  one per cell, INFINITY where not reached
 * @param[out] origin  index of the start that is nearest (the smallest index among equals), JX_NONE; may be NULL
 * @param[out] rep     may be NULL
 * @return JX_OK; JX_E_INPUT: WALK_MODEL (a step could cost less than nothing), FRICTION_BAD, WALK_START; JX_E_NOMEM,
 * JX_E_CANCELLED
 *
 * Cost: O(cells log front), about 20 bytes a cell while it runs. Deterministic: the result does not depend on the order
 * of the starts but for `origin`, whose numbers they give. One thread. Empty: n == 0 reaches nothing.
 */
jx_status jx_walk_times(jx_ctx *ctx, const jx_field *heights, const float *friction, const jx_walk_model *m,
                        const jx_walk_start *starts, size_t n, double *time_s, uint32_t *origin,
                        jx_walk_report *rep) JX_MUST_USE;

/** Seconds as the engine's travel time: milliseconds rounded to nearest; INFINITY and what does not fit:
 * JX_UNREACHABLE. */
uint32_t jx_walk_ms(double time_s);

#endif
