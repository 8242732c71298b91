/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** All services at a glance, and all townships against all services. */
#include <math.h>

#include "report/report_internal.h"

static void theme_row(const jx__page *p, jx_theme t) {
    jx_buf_fmt(p->b,
               "<tr class=\"theme\"><th colspan=\"8\" scope=\"rowgroup\"><svg class=\"mk\" viewBox=\"-6 -6 12 12\" "
               "aria-hidden=\"true\"><use href=\"#mk%d\"/></svg> ",
               (int)t);
    jx__both(p, jx__theme_text(t));
    jx__str(p, "</th></tr>");
}

static void service_row(const jx__page *p, const jx_service_result *r) {
    const jx_criterion *k = &p->c->services[r->service].criteria[r->criterion];
    jx__str(p, r->criterion == 0 ? "<tr><td>" : "<tr class=\"more\"><td>");
    if (r->criterion == 0) {
        jx_buf_fmt(p->b, "<a href=\"#s%u\">", r->service);
        jx__both_service(p, r->service);
        jx__str(p, r->map_gap ? "</a> <b>?</b>" : "</a>");
    }
    jx__str(p, "</td><td class=\"std\">");
    jx__both_limit(p, k);
    jx__str(p, k->verified ? "" : "\u00a0*");
    jx_buf_fmt(p->b, "</td><td class=\"n\">%u</td>", r->n_inside);
    jx__td_share(p, r->total.share_within);
    jx__td_count(p, jx__without(&r->total));
    jx__td_minutes(p, r->total.median_ms);
    jx__td_minutes(p, r->total.p90_ms);
    jx__str(p, "<td>");
    if (r->worst_township != JX_NONE) {
        jx__both_area(p, &p->c->areas[p->c->township[r->worst_township]]);
    } else {
        jx__str(p, "\u2013");
    }
    jx__str(p, "</td></tr>\n");
}

void jx__overview(const jx__page *p) {
    bool cells = p->c->people_source == JX_PEOPLE_NONE;
    jx__str(p, "<section id=\"services\"><h2>");
    jx__both(p, N_("All services at a glance"));
    jx__str(p, "</h2><div class=\"scroll\"><table><thead><tr>");
    jx__th(p, N_("service"), false);
    jx__th(p, N_("standard"), false);
    jx__th(p, N_("facilities inside"), true);
    jx__th(p, N_("within reach %"), true);
    jx__th(p, cells ? N_("cells without") : N_("people without"), true);
    jx__th(p, N_("median min"), true);
    jx__th(p, N_("90 % min"), true);
    jx__th(p, N_("worst township"), false);
    jx__str(p, "</tr></thead>");
    for (int t = 0; t < JX_N_THEMES; t++) {
        bool any = false;
        for (uint32_t i = 0; i < p->d->n_results; i++) {
            const jx_service_result *r = &p->d->results[i];
            if ((int)p->c->services[r->service].theme != t) {
                continue;
            }
            if (!any) {
                jx__str(p, "<tbody>");
                theme_row(p, (jx_theme)t);
                any = true;
            }
            service_row(p, r);
        }
        jx__str(p, any ? "</tbody>" : "");
    }
    jx__str(p, "</table></div><p class=\"note\">");
    jx__both(
        p, N_("Two numbers of minutes: in town / in the country. ?: the map may be incomplete. *: an editable default, "
              "or a clause that could not be verified. A dash: more than that share of people cannot reach any."));
    jx__str(p, "</p></section>\n");
}

/* ---- townships against services ------------------------------------------------------------------------------------
 */

static int shade_of(double share) {
    static const double brk[] = {0.25, 0.5, 0.75, 0.9};
    int k = 0;
    while (k < 4 && share >= brk[k]) {
        k++;
    }
    return k;
}

static void matrix_cell(const jx__page *p, double share) {
    if (isnan(share)) {
        jx__str(p, "<td class=\"n\">\u2013</td>");
        return;
    }
    jx_buf_fmt(p->b, "<td class=\"n a%d\">", shade_of(share));
    jx_buf_fixed(p->b, 100 * share, 0);
    jx__str(p, "</td>");
}

static bool shown(const jx_service_result *r) {
    return r->criterion == 0 && r->n_facilities > 0; /* a column of zeros for what is not on the map would mislead */
}

static void matrix_head(const jx__page *p) {
    jx__str(p, "<thead><tr>");
    jx__th(p, N_("township"), false);
    for (uint32_t i = 0; i < p->d->n_results; i++) {
        const jx_service_result *r = &p->d->results[i];
        if (shown(r)) {
            jx__str(p, "<th class=\"n v\" scope=\"col\"><span>");
            jx__both_service(p, r->service);
            jx__str(p, r->map_gap ? " ?</span></th>" : "</span></th>");
        }
    }
    jx__str(p, "</tr></thead>");
}

static void matrix_note(const jx__page *p) {
    static const char *const range[5] = {"&lt; 25", "25\u201349", "50\u201374", "75\u201389", "\u2265 90"};
    jx__str(p, "<p class=\"note\">");
    jx__both(p, p->c->people_source == JX_PEOPLE_NONE ? N_("% of cells within the standard:")
                                                      : N_("% of people within the standard:"));
    for (int k = 0; k < 5; k++) {
        jx_buf_fmt(p->b, " <span class=\"key a%d\">%s</span>", k, range[k]);
    }
    jx__str(p, " \u00b7 ");
    jx__both(p, N_("Townships in official order. ?: the map may be incomplete."));
    jx__str(p, "</p>");
}

void jx__matrix(const jx__page *p) {
    uint32_t columns = 0;
    for (uint32_t i = 0; i < p->d->n_results; i++) {
        columns += shown(&p->d->results[i]) ? 1 : 0;
    }
    if (p->c->n_townships < 2 || columns < 2) {
        return;
    }
    jx__str(p, "<section id=\"townships\"><h2>");
    jx__both(p, N_("All townships at a glance"));
    jx__str(p, "</h2><div class=\"scroll\"><table class=\"matrix sort\">");
    matrix_head(p);
    jx__str(p, "<tbody>");
    for (uint32_t t = 0; t <= p->c->n_townships; t++) {
        bool sum = t == p->c->n_townships;
        jx__str(p, sum ? "</tbody><tfoot><tr class=\"sum\"><th scope=\"row\">" : "<tr><th scope=\"row\">");
        if (sum) {
            jx__both(p, N_("whole area"));
        } else {
            jx__both_area(p, &p->c->areas[p->c->township[t]]);
        }
        jx__str(p, "</th>");
        for (uint32_t i = 0; i < p->d->n_results; i++) {
            const jx_service_result *r = &p->d->results[i];
            if (shown(r)) {
                matrix_cell(p, sum ? r->total.share_within : r->township[t].share_within);
            }
        }
        jx__str(p, "</tr>\n");
    }
    jx__str(p, "</tfoot></table></div>");
    matrix_note(p);
    jx__str(p, "</section>\n");
}
