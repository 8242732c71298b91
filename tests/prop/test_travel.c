/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Rules of the network on streets drawn by hand, and tables against Bellman-Ford on streets drawn by chance. */
#include <math.h>

#include "junxian/route.h"
#include "mini.h"

static uint32_t between(const world *w, jx_mode m, uint32_t a, uint32_t b) { return mini_slow_time(w->net, w->metric[m]->time_ms, w->m.x->node_pt[a], w->m.x->node_pt[b]); }

/* ---- rules ------------------------------------------------------------------------------------------------------------ */

static void one_ways(void **state) {
    (void)state;
    world w;
    world_start(&w, 0);
    uint32_t a = mini_node(&w.m, 0, 0, ""), b = mini_node(&w.m, 1000, 0, ""), c = mini_node(&w.m, 2000, 0, ""), d = mini_node(&w.m, 3000, 0, "");
    MINI_WAY(&w.m, "highway=residential,oneway=yes", a, b);
    MINI_WAY(&w.m, "highway=residential,oneway=-1", b, c);
    MINI_WAY(&w.m, "highway=residential,oneway=yes,oneway:bicycle=no", c, d);
    world_build(&w);
    assert_true(between(&w, JX_CAR, a, b) != JX_UNREACHABLE);
    assert_int_equal(between(&w, JX_CAR, b, a), JX_UNREACHABLE);
    assert_int_equal(between(&w, JX_CAR, b, c), JX_UNREACHABLE);
    assert_true(between(&w, JX_CAR, c, b) != JX_UNREACHABLE);
    assert_int_equal(between(&w, JX_BIKE, b, a), JX_UNREACHABLE);
    assert_true(between(&w, JX_BIKE, d, c) != JX_UNREACHABLE);
    assert_int_equal(between(&w, JX_CAR, d, c), JX_UNREACHABLE);
    for (uint32_t i = a; i < d; i++) { /* walkers do not care */
        assert_int_equal(between(&w, JX_WALK, i, i + 1), between(&w, JX_WALK, i + 1, i));
    }
    world_finish(&w);
}

static void access_and_implied(void **state) {
    (void)state;
    world w;
    world_start(&w, 0);
    uint32_t n[10];
    for (int i = 0; i < 10; i++) {
        n[i] = mini_node(&w.m, i * 500, 0, "");
    }
    MINI_WAY(&w.m, "highway=residential,access=private", n[0], n[1]);
    MINI_WAY(&w.m, "highway=residential,access=no,foot=yes", n[1], n[2]);
    MINI_WAY(&w.m, "highway=footway", n[2], n[3]);
    MINI_WAY(&w.m, "highway=footway,bicycle=yes", n[3], n[4]);
    MINI_WAY(&w.m, "highway=motorway", n[4], n[5]);
    MINI_WAY(&w.m, "highway=service,motor_vehicle=no", n[5], n[6]);
    MINI_WAY(&w.m, "route=ferry,duration=00:20", n[6], n[7], n[8]);
    MINI_WAY(&w.m, "highway=construction", n[8], n[9]);
    world_build(&w);
    static const struct {
        uint32_t from;
        bool walk, bike, car;
    } want[] = {{0, false, false, false}, {1, true, false, false}, {2, true, false, false}, {3, true, true, false}, {4, false, false, true}, {5, true, true, false}, {8, false, false, false}};
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        uint32_t a = n[want[i].from], b = n[want[i].from + 1];
        assert_int_equal(between(&w, JX_WALK, a, b) != JX_UNREACHABLE, want[i].walk);
        assert_int_equal(between(&w, JX_BIKE, a, b) != JX_UNREACHABLE, want[i].bike);
        assert_int_equal(between(&w, JX_CAR, a, b) != JX_UNREACHABLE, want[i].car);
    }
    assert_int_equal(between(&w, JX_CAR, n[5], n[4]), JX_UNREACHABLE); /* motorways are one-way */
    assert_int_equal(between(&w, JX_WALK, n[6], n[8]), 20 * 60000);    /* the timetable, not the distance */
    assert_int_equal(between(&w, JX_CAR, n[6], n[8]), JX_UNREACHABLE); /* cars need to be told that they may */
    world_finish(&w);
}

static void barriers_stop_whom_they_stop(void **state) {
    (void)state;
    world w;
    world_start(&w, 0);
    uint32_t a = mini_node(&w.m, 0, 0, ""), x = mini_node(&w.m, 500, 0, "barrier=bollard"), b = mini_node(&w.m, 1000, 0, "");
    uint32_t c = mini_node(&w.m, 500, 500, ""), d = mini_node(&w.m, 500, -500, ""), g = mini_node(&w.m, 1500, 0, "barrier=bollard,motor_vehicle=yes");
    uint32_t e = mini_node(&w.m, 2000, 0, "");
    MINI_WAY(&w.m, "highway=residential", a, x, b); /* degree four */
    MINI_WAY(&w.m, "highway=residential", c, x, d);
    MINI_WAY(&w.m, "highway=residential", b, g, e);
    world_build(&w);
    const uint32_t arms[4] = {a, b, c, d};
    for (int i = 0; i < 4; i++) {
        for (int k = 0; k < 4; k++) {
            assert_int_equal(between(&w, JX_CAR, arms[i], arms[k]), i == k ? 0 : JX_UNREACHABLE);
            assert_true(between(&w, JX_WALK, arms[i], arms[k]) != JX_UNREACHABLE);
            assert_true(between(&w, JX_BIKE, arms[i], arms[k]) != JX_UNREACHABLE);
        }
    }
    /* the barrier itself costs nothing: 1,000 m at 3.6 km/h */
    assert_in_range(between(&w, JX_WALK, a, b), 999000, 1001000);
    assert_true(between(&w, JX_CAR, b, e) != JX_UNREACHABLE);
    world_finish(&w);
}

static void limits_and_surfaces(void **state) {
    (void)state;
    world w;
    world_start(&w, 0);
    uint32_t n[6];
    for (int i = 0; i < 6; i++) {
        n[i] = mini_node(&w.m, i * 1000, 0, "");
    }
    MINI_WAY(&w.m, "highway=primary,maxspeed=50", n[0], n[1]);
    MINI_WAY(&w.m, "highway=primary,maxspeed=30 mph", n[1], n[2]);
    MINI_WAY(&w.m, "highway=primary,maxspeed:forward=100,maxspeed:backward=50", n[2], n[3]);
    MINI_WAY(&w.m, "highway=primary,surface=gravel", n[3], n[4]);
    MINI_WAY(&w.m, "highway=primary", n[4], n[5]);
    world_build(&w);
    /* 1 km at 0.8 of the posted limit (profiles.yaml): seconds = 3600 / km/h */
    const struct {
        uint32_t a, b;
        double kmh;
    } want[] = {{0, 1, 40}, {1, 2, 48 * 0.8}, {2, 3, 80}, {3, 2, 40}, {3, 4, 30}, {4, 5, 65}};
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        double ms = between(&w, JX_CAR, n[want[i].a], n[want[i].b]), km = w.net->length_mm[mini_edge(w.net, 1)] / 1e6;
        assert_true(fabs(ms - km * 3.6e6 / want[i].kmh) < 2000);
    }
    world_finish(&w);
}

static void contraction_keeps_geometry(void **state) {
    (void)state;
    world w;
    world_start(&w, 0);
    uint32_t a = mini_node(&w.m, 0, 0, ""), b = mini_node(&w.m, 300, 400, ""), c = mini_node(&w.m, 600, 0, ""), d = mini_node(&w.m, 600, 1000, "");
    MINI_WAY(&w.m, "highway=residential", a, b, c, d);
    MINI_WAY(&w.m, "highway=residential", c, JX_NONE, a); /* a missing node cuts */
    uint32_t loop[5] = {mini_node(&w.m, 0, 5000, ""), mini_node(&w.m, 100, 5000, ""), mini_node(&w.m, 100, 5100, ""), mini_node(&w.m, 0, 5100, "")};
    MINI_WAY(&w.m, "highway=service,junction=roundabout", loop[0], loop[1], loop[2], loop[3], loop[0]);
    world_build(&w);
    uint32_t e = mini_edge(w.net, 1), l = mini_edge(w.net, 3);
    assert_int_equal(w.net->geom_off[e + 1] - w.net->geom_off[e], 3); /* a, b, c: cut at c, where another way ends */
    assert_in_range(w.net->length_mm[e], 999000, 1001000);
    assert_int_equal(mini_edge(w.net, 2), JX_NONE);
    assert_int_equal(w.net->n_missing_refs, 1);
    assert_int_equal(w.net->from[l], w.net->to[l]);
    assert_in_range(w.net->length_mm[l], 399000, 401000);
    assert_int_equal(w.net->access[l] & JX_CAR_BWD, 0);
    assert_true(w.net->flags[l] & JX_EDGE_ROUNDABOUT);
    world_finish(&w);
}

/* ---- tables on networks drawn by chance ------------------------------------------------------------------------------------ */

enum { NODES = MINI_NODES, WAYS = 60, PLACES = 30 };

static void draw(world *w, uint64_t seed, uint32_t ways) { world_draw(w, seed, 1, ways); }

static void places(uint64_t seed, jx_pt out[PLACES]) {
    for (uint64_t i = 0; i < PLACES; i++) {
        out[i] = mini_spot(seed, 1, i);
    }
}

/* All-pairs times between two joints by Bellman-Ford with the joints' partial edges, written from the header's law. */
static uint32_t joint_time(const world *w, jx_mode m, const jx_snap *a, const jx_snap *b) {
    const jx_network *n = w->net;
    const uint32_t *t = w->metric[m]->time_ms;
    if (a->edge == JX_NONE || b->edge == JX_NONE) {
        return JX_UNREACHABLE;
    }
    uint32_t *d = malloc(n->n_nodes * sizeof *d), la = n->length_mm[a->edge], lb = n->length_mm[b->edge];
    assert_non_null(d);
    memset(d, 0xff, n->n_nodes * sizeof *d);
    uint32_t fwd = jx_part_ms(t[2 * a->edge], la - a->pos_mm, la), bwd = jx_part_ms(t[2 * a->edge + 1], a->pos_mm, la);
    d[n->to[a->edge]] = fwd;
    if (bwd < d[n->from[a->edge]]) {
        d[n->from[a->edge]] = bwd;
    }
    for (bool changed = true; changed;) {
        changed = false;
        for (uint32_t arc = 0; arc < 2 * n->n_edges; arc++) {
            uint32_t v = jx_add_ms(d[jx_arc_tail(n, arc)], t[arc]), h = jx_arc_head(n, arc);
            changed = changed || v < d[h];
            d[h] = v < d[h] ? v : d[h];
        }
    }
    uint32_t via_from = jx_add_ms(d[n->from[b->edge]], jx_part_ms(t[2 * b->edge], b->pos_mm, lb));
    uint32_t via_to = jx_add_ms(d[n->to[b->edge]], jx_part_ms(t[2 * b->edge + 1], lb - b->pos_mm, lb));
    uint32_t best = via_from < via_to ? via_from : via_to;
    if (a->edge == b->edge) {
        uint32_t direct = b->pos_mm >= a->pos_mm ? jx_part_ms(t[2 * a->edge], b->pos_mm - a->pos_mm, la) : JX_UNREACHABLE;
        uint32_t back = a->pos_mm >= b->pos_mm ? jx_part_ms(t[2 * a->edge + 1], a->pos_mm - b->pos_mm, la) : JX_UNREACHABLE;
        best = direct < best ? direct : best;
        best = back < best ? back : best;
    }
    free(d);
    return jx_add_ms(jx_add_ms(best, a->offroad_ms), b->offroad_ms);
}

/* The same table from the hierarchy, to the bit. */
static void check_hierarchy(const world *w, jx_mode m, jx_direction dir, const jx_snap *cells, const jx_snap *facs, uint32_t cutoff, const jx_table *want) {
    jx_ctx *ctx = w->t.ctx;
    jx_tables *maker;
    jx_table *t;
    assert_int_equal(jx_tables_new(ctx, w->net, w->metric[m], w->times[m], dir, cells, PLACES, &maker), JX_OK);
    assert_int_equal(jx_tables_make(ctx, maker, facs, 8, cutoff, &t), JX_OK);
    assert_memory_equal(t->row, want->row, (PLACES + 1) * sizeof *t->row);
    assert_memory_equal(t->entry, want->entry, t->row[PLACES] * sizeof *t->entry);
    assert_memory_equal(t->nearest, want->nearest, PLACES * sizeof *t->nearest);
    assert_memory_equal(t->nearest_ms, want->nearest_ms, PLACES * sizeof *t->nearest_ms);
    jx_table_free(ctx, t);
    jx_tables_free(ctx, maker);
}

static void check_table(const world *w, jx_mode m, jx_direction dir, const jx_snap *cells, const jx_snap *facs, uint32_t cutoff) {
    jx_table *t;
    assert_int_equal(jx_table_new(w->t.ctx, w->net, w->metric[m], dir, cells, PLACES, facs, 8, cutoff, &t), JX_OK);
    for (uint32_t c = 0; c < PLACES; c++) {
        uint64_t k = t->row[c];
        uint32_t best = JX_UNREACHABLE, best_f = JX_NONE, within = 0;
        for (uint32_t f = 0; f < 8; f++) {
            uint32_t ms = dir == JX_TO_FACILITY ? joint_time(w, m, &cells[c], &facs[f]) : joint_time(w, m, &facs[f], &cells[c]);
            within += ms <= cutoff && ms != JX_UNREACHABLE ? 1 : 0;
            if (ms < best) {
                best = ms;
                best_f = f;
            }
            for (uint64_t i = t->row[c]; i < t->row[c + 1]; i++) {
                if (t->entry[i].facility == f) {
                    assert_int_equal(t->entry[i].time_ms, ms);
                }
            }
        }
        assert_int_equal(t->row[c + 1] - t->row[c], within);
        assert_int_equal(t->nearest_ms[c], best);
        assert_int_equal(t->nearest[c], best_f);
        for (; k + 1 < t->row[c + 1]; k++) {
            assert_true(t->entry[k].time_ms < t->entry[k + 1].time_ms ||
                        (t->entry[k].time_ms == t->entry[k + 1].time_ms && t->entry[k].facility < t->entry[k + 1].facility));
        }
    }
    check_hierarchy(w, m, dir, cells, facs, cutoff, t);
    jx_table_free(w->t.ctx, t);
}

static void tables_equal_bellman_ford(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 25; seed++) {
        world w;
        jx_pt pt[PLACES];
        jx_snap snap[PLACES];
        world_start(&w, seed % 3 == 0 ? 2 : 0);
        draw(&w, seed, WAYS);
        places(seed, pt);
        for (int m = 0; m < JX_N_MODES; m++) {
            assert_int_equal(jx_snap_all(w.t.ctx, w.net, w.metric[m], jx_profiles_get(w.p, (jx_mode)m), pt, PLACES, snap), JX_OK);
            check_table(&w, (jx_mode)m, JX_TO_FACILITY, snap, snap + 11, 600000);
            check_table(&w, (jx_mode)m, JX_FROM_FACILITY, snap, snap + 5, UINT32_MAX - 1);
            check_table(&w, (jx_mode)m, JX_TO_FACILITY, snap, snap + 3, 0);
        }
        world_finish(&w);
    }
}

static double pts_length(const jx_route *r) {
    double mm = 0;
    for (uint32_t i = 0; i + 1 < r->n_pts; i++) {
        mm += jx_seg_mm(r->pts[i], r->pts[i + 1]);
    }
    return mm;
}

static void check_route(const world *w, jx_mode m, const jx_times *t, const jx_snap *a, const jx_snap *b) {
    const jx_network *n = w->net;
    jx_route r;
    assert_int_equal(jx_route_find(w->t.ctx, n, w->metric[m], t, a, b, &r), JX_OK);
    assert_int_equal(r.time_ms, joint_time(w, m, a, b));
    if (r.time_ms != JX_UNREACHABLE) {
        uint32_t ms = r.offroad_ms, at = JX_NONE;
        for (uint32_t i = 0; i < r.n_legs; i++) {
            const jx_route_leg *g = &r.leg[i];
            uint32_t len = n->length_mm[g->edge], from = g->begin_mm == 0 ? n->from[g->edge] : g->begin_mm == len ? n->to[g->edge] : JX_NONE;
            assert_true(g->begin_mm <= len && g->end_mm <= len && (g->backward ? g->begin_mm >= g->end_mm : g->begin_mm <= g->end_mm));
            assert_true(i == 0 || r.n_legs == 1 || at == from || len == 0); /* legs hang together */
            at = g->end_mm == 0 ? n->from[g->edge] : g->end_mm == len ? n->to[g->edge] : JX_NONE;
            if (len == 0) {
                at = g->backward ? n->from[g->edge] : n->to[g->edge];
            }
            ms += g->time_ms;
        }
        assert_int_equal(ms, r.time_ms);
        assert_true(fabs(pts_length(&r) - (double)r.length_mm) <= 30.0 * (r.n_pts + r.n_legs)); /* cut points are rounded to 1e-7 degrees */
        assert_true(r.n_pts > 0 && jx_pt_pt_m(r.pts[0], a->joint) < 0.05 && jx_pt_pt_m(r.pts[r.n_pts - 1], b->joint) < 0.05);
    }
    jx_route_release(w->t.ctx, &r);
}

/* People flow from the cells to the facilities and none is lost on the way: at every node as many leave as enter. */
static void check_load(const world *w, jx_mode m, jx_direction dir, const jx_snap *cells, const jx_snap *facs) {
    const jx_network *n = w->net;
    double people[PLACES], *load = malloc(2 * n->n_edges * sizeof *load), reached = -1, want = 0, most = 0;
    jx_table *t;
    assert_int_equal(jx_table_new(w->t.ctx, n, w->metric[m], dir, cells, PLACES, facs, 8, 0, &t), JX_OK);
    for (int i = 0; i < PLACES; i++) {
        people[i] = 1 << (i % 20);
        want += t->nearest_ms[i] != JX_UNREACHABLE ? people[i] : 0;
    }
    assert_int_equal(jx_network_load(w->t.ctx, n, w->metric[m], dir, cells, people, PLACES, facs, 8, load, &reached), JX_OK);
    assert_true(reached == want);
    for (uint32_t a = 0; a < 2 * n->n_edges; a++) {
        assert_true(load[a] >= 0 && (load[a] == 0 || w->metric[m]->time_ms[a] != JX_UNREACHABLE));
        most = load[a] > most ? load[a] : most;
    }
    assert_true(most <= 2 * want);
    for (uint32_t v = 0; v < n->n_nodes; v++) { /* nodes no place stands next to */
        double in = 0, out = 0;
        bool near = false;
        for (uint32_t i = n->first_arc[v]; i < n->first_arc[v + 1]; i++) {
            uint32_t a = n->arc[i];
            out += load[a];
            in += load[a ^ 1u];
            for (int k = 0; k < PLACES; k++) {
                near = near || cells[k].edge == a >> 1 || (k < 8 && facs[k].edge == a >> 1);
            }
        }
        assert_true(near || in == out);
    }
    free(load);
    jx_table_free(w->t.ctx, t);
}

static void routes_and_loads(void **state) {
    (void)state;
    for (uint64_t seed = 40; seed <= 60; seed++) {
        world w;
        jx_pt pt[PLACES];
        jx_snap snap[PLACES];
        world_start(&w, 0);
        draw(&w, seed, WAYS);
        places(seed, pt);
        for (int m = 0; m < JX_N_MODES; m++) {
            const jx_times *t = w.times[m];
            assert_int_equal(jx_snap_all(w.t.ctx, w.net, w.metric[m], jx_profiles_get(w.p, (jx_mode)m), pt, PLACES, snap), JX_OK);
            for (uint32_t i = 0; i < PLACES; i++) {
                for (uint32_t k = 0; k < PLACES; k += 3) {
                    check_route(&w, (jx_mode)m, t, &snap[i], &snap[k]);
                }
            }
            uint32_t ms[PLACES * PLACES], cutoff = seed % 2 ? 400000 : JX_UNREACHABLE;
            assert_int_equal(jx_matrix(w.t.ctx, w.net, w.metric[m], t, snap, PLACES, snap, PLACES, cutoff, ms), JX_OK);
            for (uint32_t i = 0; i < PLACES * PLACES; i++) {
                uint32_t want = joint_time(&w, (jx_mode)m, &snap[i / PLACES], &snap[i % PLACES]);
                assert_int_equal(ms[i], want <= cutoff ? want : JX_UNREACHABLE);
            }
            check_load(&w, (jx_mode)m, JX_TO_FACILITY, snap, snap + 4);
            check_load(&w, (jx_mode)m, JX_FROM_FACILITY, snap, snap + 9);
        }
        world_finish(&w);
    }
}

/* Promise 4: one street more, and nobody's time between any two old junctions gets longer. */
static void a_street_more_never_lengthens(void **state) {
    (void)state;
    for (uint64_t seed = 100; seed < 115; seed++) {
        world a, b;
        world_start(&a, 0);
        world_start(&b, 0);
        draw(&a, seed, WAYS);
        draw(&b, seed, WAYS + 6);
        for (int m = 0; m < JX_N_MODES; m++) {
            for (uint32_t i = 0; i < NODES; i += 3) {
                for (uint32_t k = 0; k < NODES; k += 4) {
                    assert_true(between(&b, (jx_mode)m, i, k) <= between(&a, (jx_mode)m, i, k));
                }
            }
        }
        world_finish(&a);
        world_finish(&b);
    }
}

/* The joint is the nearest point of any usable street: held against looking at every segment. */
static void joints_are_nearest(void **state) {
    (void)state;
    for (uint64_t seed = 300; seed < 310; seed++) {
        world w;
        jx_pt pt[PLACES];
        jx_snap snap[PLACES];
        world_start(&w, 0);
        draw(&w, seed, WAYS);
        places(seed, pt);
        for (int m = 0; m < JX_N_MODES; m++) {
            assert_int_equal(jx_snap_all(w.t.ctx, w.net, w.metric[m], jx_profiles_get(w.p, (jx_mode)m), pt, PLACES, snap), JX_OK);
            for (int i = 0; i < PLACES; i++) {
                double best = HUGE_VAL;
                for (uint32_t e = 0; e < w.net->n_edges; e++) {
                    if (!(w.net->access[e] & (JX_ACCESS_BIT(m, false) | JX_ACCESS_BIT(m, true))) || (w.net->island[e] & (1u << m)) || w.net->cls[e] == JX_ROAD_BARRIER) {
                        continue;
                    }
                    for (uint64_t g = w.net->geom_off[e]; g + 1 < w.net->geom_off[e + 1]; g++) {
                        double t, d = jx_pt_seg_m(pt[i], w.net->geom[g], w.net->geom[g + 1], &t);
                        best = d < best ? d : best;
                    }
                }
                if (snap[i].edge == JX_NONE) {
                    assert_true(best > jx_profiles_get(w.p, (jx_mode)m)->offroad_max_m);
                } else {
                    assert_true(fabs(snap[i].offroad_mm / 1e3 - best) < 0.01);
                    assert_true(fabs(jx_pt_pt_m(pt[i], snap[i].joint) - best) < 0.05);
                    assert_true(snap[i].pos_mm <= w.net->length_mm[snap[i].edge]);
                }
            }
        }
        world_finish(&w);
    }
}

static void partial_edges(void **state) {
    (void)state;
    assert_int_equal(jx_part_ms(1000, 0, 10), 0);
    assert_int_equal(jx_part_ms(1000, 10, 10), 1000);
    assert_int_equal(jx_part_ms(JX_UNREACHABLE, 1, 10), JX_UNREACHABLE);
    assert_int_equal(jx_part_ms(7, 0, 0), 7);
    assert_int_equal(jx_part_ms(UINT32_MAX - 1, UINT32_MAX - 2, UINT32_MAX - 2), UINT32_MAX - 1);
    assert_int_equal(jx_add_ms(JX_UNREACHABLE, 5), JX_UNREACHABLE);
    assert_int_equal(jx_add_ms(UINT32_MAX - 3, 5), JX_UNREACHABLE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_ways),           cmocka_unit_test(access_and_implied),        cmocka_unit_test(barriers_stop_whom_they_stop),
        cmocka_unit_test(limits_and_surfaces), cmocka_unit_test(contraction_keeps_geometry), cmocka_unit_test(tables_equal_bellman_ford), cmocka_unit_test(routes_and_loads),
        cmocka_unit_test(a_street_more_never_lengthens), cmocka_unit_test(joints_are_nearest), cmocka_unit_test(partial_edges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
