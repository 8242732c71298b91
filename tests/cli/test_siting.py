#!/usr/bin/python3
"""`junxian site --orlib`: the published optima of 25 OR-Library problems, and wrong calls.

Usage: test_siting.py JUNXIAN SOURCE-DIR [unittest arguments].
"""
import csv
import heapq
import json
import os
import subprocess
import sys
import tempfile
import unittest

JUNXIAN, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
ORLIB = os.path.join(SOURCE, "tests/data/orlib")


def call(*args):
    return subprocess.run([JUNXIAN, *args], env=dict(os.environ, LC_ALL="C.UTF-8"), capture_output=True, text=True, timeout=300)


def distances(path):
    """Read and measured here, by another hand: the later of two lines for a pair holds; Dijkstra from every node."""
    with open(path) as f:
        word = [int(w) for w in f.read().split()]
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
                    if d[w] is None:
                        heapq.heappush(heap, (dv + c, w))
        out.append(d)
    return n, p, out


def by_hand(d, sites, model):
    nearest = [min(row[s - 1] for s in sites) for row in d]
    return sum(nearest) if model == "p-median" else max(nearest)


class Optima(unittest.TestCase):
    """All 25: proved, equal to what is published, and worth what the sites really are worth; previews within 1 % for the p-median."""

    def test_all(self):
        total = {"p-median": 0, "p-center": 0}
        with open(os.path.join(ORLIB, "optima.csv")) as f:
            rows = list(csv.DictReader(f))
        self.assertEqual(len(rows), 25)
        for row in rows:
            path = os.path.join(ORLIB, row["instance"] + ".txt")
            n, p, d = distances(path)
            for model, column in (("p-median", "pmedian_optimum"), ("p-center", "pcenter_optimum")):
                want = int(row[column])
                for extra in ([], ["--preview"]):
                    with self.subTest(instance=row["instance"], model=model, extra=extra):
                        r = call("site", "--orlib", path, "--model", model, "--json", *extra)
                        self.assertEqual(r.returncode, 0, r.stderr)
                        a = json.loads(r.stdout)
                        self.assertEqual(len(set(a["sites"])), p)
                        self.assertEqual(by_hand(d, a["sites"], model), a["objective"])
                        self.assertLessEqual(a["bound"], want)
                        if extra:
                            self.assertLessEqual(a["objective"], want * 1.01 if model == "p-median" else want)
                        else:
                            self.assertEqual((a["objective"], a["bound"], a["proved"], a["gap"]), (want, want, True, 0))
                            self.assertEqual(sum(c["clients"] for c in a["contributions"]), n)
                            total[model] += a["seconds"]
                            other = a["runner_up"]
                            self.assertNotEqual(sorted(other["sites"]), a["sites"])
                            self.assertEqual(by_hand(d, other["sites"], model), other["objective"])
        print("seconds to proof, 25 problems:", {m: round(t, 2) for m, t in total.items()})


class Calls(unittest.TestCase):
    def write(self, text):
        f = tempfile.NamedTemporaryFile("w", suffix=".txt", delete=False)
        self.addCleanup(os.unlink, f.name)
        with f:
            f.write(text)
        return f.name

    def refused(self, code, words, *args):
        r = call("site", *args)
        self.assertEqual((r.returncode, r.stdout), (code, ""), r.stderr)
        self.assertIn(words, r.stderr)
        self.assertRegex(r.stderr, r"JX\d{4}")

    def test_bad_files(self):
        for text, words in (("", "whole number"), ("3 2 1\n1 2 4\n", ":3: the file ends after 1 of 2 edges"), ("3 1 1\n1 2 4\n2 3 4\n", ":3: more than the 1"),
                            ("3 1 1\n1 4 4\n", ":2: node is 4"), ("3 1 1\n1 2 x\n", ":2: 'x'"), ("3 1 1\n1 2 -4\n", ":2: cost is -4"), ("3 1 4\n1 2 4\n", "p is 4"),
                            ("3 1 1\n1 2 4.5\n", "'4.5'"), ("99999 1 1\n1 2 4\n", "number of nodes is 99999"), ("3 20000000 1\n1 2 4\n", "edges"),
                            ("6 5 1\n1 2 1000000000\n2 3 1000000000\n3 4 1000000000\n4 5 1000000000\n5 6 1000000000\n", "longer than can be counted")):
            with self.subTest(text=text):
                self.refused(3, words, "--orlib", self.write(text))

    def test_no_way(self):
        apart = self.write("4 2 1\n1 2 4\n3 4 4\n")
        for model in ("p-median", "p-center", "p-centre"):
            self.refused(5, "no plan of at most 1 sites", "--orlib", apart, "--model", model)
            self.assertEqual(call("site", "--orlib", apart, "--model", model, "--p", "2").returncode, 0)

    def test_wrong_calls(self):
        good = os.path.join(ORLIB, "pmed1.txt")
        self.refused(2, "--orlib", "--json")
        self.refused(2, "--model", "--orlib", good, "--model", "p-mean")
        self.refused(2, "--p", "--orlib", good, "--p", "0")
        self.refused(4, "does not exist", "--orlib", good + "x")

    def test_dry_run(self):
        r = call("site", "--orlib", os.path.join(ORLIB, "pmed1.txt"), "--dry-run", "--json")
        self.assertEqual(r.returncode, 0)
        self.assertEqual(json.loads(r.stdout)["read"], [os.path.join(ORLIB, "pmed1.txt")])

    def test_same_seed_same_plan(self):
        path = os.path.join(ORLIB, "pmed17.txt")
        for model in ("p-median", "p-center"):
            got = []
            for threads in ("1", "2", "5"):
                a = json.loads(call("site", "--orlib", path, "--model", model, "--seed", "7", "--threads", threads, "--json").stdout)
                a.pop("seconds")
                got.append(a)
            self.assertTrue(got[0] == got[1] == got[2])
            self.assertEqual(got[0]["seed"], 7)

    def test_time_limit(self):
        """Ends with the best so far, an honest gap and exit 6 - or with proof, when the machine is quick."""
        path = os.path.join(ORLIB, "pmed22.txt")
        for model, want in (("p-median", 8579), ("p-center", 38)):
            for limit in ("0.001", "0.05", "0.1"):
                r = call("site", "--orlib", path, "--model", model, "--time-limit", limit, "--json")
                a = json.loads(r.stdout)
                self.assertEqual(r.returncode, 0 if a["proved"] else 6)
                self.assertLessEqual(a["bound"], want)
                self.assertGreaterEqual(a["objective"], want)
                self.assertEqual(len(a["sites"]), 10)
                if not a["proved"]:
                    self.assertIn("JX4061", r.stderr)
                    self.assertEqual(a["end"], "stopped")
                    self.assertAlmostEqual(a["gap"], 1 - a["bound"] / a["objective"])


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
