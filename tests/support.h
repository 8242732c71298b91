/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Small helpers for tests: a context that remembers what was said, a random stream, whole files. Header-only; brings
 * cmocka along (unit.h).
 */
#ifndef JX_TESTS_SUPPORT_H
#define JX_TESTS_SUPPORT_H

#include <stdio.h>
#include <stdlib.h>

#include "junxian/base.h"
#include "unit.h"

/** A context with its memory, and the ids of the messages it uttered. */
typedef struct jx_test {
    jx_mem *mem;
    jx_pool *pool;
    jx_ctx *ctx;
    size_t n_said;
    jx_msg_id said[256];
} jx_test;

static inline void jx_test_sink_(void *user, const jx_message *m) {
    jx_test *t = user;
    if (t->n_said < 256) {
        t->said[t->n_said++] = m->id;
    }
}

/** threads 0: no pool, everything on the calling thread. */
static inline void jx_test_init(jx_test *t, unsigned threads) {
    memset(t, 0, sizeof *t);
    t->mem = jx_mem_new(NULL, 0);
    assert_non_null(t->mem);
    if (threads) {
        t->pool = jx_pool_new(threads);
        assert_non_null(t->pool);
    }
    t->ctx = jx_ctx_new(&(jx_ctx_options){.mem = t->mem, .pool = t->pool, .sink = jx_test_sink_, .sink_user = t});
    assert_non_null(t->ctx);
}

/** Also asserts that nothing is left allocated. */
static inline void jx_test_release(jx_test *t) {
    jx_ctx_free(t->ctx);
    assert_int_equal(jx_mem_used(t->mem), 0);
    jx_pool_free(t->pool);
    jx_mem_free(t->mem);
}

/** Doubles within a tolerance (cmocka's own compares floats). */
#define assert_near(got, want, tolerance) jx_assert_near_((got), (want), (tolerance), __FILE__, __LINE__)
static inline void jx_assert_near_(double got, double want, double tolerance, const char *file, int line) {
    double d = got > want ? got - want : want - got;
    if (!(d <= tolerance)) {
        print_error("%.17g is not %.17g within %g\n", got, want, tolerance);
        _fail(file, line);
    }
}

/** How often a message was uttered. */
static inline size_t jx_test_said(const jx_test *t, jx_msg_id id) {
    size_t n = 0;
    for (size_t i = 0; i < t->n_said; i++) {
        n += t->said[i] == id;
    }
    return n;
}

/** The id of the first error, JX_M_NONE where there is none; forgets it. */
static inline jx_msg_id jx_test_error(jx_test *t) {
    const jx_message *m = jx_ctx_error(t->ctx);
    jx_msg_id id = m ? m->id : JX_M_NONE;
    jx_ctx_clear_error(t->ctx);
    return id;
}

/** A reproducible stream of random numbers for property tests. */
typedef struct jx_test_rng {
    uint64_t seed, n;
} jx_test_rng;

static inline uint64_t jx_test_u64(jx_test_rng *r) {
    return jx_random(r->seed, 0, r->n++);
}
/** In [0, n). */
static inline uint64_t jx_test_below(jx_test_rng *r, uint64_t n) {
    return jx_test_u64(r) % n;
}
/** In [0, 1). */
static inline double jx_test_unit(jx_test_rng *r) {
    return (double)(jx_test_u64(r) >> 11) * 0x1p-53;
}

/** A whole file below the source folder, with a NUL behind it; free() it. */
static inline char *jx_test_file(const char *path, size_t *n) {
    char full[4096];
    *n = 0;
    (void)snprintf(full, sizeof full, "%s/%s", JX_SOURCE_DIR, path);
    FILE *f = fopen(full, "rb");
    if (!f) {
        fail_msg("cannot open %s", full);
        return NULL;
    }
    size_t cap = 1 << 16, len = 0, got;
    char *s = malloc(cap + 1);
    while (s && (got = fread(s + len, 1, cap - len, f)) > 0) {
        len += got;
        if (len == cap) {
            cap *= 2;
            s = realloc(s, cap + 1);
        }
    }
    (void)fclose(f);
    assert_non_null(s);
    s[len] = '\0';
    *n = len;
    return s;
}

#endif
