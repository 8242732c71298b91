#!/usr/bin/env python3
# Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0
"""oracle.py PBF_DUMP FILE...: the reader against osmium-tool, object by object.

What must be kept is worked out here from osmium's text output, by rules written down once more. Then the same data, rewritten
by osmium in other ways and orders, must give the very same extract. Exit code 77: osmium-tool is not installed.
"""
import json
import random
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ESCAPE = re.compile("%([0-9a-f]+)%")


def run(*args, **kw):
    return subprocess.run([str(a) for a in args], check=True, capture_output=True, **kw).stdout


def text(s):
    return ESCAPE.sub(lambda m: chr(int(m.group(1), 16)), s)


def e7(s):
    sign = -1 if s.startswith("-") else 1
    whole, _, part = s.lstrip("-").partition(".")
    return sign * (int(whole) * 10**7 + int((part + "0000000")[:7]))


def parse_opl(lines):
    """{"n": {id: (lon, lat, tags)}, "w": {id: (refs, tags)}, "r": {id: (members, tags)}}"""
    objects = {"n": {}, "w": {}, "r": {}}
    for line in lines:
        fields = line.split(" ")
        kind, oid = fields[0][0], int(fields[0][1:])
        f = {x[0]: x[1:] for x in fields[1:] if x}
        tags = [tuple(text(p) for p in t.split("=")) for t in f.get("T", "").split(",") if t]
        if kind == "n":
            objects["n"][oid] = (e7(f["x"]), e7(f["y"]), tags)
        elif kind == "w":
            objects["w"][oid] = ([int(r[1:]) for r in f["N"].split(",") if r], tags)
        else:
            members = [m.partition("@") for m in f["M"].split(",") if m]
            objects["r"][oid] = ([(m[0][0], int(m[0][1:]), text(m[2])) for m in members], tags)
    return objects


def expected(o, keys):
    """The text that pbf_dump must print."""
    def wanted(tags):
        return any(k in keys for k, _ in tags)

    rels = {i: r for i, r in o["r"].items()
            if wanted(r[1]) and any(k == "type" and v in ("multipolygon", "boundary") for k, v in r[1])}
    members = {(t, i) for r in rels.values() for t, i, _ in r[0]}
    if "highway" in keys:  # turn restrictions come along with streets, and pull nothing in
        rels.update({i: r for i, r in o["r"].items() if ("type", "restriction") in r[1]})
    ways = {i: w for i, w in o["w"].items() if wanted(w[1]) or ("w", i) in members}
    used = {n for w in ways.values() for n in w[0]} | {i for t, i in members if t == "n"}
    nodes = {i: n for i, n in o["n"].items() if wanted(n[2]) or i in used}

    def tag_text(tags):
        return "\x1c" + "".join(f"{k}\x1e{v}\x1d" for k, v in tags)

    lons, lats = [n[0] for n in o["n"].values()], [n[1] for n in o["n"].values()]
    missing = sum(n not in o["n"] for w in ways.values() for n in w[0])
    out = ["counts\x1c%d\x1c%d\x1c%d" % (len(o["n"]), len(o["w"]), len(o["r"])),
           "box\x1c%d\x1c%d\x1c%d\x1c%d" % (min(lons), min(lats), max(lons), max(lats)),
           "repeats\x1c0", "missing\x1c%d" % missing]
    out += [f"n{i}\x1c{nodes[i][0]}\x1c{nodes[i][1]}" + tag_text(nodes[i][2]) for i in sorted(nodes)]
    out += [f"w{i}\x1c" + "".join(f"{n if n in o['n'] else 0}\x1d" for n in ways[i][0]) + tag_text(ways[i][1])
            for i in sorted(ways)]
    out += [f"r{i}\x1c" + "".join(f"{t}{m}@{role}\x1d" for t, m, role in rels[i][0]) + tag_text(rels[i][1])
            for i in sorted(rels)]
    return "\n".join(out) + "\n"


def same(got, want, what):
    if got == want:
        print("ok:", what)
        return
    g, w = got.split("\n"), want.split("\n")
    for i in range(max(len(g), len(w))):
        a, b = g[i] if i < len(g) else "(end)", w[i] if i < len(w) else "(end)"
        if a != b:
            sys.exit(f"{what}: line {i + 1}\n  got      {a!r}\n  expected {b!r}\n({len(g)} and {len(w)} lines)")


def rewritten(source, opl, folder):
    """The same data in other clothes: (name, file)."""
    for name, opts in (("plain nodes", "pbf,pbf_dense_nodes=false"), ("raw blobs", "pbf,pbf_compression=none"),
                       ("no metadata", "pbf,add_metadata=false"), ("plain, raw", "pbf,pbf_dense_nodes=false,pbf_compression=none")):
        out = folder / "again.osm.pbf"
        run("osmium", "cat", source, "-O", "-o", out, "-f", opts)
        yield name, out
    chunks = [opl[i:i + 700] for i in range(0, len(opl), 700)]
    random.Random(5).shuffle(chunks)
    shuffled = [line for c in chunks for line in c]
    for name, lines in (("last first", opl[::-1]), ("blocks in any order", shuffled)):
        out = folder / "order.osm.pbf"
        run("osmium", "cat", "-F", "opl", "-", "-O", "-o", out, input=("\n".join(lines) + "\n").encode())
        yield name, out


def check(dump, source, folder):
    def extract(path, threads, *keys):
        return run(dump, "dump", path, threads, *keys).decode()

    opl = run("osmium", "cat", "-f", "opl", source).decode().splitlines()
    objects = parse_opl(opl)
    info = json.loads(run("osmium", "fileinfo", "-e", "-j", source))["data"]
    counts = [info["count"][k] for k in ("nodes", "ways", "relations")]
    box = [e7("%.7f" % v) for v in info["bbox"]]
    got = [int(v) for v in run(dump, "count", source, 2).split()]
    if got != counts + box:
        sys.exit(f"{source}: counts and box {got}, osmium says {counts + box}")
    print("ok:", source.name, "counts", *counts)
    base = extract(source, 1)
    same(base, expected(objects, set(run(dump, "keys").decode().split())), f"{source.name}: every kept object")
    every = sorted({k for kind in objects.values() for o in kind.values() for k, _ in o[-1]} - {""})
    same(extract(source, 3, *every), expected(objects, set(every)), f"{source.name}: every tagged object")
    for threads in (2, 5):
        same(extract(source, threads), base, f"{source.name}: {threads} threads")
    for name, path in rewritten(source, opl, folder):
        same(extract(path, 2), base, f"{source.name}: {name}")


def main():
    if not shutil.which("osmium"):
        print("osmium-tool is not installed")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        for source in sys.argv[2:]:
            check(sys.argv[1], Path(source), Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
