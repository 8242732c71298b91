/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* The cost surface as a program, for terrain.py and bench/terrain.py: raw numbers in, raw numbers out.
 *   terrain_walk COLS ROWS DX DY LAW FLAGS MAX HEIGHTS.f32 FRICTION.f32|- STARTS.txt(cell seconds) TIME.f64 ORIGIN.u32
 *   terrain_walk COLS ROWS DX DY slope HEIGHTS.f32 SLOPE.f64
 * The first prints the seconds the surface itself took, without reading and writing. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "junxian/raster.h"

static void die(const char *what) {
    (void)fprintf(stderr, "terrain_walk: %s\n", what);
    exit(1);
}

static void *slurp(const char *path, size_t n, size_t size) {
    FILE *f = fopen(path, "rb");
    void *p = malloc(n * size);
    if (!f || !p || fread(p, size, n, f) != n) {
        die(path);
    }
    (void)fclose(f);
    return p;
}

static void dump(const char *path, const void *p, size_t n, size_t size) {
    FILE *f = fopen(path, "wb");
    if (!f || fwrite(p, size, n, f) != n || fclose(f) != 0) {
        die(path);
    }
}

static jx_walk_start *read_starts(const char *path, size_t *n) {
    FILE *f = fopen(path, "r");
    jx_walk_start *s = NULL;
    unsigned cell;
    double t;
    if (!f) {
        die(path);
    }
    for (*n = 0; fscanf(f, "%u %lf", &cell, &t) == 2; (*n)++) {
        s = realloc(s, (*n + 1) * sizeof *s);
        if (!s) {
            die("memory");
        }
        s[*n] = (jx_walk_start){cell, t};
    }
    (void)fclose(f);
    return s;
}

static double now(void) {
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void slopes(char **argv) {
    uint32_t cols = (uint32_t)strtoul(argv[1], NULL, 10), rows = (uint32_t)strtoul(argv[2], NULL, 10);
    size_t n = (size_t)cols * rows;
    jx_field h = {cols, rows, 0, 0, strtod(argv[3], NULL), strtod(argv[4], NULL), slurp(argv[6], n, sizeof(float))};
    double *out = malloc(n * sizeof *out);
    if (!out) {
        die("memory");
    }
    for (uint32_t i = 0; i < n; i++) {
        out[i] = jx_field_slope(&h, i % cols, i / cols);
    }
    dump(argv[7], out, n, sizeof *out);
    free(out);
    free(h.v);
}

int main(int argc, char **argv) {
    if (argc == 8) {
        slopes(argv);
        return 0;
    }
    if (argc != 13) {
        die("wrong arguments");
    }
    jx_mem *mem = jx_mem_new(NULL, 0);
    jx_ctx *ctx = jx_ctx_new(&(jx_ctx_options){.mem = mem});
    uint32_t cols = (uint32_t)strtoul(argv[1], NULL, 10), rows = (uint32_t)strtoul(argv[2], NULL, 10);
    size_t n = (size_t)cols * rows, n_starts;
    jx_walk_model m = argv[5][0] == 't' ? jx_walk_tobler() : jx_walk_langmuir();
    m.flags = (unsigned)strtoul(argv[6], NULL, 10);
    m.max_s = strtod(argv[7], NULL);
    jx_field h = {cols, rows, 0, 0, strtod(argv[3], NULL), strtod(argv[4], NULL), slurp(argv[8], n, sizeof(float))};
    float *friction = argv[9][0] == '-' ? NULL : slurp(argv[9], n, sizeof(float));
    jx_walk_start *starts = read_starts(argv[10], &n_starts);
    double *time_s = malloc(n * sizeof *time_s);
    uint32_t *origin = malloc(n * sizeof *origin);
    double began = now();
    if (!time_s || !origin || jx_walk_times(ctx, &h, friction, &m, starts, n_starts, time_s, origin, NULL) != JX_OK) {
        die("failed");
    }
    printf("%.6f\n", now() - began);
    (void)fprintf(stderr, "%zu bytes at most\n", jx_mem_peak(mem));
    dump(argv[11], time_s, n, sizeof *time_s);
    dump(argv[12], origin, n, sizeof *origin);
    free(origin);
    free(time_s);
    free(starts);
    free(friction);
    free(h.v);
    jx_ctx_free(ctx);
    jx_mem_free(mem);
    return 0;
}
