/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* Sorting, maps, interned strings, hashing and random numbers: against simple references and published statistics. */
#include <math.h>

#include "oom.h"
#include "support.h"
#include "unit.h"

typedef struct pair {
    uint64_t key;
    uint32_t val;
} pair;

static int by_key(const void *a, const void *b, void *user) {
    const pair *x = a, *y = b;
    ++*(size_t *)user;
    return x->key < y->key ? -1 : x->key > y->key;
}

static void check_sorted(const pair *p, size_t n) {
    for (size_t i = 1; i < n; i++) {
        assert_true(p[i - 1].key < p[i].key || (p[i - 1].key == p[i].key && p[i - 1].val < p[i].val));
    }
}

static void sorting(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    jx_test_rng r = {.seed = 9};
    enum { MOST = 3000 };
    static pair p[MOST];
    static uint64_t keys[MOST], tmp[MOST], alone[MOST];
    static uint32_t vals[MOST], tmp_vals[MOST];
    for (size_t n = 0; n <= MOST; n += 1 + n / 4) {
        for (unsigned bits = 0; bits <= 64; bits += 8) {
            for (size_t i = 0; i < n; i++) {
                uint64_t k = jx_test_u64(&r);
                k = bits == 64 ? k : bits == 0 ? 42 : k >> bits << (bits / 2 % 9);
                p[i] = (pair){k, (uint32_t)i};
                keys[i] = alone[i] = k;
                vals[i] = (uint32_t)i;
            }
            size_t calls = 0;
            assert_int_equal(jx_sort(t.ctx, p, n, sizeof p[0], by_key, &calls), JX_OK);
            check_sorted(p, n);
            jx_sort_u64_u32(keys, vals, tmp, tmp_vals, n);
            jx_sort_u64(alone, tmp, n);
            for (size_t i = 0; i < n; i++) {
                assert_true(p[i].key == keys[i] && p[i].val == vals[i] && alone[i] == keys[i]);
            }
        }
    }
    jx_test_release(&t);
}

static void map(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    jx_test_rng r = {.seed = 10};
    jx_map64 m = {0};
    enum { SPACE = 5000 };
    static uint32_t want[SPACE];
    memset(want, 0xff, sizeof want);
    assert_int_equal(jx_map64_get(&m, 0), JX_NONE);
    for (int i = 0; i < 20000; i++) {
        uint64_t k = jx_test_below(&r, SPACE),
                 key = k * UINT64_C(0x100000001) - 7; /* wraps below zero, fills both halves */
        uint32_t v = (uint32_t)jx_test_below(&r, 1000);
        assert_int_equal(jx_map64_get(&m, key), want[k]);
        assert_int_equal(jx_map64_put(t.ctx, &m, key, v), JX_OK);
        want[k] = v;
    }
    size_t n = 0;
    for (uint64_t k = 0; k < SPACE; k++) {
        assert_int_equal(jx_map64_get(&m, k * UINT64_C(0x100000001) - 7), want[k]);
        n += want[k] != JX_NONE;
    }
    assert_int_equal(m.n, n);
    jx_map64_release(t.ctx, &m);
    jx_test_release(&t);
}

static void strings(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    jx_pool_str *p = jx_strings_new(t.ctx);
    assert_int_equal(jx_strings_find(p, "x", 1), JX_NONE);
    const char *first = NULL;
    for (uint32_t turn = 0; turn < 2; turn++) {
        for (uint32_t i = 0; i < 10000; i++) {
            char s[20];
            int n = i == 0 ? 0 : snprintf(s, sizeof s, "name%u", i * 7919u);
            uint32_t id = 1;
            assert_int_equal(jx_strings_add(t.ctx, p, s, (size_t)n, &id), JX_OK);
            assert_int_equal(id, i);
            first = i == 5 && !turn ? jx_strings_cstr(p, 5) : first;
        }
    }
    assert_int_equal(jx_strings_count(p), 10000);
    assert_ptr_equal(jx_strings_cstr(p, 5), first); /* stays put */
    assert_string_equal(jx_strings_cstr(p, 0), "");
    assert_int_equal(jx_strings_find(p, "name7919", 8), 1);
    assert_int_equal(jx_strings_find(p, "name791", 7), JX_NONE);
    uint32_t id;
    assert_int_equal(jx_strings_add(t.ctx, p, "a\0b", 3, &id), JX_OK);
    assert_true(jx_str_eq(jx_strings_get(p, id), (jx_str){"a\0b", 3}));
    jx_strings_free(t.ctx, p);
    jx_strings_free(t.ctx, NULL);
    jx_test_release(&t);
}

static void hashing(void **state) {
    (void)state;
    /* Each flipped bit changes about half of the result; no collision among a hundred thousand short keys. */
    uint64_t base = jx_hash64("the county seat", 15, 0), flips = 0, tries = 0;
    for (size_t i = 0; i < 15; i++) {
        for (int bit = 0; bit < 8; bit++) {
            char s[] = "the county seat";
            s[i] = (char)(s[i] ^ (1 << bit));
            flips += (uint64_t)__builtin_popcountll(base ^ jx_hash64(s, 15, 0));
            tries++;
        }
    }
    assert_true(flips > tries * 28 && flips < tries * 36);
    assert_true(jx_hash64("a", 1, 0) != jx_hash64("a", 1, 1));
    assert_true(jx_hash64("a\0", 2, 0) != jx_hash64("a", 1, 0));
    assert_true(jx_hash64("", 0, 0) != jx_hash64("\0", 1, 0));
    enum { N = 100000 };
    static uint64_t h[N], tmp[N];
    for (uint32_t i = 0; i < N; i++) {
        h[i] = jx_hash64(&i, sizeof i, 0);
    }
    jx_sort_u64(h, tmp, N);
    for (size_t i = 1; i < N; i++) {
        assert_true(h[i] != h[i - 1]);
    }
}

/* Chi-square over bytes and serial correlation along counter, stream and seed; bounds at about five sigma. */
static void random_numbers(void **state) {
    (void)state;
    for (int axis = 0; axis < 3; axis++) {
        size_t count[256] = {0};
        double corr = 0, last = 0;
        enum { N = 65536 };
        for (uint64_t i = 0; i < N; i++) {
            uint64_t v = jx_random(axis == 2 ? i : 1, axis == 1 ? i : 2, axis == 0 ? i : 3);
            for (int k = 0; k < 8; k++) {
                count[v >> (8 * k) & 255]++;
            }
            double u = (double)(v >> 11) * 0x1p-53 - 0.5;
            corr += u * last;
            last = u;
        }
        double chi = 0, want = N * 8 / 256.0;
        for (int i = 0; i < 256; i++) {
            chi += ((double)count[i] - want) * ((double)count[i] - want) / want;
        }
        assert_true(chi > 150 && chi < 370);
        assert_true(fabs(corr * 12 / sqrt(N)) < 5);
    }
}

static jx_status sort_some(jx_ctx *ctx, void *arg) {
    (void)arg;
    pair p[20];
    size_t calls = 0;
    for (uint32_t i = 0; i < 20; i++) {
        p[i] = (pair){i * 7 % 20, i};
    }
    JX_TRY(jx_sort(ctx, p, 20, sizeof p[0], by_key, &calls));
    check_sorted(p, 20);
    return JX_OK;
}

static void sort_out_of_memory(void **state) {
    (void)state;
    jx_oom_sweep(sort_some, NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(sorting),        cmocka_unit_test(map),
                                       cmocka_unit_test(strings),        cmocka_unit_test(hashing),
                                       cmocka_unit_test(random_numbers), cmocka_unit_test(sort_out_of_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
