/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* The import against a plain model: every way to write the same objects gives the same extract. */
#include "oom.h"
#include "unit/osm/model.h"

/* Import `m`, written in this way and order, on so many threads; compare with `expect`. */
static void check(const model *m, const how *h, uint64_t order, size_t per_block, unsigned threads,
                  const char *expect) {
    const obj *o[MODEL_MAX];
    model_order(m, order, o);
    enc file = model_file(o, m->n, per_block, h);
    jx_test t;
    jx_test_init(&t, threads);
    jx_extract *x;
    assert_int_equal(model_import(t.ctx, file.p, file.n, threads + 3, &x), JX_OK);
    jx_buf got = text_of(t.ctx, x);
    assert_string_equal(got.s, expect);
    assert_int_equal(x->duplicate_ids, 0);
    assert_string_equal(x->header.program, "");
    jx_buf_release(&got);
    jx_extract_free(t.ctx, x);
    jx_test_release(&t);
    enc_free(&file);
}

static void every_encoding(void **state) {
    (void)state;
    static const how hows[] = {
        {0},
        {.plain = true},
        {.table_last = true, .granularity_last = true},
        {.granularity = 1000, .granularity_last = true},
        {.granularity = 1},
        {.granularity = 100, .lon_offset = 4200, .lat_offset = -1700, .junk = true},
        {.plain = true, .granularity = 10000, .lon_offset = 50000, .lat_offset = -120000, .granularity_last = true},
        {.one_group_each = true, .junk = true, .table_last = true},
    };
    jx_test t;
    jx_test_init(&t, 0);
    for (uint64_t seed = 1; seed <= 6; seed++) {
        static model m;
        model_make(&m, seed, 60 * (int)(seed % 4), 20 * (int)(seed % 3), 8 * (int)(seed % 5));
        jx_buf expect = text_of_model(t.ctx, &m);
        for (size_t i = 0; i < sizeof hows / sizeof *hows; i++) {
            check(&m, &hows[i], i, 1 + 7 * i, (unsigned)i % 3, expect.s);
        }
        jx_buf_release(&expect);
    }
    jx_test_release(&t);
}

static void every_order_and_thread_count(void **state) {
    (void)state;
    static model m;
    jx_test t;
    jx_test_init(&t, 0);
    model_make(&m, 99, 250, 90, 40);
    jx_buf expect = text_of_model(t.ctx, &m);
    for (uint64_t order = 0; order < 12; order++) {
        const unsigned threads[3] = {1, 2, 5};
        check(&m, &(how){.plain = order % 2}, order, 1 + order * 9, threads[order % 3], expect.s);
    }
    jx_buf_release(&expect);
    jx_test_release(&t);
}

/* Of objects that occur twice the last in the file stays, and the others are counted. */
static void duplicates(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 2);
    obj o[7] = {{.type = 0, .id = 5, .lon = 100, .n_tags = 1, .key = {"amenity"}, .val = {"old"}},
                {.type = 0, .id = 3, .lon = 200, .n_tags = 1, .key = {"amenity"}, .val = {"three"}},
                {.type = 1, .id = 8, .n_tags = 1, .key = {"highway"}, .val = {"old"}, .n_refs = 2, .ref = {3, 5}},
                {.type = 0, .id = 5, .lon = 300, .n_tags = 1, .key = {"amenity"}, .val = {"mid"}},
                {.type = 1, .id = 8, .n_tags = 1, .key = {"highway"}, .val = {"new"}, .n_refs = 1, .ref = {5}},
                {.type = 0, .id = 5, .lon = 400, .n_tags = 1, .key = {"amenity"}, .val = {"new"}},
                {.type = 1, .id = 7, .n_tags = 1, .key = {"highway"}, .val = {"7"}, .n_refs = 1, .ref = {9}}};
    const obj *list[7] = {&o[0], &o[1], &o[2], &o[3], &o[4], &o[5], &o[6]};
    for (size_t per_block = 1; per_block <= 7; per_block++) {
        enc file = model_file(list, 7, per_block, &(how){0});
        jx_extract *x;
        assert_int_equal(model_import(t.ctx, file.p, file.n, 3, &x), JX_OK);
        jx_buf got = text_of(t.ctx, x);
        assert_string_equal(got.s,
                            "4 3 0 in the file\nn3 200 0 amenity=three\nn5 400 0 amenity=new\n"
                            "w7 - highway=7\nw8 5 highway=new\n");
        assert_int_equal(x->duplicate_ids, 3);
        assert_int_equal(x->missing_refs, 1);
        jx_buf_release(&got);
        jx_extract_free(t.ctx, x);
        enc_free(&file);
    }
    assert_int_equal(jx_test_said(&t, JX_M_PBF_DUPLICATES), 7);
    assert_int_equal(jx_test_said(&t, JX_M_PBF_MISSING_NODES), 7);
    jx_test_release(&t);
}

/* Repeats side by side in a file that is sorted otherwise. */
static void sorted_duplicates(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    obj o[4] = {{.id = 1, .lon = 100, .n_tags = 1, .key = {"amenity"}, .val = {"a"}},
                {.id = 1, .lon = 200, .n_tags = 1, .key = {"amenity"}, .val = {"b"}},
                {.id = 2, .lon = 300, .n_tags = 1, .key = {"amenity"}, .val = {"c"}},
                {.id = 2, .lon = 400, .n_tags = 1, .key = {"amenity"}, .val = {"d"}}};
    const obj *list[4] = {&o[0], &o[1], &o[2], &o[3]};
    enc file = model_file(list, 4, 3, &(how){0});
    jx_extract *x;
    assert_int_equal(model_import(t.ctx, file.p, file.n, 8, &x), JX_OK);
    jx_buf got = text_of(t.ctx, x);
    assert_string_equal(got.s, "4 0 0 in the file\nn1 200 0 amenity=b\nn2 400 0 amenity=d\n");
    assert_int_equal(x->duplicate_ids, 2);
    jx_buf_release(&got);
    jx_extract_free(t.ctx, x);
    enc_free(&file);
    jx_test_release(&t);
}

/* References just outside the ids that there are, and as far outside as can be; ids as far apart as can be. */
static void references_at_the_ends(void **state) {
    (void)state;
    static const int64_t far = INT64_C(1) << 61; /* deltas of refs still fit */
    jx_test t;
    jx_test_init(&t, 0);
    for (int64_t n = 0; n < 140; n = n * 2 + 1) {
        static obj o[256];
        const obj *list[256];
        memset(o, 0, sizeof o);
        for (int64_t i = 0; i < n; i++) {
            o[i] = (obj){.id = i + 1, .n_tags = 1, .key = {"amenity"}, .val = {"x"}};
        }
        o[n] = (obj){.id = n % 2 ? far : n + 1, .n_tags = 1, .key = {"amenity"}, .val = {"last"}};
        int64_t last = o[n].id;
        o[n + 1] = (obj){.type = 1,
                         .id = 1,
                         .n_tags = 1,
                         .key = {"highway"},
                         .val = {"x"},
                         .n_refs = 9,
                         .ref = {0, 1, last, last + 1, last - 1, -1, -far, far + 2, 1}};
        for (int64_t i = 0; i < n + 2; i++) {
            list[i] = &o[i];
        }
        enc file = model_file(list, (size_t)n + 2, 50, &(how){0});
        jx_extract *x;
        assert_int_equal(model_import(t.ctx, file.p, file.n, 8, &x), JX_OK);
        assert_int_equal(x->n_ways, 1);
        for (uint32_t k = 0; k < 9; k++) {
            assert_int_equal(x->way_refs[k], jx_extract_find(x, JX_OSM_NODE, o[n + 1].ref[k]));
        }
        assert_int_equal(x->way_refs[0], JX_NONE);
        assert_int_equal(x->way_refs[2], n);
        assert_int_equal(x->way_refs[3], JX_NONE);
        assert_int_equal(x->way_refs[6], JX_NONE);
        jx_extract_free(t.ctx, x);
        enc_free(&file);
    }
    jx_test_release(&t);
}

static void ids_as_far_apart_as_can_be(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    obj o[4] = {{.id = INT64_MIN, .n_tags = 1, .key = {"amenity"}, .val = {"x"}},
                {.id = INT64_MAX, .n_tags = 1, .key = {"amenity"}, .val = {"x"}},
                {.type = 1, .id = 1, .n_tags = 1, .key = {"highway"}, .val = {"x"}, .n_refs = 1, .ref = {INT64_MAX}},
                {.type = 1, .id = 2, .n_tags = 1, .key = {"highway"}, .val = {"x"}, .n_refs = 1, .ref = {INT64_MIN}}};
    const obj *list[4] = {&o[1], &o[0], &o[3], &o[2]};
    enc file = model_file(list, 4, 4, &(how){.plain = true});
    jx_extract *x;
    assert_int_equal(model_import(t.ctx, file.p, file.n, 8, &x), JX_OK);
    assert_true(x->n_nodes == 2 && x->n_ways == 2 && x->missing_refs == 0);
    assert_true(x->node_id[0] == INT64_MIN && x->way_refs[0] == 1 && x->way_refs[1] == 0);
    jx_extract_free(t.ctx, x);
    enc_free(&file);
    jx_test_release(&t);
}

static void nothing_at_all(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    enc file = {0};
    enc_header(&file, NULL);
    for (int i = 0; i < 3; i++) { /* no data; an empty block; a block of something else */
        jx_extract *x;
        assert_int_equal(model_import(t.ctx, file.p, file.n, 8, &x), JX_OK);
        assert_int_equal(x->n_nodes + x->n_ways + x->n_rels, 0);
        assert_int_equal(x->way_ref_off[0] + x->node_tag_off[0] + x->rel_mem_off[0], 0);
        assert_non_null(x->node_id);
        assert_true(x->data_box.min_lon > x->data_box.max_lon);
        assert_int_equal(jx_extract_find(x, JX_OSM_WAY, 1), JX_NONE);
        jx_extract_free(t.ctx, x);
        enc empty = {0};
        enc_raw_block(&file, i == 0 ? "OSMData" : "Extension", &empty);
    }
    enc_free(&file);
    jx_test_release(&t);
}

static void lookups(void **state) {
    (void)state;
    static model m;
    jx_test t;
    jx_test_init(&t, 0);
    model_make(&m, 5, 120, 50, 20);
    const obj *o[MODEL_MAX];
    model_order(&m, 0, o);
    enc file = model_file(o, m.n, 64, &(how){0});
    jx_extract *x;
    assert_int_equal(model_import(t.ctx, file.p, file.n, 8, &x), JX_OK);
    uint32_t key = jx_strings_find(x->strings, "amenity", 7);
    for (size_t i = 0; i < m.n; i++) {
        uint32_t at = jx_extract_find(x, (jx_osm_type)m.all[i].type, m.all[i].id);
        assert_int_equal(at != JX_NONE, model_kept(&m, &m.all[i]));
        if (at == JX_NONE || m.all[i].type != 0) {
            continue;
        }
        const char *expect = NULL;
        for (int k = 0; k < m.all[i].n_tags; k++) {
            expect = strcmp(m.all[i].key[k], "amenity") == 0 ? m.all[i].val[k] : expect;
        }
        uint32_t from = x->node_tag_off[at];
        const char *got = jx_tag_value(x, x->node_tags + from, x->node_tag_off[at + 1] - from, key);
        assert_int_equal(got != NULL, expect != NULL);
        assert_true(!expect || strcmp(got, expect) == 0);
    }
    jx_extract_free(t.ctx, x);
    enc_free(&file);
    jx_test_release(&t);
}

static jx_status import_once(jx_ctx *ctx, void *arg) {
    const enc *file = arg;
    jx_extract *x = NULL;
    jx_status st = model_import(ctx, file->p, file->n, 4, &x);
    jx_extract_free(ctx, st == JX_OK ? x : NULL);
    return st;
}

static void out_of_memory(void **state) {
    (void)state;
    static model m;
    model_make(&m, 7, 60, 25, 10);
    for (uint64_t order = 0; order < 2; order++) { /* sorted and not: the two ways to the extract */
        const obj *o[MODEL_MAX];
        model_order(&m, order, o);
        enc file = model_file(o, m.n, 20, &(how){.plain = order});
        jx_oom_sweep(import_once, &file);
        enc_free(&file);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_encoding),
                                       cmocka_unit_test(every_order_and_thread_count),
                                       cmocka_unit_test(duplicates),
                                       cmocka_unit_test(nothing_at_all),
                                       cmocka_unit_test(ids_as_far_apart_as_can_be),
                                       cmocka_unit_test(sorted_duplicates),
                                       cmocka_unit_test(references_at_the_ends),
                                       cmocka_unit_test(lookups),
                                       cmocka_unit_test(out_of_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
