#!/usr/bin/python3
"""Heights and land cover as a user gives them: what changes, what must not, what is said about it.

Usage: test_terrain.py JUNXIAN SOURCE-DIR [unittest arguments]. Needs python3-gdal and python3-numpy. All heights are synthetic and made here.
"""
import csv
import json
import os
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import numpy as np
from osgeo import gdal, osr

from test_cli import DEMO, SOURCE, Case, call, tree

gdal.UseExceptions()
BOX = (9.40, 46.98, 9.70, 47.32)  # around the demo: west, south, east, north


def write(path, values, west, north, dx, dy, epsg=4326, nodata=None, unit=None, kind=gdal.GDT_Float32):
    ds = gdal.GetDriverByName("GTiff").Create(path, values.shape[1], values.shape[0], 1, kind)
    ds.SetGeoTransform((west, dx, 0, north, 0, -dy))
    if epsg:
        s = osr.SpatialReference()
        s.ImportFromEPSG(epsg)
        ds.SetProjection(s.ExportToWkt())
    if nodata is not None:
        ds.GetRasterBand(1).SetNoDataValue(nodata)
    if unit:
        ds.GetRasterBand(1).SetUnitType(unit)
    ds.GetRasterBand(1).WriteArray(values)


def dem(path, height, **kw):
    """One arc second over the demo; height(lon, lat) in metres."""
    d = 1 / 3600
    lon = np.arange(BOX[0], BOX[2], d) + d / 2
    lat = np.arange(BOX[3], BOX[1], -d) - d / 2
    lon, lat = np.meshgrid(lon, lat)
    write(path, (height(lon, lat) + 0 * lon).astype(np.float32), BOX[0], BOX[3], d, d, **kw)
    return path


def text(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


class Heights(Case):
    def run_into(self, out, *options):
        r = call("run", DEMO, "-o", out, *options, cwd=self.dir)
        self.assertEqual(r.returncode, 0, r.stderr)
        return tree(self.path(out))

    def route(self, a, b, mode, *options):
        r = call("net", "route", DEMO, "--from", a, "--to", b, "--mode", mode, "--json", "-q", *options, cwd=self.dir)
        self.assertEqual(r.returncode, 0, r.stderr)
        return json.loads(r.stdout)

    def test_level_or_unknown_changes_no_number(self):
        """A level DEM and one without any value give the run without a DEM, table by table."""
        plain = self.run_into("plain")
        for name, path in (("level", dem(self.path("level.tif"), lambda x, y: 456.7)),
                           ("void", dem(self.path("void.tif"), lambda x, y: -9999, nodata=-9999))):
            got = self.run_into(name, "--dem", path)
            for f in plain:
                if f.endswith(".csv") and f != "sources.csv":
                    self.assertEqual(got[f], plain[f], f"{name}: {f}")
            self.assertNotEqual(got["sources.csv"], plain["sources.csv"])
            s = json.loads(text(self.path(f"{name}/summary.json")))
            walk = s["terrain"]["modes"]["walk"]
            self.assertEqual(walk["time_factor"], 1)
            unknown = walk["no_height_km"] / (walk["street_km"] - walk["stairs_km"])
            self.assertAlmostEqual(unknown, 0 if name == "level" else 1, 6)
            self.assertEqual([m["code"] for m in s["messages"] if m["code"] == 2291] != [], name == "void")
            self.assertEqual(s["terrain"]["modes"]["car"], {"law": "none"})
        self.assertNotIn("terrain", json.loads(text(self.path("plain/summary.json"))))
        self.assertNotIn("DEM", text(self.path("plain/report.html")))

    def test_slope(self):
        """10 % up to the north: dearer up than down, cars as before; named in lock, report and summary."""
        path = dem(self.path("plane.tif"), lambda x, y: 500 + 0.1 * 111200 * (y - 47.0))
        south, north = "9.5209,47.1410", "9.5250,47.2110"
        for mode in ("walk", "bike"):
            flat = self.route(south, north, mode)["time_ms"]
            up, down = (self.route(a, b, mode, "--dem", path)["time_ms"] for a, b in ((south, north), (north, south)))
            self.assertGreater(up, 1.2 * flat)
            self.assertLess(down, up)
        self.assertEqual(self.route(south, north, "car"), self.route(south, north, "car", "--dem", path))
        self.run_into("out", "--dem", path)
        lock = json.loads(text(self.path("out/junxian.lock")))
        self.assertIn("plane.tif", [i["name"] for i in lock["inputs"]])
        self.assertIn("Tobler", text(self.path("out/report.html")))
        s = json.loads(text(self.path("out/summary.json")))
        self.assertIn("plane.tif", [i["name"] for i in s["sources"]])
        self.assertGreater(s["terrain"]["modes"]["walk"]["time_factor"], 1.05)
        r = call("run", DEMO, "--dem", path, "--dry-run")
        self.assertIn("plane.tif", r.stdout)

    def test_law_none(self):
        rules = text(os.path.join(SOURCE, "standards/profiles.yaml"))
        self.write("p.yaml", rules.replace("slope: tobler ", "slope: none ").replace("slope: bike_power", "slope: none"))
        path = dem(self.path("plane.tif"), lambda x, y: 500 + 0.1 * 111200 * (y - 47.0))
        a, b = "9.5209,47.1410", "9.5250,47.2110"
        self.assertEqual(self.route(a, b, "walk")["time_ms"], self.route(a, b, "walk", "--dem", path, "--profiles", "p.yaml")["time_ms"])
        self.write("p.yaml", rules.replace("slope: bike_power", "slope: tobler"))
        self.fails(3, "tobler", "net", "info", DEMO, "--dem", path, "--profiles", "p.yaml")

    def test_any_coordinate_system(self):
        """The same plane in UTM 32N gives nearly the same time: it is read through a warp (bilinear), within half a percent."""
        plane = lambda x, y: 500 + 0.1 * 111200 * (y - 47.0)
        path = dem(self.path("plane.tif"), plane)
        gdal.Warp(self.path("utm.tif"), path, dstSRS="EPSG:32632", xRes=30, yRes=30, resampleAlg="bilinear", dstNodata=-9999)
        a, b = "9.5209,47.1410", "9.5250,47.2110"
        want, got = (self.route(a, b, "walk", "--dem", p)["time_ms"] for p in (path, self.path("utm.tif")))
        self.assertLess(abs(got - want), 0.005 * want)

    def test_bad_heights(self):
        self.fails(4, "gone.tif", "net", "info", DEMO, "--dem", "gone.tif")
        undeclared = dem(self.path("undeclared.tif"), lambda x, y: -32768)
        self.fails(3, "JX2290", "net", "info", DEMO, "--dem", undeclared)
        feet = dem(self.path("feet.tif"), lambda x, y: 500, unit="ft")
        self.fails(3, "JX3056", "net", "info", DEMO, "--dem", feet)
        nowhere = self.path("nowhere.tif")
        write(nowhere, np.zeros((8, 8), np.float32), 100, 30, 0.01, 0.01)
        self.fails(3, "JX3057", "run", DEMO, "--dem", nowhere, "-o", "out")
        bare = self.path("bare.tif")
        write(bare, np.zeros((8, 8), np.float32), 9.4, 47.4, 0.01, 0.01, epsg=None)
        self.fails(3, "JX3055", "net", "info", DEMO, "--dem", bare)
        self.assertFalse(os.path.exists(self.path("out")))

    def test_folder(self):
        dem(self.path("heights.tif"), lambda x, y: 500 + 0.1 * 111200 * (y - 47.0))
        self.write("place/county.yaml", f"name: t\nosm: {DEMO}\nterrain: {{dem: ../heights.tif}}\n")
        self.write("place/other.yaml", "")
        r = call("check", "place", cwd=self.dir)
        self.assertEqual(r.returncode, 0, r.stderr)
        self.assertIn("JX2292", r.stderr)
        self.write("place/county.yaml", f"name: t\nosm: {DEMO}\nterrain: {{dems: ../heights.tif}}\n")
        self.fails(3, "dems", "check", "place")


class LandCover(Case):
    # the straight walk of profiles.yaml: 2.4 km/h over 1.3 times the distance, on paths of 3.6 km/h
    SAME = "path_kmh: 3.6\nschemes: {same: {speed: {1: 1.8461538461538463, 2: 3.6, 3: 0}}}\n"

    def cells(self, out):
        with open(self.path(out + "/cells.csv"), encoding="utf-8-sig") as f:
            rows = list(csv.DictReader(f))
        return {r["cell"]: {k: int(v) for k, v in r.items() if k.endswith("_ms") and v} for r in rows}

    def run_into(self, out, *options):
        r = call("run", DEMO, "-o", out, *options, cwd=self.dir)
        self.assertEqual(r.returncode, 0, r.stderr)
        return self.cells(out)

    def test_one_class_is_the_straight_walk(self):
        """Ground as slow as the straight walk counts gives its times; the rest, up to half a second and some joints equally near, is the
        difference of two metrics (plane and local scale)."""
        self.write("same.yaml", self.SAME)
        grid = dem(self.path("one.tif"), lambda x, y: 1)
        plain, one = self.run_into("plain"), self.run_into("one", "--friction", grid, "--land-cover", "same.yaml")
        self.assertEqual({c: set(v) for c, v in plain.items()}, {c: set(v) for c, v in one.items()})
        worst = max(abs(one[c][k] - v) for c in plain for k, v in plain[c].items())
        self.assertLess(worst, 1000)
        s = json.loads(text(self.path("one/summary.json")))
        walk = s["land_cover"]["cells"]["walk"]
        self.assertEqual(s["land_cover"]["classes"], "same")
        self.assertEqual(walk["ground_unknown"], 0)
        self.assertGreaterEqual(sum(walk.values()), len(plain))  # cells.csv leaves out crumbs of people
        self.assertNotIn("land_cover", json.loads(text(self.path("plain/summary.json"))))
        names = [i["name"] for i in json.loads(text(self.path("one/junxian.lock")))["inputs"]]
        self.assertTrue({"one.tif", "same.yaml"} <= set(names), names)
        self.assertIn("AccessMod", text(self.path("one/report.html")))

    def test_faster_ground_never_takes_longer(self):
        self.write("same.yaml", self.SAME)
        slow = self.run_into("slow", "--friction", dem(self.path("one.tif"), lambda x, y: 1), "--land-cover", "same.yaml")
        fast = self.run_into("fast", "--friction", dem(self.path("two.tif"), lambda x, y: 2), "--land-cover", "same.yaml")
        self.assertTrue(all(fast[c][k] <= v for c in slow for k, v in slow[c].items()))
        self.assertTrue(any(fast[c][k] < v for c in slow for k, v in slow[c].items()))

    def test_water_and_slopes(self):
        """Water everywhere: nobody can walk, all keep the straight walk, and that is said. With heights too: it runs, same bytes twice."""
        self.write("same.yaml", self.SAME)
        water = dem(self.path("three.tif"), lambda x, y: 3)
        plain = self.run_into("plain")
        r = call("run", DEMO, "-o", "water", "--friction", water, "--land-cover", "same.yaml", cwd=self.dir)
        self.assertEqual(r.returncode, 0, r.stderr)
        self.assertIn("JX2793", r.stderr)
        self.assertEqual(self.cells("water"), plain)
        grid = dem(self.path("mixed.tif"), lambda x, y: 1 + (np.floor(x * 500) + np.floor(y * 700)) % 3)
        hills = dem(self.path("hills.tif"), lambda x, y: 900 + 300 * np.sin(x * 300) * np.cos(y * 260))
        trees = []
        for threads in ("1", "3"):
            call("run", DEMO, "-o", "out", "--overwrite", "--friction", grid, "--land-cover", "same.yaml", "--dem", hills, "--threads", threads, cwd=self.dir)
            trees.append({k: v for k, v in tree(self.path("out")).items() if not k.endswith((".html", "summary.json"))})
        self.assertEqual(trees[0], trees[1])
        self.assertTrue(json.loads(text(self.path("out/summary.json")))["land_cover"]["slopes"])

    def test_scheme_is_never_guessed(self):
        grid = dem(self.path("ten.tif"), lambda x, y: 10)
        self.fails(3, "JX2791", "run", DEMO, "-o", "out", "--friction", grid)
        self.fails(3, "JX2791", "run", DEMO, "-o", "out", "--friction", grid, "--land-cover", "gl30")
        self.fails(3, "JX2792", "run", DEMO, "-o", "out", "--friction", grid, "--land-cover", "clcd")
        self.write("bad.yaml", "schemes: {a: {speed: {ten: 5}}}\n")
        self.fails(3, "bad.yaml", "run", DEMO, "-o", "out", "--friction", grid, "--land-cover", "bad.yaml")
        self.fails(4, "none.yaml", "run", DEMO, "-o", "out", "--friction", grid, "--land-cover", "none.yaml")

    def test_folder(self):
        dem(self.path("cover.tif"), lambda x, y: 30)
        self.write("place/county.yaml", f"name: t\nosm: {DEMO}\nterrain: {{friction: ../cover.tif, land_cover: worldcover}}\n")
        r = call("run", "place", "--dry-run", cwd=self.dir)
        self.assertIn("cover.tif", r.stdout)
        self.assertEqual(call("check", "place", cwd=self.dir).returncode, 0)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
