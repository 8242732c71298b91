/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The grid isochrones are drawn on: at each point the least of (distance to a street point reached, less that point's
 * radius), so 0 is the border. Only tiles near streets exist. Values fall from band to band, and a piece of street that
 * has all it can get is not visited again.
 */
#include <math.h>

#include "network/isochrone_internal.h"

enum { TILE = JX__ISO_TILE };

/* Points of the grid that a piece can make a difference to: those within its radius and their neighbours. */
typedef struct window {
    int32_t c0, c1, r0, r1;
} window;

static int32_t floor_div(int64_t a, int32_t b) {
    return (int32_t)(a / b - (a % b < 0 ? 1 : 0));
}

static window window_of(const jx__field *f, const jx__piece *p, double radius_m, jx__iso_scale *scale) {
    jx__iso_scale_at(scale, p->a.lat);
    double far = radius_m + f->z.diag_m;
    int64_t x = (int64_t)ceil(far / scale->kx), y = (int64_t)ceil(far / scale->ky);
    int32_t w = p->a.lon < p->b.lon ? p->a.lon : p->b.lon, e = p->a.lon < p->b.lon ? p->b.lon : p->a.lon;
    int32_t s = p->a.lat < p->b.lat ? p->a.lat : p->b.lat, n = p->a.lat < p->b.lat ? p->b.lat : p->a.lat;
    return (window){floor_div(w - x, f->z.dx), floor_div(e + x, f->z.dx) + 1, floor_div(s - y, f->z.dy),
                    floor_div(n + y, f->z.dy) + 1};
}

/* The tiles a window meets, as [x0, x1) x [y0, y1). */
static void tiles_of(const jx__field *f, const window *w, uint32_t t[4]) {
    t[0] = (uint32_t)(w->c0 - f->col0) / TILE;
    t[1] = (uint32_t)(w->c1 - f->col0) / TILE + 1;
    t[2] = (uint32_t)(w->r0 - f->row0) / TILE;
    t[3] = (uint32_t)(w->r1 - f->row0) / TILE + 1;
}

static void extent(jx__field *f) {
    jx__iso_scale scale = {.slice = INT32_MIN};
    window all = {INT32_MAX, INT32_MIN, INT32_MAX, INT32_MIN};
    for (size_t i = 0; i < f->pieces->n; i++) {
        window w = window_of(f, &f->pieces->v[i], f->z.reach_m, &scale);
        all.c0 = w.c0 < all.c0 ? w.c0 : all.c0;
        all.c1 = w.c1 > all.c1 ? w.c1 : all.c1;
        all.r0 = w.r0 < all.r0 ? w.r0 : all.r0;
        all.r1 = w.r1 > all.r1 ? w.r1 : all.r1;
    }
    if (f->pieces->n) {
        f->col0 = all.c0;
        f->row0 = all.r0;
        f->tiles_x = (uint32_t)(all.c1 - all.c0) / TILE + 1;
        f->tiles_y = (uint32_t)(all.r1 - all.r0) / TILE + 1;
    }
}

/* Pieces by tile: counted, then filed; slots in the order of tiles. */
static jx_status file_pieces(jx_ctx *ctx, jx__field *f) {
    size_t n_tiles = (size_t)f->tiles_x * f->tiles_y;
    jx__iso_scale scale = {.slice = INT32_MIN};
    uint32_t t[4];
    f->slot = jx_calloc(ctx, n_tiles, sizeof *f->slot); /* counts at first */
    if (!f->slot) {
        return JX_E_NOMEM;
    }
    for (size_t i = 0; i < f->pieces->n; i++) {
        window w = window_of(f, &f->pieces->v[i], f->z.reach_m, &scale);
        tiles_of(f, &w, t);
        for (uint32_t y = t[2]; y < t[3]; y++) {
            for (uint32_t x = t[0]; x < t[1]; x++) {
                f->n_slots += f->slot[(size_t)y * f->tiles_x + x]++ == 0;
            }
        }
    }
    f->off = jx_malloc(ctx, (size_t)f->n_slots + 2, sizeof *f->off);
    f->tile_of = jx_malloc(ctx, f->n_slots, sizeof *f->tile_of);
    if (!f->off || !f->tile_of) {
        return JX_E_NOMEM;
    }
    uint32_t slots = 0, total = 0;
    f->off[0] = f->off[1] = 0; /* off[k + 1] is where slot k is being filled: in the end where it ends */
    for (size_t k = 0; k < n_tiles; k++) {
        uint32_t count = f->slot[k];
        f->slot[k] = count ? slots : JX_NONE;
        if (count) {
            f->tile_of[slots++] = (uint32_t)k;
            f->off[slots] = total;
            total += count;
        }
    }
    f->item = jx_malloc(ctx, total, sizeof *f->item);
    if (!f->item) {
        return JX_E_NOMEM;
    }
    for (size_t i = 0; i < f->pieces->n; i++) {
        window w = window_of(f, &f->pieces->v[i], f->z.reach_m, &scale);
        tiles_of(f, &w, t);
        for (uint32_t y = t[2]; y < t[3]; y++) {
            for (uint32_t x = t[0]; x < t[1]; x++) {
                f->item[f->off[f->slot[(size_t)y * f->tiles_x + x] + 1]++] = (uint32_t)i;
            }
        }
    }
    return JX_OK;
}

jx_status jx__field_init(jx_ctx *ctx, jx__field *f, const jx__iso_sizes *z, const jx__pieces *pieces) {
    *f = (jx__field){.z = *z, .pieces = pieces};
    extent(f);
    JX_TRY(file_pieces(ctx, f));
    size_t n = (size_t)f->n_slots * TILE * TILE;
    f->value = jx_malloc(ctx, n, sizeof *f->value);
    if (!f->value) {
        return JX_E_NOMEM;
    }
    for (size_t i = 0; i < n; i++) {
        f->value[i] = 1e30f;
    }
    return JX_OK;
}

void jx__field_release(jx_ctx *ctx, jx__field *f) {
    jx_free(ctx, f->slot);
    jx_free(ctx, f->tile_of);
    jx_free(ctx, f->value);
    jx_free(ctx, f->off);
    jx_free(ctx, f->item);
    *f = (jx__field){0};
}

static double radius(const jx__iso_sizes *z, const jx__piece *p, uint32_t band_ms, double ms) {
    double r = p->bound ? 0 : (band_ms - ms) * z->m_per_ms;
    return r < z->min_m ? z->min_m : r > z->reach_m ? z->reach_m : r;
}

/* Has the piece all it can get from this band on? */
static bool finished(const jx__iso_sizes *z, const jx__piece *p, uint32_t band_ms) {
    return p->ms_b <= band_ms && (p->bound || (band_ms - p->ms_b) * z->m_per_ms >= z->reach_m);
}

/* A piece ready to be laid on the grid: metres from its near end. */
typedef struct stamp {
    float ux, uy, len; /* direction and length of the part reached */
    float r0, fall;    /* radius at the near end, what it loses per metre */
    float lean;        /* how far the best point lies before the foot, per metre off the line */
    float kx, ky;
} stamp;

/* Least of distance - radius over the points of a segment whose radius falls evenly along it: a cone rolled along the
   segment, so the best point lies `lean` before the foot of the perpendicular. */
static void lay_row(const stamp *s, float *v, int32_t n, int32_t x0, int32_t dx, float y) {
    for (int32_t i = 0; i < n; i++) {
        float x = (float)(x0 + i * dx) * s->kx, along = x * s->ux + y * s->uy, off = fabsf(x * s->uy - y * s->ux);
        float u = along - off * s->lean;
        u = u < 0 ? 0 : u;
        u = u > s->len ? s->len : u;
        float d = sqrtf((along - u) * (along - u) + off * off) + s->fall * u - s->r0;
        v[i] = d < v[i] ? d : v[i];
    }
}

static stamp make_stamp(const jx__field *f, const jx__piece *p, const jx__iso_scale *scale) {
    double x = ((double)p->b.lon - p->a.lon) * scale->kx, y = ((double)p->b.lat - p->a.lat) * scale->ky;
    double len = sqrt(x * x + y * y), left = (double)f->band_ms + 1 - p->ms_a, need = (double)p->ms_b - p->ms_a;
    double share = need > left ? left / need : 1, part = len * share;
    double r0 = radius(&f->z, p, f->band_ms, p->ms_a),
           r1 = radius(&f->z, p, f->band_ms, fmin(p->ms_a + need * share, f->band_ms));
    double fall = part > 0 ? (r0 - r1) / part : 0;
    if (fall > 0.9999) { /* the radius falls faster than the way grows: the circle at the near end holds all others */
        part = fall = 0;
    }
    double lean = fall / sqrt(1 - fall * fall);
    return (stamp){(float)(len > 0 ? x / len : 1), /* a point lies along any line */
                   (float)(len > 0 ? y / len : 0),
                   (float)part,
                   (float)r0,
                   (float)fall,
                   (float)lean,
                   (float)scale->kx,
                   (float)scale->ky};
}

static void lay(const jx__field *f, const jx__piece *p, jx__iso_scale *scale, uint32_t tile, float *value) {
    jx__iso_scale_at(scale, p->a.lat);
    stamp s = make_stamp(f, p, scale);
    window w = window_of(f, p, (double)s.r0, scale);
    int32_t c = f->col0 + (int32_t)(tile % f->tiles_x) * TILE, r = f->row0 + (int32_t)(tile / f->tiles_x) * TILE;
    int32_t c0 = w.c0 > c ? w.c0 : c, c1 = w.c1 < c + TILE - 1 ? w.c1 : c + TILE - 1;
    int32_t r0 = w.r0 > r ? w.r0 : r, r1 = w.r1 < r + TILE - 1 ? w.r1 : r + TILE - 1;
    int32_t x0 = (int32_t)((int64_t)c0 * f->z.dx - p->a.lon);
    for (int32_t row = r0; row <= r1 && c0 <= c1; row++) {
        float y = (float)((int64_t)row * f->z.dy - p->a.lat) * s.ky;
        lay_row(&s, value + (row - r) * TILE + (c0 - c), c1 - c0 + 1, x0, f->z.dx, y);
    }
}

static jx_status raise_tiles(jx_ctx *wctx, void *arg, size_t begin, size_t end, unsigned worker) {
    (void)wctx;
    (void)worker;
    const jx__field *f = arg;
    jx__iso_scale scale = {.slice = INT32_MIN};
    for (size_t k = begin; k < end; k++) {
        for (uint32_t i = f->off[k]; i < f->off[k + 1]; i++) {
            const jx__piece *p = &f->pieces->v[f->item[i]];
            if (p->ms_a <= f->band_ms && !(f->begun && finished(&f->z, p, f->done_ms))) {
                lay(f, p, &scale, f->tile_of[k], f->value + k * TILE * TILE);
            }
        }
    }
    return JX_OK;
}

jx_status jx__field_raise(jx_ctx *ctx, jx__field *f, uint32_t band_ms) {
    f->band_ms = band_ms;
    JX_TRY(jx_parallel_for(ctx, f->n_slots, 1, raise_tiles, f));
    f->done_ms = band_ms;
    f->begun = true;
    return JX_OK;
}
