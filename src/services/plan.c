/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** jx_plan_solve: check, search, and what a plan must say of itself: who goes where, what each site brings, the runner-up. */
#include "services/plan_internal.h"

static const char *const model_names[JX_N_PLAN_MODELS] = {"p-median", "p-center", "mclp", "lscp"};

const char *jx_plan_model_name(jx_plan_model m) { return (unsigned)m < JX_N_PLAN_MODELS ? model_names[m] : ""; }

bool jx_plan_model_parse(const char *s, jx_plan_model *out) {
    for (int m = 0; m < JX_N_PLAN_MODELS; m++) {
        if (strcmp(s, model_names[m]) == 0) {
            *out = (jx_plan_model)m;
            return true;
        }
    }
    return false;
}

static bool by_radius(const jx_plan_problem *p) { return p->model == JX_PLAN_CENTER && p->capacity; }

jx_status jx__solver_new(jx_ctx *ctx, const jx_plan_problem *p, jx__solver *s) {
    *s = (jx__solver){.p = p};
    return by_radius(p) ? JX_OK : jx__inst_new(ctx, p, &(jx__form){.model = p->model, .plain = p->model == JX_PLAN_CENTER}, &s->t);
}

jx_status jx__solver_run(jx_ctx *ctx, const jx__solver *s, const jx__goal *g, uint8_t *best, jx__found *out) {
    *out = (jx__found){.value = JX__NO_VALUE};
    return by_radius(s->p)                    ? jx__centre_run(ctx, s->p, g, best, out)
           : s->p->model == JX_PLAN_CENTER ? jx__search_quick(ctx, &s->t, true, g, best, out)
                                              : jx__search_run(ctx, &s->t, g, best, out);
}

jx_status jx__plan_run(jx_ctx *ctx, const jx_plan_problem *p, const jx__goal *g, uint8_t *best, jx__found *out) {
    jx__solver s;
    jx_status st = jx__solver_new(ctx, p, &s);
    st = st == JX_OK ? jx__solver_run(ctx, &s, g, best, out) : st;
    jx__inst_release(ctx, &s.t);
    return st;
}

enum { SPLIT_NODES = 500 };

/* ---- a finished set ------------------------------------------------------------------------------------------------------------------ */

/* Everything about the open sites that takes one instance. */
typedef struct detail {
    jx_ctx *ctx;
    const jx_plan_problem *p;
    jx__solver solver;
    jx__inst t; /* of the model, with all entries; of CENTER nothing */
    jx__brake brake;
    jx__shares shares;
    uint8_t *open;
    jx_plan *out;
} detail;

static jx_status value_of(detail *d, const uint8_t *open, uint64_t *value, uint64_t *lower) {
    return d->p->model == JX_PLAN_CENTER ? jx__centre_value(d->ctx, &d->brake, d->p, open, value, lower)
                                         : jx__value(d->ctx, &d->brake, &d->t, open, JX__FULL, JX__NO_VALUE, value, lower, NULL);
}

static jx_status losses(detail *d) {
    jx_plan *o = d->out;
    for (uint32_t k = 0; k < o->n_open; k++) {
        uint64_t v, least;
        d->open[o->open[k]] = 0;
        JX_TRY(value_of(d, d->open, &v, &least));
        d->open[o->open[k]] = 1;
        /* where sites cost, doing without one that is not needed saves its price: no loss */
        o->loss[k] = least != v ? JX_PLAN_LOSS_UNKNOWN : v == JX__NO_VALUE ? UINT64_MAX : v > o->objective ? v - o->objective : 0;
    }
    return JX_OK;
}

static void nearest_open(const jx_plan_problem *p, const uint8_t *open, jx_plan *o) {
    for (uint32_t i = 0; i < p->n_demands; i++) {
        o->site[i] = JX_NONE;
        o->cost[i] = UINT32_MAX;
        for (uint64_t k = p->row[i]; k < p->row[i + 1]; k++) {
            jx_plan_entry e = p->entry[k];
            if (open[e.site] && e.cost <= p->limit && (e.cost < o->cost[i] || o->site[i] == JX_NONE || (e.cost == o->cost[i] && e.site < o->site[i]))) {
                o->site[i] = e.site;
                o->cost[i] = e.cost;
            }
        }
    }
}

/* A cover's people may as well go where the ways are short, as far as that keeps the objective. */
static jx_status shorten(detail *d) {
    jx_plan_problem q = *d->p;
    jx__inst t;
    jx__shares shares = {0};
    uint64_t value = JX__NO_VALUE, lower;
    q.model = JX_PLAN_MEDIAN;
    q.limit = jx__plan_reach(d->p);
    jx_status st = jx__inst_new(d->ctx, &q, &(jx__form){.model = q.model}, &t);
    if (st == JX_OK) {
        st = jx__value(d->ctx, &d->brake, &t, d->open, JX__SOME, JX__NO_VALUE, &value, &lower, &shares);
    }
    for (size_t k = 0; st == JX_OK && k < shares.n; k++) {
        shares.v[k].demand = t.demand[shares.v[k].demand];
    }
    jx__inst_release(d->ctx, &t);
    if (st == JX_OK && value != JX__NO_VALUE) {
        jx_vec_free(d->ctx, &d->shares);
        d->shares = shares;
        return JX_OK;
    }
    jx_vec_free(d->ctx, &shares);
    return st;
}

/* With capacities: who goes where, and where most of each demand does. */
static void tell_shares(detail *d) {
    const jx_plan_problem *p = d->p;
    jx_plan *o = d->out;
    o->share = d->shares.v;
    o->n_shares = (uint32_t)d->shares.n;
    d->shares = (jx__shares){0};
    uint32_t most = 0, last = JX_NONE;
    for (uint32_t k = 0; k < o->n_shares; k++) {
        jx_plan_share s = o->share[k];
        most = s.demand == last ? most : 0;
        last = s.demand;
        if (s.units > most) {
            most = s.units;
            o->site[s.demand] = s.site;
            for (uint64_t e = p->row[s.demand]; e < p->row[s.demand + 1]; e++) {
                o->cost[s.demand] = p->entry[e].site == s.site ? p->entry[e].cost : o->cost[s.demand];
            }
        }
    }
}

/* The best plan that does without one at least of the sites that were opened: without the first, or with the first and without the second ... */
static jx_status runner_up(detail *d, const jx__goal *base) {
    const jx_plan_problem *p = d->p;
    jx_plan *o = d->out;
    uint8_t *force = jx_calloc(d->ctx, p->n_sites, 1), *set = jx_malloc(d->ctx, p->n_sites, 1), *best = jx_malloc(d->ctx, p->n_sites, 1);
    jx_status st = force && set && best ? JX_OK : JX_E_NOMEM;
    uint64_t value = JX__NO_VALUE;
    bool all = true;
    for (uint32_t k = 0; st == JX_OK && value > o->bound && k < o->n_open; k++) { /* at the bound nothing is better */
        uint32_t j = o->open[k];
        if (p->status && p->status[j] == JX_PLAN_KEPT) {
            continue;
        }
        if (jx__brake_now(&d->brake)) {
            all = false;
            break;
        }
        jx__goal g = *base;
        jx__found f;
        force[j] = JX__SHUT;
        g.force = force;
        g.start = NULL;
        g.cutoff = value;
        g.floor = o->bound;
        st = jx__solver_run(d->ctx, &d->solver, &g, set, &f);
        if (st == JX_OK && f.value < value) {
            value = f.value;
            memcpy(best, set, p->n_sites);
        }
        all = (all && st == JX_OK && !f.stopped) || value == o->bound;
        force[j] = JX__OPEN;
    }
    o->second_cut = !all && d->brake.on;
    if (st == JX_OK && value != JX__NO_VALUE) {
        o->second = jx_malloc(d->ctx, p->n_sites, sizeof *o->second);
        st = o->second ? JX_OK : JX_E_NOMEM;
        for (uint32_t j = 0; st == JX_OK && j < p->n_sites; j++) {
            if (best[j]) {
                o->second[o->n_second++] = j;
            }
        }
        o->second_objective = value;
        o->second_proved = all;
    }
    jx_free(d->ctx, force);
    jx_free(d->ctx, set);
    jx_free(d->ctx, best);
    return st;
}

static jx_status fill(detail *d, const jx__found *f) {
    const jx_plan_problem *p = d->p;
    jx_plan *o = d->out;
    o->objective = f->value;
    o->bound = f->bound < f->value ? f->bound : f->value;
    o->proved = o->bound == o->objective;
    o->gap = o->objective == 0 ? 0 : (double)(o->objective - o->bound) / (double)o->objective;
    o->seed = p->seed;
    o->nodes = f->nodes;
    o->steps = f->steps;
    o->open = jx_malloc(d->ctx, p->n_sites, sizeof *o->open);
    o->site = jx_malloc(d->ctx, p->n_demands, sizeof *o->site);
    o->cost = jx_malloc(d->ctx, p->n_demands, sizeof *o->cost);
    o->loss = jx_malloc(d->ctx, p->n_sites, sizeof *o->loss);
    if (!o->open || !o->site || !o->cost || !o->loss) {
        return JX_E_NOMEM;
    }
    for (uint32_t j = 0; j < p->n_sites; j++) {
        if (d->open[j]) {
            o->open[o->n_open++] = j;
        }
    }
    nearest_open(p, d->open, o);
    if (p->capacity) {
        JX_TRY(p->model == JX_PLAN_COVER_ALL ? shorten(d) : JX_OK);
        tell_shares(d);
    }
    return losses(d);
}

/* Of the plans with the least farthest cost, one with a low mean: a few steps of the p-median within that cost. */
static jx_status polish_centre(detail *d, uint64_t radius) {
    jx_plan_problem q = *d->p;
    jx__shares shares = {0};
    jx__found f;
    uint8_t *set = jx_malloc(d->ctx, q.n_sites, 1);
    const jx__goal g = {.start = d->open, .cutoff = JX__NO_VALUE, .first = q.capacity != NULL, .brake = &d->brake, .shares = &shares};
    q.model = JX_PLAN_MEDIAN;
    q.limit = (uint32_t)radius;
    jx_status st = set ? jx__plan_run(d->ctx, &q, &g, set, &f) : JX_E_NOMEM;
    if (st == JX_OK && f.value != JX__NO_VALUE) {
        memcpy(d->open, set, q.n_sites);
        jx_vec_free(d->ctx, &d->shares);
        d->shares = shares;
        shares = (jx__shares){0};
    }
    jx_vec_free(d->ctx, &shares);
    jx_free(d->ctx, set);
    return st;
}

/* Whole demands: what splitting them could do at best bounds them, and its sites are the first to try. */
static jx_status split_first(detail *d, jx__goal *g, jx__found *f) {
    jx_plan_problem q = *d->p;
    jx__goal u = *g;
    *f = (jx__found){.value = JX__NO_VALUE};
    if (!q.capacity || !q.single || q.model == JX_PLAN_CENTER) {
        return JX_OK;
    }
    q.single = false;
    u.shares = NULL;
    u.most_nodes = u.most_nodes < SPLIT_NODES ? u.most_nodes : SPLIT_NODES;
    JX_TRY(jx__plan_run(d->ctx, &q, &u, d->open, f));
    g->start = f->value != JX__NO_VALUE ? d->open : NULL;
    g->floor = f->bound;
    return JX_OK;
}

static jx_status no_plan(jx_ctx *ctx, const jx_plan_problem *p, jx__brake *brake, const jx__found *f) {
    return brake->cancelled ? jx_poll(ctx) : f->stopped ? JX_FAIL0(ctx, PLAN_UNDECIDED) : jx__plan_blame(ctx, brake, p);
}

static jx_status solve(jx_ctx *ctx, const jx_plan_problem *p, detail *d) {
    jx__found f, split;
    jx__goal g = {.cutoff = JX__NO_VALUE, .most_nodes = p->most_nodes, .brake = &d->brake, .seed = p->seed, .shares = &d->shares};
    uint8_t *best = d->open = jx_calloc(ctx, (size_t)p->n_sites * 2, 1);
    if (!d->open) {
        return JX_E_NOMEM;
    }
    JX_TRY(jx__solver_new(ctx, p, &d->solver));
    JX_TRY(split_first(d, &g, &split));
    best += g.start ? p->n_sites : 0;
    JX_TRY(jx__solver_run(ctx, &d->solver, &g, best, &f));
    if (f.value == JX__NO_VALUE) {
        return no_plan(ctx, p, &d->brake, &f);
    }
    memmove(d->open, best, p->n_sites);
    f.bound = f.bound > g.floor ? f.bound : g.floor;
    f.nodes += split.nodes;
    f.steps += split.steps;
    if (p->model != JX_PLAN_CENTER) {
        JX_TRY(jx__inst_new(ctx, p, &(jx__form){.model = p->model, .full = true}, &d->t));
    } else if (!d->brake.on) {
        JX_TRY(polish_centre(d, f.value));
    }
    JX_TRY(fill(d, &f));
    g.start = NULL;
    g.shares = NULL;
    return p->no_runner_up ? JX_OK : runner_up(d, &g);
}

jx_status jx_plan_solve(jx_ctx *ctx, const jx_plan_problem *p, jx_plan *out) {
    detail d = {.ctx = ctx, .p = p, .out = out, .brake = {.ctx = ctx, .stop = p->stop, .user = p->stop_user}};
    *out = (jx_plan){0};
    JX_TRY(jx__plan_check(ctx, p));
    JX_TRY(jx__plan_possible(ctx, p));
    jx_status st = solve(ctx, p, &d);
    jx__inst_release(ctx, &d.solver.t);
    jx__inst_release(ctx, &d.t);
    jx_vec_free(ctx, &d.shares);
    jx_free(ctx, d.open);
    if (st != JX_OK) {
        jx_plan_release(ctx, out);
    }
    return st == JX_OK && d.brake.cancelled ? JX_E_CANCELLED : st;
}

void jx_plan_release(jx_ctx *ctx, jx_plan *p) {
    void *const blocks[] = {p->open, p->loss, p->site, p->cost, p->share, p->second};
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) {
        jx_free(ctx, blocks[k]);
    }
    *p = (jx_plan){0};
}

jx_status jx_plan_value(jx_ctx *ctx, const jx_plan_problem *p, const uint8_t *open, uint64_t *objective) {
    detail d = {.ctx = ctx, .p = p, .brake = {.ctx = ctx}};
    uint64_t lower;
    JX_TRY(jx__plan_check(ctx, p));
    jx_status st = jx__inst_new(ctx, p, &(jx__form){.model = p->model == JX_PLAN_CENTER ? JX_PLAN_MEDIAN : p->model, .full = true}, &d.t);
    d.open = jx_malloc(ctx, p->n_sites, 1);
    st = st == JX_OK && !d.open ? JX_E_NOMEM : st;
    for (uint32_t j = 0; st == JX_OK && j < p->n_sites; j++) {
        d.open[j] = open[j] || (p->status && p->status[j] == JX_PLAN_KEPT);
    }
    *objective = JX__NO_VALUE;
    if (st == JX_OK && jx__affordable(&d.t, d.open)) {
        st = value_of(&d, d.open, objective, &lower);
    }
    if (st == JX_OK && *objective == JX__NO_VALUE) {
        st = JX_FAIL0(ctx, PLAN_IMPOSSIBLE);
    }
    jx_free(ctx, d.open);
    jx__inst_release(ctx, &d.t);
    return st;
}
