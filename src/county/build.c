/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** jx_county_build: the steps in their order, and the release of whatever is there. */
#include <math.h>

#include "county/county_internal.h"
#include "junxian/turns.h"

static jx_status copy_source(jx_ctx *ctx, jx_county *c, const jx_source *from, jx_source *to) {
    *to = *from;
    const char **const texts[] = {&to->name, &to->what, &to->licence, &to->attribution, &to->crs, &to->encoding};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (*texts[i]) {
            *texts[i] = jx_arena_strn(ctx, c->arena, *texts[i], strlen(*texts[i]));
            if (!*texts[i]) {
                return JX_E_NOMEM;
            }
        }
    }
    return JX_OK;
}

static jx_status sources(jx_ctx *ctx, const jx_county_config *cfg, jx_county *c) {
    c->sources = jx_calloc(ctx, cfg->n_sources, sizeof *c->sources);
    if (!c->sources) {
        return JX_E_NOMEM;
    }
    for (uint32_t i = 0; i < cfg->n_sources; i++) {
        JX_TRY(copy_source(ctx, c, &cfg->sources[i], &c->sources[i]));
        c->n_sources++;
        c->data_time = c->sources[i].date > c->data_time ? c->sources[i].date : c->data_time;
    }
    return JX_OK;
}

/* The grid hangs on the study area's middle, rounded to 0.01 degrees, so that small changes of a boundary do not move
 * cells. */
static void place_grid(const jx_county_config *cfg, jx_county *c) {
    jx_box b = c->areas[c->study].shape.box;
    double lon = rint(((double)b.min_lon + b.max_lon) / 2e5) / 100,
           lat = rint(((double)b.min_lat + b.max_lat) / 2e5) / 100;
    jx_plane_init(&c->grid.plane, lon, lat);
    c->grid.kind = cfg->grid;
    c->grid.size_m = cfg->cell_m > 0 ? cfg->cell_m : 250;
}

jx_status jx_county_join(jx_ctx *ctx, const jx_county *c, jx_mode mode, bool leaving, const jx_pt *places, uint32_t n, jx_snap *out,
                         jx_offroad_stats *stats) {
    const jx_profile *p = jx_profiles_get(c->profiles, mode);
    jx_offroad_stats unused = {0};
    return c->offroad ? jx_offroad_join(ctx, c->offroad, c->network, c->metric[mode], p, leaving, places, n, out, stats ? stats : &unused)
                      : jx_snap_all(ctx, c->network, c->metric[mode], p, places, n, out);
}

/* The ground between doors and streets, where land cover is given. */
static jx_status lay_ground(jx_ctx *ctx, const jx_county_config *cfg, jx_county *c) {
    jx_box around = JX_BOX_EMPTY;
    if (cfg->dem) {
        JX_TRY(jx_terrain_new(ctx, cfg->dem, c->profiles, &c->terrain));
    }
    for (uint32_t i = 0; i < c->cells.n; i++) {
        jx_box_add(&around, c->cells.pt[i]);
    }
    for (uint32_t i = 0; i < c->n_facilities; i++) {
        jx_box_add(&around, c->facilities[i].pt);
    }
    if (!cfg->cover || !(c->cells.n || c->n_facilities)) {
        return JX_OK;
    }
    JX_TRY(jx_offroad_new(ctx, cfg->cover, cfg->landcover, cfg->landcover_scheme, c->profiles, around, c->terrain, &c->offroad));
    c->offroad->scheme = jx_arena_strn(ctx, c->arena, c->offroad->scheme, strlen(c->offroad->scheme));
    return c->offroad->scheme ? JX_OK : JX_E_NOMEM;
}

static jx_status join_places(jx_ctx *ctx, jx_county *c) {
    jx_pt *pts = jx_malloc(ctx, c->n_facilities, sizeof *pts);
    jx_status st = pts ? JX_OK : JX_E_NOMEM;
    for (uint32_t i = 0; st == JX_OK && i < c->n_facilities; i++) {
        pts[i] = c->facilities[i].pt;
    }
    for (int m = 0; st == JX_OK && m < JX_N_MODES; m++) {
        const jx_profile *p = jx_profiles_get(c->profiles, (jx_mode)m);
        st = jx_metric_new_on(ctx, c->network, p, c->terrain, &c->metric[m]);
        c->cell_snap[m] = jx_malloc(ctx, c->cells.n, sizeof *c->cell_snap[m]);
        c->facility_snap[m] = jx_malloc(ctx, c->n_facilities, sizeof *c->facility_snap[m]);
        if (st == JX_OK && (!c->cell_snap[m] || !c->facility_snap[m])) {
            st = JX_E_NOMEM;
        }
        if (st == JX_OK) {
            st = jx_county_join(ctx, c, (jx_mode)m, true, c->cells.pt, c->cells.n, c->cell_snap[m], &c->offroad_cells[m]);
        }
        if (st == JX_OK) {
            st = jx_county_join(ctx, c, (jx_mode)m, false, pts, c->n_facilities, c->facility_snap[m], &c->offroad_facilities[m]);
        }
        uint32_t unknown = c->offroad_cells[m].n_unknown + c->offroad_facilities[m].n_unknown;
        if (st == JX_OK && unknown) {
            JX_WARN(ctx, OFFROAD_UNKNOWN, JX_S(jx_mode_name((jx_mode)m)), JX_I(unknown), JX_I((int64_t)c->cells.n + c->n_facilities));
        }
    }
    jx_free(ctx, pts);
    return st;
}

/* The car's streets with turns, where they make a difference. */
static jx_status take_turns(jx_ctx *ctx, const jx_county_config *cfg, jx_county *c) {
    const jx_profile *p = jx_profiles_get(c->profiles, JX_CAR);
    for (int m = 0; m < JX_N_MODES; m++) {
        c->road[m] = c->network;
        c->road_metric[m] = c->metric[m];
    }
    if (cfg->no_turns || !jx_turns_matter(c->network, p)) {
        return JX_OK;
    }
    JX_TRY(jx_turned_new(ctx, c->network, c->metric[JX_CAR], p, &c->turned, &c->turned_metric));
    c->road[JX_CAR] = c->turned;
    c->road_metric[JX_CAR] = c->turned_metric;
    return JX_OK;
}

static jx_status order_streets(jx_ctx *ctx, const jx_county_config *cfg, jx_county *c) {
    jx_graph g = jx_network_graph(c->network);
    if (cfg->network && cfg->hierarchy) {
        return jx_hierarchy_borrow(ctx, cfg->hierarchy, &c->hierarchy);
    }
    return jx_hierarchy_of(ctx, &g, cfg->dissect, NULL, &c->hierarchy);
}

/* The modes of one hierarchy at once. */
static jx_status customise_modes(jx_ctx *ctx, jx_county *c, const jx_hierarchy *h, bool turned) {
    const uint32_t *time_ms[JX_N_MODES];
    jx_times *times[JX_N_MODES];
    int mode[JX_N_MODES];
    uint32_t n = 0;
    for (int m = 0; m < JX_N_MODES; m++) {
        if ((c->road[m]->turned != NULL) == turned) {
            time_ms[n] = c->road_metric[m]->time_ms;
            mode[n++] = m;
        }
    }
    JX_TRY(jx_times_many(ctx, h, n, time_ms, times));
    for (uint32_t i = 0; i < n; i++) {
        c->times[mode[i]] = times[i];
    }
    return JX_OK;
}

/* The order once, a hierarchy (two with turns), its times for each mode, and the cells' places in it. */
static jx_status build_engine(jx_ctx *ctx, const jx_county_config *cfg, jx_county *c) {
    if (cfg->plain) {
        return JX_OK;
    }
    jx_status st = order_streets(ctx, cfg, c);
    if (st == JX_OK && c->turned) {
        st = jx_turned_hierarchy(ctx, c->turned, c->hierarchy, &c->turned_hierarchy);
    }
    if (st == JX_OK) {
        st = customise_modes(ctx, c, c->hierarchy, false);
    }
    if (st == JX_OK) {
        st = customise_modes(ctx, c, c->turned_hierarchy, true);
    }
    for (int m = 0; st == JX_OK && m < JX_N_MODES; m++) {
        st = jx_tables_new(ctx, c->road[m], c->road_metric[m], c->times[m], JX_TO_FACILITY, c->cell_snap[m], c->cells.n,
                           &c->tables[m]);
    }
    return st;
}

/* A network built before, of the same inputs, or a new one. */
static jx_status streets(jx_ctx *ctx, const jx_extract *x, const jx_county_config *cfg, jx_county *c) {
    if (!cfg->network) {
        return jx_network_build(ctx, x, c->profiles, &c->network);
    }
    JX_TRY(jx_network_borrow(ctx, cfg->network, &c->network));
    jx_network_tell(ctx, c->network);
    return JX_OK;
}

static jx_status build(jx_ctx *ctx, const jx_extract *x, const jx_county_config *cfg, jx_county *c) {
    c->arena = jx_arena_new(ctx);
    if (!c->arena) {
        return JX_E_NOMEM;
    }
    JX_TRY(sources(ctx, cfg, c));
    JX_TRY(jx__standards_build(ctx, cfg, c));
    JX_TRY(jx_profiles_compile(ctx, cfg->profiles, &c->profiles));
    JX_TRY(jx__areas_build(ctx, x, cfg, c));
    place_grid(cfg, c);
    JX_TRY(jx__places_build(ctx, x, cfg, c));
    JX_TRY(jx_poll(ctx));
    JX_TRY(streets(ctx, x, cfg, c));
    JX_TRY(jx_poll(ctx));
    JX_TRY(jx__people_build(ctx, x, cfg, c));
    JX_TRY(jx_poll(ctx));
    JX_TRY(jx__facilities_build(ctx, x, cfg, c));
    JX_TRY(jx__backdrop_build(ctx, x, cfg, c));
    JX_TRY(jx_poll(ctx));
    JX_TRY(lay_ground(ctx, cfg, c));
    JX_TRY(join_places(ctx, c));
    JX_TRY(take_turns(ctx, cfg, c));
    JX_TRY(jx_poll(ctx));
    return build_engine(ctx, cfg, c);
}

jx_status jx_county_build(jx_ctx *ctx, const jx_extract *x, const jx_county_config *cfg, jx_county **out) {
    jx_county *c = jx_calloc(ctx, 1, sizeof *c);
    jx_status st = c ? build(ctx, x, cfg, c) : JX_E_NOMEM;
    if (st != JX_OK) {
        jx_county_free(ctx, c);
        return st;
    }
    *out = c;
    return JX_OK;
}

static void cells_release(jx_ctx *ctx, jx_cells *s) {
    for (uint32_t i = 0; s->shape && i < s->n; i++) {
        jx_mpoly_release(ctx, &s->shape[i]);
    }
    void *const blocks[] = {s->col,      s->row,        s->pt,        s->shape, s->people,
                            s->township, s->settlement, s->buildings, s->urban, s->id};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        jx_free(ctx, blocks[i]);
    }
}

static void backdrop_release(jx_ctx *ctx, jx_backdrop *b) {
    for (int g = 0; g < JX_N_GROUNDS; g++) {
        for (uint32_t i = 0; i < b->n[g]; i++) {
            jx_mpoly_release(ctx, &b->poly[g][i]);
        }
        jx_free(ctx, b->poly[g]);
    }
    jx_free(ctx, b->river_pts);
    jx_free(ctx, b->river_off);
}

void jx_county_free(jx_ctx *ctx, jx_county *c) {
    if (!c) {
        return;
    }
    for (uint32_t i = 0; i < c->n_areas; i++) {
        jx_mpoly_release(ctx, &c->areas[i].shape);
    }
    cells_release(ctx, &c->cells);
    backdrop_release(ctx, &c->backdrop);
    for (int m = 0; m < JX_N_MODES; m++) {
        jx_tables_free(ctx, c->tables[m]);
        jx_times_free(ctx, c->times[m]);
        jx_metric_free(ctx, c->metric[m]);
        jx_free(ctx, c->cell_snap[m]);
        jx_free(ctx, c->facility_snap[m]);
    }
    jx_offroad_free(ctx, c->offroad);
    jx_terrain_free(ctx, c->terrain);
    jx_hierarchy_free(ctx, c->hierarchy);
    jx_hierarchy_free(ctx, c->turned_hierarchy);
    jx_metric_free(ctx, c->turned_metric);
    jx_network_free(ctx, c->turned);
    jx_network_free(ctx, c->network);
    jx_profiles_free(ctx, c->profiles);
    for (uint32_t g = 0; g < c->n_groups; g++) {
        jx_free(ctx, c->groups[g].people);
        jx_free(ctx, c->groups[g].township);
    }
    jx_free(ctx, c->groups);
    void *const blocks[] = {c->areas,        c->township,   c->places, c->township_people,
                            c->township_mix, c->facilities, c->sources};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        jx_free(ctx, blocks[i]);
    }
    jx_arena_free(ctx, c->arena);
    jx_free(ctx, c);
}
