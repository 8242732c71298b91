/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Exact travel-time tables. Each facility is searched from, along reversed arcs where people go to it; cells are met through
 * their two ports, the ends of the edge they stand on. One more search from all facilities at once gives the nearest without any
 * cut-off. Results do not depend on threads: every facility's list is its own, and rows are sorted.
 */
#include "network/heap.h"
#include "network/table_internal.h"

typedef struct tabler {
    const jx_network *net;
    const uint32_t *time;
    jx_direction dir;
    const jx_snap *cells, *facs;
    uint32_t n_cells, n_facs, cutoff;
    /* cells by node (through their ports) and by edge, facilities by edge */
    uint32_t *node_off, *node_cell, *node_ms;
    uint32_t *edge_off, *edge_cell;
    uint32_t *fac_off, *fac_item;
    jx__found *found; /* per facility: {cell, time} */
    struct workspace *ws;
} tabler;

typedef struct workspace {
    uint32_t *dist, *stamp, *cell_ms, *cell_stamp, *touched;
    uint32_t generation, n_touched;
    jx__heap heap;
} workspace;

void jx__ports_of(const jx_network *net, const uint32_t *time, const jx_snap *s, bool leaving, jx_port out[2]) {
    uint32_t e = s->edge, len = net->length_mm[e], fwd = time[2 * e], bwd = time[jx_back_arc(net, e)], to = net->to[e], from = net->from[e];
    if (net->turned) {
        const jx_turned *t = net->turned;
        to = leaving ? t->leave[2 * e] : t->arrive[2 * e + 1];
        from = leaving ? t->leave[2 * e + 1] : t->arrive[2 * e];
    }
    /* leaving: to `to` along the edge, to `from` against it; arriving the other way round */
    out[0] = (jx_port){to, jx_part_ms(leaving ? fwd : bwd, len - s->pos_mm, len)};
    out[1] = (jx_port){from, jx_part_ms(leaving ? bwd : fwd, s->pos_mm, len)};
}

uint32_t jx_snap_ports(const jx_network *net, const jx_metric *m, const jx_snap *s, bool leaving, jx_port out[2]) {
    jx_port p[2];
    uint32_t n = 0;
    if (s->edge == JX_NONE) {
        return 0;
    }
    jx__ports_of(net, m->time_ms, s, leaving, p);
    for (int i = 0; i < 2; i++) {
        if (p[i].ms != JX_UNREACHABLE) {
            out[n++] = (jx_port){p[i].node, jx_add_ms(p[i].ms, s->offroad_ms)};
        }
    }
    return n;
}

uint32_t jx__direct_ms(const jx_network *net, const uint32_t *time, const jx_snap *from, const jx_snap *to) {
    uint32_t e = from->edge, len = net->length_mm[e];
    uint32_t along = to->pos_mm >= from->pos_mm ? jx_part_ms(time[2 * e], to->pos_mm - from->pos_mm, len) : JX_UNREACHABLE;
    uint32_t against = from->pos_mm >= to->pos_mm ? jx_part_ms(time[jx_back_arc(net, e)], from->pos_mm - to->pos_mm, len) : JX_UNREACHABLE;
    return along < against ? along : against;
}

static uint32_t cell_direct(const tabler *t, uint32_t cell, uint32_t fac) {
    const jx_snap *c = &t->cells[cell], *f = &t->facs[fac];
    uint32_t ms = t->dir == JX_TO_FACILITY ? jx__direct_ms(t->net, t->time, c, f) : jx__direct_ms(t->net, t->time, f, c);
    return jx_add_ms(jx_add_ms(ms, c->offroad_ms), f->offroad_ms);
}

jx_status jx__bucket(jx_ctx *ctx, const uint32_t *key, const uint32_t *val, const uint32_t *val2, size_t n, uint32_t n_keys, uint32_t **off,
                        uint32_t **out, uint32_t **out2) {
    *off = jx_calloc(ctx, (size_t)n_keys + 2, sizeof **off);
    *out = jx_malloc(ctx, n, sizeof **out);
    if (out2) {
        *out2 = jx_malloc(ctx, n, sizeof **out2);
    }
    if (!*off || !*out || (out2 && !*out2)) {
        return JX_E_NOMEM;
    }
    uint32_t *o = *off + 1;
    for (size_t i = 0; i < n; i++) {
        if (key[i] != JX_NONE) {
            o[key[i]]++;
        }
    }
    for (uint32_t k = 1; k <= n_keys; k++) {
        o[k] += o[k - 1];
    }
    for (size_t i = n; i-- > 0;) {
        if (key[i] != JX_NONE) {
            uint32_t at = --o[key[i]];
            (*out)[at] = val[i];
            if (out2) {
                (*out2)[at] = val2[i];
            }
        }
    }
    /* o[k] is now the start of k; shift so that off[k]..off[k+1] spans it */
    uint32_t total = 0;
    for (size_t i = 0; i < n; i++) {
        total += key[i] != JX_NONE ? 1 : 0;
    }
    memmove(*off, *off + 1, n_keys * sizeof **off);
    (*off)[n_keys] = total;
    return JX_OK;
}

static jx_status index_places(jx_ctx *ctx, tabler *t) {
    size_t n = 2 * (size_t)t->n_cells, m = n > t->n_facs ? n : t->n_facs;
    uint32_t *key = jx_malloc(ctx, m, sizeof *key), *val = jx_malloc(ctx, m, sizeof *val), *ms = jx_malloc(ctx, m, sizeof *ms);
    jx_status st = key && val && ms ? JX_OK : JX_E_NOMEM;
    for (uint32_t i = 0; st == JX_OK && i < t->n_cells; i++) {
        jx_port p[2] = {{JX_NONE, JX_UNREACHABLE}, {JX_NONE, JX_UNREACHABLE}};
        if (t->cells[i].edge != JX_NONE) {
            jx__ports_of(t->net, t->time, &t->cells[i], t->dir == JX_TO_FACILITY, p);
        }
        for (int k = 0; k < 2; k++) {
            key[2 * i + (uint32_t)k] = p[k].ms == JX_UNREACHABLE ? JX_NONE : p[k].node;
            val[2 * i + (uint32_t)k] = i;
            ms[2 * i + (uint32_t)k] = jx_add_ms(p[k].ms, t->cells[i].offroad_ms);
        }
    }
    if (st == JX_OK) {
        st = jx__bucket(ctx, key, val, ms, n, t->net->n_nodes, &t->node_off, &t->node_cell, &t->node_ms);
    }
    for (uint32_t i = 0; st == JX_OK && i < t->n_cells; i++) {
        key[i] = t->cells[i].edge;
        val[i] = i;
    }
    if (st == JX_OK) {
        st = jx__bucket(ctx, key, val, NULL, t->n_cells, t->net->n_edges, &t->edge_off, &t->edge_cell, NULL);
    }
    for (uint32_t i = 0; st == JX_OK && i < t->n_facs; i++) {
        key[i] = t->facs[i].edge;
        val[i] = i;
    }
    if (st == JX_OK) {
        st = jx__bucket(ctx, key, val, NULL, t->n_facs, t->net->n_edges, &t->fac_off, &t->fac_item, NULL);
    }
    jx_free(ctx, key);
    jx_free(ctx, val);
    jx_free(ctx, ms);
    return st;
}

/* ---- one facility, within the cut-off --------------------------------------------------------------------------------- */

static jx_status workspace_init(jx_ctx *ctx, workspace *w, const tabler *t) {
    if (w->dist) {
        return JX_OK;
    }
    w->dist = jx_malloc(ctx, t->net->n_nodes, sizeof *w->dist);
    w->stamp = jx_calloc(ctx, t->net->n_nodes, sizeof *w->stamp);
    w->cell_ms = jx_malloc(ctx, t->n_cells, sizeof *w->cell_ms);
    w->cell_stamp = jx_calloc(ctx, t->n_cells, sizeof *w->cell_stamp);
    w->touched = jx_malloc(ctx, t->n_cells, sizeof *w->touched);
    return w->dist && w->stamp && w->cell_ms && w->cell_stamp && w->touched ? JX_OK : JX_E_NOMEM;
}

static void workspace_release(jx_ctx *ctx, workspace *w) {
    jx_free(ctx, w->dist);
    jx_free(ctx, w->stamp);
    jx_free(ctx, w->cell_ms);
    jx_free(ctx, w->cell_stamp);
    jx_free(ctx, w->touched);
    jx_vec_free(ctx, &w->heap);
}

static jx_status reach_node(jx_ctx *ctx, workspace *w, uint32_t node, uint32_t ms, uint32_t cutoff) {
    if (ms > cutoff || (w->stamp[node] == w->generation && w->dist[node] <= ms)) {
        return JX_OK;
    }
    w->stamp[node] = w->generation;
    w->dist[node] = ms;
    return jx__heap_push(ctx, &w->heap, (jx__heap_item){(uint64_t)ms << 32 | node, 0});
}

static void reach_cell(workspace *w, uint32_t cell, uint32_t ms, uint32_t cutoff) {
    if (ms > cutoff) {
        return;
    }
    if (w->cell_stamp[cell] != w->generation) {
        w->cell_stamp[cell] = w->generation;
        w->cell_ms[cell] = ms;
        w->touched[w->n_touched++] = cell;
    } else if (ms < w->cell_ms[cell]) {
        w->cell_ms[cell] = ms;
    }
}

static jx_status settle(jx_ctx *ctx, const tabler *t, workspace *w, uint32_t node, uint32_t ms) {
    const jx_network *net = t->net;
    for (uint32_t i = t->node_off[node]; i < t->node_off[node + 1]; i++) {
        reach_cell(w, t->node_cell[i], jx_add_ms(ms, t->node_ms[i]), t->cutoff);
    }
    for (uint32_t i = net->first_arc[node]; i < net->first_arc[node + 1]; i++) {
        uint32_t arc = net->arc[i], cost = t->time[t->dir == JX_TO_FACILITY ? arc ^ 1u : arc];
        if (cost != JX_UNREACHABLE) {
            JX_TRY(reach_node(ctx, w, jx_arc_head(net, arc), jx_add_ms(ms, cost), t->cutoff));
        }
    }
    return JX_OK;
}

static jx_status search(jx_ctx *ctx, const tabler *t, workspace *w, uint32_t fac) {
    const jx_snap *f = &t->facs[fac];
    if (f->edge == JX_NONE) {
        return JX_OK;
    }
    w->generation++; /* 2^32 facilities a worker are out of reach */
    w->n_touched = 0;
    w->heap.n = 0;
    jx_port p[2];
    jx__ports_of(t->net, t->time, f, t->dir == JX_FROM_FACILITY, p);
    for (int k = 0; k < 2; k++) {
        if (p[k].ms != JX_UNREACHABLE) {
            JX_TRY(reach_node(ctx, w, p[k].node, jx_add_ms(p[k].ms, f->offroad_ms), t->cutoff));
        }
    }
    for (uint32_t i = t->edge_off[f->edge]; i < t->edge_off[f->edge + 1]; i++) {
        reach_cell(w, t->edge_cell[i], cell_direct(t, t->edge_cell[i], fac), t->cutoff);
    }
    while (w->heap.n) {
        jx__heap_item it = jx__heap_pop(&w->heap);
        uint32_t node = (uint32_t)it.key, ms = (uint32_t)(it.key >> 32);
        if (w->dist[node] == ms) {
            JX_TRY(settle(ctx, t, w, node, ms));
            w->dist[node] = ms; /* settled once: later copies in the heap are longer */
        }
    }
    JX_TRY(jx_vec_reserve(ctx, &t->found[fac], w->n_touched));
    for (uint32_t i = 0; i < w->n_touched; i++) {
        t->found[fac].v[t->found[fac].n++] = (jx_table_entry){w->touched[i], w->cell_ms[w->touched[i]]};
    }
    return JX_OK;
}

static jx_status search_range(jx_ctx *wctx, void *arg, size_t begin, size_t end, unsigned worker) {
    tabler *t = arg;
    JX_TRY(workspace_init(wctx, &t->ws[worker], t));
    for (size_t f = begin; f < end; f++) {
        JX_TRY(search(wctx, t, &t->ws[worker], (uint32_t)f));
    }
    return JX_OK;
}

static jx_status search_all(jx_ctx *ctx, tabler *t) {
    unsigned n = jx_ctx_threads(ctx);
    t->ws = jx_calloc(ctx, n, sizeof *t->ws);
    if (!t->ws) {
        return JX_E_NOMEM;
    }
    jx_status st = jx_parallel_for(ctx, t->n_facs, 4, search_range, t);
    for (unsigned i = 0; i < n; i++) {
        workspace_release(ctx, &t->ws[i]);
    }
    jx_free(ctx, t->ws);
    return st;
}

/* ---- rows ------------------------------------------------------------------------------------------------------------------ */

static int cmp_entry(jx_table_entry a, jx_table_entry b) {
    return a.time_ms != b.time_ms ? (a.time_ms > b.time_ms ? 1 : -1) : (a.facility > b.facility) - (a.facility < b.facility);
}

static int cmp_entry_ptr(const void *a, const void *b, void *user) {
    (void)user;
    return cmp_entry(*(const jx_table_entry *)a, *(const jx_table_entry *)b);
}

static jx_status sort_row(jx_ctx *ctx, jx_table_entry *row, size_t n) {
    if (n > 24) {
        return jx_sort(ctx, row, n, sizeof *row, cmp_entry_ptr, NULL);
    }
    for (size_t i = 1; i < n; i++) {
        jx_table_entry e = row[i];
        size_t k = i;
        for (; k > 0 && cmp_entry(e, row[k - 1]) < 0; k--) {
            row[k] = row[k - 1];
        }
        row[k] = e;
    }
    return JX_OK;
}

jx_status jx__table_rows(jx_ctx *ctx, const jx__found *found, jx_table *out) {
    uint32_t n_facs = out->n_facilities, n_cells = out->n_cells;
    out->row = jx_calloc(ctx, (size_t)n_cells + 2, sizeof *out->row);
    if (!out->row) {
        return JX_E_NOMEM;
    }
    uint64_t *start = out->row + 1, total = 0;
    for (uint32_t f = 0; f < n_facs; f++) {
        for (size_t i = 0; i < found[f].n; i++) {
            start[found[f].v[i].facility]++; /* holds the cell while in `found` */
        }
        total += found[f].n;
    }
    out->entry = jx_malloc(ctx, total, sizeof *out->entry);
    if (!out->entry) {
        return JX_E_NOMEM;
    }
    uint64_t sum = 0;
    for (uint32_t c = 0; c < n_cells; c++) { /* counts -> starts */
        uint64_t n = start[c];
        start[c] = sum;
        sum += n;
    }
    for (uint32_t f = 0; f < n_facs; f++) {
        for (size_t i = 0; i < found[f].n; i++) {
            jx_table_entry e = found[f].v[i];
            out->entry[start[e.facility]++] = (jx_table_entry){f, e.time_ms};
        }
    }
    out->row[0] = 0; /* start[c] has moved to the end of row c, which is row[c + 1] */
    for (uint32_t c = 0; c < n_cells; c++) {
        JX_TRY(sort_row(ctx, out->entry + out->row[c], (size_t)(out->row[c + 1] - out->row[c])));
    }
    return JX_OK;
}

/* ---- the nearest of all, without cut-off ------------------------------------------------------------------------------------- */

typedef struct label {
    uint32_t ms, fac;
} label;

static bool better(uint32_t ms, uint32_t fac, label than) { return ms < than.ms || (ms == than.ms && fac < than.fac); }

static jx_status offer(jx_ctx *ctx, jx__heap *h, label *lab, uint32_t node, uint32_t ms, uint32_t fac) {
    if (ms == JX_UNREACHABLE || !better(ms, fac, lab[node])) {
        return JX_OK;
    }
    lab[node] = (label){ms, fac};
    return jx__heap_push(ctx, h, (jx__heap_item){(uint64_t)ms << 32 | node, fac});
}

static jx_status spread(jx_ctx *ctx, const tabler *t, label *lab) {
    const jx_network *net = t->net;
    jx__heap h = {0};
    jx_status st = JX_OK;
    for (uint32_t f = 0; st == JX_OK && f < t->n_facs; f++) {
        jx_port p[2];
        if (t->facs[f].edge == JX_NONE) {
            continue;
        }
        jx__ports_of(t->net, t->time, &t->facs[f], t->dir == JX_FROM_FACILITY, p);
        for (int k = 0; st == JX_OK && k < 2; k++) {
            st = offer(ctx, &h, lab, p[k].node, jx_add_ms(p[k].ms, t->facs[f].offroad_ms), f);
        }
    }
    while (st == JX_OK && h.n) {
        jx__heap_item it = jx__heap_pop(&h);
        uint32_t node = (uint32_t)it.key, ms = (uint32_t)(it.key >> 32);
        if (lab[node].ms != ms || lab[node].fac != it.label) {
            continue;
        }
        for (uint32_t i = net->first_arc[node]; st == JX_OK && i < net->first_arc[node + 1]; i++) {
            uint32_t arc = net->arc[i], cost = t->time[t->dir == JX_TO_FACILITY ? arc ^ 1u : arc];
            if (cost != JX_UNREACHABLE) {
                st = offer(ctx, &h, lab, jx_arc_head(net, arc), jx_add_ms(ms, cost), it.label);
            }
        }
    }
    jx_vec_free(ctx, &h);
    return st;
}

static jx_status nearest(jx_ctx *ctx, const tabler *t, jx_table *out) {
    label *lab = jx_malloc(ctx, t->net->n_nodes, sizeof *lab);
    out->nearest_ms = jx_malloc(ctx, t->n_cells, sizeof *out->nearest_ms);
    out->nearest = jx_malloc(ctx, t->n_cells, sizeof *out->nearest);
    if (!lab || !out->nearest_ms || !out->nearest) {
        jx_free(ctx, lab);
        return JX_E_NOMEM;
    }
    memset(lab, 0xff, t->net->n_nodes * sizeof *lab);
    jx_status st = spread(ctx, t, lab);
    for (uint32_t c = 0; st == JX_OK && c < t->n_cells; c++) {
        label best = {JX_UNREACHABLE, JX_NONE};
        const jx_snap *s = &t->cells[c];
        if (s->edge != JX_NONE) {
            jx_port p[2];
            jx__ports_of(t->net, t->time, s, t->dir == JX_TO_FACILITY, p);
            for (int k = 0; k < 2; k++) {
                uint32_t ms = jx_add_ms(jx_add_ms(p[k].ms, s->offroad_ms), lab[p[k].node].ms);
                best = ms != JX_UNREACHABLE && better(ms, lab[p[k].node].fac, best) ? (label){ms, lab[p[k].node].fac} : best;
            }
            for (uint32_t i = t->fac_off[s->edge]; i < t->fac_off[s->edge + 1]; i++) {
                uint32_t f = t->fac_item[i], ms = cell_direct(t, c, f);
                best = ms != JX_UNREACHABLE && better(ms, f, best) ? (label){ms, f} : best;
            }
        }
        out->nearest_ms[c] = best.ms;
        out->nearest[c] = best.fac;
    }
    jx_free(ctx, lab);
    return st;
}

static jx_status make(jx_ctx *ctx, tabler *t, jx_table *out) {
    t->found = jx_calloc(ctx, t->n_facs, sizeof *t->found);
    if (!t->found) {
        return JX_E_NOMEM;
    }
    JX_TRY(index_places(ctx, t));
    JX_TRY(search_all(ctx, t));
    JX_TRY(jx__table_rows(ctx, t->found, out));
    return nearest(ctx, t, out);
}

jx_status jx_table_new(jx_ctx *ctx, const jx_network *net, const jx_metric *m, jx_direction dir, const jx_snap *cells, uint32_t n_cells,
                       const jx_snap *facilities, uint32_t n_facilities, uint32_t cutoff_ms, jx_table **out) {
    jx_table *tab = jx_calloc(ctx, 1, sizeof *tab);
    if (!tab) {
        return JX_E_NOMEM;
    }
    *tab = (jx_table){.mode = m->mode, .direction = dir, .cutoff_ms = cutoff_ms, .n_cells = n_cells, .n_facilities = n_facilities};
    tabler t = {.net = net,
                .time = m->time_ms,
                .dir = dir,
                .cells = cells,
                .facs = facilities,
                .n_cells = n_cells,
                .n_facs = n_facilities,
                .cutoff = cutoff_ms};
    jx_status st = make(ctx, &t, tab);
    for (uint32_t f = 0; t.found && f < n_facilities; f++) {
        jx_vec_free(ctx, &t.found[f]);
    }
    void *const blocks[] = {t.found, t.node_off, t.node_cell, t.node_ms, t.edge_off, t.edge_cell, t.fac_off, t.fac_item};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        jx_free(ctx, blocks[i]);
    }
    if (st != JX_OK) {
        jx_table_free(ctx, tab);
        return st;
    }
    *out = tab;
    return JX_OK;
}

void jx_table_free(jx_ctx *ctx, jx_table *t) {
    if (t) {
        jx_free(ctx, t->row);
        jx_free(ctx, t->entry);
        jx_free(ctx, t->nearest_ms);
        jx_free(ctx, t->nearest);
        jx_free(ctx, t);
    }
}
