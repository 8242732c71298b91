/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Who is within reach, and what that is worth in people. */
#include <math.h>

#include "junxian/num.h"
#include "junxian/services.h"

const char *jx_reach_name(jx_reach r) {
    static const char *const names[JX_N_REACH] = {"within", "beyond", "unreachable", "off_network", "no_facility", "not_applicable"};
    return names[r];
}

const char *jx_cause_name(jx_cause c) {
    static const char *const names[] = {"no_facility_near", "no_road_near", "road_slow", "no_route"};
    return names[c];
}

void jx_reach_classify(const jx_reach_input *in, uint8_t *reach) {
    for (uint32_t i = 0; i < in->n_cells; i++) {
        jx_reach r = JX_REACH_BEYOND;
        if (in->threshold_ms[i] == 0) {
            r = JX_REACH_NOT_APPLICABLE;
        } else if (in->n_facilities == 0) {
            r = JX_REACH_NO_FACILITY;
        } else if (in->off_network[i]) {
            r = JX_REACH_OFF_NETWORK;
        } else if (in->nearest_ms[i] == JX_UNREACHABLE) {
            r = JX_REACH_UNREACHABLE;
        } else if (in->nearest_ms[i] <= in->threshold_ms[i]) {
            r = JX_REACH_WITHIN;
        }
        reach[i] = (uint8_t)r;
    }
}

/* Median and 90th percentile of one group; people who cannot reach any count as infinitely far. */
static jx_status quantiles(jx_ctx *ctx, const uint32_t *ms, const double *w, size_t n, jx_coverage *c) {
    static const double q[2] = {0.5, 0.9};
    uint32_t v[2] = {JX_UNREACHABLE, JX_UNREACHABLE};
    JX_TRY(jx_weighted_quantiles_u32(ctx, ms, w, n, q, 2, v));
    c->median_ms = v[0];
    c->p90_ms = v[1];
    return JX_OK;
}

/* Cells of each group lie together after this: order[start[g]..start[g + 1]). */
static void group_order(const uint32_t *group, uint32_t n, uint32_t n_groups, uint32_t *start, uint32_t *order) {
    memset(start, 0, (n_groups + 1) * sizeof *start);
    for (uint32_t i = 0; i < n; i++) {
        if (group[i] < n_groups) {
            start[group[i] + 1]++;
        }
    }
    for (uint32_t g = 0; g < n_groups; g++) {
        start[g + 1] += start[g];
    }
    for (uint32_t i = n; i-- > 0;) {
        if (group[i] < n_groups) {
            order[--start[group[i] + 1]] = i; /* ends walk down to starts */
        }
    }
    for (uint32_t g = 0; g < n_groups; g++) { /* start[g + 1] holds the start of g: shift */
        start[g] = start[g + 1];
    }
}

static void add_cell(jx_coverage *c, const jx_reach_input *in, uint8_t reach, uint32_t i, double *time_sum, double *time_people) {
    c->n_cells++;
    c->by_reach[reach] += in->people[i];
    if (reach == JX_REACH_NOT_APPLICABLE) {
        return;
    }
    c->people += in->people[i];
    if (reach == JX_REACH_WITHIN || reach == JX_REACH_BEYOND) {
        *time_sum += in->people[i] * in->nearest_ms[i];
        *time_people += in->people[i];
    }
}

jx_status jx_coverage_by_group(jx_ctx *ctx, const jx_reach_input *in, const uint8_t *reach, const uint32_t *group, uint32_t n_groups,
                               jx_coverage *out) {
    uint32_t n = in->n_cells;
    uint32_t *start = jx_malloc(ctx, (size_t)n_groups + 2, sizeof *start), *order = jx_malloc(ctx, n, sizeof *order);
    uint32_t *ms = jx_malloc(ctx, n, sizeof *ms);
    double *w = jx_malloc(ctx, n, sizeof *w);
    jx_status st = start && order && ms && w ? JX_OK : JX_E_NOMEM;
    uint32_t used = 0;
    if (st == JX_OK) {
        group_order(group, n, n_groups, start, order);
        for (uint32_t i = 0; i < n; i++) {
            used += group[i] < n_groups ? 1 : 0;
        }
    }
    for (uint32_t g = 0; st == JX_OK && g < n_groups; g++) {
        jx_coverage *c = &out[g];
        double sum = 0, people = 0;
        size_t k = 0;
        *c = (jx_coverage){.share_within = NAN, .mean_ms = NAN, .median_ms = JX_UNREACHABLE, .p90_ms = JX_UNREACHABLE};
        for (uint32_t o = start[g], e = g + 1 < n_groups ? start[g + 1] : used; o < e; o++) {
            uint32_t i = order[o];
            add_cell(c, in, reach[i], i, &sum, &people);
            if (reach[i] != JX_REACH_NOT_APPLICABLE) {
                bool can = reach[i] == JX_REACH_WITHIN || reach[i] == JX_REACH_BEYOND;
                ms[k] = can ? in->nearest_ms[i] : JX_UNREACHABLE;
                w[k++] = in->people[i];
            }
        }
        c->share_within = c->people > 0 ? c->by_reach[JX_REACH_WITHIN] / c->people : NAN;
        c->mean_ms = people > 0 ? sum / people : NAN;
        st = k ? quantiles(ctx, ms, w, k, c) : JX_OK;
    }
    jx_free(ctx, start);
    jx_free(ctx, order);
    jx_free(ctx, ms);
    jx_free(ctx, w);
    return st;
}

void jx_reach_curve(const jx_reach_input *in, uint32_t n_minutes, double *out) {
    for (uint32_t t = 0; t < n_minutes; t++) {
        out[t] = 0;
    }
    for (uint32_t i = 0; i < in->n_cells; i++) {
        if (in->threshold_ms[i] == 0 || in->off_network[i] || in->nearest_ms[i] == JX_UNREACHABLE) {
            continue;
        }
        uint32_t minute = in->nearest_ms[i] / 60000 + (in->nearest_ms[i] % 60000 ? 1 : 0); /* within t minutes: <= t */
        if (minute < n_minutes) {
            out[minute] += in->people[i];
        }
    }
    for (uint32_t t = 1; t < n_minutes; t++) {
        out[t] += out[t - 1];
    }
}
