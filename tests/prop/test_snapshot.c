/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Snapshots: what comes back is what went in, to the bit; whatever else opens is still a sound hierarchy; the rest is refused. */
#include "mini.h"
#include "oom.h"
#include "seal.h"
#include "sound.h"

static const char no_sha[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/* Up to four turn rules of two or three arcs that follow each other. */
static void draw_turns(world *w, jx_test_rng *r) {
    jx_ctx *ctx = w->t.ctx;
    const jx_network *net = w->net;
    jx_turn_rules *t = &w->net->turns;
    void *const old[] = {t->off, t->arc, t->kind, t->modes, t->relation};
    for (size_t i = 0; i < sizeof old / sizeof *old; i++) {
        jx_free(ctx, old[i]);
    }
    *t = (jx_turn_rules){.n_relations = 9, .n_other = 9};
    t->off = jx_calloc(ctx, 5, sizeof *t->off);
    t->arc = jx_calloc(ctx, 12, sizeof *t->arc);
    t->kind = jx_calloc(ctx, 4, 1);
    t->modes = jx_calloc(ctx, 4, 1);
    t->relation = jx_calloc(ctx, 4, sizeof *t->relation);
    for (uint32_t want = (uint32_t)jx_test_below(r, 5); t->n < want; t->n++) {
        uint32_t n = t->off[t->n], arc = (uint32_t)jx_test_below(r, 2 * net->n_edges);
        for (uint64_t k = 2 + jx_test_below(r, 2); k > 0; k--) {
            uint32_t v = jx_arc_head(net, arc), lo = net->first_arc[v];
            t->arc[n++] = arc;
            arc = net->arc[lo + jx_test_below(r, net->first_arc[v + 1] - lo)];
        }
        t->off[t->n + 1] = n;
        t->kind[t->n] = (uint8_t)jx_test_below(r, 2);
        t->modes[t->n] = (uint8_t)jx_test_below(r, 8);
        t->relation[t->n] = (int64_t)jx_test_below(r, 1 << 30);
    }
}

/* Streets by chance, with names, a barrier, loops, parallel ways and one-ways. */
static void draw(world *w, uint64_t seed, uint32_t ways) {
    static const char *const tags[] = {"highway=residential,name=Lindenweg", "highway=primary,name=解放路,oneway=yes", "highway=footway", "highway=track",
                                       "highway=service,name=Hof", "route=ferry,duration=00:05"};
    uint32_t n[24];
    jx_test_rng r = {seed, 0};
    for (uint32_t i = 0; i < 24; i++) {
        n[i] = mini_node(&w->m, 3000 * jx_test_unit(&r), 3000 * jx_test_unit(&r), i == 7 ? "barrier=bollard" : "");
    }
    for (uint32_t k = 0; k < ways; k++) {
        uint32_t a = n[jx_test_below(&r, 24)], b = n[jx_test_below(&r, 24)], c = n[jx_test_below(&r, 24)];
        MINI_WAY(&w->m, tags[jx_test_below(&r, 6)], a, b, c, k % 5 ? c : a);
    }
    world_streets(w, w->m.x);
    draw_turns(w, &r);
}

static void draw_demo(world *w) {
    const jx_keep keep = {jx_keep_default};
    jx_extract *x = NULL;
    assert_int_equal(jx_pbf_read(w->t.ctx, JX_SOURCE_DIR "/demo/liechtenstein/liechtenstein-2024-03.osm.pbf", &keep, &x), JX_OK);
    world_streets(w, x);
    jx_extract_free(w->t.ctx, x);
}

/* ---- bytes ---------------------------------------------------------------------------------------------------------------- */

static jx_status collect(jx_ctx *ctx, void *user, const void *p, size_t n) {
    (void)ctx;
    jx_buf_add(user, p, n);
    return JX_OK;
}

/* The bytes on 64-byte aligned ground; free() them. */
static uint8_t *bytes_of(jx_ctx *ctx, const jx_network *net, const jx_hierarchy *h, const jx_doc *profiles, size_t *n) {
    const jx_snapshot_content c = {net, h, profiles, no_sha, "drawn.osm.pbf", 1700000000, {1, 2, 3, 4}};
    jx_buf b;
    jx_buf_init(&b, ctx);
    assert_int_equal(jx_snapshot_write(ctx, &c, collect, &b), JX_OK);
    assert_int_equal(jx_buf_ok(&b), JX_OK);
    assert_int_equal(b.n % 64, 0);
    uint8_t *p = aligned_alloc(64, b.n);
    memcpy(p, b.s, b.n);
    *n = b.n;
    jx_buf_release(&b);
    return p;
}

static void same_arrays(const world *w, const jx_snapshot *s) {
    const jx_network *a = w->net, *b = s->net;
    const jx_hierarchy *g = w->h, *h = s->h;
    size_t n = a->n_nodes, m = a->n_edges;
    assert_true(n == b->n_nodes && m == b->n_edges && g->n_arcs == h->n_arcs && g->height == h->height && g->n_inputs == h->n_inputs);
#define SAME(x, y, field, count) assert_memory_equal((x)->field, (y)->field, (count) * sizeof *(x)->field)
    SAME(a, b, node, n), SAME(a, b, from, m), SAME(a, b, to, m), SAME(a, b, length_mm, m), SAME(a, b, offset_mm, m), SAME(a, b, cls, m);
    SAME(a, b, access, m), SAME(a, b, surface, m), SAME(a, b, maxspeed_fwd, m), SAME(a, b, maxspeed_bwd, m), SAME(a, b, flags, m);
    SAME(a, b, duration_ms, m), SAME(a, b, way_id, m), SAME(a, b, name, m), SAME(a, b, geom_off, m + 1), SAME(a, b, geom, a->geom_off[m]);
    SAME(a, b, first_arc, n + 1), SAME(a, b, arc, 2 * m), SAME(a, b, island, m);
    SAME(a, b, turns.off, a->turns.n + 1), SAME(a, b, turns.arc, a->turns.off[a->turns.n]), SAME(a, b, turns.kind, a->turns.n);
    SAME(a, b, turns.modes, a->turns.n), SAME(a, b, turns.relation, a->turns.n);
    assert_true(a->turns.n == b->turns.n && memcmp(&a->turns.n_relations, &b->turns.n_relations, 7 * sizeof(uint32_t)) == 0);
    for (int k = 0; k < JX_N_MODES; k++) {
        SAME(a, b, component[k], m);
        assert_true(a->n_islands[k] == b->n_islands[k] && a->island_km[k] == b->island_km[k]);
    }
    for (uint32_t e = 0; e < m; e++) {
        assert_true(a->name[e] == JX_NONE || strcmp(a->names + a->name[e], b->names + b->name[e]) == 0);
    }
    SAME(g, h, rank, n), SAME(g, h, node, n), SAME(g, h, parent, n), SAME(g, h, size, n), SAME(g, h, slot, n), SAME(g, h, up, n + 1);
    SAME(g, h, head, g->n_arcs), SAME(g, h, head_slot, g->n_arcs), SAME(g, h, down, n + 1), SAME(g, h, down_arc, g->n_arcs);
    SAME(g, h, down_tail, g->n_arcs), SAME(g, h, edge_arc, m), SAME(g, h, input_arc, g->n_inputs), SAME(g, h, input, g->n_inputs);
    assert_memory_equal(a->class_km, b->class_km, sizeof a->class_km);
    assert_true(a->n_barriers == b->n_barriers && a->n_missing_refs == b->n_missing_refs);
}

static void round_trip(world *w) {
    jx_ctx *ctx = w->t.ctx;
    size_t n, n2;
    uint8_t *p = bytes_of(ctx, w->net, w->h, &w->doc, &n);
    jx_snapshot *s;
    char key[JX_SNAPSHOT_KEY + 1];
    assert_true(jx_snapshot_is(p, n));
    assert_int_equal(jx_snapshot_open(ctx, "x.jxn", p, n, &s), JX_OK);
    same_arrays(w, s);
    assert_string_equal(s->source, "drawn.osm.pbf");
    assert_string_equal(s->extract_sha256, no_sha);
    assert_int_equal(s->date, 1700000000);
    assert_int_equal(s->bytes, n);
    assert_true((const uint8_t *)s->net->node > p && (const uint8_t *)s->h->input < p + n); /* nothing was copied */
    assert_true(jx_snapshot_key_of(p, n, key));
    assert_string_equal(key, s->key);
    assert_int_equal(jx_snapshot_key(ctx, no_sha, &s->profile_doc, key), JX_OK); /* the profiles came back as they were */
    assert_string_equal(key, s->key);
    uint8_t *again = bytes_of(ctx, s->net, s->h, &s->profile_doc, &n2);
    assert_int_equal(n, n2);
    assert_memory_equal(p, again, n);
    uint8_t *sealed = aligned_alloc(64, n); /* the documented checksums are those written */
    memcpy(sealed, p, n);
    seal(sealed, n);
    assert_memory_equal(p, sealed, n);
    jx_snapshot_free(ctx, s);
    free(sealed);
    free(again);
    free(p);
}

static void comes_back_to_the_bit(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        world w;
        world_start(&w, 0);
        draw(&w, seed, 1 + (uint32_t)seed);
        round_trip(&w);
        world_finish(&w);
    }
    world w;
    world_start(&w, 2);
    draw_demo(&w);
    round_trip(&w);
    world_finish(&w);
}

static void same_bytes_for_any_threads(void **state) {
    (void)state;
    uint8_t *first = NULL;
    size_t n_first = 0, n;
    for (unsigned threads = 1; threads <= 5; threads += 2) {
        world w;
        world_start(&w, threads);
        draw_demo(&w);
        uint8_t *p = bytes_of(w.t.ctx, w.net, w.h, &w.doc, &n);
        world_finish(&w);
        if (!first) {
            first = p;
            n_first = n;
            continue;
        }
        assert_int_equal(n, n_first);
        assert_memory_equal(p, first, n);
        free(p);
    }
    free(first);
}

/* ---- refusals ----------------------------------------------------------------------------------------------------------------- */

typedef struct file {
    uint8_t *p;
    size_t n;
} file;

static jx_msg_id refused(world *w, const uint8_t *p, size_t n) {
    uint8_t *copy = aligned_alloc(64, n + 64 - n % 64);
    jx_snapshot *s = NULL;
    memcpy(copy, p, n);
    jx_status st = jx_snapshot_open(w->t.ctx, "x.jxn", copy, n, &s);
    free(copy);
    if (st == JX_OK) {
        jx_snapshot_free(w->t.ctx, s);
        return JX_M_NONE;
    }
    assert_int_equal(st, JX_E_INPUT);
    assert_null(s);
    return jx_test_error(&w->t);
}

static void each_damage_is_told(void **state) {
    (void)state;
    world w;
    size_t n;
    world_start(&w, 0);
    draw(&w, 5, 12);
    uint8_t *p = bytes_of(w.t.ctx, w.net, w.h, &w.doc, &n);
    assert_int_equal(refused(&w, p, n), JX_M_NONE);
    for (size_t k = 0; k < 8; k++) {
        assert_int_equal(refused(&w, p, k), JX_M_SNAPSHOT_NOT);
    }
    for (size_t k = 8; k < n; k += k < 3000 ? 1 : 61) {
        assert_int_equal(refused(&w, p, k), JX_M_SNAPSHOT_SHORT);
    }
    assert_int_equal(refused(&w, (const uint8_t *)"name,lon,lat\nHome,9.5,47.1\n", 27), JX_M_SNAPSHOT_NOT);
    uint8_t *longer = calloc(1, n + 64);
    memcpy(longer, p, n);
    assert_int_equal(refused(&w, longer, n + 64), JX_M_SNAPSHOT_DAMAGED);
    free(longer);
    for (size_t at = 0; at < n; at++) { /* any byte changed: never accepted, and told by the field it stands in */
        p[at] ^= 0x10;
        jx_msg_id id = refused(&w, p, n);
        if (at >= 24 && at < 32 && id == JX_M_SNAPSHOT_SHORT) { /* the size of the file, made greater */
            id = JX_M_SNAPSHOT_DAMAGED;
        }
        assert_int_equal(id, at < 8 ? JX_M_SNAPSHOT_NOT : at >= 12 && at < 20 ? JX_M_SNAPSHOT_VERSION : JX_M_SNAPSHOT_DAMAGED);
        p[at] ^= 0x10;
    }
    uint8_t turned[4] = {p[11], p[10], p[9], p[8]};
    memcpy(p + 8, turned, 4);
    assert_int_equal(refused(&w, p, n), JX_M_SNAPSHOT_ENDIAN);
    free(p);
    world_finish(&w);
}

static void other_inputs_are_told(void **state) {
    (void)state;
    world w;
    size_t n;
    char key[JX_SNAPSHOT_KEY + 1], other[65];
    jx_snapshot *s;
    jx_doc doc;
    world_start(&w, 0);
    draw(&w, 3, 6);
    uint8_t *p = bytes_of(w.t.ctx, w.net, w.h, &w.doc, &n);
    assert_int_equal(jx_snapshot_open(w.t.ctx, "x.jxn", p, n, &s), JX_OK);
    assert_int_equal(jx_snapshot_key(w.t.ctx, no_sha, &w.doc, key), JX_OK);
    assert_int_equal(jx_snapshot_match(w.t.ctx, "x.jxn", s, key), JX_OK);
    memcpy(other, no_sha, sizeof other);
    other[0] = 'f';
    assert_int_equal(jx_snapshot_key(w.t.ctx, other, &w.doc, key), JX_OK);
    assert_int_equal(jx_snapshot_match(w.t.ctx, "x.jxn", s, key), JX_E_INPUT);
    assert_int_equal(jx_test_error(&w.t), JX_M_SNAPSHOT_OTHER);
    assert_int_equal(jx_yaml_parse(w.t.ctx, "p", "about: other\n", 13, &doc), JX_OK);
    assert_int_equal(jx_snapshot_key(w.t.ctx, no_sha, &doc, key), JX_OK);
    assert_int_equal(jx_snapshot_match(w.t.ctx, "x.jxn", s, key), JX_E_INPUT);
    jx_doc_release(w.t.ctx, &doc);
    jx_snapshot_free(w.t.ctx, s);
    free(p);
    world_finish(&w);
}

/* ---- hostile bytes behind right checksums --------------------------------------------------------------------------------------- */

/* One value of one section, as a hostile hand would change it. */
static void tamper(uint8_t *at, uint32_t elem, uint64_t count, uint64_t item, jx_test_rng *r) {
    uint8_t *e = at + item * elem;
    uint64_t v = 0;
    memcpy(&v, e, elem < 8 ? elem : 8);
    switch (jx_test_below(r, 7)) {
        case 0:
            v = UINT64_MAX;
            break;
        case 1:
            v++;
            break;
        case 2:
            v--;
            break;
        case 3:
            v = 0;
            break;
        case 4:
            v ^= (uint64_t)1 << jx_test_below(r, 8 * (elem < 8 ? elem : 8));
            break;
        case 5: /* the neighbour's */
            memcpy(&v, at + (item + 1) % count * elem, elem < 8 ? elem : 8);
            break;
        default:
            v = jx_test_u64(r);
    }
    memcpy(e, &v, elem < 8 ? elem : 8);
}

static void whatever_opens_is_sound(void **state) {
    (void)state;
    size_t opened = 0, closed = 0;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        world w;
        size_t n;
        world_start(&w, 0);
        draw(&w, seed, 10 + (uint32_t)seed);
        uint8_t *good = bytes_of(w.t.ctx, w.net, w.h, &w.doc, &n), *p = aligned_alloc(64, n);
        jx_test_rng r = {seed, 0};
        uint32_t sections;
        memcpy(&sections, good + 20, 4);
        for (uint32_t k = 0; k < 20 * sections; k++) {
            const uint8_t *row = good + SEAL_HEAD + (size_t)(k % sections) * SEAL_ROW;
            uint32_t elem;
            uint64_t count, offset;
            memcpy(p, good, n);
            memcpy(&elem, row + 24, 4);
            memcpy(&count, row + 32, 8);
            memcpy(&offset, row + 40, 8);
            for (uint64_t times = 1 + jx_test_below(&r, 2); count && times > 0; times--) {
                uint64_t item = elem > 8 ? 0 : jx_test_below(&r, count), within = elem > 8 ? jx_test_below(&r, elem / 8) : 0;
                tamper(p + offset + 8 * within, elem > 8 ? 8 : elem, elem > 8 ? 1 : count, item, &r);
            }
            seal(p, n);
            jx_snapshot *s = NULL;
            if (jx_snapshot_open(w.t.ctx, "x.jxn", p, n, &s) == JX_OK) {
                assert_true(snapshot_sound(w.t.ctx, s, k));
                jx_snapshot_free(w.t.ctx, s);
                opened++;
            } else {
                jx_ctx_clear_error(w.t.ctx);
                closed++;
            }
        }
        free(p);
        free(good);
        world_finish(&w);
    }
    assert_true(opened > 200 && closed > 200); /* speeds and surfaces may change, what is followed may not */
}

/* One value of a named section, written over behind right checksums: is it told as a contradiction? */
static jx_msg_id with_value(world *w, const uint8_t *good, size_t n, const char *section, uint64_t item, const void *value) {
    uint8_t *p = aligned_alloc(64, n);
    uint32_t sections, elem = 0;
    uint64_t offset = 0;
    memcpy(p, good, n);
    memcpy(&sections, p + 20, 4);
    for (uint32_t i = 0; i < sections; i++) {
        const uint8_t *row = p + SEAL_HEAD + (size_t)i * SEAL_ROW;
        if (strncmp((const char *)row, section, 24) == 0) {
            memcpy(&elem, row + 24, 4);
            memcpy(&offset, row + 40, 8);
        }
    }
    assert_true(elem > 0);
    memcpy(p + offset + item * elem, value, elem);
    seal(p, n);
    jx_msg_id id = refused(w, p, n);
    jx_ctx_clear_error(w->t.ctx);
    free(p);
    return id;
}

/* Lengths follow from the points, offsets from the lengths before, and only ferries last. */
static void lengths_must_fit(void **state) {
    (void)state;
    world w;
    size_t n;
    world_start(&w, 0);
    draw(&w, 4, 14);
    uint8_t *p = bytes_of(w.t.ctx, w.net, w.h, &w.doc, &n);
    uint32_t ferries = 0, later = 0;
    for (uint32_t e = 0; e < w.net->n_edges; e++) {
        uint32_t len = w.net->length_mm[e], at = w.net->offset_mm[e], more = len + len / 400 + 60, less = len ? len / 400 * 399 - 60 : 9, far = UINT32_MAX - 1, beyond = at + 1, ms = 1;
        assert_int_equal(with_value(&w, p, n, "length_mm", e, &len), JX_M_NONE);
        assert_int_equal(with_value(&w, p, n, "length_mm", e, &more), JX_M_SNAPSHOT_WRONG);
        assert_int_equal(with_value(&w, p, n, "length_mm", e, &less), JX_M_SNAPSHOT_WRONG);
        assert_int_equal(with_value(&w, p, n, "offset_mm", e, &far), JX_M_SNAPSHOT_WRONG);
        assert_int_equal(with_value(&w, p, n, "offset_mm", e, &beyond), JX_M_SNAPSHOT_WRONG);
        assert_int_equal(with_value(&w, p, n, "duration_ms", e, &ms), w.net->cls[e] == JX_ROAD_FERRY ? JX_M_NONE : JX_M_SNAPSHOT_WRONG);
        ferries += w.net->cls[e] == JX_ROAD_FERRY;
        later += at > 0;
    }
    assert_true(ferries > 0 && later > 0);
    free(p);
    world_finish(&w);
}

/* What the builder makes opens at any latitude, over the antimeridian and at the poles; a length that is half a per cent off does not. */
static void lengths_fit_everywhere(void **state) {
    (void)state;
    static const jx_pt shift[] = {{0, 0}, {0, 313370001}, {0, -475000000}, {0, 600000000}, {0, 781234567}, {0, 887000000}, {0, 889800000}, {0, -892000000}, {0, 897000000},
                                  {1699000000, 650000000}};
    for (size_t k = 0; k < sizeof shift / sizeof *shift; k++) {
        world w;
        size_t n;
        jx_test_rng r = {k + 1, 0};
        world_start(&w, 0);
        for (uint32_t i = 0; i < 40; i++) { /* from a metre to tens of kilometres */
            double far = 1 + 30000 * jx_test_unit(&r) * (i % 3 == 0) + 300 * jx_test_unit(&r) * (i % 3 == 1);
            uint32_t v[4];
            for (int j = 0; j < 4; j++) {
                v[j] = mini_node(&w.m, far * jx_test_unit(&r), far * jx_test_unit(&r), "");
                w.m.x->node_pt[v[j]].lon += shift[k].lon;
                w.m.x->node_pt[v[j]].lat += shift[k].lat;
                int64_t lon = w.m.x->node_pt[v[j]].lon;
                w.m.x->node_pt[v[j]].lon = (int32_t)(lon > 1800000000 ? lon - 3600000000 : lon);
            }
            MINI_WAY(&w.m, "highway=residential", v[0], v[1], v[2], v[3]);
        }
        world_streets(&w, w.m.x);
        uint8_t *p = bytes_of(w.t.ctx, w.net, w.h, &w.doc, &n);
        assert_int_equal(refused(&w, p, n), JX_M_NONE);
        for (uint32_t e = 0; e < w.net->n_edges; e++) {
            uint32_t off = w.net->length_mm[e] + w.net->length_mm[e] / 200 + 6;
            assert_int_equal(with_value(&w, p, n, "length_mm", e, &off), JX_M_SNAPSHOT_WRONG);
        }
        free(p);
        world_finish(&w);
    }
}

/* A rule that drives to and fro on one street, `arcs` long: what opens, and the limit. */
static void rules_are_short(void **state) {
    (void)state;
    for (uint32_t arcs = JX_TURN_MAX_ARCS - 1; arcs <= JX_TURN_MAX_ARCS + 1; arcs++) {
        world w;
        size_t n;
        world_start(&w, 0);
        draw(&w, 6, 9);
        jx_turn_rules *t = &w.net->turns;
        jx_free(w.t.ctx, t->arc);
        t->arc = jx_calloc(w.t.ctx, arcs, sizeof *t->arc);
        for (uint32_t i = 0; i < arcs; i++) {
            t->arc[i] = i & 1u;
        }
        t->n = 1;
        t->off[1] = arcs;
        t->kind[0] = JX_TURN_NO;
        t->modes[0] = 1u << JX_CAR;
        uint8_t *p = bytes_of(w.t.ctx, w.net, w.h, &w.doc, &n);
        assert_int_equal(refused(&w, p, n), arcs > JX_TURN_MAX_ARCS ? JX_M_SNAPSHOT_WRONG : JX_M_NONE);
        free(p);
        world_finish(&w);
    }
}

/* Names are UTF-8: of a snapshot that says otherwise nothing is shown, and what an extract has wrong is put right when it is built. */
static void names_are_text(void **state) {
    (void)state;
    world w;
    size_t n;
    world_start(&w, 0);
    uint32_t a = mini_node(&w.m, 0, 0, ""), b = mini_node(&w.m, 100, 0, ""), c = mini_node(&w.m, 200, 0, "");
    MINI_WAY(&w.m, "highway=residential,name=Gr\xFCner Weg", a, b); /* Latin-1 */
    MINI_WAY(&w.m, "highway=residential,name=\xE4\xB8", b, c);      /* cut short */
    world_streets(&w, w.m.x);
    assert_string_equal(w.net->names + w.net->name[0], "Gr\uFFFDner Weg");
    assert_string_equal(w.net->names + w.net->name[1], "\uFFFD\uFFFD");
    uint8_t *p = bytes_of(w.t.ctx, w.net, w.h, &w.doc, &n);
    assert_int_equal(refused(&w, p, n), JX_M_NONE);
    assert_int_equal(with_value(&w, p, n, "names", 0, "\x80"), JX_M_SNAPSHOT_WRONG);
    assert_int_equal(with_value(&w, p, n, "names", 2, "\xC2"), JX_M_SNAPSHOT_WRONG);
    assert_int_equal(with_value(&w, p, n, "names", 0, "g"), JX_M_NONE);
    free(p);
    world_finish(&w);
}

/* ---- the number of the rules ----------------------------------------------------------------------------------------------------- */

/*
 * Not a truth but a tripwire: what was stored under a rules number must stay what a build makes under it, or old files would give other
 * times than new builds, silently. The sum is over the network's sections of the demo.
 */
static void rules_number_holds(void **state) {
    (void)state;
    static const uint64_t network_of_rules[] = {[JX_NETWORK_RULES] = 0x2c9b48f37ff58be};
    world w;
    size_t n;
    uint64_t sum = 0;
    uint32_t sections;
    world_start(&w, 0);
    draw_demo(&w);
    uint8_t *p = bytes_of(w.t.ctx, w.net, w.h, &w.doc, &n);
    memcpy(&sections, p + 20, 4);
    for (uint32_t i = 2; i < sections; i++) { /* facts and profiles left out */
        const uint8_t *row = p + SEAL_HEAD + (size_t)i * SEAL_ROW;
        if (memcmp(row, "hierarchy_", 10) != 0) { /* name, count, checksum */
            sum = jx_hash64(row + 48, 8, jx_hash64(row, 40, sum));
        }
    }
    if (sum != network_of_rules[JX_NETWORK_RULES]) {
        fail_msg("jx_network_build makes another network of the demo (0x%llx): raise JX_NETWORK_RULES (junxian/snapshot.h) and enter the sum here; "
                 "if only profiles.yaml changed, or a section came or went, enter the sum alone",
                 (unsigned long long)sum);
    }
    free(p);
    world_finish(&w);
}

/* ---- memory ------------------------------------------------------------------------------------------------------------------------ */

typedef struct sweep_arg {
    world *w;
    file f;
} sweep_arg;

static jx_status write_and_open(jx_ctx *ctx, void *arg) {
    sweep_arg *a = arg;
    const jx_snapshot_content c = {a->w->net, a->w->h, &a->w->doc, no_sha, "drawn.osm.pbf", 0, {0}};
    jx_snapshot *s = NULL;
    jx_buf b;
    jx_buf_init(&b, ctx);
    jx_status st = jx_snapshot_write(ctx, &c, collect, &b);
    st = st == JX_OK ? jx_buf_ok(&b) : st;
    jx_buf_release(&b);
    JX_TRY(st);
    JX_TRY(jx_snapshot_open(ctx, "x.jxn", a->f.p, a->f.n, &s));
    jx_network *net = NULL;
    jx_hierarchy *h = NULL;
    st = jx_network_borrow(ctx, s->net, &net);
    st = st == JX_OK ? jx_hierarchy_borrow(ctx, s->h, &h) : st;
    jx_hierarchy_free(ctx, h);
    jx_network_free(ctx, net);
    jx_snapshot_free(ctx, s);
    return st;
}

static void memory_may_fail_anywhere(void **state) {
    (void)state;
    world w;
    world_start(&w, 0);
    draw(&w, 9, 8);
    sweep_arg a = {.w = &w};
    a.f.p = bytes_of(w.t.ctx, w.net, w.h, &w.doc, &a.f.n);
    jx_oom_sweep(write_and_open, &a);
    free(a.f.p);
    world_finish(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comes_back_to_the_bit),   cmocka_unit_test(same_bytes_for_any_threads), cmocka_unit_test(each_damage_is_told),
        cmocka_unit_test(other_inputs_are_told),   cmocka_unit_test(whatever_opens_is_sound),    cmocka_unit_test(memory_may_fail_anywhere), cmocka_unit_test(rules_number_holds),
        cmocka_unit_test(lengths_must_fit), cmocka_unit_test(lengths_fit_everywhere),       cmocka_unit_test(rules_are_short),            cmocka_unit_test(names_are_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
