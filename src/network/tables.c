/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Travel-time tables on the hierarchy: the same tables as table.c's, to the bit. Facilities are swept from sixteen at a
 * time, over the rows that cells stand on and those above them; whole neighbourhoods beyond the cut-off are passed
 * over. The nearest of all is one climb and one descent with labels.
 */
#include "junxian/sweep.h"
#include "network/table_internal.h"

struct jx_tables {
    const jx_network *net;
    const jx_metric *m;
    jx_direction dir;
    const jx_snap *cells;
    uint32_t n_cells;
    jx_sweep *s;
    uint32_t *row_off, *row_cell, *row_ms; /* cells by the row of their ports, with the time from there */
    uint32_t *edge_off, *edge_cell;
};

/* ---- the cells of a mode, once ----------------------------------------------------------------------------------- */

static jx_status cells_by_node(jx_ctx *ctx, jx_tables *t, uint32_t **off, uint32_t **cell, uint32_t **ms) {
    size_t n = 2 * (size_t)t->n_cells;
    uint32_t *key = jx_malloc(ctx, n, sizeof *key), *val = jx_malloc(ctx, n, sizeof *val),
             *way = jx_malloc(ctx, n, sizeof *way);
    jx_status st = key && val && way ? JX_OK : JX_E_NOMEM;
    for (uint32_t i = 0; st == JX_OK && i < t->n_cells; i++) {
        jx_port p[2] = {{JX_NONE, JX_UNREACHABLE}, {JX_NONE, JX_UNREACHABLE}};
        if (t->cells[i].edge != JX_NONE) {
            jx__ports_of(t->net, t->m->time_ms, &t->cells[i], t->dir == JX_TO_FACILITY, p);
        }
        for (uint32_t k = 0; k < 2; k++) {
            key[2 * i + k] = p[k].ms == JX_UNREACHABLE ? JX_NONE : p[k].node;
            val[2 * i + k] = i;
            way[2 * i + k] = jx_add_ms(p[k].ms, t->cells[i].offroad_ms);
        }
    }
    if (st == JX_OK) {
        st = jx__bucket(ctx, key, val, way, n, t->net->n_nodes, off, cell, ms);
    }
    for (uint32_t i = 0; st == JX_OK && i < t->n_cells; i++) {
        key[i] = t->cells[i].edge;
        val[i] = i;
    }
    if (st == JX_OK) {
        st = jx__bucket(ctx, key, val, NULL, t->n_cells, t->net->n_edges, &t->edge_off, &t->edge_cell, NULL);
    }
    jx_free(ctx, key);
    jx_free(ctx, val);
    jx_free(ctx, way);
    return st;
}

/* Rows in the order of the sweep, so that a sweep meets its cells in one forward walk. */
static jx_status cells_by_row(jx_ctx *ctx, jx_tables *t, const uint32_t *off, const uint32_t *cell,
                              const uint32_t *ms) {
    uint32_t n = jx_sweep_rows(t->s), k = 0;
    t->row_off = jx_malloc(ctx, (size_t)n + 1, sizeof *t->row_off);
    t->row_cell = jx_malloc(ctx, off[t->net->n_nodes], sizeof *t->row_cell);
    t->row_ms = jx_malloc(ctx, off[t->net->n_nodes], sizeof *t->row_ms);
    if (!t->row_off || !t->row_cell || !t->row_ms) {
        return JX_E_NOMEM;
    }
    for (uint32_t r = 0; r < n; r++) {
        uint32_t v = jx_sweep_node(t->s, r);
        t->row_off[r] = k;
        for (uint32_t i = off[v]; i < off[v + 1]; i++, k++) {
            t->row_cell[k] = cell[i];
            t->row_ms[k] = ms[i];
        }
    }
    t->row_off[n] = k;
    return JX_OK;
}

static jx_status prepare(jx_ctx *ctx, const jx_times *times, jx_tables *t) {
    uint32_t *off = NULL, *cell = NULL, *ms = NULL, n = 0;
    jx_status st = cells_by_node(ctx, t, &off, &cell, &ms);
    uint32_t *targets = st == JX_OK ? jx_malloc(ctx, t->net->n_nodes, sizeof *targets) : NULL;
    if (targets) {
        for (uint32_t v = 0; v < t->net->n_nodes; v++) {
            if (off[v] < off[v + 1]) {
                targets[n++] = v;
            }
        }
        st = jx_sweep_new(ctx, times,
                          &(jx_sweep_options){.dir = t->dir, .prune = true, .targets = targets, .n_targets = n}, &t->s);
    } else if (st == JX_OK) {
        st = JX_E_NOMEM;
    }
    if (st == JX_OK) {
        st = cells_by_row(ctx, t, off, cell, ms);
    }
    jx_free(ctx, targets);
    jx_free(ctx, off);
    jx_free(ctx, cell);
    jx_free(ctx, ms);
    return st;
}

jx_status jx_tables_new(jx_ctx *ctx, const jx_network *net, const jx_metric *m, const jx_times *times, jx_direction dir,
                        const jx_snap *cells, uint32_t n_cells, jx_tables **out) {
    jx_tables *t = jx_calloc(ctx, 1, sizeof *t);
    if (!t) {
        return JX_E_NOMEM;
    }
    *t = (jx_tables){.net = net, .m = m, .dir = dir, .cells = cells, .n_cells = n_cells};
    jx_status st = prepare(ctx, times, t);
    if (st != JX_OK) {
        jx_tables_free(ctx, t);
        return st;
    }
    *out = t;
    return JX_OK;
}

void jx_tables_free(jx_ctx *ctx, jx_tables *t) {
    if (t) {
        jx_sweep_free(ctx, t->s);
        void *const blocks[] = {t->row_off, t->row_cell, t->row_ms, t->edge_off, t->edge_cell};
        for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
            jx_free(ctx, blocks[i]);
        }
        jx_free(ctx, t);
    }
}

/* ---- one table --------------------------------------------------------------------------------------------------- */

/* A worker's batch: best times of the cells met so far, sixteen facilities side by side. */
typedef struct meeting {
    uint32_t (*ms)[JX_LANES]; /* by cell */
    uint32_t *met, n_met;
    uint8_t *seen;
} meeting;

typedef struct maker {
    const jx_tables *t;
    const jx_snap *facs;
    uint32_t n_facs, cutoff;
    jx_origins o;
    uint32_t *off;
    jx_port *ports;
    jx__found *found;
    meeting *ws;
} maker;

/* The open ends of each joint's edge. off has n + 1 entries, ports room for 2 n. */
static void ports_of_all(const jx_network *net, const jx_metric *m, const jx_snap *s, uint32_t n, bool leaving,
                         uint32_t *off, jx_port *ports) {
    uint32_t k = 0;
    for (uint32_t i = 0; i < n; i++) {
        off[i] = k;
        k += jx_snap_ports(net, m, &s[i], leaving, ports + k);
    }
    off[n] = k;
}

static jx_status origins(jx_ctx *ctx, maker *k) {
    k->off = jx_malloc(ctx, (size_t)k->n_facs + 1, sizeof *k->off);
    k->ports = jx_malloc(ctx, 2 * (size_t)k->n_facs, sizeof *k->ports);
    if (!k->off || !k->ports) {
        return JX_E_NOMEM;
    }
    ports_of_all(k->t->net, k->t->m, k->facs, k->n_facs, k->t->dir == JX_FROM_FACILITY, k->off, k->ports);
    k->o = (jx_origins){k->n_facs, k->off, k->ports};
    return JX_OK;
}

static uint32_t cell_direct(const jx_tables *t, uint32_t cell, const jx_snap *f) {
    const jx_snap *c = &t->cells[cell];
    uint32_t ms = t->dir == JX_TO_FACILITY ? jx__direct_ms(t->net, t->m->time_ms, c, f)
                                           : jx__direct_ms(t->net, t->m->time_ms, f, c);
    return jx_add_ms(jx_add_ms(ms, c->offroad_ms), f->offroad_ms);
}

static uint32_t *meet(meeting *w, uint32_t cell) {
    if (!w->seen[cell]) {
        w->seen[cell] = 1;
        w->met[w->n_met++] = cell;
        memset(w->ms[cell], 0xff, sizeof w->ms[cell]);
    }
    return w->ms[cell];
}

static jx_status batch_begin(jx_ctx *wctx, void *user, const jx_batch *b) {
    const maker *k = user;
    const jx_tables *t = k->t;
    meeting *w = &k->ws[b->worker];
    if (!w->seen) {
        w->ms = jx_malloc(wctx, t->n_cells, sizeof *w->ms);
        w->met = jx_malloc(wctx, t->n_cells, sizeof *w->met);
        w->seen = w->ms && w->met ? jx_calloc(wctx, t->n_cells, 1) : NULL;
        if (!w->seen) {
            return JX_E_NOMEM;
        }
    }
    for (uint32_t l = 0; l < b->n_lanes; l++) { /* cells on a facility's own edge */
        const jx_snap *f = &k->facs[b->origin[l]];
        for (uint32_t i = f->edge == JX_NONE ? 0 : t->edge_off[f->edge];
             f->edge != JX_NONE && i < t->edge_off[f->edge + 1]; i++) {
            meet(w, t->edge_cell[i])[l] = cell_direct(t, t->edge_cell[i], f);
        }
    }
    return JX_OK;
}

static jx_status batch_rows(jx_ctx *wctx, void *user, const jx_batch *b, uint32_t row, uint32_t n,
                            const uint32_t (*ms)[JX_LANES]) {
    const maker *k = user;
    const jx_tables *t = k->t;
    meeting *w = &k->ws[b->worker];
    (void)wctx;
    for (uint32_t r = 0; r < n; r++) {
        for (uint32_t i = t->row_off[row + r]; i < t->row_off[row + r + 1]; i++) {
            uint32_t *best = meet(w, t->row_cell[i]), way = t->row_ms[i];
            for (uint32_t l = 0; l < JX_LANES; l++) {
                uint32_t at = ms[r][l] <= b->limit_ms ? jx_add_ms(ms[r][l], way) : JX_UNREACHABLE;
                best[l] = at < best[l] ? at : best[l];
            }
        }
    }
    return JX_OK;
}

static jx_status batch_end(jx_ctx *wctx, void *user, const jx_batch *b) {
    const maker *k = user;
    meeting *w = &k->ws[b->worker];
    jx_status st = JX_OK;
    for (uint32_t l = 0; st == JX_OK && l < b->n_lanes; l++) {
        jx__found *found = &k->found[b->origin[l]];
        for (uint32_t i = 0; st == JX_OK && i < w->n_met; i++) {
            uint32_t ms = w->ms[w->met[i]][l];
            if (ms <= k->cutoff && ms != JX_UNREACHABLE) {
                st = jx_vec_push(wctx, found, (jx_table_entry){w->met[i], ms});
            }
        }
    }
    for (uint32_t i = 0; i < w->n_met; i++) {
        w->seen[w->met[i]] = 0;
    }
    w->n_met = 0;
    return st;
}

static bool better(uint32_t ms, uint32_t fac, const jx_table_entry *than) {
    return ms < than->time_ms || (ms == than->time_ms && ms != JX_UNREACHABLE && fac < than->facility);
}

/* The nearest of all, without cut-off: over the ports of each cell, and on its own edge. */
static jx_status nearest(jx_ctx *ctx, const maker *k, jx_table *out) {
    const jx_tables *t = k->t;
    jx_table_entry *at = jx_malloc(ctx, t->net->n_nodes, sizeof *at), *best = jx_malloc(ctx, t->n_cells, sizeof *best);
    out->nearest_ms = jx_malloc(ctx, t->n_cells, sizeof *out->nearest_ms);
    out->nearest = jx_malloc(ctx, t->n_cells, sizeof *out->nearest);
    jx_status st =
        at && best && out->nearest_ms && out->nearest ? jx_sweep_nearest(ctx, t->s, &k->o, 1, at) : JX_E_NOMEM;
    if (st == JX_OK) {
        memset(best, 0xff, t->n_cells * sizeof *best);
        for (uint32_t r = 0; r < jx_sweep_rows(t->s); r++) {
            jx_table_entry e = at[jx_sweep_node(t->s, r)];
            for (uint32_t i = t->row_off[r]; i < t->row_off[r + 1]; i++) {
                uint32_t ms = jx_add_ms(e.time_ms, t->row_ms[i]);
                if (better(ms, e.facility, &best[t->row_cell[i]])) {
                    best[t->row_cell[i]] = (jx_table_entry){e.facility, ms};
                }
            }
        }
        for (uint32_t f = 0; f < k->n_facs; f++) {
            uint32_t e = k->facs[f].edge;
            for (uint32_t i = e == JX_NONE ? 0 : t->edge_off[e]; e != JX_NONE && i < t->edge_off[e + 1]; i++) {
                uint32_t c = t->edge_cell[i], ms = cell_direct(t, c, &k->facs[f]);
                if (better(ms, f, &best[c])) {
                    best[c] = (jx_table_entry){f, ms};
                }
            }
        }
        for (uint32_t c = 0; c < t->n_cells; c++) {
            out->nearest_ms[c] = best[c].time_ms;
            out->nearest[c] = best[c].facility;
        }
    }
    jx_free(ctx, at);
    jx_free(ctx, best);
    return st;
}

static jx_status make(jx_ctx *ctx, maker *k, jx_table *out) {
    k->found = jx_calloc(ctx, k->n_facs, sizeof *k->found);
    k->ws = jx_calloc(ctx, jx_ctx_threads(ctx), sizeof *k->ws);
    if (!k->found || !k->ws) {
        return JX_E_NOMEM;
    }
    JX_TRY(origins(ctx, k));
    JX_TRY(jx_sweep_run(ctx, k->t->s, &k->o, k->cutoff, &(jx_sweep_calls){batch_begin, batch_rows, batch_end}, k));
    JX_TRY(jx__table_rows(ctx, k->found, out));
    return nearest(ctx, k, out);
}

jx_status jx_tables_make(jx_ctx *ctx, const jx_tables *t, const jx_snap *facilities, uint32_t n_facilities,
                         uint32_t cutoff_ms, jx_table **out) {
    jx_table *tab = jx_calloc(ctx, 1, sizeof *tab);
    if (!tab) {
        return JX_E_NOMEM;
    }
    *tab = (jx_table){.mode = t->m->mode,
                      .direction = t->dir,
                      .cutoff_ms = cutoff_ms,
                      .n_cells = t->n_cells,
                      .n_facilities = n_facilities};
    maker k = {.t = t, .facs = facilities, .n_facs = n_facilities, .cutoff = cutoff_ms};
    jx_status st = make(ctx, &k, tab);
    for (uint32_t f = 0; k.found && f < n_facilities; f++) {
        jx_vec_free(ctx, &k.found[f]);
    }
    for (unsigned i = 0; k.ws && i < jx_ctx_threads(ctx); i++) {
        jx_free(ctx, k.ws[i].ms);
        jx_free(ctx, k.ws[i].met);
        jx_free(ctx, k.ws[i].seen);
    }
    jx_free(ctx, k.found);
    jx_free(ctx, k.ws);
    jx_free(ctx, k.off);
    jx_free(ctx, k.ports);
    if (st != JX_OK) {
        jx_table_free(ctx, tab);
        return st;
    }
    *out = tab;
    return JX_OK;
}

/* ---- between joints ---------------------------------------------------------------------------------------------- */

static int by_edge(const void *a, const void *b, void *user) {
    const jx_snap *s = user;
    uint32_t x = s[*(const uint32_t *)a].edge, y = s[*(const uint32_t *)b].edge;
    return (x > y) - (x < y);
}

/* Pairs on one edge also see the direct piece. */
static jx_status same_edge(jx_ctx *ctx, const jx_network *net, const jx_metric *m, const jx_snap *from, uint32_t n_from,
                           const jx_snap *to, uint32_t n_to, uint32_t cutoff_ms, uint32_t *out) {
    uint32_t *order = jx_malloc(ctx, n_to, sizeof *order);
    if (!order) {
        return JX_E_NOMEM;
    }
    for (uint32_t k = 0; k < n_to; k++) {
        order[k] = k;
    }
    union {
        const jx_snap *c;
        void *p;
    } u = {to};
    jx_status st = jx_sort(ctx, order, n_to, sizeof *order, by_edge, u.p);
    for (uint32_t i = 0; st == JX_OK && i < n_from; i++) {
        uint32_t lo = 0, hi = n_to;
        while (lo < hi) {
            uint32_t mid = lo + (hi - lo) / 2;
            lo = to[order[mid]].edge < from[i].edge ? mid + 1 : lo;
            hi = to[order[mid]].edge < from[i].edge ? hi : mid;
        }
        for (; lo < n_to && from[i].edge != JX_NONE && to[order[lo]].edge == from[i].edge; lo++) {
            const jx_snap *t = &to[order[lo]];
            uint32_t ms =
                jx_add_ms(jx_add_ms(jx__direct_ms(net, m->time_ms, &from[i], t), from[i].offroad_ms), t->offroad_ms);
            uint32_t *at = &out[(size_t)i * n_to + order[lo]];
            *at = ms < *at && ms <= cutoff_ms ? ms : *at;
        }
    }
    jx_free(ctx, order);
    return st;
}

jx_status jx_matrix(jx_ctx *ctx, const jx_network *net, const jx_metric *m, const jx_times *t, const jx_snap *from,
                    uint32_t n_from, const jx_snap *to, uint32_t n_to, uint32_t cutoff_ms, uint32_t *out) {
    size_t n = (size_t)n_from + n_to;
    uint32_t *off = jx_malloc(ctx, n + 2, sizeof *off);
    jx_port *ports = jx_malloc(ctx, 2 * n, sizeof *ports);
    jx_status st = off && ports ? JX_OK : JX_E_NOMEM;
    if (st == JX_OK) {
        uint32_t *off_to = off + n_from + 1;
        jx_port *ports_to = ports + 2 * (size_t)n_from;
        ports_of_all(net, m, from, n_from, true, off, ports);
        ports_of_all(net, m, to, n_to, false, off_to, ports_to);
        st = jx_sweep_table(ctx, t, JX_FROM_FACILITY, &(jx_origins){n_from, off, ports},
                            &(jx_origins){n_to, off_to, ports_to}, cutoff_ms, out);
    }
    jx_free(ctx, off);
    jx_free(ctx, ports);
    return st == JX_OK ? same_edge(ctx, net, m, from, n_from, to, n_to, cutoff_ms, out) : st;
}
