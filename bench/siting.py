#!/usr/bin/python3
# Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0
"""bench/siting.py PROGRAM [--part orlib|cbc|growth] [--limit S]: where to build, next to CBC; one CSV.

orlib: the 25 OR-Library problems of tests/data/orlib, proof and preview, least of three runs of `junxian site --json`.
cbc: the same problems up to n = 300 as the standard mixed-integer model (assignment variables between 0 and 1, y binary, x <= y), solved by
Debian's cbc with its defaults on one thread, stopped after --limit seconds; ratio is cbc's time over ours, a lower bound (">") where it was stopped.
growth: random graphs by the OR-Library's recipe (a path through all nodes, n^2 / 50 edges in all, costs 1 to 100; seeded) up to n = 900.
Answers are compared: a different optimum ends the run.
"""
import argparse
import csv
import heapq
import json
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ORLIB = ROOT / "tests" / "data" / "orlib"
CBC_AT = [f"pmed{i}" for i in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15)]


def ours(program, path, model, *extra, runs=3):
    """The least of some runs: answer, seconds of solving, seconds of the whole process."""
    best = None
    for _ in range(runs):
        begin = time.monotonic()
        r = subprocess.run([program, "site", "--orlib", path, "--model", model, "--json", "-q", *extra], capture_output=True, text=True)
        wall = time.monotonic() - begin
        if r.returncode not in (0, 6):
            sys.exit(f"{path}: {r.stderr}")
        a = json.loads(r.stdout)
        best = (a, a["seconds"], wall) if best is None or a["seconds"] < best[1] else best
    return best


def distances(path):
    word = [int(w) for w in Path(path).read_text().split()]
    n, m, p = word[:3]
    cost = {}
    for k in range(m):
        i, j, c = word[3 + 3 * k:6 + 3 * k]
        cost[min(i, j) - 1, max(i, j) - 1] = c
    near = [[] for _ in range(n)]
    for (i, j), c in cost.items():
        near[i].append((j, c))
        near[j].append((i, c))
    out = []
    for s in range(n):
        d, heap = [None] * n, [(0, s)]
        while heap:
            dv, v = heapq.heappop(heap)
            if d[v] is None:
                d[v] = dv
                for w, c in near[v]:
                    heapq.heappush(heap, (dv + c, w))
        out.append(d)
    return n, p, out


def write_lp(path, n, p, d):
    with open(path, "w") as f:
        f.write("Minimize\n obj:")
        for i in range(n):
            f.write("".join(f" + {d[i][j]} x{i}_{j}" for j in range(n) if d[i][j]) + "\n")
        f.write("Subject To\n")
        for i in range(n):
            f.write(f" a{i}:" + "".join(f" + x{i}_{j}" for j in range(n)) + " = 1\n")
            for j in range(n):
                f.write(f" l{i}_{j}: x{i}_{j} - y{j} <= 0\n")
        f.write(" p:" + "".join(f" + y{j}" for j in range(n)) + f" = {p}\n")
        f.write("Binary\n" + "\n".join(f" y{j}" for j in range(n)) + "\nEnd\n")


def cbc(lp, limit):
    """Seconds by its own clock (reading left out), and its optimum; None when it was stopped."""
    r = subprocess.run(["cbc", lp, "sec", str(limit), "timeMode", "elapsed", "threads", "0", "solve", "quit"], capture_output=True, text=True)
    seconds = float(re.search(r"Total time \(CPU seconds\):\s*([\d.]+)", r.stdout).group(1))
    if "Optimal solution found" not in r.stdout:
        return seconds, None
    return seconds, round(float(re.search(r"Objective value:\s*([\d.]+)", r.stdout).group(1)))


def optima():
    with open(ORLIB / "optima.csv") as f:
        return {r["instance"]: r for r in csv.DictReader(f)}


def must(same, what):
    if not same:
        sys.exit(f"bench/siting.py: {what} disagree")


def part_orlib(program, _args, say):
    for name, row in optima().items():
        path = ORLIB / f"{name}.txt"
        for model, column in (("p-median", "pmedian_optimum"), ("p-center", "pcenter_optimum")):
            a, s, wall = ours(program, path, model)
            v, vs, vwall = ours(program, path, model, "--preview")
            must(a["proved"] and a["objective"] == int(row[column]), f"{name} {model} and the published optimum")
            say(part="orlib", instance=name, model=model, n=a["nodes"], p=a["p"], optimum=a["objective"], ours_s=s, whole_s=wall, parts=a["parts"],
                preview=v["objective"], preview_s=vs)


def part_cbc(program, args, say):
    if not shutil.which("cbc"):
        print("# cbc is not installed (coinor-cbc)", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory() as tmp:
        for name in CBC_AT:
            path = ORLIB / f"{name}.txt"
            n, p, d = distances(path)
            if n not in args.sizes:
                continue
            lp = Path(tmp) / f"{name}.lp"
            write_lp(lp, n, p, d)
            a, s, wall = ours(program, path, "p-median")
            seconds, best = cbc(lp, args.limit)
            lp.unlink()
            must(best is None or best == a["objective"], f"{name}: cbc and we")
            say(part="cbc", instance=name, model="p-median", n=n, p=p, optimum=a["objective"], ours_s=s, whole_s=wall, cbc_s=seconds,
                ratio=(">" if best is None else "") + f"{seconds / s:.0f}")


def beasley(path, n, p, seed):
    r = random.Random(seed)
    edges = [(i, i + 1) for i in range(1, n)]
    while len(edges) < n * n // 50:
        a, b = r.randint(1, n), r.randint(1, n)
        if a != b:
            edges.append((a, b))
    path.write_text(f"{n} {len(edges)} {p}\n" + "".join(f"{a} {b} {r.randint(1, 100)}\n" for a, b in edges))


def part_growth(program, args, say):
    with tempfile.TemporaryDirectory() as tmp:
        for n in (100, 200, 300, 400, 500, 600, 700, 800, 900):
            for p in (5, 10, n // 10, n // 5, n // 3):
                path = Path(tmp) / f"random-{n}-{p}.txt"
                beasley(path, n, p, 1000 * n + p)
                for model in ("p-median", "p-center"):
                    a, s, wall = ours(program, path, model, "--time-limit", str(args.limit), runs=1)
                    v, vs, _ = ours(program, path, model, "--preview", runs=1)
                    say(part="growth", instance=path.stem, model=model, n=n, p=p, optimum=a["objective"] if a["proved"] else "", ours_s=s, whole_s=wall,
                        parts=a["parts"], gap=a["gap"], preview=v["objective"], preview_s=vs)


FIELDS = ["part", "instance", "model", "n", "p", "optimum", "ours_s", "whole_s", "parts", "gap", "preview", "preview_s", "cbc_s", "ratio"]


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("program")
    ap.add_argument("--part", action="append", choices=["orlib", "cbc", "growth"])
    ap.add_argument("--limit", type=float, default=120)
    ap.add_argument("--sizes", type=lambda s: [int(v) for v in s.split(",")], default=[100, 200, 300])
    args = ap.parse_args()
    out = csv.DictWriter(sys.stdout, FIELDS, lineterminator="\n")
    out.writeheader()

    def say(**row):
        out.writerow({k: f"{v:.3f}" if isinstance(v, float) else v for k, v in row.items()})
        sys.stdout.flush()

    for part in args.part or ["orlib", "cbc", "growth"]:
        {"orlib": part_orlib, "cbc": part_cbc, "growth": part_growth}[part](args.program, args, say)


if __name__ == "__main__":
    main()
