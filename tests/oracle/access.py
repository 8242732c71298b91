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
# ---- the chapter of the report: every figure again from the exported cells ----
demo = os.path.join(out, "demo")
run("run", "demo", "-o", demo, "--overwrite")
summary = json.load(open(os.path.join(demo, "summary.json"), encoding="utf-8"))
table = list(csv.DictReader(open(os.path.join(demo, "cells.csv"), encoding="utf-8-sig")))
people = np.array([float(r["people"]) for r in table])
urban = np.array([r["urban"] == "urban" for r in table])
town = np.array([r["township"] for r in table])
limits = {(r["service"], r["mode"]): (r["urban_ms"], r["rural_ms"]) for r in summary["results"]}
fair = {s["service"]: s for s in summary["fairness"]["services"]}


def same(a, b, tol=2e-9):
    return (a is None) == (not np.isfinite(b)) and (a is None or abs(a - b) <= tol * (1 + abs(b)))


def late(ms, w, q):
    order = np.argsort(ms, kind="stable")
    return ms[order][np.searchsorted(np.cumsum(w[order]), q * w.sum() * (1 - 1e-15))]


ok_time = ok_poor = True
for s in fair.values():
    key = "%s_%s_ms" % (s["service"], s["mode"])
    ms = np.array([float(r[key]) if r[key] else np.inf for r in table])
    if not np.isfinite(ms).any():
        continue
    for name, mask in (("town", urban), ("country", ~urban), ("all", urban | True)):
        w, t, got_row = people[mask], ms[mask] / 60000, s[name]
        there = np.isfinite(t)
        ok_time &= same(got_row["mean"], w[there] @ t[there] / w[there].sum()) and same(got_row["unreachable"], w[~there].sum(), 1e-6)
        p90 = late(t, w, 0.9)
        ok_time &= got_row["p90"] == "infinite" if np.isinf(p90) else same(got_row["p90"], p90)
    u, r = limits[s["service"], s["mode"]]
    own = np.where(urban, u, r).astype(float)
    applies = own > 0
    gap = np.clip((ms[applies] - own[applies]) / own[applies], 0, 1)
    w = people[applies]
    beyond = (ms > own) & applies & np.isfinite(ms)
    ok_poor &= same(s["fgt0"], w @ (gap > 0) / w.sum()) and same(s["fgt1"], w @ gap / w.sum()) and same(s["fgt2"], w @ gap ** 2 / w.sum())
    far = people[beyond] @ (ms[beyond] - own[beyond]) / people[beyond].sum() / 60000 if people[beyond].sum() > 0 else np.nan
    ok_poor &= same(s["too_far_min"], far)
check(len(fair) > 10 and ok_time, "report: mean and 90th percentile in town and country of %d services" % len(fair))
check(ok_poor, "report: FGT against each cell's own threshold, mean minutes too far")

# Gini, Theil, Palma, concentration of E2SFCA for the service whose times are known in full
place = [(c["cell"], c["township"] or "") for c in cells]  # a square on a border is several cells
check(place == [(r["cell"], r["township"]) for r in table], "the same cells in the same order")
reach_none = np.array([not r["primary_school_walk_ms"] for r in table])
x, s = want["e2sfca"], fair["primary_school"]
check(s["catchment_min"] == T, "report: the catchment is the longer threshold")
keep = ~reach_none
x, w, where_town, where_urban = x[keep], people[keep], town[keep], urban[keep]
check(same(s["gini"], gini(x, w)) and same(s["theil_t"], theil(x, w)), "report: Gini and Theil of E2SFCA")


def between(groups):
    mean, total = w @ x / w.sum(), 0.0
    for g in set(groups):
        m = groups == g
        share = w[m] @ x[m] / w[m].sum() / mean
        total += w[m].sum() / w.sum() * (share * np.log(share) if share > 0 else 0)
    return total


check(same(s["theil_t_between_town_country"], between(where_urban)) and same(s["theil_t_between_townships"], between(where_town)), "report: Theil's parts")
order = np.argsort(x, kind="stable")
cum_w, cum_x = np.concatenate([[0], np.cumsum(w[order])]), np.concatenate([[0], np.cumsum((w * x)[order])])
held = np.interp([0.4, 0.9], cum_w / cum_w[-1], cum_x / cum_x[-1])
check(same(s["palma"], (1 - held[1]) / held[0]) and same(s["least_40_percent"], held[0]), "report: Palma and the share of the four tenths with least")
check(same(s["people_none_near"], w[x == 0].sum(), 1e-6), "report: people with none near")
run("equity", "demo", "--service", "primary_school", "-o", os.path.join(out, "rank.gpkg"))
ranks = ogr.Open(os.path.join(out, "rank.gpkg"))
rank = np.array([np.nan if f["rank"] is None else f["rank"] for f in ranks.GetLayerByName("cells")])[keep]
m = np.isfinite(rank)
xr, wr, rr = x[m], w[m], np.round(rank[m] * 60000)
below = np.array([wr[rr < v].sum() + wr[rr == v].sum() / 2 for v in rr]) / wr.sum()
mean = wr @ xr / wr.sum()
check(same(s["concentration"], 2 * (wr @ ((xr - mean) * (below - 0.5)) / wr.sum()) / mean, 1e-6), "report: concentration along the way to the largest town")
ranked = sorted((v["gini"] for v in fair.values() if v["ranked"] and v["gini"] is not None), reverse=True)[:3]
check([fair[k]["gini"] for k in summary["fairness"]["most_unequal"]] == ranked, "report: the most unequal services are those of highest Gini")
print("%d passed, %d failed" % (passed, failed))
sys.exit(failed > 0)
