#!/usr/bin/python3
"""Cost surfaces against GRASS r.walk on the same grid: CSV work,ours_ms,reference_ms,ratio. Usage: terrain.py TERRAIN-WALK [repeats]

Zion, 1,073 x 1,359 cells, three starts; best of the repeats, each alternately. r.walk is timed as a process inside a running GRASS
session: it reads two maps from GRASS's own store, searches in memory (memory=3000) and writes one map. So two rows: the surface alone
against r.walk's process, and our whole process (reading and writing raw files) against it. Tobler's law has no counterpart in r.walk;
its row is set against r.walk's of the same neighbourhood.
"""
import os
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "oracle"))
import terrain_grid as tg

SCRIPT = r"""
import subprocess, sys, time
best = float("inf")
for _ in range(int(sys.argv[1])):
    t = time.monotonic()
    subprocess.run(sys.argv[2:], check=True, stderr=subprocess.DEVNULL)
    best = min(best, time.monotonic() - t)
print(best)
"""


def main():
    if not tg.have_grass():
        sys.exit("bench/terrain.py: needs GRASS (package grass-core)")
    program, repeats = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5
    g = tg.zion()
    cells = [(700, 500), (100, 100), (1200, 900)]
    at = [(r * g.cols + c, 0.0) for r, c in cells]
    xy = ",".join(f"{g.west + (c + 0.5) * g.dx!r},{g.north - (r + 0.5) * g.dy!r}" for r, c in cells)
    print("work,ours_ms,reference_ms,ratio")
    with tg.Grass(g) as grass:
        for name, flags, extra in (("8", 0, []), ("16", tg.KNIGHT, ["-k"])):
            rwalk = ["r.walk", "elevation=heights", "friction=friction", "output=cost", "start_coordinates=" + xy, "memory=3000", *extra]
            ref, surface, whole, tobler = [float("inf")] * 4
            for _ in range(repeats):
                ref = min(ref, float(grass.run(["/usr/bin/python3", "-c", SCRIPT, "1", *rwalk])))
                surface, whole = (min(a, b) for a, b in zip((surface, whole), timed(program, g, at, "langmuir", flags)))
                tobler = min(tobler, timed(program, g, at, "tobler", flags, friction=False)[0])
            for work, ours in ((f"surface{name}", surface), (f"process{name}", whole), (f"tobler{name}", tobler)):
                print(f"{work},{1000 * ours:.1f},{1000 * ref:.1f},{ours / ref:.4f}", flush=True)


def timed(program, g, at, law, flags, friction=True):
    """Seconds of the surface alone, and of the whole process."""
    _, _, surface, _, whole = tg.ours(program, g, at, law, flags, friction=friction)
    return surface, whole


if __name__ == "__main__":
    main()
