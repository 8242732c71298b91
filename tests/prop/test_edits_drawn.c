/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Edits are what the same change drawn into the extract would be: its roads, its times on slopes, its turn restrictions. */
#include <math.h>

#include "edits.h"
#include "junxian/turns.h"

/* ---- the same road drawn into the extract ------------------------------------------------------------------------------------------- */

/* Streets with bends; a road from bend to bend, once as an edit and once as a way of the extract that shares the bends' nodes. */
static void draw_bends(world *w, uint64_t seed, bool with_road, jx_pt ends[2]) {
    uint64_t k = 0;
    uint32_t bend[10];
    world_start(w, 0);
    for (int i = 0; i < 20; i++, k += 2) {
        mini_node(&w->m, dice(seed, k) * 2000, dice(seed, k + 1) * 2000, "");
    }
    for (int i = 0; i < 10; i++, k += 5) {
        static const char *const tags[] = {"highway=residential", "highway=secondary,maxspeed=60", "highway=residential,oneway=yes"};
        bend[i] = mini_node(&w->m, dice(seed, k) * 2000, dice(seed, k + 1) * 2000, "");
        MINI_WAY(&w->m, tags[(size_t)(dice(seed, k + 2) * 3)], (uint32_t)(dice(seed, k + 3) * 20), bend[i], (uint32_t)(dice(seed, k + 4) * 20));
    }
    for (int i = 0; i < 25; i++, k += 2) {
        MINI_WAY(&w->m, "highway=residential", (uint32_t)(dice(seed, k) * 20), (uint32_t)(dice(seed, k + 1) * 20));
    }
    ends[0] = w->m.x->node_pt[bend[seed % 10]];
    ends[1] = w->m.x->node_pt[bend[(seed + 3) % 10]];
    if (with_road) {
        MINI_WAY(&w->m, "highway=unclassified", bend[seed % 10], bend[(seed + 3) % 10]);
    }
    world_build(w);
}

/* Islands of both, street by street: cut streets of the edited network by their pieces. */
static uint32_t same_islands(const jx_edited *ed, const jx_network *drawn, int64_t road) {
    const jx_network *n = ed->net;
    uint32_t k = 0;
    for (uint32_t e = 0; e < n->n_edges; e++) {
        int64_t way = n->way_id[e] < 0 ? road : n->way_id[e];
        for (uint32_t f = 0; f < drawn->n_edges; f++) {
            jx_pt a = n->node[n->from[e]], b = n->node[n->to[e]], c = drawn->node[drawn->from[f]], d = drawn->node[drawn->to[f]];
            if (drawn->way_id[f] == way && a.lon == c.lon && a.lat == c.lat && b.lon == d.lon && b.lat == d.lat && n->length_mm[e] == drawn->length_mm[f]) {
                assert_int_equal(n->island[e], drawn->island[f]);
                k++;
            }
        }
    }
    return k;
}

static void a_road_is_a_way_of_the_extract(void **state) {
    (void)state;
    uint32_t compared = 0;
    for (uint64_t seed = 301; seed <= 340; seed++) {
        world w, drawn;
        jx_pt ends[2], pt[PLACES] = {{0, 0}};
        jx_snap snap[PLACES];
        jx_overlay *o;
        draw_bends(&drawn, seed, true, ends);
        draw_bends(&w, seed, false, ends);
        memset(snap, 0xff, sizeof snap);
        assert_int_equal(jx_overlay_new(w.t.ctx, NULL, &o), JX_OK);
        jx_edit road = {.kind = JX_EDIT_ROAD, .access = JX_ACCESS_ALL, .cls = JX_ROAD_UNCLASSIFIED, .join_m = 1, .pts = ends, .n_pts = 2};
        assert_int_equal(jx_overlay_add(w.t.ctx, o, &road), JX_OK);
        for (int m = 0; m < JX_N_MODES; m++) {
            edited e;
            apply(&w, o, (jx_mode)m, pt, snap, &e);
            compared += same_islands(e.ed, drawn.net, drawn.m.x->n_ways);
            for (uint32_t a = 0; a < 30; a += 3) {
                for (uint32_t b = 0; b < 30; b += 2) {
                    jx_pt p = w.m.x->node_pt[a], q = w.m.x->node_pt[b];
                    bool known = false, known2 = false; /* bends without a road are no nodes */
                    for (uint32_t v = 0; v < e.ed->net->n_nodes; v++) {
                        known = known || memcmp(&e.ed->net->node[v], &p, sizeof p) == 0;
                        known2 = known2 || memcmp(&e.ed->net->node[v], &q, sizeof q) == 0;
                    }
                    if (known && known2) {
                        assert_int_equal(mini_slow_time(e.ed->net, e.metric->time_ms, p, q), mini_slow_time(drawn.net, drawn.metric[m]->time_ms, p, q));
                    }
                }
            }
            unapply(&w, &e);
        }
        jx_overlay_free(w.t.ctx, o);
        world_finish(&w);
        world_finish(&drawn);
    }
    assert_true(compared > 1000);
}

/* A main street of 5 km, and an island of 600 m with bends that a dead end of 100 m joins: drawn, or as an edit. */
static void draw_island(world *w, bool drawn, jx_pt road[2]) {
    world_start(w, 0);
    MINI_WAY(&w->m, "highway=residential", mini_node(&w->m, 0, 0, ""), mini_node(&w->m, 5000, 0, ""));
    uint32_t a = mini_node(&w->m, 1000, 900, ""), b = mini_node(&w->m, 1300, 900, ""), c = mini_node(&w->m, 1600, 900, ""), d = mini_node(&w->m, 1300, 1000, "");
    MINI_WAY(&w->m, "highway=residential", a, b, c);
    if (drawn) {
        MINI_WAY(&w->m, "highway=residential", b, d);
    }
    road[0] = w->m.x->node_pt[b];
    road[1] = w->m.x->node_pt[d];
    world_build(w);
}

static void cut_streets_count_once(void **state) {
    (void)state;
    for (int closed = 0; closed < 2; closed++) { /* closing moves no joint: an island is one with its street closed, too */
        world w, drawn;
        jx_pt road[2];
        jx_overlay *o;
        jx_edited *ed;
        draw_island(&drawn, true, road);
        draw_island(&w, false, road);
        assert_int_equal(jx_overlay_new(w.t.ctx, NULL, &o), JX_OK);
        jx_edit e = {.kind = JX_EDIT_ROAD, .access = JX_ACCESS_ALL, .cls = JX_ROAD_RESIDENTIAL, .join_m = 10, .pts = road, .n_pts = 2};
        assert_int_equal(jx_overlay_add(w.t.ctx, o, &e), JX_OK);
        if (closed) {
            assert_int_equal(jx_overlay_add(w.t.ctx, o, &(jx_edit){.kind = JX_EDIT_CLOSE, .edge = 1, .access = 63}), JX_OK);
        }
        assert_int_equal(jx_edited_new(w.t.ctx, w.net, w.p, o, &ed), JX_OK);
        assert_int_equal(ed->net->n_edges, 5);
        assert_int_equal(same_islands(ed, drawn.net, 3), 4); /* all but the street that was cut */
        for (uint32_t f = 1; f < 5; f++) {
            assert_int_equal(ed->net->island[f], 7);
        }
        for (int m = 0; m < JX_N_MODES; m++) {
            assert_int_equal(ed->net->n_islands[m], drawn.net->n_islands[m]);
            assert_near(ed->net->island_km[m], drawn.net->island_km[m], 1e-9);
        }
        jx_edited_free(w.t.ctx, ed);
        jx_overlay_free(w.t.ctx, o);
        world_finish(&w);
        world_finish(&drawn);
    }
}

/* ---- on slopes ---------------------------------------------------------------------------------------------------------------------- */

static double bumps(double x, double y) { return 300 + 0.1 * x + 60 * sin(x / 300) * cos(y / 250); }
static double plane(double x, double y) { return 500 + 0.3 * x + 0 * y; }

static jx_terrain *terrain_of(const world *w, mini_relief h) {
    jx_field f;
    jx_terrain *t;
    mini_heights(w->t.ctx, h, &f);
    assert_int_equal(jx_terrain_new(w->t.ctx, &f, w->p, &t), JX_OK);
    jx_field_release(w->t.ctx, &f);
    return t;
}

static void new_roads_follow_the_ground(void **state) {
    (void)state;
    uint32_t differ = 0;
    for (uint64_t seed = 501; seed <= 530; seed++) {
        world w, drawn;
        jx_pt ends[2];
        jx_overlay *o;
        jx_edited *ed;
        draw_bends(&drawn, seed, true, ends);
        draw_bends(&w, seed, false, ends);
        jx_edit road = {.kind = JX_EDIT_ROAD, .access = JX_ACCESS_ALL, .cls = JX_ROAD_UNCLASSIFIED, .join_m = 1, .pts = ends, .n_pts = 2};
        assert_int_equal(jx_overlay_new(w.t.ctx, NULL, &o), JX_OK);
        assert_int_equal(jx_overlay_add(w.t.ctx, o, &road), JX_OK);
        assert_int_equal(jx_edited_new(w.t.ctx, w.net, w.p, o, &ed), JX_OK);
        jx_terrain *t = terrain_of(&w, bumps);
        for (int m = 0; m < JX_N_MODES; m++) {
            const jx_profile *p = jx_profiles_get(w.p, (jx_mode)m);
            jx_metric *base, *got, *want;
            assert_int_equal(jx_metric_new_on(w.t.ctx, w.net, p, t, &base), JX_OK);
            assert_int_equal(jx_edited_metric(w.t.ctx, ed, p, t, base, &got), JX_OK);
            assert_int_equal(jx_metric_new_on(drawn.t.ctx, drawn.net, p, t, &want), JX_OK);
            for (uint32_t b = 0; b < 2; b++) {
                uint64_t ms = mini_way_ms(ed->net, got->time_ms, -1, b);
                assert_int_equal(ms, mini_way_ms(drawn.net, want->time_ms, drawn.m.x->n_ways, b));
                differ += ms != mini_way_ms(drawn.net, drawn.metric[m]->time_ms, drawn.m.x->n_ways, b) ? 1 : 0;
            }
            jx_metric_free(w.t.ctx, base);
            jx_metric_free(w.t.ctx, got);
            jx_metric_free(drawn.t.ctx, want);
        }
        jx_terrain_free(w.t.ctx, t);
        jx_edited_free(w.t.ctx, ed);
        jx_overlay_free(w.t.ctx, o);
        world_finish(&w);
        world_finish(&drawn);
    }
    assert_true(differ > 80); /* two modes of three follow slopes */
}

/* Tobler's function by hand on a slope of 30 %, with two junctions on the way: the road is one way. */
static void a_steep_road_is_slow(void **state) {
    (void)state;
    world w;
    jx_overlay *o;
    jx_edited *ed;
    jx_metric *base, *m;
    world_start(&w, 0);
    MINI_WAY(&w.m, "highway=residential", mini_node(&w.m, 0, -1, ""), mini_node(&w.m, 0, 500, ""));
    world_build(&w);
    mini_node(&w.m, 0, 100, "");
    mini_node(&w.m, 2778, 100, "");
    mini_node(&w.m, 1000, 100, "");
    mini_node(&w.m, 1000, 900, "");
    jx_terrain *t = terrain_of(&w, plane);
    const jx_profile *p = jx_profiles_get(w.p, JX_WALK);
    jx_edit road = {.kind = JX_EDIT_ROAD, .access = 3, .cls = JX_ROAD_RESIDENTIAL, .join_m = 1, .pts = w.m.x->node_pt + 2, .n_pts = 2}, side = road;
    side.pts += 2;
    assert_int_equal(jx_overlay_new(w.t.ctx, NULL, &o), JX_OK);
    assert_int_equal(jx_overlay_add(w.t.ctx, o, &road), JX_OK);
    assert_int_equal(jx_overlay_add(w.t.ctx, o, &side), JX_OK);
    assert_int_equal(jx_metric_new_on(w.t.ctx, w.net, p, t, &base), JX_OK);
    for (int k = 0; k < 3; k++) { /* as it is, twice as fast, at 10 km/h */
        if (k) {
            jx_edit e = {.kind = JX_EDIT_SPEED, .edge = JX_NONE, .access = 3, .factor = k == 1 ? 2 : 0, .kmh = k == 2 ? 10 : 0};
            assert_int_equal(jx_overlay_add(w.t.ctx, o, &e), JX_OK);
        }
        assert_int_equal(jx_edited_new(w.t.ctx, w.net, w.p, o, &ed), JX_OK);
        assert_int_equal(jx_edited_metric(w.t.ctx, ed, p, t, base, &m), JX_OK);
        double level = 2778 / (p->speed_kmh[JX_ROAD_RESIDENTIAL] / 3.6) * 1000, up = exp(3.5 * 0.3), down = exp(3.5 * 0.2), by = k == 1 ? 2 : 1;
        double at_10 = 2778 / (10 / 3.6) * 1000;
        assert_near((double)mini_way_ms(ed->net, m->time_ms, -1, 0), k == 2 ? at_10 : level * up / by, 0.005 * level * up);
        assert_near((double)mini_way_ms(ed->net, m->time_ms, -1, 1), k == 2 ? at_10 : level * down / by, 0.005 * level * down);
        jx_metric_free(w.t.ctx, m);
        jx_edited_free(w.t.ctx, ed);
    }
    jx_metric_free(w.t.ctx, base);
    jx_terrain_free(w.t.ctx, t);
    jx_overlay_free(w.t.ctx, o);
    world_finish(&w);
}

static void draw_closed(world *w, uint64_t seed, bool closed) {
    world_start(w, 0);
    for (uint64_t i = 0; i < 20; i++) {
        mini_node(&w->m, dice(seed, 2 * i) * 2000, dice(seed, 2 * i + 1) * 2000, "");
    }
    for (uint64_t i = 0; i < 20; i++) {
        uint32_t at[4];
        for (uint64_t k = 0; k < 4; k++) {
            at[k] = (uint32_t)(dice(seed, 100 + 4 * i + k) * 20);
        }
        MINI_WAY(&w->m, closed && i % 2 ? "highway=residential,foot=no,bicycle=no" : "highway=residential", at[0], at[1], at[2], at[3]);
    }
    world_build(w);
}

/* Every other edge of closed ways opened: these have the times of the map that has them open, all others those they had. */
static void opened_streets_follow_the_ground(void **state) {
    (void)state;
    uint32_t opened = 0;
    for (uint64_t seed = 601; seed <= 620; seed++) {
        world w, open;
        jx_overlay *o;
        jx_edited *ed;
        draw_closed(&w, seed, true);
        draw_closed(&open, seed, false);
        assert_int_equal(w.net->n_edges, open.net->n_edges);
        jx_terrain *t = terrain_of(&w, bumps);
        assert_int_equal(jx_overlay_new(w.t.ctx, NULL, &o), JX_OK);
        for (uint32_t e = 0; e < w.net->n_edges; e += 2) {
            assert_int_equal(jx_overlay_add(w.t.ctx, o, &(jx_edit){.kind = JX_EDIT_OPEN, .edge = e, .access = 63}), JX_OK);
        }
        assert_int_equal(jx_edited_new(w.t.ctx, w.net, w.p, o, &ed), JX_OK);
        for (int m = 0; m < JX_N_MODES; m++) {
            const jx_profile *p = jx_profiles_get(w.p, (jx_mode)m);
            jx_metric *base, *got, *want;
            assert_int_equal(jx_metric_new_on(w.t.ctx, w.net, p, t, &base), JX_OK);
            assert_int_equal(jx_edited_metric(w.t.ctx, ed, p, t, base, &got), JX_OK);
            assert_int_equal(jx_metric_new_on(open.t.ctx, open.net, p, t, &want), JX_OK);
            for (uint32_t a = 0; a < 2 * w.net->n_edges; a++) {
                assert_int_equal(got->time_ms[a], (a / 2) % 2 ? base->time_ms[a] : want->time_ms[a]);
                opened += got->time_ms[a] != base->time_ms[a] ? 1 : 0;
            }
            jx_metric_free(w.t.ctx, base);
            jx_metric_free(w.t.ctx, got);
            jx_metric_free(open.t.ctx, want);
        }
        jx_terrain_free(w.t.ctx, t);
        jx_edited_free(w.t.ctx, ed);
        jx_overlay_free(w.t.ctx, o);
        world_finish(&w);
        world_finish(&open);
    }
    assert_true(opened > 500);
}

/* ---- the same with turn restrictions ------------------------------------------------------------------------------------------------- */

static bool same_pt(jx_pt a, jx_pt b) { return a.lon == b.lon && a.lat == b.lat; }

/* The arc of a way that leads into (out of) the node at `via`; JX_NONE: none or more than one. */
static uint32_t arc_at(const jx_network *n, int64_t way, jx_pt via, bool into) {
    uint32_t found = JX_NONE, k = 0;
    for (uint32_t a = 0; a < 2 * n->n_edges; a++) {
        if (n->way_id[a >> 1] == way && same_pt(n->node[into ? jx_arc_head(n, a) : jx_arc_tail(n, a)], via)) {
            found = a;
            k++;
        }
    }
    return k == 1 ? found : JX_NONE;
}

/* Rules from one way into another over a junction, half of them commands; on both networks or on none. */
static uint32_t make_rules(uint64_t seed, const world *a, const world *b) {
    jx_turn_rules *t[2] = {&a->net->turns, &b->net->turns};
    jx_ctx *ctx[2] = {a->t.ctx, b->t.ctx};
    enum { TRIES = 60 };
    for (int k = 0; k < 2; k++) {
        void *const empty[] = {t[k]->off, t[k]->arc, t[k]->kind, t[k]->modes, t[k]->relation};
        for (int q = 0; q < 5; q++) {
            jx_free(ctx[k], empty[q]);
        }
        t[k]->off = jx_calloc(ctx[k], TRIES + 1, sizeof(uint32_t));
        t[k]->arc = jx_calloc(ctx[k], 2 * TRIES, sizeof(uint32_t));
        t[k]->kind = jx_calloc(ctx[k], TRIES, 1);
        t[k]->modes = jx_calloc(ctx[k], TRIES, 1);
        t[k]->relation = jx_calloc(ctx[k], TRIES, sizeof(int64_t));
        assert_true(t[k]->off && t[k]->arc && t[k]->kind && t[k]->modes && t[k]->relation);
    }
    for (uint64_t i = 0; i < TRIES; i++) {
        uint32_t v = (uint32_t)(dice(seed, 40000 + 3 * i) * a->net->n_nodes), d = a->net->first_arc[v + 1] - a->net->first_arc[v];
        if (d < 2) {
            continue;
        }
        const uint32_t *row = a->net->arc + a->net->first_arc[v];
        int64_t from = a->net->way_id[row[(uint32_t)(dice(seed, 40001 + 3 * i) * d)] >> 1], to = a->net->way_id[row[(uint32_t)(dice(seed, 40002 + 3 * i) * d)] >> 1];
        jx_pt via = a->net->node[v];
        uint32_t arc[2][2] = {{arc_at(a->net, from, via, true), arc_at(a->net, to, via, false)}, {arc_at(b->net, from, via, true), arc_at(b->net, to, via, false)}};
        bool ok = arc[0][0] != JX_NONE && arc[0][1] != JX_NONE && arc[1][0] != JX_NONE && arc[1][1] != JX_NONE;
        for (int k = 0; ok && k < 2; k++) {
            t[k]->arc[2 * t[k]->n] = arc[k][0];
            t[k]->arc[2 * t[k]->n + 1] = arc[k][1];
            t[k]->kind[t[k]->n] = i % 2 ? JX_TURN_ONLY : JX_TURN_NO;
            t[k]->modes[t[k]->n] = 1u << JX_CAR;
            t[k]->n++;
            t[k]->off[t[k]->n] = 2 * t[k]->n;
        }
    }
    return t[0]->n;
}

static void turned_matrix(const world *w, const jx_network *net, const jx_metric *m, const jx_snap *s, uint32_t n, uint32_t *ms) {
    jx_network *turned;
    jx_metric *tm;
    jx_table *t;
    assert_int_equal(jx_turned_new(w->t.ctx, net, m, jx_profiles_get(w->p, JX_CAR), &turned, &tm), JX_OK);
    assert_int_equal(jx_table_new(w->t.ctx, turned, tm, JX_TO_FACILITY, s, n, s, n, UINT32_MAX - 1, &t), JX_OK);
    memset(ms, 0xff, (size_t)n * n * 4);
    for (uint32_t i = 0; i < n; i++) {
        for (uint64_t k = t->row[i]; k < t->row[i + 1]; k++) {
            ms[i * n + t->entry[k].facility] = t->entry[k].time_ms;
        }
    }
    jx_table_free(w->t.ctx, t);
    jx_metric_free(w->t.ctx, tm);
    jx_network_free(w->t.ctx, turned);
}

/* Cars between places on streets that were not cut: rules moved to the pieces say what rules on the drawn road say. */
static void rules_move_to_pieces(void **state) {
    (void)state;
    uint32_t rules = 0, compared = 0, differ = 0;
    for (uint64_t seed = 401; seed <= 460; seed++) {
        world w, drawn;
        jx_pt ends[2];
        jx_overlay *o;
        jx_edited *ed;
        jx_edited_cut cut;
        jx_metric *m;
        jx_snap a[12], b[12];
        uint32_t n = 0, got[144], want[144], free_of_rules[144];
        draw_bends(&drawn, seed, true, ends);
        draw_bends(&w, seed, false, ends);
        rules += make_rules(seed, &w, &drawn);
        jx_edit road = {.kind = JX_EDIT_ROAD, .access = JX_ACCESS_ALL, .cls = JX_ROAD_UNCLASSIFIED, .join_m = 1, .pts = ends, .n_pts = 2};
        assert_int_equal(jx_overlay_new(w.t.ctx, NULL, &o), JX_OK);
        assert_int_equal(jx_overlay_add(w.t.ctx, o, &road), JX_OK);
        assert_int_equal(jx_edited_new(w.t.ctx, w.net, w.p, o, &ed), JX_OK);
        assert_int_equal(jx_edited_metric(w.t.ctx, ed, jx_profiles_get(w.p, JX_CAR), NULL, w.metric[JX_CAR], &m), JX_OK);
        assert_int_equal(jx_edited_cut_init(w.t.ctx, ed, m, &cut), JX_OK);
        for (uint32_t e = 0; e < w.net->n_edges && n < 12; e++) { /* the same street on both, whole */
            for (uint32_t f = 0; f < drawn.net->n_edges && n < 12; f++) {
                if (drawn.net->way_id[f] == w.net->way_id[e] && drawn.net->length_mm[f] == w.net->length_mm[e] && cut.metric.time_ms[2 * e] != JX_UNREACHABLE &&
                    same_pt(drawn.net->node[drawn.net->from[f]], w.net->node[w.net->from[e]]) && same_pt(drawn.net->node[drawn.net->to[f]], w.net->node[w.net->to[e]])) {
                    a[n] = (jx_snap){.edge = e, .pos_mm = w.net->length_mm[e] / 3};
                    b[n++] = (jx_snap){.edge = f, .pos_mm = w.net->length_mm[e] / 3};
                }
            }
        }
        turned_matrix(&w, &cut.net, &cut.metric, a, n, got);
        turned_matrix(&drawn, drawn.net, drawn.metric[JX_CAR], b, n, want);
        drawn.net->turns.n = 0;
        turned_matrix(&drawn, drawn.net, drawn.metric[JX_CAR], b, n, free_of_rules);
        for (uint32_t i = 0; i < n * n; i++, compared++) {
            assert_int_equal(got[i], want[i]);
            differ += want[i] != free_of_rules[i] ? 1 : 0;
        }
        jx_edited_cut_release(w.t.ctx, &cut);
        jx_metric_free(w.t.ctx, m);
        jx_edited_free(w.t.ctx, ed);
        jx_overlay_free(w.t.ctx, o);
        world_finish(&w);
        world_finish(&drawn);
    }
    assert_true(rules > 100 && compared > 1000 && differ > 50);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_road_is_a_way_of_the_extract),
        cmocka_unit_test(cut_streets_count_once),
        cmocka_unit_test(new_roads_follow_the_ground),
        cmocka_unit_test(a_steep_road_is_slow),
        cmocka_unit_test(opened_streets_follow_the_ground),
        cmocka_unit_test(rules_move_to_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
