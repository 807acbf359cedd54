"""Searches on the big platform: the time that the database takes."""

import re
import statistics

from . import dataset, load, machine
from .machine import Failure
from .waymark import Waymark

PART = "search"
REQUESTS = 20
PAGE = (f'query($query: String!) {{ programGroupSuggestionPage(platformKey: "{dataset.BIG}", query: $query, pageSize: 20)'
        " { count nextPage results { databaseId userCount group { name } program { key name } } } }")
CURSOR = (f'query($query: String!) {{ programGroupSuggestions(platformKey: "{dataset.BIG}", query: $query, first: 20)'
          " { edges { cursor node { databaseId userCount group { name } program { key name } } } pageInfo { hasNextPage } } }")
TRIVIAL = 'query($query: String!) { __typename @skip(if: false) platform(key: $query) { key } }'
CASES = [
    # What, text, rows that match, most milliseconds on PostgreSQL; on SQLite twice that.
    ("a selective word", dataset.SELECTIVE_WORD, dataset.BIG_GROUPS // 2000 * dataset.PROGRAMS, 5),
    ("what matches all", dataset.COMMON_WORD, dataset.BIG_SUGGESTIONS, 25),
]
DOCUMENTS = [("with total", PAGE), ("by cursor", CURSOR)]


def _count(client, key, text, expected):
    data, _ = client.ask(PAGE, {"query": text}, key)
    if data["programGroupSuggestionPage"]["count"] != expected:
        raise Failure(f"searching for {text!r} finds {data['programGroupSuggestionPage']['count']}, not {expected}")


def _database_time(entries):
    """Milliseconds of all steps of all statements in a part of the log."""
    found = [re.match(r"duration: ([0-9.]+) ms", entry["message"]) for entry in entries
             if entry.get("application_name") == "waymark"]
    return sum(float(match[1]) for match in found if match)


def run(chosen, data, urls, folder, report, say):
    """Rounds of searches, one at a time."""
    postgres = data.postgres
    postgres.psql("postgres", "ALTER DATABASE waymark SET log_min_duration_statement = 0")
    servers = {engine: Waymark(data.binary, urls[engine], folder, f"search-{engine}") for engine in ("postgres", "sqlite")}
    rounds = {}
    try:
        for engine, server in servers.items():
            for _, text, expected, _ in CASES:
                _count(server.client, data.keys[engine][dataset.BIG], text, expected)
        for number in range(chosen.rounds + 1):
            for what, text, _, _ in CASES:
                for how, document in DOCUMENTS:
                    for engine, server in servers.items():
                        key = data.keys[engine][dataset.BIG]
                        name = f"{what}, {how}, {engine}"

                        def ask(document=document, text=text, server=server, key=key):
                            return server.client.ask(document, {"query": text}, key)[1] * 1000

                        with machine.Watch() as watch:
                            if engine == "postgres":
                                taken = _database_time(postgres.logged(lambda: [ask() for _ in range(REQUESTS)])) / REQUESTS
                            else:
                                # SQLite runs inside: what a search takes more than a request that hardly reads.
                                trivial = statistics.median(
                                    server.client.ask(TRIVIAL, {"query": dataset.BIG}, key)[1] * 1000 for _ in range(REQUESTS))
                                taken = max(statistics.median(ask() for _ in range(REQUESTS)) - trivial, 0.001)
                        if number:
                            rounds.setdefault(name, []).append(load.Round(name, 1, taken / 1000, {}, watch))
                            say(f"  {name}: {taken:.2f} ms; others {watch.foreign:.0%}")
    finally:
        for server in servers.values():
            server.stop()
        postgres.psql("postgres", "ALTER DATABASE waymark RESET log_min_duration_statement")
    report.add(PART, rounds, unit="ms")
    for what, _, _, most in CASES:
        for how, _ in DOCUMENTS:
            for engine, times in (("postgres", 1), ("sqlite", 2)):
                report.milliseconds(PART, f"search for {what}, {how}, {engine}", f"{what}, {how}, {engine}", most * times)
