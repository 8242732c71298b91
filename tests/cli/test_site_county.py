#!/usr/bin/python3
"""`junxian site` on the demo county: plans proved, properties between them, files, wrong calls.

Usage: test_site_county.py JUNXIAN SOURCE-DIR [unittest arguments].
"""
import csv
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

JUNXIAN, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])


def call(*args):
    return subprocess.run([JUNXIAN, "site", "demo", "-q", *args], env=dict(os.environ, LC_ALL="C.UTF-8"), capture_output=True, text=True, timeout=300)


def plan(*args):
    r = call("--json", *args)
    assert r.returncode == 0, r.stderr
    return json.loads(r.stdout)


class Plans(unittest.TestCase):
    def test_two_more_hospitals(self):
        p = plan("--service", "hospital", "--add", "2")
        self.assertEqual(p["schema"], "junxian.site-county/1")
        self.assertTrue(p["proved"])
        self.assertEqual(p["objective"], p["bound"])
        self.assertLess(p["seconds"], 1)
        self.assertEqual(len(p["projects"]), 2)
        self.assertTrue(p["runner_up"]["proved"])
        self.assertGreaterEqual(p["runner_up"]["objective"], p["objective"])
        self.assertLess(p["after"]["mean_minutes"], p["before"]["mean_minutes"])
        # the objective is the mean it says, times people (all of them can reach one)
        self.assertAlmostEqual(p["objective"] / p["after"]["people"], p["after"]["mean_minutes"], delta=0.01)
        for site in p["projects"]:
            self.assertGreater(site["loss"], 0)
        self.assertAlmostEqual(sum(t["people_nearer"] for t in p["townships"]), sum(s["people_nearer"] for s in p["projects"]), delta=1)

    def test_more_is_never_worse(self):
        last = float("inf")
        for n in range(4):
            p = plan("--service", "hospital", "--add", str(n))
            self.assertTrue(p["proved"])
            self.assertLessEqual(p["objective"], last)
            last = p["objective"]
        cells = plan("--service", "hospital", "--add", "2", "--candidates", "cells")
        self.assertTrue(cells["proved"])
        last = float("inf")
        for minutes in (10, 15, 20):
            p = plan("--service", "primary_care", "--mode", "walk", "--model", "mclp", "--add", "2", "--cutoff", str(minutes))
            self.assertTrue(p["proved"])
            self.assertLessEqual(p["objective"], last)
            self.assertAlmostEqual(p["after"]["people"] - p["after"]["people_within"], p["objective"], delta=1)
            last = p["objective"]

    def test_islands_do_not_take_the_sites(self):
        """Two cells with nine people on paths that nothing connects: a plan for all would put both new doctors there."""
        args = ("--service", "doctor", "--add", "2", "--candidates", "cells")
        p = plan(*args)
        self.assertEqual(p["left_out"]["cells_cut_off"], 2)
        self.assertLess(p["after"]["mean_minutes"], p["before"]["mean_minutes"] - 5)
        self.assertGreater(min(s["people"] for s in p["projects"]), 1000)
        served = plan(*args, "--island-people", "0")
        self.assertEqual(served["left_out"]["cells_cut_off"], 0)
        self.assertEqual(served["after"]["people_without_any"], 0)

    def test_a_proof_is_about_the_map(self):
        """Two homes for the elderly are known: nobody is to build the third on that alone. Fourteen schools are plausible."""
        for service, few in (("elderly_home", True), ("primary_school", False)):
            self.assertIs(plan("--service", service, "--add", "1")["guesses"]["existing_sites_may_be_missing"], few)
            r = call("--service", service, "--add", "1")
            self.assertEqual("JX4200" in r.stderr, few)
            self.assertEqual("do not build on this yet" in r.stdout, few)

    def test_capacity_and_budget(self):
        p = plan("--service", "hospital", "--add", "3", "--budget", "5", "--price", "2", "--capacity", "15000", "--existing-capacity", "9000")
        self.assertTrue(p["proved"] or p["gap"] >= 0)
        self.assertLessEqual(sum(s["price"] for s in p["projects"]), 5)
        for s in p["projects"]:
            self.assertLessEqual(s["people"], 15000.1) # people of a cell may part
        self.assertIs(p["before_within_capacities"], False) # one hospital on the network, 9,000 of 37,000
        self.assertEqual(p["before_is"], "nearest_too_little_room")
        like = plan("--service", "doctor", "--add", "2", "--capacity", "3000", "--existing-capacity", "4000")
        self.assertIs(like["before_within_capacities"], True)
        self.assertEqual((like["before_is"], like["before"]["people_without_place"], like["after"]["people_without_place"]), ("shared_out", 0, 0))
        # the objective is the mean it says, times people: of those who part, too
        self.assertAlmostEqual(like["objective"] / like["after"]["people"], like["after"]["mean_minutes"], delta=0.01)
        self.assertLessEqual(like["after"]["mean_minutes"], like["before"]["mean_minutes"])
        free = plan("--service", "hospital", "--add", "2")
        self.assertGreaterEqual(p["objective"], free["objective"])

    def test_who_gets_no_place(self):
        """Two hospitals of a hundred places on the network: all others get none, and are not served by the nearest full one."""
        args = ("--service", "hospital", "--model", "mclp", "--add", "1", "--capacity", "100", "--existing-capacity", "100", "--cutoff", "10")
        with tempfile.TemporaryDirectory() as d:
            page, table = os.path.join(d, "p.html"), os.path.join(d, "p.gpkg")
            p = plan(*args, "-o", page)
            self.assertEqual(call(*args, "-o", table).returncode, 0)
            with open(page, encoding="utf-8") as f:
                self.assertIn("who get no place within reach", f.read())
            with sqlite3.connect(table) as db:
                self.assertAlmostEqual(db.execute("select sum(people) from sites").fetchone()[0], 200, delta=0.2)
        for when, room in (("before", 100), ("after", 200)):
            self.assertAlmostEqual(p[when]["people_within"], room, delta=0.1)
            self.assertAlmostEqual(p[when]["people_without_place"], p[when]["people"] - room, delta=0.2)
            self.assertEqual(p[when]["people_without_any"], 0)
            self.assertLess(p[when]["longest_minutes"], 10.01)
        self.assertAlmostEqual(p["after"]["people_without_place"], p["objective"], delta=0.2)
        self.assertAlmostEqual(p["projects"][0]["people"], 100, delta=0.1)
        self.assertAlmostEqual(sum(t["after"]["people_without_place"] for t in p["townships"]), p["objective"], delta=2)

    def test_same_again(self):
        a, b = (plan("--service", "hospital", "--model", "p-center", "--add", "2") for _ in range(2))
        a.pop("seconds"), b.pop("seconds")
        self.assertEqual(a, b)

    def test_threads_and_engines(self):
        args = ("--service", "hospital", "--add", "2")
        first = plan(*args)
        first.pop("seconds")
        for more in (("--threads", "1"), ("--engine", "dijkstra")):
            other = plan(*args, *more)
            other.pop("seconds")
            self.assertEqual(first, other)

    def test_kept_and_budget(self):
        args = ("--service", "hospital", "--add", "1", "--may-close", "all")
        closed = plan(*args)["closed"]
        self.assertTrue(closed)
        for name in closed:
            self.assertNotIn(name, plan(*args, "--keep", name)["closed"])
        objectives = [plan("--service", "hospital", "--budget", b, "--price", "2")["objective"] for b in ("2", "3", "4")]
        self.assertEqual(objectives, sorted(objectives, reverse=True))

    def test_candidates_of_any_format(self):
        rows = (("A", 9.5215, 47.1410, 7), ("B", 9.5250, 47.2110, 3), ("C", 9.5040, 47.0670, 3))
        with tempfile.TemporaryDirectory() as d:
            table, layer, package = (os.path.join(d, "c" + end) for end in (".csv", ".geojson", ".gpkg"))
            with open(table, "w") as f:
                f.write("name,lon,lat,cost\n" + "".join("%s,%.4f,%.4f,%d\n" % r for r in rows))
            with open(layer, "w") as f:
                json.dump({"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"name": n, "cost": c}, "geometry": {"type": "Point", "coordinates": [x, y]}}
                                                                     for n, x, y, c in rows]}, f)
            subprocess.run(["ogr2ogr", "-f", "GPKG", package, layer], check=True, timeout=60)
            plans = [plan("--service", "hospital", "--budget", "6", "--candidates", f) for f in (table, layer, package)]
            for p in plans:
                self.assertEqual([(s["name"], s["price"]) for s in p["projects"]], [(s["name"], s["price"]) for s in plans[0]["projects"]])
                self.assertAlmostEqual(p["objective"], plans[0]["objective"], delta=1e-6 * p["objective"])

    def test_referral(self):
        p = plan("--service", "primary_care", "--add", "1", "--refer-to", "hospital", "--refer-share", "0.3")
        self.assertTrue(p["proved"])
        self.assertTrue(p["projects"][0]["refers_to"])


class Solver(unittest.TestCase):
    """CBC, which nobody here wrote, on the same problems; and on the one that only it is given."""

    def test_second_opinion(self):
        for args in (("--service", "hospital", "--add", "1"),
                     ("--service", "doctor", "--model", "mclp", "--add", "2", "--capacity", "3000", "--existing-capacity", "2000"),
                     ("--service", "doctor", "--model", "mclp", "--covers", "2", "--add", "2"),
                     ("--service", "hospital", "--model", "lscp", "--cutoff", "50")):
            a, b = plan(*args), plan(*args, "--solver", "cbc")
            self.assertTrue(a["proved"] and b["proved"])
            self.assertAlmostEqual(a["objective"], b["objective"], delta=1e-6 * a["objective"])
            self.assertEqual(b["solver"], "cbc")
            self.assertEqual((a["proved_by"], b["proved_by"]), ("junxian", "cbc"))

    def test_second_cover_with_capacities(self):
        args = ("--service", "doctor", "--model", "mclp", "--covers", "2", "--add", "2", "--existing-capacity", "2000")
        r = call(*args, "--capacity", "3000")
        self.assertEqual(r.returncode, 2)
        self.assertIn("--solver cbc", r.stderr)
        loose = plan("--service", "doctor", "--model", "mclp", "--covers", "2", "--add", "2")
        last = None
        for room in ("100", "3000", "100000"):
            p = plan(*args, "--capacity", room, "--solver", "cbc")
            self.assertTrue(p["proved"])
            self.assertGreaterEqual(p["objective"], loose["objective"] * (1 - 1e-9))
            self.assertTrue(last is None or p["objective"] <= last * (1 + 1e-9))
            last = p["objective"]

    def test_no_such_program(self):
        with tempfile.TemporaryDirectory() as d:
            silent = os.path.join(d, "cbc-silent")
            with open(silent, "w") as f:
                f.write("#!/bin/sh\nexit 0\n")
            os.chmod(silent, 0o755)
            for solver, code, status in (("cbc-not-there", "JX3090", 4), (silent, "JX3091", 4), ("glpsol", "JX3092", 2)):
                r = call("--service", "hospital", "--add", "1", "--solver", solver)
                self.assertEqual(r.returncode, status, r.stderr)
                self.assertIn(code, r.stderr)
            for name, wanted in (("cbc", "ratio 0 allow 0"), ("highs", "mip_rel_gap = 0")): # the best is asked for, not nearly the best
                spy, seen = os.path.join(d, name + "-spy"), os.path.join(d, name + ".txt")
                with open(spy, "w") as f:
                    f.write(f'#!/bin/sh\necho "$@" > {seen}\n[ "$1" = --options_file ] && cat "$2" >> {seen}\nexit 0\n')
                os.chmod(spy, 0o755)
                self.assertEqual(call("--service", "hospital", "--add", "1", "--solver", spy).returncode, 4)
                with open(seen) as f:
                    self.assertIn(wanted, f.read())
            page = os.path.join(d, "p.html")
            self.assertEqual(call("--service", "hospital", "--add", "1", "--solver", "cbc", "-o", page).returncode, 0)
            with open(page, encoding="utf-8") as f:
                text = f.read()
            self.assertIn("Found by cbc, which says", text)
            self.assertNotIn("by whatever method", text)
            lp = os.path.join(d, "x.lp")
            self.assertEqual(call("--service", "hospital", "--add", "1", "--write-lp", lp).returncode, 0)
            with open(lp) as f:
                self.assertTrue(f.read().endswith("\nEnd\n"))

class Runs(unittest.TestCase):
    """Plans within `junxian run`."""

    def folder(self, d, plans):
        with open(os.path.join(d, "county.yaml"), "w", encoding="utf-8") as f:
            f.write(f"name: test\nosm: {SOURCE}/demo/liechtenstein/liechtenstein-2024-03.osm.pbf\nplans:\n{plans}")

    def run_verb(self, *args):
        return subprocess.run([JUNXIAN, *args], env=dict(os.environ, LC_ALL="C.UTF-8"), capture_output=True, text=True, timeout=300)

    def test_folder(self):
        with tempfile.TemporaryDirectory() as d:
            with open(os.path.join(d, "plots.csv"), "w", encoding="utf-8") as f:
                f.write("name,lon,lat,cost\nA,9.5215,47.1410,7\nB,9.5250,47.2110,3\nC,9.5040,47.0670,3\n")
            self.folder(d, "  - {name: plots, service: hospital, candidates: plots.csv, budget: 6}\n"
                           "  - {service: primary_care, mode: walk, add: 3, capacity: 15000, existing_capacity: 9000, effort: 0.1}\n"
                           "  - {service: hospital, model: lscp, cutoff: 2}\n")
            for name, threads in (("one", "1"), ("two", "2")):
                r = self.run_verb("run", d, "-o", os.path.join(d, name), "-q", "--threads", threads)
                self.assertEqual(r.returncode, 0, r.stderr)
                self.assertIn("JX4175", r.stderr)
                self.assertNotIn("error", r.stderr)
            def read(n, f):
                with open(os.path.join(d, n, f), "rb") as file:
                    return file.read()
            for f in ("county.gpkg", "tables.xlsx", "plan_cells.csv", "plan_sites.csv", "plan_gains.csv", "junxian.lock"):
                self.assertEqual(read("one", f), read("two", f), f) # a search cut off by its steps too
            plans = [json.loads(read(n, "summary.json"))["plans"] for n in ("one", "two")]
            self.assertEqual(plans[0], plans[1])
            a, b, c = plans[0]
            self.assertEqual([s["name"] for s in a["sites"] if s["plan"] == "new"], ["B", "C"])
            self.assertEqual(b["ended_by"], "effort")
            self.assertGreater(b["gap"], 0)
            self.assertEqual(c["impossible"], 2502)
            self.assertIn("plots.csv", [s["name"] for s in json.loads(read("one", "junxian.lock"))["inputs"]])
            # the same question to the verb gives the same figures
            p = plan("--service", "hospital", "--candidates", os.path.join(d, "plots.csv"), "--budget", "6")
            self.assertAlmostEqual(a["objective"], p["objective"], delta=1e-6 * p["objective"])
            self.assertEqual(a["after"]["mean_minutes"], p["after"]["mean_minutes"])
            self.assertAlmostEqual(a["people_nearer"], sum(s["people_nearer"] for s in p["projects"]), delta=1)
            rows = list(csv.DictReader(read("one", "plan_gains.csv").decode("utf-8-sig").splitlines()))
            self.assertAlmostEqual(sum(float(r["people_nearer"]) for r in rows if r["plan_no"] == "1"), a["people_nearer"], delta=1)

    def test_wrong_plans(self):
        """Refused before anything is read, with the line."""
        with tempfile.TemporaryDirectory() as d:
            for plans, code, line in (("  - {service: hospital, add: 1}\n  - {service: hospital, ad: 1}\n", None, 5), ("  - {service: hospital, add: 1.5}\n", "JX4171", 4),
                                      ("  - {service: hospital, add: 1, model: best}\n", "JX4171", 4), ("  - {service: hospital}\n", "JX4172", 4), ("  - hospital\n", "JX4170", 4),
                                      ("  - {add: 2}\n", None, 4), ("  - {service: hospital, add: [1, 2]}\n", "JX4171", 4), ("  - {service: hospital, add: 1, time_limit: 5}\n", None, 4),
                                      ("  - {service: hospital, add: 1, effort: -1}\n", None, 4), ("  - {service: hospital, add: 1, covers: 2}\n", "JX4302", 4),
                                      ("  - {service: doctor, add: 1, refer_to: hospital, capacity: 9}\n", "JX4302", 4), ("  - {service: doctor, add: 1, model: mclp, covers: 2, capacity: 9}\n", "JX4302", 4), ("  - {service: hospital, add: 1, preview: maybe}\n", "JX4171", 4),
                                      ("  - {service: hospital, add: 1, cutoff: 0}\n", "JX4171", 4), ("  - {service: hospital, add: 1, price: 2.5}\n", "JX4171", 4),
                                      ("  - {service: hospital, add: 1, weights: {rural: [2]}}\n", "JX4171", 4)):
                self.folder(d, plans)
                r = self.run_verb("run", d, "-q")
                self.assertEqual(r.returncode, 3, plans + r.stderr)
                self.assertIn(f"county.yaml:{line}", r.stderr.replace(", row ", ":").replace(" row ", ":").replace(", line ", ":"), r.stderr)
                if code:
                    self.assertIn(code, r.stderr)
                self.assertFalse(os.path.exists(os.path.join(d, "out")))

    def test_stopped(self):
        """Ctrl-C in the middle of a long search ends the run soon, and nothing is left."""
        with tempfile.TemporaryDirectory() as d:
            self.folder(d, "  - {service: kindergarten, mode: walk, add: 9, candidates: cells, capacity: 150, existing_capacity: 90, demand: 35, assign: whole, effort: 3600}\n")
            p = subprocess.Popen([JUNXIAN, "run", d], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=dict(os.environ, LC_ALL="C.UTF-8"), text=True)
            while "searching" not in p.stderr.readline():
                self.assertIsNone(p.poll())
            time.sleep(0.5)
            p.send_signal(signal.SIGINT)
            begun = time.monotonic()
            p.communicate(timeout=60)
            self.assertEqual(p.returncode, 130)
            self.assertLess(time.monotonic() - begun, 10)
            self.assertEqual(os.listdir(d), ["county.yaml"])

    def test_check(self):
        with tempfile.TemporaryDirectory() as d:
            for plans, code in (("  - {name: x, service: hospitl, add: 1}\n", "JX4174"), ("  - {service: hospital, add: 1, may_close: [Nowhere]}\n", "JX4174")):
                self.folder(d, plans)
                r = self.run_verb("check", d, "-q")
                self.assertNotEqual(r.returncode, 0)
                self.assertIn(code, r.stderr)


class Calls(unittest.TestCase):
    def test_who_can_never_be_reached(self):
        """Some live more than 30 minutes on foot from every settlement: refused, or left out and counted."""
        args = ("--service", "doctor", "--model", "lscp")
        r = call(*args)
        self.assertEqual(r.returncode, 5)
        self.assertIn("JX2502", r.stderr)
        r = call(*args, "--unreachable", "leave", "--json")
        self.assertEqual(r.returncode, 0, r.stderr)
        self.assertIn("JX4194 left out", r.stderr)
        p = json.loads(r.stdout)
        self.assertGreater(p["left_out"]["cells_beyond_reach"], 100)
        self.assertAlmostEqual(p["after"]["people_within"], p["after"]["people"], delta=0.1)
        most = plan("--service", "doctor", "--model", "mclp", "--add", "1000")
        self.assertAlmostEqual(p["after"]["people_within"], most["after"]["people_within"], delta=0.1) # all that any number of sites reaches
        self.assertAlmostEqual(p["left_out"]["people_beyond_reach"] + p["left_out"]["people_cut_off"] + p["after"]["people"], most["after"]["people"] + most["left_out"]["people_cut_off"], delta=1)

    def test_a_township_alone(self):
        r = call("--service", "doctor", "--add", "1", "--area", "Planken")
        self.assertEqual(r.returncode, 0, r.stderr)
        for text in ("outside", "by township", "()"):
            self.assertNotIn(text, r.stdout)
        self.assertIn("1. Planken:", r.stdout)

    def test_infeasible_says_why(self):
        for code, args in (("JX2502", ("--service", "hospital", "--model", "lscp", "--cutoff", "2")),
                           ("JX2504", ("--service", "hospital", "--add", "1", "--capacity", "100", "--existing-capacity", "100"))):
            r = call(*args)
            self.assertEqual(r.returncode, 5, r.stderr)
            self.assertIn(code, r.stderr)

    def test_wrong_calls(self):
        for args in (("--service", "hospital"), ("--service", "hospital", "--add", "1", "--weights", "rural"),
                     ("--service", "hospital", "--add", "1", "--weights", "rural=0.004"), ("--service", "hospital", "--add", "1", "--weights", "rural=0,urban=0"),
                     ("--service", "hospital", "--add", "1", "--cutoff", "0"), ("--service", "hospital", "--add", "1", "--price", "2.5"),
                     ("--service", "hospital", "--add", "1", "--may-close", "Nowhere")):
            self.assertEqual(call(*args).returncode, 2, args)
        with tempfile.TemporaryDirectory() as d:
            table = os.path.join(d, "c.csv")
            with open(table, "w") as f:
                f.write("name,lon,lat,cost\nA,9.5215,47.1410,7\nB,9.5250,47.2110,2.5\n")
            r = call("--service", "hospital", "--candidates", table, "--budget", "6")
            self.assertEqual(r.returncode, 3, r.stderr)
            for text in ("JX4192", "c.csv", "2.5", "3"):
                self.assertIn(text, r.stderr)
        self.assertEqual(call("--service", "hospital", "--add", "1", "-o", "x.docx").returncode, 2)
        for code, args in (("JX4300", ("--covers", "2")), ("JX4300", ("--covers", "2", "--model", "p-center", "--write-lp", "x.lp")), ("JX4301", ("--model", "mclp", "--covers", "2", "--capacity", "9")),
                           ("JX4300", ("--refer-to", "doctor", "--capacity", "9")), ("JX4300", ("--refer-to", "doctor", "--model", "mclp")), ("0 to 0.5", ("--backup-worth", "0.9"))):
            r = call("--service", "hospital", "--add", "1", *args)
            self.assertEqual(r.returncode, 2, r.stderr)
            self.assertIn(code, r.stderr)
        for code, args in (("JX4303", ("--add", "2")), ("JX4303", ("--budget", "5")), ("JX4303", ("-o", "x.csv")), ("JX4004", ("--model", "mclp")), ("JX4304", ("demo",))):
            r = subprocess.run([JUNXIAN, "site", "--orlib", "none.txt", *args], env=dict(os.environ, LC_ALL="C.UTF-8"), capture_output=True, text=True, timeout=60)
            self.assertEqual(r.returncode, 2, r.stderr)
            self.assertIn(code, r.stderr)

    def test_nothing_left(self):
        with tempfile.TemporaryDirectory() as d:
            self.assertEqual(call("--service", "hospital", "--model", "lscp", "--cutoff", "2", "-o", os.path.join(d, "p.gpkg")).returncode, 5)
            self.assertEqual(os.listdir(d), [])
            bad = os.path.join(d, "bad.csv")
            with open(bad, "w") as f:
                f.write("name,lon,lat\nA,9.5215,47.1410\nB,east,47.2110\n")
            r = call("--service", "hospital", "--add", "1", "--candidates", bad)
            self.assertEqual(r.returncode, 3)
            for text in ("bad.csv", "3", "east"):
                self.assertIn(text, r.stderr)

    def test_files(self):
        with tempfile.TemporaryDirectory() as d:
            table = os.path.join(d, "c.csv")
            with open(table, "w") as f:
                f.write("name,lon,lat,cost,capacity\nA,9.5215,47.1410,7,\nB,9.5250,47.2110,3,20000\nC,9.5040,47.0670,3,\n")
            args = ("--service", "hospital", "--candidates", table, "--budget", "6")
            for name in ("p.gpkg", "p.geojson", "p.csv", "p.xlsx"):
                out = os.path.join(d, name)
                r = call(*args, "-o", out)
                self.assertEqual(r.returncode, 0, r.stderr)
                self.assertTrue(os.path.getsize(out) > 100)
            out = os.path.join(d, "p.html")
            self.assertEqual(call(*args, "-o", out).returncode, 0)
            page = open(out, encoding="utf-8").read()
            for text in ("近期建设项目库", '<section id="plan1"', ">B</th>", ">C</th>", "candidate"):
                self.assertIn(text, page)
            with sqlite3.connect(os.path.join(d, "p.gpkg")) as db:
                self.assertEqual(db.execute("select geometry_type_name from gpkg_geometry_columns where table_name = 'cells'").fetchone(), ("MULTIPOLYGON",))
                before, after, saved, people = db.execute("select sum(people * before_min), sum(people * after_min), sum(people * saved_min), sum(people) from cells").fetchone()
                self.assertAlmostEqual(before - after, saved, delta=1e-6 * before)
                self.assertEqual(db.execute("select count(*) from layer_styles where f_table_name = 'cells'").fetchone()[0], 1)
                cells = db.execute("select sum(people * (after_min < before_min)), sum(people * (within_after > within_before)) from cells").fetchone()
                towns = db.execute("select sum(people_nearer), sum(people_newly_within) from gains").fetchone()
                for a, b in zip(cells, towns):
                    self.assertAlmostEqual(a, b, delta=0.5)
                got = dict(db.execute("select name, price from sites where plan = 'new'"))
                self.assertEqual(set(got.values()), {3.0})
                self.assertGreater(db.execute("select count(*) from cells").fetchone()[0], 500)
                self.assertEqual(db.execute("select count(*) from gains").fetchone()[0], 11)
            with open(os.path.join(d, "p.geojson")) as f:
                g = json.load(f)
                self.assertEqual({x["geometry"]["type"] for x in g["features"]}, {"Point"})
            with open(os.path.join(d, "p.csv"), encoding="utf-8-sig") as f:
                self.assertIn("rank", next(csv.reader(f)))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]] + sys.argv[3:])
