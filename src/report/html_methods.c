/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The end of the page: what the numbers rest on, methods, parameters, sources, messages of the run, how to run it
 * again. */
#include "report/report_internal.h"

static void heading(const jx__page *p, const char *msgid) {
    jx__str(p, "<h3>");
    jx__both(p, msgid);
    jx__str(p, "</h3>");
}

static void list_findings(const jx__page *p, const char *title, const jx_finding *f, uint32_t n) {
    if (!n) {
        return;
    }
    heading(p, title);
    jx__str(p, "<ul>");
    for (uint32_t i = 0; i < n; i++) {
        if (!jx__sayable(&f[i])) {
            continue;
        }
        jx__str(p, "<li>");
        jx__both_finding(p, &f[i]);
        if (f[i].trust == JX_GUESSED) {
            jx__str(p, " <b>[");
            jx__both(p, N_("guessed"));
            jx__str(p, "]</b>");
        }
        jx__str(p, "</li>");
    }
    jx__str(p, "</ul>");
}

static void methods(const jx__page *p) {
    static const char *const texts[] = {
        N_("People live in cells; a cell's journey starts where its people live on average. Travel time is the "
           "shortest time by one mode: off the road to the nearest street, along streets, and off the road to the "
           "facility. All three parts count."),
        N_("A service is within reach when the nearest facility is within the standard's minutes. People off the "
           "network, without a route, or without any facility on the map count as not served and are listed apart; "
           "none of them is zero minutes or no data."),
        N_("Shares are of people to whom the standard applies. Median and 90th percentile are over all of them; those "
           "who cannot reach any count as infinitely far."),
        N_("A shortfall's cause is judged at its most populous cell: no road near, no facility near (even a straight "
           "road at full speed would be too long), no route, or a slow or roundabout road."),
        N_("Facilities outside the area serve it too. Streets and facilities are as mapped; speeds, standards and "
           "rules are YAML files that can be edited."),
        N_("On the maps a square is painted once, in the class of the minutes to the nearest facility; squares without "
           "people are not painted.")};
    heading(p, N_("Methods"));
    static const bool of_diagnosis[] = {false, true, true, true, false, false};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (p->study && of_diagnosis[i]) {
            continue;
        }
        jx__str(p, "<p>");
        jx__both(p, texts[i]);
        jx__str(p, "</p>");
    }
    jx__str(p, "<p>");
    jx__both(p, N_("Town and country:"));
    jx__str(p, " ");
    jx__both(p, p->c->urban_rule);
    jx__str(p, "</p>");
}

static void profiles(const jx__page *p) {
    jx__str(p, "<div class=\"scroll\"><table><thead><tr>");
    jx__th(p, N_("mode"), false);
    jx__th(p, N_("residential street km/h"), true);
    jx__th(p, N_("main road km/h"), true);
    jx__th(p, N_("off the road km/h"), true);
    jx__th(p, N_("off the road at most m"), true);
    jx__th(p, N_("detour factor"), true);
    jx__str(p, "</tr></thead><tbody>");
    for (int m = 0; m < JX_N_MODES; m++) {
        const jx_profile *q = jx_profiles_get(p->c->profiles, (jx_mode)m);
        if (!q) {
            continue;
        }
        const double v[5] = {q->speed_kmh[JX_ROAD_RESIDENTIAL], q->speed_kmh[JX_ROAD_PRIMARY], q->offroad_kmh,
                             q->offroad_max_m, q->offroad_detour};
        jx__str(p, "<tr><td>");
        jx__both(p, jx_mode_phrase((jx_mode)m));
        for (int k = 0; k < 5; k++) {
            jx__str(p, "</td><td class=\"n\">");
            jx_buf_double(p->b, v[k]);
        }
        jx__str(p, "</td></tr>");
    }
    jx__str(p, "</tbody></table></div>");
}

static void source(const jx__page *p, const jx_source *s) {
    jx__str(p, "<tr><td>");
    jx__esc(p, s->name);
    jx__str(p, "</td><td>");
    jx__both(p, s->what);
    jx__str(p, "</td><td class=\"nb\">");
    jx__date(p->b, s->date);
    jx__str(p, "</td><td>");
    jx__esc(p, s->crs ? s->crs : "\u2013");
    jx__str(p, "</td><td>");
    jx__esc(p, s->licence ? s->licence : "\u2013");
    if (s->attribution) {
        jx__str(p, ", ");
        jx__esc(p, s->attribution);
    }
    jx__str(p, "</td><td><code>");
    jx_buf_add(p->b, s->sha256, strlen(s->sha256) < 16 ? strlen(s->sha256) : 16);
    jx__str(p, "</code></td></tr>");
}

static void sources(const jx__page *p) {
    heading(p, N_("Sources"));
    jx__str(p, "<div class=\"scroll\"><table><thead><tr>");
    jx__th(p, N_("file"), false);
    jx__th(p, N_("what it is"), false);
    jx__th(p, N_("date"), false);
    jx__th(p, N_("coordinate system"), false);
    jx__th(p, N_("licence"), false);
    jx__str(p, "<th scope=\"col\">SHA-256</th></tr></thead><tbody>");
    for (uint32_t i = 0; i < p->c->n_sources; i++) {
        source(p, &p->c->sources[i]);
    }
    jx__str(p, "</tbody></table></div>");
}

void jx__message(const jx__page *p, const jx_message *m, bool remedy) {
    jx_buf_fmt(p->b, "JX%d ", (int)m->id);
    for (int zh = 0; zh < 2; zh++) {
        jx_buf t;
        jx_buf_init(&t, p->ctx);
        jx_msg_render(&t, zh ? p->o->zh : NULL, m, remedy);
        if (jx_buf_ok(&t) == JX_OK) {
            jx_buf_fmt(p->b, "<span class=\"%s\">", zh ? "zh" : "en");
            jx__escape(p->b, t.n ? t.s : "");
            jx__str(p, "</span>");
        } else {
            p->b->failed = true;
        }
        jx_buf_release(&t);
    }
}

static void messages(const jx__page *p) {
    if (!p->o->n_warnings) {
        return;
    }
    heading(p, N_("Messages of the run"));
    jx__str(p, "<ul>");
    for (uint32_t i = 0; i < p->o->n_warnings; i++) {
        jx__str(p, "<li>");
        jx__message(p, &p->o->warnings[i], false);
        jx__str(p, "</li>");
    }
    jx__str(p, "</ul>");
}

static void footer(const jx__page *p) {
    jx_buf_fmt(p->b, "<footer>junxian %s \u00b7 ", p->o->version);
    jx__both(p, N_("Map data"));
    jx__str(p, " \u00a9 OpenStreetMap contributors, Open Database License 1.0 (openstreetmap.org/copyright). ");
    jx__both(p, N_("Boundaries are as in the source and state no position on any border."));
    jx__str(p, "</footer>");
}

void jx__appendix(const jx__page *p) {
    jx__str(p, "<section id=\"methods\"><h2>");
    jx__both(p, N_("Methods, sources and what rests on guesses"));
    jx__str(p, "</h2>");
    list_findings(p, N_("What these numbers rest on"), p->d->guesses, p->d->n_guesses);
    list_findings(p, N_("What to check first"), p->d->check_first, p->d->n_check_first);
    methods(p);
    profiles(p);
    jx__heights(p);
    jx__open_ground(p);
    sources(p);
    messages(p);
    if (p->o->command && *p->o->command) {
        heading(p, N_("Run it again"));
        jx__str(p, "<p><code class=\"cmd\">");
        jx__esc(p, p->o->command);
        jx__str(p, "</code></p>");
    }
    footer(p);
    jx__str(p, "</section>\n");
}
