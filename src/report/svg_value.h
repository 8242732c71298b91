/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** A map of one value per cell for one service: its facilities marked, classes a person would choose. */
#ifndef JX_SVG_VALUE_H
#define JX_SVG_VALUE_H

#include "report/svg_map.h"

typedef struct jx__value_map {
    const char *heading;      /* id */
    jx__words title, under, unit; /* under: NULL: the way of travel */    /* the service's name stands under the title */
    const jx_service *service;
    jx_mode mode;
    const uint32_t *facility; /* index into county.facilities */
    uint32_t n_facilities, n_inside;
    const double *v;          /* cells; NaN: no data, or with nan_unreachable cannot reach any; INFINITY: cannot be reached */
    const uint32_t *nearest_ms; /* cells, or NULL: those that can reach none are painted so, whatever their value */
    bool nan_unreachable;
    double scale;             /* shown is v * scale */
    bool time;                /* minutes: far is dark, classes at thirds of the limit, it, and twice it; else amounts, "none" apart */
    double limit_min;
} jx__value_map;
jx_status jx__value_map_draw(const jx__page *p, const jx__value_map *m);

#endif
