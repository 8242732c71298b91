/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Carriers with people -> cells. A grid square on a township border is one row per township, so that townships sum exactly. */
#include "county/people_internal.h"

static jx_status alloc_cells(jx_ctx *ctx, jx_cells *s, uint32_t n) {
    s->n = n;
    s->col = jx_calloc(ctx, n, sizeof *s->col);
    s->row = jx_calloc(ctx, n, sizeof *s->row);
    s->pt = jx_calloc(ctx, n, sizeof *s->pt);
    s->people = jx_calloc(ctx, n, sizeof *s->people);
    s->township = jx_malloc(ctx, n, sizeof *s->township);
    s->settlement = jx_malloc(ctx, n, sizeof *s->settlement);
    s->buildings = jx_calloc(ctx, n, sizeof *s->buildings);
    s->urban = jx_calloc(ctx, n, 1);
    return s->col && s->row && s->pt && s->people && s->township && s->settlement && s->buildings && s->urban ? JX_OK : JX_E_NOMEM;
}

typedef struct placed {
    int32_t col, row;
    uint32_t township, carrier;
} placed;

/* North to south, west to east, then township: the order of the rows in every output. */
static int cmp_placed(const void *a, const void *b, void *user) {
    (void)user;
    const placed *x = a, *y = b;
    if (x->row != y->row) {
        return x->row < y->row ? 1 : -1;
    }
    if (x->col != y->col) {
        return x->col < y->col ? -1 : 1;
    }
    return x->township != y->township ? (x->township < y->township ? -1 : 1) : (x->carrier > y->carrier) - (x->carrier < y->carrier);
}

static bool same_cell(const placed *a, const placed *b) { return a->col == b->col && a->row == b->row && a->township == b->township; }

/* Sums of one cell: people, their mean position, buildings, and the settlement that most of them belong to. */
static void fill_cell(jx_county *c, uint32_t i, const jx__carriers *k, const placed *p, size_t n) {
    jx_cells *s = &c->cells;
    double sum = 0, x = 0, y = 0, best = -1;
    jx_pt base = k->v[p[0].carrier].pt;
    for (size_t j = 0; j < n; j++) {
        const jx__carrier *q = &k->v[p[j].carrier];
        sum += q->people;
        x += q->people * ((double)q->pt.lon - base.lon);
        y += q->people * ((double)q->pt.lat - base.lat);
        s->buildings[i] += q->kind == JX__BUILDING ? 1 : 0;
    }
    for (size_t j = 0; j < n; j++) { /* cells hold few settlements: quadratic is fine */
        double here = 0;
        for (size_t m = 0; m < n; m++) {
            here += k->v[p[m].carrier].settlement == k->v[p[j].carrier].settlement ? k->v[p[m].carrier].people : 0;
        }
        if (here > best) {
            best = here;
            s->settlement[i] = k->v[p[j].carrier].settlement;
        }
        if (n > 256) {
            break; /* a dense raster cell: its first carrier speaks for it */
        }
    }
    s->col[i] = p[0].col;
    s->row[i] = p[0].row;
    s->township[i] = p[0].township;
    s->people[i] = sum;
    s->pt[i] = sum > 0 ? (jx_pt){(int32_t)(base.lon + x / sum), (int32_t)(base.lat + y / sum)} : base;
}

jx_status jx__cells_from_carriers(jx_ctx *ctx, jx_county *c, const jx__carriers *k) {
    placed *p = jx_malloc(ctx, k->n, sizeof *p);
    size_t n = 0;
    uint32_t cells = 0;
    if (!p) {
        return JX_E_NOMEM;
    }
    for (size_t i = 0; i < k->n; i++) {
        if (k->v[i].people > 0) {
            p[n] = (placed){.township = k->v[i].township, .carrier = (uint32_t)i};
            jx_grid_cell(&c->grid, k->v[i].pt, &p[n].col, &p[n].row);
            n++;
        }
    }
    jx_status st = jx_sort(ctx, p, n, sizeof *p, cmp_placed, NULL);
    for (size_t i = 0; i < n; i++) {
        cells += i == 0 || !same_cell(&p[i], &p[i - 1]) ? 1 : 0;
    }
    if (st == JX_OK) {
        st = alloc_cells(ctx, &c->cells, cells);
    }
    uint32_t at = 0;
    for (size_t i = 0; st == JX_OK && i < n;) {
        size_t e = i + 1;
        while (e < n && same_cell(&p[e], &p[i])) {
            e++;
        }
        fill_cell(c, at++, k, p + i, e - i);
        i = e;
    }
    jx_free(ctx, p);
    return st;
}
