"""The command `benches/plans`: how PostgreSQL carries out every list, search and write at full scale."""

import argparse
import json
import os
import re
import shutil
import signal
import sys
import time
from pathlib import Path

from . import dataset, requests
from .data import ROOT, Data
from .machine import Failure
from .waymark import Waymark

# Tables that grow with what people do. Programs, platforms and departments stay small: reading such a
# table whole is often the best there is.
GROWING = {"program_suggestions", "program_group_suggestions", "users", "user_groups", "memberships",
           "group_members", "department_members", "api_keys", "idempotency_records"}
# What a page may look at, and sort, that has no more than 21 rows: some times its size.
READ = 400
SORTED = 100

_SETTINGS = {
    "session_preload_libraries": "auto_explain",
    "auto_explain.log_min_duration": "0",
    "auto_explain.log_analyze": "on",
    "auto_explain.log_timing": "off",
    "auto_explain.log_format": "json",
    "auto_explain.log_nested_statements": "off",
}


class Plan:
    """One statement as it was carried out."""

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

    def shape(self, node=None):
        """Node types, tables and indexes: what a test compares. Costs and counts are left out."""
        node = node or self.plan
        name = node["Node Type"]
        for word in ("Scan Direction",):
            if node.get(word) == "Backward":
                name += " Backward"
        if "Index Name" in node:
            name += f" {node['Index Name']}"
        elif "Relation Name" in node:
            name += f" {node['Relation Name']}"
        inner = [self.shape(child) for child in node.get("Plans", [])]
        return f"{name}({', '.join(inner)})" if inner else name

    def text_of(self):
        """The plan for people."""
        lines = []

        def walk(node, depth):
            what = node["Node Type"] + (" Backward" if node.get("Scan Direction") == "Backward" else "")
            where = " ".join(node[key] for key in ("Index Name", "Relation Name", "CTE Name", "Subplan Name") if key in node)
            conditions = "; ".join(f"{key}: {node[key]}" for key in ("Index Cond", "Filter", "Recheck Cond", "Sort Key", "Join Filter", "Hash Cond") if key in node)
            lines.append(f"{'  ' * depth}{what} {where} (rows {node.get('Actual Rows')} x {node.get('Actual Loops')}, looked at {self.rows(node)}) {conditions}"[:220])
            for child in node.get("Plans", []):
                walk(child, depth + 1)

        walk(self.plan, 0)
        return "\n".join(lines)

    def _reads(self):
        for node in self.nodes():
            if "Scan" in node["Node Type"] and "Relation Name" in node:
                yield node
            elif node["Node Type"] == "Bitmap Index Scan":
                yield node

    def findings(self, counts):
        """What is not as it should be. `counts`: the statement counts rows, and may read them."""
        found = []
        for node in self.nodes():
            if node["Node Type"] == "Seq Scan" and node["Relation Name"] in GROWING:
                found.append(f"reads all of {node['Relation Name']} ({self.rows(node):,} rows)")
            if node["Node Type"].endswith("Sort"):
                given = sum(child.get("Actual Rows", 0) * child.get("Actual Loops", 1) for child in node.get("Plans", []))
                if given > SORTED:
                    found.append(f"sorts {given:,} rows by {', '.join(node['Sort Key'])}")
        looked = sum(self.rows(node) for node in self._reads())
        if not counts and looked > READ:
            most = max(self._reads(), key=self.rows)
            found.append(f"looks at {looked:,} rows, {self.rows(most):,} of them in {most.get('Index Name') or most.get('Relation Name')}")
        return found


def plans(entries):
    """The plans in a part of the log."""
    found = []
    for entry in entries:
        match = re.match(r"duration: ([0-9.]+) ms  plan:\n(.*)$", entry.get("message", ""), re.S)
        if match and entry.get("application_name") == "waymark":
            explained = json.loads(match[2])
            found.append(Plan(explained["Query Text"], explained["Plan"], float(match[1])))
    return found


def collect(data, database, folder, mode, say):
    """`(name, plans)` of every list, planned in one way: with the parameters at hand, or without."""
    settings = {**_SETTINGS, "plan_cache_mode": mode}
    for name, value in settings.items():
        data.postgres.psql("postgres", f"ALTER DATABASE {database} SET {name} = '{value}'")
    try:
        server = Waymark(data.binary, data.postgres.url(database), folder, "plans")
        try:
            keys = data.keys["postgres"]
            wanted = requests.lists(server.client, keys)
            say(f"  {len(wanted)} lists, {mode}")
            found = []
            for name, key, document, variables in wanted:
                entries = data.postgres.logged(database, lambda: server.client.ask(document, variables, key))
                of_list = [plan for plan in plans(entries) if "_suggestions s" in plan.text]
                if not of_list:
                    raise Failure(f"no plan was logged for: {name}")
                found.append((name, of_list))
            return found
        finally:
            server.stop()
    finally:
        data.postgres.psql("postgres", f"ALTER DATABASE {database} RESET ALL")


def main():
    """Does it; answers the exit status."""
    parser = argparse.ArgumentParser(
        prog="benches/plans",
        description="Runs every list and search of the big platform through Waymark while PostgreSQL logs its plans, planned with "
        "the parameters at hand and without, and says which of them read or sort more than they should.")
    parser.add_argument("--binary", type=Path, required=True, metavar="PATH", help="the program")
    parser.add_argument("--show", action="store_true", help="print the plans of what was found")
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    target = Path(os.environ.get("WAYMARK_BENCHES_DIR", ROOT / "target" / "benches"))
    folder = target / time.strftime("plans-%Y%m%d-%H%M%S")
    folder.mkdir(parents=True)

    def say(text):
        print(text, file=sys.stderr, flush=True)

    data = None
    try:
        data = Data(target, chosen.binary.resolve(), False, say)
        data.copy(folder)
        bad = 0
        everything = {}
        for mode in ("force_custom_plan", "force_generic_plan"):
            print(f"\n## {mode}")
            for name, of_list in collect(data, "waymark", folder, mode, say):
                for plan in of_list:
                    everything.setdefault(mode, []).append(
                        {"name": name, "ms": plan.milliseconds, "shape": plan.shape(), "text": plan.text, "plan": plan.plan})
                    findings = plan.findings("count(*)" in plan.text)
                    bad += bool(findings)
                    print(f"{'BAD ' if findings else 'ok  '} {plan.milliseconds:8.2f} ms  {name}" + "".join(f"\n        {one}" for one in findings))
                    if chosen.show and findings:
                        print(plan.text_of())
        (target / "plans.json").write_text(json.dumps(everything))
        return 1 if bad else 0
    except Failure as failure:
        say(f"benches/plans: {failure}")
        return 1
    finally:
        if data is not None:
            data.postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)
