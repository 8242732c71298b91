/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Groups of people: counted cell by cell where the people table has them, else a township's figure spread over its cells. */
#include "run/groups.h"

#include <math.h>

static const char *standard_name(const char *s) {
    const char *known = jx_group_name(s);
    return known ? known : s;
}

/* A township's figure over its cells as its people are; NaN where the township's is not known. */
static jx_status spread(jx_ctx *ctx, const jx_county *c, const double *of_township, double **out) {
    const jx_cells *s = &c->cells;
    double *people = jx_calloc(ctx, c->n_townships, sizeof *people), *v = jx_malloc(ctx, s->n, sizeof *v);
    if (!people || !v) {
        jx_free(ctx, people);
        jx_free(ctx, v);
        return JX_E_NOMEM;
    }
    for (uint32_t i = 0; i < s->n; i++) {
        if (s->township[i] != JX_NONE) {
            people[s->township[i]] += s->people[i];
        }
    }
    for (uint32_t i = 0; i < s->n; i++) {
        uint32_t t = s->township[i];
        double all = t == JX_NONE ? 0 : people[t];
        v[i] = all > 0 ? of_township[t] * (s->people[i] / all) : NAN;
    }
    jx_free(ctx, people);
    *out = v;
    return JX_OK;
}

const jx__group *jx__groups_find(const jx__groups *g, const char *name) {
    for (uint32_t i = 0; i < g->n; i++) {
        if (strcmp(g->g[i].name, name) == 0 || strcmp(g->g[i].name, standard_name(name)) == 0) {
            return &g->g[i];
        }
    }
    return NULL;
}

jx_status jx__groups_open(jx_ctx *ctx, const jx_county *c, const char *path, jx_encoding enc, jx__groups *out) {
    *out = (jx__groups){0};
    JX_TRY(path ? jx__town_columns_read(ctx, c, path, enc, &out->table) : JX_OK);
    out->g = jx_calloc(ctx, (size_t)c->n_groups + out->table.n, sizeof *out->g);
    if (!out->g) {
        return JX_E_NOMEM;
    }
    for (uint32_t i = 0; i < c->n_groups; i++) {
        const jx_people_group *v = &c->groups[i];
        out->g[out->n++] = (jx__group){v->name, v->people, v->township, v->trust, NULL};
    }
    for (uint32_t i = 0; i < out->table.n; i++) {
        const jx__town_column *v = &out->table.col[i];
        if (jx__groups_find(out, v->name)) {
            JX_NOTE(ctx, GROUP_COUNTED, JX_S(v->name));
            continue;
        }
        jx__group *g = &out->g[out->n++];
        *g = (jx__group){standard_name(v->name), NULL, v->v, c->people_trust == JX_GUESSED ? JX_GUESSED : JX_DERIVED, NULL};
        JX_TRY(spread(ctx, c, v->v, &g->own));
        g->cells = g->own;
    }
    return JX_OK;
}

void jx__groups_release(jx_ctx *ctx, jx__groups *g) {
    for (uint32_t i = 0; i < g->n; i++) {
        jx_free(ctx, g->g[i].own);
    }
    jx_free(ctx, g->g);
    jx__town_columns_release(ctx, &g->table);
    *g = (jx__groups){0};
}
