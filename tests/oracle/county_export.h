/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** What the exporters of a county share: EXTRACT STANDARDS TARGET -> the county, built as by default, given to a writer. */
#ifndef JX_TESTS_COUNTY_EXPORT_H
#define JX_TESTS_COUNTY_EXPORT_H

#include <stdio.h>

#include "junxian/io.h"

typedef jx_status (*county_writer)(jx_ctx *ctx, const jx_county *c, const char *target);

static inline jx_status county_export(jx_ctx *ctx, char **argv, county_writer write) {
    static const char *const names[4] = {"profiles", "osm-facilities", "people", "services-intl"};
    jx_doc doc[4];
    char path[1024];
    for (int i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%s/%s.yaml", argv[2], names[i]);
        JX_TRY(jx_yaml_file(ctx, path, &doc[i]));
    }
    const jx_keep keep = {jx_keep_default};
    jx_extract *x;
    jx_county *c;
    JX_TRY(jx_pbf_read(ctx, argv[1], &keep, &x));
    const jx_county_config cfg = {.profiles = &doc[0], .facility_map = &doc[1], .people = &doc[2], .standard = &doc[3]};
    JX_TRY(jx_county_build(ctx, x, &cfg, &c));
    jx_status st = write(ctx, c, argv[3]);
    jx_county_free(ctx, c);
    jx_extract_free(ctx, x);
    for (int i = 0; i < 4; i++) {
        jx_doc_release(ctx, &doc[i]);
    }
    return st;
}

/** The exit code of an exporter's main. */
static inline int county_export_main(int argc, char **argv, county_writer write) {
    if (argc != 4) {
        return 2;
    }
    jx_mem *mem = jx_mem_new(NULL, 0);
    jx_pool *pool = jx_pool_new(0);
    jx_ctx *ctx = jx_ctx_new(&(jx_ctx_options){.mem = mem, .pool = pool});
    jx_status st = county_export(ctx, argv, write);
    jx_ctx_free(ctx);
    jx_pool_free(pool);
    jx_mem_free(mem);
    return jx_status_exit_code(st);
}

#endif
