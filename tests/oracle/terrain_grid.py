"""The Zion grid for tests and bench: heights warped onto the land cover's cells, friction by class; our program; r.walk."""
import os
import shutil
import subprocess
import sys
import tempfile
import time as clock

import numpy as np
from osgeo import gdal, osr

gdal.UseExceptions()
HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(HERE, "..", "data", "terrain")
# Seconds per metre on top of walking, by land-cover class of nlcd.tif (1 water .. 8 wetlands). Numbers for testing: no study behind them.
FRICTION = {2: 0.0, 3: 0.1, 4: 0.5, 5: 0.9, 6: 0.2, 7: 0.05, 8: 2.0}
KNIGHT, REVERSE, VOID_FLAT = 1, 2, 4


class Grid:
    """Heights and friction (float32, NaN no data) on one metric grid."""
    def __init__(self, heights, friction, dx, dy, west=300000.0, north=4150000.0):
        self.h = np.ascontiguousarray(heights, np.float32)
        self.f = None if friction is None else np.ascontiguousarray(friction, np.float32)
        self.dx, self.dy, self.west, self.north = dx, dy, west, north
        self.rows, self.cols = self.h.shape

    def window(self, r0, r1, c0, c1):
        f = None if self.f is None else self.f[r0:r1, c0:c1]
        return Grid(self.h[r0:r1, c0:c1], f, self.dx, self.dy, self.west + c0 * self.dx, self.north - r0 * self.dy)


def zion():
    cover = gdal.Open(os.path.join(DATA, "nlcd.tif"))
    gt = cover.GetGeoTransform()
    classes = cover.ReadAsArray()
    rows, cols = classes.shape
    box = (gt[0], gt[3] + rows * gt[5], gt[0] + cols * gt[1], gt[3])
    warped = gdal.Warp("", os.path.join(DATA, "srtm.tif"), format="MEM", dstSRS="EPSG:26912", outputBounds=box, width=cols, height=rows,
                       resampleAlg="bilinear", outputType=gdal.GDT_Float32, dstNodata=-9999)
    heights = warped.ReadAsArray()
    heights[heights == -9999] = np.nan
    friction = np.full(classes.shape, np.nan, np.float32)
    for k, v in FRICTION.items():
        friction[classes == k] = v
    return Grid(heights, friction, gt[1], -gt[5], gt[0], gt[3])


def ours(program, g, starts, law="langmuir", flags=0, max_s="inf", friction=True):
    """(time, origin, seconds of the surface, most bytes held, seconds of the process); starts are (cell, seconds)."""
    d = tempfile.mkdtemp()
    try:
        p = {k: os.path.join(d, k) for k in ("h", "f", "s", "t", "o")}
        g.h.tofile(p["h"])
        if friction and g.f is not None:
            g.f.tofile(p["f"])
        with open(p["s"], "w") as f:
            f.writelines(f"{c} {t!r}\n" for c, t in starts)
        cmd = [program, str(g.cols), str(g.rows), repr(g.dx), repr(g.dy), law, str(flags), str(max_s), p["h"],
               p["f"] if friction and g.f is not None else "-", p["s"], p["t"], p["o"]]
        began = clock.monotonic()
        r = subprocess.run(cmd, check=True, capture_output=True, text=True)
        whole = clock.monotonic() - began
        time = np.fromfile(p["t"], np.float64).reshape(g.h.shape)
        origin = np.fromfile(p["o"], np.uint32).reshape(g.h.shape)
        return time, origin, float(r.stdout), int(r.stderr.split()[0]), whole
    finally:
        shutil.rmtree(d)


def slopes(program, g):
    """Horn's slope of every cell, by our library."""
    d = tempfile.mkdtemp()
    try:
        h, out = os.path.join(d, "h"), os.path.join(d, "out")
        g.h.tofile(h)
        subprocess.run([program, str(g.cols), str(g.rows), repr(g.dx), repr(g.dy), "slope", h, out], check=True)
        return np.fromfile(out, np.float64).reshape(g.h.shape)
    finally:
        shutil.rmtree(d)


class Grass:
    """A throw-away GRASS project with the grid in it; use as a context manager."""
    def __init__(self, g):
        self.g, self.d = g, tempfile.mkdtemp()

    def __enter__(self):
        srs = osr.SpatialReference()
        srs.ImportFromEPSG(26912)
        gt = (self.g.west, self.g.dx, 0, self.g.north, 0, -self.g.dy)
        for name, a in (("heights", self.g.h), ("friction", self.g.f)):
            ds = gdal.GetDriverByName("GTiff").Create(os.path.join(self.d, name + ".tif"), self.g.cols, self.g.rows, 1, gdal.GDT_Float64)
            ds.SetGeoTransform(gt)
            ds.SetProjection(srs.ExportToWkt())
            ds.GetRasterBand(1).SetNoDataValue(float("nan"))
            ds.GetRasterBand(1).WriteArray(a.astype(np.float64))
            ds.FlushCache()
            del ds
        self.run(["true"], create=True)
        self.run(["r.in.gdal", "-o", "input=" + os.path.join(self.d, "heights.tif"), "output=heights"])
        self.run(["r.in.gdal", "-o", "input=" + os.path.join(self.d, "friction.tif"), "output=friction"])
        self.run(["g.region", "raster=heights"])
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.d)

    def run(self, cmd, create=False):
        where = os.path.join(self.d, "loc") if create else os.path.join(self.d, "loc", "PERMANENT")
        head = ["grass"] + (["-c", os.path.join(self.d, "heights.tif"), where] if create else [where]) + ["--exec"]
        env = dict(os.environ, HOME=self.d, GRASS_VERBOSE="0", GRASS_OVERWRITE="1")
        r = subprocess.run(head + cmd, capture_output=True, text=True, env=env)
        if r.returncode:
            sys.exit("grass failed: " + " ".join(cmd) + "\n" + r.stderr)
        return r.stdout

    def walk(self, cells, extra=()):
        """Accumulated cost from cells (row, col); NaN where not reached."""
        g = self.g
        xy = ",".join(f"{g.west + (c + 0.5) * g.dx!r},{g.north - (r + 0.5) * g.dy!r}" for r, c in cells)
        self.run(["r.walk", "elevation=heights", "friction=friction", "output=cost", "start_coordinates=" + xy, "memory=3000", *extra])
        out = os.path.join(self.d, "cost.tif")
        self.run(["r.out.gdal", "-c", "input=cost", "output=" + out, "type=Float64", "nodata=-1"])
        a = gdal.Open(out).ReadAsArray()
        a[a == -1] = np.nan
        return a


def have_grass():
    return shutil.which("grass") is not None
