/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** People on real data: the demo's law, conservation, and a table of cells. Figures are those of the sources, not of the program. */
#include <math.h>

#include "junxian/io.h"
#include "oom.h"
#include "support.h"

typedef struct docs {
    jx_doc profiles, map, people, standard;
} docs;

static jx_status open_docs(jx_ctx *ctx, docs *d) {
    JX_TRY(jx_yaml_file(ctx, JX_SOURCE_DIR "/standards/profiles.yaml", &d->profiles));
    JX_TRY(jx_yaml_file(ctx, JX_SOURCE_DIR "/standards/osm-facilities.yaml", &d->map));
    JX_TRY(jx_yaml_file(ctx, JX_SOURCE_DIR "/standards/people.yaml", &d->people));
    return jx_yaml_file(ctx, JX_SOURCE_DIR "/standards/services-intl.yaml", &d->standard);
}

static void close_docs(jx_ctx *ctx, docs *d) {
    jx_doc_release(ctx, &d->profiles);
    jx_doc_release(ctx, &d->map);
    jx_doc_release(ctx, &d->people);
    jx_doc_release(ctx, &d->standard);
}

static const char *const demo = JX_SOURCE_DIR "/demo/liechtenstein/liechtenstein-2024-03.osm.pbf";
static const char *const sao_paulo = JX_SOURCE_DIR "/tests/data/sao-paulo/spo.osm.pbf";

/* Everything of one build, for the tests to look at. */
typedef struct world {
    jx_test t;
    docs d;
    jx_extract *x;
    jx_county *c;
    jx_county_config cfg;
} world;

static void open_world(world *w, const char *pbf, unsigned threads) {
    const jx_keep keep = {jx_keep_default};
    memset(w, 0, sizeof *w);
    jx_test_init(&w->t, threads);
    assert_int_equal(open_docs(w->t.ctx, &w->d), JX_OK);
    assert_int_equal(jx_pbf_read(w->t.ctx, pbf, &keep, &w->x), JX_OK);
    w->cfg = (jx_county_config){.profiles = &w->d.profiles, .facility_map = &w->d.map, .people = &w->d.people, .standard = &w->d.standard};
}

static void close_world(world *w) {
    jx_county_free(w->t.ctx, w->c);
    jx_extract_free(w->t.ctx, w->x);
    close_docs(w->t.ctx, &w->d);
    jx_test_release(&w->t);
}

/* Sum of the cells of a township. */
static double cells_of(const jx_county *c, uint32_t township) {
    double sum = 0;
    for (uint32_t i = 0; i < c->cells.n; i++) {
        assert_true(c->cells.people[i] >= 0);
        sum += c->cells.township[i] == township ? c->cells.people[i] : 0;
    }
    return sum;
}

static double settlement_people(const jx_county *c, const char *name) {
    double sum = 0;
    for (uint32_t i = 0; i < c->cells.n; i++) {
        uint32_t s = c->cells.settlement[i];
        sum += s != JX_NONE && strcmp(c->places[s].name, name) == 0 ? c->cells.people[i] : 0;
    }
    return sum;
}

/* The municipalities' own figures in the file, carried by place nodes of the same name (osmium-tool shows them). */
static void the_demo_has_37269_people(void **state) {
    (void)state;
    static const struct {
        const char *name;
        double people;
    } figures[] = {{"Balzers", 4608}, {"Eschen", 4407}, {"Gamprin", 1654}, {"Mauren", 4138}, {"Planken", 445}, {"Ruggell", 2065},
                   {"Schaan", 6002}, {"Schellenberg", 1037}, {"Triesen", 5050}, {"Triesenberg", 2634}, {"Vaduz", 5229}};
    world w;
    open_world(&w, demo, 2);
    assert_int_equal(jx_county_build(w.t.ctx, w.x, &w.cfg, &w.c), JX_OK);
    assert_int_equal(w.c->n_townships, 11);
    assert_int_equal(w.c->people_source, JX_PEOPLE_TAGS);
    double total = 0;
    for (uint32_t t = 0; t < 11; t++) {
        const jx_area *a = &w.c->areas[w.c->township[t]];
        assert_string_equal(a->name, figures[t].name);
        assert_true(fabs(w.c->township_people[t] - figures[t].people) < 1e-9);
        assert_true(fabs(cells_of(w.c, t) / figures[t].people - 1) < 1e-9);
        total += cells_of(w.c, t);
    }
    assert_true(fabs(total - 37269) < 37269e-9);
    assert_true(w.c->people_total == 37269);
    /* a village with a figure of its own shapes the spread and is not added on top */
    assert_true(fabs(settlement_people(w.c, "Nendeln") - 1357) < 1e-6);
    close_world(&w);
}

static void census_totals_are_kept(void **state) {
    (void)state;
    const jx_census_row rows[] = {{"Vaduz", 6000.5, 2}, {"LI-07", 12345.678, 3}, {"Planken", 0, 4}};
    world w;
    open_world(&w, demo, 0);
    w.cfg.census = rows;
    w.cfg.n_census = 3;
    w.cfg.census_file = "census.csv";
    assert_int_equal(jx_county_build(w.t.ctx, w.x, &w.cfg, &w.c), JX_OK);
    assert_true(jx_test_said(&w.t, JX_M_CENSUS_MISSING) == 1);
    assert_true(fabs(cells_of(w.c, 10) / 6000.5 - 1) < 1e-9);
    assert_true(fabs(cells_of(w.c, 6) / 12345.678 - 1) < 1e-9);
    assert_true(cells_of(w.c, 4) == 0);
    assert_true(fabs(cells_of(w.c, 8) / 5050 - 1) < 1e-9); /* Triesen keeps the map's figure */
    close_world(&w);
}

static void census_errors_name_the_row(void **state) {
    (void)state;
    const jx_census_row unknown[] = {{"Zürich", 1, 7}}, twice[] = {{"Vaduz", 1, 2}, {"Vaduz", 2, 9}};
    const struct {
        const jx_census_row *rows;
        uint32_t n;
        jx_msg_id id;
        int64_t row;
    } cases[] = {{unknown, 1, JX_M_CENSUS_UNKNOWN_TOWNSHIP, 7}, {twice, 2, JX_M_CENSUS_TWICE, 9}};
    for (int i = 0; i < 2; i++) {
        world w;
        open_world(&w, demo, 0);
        w.cfg.census = cases[i].rows;
        w.cfg.n_census = cases[i].n;
        w.cfg.census_file = "census.csv";
        assert_int_equal(jx_county_build(w.t.ctx, w.x, &w.cfg, &w.c), JX_E_INPUT);
        assert_int_equal(jx_ctx_error(w.t.ctx)->id, cases[i].id);
        assert_int_equal(jx_ctx_error(w.t.ctx)->row, cases[i].row);
        close_world(&w);
    }
}

/* Raster of a known sum over the whole country: every pixel's people end up in a cell. */
static void a_raster_is_conserved(void **state) {
    (void)state;
    enum { W = 60, H = 60 };
    double value[W * H], inside = 0;
    jx_people_raster r = {W, H, 9.40, 47.30, 0.005, 0.005, value, "raster.tif"};
    world w;
    open_world(&w, demo, 0);
    for (int i = 0; i < W * H; i++) {
        value[i] = i % 7 == 0 ? (double)NAN : (double)(i % 5);
    }
    w.cfg.people_raster = &r;
    assert_int_equal(jx_county_build(w.t.ctx, w.x, &w.cfg, &w.c), JX_OK);
    for (int i = 0; i < W * H; i++) {
        jx_pt p;
        jx_pt_from_deg(9.40 + (i % W + 0.5) * 0.005, 47.30 - (i / W + 0.5) * 0.005, &p);
        inside += !isnan(value[i]) && jx_mpoly_has(&w.c->areas[w.c->study].shape, p) ? value[i] : 0;
    }
    assert_true(inside > 100 && fabs(w.c->people_total - inside) < 1e-9 * inside);
    close_world(&w);
}

static void urban_can_be_given(void **state) {
    (void)state;
    static const char *const given[] = {"all-urban", "all-rural", "Vaduz, Schaan"};
    for (int i = 0; i < 3; i++) {
        world w;
        open_world(&w, demo, 0);
        w.cfg.urban = given[i];
        assert_int_equal(jx_county_build(w.t.ctx, w.x, &w.cfg, &w.c), JX_OK);
        for (uint32_t k = 0; k < w.c->cells.n; k++) {
            uint32_t t = w.c->cells.township[k];
            assert_int_equal(w.c->cells.urban[k], i == 0 || (i == 2 && (t == 6 || t == 10)));
        }
        close_world(&w);
    }
}

static void areas_are_chosen_by_name_and_number(void **state) {
    (void)state;
    static const char *const names[] = {"Vaduz", "1155956"};
    for (int i = 0; i < 2; i++) {
        world w;
        open_world(&w, demo, 0);
        w.cfg.area = names[i];
        assert_int_equal(jx_county_build(w.t.ctx, w.x, &w.cfg, &w.c), JX_OK);
        assert_string_equal(w.c->areas[w.c->study].name, "Vaduz");
        assert_true(fabs(w.c->people_total - 5229) < 1e-6);
        assert_true(w.c->areas[w.c->study].area_m2 > 17.2e6 && w.c->areas[w.c->study].area_m2 < 17.4e6); /* official: 17.3 km2 */
        close_world(&w);
    }
    world w;
    open_world(&w, demo, 0);
    w.cfg.area = "Atlantis";
    assert_int_equal(jx_county_build(w.t.ctx, w.x, &w.cfg, &w.c), JX_E_INPUT);
    assert_int_equal(jx_ctx_error(w.t.ctx)->id, JX_M_AREA_UNKNOWN);
    close_world(&w);
}

/* A municipality studied alone has its people where the whole country's run has them: neighbours outside claim nobody. */
static void a_part_alone_equals_the_part_of_the_whole(void **state) {
    (void)state;
    double x[2] = {0}, y[2] = {0}, people[2] = {0};
    for (int alone = 0; alone < 2; alone++) {
        world w;
        open_world(&w, demo, 2);
        w.cfg.area = alone ? "Vaduz" : NULL;
        assert_int_equal(jx_county_build(w.t.ctx, w.x, &w.cfg, &w.c), JX_OK);
        for (uint32_t i = 0; i < w.c->cells.n; i++) {
            if (alone || w.c->cells.township[i] == 10) {
                double p = w.c->cells.people[i];
                people[alone] += p;
                x[alone] += p * jx_deg(w.c->cells.pt[i].lon);
                y[alone] += p * jx_deg(w.c->cells.pt[i].lat);
            }
            assert_true(w.c->cells.settlement[i] == JX_NONE || w.c->places[w.c->cells.settlement[i]].inside);
        }
        close_world(&w);
    }
    assert_true(fabs(people[0] - 5229) < 1e-6 && fabs(people[1] - 5229) < 1e-6);
    assert_true(fabs(x[0] - x[1]) / 5229 < 1e-6 && fabs(y[0] - y[1]) / 5229 < 1e-6);
}

static void same_cells_for_any_thread_count(void **state) {
    (void)state;
    world w[3];
    static const unsigned threads[3] = {0, 2, 5};
    for (int i = 0; i < 3; i++) {
        open_world(&w[i], demo, threads[i]);
        assert_int_equal(jx_county_build(w[i].t.ctx, w[i].x, &w[i].cfg, &w[i].c), JX_OK);
    }
    for (int i = 1; i < 3; i++) {
        assert_int_equal(w[i].c->cells.n, w[0].c->cells.n);
        assert_memory_equal(w[i].c->cells.people, w[0].c->cells.people, w[0].c->cells.n * sizeof(double));
        assert_memory_equal(w[i].c->cells.pt, w[0].c->cells.pt, w[0].c->cells.n * sizeof(jx_pt));
        for (int m = 0; m < JX_N_MODES; m++) {
            assert_memory_equal(w[i].c->cell_snap[m], w[0].c->cell_snap[m], w[0].c->cells.n * sizeof(jx_snap));
        }
    }
    for (int i = 0; i < 3; i++) {
        close_world(&w[i]);
    }
}

/* No boundary, three buildings: the box is the area; without any source of people cells are counted. */
static void sao_paulo_without_people(void **state) {
    (void)state;
    world w;
    open_world(&w, sao_paulo, 2);
    assert_int_equal(jx_county_build(w.t.ctx, w.x, &w.cfg, &w.c), JX_OK);
    assert_true(w.c->areas[w.c->study].is_box);
    assert_true(w.c->cells.n > 100);
    if (w.c->people_source == JX_PEOPLE_NONE) {
        for (uint32_t i = 0; i < w.c->cells.n; i++) {
            assert_true(w.c->cells.people[i] == 1);
        }
        assert_true(isnan(w.c->people_total));
    }
    close_world(&w);
}

/* Every function of the build under failing memory, on the small extract; each 37th allocation, because there are thousands. */
typedef struct oom_arg {
    docs *d;
} oom_arg;

static jx_status build_once(jx_ctx *ctx, void *arg) {
    const docs *d = ((oom_arg *)arg)->d;
    const jx_keep keep = {jx_keep_default};
    jx_extract *x = NULL;
    jx_county *c = NULL;
    jx_status st = jx_pbf_read(ctx, sao_paulo, &keep, &x);
    const jx_county_config cfg = {.profiles = &d->profiles, .facility_map = &d->map, .people = &d->people, .standard = &d->standard};
    if (st == JX_OK) {
        st = jx_county_build(ctx, x, &cfg, &c);
    }
    jx_county_free(ctx, c);
    jx_extract_free(ctx, x);
    return st;
}

static void out_of_memory_anywhere(void **state) {
    (void)state;
    jx_test t;
    docs d;
    jx_test_init(&t, 0);
    assert_int_equal(open_docs(t.ctx, &d), JX_OK);
    oom_arg arg = {&d};
    size_t allocations = 0, step;
    assert_int_equal(jx_oom_run(build_once, &arg, 0, &allocations), JX_OK);
    step = allocations / 150 + 1;
    for (size_t k = 1; k <= allocations; k += step) {
        size_t n;
        assert_int_equal(jx_oom_run(build_once, &arg, k, &n), JX_E_NOMEM);
    }
    close_docs(t.ctx, &d);
    jx_test_release(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_demo_has_37269_people),
        cmocka_unit_test(census_totals_are_kept),
        cmocka_unit_test(census_errors_name_the_row),
        cmocka_unit_test(a_raster_is_conserved),
        cmocka_unit_test(urban_can_be_given),
        cmocka_unit_test(areas_are_chosen_by_name_and_number),
        cmocka_unit_test(a_part_alone_equals_the_part_of_the_whole),
        cmocka_unit_test(same_cells_for_any_thread_count),
        cmocka_unit_test(sao_paulo_without_people),
        cmocka_unit_test(out_of_memory_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
