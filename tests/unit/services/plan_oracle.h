/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The slow truth for plans: every subset of sites, and for each the best assignment by dynamic programming over the rooms left. Written
 * from the definitions in plan.h, sharing no code with the solver. For up to a dozen sites and a dozen demands of few units.
 */
#ifndef JX_TESTS_PLAN_ORACLE_H
#define JX_TESTS_PLAN_ORACLE_H

#include <stdlib.h>

#include "junxian/plan.h"

#define NO_PLAN UINT64_MAX

static inline uint64_t oracle_min(uint64_t a, uint64_t b) { return a < b ? a : b; }

static inline uint32_t oracle_cost(const jx_plan_problem *p, uint32_t i, uint32_t j) {
    for (uint64_t k = p->row[i]; k < p->row[i + 1]; k++) {
        if (p->entry[k].site == j) {
            return p->entry[k].cost;
        }
    }
    return UINT32_MAX;
}

/* Worth of all units of demand i at site j in the objective of the model (radius: of p-centre, then 0 or impossible); NO_PLAN: not allowed. */
static inline uint64_t oracle_unit(const jx_plan_problem *p, uint32_t i, uint32_t j, uint32_t radius) {
    uint32_t c = oracle_cost(p, i, j);
    if (c == UINT32_MAX || c > p->limit) {
        return NO_PLAN;
    }
    switch (p->model) {
    case JX_PLAN_MEDIAN: return (uint64_t)c * (p->weight ? p->weight[i] : 1);
    case JX_PLAN_CENTER: return c <= radius ? 0 : NO_PLAN;
    default: return c <= p->cutoff ? 0 : NO_PLAN;
    }
}

/* ---- capacities: rooms left as a number in mixed radix ------------------------------------------------------------------------------ */

typedef struct oracle_dp {
    const jx_plan_problem *p;
    uint32_t site[16], n_sites, radix[16], radius;
    uint64_t *memo; /* n_demands x states */
    size_t states;
} oracle_dp;

static inline uint64_t oracle_rest(oracle_dp *d, uint32_t i, uint32_t *room);

/* Distribute `left` units of demand i over the sites from s on. */
static inline uint64_t oracle_deal(oracle_dp *d, uint32_t i, uint32_t s, uint32_t left, uint32_t *room) {
    const jx_plan_problem *p = d->p;
    if (s == d->n_sites) {
        if (left > 0 && p->model != JX_PLAN_COVER_MAX) {
            return NO_PLAN;
        }
        if (left > 0 && p->single && left != p->people[i]) {
            return NO_PLAN;
        }
        uint64_t rest = oracle_rest(d, i + 1, room);
        return rest == NO_PLAN ? NO_PLAN : rest + (uint64_t)left * (p->weight ? p->weight[i] : 1);
    }
    uint64_t best = NO_PLAN, unit = oracle_unit(p, i, d->site[s], d->radius);
    for (uint32_t u = 0; u <= left; u++) {
        if ((u > 0 && (unit == NO_PLAN || u > room[s])) || (p->single && u != 0 && u != p->people[i])) {
            continue;
        }
        room[s] -= u;
        uint64_t rest = oracle_deal(d, i, s + 1, left - u, room);
        room[s] += u;
        if (rest != NO_PLAN) {
            best = oracle_min(best, rest + (u > 0 ? u * unit : 0));
        }
    }
    return best;
}

static inline uint64_t oracle_rest(oracle_dp *d, uint32_t i, uint32_t *room) {
    if (i == d->p->n_demands) {
        return 0;
    }
    size_t state = 0;
    for (uint32_t s = 0; s < d->n_sites; s++) {
        state = state * d->radix[s] + room[s];
    }
    uint64_t *m = &d->memo[(size_t)i * d->states + state];
    if (*m == NO_PLAN - 1) {
        *m = oracle_deal(d, i, 0, d->p->people[i], room);
    }
    return *m;
}

static inline uint64_t oracle_capped(const jx_plan_problem *p, uint32_t set, uint32_t radius) {
    oracle_dp d = {.p = p, .radius = radius, .states = 1};
    uint32_t room[16], total = 0;
    for (uint32_t i = 0; i < p->n_demands; i++) {
        total += p->people[i];
    }
    for (uint32_t j = 0; j < p->n_sites; j++) {
        if (set >> j & 1) {
            uint32_t cap = p->capacity[j] < total ? (uint32_t)p->capacity[j] : total;
            room[d.n_sites] = cap;
            d.radix[d.n_sites] = cap + 1;
            d.site[d.n_sites++] = j;
            d.states *= cap + 1;
        }
    }
    d.memo = malloc(d.states * (p->n_demands + 1) * sizeof *d.memo);
    for (size_t k = 0; k < d.states * (p->n_demands + 1); k++) {
        d.memo[k] = NO_PLAN - 1;
    }
    uint64_t v = oracle_rest(&d, 0, room);
    free(d.memo);
    return v;
}

/* ---- one set of sites ------------------------------------------------------------------------------------------------------------------ */

static inline uint64_t oracle_free(const jx_plan_problem *p, uint32_t set) {
    uint64_t sum = 0, worst = 0;
    uint32_t need = p->covers == 2 ? 2 : 1;
    for (uint32_t i = 0; i < p->n_demands; i++) {
        uint64_t best = NO_PLAN, w = (uint64_t)p->people[i] * (p->weight ? p->weight[i] : 1);
        uint32_t covers = 0;
        if (p->people[i] == 0) {
            continue;
        }
        for (uint32_t j = 0; j < p->n_sites; j++) {
            uint32_t c = oracle_cost(p, i, j);
            if ((set >> j & 1) && c != UINT32_MAX && c <= p->limit) {
                best = oracle_min(best, c);
                covers += c <= p->cutoff;
            }
        }
        if (p->model == JX_PLAN_COVER_MAX) {
            uint64_t second = p->backup_permille;
            sum += need == 1 ? (covers ? 0 : w) : covers >= 2 ? 0 : covers == 1 ? w * second : w * 1000;
        } else if (p->model == JX_PLAN_COVER_ALL ? covers < need : best == NO_PLAN) {
            return NO_PLAN;
        } else if (p->model == JX_PLAN_MEDIAN) {
            sum += w * best;
        } else if (p->model == JX_PLAN_CENTER) {
            worst = best > worst ? best : worst;
        }
    }
    return p->model == JX_PLAN_CENTER ? worst : sum;
}

static inline uint64_t oracle_centre_capped(const jx_plan_problem *p, uint32_t set) {
    uint64_t best = NO_PLAN;
    uint32_t total = 0;
    for (uint32_t i = 0; i < p->n_demands; i++) {
        total += p->people[i];
        for (uint32_t j = 0; j < p->n_sites; j++) {
            uint32_t c = oracle_cost(p, i, j);
            if (c != UINT32_MAX && c <= p->limit && c < best && p->people[i] > 0 && oracle_capped(p, set, c) == 0) {
                best = c;
            }
        }
    }
    return total == 0 ? 0 : best;
}

/* Value of a set, NO_PLAN where it breaks anything. */
static inline uint64_t oracle_value(const jx_plan_problem *p, uint32_t set) {
    uint64_t count = 0, spent = 0, price_sum = 0;
    for (uint32_t j = 0; j < p->n_sites; j++) {
        uint8_t status = p->status ? p->status[j] : JX_PLAN_NEW;
        bool in = set >> j & 1;
        if ((status == JX_PLAN_KEPT && !in) || (status == JX_PLAN_BARRED && in)) {
            return NO_PLAN;
        }
        if (in && status != JX_PLAN_KEPT) {
            count++;
            spent += p->price ? p->price[j] : 1;
            price_sum += p->price ? p->price[j] : 1;
        }
    }
    if ((p->most_open != JX_NONE && count > p->most_open) || spent > p->budget) {
        return NO_PLAN;
    }
    uint64_t v = !p->capacity ? oracle_free(p, set) : p->model == JX_PLAN_CENTER ? oracle_centre_capped(p, set) : oracle_capped(p, set, 0);
    return v == NO_PLAN || p->model != JX_PLAN_COVER_ALL ? v : v + price_sum;
}

/* Best of all sets; `without`: only of those that lack one of these sites (0: all). */
static inline uint64_t oracle_best(const jx_plan_problem *p, uint32_t without) {
    uint64_t best = NO_PLAN;
    for (uint32_t set = 0; set < 1u << p->n_sites; set++) {
        if (without == 0 || (set & without) != without) {
            best = oracle_min(best, oracle_value(p, set));
        }
    }
    return best;
}

#endif
