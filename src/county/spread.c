/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Figures -> carriers. Each township has one figure, from the best source it has; a village inside it with a figure of its own shapes
 * the spread (its surroundings get that many) and is never added on top. Totals are conserved by jx_apportion.
 *
 * A township's own figure on the map is the population of its area, or else of the place node that bears its name.
 */
#include <math.h>

#include "county/people_internal.h"
#include "junxian/num.h"

typedef struct zone { /* a township, or the whole area where there are none (index n_townships: people outside any) */
    double figure;    /* NaN none */
    jx_people_source source;
    uint32_t own_place; /* the place whose figure it is; JX_NONE */
} zone;

typedef struct spreader {
    jx_ctx *ctx;
    const jx_county_config *cfg;
    const jx__people_rules *r;
    jx_county *c;
    jx__carriers *k;
    zone *zones;
    uint32_t n_zones; /* n_townships + 1 */
    uint32_t *order;  /* carriers by zone */
    uint32_t *start;  /* n_zones + 1 */
} spreader;

static uint32_t zone_of(const spreader *s, uint32_t township) { return township == JX_NONE ? s->c->n_townships : township; }

static const jx_area *township_area(const spreader *s, uint32_t z) {
    return z < s->c->n_townships ? &s->c->areas[s->c->township[z]] : &s->c->areas[s->c->study];
}

static bool same_name(const jx_area *a, const char *name) {
    return strcmp(a->name, name) == 0 || (a->name_zh && strcmp(a->name_zh, name) == 0) || (a->name_en && strcmp(a->name_en, name) == 0);
}

/* ---- which figure each zone has ---------------------------------------------------------------------------------------- */

static jx_status unknown_township(spreader *s, const jx_census_row *row) {
    jx_buf b;
    jx_buf_init(&b, s->ctx);
    for (uint32_t i = 0; i < s->c->n_townships && i < 8; i++) {
        jx_buf_fmt(&b, "%s%s", i ? ", " : "", township_area(s, i)->name);
    }
    jx_status st = jx_buf_ok(&b) == JX_OK
                       ? JX_FAIL_ROW(s->ctx, s->cfg->census_file, row->row, CENSUS_UNKNOWN_TOWNSHIP, JX_S(row->township), JX_S(b.n ? b.s : "-"))
                       : JX_E_NOMEM;
    jx_buf_release(&b);
    return st;
}

static jx_status census_figures(spreader *s) {
    uint32_t given = 0;
    uint32_t *row_of = jx_calloc(s->ctx, s->n_zones, sizeof *row_of);
    jx_status st = row_of ? JX_OK : JX_E_NOMEM;
    for (uint32_t i = 0; st == JX_OK && i < s->cfg->n_census; i++) {
        const jx_census_row *row = &s->cfg->census[i];
        uint32_t z = 0;
        for (; z < s->n_zones; z++) {
            const jx_area *a = township_area(s, z);
            bool is_rest = z == s->c->n_townships && s->c->n_townships > 0;
            if (!is_rest && (same_name(a, row->township) || (a->code && strcmp(a->code, row->township) == 0))) {
                break;
            }
        }
        if (z == s->n_zones) {
            st = unknown_township(s, row);
        } else if (row_of[z]) {
            st = JX_FAIL_ROW(s->ctx, s->cfg->census_file, row->row, CENSUS_TWICE, JX_S(row->township), JX_I(row_of[z]));
        } else {
            row_of[z] = row->row;
            s->zones[z] = (zone){row->people, JX_PEOPLE_CENSUS, JX_NONE};
            given++;
        }
    }
    if (st == JX_OK && s->cfg->n_census && given < s->c->n_townships) {
        JX_WARN(s->ctx, CENSUS_MISSING, JX_I(s->c->n_townships - given), JX_I(s->c->n_townships));
    }
    jx_free(s->ctx, row_of);
    return st;
}

/* The place node that bears the zone's name: the most important one, for a quarter may repeat it. */
static uint32_t place_named(const spreader *s, uint32_t z) {
    const jx_area *a = township_area(s, z);
    uint32_t best = JX_NONE;
    for (uint32_t p = 0; p < s->c->n_places; p++) {
        const jx_place *pl = &s->c->places[p];
        bool in = z < s->c->n_townships ? pl->township == z : jx_mpoly_has(&a->shape, pl->pt);
        if (in && !isnan(pl->population) && same_name(a, pl->name) && (best == JX_NONE || pl->kind < s->c->places[best].kind)) {
            best = p;
        }
    }
    return best;
}

static void map_figures(spreader *s) {
    for (uint32_t z = 0; z < s->n_zones; z++) {
        bool is_rest = z == s->c->n_townships && s->c->n_townships > 0;
        if (is_rest || !isnan(s->zones[z].figure)) {
            continue;
        }
        const jx_area *a = township_area(s, z);
        uint32_t own = place_named(s, z);
        if (!isnan(a->population)) {
            s->zones[z] = (zone){a->population, JX_PEOPLE_TAGS, own};
        } else if (own != JX_NONE) {
            s->zones[z] = (zone){s->c->places[own].population, JX_PEOPLE_TAGS, own};
        }
    }
}

/* Sum of the figures of a zone's places, where the zone has none of its own. A quarter or suburb lies in its town: not added. */
static double places_sum(const spreader *s, uint32_t z) {
    double sum = 0;
    bool any = false, town = false;
    for (uint32_t p = 0; p < s->c->n_places; p++) {
        town = town || (s->c->places[p].inside && zone_of(s, s->c->places[p].township) == z &&
                        s->c->places[p].kind <= JX_PLACE_TOWN && !isnan(s->c->places[p].population));
    }
    for (uint32_t p = 0; p < s->c->n_places; p++) {
        const jx_place *pl = &s->c->places[p];
        bool part = pl->kind == JX_PLACE_SUBURB || pl->kind == JX_PLACE_QUARTER;
        if (pl->inside && zone_of(s, pl->township) == z && !isnan(pl->population) && !(part && town)) {
            sum += pl->population;
            any = true;
        }
    }
    return any ? sum : NAN;
}

static double zone_weight(const spreader *s, uint32_t z, int kind) {
    double sum = 0;
    for (uint32_t i = s->start[z]; i < s->start[z + 1]; i++) {
        const jx__carrier *k = &s->k->v[s->order[i]];
        sum += kind < 0 || (int)k->kind == kind ? k->weight : 0;
    }
    return sum;
}

/* Dwellings by floor area: the last resort, flagged as a guess. */
static double dwellings(const spreader *s, uint32_t z) {
    double n = 0;
    for (uint32_t i = s->start[z]; i < s->start[z + 1]; i++) {
        const jx__carrier *k = &s->k->v[s->order[i]];
        if (k->kind == JX__BUILDING) {
            double d = floor(k->weight / s->r->dwelling_m2 / 2 + 0.5); /* half of the floor of a larger house is stairs, shops, stores */
            n += d < 1 ? 1 : d;
        }
    }
    return n;
}

/* Zones without a figure: what the whole area's figure leaves for them, else their places, else dwellings. */
static void fill_rest(spreader *s) {
    const jx_area *study = &s->c->areas[s->c->study];
    double known = 0, open_floor = 0;
    for (uint32_t z = 0; z < s->n_zones; z++) {
        known += isnan(s->zones[z].figure) ? 0 : s->zones[z].figure;
        open_floor += isnan(s->zones[z].figure) ? zone_weight(s, z, JX__BUILDING) : 0;
    }
    bool rest_is_open = isnan(s->zones[s->c->n_townships].figure) && s->c->n_townships > 0;
    double all = !isnan(study->population) && s->cfg->n_census == 0 ? study->population : NAN;
    for (uint32_t z = 0; z < s->n_zones; z++) {
        zone *t = &s->zones[z];
        bool is_rest = z == s->c->n_townships && s->c->n_townships > 0;
        if (!isnan(t->figure)) {
            continue;
        }
        if (is_rest && rest_is_open && s->start[z] == s->start[z + 1]) {
            *t = (zone){0, JX_PEOPLE_TAGS, JX_NONE};
        } else if (is_rest && known > 0 && !(all > known)) {
            /* slivers between mapped townships: their people are in the townships' figures already */
            *t = (zone){0, JX_PEOPLE_TAGS, JX_NONE};
        } else if (all > known && open_floor > 0) {
            *t = (zone){(all - known) * zone_weight(s, z, JX__BUILDING) / open_floor, JX_PEOPLE_TAGS, JX_NONE};
        } else {
            double sum = places_sum(s, z), n = dwellings(s, z);
            *t = !isnan(sum) ? (zone){sum, JX_PEOPLE_TAGS, JX_NONE}
                             : (zone){n * s->r->persons_per_dwelling, n > 0 ? JX_PEOPLE_DWELLINGS : JX_PEOPLE_NONE, JX_NONE};
        }
    }
}

/* ---- spreading one zone ---------------------------------------------------------------------------------------------------- */

/* Shares of what carries the zone's people; they sum to 1 over the kinds that exist there. */
static void shares(const spreader *s, uint32_t z, double share[JX__N_CARRIERS]) {
    double w[JX__N_CARRIERS], n_buildings = 0, street_km, mapped;
    for (int k = 0; k < JX__N_CARRIERS; k++) {
        w[k] = zone_weight(s, z, k);
        share[k] = 0;
    }
    for (uint32_t i = s->start[z]; i < s->start[z + 1]; i++) {
        n_buildings += s->k->v[s->order[i]].kind == JX__BUILDING ? 1 : 0;
    }
    street_km = w[JX__STREET] / 1e3;
    mapped = n_buildings == 0 ? 0 : street_km <= 0 ? 1 : n_buildings / street_km / s->r->full_buildings_per_km;
    mapped = mapped > 1 ? 1 : mapped;
    const double rest[JX__N_CARRIERS] = {0, w[JX__LANDUSE] > 0 ? s->r->share_landuse : 0, w[JX__STREET] > 0 ? s->r->share_streets : 0,
                                         w[JX__PLACE] > 0 ? s->r->share_places : 0, 0};
    double sum = rest[JX__LANDUSE] + rest[JX__STREET] + rest[JX__PLACE];
    share[JX__BUILDING] = sum > 0 ? mapped : n_buildings > 0 ? 1 : 0;
    for (int k = JX__LANDUSE; k <= JX__PLACE; k++) {
        share[k] = sum > 0 ? (1 - mapped) * rest[k] / sum : 0;
    }
}

/* Weight of each of the zone's carriers under the shares. */
static void weigh(const spreader *s, uint32_t z, const double share[JX__N_CARRIERS], double *w) {
    double total[JX__N_CARRIERS];
    for (int k = 0; k < JX__N_CARRIERS; k++) {
        total[k] = zone_weight(s, z, k);
    }
    for (uint32_t i = s->start[z]; i < s->start[z + 1]; i++) {
        const jx__carrier *k = &s->k->v[s->order[i]];
        w[i - s->start[z]] = total[k->kind] > 0 ? share[k->kind] * k->weight / total[k->kind] : 0;
    }
}

/* Villages with figures of their own take them from the zone's: their surroundings' weights are scaled so. */
static void shape_by_villages(const spreader *s, uint32_t z, double *w) {
    uint32_t n = s->start[z + 1] - s->start[z];
    double all = 0, claimed = 0, claimed_w = 0;
    for (uint32_t i = 0; i < n; i++) {
        all += w[i];
    }
    for (int pass = 0; pass < 2; pass++) {
        for (uint32_t p = 0; p < s->c->n_places; p++) {
            const jx_place *pl = &s->c->places[p];
            if (!pl->inside || zone_of(s, pl->township) != z || p == s->zones[z].own_place || isnan(pl->population) || pl->kind == JX_PLACE_CITY) {
                continue;
            }
            double here = 0, scale;
            for (uint32_t i = 0; i < n; i++) {
                here += s->k->v[s->order[s->start[z] + i]].settlement == p ? w[i] : 0;
            }
            if (here <= 0) {
                continue;
            }
            if (pass == 0) {
                claimed += pl->population;
                claimed_w += here;
                continue;
            }
            /* wanted share of the zone: figure / zone figure, never more than the zone has; the rest keeps its weights */
            double figure = s->zones[z].figure, fit = claimed > figure ? figure / claimed : 1;
            double rest_w = all - claimed_w, rest_people = figure - claimed * fit;
            if (rest_w <= 0 || rest_people <= 0) {
                scale = pl->population / here;
            } else {
                scale = pl->population * fit / here / (rest_people / rest_w);
            }
            for (uint32_t i = 0; i < n; i++) {
                if (s->k->v[s->order[s->start[z] + i]].settlement == p) {
                    w[i] *= scale;
                }
            }
        }
    }
}

static jx_status spread_zone(const spreader *s, uint32_t z, jx_people_mix *mix) {
    uint32_t n = s->start[z + 1] - s->start[z];
    double share[JX__N_CARRIERS], *w = jx_malloc(s->ctx, n, sizeof *w), *people = jx_malloc(s->ctx, n, sizeof *people);
    if (!w || !people) {
        jx_free(s->ctx, w);
        jx_free(s->ctx, people);
        return JX_E_NOMEM;
    }
    shares(s, z, share);
    *mix = (jx_people_mix){share[JX__BUILDING], share[JX__LANDUSE], share[JX__STREET], share[JX__PLACE], n == 1 ? share[JX__EVEN] : 0};
    weigh(s, z, share, w);
    shape_by_villages(s, z, w);
    jx_apportion(s->zones[z].figure, w, n, people);
    for (uint32_t i = 0; i < n; i++) {
        s->k->v[s->order[s->start[z] + i]].people = people[i];
    }
    jx_free(s->ctx, w);
    jx_free(s->ctx, people);
    return JX_OK;
}

/* ---- everything -------------------------------------------------------------------------------------------------------------- */

static jx_status sort_carriers(spreader *s) {
    s->order = jx_malloc(s->ctx, s->k->n, sizeof *s->order);
    s->start = jx_calloc(s->ctx, (size_t)s->n_zones + 1, sizeof *s->start);
    if (!s->order || !s->start) {
        return JX_E_NOMEM;
    }
    uint32_t at = 0;
    for (uint32_t z = 0; z < s->n_zones; z++) { /* stable: carriers keep their order within a zone */
        s->start[z] = at;
        for (uint32_t i = 0; i < s->k->n; i++) {
            if (zone_of(s, s->k->v[i].township) == z) {
                s->order[at++] = i;
            }
        }
    }
    s->start[s->n_zones] = at;
    return JX_OK;
}

/* A township whose figure has nothing at all to carry it: all its people at its label point. */
static jx_status bare_zones(spreader *s) {
    for (uint32_t z = 0; z < s->n_zones; z++) {
        bool bare = true;
        for (size_t i = 0; i < s->k->n && bare; i++) {
            bare = zone_of(s, s->k->v[i].township) != z;
        }
        if (bare && s->zones[z].figure > 0) {
            jx__carrier k = {.pt = township_area(s, z)->label,
                             .township = z < s->c->n_townships ? z : JX_NONE,
                             .settlement = JX_NONE,
                             .kind = JX__EVEN,
                             .weight = 1};
            JX_TRY(jx_vec_push(s->ctx, s->k, k));
        }
    }
    return JX_OK;
}

/* The source that most people come from names the whole; any guess among them makes the whole a guess. */
static void sum_up(spreader *s) {
    jx_county *c = s->c;
    double by[JX_PEOPLE_NONE + 1] = {0}, total = 0;
    jx_people_mix m = {0};
    for (uint32_t z = 0; z < s->n_zones; z++) {
        double f = s->zones[z].figure;
        by[s->zones[z].source] += f;
        total += f;
        if (z < c->n_townships) {
            c->township_people[z] = f;
        }
        const jx_people_mix *t = &c->township_mix[z];
        m.buildings += f * t->buildings;
        m.landuse += f * t->landuse;
        m.streets += f * t->streets;
        m.places += f * t->places;
        m.even += f * t->even;
    }
    c->people_total = total;
    c->people_source = JX_PEOPLE_CENSUS;
    for (int k = JX_PEOPLE_CENSUS; k <= JX_PEOPLE_NONE; k++) {
        c->people_source = by[k] > by[c->people_source] ? (jx_people_source)k : c->people_source;
    }
    c->people_trust = by[JX_PEOPLE_DWELLINGS] > 0 ? JX_GUESSED : JX_DERIVED;
    if (total > 0) {
        c->mix = (jx_people_mix){m.buildings / total, m.landuse / total, m.streets / total, m.places / total, m.even / total};
    } else {
        c->people_source = JX_PEOPLE_NONE;
    }
}

jx_status jx__people_spread(jx_ctx *ctx, const jx_county_config *cfg, const jx__people_rules *r, jx_county *c, jx__carriers *carriers) {
    spreader s = {.ctx = ctx, .cfg = cfg, .r = r, .c = c, .k = carriers, .n_zones = c->n_townships + 1};
    jx_status st;
    s.zones = jx_malloc(ctx, s.n_zones, sizeof *s.zones);
    st = s.zones ? JX_OK : JX_E_NOMEM;
    for (uint32_t z = 0; st == JX_OK && z < s.n_zones; z++) {
        s.zones[z] = (zone){NAN, JX_PEOPLE_NONE, JX_NONE};
    }
    if (st == JX_OK) {
        st = census_figures(&s);
    }
    if (st == JX_OK) {
        map_figures(&s);
        st = bare_zones(&s);
    }
    if (st == JX_OK) {
        st = sort_carriers(&s);
    }
    if (st == JX_OK) {
        fill_rest(&s);
    }
    for (uint32_t z = 0; st == JX_OK && z < s.n_zones; z++) {
        st = spread_zone(&s, z, &c->township_mix[z]);
    }
    if (st == JX_OK) {
        sum_up(&s);
    }
    jx_free(ctx, s.zones);
    jx_free(ctx, s.order);
    jx_free(ctx, s.start);
    return st;
}
