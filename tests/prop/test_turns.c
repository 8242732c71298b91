/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Turns: rules placed by hand, and times on networks drawn by chance against a naive search over whole histories of arcs, which knows
 * neither states nor gates and charges every U-turn where it happens.
 */
#include <math.h>

#include "junxian/route.h"
#include "junxian/turns.h"
#include "mini.h"
#include "oom.h"

typedef struct junction {
    jx_test t;
    mini m;
    jx_doc doc;
    jx_profiles *p;
    jx_profile car;
    jx_network *net, *turned;
    jx_metric *metric, *times;
} junction;

static void start(junction *w) {
    memset(w, 0, sizeof *w);
    mini_start(&w->t, 0, &w->m, &w->doc, &w->p);
    w->car = *jx_profiles_get(w->p, JX_CAR);
}

static void build(junction *w) {
    assert_int_equal(jx_network_build(w->t.ctx, w->m.x, w->p, &w->net), JX_OK);
    assert_int_equal(jx_metric_new(w->t.ctx, w->net, &w->car, &w->metric), JX_OK);
    assert_int_equal(jx_turned_new(w->t.ctx, w->net, w->metric, &w->car, &w->turned, &w->times), JX_OK);
}

static void finish(junction *w) {
    jx_metric_free(w->t.ctx, w->times);
    jx_network_free(w->t.ctx, w->turned);
    jx_metric_free(w->t.ctx, w->metric);
    mini_finish(&w->t, &w->m, &w->doc, w->p, w->net);
}

/* ---- the naive search ------------------------------------------------------------------------------------------------ */

enum { HISTORY = 5, ARC_BITS = 12 };

static uint32_t nth_last(uint64_t history, uint32_t i) { return (uint32_t)(history >> (i * ARC_BITS)) & ((1u << ARC_BITS) - 1); } /* arc + 1 */

static bool ends_with(uint64_t history, const uint32_t *arc, uint32_t n) {
    for (uint32_t i = 0; i < n; i++) {
        if (nth_last(history, i) != arc[n - 1 - i] + 1) {
            return false;
        }
    }
    return true;
}

static bool same_prefix(const jx_turn_rules *t, uint32_t a, uint32_t b) {
    uint32_t n = t->off[a + 1] - t->off[a];
    return n == t->off[b + 1] - t->off[b] && memcmp(t->arc + t->off[a], t->arc + t->off[b], (n - 1) * sizeof *t->arc) == 0;
}

/* Closed arcs make a rule void. */
static bool in_force(const junction *w, uint32_t r) {
    const jx_turn_rules *t = &w->net->turns;
    bool yes = t->modes[r] & (1u << JX_CAR);
    for (uint32_t i = t->off[r]; i < t->off[r + 1]; i++) {
        yes = yes && w->metric->time_ms[t->arc[i]] != JX_UNREACHABLE;
    }
    return yes;
}

static bool allowed(const junction *w, uint64_t history, uint32_t arc) {
    const jx_turn_rules *t = &w->net->turns;
    for (uint32_t r = 0; r < t->n; r++) {
        uint32_t n = t->off[r + 1] - t->off[r];
        if (!in_force(w, r) || !ends_with(history, t->arc + t->off[r], n - 1)) {
            continue;
        }
        bool is = t->arc[t->off[r + 1] - 1] == arc;
        if (t->kind[r] == JX_TURN_NO && is) {
            return false;
        }
        bool obeyed = t->kind[r] == JX_TURN_NO;
        for (uint32_t q = 0; q < t->n; q++) { /* several commands after the same arcs: any of them */
            obeyed = obeyed || (t->kind[q] == JX_TURN_ONLY && in_force(w, q) && same_prefix(t, r, q) && t->arc[t->off[q + 1] - 1] == arc);
        }
        if (!obeyed) {
            return false;
        }
    }
    return true;
}

/* Of the first or last segment of the edge, driven as the arc goes. */
static double bearing(const junction *w, uint32_t arc, bool end) {
    const jx_network *n = w->net;
    uint64_t lo = n->geom_off[arc >> 1], hi = n->geom_off[(arc >> 1) + 1] - 1;
    uint64_t i = end ? hi - 1 : lo;
    double k = cos(n->geom[i].lat / 1e7 * acos(-1) / 180), s = arc & 1u ? -1 : 1;
    return atan2(s * ((double)n->geom[i + 1].lat - n->geom[i].lat), s * k * ((double)n->geom[i + 1].lon - n->geom[i].lon));
}

static uint32_t turn_cost(const junction *w, uint32_t a, uint32_t b) {
    const jx_network *n = w->net;
    if ((a ^ b) == 1) {
        return (uint32_t)(w->car.u_turn_s * 1000);
    }
    if (w->car.sharp_s <= 0 || n->cls[a >> 1] == JX_ROAD_BARRIER || n->cls[b >> 1] == JX_ROAD_BARRIER || n->length_mm[a >> 1] == 0 ||
        n->length_mm[b >> 1] == 0) {
        return 0;
    }
    bool next = a & 1u ? (b >> 1) + 1 == a >> 1 : (b >> 1) == (a >> 1) + 1; /* the piece that follows on the way */
    if (n->way_id[a >> 1] == n->way_id[b >> 1] && next && (a & 1u) == (b & 1u)) {
        return 0;
    }
    /* bearings of the segments at the junction */
    double t = fabs(bearing(w, a, (a & 1u) == 0) - bearing(w, b, (b & 1u) == 1)), pi = acos(-1);
    t = t > pi ? 2 * pi - t : t;
    return t * 180 / pi > w->car.sharp_deg ? (uint32_t)(w->car.sharp_s * 1000) : 0;
}

typedef struct label {
    uint64_t history;
    uint32_t ms;
    bool waiting;
} label;

typedef struct naive {
    const junction *w;
    uint32_t keep; /* arcs of history */
    jx_map64 index;
    JX_VEC(label) v;
    JX_VEC(uint32_t) queue;
} naive;

static void reach(naive *q, uint64_t history, uint32_t arc, uint32_t ms) {
    if (ms == JX_UNREACHABLE) {
        return;
    }
    uint64_t next = (history << ARC_BITS | (arc + 1)) & ((UINT64_C(1) << (q->keep * ARC_BITS)) - 1);
    uint32_t i = jx_map64_get(&q->index, next);
    if (i == JX_NONE) {
        i = (uint32_t)q->v.n;
        assert_int_equal(jx_map64_put(q->w->t.ctx, &q->index, next, i), JX_OK);
        assert_int_equal(jx_vec_push(q->w->t.ctx, &q->v, (label){next, JX_UNREACHABLE, false}), JX_OK);
    }
    if (ms < q->v.v[i].ms) {
        q->v.v[i].ms = ms;
        if (!q->v.v[i].waiting) {
            q->v.v[i].waiting = true;
            assert_int_equal(jx_vec_push(q->w->t.ctx, &q->queue, i), JX_OK);
        }
    }
}

/* All histories that can be had from a joint, with their least times; label correcting, first in first out. */
static void explore(naive *q, const junction *w, const jx_snap *s) {
    const jx_network *n = w->net;
    const uint32_t *t = w->metric->time_ms;
    memset(q, 0, sizeof *q);
    q->w = w;
    q->keep = 1;
    for (uint32_t r = 0; r < n->turns.n; r++) {
        uint32_t len = n->turns.off[r + 1] - n->turns.off[r] - 1;
        q->keep = len > q->keep ? len : q->keep;
    }
    assert_true(q->keep <= HISTORY);
    if (s->edge == JX_NONE) {
        return;
    }
    uint32_t len = n->length_mm[s->edge];
    reach(q, 0, 2 * s->edge, jx_part_ms(t[2 * s->edge], len - s->pos_mm, len));
    reach(q, 0, 2 * s->edge + 1, jx_part_ms(t[2 * s->edge + 1], s->pos_mm, len));
    for (size_t k = 0; k < q->queue.n; k++) {
        label l = q->v.v[q->queue.v[k]];
        q->v.v[q->queue.v[k]].waiting = false;
        uint32_t last = nth_last(l.history, 0) - 1, node = jx_arc_head(n, last);
        for (uint32_t i = n->first_arc[node]; i < n->first_arc[node + 1]; i++) {
            uint32_t b = n->arc[i];
            if (t[b] != JX_UNREACHABLE && allowed(w, l.history, b)) {
                reach(q, l.history, b, jx_add_ms(jx_add_ms(l.ms, turn_cost(w, last, b)), t[b]));
            }
        }
    }
}

/* From the explored joint to another: histories that may go on into its edge. */
static uint32_t time_to(const naive *q, const jx_snap *from, const jx_snap *to) {
    const jx_network *n = q->w->net;
    const uint32_t *t = q->w->metric->time_ms;
    uint32_t best = JX_UNREACHABLE;
    if (from->edge == JX_NONE || to->edge == JX_NONE) {
        return best;
    }
    uint32_t e = to->edge, len = n->length_mm[e];
    const uint32_t part[2] = {jx_part_ms(t[2 * e], to->pos_mm, len), jx_part_ms(t[2 * e + 1], len - to->pos_mm, len)};
    for (size_t k = 0; k < q->v.n; k++) {
        uint32_t last = nth_last(q->v.v[k].history, 0) - 1;
        for (uint32_t b = 2 * e; b < 2 * e + 2; b++) {
            if (jx_arc_tail(n, b) == jx_arc_head(n, last) && part[b & 1u] != JX_UNREACHABLE && allowed(q->w, q->v.v[k].history, b)) {
                uint32_t ms = jx_add_ms(jx_add_ms(q->v.v[k].ms, turn_cost(q->w, last, b)), part[b & 1u]);
                best = ms < best ? ms : best;
            }
        }
    }
    if (from->edge == e) {
        uint32_t fwd = to->pos_mm >= from->pos_mm ? jx_part_ms(t[2 * e], to->pos_mm - from->pos_mm, len) : JX_UNREACHABLE;
        uint32_t bwd = from->pos_mm >= to->pos_mm ? jx_part_ms(t[2 * e + 1], from->pos_mm - to->pos_mm, len) : JX_UNREACHABLE;
        best = fwd < best ? fwd : best;
        best = bwd < best ? bwd : best;
    }
    return jx_add_ms(jx_add_ms(best, from->offroad_ms), to->offroad_ms);
}

static void forget(naive *q) {
    jx_map64_release(q->w->t.ctx, &q->index);
    jx_vec_free(q->w->t.ctx, &q->v);
    jx_vec_free(q->w->t.ctx, &q->queue);
}

/* ---- networks by chance ------------------------------------------------------------------------------------------------- */

enum { SIDE = 6, PLACES = 24, FACS = 6 };

static double dice(uint64_t seed, uint64_t k) { return mini_dice(seed, 2, k); }
static uint32_t below(uint64_t seed, uint64_t *k, uint32_t n) { return (uint32_t)(dice(seed, (*k)++) * n); }

/* A crooked grid of short ways, a few longer ones, and gates that only stop cyclists. */
static void draw_streets(junction *w, uint64_t seed) {
    static const char *const tags[] = {"highway=residential", "highway=residential", "highway=primary", "highway=residential,oneway=yes", "highway=footway"};
    uint64_t k = 0;
    for (uint32_t i = 0; i < SIDE * SIDE; i++) {
        double x = (i % SIDE) * 150 + dice(seed, k) * 100, y = (double)(i / SIDE) * 150 + dice(seed, k + 1) * 100;
        mini_node(&w->m, x, y, dice(seed, k + 2) < 0.06 ? "barrier=gate,bicycle=no" : "");
        k += 3;
    }
    for (uint32_t i = 0; i < SIDE * SIDE; i++) {
        for (uint32_t d = 0; d < 2; d++) {
            uint32_t j = d ? i + SIDE : i + 1;
            if ((d ? j < SIDE * SIDE : j % SIDE != 0) && dice(seed, k++) < 0.85) {
                const char *t = tags[below(seed, &k, 5)];
                dice(seed, k++) < 0.5 ? MINI_WAY(&w->m, t, i, j) : MINI_WAY(&w->m, t, j, i);
            }
        }
    }
    for (uint32_t i = 0; i < 4; i++) {
        uint32_t a = below(seed, &k, SIDE * SIDE), b = below(seed, &k, SIDE * SIDE), c = below(seed, &k, SIDE * SIDE);
        MINI_WAY(&w->m, tags[below(seed, &k, 4)], a, b, c);
    }
}

/* The end of a way that another shares; JX_NONE. */
static uint32_t shared_end(const jx_extract *x, uint32_t a, uint32_t b, bool last) {
    uint32_t n = x->way_refs[last ? x->way_ref_off[a + 1] - 1 : x->way_ref_off[a]];
    bool has = n == x->way_refs[x->way_ref_off[b]] || n == x->way_refs[x->way_ref_off[b + 1] - 1];
    return has ? n : JX_NONE;
}

static void draw_rules(junction *w, uint64_t seed, uint32_t tries) {
    static const char *const kinds[] = {"type=restriction,restriction=no_left_turn",      "type=restriction,restriction=no_straight_on",
                                        "type=restriction,restriction=only_right_turn",   "type=restriction,restriction=no_u_turn",
                                        "type=restriction,restriction:motorcar=no_entry", "type=restriction,restriction=only_straight_on"};
    const jx_extract *x = w->m.x;
    uint64_t k = 100000;
    for (uint32_t i = 0; i < tries; i++) {
        uint32_t a = below(seed, &k, x->n_ways), b = below(seed, &k, x->n_ways), c = below(seed, &k, x->n_ways), kind = below(seed, &k, 6);
        uint32_t n = shared_end(x, a, b, below(seed, &k, 2)), v0 = shared_end(x, c, a, false), v1 = shared_end(x, c, b, true);
        if (kind == 3 && below(seed, &k, 40) == 0) {
            MINI_REL(&w->m, kinds[3], {'w', a, "from"}, {'n', x->way_refs[x->way_ref_off[a]], "via"}, {'w', a, "to"});
        } else if (n != JX_NONE && a != b && below(seed, &k, 3) == 0) {
            MINI_REL(&w->m, kinds[kind], {'w', a, "from"}, {'n', n, "via"}, {'w', b, "to"});
        } else if (v0 != JX_NONE && v1 != JX_NONE && a != c && b != c) {
            MINI_REL(&w->m, kinds[kind], {'w', a, "from"}, {'w', c, "via"}, {'w', b, "to"});
        }
    }
}

static void places(const junction *w, uint64_t seed, jx_snap snap[PLACES]) {
    jx_pt pt[PLACES];
    for (uint64_t i = 0; i < PLACES; i++) {
        pt[i] = (jx_pt){(int32_t)(1e8 + dice(seed, 9000 + 2 * i) * 900 / 111320 * 1e7), (int32_t)(dice(seed, 9001 + 2 * i) * 900 / 110574 * 1e7)};
    }
    assert_int_equal(jx_snap_all(w->t.ctx, w->net, w->metric, &w->car, pt, PLACES, snap), JX_OK);
}

/* ---- what is compared ------------------------------------------------------------------------------------------------------- */

/* A route is made of whole pieces that hang together; no rule is broken and its parts make its time. */
static void check_route(const junction *w, const jx_times *t, const jx_snap *a, const jx_snap *b, uint32_t want) {
    const jx_network *n = w->net;
    jx_route r;
    assert_int_equal(jx_route_find(w->t.ctx, w->turned, w->times, t, a, b, &r), JX_OK);
    assert_int_equal(r.time_ms, want);
    uint64_t history = 0;
    uint32_t sum = r.offroad_ms, legs = 0;
    for (uint32_t i = 0; want != JX_UNREACHABLE && i < r.n_legs; i++) {
        const jx_route_leg *g = &r.leg[i];
        uint32_t arc = 2 * g->edge + g->backward, len = n->length_mm[g->edge], mm = g->backward ? g->begin_mm - g->end_mm : g->end_mm - g->begin_mm;
        assert_true(g->edge < n->n_edges && (g->backward ? g->begin_mm >= g->end_mm : g->begin_mm <= g->end_mm));
        assert_true(allowed(w, history, arc));
        uint32_t part = jx_part_ms(w->metric->time_ms[arc], mm, len);
        if (history) {
            uint32_t last = nth_last(history, 0) - 1;
            assert_int_equal(jx_arc_head(n, last), jx_arc_tail(n, arc));
            uint32_t cost = turn_cost(w, last, arc);
            /* U-turns may only be left uncharged where nobody takes them */
            assert_int_equal(g->time_ms, jx_add_ms(part, cost));
        }
        sum += g->time_ms;
        legs++;
        history = (history << ARC_BITS | (arc + 1)) & ((UINT64_C(1) << (HISTORY * ARC_BITS)) - 1);
    }
    if (want != JX_UNREACHABLE) {
        assert_true(legs > 0);
        assert_int_equal(sum, want);
    }
    jx_route_release(w->t.ctx, &r);
}

static void check_tables(const junction *w, const jx_times *t, jx_direction dir, const jx_snap *cells, const uint32_t *ms) {
    jx_ctx *ctx = w->t.ctx;
    jx_table *plain, *fast;
    jx_tables *maker;
    assert_int_equal(jx_table_new(ctx, w->turned, w->times, dir, cells, PLACES, cells, FACS, 150000, &plain), JX_OK);
    assert_int_equal(jx_tables_new(ctx, w->turned, w->times, t, dir, cells, PLACES, &maker), JX_OK);
    assert_int_equal(jx_tables_make(ctx, maker, cells, FACS, 150000, &fast), JX_OK);
    for (uint32_t c = 0; c < PLACES; c++) {
        uint32_t best = JX_UNREACHABLE, within = 0;
        for (uint32_t f = 0; f < FACS; f++) {
            uint32_t want = dir == JX_TO_FACILITY ? ms[c * PLACES + f] : ms[f * PLACES + c];
            best = want < best ? want : best;
            within += want <= 150000;
            for (uint64_t i = plain->row[c]; i < plain->row[c + 1]; i++) {
                assert_true(plain->entry[i].facility != f || plain->entry[i].time_ms == want);
            }
        }
        assert_int_equal(plain->row[c + 1] - plain->row[c], within);
        assert_int_equal(plain->nearest_ms[c], best);
    }
    assert_memory_equal(fast->row, plain->row, (PLACES + 1) * sizeof *fast->row);
    assert_memory_equal(fast->entry, plain->entry, plain->row[PLACES] * sizeof *fast->entry);
    assert_memory_equal(fast->nearest, plain->nearest, PLACES * sizeof *fast->nearest);
    assert_memory_equal(fast->nearest_ms, plain->nearest_ms, PLACES * sizeof *fast->nearest_ms);
    jx_table_free(ctx, plain);
    jx_table_free(ctx, fast);
    jx_tables_free(ctx, maker);
}

/* Everybody who has a way is carried; nobody on a closed street. */
static void check_load(const junction *w, const jx_snap *cells, const uint32_t *ms) {
    double people[PLACES], reached, want = 0, *load = malloc(2 * w->net->n_edges * sizeof *load);
    for (uint32_t c = 0; c < PLACES; c++) {
        uint32_t best = JX_UNREACHABLE;
        people[c] = 1 + c;
        for (uint32_t f = 0; f < FACS; f++) {
            best = ms[c * PLACES + f] < best ? ms[c * PLACES + f] : best;
        }
        want += best != JX_UNREACHABLE ? people[c] : 0;
    }
    assert_int_equal(jx_network_load(w->t.ctx, w->turned, w->times, JX_TO_FACILITY, cells, people, PLACES, cells, FACS, load, &reached), JX_OK);
    assert_true(reached == want);
    for (uint32_t a = 0; a < 2 * w->net->n_edges; a++) {
        assert_true(load[a] >= 0 && load[a] <= want && (load[a] == 0 || w->metric->time_ms[a] != JX_UNREACHABLE));
    }
    for (uint32_t v = 0; v < w->net->n_nodes; v++) { /* as many come as go where no place is near */
        double in = 0, out = 0;
        bool near = false;
        for (uint32_t i = w->net->first_arc[v]; i < w->net->first_arc[v + 1]; i++) {
            uint32_t a = w->net->arc[i];
            out += load[a];
            in += load[a ^ 1u];
            for (int k = 0; k < PLACES; k++) {
                near = near || cells[k].edge == a >> 1;
            }
        }
        assert_true(near || in == out);
    }
    free(load);
}

static void check_world(const junction *w, uint64_t seed) {
    jx_ctx *ctx = w->t.ctx;
    jx_snap snap[PLACES];
    jx_graph plain = jx_network_graph(w->net), g = jx_network_graph(w->turned);
    uint32_t *order = malloc(plain.n_nodes * sizeof *order), *copies = malloc(g.n_nodes * sizeof *copies), ms[PLACES * PLACES];
    uint8_t *seen = calloc(g.n_nodes, 1);
    jx_hierarchy *h;
    jx_times *t;
    places(w, seed, snap);
    assert_int_equal(jx_order(ctx, &plain, NULL, NULL, order), JX_OK);
    assert_int_equal(jx_turned_order(ctx, w->turned, order, copies), JX_OK);
    for (uint32_t i = 0; i < g.n_nodes; i++) {
        assert_true(copies[i] < g.n_nodes && !seen[copies[i]]++);
    }
    assert_int_equal(jx_hierarchy_new(ctx, &g, copies, &h), JX_OK);
    assert_int_equal(jx_times_new(ctx, h, w->times->time_ms, &t), JX_OK);
    assert_int_equal(jx_matrix(ctx, w->turned, w->times, t, snap, PLACES, snap, PLACES, JX_UNREACHABLE, ms), JX_OK);
    for (uint32_t i = 0; i < PLACES; i++) {
        naive q;
        explore(&q, w, &snap[i]);
        for (uint32_t k = 0; k < PLACES; k++) {
            assert_int_equal(ms[i * PLACES + k], time_to(&q, &snap[i], &snap[k]));
            check_route(w, t, &snap[i], &snap[k], ms[i * PLACES + k]);
        }
        forget(&q);
    }
    check_tables(w, t, JX_TO_FACILITY, snap, ms);
    check_tables(w, t, JX_FROM_FACILITY, snap, ms);
    check_load(w, snap, ms);
    jx_times_free(ctx, t);
    jx_hierarchy_free(ctx, h);
    free(order);
    free(copies);
    free(seen);
}

static bool too_long(const jx_network *n) {
    for (uint32_t r = 0; r < n->turns.n; r++) {
        if (n->turns.off[r + 1] - n->turns.off[r] > HISTORY + 1) {
            return true;
        }
    }
    return false;
}

static void naive_search_agrees(void **state) {
    (void)state;
    static const struct {
        double u_turn, sharp;
    } costs[] = {{20, 0}, {0, 0}, {300, 0}, {20, 6}, {3, 0}, {4, 6}};
    uint32_t rules = 0, forbidden_ways = 0, skipped = 0;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        junction w;
        start(&w);
        w.car.u_turn_s = costs[seed % 6].u_turn;
        w.car.sharp_s = costs[seed % 6].sharp;
        draw_streets(&w, seed);
        draw_rules(&w, seed, 1500);
        build(&w);
        rules += w.turned->turned->n_rules;
        for (uint32_t r = 0; r < w.net->turns.n; r++) {
            forbidden_ways += w.net->turns.off[r + 1] - w.net->turns.off[r] > 2;
        }
        if (too_long(w.net)) {
            skipped++;
        } else {
            check_world(&w, seed);
        }
        finish(&w);
    }
    assert_true(rules > 500 && forbidden_ways > 50 && skipped < 12); /* the test tests something */
}

/* Promise 4, with rules, U-turns and sharp turns: streets more, and nobody's time gets longer. */
static void a_street_more_never_lengthens(void **state) {
    (void)state;
    for (uint64_t seed = 200; seed < 230; seed++) {
        junction w[2];
        uint32_t ms[2][PLACES * PLACES];
        jx_snap snap[2][PLACES];
        for (int i = 0; i < 2; i++) {
            start(&w[i]);
            w[i].car.sharp_s = seed % 2 ? 0 : 6;
            draw_streets(&w[i], seed);
            draw_rules(&w[i], seed, 1000);
            for (uint64_t k = 500; i && k < 506; k++) { /* between old junctions, and from their middle */
                uint32_t a = (uint32_t)(dice(seed, 3 * k) * SIDE * SIDE), b = (uint32_t)(dice(seed, 3 * k + 1) * SIDE * SIDE);
                MINI_WAY(&w[i].m, "highway=residential", a, b);
            }
            build(&w[i]);
        }
        /* the same joints: places at old nodes, which are nodes of both networks */
        for (int i = 0; i < 2; i++) {
            for (uint32_t p = 0; p < PLACES; p++) { /* the first piece of an old way, at its beginning */
                uint32_t way = p * 2, e = 0;
                while (e < w[i].net->n_edges && w[i].net->way_id[e] != way + 1) {
                    e++;
                }
                snap[i][p] = (jx_snap){.edge = e < w[i].net->n_edges && (w[i].net->access[e] & JX_CAR_FWD) ? e : JX_NONE};
            }
            jx_graph g = jx_network_graph(w[i].turned);
            jx_hierarchy *h;
            jx_times *t;
            assert_int_equal(jx_hierarchy_of(w[i].t.ctx, &g, NULL, NULL, &h), JX_OK);
            assert_int_equal(jx_times_new(w[i].t.ctx, h, w[i].times->time_ms, &t), JX_OK);
            assert_int_equal(jx_matrix(w[i].t.ctx, w[i].turned, w[i].times, t, snap[i], PLACES, snap[i], PLACES, JX_UNREACHABLE, ms[i]), JX_OK);
            jx_times_free(w[i].t.ctx, t);
            jx_hierarchy_free(w[i].t.ctx, h);
        }
        for (uint32_t i = 0; i < PLACES * PLACES; i++) {
            assert_true(ms[1][i] <= ms[0][i]);
        }
        finish(&w[0]);
        finish(&w[1]);
    }
}

/* ---- rules by hand --------------------------------------------------------------------------------------------------------------- */

/* A crossing: west, east, south, north around the middle; each arm is a way that ends there. */
static void crossing(junction *w, uint32_t way[4], uint32_t *middle) {
    uint32_t c = mini_node(&w->m, 0, 0, ""), n[4] = {mini_node(&w->m, -500, 0, ""), mini_node(&w->m, 500, 0, ""), mini_node(&w->m, 0, -500, ""), mini_node(&w->m, 0, 500, "")};
    for (int i = 0; i < 4; i++) {
        way[i] = MINI_WAY(&w->m, "highway=residential", n[i], c);
    }
    *middle = c;
}

static void tags_and_exceptions(void **state) {
    (void)state;
    static const struct {
        const char *tags;
        uint32_t kept, conditional, other, unknown, modes;
    } want[] = {
        {"type=restriction,restriction=no_left_turn", 1, 0, 0, 0, 1u << JX_CAR | 1u << JX_BIKE},
        {"type=restriction,restriction=no_left_turn,except=bicycle", 1, 0, 0, 0, 1u << JX_CAR},
        {"type=restriction,restriction=no_left_turn,except=psv;motorcar", 1, 0, 0, 0, 1u << JX_BIKE},
        {"type=restriction,restriction=no_left_turn,except=psv; motor_vehicle;bicycle", 0, 0, 1, 0, 0},
        {"type=restriction,restriction:motorcar=only_left_turn", 1, 0, 0, 0, 1u << JX_CAR},
        {"type=restriction,restriction:hgv=no_left_turn", 0, 0, 1, 0, 0},
        {"type=restriction,restriction:conditional=no_left_turn @ (Mo-Fr 07:00-09:00)", 0, 1, 0, 0, 0},
        {"type=restriction,restriction=no_left_turn,hour_on=07:00,hour_off=09:00", 0, 1, 0, 0, 0},
        {"type=restriction,restriction=no_right_turn_on_red", 0, 0, 0, 1, 0},
        {"type=restriction,restriction=none,restriction:motorcar=no_u_turn", 1, 0, 0, 0, 1u << JX_CAR},
        {"type=route,route=road", 0, 0, 0, 0, 0},
    };
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        junction w;
        uint32_t way[4], c;
        start(&w);
        crossing(&w, way, &c);
        MINI_REL(&w.m, want[i].tags, {'w', way[0], "from"}, {'n', c, "via"}, {'w', way[3], "to"}, {'n', c, "location_hint"});
        build(&w);
        const jx_turn_rules *t = &w.net->turns;
        assert_int_equal(t->n_kept, want[i].kept);
        assert_int_equal(t->n, want[i].kept);
        assert_int_equal(t->n_conditional, want[i].conditional);
        assert_int_equal(t->n_other, want[i].other);
        assert_int_equal(t->n_unknown, want[i].unknown);
        assert_int_equal(t->n_relations, t->n_kept + t->n_conditional + t->n_other + t->n_unknown + t->n_incomplete + t->n_apart);
        if (t->n) {
            assert_int_equal(t->modes[0], want[i].modes);
            assert_int_equal(t->off[1], 2);
            assert_int_equal(w.net->way_id[t->arc[0] >> 1], way[0] + 1);
            assert_int_equal(w.net->way_id[t->arc[1] >> 1], way[3] + 1);
            assert_int_equal(jx_arc_head(w.net, t->arc[0]), jx_arc_tail(w.net, t->arc[1]));
        }
        finish(&w);
    }
}

static void what_cannot_be_placed(void **state) {
    (void)state;
    junction w;
    uint32_t way[4], c;
    start(&w);
    crossing(&w, way, &c);
    uint32_t a = mini_node(&w.m, 900, 900, ""), b = mini_node(&w.m, 1900, 900, "");
    uint32_t far = MINI_WAY(&w.m, "highway=residential", a, b), through = MINI_WAY(&w.m, "highway=residential", a, c, b);
    static const char no[] = "type=restriction,restriction=no_left_turn";
    MINI_REL(&w.m, no, {'w', way[0], "from"}, {'n', c, "via"});                                                  /* no to */
    MINI_REL(&w.m, no, {'w', way[0], "from"}, {'n', c, "via"}, {'w', JX_NONE, "to"});                            /* to is not there */
    MINI_REL(&w.m, no, {'w', way[0], "from"}, {'w', way[1], "from"}, {'n', c, "via"}, {'w', way[2], "to"});      /* two froms */
    MINI_REL(&w.m, no, {'w', way[0], "from"}, {'w', way[1], "to"});                                              /* no via */
    MINI_REL(&w.m, no, {'w', way[0], "from"}, {'n', c, "via"}, {'w', far, "to"});                                /* to is elsewhere */
    MINI_REL(&w.m, no, {'w', way[0], "from"}, {'w', far, "via"}, {'w', way[1], "to"});                           /* via is elsewhere */
    MINI_REL(&w.m, no, {'w', through, "from"}, {'n', c, "via"}, {'w', way[1], "to"});                            /* which half of from? */
    MINI_REL(&w.m, "type=restriction,restriction=no_entry", {'w', way[0], "from"}, {'w', way[1], "from"}, {'n', c, "via"}, {'w', way[2], "to"});
    MINI_REL(&w.m, "type=restriction,restriction=no_u_turn", {'w', through, "from"}, {'n', c, "via"}, {'w', through, "to"});
    build(&w);
    assert_int_equal(w.net->turns.n_relations, 9);
    assert_int_equal(w.net->turns.n_incomplete, 4);
    assert_int_equal(w.net->turns.n_apart, 3);
    assert_int_equal(w.net->turns.n_kept, 2);
    assert_int_equal(w.net->turns.n, 4); /* two froms; back on either half */
    finish(&w);
}

static uint32_t drive(const junction *w, uint32_t from_way, uint32_t to_way) {
    jx_snap s[2] = {{.edge = JX_NONE}, {.edge = JX_NONE}};
    naive q;
    for (uint32_t e = 0; e < w->net->n_edges; e++) { /* half-way along the first piece */
        for (int i = 0; i < 2; i++) {
            if (s[i].edge == JX_NONE && w->net->way_id[e] == (i ? to_way : from_way) + 1) {
                s[i] = (jx_snap){.edge = e, .pos_mm = w->net->length_mm[e] / 2};
            }
        }
    }
    jx_table *t;
    assert_int_equal(jx_table_new(w->t.ctx, w->turned, w->times, JX_TO_FACILITY, &s[0], 1, &s[1], 1, 0, &t), JX_OK);
    explore(&q, w, &s[0]);
    assert_int_equal(t->nearest_ms[0], time_to(&q, &s[0], &s[1]));
    forget(&q);
    uint32_t ms = t->nearest_ms[0];
    jx_table_free(w->t.ctx, t);
    return ms;
}

/* Times that can be worked out on paper: an arm is 500 m at 25 km/h, 72 s; half of it 36 s. */
static void times_by_hand(void **state) {
    (void)state;
    static const struct {
        const char *tags;
        double north, east; /* seconds from the middle of the west arm */
    } want[] = {
        {"type=restriction,restriction=none", 72, 72},
        {"type=restriction,restriction=no_left_turn", 72 + 2 * 72 + 20, 72}, /* past the crossing, turn round, come back */
        {"type=restriction,restriction=only_left_turn", 72, 72 + 2 * 72 + 20},
        {"type=restriction,restriction=no_left_turn,except=motorcar", 72, 72},
    };
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        junction w;
        uint32_t way[4], c;
        start(&w);
        crossing(&w, way, &c);
        MINI_REL(&w.m, want[i].tags, {'w', way[0], "from"}, {'n', c, "via"}, {'w', way[3], "to"});
        build(&w);
        assert_true(fabs(drive(&w, way[0], way[3]) / 1000.0 - want[i].north) < 0.5);
        assert_true(fabs(drive(&w, way[0], way[1]) / 1000.0 - want[i].east) < 0.5);
        assert_true(fabs(drive(&w, way[2], way[3]) / 1000.0 - 72) < 0.5);
        finish(&w);
    }
}

/* Via a way: a dual carriageway whose link must not be used to turn round; coming from elsewhere one may use it. */
static void via_a_way(void **state) {
    (void)state;
    junction w;
    start(&w);
    uint32_t a0 = mini_node(&w.m, 0, 0, ""), a1 = mini_node(&w.m, 500, 0, ""), a2 = mini_node(&w.m, 1000, 0, "");
    uint32_t b0 = mini_node(&w.m, 1000, 20, ""), b1 = mini_node(&w.m, 500, 20, ""), b2 = mini_node(&w.m, 0, 20, ""), s = mini_node(&w.m, 500, -300, "");
    uint32_t in = MINI_WAY(&w.m, "highway=primary,oneway=yes", a0, a1), on = MINI_WAY(&w.m, "highway=primary,oneway=yes", a1, a2);
    uint32_t link = MINI_WAY(&w.m, "highway=primary", a1, b1), back = MINI_WAY(&w.m, "highway=primary,oneway=yes", b1, b2);
    uint32_t side = MINI_WAY(&w.m, "highway=residential", s, a1);
    MINI_WAY(&w.m, "highway=primary,oneway=yes", b0, b1);
    MINI_WAY(&w.m, "highway=primary", a2, b0);
    MINI_REL(&w.m, "type=restriction,restriction=no_u_turn", {'w', in, "from"}, {'w', link, "via"}, {'w', back, "to"});
    build(&w);
    assert_int_equal(w.net->turns.n_kept, 1);
    assert_int_equal(w.net->turns.off[1], 3);
    uint32_t there = drive(&w, in, on), round = drive(&w, in, back), from_side = drive(&w, side, back);
    assert_true(there < 60000 && from_side < 60000);
    assert_true(round > 2 * 500 * 3600 / 65); /* by the far end, not by the link */
    finish(&w);
}

/* Where the first junction forbids to turn round as well, one goes on to the next, and pays there: 72 s to the crossing and beyond, twice
 * the arm of 72 s, twice 100 m at 14.4 s, and the U-turn. */
static void turning_round_farther_on(void **state) {
    (void)state;
    junction w;
    start(&w);
    uint32_t c = mini_node(&w.m, 0, 0, ""), west = mini_node(&w.m, -500, 0, ""), north = mini_node(&w.m, 0, 500, "");
    uint32_t e1 = mini_node(&w.m, 500, 0, ""), e2 = mini_node(&w.m, 600, 0, "");
    uint32_t in = MINI_WAY(&w.m, "highway=residential", west, c), left = MINI_WAY(&w.m, "highway=residential", c, north);
    uint32_t on = MINI_WAY(&w.m, "highway=residential", c, e1);
    MINI_WAY(&w.m, "highway=residential", e1, e2);
    MINI_REL(&w.m, "type=restriction,restriction=no_left_turn", {'w', in, "from"}, {'n', c, "via"}, {'w', left, "to"});
    MINI_REL(&w.m, "type=restriction,restriction=no_u_turn", {'w', on, "from"}, {'n', e1, "via"}, {'w', on, "to"});
    build(&w);
    assert_int_equal(w.net->turns.n_kept, 2);
    assert_true(fabs(drive(&w, in, left) / 1000.0 - (72 + 2 * 72 + 2 * 14.4 + 20)) < 0.5);
    finish(&w);
}

/* A via way of so many pieces, between a way that leads in and one that leads out. */
static void long_via(junction *w, uint32_t pieces) {
    uint32_t node[JX_TURN_MAX_ARCS + 2];
    start(w);
    for (uint32_t i = 0; i <= pieces; i++) {
        node[i] = mini_node(&w->m, 100.0 * i, 0, "");
        MINI_WAY(&w->m, "highway=residential", node[i], mini_node(&w->m, 100.0 * i, 50, ""));
    }
    uint32_t via = mini_way(&w->m, "highway=primary", pieces + 1, node);
    uint32_t in = MINI_WAY(&w->m, "highway=primary", mini_node(&w->m, -100, 0, ""), node[0]);
    uint32_t out = MINI_WAY(&w->m, "highway=primary", node[pieces], mini_node(&w->m, 100.0 * pieces + 100, 0, ""));
    MINI_REL(&w->m, "type=restriction,restriction=no_straight_on", {'w', in, "from"}, {'w', via, "via"}, {'w', out, "to"});
    build(w);
}

static void rules_have_a_longest(void **state) {
    (void)state;
    for (uint32_t pieces = JX_TURN_MAX_ARCS - 3; pieces <= JX_TURN_MAX_ARCS; pieces++) {
        junction w;
        bool fits = pieces + 2 <= JX_TURN_MAX_ARCS;
        long_via(&w, pieces);
        assert_int_equal(w.net->turns.n_relations, 1);
        assert_int_equal(w.net->turns.n_kept, fits);
        assert_int_equal(w.net->turns.n_apart, !fits);
        assert_int_equal(w.net->turns.n, fits);
        assert_int_equal(w.net->turns.off[w.net->turns.n], fits ? pieces + 2 : 0);
        finish(&w);
    }
}

/* Cyclists and walkers go by the plain network, whatever the rules say; cars do not. */
static void turns_are_for_cars(void **state) {
    (void)state;
    junction w;
    uint32_t way[4], c;
    start(&w);
    crossing(&w, way, &c);
    MINI_REL(&w.m, "type=restriction,restriction=no_left_turn", {'w', way[0], "from"}, {'n', c, "via"}, {'w', way[3], "to"});
    build(&w);
    assert_int_equal(w.net->turns.modes[0], 1u << JX_CAR | 1u << JX_BIKE);
    for (int m = 0; m < JX_N_MODES; m++) {
        assert_int_equal(jx_turns_matter(w.net, jx_profiles_get(w.p, (jx_mode)m)), m == JX_CAR);
    }
    finish(&w);
}

static void stops_when_asked(void **state) {
    (void)state;
    junction w;
    volatile int cancel = 1;
    long_via(&w, 9);
    jx_mem *mem = jx_mem_new(NULL, 0);
    jx_ctx *ctx = jx_ctx_new(&(jx_ctx_options){.mem = mem, .cancel = &cancel});
    jx_network *turned = NULL;
    jx_metric *times = NULL;
    assert_int_equal(jx_turned_new(ctx, w.net, w.metric, &w.car, &turned, &times), JX_E_CANCELLED);
    assert_null(turned);
    jx_ctx_free(ctx);
    jx_mem_free(mem);
    finish(&w);
}

/* ---- no memory --------------------------------------------------------------------------------------------------------------------- */

static jx_status build_and_turn(jx_ctx *ctx, void *arg) {
    const junction *w = arg;
    jx_network *net = NULL, *turned = NULL;
    jx_metric *m = NULL;
    jx_status st = jx_network_build(ctx, w->m.x, w->p, &net);
    if (st == JX_OK) {
        st = jx_turned_new(ctx, net, w->metric, &w->car, &turned, &m);
    }
    uint32_t *plain = st == JX_OK ? calloc(net->n_nodes, sizeof *plain) : NULL, *order = st == JX_OK ? calloc(turned->n_nodes, sizeof *order) : NULL;
    for (uint32_t v = 0; st == JX_OK && v < net->n_nodes; v++) {
        plain[v] = v;
    }
    if (st == JX_OK) {
        st = jx_turned_order(ctx, turned, plain, order);
    }
    if (st == JX_OK) {
        assert_int_equal(turned->n_edges, w->turned->n_edges);
        assert_memory_equal(m->time_ms, w->times->time_ms, m->n_arcs * sizeof *m->time_ms);
    }
    free(plain);
    free(order);
    jx_metric_free(ctx, m);
    jx_network_free(ctx, turned);
    jx_network_free(ctx, net);
    return st;
}

static void memory_runs_out(void **state) {
    (void)state;
    junction w;
    start(&w);
    draw_streets(&w, 5);
    draw_rules(&w, 5, 600);
    build(&w);
    assert_true(w.net->turns.n > 5);
    jx_oom_sweep(build_and_turn, &w);
    finish(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tags_and_exceptions), cmocka_unit_test(what_cannot_be_placed), cmocka_unit_test(times_by_hand),
        cmocka_unit_test(via_a_way),           cmocka_unit_test(naive_search_agrees),   cmocka_unit_test(a_street_more_never_lengthens),
        cmocka_unit_test(turning_round_farther_on), cmocka_unit_test(memory_runs_out), cmocka_unit_test(rules_have_a_longest),
        cmocka_unit_test(turns_are_for_cars),  cmocka_unit_test(stops_when_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
