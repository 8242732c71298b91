/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** `junxian consortium`: which health centres refer to which head hospital; who lives beyond the circles of the heads. */
#include <math.h>

#include "junxian/consortium.h"
#include "run/district.h"

enum { ALL_DAY_MS = 86400000, MAX_CIRCLES = JX__MAX_CIRCLES, TREE_NODES = 200000 };

typedef jx__consortia work;

static bool listed(const char *list, const char *kind) {
    size_t n = strlen(kind);
    for (const char *at = list; *at;) {
        size_t len = strcspn(at, ",");
        if (len == n && memcmp(at, kind, n) == 0) {
            return true;
        }
        at += len + (at[len] == ',');
    }
    return false;
}

/* Facilities of the kinds, inside (or around too), with the words in their level; without those taken already. */
static jx_status pick(jx_ctx *ctx, const work *w, const char *kinds, bool around, const char *level, const uint32_t *not_these, uint32_t n_not, uint32_t **out, jx_snap **snap,
                      uint32_t *n) {
    const jx_county *c = w->c;
    *out = jx_malloc(ctx, c->n_facilities, sizeof **out);
    *snap = jx_malloc(ctx, c->n_facilities, sizeof **snap);
    if (!*out || !*snap) {
        return JX_E_NOMEM;
    }
    for (uint32_t i = 0; i < c->n_facilities; i++) {
        const jx_facility *f = &c->facilities[i];
        bool take = listed(kinds, f->kind) && (f->inside || around) && (!level || (f->level && strstr(f->level, level)));
        for (uint32_t k = 0; take && k < n_not; k++) { /* one object may be both */
            const jx_facility *o = &c->facilities[not_these[k]];
            take = !(f->osm_id && f->osm_id == o->osm_id && f->osm_type == o->osm_type) && i != not_these[k];
        }
        if (take) {
            (*snap)[*n] = c->facility_snap[w->mode][i];
            (*out)[(*n)++] = i;
        }
    }
    return JX_OK;
}

static jx_status circles(jx_ctx *ctx, const jx_args *args, work *w) {
    const char *list = jx_args_get(args, "circles"), *at = list ? list : "30,60";
    while (*at) {
        size_t len = strcspn(at, ",");
        double v;
        bool good = w->n_circles < MAX_CIRCLES && jx_parse_double(at, len, &v) && v > 0 && v <= 1440;
        uint32_t ms = good ? (uint32_t)(v * 60000) : 0;
        if (!good || (w->n_circles && ms <= w->circle[w->n_circles - 1])) {
            return JX_FAIL(ctx, NET_BANDS, JX_S(list), JX_I(MAX_CIRCLES), JX_S("circles"));
        }
        w->circle[w->n_circles++] = ms;
        at += len + (at[len] == ',');
    }
    return JX_OK;
}

/* Health centres; where the map has none, the level below. */
static jx_status default_members(jx_ctx *ctx, work *w) {
    static const char *const levels[] = {"health_centre", "health_station"};
    for (int k = 0; k < 2 && !w->n_members; k++) {
        jx_free(ctx, w->member), jx_free(ctx, w->member_snap);
        w->member = NULL, w->member_snap = NULL;
        w->member_kinds = levels[k];
        JX_TRY(pick(ctx, w, levels[k], false, NULL, w->head, w->n_heads, &w->member, &w->member_snap, &w->n_members));
    }
    if (!w->n_members) {
        return JX_FAIL(ctx, CONSORTIUM_NO_MEMBER, JX_S("health_centre,health_station"));
    }
    w->fell_back = w->member_kinds == levels[1];
    if (w->fell_back) {
        JX_NOTE(ctx, CONSORTIUM_MEMBERS, JX_I(w->n_members));
    }
    return JX_OK;
}

static jx_status choose(jx_ctx *ctx, const jx_args *args, work *w) {
    const char *heads = jx_args_get(args, "heads"), *members = jx_args_get(args, "members"), *mode = jx_args_get(args, "mode");
    heads = heads ? heads : "hospital";
    w->mode = JX_CAR;
    if (mode && !jx_mode_parse(mode, &w->mode)) {
        return JX_FAIL(ctx, ARG_CHOICE, JX_S("mode"), JX_S(mode), JX_S("walk|bike|car"));
    }
    JX_TRY(jx__study_county(ctx, args, &w->study));
    w->c = w->study.county;
    JX_TRY(pick(ctx, w, heads, jx_args_flag(args, "around"), jx_args_get(args, "level"), NULL, 0, &w->head, &w->head_snap, &w->n_heads));
    if (!w->n_heads) {
        return JX_FAIL(ctx, CONSORTIUM_NO_HEAD, JX_S(heads));
    }
    if (members) {
        w->member_kinds = members;
        JX_TRY(pick(ctx, w, members, false, NULL, w->head, w->n_heads, &w->member, &w->member_snap, &w->n_members));
        return w->n_members ? JX_OK : JX_FAIL(ctx, CONSORTIUM_NO_MEMBER, JX_S(members));
    }
    return default_members(ctx, w);
}

/* Cells to their nearest member and head; the people of a cell are those of its nearest member. */
static jx_status catchments(jx_ctx *ctx, work *w) {
    const jx_cells *s = &w->c->cells;
    jx_table *t = NULL;
    w->of_cell = jx_malloc(ctx, s->n, sizeof *w->of_cell);
    w->cell_head_ms = jx_malloc(ctx, s->n, sizeof *w->cell_head_ms);
    w->people = jx_calloc(ctx, w->n_members, sizeof *w->people);
    if (!w->of_cell || !w->cell_head_ms || !w->people) {
        return JX_E_NOMEM;
    }
    JX_TRY(jx__study_table(ctx, &w->study, w->mode, w->member_snap, w->n_members, 0, &t));
    for (uint32_t i = 0; i < s->n; i++) {
        w->of_cell[i] = t->nearest_ms[i] == JX_UNREACHABLE ? JX_NONE : t->nearest[i];
        *(w->of_cell[i] == JX_NONE ? &w->no_member : &w->people[w->of_cell[i]]) += s->people[i];
    }
    jx_table_free(ctx, t);
    JX_TRY(jx__study_table(ctx, &w->study, w->mode, w->head_snap, w->n_heads, 0, &t));
    memcpy(w->cell_head_ms, t->nearest_ms, s->n * sizeof *w->cell_head_ms);
    jx_table_free(ctx, t);
    return JX_OK;
}

static jx_status referral(jx_ctx *ctx, work *w) {
    jx_table *t = NULL;
    size_t all = (size_t)w->n_members * w->n_heads;
    w->time = jx_malloc(ctx, all, sizeof *w->time);
    if (!w->time) {
        return JX_E_NOMEM;
    }
    JX_TRY(jx_table_new(ctx, w->c->road[w->mode], w->c->road_metric[w->mode], JX_TO_FACILITY, w->member_snap, w->n_members, w->head_snap, w->n_heads, ALL_DAY_MS, &t));
    for (size_t e = 0; e < all; e++) {
        w->time[e] = JX_UNREACHABLE;
    }
    for (uint32_t i = 0; i < w->n_members; i++) {
        for (uint64_t e = t->row[i]; e < t->row[i + 1]; e++) {
            w->time[(size_t)i * w->n_heads + t->entry[e].facility] = t->entry[e].time_ms;
        }
    }
    jx_table_free(ctx, t);
    return JX_OK;
}

static jx_status beyond(jx_ctx *ctx, work *w) {
    const jx_cells *s = &w->c->cells;
    uint32_t n = w->c->n_townships;
    w->town_people = jx_calloc(ctx, n, sizeof *w->town_people);
    w->town_beyond = jx_calloc(ctx, (size_t)n * w->n_circles, sizeof *w->town_beyond);
    if (!w->town_people || !w->town_beyond) {
        return JX_E_NOMEM;
    }
    jx_consortium_beyond(s->people, w->cell_head_ms, s->n, w->circle, w->n_circles, w->beyond);
    for (uint32_t i = 0; i < s->n; i++) {
        uint32_t t = s->township[i];
        if (t != JX_NONE) {
            double cell[MAX_CIRCLES];
            jx_consortium_beyond(&s->people[i], &w->cell_head_ms[i], 1, w->circle, w->n_circles, cell);
            w->town_people[t] += s->people[i];
            for (uint32_t k = 0; k < w->n_circles; k++) {
                w->town_beyond[(size_t)t * w->n_circles + k] += cell[k];
            }
        }
    }
    return JX_OK;
}

/* Which group a township belongs to: that of most of its people. */
static jx_status townships(jx_ctx *ctx, work *w) {
    const jx_cells *s = &w->c->cells;
    uint32_t n = w->c->n_townships, m = w->n_heads;
    double *of = jx_calloc(ctx, (size_t)n * m, sizeof *of);
    w->cell_head = jx_malloc(ctx, s->n, sizeof *w->cell_head);
    w->town_head = jx_malloc(ctx, n, sizeof *w->town_head);
    w->town_share = jx_malloc(ctx, n, sizeof *w->town_share);
    jx_status st = of && w->cell_head && w->town_head && w->town_share ? JX_OK : JX_E_NOMEM;
    for (uint32_t i = 0; st == JX_OK && i < s->n; i++) {
        uint32_t h = w->of_cell[i] == JX_NONE ? JX_NONE : w->plan.head[w->of_cell[i]];
        w->cell_head[i] = h;
        if (h != JX_NONE && s->township[i] != JX_NONE) {
            of[(size_t)s->township[i] * m + h] += s->people[i];
        }
    }
    for (uint32_t t = 0; st == JX_OK && t < n; t++) {
        double most = 0;
        w->town_head[t] = JX_NONE;
        for (uint32_t h = 0; h < m; h++) {
            w->town_head[t] = of[(size_t)t * m + h] > most ? h : w->town_head[t];
            most = of[(size_t)t * m + h] > most ? of[(size_t)t * m + h] : most;
        }
        w->town_share[t] = w->town_people[t] > 0 ? most / w->town_people[t] : NAN;
    }
    jx_free(ctx, of);
    return st;
}

static double beds(const work *w, uint32_t head) { return w->c->facilities[w->head[head]].capacity; }

static jx_status compute(jx_ctx *ctx, const jx_args *args, work *w) {
    const char *share = jx_args_get(args, "share");
    uint32_t none = 0;
    JX_TRY(circles(ctx, args, w));
    JX_TRY(choose(ctx, args, w));
    for (uint32_t h = 0; h < w->n_heads; h++) {
        none += isnan(beds(w, h)) ? 1 : 0;
    }
    if (share && strcmp(share, "beds") == 0) {
        w->share = jx_malloc(ctx, w->n_heads, sizeof *w->share);
        if (!w->share) {
            return JX_E_NOMEM;
        }
        if (none) {
            return JX_FAIL(ctx, CONSORTIUM_BEDS, JX_I(none), JX_I(w->n_heads));
        }
        for (uint32_t h = 0; h < w->n_heads; h++) {
            w->share[h] = beds(w, h);
        }
    }
    JX_TRY(catchments(ctx, w));
    JX_TRY(referral(ctx, w));
    JX_TRY(beyond(ctx, w));
    const jx_consortium c = {w->n_members, w->n_heads, w->people, w->time, w->share, jx_args_num(args, "max-ratio", 0), TREE_NODES};
    JX_TRY(jx_consortium_form(ctx, &c, &w->plan));
    if (w->plan.n_off) {
        JX_WARN(ctx, CONSORTIUM_OFF, JX_I(w->plan.n_off), JX_I(w->n_heads));
    }
    JX_TRY(townships(ctx, w));
    return jx_args_get(args, "problem") ? jx__groups_save(ctx, jx_args_get(args, "problem"), &c, &w->plan) : JX_OK;
}

/* ---- telling ------------------------------------------------------------------------------------------------------------------- */

static const char *name_of(const work *w, uint32_t facility) {
    const jx_facility *f = &w->c->facilities[facility];
    return *f->name ? f->name : f->kind;
}
static const char *town_of(const work *w, uint32_t facility, bool zh) {
    uint32_t t = w->c->facilities[facility].township;
    return t == JX_NONE ? NULL : jx_area_name(&w->c->areas[w->c->township[t]], zh);
}

static void beyond_json(const work *w, jx_json *j, const double *people) {
    jx_json_key(j, "beyond"), jx_json_arr(j);
    for (uint32_t k = 0; k < w->n_circles; k++) {
        jx_json_obj(j);
        jx_json_key(j, "minutes"), jx_json_real(j, w->circle[k] / 60000.0, -1);
        jx_json_key(j, "people"), jx_json_real(j, people[k], 1);
        jx_json_end_obj(j);
    }
    jx_json_end_arr(j);
}

static void member_json(const work *w, jx_json *j, uint32_t i, bool zh) {
    uint32_t h = w->plan.head[i];
    jx_json_obj(j);
    jx_json_key(j, "name"), jx_json_str(j, name_of(w, w->member[i]));
    jx_json_key(j, "kind"), jx_json_str(j, w->c->facilities[w->member[i]].kind);
    jx_json_key(j, "township"), jx_json_str(j, town_of(w, w->member[i], zh));
    jx_json_key(j, "people"), jx_json_real(j, w->people[i], 1);
    jx_json_key(j, "to_head_min"), jx_json_real(j, h == JX_NONE ? NAN : w->time[(size_t)i * w->n_heads + h] / 60000.0, 2);
    jx_json_end_obj(j);
}

static void group_json(const work *w, jx_json *j, uint32_t h, bool zh) {
    const jx_consortium_group *g = &w->plan.group[h];
    const jx_facility *f = &w->c->facilities[w->head[h]];
    jx_json_obj(j);
    jx_json_key(j, "head"), jx_json_str(j, name_of(w, w->head[h]));
    jx_json_key(j, "level"), jx_json_str(j, f->level);
    jx_json_key(j, "inside"), jx_json_bool(j, f->inside);
    jx_json_key(j, "beds"), jx_json_real(j, f->capacity, 0);
    jx_json_key(j, "people"), jx_json_real(j, g->people, 1);
    jx_json_key(j, "limit"), jx_json_real(j, isinf(g->limit) ? NAN : g->limit, 1); /* 0: no member can get there */
    jx_json_key(j, "beds_per_1000"), jx_json_real(j, g->people > 0 ? f->capacity / g->people * 1000 : NAN, 3);
    jx_json_key(j, "mean_min"), jx_json_real(j, g->mean_ms / 60000, 3);
    jx_json_key(j, "farthest_min"), jx_json_real(j, g->farthest == JX_NONE ? NAN : g->farthest_ms / 60000.0, 2);
    jx_json_key(j, "members"), jx_json_arr(j);
    for (uint32_t i = 0; i < w->n_members; i++) {
        if (w->plan.head[i] == h) {
            member_json(w, j, i, zh);
        }
    }
    jx_json_end_arr(j);
    jx_json_end_obj(j);
}

static void tell_json(const work *w, bool zh, jx_buf *out) {
    const jx_county *c = w->c;
    jx_json j;
    jx_json_init(&j, out, true);
    jx_json_obj(&j);
    jx_json_key(&j, "schema"), jx_json_str(&j, "junxian.consortium/1");
    jx_json_key(&j, "area"), jx_json_str(&j, jx_area_name(&c->areas[c->study], zh));
    jx_json_key(&j, "mode"), jx_json_str(&j, jx_mode_name(w->mode));
    jx_json_key(&j, "members_kinds"), jx_json_str(&j, w->member_kinds);
    jx_json_key(&j, "people_source"), jx_json_str(&j, jx_people_source_name(c->people_source));
    jx_json_key(&j, "trust"), jx_json_str(&j, jx_trust_name(c->people_trust));
    jx_json_key(&j, "mean_min"), jx_json_real(&j, w->plan.mean_ms / 60000, 4);
    jx_json_key(&j, "nearest_mean_min"), jx_json_real(&j, w->plan.nearest_mean_ms / 60000, 4);
    jx_json_key(&j, "proved"), jx_json_bool(&j, w->plan.proved);
    jx_json_key(&j, "gap"), jx_json_real(&j, w->plan.gap, 8);
    jx_json_key(&j, "heads_out_of_reach"), jx_json_int(&j, w->plan.n_off);
    jx_json_key(&j, "people_without_member"), jx_json_real(&j, w->no_member, 1);
    beyond_json(w, &j, w->beyond);
    jx_json_key(&j, "groups"), jx_json_arr(&j);
    for (uint32_t h = 0; h < w->n_heads; h++) {
        group_json(w, &j, h, zh);
    }
    jx_json_end_arr(&j);
    jx_json_key(&j, "without_head"), jx_json_arr(&j);
    for (uint32_t i = 0; i < w->n_members; i++) {
        if (w->plan.head[i] == JX_NONE) {
            member_json(w, &j, i, zh);
        }
    }
    jx_json_end_arr(&j);
    jx_json_key(&j, "townships"), jx_json_arr(&j);
    for (uint32_t t = 0; t < c->n_townships; t++) {
        jx_json_obj(&j);
        jx_json_key(&j, "name"), jx_json_str(&j, jx_area_name(&c->areas[c->township[t]], zh));
        jx_json_key(&j, "people"), jx_json_real(&j, w->town_people[t], 1);
        jx_json_key(&j, "head"), jx_json_str(&j, w->town_head[t] == JX_NONE ? NULL : name_of(w, w->head[w->town_head[t]]));
        jx_json_key(&j, "head_share"), jx_json_real(&j, w->town_share[t], 4);
        beyond_json(w, &j, w->town_beyond + (size_t)t * w->n_circles);
        jx_json_end_obj(&j);
    }
    jx_json_end_arr(&j);
    jx_json_end_obj(&j);
}

static void say(jx_result *res, const char *msgid, uint32_t n, const jx_arg *args) {
    jx_render(&res->text, jx__tr(res, msgid), n, args);
    jx_buf_char(&res->text, '\n');
}

static void tell_group(jx_ctx *ctx, const work *w, uint32_t h, jx_result *res) {
    const jx_consortium_group *g = &w->plan.group[h];
    double b = beds(w, h);
    bool zh = strcmp(res->lang, "en") != 0;
    jx_arg a[] = {JX_S(name_of(w, w->head[h])), JX_I((int64_t)floor(g->people + 0.5)), JX_I(g->n_members), JX_R(g->mean_ms / 60000, 1)};
    say(res, g->n_members ? N_("{0}: {1,} people, {2} members, mean {3} min to the head") : N_("{0}: no members"), 4, a);
    const char *level = w->c->facilities[w->head[h]].level;
    say(res, level ? N_("  grade: {0}") : N_("  grade: not known"), 1, (jx_arg[]){JX_S(level)});
    if (g->people > 0) {
        say(res, isnan(b) ? N_("  beds per thousand people: not known") : N_("  {0} beds per thousand people"), 1, (jx_arg[]){JX_R(b / g->people * 1000, 2)});
    }
    jx__grid t;
    jx__grid_init(&t, ctx, 4);
    for (uint32_t i = 0; i < w->n_members; i++) {
        if (w->plan.head[i] == h) {
            const char *town = town_of(w, w->member[i], zh);
            jx__grid_str(&t, name_of(w, w->member[i]));
            jx__grid_str(&t, town ? town : "-");
            jx__grid_num(&t, w->people[i], -1);
            jx__grid_num(&t, w->time[(size_t)i * w->n_heads + h] / 60000.0, 1);
        }
    }
    jx__grid_print(&t, &res->text);
}

/* What holds for all groups; the townships beyond are a list for the terminal, a table on the page. */
static void tell_all(const work *w, jx__told *t) {
    if (w->plan.n_cut_off) {
        jx__tell(t, N_("{0} members have no way to any head hospital"), 1, (jx_arg[]){JX_I(w->plan.n_cut_off)});
    }
    jx_arg mean[] = {JX_R(w->plan.mean_ms / 60000, 2), JX_R(w->plan.nearest_mean_ms / 60000, 2)};
    jx__tell(t, N_("mean referral time {0} min; {1} min if each went to its nearest head"), 2, mean);
    jx__tell(t, w->plan.proved ? N_("proved: no grouping is better") : N_("at most {0} % above the best there can be"), 1, (jx_arg[]){JX_R(100 * w->plan.gap, 3)});
    if (w->c->people_source == JX_PEOPLE_NONE) {
        jx__tell(t, N_("people are not known: each cell counts one"), 0, NULL);
    } else if (w->c->people_trust == JX_GUESSED) {
        jx__tell(t, N_("the numbers of people rest on guesses"), 0, NULL);
    }
}

static void tell_beyond(const work *w, uint32_t k, jx_result *res) {
    const jx_county *c = w->c;
    bool zh = strcmp(res->lang, "en") != 0;
    jx_arg a[] = {JX_I((int64_t)floor(w->beyond[k] + 0.5)), JX_R(w->circle[k] / 60000.0, 0)};
    say(res, N_("{0,} people live beyond {1} min of every head hospital"), 2, a);
    for (uint32_t t = 0; t < c->n_townships; t++) {
        double v = w->town_beyond[(size_t)t * w->n_circles + k];
        if (v >= 0.5) {
            jx_arg b[] = {JX_S(jx_area_name(&c->areas[c->township[t]], zh)), JX_I((int64_t)floor(v + 0.5)), JX_I((int64_t)floor(w->town_people[t] + 0.5))};
            say(res, N_("  {0}: {1,} of {2,}"), 3, b);
        }
    }
}

static void tell(jx_ctx *ctx, const work *w, const jx__told *told, jx_result *res) {
    for (uint32_t h = 0; h < w->n_heads; h++) {
        tell_group(ctx, w, h, res);
    }
    for (uint32_t k = 0; k < w->n_circles; k++) {
        tell_beyond(w, k, res);
    }
    jx__told_text(w->c, told, res);
}

/* ---- layers ---------------------------------------------------------------------------------------------------------------------- */

/* Texts of the layers: of cells, of members and then heads, of the whole and then townships, of heads. */
typedef struct words {
    const char **cell_head, **cell_member, **facility_head, **town_head, **label;
    uint32_t *list;   /* members, then heads */
    double *cell_min, *facility, *group;
    uint8_t *colour;
} words;

static void words_release(jx_ctx *ctx, words *k) {
    jx_free(ctx, k->cell_head), jx_free(ctx, k->cell_member), jx_free(ctx, k->facility_head), jx_free(ctx, k->town_head), jx_free(ctx, k->label);
    jx_free(ctx, k->list), jx_free(ctx, k->cell_min), jx_free(ctx, k->facility), jx_free(ctx, k->group), jx_free(ctx, k->colour);
}

static jx_status words_make(jx_ctx *ctx, const work *w, words *k) {
    uint32_t n = w->c->cells.n, m = w->n_members, heads = w->n_heads, all = m + heads, towns = w->c->n_townships;
    k->cell_head = jx_malloc(ctx, n, sizeof *k->cell_head), k->cell_member = jx_malloc(ctx, n, sizeof *k->cell_member);
    k->facility_head = jx_malloc(ctx, all, sizeof *k->facility_head), k->town_head = jx_calloc(ctx, (size_t)towns + 1, sizeof *k->town_head);
    k->label = jx_malloc(ctx, heads, sizeof *k->label), k->list = jx_malloc(ctx, all, sizeof *k->list);
    k->cell_min = jx_malloc(ctx, n, sizeof *k->cell_min), k->facility = jx_malloc(ctx, 2 * (size_t)all, sizeof *k->facility);
    k->group = jx_malloc(ctx, 4 * (size_t)heads, sizeof *k->group), k->colour = jx_malloc(ctx, heads, sizeof *k->colour);
    if (!k->cell_head || !k->cell_member || !k->facility_head || !k->town_head || !k->label || !k->list || !k->cell_min || !k->facility || !k->group ||
        !k->colour) {
        return JX_E_NOMEM;
    }
    for (uint32_t i = 0; i < n; i++) {
        uint32_t member = w->of_cell[i], h = w->cell_head[i];
        k->cell_min[i] = w->cell_head_ms[i] == JX_UNREACHABLE ? INFINITY : w->cell_head_ms[i] / 60000.0;
        k->cell_member[i] = member == JX_NONE ? NULL : name_of(w, w->member[member]);
        k->cell_head[i] = h == JX_NONE ? NULL : name_of(w, w->head[h]);
    }
    for (uint32_t i = 0; i < all; i++) {
        uint32_t h = i < m ? w->plan.head[i] : i - m;
        k->list[i] = i < m ? w->member[i] : w->head[h];
        k->facility_head[i] = h == JX_NONE ? NULL : name_of(w, w->head[h]);
        k->facility[i] = i < m ? w->people[i] : w->plan.group[h].people;
        k->facility[all + i] = i >= m ? 0 : h == JX_NONE ? INFINITY : w->time[(size_t)i * heads + h] / 60000.0;
    }
    for (uint32_t t = 0; t < towns; t++) {
        k->town_head[t + 1] = w->town_head[t] == JX_NONE ? NULL : name_of(w, w->head[w->town_head[t]]);
    }
    for (uint32_t h = 0; h < heads; h++) {
        const jx_consortium_group *g = &w->plan.group[h];
        k->label[h] = name_of(w, w->head[h]);
        k->group[h] = g->people, k->group[heads + h] = g->people > 0 ? beds(w, h) / g->people * 1000 : NAN;
        k->group[2 * heads + h] = g->mean_ms / 60000, k->group[3 * heads + h] = g->farthest == JX_NONE ? NAN : g->farthest_ms / 60000.0;
    }
    return jx__part_colour(ctx, w->c, w->cell_head, heads, k->colour);
}

static jx_status layers(jx_ctx *ctx, const work *w, const words *k, jx_layers **l) {
    uint32_t all = w->n_members + w->n_heads, heads = w->n_heads;
    const jx_values cell[] = {{"head_min", N_("travel time to the nearest head hospital"), "min", 2, k->cell_min}};
    const jx_values at[] = {{"group_people", N_("people of the member, or of the group"), N_("persons"), 1, k->facility},
                            {"to_head_min", N_("travel time to its head hospital"), "min", 2, k->facility + all}};
    const jx_values group[] = {{"people", N_("people"), N_("persons"), 1, k->group},
                               {"beds_per_1000", N_("beds per thousand people"), "", 2, k->group + heads},
                               {"mean_min", N_("mean travel time"), "min", 2, k->group + 2 * (size_t)heads},
                               {"farthest_min", N_("longest travel time"), "min", 2, k->group + 3 * (size_t)heads}};
    const jx_values_input in = {cell, NULL, at, 1, 0, 2, k->list, all, {15, 30, 45, 60}, true};
    const jx__parts parts = {"groups", N_("groups of the consortium"), heads, w->cell_head, k->label, k->colour, group, 4};
    JX_TRY(jx_layers_values(ctx, w->c, &in, l));
    JX_TRY(jx__layer_text(ctx, *l, "cells", "member", N_("nearest member"), k->cell_member));
    JX_TRY(jx__layer_text(ctx, *l, "cells", "head", N_("head hospital"), k->cell_head));
    JX_TRY(jx__layer_text(ctx, *l, "areas", "head", N_("head hospital"), k->town_head));
    JX_TRY(jx__layer_text(ctx, *l, "facilities", "head", N_("head hospital"), k->facility_head));
    JX_TRY(jx__layer_classes(ctx, *l, "areas", "head", k->label, k->colour, heads));
    return jx__layer_parts(ctx, *l, w->c, &parts);
}

static jx_status save(jx_ctx *ctx, const jx_args *args, const work *w, const jx__told *told, jx_result *res) {
    const char *path = jx_args_get(args, "output");
    words k = {.list = NULL};
    jx_layers *l = NULL;
    if (!path || jx__is_html(path)) {
        return path ? jx__consortium_page(ctx, path, args, res, w, told) : JX_OK;
    }
    jx_status st = words_make(ctx, w, &k);
    st = st == JX_OK ? layers(ctx, w, &k, &l) : st;
    st = st == JX_OK ? jx__layers_save(ctx, path, l, res->cat, jx__stamp(w->c->data_time)) : st;
    jx_layers_free(ctx, l);
    words_release(ctx, &k);
    return st;
}

static void release(jx_ctx *ctx, work *w) {
    jx_free(ctx, w->head), jx_free(ctx, w->member), jx_free(ctx, w->head_snap), jx_free(ctx, w->member_snap), jx_free(ctx, w->of_cell);
    jx_free(ctx, w->cell_head_ms), jx_free(ctx, w->people), jx_free(ctx, w->time), jx_free(ctx, w->share), jx_free(ctx, w->town_people);
    jx_free(ctx, w->town_beyond), jx_free(ctx, w->cell_head), jx_free(ctx, w->town_head), jx_free(ctx, w->town_share);
    jx_consortium_plan_release(ctx, &w->plan);
    jx__study_release(ctx, &w->study);
}

jx_status jx__verb_consortium(jx_ctx *ctx, const jx_args *args, jx_result *res) {
    work w = {.mode = JX_CAR};
    jx__told told = {.n = 0};
    jx_status st = jx__save_check_page(ctx, args);
    if (st == JX_OK) {
        st = compute(ctx, args, &w);
    }
    if (st == JX_OK) {
        tell_all(&w, &told);
        st = save(ctx, args, &w, &told, res);
    }
    if (st == JX_OK) {
        tell_json(&w, strcmp(res->lang, "en") != 0, &res->json);
        tell(ctx, &w, &told, res);
    }
    release(ctx, &w);
    return st;
}
