/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The coordinate systems Chinese sources arrive in. GCJ-02 and BD-09 are published transforms of WGS 84 (constants as
 * in gcoord and eviltransform); their inverses are fixed-point iterations: eight rounds leave less than a micrometre.
 */
#include <math.h>

#include "junxian/geo.h"
#include "junxian/num.h"

static const struct {
    const char *name;
    jx_crs crs;
} names[] = {{"wgs84", JX_CRS_WGS84},       {"wgs 84", JX_CRS_WGS84},       {"epsg:4326", JX_CRS_WGS84},
             {"cgcs2000", JX_CRS_CGCS2000}, {"epsg:4490", JX_CRS_CGCS2000}, {"gcj02", JX_CRS_GCJ02},
             {"gcj-02", JX_CRS_GCJ02},      {"bd09", JX_CRS_BD09},          {"bd-09", JX_CRS_BD09}};

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

jx_crs jx_crs_parse(const char *name) {
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *a = names[i].name, *b = name;
        while (*a && lower(*b) == *a) {
            a++;
            b++;
        }
        if (!*a && !*b) {
            return names[i].crs;
        }
    }
    return JX_CRS_UNKNOWN;
}

const char *jx_crs_name(jx_crs crs) {
    static const char *const text[] = {"unknown", "WGS 84", "CGCS2000", "GCJ-02", "BD-09"};
    return text[crs];
}

/* sin(pi * u) with the argument brought into reach first. */
static double sin_pi(double u) {
    return jx_sin(JX_PI * fmod(u, 2.0));
}

static bool in_gcj_box(double lon, double lat) {
    return lon >= 72.004 && lon <= 137.8347 && lat >= 0.8293 && lat <= 55.8271;
}

static void wgs_to_gcj(double *lon, double *lat) {
    static const double a = 6378245.0, ee = 0.00669342162296594323;
    double x = *lon - 105, y = *lat - 35, root = sqrt(fabs(x));
    double c = 20 * sin_pi(6 * x) + 20 * sin_pi(2 * x);
    double t_lat = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root +
                   2.0 / 3 * (c + 20 * sin_pi(y) + 40 * sin_pi(y / 3) + 160 * sin_pi(y / 12) + 320 * sin_pi(y / 30));
    double t_lon = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root +
                   2.0 / 3 * (c + 20 * sin_pi(x) + 40 * sin_pi(x / 3) + 150 * sin_pi(x / 12) + 300 * sin_pi(x / 30));
    double phi = *lat * (JX_PI / 180), s = jx_sin(phi), m = 1 - ee * s * s, root_m = sqrt(m);
    *lat += 180 * t_lat * m * root_m / (JX_PI * a * (1 - ee));
    *lon += 180 * t_lon * root_m / (JX_PI * a * jx_cos(phi));
}

static const double bd_k = 3000 * JX_PI / 180;

static void gcj_to_bd(double *lon, double *lat) {
    double z = sqrt(*lon * *lon + *lat * *lat) + 2e-5 * jx_sin(*lat * bd_k);
    double theta = jx_atan2(*lat, *lon) + 3e-6 * jx_cos(*lon * bd_k);
    *lon = z * jx_cos(theta) + 0.0065;
    *lat = z * jx_sin(theta) + 0.006;
}

static void wgs_to_bd(double *lon, double *lat) {
    wgs_to_gcj(lon, lat);
    gcj_to_bd(lon, lat);
}

/*
 * p such that f(p) = q: p <- p - (f(p) - q). The transforms are near the identity, so each round gains two digits.
 * Where p is outside the box, q was never moved and stays.
 */
static void invert(void (*f)(double *, double *), double *lon, double *lat) {
    double p_lon = *lon, p_lat = *lat;
    for (int i = 0; i < 8; i++) {
        double x = p_lon, y = p_lat;
        f(&x, &y);
        p_lon -= x - *lon;
        p_lat -= y - *lat;
    }
    if (in_gcj_box(p_lon, p_lat)) {
        *lon = p_lon;
        *lat = p_lat;
    }
}

/* Farther from the box than the transforms move anything (a hundredth of a degree): not worth, or safe for, an
 * iteration. */
static bool near_box(double lon, double lat) {
    return lon >= 71.9 && lon <= 137.95 && lat >= 0.72 && lat <= 55.95;
}

void jx_to_wgs84(jx_crs crs, double *lon, double *lat) {
    if (crs == JX_CRS_GCJ02 && near_box(*lon, *lat)) {
        invert(wgs_to_gcj, lon, lat);
    } else if (crs == JX_CRS_BD09 && near_box(*lon, *lat)) {
        invert(wgs_to_bd, lon, lat);
    }
}

void jx_from_wgs84(jx_crs crs, double *lon, double *lat) {
    if (!in_gcj_box(*lon, *lat)) {
        return;
    }
    if (crs == JX_CRS_GCJ02) {
        wgs_to_gcj(lon, lat);
    } else if (crs == JX_CRS_BD09) {
        wgs_to_bd(lon, lat);
    }
}

bool jx_pt_from_deg(double lon, double lat, jx_pt *out) {
    if (!(fabs(lon) <= 180) || !(fabs(lat) <= 90)) {
        return false;
    }
    *out = (jx_pt){(int32_t)rint(lon * 1e7), (int32_t)rint(lat * 1e7)};
    return true;
}
