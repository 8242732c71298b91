/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** What the parts of the chapter on a plan share. */
#ifndef JX_PLAN_REPORT_INTERNAL_H
#define JX_PLAN_REPORT_INTERNAL_H

#include "report/svg_internal.h"

/** Arguments of a sentence that differ by language: people as sure as they are, a service by its name. */
jx_arg jx__arg_people(const jx_county *c, double n);
jx_arg jx__arg_service(uint32_t service);
jx_arg jx__arg_msgid(const char *msgid);
/** A sentence in both languages; nothing where a number of it is not known. */
void jx__sentence(const jx__page *p, const char *msgid, uint32_t n, const jx_arg *args);

/** A plan's own name, or one made of what it is about. */
void jx__plan_name(const jx__page *p, const jx_report_plan *v);
/** A site by name, else by position. */
void jx__site_name(const jx__page *p, const jx_report_site *s);
/** Number of minutes to a tenth, or a dash. */
void jx__td_min(const jx__page *p, double minutes);
/** Thresholds of the plan are told in people "within". */
static inline bool jx__plan_limit(const jx_report_plan *v) { return v->town_min > 0 || v->country_min > 0; }

/* html_plan_tables.c */
void jx__plan_effect(const jx__page *p, const jx_report_plan *v);
void jx__plan_list(const jx__page *p, const jx_report_plan *v);
void jx__plan_gains(const jx__page *p, const jx_report_plan *v);

/* svg_plan.c */
/** Before and after side by side. `heading`: id of the chapter's heading. */
jx_status jx__plan_pair(const jx__page *p, const jx_report_plan *v, const char *heading);
/** Minutes saved and lost; nothing where nobody reached a site before. */
jx_status jx__plan_difference(const jx__page *p, const jx_report_plan *v, const char *heading);
/** Mean minutes by township, before -> after. */
void jx__plan_arrows(const jx__page *p, const jx_report_plan *v);

#endif
