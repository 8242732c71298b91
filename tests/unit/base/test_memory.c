/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* Memory, vectors, arenas, buffers: counts, ceilings, alignment, and the allocation-failure sweep. */

#include "oom.h"
#include "support.h"
#include "unit.h"

static void counts_and_ceiling(void **state) {
    (void)state;
    jx_mem *mem = jx_mem_new(NULL, 100000);
    jx_ctx *ctx = jx_ctx_new(&(jx_ctx_options){.mem = mem});
    size_t before = jx_mem_used(mem);
    char *a = jx_malloc(ctx, 50, 1000);
    assert_non_null(a);
    assert_int_equal(jx_mem_used(mem), before + 50000);
    assert_null(jx_malloc(ctx, 60, 1000));
    assert_int_equal(jx_ctx_error(ctx)->id, JX_M_NOMEM);
    assert_int_equal(jx_ctx_error(ctx)->args[0].i, 60000);
    assert_int_equal(jx_mem_used(mem), before + 50000);
    jx_free(ctx, a);
    assert_int_equal(jx_mem_used(mem), before);
    assert_int_equal(jx_mem_peak(mem), before + 50000);
    jx_ctx_free(ctx);
    assert_int_equal(jx_mem_used(mem), 0);
    jx_mem_free(mem);
    jx_mem_free(NULL);
    jx_ctx_free(NULL);
    jx_pool_free(NULL);
}

static void blocks(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    jx_ctx *ctx = t.ctx;
    for (size_t n = 0; n < 20000; n += n < 64 ? 1 : 997) {
        char *p = jx_malloc(ctx, n, 1), *q = jx_malloc(ctx, 1, n);
        assert_non_null(p);
        assert_true(p != q);
        assert_int_equal((uintptr_t)p % (n >= 4096 ? 64 : 16), 0);
        memset(p, 7, n);
        p = jx_realloc(ctx, p, n * 2 + 1, 1);
        assert_non_null(p);
        for (size_t i = 0; i < n; i++) {
            assert_int_equal(p[i], 7);
        }
        p = jx_realloc(ctx, p, n / 2, 1);
        for (size_t i = 0; i < n / 2; i++) {
            assert_int_equal(p[i], 7);
        }
        jx_free(ctx, p);
        jx_free(ctx, q);
    }
    assert_null(jx_malloc(ctx, SIZE_MAX, 2)); /* the product overflows */
    assert_null(jx_calloc(ctx, SIZE_MAX / 2, SIZE_MAX / 2));
    assert_null(jx_malloc(ctx, 1, SIZE_MAX));
    char *keep = jx_strdup(ctx, "keep");
    assert_null(jx_realloc(ctx, keep, SIZE_MAX, 8));
    assert_string_equal(keep, "keep");
    jx_free(ctx, keep);
    jx_free(ctx, NULL);
    jx_test_release(&t);
}

static void arena(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    jx_test_rng r = {.seed = 3};
    jx_arena *a = jx_arena_new(t.ctx);
    unsigned char *p[500];
    size_t n[500];
    for (size_t i = 0; i < 500; i++) {
        n[i] = jx_test_below(&r, i % 50 == 0 ? 200000 : 300);
        p[i] = jx_arena_alloc(t.ctx, a, n[i], 1);
        assert_non_null(p[i]);
        assert_int_equal((uintptr_t)p[i] % 16, 0);
        memset(p[i], (int)(i % 251), n[i]);
    }
    for (size_t i = 0; i < 500; i++) { /* nothing overlaps */
        for (size_t k = 0; k < n[i]; k++) {
            assert_int_equal(p[i][k], i % 251);
        }
    }
    assert_null(jx_arena_alloc(t.ctx, a, SIZE_MAX / 2, 4));
    assert_string_equal(jx_arena_strn(t.ctx, a, "abcdef", 3), "abc");
    jx_arena_free(t.ctx, a);
    jx_arena_free(t.ctx, NULL);
    jx_test_release(&t);
}

static jx_status everything(jx_ctx *ctx, void *arg) {
    (void)arg;
    JX_VEC(int) vec = {0};
    jx_buf b;
    jx_map64 map = {0};
    jx_pool_str *strings = NULL;
    jx_arena *a = NULL;
    uint32_t id;
    int sorted[3] = {3, 1, 2};
    jx_status st = JX_OK;
    jx_buf_init(&b, ctx);
    for (int i = 0; i < 100; i++) {
        JX_TRY_OUT(st, jx_vec_push(ctx, &vec, i));
        jx_buf_fmt(&b, "%d %.2f\n", i, i * 0.5);
        JX_TRY_OUT(st, jx_map64_put(ctx, &map, (uint64_t)i << 32, (uint32_t)i));
    }
    JX_TRY_OUT(st, jx_buf_ok(&b));
    strings = jx_strings_new(ctx);
    a = strings ? jx_arena_new(ctx) : NULL;
    if (!a || !jx_arena_strn(ctx, a, "x", 1)) {
        st = JX_E_NOMEM;
        goto out;
    }
    for (size_t i = 0; i < b.n; i++) {
        JX_TRY_OUT(st, jx_strings_add(ctx, strings, b.s, i, &id));
        assert_int_equal(id, i);
    }
    jx_arg real = JX_R(1234.5, 1);
    jx_render(&b, "{0,}", 1, &real);
    JX_TRY_OUT(st, jx_buf_ok(&b));
    size_t n;
    char *mo = jx_test_file("fuzz/corpus/mo/small.mo", &n);
    jx_catalog *c;
    st = jx_catalog_open(ctx, mo, n, &c);
    jx_catalog_free(ctx, c);
    free(mo);
    if (st == JX_OK) {
        st = jx_sort(ctx, sorted, 0, sizeof sorted[0], NULL, NULL);
    }
out:
    jx_vec_free(ctx, &vec);
    jx_buf_release(&b);
    jx_map64_release(ctx, &map);
    jx_strings_free(ctx, strings);
    jx_arena_free(ctx, a);
    return st;
}

static void out_of_memory(void **state) {
    (void)state;
    jx_oom_sweep(everything, NULL);
}

/* No memory for the memory, the context or the pool: NULL, never a crash. */
static void no_context(void **state) {
    (void)state;
    jx_oom_state s = {.fail_at = 1};
    jx_allocator a = {jx_oom_alloc_, jx_oom_free_, &s};
    assert_null(jx_mem_new(&a, 0));
    s = (jx_oom_state){.fail_at = 2};
    jx_mem *mem = jx_mem_new(&a, 0);
    assert_null(jx_ctx_new(&(jx_ctx_options){.mem = mem}));
    jx_mem_free(mem);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_and_ceiling), cmocka_unit_test(blocks),     cmocka_unit_test(arena),
        cmocka_unit_test(out_of_memory),      cmocka_unit_test(no_context),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
