#!/usr/bin/python3
"""Siting against HiGHS (scipy.optimize.milp): p-medians as the standard model, p-centres by two covering questions each.

Usage: siting.py JUNXIAN SOURCE-DIR
"""
import json
import subprocess
import sys

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_matrix, csr_matrix, hstack, identity, kron, vstack
from scipy.sparse.csgraph import dijkstra

JUNXIAN, SOURCE = sys.argv[1:3]


def problem(path):
    with open(path) as f:
        word = [int(w) for w in f.read().split()]
    n, m, p = word[:3]
    cost = {}
    for k in range(m):
        i, j, c = word[3 + 3 * k:6 + 3 * k]
        cost[min(i, j) - 1, max(i, j) - 1] = c
    (i, j), c = zip(*cost), list(cost.values())
    return p, dijkstra(csr_matrix((c, (i, j)), (n, n)), directed=False).astype(np.int64)


def ours(path, model):
    r = subprocess.run([JUNXIAN, "site", "--orlib", path, "--model", model, "--json"], capture_output=True, text=True, check=True)
    a = json.loads(r.stdout)
    assert a["proved"], path
    return a["objective"]


def p_median(p, d):
    n = len(d)
    assign = hstack([kron(identity(n), np.ones((1, n))), coo_matrix((n, n))])
    link = hstack([identity(n * n), -kron(np.ones((n, 1)), identity(n))])
    number = hstack([coo_matrix((1, n * n)), np.ones((1, n))])
    a = vstack([assign, link, number]).tocsr()
    lo = np.r_[np.ones(n), np.full(n * n, -np.inf), p]
    hi = np.r_[np.ones(n), np.zeros(n * n), p]
    r = milp(np.r_[d.ravel(), np.zeros(n)], constraints=LinearConstraint(a, lo, hi), bounds=Bounds(0, 1), integrality=np.r_[np.zeros(n * n), np.ones(n)])
    assert r.status == 0, r.message
    return round(r.fun)


def fewest(d, radius):
    """Least number of sites that reach everybody within a radius."""
    n = len(d)
    r = milp(np.ones(n), constraints=LinearConstraint((d <= radius).astype(float), 1, np.inf), bounds=Bounds(0, 1), integrality=np.ones(n), options={"time_limit": 120})
    assert r.status == 0, r.message
    return round(r.fun)


for k in (1, 2, 3, 4, 5, 7, 8, 9, 10):
    path = f"{SOURCE}/tests/data/orlib/pmed{k}.txt"
    p, d = problem(path)
    if k <= 5:
        got, want = ours(path, "p-median"), p_median(p, d)
        assert got == want, (path, got, want)
    radius = ours(path, "p-center")
    below = d[d < radius].max()
    assert fewest(d, radius) <= p < fewest(d, below), path
    print(f"pmed{k}: agrees")
