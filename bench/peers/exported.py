# Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0
"""A graph as `junxian-bench export` writes it, and our answers on it: what the peers read, and what theirs are compared with."""
import csv
import io
import subprocess
import sys


class Graph:
    def __init__(self, name, program, options, folder):
        self.name, self.folder = name, folder
        out = subprocess.run([*program, "export", *options, "--to", folder], check=True, capture_output=True, text=True).stdout
        self.answers = {r["work"]: int(r["sum"]) for r in csv.DictReader(io.StringIO(out))}
        self.picks = {}
        with open(folder / "picks.csv") as f:
            for r in csv.DictReader(f):
                self.picks.setdefault(r["role"], []).append(int(r["node"]))
        self.within = self.picks["within"][0]

    def arcs(self):
        """(tail, head, time) from 0; of two nodes one arc each way at most."""
        with open(self.folder / "graph.gr") as f:
            self.n = int(f.readline().split()[2])
            least = {}
            for line in f:
                _, a, b, t = line.split()
                key, t = (int(a) - 1, int(b) - 1), int(t)
                if key[0] != key[1] and t < least.get(key, t + 1):
                    least[key] = t
        return least

    def streets(self):
        """(id from 1, a, b, time a to b, time b to a; -1: closed)."""
        arcs = self.arcs()
        i = 0
        for (a, b), t in arcs.items():
            if a < b or (b, a) not in arcs:
                i += 1
                yield i, a, b, t, arcs.get((b, a), -1)

    def positions(self):
        with open(self.folder / "graph.co") as f:
            return [(int(w[2]), int(w[3])) for w in (line.split() for line in f) if w[0] == "v"]

    def check(self, peer, work, got):
        """The sum of the times must be ours, or the run ends: one of the two is wrong."""
        if round(got) != self.answers[work]:
            sys.exit(f"{peer} disagrees on {self.name}, {work}: its times add up to {got:.0f}, ours to {self.answers[work]}")
