/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Plans on the county made by hand: one that builds and closes, one where there was nothing, one that cannot be; with hostile names. */
#ifndef JX_TESTS_FAKE_PLAN_H
#define JX_TESTS_FAKE_PLAN_H

#include "fake_county.h"
#include "junxian/report.h"

enum { FAKE_PLANS = 3, FAKE_SITES = 16, FAKE_NEW = 8 };
typedef struct fake_plans {
    jx_report_plan plan[FAKE_PLANS];
    jx_report_site site[FAKE_SITES];
    uint32_t *before, *after, *nothing, *used;
    uint8_t *counted;
    jx_report_gain town[8];
    const char *second[2];
    jx_message impossible;
} fake_plans;
/** Times fall with the distance to made-up sites; every class of time and of change occurs on a county of some size. */
void fake_plans_init(jx_ctx *ctx, const jx_county *c, fake_plans *out);
void fake_plans_release(jx_ctx *ctx, fake_plans *p);

#endif
