/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The report: a leader's page, a chapter per service, then methods, sources, guesses and warnings. It prints findings and thinks nothing. */
#include <math.h>

#include "report/svg_internal.h"

static void str(const jx__page *p, const char *s) { jx_buf_str(p->b, s); }
static void esc(const jx__page *p, const char *s) { jx__escape(p->b, s); }
static bool counts_cells(const jx__page *p) { return p->c->people_source == JX_PEOPLE_NONE; }

static void percent(const jx__page *p, double share) {
    if (isnan(share)) {
        str(p, "\u2013");
    } else {
        jx_buf_fixed(p->b, 100 * share, 1);
    }
}

static double without(const jx_coverage *v) { return v->people - v->by_reach[JX_REACH_WITHIN]; }

/* What may lead a leader's page: sure of the map before unsure, schools, doctors and care before the rest. */
static int weight_of(const jx__page *p, const jx_service_result *r) {
    jx_theme t = p->c->services[r->service].theme;
    return (r->map_gap == 0 ? 2 : 0) + (t == JX_EDUCATION || t == JX_HEALTH || t == JX_CARE ? 1 : 0);
}

/* The headline result of most weight, and among equals the one with the most people without. */
static uint32_t worst_result(const jx__page *p) {
    uint32_t best = 0;
    for (uint32_t i = 1; i < p->d->n_results; i++) {
        const jx_service_result *r = &p->d->results[i], *w = &p->d->results[best];
        int a = weight_of(p, r), b = weight_of(p, w);
        if (r->criterion == 0 && (a > b || (a == b && without(&r->total) > without(&w->total)))) {
            best = i;
        }
    }
    return best;
}

static void study_name(const jx__page *p) { jx__both_names(p, jx__study_name(p->c, NULL, false), jx__study_name(p->c, p->o->zh, true)); }

static void service_name(const jx__page *p, const jx_service_result *r) {
    const jx_service *s = &p->c->services[r->service];
    jx__both_names(p, s->name_en, s->name_zh);
}

static void head(const jx__page *p) {
    bool zh = strcmp(p->o->first_lang, "zh_CN") == 0;
    jx_buf_fmt(p->b, "<!doctype html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
                     "<meta name=\"generator\" content=\"junxian %s\"><link rel=\"icon\" href=\"data:,\"><title>", zh ? "zh-CN" : "en", p->o->version);
    esc(p, jx__study_name(p->c, zh ? p->o->zh : NULL, zh));
    jx_buf_fmt(p->b, " \u2013 junxian</title><style>%s</style></head><body>\n", jx__css);
    jx_buf_fmt(p->b, "<input class=\"lang\" type=\"radio\" name=\"lang\" id=\"en\"%s><input class=\"lang\" type=\"radio\" name=\"lang\" id=\"zh\"%s>"
                     "<header><b>junxian \u90e1\u53bf</b><label for=\"en\">English</label><label for=\"zh\">\u4e2d\u6587</label></header><main>\n",
               zh ? "" : " checked", zh ? " checked" : "");
}

/* ---- the leader's page -------------------------------------------------------------------------------------------------------- */

static void check_first(const jx__page *p) {
    if (!p->d->n_check_first) {
        return;
    }
    str(p, "<div class=\"check\"><h3>");
    jx__both(p, N_("What to check first"));
    str(p, "</h3><p>");
    jx__both(p, N_("The map may be incomplete. What is not on the map is not yet known to be missing."));
    str(p, "</p><ul>");
    for (uint32_t i = 0; i < p->d->n_check_first; i++) {
        str(p, "<li>");
        jx__both_finding(p, &p->d->check_first[i]);
        str(p, "</li>");
    }
    str(p, "</ul></div>\n");
}

static void number(const jx__page *p, double v, bool is_percent, const char *noun, const jx_service_result *r) {
    str(p, "<div><b>");
    if (is_percent) {
        percent(p, v);
        str(p, "<small> %</small>");
    } else {
        jx__people(p->b, v, p->c->people_trust);
    }
    str(p, "</b>");
    if (r) {
        service_name(p, r);
        str(p, "<br>");
    }
    jx__both(p, noun);
    str(p, "</div>");
}

static void five_numbers(const jx__page *p, uint32_t worst) {
    const jx_service_result *w = &p->d->results[worst];
    uint32_t best = worst, n_headlines = 0, n_good = 0;
    for (uint32_t i = 0; i < p->d->n_results; i++) {
        const jx_service_result *r = &p->d->results[i];
        if (r->criterion != 0) {
            continue;
        }
        n_headlines++;
        n_good += r->total.share_within >= 0.9 ? 1 : 0;
        best = r->total.share_within > p->d->results[best].total.share_within ? i : best;
    }
    str(p, "<div class=\"five\">");
    number(p, counts_cells(p) ? p->c->cells.n : p->c->people_total, false, counts_cells(p) ? N_("cells in the area of study") : N_("people in the area of study"), NULL);
    number(p, without(&w->total), false, counts_cells(p) ? N_("cells without") : N_("people without"), w);
    number(p, w->total.share_within, true, N_("within reach"), w);
    number(p, p->d->results[best].total.share_within, true, N_("within reach"), &p->d->results[best]);
    jx_buf_fmt(p->b, "<div><b>%u<small> / %u</small></b>", n_good, n_headlines);
    jx__both(p, N_("services that at least 90 % have within reach"));
    str(p, "</div></div>\n");
}

static void top_shortfalls(const jx__page *p) {
    str(p, "<h3>");
    jx__both(p, N_("Top shortfalls"));
    str(p, "</h3><ol>");
    uint32_t n = 0;
    for (int sure = 1; sure >= 0; sure--) { /* what the map can vouch for comes first */
        for (uint32_t i = 0; i < p->d->n_headline && n < 5; i++) {
            const jx_finding *f = &p->d->headline[i];
            if (strcmp(f->id, sure ? "SHORTFALL" : "NOT_ON_MAP") == 0) {
                str(p, "<li>");
                jx__both_finding(p, f);
                str(p, "</li>");
                n++;
            }
        }
    }
    if (!n) {
        str(p, "<li>");
        jx__both(p, N_("None: everybody has every service within its standard."));
        str(p, "</li>");
    }
    str(p, "</ol>\n");
}

static void sub_line(const jx__page *p) {
    str(p, "<p class=\"sub\">");
    jx__both_names(p, p->c->standard_en, p->c->standard_zh);
    str(p, " \u00b7 ");
    jx__both(p, N_("date of the data"));
    str(p, " ");
    jx__date(p->b, p->c->data_time);
    str(p, " \u00b7 \u00a9 OpenStreetMap contributors (ODbL)</p>");
}

static jx_status cover(const jx__page *p) {
    uint32_t worst = worst_result(p);
    const jx_finding *lead = NULL;
    for (uint32_t i = 0; i < p->d->n_headline && !lead; i++) {
        lead = p->d->headline[i].result == worst ? &p->d->headline[i] : NULL;
    }
    str(p, "<div class=\"cover\"><h1>");
    study_name(p);
    str(p, ": ");
    jx__both(p, N_("who can reach public services, and who cannot"));
    str(p, "</h1>");
    sub_line(p);
    if (lead) {
        str(p, "<p class=\"lead\">");
        jx__both_finding(p, lead);
        str(p, "</p>");
    }
    check_first(p);
    five_numbers(p, worst);
    str(p, "<div class=\"two\"><div><h3>");
    service_name(p, &p->d->results[worst]);
    str(p, "</h3>");
    JX_TRY(jx__map(p, worst));
    str(p, "</div><div>");
    top_shortfalls(p);
    str(p, "</div></div></div>\n");
    return JX_OK;
}

/* ---- overview of services ------------------------------------------------------------------------------------------------------ */

static void threshold(const jx__page *p, const jx_criterion *k) {
    jx__minutes(p->b, k->urban_ms ? k->urban_ms : k->rural_ms);
    if (k->urban_ms && k->rural_ms && k->urban_ms != k->rural_ms) {
        str(p, " / ");
        jx__minutes(p->b, k->rural_ms);
    }
    str(p, " ");
    jx__both(p, N_("min"));
    str(p, " ");
    jx__both(p, jx_mode_phrase(k->mode));
}

static void th(const jx__page *p, const char *msgid, bool number_column) {
    str(p, number_column ? "<th class=\"n\">" : "<th>");
    jx__both(p, msgid);
    str(p, "</th>");
}

static void coverage_cells(const jx__page *p, const jx_coverage *v) {
    str(p, "<td class=\"n\">");
    jx__people(p->b, v->people, p->c->people_trust);
    str(p, "</td><td class=\"n\">");
    percent(p, v->share_within);
    str(p, "</td><td class=\"n\">");
    jx__people(p->b, without(v), p->c->people_trust);
    str(p, "</td><td class=\"n\">");
    if (isnan(v->mean_ms)) {
        str(p, "\u2013");
    } else {
        jx_buf_fixed(p->b, v->mean_ms / 60000, 1);
    }
    str(p, "</td><td class=\"n\">");
    jx__minutes(p->b, v->median_ms);
    str(p, "</td><td class=\"n\">");
    jx__minutes(p->b, v->p90_ms);
    str(p, "</td>");
}

static void coverage_heads(const jx__page *p) {
    bool cells = counts_cells(p);
    th(p, cells ? N_("cells") : N_("people"), true);
    th(p, N_("within reach %"), true);
    th(p, cells ? N_("cells without") : N_("people without"), true);
    th(p, N_("mean min"), true);
    th(p, N_("median min"), true);
    th(p, N_("90 % min"), true);
}

static void overview(const jx__page *p) {
    str(p, "<section><h2>");
    jx__both(p, N_("All services at a glance"));
    str(p, "</h2><div class=\"scroll\"><table><thead><tr>");
    th(p, N_("service"), false);
    th(p, N_("standard"), false);
    th(p, N_("facilities inside"), true);
    coverage_heads(p);
    th(p, N_("worst township"), false);
    str(p, "</tr></thead><tbody>");
    for (uint32_t i = 0; i < p->d->n_results; i++) {
        const jx_service_result *r = &p->d->results[i];
        const jx_criterion *k = &p->c->services[r->service].criteria[r->criterion];
        jx_buf_fmt(p->b, "<tr><td><a href=\"#s%u\">", r->service);
        service_name(p, r);
        str(p, r->map_gap ? "</a> ?</td><td>" : "</a></td><td>");
        threshold(p, k);
        str(p, k->verified ? "" : " *");
        jx_buf_fmt(p->b, "</td><td class=\"n\">%u</td>", r->n_inside);
        coverage_cells(p, &r->total);
        str(p, "<td>");
        if (r->worst_township != JX_NONE) {
            const jx_area *a = &p->c->areas[p->c->township[r->worst_township]];
            jx__both_names(p, jx_area_name(a, false), jx_area_name(a, true));
        }
        str(p, "</td></tr>");
    }
    str(p, "</tbody></table></div><p class=\"note\">");
    jx__both(p, N_("Two numbers of minutes: in town / in the country. ?: the map may be incomplete. *: an editable default, or a clause that could not be verified. A dash: more than that share of people cannot reach any."));
    str(p, "</p></section>\n");
}

/* ---- a chapter per service ------------------------------------------------------------------------------------------------------- */

static void township_table(const jx__page *p, const jx_service_result *r) {
    str(p, "<div class=\"scroll\"><table><thead><tr>");
    th(p, N_("township"), false);
    coverage_heads(p);
    str(p, "</tr></thead><tbody>");
    for (uint32_t i = 0; i < p->c->n_townships; i++) {
        const jx_area *a = &p->c->areas[p->c->township[i]];
        str(p, "<tr><td>");
        jx__both_names(p, jx_area_name(a, false), jx_area_name(a, true));
        str(p, "</td>");
        coverage_cells(p, &r->township[i]);
        str(p, "</tr>");
    }
    const struct {
        const char *name;
        const jx_coverage *v;
    } rows[] = {{N_("in town"), &r->urban}, {N_("in the country"), &r->rural}, {N_("whole area"), &r->total}};
    for (int i = 0; i < 3; i++) {
        str(p, i == 2 ? "<tr class=\"sum\"><td>" : "<tr><td>");
        jx__both(p, rows[i].name);
        str(p, "</td>");
        coverage_cells(p, rows[i].v);
        str(p, "</tr>");
    }
    str(p, "</tbody></table></div>");
}

static void not_served(const jx__page *p, const jx_service_result *r) {
    static const int kinds[] = {JX_REACH_OFF_NETWORK, JX_REACH_UNREACHABLE, JX_REACH_NO_FACILITY};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        double v = r->total.by_reach[kinds[i]];
        if (v > 0) {
            str(p, "<p>");
            jx__both(p, jx__reach_text((jx_reach)kinds[i]));
            str(p, ": ");
            jx__people(p->b, v, p->c->people_trust);
            str(p, " ");
            jx__both(p, jx__unit_word(p->c));
            str(p, "</p>");
        }
    }
}

static void shortfall_row(const jx__page *p, const jx_service_result *r, uint32_t rank) {
    const jx_shortfall *s = &r->shortfalls[rank];
    jx_buf_fmt(p->b, "<tr><td class=\"n\">%u</td><td>", rank + 1);
    jx__both_names(p, jx_shortfall_place(p->c, s, false), jx_shortfall_place(p->c, s, true));
    str(p, "</td><td class=\"n\">");
    jx__people(p->b, s->people, p->c->people_trust);
    str(p, "</td><td class=\"n\">");
    jx__people(p->b, s->people_settlement, p->c->people_trust);
    str(p, "</td><td>");
    if (s->nearest != JX_NONE) {
        esc(p, *p->c->facilities[s->nearest].name ? p->c->facilities[s->nearest].name : "\u2013");
    } else {
        str(p, "\u2013");
    }
    str(p, "</td><td class=\"n\">");
    jx__minutes(p->b, s->nearest_ms);
    str(p, "</td><td class=\"n\">");
    jx__minutes(p->b, s->excess_ms);
    str(p, "</td><td>");
    jx__both(p, r->map_gap ? N_("not on the map") : jx__cause_text(s->cause));
    str(p, "</td></tr>");
}

static void shortfall_table(const jx__page *p, const jx_service_result *r) {
    enum { SHOWN = 12 };
    if (!r->n_shortfalls) {
        return;
    }
    str(p, "<h3>");
    jx__both(p, r->map_gap ? N_("Settlements with none on the map within the standard") : N_("Shortfalls by settlement"));
    str(p, "</h3><div class=\"scroll\"><table><thead><tr>");
    th(p, N_("rank"), true);
    th(p, N_("settlement"), false);
    th(p, counts_cells(p) ? N_("cells without") : N_("people without"), true);
    th(p, N_("of"), true);
    th(p, N_("nearest facility"), false);
    th(p, N_("min to it"), true);
    th(p, N_("misses by min"), true);
    th(p, N_("cause"), false);
    str(p, "</tr></thead><tbody>");
    for (uint32_t i = 0; i < r->n_shortfalls && i < SHOWN; i++) {
        shortfall_row(p, r, i);
    }
    str(p, "</tbody></table></div>");
    if (r->n_shortfalls > SHOWN) {
        jx_arg a[] = {JX_I(r->n_shortfalls - SHOWN)};
        str(p, "<p class=\"note\">");
        jx__both_args(p, N_("{0} more in tables.xlsx, sheet shortfalls."), 1, a);
        str(p, "</p>");
    }
}

static void clause(const jx__page *p, const jx_criterion *k) {
    str(p, "<p class=\"note\">");
    jx__both(p, N_("standard"));
    str(p, ": ");
    threshold(p, k);
    str(p, " \u00b7 ");
    esc(p, k->clause);
    if (k->year) {
        jx_buf_fmt(p->b, " (%d)", k->year);
    }
    if (!k->verified) {
        str(p, " \u00b7 ");
        jx__both(p, N_("clause not verified: an editable default"));
    }
    if (k->note_en && *k->note_en) {
        str(p, " \u00b7 ");
        jx__both_names(p, k->note_en, k->note_zh ? k->note_zh : k->note_en);
    }
    str(p, "</p>");
}

static jx_status chapter(const jx__page *p, uint32_t i) {
    const jx_service_result *r = &p->d->results[i];
    jx_buf_fmt(p->b, "<section id=\"s%u\"><h2>", r->service);
    service_name(p, r);
    str(p, "</h2>");
    for (uint32_t k = 0; k < p->d->n_headline; k++) {
        if (p->d->headline[k].result == i && strcmp(p->d->headline[k].id, "COVERAGE") == 0) {
            str(p, "<p class=\"lead\">");
            jx__both_finding(p, &p->d->headline[k]);
            str(p, "</p>");
        }
    }
    for (uint32_t k = i; k < p->d->n_results && p->d->results[k].service == r->service; k++) {
        clause(p, &p->c->services[r->service].criteria[p->d->results[k].criterion]);
    }
    not_served(p, r);
    str(p, "<div class=\"two\"><div>");
    JX_TRY(jx__map(p, i));
    str(p, "</div><div class=\"charts\">");
    jx__curve_chart(p, i);
    jx__dot_plot(p, i);
    str(p, "</div></div>");
    township_table(p, r);
    shortfall_table(p, r);
    str(p, "</section>\n");
    return JX_OK;
}

/* ---- methods, sources, guesses, warnings ------------------------------------------------------------------------------------------- */

static void list_findings(const jx__page *p, const char *title, const jx_finding *f, uint32_t n) {
    str(p, "<h3>");
    jx__both(p, title);
    str(p, "</h3><ul>");
    for (uint32_t i = 0; i < n; i++) {
        str(p, "<li>");
        jx__both_finding(p, &f[i]);
        if (f[i].trust == JX_GUESSED) {
            str(p, " <b>[");
            jx__both(p, N_("guessed"));
            str(p, "]</b>");
        }
        str(p, "</li>");
    }
    str(p, "</ul>");
}

static void methods(const jx__page *p) {
    static const char *const texts[] = {
        N_("People live in cells; a cell's journey starts where its people live on average. Travel time is the shortest time by one mode: off the road to the nearest street, along streets, and off the road to the facility. All three parts count."),
        N_("A service is within reach when the nearest facility is within the standard's minutes. People off the network, without a route, or without any facility on the map count as not served and are listed apart; none of them is zero minutes or no data."),
        N_("Shares are of people to whom the standard applies. Median and 90th percentile are over all of them; those who cannot reach any count as infinitely far."),
        N_("A shortfall's cause is judged at its most populous cell: no road near, no facility near (even a straight road at full speed would be too long), no route, or a slow or roundabout road."),
        N_("Facilities outside the area serve it too. Streets and facilities are as mapped; speeds, standards and rules are YAML files that can be edited.")};
    str(p, "<h3>");
    jx__both(p, N_("Methods"));
    str(p, "</h3>");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        str(p, "<p>");
        jx__both(p, texts[i]);
        str(p, "</p>");
    }
    str(p, "<p>");
    jx__both(p, N_("Town and country:"));
    str(p, " ");
    jx__both(p, p->c->urban_rule);
    str(p, "</p>");
}

static void profiles(const jx__page *p) {
    str(p, "<table><thead><tr>");
    th(p, N_("mode"), false);
    th(p, N_("residential street km/h"), true);
    th(p, N_("main road km/h"), true);
    th(p, N_("off the road km/h"), true);
    th(p, N_("off the road at most m"), true);
    th(p, N_("detour factor"), true);
    str(p, "</tr></thead><tbody>");
    for (int m = 0; m < JX_N_MODES; m++) {
        const jx_profile *q = jx_profiles_get(p->c->profiles, (jx_mode)m);
        const double v[5] = {q->speed_kmh[JX_ROAD_RESIDENTIAL], q->speed_kmh[JX_ROAD_PRIMARY], q->offroad_kmh, q->offroad_max_m, q->offroad_detour};
        str(p, "<tr><td>");
        jx__both(p, jx_mode_phrase((jx_mode)m));
        for (int k = 0; k < 5; k++) {
            str(p, "</td><td class=\"n\">");
            jx_buf_double(p->b, v[k]);
        }
        str(p, "</td></tr>");
    }
    str(p, "</tbody></table>");
}

static void sources(const jx__page *p) {
    str(p, "<h3>");
    jx__both(p, N_("Sources"));
    str(p, "</h3><div class=\"scroll\"><table><thead><tr>");
    th(p, N_("file"), false);
    th(p, N_("what it is"), false);
    th(p, N_("date"), false);
    th(p, N_("coordinate system"), false);
    th(p, N_("licence"), false);
    str(p, "<th>SHA-256</th></tr></thead><tbody>");
    for (uint32_t i = 0; i < p->c->n_sources; i++) {
        const jx_source *s = &p->c->sources[i];
        str(p, "<tr><td>");
        esc(p, s->name);
        str(p, "</td><td>");
        jx__both(p, s->what);
        str(p, "</td><td>");
        jx__date(p->b, s->date);
        str(p, "</td><td>");
        esc(p, s->crs ? s->crs : "\u2013");
        str(p, "</td><td>");
        esc(p, s->licence ? s->licence : "\u2013");
        if (s->attribution) {
            str(p, ", ");
            esc(p, s->attribution);
        }
        str(p, "</td><td><code>");
        jx_buf_add(p->b, s->sha256, strlen(s->sha256) < 16 ? strlen(s->sha256) : 16);
        str(p, "</code></td></tr>");
    }
    str(p, "</tbody></table></div>");
}

static void warnings(const jx__page *p) {
    bool any = false;
    for (uint32_t i = 0; i < p->o->n_warnings; i++) {
        const jx_message *m = &p->o->warnings[i];
        if (!any) {
            str(p, "<h3>");
            jx__both(p, N_("Messages of the run"));
            str(p, "</h3><ul>");
            any = true;
        }
        str(p, "<li>");
        jx_buf_fmt(p->b, "JX%d ", (int)m->id);
        for (int zh = 0; zh < 2; zh++) {
            jx_buf t;
            jx_buf_init(&t, p->ctx);
            jx_msg_render(&t, zh ? p->o->zh : NULL, m, false);
            jx_buf_fmt(p->b, "<span class=\"%s\">", zh ? "zh" : "en");
            if (jx_buf_ok(&t) == JX_OK) {
                esc(p, t.n ? t.s : "");
            }
            str(p, "</span>");
            jx_buf_release(&t);
        }
        str(p, "</li>");
    }
    str(p, any ? "</ul>" : "");
}

static void appendix(const jx__page *p) {
    str(p, "<section><h2>");
    jx__both(p, N_("Methods, sources and what rests on guesses"));
    str(p, "</h2>");
    list_findings(p, N_("What these numbers rest on"), p->d->guesses, p->d->n_guesses);
    methods(p);
    profiles(p);
    sources(p);
    warnings(p);
    if (*p->o->command) {
        str(p, "<h3>");
        jx__both(p, N_("Run it again"));
        str(p, "</h3><p><code>");
        esc(p, p->o->command);
        str(p, "</code></p>");
    }
    jx_buf_fmt(p->b, "<footer>junxian %s \u00b7 ", p->o->version);
    jx__both(p, N_("Map data"));
    str(p, " \u00a9 OpenStreetMap contributors, Open Database License 1.0 (openstreetmap.org/copyright). ");
    jx__both(p, N_("Boundaries are as in the source and state no position on any border."));
    str(p, "</footer></section>\n");
}

static void contents(const jx__page *p) {
    str(p, "<nav>");
    for (uint32_t i = 0; i < p->d->n_results; i++) {
        if (p->d->results[i].criterion == 0) {
            jx_buf_fmt(p->b, "<a href=\"#s%u\">", p->d->results[i].service);
            service_name(p, &p->d->results[i]);
            str(p, "</a>");
        }
    }
    str(p, "</nav>\n");
}

jx_status jx_report_html(jx_ctx *ctx, const jx_county *c, const jx_diagnosis *d, const jx_report_options *o, jx_buf *out) {
    const jx__page p = {ctx, c, d, o, out};
    head(&p);
    JX_TRY(jx__map_defs(&p));
    JX_TRY(cover(&p));
    contents(&p);
    overview(&p);
    for (uint32_t i = 0; i < d->n_results; i++) {
        if (d->results[i].criterion == 0) {
            JX_TRY(jx_poll(ctx));
            JX_TRY(chapter(&p, i));
        }
    }
    appendix(&p);
    str(&p, "</main></body></html>\n");
    return jx_buf_ok(out);
}
