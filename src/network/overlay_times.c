/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Times on an edited network. Level streets have times by length and speed, as jx_metric_new makes them. On slopes a street keeps the
 * time the ground gives it, times the factor; new roads and directions that the base has closed are walked along as jx_metric_new_on does. A
 * speed given in km/h is the speed, whatever the slope. Pieces of a cut street share its time by length, as differences from the
 * street's start, so that they sum to the whole.
 */
#include "network/overlay_internal.h"

typedef struct timer {
    const jx_edited *ed;
    const jx_profile *p;
    const jx_metric *base;
    const jx_terrain *t; /* NULL: level */
    uint32_t *time_ms;   /* of the base's edges: first as in the base */
} timer;

static unsigned bit_of(const timer *w, uint32_t arc) { return 2 * (unsigned)w->p->mode + (arc & 1u); }

static double kmh_of(const timer *w, const jx__street *s, uint32_t arc) { return s ? s->kmh[bit_of(w, arc)] : 0; }

static void scale(const timer *w, const jx__street *s, uint32_t arc) {
    double factor = s ? s->factor[bit_of(w, arc)] : 0;
    if (factor > 0 && w->time_ms[arc] != JX_UNREACHABLE) {
        w->time_ms[arc] = jx__to_ms(jx__round_ms(1 / factor, w->time_ms[arc]));
    }
}

static void level_time(const timer *w, const jx__street *s, uint32_t arc) {
    w->time_ms[arc] = jx__arc_ms(w->ed->net, w->p, arc, kmh_of(w, s, arc), s ? s->factor[bit_of(w, arc)] : 0);
}

/* Both directions of an edge of the base. */
static void street_times(const timer *w, uint32_t e, const jx__street *s) {
    const jx_network *net = w->ed->net;
    if (!w->t) {
        level_time(w, s, 2 * e);
        level_time(w, s, 2 * e + 1);
        return;
    }
    bool opened = false;
    for (uint32_t arc = 2 * e; arc < 2 * e + 2; arc++) {
        uint32_t flat = jx__arc_ms(net, w->p, arc, 0, 0);
        opened = opened || (flat != JX_UNREACHABLE && w->base->time_ms[arc] == JX_UNREACHABLE);
        w->time_ms[arc] = flat;
    }
    if (opened) {
        jx__slope_times(net, w->p, w->t, 0, w->ed->base->n_edges, e, e + 1, w->time_ms);
    }
    for (uint32_t arc = 2 * e; arc < 2 * e + 2; arc++) {
        if (w->time_ms[arc] != JX_UNREACHABLE && w->base->time_ms[arc] != JX_UNREACHABLE) {
            w->time_ms[arc] = w->base->time_ms[arc];
        }
        if (kmh_of(w, s, arc) > 0) {
            level_time(w, s, arc);
        } else {
            scale(w, s, arc);
        }
    }
}

/* A new road, which is edges e0 to e1 - 1: one way, walked along as a whole. */
static void road_times(const timer *w, uint32_t e0, uint32_t e1, const jx__street *s) {
    for (uint32_t arc = 2 * e0; arc < 2 * e1; arc++) {
        w->time_ms[arc] = jx__arc_ms(w->ed->net, w->p, arc, 0, 0);
    }
    if (w->t) {
        jx__slope_times(w->ed->net, w->p, w->t, e0, e1, e0, e1, w->time_ms);
    }
    for (uint32_t arc = 2 * e0; arc < 2 * e1; arc++) {
        if (!w->t || kmh_of(w, s, arc) > 0) {
            level_time(w, s, arc);
        } else {
            scale(w, s, arc);
        }
    }
}

/* A piece of street f. */
static void piece_times(const timer *w, uint32_t e, uint32_t f, const jx__piece *c, const jx__street *s) {
    uint32_t len = w->ed->net->length_mm[f];
    for (uint32_t b = 0; b < 2; b++) {
        uint32_t whole = w->time_ms[2 * f + b];
        if (!w->t) {
            level_time(w, s, 2 * e + b);
        } else {
            w->time_ms[2 * e + b] = whole == JX_UNREACHABLE ? whole : jx_part_ms(whole, c->pos_mm + c->length_mm, len) - jx_part_ms(whole, c->pos_mm, len);
        }
    }
}

static void all_times(const timer *w) {
    const jx_edited *ed = w->ed;
    const struct jx_edited_own *own = ed->own;
    uint32_t n = ed->base->n_edges, k = (uint32_t)own->pieces.n;
    for (uint32_t i = 0; i < ed->n_changed; i++) {
        street_times(w, ed->changed[i], &own->streets.v[own->changed_street[i]]);
    }
    for (uint32_t i = 0; i < k;) {
        const jx__piece *c = &own->pieces.v[i];
        const jx__street *s = c->street == JX_NONE ? NULL : &own->streets.v[c->street];
        uint32_t end = i + 1;
        if (ed->origin[i] != JX_NONE) {
            piece_times(w, n + i, ed->origin[i], c, s);
        } else {
            while (end < k && own->pieces.v[end].line == c->line) {
                end++;
            }
            road_times(w, n + i, n + end, s);
        }
        i = end;
    }
}

jx_status jx_edited_metric(jx_ctx *ctx, const jx_edited *ed, const jx_profile *p, const jx_terrain *t, const jx_metric *base, jx_metric **out) {
    jx_metric *m = jx_calloc(ctx, 1, sizeof *m);
    if (!m) {
        return JX_E_NOMEM;
    }
    *m = *base;
    m->n_arcs = 2 * ed->net->n_edges;
    m->time_ms = jx_malloc(ctx, m->n_arcs, sizeof *m->time_ms);
    if (!m->time_ms) {
        jx_free(ctx, m);
        return JX_E_NOMEM;
    }
    memcpy(m->time_ms, base->time_ms, base->n_arcs * sizeof *m->time_ms);
    const timer w = {ed, p, base, base->slope.used ? t : NULL, m->time_ms};
    all_times(&w);
    *out = m;
    return JX_OK;
}

jx_status jx_edited_hierarchy(jx_ctx *ctx, const jx_edited *ed, const jx_hierarchy *base, jx_hierarchy **out) {
    jx_graph g = jx_network_graph(ed->net);
    *out = NULL;
    return ed->net->n_nodes == ed->base->n_nodes ? JX_OK : jx_hierarchy_extend(ctx, base, &g, out);
}

jx_status jx_edited_times(jx_ctx *ctx, const jx_edited *ed, const jx_times *base, const jx_hierarchy *h, const jx_metric *m, jx_times **out) {
    if (h != base->h) {
        return jx_times_extend(ctx, base, h, m->time_ms, ed->changed, ed->n_changed, out);
    }
    JX_TRY(jx_times_copy(ctx, base, out));
    jx_status st = jx_times_update(ctx, *out, m->time_ms, ed->changed, ed->n_changed);
    if (st != JX_OK) {
        jx_times_free(ctx, *out);
        *out = NULL;
    }
    return st;
}
