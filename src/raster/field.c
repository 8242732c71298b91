/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* Fields: a number per cell, read between cell centres. */
#include <math.h>

#include "junxian/raster.h"

jx_status jx_field_init(jx_ctx *ctx, uint32_t n_cols, uint32_t n_rows, double west, double north, double dx, double dy,
                        jx_field *out) {
    *out = (jx_field){n_cols, n_rows, west, north, dx, dy, NULL};
    uint64_t n = (uint64_t)n_cols * n_rows;
    if (n == 0 || n >= JX_NONE ||
        !(dx > 0 && dy > 0 && isfinite(dx) && isfinite(dy) && isfinite(west) && isfinite(north))) {
        return JX_FAIL(ctx, FIELD_SHAPE, JX_I(n_cols), JX_I(n_rows), JX_R(dx, 6), JX_R(dy, 6));
    }
    out->v = jx_malloc(ctx, (size_t)n, sizeof *out->v);
    if (!out->v) {
        return JX_E_NOMEM;
    }
    for (uint64_t i = 0; i < n; i++) {
        out->v[i] = NAN;
    }
    return JX_OK;
}

void jx_field_release(jx_ctx *ctx, jx_field *f) {
    jx_free(ctx, f->v);
    *f = (jx_field){0};
}

/* Position in units of cells; false outside. */
static bool locate(const jx_field *f, double x, double y, double *col, double *row) {
    *col = (x - f->west) / f->dx;
    *row = (f->north - y) / f->dy;
    return *col >= 0 && *row >= 0 && *col <= f->n_cols && *row <= f->n_rows;
}

uint32_t jx_field_cell(const jx_field *f, double x, double y) {
    double col, row;
    if (!locate(f, x, y, &col, &row)) {
        return JX_NONE;
    }
    uint32_t c = (uint32_t)col, r = (uint32_t)row;
    return (r < f->n_rows ? r : f->n_rows - 1) * f->n_cols + (c < f->n_cols ? c : f->n_cols - 1);
}

/* The two cells whose centres enclose a position along one axis, and the weight of the second. */
static double between(double at, uint32_t n, uint32_t *lo, uint32_t *hi) {
    at -= 0.5;
    if (at <= 0 || n == 1) {
        *lo = *hi = 0;
        return 0;
    }
    if (at >= n - 1) {
        *lo = *hi = n - 1;
        return 0;
    }
    *lo = (uint32_t)at;
    *hi = *lo + 1;
    return at - *lo;
}

/* (1 - t) a + t b, where an end without weight may be NaN. */
static double mix(double a, double b, double t) {
    return t <= 0 ? a : a + t * (b - a);
}

double jx_field_sample(const jx_field *f, double x, double y) {
    double col, row;
    uint32_t c0, c1, r0, r1;
    if (!locate(f, x, y, &col, &row)) {
        return NAN;
    }
    double tc = between(col, f->n_cols, &c0, &c1), tr = between(row, f->n_rows, &r0, &r1);
    const float *top = f->v + (size_t)r0 * f->n_cols, *bottom = f->v + (size_t)r1 * f->n_cols;
    return mix(mix(top[c0], top[c1], tc), mix(bottom[c0], bottom[c1], tc), tr);
}

double jx_field_slope(const jx_field *f, uint32_t col, uint32_t row) {
    if (col == 0 || row == 0 || col + 1 >= f->n_cols || row + 1 >= f->n_rows) {
        return NAN;
    }
    const float *n = f->v + (size_t)(row - 1) * f->n_cols + col, *m = n + f->n_cols, *s = m + f->n_cols;
    double ew = ((double)n[1] + 2.0 * m[1] + s[1]) - ((double)n[-1] + 2.0 * m[-1] + s[-1]);
    double ns = ((double)n[-1] + 2.0 * n[0] + n[1]) - ((double)s[-1] + 2.0 * s[0] + s[1]);
    double gx = ew / (8 * f->dx), gy = ns / (8 * f->dy);
    return isnan(*m) ? NAN : sqrt(gx * gx + gy * gy);
}

typedef struct resampling {
    const jx_field *src;
    jx_field_map map;
    const void *user;
    jx_field *dst;
} resampling;

static jx_status resample_rows(jx_ctx *ctx, void *arg, size_t begin, size_t end, unsigned worker) {
    const resampling *a = arg;
    const jx_field *d = a->dst;
    (void)ctx;
    (void)worker;
    for (size_t r = begin; r < end; r++) {
        for (uint32_t c = 0; c < d->n_cols; c++) {
            double x = d->west + (c + 0.5) * d->dx, y = d->north - ((double)r + 0.5) * d->dy, sx = x, sy = y;
            if (a->map) {
                a->map(a->user, x, y, &sx, &sy);
            }
            d->v[r * d->n_cols + c] = (float)jx_field_sample(a->src, sx, sy);
        }
    }
    return JX_OK;
}

jx_status jx_field_resample(jx_ctx *ctx, const jx_field *src, jx_field_map map, const void *user, jx_field *dst) {
    resampling a = {src, map, user, dst};
    return jx_parallel_for(ctx, dst->n_rows, 16, resample_rows, &a);
}
