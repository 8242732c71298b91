/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** junxian-bench export: the graph and the chosen nodes as files for other programs, and our own answers to compare theirs with. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>

enum { N_ALL = 5, N_ROWS = 5 /* rows of the table that others compute */ };

static FILE *create(const char *folder, const char *name) {
    char path[4096];
    must(snprintf(path, sizeof path, "%s/%s", folder, name) < (int)sizeof path, "the folder's name is too long");
    FILE *f = fopen(path, "w");
    must(f != NULL, "cannot write to the folder");
    return f;
}

static void finish(FILE *f) {
    must(!ferror(f) && fclose(f) == 0, "cannot write to the folder");
}

static void write_graph(const dimacs *d, const char *folder) {
    FILE *f = create(folder, "graph.gr");
    uint32_t arcs = 0;
    for (uint32_t a = 0; a < 2 * d->g.n_edges; a++) {
        arcs += d->time[a] != JX_UNREACHABLE;
    }
    fprintf(f, "p sp %u %u\n", d->g.n_nodes, arcs);
    for (uint32_t e = 0; e < d->g.n_edges; e++) {
        for (uint32_t k = 0; k < 2; k++) {
            if (d->time[2 * e + k] != JX_UNREACHABLE) {
                fprintf(f, "a %u %u %u\n", 1 + (k ? d->to[e] : d->from[e]), 1 + (k ? d->from[e] : d->to[e]), d->time[2 * e + k]);
            }
        }
    }
    finish(f);
    f = create(folder, "graph.co");
    fprintf(f, "p aux sp co %u\n", d->g.n_nodes);
    for (uint32_t v = 0; v < d->g.n_nodes; v++) {
        fprintf(f, "v %u %d %d\n", v + 1, d->pos[v].lon / 10, d->pos[v].lat / 10); /* 1e-6 degrees, as DIMACS has them */
    }
    finish(f);
}

static void write_picks(const bench *b, const char *folder) {
    FILE *f = create(folder, "picks.csv");
    fputs("role,node\n", f);
    for (uint32_t i = 0; i < N_ALL; i++) {
        fprintf(f, "source,%u\n", pick(b, 1, i));
    }
    for (uint32_t i = 0; i < N_ROWS; i++) {
        fprintf(f, "from,%u\n", b->table_from.port[i].node);
    }
    for (uint32_t i = 0; i < N_TABLE; i++) {
        fprintf(f, "to,%u\n", b->table_to.port[i].node);
    }
    for (uint32_t i = 0; i < N_NEAREST; i++) {
        fprintf(f, "facility,%u\n", b->facilities.port[i].node);
    }
    fprintf(f, "within,%u\n", 30 * b->minute);
    finish(f);
}

/* Sums over what is reached: others say "infinite", nothing or -1 where there is no way. */
static void answer(const char *work, const uint32_t *ms, size_t n, uint32_t limit) {
    uint64_t sum = 0, count = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t t = ms[i];
        if (t != JX_UNREACHABLE && t <= limit) {
            sum += t;
            count++;
        }
    }
    printf("%s,%llu,%llu\n", work, (unsigned long long)count, (unsigned long long)sum);
}

void export_all(bench *b, const char *folder) {
    engine(b);
    write_graph(&b->d, folder);
    write_picks(b, folder);
    puts("work,reached,sum");
    b->one_source = pick(b, 1, 0);
    do_sweep1(b);
    uint32_t *ms = malloc((size_t)b->d.g.n_nodes * sizeof *ms);
    must(ms != NULL, "not enough memory");
    for (uint32_t v = 0; v < b->d.g.n_nodes; v++) {
        ms[v] = b->one_to_all[b->one_place[v]];
    }
    answer("all", ms, b->d.g.n_nodes, JX_UNREACHABLE);
    answer("within", ms, b->d.g.n_nodes, 30 * b->minute);
    do_table(b);
    answer("table", b->table, (size_t)N_ROWS * N_TABLE, JX_UNREACHABLE);
    do_nearest(b);
    for (uint32_t v = 0; v < b->d.g.n_nodes; v++) {
        ms[v] = b->nearest[(size_t)v * K_NEAREST].time_ms;
    }
    answer("nearest", ms, b->d.g.n_nodes, JX_UNREACHABLE);
    uint32_t n = 0; /* the places of the table, each once, moved to the front */
    bool *is_place = calloc(b->d.g.n_nodes, sizeof *is_place);
    must(is_place != NULL, "not enough memory");
    for (uint32_t i = 0; i < N_TABLE; i++) {
        is_place[b->table_to.port[i].node] = true;
    }
    for (uint32_t v = 0; v < b->d.g.n_nodes; v++) {
        ms[n] = ms[v];
        n += is_place[v];
    }
    answer("nearest_places", ms, n, JX_UNREACHABLE);
    free(is_place);
    free(ms);
}
