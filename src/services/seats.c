/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Places missing even when shared out best: a maximum flow from people to places. Cells that reach the same facilities are one node ("set"), so the
 * graph stays small; flow is found by Dinic's method (1970) in integers of a thousandth person.
 */
#include <math.h>

#include "junxian/access.h"
#include "junxian/num.h"

typedef struct arc {
    uint32_t to, next; /* next arc of the same tail; JX_NONE ends */
    int64_t left;      /* capacity not used; arc ^ 1 is the way back */
} arc;

typedef struct flow {
    jx_ctx *ctx;
    uint32_t n_nodes;
    uint32_t *first, *level, *at, *queue, *path;
    JX_VEC(arc) arcs;
} flow;

static jx_status add_arc(flow *g, uint32_t from, uint32_t to, int64_t capacity) {
    const arc there = {to, g->first[from], capacity}, back = {from, g->first[to], 0};
    JX_TRY(jx_vec_push(g->ctx, &g->arcs, there));
    g->first[from] = (uint32_t)g->arcs.n - 1;
    JX_TRY(jx_vec_push(g->ctx, &g->arcs, back));
    g->first[to] = (uint32_t)g->arcs.n - 1;
    return JX_OK;
}

static bool layer(flow *g, uint32_t s, uint32_t t) {
    uint32_t head = 0, tail = 0;
    memset(g->level, 0xff, g->n_nodes * sizeof *g->level);
    g->level[s] = 0;
    g->queue[tail++] = s;
    while (head < tail) {
        uint32_t v = g->queue[head++];
        for (uint32_t a = g->first[v]; a != JX_NONE; a = g->arcs.v[a].next) {
            if (g->arcs.v[a].left > 0 && g->level[g->arcs.v[a].to] == JX_NONE) {
                g->level[g->arcs.v[a].to] = g->level[v] + 1;
                g->queue[tail++] = g->arcs.v[a].to;
            }
        }
    }
    return g->level[t] != JX_NONE;
}

/* One augmenting path in the layers, walked without recursion; what it carries, 0 at the end of the phase. */
static int64_t augment(flow *g, uint32_t s, uint32_t t) {
    uint32_t v = s, depth = 0;
    while (v != t) {
        uint32_t a = g->at[v];
        while (a != JX_NONE && !(g->arcs.v[a].left > 0 && g->level[g->arcs.v[a].to] == g->level[v] + 1)) {
            a = g->arcs.v[a].next;
        }
        g->at[v] = a;
        if (a != JX_NONE) {
            g->path[depth++] = a;
            v = g->arcs.v[a].to;
        } else if (depth == 0) {
            return 0;
        } else { /* a dead end: step back and go on with the next arc there */
            v = g->arcs.v[g->path[--depth] ^ 1].to;
            g->at[v] = g->arcs.v[g->at[v]].next;
        }
    }
    int64_t least = INT64_MAX;
    for (uint32_t i = 0; i < depth; i++) {
        least = g->arcs.v[g->path[i]].left < least ? g->arcs.v[g->path[i]].left : least;
    }
    for (uint32_t i = 0; i < depth; i++) {
        g->arcs.v[g->path[i]].left -= least;
        g->arcs.v[g->path[i] ^ 1].left += least;
    }
    return least;
}

static jx_status run(flow *g, uint32_t s, uint32_t t, int64_t *total) {
    *total = 0;
    while (layer(g, s, t)) {
        JX_TRY(jx_poll(g->ctx));
        memcpy(g->at, g->first, g->n_nodes * sizeof *g->at);
        for (int64_t more; (more = augment(g, s, t)) > 0;) {
            *total += more;
        }
    }
    return JX_OK;
}

/* ---- cells by what they reach ---------------------------------------------------------------------------------------------- */

typedef struct sets {
    uint32_t n, *of; /* set of each cell; JX_NONE: reaches none */
    uint32_t *cell;  /* a cell of the set */
    int64_t *demand;
} sets;

static int64_t thousandths(double x) { return x > 0 ? (int64_t)rint(x * 1000) : 0; }
static bool known(const jx_access_input *in, uint32_t j) { return !in->supply || (in->supply[j] >= 0 && !isinf(in->supply[j])); }

static uint64_t row_end(const jx_access_input *in, uint32_t i, uint32_t limit_ms) {
    uint64_t e = in->row[i];
    while (e < in->row[i + 1] && in->entry[e].time_ms <= limit_ms) {
        e++;
    }
    return e;
}

/* Facilities of the row within the limit, ascending, into out; how many. */
static uint32_t members(const jx_access_input *in, uint32_t i, uint32_t limit_ms, uint64_t *keys, uint64_t *tmp) {
    uint32_t n = 0;
    for (uint64_t e = in->row[i], end = row_end(in, i, limit_ms); e < end; e++) {
        if (known(in, in->entry[e].facility)) {
            keys[n++] = in->entry[e].facility;
        }
    }
    jx_sort_u64(keys, tmp, n);
    return n;
}

/* Two hashes make a false match of two different sets as good as impossible (2^-128 a pair). */
static jx_status gather(jx_ctx *ctx, const jx_access_input *in, uint32_t limit_ms, uint64_t *keys, sets *s) {
    jx_map64 by_hash = {0};
    jx_status st = JX_OK;
    uint64_t *check = jx_malloc(ctx, in->n_cells, sizeof *check);
    st = check ? JX_OK : JX_E_NOMEM;
    for (uint32_t i = 0; st == JX_OK && i < in->n_cells; i++) {
        uint32_t n = members(in, i, limit_ms, keys, keys + in->n_facilities);
        s->of[i] = JX_NONE;
        if (n == 0) {
            continue;
        }
        uint64_t h = jx_hash64(keys, n * sizeof *keys, 1), h2 = jx_hash64(keys, n * sizeof *keys, 2);
        uint32_t set = jx_map64_get(&by_hash, h);
        while (set != JX_NONE && check[set] != h2) { /* another set with this hash: the next slot */
            set = jx_map64_get(&by_hash, ++h);
        }
        if (set == JX_NONE) {
            set = s->n++;
            s->cell[set] = i;
            s->demand[set] = 0;
            check[set] = h2;
            st = jx_map64_put(ctx, &by_hash, h, set);
        }
        s->of[i] = set;
        s->demand[set] += thousandths(in->demand[i]);
    }
    jx_map64_release(ctx, &by_hash);
    jx_free(ctx, check);
    return st;
}

/* Nodes: source, target, sets, facilities. The arcs of facilities to the target come first: arc 2 j is facility j's. */
static jx_status build(flow *g, const jx_access_input *in, uint32_t limit_ms, const sets *s, uint64_t *keys) {
    uint32_t first_set = 2, first_facility = 2 + s->n;
    memset(g->first, 0xff, g->n_nodes * sizeof *g->first);
    for (uint32_t j = 0; j < in->n_facilities; j++) {
        int64_t places = known(in, j) ? thousandths(in->supply ? in->supply[j] : 1) : 0;
        JX_TRY(add_arc(g, first_facility + j, 1, places));
    }
    for (uint32_t k = 0; k < s->n; k++) {
        JX_TRY(add_arc(g, 0, first_set + k, s->demand[k]));
        uint32_t n = members(in, s->cell[k], limit_ms, keys, keys + in->n_facilities);
        for (uint32_t m = 0; m < n; m++) {
            JX_TRY(add_arc(g, first_set + k, first_facility + (uint32_t)keys[m], s->demand[k]));
        }
    }
    return JX_OK;
}

static void report(const flow *g, const jx_access_input *in, const sets *s, int64_t seated, double *seated_in, jx_shortage *out) {
    int64_t demand = 0, far = 0, places = 0;
    for (uint32_t i = 0; i < in->n_cells; i++) {
        demand += thousandths(in->demand[i]);
        far += s->of[i] == JX_NONE ? thousandths(in->demand[i]) : 0;
    }
    for (uint32_t j = 0; j < in->n_facilities; j++) {
        out->n_unknown += known(in, j) ? 0 : 1;
        places += known(in, j) ? thousandths(in->supply ? in->supply[j] : 1) : 0;
        if (seated_in) {
            seated_in[j] = (double)g->arcs.v[2 * (size_t)j + 1].left / 1000;
        }
    }
    out->demand = (double)demand / 1000;
    out->seated = (double)seated / 1000;
    out->far = (double)far / 1000;
    out->full = (double)(demand - far - seated) / 1000;
    out->spare = (double)(places - seated) / 1000;
}

jx_status jx_access_shortage(jx_ctx *ctx, const jx_access_input *in, uint32_t limit_ms, double *seated_in, jx_shortage *out) {
    sets s = {0, jx_malloc(ctx, in->n_cells, sizeof *s.of), jx_malloc(ctx, in->n_cells, sizeof *s.cell), jx_malloc(ctx, in->n_cells, sizeof *s.demand)};
    uint64_t *keys = jx_malloc(ctx, in->n_facilities, 2 * sizeof *keys);
    flow g = {.ctx = ctx};
    int64_t seated = 0;
    *out = (jx_shortage){0};
    jx_status st = s.of && s.cell && s.demand && keys ? gather(ctx, in, limit_ms, keys, &s) : JX_E_NOMEM;
    if (st == JX_OK) {
        g.n_nodes = 2 + s.n + in->n_facilities;
        g.first = jx_malloc(ctx, g.n_nodes, sizeof *g.first), g.level = jx_malloc(ctx, g.n_nodes, sizeof *g.level);
        g.at = jx_malloc(ctx, g.n_nodes, sizeof *g.at), g.queue = jx_malloc(ctx, g.n_nodes, sizeof *g.queue);
        g.path = jx_malloc(ctx, g.n_nodes, sizeof *g.path);
        st = g.first && g.level && g.at && g.queue && g.path ? build(&g, in, limit_ms, &s, keys) : JX_E_NOMEM;
    }
    if (st == JX_OK) {
        st = run(&g, 0, 1, &seated);
    }
    if (st == JX_OK) {
        report(&g, in, &s, seated, seated_in, out);
    }
    void *const blocks[] = {s.of, s.cell, s.demand, keys, g.first, g.level, g.at, g.queue, g.path, g.arcs.v};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        jx_free(ctx, blocks[i]);
    }
    return st;
}
