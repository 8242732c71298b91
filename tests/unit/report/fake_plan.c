/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
#include "fake_plan.h"

#include <math.h>

static void sites(const jx_county *c, fake_plans *p) {
    static const jx_site_role role[FAKE_SITES - FAKE_NEW] = {JX_ROLE_KEPT,      JX_ROLE_KEPT,      JX_ROLE_CLOSED, JX_ROLE_CLOSED,
                                                             JX_ROLE_CANDIDATE, JX_ROLE_CANDIDATE, JX_ROLE_KEPT,   JX_ROLE_CANDIDATE};
    for (uint32_t i = 0; i < FAKE_SITES; i++) {
        bool is_new = i < FAKE_NEW;
        p->site[i] = (jx_report_site){.name = i == 6 ? "" : fake_hostile[i % 8],
                                      .pt = c->cells.pt[(i * 37 + 5) % c->cells.n],
                                      .role = is_new ? JX_ROLE_NEW : role[i - FAKE_NEW],
                                      .rank = is_new ? i + 1 : 0,
                                      .township = i % 3 || !c->n_townships ? JX_NONE : i % c->n_townships,
                                      .people = 1234.5 / (i + 1),
                                      .nearer = 1000.0 / (i + 1),
                                      .newly_within = 100.0 / (i + 1),
                                      .price = i % 2 ? 120 : 7,
                                      .capacity = i % 4 ? 1500 : NAN,
                                      .price_assumed = i % 2,
                                      .capacity_assumed = i % 3 == 0,
                                      .loss = i == 3 ? (double)INFINITY : i == 4 ? (double)NAN : 12.5 / (i + 1),
                                      .refers_to = i % 2 ? fake_hostile[0] : NULL};
    }
}

static void times(const jx_county *c, fake_plans *p) {
    static const uint32_t step[] = {0, 30, 200, 400, 900}; /* seconds saved or lost: every class of change */
    for (uint32_t i = 0; i < c->cells.n; i++) {
        p->before[i] = i % 41 == 0 ? JX_UNREACHABLE : (300 + i * 7 % 4000) * 1000;
        uint32_t d = step[i % 5] * 1000;
        p->after[i] = i % 43 == 0 ? JX_UNREACHABLE : i % 41 == 0 ? 60000 : i % 3 ? p->before[i] - (d < p->before[i] ? d : 0) : p->before[i] + d;
        p->nothing[i] = JX_UNREACHABLE;
        p->used[i] = i % FAKE_SITES;
        p->counted[i] = i % 47 != 0;
    }
}

static void gains(const jx_county *c, fake_plans *p) {
    for (uint32_t t = 0; t < c->n_townships; t++) {
        p->town[t] = (jx_report_gain){.before = {20.0 + t, 60, 1000, 400, 3, 0}, .after = {12.5 + 3 * t, 50, 1000, 700, 1, 0}, .nearer = 400, .farther = 10.0 * t, .newly_within = 300};
    }
    if (c->n_townships > 2) { /* a township without people, and one that cannot reach any */
        p->town[1] = (jx_report_gain){.before = {NAN, NAN, 0, 0, 0, 0}, .after = {NAN, NAN, 0, 0, 0, 0}};
        p->town[2].before = (jx_report_effect){NAN, NAN, 1000, 0, 1000, 0};
    }
}

void fake_plans_init(jx_ctx *ctx, const jx_county *c, fake_plans *p) {
    uint32_t n = c->cells.n;
    memset(p, 0, sizeof *p);
    p->before = jx_calloc(ctx, n, sizeof *p->before);
    p->after = jx_calloc(ctx, n, sizeof *p->after);
    p->nothing = jx_calloc(ctx, n, sizeof *p->nothing);
    p->used = jx_calloc(ctx, n, sizeof *p->used);
    p->counted = jx_calloc(ctx, n, sizeof *p->counted);
    assert_true(p->before && p->after && p->nothing && p->used && p->counted);
    sites(c, p);
    times(c, p);
    gains(c, p);
    p->second[0] = fake_hostile[2];
    p->second[1] = "";
    p->impossible = (jx_message){.id = JX_M_PLAN_BUDGET, .level = JX_LEVEL_ERROR, .offset = -1, .n_args = 2, .args = {JX_S("<i>5</i>"), JX_I(7)}};
    p->plan[0] = (jx_report_plan){
        .name = "A & B <i>plan</i>", .mode = JX_WALK, .model = JX_PLAN_COVER_MAX, .candidates = "\u202e<sites>.csv", .n_candidates = 11, .n_existing = 5,
        .kind = "a<b", .add = 8, .budget = 1e6, .price = 2.5, .running_price = 1, .town_min = 15, .country_min = 30, .threshold_given = false,
        .longest_min = 45, .capacity = 1500, .existing_capacity = 900, .whole = true, .per_1000 = 35, .weights = "rural=2,\"x\"=1", .may_close = "<all>",
        .keep = "'", .twice = true, .refer_to = c->n_services > 1 ? 1 : 0, .refer_share = 0.2, .site = p->site, .n_sites = FAKE_SITES, .n_new = FAKE_NEW,
        .n_closed = 2, .before_ms = p->before, .after_ms = p->after, .after_site = p->used, .counted = p->counted, .any_before = true,
        .total = {{21.25, 66, 4000, 1600, 12, 0}, {14.5, 55, 4000, 2800, 4, 0}, 1600, 60, 1200}, .township = p->town, .end = JX_PLAN_CLOCK, .objective = 123456.5,
        .bound = 120000, .gap = 0.028, .unit = "people", .weighted = true, .n_second = 2, .second = p->second, .has_second = true, .second_worse = 0.04,
        .n_prices_assumed = 3, .n_capacities_assumed = 4, .n_off = 3, .n_cut = 2, .people_off = 17, .people_cut = 5};
    p->plan[1] = (jx_report_plan){
        .mode = JX_CAR, .model = JX_PLAN_MEDIAN, .candidates = "settlements", .n_candidates = 100000, .add = 2, .budget = NAN, .price = NAN, .running_price = NAN,
        .town_min = NAN, .country_min = NAN, .longest_min = NAN, .capacity = NAN, .existing_capacity = NAN, .per_1000 = NAN, .refer_to = JX_NONE, .site = p->site,
        .n_sites = 2, .n_new = 2, .before_ms = p->nothing, .after_ms = p->after, .after_site = p->used, .counted = p->counted,
        .total = {{NAN, NAN, 4000, 0, 4000, 0}, {14.5, 55, 4000, 0, 4, 0}, 3996, 0, 0}, .township = p->town, .end = JX_PLAN_PROVED, .objective = 12.5, .bound = 12.5,
        .unit = "people", .second_worse = NAN, .has_second = true, .second_proved = true};
    p->plan[2] = (jx_report_plan){
        .impossible = &p->impossible, .mode = JX_BIKE, .model = JX_PLAN_COVER_ALL, .candidates = "cells", .add = NAN, .budget = 5, .price = NAN,
        .running_price = NAN, .town_min = 10, .country_min = NAN, .threshold_given = true, .longest_min = NAN, .capacity = NAN, .existing_capacity = NAN,
        .per_1000 = NAN, .refer_to = JX_NONE};
}

void fake_plans_release(jx_ctx *ctx, fake_plans *p) {
    jx_free(ctx, p->before);
    jx_free(ctx, p->after);
    jx_free(ctx, p->nothing);
    jx_free(ctx, p->used);
    jx_free(ctx, p->counted);
}
