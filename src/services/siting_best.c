/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The best plan met and the next best, and when a search must end. */
#include <math.h>

#include "base/base_internal.h"
#include "services/siting_internal.h"

jx_status jx__best_make(jx_ctx *ctx, uint32_t m, jx__best *b) {
    *b = (jx__best){.m = m, .cost = INFINITY, .next_cost = INFINITY, .open = jx_calloc(ctx, m, 1), .next = jx_calloc(ctx, m, 1)};
    if (!b->open || !b->next) {
        jx__best_release(ctx, b);
        return JX_E_NOMEM;
    }
    return JX_OK;
}

void jx__best_release(jx_ctx *ctx, jx__best *b) {
    jx_free(ctx, b->open), jx_free(ctx, b->next);
    *b = (jx__best){0};
}

bool jx__best_offer(jx__best *b, const uint8_t *open, double cost) {
    if (cost < b->cost) {
        if (memcmp(b->open, open, b->m) != 0) {
            memcpy(b->next, b->open, b->m);
            b->next_cost = b->cost;
        }
        memcpy(b->open, open, b->m);
        b->cost = cost;
        return true;
    }
    if (cost < b->next_cost && memcmp(b->open, open, b->m) != 0) {
        memcpy(b->next, open, b->m);
        b->next_cost = cost;
    }
    return false;
}

enum { ASK_EVERY = 1 << 20 }; /* steps: a few milliseconds */

bool jx__halted(jx_ctx *ctx, jx__halt *h, uint64_t steps) {
    h->work += steps;
    if (h->why == JX_SITING_PROVED && h->work >= h->limit) {
        h->why = JX_SITING_PREVIEW;
    }
    if (h->why == JX_SITING_PROVED && h->nodes > h->most_nodes) {
        h->why = JX_SITING_PREVIEW;
    }
    if (h->why != JX_SITING_PROVED || h->work < h->next) {
        return h->why != JX_SITING_PROVED;
    }
    h->next = h->work + ASK_EVERY;
    if (jx__cancelled(ctx)) {
        h->why = JX_SITING_CANCELLED;
    } else if (h->opt->stop && h->opt->stop(h->opt->user)) {
        h->why = JX_SITING_STOPPED;
    }
    return h->why != JX_SITING_PROVED;
}
