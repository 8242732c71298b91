# Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0
"""pgRouting in a PostgreSQL of its own: made in a temporary folder, without a network port, stopped and removed afterwards.

A call reads all streets by SQL and builds its graph anew; that is how the extension works, so it is part of a call's time. What a further
origin of the same call costs is the difference between a call for five and a call for one, by four.
"""
import getpass
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SETTINGS = ("listen_addresses='' fsync=off full_page_writes=off jit=off shared_buffers=256MB work_mem=512MB max_wal_size=4GB "
            "max_parallel_workers_per_gather=0").split()  # one thread, as the rest
EDGES = "'select id, source, target, cost, reverse_cost from edge'"


def binaries():
    """The newest PostgreSQL that has pgRouting, or None."""
    for d in sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: -int(p.parent.name)):
        if (d / "pg_ctl").exists() and Path(f"/usr/share/postgresql/{d.parent.name}/extension/pgrouting.control").exists():
            return d
    return None


class Cluster:
    """Use as a context manager. As root it runs as user postgres: PostgreSQL refuses root."""

    def __init__(self, bin_folder):
        self.bin, self.user = bin_folder, "postgres" if os.geteuid() == 0 else getpass.getuser()
        self.folder = Path(tempfile.mkdtemp(prefix="junxian-pg-"))

    def command(self, *words):
        return [*(["runuser", "-u", self.user, "--"] if os.geteuid() == 0 else []), *map(str, words)]

    def must(self, *words, text=None):
        r = subprocess.run(self.command(*words), input=text, capture_output=True, text=True, cwd="/")
        if r.returncode:
            sys.exit(f"pgRouting: {Path(str(words[0])).name} failed:\n{r.stderr}")
        return r.stdout

    def __enter__(self):
        try:
            self.folder.chmod(0o711)
            for name in ("data", "socket"):
                (self.folder / name).mkdir(mode=0o700)
                if os.geteuid() == 0:
                    shutil.chown(self.folder / name, self.user)
            self.must(self.bin / "initdb", "-D", self.folder / "data", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
            options = " ".join(f"-c {s}" for s in [*SETTINGS, f"unix_socket_directories={self.folder / 'socket'}"])
            # Not through must(): the server would keep the pipe of its starter open.
            subprocess.run(self.command(self.bin / "pg_ctl", "-D", self.folder / "data", "-w", "-l", self.folder / "socket" / "log", "-o", options, "start"),
                           check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
            return self
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_):
        subprocess.run(self.command(self.bin / "pg_ctl", "-D", self.folder / "data", "-m", "immediate", "-w", "stop"), stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, cwd="/")
        shutil.rmtree(self.folder, ignore_errors=True)

    def sql(self, text):
        return self.must("psql", "-h", self.folder / "socket", "-U", self.user, "-d", "postgres", "-v", "ON_ERROR_STOP=1", "-qAtX", text=text)


def rows(g):
    with Cluster(binaries()) as db:
        streets = "".join(f"{i}\t{a}\t{b}\t{there}\t{back}\n" for i, a, b, there, back in g.streets())
        picks = "".join(f"{role}\t{v}\n" for role in ("source", "from", "to", "facility") for v in g.picks[role])
        db.sql("create extension postgis; create extension pgrouting;\n"
               "create unlogged table edge(id int, source int, target int, cost float8, reverse_cost float8);\n"
               "create unlogged table pick(role text, node int);\n"
               f"copy edge from stdin;\n{streets}\\.\ncopy pick from stdin;\n{picks}\\.\nvacuum analyze;\n")
        name = "pgRouting " + db.sql("select pgr_version()").strip()

        def timed(query, times=2):
            out = db.sql("\\timing on\n" + (query + ";\n") * times)
            return float(re.findall(r"^([\d.]+)$", out, re.M)[0]), min(float(t) for t in re.findall(r"^Time: ([\d.]+) ms", out, re.M))

        def reach(nodes, limit):
            return f"select sum(agg_cost)::numeric(30,0) from pgr_drivingDistance({EDGES}, array[{','.join(map(str, nodes))}], {limit})"

        def table(nodes):  # a target twice among the picks counts twice, as in ours
            return (f"select sum(agg_cost * often)::numeric(30,0) from pgr_dijkstraCost({EDGES}, array[{','.join(map(str, nodes))}], "
                    "(select array_agg(distinct node) from pick where role = 'to')) join "
                    "(select node, count(*) often from pick where role = 'to' group by node) t on node = end_vid")

        source, five = g.picks["source"], sorted(set(g.picks["from"]))
        total, one = timed(reach(source[:1], 1e15))
        g.check(name, "all", total)
        _, all_five = timed(reach(source, 1e15))
        total, within = timed(reach(source[:1], g.within))
        g.check(name, "within", total)
        _, row = timed(table(five[:1]))
        total, five_rows = timed(table(five))
        g.check(name, "table", total)
        further, further_row = (all_five - one) / (len(source) - 1), (five_rows - row) / (len(five) - 1)
        return [(name, "all", one, "pgr_drivingDistance, one call"), (name, "all", further, "a further origin of the same call"),
                (name, "within", within, "pgr_drivingDistance, one call"),
                (name, "table", row + 999 * further_row, f"pgr_dijkstraCost: {row:.0f} ms for one row, 999 further ones at {further_row:.0f} (of 5 run)")]
