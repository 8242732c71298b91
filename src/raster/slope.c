/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* Speed by slope, and what a street's slopes do to the time along it. Sources of the laws: junxian/raster.h. */
#include <math.h>

#include "raster_internal.h"

#define Q16 65536.0

double jx__tobler(double s) {
    return jx_exp(-3.5 * (fabs(s + 0.05) - 0.05));
}

/* Riding at constant power. The balance A v^3 + R v = P has one positive root (P > 0); seen from twice the flat speed
 * it lies to the left and the curve bends upwards, so Newton's steps fall towards it and stop where they no longer
 * fall. */
static double ride(double flat_kmh, double s) {
    const double mass_kg = 80 + 15, g = 9.8, rolling = 0.012, drag_m2 = 0.445;
    const double air = (1.293 - 0.00426 * 20) * 0.9310627797040227; /* kg per m^3; the last is exp(-500 / 7000) */
    const double flat = flat_kmh / 3.6, a = 0.5 * drag_m2 * air;
    const double power = flat * (mass_kg * g * rolling + a * flat * flat), r = mass_kg * g * (s + rolling);
    double v = 2 * flat;
    if (v * (r + a * v * v) <= power) {
        return 2;
    }
    for (int i = 0; i < 100; i++) {
        double next = (2 * a * v * v * v + power) / (3 * a * v * v + r);
        if (!(next < v)) {
            break;
        }
        v = next;
    }
    return v / flat;
}

double jx_slope_speed(const jx_slope_model *m, double s) {
    s = s > JX_SLOPE_MAX ? JX_SLOPE_MAX : s < -JX_SLOPE_MAX ? -JX_SLOPE_MAX : s;
    if (m->law == JX_SLOPE_WALK_TOBLER) {
        return jx__tobler(s);
    }
    double rides = ride(m->flat_kmh, s);
    if (s <= 0) {
        return rides;
    }
    /* on the flat he rides, however slow, and up a hill he is no faster than there */
    double push = jx__tobler(s) * JX_TOBLER_FLAT_KMH / m->flat_kmh;
    push = push < 1 ? push : 1;
    return push > rides ? push : rides;
}

/* ---- along a line ----------------------------------------------------------------------------------------------- */

/* Walks along a line: the point at a distance that only grows. */
typedef struct cursor {
    const double *x, *y;
    size_t n, i;    /* on the segment from point i to i + 1 */
    double at, len; /* distance where the segment starts, and its length */
} cursor;

static double seg_len(const cursor *c, size_t i) {
    double dx = c->x[i + 1] - c->x[i], dy = c->y[i + 1] - c->y[i];
    return sqrt(dx * dx + dy * dy);
}

static double height_at(cursor *c, const jx_field *dem, double dist) {
    while (dist > c->at + c->len && c->i + 2 < c->n) {
        c->at += c->len;
        c->len = seg_len(c, ++c->i);
    }
    double t = c->len > 0 ? (dist - c->at) / c->len : 0;
    t = t > 1 ? 1 : t;
    return jx_field_sample(dem, c->x[c->i] + t * (c->x[c->i + 1] - c->x[c->i]),
                           c->y[c->i] + t * (c->y[c->i + 1] - c->y[c->i]));
}

static uint32_t to_q16(double factor) {
    return factor >= 65535 ? UINT32_MAX : (uint32_t)(factor * Q16 + 0.5);
}

jx_slope_factor jx_slope_along(const jx_field *dem, const jx_slope_model *m, const double *x, const double *y, size_t n,
                               double step_m) {
    const uint32_t flat = (uint32_t)Q16;
    cursor c = {x, y, n, 0, 0, 0};
    double length = 0, fwd = 0, bwd = 0;
    for (size_t i = 0; i + 1 < n; i++) {
        length += seg_len(&c, i);
    }
    if (n < 2 || !(length > 0) || !isfinite(length)) {
        return (jx_slope_factor){flat, flat, 0, 0};
    }
    double want = ceil(length / step_m);
    uint32_t pieces = want >= 1e6 ? 1000000 : want > 1 ? (uint32_t)want : 1, voids = 0;
    double each = length / pieces, before = jx_field_sample(dem, x[0], y[0]);
    c.len = seg_len(&c, 0);
    for (uint32_t k = 1; k <= pieces; k++) {
        double h = k < pieces ? height_at(&c, dem, each * k) : jx_field_sample(dem, x[n - 1], y[n - 1]);
        double s = (h - before) / each;
        bool known = !isnan(s);
        voids += !known;
        fwd += known ? 1 / jx_slope_speed(m, s) : 1;
        bwd += known ? 1 / jx_slope_speed(m, -s) : 1;
        before = h;
    }
    return (jx_slope_factor){to_q16(fwd / pieces), to_q16(bwd / pieces), pieces, voids};
}

typedef struct factors {
    const jx_field *dem;
    const jx_slope_model *m;
    const double *x, *y;
    const size_t *first;
    const bool *bridge;
    double step_m;
    jx_slope_factor *out;
} factors;

static jx_status factor_block(jx_ctx *ctx, void *arg, size_t begin, size_t end, unsigned worker) {
    const factors *a = arg;
    (void)ctx;
    (void)worker;
    for (size_t i = begin; i < end; i++) {
        size_t at = a->first[i];
        double step = a->bridge && a->bridge[i] ? INFINITY : a->step_m;
        a->out[i] = jx_slope_along(a->dem, a->m, a->x + at, a->y + at, a->first[i + 1] - at, step);
    }
    return JX_OK;
}

jx_status jx_slope_factors(jx_ctx *ctx, const jx_field *dem, const jx_slope_model *m, const double *x, const double *y,
                           const size_t *first, const bool *bridge, size_t n_lines, double step_m,
                           jx_slope_factor *out) {
    if (!(step_m > 0)) {
        return JX_FAIL(ctx, SLOPE_STEP, JX_R(step_m, 3));
    }
    if (m->law == JX_SLOPE_BIKE_POWER && !(m->flat_kmh > 0 && m->flat_kmh < 200)) {
        return JX_FAIL(ctx, SLOPE_SPEED, JX_R(m->flat_kmh, 3));
    }
    factors a = {dem, m, x, y, first, bridge, step_m, out};
    JX_TRY(jx_parallel_for(ctx, n_lines, 256, factor_block, &a));
    uint64_t pieces = 0, voids = 0;
    for (size_t i = 0; i < n_lines; i++) {
        pieces += out[i].pieces;
        voids += out[i].voids;
    }
    if (voids) {
        JX_WARN(ctx, DEM_VOIDS, JX_I((int64_t)voids), JX_I((int64_t)pieces));
    }
    return JX_OK;
}
