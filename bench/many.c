/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* Several metrics customised at once beside one after another: time per metric, and the bits. */
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"

enum { N_METRICS = 4, ROUNDS = 25 };

/* The graph's times; three times as slow; by chance up to a quarter slower; one edge in fifty closed. */
static void variants(const bench *b, uint32_t *time[N_METRICS]) {
    size_t n = (size_t)b->d.g.n_edges * 2;
    for (int m = 0; m < N_METRICS; m++) {
        time[m] = malloc((n + 1) * sizeof **time);
        must(time[m], "not enough memory");
        for (size_t i = 0; i < n; i++) {
            uint32_t ms = b->d.time[i];
            uint64_t chance = jx_random(42, 11, i / 2);
            bool open = ms != JX_UNREACHABLE && (m != 3 || chance % 50 != 0);
            time[m][i] = !open    ? JX_UNREACHABLE
                         : m == 1 ? 3 * ms
                         : m == 2 ? ms + (uint32_t)(ms * (chance % 256) / 1024)
                                  : ms;
        }
    }
}

/* Turn by turn in one loop, so that what else the machine does falls on both. */
static void compare(bench *b, uint32_t n, jx_times *const one[], jx_times *const many[], const uint32_t *const time[]) {
    double best_one = 1e300, best_many = 1e300;
    for (int round = 0; round < ROUNDS; round++) {
        double t = now_ms();
        for (uint32_t m = 0; m < n; m++) {
            must_ok(b, jx_times_customise(b->ctx, one[m], time[m]));
        }
        t = now_ms() - t;
        best_one = t < best_one ? t : best_one;
        t = now_ms();
        must_ok(b, jx_times_customise_many(b->ctx, n, many, time));
        t = now_ms() - t;
        best_many = t < best_many ? t : best_many;
    }
    for (uint32_t m = 0; m < n; m++) {
        must(memcmp(one[m]->weight, many[m]->weight, (size_t)b->h->n_arcs * sizeof(jx_pair)) == 0,
             "customised at once, times differ");
    }
    printf("customise%u,%.4f,%.4f,%.5f\n", (unsigned)n, best_many / n, best_one / n, best_many / best_one);
    fflush(stdout);
}

void many(bench *b) {
    uint32_t *time[N_METRICS];
    const uint32_t *given[N_METRICS];
    jx_times *one[N_METRICS], *at_once[N_METRICS];
    variants(b, time);
    for (int m = 0; m < N_METRICS; m++) {
        given[m] = time[m];
    }
    do_order(b);
    must_ok(b, jx_hierarchy_new(b->ctx, &b->d.g, b->order, &b->h));
    for (int m = 0; m < N_METRICS; m++) {
        must_ok(b, jx_times_new(b->ctx, b->h, given[m], &one[m]));
    }
    must_ok(b, jx_times_many(b->ctx, b->h, N_METRICS, given, at_once));
    puts("work,at_once_ms,one_by_one_ms,ratio");
    for (uint32_t n = 2; n <= N_METRICS; n++) {
        compare(b, n, one, at_once, given);
    }
    for (int m = 0; m < N_METRICS; m++) {
        jx_times_free(b->ctx, one[m]);
        jx_times_free(b->ctx, at_once[m]);
        free(time[m]);
    }
}
