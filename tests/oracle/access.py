#!/usr/bin/python3
"""Access and equity on the demo, computed a second time with numpy from the times `junxian net matrix` gives. Usage: access.py JUNXIAN FOLDER"""
import csv
import json
import os
import subprocess
import sys

import numpy as np
from osgeo import ogr

ogr.UseExceptions()
junxian, out = sys.argv[1:3]
os.makedirs(out, exist_ok=True)
passed = failed = 0


def check(ok, text):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    print("ok -" if ok else "not ok -", text)


def run(*args):
    r = subprocess.run([junxian, *args, "-q"], capture_output=True, text=True)
    assert r.returncode == 0, r.stderr
    return r.stdout


def near(a, b):
    """Largest relative difference."""
    return float(np.max(np.abs(a - b) / (1e-12 + np.maximum(np.abs(a), np.abs(b)))))


SERVICE, MODE, T = "primary_school", "walk", 30
NAMES = "nearest,kth,dual,cumulative,gravity,2sfca,e2sfca,3sfca,m2sfca,kd2sfca,bfca,availability"
gpkg = os.path.join(out, "access.gpkg")
answer = json.loads(run("access", "demo", "--service", SERVICE, "--mode", MODE, "--minutes", str(T), "--measure", NAMES, "-o", gpkg, "--json"))
db = ogr.Open(gpkg)
cells, sites = [f for f in db.GetLayerByName("cells")], [f for f in db.GetLayerByName("facilities")]
people = np.array([f["people"] for f in cells])
urban = np.array([f["urban"] == "urban" for f in cells])
town = np.array([f["township"] or "" for f in cells])
got = {m: np.array([np.inf if f["access_" + m] is None else f["access_" + m] for f in cells]) for m in NAMES.split(",")}

with open(os.path.join(out, "cells.csv"), "w", newline="") as f:
    w = csv.writer(f)
    w.writerow(["name", "lon", "lat"])
    w.writerows([i, "%.7f" % c["lon"], "%.7f" % c["lat"]] for i, c in enumerate(cells))
with open(os.path.join(out, "sites.csv"), "w", newline="") as f:
    w = csv.writer(f)
    w.writerow(["name", "lon", "lat"])
    w.writerows([j, "%.7f" % s.geometry().GetX(), "%.7f" % s.geometry().GetY()] for j, s in enumerate(sites))
times = os.path.join(out, "times.csv")
run("net", "matrix", "demo", "--from", os.path.join(out, "cells.csv"), "--to", os.path.join(out, "sites.csv"), "--mode", MODE, "-o", times)
ms = np.full((len(cells), len(sites)), np.inf)
for r in csv.DictReader(open(times, encoding="utf-8-sig")):
    if r["time_ms"]:
        ms[int(r["from"]), int(r["to"])] = float(r["time_ms"])
t = ms / 60000
check(np.array_equal(got["nearest"], t.min(axis=1)), "nearest equals the matrix for %d cells" % len(cells))

inside = t <= T
t = np.where(inside, t, np.inf)
f_step = inside * 1.0
f_steps = np.select([t <= 10, t <= 20, t <= 30], [1, 0.68, 0.22], 0)
f_kernel = np.where(inside, (np.exp(-0.5 * np.minimum(t / T, 1) ** 2) - np.exp(-0.5)) / (1 - np.exp(-0.5)), 0)
f_half = np.where(inside, 0.5 ** (np.where(inside, t, 0) / T), 0)
third = np.sort(t, axis=1)[:, 2]
check(np.array_equal(got["kth"], third) and np.array_equal(got["dual"], third), "third nearest, and time to three")
check(near(got["cumulative"], f_step.sum(axis=1)) < 1e-12, "cumulative")
check(near(got["gravity"], f_half.sum(axis=1)) < 1e-12, "gravity")


def two(come, get):
    asked = people @ come
    return get @ np.where(asked > 0, 1 / np.where(asked > 0, asked, 1), 0)


def shares(f, axis):
    s = f.sum(axis=axis, keepdims=True)
    return np.where(s > 0, f / np.where(s > 0, s, 1), 0)


three = shares(f_steps, 1) * f_steps
want = {"2sfca": 1000 * two(f_step, f_step), "e2sfca": 1000 * two(f_steps, f_steps), "3sfca": 1000 * two(three, three),
        "m2sfca": 1000 * two(f_kernel, f_kernel ** 2), "kd2sfca": 1000 * two(f_kernel, f_kernel), "bfca": 1000 * two(shares(f_kernel, 1), shares(f_kernel, 0)),
        "availability": people * two(f_kernel, f_kernel)}
for m, v in want.items():
    check(near(got[m], v) < 1e-10, "%s: relative difference %.1e" % (m, near(got[m], v)))
check(abs(float(people @ got["2sfca"]) / 1000 - (people @ f_step > 0).sum()) < 1e-9, "2SFCA: access times people is the supply reached")

# ---- equity ----
e = json.loads(run("equity", "demo", "--service", SERVICE, "--mode", MODE, "--minutes", str(T), "--json"))
x, w = want["2sfca"], people
rows = {(r["kind"], r["name"]): r for r in e["rows"]}


def gini(x, w):
    return float((w[:, None] * w * np.abs(x[:, None] - x)).sum() / (2 * w.sum() * (w * x).sum()))


def theil(x, w):
    r = x / (w @ x / w.sum())
    return float((w * np.where(r > 0, r * np.log(np.where(r > 0, r, 1)), 0)).sum() / w.sum())


for key, mask in [(("all", None), urban | True), (("town", None), urban), (("country", None), ~urban)] + [(("township", n), town == n) for n in set(town) if n]:
    r = rows[key]
    ok = abs(r["gini"] - gini(x[mask], w[mask])) < 2e-9 and abs(r["theil_t"] - theil(x[mask], w[mask])) < 2e-9
    check(ok and abs(r["mean"] - w[mask] @ x[mask] / w[mask].sum()) < 2e-9, "Gini, Theil and mean of %s %s" % (key[0], key[1] or ""))
    line = e["line"]
    gap = np.clip((line - x[mask]) / line, 0, None)
    check(abs(r["fgt1"] - w[mask] @ gap / w[mask].sum()) < 2e-9 and abs(r["fgt2"] - w[mask] @ gap ** 2 / w[mask].sum()) < 2e-9, "poverty gap of %s" % key[0])
for p in e["parts"]:
    total = rows[("all", None)]["theil_t"]
    check(abs(p["theil_t_within"] + p["theil_t_between"] - total) < 3e-9, "Theil by %s adds up" % p["by"])
order = np.argsort(x, kind="stable")
cum_w, cum_x = np.concatenate([[0], np.cumsum(w[order])]), np.concatenate([[0], np.cumsum((w * x)[order])])
curve = np.interp(np.linspace(0, 1, 21), cum_w / cum_w[-1], cum_x / cum_x[-1])
check(np.max(np.abs(curve - np.array(e["lorenz"]))) < 2e-9, "Lorenz curve")
print("%d passed, %d failed" % (passed, failed))
sys.exit(failed > 0)
