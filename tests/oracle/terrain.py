#!/usr/bin/python3
"""Cost surfaces and slopes on real terrain against GRASS r.walk, scipy and GDAL. Usage: terrain.py scipy|grass|gdal TERRAIN-WALK

grass: exit 77 (skipped) where GRASS is not installed (package grass-core, 43 MB to fetch, 76 MB on disk).
"""
import sys

import numpy as np

import terrain_grid as tg

what, program = sys.argv[1:3]
passed = failed = 0


def check(ok, text):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    print("ok -" if ok else "not ok -", text)


def compare(name, got, want, limit, floor=1.0):
    """Every cell: reached by both or by neither, and the largest relative difference (of at least `floor` seconds)."""
    a, b = np.isfinite(got), np.isfinite(want)
    both = a & b
    worst = np.max(np.abs(got[both] - want[both]) / np.maximum(want[both], floor)) if both.any() else 0.0
    check((a == b).all(), f"{name}: the same {int(both.sum()):,} of {got.size:,} cells are reached")
    check(worst <= limit, f"{name}: largest relative difference {worst:.2e} (limit {limit:g})")


def starts(g, cells):
    return [(r * g.cols + c, 0.0) for r, c in cells]


def arcs(g, seconds, knight):
    """The grid's graph for scipy: seconds(from, to, distance, friction) on arrays of cell indices."""
    from scipy.sparse import csr_matrix
    index = np.arange(g.rows * g.cols).reshape(g.rows, g.cols)
    f = np.zeros(g.h.size) if g.f is None else g.f.ravel().astype(float)
    rows, cols, vals = [], [], []
    for dr in range(-2, 3):
        for dc in range(-2, 3):
            if dr * dr + dc * dc not in ((1, 2, 5) if knight else (1, 2)):
                continue
            pad_r, pad_c = max(abs(dr), 0), max(abs(dc), 0)
            a = index[pad_r if dr < 0 else 0:g.rows - (pad_r if dr > 0 else 0), pad_c if dc < 0 else 0:g.cols - (pad_c if dc > 0 else 0)].ravel()
            b = a + dr * g.cols + dc
            touched = [a, b]
            if abs(dr) == 2:
                touched += [a + dr // 2 * g.cols, a + dr // 2 * g.cols + dc]
            if abs(dc) == 2:
                touched += [a + dc // 2, a + dr * g.cols + dc // 2]
            dist = np.hypot(dr * g.dy, dc * g.dx)
            t = seconds(a, b, dist, sum(f[x] for x in touched) / len(touched))
            keep = np.isfinite(t)
            rows.append(a[keep])
            cols.append(b[keep])
            vals.append(t[keep])
    n = g.rows * g.cols
    return csr_matrix((np.concatenate(vals), (np.concatenate(rows), np.concatenate(cols))), shape=(n, n))


def scipy_surface(g, cells, seconds, knight, reverse=False):
    from scipy.sparse.csgraph import dijkstra
    graph = arcs(g, seconds, knight)
    d = dijkstra(graph.T.tocsr() if reverse else graph, indices=[c for c, _ in cells], min_only=True)
    return d.reshape(g.h.shape)


def against_scipy():
    g = tg.zion().window(400, 700, 300, 650)
    cells = starts(g, [(20, 30), (150, 200), (280, 340)])
    flat = tg.Grid(np.zeros_like(g.h), None, g.dx, g.dy)
    for knight in (False, True):
        got = tg.ours(program, flat, cells, "tobler", tg.KNIGHT if knight else 0)[0]
        pace = 3.6 / (6 * np.exp(-0.175))
        want = scipy_surface(flat, cells, lambda a, b, d, f: np.full(a.shape, d * pace), knight)
        compare(f"flat, {16 if knight else 8} neighbours, scipy", got, want, 1e-12)
    h = g.h.ravel().astype(float)

    def tobler(a, b, d, f):
        return d * f * 3.6 / (6 * np.exp(-3.5 * np.abs((h[b] - h[a]) / d + 0.05)))

    def langmuir(a, b, d, f):
        dh = h[b] - h[a]
        return 0.72 * d + dh * np.where(dh >= 0, 6.0, np.where(dh / d < -0.2125, -1.9998, 1.9998)) + f * d
    rough = tg.Grid(g.h, g.f + np.float32(1), g.dx, g.dy)
    for law, seconds, grid in (("tobler", tobler, rough), ("langmuir", langmuir, g)):
        for flags in (0, tg.KNIGHT, tg.REVERSE, tg.KNIGHT | tg.REVERSE):
            got = tg.ours(program, grid, cells, law, flags)[0]
            want = scipy_surface(grid, cells, seconds, bool(flags & tg.KNIGHT), bool(flags & tg.REVERSE))
            compare(f"{law}, {'knight ' if flags & 1 else ''}{'reverse ' if flags & 2 else ''}scipy", got, want, 1e-11)


def against_grass():
    if not tg.have_grass():
        print("GRASS is not installed: skipped")
        sys.exit(77)
    g = tg.zion()
    cells = [(700, 500), (100, 100), (1200, 900)]
    # GRASS works out the size of a cell anew from the borders, with a rounding; where the size has few digits nothing is left to differ
    part = g.window(300, 900, 200, 800)
    exact = tg.Grid(part.h, part.f, 32.0, 16.0)
    with tg.Grass(exact) as grass:
        for flags, extra in ((0, []), (tg.KNIGHT, ["-k"])):
            got, want = tg.ours(program, exact, starts(exact, [(300, 300)]), flags=flags)[0], grass.walk([(300, 300)], extra)
            same = (got == want) | (np.isinf(got) & np.isnan(want))
            check(same.all(), f"cells of 32 x 16 m, r.walk {' '.join(extra)}: {int(same.sum()):,} of {same.size:,} cells have the same bits")
    with tg.Grass(g) as grass:
        print("   ", grass.run(["g.version"]).split("(")[0].strip(), f"on {g.cols} x {g.rows} cells,", f"{int(np.isnan(g.h).sum()):,} without height,",
              f"{int(np.isnan(g.f).sum()):,} water")
        compare("8 neighbours, r.walk", tg.ours(program, g, starts(g, cells))[0], grass.walk(cells), 1e-11)
        compare("16 neighbours, r.walk -k", tg.ours(program, g, starts(g, cells), flags=tg.KNIGHT)[0], grass.walk(cells, ["-k"]), 1e-11)
        # r.walk's cut-off leaves the labels beyond it that the front had touched; ours keeps none
        limit = 9000
        ref = grass.walk(cells, ["-k", f"max_cost={limit}"])
        ref[ref > limit] = np.nan
        compare(f"max_cost {limit}, r.walk", tg.ours(program, g, starts(g, cells), flags=tg.KNIGHT, max_s=limit)[0], ref, 1e-11)
        # towards a place: what r.walk needs from elsewhere to it
        place, away = (640, 520), [(100, 100), (600, 900), (1300, 200), (650, 515)]
        back = tg.ours(program, g, starts(g, [place]), flags=tg.KNIGHT | tg.REVERSE)[0]
        worst = max(abs(back[c] / grass.walk([c], ["-k"])[place] - 1) for c in away)
        check(worst < 1e-11, f"towards a place, r.walk from {len(away)} cells: largest relative difference {worst:.2e}")


def against_gdal():
    """Slopes of real heights, cell by cell, against gdaldem (Horn; percent in single precision)."""
    from osgeo import gdal, osr
    g = tg.zion().window(0, 400, 0, 400)
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(26912)
    ds = gdal.GetDriverByName("MEM").Create("", g.cols, g.rows, 1, gdal.GDT_Float32)
    ds.SetGeoTransform((g.west, g.dx, 0, g.north, 0, -g.dy))
    ds.SetProjection(srs.ExportToWkt())
    ds.GetRasterBand(1).WriteArray(g.h)
    ref = gdal.DEMProcessing("", ds, "slope", format="MEM", slopeFormat="percent").ReadAsArray() / 100
    got = tg.slopes(program, g)
    both = np.isfinite(got) & (ref >= 0)
    check(both.sum() > 0.9 * got.size, f"gdaldem slope: {int(both.sum()):,} cells compared")
    check(np.max(np.abs(got[both] - ref[both])) < 1e-5, f"gdaldem slope: largest difference {np.max(np.abs(got[both] - ref[both])):.2e}")


{"scipy": against_scipy, "grass": against_grass, "gdal": against_gdal}[what]()
print(f"{passed} passed, {failed} failed")
sys.exit(failed > 0)
