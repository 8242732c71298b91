/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Tables by township - groups of people, incomes - brought to the county's townships and cells. */
#include <math.h>

#include "run/groups.h"

static const char *const township_names[] = {"township", "town", "name", "乡镇", "乡镇街道", "街道", "名称", NULL};

/* What such tables have beside their figures. */
static const char *const no_figures[] = {"code", "id", "name", "township", "town", "ref", "代码", "编号", "行政区划代码", "名称", "乡镇", "备注", "note", NULL};

static bool called(const jx_area *a, const char *s) {
    const char *const names[] = {a->name, a->name_en, a->name_zh, a->code};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i] && strcmp(names[i], s) == 0) {
            return true;
        }
    }
    return false;
}

static jx_status find_township(jx_ctx *ctx, const jx_county *c, const jx_text_table *t, uint32_t row, uint32_t col, uint32_t *out) {
    const char *s = t->cell[(size_t)row * t->n_cols + col];
    for (*out = 0; *out < c->n_townships; ++*out) {
        if (called(&c->areas[c->township[*out]], s)) {
            return JX_OK;
        }
    }
    return JX_FAIL_ROW(ctx, t->file, t->row_no[row], GROUP_TOWNSHIP, JX_S(s));
}

static jx_status read_column(jx_ctx *ctx, const jx_county *c, const jx_text_table *t, uint32_t col, uint32_t c_town, jx__town_column *out) {
    out->name = jx_strdup(ctx, t->header[col]);
    out->v = jx_malloc(ctx, c->n_townships, sizeof *out->v);
    if (!out->name || !out->v) {
        return JX_E_NOMEM;
    }
    for (uint32_t i = 0; i < c->n_townships; i++) {
        out->v[i] = NAN;
    }
    for (uint32_t r = 0; r < t->n_rows; r++) {
        uint32_t town;
        double v;
        JX_TRY(find_township(ctx, c, t, r, c_town, &town));
        if (!*t->cell[(size_t)r * t->n_cols + col]) {
            continue; /* empty: not known */
        }
        JX_TRY(jx_text_table_real(ctx, t, r, col, &v));
        if (v < 0) {
            return JX_FAIL_ROW(ctx, t->file, t->row_no[r], PEOPLE_NEGATIVE, JX_R(v, 2));
        }
        if (!isnan(out->v[town])) {
            return JX_FAIL_ROW(ctx, t->file, t->row_no[r], GROUP_TWICE, JX_S(t->cell[(size_t)r * t->n_cols + c_town]));
        }
        out->v[town] = v;
    }
    return JX_OK;
}

static jx_status read_columns(jx_ctx *ctx, const jx_county *c, const jx_text_table *t, jx__town_columns *out) {
    uint32_t c_town = jx_text_table_col(t, township_names);
    if (c_town == JX_NONE || t->n_cols < 2) {
        return JX_FAIL_ROW(ctx, t->file, t->n_rows ? t->row_no[0] - 1 : 1, TABLE_NO_COLUMN, JX_S(c_town == JX_NONE ? "township" : "children"));
    }
    out->col = jx_calloc(ctx, t->n_cols, sizeof *out->col);
    if (!out->col) {
        return JX_E_NOMEM;
    }
    for (uint32_t k = 0; k < t->n_cols; k++) {
        bool figures = k != c_town;
        for (const char *const *w = no_figures; figures && *w; w++) {
            figures = strcmp(t->header[k], *w) != 0;
        }
        if (figures) {
            JX_TRY(read_column(ctx, c, t, k, c_town, &out->col[out->n++]));
        }
    }
    return out->n ? JX_OK : JX_FAIL_ROW(ctx, t->file, t->n_rows ? t->row_no[0] - 1 : 1, TABLE_NO_COLUMN, JX_S("children"));
}

jx_status jx__town_columns_read(jx_ctx *ctx, const jx_county *c, const char *path, jx_encoding enc, jx__town_columns *out) {
    jx_text_table t;
    JX_TRY(jx_table_read(ctx, path, enc, NULL, &t));
    jx_status st = read_columns(ctx, c, &t, out);
    jx_text_table_release(ctx, &t);
    return st;
}

void jx__town_columns_release(jx_ctx *ctx, jx__town_columns *t) {
    for (uint32_t i = 0; i < t->n; i++) {
        jx_free(ctx, t->col[i].name);
        jx_free(ctx, t->col[i].v);
    }
    jx_free(ctx, t->col);
    *t = (jx__town_columns){0};
}
