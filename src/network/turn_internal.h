/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** States of a vehicle: what of its last arcs matters for the turns it may take. */
#ifndef JX_NETWORK_TURN_INTERNAL_H
#define JX_NETWORK_TURN_INTERNAL_H

#include "junxian/turns.h"
#include "network/network_internal.h"

/** A state: the arcs it remembers are its parent's and `arc`; the vehicle stands at the head of `arc`. */
typedef struct jx__state {
    uint32_t parent, arc;
    uint32_t fail;  /* the longest end of its arcs that is a state too; JX_NONE: none */
    uint32_t rules; /* first of the rules whose last arc is next; JX_NONE: none */
    uint32_t depth;
} jx__state;

typedef struct jx__states {
    const jx_network *net;
    const uint32_t *time;
    uint32_t u_ms, sharp_ms;
    double sharp_cos;
    JX_VEC(jx__state) v;
    uint32_t *next_rule; /* by rule: the next one of its state */
    uint32_t n_rules;
    jx_map64 child; /* (state + 1) << 32 | arc -> state; state JX_NONE: nothing remembered */
} jx__states;

/** All states of the mode. Release whatever happened. */
jx_status jx__states_make(jx_ctx *ctx, const jx_network *net, const jx_metric *m, const jx_profile *p, jx__states *out);
void jx__states_release(jx_ctx *ctx, jx__states *s);
/** The state after driving arc b from state s (JX_NONE: nothing remembered, before and after). */
uint32_t jx__states_go(const jx__states *s, uint32_t state, uint32_t b);
/** May arc b follow in this state? */
bool jx__states_may(const jx__states *s, uint32_t state, uint32_t b);
/** What turning from arc a into arc b costs. */
uint32_t jx__turn_ms(const jx__states *s, uint32_t a, uint32_t b);

#endif
