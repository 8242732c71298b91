/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The native half of the WebAssembly smoke test: packs the settings for the module, makes the same diagnosis natively, and
 * writes summary and arrays byte for byte as the module's memory should hold them.
 * Usage: wasm_native EXTRACT STANDARDS-FOLDER STANDARD OUTPUT-FOLDER
 */
#include <stdio.h>

#include "junxian/io.h"
#include "junxian/report.h"

static jx_status put(jx_ctx *ctx, const char *dir, const char *name, const void *p, size_t n) {
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    return jx_file_write(ctx, path, p, n);
}

static jx_status pack(jx_ctx *ctx, const char *standards, const char *name, const char *dir, jx_doc *doc) {
    char path[1024], out[64];
    snprintf(path, sizeof path, "%s/%s.yaml", standards, name);
    JX_TRY(jx_yaml_file(ctx, path, doc));
    jx_buf b;
    jx_buf_init(&b, ctx);
    jx_status st = jx_val_pack(&b, doc->root);
    snprintf(out, sizeof out, "%.40s.jxv", name);
    if (st == JX_OK && (st = jx_buf_ok(&b)) == JX_OK) {
        st = put(ctx, dir, out, b.s, b.n);
    }
    jx_buf_release(&b);
    return st;
}

static jx_status dump(jx_ctx *ctx, const char *dir, const jx_county *c, const jx_diagnosis *d) {
    jx_fairness *fair = NULL;
    JX_TRY(jx_fairness_of(ctx, c, d, &fair));
    const jx_report_options o = {.first_lang = "en", .version = JX_VERSION, .command = "", .fairness = fair, .time = c->data_time};
    jx_buf b;
    jx_buf_init(&b, ctx);
    JX_TRY(jx_report_summary(ctx, c, d, &o, &b));
    JX_TRY(jx_buf_ok(&b));
    JX_TRY(put(ctx, dir, "summary.json", b.s, b.n));
    b.n = 0;
    JX_TRY(jx_report_html(ctx, c, d, &o, &b));
    JX_TRY(jx_buf_ok(&b));
    JX_TRY(put(ctx, dir, "report.html", b.s, b.n));
    jx_buf_release(&b);
    jx_fairness_free(ctx, fair);
    JX_TRY(put(ctx, dir, "people.f64", c->cells.people, c->cells.n * sizeof(double)));
    for (uint32_t i = 0; i < d->n_results; i++) {
        char name[64];
        snprintf(name, sizeof name, "nearest-%u.u32", (unsigned)i);
        JX_TRY(put(ctx, dir, name, d->results[i].nearest_ms, c->cells.n * sizeof(uint32_t)));
    }
    return JX_OK;
}

static jx_status work(jx_ctx *ctx, char **argv) {
    jx_doc doc[4];
    const char *const names[4] = {"profiles", "osm-facilities", "people", argv[3]};
    for (int i = 0; i < 4; i++) {
        JX_TRY(pack(ctx, argv[2], names[i], argv[4], &doc[i]));
    }
    const jx_keep keep = {jx_keep_default};
    jx_extract *x = NULL;
    jx_county *c = NULL;
    jx_diagnosis *d = NULL;
    JX_TRY(jx_pbf_read(ctx, argv[1], &keep, &x));
    const jx_source source = {.name = "extract", .what = "OpenStreetMap extract", .licence = "ODbL 1.0", .attribution = "\u00a9 OpenStreetMap contributors",
                              .crs = jx_crs_name(JX_CRS_WGS84), .date = x->header.timestamp};
    const jx_county_config cfg = {.profiles = &doc[0], .facility_map = &doc[1], .people = &doc[2], .standard = &doc[3], .sources = &source, .n_sources = 1};
    JX_TRY(jx_county_build(ctx, x, &cfg, &c));
    JX_TRY(jx_diagnose(ctx, c, &d));
    JX_TRY(dump(ctx, argv[4], c, d));
    jx_diagnosis_free(ctx, d);
    jx_county_free(ctx, c);
    jx_extract_free(ctx, x);
    for (int i = 0; i < 4; i++) {
        jx_doc_release(ctx, &doc[i]);
    }
    return JX_OK;
}

static void say(void *user, const jx_message *m) {
    (void)user;
    if (m->level == JX_LEVEL_ERROR) {
        fprintf(stderr, "JX%d\n", (int)m->id);
    }
}

int main(int argc, char **argv) {
    if (argc != 5) {
        fputs("usage: wasm_native EXTRACT STANDARDS-FOLDER STANDARD OUTPUT-FOLDER\n", stderr);
        return 2;
    }
    jx_mem *mem = jx_mem_new(NULL, 0);
    jx_pool *pool = jx_pool_new(0);
    jx_ctx *ctx = jx_ctx_new(&(jx_ctx_options){.mem = mem, .pool = pool, .sink = say});
    jx_status st = work(ctx, argv);
    jx_ctx_free(ctx);
    jx_pool_free(pool);
    jx_mem_free(mem);
    return jx_status_exit_code(st);
}
