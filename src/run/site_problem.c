/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Options and travel times -> the problem that services/ solves. */
#include <math.h>

#include "run/site.h"

/* More pairs than this are hundreds of megabytes: then a limit or fewer candidates are wanted. */
static const double most_pairs = 1.5e8;

static uint32_t minutes_ms(double minutes) { return minutes * 60000 < 4e9 ? (uint32_t)(minutes * 60000 + 0.5) : UINT32_MAX; }

static bool cover(const jx__siting *s) { return s->model == JX_PLAN_COVER_MAX || s->model == JX_PLAN_COVER_ALL; }

/* Within what time a site counts for a cell: --cutoff, or the standard's threshold for town and country. */
static jx_status cutoffs(jx_ctx *ctx, jx__siting *s, uint32_t *most) {
    const jx_county *c = s->study.county;
    const jx_criterion *k = s->study.offer.criterion;
    double given = jx_args_num(s->args, "cutoff", 0);
    *most = 0;
    s->cutoff_ms = jx_malloc(ctx, c->cells.n, sizeof *s->cutoff_ms);
    if (!s->cutoff_ms) {
        return JX_E_NOMEM;
    }
    if (given <= 0 && !k && cover(s)) {
        return JX_FAIL(ctx, SITE_NO_CUTOFF, JX_S(s->study.offer.service->id), JX_S(jx_mode_name(s->study.offer.mode)));
    }
    for (uint32_t i = 0; i < c->cells.n; i++) {
        s->cutoff_ms[i] = given > 0 ? minutes_ms(given) : !k ? 0 : c->cells.urban[i] ? k->urban_ms : k->rural_ms;
        *most = s->cutoff_ms[i] > *most ? s->cutoff_ms[i] : *most;
    }
    return JX_OK;
}

/* "elderly=2": each person of a group that the people table counts has this weight among the cell's, on top of what the place has. */
static bool weigh_group(jx__siting *s, const char *name, size_t n, double w) {
    const jx_county *c = s->study.county;
    bool known = false;
    for (uint32_t g = 0; g < c->n_groups; g++) {
        const jx_people_group *v = &c->groups[g];
        if (strlen(v->name) != n || memcmp(v->name, name, n) != 0) {
            continue;
        }
        known = true;
        for (uint32_t i = 0; i < c->cells.n; i++) {
            double share = c->cells.people[i] > 0 && !isnan(v->people[i]) ? fmin(v->people[i] / c->cells.people[i], 1) : 0;
            s->weight[i] = (uint32_t)(s->weight[i] * (1 + (w - 1) * share) + 0.5);
        }
    }
    return known;
}

/* "rural=2,Vaduz=3": the last that fits a cell holds. In thousandths. */
static jx_status weights(jx_ctx *ctx, jx__siting *s) {
    const jx_county *c = s->study.county;
    const char *text = jx_args_get(s->args, "weights");
    s->weight = jx_malloc(ctx, c->cells.n, sizeof *s->weight);
    if (!s->weight) {
        return JX_E_NOMEM;
    }
    for (uint32_t i = 0; i < c->cells.n; i++) {
        s->weight[i] = 1;
    }
    s->weighted = text != NULL;
    for (uint32_t i = 0; text && i < c->cells.n; i++) {
        s->weight[i] = 100;
    }
    for (const char *p = text; p && *p;) {
        size_t n = strcspn(p, ","), name = strcspn(p, "=");
        double w;
        bool known = false;
        if (name >= n || !jx_parse_double(p + name + 1, n - name - 1, &w) || !(w == 0 || (w >= 0.01 && w <= 1000))) {
            return JX_FAIL(ctx, SITE_WEIGHTS, JX_S(text));
        }
        for (uint32_t i = 0; i < c->cells.n; i++) {
            uint32_t t = c->cells.township[i];
            const char *town = t == JX_NONE ? "" : c->areas[c->township[t]].name;
            bool urban = name == 5 && memcmp(p, "urban", 5) == 0, rural = name == 5 && memcmp(p, "rural", 5) == 0;
            bool fits = urban ? c->cells.urban[i] : rural ? !c->cells.urban[i] : strlen(town) == name && memcmp(town, p, name) == 0;
            known = known || fits || urban || rural;
            s->weight[i] = fits ? (uint32_t)(w * 100 + 0.5) : s->weight[i];
        }
        known = weigh_group(s, p, name, w) || known;
        if (!known) {
            return JX_FAIL(ctx, SITE_WEIGHTS, JX_S(text));
        }
        p += n + (p[n] == ',');
    }
    bool some = !text;
    for (uint32_t i = 0; !some && i < c->cells.n; i++) {
        some = s->weight[i] > 0 && c->cells.people[i] > 0;
    }
    return some ? JX_OK : JX_FAIL(ctx, SITE_WEIGHTS, JX_S(text));
}

/* Parts of the network that no existing site serves, with fewer people than --island-people: a plan that had to serve everybody would
 * spend its sites on them one by one. The part with most people always counts. *left[i] says that a cell lies in one. */
static jx_status islands(jx_ctx *ctx, const jx__siting *s, bool *left) {
    const jx_county *c = s->study.county;
    const jx_mode m = s->study.offer.mode;
    const uint32_t *component = c->network->component[m]; /* joints are on the plain network, with turns too */
    const double least = jx_args_num(s->args, "island-people", 100);
    uint32_t *ms = jx_malloc(ctx, c->cells.n, sizeof *ms), *which = jx_malloc(ctx, s->n_existing, sizeof *which);
    double *people = jx_calloc(ctx, c->network->n_nodes, sizeof *people), most = 0;
    jx_status st = ms && which && people ? JX_OK : JX_E_NOMEM;
    for (uint32_t j = 0; st == JX_OK && j < s->n_existing; j++) {
        which[j] = j;
    }
    st = st == JX_OK ? jx__site_nearest(ctx, s, which, s->n_existing, ms, NULL) : st;
    for (uint32_t i = 0; st == JX_OK && i < c->cells.n; i++) {
        uint32_t e = c->cell_snap[m][i].edge, k = e == JX_NONE ? JX_NONE : component[e];
        if (k != JX_NONE) {
            people[k] += c->cells.people[i];
            most = people[k] > most ? people[k] : most;
        }
    }
    for (uint32_t i = 0; st == JX_OK && i < c->cells.n; i++) {
        uint32_t e = c->cell_snap[m][i].edge, k = e == JX_NONE ? JX_NONE : component[e];
        left[i] = e != JX_NONE && ms[i] == JX_UNREACHABLE && (k == JX_NONE ? c->cells.people[i] < least : people[k] < least && people[k] < most);
    }
    jx_free(ctx, ms);
    jx_free(ctx, which);
    jx_free(ctx, people);
    return st;
}

/* People as whole thousandths; cells that no plan can reach, or none would care for, are left out, and counted. */
static jx_status demand(jx_ctx *ctx, jx__siting *s) {
    const jx_county *c = s->study.county;
    s->demand_per_1000 = jx_args_num(s->args, "demand", 1000);
    s->units = jx_calloc(ctx, c->cells.n, sizeof *s->units);
    bool *left = jx_calloc(ctx, c->cells.n, sizeof *left);
    jx_status st = s->units && left ? JX_OK : JX_E_NOMEM;
    st = st == JX_OK && s->model != JX_PLAN_COVER_MAX ? islands(ctx, s, left) : st;
    for (uint32_t i = 0; st == JX_OK && i < c->cells.n; i++) {
        double people = c->cells.people[i];
        if (c->cell_snap[s->study.offer.mode][i].edge == JX_NONE) {
            s->n_off++;
            s->people_off += people;
        } else if (left[i] || s->table->nearest_ms[i] == JX_UNREACHABLE) {
            s->n_cut++;
            s->people_cut += people;
        } else {
            double units = floor(people * JX__UNITS * s->demand_per_1000 / 1000 + 0.5);
            if (units > 4e9) {
                st = JX_FAIL(ctx, SITE_CELL_PEOPLE, JX_R(people, 0));
                break;
            }
            s->units[i] = (uint32_t)units;
        }
    }
    jx_free(ctx, left);
    return st;
}

/* Entries of the problem: travel times; of the cover models 0 for every site within the cell's own time. */
static jx_status entries(jx_ctx *ctx, jx__siting *s) {
    const jx_table *t = s->table;
    s->row = jx_malloc(ctx, (size_t)t->n_cells + 1, sizeof *s->row);
    s->entry = jx_malloc(ctx, t->row[t->n_cells], sizeof *s->entry);
    if (!s->row || !s->entry) {
        return JX_E_NOMEM;
    }
    uint64_t n = 0;
    for (uint32_t i = 0; i < t->n_cells; i++) {
        s->row[i] = n;
        for (uint64_t k = t->row[i]; k < t->row[i + 1]; k++) {
            uint32_t ms = t->entry[k].time_ms;
            if (ms > s->limit_ms || (cover(s) && ms > s->cutoff_ms[i])) {
                break; /* sorted by time */
            }
            s->entry[n++] = (jx_plan_entry){t->entry[k].facility, cover(s) ? 0 : ms};
        }
    }
    s->row[t->n_cells] = n;
    return JX_OK;
}

static jx_status sites(jx_ctx *ctx, jx__siting *s) {
    bool any = false;
    s->status = jx_malloc(ctx, s->n_sites, sizeof *s->status);
    s->price = jx_malloc(ctx, s->n_sites, sizeof *s->price);
    s->capacity = jx_malloc(ctx, s->n_sites, sizeof *s->capacity);
    if (!s->status || !s->price || !s->capacity) {
        return JX_E_NOMEM;
    }
    uint32_t unknown = 0, away = 0;
    for (uint32_t j = 0; j < s->n_sites; j++) {
        double c = s->site[j].capacity;
        s->status[j] = s->snap[j].edge == JX_NONE ? JX_PLAN_BARRED : s->site[j].status;
        s->price[j] = s->site[j].price;
        s->capacity[j] = isnan(c) ? UINT64_MAX : (uint64_t)floor(c * JX__UNITS + 0.5);
        any = any || (!isnan(c) && jx__site_is_new(s, j));
        away += s->snap[j].edge == JX_NONE && !jx__site_is_new(s, j);
        unknown += isnan(c) && !jx__site_is_new(s, j) ? 1 : 0;
    }
    any = any || jx_args_get(s->args, "existing-capacity");
    if (away > 0) {
        JX_WARN(ctx, SITE_EXISTING_OFF, JX_I(away), JX_I(s->n_existing));
    }
    if (any && unknown > 0) {
        JX_WARN(ctx, SITE_CAPACITY_UNKNOWN, JX_I(unknown));
    }
    if (!any) {
        jx_free(ctx, s->capacity);
        s->capacity = NULL;
    }
    return JX_OK;
}

/* Candidates to open: --add, with the sites that may close counted too, so that what closes can open elsewhere. */
static jx_status limits(jx_ctx *ctx, jx__siting *s) {
    jx_plan_problem *p = &s->problem;
    const char *add = jx_args_get(s->args, "add"), *budget = jx_args_get(s->args, "budget");
    if (!add && !budget && s->model != JX_PLAN_COVER_ALL) {
        return JX_FAIL(ctx, SITE_HOW_MANY, JX_S(jx_plan_model_name(s->model)));
    }
    p->most_open = JX_NONE;
    if (add) {
        p->most_open = (uint32_t)jx_args_num(s->args, "add", 0);
        for (uint32_t j = 0; j < s->n_existing; j++) {
            p->most_open += s->status[j] == JX_PLAN_MAY_CLOSE;
        }
    }
    p->budget = budget ? (uint64_t)jx_args_num(s->args, "budget", 0) : UINT64_MAX;
    p->price = budget || s->model == JX_PLAN_COVER_ALL ? s->price : NULL;
    return JX_OK;
}

static jx_status table(jx_ctx *ctx, jx__siting *s, uint32_t most_cutoff) {
    double longest = jx_args_num(s->args, "max-minutes", 0);
    s->limit_ms = longest > 0 ? minutes_ms(longest) : UINT32_MAX;
    uint32_t reach = cover(s) && most_cutoff < s->limit_ms ? most_cutoff : s->limit_ms;
    double pairs = (double)s->study.county->cells.n * s->n_sites;
    if (reach == UINT32_MAX && pairs > most_pairs) {
        return JX_FAIL(ctx, SITE_TOO_MANY, JX_I(s->study.county->cells.n), JX_I(s->n_sites));
    }
    jx_progress(ctx, N_("travel times"), 0, 0);
    return jx__study_table(ctx, &s->study, s->study.offer.mode, s->snap, s->n_sites, reach, &s->table);
}

static jx_status reach_text(jx_ctx *ctx, jx__siting *s) {
    jx_buf b;
    double ms = s->limit_ms;
    for (uint32_t i = 0; cover(s) && i < s->study.county->cells.n; i++) {
        ms = i == 0 || s->cutoff_ms[i] > ms ? s->cutoff_ms[i] : ms;
    }
    ms = ms > s->limit_ms ? s->limit_ms : ms;
    jx_buf_init(&b, ctx);
    jx_buf_double(&b, ms / 60000);
    jx_buf_str(&b, " min");
    jx_status st = jx_buf_ok(&b);
    s->problem.reach_text = st == JX_OK ? jx_arena_strn(ctx, s->arena, b.s, b.n) : NULL;
    jx_buf_release(&b);
    return s->problem.reach_text ? st : JX_E_NOMEM;
}

/* ---- referral -------------------------------------------------------------------------------------------------------------------------- */

/* Ways on from every site to the service above. */
static jx_status referral(jx_ctx *ctx, jx__siting *s) {
    const char *above = jx_args_get(s->args, "refer-to");
    if (!above) {
        return JX_OK;
    }
    if (s->model != JX_PLAN_MEDIAN || s->capacity) {
        return JX_FAIL0(ctx, PLAN_LEVELS);
    }
    const jx__study *y = &s->study;
    jx_mode mode = JX_CAR; /* patients are driven on */
    if (!y->county->times[mode]) {
        return JX_FAIL0(ctx, SITE_ENGINE);
    }
    JX_TRY(jx__offer_open(ctx, y, above, mode, 0, false, &s->above));
    if (s->above.n == 0) {
        return JX_FAIL(ctx, SITE_NO_ABOVE, JX_S(above));
    }
    jx_pt *pts = jx_malloc(ctx, s->n_sites, sizeof *pts);
    jx_snap *snap = jx_malloc(ctx, s->n_sites, sizeof *snap);
    s->referral = jx_malloc(ctx, (size_t)s->n_sites * s->above.n, sizeof *s->referral);
    jx_status st = pts && snap && s->referral ? JX_OK : JX_E_NOMEM;
    for (uint32_t j = 0; st == JX_OK && j < s->n_sites; j++) {
        pts[j] = s->site[j].pt;
    }
    if (st == JX_OK) {
        st = jx__study_snap(ctx, y, mode, pts, s->n_sites, snap);
    }
    if (st == JX_OK) {
        st = jx_matrix(ctx, y->county->road[mode], y->county->road_metric[mode], y->county->times[mode], snap, s->n_sites, s->above.snap, s->above.n,
                       JX_UNREACHABLE, s->referral);
    }
    jx_free(ctx, pts);
    jx_free(ctx, snap);
    s->two_levels = st == JX_OK;
    s->levels = (jx_plan_levels){.n_upper = s->above.n, .referral = s->referral, .upper_most_open = 0,
                                 .share_permille = (uint32_t)(jx_args_num(s->args, "refer-share", 0.2) * 1000 + 0.5)};
    uint8_t *kept = jx_arena_alloc(ctx, s->arena, s->above.n, 1);
    if (!kept) {
        return JX_E_NOMEM;
    }
    memset(kept, JX_PLAN_KEPT, s->above.n);
    s->levels.upper_status = kept;
    return st;
}

/* --unreachable leave: nothing that could be built serves these cells, so the plan is about the others. */
static jx_status leave(jx_ctx *ctx, jx__siting *s) {
    const char *asked = jx_args_get(s->args, "unreachable");
    if (!asked || strcmp(asked, "leave") != 0 || s->model == JX_PLAN_COVER_MAX) {
        return JX_OK;
    }
    for (uint32_t i = 0; i < s->table->n_cells; i++) {
        bool any = s->units[i] == 0;
        for (uint64_t k = s->row[i]; !any && k < s->row[i + 1]; k++) {
            any = s->status[s->entry[k].site] != JX_PLAN_BARRED;
        }
        if (!any) {
            s->units[i] = 0;
            s->n_beyond++;
            s->people_beyond += s->study.county->cells.people[i];
        }
    }
    if (s->n_beyond > 0) {
        JX_WARN(ctx, SITE_BEYOND, JX_I(s->n_beyond), JX_R(s->people_beyond, 0), JX_S(s->problem.reach_text));
    }
    return JX_OK;
}

jx_status jx__site_problem(jx_ctx *ctx, jx__siting *s) {
    uint32_t most;
    JX_TRY(cutoffs(ctx, s, &most));
    JX_TRY(weights(ctx, s));
    JX_TRY(table(ctx, s, most));
    JX_TRY(demand(ctx, s));
    JX_TRY(entries(ctx, s));
    JX_TRY(sites(ctx, s));
    jx_plan_problem *p = &s->problem;
    *p = (jx_plan_problem){.model = s->model, .n_demands = s->table->n_cells, .n_sites = s->n_sites, .row = s->row, .entry = s->entry, .people = s->units,
                           .weight = s->weighted ? s->weight : NULL, .status = s->status, .capacity = s->capacity,
                           .single = jx_args_get(s->args, "assign") && strcmp(jx_args_get(s->args, "assign"), "whole") == 0, .limit = UINT32_MAX,
                           .cutoff = 0, .covers = (uint32_t)jx_args_num(s->args, "covers", 1), .units_per_person = JX__UNITS,
                           .backup_permille = (uint32_t)(jx_args_num(s->args, "backup-worth", 0.5) * 1000 + 0.5),
                           .seed = (uint64_t)jx_args_num(s->args, "seed", 1), .most_nodes = jx_args_flag(s->args, "preview") ? 0 : UINT64_MAX,
                           .no_runner_up = jx_args_flag(s->args, "preview")};
    JX_TRY(limits(ctx, s));
    JX_TRY(reach_text(ctx, s));
    JX_TRY(leave(ctx, s));
    JX_TRY(referral(ctx, s));
    if (s->n_off + s->n_cut > 0) {
        JX_WARN(ctx, SITE_LEFT_OUT, JX_I(s->n_off), JX_R(s->people_off, 0), JX_I(s->n_cut), JX_R(s->people_cut, 0));
    }
    return JX_OK;
}
