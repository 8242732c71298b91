/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Regular cells on a plane. Hexagons are pointy-top in odd-row offset coordinates: odd rows stand half a cell to the
 * east. */
#include <math.h>

#include "junxian/geo.h"

static const double sqrt3 = 1.7320508075688772;

static double row_step(const jx_grid *g) {
    return g->size_m * sqrt3 / 2;
} /* of hexagons: 3/4 of the height 2/sqrt3 * size */

static bool odd(int32_t v) {
    return (v & 1) != 0;
}

static void center_xy(const jx_grid *g, int32_t col, int32_t row, double *x, double *y) {
    if (g->kind == JX_GRID_HEX) {
        *x = (col + (odd(row) ? 0.5 : 0)) * g->size_m;
        *y = row * row_step(g);
    } else {
        *x = (col + 0.5) * g->size_m;
        *y = (row + 0.5) * g->size_m;
    }
}

/* The nearest of the candidate centres around; the cells are their Voronoi regions. Ties go to the lower row, then
 * column. */
static void hex_cell(const jx_grid *g, double x, double y, int32_t *col, int32_t *row) {
    int32_t r0 = (int32_t)floor(y / row_step(g));
    double best = HUGE_VAL;
    for (int32_t r = r0; r <= r0 + 1; r++) {
        int32_t c0 = (int32_t)floor(x / g->size_m - (odd(r) ? 0.5 : 0));
        for (int32_t c = c0; c <= c0 + 1; c++) {
            double cx, cy;
            center_xy(g, c, r, &cx, &cy);
            double d = (x - cx) * (x - cx) + (y - cy) * (y - cy);
            if (d < best) {
                best = d;
                *col = c;
                *row = r;
            }
        }
    }
}

void jx_grid_cell(const jx_grid *g, jx_pt p, int32_t *col, int32_t *row) {
    double x, y;
    jx_plane_pt(&g->plane, p, &x, &y);
    if (g->kind == JX_GRID_HEX) {
        hex_cell(g, x, y, col, row);
    } else {
        *col = (int32_t)floor(x / g->size_m);
        *row = (int32_t)floor(y / g->size_m);
    }
}

/* Corners are counted on a lattice, so that neighbours have the very same ones. */
unsigned jx_grid_ring(const jx_grid *g, int32_t col, int32_t row, jx_pt out[7]) {
    if (g->kind == JX_GRID_HEX) {
        static const int8_t dx[7] = {1, 0, -1, -1, 0, 1, 1}, dy[7] = {1, 2, 1, -1, -2, -1, 1};
        double half = g->size_m / 2, third = g->size_m / (2 * sqrt3), x = 2.0 * col + (odd(row) ? 1 : 0), y = 3.0 * row;
        for (int i = 0; i < 7; i++) {
            out[i] = jx_plane_to_pt(&g->plane, (x + dx[i]) * half, (y + dy[i]) * third);
        }
        return 7;
    }
    static const int8_t ux[5] = {0, 1, 1, 0, 0}, uy[5] = {0, 0, 1, 1, 0};
    for (int i = 0; i < 5; i++) {
        out[i] = jx_plane_to_pt(&g->plane, ((double)col + ux[i]) * g->size_m, ((double)row + uy[i]) * g->size_m);
    }
    return 5;
}

jx_pt jx_grid_center(const jx_grid *g, int32_t col, int32_t row) {
    double x, y;
    center_xy(g, col, row, &x, &y);
    return jx_plane_to_pt(&g->plane, x, y);
}

double jx_grid_cell_area_m2(const jx_grid *g) {
    return g->kind == JX_GRID_HEX ? g->size_m * g->size_m * sqrt3 / 2 : g->size_m * g->size_m;
}

void jx_grid_neighbours(const jx_grid *g, int32_t col, int32_t row, unsigned n, int32_t (*out)[2]) {
    static const int8_t square[8][2] = {{1, 0}, {0, 1}, {-1, 0}, {0, -1}, {1, 1}, {-1, 1}, {-1, -1}, {1, -1}};
    static const int8_t even_row[6][2] = {{1, 0}, {0, 1}, {-1, 1}, {-1, 0}, {-1, -1}, {0, -1}};
    static const int8_t odd_row[6][2] = {{1, 0}, {1, 1}, {0, 1}, {-1, 0}, {0, -1}, {1, -1}};
    const int8_t(*step)[2] = g->kind == JX_GRID_HEX ? (odd(row) ? odd_row : even_row) : square;
    for (unsigned i = 0; i < n; i++) {
        out[i][0] = col + step[i][0];
        out[i][1] = row + step[i][1];
    }
}
