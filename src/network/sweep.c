/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Building sweeps and running batches of origins; the loop over rows is in sweep_rows.c.
 */
#include "network/sweep_internal.h"

/* ---- building ---------------------------------------------------------------------------------------------------- */

/* Time of arc a along the climb (away from the origin) and along the rows. */
static inline uint32_t climb_ms(const jx_times *t, jx_direction dir, uint32_t a) {
    return dir == JX_FROM_FACILITY ? t->weight[a].up : t->weight[a].down;
}
static inline uint32_t row_ms(const jx_times *t, jx_direction dir, uint32_t a) {
    return dir == JX_FROM_FACILITY ? t->weight[a].down : t->weight[a].up;
}

typedef struct maker {
    const jx_times *t;
    const jx_sweep_options *opt;
    const uint8_t *keep;
    const uint8_t *wanted; /* per vertex; NULL: all */
    jx_sweep *s;
} maker;

static bool kept(const maker *m, uint32_t a, bool climb) {
    uint32_t ms = climb ? climb_ms(m->t, m->opt->dir, a) : row_ms(m->t, m->opt->dir, a);
    unsigned bit = (m->opt->dir == JX_FROM_FACILITY) == climb ? 1u : 2u;
    return ms != JX_UNREACHABLE && (!m->keep || (m->keep[a] & bit));
}

static void count_arcs(maker *m) {
    const jx_hierarchy *h = m->t->h;
    jx_sweep *s = m->s;
    for (uint32_t v = h->n_nodes; v-- > 0;) {
        bool row = !m->wanted || m->wanted[v];
        s->n_rows += row ? 1u : 0u;
        uint32_t d = 0;
        for (uint32_t a = h->up[v]; a < h->up[v + 1]; a++) {
            d += row && kept(m, a, false) ? 1u : 0u;
            s->n_climb += kept(m, a, true) ? 1u : 0u;
        }
        s->n_arcs += d;
        s->n_places += (d + JX__GROUP - 1) / JX__GROUP * JX__GROUP;
    }
}

static jx_status allocate(jx_ctx *ctx, maker *m) {
    jx_sweep *s = m->s;
    size_t n = m->t->h->n_nodes;
    s->first = jx_malloc(ctx, (size_t)s->n_rows + 1, sizeof *s->first);
    s->own = jx_malloc(ctx, s->n_rows, sizeof *s->own);
    s->vertex = jx_malloc(ctx, s->n_rows, sizeof *s->vertex);
    s->slot = jx_malloc(ctx, s->n_places, sizeof *s->slot);
    s->ms = jx_malloc(ctx, s->n_places, sizeof *s->ms);
    s->climb = jx_malloc(ctx, n + 1, sizeof *s->climb);
    s->climb_head = jx_malloc(ctx, s->n_climb, sizeof *s->climb_head);
    s->climb_ms = jx_malloc(ctx, s->n_climb, sizeof *s->climb_ms);
    return s->first && s->own && s->vertex && s->slot && s->ms && s->climb && s->climb_head && s->climb_ms ? JX_OK
                                                                                                           : JX_E_NOMEM;
}

/*
 * Arcs from the root's side first and the parent last: the parent is the row passed just before, and so its time is
 * wanted late. Rows are filled up to whole groups with arcs that lead nowhere.
 */
static uint32_t fill_row(const maker *m, uint32_t v, uint32_t k) {
    const jx_hierarchy *h = m->t->h;
    jx_sweep *s = m->s;
    uint32_t d = 0;
    for (uint32_t a = h->up[v]; a < h->up[v + 1]; a++) {
        d += kept(m, a, false) ? 1u : 0u;
    }
    for (uint32_t pad = (JX__GROUP - d % JX__GROUP) % JX__GROUP; pad > 0; pad--) {
        s->slot[k] = (uint16_t)h->height; /* a place where nothing ever is */
        s->ms[k++] = 0;
    }
    for (uint32_t a = h->up[v + 1]; a-- > h->up[v];) {
        if (kept(m, a, false)) {
            s->slot[k] = h->head_slot[a];
            s->ms[k++] = row_ms(m->t, m->opt->dir, a);
        }
    }
    return k;
}

static void fill(maker *m) {
    const jx_hierarchy *h = m->t->h;
    jx_sweep *s = m->s;
    uint32_t r = 0, k = 0, c = 0;
    for (uint32_t v = h->n_nodes; v-- > 0;) {
        if (m->wanted && !m->wanted[v]) {
            continue;
        }
        s->first[r] = k;
        s->own[r] = h->slot[v];
        s->vertex[r++] = v;
        k = fill_row(m, v, k);
    }
    s->first[r] = k;
    for (uint32_t v = 0; v < h->n_nodes; v++) {
        s->climb[v] = c;
        for (uint32_t a = h->up[v]; a < h->up[v + 1]; a++) {
            if (kept(m, a, true)) {
                s->climb_head[c] = h->head[a];
                s->climb_ms[c++] = climb_ms(m->t, m->opt->dir, a);
            }
        }
    }
    s->climb[h->n_nodes] = c;
}

/*
 * Gates: subtrees that can be passed over when nothing above them is within the cut-off. One where the subtree outgrows
 * a power of four: few enough to cost nothing, small enough to skip most of a map.
 */
static jx_status find_gates(jx_ctx *ctx, maker *m) {
    const jx_hierarchy *h = m->t->h;
    jx_sweep *s = m->s;
    JX_VEC(jx__gate) g = {0};
    uint32_t *row_of =
        jx_malloc(ctx, (size_t)h->n_nodes + 1, sizeof *row_of); /* rows before vertex v is reached, by v + 1 */
    jx_status st = row_of ? JX_OK : JX_E_NOMEM;
    for (uint32_t v = h->n_nodes, r = 0; st == JX_OK && v-- > 0;) {
        row_of[v + 1] = r;
        r += r < s->n_rows && s->vertex[r] == v ? 1u : 0u;
        row_of[v] = r;
    }
    for (uint32_t v = h->n_nodes; st == JX_OK && v-- > 0;) {
        uint32_t p = h->parent[v], size = h->size[v], above = p == JX_NONE ? UINT32_MAX : h->size[p];
        bool gate = false;
        for (uint32_t c = 48; c <= size; c = c > UINT32_MAX / 4 ? UINT32_MAX : 4 * c) {
            gate = gate || (above > 4 * c && size <= 4 * c);
        }
        uint32_t begin = row_of[v + 1], end = row_of[v + 1 - size];
        if (gate && end - begin > 16) {
            st = jx_vec_push(ctx, &g, (jx__gate){v, begin, end, 0});
        }
    }
    for (size_t i = 0, k = 0; i < g.n; i++) { /* the next gate that is not inside this one */
        for (k = i + 1; k < g.n && g.v[k].row < g.v[i].end; k++) {
        }
        g.v[i].next = (uint32_t)k;
    }
    jx_free(ctx, row_of);
    s->gate = g.v;
    s->n_gates = (uint32_t)g.n;
    return st;
}

/* Wanted vertices are the targets' and everything above them. */
static jx_status mark_wanted(jx_ctx *ctx, const jx_hierarchy *h, const jx_sweep_options *opt, uint8_t **out) {
    uint8_t *w = jx_calloc(ctx, h->n_nodes, 1);
    if (!w) {
        return JX_E_NOMEM;
    }
    for (uint32_t i = 0; i < opt->n_targets; i++) {
        for (uint32_t v = h->rank[opt->targets[i]]; v != JX_NONE && !w[v]; v = h->parent[v]) {
            w[v] = 1;
        }
    }
    *out = w;
    return JX_OK;
}

jx_status jx_sweep_new(jx_ctx *ctx, const jx_times *t, const jx_sweep_options *opt, jx_sweep **out) {
    const jx_hierarchy *h = t->h;
    jx_sweep *s = jx_calloc(ctx, 1, sizeof *s);
    uint8_t *keep = NULL, *wanted = NULL;
    jx_status st = s ? JX_OK : JX_E_NOMEM;
    if (st == JX_OK && opt->prune) {
        keep = jx_malloc(ctx, h->n_arcs, 1);
        st = keep ? jx_times_needed(ctx, t, keep) : JX_E_NOMEM;
    }
    if (st == JX_OK && opt->targets) {
        st = mark_wanted(ctx, h, opt, &wanted);
    }
    if (st == JX_OK) {
        s->h = h;
        s->no_huge = jx__longest_arc(t) < JX__FAR;
        s->narrow = jx__sums_below(t, JX__FAR / 2); /* then sums need not saturate */
        if (!s->narrow && !opt->targets) {
            st = jx__all_below(ctx, t, JX__FAR / 2, &s->narrow);
        }
    }
    if (st == JX_OK) {
        maker m = {t, opt, keep, wanted, s};
        count_arcs(&m);
        st = allocate(ctx, &m);
        if (st == JX_OK) {
            fill(&m);
            st = find_gates(ctx, &m);
        }
    }
    jx_free(ctx, keep);
    jx_free(ctx, wanted);
    if (st != JX_OK) {
        jx_sweep_free(ctx, s);
        return st;
    }
    *out = s;
    return JX_OK;
}

void jx_sweep_free(jx_ctx *ctx, jx_sweep *s) {
    if (s) {
        void *const blocks[] = {s->first, s->own,        s->vertex,   s->slot, s->ms,
                                s->climb, s->climb_head, s->climb_ms, s->gate};
        jx__one_free(ctx, s->one);
        for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
            jx_free(ctx, blocks[i]);
        }
        jx_free(ctx, s);
    }
}

uint32_t jx_sweep_rows(const jx_sweep *s) {
    return s->n_rows;
}
uint32_t jx_sweep_arcs(const jx_sweep *s) {
    return s->n_arcs;
}
uint32_t jx_sweep_node(const jx_sweep *s, uint32_t row) {
    return s->h->node[s->vertex[row]];
}

/* ---- a batch of origins ------------------------------------------------------------------------------------------ */

typedef struct batcher {
    const jx_sweep *s;
    const jx_origins *from;
    const uint32_t *order; /* origins with ports, neighbours in the hierarchy side by side */
    uint32_t n, cutoff, limit;
    const jx_sweep_calls *calls;
    void *user;
    struct bench *ws;
    jx__rows_fn rows;
    bool narrow;
    uint32_t (*sheet)[JX_LANES]; /* rows are written here, for a single batch; NULL: to the worker's own few */
} batcher;

/* A worker's bench. `place` is JX_NONE outside a batch. */
typedef struct bench {
    uint32_t *place;   /* vertex -> index in `touched` */
    uint32_t *touched; /* vertices on some origin's way to the root, rising */
    uint32_t n_touched, port_cap;
    uint64_t *port; /* vertices of a batch's ports; and room to sort them */
    size_t cap;
    uint32_t (*climbed)[JX_LANES];
    uint32_t (*path)[JX_LANES];
    uint32_t (*out)[JX_LANES];
} bench;

static jx_status bench_init(jx_ctx *ctx, bench *b, const jx_hierarchy *h) {
    if (b->place) {
        return JX_OK;
    }
    b->touched = jx_malloc(ctx, h->n_nodes, sizeof *b->touched);
    b->path = jx_malloc(ctx, (size_t)h->height + 64, sizeof *b->path);
    b->out = jx_malloc(ctx, JX_SWEEP_ROWS + 64, sizeof *b->out);
    uint32_t *place = jx_malloc(ctx, h->n_nodes, sizeof *place);
    if (!b->touched || !b->path || !b->out || !place) {
        jx_free(ctx, place);
        return JX_E_NOMEM;
    }
    memset(place, 0xff, (size_t)h->n_nodes * sizeof *place);
    b->place = place;
    return JX_OK;
}

static void bench_release(jx_ctx *ctx, bench *b) {
    void *const blocks[] = {b->place, b->touched, b->port, b->climbed, b->path, b->out};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        jx_free(ctx, blocks[i]);
    }
}

/* The union of the ways to the root, rising, with the times of the ports. */
static jx_status touch(jx_ctx *ctx, const batcher *c, bench *b, const uint32_t *origin, uint32_t lanes) {
    const jx_hierarchy *h = c->s->h;
    uint32_t n = 0;
    for (uint32_t l = 0; l < lanes; l++) {
        n += c->from->off[origin[l] + 1] - c->from->off[origin[l]];
    }
    if (n > b->port_cap) {
        jx_free(ctx, b->port);
        b->port_cap = 0;
        b->port = jx_malloc(ctx, 4 * (size_t)n, sizeof *b->port);
        if (!b->port) {
            return JX_E_NOMEM;
        }
        b->port_cap = 2 * n;
    }
    n = 0;
    for (uint32_t l = 0; l < lanes; l++) {
        for (uint32_t k = c->from->off[origin[l]]; k < c->from->off[origin[l] + 1]; k++) {
            b->port[n++] = h->rank[c->from->ports[k].node];
        }
    }
    if (n > 0) { /* a batch may have no port at all, and then no memory for any */
        jx_sort_u64(b->port, b->port + b->port_cap, n);
    }
    b->n_touched = jx__union_of_paths(h, b->port, n, b->touched);
    if (b->n_touched > b->cap) {
        jx_free(ctx, b->climbed);
        b->cap = 0;
        b->climbed = jx_malloc(ctx, 2 * (size_t)b->n_touched, sizeof *b->climbed);
        if (!b->climbed) {
            return JX_E_NOMEM;
        }
        b->cap = 2 * (size_t)b->n_touched;
    }
    for (uint32_t i = 0; i < b->n_touched; i++) {
        b->place[b->touched[i]] = i;
    }
    for (uint32_t i = 0; i < b->n_touched * JX_LANES; i++) {
        b->climbed[i / JX_LANES][i % JX_LANES] = c->narrow ? JX__FAR : JX_UNREACHABLE;
    }
    for (uint32_t l = 0; l < lanes; l++) {
        for (uint32_t k = c->from->off[origin[l]]; k < c->from->off[origin[l] + 1]; k++) {
            uint32_t *at = &b->climbed[b->place[h->rank[c->from->ports[k].node]]][l];
            *at = jx__min(*at, c->from->ports[k].ms); /* narrow: what is beyond JX__FAR stays there */
        }
    }
    return JX_OK;
}

static bool behind(const jx_hierarchy *h, const jx__gate *g, const uint32_t *touched, uint32_t left) {
    return left > 0 &&
           touched[left - 1] + h->size[g->vertex] > g->vertex; /* the next touched vertex lies in the subtree */
}

static jx_status sweep_down(jx_ctx *wctx, const batcher *c, bench *b, const jx_batch *one) {
    const jx_sweep *s = c->s;
    jx__rows_job job = {.s = s,
                        .path = b->path,
                        .out = b->out,
                        .climbed = b->climbed,
                        .touched = b->touched,
                        .left = b->n_touched,
                        .cutoff = c->cutoff};
    uint32_t gate = 0;
    for (int l = 0; l < JX_LANES; l++) {
        b->path[s->h->height][l] = c->narrow ? JX__FAR : JX_UNREACHABLE;
    }
    for (uint32_t r = 0; r < s->n_rows;) {
        while (gate < s->n_gates && s->gate[gate].row < r) {
            gate++;
        }
        uint32_t stop = s->n_rows;
        if (gate < s->n_gates && c->cutoff < JX__FAR) {
            const jx__gate *g = &s->gate[gate];
            if (g->row == r) {
                if (!behind(s->h, g, job.touched, job.left) && c->rows(&job, g->vertex, JX__ASK_GATE)) {
                    r = g->end;
                    gate = g->next;
                    continue;
                }
                gate++;
            }
            stop = gate < s->n_gates ? s->gate[gate].row : stop;
        }
        stop = stop - r > JX_SWEEP_ROWS ? r + JX_SWEEP_ROWS : stop;
        job.out = c->sheet ? c->sheet + r : b->out;
        c->rows(&job, r, stop - r);
        if (c->calls->rows) {
            JX_TRY(c->calls->rows(wctx, c->user, one, r, stop - r, (const uint32_t(*)[JX_LANES])job.out));
        }
        r = stop;
    }
    return JX_OK;
}

static jx_status batch(jx_ctx *wctx, const batcher *c, bench *b, const jx_batch *one) {
    JX_TRY(touch(wctx, c, b, one->origin, one->n_lanes));
    JX_TRY(c->calls->begin ? c->calls->begin(wctx, c->user, one) : JX_OK);
    jx__rows_job job = {.s = c->s,
                        .climbed = b->climbed,
                        .touched = b->touched,
                        .left = b->n_touched,
                        .place = b->place,
                        .cutoff = c->cutoff};
    c->rows(&job, 0, JX__ASK_CLIMB);
    jx_status st = sweep_down(wctx, c, b, one);
    for (uint32_t i = 0; i < b->n_touched; i++) {
        b->place[b->touched[i]] = JX_NONE;
    }
    if (st == JX_OK && c->calls->end) {
        st = c->calls->end(wctx, c->user, one);
    }
    return st;
}

static jx_status batch_range(jx_ctx *wctx, void *arg, size_t begin, size_t end, unsigned worker) {
    const batcher *c = arg;
    JX_TRY(bench_init(wctx, &c->ws[worker], c->s->h));
    for (size_t i = begin; i < end; i++) {
        uint32_t at = (uint32_t)i * JX_LANES, lanes = c->n - at < JX_LANES ? c->n - at : JX_LANES;
        jx_batch one = {c->order + at, lanes, c->limit, worker};
        JX_TRY(batch(wctx, c, &c->ws[worker], &one));
    }
    return JX_OK;
}

/* Origins by the rank of their first port: neighbours share most of their way to the root. */
static jx_status order_origins(jx_ctx *ctx, const jx_hierarchy *h, const jx_origins *from, uint32_t **order,
                               uint32_t *n) {
    uint64_t *key = jx_malloc(ctx, 2 * (size_t)from->n, sizeof *key);
    *order = jx_malloc(ctx, from->n, sizeof **order);
    *n = 0;
    if (!key || !*order) {
        jx_free(ctx, key);
        return JX_E_NOMEM;
    }
    bool few = from->n <= JX_LANES; /* one batch: lanes as the caller has them */
    for (uint32_t i = 0; few && i < from->n; i++) {
        (*order)[(*n)++] = i;
    }
    for (uint32_t i = 0; !few && i < from->n; i++) {
        if (from->off[i] < from->off[i + 1]) {
            key[(*n)++] = (uint64_t)h->rank[from->ports[from->off[i]].node] << 32 | i;
        }
    }
    jx_sort_u64(key, key + from->n, few ? 0 : *n);
    for (uint32_t i = 0; !few && i < *n; i++) {
        (*order)[i] = (uint32_t)key[i];
    }
    jx_free(ctx, key);
    return JX_OK;
}

uint32_t jx__longest_port(const jx_origins *o) {
    uint32_t ms = 0;
    for (uint32_t i = 0; i < o->off[o->n]; i++) {
        ms = o->ports[i].ms > ms ? o->ports[i].ms : ms;
    }
    return ms;
}

static jx_status run(jx_ctx *ctx, batcher *c) {
    const jx_sweep *s = c->s;
    uint32_t *order = NULL;
    unsigned threads = jx_ctx_threads(ctx);
    c->narrow = s->no_huge && (c->cutoff < JX__FAR || (s->narrow && jx__longest_port(c->from) < JX__FAR / 2));
    c->limit = jx__min(c->cutoff, (c->narrow ? JX__FAR : JX_UNREACHABLE) - 1);
    c->rows = jx__sweep_kernel(c->narrow);
    c->ws = jx_calloc(ctx, threads, sizeof *c->ws);
    jx_status st = c->ws ? order_origins(ctx, s->h, c->from, &order, &c->n) : JX_E_NOMEM;
    c->order = order;
    if (st == JX_OK) {
        st = jx_parallel_for(ctx, ((size_t)c->n + JX_LANES - 1) / JX_LANES, 1, batch_range, c);
    }
    for (unsigned i = 0; c->ws && i < threads; i++) {
        bench_release(ctx, &c->ws[i]);
    }
    jx_free(ctx, c->ws);
    jx_free(ctx, order);
    return st;
}

jx_status jx_sweep_run(jx_ctx *ctx, const jx_sweep *s, const jx_origins *from, uint32_t cutoff_ms,
                       const jx_sweep_calls *calls, void *user) {
    batcher c = {.s = s, .from = from, .cutoff = cutoff_ms, .calls = calls, .user = user};
    return run(ctx, &c);
}

jx_status jx_sweep_sheet(jx_ctx *ctx, const jx_sweep *s, const jx_origins *from, uint32_t (*ms)[JX_LANES],
                         uint32_t *limit_ms) {
    const jx_sweep_calls calls = {0};
    batcher c = {.s = s, .from = from, .cutoff = JX_UNREACHABLE, .calls = &calls, .sheet = ms};
    jx_status st = run(ctx, &c);
    *limit_ms = c.limit;
    return st;
}
