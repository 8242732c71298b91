/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The walk between doors and streets over land cover. Starts of the sweep are the cells that streets pass, each with the walk from its
 * centre to the street; a place takes the best of the nine cells around it. That is coarse near a street, so the straight line to the
 * nearest street, read piece by piece, competes: both are ways that can be walked, the quicker one counts.
 */
#include <math.h>

#include "junxian/offroad.h"

enum { MAX_CELLS = 1 << 24 };
static const double margin_m = 1000;

/* ---- a place on the ground -------------------------------------------------------------------------------------------------- */

typedef struct spot {
    double x, y, h; /* h NaN: unknown */
} spot;

static spot spot_at(const jx_offroad *o, jx_pt p) {
    spot s;
    jx_plane_pt(&o->plane, p, &s.x, &s.y);
    s.h = jx_field_sample(&o->heights, s.x, s.y);
    return s;
}

static spot between(const jx_offroad *o, spot a, spot b, double t) {
    spot s = {a.x + t * (b.x - a.x), a.y + t * (b.y - a.y), 0};
    s.h = jx_field_sample(&o->heights, s.x, s.y);
    return s;
}

/* Seconds of one short step over ground of one friction. */
static double step_s(spot a, spot b, double friction) {
    static const jx_slope_model walk = {JX_SLOPE_WALK_TOBLER, 0};
    double dx = b.x - a.x, dy = b.y - a.y, d = sqrt(dx * dx + dy * dy), slope = d > 0 ? (b.h - a.h) / d : 0;
    return d * (3.6 / JX_TOBLER_FLAT_KMH) * friction / (isnan(slope) ? 1 : jx_slope_speed(&walk, slope));
}

static double friction_at(const jx_offroad *o, double x, double y) {
    uint32_t cell = jx_field_cell(&o->heights, x, y);
    return cell == JX_NONE ? NAN : (double)o->friction[cell];
}

/* Along the straight line; INFINITY where it cannot be walked. */
static double straight_s(const jx_offroad *o, spot a, spot b) {
    double dx = b.x - a.x, dy = b.y - a.y, d = sqrt(dx * dx + dy * dy), sum = 0;
    uint32_t n = (uint32_t)ceil(d / o->heights.dx);
    spot from = a;
    for (uint32_t i = 1; i <= n; i++) {
        spot to = i < n ? between(o, a, b, (double)i / n) : b;
        double f = friction_at(o, (from.x + to.x) / 2, (from.y + to.y) / 2);
        if (isnan(f)) {
            return INFINITY;
        }
        sum += step_s(from, to, f);
        from = to;
    }
    return sum;
}

/* ---- streets as starts ------------------------------------------------------------------------------------------------------- */

typedef struct starts {
    uint32_t n, *cell;
    jx_pt *centre;
    jx_snap *snap;
    jx_walk_start *walk; /* those that can be walked from, first; cell and snap in the same order */
} starts;

static void starts_release(jx_ctx *ctx, starts *s) {
    jx_free(ctx, s->cell);
    jx_free(ctx, s->centre);
    jx_free(ctx, s->snap);
    jx_free(ctx, s->walk);
}

static void mark_street(const jx_offroad *o, const jx_network *net, uint32_t e, uint8_t *mark) {
    const jx_pt *g = net->geom + net->geom_off[e];
    uint64_t n = net->geom_off[e + 1] - net->geom_off[e];
    spot a = {0, 0, 0}, b = {0, 0, 0};
    for (uint64_t i = 0; i < n; i++, a = b) {
        jx_plane_pt(&o->plane, g[i], &b.x, &b.y);
        double d = i ? sqrt((b.x - a.x) * (b.x - a.x) + (b.y - a.y) * (b.y - a.y)) : 0, pieces = ceil(d / (o->heights.dx / 2));
        for (double k = 0; i && k <= pieces; k++) {
            double t = pieces > 0 ? k / pieces : 0;
            uint32_t cell = jx_field_cell(&o->heights, a.x + t * (b.x - a.x), a.y + t * (b.y - a.y));
            if (cell != JX_NONE) {
                mark[cell] = 1;
            }
        }
    }
}

static jx_pt centre_of(const jx_offroad *o, uint32_t cell) {
    const jx_field *f = &o->heights;
    return jx_plane_to_pt(&o->plane, f->west + (cell % f->n_cols + 0.5) * f->dx, f->north - (cell / f->n_cols + 0.5) * f->dy);
}

static jx_status street_cells(jx_ctx *ctx, const jx_offroad *o, const jx_network *net, const jx_profile *p, starts *s) {
    size_t n_cells = (size_t)o->heights.n_cols * o->heights.n_rows;
    uint8_t *mark = jx_calloc(ctx, n_cells, 1), use = (uint8_t)(JX_ACCESS_BIT(p->mode, false) | JX_ACCESS_BIT(p->mode, true));
    if (!mark) {
        return JX_E_NOMEM;
    }
    for (uint32_t e = 0; e < net->n_edges; e++) {
        bool island = (net->island[e] & (1u << p->mode)) != 0;
        if ((net->access[e] & use) && !island && net->cls[e] != JX_ROAD_BARRIER && net->cls[e] != JX_ROAD_FERRY && !(net->flags[e] & JX_EDGE_TUNNEL)) {
            mark_street(o, net, e, mark);
        }
    }
    for (size_t i = 0; i < n_cells; i++) {
        s->n += mark[i] && !isnan(o->friction[i]);
    }
    s->cell = jx_malloc(ctx, s->n, sizeof *s->cell);
    s->centre = jx_malloc(ctx, s->n, sizeof *s->centre);
    s->snap = jx_malloc(ctx, s->n, sizeof *s->snap);
    s->walk = jx_malloc(ctx, s->n, sizeof *s->walk);
    bool ok = s->cell && s->centre && s->snap && s->walk;
    for (size_t i = 0, k = 0; ok && i < n_cells; i++) {
        if (mark[i] && !isnan(o->friction[i])) {
            s->cell[k] = (uint32_t)i;
            s->centre[k++] = centre_of(o, (uint32_t)i);
        }
    }
    jx_free(ctx, mark);
    return ok ? JX_OK : JX_E_NOMEM;
}

static jx_status find_starts(jx_ctx *ctx, const jx_offroad *o, const jx_network *net, const jx_metric *m, const jx_profile *p, bool leaving, starts *s) {
    JX_TRY(street_cells(ctx, o, net, p, s));
    JX_TRY(jx_snap_all(ctx, net, m, p, s->centre, s->n, s->snap));
    uint32_t n = 0;
    for (uint32_t i = 0; i < s->n; i++) {
        spot c = spot_at(o, s->centre[i]), j = spot_at(o, s->snap[i].joint);
        if (s->snap[i].edge != JX_NONE) {
            double f = (double)o->friction[s->cell[i]];
            s->snap[n] = s->snap[i];
            s->walk[n++] = (jx_walk_start){s->cell[i], leaving ? step_s(c, j, f) : step_s(j, c, f)};
        }
    }
    s->n = n;
    return JX_OK;
}

/* ---- places ------------------------------------------------------------------------------------------------------------------- */

typedef struct sweep {
    const jx_offroad *o;
    const starts *s;
    const double *straight_s; /* by place; INFINITY: something in between cannot be walked */
    double *time_s;
    uint32_t *origin;
    bool leaving;
} sweep;

/* The quickest of the cells around a place; its start, or JX_NONE. */
static uint32_t best_around(const sweep *w, spot a, double *best_s) {
    const jx_field *f = &w->o->heights;
    uint32_t here = jx_field_cell(f, a.x, a.y), best = JX_NONE;
    *best_s = INFINITY;
    if (here == JX_NONE || isnan(w->o->friction[here])) {
        return JX_NONE;
    }
    int64_t r0 = here / f->n_cols, c0 = here % f->n_cols;
    for (int64_t r = r0 - 1; r <= r0 + 1; r++) {
        for (int64_t c = c0 - 1; c <= c0 + 1; c++) {
            if (r < 0 || c < 0 || r >= f->n_rows || c >= f->n_cols) {
                continue;
            }
            size_t i = (size_t)r * f->n_cols + (size_t)c;
            if (w->origin[i] == JX_NONE || isnan(w->o->friction[i])) {
                continue;
            }
            double x = f->west + ((double)c + 0.5) * f->dx, y = f->north - ((double)r + 0.5) * f->dy;
            spot b = {x, y, jx_field_sample(f, x, y)};
            double fr = ((double)w->o->friction[i] + (double)w->o->friction[here]) / 2;
            double t = w->time_s[i] + (w->leaving ? step_s(a, b, fr) : step_s(b, a, fr));
            if (t < *best_s) {
                *best_s = t;
                best = w->origin[i];
            }
        }
    }
    return best;
}

/* Straight times; the longest that is one. */
static double go_straight(const jx_offroad *o, bool leaving, const jx_pt *places, const jx_snap *snap, uint32_t n, double *out) {
    double most = 0;
    for (uint32_t i = 0; i < n; i++) {
        out[i] = INFINITY;
        if (snap[i].edge != JX_NONE) {
            spot a = spot_at(o, places[i]), j = spot_at(o, snap[i].joint);
            out[i] = leaving ? straight_s(o, a, j) : straight_s(o, j, a);
            most = out[i] < INFINITY && out[i] > most ? out[i] : most;
        }
    }
    return most;
}

/* After a sweep to max_s: is there a place without a straight way that a longer sweep may serve, or serve sooner? */
static bool some_beyond(const sweep *w, const jx_pt *places, const jx_snap *snap, uint32_t n, double max_s) {
    bool some = false;
    for (uint32_t i = 0; !some && i < n; i++) {
        if (snap[i].edge != JX_NONE && !(w->straight_s[i] < INFINITY)) {
            double around;
            spot a = spot_at(w->o, places[i]);
            uint32_t here = jx_field_cell(&w->o->heights, a.x, a.y);
            (void)best_around(w, a, &around);
            some = here != JX_NONE && !isnan(w->o->friction[here]) && !(around <= max_s);
        }
    }
    return some;
}

/*
 * A way around counts when it is quicker than the straight one, so the sweep need go no further than the longest of those. Where there is
 * no straight one it may take any time: only then, and only if it has not come within that time, everything is swept.
 */
static jx_status sweep_ground(jx_ctx *ctx, const sweep *w, const jx_pt *places, const jx_snap *snap, uint32_t n, double max_s) {
    jx_walk_model walk = jx_walk_tobler();
    walk.flags = JX_WALK_KNIGHT | JX_WALK_VOID_FLAT | (w->leaving ? JX_WALK_REVERSE : 0);
    walk.max_s = max_s;
    JX_TRY(jx_walk_times(ctx, &w->o->heights, w->o->friction, &walk, w->s->walk, w->s->n, w->time_s, w->origin, NULL));
    if (!some_beyond(w, places, snap, n, max_s)) {
        return JX_OK;
    }
    walk.max_s = INFINITY;
    return jx_walk_times(ctx, &w->o->heights, w->o->friction, &walk, w->s->walk, w->s->n, w->time_s, w->origin, NULL);
}

static void rejoin(const sweep *w, jx_pt place, double straight, jx_snap *snap, jx_offroad_stats *stats) {
    if (snap->edge == JX_NONE) {
        stats->n_off++;
        return;
    }
    double around = INFINITY;
    uint32_t start = best_around(w, spot_at(w->o, place), &around);
    if (!(straight < INFINITY) && start == JX_NONE) {
        stats->n_unknown++;
    } else if (straight <= around) {
        snap->offroad_ms = jx_walk_ms(straight);
        stats->n_straight++;
    } else {
        const jx_snap *s = &w->s->snap[start];
        *snap = (jx_snap){s->edge, s->pos_mm, (uint32_t)(jx_pt_pt_m(place, s->joint) * 1000 + 0.5), jx_walk_ms(around), s->joint};
        stats->n_around++;
    }
}

jx_status jx_offroad_join(jx_ctx *ctx, const jx_offroad *o, const jx_network *net, const jx_metric *m, const jx_profile *p, bool leaving,
                          const jx_pt *places, uint32_t n, jx_snap *out, jx_offroad_stats *stats) {
    size_t n_cells = (size_t)o->heights.n_cols * o->heights.n_rows;
    JX_TRY(jx_snap_all(ctx, net, m, p, places, n, out));
    starts s = {0};
    double *time_s = jx_malloc(ctx, n_cells, sizeof *time_s), *straight = jx_malloc(ctx, n, sizeof *straight);
    uint32_t *origin = jx_malloc(ctx, n_cells, sizeof *origin);
    jx_status st = JX_E_NOMEM;
    if (!time_s || !straight || !origin) {
        goto out;
    }
    sweep w = {o, &s, straight, time_s, origin, leaving};
    JX_TRY_OUT(st, find_starts(ctx, o, net, m, p, leaving, &s));
    JX_TRY_OUT(st, sweep_ground(ctx, &w, places, out, n, go_straight(o, leaving, places, out, n, straight)));
    for (uint32_t i = 0; i < n; i++) {
        rejoin(&w, places[i], straight[i], &out[i], stats);
    }
out:
    starts_release(ctx, &s);
    jx_free(ctx, straight);
    jx_free(ctx, time_s);
    jx_free(ctx, origin);
    return st;
}

/* ---- the grid ------------------------------------------------------------------------------------------------------------------ */

static void on_earth(const void *user, double x, double y, double *lon, double *lat) { jx_plane_inv(user, x, y, lon, lat); }

/* Cells as large as those of the classes, the mean of both sides; larger where there would be too many. */
static jx_status lay_grid(jx_ctx *ctx, const jx_field *cover, jx_box around, const jx_terrain *terrain, jx_offroad *o) {
    jx_box b = jx_box_grow(around, margin_m);
    double lon = rint(((double)b.min_lon + b.max_lon) / 2e5) / 100, lat = rint(((double)b.min_lat + b.max_lat) / 2e5) / 100, kx, ky;
    double x0 = HUGE_VAL, x1 = -HUGE_VAL, y0 = HUGE_VAL, y1 = -HUGE_VAL;
    jx_plane_init(&o->plane, lon, lat);
    const jx_pt corner[6] = {{b.min_lon, b.min_lat}, {b.max_lon, b.min_lat}, {b.min_lon, b.max_lat}, {b.max_lon, b.max_lat},
                             {(int32_t)(lon * 1e7), b.min_lat}, {(int32_t)(lon * 1e7), b.max_lat}};
    for (int i = 0; i < 6; i++) {
        double x, y;
        jx_plane_pt(&o->plane, corner[i], &x, &y);
        x0 = x < x0 ? x : x0, x1 = x > x1 ? x : x1, y0 = y < y0 ? y : y0, y1 = y > y1 ? y : y1;
    }
    jx_pt mid = {(int32_t)(lon * 1e7), (int32_t)(lat * 1e7)};
    jx_scale_at(mid, &kx, &ky);
    double cell = floor((cover->dx * kx + cover->dy * ky) * 1e7 / 2 * 10 + 0.5) / 10, least = ceil(sqrt((x1 - x0) * (y1 - y0) / MAX_CELLS));
    cell = cell < 5 ? 5 : cell;
    cell = cell < least ? least : cell;
    JX_TRY(jx_field_init(ctx, (uint32_t)ceil((x1 - x0) / cell), (uint32_t)ceil((y1 - y0) / cell), x0, y1, cell, cell, &o->heights));
    if (terrain) {
        o->on_heights = true;
        return jx_field_resample(ctx, &terrain->heights, on_earth, &o->plane, &o->heights);
    }
    memset(o->heights.v, 0, (size_t)o->heights.n_cols * o->heights.n_rows * sizeof *o->heights.v);
    return JX_OK;
}

enum { MAX_CLASSES = 256 };
typedef struct classes {
    const jx_doc *doc;
    uint32_t n;
    double value[MAX_CLASSES], kmh[MAX_CLASSES], path_kmh;
} classes;

static jx_status bad(jx_ctx *ctx, const jx_doc *d, const jx_val *at, const char *what) {
    return JX_FAIL_ROW(ctx, d->name, at ? at->line : 0, LANDCOVER_BAD, JX_S(what));
}

static jx_status read_scheme(jx_ctx *ctx, const jx_val *v, classes *c) {
    static const char *const known[] = {"about", "speed", NULL};
    JX_TRY(jx_cfg_known(ctx, c->doc, v, known));
    const jx_val *speed = jx_val_get(v, "speed");
    if (!speed || speed->type != JX_VAL_MAP || !speed->n || speed->n > MAX_CLASSES) {
        return bad(ctx, c->doc, v, N_("'speed' is a map of 1 to 256 classes to km/h"));
    }
    for (uint32_t i = 0; i < speed->n; i++) {
        const jx_val *k = speed->items[i];
        bool number = k->type == JX_VAL_INT || k->type == JX_VAL_REAL;
        if (!jx_parse_double(speed->keys[i], strlen(speed->keys[i]), &c->value[i]) || !number || !(k->r >= 0 && k->r <= 20)) {
            return bad(ctx, c->doc, k, N_("a class is a number, its speed 0 to 20 km/h"));
        }
        c->kmh[i] = k->r;
    }
    c->n = speed->n;
    return JX_OK;
}

static jx_status read_classes(jx_ctx *ctx, const jx_doc *table, const char **scheme, classes *c) {
    static const char *const known[] = {"about", "path_kmh", "schemes", NULL};
    *c = (classes){.doc = table, .path_kmh = 5};
    JX_TRY(jx_cfg_known(ctx, table, table->root, known));
    JX_TRY(jx_cfg_real(ctx, table, table->root, "path_kmh", 0.5, 10, &c->path_kmh));
    const jx_val *schemes = jx_val_get(table->root, "schemes");
    if (!schemes || schemes->type != JX_VAL_MAP || !schemes->n) {
        return bad(ctx, table, schemes, N_("'schemes' is a map of names to classes"));
    }
    const jx_val *v = *scheme ? jx_val_get(schemes, *scheme) : schemes->n == 1 ? schemes->items[0] : NULL;
    if (!v) {
        jx_buf names;
        jx_buf_init(&names, ctx);
        for (uint32_t i = 0; i < schemes->n; i++) {
            jx_buf_fmt(&names, "%s%s", i ? ", " : "", schemes->keys[i]);
        }
        jx_status st = jx_buf_ok(&names);
        st = st == JX_OK ? JX_FAIL_ROW(ctx, table->name, schemes->line, LANDCOVER_SCHEME, JX_S(*scheme ? *scheme : "?"), JX_S(names.s)) : st;
        jx_buf_release(&names);
        return st;
    }
    *scheme = *scheme ? *scheme : schemes->keys[0];
    return read_scheme(ctx, v, c);
}

static jx_status fill_friction(jx_ctx *ctx, const jx_field *cover, const classes *c, jx_offroad *o) {
    const jx_field *f = &o->heights;
    for (uint32_t r = 0; r < f->n_rows; r++) {
        for (uint32_t col = 0; col < f->n_cols; col++) {
            double lon, lat;
            jx_plane_inv(&o->plane, f->west + (col + 0.5) * f->dx, f->north - (r + 0.5) * f->dy, &lon, &lat);
            uint32_t at = jx_field_cell(cover, lon, lat), k = 0;
            double v = at == JX_NONE ? NAN : (double)cover->v[at];
            float *out = &o->friction[(size_t)r * f->n_cols + col];
            *out = NAN;
            if (isnan(v)) {
                o->unknown++;
                continue;
            }
            while (k < c->n && fabs(c->value[k] - v) > 1e-9) {
                k++;
            }
            if (k == c->n) {
                return JX_FAIL(ctx, LANDCOVER_CLASS, JX_R(v, 0), JX_S(o->scheme));
            }
            *out = c->kmh[k] > 0 ? (float)(JX_TOBLER_FLAT_KMH / (c->kmh[k] / c->path_kmh * o->path_kmh)) : NAN;
        }
        JX_TRY(r % 64 ? JX_OK : jx_poll(ctx));
    }
    return JX_OK;
}

static jx_status make(jx_ctx *ctx, const jx_field *cover, const jx_doc *table, const char *scheme, const jx_profiles *p, jx_box around,
                      const jx_terrain *terrain, jx_offroad *o) {
    classes c;
    JX_TRY(read_classes(ctx, table, &scheme, &c));
    o->scheme = scheme;
    o->path_kmh = jx_profiles_get(p, JX_WALK)->speed_kmh[JX_ROAD_FOOTWAY];
    if (!(o->path_kmh > 0)) {
        o->path_kmh = jx_profiles_get(p, JX_WALK)->tag_allowed_kmh;
    }
    JX_TRY(lay_grid(ctx, cover, around, terrain, o));
    o->friction = jx_malloc(ctx, (size_t)o->heights.n_cols * o->heights.n_rows, sizeof *o->friction);
    return o->friction ? fill_friction(ctx, cover, &c, o) : JX_E_NOMEM;
}

jx_status jx_offroad_new(jx_ctx *ctx, const jx_field *cover, const jx_doc *table, const char *scheme, const jx_profiles *p, jx_box around,
                         const jx_terrain *terrain, jx_offroad **out) {
    jx_offroad *o = jx_calloc(ctx, 1, sizeof *o);
    jx_status st = o ? make(ctx, cover, table, scheme, p, around, terrain, o) : JX_E_NOMEM;
    if (st != JX_OK) {
        jx_offroad_free(ctx, o);
        return st;
    }
    *out = o;
    return JX_OK;
}

void jx_offroad_free(jx_ctx *ctx, jx_offroad *o) {
    if (o) {
        jx_field_release(ctx, &o->heights);
        jx_free(ctx, o->friction);
        jx_free(ctx, o);
    }
}
