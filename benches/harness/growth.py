"""What pages and totals cost on a small and on a large platform: every order, scope and filter, and where in the list."""

import json
import sqlite3
import statistics
import time

from . import growth_data, waymark
from .machine import Failure
from .postgres import Postgres
from .waymark import Waymark

SIZES = {"small": growth_data.SMALL, "large": growth_data.LARGE}
ENGINES = ("sqlite", "postgres")
ROUNDS = 5

# Milliseconds that the large platform may take, and how much more than the small one.
PAGE = {"sqlite": 15, "postgres": 10}
RATIO = 2
# Below this a ratio says nothing: a request takes that long by itself.
FLOOR = 2.0
TOTAL = {"sqlite": 300, "postgres": 150}

_GROUP = "databaseId accepted userCount group { name } program { key name }"
_USER = "databaseId accepted user { name } program { key name }"
_USER_ORDERS = ["ID", "USER_ID", "USERNAME", "NAME", "PROGRAM_KEY", "PROGRAM_NAME", "ACCEPTED", "VISIBLE", "CREATED", "MODIFIED"]
_GROUP_ORDERS = ["ID", "GROUP_ID", "GROUP_NAME", "PROGRAM_KEY", "PROGRAM_NAME", "ACCEPTED", "VISIBLE", "CREATED", "MODIFIED", "USER_COUNT"]


class _Noun:
    def __init__(self, name, field, selection, orders, more):
        self.name, self.field, self.selection, self.orders = name, field, selection, orders
        self.kind = field[0].upper() + field[1:]
        # What is asked for beside the plain list.
        self.narrowed = {
            "accepted": ({"accepted": True}, None),
            "not visible": ({"visible": False}, None),
            "one program": ({"programKeys": [growth_data.program_key(21)]}, None),
            "created before": ({"createdBefore": "2026-02-01T00:00:00Z"}, None),
            **more,
        }

    def document(self, whole):
        return (f"query($first: Int, $after: String, $last: Int, $before: String, $query: String, $departmentMode: Boolean!,"
                f" $filter: {self.kind}Filter, $orderBy: {self.kind}Order!) {{ {self.field}s(platformKey: \"{growth_data.PLATFORM}\","
                " first: $first, after: $after, last: $last, before: $before, query: $query, departmentMode: $departmentMode,"
                f" filter: $filter, orderBy: $orderBy) {{ {whole} }} }}")


_NOUNS = (
    _Noun("users", "programSuggestion", _USER, _USER_ORDERS, {
        "pending": ({"states": ["PENDING"]}, None),
        "search, selective": (None, "user.0001234"),
        "search, common": (None, growth_data.surname(13)),
        "search, two Chinese characters": (None, growth_data.person_name(50 * 41)),
        "search, two letters": (None, "us"),
    }),
    _Noun("groups", "programGroupSuggestion", _GROUP, _GROUP_ORDERS, {
        "search, selective": (None, growth_data.surname(5)),
        "search, common": (None, "group"),
    }),
)


class GrowthData:
    """Both platforms on both engines, built once and kept."""

    def __init__(self, target, binary, say):
        self.binary = binary
        self.folder = target / "growth-2"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.postgres = Postgres(self.folder / "postgres")
        if not self.postgres.data.exists():
            self.postgres.create()
        self.postgres.start()
        kept = self.folder / "done.json"
        self.done = json.loads(kept.read_text()) if kept.exists() else {}
        for size in SIZES:
            for engine in ENGINES:
                name = f"{size} {engine}"
                if name not in self.done:
                    self.done[name] = self._build(size, engine, say)
                    kept.touch(mode=0o600)
                    kept.write_text(json.dumps(self.done))
                else:
                    # It may have been built by a program with fewer migrations.
                    waymark.command(binary, self.url(size, engine), self.folder, "migrate", "up")

    def url(self, size, engine):
        """Of one of the databases."""
        return self.postgres.url(size) if engine == "postgres" else f"sqlite://{self.folder / size}.db"

    def _build(self, size, engine, say):
        lines = self.folder / f"{size}.ndjson"
        if not lines.exists():
            say(f"writing the lines of the {size} platform")
            with lines.open("w") as stream:
                growth_data.write(stream, SIZES[size])
        url = self.url(size, engine)
        if engine == "postgres":
            self.postgres.psql("postgres", f"DROP DATABASE IF EXISTS {size}")
            self.postgres.psql("postgres", f"CREATE DATABASE {size}")
        waymark.command(self.binary, url, self.folder, "migrate", "up")
        began = time.monotonic()
        waymark.command(self.binary, url, self.folder, "import", str(lines))
        seconds = time.monotonic() - began
        say(f"  {size}, {engine}: imported in {seconds:.0f} s")
        if engine == "postgres":
            self.postgres.psql(size, "VACUUM (ANALYZE, FREEZE)")
        else:
            file = sqlite3.connect(self.folder / f"{size}.db")
            file.execute("ANALYZE")
            file.commit()
            file.close()
        return {
            "seconds": seconds,
            "whole platform": self.key(url),
            "department": self.key(url, "--user", growth_data.DEPARTMENT_ADMIN),
            "person": self.key(url, "--user", growth_data.LEARNER),
        }

    def key(self, url, *more):
        """A key of the platform."""
        return waymark.command(self.binary, url, self.folder, "api-key", "create", "--platform", growth_data.PLATFORM,
                               "--name", "benchmark", *more)


def _cells(noun, only):
    """`(name, kind, scope, variables, whole)` of everything that is asked for."""
    rows, total = f"edges {{ cursor node {{ {noun.selection} }} }} pageInfo {{ hasNextPage }}", "totalCount"
    for scope in ("whole platform", "department"):
        base = {"departmentMode": scope == "department", "query": None, "filter": None}
        for field in noun.orders:
            order = {**base, "orderBy": {"field": field, "direction": "ASC"}}
            name = f"{noun.name}, {scope}, by {field}"
            yield f"{name}: first", "page", scope, {**order, "first": 20}, rows
            yield f"{name}: from the middle", "middle", scope, {**order, "first": 20}, rows
            yield f"{name}: last", "page", scope, {**order, "last": 20}, rows
        for what, (chosen, text) in noun.narrowed.items():
            for field in ("ID", noun.orders[3] if noun.name == "users" else "GROUP_NAME", "PROGRAM_NAME", "MODIFIED"):
                order = {**base, "filter": chosen, "query": text, "orderBy": {"field": field, "direction": "ASC"}}
                yield f"{noun.name}, {scope}, {what}, by {field}: first", "page", scope, {**order, "first": 20}, rows
            order = {**base, "filter": chosen, "query": text, "orderBy": {"field": "ID", "direction": "ASC"}}
            yield f"{noun.name}, {scope}, {what}: total", "total", scope, {**order, "first": 1}, total
        order = {**base, "orderBy": {"field": "ID", "direction": "ASC"}}
        yield f"{noun.name}, {scope}: total", "total", scope, {**order, "first": 1}, total


def measure(data, binary, folder, say, only=""):
    """Median milliseconds by cell, engine and size."""
    found = {}
    for engine in ENGINES:
        servers = {size: Waymark(binary, data.url(size, engine), folder, f"growth-{size}-{engine}") for size in SIZES}
        try:
            for noun in _NOUNS:
                for name, kind, scope, variables, whole in _cells(noun, only):
                    if only not in name:
                        continue
                    for size, server in servers.items():
                        key = data.done[f"{size} {engine}"][scope]
                        asked = dict(variables)
                        if kind == "middle":
                            asked["after"] = _middle(server.client, noun, asked, key, SIZES[size])
                        document = noun.document(whole)
                        taken = []
                        for _ in range(ROUNDS):
                            taken.append(_milliseconds(server.client, document, asked, key))
                            if taken[0] > 2000:
                                break
                        found[engine, name, kind, size] = statistics.median(taken)
                    small, large = (found[engine, name, kind, size] for size in SIZES)
                    say(f"  {engine}, {name}: {small:.1f} / {large:.1f} ms")
        finally:
            for server in servers.values():
                server.stop()
    return found


def _milliseconds(client, document, variables, key):
    began = time.perf_counter()
    try:
        client.ask(document, variables, key)
    except Failure as failure:
        if "TIMEOUT" not in str(failure):
            raise
    return (time.perf_counter() - began) * 1000


def _middle(client, noun, variables, key, size):
    """A cursor far from both ends: that of a row of somebody in the middle, who is in the department."""
    if noun.name == "users":
        chosen = {"userIds": [str(next(user for user in range(size.users // 2, size.users) if growth_data.department(user) == 165))]}
    else:
        chosen = {"groupIds": [str(size.groups // 28 * 14)]}
    data, _ = client.ask(noun.document("edges { cursor }"), {**variables, "first": 1, "filter": chosen}, key)
    return data[f"{noun.field}s"]["edges"][0]["cursor"]


def text(found):
    """Markdown: every cell that misses its target, and how many there are."""
    lines = ["| list, 20 rows | engine | small ms | large ms | ratio | target | met |", "|---|---|---|---|---|---|---|"]
    missed = 0
    for (engine, name, kind, size), small in found.items():
        if size != "small":
            continue
        large = found[engine, name, kind, "large"]
        ratio = large / small
        if kind == "total":
            most, met = TOTAL[engine], large <= TOTAL[engine]
        else:
            most, met = PAGE[engine], large <= PAGE[engine] and (ratio <= RATIO or large <= FLOOR)
        missed += not met
        lines.append(f"| {name} | {engine} | {small:.1f} | {large:.1f} | {ratio:.1f} | {most} | {'yes' if met else '**no**'} |")
    return "\n".join([*lines, "", f"{len(found) // 2} figures, {missed} of them miss their target."])


def run(target, binary, folder, say):
    """Builds the data if needed, measures, and answers the table."""
    data = GrowthData(target, binary, say)
    try:
        return text(measure(data, binary, folder, say))
    finally:
        data.postgres.stop()
