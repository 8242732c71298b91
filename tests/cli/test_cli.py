#!/usr/bin/python3
"""The command line as a user meets it: right and wrong calls, exit codes, nothing half-written, same bytes.

Usage: test_cli.py JUNXIAN SOURCE-DIR [unittest arguments]. Needs osmium-tool and python3-openpyxl for some cases.
"""
import csv
import hashlib
import json
import math
import os
import re
import resource
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest

JUNXIAN, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
DEMO = os.path.join(SOURCE, "demo/liechtenstein/liechtenstein-2024-03.osm.pbf")
SPO = os.path.join(SOURCE, "tests/data/sao-paulo/spo.osm.pbf")
HEX = os.path.join(SOURCE, "tests/data/sao-paulo/hexgrid.csv")
FILES = {"report.html", "county.gpkg", "tables.xlsx", "summary.json", "junxian.lock"}


def call(*args, cwd=None, env=None, **kw):
    e = dict(os.environ, LC_ALL="C.UTF-8")
    e.update(env or {})
    return subprocess.run([JUNXIAN, *args], cwd=cwd, env=e, capture_output=True, text=True, timeout=120, **kw)


def tree(path):
    out = {}
    for root, _, names in os.walk(path):
        for n in names:
            p = os.path.join(root, n)
            with open(p, "rb") as f:
                out[os.path.relpath(p, path)] = hashlib.sha256(f.read()).hexdigest()
    return out


class Case(unittest.TestCase):
    def setUp(self):
        self.dir = tempfile.mkdtemp(prefix="junxian-cli-")
        self.addCleanup(shutil.rmtree, self.dir, True)

    def path(self, name):
        return os.path.join(self.dir, name)

    def write(self, name, data):
        p = self.path(name)
        os.makedirs(os.path.dirname(p), exist_ok=True)
        with open(p, "wb") as f:
            f.write(data if isinstance(data, bytes) else data.encode())
        return p

    def fails(self, code, text, *args, **kw):
        """Exit code, words in the message, an error code in it, and nothing new on disk."""
        before = sorted(os.listdir(self.dir))
        r = call(*args, cwd=self.dir, **kw)
        self.assertEqual(r.returncode, code, r.stderr)
        self.assertIn(text, r.stderr)
        self.assertRegex(r.stderr, r"JX\d{4}")
        self.assertEqual(r.stdout, "")
        self.assertEqual(sorted(os.listdir(self.dir)), before)
        return r


class Usage(Case):
    def test_help(self):
        for args in (["help"], ["--help"], ["help", "run"], ["run", "--help"], ["--version"], ["version"]):
            r = call(*args)
            self.assertEqual((r.returncode, r.stderr), (0, ""), args)
            self.assertTrue(r.stdout)
        self.assertEqual(call().returncode, 2)

    def test_wrong_words(self):
        self.assertIn("'run'", self.fails(2, "did you mean", "rum").stderr)
        self.fails(2, "needs INPUT", "run")
        self.fails(2, "--colour", "run", DEMO, "--colour")
        self.fails(2, "is not a number", "run", DEMO, "--cell-size", "big")
        self.fails(2, "outside", "run", DEMO, "--cell-size", "1")
        self.fails(2, "choose one of", "run", DEMO, "--grid", "triangle")
        self.fails(2, "needs a value", "run", DEMO, "-o")
        self.fails(2, "one too many", "run", DEMO, SPO)

    def test_every_verb_is_complete(self):
        table = json.loads(call("verbs").stdout)
        self.assertEqual(table["schema"], "junxian.verbs/1")
        man = subprocess.run(["man", "-l", "-"], input=call("man").stdout, capture_output=True, text=True)
        self.assertEqual(man.returncode, 0, man.stderr)
        self.assertEqual(man.stderr, "")
        page = re.sub(r".\x08", "", man.stdout)
        for v in table["verbs"]:
            self.assertIn(v["name"], page)
            r = call("help", v["name"])
            zh = call("help", v["name"], "--lang", "zh")
            self.assertNotEqual(r.stdout, zh.stdout)
            for p in v["params"]:
                self.assertIn("--" + p["key"], r.stdout)
                self.assertTrue(p["help"])
            self.assertIn("--json", r.stdout)

    def test_completion(self):
        script = call("completion", "bash").stdout + """
            COMP_WORDS=(junxian run --gr); COMP_CWORD=2; _junxian; echo "${COMPREPLY[*]}"
            COMP_WORDS=(junxian ins); COMP_CWORD=1; _junxian; echo "${COMPREPLY[*]}"
            COMP_WORDS=(junxian run --grid h); COMP_CWORD=3; _junxian; echo "${COMPREPLY[*]}" """
        r = subprocess.run(["bash", "-c", script], capture_output=True, text=True)
        self.assertEqual(r.stdout.split("\n")[:3], ["--grid", "inspect", "hex"], r.stderr)

    def test_explain_knows_every_code(self):
        defs = os.path.join(SOURCE, "src/base/messages")
        numbers = []
        for name in os.listdir(defs):
            with open(os.path.join(defs, name)) as f:
                numbers += re.findall(r"JX_MSG\((\d+)", f.read())
        self.assertEqual(len(numbers), len(set(numbers)))
        for n in numbers:
            en, zh = call("explain", "JX" + n, "--json"), call("explain", n, "--lang", "zh", "--json")
            a, b = json.loads(en.stdout), json.loads(zh.stdout)
            self.assertTrue(a["text"] != b["text"] or not re.search("[a-z]{4}", a["text"]), f"JX{n} is not translated")
            self.assertTrue(a["remedy"] and a["explanation"], n)
        self.fails(2, "nothing is known", "explain", "JX9999")
        for t in ("coverage", "population", "shortfall", "travel-time"):
            self.assertIn("\n", call("explain", t).stdout)

    def test_doctor(self):
        r = json.loads(call("doctor", "--json").stdout)
        self.assertIn("threads", [c["name"] for c in r["checks"]])


class BadFiles(Case):
    def test_not_a_pbf(self):
        for name, data in (("text.osm.pbf", "this is no map\n" * 50), ("zip.osm.pbf", b"PK\x03\x04" + bytes(200)), ("empty.osm.pbf", b"")):
            self.fails(3, "", "run", self.write(name, data), "-o", "out")
        self.fails(4, "nowhere.osm.pbf", "run", "nowhere.osm.pbf", "-o", "out")

    def test_folder_without_config(self):
        os.mkdir(self.path("place"))
        self.fails(3, "county.yaml", "run", "place")

    def test_truncated_at_every_block(self):
        data = open(DEMO, "rb").read()
        at, cuts = 0, []
        while at < len(data):  # frames: length of the header, header with the size of the blob
            n = struct.unpack(">I", data[at:at + 4])[0]
            head = data[at + 4:at + 4 + n]
            size, shift, i = 0, 0, head.rindex(b"\x18") + 1
            while True:
                size |= (head[i] & 127) << shift
                shift += 7
                if head[i] < 128:
                    break
                i += 1
            cuts += [at + 2, at + 4 + n // 2, at + 4 + n, at + 4 + n + size // 2, at + 4 + n + size - 1]
            at += 4 + n + size
        self.assertEqual(at, len(data))
        for cut in cuts[5:]:
            r = call("inspect", self.write("cut.osm.pbf", data[:cut]))
            self.assertEqual(r.returncode, 3, f"cut at {cut}: {r.stderr}")
            self.assertRegex(r.stderr, r"byte [\d,]+")
        for cut in cuts[5::40]:
            self.fails(3, "byte", "run", self.write("cut.osm.pbf", data[:cut]), "-o", "out")

    def test_bomb(self):
        # A frame that claims 2 GB, and one whose blob claims 4 GB inflated.
        head = b"\x0a\x09OSMHeader\x18" + b"\xff\xff\xff\xff\x07"
        self.fails(3, "byte", "run", self.write("bomb.osm.pbf", struct.pack(">I", len(head)) + head + bytes(64)), "-o", "out")
        blob = b"\x10\xff\xff\xff\xff\x0f\x1a\x04\x78\x9c\x03\x00"
        head = b"\x0a\x09OSMHeader\x18" + bytes([len(blob)])
        self.fails(3, "byte", "run", self.write("bomb2.osm.pbf", struct.pack(">I", len(head)) + head + blob), "-o", "out")

    def test_bad_config(self):
        os.mkdir(self.path("p"))
        for text, word in (("osm: [1\n", "line"), ("osm: x.osm.pbf\nfacilites: []\n", "did you mean 'facilities'"), ("name: x\n", "osm"),
                           ("osm: x.osm.pbf\nosm: y\n", "second time"), ("osm: x.osm.pbf\ngrid: {size_m: wide}\n", "size_m")):
            self.write("p/county.yaml", text)
            self.fails(3, "" if word == "line" else word, "run", "p")


class Tables(Case):
    HEAD = "kind,name,lon,lat,capacity\n"

    def bad(self, word, text, encoding="utf-8", *more):
        p = self.write("f.csv", text.encode(encoding))
        return self.fails(3, word, "run", DEMO, "--facilities", p, "-o", "out", *more)

    def test_rows(self):
        good = "hospital,Spital,9.52,47.14,100\n"
        self.assertIn("f.csv:3", self.bad("一百二", self.HEAD + good + "hospital,Zwei,9.52,47.15,一百二\n").stderr)
        self.assertIn(":3", self.bad("swapped", self.HEAD + good + "hospital,Drei,47.14,109.52,3\n").stderr)
        self.bad("not a position", self.HEAD + "hospital,Vier,533000,5220000,3\n")
        self.bad("lat", "kind,name,lon,width\nhospital,A,9.5,47\n")
        self.bad("kind", "name,lon,lat\nA,9.5,47.1\n")

    def test_encoding(self):
        text = self.HEAD + "hospital,人民医院,9.52,47.14,100\n"
        p = self.write("gbk.csv", text.encode("gb18030"))
        self.fails(3, "gbk.csv", "run", DEMO, "--facilities", p, "--encoding", "utf-8", "-o", "out")
        r = call("inspect", p, "--json")
        self.assertEqual(json.loads(r.stdout)["encoding"].lower(), "gb18030", r.stderr)
        r = call("run", DEMO, "--facilities", p, "-o", "out", cwd=self.dir)
        self.assertEqual(r.returncode, 0, r.stderr)
        self.assertIn("人民医院", open(self.path("out/facilities.csv"), encoding="utf-8-sig").read())

    def test_merged_header(self):
        import openpyxl
        wb = openpyxl.Workbook()
        ws = wb.active
        ws.append(["设施", None, "位置", None])
        ws.append(["kind", "name", "lon", "lat"])
        ws.append(["hospital", "A", 9.52, 47.14])
        ws.merge_cells("A1:B1")
        ws.merge_cells("C1:D1")
        wb.save(self.path("m.xlsx"))
        self.fails(3, "m.xlsx", "run", DEMO, "--facilities", "m.xlsx", "-o", "out")
        for m in list(ws.merged_cells.ranges):
            ws.unmerge_cells(str(m))
        ws.delete_rows(1)
        wb.save(self.path("good.xlsx"))
        r = call("run", DEMO, "--facilities", "good.xlsx", "-o", "out", cwd=self.dir)
        self.assertEqual(r.returncode, 0, r.stderr)


class Network(Case):
    VADUZ, BENDERN = "9.5209,47.1410", "9.5250,47.2110"

    def ok(self, *args):
        r = call(*args, cwd=self.dir)
        self.assertEqual(r.returncode, 0, r.stderr)
        return r.stdout

    def test_route(self):
        way = json.loads(self.ok("net", "route", DEMO, "--from", self.VADUZ, "--to", self.BENDERN, "-o", "way.geojson", "--json"))
        self.assertTrue(way["found"])
        line = json.load(open(self.path("way.geojson")))["features"][0]
        self.assertEqual(line["geometry"]["coordinates"], way["line"])
        metres = 0.0  # the line is as long as the way says
        for (x1, y1), (x2, y2) in zip(way["line"], way["line"][1:]):
            metres += math.hypot((x2 - x1) * 111320 * math.cos(math.radians(y1)), (y2 - y1) * 111180)
        self.assertAlmostEqual(metres / way["length_m"], 1, delta=0.005)
        self.assertEqual(sum(s["time_ms"] for s in way["streets"]) + way["offroad_ms"], way["time_ms"])
        self.assertAlmostEqual(sum(s["length_m"] for s in way["streets"]), way["length_m"], delta=1)

    def test_matrix_agrees_with_route(self):
        self.write("p.csv", "name,lon,lat\na,%s\n\"b, c\",%s\n" % (self.VADUZ, self.BENDERN))
        m = json.loads(self.ok("net", "matrix", DEMO, "--from", "p.csv", "--mode", "bike", "--json", "-o", "m.csv"))
        way = json.loads(self.ok("net", "route", DEMO, "--from", self.VADUZ, "--to", self.BENDERN, "--mode", "bike", "--json"))
        self.assertEqual(m["time_ms"][0][1], way["time_ms"])
        rows = list(csv.reader(open(self.path("m.csv"), newline="")))
        self.assertEqual(rows[0], ["from", "to", "minutes", "time_ms"])
        self.assertEqual(rows[2][:2] + rows[2][3:], ["a", "b, c", str(way["time_ms"])])
        near = json.loads(self.ok("net", "matrix", DEMO, "--from", "p.csv", "--minutes", "5", "--mode", "bike", "--json"))
        self.assertIsNone(near["time_ms"][0][1])

    PLACES = "name,lon,lat\nVaduz,9.5209,47.1410\nTriesenberg,9.5420,47.1180\nMalbun,9.6060,47.1030\nNendeln,9.5430,47.1980\nBalzers,9.5030,47.0680\n"
    TUNNEL = """edits:
  - road:
      id: tunnel
      name: tunnel
      points: [[9.5430, 47.1985], [9.6060, 47.1035]]
      class: secondary
      limit_kmh: 60
      join_m: 300
"""

    def matrix(self, *args):
        self.write("p.csv", self.PLACES)
        m = json.loads(self.ok("net", "matrix", DEMO, "--from", "p.csv", "--json", *args))["time_ms"]
        return [math.inf if t is None else t for row in m for t in row]

    def test_edits_add_a_road(self):
        self.write("t.yaml", self.TUNNEL)
        self.write("closed.yaml", self.TUNNEL + "  - close: {road: tunnel}\n")
        self.write("slow.yaml", self.TUNNEL + "  - speed: {road: tunnel, kmh: 30, modes: [walk, bike, car]}\n")
        for mode, turns in ("walk", "on"), ("bike", "on"), ("car", "off"):
            base = self.matrix("--mode", mode, "--turns", turns)
            road = self.matrix("--mode", mode, "--turns", turns, "--edits", "t.yaml")
            self.assertTrue(all(r <= b for r, b in zip(road, base)), mode)  # nobody is worse off
            self.assertGreater(sum(b - r for r, b in zip(road, base)), 600000 if mode == "car" else 0)
            closed = self.matrix("--mode", mode, "--turns", turns, "--edits", "closed.yaml")
            self.assertLessEqual(max(abs(c - b) for c, b in zip(closed, base)), 2, mode)  # a joint on a piece rounds by itself
        fast, slow = self.matrix("--edits", "t.yaml"), self.matrix("--edits", "slow.yaml")
        self.assertTrue(all(f <= s for f, s in zip(fast, slow)) and fast != slow)
        way = json.loads(self.ok("net", "route", DEMO, "--from", "9.5430,47.1980", "--to", "9.6060,47.1030", "--edits", "t.yaml", "--json", "-o", "w.geojson"))
        self.assertIn("tunnel", [s["name"] for s in way["streets"]])
        self.assertEqual(way["time_ms"], fast[3 * 5 + 2])
        iso = [json.loads(self.ok("net", "isochrone", DEMO, "--at", "9.5430,47.1980", "--minutes", "10", "--json", *e))["bands"][0]["km2"]
               for e in ((), ("--edits", "t.yaml"))]
        self.assertGreater(iso[1], iso[0] + 1)

    def test_edits_close_a_street(self):
        # Malbun hangs on one road: closing it cuts the place off for cars, and opening it again gives the same times.
        self.ok("net", "route", DEMO, "--from", "9.6060,47.1030", "--to", self.VADUZ, "-o", "w.geojson", "--json")
        line = json.load(open(self.path("w.geojson")))["features"][0]["geometry"]["coordinates"]
        mid = line[len(line) // 3]
        close = "edits:\n  - close: {near: [%f, %f], modes: [car]}\n" % tuple(mid)
        self.write("c.yaml", close)
        self.write("o.yaml", close + "  - open: {near: [%f, %f], modes: [car]}\n" % tuple(mid))
        base, shut, again = self.matrix(), self.matrix("--edits", "c.yaml"), self.matrix("--edits", "o.yaml")
        self.assertTrue(all(s >= b for s, b in zip(shut, base)) and shut != base)
        self.assertEqual(again, base)
        self.assertEqual(self.matrix("--mode", "walk"), self.matrix("--mode", "walk", "--edits", "c.yaml"))

    def test_edits_carry_loads(self):
        self.write("t.yaml", self.TUNNEL)
        plain, road = (json.loads(self.ok("net", "load", DEMO, "--service", "hospital", "--mode", "car", "--json", "-o", "l.geojson", *e))
                       for e in ((), ("--edits", "t.yaml")))
        self.assertGreaterEqual(road["people_with_a_way"], plain["people_with_a_way"])
        used = {f["properties"]["name"]: f["properties"]["people"] for f in json.load(open(self.path("l.geojson")))["features"]}
        self.assertGreater(used["tunnel"], 10)

    def test_edits_wrong(self):
        self.write("p.csv", self.PLACES)
        for text, code, line in (("edits:\n  - close: {wy: 5}\n", "JX1012", 2), ("edits:\n  - close: {way: 5}\n", "JX4163", 2),
                                 ("edits:\n  - close: {modes: car}\n", "JX4165", 2), ("edits:\n  - {}\n", "JX4160", 2), ("edit: []\n", "JX4160", 1),
                                 ("edits:\n  - road: {points: [[9.5, 47.1]]}\n", "JX4161", 2), ("edits:\n\n  - close: {road: x}\n", "JX4164", 3),
                                 ("edits:\n  - close: {near: [9.52, 47.14], modes: [boat]}\n", "JX4162", 2),
                                 ("edits:\n  - close: {near: [47.14, 9.52]}\n", "JX4163", 2), ("crs: mars\nedits: []\n", "JX4014", 1),
                                 ("edits:\n  - road: {points: [[0, 0], [0, 1]]}\n", "JX2255", 2)):
            self.write("bad.yaml", text)
            r = call("net", "matrix", DEMO, "--from", "p.csv", "--edits", "bad.yaml", "-q", cwd=self.dir)
            self.assertEqual(r.returncode, 3, text)
            self.assertIn("%s bad.yaml:%d" % (code, line), r.stderr, text)
        r = call("net", "matrix", DEMO, "--from", "p.csv", "--edits", "none.yaml", cwd=self.dir)
        self.assertEqual(r.returncode, 4)

    def test_isochrone(self):
        out = json.loads(self.ok("net", "isochrone", DEMO, "--at", self.VADUZ, "--mode", "walk", "--minutes", "5,10,15", "-o", "i.geojson", "--json"))
        self.assertEqual([b["minutes"] for b in out["bands"]], [5, 10, 15])
        areas = [b["km2"] for b in out["bands"]]
        self.assertTrue(0 < areas[0] < areas[1] < areas[2])
        feats = json.load(open(self.path("i.geojson")))["features"]
        self.assertEqual(sorted(f["properties"]["minutes"] for f in feats), [5, 10, 15])
        to = json.loads(self.ok("net", "isochrone", DEMO, "--at", self.VADUZ, "--minutes", "10", "--direction", "to", "--json"))
        self.assertEqual(len(to["bands"]), 1)

    def test_load(self):
        out = json.loads(self.ok("net", "load", DEMO, "--service", "primary_school", "-o", "l.geojson", "--json"))
        feats = json.load(open(self.path("l.geojson")))["features"]
        self.assertEqual(max(f["properties"]["people"] for f in feats), out["streets"][0]["people"])
        self.assertTrue(all(f["properties"]["people"] <= 2 * out["people_with_a_way"] for f in feats))
        for f in feats:
            p = f["properties"]
            self.assertAlmostEqual(p["people"], p["people_forward"] + p["people_backward"], delta=0.11)

    def test_info(self):
        out = json.loads(self.ok("net", "info", DEMO, "--json"))
        self.assertTrue(out["walk_km"] > out["bike_km"] > out["car_km"] > 0)
        self.assertGreater(out["arcs"], out["edges"])

    def test_names_do_not_steer_the_terminal(self):
        self.write("p.csv", "name,lon,lat\n\x1b[2Ja\x9b,9.5209,47.1410\nb,9.5250,47.2110\nfar\x1b]0;x\x07,5,5\n")
        r = call("net", "matrix", DEMO, "--from", "p.csv", "--mode", "walk", cwd=self.dir)
        self.assertEqual(r.returncode, 0, r.stderr)
        self.assertIn("\ufffd[2Ja\ufffd,b,", r.stdout)
        self.assertIn("far\ufffd]0;x\ufffd", r.stderr)
        self.assertNotRegex(r.stdout + r.stderr, "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f]")  # text mode has made one line end of two characters
        told = self.ok("net", "matrix", DEMO, "--from", "p.csv", "--mode", "walk", "--json", "-o", "m.csv")
        self.assertNotRegex(told, "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f]")
        self.assertEqual(json.loads(told)["from"][0], "\x1b[2Ja\x9b")  # the name is kept where it is data
        with open(self.path("m.csv"), encoding="utf-8") as f:
            self.assertIn("\x1b[2Ja\x9b,b,", f.read())

    def test_turns(self):
        for mode in "walk", "bike":  # rules are for cars, in every verb
            self.assertNotIn("turn_nodes", json.loads(self.ok("net", "info", DEMO, "--mode", mode, "--json")))
        on = json.loads(self.ok("net", "info", DEMO, "--json"))
        off = json.loads(self.ok("net", "info", DEMO, "--turns", "off", "--json"))
        why = [v for k, v in on.items() if k.startswith("restrictions_")]
        self.assertEqual(on["restrictions"], sum(why))
        self.assertGreater(on["turn_nodes"], on["nodes"])
        self.assertNotIn("turn_nodes", off)
        # relation 9402485: no left turn from way 677324025 into way 677324028, which begin at the same junction
        points = ("--from", "9.5110581,47.0603558", "--to", "9.5109890,47.0603165")
        free = json.loads(self.ok("net", "route", DEMO, *points, "--turns", "off", "--json"))
        ruled = json.loads(self.ok("net", "route", DEMO, *points, "--json"))
        self.assertLess(free["length_m"], 30)
        self.assertGreater(ruled["length_m"], 100)
        self.assertEqual(sum(s["time_ms"] for s in ruled["streets"]) + ruled["offroad_ms"], ruled["time_ms"])
        walk = [json.loads(self.ok("net", "route", DEMO, *points, "--mode", "walk", "--turns", t, "--json"))["time_ms"] for t in ("on", "off")]
        self.assertEqual(*walk)
        way = ("net", "isochrone", DEMO, "--at", "9.5110581,47.0603558", "--minutes", "1,2,5", "--json")
        areas = [[b["km2"] for b in json.loads(self.ok(*way, "--turns", t))["bands"]] for t in ("on", "off")]
        self.assertTrue(all(a <= b for a, b in zip(*areas)))

    def test_wrong_calls(self):
        self.fails(2, "JX4040", "net", "route", DEMO, "--to", self.VADUZ)
        self.fails(2, "JX4041", "net", "route", DEMO, "--from", "9.5", "--to", self.VADUZ)
        self.fails(2, "JX4041", "net", "route", DEMO, "--from", "9.5,147", "--to", self.VADUZ)
        self.fails(3, "JX4045", "net", "route", DEMO, "--from", "30,30", "--to", self.VADUZ)
        self.fails(2, "JX4046", "net", "isochrone", DEMO, "--at", self.VADUZ, "--minutes", "10,5")
        self.fails(2, "JX4047", "net", "load", DEMO, "--service", "moon")
        self.fails(2, "JX4042", "net", "matrix", DEMO)
        self.write("bad.csv", "name,lon,lat\na,9.5,47\nb,147.0,99\n")
        self.fails(3, "JX4044", "net", "matrix", DEMO, "--from", "bad.csv")
        self.write("nocol.csv", "name,a,b\na,9.5,47\n")
        self.fails(3, "JX4043", "net", "matrix", DEMO, "--from", "nocol.csv")
        self.fails(2, "net route", "net", "rout", DEMO)
        self.fails(2, "info route", "net")  # the family alone names its verbs
        self.fails(2, "info route", "help", "net")
        self.fails(2, "primary_school", "net", "load", DEMO)
        self.fails(3, "JX4049", "net", "route", DEMO, "--from", "47.1410,9.5209", "--to", self.BENDERN)
        self.write("head.csv", "name,lon,lat\n")
        self.fails(3, "JX4052", "net", "matrix", DEMO, "--from", "head.csv")

    def test_places_off_the_network_are_told(self):
        self.write("one.csv", "name,lon,lat\na,%s\nfar,30,30\n" % self.VADUZ)
        r = call("net", "matrix", DEMO, "--from", "one.csv", "--json", cwd=self.dir)
        self.assertEqual(r.returncode, 0, r.stderr)
        self.assertRegex(r.stderr, "JX4051 .*1 of 2 .*'far'")
        self.assertEqual(json.loads(r.stdout)["time_ms"], [[0, None], [None, None]])  # from a place to itself no time passes
        self.write("all.csv", "name,lon,lat\na,47.1410,9.5209\n")
        self.fails(3, "JX4050", "net", "matrix", DEMO, "--from", "all.csv")

    def test_nothing_is_said_when_the_file_cannot_be_written(self):
        self.write("p.csv", "name,lon,lat\na,%s\n" % self.VADUZ)
        for verb in (["route", DEMO, "--from", self.VADUZ, "--to", self.BENDERN], ["matrix", DEMO, "--from", "p.csv"], ["isochrone", DEMO, "--at", self.VADUZ],
                     ["load", DEMO, "--service", "hospital"]):
            r = call("net", *verb, "-o", "nowhere/x", cwd=self.dir)
            self.assertEqual((r.returncode, r.stdout), (4, ""), r.stderr)
            self.assertIn("JX3009", r.stderr)

    def test_no_way_is_an_answer(self):
        """Two streets of seven kilometres that nothing joins: no error, but exit code 1, an empty collection, null in JSON."""
        nodes = "".join("n%d v1 x%s y%s\n" % (10 * k + i, 10 + 0.1 * i, 50 + 0.02 * k) for k in (1, 2) for i in (1, 2))
        self.write("two.opl", nodes + "".join("w%d v1 Thighway=residential Nn%d,n%d\n" % (k, 10 * k + 1, 10 * k + 2) for k in (1, 2)))
        subprocess.run(["osmium", "cat", "two.opl", "-o", "two.osm.pbf"], check=True, cwd=self.dir, capture_output=True)
        r = call("net", "route", "two.osm.pbf", "--from", "10.15,50.02", "--to", "10.15,50.04", "-o", "w.geojson", "--json", cwd=self.dir)
        self.assertEqual(r.returncode, 1, r.stderr)
        self.assertIs(json.loads(r.stdout)["found"], False)
        self.assertEqual(json.load(open(self.path("w.geojson")))["features"], [])
        self.write("p.csv", "name,lon,lat\na,10.15,50.02\nb,10.15,50.04\n")
        m = json.loads(self.ok("net", "matrix", "two.osm.pbf", "--from", "p.csv", "--json"))
        self.assertEqual(m["time_ms"], [[0, None], [None, 0]])

    def test_two_words_are_completed(self):
        for words, want in ((["junxian", "ne"], "net"), (["junxian", "net", "iso"], "isochrone"), (["junxian", "net", "route", "--fr"], "--from"),
                            (["junxian", "net", "isochrone", "--direction", "t"], "to"), (["junxian", "net", "route", "--mode", "b"], "bike")):
            script = 'eval "$(%s completion bash)"; COMP_WORDS=(%s); COMP_CWORD=%d; _junxian; echo "${COMPREPLY[*]}"' % (
                JUNXIAN, " ".join(words), len(words) - 1)
            out = subprocess.run(["bash", "-c", script], capture_output=True, text=True, cwd=self.dir)
            self.assertEqual(out.stdout.split(), [want], (words, out.stderr))

    def test_bands_are_named_as_given(self):
        out = self.ok("net", "isochrone", DEMO, "--at", self.VADUZ, "--minutes", "2.5,5")
        self.assertEqual([line.split(":")[0] for line in out.splitlines()], ["2.5 min", "5 min"])

    def test_busiest_streets_are_different_ones(self):
        out = json.loads(self.ok("net", "load", DEMO, "--service", "hospital", "--mode", "bike", "--json"))
        keys = [s["name"] or s["way"] for s in out["streets"]]
        self.assertEqual(len(keys), len(set(keys)))


class Snapshot(Case):
    """Networks built once: the same answers as from the extract, from one file, which is believed only when it fits."""
    FROM, TO = "9.5209,47.1410", "9.5250,47.2110"
    made = None

    def setUp(self):
        super().setUp()
        if Snapshot.made is None:
            self.ok("net", "build", DEMO, "-o", "d.jxn")
            with open(self.path("d.jxn"), "rb") as f:
                Snapshot.made = f.read()
        self.write("d.jxn", Snapshot.made)

    def ok(self, *args, **kw):
        r = call(*args, cwd=self.dir, **kw)
        self.assertEqual(r.returncode, 0, r.stderr)
        return r.stdout

    def test_same_bytes_for_any_threads(self):
        for t in "1", "2", "5":
            out = json.loads(self.ok("net", "build", DEMO, "-o", "t.jxn", "--threads", t, "--json"))
            with open(self.path("t.jxn"), "rb") as f:
                self.assertEqual(f.read(), Snapshot.made)
        self.assertEqual((out["schema"], out["bytes"]), ("junxian.snapshot/1", len(Snapshot.made)))
        with open(DEMO, "rb") as f:
            self.assertEqual(out["source_sha256"], hashlib.sha256(f.read()).hexdigest())
        self.assertEqual(json.loads(self.ok("inspect", "d.jxn", "--json"))["key"], out["key"])
        self.assertFalse(os.path.exists(self.path("t.jxn.part")))

    def test_same_answers(self):
        self.write("p.csv", "name,lon,lat\na,%s\nb,%s\nc,9.5,47.16\n" % (self.FROM, self.TO))
        for words in (["route", "--from", self.FROM, "--to", self.TO, "--mode", "bike"], ["matrix", "--from", "p.csv", "--mode", "walk"],
                      ["isochrone", "--at", self.FROM, "--minutes", "5,10"], ["info"]):
            verb, rest = words[0], words[1:] + ([] if words[0] == "info" else ["-o", "o"])
            got = []
            for source in ([DEMO], [DEMO, "--network", "d.jxn"], ["d.jxn"]):
                r = call("net", verb, *source, *rest, "--json", cwd=self.dir)
                self.assertEqual(r.returncode, 0, r.stderr)
                told = json.loads(r.stdout)
                told.pop("file", None)
                got.append((told, [l for l in r.stderr.splitlines() if "JX" in l], tree(self.dir).get("o")))
            self.assertEqual(got[0], got[1], words)
            self.assertEqual(got[0], got[2], words)

    def test_what_needs_people_takes_it_beside_the_extract(self):
        plain = self.ok("net", "load", DEMO, "--service", "hospital", "--json")
        self.assertEqual(plain, self.ok("net", "load", DEMO, "--service", "hospital", "--network", "d.jxn", "--json"))
        self.fails(3, "JX4030", "net", "load", "d.jxn", "--service", "hospital")
        self.fails(3, "JX4030", "run", "d.jxn")
        self.fails(3, "JX4030", "check", "d.jxn")

    def test_county_folder(self):
        self.write("c/county.yaml", "name: C\nosm: a.osm.pbf\n")
        os.link(DEMO, self.path("c/a.osm.pbf"))
        ask = ("net", "route", "c", "--from", self.FROM, "--to", self.TO)
        plain = self.ok(*ask)
        self.assertEqual(sorted(os.listdir(self.path("c"))), ["a.osm.pbf", "county.yaml"])  # nothing was written unasked
        plan = json.loads(self.ok("net", "build", "c", "--dry-run", "--json"))
        self.assertEqual(plan["write"], ["c/network.jxn"])
        self.assertFalse(os.path.exists(self.path("c/network.jxn")))
        self.ok("net", "build", "c")
        self.assertEqual(plain, self.ok(*ask))
        os.remove(self.path("c/a.osm.pbf"))  # another extract: the file stands for nothing, and says so
        os.link(SPO, self.path("c/a.osm.pbf"))
        before = tree(self.dir)
        r = call("net", "info", "c", cwd=self.dir)
        self.assertEqual(r.returncode, 0)
        self.assertIn("JX4032", r.stderr)
        self.assertEqual(tree(self.dir), before)

    def test_each_refusal(self):
        good, ask = Snapshot.made, ("net", "info", "x.jxn")
        self.write("x.jxn", good[:100000])
        self.fails(3, "JX2263", *ask)
        self.write("x.jxn", good[:-9] + b"\1" + good[-8:])
        self.fails(3, "JX2264", *ask)
        self.write("x.jxn", good[:8] + good[8:12][::-1] + good[12:])
        self.fails(3, "JX2261", *ask)
        self.write("x.jxn", good[:12] + struct.pack("<I", 99) + good[16:])
        self.fails(3, "JX2262", *ask)
        self.fails(3, "JX2260", "net", "info", DEMO, "--network", os.path.join(SOURCE, "README.md"))
        self.fails(3, "JX2266", "net", "info", SPO, "--network", "d.jxn")
        self.fails(4, "JX3001", "net", "info", DEMO, "--network", "none.jxn")
        self.fails(2, "JX4031", "net", "info", "d.jxn", "--network", "d.jxn")
        self.write("p.yaml", open(os.path.join(SOURCE, "standards/profiles.yaml")).read().replace("residential: 25", "residential: 24"))
        self.fails(3, "JX2266", "net", "info", "d.jxn", "--profiles", "p.yaml")
        self.ok("net", "info", "d.jxn", "--profiles", os.path.join(SOURCE, "standards/profiles.yaml"))

    def test_wrong_calls_of_build(self):
        self.fails(2, "JX4033", "net", "build", DEMO)
        self.fails(3, "JX4030", "net", "build", "d.jxn", "-o", "e.jxn")
        self.write("mine.txt", "mine")
        self.fails(4, "JX4034", "net", "build", DEMO, "-o", "mine.txt")
        self.fails(4, "JX3009", "net", "build", DEMO, "-o", "none/d.jxn")
        os.mkdir(self.path("f"))
        self.fails(4, "JX3005", "net", "build", DEMO, "-o", "f")
        self.assertIn("would write: o.geojson", self.ok("net", "route", "d.jxn", "--from", self.FROM, "--to", self.TO, "-o", "o.geojson", "--dry-run"))


class Access(Case):
    """access and equity; oracle_access holds the numbers against numpy."""

    def json(self, *args):
        r = call(*args, "--json", "-q", cwd=self.dir)
        self.assertEqual(r.returncode, 0, r.stderr)
        return json.loads(r.stdout)

    def test_every_measure_in_three_formats_and_two_languages(self):
        names = "nearest,kth,dual,cumulative,gravity,2sfca,e2sfca,3sfca,m2sfca,kd2sfca,bfca,availability"
        for out in ("a.gpkg", "a.csv", "a.xlsx"):
            d = self.json("access", "demo", "--service", "primary_school", "--measure", names, "-o", out)
            self.assertTrue(os.path.getsize(self.path(out)) > 1000)
        self.assertEqual(d["schema"], "junxian.access/1")
        self.assertEqual([m["measure"] for m in d["measures"]], names.split(","))
        for m in d["measures"]:
            kinds = [r["kind"] for r in m["rows"]]
            self.assertEqual(kinds[:3], ["all", "town", "country"])
            people = [r["people"] for r in m["rows"]]
            self.assertAlmostEqual(people[0], people[1] + people[2], delta=0.2)
            self.assertAlmostEqual(people[0], sum(people[3:]), delta=1)  # townships and those without one
        zh = call("access", "demo", "--service", "primary_school", "--lang", "zh", "-q")
        self.assertIn("小学", zh.stdout)
        self.assertEqual([l for l in zh.stdout.splitlines() if re.search("mean|median|people|facilities", l)], [])
        before = tree(self.dir)
        self.json("access", "demo", "--service", "primary_school", "--measure", names, "-o", "a.gpkg", "--threads", "3")
        self.json("access", "demo", "--service", "primary_school", "--measure", names, "-o", "a.csv", "--engine", "dijkstra")
        after = tree(self.dir)
        self.assertEqual((before["a.gpkg"], before["a.csv"]), (after["a.gpkg"], after["a.csv"]))

    def test_wrong_calls(self):
        a = ("access", "demo", "--service", "primary_school")
        self.fails(2, "there is no service", "access", "demo", "--service", "opera")
        self.fails(2, "--service is missing", "equity", "demo")
        self.fails(2, "there is no measure 'sfca'", *a, "--measure", "nearest,sfca")
        self.fails(2, "there is no measure", *a, "--measure", ",nearest")
        self.fails(2, "no decay", *a, "--measure", "2sfca", "--decay", "linear")
        self.fails(2, "no known extension", *a, "-o", self.path("x.pdf"))
        self.fails(3, "states a capacity", "access", "demo", "--service", "elderly_home", "--supply", "capacity")
        g = self.write("g.csv", "township,children\nVaduz,10\nAtlantis,5\n")
        self.fails(3, "g.csv:3: no township of the area is called 'Atlantis'", *a, "--groups", g)
        self.fails(3, "has a figure in this column", *a, "--groups", self.write("h.csv", "township,children\nVaduz,10\nVaduz,5\n"))
        self.fails(3, "negative", *a, "--groups", self.write("n.csv", "township,children\nVaduz,-1\n"))
        self.fails(2, "no such group", *a, "--groups", self.write("k.csv", "township,children\nVaduz,1\n"), "--demand", "elderly")
        self.assertEqual([f for f in os.listdir(self.dir) if not f.endswith(".csv")], [])

    def test_places_are_counted_or_refused(self):
        f = self.write("f.csv", "kind,name,lon,lat,capacity\nhospital,A,9.5209,47.1410,40\nhospital,B,9.5250,47.2110,\n")
        a = ("access", "demo", "--service", "hospital", "--standard", "cn", "--facilities", f, "--supply", "capacity", "--minutes", "15")
        d = self.json(*a)
        p = d["places"]
        self.assertTrue(p["known"] and p["norm_verified"])
        self.assertEqual((p["norm_per_1000"], p["trust"], d["trust"]), (6.0, "guessed", "guessed"))
        self.assertEqual((d["capacity_stated"], d["capacity_guessed"]), (1, d["facilities"] - 1))
        self.assertAlmostEqual(p["wanted"], 37269 * 6 / 1000, delta=0.5)
        self.assertAlmostEqual(p["wanted"], p["seated"] + p["short"], delta=0.01)
        self.assertAlmostEqual(p["short"], p["short_far"] + p["short_full"], delta=0.01)
        g = self.write("g.csv", "township,children\nVaduz,600\nSchaan,700\n")
        d = self.json(*a, "--groups", g, "--demand", "children")
        self.assertAlmostEqual(d["places"]["wanted"], 1300, delta=0.5)
        self.assertEqual(d["places"]["basis"], "group")
        row = [r for r in d["measures"][0]["rows"] if r["kind"] == "group"][0]
        self.assertAlmostEqual(row["people"], 1300, delta=0.5)
        self.assertIn("short of", call(*a, "-q").stdout)
        self.assertIn("分钟内缺", call(*a, "-q", "--lang", "zh").stdout)

    def test_groups_counted_cell_by_cell(self):
        self.json("access", "demo", "--service", "hospital", "--measure", "nearest", "-o", "a.csv")
        with open(self.path("a.csv"), encoding="utf-8-sig") as f:
            rows = list(csv.DictReader(f))
        table = [(r["lon"], r["lat"], r["people"], "" if i == 7 else round(float(r["people"]) * (0.1 + 0.04 * (i % 5)), 3), i % 3 if float(r["people"]) > 2 else 0) for i, r in enumerate(rows)]
        text = "lon,lat,people,儿童,left behind\n" + "".join(",".join(map(str, r)) + "\n" for r in table)
        self.write("cells.csv", text)
        children = sum(r[3] or 0 for r in table)
        a = ("access", "demo", "--population", "cells.csv", "--service", "primary_school", "--measure", "nearest")
        d = self.json(*a, "--demand", "少年儿童", "--groups", self.write("t.csv", "township,children,infants\nVaduz,1,40\n"))
        self.assertEqual(d["groups"], [{"name": "children", "trust": "measured"}, {"name": "infants", "trust": "derived"}])
        self.assertEqual((d["demand"], d["trust"]), ("children", "measured"))
        group = {r["name"]: r for r in d["measures"][0]["rows"] if r["kind"] == "group"}
        self.assertAlmostEqual(group["children"]["people"], children, delta=0.1)
        self.assertAlmostEqual(group["infants"]["people"], 40, delta=0.1)
        r = call("district", "demo", "--population", "cells.csv", "--service", "primary_school", "--demand", "children", "--capacity", "900", "--json", "-q", cwd=self.dir)
        self.assertIn(r.returncode, (0, 5), r.stderr)
        self.write("county.yaml", "osm: %s\npeople: {table: {file: cells.csv, columns: {groups: {left: left behind}}}}\n" % DEMO)
        r = call("run", self.dir, "-o", "out", "-q", cwd=self.dir)
        self.assertEqual(r.returncode, 0, r.stderr)
        with open(self.path("out/cells.csv"), encoding="utf-8-sig") as f:
            self.assertEqual(sum(float(r["people_left"]) for r in csv.DictReader(f)), sum(r[4] for r in table))
        self.write("cells.csv", text + "9.52,47.14,10,10.4,0\n9.52,47.14,10,900,0\n9.52,47.14,10,-1,0\n")
        self.fails(3, "cells.csv:%d: '儿童' has 900.0 of 10.0 people" % (len(table) + 3), "access", "demo", "--population", self.path("cells.csv"), "--service", "hospital")
        r = call("check", "demo", "--population", "cells.csv", cwd=self.dir)
        self.assertEqual(r.returncode, 1)
        self.assertIn("has 900.0 of 10.0", r.stderr + r.stdout)
        self.assertIn("-1", r.stderr + r.stdout)
        self.fails(3, "two columns for the group 'children'", "access", "demo", "--population", self.write("two.csv", "lon,lat,people,children,儿童\n9.52,47.14,3,1,1\n"), "--service", "hospital")

    def test_pages(self):
        g = self.write("g.csv", "township,children\nVaduz,620\n")
        for verb, args in (("access", ("--measure", "e2sfca,nearest")), ("equity", ("--measure", "e2sfca")), ("equity", ("--measure", "nearest"))):
            pages = []
            for extra in ((), ("--threads", "3", "--engine", "dijkstra")):
                call(verb, "demo", "--service", "hospital", "--groups", g, *args, *extra[:2], "-o", "p.html", "-q", cwd=self.dir)
                with open(self.path("p.html"), encoding="utf-8") as f:
                    pages.append(re.sub("<code class=.cmd.*?</code>", "", f.read()))
            self.assertEqual(pages[0], pages[1])
            page = pages[0]
            self.assertEqual(page.count('class="map"'), 1)
            self.assertEqual("Gini" in page and "基尼系数" in page, verb == "equity")
            for word in ("Schaan", "沙恩", "children", "儿童", "(by township, spread)"):
                self.assertTrue(word in page, word)
        self.fails(2, "no known extension", "access", "demo", "--service", "hospital", "-o", self.path("x.htm"))

    def test_both_languages_have_the_same_commands(self):
        for name in ("access",):
            pages = []
            for tail in (".md", ".zh-CN.md"):
                with open(os.path.join(SOURCE, "docs", name + tail), encoding="utf-8") as f:
                    pages.append(re.findall("^    (junxian .*)$", f.read(), re.M))
            self.assertEqual(pages[0], pages[1])
            self.assertGreater(len(pages[0]), 2)

    def test_equity_adds_up(self):
        r = self.write("income.csv", "township,income\nVaduz,90\nSchaan,80\nBalzers,70\n")
        for args in ((), ("--measure", "nearest"), ("--rank", r), ("--standard", "cn", "-o", "e.gpkg")):
            d = self.json("equity", "demo", "--service", "primary_school", *args)
            total = d["rows"][0]["theil_t"]
            for p in d["parts"]:
                self.assertAlmostEqual(p["theil_t_within"] + p["theil_t_between"], total, delta=2e-9)
            self.assertTrue(0 <= d["rows"][0]["gini"] < 1 and d["lorenz"][0] == 0 and d["lorenz"][-1] == 1)
            self.assertEqual(sorted(d["lorenz"]), d["lorenz"])
        d = self.json("equity", "demo", "--service", "primary_school", "--rank", r)
        self.assertEqual(d["concentration"]["along"], "income")
        missing = d["concentration"]["missing"]
        one = self.write("one.csv", "township,income\nPlanken,90\n")
        self.assertIsNone(self.json("equity", "demo", "--service", "primary_school", "--rank", one)["concentration"]["standard"])
        said = call("equity", "demo", "--service", "primary_school", "--rank", one, "-q").stdout
        self.assertRegex(said, "'income': - ")
        self.assertRegex(call("equity", "demo", "--service", "primary_school", "--rank", r, "-q").stdout, "not in it: %s people" % format(round(missing), ","))
        r = call("access", "demo", "--service", "hospital", "--area", "Planken", "--json")
        catchment = json.loads(r.stdout)["measures"][2]
        self.assertIn("JX4199 1 of the 2 facilities lie outside", r.stderr)
        self.assertGreater(catchment["facilities_outside"], 0)
        zh = call("equity", "demo", "--service", "primary_school", "--lang", "zh", "-q").stdout
        self.assertIn("2sfca：供给份额（2SFCA），处/千人", zh)
        self.assertGreater(d["concentration"]["missing"], 1000)
        self.assertTrue(os.path.exists(self.path("e.gpkg")))


class Districts(Case):
    """district and consortium: what is printed must add up and keep its word; test_district holds the library against every assignment there is."""
    A = ("district", "demo", "--service", "primary_school", "--per-1000", "65")

    def json(self, *args):
        r = call(*args, "--json", "-q", cwd=self.dir)
        self.assertEqual(r.returncode, 0, r.stderr)
        return json.loads(r.stdout)

    def test_sums_and_bounds(self):
        d = self.json(*self.A, "--capacity", "balanced", "-o", "d.csv")
        self.assertEqual(d["schema"], "junxian.district/1")
        self.assertAlmostEqual(sum(s["people"] for s in d["sites"]) + d["people_cut_off"], d["people"], delta=0.01)
        self.assertLessEqual(d["nearest_mean_min"], d["split"]["mean_min"])
        self.assertLessEqual(d["split"]["person_minutes"], d["plan"]["person_minutes"])
        self.assertEqual(d["plan"]["over"], 0)
        self.assertTrue(all(s["people"] <= s["capacity"] for s in d["sites"]))
        self.assertLess(d["gap"], 0.003)
        more = self.json(*self.A, "--capacity", "balanced", "--slack", "50")
        self.assertLessEqual(more["split"]["person_minutes"], d["split"]["person_minutes"])
        before = tree(self.dir)
        again = self.json(*self.A, "--capacity", "balanced", "-o", "d.csv", "--threads", "3", "--engine", "dijkstra")
        self.assertEqual((before, d), (tree(self.dir), again))
        still = self.json(*self.A, "--capacity", "balanced", "--present", "d.csv")
        self.assertEqual((still["plan"]["moved"], still["proved"]), (0, True))
        self.assertAlmostEqual(still["plan"]["person_minutes"], d["plan"]["person_minutes"], delta=0.01)

    def test_contiguous_and_safe(self):
        d = self.json(*self.A, "--capacity", "balanced", "--slack", "30", "--contiguous", "-o", "d.gpkg")
        self.assertEqual(d["pieces_too_many"], 0)
        self.assertTrue(os.path.getsize(self.path("d.gpkg")) > 10000)
        s = self.json(*self.A, "--capacity", "balanced", "--slack", "30", "--no-crossing", "primary")
        self.assertGreaterEqual(s["plan"]["crossing"], s["split"]["crossing"])
        self.assertGreater(s["nearest_mean_min"], d["nearest_mean_min"])
        zh = call(*self.A, "--capacity", "balanced", "--contiguous", "--lang", "zh", "-q", cwd=self.dir).stdout
        self.assertEqual([l for l in zh.splitlines() if re.search("mean|people|piece|sites", l)], [])

    def test_wrong_calls(self):
        self.fails(5, "places are short", *self.A, "--capacity", "10")
        self.fails(3, "state no capacity", *self.A)
        self.fails(2, "neither stated, balanced", *self.A, "--capacity", "many")
        self.fails(2, "on foot or by bike", *self.A, "--capacity", "balanced", "--mode", "car", "--no-crossing", "trunk")
        self.fails(2, "there is no service", "district", "demo", "--service", "opera")
        self.fails(3, "there is no cell '1_1000'", *self.A, "--capacity", "balanced", "--present", self.write("p.csv", "cell,site\n1_1000,Resch\n"))
        self.fails(3, "no column 'site'", *self.A, "--capacity", "balanced", "--present", self.write("q.csv", "cell,x\n1_1,Resch\n"))
        self.fails(2, "no known extension", *self.A, "--capacity", "balanced", "-o", self.path("d.pdf"))
        self.assertNotIn("default: the standard", re.search("--minutes.*", call("district", "--help").stdout)[0])
        r = call("consortium", "demo", "--around", "--max-ratio", "1.2", "--json")
        self.assertEqual(r.returncode, 0, r.stderr)
        self.assertRegex(r.stderr, "JX4197 . of . head hospitals")
        groups = json.loads(r.stdout)["groups"]
        total = sum(g["people"] for g in groups)
        off = sum(g["limit"] == 0 for g in groups)
        self.assertTrue(off >= 1 and all(g["people"] <= 1.2 * total / (len(groups) - off) + 1 for g in groups))
        self.fails(3, "no member of kind 'abbey'", "consortium", "demo", "--members", "abbey")
        self.fails(3, "no head hospital of kind 'castle'", "consortium", "demo", "--heads", "castle")
        self.fails(2, "--circles 60,30: rising numbers", "consortium", "demo", "--circles", "60,30")
        self.fails(3, "state no beds", "consortium", "demo", "--members", "health_centre,health_station", "--share", "beds")

    def test_what_is_assumed_is_told(self):
        r = call("district", "demo", "--service", "primary_school", "--capacity", "balanced", "--json", "-o", "d.geojson", cwd=self.dir)
        self.assertIn("JX4195", r.stderr)
        d = json.loads(r.stdout)
        self.assertEqual((d["per_1000_from"], d["trust"]), ("assumed", "guessed"))
        with open(self.path("d.geojson")) as f:
            g = json.load(f)
        self.assertEqual([f["properties"]["name"] for f in g["features"]], [s["site"] for s in d["sites"]])
        self.assertEqual({f["geometry"]["type"] for f in g["features"]}, {"MultiPolygon"})
        for verb in (("district", "demo", "--service", "primary_school", "--capacity", "balanced", "--present", "nearest"), ("consortium", "demo", "--around")):
            r = call(*verb, "-o", "p.html", "-q", cwd=self.dir)
            self.assertEqual(r.returncode, 0, r.stderr)
            with open(self.path("p.html"), encoding="utf-8") as f:
                page = f.read()
            self.assertEqual(page.count('<svg class="map"'), 2)
            body = page[page.index("<main>"):page.index("<script>")]
            self.assertFalse(re.search(r"\{\d|[^a-z]nan[^a-z]|NaN", body))
            self.assertIn("设施（编号）：14 处" if verb[0] == "district" else "牵头医院（编号）：2 家", page)
        r = call("consortium", "demo", "--around", "--json", cwd=self.dir)
        self.assertIn("JX4196", r.stderr)
        c = json.loads(r.stdout)
        self.assertEqual(c["members_kinds"], "health_station")
        self.assertEqual({t["head"] for t in c["townships"]}, {c["groups"][0]["head"]})
        self.assertEqual([g["level"] for g in c["groups"]], [None, None])

    def test_consortia(self):
        f = self.write("f.csv", "kind,name,lon,lat,capacity\nhospital,A,9.5209,47.1410,40\nhospital,B,9.5250,47.2110,60\n"
                       "health_centre,M1,9.5029,47.0668,\nhealth_centre,M2,9.5285,47.165,\nhealth_centre,M3,9.50,47.22,\nhealth_centre,M4,9.545,47.21,\n")
        a = ("consortium", "demo", "--facilities", f)
        d = self.json(*a, "-o", "c.gpkg")
        self.assertEqual(d["schema"], "junxian.consortium/1")
        self.assertTrue(d["proved"] and os.path.exists(self.path("c.gpkg")))
        self.assertAlmostEqual(d["mean_min"], d["nearest_mean_min"], delta=1e-4)  # without a limit each goes to its nearest head
        people = sum(g["people"] for g in d["groups"]) + d["people_without_member"]
        self.assertAlmostEqual(people, sum(t["people"] for t in d["townships"]), delta=2)
        for g in d["groups"]:
            self.assertAlmostEqual(g["people"], sum(m["people"] for m in g["members"]), delta=0.5)
        b = {x["minutes"]: x["people"] for x in d["beyond"]}
        self.assertLessEqual(b[60], b[30])
        tight = self.json(*a, "--max-ratio", "2", "--share", "equal")
        self.assertGreaterEqual(tight["mean_min"], d["mean_min"])
        self.assertTrue(all(g["people"] <= g["limit"] + 0.01 for g in tight["groups"]))
        self.fails(5, "fair part", *a, "--max-ratio", "1")


class Output(Case):
    def test_demo_is_inside(self):
        r = call("run", "demo", "-o", "out", cwd=self.dir)
        self.assertEqual(r.returncode, 0, r.stderr)
        self.assertTrue(FILES <= set(os.listdir(self.path("out"))), os.listdir(self.path("out")))
        s = json.load(open(self.path("out/summary.json")))
        self.assertEqual(s["schema"], "junxian.diagnosis/1")
        r2 = call("run", DEMO, "-o", "out2", cwd=self.dir)
        self.assertEqual(r2.returncode, 0, r2.stderr)
        self.assertEqual(open(self.path("out/cells.csv"), "rb").read(), open(self.path("out2/cells.csv"), "rb").read())

    def test_same_bytes(self):
        trees = []
        for threads in ("1", "2", "5", "2"):
            out = self.path("out")
            shutil.rmtree(out, True)
            # the command line is part of the report, so it must be the same; threads go by the other way round
            r = call("run", DEMO, "-o", "out", "--threads", threads, cwd=self.dir)
            self.assertEqual(r.returncode, 0, r.stderr)
            for name in ("report.html", "summary.json"):
                p = os.path.join(out, name)
                data = open(p, "rb").read().replace(b"--threads " + threads.encode(), b"--threads N")
                open(p, "wb").write(data)
            trees.append(tree(out))
        for t in trees[1:]:
            self.assertEqual(t, trees[0])

    def test_same_bytes_from_either_engine(self):
        for turns in ("on", "off"):
            trees = []
            for engine in ("hierarchy", "dijkstra"):
                out = self.path("out")
                shutil.rmtree(out, True)
                r = call("run", DEMO, "-o", "out", "--engine", engine, "--turns", turns, cwd=self.dir)
                self.assertEqual(r.returncode, 0, r.stderr)
                for name in ("report.html", "summary.json"):
                    p = os.path.join(out, name)
                    data = open(p, "rb").read().replace(b"--engine " + engine.encode(), b"--engine E")
                    open(p, "wb").write(data)
                trees.append(tree(out))
            self.assertEqual(trees[0], trees[1])

    def test_existing_folder(self):
        self.write("out/mine.txt", "keep me")
        self.fails(4, "out", "run", DEMO, "-o", "out")
        self.assertEqual(os.listdir(self.path("out")), ["mine.txt"])
        r = call("run", DEMO, "-o", "out", "--overwrite", cwd=self.dir)
        self.assertEqual(r.returncode, 0, r.stderr)
        self.assertEqual(open(self.path("out/mine.txt")).read(), "keep me")
        self.assertTrue(FILES <= set(os.listdir(self.path("out"))))
        self.assertEqual([n for n in os.listdir(self.dir) if "part" in n], [])

    def test_dry_run(self):
        r = call("run", DEMO, "-o", "out", "--dry-run", cwd=self.dir)
        self.assertEqual(r.returncode, 0, r.stderr)
        self.assertIn("county.gpkg", r.stdout)
        self.assertEqual(os.listdir(self.dir), [])
        self.assertIn("seconds_about", json.loads(call("run", DEMO, "-n", "--json").stdout))

    def test_json_is_the_summary(self):
        r = call("run", DEMO, "-o", "out", "--json", "-q", cwd=self.dir)
        self.assertEqual(json.loads(r.stdout), json.load(open(self.path("out/summary.json"))))
        self.assertEqual(r.stderr.count("note"), 0)

    def test_languages(self):
        en = call("run", DEMO, "-o", "en", cwd=self.dir)
        zh = call("run", DEMO, "-o", "zh", "--lang", "zh", cwd=self.dir)
        self.assertRegex(zh.stdout, "覆盖|达标")
        self.assertNotRegex(en.stdout, "[\u4e00-\u9fff]")
        # numbers do not depend on the language
        self.assertEqual(open(self.path("en/cells.csv"), "rb").read(), open(self.path("zh/cells.csv"), "rb").read())

    def test_full_disk(self):
        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))
        before = os.listdir(self.dir)
        r = call("run", DEMO, "-o", "out", cwd=self.dir, preexec_fn=limit)
        self.assertEqual(r.returncode, 4, r.stderr)
        self.assertRegex(r.stderr, r"JX\d{4}")
        self.assertEqual(os.listdir(self.dir), before)

    def test_no_permission(self):
        if os.geteuid() == 0:
            self.fails(4, "", "run", DEMO, "-o", "/proc/out")
        else:
            os.chmod(self.dir, 0o500)
            self.fails(4, "", "run", DEMO, "-o", "out")

    def test_memory_ceiling(self):
        self.fails(6, "memory", "run", DEMO, "-o", "out", "--memory", "8")

    def test_interrupt(self):
        stopped = 0
        for wait in (0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8):
            p = subprocess.Popen([JUNXIAN, "run", DEMO, "-o", self.path("out")], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            time.sleep(wait)
            p.send_signal(signal.SIGINT)
            t0 = time.monotonic()
            p.communicate(timeout=60)
            if p.returncode == 130:
                stopped += 1
                self.assertLess(time.monotonic() - t0, 1.0 if "SAN" not in os.environ.get("JX_SLOW", "") else 30)
                self.assertEqual(os.listdir(self.dir), [])
            else:
                self.assertIn(p.returncode, (0, -signal.SIGINT))
                if p.returncode == 0:
                    self.assertTrue(FILES <= set(os.listdir(self.path("out"))))
                    shutil.rmtree(self.path("out"))
        self.assertGreater(stopped, 0)


class Extracts(Case):
    """Extracts that lack something: made from the demo with osmium-tool."""

    def filtered(self, name, *osmium):
        out = self.path(name)
        subprocess.run(["osmium", *osmium, "-o", out, "--overwrite"], check=True, capture_output=True)
        return out

    def run_json(self, *args):
        r = call("run", *args, "-o", "out", "--json", cwd=self.dir)
        self.assertEqual(r.returncode, 0, r.stderr)
        return json.loads(r.stdout)

    def test_without_buildings(self):
        s = self.run_json(self.filtered("a.osm.pbf", "tags-filter", "-i", "-R", DEMO, "w/building", "r/building"))
        self.assertAlmostEqual(s["people"]["total"], 37269, delta=1e-4)

    def test_without_population(self):
        opl = subprocess.run(["osmium", "cat", DEMO, "-f", "opl"], capture_output=True, text=True, check=True).stdout
        self.write("b.opl", re.sub(r"([T,])population=[^, ]*", r"\1no_pop=1", opl))
        subprocess.run(["osmium", "cat", self.path("b.opl"), "-o", self.path("b.osm.pbf")], check=True, capture_output=True)
        s = self.run_json(self.path("b.osm.pbf"))
        self.assertEqual(s["people"]["source"], "dwellings")

    def test_without_roads(self):
        p = self.filtered("c.osm.pbf", "tags-filter", "-i", "-R", DEMO, "w/highway", "w/route", "r/highway", "r/route")
        r = call("run", p, "-o", "out", cwd=self.dir)
        self.assertIn(r.returncode, (0, 3), r.stderr)
        if r.returncode == 3:
            self.assertRegex(r.stderr, "street|road|network")
            self.assertFalse(os.path.exists(self.path("out")))

    def test_without_a_facility_kind(self):
        s = self.run_json(self.filtered("d.osm.pbf", "tags-filter", "-i", "-R", DEMO, "nwr/amenity=pharmacy", "nwr/healthcare=pharmacy"))
        text = json.dumps(s, ensure_ascii=False)
        self.assertTrue("not on the map" in text and "地图未见" in text)

    def test_without_people_or_buildings(self):
        p = self.filtered("e.osm.pbf", "tags-filter", "-R", DEMO, "w/highway", "n/amenity", "n/shop")
        subprocess.run(["osmium", "tags-filter", DEMO, "w/highway", "n/amenity", "n/shop", "-o", p, "--overwrite"], check=True, capture_output=True)
        s = self.run_json(p)
        self.assertEqual(s["people"]["source"], "none")

    def test_ids_out_of_order(self):
        opl = subprocess.run(["osmium", "cat", DEMO, "-f", "opl"], capture_output=True, text=True, check=True).stdout.splitlines()
        nodes = [x for x in opl if x[0] == "n"]
        self.write("f.opl", "\n".join([x for x in opl if x[0] == "r"][::-1] + [x for x in opl if x[0] == "w"][::-1] + nodes[::-1]) + "\n")
        subprocess.run(["osmium", "cat", self.path("f.opl"), "-o", self.path("f.osm.pbf")], check=True, capture_output=True)
        a = self.run_json(self.path("f.osm.pbf"))
        cells = open(self.path("out/cells.csv"), "rb").read()
        shutil.rmtree(self.path("out"))
        self.run_json(DEMO)
        self.assertEqual(cells, open(self.path("out/cells.csv"), "rb").read())
        self.assertEqual(a["people"]["total"], json.load(open(self.path("out/summary.json")))["people"]["total"])


class SaoPaulo(Case):
    def test_extract_alone(self):
        r = call("run", SPO, "-o", "out", cwd=self.dir)
        self.assertEqual(r.returncode, 0, r.stderr)

    def test_with_table(self):
        with open(HEX, newline="") as f:
            total = sum(float(row["population"]) for row in csv.DictReader(f))
        r = call("run", SPO, "--population", HEX, "-o", "out", "--json", cwd=self.dir)
        self.assertEqual(r.returncode, 0, r.stderr)
        s = json.loads(r.stdout)
        self.assertEqual(s["people"]["source"], "table")
        with open(self.path("out/cells.csv"), encoding="utf-8-sig", newline="") as f:
            cells = sum(float(row["people"]) for row in csv.DictReader(f))
        # 1:1 with the table, as far as its cells lie inside the extract's box
        self.assertAlmostEqual(s["people"]["total"], total, delta=1e-6)
        self.assertAlmostEqual(cells, total, delta=0.5)


    def test_with_polygons(self):
        """The same cells as polygons of a GeoPackage: the people are the same."""
        with open(HEX, newline="") as f:
            rows = list(csv.DictReader(f))
        features = [{"type": "Feature", "properties": {"id": r["id"], "population": float(r["population"])}, "geometry": {"type": "Polygon", "coordinates": [[
            [float(r["lon"]) + .001 * math.cos(a * math.pi / 3), float(r["lat"]) + .001 * math.sin(a * math.pi / 3)] for a in (0, 1, 2, 3, 4, 5, 0)]]}} for r in rows]
        self.write("cells.geojson", json.dumps({"type": "FeatureCollection", "features": features}))
        subprocess.run(["ogr2ogr", self.path("cells.gpkg"), self.path("cells.geojson")], check=True, capture_output=True)
        r = call("run", SPO, "--population", "cells.gpkg", "-o", "out", "--json", cwd=self.dir)
        self.assertEqual(r.returncode, 0, r.stderr)
        self.assertAlmostEqual(json.loads(r.stdout)["people"]["total"], sum(float(x["population"]) for x in rows), delta=1e-6)
        info = json.loads(call("inspect", "out/county.gpkg", "--json", cwd=self.dir).stdout)
        self.assertIn(("cells", "MULTIPOLYGON"), [(x["name"], x["geometry"]) for x in info["layers"]])


class Folder(Case):
    def test_init_check_run(self):
        r = call("init", "place/", "--osm", DEMO, cwd=self.dir)
        self.assertEqual(r.returncode, 0, r.stderr)
        self.fails(4, "exists already", "init", "place")
        r = call("check", "place", cwd=self.dir)
        self.assertIn(r.returncode, (0, 1), r.stderr)
        r = call("run", "place", cwd=self.dir)
        self.assertEqual(r.returncode, 0, r.stderr)
        self.assertTrue(FILES <= set(os.listdir(self.path("place/out"))))
        for lang in ("en", "zh"):
            call("init", "p-" + lang, "--lang", lang, "--osm", DEMO, cwd=self.dir)
            self.assertEqual(call("run", "p-" + lang, "-n", cwd=self.dir).returncode, 0)

    def test_check_reports_every_row(self):
        p = self.write("f.csv", "kind,name,lon,lat\nhospital,A,9.52,47.14\nhospital,B,abc,47.14\nhospital,C,9.52,x\nhospital,D,12.0,47.1\nhospital,A,9.52,47.14\n")
        r = call("check", DEMO, "--facilities", p, "--json")
        self.assertEqual(r.returncode, 1, r.stderr)
        rows = {f["row"] for f in json.loads(r.stdout)["findings"] if f["file"] and f["file"].endswith("f.csv")}
        self.assertTrue({3, 4, 5, 6} <= rows, rows)

    def test_gcj02_is_seen(self):
        """The demo moved into China (synthetic, for this test only), its facilities written down as Amap would give them."""
        opl = subprocess.run(["osmium", "cat", DEMO, "-f", "opl"], capture_output=True, text=True, check=True).stdout
        moved = re.sub(r" x(-?[\d.]+) y(-?[\d.]+)", lambda m: f" x{float(m[1]) + 110:.7f} y{float(m[2]) - 16:.7f}", opl)
        self.write("cn.opl", moved)
        subprocess.run(["osmium", "cat", self.path("cn.opl"), "-o", self.path("cn.osm.pbf")], check=True, capture_output=True)
        rows = []
        for m in re.finditer(r"^n\d+ .* T([^ ]*amenity=[^ ]*) x([\d.]+) y([\d.]+)", moved, re.M):
            rows.append((float(m[2]), float(m[3])))
        self.assertGreater(len(rows), 50)

        def table(name, points):
            return self.write(name, "kind,name,lon,lat\n" + "".join(f"hospital,F{i},{a:.7f},{b:.7f}\n" for i, (a, b) in enumerate(points)))
        right, shifted = table("right.csv", rows[::7]), table("gcj.csv", [gcj02(*p) for p in rows[::7]])
        r = call("check", "cn.osm.pbf", "--facilities", shifted, "--json", cwd=self.dir)
        self.assertEqual(r.returncode, 1, r.stderr)
        self.assertIn(4022, [f["code"] for f in json.loads(r.stdout)["findings"]])
        for args in (["--facilities", right], ["--facilities", shifted, "--crs", "gcj02"]):
            r = call("check", "cn.osm.pbf", *args, "--json", cwd=self.dir)
            self.assertNotIn(4022, [f["code"] for f in json.loads(r.stdout)["findings"]])


class Docs(Case):
    def follow(self, page):
        """Runs every command of a tutorial in order, in a copy of what it names; the YAML block replaces the two keys."""
        for d in ("demo", "examples"):
            shutil.copytree(os.path.join(SOURCE, d), self.path(d))
        text = open(os.path.join(SOURCE, "docs", page), encoding="utf-8").read()
        block, *later = re.findall(r"```yaml\n(.*?)```", text, re.S)
        steps = [s for m in re.finditer(r"^    ((?:junxian|cp) [^\n]*)$|^```yaml\n(.*?)^```$", text, re.M | re.S) for s in [m[1] or m[2]] if s != block]
        self.assertGreater(len(steps), 8)
        for c in steps:
            if c in later: # a block further down is added to what stands there
                with open(self.path("mycounty/county.yaml"), "a", encoding="utf-8") as f:
                    f.write(c)
                continue
            r = subprocess.run(c.replace("junxian", JUNXIAN, 1) if c.startswith("junxian") else c, shell=True, cwd=self.dir, capture_output=True, text=True)
            self.assertIn(r.returncode, (0, 1) if " check " in c else (0,), f"{c}: {r.stderr}")
            if c.startswith("cp "):
                p = self.path("mycounty/county.yaml")
                yaml = open(p, encoding="utf-8").read()
                yaml = re.sub(r"^(people|facilities):\n(?:  .*\n)*", "", yaml, flags=re.M)
                open(p, "w", encoding="utf-8").write(yaml + block)
        s = json.load(open(self.path("mycounty/out/summary.json")))
        self.assertEqual((s["people"]["source"], s["people"]["total"]), ("census", 37269))
        self.assertEqual([p["impossible"] for p in s["plans"]], [None, None])

    def test_english(self):
        self.follow("first-county.md")

    def test_chinese(self):
        self.follow("first-county.zh-CN.md")

    def test_links(self):
        """Every relative link of our pages leads somewhere."""
        for root, dirs, names in os.walk(SOURCE):
            dirs[:] = [d for d in dirs if d not in ("build", ".git", "node_modules")]
            for n in names:
                if n.endswith(".md"):
                    for link in re.findall(r"\]\(([^)#:]+)\)", open(os.path.join(root, n), encoding="utf-8").read()):
                        self.assertTrue(os.path.exists(os.path.join(root, link)), f"{n}: {link}")


def gcj02(lon, lat):
    """The published formula, written a second time for the test."""
    x, y, s = lon - 105, lat - 35, lambda u: math.sin(math.pi * u)
    c = 20 * s(6 * x) + 20 * s(2 * x)
    dlat = -100 + 2 * x + 3 * y + .2 * y * y + .1 * x * y + .2 * math.sqrt(abs(x)) + 2 / 3 * (
        c + 20 * s(y) + 40 * s(y / 3) + 160 * s(y / 12) + 320 * s(y / 30))
    dlon = 300 + x + 2 * y + .1 * x * x + .1 * x * y + .1 * math.sqrt(abs(x)) + 2 / 3 * (
        c + 20 * s(x) + 40 * s(x / 3) + 150 * s(x / 12) + 300 * s(x / 30))
    a, ee, p = 6378245.0, 0.00669342162296594323, math.radians(lat)
    m = 1 - ee * math.sin(p) ** 2
    return (lon + 180 * dlon * math.sqrt(m) / (math.pi * a * math.cos(p)),
            lat + 180 * dlat * m * math.sqrt(m) / (math.pi * a * (1 - ee)))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]] + sys.argv[3:], verbosity=2)
