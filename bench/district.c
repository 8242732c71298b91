/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Districts of a problem in a text file: cells, sites; people; capacities; times row by row. Prints what was found and
 * proved, and the seconds it took. Usage: bench_district FILE [NODES]
 */
#include "junxian/district.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static uint64_t number(FILE *f) {
    unsigned long long v = 0;
    if (fscanf(f, "%llu", &v) != 1) {
        exit(3);
    }
    return v;
}

int main(int argc, char **argv) {
    FILE *f = argc > 1 ? fopen(argv[1], "r") : NULL;
    if (!f) {
        return 2;
    }
    uint32_t n = (uint32_t)number(f), m = (uint32_t)number(f);
    uint32_t *people = calloc(n, sizeof *people), *time_ms = calloc((size_t)n * m, sizeof *time_ms);
    uint64_t *capacity = calloc(m, sizeof *capacity);
    for (uint32_t i = 0; i < n; i++) {
        people[i] = (uint32_t)number(f);
    }
    for (uint32_t s = 0; s < m; s++) {
        capacity[s] = number(f);
    }
    for (size_t e = 0; e < (size_t)n * m; e++) {
        time_ms[e] = (uint32_t)number(f);
    }
    fclose(f);
    jx_mem *mem = jx_mem_new(NULL, 0);
    jx_ctx *ctx = jx_ctx_new(&(jx_ctx_options){.mem = mem});
    const jx_district d = {
        .n_cells = n, .n_sites = m, .parts = 1, .people = people, .time_ms = time_ms, .capacity = capacity};
    jx_district_flow flow;
    jx_district_plan plan;
    double t0 = now();
    jx_status st = jx_district_split(ctx, &d, &flow);
    double t1 = now();
    if (st != JX_OK) {
        printf("{\"status\": \"%s\"}\n", jx_status_name(st));
        return 5;
    }
    st = jx_district_whole(ctx, &d, &flow, false, argc > 2 ? strtoull(argv[2], NULL, 10) : 0, &plan);
    double t2 = now();
    printf(
        "{\"status\": \"%s\", \"split_s\": %.4f, \"whole_s\": %.4f, \"over\": %lld, \"time\": %lld, \"bound\": %lld, "
        "\"proved\": %s, \"nodes\": %llu, \"split_cells\": %u}\n",
        jx_status_name(st), t1 - t0, t2 - t1, (long long)plan.score.over, (long long)plan.score.time,
        (long long)plan.bound.time, plan.proved ? "true" : "false", (unsigned long long)plan.n_nodes, flow.n_split);
    jx_district_flow_release(ctx, &flow);
    jx_district_plan_release(ctx, &plan);
    jx_ctx_free(ctx);
    jx_mem_free(mem);
    free(people), free(time_ms), free(capacity);
    return 0;
}
