/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Medical consortia: districts of members (district.h), with the limit on a group's people as capacity. */
#include <math.h>

#include "junxian/consortium.h"
#include "services/district_internal.h"

enum { PARTS = 1000 }; /* people count in thousandths */

void jx_consortium_plan_release(jx_ctx *ctx, jx_consortium_plan *p) {
    jx_free(ctx, p->head);
    jx_free(ctx, p->group);
    *p = (jx_consortium_plan){0};
}

static bool has_way(const jx_consortium *c, uint32_t member) {
    for (uint32_t h = 0; h < c->n_heads; h++) {
        if (c->time_ms[(size_t)member * c->n_heads + h] != JX_UNREACHABLE) {
            return true;
        }
    }
    return false;
}

/* A head that no member can reach has no group, so no fair part either: its part falls to the others. */
static bool reached(const jx_consortium *c, uint32_t head) {
    for (uint32_t i = 0; i < c->n_members; i++) {
        if (c->time_ms[(size_t)i * c->n_heads + head] != JX_UNREACHABLE) {
            return true;
        }
    }
    return false;
}

static jx_status check(jx_ctx *ctx, const jx_consortium *c) {
    bool good = c->n_heads > 0 && (c->max_ratio == 0 || (c->max_ratio >= 1 && c->max_ratio < 1e9));
    double sum = 0, shares = 0;
    bool any = false;
    for (uint32_t i = 0; i < c->n_members; i++) {
        good = good && c->people[i] >= 0 && c->people[i] <= 4e6;
        sum += c->people[i];
    }
    for (uint32_t h = 0; c->share && h < c->n_heads; h++) {
        good = good && c->share[h] >= 0 && c->share[h] < 1e12;
        any = any || reached(c, h);
        shares += reached(c, h) ? c->share[h] : 0;
    }
    return good && sum <= 1e9 && (!any || shares > 0) ? JX_OK : JX_FAIL0(ctx, CONSORTIUM_SHAPE);
}

/* Limits of the groups, rounded up to whole thousandths, so that rounding alone leaves nobody out. */
static void limits(const jx_consortium *c, const uint32_t *units, uint64_t *limit) {
    double all = 0, shares = 0;
    for (uint32_t i = 0; i < c->n_members; i++) {
        all += has_way(c, i) ? units[i] : 0;
    }
    for (uint32_t h = 0; h < c->n_heads; h++) {
        shares += !reached(c, h) ? 0 : c->share ? c->share[h] : 1;
    }
    for (uint32_t h = 0; h < c->n_heads; h++) {
        double part = c->max_ratio > 0 && !reached(c, h) ? 0 : c->max_ratio > 0 ? c->max_ratio * all * (c->share ? c->share[h] : 1) / shares : all;
        limit[h] = (uint64_t)ceil(part < all ? part - 1e-6 : all);
    }
}

static void tell_groups(const jx_consortium *c, const uint64_t *limit, jx_consortium_plan *out) {
    double people = 0, sum = 0, near_sum = 0;
    for (uint32_t h = 0; h < c->n_heads; h++) {
        out->n_off += reached(c, h) ? 0 : 1;
        out->group[h] = (jx_consortium_group){.farthest = JX_NONE, .mean_ms = 0, .limit = c->max_ratio > 0 ? (double)limit[h] / PARTS : INFINITY};
    }
    for (uint32_t i = 0; i < c->n_members; i++) {
        const uint32_t *row = c->time_ms + (size_t)i * c->n_heads;
        if (out->head[i] == JX_NONE) {
            out->n_cut_off++;
            continue;
        }
        jx_consortium_group *g = &out->group[out->head[i]];
        uint32_t t = row[out->head[i]], least = t;
        for (uint32_t h = 0; h < c->n_heads; h++) {
            least = row[h] < least ? row[h] : least;
        }
        g->n_members++;
        g->people += c->people[i];
        g->mean_ms += c->people[i] * t;
        if (g->farthest == JX_NONE || t > g->farthest_ms) {
            g->farthest = i, g->farthest_ms = t;
        }
        people += c->people[i], sum += c->people[i] * t, near_sum += c->people[i] * least;
    }
    for (uint32_t h = 0; h < c->n_heads; h++) {
        out->group[h].mean_ms = out->group[h].people > 0 ? out->group[h].mean_ms / out->group[h].people : NAN;
    }
    out->mean_ms = people > 0 ? sum / people : NAN;
    out->nearest_mean_ms = people > 0 ? near_sum / people : NAN;
}

static jx_status form(jx_ctx *ctx, const jx_consortium *c, uint32_t *units, uint64_t *limit, jx_consortium_plan *out) {
    jx_district_flow f = {0};
    jx_district_plan p = {0};
    for (uint32_t i = 0; i < c->n_members; i++) {
        units[i] = (uint32_t)floor(c->people[i] * PARTS + 0.5);
    }
    limits(c, units, limit);
    const jx_district d = {.n_cells = c->n_members, .n_sites = c->n_heads, .people = units, .time_ms = c->time_ms, .capacity = limit, .parts = PARTS};
    jx_status st = jx__district_flow(ctx, &d, true, &f); /* places are no word for groups: we say ourselves what cannot be */
    if (st == JX_E_INFEASIBLE) {
        st = JX_FAIL(ctx, CONSORTIUM_NONE, JX_R(c->max_ratio, 2));
    }
    if (st == JX_OK) {
        st = jx_district_whole(ctx, &d, &f, false, c->nodes, &p);
    }
    if (st == JX_OK && p.score.over) {
        st = p.none_fits ? JX_FAIL(ctx, CONSORTIUM_NONE, JX_R(c->max_ratio, 2)) : JX_FAIL(ctx, CONSORTIUM_NOT_FOUND, JX_R(c->max_ratio, 2));
    }
    if (st == JX_OK) {
        memcpy(out->head, p.site, c->n_members * sizeof *out->head);
        out->proved = p.proved;
        out->gap = p.gap;
        tell_groups(c, limit, out);
    }
    jx_district_flow_release(ctx, &f);
    jx_district_plan_release(ctx, &p);
    return st;
}

jx_status jx_consortium_form(jx_ctx *ctx, const jx_consortium *c, jx_consortium_plan *out) {
    *out = (jx_consortium_plan){0};
    JX_TRY(check(ctx, c));
    uint32_t *units = jx_malloc(ctx, c->n_members, sizeof *units);
    uint64_t *limit = jx_malloc(ctx, c->n_heads, sizeof *limit);
    out->head = jx_malloc(ctx, c->n_members, sizeof *out->head);
    out->group = jx_malloc(ctx, c->n_heads, sizeof *out->group);
    jx_status st = units && limit && out->head && out->group ? form(ctx, c, units, limit, out) : JX_E_NOMEM;
    jx_free(ctx, units);
    jx_free(ctx, limit);
    if (st != JX_OK) {
        jx_consortium_plan_release(ctx, out);
    }
    return st;
}

void jx_consortium_beyond(const double *people, const uint32_t *time_ms, uint32_t n, const uint32_t *threshold_ms, uint32_t n_thresholds, double *out) {
    for (uint32_t k = 0; k < n_thresholds; k++) {
        out[k] = 0;
        for (uint32_t i = 0; i < n; i++) {
            out[k] += time_ms[i] > threshold_ms[k] ? people[i] : 0; /* JX_UNREACHABLE is above any */
        }
    }
}
