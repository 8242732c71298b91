# Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0
"""docs/performance.md and its chart, from the rows of one run of bench/network.py and the notes in bench/performance-notes.md."""
import math
import os
import platform
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WANTED = {"order": 40, "customise": 0.5, "customise10": 0.003, "sweep1": 0.010, "sweep16": 0.005, "table1000": 0.8, "cumulative2": 0.005, "nearest5": 1}
WORK = {
    "order": "nested-dissection order (METIS on the core left after peeling)",
    "customise": "customisation, full, one thread",
    "customise10": "customisation, 10 edges changed",
    "sweep1": "sweep, one source, all nodes",
    "sweep16": "sweep, 16 sources, per source",
    "table1000": "1,000 x 1,000 table, whole",
    "cumulative2": "people within 15 and 30 min of every node, both at once, per node",
    "nearest5": "nearest 5 of 1,000 facilities for all nodes",
}
PEER_WORK = {
    "all": "one source, all nodes",
    "within": "one source, all nodes within 30 min",
    "table": "1,000 x 1,000 table",
    "nearest": "nearest of 1,000 facilities for all nodes",
}
SERIES = [("order_us", "#8c510a", "order"), ("prune_us", "#b35806", "pruning"), ("hierarchy_us", "#2a8a7f", "hierarchy"),
          ("customise_us", "#01534a", "customisation"), ("sweep16_ns", "#2166ac", "sweep (ns)")]


def amount(n):
    return f"{n / 1e6:.1f} M" if n >= 999500 else f"{n / 1e3:.0f} k"


def spread(wanted, gap, low, high):
    """Heights of labels as near to the wanted ones as no overlap allows."""
    at = sorted(range(len(wanted)), key=lambda i: wanted[i])
    y = {}
    last = low - gap
    for i in at:
        last = y[i] = max(wanted[i], last + gap)
    over = max(0, last - high)
    for i in reversed(at):
        y[i] = min(y[i], high) if over else y[i]
        high = y[i] - gap
    return y


def panel(out, rows, title, left, width, top, height, lo, hi, labels):
    xs = [math.log10(float(r["n_nodes"])) for r in rows]
    first, last = 4.1, 6.7

    def px(x):
        return left + (x - first) / (last - first) * width

    def py(v):
        return top + (hi - math.log10(v)) / (hi - lo) * height

    out.append(f'<text x="{left}" y="{top - 12}" font-weight="600">{title}</text>')
    for e in range(lo, hi + 1):
        y = py(10.0**e)
        out.append(f'<line x1="{left}" x2="{left + width}" y1="{y:.1f}" y2="{y:.1f}" stroke="#d5dae0"/>')
        out.append(f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end" fill="#5f6b7a">{10.0**e:g}</text>')
    for x, r in zip(xs, rows):
        out.append(f'<line x1="{px(x):.1f}" x2="{px(x):.1f}" y1="{top + height}" y2="{top + height + 4}" stroke="#5f6b7a"/>')
        out.append(f'<text x="{px(x):.1f}" y="{top + height + 18}" text-anchor="middle" fill="#5f6b7a">{amount(int(r["n_nodes"]))}</text>')
    for key, colour, _ in SERIES:
        points = [(px(x), py(float(r[key]))) for x, r in zip(xs, rows)]
        out.append(f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{colour}"/>' for x, y in points]
    if labels:
        y = spread([py(float(rows[-1][key])) for key, _, _ in SERIES], 15, top, top + height)
        for i, (_, colour, name) in enumerate(SERIES):
            out.append(f'<text x="{px(xs[-1]) + 8:.1f}" y="{y[i] + 4:.1f}" fill="{colour}">{name}</text>')


def chart(growth):
    """Microseconds per vertex against vertices, both logarithmic: a panel an input on one scale."""
    w, h = 860, 380
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="0 0 {w} {h}" font-size="12" '
           'font-family="\'Noto Sans CJK SC\', system-ui, sans-serif" fill="#1c2430">', f'<rect width="{w}" height="{h}" fill="#fff"/>',
           '<text x="16" y="20" font-size="14" font-weight="600">Time per vertex from 16 thousand to 4 million vertices</text>',
           '<text x="16" y="38" fill="#5f6b7a">microseconds per vertex (sweep: nanoseconds per vertex and source), one thread, both axes logarithmic</text>']
    names = {"New York": "New York: pieces, whole, tiles", "demo": "Liechtenstein (OpenStreetMap): tiles"}
    values = [math.log10(float(r[key])) for rows in growth.values() for r in rows for key, _, _ in SERIES]
    lo, hi = math.floor(min(values)), math.ceil(max(values))  # one scale
    for i, (name, rows) in enumerate(growth.items()):
        panel(out, rows, names[name], 50 + i * 365, 320, 78, 240, lo, hi, i == len(growth) - 1)
    out.append(f'<text x="{50 + 320}" y="{h - 12}" text-anchor="middle" fill="#5f6b7a">vertices</text></svg>')
    return "\n".join(out) + "\n"


def cpu():
    for line in open("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.split(":")[1].strip()
    return platform.processor()


def version(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, cwd=ROOT).stdout.split("\n")[0].strip()
    except OSError:
        return ""


def works_table(works):
    head = ["New York", *(n for n in works if n != "New York")]
    nodes = {"New York": "New York, ms", "demo": "demo, ms", "demo tiled": "demo tiled, ms"}
    out = ["| work | " + " | ".join(f"{nodes[n]} | Dijkstras" for n in head) + " | wanted on New York | |", "|---" + "|---:" * (2 * len(head) + 1) + "|---|"]
    for i, w in enumerate(works["New York"]):
        cells = []
        for n in head:
            r = works[n][i]
            cells += [f"{float(r['ours_ms']):.4g}", f"{float(r['ratio']):.3g}"]
        want, ratio = WANTED[w["work"]], float(w["ratio"])
        out.append(f"| {WORK[w['work']]} | " + " | ".join(cells) + f" | {want:g} | {'reached' if ratio <= want else 'not reached'} |")
    return out + ["| *the yardstick: textbook Dijkstra, one source* | " + " | ".join(f"{float(works[n][0]['reference_ms']):.4g} | 1" for n in head) + " | | |"]


def rivals_table(works, ours, rivals):
    out = ["| input | work | program | ms | ours, ms | times ours | how |", "|---|---|---|---:|---:|---:|---|"]
    for name, rows in rivals.items():
        mine = {w["work"]: float(w["ours_ms"]) for w in works[name]}
        for who, work, ms, how in sorted(rows, key=lambda r: list(PEER_WORK).index(r[1])):
            m = mine[ours[work]]
            out.append(f"| {name} | {PEER_WORK[work]} | {who} | {ms:,.1f} | {m:.4g} | {ms / m:,.0f} | {how} |")
    return out


def growth_table(rows):
    out = ["| vertices | arcs | levels | order | hierarchy | customisation | pruning | sweep, ns per source | bytes: hierarchy | times | sweep | peak |",
           "|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"]
    for g in rows:
        out.append(f"| {int(g['n_nodes']):,} | {int(g['n_arcs']):,} | {g['height']} | {float(g['order_us']):.2f} | {float(g['hierarchy_us']):.2f} | "
                   f"{float(g['customise_us']):.3f} | {float(g['prune_us']):.2f} | {float(g['sweep16_ns']):.2f} | {float(g['bytes_hierarchy']):.0f} | "
                   f"{float(g['bytes_times']):.0f} | {float(g['bytes_sweep']):.0f} | {float(g['bytes_peak']):.0f} |")
    return out


def largest(growth):
    g = max((r for rows in growth.values() for r in rows), key=lambda r: float(r["n_nodes"]))
    n = float(g["n_nodes"])
    return (f"Microseconds and bytes per vertex, one thread. {n:,.0f} nodes take {float(g['bytes_peak']) * n / 1e9:.2f} GB at their peak, order and pruning "
            f"included (wanted: 4 million under 1.5 GB): {float(g['bytes_hierarchy']):.0f} bytes a vertex for the hierarchy, {float(g['bytes_times']):.0f} for "
            f"the times of a metric (8 an arc), {float(g['bytes_sweep']):.0f} for a sweep.")


def write(works, ours, rivals, threads, growth):
    notes = "\n\n".join(p.read_text().strip() for p in [ROOT / "bench" / f"{n}-notes.md" for n in ("performance", "turns", "siting")] if p.exists())
    compiler = version("cc", "--version")
    out = ["# Performance of the network engine", "",
           "Written by `bench/network.py --write` (`make bench` runs it); do not edit. The last chapters come from `bench/*-notes.md`.", "",
           f"Machine: {cpu()}, {os.cpu_count()} cores, {platform.system()}; {compiler}; {time.strftime('%Y-%m-%d')}.", "",
           "- New York: travel times of the 9th DIMACS challenge, 264,346 nodes, 733,846 arcs.",
           "- demo: the car network of Liechtenstein as `junxian net --turns off` builds it from OpenStreetMap, 7,053 nodes. It fits into the second cache, so a Dijkstra is",
           "  quick there; a table of a million entries costs what it costs to write.",
           "- demo tiled: 24 x 24 copies of it side by side, joined at their borders, 4.06 million nodes.", "",
           "All figures of one run, one thread. A *Dijkstra* is the yardstick: a textbook search (`bench/reference.c`) of the same process, from one source to all",
           "nodes. A sample of each result is compared with it to the bit before a figure is printed; the tests compare whole ones.", "",
           "Reproduce: `build/release/bin/junxian-bench network --graph bench/data/dimacs/USA-road-t.NY.gr.gz --coords bench/data/dimacs/USA-road-d.NY.co.gz --csv`",
           "(`--osm demo` for the demo, `--osm demo --tiles 24` for its tiles).", ""]
    out += works_table(works)
    out += ["", "## Other programs", "",
            "Run by the same script on the same graph with the same nodes, one thread; the sums of their times are ours, or the run ends. Ours is the work of the",
            "table above that gives at least as much: for *within 30 min* the people within two limits of a node, for *nearest* the nearest five.", ""]
    out += rivals_table(works, ours, rivals)
    out += ["", "pgRouting reads the streets by SQL in each call; GRASS is timed as a process in a running session. What of a large work was run and scaled is in the last",
            "column.", "", "## Two threads", "", "New York.", "", "| work | one, ms | two, ms | times |", "|---|---:|---:|---:|"]
    out += [f"| {t['work']} | {float(t['one_thread_ms']):.1f} | {float(t['two_threads_ms']):.1f} | {t['speedup']} |" for t in threads]
    out += ["", "The results have the same bits.", "", "## Growth", "", "![time per vertex](performance-growth.svg)", ""]
    for name, rows in growth.items():
        out += [f"{name}:", "", *growth_table(rows), ""]
    out += [largest(growth), "", notes.strip(), ""]
    (ROOT / "docs" / "performance.md").write_text("\n".join(out))
    (ROOT / "docs" / "performance-growth.svg").write_text(chart(growth))
