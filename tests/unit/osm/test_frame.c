/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* Frames and the file header: what is refused, by which message, and at which byte. */
#include "unit/osm/model.h"

static void expect(jx_test *t, const enc *file, uint64_t at, jx_msg_id id, int64_t offset) {
    jx_blob blob;
    bool more = true;
    jx_status st = jx_osm_frame(t->ctx, file->p, file->n, at, &blob, &more);
    const jx_message *m = jx_ctx_error(t->ctx);
    assert_int_equal(st, JX_E_INPUT);
    assert_non_null(m);
    assert_int_equal(m->id, id);
    assert_int_equal(m->offset, offset);
    jx_ctx_clear_error(t->ctx);
}

static void not_a_pbf(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    static const struct {
        const char *text;
        jx_msg_id id;
    } cases[] = {{"<?xml version='1.0'?><osm/>", JX_M_PBF_NOT_BYTES},
                 {"PK\3\4 a zip", JX_M_PBF_NOT_BYTES},
                 {"\xff\xfe o5m", JX_M_PBF_NOT_BYTES}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enc f = {0};
        enc_raw(&f, cases[i].text, strlen(cases[i].text));
        expect(&t, &f, 0, cases[i].id, 0);
        enc_free(&f);
    }
    enc f = {0}, empty = {0};
    expect(&t, &f, 0, JX_M_PBF_EMPTY, -1);
    enc_raw(&f, "\0\0\0\0 zeros", 10);
    expect(&t, &f, 0, JX_M_PBF_NOT_BYTES, 0);
    f.n = 0;
    enc_raw_block(&f, "OSMData", &empty); /* data before any header */
    expect(&t, &f, 0, JX_M_PBF_NOT, -1);
    enc_free(&f);
    jx_test_release(&t);
}

/* Cut anywhere, a file is whole only at the ends of its blocks. */
static void truncated_everywhere(void **state) {
    (void)state;
    static model m;
    jx_test t;
    jx_test_init(&t, 0);
    model_make(&m, 3, 40, 10, 4);
    const obj *o[MODEL_MAX];
    model_order(&m, 0, o);
    enc file = model_file(o, m.n, 20, &(how){0});
    uint64_t ends[16], begin = 0;
    size_t n_ends = 0;
    jx_blob blob;
    bool more;
    for (uint64_t at = 0; jx_osm_frame(t.ctx, file.p, file.n, at, &blob, &more) == JX_OK && more; at = blob.next) {
        ends[n_ends++] = blob.next;
    }
    assert_int_equal(n_ends, 1 + (m.n + 19) / 20);
    for (size_t cut = 1; cut < file.n; cut++) {
        uint64_t at = 0;
        jx_status st;
        while ((st = jx_osm_frame(t.ctx, file.p, cut, at, &blob, &more)) == JX_OK && more) {
            at = blob.next;
        }
        bool whole = false;
        for (size_t k = 0; k < n_ends; k++) {
            whole = whole || ends[k] == cut;
            begin = ends[k] <= cut ? ends[k] : begin;
        }
        begin = cut < ends[0] ? 0 : begin;
        assert_int_equal(st, whole ? JX_OK : JX_E_INPUT);
        if (!whole) {
            assert_int_equal(jx_ctx_error(t.ctx)->offset, begin);
            assert_int_equal(jx_test_error(&t), JX_M_PBF_TRUNCATED);
        }
    }
    enc_free(&file);
    jx_test_release(&t);
}

/* A file with a good header and then a frame with this Blob. */
static enc with_blob(const enc *blob) {
    enc f = {0};
    enc_header(&f, NULL);
    enc_frame(&f, "OSMData", blob);
    return f;
}

static void codecs_by_name(void **state) {
    (void)state;
    static const char *const names[] = {"LZMA", "bzip2", "LZ4", "ZSTD"};
    jx_test t;
    jx_test_init(&t, 0);
    enc head = {0};
    enc_header(&head, NULL);
    for (unsigned i = 0; i < 4; i++) {
        enc blob = {0};
        enc_int(&blob, 2, 100);
        enc_text(&blob, 4 + i, "compressed somehow");
        enc f = with_blob(&blob);
        jx_blob out;
        bool more;
        assert_int_equal(jx_osm_frame(t.ctx, f.p, f.n, head.n, &out, &more), JX_E_INPUT);
        assert_string_equal(jx_ctx_error(t.ctx)->args[0].s, names[i]);
        assert_int_equal(jx_ctx_error(t.ctx)->offset, head.n);
        assert_int_equal(jx_test_error(&t), JX_M_PBF_CODEC);
        enc_free(&blob);
        enc_free(&f);
    }
    enc_free(&head);
    jx_test_release(&t);
}

static void bombs(void **state) {
    (void)state;
    static const uint64_t claims[] = {(32u << 20) + 1, UINT64_C(1) << 31, UINT64_C(1) << 40, UINT64_MAX};
    jx_test t;
    jx_test_init(&t, 0);
    enc head = {0};
    enc_header(&head, NULL);
    int64_t at = (int64_t)head.n;
    for (size_t i = 0; i < sizeof claims / sizeof *claims; i++) {
        enc blob = {0};
        enc_int(&blob, 2, claims[i]); /* inflates to gigabytes, it says */
        enc_text(&blob, 3, "x");
        enc f = with_blob(&blob);
        expect(&t, &f, (uint64_t)at, JX_M_PBF_TOO_BIG, at);
        enc_free(&f);
        enc_free(&blob);
        enc h = {0}; /* a frame that claims them */
        enc_raw(&f, head.p, head.n);
        enc_text(&h, 1, "OSMData");
        enc_int(&h, 3, claims[i]);
        const uint8_t len[4] = {0, 0, 0, (uint8_t)h.n};
        enc_raw(&f, len, 4);
        enc_raw(&f, h.p, h.n);
        expect(&t, &f, (uint64_t)at, JX_M_PBF_TOO_BIG, at);
        enc_free(&h);
        enc_free(&f);
    }
    enc f = {0}; /* a header that claims them */
    enc_raw(&f, head.p, head.n);
    enc_raw(&f, "\x7f\xff\xff\xff....", 8);
    expect(&t, &f, (uint64_t)at, JX_M_PBF_TOO_BIG, at);
    enc_free(&f);
    enc_free(&head);
    jx_test_release(&t);
}

static void damaged_frames(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    enc head = {0}, blob = {0};
    enc_header(&head, NULL);
    enc f = with_blob(&blob); /* a blob with neither raw nor compressed data */
    expect(&t, &f, head.n, JX_M_PBF_FRAME, (int64_t)head.n);
    enc_free(&f);
    enc_text(&blob, 1, "abc");
    blob.n -= 2; /* a field that is longer than its message */
    f = with_blob(&blob);
    expect(&t, &f, head.n, JX_M_PBF_FRAME, (int64_t)head.n);
    enc_free(&f);
    enc_raw(&f, head.p, head.n);
    enc_raw(&f, "\0\0\0\2\xff\xff....", 10); /* a varint without an end */
    expect(&t, &f, head.n, JX_M_PBF_FRAME, (int64_t)head.n);
    enc_free(&f);
    enc_free(&blob);
    enc_free(&head);
    jx_test_release(&t);
}

static void header_contents(void **state) {
    (void)state;
    static const struct {
        const char *feature;
        bool ok;
    } cases[] = {{"DenseNodes", true},       {"OsmSchema-V0.6", true}, {"HistoricalInformation", false},
                 {"LocationsOnWays", false}, {"DenseNodesX", false},   {"", false}};
    jx_test t;
    jx_test_init(&t, 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enc h = {0}, box = {0};
        enc_int(&box, 1, 2 * UINT64_C(9471078000)); /* zigzag of nanodegrees */
        enc_int(&box, 2, 2 * UINT64_C(9636217000));
        enc_int(&box, 3, 2 * UINT64_C(47271280000));
        enc_int(&box, 4, 2 * UINT64_C(1000000000) - 1); /* -1 degree */
        enc_sub(&h, 1, &box);
        enc_text(&h, 4, cases[i].feature);
        enc_text(&h, 5, "Sort.Type_then_ID");
        enc_text(&h, 5, "Has_Metadata");
        enc_text(&h, 16, "a program whose name is longer than any program's name has a right to be, really");
        enc_text(&h, 17, "source");
        enc_int(&h, 32, 1709587295);
        enc_int(&h, 33, 3988);
        jx_osm_header out;
        assert_int_equal(jx_osm_header_block(t.ctx, h.p, h.n, 12, &out), cases[i].ok ? JX_OK : JX_E_INPUT);
        if (!cases[i].ok) {
            assert_string_equal(jx_ctx_error(t.ctx)->args[0].s, cases[i].feature);
            assert_int_equal(jx_test_error(&t), JX_M_PBF_FEATURE);
        } else {
            assert_true(out.has_bbox && out.sorted);
            assert_int_equal(out.bbox.min_lon, 94710780);
            assert_int_equal(out.bbox.max_lon, 96362170);
            assert_int_equal(out.bbox.max_lat, 472712800);
            assert_int_equal(out.bbox.min_lat, -10000000);
            assert_int_equal(strlen(out.program), sizeof out.program - 1);
            assert_string_equal(out.source, "source");
            assert_int_equal(out.timestamp, 1709587295);
            assert_int_equal(out.sequence, 3988);
        }
        for (size_t cut = 0; cut < h.n; cut++) { /* cut anywhere: refused or understood, never read past */
            uint8_t *copy = malloc(cut + 1);
            assert_non_null(copy);
            memcpy(copy, h.p, cut);
            if (jx_osm_header_block(t.ctx, copy, cut, 12, &out) != JX_OK) {
                assert_int_not_equal(jx_test_error(&t), JX_M_NONE);
            }
            free(copy);
        }
        enc_free(&h);
    }
    jx_test_release(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(not_a_pbf),      cmocka_unit_test(truncated_everywhere),
                                       cmocka_unit_test(codecs_by_name), cmocka_unit_test(bombs),
                                       cmocka_unit_test(damaged_frames), cmocka_unit_test(header_contents)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
