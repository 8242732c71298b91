/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Steps of jx_fairness_of. */
#ifndef JX_COUNTY_FAIRNESS_INTERNAL_H
#define JX_COUNTY_FAIRNESS_INTERNAL_H

#include "junxian/fairness.h"
#include "junxian/num.h"

/** fairness_places.c: seats and beds of a service against its norm; s->limit_ms is set. */
jx_status jx__fair_places(jx_ctx *ctx, const jx_county *c, const jx_service_result *r, jx_fair_service *s);

#endif
