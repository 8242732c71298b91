/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Columns of persons: which headers name a group of people, and what their cells may say. */
#include <math.h>

#include "junxian/io.h"

/* What standards and planners mean by a name. 65 and over is not "elderly": Chinese norms count from 60; a mapping can say otherwise. */
static const char *const known[][8] = {
    {"infants", "婴幼儿", "0-3岁", NULL},
    {"children", "儿童", "少年儿童", "0-14岁", NULL},
    {"students", "pupils", "学生", "在校生", NULL},
    {"elderly", "老年人", "老年人口", "60岁及以上", "60岁以上", NULL},
    {"women", "女性", "女性人口", NULL},
    {"disabled", "残疾人", "残疾人口", NULL},
};

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; }

static bool same(const char *a, const char *b) {
    while (*a && lower(*a) == lower(*b)) {
        a++, b++;
    }
    return !*a && !*b;
}

const char *jx_group_name(const char *header) {
    for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
        for (const char *const *w = known[k]; *w; w++) {
            if (same(*w, header)) {
                return known[k][0];
            }
        }
    }
    return NULL;
}

jx_status jx_text_table_group(jx_ctx *ctx, const jx_text_table *t, uint32_t row, uint32_t col, double people, double *out) {
    static const double crumb = 0.5, part = 0.01; /* tables are rounded, and some blurred on purpose */
    *out = NAN;
    if (!*t->cell[(size_t)row * t->n_cols + col]) {
        return JX_OK;
    }
    double v;
    JX_TRY(jx_text_table_real(ctx, t, row, col, &v));
    if (v < 0) {
        return JX_FAIL_ROW(ctx, t->file, t->row_no[row], PEOPLE_NEGATIVE, JX_R(v, 2));
    }
    if (v > people * (1 + part) + crumb) {
        return JX_FAIL_ROW(ctx, t->file, t->row_no[row], GROUP_MORE, JX_S(t->header[col]), JX_R(v, 1), JX_R(people, 1));
    }
    *out = v;
    return JX_OK;
}
