/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Steps of jx__people_build and what they hand on: rules, carriers, zones. */
#ifndef JX_COUNTY_PEOPLE_INTERNAL_H
#define JX_COUNTY_PEOPLE_INTERNAL_H

#include "county/county_internal.h"

/** Nearest settlement of a position, in the same township (places.c). */
typedef struct jx__settler jx__settler;
jx_status jx__settler_new(jx_ctx *ctx, const jx_county *c, jx__settler **out);
void jx__settler_free(jx_ctx *ctx, jx__settler *s);
uint32_t jx__settle(const jx__settler *s, jx_pt p, uint32_t township);

/** standards/people.yaml, read. */
typedef struct jx__people_rules {
    double persons_per_dwelling, dwelling_m2, default_levels, min_footprint_m2, max_generic_m2;
    double full_buildings_per_km; /* residential buildings per km of residential street that count as fully mapped */
    double share_landuse, share_streets, share_places; /* of what buildings do not carry */
    const jx_val *levels;         /* building value -> levels */
    const jx_val *residential, *generic, *landuse_in, *landuse_out, *dwelling_one; /* lists of values */
} jx__people_rules;

/** Something that carries people: a building, a bit of land or street, a place. */
typedef enum jx__carrier_kind { JX__BUILDING, JX__LANDUSE, JX__STREET, JX__PLACE, JX__EVEN, JX__N_CARRIERS } jx__carrier_kind;
typedef struct jx__carrier {
    jx_pt pt;
    uint32_t township;   /* index or JX_NONE */
    uint32_t settlement; /* index or JX_NONE */
    jx__carrier_kind kind;
    double weight;       /* floor m2, land m2, street m, place weight */
    double people;       /* set by the spread */
} jx__carrier;
typedef JX_VEC(jx__carrier) jx__carriers;

/** carriers.c: all carriers inside the area of study; counts buildings and street lengths into c. */
jx_status jx__carriers_build(jx_ctx *ctx, const jx_extract *x, const jx__people_rules *r, jx_county *c, const jx__locator *loc,
                             const jx__settler *settler, jx__carriers *out);
/** spread.c: figures of townships and villages over carriers; sets people, mix, source, trust. */
jx_status jx__people_spread(jx_ctx *ctx, const jx_county_config *cfg, const jx__people_rules *r, jx_county *c, jx__carriers *carriers);
/** cells.c: carriers with people -> cells of the grid, one row per grid square and township. */
jx_status jx__cells_from_carriers(jx_ctx *ctx, jx_county *c, const jx__carriers *carriers);
/** degurba.c: urban flag of every cell. */
jx_status jx__degurba(jx_ctx *ctx, const jx_county_config *cfg, jx_county *c);

#endif
