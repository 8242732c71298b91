/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** junxian-bench growth and threads: time and bytes per vertex as the network grows; batches on one thread and on two. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>

static void grow_one(const dimacs *d) {
    static bench g;
    g = (bench){.d = *d};
    double n = d->g.n_nodes;
    g.mem = jx_mem_new(NULL, 0);
    g.ctx = jx_ctx_new(&(jx_ctx_options){.mem = g.mem});
    g.order = malloc((size_t)d->g.n_nodes * 4);
    must(g.mem && g.ctx && g.order, "not enough memory");
    double t = now_ms();
    do_order(&g);
    double order = now_ms() - t;
    t = now_ms();
    must_ok(&g, jx_hierarchy_new(g.ctx, &g.d.g, g.order, &g.h));
    double hierarchy = now_ms() - t;
    size_t bytes_h = jx_mem_used(g.mem);
    must_ok(&g, jx_times_new(g.ctx, g.h, g.d.time, &g.t));
    double customise = least(&g, 3, do_customise);
    size_t bytes_t = jx_mem_used(g.mem) - bytes_h;
    t = now_ms();
    must_ok(&g, jx_sweep_new(g.ctx, g.t, &(jx_sweep_options){.dir = JX_FROM_FACILITY, .prune = true}, &g.from));
    double prune = now_ms() - t;
    size_t bytes_s = jx_mem_used(g.mem) - bytes_h - bytes_t, peak = jx_mem_peak(g.mem);
    g.sheet = malloc((size_t)d->g.n_nodes * sizeof *g.sheet);
    must(g.sheet != NULL, "not enough memory");
    plain_origins(&g, &g.sixteen, 1, 16);
    double sweep = least(&g, 5, do_sweep16) / 16;
    printf("%u,%u,%u,%u,%.4f,%.4f,%.4f,%.4f,%.3f,%.1f,%.1f,%.1f,%.1f\n", d->g.n_nodes, d->g.n_edges, g.h->n_arcs,
           g.h->height, 1e3 * order / n, 1e3 * hierarchy / n, 1e3 * customise / n, 1e3 * prune / n, 1e6 * sweep / n,
           (double)bytes_h / n, (double)bytes_t / n, (double)bytes_s / n, (double)peak / n);
    fflush(stdout);
    free(g.sheet);
    jx_sweep_free(g.ctx, g.from);
    jx_times_free(g.ctx, g.t);
    jx_hierarchy_free(g.ctx, g.h);
    free(g.order);
    jx_ctx_free(g.ctx);
    jx_mem_free(g.mem);
}

void growth(bench *b) {
    static const uint32_t cuts[] = {16384, 65536};
    const uint32_t least_nodes = 16000, most_nodes = 4300000;
    puts("n_nodes,n_edges,n_arcs,height,order_us,hierarchy_us,customise_us,prune_us,sweep16_ns,bytes_hierarchy,bytes_times,bytes_sweep,"
         "bytes_peak");
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts && 2 * cuts[i] < b->d.g.n_nodes; i++) {
        dimacs d;
        must(dimacs_cut(&b->d, cuts[i], &d), "not enough memory");
        grow_one(&d);
        dimacs_free(&d);
    }
    /* Tiles in a square, each step about four times the nodes, the last one the largest that stays below 4.3 million. */
    uint32_t side = 1, last = 1;
    for (; (uint64_t)b->d.g.n_nodes * (last + 1) * (last + 1) <= most_nodes; last++) {
    }
    for (; side <= last; side = side < last && 2 * side > last ? last : 2 * side) {
        dimacs d;
        if ((uint64_t)b->d.g.n_nodes * side * side < least_nodes) {
            continue;
        }
        must(dimacs_tile(&b->d, side, side, &d), "not enough memory");
        grow_one(&d);
        dimacs_free(&d);
    }
}

/* ---- threads ------------------------------------------------------------------------------------------------------------- */

enum { N_BATCH = 256 /* origins of the plain batch: sixteen sweeps */ };

static uint64_t batch_sum[N_BATCH];

/* A consumer that looks at every time: their sum, by origin. */
static jx_status add_rows(jx_ctx *wctx, void *user, const jx_batch *b, uint32_t row, uint32_t n, const uint32_t (*ms)[JX_LANES]) {
    (void)wctx, (void)user, (void)row;
    uint64_t sum[JX_LANES] = {0};
    for (uint32_t k = 0; k < n; k++) {
        for (uint32_t i = 0; i < JX_LANES; i++) {
            sum[i] += ms[k][i];
        }
    }
    for (uint32_t i = 0; i < b->n_lanes; i++) {
        batch_sum[b->origin[i]] += sum[i];
    }
    return JX_OK;
}

static void do_batch(bench *b) {
    static const jx_sweep_calls calls = {.rows = add_rows};
    jx_origins o = b->table_from.o;
    o.n = N_BATCH;
    memset(batch_sum, 0, sizeof batch_sum);
    must_ok(b, jx_sweep_run(b->ctx, b->from, &o, JX_UNREACHABLE, &calls, NULL));
}

typedef struct parallel_work {
    const char *name;
    void (*fn)(bench *b);
    const void *result;
    size_t n;
    int runs;
} parallel_work;

void threads(bench *b) {
    engine(b);
    size_t n_nodes = b->d.g.n_nodes;
    const parallel_work works[] = {
        {"customise", do_customise, b->t->weight, (size_t)b->h->n_arcs * sizeof *b->t->weight, 15},
        {"sweep256", do_batch, batch_sum, sizeof batch_sum, 9},
        {"table1000", do_table, b->table, (size_t)N_TABLE * N_TABLE * sizeof *b->table, 15},
        {"cumulative2", do_cumulative, b->within, 2 * (size_t)N_CUMULATIVE * sizeof *b->within, 15},
        {"nearest5", do_nearest, b->nearest, n_nodes * K_NEAREST * sizeof *b->nearest, 9},
    };
    jx_ctx *one_ctx = b->ctx;
    jx_pool *pool = jx_pool_new(2);
    jx_ctx *two_ctx = jx_ctx_new(&(jx_ctx_options){.mem = b->mem, .pool = pool});
    must(pool && two_ctx, "not enough memory");
    puts("work,one_thread_ms,two_threads_ms,speedup");
    for (size_t i = 0; i < sizeof works / sizeof *works; i++) {
        const parallel_work *w = &works[i];
        void *bits = malloc(w->n);
        must(bits != NULL, "not enough memory");
        double one = 1e300, two = 1e300;
        for (int round = 0; round < 3; round++) { /* in turns: whatever else the machine does meets both */
            b->ctx = one_ctx;
            double t = least(b, w->runs / 3, w->fn);
            one = t < one ? t : one;
            memcpy(bits, w->result, w->n);
            b->ctx = two_ctx;
            t = least(b, w->runs / 3, w->fn);
            two = t < two ? t : two;
            must(memcmp(bits, w->result, w->n) == 0, "two threads give other bits");
        }
        printf("%s,%.3f,%.3f,%.2f\n", w->name, one, two, one / two);
        fflush(stdout);
        free(bits);
    }
    b->ctx = one_ctx;
    jx_ctx_free(two_ctx);
    jx_pool_free(pool);
}
