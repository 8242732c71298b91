# Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0
"""GRASS v.net.distance: the nearest facility of many places, as a whole process inside a running session of a throw-away project.

GRASS reads the map and its table, builds a graph, searches once from all facilities, and writes the way of each place with its length.
From every node of New York it takes two minutes, most of it for writing; so there the thousand places of the table ask, which spares
it that. The search is the same.
"""
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

HEAD = "ORGANIZATION: junxian\nDIGIT DATE: \nDIGIT NAME: \nMAP NAME: \nMAP DATE: \nMAP SCALE: 1\nOTHER INFO: \nZONE: 0\nMAP THRESH: 0\nVERTI:\n"
LINES, NODES, FACILITIES, PLACES = 1, 2, 3, 4  # layers
TIMED = r"""
import subprocess, sys, time
best = float("inf")
for _ in range(2):
    start = time.monotonic()
    subprocess.run(sys.argv[1:], check=True, capture_output=True)
    best = min(best, time.monotonic() - start)
print(best)
"""


def write_map(g, path):
    """GRASS's own text form. Places that share a position are set apart: touching means joined there, and only ends may touch."""
    pos, seen = g.positions(), {}
    for v, p in enumerate(pos):
        k = seen[p] = seen.get(p, -1) + 1
        pos[v] = (p[0] + k * 2.0**-8, p[1])
    layers = {}
    for layer, role in ((FACILITIES, "facility"), (PLACES, "to")):
        for v in set(g.picks[role]):
            layers.setdefault(v, []).append(layer)
    table = []
    with open(path, "w") as f:
        f.write(HEAD)
        for i, a, b, there, back in g.streets():
            f.write(f"L 2 1\n {pos[a][0]!r} {pos[a][1]!r}\n {pos[b][0]!r} {pos[b][1]!r}\n {LINES} {i}\n")
            table.append((i, there, back))
        for v, (x, y) in enumerate(pos):
            at = [NODES] + layers.get(v, [])
            f.write(f"P 1 {len(at)}\n {x!r} {y!r}\n" + "".join(f" {layer} {v + 1}\n" for layer in at))
    return table


def rows(g):
    folder = Path(tempfile.mkdtemp(prefix="junxian-grass-"))
    env = dict(os.environ, HOME=str(folder), GRASS_VERBOSE="0", GRASS_OVERWRITE="1")
    mapset, db = folder / "loc" / "PERMANENT", folder / "net.db"

    def grass(*command):
        r = subprocess.run(["grass", mapset, "--exec", *command], capture_output=True, text=True, env=env)
        if r.returncode:
            sys.exit("GRASS failed: " + " ".join(map(str, command)) + "\n" + r.stderr)
        return r.stdout

    try:
        subprocess.run(["grass", "-c", "XY", folder / "loc", "-e"], check=True, capture_output=True, env=env)
        version = subprocess.run(["grass", "--config", "version"], check=True, capture_output=True, text=True).stdout.strip()
        table = write_map(g, folder / "net.txt")
        grass("v.in.ascii", f"input={folder / 'net.txt'}", "output=net", "format=standard")
        with sqlite3.connect(db) as c:
            c.execute("create table net(cat integer primary key, there real, back real)")
            c.executemany("insert into net values(?, ?, ?)", table)
        grass("db.connect", "driver=sqlite", f"database={db}")
        grass("v.db.connect", "map=net", "table=net", "key=cat", "layer=1", "driver=sqlite", f"database={db}")
        few = len(table) > 50000
        # Times run from facility to place, as ours do: v.net.distance goes the other way, so the columns change sides.
        seconds = grass("/usr/bin/python3", "-c", TIMED, "v.net.distance", "input=net", "output=ways", f"from_layer={PLACES if few else NODES}",
                        f"to_layer={FACILITIES}", "arc_column=back", "arc_backward_column=there")
        with sqlite3.connect(db) as c:
            total, = c.execute("select sum(dist) from ways").fetchone()
        name = "GRASS " + version
        g.check(name, "nearest_places" if few else "nearest", total)
        note = "v.net.distance, whole process, the nearest one only" + (", of 1,000 places" if few else "")
        return [(name, "nearest", 1000 * float(seconds), note)]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
