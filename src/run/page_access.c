/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** access and equity as a page: rows of people by town and country, township and group, handed to the report room. */
#include "junxian/report_access.h"
#include "run/measures.h"

typedef struct rows {
    jx_report_people *row;
    jx_inequality *q;
    uint32_t n, n_measures;
} rows;

/* One row: the same of each measure's summary. */
static void add(rows *r, const jx__summary *s, jx_report_people who, const jx_inequality *(*of)(const jx__summary *, uint32_t), uint32_t which) {
    jx_inequality *q = r->q + (size_t)r->n * r->n_measures;
    for (uint32_t k = 0; k < r->n_measures; k++) {
        q[k] = *of(&s[k], which);
    }
    who.q = q;
    r->row[r->n++] = who;
}
static const jx_inequality *of_urban(const jx__summary *s, uint32_t i) { return &s->urban[i]; }
static const jx_inequality *of_town(const jx__summary *s, uint32_t i) { return &s->town[i]; }
static const jx_inequality *of_group(const jx__summary *s, uint32_t i) { return &s->group[i]; }

static void fill(const jx__access *a, const jx__summary *s, rows *r) {
    const jx_county *c = a->study.county;
    add(r, s, (jx_report_people){.msgid = N_("all")}, of_urban, 3);
    add(r, s, (jx_report_people){.msgid = N_("town")}, of_urban, 1);
    add(r, s, (jx_report_people){.msgid = N_("country")}, of_urban, 0);
    for (uint32_t t = 0; t < c->n_townships; t++) {
        add(r, s, (jx_report_people){.area = &c->areas[c->township[t]]}, of_town, t);
    }
    const jx_inequality *none = &s[0].town[c->n_townships];
    if (none->people + none->infinite > 0) {
        add(r, s, (jx_report_people){.msgid = N_("(no township)"), .place = true}, of_town, c->n_townships);
    }
    for (uint32_t g = 0; g < a->groups.n; g++) {
        add(r, s, (jx_report_people){.group = a->groups.g[g].name, .spread = a->groups.g[g].own != NULL}, of_group, g);
    }
}

jx_status jx__access_page(jx_ctx *ctx, const jx_args *args, const jx_result *res, const jx__access *a, const jx__measure *m, const jx__summary *s, uint32_t n,
                          const jx__places *places, const jx_report_equity *equity) {
    const jx_county *c = a->study.county;
    const jx__offer *o = &a->study.offer;
    jx_report_measure heads[JX__MAX_MEASURES];
    size_t room = (size_t)c->n_townships + a->groups.n + 4;
    uint32_t outside = 0;
    rows r = {jx_calloc(ctx, room, sizeof *r.row), jx_calloc(ctx, room * n, sizeof *r.q), 0, n};
    jx_status st = r.row && r.q ? JX_OK : JX_E_NOMEM;
    if (st == JX_OK) {
        fill(a, s, &r);
        for (uint32_t k = 0; k < n; k++) {
            heads[k] = (jx_report_measure){m[k].name, m[k].title, m[k].unit, m[k].time};
            outside = m[k].n_outside > outside ? m[k].n_outside : outside;
        }
        const jx_report_access page = {.service = o->service, .mode = o->mode, .limit_ms = a->limit_ms, .n_facilities = o->n, .n_inside = o->n_inside,
                                       .n_outside = outside,
                                       .facility = o->facility, .by_capacity = a->by_capacity, .n_guessed = a->n_median, .median = a->median_capacity,
                                       .demand = a->demand_name, .measure = heads, .n_measures = n, .v = m[0].v,
                                       .nearest_ms = o->table->nearest_ms, .row = r.row, .n_rows = r.n,
                                       .shortage = places && places->known ? &places->shortage : NULL, .equity = equity};
        const jx_report_options chapters = {.access = &page};
        const char *title = equity ? N_("is it fair") : N_("what people can reach");
        st = jx__page_save(ctx, jx_args_get(args, "output"), c, args, res, title, &chapters);
    }
    jx_free(ctx, r.row);
    jx_free(ctx, r.q);
    return st;
}
