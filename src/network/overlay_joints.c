/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Joints of places on an edited network: their own of the base, and what the edits put beside it. */
#include "network/overlay_internal.h"

typedef struct joiner {
    jx_ctx *ctx;
    const jx_edited *ed;
    const jx_metric *m;
    const jx_profile *p;
    const jx_pt *places;
    uint32_t n;
    uint8_t *only;  /* by edge: the mask of a search */
    uint8_t *moved; /* by place */
    jx_joints *out;
    size_t cap;
} joiner;

static bool open_to(const jx_network *net, uint32_t e, jx_mode m) {
    return (net->access[e] & (JX_ACCESS_BIT(m, false) | JX_ACCESS_BIT(m, true))) != 0;
}

static bool is_piece(const jx_edited *ed, uint32_t e) { return e >= ed->base->n_edges && ed->origin[e - ed->base->n_edges] != JX_NONE; }

static jx_status add(joiner *j, uint32_t place, jx_snap s) {
    jx_joints *o = j->out;
    if (o->n_all == j->cap) {
        size_t cap = j->cap + j->cap / 2 + 16;
        jx_snap *snap = jx_realloc(j->ctx, o->snap, cap, sizeof *snap);
        if (!snap) {
            return JX_E_NOMEM;
        }
        o->snap = snap;
        uint32_t *owner = jx_realloc(j->ctx, o->owner, cap - o->n, sizeof *owner);
        if (!owner) {
            return JX_E_NOMEM;
        }
        o->owner = owner;
        j->cap = cap;
    }
    o->owner[o->n_all - o->n] = place;
    o->snap[o->n_all++] = s;
    return JX_OK;
}

/* ---- places that join elsewhere now ------------------------------------------------------------------------------------------------ */

static const jx_edit *moved_to(const joiner *j, jx_pt place) {
    struct jx_edited_own *own = j->ed->own;
    const jx_edit *last = NULL;
    for (size_t i = 0; i < own->joints.n; i++) {
        if (own->joints.v[i].place.lon == place.lon && own->joints.v[i].place.lat == place.lat) {
            last = &own->joints.v[i];
            own->met.v[i] = 1;
        }
    }
    return last && last->on ? last : NULL;
}

static bool shut(const joiner *j, const jx_snap *s) {
    return s->edge != JX_NONE && j->m->time_ms[2 * s->edge] == JX_UNREACHABLE && j->m->time_ms[2 * s->edge + 1] == JX_UNREACHABLE;
}

/* One search for all of them, among whole streets. */
static jx_status rejoin(joiner *j) {
    JX_VEC(uint32_t) who = {0};
    JX_VEC(jx_pt) where = {0};
    jx_snap *got = NULL;
    jx_status st = JX_OK;
    for (uint32_t i = 0; st == JX_OK && i < j->n; i++) {
        const jx_edit *e = j->ed->own->joints.n ? moved_to(j, j->places[i]) : NULL;
        if (e || shut(j, &j->out->snap[i])) {
            j->moved[i] = e ? 1 : 0;
            j->out->n_moved += e ? 1u : 0u;
            st = jx_vec_push(j->ctx, &who, i);
            if (st == JX_OK) {
                st = jx_vec_push(j->ctx, &where, e ? e->at : j->places[i]);
            }
        }
    }
    if (st == JX_OK && who.n) {
        for (uint32_t e = 0; e < j->ed->net->n_edges; e++) {
            j->only[e] = is_piece(j->ed, e) ? 0 : 1;
        }
        got = jx_malloc(j->ctx, who.n, sizeof *got);
        st = got ? jx__snap_among(j->ctx, j->ed->net, j->m->mode, j->p, j->only, where.v, (uint32_t)who.n, got) : JX_E_NOMEM;
    }
    for (size_t i = 0; st == JX_OK && i < who.n; i++) {
        if (got[i].edge != JX_NONE && j->moved[who.v[i]]) { /* the walk is from the place to the joint, however far */
            double m = jx_pt_pt_m(j->places[who.v[i]], got[i].joint);
            got[i].offroad_mm = m < 4e6 ? (uint32_t)(m * 1000 + 0.5) : 4000000000u;
            got[i].offroad_ms = jx__offroad_ms(j->p, m);
        }
        j->out->snap[who.v[i]] = got[i];
    }
    jx_vec_free(j->ctx, &who);
    jx_vec_free(j->ctx, &where);
    jx_free(j->ctx, got);
    return st;
}

/* ---- joints beside it ---------------------------------------------------------------------------------------------------------------- */

/* A street that was cut: the same spot on the piece. */
static jx_status on_pieces(joiner *j) {
    const jx_edited *ed = j->ed;
    uint32_t k = ed->net->n_edges - ed->base->n_edges;
    jx_map64 first = {0};
    jx_status st = JX_OK;
    for (uint32_t i = 0; st == JX_OK && i < k; i++) {
        if (ed->origin[i] != JX_NONE && (i == 0 || ed->origin[i - 1] != ed->origin[i])) {
            st = jx_map64_put(j->ctx, &first, ed->origin[i], i);
        }
    }
    for (uint32_t i = 0; st == JX_OK && k && i < j->n; i++) {
        jx_snap s = j->out->snap[i];
        uint32_t at = s.edge == JX_NONE ? JX_NONE : jx_map64_get(&first, s.edge);
        if (at == JX_NONE) {
            continue;
        }
        const jx__piece *p = &ed->own->pieces.v[at];
        for (uint32_t e = s.edge; at + 1 < k && ed->origin[at + 1] == e && s.pos_mm > p->pos_mm + p->length_mm; at++) {
            p++;
        }
        s.edge = ed->base->n_edges + at;
        s.pos_mm -= p->pos_mm;
        st = add(j, i, s);
    }
    jx_map64_release(j->ctx, &first);
    return st;
}

/* Streets that can be joined now and could not before: nearer ones are offered. */
static jx_status on_new_streets(joiner *j) {
    const jx_edited *ed = j->ed;
    const jx_network *net = ed->net, *b = ed->base;
    jx_mode m = j->m->mode;
    bool any = false;
    for (uint32_t e = 0; e < net->n_edges; e++) {
        bool before = e < b->n_edges && open_to(b, e, m) && !(b->island[e] & (1u << m));
        j->only[e] = !before && !is_piece(ed, e) && open_to(net, e, m) && !(net->island[e] & (1u << m)) ? 1 : 0;
        any = any || j->only[e];
    }
    jx_snap *got = any ? jx_malloc(j->ctx, j->n, sizeof *got) : NULL;
    if (!any || !got) {
        return any ? JX_E_NOMEM : JX_OK;
    }
    jx_status st = jx__snap_among(j->ctx, net, m, j->p, j->only, j->places, j->n, got);
    for (uint32_t i = 0; st == JX_OK && i < j->n; i++) {
        const jx_snap *own = &j->out->snap[i];
        if (got[i].edge != JX_NONE && !j->moved[i] && (own->edge == JX_NONE || got[i].offroad_mm < own->offroad_mm)) {
            st = add(j, i, got[i]);
        }
    }
    jx_free(j->ctx, got);
    return st;
}

jx_status jx_edited_joints(jx_ctx *ctx, const jx_edited *ed, const jx_metric *m, const jx_profile *p, const jx_pt *places,
                           const jx_snap *snaps, uint32_t n, jx_joints *out) {
    joiner j = {.ctx = ctx, .ed = ed, .m = m, .p = p, .places = places, .n = n, .out = out, .cap = n};
    *out = (jx_joints){.n = n, .n_all = n};
    out->snap = jx_malloc(ctx, n, sizeof *out->snap);
    out->owner = jx_malloc(ctx, 0, sizeof *out->owner);
    j.only = jx_malloc(ctx, ed->net->n_edges, 1);
    j.moved = jx_calloc(ctx, n, 1);
    jx_status st = out->snap && out->owner && j.only && j.moved ? JX_OK : JX_E_NOMEM;
    if (st == JX_OK) {
        memcpy(out->snap, snaps, n * sizeof *snaps);
        st = rejoin(&j);
    }
    if (st == JX_OK) {
        st = on_pieces(&j);
    }
    if (st == JX_OK) {
        st = on_new_streets(&j);
    }
    jx_free(ctx, j.only);
    jx_free(ctx, j.moved);
    if (st != JX_OK) {
        jx_joints_release(ctx, out);
    }
    return st;
}

void jx_edited_tell_joints(jx_ctx *ctx, const jx_edited *ed, const char *file) {
    const struct jx_edited_own *own = ed->own;
    for (size_t i = 0; i < own->joints.n; i++) {
        jx_pt p = own->joints.v[i].place;
        if (!own->met.v[i]) {
            JX_WARN_ROW(ctx, file, own->joints.v[i].row, EDIT_JOINT_UNUSED, JX_R(p.lon / 1e7, 7), JX_R(p.lat / 1e7, 7));
        }
    }
}

void jx_joints_release(jx_ctx *ctx, jx_joints *j) {
    jx_free(ctx, j->snap);
    jx_free(ctx, j->owner);
    *j = (jx_joints){0};
}
