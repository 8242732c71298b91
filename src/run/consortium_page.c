/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** `junxian consortium -o NAME.html`: groups on a map and in a table, the circles of the heads, townships beyond them.
 */
#include <math.h>

#include "run/district.h"

enum { COLS = 6, SHOWN_CIRCLES = 4, TOWN_FIRST = 2 };

typedef struct page {
    uint8_t *cls, *colour;
    jx_pt *site, *other;
    double *v, *town;
    const char **town_name, **town_zh;
    char **label, **label_zh; /* heads with their grades */
    const char *town_heads[TOWN_FIRST + 2 * SHOWN_CIRCLES + 1];
    int8_t town_decimals[TOWN_FIRST + 2 * SHOWN_CIRCLES];
    char beyond[SHOWN_CIRCLES][24]; /* "> 30 min", in any language */
    uint32_t circles, town_cols;
} page;

static char *graded(jx_ctx *ctx, const jx_facility *f, const char *known, const char *unknown) {
    jx_buf b;
    char *out = NULL;
    jx_buf_init(&b, ctx);
    jx_buf_fmt(&b, "%s (%s%s)", *f->name ? f->name : f->kind, f->level ? known : unknown, f->level ? f->level : "");
    if (jx_buf_ok(&b) == JX_OK) {
        out = jx_strdup(ctx, b.s);
    }
    jx_buf_release(&b);
    return out;
}

static jx_status heads(jx_ctx *ctx, const jx__consortia *w, const jx_catalog *zh, page *p) {
    for (uint32_t h = 0; h < w->n_heads; h++) {
        const jx_facility *f = &w->c->facilities[w->head[h]];
        const jx_consortium_group *g = &w->plan.group[h];
        double *v = p->v + (size_t)h * COLS;
        p->site[h] = f->pt;
        p->label[h] = graded(ctx, f, N_("grade: "), N_("grade not known"));
        p->label_zh[h] = graded(ctx, f, jx_tr(zh, "grade: "), jx_tr(zh, "grade not known"));
        if (!p->label[h] || !p->label_zh[h]) {
            return JX_E_NOMEM;
        }
        v[0] = g->n_members, v[1] = g->people, v[2] = f->capacity,
        v[3] = g->people > 0 ? f->capacity / g->people * 1000 : NAN;
        v[4] = g->mean_ms / 60000, v[5] = g->farthest == JX_NONE ? NAN : g->farthest_ms / 60000.0;
    }
    for (uint32_t i = 0; i < w->n_members; i++) {
        p->other[i] = w->c->facilities[w->member[i]].pt;
    }
    return JX_OK;
}

static jx_status circle_heads(jx_ctx *ctx, const jx__consortia *w, page *p) {
    for (uint32_t k = 0; k < p->circles; k++) {
        jx_buf b;
        jx_buf_init(&b, ctx);
        jx_buf_str(&b, "> ");
        jx_buf_double(&b, w->circle[k] / 60000.0);
        jx_buf_str(&b, " min");
        jx_status st = jx_buf_ok(&b);
        if (st == JX_OK) {
            memcpy(p->beyond[k], b.s, b.n < sizeof p->beyond[k] ? b.n + 1 : sizeof p->beyond[k]);
            p->beyond[k][sizeof p->beyond[k] - 1] = 0;
        }
        jx_buf_release(&b);
        JX_TRY(st);
    }
    return JX_OK;
}

static void cells(const jx__consortia *w, page *p) {
    uint32_t n = w->c->cells.n;
    for (uint32_t i = 0; i < n; i++) {
        uint8_t k = 0;
        while (k < p->circles && w->cell_head_ms[i] > w->circle[k]) {
            k++;
        }
        p->cls[i] = w->cell_head[i] == JX_NONE ? JX_BLOCK_UNREACHABLE : p->colour[w->cell_head[i]];
        p->cls[n + i] = w->cell_head_ms[i] == JX_UNREACHABLE ? JX_BLOCK_UNREACHABLE : k;
    }
}

static void towns(const jx__consortia *w, page *p) {
    p->town_heads[0] = N_("township"), p->town_heads[1] = N_("group no."), p->town_heads[2] = N_("people");
    p->town_decimals[0] = 0, p->town_decimals[1] = -1;
    for (uint32_t k = 0; k < p->circles; k++) {
        p->town_heads[3 + 2 * k] = p->beyond[k], p->town_heads[4 + 2 * k] = N_("of them %");
        p->town_decimals[2 + 2 * k] = -1, p->town_decimals[3 + 2 * k] = -2;
    }
    for (uint32_t t = 0; t < w->c->n_townships; t++) {
        const jx_area *a = &w->c->areas[w->c->township[t]];
        double *v = p->town + (size_t)t * p->town_cols;
        p->town_name[t] = jx_area_name(a, false), p->town_zh[t] = jx_area_name(a, true);
        v[0] = w->town_head[t] == JX_NONE ? NAN : w->town_head[t] + 1.0, v[1] = w->town_people[t];
        for (uint32_t k = 0; k < p->circles; k++) {
            double out = w->town_beyond[(size_t)t * w->n_circles + k];
            v[2 + 2 * k] = out, v[3 + 2 * k] = w->town_people[t] > 0 ? out / w->town_people[t] : NAN;
        }
    }
}

static void maps(const jx__consortia *w, const page *p, jx_report_map *groups, jx_report_map *times) {
    static const char *const ramp[SHOWN_CIRCLES][SHOWN_CIRCLES + 1] = {
        {"#fed98e", "#993404"},
        {"#fed98e", "#fe9929", "#993404"},
        {"#ffffd4", "#fed98e", "#fe9929", "#993404"},
        {"#ffffd4", "#fed98e", "#fe9929", "#d95f0e", "#993404"}};
    *groups = (jx_report_map){.title = N_("Groups"),
                              .n_classes = JX__PART_COLOURS,
                              .told_apart = true,
                              .of_cell = p->cls,
                              .unreachable = N_("unreachable"),
                              .n_sites = w->n_heads,
                              .site = p->site,
                              .site_words = N_("head, by number: {0}"),
                              .n_others = w->n_members,
                              .other = p->other,
                              .other_words = N_("member: {0}"),
                              .theme = JX_HEALTH};
    for (uint32_t k = 0; k < JX__PART_COLOURS; k++) {
        groups->cls[k].fill = jx__part_colours[k];
    }
    *times = (jx_report_map){.title = N_("Time to the nearest head"),
                             .unit = N_("min"),
                             .n_classes = p->circles + 1,
                             .of_cell = p->cls + w->c->cells.n,
                             .unreachable = N_("unreachable"),
                             .n_sites = w->n_heads,
                             .site = p->site,
                             .site_words = N_("head, by number: {0}"),
                             .theme = JX_HEALTH};
    for (uint32_t k = 0; k <= p->circles; k++) {
        times->cls[k] = (jx_report_class){.fill = ramp[p->circles - 1][k],
                                          .lo = k ? w->circle[k - 1] / 60000.0 : 0,
                                          .hi = k < p->circles ? w->circle[k] / 60000.0 : INFINITY,
                                          .heavy = k < p->circles};
    }
}

static jx_status write(jx_ctx *ctx, const char *path, const jx_args *args, const jx_result *res, const jx__consortia *w,
                       const page *p, const jx__told *told) {
    static const char *const head[] = {
        N_("head hospital"), N_("members"),     N_("people"), N_("beds"), N_("beds per thousand people"),
        N_("mean min"),      N_("farthest min")};
    static const int8_t decimals[COLS] = {0, -1, 0, 2, 1, 1};
    const jx_report_table groups = {.n_cols = COLS,
                                    .shown = COLS,
                                    .n_rows = w->n_heads,
                                    .head = head,
                                    .decimals = decimals,
                                    .name = (const char *const *)p->label,
                                    .name_zh = (const char *const *)p->label_zh,
                                    .v = p->v,
                                    .numbered = true};
    const jx_report_table township = {.n_cols = p->town_cols,
                                      .shown = p->town_cols,
                                      .n_rows = w->c->n_townships,
                                      .head = p->town_heads,
                                      .decimals = p->town_decimals,
                                      .name = p->town_name,
                                      .name_zh = p->town_zh,
                                      .v = p->town};
    jx_report_map by_group, by_time;
    maps(w, p, &by_group, &by_time);
    jx_report_block b[40] = {{.msgid = N_("head hospitals: {0}; members: {1}; people go to the member nearest to them"),
                              .n_args = 2,
                              .args = {JX_I(w->n_heads), JX_I(w->n_members)},
                              .lead = true}};
    uint32_t n = 1;
    for (uint32_t i = 0; i < told->n; i++) {
        b[n++] = told->b[i];
    }
    b[n++] = (jx_report_block){.heading = N_("Groups"), .map = &by_group};
    b[n++] = (jx_report_block){.table = &groups};
    b[n++] = (jx_report_block){.heading = N_("Beyond the circles")};
    for (uint32_t k = 0; k < p->circles; k++) {
        b[n++] = (jx_report_block){.msgid = N_("{0,} people live beyond {1} min of every head hospital"),
                                   .n_args = 2,
                                   .args = {JX_I((int64_t)floor(w->beyond[k] + 0.5)), JX_R(w->circle[k] / 60000.0, 0)}};
    }
    b[n++] = (jx_report_block){.map = &by_time};
    b[n++] = (jx_report_block){.table = &township};
    const jx_report_chapter chapter = {.title = N_("Medical consortia"), .theme = JX_HEALTH, .block = b, .n = n};
    const jx_report_options o = {.chapters = &chapter, .n_chapters = 1};
    return jx__page_save(ctx, path, w->c, args, res, N_("medical consortia"), &o);
}

jx_status jx__consortium_page(jx_ctx *ctx, const char *path, const jx_args *args, const jx_result *res,
                              const jx__consortia *w, const jx__told *told) {
    size_t n = w->c->cells.n, m = w->n_heads, townships = w->c->n_townships;
    page p = {.circles = w->n_circles < SHOWN_CIRCLES ? w->n_circles : SHOWN_CIRCLES};
    jx_catalog *zh = NULL;
    p.town_cols = TOWN_FIRST + 2 * p.circles;
    p.cls = jx_malloc(ctx, 2 * n, sizeof *p.cls), p.colour = jx_malloc(ctx, m, sizeof *p.colour),
    p.site = jx_malloc(ctx, m, sizeof *p.site);
    p.other = jx_malloc(ctx, w->n_members, sizeof *p.other), p.v = jx_malloc(ctx, m * COLS, sizeof *p.v);
    p.town = jx_malloc(ctx, townships * p.town_cols, sizeof *p.town),
    p.town_name = jx_malloc(ctx, townships, sizeof *p.town_name);
    p.town_zh = jx_malloc(ctx, townships, sizeof *p.town_zh), p.label = jx_calloc(ctx, m, sizeof *p.label),
    p.label_zh = jx_calloc(ctx, m, sizeof *p.label_zh);
    bool have =
        p.cls && p.colour && p.site && p.other && p.v && p.town && p.town_name && p.town_zh && p.label && p.label_zh;
    jx_status st = have ? jx__part_colour(ctx, w->c, w->cell_head, w->n_heads, p.colour) : JX_E_NOMEM;
    st = st == JX_OK && !res->zh ? jx_catalog_builtin(ctx, "zh_CN", &zh) : st;
    st = st == JX_OK ? heads(ctx, w, res->zh ? res->zh : zh, &p) : st;
    st = st == JX_OK ? circle_heads(ctx, w, &p) : st;
    if (st == JX_OK) {
        cells(w, &p);
        towns(w, &p);
        st = write(ctx, path, args, res, w, &p, told);
    }
    for (uint32_t h = 0; p.label && p.label_zh && h < m; h++) {
        jx_free(ctx, p.label[h]), jx_free(ctx, p.label_zh[h]);
    }
    jx_free(ctx, p.cls), jx_free(ctx, p.colour), jx_free(ctx, p.site), jx_free(ctx, p.other), jx_free(ctx, p.v),
        jx_free(ctx, p.town);
    jx_free(ctx, p.town_name), jx_free(ctx, p.town_zh), jx_free(ctx, p.label), jx_free(ctx, p.label_zh);
    jx_catalog_free(ctx, zh);
    return st;
}
