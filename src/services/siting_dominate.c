/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Covering questions made smaller: a client that is served whenever another is need not be asked about, and a site that
 *  serves no more than another need not be built (Toregas, ReVelle 1973). */
#include "services/siting_internal.h"

/* Pairs by site beside those by client, and what is out. */
typedef struct sides {
    size_t *soff;
    uint32_t *col;          /* clients of each site */
    uint32_t *count, *seen; /* per client or site: how often met from the one at hand; those met (one more than can be) */
    uint8_t *no_client, *no_site;
} sides;

static void sides_release(jx_ctx *ctx, sides *s) {
    jx_free(ctx, s->soff), jx_free(ctx, s->col), jx_free(ctx, s->count), jx_free(ctx, s->seen);
    jx_free(ctx, s->no_client), jx_free(ctx, s->no_site);
}

static jx_status sides_make(jx_ctx *ctx, const jx__part *q, sides *s) {
    uint32_t most = q->n > q->m ? q->n : q->m;
    *s = (sides){.soff = jx_calloc(ctx, (size_t)q->m + 2, sizeof *s->soff), .col = jx_malloc(ctx, q->off[q->n], sizeof *s->col),
                 .count = jx_calloc(ctx, most, sizeof *s->count), .seen = jx_malloc(ctx, (size_t)most + 1, sizeof *s->seen),
                 .no_client = jx_calloc(ctx, q->n, 1), .no_site = jx_calloc(ctx, q->m, 1)};
    if (!s->soff || !s->col || !s->count || !s->seen || !s->no_client || !s->no_site) {
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
            s->col[s->soff[q->row[e].id + 1]++] = i;
        }
    }
    return JX_OK;
}

/* Clients out: those that have all sites of client i, and perhaps more. Of equal ones the first stays. */
static uint32_t drop_clients_of(const jx__part *q, sides *s, uint32_t i) {
    uint32_t n_seen = 0, degree = 0, dropped = 0;
    for (size_t e = q->off[i]; e < q->off[i + 1]; e++) {
        uint32_t j = q->row[e].id;
        if (s->no_site[j]) {
            continue;
        }
        degree++;
        for (size_t f = s->soff[j]; f < s->soff[j + 1]; f++) {
            uint32_t other = s->col[f];
            s->seen[n_seen] = other;
            n_seen += s->count[other]++ == 0;
        }
    }
    for (uint32_t a = 0; a < n_seen; a++) {
        uint32_t other = s->seen[a];
        if (s->count[other] == degree && other != i && !s->no_client[other]) {
            s->no_client[other] = 1;
            dropped++;
        }
        s->count[other] = 0;
    }
    return dropped;
}

/* Is site j needless beside another that serves all it serves and is no dearer? Of equal ones the first stays. */
static bool needless(const jx__work *k, const jx__part *q, sides *s, uint32_t j) {
    uint32_t n_seen = 0, degree = 0;
    bool out = false;
    for (size_t f = s->soff[j]; f < s->soff[j + 1]; f++) {
        uint32_t i = s->col[f];
        if (s->no_client[i]) {
            continue;
        }
        degree++;
        for (size_t e = q->off[i]; e < q->off[i + 1]; e++) {
            uint32_t other = q->row[e].id;
            s->seen[n_seen] = other;
            n_seen += s->count[other]++ == 0;
        }
    }
    for (uint32_t a = 0; a < n_seen; a++) {
        uint32_t other = s->seen[a];
        out = out || (other != j && s->count[other] == degree && !s->no_site[other] && k->cost[q->site[other]] <= k->cost[q->site[j]]);
        s->count[other] = 0;
    }
    return out || degree == 0;
}

/* Close the ranks. */
static void compact(jx__part *q, sides *s) {
    uint32_t m = 0, n = 0;
    size_t at = 0;
    for (uint32_t j = 0; j < q->m; j++) {
        s->seen[j] = m;
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
                q->row[at++] = (jx__pair){s->seen[q->row[e].id], q->row[e].dist};
            }
        }
    }
    q->off[n] = at;
    q->n = n;
    q->m = m;
}

/* One pass over clients and sites; what it costs is the squares of the sites' and clients' degrees. */
static jx_status pass(jx_ctx *ctx, const jx__work *k, jx__part *q, uint32_t *dropped) {
    sides s;
    *dropped = 0;
    JX_TRY(sides_make(ctx, q, &s));
    for (uint32_t i = 0; i < q->n; i++) {
        *dropped += s.no_client[i] ? 0 : drop_clients_of(q, &s, i);
    }
    for (uint32_t j = 0; j < q->m; j++) {
        if (needless(k, q, &s, j)) {
            s.no_site[j] = 1;
            ++*dropped;
        }
    }
    compact(q, &s);
    sides_release(ctx, &s);
    return JX_OK;
}

jx_status jx__part_dominate(jx_ctx *ctx, const jx__work *k, jx__part *q, uint8_t *mark, uint32_t *n_forced) {
    uint32_t dropped = 1;
    while (dropped > 0 && q->n > 0) {
        JX_TRY(pass(ctx, k, q, &dropped));
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
