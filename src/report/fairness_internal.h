/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** What the two files of the chapter on fairness share. */
#ifndef JX_REPORT_FAIRNESS_INTERNAL_H
#define JX_REPORT_FAIRNESS_INTERNAL_H

#include "junxian/fairness.h"
#include "report/report_internal.h"

/** A paragraph in both languages with names, people and minutes as findings have them; nothing where a number is not
 * known. */
void jx__fair_say(const jx__page *p, const char *msgid, uint32_t n, const jx_arg *args);
jx_arg jx__fair_ref(enum jx_finding_ref what, uint32_t index);
jx_arg jx__fair_msgid(const char *s);
jx_arg jx__fair_people(const jx__page *p, double n);
jx_arg jx__fair_minutes(uint32_t ms);
/** Index into the county's services. */
uint32_t jx__fair_service(const jx__page *p, const jx_fair_service *s);
/** html_places.c: what is short within the catchment, in words. */
void jx__fair_shortage(const jx__page *p, const jx_shortage *v, uint32_t limit_ms);
/** html_places.c: seats and beds against norms, townships side by side. */
void jx__fair_seats(const jx__page *p, const jx_fairness *f);

/** summary_fairness.c: the key "fairness" of the open object. */
void jx__summary_fairness(jx_json *j, const jx_county *c, const jx_diagnosis *d, const jx_fairness *f);

#endif
