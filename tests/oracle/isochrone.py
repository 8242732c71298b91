#!/usr/bin/python3
"""Isochrones against GEOS (through GDAL) and the streets they are made of. Usage: isochrone.py FOLDER"""
import glob
import json
import math
import os
import sys

import numpy as np
from osgeo import ogr
from scipy.spatial import cKDTree

ogr.UseExceptions()
passed = failed = 0


def check(ok, text):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    if not ok:
        print("not ok -", text)


def whole(geometry):
    """Degrees back to whole 1e-7 degrees: there GEOS has nothing to round."""
    def ring(r):
        return [[round(x * 1e7), round(y * 1e7)] for x, y in r]
    return ogr.CreateGeometryFromJson(json.dumps({"type": "MultiPolygon", "coordinates": [[ring(r) for r in p] for p in geometry["coordinates"]]}))


def inside(geom, pts):
    if geom.IsEmpty():
        return np.zeros(len(pts), bool)
    prepared = geom.CreatePreparedGeometry()
    g = ogr.Geometry(ogr.wkbPoint)
    out = np.zeros(len(pts), bool)
    for i, (x, y) in enumerate(pts):
        g.SetPoint_2D(0, float(x), float(y))
        out[i] = prepared.Intersects(g)
    return out


def turns(geometry):
    """Outer rings counter-clockwise, holes clockwise, closed (RFC 7946, 3.1.6)."""
    def area(r):
        a = np.array(r)
        a = a - a[0]
        return np.sum(a[:-1, 0] * a[1:, 1] - a[1:, 0] * a[:-1, 1])
    return all(r[0] == r[-1] and len(r) >= 4 and (area(r) > 0) == (i == 0) for p in geometry["coordinates"] for i, r in enumerate(p))


def one(name):
    base = os.path.basename(name)
    doc = json.load(open(name))
    streets = np.loadtxt(name[:-8] + ".txt", dtype=np.int64)
    features = sorted(doc["features"], key=lambda f: f["properties"]["minutes"])
    ky = 0.0111132
    kx = ky * math.cos(math.radians(np.mean(streets[:, 1]) / 1e7)) * 1.0034
    metres = streets[:, :2] * [kx, ky]
    rng = np.random.default_rng(1)
    before = None
    last_area = -1
    for f in features:
        ms, tol = f["properties"]["minutes"] * 60000, f["properties"]["tolerance_m"]
        geom = ogr.CreateGeometryFromJson(json.dumps(f["geometry"]))
        ints = whole(f["geometry"])
        label = f"{base} {f['properties']['minutes']:g} min"
        check(geom.IsValid() and ints.IsValid(), f"{label}: valid")
        check(turns(f["geometry"]), f"{label}: rings turn the right way")
        if before:
            check(geom.Contains(before[0]) and ints.Contains(before[1]), f"{label}: contains the band before")
            check(before[1].Difference(ints).GetArea() == 0, f"{label}: nothing of the band before is outside")
        area = geom.GetArea()
        check(area >= last_area, f"{label}: no smaller than the band before")
        last_area, before = area, (geom, ints)
        reached = (streets[:, 2] >= 0) & (streets[:, 2] <= ms)
        check(inside(ints, streets[reached, :2]).all(), f"{label}: {int(reached.sum())} street points and nodes reached are inside")
        if not reached.any():
            check(geom.IsEmpty(), f"{label}: nothing reached, nothing drawn")
            continue
        # a point reached every 4 m at least: half of that is added to the tolerance
        tree = cKDTree(metres[reached])
        others = ~reached & (streets[:, 3] == 0)
        far = tree.query(metres[others])[0] > tol + 2.5
        check(not inside(ints, streets[others][far][:, :2]).any(), f"{label}: {int(far.sum())} nodes beyond the tolerance are outside")
        ext = ints.GetEnvelope()
        pts = np.column_stack([rng.integers(ext[0], ext[1] + 1, 20000), rng.integers(ext[2], ext[3] + 1, 20000)])
        pts = pts[inside(ints, pts)]
        worst = tree.query(pts * [kx, ky])[0].max() if len(pts) else 0
        corners = np.array([[round(x * 1e7), round(y * 1e7)] for p in f["geometry"]["coordinates"] for r in p for x, y in r])
        worst = max(worst, tree.query(corners * [kx, ky])[0].max())
        check(worst <= tol + 2.5, f"{label}: everything within {worst:.0f} m of a street reached, {tol:.0f} m stated")
        print(f"{label}: {len(f['geometry']['coordinates'])} parts, {sum(len(p) - 1 for p in f['geometry']['coordinates'])} holes, worst {worst:.0f} of {tol:.0f} m")


names = sorted(glob.glob(os.path.join(sys.argv[1], "iso-*.geojson")))
check(names, "files to look at")
for n in names:
    one(n)
print(f"{passed} checks passed, {failed} failed")
sys.exit(1 if failed else 0)
