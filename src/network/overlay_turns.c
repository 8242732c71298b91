/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * An edited network for a mode that keeps to turn restrictions. Beside a whole street its pieces would be ways around a rule, so here a
 * street that was cut is closed and only its pieces count; rules move to them: arriving by the last piece, leaving by the first, passing
 * all of them.
 */
#include "network/overlay_internal.h"

typedef struct mover {
    jx_ctx *ctx;
    const jx_edited *ed;
    jx_map64 first; /* edge of the base -> its first piece */
    JX_VEC(uint32_t) arcs;
} mover;

static uint32_t last_piece(const jx_edited *ed, uint32_t first) {
    uint32_t n = ed->base->n_edges, k = ed->net->n_edges, e = first;
    while (e + 1 < k && ed->origin[e + 1 - n] == ed->origin[first - n]) {
        e++;
    }
    return e;
}

static jx_status move_arc(mover *v, uint32_t arc, bool begins, bool ends) {
    uint32_t first = jx_map64_get(&v->first, arc >> 1);
    if (first == JX_NONE) {
        return jx_vec_push(v->ctx, &v->arcs, arc);
    }
    uint32_t last = last_piece(v->ed, first);
    bool back = arc & 1u;
    if (begins || ends) { /* the piece at the junction */
        uint32_t e = begins == back ? first : last;
        return jx_vec_push(v->ctx, &v->arcs, 2 * e + (back ? 1u : 0u));
    }
    for (uint32_t i = 0; i <= last - first; i++) {
        JX_TRY(jx_vec_push(v->ctx, &v->arcs, back ? 2 * (last - i) + 1 : 2 * (first + i)));
    }
    return JX_OK;
}

static jx_status move_rules(mover *v, jx_turn_rules *t) {
    const jx_turn_rules *old = &v->ed->net->turns;
    t->off = jx_calloc(v->ctx, (size_t)old->n + 1, sizeof *t->off);
    t->arc = NULL;
    if (!t->off) {
        return JX_E_NOMEM;
    }
    for (uint32_t r = 0; r < old->n; r++) {
        for (uint32_t i = old->off[r]; i < old->off[r + 1]; i++) {
            JX_TRY(move_arc(v, old->arc[i], i == old->off[r], i + 1 == old->off[r + 1]));
        }
        t->off[r + 1] = (uint32_t)v->arcs.n;
    }
    t->arc = v->arcs.v;
    v->arcs.v = NULL;
    return JX_OK;
}

static jx_status cut(mover *v, const jx_metric *m, jx_edited_cut *out) {
    const jx_edited *ed = v->ed;
    uint32_t n = ed->base->n_edges, k = ed->net->n_edges - n;
    out->net = *ed->net;
    out->net.turns.off = NULL;
    out->net.turns.arc = NULL;
    out->metric = *m;
    out->metric.time_ms = jx_malloc(v->ctx, m->n_arcs, sizeof *m->time_ms);
    if (!out->metric.time_ms) {
        return JX_E_NOMEM;
    }
    memcpy(out->metric.time_ms, m->time_ms, m->n_arcs * sizeof *m->time_ms);
    for (uint32_t i = 0; i < k; i++) {
        uint32_t f = ed->origin[i];
        if (f != JX_NONE && (i == 0 || ed->origin[i - 1] != f)) {
            JX_TRY(jx_map64_put(v->ctx, &v->first, f, n + i));
            out->metric.time_ms[2 * f] = out->metric.time_ms[2 * f + 1] = JX_UNREACHABLE;
        }
    }
    return move_rules(v, &out->net.turns);
}

jx_status jx_edited_cut_init(jx_ctx *ctx, const jx_edited *ed, const jx_metric *m, jx_edited_cut *out) {
    mover v = {.ctx = ctx, .ed = ed};
    *out = (jx_edited_cut){0};
    jx_status st = cut(&v, m, out);
    jx_map64_release(ctx, &v.first);
    jx_vec_free(ctx, &v.arcs);
    if (st != JX_OK) {
        jx_edited_cut_release(ctx, out);
    }
    return st;
}

void jx_edited_cut_release(jx_ctx *ctx, jx_edited_cut *c) {
    jx_free(ctx, c->net.turns.off);
    jx_free(ctx, c->net.turns.arc);
    jx_free(ctx, c->metric.time_ms);
    *c = (jx_edited_cut){0};
}
