/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/*
 * pbf_dump keys | count FILE THREADS | dump FILE THREADS [KEY...]: what the reader sees, as text for oracle.py. Fields
 * are separated by the control characters that text data does not have: 1c fields, 1d list items, 1e key and value.
 */
#include <stdio.h>
#include <stdlib.h>

#include "junxian/io.h"

static void tags(const jx_extract *x, const jx_tag *t, uint32_t from, uint32_t to) {
    (void)putchar(0x1c);
    for (uint32_t i = from; i < to; i++) {
        (void)printf("%s\x1e%s\x1d", jx_strings_cstr(x->strings, t[i].k), jx_strings_cstr(x->strings, t[i].v));
    }
    (void)putchar('\n');
}

static void dump(const jx_extract *x) {
    (void)printf("counts\x1c%llu\x1c%llu\x1c%llu\n", (unsigned long long)x->count_nodes,
                 (unsigned long long)x->count_ways, (unsigned long long)x->count_relations);
    (void)printf("box\x1c%d\x1c%d\x1c%d\x1c%d\n", x->data_box.min_lon, x->data_box.min_lat, x->data_box.max_lon,
                 x->data_box.max_lat);
    (void)printf("repeats\x1c%llu\nmissing\x1c%llu\n", (unsigned long long)x->duplicate_ids,
                 (unsigned long long)x->missing_refs);
    for (uint32_t i = 0; i < x->n_nodes; i++) {
        (void)printf("n%lld\x1c%d\x1c%d", (long long)x->node_id[i], x->node_pt[i].lon, x->node_pt[i].lat);
        tags(x, x->node_tags, x->node_tag_off[i], x->node_tag_off[i + 1]);
    }
    for (uint32_t i = 0; i < x->n_ways; i++) {
        (void)printf("w%lld\x1c", (long long)x->way_id[i]);
        for (uint32_t k = x->way_ref_off[i]; k < x->way_ref_off[i + 1]; k++) {
            uint32_t r = x->way_refs[k];
            (void)printf("%lld\x1d", r == JX_NONE ? 0 : (long long)x->node_id[r]);
        }
        tags(x, x->way_tags, x->way_tag_off[i], x->way_tag_off[i + 1]);
    }
    for (uint32_t i = 0; i < x->n_rels; i++) {
        (void)printf("r%lld\x1c", (long long)x->rel_id[i]);
        for (uint32_t k = x->rel_mem_off[i]; k < x->rel_mem_off[i + 1]; k++) {
            (void)printf("%c%lld@%s\x1d", "nwr"[x->rel_mem_type[k]], (long long)x -> rel_mem_id[k],
                         jx_strings_cstr(x->strings, x->rel_mem_role[k]));
        }
        tags(x, x->rel_tags, x->rel_tag_off[i], x->rel_tag_off[i + 1]);
    }
}

static jx_status count(jx_ctx *ctx, const char *path) {
    jx_pbf_counts c;
    JX_TRY(jx_pbf_count(ctx, path, &c));
    (void)printf("%llu %llu %llu %d %d %d %d\n", (unsigned long long)c.nodes, (unsigned long long)c.ways,
                 (unsigned long long)c.relations, c.box.min_lon, c.box.min_lat, c.box.max_lon, c.box.max_lat);
    return JX_OK;
}

int main(int argc, char **argv) {
    if (argc == 2 && strcmp(argv[1], "keys") == 0) {
        for (const char *const *k = jx_keep_default; *k; k++) {
            (void)puts(*k);
        }
        return 0;
    }
    if (argc < 4) {
        return 2;
    }
    jx_mem *mem = jx_mem_new(NULL, 0);
    jx_pool *pool = jx_pool_new((unsigned)strtoul(argv[3], NULL, 10));
    jx_ctx *ctx = mem && pool ? jx_ctx_new(&(jx_ctx_options){.mem = mem, .pool = pool}) : NULL;
    if (!ctx) {
        return 1;
    }
    jx_status st;
    if (argv[1][0] == 'c') {
        st = count(ctx, argv[2]);
    } else {
        jx_extract *x = NULL;
        const jx_keep keep = {argc > 4 ? (const char *const *)&argv[4] : jx_keep_default}; /* argv ends with NULL */
        st = jx_pbf_read(ctx, argv[2], &keep, &x);
        if (st == JX_OK) {
            dump(x);
            jx_extract_free(ctx, x);
        }
    }
    if (st != JX_OK && jx_ctx_error(ctx)) {
        (void)fprintf(stderr, "JX%d at byte %lld\n", (int)jx_ctx_error(ctx)->id, (long long)jx_ctx_error(ctx)->offset);
    }
    jx_ctx_free(ctx);
    jx_pool_free(pool);
    jx_mem_free(mem);
    return st == JX_OK ? 0 : 1;
}
