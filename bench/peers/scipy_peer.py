# Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0
"""scipy.sparse.csgraph.dijkstra: a Fibonacci heap in Cython."""
import time


def rows(g):
    import numpy
    import scipy
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import dijkstra

    name = "scipy " + scipy.__version__
    arcs = g.arcs()
    # A stored zero would be read as "no arc": the least double takes its place and vanishes in every sum.
    w = numpy.array([t or 1e-300 for t in arcs.values()], dtype=float)
    ends = numpy.array(list(arcs), dtype=numpy.int32)
    m = csr_matrix((w, (ends[:, 0], ends[:, 1])), shape=(g.n, g.n))

    out = []
    for work, limit in (("all", numpy.inf), ("within", g.within)):
        best = float("inf")
        for _ in range(2):
            start = time.perf_counter()
            d = [dijkstra(m, indices=s, limit=limit) for s in g.picks["source"]]
            best = min(best, time.perf_counter() - start)
        g.check(name, work, d[0][numpy.isfinite(d[0])].sum())
        out.append((name, work, 1000 * best / len(d), f"mean of {len(d)}"))
    start = time.perf_counter()
    d = dijkstra(m, indices=g.picks["from"])[:, g.picks["to"]]
    ms = 1000 * (time.perf_counter() - start)
    g.check(name, "table", d[numpy.isfinite(d)].sum())
    out.append((name, "table", ms * 1000 / len(d), f"{len(d)} rows, times {1000 // len(d)}"))
    best = float("inf")
    for _ in range(2):
        start = time.perf_counter()
        d = dijkstra(m, indices=sorted(set(g.picks["facility"])), min_only=True)
        best = min(best, time.perf_counter() - start)
    g.check(name, "nearest", d[numpy.isfinite(d)].sum())
    out.append((name, "nearest", 1000 * best, "the nearest one only"))
    return out
