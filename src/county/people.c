/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** People in cells: the best source there is, in the order of the enum, and cells of streets where there is none at all. */
#include <math.h>

#include "county/people_internal.h"

const char *jx_people_source_name(jx_people_source s) {
    static const char *const names[] = {"raster", "table", "census", "tags", "dwellings", "none"};
    return names[s];
}

const char *jx_trust_name(jx_trust t) {
    static const char *const names[] = {"measured", "derived", "guessed"};
    return names[t];
}

static jx_status read_rules(jx_ctx *ctx, const jx_county_config *cfg, jx__people_rules *r) {
    static const char *const known[] = {"persons_per_dwelling", "dwelling_m2", "default_levels", "levels", "residential", "one_dwelling", "generic",
                                        "min_footprint_m2", "max_generic_m2", "landuse_in", "landuse_out", "full_buildings_per_km", "rest", NULL};
    static const char *const known_rest[] = {"landuse", "streets", "places", NULL};
    const jx_doc *d = cfg->people;
    const jx_val *root = d->root, *rest = jx_val_get(root, "rest");
    *r = (jx__people_rules){2.6, 110, 2, 40, 1500, 12, 0.5, 0.4, 0.1, NULL, NULL, NULL, NULL, NULL, NULL};
    JX_TRY(jx_cfg_known(ctx, d, root, known));
    JX_TRY(jx_cfg_real(ctx, d, root, "persons_per_dwelling", 0.1, 50, &r->persons_per_dwelling));
    JX_TRY(jx_cfg_real(ctx, d, root, "dwelling_m2", 5, 2000, &r->dwelling_m2));
    JX_TRY(jx_cfg_real(ctx, d, root, "default_levels", 0.5, 100, &r->default_levels));
    JX_TRY(jx_cfg_real(ctx, d, root, "min_footprint_m2", 0, 1e5, &r->min_footprint_m2));
    JX_TRY(jx_cfg_real(ctx, d, root, "max_generic_m2", 1, 1e7, &r->max_generic_m2));
    JX_TRY(jx_cfg_real(ctx, d, root, "full_buildings_per_km", 0.1, 1000, &r->full_buildings_per_km));
    if (rest) {
        JX_TRY(jx_cfg_known(ctx, d, rest, known_rest));
        JX_TRY(jx_cfg_real(ctx, d, rest, "landuse", 0, 1, &r->share_landuse));
        JX_TRY(jx_cfg_real(ctx, d, rest, "streets", 0, 1, &r->share_streets));
        JX_TRY(jx_cfg_real(ctx, d, rest, "places", 0, 1, &r->share_places));
    }
    const struct {
        const char *key;
        const jx_val **to;
        jx_val_type type;
    } lists[] = {{"levels", &r->levels, JX_VAL_MAP}, {"residential", &r->residential, JX_VAL_SEQ}, {"one_dwelling", &r->dwelling_one, JX_VAL_SEQ},
                 {"generic", &r->generic, JX_VAL_SEQ}, {"landuse_in", &r->landuse_in, JX_VAL_SEQ}, {"landuse_out", &r->landuse_out, JX_VAL_SEQ}};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const jx_val *v = jx_val_get(root, lists[i].key);
        if (v && v->type != lists[i].type) {
            return JX_FAIL_ROW(ctx, d->name, v->line, PEOPLE_RULES_BAD, JX_S(lists[i].key), JX_S(lists[i].type == JX_VAL_MAP ? "a map" : "a list"));
        }
        *lists[i].to = v;
    }
    for (uint32_t i = 0; r->levels && i < r->levels->n; i++) {
        if (r->levels->items[i]->type != JX_VAL_INT && r->levels->items[i]->type != JX_VAL_REAL) {
            return JX_FAIL_ROW(ctx, d->name, r->levels->items[i]->line, PEOPLE_RULES_BAD, JX_S(r->levels->keys[i]), JX_S("a number"));
        }
    }
    if (cfg->persons_per_dwelling > 0) {
        r->persons_per_dwelling = cfg->persons_per_dwelling;
    }
    return JX_OK;
}

/* What one source step works on. */
typedef struct people {
    jx_ctx *ctx;
    const jx_extract *x;
    const jx_county_config *cfg;
    jx_county *c;
    jx__people_rules rules;
    jx__locator *loc;
    jx__settler *settler;
    jx__carriers carriers;
} people;

static void township_sums(jx_county *c) {
    for (uint32_t t = 0; t < c->n_townships; t++) {
        c->township_people[t] = 0;
    }
    c->people_total = 0;
    for (uint32_t i = 0; i < c->cells.n; i++) {
        c->people_total += c->cells.people[i];
        if (c->cells.township[i] != JX_NONE) {
            c->township_people[c->cells.township[i]] += c->cells.people[i];
        }
    }
}

/* ---- raster: a carrier per pixel whose centre lies inside ------------------------------------------------------------ */

static jx_status from_raster(people *p) {
    const jx_people_raster *r = p->cfg->people_raster;
    p->carriers.n = 0;
    for (uint32_t row = 0; row < r->height; row++) {
        for (uint32_t col = 0; col < r->width; col++) {
            double v = r->value[(size_t)row * r->width + col];
            jx__carrier k = {.kind = JX__EVEN, .weight = 1, .people = v};
            if (!(v > 0) || !jx_pt_from_deg(r->west + (col + 0.5) * r->dx, r->north - (row + 0.5) * r->dy, &k.pt) ||
                !jx__locate(p->loc, k.pt, &k.township)) {
                continue;
            }
            k.settlement = jx__settle(p->settler, k.pt, k.township);
            JX_TRY(jx_vec_push(p->ctx, &p->carriers, k));
        }
    }
    JX_TRY(jx__cells_from_carriers(p->ctx, p->c, &p->carriers));
    p->c->people_source = JX_PEOPLE_RASTER;
    p->c->people_trust = JX_DERIVED;
    township_sums(p->c);
    return JX_OK;
}

/* ---- table: the user's cells, one for one ------------------------------------------------------------------------------ */

static jx_status copy_cell(people *p, uint32_t i, uint32_t n, uint32_t township) {
    const jx_people_table *t = p->cfg->people_table;
    jx_cells *s = &p->c->cells;
    s->col[n] = s->row[n] = (int32_t)i;
    s->pt[n] = t->pt[i];
    s->people[n] = t->people[i];
    s->township[n] = township;
    s->settlement[n] = jx__settle(p->settler, t->pt[i], township);
    if (t->id) {
        s->id[n] = jx_arena_strn(p->ctx, p->c->arena, t->id[i], strlen(t->id[i]));
        if (!s->id[n]) {
            return JX_E_NOMEM;
        }
    }
    for (uint32_t g = 0; g < t->n_groups; g++) {
        p->c->groups[g].people[n] = t->group[g][i];
    }
    return t->shape ? jx_mpoly_copy(p->ctx, &t->shape[i], &s->shape[n]) : JX_OK;
}

static jx_status open_groups(people *p) {
    const jx_people_table *t = p->cfg->people_table;
    jx_county *c = p->c;
    c->groups = jx_calloc(p->ctx, t->n_groups, sizeof *c->groups);
    if (!c->groups) {
        return JX_E_NOMEM;
    }
    for (; c->n_groups < t->n_groups; c->n_groups++) {
        jx_people_group *g = &c->groups[c->n_groups];
        const char *name = t->group_name[c->n_groups];
        g->trust = JX_MEASURED;
        g->name = jx_arena_strn(p->ctx, c->arena, name, strlen(name));
        g->people = jx_malloc(p->ctx, t->n, sizeof *g->people);
        g->township = jx_malloc(p->ctx, c->n_townships, sizeof *g->township);
        if (!g->name || !g->people || !g->township) {
            c->n_groups++; /* released with the others */
            return JX_E_NOMEM;
        }
    }
    return JX_OK;
}

/* Sums of what is known, in the order of the cells; NaN where nothing is. */
static void group_sums(jx_county *c) {
    for (uint32_t k = 0; k < c->n_groups; k++) {
        jx_people_group *g = &c->groups[k];
        g->total = NAN;
        for (uint32_t t = 0; t < c->n_townships; t++) {
            g->township[t] = NAN;
        }
        for (uint32_t i = 0; i < c->cells.n; i++) {
            uint32_t t = c->cells.township[i];
            if (isnan(g->people[i])) {
                g->n_unknown++;
                continue;
            }
            g->total = (isnan(g->total) ? 0 : g->total) + g->people[i];
            if (t != JX_NONE) {
                g->township[t] = (isnan(g->township[t]) ? 0 : g->township[t]) + g->people[i];
            }
        }
    }
}

static jx_status from_table(people *p) {
    const jx_people_table *t = p->cfg->people_table;
    jx_cells *s = &p->c->cells;
    s->col = jx_calloc(p->ctx, t->n, sizeof *s->col);
    s->row = jx_calloc(p->ctx, t->n, sizeof *s->row);
    s->pt = jx_calloc(p->ctx, t->n, sizeof *s->pt);
    s->people = jx_calloc(p->ctx, t->n, sizeof *s->people);
    s->township = jx_calloc(p->ctx, t->n, sizeof *s->township);
    s->settlement = jx_calloc(p->ctx, t->n, sizeof *s->settlement);
    s->buildings = jx_calloc(p->ctx, t->n, sizeof *s->buildings);
    s->urban = jx_calloc(p->ctx, t->n, 1);
    s->id = t->id ? jx_calloc(p->ctx, t->n, sizeof *s->id) : NULL;
    s->shape = t->shape ? jx_calloc(p->ctx, t->n, sizeof *s->shape) : NULL;
    if (!s->col || !s->row || !s->pt || !s->people || !s->township || !s->settlement || !s->buildings || !s->urban ||
        (t->id && !s->id) || (t->shape && !s->shape)) {
        return JX_E_NOMEM;
    }
    JX_TRY(open_groups(p));
    for (uint32_t i = 0; i < t->n; i++) {
        uint32_t township;
        if (jx__locate(p->loc, t->pt[i], &township)) {
            JX_TRY(copy_cell(p, i, s->n, township));
            s->n++;
        }
    }
    if (!s->n) {
        return JX_FAIL(p->ctx, TABLE_NONE_INSIDE, JX_I(t->n), JX_S(t->file));
    }
    p->c->people_source = JX_PEOPLE_TABLE;
    p->c->people_trust = JX_MEASURED;
    township_sums(p->c);
    group_sums(p->c);
    return JX_OK;
}

/* ---- nothing known: cells that touch a residential street, counted as cells ------------------------------------------------ */

static jx_status from_streets(people *p) {
    jx_county *c = p->c;
    bool any = false;
    for (size_t i = 0; i < p->carriers.n; i++) {
        jx__carrier *k = &p->carriers.v[i];
        k->people = k->kind == JX__STREET ? 1 : 0;
        any = any || k->people > 0;
    }
    if (!any) {
        return JX_FAIL0(p->ctx, PEOPLE_NO_CELL);
    }
    JX_TRY(jx__cells_from_carriers(p->ctx, c, &p->carriers));
    for (uint32_t i = 0; i < c->cells.n; i++) {
        c->cells.people[i] = 1;
    }
    c->people_source = JX_PEOPLE_NONE;
    c->people_trust = JX_GUESSED;
    township_sums(c);
    c->people_total = NAN;
    return JX_OK;
}

static jx_status best_source(people *p) {
    jx_county *c = p->c;
    JX_TRY(jx__carriers_build(p->ctx, p->x, &p->rules, c, p->loc, p->settler, &p->carriers));
    if (p->cfg->people_raster) {
        return from_raster(p);
    }
    if (p->cfg->people_table) {
        return from_table(p);
    }
    JX_TRY(jx__people_spread(p->ctx, p->cfg, &p->rules, c, &p->carriers));
    if (c->people_source == JX_PEOPLE_NONE) {
        return from_streets(p);
    }
    return jx__cells_from_carriers(p->ctx, c, &p->carriers);
}

jx_status jx__people_build(jx_ctx *ctx, const jx_extract *x, const jx_county_config *cfg, jx_county *c) {
    people p = {.ctx = ctx, .x = x, .cfg = cfg, .c = c};
    jx_status st;
    JX_TRY(read_rules(ctx, cfg, &p.rules));
    c->persons_per_dwelling = p.rules.persons_per_dwelling;
    c->default_levels = p.rules.default_levels;
    c->township_people = jx_calloc(ctx, (size_t)c->n_townships + 1, sizeof *c->township_people);
    c->township_mix = jx_calloc(ctx, (size_t)c->n_townships + 1, sizeof *c->township_mix);
    st = c->township_people && c->township_mix ? jx__locator_new(ctx, c, &p.loc) : JX_E_NOMEM;
    if (st == JX_OK) {
        st = jx__settler_new(ctx, c, &p.settler);
    }
    if (st == JX_OK) {
        st = best_source(&p);
    }
    if (st == JX_OK) {
        st = jx__degurba(ctx, cfg, c);
    }
    jx_vec_free(ctx, &p.carriers);
    jx__settler_free(ctx, p.settler);
    jx__locator_free(ctx, p.loc);
    return st;
}
