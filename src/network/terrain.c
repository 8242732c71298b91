/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Times on slopes. What is walked along is the way, not the edge: heights are read at equal steps from the way's start, each step gets
 * its slope and pace, and an edge's time is the difference of two rounded times along the way. A street that cuts the way moves no
 * step, so it lengthens nothing.
 */
#include "network/overlay_internal.h"

/* ---- heights ------------------------------------------------------------------------------------------------------- */

/* No land lies lower than the shore of the Dead Sea or higher than the Everest; -32768, -9999 and 65535 are forgotten no-data values. */
static jx_status check_heights(jx_ctx *ctx, const jx_field *dem) {
    for (size_t i = 0; i < (size_t)dem->n_cols * dem->n_rows; i++) {
        if (dem->v[i] < -500 || dem->v[i] > 9000) {
            return JX_FAIL(ctx, DEM_HEIGHTS, JX_R((double)dem->v[i], 0), JX_I((int64_t)(i % dem->n_cols) + 1), JX_I((int64_t)(i / dem->n_cols) + 1));
        }
    }
    return JX_OK;
}

/* Half a window in cells: the window is never wider than asked for by more than a cell. */
static uint32_t half_window(double smooth_m, double cell_m) { return (uint32_t)(smooth_m / 2 / cell_m); }

static jx_status calm(jx_ctx *ctx, const jx_field *dem, jx_terrain *t) {
    double kx, ky;
    jx_pt mid = {0, 0};
    jx_pt_from_deg(dem->west + dem->dx * dem->n_cols / 2, dem->north - dem->dy * dem->n_rows / 2, &mid);
    jx_scale_at(mid, &kx, &ky);
    double cx = dem->dx * 1e7 * kx, cy = dem->dy * 1e7 * ky, least = t->smooth_m / 5;
    t->cell_m = (cx + cy) / 2;
    uint32_t bx = least > 2 * cx ? (uint32_t)(least / cx) : 1, by = least > 2 * cy ? (uint32_t)(least / cy) : 1;
    jx_field thin;
    JX_TRY(jx_field_thin(ctx, dem, bx, by, &thin));
    jx_status st = jx_field_smooth(ctx, &thin, half_window(t->smooth_m, cx * bx), half_window(t->smooth_m, cy * by), &t->heights);
    jx_field_release(ctx, &thin);
    return st;
}

jx_status jx_terrain_new(jx_ctx *ctx, const jx_field *dem, const jx_profiles *p, jx_terrain **out) {
    JX_TRY(check_heights(ctx, dem));
    jx_terrain *t = jx_calloc(ctx, 1, sizeof *t);
    if (!t) {
        return JX_E_NOMEM;
    }
    t->smooth_m = p->smooth_m;
    t->step_m = p->step_m;
    t->level_slope = p->level_slope;
    jx_status st = calm(ctx, dem, t);
    if (st != JX_OK) {
        jx_terrain_free(ctx, t);
        return st;
    }
    *out = t;
    return JX_OK;
}

void jx_terrain_free(jx_ctx *ctx, jx_terrain *t) {
    if (t) {
        jx_field_release(ctx, &t->heights);
        jx_free(ctx, t);
    }
}

/* ---- a way --------------------------------------------------------------------------------------------------------- */

typedef struct tally {
    uint64_t street_mm, void_mm, level_mm, own_mm, flat_ms, slope_ms;
} tally;

typedef struct slopes {
    const jx_network *net;
    const jx_profile *p;
    const jx_terrain *t;
    const uint32_t *first; /* first edge of each way's stretch, and n_edges */
    uint32_t *time_ms;     /* in: on the flat */
    uint32_t lo, hi;       /* edges that get times; the others only lie on the way */
    tally *tally;          /* per worker: whole numbers, so their sum hangs on no order */
} slopes;

/* Does edge e go on where e - 1 ended, on the same way? Only then do they share their steps. */
static bool goes_on(const jx_network *net, uint32_t e) {
    jx_pt a = net->geom[net->geom_off[e] - 1], b = net->geom[net->geom_off[e]];
    return net->cls[e] != JX_ROAD_BARRIER && net->way_id[e] != 0 && net->way_id[e] == net->way_id[e - 1] && a.lon == b.lon && a.lat == b.lat &&
           (uint64_t)net->offset_mm[e - 1] + net->length_mm[e - 1] == net->offset_mm[e];
}

/* Reads heights at rising distances along a line. */
typedef struct reader {
    const jx_field *f;
    const jx_pt *g;
    uint64_t n, i;       /* on the segment from point i to i + 1 */
    double at_mm, len_mm;
} reader;

static double height(reader *r, double mm) {
    while (mm > r->at_mm + r->len_mm && r->i + 2 < r->n) {
        r->at_mm += r->len_mm;
        r->i++;
        r->len_mm = jx_seg_mm(r->g[r->i], r->g[r->i + 1]);
    }
    double s = r->len_mm > 0 ? (mm - r->at_mm) / r->len_mm : 0;
    s = s > 1 ? 1 : s;
    jx_pt a = r->g[r->i], b = r->g[r->i + 1];
    return jx_field_sample(r->f, (a.lon + s * ((double)b.lon - a.lon)) / 1e7, (a.lat + s * ((double)b.lat - a.lat)) / 1e7);
}

static double pace(double flat_kmh, const jx_profile *p, double slope) {
    const jx_slope_model m = {p->slope_law, flat_kmh};
    return slope == 0 ? 1 : 1 / jx_slope_speed(&m, slope); /* exactly 1 on the flat */
}

/* A stretch of a way under way: steps from its start, each with its pace, and what they have added to the length so far. */
typedef struct stretch {
    const slopes *s;
    tally *tally;
    reader r;
    double kmh[2], step_mm, before; /* height where the step begins */
    double begin_mm, extra[2], pace[2]; /* of the present step: its start, what earlier steps added, its pace less 1 */
    uint32_t k, n_steps;
    bool ground;
} stretch;

static void next_step(stretch *w) {
    w->k++;
    for (int b = 0; b < 2 && w->k > 1; b++) {
        w->extra[b] += w->pace[b] * w->step_mm;
    }
    w->begin_mm = w->step_mm * (w->k - 1);
    double h = height(&w->r, w->k < w->n_steps ? w->step_mm * w->k : HUGE_VAL), slope = (h - w->before) / (w->step_mm / 1000);
    bool known = !isnan(slope), level = known && !w->ground && fabs(slope) > w->s->t->level_slope;
    uint64_t mm = (uint64_t)(w->step_mm * w->k + 0.5) - (uint64_t)(w->begin_mm + 0.5);
    w->before = h;
    w->tally->void_mm += known ? 0 : mm;
    w->tally->level_mm += level ? mm : 0;
    slope = known && !level ? slope : 0;
    w->pace[0] = pace(w->kmh[0], w->s->p, slope) - 1;
    w->pace[1] = pace(w->kmh[1], w->s->p, -slope) - 1;
}

/* The length on the flat that takes as long as the first `mm` of the stretch. Asked with rising mm. */
static void flat_length(stretch *w, double mm, double out[2]) {
    while (w->k < w->n_steps && mm > w->step_mm * w->k) {
        next_step(w);
    }
    for (int b = 0; b < 2; b++) {
        out[b] = mm + (w->extra[b] + w->pace[b] * (mm - w->begin_mm));
    }
}

static void retime(const slopes *s, stretch *w, uint32_t e0, uint32_t e1) {
    const jx_network *net = s->net;
    double off = net->offset_mm[e0], from[2], to[2];
    flat_length(w, 0, from);
    for (uint32_t e = e0; e < e1; e++) {
        flat_length(w, net->offset_mm[e] - off + net->length_mm[e], to);
        for (int b = 0; b < 2; b++) {
            uint32_t *ms = &s->time_ms[2 * e + (uint32_t)b];
            if (*ms != JX_UNREACHABLE && e >= s->lo && e < s->hi) {
                double per_mm = 3.6 / w->kmh[b];
                w->tally->flat_ms += *ms;
                *ms = jx__to_ms(jx__round_ms(per_mm, off + to[b]) - jx__round_ms(per_mm, off + from[b]));
                w->tally->slope_ms += *ms;
            }
            from[b] = to[b];
        }
    }
}

static bool used(const slopes *s, uint32_t e0, uint32_t e1) {
    unsigned use = JX_ACCESS_BIT(s->p->mode, false) | JX_ACCESS_BIT(s->p->mode, true), open = 0;
    for (uint32_t e = e0 > s->lo ? e0 : s->lo; e < e1 && e < s->hi; e++) {
        open |= s->net->access[e] & use;
    }
    return open != 0;
}

static void walk_stretch(const slopes *s, tally *sums, uint32_t e0, uint32_t e1) {
    const jx_network *net = s->net;
    if (!used(s, e0, e1) || net->cls[e0] == JX_ROAD_BARRIER || net->cls[e0] == JX_ROAD_FERRY || net->duration_ms[e0]) {
        return;
    }
    uint64_t mm = 0;
    for (uint32_t e = e0; e < e1; e++) {
        mm += net->length_mm[e];
    }
    sums->street_mm += mm;
    if (net->cls[e0] == JX_ROAD_STEPS) {
        sums->own_mm += mm;
    }
    if (net->cls[e0] == JX_ROAD_STEPS || !mm) {
        return;
    }
    stretch w = {.s = s, .tally = sums, .ground = !(net->flags[e0] & (JX_EDGE_TUNNEL | JX_EDGE_BRIDGE))};
    double want = ceil((double)mm / 1000 / s->t->step_m);
    w.n_steps = w.ground && want > 1 ? (uint32_t)want : 1;
    w.step_mm = (double)mm / w.n_steps;
    w.r = (reader){.f = &s->t->heights, .g = net->geom + net->geom_off[e0], .n = net->geom_off[e1] - net->geom_off[e0]};
    w.r.len_mm = jx_seg_mm(w.r.g[0], w.r.g[1]);
    w.before = height(&w.r, 0);
    w.kmh[0] = jx__edge_kmh(net, s->p, e0, false);
    w.kmh[1] = jx__edge_kmh(net, s->p, e0, true);
    next_step(&w);
    retime(s, &w, e0, e1);
}

void jx__slope_times(const jx_network *net, const jx_profile *p, const jx_terrain *t, uint32_t begin, uint32_t end, uint32_t lo, uint32_t hi,
                     uint32_t *time_ms) {
    tally unused = {0};
    slopes s = {.net = net, .p = p, .t = t, .time_ms = time_ms, .lo = lo, .hi = hi};
    uint32_t e0 = lo, e1 = hi;
    while (e0 > begin && goes_on(net, e0)) {
        e0--;
    }
    while (e1 < end && goes_on(net, e1)) {
        e1++;
    }
    walk_stretch(&s, &unused, e0, e1);
}

static jx_status walk_stretches(jx_ctx *ctx, void *arg, size_t begin, size_t end, unsigned worker) {
    const slopes *s = arg;
    (void)ctx;
    for (size_t i = begin; i < end; i++) {
        walk_stretch(s, &s->tally[worker], s->first[i], s->first[i + 1]);
    }
    return JX_OK;
}

/* ---- all ways ------------------------------------------------------------------------------------------------------- */

static jx_status sum_up(jx_ctx *ctx, const slopes *s, unsigned n_workers, jx_slope_stats *out) {
    tally a = {0};
    for (unsigned i = 0; i < n_workers; i++) {
        const tally *b = &s->tally[i];
        a = (tally){a.street_mm + b->street_mm, a.void_mm + b->void_mm, a.level_mm + b->level_mm,
                    a.own_mm + b->own_mm,       a.flat_ms + b->flat_ms, a.slope_ms + b->slope_ms};
    }
    *out = (jx_slope_stats){true, (double)a.street_mm / 1e6, (double)a.void_mm / 1e6, (double)a.level_mm / 1e6, (double)a.own_mm / 1e6,
                            a.flat_ms ? (double)a.slope_ms / (double)a.flat_ms : 1};
    JX_NOTE(ctx, DEM_USED, JX_S(jx_mode_name(s->p->mode)), JX_S(jx_profile_slope_name(s->p)), JX_R(out->time_factor, 3));
    if (a.void_mm) {
        JX_WARN(ctx, DEM_PARTLY, JX_S(jx_mode_name(s->p->mode)), JX_R(out->void_km / out->street_km * 100, 1), JX_R(out->void_km, 1), JX_R(out->street_km, 1));
    }
    return JX_OK;
}

jx_status jx_metric_new_on(jx_ctx *ctx, const jx_network *net, const jx_profile *p, const jx_terrain *t, jx_metric **out) {
    unsigned n_workers = jx_ctx_threads(ctx);
    jx_metric *m = NULL;
    JX_TRY(jx_metric_new(ctx, net, p, &m));
    if (!t || !p->slopes) {
        *out = m;
        return JX_OK;
    }
    jx_status st = JX_E_NOMEM;
    uint32_t *first = jx_malloc(ctx, (size_t)net->n_edges + 1, sizeof *first), n = 0;
    slopes s = {net, p, t, first, m->time_ms, 0, net->n_edges, jx_calloc(ctx, n_workers, sizeof *s.tally)};
    if (!first || !s.tally) {
        goto out;
    }
    for (uint32_t e = 0; e < net->n_edges; e++) {
        if (e == 0 || !goes_on(net, e)) {
            first[n++] = e;
        }
    }
    first[n] = net->n_edges;
    JX_TRY_OUT(st, jx_parallel_for(ctx, n, 256, walk_stretches, &s));
    JX_TRY_OUT(st, sum_up(ctx, &s, n_workers, &m->slope));
out:
    jx_free(ctx, first);
    jx_free(ctx, s.tally);
    if (st != JX_OK) {
        jx_metric_free(ctx, m);
        return st;
    }
    *out = m;
    return JX_OK;
}
