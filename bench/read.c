/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* bench_read count|read FILE [THREADS]: one reading of a PBF file, to be timed from outside as a whole process. */
#include <stdio.h>
#include <stdlib.h>

#include "junxian/io.h"

static void print_error(jx_ctx *ctx) {
    const jx_message *m = jx_ctx_error(ctx);
    jx_buf b;
    jx_buf_init(&b, ctx);
    if (m) {
        jx_msg_render(&b, NULL, m, true);
    }
    (void)fprintf(stderr, "bench_read: %s\n", jx_buf_ok(&b) == JX_OK && b.s ? b.s : "failed");
    jx_buf_release(&b);
}

static jx_status count(jx_ctx *ctx, const char *path) {
    jx_pbf_counts c;
    JX_TRY(jx_pbf_count(ctx, path, &c));
    (void)printf("%llu nodes %llu ways %llu relations %llu tags %llu refs\n", (unsigned long long)c.nodes,
                 (unsigned long long)c.ways, (unsigned long long)c.relations, (unsigned long long)c.tags,
                 (unsigned long long)c.refs);
    return JX_OK;
}

static jx_status read_extract(jx_ctx *ctx, const char *path) {
    jx_extract *x;
    const jx_keep keep = {jx_keep_default};
    JX_TRY(jx_pbf_read(ctx, path, &keep, &x));
    (void)printf("%llu nodes %llu ways %llu relations, kept %u %u %u\n", (unsigned long long)x->count_nodes,
                 (unsigned long long)x->count_ways, (unsigned long long)x->count_relations, x->n_nodes, x->n_ways,
                 x->n_rels);
    jx_extract_free(ctx, x);
    return JX_OK;
}

int main(int argc, char **argv) {
    if (argc < 3 || (strcmp(argv[1], "count") != 0 && strcmp(argv[1], "read") != 0)) {
        (void)fprintf(stderr, "usage: bench_read count|read FILE [THREADS]\n");
        return 2;
    }
    unsigned threads = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 1;
    jx_mem *mem = jx_mem_new(NULL, 0);
    jx_pool *pool = jx_pool_new(threads ? threads : 1);
    jx_ctx *ctx = mem && pool ? jx_ctx_new(&(jx_ctx_options){.mem = mem, .pool = pool}) : NULL;
    if (!ctx) {
        return 1;
    }
    jx_status st = argv[1][0] == 'c' ? count(ctx, argv[2]) : read_extract(ctx, argv[2]);
    if (st != JX_OK) {
        print_error(ctx);
    }
    (void)fprintf(stderr, "peak %zu bytes\n", jx_mem_peak(mem));
    jx_ctx_free(ctx);
    jx_pool_free(pool);
    jx_mem_free(mem);
    return st == JX_OK ? 0 : 1;
}
