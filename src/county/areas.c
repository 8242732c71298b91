/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Administrative areas of the extract and their hierarchy; the area of study; its townships.
 *
 * Chosen without being told: the complete area that holds most of the file's street nodes. A country's extract gives the country, a
 * county's extract with margins the county, because the province around it is not complete.
 */
#include <math.h>

#include "county/county_internal.h"

static const char *const code_keys[] = {"ref:CN", "gb2260", "ref", "swisstopo:BFS_NUMMER", "de:amtlicher_gemeindeschluessel", "ISO3166-2", "ISO3166-1", NULL};

typedef struct area_work {
    jx_ctx *ctx;
    const jx_extract *x;
    const jx_county_config *cfg;
    jx_county *c;
    JX_VEC(jx_area) areas;
    uint32_t n_cut; /* areas of which no ring closes at all */
    const char *cut_name;
    uint32_t k_boundary, k_level, k_name, k_name_en, k_name_zh, k_population, k_code[8], k_highway, v_admin;
} area_work;

static uint32_t id_of(const jx_extract *x, const char *s) { return jx_strings_find(x->strings, s, strlen(s)); }

static const char *tag(const area_work *w, const jx_tag *t, uint32_t n, uint32_t key) {
    return key == JX_NONE ? NULL : jx_tag_value(w->x, t, n, key);
}

static jx_status keep(const area_work *w, const char *s, const char **out) {
    *out = NULL;
    if (s) {
        *out = jx_arena_strn(w->ctx, w->c->arena, s, strlen(s));
        return *out ? JX_OK : JX_E_NOMEM;
    }
    return JX_OK;
}

static bool is_admin(const area_work *w, const jx_tag *t, uint32_t n) {
    for (uint32_t i = 0; i < n; i++) {
        if (t[i].k == w->k_boundary && t[i].v == w->v_admin) {
            return true;
        }
    }
    return false;
}

static jx_status add_area(area_work *w, int64_t id, const jx_tag *t, uint32_t n, jx_mpoly *shape, const jx_assembly_report *rep) {
    jx_area a = {.osm_id = id, .parent = JX_NONE, .shape = *shape, .population = NAN};
    double v;
    if (jx_tag_number(tag(w, t, n, w->k_level), &v) && v >= 1 && v <= 15) {
        a.admin_level = (uint8_t)v;
    }
    if (jx_tag_number(tag(w, t, n, w->k_population), &v) && v >= 0) {
        a.population = v;
    }
    const char *name = tag(w, t, n, w->k_name), *code = NULL;
    for (int i = 0; code_keys[i] && !code; i++) {
        code = tag(w, t, n, w->k_code[i]);
    }
    JX_TRY(keep(w, name ? name : "", &a.name));
    JX_TRY(keep(w, tag(w, t, n, w->k_name_en), &a.name_en));
    JX_TRY(keep(w, tag(w, t, n, w->k_name_zh), &a.name_zh));
    if (a.name_zh && strstr(a.name_zh, " / ")) { /* "A / B": two spellings; the first is enough */
        a.name_zh = jx_arena_strn(w->ctx, w->c->arena, a.name_zh, (size_t)(strstr(a.name_zh, " / ") - a.name_zh));
    }
    JX_TRY(keep(w, code, &a.code));
    a.complete = rep->open_ends == 0 && a.shape.n_parts > 0;
    if (rep->crossings) {
        JX_WARN(w->ctx, AREA_CROSSES, JX_S(a.name), JX_R(jx_deg(rep->where.lon), 5), JX_R(jx_deg(rep->where.lat), 5));
    }
    a.area_m2 = jx_mpoly_area_m2(&a.shape);
    a.label = jx_mpoly_label_point(&a.shape);
    JX_TRY(jx_vec_push(w->ctx, &w->areas, a));
    *shape = (jx_mpoly){0};
    return JX_OK;
}

static jx_status read_areas(area_work *w) {
    const jx_extract *x = w->x;
    for (uint32_t r = 0; r < x->n_rels; r++) {
        const jx_tag *t = x->rel_tags + x->rel_tag_off[r];
        uint32_t n = x->rel_tag_off[r + 1] - x->rel_tag_off[r];
        if (!is_admin(w, t, n)) {
            continue;
        }
        jx_mpoly shape;
        jx_assembly_report rep = {0};
        JX_TRY(jx__relation_polygon(w->ctx, x, r, &shape, &rep));
        jx_status st = JX_OK;
        if (shape.n_parts) {
            st = add_area(w, x->rel_id[r], t, n, &shape, &rep);
        } else {
            const char *name = tag(w, t, n, w->k_name);
            w->cut_name = w->cut_name ? w->cut_name : name;
            w->n_cut++;
        }
        jx_mpoly_release(w->ctx, &shape);
        JX_TRY(st);
    }
    return JX_OK;
}

/* Neighbours cut by the extract's edge are the usual case; a county that is among them must be noticed. */
static void say_incomplete(const area_work *w) {
    uint32_t n = w->n_cut;
    const char *example = w->cut_name ? w->cut_name : "";
    for (size_t i = 0; i < w->areas.n; i++) {
        if (!w->areas.v[i].complete) {
            example = *example ? example : w->areas.v[i].name;
            n++;
        }
    }
    if (n) {
        JX_NOTE(w->ctx, AREAS_INCOMPLETE, JX_I(n), JX_S(example));
    }
}

/* Smallest complete area of a lower level that holds this one's label point. */
static void find_parents(area_work *w) {
    for (size_t i = 0; i < w->areas.n; i++) {
        jx_area *a = &w->areas.v[i];
        for (size_t k = 0; k < w->areas.n; k++) {
            const jx_area *p = &w->areas.v[k];
            bool holds = k != i && p->complete && p->admin_level < a->admin_level && p->admin_level && jx_mpoly_has(&p->shape, a->label);
            if (holds && (a->parent == JX_NONE || p->area_m2 < w->areas.v[a->parent].area_m2)) {
                a->parent = (uint32_t)k;
            }
        }
    }
}

/* ---- the area of study -------------------------------------------------------------------------------------------------- */

static bool has_name(const area_work *w, const jx_area *a, const char *name) {
    if (strcmp(a->name, name) == 0 || (a->name_en && strcmp(a->name_en, name) == 0) || (a->name_zh && strcmp(a->name_zh, name) == 0)) {
        return true;
    }
    uint32_t r = jx_extract_find(w->x, JX_OSM_RELATION, a->osm_id); /* any other name tag of the map */
    for (uint32_t i = r == JX_NONE ? 0 : w->x->rel_tag_off[r]; r != JX_NONE && i < w->x->rel_tag_off[r + 1]; i++) {
        const char *k = jx_strings_cstr(w->x->strings, w->x->rel_tags[i].k);
        if ((strncmp(k, "name:", 5) == 0 || strcmp(k, "alt_name") == 0 || strcmp(k, "official_name") == 0) &&
            strcmp(jx_strings_cstr(w->x->strings, w->x->rel_tags[i].v), name) == 0) {
            return true;
        }
    }
    return false;
}

/* Up to six complete areas to suggest, largest first. */
static void suggest(const area_work *w, jx_buf *b) {
    double below = HUGE_VAL;
    for (int k = 0; k < 6; k++) {
        const jx_area *best = NULL;
        for (size_t i = 0; i < w->areas.n; i++) {
            const jx_area *a = &w->areas.v[i];
            if (a->complete && *a->name && a->area_m2 < below && (!best || a->area_m2 > best->area_m2)) {
                best = a;
            }
        }
        if (best) {
            jx_buf_fmt(b, "%s%s", b->n ? ", " : "", best->name);
            below = best->area_m2;
        }
    }
}

static jx_status unknown_area(area_work *w, const char *name) {
    jx_buf b;
    jx_buf_init(&b, w->ctx);
    suggest(w, &b);
    jx_status st = jx_buf_ok(&b);
    if (st == JX_OK) {
        st = JX_FAIL(w->ctx, AREA_UNKNOWN, JX_S(name), JX_S(b.n ? b.s : "-"));
    }
    jx_buf_release(&b);
    return st;
}

static jx_status choose_named(area_work *w, const char *name) {
    int64_t id;
    uint32_t found = JX_NONE, n_found = 0;
    bool number = jx_parse_int64(name, strlen(name), &id);
    for (size_t i = 0; i < w->areas.n; i++) {
        const jx_area *a = &w->areas.v[i];
        if (number ? a->osm_id == id : has_name(w, a, name)) {
            /* one place often has several levels of the same name and shape: the complete one, then the more particular */
            if (found == JX_NONE || (a->complete && !w->areas.v[found].complete) ||
                (a->complete == w->areas.v[found].complete && a->admin_level > w->areas.v[found].admin_level)) {
                found = (uint32_t)i;
            }
            n_found++;
        }
    }
    if (!n_found) {
        return unknown_area(w, name);
    }
    if (!w->areas.v[found].complete) {
        return JX_FAIL(w->ctx, AREA_INCOMPLETE, JX_S(name));
    }
    for (size_t i = 0; i < w->areas.n; i++) { /* two different places of one name are a question, not a guess */
        const jx_area *a = &w->areas.v[i];
        if (i != found && !number && a->complete && has_name(w, a, name) && !jx_mpoly_has(&w->areas.v[found].shape, a->label) &&
            !jx_mpoly_has(&a->shape, w->areas.v[found].label)) {
            return JX_FAIL(w->ctx, AREA_AMBIGUOUS, JX_S(name), JX_I(a->osm_id), JX_I(w->areas.v[found].osm_id));
        }
    }
    w->c->study = found;
    w->c->study_given = true;
    return JX_OK;
}

/* Street nodes inside: every 16th is plenty for comparing areas. */
static jx_status count_inside(const area_work *w, const jx_area *a, uint64_t *count) {
    jx_prepared *p;
    *count = 0;
    JX_TRY(jx_prepare(w->ctx, &a->shape, &p));
    for (uint32_t way = 0; way < w->x->n_ways; way++) {
        uint32_t lo = w->x->way_ref_off[way], hi = w->x->way_ref_off[way + 1];
        if (!jx_tag_value(w->x, w->x->way_tags + w->x->way_tag_off[way], w->x->way_tag_off[way + 1] - w->x->way_tag_off[way], w->k_highway)) {
            continue;
        }
        for (uint32_t i = lo; i < hi; i += 16) {
            uint32_t node = w->x->way_refs[i];
            *count += node != JX_NONE && jx_prepared_has(p, w->x->node_pt[node]) ? 1 : 0;
        }
    }
    jx_prepared_free(w->ctx, p);
    return JX_OK;
}

static jx_status choose_best(area_work *w) {
    uint64_t most = 0;
    for (size_t i = 0; i < w->areas.n; i++) {
        const jx_area *a = &w->areas.v[i];
        uint64_t n;
        if (!a->complete || a->parent != JX_NONE || w->k_highway == JX_NONE) {
            continue; /* what lies in another complete area holds fewer */
        }
        JX_TRY(count_inside(w, a, &n));
        if (n > most) {
            most = n;
            w->c->study = (uint32_t)i;
        }
    }
    if (most) {
        JX_NOTE(w->ctx, AREA_CHOSEN, JX_S(w->areas.v[w->c->study].name), JX_I(w->areas.v[w->c->study].osm_id));
    }
    return JX_OK;
}

static jx_status add_shape(area_work *w, const char *name, jx_mpoly *shape, bool is_box) {
    jx_area a = {.parent = JX_NONE, .shape = *shape, .complete = true, .is_box = is_box, .population = NAN};
    JX_TRY(keep(w, name, &a.name));
    a.area_m2 = jx_mpoly_area_m2(&a.shape);
    a.label = jx_mpoly_label_point(&a.shape);
    w->c->study = (uint32_t)w->areas.n;
    JX_TRY(jx_vec_push(w->ctx, &w->areas, a));
    *shape = (jx_mpoly){0};
    return JX_OK;
}

/* No boundary at all: the extract's own box; cells that the user gives belong to it wherever they lie. */
static jx_status add_box(area_work *w) {
    jx_box box = w->x->header.has_bbox ? w->x->header.bbox : w->x->data_box;
    const jx_people_table *t = w->cfg->people_table;
    for (uint32_t i = 0; t && i < t->n; i++) {
        jx_box_add(&box, t->pt[i]);
    }
    jx_mpoly shape;
    JX_TRY(jx_mpoly_from_box(w->ctx, box, &shape));
    jx_status st = add_shape(w, "", &shape, true);
    jx_mpoly_release(w->ctx, &shape);
    JX_NOTE(w->ctx, AREA_BOX, JX_R(jx_deg(box.min_lon), 4), JX_R(jx_deg(box.min_lat), 4), JX_R(jx_deg(box.max_lon), 4), JX_R(jx_deg(box.max_lat), 4));
    return st;
}

static jx_status choose_study(area_work *w) {
    w->c->study = JX_NONE;
    if (w->cfg->boundary) {
        jx_mpoly shape;
        JX_TRY(jx_mpoly_copy(w->ctx, w->cfg->boundary, &shape));
        jx_status st = add_shape(w, w->cfg->boundary_name ? w->cfg->boundary_name : "", &shape, false);
        jx_mpoly_release(w->ctx, &shape);
        JX_TRY(st);
        w->c->study_given = true;
        if (!jx_box_meets(w->cfg->boundary->box, w->x->data_box)) {
            return JX_FAIL0(w->ctx, AREA_OUTSIDE);
        }
    } else if (w->cfg->area) {
        JX_TRY(choose_named(w, w->cfg->area));
    } else {
        JX_TRY(choose_best(w));
    }
    return w->c->study == JX_NONE ? add_box(w) : JX_OK;
}

/* ---- townships -------------------------------------------------------------------------------------------------------------- */

static int cmp_township(const void *x, const void *y, void *user) {
    const jx_area *areas = user, *a = &areas[*(const uint32_t *)x], *b = &areas[*(const uint32_t *)y];
    int c = strcmp(a->code ? a->code : "", b->code ? b->code : "");
    c = c ? c : strcmp(a->name, b->name);
    return c ? c : (a->osm_id > b->osm_id) - (a->osm_id < b->osm_id);
}

static bool divides(const area_work *w, size_t i, unsigned level) {
    const jx_area *a = &w->areas.v[i], *s = &w->areas.v[w->c->study];
    return i != w->c->study && a->complete && a->admin_level == level && *a->name && a->area_m2 < s->area_m2 * 0.98 &&
           jx_mpoly_has(&s->shape, a->label);
}

/* Does the map state how many people live in this area: on the area itself, or on a place inside that bears its name? */
static bool has_figure(const area_work *w, const jx_area *a) {
    if (!isnan(a->population)) {
        return true;
    }
    uint32_t k_place = id_of(w->x, "place");
    for (uint32_t i = 0; k_place != JX_NONE && w->k_population != JX_NONE && i < w->x->n_nodes; i++) {
        const jx_tag *t = w->x->node_tags + w->x->node_tag_off[i];
        uint32_t n = w->x->node_tag_off[i + 1] - w->x->node_tag_off[i];
        const char *name = n && tag(w, t, n, k_place) && tag(w, t, n, w->k_population) ? tag(w, t, n, w->k_name) : NULL;
        if (name && strcmp(name, a->name) == 0 && jx_mpoly_has(&a->shape, w->x->node_pt[i])) {
            return true;
        }
    }
    return false;
}

/*
 * Which level divides the area of study: of those that cover nearly all of it (else the one that covers most, if half at least), the
 * one with figures of people for most of its areas, because that is the level a county counts in; then the coarsest.
 */
static unsigned township_level(const area_work *w) {
    const jx_area *s = &w->areas.v[w->c->study];
    unsigned best = 0;
    double best_cover = 0.5, best_figures = -1;
    for (unsigned level = s->admin_level + 1u; level <= 12; level++) {
        double area = 0, figures = 0, n = 0;
        for (size_t i = 0; i < w->areas.n; i++) {
            if (divides(w, i, level)) {
                area += w->areas.v[i].area_m2;
                figures += has_figure(w, &w->areas.v[i]) ? 1 : 0;
                n++;
            }
        }
        double cover = area / s->area_m2 > 0.9 ? 0.9 : area / s->area_m2, share = n > 0 ? figures / n : 0;
        if (cover > best_cover || (cover == best_cover && best && share > best_figures)) {
            best_cover = cover;
            best_figures = share;
            best = level;
        }
    }
    return best;
}

static jx_status find_townships(area_work *w) {
    jx_county *c = w->c;
    unsigned level = township_level(w);
    c->township = jx_malloc(w->ctx, w->areas.n, sizeof *c->township);
    if (!c->township) {
        return JX_E_NOMEM;
    }
    for (size_t i = 0; level && i < w->areas.n; i++) {
        if (divides(w, i, level)) {
            c->township[c->n_townships++] = (uint32_t)i;
        }
    }
    return jx_sort(w->ctx, c->township, c->n_townships, sizeof *c->township, cmp_township, w->areas.v);
}

jx_status jx__areas_build(jx_ctx *ctx, const jx_extract *x, const jx_county_config *cfg, jx_county *c) {
    area_work w = {.ctx = ctx, .x = x, .cfg = cfg, .c = c, .k_boundary = id_of(x, "boundary"), .k_level = id_of(x, "admin_level"),
                   .k_name = id_of(x, "name"), .k_name_en = id_of(x, "name:en"), .k_name_zh = id_of(x, "name:zh"),
                   .k_population = id_of(x, "population"), .k_highway = id_of(x, "highway"), .v_admin = id_of(x, "administrative")};
    for (int i = 0; code_keys[i]; i++) {
        w.k_code[i] = id_of(x, code_keys[i]);
    }
    jx_status st = w.k_boundary == JX_NONE ? JX_OK : read_areas(&w);
    if (st == JX_OK) {
        say_incomplete(&w);
        find_parents(&w);
        st = choose_study(&w);
    }
    if (st == JX_OK) {
        st = find_townships(&w);
    }
    c->areas = w.areas.v; /* freed with the county, whatever the outcome */
    c->n_areas = (uint32_t)w.areas.n;
    if (st == JX_OK && c->areas[c->study].shape.n_parts == 0) {
        st = JX_FAIL0(ctx, AREA_EMPTY);
    }
    return st;
}

/* ---- where a position lies ----------------------------------------------------------------------------------------------------- */

struct jx__locator {
    jx_prepared *study;
    jx_prepared **township;
    const jx_county *c;
};

jx_status jx__locator_new(jx_ctx *ctx, const jx_county *c, jx__locator **out) {
    jx__locator *l = jx_calloc(ctx, 1, sizeof *l);
    if (!l) {
        return JX_E_NOMEM;
    }
    l->c = c;
    l->township = jx_calloc(ctx, c->n_townships, sizeof *l->township);
    jx_status st = l->township ? jx_prepare(ctx, &c->areas[c->study].shape, &l->study) : JX_E_NOMEM;
    for (uint32_t i = 0; st == JX_OK && i < c->n_townships; i++) {
        st = jx_prepare(ctx, &c->areas[c->township[i]].shape, &l->township[i]);
    }
    if (st != JX_OK) {
        jx__locator_free(ctx, l);
        return st;
    }
    *out = l;
    return JX_OK;
}

void jx__locator_free(jx_ctx *ctx, jx__locator *l) {
    if (!l) {
        return;
    }
    for (uint32_t i = 0; l->township && i < l->c->n_townships; i++) {
        jx_prepared_free(ctx, l->township[i]);
    }
    jx_free(ctx, l->township);
    jx_prepared_free(ctx, l->study);
    jx_free(ctx, l);
}

bool jx__locate(const jx__locator *l, jx_pt p, uint32_t *township) {
    *township = JX_NONE;
    if (!jx_prepared_has(l->study, p)) {
        return false;
    }
    for (uint32_t i = 0; i < l->c->n_townships; i++) { /* the first in order wins on a shared border */
        if (jx_prepared_has(l->township[i], p)) {
            *township = i;
            break;
        }
    }
    return true;
}
