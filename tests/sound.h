/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** What must hold for anything that opens as a snapshot, whoever wrote it: queries stay in bounds, and times are those of Dijkstra. */
#ifndef JX_TESTS_SOUND_H
#define JX_TESTS_SOUND_H

#include "graph.h"
#include "junxian/route.h"
#include "junxian/snapshot.h"
#include "junxian/turns.h"

static inline bool sound_times(const jx_graph *g, const jx_sweep *s, const uint32_t (*ms)[JX_LANES], uint32_t limit, const uint32_t *time, bool back,
                               uint32_t from) {
    uint32_t *want = malloc(g->n_nodes * sizeof *want);
    bool ok = want != NULL && jx_sweep_rows(s) == g->n_nodes;
    if (want) {
        memset(want, 0xff, g->n_nodes * sizeof *want);
        want[from] = 0;
        graph_dijkstra(g, time, back, want);
    }
    for (uint32_t r = 0; ok && r < g->n_nodes; r++) {
        uint32_t t = ms[r][0] <= limit ? ms[r][0] : JX_UNREACHABLE;
        ok = t == want[jx_sweep_node(s, r)];
    }
    free(want);
    return ok;
}

static inline bool sound_sweep(jx_ctx *ctx, const jx_network *net, const jx_metric *m, const jx_times *t, jx_direction dir, uint32_t from) {
    const uint32_t off[2] = {0, 1};
    const jx_port port = {from, 0};
    const jx_origins o = {1, off, &port};
    const jx_graph g = jx_network_graph(net);
    jx_sweep *s = NULL;
    uint32_t limit, (*ms)[JX_LANES] = aligned_alloc(64, (size_t)net->n_nodes * sizeof *ms);
    bool ok = ms && jx_sweep_new(ctx, t, &(jx_sweep_options){.dir = dir, .prune = from % 2 != 0}, &s) == JX_OK && jx_sweep_sheet(ctx, s, &o, ms, &limit) == JX_OK &&
              sound_times(&g, s, (const uint32_t(*)[JX_LANES])ms, limit, m->time_ms, dir == JX_TO_FACILITY, from);
    jx_sweep_free(ctx, s);
    free(ms);
    return ok;
}

/* Two joints, and the way between them. */
static inline bool sound_route(jx_ctx *ctx, const jx_snapshot *s, const jx_metric *m, const jx_times *t, uint32_t a, uint32_t b) {
    const jx_pt pts[2] = {s->net->node[a], s->net->node[b]};
    jx_snap snap[2];
    jx_route r = {.time_ms = JX_UNREACHABLE};
    bool ok = jx_snap_all(ctx, s->net, m, jx_profiles_get(s->profiles, m->mode), pts, 2, snap) == JX_OK;
    if (ok && snap[0].edge != JX_NONE && snap[1].edge != JX_NONE) {
        ok = jx_route_find(ctx, s->net, m, t, &snap[0], &snap[1], &r) == JX_OK;
        for (uint32_t i = 0; ok && r.time_ms != JX_UNREACHABLE && i < r.n_legs; i++) {
            uint32_t name = s->net->name[r.leg[i].edge];
            ok = r.leg[i].edge < s->net->n_edges && (name == JX_NONE || strlen(s->net->names + name) < s->bytes);
        }
        jx_route_release(ctx, &r);
    }
    return ok;
}

/* The network with its turn rules, in the order of the plain one. */
static inline bool sound_turns(jx_ctx *ctx, const jx_snapshot *s, uint32_t salt) {
    const jx_profile *p = jx_profiles_get(s->profiles, JX_CAR);
    jx_metric *m = NULL, *turned_m = NULL;
    jx_network *turned = NULL;
    jx_hierarchy *h = NULL;
    jx_times *t = NULL;
    bool ok = jx_metric_new(ctx, s->net, p, &m) == JX_OK;
    if (ok && jx_turns_matter(s->net, p)) {
        ok = jx_turned_new(ctx, s->net, m, p, &turned, &turned_m) == JX_OK && jx_turned_hierarchy(ctx, turned, s->h, &h) == JX_OK &&
             jx_times_new(ctx, h, turned_m->time_ms, &t) == JX_OK && sound_sweep(ctx, turned, turned_m, t, JX_FROM_FACILITY, salt % turned->n_nodes);
    }
    jx_times_free(ctx, t);
    jx_hierarchy_free(ctx, h);
    jx_metric_free(ctx, turned_m);
    jx_network_free(ctx, turned);
    jx_metric_free(ctx, m);
    return ok;
}

/** `salt` chooses node, direction and mode. */
static inline bool snapshot_sound(jx_ctx *ctx, const jx_snapshot *s, uint32_t salt) {
    uint32_t n = s->net->n_nodes, from = salt % n;
    jx_mode mode = (jx_mode)(salt % JX_N_MODES);
    jx_metric *m = NULL;
    jx_times *t = NULL;
    bool ok = jx_metric_new(ctx, s->net, jx_profiles_get(s->profiles, mode), &m) == JX_OK && jx_times_new(ctx, s->h, m->time_ms, &t) == JX_OK &&
              sound_sweep(ctx, s->net, m, t, JX_FROM_FACILITY, from) && sound_sweep(ctx, s->net, m, t, JX_TO_FACILITY, n - 1 - from) &&
              sound_route(ctx, s, m, t, from, n - 1 - from) && (salt % 4 || sound_turns(ctx, s, salt / 4));
    jx_times_free(ctx, t);
    jx_metric_free(ctx, m);
    return ok;
}

#endif
