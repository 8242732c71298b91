/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The k nearest facilities of every node, in one climb and one descent: lists of k labels take the place of single
 * times. A facility's label climbs to its ancestors; downwards a row merges the lists of the vertices above it. Keys
 * are time << 32 | facility, so order and ties are those of the travel-time table; k labels at x suffice for v, because
 * whoever precedes a facility at x precedes it, or equals it, at v. A list whose best label cannot beat the worst of
 * the row costs one comparison.
 */
#include "network/sweep_internal.h"

typedef struct labels {
    const jx_sweep *s;
    uint32_t k;
    uint32_t *place;   /* vertex -> index in `own`, JX_NONE */
    uint32_t *touched; /* vertices facilities climb through, rising */
    uint32_t n_touched;
    uint64_t *own;  /* n_touched * k */
    uint64_t *path; /* (height + 1) * k, by slot */
} labels;

#define NO_LABEL UINT64_MAX

/* Inserts unless the list holds the facility with a smaller key; an older label of it goes. Sorted, k long. */
static void insert(uint64_t *list, uint32_t k, uint64_t key) {
    uint32_t at = k - 1;
    for (uint32_t i = 0; i < k; i++) { /* where it is already, or the last place, which falls out */
        if ((uint32_t)list[i] == (uint32_t)key && list[i] != NO_LABEL) {
            if (list[i] <= key) {
                return;
            }
            at = i;
            break;
        }
    }
    for (; at > 0 && list[at - 1] > key; at--) {
        list[at] = list[at - 1];
    }
    list[at] = key;
}

static void merge(uint64_t *restrict list, uint32_t k, const uint64_t *restrict from, uint32_t ms) {
    for (uint32_t i = 0; i < k; i++) {
        uint64_t t = (from[i] >> 32) + ms, key = t << 32 | (uint32_t)from[i];
        if (t >= JX_UNREACHABLE || key >= list[k - 1]) {
            return; /* and so are all that follow */
        }
        insert(list, k, key);
    }
}

static jx_status touch(jx_ctx *ctx, labels *l, const jx_origins *f) {
    const jx_hierarchy *h = l->s->h;
    uint32_t n = f->off[f->n];
    uint64_t *low = jx_malloc(ctx, 2 * (size_t)n, sizeof *low);
    if (!low) {
        return JX_E_NOMEM;
    }
    for (uint32_t i = 0; i < n; i++) {
        low[i] = h->rank[f->ports[i].node];
    }
    jx_sort_u64(low, low + n, n);
    l->n_touched = jx__union_of_paths(h, low, n, l->touched);
    jx_free(ctx, low);
    l->own = jx_malloc(ctx, (size_t)l->n_touched * l->k, sizeof *l->own);
    if (!l->own) {
        return JX_E_NOMEM;
    }
    memset(l->own, 0xff, (size_t)l->n_touched * l->k * sizeof *l->own);
    for (uint32_t i = 0; i < l->n_touched; i++) {
        l->place[l->touched[i]] = i;
    }
    return JX_OK;
}

static void climb(const labels *l, const jx_origins *f) {
    const jx_sweep *s = l->s;
    for (uint32_t i = 0; i < f->n; i++) {
        for (uint32_t p = f->off[i]; p < f->off[i + 1]; p++) {
            uint64_t key = (uint64_t)f->ports[p].ms << 32 | i;
            uint64_t *list = l->own + (size_t)l->place[s->h->rank[f->ports[p].node]] * l->k;
            if (f->ports[p].ms != JX_UNREACHABLE && key < list[l->k - 1]) {
                insert(list, l->k, key);
            }
        }
    }
    for (uint32_t i = 0; i < l->n_touched; i++) {
        uint32_t v = l->touched[i];
        const uint64_t *list = l->own + (size_t)i * l->k;
        for (uint32_t a = s->climb[v]; a < s->climb[v + 1]; a++) {
            merge(l->own + (size_t)l->place[s->climb_head[a]] * l->k, l->k, list, s->climb_ms[a]);
        }
    }
}

static void descend(const labels *l, jx_table_entry *out) {
    const jx_sweep *s = l->s;
    uint32_t k = l->k;
    memset(l->path + (size_t)s->h->height * k, 0xff, k * sizeof *l->path);
    for (uint32_t r = 0; r < s->n_rows; r++) {
        uint32_t v = s->vertex[r];
        uint64_t *list = l->path + (size_t)s->own[r] * k;
        if (l->place[v] != JX_NONE) {
            memcpy(list, l->own + (size_t)l->place[v] * k, k * sizeof *list);
        } else {
            memset(list, 0xff, k * sizeof *list);
        }
        for (uint32_t a = s->first[r + 1];
             a-- > s->first[r];) { /* the parent first: its labels are mostly the right ones */
            merge(list, k, l->path + (size_t)s->slot[a] * k, s->ms[a]);
        }
        jx_table_entry *o = out + (size_t)s->h->node[v] * k;
        for (uint32_t i = 0; i < k; i++) {
            o[i] = (jx_table_entry){(uint32_t)list[i], (uint32_t)(list[i] >> 32)};
        }
    }
}

jx_status jx_sweep_nearest(jx_ctx *ctx, const jx_sweep *s, const jx_origins *facilities, uint32_t k,
                           jx_table_entry *out) {
    const jx_hierarchy *h = s->h;
    labels l = {.s = s, .k = k};
    if (k == 0) {
        return JX_OK;
    }
    l.place = jx_malloc(ctx, h->n_nodes, sizeof *l.place);
    l.touched = jx_malloc(ctx, h->n_nodes, sizeof *l.touched);
    l.path = jx_malloc(ctx, ((size_t)h->height + 1) * k, sizeof *l.path);
    jx_status st = l.place && l.touched && l.path ? JX_OK : JX_E_NOMEM;
    if (st == JX_OK) {
        memset(l.place, 0xff, (size_t)h->n_nodes * sizeof *l.place);
        st = touch(ctx, &l, facilities);
    }
    if (st == JX_OK) {
        climb(&l, facilities);
        descend(&l, out);
    }
    jx_free(ctx, l.place);
    jx_free(ctx, l.touched);
    jx_free(ctx, l.own);
    jx_free(ctx, l.path);
    return st;
}
