/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Allocation-failure sweep: run a function with the first, second, third... allocation failing until it succeeds.
 * Each failing run must return JX_E_NOMEM with a message in the context and leave no memory behind; so must the
 * successful run: `fn` releases whatever it made. Header-only; brings cmocka along (unit.h).
 */
#ifndef JX_TESTS_OOM_H
#define JX_TESTS_OOM_H

#include <stdlib.h>

#include "junxian/base.h"
#include "unit.h"

typedef jx_status (*jx_oom_fn)(jx_ctx *ctx, void *arg);

typedef struct jx_oom_state {
    size_t calls, fail_at; /* fail_at 0: never */
    size_t live;
} jx_oom_state;

static inline void *jx_oom_alloc_(void *user, size_t size) {
    jx_oom_state *s = user;
    if (++s->calls == s->fail_at) {
        return NULL;
    }
    void *p = malloc(size);
    s->live += p != NULL;
    return p;
}

static inline void jx_oom_free_(void *user, void *p) {
    jx_oom_state *s = user;
    s->live -= p != NULL;
    free(p);
}

/** One run with allocation number `k` of the function failing (0: none); returns its status. */
static inline jx_status jx_oom_run(jx_oom_fn fn, void *arg, size_t k, size_t *allocations) {
    jx_oom_state s = {0};
    jx_allocator a = {jx_oom_alloc_, jx_oom_free_, &s};
    jx_mem *mem = jx_mem_new(&a, 0);
    assert_non_null(mem);
    jx_ctx *ctx = jx_ctx_new(&(jx_ctx_options){.mem = mem});
    assert_non_null(ctx);
    size_t before = jx_mem_used(mem), live = s.live, calls = s.calls;
    s.fail_at = k ? s.calls + k : 0;
    jx_status st = fn(ctx, arg);
    s.fail_at = 0;
    if (st == JX_E_NOMEM) {
        assert_non_null(jx_ctx_error(ctx));
        assert_int_equal(jx_ctx_error(ctx)->id, JX_M_NOMEM);
    }
    assert_int_equal(jx_mem_used(mem), before);
    assert_int_equal(s.live, live);
    *allocations = s.calls - calls;
    jx_ctx_free(ctx);
    jx_mem_free(mem);
    assert_int_equal(s.live, 0);
    return st;
}

/** The sweep. Functions with very many allocations are swept densely at first, then in growing steps. */
static inline void jx_oom_sweep(jx_oom_fn fn, void *arg) {
    size_t all, got;
    assert_int_equal(jx_oom_run(fn, arg, 0, &all), JX_OK);
    for (size_t k = 1; k <= all; k += k < 2000 ? 1 : k / 100) {
        jx_status st = jx_oom_run(fn, arg, k, &got);
        if (st != JX_E_NOMEM) {
            fail_msg("allocation %zu of %zu failed, status %s", k, all, jx_status_name(st));
        }
    }
}

#endif
