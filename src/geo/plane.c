/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Metres: lengths on the ellipsoid, boxes, and the local plane - a transverse Mercator of the county's own, by the
 * Krueger series to n^6 (Karney 2011, "Transverse Mercator with an accuracy of a few nanometers").
 */
#include <math.h>

#include "junxian/geo.h"
#include "junxian/num.h"

static const double axis = 6378137.0, flattening = 1 / 298.257222101; /* GRS 80 */
static const double rad = JX_PI / 180;

/* Radii of curvature: metres per radian of latitude and of longitude at a latitude. */
static void radii(double lat_deg, double *north, double *east) {
    double e2 = flattening * (2 - flattening), s = jx_sin(lat_deg * rad), w = 1 - e2 * s * s, root = sqrt(w);
    *north = axis * (1 - e2) / (w * root);
    *east = axis / root * jx_cos(lat_deg * rad);
}

/*
 * Gauss' mid-latitude formula: the chord of the sphere that fits the ellipsoid at the middle, sin(l/2) and cos(l/2) by
 * their series, then the arc over that chord. For streets the corrections are below a rounding; at 100 km they are ten
 * metres.
 */
static double metres_between(jx_pt a, jx_pt b) {
    double north, east;
    radii(((double)a.lat + (double)b.lat) / 2e7, &north, &east);
    double l = ((double)b.lon - (double)a.lon) * (1e-7 * rad), f = ((double)b.lat - (double)a.lat) * (1e-7 * rad),
           l2 = l * l;
    double dx = l * (1 - l2 / 24) * east, dy = f * (1 - f * f / 24) * (1 - l2 / 8) * north;
    double chord2 = dx * dx + dy * dy;
    return sqrt(chord2) * (1 + chord2 / (24 * axis * axis));
}

double jx_pt_pt_m(jx_pt a, jx_pt b) {
    return metres_between(a, b);
}

uint32_t jx_seg_mm(jx_pt a, jx_pt b) {
    double mm = rint(metres_between(a, b) * 1000);
    return mm < 4294967294.0 ? (uint32_t)mm : UINT32_MAX - 1;
}

void jx_scale_at(jx_pt p, double *kx, double *ky) {
    double north, east;
    radii(jx_deg(p.lat), &north, &east);
    *kx = 1e-7 * rad * east;
    *ky = 1e-7 * rad * north;
}

double jx_pt_seg_m(jx_pt p, jx_pt a, jx_pt b, double *t) {
    double kx, ky;
    jx_scale_at(p, &kx, &ky);
    double bx = ((double)b.lon - (double)a.lon) * kx, by = ((double)b.lat - (double)a.lat) * ky;
    double px = ((double)p.lon - (double)a.lon) * kx, py = ((double)p.lat - (double)a.lat) * ky;
    double len2 = bx * bx + by * by, u = len2 > 0 ? (px * bx + py * by) / len2 : 0;
    u = u < 0 ? 0 : u > 1 ? 1 : u;
    double dx = px - u * bx, dy = py - u * by;
    *t = u;
    return sqrt(dx * dx + dy * dy);
}

void jx_box_add(jx_box *b, jx_pt p) {
    jx_box_join(b, (jx_box){p.lon, p.lat, p.lon, p.lat});
}

void jx_box_join(jx_box *b, jx_box o) {
    b->min_lon = o.min_lon < b->min_lon ? o.min_lon : b->min_lon;
    b->min_lat = o.min_lat < b->min_lat ? o.min_lat : b->min_lat;
    b->max_lon = o.max_lon > b->max_lon ? o.max_lon : b->max_lon;
    b->max_lat = o.max_lat > b->max_lat ? o.max_lat : b->max_lat;
}

bool jx_box_has(jx_box b, jx_pt p) {
    return p.lon >= b.min_lon && p.lon <= b.max_lon && p.lat >= b.min_lat && p.lat <= b.max_lat;
}

static int32_t clamp(double v, double limit) {
    return (int32_t)(v < -limit ? -limit : v > limit ? limit : v);
}

jx_box jx_box_grow(jx_box b, double metres) {
    double north, east, far = fmax(fabs(jx_deg(b.min_lat)), fabs(jx_deg(b.max_lat)));
    radii(fmin(far, 89), &north, &east);
    double dy = ceil(metres / (north * rad) * 1e7), dx = ceil(metres / (east * rad) * 1e7);
    return (jx_box){clamp(b.min_lon - dx, 1.8e9), clamp(b.min_lat - dy, 9e8), clamp(b.max_lon + dx, 1.8e9),
                    clamp(b.max_lat + dy, 9e8)};
}

/* Conformal latitude's tangent from geodetic latitude (Karney eq. 7-9) in terms of tau = tan(phi). */
static double taup_of(double tau, double e) {
    double tau1 = sqrt(1 + tau * tau), sig = jx_sinh(e * jx_atanh(e * tau / tau1));
    return sqrt(1 + sig * sig) * tau - sig * tau1;
}

void jx_plane_init(jx_plane *pl, double lon0_deg, double lat0_deg) {
    double n = flattening / (2 - flattening), n2 = n * n, n3 = n2 * n, n4 = n3 * n, n5 = n4 * n, n6 = n5 * n;
    *pl = (jx_plane){.lon0 = lon0_deg, .lat0 = lat0_deg, .n = n, .e = sqrt(flattening * (2 - flattening))};
    pl->rect_radius = axis / (1 + n) * (1 + n2 / 4 + n4 / 64 + n6 / 256);
    const double fwd[6] = {n / 2 - n2 * 2 / 3 + n3 * 5 / 16 + n4 * 41 / 180 - n5 * 127 / 288 + n6 * 7891 / 37800,
                           n2 * 13 / 48 - n3 * 3 / 5 + n4 * 557 / 1440 + n5 * 281 / 630 - n6 * 1983433 / 1935360,
                           n3 * 61 / 240 - n4 * 103 / 140 + n5 * 15061 / 26880 + n6 * 167603 / 181440,
                           n4 * 49561 / 161280 - n5 * 179 / 168 + n6 * 6601661 / 7257600,
                           n5 * 34729 / 80640 - n6 * 3418889 / 1995840,
                           n6 * 212378941 / 319334400};
    const double inv[6] = {n / 2 - n2 * 2 / 3 + n3 * 37 / 96 - n4 / 360 - n5 * 81 / 512 + n6 * 96199 / 604800,
                           n2 / 48 + n3 / 15 - n4 * 437 / 1440 + n5 * 46 / 105 - n6 * 1118711 / 3870720,
                           n3 * 17 / 480 - n4 * 37 / 840 - n5 * 209 / 4480 + n6 * 5569 / 90720,
                           n4 * 4397 / 161280 - n5 * 11 / 504 - n6 * 830251 / 7257600,
                           n5 * 4583 / 161280 - n6 * 108847 / 3991680,
                           n6 * 20648693 / 638668800};
    for (int i = 0; i < 6; i++) {
        pl->a6[i] = fwd[i];
        pl->b6[i] = inv[i];
    }
    double x0 = 0, y0 = 0;
    jx_plane_fwd(pl, lon0_deg, lat0_deg, &x0, &y0);
    pl->y0 = y0;
}

void jx_plane_fwd(const jx_plane *pl, double lon_deg, double lat_deg, double *x, double *y) {
    double lam = (lon_deg - pl->lon0) * rad, lat = lat_deg > 89.999999    ? 89.999999
                                                   : lat_deg < -89.999999 ? -89.999999
                                                                          : lat_deg;
    double taup = taup_of(jx_tan(lat * rad), pl->e), cl = jx_cos(lam);
    double xi = jx_atan2(taup, cl), eta = jx_asinh(jx_sin(lam) / sqrt(taup * taup + cl * cl)), sx = xi, se = eta;
    for (int j = 0; j < 6; j++) {
        double k = 2.0 * (j + 1);
        sx += pl->a6[j] * jx_sin(k * xi) * jx_cosh(k * eta);
        se += pl->a6[j] * jx_cos(k * xi) * jx_sinh(k * eta);
    }
    *x = pl->rect_radius * se;
    *y = pl->rect_radius * sx - pl->y0;
}

void jx_plane_inv(const jx_plane *pl, double x, double y, double *lon_deg, double *lat_deg) {
    double xi = (y + pl->y0) / pl->rect_radius, eta = x / pl->rect_radius, sx = xi, se = eta;
    for (int j = 0; j < 6; j++) {
        double k = 2.0 * (j + 1);
        sx -= pl->b6[j] * jx_sin(k * xi) * jx_cosh(k * eta);
        se -= pl->b6[j] * jx_cos(k * xi) * jx_sinh(k * eta);
    }
    double sh = jx_sinh(se), c = jx_cos(sx), taup = jx_sin(sx) / sqrt(sh * sh + c * c), e2 = pl->e * pl->e;
    double tau = taup;
    for (int i = 0; i < 5; i++) { /* Newton on taup_of; converges in 2-3 rounds */
        double tp = taup_of(tau, pl->e);
        tau += (taup - tp) / sqrt(1 + tp * tp) * (1 + (1 - e2) * tau * tau) / ((1 - e2) * sqrt(1 + tau * tau));
    }
    *lat_deg = jx_atan(tau) / rad;
    *lon_deg = pl->lon0 + jx_atan2(sh, c) / rad;
}

void jx_plane_pt(const jx_plane *pl, jx_pt p, double *x, double *y) {
    jx_plane_fwd(pl, jx_deg(p.lon), jx_deg(p.lat), x, y);
}

jx_pt jx_plane_to_pt(const jx_plane *pl, double x, double y) {
    double lon, lat;
    jx_plane_inv(pl, x, y, &lon, &lat);
    return (jx_pt){clamp(rint(lon * 1e7), 1.8e9), clamp(rint(lat * 1e7), 9e8)};
}
