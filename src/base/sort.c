/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* Deterministic stable sorting: radix for integer keys, merging for everything else. */
#include "base_internal.h"

enum { RADIX = 256, PASSES = 8 };

/* Histograms of all eight bytes in one reading. */
static void count(const uint64_t *keys, size_t n, size_t hist[PASSES][RADIX]) {
    memset(hist, 0, sizeof(size_t) * PASSES * RADIX);
    for (size_t i = 0; i < n; i++) {
        for (int p = 0; p < PASSES; p++) {
            hist[p][keys[i] >> (8 * p) & 255]++;
        }
    }
}

/* Counts to start positions; false when one value has everything, so that the pass can be left out. */
static bool starts(size_t hist[RADIX], size_t n) {
    size_t at = 0;
    for (int i = 0; i < RADIX; i++) {
        size_t c = hist[i];
        if (c == n) {
            return false;
        }
        hist[i] = at;
        at += c;
    }
    return true;
}

void jx_sort_u64(uint64_t *keys, uint64_t *tmp, size_t n) {
    jx_sort_u64_u32(keys, NULL, tmp, NULL, n);
}

void jx_sort_u64_u32(uint64_t *keys, uint32_t *vals, uint64_t *tmp_keys, uint32_t *tmp_vals, size_t n) {
    if (n < 2) {
        return;
    }
    size_t hist[PASSES][RADIX];
    count(keys, n, hist);
    uint64_t *from = keys, *to = tmp_keys;
    uint32_t *from_v = vals, *to_v = tmp_vals;
    for (int p = 0; p < PASSES; p++) {
        if (!starts(hist[p], n)) {
            continue;
        }
        for (size_t i = 0; i < n; i++) {
            size_t at = hist[p][from[i] >> (8 * p) & 255]++;
            to[at] = from[i];
            if (vals) {
                to_v[at] = from_v[i];
            }
        }
        uint64_t *k = from;
        from = to;
        to = k;
        uint32_t *v = from_v;
        from_v = to_v;
        to_v = v;
    }
    if (from != keys) {
        memcpy(keys, from, n * sizeof *keys);
        if (vals) {
            memcpy(vals, from_v, n * sizeof *vals);
        }
    }
}

typedef struct merge {
    size_t size;
    int (*cmp)(const void *, const void *, void *);
    void *user;
} merge;

/* Runs [0, n1) and [n1, n1 + n2) of `from` into `to`; on equality the left one goes first. */
static void merge_runs(const merge *m, const unsigned char *from, size_t n1, size_t n2, unsigned char *to) {
    const unsigned char *a = from, *a_end = from + n1 * m->size, *b = a_end, *b_end = b + n2 * m->size;
    while (a < a_end && b < b_end) {
        const unsigned char **take = m->cmp(a, b, m->user) <= 0 ? &a : &b;
        memcpy(to, *take, m->size);
        *take += m->size;
        to += m->size;
    }
    memcpy(to, a, (size_t)(a_end - a));
    to += a_end - a;
    memcpy(to, b, (size_t)(b_end - b));
}

jx_status jx_sort(jx_ctx *ctx, void *base, size_t n, size_t size, int (*cmp)(const void *, const void *, void *),
                  void *user) {
    if (n < 2) {
        return JX_OK;
    }
    unsigned char *tmp = jx_malloc(ctx, n, size);
    if (!tmp) {
        return JX_E_NOMEM;
    }
    merge m = {size, cmp, user};
    unsigned char *from = base, *to = tmp;
    for (size_t width = 1; width < n; width = width <= n / 2 ? width * 2 : n) {
        for (size_t at = 0; at < n;) {
            size_t n1 = n - at < width ? n - at : width;
            size_t n2 = n - at - n1 < width ? n - at - n1 : width;
            merge_runs(&m, from + at * size, n1, n2, to + at * size);
            at += n1 + n2;
        }
        unsigned char *t = from;
        from = to;
        to = t;
    }
    if (from != base) {
        memcpy(base, from, n * size);
    }
    jx_free(ctx, tmp);
    return JX_OK;
}
