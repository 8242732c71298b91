/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Extracts written by hand: nodes at metres around a point, ways with tags "k=v,k=v"; and worlds made of them. */
#ifndef JX_TESTS_MINI_H
#define JX_TESTS_MINI_H

#include "junxian/hierarchy.h"
#include "junxian/io.h"
#include "junxian/raster.h"
#include "support.h"

enum { MINI_MAX = 512 };

typedef struct mini {
    jx_ctx *ctx;
    jx_extract *x;
    uint32_t n_node_tags, n_way_tags, n_refs, n_rel_tags, n_members;
} mini;

static inline void *mini_mem(jx_ctx *ctx, size_t size) {
    void *p = jx_calloc(ctx, MINI_MAX, size);
    assert_non_null(p);
    return p;
}

static inline void mini_init(mini *m, jx_ctx *ctx) {
    *m = (mini){.ctx = ctx, .x = jx_calloc(ctx, 1, sizeof(jx_extract))};
    jx_extract *x = m->x;
    x->strings = jx_strings_new(ctx);
    x->node_id = mini_mem(ctx, sizeof *x->node_id);
    x->node_pt = mini_mem(ctx, sizeof *x->node_pt);
    x->node_tag_off = mini_mem(ctx, sizeof *x->node_tag_off);
    x->node_tags = mini_mem(ctx, sizeof *x->node_tags);
    x->way_id = mini_mem(ctx, sizeof *x->way_id);
    x->way_ref_off = mini_mem(ctx, sizeof *x->way_ref_off);
    x->way_refs = mini_mem(ctx, 8 * sizeof *x->way_refs);
    x->way_tag_off = mini_mem(ctx, sizeof *x->way_tag_off);
    x->way_tags = mini_mem(ctx, 8 * sizeof *x->way_tags);
    x->rel_id = mini_mem(ctx, sizeof *x->rel_id);
    x->rel_mem_off = mini_mem(ctx, sizeof *x->rel_mem_off);
    x->rel_mem_type = mini_mem(ctx, 8);
    x->rel_mem_id = mini_mem(ctx, 8 * sizeof *x->rel_mem_id);
    x->rel_mem = mini_mem(ctx, 8 * sizeof *x->rel_mem);
    x->rel_mem_role = mini_mem(ctx, 8 * sizeof *x->rel_mem_role);
    x->rel_tag_off = mini_mem(ctx, sizeof *x->rel_tag_off);
    x->rel_tags = mini_mem(ctx, 8 * sizeof *x->rel_tags);
}

static inline uint32_t mini_tags(mini *m, const char *text, jx_tag *out, uint32_t n) {
    while (*text) {
        size_t len = strcspn(text, ","), key = strcspn(text, "=");
        assert_int_equal(jx_strings_add(m->ctx, m->x->strings, text, key, &out[n].k), JX_OK);
        assert_int_equal(jx_strings_add(m->ctx, m->x->strings, text + key + 1, len - key - 1, &out[n].v), JX_OK);
        n++;
        text += len + (text[len] == ',');
    }
    return n;
}

/** A node x metres east and y metres north of 10 E, 0 N (where a degree is about 111,320 m both ways). Returns its index. */
static inline uint32_t mini_node(mini *m, double x, double y, const char *tags) {
    jx_extract *e = m->x;
    uint32_t i = e->n_nodes++;
    assert_true(i + 1 < MINI_MAX);
    e->node_id[i] = i + 1;
    e->node_pt[i] = (jx_pt){(int32_t)(1e8 + x / 111320 * 1e7), (int32_t)(y / 110574 * 1e7)};
    m->n_node_tags = mini_tags(m, tags, e->node_tags, m->n_node_tags);
    e->node_tag_off[i + 1] = m->n_node_tags;
    return i;
}

/** A way through n nodes (JX_NONE: a missing one). */
static inline uint32_t mini_way(mini *m, const char *tags, uint32_t n, const uint32_t *nodes) {
    jx_extract *e = m->x;
    uint32_t i = e->n_ways++;
    assert_true(i + 1 < MINI_MAX && m->n_refs + n < 8 * MINI_MAX);
    e->way_id[i] = i + 1;
    for (uint32_t k = 0; k < n; k++) {
        e->way_refs[m->n_refs++] = nodes[k];
    }
    e->way_ref_off[i + 1] = m->n_refs;
    m->n_way_tags = mini_tags(m, tags, e->way_tags, m->n_way_tags);
    e->way_tag_off[i + 1] = m->n_way_tags;
    return i;
}
#define MINI_WAY(m, tags, ...) mini_way((m), (tags), (uint32_t)(sizeof((uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t)), (uint32_t[]){__VA_ARGS__})

/** A relation with members "w" or "n", index of the way or node (JX_NONE: missing), role. */
typedef struct mini_member {
    char type;
    uint32_t item;
    const char *role;
} mini_member;
static inline uint32_t mini_relation(mini *m, const char *tags, uint32_t n, const mini_member *members) {
    jx_extract *e = m->x;
    uint32_t i = e->n_rels++;
    assert_true(i + 1 < MINI_MAX && m->n_members + n < 8 * MINI_MAX);
    e->rel_id[i] = i + 1;
    for (uint32_t k = 0; k < n; k++, m->n_members++) {
        e->rel_mem_type[m->n_members] = members[k].type == 'w' ? JX_OSM_WAY : JX_OSM_NODE;
        e->rel_mem[m->n_members] = members[k].item;
        e->rel_mem_id[m->n_members] = members[k].item == JX_NONE ? -1 : (int64_t)members[k].item + 1;
        assert_int_equal(jx_strings_add(m->ctx, e->strings, members[k].role, strlen(members[k].role), &e->rel_mem_role[m->n_members]), JX_OK);
    }
    e->rel_mem_off[i + 1] = m->n_members;
    m->n_rel_tags = mini_tags(m, tags, e->rel_tags, m->n_rel_tags);
    e->rel_tag_off[i + 1] = m->n_rel_tags;
    return i;
}
#define MINI_REL(m, tags, ...) \
    mini_relation((m), (tags), (uint32_t)(sizeof((mini_member[]){__VA_ARGS__}) / sizeof(mini_member)), (mini_member[]){__VA_ARGS__})

/* ---- worlds -------------------------------------------------------------------------------------------------------- */

/** A test with an empty extract and the project's own profiles. */
static inline void mini_start(jx_test *t, unsigned threads, mini *m, jx_doc *doc, jx_profiles **p) {
    jx_test_init(t, threads);
    mini_init(m, t->ctx);
    assert_int_equal(jx_yaml_file(t->ctx, JX_SOURCE_DIR "/standards/profiles.yaml", doc), JX_OK);
    assert_int_equal(jx_profiles_compile(t->ctx, doc, p), JX_OK);
}

static inline void mini_finish(jx_test *t, mini *m, jx_doc *doc, jx_profiles *p, jx_network *net) {
    jx_network_free(t->ctx, net);
    jx_extract_free(t->ctx, m->x);
    jx_profiles_free(t->ctx, p);
    jx_doc_release(t->ctx, doc);
    jx_test_release(t);
}

/** Streets with a hierarchy, and where wanted the times of all modes. */
typedef struct world {
    jx_test t;
    mini m;
    jx_doc doc;
    jx_profiles *p;
    jx_network *net;
    jx_hierarchy *h;
    jx_metric *metric[JX_N_MODES];
    jx_times *times[JX_N_MODES];
} world;

static inline void world_start(world *w, unsigned threads) {
    memset(w, 0, sizeof *w);
    mini_start(&w->t, threads, &w->m, &w->doc, &w->p);
}

static inline void mini_hierarchy(jx_ctx *ctx, const jx_network *net, jx_hierarchy **h) {
    jx_graph g = jx_network_graph(net);
    assert_int_equal(jx_hierarchy_of(ctx, &g, NULL, NULL, h), JX_OK);
}

static inline void world_streets(world *w, const jx_extract *x) {
    assert_int_equal(jx_network_build(w->t.ctx, x, w->p, &w->net), JX_OK);
    mini_hierarchy(w->t.ctx, w->net, &w->h);
}

static inline void world_build(world *w) {
    world_streets(w, w->m.x);
    for (int m = 0; m < JX_N_MODES; m++) {
        assert_int_equal(jx_metric_new(w->t.ctx, w->net, jx_profiles_get(w->p, (jx_mode)m), &w->metric[m]), JX_OK);
        assert_int_equal(jx_times_new(w->t.ctx, w->h, w->metric[m]->time_ms, &w->times[m]), JX_OK);
    }
}

static inline void world_finish(world *w) {
    for (int m = 0; m < JX_N_MODES; m++) {
        jx_times_free(w->t.ctx, w->times[m]);
        jx_metric_free(w->t.ctx, w->metric[m]);
    }
    jx_hierarchy_free(w->t.ctx, w->h);
    mini_finish(&w->t, &w->m, &w->doc, w->p, w->net);
}

/* ---- by chance, and the slow way ----------------------------------------------------------------------------------- */

/** In [0, 1): the k-th throw of one of several independent dice. */
static inline double mini_dice(uint64_t seed, uint64_t die, uint64_t k) { return (double)(jx_random(seed, die, k) >> 11) * 0x1p-53; }

/** Forty nodes within 3 km, some of them bollards, and ways of all kinds through three of them each; then built. */
enum { MINI_NODES = 40 };
static inline void world_draw(world *w, uint64_t seed, uint64_t die, uint32_t ways) {
    static const char *const tags[] = {"highway=residential", "highway=residential,oneway=yes", "highway=primary,maxspeed=80",
                                       "highway=footway",     "highway=track",                  "highway=cycleway"};
    uint64_t k = 0;
    for (int i = 0; i < MINI_NODES; i++, k += 3) {
        double x = mini_dice(seed, die, k) * 3000, y = mini_dice(seed, die, k + 1) * 3000;
        mini_node(&w->m, x, y, mini_dice(seed, die, k + 2) < 0.1 ? "barrier=bollard" : "");
    }
    for (uint32_t i = 0; i < ways; i++, k += 4) {
        uint32_t n[3];
        for (uint64_t j = 0; j < 3; j++) {
            n[j] = (uint32_t)(mini_dice(seed, die, k + j) * MINI_NODES);
        }
        mini_way(&w->m, tags[(size_t)(mini_dice(seed, die, k + 3) * 6)], 3, n);
    }
    world_build(w);
}

/** Anywhere within the same 3 km. */
static inline jx_pt mini_spot(uint64_t seed, uint64_t die, uint64_t k) {
    double x = mini_dice(seed, die, 9000 + 2 * k) * 3000, y = mini_dice(seed, die, 9001 + 2 * k) * 3000;
    return (jx_pt){(int32_t)(1e8 + x / 111320 * 1e7), (int32_t)(y / 110574 * 1e7)};
}

/** Bellman-Ford over all arcs until nothing changes: slow and plain. d: by node, where the search begins below JX_UNREACHABLE. */
static inline void mini_relax(const jx_network *n, const uint32_t *time_ms, uint32_t *d) {
    for (bool changed = true; changed;) {
        changed = false;
        for (uint32_t a = 0; a < 2 * n->n_edges; a++) {
            uint32_t t = jx_add_ms(d[jx_arc_tail(n, a)], time_ms[a]), h = jx_arc_head(n, a);
            changed = changed || t < d[h];
            d[h] = t < d[h] ? t : d[h];
        }
    }
}

/** Shortest time between the nodes of the network at two positions, where there may be several. */
static inline uint32_t mini_slow_time(const jx_network *n, const uint32_t *time_ms, jx_pt from, jx_pt to) {
    uint32_t *d = malloc(n->n_nodes * sizeof *d), best = JX_UNREACHABLE;
    assert_non_null(d);
    for (uint32_t v = 0; v < n->n_nodes; v++) {
        d[v] = n->node[v].lon == from.lon && n->node[v].lat == from.lat ? 0 : JX_UNREACHABLE;
    }
    mini_relax(n, time_ms, d);
    for (uint32_t v = 0; v < n->n_nodes; v++) {
        best = n->node[v].lon == to.lon && n->node[v].lat == to.lat && d[v] < best ? d[v] : best;
    }
    free(d);
    return best;
}

/** The first edge of a way; JX_NONE. */
static inline uint32_t mini_edge(const jx_network *n, int64_t way) {
    for (uint32_t e = 0; e < n->n_edges; e++) {
        if (n->way_id[e] == way) {
            return e;
        }
    }
    return JX_NONE;
}

/** Time of a whole way, in its direction or back. */
static inline uint64_t mini_way_ms(const jx_network *n, const uint32_t *time_ms, int64_t way, bool back) {
    uint64_t sum = 0;
    for (uint32_t e = 0; e < n->n_edges; e++) {
        sum += n->way_id[e] == way ? time_ms[2 * e + (back ? 1u : 0u)] : 0;
    }
    return sum;
}

typedef double (*mini_relief)(double x, double y); /* metres east and north of the origin of mini_node */

/** Heights on cells of about 30 m, from 1 km west and south of the origin to 6 km beyond. */
static inline void mini_heights(jx_ctx *ctx, mini_relief h, jx_field *f) {
    enum { CELLS = 240 };
    const double d = 7000.0 / CELLS / 111320;
    assert_int_equal(jx_field_init(ctx, CELLS, CELLS, 10 - 1000.0 / 111320, 6000.0 / 111320, d, d, f), JX_OK);
    for (uint32_t i = 0; i < CELLS * CELLS; i++) {
        double lon = f->west + (i % CELLS + 0.5) * d, lat = f->north - (i / CELLS + 0.5) * d;
        f->v[i] = (float)h((lon - 10) * 111320, lat * 110574);
    }
}

#endif
