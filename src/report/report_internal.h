/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** What the writers of this room share. */
#ifndef JX_REPORT_INTERNAL_H
#define JX_REPORT_INTERNAL_H

#include "junxian/report.h"

/** A page under way: everything a part of it needs to know. */
typedef struct jx__page {
    jx_ctx *ctx;
    const jx_county *c;
    const jx_diagnosis *d;
    const jx_report_options *o;
    jx_buf *b;
} jx__page;

/** Words for cells or people, for the cause of a shortfall, for a theme: msgids. */
const char *jx__unit_word(const jx_county *c);
const char *jx__cause_text(jx_cause k);
const char *jx__theme_text(jx_theme t);
const char *jx__reach_text(jx_reach r);
/** Name of the study area, or "the extract's box" as a msgid translated by `cat`. */
const char *jx__study_name(const jx_county *c, const jx_catalog *cat, bool zh);
/** "2024-03-04" of seconds since 1970; "-" for 0. */
void jx__date(jx_buf *b, int64_t t);
/** Minutes with at most one decimal; "-" for unreachable. */
void jx__minutes(jx_buf *b, uint32_t ms);
/** Whole number grouped by thousands; guessed numbers to two significant digits. */
void jx__people(jx_buf *b, double v, jx_trust trust);
/** Text for HTML and XML: & < > " ' and control characters made harmless. */
void jx__escape(jx_buf *b, const char *s);

/* svg_map.c */
/** Definitions used by every map: ground, streets, names, patterns. Once a page. */
jx_status jx__map_defs(const jx__page *p);
/** One map of a result, with legend in both languages, scale bar and attribution. */
jx_status jx__map(const jx__page *p, uint32_t result);
/* svg_chart.c */
void jx__curve_chart(const jx__page *p, uint32_t result);
void jx__dot_plot(const jx__page *p, uint32_t result);
/* html_text.c */
void jx__both(const jx__page *p, const char *msgid);  /* both languages, switched by the page */
void jx__both_args(const jx__page *p, const char *msgid, uint32_t n, const jx_arg *args);
void jx__both_names(const jx__page *p, const char *en, const char *zh);
void jx__both_finding(const jx__page *p, const jx_finding *f);
/* html_page.c */
extern const char *const jx__css;

#endif
