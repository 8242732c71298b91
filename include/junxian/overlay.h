/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * What-if on a network without rebuilding it: an ordered list of edits (the overlay, a value of its own), and the network that comes
 * out when they are applied to a base. The base is never touched; any number of overlays stand on one base at the same time.
 *
 * How a road is added: where it joins a street the street gets a node. The whole street stays, for all who pass and for the joints that
 * stand on it, and its two pieces come beside it, for those who turn: so no time between old nodes or old joints can become longer
 * by a rounding, and an old edge keeps its number. New nodes go to the top of the hierarchy (jx_hierarchy_extend).
 */
#ifndef JUNXIAN_OVERLAY_H
#define JUNXIAN_OVERLAY_H

#include "junxian/sweep.h"

/* ---- edits --------------------------------------------------------------------------------------------------------------------- */

typedef enum jx_edit_kind {
    JX_EDIT_CLOSE, /* a street, for the modes and directions in `access` */
    JX_EDIT_OPEN,  /* the same, open; also what the data say is closed */
    JX_EDIT_SPEED, /* its speed for those in `access`: kmh (0: the profile's) times factor (0: 1); the last edit of a street counts */
    JX_EDIT_ROAD,  /* a new road along pts; each end joins the nearest street within join_m that all its modes may use, or else as many as can
                      be (a warning names the others). Islands of these modes come last; bridges and tunnels, and islands while there is
                      another street, only where the end lies on them to 0.5 m. An end farther off stays free */
    JX_EDIT_JOINT  /* whoever stands at `place` joins the network nearest to `at` instead; on == false: as before */
} jx_edit_kind;

enum { JX_ACCESS_ALL = 63, JX_EDIT_INVERSES = 6, JX_EDITED_NODES = 1024 /* new ones at most */ };

typedef struct jx_edit {
    jx_edit_kind kind;
    uint32_t row;    /* of the file it stands in, for messages; 0: none */
    uint32_t edge;   /* CLOSE, OPEN, SPEED: an edge of the base; JX_NONE: the road below */
    uint32_t road;   /* the i-th ROAD of the list, from 0 */
    uint8_t access;  /* bits of jx_access; of a ROAD: who may use it, forward being from its first point to its last */
    double kmh, factor;
    uint8_t cls, maxspeed; /* ROAD: jx_road_class and posted limit in km/h (0: none, the profile decides) */
    double join_m;         /* ROAD */
    const char *name;      /* ROAD; may be NULL */
    const jx_pt *pts;      /* ROAD: n_pts >= 2 of them */
    uint32_t n_pts;
    jx_pt place, at; /* JOINT */
    bool on;
} jx_edit;

typedef struct jx_overlay jx_overlay;
/** `file` names the source in messages; may be NULL. */
jx_status jx_overlay_new(jx_ctx *ctx, const char *file, jx_overlay **out) JX_MUST_USE;
void jx_overlay_free(jx_ctx *ctx, jx_overlay *o);
/** Appends a copy. Checked here: numbers and points; against a network: when applied. */
jx_status jx_overlay_add(jx_ctx *ctx, jx_overlay *o, const jx_edit *e) JX_MUST_USE;
uint32_t jx_overlay_count(const jx_overlay *o);
const jx_edit *jx_overlay_get(const jx_overlay *o, uint32_t i); /* lives until the overlay changes */
/** Drops the last edit, if any: undo. */
void jx_overlay_drop(jx_ctx *ctx, jx_overlay *o);
/**
 * The edits that undo edit i when appended right behind it: at most JX_EDIT_INVERSES, *n of them (0: it changed nothing). They are
 * plain values too; a new road is undone by closing it.
 */
jx_status jx_overlay_inverse(jx_ctx *ctx, const jx_overlay *o, const jx_network *base, uint32_t i, jx_edit out[JX_EDIT_INVERSES],
                             uint32_t *n) JX_MUST_USE;

/* ---- the edited network ---------------------------------------------------------------------------------------------------------- */

/** Where a new road's end came to lie: on an edge of the base or of an earlier road, or free. */
typedef struct jx_road_end {
    uint32_t edge; /* base edge, JX_NONE: a road or free */
    uint32_t road; /* JX_NONE: a base edge or free */
    double gap_m;  /* from the point given to the street; 0 when free */
} jx_road_end;

/** The base with an overlay applied. Readers use net like any network: nodes and edges of the base keep their numbers, new ones follow. */
typedef struct jx_edited {
    const jx_network *base; /* borrowed: it must live longer */
    jx_network *net;        /* to be read only: it shares with the base every array that no edit touches */
    uint32_t *changed;      /* edges of the base whose times may be others, rising */
    uint32_t n_changed;
    uint32_t *origin; /* of edge base->n_edges + i: the edge of the base it is a piece of; JX_NONE: of a new road */
    uint32_t n_roads;
    jx_road_end (*ends)[2]; /* by road */
    struct jx_edited_own *own;
} jx_edited;

/**
 * Applies all edits in order. Without roads it costs a byte an edge; with roads one copy of the arrays that grow. Islands are found
 * again only when a road or an opened street can have changed them; closing streets never moves a joint.
 */
jx_status jx_edited_new(jx_ctx *ctx, const jx_network *base, const jx_profiles *p, const jx_overlay *o, jx_edited **out) JX_MUST_USE;
void jx_edited_free(jx_ctx *ctx, jx_edited *ed);
/**
 * The edge nearest to a point among those open to any mode that `access` names (0: all), of one way (0: any), no ferries and barriers;
 * JX_NONE: none within max_m. *gap_m: how far. Ties: the lower edge. O(edges), without an index.
 */
uint32_t jx_network_nearest_edge(const jx_network *net, jx_pt p, uint8_t access, int64_t way, double max_m, double *gap_m);
/**
 * Times per arc of the edited network for the profile of `base`, the base's metric, made on terrain t (NULL: level): only what changed is
 * computed. New roads follow the ground; where an edit gives a speed in km/h that is the speed on every slope.
 */
jx_status jx_edited_metric(jx_ctx *ctx, const jx_edited *ed, const jx_profile *p, const jx_terrain *t, const jx_metric *base,
                           jx_metric **out) JX_MUST_USE;
/** The hierarchy to use: the base's own (*out == NULL: nothing new in it), or an extension to be freed by the caller. */
jx_status jx_edited_hierarchy(jx_ctx *ctx, const jx_edited *ed, const jx_hierarchy *base, jx_hierarchy **out) JX_MUST_USE;
/**
 * Customised times of the edited network from those of the base: what jx_times_new gives, to the bit. h is the hierarchy to use, m the
 * edited metric. One copy of the weights and the update.
 */
jx_status jx_edited_times(jx_ctx *ctx, const jx_edited *ed, const jx_times *base, const jx_hierarchy *h, const jx_metric *m,
                          jx_times **out) JX_MUST_USE;

/**
 * The edited network for jx_turned_new: streets that were cut are closed and count by their pieces, and turn restrictions have moved to
 * those (its hierarchy: jx_turned_hierarchy, from the extended one). Joints of the edited network hold on it too (on
 * a cut street by the piece: rounding to the nearest millisecond may differ by one). Opening a street also puts the rules on it in force
 * (junxian/turns.h): an only_straight_on into it then forbids the other turns, so opening can make a way longer.
 */
typedef struct jx_edited_cut {
    jx_network net; /* shares with ed->net all but the turn rules: not to be freed otherwise */
    jx_metric metric;
} jx_edited_cut;
jx_status jx_edited_cut_init(jx_ctx *ctx, const jx_edited *ed, const jx_metric *m, jx_edited_cut *out) JX_MUST_USE;
void jx_edited_cut_release(jx_ctx *ctx, jx_edited_cut *c);

/* ---- joints: several for a place ------------------------------------------------------------------------------------------------------- */

/**
 * Places with more joints than one; the best counts. The first n of `snap` are those of the places; the others, n_all - n, belong to
 * place owner[i - n]. A place keeps its joint of the base and may use the new street beside it: adding a road makes nobody worse off.
 */
typedef struct jx_joints {
    uint32_t n, n_all;
    jx_snap *snap;
    uint32_t *owner;
    uint32_t n_moved; /* places that a JOINT edit matched */
} jx_joints;

/**
 * Joints on the edited network: each place's own of the base (`snaps`, for the same mode), unless a JOINT edit moves it or its street
 * has been closed both ways (then the nearest usable one); also its place on a piece when its street was cut; also the nearest point of
 * the new roads and newly opened streets when that is nearer. m: the edited metric. Notes in `ed` which JOINT edits were met: one thread at a
 * time.
 */
jx_status jx_edited_joints(jx_ctx *ctx, const jx_edited *ed, const jx_metric *m, const jx_profile *p, const jx_pt *places,
                           const jx_snap *snaps, uint32_t n, jx_joints *out) JX_MUST_USE;
void jx_joints_release(jx_ctx *ctx, jx_joints *j);
/** Warns of each JOINT edit whose place was none of those that jx_edited_joints was asked about so far. `file` is named; may be NULL. */
void jx_edited_tell_joints(jx_ctx *ctx, const jx_edited *ed, const char *file);

/** jx_route_find's choice between joints: the pair with the least time (ties: the earlier); *from and *to index `snap`. */
jx_status jx_joints_pair(jx_ctx *ctx, const jx_network *net, const jx_metric *m, const jx_times *t, const jx_joints *from, const jx_joints *to,
                         uint32_t *from_at, uint32_t *to_at) JX_MUST_USE;
/**
 * For each cell the one of its joints from which its nearest facility is nearest (by any of the facilities' joints): chosen[cells->n]. For
 * what takes one joint a cell, as jx_network_load does; give that all joints of the facilities.
 */
jx_status jx_joints_choose(jx_ctx *ctx, const jx_network *net, const jx_metric *m, const jx_times *t, jx_direction dir, const jx_joints *cells,
                           const jx_joints *facilities, jx_snap *chosen) JX_MUST_USE;
/** jx_matrix with the best of all joints: out[i * to->n + k]. */
jx_status jx_joints_matrix(jx_ctx *ctx, const jx_network *net, const jx_metric *m, const jx_times *t, const jx_joints *from,
                           const jx_joints *to, uint32_t cutoff_ms, uint32_t *out) JX_MUST_USE;
/** jx_tables_make with the best of all joints; the table's rows are places, its columns facilities, as ever. */
jx_status jx_joints_table(jx_ctx *ctx, const jx_network *net, const jx_metric *m, const jx_times *t, jx_direction dir, const jx_joints *cells,
                          const jx_joints *facilities, uint32_t cutoff_ms, jx_table **out) JX_MUST_USE;

#endif
