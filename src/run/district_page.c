/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** `junxian district -o NAME.html`: the districts on a map, sites in a table, who moves. */
#include <math.h>

#include "run/district.h"

enum { COLS = 7, TOWN_COLS = 3 };

typedef struct page {
    uint8_t *cls, *colour;
    jx_pt *site, *other;
    double *v, *town;
    const char **town_name, **town_zh;
    jx_report_block block[40];
    uint32_t n;
} page;

static jx_status fill_classes(jx_ctx *ctx, const jx__district_work *w, page *p) {
    const jx_district *d = &w->in.d;
    JX_TRY(jx__part_colour(ctx, w->in.c, w->plan.site, d->n_sites, p->colour));
    for (uint32_t i = 0; i < d->n_cells; i++) {
        uint32_t s = w->plan.site[i], was = d->present ? d->present[i] : JX_NONE;
        p->cls[i] = s == JX_NONE ? JX_BLOCK_UNREACHABLE : p->colour[s];
        p->cls[d->n_cells + i] = s == JX_NONE ? JX_BLOCK_UNREACHABLE : was == JX_NONE ? JX_BLOCK_NO_DATA : was != s;
    }
    for (uint32_t s = 0; s < d->n_sites; s++) {
        p->site[s] = w->in.c->facilities[w->in.facility[s]].pt;
    }
    return JX_OK;
}

static void fill_rows(const jx__district_work *w, const jx__district_row *r, page *p) {
    const jx_county *c = w->in.c;
    const jx_district *d = &w->in.d;
    for (uint32_t s = 0; s < d->n_sites; s++) {
        double *v = p->v + (size_t)s * COLS, places = w->in.capacity[s];
        v[0] = places, v[1] = r[s].people, v[2] = places > 0 ? 100 * r[s].people / places : NAN;
        v[3] = r[s].mean_min, v[4] = r[s].farthest_min, v[5] = r[s].came, v[6] = r[s].left;
    }
    for (uint32_t t = 0; t < c->n_townships; t++) {
        p->town_name[t] = jx_area_name(&c->areas[c->township[t]], false);
        p->town_zh[t] = jx_area_name(&c->areas[c->township[t]], true);
    }
    for (uint32_t i = 0; i < d->n_cells; i++) {
        uint32_t t = c->cells.township[i], s = w->plan.site[i];
        if (t != JX_NONE && s != JX_NONE) {
            double people = (double)d->people[i] / JX__PARTS;
            p->town[(size_t)t * TOWN_COLS] += people;
            p->town[(size_t)t * TOWN_COLS + 1] +=
                d->present && d->present[i] != JX_NONE && d->present[i] != s ? people : 0;
        }
    }
    for (uint32_t t = 0; t < c->n_townships; t++) {
        double *v = p->town + (size_t)t * TOWN_COLS;
        v[2] = v[0] > 0 ? v[1] / v[0] : NAN;
    }
}

static void add(page *p, jx_report_block b) {
    if (p->n < sizeof p->block / sizeof *p->block) {
        p->block[p->n++] = b;
    }
}

static void add_told(page *p, const jx__told *t, bool lead) {
    for (uint32_t i = 0; i < t->n; i++) {
        jx_report_block b = t->b[i];
        b.lead = lead && i == 0;
        add(p, b);
    }
}

static jx_status write(jx_ctx *ctx, const char *path, const jx_args *args, const jx_result *res,
                       const jx__district_work *w, page *p, const jx__told *head, const jx__told *end) {
    static const char *const heads[] = {N_("site"),     N_("places"),       N_("people"), N_("load %"),
                                        N_("mean min"), N_("farthest min"), N_("came"),   N_("left")};
    static const char *const town_heads[] = {N_("township"), N_("people"), N_("go elsewhere than today"),
                                             N_("of them %")};
    static const int8_t decimals[COLS] = {0, 1, 0, 1, 1, 1, 1}, town_decimals[TOWN_COLS] = {1, 1, -2};
    const jx__districts *in = &w->in;
    jx_theme theme = in->study.offer.service->theme;
    jx_report_map map = {.title = N_("Districts"),
                         .n_classes = JX__PART_COLOURS,
                         .told_apart = true,
                         .of_cell = p->cls,
                         .unreachable = N_("no way to any site"),
                         .n_sites = in->n,
                         .site = p->site,
                         .site_words = N_("site, by number: {0}"),
                         .theme = theme};
    for (uint32_t k = 0; k < JX__PART_COLOURS; k++) {
        map.cls[k].fill = jx__part_colours[k];
    }
    jx_report_map moves = {.title = N_("Who moves"),
                           .n_classes = 2,
                           .of_cell = p->cls + in->d.n_cells,
                           .unreachable = N_("no way to any site"),
                           .no_data = N_("no site today"),
                           .n_sites = in->n,
                           .site = p->site,
                           .site_words = N_("site, by number: {0}"),
                           .theme = theme};
    moves.cls[0] = (jx_report_class){.fill = "#d1e5f0", .words = N_("stays")};
    moves.cls[1] = (jx_report_class){.fill = "#b35806", .words = N_("moves")};
    const jx_report_table sites = {.n_cols = COLS,
                                   .shown = w->present ? COLS : COLS - 2,
                                   .n_rows = in->n,
                                   .head = heads,
                                   .decimals = decimals,
                                   .name = (const char *const *)in->label,
                                   .v = p->v,
                                   .numbered = true};
    const jx_report_table towns = {.n_cols = TOWN_COLS,
                                   .shown = TOWN_COLS,
                                   .n_rows = in->c->n_townships,
                                   .head = town_heads,
                                   .decimals = town_decimals,
                                   .name = p->town_name,
                                   .name_zh = p->town_zh,
                                   .v = p->town};
    add_told(p, head, true);
    add_told(p, end, false);
    add(p, (jx_report_block){.heading = N_("Districts"), .map = &map});
    add(p, (jx_report_block){.heading = N_("Sites"), .table = &sites});
    if (w->present) {
        add(p, (jx_report_block){.heading = N_("Who moves"), .map = &moves});
        add(p, (jx_report_block){.table = &towns});
    }
    const jx_report_chapter chapter = {.title = N_("Who goes where"), .theme = theme, .block = p->block, .n = p->n};
    const jx_report_options o = {.chapters = &chapter, .n_chapters = 1};
    return jx__page_save(ctx, path, in->c, args, res, N_("districts"), &o);
}

jx_status jx__district_page(jx_ctx *ctx, const char *path, const jx_args *args, const jx_result *res,
                            const jx__district_work *w, const jx__district_row *r, const jx__told *head,
                            const jx__told *end) {
    size_t n = w->in.d.n_cells, m = w->in.n, towns = w->in.c->n_townships;
    page p = {.cls = jx_malloc(ctx, 2 * n, sizeof *p.cls),
              .colour = jx_malloc(ctx, m, sizeof *p.colour),
              .site = jx_malloc(ctx, m, sizeof *p.site),
              .v = jx_malloc(ctx, m * COLS, sizeof *p.v),
              .town = jx_calloc(ctx, towns * TOWN_COLS, sizeof *p.town),
              .town_name = jx_malloc(ctx, towns, sizeof *p.town_name),
              .town_zh = jx_malloc(ctx, towns, sizeof *p.town_zh)};
    jx_status st = p.cls && p.colour && p.site && p.v && p.town && p.town_name && p.town_zh ? fill_classes(ctx, w, &p)
                                                                                            : JX_E_NOMEM;
    if (st == JX_OK) {
        fill_rows(w, r, &p);
        st = write(ctx, path, args, res, w, &p, head, end);
    }
    jx_free(ctx, p.cls), jx_free(ctx, p.colour), jx_free(ctx, p.site), jx_free(ctx, p.v), jx_free(ctx, p.town),
        jx_free(ctx, p.town_name), jx_free(ctx, p.town_zh);
    return st;
}
