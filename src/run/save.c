/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Layers to a file by its extension, and tables for the terminal. */
#include <math.h>

#include "junxian/io.h"
#include "run/measures.h"

static jx_status save_gpkg(jx_ctx *ctx, const char *path, const jx_layers *l, const jx_catalog *cat, int64_t stamp) {
    jx_buf *qml = jx_calloc(ctx, l->n, sizeof *qml);
    const char **text = jx_calloc(ctx, l->n, sizeof *text);
    jx_status st = qml && text ? JX_OK : JX_E_NOMEM;
    for (uint32_t i = 0; st == JX_OK && i < l->n; i++) {
        jx_buf_init(&qml[i], ctx);
        st = jx_report_qml(ctx, &l->layer[i], cat, &qml[i]);
        text[i] = st == JX_OK && jx_buf_ok(&qml[i]) == JX_OK && qml[i].n ? qml[i].s : NULL;
    }
    if (st == JX_OK) {
        st = jx_gpkg_write(ctx, path, l, text, stamp);
    }
    for (uint32_t i = 0; qml && i < l->n; i++) {
        jx_buf_release(&qml[i]);
    }
    jx_free(ctx, qml);
    jx_free(ctx, text);
    return st;
}

bool jx__ends(const char *s, const char *end) {
    size_t n = strlen(s), k = strlen(end);
    return n > k && strcmp(s + n - k, end) == 0;
}

bool jx__is_html(const char *path) { return jx__ends(path, ".html"); }

jx_status jx__save_check_page(jx_ctx *ctx, const jx_args *args) {
    const char *path = jx_args_get(args, "output");
    return path && jx__is_html(path) ? JX_OK : jx__save_check(ctx, args);
}

jx_status jx__save_check(jx_ctx *ctx, const jx_args *args) {
    const char *path = jx_args_get(args, "output");
    return !path || jx__ends(path, ".gpkg") || jx__ends(path, ".geojson") || jx__ends(path, ".csv") || jx__ends(path, ".xlsx") ? JX_OK : JX_FAIL(ctx, SAVE_FORMAT, JX_S(path));
}

static void properties(const jx_layer *l, uint32_t row, jx_geojson_prop *p) {
    for (uint32_t k = 0; k < l->n_cols; k++) {
        const jx_column *c = &l->col[k];
        p[k] = (jx_geojson_prop){.key = c->name, .decimals = c->decimals, .number = NAN};
        if (c->type == JX_COL_TEXT) {
            p[k].text = c->text[row];
        } else if (!c->validity || c->validity[row] == JX_VALID) {
            p[k].number = c->type == JX_COL_INT ? (double)c->integer[row] : c->real[row];
        }
    }
}

static jx_status save_geojson(jx_ctx *ctx, const char *path, const jx_layer *l) {
    jx_geojson g;
    jx_buf b;
    jx_geojson_prop *p = jx_malloc(ctx, l->n_cols, sizeof *p);
    if (!p) {
        return JX_E_NOMEM;
    }
    jx_buf_init(&b, ctx);
    jx_geojson_begin(&g, &b);
    for (uint32_t r = 0; r < l->n; r++) {
        properties(l, r, p);
        if (l->geom == JX_GEOM_POLYGON) {
            jx_geojson_area(&g, &l->poly[r], p, l->n_cols);
        } else {
            jx_geojson_point(&g, l->pt[r], p, l->n_cols);
        }
    }
    jx_status st = jx_geojson_end(&g);
    st = st == JX_OK ? jx_file_write(ctx, path, b.s, b.n) : st;
    jx_buf_release(&b);
    jx_free(ctx, p);
    return st;
}

jx_status jx__layers_save(jx_ctx *ctx, const char *path, const jx_layers *l, const jx_catalog *cat, int64_t stamp) {
    if (jx__ends(path, ".gpkg")) {
        return save_gpkg(ctx, path, l, cat, stamp);
    }
    if (jx__ends(path, ".csv")) {
        return jx_csv_write(ctx, path, &l->layer[0]);
    }
    if (jx__ends(path, ".geojson")) { /* outlines, where the layers end with some */
        return save_geojson(ctx, path, &l->layer[l->layer[l->n - 1].style_values ? l->n - 1 : 0]);
    }
    return jx__ends(path, ".xlsx") ? jx_report_xlsx(ctx, path, l, cat, stamp) : JX_FAIL(ctx, SAVE_FORMAT, JX_S(path));
}

jx_status jx__page_save(jx_ctx *ctx, const char *path, const jx_county *c, const jx_args *args, const jx_result *res, const char *title,
                        const jx_report_options *chapters) {
    jx_report_options o = *chapters;
    jx_catalog *zh = NULL;
    jx_diagnosis *guesses = NULL;
    jx_buf b;
    jx_buf_init(&b, ctx);
    o.zh = res->zh;
    o.first_lang = res->lang;
    o.version = JX_VERSION;
    o.command = args->prog_command;
    o.warnings = res->log ? jx_log_all(res->log, &o.n_warnings) : NULL;
    o.time = jx__stamp(c->data_time);
    jx_status st = o.zh ? JX_OK : jx_catalog_builtin(ctx, "zh_CN", &zh);
    o.zh = o.zh ? o.zh : zh;
    st = st == JX_OK ? jx_county_guesses(ctx, c, &guesses) : st;
    st = st == JX_OK ? jx_report_study_html(ctx, c, guesses, &o, title, &b) : st;
    st = st == JX_OK ? jx_file_write(ctx, path, b.s, b.n) : st;
    jx_diagnosis_free(ctx, guesses);
    jx_catalog_free(ctx, zh);
    jx_buf_release(&b);
    return st;
}

/* ---- tables of text --------------------------------------------------------------------------------------------------------- */

void jx__grid_init(jx__grid *g, jx_ctx *ctx, uint32_t n_cols) {
    *g = (jx__grid){.n_cols = n_cols};
    jx_buf_init(&g->cells, ctx);
}

void jx__grid_str(jx__grid *g, const char *s) {
    jx_buf_add(&g->cells, s, strlen(s) + 1);
    g->n++;
}

void jx__grid_num(jx__grid *g, double v, int decimals) {
    if (isnan(v) || isinf(v)) {
        jx__grid_str(g, isnan(v) ? "-" : "\u221e");
        return;
    }
    if (decimals < 0) {
        jx_buf_grouped(&g->cells, (int64_t)floor(v + 0.5), ",");
    } else {
        jx_buf_fixed(&g->cells, v, decimals);
    }
    jx_buf_add(&g->cells, "", 1);
    g->n++;
}

static void pad(jx_buf *out, size_t n) {
    for (size_t i = 0; i < n; i++) {
        jx_buf_char(out, ' ');
    }
}

void jx__grid_print(jx__grid *g, jx_buf *out) {
    size_t width[16] = {0};
    if (jx_buf_ok(&g->cells) != JX_OK) {
        out->failed = true;
        jx_buf_release(&g->cells);
        return;
    }
    const char *s = g->cells.s;
    for (uint32_t i = 0; i < g->n; i++, s += strlen(s) + 1) {
        size_t w = jx_utf8_width(s, strlen(s));
        width[i % g->n_cols] = w > width[i % g->n_cols] ? w : width[i % g->n_cols];
    }
    s = g->cells.s;
    for (uint32_t i = 0; i < g->n; i++, s += strlen(s) + 1) {
        uint32_t k = i % g->n_cols;
        size_t room = width[k] - jx_utf8_width(s, strlen(s));
        jx_buf_str(out, "  ");
        pad(out, k ? room : 0);
        jx_buf_str(out, s);
        pad(out, k || g->n_cols == 1 ? 0 : room);
        jx_buf_str(out, k + 1 == g->n_cols ? "\n" : "");
    }
    jx_buf_release(&g->cells);
}
