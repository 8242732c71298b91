/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** A map of one value per cell: classes at numbers a person would choose, "none" apart from "little". */
#include "report/svg_value.h"

#include <math.h>

#include "junxian/inequality.h"
#include "report/svg_internal.h"

/* The number nearest to v that a person would choose. */
static double nice(double v) {
    static const double steps[] = {1, 1.5, 2, 3, 5, 7, 10};
    double unit = 1, best = 0;
    while (v > 10 * unit) {
        unit *= 10;
    }
    while (v < unit && unit > 1e-6) {
        unit /= 10;
    }
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        double at = steps[i] * unit;
        best = i == 0 || fabs(at - v) < fabs(best - v) ? at : best;
    }
    return best;
}

/* The step after a nice number. */
static double next_nice(double v) {
    double n = nice(v * 1.45);
    return n > v ? n : nice(v * 2);
}

/* Nothing at all is a class of its own; the others hold about a quarter each of those who have something. */
static jx_status amount_breaks(const jx__page *p, const jx__value_map *m, double brk[4]) {
    static const double quarters[3] = {0.25, 0.5, 0.75};
    uint32_t n = p->c->cells.n;
    double *some = jx_malloc(p->ctx, n, sizeof *some), q[3] = {NAN, NAN, NAN};
    if (!some) {
        return JX_E_NOMEM;
    }
    for (uint32_t i = 0; i < n; i++) {
        some[i] = m->v[i] > 0 && !isinf(m->v[i]) ? m->v[i] * m->scale : NAN;
    }
    jx_status st = jx_weighted_quantiles(p->ctx, some, p->c->cells.people, n, quarters, 3, q);
    jx_free(p->ctx, some);
    brk[0] = 0;
    brk[1] = q[0] > 0 ? nice(q[0]) : 1;
    for (int k = 2; k < 4; k++) {
        double want = q[k - 1] > 0 ? nice(q[k - 1]) : 0;
        brk[k] = want > brk[k - 1] ? want : next_nice(brk[k - 1]);
    }
    return st;
}

static void time_breaks(const jx__value_map *m, double brk[4]) {
    double t = m->limit_min;
    brk[0] = floor(t / 3 * 10 + 0.5) / 10, brk[1] = floor(t * 2 / 3 * 10 + 0.5) / 10, brk[2] = t, brk[3] = t * 2;
}

static jx_status classify(const jx__page *p, const jx__value_map *m, double brk[4], uint8_t *cls) {
    if (m->time) {
        time_breaks(m, brk);
    } else {
        JX_TRY(amount_breaks(p, m, brk));
    }
    for (uint32_t i = 0; i < p->c->cells.n; i++) {
        bool none = m->nearest_ms && m->nearest_ms[i] == JX_UNREACHABLE;
        cls[i] = none || (isnan(m->v[i]) && m->nan_unreachable) ? (uint8_t)JX__CELL_UNREACHABLE
                                                                : jx__map_class_of(m->v[i] * m->scale, brk, 5);
    }
    return JX_OK;
}

jx_status jx__value_map_draw(const jx__page *p, const jx__value_map *m) {
    bool many = m->n_facilities > JX__MANY_MARKS;
    double brk[4];
    uint8_t *cls = jx_malloc(p->ctx, p->c->cells.n, sizeof *cls);
    jx__map_mark *mark = jx_malloc(p->ctx, m->n_facilities, sizeof *mark);
    jx_status st = cls && mark ? classify(p, m, brk, cls) : JX_E_NOMEM;
    for (uint32_t i = 0; st == JX_OK && i < m->n_facilities; i++) {
        mark[i] = (jx__map_mark){.pt = p->c->facilities[m->facility[i]].pt,
                                 .symbol = jx__theme_mark(m->service->theme, many),
                                 .radius = many ? 0 : 5};
    }
    if (st == JX_OK) {
        jx__map_spec s = {.heading = m->heading,
                          .title = {m->title, {m->service->name_en, m->service->name_zh}},
                          .under = m->under.en ? m->under : (jx__words){jx_mode_phrase(m->mode), NULL},
                          .unit = m->unit,
                          .unreachable = N_("unreachable"),
                          .no_data = m->nan_unreachable ? NULL : N_("no data"),
                          .of_cell = cls,
                          .mark = mark,
                          .n_marks = m->n_facilities,
                          .n_keys = 1,
                          .key = {{.symbol = jx__theme_mark(m->service->theme, false),
                                   .msgid = N_("facility: {0,} inside, {1,} around"),
                                   .n_args = 2,
                                   .args = {JX_I(m->n_inside), JX_I(m->n_facilities - m->n_inside)}}}};
        jx__map_ramp(&s, m->time ? jx__time_ramp : jx__amount_ramp, brk, 5);
        if (m->time) {
            s.cls[2].rule = JX__RULE_SOLID;
            s.n_limits = 1;
            s.limit[0] = (jx__map_limit){N_("catchment: {0} min"), m->limit_min, false};
        } else {
            s.cls[0].words = (jx__words){N_("none near"), NULL};
        }
        st = jx__map_draw(p, &s);
    }
    jx_free(p->ctx, cls);
    jx_free(p->ctx, mark);
    return st;
}
