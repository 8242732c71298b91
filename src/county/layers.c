/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The map layers - areas, cells, facilities, edges - as named columns with unit and validity. */
#include <math.h>

#include "county/layers_internal.h"

void jx__layer_begin(jx__layering *w, const char *name, const char *title, jx_geom_kind geom, uint32_t n, uint32_t cols) {
    jx_layer *l = &w->l->layer[w->l->n++];
    *l = (jx_layer){.name = name, .title = title, .geom = geom, .n = n, .for_gpkg = true, .for_tables = true};
    l->col = jx_arena_alloc(w->ctx, w->l->arena, cols, sizeof *l->col);
    w->failed = w->failed || !l->col;
    w->at = l;
    w->cap_cols = l->col ? cols : 0;
}

static jx_column *new_col(jx__layering *w, const char *name, const char *title, const char *unit, jx_col_type type, size_t size, void **data) {
    *data = jx_arena_alloc(w->ctx, w->l->arena, (size_t)w->at->n + 1, size);
    if (!*data || w->failed || w->at->n_cols == w->cap_cols) {
        w->failed = true;
        return NULL;
    }
    memset(*data, 0, w->at->n * size);
    jx_column *col = &w->at->col[w->at->n_cols++];
    *col = (jx_column){.name = name, .title = title, .unit = unit, .type = type};
    return col;
}

jx_column *jx__col_real(jx__layering *w, const char *name, const char *title, const char *unit, int decimals) {
    void *p;
    jx_column *col = new_col(w, name, title, unit, JX_COL_REAL, sizeof(double), &p);
    if (col) {
        col->real = p;
        col->decimals = decimals;
    }
    return col;
}

jx_column *jx__col_int(jx__layering *w, const char *name, const char *title, const char *unit) {
    void *p;
    jx_column *col = new_col(w, name, title, unit, JX_COL_INT, sizeof(int64_t), &p);
    if (col) {
        col->integer = p;
    }
    return col;
}

jx_column *jx__col_text(jx__layering *w, const char *name, const char *title) {
    void *p;
    jx_column *col = new_col(w, name, title, "", JX_COL_TEXT, sizeof(const char *), &p);
    if (col) {
        col->text = p;
    }
    return col;
}

void jx__invalid(jx__layering *w, jx_column *col, uint32_t row, jx_validity why) {
    if (!col) {
        return;
    }
    if (!col->validity) {
        col->validity = jx_arena_alloc(w->ctx, w->l->arena, w->at->n, 1);
        if (!col->validity) {
            w->failed = true;
            return;
        }
        memset(col->validity, JX_VALID, w->at->n);
    }
    col->validity[row] = (uint8_t)why;
}

void jx__put_real(jx__layering *w, jx_column *col, uint32_t row, double v) {
    if (col && !isnan(v)) {
        col->real[row] = v;
    } else {
        jx__invalid(w, col, row, JX_NO_DATA);
    }
}

void jx__put_minutes(jx__layering *w, jx_column *col, uint32_t row, uint32_t ms) {
    if (col && ms != JX_UNREACHABLE) {
        col->real[row] = ms / 60000.0;
    } else {
        jx__invalid(w, col, row, JX_NOT_REACHABLE);
    }
}

const char *jx__name3(jx__layering *w, const char *a, const char *b, const char *c) {
    size_t na = strlen(a), nb = strlen(b), nc = strlen(c);
    char *s = jx_arena_alloc(w->ctx, w->l->arena, na + nb + nc + 3, 1);
    if (!s) {
        w->failed = true;
        return "";
    }
    memcpy(s, a, na);
    s[na] = '_';
    memcpy(s + na + 1, b, nb);
    s[na + 1 + nb] = '_';
    memcpy(s + na + nb + 2, c, nc + 1);
    return s;
}

/* ---- areas --------------------------------------------------------------------------------------------------------------- */

static void areas(jx__layering *w) {
    const jx_county *c = w->c;
    uint32_t n = c->n_townships + 1;
    jx__layer_begin(w, "areas", N_("area of study and its townships"), JX_GEOM_POLYGON, n, 12 + w->d->n_results);
    w->at->poly = jx_arena_alloc(w->ctx, w->l->arena, n, sizeof *w->at->poly);
    w->failed = w->failed || !w->at->poly;
    jx_column *id = jx__col_int(w, "osm_id", N_("OpenStreetMap relation"), ""), *name = jx__col_text(w, "name", N_("name"));
    jx_column *en = jx__col_text(w, "name_en", N_("English name")), *zh = jx__col_text(w, "name_zh", N_("Chinese name"));
    jx_column *code = jx__col_text(w, "code", N_("official code")), *level = jx__col_text(w, "level", N_("level"));
    jx_column *km2 = jx__col_real(w, "area_km2", N_("area"), "km2", 2), *people = jx__col_real(w, "people", N_("people"), N_("persons"), -1);
    jx_column **share = jx_arena_alloc(w->ctx, w->l->arena, w->d->n_results + 1, sizeof *share);
    w->failed = w->failed || !share;
    for (uint32_t k = 0; !w->failed && k < w->d->n_results; k++) {
        const jx_service_result *r = &w->d->results[k];
        share[k] = jx__col_real(w, jx__name3(w, jx__service_of(c, r)->id, jx_mode_name(jx__criterion_of(c, r)->mode), "share"),
                                N_("share of people within reach"), "%", 1);
    }
    for (uint32_t i = 0; !w->failed && i < n; i++) {
        uint32_t t = i - 1;
        const jx_area *a = &c->areas[i == 0 ? c->study : c->township[t]];
        w->at->poly[i] = a->shape;
        id->integer[i] = a->osm_id;
        name->text[i] = a->name;
        en->text[i] = a->name_en;
        zh->text[i] = a->name_zh;
        code->text[i] = a->code;
        level->text[i] = i == 0 ? "county" : "township";
        km2->real[i] = a->area_m2 / 1e6;
        jx__put_real(w, people, i, c->people_source == JX_PEOPLE_NONE ? NAN : i == 0 ? c->people_total : c->township_people[t]);
        for (uint32_t k = 0; k < w->d->n_results; k++) {
            const jx_service_result *r = &w->d->results[k];
            jx__put_real(w, share[k], i, 100 * (i == 0 ? r->total.share_within : r->township[t].share_within));
        }
    }
    w->at->for_tables = false; /* the tables say it in "townships" */
}

/* ---- cells ---------------------------------------------------------------------------------------------------------------- */

static void cell_shapes(jx__layering *w) {
    const jx_county *c = w->c;
    jx_mpoly *poly = jx_arena_alloc(w->ctx, w->l->arena, (size_t)c->cells.n + 1, sizeof *poly);
    jx_pt *pts = jx_arena_alloc(w->ctx, w->l->arena, 7 * (size_t)c->cells.n + 1, sizeof *pts);
    uint32_t *off = jx_arena_alloc(w->ctx, w->l->arena, 4 * (size_t)c->cells.n + 4, sizeof *off);
    if (!poly || !pts || !off) {
        w->failed = true;
        return;
    }
    w->at->poly = poly;
    for (uint32_t i = 0; i < c->cells.n; i++) {
        jx_pt *p = pts + 7 * (size_t)i;
        uint32_t n = jx_grid_ring(&c->grid, c->cells.col[i], c->cells.row[i], p), *o = off + 4 * (size_t)i;
        o[0] = 0;
        o[1] = n;
        o[2] = 0;
        o[3] = 1;
        poly[i] = (jx_mpoly){.pts = p, .ring_off = o, .part_off = o + 2, .n_pts = n, .n_rings = 1, .n_parts = 1, .box = JX_BOX_EMPTY};
        for (uint32_t k = 0; k < n; k++) {
            jx_box_add(&poly[i].box, p[k]);
        }
    }
}

static jx_validity why_not(uint8_t reach) {
    return reach == JX_REACH_NOT_APPLICABLE ? JX_NOT_APPLICABLE : reach == JX_REACH_NO_FACILITY ? JX_NO_DATA : JX_NOT_REACHABLE;
}

/* Four columns a result: milliseconds (exact), minutes (for people), how it stands, and the row of the nearest facility. */
static void cell_result(jx__layering *w, const jx_service_result *r) {
    const jx_county *c = w->c;
    const char *id = jx__service_of(c, r)->id, *mode = jx_mode_name(jx__criterion_of(c, r)->mode);
    jx_column *ms = jx__col_int(w, jx__name3(w, id, mode, "ms"), N_("travel time to the nearest"), "ms");
    jx_column *min = jx__col_real(w, jx__name3(w, id, mode, "min"), N_("travel time to the nearest"), "min", 1);
    jx_column *reach = jx__col_text(w, jx__name3(w, id, mode, "reach"), N_("within reach, or why not"));
    jx_column *near = jx__col_int(w, jx__name3(w, id, mode, "facility"), N_("nearest facility (row of the facilities)"), "");
    for (uint32_t i = 0; !w->failed && i < c->cells.n; i++) {
        reach->text[i] = jx_reach_name((jx_reach)r->reach[i]);
        if (r->nearest_ms[i] == JX_UNREACHABLE) {
            jx_validity why = r->reach[i] <= JX_REACH_BEYOND ? JX_NOT_REACHABLE : why_not(r->reach[i]);
            jx__invalid(w, ms, i, why);
            jx__invalid(w, min, i, why);
            jx__invalid(w, near, i, why);
        } else {
            ms->integer[i] = r->nearest_ms[i];
            min->real[i] = r->nearest_ms[i] / 60000.0;
            near->integer[i] = (int64_t)r->nearest[i] + 1;
        }
    }
}

/* The headline result that leaves most people without and does not rest on a gap in the map: what a planner wants to see first. */
static const jx_service_result *shown_first(const jx_diagnosis *d) {
    const jx_service_result *best = NULL;
    for (uint32_t i = 0; i < d->n_results; i++) {
        const jx_service_result *r = &d->results[i];
        double without = r->total.people - r->total.by_reach[JX_REACH_WITHIN];
        if (r->criterion == 0 && !r->map_gap && (!best || without > best->total.people - best->total.by_reach[JX_REACH_WITHIN])) {
            best = r;
        }
    }
    return best ? best : &d->results[0];
}

/* Five classes of breaks a person would choose, the threshold always one of them. */
static void cell_style(jx__layering *w) {
    static const char *const colors[] = {"#ffffd4", "#fed98e", "#fe9929", "#d95f0e", "#993404"};
    static const double nice[] = {5, 10, 15, 30, 60, 120, 240};
    const jx_service_result *r = shown_first(w->d);
    const jx_criterion *k = jx__criterion_of(w->c, r);
    double *b = jx_arena_alloc(w->ctx, w->l->arena, 4, sizeof *b);
    if (!b) {
        w->failed = true;
        return;
    }
    double t = (k->urban_ms ? k->urban_ms : k->rural_ms) / 60000.0;
    uint32_t at = 0, n = 0; /* up to two breaks below the threshold, the rest above */
    while (at < 7 && nice[at] < t) {
        at++;
    }
    for (uint32_t i = at > 2 ? at - 2 : 0; i < at; i++) {
        b[n++] = nice[i];
    }
    b[n++] = t;
    for (uint32_t i = at; n < 4; i++) {
        if (i >= 7 || nice[i] > t) {
            b[n] = i < 7 ? nice[i] : b[n - 1] * 2;
            n++;
        }
    }
    w->at->style_column = jx__name3(w, jx__service_of(w->c, r)->id, jx_mode_name(k->mode), "min");
    w->at->style_breaks = b;
    w->at->style_colors = colors;
    w->at->n_breaks = 4;
}

/* Persons of each group under its name where that is a plain word, else under its number. */
static void group_columns(jx__layering *w) {
    const jx_county *c = w->c;
    for (uint32_t g = 0; !w->failed && g < c->n_groups; g++) {
        const char *name = c->groups[g].name;
        bool plain = *name && strlen(name) < 32 && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(name);
        jx_buf b;
        jx_buf_init(&b, w->ctx);
        if (plain) {
            jx_buf_fmt(&b, "people_%s", name);
        } else {
            jx_buf_fmt(&b, "people_group_%u", (unsigned)g + 1);
        }
        char *column = jx_buf_ok(&b) == JX_OK ? jx_arena_strn(w->ctx, w->l->arena, b.s, b.n) : NULL;
        jx_buf_release(&b);
        w->failed = w->failed || !column;
        jx_column *col = w->failed ? NULL : jx__col_real(w, column, N_("persons of this group"), N_("persons"), -1);
        for (uint32_t i = 0; !w->failed && i < c->cells.n; i++) {
            jx__put_real(w, col, i, c->groups[g].people[i]);
        }
    }
}

void jx__cells_begin(jx__layering *w, const char *title, uint32_t more_cols) {
    const jx_county *c = w->c;
    const jx_cells *s = &c->cells;
    bool counted = c->people_source == JX_PEOPLE_NONE;
    jx__layer_begin(w, "cells", title, s->shape || !s->id ? JX_GEOM_POLYGON : JX_GEOM_POINT, s->n, 12 + c->n_groups + more_cols);
    if (s->shape) {
        w->at->poly = s->shape;
    } else if (w->at->geom == JX_GEOM_POLYGON && c->people_source != JX_PEOPLE_TABLE) {
        cell_shapes(w);
    } else {
        w->at->geom = JX_GEOM_POINT;
        w->at->pt = s->pt;
    }
    jx_column *id = jx__col_text(w, "cell", N_("cell")), *town = jx__col_text(w, "township", N_("township"));
    jx_column *place = jx__col_text(w, "settlement", N_("settlement")), *people = jx__col_real(w, "people", N_("people"), N_("persons"), -1);
    jx_column *urban = jx__col_text(w, "urban", N_("town or country")), *build = jx__col_int(w, "buildings", N_("residential buildings"), "");
    jx_column *lon = jx__col_real(w, "lon", N_("longitude of the people's mean position"), "deg", 7);
    jx_column *lat = jx__col_real(w, "lat", N_("latitude of the people's mean position"), "deg", 7);
    group_columns(w);
    for (uint32_t i = 0; !w->failed && i < s->n; i++) {
        jx_buf b;
        jx_buf_init(&b, w->ctx);
        if (!s->id) {
            jx_buf_fmt(&b, "%d_%d", (int)s->col[i], (int)s->row[i]);
        }
        id->text[i] = s->id ? s->id[i] : jx_buf_ok(&b) == JX_OK ? jx_arena_strn(w->ctx, w->l->arena, b.s, b.n) : NULL;
        w->failed = w->failed || !id->text[i];
        jx_buf_release(&b);
        town->text[i] = s->township[i] == JX_NONE ? NULL : c->areas[c->township[s->township[i]]].name;
        place->text[i] = s->settlement[i] == JX_NONE ? NULL : c->places[s->settlement[i]].name;
        urban->text[i] = s->urban[i] ? "urban" : "rural";
        build->integer[i] = s->buildings[i];
        lon->real[i] = jx_deg(s->pt[i].lon);
        lat->real[i] = jx_deg(s->pt[i].lat);
        jx__put_real(w, people, i, counted ? NAN : s->people[i]);
    }
}

static void cells(jx__layering *w) {
    jx__cells_begin(w, N_("cells with people and travel times"), 4 * w->d->n_results);
    for (uint32_t k = 0; !w->failed && k < w->d->n_results; k++) {
        cell_result(w, &w->d->results[k]);
    }
    cell_style(w);
}

/* ---- facilities ------------------------------------------------------------------------------------------------------------ */

static void facilities(jx__layering *w) {
    const jx_county *c = w->c;
    static const char *const types[] = {"node", "way", "relation"};
    jx__layer_begin(w, "facilities", N_("facilities, inside and around"), JX_GEOM_POINT, c->n_facilities, 16);
    jx_column *kind = jx__col_text(w, "kind", N_("kind")), *name = jx__col_text(w, "name", N_("name")), *level = jx__col_text(w, "level", N_("level"));
    jx_column *cap = jx__col_real(w, "capacity", N_("capacity"), "", 0), *hours = jx__col_text(w, "opening_hours", N_("opening hours"));
    jx_column *town = jx__col_text(w, "township", N_("township")), *inside = jx__col_int(w, "inside", N_("inside the area of study (1 yes)"), "");
    jx_column *merged = jx__col_int(w, "merged", N_("further objects merged into it"), ""), *type = jx__col_text(w, "osm_type", N_("OpenStreetMap type"));
    jx_column *id = jx__col_int(w, "osm_id", N_("OpenStreetMap id"), ""), *src = jx__col_text(w, "source", N_("source"));
    jx_column *row = jx__col_int(w, "source_row", N_("row in the source"), "");
    jx_column *lon = jx__col_real(w, "lon", N_("longitude"), "deg", 7), *lat = jx__col_real(w, "lat", N_("latitude"), "deg", 7);
    w->at->pt = jx_arena_alloc(w->ctx, w->l->arena, (size_t)c->n_facilities + 1, sizeof *w->at->pt);
    w->failed = w->failed || !w->at->pt;
    for (uint32_t i = 0; !w->failed && i < c->n_facilities; i++) {
        const jx_facility *f = &c->facilities[i];
        w->at->pt[i] = f->pt;
        kind->text[i] = f->kind;
        name->text[i] = *f->name ? f->name : NULL;
        level->text[i] = f->level;
        hours->text[i] = f->hours;
        jx__put_real(w, cap, i, f->capacity);
        town->text[i] = f->township == JX_NONE ? NULL : c->areas[c->township[f->township]].name;
        inside->integer[i] = f->inside;
        merged->integer[i] = f->merged;
        type->text[i] = f->osm_id ? types[f->osm_type] : NULL;
        id->integer[i] = f->osm_id;
        src->text[i] = f->source < c->n_sources ? c->sources[f->source].name : NULL;
        row->integer[i] = f->row;
        lon->real[i] = jx_deg(f->pt.lon);
        lat->real[i] = jx_deg(f->pt.lat);
        if (!f->osm_id) {
            jx__invalid(w, id, i, JX_NOT_APPLICABLE);
        }
        if (!f->row) {
            jx__invalid(w, row, i, JX_NOT_APPLICABLE);
        }
    }
}

/* ---- edges ------------------------------------------------------------------------------------------------------------------ */

static void edge_speeds(jx__layering *w, jx_mode m) {
    const jx_network *net = w->c->network;
    jx_column *fwd = jx__col_real(w, jx__name3(w, jx_mode_name(m), "kmh", "fwd"), N_("speed along the line"), "km/h", 1);
    jx_column *bwd = jx__col_real(w, jx__name3(w, jx_mode_name(m), "kmh", "bwd"), N_("speed against the line"), "km/h", 1);
    for (uint32_t e = 0; !w->failed && e < net->n_edges; e++) {
        for (uint32_t dir = 0; dir < 2; dir++) {
            uint32_t ms = w->c->metric[m]->time_ms[2 * e + dir];
            jx_column *col = dir ? bwd : fwd;
            if (ms == JX_UNREACHABLE || net->cls[e] == JX_ROAD_BARRIER) {
                jx__invalid(w, col, e, JX_NOT_APPLICABLE);
            } else {
                col->real[e] = ms ? net->length_mm[e] * 3.6 / ms : 0;
            }
        }
    }
}

static void edges(jx__layering *w) {
    const jx_network *net = w->c->network;
    jx__layer_begin(w, "edges", N_("streets with speeds"), JX_GEOM_LINE, net->n_edges, 20);
    w->at->for_tables = false;
    w->at->line_off = net->geom_off;
    w->at->line_pts = net->geom;
    jx_column *cls = jx__col_text(w, "class", N_("class of street")), *name = jx__col_text(w, "name", N_("name"));
    jx_column *len = jx__col_real(w, "length_m", N_("length"), "m", 3), *way = jx__col_int(w, "osm_way", N_("OpenStreetMap way"), "");
    jx_column *from = jx__col_int(w, "from_node", N_("from node"), ""), *to = jx__col_int(w, "to_node", N_("to node"), "");
    jx_column *island = jx__col_text(w, "island", N_("modes for which it lies in an island"));
    static const char *const islands[8] = {NULL, "walk", "bike", "walk bike", "car", "walk car", "bike car", "walk bike car"};
    for (uint32_t e = 0; !w->failed && e < net->n_edges; e++) {
        unsigned cut = 0;
        for (unsigned m = 0; m < JX_N_MODES; m++) { /* closed to a mode is no island */
            bool open = (net->access[e] & (JX_ACCESS_BIT(m, false) | JX_ACCESS_BIT(m, true))) != 0;
            cut |= open && (net->island[e] & (1u << m)) ? 1u << m : 0;
        }
        cls->text[e] = jx_road_class_name((jx_road_class)net->cls[e]);
        name->text[e] = net->name[e] == JX_NONE ? NULL : net->names + net->name[e];
        len->real[e] = net->length_mm[e] / 1e3;
        way->integer[e] = net->way_id[e];
        from->integer[e] = net->from[e];
        to->integer[e] = net->to[e];
        island->text[e] = islands[cut];
    }
    for (int m = 0; m < JX_N_MODES; m++) {
        edge_speeds(w, (jx_mode)m);
    }
    static const double breaks[] = {10, 25, 45, 65};
    static const char *const colors[] = {"#253494", "#2c7fb8", "#41b6c4", "#a1dab4", "#fed98e"};
    w->at->style_column = "car_kmh_fwd";
    w->at->style_breaks = breaks;
    w->at->style_colors = colors;
    w->at->n_breaks = 4;
}

jx_status jx_layers_build(jx_ctx *ctx, const jx_county *c, const jx_diagnosis *d, jx_layers **out) {
    jx_layers *l = jx_calloc(ctx, 1, sizeof *l);
    if (!l) {
        return JX_E_NOMEM;
    }
    l->arena = jx_arena_new(ctx);
    l->layer = jx_calloc(ctx, 9, sizeof *l->layer);
    jx__layering w = {.ctx = ctx, .c = c, .d = d, .l = l, .failed = !l->arena || !l->layer};
    static void (*const steps[])(jx__layering *) = {
        areas, cells, jx__layer_shortfalls, facilities, edges, jx__layer_townships, jx__layer_services, jx__layer_sources, jx__layer_findings};
    for (size_t i = 0; !w.failed && i < sizeof steps / sizeof *steps; i++) {
        steps[i](&w);
    }
    if (w.failed) {
        jx_layers_free(ctx, l);
        return JX_E_NOMEM;
    }
    *out = l;
    return JX_OK;
}

void jx_layers_free(jx_ctx *ctx, jx_layers *l) {
    if (l) {
        jx_arena_free(ctx, l->arena);
        jx_free(ctx, l->layer);
        jx_free(ctx, l);
    }
}

const jx_layer *jx_layers_find(const jx_layers *l, const char *name) {
    for (uint32_t i = 0; i < l->n; i++) {
        if (strcmp(l->layer[i].name, name) == 0) {
            return &l->layer[i];
        }
    }
    return NULL;
}
