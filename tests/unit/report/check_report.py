#!/usr/bin/python3
"""What the report room wrote, read by html.parser, xml, json and openpyxl. Usage: check_report.py WHAT FOLDER"""
import csv
import glob
import html.parser
import json
import os
import re
import sys
import xml.etree.ElementTree as ET
import zipfile

what, folder = sys.argv[1:3]
passed = failed = 0
VOID = {"meta", "link", "input", "br"}
EMPTY_SVG = {"path", "rect", "circle", "use"}


def check(ok, text):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    if not ok:
        print("not ok -", text)


class Page(html.parser.HTMLParser):
    """Balance of tags, ids, references, and how many texts there are in each language."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.stack, self.ids, self.refs, self.langs, self.wrong, self.scripts = [], [], [], {"en": 0, "zh": 0}, [], 0

    def handle_starttag(self, tag, attrs):
        names = [a[0] for a in attrs]
        if len(names) != len(set(names)):
            self.wrong.append(f"attribute twice in {tag} {attrs}")
        attrs = dict(attrs)
        if "id" in attrs:
            self.ids.append(attrs["id"])
        for key in ("href", "src", "for", "aria-labelledby"):
            if key in attrs:
                self.refs.append((tag, key, attrs[key]))
        for name in attrs:
            if name.startswith("on"):
                self.wrong.append(f"handler {name} in {tag}")
        for c in (attrs.get("class") or "").split():
            if c in self.langs and tag != "input":
                self.langs[c] += 1
        self.scripts += tag == "script"
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.stack.pop()

    def handle_endtag(self, tag):
        if not self.stack or self.stack[-1] != tag:
            self.wrong.append(f"</{tag}> closes {self.stack[-3:]} at {self.getpos()}")
        else:
            self.stack.pop()


def page(path):
    name = os.path.basename(path)
    text = open(path, encoding="utf-8", newline="").read()
    p = Page()
    p.feed(text)
    p.close()
    check(not p.wrong and not p.stack, f"{name}: tags balance {p.wrong[:3]} {p.stack[:3]}")
    check(len(p.ids) == len(set(p.ids)), f"{name}: ids are unique")
    ids = set(p.ids)
    for tag, key, ref in p.refs:
        target = ref[1:] if key == "href" and ref.startswith("#") else ref if key in ("for", "aria-labelledby") else None
        if key == "href" and tag == "link":
            check(ref == "data:,", f"{name}: {ref}")
        elif not (target == "rd3" and target not in ids):
            check(target in ids, f"{name}: {tag} {key}={ref} leads somewhere")
    check(p.langs["en"] == p.langs["zh"], f"{name}: as many English as Chinese texts {p.langs}")
    check(p.scripts == 1, f"{name}: one script, its own")
    pictures = 0
    for svg in re.findall(r"<svg .*?</svg>(?=</div>|</figure>| <span|\s*[A-Za-z]|\n)", text, re.S):
        depth = svg.count("<svg") - svg.count("</svg>")
        if depth == 0:
            try:
                ET.fromstring(svg)
                pictures += 1
            except ET.ParseError as e:
                check(False, f"{name}: SVG is XML: {e} {svg[:80]}")
    check(pictures >= text.count('class="map"') + text.count('class="chart"'), f"{name}: pictures parsed {pictures}")
    numbers = re.findall(r' d="([^"]*)"', text)
    check(all(re.fullmatch(r"[MLlHhVvzaA0-9 .,-]*", d) for d in numbers), f"{name}: paths are numbers")
    check(all(len(m) <= 1 for d in numbers for m in re.findall(r"\.(\d+)", d)[:2000]), f"{name}: coordinates to a tenth")
    check(not re.search(r"\{\d", re.sub(r"<(style|script)>.*?</\1>", "", text, flags=re.S)), f"{name}: no unfilled placeholder")
    check(not re.search(r"https?:|url\((?!#)|@import", text), f"{name}: no address to anywhere")
    check("default-src 'none'" in text, f"{name}: the policy forbids every request")
    return text


def pages():
    paths = sorted(glob.glob(f"{folder}/*.html"))
    check(len(paths) == 15, "all variants are there")
    for path in paths:
        page(path)
    full = open(f"{folder}/full.html", encoding="utf-8").read()
    for text in ("&lt;script&gt;alert(1)&lt;/script&gt;", "home &amp; garden &lt;b&gt;", "溧阳市人民医院", "Österbrück",
                 "地图未见", "不可达", "无数据", "研究范围之外", "junxian run &#39;a&lt;b&gt;.osm.pbf&#39;"):
        check(text in full, f"says {text}")
    check(len(full) < 1_500_000, "stays small")


def summaries():
    for path in sorted(glob.glob(f"{folder}/*.json")):
        d = json.load(open(path, encoding="utf-8"))
        name = os.path.basename(path)
        check(d["schema"] == "junxian.diagnosis/1", f"{name}: schema")
        for r in d["results"]:
            for v in [r["total"], r["urban"], r["rural"]] + r["townships"]:
                parts = sum(v[k] for k in ("within", "beyond", "unreachable", "off_network", "no_facility"))
                check(abs(parts - v["people"]) < 1e-6 * max(1, v["people"]), f"{name}: {r['service']} parts are the whole")
                check(v["share_within"] is None or abs(v["share_within"] * v["people"] - v["within"]) < 1e-6 * max(1, v["people"]), "share")
            curve = r["people_within_minutes"]
            check(curve == sorted(curve), f"{name}: people within minutes never fall")
        for key in ("findings", "check_first", "guesses", "messages"):
            check(all(f["en"] and f["zh"] for f in d[key]), f"{name}: {key} in both languages")
    d = json.load(open(f"{folder}/full.json", encoding="utf-8"))
    check(len(d["results"]) == 9 and len(d["messages"]) == 2, "all results and messages")
    check(json.load(open(f"{folder}/cells.json"))["people"]["total"] is None, "unknown people are null, not zero")


def styles():
    paths = glob.glob(f"{folder}/*.qml")
    check(len(paths) == 6, "points, lines, polygons, plain and graduated")
    for path in paths:
        root = ET.parse(path).getroot()
        r = root.find("renderer-v2")
        graduated = path.endswith("1.qml")
        check(r.get("type") == ("graduatedSymbol" if graduated else "singleSymbol"), path)
        ranges = r.findall("ranges/range")
        symbols = {s.get("name") for s in r.findall("symbols/symbol")}
        check(len(symbols) == (4 if graduated else 1), f"{path}: symbols")
        check(all(x.get("symbol") in symbols for x in ranges), f"{path}: every class has its symbol")
        check(all(a.get("upper") == b.get("lower") for a, b in zip(ranges, ranges[1:])), f"{path}: classes meet")
        check(all(re.fullmatch(r"\d+,\d+,\d+,255", o.get("value")) for o in root.iter("Option") if (o.get("name") or "").endswith("color") and o.get("value")), path)


def workbook():
    import openpyxl
    a, b = (open(f"{folder}/{n}.xlsx", "rb").read() for n in "ab")
    check(a == b, "same bytes for the same tables")
    with zipfile.ZipFile(f"{folder}/a.xlsx") as z:
        check(z.testzip() is None and {i.date_time[:3] for i in z.infolist()} == {(1980, 1, 1)}, "no clock in the archive")
        core = z.read("docProps/core.xml").decode()
        check("2024-03-04T21:21:35Z" in core, "stamped with the data's time")
        check(b"<f>" not in b"".join(z.read(n) for n in z.namelist() if "sheet" in n), "not one formula")
    w = openpyxl.load_workbook(f"{folder}/a.xlsx")
    check(w.sheetnames == ["notes", "hostile", "empty"], w.sheetnames)
    s = w["hostile"]
    rows = [[c.value for c in r] for r in s.iter_rows()]
    check(rows[0] == ["people [persons]", "cells", "township", "cause"] and rows[1] == ["real", "whole", "text", "more"], rows[:2])
    check([r[0] for r in rows[2:]] == [0, 1.5, -2.25, 1e9, "no data", 0.1, 0.2, "no data"], [r[0] for r in rows[2:]])
    check([r[1] for r in rows[2:]] == [0, "no data", "not reachable", "not applicable", 9007199254740991, 5, 6, 7], "whole numbers")
    texts = [r[2] for r in rows[2:]]
    check(texts[:6] == ["<script>alert(1)</script>", '=HYPERLINK("x","y")', "O'Brien & \"Sons\" </td>", "\u202egnp.exe", "溧阳市人民医院", "Österbrück"], texts)
    check(texts[6] == "broken\ufffd\ufffdutf8", repr(texts[6]))
    more = [r[3] for r in rows[2:]]
    check(more[:3] == ["+1", "-1", "@x"] and more[3] is None and more[6:] == ["1e5", "007"], more)
    check(len(more[5]) <= 32767 and more[5].endswith("…"), "a text too long for Excel is cut visibly")
    check(all(c.data_type in ("s", "n") for r in s.iter_rows() for c in r if c.value is not None), "strings are strings")
    check(s.freeze_panes == "B3", s.freeze_panes)
    check(s["A3"].number_format == "#,##0.0" and s["A1"].font.b, "number format, bold head")
    zh = [[c.value for c in r] for r in openpyxl.load_workbook(f"{folder}/zh.xlsx")["hostile"].iter_rows(max_row=4)]
    check(zh[0][0].startswith("人口") and zh[1][0] == "real" and zh[3][1] == "无数据", zh)


def demo():
    """Every value of the workbook is the CSV's; the page of a real place is as well-formed as that of the made-up one."""
    import openpyxl
    text = page(f"{folder}/report.html")
    check(len(text) < 4_000_000, "below 4 MB")
    w = openpyxl.load_workbook(f"{folder}/tables.xlsx", read_only=True)
    for path in sorted(glob.glob(f"{folder}/*.csv")):
        name = os.path.basename(path)[:-4]
        table = list(csv.reader(open(path, encoding="utf-8-sig", newline="")))
        rows = list(w[name].iter_rows(min_row=2, values_only=True))
        heads, at = list(rows[0]), {h: i for i, h in enumerate(table[0])}
        check(len(rows) == len(table) and all(h in at for h in heads), f"{name}: rows and columns")
        for i, (r, t) in enumerate(zip(rows[1:], table[1:])):
            for head, x in zip(heads, r):
                y = t[at[head]]
                if isinstance(x, (int, float)):  # the CSV is rounded, the workbook only shown rounded
                    places = len(y.partition(".")[2])
                    same = y != "" and abs(float(y) - x) <= 0.5 * 10**-places * 1.001 + 1e-9 * abs(x)
                else:
                    same = (x or "") == y or (y == "" and x in ("no data", "not reachable", "not applicable"))
                if not same:
                    check(False, f"{name} row {i} {head}: {x!r} and {y!r}")
        check(True, name)


{"pages": pages, "summaries": summaries, "styles": styles, "workbook": workbook, "demo": demo}[what]()
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed or not passed else 0)
