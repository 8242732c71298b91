/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** A chapter per service: the finding, the clause, map, curve, townships, settlements that fall short. */
#include <math.h>

#include "report/report_internal.h"

static bool counts_cells(const jx__page *p) {
    return p->c->people_source == JX_PEOPLE_NONE;
}

/* ---- townships ------------------------------------------------------------------------------------------------- */

static void coverage_heads(const jx__page *p) {
    jx__th(p, counts_cells(p) ? N_("cells") : N_("people"), true);
    jx__th(p, N_("within reach %"), true);
    jx__th(p, counts_cells(p) ? N_("cells without") : N_("people without"), true);
    jx__th(p, N_("mean min"), true);
    jx__th(p, N_("median min"), true);
    jx__th(p, N_("90 % min"), true);
}

static void coverage_cells(const jx__page *p, const jx_coverage *v) {
    jx__td_count(p, v->people);
    jx__td_share(p, v->share_within);
    jx__td_count(p, jx__without(v));
    jx__str(p, "<td class=\"n\">");
    if (isnan(v->mean_ms)) {
        jx__str(p, "\u2013");
    } else {
        jx_buf_fixed(p->b, v->mean_ms / 60000, 1);
    }
    jx__str(p, "</td>");
    jx__td_minutes(p, v->median_ms);
    jx__td_minutes(p, v->p90_ms);
}

static void township_table(const jx__page *p, const jx_service_result *r) {
    const struct {
        const char *name;
        const jx_coverage *v;
    } sums[] = {{N_("in town"), &r->urban}, {N_("in the country"), &r->rural}, {N_("whole area"), &r->total}};
    jx__str(p, "<h3>");
    jx__both(p, N_("Townships"));
    jx__str(p, "</h3><div class=\"scroll\"><table class=\"sort\"><thead><tr>");
    jx__th(p, N_("township"), false);
    coverage_heads(p);
    jx__str(p, "</tr></thead><tbody>");
    for (uint32_t i = 0; i < p->c->n_townships; i++) {
        jx__str(p, "<tr><td>");
        jx__both_area(p, &p->c->areas[p->c->township[i]]);
        jx__str(p, "</td>");
        coverage_cells(p, &r->township[i]);
        jx__str(p, "</tr>\n");
    }
    jx__str(p, "</tbody><tfoot>");
    for (int i = 0; i < 3; i++) {
        jx__str(p, i == 2 ? "<tr class=\"sum\"><td>" : "<tr><td>");
        jx__both(p, sums[i].name);
        jx__str(p, "</td>");
        coverage_cells(p, sums[i].v);
        jx__str(p, "</tr>\n");
    }
    jx__str(p, "</tfoot></table></div>");
}

/* ---- settlements that fall short --------------------------------------------------------------------------------- */

static void place_name(const jx__page *p, const jx_shortfall *s) {
    for (int zh = 0; zh < 2; zh++) {
        jx_buf t;
        jx_buf_init(&t, p->ctx);
        jx__place(&t, p->c, s, zh);
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

static void facility_name(const jx__page *p, uint32_t f) {
    if (f == JX_NONE) {
        jx__str(p, "\u2013");
    } else if (*p->c->facilities[f].name) {
        jx__esc(p, p->c->facilities[f].name);
    } else {
        jx__both(p, N_("(without a name)"));
    }
}

static void shortfall_row(const jx__page *p, const jx_service_result *r, uint32_t i) {
    const jx_shortfall *s = &r->shortfalls[i];
    jx_buf_fmt(p->b, "<tr><td class=\"n\">%u</td><td>", i + 1);
    place_name(p, s);
    jx__str(p, "</td>");
    jx__td_count(p, s->people);
    jx__td_count(p, s->people_settlement);
    jx__str(p, "<td>");
    facility_name(p, s->nearest);
    jx__str(p, "</td>");
    jx__td_minutes(p, s->nearest_ms);
    jx__td_minutes(p, s->excess_ms);
    jx__str(p, "<td>");
    jx__both(p, r->map_gap ? N_("not on the map") : jx__cause_text(s->cause));
    jx__str(p, "</td></tr>\n");
}

static void shortfall_table(const jx__page *p, const jx_service_result *r) {
    enum { SHOWN = 12 };
    if (!r->n_shortfalls) {
        return;
    }
    jx__str(p, "<h3>");
    jx__both(p,
             r->map_gap ? N_("Settlements with none on the map within the standard") : N_("Shortfalls by settlement"));
    jx__str(p, "</h3><div class=\"scroll\"><table class=\"sort\"><thead><tr>");
    jx__th(p, N_("rank"), true);
    jx__th(p, N_("settlement"), false);
    jx__th(p, counts_cells(p) ? N_("cells without") : N_("people without"), true);
    jx__th(p, N_("of"), true);
    jx__th(p, N_("nearest facility"), false);
    jx__th(p, N_("min to it"), true);
    jx__th(p, N_("misses by min"), true);
    jx__th(p, N_("cause"), false);
    jx__str(p, "</tr></thead><tbody>");
    for (uint32_t i = 0; i < r->n_shortfalls && i < SHOWN; i++) {
        shortfall_row(p, r, i);
    }
    jx__str(p, "</tbody></table></div>");
    if (r->n_shortfalls > SHOWN) {
        jx_arg a[] = {JX_I(r->n_shortfalls - SHOWN)};
        jx__str(p, "<p class=\"note\">");
        jx__both_args(p, N_("{0} more in tables.xlsx, sheet shortfalls."), 1, a);
        jx__str(p, "</p>");
    }
}

/* ---- the chapter ---------------------------------------------------------------------------------------------------
 */

static void clause(const jx__page *p, const jx_criterion *k) {
    jx__str(p, "<p class=\"note\"><b>");
    jx__both_limit(p, k);
    jx__str(p, "</b> \u00b7 ");
    jx__esc(p, k->clause);
    if (k->year) {
        jx_buf_fmt(p->b, " (%d)", k->year);
    }
    if (!k->verified) {
        jx__str(p, " \u00b7 ");
        jx__both(p, N_("clause not verified: an editable default"));
    }
    if (k->note_en && *k->note_en) {
        jx__str(p, " \u00b7 ");
        jx__both_names(p, k->note_en, k->note_zh ? k->note_zh : k->note_en);
    }
    jx__str(p, "</p>");
}

static void not_served(const jx__page *p, const jx_service_result *r) {
    static const int kinds[] = {JX_REACH_OFF_NETWORK, JX_REACH_UNREACHABLE};
    bool any = false;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        double v = r->total.by_reach[kinds[i]];
        if (!(v > 0)) {
            continue;
        }
        if (any) {
            jx__both_names(p, "; ", "\uff1b");
        } else {
            jx__str(p, "<p class=\"note\">");
            jx__both(p, N_("Not served for want of a way, counted apart from those who are too far:"));
            jx__str(p, " ");
        }
        any = true;
        jx__both(p, jx__reach_text((jx_reach)kinds[i]));
        jx__str(p, " ");
        jx__count(p->b, p->c, v);
        jx__str(p, " ");
        jx__both(p, jx__unit_word(p->c));
    }
    jx__str(p, any ? "</p>" : "");
}

static void opening(const jx__page *p, uint32_t i) {
    const jx_service_result *r = &p->d->results[i];
    jx_buf_fmt(
        p->b,
        "<h2 id=\"h%u\"><svg class=\"mk\" viewBox=\"-6 -6 12 12\" aria-hidden=\"true\"><use href=\"#mk%d\"/></svg> ",
        r->service, (int)p->c->services[r->service].theme);
    jx__both_service(p, r->service);
    jx__str(p, "</h2>");
    for (uint32_t k = 0; k < p->d->n_headline; k++) {
        const jx_finding *f = &p->d->headline[k];
        if (f->result == i && strcmp(f->id, "COVERAGE") == 0 && jx__sayable(f)) {
            jx__str(p, "<p class=\"lead\">");
            jx__both_finding(p, f);
            jx__str(p, "</p>");
        }
    }
    for (uint32_t k = i; k < p->d->n_results && p->d->results[k].service == r->service; k++) {
        clause(p, &p->c->services[r->service].criteria[p->d->results[k].criterion]);
    }
}

jx_status jx__chapter(const jx__page *p, uint32_t i) {
    const jx_service_result *r = &p->d->results[i];
    jx_buf_fmt(p->b, "<section id=\"s%u\" class=\"svc%s\">", r->service, r->n_facilities ? "" : " none");
    opening(p, i);
    if (r->n_facilities == 0) { /* nothing to map: say what to do next instead of painting everything grey */
        jx__str(p, "<p>");
        jx__both(p, N_("Check the map, or add a list of facilities of this kind to the county folder, and run again."));
        jx__str(p, "</p></section>\n");
        return JX_OK;
    }
    not_served(p, r);
    jx__str(p, "<div class=\"two\"><div>");
    JX_TRY(jx__map(p, i));
    jx__str(p, "</div><div class=\"charts\">");
    jx__curve_chart(p, i);
    jx__dot_plot(p, i);
    jx__str(p, "</div></div><div class=\"tables\">");
    township_table(p, r);
    shortfall_table(p, r);
    jx__str(p, "</div></section>\n");
    return JX_OK;
}
