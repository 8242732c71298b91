/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The chapter "Is there enough, and is it fair": all services by the same measures, what stands out in words, the most
 * unequal as curves. */
#include <math.h>

#include "report/fairness_internal.h"
#include "report/svg_value.h"

/* ---- sentences ------------------------------------------------------------------------------------------------- */

void jx__fair_say(const jx__page *p, const char *msgid, uint32_t n, const jx_arg *args) {
    jx_finding f = {.id = "FAIR", .msgid = msgid, .n_args = n, .cell = JX_NONE, .result = JX_NONE, .place = JX_NONE};
    for (uint32_t i = 0; i < n; i++) {
        f.args[i] = args[i];
    }
    if (jx__sayable(&f)) {
        jx__str(p, "<p class=\"also\">");
        jx__both_finding(p, &f);
        jx__str(p, "</p>\n");
    }
}

jx_arg jx__fair_ref(enum jx_finding_ref what, uint32_t index) {
    return (jx_arg){.type = JX_ARG_STR, .decimals = (int)what, .i = index};
}
jx_arg jx__fair_msgid(const char *s) {
    return (jx_arg){.type = JX_ARG_STR, .decimals = JX_REF_MSGID, .s = s};
}
jx_arg jx__fair_people(const jx__page *p, double n) {
    bool cells = p->c->people_source == JX_PEOPLE_NONE;
    return (jx_arg){
        .type = JX_ARG_STR, .decimals = JX_REF_PEOPLE, .r = n, .i = cells ? JX__CELLS : (int64_t)p->c->people_trust};
}
jx_arg jx__fair_minutes(uint32_t ms) {
    return JX_R(ms / 60000.0, ms % 60000 ? 1 : 0);
}

uint32_t jx__fair_service(const jx__page *p, const jx_fair_service *s) {
    return p->d->results[s->result].service;
}
static const jx_criterion *criterion(const jx__page *p, const jx_fair_service *s) {
    return &p->c->services[jx__fair_service(p, s)].criteria[p->d->results[s->result].criterion];
}

static bool sure(const jx_fair_service *s) {
    return !s->none && !s->doubtful;
}

/* The service that stands out by a figure: the largest, above `least`. */
static const jx_fair_service *most(const jx_fairness *f, double (*of)(const jx_fair_service *), double least) {
    const jx_fair_service *best = NULL;
    for (uint32_t i = 0; i < f->n; i++) {
        double v = sure(&f->service[i]) ? of(&f->service[i]) : NAN;
        if (v > least && (!best || v > of(best))) {
            best = &f->service[i];
        }
    }
    return best;
}

static double between_town_country(const jx_fair_service *s) {
    return s->access[3].theil_t > 0 ? s->urban.between_t / s->access[3].theil_t : NAN;
}
static double between_townships(const jx_fair_service *s) {
    return s->access[3].theil_t > 0 ? s->township.between_t / s->access[3].theil_t : NAN;
}
static double along_town(const jx_fair_service *s) {
    return fabs(s->along.standard);
}
static double poor(const jx_fair_service *s) {
    return s->poor[0];
}
static double cut_off(const jx_fair_service *s) {
    return s->time[3].infinite;
}

static void unequal(const jx__page *p, const jx_fair_service *s) {
    const jx_inequality *a = &s->access[3];
    const jx_arg args[] = {jx__fair_ref(JX_REF_SERVICE, jx__fair_service(p, s)),
                           JX_R(a->gini, 2),
                           JX_R(100 * s->least40, 1),
                           jx__fair_people(p, a->zero),
                           jx__fair_minutes(s->limit_ms),
                           jx__fair_msgid(jx_mode_phrase(criterion(p, s)->mode))};
    jx__fair_say(
        p,
        a->zero > 0
            ? N_("most unequally spread is access to: {0} (Gini {1}). The four tenths with least share {2} % of "
                 "it; {3} have none within {4} min {5}")
            : N_("most unequally spread is access to: {0} (Gini {1}). The four tenths with least share {2} % of it"),
        6, args);
}

static void town_country(const jx__page *p, const jx_fair_service *s) {
    const jx_arg args[] = {jx__fair_ref(JX_REF_SERVICE, jx__fair_service(p, s)), JX_R(100 * between_town_country(s), 0),
                           JX_R(s->time[1].mean, 1), JX_R(s->time[0].mean, 1)};
    jx__fair_say(p,
                 N_("town and country are farthest apart in: {0}. {1} % of its inequality lies between them, the rest "
                    "within; the mean way is {2} min in town, {3} min in the country"),
                 4, args);
}

static void near_town(const jx__page *p, const jx_fairness *f, const jx_fair_service *s) {
    const jx_arg args[] = {jx__fair_ref(JX_REF_SERVICE, jx__fair_service(p, s)), jx__fair_ref(JX_REF_PLACE, f->town),
                           JX_R(s->along.standard, 2)};
    jx__fair_say(p,
                 s->along.standard < 0 ? N_("living near {1}, the largest town, matters most for: {0} (concentration "
                                            "index {2}; below 0: those near it have more)")
                                       : N_("most to the favour of those who live far from {1}, the largest town: {0} "
                                            "(concentration index {2}; above 0: those far from it have more)"),
                 3, args);
}

static void beyond(const jx__page *p, const jx_fair_service *s) {
    double people = s->poor[0] * p->d->results[s->result].total.people;
    const jx_arg args[] = {jx__fair_ref(JX_REF_SERVICE, jx__fair_service(p, s)), jx__fair_people(p, people),
                           JX_R(100 * s->poor[0], 1), JX_R(s->gap_min, 1)};
    jx__fair_say(p,
                 N_("most are beyond the standard for: {0} ({1}, {2} %). Those of them who can reach one are {3} min "
                    "too far, on average"),
                 4, args);
}

static void unreachable(const jx__page *p, const jx_fair_service *s) {
    const jx_arg args[] = {jx__fair_people(p, s->time[3].infinite),
                           jx__fair_ref(JX_REF_SERVICE, jx__fair_service(p, s))};
    jx__fair_say(p, N_("out of reach altogether: {1}, for {0}. They are counted apart, in no mean and in no index"), 2,
                 args);
}

static void sentences(const jx__page *p, const jx_fairness *f) {
    const jx_fair_service *s;
    if (f->n_picks) {
        unequal(p, &f->service[f->pick[0].service]);
    } else {
        jx__fair_say(p, N_("no service is called most unequal: the map may lack facilities of each"), 0, NULL);
    }
    if ((s = most(f, between_town_country, 0.005))) {
        town_country(p, s);
    }
    if (f->town != JX_NONE && (s = most(f, along_town, 0.005))) {
        near_town(p, f, s);
    }
    if ((s = most(f, poor, 0))) {
        beyond(p, s);
    }
    if ((s = most(f, cut_off, 0.5))) {
        unreachable(p, s);
    }
}

/* ---- the table --------------------------------------------------------------------------------------------------- */

/* A number, a dash where there is none, "infinite" where somebody has nothing. */
static void td_real(const jx__page *p, double v, int decimals) {
    jx__str(p, "<td class=\"n\">");
    if (isnan(v)) {
        jx__str(p, "\u2013");
    } else if (isinf(v)) {
        jx__str(p, "\u221e");
    } else {
        double unit = decimals == 2 ? 100 : decimals == 1 ? 10 : 1, r = floor(fabs(v) * unit + 0.5) / unit;
        jx__str(p, v < 0 && r > 0 ? "\u2212" : "");
        jx_buf_fixed(p->b, r, decimals);
    }
    jx__str(p, "</td>");
}

static void td_late(const jx__page *p, double minutes) { /* a quantile beyond reach is no number */
    td_real(p, isinf(minutes) ? NAN : minutes, 1);
}

static void heads(const jx__page *p) {
    bool cells = p->c->people_source == JX_PEOPLE_NONE;
    jx__str(p, "<thead><tr><td colspan=\"2\"></td><td colspan=\"4\">");
    jx__both(p, N_("minutes to the nearest"));
    jx__str(p, "</td><td colspan=\"3\">");
    jx__both(p, N_("against the standard"));
    jx__str(p, "</td><td colspan=\"5\">");
    jx__both(p, N_("access left for each (E2SFCA)"));
    jx__str(p, "</td></tr><tr>");
    jx__th(p, N_("service"), false);
    jx__th(p, N_("standard"), false);
    jx__th(p, N_("mean, town"), true);
    jx__th(p, N_("mean, country"), true);
    jx__th(p, N_("90 %, town"), true);
    jx__th(p, N_("90 %, country"), true);
    jx__th(p, N_("beyond %"), true);
    jx__th(p, N_("too far by min"), true);
    jx__th(p, cells ? N_("cells that reach none") : N_("people who reach none"), true);
    jx__th(p, N_("Gini"), true);
    jx__th(p, N_("% between town and country"), true);
    jx__th(p, N_("% between townships"), true);
    jx__th(p, N_("Palma"), true);
    jx__th(p, N_("concentration"), true);
    jx__str(p, "</tr></thead>");
}

static void row(const jx__page *p, const jx_fair_service *s) {
    uint32_t service = jx__fair_service(p, s);
    jx_buf_fmt(p->b, "<tr><td><a href=\"#s%u\">", service);
    jx__both_service(p, service);
    jx__str(p, s->doubtful ? "</a> <b>?</b></td><td class=\"std\">" : "</a></td><td class=\"std\">");
    jx__both_limit(p, criterion(p, s));
    jx__str(p, "</td>");
    if (s->none) {
        jx__str(p, "<td colspan=\"12\">");
        jx__both(p, N_("none on the map"));
        jx__str(p, "</td></tr>\n");
        return;
    }
    td_real(p, s->time[1].mean, 1);
    td_real(p, s->time[0].mean, 1);
    td_late(p, s->time[1].p90);
    td_late(p, s->time[0].p90);
    td_real(p, 100 * s->poor[0], 1);
    td_real(p, s->gap_min, 1);
    jx__td_count(p, s->time[3].infinite);
    td_real(p, s->access[3].gini, 2);
    td_real(p, 100 * between_town_country(s), 0);
    td_real(p, 100 * between_townships(s), 0);
    td_real(p, s->access[3].palma, 1);
    td_real(p, s->along.standard, 2);
    jx__str(p, "</tr>\n");
}

static void table(const jx__page *p, const jx_fairness *f) {
    jx__str(p, "<div class=\"scroll\"><table class=\"sort fair\">");
    heads(p);
    jx__str(p, "<tbody>");
    for (uint32_t i = 0; i < f->n; i++) {
        row(p, &f->service[i]);
    }
    jx__str(p, "</tbody></table></div>");
}

static void note(const jx__page *p, const char *msgid) {
    jx__str(p, "<p class=\"note\">");
    jx__both(p, msgid);
    jx__str(p, "</p>");
}

static void notes(const jx__page *p, const jx_fairness *f) {
    note(p, N_("Minutes by the standard's first way of travel. 90 %: so many reach one in that time; a dash: more than "
               "a tenth reach none. Too far by: mean "
               "of those beyond the standard who can reach one."));
    note(p, N_("Access left for each: facilities per 1,000 people by floating catchments (E2SFCA), where all people "
               "of the area who come to a facility share it. Facilities around the area count in full, people around "
               "it do not: near the edge access is overstated. The catchment is the longer of the standard's "
               "thresholds; in its thirds facilities count 1, 0.68 and 0.22. Each counts one, whatever its size: "
               "sizes are rarely stated. Who has none within the catchment has 0; who can reach none at all is left "
               "out and counted apart."));
    note(p, N_("Gini: 0 all have the same, 1 one has all. % between: the part of the inequality (Theil T, exact parts) "
               "that lies between town and "
               "country, or between townships; the rest lies within them. Palma: what the tenth with most has over "
               "what the four tenths with least "
               "have (0.25: all have the same; \u221e: these have nothing)."));
    if (f->town != JX_NONE) {
        jx_finding say = {
            .id = "FAIR",
            .msgid = N_("Concentration: along the way by car to {0}, the largest town; below 0 those near it have "
                        "more, above 0 those "
                        "far from it. Services with ? may lack facilities on the map and are not ranked."),
            .n_args = 1,
            .args = {jx__fair_ref(JX_REF_PLACE, f->town)},
            .cell = JX_NONE};
        jx__str(p, "<p class=\"note\">");
        jx__both_finding(p, &say);
        jx__str(p, "</p>");
    } else {
        note(p, N_("Concentration: not known, the map has no town. Services with ? may lack facilities on the map and "
                   "are not ranked."));
    }
}

/* ---- the chapter --------------------------------------------------------------------------------------------------
 */

static const char *per_10000(const jx__page *p) {
    return p->c->people_source == JX_PEOPLE_NONE ? N_("Facilities per 10,000 cells")
                                                 : N_("Facilities per 10,000 people");
}

static void town_row(const jx__page *p, const jx_inequality *q, uint32_t t) {
    jx__str(p, t == JX_NONE ? "<tr class=\"sum\"><td>" : "<tr><td>");
    if (t == JX_NONE) {
        jx__both(p, N_("whole area"));
    } else {
        jx__both_area(p, &p->c->areas[p->c->township[t]]);
    }
    jx__str(p, "</td>");
    td_real(p, q->mean * 10, 1);
    td_real(p, 100 * q->zero / q->people, 1);
    td_real(p, q->gini, 2);
    jx__str(p, "</tr>\n");
}

static void town_table(const jx__page *p, const jx_fair_pick *v) {
    jx__str(p, "<div class=\"scroll\"><table class=\"sort\"><thead><tr>");
    jx__th(p, N_("township"), false);
    jx__th(p, per_10000(p), true);
    jx__th(p, N_("none near %"), true);
    jx__th(p, N_("Gini"), true);
    jx__str(p, "</tr></thead><tbody>");
    for (uint32_t t = 0; t < p->c->n_townships; t++) {
        town_row(p, &v->town[t], t);
    }
    jx__str(p, "</tbody><tfoot>");
    town_row(p, &v->town[p->c->n_townships + 1], JX_NONE);
    jx__str(p, "</tfoot></table></div>");
}

/* Map and curve of one of the most unequal services. */
static jx_status pick(const jx__page *p, const jx_fairness *f, uint32_t k) {
    const jx_fair_pick *v = &f->pick[k];
    const jx_fair_service *s = &f->service[v->service];
    const jx_service_result *r = &p->d->results[s->result];
    jx_buf heading;
    jx_buf_init(&heading, p->ctx);
    jx_buf_fmt(&heading, "fair%u", k);
    jx_status st = jx_buf_ok(&heading);
    if (st == JX_OK) {
        const jx__value_map m = {.heading = heading.s,
                                 .title = {per_10000(p), NULL},
                                 .service = &p->c->services[r->service],
                                 .mode = criterion(p, s)->mode,
                                 .facility = r->facility,
                                 .n_facilities = r->n_facilities,
                                 .n_inside = r->n_inside,
                                 .v = v->access,
                                 .nan_unreachable = true,
                                 .scale = 10};
        jx_buf_fmt(p->b, "<div class=\"pick\"><h4 id=\"%s\">", heading.s);
        jx__both_service(p, r->service);
        jx__str(p, "</h4><div class=\"two\"><div>");
        st = jx__value_map_draw(p, &m);
        jx__str(p, "</div><div>");
        jx__lorenz_chart(p, v->lorenz, JX_FAIR_LORENZ, s->access[3].gini, false);
        town_table(p, v);
        jx__str(p, "</div></div></div>\n");
    }
    jx_buf_release(&heading);
    return st;
}

jx_status jx__fairness(const jx__page *p) {
    const jx_fairness *f = p->o->fairness;
    if (!f || f->n == 0) {
        return JX_OK;
    }
    jx__str(p, "<section id=\"fair\"><h2>");
    jx__both(p, N_("Is there enough, and is it fair"));
    jx__str(p, "</h2>");
    sentences(p, f);
    table(p, f);
    notes(p, f);
    if (f->n_picks) {
        jx__str(p, "<h3>");
        jx__both(p, f->n_picks == 1 ? N_("The most unequal service") : N_("The most unequal services"));
        jx__str(p, "</h3>");
        note(p, N_("Those of highest Gini among the services whose facilities the map is complete enough for."));
        for (uint32_t k = 0; k < f->n_picks; k++) {
            JX_TRY(pick(p, f, k));
        }
    }
    jx__fair_seats(p, f);
    jx__str(p, "</section>\n");
    return JX_OK;
}
