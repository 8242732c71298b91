/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
#include "fake_county.h"

#include <math.h>

#include "county/diagnose_internal.h"
#include "junxian/fairness.h"

enum { N_TOWNSHIPS = 4, N_PLACES = 10, N_SERVICES = 8, N_FACILITIES = 24, N_EDGES = 24, N_MODES_USED = 3 };

const char *const fake_hostile[8] = {"<script>alert(1)</script>",
                                     "=HYPERLINK(\"x\",\"y\")",
                                     "O'Brien & \"Sons\" </td>",
                                     "\u202egnp.exe",
                                     "溧阳市人民医院",
                                     "Österbrück",
                                     "broken\xff\xc3utf8",
                                     "\x01\x02 tab\tline\n"};

struct fake_county {
    jx_county c;
    jx_diagnosis d;
    jx_area area[1 + N_TOWNSHIPS];
    uint32_t township[N_TOWNSHIPS];
    double township_people[N_TOWNSHIPS];
    jx_people_mix township_mix[N_TOWNSHIPS];
    jx_place place[N_PLACES];
    jx_facility facility[N_FACILITIES];
    uint32_t serves[N_SERVICES][N_FACILITIES];
    jx_service service[N_SERVICES];
    jx_criterion criterion[N_SERVICES][2];
    jx_service_result result[N_SERVICES * 2];
    jx_network net;
    jx_mpoly lake;
    jx_source source[2];
    jx_doc doc;
    jx_fairness *fairness;
    jx_people_group group;
    double group_town[N_TOWNSHIPS];
};

const jx_county *fake_c(const fake_county *f) {
    return &f->c;
}
const jx_diagnosis *fake_d(const fake_county *f) {
    return &f->d;
}

const jx_fairness *fake_fairness(const fake_county *f) {
    return f->fairness;
}

static jx_box box_of(const jx_plane *pl, double x0, double y0, double x1, double y1) {
    jx_box b = JX_BOX_EMPTY;
    jx_box_add(&b, jx_plane_to_pt(pl, x0, y0));
    jx_box_add(&b, jx_plane_to_pt(pl, x1, y1));
    return b;
}

static void areas(jx_ctx *ctx, fake_county *f, const fake_options *o, double half) {
    static const char *const name[] = {"Testland", "Österbrück", "<script>alert(1)</script>", "=1+1",
                                       "Überwald am See"};
    static const char *const zh[] = {"测试县", "奥斯特布吕克镇", NULL, NULL, "于伯瓦尔德乡"};
    const double q[1 + N_TOWNSHIPS][4] = {
        {-half, -half, half, half}, {-half, -half, 0, 0}, {0, -half, half, 0}, {-half, 0, 0, half}, {0, 0, half, half}};
    for (uint32_t i = 0; i <= N_TOWNSHIPS; i++) {
        jx_area *a = &f->area[i];
        *a = (jx_area){.osm_id = i + 1,
                       .name = name[i],
                       .name_zh = zh[i],
                       .admin_level = i ? 8 : 6,
                       .parent = i ? 0 : JX_NONE,
                       .complete = true,
                       .population = NAN};
        assert_int_equal(
            jx_mpoly_from_box(ctx, box_of(&f->c.grid.plane, q[i][0], q[i][1], q[i][2], q[i][3]), &a->shape), JX_OK);
        a->area_m2 = jx_mpoly_area_m2(&a->shape);
        a->label = jx_mpoly_label_point(&a->shape);
        if (i) {
            f->township[i - 1] = i;
        }
    }
    if (o->is_box) {
        f->area[0].name = "";
        f->area[0].name_zh = NULL;
        f->area[0].is_box = true;
    }
    f->c.areas = f->area;
    f->c.n_areas = 1 + N_TOWNSHIPS;
    f->c.township = f->township;
    f->c.n_townships = o->no_townships ? 0 : N_TOWNSHIPS;
    f->c.township_people = f->township_people;
    f->c.township_mix = f->township_mix;
}

static void cells(jx_ctx *ctx, fake_county *f, const fake_options *o, int32_t side) {
    jx_cells *s = &f->c.cells;
    uint32_t n = (uint32_t)(side * side);
    jx_test_rng rng = {7, 0};
    s->n = n;
    s->col = jx_calloc(ctx, n, sizeof *s->col);
    s->row = jx_calloc(ctx, n, sizeof *s->row);
    s->pt = jx_calloc(ctx, n, sizeof *s->pt);
    s->people = jx_calloc(ctx, n, sizeof *s->people);
    s->township = jx_calloc(ctx, n, sizeof *s->township);
    s->settlement = jx_calloc(ctx, n, sizeof *s->settlement);
    s->buildings = jx_calloc(ctx, n, sizeof *s->buildings);
    s->urban = jx_calloc(ctx, n, sizeof *s->urban);
    for (uint32_t i = 0; i < n; i++) {
        int32_t x = (int32_t)(i % (uint32_t)side) - side / 2, y = side / 2 - 1 - (int32_t)(i / (uint32_t)side);
        s->col[i] = x;
        s->row[i] = y;
        s->pt[i] = jx_grid_center(&f->c.grid, x, y);
        s->people[i] = o->no_people ? 1 : jx_test_below(&rng, 4) ? floor(200 * jx_test_unit(&rng)) : 0;
        s->township[i] = o->no_townships ? JX_NONE : (x >= 0 ? 1u : 0u) + (y >= 0 ? 2u : 0u);
        s->settlement[i] = (uint32_t)jx_test_below(&rng, N_PLACES + 1);
        s->settlement[i] = s->settlement[i] == N_PLACES ? JX_NONE : s->settlement[i];
        s->urban[i] = abs(x) < side / 5 && abs(y) < side / 5;
        f->c.people_total += s->people[i];
        if (s->township[i] != JX_NONE) {
            f->township_people[s->township[i]] += s->people[i];
        }
    }
}

/* The elderly are a fifth of each cell; of the first township nothing is known. */
static void elderly(jx_ctx *ctx, fake_county *f) {
    jx_people_group *g = &f->group;
    uint32_t n = f->c.cells.n;
    *g = (jx_people_group){.name = "elderly", .people = jx_calloc(ctx, n, sizeof *g->people), .township = f->group_town, .trust = JX_MEASURED};
    for (uint32_t i = 0; i < n; i++) {
        uint32_t t = f->c.cells.township[i];
        g->people[i] = t == 0 ? NAN : f->c.cells.people[i] / 5;
        g->n_unknown += t == 0;
        g->total += t == 0 ? 0 : g->people[i];
        f->group_town[t == JX_NONE ? 0 : t] += t == 0 || t == JX_NONE ? 0 : g->people[i];
    }
    f->group_town[0] = NAN;
    f->c.groups = g;
    f->c.n_groups = 1;
}

static void places(fake_county *f, double half) {
    static const char *const name[N_PLACES] = {"Hauptstadt", "Dorf Eins", "Dorf;Zwei", "",     "Österbrück",
                                               "溧阳",       "Weiler",    "Weiler",    "Berg", "Tal"};
    static const jx_place_kind kind[N_PLACES] = {JX_PLACE_TOWN,    JX_PLACE_VILLAGE, JX_PLACE_VILLAGE, JX_PLACE_VILLAGE,
                                                 JX_PLACE_VILLAGE, JX_PLACE_VILLAGE, JX_PLACE_HAMLET,  JX_PLACE_HAMLET,
                                                 JX_PLACE_HAMLET,  JX_PLACE_ISOLATED};
    for (uint32_t i = 0; i < N_PLACES; i++) {
        double a = i * 0.7, r = half * 0.8 * i / N_PLACES;
        f->place[i] = (jx_place){.osm_id = i,
                                 .name = name[i],
                                 .name_zh = i == 0 ? "首府" : NULL,
                                 .kind = kind[i],
                                 .pt = jx_plane_to_pt(&f->c.grid.plane, r * cos(a), r * sin(a)),
                                 .population = i == 0 ? 5000 : NAN,
                                 .township = JX_NONE};
    }
    f->place[2].name = fake_hostile[2];
    f->place[8].name = fake_hostile[3];
    f->place[9].name = fake_hostile[6];
    f->c.places = f->place;
    f->c.n_places = N_PLACES;
}

static void facilities(fake_county *f, double half) {
    jx_test_rng rng = {11, 0};
    for (uint32_t i = 0; i < N_FACILITIES; i++) {
        f->facility[i] = (jx_facility){.kind = "kind",
                                       .name = i < 8   ? fake_hostile[i]
                                               : i % 3 ? "Schule am Berg"
                                                       : "",
                                       .capacity = (i % 6 == 2 && i != 8) || i % 6 == 3 ? 40 + 10.0 * i : NAN, /* schools but one, homes */
                                       .township = i % N_TOWNSHIPS,
                                       .osm_id = i,
                                       .pt = jx_plane_to_pt(&f->c.grid.plane, half * (1.8 * jx_test_unit(&rng) - 0.9),
                                                            half * (1.8 * jx_test_unit(&rng) - 0.9)),
                                       .inside = i % 5 != 0};
    }
    f->c.facilities = f->facility;
    f->c.n_facilities = N_FACILITIES;
}

static void services(fake_county *f) {
    static const char *const id[N_SERVICES] = {"clinic",  "hospital", "school", "home",
                                               "library", "market",   "bus",    "hall"};
    static const char *const en[N_SERVICES] = {"doctor",  "hospital",    "primary school", "home & garden <b>",
                                               "library", "food market", "bus stop",       "town hall"};
    static const char *const zh[N_SERVICES] = {"医生诊所", "医院",   "小学",   "养老院",
                                               "图书馆",   "菜市场", "公交站", "政务服务中心"};
    static const jx_theme theme[N_SERVICES] = {JX_HEALTH,        JX_HEALTH, JX_EDUCATION, JX_CARE,
                                               JX_CULTURE_SPORT, JX_MARKET, JX_TRANSPORT, JX_GOVERNMENT};
    for (uint32_t i = 0; i < N_SERVICES; i++) {
        f->criterion[i][0] = (jx_criterion){.mode = JX_WALK,
                                            .urban_ms = 15 * 60000,
                                            .rural_ms = i % 3 == 0   ? 15 * 60000
                                                        : i % 3 == 1 ? 0
                                                                     : 30 * 60000,
                                            .clause = "Clause <1> & \"2\"",
                                            .year = 2018,
                                            .verified = i % 2 == 0,
                                            .note_en = i == 2 ? "A note." : NULL,
                                            .note_zh = i == 2 ? "说明。" : NULL};
        f->criterion[i][1] = (jx_criterion){
            .mode = JX_CAR, .urban_ms = 500000, .rural_ms = 500000, .clause = "product default", .verified = false};
        f->service[i] = (jx_service){.id = id[i],
                                     .name_en = en[i],
                                     .name_zh = zh[i],
                                     .theme = theme[i],
                                     .criteria = f->criterion[i],
                                     .n_criteria = i == 0 ? 2 : 1,
                                     .norm_per_10k = 1.2,
                                     .places_per_1000 = i == 2 ? 7 : i == 3 ? 35 : NAN,
                                     .places_of = i == 3 ? "elderly" : NULL,
                                     .places_clause = "Norm <i>"};
    }
    f->c.services = f->service;
    f->c.n_services = N_SERVICES;
}

/* Roads as a lattice; a lake; speeds of the shipped profiles. */
static void ground(jx_ctx *ctx, fake_county *f, double half) {
    jx_network *net = &f->net;
    net->n_edges = N_EDGES;
    net->cls = jx_calloc(ctx, N_EDGES, sizeof *net->cls);
    net->access = jx_calloc(ctx, N_EDGES, sizeof *net->access);
    net->length_mm = jx_calloc(ctx, N_EDGES, sizeof *net->length_mm);
    net->maxspeed_fwd = jx_calloc(ctx, N_EDGES, sizeof *net->maxspeed_fwd);
    net->geom_off = jx_calloc(ctx, N_EDGES + 1, sizeof *net->geom_off);
    net->geom = jx_calloc(ctx, N_EDGES * 2, sizeof *net->geom);
    static const uint8_t cls[4] = {JX_ROAD_MOTORWAY, JX_ROAD_SECONDARY, JX_ROAD_TERTIARY, JX_ROAD_RESIDENTIAL};
    for (uint32_t e = 0; e < N_EDGES; e++) {
        double at = half * (2.0 * (e / 2) / (N_EDGES / 2) - 1);
        net->cls[e] = cls[e % 4];
        net->access[e] = 0x3f;
        net->length_mm[e] = 1000000;
        net->maxspeed_fwd[e] = e % 2 ? 50 : 0;
        net->geom_off[e + 1] = 2 * (e + 1);
        net->geom[2 * e] = jx_plane_to_pt(&f->c.grid.plane, e % 2 ? at : -half, e % 2 ? -half : at);
        net->geom[2 * e + 1] = jx_plane_to_pt(&f->c.grid.plane, e % 2 ? at : half, e % 2 ? half : at);
    }
    f->c.network = net;
    assert_int_equal(
        jx_mpoly_from_box(ctx, box_of(&f->c.grid.plane, half * .2, half * .2, half * .5, half * .6), &f->lake), JX_OK);
    f->c.backdrop.poly[JX_GROUND_WATER] = &f->lake;
    f->c.backdrop.n[JX_GROUND_WATER] = 1;
    assert_int_equal(jx_yaml_file(ctx, JX_SOURCE_DIR "/standards/profiles.yaml", &f->doc), JX_OK);
    assert_int_equal(jx_profiles_compile(ctx, &f->doc, &f->c.profiles), JX_OK);
}

/* The travel-time table that a diagnosis keeps: straight walks up to an hour. */
static jx_table *table_of(jx_ctx *ctx, const fake_county *f, const jx_service_result *r, double speed) {
    enum { CUTOFF_MS = 3600000 };
    uint32_t n = f->c.cells.n;
    jx_table *t = jx_calloc(ctx, 1, sizeof *t);
    t->n_cells = n;
    t->n_facilities = r->n_facilities;
    t->row = jx_calloc(ctx, n + 1, sizeof *t->row);
    t->entry = jx_calloc(ctx, (size_t)n * r->n_facilities, sizeof *t->entry);
    for (uint32_t i = 0; i < n; i++) {
        uint64_t at = t->row[i];
        for (uint32_t k = 0; k < r->n_facilities && r->nearest_ms[i] != JX_UNREACHABLE; k++) {
            double ms = jx_pt_pt_m(f->c.cells.pt[i], f->facility[r->facility[k]].pt) / speed * 1000;
            if (ms > CUTOFF_MS) {
                continue;
            }
            uint64_t to = at++;
            for (; to > t->row[i] && t->entry[to - 1].time_ms > (uint32_t)ms; to--) {
                t->entry[to] = t->entry[to - 1];
            }
            t->entry[to] = (jx_table_entry){k, (uint32_t)ms};
        }
        t->row[i + 1] = at;
    }
    return t;
}

/* Straight walks at 1 m/s; the cells of one corner are off the network, a few are cut off. */
static void times(const fake_county *f, jx_service_result *r, uint8_t *off, double speed) {
    for (uint32_t i = 0; i < f->c.cells.n; i++) {
        double best = HUGE_VAL;
        r->nearest[i] = JX_NONE;
        for (uint32_t k = 0; k < r->n_facilities; k++) {
            double m = jx_pt_pt_m(f->c.cells.pt[i], f->facility[r->facility[k]].pt);
            if (m < best) {
                best = m;
                r->nearest[i] = r->facility[k];
            }
        }
        off[i] = i % 41 == 0;
        bool cut = off[i] || i % 37 == 0 || r->n_facilities == 0;
        r->nearest_ms[i] = cut ? JX_UNREACHABLE : (uint32_t)(best / speed * 1000);
        r->nearest[i] = cut ? JX_NONE : r->nearest[i];
    }
}

static void result(jx_ctx *ctx, fake_county *f, uint32_t at, uint32_t service, uint32_t criterion) {
    const jx_criterion *k = &f->criterion[service][criterion];
    jx_service_result *r = &f->result[at];
    uint32_t n = f->c.cells.n;
    *r = (jx_service_result){.service = service,
                             .criterion = criterion,
                             .facility = f->serves[service],
                             .worst_township = JX_NONE,
                             .per_10k = 0.5};
    for (uint32_t i = 0; i < N_FACILITIES && service != 7; i++) { /* of the last service the map has none */
        if (service == 6 || i % 6 == service) {
            f->serves[service][r->n_facilities++] = i;
            r->n_inside += f->facility[i].inside;
        }
    }
    r->threshold_ms = jx_calloc(ctx, n, sizeof *r->threshold_ms);
    r->nearest_ms = jx_calloc(ctx, n, sizeof *r->nearest_ms);
    r->nearest = jx_calloc(ctx, n, sizeof *r->nearest);
    r->reach = jx_calloc(ctx, n, sizeof *r->reach);
    r->township = jx_calloc(ctx, N_TOWNSHIPS, sizeof *r->township);
    uint8_t *off = jx_calloc(ctx, n, sizeof *off);
    uint32_t *tier = jx_calloc(ctx, n, sizeof *tier), *whole = jx_calloc(ctx, n, sizeof *whole),
             *ms = jx_calloc(ctx, n, sizeof *ms);
    double *crow = jx_calloc(ctx, n, sizeof *crow);
    times(f, r, off, criterion ? 8 : 1);
    r->table = criterion ? NULL : table_of(ctx, f, r, 1);
    for (uint32_t i = 0; i < n; i++) {
        r->threshold_ms[i] = f->c.cells.urban[i] ? k->urban_ms : k->rural_ms;
        tier[i] = f->c.cells.urban[i] ? 0 : 1;
        crow[i] = r->nearest[i] == JX_NONE ? NAN : jx_pt_pt_m(f->c.cells.pt[i], f->facility[r->nearest[i]].pt);
    }
    const jx_reach_input in = {n, f->c.cells.people, r->nearest_ms, off, r->threshold_ms, r->n_facilities};
    jx_coverage tiers[2];
    jx_reach_classify(&in, r->reach);
    assert_int_equal(jx_coverage_by_group(ctx, &in, r->reach, whole, 1, &r->total), JX_OK);
    assert_int_equal(jx_coverage_by_group(ctx, &in, r->reach, tier, 2, tiers), JX_OK);
    assert_int_equal(jx_coverage_by_group(ctx, &in, r->reach, f->c.cells.township, N_TOWNSHIPS, r->township), JX_OK);
    r->urban = tiers[0];
    r->rural = tiers[1];
    jx_reach_curve(&in, JX_CURVE_MINUTES, r->curve);
    const jx_shortfall_input si = {&in, r->reach, r->nearest, f->c.cells.settlement, N_PLACES, crow, ms, 5, 0};
    assert_int_equal(jx_shortfalls(ctx, &si, &r->shortfalls, &r->n_shortfalls), JX_OK);
    for (uint32_t t = 0; t < f->c.n_townships; t++) {
        bool worse =
            !isnan(r->township[t].share_within) &&
            (r->worst_township == JX_NONE || r->township[t].share_within < r->township[r->worst_township].share_within);
        r->worst_township = worse ? t : r->worst_township;
    }
    r->map_gap = service == 3 || service == 7 ? JX_GAP_FEW_FACILITIES : 0;
    void *const blocks[] = {off, tier, whole, ms, crow};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        jx_free(ctx, blocks[i]);
    }
}

static void diagnosis(jx_ctx *ctx, fake_county *f) {
    f->d.arena = jx_arena_new(ctx);
    f->d.results = f->result;
    for (uint32_t s = 0; s < f->c.n_services; s++) {
        for (uint32_t k = 0; k < f->service[s].n_criteria; k++) {
            result(ctx, f, f->d.n_results++, s, k);
        }
    }
    f->d.buildings_per_100_people = f->c.people_source == JX_PEOPLE_NONE ? NAN : 3;
    f->d.map_gap = JX_GAP_FEW_FACILITIES | JX_GAP_FEW_BUILDINGS;
    assert_int_equal(jx__findings(ctx, &f->c, &f->d), JX_OK);
}

fake_county *fake_new(jx_ctx *ctx, const fake_options *o) {
    fake_county *f = jx_calloc(ctx, 1, sizeof *f);
    int32_t side = o->side ? o->side : 30;
    double half = side * 125.0 + 20;
    jx_plane_init(&f->c.grid.plane, 9.5, 47.1);
    f->c.grid.kind = o->hex ? JX_GRID_HEX : JX_GRID_SQUARE;
    f->c.grid.size_m = 250;
    areas(ctx, f, o, half);
    cells(ctx, f, o, side);
    elderly(ctx, f);
    places(f, half);
    facilities(f, half);
    services(f);
    ground(ctx, f, half);
    f->c.n_services = o->no_services ? 0 : N_SERVICES;
    f->c.people_source = o->no_people ? JX_PEOPLE_NONE
                         : o->table   ? JX_PEOPLE_TABLE
                         : o->guessed ? JX_PEOPLE_DWELLINGS
                                      : JX_PEOPLE_TAGS;
    f->c.people_trust = o->no_people || o->guessed ? JX_GUESSED : JX_DERIVED;
    f->c.people_total = o->no_people ? NAN : f->c.people_total;
    f->c.mix = (jx_people_mix){1, 0, 0, 0, 0};
    f->c.default_levels = 2;
    f->c.persons_per_dwelling = 2.6;
    f->c.standard_id = "test";
    f->c.standard_en = "A standard <made> for \"tests\"";
    f->c.standard_zh = "测试标准";
    f->c.urban_rule = "by density (DEGURBA level 1, urban clusters and centres of 1 km2 cells)";
    f->source[0] = (jx_source){.name = "test<1>.osm.pbf",
                               .what = "OpenStreetMap extract",
                               .licence = "ODbL 1.0",
                               .attribution = "\u00a9 OpenStreetMap contributors",
                               .crs = "WGS 84",
                               .date = 1709587295,
                               .sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"};
    f->source[1] = (jx_source){.name = "list.csv", .what = "list of facilities"};
    f->c.sources = f->source;
    f->c.n_sources = 2;
    f->c.data_time = 1709587295;
    diagnosis(ctx, f);
    assert_int_equal(jx_fairness_of(ctx, &f->c, &f->d, &f->fairness), JX_OK);
    return f;
}

void fake_free(jx_ctx *ctx, fake_county *f) {
    jx_cells *s = &f->c.cells;
    void *const blocks[] = {
        s->col,   s->row,     s->pt,         s->people,        s->township,         s->settlement,   s->buildings,
        s->urban, f->net.cls, f->net.access, f->net.length_mm, f->net.maxspeed_fwd, f->net.geom_off, f->net.geom};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        jx_free(ctx, blocks[i]);
    }
    for (uint32_t i = 0; i < f->d.n_results; i++) {
        jx_service_result *r = &f->result[i];
        void *const own[] = {r->threshold_ms, r->nearest_ms, r->nearest, r->reach, r->township, r->shortfalls};
        for (size_t k = 0; k < sizeof own / sizeof *own; k++) {
            jx_free(ctx, own[k]);
        }
        jx_table_free(ctx, r->table);
    }
    for (uint32_t i = 0; i <= N_TOWNSHIPS; i++) {
        jx_mpoly_release(ctx, &f->area[i].shape);
    }
    jx_mpoly_release(ctx, &f->lake);
    jx_profiles_free(ctx, f->c.profiles);
    jx_doc_release(ctx, &f->doc);
    jx_arena_free(ctx, f->d.arena);
    jx_free(ctx, f->group.people);
    jx_fairness_free(ctx, f->fairness);
    jx_free(ctx, f);
}
