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
    uint32_t *named; /* places worth a name on a map, most important first */
    uint32_t n_named;
    bool study; /* a page on a single question: no services, no townships at a glance */
} jx__page;

/* words.c */
/** Words for cells or people, for the cause of a shortfall, for a theme: msgids. */
const char *jx__unit_word(const jx_county *c);
const char *jx__cause_text(jx_cause k);
const char *jx__theme_text(jx_theme t);
const char *jx__reach_text(jx_reach r);
/** Name of the study area, or "the extract's box" as a msgid translated by `cat`. */
const char *jx__study_name(const jx_county *c, const jx_catalog *cat, bool zh);
/** Name of a township: where it has no Chinese one, that of the place of the same name. */
const char *jx__area_name(const jx_county *c, const jx_area *a, bool zh);
/** "2024-03-04" of seconds since 1970; "-" for 0. */
void jx__date(jx_buf *b, int64_t t);
/** Minutes with at most one decimal; a dash for unreachable. */
void jx__minutes(jx_buf *b, uint32_t ms);
/** Whole number grouped by thousands; guessed people to two significant digits, cells never rounded. */
void jx__count(jx_buf *b, const jx_county *c, double v);
/** Text for HTML and XML: & < > " ' and control characters made harmless, broken UTF-8 and bidirectional tricks too. */
void jx__escape(jx_buf *b, const char *s);
/** People (or cells) to whom the standard applies and who do not meet it. */
double jx__without(const jx_coverage *v);
/** A sentence whose number is not known is not said. */
bool jx__sayable(const jx_finding *f);
/** A finding as a sentence; a place without a name is told by its coordinates. */
void jx__say(jx_buf *b, const jx_catalog *cat, bool zh, const jx_county *c, const jx_finding *f);
/** The place of a shortfall; coordinates where it has no name. */
void jx__place(jx_buf *b, const jx_county *c, const jx_shortfall *s, bool zh);
/** Up to `n` shortfall sentences, those the map can vouch for first, most people first; how many there are. */
uint32_t jx__top(const jx_diagnosis *d, const jx_finding **out, uint32_t n);

/** summary_plan.c: "plans" of summary.json; nothing without any. */
void jx__summary_plans(jx_json *j, const jx_county *c, const jx_report_options *o);

/* html_text.c */
void jx__str(const jx__page *p, const char *s);
void jx__esc(const jx__page *p, const char *s);
void jx__both(const jx__page *p, const char *msgid); /* both languages, switched by the page */
void jx__both_args(const jx__page *p, const char *msgid, uint32_t n, const jx_arg *args);
/** A rendered text of one language, escaped, in its span; releases it. */
void jx__span(const jx__page *p, bool zh, jx_buf *text);
void jx__both_names(const jx__page *p, const char *en, const char *zh);
void jx__both_area(const jx__page *p, const jx_area *a);
void jx__both_finding(const jx__page *p, const jx_finding *f);
void jx__both_service(const jx__page *p, uint32_t service);
/** "15 / 30 min on foot": the minutes in town and in the country where they differ. */
void jx__both_limit(const jx__page *p, const jx_criterion *k);
/** Share as a percentage with one decimal; a dash where there is none. */
void jx__percent(const jx__page *p, double share);
void jx__th(const jx__page *p, const char *msgid, bool number_column);
/** A table cell with a share and a bar that says the same. */
void jx__td_share(const jx__page *p, double share);
void jx__td_count(const jx__page *p, double v);
void jx__td_minutes(const jx__page *p, uint32_t ms);

/* the parts of the page */
jx_status jx__cover(const jx__page *p);                    /* html_cover.c */
void jx__subtitle(const jx__page *p);                      /* html_cover.c: standard, date, source */
void jx__overview(const jx__page *p);                      /* html_overview.c */
void jx__matrix(const jx__page *p);                        /* html_overview.c */
void jx__access_contents(const jx__page *p);               /* html_access.c; nothing without options.access */
jx_status jx__access_chapter(const jx__page *p);
jx_status jx__fairness(const jx__page *p);                 /* html_fairness.c; nothing without options.fairness */
jx_status jx__chapter(const jx__page *p, uint32_t result); /* html_chapter.c */
void jx__appendix(const jx__page *p);                      /* html_methods.c */
jx_status jx__plan_chapters(const jx__page *p);            /* html_plan.c; as the next nothing without plans */
void jx__plan_contents(const jx__page *p);
bool jx__plan_any(const jx__page *p);                      /* is there a new site in any plan */
void jx__plan_projects(const jx__page *p);                 /* html_plan_tables.c: the cover's recommended projects */
jx_status jx__block_chapters(const jx__page *p);           /* html_blocks.c; as the next nothing without chapters */
void jx__block_contents(const jx__page *p);
void jx__message(const jx__page *p, const jx_message *m, bool remedy); /* html_methods.c: in both languages */
void jx__heights(const jx__page *p);                       /* html_terrain.c; nothing without a DEM, as the next */
void jx__open_ground(const jx__page *p); /* nothing without land cover */
void jx__heights_line(jx_buf *out, const jx_catalog *cat, const jx_county *c);
/** What a mode does on slopes: msgid. */
const char *jx__slope_text(const jx_profile *p);
extern const char *const jx__css;                          /* html_page.c */
extern const char *const jx__js;

/* svg_ground.c, svg_labels.c, svg_map.c, svg_chart.c */
/** Definitions used by every map: ground, streets, boundaries, patterns, marks. Once a page. */
jx_status jx__map_defs(const jx__page *p);
/** Which places get a name: inside, by importance. Fills page->named; the caller frees it. */
jx_status jx__label_places(jx__page *p);
/** One map of a result, with legend in both languages, scale bar and attribution (svg_result.c; any other map: svg_map.h). */
jx_status jx__map(const jx__page *p, uint32_t result);
/** Id of the mark of a theme. */
const char *jx__theme_mark(jx_theme t, bool small);
/** Lorenz curve of n + 1 points, with its Gini coefficient in words; nothing where there is none. `time`: of minutes, not of access. */
void jx__lorenz_chart(const jx__page *p, const double *v, uint32_t n, double gini, bool time);
void jx__curve_chart(const jx__page *p, uint32_t result);
void jx__dot_plot(const jx__page *p, uint32_t result);

#endif
