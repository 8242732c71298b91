#!/usr/bin/python3
"""Districts of whole cells, nearly full, beside HiGHS (scipy.optimize.milp) on the same problems: random ones and the demo's.
Usage: district.py BENCH-DISTRICT [SECONDS-FOR-HIGHS [JSON-OF-THE-DEMO ...]]   (0 seconds: our side alone)"""
import json
import subprocess
import sys
import tempfile
import time

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix, vstack

PROGRAM, LIMIT = sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 30


def random_problem(n, m, seed):
    """Cells and sites in a square of 20 km, some cells much fuller than others, 5 km/h; 95 % of all places are taken."""
    r = np.random.default_rng(seed)
    cells, sites = r.uniform(0, 20000, (n, 2)), r.uniform(0, 20000, (m, 2))
    people = np.maximum(1, np.round(r.lognormal(3, 1, n))).astype(np.int64)
    t = np.round(np.hypot(*(cells[:, None] - sites).transpose(2, 0, 1)) * 720).astype(np.int64)
    cap = np.full(m, int(np.ceil(people.sum() / m / 0.95)))
    return people, cap, t


def of_json(path):
    q = json.load(open(path))
    t = np.array([[-1 if v is None else v for v in row] for row in q["time_ms"]], dtype=np.int64)
    keep = (t >= 0).all(axis=1)
    return np.array(q["people"])[keep], np.array(q["capacity"]), t[keep]


def ours(people, cap, t, nodes):
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as f:
        f.write("%d %d\n" % t.shape)
        for row in (people, cap, *t):
            f.write(" ".join(map(str, row)) + "\n")
        f.flush()
        return json.loads(subprocess.run([PROGRAM, f.name, str(nodes)], capture_output=True, text=True).stdout)


def highs(people, cap, t):
    n, m = t.shape
    k = np.arange(n * m)
    a = vstack([csr_matrix((np.ones(n * m), (k // m, k)), (n, n * m)), csr_matrix((people[k // m], (k % m, k)), (m, n * m))])
    cost = (people[:, None] * t).ravel()
    t0 = time.time()
    r = milp(cost / 1e6, constraints=LinearConstraint(a, np.r_[np.ones(n), np.full(m, -np.inf)], np.r_[np.ones(n), cap]), bounds=Bounds(0, 1), integrality=np.ones(n * m),
             options={"time_limit": LIMIT, "mip_rel_gap": 0})
    found = None if r.x is None else float(cost @ np.round(r.x))
    return found, None if getattr(r, "mip_dual_bound", None) is None else r.mip_dual_bound * 1e6, time.time() - t0


rows = [(f"random {n} x {m}, seed {s}", random_problem(n, m, s)) for n, m in ((200, 5), (200, 10), (200, 20), (500, 10), (500, 20), (1000, 20), (2000, 20)) for s in (1, 2)]
rows += [(p.rsplit("/")[-1], of_json(p)) for p in sys.argv[3:]]
print("problem                    over  gap to split %  seconds    HiGHS plan %  HiGHS bound %  seconds   (percent above the split bound)")
for name, q in rows:
    o = ours(*q, min(20000, int(4e6 / q[2].size)))
    text = "%-26s %5d  %12.4f%s  %7.2f" % (name, o["over"], 100 * (o["time"] / o["bound"] - 1), "*" if o["proved"] else " ", o["split_s"] + o["whole_s"])
    if LIMIT:
        found, bound, s = highs(*q)
        text += "    %12s  %12s  %7.2f" % ("none" if found is None else "%.4f" % (100 * (found / o["bound"] - 1)), "none" if bound is None else "%.4f" % (100 * (bound / o["bound"] - 1)), s)
    print(text, flush=True)
