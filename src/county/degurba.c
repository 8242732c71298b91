/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Urban and rural by the Degree of Urbanisation, level 1 (Eurostat): on 1 km2 cells, urban centres have at least 1,500 people per km2
 * and 50,000 in all (4-neighbours), urban clusters 300 and 5,000 (8-neighbours). Either is urban here; smoothing and gap filling of
 * centres are left out, because they change centres only and centres lie in clusters anyway.
 */
#include "county/people_internal.h"

typedef struct km {
    int32_t col, row;
    double people;
    uint32_t cluster;
} km;

typedef struct degurba {
    jx_ctx *ctx;
    jx_county *c;
    jx_map64 at; /* col, row -> km */
    JX_VEC(km) cells;
    JX_VEC(uint32_t) stack;
    JX_VEC(double) cluster_people;
} degurba;

static uint64_t key_of(int32_t col, int32_t row) { return (uint64_t)(uint32_t)col << 32 | (uint32_t)row; }

static uint32_t km_at(const degurba *d, int32_t col, int32_t row) { return jx_map64_get(&d->at, key_of(col, row)); }

static jx_status sum_km(degurba *d) {
    jx_grid g = {d->c->grid.plane, JX_GRID_SQUARE, 1000};
    for (uint32_t i = 0; i < d->c->cells.n; i++) {
        int32_t col, row;
        jx_grid_cell(&g, d->c->cells.pt[i], &col, &row);
        uint32_t k = km_at(d, col, row);
        if (k == JX_NONE) {
            k = (uint32_t)d->cells.n;
            JX_TRY(jx_vec_push(d->ctx, &d->cells, (km){col, row, 0, JX_NONE}));
            JX_TRY(jx_map64_put(d->ctx, &d->at, key_of(col, row), k));
        }
        d->cells.v[k].people += d->c->cells.people[i];
    }
    return JX_OK;
}

/* Flood the cells of at least 300 people that touch, corners included. */
static jx_status flood(degurba *d, uint32_t start) {
    uint32_t id = (uint32_t)d->cluster_people.n;
    double people = 0;
    d->cells.v[start].cluster = id;
    JX_TRY(jx_vec_push(d->ctx, &d->stack, start));
    while (d->stack.n) {
        uint32_t k = d->stack.v[--d->stack.n];
        people += d->cells.v[k].people;
        for (int32_t dc = -1; dc <= 1; dc++) {
            for (int32_t dr = -1; dr <= 1; dr++) {
                uint32_t o = km_at(d, d->cells.v[k].col + dc, d->cells.v[k].row + dr);
                if (o != JX_NONE && d->cells.v[o].cluster == JX_NONE && d->cells.v[o].people >= 300) {
                    d->cells.v[o].cluster = id;
                    JX_TRY(jx_vec_push(d->ctx, &d->stack, o));
                }
            }
        }
    }
    return jx_vec_push(d->ctx, &d->cluster_people, people);
}

static jx_status by_density(jx_ctx *ctx, jx_county *c) {
    degurba d = {.ctx = ctx, .c = c};
    jx_grid g = {c->grid.plane, JX_GRID_SQUARE, 1000};
    jx_status st = sum_km(&d);
    for (uint32_t k = 0; st == JX_OK && k < d.cells.n; k++) {
        if (d.cells.v[k].cluster == JX_NONE && d.cells.v[k].people >= 300) {
            st = flood(&d, k);
        }
    }
    for (uint32_t i = 0; st == JX_OK && i < c->cells.n; i++) {
        int32_t col, row;
        jx_grid_cell(&g, c->cells.pt[i], &col, &row);
        const km *k = &d.cells.v[km_at(&d, col, row)];
        c->cells.urban[i] = k->cluster != JX_NONE && d.cluster_people.v[k->cluster] >= 5000;
    }
    jx_map64_release(ctx, &d.at);
    jx_vec_free(ctx, &d.cells);
    jx_vec_free(ctx, &d.stack);
    jx_vec_free(ctx, &d.cluster_people);
    c->urban_rule = N_("by density (DEGURBA level 1, urban clusters and centres of 1 km2 cells)");
    return st;
}

/* "A,B,C": the townships of these names are urban. */
static jx_status by_names(jx_ctx *ctx, const char *list, jx_county *c) {
    for (const char *p = list; *p;) {
        size_t n = strcspn(p, ",");
        size_t len = n;
        const char *s = p;
        while (len && *s == ' ') {
            s++;
            len--;
        }
        while (len && s[len - 1] == ' ') {
            len--;
        }
        bool found = false;
        for (uint32_t t = 0; t < c->n_townships; t++) {
            const jx_area *a = &c->areas[c->township[t]];
            if (strlen(a->name) == len && memcmp(a->name, s, len) == 0) {
                found = true;
                for (uint32_t i = 0; i < c->cells.n; i++) {
                    c->cells.urban[i] |= c->cells.township[i] == t;
                }
            }
        }
        if (!found && len) {
            char name[128];
            size_t m = len < sizeof name - 1 ? len : sizeof name - 1;
            memcpy(name, s, m);
            name[m] = 0;
            return JX_FAIL(ctx, URBAN_UNKNOWN, JX_S(name));
        }
        p += n + (p[n] == ',');
    }
    c->urban_rule = N_("as given by the user, by township");
    return JX_OK;
}

jx_status jx__degurba(jx_ctx *ctx, const jx_county_config *cfg, jx_county *c) {
    if (cfg->urban && (strcmp(cfg->urban, "all-urban") == 0 || strcmp(cfg->urban, "all-rural") == 0)) {
        bool urban = strcmp(cfg->urban, "all-urban") == 0;
        memset(c->cells.urban, urban, c->cells.n);
        c->urban_rule = urban ? N_("all urban, as given by the user") : N_("all rural, as given by the user");
        return JX_OK;
    }
    if (cfg->urban) {
        return by_names(ctx, cfg->urban, c);
    }
    if (c->people_source == JX_PEOPLE_NONE) {
        c->urban_rule = N_("all rural, because people are unknown");
        return JX_OK;
    }
    return by_density(ctx, c);
}
