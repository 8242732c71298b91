#!/usr/bin/env python3
# Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0
"""tile.py IN.osm.pbf OUT.osm.pbf COPIES: a larger extract made of shifted copies of a small one.

Each copy gets ids and coordinates of its own, so that nothing coincides; nodes, ways and relations stay sorted by id.
"""
import subprocess
import sys

ID_STEP = 20_000_000_000


def lines_of(path, kind):
    run = subprocess.run(["osmium", "cat", "-f", "opl", "-t", kind, path], check=True, capture_output=True, text=True)
    return run.stdout.splitlines()


def shifted(line, copy):
    add = copy * ID_STEP
    fields = line.split(" ")
    fields[0] = fields[0][0] + str(int(fields[0][1:]) + add)
    for i, f in enumerate(fields[1:], 1):
        if f[:1] == "x" and len(f) > 1:
            fields[i] = "x%.7f" % (float(f[1:]) + 0.3 * (copy % 8))
        elif f[:1] == "y" and len(f) > 1:
            fields[i] = "y%.7f" % (float(f[1:]) + 0.3 * (copy // 8))
        elif f[:1] == "N" and len(f) > 1:
            fields[i] = "N" + ",".join("n%d" % (int(r[1:]) + add) for r in f[1:].split(","))
        elif f[:1] == "M" and len(f) > 1:
            members = (m.partition("@") for m in f[1:].split(","))
            fields[i] = "M" + ",".join("%s%d@%s" % (a[0], int(a[1:]) + add, role) for a, _, role in members)
    return " ".join(fields)


def main():
    source, target, copies = sys.argv[1], sys.argv[2], int(sys.argv[3])
    out = subprocess.Popen(["osmium", "cat", "-F", "opl", "-", "-o", target, "-O"], stdin=subprocess.PIPE, text=True)
    for kind in ("node", "way", "relation"):
        lines = lines_of(source, kind)
        for copy in range(copies):
            out.stdin.write("\n".join(shifted(line, copy) for line in lines) + "\n")
    out.stdin.close()
    return out.wait()


if __name__ == "__main__":
    sys.exit(main())
