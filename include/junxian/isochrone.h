/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Isochrones: where one is within a given time, as areas on the map. Made from the times at the nodes of a network,
 * whoever computed them (Dijkstra, a sweep), from one origin or many.
 *
 * A place belongs to a band when a street point reached in time lies within walking distance of it: at most reach_m,
 * and no farther than the time left allows at the profile's off-road speed and detour, but always some metres, so that
 * the streets themselves are inside. Streets that cannot be left (motorways and their ramps, tunnels) get those metres
 * only; ferries are no streets, their landings are.
 */
#ifndef JUNXIAN_ISOCHRONE_H
#define JUNXIAN_ISOCHRONE_H

#include "junxian/network.h"

typedef struct jx_isochrone_options {
    double cell_m;  /* side of the squares the areas are drawn on; 0: a third of reach_m. Else 5..5000 */
    double reach_m; /* how far from a street one still counts as reached; 0: 100 walking, 150 cycling, 200 driving. Else
                       1..10000 */
} jx_isochrone_options;

/**
 * One area per band, each a part of the next: band i lies in band i + 1 as sets of points, exactly. Areas are concave,
 * with holes and islands, and valid by the rules of OGC simple features; rings of one area never touch. A band that
 * reaches nothing has no parts.
 */
typedef struct jx_isochrone {
    jx_mode mode;
    jx_direction direction;
    uint32_t n_bands;
    uint32_t *band_ms;  /* n_bands, ascending */
    jx_mpoly *band;     /* n_bands */
    double cell_m;      /* as drawn: coarser than asked for where the extent would need too many squares */
    double reach_m;     /* as drawn: at least 0.9 cell_m */
    double tolerance_m; /* every point of a band lies within this of a street reached in time */
} jx_isochrone;

/**
 * @param node_ms  n_nodes times, JX_UNREACHABLE where there is none: from the origins with JX_FROM_FACILITY, to them
 *                 with JX_TO_FACILITY; off-road times at the origins included
 * @param origins  the joints behind node_ms, so that the pieces of their own edges count; those off the network are
 *                 skipped; may be none
 * @param bands_ms n_bands times, strictly ascending, below JX_UNREACHABLE; 0 bands give an empty result
 * @param opt      NULL: all automatic
 *
 * Every node and every piece of street within a band's time is inside (ferries left out), tolerance_m bounds the rest.
 * Cost: O(streets reached * (reach / cell)^2 + nodes); parallel over tiles of the grid. Memory follows the streets
 * reached, not the network. Same bits for any thread count. Errors: ISOCHRONE_BANDS, ISOCHRONE_OPTION, NOMEM.
 * Method: distance to the streets reached, less the radius of each, on a triangulated grid; linear inside a triangle,
 * so there are no saddles, and level sets nest because the values do. Corners lie on the grid's lines at 1/64 of a
 * square, exact in 1e-7 degrees.
 */
jx_status jx_isochrone_new(jx_ctx *ctx, const jx_network *net, const jx_metric *m, const jx_profile *p,
                           jx_direction dir, const uint32_t *node_ms, const jx_snap *origins, uint32_t n_origins,
                           const uint32_t *bands_ms, uint32_t n_bands, const jx_isochrone_options *opt,
                           jx_isochrone **out) JX_MUST_USE;
void jx_isochrone_free(jx_ctx *ctx, jx_isochrone *iso); /* NULL is legal */

#endif
