/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Edits on a world, applied. */
#ifndef JX_TESTS_EDITS_H
#define JX_TESTS_EDITS_H

#include "hierarchy_check.h"
#include "junxian/overlay.h"
#include "mini.h"

enum { PLACES = 24, FACS = 6 };

static inline double dice(uint64_t seed, uint64_t k) { return mini_dice(seed, 3, k); }

typedef struct edited {
    jx_edited *ed;
    jx_hierarchy *own;
    const jx_hierarchy *h;
    jx_metric *metric;
    jx_times *times;
    jx_joints j;
} edited;

static inline void apply(const world *w, const jx_overlay *o, jx_mode m, const jx_pt *pt, const jx_snap *snap, edited *e) {
    jx_ctx *ctx = w->t.ctx;
    const jx_profile *p = jx_profiles_get(w->p, m);
    assert_int_equal(jx_edited_new(ctx, w->net, w->p, o, &e->ed), JX_OK);
    assert_int_equal(jx_edited_hierarchy(ctx, e->ed, w->h, &e->own), JX_OK);
    e->h = e->own ? e->own : w->h;
    assert_int_equal(jx_edited_metric(ctx, e->ed, p, NULL, w->metric[m], &e->metric), JX_OK);
    assert_int_equal(jx_edited_times(ctx, e->ed, w->times[m], e->h, e->metric, &e->times), JX_OK);
    assert_int_equal(jx_edited_joints(ctx, e->ed, e->metric, p, pt, snap, PLACES, &e->j), JX_OK);
}

static inline void unapply(const world *w, edited *e) {
    jx_joints_release(w->t.ctx, &e->j);
    jx_times_free(w->t.ctx, e->times);
    jx_metric_free(w->t.ctx, e->metric);
    jx_hierarchy_free(w->t.ctx, e->own);
    jx_edited_free(w->t.ctx, e->ed);
}

#endif
