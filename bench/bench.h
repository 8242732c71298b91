/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** What the parts of junxian-bench share: one graph, the engine's objects on it, the works as functions to be timed. */
#ifndef JX_BENCH_BENCH_H
#define JX_BENCH_BENCH_H

#include "dimacs.h"
#include "junxian/io.h"
#include "junxian/sweep.h"
#include "reference.h"

enum { N_SAMPLE = 20, N_TABLE = 1000, N_CUMULATIVE = 512, N_NEAREST = 1000, K_NEAREST = 5, N_EDITS = 10 };

/* Origins without off-road ends: a node each. */
typedef struct plain {
    uint32_t off[N_TABLE + 1];
    jx_port port[N_TABLE];
    jx_origins o;
} plain;

typedef struct bench {
    jx_mem *mem;
    jx_pool *pool;
    jx_ctx *ctx;
    dimacs d;
    uint32_t minute; /* of the graph's times */
    reference *ref;
    double dijkstra_ms; /* one source, all nodes */
    uint32_t *order, *dist;
    jx_hierarchy *h;
    jx_times *t;
    jx_sweep *from; /* pruned, from origins */
    const char *only;
    /* Inputs and results of the works. */
    uint32_t (*sheet)[JX_LANES]; /* row-major times of the last batch */
    const uint32_t *one_to_all, *one_place;
    uint32_t one_source;
    plain sixteen, table_from, table_to, counted, facilities;
    uint32_t *table, *people;
    uint64_t *within;
    jx_table_entry *nearest;
} bench;

double now_ms(void);
/** Ends the program with the message when it is not so. */
void must(bool ok, const char *what);
void must_ok(bench *b, jx_status st);
/** Nodes by chance, the same in every run; streams: 1 origins, 2 and 3 the table's ends, 4 facilities, 5 nodes to check. */
uint32_t pick(const bench *b, uint64_t stream, uint64_t i);
/** Least time of at least `runs` runs of fn, more when they are short. */
double least(bench *b, int runs, void (*fn)(bench *b));

/** n nodes of a stream as origins. */
void plain_origins(const bench *b, plain *p, uint64_t stream, uint32_t n);
/** Order to sweep, as the works need them. */
void do_order(bench *b);
void engine(bench *b);
void do_customise(bench *b);
void do_sweep16(bench *b);
void do_sweep1(bench *b);
void do_table(bench *b);
void do_cumulative(bench *b);
void do_nearest(bench *b);

/* growth.c */
/** From sixteen thousand nodes to four million: pieces of the graph, the graph, tiles of it. */
void growth(bench *b);
/** The batches on one thread and on two: times and bits. */
void threads(bench *b);

/* many.c */
/** Two, three and four metrics customised at once and one by one: times per metric and bits. */
void many(bench *b);

/* export.c */
/** Writes graph.gr, graph.co and picks.csv to a folder, for programs to be compared with; prints our answers as CSV. */
void export_all(bench *b, const char *folder);

/* extract.c */
/** The car network of an .osm.pbf (or "demo"), its largest part; times are milliseconds. */
bool extract_read(jx_ctx *ctx, const char *path, dimacs *out);

#endif
