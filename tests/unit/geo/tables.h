/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The polygons of tests/data/geo/polygons.txt, one by one, and small helpers on polygons. */
#ifndef JX_TESTS_GEO_TABLES_H
#define JX_TESTS_GEO_TABLES_H

#include <math.h>

#include "junxian/geo.h"
#include "support.h"

enum { TABLE_LINES = 64, TABLE_PTS = 20000, TABLE_ASKED = 400 };

typedef struct table_case {
    char name[32];
    uint32_t n_lines, parts, rings, n_asked, n_pts;
    double area;
    jx_line lines[TABLE_LINES];
    jx_pt pts[TABLE_PTS]; /* of all lines */
    jx_pt asked[TABLE_ASKED];
    bool inside[TABLE_ASKED];
} table_case;

static inline long table_int(char **at) {
    char *end;
    long v = strtol(*at, &end, 10);
    assert_ptr_not_equal(end, *at);
    *at = end;
    return v;
}

/* False at the end of the file. */
static inline bool table_next(char **at, table_case *c) {
    int used = 0;
    if (sscanf(*at, "%31s %u %u %u %lf %u%n", c->name, &c->n_lines, &c->parts, &c->rings, &c->area, &c->n_asked,
               &used) != 6) {
        return false;
    }
    *at += used;
    assert_true(c->n_lines <= TABLE_LINES && c->n_asked <= TABLE_ASKED);
    c->n_pts = 0;
    for (uint32_t i = 0; i < c->n_lines; i++) {
        uint32_t n = (uint32_t)table_int(at);
        assert_true(c->n_pts + n <= TABLE_PTS);
        c->lines[i] = (jx_line){c->pts + c->n_pts, n};
        for (uint32_t k = 0; k < n; k++) {
            int32_t lon = (int32_t)table_int(at);
            c->pts[c->n_pts++] = (jx_pt){lon, (int32_t)table_int(at)};
        }
    }
    for (uint32_t i = 0; i < c->n_asked; i++) {
        int32_t lon = (int32_t)table_int(at);
        c->asked[i] = (jx_pt){lon, (int32_t)table_int(at)};
        c->inside[i] = table_int(at) != 0;
    }
    return true;
}

/* Twice the signed area of a ring in integer units. */
static inline double ring_area2(const jx_mpoly *m, uint32_t r) {
    long double sum = 0;
    jx_pt o = m->pts[m->ring_off[r]];
    for (uint32_t i = m->ring_off[r]; i + 1 < m->ring_off[r + 1]; i++) {
        jx_pt a = m->pts[i], b = m->pts[i + 1];
        sum += (long double)(a.lon - o.lon) * (b.lat - o.lat) - (long double)(a.lat - o.lat) * (b.lon - o.lon);
    }
    return (double)sum;
}

static inline bool same_mpoly(const jx_mpoly *a, const jx_mpoly *b) {
    return a->n_pts == b->n_pts && a->n_rings == b->n_rings && a->n_parts == b->n_parts &&
           (a->n_pts == 0 || memcmp(a->pts, b->pts, a->n_pts * sizeof *a->pts) == 0) &&
           memcmp(a->ring_off, b->ring_off, (a->n_rings + 1) * sizeof *a->ring_off) == 0 &&
           memcmp(a->part_off, b->part_off, (a->n_parts + 1) * sizeof *a->part_off) == 0;
}

/* Rings closed, first of each part counter-clockwise and the others clockwise, offsets and box in order. */
static inline void check_form(const jx_mpoly *m) {
    assert_int_equal(m->part_off[m->n_parts], m->n_rings);
    assert_int_equal(m->ring_off[m->n_rings], m->n_pts);
    for (uint32_t p = 0; p < m->n_parts; p++) {
        for (uint32_t r = m->part_off[p]; r < m->part_off[p + 1]; r++) {
            jx_pt a = m->pts[m->ring_off[r]], z = m->pts[m->ring_off[r + 1] - 1];
            assert_true(a.lon == z.lon && a.lat == z.lat);
            assert_true(m->ring_off[r + 1] - m->ring_off[r] >= 4);
            assert_true(r == m->part_off[p] ? ring_area2(m, r) > 0 : ring_area2(m, r) < 0);
        }
    }
    for (uint32_t i = 0; i < m->n_pts; i++) {
        assert_true(jx_box_has(m->box, m->pts[i]));
    }
}

#endif
