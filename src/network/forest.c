/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Shortest-path forests by plain Dijkstra from all facilities at once, and the people carried along them. */
#include "junxian/route.h"
#include "network/heap.h"
#include "network/table_internal.h"

static jx_status offer(jx_ctx *ctx, jx__heap *h, jx_forest *f, uint32_t node, uint32_t ms, uint32_t fac, uint32_t arc) {
    if (ms == JX_UNREACHABLE || ms > f->ms[node] || (ms == f->ms[node] && fac >= f->facility[node])) {
        return JX_OK;
    }
    f->ms[node] = ms;
    f->facility[node] = fac;
    f->arc[node] = arc;
    return jx__heap_push(ctx, h, (jx__heap_item){(uint64_t)ms << 32 | node, fac});
}

static jx_status grow(jx_ctx *ctx, const jx_network *net, const jx_metric *m, jx_direction dir, const jx_snap *facs,
                      uint32_t n, jx_forest *f) {
    jx__heap h = {0};
    jx_status st = JX_OK;
    for (uint32_t i = 0; st == JX_OK && i < n; i++) {
        jx_port p[2];
        if (facs[i].edge == JX_NONE) {
            continue;
        }
        jx__ports_of(net, m->time_ms, &facs[i], dir == JX_FROM_FACILITY, p);
        for (int k = 0; st == JX_OK && k < 2; k++) {
            st = offer(ctx, &h, f, p[k].node, jx_add_ms(p[k].ms, facs[i].offroad_ms), i, JX_NONE);
        }
    }
    while (st == JX_OK && h.n) {
        jx__heap_item it = jx__heap_pop(&h);
        uint32_t v = (uint32_t)it.key, ms = (uint32_t)(it.key >> 32);
        if (f->ms[v] != ms || f->facility[v] != it.label) {
            continue;
        }
        f->order[f->n_reached++] = v;
        for (uint32_t i = net->first_arc[v]; st == JX_OK && i < net->first_arc[v + 1]; i++) {
            uint32_t out = net->arc[i],
                     way = dir == JX_TO_FACILITY ? out ^ 1u : out; /* towards the facility one comes the other way */
            st = offer(ctx, &h, f, jx_arc_head(net, out), jx_add_ms(ms, m->time_ms[way]), it.label, way);
        }
    }
    jx_vec_free(ctx, &h);
    return st;
}

jx_status jx_forest_new(jx_ctx *ctx, const jx_network *net, const jx_metric *m, jx_direction dir,
                        const jx_snap *facilities, uint32_t n_facilities, jx_forest **out) {
    jx_forest *f = jx_calloc(ctx, 1, sizeof *f);
    if (!f) {
        return JX_E_NOMEM;
    }
    uint32_t **const arrays[] = {&f->ms, &f->facility, &f->arc, &f->order};
    jx_status st = JX_OK;
    f->n_nodes = net->n_nodes;
    for (size_t i = 0; st == JX_OK && i < sizeof arrays / sizeof *arrays; i++) {
        *arrays[i] = jx_malloc(ctx, net->n_nodes, sizeof **arrays[i]);
        st = *arrays[i] ? JX_OK : JX_E_NOMEM;
        if (st == JX_OK) {
            memset(*arrays[i], 0xff, (size_t)net->n_nodes * sizeof **arrays[i]);
        }
    }
    if (st == JX_OK) {
        st = grow(ctx, net, m, dir, facilities, n_facilities, f);
    }
    if (st != JX_OK) {
        jx_forest_free(ctx, f);
        return st;
    }
    *out = f;
    return JX_OK;
}

void jx_forest_free(jx_ctx *ctx, jx_forest *f) {
    if (f) {
        jx_free(ctx, f->ms);
        jx_free(ctx, f->facility);
        jx_free(ctx, f->arc);
        jx_free(ctx, f->order);
        jx_free(ctx, f);
    }
}

/* ---- loads ------------------------------------------------------------------------------------------------------- */

typedef struct loader {
    const jx_network *net;
    const jx_metric *m;
    jx_direction dir;
    const jx_snap *facs;
    uint32_t *fac_off, *fac_item; /* facilities by edge */
    const jx_forest *f;
    double *load, *at; /* by arc; people who pass a node */
} loader;

/* The piece of a facility's own edge between it and the root node of its tree. */
static uint32_t last_arc(const loader *l, uint32_t node, uint32_t fac) {
    const jx_snap *s = &l->facs[fac];
    jx_port p[2];
    jx__ports_of(l->net, l->m->time_ms, s, l->dir == JX_FROM_FACILITY, p);
    bool by_to = p[0].node == node && (p[1].node != node || p[0].ms <= p[1].ms);
    bool leaving = l->dir == JX_FROM_FACILITY; /* by `to`: leaving along the edge, arriving against it */
    return 2 * s->edge + (leaving == by_to ? 0u : 1u);
}

/* Where a cell's people enter: a node, or straight to a facility on their own edge. False: they have no way. */
static bool enter(const loader *l, const jx_snap *c, double people) {
    bool leaving = l->dir == JX_TO_FACILITY;
    uint32_t best = JX_UNREACHABLE, fac = JX_NONE, arc = JX_NONE, node = JX_NONE;
    if (c->edge == JX_NONE) {
        return false;
    }
    jx_port p[2];
    jx__ports_of(l->net, l->m->time_ms, c, leaving, p);
    for (uint32_t k = 0; k < 2; k++) {
        uint32_t ms = jx_add_ms(p[k].ms, l->f->ms[p[k].node]);
        if (ms < best || (ms == best && ms != JX_UNREACHABLE && l->f->facility[p[k].node] < fac)) {
            best = ms, fac = l->f->facility[p[k].node], node = p[k].node;
            arc = 2 * c->edge + (leaving == (k == 0) ? 0u : 1u);
        }
    }
    for (uint32_t i = l->fac_off[c->edge]; i < l->fac_off[c->edge + 1]; i++) {
        const jx_snap *s = &l->facs[l->fac_item[i]], *a = leaving ? c : s, *b = leaving ? s : c;
        uint32_t ms = jx_add_ms(jx__direct_ms(l->net, l->m->time_ms, a, b), s->offroad_ms);
        if (ms < best || (ms == best && ms != JX_UNREACHABLE && l->fac_item[i] < fac)) {
            best = ms, fac = l->fac_item[i], node = JX_NONE;
            arc = 2 * c->edge + (b->pos_mm < a->pos_mm ? 1u : 0u);
        }
    }
    if (best == JX_UNREACHABLE) {
        return false;
    }
    l->load[arc] += people;
    if (node != JX_NONE) {
        l->at[node] += people;
    }
    return true;
}

static void carry(const loader *l) {
    const jx_forest *f = l->f;
    for (uint32_t i = f->n_reached; i-- > 0;) {
        uint32_t v = f->order[i], arc = f->arc[v];
        if (l->at[v] <= 0) {
            continue;
        }
        if (arc == JX_NONE) {
            l->load[last_arc(l, v, f->facility[v])] += l->at[v];
        } else {
            uint32_t next = l->dir == JX_TO_FACILITY ? jx_arc_head(l->net, arc) : jx_arc_tail(l->net, arc);
            if (jx_plain_arc(l->net, arc) != JX_NONE) {
                l->load[jx_plain_arc(l->net, arc)] += l->at[v];
            }
            l->at[next] += l->at[v];
        }
    }
}

static jx_status index_facilities(jx_ctx *ctx, loader *l, uint32_t n) {
    uint32_t *key = jx_malloc(ctx, n, sizeof *key), *val = jx_malloc(ctx, n, sizeof *val);
    jx_status st = key && val ? JX_OK : JX_E_NOMEM;
    for (uint32_t i = 0; st == JX_OK && i < n; i++) {
        key[i] = l->facs[i].edge;
        val[i] = i;
    }
    if (st == JX_OK) {
        st = jx__bucket(ctx, key, val, NULL, n, l->net->n_edges, &l->fac_off, &l->fac_item, NULL);
    }
    jx_free(ctx, key);
    jx_free(ctx, val);
    return st;
}

jx_status jx_network_load(jx_ctx *ctx, const jx_network *net, const jx_metric *m, jx_direction dir,
                          const jx_snap *cells, const double *people, uint32_t n_cells, const jx_snap *facilities,
                          uint32_t n_facilities, double *load, double *reached) {
    jx_forest *f = NULL;
    loader l = {.net = net, .m = m, .dir = dir, .facs = facilities, .load = load};
    double sum = 0;
    memset(load, 0, 2 * (size_t)jx_plain(net)->n_edges * sizeof *load);
    l.at = jx_calloc(ctx, net->n_nodes, sizeof *l.at);
    jx_status st = l.at ? index_facilities(ctx, &l, n_facilities) : JX_E_NOMEM;
    if (st == JX_OK) {
        st = jx_forest_new(ctx, net, m, dir, facilities, n_facilities, &f);
    }
    if (st == JX_OK) {
        l.f = f;
        for (uint32_t i = 0; i < n_cells; i++) {
            sum += enter(&l, &cells[i], people[i]) ? people[i] : 0;
        }
        carry(&l);
        if (reached) {
            *reached = sum;
        }
    }
    jx_forest_free(ctx, f);
    jx_free(ctx, l.at);
    jx_free(ctx, l.fac_off);
    jx_free(ctx, l.fac_item);
    return st;
}
