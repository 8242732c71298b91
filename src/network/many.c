/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Tables of times between places. The way from s to t climbs to some ancestor of s and comes down to t, so that
 * ancestor lies above both: with the climb of s and the (backward) climb of t laid out by slot, the time is the least
 * sum over the slots they share, from the lowest common ancestor upwards. No arc is touched for a pair.
 *
 * Places are sorted by vertex, sixteen to a group. Climbs are done by groups. A source outside the subtree that spans a
 * group of targets shares the same slots with all of them: sixteen pairs at a time, in lanes. The few pairs inside
 * (about n log n of n^2) go one by one, lanes along the slots. Bounds: path arcs a group for the climbs; shared slots /
 * 16 a pair for the rest.
 */
#include "network/sweep_internal.h"

/* Nothing, in narrow kernels here: twice it still fits. */
#define NOTHING 0x7fffffffu

/* Places climbed. */
typedef struct climbs {
    uint32_t n, n_groups, stride;
    uint32_t *place;  /* sorted -> index of the caller's; those without ports left out */
    uint32_t *vertex; /* sorted: lowest vertex of the place */
    uint32_t *path;   /* sorted * stride + slot */
    uint32_t *trunk;  /* (group * stride + slot) * 16 + lane; NULL: not wanted */
    uint32_t *shared; /* sorted: slot of the lowest common ancestor with the place before; `height`: none */
} climbs;

typedef struct manymany {
    const jx_times *t;
    jx_direction dir;
    const jx_origins *places; /* being climbed */
    climbs *climbing, from, to;
    uint32_t cutoff, limit, n_out;
    bool narrow, towards; /* towards: the climb is that of a target, backwards */
    uint32_t *buffer;     /* per worker: `height` rows of sixteen, by slot; and a line of shared slots */
    uint32_t *line;
    uint32_t *out;
} manymany;

/* ---- climbing sixteen places ------------------------------------------------------------------------------------- */

#define CLIMB(isa, TARGET, T, kind, NARROW)                                                                            \
    TARGET static void push_##kind##_##isa(const uint32_t *w, const uint16_t *slot, uint32_t n, const uint32_t *own,   \
                                           uint32_t(*buffer)[JX_LANES]) {                                              \
        jx__v_##T v[JX__PARTS(T)];                                                                                     \
        memcpy(v, own, sizeof v);                                                                                      \
        for (uint32_t i = 0; i < n; i++) {                                                                             \
            const uint32_t ms = (NARROW) ? jx__min(w[2 * (size_t)i], NOTHING) : w[2 * (size_t)i];                      \
            jx__v_##T *at = (jx__v_##T *)(void *)buffer[slot[i]];                                                      \
            for (int p = 0; p < JX__PARTS(T); p++) {                                                                   \
                const jx__v_##T sum = JX__CAP_##kind(T, v[p], JX__SET(T, ~ms)) + ms;                                   \
                at[p] = JX__MIN_##T(at[p], sum);                                                                       \
            }                                                                                                          \
        }                                                                                                              \
    }                                                                                                                  \
    TARGET static void meet16_##kind##_##isa(const uint32_t *path, const uint32_t *trunk, uint32_t n, uint32_t *out) { \
        jx__v_##T acc[JX__PARTS(T)];                                                                                   \
        memset(acc, 0xff, sizeof acc);                                                                                 \
        for (uint32_t i = 0; i < n; i++) {                                                                             \
            const jx__v_##T *row = (const jx__v_##T *)(const void *)(trunk + JX_LANES * (size_t)i);                    \
            for (int p = 0; p < JX__PARTS(T); p++) {                                                                   \
                const jx__v_##T sum = JX__CAP_##kind(T, row[p], JX__SET(T, ~path[i])) + path[i];                       \
                acc[p] = JX__MIN_##T(acc[p], sum);                                                                     \
            }                                                                                                          \
        }                                                                                                              \
        memcpy(out, acc, sizeof acc);                                                                                  \
    }                                                                                                                  \
    TARGET static uint32_t meet1_##kind##_##isa(const uint32_t *a, const uint32_t *b, uint32_t n) {                    \
        uint32_t i = 0, best = JX_UNREACHABLE, lane[16];                                                               \
        jx__v_##T acc[JX__PARTS(T)];                                                                                   \
        memset(acc, 0xff, sizeof acc);                                                                                 \
        for (; i + 16 <= n; i += 16) {                                                                                 \
            const jx__v_##T *x = (const jx__v_##T *)(const void *)(a + i),                                             \
                            *y = (const jx__v_##T *)(const void *)(b + i);                                             \
            for (int p = 0; p < JX__PARTS(T); p++) {                                                                   \
                const jx__v_##T sum = JX__CAP_##kind(T, x[p], ~y[p]) + y[p];                                           \
                acc[p] = JX__MIN_##T(acc[p], sum);                                                                     \
            }                                                                                                          \
        }                                                                                                              \
        memcpy(lane, acc, sizeof acc);                                                                                 \
        for (int l = 0; l < 16; l++) {                                                                                 \
            best = jx__min(best, lane[l]);                                                                             \
        }                                                                                                              \
        for (; i < n; i++) {                                                                                           \
            best = jx__min(best, jx_add_ms(a[i], b[i]));                                                               \
        }                                                                                                              \
        return best;                                                                                                   \
    }
#define CLIMB_NARROW(isa, TARGET, T) CLIMB(isa, TARGET, T, narrow, true)
#define CLIMB_WIDE(isa, TARGET, T) CLIMB(isa, TARGET, T, wide, false)
JX__FOR_EACH_ISA(CLIMB_NARROW)
JX__FOR_EACH_ISA(CLIMB_WIDE)

typedef void (*push_fn)(const uint32_t *w, const uint16_t *slot, uint32_t n, const uint32_t *own,
                        uint32_t (*buffer)[JX_LANES]);
typedef void (*meet16_fn)(const uint32_t *path, const uint32_t *trunk, uint32_t n, uint32_t *out);
typedef uint32_t (*meet1_fn)(const uint32_t *a, const uint32_t *b, uint32_t n);

static uint32_t nothing(const manymany *m) {
    return m->narrow ? NOTHING : JX_UNREACHABLE;
}

/* v's times are final: into the paths of the places below it. Beyond the cut-off they become nothing, so that sums stay
 * small. */
static void settle(const manymany *m, const climbs *c, uint32_t group, uint32_t v, uint32_t *row) {
    const jx_hierarchy *h = m->t->h;
    uint32_t slot = h->slot[v], first = group * JX_LANES, end = c->n - first < JX_LANES ? c->n : first + JX_LANES;
    for (uint32_t l = 0; l < JX_LANES; l++) {
        row[l] = row[l] > m->limit ? nothing(m) : row[l];
    }
    for (uint32_t i = first; i < end && c->vertex[i] <= v; i++) {
        if (c->vertex[i] + h->size[v] > v) {
            c->path[(size_t)i * c->stride + slot] = row[i - first];
        }
    }
    if (c->trunk) {
        memcpy(c->trunk + ((size_t)group * c->stride + slot) * JX_LANES, row, JX_LANES * sizeof *row);
    }
}

static void climb_group(const manymany *m, const climbs *c, uint32_t group, uint32_t (*buffer)[JX_LANES]) {
    const jx_hierarchy *h = m->t->h;
    push_fn push = m->narrow ? JX__PICK(push_narrow) : JX__PICK(push_wide);
    const uint32_t *w =
        (const uint32_t *)(const void *)m->t->weight + ((m->dir == JX_FROM_FACILITY) == m->towards ? 1 : 0);
    uint32_t first = group * JX_LANES, end = c->n - first < JX_LANES ? c->n : first + JX_LANES;
    for (uint32_t i = first; i < end; i++) {
        uint32_t p = c->place[i], next = i + 1 < end ? c->vertex[i + 1] : JX_NONE;
        for (uint32_t k = m->places->off[p]; k < m->places->off[p + 1]; k++) {
            uint32_t *at = &buffer[h->slot[h->rank[m->places->ports[k].node]]][i - first];
            *at = jx__min(*at, m->places->ports[k].ms);
        }
        for (uint32_t v = c->vertex[i]; v < next;
             v = h->parent[v]) { /* what no later place climbs through; JX_NONE ends it too */
            uint32_t *row = buffer[h->slot[v]], a = h->up[v];
            settle(m, c, group, v, row);
            push(w + 2 * (size_t)a, h->head_slot + a, h->up[v + 1] - a, row, buffer);
            for (uint32_t l = 0; l < JX_LANES; l++) {
                row[l] = nothing(m);
            }
        }
    }
}

static jx_status climb_range(jx_ctx *wctx, void *arg, size_t begin, size_t end, unsigned worker) {
    const manymany *m = arg;
    uint32_t(*buffer)[JX_LANES] =
        (uint32_t(*)[JX_LANES])(void *)(m->buffer + (size_t)worker * (m->t->h->height + 1u) * JX_LANES);
    (void)wctx;
    for (uint32_t s = 0; s < m->t->h->height; s++) {
        for (uint32_t l = 0; l < JX_LANES; l++) {
            buffer[s][l] = nothing(m);
        }
    }
    for (size_t g = begin; g < end; g++) {
        climb_group(m, m->climbing, (uint32_t)g, buffer);
    }
    return JX_OK;
}

/* Slot of the lowest vertex above both u and v, `height` when there is none. */
static uint32_t meeting_slot(const jx_hierarchy *h, uint32_t u, uint32_t v) {
    uint32_t low = jx__min(u, v), high = low == u ? v : u;
    while (low != JX_NONE && low < high) {
        low = h->parent[low];
    }
    return low == JX_NONE ? h->height : h->slot[low];
}

/* The lower end: all other ports must lie above it, as the two ends of an edge do. */
static jx_status lowest_port(jx_ctx *ctx, const jx_hierarchy *h, const jx_origins *places, uint32_t i, uint32_t *out) {
    uint32_t low = JX_NONE;
    for (uint32_t k = places->off[i]; k < places->off[i + 1]; k++) {
        low = jx__min(low, h->rank[places->ports[k].node]);
    }
    for (uint32_t k = places->off[i]; k < places->off[i + 1]; k++) {
        uint32_t v = h->rank[places->ports[k].node];
        if (meeting_slot(h, low, v) != h->slot[v]) {
            return JX_FAIL(ctx, PORTS_APART, JX_I(i));
        }
    }
    *out = low;
    return JX_OK;
}

static jx_status sort_places(jx_ctx *ctx, const jx_hierarchy *h, const jx_origins *places, climbs *c) {
    uint64_t *key = jx_malloc(ctx, 2 * (size_t)places->n, sizeof *key);
    jx_status st = key ? JX_OK : JX_E_NOMEM;
    for (uint32_t i = 0; st == JX_OK && i < places->n; i++) {
        uint32_t v = 0;
        if (places->off[i] < places->off[i + 1]) {
            st = lowest_port(ctx, h, places, i, &v);
            key[c->n++] = (uint64_t)v << 32 | i;
        }
    }
    if (st == JX_OK) {
        jx_sort_u64(key, key + places->n, c->n);
        for (uint32_t i = 0; i < c->n; i++) {
            c->place[i] = (uint32_t)key[i];
            c->vertex[i] = (uint32_t)(key[i] >> 32);
            c->shared[i] = i ? meeting_slot(h, c->vertex[i - 1], c->vertex[i]) : h->height;
        }
    }
    jx_free(ctx, key);
    c->n_groups = (c->n + JX_LANES - 1) / JX_LANES;
    return st;
}

static jx_status climb_places(jx_ctx *ctx, manymany *m, const jx_origins *places, bool towards, climbs *c) {
    const jx_hierarchy *h = m->t->h;
    c->stride = h->height + 1u;
    c->place = jx_malloc(ctx, places->n, sizeof *c->place);
    c->vertex = jx_malloc(ctx, places->n, sizeof *c->vertex);
    c->shared = jx_malloc(ctx, places->n, sizeof *c->shared);
    c->path = jx_malloc(ctx, (size_t)places->n * c->stride, sizeof *c->path);
    if (!c->place || !c->vertex || !c->shared || !c->path) {
        return JX_E_NOMEM;
    }
    JX_TRY(sort_places(ctx, h, places, c));
    if (towards && !(c->trunk = jx_malloc(ctx, (size_t)c->n_groups * c->stride * JX_LANES, sizeof *c->trunk))) {
        return JX_E_NOMEM;
    }
    m->places = places;
    m->towards = towards;
    m->climbing = c;
    return jx_parallel_for(ctx, c->n_groups, 4, climb_range, m);
}

/* ---- pairs ------------------------------------------------------------------------------------------------------- */

/* For one source: the first slot it shares with each target. It rises away from the source on both sides. */
static void shared_slots(const manymany *m, uint32_t vertex, uint32_t *line) {
    const climbs *to = &m->to;
    uint32_t lo = 0, hi = to->n;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        lo = to->vertex[mid] < vertex ? mid + 1 : lo;
        hi = to->vertex[mid] < vertex ? hi : mid;
    }
    if (lo < to->n) {
        line[lo] = meeting_slot(m->t->h, vertex, to->vertex[lo]);
    }
    for (uint32_t j = lo + 1; j < to->n; j++) {
        line[j] = line[j - 1] > to->shared[j] ? line[j - 1] : to->shared[j];
    }
    if (lo > 0) {
        line[lo - 1] = meeting_slot(m->t->h, vertex, to->vertex[lo - 1]);
    }
    for (uint32_t j = lo; j-- > 1;) {
        line[j - 1] = line[j] > to->shared[j] ? line[j] : to->shared[j];
    }
}

static void pairs_of_group(const manymany *m, uint32_t i, uint32_t group, const uint32_t *line, uint32_t *out) {
    const climbs *to = &m->to;
    const uint32_t *path = m->from.path + (size_t)i * m->from.stride;
    uint32_t first = group * JX_LANES, n = to->n - first < JX_LANES ? to->n - first : JX_LANES, got[JX_LANES],
             apart = 0, height = m->t->h->height;
    for (uint32_t l = 0; l < n; l++) {
        apart |= line[first + l] ^ line[first];
    }
    if (apart == 0) {
        uint32_t slot = line[first];
        const uint32_t *trunk = to->trunk + ((size_t)group * to->stride + slot) * JX_LANES;
        (m->narrow ? JX__PICK(meet16_narrow) : JX__PICK(meet16_wide))(path + slot, trunk, height - slot, got);
    } else {
        meet1_fn meet = m->narrow ? JX__PICK(meet1_narrow) : JX__PICK(meet1_wide);
        for (uint32_t l = 0; l < n; l++) {
            uint32_t slot = line[first + l];
            got[l] = meet(path + slot, to->path + (size_t)(first + l) * to->stride + slot, height - slot);
        }
    }
    for (uint32_t l = 0; l < n; l++) {
        out[to->place[first + l]] = got[l] <= m->limit ? got[l] : JX_UNREACHABLE;
    }
}

static jx_status pair_range(jx_ctx *wctx, void *arg, size_t begin, size_t end, unsigned worker) {
    const manymany *m = arg;
    uint32_t *line = m->line + (size_t)worker * m->n_out;
    (void)wctx;
    for (size_t i = begin; i < end; i++) {
        shared_slots(m, m->from.vertex[i], line);
        for (uint32_t g = 0; g < m->to.n_groups; g++) {
            pairs_of_group(m, (uint32_t)i, g, line, m->out + (size_t)m->from.place[i] * m->n_out);
        }
    }
    return JX_OK;
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

/* The pivots of jx__all_below would take longer than they save: a table passes few arcs. */
static bool fits_narrow(const manymany *m, const jx_origins *from, const jx_origins *to) {
    return m->cutoff < NOTHING / 2 ||
           ((uint64_t)jx__longest_port(from) + jx__longest_port(to) < NOTHING / 2 && jx__sums_below(m->t, NOTHING / 2));
}

static void release(jx_ctx *ctx, climbs *c) {
    jx_free(ctx, c->place);
    jx_free(ctx, c->vertex);
    jx_free(ctx, c->shared);
    jx_free(ctx, c->path);
    jx_free(ctx, c->trunk);
}

jx_status jx_sweep_table(jx_ctx *ctx, const jx_times *t, jx_direction dir, const jx_origins *from, const jx_origins *to,
                         uint32_t cutoff_ms, uint32_t *out) {
    manymany m = {.t = t, .dir = dir, .cutoff = cutoff_ms, .n_out = to->n, .out = out};
    unsigned threads = jx_ctx_threads(ctx);
    m.narrow = fits_narrow(&m, from, to);
    m.limit = jx__min(cutoff_ms, (m.narrow ? NOTHING : JX_UNREACHABLE) - 1);
    memset(out, 0xff, (size_t)from->n * to->n * sizeof *out);
    m.buffer = jx_malloc(ctx, threads * ((size_t)t->h->height + 1) * JX_LANES, sizeof *m.buffer);
    m.line = jx_malloc(ctx, (size_t)threads * to->n, sizeof *m.line);
    jx_status st = m.buffer && m.line ? climb_places(ctx, &m, from, false, &m.from) : JX_E_NOMEM;
    if (st == JX_OK) {
        st = climb_places(ctx, &m, to, true, &m.to);
    }
    if (st == JX_OK) {
        st = jx_parallel_for(ctx, m.from.n, 16, pair_range, &m);
    }
    release(ctx, &m.from);
    release(ctx, &m.to);
    jx_free(ctx, m.buffer);
    jx_free(ctx, m.line);
    return st;
}
