/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Parts of the search tree: the problem shrinks as sites are opened and closed, so that deep nodes cost next to nothing. */
#include "services/siting_internal.h"

void jx__part_release(jx_ctx *ctx, jx__part *q) {
    jx_free(ctx, q->client), jx_free(ctx, q->site), jx_free(ctx, q->cap), jx_free(ctx, q->lam);
    jx_free(ctx, q->off), jx_free(ctx, q->row);
    *q = (jx__part){0};
}

static jx_status part_alloc(jx_ctx *ctx, jx__part *q, uint32_t n, uint32_t m, size_t n_pairs) {
    q->client = jx_malloc(ctx, n, sizeof *q->client);
    q->site = jx_malloc(ctx, m, sizeof *q->site);
    q->cap = jx_malloc(ctx, n, sizeof *q->cap);
    q->lam = jx_malloc(ctx, n, sizeof *q->lam);
    q->off = jx_malloc(ctx, (size_t)n + 1, sizeof *q->off);
    q->row = jx_malloc(ctx, n_pairs, sizeof *q->row);
    if (!q->client || !q->site || !q->cap || !q->lam || !q->off || !q->row) {
        jx__part_release(ctx, q);
        return JX_E_NOMEM;
    }
    return JX_OK;
}

jx_status jx__part_root(jx_ctx *ctx, const jx__work *k, jx__part *out) {
    *out = (jx__part){.n = k->n, .m = k->m, .p = k->p, .budget = k->budget};
    JX_TRY(part_alloc(ctx, out, k->n, k->m, k->off[k->n]));
    for (uint32_t j = 0; j < k->m; j++) {
        out->site[j] = j;
    }
    for (uint32_t i = 0; i < k->n; i++) {
        out->client[i] = i;
        out->cap[i] = k->without[i];
        out->lam[i] = 0;
    }
    memcpy(out->off, k->off, ((size_t)k->n + 1) * sizeof *k->off);
    memcpy(out->row, k->row, k->off[k->n] * sizeof *k->row);
    return JX_OK;
}

/* Cost of a client of a part with the sites marked open; *n_left: pairs of free sites that are cheaper still. */
static double new_cap(const jx__work *k, const jx__part *q, const uint8_t *mark, uint32_t i, uint32_t *n_left) {
    uint32_t cheaper = 0, level = JX_NONE; /* pairs cheaper than the level, the distance at hand */
    *n_left = 0;
    for (size_t e = q->off[i]; e < q->off[i + 1]; e++) {
        uint8_t m = mark[q->row[e].id];
        if (q->row[e].dist != level) {
            level = q->row[e].dist;
            cheaper = *n_left;
        }
        if (m == JX__OPEN) {
            *n_left = cheaper;
            return k->w[q->client[i]] * level;
        }
        *n_left += m == JX__FREE;
    }
    return q->cap[i];
}

/* Settle what the marks settle: sites opened and paid. What is too dear for the money left is out. new_id: per site of q its number in
 * what is left, JX_NONE: none. Returns how many are left. */
static uint32_t settle_sites(const jx__work *k, const jx__part *q, uint8_t *mark, uint32_t *new_id, jx__part *out) {
    for (uint32_t j = 0; j < q->m; j++) {
        if (mark[j] == JX__OPEN) {
            out->base += k->open_cost[q->site[j]];
            out->budget -= k->cost[q->site[j]];
            out->p--;
        }
    }
    for (uint32_t j = 0; j < q->m; j++) {
        if (mark[j] == JX__FREE && (out->p == 0 || k->cost[q->site[j]] > out->budget)) {
            mark[j] = JX__CLOSED;
        }
    }
    memset(new_id, 0, q->m * sizeof *new_id);
    for (uint32_t i = 0; i < q->n; i++) {
        uint32_t left;
        (void)new_cap(k, q, mark, i, &left);
        for (size_t e = q->off[i]; left > 0; e++) {
            if (mark[q->row[e].id] == JX__FREE) {
                new_id[q->row[e].id] = 1; /* serves somebody better */
                left--;
            }
        }
    }
    uint32_t m = 0;
    for (uint32_t j = 0; j < q->m; j++) {
        new_id[j] = new_id[j] ? m++ : JX_NONE;
    }
    return m;
}

static jx_status reduce(jx_ctx *ctx, const jx__work *k, const jx__part *q, uint8_t *mark, uint32_t *new_id, jx__part *out) {
    uint32_t m = settle_sites(k, q, mark, new_id, out), n = 0;
    size_t n_pairs = 0;
    for (uint32_t i = 0; i < q->n; i++) {
        uint32_t left;
        (void)new_cap(k, q, mark, i, &left);
        n += left > 0;
        n_pairs += left;
    }
    JX_TRY(part_alloc(ctx, out, n, m, n_pairs));
    out->m = m;
    out->mu = q->mu;
    for (uint32_t j = 0; j < q->m; j++) {
        if (new_id[j] != JX_NONE) {
            out->site[new_id[j]] = q->site[j];
        }
    }
    n_pairs = 0;
    for (uint32_t i = 0; i < q->n; i++) {
        uint32_t left;
        double cap = new_cap(k, q, mark, i, &left);
        if (left == 0) {
            out->base += cap;
            continue;
        }
        out->client[out->n] = q->client[i];
        out->cap[out->n] = cap;
        out->lam[out->n] = q->lam[i];
        out->off[out->n++] = n_pairs;
        for (size_t e = q->off[i]; left > 0; e++) {
            if (mark[q->row[e].id] == JX__FREE) {
                out->row[n_pairs++] = (jx__pair){new_id[q->row[e].id], q->row[e].dist};
                left--;
            }
        }
    }
    out->off[out->n] = n_pairs;
    return JX_OK;
}

jx_status jx__part_reduce(jx_ctx *ctx, const jx__work *k, const jx__part *from, const uint8_t *mark, jx__part *out) {
    *out = (jx__part){.p = from->p, .base = from->base, .budget = from->budget};
    uint32_t *new_id = jx_malloc(ctx, from->m, sizeof *new_id);
    uint8_t *own = jx_malloc(ctx, from->m, 1);
    jx_status st = JX_E_NOMEM;
    if (new_id && own) {
        memcpy(own, mark, from->m);
        st = reduce(ctx, k, from, own, new_id, out);
    }
    jx_free(ctx, new_id), jx_free(ctx, own);
    return st;
}
