#!/usr/bin/python3
# Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0
"""bench/network.py [--build DIR] [--write]: the network engine next to other programs, one CSV, docs/performance.md.

Runs junxian-bench (network, threads, growth) on New York, then the peers that are installed: scipy, igraph. Answers are compared:
a peer that disagrees ends the run. Prints CSV; --write makes docs/performance.md of it.
"""
import argparse
import csv
import gzip
import io
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "bench" / "data" / "dimacs"
GRAPH, COORDS = DATA / "USA-road-t.NY.gr.gz", DATA / "USA-road-d.NY.co.gz"
WANTED = {"order": 40, "customise": 0.5, "customise10": 0.003, "sweep1": 0.010, "sweep16": 0.005, "table1000": 0.8, "cumulative2": 0.005, "nearest5": 1}
WORK = {
    "order": "nested-dissection order (METIS on the core left after peeling)",
    "customise": "customisation, full, one thread",
    "customise10": "customisation, 10 edges changed",
    "sweep1": "sweep, one source, all nodes",
    "sweep16": "sweep, 16 sources, per source",
    "table1000": "1,000 x 1,000 table, whole",
    "cumulative2": "people within 15 and 30 min of every node, both at once, per node",
    "nearest5": "nearest 5 of 1,000 facilities for all nodes",
}


def table(command):
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return list(csv.DictReader(io.StringIO(out)))


def read_graph():
    import numpy
    from scipy.sparse import csr_matrix

    tails, heads, times = [], [], []
    with gzip.open(GRAPH, "rt") as f:
        for line in f:
            if line[0] == "a":
                _, a, b, w = line.split()
                tails.append(int(a) - 1), heads.append(int(b) - 1), times.append(int(w))
            elif line[0] == "p":
                n = int(line.split()[2])
    t, h, w = numpy.array(tails), numpy.array(heads), numpy.array(times, dtype=float)
    order = numpy.lexsort((-w, h, t))  # of parallel arcs the shortest is written last
    key = t[order] * n + h[order]
    last = numpy.append(key[1:] != key[:-1], True)
    keep = order[last]
    return csr_matrix((w[keep], (t[keep], h[keep])), shape=(n, n))


def scipy_rows(sources):
    import scipy
    from scipy.sparse.csgraph import dijkstra

    g = read_graph()
    rows, total = [], None
    for work, limit in (("one source all nodes", None), ("one source within 30 min", 500000)):
        start = time.perf_counter()
        for i, s in enumerate(sources):
            d = dijkstra(g, indices=s, limit=limit if limit else float("inf"))
            if i == 0 and limit is None:
                total = d.sum()
        rows.append(["scipy", scipy.__version__, work, 1000 * (time.perf_counter() - start) / len(sources), total])
    return rows


def peers(build, sources):
    rows = []
    try:
        rows += scipy_rows(sources)
    except ImportError:
        print("# scipy is not installed: left out", file=sys.stderr)
    program = build / "bench" / "bin" / "bench_igraph"
    if program.exists():
        out = subprocess.run([program, GRAPH, COORDS], check=True, capture_output=True, text=True).stdout.strip().split(",")
        rows.append([out[0], out[1], out[2], float(out[3]), float(out[4])])
    else:
        print("# bench_igraph is not built (libigraph-dev): left out", file=sys.stderr)
    sums = {r[4] for r in rows if r[2] == "one source all nodes"}
    if len(sums) > 1:
        sys.exit(f"peers disagree about the times from the first source: {sums}")
    return rows


def chart(rows):
    """Microseconds per vertex against vertices, both logarithmic, as SVG."""
    import math

    series = [("order_us", "#8c510a", "order"), ("prune_us", "#bf812d", "pruning"), ("hierarchy_us", "#5ab4ac", "hierarchy"), ("customise_us", "#01665e", "customisation"),
              ("sweep16_ns", "#2166ac", "sweep, per source (ns)")]
    w, h, left, top = 640, 360, 60, 20
    xs = [math.log10(float(r["n_nodes"])) for r in rows]
    lo, hi = -2, 1

    def px(x):
        return left + (x - xs[0]) / (xs[-1] - xs[0]) * (w - left - 180)

    def py(v):
        return top + (hi - math.log10(v)) / (hi - lo) * (h - top - 40)

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" font-family="sans-serif" font-size="12">', f'<rect width="{w}" height="{h}" fill="#fff"/>']
    for e in range(lo, hi + 1):
        y = py(10.0**e)
        out.append(f'<line x1="{left}" x2="{w - 180}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/><text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{10.0**e:g}</text>')
    for x, r in zip(xs, rows):
        n = int(r["n_nodes"])
        label = f"{n / 1e6:.1f} M" if n >= 1e6 else f"{n / 1e3:.0f} k"
        out.append(f'<text x="{px(x):.1f}" y="{h - 18}" text-anchor="middle">{label}</text>')
    for key, colour, name in series:
        pts = " ".join(f"{px(x):.1f},{py(float(r[key])):.1f}" for x, r in zip(xs, rows))
        out.append(f'<polyline points="{pts}" fill="none" stroke="{colour}" stroke-width="2"/><text x="{w - 172}" y="{py(float(rows[-1][key])) + 4:.1f}" fill="{colour}">{name}</text>')
    out.append(f'<text x="{left}" y="14">microseconds per vertex (sweep: nanoseconds)</text><text x="{(w - 120) / 2}" y="{h - 4}" text-anchor="middle">vertices</text></svg>')
    return "\n".join(out) + "\n"


def cpu():
    for line in open("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.split(":")[1].strip()
    return platform.processor()


def write(works, threads, growth, rivals):
    ref = float(works[0]["reference_ms"])
    notes = (ROOT / "bench" / "performance-notes.md").read_text()
    out = ["# Performance of the network engine", "",
           "Written by `bench/network.py --write` (`make bench` runs it); do not edit. Notes at the end come from `bench/performance-notes.md`.", "",
           f"Machine: {cpu()}, {os.cpu_count()} cores, {platform.system()}; {time.strftime('%Y-%m-%d')}. New York, travel times: 264,346 nodes, 733,846 arcs",
           f"(9th DIMACS challenge). All figures of one run; the yardstick is a textbook Dijkstra (`bench/reference.c`) of the same process: {ref:.1f} ms a source.", "",
           "Reproduce: `build/release/bin/junxian-bench network --graph bench/data/dimacs/USA-road-t.NY.gr.gz --coords bench/data/dimacs/USA-road-d.NY.co.gz --csv`", "",
           "| work | ms | Dijkstras | wanted | |", "|---|---:|---:|---:|---|"]
    for w in works:
        ratio, want = float(w["ratio"]), WANTED[w["work"]]
        out.append(f"| {WORK[w['work']]} | {float(w['ours_ms']):.4g} | {ratio:.3g} | {want:g} | {'reached' if ratio <= want else 'not reached'} |")
    out += ["", "## Other programs, same graph, same sources", "", "| program | work | ms | Dijkstras |", "|---|---|---:|---:|"]
    for r in rivals:
        out.append(f"| {r[0]} {r[1]} | {r[2]} | {r[3]:.1f} | {r[3] / ref:.2f} |")
    out += ["", "Their times from the first source add up to the same sum; ours are compared with the yardstick's to the bit before a figure is printed.", "",
            "## Two threads", "", "| work | one, ms | two, ms | times |", "|---|---:|---:|---:|"]
    out += [f"| {t['work']} | {float(t['one_thread_ms']):.1f} | {float(t['two_threads_ms']):.1f} | {t['speedup']} |" for t in threads]
    out += ["", "The results have the same bits.", "", "## Growth", "", "![time per vertex](performance-growth.svg)", "",
            "| vertices | arcs | levels | order | hierarchy | customisation | pruning | sweep, ns per source | bytes: hierarchy | times | sweep | peak |",
            "|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"]
    for g in growth:
        out.append(f"| {int(g['n_nodes']):,} | {int(g['n_arcs']):,} | {g['height']} | {float(g['order_us']):.2f} | {float(g['hierarchy_us']):.2f} | {float(g['customise_us']):.3f} | "
                   f"{float(g['prune_us']):.2f} | {float(g['sweep16_ns']):.2f} | {float(g['bytes_hierarchy']):.0f} | {float(g['bytes_times']):.0f} | {float(g['bytes_sweep']):.0f} | {float(g['bytes_peak']):.0f} |")
    peak = float(growth[-1]["bytes_peak"]) * float(growth[-1]["n_nodes"]) / 1e9
    out += ["", f"Microseconds and bytes per vertex, one thread. The largest takes {peak:.2f} GB at its peak (wanted: 4 million nodes under 1.5 GB).", "", notes.strip(), ""]
    (ROOT / "docs" / "performance.md").write_text("\n".join(out))
    (ROOT / "docs" / "performance-growth.svg").write_text(chart(growth))


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--build", type=Path, default=ROOT / "build")
    p.add_argument("--write", action="store_true")
    a = p.parse_args()
    program = [a.build / "release" / "bin" / "junxian-bench"]
    options = ["--graph", GRAPH, "--coords", COORDS, "--csv"]
    works = table(program + ["network"] + options)
    threads = table(program + ["threads"] + options)
    growth = table(program + ["growth"] + options)
    rivals = peers(a.build, [int(s) for s in subprocess.run(program + ["sources"] + options, check=True, capture_output=True, text=True).stdout.split()])
    ref = float(works[0]["reference_ms"])
    out = csv.writer(sys.stdout)
    out.writerow(["program", "work", "ms", "ratio"])
    for w in works:
        out.writerow(["junxian", w["work"], w["ours_ms"], w["ratio"]])
    for r in rivals:
        out.writerow([f"{r[0]} {r[1]}", r[2], f"{r[3]:.3f}", f"{r[3] / ref:.4f}"])
    if a.write:
        write(works, threads, growth, rivals)


if __name__ == "__main__":
    main()
