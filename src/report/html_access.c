/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The chapter of `junxian access` and `junxian equity`: map of the measure, people by township and group, curve and
 * parts of inequality. */
#include <math.h>

#include "junxian/report_access.h"
#include "report/fairness_internal.h"
#include "report/svg_value.h"

static void td(const jx__page *p, double v, int decimals) {
    jx__str(p, "<td class=\"n\">");
    if (isnan(v) || isinf(v)) {
        jx__str(p, isnan(v) ? "\u2013" : "\u221e");
    } else {
        jx_buf_fixed(p->b, v, decimals);
    }
    jx__str(p, "</td>");
}

/* The names of groups that standards know, for the translators. */
static const char *const known_groups[] = {
    N_("infants"), N_("children"), N_("students"), N_("elderly"), N_("women"), N_("disabled"), NULL};

static const char *group_word(const jx__page *p, const char *name, bool zh) {
    for (const char *const *w = known_groups; zh && *w; w++) {
        if (strcmp(*w, name) == 0) {
            return jx_tr(p->o->zh, name);
        }
    }
    return name;
}

/* Places in the body; sums, which sorting leaves alone, in the foot: groups, town, country, all. */
static bool in_body(const jx_report_people *r) {
    return r->area || (!r->group && r->place);
}

typedef void row_fn(const jx__page *p, const jx_report_access *a, const jx_report_people *r);
static void rows(const jx__page *p, const jx_report_access *a, row_fn *one) {
    jx__str(p, "<tbody>");
    for (uint32_t i = 0; i < a->n_rows; i++) {
        if (in_body(&a->row[i])) {
            one(p, a, &a->row[i]);
        }
    }
    jx__str(p, "</tbody><tfoot>");
    for (uint32_t i = 0; i < a->n_rows; i++) {
        if (a->row[i].group) {
            one(p, a, &a->row[i]);
        }
    }
    for (uint32_t i = 1; i < a->n_rows; i++) {
        if (!a->row[i].group && !in_body(&a->row[i])) {
            one(p, a, &a->row[i]);
        }
    }
    one(p, a, &a->row[0]);
    jx__str(p, "</tfoot></table></div>");
}

static void who(const jx__page *p, const jx_report_access *a, const jx_report_people *r) {
    jx__str(p, r == a->row ? "<tr class=\"sum\"><td>" : "<tr><td>");
    if (r->area) {
        jx__both_area(p, r->area);
    } else if (r->group) {
        jx__both_names(p, r->group, group_word(p, r->group, true));
        if (r->spread) {
            jx__str(p, " <small>");
            jx__both(p, N_("(by township, spread)"));
            jx__str(p, "</small>");
        }
    } else {
        jx__both(p, r->msgid);
    }
    jx__str(p, "</td>");
    jx__td_count(p, r->q->people + r->q->infinite);
}

/* Decimals that tell the rows of a measure apart. */
static int decimals(const jx_report_access *a, uint32_t k) {
    double all = a->row[0].q[k].mean;
    return a->measure[k].time || all >= 100 ? 1 : all >= 0.1 ? 3 : 6;
}

static void measure_row(const jx__page *p, const jx_report_access *a, const jx_report_people *r) {
    who(p, a, r);
    for (uint32_t k = 0; k < a->n_measures; k++) {
        td(p, a->measure[k].time ? r->q[k].median : r->q[k].mean, decimals(a, k));
    }
    jx__td_count(p, a->measure[0].time ? r->q->infinite : r->q->zero);
    jx__str(p, "</tr>\n");
}

static void measures(const jx__page *p, const jx_report_access *a) {
    jx__str(p, "<div class=\"scroll\"><table class=\"sort\"><thead><tr>");
    jx__th(p, N_("who"), false);
    jx__th(p, jx__unit_word(p->c), true);
    for (uint32_t k = 0; k < a->n_measures; k++) {
        jx__str(p, "<th class=\"n\" scope=\"col\">");
        jx__both(p, a->measure[k].title);
        jx__str(p, "<br><small>");
        jx__both(p, a->measure[k].unit);
        jx__both_names(p, ", ", "\uff0c");
        jx__both(p, a->measure[k].time ? N_("median") : N_("mean"));
        jx__str(p, "</small></th>");
    }
    jx__th(p, a->measure[0].time ? N_("reach none") : N_("have none"), true);
    jx__str(p, "</tr></thead>");
    rows(p, a, measure_row);
}

static void index_row(const jx__page *p, const jx_report_access *a, const jx_report_people *r) {
    const jx_inequality *q = r->q;
    who(p, a, r);
    td(p, q->mean, decimals(a, 0));
    td(p, q->gini, 3);
    td(p, q->theil_t, 3);
    td(p, q->theil_l, 3);
    td(p, q->palma, 2);
    td(p, 100 * q->fgt[0], 1);
    jx__td_count(p, a->measure[0].time ? q->infinite : q->zero);
    jx__str(p, "</tr>\n");
}

static void indices(const jx__page *p, const jx_report_access *a) {
    jx__str(p, "<div class=\"scroll\"><table class=\"sort\"><thead><tr>");
    jx__th(p, N_("who"), false);
    jx__th(p, jx__unit_word(p->c), true);
    jx__th(p, N_("mean"), true);
    jx__th(p, N_("Gini"), true);
    jx__th(p, N_("Theil T"), true);
    jx__th(p, N_("Theil L"), true);
    jx__th(p, N_("Palma"), true);
    jx__th(p, N_("poor, %"), true);
    jx__th(p, a->measure[0].time ? N_("reach none") : N_("have none"), true);
    jx__str(p, "</tr></thead>");
    rows(p, a, index_row);
}

static void part(const jx__page *p, const char *name, const jx_theil_parts *v, const jx_inequality *all) {
    jx__str(p, "<tr><td>");
    jx__both(p, name);
    jx__str(p, "</td>");
    td(p, v->within_t, 4);
    td(p, v->between_t, 4);
    td(p, 100 * v->between_t / all->theil_t, 1);
    td(p, v->within_l, 4);
    td(p, v->between_l, 4);
    jx__str(p, "</tr>\n");
}

static void parts(const jx__page *p, const jx_report_access *a) {
    const jx_inequality *all = a->row[0].q;
    if (!(all->theil_t > 0)) {
        return;
    }
    jx__str(p, "<h3>");
    jx__both(p, N_("Where the inequality lies"));
    jx__str(p, "</h3><div class=\"scroll\"><table><thead><tr>");
    jx__th(p, N_("taken apart by"), false);
    jx__th(p, N_("Theil T, within"), true);
    jx__th(p, N_("Theil T, between"), true);
    jx__th(p, N_("between, %"), true);
    jx__th(p, N_("Theil L, within"), true);
    jx__th(p, N_("Theil L, between"), true);
    jx__str(p, "</tr></thead><tbody>");
    part(p, N_("town and country"), &a->equity->urban, all);
    part(p, N_("townships"), &a->equity->township, all);
    jx__str(p, "</tbody></table></div>");
}

/* ---- sentences --------------------------------------------------------------------------------------------------- */

static void place_word(const jx__page *p, const jx_report_equity *e, bool time) {
    if (!e->along) {
        return;
    }
    if (isnan(e->along->standard)) {
        if (e->rank_of) {
            const jx_arg along[] = {JX_S(e->rank_of)};
            jx__fair_say(p, N_("concentration along '{0}': - (it needs at least two different figures)"), 1, along);
        }
        return;
    }
    bool town = e->town != NULL;
    const jx_arg a[] = {JX_R(e->along->standard, 3),
                        town ? jx__fair_ref(JX_REF_PLACE, (uint32_t)(e->town - p->c->places)) : JX_S(e->rank_of)};
    jx__fair_say(p,
                 town && time ? N_("concentration along the way to {1}, the largest town: {0} (above 0: those far from "
                                   "it have the longer ways)")
                 : town ? N_("concentration along the way to {1}, the largest town: {0} (below 0: those who live near "
                             "it have more)")
                        : N_("concentration along '{1}': {0} (below 0: townships with a low figure have more)"),
                 2, a);
    if (e->along->missing >= 0.5) {
        const jx_arg n[] = {jx__fair_people(p, e->along->missing), JX_R(100 * e->along->missing / (e->along->missing + e->along->people), 1)};
        jx__fair_say(p, N_("not in this index: {0} ({1} %) without a rank or a value"), 2, n);
    }
}

static void lead(const jx__page *p, const jx_report_access *a) {
    uint32_t service = (uint32_t)(a->service - p->c->services);
    const jx_arg head[] = {jx__fair_ref(JX_REF_SERVICE, service), jx__fair_msgid(jx_mode_phrase(a->mode)),
                           JX_I(a->n_facilities), JX_I(a->n_inside), jx__fair_minutes(a->limit_ms)};
    jx__fair_say(p, N_("{0}, {1}: {2} facilities, {3} of them inside the area; catchment {4} min"), 5, head);
    const jx_inequality *q = a->row[0].q;
    double none = a->measure[0].time ? q->infinite : q->zero, all = q->people + q->infinite, cut = 0;
    for (uint32_t i = 0; !a->measure[0].time && i < p->c->cells.n; i++) {
        cut += a->nearest_ms[i] == JX_UNREACHABLE ? p->c->cells.people[i] : 0;
    }
    if (none > 0 && all > 0) {
        const jx_arg n[] = {jx__fair_people(p, none), JX_R(100 * none / all, 1)};
        jx__fair_say(p,
                     a->measure[0].time ? N_("{0} ({1} %) can reach none at all: counted apart, never as zero minutes")
                                        : N_("{0} ({1} %) have none within the catchment"),
                     2, n);
    }
    if (cut >= 0.5) {
        const jx_arg n = jx__fair_people(p, cut);
        jx__fair_say(p, N_("{0} of these can reach none at all"), 1, &n);
    }
    if (a->n_outside) {
        const jx_arg n[] = {JX_I(a->n_outside), JX_I(a->n_facilities)};
        jx__fair_say(p, N_("{0} of the {1} facilities lie outside the area and count in full; people who live there are not counted, so access near the edge is overstated"), 2, n);
    }
    if (a->demand) {
        const jx_arg d[] = {JX_S(a->demand)};
        jx__fair_say(p, N_("the demand is that of the group '{0}'"), 1, d);
    }
    if (a->by_capacity && a->n_guessed) {
        const jx_arg g[] = {JX_I(a->n_guessed), JX_I(a->n_facilities), JX_R(a->median, 0)};
        jx__fair_say(p, N_("{0} of {1} capacities are guessed as {2}, the median of those stated"), 3, g);
    }
    if (a->shortage) {
        jx__fair_shortage(p, a->shortage, a->limit_ms);
    }
    if (a->equity && a->equity->line > 0) {
        const jx_arg l[] = {JX_R(a->equity->line, a->measure[0].time ? 1 : 3), jx__fair_msgid(a->measure[0].unit)};
        jx__fair_say(p, a->measure[0].time ? N_("poor: those farther than {0} {1}") : N_("poor: those below {0} {1}"),
                     2, l);
    }
    if (a->equity) {
        place_word(p, a->equity, a->measure[0].time);
    }
}

static jx_status map(const jx__page *p, const jx_report_access *a) {
    const jx_report_measure *m = &a->measure[0];
    const jx__value_map v = {.heading = "access",
                             .title = {m->title, NULL},
                             .under = {m->time || strlen(m->unit) > 34 ? NULL : m->unit, NULL},
                             .unit = {m->time ? N_("min") : NULL, NULL},
                             .service = a->service,
                             .mode = a->mode,
                             .facility = a->facility,
                             .n_facilities = a->n_facilities,
                             .n_inside = a->n_inside,
                             .v = a->v,
                             .nearest_ms = a->nearest_ms,
                             .scale = 1,
                             .time = m->time,
                             .limit_min = a->limit_ms / 60000.0};
    return jx__value_map_draw(p, &v);
}

void jx__access_contents(const jx__page *p) {
    (void)p; /* never part of a larger page */
}

jx_status jx__access_chapter(const jx__page *p) {
    const jx_report_access *a = p->o->access;
    if (!a) {
        return JX_OK;
    }
    jx__str(p, "<section id=\"question\" class=\"cover\"><h2 id=\"access\">");
    jx__both_names(p, a->service->name_en, a->service->name_zh);
    jx__both_names(p, ": ", "\uff1a");
    jx__both(p, a->measure[0].title);
    jx__str(p, "</h2>");
    lead(p, a);
    jx__str(p, "<div class=\"two\"><div>");
    JX_TRY(map(p, a));
    jx__str(p, "</div><div>");
    if (a->equity) {
        jx__lorenz_chart(p, a->equity->lorenz, a->equity->n_lorenz, a->row[0].q->gini, a->measure[0].time);
        parts(p, a);
    } else {
        measures(p, a);
    }
    jx__str(p, "</div></div>");
    if (a->equity) {
        indices(p, a);
    }
    jx__str(p, "</section>\n");
    return JX_OK;
}
