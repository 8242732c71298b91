#!/usr/bin/python3
"""Ways that keep off large roads, on the demo's streets: scipy's Dijkstra over street ends, and the ways themselves looked at with GEOS.
Usage: safe.py STREETS JUNXIAN FOLDER"""
import json
import os
import subprocess
import sys

import numpy as np
from osgeo import ogr
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

ogr.UseExceptions()
STREETS, JUNXIAN, OUT = sys.argv[1:4]
os.makedirs(OUT, exist_ok=True)
NEVER = 2**32 - 1
passed = failed = 0


def check(ok, text):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    print("ok -" if ok else "not ok -", text, flush=True)


def problem(name, *args):
    path = os.path.join(OUT, name + ".json")
    subprocess.run([JUNXIAN, "district", "demo", "--service", "primary_school", "--capacity", "100000", *args, "--problem", path, "-q"], check=True, capture_output=True)
    q = json.load(open(path))
    return np.array([[NEVER if t is None else t for t in row] for row in q["time_ms"]], dtype=np.int64), {tuple(p) for p in q["crossing"]}


with open(STREETS) as f:
    n_nodes, n_edges = map(int, f.readline().split())
    edges = [f.readline().split() for _ in range(n_edges)]
    rest = [line.split() for line in f]
cells = [list(map(int, r[1:])) for r in rest if r[0] == "c"]
sites = [list(map(int, r[1:])) for r in rest if r[0] == "s"]
a, b, length = (np.array([int(e[k]) for e in edges]) for k in (0, 1, 2))
times = np.array([[int(e[4]), int(e[5])] for e in edges])
level = np.array([int(e[6]) for e in edges])
points = [np.array(list(map(int, e[8:]))).reshape(-1, 2) for e in edges]


def geometry(p):
    g = ogr.Geometry(ogr.wkbLineString)
    for x, y in p:
        g.AddPoint_2D(float(x), float(y))
    return g


class Ground:
    """Lines of large roads that are neither bridge nor tunnel."""

    def __init__(self, which):
        self.line = [geometry(points[e]) for e in which]
        self.box = np.array([[*points[e].min(axis=0), *points[e].max(axis=0)] for e in which]).reshape(-1, 4)

    def crossed(self, p, by_ends=True):
        """Lines that a line crosses; by_ends: those that it touches with its own end too."""
        p = np.array(p)
        (x0, y0), (x1, y1) = p.min(axis=0), p.max(axis=0)
        near = np.nonzero((self.box[:, 0] <= x1) & (self.box[:, 2] >= x0) & (self.box[:, 1] <= y1) & (self.box[:, 3] >= y0))[0]
        g = geometry(p)
        ends = [ogr.CreateGeometryFromWkt("POINT(%d %d)" % tuple(q)) for q in p[[0, -1]]]
        return sum(g.Crosses(self.line[i]) and (by_ends or not any(q.Intersects(self.line[i]) for q in ends)) for i in near)


def part(ms, mm, total):
    return NEVER if ms == NEVER else ms if total == 0 else (ms * mm + total // 2) // total


def search(classes):
    """Times of all pairs, and the streets of the ways; a way is a walk over whole streets between junctions that no large road has."""
    large = np.array([e[3] in classes for e in edges])
    at_large = np.zeros(n_nodes, bool)
    at_large[a[large]] = at_large[b[large]] = True
    scale, size = 1 << 20, n_nodes + len(cells) + len(sites)
    best = {}

    def arc(u, v, ms, e):
        if ms != NEVER and ms < best.get((u, v), (NEVER, 0))[0]:
            best[u, v] = (ms, e)
    for e in range(n_edges):
        if not large[e] and not at_large[a[e]] and not at_large[b[e]]:
            arc(a[e], b[e], times[e, 0], e), arc(b[e], a[e], times[e, 1], e)
    by_edge = {}
    for k, (_, _, e, pos, off, _, _) in enumerate(cells):
        if e != NEVER and not large[e]:
            by_edge.setdefault(e, []).append(k)
            for node, ms in ((b[e], part(times[e, 0], length[e] - pos, length[e])), (a[e], part(times[e, 1], pos, length[e]))):
                if not at_large[node]:
                    arc(n_nodes + k, node, ms, e)
    for k, (_, _, e, pos, off, _, _) in enumerate(sites):
        me = n_nodes + len(cells) + k
        if e != NEVER and not large[e]:
            for node, ms in ((a[e], part(times[e, 0], pos, length[e])), (b[e], part(times[e, 1], length[e] - pos, length[e]))):
                if not at_large[node]:
                    arc(node, me, ms, e)
            for c in by_edge.get(e, []):
                at = cells[c][3]
                arc(n_nodes + c, me, min(part(times[e, 0], pos - at, length[e]) if pos >= at else NEVER, part(times[e, 1], at - pos, length[e]) if at >= pos else NEVER), e)
    pairs = list(best)
    g = csr_matrix(([float(best[p][0] * scale + 1) for p in pairs], ([p[1] for p in pairs], [p[0] for p in pairs])), shape=(size, size))  # turned round: from the sites
    dist, before = dijkstra(g, indices=range(n_nodes + len(cells), size), return_predecessors=True)
    out = np.full((len(cells), len(sites)), NEVER, dtype=np.int64)
    for k in range(len(sites)):
        d = dist[k, n_nodes:n_nodes + len(cells)]
        ok = np.isfinite(d)
        out[ok, k] = (d[ok] // scale).astype(np.int64) + np.array([c[4] for c in cells])[ok] + sites[k][4]

    def streets(c, k):
        u, used = n_nodes + c, []
        while u != n_nodes + len(cells) + k:
            v = before[k, u]
            used.append((best[u, v][1], v))
            u = v
        return used
    return out, large, at_large, streets


ordinary, none = problem("any")
check(not none and ordinary.shape == (len(cells), len(sites)), f"{len(cells)} cells, {len(sites)} schools")
for least, classes in (("primary", ("motorway", "trunk", "primary")),):  # the demo has hardly any trunk road
    classes = set(classes) | {c + "_link" for c in classes}
    got, crossing = problem(least, "--no-crossing", least)
    want, large, at_large, streets = search(classes)
    ground = Ground([e for e in np.nonzero(large)[0] if level[e] == 0])

    def over(p):
        return p[0:2] != p[5:7] and ground.crossed([p[0:2], p[5:7]], False) > 0
    bad_cell, bad_site = [p[2] != NEVER and over(p) for p in cells], [p[2] != NEVER and over(p) for p in sites]
    want[np.array(bad_cell)] = NEVER
    want[:, np.array(bad_site)] = NEVER
    says = np.ones_like(want, bool)
    for c, s in crossing:
        says[c, s] = False
    check((says == (want != NEVER)).all(), f"{least}: {int(says.sum())} of {says.size} pairs have a safe way, as scipy finds ({int((says != (want != NEVER)).sum())} differ)")
    check((got[says] == want[says]).all(), f"{least}: and their times are the same")
    check((got >= ordinary).all() and (got[~says] == ordinary[~says]).all(), f"{least}: no way is shorter than without the wish; the others are as they were")
    # the ways themselves: every junction on them free of large roads; where lines cross all the same, one of the two is a bridge or a tunnel
    bad_nodes = ways = 0
    seen = {}
    for c, s in list(zip(*np.nonzero(says)))[::9]:
        ways += 1
        for e, v in streets(c, s):
            bad_nodes += v < n_nodes and at_large[v]
            if e not in seen:
                seen[e] = ground.crossed(points[e]) if level[e] == 0 else 0
    bad_lines = sum(seen.values())
    check(ways > 1000 and bad_nodes == 0, f"{least}: {ways} ways touch no junction of a large road")
    check(bad_lines == 0, f"{least}: {len(seen)} streets on them cross no large road at ground level ({bad_lines})")

print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
