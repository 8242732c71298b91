/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Edits on networks drawn by chance: equal to building anew, undone by their inverses, and a new road never makes a way longer. */
#include "edits.h"
#include "oom.h"

static void draw(world *w, uint64_t seed) { world_draw(w, seed, 3, 50); }
static jx_pt spot(uint64_t seed, uint64_t k) { return mini_spot(seed, 3, k); }

static jx_edit some_road(uint64_t seed, uint64_t k, jx_pt pts[3]) {
    uint32_t n = 2 + (uint32_t)(dice(seed, k) * 2);
    for (uint32_t i = 0; i < n; i++) {
        pts[i] = spot(seed, 500 + 3 * k + i);
    }
    uint8_t access = (uint8_t[]){63, 63, 16, 3, 63 - 32}[(size_t)(dice(seed, k + 7) * 5)];
    return (jx_edit){.kind = JX_EDIT_ROAD, .access = access, .cls = dice(seed, k + 8) < 0.5 ? JX_ROAD_RESIDENTIAL : JX_ROAD_PRIMARY,
                     .maxspeed = dice(seed, k + 9) < 0.3 ? 50 : 0, .join_m = 2000, .name = "new road", .pts = pts, .n_pts = n};
}

static void some_edits(const world *w, uint64_t seed, uint32_t n, bool roads_only, jx_overlay *o) {
    uint32_t roads = 0;
    for (uint64_t i = 0; i < n; i++) {
        jx_pt pts[3];
        uint64_t k = 100 * (i + 1);
        double what = roads_only ? 0 : dice(seed, k + 20);
        jx_edit e = {.edge = (uint32_t)(dice(seed, k + 21) * w->net->n_edges), .access = (uint8_t)(1 + dice(seed, k + 22) * 63)};
        if (dice(seed, k + 23) < 0.3 && roads) {
            e.edge = JX_NONE;
            e.road = (uint32_t)(dice(seed, k + 24) * roads);
        }
        if (what < 0.4) {
            e = some_road(seed, k, pts);
            roads++;
        } else if (what < 0.6) {
            e.kind = JX_EDIT_CLOSE;
        } else if (what < 0.7) {
            e.kind = JX_EDIT_OPEN;
        } else if (what < 0.9) {
            e.kind = JX_EDIT_SPEED;
            e.kmh = dice(seed, k + 25) < 0.5 ? 1 + dice(seed, k + 26) * 90 : 0;
            e.factor = dice(seed, k + 27) < 0.5 ? 0.2 + dice(seed, k + 28) * 3 : 0;
        } else {
            e = (jx_edit){.kind = JX_EDIT_JOINT, .place = spot(seed, (uint64_t)(dice(seed, k + 29) * PLACES)), .at = spot(seed, 300 + i), .on = true};
        }
        assert_int_equal(jx_overlay_add(w->t.ctx, o, &e), JX_OK);
    }
}

/* Everything a network is, so that a test can say that it has not changed. */
static uint64_t print_of(const world *w) {
    const jx_network *n = w->net;
    uint64_t x = jx_hash64(n->access, n->n_edges, 1);
    x = jx_hash64(n->from, n->n_edges * 4, x);
    x = jx_hash64(n->geom, n->geom_off[n->n_edges] * sizeof(jx_pt), x);
    x = jx_hash64(n->arc, 8 * (size_t)n->n_edges, x);
    x = jx_hash64(n->island, n->n_edges, x);
    x = jx_hash64(w->h->head, w->h->n_arcs * 4, x);
    for (int m = 0; m < JX_N_MODES; m++) {
        x = jx_hash64(w->metric[m]->time_ms, 8 * (size_t)n->n_edges, x);
        x = jx_hash64(w->times[m]->weight, w->h->n_arcs * sizeof(jx_pair), x);
    }
    return x;
}

/* ---- equal to building anew ------------------------------------------------------------------------------------------------------ */

static void check_network(const jx_network *n) {
    for (uint32_t e = 0; e < n->n_edges; e++) {
        assert_true(n->from[e] < n->n_nodes && n->to[e] < n->n_nodes && n->geom_off[e + 1] - n->geom_off[e] >= 2);
        const jx_pt *a = &n->geom[n->geom_off[e]], *b = &n->geom[n->geom_off[e + 1] - 1];
        assert_memory_equal(a, &n->node[n->from[e]], sizeof *a);
        assert_memory_equal(b, &n->node[n->to[e]], sizeof *b);
    }
    uint32_t *seen = calloc(2 * n->n_edges, sizeof *seen);
    assert_int_equal(n->first_arc[n->n_nodes], 2 * n->n_edges);
    for (uint32_t v = 0; v < n->n_nodes; v++) {
        for (uint32_t i = n->first_arc[v]; i < n->first_arc[v + 1]; i++) {
            assert_int_equal(jx_arc_tail(n, n->arc[i]), v);
            assert_true(i == n->first_arc[v] || n->arc[i] > n->arc[i - 1]);
            seen[n->arc[i]]++;
        }
    }
    for (uint32_t a = 0; a < 2 * n->n_edges; a++) {
        assert_int_equal(seen[a], 1);
    }
    free(seen);
}

/* Bellman-Ford from all nodes at once would be slow: from a few, over the edited network's own arcs. */
static void check_ways(const world *w, const edited *e, uint64_t seed) {
    const jx_network *n = e->ed->net;
    jx_hierarchy *fresh;
    jx_times *want;
    jx_sweep *s, *f;
    mini_hierarchy(w->t.ctx, n, &fresh);
    assert_int_equal(jx_times_new(w->t.ctx, fresh, e->metric->time_ms, &want), JX_OK);
    assert_int_equal(jx_sweep_new(w->t.ctx, e->times, &(jx_sweep_options){.dir = JX_FROM_FACILITY}, &s), JX_OK);
    assert_int_equal(jx_sweep_new(w->t.ctx, want, &(jx_sweep_options){.dir = JX_FROM_FACILITY}, &f), JX_OK);
    uint32_t *d = malloc(n->n_nodes * sizeof *d);
    for (uint64_t i = 0; i < 3; i++) {
        uint32_t from = (uint32_t)(dice(seed, i) * n->n_nodes);
        const uint32_t *ms, *place, *ms2, *place2;
        memset(d, 0xff, n->n_nodes * sizeof *d);
        d[from] = 0;
        for (bool changed = true; changed;) {
            changed = false;
            for (uint32_t a = 0; a < 2 * n->n_edges; a++) {
                uint32_t t = jx_add_ms(d[jx_arc_tail(n, a)], e->metric->time_ms[a]), h = jx_arc_head(n, a);
                changed = changed || t < d[h];
                d[h] = t < d[h] ? t : d[h];
            }
        }
        assert_int_equal(jx_sweep_one(w->t.ctx, s, from, &ms, &place), JX_OK);
        assert_int_equal(jx_sweep_one(w->t.ctx, f, from, &ms2, &place2), JX_OK);
        for (uint32_t v = 0; v < n->n_nodes; v++) {
            assert_int_equal(ms[place[e->h->rank[v]]], d[v]);
            assert_int_equal(ms2[place2[fresh->rank[v]]], d[v]);
        }
    }
    free(d);
    jx_sweep_free(w->t.ctx, s);
    jx_sweep_free(w->t.ctx, f);
    jx_times_free(w->t.ctx, want);
    jx_hierarchy_free(w->t.ctx, fresh);
}

/* Folded matrix and table against the plain table of one joint at a time, by Dijkstra. */
static void check_tables(const world *w, const edited *e, jx_direction dir) {
    jx_ctx *ctx = w->t.ctx;
    jx_joints facs = {.n = FACS, .n_all = FACS, .snap = e->j.snap}, to = e->j;
    uint32_t got[PLACES * PLACES], want[PLACES * PLACES];
    assert_int_equal(jx_joints_matrix(ctx, e->ed->net, e->metric, e->times, &e->j, &to, JX_UNREACHABLE, got), JX_OK);
    memset(want, 0xff, sizeof want);
    jx_table *t;
    assert_int_equal(jx_table_new(ctx, e->ed->net, e->metric, JX_TO_FACILITY, e->j.snap, e->j.n_all, e->j.snap, e->j.n_all, UINT32_MAX - 1, &t), JX_OK);
    for (uint32_t i = 0; i < e->j.n_all; i++) {
        for (uint64_t k = t->row[i]; k < t->row[i + 1]; k++) {
            uint32_t a = i < PLACES ? i : e->j.owner[i - PLACES], f = t->entry[k].facility, b = f < PLACES ? f : e->j.owner[f - PLACES];
            uint32_t *at = &want[a * PLACES + b];
            *at = t->entry[k].time_ms < *at ? t->entry[k].time_ms : *at;
        }
    }
    jx_table_free(ctx, t);
    assert_memory_equal(got, want, sizeof want);
    /* tables: the same numbers as the matrix, in rows */
    facs.n_all = FACS;
    assert_int_equal(jx_joints_table(ctx, e->ed->net, e->metric, e->times, dir, &e->j, &facs, 900000, &t), JX_OK);
    jx_joints one = {.n = FACS, .n_all = FACS, .snap = facs.snap};
    uint32_t m[PLACES * FACS], back[PLACES * FACS];
    assert_int_equal(jx_joints_matrix(ctx, e->ed->net, e->metric, e->times, &e->j, &one, JX_UNREACHABLE, m), JX_OK);
    assert_int_equal(jx_joints_matrix(ctx, e->ed->net, e->metric, e->times, &one, &e->j, JX_UNREACHABLE, back), JX_OK);
    for (uint32_t c = 0; c < PLACES; c++) {
        uint32_t within = 0, best = JX_UNREACHABLE, best_f = JX_NONE;
        for (uint32_t f = 0; f < FACS; f++) {
            uint32_t ms = dir == JX_TO_FACILITY ? m[c * FACS + f] : back[f * PLACES + c];
            within += ms <= 900000 ? 1 : 0;
            if (ms < best) {
                best = ms;
                best_f = f;
            }
            for (uint64_t k = t->row[c]; k < t->row[c + 1]; k++) {
                assert_true(t->entry[k].facility != f || t->entry[k].time_ms == ms);
            }
        }
        assert_int_equal(t->row[c + 1] - t->row[c], within);
        assert_int_equal(t->nearest_ms[c], best);
        assert_int_equal(t->nearest[c], best_f);
    }
    jx_table_free(ctx, t);
}

static void edits_are_building_anew(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        world w;
        jx_pt pt[PLACES];
        jx_snap snap[PLACES];
        jx_overlay *o;
        world_start(&w, 0);
        draw(&w, seed);
        for (uint64_t i = 0; i < PLACES; i++) {
            pt[i] = spot(seed, i);
        }
        uint64_t before = print_of(&w);
        assert_int_equal(jx_overlay_new(w.t.ctx, "test", &o), JX_OK);
        some_edits(&w, seed, 1 + (uint32_t)(seed % 9), false, o);
        for (int m = 0; m < JX_N_MODES; m++) {
            edited e;
            jx_times *full;
            jx_graph g;
            assert_int_equal(jx_snap_all(w.t.ctx, w.net, w.metric[m], jx_profiles_get(w.p, (jx_mode)m), pt, PLACES, snap), JX_OK);
            apply(&w, o, (jx_mode)m, pt, snap, &e);
            check_network(e.ed->net);
            g = jx_network_graph(e.ed->net);
            assert_true(hierarchy_sound(&g, e.h));
            assert_int_equal(jx_times_new(w.t.ctx, e.h, e.metric->time_ms, &full), JX_OK);
            assert_memory_equal(full->weight, e.times->weight, e.h->n_arcs * sizeof *full->weight);
            jx_times_free(w.t.ctx, full);
            check_ways(&w, &e, seed);
            check_tables(&w, &e, seed % 2 ? JX_TO_FACILITY : JX_FROM_FACILITY);
            unapply(&w, &e);
        }
        assert_true(print_of(&w) == before);
        jx_overlay_free(w.t.ctx, o);
        world_finish(&w);
    }
}

/* ---- promises --------------------------------------------------------------------------------------------------------------------- */

/* Nobody is worse off: between old junctions, and between places. */
static void roads_make_nothing_longer(void **state) {
    (void)state;
    uint32_t better = 0;
    for (uint64_t seed = 101; seed <= 180; seed++) {
        world w;
        jx_pt pt[PLACES];
        jx_snap snap[PLACES];
        jx_overlay *o;
        world_start(&w, 0);
        draw(&w, seed);
        for (uint64_t i = 0; i < PLACES; i++) {
            pt[i] = spot(seed, i);
        }
        assert_int_equal(jx_overlay_new(w.t.ctx, NULL, &o), JX_OK);
        some_edits(&w, seed, 1 + (uint32_t)(seed % 4), true, o);
        for (int m = 0; m < JX_N_MODES; m++) {
            edited e;
            uint32_t was[PLACES * PLACES], is[PLACES * PLACES], n = w.net->n_nodes;
            jx_sweep *a, *b;
            assert_int_equal(jx_snap_all(w.t.ctx, w.net, w.metric[m], jx_profiles_get(w.p, (jx_mode)m), pt, PLACES, snap), JX_OK);
            apply(&w, o, (jx_mode)m, pt, snap, &e);
            jx_joints plain = {.n = PLACES, .n_all = PLACES, .snap = snap};
            assert_int_equal(jx_joints_matrix(w.t.ctx, w.net, w.metric[m], w.times[m], &plain, &plain, JX_UNREACHABLE, was), JX_OK);
            assert_int_equal(jx_joints_matrix(w.t.ctx, e.ed->net, e.metric, e.times, &e.j, &e.j, JX_UNREACHABLE, is), JX_OK);
            for (uint32_t i = 0; i < PLACES * PLACES; i++) {
                assert_true(is[i] <= was[i]);
                better += is[i] < was[i] ? 1 : 0;
            }
            assert_int_equal(jx_sweep_new(w.t.ctx, w.times[m], &(jx_sweep_options){.dir = JX_FROM_FACILITY}, &a), JX_OK);
            assert_int_equal(jx_sweep_new(w.t.ctx, e.times, &(jx_sweep_options){.dir = JX_FROM_FACILITY}, &b), JX_OK);
            for (uint32_t s = 0; s < n; s += 7) {
                const uint32_t *x, *y, *px, *py;
                assert_int_equal(jx_sweep_one(w.t.ctx, a, s, &x, &px), JX_OK);
                assert_int_equal(jx_sweep_one(w.t.ctx, b, s, &y, &py), JX_OK);
                for (uint32_t v = 0; v < n; v++) {
                    assert_true(y[py[e.h->rank[v]]] <= x[px[w.h->rank[v]]]);
                }
            }
            jx_sweep_free(w.t.ctx, a);
            jx_sweep_free(w.t.ctx, b);
            unapply(&w, &e);
        }
        jx_overlay_free(w.t.ctx, o);
        world_finish(&w);
    }
    assert_true(better > 1000); /* the test sees roads that matter */
}

/* An edit and its inverse leave all times between old nodes as they were before both. */
static void inverses_undo(void **state) {
    (void)state;
    for (uint64_t seed = 201; seed <= 260; seed++) {
        world w;
        jx_pt pt[PLACES];
        jx_snap snap[PLACES];
        jx_overlay *o;
        uint32_t n_edits = 1 + (uint32_t)(seed % 7);
        world_start(&w, 0);
        draw(&w, seed);
        jx_mode m = (jx_mode)(seed % 3);
        for (uint64_t i = 0; i < PLACES; i++) {
            pt[i] = spot(seed, i);
        }
        assert_int_equal(jx_snap_all(w.t.ctx, w.net, w.metric[m], jx_profiles_get(w.p, m), pt, PLACES, snap), JX_OK);
        assert_int_equal(jx_overlay_new(w.t.ctx, NULL, &o), JX_OK);
        some_edits(&w, seed, n_edits, false, o);
        jx_edit last = *jx_overlay_get(o, n_edits - 1), inverse[JX_EDIT_INVERSES];
        jx_pt pts[4];
        uint32_t n_inverse;
        memcpy(pts, last.pts ? last.pts : pt, last.n_pts * sizeof *pts);
        last.pts = pts;
        last.name = NULL;
        jx_overlay_drop(w.t.ctx, o);
        assert_int_equal(jx_overlay_count(o), n_edits - 1);
        edited before, after;
        apply(&w, o, m, pt, snap, &before);
        assert_int_equal(jx_overlay_add(w.t.ctx, o, &last), JX_OK);
        assert_int_equal(jx_overlay_inverse(w.t.ctx, o, w.net, n_edits - 1, inverse, &n_inverse), JX_OK);
        for (uint32_t i = 0; i < n_inverse; i++) {
            assert_int_equal(jx_overlay_add(w.t.ctx, o, &inverse[i]), JX_OK);
        }
        apply(&w, o, m, pt, snap, &after);
        assert_memory_equal(before.metric->time_ms, after.metric->time_ms, 8 * (size_t)w.net->n_edges);
        uint32_t a[PLACES * PLACES], b[PLACES * PLACES];
        assert_int_equal(jx_joints_matrix(w.t.ctx, before.ed->net, before.metric, before.times, &before.j, &before.j, JX_UNREACHABLE, a), JX_OK);
        assert_int_equal(jx_joints_matrix(w.t.ctx, after.ed->net, after.metric, after.times, &after.j, &after.j, JX_UNREACHABLE, b), JX_OK);
        for (uint32_t i = 0; last.kind != JX_EDIT_ROAD && i < PLACES * PLACES; i++) {
            assert_int_equal(a[i], b[i]);
        }
        unapply(&w, &before);
        unapply(&w, &after);
        jx_overlay_free(w.t.ctx, o);
        world_finish(&w);
    }
}

/* ---- whom a new road joins ----------------------------------------------------------------------------------------------------------- */

typedef struct joining {
    const char *tags[2]; /* of a street at y = 5 m and one at y = 20 m, both from the main street at x = 0 */
    double y;            /* where the road ends */
    uint8_t access;
    double join_m;
    int64_t way; /* that it must join: 2 or 3 */
    size_t left; /* modes that get no joint */
    bool island; /* the nearer street hangs on nothing */
} joining;

static void a_joining(const joining *c) {
    world w;
    jx_overlay *o;
    jx_edited *ed;
    world_start(&w, 0);
    uint32_t a = mini_node(&w.m, 0, -3000, ""), b = mini_node(&w.m, 0, 5, ""), d = mini_node(&w.m, 0, 20, ""), e = mini_node(&w.m, 0, 3000, "");
    MINI_WAY(&w.m, "highway=residential", a, b, d, e);
    MINI_WAY(&w.m, c->tags[0], c->island ? mini_node(&w.m, 800, 5, "") : b, mini_node(&w.m, 1200, 5, ""));
    MINI_WAY(&w.m, c->tags[1], d, mini_node(&w.m, 1200, 20, ""));
    world_build(&w);
    mini_node(&w.m, 1000, c->y, "");
    mini_node(&w.m, 1000, -500, "");
    const jx_pt *end = &w.m.x->node_pt[w.m.x->n_nodes - 2];
    assert_int_equal(jx_overlay_new(w.t.ctx, NULL, &o), JX_OK);
    jx_edit road = {.kind = JX_EDIT_ROAD, .access = c->access, .cls = JX_ROAD_PRIMARY, .join_m = c->join_m, .pts = end, .n_pts = 2};
    assert_int_equal(jx_overlay_add(w.t.ctx, o, &road), JX_OK);
    assert_int_equal(jx_edited_new(w.t.ctx, w.net, w.p, o, &ed), JX_OK);
    assert_true(ed->ends[0][0].edge != JX_NONE);
    assert_int_equal(w.net->way_id[ed->ends[0][0].edge], c->way);
    assert_int_equal(jx_test_said(&w.t, JX_M_EDIT_MODE_LEFT), c->left);
    jx_edited_free(w.t.ctx, ed);
    jx_overlay_free(w.t.ctx, o);
    world_finish(&w);
}

static void roads_join_for_all_their_modes(void **state) {
    (void)state;
    const char *foot = "highway=footway", *street = "highway=residential", *fast = "highway=primary,foot=no,bicycle=no";
    const joining c[] = {
        {{foot, street}, 0, 63, 50, 3, 0, false},  /* the footway is nearer, cars need the street */
        {{foot, street}, 5, 63, 50, 3, 0, false},  /* also from a point on the footway */
        {{foot, street}, 0, 3, 50, 2, 0, false},   /* walkers alone take it */
        {{foot, street}, 0, 51, 10, 2, 1, false},  /* nothing else near: cars are told */
        {{foot, fast}, 0, 51, 50, 3, 1, false},    /* nothing for both: cars first, walkers are told */
        {{street, street}, 0, 63, 50, 2, 0, false},
        {{street, street}, 0, 63, 50, 3, 0, true}, /* an island of 400 m is passed over */
        {{street, street}, 5, 63, 50, 2, 0, true}, /* unless the point lies on it */
        {{street, street}, 0, 63, 10, 2, 0, true}, /* or nothing else is near */
        {{"highway=residential,bridge=yes,layer=1", street}, 0, 63, 50, 3, 0, false},
        {{"highway=residential,tunnel=yes,layer=-1", street}, 0, 63, 50, 3, 0, false},
        {{"highway=residential,bridge=yes,layer=1", street}, 5, 63, 50, 2, 0, false},
    };
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        a_joining(&c[i]);
    }
}

/* ---- wrong edits, failing memory ------------------------------------------------------------------------------------------------------- */

static void wrong_edits_are_refused(void **state) {
    (void)state;
    world w;
    jx_overlay *o;
    jx_edited *ed;
    world_start(&w, 0);
    draw(&w, 7);
    jx_pt same[2] = {spot(7, 1), spot(7, 1)}, far[2] = {{0, 0}, {5000, 5000}}, wrong[2] = {{2000000000, 0}, {0, 0}};
    const jx_edit bad[] = {
        {.kind = JX_EDIT_SPEED, .edge = 0, .access = 63, .kmh = -3},      {.kind = JX_EDIT_SPEED, .edge = 0, .access = 63, .factor = 1e9},
        {.kind = JX_EDIT_CLOSE, .edge = JX_NONE, .road = 0, .access = 63}, {.kind = JX_EDIT_ROAD, .access = 63, .join_m = 9, .pts = same, .n_pts = 2},
        {.kind = JX_EDIT_ROAD, .access = 0, .join_m = 9, .pts = far, .n_pts = 2}, {.kind = JX_EDIT_ROAD, .access = 63, .join_m = 9, .pts = wrong, .n_pts = 2},
        {.kind = JX_EDIT_ROAD, .access = 63, .cls = JX_ROAD_FERRY, .join_m = 9, .pts = far, .n_pts = 2},
        {.kind = JX_EDIT_ROAD, .access = 63, .join_m = 9, .pts = far, .n_pts = 1}, {.kind = (jx_edit_kind)(JX_EDIT_JOINT + 1), .edge = 0, .access = 63}};
    assert_int_equal(jx_overlay_new(w.t.ctx, "x.yaml", &o), JX_OK);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(jx_overlay_add(w.t.ctx, o, &bad[i]), JX_E_INPUT);
        assert_int_equal(jx_overlay_count(o), 0);
    }
    assert_int_equal(jx_ctx_error(w.t.ctx)->id, JX_M_EDIT_SPEED); /* the first */
    jx_ctx_clear_error(w.t.ctx);
    assert_int_equal(jx_overlay_add(w.t.ctx, o, &bad[sizeof bad / sizeof *bad - 1]), JX_E_INPUT);
    assert_int_equal(jx_test_error(&w.t), JX_M_EDIT_KIND);
    jx_edit away = {.kind = JX_EDIT_ROAD, .row = 12, .access = 63, .cls = JX_ROAD_PATH, .join_m = 100, .pts = far, .n_pts = 2};
    assert_int_equal(jx_overlay_add(w.t.ctx, o, &away), JX_OK);
    jx_ctx_clear_error(w.t.ctx);
    assert_int_equal(jx_edited_new(w.t.ctx, w.net, w.p, o, &ed), JX_E_INPUT);
    assert_int_equal(jx_ctx_error(w.t.ctx)->id, JX_M_EDIT_FAR);
    jx_overlay_drop(w.t.ctx, o);
    assert_int_equal(jx_overlay_add(w.t.ctx, o, &(jx_edit){.kind = JX_EDIT_CLOSE, .edge = w.net->n_edges, .access = 63}), JX_OK);
    assert_int_equal(jx_edited_new(w.t.ctx, w.net, w.p, o, &ed), JX_E_INPUT);
    jx_overlay_free(w.t.ctx, o);
    world_finish(&w);
}

static void joints_of_nobody_are_told(void **state) {
    (void)state;
    world w;
    jx_overlay *o;
    jx_pt pt[PLACES];
    jx_snap snap[PLACES];
    edited e;
    world_start(&w, 0);
    draw(&w, 9);
    for (uint64_t i = 0; i < PLACES; i++) {
        pt[i] = spot(9, i);
    }
    assert_int_equal(jx_snap_all(w.t.ctx, w.net, w.metric[JX_WALK], jx_profiles_get(w.p, JX_WALK), pt, PLACES, snap), JX_OK);
    assert_int_equal(jx_overlay_new(w.t.ctx, NULL, &o), JX_OK);
    assert_int_equal(jx_overlay_add(w.t.ctx, o, &(jx_edit){.kind = JX_EDIT_JOINT, .place = pt[3], .at = pt[4], .on = true}), JX_OK);
    assert_int_equal(jx_overlay_add(w.t.ctx, o, &(jx_edit){.kind = JX_EDIT_JOINT, .place = spot(9, 700), .at = pt[4], .on = true}), JX_OK);
    apply(&w, o, JX_WALK, pt, snap, &e);
    assert_int_equal(e.j.n_moved, 1);
    jx_edited_tell_joints(w.t.ctx, e.ed, "x.yaml");
    assert_int_equal(jx_test_said(&w.t, JX_M_EDIT_JOINT_UNUSED), 1);
    unapply(&w, &e);
    jx_overlay_free(w.t.ctx, o);
    world_finish(&w);
}

static jx_status whole_path(jx_ctx *ctx, void *arg) {
    const world *w = arg;
    jx_overlay *o = NULL;
    jx_edited *ed = NULL;
    jx_hierarchy *h = NULL;
    jx_metric *m = NULL;
    jx_times *t = NULL;
    jx_joints j = {0};
    jx_table *tab = NULL;
    jx_pt pts[3], pt[4] = {spot(8, 0), spot(8, 1), spot(8, 2), spot(8, 3)};
    jx_snap snap[4], chosen[4];
    uint32_t ms[16];
    const jx_profile *p = jx_profiles_get(w->p, JX_WALK);
    jx_edit road = some_road(8, 3, pts), joint = {.kind = JX_EDIT_JOINT, .place = pt[0], .at = pt[1], .on = true};
    road.access = JX_ACCESS_ALL;
    jx_status st = jx_overlay_new(ctx, "a", &o);
    st = st == JX_OK ? jx_overlay_add(ctx, o, &road) : st;
    st = st == JX_OK ? jx_overlay_add(ctx, o, &joint) : st;
    st = st == JX_OK ? jx_overlay_add(ctx, o, &(jx_edit){.kind = JX_EDIT_OPEN, .edge = 1, .access = 63}) : st;
    st = st == JX_OK ? jx_edited_new(ctx, w->net, w->p, o, &ed) : st;
    st = st == JX_OK ? jx_edited_hierarchy(ctx, ed, w->h, &h) : st;
    st = st == JX_OK ? jx_edited_metric(ctx, ed, p, NULL, w->metric[JX_WALK], &m) : st;
    st = st == JX_OK ? jx_edited_times(ctx, ed, w->times[JX_WALK], h, m, &t) : st;
    st = st == JX_OK ? jx_snap_all(ctx, w->net, w->metric[JX_WALK], p, pt, 4, snap) : st;
    st = st == JX_OK ? jx_edited_joints(ctx, ed, m, p, pt, snap, 4, &j) : st;
    st = st == JX_OK ? jx_joints_matrix(ctx, ed->net, m, t, &j, &j, JX_UNREACHABLE, ms) : st;
    st = st == JX_OK ? jx_joints_table(ctx, ed->net, m, t, JX_TO_FACILITY, &j, &j, 600000, &tab) : st;
    st = st == JX_OK ? jx_joints_choose(ctx, ed->net, m, t, JX_TO_FACILITY, &j, &j, chosen) : st;
    jx_table_free(ctx, tab);
    jx_joints_release(ctx, &j);
    jx_times_free(ctx, t);
    jx_metric_free(ctx, m);
    jx_hierarchy_free(ctx, h);
    jx_edited_free(ctx, ed);
    jx_overlay_free(ctx, o);
    return st;
}

static void memory_may_fail(void **state) {
    (void)state;
    world w;
    world_start(&w, 0);
    draw(&w, 8);
    jx_oom_sweep(whole_path, &w);
    world_finish(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edits_are_building_anew),
        cmocka_unit_test(roads_make_nothing_longer),
        cmocka_unit_test(inverses_undo),
        cmocka_unit_test(roads_join_for_all_their_modes),
        cmocka_unit_test(joints_of_nobody_are_told),
        cmocka_unit_test(wrong_edits_are_refused),
        cmocka_unit_test(memory_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
