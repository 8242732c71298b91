/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** A county from an extract and the shipped standards, with what a test wants changed. */
#ifndef JX_TESTS_DIAGNOSIS_FIXTURE_H
#define JX_TESTS_DIAGNOSIS_FIXTURE_H

#include <math.h>

#include "junxian/io.h"
#include "oom.h"
#include "support.h"

#define TINY JX_SOURCE_DIR "/tests/unit/county/diagnosis/data/tiny.osm.pbf"
#define DEMO JX_SOURCE_DIR "/demo/liechtenstein/liechtenstein-2024-03.osm.pbf"

typedef struct fixture {
    jx_doc doc[4];
    jx_extract *x;
    jx_source source[2];
    jx_county_config cfg;
} fixture;

static inline void fixture_open(jx_ctx *ctx, fixture *f, const char *extract, const char *standard) {
    const char *const names[4] = {"profiles", "osm-facilities", "people", standard};
    memset(f, 0, sizeof *f);
    for (int i = 0; i < 4; i++) {
        char path[4096];
        (void)snprintf(path, sizeof path, "%s/standards/%s.yaml", JX_SOURCE_DIR, names[i]);
        assert_int_equal(jx_yaml_file(ctx, path, &f->doc[i]), JX_OK);
    }
    const jx_keep keep = {jx_keep_default};
    assert_int_equal(jx_pbf_read(ctx, extract, &keep, &f->x), JX_OK);
    f->source[0] = (jx_source){.name = "extract.osm.pbf", .what = "OpenStreetMap extract"};
    f->source[1] = (jx_source){.name = "list.csv", .what = "list of facilities"};
    f->cfg = (jx_county_config){.profiles = &f->doc[0],
                                .facility_map = &f->doc[1],
                                .people = &f->doc[2],
                                .standard = &f->doc[3],
                                .sources = f->source,
                                .n_sources = 2};
}

static inline void fixture_close(jx_ctx *ctx, fixture *f) {
    jx_extract_free(ctx, f->x);
    for (int i = 0; i < 4; i++) {
        jx_doc_release(ctx, &f->doc[i]);
    }
}

static inline jx_county *fixture_county(jx_ctx *ctx, const fixture *f) {
    jx_county *c = NULL;
    assert_int_equal(jx_county_build(ctx, f->x, &f->cfg, &c), JX_OK);
    return c;
}

#endif
