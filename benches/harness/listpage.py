"""List pages: the first five of 49 platforms, each with total and user counts, by an API key."""

import json

from . import capture, dataset, load
from .machine import Failure
from .waymark import LIST_QUERY, Waymark

PAGES = 5
PAIRS = [(platform, page) for platform in dataset.LISTED for page in range(1, PAGES + 1)]


def requests_file(path, keys):
    """The requests of a round, for wrk."""
    with path.open("w") as file:
        path.chmod(0o600)
        for platform, page in PAIRS:
            body = {"query": LIST_QUERY, "variables": {"platformKey": platform, "page": page}}
            file.write(f"{keys[platform]}\t{json.dumps(body)}\n")
    return path


def check(server, keys):
    """Every page must be what the data set says."""
    for platform, page in PAIRS:
        data, _ = server.client.ask(LIST_QUERY, {"platformKey": platform, "page": page}, keys[platform])
        answer = data["programGroupSuggestionPage"]
        rows = answer["results"]
        right = (
            answer["count"] == dataset.LISTED_SUGGESTIONS and answer["nextPage"] == page + 1
            and answer["previousPage"] == (page - 1 or None) and len(rows) == 20
            and all(row["group"]["name"] == dataset.group_name((page - 1) * 20 + number)
                    and row["program"]["key"] == dataset.program_key(platform, 0) and row["userCount"] > 40
                    for number, row in enumerate(rows)))
        if not right:
            raise Failure(f"page {page} of {platform} is wrong: {answer}")


def run(chosen, data, urls, folder, report, say):
    """Rounds of pgbench, and Waymark on either engine."""
    postgres = data.postgres
    captured = capture.of_requests(
        data, "waymark", folder,
        [(data.keys["postgres"][platform], LIST_QUERY, {"platformKey": platform, "page": page}) for platform, page in PAIRS])
    script, variables = capture.pgbench_script(captured, len(dataset.LISTED), PAGES)
    (folder / "list.sql").write_text(script)
    options = ["-f", folder / "list.sql", *(f"--define={name}={value}" for name, value in variables.items())]
    say(f"  {len(captured[0])} statements a request")

    servers = []
    try:
        for engine in ("postgres", "sqlite"):
            server = Waymark(data.binary, urls[engine], folder, engine)
            servers.append(server)
            check(server, data.keys[engine])
        files = {engine: requests_file(folder / f"list-{engine}.txt", data.keys[engine]) for engine in ("postgres", "sqlite")}
        on_postgres, on_sqlite = servers
        measurements = {
            "pgbench, the same statements": lambda name, seconds: load.pgbench(name, postgres, "waymark", options, seconds),
            "Waymark on PostgreSQL": lambda name, seconds: load.wrk(
                name, on_postgres.client.url.geturl(), files["postgres"],
                {"Waymark": on_postgres.pid, "PostgreSQL": postgres.process.pid}, seconds),
            "Waymark on SQLite": lambda name, seconds: load.wrk(
                name, on_sqlite.client.url.geturl(), files["sqlite"], {"Waymark": on_sqlite.pid}, seconds),
        }
        rounds = {name: [] for name in measurements}
        for number in range(chosen.rounds + 1):
            for name, measure in measurements.items():
                # The first round warms up and does not count.
                one = measure(name, chosen.seconds if number else 1)
                if number:
                    rounds[name].append(one)
                    say(f"  {name}: {one.rate:,.0f}/s, {', '.join(f'{k} {v:.0f} µs' for k, v in one.cpu.items())}, others {one.foreign:.0%}")
        for engine, server in zip(("postgres", "sqlite"), servers, strict=True):
            check(server, data.keys[engine])
    finally:
        for server in servers:
            server.stop()
        for file in folder.glob("list-*.txt"):
            file.unlink()  # It holds keys.
    report.add("list page", rounds)
    report.ratio("list page", "list page, of pgbench", "Waymark on PostgreSQL", "pgbench, the same statements", 0.50)
    report.ratio("list page", "list page, SQLite of PostgreSQL", "Waymark on SQLite", "Waymark on PostgreSQL", None)
