/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Nested dissection without any library: for the browser, and for builds without METIS. */
#include "network/hierarchy_internal.h"

typedef struct dissector {
    const uint32_t *off, *head;
    const jx_pt *pos;
    uint32_t *side; /* part a node lies in; a new number for every part */
    uint32_t *order, *tmp;
    uint64_t *key;
    uint32_t parts;
} dissector;

/* nodes[0..n) are sorted along the longer side of their box and cut in the middle; the left nodes that touch the right
 * separate. */
static uint32_t split(dissector *d, uint32_t *nodes, uint32_t n, uint32_t *n_left) {
    jx_box box = JX_BOX_EMPTY;
    for (uint32_t i = 0; i < n; i++) {
        jx_box_add(&box, d->pos[nodes[i]]);
    }
    bool by_lon = (int64_t)box.max_lon - box.min_lon > (int64_t)box.max_lat - box.min_lat;
    for (uint32_t i = 0; i < n; i++) {
        jx_pt p = d->pos[nodes[i]];
        d->key[i] = (uint64_t)(uint32_t)((by_lon ? p.lon : p.lat) ^ INT32_MIN) << 32 | nodes[i];
    }
    jx_sort_u64(d->key, d->key + n, n);
    uint32_t left = n / 2, id = ++d->parts, n_sep = 0, k = 0;
    for (uint32_t i = 0; i < n; i++) {
        nodes[i] = (uint32_t)d->key[i];
        d->side[nodes[i]] = i < left ? id : id + 1;
    }
    d->parts++;
    for (uint32_t i = 0; i < left; i++) {
        bool touches = false;
        for (uint32_t a = d->off[nodes[i]]; a < d->off[nodes[i] + 1]; a++) {
            touches = touches || d->side[d->head[a]] == id + 1;
        }
        if (touches) {
            d->tmp[n_sep++] = nodes[i];
        } else {
            nodes[k++] = nodes[i];
        }
    }
    memmove(nodes + k, nodes + left, (size_t)(n - left) * sizeof *nodes);
    memcpy(nodes + k + (n - left), d->tmp, n_sep * sizeof *nodes);
    *n_left = k;
    return n_sep;
}

jx_status jx_dissect_flow(jx_ctx *ctx, void *user, uint32_t n, const uint32_t *off, const uint32_t *head,
                          const jx_pt *pos, uint32_t *order) {
    (void)user;
    dissector d = {.off = off, .head = head, .pos = pos, .order = order};
    typedef struct span {
        uint32_t begin, n;
    } span;
    JX_VEC(span) todo = {0};
    d.side = jx_calloc(ctx, n, sizeof *d.side);
    d.tmp = jx_malloc(ctx, n, sizeof *d.tmp);
    d.key = jx_malloc(ctx, 2 * (size_t)n, sizeof *d.key);
    jx_status st = d.side && d.tmp && d.key ? jx_vec_push(ctx, &todo, (span){0, n}) : JX_E_NOMEM;
    for (uint32_t i = 0; i < n; i++) {
        order[i] = i;
    }
    while (st == JX_OK && todo.n) {
        span s = todo.v[--todo.n];
        if (s.n > 3) {
            uint32_t left = 0, sep = split(&d, order + s.begin, s.n, &left), right = s.n - sep - left;
            st = jx_vec_push(ctx, &todo, (span){s.begin, left});
            if (st == JX_OK) {
                st = jx_vec_push(ctx, &todo, (span){s.begin + left, right});
            }
        }
    }
    jx_vec_free(ctx, &todo);
    jx_free(ctx, d.side);
    jx_free(ctx, d.tmp);
    jx_free(ctx, d.key);
    return st;
}
