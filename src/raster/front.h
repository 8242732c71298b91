/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The front of a cost surface: cells by time, earliest first. Dial's buckets, each as wide as the cheapest step, so
 * that nothing inside a bucket can hurry another and their order does not matter; what lies beyond the last bucket
 * waits in a heap until the buckets have been emptied and move on. A push costs a few instructions however long the
 * front is. Where a step is cheaper than a bucket is wide, cells may come out early and once more when they improve:
 * slower, not wrong.
 */
#ifndef JX_RASTER_FRONT_H
#define JX_RASTER_FRONT_H

#include "junxian/base.h"

enum { JX__BUCKETS = 2048 };

typedef struct jx__front_item {
    double time_s;
    uint32_t at, next; /* cell; next in its bucket or in the list of free places */
} jx__front_item;
typedef JX_VEC(jx__front_item) jx__front_items;

typedef struct jx__front {
    jx__front_items pool, far;
    double base_s, per_bucket; /* start of bucket 0; buckets a second */
    uint32_t head[JX__BUCKETS], free, now;
} jx__front;

static inline void jx__front_init(jx__front *f, double bucket_s) {
    f->pool = f->far = (jx__front_items){NULL, 0, 0};
    f->base_s = 0;
    f->per_bucket = 1 / bucket_s;
    f->free = JX_NONE;
    f->now = 0;
    memset(f->head, 0xff, sizeof f->head); /* JX_NONE */
}

static inline void jx__front_release(jx_ctx *ctx, jx__front *f) {
    jx_vec_free(ctx, &f->pool);
    jx_vec_free(ctx, &f->far);
}

/* ---- the heap of what is far away: 4-ary ------------------------------------------------------------------------ */

static inline jx_status jx__far_push(jx_ctx *ctx, jx__front_items *h, double time_s, uint32_t at) {
    JX_TRY(jx_vec_reserve(ctx, h, 1));
    size_t i = h->n++;
    while (i > 0 && time_s < h->v[(i - 1) / 4].time_s) {
        h->v[i] = h->v[(i - 1) / 4];
        i = (i - 1) / 4;
    }
    h->v[i] = (jx__front_item){time_s, at, JX_NONE};
    return JX_OK;
}

static inline jx__front_item jx__far_pop(jx__front_items *h) {
    jx__front_item *v = h->v, top = v[0], last = v[--h->n];
    size_t i = 0;
    for (size_t c; (c = 4 * i + 1) < h->n;) {
        size_t best = c, end = c + 4 < h->n ? c + 4 : h->n;
        for (size_t k = c + 1; k < end; k++) {
            best = v[k].time_s < v[best].time_s ? k : best;
        }
        if (!(v[best].time_s < last.time_s)) {
            break;
        }
        v[i] = v[best];
        i = best;
    }
    v[i] = last;
    return top;
}

/* ---- both together ---------------------------------------------------------------------------------------------- */

/** time_s never lies before that of the last item taken (but for rounding, which the current bucket swallows). */
static inline jx_status jx__front_push(jx_ctx *ctx, jx__front *f, double time_s, uint32_t at) {
    double x = (time_s - f->base_s) * f->per_bucket;
    if (x >= JX__BUCKETS) {
        return jx__far_push(ctx, &f->far, time_s, at);
    }
    uint32_t b = x > f->now ? (uint32_t)x : f->now, i = f->free;
    if (i != JX_NONE) {
        f->free = f->pool.v[i].next;
    } else {
        JX_TRY(jx_vec_reserve(ctx, &f->pool, 1));
        i = (uint32_t)f->pool.n++;
    }
    f->pool.v[i] = (jx__front_item){time_s, at, f->head[b]};
    f->head[b] = i;
    return JX_OK;
}

/** Takes the next item; false when none is left. */
static inline bool jx__front_pop(jx_ctx *ctx, jx__front *f, jx__front_item *out, jx_status *st) {
    *st = JX_OK;
    for (;;) {
        for (; f->now < JX__BUCKETS; f->now++) {
            uint32_t i = f->head[f->now];
            if (i != JX_NONE) {
                *out = f->pool.v[i];
                f->head[f->now] = out->next;
                f->pool.v[i].next = f->free;
                f->free = i;
                return true;
            }
        }
        if (f->far.n == 0) {
            return false;
        }
        f->now = 0;
        f->base_s = f->far.v[0].time_s;
        while (f->far.n && (f->far.v[0].time_s - f->base_s) * f->per_bucket < JX__BUCKETS) {
            jx__front_item it = jx__far_pop(&f->far);
            *st = jx__front_push(ctx, f, it.time_s, it.at);
            if (*st != JX_OK) {
                return false;
            }
        }
    }
}

#endif
