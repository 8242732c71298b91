/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Ways -> what they mean for each mode. Words of the profile file become small tables over the extract's strings, so that a
 * tag is read with one look-up; no tag value is compared as text per way.
 */
#include <math.h>

#include "network/network_internal.h"

enum { NOTHING = 0xff };

/* Keys we ask for, as ids of the extract's strings. */
typedef struct keys {
    uint32_t highway, route, area, junction, oneway, maxspeed, max_fwd, max_bwd, name, tunnel, bridge, toll, duration, barrier, railway;
} keys;

typedef struct classifier {
    jx_ctx *ctx;
    const jx_extract *x;
    const jx_profiles *p;
    keys k;
    uint8_t *cls;     /* value -> road class */
    uint8_t *access;  /* value -> 1 yes, 0 no, NOTHING */
    uint8_t *barrier; /* value -> mask of blocked modes */
    uint8_t *is_key;  /* key id -> bit 0: of a surface word, bit 1: oneway_free, bit 2: oneway_implied */
    uint32_t access_key[JX_N_MODES][JX__MAX_ACCESS_KEYS];
} classifier;

static uint32_t id_of(const jx_extract *x, const char *s) { return jx_strings_find(x->strings, s, strlen(s)); }

static jx_status tables(classifier *c) {
    uint32_t n = jx_strings_count(c->x->strings);
    c->cls = jx_malloc(c->ctx, n, 1);
    c->access = jx_malloc(c->ctx, n, 1);
    c->barrier = jx_calloc(c->ctx, n, 1);
    c->is_key = jx_calloc(c->ctx, n, 1);
    if (!c->cls || !c->access || !c->barrier || !c->is_key) {
        return JX_E_NOMEM;
    }
    memset(c->cls, NOTHING, n);
    memset(c->access, NOTHING, n);
    for (int k = 0; k < JX_N_ROAD_CLASSES; k++) {
        uint32_t id = id_of(c->x, jx_road_class_name((jx_road_class)k));
        if (id != JX_NONE && k != JX_ROAD_FERRY && k != JX_ROAD_BARRIER) {
            c->cls[id] = (uint8_t)k;
        }
    }
    for (size_t i = 0; i < c->p->access.n; i++) {
        uint32_t id = id_of(c->x, c->p->access.v[i].value);
        if (id != JX_NONE) {
            c->access[id] = (uint8_t)c->p->access.v[i].meaning;
        }
    }
    for (size_t i = 0; i < c->p->barrier.n; i++) {
        uint32_t id = id_of(c->x, c->p->barrier.v[i].value);
        if (id != JX_NONE) {
            c->barrier[id] |= (uint8_t)c->p->barrier.v[i].meaning;
        }
    }
    const jx__words *const lists[] = {&c->p->surface, &c->p->oneway_free, &c->p->oneway_implied};
    for (int l = 0; l < 3; l++) {
        for (size_t i = 0; i < lists[l]->n; i++) {
            uint32_t id = id_of(c->x, lists[l]->v[i].key);
            if (id != JX_NONE) {
                c->is_key[id] |= (uint8_t)(1 << l);
            }
        }
    }
    for (int m = 0; m < JX_N_MODES; m++) {
        for (uint32_t i = 0; i < c->p->n_access_keys[m]; i++) {
            c->access_key[m][i] = id_of(c->x, c->p->access_key[m][i]);
        }
    }
    return JX_OK;
}

static uint32_t value_of(const jx_tag *t, uint32_t n, uint32_t key) {
    for (uint32_t i = 0; i < n; i++) {
        if (t[i].k == key) {
            return t[i].v;
        }
    }
    return JX_NONE;
}

static const char *text_of(const classifier *c, const jx_tag *t, uint32_t n, uint32_t key) {
    uint32_t v = value_of(t, n, key);
    return v == JX_NONE ? NULL : jx_strings_cstr(c->x->strings, v);
}

static bool is_text(const char *s, const char *word) { return s && strcmp(s, word) == 0; }

/* Meaning of the first tag that a list of words knows; 0 none. `bit` says which list, for the quick look. */
static uint32_t word_meaning(const classifier *c, const jx__words *list, uint8_t bit, const jx_tag *t, uint32_t n) {
    for (uint32_t i = 0; i < n; i++) {
        if (!(c->is_key[t[i].k] & bit)) {
            continue;
        }
        const char *key = jx_strings_cstr(c->x->strings, t[i].k), *value = jx_strings_cstr(c->x->strings, t[i].v);
        for (size_t w = 0; w < list->n; w++) {
            if (strcmp(list->v[w].key, key) == 0 && strcmp(list->v[w].value, value) == 0) {
                return list->v[w].meaning;
            }
        }
    }
    return 0;
}

/* Explicit permission of a mode: 1 yes, 0 no, NOTHING when no tag says; the most particular key that says something wins. */
static uint8_t explicit_access(const classifier *c, jx_mode m, const jx_tag *t, uint32_t n) {
    uint8_t says = NOTHING;
    for (uint32_t i = 0; i < c->p->n_access_keys[m]; i++) {
        uint32_t v = c->access_key[m][i] == JX_NONE ? JX_NONE : value_of(t, n, c->access_key[m][i]);
        if (v != JX_NONE && c->access[v] != NOTHING) {
            says = c->access[v];
        }
    }
    return says;
}

static bool allowed(const classifier *c, jx_mode m, uint8_t cls, const jx_tag *t, uint32_t n) {
    uint8_t says = explicit_access(c, m, t, n);
    if (says != NOTHING) {
        return says == 1;
    }
    if (cls == JX_ROAD_FERRY && c->p->ferry_needs_tag[m]) {
        return false;
    }
    return c->p->mode[m].speed_kmh[cls] > 0;
}

/* Direction of the one-way: 0 none, 1 along, -1 against. */
static int oneway(const classifier *c, const jx_tag *t, uint32_t n) {
    const char *s = text_of(c, t, n, c->k.oneway);
    if (is_text(s, "-1") || is_text(s, "reverse")) {
        return -1;
    }
    if (is_text(s, "yes") || is_text(s, "true") || is_text(s, "1")) {
        return 1;
    }
    if (is_text(s, "no") || is_text(s, "false") || is_text(s, "0")) {
        return 0;
    }
    return word_meaning(c, &c->p->oneway_implied, 4, t, n) ? 1 : 0;
}

static uint8_t access_bits(const classifier *c, uint8_t cls, const jx_tag *t, uint32_t n) {
    int way = oneway(c, t, n);
    unsigned bits = 0;
    for (int m = 0; m < JX_N_MODES; m++) {
        if (!allowed(c, (jx_mode)m, cls, t, n)) {
            continue;
        }
        bool free = !c->p->obeys_oneway[m] || way == 0 || (m == JX_BIKE && word_meaning(c, &c->p->oneway_free, 2, t, n));
        bits |= free || way > 0 ? JX_ACCESS_BIT(m, false) : 0u;
        bits |= free || way < 0 ? JX_ACCESS_BIT(m, true) : 0u;
    }
    return (uint8_t)bits;
}

static uint8_t speed8(double kmh) { return kmh <= 0 ? 0 : kmh >= 255 ? 255 : kmh < 1 ? 1 : (uint8_t)(kmh + 0.5); }

static uint16_t flag_bits(const classifier *c, uint8_t cls, const jx_tag *t, uint32_t n) {
    const char *junction = text_of(c, t, n, c->k.junction), *tunnel = text_of(c, t, n, c->k.tunnel);
    const char *bridge = text_of(c, t, n, c->k.bridge), *toll = text_of(c, t, n, c->k.toll);
    unsigned f = 0;
    f |= cls >= JX_ROAD_MOTORWAY_LINK && cls <= JX_ROAD_TERTIARY_LINK ? JX_EDGE_LINK : 0u;
    f |= is_text(junction, "roundabout") || is_text(junction, "circular") ? JX_EDGE_ROUNDABOUT : 0u;
    f |= tunnel && !is_text(tunnel, "no") ? JX_EDGE_TUNNEL : 0u;
    f |= bridge && !is_text(bridge, "no") ? JX_EDGE_BRIDGE : 0u;
    f |= is_text(toll, "yes") ? JX_EDGE_TOLL : 0u;
    f |= is_text(text_of(c, t, n, c->k.area), "yes") ? JX_EDGE_AREA : 0u;
    return (uint16_t)f;
}

/* Road class of a set of tags, or NOTHING. Streets under construction, planned or disused have other highway values. */
static uint8_t class_of(const classifier *c, const jx_tag *t, uint32_t n) {
    uint32_t v = c->k.highway == JX_NONE ? JX_NONE : value_of(t, n, c->k.highway);
    if (v != JX_NONE) {
        return c->cls[v];
    }
    return c->k.route != JX_NONE && is_text(text_of(c, t, n, c->k.route), "ferry") ? JX_ROAD_FERRY : NOTHING;
}

static jx_status use_way(const classifier *c, jx__way_uses *uses, uint32_t way, const jx_tag *t, uint32_t n, bool rim) {
    jx__way_use u = {.way = way, .cls = class_of(c, t, n), .rim = rim};
    if (u.cls == NOTHING) {
        return JX_OK;
    }
    u.access = access_bits(c, u.cls, t, n);
    u.surface = (uint8_t)word_meaning(c, &c->p->surface, 1, t, n);
    u.flags = (uint16_t)(flag_bits(c, u.cls, t, n) | (rim ? JX_EDGE_AREA : 0));
    const char *both = text_of(c, t, n, c->k.maxspeed), *fwd = text_of(c, t, n, c->k.max_fwd), *bwd = text_of(c, t, n, c->k.max_bwd);
    u.max_fwd = speed8(jx_tag_maxspeed(fwd ? fwd : both));
    u.max_bwd = speed8(jx_tag_maxspeed(bwd ? bwd : both));
    u.duration_ms = u.cls == JX_ROAD_FERRY ? jx_tag_duration_ms(text_of(c, t, n, c->k.duration)) : 0;
    u.name = value_of(t, n, c->k.name);
    return jx_vec_push(c->ctx, uses, u);
}

static int cmp_use(const void *a, const void *b, void *user) {
    (void)user;
    uint32_t x = ((const jx__way_use *)a)->way, y = ((const jx__way_use *)b)->way;
    return (x > y) - (x < y);
}

/* Squares drawn as multipolygons: the rings carry walkers, with the relation's tags. */
static jx_status area_members(const classifier *c, jx__way_uses *uses) {
    const jx_extract *x = c->x;
    for (uint32_t r = 0; r < x->n_rels; r++) {
        const jx_tag *t = x->rel_tags + x->rel_tag_off[r];
        uint32_t n = x->rel_tag_off[r + 1] - x->rel_tag_off[r];
        if (class_of(c, t, n) == NOTHING) {
            continue;
        }
        for (uint32_t m = x->rel_mem_off[r]; m < x->rel_mem_off[r + 1]; m++) {
            uint32_t way = x->rel_mem_type[m] == JX_OSM_WAY ? x->rel_mem[m] : JX_NONE;
            if (way != JX_NONE && class_of(c, x->way_tags + x->way_tag_off[way], x->way_tag_off[way + 1] - x->way_tag_off[way]) == NOTHING) {
                JX_TRY(use_way(c, uses, way, t, n, true));
            }
        }
    }
    return jx_sort(c->ctx, uses->v, uses->n, sizeof *uses->v, cmp_use, NULL);
}

/* Modes a barrier node stops; an access tag on the barrier itself wins. */
static void node_barriers(const classifier *c, uint8_t *block) {
    const jx_extract *x = c->x;
    for (uint32_t i = 0; c->k.barrier != JX_NONE && i < x->n_nodes; i++) {
        const jx_tag *t = x->node_tags + x->node_tag_off[i];
        uint32_t n = x->node_tag_off[i + 1] - x->node_tag_off[i], v = n ? value_of(t, n, c->k.barrier) : JX_NONE;
        if (v == JX_NONE) {
            continue;
        }
        block[i] = c->barrier[v];
        for (int m = 0; m < JX_N_MODES; m++) {
            uint8_t says = explicit_access(c, (jx_mode)m, t, n);
            if (says == 1) {
                block[i] &= (uint8_t) ~(1u << m);
            } else if (says == 0) {
                block[i] |= (uint8_t)(1u << m);
            }
        }
    }
}

jx_status jx__network_classify(jx_ctx *ctx, const jx_extract *x, const jx_profiles *p, jx__way_uses *uses, uint8_t **node_block) {
    classifier c = {.ctx = ctx, .x = x, .p = p};
    c.k = (keys){id_of(x, "highway"), id_of(x, "route"), id_of(x, "area"), id_of(x, "junction"), id_of(x, "oneway"),
                 id_of(x, "maxspeed"), id_of(x, "maxspeed:forward"), id_of(x, "maxspeed:backward"), id_of(x, "name"), id_of(x, "tunnel"),
                 id_of(x, "bridge"), id_of(x, "toll"), id_of(x, "duration"), id_of(x, "barrier"), id_of(x, "railway")};
    *node_block = jx_calloc(ctx, x->n_nodes, 1);
    jx_status st = *node_block ? tables(&c) : JX_E_NOMEM;
    for (uint32_t w = 0; st == JX_OK && w < x->n_ways; w++) {
        st = use_way(&c, uses, w, x->way_tags + x->way_tag_off[w], x->way_tag_off[w + 1] - x->way_tag_off[w], false);
    }
    if (st == JX_OK) {
        st = area_members(&c, uses);
    }
    if (st == JX_OK) {
        node_barriers(&c, *node_block);
    }
    jx_free(ctx, c.cls);
    jx_free(ctx, c.access);
    jx_free(ctx, c.barrier);
    jx_free(ctx, c.is_key);
    return st;
}
