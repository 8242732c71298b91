/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Carriers: what people can be spread over. Residential buildings by floor area; residential land, residential streets and places for
 * where buildings are mapped only in part.
 */
#include <math.h>

#include "county/people_internal.h"

enum { USE_RESIDENTIAL = 1, USE_GENERIC = 2, USE_LAND_IN = 4, USE_LAND_OUT = 8, USE_ONE_DWELLING = 16 };

/* Land-use polygons with an index. */
typedef struct land {
    JX_VEC(jx_mpoly) shape;
    JX_VEC(jx_box) box;
    JX_VEC(uint8_t) use; /* USE_LAND_IN or USE_LAND_OUT */
    jx_prepared **prepared;
    jx_rtree *tree;
} land;

typedef struct gatherer {
    jx_ctx *ctx;
    const jx_extract *x;
    const jx__people_rules *r;
    jx_county *c;
    const jx__locator *loc;
    const jx__settler *settler;
    jx__carriers *out;
    uint8_t *use;     /* per string id */
    double *levels;   /* per string id: default levels of a building value, 0 none */
    uint32_t k_building, k_levels, k_landuse, k_shop, k_office, k_amenity, k_place;
    land land;
} gatherer;

static uint32_t id_of(const jx_extract *x, const char *s) { return jx_strings_find(x->strings, s, strlen(s)); }

static void mark(gatherer *g, const jx_val *list, uint8_t use) {
    for (uint32_t i = 0; list && i < list->n; i++) {
        uint32_t id = list->items[i]->s ? id_of(g->x, list->items[i]->s) : JX_NONE;
        if (id != JX_NONE) {
            g->use[id] |= use;
        }
    }
}

static jx_status tables(gatherer *g) {
    uint32_t n = jx_strings_count(g->x->strings);
    g->use = jx_calloc(g->ctx, n, 1);
    g->levels = jx_calloc(g->ctx, n, sizeof *g->levels);
    if (!g->use || !g->levels) {
        return JX_E_NOMEM;
    }
    mark(g, g->r->residential, USE_RESIDENTIAL);
    mark(g, g->r->generic, USE_GENERIC);
    mark(g, g->r->landuse_in, USE_LAND_IN);
    mark(g, g->r->landuse_out, USE_LAND_OUT);
    mark(g, g->r->dwelling_one, USE_ONE_DWELLING);
    for (uint32_t i = 0; g->r->levels && i < g->r->levels->n; i++) {
        uint32_t id = id_of(g->x, g->r->levels->keys[i]);
        if (id != JX_NONE) {
            g->levels[id] = g->r->levels->items[i]->r;
        }
    }
    return JX_OK;
}

static uint32_t value_of(const jx_tag *t, uint32_t n, uint32_t key) {
    for (uint32_t i = 0; key != JX_NONE && i < n; i++) {
        if (t[i].k == key) {
            return t[i].v;
        }
    }
    return JX_NONE;
}

/* Every closed way and multipolygon relation that `want` likes, with its polygon. */
typedef jx_status (*polygon_fn)(gatherer *g, const jx_tag *t, uint32_t n, jx_mpoly *shape);

static jx_status each_polygon(gatherer *g, uint32_t key, polygon_fn fn) {
    const jx_extract *x = g->x;
    for (uint32_t w = 0; key != JX_NONE && w < x->n_ways; w++) {
        const jx_tag *t = x->way_tags + x->way_tag_off[w];
        uint32_t n = x->way_tag_off[w + 1] - x->way_tag_off[w];
        if (value_of(t, n, key) == JX_NONE) {
            continue;
        }
        jx_mpoly m;
        JX_TRY(jx__way_polygon(g->ctx, x, w, &m));
        jx_status st = m.n_parts ? fn(g, t, n, &m) : JX_OK;
        jx_mpoly_release(g->ctx, &m);
        JX_TRY(st);
    }
    for (uint32_t r = 0; key != JX_NONE && r < x->n_rels; r++) {
        const jx_tag *t = x->rel_tags + x->rel_tag_off[r];
        uint32_t n = x->rel_tag_off[r + 1] - x->rel_tag_off[r];
        if (value_of(t, n, key) == JX_NONE) {
            continue;
        }
        jx_mpoly m;
        jx_assembly_report rep;
        JX_TRY(jx__relation_polygon(g->ctx, x, r, &m, &rep));
        jx_status st = m.n_parts ? fn(g, t, n, &m) : JX_OK;
        jx_mpoly_release(g->ctx, &m);
        JX_TRY(st);
    }
    return JX_OK;
}

static jx_pt box_center(jx_box b) {
    return (jx_pt){(int32_t)(((int64_t)b.min_lon + b.max_lon) / 2), (int32_t)(((int64_t)b.min_lat + b.max_lat) / 2)};
}

static jx_status put(gatherer *g, jx_pt pt, jx__carrier_kind kind, double weight) {
    jx__carrier k = {.pt = pt, .kind = kind, .weight = weight};
    if (!(weight > 0) || !jx__locate(g->loc, pt, &k.township)) {
        return JX_OK;
    }
    k.settlement = jx__settle(g->settler, pt, k.township);
    return jx_vec_push(g->ctx, g->out, k);
}

/* ---- land ----------------------------------------------------------------------------------------------------------- */

static jx_status keep_land(gatherer *g, const jx_tag *t, uint32_t n, jx_mpoly *shape) {
    uint8_t use = g->use[value_of(t, n, g->k_landuse)] & (USE_LAND_IN | USE_LAND_OUT);
    if (!use) {
        return JX_OK;
    }
    JX_TRY(jx_vec_push(g->ctx, &g->land.box, shape->box));
    JX_TRY(jx_vec_push(g->ctx, &g->land.use, use));
    JX_TRY(jx_vec_push(g->ctx, &g->land.shape, *shape));
    *shape = (jx_mpoly){0};
    return JX_OK;
}

static jx_status index_land(gatherer *g) {
    land *l = &g->land;
    JX_TRY(each_polygon(g, g->k_landuse, keep_land));
    l->prepared = jx_calloc(g->ctx, l->shape.n, sizeof *l->prepared);
    if (!l->prepared) {
        return JX_E_NOMEM;
    }
    for (size_t i = 0; i < l->shape.n; i++) {
        JX_TRY(jx_prepare(g->ctx, &l->shape.v[i], &l->prepared[i]));
    }
    return jx_rtree_build(g->ctx, l->box.v, (uint32_t)l->box.n, &l->tree);
}

static void land_release(jx_ctx *ctx, land *l) {
    for (size_t i = 0; i < l->shape.n; i++) {
        jx_mpoly_release(ctx, &l->shape.v[i]);
        if (l->prepared) {
            jx_prepared_free(ctx, l->prepared[i]);
        }
    }
    jx_free(ctx, l->prepared);
    jx_rtree_free(ctx, l->tree);
    jx_vec_free(ctx, &l->shape);
    jx_vec_free(ctx, &l->box);
    jx_vec_free(ctx, &l->use);
}

typedef struct land_ask {
    const land *l;
    jx_pt p;
    unsigned use;
} land_ask;

static bool on_land(void *user, uint32_t item) {
    land_ask *a = user;
    if (jx_prepared_has(a->l->prepared[item], a->p)) {
        a->use |= a->l->use.v[item];
    }
    return true;
}

static unsigned land_use_at(const gatherer *g, jx_pt p) {
    land_ask a = {&g->land, p, 0};
    jx_rtree_query(g->land.tree, (jx_box){p.lon, p.lat, p.lon, p.lat}, on_land, &a);
    return a.use;
}

/* Residential land as points on a 100 m raster of the plane, each worth its share of the polygon's area. */
static jx_status land_carriers(gatherer *g) {
    const double step = 100;
    for (size_t i = 0; i < g->land.shape.n; i++) {
        if (!(g->land.use.v[i] & USE_LAND_IN)) {
            continue;
        }
        const jx_mpoly *m = &g->land.shape.v[i];
        double x0, y0, x1, y1, area = jx_mpoly_area_m2(m);
        jx_plane_pt(&g->c->grid.plane, (jx_pt){m->box.min_lon, m->box.min_lat}, &x0, &y0);
        jx_plane_pt(&g->c->grid.plane, (jx_pt){m->box.max_lon, m->box.max_lat}, &x1, &y1);
        size_t first = g->out->n;
        for (double y = (floor(y0 / step) + 0.5) * step; y < y1; y += step) {
            for (double x = (floor(x0 / step) + 0.5) * step; x < x1; x += step) {
                jx_pt p = jx_plane_to_pt(&g->c->grid.plane, x, y);
                if (jx_prepared_has(g->land.prepared[i], p)) {
                    JX_TRY(put(g, p, JX__LANDUSE, step * step));
                }
            }
        }
        if (g->out->n == first) { /* smaller than the raster: one point for all of it */
            JX_TRY(put(g, jx_mpoly_label_point(m), JX__LANDUSE, area));
        }
    }
    return JX_OK;
}

/* ---- buildings ------------------------------------------------------------------------------------------------------ */

/* Residential, and how: 0 no. Generic buildings are decided by what stands in their tags and what land they stand on. */
static unsigned residential(const gatherer *g, const jx_tag *t, uint32_t n, uint32_t value, jx_pt at, double footprint) {
    unsigned use = g->use[value];
    if (use & USE_RESIDENTIAL) {
        return use;
    }
    bool other = value_of(t, n, g->k_shop) != JX_NONE || value_of(t, n, g->k_office) != JX_NONE || value_of(t, n, g->k_amenity) != JX_NONE;
    if (!(use & USE_GENERIC) || other || footprint < g->r->min_footprint_m2 || footprint > g->r->max_generic_m2) {
        return 0;
    }
    unsigned on = land_use_at(g, at);
    return (on & USE_LAND_OUT) && !(on & USE_LAND_IN) ? 0 : use;
}

static jx_status building(gatherer *g, const jx_tag *t, uint32_t n, jx_mpoly *shape) {
    jx_pt at = box_center(shape->box);
    uint32_t value = value_of(t, n, g->k_building), township;
    if (!jx__locate(g->loc, at, &township)) {
        return JX_OK;
    }
    double footprint = jx_mpoly_area_m2(shape), levels;
    unsigned use = residential(g, t, n, value, at, footprint);
    if (!use) {
        g->c->n_other_buildings++;
        return JX_OK;
    }
    uint32_t lv = value_of(t, n, g->k_levels);
    if (lv == JX_NONE || !jx_tag_number(jx_strings_cstr(g->x->strings, lv), &levels) || !(levels > 0) || levels > 200) {
        levels = g->levels[value] > 0 ? g->levels[value] : g->r->default_levels;
    }
    g->c->n_buildings++;
    return put(g, at, JX__BUILDING, footprint * levels);
}

/* ---- streets and places ----------------------------------------------------------------------------------------------- */

static bool residential_street(uint8_t cls) { return cls == JX_ROAD_RESIDENTIAL || cls == JX_ROAD_LIVING_STREET || cls == JX_ROAD_UNCLASSIFIED; }

/* Streets in stretches of at most 100 m; each stretch is worth its metres. Also sums the street lengths inside. */
static jx_status streets(gatherer *g) {
    const jx_network *net = g->c->network;
    for (uint32_t e = 0; e < net->n_edges; e++) {
        bool walk = (net->access[e] & (JX_WALK_FWD | JX_WALK_BWD)) != 0, home = residential_street(net->cls[e]);
        if ((!walk && !home) || net->cls[e] == JX_ROAD_BARRIER || net->cls[e] == JX_ROAD_FERRY) {
            continue;
        }
        for (uint64_t i = net->geom_off[e]; i + 1 < net->geom_off[e + 1]; i++) {
            jx_pt a = net->geom[i], b = net->geom[i + 1];
            double len = jx_seg_mm(a, b) / 1e3;
            int parts = (int)ceil(len / 100);
            for (int k = 0; k < parts; k++) {
                double f = (k + 0.5) / parts;
                jx_pt p = {(int32_t)(a.lon + f * ((double)b.lon - a.lon)), (int32_t)(a.lat + f * ((double)b.lat - a.lat))};
                uint32_t township;
                if (!jx__locate(g->loc, p, &township)) {
                    continue;
                }
                g->c->street_km += walk ? len / parts / 1e3 : 0;
                if (home) {
                    g->c->residential_street_km += len / parts / 1e3;
                    JX_TRY(put(g, p, JX__STREET, len / parts));
                }
            }
        }
    }
    return JX_OK;
}

static jx_status places(gatherer *g) {
    static const double weight[JX_N_PLACES] = {100, 40, 15, 10, 4, 2, 0.5};
    for (uint32_t i = 0; i < g->c->n_places; i++) {
        JX_TRY(put(g, g->c->places[i].pt, JX__PLACE, weight[g->c->places[i].kind]));
    }
    return JX_OK;
}

jx_status jx__carriers_build(jx_ctx *ctx, const jx_extract *x, const jx__people_rules *r, jx_county *c, const jx__locator *loc,
                             const jx__settler *settler, jx__carriers *out) {
    gatherer g = {.ctx = ctx, .x = x, .r = r, .c = c, .loc = loc, .settler = settler, .out = out, .k_building = id_of(x, "building"),
                  .k_levels = id_of(x, "building:levels"), .k_landuse = id_of(x, "landuse"), .k_shop = id_of(x, "shop"),
                  .k_office = id_of(x, "office"), .k_amenity = id_of(x, "amenity"), .k_place = id_of(x, "place")};
    jx_status st;
    JX_TRY_OUT(st, tables(&g));
    JX_TRY_OUT(st, index_land(&g));
    JX_TRY_OUT(st, each_polygon(&g, g.k_building, building));
    JX_TRY_OUT(st, jx_poll(ctx));
    JX_TRY_OUT(st, land_carriers(&g));
    JX_TRY_OUT(st, streets(&g));
    st = places(&g);
out:
    land_release(ctx, &g.land);
    jx_free(ctx, g.use);
    jx_free(ctx, g.levels);
    return st;
}
