/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The compiled profile file and the network under construction. */
#ifndef JX_NETWORK_INTERNAL_H
#define JX_NETWORK_INTERNAL_H

#include <math.h>

#include "junxian/network.h"

enum { JX__MAX_ACCESS_KEYS = 8 };

static inline bool jx__on_earth(jx_pt p) {
    return p.lon >= -1800000000 && p.lon <= 1800000000 && p.lat >= -900000000 && p.lat <= 900000000;
}

/** A tag value with what it means: a surface group, a mask of modes. */
typedef struct jx__word {
    const char *key, *value; /* key NULL: any */
    uint32_t meaning;
} jx__word;

typedef JX_VEC(jx__word) jx__words;

struct jx_profiles {
    jx_arena *arena;
    jx_profile mode[JX_N_MODES];
    const char *access_key[JX_N_MODES][JX__MAX_ACCESS_KEYS]; /* from general to particular; the last stated wins */
    uint32_t n_access_keys[JX_N_MODES];
    bool obeys_oneway[JX_N_MODES];
    bool ferry_needs_tag[JX_N_MODES];
    double smooth_m, step_m, level_slope; /* of a DEM: window of its mean, distance of heights along a way, steepest bridge */
    jx__words access;         /* meaning 1 yes, 0 no */
    jx__words surface;        /* meaning: group 1.. */
    jx__words barrier;        /* meaning: mask of blocked modes (bit per mode) */
    jx__words oneway_free;    /* tags that let bikes go against a one-way; meaning unused */
    jx__words oneway_implied; /* tags that imply a one-way */
};

/** What the tags of one way say. */
typedef struct jx__way_use {
    uint32_t way;            /* index in the extract */
    uint8_t cls, access, surface, max_fwd, max_bwd;
    bool rim; /* of a square drawn as a relation: a way to go, but no street of its own */
    uint16_t flags;
    uint32_t duration_ms, name; /* name: string id of the extract */
} jx__way_use;
typedef JX_VEC(jx__way_use) jx__way_uses;

/** classify.c: the ways that carry anybody, with what their tags mean. Barrier mask per node (0 for most). */
jx_status jx__network_classify(jx_ctx *ctx, const jx_extract *x, const jx_profiles *p, jx__way_uses *uses, uint8_t **node_block);
/** restrictions.c: turn restrictions of the extract as runs of arcs. node_of: extract node -> node, JX_NONE: none. */
jx_status jx__network_restrictions(jx_ctx *ctx, const jx_extract *x, const jx_profiles *p, jx_network *net, const uint32_t *node_of);
/** turned.c */
void jx__turned_free(jx_ctx *ctx, struct jx_turned *t);
/** components.c: strong components and islands per mode. */
jx_status jx__network_components(jx_ctx *ctx, jx_network *net, const jx_profiles *p);

/** Speed on an edge in one direction on the flat, km/h. */
double jx__edge_kmh(const jx_network *net, const jx_profile *p, uint32_t e, bool backward);
/** Length to time: a difference of two of these is the time between two points of a way. 1 km/h is 1 / 3.6 mm per ms. */
/** The longest edge; and where an edge begins that lies `along` on its way: the sum of both fits a number of the network. */
#define JX__MAX_EDGE_MM (UINT32_MAX - 2)
static inline uint32_t jx__offset_mm(double along, uint32_t len) { return along < JX__MAX_EDGE_MM - len ? (uint32_t)along : JX__MAX_EDGE_MM - len; }

static inline double jx__round_ms(double per_mm, double mm) { return floor(per_mm * mm + 0.5); }
static inline uint32_t jx__to_ms(double ms) { return ms < 4294967000.0 ? (uint32_t)ms : UINT32_MAX - 1; }

#endif
