/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Failing memory over the whole path: diagnosis, layers and every writer on a small real extract, and the parsers of small files. There are
 * tens of thousands of allocations, so each of about 150 evenly spread ones fails in turn (`all` of them for the parsers).
 */
#include <unistd.h>

#include "junxian/io.h"
#include "junxian/report.h"
#include "oom.h"
#include "support.h"

static const char *const sao_paulo = JX_SOURCE_DIR "/tests/data/sao-paulo/spo.osm.pbf";

typedef struct whole {
    jx_extract *x;
    jx_county *c;
    jx_county_config cfg;
    char dir[64];
} whole;

static jx_status write_pages(jx_ctx *ctx, const whole *w, const jx_diagnosis *d, const jx_fairness *f) {
    const jx_report_options o = {.first_lang = "en", .version = "0", .command = "junxian run", .fairness = f, .time = 1};
    jx_buf b;
    jx_buf_init(&b, ctx);
    jx_status st = jx_report_html(ctx, w->c, d, &o, &b);
    if (st == JX_OK) {
        st = jx_report_summary(ctx, w->c, d, &o, &b);
    }
    if (st == JX_OK) {
        st = jx_report_terminal(ctx, w->c, d, NULL, 80, &b);
    }
    jx_buf_release(&b);
    return st;
}

static jx_status write_files(jx_ctx *ctx, const whole *w, const jx_layers *l) {
    char path[128];
    const char *qml[16] = {NULL};
    jx_buf b;
    jx_buf_init(&b, ctx);
    jx_status st = JX_OK;
    for (uint32_t i = 0; st == JX_OK && i < l->n; i++) {
        b.n = 0;
        st = jx_report_qml(ctx, &l->layer[i], NULL, &b);
        snprintf(path, sizeof path, "%s/%s.csv", w->dir, l->layer[i].name);
        if (st == JX_OK && l->layer[i].for_tables) {
            st = jx_csv_write(ctx, path, &l->layer[i]);
        }
    }
    jx_buf_release(&b);
    snprintf(path, sizeof path, "%s/county.gpkg", w->dir);
    unlink(path);
    return st == JX_OK ? jx_gpkg_write(ctx, path, l, qml, 1) : st;
}

static jx_status diagnose_and_write(jx_ctx *ctx, void *arg) {
    const whole *w = arg;
    jx_diagnosis *d = NULL;
    jx_fairness *f = NULL;
    jx_layers *l = NULL;
    jx_status st = jx_diagnose(ctx, w->c, &d);
    if (st == JX_OK) {
        st = jx_fairness_of(ctx, w->c, d, &f);
    }
    if (st == JX_OK) {
        st = write_pages(ctx, w, d, f);
    }
    if (st == JX_OK) {
        st = jx_layers_build(ctx, w->c, d, &l);
    }
    if (st == JX_OK) {
        st = write_files(ctx, w, l);
    }
    jx_layers_free(ctx, l);
    jx_fairness_free(ctx, f);
    jx_diagnosis_free(ctx, d);
    return st;
}

static void each(jx_oom_fn fn, void *arg, size_t runs) {
    size_t all = 0, n;
    assert_int_equal(jx_oom_run(fn, arg, 0, &all), JX_OK);
    for (size_t k = 1; k <= all; k += all / runs + 1) {
        assert_int_equal(jx_oom_run(fn, arg, k, &n), JX_E_NOMEM);
    }
}

static void the_whole_path(void **state) {
    (void)state;
    static const char *const names[4] = {"profiles", "osm-facilities", "people", "services-cn"};
    jx_test t;
    jx_doc doc[4];
    whole w = {.dir = "/tmp/junxian-oom-XXXXXX"};
    const jx_keep keep = {jx_keep_default};
    char path[256];
    jx_test_init(&t, 0);
    assert_non_null(mkdtemp(w.dir));
    for (int i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%s/standards/%s.yaml", JX_SOURCE_DIR, names[i]);
        assert_int_equal(jx_yaml_file(t.ctx, path, &doc[i]), JX_OK);
    }
    w.cfg = (jx_county_config){.profiles = &doc[0], .facility_map = &doc[1], .people = &doc[2], .standard = &doc[3]};
    assert_int_equal(jx_pbf_read(t.ctx, sao_paulo, &keep, &w.x), JX_OK);
    assert_int_equal(jx_county_build(t.ctx, w.x, &w.cfg, &w.c), JX_OK);
    each(diagnose_and_write, &w, 100);
    jx_county_free(t.ctx, w.c);
    jx_extract_free(t.ctx, w.x);
    for (int i = 0; i < 4; i++) {
        jx_doc_release(t.ctx, &doc[i]);
    }
    jx_test_release(&t);
    snprintf(path, sizeof path, "rm -rf %s", w.dir);
    assert_int_equal(system(path), 0);
}

/* ---- the parsers of small files: every allocation ------------------------------------------------------------------------- */

static jx_status parse_small(jx_ctx *ctx, void *arg) {
    (void)arg;
    static const char yaml[] = "a: [1, 2.5, x]\nb: {c: d, e: null}\n", csv[] = "kind,lon\n\"a \"\"b\"\"\",1\nc,2\n";
    static const char wkt[] = "MULTIPOLYGON (((9 47,9.1 47,9.1 47.1,9 47)))", gbk[] = "\xc0\xe0\xd0\xcd,lon\n\xd0\xa1\xd1\xa7,9\n";
    jx_doc doc;
    jx_text_table table;
    jx_mpoly m;
    JX_TRY(jx_yaml_parse(ctx, "x.yaml", yaml, sizeof yaml - 1, &doc));
    jx_doc_release(ctx, &doc);
    JX_TRY(jx_csv_parse(ctx, "x.csv", csv, sizeof csv - 1, JX_ENC_AUTO, &table));
    jx_text_table_release(ctx, &table);
    JX_TRY(jx_csv_parse(ctx, "x.csv", gbk, sizeof gbk - 1, JX_ENC_AUTO, &table));
    jx_text_table_release(ctx, &table);
    JX_TRY(jx_wkt_polygon(ctx, wkt, JX_CRS_WGS84, &m));
    jx_mpoly_release(ctx, &m);
    return JX_OK;
}

static jx_status parse_boundary(jx_ctx *ctx, void *arg) {
    (void)arg;
    jx_mpoly m;
    char *name = NULL;
    JX_TRY(jx_geojson_boundary(ctx, JX_SOURCE_DIR "/demo/liyang/boundary-gcj02.geojson", JX_CRS_GCJ02, &m, &name));
    jx_free(ctx, name);
    jx_mpoly_release(ctx, &m);
    return JX_OK;
}

static void small_parsers(void **state) {
    (void)state;
    each(parse_small, NULL, 100000);
    each(parse_boundary, NULL, 100000);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_whole_path), cmocka_unit_test(small_parsers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
