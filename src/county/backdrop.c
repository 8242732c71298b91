/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Ground for the maps: water, woods and built-up land as simplified polygons, rivers as lines. Small things are dropped. */
#include <math.h>

#include "county/county_internal.h"

static const struct {
    const char *key, *value;
    jx_ground ground;
} kinds[] = {{"natural", "water", JX_GROUND_WATER}, {"waterway", "riverbank", JX_GROUND_WATER}, {"landuse", "reservoir", JX_GROUND_WATER},
             {"natural", "wood", JX_GROUND_WOOD}, {"landuse", "forest", JX_GROUND_WOOD}, {"leisure", "park", JX_GROUND_WOOD},
             {"landuse", "residential", JX_GROUND_BUILT}, {"landuse", "industrial", JX_GROUND_BUILT}, {"landuse", "commercial", JX_GROUND_BUILT},
             {"landuse", "retail", JX_GROUND_BUILT}};

typedef struct backdrop {
    jx_ctx *ctx;
    const jx_extract *x;
    jx_county *c;
    jx_box box;
    double tolerance_m, min_m2;
    JX_VEC(jx_mpoly) poly[JX_N_GROUNDS];
    JX_VEC(jx_pt) river;
    JX_VEC(uint32_t) river_off;
} backdrop;

static int ground_of(const backdrop *b, const jx_tag *t, uint32_t n) {
    for (uint32_t i = 0; i < n; i++) {
        const char *k = jx_strings_cstr(b->x->strings, t[i].k);
        for (size_t j = 0; j < sizeof kinds / sizeof *kinds; j++) {
            if (strcmp(k, kinds[j].key) == 0 && strcmp(jx_strings_cstr(b->x->strings, t[i].v), kinds[j].value) == 0) {
                return (int)kinds[j].ground;
            }
        }
    }
    return -1;
}

/* Rings thinned out; a ring left with fewer than four points is gone. */
static jx_status thin(backdrop *b, jx_mpoly *m) {
    uint32_t *keep = jx_malloc(b->ctx, m->n_pts, sizeof *keep);
    if (!keep) {
        return JX_E_NOMEM;
    }
    uint32_t at = 0, rings = 0, parts = 0;
    jx_status st = JX_OK;
    for (uint32_t p = 0; st == JX_OK && p < m->n_parts; p++) {
        uint32_t first = m->part_off[p], last = m->part_off[p + 1], kept_rings = 0;
        for (uint32_t r = first; st == JX_OK && r < last; r++) {
            uint32_t lo = m->ring_off[r], n = m->ring_off[r + 1] - lo, k = 0;
            st = jx_simplify(b->ctx, m->pts + lo, n, b->tolerance_m, keep, &k);
            if (k < 4 || st != JX_OK || (kept_rings == 0 && r > first)) {
                continue; /* a part without its outer ring has no holes */
            }
            uint32_t start = at;
            for (uint32_t i = 0; i < k; i++) {
                m->pts[at++] = m->pts[lo + keep[i]];
            }
            m->ring_off[rings++] = start; /* never ahead of what is still to be read */
            kept_rings++;
        }
        if (kept_rings) {
            m->part_off[parts++] = rings - kept_rings;
        }
    }
    m->ring_off[rings] = at;
    m->part_off[parts] = rings;
    m->n_pts = at;
    m->n_rings = rings;
    m->n_parts = parts;
    jx_free(b->ctx, keep);
    return st;
}

static jx_status take(backdrop *b, int ground, jx_mpoly *m) {
    if (!m->n_parts || !jx_box_meets(m->box, b->box) || jx_mpoly_area_m2(m) < b->min_m2) {
        return JX_OK;
    }
    JX_TRY(thin(b, m));
    if (m->n_parts) {
        JX_TRY(jx_vec_push(b->ctx, &b->poly[ground], *m));
        *m = (jx_mpoly){0};
    }
    return JX_OK;
}

static jx_status polygons(backdrop *b) {
    const jx_extract *x = b->x;
    for (uint32_t w = 0; w < x->n_ways; w++) {
        int g = ground_of(b, x->way_tags + x->way_tag_off[w], x->way_tag_off[w + 1] - x->way_tag_off[w]);
        if (g < 0) {
            continue;
        }
        jx_mpoly m;
        JX_TRY(jx__way_polygon(b->ctx, x, w, &m));
        jx_status st = take(b, g, &m);
        jx_mpoly_release(b->ctx, &m);
        JX_TRY(st);
    }
    for (uint32_t r = 0; r < x->n_rels; r++) {
        int g = ground_of(b, x->rel_tags + x->rel_tag_off[r], x->rel_tag_off[r + 1] - x->rel_tag_off[r]);
        if (g < 0) {
            continue;
        }
        jx_mpoly m;
        jx_assembly_report rep;
        JX_TRY(jx__relation_polygon(b->ctx, x, r, &m, &rep));
        jx_status st = take(b, g, &m);
        jx_mpoly_release(b->ctx, &m);
        JX_TRY(st);
    }
    return JX_OK;
}

static jx_status rivers(backdrop *b) {
    const jx_extract *x = b->x;
    uint32_t key = jx_strings_find(x->strings, "waterway", 8);
    JX_VEC(jx_pt) line = {0};
    JX_VEC(uint32_t) keep = {0};
    jx_status st = jx_vec_push(b->ctx, &b->river_off, 0);
    for (uint32_t w = 0; st == JX_OK && key != JX_NONE && w < x->n_ways; w++) {
        const char *v = jx_tag_value(x, x->way_tags + x->way_tag_off[w], x->way_tag_off[w + 1] - x->way_tag_off[w], key);
        if (!v || (strcmp(v, "river") != 0 && strcmp(v, "canal") != 0)) {
            continue;
        }
        jx_box box = JX_BOX_EMPTY;
        line.n = 0;
        for (uint32_t i = x->way_ref_off[w]; st == JX_OK && i < x->way_ref_off[w + 1]; i++) {
            if (x->way_refs[i] != JX_NONE) {
                st = jx_vec_push(b->ctx, &line, x->node_pt[x->way_refs[i]]);
                jx_box_add(&box, x->node_pt[x->way_refs[i]]);
            }
        }
        uint32_t k = 0;
        if (st != JX_OK || line.n < 2 || !jx_box_meets(box, b->box)) {
            continue;
        }
        JX_TRY_OUT(st, jx_vec_reserve(b->ctx, &keep, line.n));
        JX_TRY_OUT(st, jx_simplify(b->ctx, line.v, (uint32_t)line.n, b->tolerance_m, keep.v, &k));
        for (uint32_t i = 0; i < k; i++) {
            JX_TRY_OUT(st, jx_vec_push(b->ctx, &b->river, line.v[keep.v[i]]));
        }
        JX_TRY_OUT(st, jx_vec_push(b->ctx, &b->river_off, (uint32_t)b->river.n));
    }
out:
    jx_vec_free(b->ctx, &line);
    jx_vec_free(b->ctx, &keep);
    return st;
}

jx_status jx__backdrop_build(jx_ctx *ctx, const jx_extract *x, const jx_county_config *cfg, jx_county *c) {
    (void)cfg;
    const jx_area *a = &c->areas[c->study];
    backdrop b = {.ctx = ctx, .x = x, .c = c, .box = a->shape.box};
    double side = sqrt(a->area_m2 > 1e6 ? a->area_m2 : 1e6);
    b.tolerance_m = side / 1000 < 10 ? 10 : side / 1000; /* about a pixel of a map 1,000 pixels wide */
    b.min_m2 = side * side / 250000;
    jx_status st = polygons(&b);
    if (st == JX_OK) {
        st = rivers(&b);
    }
    for (int g = 0; g < JX_N_GROUNDS; g++) {
        c->backdrop.poly[g] = b.poly[g].v;
        c->backdrop.n[g] = (uint32_t)b.poly[g].n;
    }
    c->backdrop.river_pts = b.river.v;
    c->backdrop.river_off = b.river_off.v;
    c->backdrop.n_rivers = b.river_off.n ? (uint32_t)b.river_off.n - 1 : 0;
    return st;
}
