/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * junxian-bench: the network engine's works on any road graph, next to a textbook Dijkstra of the same run.
 *   junxian-bench network --graph X.gr[.gz] --coords X.co[.gz] --csv [--threads N] [--only WORK]
 *   junxian-bench growth  (the same options)   pieces and tiles of the graph from sixteen thousand to four million
 * nodes junxian-bench threads (the same options)   a batch on one thread and on two Each time is the least of several
 * runs: noise only adds. Answers are compared with the reference's; a wrong one ends the run.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "dimacs.h"
#include "junxian/io.h"
#include "junxian/sweep.h"
#include "reference.h"

enum { N_SAMPLE = 20, N_TABLE = 1000, N_CUMULATIVE = 512, N_NEAREST = 1000, K_NEAREST = 5, N_EDITS = 10 };
/* The published times have no unit; a class-one road passes a decimetre a unit. At 100 km/h that is 3.6 ms: 15 minutes
 * are 250,000. */
enum { MINUTES_15 = 250000, MINUTES_30 = 500000 };

typedef struct bench {
    jx_mem *mem;
    jx_pool *pool;
    jx_ctx *ctx;
    dimacs d;
    reference *ref;
    double dijkstra_ms; /* one source, all nodes */
    uint32_t *order, *dist;
    jx_hierarchy *h;
    jx_times *t;
    jx_sweep *from; /* pruned, from origins */
    const char *only;
} bench;

static double now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void must(bool ok, const char *what) {
    if (!ok) {
        fprintf(stderr, "junxian-bench: %s\n", what);
        exit(70);
    }
}

static void must_ok(bench *b, jx_status st) {
    if (st != JX_OK) {
        const jx_message *m = jx_ctx_error(b->ctx);
        fprintf(stderr, "junxian-bench: failed with status %d, message %d\n", (int)st, m ? (int)m->id : -1);
        exit(jx_status_exit_code(st));
    }
}

/* Nodes by chance, the same in every run. */
static uint32_t pick(const bench *b, uint64_t stream, uint64_t i) {
    return (uint32_t)(jx_random(42, stream, i) % b->d.g.n_nodes);
}

/* Least time of `runs` runs of fn. */
static double least(bench *b, int runs, void (*fn)(bench *b)) {
    double best = 1e300;
    for (int i = 0; i < runs; i++) {
        double t = now_ms();
        fn(b);
        t = now_ms() - t;
        best = t < best ? t : best;
    }
    return best;
}

static void row(const char *work, double ours, double theirs) {
    printf("%s,%.4f,%.4f,%.5f\n", work, ours, theirs, ours / theirs);
    fflush(stdout);
}

static bool wanted(const bench *b, const char *work) {
    return !b->only || strcmp(b->only, work) == 0;
}

/* ---- reference
 * -------------------------------------------------------------------------------------------------------------- */

static void time_reference(bench *b) {
    double best = 1e300;
    for (int round = 0; round < 3; round++) {
        double t = now_ms();
        for (uint64_t i = 0; i < N_SAMPLE; i++) {
            reference_run(b->ref, pick(b, 1, i), JX_UNREACHABLE, b->dist);
        }
        t = (now_ms() - t) / N_SAMPLE;
        best = t < best ? t : best;
    }
    b->dijkstra_ms = best;
}

/* ---- order, hierarchy, customisation
 * --------------------------------------------------------------------------------------------- */

static void do_order(bench *b) {
    must_ok(b, jx_order(b->ctx, &b->d.g, jx_metis_dissect, NULL, b->order));
}
static void do_customise(bench *b) {
    must_ok(b, jx_times_customise(b->ctx, b->t, b->d.time));
}

/* Ten edges by chance twice as slow, and back: the mean of both ways over a hundred draws. */
static double customise10(bench *b) {
    double sum = 0;
    int n = 0;
    for (uint64_t draw = 0; draw < 100; draw++) {
        uint32_t edge[N_EDITS], old[2 * N_EDITS];
        for (uint64_t i = 0; i < N_EDITS; i++) {
            edge[i] = (uint32_t)(jx_random(42, 7, draw * N_EDITS + i) % b->d.g.n_edges);
            memcpy(&old[2 * i], &b->d.time[2 * edge[i]], 2 * sizeof *old);
        }
        for (int back = 0; back < 2; back++) {
            for (int i = 0; i < N_EDITS; i++) {
                for (int k = 0; k < 2; k++) {
                    uint32_t *ms = &b->d.time[2 * edge[i] + (uint32_t)k];
                    *ms = back ? old[2 * i + k] : *ms == JX_UNREACHABLE ? *ms : 2 * old[2 * i + k];
                }
            }
            double t = now_ms();
            must_ok(b, jx_times_update(b->ctx, b->t, b->d.time, edge, N_EDITS));
            sum += now_ms() - t;
            n++;
        }
    }
    return sum / n;
}

/* ---- sweeps
 * ------------------------------------------------------------------------------------------------------------------------
 */

typedef struct plain {
    uint32_t off[N_TABLE + 1];
    jx_port port[N_TABLE];
    jx_origins o;
} plain;

static void plain_origins(const bench *b, plain *p, uint64_t stream, uint32_t n) {
    for (uint32_t i = 0; i < n; i++) {
        p->off[i] = i;
        p->port[i] = (jx_port){pick(b, stream, i), 0};
    }
    p->off[n] = n;
    p->o = (jx_origins){n, p->off, p->port};
}

static uint32_t (*sheet)[JX_LANES]; /* row-major results of the last batch */

static plain sixteen;

static void do_sweep16(bench *b) {
    uint32_t limit;
    must_ok(b, jx_sweep_sheet(b->ctx, b->from, &sixteen.o, sheet, &limit));
}

static void check_sweep16(bench *b) {
    for (uint32_t i = 0; i < 16; i += 5) {
        reference_run(b->ref, sixteen.port[i].node, JX_UNREACHABLE, b->dist);
        for (uint32_t r = 0; r < b->d.g.n_nodes; r++) {
            must(sheet[r][i] == b->dist[jx_sweep_node(b->from, r)], "a batch of sweeps differs from Dijkstra");
        }
    }
}

static const uint32_t *one_to_all, *one_place;
static uint32_t one_source;

static void do_sweep1(bench *b) {
    must_ok(b, jx_sweep_one(b->ctx, b->from, one_source, &one_to_all, &one_place));
}

static void check_one(bench *b) {
    for (uint64_t i = 0; i < 3; i++) {
        one_source = pick(b, 1, i);
        do_sweep1(b);
        reference_run(b->ref, one_source, JX_UNREACHABLE, b->dist);
        for (uint32_t v = 0; v < b->d.g.n_nodes; v++) {
            must(one_to_all[one_place[v]] == b->dist[b->h->node[v]], "a sweep differs from Dijkstra");
        }
    }
}

static plain table_from, table_to;
static uint32_t *table;

static void do_table(bench *b) {
    must_ok(b, jx_sweep_table(b->ctx, b->t, JX_FROM_FACILITY, &table_from.o, &table_to.o, JX_UNREACHABLE, table));
}

static void check_table(bench *b) {
    for (uint32_t i = 0; i < N_TABLE; i += 250) {
        reference_run(b->ref, table_from.port[i].node, JX_UNREACHABLE, b->dist);
        for (uint32_t j = 0; j < N_TABLE; j++) {
            must(table[(size_t)i * N_TABLE + j] == b->dist[table_to.port[j].node], "a table differs from Dijkstra");
        }
    }
}

static plain counted;
static uint32_t *people;
static uint64_t *within;

/* Neighbours in the hierarchy, as "every node" has them: four stretches of the nodes in its order. */
static void stretch_origins(const bench *b, plain *p, uint32_t n) {
    for (uint32_t i = 0; i < n; i++) {
        uint32_t at = (uint32_t)((uint64_t)b->d.g.n_nodes * (2 * (i / (n / 4)) + 1) / 8) + i % (n / 4);
        p->off[i] = i;
        p->port[i] = (jx_port){b->h->node[at % b->d.g.n_nodes], 0};
    }
    p->off[n] = n;
    p->o = (jx_origins){n, p->off, p->port};
}

static void do_cumulative(bench *b) {
    const uint32_t limit[2] = {MINUTES_15, MINUTES_30};
    must_ok(b, jx_sweep_cumulative(b->ctx, b->from, &counted.o, people, limit, 2, within));
}

static void check_cumulative(bench *b) {
    for (uint32_t i = 0; i < counted.o.n; i += 100) {
        uint64_t sum[2] = {0, 0};
        reference_run(b->ref, counted.port[i].node, JX_UNREACHABLE, b->dist);
        for (uint32_t v = 0; v < b->d.g.n_nodes; v++) {
            sum[0] += b->dist[v] <= MINUTES_15 ? people[v] : 0;
            sum[1] += b->dist[v] <= MINUTES_30 ? people[v] : 0;
        }
        must(sum[0] == within[2 * i] && sum[1] == within[2 * i + 1], "people within reach differ from Dijkstra's");
    }
}

static plain facilities;
static jx_table_entry *nearest;

static void do_nearest(bench *b) {
    must_ok(b, jx_sweep_nearest(b->ctx, b->from, &facilities.o, K_NEAREST, nearest));
}

/* Brute force on a few facilities is no check of all; the least over all facilities is: a search from all at once would
   be needed. Facility by facility, then, for a sample of nodes. */
static void check_nearest(bench *b) {
    enum { NODES = 200 };
    static uint64_t best[NODES][K_NEAREST];
    memset(best, 0xff, sizeof best);
    for (uint32_t f = 0; f < N_NEAREST; f++) {
        reference_run(b->ref, facilities.port[f].node, JX_UNREACHABLE, b->dist);
        for (uint64_t i = 0; i < NODES; i++) {
            uint64_t key = (uint64_t)b->dist[pick(b, 5, i)] << 32 | f;
            for (int k = 0; k < K_NEAREST; k++) {
                uint64_t t = best[i][k];
                best[i][k] = key < t ? key : t;
                key = key < t ? t : key;
            }
        }
    }
    for (uint64_t i = 0; i < NODES; i++) {
        for (uint32_t k = 0; k < K_NEAREST; k++) {
            jx_table_entry e = nearest[(size_t)pick(b, 5, i) * K_NEAREST + k];
            must(((uint64_t)e.time_ms << 32 | e.facility) == best[i][k], "nearest facilities differ from Dijkstra's");
        }
    }
}

/* ---- the works
 * ------------------------------------------------------------------------------------------------------------------------
 */

static void prepare(bench *b) {
    size_t n = b->d.g.n_nodes;
    b->order = malloc(n * 4);
    b->dist = malloc(n * 4);
    people = malloc(n * 4);
    sheet = malloc(n * sizeof *sheet);
    table = malloc((size_t)N_TABLE * N_TABLE * 4);
    within = malloc((size_t)N_CUMULATIVE * 2 * sizeof *within);
    nearest = malloc(n * K_NEAREST * sizeof *nearest);
    must(b->order && b->dist && people && sheet && table && within && nearest, "not enough memory");
    for (size_t v = 0; v < n; v++) {
        people[v] = (uint32_t)(jx_random(42, 9, v) % 100);
    }
    b->ref = reference_new(&b->d.g, b->d.time);
}

static void works(bench *b, bool check) {
    printf("work,ours_ms,reference_ms,ratio\n");
    time_reference(b);
    double order = least(b, 2, do_order);
    if (wanted(b, "order")) {
        row("order", order, b->dijkstra_ms);
    }
    must_ok(b, jx_hierarchy_new(b->ctx, &b->d.g, b->order, &b->h));
    must_ok(b, jx_times_new(b->ctx, b->h, b->d.time, &b->t));
    if (wanted(b, "customise")) {
        row("customise", least(b, 20, do_customise), b->dijkstra_ms);
    }
    if (wanted(b, "customise10")) {
        row("customise10", customise10(b), b->dijkstra_ms);
    }
    must_ok(b, jx_sweep_new(b->ctx, b->t, &(jx_sweep_options){.dir = JX_FROM_FACILITY, .prune = true}, &b->from));
    one_source = pick(b, 1, 0);
    do_sweep1(b);
    if (wanted(b, "sweep1")) {
        double sum = 0;
        for (uint64_t i = 0; i < N_SAMPLE; i++) {
            one_source = pick(b, 1, i);
            sum += least(b, 5, do_sweep1);
        }
        row("sweep1", sum / N_SAMPLE, b->dijkstra_ms);
        if (check) {
            check_one(b);
        }
    }
    plain_origins(b, &sixteen, 1, 16);
    if (wanted(b, "sweep16")) {
        row("sweep16", least(b, 20, do_sweep16) / 16, b->dijkstra_ms);
        if (check) {
            check_sweep16(b);
        }
    }
    plain_origins(b, &table_from, 2, N_TABLE);
    plain_origins(b, &table_to, 3, N_TABLE);
    if (wanted(b, "table1000")) {
        row("table1000", least(b, 5, do_table), b->dijkstra_ms);
        if (check) {
            check_table(b);
        }
    }
    stretch_origins(b, &counted, N_CUMULATIVE);
    if (wanted(b, "cumulative2")) {
        row("cumulative2", least(b, 3, do_cumulative) / N_CUMULATIVE, b->dijkstra_ms);
        if (check) {
            check_cumulative(b);
        }
    }
    plain_origins(b, &facilities, 4, N_NEAREST);
    if (wanted(b, "nearest5")) {
        row("nearest5", least(b, 5, do_nearest), b->dijkstra_ms);
        if (check) {
            check_nearest(b);
        }
    }
}

/* ---- growth and threads
 * ------------------------------------------------------------------------------------------------------------- */

static void grow_one(bench *b, const dimacs *d) {
    bench g = {.d = *d};
    double n = d->g.n_nodes;
    g.mem = jx_mem_new(NULL, 0);
    g.ctx = jx_ctx_new(&(jx_ctx_options){.mem = g.mem});
    g.order = malloc((size_t)d->g.n_nodes * 4);
    (void)b;
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
    sheet = malloc((size_t)d->g.n_nodes * sizeof *sheet);
    must(sheet != NULL, "not enough memory");
    plain_origins(&g, &sixteen, 1, 16);
    double sweep = least(&g, 5, do_sweep16) / 16;
    printf("%u,%u,%u,%u,%.4f,%.4f,%.4f,%.4f,%.3f,%.1f,%.1f,%.1f,%.1f\n", d->g.n_nodes, d->g.n_edges, g.h->n_arcs,
           g.h->height, 1e3 * order / n, 1e3 * hierarchy / n, 1e3 * customise / n, 1e3 * prune / n, 1e6 * sweep / n,
           (double)bytes_h / n, (double)bytes_t / n, (double)bytes_s / n, (double)peak / n);
    fflush(stdout);
    free(sheet);
    sheet = NULL;
    jx_sweep_free(g.ctx, g.from);
    jx_times_free(g.ctx, g.t);
    jx_hierarchy_free(g.ctx, g.h);
    free(g.order);
    jx_ctx_free(g.ctx);
    jx_mem_free(g.mem);
}

/* From sixteen thousand nodes to four million: pieces of the graph, the graph, tiles of it. */
static void growth(bench *b) {
    static const uint32_t cuts[] = {16384, 65536}, tiles[] = {1, 2, 4};
    puts(
        "n_nodes,n_edges,n_arcs,height,order_us,hierarchy_us,customise_us,prune_us,sweep16_ns,bytes_hierarchy,bytes_"
        "times,bytes_sweep,bytes_peak");
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts && cuts[i] < b->d.g.n_nodes; i++) {
        dimacs d;
        must(dimacs_cut(&b->d, cuts[i], &d), "not enough memory");
        grow_one(b, &d);
        dimacs_free(&d);
    }
    for (size_t i = 0; i < sizeof tiles / sizeof *tiles; i++) {
        dimacs d;
        must(dimacs_tile(&b->d, tiles[i], tiles[i], &d), "not enough memory");
        grow_one(b, &d);
        dimacs_free(&d);
    }
}

/* The same batch on one thread and on two: time and bits. */
static void threads_row(bench *b) {
    uint64_t *one = malloc((size_t)N_CUMULATIVE * 2 * sizeof *one);
    double serial = least(b, 3, do_cumulative), customise = least(b, 5, do_customise);
    must(one != NULL, "not enough memory");
    memcpy(one, within, (size_t)N_CUMULATIVE * 2 * sizeof *one);
    jx_ctx *ctx = b->ctx;
    jx_pool *pool = jx_pool_new(2);
    b->ctx = jx_ctx_new(&(jx_ctx_options){.mem = b->mem, .pool = pool});
    double two = least(b, 3, do_cumulative), customise_two = least(b, 5, do_customise);
    must(memcmp(one, within, (size_t)N_CUMULATIVE * 2 * sizeof *one) == 0, "two threads give other bits");
    printf("work,one_thread_ms,two_threads_ms,speedup\ncumulative2,%.3f,%.3f,%.2f\ncustomise,%.3f,%.3f,%.2f\n", serial,
           two, serial / two, customise, customise_two, customise / customise_two);
    jx_ctx_free(b->ctx);
    jx_pool_free(pool);
    b->ctx = ctx;
    free(one);
}

static void threads(bench *b) {
    do_order(b);
    must_ok(b, jx_hierarchy_new(b->ctx, &b->d.g, b->order, &b->h));
    must_ok(b, jx_times_new(b->ctx, b->h, b->d.time, &b->t));
    must_ok(b, jx_sweep_new(b->ctx, b->t, &(jx_sweep_options){.dir = JX_FROM_FACILITY, .prune = true}, &b->from));
    stretch_origins(b, &counted, N_CUMULATIVE);
    threads_row(b);
}

static int usage(void) {
    fputs(
        "usage: junxian-bench network|growth|threads --graph X.gr[.gz] --coords X.co[.gz] [--csv] [--threads N] "
        "[--only WORK] [--no-check]\n",
        stderr);
    return 2;
}

int main(int argc, char **argv) {
    const char *graph = NULL, *coords = NULL;
    unsigned n_threads = 1;
    bool check = true;
    bench b = {0};
    for (int i = 2; i < argc; i++) {
        bool more = i + 1 < argc;
        if (strcmp(argv[i], "--graph") == 0 && more) {
            graph = argv[++i];
        } else if (strcmp(argv[i], "--coords") == 0 && more) {
            coords = argv[++i];
        } else if (strcmp(argv[i], "--threads") == 0 && more) {
            n_threads = (unsigned)strtoul(argv[++i], NULL, 10);
        } else if (strcmp(argv[i], "--only") == 0 && more) {
            b.only = argv[++i];
        } else if (strcmp(argv[i], "--no-check") == 0) {
            check = false;
        } else if (strcmp(argv[i], "--csv") != 0) { /* CSV is what there is */
            return usage();
        }
    }
    const char *what = argc > 1 ? argv[1] : "";
    if ((strcmp(what, "network") != 0 && strcmp(what, "growth") != 0 && strcmp(what, "threads") != 0 && strcmp(what, "sources") != 0) || !graph ||
        !coords) {
        return usage();
    }
    if (!dimacs_read(graph, coords, &b.d)) {
        return 3;
    }
    b.mem = jx_mem_new(NULL, 0);
    b.pool = n_threads > 1 ? jx_pool_new(n_threads) : NULL;
    b.ctx = jx_ctx_new(&(jx_ctx_options){.mem = b.mem, .pool = b.pool});
    if (strcmp(what, "growth") == 0) {
        growth(&b);
        return 0;
    }
    for (uint64_t i = 0; strcmp(what, "sources") == 0 && i < 5; i++) {
        printf("%u\n", pick(&b, 1, i)); /* for the peers */
    }
    if (strcmp(what, "sources") == 0) {
        return 0;
    }
    prepare(&b);
    if (strcmp(what, "threads") == 0) {
        threads(&b);
    } else {
        works(&b, check);
    }
    return 0;
}
