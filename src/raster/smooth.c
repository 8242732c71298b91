/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* Heights made calmer: means over blocks and over a window. Both keep a plane a plane, so they change noise and bends,
 * not slopes. */
#include <math.h>

#include "junxian/raster.h"

typedef struct calm {
    const jx_field *src;
    jx_field *dst;
    uint32_t kx, ky; /* block, or half width of the window */
} calm;

static float block_mean(const calm *a, size_t row, size_t col) {
    const jx_field *f = a->src;
    double sum = 0;
    for (size_t r = row * a->ky; r < (row + 1) * a->ky; r++) {
        for (size_t c = col * a->kx; c < (col + 1) * a->kx; c++) {
            sum += (double)f->v[r * f->n_cols + c];
        }
    }
    return (float)(sum / ((double)a->kx * a->ky)); /* NaN where one cell is */
}

static jx_status block_rows(jx_ctx *ctx, void *arg, size_t begin, size_t end, unsigned worker) {
    const calm *a = arg;
    (void)ctx;
    (void)worker;
    for (size_t r = begin; r < end; r++) {
        for (size_t c = 0; c < a->dst->n_cols; c++) {
            a->dst->v[r * a->dst->n_cols + c] = block_mean(a, r, c);
        }
    }
    return JX_OK;
}

jx_status jx_field_thin(jx_ctx *ctx, const jx_field *src, uint32_t kx, uint32_t ky, jx_field *dst) {
    kx = kx < 1 ? 1 : kx > src->n_cols ? src->n_cols : kx;
    ky = ky < 1 ? 1 : ky > src->n_rows ? src->n_rows : ky;
    JX_TRY(jx_field_init(ctx, src->n_cols / kx, src->n_rows / ky, src->west, src->north, src->dx * kx, src->dy * ky, dst));
    calm a = {src, dst, kx, ky};
    jx_status st = jx_parallel_for(ctx, dst->n_rows, 16, block_rows, &a);
    if (st != JX_OK) {
        jx_field_release(ctx, dst);
    }
    return st;
}

/* The mean of the cell and of the pairs of cells that lie opposite each other and are both known: on a plane each pair's mean
 * is the cell's own value, at the border and beside gaps too. */
static float window_mean(const calm *a, int64_t row, int64_t col) {
    const jx_field *f = a->src;
    int64_t kx = a->kx, ky = a->ky, n_cols = f->n_cols, n_rows = f->n_rows;
    double mid = (double)f->v[row * n_cols + col], sum = mid, n = 1;
    for (int64_t dr = 0; dr <= ky && row - dr >= 0 && row + dr < n_rows; dr++) {
        for (int64_t dc = dr == 0 ? 1 : -kx; dc <= kx; dc++) {
            if (col - dc < 0 || col + dc < 0 || col - dc >= n_cols || col + dc >= n_cols) {
                continue;
            }
            double p = (double)f->v[(row + dr) * n_cols + col + dc], q = (double)f->v[(row - dr) * n_cols + col - dc];
            if (!isnan(p) && !isnan(q)) {
                sum += p + q;
                n += 2;
            }
        }
    }
    return (float)(sum / n);
}

static jx_status window_rows(jx_ctx *ctx, void *arg, size_t begin, size_t end, unsigned worker) {
    const calm *a = arg;
    (void)ctx;
    (void)worker;
    for (size_t r = begin; r < end; r++) {
        for (size_t c = 0; c < a->dst->n_cols; c++) {
            a->dst->v[r * a->dst->n_cols + c] = window_mean(a, (int64_t)r, (int64_t)c);
        }
    }
    return JX_OK;
}

jx_status jx_field_smooth(jx_ctx *ctx, const jx_field *src, uint32_t rx, uint32_t ry, jx_field *dst) {
    JX_TRY(jx_field_init(ctx, src->n_cols, src->n_rows, src->west, src->north, src->dx, src->dy, dst));
    calm a = {src, dst, rx, ry};
    jx_status st = jx_parallel_for(ctx, dst->n_rows, 16, window_rows, &a);
    if (st != JX_OK) {
        jx_field_release(ctx, dst);
    }
    return st;
}
