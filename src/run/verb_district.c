/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** `junxian district`: every cell to one school with room for its children. */
#include <math.h>

#include "run/district.h"

/* What the search tree may cost: nodes times pairs. A few tenths of a second. */
enum { TREE_PAIRS = 4000000, TREE_NODES = 20000 };

typedef jx__district_work work;
typedef jx__district_row site_row;

static jx_status solve(jx_ctx *ctx, const jx_args *args, work *w) {
    JX_TRY(jx__districts_open(ctx, args, &w->in));
    const jx_district *d = &w->in.d;
    double pairs = (double)d->n_cells * d->n_sites + 1, people = 0;
    uint64_t nodes = TREE_PAIRS / pairs < TREE_NODES ? (uint64_t)(TREE_PAIRS / pairs) : TREE_NODES;
    jx_progress(ctx, N_("districts"), 0, 0);
    w->contiguous = jx_args_flag(args, "contiguous");
    w->present = d->present != NULL;
    JX_TRY(jx_district_split(ctx, d, &w->flow));
    JX_TRY(jx_district_whole(ctx, d, &w->flow, w->contiguous, nodes, &w->plan));
    if (w->contiguous) {
        JX_TRY(jx_district_whole(ctx, d, &w->flow, false, nodes, &w->free_plan));
    }
    for (uint32_t i = 0; i < d->n_cells; i++) {
        uint32_t least = JX_UNREACHABLE;
        for (uint32_t s = 0; s < d->n_sites; s++) {
            uint32_t t = d->time_ms[(size_t)i * d->n_sites + s];
            least = t < least ? t : least;
        }
        w->nearest_ms += least == JX_UNREACHABLE ? 0 : (double)least * d->people[i];
        people += least == JX_UNREACHABLE ? 0 : d->people[i];
    }
    w->nearest_ms = people > 0 ? w->nearest_ms / people : NAN;
    if (w->plan.score.over) {
        JX_WARN(ctx, DISTRICT_OVER, JX_R((double)w->plan.score.over / JX__PARTS, 1));
    }
    if (w->flow.cut_off) {
        JX_WARN(ctx, DISTRICT_CUT_OFF, JX_R((double)w->flow.cut_off / JX__PARTS, 1));
    }
    return JX_OK;
}

static void rows_of(const work *w, site_row *r) {
    const jx_district *d = &w->in.d;
    for (uint32_t s = 0; s < d->n_sites; s++) {
        r[s] = (site_row){0};
    }
    for (uint32_t i = 0; i < d->n_cells; i++) {
        uint32_t s = w->plan.site[i], was = d->present ? d->present[i] : JX_NONE;
        double people = (double)d->people[i] / JX__PARTS;
        if (s == JX_NONE) {
            continue;
        }
        double min = d->time_ms[(size_t)i * d->n_sites + s] / 60000.0;
        r[s].people += people;
        r[s].mean_min += people * min;
        r[s].farthest_min = people > 0 && min > r[s].farthest_min ? min : r[s].farthest_min;
        if (was != JX_NONE && was != s) {
            r[s].came += people;
            r[was].left += people;
        }
    }
    for (uint32_t s = 0; s < d->n_sites; s++) {
        r[s].mean_min = r[s].people > 0 ? r[s].mean_min / r[s].people : NAN;
        r[s].farthest_min = r[s].people > 0 ? r[s].farthest_min : NAN;
    }
}

static double persons(int64_t units) { return (double)units / JX__PARTS; }

static double mean_min(const work *w, const jx_district_score *s) { return w->flow.people ? (double)s->time / (double)w->flow.people / 60000 : NAN; }

/* ---- telling ----------------------------------------------------------------------------------------------------------------- */

static void score_json(jx_json *j, const char *key, const work *w, const jx_district_score *s) {
    jx_json_key(j, key), jx_json_obj(j);
    jx_json_key(j, "over"), jx_json_real(j, persons(s->over), 3);
    jx_json_key(j, "crossing"), jx_json_real(j, persons(s->crossing), 3);
    jx_json_key(j, "moved"), jx_json_real(j, persons(s->moved), 3);
    jx_json_key(j, "person_minutes"), jx_json_real(j, (double)s->time / JX__PARTS / 60000, 3);
    jx_json_key(j, "mean_min"), jx_json_real(j, mean_min(w, s), 4);
    jx_json_end_obj(j);
}

static bool guessed(const jx__districts *in) {
    return in->n_filled || strcmp(in->capacity_from, "balanced") == 0 || (!in->demand && in->rate_from == JX__RATE_ASSUMED);
}

static void tell_json(const work *w, const site_row *r, bool zh, jx_buf *out) {
    const jx__districts *in = &w->in;
    jx_json j;
    jx_json_init(&j, out, true);
    jx_json_obj(&j);
    jx_json_key(&j, "schema"), jx_json_str(&j, "junxian.district/1");
    jx_json_key(&j, "area"), jx_json_str(&j, jx_area_name(&in->c->areas[in->c->study], zh));
    jx_json_key(&j, "service"), jx_json_str(&j, in->study.offer.service->id);
    jx_json_key(&j, "mode"), jx_json_str(&j, jx_mode_name(in->study.offer.mode));
    jx_json_key(&j, "limit_min"), jx_json_real(&j, in->limit_ms == JX_UNREACHABLE ? NAN : in->limit_ms / 60000.0, -1);
    jx_json_key(&j, "demand"), jx_json_str(&j, in->demand ? in->demand : "people");
    jx_json_key(&j, "per_1000"), jx_json_real(&j, in->per_1000, 4);
    jx_json_key(&j, "per_1000_from"), jx_json_str(&j, in->demand ? "group" : jx__rate_name(in->rate_from));
    jx_json_key(&j, "people"), jx_json_real(&j, in->wanted, 3);
    jx_json_key(&j, "people_cut_off"), jx_json_real(&j, persons((int64_t)w->flow.cut_off), 3);
    jx_json_key(&j, "trust"), jx_json_str(&j, jx_trust_name(guessed(in) ? JX_GUESSED : in->c->people_trust));
    jx_json_key(&j, "capacity_from"), jx_json_str(&j, in->capacity_from);
    jx_json_key(&j, "capacity_filled"), jx_json_int(&j, in->n_filled);
    jx_json_key(&j, "cells"), jx_json_int(&j, in->d.n_cells);
    jx_json_key(&j, "nearest_mean_min"), jx_json_real(&j, w->nearest_ms / 60000, 4);
    score_json(&j, "plan", w, &w->plan.score);
    score_json(&j, "split", w, &w->flow.score);
    jx_json_key(&j, "split_cells"), jx_json_int(&j, w->flow.n_split);
    jx_json_key(&j, "gap"), jx_json_real(&j, w->plan.gap, 8);
    jx_json_key(&j, "proved"), jx_json_bool(&j, w->plan.proved);
    jx_json_key(&j, "whole_cells_cannot_fit"), jx_json_bool(&j, w->plan.none_fits);
    if (w->contiguous) {
        jx_json_key(&j, "pieces_too_many"), jx_json_int(&j, w->plan.pieces);
        score_json(&j, "not_contiguous", w, &w->free_plan.score);
        jx_json_key(&j, "not_contiguous_pieces_too_many"), jx_json_int(&j, w->free_plan.pieces);
    }
    jx_json_key(&j, "sites"), jx_json_arr(&j);
    for (uint32_t s = 0; s < in->n; s++) {
        jx_json_obj(&j);
        jx_json_key(&j, "site"), jx_json_str(&j, in->label[s]);
        jx_json_key(&j, "capacity"), jx_json_real(&j, in->capacity[s], 3);
        jx_json_key(&j, "people"), jx_json_real(&j, r[s].people, 3);
        jx_json_key(&j, "mean_min"), jx_json_real(&j, r[s].mean_min, 3);
        jx_json_key(&j, "farthest_min"), jx_json_real(&j, r[s].farthest_min, 3);
        jx_json_key(&j, "came"), jx_json_real(&j, w->present ? r[s].came : NAN, 3);
        jx_json_key(&j, "left"), jx_json_real(&j, w->present ? r[s].left : NAN, 3);
        jx_json_key(&j, "price_min"), w->present || in->crossing ? jx_json_null(&j) : jx_json_real(&j, (double)w->flow.price_ms[s] / 60000, 3);
        jx_json_end_obj(&j);
    }
    jx_json_end_arr(&j);
    jx_json_end_obj(&j);
}

static void tell_head(const work *w, jx__told *t) {
    const jx__districts *in = &w->in;
    jx_arg a[] = {JX__SERVICE(in->study.offer.service - in->c->services), JX__MSGID(jx_mode_phrase(in->study.offer.mode)), JX_I(in->n), JX_R(in->wanted, 0)};
    jx__tell(t, N_("{0}, {1}: {2} sites for {3} people"), 4, a);
    if (in->demand) {
        jx__tell(t, N_("people: the group {0}"), 1, (jx_arg[]){JX_S(in->demand)});
    } else if (in->per_1000 < 1000) {
        static const char *const words[] = {N_("people: {0} of 1000 inhabitants"), N_("people: {0} of 1000 inhabitants, as the standard has it (--per-1000 changes it)"),
                                            N_("people: {0} of 1000 inhabitants, assumed (--per-1000 changes it)"), N_("people: {0} of 1000 inhabitants")};
        jx__tell(t, words[in->rate_from], 1, (jx_arg[]){JX_R(in->per_1000, 1)});
    }
    if (strcmp(in->capacity_from, "balanced") == 0) {
        double most = 0; /* that of all but the sites nobody can get to */
        for (uint32_t s = 0; s < in->n; s++) {
            most = in->capacity[s] > most ? in->capacity[s] : most;
        }
        jx__tell(t, N_("capacity: an equal part each and some room, {0} places; no figure of the sites themselves"), 1, (jx_arg[]){JX_R(most, 0)});
    } else if (in->n_filled) {
        jx__tell(t, N_("{0} of {1} sites state no capacity; it was given"), 2, (jx_arg[]){JX_I(in->n_filled), JX_I(in->n)});
    }
}

static void tell_end(const work *w, jx__told *t) {
    const jx_district_score *s = &w->plan.score;
    bool bounded = !s->over && !w->present && !w->in.crossing; /* else the split assignment has other goals before time */
    jx_arg mean[] = {JX_R(mean_min(w, s), 2), JX_R(mean_min(w, &w->flow.score), 2), JX_R(w->nearest_ms / 60000, 2)};
    jx__tell(t, bounded ? N_("mean way {0} min; no less than {1} min within the capacities; {2} min if everybody went to the nearest")
                        : N_("mean way {0} min; {2} min if everybody went to the nearest"), 3, mean);
    if (s->over) {
        jx__tell(t, w->plan.none_fits ? N_("whole cells cannot keep to the capacities (proved); this plan is {0} people above them") : N_("{0} people are above the capacities: no plan of whole cells was found that keeps to them"),
            1, (jx_arg[]){JX_R(persons(s->over), 1)});
    } else if (w->plan.proved && !w->contiguous) {
        jx__tell(t, N_("proved: no plan of whole cells is better"), 0, NULL);
    } else if (!isnan(w->plan.gap)) {
        jx__tell(t, N_("at most {0} % above the best there can be"), 1, (jx_arg[]){JX_R(100 * w->plan.gap, 3)});
    }
    if (w->in.crossing) {
        jx__tell(t, N_("{0} people have no way without crossing a large road; at least {1} must cross"), 2,
            (jx_arg[]){JX_R(persons(s->crossing), 1), JX_R(persons(w->flow.score.crossing), 1)});
    }
    if (w->present) {
        jx__tell(t, N_("{0} people move to another site; at least {1} must"), 2, (jx_arg[]){JX_R(persons(s->moved), 1), JX_R(persons(w->flow.score.moved), 1)});
    }
    if (w->contiguous) {
        jx__tell(t, w->plan.pieces ? N_("{0} pieces lie apart from their district, out of reach of all sites around them") : N_("every district is in one piece"), 1,
            (jx_arg[]){JX_I(w->plan.pieces)});
        jx__tell(t, N_("without that wish: {0} pieces apart, mean way {1} min"), 2, (jx_arg[]){JX_I(w->free_plan.pieces), JX_R(mean_min(w, &w->free_plan.score), 2)});
    }
}

static void tell_sites(jx_ctx *ctx, const work *w, const site_row *r, jx_result *res) {
    jx__grid g;
    jx__grid_init(&g, ctx, w->present ? 7 : 5);
    static const char *const head[] = {N_("site"), N_("capacity"), N_("people"), N_("mean min"), N_("farthest min"), N_("came"), N_("left")};
    for (uint32_t k = 0; k < (w->present ? 7u : 5u); k++) {
        jx__grid_str(&g, jx__tr(res, head[k]));
    }
    for (uint32_t s = 0; s < w->in.n; s++) {
        const double v[] = {w->in.capacity[s], r[s].people, r[s].mean_min, r[s].farthest_min, r[s].came, r[s].left};
        jx__grid_str(&g, w->in.label[s]);
        for (uint32_t k = 0; k < (w->present ? 6u : 4u); k++) {
            jx__grid_num(&g, v[k], k == 0 ? 0 : 1);
        }
    }
    jx__grid_print(&g, &res->text);
}

/* ---- layers ------------------------------------------------------------------------------------------------------------------ */

static jx_status save(jx_ctx *ctx, const jx_args *args, const work *w, const site_row *r, jx_result *res, const jx__told *head, const jx__told *end) {
    const char *path = jx_args_get(args, "output");
    const jx__districts *in = &w->in;
    uint32_t n = in->d.n_cells, m = in->n;
    if (!path) {
        return JX_OK;
    }
    if (jx__is_html(path)) {
        return jx__district_page(ctx, path, args, res, w, r, head, end);
    }
    double *v = jx_malloc(ctx, 3 * (size_t)n + 4 * (size_t)m, sizeof *v), *f = v ? v + 3 * (size_t)n : NULL;
    const char **site = jx_malloc(ctx, n, sizeof *site);
    jx_layers *l = NULL;
    jx_status st = v && site ? JX_OK : JX_E_NOMEM;
    for (uint32_t i = 0; st == JX_OK && i < n; i++) {
        uint32_t s = w->plan.site[i];
        site[i] = s == JX_NONE ? NULL : in->label[s];
        v[i] = s == JX_NONE ? INFINITY : in->time[(size_t)i * m + s] / 60000.0;
        v[n + i] = (double)in->people[i] / JX__PARTS;
        v[2 * n + i] = in->present && in->present[i] != JX_NONE && s != JX_NONE ? in->present[i] != s : NAN;
    }
    for (uint32_t s = 0; st == JX_OK && s < m; s++) {
        f[s] = in->capacity[s], f[m + s] = r[s].people, f[2 * m + s] = r[s].mean_min, f[3 * m + s] = r[s].farthest_min;
    }
    uint8_t *colour = jx_malloc(ctx, m, sizeof *colour);
    st = st == JX_OK && !colour ? JX_E_NOMEM : st;
    st = st == JX_OK ? jx__part_colour(ctx, in->c, w->plan.site, m, colour) : st;
    const jx_values cell[] = {{"site_min", N_("travel time to its site"), "min", 2, v}, {"assigned", N_("people who go there"), N_("persons"), 3, v ? v + n : NULL},
                              {"moved", N_("goes elsewhere than today (1 yes)"), "", 0, v ? v + 2 * n : NULL}};
    const jx_values at[] = {{"places", N_("capacity as counted"), N_("persons"), 0, f}, {"assigned", N_("people who go there"), N_("persons"), 1, f ? f + m : NULL},
                            {"mean_min", N_("mean travel time"), "min", 2, f ? f + 2 * m : NULL}, {"farthest_min", N_("longest travel time"), "min", 2, f ? f + 3 * m : NULL}};
    const jx_values_input layers = {cell, NULL, at, w->present ? 3 : 2, 0, 4, in->facility, m, {5, 10, 15, 30}, true};
    if (st == JX_OK) {
        st = jx_layers_values(ctx, in->c, &layers, &l);
    }
    if (st == JX_OK) {
        st = jx__layer_text(ctx, l, "cells", "site", N_("site"), site);
    }
    if (st == JX_OK) {
        st = jx__layer_text(ctx, l, "facilities", "site", N_("site"), (const char *const *)in->label);
    }
    const char *const *label = (const char *const *)in->label;
    const jx__parts parts = {"districts", N_("districts"), m, w->plan.site, label, colour, at, 4};
    st = st == JX_OK ? jx__layer_classes(ctx, l, "cells", "site", label, colour, m) : st;
    st = st == JX_OK ? jx__layer_parts(ctx, l, in->c, &parts) : st;
    if (st == JX_OK) {
        st = jx__layers_save(ctx, path, l, res->cat, jx__stamp(in->c->data_time));
    }
    jx_layers_free(ctx, l);
    jx_free(ctx, v);
    jx_free(ctx, site);
    jx_free(ctx, colour);
    return st;
}

jx_status jx__verb_district(jx_ctx *ctx, const jx_args *args, jx_result *res) {
    work w = {0};
    site_row *r = NULL;
    jx__told head = {.n = 0}, end = {.n = 0};
    jx_status st = jx__save_check_page(ctx, args);
    if (st == JX_OK) {
        st = solve(ctx, args, &w);
    }
    if (st == JX_OK) {
        r = jx_malloc(ctx, w.in.n, sizeof *r);
        st = r ? JX_OK : JX_E_NOMEM;
    }
    if (st == JX_OK) {
        rows_of(&w, r);
        tell_head(&w, &head);
        tell_end(&w, &end);
        st = save(ctx, args, &w, r, res, &head, &end);
    }
    if (st == JX_OK && jx_args_get(args, "problem")) {
        st = jx__problem_save(ctx, jx_args_get(args, "problem"), &w.in.d, (const char *const *)w.in.label, w.in.c->cells.pt, &w.flow, &w.plan);
    }
    if (st == JX_OK) {
        tell_json(&w, r, strcmp(res->lang, "en") != 0, &res->json);
        jx__told_text(w.in.c, &head, res);
        tell_sites(ctx, &w, r, res);
        jx__told_text(w.in.c, &end, res);
    }
    jx_free(ctx, r);
    jx_district_flow_release(ctx, &w.flow);
    jx_district_plan_release(ctx, &w.plan);
    jx_district_plan_release(ctx, &w.free_plan);
    jx__districts_release(ctx, &w.in);
    return st;
}
