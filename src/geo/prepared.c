/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Point-in-polygon for many points: edges sorted into latitude slabs, so that a test reads one slab. */
#include "geo/geo_internal.h"

struct jx_prepared {
    const jx_mpoly *m;
    int64_t slab_height;
    uint32_t n_slabs;
    uint32_t *off;  /* n_slabs + 1 */
    uint32_t *edge; /* index of the edge's first point */
};

static uint32_t slab_of(const jx_prepared *p, int32_t lat) {
    return (uint32_t)(((int64_t)lat - p->m->box.min_lat) / p->slab_height);
}

/* Entries that the present number of slabs needs. */
static uint64_t count_entries(const jx_prepared *p) {
    const jx_mpoly *m = p->m;
    uint64_t n = 0;
    for (uint32_t r = 0; r < m->n_rings; r++) {
        for (uint32_t i = m->ring_off[r]; i + 1 < m->ring_off[r + 1]; i++) {
            uint32_t a = slab_of(p, m->pts[i].lat), b = slab_of(p, m->pts[i + 1].lat);
            n += (a < b ? b - a : a - b) + 1;
        }
    }
    return n;
}

/* About four edges to a slab; fewer slabs where edges are so tall that the lists would outgrow the polygon. */
static void choose_slabs(jx_prepared *p) {
    const jx_mpoly *m = p->m;
    p->n_slabs = m->n_pts / 4 + 1 < 4096 ? m->n_pts / 4 + 1 : 4096;
    for (;; p->n_slabs /= 2) {
        p->slab_height = ((int64_t)m->box.max_lat - m->box.min_lat) / p->n_slabs + 1;
        if (p->n_slabs == 1 || count_entries(p) <= 8 * (uint64_t)m->n_pts) {
            return;
        }
    }
}

/* Two passes over the edges: count, then place. */
static void sort_in(jx_prepared *p, bool place) {
    const jx_mpoly *m = p->m;
    for (uint32_t r = 0; r < m->n_rings; r++) {
        for (uint32_t i = m->ring_off[r]; i + 1 < m->ring_off[r + 1]; i++) {
            int32_t a = m->pts[i].lat, b = m->pts[i + 1].lat;
            for (uint32_t s = slab_of(p, a < b ? a : b), e = slab_of(p, a < b ? b : a); s <= e; s++) {
                if (place) {
                    p->edge[p->off[s]++] = i;
                } else {
                    p->off[s + 1]++;
                }
            }
        }
    }
}

jx_status jx_prepare(jx_ctx *ctx, const jx_mpoly *m, jx_prepared **out) {
    jx_prepared *p = jx_calloc(ctx, 1, sizeof *p);
    if (!p) {
        return JX_E_NOMEM;
    }
    p->m = m;
    choose_slabs(p);
    p->off = jx_calloc(ctx, (size_t)p->n_slabs + 1, sizeof *p->off);
    if (p->off && m->n_rings) {
        sort_in(p, false);
        for (uint32_t s = 0; s < p->n_slabs; s++) {
            p->off[s + 1] += p->off[s];
        }
    }
    p->edge = p->off ? jx_malloc(ctx, p->off[p->n_slabs], sizeof *p->edge) : NULL;
    if (!p->edge) {
        jx_prepared_free(ctx, p);
        return JX_E_NOMEM;
    }
    if (m->n_rings) {
        sort_in(p, true);
        memmove(p->off + 1, p->off, p->n_slabs * sizeof *p->off); /* placing moved each start to its end */
        p->off[0] = 0;
    }
    *out = p;
    return JX_OK;
}

int jx__prepared_where(const jx_prepared *p, jx_pt q) {
    if (!p->m->n_rings || !jx_box_has(p->m->box, q)) {
        return 0;
    }
    uint32_t s = slab_of(p, q.lat);
    int inside = 0;
    for (uint32_t k = p->off[s]; k < p->off[s + 1]; k++) {
        const jx_pt *a = &p->m->pts[p->edge[k]];
        int r = jx__ray(q, a[0], a[1]);
        if (r < 0) {
            return -1;
        }
        inside ^= r;
    }
    return inside;
}

bool jx_prepared_has(const jx_prepared *p, jx_pt q) {
    return jx__prepared_where(p, q) != 0;
}

void jx_prepared_free(jx_ctx *ctx, jx_prepared *p) {
    if (p) {
        jx_free(ctx, p->off);
        jx_free(ctx, p->edge);
        jx_free(ctx, p);
    }
}
