/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Turns: a network in which turn restrictions, U-turns and sharp turns are edges of their own, so that whatever searches a plain network
 * (Dijkstra, hierarchy, sweeps, routes, tables) respects them without knowing of them.
 *
 * A vehicle is remembered only where it matters: after the arcs that begin a restriction, and after those on which a U-turn could pay
 * (a *state* each: Aho and Corasick's automaton over the runs of arcs that are forbidden). A junction where no state ends stays one node.
 * With restrictions and U-turns alone the network grows by a few per cent; with costs for sharp turns every arc is a state.
 *
 * The model: a run forbidden by a rule cannot be driven; turning back on the same piece of street costs u_turn_ms wherever it happens,
 * dead ends included (a street added to a dead end must not make anybody's time worse); a turn by more than sharp_deg costs sharp_ms,
 * unless it goes on along the same way. A trip may set off in both directions. U-turns are only worth their while after an arc that a
 * restriction led into; those that would cost more than an earlier one are left uncharged because nobody takes them, and times are
 * exactly those of charging all.
 *
 * Sources: Aho and Corasick, Efficient string matching (CACM 1975); Geisberger and Vetter, Efficient routing in road networks with turn
 * costs (SEA 2011); Buchhold, Wagner, Zeitz, Zuendorf, Customizable contraction hierarchies with turn costs (ATMOS 2020), from which the
 * order of the copies is taken.
 */
#ifndef JUNXIAN_TURNS_H
#define JUNXIAN_TURNS_H

#include "junxian/hierarchy.h"

/** How a network with turns lies over the plain one. Edges of the plain network keep their numbers; what is new comes behind. */
typedef struct jx_turned {
    const jx_network *plain; /* borrowed */
    uint32_t *node;   /* n_nodes: the plain node it stands for; the first plain->n_nodes stand for themselves */
    uint32_t *edge;   /* n_edges: the plain edge; JX_NONE: a turn */
    uint32_t *back;   /* plain->n_edges: the arc that drives edge e backwards (forwards it is 2 e) */
    uint32_t *leave;  /* 2 * plain->n_edges, by plain arc: node where a trip that begins on the arc comes out */
    uint32_t *arrive; /* 2 * plain->n_edges, by plain arc: node from which a trip that ends on the arc comes in */
    uint32_t n_rules, n_states, n_split, n_turns; /* rules in force; states; junctions taken apart; turns that are edges */
} jx_turned;

/**
 * A network with turns for the metric's mode, and the times on it. `net` must stay; joints found on it hold on the new
 * one too, whose arrays of tags, names and geometry are NULL (ask the plain one). Closed edges are loops that nothing
 * lists. Rules count where all their arcs are open to the mode: opening a closed street puts its rules in force, and an
 * only_... into it forbids turns that were free. O(n + m) and a search around the restrictions; same result everywhere.
 * Errors: JX_E_NOMEM.
 */
jx_status jx_turned_new(jx_ctx *ctx, const jx_network *net, const jx_metric *m, const jx_profile *p, jx_network **out,
                        jx_metric **out_metric) JX_MUST_USE;
/** Order for the hierarchy of a network with turns from one of the plain network: copies of a node follow one another. O(n). */
jx_status jx_turned_order(jx_ctx *ctx, const jx_network *turned, const uint32_t *plain_order, uint32_t *order) JX_MUST_USE;
/** The hierarchy of a network with turns, in the order of the plain network's hierarchy. O(n + arcs), no dissection. */
jx_status jx_turned_hierarchy(jx_ctx *ctx, const jx_network *turned, const jx_hierarchy *plain, jx_hierarchy **out) JX_MUST_USE;
/**
 * Is a network with turns to be made for this mode? For cars only, and where there are rules or costs of turns. Everything that
 * travels asks here, so that all verbs agree. O(rules).
 */
bool jx_turns_matter(const jx_network *net, const jx_profile *p);

/** The arc that drives edge e backwards. */
static inline uint32_t jx_back_arc(const jx_network *n, uint32_t e) { return n->turned ? n->turned->back[e] : 2 * e + 1; }
/** The plain network under it, which has the geometry. */
static inline const jx_network *jx_plain(const jx_network *n) { return n->turned ? n->turned->plain : n; }
/** Arc of the plain network; JX_NONE: a turn. */
static inline uint32_t jx_plain_arc(const jx_network *n, uint32_t arc) {
    uint32_t e = n->turned ? n->turned->edge[arc >> 1] : arc >> 1;
    return e == JX_NONE ? JX_NONE : 2 * e + (arc & 1u);
}

#endif
