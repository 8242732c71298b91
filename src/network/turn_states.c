/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * States: beginnings of the runs of arcs that rules speak of, and the arcs on which a U-turn must be charged. Which these are is found by
 * one search outwards from the places where a rule is under way: a way that goes out and back along the same streets is of use only to get
 * around one. It may turn round at the end of its first arc, at the price of a U-turn; going on costs the way there and back in addition,
 * and where that is more than a U-turn, nobody goes, and none need be charged. (Where the first U-turn is forbidden, another rule is under
 * way, and the search begins there too.)
 */
#include <math.h>

#include "junxian/num.h"
#include "network/heap.h"
#include "network/turn_internal.h"

enum { POLL = 1 << 12 }; /* states between two looks at whether to stop */

static uint64_t child_key(uint32_t state, uint32_t arc) { return (uint64_t)(state + 1u) << 32 | arc; }

static uint32_t child(const jx__states *s, uint32_t state, uint32_t arc) { return jx_map64_get(&s->child, child_key(state, arc)); }

static jx_status enter(jx_ctx *ctx, jx__states *s, uint32_t parent, uint32_t arc, uint32_t *out) {
    *out = child(s, parent, arc);
    if (*out != JX_NONE) {
        return JX_OK;
    }
    *out = (uint32_t)s->v.n;
    JX_TRY(jx_vec_push(ctx, &s->v, (jx__state){parent, arc, JX_NONE, JX_NONE, parent == JX_NONE ? 1 : s->v.v[parent].depth + 1}));
    return jx_map64_put(ctx, &s->child, child_key(parent, arc), *out);
}

uint32_t jx__states_go(const jx__states *s, uint32_t state, uint32_t b) {
    for (;; state = s->v.v[state].fail) {
        uint32_t to = child(s, state, b);
        if (to != JX_NONE || state == JX_NONE) {
            return to;
        }
    }
}

bool jx__states_may(const jx__states *s, uint32_t state, uint32_t b) {
    const jx_turn_rules *t = &s->net->turns;
    for (; state != JX_NONE; state = s->v.v[state].fail) {
        bool commanded = false, obeys = false;
        for (uint32_t r = s->v.v[state].rules; r != JX_NONE; r = s->next_rule[r]) {
            bool is = t->arc[t->off[r + 1] - 1] == b;
            if (t->kind[r] == JX_TURN_NO && is) {
                return false;
            }
            commanded = commanded || t->kind[r] == JX_TURN_ONLY;
            obeys = obeys || (t->kind[r] == JX_TURN_ONLY && is);
        }
        if (commanded && !obeys) {
            return false;
        }
    }
    return true;
}

/* ---- costs ---------------------------------------------------------------------------------------------------------- */

/* Direction of an edge at one end, along the arc, in 1e-7 degrees of latitude; false: it has none. */
static bool heading(const jx_network *net, uint32_t arc, bool at_head, double *x, double *y) {
    const jx_pt *g = net->geom + net->geom_off[arc >> 1];
    uint32_t n = (uint32_t)(net->geom_off[(arc >> 1) + 1] - net->geom_off[arc >> 1]);
    bool from_last = (arc & 1u) ? !at_head : at_head, flip = arc & 1u;
    for (uint32_t i = 0; i + 1 < n; i++) {
        uint32_t k = from_last ? n - 2 - i : i;
        double dx = (double)g[k + 1].lon - g[k].lon, dy = (double)g[k + 1].lat - g[k].lat;
        if (dx != 0 || dy != 0) {
            *x = (flip ? -dx : dx) * jx_cos(jx_deg(g[k].lat) * JX_PI / 180);
            *y = flip ? -dy : dy;
            return true;
        }
    }
    return false;
}

/* Goes straight on along its way: however it bends there, it bent so before a street was joined to it. */
static bool same_way(const jx_network *net, uint32_t a, uint32_t b) {
    uint32_t e = a >> 1, f = b >> 1;
    return (a & 1u) == (b & 1u) && (a & 1u ? e == f + 1 : f == e + 1) && net->way_id[e] == net->way_id[f];
}

uint32_t jx__turn_ms(const jx__states *s, uint32_t a, uint32_t b) {
    const jx_network *net = s->net;
    double ax, ay, bx, by;
    if ((a ^ b) == 1u) {
        return s->u_ms;
    }
    if (!s->sharp_ms || net->cls[a >> 1] == JX_ROAD_BARRIER || net->cls[b >> 1] == JX_ROAD_BARRIER || same_way(net, a, b) ||
        !heading(net, a, true, &ax, &ay) || !heading(net, b, false, &bx, &by)) {
        return 0;
    }
    return ax * bx + ay * by < s->sharp_cos * sqrt((ax * ax + ay * ay) * (bx * bx + by * by)) ? s->sharp_ms : 0;
}

/* ---- rules ------------------------------------------------------------------------------------------------------------ */

static bool in_force(const jx__states *s, jx_mode mode, uint32_t r) {
    const jx_turn_rules *t = &s->net->turns;
    if (!(t->modes[r] & (1u << mode))) {
        return false;
    }
    for (uint32_t i = t->off[r]; i < t->off[r + 1]; i++) {
        if (s->time[t->arc[i]] == JX_UNREACHABLE) {
            return false;
        }
    }
    return true;
}

static jx_status enter_rules(jx_ctx *ctx, jx__states *s, jx_mode mode) {
    const jx_turn_rules *t = &s->net->turns;
    for (uint32_t r = 0; r < t->n; r++) {
        uint32_t at = JX_NONE;
        if (!in_force(s, mode, r)) {
            continue;
        }
        for (uint32_t i = t->off[r]; i + 1 < t->off[r + 1]; i++) {
            JX_TRY(enter(ctx, s, at, t->arc[i], &at));
        }
        s->next_rule[r] = s->v.v[at].rules;
        s->v.v[at].rules = r;
        s->n_rules++;
    }
    return JX_OK;
}

/* ---- U-turns ------------------------------------------------------------------------------------------------------------ */

typedef struct outing {
    jx_ctx *ctx;
    jx__states *s;
    uint32_t *excess; /* by node: least time there and back since one could turn round first */
    uint8_t *charge;  /* by arc */
    jx__heap heap;
} outing;

/* Out along an arc, which must be open back too. */
static jx_status go_out(outing *o, uint32_t arc, uint32_t excess) {
    uint32_t at = jx_arc_head(o->s->net, arc);
    if (excess >= o->s->u_ms || o->s->time[arc] == JX_UNREACHABLE || o->s->time[arc ^ 1u] == JX_UNREACHABLE) {
        return JX_OK;
    }
    o->charge[arc] = 1;
    if (excess >= o->excess[at]) {
        return JX_OK;
    }
    o->excess[at] = excess;
    return jx__heap_push(o->ctx, &o->heap, (jx__heap_item){(uint64_t)excess << 32 | at, 0});
}

static jx_status search(outing *o) {
    const jx_network *net = o->s->net;
    const uint32_t *time = o->s->time;
    uint32_t n = (uint32_t)o->s->v.n;
    for (uint32_t k = 0; k < n; k++) {
        uint32_t v = jx_arc_head(net, o->s->v.v[k].arc);
        JX_TRY(k % POLL ? JX_OK : jx_poll(o->ctx));
        for (uint32_t i = net->first_arc[v]; i < net->first_arc[v + 1]; i++) {
            if (jx__states_may(o->s, k, net->arc[i])) {
                JX_TRY(go_out(o, net->arc[i], 0));
            }
        }
    }
    while (o->heap.n) {
        jx__heap_item it = jx__heap_pop(&o->heap);
        uint32_t v = (uint32_t)it.key, excess = (uint32_t)(it.key >> 32);
        for (uint32_t i = net->first_arc[v]; o->excess[v] == excess && i < net->first_arc[v + 1]; i++) {
            uint32_t a = net->arc[i];
            JX_TRY(go_out(o, a, jx_add_ms(excess, jx_add_ms(time[a], time[a ^ 1u]))));
        }
    }
    return JX_OK;
}

static jx_status charged_arcs(jx_ctx *ctx, jx__states *s, uint8_t *charge) {
    outing o = {.ctx = ctx, .s = s, .charge = charge};
    uint32_t n = s->net->n_nodes;
    if (!s->u_ms || !s->v.n) {
        return JX_OK;
    }
    o.excess = jx_malloc(ctx, n, sizeof *o.excess);
    if (!o.excess) {
        return JX_E_NOMEM;
    }
    memset(o.excess, 0xff, n * sizeof *o.excess);
    jx_status st = search(&o);
    jx_free(ctx, o.excess);
    jx_vec_free(ctx, &o.heap);
    return st;
}

/* ---- all of it ------------------------------------------------------------------------------------------------------------- */

/* All states by depth. first: a zero for each depth, and one more behind. */
static void by_depth(const jx__states *s, uint32_t deepest, uint32_t *first, uint32_t *order) {
    uint32_t n = (uint32_t)s->v.n, sum = 0;
    for (uint32_t k = 0; k < n; k++) {
        first[s->v.v[k].depth]++;
    }
    for (uint32_t d = 0; d <= deepest; d++) {
        uint32_t count = first[d];
        first[d] = sum;
        sum += count;
    }
    for (uint32_t k = 0; k < n; k++) {
        order[first[s->v.v[k].depth]++] = k;
    }
}

/* Parents stand before their children, but links lead to shorter states that may come later: by depth. */
static jx_status link_states(jx_ctx *ctx, jx__states *s) {
    uint32_t n = (uint32_t)s->v.n, deepest = 0;
    for (uint32_t k = 0; k < n; k++) {
        deepest = s->v.v[k].depth > deepest ? s->v.v[k].depth : deepest;
    }
    uint32_t *first = jx_calloc(ctx, (size_t)deepest + 1, sizeof *first), *order = jx_malloc(ctx, n, sizeof *order);
    jx_status st = first && order ? JX_OK : JX_E_NOMEM;
    if (st == JX_OK) {
        by_depth(s, deepest, first, order);
    }
    for (uint32_t i = 0; st == JX_OK && i < n; i++) {
        jx__state *x = &s->v.v[order[i]];
        x->fail = x->depth > 1 ? jx__states_go(s, s->v.v[x->parent].fail, x->arc) : x->fail;
        st = i % POLL ? JX_OK : jx_poll(ctx);
    }
    jx_free(ctx, first);
    jx_free(ctx, order);
    return st;
}

static jx_status make(jx_ctx *ctx, jx__states *s, jx_mode mode, uint8_t *charge) {
    uint32_t n_arcs = 2 * s->net->n_edges, unused;
    JX_TRY(enter_rules(ctx, s, mode));
    JX_TRY(link_states(ctx, s));
    if (s->sharp_ms) {
        memset(charge, 1, n_arcs);
    } else {
        JX_TRY(charged_arcs(ctx, s, charge));
    }
    for (uint32_t a = 0; a < n_arcs; a++) {
        if (charge[a] && s->time[a] != JX_UNREACHABLE) {
            JX_TRY(enter(ctx, s, JX_NONE, a, &unused));
        }
    }
    return link_states(ctx, s);
}

jx_status jx__states_make(jx_ctx *ctx, const jx_network *net, const jx_metric *m, const jx_profile *p, jx__states *out) {
    *out = (jx__states){.net = net, .time = m->time_ms, .u_ms = (uint32_t)(p->u_turn_s * 1000 + 0.5), .sharp_ms = (uint32_t)(p->sharp_s * 1000 + 0.5)};
    out->sharp_cos = jx_cos(p->sharp_deg * JX_PI / 180);
    out->next_rule = jx_malloc(ctx, net->turns.n, sizeof *out->next_rule);
    uint8_t *charge = jx_calloc(ctx, 2 * (size_t)net->n_edges, 1);
    jx_status st = out->next_rule && charge ? make(ctx, out, m->mode, charge) : JX_E_NOMEM;
    jx_free(ctx, charge);
    return st;
}

void jx__states_release(jx_ctx *ctx, jx__states *s) {
    jx_vec_free(ctx, &s->v);
    jx_free(ctx, s->next_rule);
    jx_map64_release(ctx, &s->child);
}

bool jx_turns_matter(const jx_network *net, const jx_profile *p) {
    bool rules = false;
    for (uint32_t r = 0; !rules && r < net->turns.n; r++) {
        rules = net->turns.modes[r] & (1u << JX_CAR);
    }
    return p->mode == JX_CAR && (rules || p->sharp_s > 0);
}
