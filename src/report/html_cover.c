/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The leader's page: one sentence, what to check first, five numbers, one map, the top shortfalls. It fits on one
 * sheet of A4. */
#include "report/report_internal.h"

static bool counts_cells(const jx__page *p) {
    return p->c->people_source == JX_PEOPLE_NONE;
}

/* What may lead a leader's page: mapped at all, sure of the map before unsure, schools, doctors and care before the
 * rest. */
static int weight_of(const jx__page *p, const jx_service_result *r) {
    jx_theme t = p->c->services[r->service].theme;
    return (r->n_facilities ? 4 : 0) + (r->map_gap == 0 ? 2 : 0) +
           (t == JX_EDUCATION || t == JX_HEALTH || t == JX_CARE ? 1 : 0);
}

/* The headline result of most weight, and among equals the one with the most people without. */
static uint32_t worst_result(const jx__page *p) {
    uint32_t best = 0;
    for (uint32_t i = 1; i < p->d->n_results; i++) {
        const jx_service_result *r = &p->d->results[i], *w = &p->d->results[best];
        int a = weight_of(p, r), b = weight_of(p, w);
        if (r->criterion == 0 && (a > b || (a == b && jx__without(&r->total) > jx__without(&w->total)))) {
            best = i;
        }
    }
    return best;
}

/* ---- what to check first --------------------------------------------------------------------------------------- */

/* Services of which the map has none at all, in one line: seventeen lines of the same sentence hide the other findings.
 */
static void none_on_map(const jx__page *p) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < p->d->n_check_first; i++) {
        const jx_finding *f = &p->d->check_first[i];
        if (strcmp(f->id, "CHECK_NONE") != 0 || f->result == JX_NONE) {
            continue;
        }
        if (n++ == 0) {
            jx__str(p, "<li>");
            jx__both(p, N_("none on the map, in the area or around it; not on the map does not mean missing:"));
            jx__str(p, " ");
        } else {
            jx__both_names(p, ", ", "\u3001");
        }
        jx__both_service(p, p->d->results[f->result].service);
    }
    jx__str(p, n ? "</li>" : "");
}

static void check_first(const jx__page *p) {
    enum { SHOWN = 4 };
    uint32_t n = 0, more = 0;
    if (!p->d->n_check_first) {
        return;
    }
    jx__str(p, "<div class=\"check\"><h3>");
    jx__both(p, N_("What to check first"));
    jx__str(p, "</h3><p>");
    jx__both(p, N_("The map may be incomplete. What is not on the map is not yet known to be missing."));
    jx__str(p, "</p><ul>");
    for (uint32_t i = 0; i < p->d->n_check_first; i++) {
        const jx_finding *f = &p->d->check_first[i];
        if (strcmp(f->id, "CHECK_NONE") == 0 || !jx__sayable(f)) {
            continue;
        }
        if (++n > SHOWN) {
            more++;
            continue;
        }
        jx__str(p, "<li>");
        jx__both_finding(p, f);
        jx__str(p, "</li>");
    }
    none_on_map(p);
    if (more) {
        jx__str(p, "<li><a href=\"#methods\">");
        jx__both_args(p, N_("{0} more points under methods and sources"), 1, (jx_arg[]){JX_I(more)});
        jx__str(p, "</a></li>");
    }
    jx__str(p, "</ul></div>\n");
}

/* ---- five numbers ---------------------------------------------------------------------------------------------- */

static void noun(const jx__page *p, const jx_service_result *r, const char *msgid) {
    jx__str(p, "</b><span>");
    if (r) {
        jx__both_service(p, r->service);
        jx__both_names(p, ": ", "\uff1a");
    }
    jx__both(p, msgid);
    jx__str(p, "</span></div>");
}

static void unit(const jx__page *p, const char *msgid) {
    jx__str(p, "<small> ");
    jx__both(p, msgid);
    jx__str(p, "</small>");
}

static void five_numbers(const jx__page *p, const jx_service_result *w) {
    const jx_service_result *best = w;
    uint32_t n_headlines = 0, n_good = 0;
    bool cells = counts_cells(p);
    for (uint32_t i = 0; i < p->d->n_results; i++) {
        const jx_service_result *r = &p->d->results[i];
        if (r->criterion == 0) {
            n_headlines++;
            n_good += r->total.share_within >= 0.9 ? 1 : 0;
            best = r->total.share_within > best->total.share_within ? r : best;
        }
    }
    jx__str(p, "<div class=\"five\"><div><b>");
    jx__count(p->b, p->c, cells ? p->c->cells.n : p->c->people_total);
    noun(p, NULL, cells ? N_("cells in the area of study") : N_("people in the area of study"));
    jx__str(p, "<div><b>");
    jx__count(p->b, p->c, jx__without(&w->total));
    noun(p, w, cells ? N_("cells beyond the standard") : N_("people beyond the standard"));
    jx__str(p, "<div><b>");
    jx__minutes(p->b, w->total.median_ms);
    unit(p, N_("min"));
    noun(p, w, N_("median to the nearest"));
    jx__str(p, "<div><b>");
    jx__percent(p, best->total.share_within);
    jx__str(p, "<small> %</small>");
    noun(p, best, N_("within reach, the best served"));
    jx_buf_fmt(p->b, "<div><b>%u<small> / %u</small>", n_good, n_headlines);
    noun(p, NULL,
         cells ? N_("services within reach of at least 90 % of cells")
               : N_("services within reach of at least 90 % of people"));
    jx__str(p, "</div>\n");
}

/* ---- sentences --------------------------------------------------------------------------------------------------- */

static bool listed(const jx_service_result *r, bool good) {
    return r->criterion == 0 && r->n_facilities > 0 &&
           (good ? r->total.share_within >= 0.9 : r->total.share_within < 0.5);
}

/* The good and the poor services by name, worst sense of proportion avoided: a leader hears both. */
static void by_name(const jx__page *p, bool good) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < p->d->n_results; i++) {
        if (!listed(&p->d->results[i], good)) {
            continue;
        }
        if (n++ == 0) {
            jx__both(p, good ? N_("Within reach of at least 90 %:") : N_("Within reach of less than half:"));
            jx__str(p, " ");
        } else {
            jx__both_names(p, ", ", "\u3001");
        }
        jx_buf_fmt(p->b, "<a href=\"#s%u\">", p->d->results[i].service);
        jx__both_service(p, p->d->results[i].service);
        jx__str(p, p->d->results[i].map_gap ? "</a> ?" : "</a>");
    }
    if (n) {
        jx__both_names(p, ". ", "\u3002");
    }
}

static void top_shortfalls(const jx__page *p) {
    const jx_finding *top[5];
    uint32_t n = jx__top(p->d, top, 5);
    jx__str(p, "<h3>");
    jx__both(p, N_("Top shortfalls"));
    jx__str(p, "</h3><ol>");
    for (uint32_t i = 0; i < n; i++) {
        jx__str(p, "<li>");
        jx__both_finding(p, top[i]);
        jx__str(p, "</li>");
    }
    if (!n) {
        jx__str(p, "<li>");
        jx__both(p, N_("None: everybody has every service within its standard."));
        jx__str(p, "</li>");
    }
    jx__str(p, "</ol><p class=\"note\"><a href=\"#services\">");
    jx__both(p, N_("All services, townships and settlements on the following pages."));
    jx__str(p, "</a></p>");
}

void jx__subtitle(const jx__page *p) {
    jx__str(p, "<p class=\"sub\">");
    jx__both_names(p, p->c->standard_en, p->c->standard_zh);
    if (p->c->data_time > 0) {
        jx__str(p, " \u00b7 ");
        jx__both(p, N_("date of the data"));
        jx__str(p, " ");
        jx__date(p->b, p->c->data_time);
    }
    jx__str(p, " \u00b7 \u00a9 OpenStreetMap contributors, ODbL</p>");
}

static void title(const jx__page *p) {
    jx__str(p, "<h1>");
    jx__both_names(p, jx__study_name(p->c, NULL, false), jx__study_name(p->c, p->o->zh, true));
    jx__both_names(p, ": ", "\uff1a");
    jx__both(p, N_("who can reach public services, and who cannot"));
    jx__str(p, "</h1>");
    jx__subtitle(p);
}

static void lead(const jx__page *p, uint32_t worst) {
    for (uint32_t i = 0; i < p->d->n_headline; i++) {
        const jx_finding *f = &p->d->headline[i];
        if (f->result == worst && jx__sayable(f)) {
            jx__str(p, "<p class=\"lead\">");
            jx__both_finding(p, f);
            jx__str(p, "</p>");
            break;
        }
    }
    jx__str(p, "<p class=\"also\">");
    by_name(p, true);
    by_name(p, false);
    jx__str(p, "</p>");
}

jx_status jx__cover(const jx__page *p) {
    jx__str(p, "<div class=\"cover\">");
    title(p);
    if (p->d->n_results == 0) {
        jx__str(p, "<p class=\"lead\">");
        jx__both(p, N_("The standard names no service: add services to the standards file and run again."));
        jx__str(p, "</p></div>\n");
        return JX_OK;
    }
    uint32_t worst = worst_result(p);
    const jx_service_result *w = &p->d->results[worst];
    lead(p, worst);
    check_first(p);
    five_numbers(p, w);
    jx__str(p, jx__plan_any(p) ? "<div class=\"two and\"><div>" : "<div class=\"two\"><div>");
    if (w->n_facilities) {
        JX_TRY(jx__map(p, worst));
    } else {
        jx__str(p, "<p>");
        jx__both(p, N_("There is no map to show: not one facility of any service is on the map. Add a list of "
                       "facilities to the county folder and run again."));
        jx__str(p, "</p>");
    }
    jx__str(p, "</div><div>");
    top_shortfalls(p);
    jx__str(p, "</div>");
    jx__plan_projects(p);
    jx__str(p, "</div></div>\n");
    return JX_OK;
}
