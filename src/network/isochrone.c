/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Isochrones: what is asked for is checked, sizes are chosen, bands are drawn one after the other. */
#include <math.h>

#include "network/isochrone_internal.h"

void jx__iso_scale_at(jx__iso_scale *s, int32_t lat) {
    enum { SLICE = 100000, LIMIT = 890000000 };
    int32_t slice = (lat < 0 ? lat - SLICE + 1 : lat) / SLICE;
    if (slice != s->slice) {
        int32_t mid = slice * SLICE + SLICE / 2; /* at the very poles degrees of longitude have no length to speak of */
        jx_scale_at((jx_pt){0, mid > LIMIT ? LIMIT : mid < -LIMIT ? -LIMIT : mid}, &s->kx, &s->ky);
        s->slice = slice;
    }
}

static jx_status check(jx_ctx *ctx, const uint32_t *bands_ms, uint32_t n_bands, const jx_isochrone_options *opt) {
    for (uint32_t i = 0; i < n_bands; i++) {
        if (bands_ms[i] == JX_UNREACHABLE || (i && bands_ms[i] <= bands_ms[i - 1])) {
            return JX_FAIL(ctx, ISOCHRONE_BANDS, JX_I(i + 1));
        }
    }
    if (!(opt->cell_m == 0 || (opt->cell_m >= 5 && opt->cell_m <= 5000))) {
        return JX_FAIL(ctx, ISOCHRONE_OPTION, JX_R(opt->cell_m, 1), JX_I(5), JX_I(5000));
    }
    if (!(opt->reach_m == 0 || (opt->reach_m >= 1 && opt->reach_m <= 10000))) {
        return JX_FAIL(ctx, ISOCHRONE_OPTION, JX_R(opt->reach_m, 1), JX_I(1), JX_I(10000));
    }
    return JX_OK;
}

static int32_t whole_steps(double units) {
    double n = rint(units / JX__ISO_STEPS);
    return (int32_t)(n < 2 ? 2 : n) * JX__ISO_STEPS;
}

/* Squares for a box: as asked, or coarser where that many could not be kept. */
static void choose(jx__iso_sizes *z, const jx_isochrone_options *opt, const jx_profile *p, jx_box box) {
    static const double usual[JX_N_MODES] = {100, 150, 200};
    enum { AUTO_POINTS = 1 << 23, TILES = 1 << 21 };
    jx__iso_scale mid = {.slice = INT32_MIN}, wide = mid;
    jx__iso_scale_at(&mid, (int32_t)(((int64_t)box.min_lat + box.max_lat) / 2));
    double reach = opt->reach_m > 0 ? opt->reach_m : usual[p->mode], cell = opt->cell_m > 0 ? opt->cell_m : reach / 3;
    double w = ((double)box.max_lon - box.min_lon) * mid.kx + 4 * reach,
           h = ((double)box.max_lat - box.min_lat) * mid.ky + 4 * reach;
    double most = opt->cell_m > 0 ? (double)TILES * JX__ISO_TILE * JX__ISO_TILE : AUTO_POINTS;
    cell = fmax(fmax(cell, 5), sqrt(w * h / most));
    *z = (jx__iso_sizes){.dx = whole_steps(cell / mid.kx), .dy = whole_steps(cell / mid.ky)};
    z->cell_m = z->dy * mid.ky;
    /* a square is widest nearest to the equator and, by a little, highest nearest to a pole; the pieces may leave the
       box of the nodes, by far less than the half per cent */
    bool across = box.min_lat <= 0 && box.max_lat >= 0;
    jx__iso_scale_at(&wide, across ? 0 : box.min_lat > 0 ? box.min_lat : box.max_lat);
    double dx_m = z->dx * wide.kx, dy_m = z->dy * mid.ky;
    z->diag_m = sqrt(dx_m * dx_m + dy_m * dy_m) * 1.005;
    z->swallow_m = z->cell_m / 16;
    z->slack_m = 2 * z->swallow_m;
    /* A street point has value -min_m. Between the points of a triangle the straight values differ from it by at most
       half the diagonal (the function rises by no more than 1 in 1), and corners move by 1/64 of a side at most. */
    z->min_m = 0.55 * z->diag_m + z->slack_m;
    z->reach_m = fmax(reach, z->min_m);
    z->piece_m = fmax(z->reach_m, z->cell_m);
    z->m_per_ms = p->offroad_kmh / 3600 / fmax(p->offroad_detour, 1);
}

static jx_status draw(jx_ctx *ctx, const jx__iso_source *src, const jx__iso_sizes *z, jx_isochrone *iso) {
    jx__pieces pieces = {0};
    jx__field f = {0};
    jx_status st;
    JX_TRY_OUT(st, jx__iso_pieces(ctx, src, z, &pieces));
    JX_TRY_OUT(st, jx__field_init(ctx, &f, z, &pieces));
    for (uint32_t i = 0; i < iso->n_bands; i++) {
        JX_TRY_OUT(st, jx__field_raise(ctx, &f, iso->band_ms[i]));
        JX_TRY_OUT(st, jx__field_contour(ctx, &f, &iso->band[i]));
    }
out:
    jx__field_release(ctx, &f);
    jx_vec_free(ctx, &pieces);
    return st;
}

jx_status jx_isochrone_new(jx_ctx *ctx, const jx_network *net, const jx_metric *m, const jx_profile *p,
                           jx_direction dir, const uint32_t *node_ms, const jx_snap *origins, uint32_t n_origins,
                           const uint32_t *bands_ms, uint32_t n_bands, const jx_isochrone_options *opt,
                           jx_isochrone **out) {
    static const jx_isochrone_options automatic = {0};
    *out = NULL;
    opt = opt ? opt : &automatic;
    JX_TRY(check(ctx, bands_ms, n_bands, opt));
    jx_isochrone *iso = jx_calloc(ctx, 1, sizeof *iso);
    if (!iso) {
        return JX_E_NOMEM;
    }
    iso->mode = m->mode;
    iso->direction = dir;
    iso->band_ms = jx_malloc(ctx, n_bands, sizeof *iso->band_ms);
    iso->band = jx_calloc(ctx, n_bands, sizeof *iso->band);
    jx_status st = iso->band_ms && iso->band ? JX_OK : JX_E_NOMEM;
    if (st == JX_OK && n_bands) {
        memcpy(iso->band_ms, bands_ms, n_bands * sizeof *bands_ms);
        iso->n_bands = n_bands;
    }
    const jx__iso_source src = {net, m->time_ms, dir, node_ms, origins, n_origins, n_bands ? bands_ms[n_bands - 1] : 0};
    jx_box box = n_bands ? jx__iso_box(&src) : JX_BOX_EMPTY;
    if (box.min_lon > box.max_lon) {
        box = (jx_box){0, 0, 0, 0}; /* nothing reached: sizes all the same */
    }
    jx__iso_sizes z;
    choose(&z, opt, p, box);
    iso->cell_m = z.cell_m;
    iso->reach_m = z.reach_m;
    /* half a diagonal as above, more where a speck was filled, and the corners' 1/64 */
    iso->tolerance_m = z.reach_m + 0.65 * z.diag_m + z.slack_m;
    if (st == JX_OK) {
        st = draw(ctx, &src, &z, iso);
    }
    if (st != JX_OK) {
        jx_isochrone_free(ctx, iso);
        return st;
    }
    *out = iso;
    return JX_OK;
}

void jx_isochrone_free(jx_ctx *ctx, jx_isochrone *iso) {
    if (!iso) {
        return;
    }
    for (uint32_t i = 0; i < iso->n_bands; i++) {
        jx_mpoly_release(ctx, &iso->band[i]);
    }
    jx_free(ctx, iso->band_ms);
    jx_free(ctx, iso->band);
    jx_free(ctx, iso);
}
