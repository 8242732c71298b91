/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Facilities of the map (by the tag rules) and of the user's lists, duplicates merged: a node inside the outline of the same kind, and
 * the same kind and name close by. What lies outside the area of study still serves it and is kept.
 */
#include <math.h>

#include "county/county_internal.h"

enum { MAX_MATCHES = 8 };

typedef struct gatherer {
    jx_ctx *ctx;
    const jx_extract *x;
    const jx_county_config *cfg;
    jx_county *c;
    jx_matcher *matcher;
    const jx_val *rules;
    JX_VEC(jx_facility) list;
    JX_VEC(jx_mpoly) shape; /* per facility; n_parts 0 for points */
    uint32_t k_name, k_hours, k_capacity, k_beds, k_level;
    jx_box around; /* what can serve the area at all */
} gatherer;

static uint32_t id_of(const jx_extract *x, const char *s) { return jx_strings_find(x->strings, s, strlen(s)); }

static jx_status keep(gatherer *g, const char *s, const char **out) {
    *out = s ? jx_arena_strn(g->ctx, g->c->arena, s, strlen(s)) : NULL;
    return s && !*out ? JX_E_NOMEM : JX_OK;
}

static const char *tag(const gatherer *g, const jx_tag *t, uint32_t n, uint32_t key) { return key == JX_NONE ? NULL : jx_tag_value(g->x, t, n, key); }

/* Does the user's own list stand in for what the map has of this kind? */
static bool replaced(const gatherer *g, const char *kind) {
    for (uint32_t i = 0; g->cfg->facilities_replace_kinds && i < g->cfg->n_facilities; i++) {
        if (strcmp(g->cfg->facilities[i].kind, kind) == 0) {
            return true;
        }
    }
    return false;
}

/* One facility per matching kind; two rules of the same kind count once. */
static jx_status add(gatherer *g, const jx_tag *t, uint32_t n, const uint32_t *rules, uint32_t n_rules,
                     jx_osm_type type, int64_t id, jx_pt pt, const jx_mpoly *shape) {
    const char *name = tag(g, t, n, g->k_name), *capacity = tag(g, t, n, g->k_capacity), *beds = tag(g, t, n, g->k_beds);
    for (uint32_t r = 0; r < n_rules; r++) {
        const char *kind = jx_val_str(jx_val_get(g->rules->items[rules[r]], "kind"), "");
        bool fallback = false, again = false;
        JX_TRY(jx_cfg_bool(g->ctx, g->cfg->facility_map, g->rules->items[rules[r]], "fallback", &fallback));
        again = (fallback && n_rules > 1) || replaced(g, kind); /* another rule, or the user, knows better */
        for (uint32_t q = 0; q < r; q++) {
            again = again || strcmp(kind, jx_val_str(jx_val_get(g->rules->items[rules[q]], "kind"), "")) == 0;
        }
        if (again) {
            continue;
        }
        jx_facility f = {.capacity = NAN, .pt = pt, .osm_id = id, .osm_type = type, .township = JX_NONE};
        double v;
        if (jx_tag_number(beds ? beds : capacity, &v) && v >= 0) {
            f.capacity = v;
        }
        JX_TRY(keep(g, kind, &f.kind));
        JX_TRY(keep(g, name ? name : "", &f.name));
        JX_TRY(keep(g, tag(g, t, n, g->k_hours), &f.hours));
        JX_TRY(keep(g, tag(g, t, n, g->k_level), &f.level));
        jx_mpoly copy = {0};
        if (shape) {
            JX_TRY(jx_mpoly_copy(g->ctx, shape, &copy));
        }
        jx_status st = jx_vec_push(g->ctx, &g->shape, copy);
        if (st != JX_OK) {
            jx_mpoly_release(g->ctx, &copy);
            return st;
        }
        JX_TRY(jx_vec_push(g->ctx, &g->list, f));
    }
    return JX_OK;
}

static jx_status from_nodes(gatherer *g) {
    const jx_extract *x = g->x;
    uint32_t rules[MAX_MATCHES];
    for (uint32_t i = 0; i < x->n_nodes; i++) {
        const jx_tag *t = x->node_tags + x->node_tag_off[i];
        uint32_t n = x->node_tag_off[i + 1] - x->node_tag_off[i], m = n ? jx_matcher_match(g->matcher, t, n, rules, MAX_MATCHES) : 0;
        if (m && jx_box_has(g->around, x->node_pt[i])) {
            JX_TRY(add(g, t, n, rules, m, JX_OSM_NODE, x->node_id[i], x->node_pt[i], NULL));
        }
    }
    return JX_OK;
}

/* Where one goes: a point inside the outline. An open way (a wall, a line of stops) stands for its middle. */
static jx_status from_ways(gatherer *g) {
    const jx_extract *x = g->x;
    uint32_t rules[MAX_MATCHES];
    for (uint32_t w = 0; w < x->n_ways; w++) {
        const jx_tag *t = x->way_tags + x->way_tag_off[w];
        uint32_t n = x->way_tag_off[w + 1] - x->way_tag_off[w], m = jx_matcher_match(g->matcher, t, n, rules, MAX_MATCHES);
        uint32_t mid = m ? x->way_refs[x->way_ref_off[w] + (x->way_ref_off[w + 1] - x->way_ref_off[w]) / 2] : JX_NONE;
        if (mid == JX_NONE || !jx_box_has(g->around, x->node_pt[mid])) {
            continue;
        }
        jx_mpoly shape;
        JX_TRY(jx__way_polygon(g->ctx, x, w, &shape));
        jx_pt pt = shape.n_parts ? jx_mpoly_label_point(&shape) : x->node_pt[mid];
        jx_status st = add(g, t, n, rules, m, JX_OSM_WAY, x->way_id[w], pt, shape.n_parts ? &shape : NULL);
        jx_mpoly_release(g->ctx, &shape);
        JX_TRY(st);
    }
    return JX_OK;
}

static jx_status from_relations(gatherer *g) {
    const jx_extract *x = g->x;
    uint32_t rules[MAX_MATCHES];
    for (uint32_t r = 0; r < x->n_rels; r++) {
        const jx_tag *t = x->rel_tags + x->rel_tag_off[r];
        uint32_t n = x->rel_tag_off[r + 1] - x->rel_tag_off[r], m = jx_matcher_match(g->matcher, t, n, rules, MAX_MATCHES);
        if (!m) {
            continue;
        }
        jx_mpoly shape;
        jx_assembly_report rep;
        JX_TRY(jx__relation_polygon(g->ctx, x, r, &shape, &rep));
        jx_status st = JX_OK;
        if (shape.n_parts && jx_box_meets(shape.box, g->around)) {
            st = add(g, t, n, rules, m, JX_OSM_RELATION, x->rel_id[r], jx_mpoly_label_point(&shape), &shape);
        }
        jx_mpoly_release(g->ctx, &shape);
        JX_TRY(st);
    }
    return JX_OK;
}

static bool used_by_a_service(const jx_county *c, const char *kind) {
    for (uint32_t s = 0; s < c->n_services; s++) {
        for (uint32_t i = 0; i < c->services[s].n_kinds; i++) {
            if (strcmp(c->services[s].kinds[i], kind) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* A kind that no service counts is said once, at its first row. */
static void warn_unused(const gatherer *g) {
    for (uint32_t i = 0; i < g->cfg->n_facilities; i++) {
        const jx_facility_row *u = &g->cfg->facilities[i];
        bool first = !used_by_a_service(g->c, u->kind);
        uint32_t rows = 0;
        for (uint32_t e = 0; first && e < g->cfg->n_facilities; e++) {
            bool same = strcmp(g->cfg->facilities[e].kind, u->kind) == 0;
            first = !(same && e < i);
            rows += same ? 1 : 0;
        }
        if (first) {
            JX_WARN_ROW(g->ctx, u->file, u->row, FACILITY_KIND_UNKNOWN, JX_S(u->kind), JX_I(rows));
        }
    }
}

static jx_status from_user(gatherer *g) {
    for (uint32_t i = 0; i < g->cfg->n_facilities; i++) {
        const jx_facility_row *u = &g->cfg->facilities[i];
        jx_facility f = {.capacity = u->capacity, .pt = u->pt, .source = u->source, .row = u->row, .township = JX_NONE};
        JX_TRY(keep(g, u->kind, &f.kind));
        JX_TRY(keep(g, u->name ? u->name : "", &f.name));
        JX_TRY(keep(g, u->level, &f.level));
        JX_TRY(keep(g, u->hours, &f.hours));
        JX_TRY(jx_vec_push(g->ctx, &g->shape, (jx_mpoly){0}));
        JX_TRY(jx_vec_push(g->ctx, &g->list, f));
    }
    return JX_OK;
}

/* ---- merging -------------------------------------------------------------------------------------------------------- */

typedef struct merger {
    gatherer *g;
    const uint32_t *order; /* facilities by kind, then latitude */
    uint32_t *into;        /* JX_NONE: stays */
} merger;

static int cmp_facility(const void *a, const void *b, void *user) {
    const jx_facility *list = user, *x = &list[*(const uint32_t *)a], *y = &list[*(const uint32_t *)b];
    int c = strcmp(x->kind, y->kind);
    if (c) {
        return c;
    }
    if (x->pt.lat != y->pt.lat) {
        return x->pt.lat < y->pt.lat ? -1 : 1;
    }
    if (x->pt.lon != y->pt.lon) {
        return x->pt.lon < y->pt.lon ? -1 : 1;
    }
    if (x->osm_type != y->osm_type) {
        return (int)x->osm_type - (int)y->osm_type;
    }
    return x->osm_id != y->osm_id ? (x->osm_id > y->osm_id ? 1 : -1) : (x->row > y->row) - (x->row < y->row);
}

/* Which of two stays: the user's row, then what has an outline, then what has a name, then the first in order. */
static bool stays(const merger *m, uint32_t a, uint32_t b) {
    const jx_facility *x = &m->g->list.v[a], *y = &m->g->list.v[b];
    if ((x->row > 0) != (y->row > 0)) {
        return x->row > 0;
    }
    bool sx = m->g->shape.v[a].n_parts > 0, sy = m->g->shape.v[b].n_parts > 0;
    if (sx != sy) {
        return sx;
    }
    return (*x->name != 0) != (*y->name != 0) ? *x->name != 0 : true;
}

static bool duplicates(const merger *m, uint32_t a, uint32_t b) {
    const jx_facility *x = &m->g->list.v[a], *y = &m->g->list.v[b];
    const jx_mpoly *sx = &m->g->shape.v[a], *sy = &m->g->shape.v[b];
    bool both_named = *x->name && *y->name, same = both_named && strcmp(x->name, y->name) == 0;
    bool user_and_map = (x->row > 0) != (y->row > 0); /* points of lists are placed by hand */
    if (user_and_map && ((same && jx_pt_pt_m(x->pt, y->pt) <= 200) || (!both_named && jx_pt_pt_m(x->pt, y->pt) <= 40))) {
        return true;
    }
    if (both_named && !same) {
        return false; /* two doctors in one house are two */
    }
    if ((sx->n_parts && !sy->n_parts && jx_mpoly_has(sx, y->pt)) || (sy->n_parts && !sx->n_parts && jx_mpoly_has(sy, x->pt))) {
        return true;
    }
    double near = strcmp(x->kind, "bus_stop") == 0 ? 60 : 30;
    return same && jx_pt_pt_m(x->pt, y->pt) <= near;
}

static uint32_t root(const merger *m, uint32_t i) {
    while (m->into[i] != JX_NONE) {
        i = m->into[i];
    }
    return i;
}

/* Same kinds lie together, sorted by latitude: compare each with those less than 500 m further north. */
static void find_duplicates(merger *m) {
    uint32_t n = (uint32_t)m->g->list.n;
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t k = i + 1; k < n; k++) {
            uint32_t a = m->order[i], b = m->order[k];
            const jx_facility *x = &m->g->list.v[a], *y = &m->g->list.v[b];
            if (strcmp(x->kind, y->kind) != 0 || (int64_t)y->pt.lat - x->pt.lat > 45000) {
                break;
            }
            if (!duplicates(m, a, b)) {
                continue;
            }
            a = root(m, a);
            b = root(m, b);
            if (a != b) {
                m->into[stays(m, a, b) ? b : a] = stays(m, a, b) ? a : b;
            }
        }
    }
}

static void absorb(jx_facility *to, const jx_facility *from) {
    to->merged += 1 + from->merged;
    to->name = *to->name ? to->name : from->name;
    to->level = to->level ? to->level : from->level;
    to->hours = to->hours ? to->hours : from->hours;
    to->capacity = isnan(to->capacity) ? from->capacity : to->capacity;
}

static jx_status merge(gatherer *g) {
    uint32_t n = (uint32_t)g->list.n, kept = 0;
    uint32_t *order = jx_malloc(g->ctx, n, sizeof *order), *into = jx_malloc(g->ctx, n, sizeof *into);
    jx_facility *out = jx_malloc(g->ctx, n, sizeof *out);
    jx_status st = order && into && out ? JX_OK : JX_E_NOMEM;
    for (uint32_t i = 0; st == JX_OK && i < n; i++) {
        order[i] = i;
        into[i] = JX_NONE;
    }
    if (st == JX_OK) {
        st = jx_sort(g->ctx, order, n, sizeof *order, cmp_facility, g->list.v);
    }
    if (st == JX_OK) {
        merger m = {g, order, into};
        find_duplicates(&m);
        for (uint32_t i = 0; i < n; i++) {
            uint32_t f = order[i];
            if (into[f] != JX_NONE) {
                absorb(&g->list.v[root(&m, f)], &g->list.v[f]);
                g->c->n_merged++;
            }
        }
        for (uint32_t i = 0; i < n; i++) {
            if (into[order[i]] == JX_NONE) {
                out[kept++] = g->list.v[order[i]];
            }
        }
    }
    jx_free(g->ctx, order);
    jx_free(g->ctx, into);
    g->c->facilities = out;
    g->c->n_facilities = st == JX_OK ? kept : 0;
    return st;
}

static jx_status locate(gatherer *g) {
    jx__locator *loc;
    JX_TRY(jx__locator_new(g->ctx, g->c, &loc));
    for (uint32_t i = 0; i < g->c->n_facilities; i++) {
        jx_facility *f = &g->c->facilities[i];
        f->inside = jx__locate(loc, f->pt, &f->township);
    }
    jx__locator_free(g->ctx, loc);
    return JX_OK;
}

jx_status jx__facilities_build(jx_ctx *ctx, const jx_extract *x, const jx_county_config *cfg, jx_county *c) {
    gatherer g = {.ctx = ctx, .x = x, .cfg = cfg, .c = c, .k_name = id_of(x, "name"), .k_hours = id_of(x, "opening_hours"),
                  .k_capacity = id_of(x, "capacity"), .k_beds = id_of(x, "beds"), .k_level = id_of(x, "isced:level")};
    g.rules = jx_val_get(cfg->facility_map->root, "facilities");
    g.around = jx_box_grow(c->areas[c->study].shape.box, 30000); /* half an hour by car; farther ones serve nobody here */
    jx_status st = jx_matcher_compile(ctx, cfg->facility_map, g.rules, x, &g.matcher);
    if (st == JX_OK) {
        st = from_nodes(&g);
    }
    if (st == JX_OK) {
        st = from_ways(&g);
    }
    if (st == JX_OK) {
        st = from_relations(&g);
    }
    if (st == JX_OK) {
        st = from_user(&g);
        warn_unused(&g);
    }
    if (st == JX_OK) {
        st = merge(&g);
    }
    if (st == JX_OK) {
        st = locate(&g);
    }
    for (size_t i = 0; i < g.shape.n; i++) {
        jx_mpoly_release(ctx, &g.shape.v[i]);
    }
    jx_vec_free(ctx, &g.shape);
    jx_vec_free(ctx, &g.list);
    jx_matcher_free(ctx, g.matcher);
    return st;
}

static bool serves(const jx_service *s, const jx_facility *f) {
    for (uint32_t k = 0; k < s->n_kinds; k++) {
        if (strcmp(s->kinds[k], f->kind) == 0) {
            return true;
        }
    }
    return false;
}

static uint64_t object_key(const jx_facility *f) { return (uint64_t)f->osm_id << 2 | (uint64_t)f->osm_type; }

jx_status jx_service_facilities(jx_ctx *ctx, const jx_county *c, const jx_service *s, uint32_t *out, uint32_t *n) {
    jx_map64 seen = {0};
    jx_status st = JX_OK;
    *n = 0;
    for (uint32_t i = 0; st == JX_OK && i < c->n_facilities; i++) {
        const jx_facility *f = &c->facilities[i];
        if (!serves(s, f) || (f->osm_id && jx_map64_get(&seen, object_key(f)) != JX_NONE)) {
            continue;
        }
        out[(*n)++] = i;
        if (f->osm_id) {
            st = jx_map64_put(ctx, &seen, object_key(f), i);
        }
    }
    jx_map64_release(ctx, &seen);
    return st;
}
