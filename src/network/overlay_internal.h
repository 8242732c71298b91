/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** What the files of the overlay share. */
#ifndef JX_NETWORK_OVERLAY_INTERNAL_H
#define JX_NETWORK_OVERLAY_INTERNAL_H

#include "junxian/overlay.h"
#include "network/network_internal.h"

struct jx_overlay {
    char *file;
    JX_VEC(jx_edit) edits; /* names and points are copies */
    uint32_t n_roads;
};

enum { JX__N_BITS = 6 }; /* of jx_access */

/** A street as the edits so far have made it: an edge of the base or a road. */
typedef struct jx__street {
    uint32_t edge, road; /* one of them JX_NONE */
    uint8_t access;
    double kmh[JX__N_BITS], factor[JX__N_BITS]; /* by access bit; 0: untouched */
} jx__street;

/** Where a street has a node: a street's end, or a place where a road joins it. */
typedef struct jx__cut {
    uint32_t pos_mm, seg, node; /* between points seg and seg + 1 of the street */
    jx_pt pt;
} jx__cut;

/** A line of the base or of a road with its cuts; roads have one at each end from the start. */
typedef struct jx__line {
    uint32_t edge, road;
    const jx_pt *pts;
    uint32_t n_pts, length_mm;
    JX_VEC(jx__cut) cuts; /* in any order until the pieces are made */
} jx__line;

typedef struct jx__two_ends {
    jx_road_end end[2];
} jx__two_ends;

/** The making of an edited network. */
typedef struct jx__apply {
    jx_ctx *ctx;
    const jx_network *base;
    const jx_overlay *o;
    uint8_t *access;            /* of the base's edges, as edited so far */
    JX_VEC(jx__street) streets; /* touched ones */
    jx_map64 street_of;         /* edge, or 1 << 32 | road */
    JX_VEC(jx__line) lines;     /* roads, and edges of the base that are cut */
    jx_map64 line_of;
    JX_VEC(jx_pt) nodes; /* new ones */
    JX_VEC(jx__two_ends) ends;
    JX_VEC(jx_pt *) owned; /* points of roads, joints included */
} jx__apply;

static inline uint64_t jx__key(uint32_t edge, uint32_t road) { return edge != JX_NONE ? edge : (uint64_t)1 << 32 | road; }
/** overlay.c: the street, taken up at its base's state when new. */
jx_status jx__street_at(jx__apply *a, uint32_t edge, uint32_t road, uint32_t *at);
/** overlay.c: the edit that made road `road`, which is one of the list's. O(edits). */
const jx_edit *jx__road_edit(const jx_overlay *o, uint32_t road);
/** overlay.c: CLOSE, OPEN and SPEED on a street. */
void jx__street_edit(jx__street *s, const jx_edit *e);
/** overlay_road.c: adds the road of an edit: joins its ends, cutting what they meet. */
jx_status jx__road_add(jx__apply *a, const jx_edit *e, uint32_t road);
/** A stretch of a cut edge or of a road: edge base->n_edges + i of the edited network. */
typedef struct jx__piece {
    uint32_t line, from, to, length_mm, pos_mm, street; /* pos_mm: where on the whole it begins */
    size_t geom, n_geom;                                /* points in `geom` below */
} jx__piece;

struct jx_edited_own {
    jx_network net;
    JX_VEC(void *) blocks; /* arrays that are ours */
    JX_VEC(jx__street) streets;
    JX_VEC(jx__piece) pieces;
    JX_VEC(jx_pt) geom;
    JX_VEC(jx_edit) joints;   /* in the order of the list: the last for a place counts */
    JX_VEC(uint8_t) met;      /* by joint: somebody stands at its place */
    uint32_t *changed_street; /* of each changed edge */
};

/** Every bit of the modes that any bit of `access` names. */
static inline uint8_t jx__both_ways(uint8_t access) {
    unsigned any = (access | access >> 1) & 21u;
    return (uint8_t)(any | any << 1);
}
/** metric.c: time of an arc at the profile's speed, or at kmh if positive, times factor if positive. */
uint32_t jx__arc_ms(const jx_network *net, const jx_profile *p, uint32_t arc, double kmh, double factor);
/**
 * terrain.c: times on terrain of edges lo to hi - 1, which lie on one way among edges begin to end - 1; in: on the flat. As
 * jx_metric_new_on makes them. O(steps of the way).
 */
void jx__slope_times(const jx_network *net, const jx_profile *p, const jx_terrain *t, uint32_t begin, uint32_t end, uint32_t lo, uint32_t hi,
                     uint32_t *time_ms);
/** components.c: strong components and islands, without a word. twice[e] != 0: edge e's length is that of others as well (NULL: none). */
jx_status jx__find_components(jx_ctx *ctx, jx_network *net, const jx_profiles *p, const uint8_t *twice);
/** snap.c: time of `m` metres off the road. */
uint32_t jx__offroad_ms(const jx_profile *p, double m);
/** snap.c: jx_snap_all among the edges with only[e] != 0 (NULL: all that jx_snap_all takes). */
jx_status jx__snap_among(jx_ctx *ctx, const jx_network *net, jx_mode mode, const jx_profile *p, const uint8_t *only, const jx_pt *places,
                         uint32_t n, jx_snap *out);

#endif
