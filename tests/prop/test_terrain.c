/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Times on slopes: planes and a cone with slopes known by heart against the published formulas typed in once more here, and
 * properties that must hold on any heights. All heights are synthetic. */
#include <math.h>
#include <stdlib.h>

#include "mini.h"
#include "oom.h"

typedef struct ground {
    jx_test t;
    mini m;
    jx_doc doc;
    jx_profiles *p;
    jx_network *net;
    jx_field dem;
    jx_terrain *terrain;
    jx_metric *flat[JX_N_MODES], *slope[JX_N_MODES];
} ground;

static void start(ground *g, unsigned threads) {
    memset(g, 0, sizeof *g);
    mini_start(&g->t, threads, &g->m, &g->doc, &g->p);
}

static void shape(ground *g, mini_relief h) { mini_heights(g->t.ctx, h, &g->dem); }

static void times(ground *g) {
    assert_int_equal(jx_network_build(g->t.ctx, g->m.x, g->p, &g->net), JX_OK);
    assert_int_equal(jx_terrain_new(g->t.ctx, &g->dem, g->p, &g->terrain), JX_OK);
    for (int m = 0; m < JX_N_MODES; m++) {
        const jx_profile *p = jx_profiles_get(g->p, (jx_mode)m);
        assert_int_equal(jx_metric_new(g->t.ctx, g->net, p, &g->flat[m]), JX_OK);
        assert_int_equal(jx_metric_new_on(g->t.ctx, g->net, p, g->terrain, &g->slope[m]), JX_OK);
    }
}

static void finish(ground *g) {
    for (int m = 0; m < JX_N_MODES; m++) {
        jx_metric_free(g->t.ctx, g->flat[m]);
        jx_metric_free(g->t.ctx, g->slope[m]);
    }
    jx_terrain_free(g->t.ctx, g->terrain);
    jx_field_release(g->t.ctx, &g->dem);
    mini_finish(&g->t, &g->m, &g->doc, g->p, g->net);
}

static uint64_t way_ms(const ground *g, const jx_metric *m, int64_t way, bool back) { return mini_way_ms(g->net, m->time_ms, way, back); }

static uint64_t way_mm(const ground *g, int64_t way) {
    uint64_t sum = 0;
    for (uint32_t e = 0; e < g->net->n_edges; e++) {
        sum += g->net->way_id[e] == way ? g->net->length_mm[e] : 0;
    }
    return sum;
}

/* ---- the laws once more, from the papers -------------------------------------------------------------------------------- */

static double tobler_pace(double s) { return exp(-3.5 * 0.05) / exp(-3.5 * fabs(s + 0.05)); }

/* Speed at which 95 kg need the power of the flat speed, by bisection. */
static double bike_pace(double kmh, double s) {
    double v0 = kmh / 3.6, air = (1.293 - 0.00426 * 20) * exp(-500.0 / 7000), a = 0.5 * 0.445 * air;
    double power = v0 * (95 * 9.8 * 0.012 + a * v0 * v0), lo = 0, hi = 2 * v0;
    for (int i = 0; i < 200; i++) {
        double v = (lo + hi) / 2;
        *(v * (95 * 9.8 * (s + 0.012) + a * v * v) < power ? &lo : &hi) = v;
    }
    double push = 6 * exp(-3.5 * fabs(s + 0.05)) / 3.6; /* m/s */
    return v0 / (s > 0 && push > lo ? push : lo);
}

static double slope_now;
static double plane_x(double x, double y) { (void)y; return 4000 + slope_now * x; }
static double level(double x, double y) { (void)x, (void)y; return 456.7; }
static double nowhere(double x, double y) { (void)x, (void)y; return NAN; }
static double cone(double x, double y) { return 1500 - 0.12 * sqrt((x - 2500) * (x - 2500) + (y - 2500) * (y - 2500)); }
static double hills(double x, double y) { return 600 + 80 * sin(x / 300) * cos(y / 410) + 0.02 * x + 30 * sin((x + y) / 170); }
static double valley(double x, double y) { (void)y; return x > 1000 && x < 2000 ? 500 : 600; }

static void close_to(double ms, double expected, double tolerance) {
    if (fabs(ms - expected) > expected * tolerance + 2) { /* 2 ms: two roundings to a millisecond */
        fail_msg("%.1f ms, expected %.1f", ms, expected);
    }
}

/* One straight street uphill: its time each way is length / speed x the law's factor. Tolerance: heights are floats. */
static void planes(void **state) {
    (void)state;
    const double slopes[] = {-0.6, -0.25, -0.1, -0.05, -0.02, 0.01, 0.05, 0.12, 0.3, 0.7};
    for (size_t i = 0; i < sizeof slopes / sizeof *slopes; i++) {
        ground g;
        start(&g, 0);
        slope_now = slopes[i];
        uint32_t a = mini_node(&g.m, 0, 500, ""), b = mini_node(&g.m, 1733, 500, "");
        MINI_WAY(&g.m, "highway=residential", a, b);
        shape(&g, plane_x);
        times(&g);
        double mm = (double)way_mm(&g, 1), s = slope_now * 1733 / (mm / 1000); /* metres of the map against metres of mini.h */
        close_to((double)way_ms(&g, g.slope[JX_WALK], 1, false), mm * 3.6 / 3.6 * tobler_pace(s), 1e-4);
        close_to((double)way_ms(&g, g.slope[JX_WALK], 1, true), mm * 3.6 / 3.6 * tobler_pace(-s), 1e-4);
        close_to((double)way_ms(&g, g.slope[JX_BIKE], 1, false), mm * 3.6 / 15 * bike_pace(15, s), 1e-3);
        close_to((double)way_ms(&g, g.slope[JX_BIKE], 1, true), mm * 3.6 / 15 * bike_pace(15, -s), 1e-3);
        assert_true(g.slope[JX_CAR]->time_ms[0] == g.flat[JX_CAR]->time_ms[0]);
        assert_true(g.slope[JX_WALK]->slope.used && !g.slope[JX_CAR]->slope.used);
        assert_true(g.slope[JX_WALK]->slope.void_km <= 0);
        finish(&g);
    }
}

/* Up a cone on the straight, and around it at one height: the ring is level. */
static void a_cone(void **state) {
    (void)state;
    ground g;
    start(&g, 0);
    uint32_t foot = mini_node(&g.m, 500, 2500, ""), top = mini_node(&g.m, 2200, 2500, ""), ring[37];
    for (int i = 0; i < 36; i++) {
        ring[i] = mini_node(&g.m, 2500 + 1500 * cos(i * 0.17453292519943295), 2500 + 1500 * sin(i * 0.17453292519943295), "");
    }
    ring[36] = ring[0];
    MINI_WAY(&g.m, "highway=footway", foot, top);
    mini_way(&g.m, "highway=footway", 37, ring);
    shape(&g, cone);
    times(&g);
    double mm = (double)way_mm(&g, 1), s = 0.12 * 1700 / (mm / 1000), ring_mm = (double)way_mm(&g, 2);
    close_to((double)way_ms(&g, g.slope[JX_WALK], 1, false), mm * tobler_pace(s), 2e-3);
    close_to((double)way_ms(&g, g.slope[JX_WALK], 1, true), mm * tobler_pace(-s), 2e-3);
    close_to((double)way_ms(&g, g.slope[JX_WALK], 2, false), ring_mm, 0.01); /* chords, not arcs: up and down by 0.7 m */
    finish(&g);
}

static void town(mini *m, uint32_t node[8][8]) {
    for (int r = 0; r < 8; r++) {
        for (int c = 0; c < 8; c++) {
            node[r][c] = mini_node(m, 137 * c + 11 * r, 171 * r + 7 * c, "");
        }
        mini_way(m, r % 3 ? "highway=residential" : "highway=primary,bridge=yes", 8, node[r]);
    }
    for (int c = 0; c < 8; c += 2) {
        uint32_t col[8];
        for (int r = 0; r < 8; r++) {
            col[r] = node[r][c];
        }
        mini_way(m, c ? "highway=track,surface=gravel" : "highway=steps", 8, col);
    }
}

/* Level ground and unknown ground give the flat times to the last bit, and unknown is counted. */
static void level_and_unknown(void **state) {
    (void)state;
    const mini_relief reliefs[] = {level, nowhere};
    for (int k = 0; k < 2; k++) {
        ground g;
        uint32_t node[8][8];
        start(&g, 0);
        town(&g.m, node);
        shape(&g, reliefs[k]);
        times(&g);
        for (int m = 0; m < JX_N_MODES; m++) {
            assert_memory_equal(g.slope[m]->time_ms, g.flat[m]->time_ms, 2 * g.net->n_edges * sizeof(uint32_t));
        }
        const jx_slope_stats *s = &g.slope[JX_WALK]->slope;
        assert_true(s->used && s->own_km > 1 && fabs(s->time_factor - 1) < 1e-12);
        assert_true(k == 0 ? s->void_km <= 0 : fabs(s->void_km + s->own_km - s->street_km) < 1e-4);
        finish(&g);
    }
}

/* Shortest times from node 0's place to all places, by rounds over all arcs: slow and plain. */
static void all_times(const ground *g, const jx_metric *m, jx_pt from, uint32_t *d) {
    for (uint32_t v = 0; v < g->net->n_nodes; v++) {
        d[v] = g->net->node[v].lon == from.lon && g->net->node[v].lat == from.lat ? 0 : JX_UNREACHABLE;
    }
    for (bool changed = true; changed;) {
        changed = false;
        for (uint32_t a = 0; a < 2 * g->net->n_edges; a++) {
            uint32_t t = jx_add_ms(d[jx_arc_tail(g->net, a)], m->time_ms[a]), h = jx_arc_head(g->net, a);
            if (t < d[h]) {
                d[h] = t;
                changed = true;
            }
        }
    }
}

/* Streets more, which cut the old ways anywhere, lengthen no time between old junctions. */
static void adding_streets(void **state) {
    (void)state;
    ground g, more;
    uint32_t node[8][8], again[8][8], rnd = 7;
    start(&g, 0);
    start(&more, 0);
    town(&g.m, node);
    town(&more.m, again);
    for (int i = 0; i < 40; i++) {
        uint32_t *a = &again[0][0] + (rnd = rnd * 1664525 + 1013904223) % 64, *b = &again[0][0] + (rnd = rnd * 1664525 + 1013904223) % 64;
        if (*a != *b) {
            MINI_WAY(&more.m, i % 2 ? "highway=footway" : "highway=cycleway,foot=yes", *a, *b);
        }
    }
    shape(&g, hills);
    shape(&more, hills);
    times(&g);
    times(&more);
    uint32_t *before = malloc(g.net->n_nodes * sizeof *before), *after = malloc(more.net->n_nodes * sizeof *after), n = 0;
    for (int m = 0; m < 2; m++) {
        all_times(&g, g.slope[m], g.net->node[0], before);
        all_times(&more, more.slope[m], g.net->node[0], after);
        for (uint32_t v = 0; v < g.net->n_nodes; v++) {
            for (uint32_t w = 0; w < more.net->n_nodes; w++) {
                if (g.net->node[v].lon == more.net->node[w].lon && g.net->node[v].lat == more.net->node[w].lat) {
                    assert_true(after[w] <= before[v]);
                    n++;
                }
            }
        }
    }
    assert_true(n > 60);
    for (int64_t way = 1; way <= 12; way++) { /* and the old ways take what they took */
        for (int b = 0; b < 2; b++) {
            assert_int_equal(way_ms(&g, g.slope[JX_WALK], way, b != 0), way_ms(&more, more.slope[JX_WALK], way, b != 0));
        }
    }
    free(before);
    free(after);
    finish(&g);
    finish(&more);
}

/* A bridge over a valley does not go down into it; a tunnel between ends no slope joins is level; stairs keep their speed. */
static void structures(void **state) {
    (void)state;
    ground g;
    start(&g, 0);
    uint32_t n[4];
    for (int i = 0; i < 4; i++) {
        n[i] = mini_node(&g.m, i < 2 ? 800 + i * 1400 : 900 + (i - 2) * 250, i < 2 ? 500 : 900, "");
    }
    MINI_WAY(&g.m, "highway=residential,bridge=yes", n[0], n[1]);
    MINI_WAY(&g.m, "highway=residential,tunnel=yes", n[2], n[3]);
    MINI_WAY(&g.m, "highway=steps", n[2], n[3]);
    MINI_WAY(&g.m, "highway=residential", n[0], n[1]);
    MINI_WAY(&g.m, "highway=residential", n[1], n[3]);
    MINI_WAY(&g.m, "highway=residential", n[0], n[2]);
    shape(&g, valley);
    times(&g);
    const uint32_t *slope = g.slope[JX_WALK]->time_ms, *flat = g.flat[JX_WALK]->time_ms;
    uint32_t bridge = mini_edge(g.net, 1), tunnel = mini_edge(g.net, 2), steps = mini_edge(g.net, 3), ground_edge = mini_edge(g.net, 4);
    assert_memory_equal(&slope[2 * bridge], &flat[2 * bridge], 8); /* both ends 600 m high */
    assert_memory_equal(&slope[2 * tunnel], &flat[2 * tunnel], 8); /* 100 m on 250 m */
    assert_memory_equal(&slope[2 * steps], &flat[2 * steps], 8);
    assert_true(slope[2 * ground_edge] > flat[2 * ground_edge]);
    assert_true(fabs(g.slope[JX_WALK]->slope.level_km - g.net->length_mm[tunnel] / 1e6) < 1e-6);
    finish(&g);
}

static void same_bits_for_any_threads(void **state) {
    (void)state;
    ground a, b;
    uint32_t node[8][8];
    start(&a, 1);
    start(&b, 4);
    town(&a.m, node);
    town(&b.m, node);
    shape(&a, hills);
    shape(&b, hills);
    times(&a);
    times(&b);
    for (int m = 0; m < JX_N_MODES; m++) {
        assert_memory_equal(a.slope[m]->time_ms, b.slope[m]->time_ms, 2 * a.net->n_edges * sizeof(uint32_t));
        assert_memory_equal(&a.slope[m]->slope.void_km, &b.slope[m]->slope.void_km, sizeof(double));
    }
    assert_int_equal(memcmp(a.slope[JX_WALK]->time_ms, a.flat[JX_WALK]->time_ms, a.net->n_edges * sizeof(uint32_t)) == 0, 0);
    finish(&a);
    finish(&b);
}

/* Smoothing keeps a plane: at the border and beside gaps too. */
static void smoothing_keeps_planes(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    jx_field f, s, thin;
    assert_int_equal(jx_field_init(t.ctx, 33, 21, 0, 21, 1, 1, &f), JX_OK);
    for (uint32_t i = 0; i < 33 * 21; i++) {
        f.v[i] = i % 17 == 3 ? NAN : (float)(3 * (i % 33) - 2.0 * (i / 33) + 100);
    }
    assert_int_equal(jx_field_smooth(t.ctx, &f, 3, 2, &s), JX_OK);
    for (uint32_t i = 0; i < 33 * 21; i++) {
        assert_true(isnan(f.v[i]) ? isnan(s.v[i]) : fabs((double)(s.v[i] - f.v[i])) < 1e-4);
        f.v[i] = (float)(3 * (i % 33) - 2.0 * (i / 33) + 100);
    }
    assert_int_equal(jx_field_thin(t.ctx, &f, 3, 2, &thin), JX_OK);
    assert_int_equal(thin.n_cols, 11);
    assert_int_equal(thin.n_rows, 10);
    for (uint32_t i = 0; i < 110; i++) {
        double x = thin.west + (i % 11 + 0.5) * thin.dx, y = thin.north - (i / 11 + 0.5) * thin.dy;
        assert_true(fabs((double)thin.v[i] - jx_field_sample(&f, x, y)) < 1e-4);
    }
    jx_field_release(t.ctx, &f);
    jx_field_release(t.ctx, &s);
    jx_field_release(t.ctx, &thin);
    jx_test_release(&t);
}

static void no_height_on_earth(void **state) {
    (void)state;
    ground g;
    start(&g, 0);
    shape(&g, level);
    g.dem.v[77] = -9999;
    assert_int_equal(jx_terrain_new(g.t.ctx, &g.dem, g.p, &g.terrain), JX_E_INPUT);
    assert_int_equal(jx_ctx_error(g.t.ctx)->id, JX_M_DEM_HEIGHTS);
    finish(&g);
}

static jx_status make_metric(jx_ctx *ctx, void *arg) {
    const ground *g = arg;
    jx_terrain *t = NULL;
    jx_metric *m = NULL;
    jx_status st = jx_terrain_new(ctx, &g->dem, g->p, &t);
    if (st == JX_OK) {
        st = jx_metric_new_on(ctx, g->net, jx_profiles_get(g->p, JX_WALK), t, &m);
    }
    jx_metric_free(ctx, m);
    jx_terrain_free(ctx, t);
    return st;
}

static void memory_runs_out(void **state) {
    (void)state;
    ground g;
    uint32_t node[8][8];
    start(&g, 0);
    town(&g.m, node);
    shape(&g, hills);
    times(&g);
    jx_oom_sweep(make_metric, &g);
    finish(&g);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(planes),
        cmocka_unit_test(a_cone),
        cmocka_unit_test(level_and_unknown),
        cmocka_unit_test(adding_streets),
        cmocka_unit_test(structures),
        cmocka_unit_test(same_bits_for_any_threads),
        cmocka_unit_test(smoothing_keeps_planes),
        cmocka_unit_test(no_height_on_earth),
        cmocka_unit_test(memory_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
