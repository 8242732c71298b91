/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The plan to a file by the ending of its name: a page, layers for QGIS, the project list as a table or GeoJSON. */
#include <math.h>

#include "run/measures.h"
#include "run/site.h"

jx_status jx__site_save_check(jx_ctx *ctx, const jx_args *args) {
    static const char *const known[] = {".html", ".gpkg", ".geojson", ".json", ".csv", ".xlsx"};
    const char *path = jx_args_get(args, "output");
    for (size_t k = 0; path && k < sizeof known / sizeof *known; k++) {
        if (jx__ends(path, known[k])) {
            return JX_OK;
        }
    }
    return path ? JX_FAIL(ctx, SITE_FORMAT, JX_S(path)) : JX_OK;
}

static jx_status geojson(jx_ctx *ctx, const jx_layer *l, const char *path) {
    jx_geojson g;
    jx_buf b;
    jx_buf_init(&b, ctx);
    jx_geojson_begin(&g, &b);
    for (uint32_t r = 0; r < l->n; r++) {
        jx_geojson_prop props[16];
        for (uint32_t k = 0; k < l->n_cols; k++) {
            const jx_column *c = &l->col[k];
            bool valid = c->validity[r] == JX_VALID;
            props[k] = (jx_geojson_prop){.key = c->name, .decimals = c->decimals, .number = NAN};
            if (c->type == JX_COL_TEXT) {
                props[k].text = c->text[r];
            } else if (valid) {
                props[k].number = c->type == JX_COL_INT ? (double)c->integer[r] : c->real[r];
            }
        }
        jx_geojson_point(&g, l->pt[r], props, l->n_cols);
    }
    jx_status st = jx_geojson_end(&g);
    if (st == JX_OK) {
        st = jx_file_write(ctx, path, b.s, b.n);
    }
    jx_buf_release(&b);
    return st;
}

static jx_status save(jx_ctx *ctx, const jx__siting *s, const jx_report_plan *v, const jx_result *res, const char *path) {
    jx__plan_layers l;
    jx_status st = jx__plan_layers_make(ctx, s->study.county, v, 1, false, &l);
    if (st == JX_OK) {
        const jx_layers all = {.layer = l.layer, .n = l.n};
        bool json = jx__ends(path, ".geojson") || jx__ends(path, ".json");
        st = json ? geojson(ctx, &l.layer[0], path) : jx__layers_save(ctx, path, &all, res->cat, jx__stamp(s->study.county->data_time));
    }
    jx__plan_layers_release(ctx, &l);
    return st;
}

jx_status jx__site_save(jx_ctx *ctx, jx__siting *s, const jx_result *res) {
    const char *path = jx_args_get(s->args, "output");
    jx_report_plan v;
    if (!path) {
        return JX_OK;
    }
    JX_TRY(jx__site_report(ctx, s, &v));
    if (jx__is_html(path)) {
        const jx_report_options o = {.plans = &v, .n_plans = 1};
        return jx__page_save(ctx, path, s->study.county, s->args, res, N_("where to build"), &o);
    }
    return save(ctx, s, &v, res, path);
}
