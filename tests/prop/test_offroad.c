/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Walks over open ground from doors to streets: against geometry where it is known by heart. All ground is synthetic. */
#include <math.h>

#include "junxian/offroad.h"
#include "mini.h"
#include "oom.h"

enum { COLS = 200, ROWS = 160 }; /* about 30 m a cell: 6,000 m east of -1,000, 4,800 m north of -1,000 */
static const char *const table_text = "path_kmh: 3.6\nschemes:\n  t:\n    speed: {1: 3.6, 2: 1.8, 9: 0}\n";

typedef struct field_work {
    jx_test t;
    mini m;
    jx_doc doc, table;
    jx_profiles *p;
    jx_network *net;
    jx_metric *walk;
    jx_field cover, dem;
    jx_terrain *terrain;
    jx_box around;
} field_work;

typedef double (*layer)(double x, double y);
static double meadow(double x, double y) { (void)x, (void)y; return 1; }
static double halves(double x, double y) { (void)x; return y > 0 ? 2 : 1; }
/* a wall of water north of the street, from 200 to 300 m, open only beyond x = 3000 */
static double lake(double x, double y) { return y > 200 && y < 300 && x < 3000 ? 9 : 1; }
static double hole(double x, double y) { return x > 1400 && x < 1600 && y > 100 ? NAN : 1; }
static double north_up(double x, double y) { (void)x; return 1000 + 0.2 * y; }

static void paint(jx_ctx *ctx, layer l, jx_field *f) {
    const double d = 30.0 / 111320;
    assert_int_equal(jx_field_init(ctx, COLS, ROWS, 10 - 1000.0 / 111320, 3800.0 / 111320, d, d, f), JX_OK);
    for (uint32_t i = 0; i < COLS * ROWS; i++) {
        f->v[i] = (float)l((f->west + (i % COLS + 0.5) * d - 10) * 111320, (f->north - (i / COLS + 0.5) * d) * 110574);
    }
}

/* One street along y = 0 from x = 0 to 4000. */
static void start(field_work *w, layer cover, layer heights) {
    memset(w, 0, sizeof *w);
    mini_start(&w->t, 0, &w->m, &w->doc, &w->p);
    jx_ctx *ctx = w->t.ctx;
    assert_int_equal(jx_yaml_parse(ctx, "t.yaml", table_text, strlen(table_text), &w->table), JX_OK);
    uint32_t a = mini_node(&w->m, 0, 0, ""), b = mini_node(&w->m, 4000, 0, "");
    MINI_WAY(&w->m, "highway=residential", a, b);
    assert_int_equal(jx_network_build(ctx, w->m.x, w->p, &w->net), JX_OK);
    paint(ctx, cover, &w->cover);
    if (heights) {
        paint(ctx, heights, &w->dem);
        assert_int_equal(jx_terrain_new(ctx, &w->dem, w->p, &w->terrain), JX_OK);
    }
    assert_int_equal(jx_metric_new_on(ctx, w->net, jx_profiles_get(w->p, JX_WALK), w->terrain, &w->walk), JX_OK);
    w->around = JX_BOX_EMPTY;
    jx_box_add(&w->around, w->m.x->node_pt[a]);
    jx_box_add(&w->around, w->m.x->node_pt[b]);
}

static void finish(field_work *w) {
    jx_metric_free(w->t.ctx, w->walk);
    jx_terrain_free(w->t.ctx, w->terrain);
    jx_field_release(w->t.ctx, &w->cover);
    jx_field_release(w->t.ctx, &w->dem);
    jx_doc_release(w->t.ctx, &w->table);
    mini_finish(&w->t, &w->m, &w->doc, w->p, w->net);
}

static jx_pt at(double x, double y) { return (jx_pt){(int32_t)(1e8 + x / 111320 * 1e7), (int32_t)(y / 110574 * 1e7)}; }

static jx_offroad_stats join(field_work *w, bool leaving, const jx_pt *p, uint32_t n, jx_snap *out) {
    jx_offroad *o = NULL;
    jx_offroad_stats s = {0};
    assert_int_equal(jx_offroad_new(w->t.ctx, &w->cover, &w->table, NULL, w->p, w->around, w->terrain, &o), JX_OK);
    assert_int_equal(jx_offroad_join(w->t.ctx, o, w->net, w->walk, jx_profiles_get(w->p, JX_WALK), leaving, p, n, out, &s), JX_OK);
    jx_offroad_free(w->t.ctx, o);
    return s;
}

static void within(double v, double lo, double hi) {
    if (!(v >= lo && v <= hi)) {
        fail_msg("%.3f is not within %.3f and %.3f", v, lo, hi);
    }
}

/* Everywhere 3.6 km/h, a metre a second: the straight line, in seconds, to a thousandth (the place's own scale against the map's). */
static void straight_over_a_meadow(void **state) {
    (void)state;
    field_work w;
    start(&w, meadow, NULL);
    jx_pt p[5] = {at(500, 10), at(1234, 77), at(2000, 333), at(3000, -800), at(2000, 1200)};
    jx_snap s[5], flat[5];
    assert_int_equal(jx_snap_all(w.t.ctx, w.net, w.walk, jx_profiles_get(w.p, JX_WALK), p, 5, flat), JX_OK);
    jx_offroad_stats st = join(&w, true, p, 5, s);
    for (int i = 0; i < 4; i++) {
        within(s[i].offroad_ms, flat[i].offroad_mm * 0.999 - 1, flat[i].offroad_mm * 1.001 + 1);
        assert_int_equal(s[i].edge, flat[i].edge);
    }
    assert_int_equal(s[4].edge, JX_NONE); /* 1,200 m: off the network with the table or without */
    assert_int_equal(st.n_off, 1);
    assert_int_equal(st.n_straight + st.n_around, 4);
    finish(&w);
}

/* Half the speed to the north: twice the time there; the border runs along the street, so a cell of it may go either way. */
static void slower_ground_takes_longer(void **state) {
    (void)state;
    field_work w;
    start(&w, halves, NULL);
    jx_pt p[2] = {at(2000, 600), at(2000, -600)};
    jx_snap s[2];
    join(&w, true, p, 2, s);
    within(s[0].offroad_ms / 1000.0, 2 * 600 - 70, 2 * 600 * 1.001);
    within(s[1].offroad_ms / 1000.0, 600 * 0.999, 600 * 1.001 + 30);
    finish(&w);
}

/* Around a lake: from behind it the way leads past its end at x = 3000. The shortest way around by geometry is a lower bound; sixteen
 * directions and cells of 30 m allow 3 % and some cells more. */
static void around_a_lake(void **state) {
    (void)state;
    field_work w;
    start(&w, lake, NULL);
    jx_pt p[2] = {at(2500, 500), at(2500, 250)};
    jx_snap s[2];
    jx_offroad_stats st = join(&w, true, p, 2, s);
    double shortest = sqrt(500.0 * 500 + 200 * 200) + 300; /* to the corner (3000, 300), then straight down */
    within(s[0].offroad_ms / 1000.0, shortest - 60, shortest * 1.03 + 60);
    assert_true(s[0].joint.lon > at(2940, 0).lon);
    assert_int_equal(st.n_around, 1);
    assert_int_equal(st.n_unknown, 1); /* a house in the lake keeps the straight walk */
    double straight = 250 * 1.3 / (2.4 / 3.6);
    within(s[1].offroad_ms / 1000.0, straight * 0.99, straight * 1.01);
    finish(&w);
}

/* Up and down a slope of a fifth: leaving a house above the street is downhill, arriving uphill. Tobler typed in once more. */
static void slopes_and_direction(void **state) {
    (void)state;
    field_work w;
    start(&w, meadow, north_up);
    jx_pt p[1] = {at(2000, 600)};
    jx_snap down[1], up[1];
    join(&w, true, p, 1, down);
    join(&w, false, p, 1, up);
    double flat = exp(-3.5 * 0.05);
    within(down[0].offroad_ms / 1000.0, 600 * flat / exp(-3.5 * 0.15) * 0.97, 600 * flat / exp(-3.5 * 0.15) * 1.005);
    within(up[0].offroad_ms / 1000.0, 600 * flat / exp(-3.5 * 0.25) * 0.97, 600 * flat / exp(-3.5 * 0.25) * 1.005);
    finish(&w);
}

/* One street more never lengthens a walk to the nearest street. */
static void a_street_more(void **state) {
    (void)state;
    field_work w, v;
    start(&w, lake, NULL);
    start(&v, lake, NULL);
    jx_network_free(v.t.ctx, v.net);
    jx_metric_free(v.t.ctx, v.walk);
    uint32_t a = mini_node(&v.m, 1000, 0, ""), b = mini_node(&v.m, 1800, 700, "");
    MINI_WAY(&v.m, "highway=footway", a, b);
    MINI_WAY(&v.m, "highway=footway", 0, a);
    assert_int_equal(jx_network_build(v.t.ctx, v.m.x, v.p, &v.net), JX_OK);
    assert_int_equal(jx_metric_new(v.t.ctx, v.net, jx_profiles_get(v.p, JX_WALK), &v.walk), JX_OK);
    jx_pt p[60];
    jx_snap before[60], after[60];
    for (int i = 0; i < 60; i++) {
        p[i] = at(100 + 61 * i, (i * 37) % 900 - 100);
    }
    join(&w, true, p, 60, before);
    join(&v, true, p, 60, after);
    for (int i = 0; i < 60; i++) {
        assert_true(after[i].edge != JX_NONE || before[i].edge == JX_NONE);
        if (before[i].edge != JX_NONE) {
            assert_true(after[i].offroad_ms <= before[i].offroad_ms + 1);
        }
    }
    finish(&w);
    finish(&v);
}

static void no_class_is_no_way(void **state) {
    (void)state;
    field_work w;
    start(&w, hole, NULL);
    jx_pt p[2] = {at(1500, 300), at(1700, 300)};
    jx_snap s[2];
    jx_offroad_stats st = join(&w, true, p, 2, s);
    assert_int_equal(st.n_unknown, 1);
    assert_int_equal(st.n_straight + st.n_around, 1);
    finish(&w);
}

static void bad_tables(void **state) {
    (void)state;
    static const struct {
        const char *text, *scheme;
        jx_msg_id id;
    } cases[] = {
        {"schemes: {a: {speed: {1: 5}}, b: {speed: {1: 5}}}", NULL, JX_M_LANDCOVER_SCHEME}, {"schemes: {a: {speed: {1: 5}}}", "b", JX_M_LANDCOVER_SCHEME},
        {"schemes: {a: {speed: {2: 5}}}", NULL, JX_M_LANDCOVER_CLASS},                      {"schemes: {a: {speed: {x: 5}}}", NULL, JX_M_LANDCOVER_BAD},
        {"schemes: {a: {speed: {1: fast}}}", NULL, JX_M_LANDCOVER_BAD},                     {"schemes: {a: {speed: {1: -1}}}", NULL, JX_M_LANDCOVER_BAD},
        {"schemes: {a: {speed: {}}}", NULL, JX_M_LANDCOVER_BAD},                            {"schemes: 3", NULL, JX_M_LANDCOVER_BAD},
        {"schemes: {a: 1}", NULL, JX_M_LANDCOVER_BAD},                                      {"about: x", NULL, JX_M_LANDCOVER_BAD},
    };
    field_work w;
    start(&w, meadow, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        jx_doc d = {0};
        jx_offroad *o = NULL;
        assert_int_equal(jx_yaml_parse(w.t.ctx, "t.yaml", cases[i].text, strlen(cases[i].text), &d), JX_OK);
        if (jx_offroad_new(w.t.ctx, &w.cover, &d, cases[i].scheme, w.p, w.around, NULL, &o) != JX_E_INPUT || jx_ctx_error(w.t.ctx)->id != cases[i].id) {
            fail_msg("%s", cases[i].text);
        }
        assert_null(o);
        jx_ctx_clear_error(w.t.ctx);
        jx_doc_release(w.t.ctx, &d);
    }
    finish(&w);
}

static jx_status all_of_it(jx_ctx *ctx, void *arg) {
    const field_work *w = arg;
    jx_offroad *o = NULL;
    jx_snap s[2];
    jx_pt p[2] = {at(2500, 500), at(100, 70)};
    jx_offroad_stats stats = {0};
    jx_status st = jx_offroad_new(ctx, &w->cover, &w->table, NULL, w->p, w->around, NULL, &o);
    if (st == JX_OK) {
        st = jx_offroad_join(ctx, o, w->net, w->walk, jx_profiles_get(w->p, JX_WALK), true, p, 2, s, &stats);
    }
    jx_offroad_free(ctx, o);
    return st;
}

static void memory_runs_out(void **state) {
    (void)state;
    field_work w;
    start(&w, lake, NULL);
    jx_oom_sweep(all_of_it, &w);
    finish(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(straight_over_a_meadow), cmocka_unit_test(slower_ground_takes_longer), cmocka_unit_test(around_a_lake),
        cmocka_unit_test(slopes_and_direction),   cmocka_unit_test(a_street_more),              cmocka_unit_test(no_class_is_no_way),
        cmocka_unit_test(bad_tables),             cmocka_unit_test(memory_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
