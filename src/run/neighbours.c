/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Which cells lie side by side. */
#include "run/district.h"

enum { NEAREST = 6 };

typedef struct pairs {
    uint64_t *key; /* cell << 32 | neighbour */
    size_t n, room;
    const jx_cells *s;
    double kx, ky;
} pairs;

static jx_status add(jx_ctx *ctx, pairs *p, uint32_t a, uint32_t b) {
    if (p->n + 2 > p->room) {
        size_t room = p->room ? 2 * p->room : 4096;
        uint64_t *k = jx_realloc(ctx, p->key, room, sizeof *k);
        if (!k) {
            return JX_E_NOMEM;
        }
        p->key = k;
        p->room = room;
    }
    p->key[p->n++] = (uint64_t)a << 32 | b;
    p->key[p->n++] = (uint64_t)b << 32 | a;
    return JX_OK;
}

static double far2(const pairs *p, uint32_t a, uint32_t b) {
    double x = p->kx * ((double)p->s->pt[a].lon - p->s->pt[b].lon), y = p->ky * ((double)p->s->pt[a].lat - p->s->pt[b].lat);
    return x * x + y * y;
}

/* Prim's way: the tree grows by the cell nearest to it. */
static jx_status span(jx_ctx *ctx, pairs *p) {
    uint32_t n = p->s->n, at = 0;
    double *dist = jx_malloc(ctx, n, sizeof *dist);
    uint32_t *to = jx_calloc(ctx, n, sizeof *to);
    jx_status st = dist && to ? JX_OK : JX_E_NOMEM;
    for (uint32_t i = 1; st == JX_OK && i < n; i++) {
        dist[i] = far2(p, 0, i);
    }
    for (uint32_t k = 1; st == JX_OK && k < n; k++) {
        uint32_t best = JX_NONE;
        for (uint32_t i = 1; i < n; i++) {
            best = to[i] != JX_NONE && (best == JX_NONE || dist[i] < dist[best]) ? i : best;
        }
        st = add(ctx, p, best, to[best]);
        to[best] = JX_NONE;
        at = best;
        for (uint32_t i = 1; i < n; i++) {
            double d = to[i] == JX_NONE ? 0 : far2(p, at, i);
            if (to[i] != JX_NONE && d < dist[i]) {
                dist[i] = d;
                to[i] = at;
            }
        }
        st = st == JX_OK && k % 256 == 0 ? jx_poll(ctx) : st;
    }
    jx_free(ctx, dist);
    jx_free(ctx, to);
    return st;
}

static jx_status nearest(jx_ctx *ctx, pairs *p) {
    for (uint32_t i = 0; i < p->s->n; i++) {
        uint32_t best[NEAREST], n = 0;
        for (uint32_t j = 0; j < p->s->n; j++) {
            double d = far2(p, i, j);
            if (j == i || (n == NEAREST && d >= far2(p, i, best[n - 1]))) {
                continue;
            }
            uint32_t at = n < NEAREST ? n++ : n - 1;
            for (; at > 0 && d < far2(p, i, best[at - 1]); at--) {
                best[at] = best[at - 1];
            }
            best[at] = j;
        }
        for (uint32_t k = 0; k < n; k++) {
            JX_TRY(add(ctx, p, i, best[k]));
        }
    }
    return JX_OK;
}

static uint64_t place(int32_t col, int32_t row) { return (uint64_t)((uint32_t)col ^ 0x80000000u) << 32 | ((uint32_t)row ^ 0x80000000u); }

/* Rows of one square (it is cut by a township's border) are neighbours too. */
static jx_status touching(jx_ctx *ctx, const jx_county *c, pairs *p) {
    const jx_cells *s = p->s;
    uint32_t n = s->n;
    unsigned ways = c->grid.kind == JX_GRID_HEX ? 6 : 8;
    uint64_t *key = jx_malloc(ctx, n, sizeof *key), *tmp_key = jx_malloc(ctx, n, sizeof *tmp_key);
    uint32_t *cell = jx_malloc(ctx, n, sizeof *cell), *tmp = jx_malloc(ctx, n, sizeof *tmp);
    jx_status st = key && tmp_key && cell && tmp ? JX_OK : JX_E_NOMEM;
    for (uint32_t i = 0; st == JX_OK && i < n; i++) {
        key[i] = place(s->col[i], s->row[i]);
        cell[i] = i;
    }
    if (st == JX_OK) {
        jx_sort_u64_u32(key, cell, tmp_key, tmp, n);
    }
    for (uint32_t i = 0; st == JX_OK && i < n; i++) {
        int32_t at[9][2] = {{s->col[i], s->row[i]}};
        jx_grid_neighbours(&c->grid, s->col[i], s->row[i], ways, at + 1);
        for (unsigned k = 0; st == JX_OK && k <= ways; k++) {
            uint64_t want = place(at[k][0], at[k][1]);
            uint32_t lo = 0, hi = n;
            while (lo < hi) {
                uint32_t mid = lo + (hi - lo) / 2;
                lo = key[mid] < want ? mid + 1 : lo;
                hi = key[mid] < want ? hi : mid;
            }
            for (; st == JX_OK && lo < n && key[lo] == want; lo++) {
                st = cell[lo] > i ? add(ctx, p, i, cell[lo]) : JX_OK;
            }
        }
    }
    jx_free(ctx, key), jx_free(ctx, tmp_key), jx_free(ctx, cell), jx_free(ctx, tmp);
    return st;
}

static int by_key(const void *a, const void *b, void *user) {
    (void)user;
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static jx_status lists(jx_ctx *ctx, pairs *p, uint32_t **off, uint32_t **near) {
    JX_TRY(jx_sort(ctx, p->key, p->n, sizeof *p->key, by_key, NULL));
    *off = jx_calloc(ctx, (size_t)p->s->n + 1, sizeof **off);
    *near = jx_malloc(ctx, p->n, sizeof **near);
    if (!*off || !*near) {
        return JX_E_NOMEM;
    }
    uint32_t n = 0;
    for (size_t i = 0; i < p->n; i++) {
        if (i == 0 || p->key[i] != p->key[i - 1]) {
            (*near)[n++] = (uint32_t)p->key[i];
            (*off)[(p->key[i] >> 32) + 1] = n;
        }
    }
    for (uint32_t i = 1; i <= p->s->n; i++) { /* cells without a neighbour */
        (*off)[i] = (*off)[i] ? (*off)[i] : (*off)[i - 1];
    }
    return JX_OK;
}

jx_status jx__neighbours(jx_ctx *ctx, const jx_county *c, bool hold, uint32_t **off, uint32_t **near) {
    pairs p = {.s = &c->cells};
    jx_scale_at(c->cells.n ? c->cells.pt[c->cells.n / 2] : (jx_pt){0, 0}, &p.kx, &p.ky);
    jx_status st = hold ? span(ctx, &p) : JX_OK;
    if (st == JX_OK) {
        st = c->people_source == JX_PEOPLE_TABLE ? nearest(ctx, &p) : touching(ctx, c, &p);
    }
    if (st == JX_OK) {
        st = lists(ctx, &p, off, near);
    }
    jx_free(ctx, p.key);
    return st;
}
