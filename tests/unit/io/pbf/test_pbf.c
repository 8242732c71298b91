/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* Whole PBF files: known counts, every kind of damage, any number of threads, failing memory. */
#include <libdeflate.h>
#include <stdio.h>
#include <unistd.h>

#include "junxian/io.h"
#include "oom.h"
#include "unit/osm/model.h"

static const char demo[] = "demo/liechtenstein/liechtenstein-2024-03.osm.pbf";
static const char paulo[] = "tests/data/sao-paulo/spo.osm.pbf";
static const jx_keep keep_default = {jx_keep_default};

static const char *full(const char *path) {
    static char buf[4096];
    (void)snprintf(buf, sizeof buf, "%s/%s", JX_SOURCE_DIR, path);
    return buf;
}

/* The header and some data blobs of a real file: small enough to be damaged at every byte. */
static enc some_blocks(jx_test *t, const char *path, size_t from, size_t n) {
    size_t len;
    char *all = jx_test_file(path, &len);
    const uint8_t *p = (const uint8_t *)all;
    enc out = {0};
    jx_blob blob;
    bool more;
    size_t i = 0;
    for (uint64_t at = 0; jx_osm_frame(t->ctx, p, len, at, &blob, &more) == JX_OK && more; at = blob.next, i++) {
        if (i == 0 || (i >= from && i < from + n)) {
            enc_raw(&out, p + blob.offset, (size_t)(blob.next - blob.offset));
        }
    }
    free(all);
    return out;
}

/* Counts by osmium fileinfo -e (osmium-tool 1.15). */
static void published_counts(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 2);
    jx_pbf_counts c;
    assert_int_equal(jx_pbf_count(t.ctx, full(demo), &c), JX_OK);
    assert_int_equal(c.nodes, 318592);
    assert_int_equal(c.ways, 34073);
    assert_int_equal(c.relations, 921);
    assert_true(c.box.min_lon == 93977818 && c.box.min_lat == 468232622);
    assert_true(c.box.max_lon == 96803433 && c.box.max_lat == 475258072);
    assert_true(c.header.sorted && c.header.has_bbox && c.header.sequence == 3988);
    assert_int_equal(c.header.timestamp, 1709587295); /* 2024-03-04T21:21:35Z */
    assert_string_equal(c.header.program, "osmium/1.14.0");
    jx_extract *x;
    assert_int_equal(jx_pbf_read(t.ctx, full(demo), &keep_default, &x), JX_OK);
    assert_int_equal(x->count_nodes, c.nodes);
    assert_int_equal(x->count_ways, c.ways);
    assert_int_equal(x->count_relations, c.relations);
    jx_extract_free(t.ctx, x);
    assert_int_equal(jx_pbf_count(t.ctx, full(paulo), &c), JX_OK);
    assert_int_equal(c.nodes, 24648);
    assert_int_equal(c.ways, 6223);
    assert_int_equal(c.relations, 0);
    jx_test_release(&t);
}

static void same_for_any_threads(void **state) {
    (void)state;
    char *first = NULL;
    const unsigned threads[] = {1, 2, 5};
    for (int i = 0; i < 3; i++) {
        jx_test t;
        jx_test_init(&t, threads[i]);
        jx_extract *x;
        assert_int_equal(jx_pbf_read(t.ctx, full(demo), &keep_default, &x), JX_OK);
        jx_buf b = text_of(t.ctx, x);
        for (uint32_t s = 0; s < jx_strings_count(x->strings); s++) { /* even the ids of strings */
            jx_buf_str(&b, jx_strings_cstr(x->strings, s));
            jx_buf_char(&b, '\n');
        }
        assert_int_equal(jx_buf_ok(&b), JX_OK);
        if (!first) {
            first = malloc(b.n + 1);
            assert_non_null(first);
            memcpy(first, b.s, b.n + 1);
        }
        assert_true(strcmp(first, b.s) == 0);
        jx_buf_release(&b);
        jx_extract_free(t.ctx, x);
        jx_test_release(&t);
    }
    free(first);
}

static void files_that_are_none(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    jx_extract *x = NULL;
    jx_pbf_counts c;
    assert_int_equal(jx_pbf_read(t.ctx, "/nonexistent.osm.pbf", &keep_default, &x), JX_E_FILE);
    assert_int_equal(jx_test_error(&t), JX_M_FILE_MISSING);
    assert_int_equal(jx_pbf_count(t.ctx, full("demo"), &c), JX_E_FILE);
    assert_int_equal(jx_test_error(&t), JX_M_FILE_IS_FOLDER);
    assert_int_equal(jx_pbf_count(t.ctx, full("demo/liechtenstein/README.md"), &c), JX_E_INPUT);
    assert_int_equal(jx_test_error(&t), JX_M_PBF_NOT_BYTES);
    assert_int_equal(jx_pbf_read_bytes(t.ctx, (const uint8_t *)"", 0, &keep_default, &x), JX_E_INPUT);
    assert_int_equal(jx_test_error(&t), JX_M_PBF_EMPTY);
    assert_null(x);
    jx_test_release(&t);
}

/* Cut at every block boundary: what is there is read. Cut anywhere else: refused, at the byte where the torn block
 * begins. */
static void truncated(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    size_t n;
    char *all = jx_test_file(paulo, &n);
    const uint8_t *p = (const uint8_t *)all;
    jx_blob blob = {0};
    bool more = true;
    uint64_t at = 0;
    while (at < n) {
        assert_int_equal(jx_osm_frame(t.ctx, p, n, at, &blob, &more), JX_OK);
        for (int i = 0; i < 5; i++) {
            const uint64_t cut[5] = {blob.next, at + 1, at + 5, (at + blob.next) / 2, blob.next - 1};
            jx_extract *x = NULL;
            jx_status st = jx_pbf_read_bytes(t.ctx, p, (size_t)cut[i], &keep_default, &x);
            assert_int_equal(st, i == 0 ? JX_OK : JX_E_INPUT);
            if (i == 0) {
                jx_extract_free(t.ctx, x);
            } else {
                assert_int_equal(jx_ctx_error(t.ctx)->offset, at);
                assert_int_equal(jx_test_error(&t), JX_M_PBF_TRUNCATED);
            }
        }
        at = blob.next;
    }
    free(all);
    jx_test_release(&t);
}

/* Any damage is an error with a message, or a file that can be read; never a crash, never a leak. */
static void flipped_bits(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    jx_test_rng r = {11, 0};
    enc f = some_blocks(&t, demo, 44, 2);
    size_t refused = 0;
    assert_true(f.n > 1000);
    for (int i = 0; i < 300; i++) {
        size_t at = (size_t)jx_test_below(&r, i % 2 ? f.n : 400);
        uint8_t bit = (uint8_t)(1u << jx_test_below(&r, 8));
        f.p[at] ^= bit;
        jx_extract *x = NULL;
        jx_status st = jx_pbf_read_bytes(t.ctx, f.p, f.n, &keep_default, &x);
        if (st == JX_OK) {
            jx_extract_free(t.ctx, x);
        } else {
            refused++;
            assert_int_equal(st, JX_E_INPUT);
            assert_int_not_equal(jx_test_error(&t), JX_M_NONE);
        }
        f.p[at] ^= bit;
    }
    assert_true(refused > 100); /* zlib has a checksum: damage inside compressed data is always found */
    enc_free(&f);
    jx_test_release(&t);
}

/* A file of one zlib block that says it inflates to `claim` bytes. */
static enc zlib_file(const enc *block, uint64_t claim) {
    struct libdeflate_compressor *c = libdeflate_alloc_compressor(6);
    assert_non_null(c);
    size_t cap = libdeflate_zlib_compress_bound(c, block->n);
    uint8_t *z = malloc(cap);
    assert_non_null(z);
    size_t n = libdeflate_zlib_compress(c, block->p, block->n, z, cap);
    assert_true(n > 0);
    enc file = {0}, blob = {0};
    enc_header(&file, NULL);
    enc_int(&blob, 2, claim);
    enc_bytes(&blob, 3, z, n);
    enc_frame(&file, "OSMData", &blob);
    enc_free(&blob);
    free(z);
    libdeflate_free_compressor(c);
    return file;
}

static void sizes_that_lie(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    const obj node = {.id = 1, .n_tags = 1, .key = {"amenity"}, .val = {"school"}};
    const obj *list[1] = {&node};
    enc block = enc_block(&(how){0}, list, 1);
    for (int off = -2; off <= 2; off++) {
        enc f = zlib_file(&block, (uint64_t)((int64_t)block.n + off));
        jx_extract *x = NULL;
        jx_status st = jx_pbf_read_bytes(t.ctx, f.p, f.n, &keep_default, &x);
        assert_int_equal(st, off == 0 ? JX_OK : JX_E_INPUT);
        if (off == 0) {
            assert_int_equal(x->n_nodes, 1);
            jx_extract_free(t.ctx, x);
        } else {
            assert_int_equal(jx_test_error(&t), JX_M_PBF_INFLATE);
        }
        enc_free(&f);
    }
    enc zeros = {0}; /* 64 MiB of zeros in 64 KiB, said to be small: refused without writing past the small buffer */
    uint8_t *nothing = calloc(1, 64 << 20);
    assert_non_null(nothing);
    enc_raw(&zeros, nothing, 64 << 20);
    enc f = zlib_file(&zeros, 1000);
    size_t before = jx_mem_peak(t.mem);
    jx_pbf_counts c;
    jx_extract *x = NULL;
    assert_int_equal(jx_pbf_read_bytes(t.ctx, f.p, f.n, &keep_default, &x), JX_E_INPUT);
    assert_int_equal(jx_test_error(&t), JX_M_PBF_INFLATE);
    assert_true(jx_mem_peak(t.mem) < before + (1 << 20));
    assert_int_equal(jx_pbf_count(t.ctx, full(paulo), &c), JX_OK);
    free(nothing);
    enc_free(&zeros);
    enc_free(&f);
    enc_free(&block);
    jx_test_release(&t);
}

static void cancelled(void **state) {
    (void)state;
    jx_mem *mem = jx_mem_new(NULL, 0);
    volatile int stop = 1;
    jx_ctx *ctx = jx_ctx_new(&(jx_ctx_options){.mem = mem, .cancel = &stop});
    jx_extract *x = NULL;
    assert_int_equal(jx_pbf_read(ctx, full(paulo), &keep_default, &x), JX_E_CANCELLED);
    assert_null(x);
    jx_ctx_free(ctx);
    assert_int_equal(jx_mem_used(mem), 0);
    jx_mem_free(mem);
}

static void ceiling(void **state) { /* a job's memory limit is an error like any other */
    (void)state;
    for (size_t limit = 1 << 12; limit < (64 << 20); limit *= 2) {
        jx_mem *mem = jx_mem_new(NULL, limit);
        jx_ctx *ctx = jx_ctx_new(&(jx_ctx_options){.mem = mem});
        jx_extract *x = NULL;
        jx_status st = ctx ? jx_pbf_read(ctx, full(demo), &keep_default, &x) : JX_E_NOMEM;
        assert_true(st == JX_OK || st == JX_E_NOMEM);
        if (ctx) {
            assert_true(jx_mem_peak(mem) <= limit);
            jx_extract_free(ctx, x);
            jx_ctx_free(ctx);
        }
        assert_int_equal(jx_mem_used(mem), 0);
        jx_mem_free(mem);
    }
}

static jx_status read_once(jx_ctx *ctx, void *arg) {
    const enc *f = arg;
    jx_extract *x = NULL;
    jx_status st = jx_pbf_read_bytes(ctx, f->p, f->n, &keep_default, &x);
    jx_extract_free(ctx, x);
    return st;
}
static jx_status count_once(jx_ctx *ctx, void *arg) {
    (void)arg;
    jx_pbf_counts c;
    return jx_pbf_count(ctx, full(paulo), &c);
}

static void out_of_memory(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    enc f = some_blocks(&t, demo, 44, 2);
    jx_oom_sweep(read_once, &f);
    jx_oom_sweep(count_once, NULL);
    enc_free(&f);
    jx_test_release(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(published_counts),    cmocka_unit_test(same_for_any_threads),
                                       cmocka_unit_test(files_that_are_none), cmocka_unit_test(truncated),
                                       cmocka_unit_test(flipped_bits),        cmocka_unit_test(sizes_that_lie),
                                       cmocka_unit_test(cancelled),           cmocka_unit_test(ceiling),
                                       cmocka_unit_test(out_of_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
