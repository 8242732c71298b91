/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* Hashing, the map from 64-bit keys, interned strings, counter-based random numbers: all built on one mixing step. */
#include "base_internal.h"

/* The finaliser of splitmix64 (Steele, Lea, Flood 2014): a bijection in which every input bit reaches every output bit.
 */
static uint64_t mix(uint64_t x) {
    x ^= x >> 30;
    x *= UINT64_C(0xbf58476d1ce4e5b9);
    x ^= x >> 27;
    x *= UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

static const uint64_t golden = UINT64_C(0x9e3779b97f4a7c15);

uint64_t jx_hash64(const void *p, size_t n, uint64_t seed) {
    const unsigned char *s = p;
    uint64_t h = mix(seed + golden) ^ (uint64_t)n;
    while (n > 0) { /* bytes are put together by hand: the same hash on any byte order */
        size_t k = n < 8 ? n : 8;
        uint64_t w = 0;
        for (size_t i = 0; i < k; i++) {
            w |= (uint64_t)s[i] << (8 * i);
        }
        h = mix(h ^ w) + golden;
        s += k;
        n -= k;
    }
    return mix(h);
}

uint64_t jx_random(uint64_t seed, uint64_t stream, uint64_t counter) {
    uint64_t key = mix(mix(seed + golden) ^ (stream * UINT64_C(0xd1342543de82ef95) + 1));
    return mix(mix(key + counter * golden) ^ key);
}

/* ---- map64 ---- */

/* Slot of the key, or the free slot where it would go. */
static size_t slot(const jx_map64 *m, uint64_t key) {
    size_t i = (size_t)mix(key) & (m->cap - 1);
    while (m->vals[i] != JX_NONE && m->keys[i] != key) {
        i = (i + 1) & (m->cap - 1);
    }
    return i;
}

static jx_status grow(jx_ctx *ctx, jx_map64 *m) {
    if (m->cap > SIZE_MAX / 32) {
        return JX_FAIL(ctx, NOMEM, JX_I(INT64_MAX));
    }
    jx_map64 big = {.n = m->n, .cap = m->cap ? m->cap * 2 : 16};
    big.keys = jx_malloc(ctx, big.cap, sizeof *big.keys);
    big.vals = jx_malloc(ctx, big.cap, sizeof *big.vals);
    if (!big.keys || !big.vals) {
        jx_map64_release(ctx, &big);
        return JX_E_NOMEM;
    }
    memset(big.vals, 0xff, big.cap * sizeof *big.vals);
    for (size_t i = 0; i < m->cap; i++) {
        if (m->vals[i] != JX_NONE) {
            size_t to = slot(&big, m->keys[i]);
            big.keys[to] = m->keys[i];
            big.vals[to] = m->vals[i];
        }
    }
    jx_map64_release(ctx, m);
    *m = big;
    return JX_OK;
}

jx_status jx_map64_put(jx_ctx *ctx, jx_map64 *m, uint64_t key, uint32_t val) {
    if ((m->n + 1) * 3 > m->cap * 2) {
        JX_TRY(grow(ctx, m));
    }
    size_t i = slot(m, key);
    m->n += m->vals[i] == JX_NONE;
    m->keys[i] = key;
    m->vals[i] = val;
    return JX_OK;
}

uint32_t jx_map64_get(const jx_map64 *m, uint64_t key) {
    return m->cap ? m->vals[slot(m, key)] : JX_NONE;
}

void jx_map64_release(jx_ctx *ctx, jx_map64 *m) {
    jx_free(ctx, m->keys);
    jx_free(ctx, m->vals);
    *m = (jx_map64){0};
}
