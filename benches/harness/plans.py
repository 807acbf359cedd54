"""The command `benches/plans`: how the databases carry out every list, search and bulk."""

import argparse
import difflib
import json
import os
import re
import shutil
import signal
import sqlite3
import sys
import tempfile
from pathlib import Path

from . import dataset, requests
from .data import ROOT, Data
from .machine import Failure
from .waymark import Waymark

KEPT = Path(__file__).resolve().parent.parent / "plans.txt"

# Tables that grow with what people do. Programs, platforms and departments stay small: reading such a
# table whole is often the best there is.
GROWING = {"program_suggestions", "program_group_suggestions", "users", "user_groups", "memberships",
           "group_members", "department_members", "api_keys", "idempotency_records"}
# What a page of 20 may look at, and sort, without anybody wondering.
READ = 1000
SORTED = 1000
# The same for each item of a bulk: its row, those it refers to, and the indexes that lead there.
READ_BY_ITEM = 20

# What is found and stays so: the list, the finding, and why. All three are regular expressions but the last.
EXPECTED = [
    (r"^users, .* by (USERNAME|NAME) ", r"", "people are on many platforms: no index has one platform's in the order of their names"),
]

_SETTINGS = {
    "session_preload_libraries": "auto_explain",
    "auto_explain.log_min_duration": "0",
    "auto_explain.log_analyze": "on",
    "auto_explain.log_timing": "off",
    "auto_explain.log_format": "json",
    "auto_explain.log_nested_statements": "off",
}


class Plan:
    """One statement as PostgreSQL carried it out."""

    def __init__(self, text, plan, milliseconds):
        self.text, self.plan, self.milliseconds = text, plan, milliseconds

    def nodes(self, node=None):
        """All nodes of the plan."""
        node = node or self.plan
        yield node
        for child in node.get("Plans", []):
            yield from self.nodes(child)

    @staticmethod
    def rows(node):
        """What a node looked at: the rows it gave and those it threw away, in all its loops."""
        thrown = sum(count for what, count in node.items() if what.startswith("Rows Removed by"))
        return (node.get("Actual Rows", 0) + thrown) * node.get("Actual Loops", 1)

    @staticmethod
    def _title(node):
        backward = " Backward" if node.get("Scan Direction") == "Backward" else ""
        return f"{node['Node Type']}{backward} {node.get('Index Name') or node.get('Relation Name') or ''}".rstrip()

    def shape(self, node=None):
        """Node types, tables and indexes: what is kept. Costs, rows and conditions are left out."""
        node = node or self.plan
        inner = [self.shape(child) for child in node.get("Plans", [])]
        return f"{self._title(node)}({', '.join(inner)})" if inner else self._title(node)

    def outline(self):
        """The plan for people."""
        lines = []

        def walk(node, depth):
            conditions = "; ".join(f"{key}: {node[key]}" for key in ("Index Cond", "Filter", "Recheck Cond", "Sort Key", "Join Filter", "Hash Cond")
                                   if key in node)
            part = f" [{node['Subplan Name']}]" if "Subplan Name" in node else ""
            lines.append(f"{'  ' * depth}{self._title(node)}{part} (gave {node.get('Actual Rows')} x {node.get('Actual Loops')},"
                         f" looked at {self.rows(node)}) {conditions}"[:240])
            for child in node.get("Plans", []):
                walk(child, depth + 1)

        walk(self.plan, 5)
        return "\n".join(lines)

    def _reads(self):
        for node in self.nodes():
            if node["Node Type"] == "Bitmap Index Scan" or ("Scan" in node["Node Type"] and "Relation Name" in node):
                yield node

    def findings(self, most):
        """What is not as it should be. `most`: rows it may look at; a statement that counts must read what it counts."""
        found = []
        for node in self.nodes():
            if node["Node Type"] == "Seq Scan" and node["Relation Name"] in GROWING and node.get("Actual Loops"):
                found.append(f"reads all of {node['Relation Name']}: {self.rows(node):,} rows")
            if node["Node Type"].endswith("Sort"):
                given = sum(child.get("Actual Rows", 0) * child.get("Actual Loops", 1) for child in node.get("Plans", []))
                if given > SORTED:
                    found.append(f"sorts by {', '.join(node['Sort Key'])}: {given:,} rows")
        looked = sum(self.rows(node) for node in self._reads())
        if "count(*)" not in self.text and looked > most:
            most = max(self._reads(), key=self.rows)
            found.append(f"looks at too much, most of it through {most.get('Index Name') or most.get('Relation Name')}: {looked:,} rows")
        return found


class SqlitePlan:
    """One statement as SQLite would carry it out."""

    milliseconds = 0.0

    def __init__(self, text, database):
        self.text = text
        parameters = dict.fromkeys(re.findall(r"\$(\d+)", text))
        rows = database.execute(f"EXPLAIN QUERY PLAN {text}", parameters)
        steps = [(parent, line) for _, parent, _, line in rows]
        self.lines = [line for _, line in steps]
        # What sorts the page itself, of a hundred rows at the most, is right.
        paged = (0, "SCAN page") in [(parent, line[:9]) for parent, line in steps]
        self.sorts = any(line == "USE TEMP B-TREE FOR ORDER BY" and not (paged and parent == 0) for parent, line in steps)

    def shape(self):
        """As SQLite tells it."""
        return "; ".join(self.lines)

    def outline(self):
        """The plan for people."""
        return "\n".join(f"          {line}" for line in self.lines)

    def findings(self, _most):
        """What is not as it should be."""
        tables = {alias: table for table, alias in re.findall(r"(?:FROM|JOIN) (\w+) (?:AS )?(\w+)", self.text)}
        found = ["sorts:"] if self.sorts else []
        for line in self.lines:
            scanned = re.match(r"SCAN (\w+)$", line)
            if scanned and tables.get(scanned[1], scanned[1]) in GROWING:
                found.append(f"reads all of {tables.get(scanned[1], scanned[1])}:")
        return found


def logged_plans(entries):
    """The plans in a part of PostgreSQL's log."""
    found = []
    for entry in entries:
        match = re.match(r"duration: ([0-9.]+) ms  plan:\n(.*)$", entry.get("message", ""), re.S)
        if match and entry.get("application_name") == "waymark":
            explained = json.loads(match[2])
            found.append(Plan(explained["Query Text"], explained["Plan"], float(match[1])))
    return found


def _of_suggestions(text):
    """Whether a statement is what was asked for, and not how the caller is known."""
    return "_suggestions" in text


def _of_postgres(data, url, folder, say):
    """`(name, plans)` of every list, as planned for the server."""
    database = url.rsplit("/", 1)[1]
    for name, value in _SETTINGS.items():
        data.postgres.psql("postgres", f"ALTER DATABASE {database} SET {name} = '{value}'")
    server = Waymark(data.binary, url, folder, "plans-postgres")
    try:
        keys = data.keys["postgres"]
        wanted = requests.lists(server.client, keys, data.scale) + requests.writes(server.client, keys, data.scale)
        say(f"  postgres: {len(wanted)} requests")
        for name, key, document, variables in wanted:
            entries = data.postgres.logged(lambda: server.client.ask(document, variables, key))
            yield name, [plan for plan in logged_plans(entries) if _of_suggestions(plan.text)]
    finally:
        server.stop()
        data.postgres.psql("postgres", f"ALTER DATABASE {database} RESET ALL")


def _of_sqlite(data, url, folder, say):
    """The same. The statements are in the server's own log; SQLite explains their texts afterwards."""
    server = Waymark(data.binary, url, folder, "plans-sqlite", {"WAYMARK_LOG_LEVEL": "info,waymark::sql=debug"})
    found = []
    try:
        keys = data.keys["sqlite"]
        wanted = requests.lists(server.client, keys, data.scale) + requests.writes(server.client, keys, data.scale)
        say(f"  sqlite: {len(wanted)} requests")
        with server.log.open() as log:
            log.seek(0, os.SEEK_END)
            for name, key, document, variables in wanted:
                server.client.ask(document, variables, key)
                texts = [entry["text"] for entry in map(json.loads, log) if entry.get("target") == "waymark::sql"]
                found.append((name, [text for text in texts if _of_suggestions(text)]))
    finally:
        server.stop()
    database = sqlite3.connect(url.removeprefix("sqlite://"))
    try:
        for name, texts in found:
            yield name, [SqlitePlan(text, database) for text in texts]
    finally:
        database.close()


def _expected(name, finding):
    return any(re.search(of, name) and re.search(what, finding) for of, what, _ in EXPECTED)


def look(data, urls, folder, say, show=False):
    """Looks at every request on both engines. Answers what is wrong, the shapes by engine, and all plans."""
    wrong, shapes, everything = [], {}, []
    for engine, collect in (("postgres", _of_postgres), ("sqlite", _of_sqlite)):
        for name, plans in collect(data, urls[engine], folder, say):
            if not plans:
                raise Failure(f"no plan was found for: {name}, {engine}")
            shapes.setdefault(engine, {})[name] = " + ".join(plan.shape() for plan in plans)
            for plan in plans:
                findings = plan.findings(READ_BY_ITEM * data.scale.items if "bulk" in name else READ)
                unexpected = [finding for finding in findings if not _expected(name, finding)]
                everything.append({"engine": engine, "name": name, "ms": plan.milliseconds, "findings": findings,
                                   "shape": plan.shape(), "text": plan.text})
                wrong += [f"{engine}, {name}: {finding.rstrip(':')}" for finding in unexpected]
                if show:
                    mark = "BAD" if unexpected else "exp" if findings else "ok "
                    print(f"{mark} {plan.milliseconds:8.2f} ms  {engine}, {name}" + "".join(f"\n          {one}" for one in findings))
                    if unexpected:
                        print(plan.outline())
    return wrong, shapes, everything


def run(_chosen, data, urls, folder, report, say):
    """The part of benches/run."""
    wrong, _, everything = look(data, urls, folder, say)
    (folder / "plans.json").write_text(json.dumps(everything, indent=1))
    report.notes += [f"plan: {one}" for one in wrong]
    report.target("statements that read or sort too much (benches/plans)", f"{len(wrong)} of {len(everything)}", "none", not wrong)


def _written(shapes, planners):
    """The shapes as they are kept: lists that are carried out alike stand together."""
    lines = ["# How the lists are carried out at small scale. Written by: benches/plans --small --write", f"# {planners}"]
    for engine, of_engine in shapes.items():
        alike = {}
        for name, shape in of_engine.items():
            alike.setdefault(shape, []).append(name)
        for shape, names in alike.items():
            lines += ["", f"{engine}: {shape}", *(f"    {name}" for name in names)]
    return "\n".join(lines) + "\n"


def _arguments():
    parser = argparse.ArgumentParser(
        prog="benches/plans",
        description="Asks Waymark for every list, search and bulk of a big platform, on both engines, and looks at how the database "
        "carried out the statement. At full scale, with the data set of benches/run, it fails if one reads a growing table whole, sorts "
        "many rows, or looks at many more than it gives; at small scale, if one has another shape than the kept ones.")
    parser.add_argument("--binary", type=Path, required=True, metavar="PATH", help="the program")
    parser.add_argument("--small", action="store_true", help="a small data set, built for this once; its plans must have the shapes in benches/plans.txt")
    parser.add_argument("--write", action="store_true", help="with --small: write benches/plans.txt")
    parser.add_argument("--show", action="store_true", help="print every list, and the plans that are wrong")
    chosen = parser.parse_args()
    if chosen.write and not chosen.small:
        parser.error("--write goes with --small")
    return chosen


def _compare(shapes, planners, write, say):
    """Whether the shapes are the kept ones. Other planners plan otherwise: that is shown, and no error."""
    written = _written(shapes, planners)
    if write:
        KEPT.write_text(written)
        return True
    kept = KEPT.read_text() if KEPT.exists() else ""
    if kept == written:
        return True
    say("the plans have other shapes than benches/plans.txt says; if that is meant: benches/plans --small --write")
    say("".join(difflib.unified_diff(kept.splitlines(True), written.splitlines(True), "kept", "now", n=1)))
    if kept and f"# {planners}" not in kept.splitlines():
        say("they were written down with other planners, so this is no error")
        return True
    return False


def main():
    """Does it; answers the exit status."""
    chosen = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    target = Path(os.environ.get("WAYMARK_BENCHES_DIR", ROOT / "target" / "benches"))
    target.mkdir(parents=True, exist_ok=True)

    def say(text):
        print(text, file=sys.stderr, flush=True)

    data = None
    folder = Path(tempfile.mkdtemp(prefix="plans-", dir=target))
    folder.chmod(0o755)  # The user postgres goes through it.
    try:
        scale = dataset.SMALL if chosen.small else dataset.FULL
        data = Data(folder if chosen.small else target, chosen.binary.resolve(), False, say, scale)
        wrong, shapes, everything = look(data, data.copy(folder), folder, say, chosen.show)
        (target / f"plans-{'small' if chosen.small else 'full'}.json").write_text(json.dumps(everything, indent=1))
        for one in wrong:
            print(one)
        planners = f"PostgreSQL {data.postgres.psql('postgres', 'SHOW server_version').split('.')[0]}, SQLite {sqlite3.sqlite_version}"
        same = not chosen.small or _compare(shapes, planners, chosen.write, say)
        say(f"{len(everything)} statements, {len(wrong)} findings")
        # At small scale a table is often read whole because it is small: there the shapes decide.
        return 0 if (same if chosen.small else not wrong) else 1
    except Failure as failure:
        say(f"benches/plans: {failure}")
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        if data is not None:
            data.postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)
