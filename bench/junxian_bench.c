/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * junxian-bench: the network engine's works on any road graph, next to a textbook Dijkstra of the same run.
 *   junxian-bench network --graph X.gr[.gz] --coords X.co[.gz] --csv [--threads N] [--only WORK]
 *   junxian-bench network --osm X.osm.pbf --csv   the car network of an extract; "demo" is the one in the binary
 *   junxian-bench network ... --tiles K           K x K copies of it side by side, joined at their borders
 *   junxian-bench growth  (the same options)      pieces and tiles of the graph from sixteen thousand to four million nodes
 *   junxian-bench threads (the same options)      batches on one thread and on two
 *   junxian-bench many    (the same options)      metrics customised at once and one by one, time per metric
 *   junxian-bench export  (the same options) --to FOLDER   the graph and our answers, for programs to be compared with
 * Each time is the least of several runs: noise only adds. Answers are compared with the reference's; a wrong one ends the run.
 */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* The published times have no unit; a class-one road passes a decimetre a unit. At 100 km/h that is 3.6 ms: 15 minutes
 * are 250,000. Of an extract they are milliseconds. */
enum { MINUTE_DIMACS = 250000 / 15, MINUTE_MS = 60000 };

double now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

void must(bool ok, const char *what) {
    if (!ok) {
        fprintf(stderr, "junxian-bench: %s\n", what);
        exit(70);
    }
}

void must_ok(bench *b, jx_status st) {
    if (st != JX_OK) {
        const jx_message *m = jx_ctx_error(b->ctx);
        fprintf(stderr, "junxian-bench: failed with status %d, message %d\n", (int)st, m ? (int)m->id : -1);
        exit(jx_status_exit_code(st));
    }
}

/* Nodes by chance, the same in every run. */
uint32_t pick(const bench *b, uint64_t stream, uint64_t i) {
    return (uint32_t)(jx_random(42, stream, i) % b->d.g.n_nodes);
}

double least(bench *b, int runs, void (*fn)(bench *b)) {
    const double enough_ms = 40;
    double best = 1e300, sum = 0;
    for (int i = 0; i < runs || (sum < enough_ms && i < 50 * runs); i++) {
        double t = now_ms();
        fn(b);
        t = now_ms() - t;
        sum += t;
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

/* ---- reference --------------------------------------------------------------------------------------------------- */

/* Millions of nodes: a run is long and varies less, so fewer are needed. */
static bool large(const bench *b) {
    return b->d.g.n_nodes > 1000000;
}

static void time_reference(bench *b) {
    const int rounds = large(b) ? 1 : 3, n = large(b) ? 5 : N_SAMPLE;
    double best = 1e300;
    for (int round = 0; round < rounds; round++) {
        double t = now_ms();
        for (uint64_t i = 0; i < (uint64_t)n; i++) {
            reference_run(b->ref, pick(b, 1, i), JX_UNREACHABLE, b->dist);
        }
        t = (now_ms() - t) / n;
        best = t < best ? t : best;
    }
    b->dijkstra_ms = best;
}

/* ---- order, hierarchy, customisation ----------------------------------------------------------------------------- */

void do_order(bench *b) {
    must_ok(b, jx_order(b->ctx, &b->d.g, jx_metis_dissect, NULL, b->order));
}
void do_customise(bench *b) {
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

/* ---- sweeps ------------------------------------------------------------------------------------------------------ */

void plain_origins(const bench *b, plain *p, uint64_t stream, uint32_t n) {
    for (uint32_t i = 0; i < n; i++) {
        p->off[i] = i;
        p->port[i] = (jx_port){pick(b, stream, i), 0};
    }
    p->off[n] = n;
    p->o = (jx_origins){n, p->off, p->port};
}

void do_sweep16(bench *b) {
    uint32_t limit;
    must_ok(b, jx_sweep_sheet(b->ctx, b->from, &b->sixteen.o, b->sheet, &limit));
}

static void check_sweep16(bench *b) {
    for (uint32_t i = 0; i < 16; i += 5) {
        reference_run(b->ref, b->sixteen.port[i].node, JX_UNREACHABLE, b->dist);
        for (uint32_t r = 0; r < b->d.g.n_nodes; r++) {
            must(b->sheet[r][i] == b->dist[jx_sweep_node(b->from, r)], "a batch of sweeps differs from Dijkstra");
        }
    }
}

void do_sweep1(bench *b) {
    must_ok(b, jx_sweep_one(b->ctx, b->from, b->one_source, &b->one_to_all, &b->one_place));
}

/* The yardstick's sources, one after another. */
static void do_sweeps1(bench *b) {
    for (uint64_t i = 0; i < N_SAMPLE; i++) {
        b->one_source = pick(b, 1, i);
        do_sweep1(b);
    }
}

static void check_one(bench *b) {
    for (uint64_t i = 0; i < 3; i++) {
        b->one_source = pick(b, 1, i);
        do_sweep1(b);
        reference_run(b->ref, b->one_source, JX_UNREACHABLE, b->dist);
        for (uint32_t v = 0; v < b->d.g.n_nodes; v++) {
            must(b->one_to_all[b->one_place[v]] == b->dist[b->h->node[v]], "a sweep differs from Dijkstra");
        }
    }
}

void do_table(bench *b) {
    must_ok(b, jx_sweep_table(b->ctx, b->t, JX_FROM_FACILITY, &b->table_from.o, &b->table_to.o, JX_UNREACHABLE, b->table));
}

static void check_table(bench *b) {
    for (uint32_t i = 0; i < N_TABLE; i += 250) {
        reference_run(b->ref, b->table_from.port[i].node, JX_UNREACHABLE, b->dist);
        for (uint32_t j = 0; j < N_TABLE; j++) {
            must(b->table[(size_t)i * N_TABLE + j] == b->dist[b->table_to.port[j].node], "a table differs from Dijkstra");
        }
    }
}

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

void do_cumulative(bench *b) {
    const uint32_t limit[2] = {15 * b->minute, 30 * b->minute};
    must_ok(b, jx_sweep_cumulative(b->ctx, b->from, &b->counted.o, b->people, limit, 2, b->within));
}

static void check_cumulative(bench *b) {
    for (uint32_t i = 0; i < b->counted.o.n; i += 100) {
        uint64_t sum[2] = {0, 0};
        reference_run(b->ref, b->counted.port[i].node, JX_UNREACHABLE, b->dist);
        for (uint32_t v = 0; v < b->d.g.n_nodes; v++) {
            sum[0] += b->dist[v] <= 15 * b->minute ? b->people[v] : 0;
            sum[1] += b->dist[v] <= 30 * b->minute ? b->people[v] : 0;
        }
        must(sum[0] == b->within[2 * i] && sum[1] == b->within[2 * i + 1], "people within reach differ from Dijkstra's");
    }
}

void do_nearest(bench *b) {
    must_ok(b, jx_sweep_nearest(b->ctx, b->from, &b->facilities.o, K_NEAREST, b->nearest));
}

/* A sample of nodes, each by a search against the arcs. It need not go beyond the largest time we say: a facility we put too near is
   not met there, one we left out is. */
static void check_nearest(bench *b) {
    const uint64_t nodes = large(b) ? 20 : 200;
    uint32_t *back = malloc(2 * (size_t)b->d.g.n_edges * sizeof *back);
    must(back != NULL, "not enough memory");
    for (uint32_t a = 0; a < 2 * b->d.g.n_edges; a++) {
        back[a] = b->d.time[a ^ 1u];
    }
    reference *against = reference_new(&b->d.g, back);
    must(against != NULL, "not enough memory");
    for (uint64_t i = 0; i < nodes; i++) {
        uint64_t best[K_NEAREST];
        const jx_table_entry *said = &b->nearest[(size_t)pick(b, 5, i) * K_NEAREST];
        memset(best, 0xff, sizeof best);
        reference_run(against, pick(b, 5, i), said[K_NEAREST - 1].time_ms, b->dist);
        for (uint32_t f = 0; f < N_NEAREST; f++) {
            uint32_t ms = b->dist[b->facilities.port[f].node];
            uint64_t key = ms == JX_UNREACHABLE ? UINT64_MAX : (uint64_t)ms << 32 | f;
            for (int k = 0; k < K_NEAREST; k++) {
                uint64_t t = best[k];
                best[k] = key < t ? key : t;
                key = key < t ? t : key;
            }
        }
        for (uint32_t k = 0; k < K_NEAREST; k++) {
            uint64_t key = (uint64_t)said[k].time_ms << 32 | said[k].facility; /* none is all ones */
            must(key == best[k], "nearest facilities differ from Dijkstra's");
        }
    }
    reference_free(against);
    free(back);
}

/* ---- the works --------------------------------------------------------------------------------------------------- */

void engine(bench *b) {
    do_order(b);
    must_ok(b, jx_hierarchy_new(b->ctx, &b->d.g, b->order, &b->h));
    must_ok(b, jx_times_new(b->ctx, b->h, b->d.time, &b->t));
    must_ok(b, jx_sweep_new(b->ctx, b->t, &(jx_sweep_options){.dir = JX_FROM_FACILITY, .prune = true}, &b->from));
    plain_origins(b, &b->sixteen, 1, 16);
    plain_origins(b, &b->table_from, 2, N_TABLE);
    plain_origins(b, &b->table_to, 3, N_TABLE);
    plain_origins(b, &b->facilities, 4, N_NEAREST);
    stretch_origins(b, &b->counted, N_CUMULATIVE);
}

static void prepare(bench *b) {
    size_t n = b->d.g.n_nodes;
    b->order = malloc(n * 4);
    b->dist = malloc(n * 4);
    b->people = malloc(n * 4);
    b->sheet = malloc(n * sizeof *b->sheet);
    b->table = malloc((size_t)N_TABLE * N_TABLE * 4);
    b->within = malloc((size_t)N_CUMULATIVE * 2 * sizeof *b->within);
    b->nearest = malloc(n * K_NEAREST * sizeof *b->nearest);
    must(b->order && b->dist && b->people && b->sheet && b->table && b->within && b->nearest, "not enough memory");
    for (size_t v = 0; v < n; v++) {
        b->people[v] = (uint32_t)(jx_random(42, 9, v) % 100);
    }
    b->ref = reference_new(&b->d.g, b->d.time);
}

static void works(bench *b, bool check) {
    printf("work,ours_ms,reference_ms,ratio\n");
    time_reference(b);
    double order = least(b, large(b) ? 1 : 2, do_order);
    if (wanted(b, "order")) {
        row("order", order, b->dijkstra_ms);
    }
    must_ok(b, jx_hierarchy_new(b->ctx, &b->d.g, b->order, &b->h));
    must_ok(b, jx_times_new(b->ctx, b->h, b->d.time, &b->t));
    if (wanted(b, "customise")) {
        row("customise", least(b, large(b) ? 5 : 20, do_customise), b->dijkstra_ms);
    }
    if (wanted(b, "customise10")) {
        row("customise10", customise10(b), b->dijkstra_ms);
    }
    must_ok(b, jx_sweep_new(b->ctx, b->t, &(jx_sweep_options){.dir = JX_FROM_FACILITY, .prune = true}, &b->from));
    b->one_source = pick(b, 1, 0);
    do_sweep1(b);
    if (wanted(b, "sweep1")) {
        row("sweep1", least(b, 25, do_sweeps1) / N_SAMPLE, b->dijkstra_ms);
        if (check) {
            check_one(b);
        }
    }
    plain_origins(b, &b->sixteen, 1, 16);
    if (wanted(b, "sweep16")) {
        row("sweep16", least(b, large(b) ? 5 : 20, do_sweep16) / 16, b->dijkstra_ms);
        if (check) {
            check_sweep16(b);
        }
    }
    plain_origins(b, &b->table_from, 2, N_TABLE);
    plain_origins(b, &b->table_to, 3, N_TABLE);
    if (wanted(b, "table1000")) {
        row("table1000", least(b, 5, do_table), b->dijkstra_ms);
        if (check) {
            check_table(b);
        }
    }
    stretch_origins(b, &b->counted, N_CUMULATIVE);
    if (wanted(b, "cumulative2")) {
        row("cumulative2", least(b, 3, do_cumulative) / N_CUMULATIVE, b->dijkstra_ms);
        if (check) {
            check_cumulative(b);
        }
    }
    plain_origins(b, &b->facilities, 4, N_NEAREST);
    if (wanted(b, "nearest5")) {
        row("nearest5", least(b, 5, do_nearest), b->dijkstra_ms);
        if (check) {
            check_nearest(b);
        }
    }
}

static int usage(void) {
    fputs("usage: junxian-bench network|growth|threads|many|export (--graph X.gr[.gz] --coords X.co[.gz] | --osm X.osm.pbf|demo)\n"
          "                     [--csv] [--threads N] [--only WORK] [--no-check] [--tiles K] [--to FOLDER]\n",
          stderr);
    return 2;
}

typedef struct options {
    const char *what, *graph, *coords, *osm, *to, *only;
    unsigned n_threads, tiles;
    bool check;
} options;

static bool parse(int argc, char **argv, options *o) {
    static const char *const works[] = {"network", "growth", "threads", "many", "export"};
    const struct {
        const char *word, **value;
    } texts[] = {{"--graph", &o->graph}, {"--coords", &o->coords}, {"--osm", &o->osm}, {"--to", &o->to}, {"--only", &o->only}};
    *o = (options){.n_threads = 1, .tiles = 1, .check = true};
    for (size_t k = 0; argc > 1 && k < sizeof works / sizeof *works; k++) {
        o->what = strcmp(argv[1], works[k]) == 0 ? works[k] : o->what;
    }
    for (int i = 2; i < argc; i++) {
        bool more = i + 1 < argc, known = strcmp(argv[i], "--csv") == 0; /* CSV is what there is */
        if (strcmp(argv[i], "--no-check") == 0) {
            o->check = false;
            known = true;
        } else if (strcmp(argv[i], "--threads") == 0 && more) {
            o->n_threads = (unsigned)strtoul(argv[++i], NULL, 10);
            known = true;
        } else if (strcmp(argv[i], "--tiles") == 0 && more) {
            o->tiles = (unsigned)strtoul(argv[++i], NULL, 10);
            known = o->tiles > 0 && o->tiles < 1000;
        }
        for (size_t k = 0; !known && more && k < sizeof texts / sizeof *texts; k++) {
            if (strcmp(argv[i], texts[k].word) == 0) {
                *texts[k].value = argv[++i];
                known = true;
            }
        }
        if (!known) {
            return false;
        }
    }
    return o->what && (o->osm ? !o->graph && !o->coords : o->graph && o->coords) && (strcmp(o->what, "export") != 0 || o->to);
}

int main(int argc, char **argv) {
    static bench b;
    options o;
    if (!parse(argc, argv, &o)) {
        return usage();
    }
    b.only = o.only;
    b.minute = o.osm ? MINUTE_MS : MINUTE_DIMACS;
    b.mem = jx_mem_new(NULL, 0);
    b.pool = o.n_threads > 1 ? jx_pool_new(o.n_threads) : NULL;
    b.ctx = jx_ctx_new(&(jx_ctx_options){.mem = b.mem, .pool = b.pool});
    if (!(o.osm ? extract_read(b.ctx, o.osm, &b.d) : dimacs_read(o.graph, o.coords, &b.d))) {
        return 3;
    }
    if (o.tiles > 1) {
        dimacs one = b.d;
        must(dimacs_tile(&one, o.tiles, o.tiles, &b.d), "not enough memory");
        dimacs_free(&one);
    }
    if (strcmp(o.what, "growth") == 0) {
        growth(&b);
        return 0;
    }
    prepare(&b);
    if (strcmp(o.what, "threads") == 0) {
        threads(&b);
    } else if (strcmp(o.what, "many") == 0) {
        many(&b);
    } else if (strcmp(o.what, "export") == 0) {
        export_all(&b, o.to);
    } else {
        works(&b, o.check);
    }
    return 0;
}
