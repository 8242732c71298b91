#!/usr/bin/python3
# Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0
"""Known answers for the tests of the room geo, made by programs nobody here wrote.

usage: tools/oracles/geo_tables.py [folder]      (default: tests/data/geo)

proj (transverse Mercator), geod (geodesics), GDAL with GEOS (areas, containment, assembly of OpenStreetMap relations) and
osmium (their member ways, from the demo extract). The tables are committed; this needs to run only to make others.
"""
import collections
import math
import os
import random
import subprocess
import sys
import tempfile

from osgeo import gdal, ogr, osr

gdal.UseExceptions()
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
OUT = sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, 'tests/data/geo')
PBF = os.path.join(ROOT, 'demo/liechtenstein/liechtenstein-2024-03.osm.pbf')
rnd = random.Random(20261124)


def run(args, text):
    return subprocess.run(args, input=text, capture_output=True, text=True, check=True).stdout.split('\n')


def tmerc():
    """lon0 lat0 lon lat x y"""
    with open(os.path.join(OUT, 'tmerc.txt'), 'w') as f:
        for lon0, lat0 in [(0, 0), (119.4, 31.4), (9.53, 47.16), (-46.6, -23.5), (100, 22), (125.25, 52), (15, 80), (179, 65)]:
            pts = [(lon0 + rnd.uniform(-3, 3), max(-89.5, min(89.5, lat0 + rnd.uniform(-3, 3)))) for _ in range(60)]
            pts += [(lon0, lat0), (lon0 + 3, lat0), (lon0 - 3, lat0 + 3), (lon0, lat0 - 3)]
            args = ['proj', '+proj=tmerc', f'+lon_0={lon0}', f'+lat_0={lat0}', '+k_0=1', '+ellps=GRS80', '-f', '%.6f']
            got = run(args, ''.join(f'{a:.12f} {b:.12f}\n' for a, b in pts))
            for (a, b), line in zip(pts, got):
                f.write(f'{lon0} {lat0} {a:.12f} {b:.12f} {" ".join(line.split())}\n')


def lengths():
    """lon lat lon lat (1e-7 degrees) metres"""
    rows = []
    for _ in range(1500):
        lat, d, az = rnd.uniform(-70, 70), 10 ** rnd.uniform(0, 5), rnd.uniform(0, 2 * math.pi)
        lon = rnd.uniform(-170, 170)
        lon2 = lon + d * math.sin(az) / (111320 * math.cos(math.radians(lat)))
        lat2 = lat + d * math.cos(az) / 111000
        rows.append([round(v * 1e7) for v in (lon, lat, lon2, lat2)])
    text = ''.join(' '.join(f'{v / 1e7:.7f}' for v in (r[1], r[0], r[3], r[2])) + '\n' for r in rows)
    got = run(['geod', '+ellps=GRS80', '-I', '-F', '%.6f', '-f', '%.9f'], text)
    with open(os.path.join(OUT, 'lengths.txt'), 'w') as f:
        for r, line in zip(rows, got):
            f.write(' '.join(map(str, r)) + ' ' + line.split()[-1] + '\n')


def area_m2(geom):
    """Of a geometry in integer 1e-7 degrees, on the transverse Mercator centred on its box."""
    g = geom.Clone()
    x0, x1, y0, y1 = g.GetEnvelope()
    a, b = osr.SpatialReference(), osr.SpatialReference()
    a.ImportFromProj4('+proj=longlat +ellps=GRS80 +no_defs')
    b.ImportFromProj4(f'+proj=tmerc +lon_0={(x0 + x1) / 2e7!r} +lat_0={(y0 + y1) / 2e7!r} +k_0=1 +ellps=GRS80 +units=m +no_defs')
    a.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    b.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    scaled = ogr.CreateGeometryFromWkt(g.ExportToWkt())
    each_ring(scaled, lambda r: [r.SetPoint_2D(i, r.GetX(i) / 1e7, r.GetY(i) / 1e7) for i in range(r.GetPointCount())])
    scaled.Transform(osr.CoordinateTransformation(a, b))
    return scaled.Area()


def each_ring(g, fn):
    if g.GetGeometryName() == 'LINEARRING':
        fn(g)
    for i in range(g.GetGeometryCount()):
        each_ring(g.GetGeometryRef(i), fn)


def rings_of(g):
    out = []
    each_ring(g, lambda r: out.append([(round(r.GetX(i)), round(r.GetY(i))) for i in range(r.GetPointCount())]))
    return out


def write_case(f, name, lines, geom, n_points):
    """name lines parts rings area points; then each line; then points with 1 inside or 0 (points on the line left out)"""
    rings = rings_of(geom)
    parts = geom.GetGeometryCount() if geom.GetGeometryName() == 'MULTIPOLYGON' else 1
    x0, x1, y0, y1 = geom.GetEnvelope()
    vertices = [p for r in rings for p in r]
    pts = []
    while len(pts) < n_points:
        if rnd.random() < 0.5:
            x, y = rnd.randint(int(x0), int(x1)), rnd.randint(int(y0), int(y1))
        else:  # near the line, and often at the latitude of a vertex
            vx, vy = rnd.choice(vertices)
            x, y = vx + round(rnd.gauss(0, (x1 - x0) / 100)), vy + rnd.choice([0, 0, 1, -1, round(rnd.gauss(0, (y1 - y0) / 100))])
        p = ogr.Geometry(ogr.wkbPoint)
        p.AddPoint_2D(x, y)
        if geom.Boundary().Distance(p) > 0:
            pts.append((x, y, int(geom.Contains(p))))
    f.write(f'{name} {len(lines)} {parts} {len(rings)} {area_m2(geom):.6f} {len(pts)}\n')
    for line in lines:
        f.write(f'{len(line)} ' + ' '.join(f'{x} {y}' for x, y in line) + '\n')
    for p in pts:
        f.write('%d %d %d\n' % p)


def random_polygons(f):
    for k in range(25):
        lon0, lat0, size = rnd.randint(-1500000000, 1500000000), rnd.randint(-700000000, 700000000), 10 ** rnd.uniform(4, 7)

        def star(cx, cy, r, n):
            angles = [(k + rnd.uniform(0, 0.9)) * 2 * math.pi / n for k in range(n)]
            radii = [r * rnd.uniform(0.5, 1) for _ in angles]
            ring = [(round(cx + math.cos(a) * q), round(cy + math.sin(a) * q)) for a, q in zip(angles, radii)]
            return ring + ring[:1]
        g = ogr.Geometry(ogr.wkbMultiPolygon)
        for part in range(rnd.randint(1, 4)):
            cx, cy = lon0 + part * size * 2.5, lat0 + rnd.uniform(-1, 1) * size
            poly = ogr.Geometry(ogr.wkbPolygon)
            for ring in [star(cx, cy, size, rnd.randint(9, 80))] + [star(cx, cy, size / 8, rnd.randint(4, 9)) for _ in range(rnd.randint(0, 1))]:
                r = ogr.Geometry(ogr.wkbLinearRing)
                for x, y in ring:
                    r.AddPoint_2D(x, y)
                poly.AddGeometry(r)
            g.AddGeometry(poly)
        if g.IsValid():
            write_case(f, f'random{k}', rings_of(g), g, 200)


def relations(f):
    """Multipolygon relations of the demo: member ways by osmium, the area as GDAL's own OSM reader assembles it."""
    opl = subprocess.run(['osmium', 'cat', '-f', 'opl', PBF], capture_output=True, text=True, check=True).stdout
    node, way, rel = {}, {}, {}
    for line in opl.split('\n'):
        part = {p[:1]: p[1:] for p in line.split(' ')[1:]}
        if line[:1] == 'n' and part.get('x'):
            node[line[1:].split(' ')[0]] = (round(float(part['x']) * 1e7), round(float(part['y']) * 1e7))
        elif line[:1] == 'w':
            way[line[1:].split(' ')[0]] = [n.split('x')[0][1:] for n in part['N'].split(',') if n]
        elif line[:1] == 'r' and ('type=multipolygon' in part['T'] or 'type=boundary' in part['T']):
            rel[line[1:].split(' ')[0]] = [m.split('@')[0][1:] for m in part['M'].split(',') if m[:1] == 'w']
    whole = {}
    for r, members in rel.items():
        if members and all(m in way and all(n in node for n in way[m]) for m in members):
            degree = collections.Counter(e for m in members for e in (way[m][0], way[m][-1]) if way[m][0] != way[m][-1])
            if all(v % 2 == 0 for v in degree.values()):
                whole[r] = members
    source = ogr.Open(PBF)
    chosen = []
    for feature in source.GetLayerByName('multipolygons'):
        r = feature.GetField('osm_id')
        g = feature.GetGeometryRef()
        if r in whole and g.IsValid():
            g = g.Clone()
            each_ring(g, lambda q: [q.SetPoint_2D(i, round(q.GetX(i) * 1e7), round(q.GetY(i) * 1e7)) for i in range(q.GetPointCount())])
            if g.IsValid():
                chosen.append((len(rings_of(g)) * 5 + len(whole[r]), r, g))
    chosen.sort(key=lambda c: (-c[0], c[1]))
    for _, r, g in chosen[:14] + chosen[20:200:15]:
        lines = [[node[n] for n in way[m]] for m in whole[r]]
        write_case(f, 'r' + r, lines, g, 60)


os.makedirs(OUT, exist_ok=True)
tmerc()
lengths()
with open(os.path.join(OUT, 'polygons.txt'), 'w') as out:
    random_polygons(out)
    relations(out)
