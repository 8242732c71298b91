/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Tables of a plan: before and after, the ranked project list, who gains by township; and the cover's projects. */
#include <math.h>

#include "report/plan_internal.h"

static bool counts_cells(const jx__page *p) {
    return p->c->people_source == JX_PEOPLE_NONE;
}

void jx__td_min(const jx__page *p, double minutes) {
    jx__str(p, "<td class=\"n\">");
    if (isfinite(minutes)) {
        jx_buf_fixed(p->b, minutes, 1);
    } else {
        jx__str(p, "\u2013");
    }
    jx__str(p, "</td>");
}

static void td_township(const jx__page *p, uint32_t t) {
    jx__str(p, "<td>");
    if (t == JX_NONE) {
        jx__both(p, N_("outside the area"));
    } else {
        jx__both_area(p, &p->c->areas[p->c->township[t]]);
    }
    jx__str(p, "</td>");
}

void jx__site_name(const jx__page *p, const jx_report_site *s) {
    if (*s->name) {
        jx__esc(p, s->name);
        return;
    }
    jx_buf_fixed(p->b, jx_deg(s->pt.lat), 4);
    jx__str(p, ", ");
    jx_buf_fixed(p->b, jx_deg(s->pt.lon), 4);
}

/* ---- before and after --------------------------------------------------------------------------------------------------- */

static void row_head(const jx__page *p, const char *msgid) {
    jx__str(p, "<tr><th scope=\"row\">");
    jx__both(p, msgid);
    jx__str(p, "</th>");
}

static void change(const jx__page *p, double before, double after, bool minutes) {
    double d = after - before;
    jx__str(p, "<td class=\"n\">");
    if (!isfinite(d)) {
        jx__str(p, "\u2013");
    } else {
        jx__str(p, d > 0 ? "+" : d < 0 ? "\u2212" : "");
        if (minutes) {
            jx_buf_fixed(p->b, fabs(d), 1);
        } else {
            jx__count(p->b, p->c, fabs(d));
        }
    }
    jx__str(p, "</td></tr>\n");
}

static void minutes_row(const jx__page *p, const char *msgid, double before, double after) {
    row_head(p, msgid);
    jx__td_min(p, before);
    jx__td_min(p, after);
    change(p, before, after, true);
}

static void people_row(const jx__page *p, const char *msgid, double before, double after) {
    row_head(p, msgid);
    jx__td_count(p, before);
    jx__td_count(p, after);
    change(p, before, after, false);
}

void jx__plan_effect(const jx__page *p, const jx_report_plan *v) {
    const jx_report_effect *b = &v->total.before, *a = &v->total.after;
    jx__str(p, "<div class=\"scroll\"><table class=\"effect\"><thead><tr><td></td>");
    jx__th(p, N_("before"), true);
    jx__th(p, N_("after"), true);
    jx__th(p, N_("change"), true);
    jx__str(p, "</tr></thead><tbody>");
    minutes_row(p, N_("travel time on average, min"), b->mean_min, a->mean_min);
    minutes_row(p, N_("longest travel time, min"), b->longest_min, a->longest_min);
    if (jx__plan_limit(v)) {
        people_row(p, counts_cells(p) ? N_("cells within reach") : N_("people within reach"), b->within, a->within);
        row_head(p, counts_cells(p) ? N_("the same, % of cells") : N_("the same, % of people"));
        const double share[2] = {b->people > 0 ? b->within / b->people : NAN, a->people > 0 ? a->within / a->people : NAN};
        for (int i = 0; i < 2; i++) {
            jx__str(p, "<td class=\"n\">");
            jx__percent(p, share[i]);
            jx__str(p, "</td>");
        }
        change(p, 100 * share[0], 100 * share[1], true);
    }
    if (b->out > 0 || a->out > 0) {
        people_row(p, counts_cells(p) ? N_("cells that can reach none") : N_("people who can reach none"), b->out, a->out);
    }
    if (b->full > 0 || a->full > 0) {
        people_row(p, counts_cells(p) ? N_("cells that get no place within reach") : N_("people who get no place within reach"), b->full, a->full);
    }
    jx__str(p, "</tbody></table></div>\n");
    if (v->before > JX_BEFORE_SHARED) {
        jx__str(p, "<p>");
        jx__both(p, v->before == JX_BEFORE_SHORT ? N_("Before: the existing sites cannot take everybody under these conditions; the figures are of the way to the nearest one, whatever its room.")
                                                 : N_("Before: whether the existing sites can take everybody was not decided in a short search; the figures are of the way to the nearest one, whatever its room."));
        jx__str(p, "</p>\n");
    }
}

/* ---- the project list ------------------------------------------------------------------------------------------------------ */

static const char *loss_words(const jx__page *p, const jx_report_plan *v) {
    switch (v->model) {
        case JX_PLAN_MEDIAN:
            return N_("without it: longer on average by min");
        case JX_PLAN_CENTER:
            return N_("without it: longest way longer by min");
        case JX_PLAN_COVER_MAX:
            return counts_cells(p) ? N_("without it: cells no longer within reach") : N_("without it: people no longer within reach");
        default:
            return N_("without it: dearer by");
    }
}

static void td_loss(const jx__page *p, const jx_report_plan *v, double loss) {
    if (!isfinite(loss)) {
        jx__str(p, "<td class=\"n\">");
        jx__both(p, isnan(loss) ? N_("not known") : N_("no plan"));
        jx__str(p, "</td>");
    } else if (v->model == JX_PLAN_MEDIAN || v->model == JX_PLAN_CENTER) {
        jx__str(p, "<td class=\"n\">");
        jx_buf_fixed(p->b, loss, 2);
        jx__str(p, "</td>");
    } else {
        jx__td_count(p, loss);
    }
}

static void td_figure(const jx__page *p, double v) {
    jx__str(p, "<td class=\"n\">");
    if (isnan(v)) {
        jx__str(p, "\u2013");
    } else {
        jx_buf_grouped(p->b, (int64_t)floor(v + 0.5), ",");
    }
    jx__str(p, "</td>");
}

/* Which columns a list needs. */
typedef struct shown {
    bool price, capacity, refers, newly;
} shown;

static void td_assumed(const jx__page *p, const shown *k, const jx_report_site *s) {
    bool price = k->price && s->price_assumed, capacity = k->capacity && s->capacity_assumed && !isnan(s->capacity);
    jx__str(p, "<td>");
    if (price) {
        jx__both(p, N_("price"));
    }
    if (price && capacity) {
        jx__both_names(p, ", ", "\u3001");
    }
    if (capacity) {
        jx__both(p, N_("capacity"));
    }
    jx__str(p, price || capacity ? "</td>" : "\u2013</td>");
}

static void project(const jx__page *p, const jx_report_plan *v, const jx_report_site *s, const shown *k) {
    jx_buf_fmt(p->b, "<tr><td class=\"n\">%u</td><th scope=\"row\">", s->rank);
    jx__site_name(p, s);
    jx__str(p, "</th>");
    td_township(p, s->township);
    jx__td_count(p, s->people);
    jx__td_count(p, s->nearer);
    if (k->newly) {
        jx__td_count(p, s->newly_within);
    }
    if (k->price) {
        td_figure(p, s->price);
    }
    if (k->capacity) {
        td_figure(p, s->capacity);
    }
    if (k->refers) {
        jx__str(p, "<td>");
        jx__esc(p, s->refers_to ? s->refers_to : "\u2013");
        jx__str(p, "</td>");
    }
    td_loss(p, v, s->loss);
    if (k->price || k->capacity) {
        td_assumed(p, k, s);
    }
    jx__str(p, "</tr>\n");
}

static void heads(const jx__page *p, const jx_report_plan *v, const shown *k) {
    bool cells = counts_cells(p);
    jx__str(p, "<div class=\"scroll\"><table class=\"sort\"><thead><tr>");
    jx__th(p, N_("rank"), true);
    jx__th(p, N_("new site"), false);
    jx__th(p, N_("township"), false);
    jx__th(p, cells ? N_("cells that use it") : N_("people who use it"), true);
    jx__th(p, cells ? N_("of them with a shorter way (cells)") : N_("of them with a shorter way"), true);
    if (k->newly) {
        jx__th(p, N_("of them newly within reach"), true);
    }
    if (k->price) {
        jx__th(p, N_("price"), true);
    }
    if (k->capacity) {
        jx__th(p, N_("capacity"), true);
    }
    if (k->refers) {
        jx__th(p, N_("sends on to"), false);
    }
    jx__th(p, loss_words(p, v), true);
    if (k->price || k->capacity) {
        jx__th(p, N_("assumed"), false);
    }
    jx__str(p, "</tr></thead><tbody>");
}

static void closed(const jx__page *p, const jx_report_plan *v) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < v->n_sites; i++) {
        const jx_report_site *s = &v->site[i];
        if (s->role != JX_ROLE_CLOSED) {
            continue;
        }
        if (n++ == 0) {
            jx__str(p, "<p>");
            jx__both(p, N_("The plan closes:"));
            jx__str(p, " ");
        } else {
            jx__both_names(p, ", ", "\u3001");
        }
        jx__site_name(p, s);
        if (s->township != JX_NONE) {
            jx__str(p, " (");
            jx__both_area(p, &p->c->areas[p->c->township[s->township]]);
            jx__str(p, ")");
        }
    }
    jx__str(p, n ? "</p>" : "");
}

void jx__plan_list(const jx__page *p, const jx_report_plan *v) {
    shown k = {.newly = jx__plan_limit(v)};
    for (uint32_t i = 0; i < v->n_sites; i++) {
        const jx_report_site *s = &v->site[i];
        if (s->role == JX_ROLE_NEW) {
            k.price = k.price || !isnan(s->price);
            k.capacity = k.capacity || !isnan(s->capacity);
            k.refers = k.refers || s->refers_to;
        }
    }
    jx__str(p, v->n_new <= 20 ? "<div class=\"keep\"><h3>" : "<div><h3>");
    jx__both(p, N_("Project list, the one that would be missed most first"));
    jx__str(p, "</h3>");
    if (v->n_new) {
        heads(p, v, &k);
        for (uint32_t i = 0; i < v->n_sites; i++) {
            if (v->site[i].role == JX_ROLE_NEW) {
                project(p, v, &v->site[i], &k);
            }
        }
        jx__str(p, "</tbody></table></div>");
    } else {
        jx__str(p, "<p>");
        jx__both(p, N_("The plan builds nothing."));
        jx__str(p, "</p>");
    }
    closed(p, v);
    if (k.price || k.capacity) {
        jx__str(p, "<p class=\"note\">");
        jx__both(p, N_("Assumed: taken from an option, not from a table of sites. Prices and capacities are in the units that were given."));
        jx__str(p, "</p>");
    }
    jx__str(p, "</div>\n");
}

/* ---- townships ----------------------------------------------------------------------------------------------------------- */

static void gain_cells(const jx__page *p, const jx_report_plan *v, const jx_report_gain *g) {
    jx__td_count(p, g->after.people);
    jx__td_count(p, g->nearer);
    jx__td_share(p, g->after.people > 0 ? g->nearer / g->after.people : NAN);
    jx__td_count(p, g->farther);
    if (jx__plan_limit(v)) {
        jx__td_count(p, g->newly_within);
    }
    jx__td_min(p, g->before.mean_min);
    jx__td_min(p, g->after.mean_min);
    jx__str(p, "</tr>\n");
}

void jx__plan_gains(const jx__page *p, const jx_report_plan *v) {
    bool cells = counts_cells(p);
    jx__str(p, "<div class=\"scroll\"><table class=\"sort\"><thead><tr>");
    jx__th(p, N_("township"), false);
    jx__th(p, cells ? N_("cells") : N_("people"), true);
    jx__th(p, N_("with a shorter way"), true);
    jx__th(p, N_("with a shorter way %"), true);
    jx__th(p, N_("with a longer way"), true);
    if (jx__plan_limit(v)) {
        jx__th(p, N_("newly within reach"), true);
    }
    jx__th(p, N_("mean min before"), true);
    jx__th(p, N_("mean min after"), true);
    jx__str(p, "</tr></thead><tbody>");
    for (uint32_t t = 0; t < p->c->n_townships; t++) {
        jx__str(p, "<tr>");
        td_township(p, t);
        gain_cells(p, v, &v->township[t]);
    }
    jx__str(p, "</tbody><tfoot><tr class=\"sum\"><td>");
    jx__both(p, N_("whole area"));
    jx__str(p, "</td>");
    gain_cells(p, v, &v->total);
    jx__str(p, "</tfoot></table></div>\n");
}

/* ---- the cover ------------------------------------------------------------------------------------------------------------- */

bool jx__plan_any(const jx__page *p) {
    for (uint32_t k = 0; k < p->o->n_plans; k++) {
        if (p->o->plans[k].n_new) {
            return true;
        }
    }
    return false;
}

void jx__plan_projects(const jx__page *p) {
    enum { MOST = 5 };
    uint32_t n = 0;
    for (uint32_t k = 0; k < p->o->n_plans && n < MOST; k++) {
        const jx_report_plan *v = &p->o->plans[k];
        for (uint32_t i = 0; i < v->n_sites && n < MOST; i++) {
            const jx_report_site *s = &v->site[i];
            if (s->role != JX_ROLE_NEW) {
                continue;
            }
            if (n++ == 0) {
                jx__str(p, "<div class=\"projects\"><h3>");
                jx__both(p, N_("Recommended projects"));
                jx__str(p, "</h3><ul>");
            }
            const jx_arg a[] = {jx__arg_service(v->service), jx__arg_people(p->c, s->people), jx__arg_people(p->c, s->nearer)};
            jx_buf_fmt(p->b, "<li><a href=\"#plan%u\">", k + 1);
            jx__site_name(p, s);
            jx__str(p, "</a>");
            jx__both_names(p, ": ", "\uff1a");
            jx__sentence(p, N_("{0}, used by {1}; a shorter way for {2}"), 3, a);
            jx__str(p, "</li>");
        }
    }
    jx__str(p, n ? "</ul></div>" : "");
}
