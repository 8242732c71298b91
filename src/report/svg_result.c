/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The map of a service's diagnosis: travel time to the nearest in classes of minutes, its facilities as marks. */
#include <math.h>

#include "report/svg_internal.h"

/* The greatest number a person would choose that is not above v. */
static double nice_below(double v) {
    static const double nice[] = {1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360, 480};
    double best = v;
    for (size_t i = 0; i < sizeof nice / sizeof *nice; i++) {
        best = nice[i] <= v ? nice[i] : best;
    }
    return best;
}

/* Breaks that a person would choose, the standard's own limits always among them. */
jx__classes jx__classes_of(const jx_criterion *k) {
    jx__classes c = {.town = k->urban_ms ? k->urban_ms / 60000.0 : NAN,
                     .country = k->rural_ms ? k->rural_ms / 60000.0 : NAN};
    double a = isnan(c.town) ? c.country : c.town, b = isnan(c.country) ? c.town : c.country;
    double lo = a < b ? a : b, hi = a < b ? b : a;
    c.brk[0] = nice_below(lo / 2);
    c.brk[1] = lo;
    c.heavy[1] = 1;
    if (hi > lo) {
        c.brk[2] = hi;
        c.brk[3] = nice_below(hi * 2);
        c.heavy[2] = 1;
    } else {
        c.brk[2] = nice_below(lo * 2);
        c.brk[3] = nice_below(lo * 4);
    }
    for (int i = 2; i < 4; i++) { /* beyond the list of nice numbers */
        c.brk[i] = c.brk[i] > c.brk[i - 1] ? c.brk[i] : c.brk[i - 1] * 2;
    }
    return c;
}

void jx__map_minutes(jx__map_spec *s, const jx__classes *c) {
    jx__map_ramp(s, jx__time_ramp, c->brk, 5);
    for (int i = 0; i < 4; i++) { /* the town's limit is solid, the country's dashed */
        bool dashed = c->brk[i] != c->town && !isnan(c->town);
        s->cls[i].rule = !c->heavy[i] ? JX__RULE_NONE : dashed ? JX__RULE_DASHED : JX__RULE_SOLID;
    }
    bool both = !isnan(c->town) && !isnan(c->country) && c->town != c->country;
    s->n_limits = both ? 2 : 1;
    s->limit[0] = (jx__map_limit){both ? N_("standard, town: {0} min") : N_("standard: {0} min"),
                                  isnan(c->town) ? c->country : c->town, false};
    s->limit[1] = (jx__map_limit){N_("standard, country: {0} min"), c->country, true};
}

static void classify(const jx__page *p, const jx_service_result *r, const jx__classes *c, uint8_t *cls) {
    for (uint32_t i = 0; i < p->c->cells.n; i++) {
        if (r->reach[i] == JX_REACH_NO_FACILITY || r->nearest_ms[i] == JX_UNREACHABLE) {
            cls[i] = r->reach[i] == JX_REACH_NO_FACILITY ? JX__CELL_NO_DATA : JX__CELL_UNREACHABLE;
            continue;
        }
        cls[i] = 0;
        while (cls[i] < 4 && r->nearest_ms[i] > c->brk[cls[i]] * 60000) {
            cls[i]++;
        }
    }
}

static const char *const marks[JX_N_THEMES] = {"mk0", "mk1", "mk2", "mk3", "mk4", "mk5", "mk6"};
static const char *const small_marks[JX_N_THEMES] = {"mk0s", "mk1s", "mk2s", "mk3s", "mk4s", "mk5s", "mk6s"};

const char *jx__theme_mark(jx_theme t, bool small) {
    return small ? small_marks[t] : marks[t];
}

jx_status jx__map(const jx__page *p, uint32_t result) {
    const jx_service_result *r = &p->d->results[result];
    const jx_service *v = &p->c->services[r->service];
    const jx__classes c = jx__classes_of(&v->criteria[r->criterion]);
    bool many = r->n_facilities > JX__MANY_MARKS;
    jx_buf heading;
    jx_buf_init(&heading, p->ctx);
    jx_buf_fmt(&heading, "h%u", r->service);
    uint8_t *cls = jx_malloc(p->ctx, p->c->cells.n, sizeof *cls);
    jx__map_mark *mark = jx_malloc(p->ctx, r->n_facilities, sizeof *mark);
    jx_status st = cls && mark ? jx_buf_ok(&heading) : JX_E_NOMEM;
    for (uint32_t i = 0; st == JX_OK && i < r->n_facilities; i++) {
        mark[i] = (jx__map_mark){.pt = p->c->facilities[r->facility[i]].pt,
                                 .symbol = jx__theme_mark(v->theme, many),
                                 .radius = many ? 0 : 5};
    }
    if (st == JX_OK) {
        classify(p, r, &c, cls);
        jx__map_spec s = {.heading = heading.s,
                          .title = {{N_("Travel time to the nearest"), NULL}, {v->name_en, v->name_zh}},
                          .under = {jx_mode_phrase(v->criteria[r->criterion].mode), NULL},
                          .unit = {N_("min"), NULL},
                          .unreachable = N_("unreachable"),
                          .no_data = N_("no data"),
                          .of_cell = cls,
                          .mark = mark,
                          .n_marks = r->n_facilities,
                          .n_keys = 1,
                          .key = {{.symbol = jx__theme_mark(v->theme, false),
                                   .msgid = N_("facility: {0,} inside, {1,} around"),
                                   .n_args = 2,
                                   .args = {JX_I(r->n_inside), JX_I(r->n_facilities - r->n_inside)}}}};
        jx__map_minutes(&s, &c);
        st = jx__map_draw(p, &s);
    }
    jx_free(p->ctx, cls);
    jx_free(p->ctx, mark);
    jx_buf_release(&heading);
    return st;
}
