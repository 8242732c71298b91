/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Extracts written by hand: nodes at metres around a point, ways with tags "k=v,k=v". */
#ifndef JX_TESTS_MINI_H
#define JX_TESTS_MINI_H

#include "junxian/osm.h"
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

#endif
