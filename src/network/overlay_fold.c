/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The best of several joints: everything is computed for all joints side by side, then folded to places. */
#include "network/overlay_internal.h"
#include "network/table_internal.h"

static uint32_t place_of(const jx_joints *j, uint32_t i) { return i < j->n ? i : j->owner[i - j->n]; }

/* ---- matrix --------------------------------------------------------------------------------------------------------------------- */

static jx_status full_matrix(jx_ctx *ctx, const jx_network *net, const jx_metric *m, const jx_times *t, const jx_joints *from,
                             const jx_joints *to, uint32_t cutoff_ms, uint32_t **out) {
    *out = jx_malloc(ctx, (size_t)from->n_all * to->n_all, sizeof **out);
    jx_status st = *out ? jx_matrix(ctx, net, m, t, from->snap, from->n_all, to->snap, to->n_all, cutoff_ms, *out) : JX_E_NOMEM;
    if (st != JX_OK) {
        jx_free(ctx, *out);
        *out = NULL;
    }
    return st;
}

jx_status jx_joints_matrix(jx_ctx *ctx, const jx_network *net, const jx_metric *m, const jx_times *t, const jx_joints *from,
                           const jx_joints *to, uint32_t cutoff_ms, uint32_t *out) {
    uint32_t *all;
    if (from->n_all == from->n && to->n_all == to->n) {
        return jx_matrix(ctx, net, m, t, from->snap, from->n, to->snap, to->n, cutoff_ms, out);
    }
    JX_TRY(full_matrix(ctx, net, m, t, from, to, cutoff_ms, &all));
    memset(out, 0xff, (size_t)from->n * to->n * sizeof *out);
    for (uint32_t i = 0; i < from->n_all; i++) {
        uint32_t *row = out + (size_t)place_of(from, i) * to->n;
        for (uint32_t k = 0; k < to->n_all; k++) {
            uint32_t ms = all[(size_t)i * to->n_all + k], *at = &row[place_of(to, k)];
            *at = ms < *at ? ms : *at;
        }
    }
    jx_free(ctx, all);
    return JX_OK;
}

jx_status jx_joints_pair(jx_ctx *ctx, const jx_network *net, const jx_metric *m, const jx_times *t, const jx_joints *from, const jx_joints *to,
                         uint32_t *from_at, uint32_t *to_at) {
    uint32_t *all, best = JX_UNREACHABLE;
    JX_TRY(full_matrix(ctx, net, m, t, from, to, JX_UNREACHABLE, &all));
    *from_at = *to_at = 0;
    for (uint32_t i = 0; i < from->n_all; i++) {
        for (uint32_t k = 0; k < to->n_all; k++) {
            uint32_t ms = all[(size_t)i * to->n_all + k];
            if (ms < best) {
                best = ms;
                *from_at = i;
                *to_at = k;
            }
        }
    }
    jx_free(ctx, all);
    return JX_OK;
}

/* ---- tables ----------------------------------------------------------------------------------------------------------------------- */

static int by_facility(const void *x, const void *y, void *user) {
    const jx_table_entry *a = x, *b = y;
    (void)user;
    return a->facility != b->facility ? (a->facility > b->facility ? 1 : -1) : (a->time_ms > b->time_ms) - (a->time_ms < b->time_ms);
}

/* What each facility has found, by place: the shape jx__table_rows takes. */
static jx_status fold_rows(jx_ctx *ctx, const jx_table *all, const jx_joints *cells, const jx_joints *facs, jx_table *out) {
    jx__found *found = jx_calloc(ctx, facs->n, sizeof *found);
    jx_status st = found ? JX_OK : JX_E_NOMEM;
    for (uint32_t i = 0; st == JX_OK && i < cells->n_all; i++) {
        for (uint64_t e = all->row[i]; st == JX_OK && e < all->row[i + 1]; e++) {
            jx_table_entry at = {place_of(cells, i), all->entry[e].time_ms};
            st = jx_vec_push(ctx, &found[all->entry[e].facility], at);
        }
    }
    for (uint32_t f = 0; st == JX_OK && f < facs->n; f++) { /* of a place met twice the shorter way */
        size_t w = 0;
        st = jx_sort(ctx, found[f].v, found[f].n, sizeof *found[f].v, by_facility, NULL);
        for (size_t i = 0; st == JX_OK && i < found[f].n; i++) {
            if (w == 0 || found[f].v[w - 1].facility != found[f].v[i].facility) {
                found[f].v[w++] = found[f].v[i];
            }
        }
        found[f].n = w;
    }
    if (st == JX_OK) {
        st = jx__table_rows(ctx, found, out);
    }
    for (uint32_t f = 0; found && f < facs->n; f++) {
        jx_vec_free(ctx, &found[f]);
    }
    jx_free(ctx, found);
    return st;
}

static jx_status fold_nearest(jx_ctx *ctx, const jx_table *all, const jx_joints *cells, jx_table *out) {
    out->nearest_ms = jx_malloc(ctx, cells->n, sizeof *out->nearest_ms);
    out->nearest = jx_malloc(ctx, cells->n, sizeof *out->nearest);
    if (!out->nearest_ms || !out->nearest) {
        return JX_E_NOMEM;
    }
    memset(out->nearest_ms, 0xff, cells->n * sizeof *out->nearest_ms);
    memset(out->nearest, 0xff, cells->n * sizeof *out->nearest);
    for (uint32_t i = 0; i < cells->n_all; i++) {
        uint32_t c = place_of(cells, i), ms = all->nearest_ms[i], f = all->nearest[i];
        if (ms < out->nearest_ms[c] || (ms == out->nearest_ms[c] && ms != JX_UNREACHABLE && f < out->nearest[c])) {
            out->nearest_ms[c] = ms;
            out->nearest[c] = f;
        }
    }
    return JX_OK;
}

/* Facilities with their joints side by side, so that a tie goes to the lower facility. */
typedef struct arranged {
    jx_snap *snap;
    uint32_t *owner;
} arranged;

static jx_status arrange(jx_ctx *ctx, const jx_joints *j, arranged *a) {
    uint64_t *key = jx_malloc(ctx, 2 * (size_t)j->n_all, sizeof *key);
    a->snap = jx_malloc(ctx, j->n_all, sizeof *a->snap);
    a->owner = jx_malloc(ctx, j->n_all, sizeof *a->owner);
    if (!key || !a->snap || !a->owner) {
        jx_free(ctx, key);
        return JX_E_NOMEM;
    }
    for (uint32_t i = 0; i < j->n_all; i++) {
        key[i] = (uint64_t)place_of(j, i) << 32 | i;
    }
    jx_sort_u64(key, key + j->n_all, j->n_all);
    for (uint32_t i = 0; i < j->n_all; i++) {
        a->owner[i] = (uint32_t)(key[i] >> 32);
        a->snap[i] = j->snap[(uint32_t)key[i]];
    }
    jx_free(ctx, key);
    return JX_OK;
}

/* Rows by joint, columns already renamed to facilities (one may stand in a row more than once). */
static jx_status table_of_all(jx_ctx *ctx, const jx_network *net, const jx_metric *m, const jx_times *t, jx_direction dir, const jx_joints *cells,
                              const jx_joints *facs, uint32_t cutoff_ms, jx_table **out) {
    jx_tables *maker = NULL;
    arranged a = {0};
    jx_status st = arrange(ctx, facs, &a);
    if (st == JX_OK) {
        st = jx_tables_new(ctx, net, m, t, dir, cells->snap, cells->n_all, &maker);
    }
    if (st == JX_OK) {
        st = jx_tables_make(ctx, maker, a.snap, facs->n_all, cutoff_ms, out);
    }
    if (st == JX_OK) {
        jx_table *tab = *out;
        for (uint64_t e = 0; e < tab->row[cells->n_all]; e++) {
            tab->entry[e].facility = a.owner[tab->entry[e].facility];
        }
        for (uint32_t i = 0; i < cells->n_all; i++) {
            tab->nearest[i] = tab->nearest[i] == JX_NONE ? JX_NONE : a.owner[tab->nearest[i]];
        }
    }
    jx_tables_free(ctx, maker);
    jx_free(ctx, a.snap);
    jx_free(ctx, a.owner);
    return st;
}

jx_status jx_joints_table(jx_ctx *ctx, const jx_network *net, const jx_metric *m, const jx_times *t, jx_direction dir, const jx_joints *cells,
                          const jx_joints *facilities, uint32_t cutoff_ms, jx_table **out) {
    jx_table *all;
    JX_TRY(table_of_all(ctx, net, m, t, dir, cells, facilities, cutoff_ms, &all));
    if (cells->n_all == cells->n && facilities->n_all == facilities->n) {
        *out = all;
        return JX_OK;
    }
    jx_table *tab = jx_calloc(ctx, 1, sizeof *tab);
    jx_status st = tab ? JX_OK : JX_E_NOMEM;
    if (st == JX_OK) {
        *tab = (jx_table){.mode = m->mode, .direction = dir, .cutoff_ms = cutoff_ms, .n_cells = cells->n, .n_facilities = facilities->n};
        st = fold_rows(ctx, all, cells, facilities, tab);
    }
    if (st == JX_OK) {
        st = fold_nearest(ctx, all, cells, tab);
    }
    jx_table_free(ctx, all);
    if (st != JX_OK) {
        jx_table_free(ctx, tab);
        return st;
    }
    *out = tab;
    return JX_OK;
}

jx_status jx_joints_choose(jx_ctx *ctx, const jx_network *net, const jx_metric *m, const jx_times *t, jx_direction dir, const jx_joints *cells,
                           const jx_joints *facilities, jx_snap *chosen) {
    jx_table *all;
    uint32_t *best = jx_malloc(ctx, cells->n, sizeof *best);
    jx_status st = best ? table_of_all(ctx, net, m, t, dir, cells, facilities, 0, &all) : JX_E_NOMEM;
    if (st == JX_OK) {
        for (uint32_t i = 0; i < cells->n_all; i++) {
            uint32_t c = place_of(cells, i);
            if (i < cells->n || all->nearest_ms[i] < best[c]) {
                best[c] = all->nearest_ms[i];
                chosen[c] = cells->snap[i];
            }
        }
        jx_table_free(ctx, all);
    }
    jx_free(ctx, best);
    return st;
}
