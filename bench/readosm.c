/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* bench_readosm FILE: the same reading with readosm, whose callbacks only count. */
#include <readosm.h>
#include <stdint.h>
#include <stdio.h>

typedef struct counts {
    unsigned long long nodes, ways, relations;
} counts;

static int on_node(const void *user, const readosm_node *node) {
    (void)node;
    ((counts *)(uintptr_t)user)->nodes++;
    return READOSM_OK;
}
static int on_way(const void *user, const readosm_way *way) {
    (void)way;
    ((counts *)(uintptr_t)user)->ways++;
    return READOSM_OK;
}
static int on_relation(const void *user, const readosm_relation *relation) {
    (void)relation;
    ((counts *)(uintptr_t)user)->relations++;
    return READOSM_OK;
}

int main(int argc, char **argv) {
    const void *file = NULL;
    counts c = {0};
    if (argc < 2 || readosm_open(argv[1], &file) != READOSM_OK) {
        (void)fprintf(stderr, "usage: bench_readosm FILE\n");
        return 2;
    }
    int st = readosm_parse(file, &c, on_node, on_way, on_relation);
    (void)readosm_close(file);
    (void)printf("%llu nodes %llu ways %llu relations\n", c.nodes, c.ways, c.relations);
    return st == READOSM_OK ? 0 : 1;
}
