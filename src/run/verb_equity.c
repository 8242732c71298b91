/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** `junxian equity`: how a measure of access is spread over people; by town and country, township and group, with its parts. */
#include <math.h>

#include "junxian/fairness.h"
#include "run/measures.h"

enum { LORENZ_POINTS = 20 };

typedef struct work {
    jx__access a;
    jx__measure m;
    jx__summary s;
    jx_inequality_options opt;
    jx_theil_parts urban, town;
    double lorenz[LORENZ_POINTS + 1];
    double *rank;              /* cells */
    const char *rank_of;       /* column of --rank, or NULL: time to the largest town */
    uint32_t seat;             /* place; JX_NONE */
    jx__town_columns ranks;
    bool ranked;
    jx_concentration c;
} work;

/* ---- the order of people --------------------------------------------------------------------------------------------------------- */

static jx_status rank_by_town(jx_ctx *ctx, work *w) {
    const jx_county *c = w->a.study.county;
    JX_TRY(jx_town_minutes(ctx, c, w->rank, &w->seat));
    for (uint32_t i = 0; i < c->cells.n; i++) {
        w->ranked = w->ranked || !isnan(w->rank[i]);
    }
    return JX_OK;
}

static jx_status rank_by_table(jx_ctx *ctx, const char *path, work *w) {
    const jx_county *c = w->a.study.county;
    JX_TRY(jx__town_columns_read(ctx, c, path, JX_ENC_AUTO, &w->ranks));
    w->rank_of = w->ranks.col[0].name;
    w->ranked = true;
    for (uint32_t i = 0; i < c->cells.n; i++) {
        w->rank[i] = c->cells.township[i] == JX_NONE ? NAN : w->ranks.col[0].v[c->cells.township[i]];
    }
    return JX_OK;
}

static jx_status concentration(jx_ctx *ctx, const jx_args *args, work *w) {
    const jx_county *c = w->a.study.county;
    const char *path = jx_args_get(args, "rank");
    double hi = 0;
    w->seat = JX_NONE;
    w->rank = jx_malloc(ctx, c->cells.n, sizeof *w->rank);
    if (!w->rank) {
        return JX_E_NOMEM;
    }
    JX_TRY(path ? rank_by_table(ctx, path, w) : rank_by_town(ctx, w));
    if (!w->ranked) {
        return JX_OK;
    }
    for (uint32_t i = 0; i < c->cells.n; i++) { /* bounds: none has less than nothing; the most that any cell has */
        hi = !isinf(w->m.v[i]) && w->m.v[i] > hi ? w->m.v[i] : hi;
    }
    return jx_concentration_of(ctx, w->m.v, c->cells.people, w->rank, c->cells.n, 0, hi, &w->c);
}

/* ---- computing --------------------------------------------------------------------------------------------------------------------- */

static jx_status compute(jx_ctx *ctx, const jx_args *args, work *w) {
    const char *name = jx_args_get(args, "measure");
    JX_TRY(jx__access_open(ctx, args, &w->a));
    const jx_county *c = w->a.study.county;
    name = name ? name : "2sfca";
    JX_TRY(jx__measure_make(ctx, args, &w->a, name, strlen(name), &w->m));
    jx__measures_edge(ctx, &w->m, 1, w->a.study.offer.n);
    jx_inequality all;
    JX_TRY(jx_inequality_of(ctx, w->m.v, c->cells.people, c->cells.n, NULL, &all));
    w->opt = (jx_inequality_options){jx_args_num(args, "epsilon", 0.5), jx_args_num(args, "line", w->m.time ? w->a.limit_ms / 60000.0 : all.mean / 2), w->m.time};
    JX_TRY(jx__summarise(ctx, &w->a, &w->m, &w->opt, &w->s));
    w->urban = jx_theil_split(w->s.urban, 2, NULL, NULL);
    w->town = jx_theil_split(w->s.town, c->n_townships, NULL, NULL);
    JX_TRY(jx_lorenz(ctx, w->m.v, c->cells.people, c->cells.n, LORENZ_POINTS, w->lorenz));
    return concentration(ctx, args, w);
}

/* ---- telling ------------------------------------------------------------------------------------------------------------------------- */

/* Infinite indices (somebody has nothing) are null with a word of their own: JSON has no infinity. */
static void index_json(jx_json *j, const char *key, double v) {
    jx_json_key(j, key);
    if (isinf(v)) {
        jx_json_str(j, "infinite");
    } else {
        jx_json_real(j, v, 9);
    }
}

static void row_json(jx_json *j, const char *kind, const char *name, const jx_inequality *q) {
    jx_json_obj(j);
    jx_json_key(j, "kind"), jx_json_str(j, kind);
    jx_json_key(j, "name"), jx_json_str(j, name);
    jx_json_key(j, "people"), jx_json_real(j, q->people, 3);
    jx_json_key(j, "missing"), jx_json_real(j, q->missing, 3);
    jx_json_key(j, "unreachable"), jx_json_real(j, q->infinite, 3);
    jx_json_key(j, "zero"), jx_json_real(j, q->zero, 3);
    index_json(j, "mean", q->mean);
    index_json(j, "gini", q->gini);
    index_json(j, "theil_t", q->theil_t);
    index_json(j, "theil_l", q->theil_l);
    index_json(j, "atkinson", q->atkinson);
    index_json(j, "palma", q->palma);
    index_json(j, "fgt0", q->fgt[0]);
    index_json(j, "fgt1", q->fgt[1]);
    index_json(j, "fgt2", q->fgt[2]);
    jx_json_end_obj(j);
}

static void parts_json(jx_json *j, const char *by, const jx_theil_parts *p) {
    jx_json_obj(j);
    jx_json_key(j, "by"), jx_json_str(j, by);
    index_json(j, "theil_t_within", p->within_t);
    index_json(j, "theil_t_between", p->between_t);
    index_json(j, "theil_l_within", p->within_l);
    index_json(j, "theil_l_between", p->between_l);
    jx_json_end_obj(j);
}

static void concentration_json(const work *w, bool zh, jx_json *j) {
    const jx_county *c = w->a.study.county;
    jx_json_key(j, "concentration");
    if (!w->ranked) {
        jx_json_null(j);
        return;
    }
    jx_json_obj(j);
    jx_json_key(j, "along"), jx_json_str(j, w->rank_of ? w->rank_of : "time_to_largest_town");
    jx_json_key(j, "town"), jx_json_str(j, w->seat == JX_NONE ? NULL : jx_place_name(&c->places[w->seat], zh));
    jx_json_key(j, "people"), jx_json_real(j, w->c.people, 3);
    jx_json_key(j, "missing"), jx_json_real(j, w->c.missing, 3);
    index_json(j, "standard", w->c.standard);
    index_json(j, "wagstaff", w->c.wagstaff);
    index_json(j, "erreygers", w->c.erreygers);
    index_json(j, "palma", w->c.palma);
    jx_json_end_obj(j);
}

static void all_json(jx_ctx *ctx, const work *w, bool zh, jx_json *j) {
    const jx_county *c = w->a.study.county;
    jx__measure_json(ctx, &w->m, j);
    jx_json_key(j, "epsilon"), jx_json_real(j, w->opt.epsilon, -1);
    index_json(j, "line", w->opt.line);
    jx_json_key(j, "rows"), jx_json_arr(j);
    row_json(j, "all", NULL, &w->s.urban[3]);
    row_json(j, "town", NULL, &w->s.urban[1]);
    row_json(j, "country", NULL, &w->s.urban[0]);
    for (uint32_t t = 0; t < c->n_townships; t++) {
        row_json(j, "township", jx_area_name(&c->areas[c->township[t]], zh), &w->s.town[t]);
    }
    row_json(j, "no_township", NULL, &w->s.town[c->n_townships]);
    for (uint32_t g = 0; g < w->a.groups.n; g++) {
        row_json(j, "group", w->a.groups.g[g].name, &w->s.group[g]);
    }
    jx_json_end_arr(j);
    jx_json_key(j, "parts"), jx_json_arr(j);
    parts_json(j, "town_country", &w->urban);
    parts_json(j, "township", &w->town);
    jx_json_end_arr(j);
    jx_json_key(j, "lorenz"), jx_json_arr(j);
    for (int k = 0; k <= LORENZ_POINTS; k++) {
        jx_json_real(j, w->lorenz[k], 9);
    }
    jx_json_end_arr(j);
    concentration_json(w, zh, j);
}

static void line(jx__grid *g, const char *name, const jx_inequality *q) {
    jx__grid_str(g, name);
    jx__grid_num(g, q->people + q->infinite, -1);
    jx__grid_num(g, q->mean, q->mean >= 100 ? 1 : 3);
    jx__grid_num(g, q->gini, 3);
    jx__grid_num(g, q->theil_t, 3);
    jx__grid_num(g, q->theil_l, 3);
    jx__grid_num(g, q->palma, 2);
    jx__grid_num(g, 100 * q->fgt[0], 1);
}

static void grid(jx_ctx *ctx, const work *w, bool zh, jx_result *res) {
    const jx_county *c = w->a.study.county;
    static const char *const heads[] = {"", N_("people"), N_("mean"), "Gini", "Theil T", "Theil L", "Palma", N_("poor, %")};
    jx__grid g;
    jx__grid_init(&g, ctx, 8);
    for (int k = 0; k < 8; k++) {
        jx__grid_str(&g, *heads[k] ? jx__tr(res, heads[k]) : "");
    }
    line(&g, jx__tr(res, N_("all")), &w->s.urban[3]);
    line(&g, jx__tr(res, N_("town")), &w->s.urban[1]);
    line(&g, jx__tr(res, N_("country")), &w->s.urban[0]);
    for (uint32_t t = 0; t < c->n_townships; t++) {
        line(&g, jx_area_name(&c->areas[c->township[t]], zh), &w->s.town[t]);
    }
    if (w->s.town[c->n_townships].people > 0) {
        line(&g, jx__tr(res, N_("(no township)")), &w->s.town[c->n_townships]);
    }
    for (uint32_t k = 0; k < w->a.groups.n; k++) {
        line(&g, w->a.groups.g[k].name, &w->s.group[k]);
    }
    jx__grid_print(&g, &res->text);
}

/* Where all who are ranked have one rank nothing is ordered; who has no rank is not in the index, which is said beside it. */
static void concentration_sentence(const work *w, bool zh, jx_result *res) {
    const jx_county *c = w->a.study.county;
    if (w->ranked && !isnan(w->c.standard)) {
        bool seat = w->rank_of == NULL;
        jx_arg along[] = {JX_R(w->c.standard, 3), JX_S(seat ? jx_place_name(&c->places[w->seat], zh) : w->rank_of)};
        const char *text = seat && w->m.time ? N_("concentration along the way to {1}, the largest town: {0} (above 0: those far from it have the longer ways)")
                           : seat ? N_("concentration along the way to {1}, the largest town: {0} (below 0: those who live near it have more)")
                           : N_("concentration along '{1}': {0} (below 0: townships with a low figure have more)");
        jx_render(&res->text, jx__tr(res, text), 2, along);
        jx_buf_char(&res->text, '\n');
    } else if (w->rank_of) {
        jx_arg along[] = {JX_S(w->rank_of)};
        jx_render(&res->text, jx__tr(res, N_("concentration along '{0}': - (it needs at least two different figures)")), 1, along);
        jx_buf_char(&res->text, '\n');
    }
    if (w->ranked && w->c.missing >= 0.5) {
        double all = w->c.people + w->c.missing;
        jx_arg out[] = {JX_I((int64_t)floor(w->c.missing + 0.5)), JX_R(100 * w->c.missing / all, 1)};
        jx_render(&res->text, jx__tr(res, N_("  not in it: {0,} people ({1} %) without a rank or a value")), 2, out);
        jx_buf_char(&res->text, '\n');
    }
}

static void sentences(const work *w, bool zh, jx_result *res) {
    const jx_inequality *all = &w->s.urban[3];
    if (all->theil_t > 0) {
        jx_arg parts[] = {JX_R(100 * w->urban.between_t / all->theil_t, 0), JX_R(100 * w->town.between_t / all->theil_t, 0)};
        jx_render(&res->text, jx__tr(res, N_("{0} % of the inequality (Theil T) lies between town and country, {1} % between townships; the rest within them")), 2, parts);
        jx_buf_char(&res->text, '\n');
    }
    if (!isnan(w->lorenz[8])) {
        jx_arg half[] = {JX_R(100 * w->lorenz[8], 1)};
        jx_render(&res->text, jx__tr(res, N_("the 40 % of people who have least have {0} % of it together")), 1, half);
        jx_buf_char(&res->text, '\n');
    }
    concentration_sentence(w, zh, res);
    jx_arg line_args[] = {JX_R(w->opt.line, w->m.time ? 1 : 3), JX_S(jx__tr(res, w->m.unit))};
    if (w->opt.line > 0) {
        jx_render(&res->text, jx__tr(res, w->m.time ? N_("poor: those farther than {0} {1}") : N_("poor: those below {0} {1}")), 2, line_args);
        jx_buf_char(&res->text, '\n');
    }
    const struct {
        double people;
        const char *text;
    } apart[] = {{all->infinite, N_("{0,} people cannot reach any: outside the indices, but among the poor")},
                 {all->zero, N_("{0,} people have nothing")},
                 {all->missing, N_("of {0,} people nothing is known: left out")}};
    for (size_t k = 0; k < sizeof apart / sizeof *apart; k++) {
        if (apart[k].people > 0) {
            jx_arg n[] = {JX_I((int64_t)floor(apart[k].people + 0.5))};
            jx_render(&res->text, jx__tr(res, apart[k].text), 1, n);
            jx_buf_char(&res->text, '\n');
        }
    }
}

static void tell(jx_ctx *ctx, const work *w, jx_result *res) {
    bool zh = strcmp(res->lang, "en") != 0;
    jx_json j;
    jx_json_init(&j, &res->json, true);
    jx_json_obj(&j);
    jx__access_head(&w->a, res, &j, "junxian.equity/1");
    all_json(ctx, w, zh, &j);
    jx_json_end_obj(&j);
    jx_arg head[] = {JX_S(w->m.name), JX_S(jx__tr(res, w->m.title)), JX_S(jx__tr(res, w->m.unit))};
    jx_render(&res->text, jx__tr(res, N_("{0}: {1}, {2}")), 3, head);
    jx_buf_char(&res->text, '\n');
    grid(ctx, w, zh, res);
    sentences(w, zh, res);
}

/* ---- layers ---------------------------------------------------------------------------------------------------------------------------- */

static jx_status save(jx_ctx *ctx, const jx_args *args, const work *w, jx_result *res) {
    enum { N_INDICES = 4 };
    static const char *const names[N_INDICES] = {"mean", "gini", "theil_t", "poor_share"}, *const titles[N_INDICES] = {N_("mean"), N_("Gini coefficient"), N_("Theil index T"), N_("share of poor")};
    const char *path = jx_args_get(args, "output");
    const jx_county *c = w->a.study.county;
    uint32_t n = c->n_townships + 1;
    if (!path) {
        return JX_OK;
    }
    if (jx__is_html(path)) {
        const jx_report_equity e = {.lorenz = w->lorenz, .n_lorenz = LORENZ_POINTS, .line = w->opt.line, .urban = w->urban, .township = w->town,
                                    .along = w->ranked ? &w->c : NULL, .town = w->rank_of || w->seat == JX_NONE ? NULL : &c->places[w->seat],
                                    .rank_of = w->rank_of};
        return jx__access_page(ctx, args, res, &w->a, &w->m, &w->s, 1, NULL, &e);
    }
    double *v = jx_malloc(ctx, N_INDICES * (size_t)n, sizeof *v);
    jx_layers *l = NULL;
    jx_status st = v ? JX_OK : JX_E_NOMEM;
    for (uint32_t t = 0; st == JX_OK && t < n; t++) {
        const jx_inequality *q = t == 0 ? &w->s.urban[3] : &w->s.town[t - 1];
        v[t] = q->mean, v[n + t] = q->gini, v[2 * n + t] = q->theil_t, v[3 * n + t] = 100 * q->fgt[0];
    }
    if (st == JX_OK) {
        double mean = w->s.urban[3].mean > 0 ? w->s.urban[3].mean : 0;
        jx_values area[N_INDICES], cell[2] = {{w->m.column, w->m.title, w->m.unit, 6, w->m.v}, {"rank", N_("order of people for the concentration index"), "", 3, w->rank}};
        for (uint32_t k = 0; k < N_INDICES; k++) {
            area[k] = (jx_values){names[k], titles[k], k == 0 ? w->m.unit : k == 3 ? "%" : "", 6, v + (size_t)k * n};
        }
        const jx_values_input in = {cell, area, NULL, w->ranked ? 2 : 1, N_INDICES, 0, w->a.study.offer.facility, w->a.study.offer.n, {mean / 4, mean / 2, mean, mean * 2}, w->m.time};
        st = jx_layers_values(ctx, c, &in, &l);
    }
    if (st == JX_OK) {
        st = jx__layers_save(ctx, path, l, res->cat, jx__stamp(c->data_time));
    }
    jx_layers_free(ctx, l);
    jx_free(ctx, v);
    return st;
}

jx_status jx__verb_equity(jx_ctx *ctx, const jx_args *args, jx_result *res) {
    work w = {.seat = JX_NONE};
    jx_status st = jx__save_check_page(ctx, args);
    if (st == JX_OK) {
        st = compute(ctx, args, &w);
    }
    if (st == JX_OK) {
        st = save(ctx, args, &w, res);
    }
    if (st == JX_OK) {
        tell(ctx, &w, res);
    }
    jx_free(ctx, w.m.v);
    jx_free(ctx, w.rank);
    jx__town_columns_release(ctx, &w.ranks);
    jx__summary_release(ctx, &w.s);
    jx__access_release(ctx, &w.a);
    return st;
}
