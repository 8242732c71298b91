/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** What a set of open sites is worth, and how long one may go on asking. */
#include "base/base_internal.h"
#include "services/plan_internal.h"

bool jx__braked(jx__brake *b, uint64_t steps) {
    if (!b) {
        return false;
    }
    b->work += steps;
    if (!b->on && b->work >= b->next) {
        b->next = b->work + JX__BRAKE_STEPS;
        b->cancelled = jx__cancelled(b->ctx);
        b->on = b->cancelled || (b->stop && b->stop(b->user));
        b->on_at = b->work;
    }
    return b->on && b->work - b->on_at >= b->grace;
}

bool jx__brake_now(void *brake) {
    jx__brake *b = brake;
    b->next = 0;
    return jx__braked(b, 0);
}

uint64_t jx__fix_sum(const jx__inst *t, const uint8_t *open) {
    uint64_t sum = 0;
    for (uint32_t j = 0; t->fix && j < t->m; j++) {
        sum += open[j] ? t->fix[j] : 0;
    }
    return sum;
}

bool jx__affordable(const jx__inst *t, const uint8_t *open) {
    uint64_t spent = 0, count = 0;
    for (uint32_t j = 0; j < t->m; j++) {
        bool counts = open[j] && t->status[j] != JX_PLAN_KEPT;
        spent += counts ? t->price[j] : 0;
        count += counts;
    }
    return (t->most_open == JX_NONE || count <= t->most_open) && (t->budget == UINT64_MAX || spent <= t->budget);
}

/* Of one demand: its `need` cheapest open sites, or what going without costs. */
static uint64_t demand_value(const jx__inst *t, uint32_t i, const uint8_t *open) {
    uint64_t sum = 0;
    uint32_t left = t->need;
    for (uint64_t k = t->row_off[i]; left > 0 && k < t->row_off[i + 1]; k++) {
        if (open[t->row[k].site]) {
            uint64_t c = t->w[i] * t->row[k].cost;
            if (t->out && c >= t->out[2 * i + left - 1] && c > 0) {
                break;
            }
            sum += c;
            left--;
        }
    }
    if (left > 0 && !t->out) {
        return JX__NO_VALUE;
    }
    for (uint32_t k = 0; k < left; k++) {
        sum += t->out[2 * i + k];
    }
    return sum;
}

uint64_t jx__value_free(const jx__inst *t, const uint8_t *open) {
    uint64_t sum = jx__fix_sum(t, open);
    for (uint32_t i = 0; i < t->n; i++) {
        uint64_t v = demand_value(t, i, open);
        if (v == JX__NO_VALUE) {
            return JX__NO_VALUE;
        }
        sum += v;
    }
    return sum;
}

/* Without capacities everybody goes to the nearest. */
static jx_status nearest_shares(jx_ctx *ctx, const jx__inst *t, const uint8_t *open, jx__shares *shares) {
    for (uint32_t i = 0; i < t->n; i++) {
        for (uint64_t k = t->row_off[i]; k < t->row_off[i + 1]; k++) {
            if (open[t->row[k].site]) {
                JX_TRY(jx_vec_push(ctx, shares, (jx_plan_share){i, t->row[k].site, t->units[i]}));
                break;
            }
        }
    }
    return JX_OK;
}

jx_status jx__value(jx_ctx *ctx, jx__brake *brake, const jx__inst *t, const uint8_t *open, jx__effort effort, uint64_t cutoff, uint64_t *value, uint64_t *lower, jx__shares *shares) {
    if (t->cap) {
        return jx__assign(ctx, brake, t, open, effort, cutoff, value, lower, shares);
    }
    *value = *lower = jx__value_free(t, open);
    return shares ? nearest_shares(ctx, t, open, shares) : JX_OK;
}
