/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Seats and beds: what is short within the catchment, in words, and places per 1,000 people by township. */
#include <math.h>

#include "report/fairness_internal.h"

void jx__fair_shortage(const jx__page *p, const jx_shortage *v, uint32_t limit_ms) {
    double missing = v->far + v->full;
    const jx_arg args[] = {JX_R(missing, 0), jx__fair_minutes(limit_ms), JX_R(v->demand, 0),
                           JX_R(v->far, 0),  JX_R(v->full, 0),           JX_R(v->spare, 0)};
    jx__fair_say(p,
                 missing >= 0.5 ? N_("short of {0} places within {1} min, of {2} wanted: {3} have none near, for {4} "
                                     "those near are full; {5} places "
                                     "stay free elsewhere")
                                : N_("no place is missing within {1} min: {2} wanted, {5} stay free"),
                 6, args);
}

static void norm(const jx__page *p, const jx_fair_service *s) {
    const jx_service *v = &p->c->services[jx__fair_service(p, s)];
    const jx_fair_places *w = &s->places;
    jx__str(p, "<p class=\"note\">");
    if (isnan(v->places_per_1000)) {
        jx__both(p, N_("The standard has no norm of places for this service."));
    } else {
        for (int zh = 0; zh < 2; zh++) {
            const jx_catalog *cat = zh ? p->o->zh : NULL;
            const jx_arg a[] = {JX_R(v->places_per_1000, 1),
                                JX_S(v->places_of ? jx_tr(cat, v->places_of) : jx_tr(cat, N_("people"))),
                                JX_S(v->places_clause)};
            jx_buf t;
            jx_buf_init(&t, p->ctx);
            jx_render(&t, jx_tr(cat, N_("wanted by the norm: {0} per 1,000 {1} ({2})")), 3, a);
            jx_buf_str(&t, v->places_verified ? "" : jx_tr(cat, N_("; this figure has not been checked")));
            if (jx_buf_ok(&t) == JX_OK) {
                jx_buf_fmt(p->b, "<span class=\"%s\">", zh ? "zh" : "en");
                jx__escape(p->b, t.s);
                jx__str(p, "</span>");
            } else {
                p->b->failed = true;
            }
            jx_buf_release(&t);
        }
        if (!w->wanted) {
            jx__str(p, " \u00b7 ");
            jx__both(p, N_("how many such people there are is not known: give them as a column of the people table"));
        }
    }
    if (w->n_unknown) {
        const jx_arg a[] = {JX_I(w->n_unknown), jx__fair_people(p, w->people_unknown)};
        jx__str(p, "</p>");
        jx__fair_say(p, N_("in {0} cells ({1} live there) their number is not known: they count as none, so what is wanted may be more"), 2, a);
        jx__str(p, "<p class=\"note\">");
    }
    if (w->n_guessed) {
        const jx_arg a[] = {JX_I(w->n_guessed), JX_I(p->d->results[s->result].n_facilities), JX_R(w->median, 0)};
        jx__str(p, " \u00b7 ");
        jx__both_args(p, N_("{0} of {1} capacities are guessed as {2}, the median of those stated"), 3, a);
    }
    jx__str(p, "</p>");
}

static void row(const jx__page *p, const jx_fair_places *w, uint32_t t, bool has_norm) {
    const jx_fair_town *v = &w->town[t];
    bool all = t == p->c->n_townships;
    jx__str(p, all ? "<tr class=\"sum\"><td>" : "<tr><td>");
    if (all) {
        jx__both(p, N_("whole area"));
    } else {
        jx__both_area(p, &p->c->areas[p->c->township[t]]);
    }
    jx_buf_fmt(p->b, "</td><td class=\"n\">%u</td><td class=\"n\">", v->n);
    jx_buf_grouped(p->b, (int64_t)floor(v->places + 0.5), ",");
    jx__str(p, "</td>");
    jx__td_count(p, v->people);
    jx__str(p, "<td class=\"n\">");
    if (isnan(v->per_1000)) {
        jx__str(p, "\u2013");
    } else {
        jx_buf_fixed(p->b, v->per_1000, 1);
    }
    jx__str(p, "</td><td>");
    if (has_norm && !isnan(v->per_1000)) {
        jx__both(p, v->below ? N_("below the norm") : N_("meets the norm"));
    }
    jx__str(p, "</td><td>");
    if (v->n_guessed) {
        const jx_arg a[] = {JX_I(v->n_guessed), JX_I(v->n)};
        jx__both_args(p, N_("{0} of {1} capacities guessed"), 2, a);
    } else if (v->n) {
        jx__both(p, N_("as stated"));
    }
    jx__str(p, "</td></tr>\n");
}

static void table(const jx__page *p, const jx_fair_service *s) {
    const jx_service *v = &p->c->services[jx__fair_service(p, s)];
    bool has_norm = !isnan(v->places_per_1000);
    jx__str(p, "<div class=\"scroll\"><table class=\"sort\"><thead><tr>");
    jx__th(p, N_("township"), false);
    jx__th(p, N_("facilities inside"), true);
    jx__th(p, N_("places"), true);
    jx__th(p, has_norm && v->places_of ? N_("people the norm counts") : jx__unit_word(p->c), true);
    jx__th(p, N_("places per 1,000"), true);
    jx__th(p, N_("norm"), false);
    jx__th(p, N_("how sure"), false);
    jx__str(p, "</tr></thead><tbody>");
    for (uint32_t t = 0; t < p->c->n_townships; t++) {
        row(p, &s->places, t, has_norm);
    }
    jx__str(p, "</tbody><tfoot>");
    row(p, &s->places, p->c->n_townships, has_norm);
    jx__str(p, "</tfoot></table></div>");
}

void jx__fair_seats(const jx__page *p, const jx_fairness *f) {
    uint32_t used = 0;
    for (uint32_t i = 0; i < f->n; i++) {
        used += f->service[i].places.used ? 1 : 0;
    }
    jx__str(p, "<h3>");
    jx__both(p, N_("Are there enough places"));
    jx__str(p, "</h3>");
    if (!used) {
        jx__str(p, "<p>");
        jx__both(p, N_("Not known: of no service do at least half of the facilities state how many places they have. "
                       "Add a list of facilities with a "
                       "column `capacity` to the county folder, and run again."));
        jx__str(p, "</p>");
        return;
    }
    jx__str(p, "<p class=\"note\">");
    jx__both(p, N_("Of services where at least half of the facilities state how many places they have. Short: however "
                   "people are shared out within "
                   "the catchment, no fewer stay without."));
    jx__str(p, "</p>");
    for (uint32_t i = 0; i < f->n; i++) {
        const jx_fair_service *s = &f->service[i];
        if (!s->places.used) {
            continue;
        }
        jx__str(p, "<h4>");
        jx__both_service(p, jx__fair_service(p, s));
        jx__str(p, "</h4>");
        if (s->places.wanted) {
            jx__fair_shortage(p, &s->places.shortage, s->limit_ms);
        }
        norm(p, s);
        table(p, s);
    }
}
