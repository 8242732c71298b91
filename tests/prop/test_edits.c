/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Edits on networks drawn by chance: equal to building anew, undone by their inverses, and a new road never makes a way longer. */
#include <math.h>

#include "hierarchy_check.h"
#include "junxian/io.h"
#include "junxian/overlay.h"
#include "junxian/turns.h"
#include "mini.h"
#include "oom.h"

enum { NODES = 40, WAYS = 50, PLACES = 24, FACS = 6 };

typedef struct world {
    jx_test t;
    mini m;
    jx_doc doc;
    jx_profiles *p;
    jx_network *net;
    jx_hierarchy *h;
    jx_metric *metric[JX_N_MODES];
    jx_times *times[JX_N_MODES];
} world;

static double dice(uint64_t seed, uint64_t k) { return (double)(jx_random(seed, 3, k) >> 11) / 9007199254740992.0; }

static void start(world *w) {
    memset(w, 0, sizeof *w);
    jx_test_init(&w->t, 0);
    mini_init(&w->m, w->t.ctx);
    assert_int_equal(jx_yaml_file(w->t.ctx, JX_SOURCE_DIR "/standards/profiles.yaml", &w->doc), JX_OK);
    assert_int_equal(jx_profiles_compile(w->t.ctx, &w->doc, &w->p), JX_OK);
}

static void hierarchy_of(jx_ctx *ctx, const jx_network *net, jx_hierarchy **h) {
    jx_graph g = jx_network_graph(net);
    uint32_t *order = malloc(g.n_nodes * sizeof *order);
    assert_int_equal(jx_order(ctx, &g, NULL, NULL, order), JX_OK);
    assert_int_equal(jx_hierarchy_new(ctx, &g, order, h), JX_OK);
    free(order);
}

static void build(world *w) {
    assert_int_equal(jx_network_build(w->t.ctx, w->m.x, w->p, &w->net), JX_OK);
    hierarchy_of(w->t.ctx, w->net, &w->h);
    for (int m = 0; m < JX_N_MODES; m++) {
        assert_int_equal(jx_metric_new(w->t.ctx, w->net, jx_profiles_get(w->p, (jx_mode)m), &w->metric[m]), JX_OK);
        assert_int_equal(jx_times_new(w->t.ctx, w->h, w->metric[m]->time_ms, &w->times[m]), JX_OK);
    }
}

static void finish(world *w) {
    for (int m = 0; m < JX_N_MODES; m++) {
        jx_times_free(w->t.ctx, w->times[m]);
        jx_metric_free(w->t.ctx, w->metric[m]);
    }
    jx_hierarchy_free(w->t.ctx, w->h);
    jx_network_free(w->t.ctx, w->net);
    jx_extract_free(w->t.ctx, w->m.x);
    jx_profiles_free(w->t.ctx, w->p);
    jx_doc_release(w->t.ctx, &w->doc);
    jx_test_release(&w->t);
}

static void draw(world *w, uint64_t seed) {
    static const char *const tags[] = {"highway=residential", "highway=residential,oneway=yes", "highway=primary,maxspeed=80", "highway=footway", "highway=track", "highway=cycleway"};
    uint64_t k = 0;
    for (int i = 0; i < NODES; i++, k += 3) {
        mini_node(&w->m, dice(seed, k) * 3000, dice(seed, k + 1) * 3000, dice(seed, k + 2) < 0.1 ? "barrier=bollard" : "");
    }
    for (int i = 0; i < WAYS; i++, k += 4) {
        uint32_t a = (uint32_t)(dice(seed, k) * NODES), b = (uint32_t)(dice(seed, k + 1) * NODES), c = (uint32_t)(dice(seed, k + 2) * NODES);
        MINI_WAY(&w->m, tags[(size_t)(dice(seed, k + 3) * 6)], a, b, c);
    }
    build(w);
}

static jx_pt spot(uint64_t seed, uint64_t k) {
    return (jx_pt){(int32_t)(1e8 + dice(seed, 9000 + 2 * k) * 3000 / 111320 * 1e7), (int32_t)(dice(seed, 9001 + 2 * k) * 3000 / 110574 * 1e7)};
}

/* ---- an overlay applied ------------------------------------------------------------------------------------------------------- */

typedef struct edited {
    jx_edited *ed;
    jx_hierarchy *own;
    const jx_hierarchy *h;
    jx_metric *metric;
    jx_times *times;
    jx_joints j;
} edited;

static void apply(const world *w, const jx_overlay *o, jx_mode m, const jx_pt *pt, const jx_snap *snap, edited *e) {
    jx_ctx *ctx = w->t.ctx;
    const jx_profile *p = jx_profiles_get(w->p, m);
    assert_int_equal(jx_edited_new(ctx, w->net, w->p, o, &e->ed), JX_OK);
    assert_int_equal(jx_edited_hierarchy(ctx, e->ed, w->h, &e->own), JX_OK);
    e->h = e->own ? e->own : w->h;
    assert_int_equal(jx_edited_metric(ctx, e->ed, p, NULL, w->metric[m], &e->metric), JX_OK);
    assert_int_equal(jx_edited_times(ctx, e->ed, w->times[m], e->h, e->metric, &e->times), JX_OK);
    assert_int_equal(jx_edited_joints(ctx, e->ed, e->metric, p, pt, snap, PLACES, &e->j), JX_OK);
}

static void unapply(const world *w, edited *e) {
    jx_joints_release(w->t.ctx, &e->j);
    jx_times_free(w->t.ctx, e->times);
    jx_metric_free(w->t.ctx, e->metric);
    jx_hierarchy_free(w->t.ctx, e->own);
    jx_edited_free(w->t.ctx, e->ed);
}

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
    hierarchy_of(w->t.ctx, n, &fresh);
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
        start(&w);
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
        finish(&w);
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
        start(&w);
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
        finish(&w);
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
        start(&w);
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
        finish(&w);
    }
}

/* ---- the same road drawn into the extract ------------------------------------------------------------------------------------------- */

static uint32_t slow_time(const jx_network *n, const jx_metric *m, jx_pt from, jx_pt to) {
    uint32_t *d = malloc(n->n_nodes * sizeof *d), best = JX_UNREACHABLE;
    for (uint32_t v = 0; v < n->n_nodes; v++) {
        d[v] = n->node[v].lon == from.lon && n->node[v].lat == from.lat ? 0 : JX_UNREACHABLE;
    }
    for (bool changed = true; changed;) {
        changed = false;
        for (uint32_t a = 0; a < 2 * n->n_edges; a++) {
            uint32_t t = jx_add_ms(d[jx_arc_tail(n, a)], m->time_ms[a]), h = jx_arc_head(n, a);
            changed = changed || t < d[h];
            d[h] = t < d[h] ? t : d[h];
        }
    }
    for (uint32_t v = 0; v < n->n_nodes; v++) {
        best = n->node[v].lon == to.lon && n->node[v].lat == to.lat && d[v] < best ? d[v] : best;
    }
    free(d);
    return best;
}

/* Streets with bends; a road from bend to bend, once as an edit and once as a way of the extract that shares the bends' nodes. */
static void draw_bends(world *w, uint64_t seed, bool with_road, jx_pt ends[2]) {
    uint64_t k = 0;
    uint32_t bend[10];
    start(w);
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
    build(w);
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
                        assert_int_equal(slow_time(e.ed->net, e.metric, p, q), slow_time(drawn.net, drawn.metric[m], p, q));
                    }
                }
            }
            unapply(&w, &e);
        }
        jx_overlay_free(w.t.ctx, o);
        finish(&w);
        finish(&drawn);
    }
    assert_true(compared > 1000);
}

/* A main street of 5 km, and an island of 600 m with bends that a dead end of 100 m joins: drawn, or as an edit. */
static void draw_island(world *w, bool drawn, jx_pt road[2]) {
    start(w);
    MINI_WAY(&w->m, "highway=residential", mini_node(&w->m, 0, 0, ""), mini_node(&w->m, 5000, 0, ""));
    uint32_t a = mini_node(&w->m, 1000, 900, ""), b = mini_node(&w->m, 1300, 900, ""), c = mini_node(&w->m, 1600, 900, ""), d = mini_node(&w->m, 1300, 1000, "");
    MINI_WAY(&w->m, "highway=residential", a, b, c);
    if (drawn) {
        MINI_WAY(&w->m, "highway=residential", b, d);
    }
    road[0] = w->m.x->node_pt[b];
    road[1] = w->m.x->node_pt[d];
    build(w);
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
        finish(&w);
        finish(&drawn);
    }
}

/* ---- on slopes ---------------------------------------------------------------------------------------------------------------------- */

typedef double (*relief)(double x, double y); /* metres east and north of mini.h's origin */
static double bumps(double x, double y) { return 300 + 0.1 * x + 60 * sin(x / 300) * cos(y / 250); }
static double plane(double x, double y) { return 500 + 0.3 * x + 0 * y; }

/* About 30 m a cell, from 1 km west and south of the origin to 6 km beyond. */
static jx_terrain *terrain_of(const world *w, relief h) {
    enum { COLS = 240 };
    const double d = 7000.0 / COLS / 111320;
    jx_field f;
    jx_terrain *t;
    assert_int_equal(jx_field_init(w->t.ctx, COLS, COLS, 10 - 1000.0 / 111320, 6000.0 / 111320, d, d, &f), JX_OK);
    for (uint32_t i = 0; i < COLS * COLS; i++) {
        f.v[i] = (float)h((f.west + (i % COLS + 0.5) * d - 10) * 111320, (f.north - (i / COLS + 0.5) * d) * 110574);
    }
    assert_int_equal(jx_terrain_new(w->t.ctx, &f, w->p, &t), JX_OK);
    jx_field_release(w->t.ctx, &f);
    return t;
}

static uint64_t way_ms(const jx_network *n, const jx_metric *m, int64_t way, uint32_t back) {
    uint64_t sum = 0;
    for (uint32_t e = 0; e < n->n_edges; e++) {
        sum += n->way_id[e] == way ? m->time_ms[2 * e + back] : 0;
    }
    return sum;
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
                uint64_t ms = way_ms(ed->net, got, -1, b);
                assert_int_equal(ms, way_ms(drawn.net, want, drawn.m.x->n_ways, b));
                differ += ms != way_ms(drawn.net, drawn.metric[m], drawn.m.x->n_ways, b) ? 1 : 0;
            }
            jx_metric_free(w.t.ctx, base);
            jx_metric_free(w.t.ctx, got);
            jx_metric_free(drawn.t.ctx, want);
        }
        jx_terrain_free(w.t.ctx, t);
        jx_edited_free(w.t.ctx, ed);
        jx_overlay_free(w.t.ctx, o);
        finish(&w);
        finish(&drawn);
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
    start(&w);
    MINI_WAY(&w.m, "highway=residential", mini_node(&w.m, 0, -1, ""), mini_node(&w.m, 0, 500, ""));
    build(&w);
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
        assert_near((double)way_ms(ed->net, m, -1, 0), k == 2 ? at_10 : level * up / by, 0.005 * level * up);
        assert_near((double)way_ms(ed->net, m, -1, 1), k == 2 ? at_10 : level * down / by, 0.005 * level * down);
        jx_metric_free(w.t.ctx, m);
        jx_edited_free(w.t.ctx, ed);
    }
    jx_metric_free(w.t.ctx, base);
    jx_terrain_free(w.t.ctx, t);
    jx_overlay_free(w.t.ctx, o);
    finish(&w);
}

static void draw_closed(world *w, uint64_t seed, bool closed) {
    start(w);
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
    build(w);
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
        finish(&w);
        finish(&open);
    }
    assert_true(opened > 500);
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
    start(&w);
    uint32_t a = mini_node(&w.m, 0, -3000, ""), b = mini_node(&w.m, 0, 5, ""), d = mini_node(&w.m, 0, 20, ""), e = mini_node(&w.m, 0, 3000, "");
    MINI_WAY(&w.m, "highway=residential", a, b, d, e);
    MINI_WAY(&w.m, c->tags[0], c->island ? mini_node(&w.m, 800, 5, "") : b, mini_node(&w.m, 1200, 5, ""));
    MINI_WAY(&w.m, c->tags[1], d, mini_node(&w.m, 1200, 20, ""));
    build(&w);
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
    finish(&w);
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
        finish(&w);
        finish(&drawn);
    }
    assert_true(rules > 100 && compared > 1000 && differ > 50);
}

/* ---- wrong edits, failing memory ------------------------------------------------------------------------------------------------------- */

static void wrong_edits_are_refused(void **state) {
    (void)state;
    world w;
    jx_overlay *o;
    jx_edited *ed;
    start(&w);
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
    finish(&w);
}

static void joints_of_nobody_are_told(void **state) {
    (void)state;
    world w;
    jx_overlay *o;
    jx_pt pt[PLACES];
    jx_snap snap[PLACES];
    edited e;
    start(&w);
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
    finish(&w);
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
    start(&w);
    draw(&w, 8);
    jx_oom_sweep(whole_path, &w);
    finish(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(edits_are_building_anew), cmocka_unit_test(roads_make_nothing_longer), cmocka_unit_test(inverses_undo),
                                       cmocka_unit_test(a_road_is_a_way_of_the_extract), cmocka_unit_test(cut_streets_count_once), cmocka_unit_test(new_roads_follow_the_ground), cmocka_unit_test(a_steep_road_is_slow),
                                       cmocka_unit_test(opened_streets_follow_the_ground), cmocka_unit_test(roads_join_for_all_their_modes),
                                       cmocka_unit_test(joints_of_nobody_are_told), cmocka_unit_test(rules_move_to_pieces), cmocka_unit_test(wrong_edits_are_refused), cmocka_unit_test(memory_may_fail)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
