/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The list of edits: checked values, and what undoes each. */
#include "network/overlay_internal.h"

jx_status jx_overlay_new(jx_ctx *ctx, const char *file, jx_overlay **out) {
    jx_overlay *o = jx_calloc(ctx, 1, sizeof *o);
    if (!o || (file && !(o->file = jx_strdup(ctx, file)))) {
        jx_free(ctx, o);
        return JX_E_NOMEM;
    }
    *out = o;
    return JX_OK;
}

static void release(jx_ctx *ctx, jx_edit *e) {
    union {
        const void *c;
        void *p;
    } name = {e->name}, pts = {e->pts};
    jx_free(ctx, name.p);
    jx_free(ctx, pts.p);
}

void jx_overlay_free(jx_ctx *ctx, jx_overlay *o) {
    if (o) {
        for (size_t i = 0; i < o->edits.n; i++) {
            release(ctx, &o->edits.v[i]);
        }
        jx_vec_free(ctx, &o->edits);
        jx_free(ctx, o->file);
        jx_free(ctx, o);
    }
}

static bool same(jx_pt a, jx_pt b) { return a.lon == b.lon && a.lat == b.lat; }

static jx_status check_road(jx_ctx *ctx, const jx_overlay *o, const jx_edit *e) {
    bool ok = e->n_pts >= 2, moves = false;
    for (uint32_t i = 0; ok && i < e->n_pts; i++) {
        ok = jx__on_earth(e->pts[i]);
        moves = moves || !same(e->pts[i], e->pts[0]);
    }
    if (!ok || !moves) {
        return JX_FAIL_ROW(ctx, o->file, e->row, EDIT_POINTS, JX_I(e->n_pts));
    }
    if (!(e->access & JX_ACCESS_ALL) || e->cls >= JX_N_ROAD_CLASSES || e->cls == JX_ROAD_FERRY || e->cls == JX_ROAD_BARRIER || !(e->join_m >= 0)) {
        return JX_FAIL_ROW(ctx, o->file, e->row, EDIT_ROAD, JX_I(o->n_roads));
    }
    return JX_OK;
}

static jx_status check(jx_ctx *ctx, const jx_overlay *o, const jx_edit *e) {
    if (e->kind == JX_EDIT_ROAD) {
        return check_road(ctx, o, e);
    }
    if (e->kind == JX_EDIT_JOINT) {
        return jx__on_earth(e->place) && (!e->on || jx__on_earth(e->at)) ? JX_OK : JX_FAIL_ROW(ctx, o->file, e->row, EDIT_POINTS, JX_I(2));
    }
    if (e->kind != JX_EDIT_CLOSE && e->kind != JX_EDIT_OPEN && e->kind != JX_EDIT_SPEED) {
        return JX_FAIL_ROW(ctx, o->file, e->row, EDIT_KIND, JX_I(e->kind));
    }
    if (e->edge == JX_NONE && e->road >= o->n_roads) {
        return JX_FAIL_ROW(ctx, o->file, e->row, EDIT_NO_STREET, JX_I(e->road));
    }
    bool slow = e->kind == JX_EDIT_SPEED;
    if (slow && !((e->kmh == 0 || (e->kmh >= 0.1 && e->kmh <= 1000)) && (e->factor == 0 || (e->factor >= 0.01 && e->factor <= 100)))) {
        return JX_FAIL_ROW(ctx, o->file, e->row, EDIT_SPEED, JX_R(e->kmh, 3), JX_R(e->factor, 3));
    }
    return JX_OK;
}

jx_status jx_overlay_add(jx_ctx *ctx, jx_overlay *o, const jx_edit *e) {
    JX_TRY(check(ctx, o, e));
    jx_edit copy = *e;
    copy.name = NULL;
    copy.pts = NULL;
    if (e->kind != JX_EDIT_ROAD) {
        copy.n_pts = 0;
        return jx_vec_push(ctx, &o->edits, copy);
    }
    JX_TRY(jx_vec_reserve(ctx, &o->edits, 1));
    jx_pt *pts = jx_malloc(ctx, e->n_pts, sizeof *pts);
    copy.name = e->name ? jx_strdup(ctx, e->name) : NULL;
    copy.pts = pts;
    if (!pts || (e->name && !copy.name)) {
        release(ctx, &copy);
        return JX_E_NOMEM;
    }
    memcpy(pts, e->pts, e->n_pts * sizeof *pts);
    o->edits.v[o->edits.n++] = copy;
    o->n_roads++;
    return JX_OK;
}

uint32_t jx_overlay_count(const jx_overlay *o) { return (uint32_t)o->edits.n; }
const jx_edit *jx_overlay_get(const jx_overlay *o, uint32_t i) { return &o->edits.v[i]; }

void jx_overlay_drop(jx_ctx *ctx, jx_overlay *o) {
    if (o->edits.n) {
        jx_edit *e = &o->edits.v[--o->edits.n];
        o->n_roads -= e->kind == JX_EDIT_ROAD ? 1 : 0;
        release(ctx, e);
    }
}

/* ---- streets under edits ------------------------------------------------------------------------------------------------------ */

void jx__street_edit(jx__street *s, const jx_edit *e) {
    if (e->kind == JX_EDIT_CLOSE) {
        s->access &= (uint8_t)~e->access;
    } else if (e->kind == JX_EDIT_OPEN) {
        s->access |= e->access & JX_ACCESS_ALL;
    } else if (e->kind == JX_EDIT_SPEED) {
        for (unsigned b = 0; b < JX__N_BITS; b++) {
            if (e->access & (1u << b)) {
                s->kmh[b] = e->kmh;
                s->factor[b] = e->factor;
            }
        }
    }
}

const jx_edit *jx__road_edit(const jx_overlay *o, uint32_t road) {
    for (size_t i = 0, k = 0; i < o->edits.n; i++) {
        if (o->edits.v[i].kind == JX_EDIT_ROAD && k++ == road) {
            return &o->edits.v[i];
        }
    }
    return NULL;
}

static uint8_t access_at_first(const jx_overlay *o, const jx_network *base, uint32_t edge, uint32_t road) {
    return edge != JX_NONE ? base->access[edge] : jx__road_edit(o, road)->access & JX_ACCESS_ALL;
}

jx_status jx__street_at(jx__apply *a, uint32_t edge, uint32_t road, uint32_t *at) {
    uint32_t k = jx_map64_get(&a->street_of, jx__key(edge, road));
    if (k == JX_NONE) {
        k = (uint32_t)a->streets.n;
        jx__street s = {.edge = edge, .road = road, .access = access_at_first(a->o, a->base, edge, road)};
        JX_TRY(jx_vec_push(a->ctx, &a->streets, s));
        JX_TRY(jx_map64_put(a->ctx, &a->street_of, jx__key(edge, road), k));
    }
    *at = k;
    return JX_OK;
}

/* ---- what undoes an edit --------------------------------------------------------------------------------------------------------- */

/* Bits that had one speed before go into one edit. */
static uint32_t speeds_before(const jx__street *s, const jx_edit *e, jx_edit out[JX_EDIT_INVERSES]) {
    uint32_t n = 0;
    for (unsigned b = 0; b < JX__N_BITS; b++) {
        uint32_t k = 0;
        if (!(e->access & (1u << b)) || (s->kmh[b] == e->kmh && s->factor[b] == e->factor)) {
            continue;
        }
        while (k < n && (out[k].kmh != s->kmh[b] || out[k].factor != s->factor[b])) {
            k++;
        }
        if (k == n) {
            out[n++] = (jx_edit){.kind = JX_EDIT_SPEED, .edge = e->edge, .road = e->road, .kmh = s->kmh[b], .factor = s->factor[b]};
        }
        out[k].access |= (uint8_t)(1u << b);
    }
    return n;
}

static uint32_t joint_before(const jx_overlay *o, uint32_t i, jx_edit *out) {
    const jx_edit *e = &o->edits.v[i];
    *out = (jx_edit){.kind = JX_EDIT_JOINT, .place = e->place};
    for (uint32_t k = i; k-- > 0;) {
        if (o->edits.v[k].kind == JX_EDIT_JOINT && same(o->edits.v[k].place, e->place)) {
            out->at = o->edits.v[k].at;
            out->on = o->edits.v[k].on;
            break;
        }
    }
    return out->on == e->on && (!e->on || same(out->at, e->at)) ? 0 : 1;
}

jx_status jx_overlay_inverse(jx_ctx *ctx, const jx_overlay *o, const jx_network *base, uint32_t i, jx_edit out[JX_EDIT_INVERSES],
                             uint32_t *n) {
    const jx_edit *e = &o->edits.v[i];
    memset(out, 0, JX_EDIT_INVERSES * sizeof *out);
    if (e->kind == JX_EDIT_JOINT) {
        *n = joint_before(o, i, out);
        return JX_OK;
    }
    if (e->kind == JX_EDIT_ROAD) {
        uint32_t road = 0;
        for (uint32_t k = 0; k < i; k++) {
            road += o->edits.v[k].kind == JX_EDIT_ROAD ? 1 : 0;
        }
        out[0] = (jx_edit){.kind = JX_EDIT_CLOSE, .edge = JX_NONE, .road = road, .access = e->access & JX_ACCESS_ALL};
        *n = 1;
        return JX_OK;
    }
    if (e->edge != JX_NONE && e->edge >= base->n_edges) {
        return JX_FAIL_ROW(ctx, o->file, e->row, EDIT_NO_STREET, JX_I(e->edge));
    }
    jx__street s = {.access = access_at_first(o, base, e->edge, e->road)};
    for (uint32_t k = 0; k < i; k++) {
        const jx_edit *b = &o->edits.v[k];
        if (b->kind <= JX_EDIT_SPEED && b->edge == e->edge && (e->edge != JX_NONE || b->road == e->road)) {
            jx__street_edit(&s, b);
        }
    }
    if (e->kind == JX_EDIT_SPEED) {
        *n = speeds_before(&s, e, out);
        return JX_OK;
    }
    bool closes = e->kind == JX_EDIT_CLOSE;
    uint8_t bits = e->access & JX_ACCESS_ALL & (closes ? s.access : (uint8_t)~s.access);
    out[0] = (jx_edit){.kind = closes ? JX_EDIT_OPEN : JX_EDIT_CLOSE, .edge = e->edge, .road = e->road, .access = bits};
    *n = bits ? 1 : 0;
    return JX_OK;
}
