/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Settlements: named place nodes, with the township they lie in, and the search for the nearest. */
#include <math.h>

#include "county/people_internal.h"

static const char *const kind_values[JX_N_PLACES][3] = {{"city"}, {"town"}, {"suburb", "borough"}, {"village"}, {"quarter", "neighbourhood"}, {"hamlet"}, {"isolated_dwelling", "farm"}};

static jx_place_kind kind_of(const char *v) {
    for (int k = 0; v && k < JX_N_PLACES; k++) {
        for (int i = 0; i < 3 && kind_values[k][i]; i++) {
            if (strcmp(v, kind_values[k][i]) == 0) {
                return (jx_place_kind)k;
            }
        }
    }
    return JX_N_PLACES;
}

static jx_status keep(jx_ctx *ctx, jx_county *c, const char *s, const char **out) {
    *out = s ? jx_arena_strn(ctx, c->arena, s, strlen(s)) : NULL;
    return s && !*out ? JX_E_NOMEM : JX_OK;
}

jx_status jx__places_build(jx_ctx *ctx, const jx_extract *x, const jx_county_config *cfg, jx_county *c) {
    (void)cfg;
    uint32_t k_place = jx_strings_find(x->strings, "place", 5), k_name = jx_strings_find(x->strings, "name", 4);
    uint32_t k_en = jx_strings_find(x->strings, "name:en", 7), k_zh = jx_strings_find(x->strings, "name:zh", 7);
    uint32_t k_pop = jx_strings_find(x->strings, "population", 10);
    JX_VEC(jx_place) places = {0};
    jx__locator *loc;
    JX_TRY(jx__locator_new(ctx, c, &loc));
    jx_status st = JX_OK;
    for (uint32_t i = 0; st == JX_OK && k_place != JX_NONE && i < x->n_nodes; i++) {
        const jx_tag *t = x->node_tags + x->node_tag_off[i];
        uint32_t n = x->node_tag_off[i + 1] - x->node_tag_off[i];
        jx_place_kind kind = n ? kind_of(jx_tag_value(x, t, n, k_place)) : JX_N_PLACES;
        const char *name = kind < JX_N_PLACES ? jx_tag_value(x, t, n, k_name) : NULL;
        if (!name) {
            continue;
        }
        jx_place p = {.osm_id = x->node_id[i], .kind = kind, .pt = x->node_pt[i], .population = NAN};
        double v;
        if (jx_tag_number(k_pop == JX_NONE ? NULL : jx_tag_value(x, t, n, k_pop), &v) && v >= 0) {
            p.population = v;
        }
        p.inside = jx__locate(loc, p.pt, &p.township);
        JX_TRY_OUT(st, keep(ctx, c, name, &p.name));
        JX_TRY_OUT(st, keep(ctx, c, k_en == JX_NONE ? NULL : jx_tag_value(x, t, n, k_en), &p.name_en));
        JX_TRY_OUT(st, keep(ctx, c, k_zh == JX_NONE ? NULL : jx_tag_value(x, t, n, k_zh), &p.name_zh));
        JX_TRY_OUT(st, jx_vec_push(ctx, &places, p));
    }
out:
    jx__locator_free(ctx, loc);
    c->places = places.v;
    c->n_places = (uint32_t)places.n;
    return st;
}

/* ---- the nearest settlement ------------------------------------------------------------------------------------------- */

/* How far a place's name reaches, metres: a hamlet does not name a town quarter two kilometres off. */
static const double reach_m[JX_N_PLACES] = {8000, 6000, 2500, 5000, 1200, 2500, 800};

struct jx__settler {
    const jx_county *c;
    jx_rtree *tree;
};

jx_status jx__settler_new(jx_ctx *ctx, const jx_county *c, jx__settler **out) {
    jx__settler *s = jx_calloc(ctx, 1, sizeof *s);
    jx_box *boxes = jx_malloc(ctx, c->n_places, sizeof *boxes);
    jx_status st = s && boxes ? JX_OK : JX_E_NOMEM;
    for (uint32_t i = 0; st == JX_OK && i < c->n_places; i++) {
        jx_pt p = c->places[i].pt;
        boxes[i] = (jx_box){p.lon, p.lat, p.lon, p.lat};
    }
    if (st == JX_OK) {
        s->c = c;
        st = jx_rtree_build(ctx, boxes, c->n_places, &s->tree);
    }
    jx_free(ctx, boxes);
    if (st != JX_OK) {
        jx_free(ctx, s);
        return st;
    }
    *out = s;
    return JX_OK;
}

void jx__settler_free(jx_ctx *ctx, jx__settler *s) {
    if (s) {
        jx_rtree_free(ctx, s->tree);
        jx_free(ctx, s);
    }
}

typedef struct ask {
    const jx_county *c;
    jx_pt p;
    uint32_t township;
} ask;

static double place_dist(void *user, uint32_t item, double best) {
    (void)best;
    const ask *a = user;
    const jx_place *pl = &a->c->places[item];
    if (!pl->inside || pl->township != a->township) {
        return -1;
    }
    double d = jx_pt_pt_m(a->p, pl->pt);
    return d <= reach_m[pl->kind] ? d : -1;
}

uint32_t jx__settle(const jx__settler *s, jx_pt p, uint32_t township) {
    ask a = {s->c, p, township};
    return jx_rtree_nearest(s->tree, p, 8000, place_dist, &a, NULL);
}
