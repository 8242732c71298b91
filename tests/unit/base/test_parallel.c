/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* The pool: every item once, the same failure whatever the timing, cancelling, nesting, several jobs at a time. */
#include <pthread.h>
#include <stdatomic.h>

#include "support.h"
#include "unit.h"

static const unsigned pools[] = {0, 1, 2, 5};

typedef struct work {
    unsigned char *hits;
    size_t fail_from;
    unsigned threads;
    int *cancel;
    size_t cancel_at;
    atomic_size_t done;
} work;

static jx_status mark(jx_ctx *wctx, void *arg, size_t begin, size_t end, unsigned worker) {
    work *w = arg;
    assert_true(worker < w->threads);
    for (size_t i = begin; i < end; i++) {
        w->hits[i]++;
    }
    atomic_fetch_add(&w->done, end - begin);
    if (w->cancel && begin >= w->cancel_at) {
        __atomic_store_n(w->cancel, 1, __ATOMIC_RELAXED);
    }
    return begin >= w->fail_from ? JX_FAIL(wctx, CATALOG_BAD, JX_I(begin)) : JX_OK;
}

static void every_item_once(void **state) {
    (void)state;
    for (size_t p = 0; p < 4; p++) {
        jx_test t;
        jx_test_init(&t, pools[p]);
        for (size_t n = 0; n < 3000; n += 1 + n / 3) {
            for (size_t grain = 0; grain < 40; grain += 13) {
                unsigned char hits[3001] = {0};
                work w = {.hits = hits, .fail_from = SIZE_MAX, .threads = jx_ctx_threads(t.ctx)};
                assert_int_equal(jx_parallel_for(t.ctx, n, grain, mark, &w), JX_OK);
                for (size_t i = 0; i < 3001; i++) {
                    assert_int_equal(hits[i], i < n);
                }
            }
        }
        jx_test_release(&t);
    }
}

static void lowest_failure_wins(void **state) {
    (void)state;
    for (size_t p = 0; p < 4; p++) {
        jx_test t;
        jx_test_init(&t, pools[p]);
        for (int turn = 0; turn < 200; turn++) {
            static unsigned char hits[2000];
            work w = {.hits = hits, .fail_from = 703, .threads = jx_ctx_threads(t.ctx)};
            t.n_said = 0;
            assert_int_equal(jx_parallel_for(t.ctx, 2000, 7, mark, &w), JX_E_INPUT);
            assert_int_equal(jx_ctx_error(t.ctx)->args[0].i, 707); /* first block that begins at or after 703 */
            assert_int_equal(t.n_said, 1);
            assert_int_equal(jx_test_error(&t), JX_M_CATALOG_BAD);
        }
        jx_test_release(&t);
    }
}

static void cancelling(void **state) {
    (void)state;
    for (size_t p = 0; p < 4; p++) {
        int cancel = 0;
        jx_mem *mem = jx_mem_new(NULL, 0);
        jx_pool *pool = pools[p] ? jx_pool_new(pools[p]) : NULL;
        jx_ctx *ctx = jx_ctx_new(&(jx_ctx_options){.mem = mem, .pool = pool, .cancel = &cancel});
        static unsigned char hits[100000];
        work w = {
            .hits = hits, .fail_from = SIZE_MAX, .threads = jx_ctx_threads(ctx), .cancel = &cancel, .cancel_at = 500};
        assert_int_equal(jx_poll(ctx), JX_OK);
        assert_int_equal(jx_parallel_for(ctx, 100000, 10, mark, &w), JX_E_CANCELLED);
        assert_int_equal(jx_ctx_error(ctx)->id, JX_M_CANCELLED);
        assert_true(atomic_load(&w.done) < 100000);
        assert_int_equal(jx_poll(ctx), JX_E_CANCELLED);
        jx_ctx_free(ctx);
        jx_pool_free(pool);
        jx_mem_free(mem);
    }
}

static jx_status allocate(jx_ctx *wctx, void *arg, size_t begin, size_t end, unsigned worker) {
    size_t *sum = arg;
    (void)worker;
    uint64_t *tmp = jx_malloc(wctx, end - begin + 1, sizeof *tmp);
    if (!tmp) {
        return JX_E_NOMEM;
    }
    for (size_t i = begin; i < end; i++) {
        tmp[i - begin] = i;
        sum[i] = tmp[i - begin] + 1;
    }
    jx_free(wctx, tmp);
    return JX_OK;
}

static jx_status nested(jx_ctx *wctx, void *arg, size_t begin, size_t end, unsigned worker) {
    (void)worker;
    assert_int_equal(jx_ctx_threads(wctx), 1);
    for (size_t i = begin; i < end; i++) {
        JX_TRY(jx_parallel_for(wctx, 50, 3, allocate, (size_t *)arg + i * 50));
    }
    return JX_OK;
}

static void nesting_and_memory(void **state) {
    (void)state;
    for (size_t p = 0; p < 4; p++) {
        jx_test t;
        jx_test_init(&t, pools[p]);
        static size_t out[40 * 50];
        memset(out, 0, sizeof out);
        assert_int_equal(jx_parallel_for(t.ctx, 40, 1, nested, out), JX_OK);
        for (size_t i = 0; i < 40 * 50; i++) {
            assert_int_equal(out[i], i % 50 + 1);
        }
        jx_test_release(&t);
    }
}

/* Running out of memory in a block is the job's error, with its message. */
static void out_of_memory_in_a_block(void **state) {
    (void)state;
    jx_mem *mem = jx_mem_new(NULL, 20000);
    jx_pool *pool = jx_pool_new(3);
    jx_ctx *ctx = jx_ctx_new(&(jx_ctx_options){.mem = mem, .pool = pool});
    static size_t out[100000];
    assert_int_equal(jx_parallel_for(ctx, 100000, 50000, allocate, out), JX_E_NOMEM);
    assert_int_equal(jx_ctx_error(ctx)->id, JX_M_NOMEM);
    jx_ctx_free(ctx);
    jx_pool_free(pool);
    assert_int_equal(jx_mem_used(mem), 0);
    jx_mem_free(mem);
}

typedef struct caller {
    jx_mem *mem;
    jx_pool *pool;
    bool ok;
} caller;

static void *call(void *arg) {
    caller *c = arg;
    jx_ctx *ctx = jx_ctx_new(&(jx_ctx_options){.mem = c->mem, .pool = c->pool});
    c->ok = ctx != NULL;
    for (int turn = 0; turn < 30 && c->ok; turn++) {
        size_t out[500] = {0};
        c->ok = jx_parallel_for(ctx, 500, 5, allocate, out) == JX_OK;
        for (size_t i = 0; i < 500; i++) {
            c->ok = c->ok && out[i] == i + 1;
        }
    }
    jx_ctx_free(ctx);
    return NULL;
}

static void jobs_share_a_pool(void **state) {
    (void)state;
    jx_mem *mem = jx_mem_new(NULL, 0);
    jx_pool *pool = jx_pool_new(3);
    caller callers[4];
    pthread_t ids[4];
    for (int i = 0; i < 4; i++) {
        callers[i] = (caller){mem, pool, false};
        assert_int_equal(pthread_create(&ids[i], NULL, call, &callers[i]), 0);
    }
    for (int i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(ids[i], NULL), 0);
        assert_true(callers[i].ok);
    }
    jx_pool_free(pool);
    assert_int_equal(jx_mem_used(mem), 0);
    jx_mem_free(mem);
    pool = jx_pool_new(0);
    assert_true(jx_pool_threads(pool) >= 1);
    jx_pool_free(pool);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_item_once),
        cmocka_unit_test(lowest_failure_wins),
        cmocka_unit_test(cancelling),
        cmocka_unit_test(nesting_and_memory),
        cmocka_unit_test(out_of_memory_in_a_block),
        cmocka_unit_test(jobs_share_a_pool),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
