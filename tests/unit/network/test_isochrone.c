/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Isochrones on streets laid by hand and by chance: what is reached is inside, nothing beyond the tolerance is, bands
 * nest, rings neither cross nor touch. Distances are measured by brute force on the streets themselves. GEOS judges the
 * demo in tests/oracle/isochrone.py.
 */
#include <math.h>

#include "graph.h"
#include "junxian/isochrone.h"
#include "junxian/num.h"
#include "oom.h"
#include "support.h"

enum { MAX_NODES = 160, MAX_EDGES = 400, MINUTE = 60000 };

/* A network in plain arrays: straight streets between nodes at metres around a place. */
typedef struct streets {
    jx_network n;
    jx_metric m;
    jx_pt node[MAX_NODES], geom[2 * MAX_EDGES];
    uint32_t from[MAX_EDGES], to[MAX_EDGES], length[MAX_EDGES], time[2 * MAX_EDGES], first[MAX_NODES + 1],
        arc[2 * MAX_EDGES], ms[MAX_NODES];
    uint64_t off[MAX_EDGES + 1];
    uint8_t cls[MAX_EDGES];
    uint16_t flags[MAX_EDGES];
    double lon, lat;
    jx_direction dir;
} streets;

static const jx_profile foot = {.mode = JX_WALK, .offroad_kmh = 1.8, .offroad_detour = 1};
static const jx_profile car = {.mode = JX_CAR, .offroad_kmh = 2.4, .offroad_detour = 1.3};

static streets *place(double lon, double lat) {
    streets *s = calloc(1, sizeof *s);
    assert_non_null(s);
    s->lon = lon;
    s->lat = lat;
    s->dir = JX_FROM_FACILITY;
    s->n = (jx_network){.node = s->node,
                        .from = s->from,
                        .to = s->to,
                        .length_mm = s->length,
                        .cls = s->cls,
                        .flags = s->flags,
                        .geom_off = s->off,
                        .geom = s->geom,
                        .first_arc = s->first,
                        .arc = s->arc};
    s->m = (jx_metric){.mode = JX_WALK, .time_ms = s->time};
    return s;
}

static jx_pt at(const streets *s, double x, double y) {
    double kx, ky;
    jx_scale_at((jx_pt){0, (int32_t)(s->lat * 1e7)}, &kx, &ky);
    return (jx_pt){(int32_t)rint(s->lon * 1e7 + x / kx), (int32_t)rint(s->lat * 1e7 + y / ky)};
}

static uint32_t node(streets *s, double x, double y) {
    assert_true(s->n.n_nodes < MAX_NODES);
    s->node[s->n.n_nodes] = at(s, x, y);
    return s->n.n_nodes++;
}

/* A street at metres per second there and back; 0: closed. */
static uint32_t street(streets *s, uint32_t a, uint32_t b, double there, double back) {
    uint32_t e = s->n.n_edges++;
    assert_true(e < MAX_EDGES);
    s->from[e] = a;
    s->to[e] = b;
    s->geom[2 * e] = s->node[a];
    s->geom[2 * e + 1] = s->node[b];
    s->off[e + 1] = 2 * (uint64_t)(e + 1);
    s->length[e] = jx_seg_mm(s->node[a], s->node[b]);
    s->cls[e] = JX_ROAD_RESIDENTIAL;
    s->time[2 * e] = there > 0 ? (uint32_t)(s->length[e] / there) : JX_UNREACHABLE;
    s->time[2 * e + 1] = back > 0 ? (uint32_t)(s->length[e] / back) : JX_UNREACHABLE;
    return e;
}

static uint32_t out_ms(const streets *s, uint32_t arc) {
    return s->time[s->dir == JX_FROM_FACILITY ? arc : arc ^ 1u];
}

/* Adjacency, and the times from the origins by the plain Dijkstra of graph.h. */
static void spread(streets *s, const jx_snap *o, uint32_t n) {
    uint32_t k = 0;
    for (uint32_t v = 0; v < s->n.n_nodes; v++) {
        s->first[v] = k;
        for (uint32_t a = 0; a < 2 * s->n.n_edges; a++) {
            if (jx_arc_tail(&s->n, a) == v) {
                s->arc[k++] = a;
            }
        }
    }
    s->first[s->n.n_nodes] = k;
    s->m.n_arcs = 2 * s->n.n_edges;
    memset(s->ms, 0xff, sizeof s->ms);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t e = o[i].edge, len = s->length[e];
        uint32_t t = jx_add_ms(jx_part_ms(out_ms(s, 2 * e), len - o[i].pos_mm, len), o[i].offroad_ms);
        uint32_t f = jx_add_ms(jx_part_ms(out_ms(s, 2 * e + 1), o[i].pos_mm, len), o[i].offroad_ms);
        s->ms[s->to[e]] = t < s->ms[s->to[e]] ? t : s->ms[s->to[e]];
        s->ms[s->from[e]] = f < s->ms[s->from[e]] ? f : s->ms[s->from[e]];
    }
    jx_graph g = jx_network_graph(&s->n);
    graph_dijkstra(&g, s->time, s->dir == JX_TO_FACILITY, s->ms);
}

static jx_snap origin(const streets *s, uint32_t e, double share, uint32_t offroad_ms) {
    jx_pt a = s->geom[2 * e], b = s->geom[2 * e + 1];
    return (jx_snap){.edge = e,
                     .pos_mm = (uint32_t)(s->length[e] * share),
                     .offroad_ms = offroad_ms,
                     .joint = {(int32_t)rint(a.lon + ((double)b.lon - a.lon) * share),
                               (int32_t)rint(a.lat + ((double)b.lat - a.lat) * share)}};
}

static jx_isochrone *draw(jx_test *t, const streets *s, const jx_profile *p, const jx_snap *o, uint32_t n,
                          const uint32_t *bands, uint32_t n_bands, jx_isochrone_options opt) {
    jx_isochrone *iso;
    assert_int_equal(jx_isochrone_new(t->ctx, &s->n, &s->m, p, s->dir, s->ms, o, n, bands, n_bands, &opt, &iso), JX_OK);
    return iso;
}

/* ---- what must hold ------------------------------------------------------------------------------------------------
 */

/* Time at a point of a street, `share` along it. */
static uint32_t time_at(const streets *s, uint32_t e, double share, const jx_snap *o, uint32_t n) {
    uint32_t len = s->length[e], mm = (uint32_t)(len * share);
    uint32_t f = jx_add_ms(s->ms[s->from[e]], jx_part_ms(out_ms(s, 2 * e), mm, len));
    uint32_t t = jx_add_ms(s->ms[s->to[e]], jx_part_ms(out_ms(s, 2 * e + 1), len - mm, len)), best = f < t ? f : t;
    for (uint32_t i = 0; i < n; i++) {
        if (o[i].edge == e) {
            uint32_t d = mm >= o[i].pos_mm ? jx_part_ms(out_ms(s, 2 * e), mm - o[i].pos_mm, len)
                                           : jx_part_ms(out_ms(s, 2 * e + 1), o[i].pos_mm - mm, len);
            d = jx_add_ms(d, o[i].offroad_ms);
            best = d < best ? d : best;
        }
    }
    return best;
}

typedef JX_VEC(jx_pt) pts;

/* Street points reached within ms, at most `step` metres apart, ferries left out. */
static void reached(jx_test *t, const streets *s, const jx_snap *o, uint32_t n, uint32_t ms, double step, pts *out) {
    out->n = 0;
    for (uint32_t v = 0; v < s->n.n_nodes; v++) {
        if (s->ms[v] <= ms) {
            assert_int_equal(jx_vec_push(t->ctx, out, s->node[v]), JX_OK);
        }
    }
    for (uint32_t e = 0; e < s->n.n_edges; e++) {
        uint32_t parts = (uint32_t)(s->length[e] / 1000.0 / step) + 1;
        for (uint32_t k = 0; s->cls[e] != JX_ROAD_FERRY && k <= parts; k++) {
            if (time_at(s, e, (double)k / parts, o, n) <= ms) {
                assert_int_equal(jx_vec_push(t->ctx, out, origin(s, e, (double)k / parts, 0).joint), JX_OK);
            }
        }
    }
}

static double nearest(const pts *p, jx_pt q) {
    double best = 1e9, kx, ky;
    jx_scale_at(q, &kx, &ky);
    for (size_t i = 0; i < p->n; i++) {
        double x = ((double)p->v[i].lon - q.lon) * kx, y = ((double)p->v[i].lat - q.lat) * ky, d = x * x + y * y;
        best = d < best ? d : best;
    }
    return sqrt(best);
}

/* Rings neither cross nor meet: put together again they are the same rings, and no corner occurs twice. */
static void check_rings(jx_test *t, const jx_mpoly *m) {
    if (!m->n_rings) {
        assert_int_equal(m->n_parts, 0);
        return;
    }
    jx_line *lines = malloc(m->n_rings * sizeof *lines);
    jx_mpoly again;
    jx_assembly_report rep;
    assert_non_null(lines);
    for (uint32_t r = 0; r < m->n_rings; r++) {
        lines[r] = (jx_line){m->pts + m->ring_off[r], m->ring_off[r + 1] - m->ring_off[r]};
        assert_true(lines[r].n >= 4);
        assert_memory_equal(&lines[r].pts[0], &lines[r].pts[lines[r].n - 1], sizeof(jx_pt));
    }
    assert_int_equal(jx_mpoly_assemble(t->ctx, lines, m->n_rings, &again, &rep), JX_OK);
    assert_int_equal(rep.crossings, 0);
    assert_int_equal(rep.open_ends, 0);
    assert_int_equal(rep.duplicate_lines, 0);
    assert_int_equal(again.n_rings, m->n_rings); /* a touch would split or join some */
    assert_int_equal(again.n_parts, m->n_parts); /* and what is a hole of what was found by another way */
    assert_int_equal(again.n_pts, m->n_pts);
    double a = jx_mpoly_area_m2(m), b = jx_mpoly_area_m2(&again);
    assert_true(fabs(a - b) <= 1e-9 * b);
    jx_mpoly_release(t->ctx, &again);
    free(lines);
}

static void check_nested(const jx_mpoly *in, const jx_mpoly *out) {
    for (uint32_t i = 0; i < in->n_pts; i++) {
        assert_true(jx_mpoly_has(out, in->pts[i]));
    }
    for (uint32_t i = 0; i < out->n_pts; i++) { /* a border of the larger lies on the smaller's at most */
        bool corner = false;
        for (uint32_t k = 0; k < in->n_pts && !corner; k++) {
            corner = in->pts[k].lon == out->pts[i].lon && in->pts[k].lat == out->pts[i].lat;
        }
        assert_true(corner || !jx_mpoly_has(in, out->pts[i]));
    }
    assert_true(jx_mpoly_area_m2(in) <= jx_mpoly_area_m2(out) * (1 + 1e-12));
}

static void check_all(jx_test *t, const streets *s, const jx_isochrone *iso, const jx_snap *o, uint32_t n,
                      uint64_t seed) {
    pts p = {0};
    jx_test_rng rng = {seed, 0};
    for (uint32_t b = 0; b < iso->n_bands; b++) {
        const jx_mpoly *m = &iso->band[b];
        check_rings(t, m);
        if (b) {
            check_nested(&iso->band[b - 1], m);
        }
        reached(t, s, o, n, iso->band_ms[b], 4, &p);
        for (size_t i = 0; i < p.n; i++) {
            assert_true(jx_mpoly_has(m, p.v[i]));
        }
        for (uint32_t i = 0; i < m->n_pts; i++) { /* streets are sampled every 4 m */
            assert_true(nearest(&p, m->pts[i]) <= iso->tolerance_m + 2.01);
        }
        for (uint32_t i = 0; i < 300 && m->n_pts; i++) {
            jx_pt q = {(int32_t)(m->box.min_lon + (int64_t)jx_test_below(
                                                      &rng, (uint64_t)((int64_t)m->box.max_lon - m->box.min_lon + 1))),
                       (int32_t)(m->box.min_lat + (int64_t)jx_test_below(
                                                      &rng, (uint64_t)((int64_t)m->box.max_lat - m->box.min_lat + 1)))};
            if (jx_mpoly_has(m, q)) {
                assert_true(nearest(&p, q) <= iso->tolerance_m + 2.01);
            }
        }
    }
    jx_vec_free(t->ctx, &p);
}

/* ---- by hand
 * ---------------------------------------------------------------------------------------------------------- */

static const uint32_t minutes[3] = {5 * MINUTE, 10 * MINUTE, 20 * MINUTE};

/* One street of 2 km, left at its middle after a minute of walking to it: 240 m each way in five minutes. */
static void own_edge(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    streets *s = place(13.4, 52.5);
    uint32_t e = street(s, node(s, 0, 0), node(s, 2000, 0), 1, 1);
    jx_snap o = origin(s, e, 0.5, MINUTE);
    spread(s, &o, 1);
    assert_true(s->ms[0] > minutes[1]); /* no node is reached: all there is is the edge's own pieces */
    jx_isochrone *iso = draw(&t, s, &foot, &o, 1, minutes, 2, (jx_isochrone_options){10, 60});
    check_all(&t, s, iso, &o, 1, 1);
    assert_true(jx_mpoly_has(&iso->band[0], at(s, 761, 0)));
    assert_true(jx_mpoly_has(&iso->band[0], at(s, 1239, 0)));
    assert_false(jx_mpoly_has(&iso->band[0], at(s, 760 - 30, 0)));
    assert_false(jx_mpoly_has(&iso->band[0], at(s, 1240 + 30, 0)));
    assert_true(jx_mpoly_has(&iso->band[0], at(s, 1000, 55))); /* 120 m on foot are left, 60 m is as far as counts */
    assert_false(jx_mpoly_has(&iso->band[0], at(s, 1000, 70)));
    assert_false(jx_mpoly_has(&iso->band[0], at(s, 1215, 45))); /* but 12 m here */
    jx_isochrone_free(t.ctx, iso);
    o.offroad_ms = 5 * MINUTE + 1; /* the walk to the street alone is too long */
    spread(s, &o, 1);
    iso = draw(&t, s, &foot, &o, 1, minutes, 1, (jx_isochrone_options){10, 60});
    assert_int_equal(iso->band[0].n_parts, 0);
    jx_isochrone_free(t.ctx, iso);
    free(s);
    jx_test_release(&t);
}

/* A one-way street is reached in its direction only; times to a place turn it round. */
static void one_way(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    streets *s = place(-70.6, -33.4);
    uint32_t a = node(s, 0, 0), b = node(s, 1000, 0), c = node(s, 2000, 0);
    street(s, a, b, 5, 0);
    uint32_t e = street(s, b, c, 5, 0);
    jx_snap o = origin(s, e, 0, 0);
    for (s->dir = JX_TO_FACILITY;; s->dir = JX_FROM_FACILITY) {
        bool from = s->dir == JX_FROM_FACILITY;
        spread(s, &o, 1);
        jx_isochrone *iso = draw(&t, s, &car, &o, 1, minutes, 1, (jx_isochrone_options){20, 80});
        check_all(&t, s, iso, &o, 1, 2);
        assert_int_equal(jx_mpoly_has(&iso->band[0], at(s, 500, 0)), !from);
        assert_int_equal(jx_mpoly_has(&iso->band[0], at(s, 1500, 0)), from);
        jx_isochrone_free(t.ctx, iso);
        if (from) {
            break;
        }
    }
    free(s);
    jx_test_release(&t);
}

/* A square of streets 800 m wide has a hole; streets crossing in it an island in the hole, once their end is an origin.
 */
static void hole_and_island(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    streets *s = place(0.001, 0.002); /* on the equator and the first meridian */
    uint32_t n[4], e = 0;
    for (uint32_t i = 0; i < 4; i++) {
        n[i] = node(s, i == 0 || i == 3 ? -400 : 400, i < 2 ? -400 : 400);
    }
    for (uint32_t i = 0; i < 4; i++) {
        e = street(s, n[i], n[(i + 1) % 4], 5, 5);
    }
    uint32_t inner = street(s, node(s, -30, 0), node(s, 30, 0), 1, 1);
    jx_snap o[2] = {origin(s, e, 0.5, 0), origin(s, inner, 0.5, 0)};
    for (uint32_t k = 1; k <= 2; k++) {
        spread(s, o, k);
        jx_isochrone *iso = draw(&t, s, &car, o, k, minutes + 2, 1, (jx_isochrone_options){0, 100});
        check_all(&t, s, iso, o, k, 3);
        assert_int_equal(iso->band[0].n_parts, k);
        assert_int_equal(iso->band[0].n_rings, k + 1);
        assert_int_equal(jx_mpoly_has(&iso->band[0], at(s, 0, 0)), k == 2);
        assert_false(jx_mpoly_has(&iso->band[0], at(s, 0, 200)));
        double side = 800, half = 100,
               want = (side + 2 * half) * (side + 2 * half) - (4 - JX_PI) * half * half -
                      (side - 2 * half) * (side - 2 * half);
        want += k == 2 ? 60 * 2 * half + JX_PI * half * half : 0; /* a buffer of 100 m around the streets */
        double area = jx_mpoly_area_m2(&iso->band[0]);
        assert_true(fabs(area - want) < 0.02 * want);
        jx_isochrone_free(t.ctx, iso);
    }
    free(s);
    jx_test_release(&t);
}

/* One leaves a ferry at its landing only, and a tunnel at its ends. */
static void ferry_and_tunnel(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    streets *s = place(104, 60);
    uint32_t a = node(s, 0, 0), b = node(s, 300, 0), c = node(s, 2300, 0), d = node(s, 300, 2000),
             e = street(s, a, b, 5, 5);
    s->cls[street(s, b, c, 5, 5)] = JX_ROAD_FERRY;
    s->flags[street(s, b, d, 20, 20)] = JX_EDGE_TUNNEL;
    jx_snap o = origin(s, e, 0.5, 0);
    spread(s, &o, 1);
    jx_isochrone *iso = draw(&t, s, &car, &o, 1, minutes, 3, (jx_isochrone_options){30, 200});
    check_all(&t, s, iso, &o, 1, 4);
    assert_true(jx_mpoly_has(&iso->band[2], s->node[c]));
    assert_false(jx_mpoly_has(&iso->band[2], at(s, 1300, 0)));
    assert_true(jx_mpoly_has(&iso->band[2], at(s, 2400, 0))); /* from the landing on foot */
    assert_true(jx_mpoly_has(&iso->band[2], at(s, 300, 1000)));
    assert_false(jx_mpoly_has(&iso->band[2], at(s, 400, 1000)));
    assert_true(jx_mpoly_has(&iso->band[2], at(s, 400, 0)));
    jx_isochrone_free(t.ctx, iso);
    free(s);
    jx_test_release(&t);
}

static void nothing_and_wrong(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    streets *s = place(13.4, 52.5);
    street(s, node(s, 0, 0), node(s, 2000, 0), 1, 1);
    spread(s, NULL, 0);
    jx_snap off = {.edge = JX_NONE};
    jx_isochrone *iso = draw(&t, s, &foot, &off, 1, minutes, 3, (jx_isochrone_options){0, 0});
    for (int i = 0; i < 3; i++) {
        assert_int_equal(iso->band[i].n_parts + iso->band[i].n_rings + iso->band[i].n_pts, 0);
        assert_int_equal(iso->band[i].part_off[0] + iso->band[i].ring_off[0], 0);
    }
    jx_isochrone_free(t.ctx, iso);
    iso = draw(&t, s, &foot, &off, 1, minutes, 0, (jx_isochrone_options){0, 0});
    assert_int_equal(iso->n_bands, 0);
    jx_isochrone_free(t.ctx, iso);
    jx_isochrone_free(t.ctx, NULL);
    const uint32_t same[2] = {5, 5}, falls[2] = {6, 5}, never[1] = {JX_UNREACHABLE};
    const struct {
        const uint32_t *bands;
        uint32_t n;
        jx_isochrone_options opt;
        jx_msg_id id;
    } wrong[] = {{same, 2, {0, 0}, JX_M_ISOCHRONE_BANDS},        {falls, 2, {0, 0}, JX_M_ISOCHRONE_BANDS},
                 {never, 1, {0, 0}, JX_M_ISOCHRONE_BANDS},       {minutes, 1, {4, 0}, JX_M_ISOCHRONE_OPTION},
                 {minutes, 1, {6000, 0}, JX_M_ISOCHRONE_OPTION}, {minutes, 1, {NAN, 0}, JX_M_ISOCHRONE_OPTION},
                 {minutes, 1, {0, -1}, JX_M_ISOCHRONE_OPTION},   {minutes, 1, {0, 1e6}, JX_M_ISOCHRONE_OPTION},
                 {minutes, 1, {0, NAN}, JX_M_ISOCHRONE_OPTION}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(jx_isochrone_new(t.ctx, &s->n, &s->m, &foot, s->dir, s->ms, &off, 1, wrong[i].bands,
                                          wrong[i].n, &wrong[i].opt, &iso),
                         JX_E_USAGE);
        assert_int_equal(jx_test_error(&t), wrong[i].id);
        assert_null(iso);
    }
    free(s);
    jx_test_release(&t);
}

/* ---- by chance
 * ---------------------------------------------------------------------------------------------------------- */

static streets *by_chance(jx_test_rng *r, double span) {
    static const double where[8][2] = {{9.5, 47.1},   {-58.4, -34.6}, {0, 0},       {179.9, 66.5},
                                       {119.5, 31.4}, {-0.01, 0.01},  {15.6, 78.2}, {-179.9, -16.5}};
    const double *w = where[jx_test_below(r, 8)];
    streets *s = place(w[0], w[1]);
    uint32_t n = 2 + (uint32_t)jx_test_below(r, MAX_NODES - 2), m = 1 + (uint32_t)jx_test_below(r, 2 * n);
    for (uint32_t i = 0; i < n; i++) {
        (void)node(s, (jx_test_unit(r) - 0.5) * span, (jx_test_unit(r) - 0.5) * span);
    }
    for (uint32_t i = 0; i < m; i++) {
        uint32_t a = (uint32_t)jx_test_below(r, n),
                 b = jx_test_below(r, 8) ? (a + 1 + (uint32_t)jx_test_below(r, 3)) % n : (uint32_t)jx_test_below(r, n);
        double v = jx_test_below(r, 4) ? 1 + 20 * jx_test_unit(r) : 0.2, back = jx_test_below(r, 3) ? v : 0;
        uint32_t e = street(s, a, b, jx_test_below(r, 10) ? v : 0, back);
        uint64_t kind = jx_test_below(r, 12);
        s->cls[e] = kind == 0 ? JX_ROAD_FERRY : kind == 1 ? JX_ROAD_MOTORWAY : JX_ROAD_RESIDENTIAL;
        s->flags[e] = kind == 2 ? JX_EDGE_TUNNEL : 0;
        if (kind == 3 && s->time[2 * e] != JX_UNREACHABLE) {
            s->time[2 * e] = 0;
        }
    }
    s->dir = jx_test_below(r, 2) ? JX_TO_FACILITY : JX_FROM_FACILITY;
    return s;
}

static void chance(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        jx_test t;
        jx_test_init(&t, seed % 2 ? 0 : 2);
        jx_test_rng r = {seed, 0};
        streets *s = by_chance(&r, seed % 3 ? 3000 : 20000);
        jx_snap o[3];
        uint32_t n = 1 + (uint32_t)jx_test_below(&r, 3);
        for (uint32_t i = 0; i < n; i++) {
            o[i] = origin(s, (uint32_t)jx_test_below(&r, s->n.n_edges), jx_test_unit(&r),
                          (uint32_t)jx_test_below(&r, 2 * MINUTE));
        }
        spread(s, o, n);
        uint32_t bands[4];
        for (uint32_t i = 0, at_ms = 0; i < 4; i++) {
            bands[i] = at_ms += 1 + (uint32_t)jx_test_below(&r, seed % 5 ? 8 * MINUTE : 1000);
        }
        jx_isochrone_options opt = {seed % 4 ? 0 : 5 + 200 * jx_test_unit(&r),
                                    seed % 3 ? 0 : 1 + 300 * jx_test_unit(&r)};
        jx_isochrone *iso = draw(&t, s, seed % 2 ? &foot : &car, o, n, bands, 4, opt);
        check_all(&t, s, iso, o, n, seed);
        jx_isochrone_free(t.ctx, iso);
        free(s);
        jx_test_release(&t);
    }
}

static void same_bits(void **state) {
    (void)state;
    jx_test t[2];
    jx_isochrone *iso[2];
    jx_test_rng r = {77, 0};
    streets *s = by_chance(&r, 12000);
    jx_snap o = origin(s, 3, 0.4, 0);
    spread(s, &o, 1);
    for (uint32_t i = 0; i < 2; i++) {
        jx_test_init(&t[i], i ? 5 : 0);
        iso[i] = draw(&t[i], s, &car, &o, 1, minutes, 3, (jx_isochrone_options){20, 100});
    }
    for (uint32_t b = 0; b < 3; b++) {
        const jx_mpoly *x = &iso[0]->band[b], *y = &iso[1]->band[b];
        assert_int_equal(x->n_pts, y->n_pts);
        assert_int_equal(x->n_rings, y->n_rings);
        assert_memory_equal(x->pts, y->pts, x->n_pts * sizeof *x->pts);
        assert_memory_equal(x->ring_off, y->ring_off, (x->n_rings + 1) * sizeof *x->ring_off);
    }
    for (int i = 0; i < 2; i++) {
        jx_isochrone_free(t[i].ctx, iso[i]);
        jx_test_release(&t[i]);
    }
    free(s);
}

typedef struct oom_arg {
    const streets *s;
    jx_snap o;
} oom_arg;

static jx_status oom_run(jx_ctx *ctx, void *user) {
    const oom_arg *a = user;
    jx_isochrone *iso;
    jx_status st =
        jx_isochrone_new(ctx, &a->s->n, &a->s->m, &car, a->s->dir, a->s->ms, &a->o, 1, minutes, 3, NULL, &iso);
    assert_true((st == JX_OK) == (iso != NULL));
    jx_isochrone_free(ctx, iso);
    return st;
}

static void failing_memory(void **state) {
    (void)state;
    jx_test_rng r = {5, 0};
    streets *s = by_chance(&r, 4000);
    oom_arg a = {s, origin(s, 1, 0.3, 1000)};
    spread(s, &a.o, 1);
    jx_oom_sweep(oom_run, &a);
    free(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(own_edge),         cmocka_unit_test(one_way),           cmocka_unit_test(hole_and_island),
        cmocka_unit_test(ferry_and_tunnel), cmocka_unit_test(nothing_and_wrong), cmocka_unit_test(chance),
        cmocka_unit_test(same_bits),        cmocka_unit_test(failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
