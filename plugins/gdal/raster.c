/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Rasters: the window that is needed, as doubles with NaN for no data. Rasters in other than geographic coordinates are
 * refused or, where the caller says how their values may be resampled, seen through a warp. */
#include <cpl_conv.h>
#include <gdal.h>
#include <gdalwarper.h>
#include <math.h>
#include <ogr_srs_api.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* Columns or rows of the window that meets the asked-for range. A pixel that is only touched at its edge, to within a
 * rounding of the origin, is left out. */
static int clip(double lo, double hi, double origin, double step, int n, int *first, int *count) {
    double a = floor((lo - origin) / step + 1e-9), b = ceil((hi - origin) / step - 1e-9);
    a = a < 0 ? 0 : a > n ? n : a;
    b = b < 0 ? 0 : b > n ? n : b;
    *first = (int)a;
    *count = b > a ? (int)(b - a) : 0;
    return *count > 0;
}

/* What the band's own numbers mean: no data, then scale and offset. */
static void finish_values(GDALRasterBandH band, double *v, size_t n) {
    int has_nodata = 0, has_scale = 0, has_offset = 0;
    double nodata = GDALGetRasterNoDataValue(band, &has_nodata);
    double scale = GDALGetRasterScale(band, &has_scale), offset = GDALGetRasterOffset(band, &has_offset);
    /* a float band keeps a nodata of -3.4e38 or 1e-3 only to float precision */
    float nodata_f = has_nodata && fabs(nodata) <= 3.4028235e38 ? (float)nodata : 0;
    int is_float = GDALGetRasterDataType(band) == GDT_Float32;
    for (size_t i = 0; i < n; i++) {
        if (has_nodata && (v[i] == nodata || (is_float && (float)v[i] == nodata_f) || (isnan(nodata) && isnan(v[i])))) {
            v[i] = NAN;
        } else if (isinf(v[i])) {
            v[i] = NAN;
        } else if ((has_scale && scale != 1) || (has_offset && offset != 0)) {
            v[i] = v[i] * (has_scale ? scale : 1) + (has_offset ? offset : 0);
        }
    }
}

static int read_band(GDALDatasetH ds, const double gt[6], const double window[4], jx_gdal_raster *out) {
    int x0 = 0, y0 = 0, w = 0, h = 0;
    if (!clip(window[0], window[2], gt[0], gt[1], GDALGetRasterXSize(ds), &x0, &w) ||
        !clip(-window[3], -window[1], -gt[3], -gt[5], GDALGetRasterYSize(ds), &y0, &h)) {
        return JX_GDAL_OK; /* nothing of it lies in the window: width 0 */
    }
    size_t n = (size_t)w * (size_t)h;
    out->width = (uint32_t)w;
    out->height = (uint32_t)h;
    if (n > JX_GDAL_MAX_PIXELS) {
        return JX_GDAL_BIG;
    }
    GDALRasterBandH band = GDALGetRasterBand(ds, 1);
    out->value = band ? malloc(n * sizeof *out->value) : NULL;
    if (!out->value) {
        return band ? JX_GDAL_MEMORY : JX_GDAL_FAILED;
    }
    if (GDALRasterIO(band, GF_Read, x0, y0, w, h, out->value, w, h, GDT_Float64, 0, 0) != CE_None) {
        return JX_GDAL_FAILED;
    }
    finish_values(band, out->value, n);
    out->west = gt[0] + x0 * gt[1];
    out->north = gt[3] + y0 * gt[5];
    out->dx = gt[1];
    out->dy = -gt[5];
    return JX_GDAL_OK;
}

/* Geographic, and on an ellipsoid of WGS 84's size: CGCS2000, ETRS89 and their like lie within two metres of WGS 84;
 * Beijing 1954 and other old datums a hundred metres off. */
static int like_wgs84(OGRSpatialReferenceH srs) {
    OGRErr e = OGRERR_NONE;
    return srs && OSRIsGeographic(srs) && fabs(OSRGetSemiMajor(srs, &e) - 6378137.0) < 0.5 && e == OGRERR_NONE;
}

static int read_north_up(GDALDatasetH ds, const double window[4], jx_gdal_raster *out) {
    double gt[6];
    if (GDALGetGeoTransform(ds, gt) != CE_None || gt[2] != 0 || gt[4] != 0 || !(gt[1] > 0) || !(gt[5] < 0)) {
        return JX_GDAL_NOT_NORTH_UP;
    }
    return read_band(ds, gt, window, out);
}

/* Seen through a warp into WGS 84: pixels are made as they are read. */
static int read_warped(GDALDatasetH ds, const double window[4], int how, jx_gdal_raster *out) {
    OGRSpatialReferenceH wgs = OSRNewSpatialReference(NULL);
    char *wkt = NULL;
    int st = JX_GDAL_FAILED;
    if (OSRSetWellKnownGeogCS(wgs, "WGS84") == OGRERR_NONE && OSRExportToWkt(wgs, &wkt) == OGRERR_NONE) {
        GDALResampleAlg alg = how == JX_GDAL_BILINEAR ? GRA_Bilinear : GRA_NearestNeighbour;
        GDALDatasetH warped = GDALAutoCreateWarpedVRT(ds, NULL, wkt, alg, 0.0625, NULL); /* a sixteenth of a pixel */
        st = warped ? read_north_up(warped, window, out) : JX_GDAL_FAILED;
        if (warped) {
            GDALClose(warped);
        }
    }
    CPLFree(wkt);
    OSRDestroySpatialReference(wgs);
    return st;
}

static int read_dataset(GDALDatasetH ds, const double window[4], int how, jx_gdal_raster *out) {
    double gt[6];
    OGRSpatialReferenceH srs = GDALGetSpatialRef(ds);
    GDALRasterBandH band = GDALGetRasterBand(ds, 1);
    const char *name = srs ? OSRGetName(srs) : "", *unit = band ? GDALGetRasterUnitType(band) : "";
    snprintf(out->crs, sizeof out->crs, "%s", name ? name : "");
    snprintf(out->unit, sizeof out->unit, "%s", unit ? unit : "");
    int north_up = GDALGetGeoTransform(ds, gt) == CE_None && gt[2] == 0 && gt[4] == 0 && gt[1] > 0 && gt[5] < 0;
    if (how != JX_GDAL_AS_IS && srs && !(like_wgs84(srs) && north_up)) {
        return read_warped(ds, window, how, out);
    }
    if (how != JX_GDAL_AS_IS && !srs) {
        return JX_GDAL_NO_CRS;
    }
    return like_wgs84(srs) ? read_north_up(ds, window, out) : JX_GDAL_NOT_GEOGRAPHIC;
}

int jx__gdal_raster_read(const char *path, const double window[4], int how, jx_gdal_raster *out) {
    memset(out, 0, sizeof *out);
    jx__gdal_begin();
    GDALDatasetH ds = GDALOpenEx(path, GDAL_OF_RASTER | GDAL_OF_READONLY, NULL, NULL, NULL);
    int st = ds ? read_dataset(ds, window, how, out) : JX_GDAL_CANNOT_OPEN;
    if (st) {
        jx__gdal_reason(out->error, "cannot be read");
    }
    if (ds) {
        GDALClose(ds);
    }
    return st;
}

void jx__gdal_raster_release(jx_gdal_raster *r) {
    free(r->value);
    memset(r, 0, sizeof *r);
}
