#!/usr/bin/python3
# Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0
"""bench/network.py [--build DIR] [--write] [--quick]: the network engine next to other programs, one CSV; docs/performance.md.

junxian-bench runs its works on New York, on the demo country and on tiles of the demo up to four million nodes; then igraph, scipy,
pgRouting (a PostgreSQL of this script's own) and GRASS run what they can of it. Answers are compared: a peer that disagrees ends the
run; one that is not installed leaves a line that says so. --write makes docs/performance.md and its chart of the figures.
--quick leaves out tiles, growth and GRASS.
"""
import argparse
import csv
import importlib.util
import io
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.dont_write_bytecode = True
sys.path[:0] = [str(ROOT / "bench"), str(ROOT / "bench" / "peers")]
import exported  # noqa: E402
import grass_peer  # noqa: E402
import pgrouting_peer  # noqa: E402
import scipy_peer  # noqa: E402
import write_performance  # noqa: E402

DATA = ROOT / "bench" / "data" / "dimacs"
NEW_YORK = ["--graph", DATA / "USA-road-t.NY.gr.gz", "--coords", DATA / "USA-road-d.NY.co.gz"]
DEMO = ["--osm", ROOT / "demo" / "liechtenstein" / "liechtenstein-2024-03.osm.pbf"]
TILES = 24  # 24 x 24 copies of the demo: 4.06 million nodes
OURS = {"all": "sweep1", "within": "cumulative2", "table": "table1000", "nearest": "nearest5"}  # what a peer's work is set against


def note(text):
    print("# " + text, file=sys.stderr, flush=True)


def table(command):
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return list(csv.DictReader(io.StringIO(out)))


def igraph_rows(g, program):
    out = subprocess.run([program, g.folder / "graph.gr", g.folder / "graph.co"], check=True, capture_output=True, text=True).stdout
    rows = []
    for version, work, ms, total, how in csv.reader(io.StringIO(out)):
        g.check("igraph " + version, work, float(total))
        rows.append(("igraph " + version, work, float(ms), how))
    return rows


def peers(g, build, quick):
    """(program, work, ms, how) of each peer that is installed."""
    rows = []
    igraph = build / "bin" / "bench_igraph"
    if igraph.exists():
        rows += igraph_rows(g, igraph)
    else:
        note("igraph is not installed (package libigraph-dev): left out")
    if importlib.util.find_spec("scipy"):
        rows += scipy_peer.rows(g)
    else:
        note("scipy is not installed (package python3-scipy): left out")
    if pgrouting_peer.binaries():
        rows += pgrouting_peer.rows(g)
    else:
        note("pgRouting is not installed (package postgresql-15-pgrouting): left out")
    if not quick and shutil.which("grass"):
        rows += grass_peer.rows(g)
    elif not quick:
        note("GRASS is not installed (package grass-core): left out")
    return rows


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--build", type=Path, default=ROOT / "build" / "bench")
    p.add_argument("--write", action="store_true")
    p.add_argument("--quick", action="store_true")
    a = p.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(130))  # so that the server is stopped and folders go
    program = a.build.resolve() / "bin" / "junxian-bench"
    inputs = [("New York", NEW_YORK), ("demo", DEMO)] + ([] if a.quick else [("demo tiled", [*DEMO, "--tiles", str(TILES)])])
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["input", "work", "program", "ms", "dijkstra_ms", "ratio", "ours_ms", "times_ours", "how"])
    works, rivals = {}, {}
    for name, options in inputs:
        note(f"{name}: junxian-bench network")
        works[name] = table([program, "network", *options, "--csv"])
        for w in works[name]:
            out.writerow([name, w["work"], "junxian", w["ours_ms"], w["reference_ms"], w["ratio"], w["ours_ms"], 1, "least of several runs"])
        sys.stdout.flush()
    for name, options in inputs[:2]:
        note(f"{name}: peers")
        ours = {w["work"]: float(w["ours_ms"]) for w in works[name]}
        reference = float(works[name][0]["reference_ms"])
        with tempfile.TemporaryDirectory(prefix="junxian-bench-") as folder:
            rivals[name] = peers(exported.Graph(name, [program], options, Path(folder)), a.build.resolve(), a.quick)
        for who, work, ms, how in rivals[name]:
            mine = ours[OURS[work]]
            out.writerow([name, work, who, f"{ms:.3f}", f"{reference:.3f}", f"{ms / reference:.3f}", mine, f"{ms / mine:.1f}", how])
        sys.stdout.flush()
    note("threads, growth")
    threads = {name: table([program, "threads", *options, "--csv"]) for name, options in inputs[:1]}
    growth = {} if a.quick else {name: table([program, "growth", *options, "--csv"]) for name, options in inputs[:2]}
    print("\nwork,one_thread_ms,two_threads_ms,speedup")
    for t in threads["New York"]:
        print(",".join(t.values()))
    for name, rows in growth.items():
        print("\ninput," + ",".join(rows[0]))
        for r in rows:
            print(",".join([name, *r.values()]))
    if a.write and not a.quick:
        write_performance.write(works, OURS, rivals, threads["New York"], growth)
        note("docs/performance.md and docs/performance-growth.svg are written")


if __name__ == "__main__":
    main()
