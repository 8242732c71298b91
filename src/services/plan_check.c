/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Is a problem well made, and if no plan can hold: which constraint is it? */
#include "services/plan_internal.h"

uint32_t jx__plan_reach(const jx_plan_problem *p) {
    bool cover = p->model == JX_PLAN_COVER_MAX || p->model == JX_PLAN_COVER_ALL;
    return cover && p->cutoff < p->limit ? p->cutoff : p->limit;
}

static jx_status check_rows(jx_ctx *ctx, const jx_plan_problem *p) {
    uint32_t *seen = jx_calloc(ctx, p->n_sites, sizeof *seen);
    jx_status st = seen ? JX_OK : JX_E_NOMEM;
    if (st == JX_OK && p->row[0] != 0) {
        st = JX_FAIL(ctx, PLAN_PROBLEM, JX_T(N_("rows of costs must begin at 0")));
    }
    for (uint32_t i = 0; st == JX_OK && i < p->n_demands; i++) {
        if (p->row[i + 1] < p->row[i]) {
            st = JX_FAIL(ctx, PLAN_PROBLEM, JX_T(N_("rows of costs must not overlap")));
            break;
        }
        for (uint64_t k = p->row[i]; st == JX_OK && k < p->row[i + 1]; k++) {
            uint32_t j = p->entry[k].site;
            if (j >= p->n_sites || seen[j] == i + 1) {
                st = JX_FAIL(ctx, PLAN_PROBLEM, JX_T(N_("a row of costs names an unknown site, or one twice")));
            } else {
                seen[j] = i + 1;
            }
        }
    }
    jx_free(ctx, seen);
    return st;
}

jx_status jx__plan_check(jx_ctx *ctx, const jx_plan_problem *p) {
    bool cover = p->model == JX_PLAN_COVER_MAX || p->model == JX_PLAN_COVER_ALL;
    if ((unsigned)p->model >= JX_N_PLAN_MODELS || p->covers > 2 || p->backup_permille > 500) {
        return JX_FAIL(ctx, PLAN_PROBLEM, JX_T(N_("model, covers or worth of the second cover is out of range")));
    }
    if (p->n_sites == 0) {
        return JX_FAIL(ctx, PLAN_PROBLEM, JX_T(N_("there is no site")));
    }
    if (p->covers == 2 && (p->capacity || !cover)) {
        return JX_FAIL0(ctx, PLAN_COMBINATION);
    }
    for (uint32_t j = 0; p->status && j < p->n_sites; j++) {
        if (p->status[j] > JX_PLAN_BARRED) {
            return JX_FAIL(ctx, PLAN_PROBLEM, JX_T(N_("a site has an unknown status")));
        }
    }
    return check_rows(ctx, p);
}

/* ---- constraints that one can name ----------------------------------------------------------------------------------------------- */

static int64_t persons(const jx_plan_problem *p, uint64_t units) {
    uint64_t per = p->units_per_person ? p->units_per_person : 1;
    return (int64_t)((units + per / 2) / per);
}

static bool usable(const jx_plan_problem *p, uint32_t i, const jx_plan_entry *e) {
    return e->cost <= jx__plan_reach(p) && !(p->status && p->status[e->site] == JX_PLAN_BARRED) &&
           !(p->capacity && p->single && p->capacity[e->site] < p->people[i]);
}

static jx_status nobody_near(jx_ctx *ctx, const jx_plan_problem *p) {
    uint32_t need = p->covers == 2 ? 2 : 1, n = 0;
    uint64_t units = 0;
    for (uint32_t i = 0; i < p->n_demands; i++) {
        uint32_t have = 0;
        for (uint64_t k = p->row[i]; k < p->row[i + 1]; k++) {
            have += usable(p, i, &p->entry[k]);
        }
        if (p->people[i] > 0 && have < need) {
            n++;
            units += p->people[i];
        }
    }
    if (n == 0) {
        return JX_OK;
    }
    jx_buf b;
    jx_buf_init(&b, ctx);
    p->reach_text ? jx_buf_str(&b, p->reach_text) : jx_buf_int(&b, jx__plan_reach(p));
    jx_status st = jx_buf_ok(&b);
    if (st == JX_OK) {
        st = need == 2 ? JX_FAIL(ctx, PLAN_NO_SECOND, JX_I(n), JX_I(persons(p, units)), JX_S(b.s))
                       : JX_FAIL(ctx, PLAN_NO_SITE, JX_I(n), JX_I(persons(p, units)), JX_S(b.s));
    }
    jx_buf_release(&b);
    return st;
}

static int descending(const void *a, const void *b, void *user) {
    (void)user;
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x > y ? -1 : x < y;
}

/* The largest sites that the count allows, together. */
static jx_status too_small(jx_ctx *ctx, const jx_plan_problem *p) {
    uint64_t total = 0, room = 0, *cap = jx_malloc(ctx, p->n_sites, sizeof *cap);
    uint8_t *near = jx_calloc(ctx, p->n_sites, 1); /* somebody can use it */
    uint32_t n = 0;
    if (!cap || !near) {
        jx_free(ctx, cap);
        jx_free(ctx, near);
        return JX_E_NOMEM;
    }
    for (uint32_t i = 0; i < p->n_demands; i++) {
        total += p->people[i];
        for (uint64_t k = p->row[i]; p->people[i] > 0 && k < p->row[i + 1]; k++) {
            near[p->entry[k].site] = near[p->entry[k].site] || usable(p, i, &p->entry[k]);
        }
    }
    for (uint32_t j = 0; j < p->n_sites; j++) {
        uint8_t status = p->status ? p->status[j] : JX_PLAN_NEW;
        uint64_t c = !near[j] ? 0 : p->capacity[j] < total ? p->capacity[j] : total;
        room += status == JX_PLAN_KEPT ? c : 0;
        if (status == JX_PLAN_NEW || status == JX_PLAN_MAY_CLOSE) {
            cap[n++] = c;
        }
    }
    jx_status st = jx_sort(ctx, cap, n, sizeof *cap, descending, NULL);
    for (uint32_t k = 0; k < n && k < p->most_open && room < total; k++) {
        room += cap[k];
    }
    jx_free(ctx, cap);
    jx_free(ctx, near);
    return st != JX_OK || room >= total ? st : JX_FAIL(ctx, PLAN_CAPACITY, JX_I(persons(p, room)), JX_I(persons(p, total)));
}

jx_status jx__plan_possible(jx_ctx *ctx, const jx_plan_problem *p) {
    if (p->model == JX_PLAN_COVER_MAX) {
        return JX_OK;
    }
    JX_TRY(nobody_near(ctx, p));
    return p->capacity ? too_small(ctx, p) : JX_OK;
}

/* The least sum of prices that serves everybody, whatever count and budget say; JX__NO_VALUE: no set does. */
static jx_status least(jx_ctx *ctx, jx__brake *brake, const jx_plan_problem *p, bool count, uint64_t *value) {
    jx_plan_problem q = *p;
    jx__found f;
    uint8_t *set = jx_malloc(ctx, p->n_sites, 1);
    q.model = JX_PLAN_COVER_ALL;
    q.cutoff = jx__plan_reach(p);
    q.most_open = JX_NONE;
    q.budget = UINT64_MAX;
    q.price = count ? NULL : p->price;
    jx_status st = set ? jx__plan_run(ctx, &q, &(jx__goal){.cutoff = JX__NO_VALUE, .most_nodes = 20000, .brake = brake}, set, &f) : JX_E_NOMEM;
    *value = st == JX_OK ? (f.value == JX__NO_VALUE && f.stopped ? 0 : f.bound) : 0;
    jx_free(ctx, set);
    return st;
}

/* How many sites a budget buys at most: the cheapest first. */
static jx_status bought(jx_ctx *ctx, const jx_plan_problem *p, uint64_t *n) {
    uint64_t *price = jx_malloc(ctx, p->n_sites, sizeof *price), left = p->budget;
    uint32_t m = 0;
    if (!price) {
        return JX_E_NOMEM;
    }
    for (uint32_t j = 0; j < p->n_sites; j++) {
        uint8_t status = p->status ? p->status[j] : JX_PLAN_NEW;
        if (status == JX_PLAN_NEW || status == JX_PLAN_MAY_CLOSE) {
            price[m++] = p->price ? p->price[j] : 1;
        }
    }
    jx_status st = jx_sort(ctx, price, m, sizeof *price, descending, NULL);
    for (*n = 0; m > 0 && price[m - 1] <= left; m--, (*n)++) {
        left -= price[m - 1];
    }
    jx_free(ctx, price);
    return st;
}

jx_status jx__plan_blame(jx_ctx *ctx, jx__brake *brake, const jx_plan_problem *p) {
    uint64_t sites, money, buys;
    if (p->model == JX_PLAN_COVER_MAX) {
        return JX_FAIL0(ctx, PLAN_IMPOSSIBLE);
    }
    JX_TRY(least(ctx, brake, p, true, &sites));
    if (sites == JX__NO_VALUE) {
        return JX_FAIL0(ctx, PLAN_CAPACITY_NEAR);
    }
    if (p->most_open != JX_NONE && sites > p->most_open) {
        return JX_FAIL(ctx, PLAN_COUNT, JX_I(p->most_open), JX_I((int64_t)sites));
    }
    if (p->budget != UINT64_MAX) {
        JX_TRY(bought(ctx, p, &buys));
        if (buys < sites) {
            return JX_FAIL(ctx, PLAN_BUDGET_BUYS, JX_I((int64_t)buys), JX_I((int64_t)sites));
        }
        JX_TRY(least(ctx, brake, p, false, &money));
        if (money != JX__NO_VALUE && money > p->budget) {
            return JX_FAIL(ctx, PLAN_BUDGET, JX_I((int64_t)money), JX_I((int64_t)p->budget));
        }
    }
    return JX_FAIL0(ctx, PLAN_IMPOSSIBLE);
}
