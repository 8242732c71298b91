/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** A 4-ary min-heap of 64-bit keys with lazy deletion: key = time << 32 | node, so that ties are broken by node. */
#ifndef JX_NETWORK_HEAP_H
#define JX_NETWORK_HEAP_H

#include "junxian/base.h"

typedef struct jx__heap_item {
    uint64_t key;
    uint32_t label; /* facility, where searches carry one */
} jx__heap_item;
typedef JX_VEC(jx__heap_item) jx__heap;

static inline bool jx__heap_less(jx__heap_item a, jx__heap_item b) {
    /* time first, then label, then node: the order in which equal times must be settled */
    uint64_t ta = a.key >> 32, tb = b.key >> 32;
    return ta != tb ? ta < tb : a.label != b.label ? a.label < b.label : a.key < b.key;
}

static inline jx_status jx__heap_push(jx_ctx *ctx, jx__heap *h, jx__heap_item it) {
    JX_TRY(jx_vec_reserve(ctx, h, 1));
    size_t i = h->n++;
    while (i > 0 && jx__heap_less(it, h->v[(i - 1) / 4])) {
        h->v[i] = h->v[(i - 1) / 4];
        i = (i - 1) / 4;
    }
    h->v[i] = it;
    return JX_OK;
}

static inline jx__heap_item jx__heap_pop(jx__heap *h) {
    jx__heap_item top = h->v[0], last = h->v[--h->n];
    size_t i = 0;
    for (;;) {
        size_t c = 4 * i + 1, best = c, end = c + 4 < h->n ? c + 4 : h->n;
        if (c >= h->n) {
            break;
        }
        for (size_t k = c + 1; k < end; k++) {
            best = jx__heap_less(h->v[k], h->v[best]) ? k : best;
        }
        if (!jx__heap_less(h->v[best], last)) {
            break;
        }
        h->v[i] = h->v[best];
        i = best;
    }
    if (h->n) {
        h->v[i] = last;
    }
    return top;
}

#endif
