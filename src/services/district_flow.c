/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The split assignment: successive shortest paths. Sites are the nodes; going from site a to site b costs what the cheapest cell at a
 * pays for going to b instead. Everybody begins at their nearest site, which is best but for the capacities; each path takes
 * people from a site that is too full along a shortest way to one with room, so the assignment stays the best for its loads.
 */
#include "services/district_internal.h"

#define FAR INT64_MAX

typedef struct flow {
    const jx_district *d;
    jx__toll toll;
    uint32_t n, m;
    uint32_t *part;      /* dense */
    uint32_t *place;     /* dense: 1 + place of the cell in the site's list; 0: it has nobody there */
    uint32_t **list;     /* per site: cells with people there */
    uint32_t *n_list, *room;
    uint64_t *load;
    int64_t *step;       /* site a * m + site b: least extra cost of a cell at a for b; FAR none */
    uint32_t *by;        /* and that cell */
    int64_t *pi, *dist;  /* m sites and the outside, node m, where room ends all paths */
    uint32_t *from;
    uint8_t *done, *stuck;
    bool quiet;
} flow;

static jx_status put(jx_ctx *ctx, flow *f, uint32_t site, uint32_t cell) {
    if (f->n_list[site] == f->room[site]) {
        uint32_t more = f->room[site] < 16 ? 32 : 2 * f->room[site];
        uint32_t *l = jx_realloc(ctx, f->list[site], more, sizeof *l);
        if (!l) {
            return JX_E_NOMEM;
        }
        f->list[site] = l;
        f->room[site] = more;
    }
    f->list[site][f->n_list[site]++] = cell;
    f->place[(size_t)cell * f->m + site] = f->n_list[site];
    return JX_OK;
}

static void drop(flow *f, uint32_t site, uint32_t cell) {
    uint32_t at = f->place[(size_t)cell * f->m + site] - 1, last = f->list[site][--f->n_list[site]];
    f->list[site][at] = last;
    f->place[(size_t)last * f->m + site] = at + 1;
    f->place[(size_t)cell * f->m + site] = 0;
}

static void offer(flow *f, uint32_t a, uint32_t cell, uint32_t b) {
    if (b != a && jx__district_way(f->d, cell, b)) {
        int64_t c = jx__district_cost(f->d, &f->toll, cell, b) - jx__district_cost(f->d, &f->toll, cell, a);
        size_t e = (size_t)a * f->m + b;
        if (c < f->step[e] || (c == f->step[e] && cell < f->by[e])) {
            f->step[e] = c;
            f->by[e] = cell;
        }
    }
}

static void again(flow *f, uint32_t a, uint32_t b) {
    f->step[(size_t)a * f->m + b] = FAR;
    f->by[(size_t)a * f->m + b] = JX_NONE;
    for (uint32_t i = 0; i < f->n_list[a]; i++) {
        offer(f, a, f->list[a][i], b);
    }
}

/* Moves people of a cell; the steps out of both sites stay true. */
static jx_status shift(jx_ctx *ctx, flow *f, uint32_t a, uint32_t b, uint32_t cell, uint32_t people) {
    uint32_t *pa = &f->part[(size_t)cell * f->m + a], *pb = &f->part[(size_t)cell * f->m + b];
    if (*pb == 0) {
        JX_TRY(put(ctx, f, b, cell));
        for (uint32_t k = 0; k < f->m; k++) {
            offer(f, b, cell, k);
        }
    }
    *pa -= people, *pb += people;
    f->load[a] -= people, f->load[b] += people;
    if (*pa == 0) {
        drop(f, a, cell);
        for (uint32_t k = 0; k < f->m; k++) {
            if (f->by[(size_t)a * f->m + k] == cell) {
                again(f, a, k);
            }
        }
    }
    return JX_OK;
}

/* Dijkstra over reduced costs from site s until the outside is settled; false: no room can be reached. */
static bool path(flow *f, uint32_t s) {
    uint32_t out = f->m;
    for (uint32_t v = 0; v <= out; v++) {
        f->dist[v] = FAR;
        f->done[v] = 0;
    }
    f->dist[s] = 0;
    for (;;) {
        uint32_t u = JX_NONE;
        for (uint32_t v = 0; v <= out; v++) {
            u = !f->done[v] && f->dist[v] != FAR && (u == JX_NONE || f->dist[v] < f->dist[u]) ? v : u;
        }
        if (u == JX_NONE) {
            return false;
        }
        f->done[u] = 1;
        if (u == out) {
            return true;
        }
        for (uint32_t v = 0; v < out; v++) {
            int64_t step = f->step[(size_t)u * f->m + v];
            if (!f->done[v] && step != FAR && f->dist[u] + step + f->pi[u] - f->pi[v] < f->dist[v]) {
                f->dist[v] = f->dist[u] + step + f->pi[u] - f->pi[v];
                f->from[v] = u;
            }
        }
        if (f->load[u] < f->d->capacity[u] && f->dist[u] + f->pi[u] - f->pi[out] < f->dist[out]) {
            f->dist[out] = f->dist[u] + f->pi[u] - f->pi[out];
            f->from[out] = u;
        }
    }
}

static jx_status augment(jx_ctx *ctx, flow *f, uint32_t s) {
    uint32_t end = f->from[f->m];
    uint64_t most = f->load[s] - f->d->capacity[s], space = f->d->capacity[end] - f->load[end];
    for (uint32_t v = 0; v <= f->m; v++) {
        f->pi[v] += f->dist[v] < f->dist[f->m] ? f->dist[v] : f->dist[f->m];
    }
    most = space < most ? space : most;
    for (uint32_t v = end; v != s; v = f->from[v]) {
        uint32_t u = f->from[v], have = f->part[(size_t)f->by[(size_t)u * f->m + v] * f->m + u];
        most = have < most ? have : most;
    }
    /* from the end back: what a shift changes of the steps out of v and u is behind us, or read only at u's own turn: the step into u */
    for (uint32_t v = end; v != s;) {
        uint32_t u = f->from[v];
        JX_TRY(shift(ctx, f, u, v, f->by[(size_t)u * f->m + v], (uint32_t)most));
        v = u;
    }
    return JX_OK;
}

static jx_status start(jx_ctx *ctx, flow *f, jx_district_flow *out) {
    for (size_t e = 0; e < (size_t)f->m * f->m; e++) {
        f->step[e] = FAR;
        f->by[e] = JX_NONE;
    }
    for (uint32_t c = 0; c < f->n; c++) {
        uint32_t best = JX_NONE;
        int64_t least = FAR;
        for (uint32_t s = 0; s < f->m; s++) {
            int64_t cost = jx__district_way(f->d, c, s) ? jx__district_cost(f->d, &f->toll, c, s) : FAR;
            best = cost < least ? s : best;
            least = cost < least ? cost : least;
        }
        if (best == JX_NONE) {
            out->cut_off += f->d->people[c];
        } else if (f->d->people[c]) {
            out->people += f->d->people[c];
            f->part[(size_t)c * f->m + best] = f->d->people[c];
            f->load[best] += f->d->people[c];
            JX_TRY(put(ctx, f, best, c));
            for (uint32_t k = 0; k < f->m; k++) {
                offer(f, best, c, k);
            }
        }
    }
    return JX_OK;
}

static jx_status refuse(jx_ctx *ctx, const flow *f, uint64_t people, uint64_t places) {
    uint64_t short_of = 0, full = 0;
    if (f->quiet) {
        return JX_E_INFEASIBLE;
    }
    for (uint32_t s = 0; s < f->m; s++) {
        short_of += f->stuck[s] ? f->load[s] - f->d->capacity[s] : 0;
        full += f->stuck[s] ? 1 : 0;
    }
    uint64_t parts = f->d->parts ? f->d->parts : 1;
    return places < people ? JX_FAIL(ctx, DISTRICT_SHORT, JX_I((people + parts - 1) / parts), JX_I(places / parts), JX_I((people - places + parts - 1) / parts))
                           : JX_FAIL(ctx, DISTRICT_FULL, JX_I((short_of + parts - 1) / parts), JX_I(full));
}

static jx_status run(jx_ctx *ctx, flow *f, jx_district_flow *out) {
    uint64_t places = 0;
    bool short_of = false;
    JX_TRY(start(ctx, f, out));
    for (uint32_t s = 0; s < f->m; s++) {
        places += f->d->capacity[s] < out->people ? f->d->capacity[s] : out->people; /* a sum that cannot overflow */
    }
    if (places < out->people) {
        return refuse(ctx, f, out->people, places);
    }
    for (uint32_t s = 0; s < f->m;) {
        JX_TRY(jx_poll(ctx));
        if (f->load[s] <= f->d->capacity[s]) {
            s++;
        } else if (path(f, s)) {
            JX_TRY(augment(ctx, f, s));
        } else { /* and no later path opens a way out: what it reaches is full and stays so */
            f->stuck[s] = 1;
            short_of = true;
            s++;
        }
    }
    return short_of ? refuse(ctx, f, out->people, places) : JX_OK;
}

static void finish(flow *f, jx_district_flow *out) {
    for (uint32_t s = 0; s < f->m; s++) {
        int64_t p = f->pi[f->m] - f->pi[s];
        out->price_ms[s] = p > 0 ? p : 0;
    }
    for (uint32_t c = 0; c < f->n; c++) {
        uint32_t sites = 0;
        for (uint32_t s = 0; s < f->m; s++) {
            uint32_t people = f->part[(size_t)c * f->m + s];
            if (people) {
                jx__district_add(f->d, &out->score, c, s, people);
                sites++;
            }
        }
        out->n_split += sites > 1 ? 1 : 0;
    }
}

static void release(jx_ctx *ctx, flow *f) {
    for (uint32_t s = 0; f->list && s < f->m; s++) {
        jx_free(ctx, f->list[s]);
    }
    jx_free(ctx, f->place), jx_free(ctx, f->list), jx_free(ctx, f->n_list), jx_free(ctx, f->room), jx_free(ctx, f->load);
    jx_free(ctx, f->step), jx_free(ctx, f->by), jx_free(ctx, f->pi), jx_free(ctx, f->dist), jx_free(ctx, f->from);
    jx_free(ctx, f->done), jx_free(ctx, f->stuck);
}

jx_status jx__district_flow(jx_ctx *ctx, const jx_district *d, bool quiet, jx_district_flow *out) {
    size_t n = d->n_cells, m = d->n_sites, all = n * m;
    *out = (jx_district_flow){0};
    flow f = {.d = d, .n = d->n_cells, .m = d->n_sites, .quiet = quiet};
    JX_TRY(jx__district_check(ctx, d, &f.toll));
    f.part = out->part = jx_calloc(ctx, all, sizeof *f.part);
    out->price_ms = jx_calloc(ctx, m, sizeof *out->price_ms);
    f.place = jx_calloc(ctx, all, sizeof *f.place);
    f.list = jx_calloc(ctx, m, sizeof *f.list);
    f.n_list = jx_calloc(ctx, m, sizeof *f.n_list), f.room = jx_calloc(ctx, m, sizeof *f.room);
    f.load = jx_calloc(ctx, m, sizeof *f.load);
    f.step = jx_malloc(ctx, m * m, sizeof *f.step), f.by = jx_malloc(ctx, m * m, sizeof *f.by);
    f.pi = jx_calloc(ctx, m + 1, sizeof *f.pi), f.dist = jx_calloc(ctx, m + 1, sizeof *f.dist);
    f.from = jx_calloc(ctx, m + 1, sizeof *f.from);
    f.done = jx_calloc(ctx, m + 1, 1), f.stuck = jx_calloc(ctx, m + 1, 1);
    bool have = f.part && out->price_ms && f.place && f.list && f.n_list && f.room && f.load && f.step && f.by && f.pi && f.dist && f.from && f.done && f.stuck;
    jx_status st = have ? run(ctx, &f, out) : JX_E_NOMEM;
    if (st == JX_OK) {
        finish(&f, out);
    }
    release(ctx, &f);
    if (st != JX_OK) {
        jx_district_flow_release(ctx, out);
    }
    return st;
}

jx_status jx_district_split(jx_ctx *ctx, const jx_district *d, jx_district_flow *out) { return jx__district_flow(ctx, d, false, out); }
