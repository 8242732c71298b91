/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* One block: what is decoded, what is refused, what a visitor sees. */
#include "oom.h"
#include "unit/osm/model.h"

typedef struct seen {
    size_t strings, nodes, ways, relations, calls;
    int64_t first_id;
    int32_t lon, lat;
    jx_status say;
} seen;

static jx_status on_strings(void *user, const jx_str *table, size_t n) {
    seen *s = user;
    s->calls++;
    s->strings = n;
    for (size_t i = 0; i < n; i++) {
        assert_true(table[i].n == 0 || table[i].s);
    }
    return JX_OK;
}
static jx_status on_nodes(void *user, const jx_osm_nodes *n) {
    seen *s = user;
    s->calls++;
    s->nodes += n->n;
    s->first_id = n->id[0];
    s->lon = n->lon[0];
    s->lat = n->lat[0];
    return s->say;
}
static jx_status on_ways(void *user, const jx_osm_ways *w) {
    seen *s = user;
    s->calls++;
    s->ways += w->n;
    for (uint32_t k = 0; k < 2 * w->tag_off[w->n]; k++) {
        assert_true(w->tags[k] < s->strings);
    }
    return s->say;
}
static jx_status on_relations(void *user, const jx_osm_relations *r) {
    seen *s = user;
    s->calls++;
    s->relations += r->n;
    for (uint32_t k = 0; k < r->mem_off[r->n]; k++) {
        assert_true(r->mem_role[k] < s->strings && r->mem_type[k] <= JX_OSM_RELATION);
    }
    return s->say;
}

static jx_status decode(jx_ctx *ctx, const enc *b, seen *s) {
    const jx_osm_visitor v = {s, on_strings, on_nodes, on_ways, on_relations};
    jx_osm_scratch *scratch = jx_osm_scratch_new(ctx);
    if (!scratch) {
        return JX_E_NOMEM;
    }
    jx_status st = jx_osm_block(ctx, b->p, b->n, 4711, scratch, &v);
    jx_osm_scratch_free(ctx, scratch);
    return st;
}

/* The block must be refused, at the frame's byte. Frees it. */
static void refused(jx_test *t, enc *b) {
    seen s = {0};
    assert_int_equal(decode(t->ctx, b, &s), JX_E_INPUT);
    assert_int_equal(jx_ctx_error(t->ctx)->offset, 4711);
    assert_int_equal(jx_test_error(t), JX_M_PBF_BLOCK);
    enc_free(b);
}

/* A block with this string table ("" and `n - 1` more) and group. Frees the group. */
static enc block_of(unsigned n_strings, enc *group) {
    enc b = {0}, t = {0};
    for (unsigned i = 0; i < n_strings; i++) {
        enc_text(&t, 1, i ? "word" : "");
    }
    enc_sub(&b, 1, &t);
    enc_sub(&b, 2, group);
    return b;
}

static void pack(enc *m, unsigned field, size_t n, const uint64_t *v) {
    enc f = {0};
    for (size_t i = 0; i < n; i++) {
        enc_varint(&f, v[i]);
    }
    enc_sub(m, field, &f);
}

static void dense_nodes_checked(void **state) {
    (void)state;
    static const struct {
        size_t n_id, n_lat, n_lon, n_kv;
        uint64_t kv[5];
        bool ok;
    } cases[] = {{2, 2, 2, 0, {0}, true},
                 {2, 2, 2, 2, {0, 0}, true},
                 {2, 2, 2, 4, {1, 2, 0, 0}, true},
                 {2, 1, 2, 0, {0}, false},
                 {2, 2, 3, 0, {0}, false},
                 {2, 2, 2, 1, {0}, false},
                 {2, 2, 2, 4, {1, 3, 0, 0}, false},
                 {2, 2, 2, 4, {3, 1, 0, 0}, false},
                 {2, 2, 2, 2, {1, 2}, false},
                 {2, 2, 2, 3, {0, 0, 0}, false},
                 {2, 2, 2, 3, {1, 0, 0}, false},
                 {0, 0, 0, 0, {0}, true},
                 {2, 2, 2, 4, {UINT64_C(1) << 32, 1, 0, 0}, false}};
    static const uint64_t ones[3] = {2, 2, 2};
    jx_test t;
    jx_test_init(&t, 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enc d = {0}, g = {0};
        pack(&d, 1, cases[i].n_id, ones);
        pack(&d, 8, cases[i].n_lat, ones);
        pack(&d, 9, cases[i].n_lon, ones);
        if (cases[i].n_kv) {
            pack(&d, 10, cases[i].n_kv, cases[i].kv);
        }
        enc_sub(&g, 2, &d);
        enc b = block_of(3, &g);
        if (cases[i].ok) {
            seen s = {0};
            assert_int_equal(decode(t.ctx, &b, &s), JX_OK);
            assert_int_equal(s.nodes, cases[i].n_id);
            assert_true(!s.nodes || (s.first_id == 1 && s.lon == 1 && s.lat == 1));
            enc_free(&b);
        } else {
            refused(&t, &b);
        }
    }
    jx_test_release(&t);
}

static void indices_checked(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    for (int kind = 0; kind < 3; kind++) {
        for (int bad = 0; bad < 7; bad++) {
            static const uint64_t good[2] = {1, 2}, wide[2] = {1, 3}, huge[2] = {1, UINT64_MAX};
            enc m = {0}, g = {0};
            enc_int(&m, 1, 2);
            pack(&m, 2, 2, bad == 1 ? wide : good);
            pack(&m, 3, bad == 2 ? 1 : 2, bad == 3 ? huge : good);
            if (kind == 2) {
                pack(&m, 8, 2, bad == 4 ? wide : good);  /* roles */
                pack(&m, 9, bad == 5 ? 1 : 2, good);     /* ids */
                pack(&m, 10, 2, bad == 6 ? wide : good); /* types */
            } else if (kind == 1) {
                pack(&m, 8, 2, good);
            }
            enc_sub(&g, kind == 0 ? 1 : (unsigned)kind + 2, &m);
            enc b = block_of(3, &g);
            if (bad == 0 || (kind < 2 && bad > 3)) {
                seen s = {0};
                assert_int_equal(decode(t.ctx, &b, &s), JX_OK);
                assert_int_equal(s.nodes + s.ways + s.relations, 1);
                enc_free(&b);
            } else {
                refused(&t, &b);
            }
        }
    }
    jx_test_release(&t);
}

static void positions_checked(void **state) {
    (void)state;
    static const struct {
        int64_t granularity, offset, lat;
        bool ok;
        int32_t e7;
    } cases[] = {{100, 0, 900000000, true, 900000000},
                 {100, 0, 900000001, false, 0},
                 {100, 0, -900000000, true, -900000000},
                 {100, 0, INT64_MIN, false, 0},
                 {1, 0, INT64_C(90000000000), true, 900000000},
                 {1, 49, 0, true, 0}, /* nanodegrees are rounded, */
                 {1, 50, 0, true, 1}, /* half away from zero */
                 {1, -50, 0, true, -1},
                 {1, -49, 0, true, 0},
                 {1000, INT64_C(-90000000000), 0, true, -900000000},
                 {1000000000, 0, 90, true, 900000000},
                 {1000000000, 0, INT64_MAX, false, 0},
                 {1000000001, 0, 0, false, 0},
                 {0, 0, 0, false, 0},
                 {-100, 0, 0, false, 0},
                 {100, INT64_MAX, 0, false, 0},
                 {100, INT64_MIN, 0, false, 0}};
    jx_test t;
    jx_test_init(&t, 0);
    for (size_t i = 0; i < 2 * sizeof cases / sizeof *cases; i++) {
        size_t c = i / 2;
        uint64_t y = (uint64_t)cases[c].lat << 1 ^ (cases[c].lat < 0 ? UINT64_MAX : 0);
        enc m = {0}, g = {0};
        if (i % 2) {
            pack(&m, 1, 1, (uint64_t[]){2});
            pack(&m, 8, 1, &y);
            pack(&m, 9, 1, (uint64_t[]){0});
        } else {
            enc_int(&m, 1, 2);
            enc_int(&m, 8, y);
            enc_int(&m, 9, 0);
        }
        enc_sub(&g, i % 2 ? 2 : 1, &m);
        enc b = block_of(1, &g);
        enc_int(&b, 17, (uint64_t)cases[c].granularity);
        enc_int(&b, 19, (uint64_t)cases[c].offset);
        if (cases[c].ok) {
            seen s = {0};
            assert_int_equal(decode(t.ctx, &b, &s), JX_OK);
            assert_int_equal(s.lat, cases[c].e7);
            enc_free(&b);
        } else {
            refused(&t, &b);
        }
    }
    jx_test_release(&t);
}

/* Visitors that are not there are passed over, and what one says is passed on. */
static void visitors(void **state) {
    (void)state;
    static model m;
    jx_test t;
    jx_test_init(&t, 0);
    model_make(&m, 21, 30, 20, 10);
    const obj *o[MODEL_MAX];
    model_order(&m, 0, o);
    enc b = enc_block(&(how){0}, o, m.n);
    seen s = {0};
    assert_int_equal(decode(t.ctx, &b, &s), JX_OK);
    assert_true(s.nodes == 30 && s.ways == 20 && s.relations == 10 && s.calls == 4);
    jx_osm_scratch *scratch = jx_osm_scratch_new(t.ctx);
    assert_non_null(scratch);
    assert_int_equal(jx_osm_block(t.ctx, b.p, b.n, 0, scratch, &(jx_osm_visitor){0}), JX_OK);
    s = (seen){.strings = 100};
    assert_int_equal(jx_osm_block(t.ctx, b.p, b.n, 0, scratch, &(jx_osm_visitor){.user = &s, .ways = on_ways}), JX_OK);
    assert_true(s.ways == 20 && s.calls == 1);
    jx_osm_scratch_free(t.ctx, scratch);
    jx_osm_scratch_free(t.ctx, NULL);
    s = (seen){.say = JX_E_CHECK};
    assert_int_equal(decode(t.ctx, &b, &s), JX_E_CHECK);
    assert_int_equal(s.calls, 2); /* the table, then the nodes, which stopped it */
    enc_free(&b);
    jx_test_release(&t);
}

/* Cut anywhere or with any byte changed: refused with its message or read, never past the end (run with sanitizers). */
static void damaged(void **state) {
    (void)state;
    static model m;
    jx_test t;
    jx_test_init(&t, 0);
    model_make(&m, 22, 25, 12, 6);
    const obj *o[MODEL_MAX];
    model_order(&m, 0, o);
    for (int plain = 0; plain < 2; plain++) {
        enc b = enc_block(&(how){.plain = plain, .junk = true}, o, m.n);
        for (size_t i = 0; i < 3 * b.n; i++) {
            size_t n = i < b.n ? i : b.n;
            enc copy = {0};
            enc_raw(&copy, b.p, n);
            uint8_t *tight = malloc(n ? n : 1); /* of exactly this size, so that sanitizers see a step too far */
            assert_non_null(tight);
            memcpy(tight, copy.p ? copy.p : b.p, n);
            if (i >= b.n) {
                tight[i % b.n] ^= (uint8_t)(i < 2 * b.n ? 0xff : 0x80);
            }
            seen s = {0};
            jx_status st = decode(t.ctx, &(enc){tight, n, n}, &s);
            assert_true(st == JX_OK || st == JX_E_INPUT);
            assert_int_equal(jx_test_error(&t), st == JX_OK ? JX_M_NONE : JX_M_PBF_BLOCK);
            free(tight);
            enc_free(&copy);
        }
        enc_free(&b);
    }
    jx_test_release(&t);
}

static jx_status decode_once(jx_ctx *ctx, void *arg) {
    seen s = {0};
    return decode(ctx, arg, &s);
}

static void out_of_memory(void **state) {
    (void)state;
    static model m;
    model_make(&m, 23, 60, 40, 30);
    const obj *o[MODEL_MAX];
    model_order(&m, 0, o);
    for (int plain = 0; plain < 2; plain++) {
        enc b = enc_block(&(how){.plain = plain}, o, m.n);
        jx_oom_sweep(decode_once, &b);
        enc_free(&b);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(dense_nodes_checked),
                                       cmocka_unit_test(indices_checked),
                                       cmocka_unit_test(positions_checked),
                                       cmocka_unit_test(visitors),
                                       cmocka_unit_test(damaged),
                                       cmocka_unit_test(out_of_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
