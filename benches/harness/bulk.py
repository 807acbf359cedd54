"""10,000 suggestions in one request: created, deleted, the deletion undone; and what of it the events take."""

import json
import re
import sqlite3

from . import dataset, load, machine
from .machine import Failure
from .report import median
from .waymark import Waymark

PART = "bulk of 10,000"
ITEMS = 10_000
CREATE = ("mutation($input: ProgramSuggestionBulkCreateInput!) { programSuggestionBulkCreate(input: $input)"
          " { createdCount failedCount results { index outcome userErrors { code } } userErrors { code } } }")
DELETE = ("mutation($input: ProgramSuggestionBulkDeleteInput!) { programSuggestionBulkDelete(input: $input)"
          " { deletedCount failedCount results { index outcome userErrors { code } } userErrors { code } batch { id } } }")
UNDO = ("mutation($input: SuggestionBatchUndoInput!) { suggestionBatchUndo(input: $input)"
        " { createdCount failedCount results { outcome userErrors { code } } userErrors { code } } }")
# The statements that write what happened.
EVENTS = ("events.insert", "events.insert_batch")
RAW_CREATE, RAW_DELETE = "raw unnest, create", "raw unnest, delete"

_FRESH = "platform_id = {platform} AND user_id % 2 = 1"


def _create_input():
    items = [{"programKey": dataset.program_key(dataset.BIG, program), "user": {"databaseId": str(user)}}
             for program, user in map(dataset.fresh_suggestion, range(ITEMS))]
    return {"input": {"platformKey": dataset.BIG, "items": items}}


def _raw_create(platform, programs):
    """The same rows by one statement, with its lists as parameters; psql tells how long it took."""
    rows = [dataset.fresh_suggestion(number) for number in range(ITEMS)]
    lists = [
        ("bigint", [programs[dataset.program_key(dataset.BIG, program)] for program, _ in rows]),
        ("bigint", [user for _, user in rows]),
        ("boolean", ["f"] * ITEMS), ("boolean", ["t"] * ITEMS), ("boolean", ["t"] * ITEMS), ("text", ['"{}"'] * ITEMS),
    ]
    types = ", ".join(f"{kind}[]" for kind, _ in lists)
    values = ", ".join(f"'{{{','.join(map(str, values))}}}'" for _, values in lists)
    now = "(extract(epoch FROM now()) * 1000000)::bigint"
    return f"""
PREPARE raw ({types}) AS
INSERT INTO program_suggestions (platform_id, program_id, user_id, accepted, visible, direct, metadata, created, modified)
SELECT {platform}, v.*, {now}, {now} FROM unnest($1, $2, $3, $4, $5, $6) AS v
ON CONFLICT (platform_id, program_id, user_id) DO UPDATE
SET accepted = excluded.accepted, visible = excluded.visible, metadata = excluded.metadata, modified = excluded.modified;
\\timing on
EXECUTE raw ({values});
"""


def _raw_delete(platform, ids):
    return f"""
PREPARE raw (bigint[]) AS DELETE FROM program_suggestions WHERE platform_id = {platform} AND id = ANY ($1);
\\timing on
EXECUTE raw ('{{{','.join(map(str, ids))}}}');
"""


class _Run:
    def __init__(self, data, urls, servers):
        self.data, self.servers, self.postgres = data, servers, data.postgres
        self.platform = data.platform_ids[dataset.BIG]
        self.file = urls["sqlite"].removeprefix("sqlite://")
        programs = json.loads(self.postgres.psql(
            "waymark", f"SELECT json_object_agg(key, id) FROM programs WHERE platform_id = {self.platform}"))
        self.create_input = _create_input()
        self.raw_create = _raw_create(self.platform, programs)

    def ids(self, engine):
        """The ids of the rows that are there for this measurement only."""
        query = "SELECT id FROM program_suggestions WHERE " + _FRESH.format(platform=self.platform)
        if engine == "postgres":
            return self.postgres.psql("waymark", query).split()
        database = sqlite3.connect(self.file)
        try:
            return [str(row[0]) for row in database.execute(query.replace(
                str(self.platform), f"(SELECT id FROM platforms WHERE key = '{dataset.BIG}')", 1))]
        finally:
            database.close()

    def settle(self):
        """Leaves no dead rows and no dirty pages to whoever is measured next."""
        self.postgres.psql("waymark", "VACUUM program_suggestions")
        self.postgres.psql("waymark", "CHECKPOINT")

    def raw(self, name, script, left):
        """One statement by psql."""
        with machine.Watch() as watch:
            before = machine.cpu_seconds(self.postgres.process.pid)
            told = self.postgres.psql("waymark", script)
            used = machine.cpu_seconds(self.postgres.process.pid) - before
        milliseconds = re.search(r"Time: ([0-9.]+) ms", told)
        if not milliseconds or len(self.ids("postgres")) != left:
            raise Failure(f"{name}: {told}")
        return load.Round(name, ITEMS, float(milliseconds[1]) / 1000, {"PostgreSQL": used}, watch)

    def event_seconds(self, engine):
        """How long the database has taken so far to write events."""
        client = self.servers[engine].client
        return sum(client.metric("waymark_sql_statement_duration_seconds_sum", statement=statement) for statement in EVENTS)

    def waymark(self, name, engine, query, variables, count):
        """One request; its round, and its payload."""
        server = self.servers[engine]
        components = {"Waymark": server.pid} | ({"PostgreSQL": self.postgres.process.pid} if engine == "postgres" else {})
        body = json.dumps({"query": query, "variables": variables})
        with machine.Watch() as watch:
            before = {component: machine.cpu_seconds(pid) for component, pid in components.items()}
            text, took = server.client.send(body, self.data.keys[engine][dataset.BIG])
            cpu = {component: machine.cpu_seconds(pid) - before[component] for component, pid in components.items()}
        answer = json.loads(text)
        payload = next(iter((answer.get("data") or {"": {}}).values()))
        if answer.get("errors") or payload[count] != ITEMS or len(payload["results"]) != ITEMS:
            raise Failure(f"{name}: {text[:500]!r}")
        return load.Round(name, ITEMS, took, cpu, watch), payload

    def delete(self, name, engine):
        """Deletes all of them."""
        self.settle()
        suggestions = [{"databaseId": one} for one in self.ids(engine)]
        return self.waymark(name, engine, DELETE, {"input": {"platformKey": dataset.BIG, "suggestions": suggestions}}, "deletedCount")


def run(chosen, data, urls, folder, report, say):
    """Rounds: raw, then Waymark on either engine; rows are created and deleted again."""
    servers = {engine: Waymark(data.binary, urls[engine], folder, f"bulk-{engine}") for engine in ("postgres", "sqlite")}
    rounds, shares = {}, {engine: [] for engine in servers}
    try:
        it = _Run(data, urls, servers)
        for number in range(chosen.rounds + 1):
            done = [it.raw(RAW_CREATE, it.raw_create, ITEMS)]
            it.settle()
            done.append(it.raw(RAW_DELETE, _raw_delete(it.platform, it.ids("postgres")), 0))
            for engine in servers:
                it.settle()
                before = it.event_seconds(engine)
                create, _ = it.waymark(f"Waymark, create, {engine}", engine, CREATE, it.create_input, "createdCount")
                whole = ITEMS / create.rate
                shares[engine] += [whole / (whole - (it.event_seconds(engine) - before))] if number else []
                delete, payload = it.delete(f"Waymark, delete, {engine}", engine)
                it.settle()
                variables = {"input": {"platformKey": dataset.BIG, "batch": payload["batch"]["id"]}}
                undo, _ = it.waymark(f"Waymark, undo of the delete, {engine}", engine, UNDO, variables, "createdCount")
                done += [create, delete, undo]
                it.delete("", engine)
            it.settle()
            for one in done if number else []:
                rounds.setdefault(one.name, []).append(one)
                say(f"  {one.name}: {ITEMS / one.rate * 1000:.0f} ms, {one.rate:,.0f} items/s; others {one.foreign:.0%}")
    finally:
        for server in servers.values():
            server.stop()
    report.add(PART, rounds)
    # At most 1.4 times without events, and those at most 1.35 times that: the raw statement writes none.
    report.times(PART, "bulk create, time of raw unnest without events", "Waymark, create, postgres", RAW_CREATE, 1.4 * 1.35)
    report.rate(PART, "bulk create, SQLite, items/s", "Waymark, create, sqlite", 60_000)
    for engine, values in shares.items():
        report.target(f"bulk create, time of it without the statements that write events, {engine}",
                      f"{median(values):.2f} ({min(values):.2f} to {max(values):.2f})", "at most 1.35", median(values) <= 1.35)
        report.times(PART, f"undo, time of bulk create, {engine}", f"Waymark, undo of the delete, {engine}", f"Waymark, create, {engine}", 1.2)
        report.times(PART, f"bulk delete, time of bulk create, {engine}", f"Waymark, delete, {engine}", f"Waymark, create, {engine}", 1.0)
