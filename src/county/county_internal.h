/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Steps of jx_county_build (build.c calls them in this order). Each fills its part of the half-built county; on failure
 * jx_county_free releases whatever is there.
 */
#ifndef JX_COUNTY_INTERNAL_H
#define JX_COUNTY_INTERNAL_H

#include "junxian/county.h"

/* areas.c: areas, study, study_given, townships (sorted), or the extract's box as the one area. */
jx_status jx__areas_build(jx_ctx *ctx, const jx_extract *x, const jx_county_config *cfg, jx_county *c);
/* places.c: settlements with township; needs areas. */
jx_status jx__places_build(jx_ctx *ctx, const jx_extract *x, const jx_county_config *cfg, jx_county *c);
/* people.c and its neighbours: grid, cells, people, mix, urban/rural; needs areas, places, network (streets). */
jx_status jx__people_build(jx_ctx *ctx, const jx_extract *x, const jx_county_config *cfg, jx_county *c);
/* standards.c: services and standard_*; independent of the extract. Strings are copied into c->arena. */
jx_status jx__standards_build(jx_ctx *ctx, const jx_county_config *cfg, jx_county *c);
/* facilities.c: facilities from the map and the user's rows, merged; needs areas. */
jx_status jx__facilities_build(jx_ctx *ctx, const jx_extract *x, const jx_county_config *cfg, jx_county *c);
/* backdrop.c: ground for the maps; needs areas. */
jx_status jx__backdrop_build(jx_ctx *ctx, const jx_extract *x, const jx_county_config *cfg, jx_county *c);

/* areas.c: township of a position (index into c->township), JX_NONE; and whether it lies in the area of study. Built once. */
typedef struct jx__locator jx__locator;
jx_status jx__locator_new(jx_ctx *ctx, const jx_county *c, jx__locator **out);
void jx__locator_free(jx_ctx *ctx, jx__locator *l);
bool jx__locate(const jx__locator *l, jx_pt p, uint32_t *township);

/* Geometry of an OSM object: a multipolygon of a closed way or a multipolygon relation; n_parts 0 when it is neither. */
jx_status jx__way_polygon(jx_ctx *ctx, const jx_extract *x, uint32_t way, jx_mpoly *out);
jx_status jx__relation_polygon(jx_ctx *ctx, const jx_extract *x, uint32_t rel, jx_mpoly *out, jx_assembly_report *rep);

#endif
