/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Times per arc: class speed, posted limit, surface; ferries by their timetable. */
#include "network/overlay_internal.h"

double jx__edge_kmh(const jx_network *net, const jx_profile *p, uint32_t e, bool backward) {
    double v = p->speed_kmh[net->cls[e]];
    if (v <= 0) {
        v = p->tag_allowed_kmh;
    }
    uint8_t limit = backward ? net->maxspeed_bwd[e] : net->maxspeed_fwd[e];
    if (p->maxspeed_factor > 0 && limit > 0 && limit < 255 && net->cls[e] != JX_ROAD_FERRY) {
        v = limit * p->maxspeed_factor;
    }
    uint8_t s = net->surface[e];
    if (p->surface_cap_kmh[s] > 0 && v > p->surface_cap_kmh[s]) {
        v = p->surface_cap_kmh[s];
    }
    return v * (p->surface_factor[s] > 0 ? p->surface_factor[s] : 1);
}

uint32_t jx__arc_ms(const jx_network *net, const jx_profile *p, uint32_t arc, double kmh, double factor) {
    uint32_t e = arc >> 1;
    if (!(net->access[e] & JX_ACCESS_BIT(p->mode, arc & 1u))) {
        return JX_UNREACHABLE;
    }
    if (net->cls[e] == JX_ROAD_BARRIER) {
        return 0;
    }
    if (net->duration_ms[e] && kmh <= 0) {
        return factor > 0 ? jx__to_ms(jx__round_ms(1 / factor, net->duration_ms[e])) : net->duration_ms[e];
    }
    /* The difference of two rounded times along the way, so that parts sum to the whole. */
    double v = (kmh > 0 ? kmh : jx__edge_kmh(net, p, e, arc & 1u)) * (factor > 0 ? factor : 1), per_mm = 3.6 / v, off = net->offset_mm[e];
    return jx__to_ms(jx__round_ms(per_mm, off + net->length_mm[e]) - jx__round_ms(per_mm, off));
}

jx_status jx_metric_new(jx_ctx *ctx, const jx_network *net, const jx_profile *p, jx_metric **out) {
    jx_metric *m = jx_calloc(ctx, 1, sizeof *m);
    if (!m) {
        return JX_E_NOMEM;
    }
    m->mode = p->mode;
    m->n_arcs = 2 * net->n_edges;
    m->time_ms = jx_malloc(ctx, m->n_arcs, sizeof *m->time_ms);
    if (!m->time_ms) {
        jx_free(ctx, m);
        return JX_E_NOMEM;
    }
    for (uint32_t a = 0; a < m->n_arcs; a++) {
        m->time_ms[a] = jx__arc_ms(net, p, a, 0, 0);
    }
    *out = m;
    return JX_OK;
}

void jx_metric_free(jx_ctx *ctx, jx_metric *m) {
    if (m) {
        jx_free(ctx, m->time_ms);
        jx_free(ctx, m);
    }
}

uint32_t jx_part_ms(uint32_t arc_ms, uint32_t part_mm, uint32_t length_mm) {
    if (arc_ms == JX_UNREACHABLE) {
        return JX_UNREACHABLE;
    }
    return length_mm == 0 ? arc_ms : (uint32_t)(((uint64_t)arc_ms * part_mm + length_mm / 2) / length_mm);
}
