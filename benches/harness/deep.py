"""Deep pages of the big platform, by cursor and by number."""

import json

from . import dataset, load
from .machine import Failure
from .rounds import interleaved
from .waymark import Waymark

DEPTH = 90_000
PAGE_SIZE = 20
PART = "deep page"
CONNECTIONS = 8

_ROWS = ("id databaseId accepted visible created modified metadata userCount group { databaseId name } program { key name }")
CURSOR = (f'query($after: String) {{ programGroupSuggestions(platformKey: "{dataset.BIG}", first: {PAGE_SIZE}, after: $after)'
          f" {{ edges {{ cursor node {{ {_ROWS} }} }} pageInfo {{ hasNextPage endCursor }} }} }}")
NUMBER = (f'query($page: Int!) {{ programGroupSuggestionPage(platformKey: "{dataset.BIG}", page: $page, pageSize: {PAGE_SIZE})'
          f" {{ count nextPage previousPage results {{ {_ROWS} }} }} }}")
_BACK = (f'query($before: String) {{ programGroupSuggestions(platformKey: "{dataset.BIG}", last: 100, before: $before)'
         " { pageInfo { startCursor } } }")

# What one writes first: whole rows are joined, sorted and thrown away up to the offset.
_PLAIN = f"""
SELECT s.*, p.*, g.* FROM program_group_suggestions s
JOIN programs p ON p.id = s.program_id JOIN user_groups g ON g.id = s.group_id
WHERE s.platform_id = :platform ORDER BY s.id LIMIT {PAGE_SIZE} OFFSET {DEPTH - PAGE_SIZE};
SELECT count(*) FROM program_group_suggestions s
JOIN programs p ON p.id = s.program_id JOIN user_groups g ON g.id = s.group_id WHERE s.platform_id = :platform;
"""


def _cursor(client, key):
    """The cursor of the row at the depth, found from the end of the list."""
    before = None
    for _ in range((dataset.BIG_SUGGESTIONS - DEPTH) // 100):
        data, _ = client.ask(_BACK, {"before": before}, key)
        before = data["programGroupSuggestions"]["pageInfo"]["startCursor"]
    return before


def _check(client, key, query, variables, depth):
    data, _ = client.ask(query, variables, key)
    answer = next(iter(data.values()))
    rows = [edge["node"] for edge in answer["edges"]] if "edges" in answer else answer["results"]
    expected = [dataset.group_name((depth + number) % dataset.BIG_GROUPS) for number in range(PAGE_SIZE)]
    if [row["group"]["name"] for row in rows] != expected:
        raise Failure(f"the page at depth {depth} is wrong: {answer}")


def run(chosen, data, urls, folder, report, say):
    """Rounds of the first page, the deep one, by number, and what plain SQL takes."""
    measurements = {}
    servers = []
    plain = folder / "offset.sql"
    plain.write_text(_PLAIN.replace(":platform", str(data.platform_ids[dataset.BIG])))
    postgres = data.postgres
    try:
        for engine in ("postgres", "sqlite"):
            server = Waymark(data.binary, urls[engine], folder, f"deep-{engine}")
            servers.append(server)
            key = data.keys[engine][dataset.BIG]
            for what, query, variables, depth in (
                ("first page by cursor", CURSOR, {"after": None}, 0),
                # The row of the cursor is the one at the depth: what comes after it is one further.
                ("deep page by cursor", CURSOR, {"after": _cursor(server.client, key)}, DEPTH + 1),
                ("deep page by number", NUMBER, {"page": DEPTH // PAGE_SIZE}, DEPTH - PAGE_SIZE),
            ):
                _check(server.client, key, query, variables, depth)
                requests = folder / f"list-deep-{engine}-{len(measurements)}.txt"
                requests.touch(mode=0o600)
                requests.write_text(f"{key}\t{json.dumps({'query': query, 'variables': variables})}\n")
                components = {"Waymark": server.pid} | ({"PostgreSQL": postgres.process.pid} if engine == "postgres" else {})
                measurements[f"{what}, {engine}"] = (
                    lambda name, seconds, url=server.client.url.geturl(), requests=requests, components=components:
                    load.wrk(name, url, requests, components, seconds, CONNECTIONS))
        measurements["plain OFFSET by pgbench"] = lambda name, seconds: load.pgbench(
            name, postgres, "waymark", ["-f", plain], seconds, CONNECTIONS)
        rounds = interleaved(chosen, measurements, say)
    finally:
        for server in servers:
            server.stop()
        for file in folder.glob("list-*.txt"):
            file.unlink()
    report.add(PART, rounds)
    for engine in ("postgres", "sqlite"):
        report.ratio(PART, f"cursor at depth {DEPTH:,}, of the first page, {engine}",
                     f"deep page by cursor, {engine}", f"first page by cursor, {engine}", 0.9)
    report.ratio(PART, f"page number at depth {DEPTH:,}, of plain OFFSET", "deep page by number, postgres", "plain OFFSET by pgbench", 3)
