/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The siting problem in the form the solver works on: useless pairs left out, rows by distance both ways. */
#include <math.h>

#include "services/siting_internal.h"

/* Pairs that can matter, as keys for the sort: distance, then site; the client alongside. */
typedef struct pairs {
    uint64_t *key, *tmp_key;
    uint32_t *client, *tmp_client;
    uint32_t *seen; /* per site: 1 + place of its pair in the row at hand */
    size_t n;
} pairs;

static void pairs_release(jx_ctx *ctx, pairs *p) {
    jx_free(ctx, p->key), jx_free(ctx, p->tmp_key);
    jx_free(ctx, p->client), jx_free(ctx, p->tmp_client);
    jx_free(ctx, p->seen);
}

/* Pairs of client c, numbered i among those that count. Of a pair that stands twice the lesser distance stays. */
static void gather_row(const jx_siting *s, uint32_t c, uint32_t i, pairs *p) {
    size_t begin = s->off ? s->off[c] : (size_t)c * s->n_sites, end = s->off ? s->off[c + 1] : begin + s->n_sites, first = p->n;
    for (size_t e = begin; e < end; e++) {
        uint32_t j = s->off ? s->site[e] : (uint32_t)(e - begin), d = s->dist[e];
        if (d == JX_UNREACHABLE || d > s->max_dist || d >= s->unserved_dist) {
            continue;
        }
        uint64_t key = (uint64_t)d << 32 | j;
        if (p->seen[j]) {
            uint64_t *was = &p->key[first + p->seen[j] - 1];
            *was = key < *was ? key : *was;
            continue;
        }
        p->key[p->n] = key;
        p->client[p->n++] = i;
        p->seen[j] = (uint32_t)(p->n - first);
    }
    for (size_t e = first; e < p->n; e++) {
        p->seen[(uint32_t)p->key[e]] = 0;
    }
}

/* Starts of rows from their lengths, which stand one place later. */
static void starts(size_t *off, uint32_t n) {
    for (uint32_t i = 0; i < n; i++) {
        off[i + 1] += off[i];
    }
}

static jx_status make_rows(jx_ctx *ctx, jx__work *k, pairs *p) {
    k->off = jx_calloc(ctx, (size_t)k->n + 2, sizeof *k->off);
    k->soff = jx_calloc(ctx, (size_t)k->m + 2, sizeof *k->soff);
    k->row = jx_malloc(ctx, p->n, sizeof *k->row);
    k->col = jx_malloc(ctx, p->n, sizeof *k->col);
    if (!k->off || !k->soff || !k->row || !k->col) {
        return JX_E_NOMEM;
    }
    /* filling moves each start to its end, so that the starts lie one place earlier afterwards */
    for (size_t e = 0; e < p->n; e++) {
        k->off[p->client[e] + 2]++;
        k->soff[(uint32_t)p->key[e] + 2]++;
    }
    starts(k->off + 1, k->n);
    starts(k->soff + 1, k->m);
    for (size_t e = 0; e < p->n; e++) {
        uint32_t site = (uint32_t)p->key[e], dist = (uint32_t)(p->key[e] >> 32), i = p->client[e];
        k->row[k->off[i + 1]++] = (jx__pair){site, dist};
        k->col[k->soff[site + 1]++] = (jx__pair){i, dist};
    }
    return JX_OK;
}

static jx_status make_pairs(jx_ctx *ctx, jx__work *k) {
    const jx_siting *s = k->in;
    size_t all = s->off ? s->off[s->n_clients] : (size_t)s->n_clients * s->n_sites;
    pairs p = {.key = jx_malloc(ctx, all, sizeof *p.key), .tmp_key = jx_malloc(ctx, all, sizeof *p.tmp_key),
               .client = jx_malloc(ctx, all, sizeof *p.client), .tmp_client = jx_malloc(ctx, all, sizeof *p.tmp_client),
               .seen = jx_calloc(ctx, k->m, sizeof *p.seen)};
    jx_status st = JX_E_NOMEM;
    if (p.key && p.tmp_key && p.client && p.tmp_client && p.seen) {
        for (uint32_t i = 0; i < k->n; i++) {
            gather_row(s, k->client[i], i, &p);
        }
        jx_sort_u64_u32(p.key, p.client, p.tmp_key, p.tmp_client, p.n);
        st = make_rows(ctx, k, &p);
    }
    pairs_release(ctx, &p);
    return st;
}

static bool is_whole(double v) { return v == floor(v); }

void jx__work_price(jx__work *k) {
    const jx_siting *s = k->in;
    double most = 0;
    k->whole = true;
    for (uint32_t j = 0; j < k->m; j++) {
        k->whole = k->whole && is_whole(k->open_cost[j]);
        most += k->open_cost[j];
    }
    for (uint32_t i = 0; i < k->n; i++) {
        k->whole = k->whole && is_whole(k->w[i]);
        size_t end = k->off[i + 1];
        most += k->w[i] * (s->unserved_dist != JX_UNREACHABLE ? s->unserved_dist : end > k->off[i] ? k->row[end - 1].dist : 0);
    }
    k->dear = most + 1;
    k->whole = k->whole && k->dear <= 0x1p53;
    for (k->grain = 0x1p-20; k->grain < 1 && k->dear > 0x1p50 * k->grain; k->grain *= 2) {
    }
    for (uint32_t i = 0; i < k->n; i++) {
        k->without[i] = s->unserved_dist != JX_UNREACHABLE ? k->w[i] * s->unserved_dist : k->dear;
    }
}

static jx_status fill(jx_ctx *ctx, jx__work *k) {
    const jx_siting *s = k->in;
    k->client = jx_malloc(ctx, s->n_clients, sizeof *k->client);
    k->w = jx_malloc(ctx, s->n_clients, sizeof *k->w);
    k->without = jx_malloc(ctx, s->n_clients, sizeof *k->without);
    k->kept = jx_calloc(ctx, k->m, 1);
    k->barred = jx_calloc(ctx, k->m, 1);
    k->cost = jx_calloc(ctx, k->m, sizeof *k->cost);
    k->open_cost = jx_calloc(ctx, k->m, sizeof *k->open_cost);
    if (!k->client || !k->w || !k->without || !k->kept || !k->barred || !k->cost || !k->open_cost) {
        return JX_E_NOMEM;
    }
    for (uint32_t c = 0; c < s->n_clients; c++) {
        double w = s->weight ? s->weight[c] : 1;
        if (w > 0) {
            k->w[k->n] = w;
            k->client[k->n++] = c;
        }
    }
    for (uint32_t j = 0; j < k->m; j++) {
        k->kept[j] = s->status && s->status[j] == JX_SITE_KEPT;
        k->cost[j] = s->site_cost ? s->site_cost[j] : 0;
        k->open_cost[j] = s->open_cost ? s->open_cost[j] : 0;
    }
    JX_TRY(make_pairs(ctx, k));
    jx__work_price(k);
    return JX_OK;
}

jx_status jx__work_make(jx_ctx *ctx, const jx_siting *s, jx__work *k) {
    *k = (jx__work){.in = s, .m = s->n_sites, .p = s->p < s->n_sites ? s->p : s->n_sites, .budget = INFINITY};
    if (s->site_cost) {
        k->budget = s->budget * (1 + 1e-12); /* sums in another order must not count as dearer */
    }
    jx_status st = fill(ctx, k);
    if (st != JX_OK) {
        jx__work_release(ctx, k);
    }
    return st;
}

void jx__work_release(jx_ctx *ctx, jx__work *k) {
    jx_free(ctx, k->client), jx_free(ctx, k->w), jx_free(ctx, k->without);
    jx_free(ctx, k->off), jx_free(ctx, k->soff), jx_free(ctx, k->row), jx_free(ctx, k->col);
    jx_free(ctx, k->kept), jx_free(ctx, k->barred), jx_free(ctx, k->cost), jx_free(ctx, k->open_cost);
    *k = (jx__work){0};
}

double jx__work_cost(const jx__work *k, const uint8_t *open) {
    double sum = 0;
    for (uint32_t j = 0; j < k->m; j++) {
        sum += open[j] ? k->open_cost[j] : 0;
    }
    for (uint32_t i = 0; i < k->n; i++) {
        size_t e = k->off[i], end = k->off[i + 1];
        while (e < end && !open[k->row[e].id]) {
            e++;
        }
        sum += e < end ? k->w[i] * k->row[e].dist : k->without[i];
    }
    return sum;
}
