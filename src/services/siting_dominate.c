/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Covering questions made smaller: a client that is served whenever another is need not be asked about, and a site that
 *  serves no more than another need not be built (Toregas, ReVelle 1973). */
#include "services/siting_internal.h"

/* Pairs as bits both ways, pairs by site beside those by client, and what is out. */
typedef struct sides {
    size_t *soff;
    uint32_t *col, *map;             /* clients of each site; new numbers of sites */
    uint64_t *of_client, *of_site;   /* rows of bits: sites of a client, clients of a site */
    size_t client_words, site_words; /* of a row of each */
    uint8_t *no_client, *no_site;
} sides;

static void sides_release(jx_ctx *ctx, sides *s) {
    jx_free(ctx, s->soff), jx_free(ctx, s->col), jx_free(ctx, s->map);
    jx_free(ctx, s->of_client), jx_free(ctx, s->of_site);
    jx_free(ctx, s->no_client), jx_free(ctx, s->no_site);
}

static jx_status sides_make(jx_ctx *ctx, const jx__part *q, sides *s) {
    *s = (sides){.client_words = (q->m + 63) / 64, .site_words = (q->n + 63) / 64};
    s->soff = jx_calloc(ctx, (size_t)q->m + 2, sizeof *s->soff);
    s->col = jx_malloc(ctx, q->off[q->n], sizeof *s->col);
    s->map = jx_malloc(ctx, q->m, sizeof *s->map);
    s->of_client = jx_calloc(ctx, q->n * s->client_words, sizeof *s->of_client);
    s->of_site = jx_calloc(ctx, q->m * s->site_words, sizeof *s->of_site);
    s->no_client = jx_calloc(ctx, q->n, 1);
    s->no_site = jx_calloc(ctx, q->m, 1);
    if (!s->soff || !s->col || !s->map || !s->of_client || !s->of_site || !s->no_client || !s->no_site) {
        sides_release(ctx, s);
        return JX_E_NOMEM;
    }
    for (size_t e = 0; e < q->off[q->n]; e++) {
        s->soff[q->row[e].id + 2]++;
    }
    for (uint32_t j = 1; j <= q->m; j++) {
        s->soff[j + 1] += s->soff[j];
    }
    for (uint32_t i = 0; i < q->n; i++) {
        for (size_t e = q->off[i]; e < q->off[i + 1]; e++) {
            uint32_t j = q->row[e].id;
            s->col[s->soff[j + 1]++] = i;
            s->of_client[i * s->client_words + j / 64] |= (uint64_t)1 << j % 64;
            s->of_site[j * s->site_words + i / 64] |= (uint64_t)1 << i % 64;
        }
    }
    return JX_OK;
}

/* Is each bit of a in b? Mostly the first word says no. */
static bool within(const uint64_t *a, const uint64_t *b, size_t words) {
    for (size_t w = 0; w < words; w++) {
        if (a[w] & ~b[w]) {
            return false;
        }
    }
    return true;
}

/* Clients out: those that have all sites of client i, and perhaps more. They are among the clients of its rarest site. Of equal ones the
 * first stays. */
static uint32_t drop_clients_of(const jx__part *q, sides *s, uint32_t i, uint64_t *steps) {
    uint32_t dropped = 0, rarest = q->row[q->off[i]].id;
    for (size_t e = q->off[i]; e < q->off[i + 1]; e++) {
        uint32_t j = q->row[e].id;
        rarest = s->soff[j + 1] - s->soff[j] < s->soff[rarest + 1] - s->soff[rarest] ? j : rarest;
    }
    for (size_t f = s->soff[rarest]; f < s->soff[rarest + 1]; f++) {
        uint32_t other = s->col[f];
        if (other != i && !s->no_client[other] && within(&s->of_client[i * s->client_words], &s->of_client[other * s->client_words], s->client_words)) {
            s->no_client[other] = 1;
            dropped++;
        }
    }
    *steps += s->soff[rarest + 1] - s->soff[rarest] + q->off[i + 1] - q->off[i];
    return dropped;
}

/* Is site j needless beside another that serves all it serves and is no dearer? That one is among the sites of its rarest client. Of equal
 * ones the last stays. Bits of clients that are out have been cleared. */
static bool needless(const jx__work *k, const jx__part *q, sides *s, uint32_t j, uint64_t *steps) {
    uint32_t rarest = JX_NONE;
    for (size_t f = s->soff[j]; f < s->soff[j + 1]; f++) {
        uint32_t i = s->col[f];
        if (!s->no_client[i] && (rarest == JX_NONE || q->off[i + 1] - q->off[i] < q->off[rarest + 1] - q->off[rarest])) {
            rarest = i;
        }
    }
    *steps += s->soff[j + 1] - s->soff[j];
    if (rarest == JX_NONE) {
        return true;
    }
    for (size_t e = q->off[rarest]; e < q->off[rarest + 1]; e++) {
        uint32_t other = q->row[e].id;
        if (other != j && !s->no_site[other] && k->cost[q->site[other]] <= k->cost[q->site[j]] &&
            within(&s->of_site[j * s->site_words], &s->of_site[other * s->site_words], s->site_words)) {
            return true;
        }
    }
    *steps += q->off[rarest + 1] - q->off[rarest];
    return false;
}

/* Close the ranks. */
static void compact(jx__part *q, sides *s) {
    uint32_t m = 0, n = 0;
    size_t at = 0;
    for (uint32_t j = 0; j < q->m; j++) {
        s->map[j] = m;
        q->site[m] = q->site[j];
        m += !s->no_site[j];
    }
    for (uint32_t i = 0; i < q->n; i++) {
        size_t begin = q->off[i], end = q->off[i + 1];
        if (s->no_client[i]) {
            continue;
        }
        q->client[n] = q->client[i];
        q->cap[n] = q->cap[i];
        q->lam[n] = q->lam[i];
        q->off[n++] = at;
        for (size_t e = begin; e < end; e++) {
            if (!s->no_site[q->row[e].id]) {
                q->row[at++] = (jx__pair){s->map[q->row[e].id], q->row[e].dist};
            }
        }
    }
    q->off[n] = at;
    q->n = n;
    q->m = m;
}

/* One pass over clients and sites. */
static jx_status pass(jx_ctx *ctx, const jx__work *k, jx__part *q, uint32_t *dropped, uint64_t *steps) {
    sides s;
    *dropped = 0;
    JX_TRY(sides_make(ctx, q, &s));
    for (uint32_t i = 0; i < q->n; i++) {
        *dropped += s.no_client[i] ? 0 : drop_clients_of(q, &s, i, steps);
    }
    for (size_t w = 0; w < s.site_words; w++) {
        uint64_t out = 0;
        for (size_t i = w * 64; i < w * 64 + 64 && i < q->n; i++) {
            out |= (uint64_t)s.no_client[i] << i % 64;
        }
        for (size_t j = 0; j < q->m && out; j++) {
            s.of_site[j * s.site_words + w] &= ~out;
        }
    }
    for (uint32_t j = 0; j < q->m; j++) {
        if (needless(k, q, &s, j, steps)) {
            s.no_site[j] = 1;
            ++*dropped;
        }
    }
    *steps += 2 * q->off[q->n] + q->n + q->m;
    compact(q, &s);
    sides_release(ctx, &s);
    return JX_OK;
}

enum { MOST_BITS = 1 << 30 };

jx_status jx__part_dominate(jx_ctx *ctx, const jx__work *k, jx__part *q, uint8_t *mark, uint32_t *n_forced, uint64_t *steps) {
    uint32_t dropped = (uint64_t)q->n * q->m <= MOST_BITS; /* larger ones do without */
    while (dropped > 0 && q->n > 0) {
        JX_TRY(pass(ctx, k, q, &dropped, steps));
    }
    *n_forced = 0;
    memset(mark, JX__FREE, q->m);
    for (uint32_t i = 0; i < q->n; i++) {
        if (q->off[i + 1] - q->off[i] == 1 && mark[q->row[q->off[i]].id] == JX__FREE) {
            mark[q->row[q->off[i]].id] = JX__OPEN;
            ++*n_forced;
        }
    }
    return JX_OK;
}
