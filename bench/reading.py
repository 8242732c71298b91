#!/usr/bin/env python3
# Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0
"""bench/reading.py [--build DIR] [--runs N] [--copies N] [--core C] [--only TEXT]: time reading and the whole run, next to others.

Every command is a whole process pinned to one core, all commands take turns, and the least of N runs counts: noise only adds.
Prints CSV. `vs_osmium` divides by `osmium cat -f blackhole`, which reads and decodes everything and writes nothing: the
cheapest full reading osmium-tool has.
"""
import argparse
import csv
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "demo" / "liechtenstein" / "liechtenstein-2024-03.osm.pbf"


def once(command, core):
    """(seconds, CPU seconds, peak RSS in MB) of one run, or None where it failed."""
    def pin():
        if core is not None:
            os.sched_setaffinity(0, {core})

    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=pin)
    _, status, use = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - start
    return (wall, use.ru_utime + use.ru_stime, use.ru_maxrss / 1024) if child.returncode == 0 else None


def objects_in(bench_read, path):
    words = subprocess.run([bench_read, "count", path], check=True, capture_output=True, text=True).stdout.split()
    return sum(int(words[i]) for i in (0, 2, 4))


def tiled(build, copies):
    path = build / f"tiled-{copies}.osm.pbf"
    if not path.exists():
        print(f"# making {path.name}: {copies} shifted copies of the demo (once, about two seconds each)", file=sys.stderr)
        part = build / "tiled.part.osm.pbf"
        subprocess.run([sys.executable, ROOT / "bench" / "tile.py", DEMO, part, str(copies)], check=True)
        part.rename(path)
    return path


def commands(build, path, scratch):
    """(name, command): ours first, then those it is compared with, where installed."""
    read, other, junxian = build / "bin" / "bench_read", build / "bin" / "bench_readosm", build / "bin" / "junxian"
    yield "junxian count", [read, "count", path, "1"]
    yield "junxian read", [read, "read", path, "1"]
    if shutil.which("osmium"):
        yield "osmium cat blackhole", ["osmium", "cat", path, "-f", "blackhole", "-O", "-o", os.devnull]
        yield "osmium fileinfo -e", ["osmium", "fileinfo", "-e", path]
        yield "osmium cat raw pbf", ["osmium", "cat", path, "-f", "pbf,pbf_compression=none", "-O", "-o", os.devnull]
    if other.exists():
        yield "readosm", [other, path]
    if junxian.exists() and path == DEMO:
        yield "junxian run", [junxian, "run", path, "-o", scratch / "out", "--overwrite", "--quiet", "--threads", "1"]


def describe(build):
    def first(*command):
        try:
            return subprocess.run(command, capture_output=True, text=True, cwd=ROOT).stdout.strip().split("\n")[0]
        except OSError:
            return ""

    cache = (build / "CMakeCache.txt").read_text() if (build / "CMakeCache.txt").exists() else ""
    compiler = next((line.split("=", 1)[1] for line in cache.splitlines() if line.startswith("CMAKE_C_COMPILER:")), "cc")
    cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "")
    print(f"# commit {first('git', 'rev-parse', '--short', 'HEAD')}; {first(compiler, '--version')}; {cpu}; "
          f"load {os.getloadavg()[0]:.2f}; {first('osmium', '--version')}")


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--build", type=Path, default=ROOT / "build" / "bench")
    p.add_argument("--runs", type=int, default=7)
    p.add_argument("--copies", type=int, default=18, help="of the demo in the large input; 0: only the demo")
    p.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)))
    p.add_argument("--only", default="", help="commands whose name contains this, and osmium's floor")
    a = p.parse_args()
    build = a.build.resolve()
    describe(build)
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["input", "mb", "command", "best_s", "median_s", "cpu_s", "s_per_million_objects", "vs_osmium", "peak_mb"])
    inputs = [DEMO] + ([tiled(build, a.copies)] if a.copies else [])
    with tempfile.TemporaryDirectory() as folder:
        for path in inputs:
            n = objects_in(build / "bin" / "bench_read", path)
            list_of = [c for c in commands(build, path, Path(folder)) if a.only in c[0] or c[0] == "osmium cat blackhole"]
            times = {name: [] for name, _ in list_of}
            for _ in range(a.runs):
                for name, command in list_of:
                    times[name].append(once(command, a.core))
            floor = min((t[0] for t in times.get("osmium cat blackhole", []) if t), default=None)
            for name, _ in list_of:
                good = [t for t in times[name] if t]
                if not good:
                    print(f"# {name} failed on {path.name}", file=sys.stderr)
                    continue
                best = min(t[0] for t in good)
                out.writerow([path.name, f"{path.stat().st_size / 1e6:.1f}", name, f"{best:.3f}",
                              f"{statistics.median(t[0] for t in good):.3f}", f"{min(t[1] for t in good):.3f}",
                              f"{best / n * 1e6:.3f}", f"{best / floor:.2f}" if floor else "",
                              f"{max(t[2] for t in good):.0f}"])
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
