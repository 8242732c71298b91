/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** A chapter on where to build: who gains, the question as asked, before and after, the project list, how sure it is. */
#include <math.h>

#include "report/plan_internal.h"

/* ---- words ------------------------------------------------------------------------------------------------------- */

jx_arg jx__arg_people(const jx_county *c, double n) {
    bool cells = c->people_source == JX_PEOPLE_NONE;
    return (jx_arg){
        .type = JX_ARG_STR, .decimals = JX_REF_PEOPLE, .r = n, .i = cells ? JX__CELLS : (int64_t)c->people_trust};
}

jx_arg jx__arg_service(uint32_t service) {
    return (jx_arg){.type = JX_ARG_STR, .decimals = JX_REF_SERVICE, .i = service};
}

jx_arg jx__arg_msgid(const char *msgid) {
    return (jx_arg){.type = JX_ARG_STR, .decimals = JX_REF_MSGID, .s = msgid};
}

void jx__sentence(const jx__page *p, const char *msgid, uint32_t n, const jx_arg *args) {
    jx_finding f = {
        .msgid = msgid, .n_args = n, .people = NAN, .result = JX_NONE, .place = JX_NONE, .cell = JX_NONE};
    memcpy(f.args, args, n * sizeof *args);
    if (jx__sayable(&f)) {
        jx__both_finding(p, &f);
    }
}

void jx__plan_name(const jx__page *p, const jx_report_plan *v) {
    if (v->name) {
        jx__esc(p, v->name);
        return;
    }
    const jx_arg a[] = {jx__arg_service(v->service), JX_I(isnan(v->add) ? 0 : v->add)};
    jx__sentence(p,
                 v->add > 0                        ? N_("{0}: up to {1,} more")
                 : v->model == JX_PLAN_COVER_ALL   ? N_("{0}: everybody within reach")
                                                   : N_("{0}: as far as the budget goes"),
                 2, a);
}

/* ---- the question --------------------------------------------------------------------------------------------------- */

/* One line of the question, "what: value"; the value follows. */
static void ask(const jx__page *p, const char *msgid) {
    jx__str(p, "<div><dt>");
    jx__both(p, msgid);
    jx__str(p, "</dt><dd>");
}

static void asked(const jx__page *p) {
    jx__str(p, "</dd></div>");
}

static void ask_number(const jx__page *p, const char *msgid, double v, const char *unit) {
    if (isnan(v)) {
        return;
    }
    ask(p, msgid);
    if (v == floor(v) && fabs(v) < 9e15) {
        jx_buf_grouped(p->b, (int64_t)v, ",");
    } else {
        jx_buf_double(p->b, v);
    }
    if (unit) {
        jx__str(p, " ");
        jx__both(p, unit);
    }
    asked(p);
}

static void ask_text(const jx__page *p, const char *msgid, const char *v) {
    if (v) {
        ask(p, msgid);
        jx__esc(p, v);
        asked(p);
    }
}

static const char *goal(jx_plan_model m) {
    static const char *const words[JX_N_PLAN_MODELS] = {
        N_("shortest way on average (p-median)"), N_("nobody too far: the longest way as short as can be (p-centre)"),
        N_("most people within reach (maximal covering)"), N_("everybody within reach, at least cost (set covering)")};
    return words[m];
}

static void ask_candidates(const jx__page *p, const jx_report_plan *v) {
    const jx_arg n = JX_I(v->n_candidates);
    ask(p, N_("candidate sites"));
    if (strcmp(v->candidates, "settlements") == 0) {
        jx__both_args(p, N_("{0,} settlements"), 1, &n);
    } else if (strcmp(v->candidates, "cells") == 0) {
        jx__both_args(p, N_("{0,} cells with a street"), 1, &n);
    } else {
        const jx_arg a[] = {n, JX_S(v->candidates)};
        jx__both_args(p, N_("{0,} sites of the table {1}"), 2, a);
    }
    asked(p);
}

static void ask_threshold(const jx__page *p, const jx_report_plan *v) {
    if (!jx__plan_limit(v)) {
        return;
    }
    ask(p, N_("within reach"));
    double town = v->town_min > 0 ? v->town_min : v->country_min;
    const jx_arg a[] = {JX_R(town, town == floor(town) ? 0 : 1),
                        JX_R(v->country_min, v->country_min == floor(v->country_min) ? 0 : 1)};
    bool two = v->town_min > 0 && v->country_min > 0 && v->town_min != v->country_min;
    jx__both_args(p, two ? N_("{0} min in town, {1} min in the country") : N_("{0} min"), two ? 2 : 1, a);
    jx__both_names(p, ", ", "\uff0c");
    jx__both(p, v->threshold_given ? N_("as given") : N_("the standard's"));
    asked(p);
}

static void ask_referral(const jx__page *p, const jx_report_plan *v) {
    if (v->refer_to == JX_NONE) {
        return;
    }
    const jx_arg a[] = {JX_R(100 * v->refer_share, 0), jx__arg_service(v->refer_to)};
    ask(p, N_("sent on"));
    jx__sentence(p, N_("{0} % of the people, by car to the next {1}"), 2, a);
    asked(p);
}

static void question(const jx__page *p, const jx_report_plan *v) {
    jx__str(p, "<h3>");
    jx__both(p, N_("The question"));
    jx__str(p, "</h3><dl class=\"ask\">");
    ask(p, N_("service"));
    jx__both_service(p, v->service);
    jx__both_names(p, ", ", "\uff0c");
    jx__both(p, jx_mode_phrase(v->mode));
    asked(p);
    ask(p, N_("what is best"));
    jx__both(p, goal(v->model));
    asked(p);
    ask_number(p, N_("new sites, at most"), v->add, NULL);
    ask_number(p, N_("budget"), v->budget, NULL);
    ask_number(p, N_("price of a site that states none"), v->price, NULL);
    ask_number(p, N_("price of keeping a site that may close"), v->running_price, NULL);
    ask_candidates(p, v);
    ask_number(p, N_("existing sites"), v->n_existing, NULL);
    ask_text(p, N_("of these only"), v->kind);
    ask_threshold(p, v);
    ask_number(p, N_("nobody sent farther than"), v->longest_min, N_("min"));
    ask_number(p, N_("capacity of a new site that states none"), v->capacity, NULL);
    ask_number(p, N_("capacity of an existing site that states none"), v->existing_capacity, NULL);
    ask_number(p, N_("places wanted per 1,000 people"), v->per_1000, NULL);
    if (v->whole) {
        ask(p, N_("assignment"));
        jx__both(p, N_("a cell's people go to one site"));
        asked(p);
    }
    ask_text(p, N_("weights"), v->weights);
    ask_text(p, N_("may close"), v->may_close);
    ask_text(p, N_("stay after all"), v->keep);
    if (v->twice) {
        ask(p, N_("backup"));
        jx__both(p, N_("a second site within reach counts too"));
        asked(p);
    }
    ask_referral(p, v);
    jx__str(p, "</dl>\n");
}

/* ---- the finding ------------------------------------------------------------------------------------------------------ */

static double percent(double part, double whole) { return whole > 0 ? 100 * part / whole : (double)NAN; }

/* The new sites by name, as many as a sentence bears. */
static void by_name(const jx__page *p, const jx_report_plan *v) {
    enum { MOST = 6 };
    if (v->n_new == 0 || v->n_new > MOST) {
        return;
    }
    jx__str(p, " ");
    jx__both(p, N_("New:"));
    for (uint32_t i = 0; i < v->n_new; i++) {
        if (i) {
            jx__both_names(p, ", ", "\u3001");
        } else {
            jx__str(p, " ");
        }
        jx__site_name(p, &v->site[i]);
    }
    jx__both_names(p, ".", "\u3002");
}

static void lead(const jx__page *p, const jx_report_plan *v) {
    const jx_report_gain *t = &v->total;
    jx__str(p, "<p class=\"lead\">");
    if (v->n_new + v->n_closed == 0) {
        jx__both(p, N_("Under these conditions nothing is better than what there is: the plan builds and closes nothing."));
    } else if (isnan(t->after.mean_min)) {
        jx__both(p, N_("Nobody gets a place within reach."));
    } else if (!v->any_before || isnan(t->before.mean_min)) {
        const jx_arg a[] = {jx__arg_people(p->c, t->after.people - t->after.out - t->after.full), jx__arg_service(v->service),
                            JX_R(t->after.mean_min, 1)};
        jx__sentence(p, N_("{0} who have none today get a way to a {1}, {2} min on average."), 3, a);
    } else {
        const jx_arg a[] = {jx__arg_people(p->c, t->nearer), JX_R(percent(t->nearer, t->after.people), 1),
                            jx__arg_service(v->service), JX_R(t->before.mean_min, 1), JX_R(t->after.mean_min, 1)};
        jx__sentence(p, N_("{0} ({1} %) get a shorter way to the {2} they use; on average it takes {4} min instead of {3}."), 5, a);
    }
    if (t->farther >= 0.5) {
        const jx_arg a = jx__arg_people(p->c, t->farther);
        jx__str(p, " ");
        jx__sentence(p, v->n_closed ? N_("For {0} it gets longer, because of what closes.") : N_("For {0} it gets longer: the nearest site has no room for all."), 1, &a);
    }
    if (t->after.full >= 0.5) {
        const jx_arg a = jx__arg_people(p->c, t->after.full);
        jx__str(p, " ");
        jx__sentence(p, N_("{0} get no place within reach; times are of those who do."), 1, &a);
    }
    by_name(p, v);
    jx__str(p, "</p>");
}

static void close_number(const jx__page *p, const char *msgid) {
    jx__str(p, "</b><span>");
    jx__both(p, msgid);
    jx__str(p, "</span></div>");
}

static void numbers(const jx__page *p, const jx_report_plan *v) {
    const jx_report_gain *t = &v->total;
    bool cells = p->c->people_source == JX_PEOPLE_NONE;
    double cost = 0;
    for (uint32_t i = 0; i < v->n_sites; i++) {
        cost += v->site[i].role == JX_ROLE_NEW && v->site[i].price > 0 ? v->site[i].price : 0;
    }
    jx__str(p, "<div class=\"five four\"><div><b>");
    jx__count(p->b, p->c, t->nearer);
    close_number(p, cells ? N_("cells with a shorter way") : N_("people with a shorter way"));
    if (jx__plan_limit(v)) {
        jx__str(p, "<div><b>");
        jx__count(p->b, p->c, t->newly_within);
        close_number(p, cells ? N_("cells newly within reach") : N_("people newly within reach"));
    }
    if (!isnan(t->before.mean_min) && !isnan(t->after.mean_min)) {
        jx__str(p, "<div><b><small>");
        jx_buf_fixed(p->b, t->before.mean_min, 1);
        jx__str(p, " \u2192</small> ");
        jx_buf_fixed(p->b, t->after.mean_min, 1);
        close_number(p, N_("min on average, before and after"));
    }
    jx__str(p, "<div><b>");
    jx_buf_grouped(p->b, v->n_new, ",");
    if (v->n_closed) {
        jx_buf_fmt(p->b, "<small> \u2212 %u</small>", v->n_closed);
    }
    close_number(p, v->n_closed ? N_("new sites, less those that close") : N_("new sites"));
    if (!isnan(v->budget) && cost > 0) {
        jx__str(p, "<div><b>");
        jx_buf_grouped(p->b, (int64_t)(cost + 0.5), ",");
        close_number(p, N_("cost of the new sites"));
    }
    jx__str(p, "</div>\n");
}

/* ---- how sure ----------------------------------------------------------------------------------------------------------- */

static void proof(const jx__page *p, const jx_report_plan *v) {
    static const char *const why[] = {
        [JX_PLAN_PREVIEW] = N_("Only a preview was asked for."),
        [JX_PLAN_EFFORT] = N_("The search ended when its steps were used up, counted so that the same input gives the same plan; more effort may prove it."),
        [JX_PLAN_CLOCK] = N_("The search was ended by the clock or by hand: another run may end with another plan.")};
    const jx_arg gap = JX_R(100 * v->gap, 2);
    jx__str(p, "<p>");
    if (v->solver) {
        const jx_arg by = JX_S(v->solver);
        jx__both_args(p, v->end == JX_PLAN_PROVED ? N_("Found by {0}, which says that no other choice of sites is better (to its own tolerances).") : N_("Found by {0}, which does not say how good it is."), 1, &by);
    } else if (v->end == JX_PLAN_PROVED) {
        jx__both(p, N_("Proved: under these conditions no other choice of sites is better, by whatever method."));
    } else {
        jx__both_args(p, N_("Not proved: the best choice may be better by at most {0} %."), 1, &gap);
        jx__str(p, " ");
        jx__both(p, why[v->end]);
    }
    const jx_arg a[] = {JX_R(v->objective, v->objective < 1000 ? 1 : 0), jx__arg_msgid(v->unit), JX_R(v->bound, v->bound < 1000 ? 1 : 0)};
    jx__str(p, " ");
    jx__sentence(p, v->solver ? N_("Objective: {0,} {1}.") : N_("Objective: {0,} {1}; no choice can be below {2,}."), v->solver ? 2 : 3, a);
    if (v->weighted) {
        jx__str(p, " ");
        jx__both(p, N_("People count by the weights asked for."));
    }
    jx__str(p, "</p>");
}

static void runner_up(const jx__page *p, const jx_report_plan *v) {
    if (!v->has_second) {
        return;
    }
    const jx_arg worse = JX_R(100 * v->second_worse, 1);
    jx__str(p, "<p>");
    if (isnan(v->second_worse)) {
        jx__both(p, N_("The runner-up, the best choice that does without one of these sites:"));
    } else if (v->second_worse == 0) {
        jx__both(p, N_("The runner-up, the best choice that does without one of these sites, is as good:"));
    } else {
        jx__both_args(p, N_("The runner-up, the best choice that does without one of these sites, is worse by {0} %:"), 1, &worse);
    }
    for (uint32_t i = 0; i < v->n_second; i++) {
        jx__str(p, i ? "" : " ");
        if (i) {
            jx__both_names(p, ", ", "\u3001");
        }
        if (*v->second[i]) {
            jx__esc(p, v->second[i]);
        } else {
            jx__both(p, N_("(without a name)"));
        }
    }
    if (!v->n_second) {
        jx__str(p, " ");
        jx__both(p, N_("to build nothing"));
    }
    jx__both_names(p, ".", "\u3002");
    if (!v->second_proved) {
        jx__str(p, " ");
        jx__both(p, N_("That no other is nearer is not proved."));
    }
    jx__str(p, "</p>");
}

static void left_out(const jx__page *p, uint32_t n, double people, const char *msgid) {
    if (n) {
        const jx_arg a[] = {JX_I(n), jx__arg_people(p->c, people)};
        jx__str(p, "<li>");
        jx__sentence(p, msgid, 2, a);
        jx__str(p, "</li>");
    }
}

static void rests_on(const jx__page *p, const jx_report_plan *v) {
    jx__str(p, "<ul>");
    if (v->few_existing) {
        jx__str(p, "<li><b>");
        jx__both(p, N_("Do not build on this yet: so few existing sites are known that some are probably missing from the map. Add your own list of facilities first."));
        jx__str(p, "</b></li>");
    }
    if (p->c->people_trust == JX_GUESSED && p->c->people_source != JX_PEOPLE_NONE) {
        jx__str(p, "<li>");
        jx__both(p, N_("Where people live is guessed; a census table or a population raster makes this firm."));
        jx__str(p, "</li>");
    }
    if (v->n_prices_assumed + v->n_capacities_assumed > 0) {
        const jx_arg a[] = {JX_I(v->n_prices_assumed), JX_I(v->n_capacities_assumed)};
        jx__str(p, "<li>");
        jx__both_args(p, N_("Assumed by options, not by data: {0,} prices, {1,} capacities, over all candidates and existing sites."), 2, a);
        jx__str(p, "</li>");
    }
    left_out(p, v->n_off, v->people_off, N_("Left out of the plan: {0,} cells off the network ({1}); usually a gap of the map."));
    left_out(p, v->n_cut, v->people_cut, N_("Left out of the plan: {0,} cells ({1}) on parts of the network that no site serves and nothing connects; usually a gap of the map."));
    left_out(p, v->n_beyond, v->people_beyond, N_("Left out of the plan: {0,} cells ({1}) that have no possible site within reach, whatever is built."));
    jx__str(p, "<li>");
    jx__both(p, N_("A candidate is a place, not a plot: land, price and soil are for the planner to find out. Times are as mapped today."));
    jx__str(p, "</li></ul>\n");
}

/* ---- the chapter --------------------------------------------------------------------------------------------------------- */

static jx_status body(const jx__page *p, const jx_report_plan *v, uint32_t k) {
    jx_buf heading;
    jx_buf_init(&heading, p->ctx);
    jx_buf_fmt(&heading, "hp%u", k + 1);
    jx_status st = jx_buf_ok(&heading);
    if (st == JX_OK) {
        lead(p, v);
        numbers(p, v);
        question(p, v);
        jx__str(p, "<h3>");
        jx__both(p, N_("Before and after"));
        jx__str(p, "</h3>");
        st = jx__plan_pair(p, v, heading.s);
    }
    if (st == JX_OK) {
        jx__plan_effect(p, v);
        jx__plan_list(p, v);
        jx__str(p, "<h3>");
        jx__both(p, N_("Who gains"));
        jx__str(p, "</h3><div class=\"two\"><div>");
        st = jx__plan_difference(p, v, heading.s);
    }
    if (st == JX_OK) {
        jx__str(p, "</div><div class=\"charts\">");
        jx__plan_arrows(p, v);
        jx__str(p, "</div></div>");
        jx__plan_gains(p, v);
        jx__str(p, "<h3>");
        jx__both(p, N_("How sure this is"));
        jx__str(p, "</h3>");
        proof(p, v);
        runner_up(p, v);
        rests_on(p, v);
    }
    jx_buf_release(&heading);
    return st;
}

static jx_status chapter(const jx__page *p, uint32_t k) {
    const jx_report_plan *v = &p->o->plans[k];
    jx_buf_fmt(p->b,
               "<section id=\"plan%u\" class=\"svc plan\"><h2 id=\"hp%u\"><svg class=\"mk\" viewBox=\"-6 -6 12 12\" "
               "aria-hidden=\"true\"><use href=\"#mk%d\"/></svg> ",
               k + 1, k + 1, (int)p->c->services[v->service].theme);
    jx__both(p, N_("Where to build"));
    jx__both_names(p, ": ", "\uff1a");
    jx__plan_name(p, v);
    jx__str(p, "</h2>");
    jx_status st = JX_OK;
    if (v->impossible) {
        jx__str(p, "<p class=\"lead\">");
        jx__both(p, v->impossible->id == JX_M_PLAN_UNDECIDED ? N_("No plan was found within the steps allowed: raise the effort.")
                                                             : N_("No plan meets these conditions."));
        jx__str(p, "</p><p>");
        jx__message(p, v->impossible, true);
        jx__str(p, "</p>");
        question(p, v);
    } else {
        st = body(p, v, k);
    }
    jx__str(p, "</section>\n");
    return st;
}

jx_status jx__plan_chapters(const jx__page *p) {
    if (p->o->n_plans) {
        jx__site_marks(p);
    }
    for (uint32_t k = 0; k < p->o->n_plans; k++) {
        JX_TRY(jx_poll(p->ctx));
        JX_TRY(chapter(p, k));
    }
    return JX_OK;
}

void jx__plan_contents(const jx__page *p) {
    if (!p->o->n_plans) {
        return;
    }
    jx__str(p, "<div><b>");
    jx__both(p, N_("Where to build"));
    jx__str(p, "</b>");
    for (uint32_t k = 0; k < p->o->n_plans; k++) {
        jx_buf_fmt(p->b, "<a href=\"#plan%u\">", k + 1);
        jx__plan_name(p, &p->o->plans[k]);
        jx__str(p, "</a>");
    }
    jx__str(p, "</div>");
}
