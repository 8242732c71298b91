/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Steps of jx_diagnose. */
#ifndef JX_COUNTY_DIAGNOSE_INTERNAL_H
#define JX_COUNTY_DIAGNOSE_INTERNAL_H

#include "county/county_internal.h"

/** completeness.c: is the map complete enough; sets gap bits of services and of the whole. */
jx_status jx__completeness(jx_ctx *ctx, const jx_county *c, jx_diagnosis *d);
/** findings.c: sentences from results. */
jx_status jx__findings(jx_ctx *ctx, const jx_county *c, jx_diagnosis *d);

static inline const jx_service *jx__service_of(const jx_county *c, const jx_service_result *r) { return &c->services[r->service]; }
static inline const jx_criterion *jx__criterion_of(const jx_county *c, const jx_service_result *r) {
    return &c->services[r->service].criteria[r->criterion];
}

#endif
