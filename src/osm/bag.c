/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Bags: objects of one type in order of arrival, joined, and at the end sorted by id with repeats dropped. Most files
 * are sorted already, and then a bag's arrays become the extract's as they are.
 */
#include "osm/import_internal.h"

void jx__bag_release(jx_ctx *ctx, jx__bag *b) {
    jx_vec_free(ctx, &b->id);
    jx_vec_free(ctx, &b->tag_off);
    jx_vec_free(ctx, &b->tags);
    jx_vec_free(ctx, &b->pt);
    jx_vec_free(ctx, &b->ref_off);
    jx_vec_free(ctx, &b->ref);
    jx_vec_free(ctx, &b->type);
    jx_vec_free(ctx, &b->role);
}

/* Append the elements of one array to another. */
#define JOIN(ctx, dst, src)                                                     \
    do {                                                                        \
        JX_TRY(jx_vec_reserve((ctx), (dst), (src)->n));                         \
        if ((src)->n) {                                                         \
            memcpy((dst)->v + (dst)->n, (src)->v, (src)->n * sizeof *(src)->v); \
        }                                                                       \
        (dst)->n += (src)->n;                                                   \
    } while (0)

jx_status jx__bag_join(jx_ctx *ctx, jx__bag *dst, jx__bag *src) {
    if (dst->tags.n + src->tags.n >= UINT32_MAX || dst->ref.n + src->ref.n >= UINT32_MAX ||
        dst->id.n + src->id.n >= UINT32_MAX) {
        return JX_FAIL(ctx, PBF_TOO_MANY, JX_I(UINT32_MAX));
    }
    for (size_t i = 0; i < src->tag_off.n; i++) {
        src->tag_off.v[i] += (uint32_t)dst->tags.n;
    }
    for (size_t i = 0; i < src->ref_off.n; i++) {
        src->ref_off.v[i] += (uint32_t)dst->ref.n;
    }
    JOIN(ctx, &dst->id, &src->id);
    JOIN(ctx, &dst->tag_off, &src->tag_off);
    JOIN(ctx, &dst->tags, &src->tags);
    JOIN(ctx, &dst->pt, &src->pt);
    JOIN(ctx, &dst->ref_off, &src->ref_off);
    JOIN(ctx, &dst->ref, &src->ref);
    JOIN(ctx, &dst->type, &src->type);
    JOIN(ctx, &dst->role, &src->role);
    return JX_OK;
}

size_t jx__gallop(const int64_t *ids, size_t n, size_t at, int64_t id) {
    size_t lo = 0, hi = n, step = 1;
    if (at < n && ids[at] < id) { /* forward: ids[lo] < id */
        for (lo = at; lo + step < n && ids[lo + step] < id; step *= 2) {
            lo += step;
        }
        hi = lo + step < n ? lo + step : n;
        lo++;
    } else if (at < n) { /* backward: ids[hi] >= id */
        for (hi = at; hi >= step && ids[hi - step] >= id; step *= 2) {
            hi -= step;
        }
        lo = hi >= step ? hi - step + 1 : 0;
    }
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (ids[mid] < id) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo;
}

/* ---- sorting --------------------------------------------------------------------------------------------------------
 */

/* Positions of a bag's objects by id; of equal ids only the last to arrive stays. */
static jx_status order_of(jx_ctx *ctx, const jx__bag *b, uint32_t **order, size_t *n) {
    size_t m = b->id.n;
    uint64_t *key = jx_malloc(ctx, m, sizeof *key), *tmp = jx_malloc(ctx, m, sizeof *tmp);
    uint32_t *at = jx_malloc(ctx, m, sizeof *at), *tmp_at = jx_malloc(ctx, m, sizeof *tmp_at);
    jx_status st = key && tmp && at && tmp_at ? JX_OK : JX_E_NOMEM;
    *n = 0;
    if (st == JX_OK) {
        for (size_t i = 0; i < m; i++) {
            key[i] = jx__id_key(b->id.v[i]);
            at[i] = (uint32_t)i;
        }
        jx_sort_u64_u32(key, at, tmp, tmp_at, m);
        for (size_t i = 0; i < m; i++) {
            if (i + 1 == m || key[i] != key[i + 1]) {
                at[(*n)++] = at[i];
            }
        }
    }
    jx_free(ctx, key);
    jx_free(ctx, tmp);
    jx_free(ctx, tmp_at);
    if (st != JX_OK) {
        jx_free(ctx, at);
        at = NULL;
    }
    *order = at;
    return st;
}

/* items[i] = items[order[i]]; into memory of its own. An empty array is one that the type does not have. */
static jx_status permute(jx_ctx *ctx, void **items, size_t *n_items, size_t *cap, size_t size, const uint32_t *order,
                         size_t n) {
    if (!*n_items) {
        return JX_OK;
    }
    unsigned char *to = jx_malloc(ctx, n, size);
    if (!to) {
        return JX_E_NOMEM;
    }
    for (size_t i = 0; i < n; i++) {
        memcpy(to + i * size, (const unsigned char *)*items + (size_t)order[i] * size, size);
    }
    jx_free(ctx, *items);
    *items = to;
    *n_items = *cap = n;
    return JX_OK;
}

/* The same for spans off[o]..off[o + 1]; `off` itself stays as it is. */
static jx_status permute_spans(jx_ctx *ctx, void **items, size_t *n_items, size_t *cap, size_t size,
                               const uint32_t *off, const uint32_t *order, size_t n) {
    if (!*n_items) {
        return JX_OK;
    }
    unsigned char *to = jx_malloc(ctx, *n_items, size);
    size_t k = 0;
    if (!to) {
        return JX_E_NOMEM;
    }
    for (size_t i = 0; i < n; i++) {
        size_t first = off[order[i]], len = off[order[i] + 1] - first;
        memcpy(to + k * size, (const unsigned char *)*items + first * size, len * size);
        k += len;
    }
    jx_free(ctx, *items);
    *items = to;
    *n_items = *cap = k;
    return JX_OK;
}

/* Offsets of the spans in their new order, their end included. */
static jx_status permute_offsets(jx_ctx *ctx, uint32_t **off, size_t *n_off, size_t *cap, const uint32_t *order,
                                 size_t n) {
    if (!*n_off) {
        return JX_OK;
    }
    uint32_t *to = jx_malloc(ctx, n + 1, sizeof *to), k = 0;
    if (!to) {
        return JX_E_NOMEM;
    }
    for (size_t i = 0; i < n; i++) {
        to[i] = k;
        k += (*off)[order[i] + 1] - (*off)[order[i]];
    }
    to[n] = k;
    jx_free(ctx, *off);
    *off = to;
    *n_off = *cap = n + 1;
    return JX_OK;
}

#define ITEMS(vec) (void **)&(vec)->v, &(vec)->n, &(vec)->cap, sizeof *(vec)->v

static jx_status reorder(jx_ctx *ctx, jx__bag *b, const uint32_t *order, size_t n) {
    JX_TRY(permute(ctx, ITEMS(&b->id), order, n));
    JX_TRY(permute(ctx, ITEMS(&b->pt), order, n));
    JX_TRY(permute_spans(ctx, ITEMS(&b->tags), b->tag_off.v, order, n));
    JX_TRY(permute_offsets(ctx, &b->tag_off.v, &b->tag_off.n, &b->tag_off.cap, order, n));
    JX_TRY(permute_spans(ctx, ITEMS(&b->ref), b->ref_off.v, order, n));
    JX_TRY(permute_spans(ctx, ITEMS(&b->type), b->ref_off.v, order, n));
    JX_TRY(permute_spans(ctx, ITEMS(&b->role), b->ref_off.v, order, n));
    return permute_offsets(ctx, &b->ref_off.v, &b->ref_off.n, &b->ref_off.cap, order, n);
}

jx_status jx__bag_settle(jx_ctx *ctx, jx__bag *b, uint64_t *duplicates) {
    size_t n = b->id.n, sorted = 1;
    JX_TRY(jx_vec_push(ctx, &b->tag_off, (uint32_t)b->tags.n));
    JX_TRY(jx_vec_push(ctx, &b->ref_off, (uint32_t)b->ref.n));
    while (sorted < n && b->id.v[sorted - 1] < b->id.v[sorted]) {
        sorted++;
    }
    if (sorted >= n) {
        return JX_OK;
    }
    if (b->ref_off.n == 1) { /* nodes have no references: nothing to keep in order */
        b->ref_off.n = 0;
    }
    uint32_t *order;
    size_t kept;
    JX_TRY(order_of(ctx, b, &order, &kept));
    *duplicates += n - kept;
    jx_status st = reorder(ctx, b, order, kept);
    jx_free(ctx, order);
    return st;
}
