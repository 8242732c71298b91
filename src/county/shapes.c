/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Polygons of OpenStreetMap objects: closed ways, and multipolygon or boundary relations. */
#include "county/county_internal.h"

/* Positions of a way in *pts (grown as needed); missing nodes are left out and counted. */
static jx_status way_points(jx_ctx *ctx, const jx_extract *x, uint32_t way, jx_pt *out, uint32_t *n, uint32_t *missing) {
    (void)ctx;
    *n = 0;
    for (uint32_t i = x->way_ref_off[way]; i < x->way_ref_off[way + 1]; i++) {
        if (x->way_refs[i] == JX_NONE) {
            ++*missing;
        } else {
            out[(*n)++] = x->node_pt[x->way_refs[i]];
        }
    }
    return JX_OK;
}

jx_status jx__way_polygon(jx_ctx *ctx, const jx_extract *x, uint32_t way, jx_mpoly *out) {
    uint32_t lo = x->way_ref_off[way], hi = x->way_ref_off[way + 1], n = 0, missing = 0;
    *out = (jx_mpoly){.box = JX_BOX_EMPTY};
    if (hi - lo < 4 || x->way_refs[lo] != x->way_refs[hi - 1] || x->way_refs[lo] == JX_NONE) {
        return JX_OK;
    }
    jx_pt *pts = jx_malloc(ctx, hi - lo, sizeof *pts);
    jx_status st = pts ? way_points(ctx, x, way, pts, &n, &missing) : JX_E_NOMEM;
    if (st == JX_OK && !missing) {
        const jx_line line = {pts, n};
        st = jx_mpoly_assemble(ctx, &line, 1, out, NULL);
    }
    jx_free(ctx, pts);
    return st;
}

jx_status jx__relation_polygon(jx_ctx *ctx, const jx_extract *x, uint32_t rel, jx_mpoly *out, jx_assembly_report *rep) {
    size_t total = 0;
    uint32_t lo = x->rel_mem_off[rel], hi = x->rel_mem_off[rel + 1], missing = 0;
    *out = (jx_mpoly){.box = JX_BOX_EMPTY};
    for (uint32_t m = lo; m < hi; m++) {
        uint32_t w = x->rel_mem_type[m] == JX_OSM_WAY ? x->rel_mem[m] : JX_NONE;
        total += w == JX_NONE ? 0 : x->way_ref_off[w + 1] - x->way_ref_off[w];
    }
    jx_pt *pts = jx_malloc(ctx, total, sizeof *pts);
    jx_line *lines = jx_malloc(ctx, hi - lo, sizeof *lines);
    jx_status st = pts && lines ? JX_OK : JX_E_NOMEM;
    size_t n_lines = 0, at = 0;
    for (uint32_t m = lo; st == JX_OK && m < hi; m++) {
        if (x->rel_mem_type[m] != JX_OSM_WAY) {
            continue; /* admin_centre, label and subareas are no rings */
        }
        if (x->rel_mem[m] == JX_NONE) {
            missing++;
            continue;
        }
        uint32_t n = 0;
        st = way_points(ctx, x, x->rel_mem[m], pts + at, &n, &missing);
        lines[n_lines++] = (jx_line){pts + at, n};
        at += n;
    }
    if (st == JX_OK) {
        st = jx_mpoly_assemble(ctx, lines, n_lines, out, rep);
        rep->open_ends += missing;
    }
    jx_free(ctx, pts);
    jx_free(ctx, lines);
    return st;
}
