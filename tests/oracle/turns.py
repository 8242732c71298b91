#!/usr/bin/python3
"""Turns: restrictions read by osmium and placed a second time, and times by a search over arcs that knows no states, no gates and no
hierarchy and charges every U-turn where it happens. Usage: turns.py OUTPUT-FOLDER EXTRACT"""
import collections
import heapq
import math
import os
import subprocess
import sys

out, pbf = sys.argv[1:3]
UNREACHABLE = 2**32 - 1
U_TURN = 20000  # profiles.yaml
failed = 0


def check(ok, text):
    global failed
    failed += not ok
    print("ok -" if ok else "not ok -", text)


def opl(*args):
    return subprocess.run(["osmium", *args, "-f", "opl", "-o", "-"], check=True, capture_output=True, text=True).stdout.splitlines()


with open(os.path.join(out, "net.txt")) as f:
    n, m = map(int, f.readline().split())
    pos = [tuple(map(int, f.readline().split())) for _ in range(n)]
    rows = [f.readline().split() for _ in range(m)]
tail = [int(r[b]) for r in rows for b in (0, 1)]
head = [int(r[1 - b]) for r in rows for b in (0, 1)]
length = [int(r[2]) for r in rows]
barrier = [r[3] == "barrier" for r in rows]
way = [int(r[4]) for r in rows]
ms = [int(r[5 + b]) for r in rows for b in (0, 1)]
bend = [tuple(map(int, r[7:13])) for r in rows]
leaving = collections.defaultdict(list)
for a in range(2 * m):
    if ms[a] != UNREACHABLE:
        leaving[tail[a]].append(a)
arcs_of = collections.defaultdict(list)
for e in range(m):
    if not barrier[e]:
        arcs_of[way[e]] += [2 * e, 2 * e + 1]

# ---- restrictions ------------------------------------------------------------------------------------------------------

relations = []
for line in opl("tags-filter", pbf, "r/type=restriction", "-R"):
    fields = {x[0]: x[1:] for x in line.split(" ")[1:]}
    tags = dict(t.split("=", 1) for t in fields["T"].split(","))
    members = [(x.split("@")[0][0], int(x.split("@")[0][1:]), x.split("@")[1]) for x in fields["M"].split(",") if x]
    relations.append((int(line.split(" ")[0][1:]), tags, members))
vias = {i for _, _, mem in relations for t, i, role in mem if t == "n" and role == "via"}
where = {}
for line in opl("cat", pbf, "-t", "node"):
    i = int(line.split(" ", 1)[0][1:])
    if i in vias:
        f = {x[0]: x[1:] for x in line.split(" ")[1:]}
        where[i] = (round(float(f["x"]) * 1e7), round(float(f["y"]) * 1e7))


def place(rel):
    """Runs of street arcs (barriers left out), or None."""
    _, tags, members = rel
    role = {r: [(t, i) for t, i, x in members if x == r] for r in ("from", "via", "to")}
    if len(role["from"]) != 1 or len(role["to"]) != 1 or not role["via"]:
        return None
    f, t = role["from"][0][1], role["to"][0][1]
    if not arcs_of[f] or not arcs_of[t]:
        return None
    if role["via"][0][0] == "n":
        v = where.get(role["via"][0][1])
        into = [a for a in arcs_of[f] if pos[head[a]] == v]
        away = [a for a in arcs_of[t] if pos[tail[a]] == v]
        if f == t and tags["restriction"] == "no_u_turn":
            return [[a, a ^ 1] for a in into] or None
        into, away = ([a for a in x if len(x) == 1 or ms[a] != UNREACHABLE] for x in (into, away))
        return [[into[0], away[0]]] if len(into) == len(away) == 1 else None
    chain = [i for _, i in role["via"]]
    found = []

    def go(run, k):
        """All of via ways 0..k have been entered."""
        at = pos[head[run[-1]]]
        if k == len(chain) - 1:
            found.extend(run + [a] for a in arcs_of[t] if pos[tail[a]] == at and a != run[-1] ^ 1)
        for j in (k, k + 1):
            if 0 <= j < len(chain):
                for a in arcs_of[chain[j]]:
                    if pos[tail[a]] == at and a not in run and a ^ 1 not in run:
                        go(run + [a], j)
    for a in arcs_of[f]:
        go([a], -1)
    found = [r for r in found if all(e in {x >> 1 for x in r} for w in chain for e in {x >> 1 for x in arcs_of[w]})]
    return found if len(found) == 1 else None


mine = {}
for rel in relations:
    runs = place(rel)
    if runs:
        mine[rel[0]] = ("only" if rel[1]["restriction"].startswith("only_") else "no", sorted(map(tuple, runs)))
with open(os.path.join(out, "counts.txt")) as f:
    counts = list(map(int, f.readline().split()))
    theirs = collections.defaultdict(lambda: [None, set()])
    for line in f:
        rel, kind, *run = map(int, line.split())
        theirs[rel][0] = "only" if kind else "no"
        theirs[rel][1].add(tuple(a for a in run if not barrier[a >> 1]))
check(counts[0] == len(relations), f"osmium counts {len(relations)} restrictions, we {counts[0]}")
check(counts[1] == len(mine) and counts[0] == sum(counts[1:]), f"{len(mine)} can be placed; we keep {counts[1]}")
check({k: (v[0], sorted(v[1])) for k, v in theirs.items()} == mine, "each on the same arcs")

# ---- times ----------------------------------------------------------------------------------------------------------------

rules = []
for kind, runs in mine.values():
    rules += [(kind, r) for r in runs if all(ms[a] != UNREACHABLE for a in r)]
begins = collections.defaultdict(list)  # first arc -> rules
for i, (_, r) in enumerate(rules):
    begins[r[0]].append(i)


def step(under_way, b):
    """Rules under way (rule, arcs driven) after street arc b; None: forbidden."""
    after, only = [], {}
    for i, k in under_way:
        kind, r = rules[i]
        if kind == "no":
            if r[k] == b:
                if k + 1 == len(r):
                    return None
                after.append((i, k + 1))
        elif k + 1 == len(r):
            only.setdefault(r[:-1], set()).add(r[-1])
        elif r[k] == b:
            after.append((i, k + 1))
    if any(b not in allowed for allowed in only.values()):
        return None
    return frozenset(after + [(i, 1) for i in begins[b]])


def cost(a, b, sharp):
    if a ^ b == 1:
        return U_TURN
    e, g = a >> 1, b >> 1
    if not sharp or barrier[e] or barrier[g]:
        return 0
    if way[e] == way[g] and a & 1 == b & 1 and g - e == (-1 if a & 1 else 1):
        return 0
    x1, y1, lat1 = bend[e][:3] if a & 1 else bend[e][3:]
    x2, y2, lat2 = bend[g][3:] if b & 1 else bend[g][:3]
    if (x1, y1) == (0, 0) or (x2, y2) == (0, 0):
        return 0
    t1 = math.atan2(y1, x1 * math.cos(math.radians(lat1 / 1e7))) + (math.pi if a & 1 else 0)
    t2 = math.atan2(y2, x2 * math.cos(math.radians(lat2 / 1e7))) + (math.pi if b & 1 else 0)
    t = abs(math.remainder(t1 - t2, 2 * math.pi))
    return sharp if math.degrees(t) > 60 else 0


def part(t, mm, whole):
    return None if t == UNREACHABLE else t if whole == 0 else (t * mm + whole // 2) // whole


def search(edge, at, targets, sharp):
    """Least times from a joint to the joints [(edge, pos)]."""
    by_arc = collections.defaultdict(list)
    best = [None] * len(targets)

    def offer(i, t):
        if best[i] is None or t < best[i]:
            best[i] = t
    for i, (e, p) in enumerate(targets):
        by_arc[2 * e].append((i, part(ms[2 * e], p, length[e])))
        by_arc[2 * e + 1].append((i, part(ms[2 * e + 1], length[e] - p, length[e])))
        if e == edge:
            along = part(ms[2 * e + (p < at)], abs(p - at), length[e])
            if along is not None:
                offer(i, along)
            if p == at and (other := part(ms[2 * e + 1], 0, length[e])) is not None:
                offer(i, other)
    heap, done = [], set()
    for b, mm in ((0, length[edge] - at), (1, at)):
        t = part(ms[2 * edge + b], mm, length[edge])
        if t is not None:
            heapq.heappush(heap, (t, 2 * edge + b, tuple((i, 1) for i in begins[2 * edge + b])))
    while heap:
        t, a, under_way = heapq.heappop(heap)
        if (a, under_way) in done:
            continue
        done.add((a, under_way))
        for b in leaving[head[a]]:
            now = under_way if barrier[b >> 1] else step(under_way, b)
            if now is None:
                continue
            turn = t + cost(a, b, sharp)
            for i, p in by_arc[b]:
                if p is not None:
                    offer(i, turn + p)
            heapq.heappush(heap, (turn + ms[b], b, tuple(sorted(now))))
    return best


for sharp in (0, 7500):
    pairs = collections.defaultdict(list)
    for line in open(os.path.join(out, f"pairs-{sharp}.txt")):
        ae, ap, be, bp, t = map(int, line.split())
        pairs[ae, ap].append((be, bp, t))
    wrong = n_pairs = changed = 0
    for (e, p), rest in pairs.items():
        targets = [r[:2] for r in rest]
        got = search(e, p, targets, sharp)
        n_pairs += len(rest)
        wrong += sum((UNREACHABLE if g is None else g) != r[2] for g, r in zip(got, rest))
        if not sharp:
            kept, begins = begins, collections.defaultdict(list)
            free = search(e, p, targets, sharp)
            begins = kept
            changed += sum(a != b for a, b in zip(got, free))
    check(wrong == 0, f"sharp turns {sharp} ms: {n_pairs} pairs, {wrong} differ" + ("" if sharp else f"; restrictions change {changed}"))
    if not sharp:
        check(changed > 0, "restrictions change some times")

sys.exit(failed > 0)
