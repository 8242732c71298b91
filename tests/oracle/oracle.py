#!/usr/bin/python3
"""Our results against scipy, GDAL, osmium and SQL. Usage: oracle.py WHAT OUTPUT-FOLDER EXTRACT JUNXIAN"""
import collections
import json
import math
import os
import sqlite3
import subprocess
import sys

what, out, pbf, junxian = sys.argv[1:5]
UNREACHABLE = 2**32 - 1
passed = failed = 0


def check(ok, text):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    print("ok -" if ok else "not ok -", text)


def part(ms, mm, length):
    """The law of partial edges (network.h), written a second time."""
    if ms == UNREACHABLE:
        return None
    return ms if length == 0 else (ms * mm + length // 2) // length


def times():
    """2,000 random cell-facility pairs per mode: scipy's Dijkstra on the graph with the joints as nodes of their own."""
    import numpy as np
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import dijkstra
    with open(os.path.join(out, "graph.txt")) as f:
        n, m = map(int, f.readline().split())
        edges = [f.readline().split() for _ in range(m)]
    e_from = [int(e[0]) for e in edges]
    e_to = [int(e[1]) for e in edges]
    length = [int(e[2]) for e in edges]
    pairs = [list(map(int, line.split())) for line in open(os.path.join(out, "pairs.txt"))]
    for mode, name in enumerate(("walk", "bike", "car")):
        fwd = [int(e[4 + 2 * mode]) for e in edges]
        bwd = [int(e[5 + 2 * mode]) for e in edges]
        best = {}  # parallel arcs: the fastest

        def arc(a, b, w):
            # scipy takes 0 for "no arc": one is added to every arc and taken off by the number of arcs... times are doubled and
            # a tiny 1 stands for 0, which no path of fewer than a million arcs can turn into a millisecond
            if w is not None:
                best[a, b] = min(best.get((a, b), 1 << 60), w)
        for i in range(m):
            if fwd[i] != UNREACHABLE:
                arc(e_from[i], e_to[i], fwd[i])
            if bwd[i] != UNREACHABLE:
                arc(e_to[i], e_from[i], bwd[i])
        mine = [p for p in pairs if p[0] == mode]
        size, starts, ends = n, [], []
        by_edge = collections.defaultdict(list)
        for k, (_, ae, ap, ao, be, bp, bo, ms) in enumerate(mine):
            if ae != UNREACHABLE:
                arc(size, e_to[ae], part(fwd[ae], length[ae] - ap, length[ae]))
                arc(size, e_from[ae], part(bwd[ae], ap, length[ae]))
            if be != UNREACHABLE:
                arc(e_from[be], size + 1, part(fwd[be], bp, length[be]))
                arc(e_to[be], size + 1, part(bwd[be], length[be] - bp, length[be]))
            if ae == be != UNREACHABLE:
                if bp >= ap:
                    arc(size, size + 1, part(fwd[ae], bp - ap, length[ae]))
                if ap >= bp:
                    arc(size, size + 1, part(bwd[ae], ap - bp, length[ae]))
            starts.append(size)
            ends.append(size + 1)
            size += 2
        keys = list(best)
        scale = 1 << 20
        data = np.array([best[k] * scale + 1 for k in keys], dtype=float)  # exact below 2**53
        graph = csr_matrix((data, ([k[0] for k in keys], [k[1] for k in keys])), shape=(size, size))
        wrong = reached = 0
        for lo in range(0, len(mine), 100):
            dist = dijkstra(graph, indices=starts[lo:lo + 100])
            for k in range(lo, min(lo + 100, len(mine))):
                _, ae, ap, ao, be, bp, bo, ms = mine[k]
                d = dist[k - lo, ends[k]]
                want = UNREACHABLE if math.isinf(d) else int(d // scale) + ao + bo
                reached += want != UNREACHABLE
                wrong += want != ms
        check(len(mine) == 2000 and wrong == 0, f"{name}: {len(mine)} pairs, {reached} reached, {wrong} differ from scipy")


def coverage():
    """Coverage recomputed from the GeoPackage with SQL's rows alone."""
    db = sqlite3.connect(f"file:{out}/county.gpkg?mode=ro", uri=True)
    db.row_factory = sqlite3.Row
    summary = json.load(open(os.path.join(out, "summary.json")))
    cells = db.execute("SELECT * FROM cells ORDER BY fid").fetchall()
    services = db.execute("SELECT * FROM services").fetchall()
    check(len(services) == len(summary["results"]), f"{len(services)} results")
    for r, s in zip(summary["results"], services):
        col = f"{s['service']}_{s['mode']}"
        total = within = 0.0
        for c in cells:
            limit = s["urban_ms"] if c["urban"] == "urban" else s["rural_ms"]
            if not limit:
                continue
            total += c["people"]
            ms = c[col + "_ms"]
            if ms is not None and ms <= limit:
                within += c["people"]
        check(total == r["total"]["people"] and within == r["total"]["within"], f"{col}: {within:.6f} of {total:.6f} people, as ours")
    people = sum(c["people"] for c in cells)
    check(abs(people - 37269) < 37269e-9, f"people of all cells: {people!r}")
    by_town = collections.Counter()
    for c in cells:
        by_town[c["township"]] += c["people"]
    for t in summary["area"]["townships"]:
        check(abs(by_town[t["name"]] - t["people"]) <= 1e-9 * max(1, t["people"]), f"{t['name']}: {by_town[t['name']]!r}")


def lengths():
    """Length of streets per class against GDAL's OSM driver, to 0.1 %."""
    from osgeo import gdal, ogr
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    ogr.UseExceptions()
    ours = {}
    for line in open(os.path.join(out, "graph.txt")):
        if line.startswith("class "):
            _, cls, km = line.split()
            ours[cls] = float(km)
    # GDAL hands closed ways that it takes for areas to another layer: both are measured, with the ellipsoid's own arithmetic
    theirs = collections.Counter()
    conf = os.path.join(out, "osmconf.ini")
    with open(conf, "w") as f:
        f.write("closed_ways_are_polygons=\nattribute_name_laundering=no\n[points]\n[lines]\nosm_id=yes\nattributes=highway\n[multipolygons]\n[multilinestrings]\n[other_relations]\n")
    gdal.SetConfigOption("OSM_CONFIG_FILE", conf)
    ds = gdal.OpenEx(pbf, gdal.OF_VECTOR, open_options=["INTERLEAVED_READING=YES"])
    a, f = 6378137.0, 1 / 298.257223563

    def metres(p, q):
        lat = math.radians((p[1] + q[1]) / 2)
        w = 1 - f * (2 - f) * math.sin(lat) ** 2
        north, east = a * (1 - f) ** 2 / w ** 1.5, a / math.sqrt(w) * math.cos(lat)
        return math.hypot(math.radians(q[0] - p[0]) * east, math.radians(q[1] - p[1]) * north)
    while True:
        feature, layer = ds.GetNextFeature()
        if feature is None:
            break
        if layer.GetName() != "lines" or not feature["highway"]:
            continue
        pts = feature.GetGeometryRef().GetPoints()
        theirs[feature["highway"]] += sum(metres(p, q) for p, q in zip(pts, pts[1:])) / 1000
    for cls, km in sorted(ours.items()):
        if cls in ("ferry", "barrier") or (km == 0 and theirs[cls] == 0):
            continue
        check(theirs[cls] and abs(km / theirs[cls] - 1) < 1e-3, f"{cls}: {km:.3f} km, GDAL {theirs[cls]:.3f} km")


def counts():
    """Nodes, ways, relations against osmium-tool."""
    info = json.loads(subprocess.run(["osmium", "fileinfo", "-e", "-j", pbf], capture_output=True, text=True, check=True).stdout)
    ours = json.loads(subprocess.run([junxian, "inspect", pbf, "--json"], capture_output=True, text=True, check=True).stdout)
    for k in ("nodes", "ways", "relations"):
        check(ours[k] == info["data"]["count"][k], f"{k}: {ours[k]}, osmium {info['data']['count'][k]}")
    box = [round(v, 7) for v in info["data"]["bbox"]] if "bbox" in info["data"] else None
    check(box is None or [round(v, 7) for v in ours["extent"]] == box, f"extent {ours['extent']}")


def gpkg():
    """GDAL reads every layer without a warning, with an R-tree that it uses; QGIS finds a style."""
    path = os.path.join(out, "county.gpkg")
    r = subprocess.run(["ogrinfo", "-ro", "-al", "-so", path], capture_output=True, text=True)
    check(r.returncode == 0 and r.stderr == "" and "Warning" not in r.stdout, "ogrinfo is silent" + r.stderr[:300])
    from osgeo import gdal, ogr
    gdal.UseExceptions()
    ds = gdal.OpenEx(path, gdal.OF_VECTOR)
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    check(db.execute("PRAGMA integrity_check").fetchone()[0] == "ok", "integrity check")
    check(db.execute("PRAGMA foreign_key_check").fetchall() == [], "foreign keys")
    styled = {row[0] for row in db.execute("SELECT f_table_name FROM layer_styles WHERE useAsDefault=1")}
    for i in range(ds.GetLayerCount()):
        layer = ds.GetLayer(i)
        name, n, invalid = layer.GetName(), 0, 0
        if layer.GetGeomType() == ogr.wkbNone:
            continue
        for feature in layer:
            g = feature.GetGeometryRef()
            n += 1
            invalid += g is None or g.IsEmpty() or (g.GetGeometryType() == ogr.wkbMultiPolygon and not g.IsValid())
        check(n == layer.GetFeatureCount() and n > 0 and invalid == 0, f"{name}: {n} features, {invalid} invalid")
        check(layer.TestCapability(ogr.OLCFastSpatialFilter), f"{name}: R-tree")
        x0, x1, y0, y1 = layer.GetExtent()
        layer.SetSpatialFilterRect(x0, y0, x1, y1)
        check(layer.GetFeatureCount() == n, f"{name}: all features lie in the layer's extent")
        check(name in styled, f"{name}: styled")


globals()[what]()
print(f"{passed} passed, {failed} failed")
sys.exit(failed > 0 or passed == 0)
