/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Pictures of a plan: travel times before and after, minutes saved and lost, townships as arrows. */
#include <math.h>

#include "report/plan_internal.h"

/* ---- marks --------------------------------------------------------------------------------------------------------- */

static const char *const closed_marks[JX_N_THEMES] = {"closed0", "closed1", "closed2", "closed3",
                                                      "closed4", "closed5", "closed6"};

typedef struct site_marks {
    jx__map_mark *v;
    uint32_t n;
} site_marks;

static uint32_t count(const jx_report_plan *v, jx_site_role role) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < v->n_sites; i++) {
        n += v->site[i].role == role;
    }
    return n;
}

/* Existing ones as they are, before; with what becomes of them and the new ones on top, after. Candidates only where they
 * are few, before the choice. */
static void make_marks(const jx__page *p, const jx_report_plan *v, bool after, site_marks *m) {
    jx_theme theme = p->c->services[v->service].theme;
    bool many = v->n_existing > JX__MANY_MARKS, candidates = !after && v->n_candidates <= JX__MANY_MARKS;
    static const jx_site_role order[] = {JX_ROLE_CANDIDATE, JX_ROLE_KEPT, JX_ROLE_CLOSED, JX_ROLE_NEW};
    m->n = 0;
    for (size_t k = 0; k < sizeof order / sizeof *order; k++) {
        for (uint32_t i = v->n_sites; i-- > 0;) { /* backwards: the first of the list lies on top */
            const jx_report_site *s = &v->site[i];
            bool candidate = s->role == JX_ROLE_CANDIDATE || (s->role == JX_ROLE_NEW && !after);
            if (s->role != order[k] || (candidate && !candidates)) {
                continue;
            }
            jx__map_mark *at = &m->v[m->n++];
            *at = (jx__map_mark){.pt = s->pt, .symbol = jx__theme_mark(theme, many), .radius = many ? 0 : 5};
            if (candidate) {
                *at = (jx__map_mark){.pt = s->pt, .symbol = "site"};
            } else if (s->role == JX_ROLE_CLOSED && after) {
                *at = (jx__map_mark){.pt = s->pt, .symbol = closed_marks[theme], .radius = 6, .fixed = true};
            } else if (s->role == JX_ROLE_NEW) {
                *at = (jx__map_mark){.pt = s->pt, .symbol = "new", .number = s->rank, .radius = 9, .fixed = true};
            }
        }
    }
}

/* A count only where the words have a place for it. */
static void add_key(jx__map_spec *s, const char *symbol, const char *msgid, uint32_t n) {
    if (n) {
        s->key[s->n_keys++] = (jx__map_key){.symbol = symbol, .msgid = msgid, .n_args = 1, .args = {JX_I(n)}};
    }
}

static void keys(const jx__page *p, const jx_report_plan *v, bool candidates, jx__map_spec *s) {
    jx_theme theme = p->c->services[v->service].theme;
    add_key(s, "new", N_("new, numbered by rank"), v->n_new);
    add_key(s, jx__theme_mark(theme, false), N_("existing site: {0,}"), v->n_existing - count(v, JX_ROLE_CLOSED));
    add_key(s, closed_marks[theme], N_("closes: {0,}"), count(v, JX_ROLE_CLOSED));
    add_key(s, "site", N_("candidate: {0,}"), candidates && v->n_candidates <= JX__MANY_MARKS ? v->n_candidates : 0);
}

/* ---- before and after ------------------------------------------------------------------------------------------------ */

static jx__classes classes_of(const jx_report_plan *v) {
    double town = v->town_min > 0 ? v->town_min : 0, country = v->country_min > 0 ? v->country_min : 0;
    jx_criterion k = {.urban_ms = (uint32_t)(town * 60000 + 0.5), .rural_ms = (uint32_t)(country * 60000 + 0.5)};
    bool none = !k.urban_ms && !k.rural_ms;
    k.urban_ms = none ? 15 * 60000 : k.urban_ms; /* breaks of a standard that says nothing; no line is drawn */
    jx__classes c = jx__classes_of(&k);
    if (none) {
        memset(c.heavy, 0, sizeof c.heavy);
    }
    return c;
}

static void classify(const jx__page *p, const uint32_t *ms, bool any, const jx__classes *c, uint8_t *cls) {
    for (uint32_t i = 0; i < p->c->cells.n; i++) {
        cls[i] = !any                       ? JX__CELL_NO_DATA
                 : ms[i] == JX_UNREACHABLE ? JX__CELL_UNREACHABLE
                                           : jx__map_class_of(ms[i] / 60000.0, c->brk, 5);
    }
}

static jx__map_spec spec_of(const jx__page *p, const jx_report_plan *v, const char *heading, const uint8_t *cls,
                            const site_marks *m) {
    const jx_service *s = &p->c->services[v->service];
    return (jx__map_spec){.heading = heading,
                          .title = {{N_("Travel time to the site used"), NULL}, {s->name_en, s->name_zh}},
                          .under = {jx_mode_phrase(v->mode), NULL},
                          .unit = {N_("min"), NULL},
                          .unreachable = v->total.before.full + v->total.after.full > 0 ? N_("unreachable, or no place") : N_("unreachable"),
                          .no_data = v->any_before ? NULL : N_("no site today"),
                          .of_cell = cls,
                          .mark = m->v,
                          .n_marks = m->n};
}

jx_status jx__plan_pair(const jx__page *p, const jx_report_plan *v, const char *heading) {
    const jx__classes c = classes_of(v);
    uint32_t n = p->c->cells.n;
    uint8_t *cls = jx_malloc(p->ctx, 2 * (size_t)n, sizeof *cls);
    site_marks m[2] = {{jx_malloc(p->ctx, v->n_sites, sizeof *m->v), 0}, {jx_malloc(p->ctx, v->n_sites, sizeof *m->v), 0}};
    jx_status st = cls && m[0].v && m[1].v ? JX_OK : JX_E_NOMEM;
    if (st == JX_OK) {
        classify(p, v->before_ms, v->any_before, &c, cls);
        classify(p, v->after_ms, true, &c, cls + n);
        make_marks(p, v, false, &m[0]);
        make_marks(p, v, true, &m[1]);
        jx__map_spec before = spec_of(p, v, heading, cls, &m[0]), after = spec_of(p, v, heading, cls + n, &m[1]);
        jx__map_minutes(&before, &c);
        jx__map_minutes(&after, &c);
        after.n_limits = jx__plan_limit(v) ? after.n_limits : 0;
        keys(p, v, true, &after);
        st = jx__map_pair(p, &before, &after, N_("before: what there is today"), N_("after: with the plan"));
    }
    jx_free(p->ctx, cls);
    jx_free(p->ctx, m[0].v);
    jx_free(p->ctx, m[1].v);
    return st;
}

/* ---- difference -------------------------------------------------------------------------------------------------------- */

static const double steps[3] = {1, 5, 10}; /* minutes */

/* Seven classes locked to zero; who gets a way at all gains most, who loses it loses most. */
static uint8_t change_class(uint32_t before, uint32_t after) {
    if (before == JX_UNREACHABLE || after == JX_UNREACHABLE) {
        return before == after ? JX__CELL_UNREACHABLE : after == JX_UNREACHABLE ? 0 : 6;
    }
    double d = ((double)before - (double)after) / 60000;
    int k = 0;
    while (k < 3 && fabs(d) > steps[k]) {
        k++;
    }
    return (uint8_t)(d > 0 ? 3 + k : 3 - k);
}

jx_status jx__plan_difference(const jx__page *p, const jx_report_plan *v, const char *heading) {
    uint32_t n = p->c->cells.n;
    if (!v->any_before) {
        return JX_OK;
    }
    uint8_t *cls = jx_malloc(p->ctx, n, sizeof *cls);
    site_marks m = {jx_malloc(p->ctx, v->n_sites, sizeof *m.v), 0};
    jx_status st = cls && m.v ? JX_OK : JX_E_NOMEM;
    for (uint32_t i = 0; st == JX_OK && i < n; i++) {
        cls[i] = change_class(v->before_ms[i], v->after_ms[i]);
    }
    if (st == JX_OK) {
        make_marks(p, v, true, &m);
        jx__map_spec s = spec_of(p, v, heading, cls, &m);
        s.title[0] = (jx__words){N_("Change of the travel time"), NULL};
        s.n_classes = 7;
        for (int i = 0; i < 7; i++) {
            int far = i < 3 ? 3 - i : i - 3;
            s.cls[i] = (jx__map_class){.fill = jx__change_ramp[i],
                                       .lo = far > 0 ? steps[far - 1] : 0,
                                       .hi = far < 3 ? steps[far] : (double)INFINITY};
        }
        s.cls[3].words = (jx__words){N_("as before"), NULL};
        s.first = N_("worse: longer way");
        s.last = N_("better: shorter way");
        keys(p, v, false, &s);
        st = jx__map_draw(p, &s);
    }
    jx_free(p->ctx, cls);
    jx_free(p->ctx, m.v);
    return st;
}

/* ---- townships ----------------------------------------------------------------------------------------------------------- */

enum { W = 372, NAME_X = 112, BAR_X1 = 276, TOP = 12, ROW = 18 };

static double nice_max(double v) {
    static const double nice[] = {2, 4, 8, 12, 20, 40, 60, 80, 120, 200, 400, 600, 1000, 2000};
    for (size_t i = 0; i < sizeof nice / sizeof *nice; i++) {
        if (v <= nice[i]) {
            return nice[i];
        }
    }
    return v;
}

static double at(double minutes, double max) { return NAME_X + (BAR_X1 - NAME_X) * fmin(1, minutes / max); }

static void arrow(const jx__page *p, double x0, double x1) {
    jx_buf_str(p->b, "<circle r=\"3.5\" fill=\"#fff\" stroke=\"#5f6b7a\" stroke-width=\"1.4\" cx=\"");
    jx__num(p->b, x0);
    jx_buf_str(p->b, "\"/>");
    if (fabs(x1 - x0) > 7) { /* else the two marks say it */
        double tip = x1 + (x1 < x0 ? 4.5 : -4.5), tail = x0 + (x1 < x0 ? -3.5 : 3.5);
        jx__line(p->b, tail, 0, tip, 0, "stroke=\"#14607a\" stroke-width=\"1.8\"");
    }
    jx_buf_str(p->b, "<path fill=\"#14607a\" d=\"M");
    jx__num(p->b, x1);
    jx_buf_str(p->b, x1 < x0 ? " 0l7-4v8z\"/>" : x1 > x0 ? " 0l-7-4v8z\"/>" : "-3.5l3.5 3.5l-3.5 3.5l-3.5-3.5z\"/>");
}

static void township(const jx__page *p, const jx_report_plan *v, uint32_t t, double max) {
    const jx_report_gain *g = &v->township[t];
    double b = g->before.mean_min, a = g->after.mean_min;
    jx_buf_str(p->b, "<g class=\"row\" data-v=\"");
    jx_buf_fixed(p->b, isfinite(b - a) ? b - a : -1e6, 1);
    jx_buf_fmt(p->b, "\" transform=\"translate(0 %u)\">", (unsigned)(TOP + ROW / 2 + t * ROW));
    jx__row_name(p, &p->c->areas[p->c->township[t]]);
    jx__line(p->b, NAME_X, 0, BAR_X1, 0, "stroke=\"#e6e9ed\"");
    if (isfinite(b) && isfinite(a)) {
        arrow(p, at(b, max), at(a, max));
    }
    jx__text_at(p->b, W - 8, 4, "text-anchor=\"end\"");
    if (isfinite(b)) {
        jx_buf_fixed(p->b, b, 1);
    } else {
        jx_buf_str(p->b, "\u2013");
    }
    jx_buf_str(p->b, " \u2192 ");
    if (isfinite(a)) {
        jx_buf_fixed(p->b, a, 1);
    } else {
        jx_buf_str(p->b, "\u2013");
    }
    jx_buf_str(p->b, "</text></g>");
}

/* The township whose mean falls most; JX_NONE where none does. */
static uint32_t best_off(const jx__page *p, const jx_report_plan *v) {
    uint32_t best = JX_NONE;
    double most = 0.05;
    for (uint32_t t = 0; t < p->c->n_townships; t++) {
        double d = v->township[t].before.mean_min - v->township[t].after.mean_min;
        if (d > most) {
            most = d;
            best = t;
        }
    }
    return best;
}

static void finding(const jx__page *p, const jx_report_plan *v) {
    uint32_t t = best_off(p, v);
    if (t == JX_NONE) {
        jx__both(p, N_("no township gains on average"));
        return;
    }
    for (int zh = 0; zh < 2; zh++) {
        const jx_report_gain *g = &v->township[t];
        const jx_arg a[] = {JX_S(jx__area_name(p->c, &p->c->areas[p->c->township[t]], zh)), JX_R(g->before.mean_min, 1),
                            JX_R(g->after.mean_min, 1)};
        const char *text = N_("{0} gains most: {1} min become {2} on average");
        jx_buf b;
        jx_buf_init(&b, p->ctx);
        jx_render(&b, zh ? jx_tr(p->o->zh, text) : text, 3, a);
        jx__span(p, zh, &b);
    }
}

void jx__plan_arrows(const jx__page *p, const jx_report_plan *v) {
    uint32_t n = p->c->n_townships;
    double most = 0, bottom = TOP + (double)n * ROW;
    for (uint32_t t = 0; t < n; t++) {
        most = fmax(most, isfinite(v->township[t].before.mean_min) ? v->township[t].before.mean_min : 0);
        most = fmax(most, isfinite(v->township[t].after.mean_min) ? v->township[t].after.mean_min : 0);
    }
    if (n < 2 || !v->any_before || !(most > 0)) {
        return;
    }
    double max = nice_max(most);
    jx_buf_str(p->b, "<figure><figcaption><b>");
    finding(p, v);
    jx_buf_str(p->b, "</b>");
    jx__both(p, N_("minutes on average, before (ring) and after (arrow head), townships in official order; line: the whole area after"));
    jx_buf_str(p->b, " <button class=\"js by\" type=\"button\">");
    jx__both(p, N_("order by gain"));
    jx_buf_str(p->b, "</button></figcaption>");
    jx_buf_fmt(p->b, "<svg class=\"chart\" role=\"img\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">", W, (int)bottom + 22, W, (int)bottom + 22);
    for (int s = 0; s <= 4; s++) {
        double x = NAME_X + (BAR_X1 - NAME_X) * s / 4.0;
        jx__line(p->b, x, TOP, x, bottom, "stroke=\"#d5dae0\"");
        jx__text_at(p->b, x, bottom + 15, "fill=\"#5f6b7a\" font-size=\"11\" text-anchor=\"middle\"");
        jx__num(p->b, max * s / 4);
        jx_buf_str(p->b, "</text>");
    }
    if (isfinite(v->total.after.mean_min)) {
        double x = at(v->total.after.mean_min, max);
        jx__line(p->b, x, TOP - 6, x, bottom, "stroke=\"#1c2430\" stroke-width=\"1.4\" stroke-dasharray=\"5 3\"");
    }
    for (uint32_t t = 0; t < n; t++) {
        township(p, v, t, max);
    }
    jx_buf_str(p->b, "</svg></figure>\n");
}
