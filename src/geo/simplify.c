/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Douglas-Peucker with an explicit stack, so that a coast line of a million points does not end the program. */
#include "junxian/geo.h"

typedef struct span {
    uint32_t a, b;
} span;

/* The point farthest from the chord; a ring's chord is a point, and jx_pt_seg_m gives the distance to it. */
static uint32_t farthest(const jx_pt *pts, span s, double *dist) {
    uint32_t at = s.a;
    *dist = -1;
    for (uint32_t i = s.a + 1; i < s.b; i++) {
        double t, d = jx_pt_seg_m(pts[i], pts[s.a], pts[s.b], &t);
        if (d > *dist) {
            *dist = d;
            at = i;
        }
    }
    return at;
}

jx_status jx_simplify(jx_ctx *ctx, const jx_pt *pts, uint32_t n, double tol_m, uint32_t *keep, uint32_t *n_keep) {
    *n_keep = 0;
    if (n < 3) {
        for (uint32_t i = 0; i < n; i++) {
            keep[(*n_keep)++] = i;
        }
        return JX_OK;
    }
    bool *kept = jx_calloc(ctx, n, sizeof *kept);
    JX_VEC(span) stack = {0};
    jx_status st = kept ? jx_vec_push(ctx, &stack, (span){0, n - 1}) : JX_E_NOMEM;
    while (st == JX_OK && stack.n) {
        span s = stack.v[--stack.n];
        double d;
        uint32_t mid = farthest(pts, s, &d);
        if (d > tol_m) {
            kept[mid] = true;
            st = jx_vec_push(ctx, &stack, (span){s.a, mid});
            if (st == JX_OK) {
                st = jx_vec_push(ctx, &stack, (span){mid, s.b});
            }
        }
    }
    if (st == JX_OK) {
        kept[0] = kept[n - 1] = true;
        for (uint32_t i = 0; i < n; i++) {
            if (kept[i]) {
                keep[(*n_keep)++] = i;
            }
        }
    }
    jx_vec_free(ctx, &stack);
    jx_free(ctx, kept);
    return st;
}
