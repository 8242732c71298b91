#!/usr/bin/python3
"""Districts and consortia on the demo against HiGHS (scipy): the split assignment as a linear program, whole cells, fewest moved and groups as
integer programs, districts in one piece by scipy's components. Usage: district.py JUNXIAN FOLDER"""
import json
import os
import subprocess
import sys

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_matrix, vstack
from scipy.sparse.csgraph import connected_components

JUNXIAN, OUT = sys.argv[1:3]
os.makedirs(OUT, exist_ok=True)
passed = failed = 0


def check(ok, text):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    print("ok -" if ok else "not ok -", text, flush=True)


def run(name, verb, *args):
    path = os.path.join(OUT, name + ".json")
    r = subprocess.run([JUNXIAN, verb, "demo", *args, "--problem", path, "--json", "-q"], capture_output=True, text=True)
    assert r.returncode == 0, r.stderr
    return json.loads(r.stdout), json.load(open(path))


class Problem:
    """Pairs of cell and site with a way, people in thousandths."""

    def __init__(self, q):
        time = np.array([[-1 if t is None else t for t in row] for row in q["time_ms"]], dtype=np.int64)
        n, m = time.shape
        self.n, self.m, self.people, self.cap = n, m, np.array(q["people"], dtype=np.int64), np.array(q["capacity"], dtype=np.int64)
        self.cell, self.site = np.nonzero((time >= 0) & (self.people[:, None] > 0))
        self.time = time[self.cell, self.site]
        cross = np.zeros((n, m), bool)
        for c, s in q["crossing"]:
            cross[c, s] = True
        self.cross = cross[self.cell, self.site]
        today = np.array([-1 if s is None else s for s in q["present"]] or [-1] * n)
        self.moved = (today[self.cell] >= 0) & (today[self.cell] != self.site)
        k, w = len(self.cell), self.people[self.cell]
        ones = np.ones(k)
        self.w = w
        self.once = csr_matrix((ones, (self.cell, np.arange(k))), (n, k))[np.unique(self.cell)]
        self.load = csr_matrix((w, (self.site, np.arange(k))), (m, k))
        self.wants = [c for c in ("cross", "moved") if getattr(self, c).any()]
        self.costs = [np.where(getattr(self, c), w, 0) for c in self.wants] + [w * self.time]

    def solve(self, whole, limit=1):
        """One goal after the other, each kept at its best. Lower and upper bounds of the goals' best, equal where HiGHS came to an end (all
        goals but the last must); None: nothing fits."""
        a, lo, hi, got = vstack([self.once, self.load]), np.r_[np.ones(self.once.shape[0]), np.full(self.m, -np.inf)], np.r_[np.ones(self.once.shape[0]), self.cap], []
        low = []
        for cost in self.costs:
            scale = max(1, cost.max())
            if whole:
                r = milp(cost / scale, constraints=LinearConstraint(a, lo, hi), bounds=Bounds(0, 1), integrality=np.ones(len(cost)),
                         options={"time_limit": limit, "mip_rel_gap": 0})
            else:
                eq = self.once.shape[0]
                b = a.tocsr()
                r = linprog(cost / scale, A_ub=b[eq:], b_ub=hi[eq:], A_eq=b[:eq], b_eq=hi[:eq], bounds=(0, 1), method="highs")
            if r.status == 2:
                return None
            assert r.status == 0 or (whole and r.status == 1), r.message
            x = None if r.x is None else np.round(r.x) if whole else r.x
            got.append(np.inf if x is None else float(cost @ x))
            low.append(got[-1] if r.status == 0 else (r.mip_dual_bound or 0) * scale)
            a, lo, hi = vstack([a, csr_matrix(cost / scale)]), np.r_[lo, -np.inf], np.r_[hi, (low[-1] + 0.01) / scale]
        return low, got

    def score(self, site):
        chosen = np.asarray(site)[self.cell] == self.site
        assert (self.once @ chosen == 1).all()
        return [float(c @ chosen) for c in self.costs], np.maximum(self.load @ chosen - self.cap, 0).sum()

    def split_score(self, parts):
        x = np.zeros((self.n, self.m))
        for c, s, k in parts:
            x[c, s] = k
        assert (x.sum(axis=1)[np.unique(self.cell)] == self.people[np.unique(self.cell)]).all() and (x.sum(axis=0) <= self.cap).all()
        share = x[self.cell, self.site] / self.w
        return [float(c @ share) for c in self.costs]


def near(a, b, rel=2e-8):
    """Equal, but for what HiGHS' tolerance leaves of an earlier goal when it pursues the next."""
    return all(abs(x - y) <= rel * max(abs(x), abs(y)) + 0.5 for x, y in zip(a, b))


DEMO = ("--service", "primary_school", "--per-1000", "65", "--capacity", "balanced")

# The split assignment, all demo.
for name, args in (("tight", ("--slack", "2")), ("safe", ("--area", "Oberland", "--slack", "10", "--no-crossing", "primary")),
                   ("both", ("--area", "Unterland", "--slack", "20", "--present", "nearest", "--no-crossing", "primary"))):
    a, q = run(name, "district", *DEMO, *args)
    p = Problem(q)
    (want, _), got = p.solve(False), p.split_score(q["split"])
    check(near(want, got), f"{name}: split {' '.join(p.wants)} time: {got} as HiGHS {want}")
    score, over = p.score(q["site"])
    # over first, so a plan above the capacities may be better in the rest
    check(over or score >= want or near(score, want), f"{name}: whole cells are not better than what may be split")
    check(over == round(a["plan"]["over"] * q["parts"]), f"{name}: what is above the capacities is told: {over}")

# Whole cells: parts of the demo, so that HiGHS comes to an end.
for name, args in (("w2", ("--area", "Unterland", "--slack", "25")), ("w3", ("--area", "Unterland", "--slack", "30", "--present", "nearest")),
                   ("w4", ("--cell-size", "4000", "--slack", "1"))):
    a, q = run(name, "district", *DEMO, *args)
    p = Problem(q)
    best = p.solve(True)
    score, over = p.score(q["site"])
    if best is None:
        check(over > 0 and not q["proved"], f"{name}: {p.n} cells do not fit whole, and HiGHS agrees")
        continue
    low, high = best
    check(over == 0, f"{name}: fits where something fits")
    check(score >= low or near(score, low), f"{name}: {p.n} cells, {score}, no better than HiGHS' {low} .. {high}")
    check(not q["proved"] or score <= high or near(score, high), f"{name}: proved: {q['proved']}")
    check(a["gap"] is None or score[-1] * (1 - a["gap"]) <= high[-1] * (1 + 1e-8), f"{name}: the printed gap {a['gap']} holds")
    check(score[:-1] > high[:-1] or score[-1] <= high[-1] * 1.005, f"{name}: within half a percent of HiGHS' own plan")

# In one piece.
a, q = run("pieces", "district", *DEMO, "--slack", "30", "--contiguous")
e, site = np.array(q["neighbours"]), np.array([-1 if s is None else s for s in q["site"]])
same = e[(site[e[:, 0]] == site[e[:, 1]]) & (site[e[:, 0]] >= 0)]
n, label = connected_components(csr_matrix((np.ones(len(same)), (same[:, 0], same[:, 1])), (len(site), len(site))), directed=False)
pieces = [len(set(label[site == s])) for s in range(len(q["label"]))]
check(sum(k - 1 for k in pieces if k) == a["pieces_too_many"] == 0, f"every district in one piece: {pieces}")
all_n, _ = connected_components(csr_matrix((np.ones(len(e)), (e[:, 0], e[:, 1])), (len(site), len(site))), directed=False)
check(all_n == 1, "and the neighbours hold all cells together")

# Consortia: the demo's doctors under three hospitals of a table, by their grade.
table = os.path.join(OUT, "hospitals.csv")
with open(table, "w") as f:
    f.write("kind,name,lon,lat,capacity,level\nhospital,A,9.5209,47.1410,40,grade II\nhospital,B,9.5250,47.2110,60,grade II\nhospital,C,9.5029,47.0668,30,grade II\nhospital,D,9.5450,47.2100,50,grade I\n")
for ratio, share in (("1", "equal"), ("1.1", "equal"), ("1.2", "beds")):
    out = os.path.join(OUT, "groups.json")
    if os.path.exists(out):
        os.remove(out)
    r = subprocess.run([JUNXIAN, "consortium", "demo", "--facilities", table, "--members", "health_station,health_centre,pharmacy", "--level", "grade II", "--max-ratio", ratio, "--share", share, "--problem", out, "--json",
                        "-q"], capture_output=True, text=True)
    assert r.returncode in (0, 5), r.stderr
    if r.returncode == 0:
        q = json.load(open(out))
    time = np.array([[np.inf if t is None else t for t in row] for row in q["time_ms"]])
    n, m = time.shape
    w = np.round(np.array(q["people"]) * 1000)
    cell, site = np.nonzero(np.isfinite(time))
    part = np.array(q["share"]) if share == "beds" or r.returncode == 0 else np.ones(m)
    limit = float(ratio) * w[np.unique(cell)].sum() * part / part.sum()
    k = np.arange(len(cell))
    a = vstack([csr_matrix((np.ones(len(k)), (cell, k)), (n, len(k)))[np.unique(cell)], csr_matrix((w[cell], (site, k)), (m, len(k)))])
    rows = len(np.unique(cell))
    cost = w[cell] * time[cell, site]
    h = milp(cost / cost.max(), constraints=LinearConstraint(a, np.r_[np.ones(rows), np.full(m, -np.inf)], np.r_[np.ones(rows), limit + 1]), bounds=Bounds(0, 1), integrality=np.ones(len(k)),
             options={"mip_rel_gap": 0, "time_limit": 30})
    if r.returncode:
        check(h.status == 2, f"ratio {ratio}: no grouping keeps to it, and HiGHS agrees")
        continue
    head = np.array([-1 if x is None else x for x in q["head"]])
    got = sum(w[i] * time[i, x] for i, x in enumerate(head) if x >= 0)
    best = cost @ np.round(h.x)
    check(abs(got - best) <= 1e-8 * got if q["proved"] else got >= best * (1 - 1e-8), f"{n} members, {m} heads, ratio {ratio} by {share}: {got} against HiGHS {best}, proved: {q['proved']}")

print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
