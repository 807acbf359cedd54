"""List pages: the first five of 49 platforms, each with total and user counts, by an API key."""

import json

from . import capture, dataset, load, machine, peer
from .machine import Failure
from .rounds import interleaved
from .waymark import LIST_QUERY, Waymark

PAGES = 5
PAIRS = [(platform, page) for platform in dataset.LISTED for page in range(1, PAGES + 1)]
PART = "list page"
LIMIT = "PostgreSQL alone: pgbench, the same statements"
KEPT = "the same, plan_cache_mode = force_generic_plan"
MEMORY = 50
# V8 compiles what ran some thousand times.
WARM_UP = 8


def requests_file(path, keys):
    """The requests of a round, for wrk."""
    path.touch(mode=0o600)
    with path.open("w") as file:
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
    """Rounds of pgbench, PostGraphile, and Waymark on either engine."""
    postgres = data.postgres
    captured = capture.of_requests(
        data, "waymark", folder,
        [(data.keys["postgres"][platform], LIST_QUERY, {"platformKey": platform, "page": page}) for platform, page in PAIRS])
    script, variables = capture.pgbench_script(captured, len(dataset.LISTED), PAGES)
    (folder / "list.sql").write_text(script)
    options = ["-f", folder / "list.sql", *(f"--define={name}={value}" for name, value in variables.items())]
    say(f"  {len(captured[0])} statements a request")

    measurements = {
        LIMIT: lambda name, seconds: load.pgbench(name, postgres, "waymark", options, seconds),
        KEPT: lambda name, seconds: load.pgbench(
            name, postgres, "waymark", options, seconds, settings="-c plan_cache_mode=force_generic_plan"),
    }

    def wrk(server, requests, component, database):
        components = {component: server.pid} | ({"PostgreSQL": postgres.process.pid} if database else {})
        return lambda name, seconds: load.wrk(name, server.client.url.geturl(), requests, components, seconds)

    servers, peers = {}, {}
    try:
        if chosen.peer:
            peer.install()
            requests = folder / "list-peer.txt"
            requests.write_text("".join(f"\t{peer.body(data.platform_ids[platform], page)}\n" for platform, page in PAIRS))
            for processes in (1, 2):
                name = f"PostGraphile, {processes} process{'es' if processes > 1 else ''}"
                peers[name] = peer.PostGraphile(urls["postgres"], processes, folder)
                peer.check(peers[name], data.platform_ids, PAIRS)
                measurements[name] = wrk(peers[name], requests, "PostGraphile", True)
        for engine, name in (("postgres", "Waymark on PostgreSQL"), ("sqlite", "Waymark on SQLite")):
            servers[engine] = Waymark(data.binary, urls[engine], folder, engine)
            check(servers[engine], data.keys[engine])
            measurements[name] = wrk(servers[engine], requests_file(folder / f"list-{engine}.txt", data.keys[engine]),
                                     "Waymark", engine == "postgres")
        rounds = interleaved(chosen, measurements, say, WARM_UP)
        for engine, server in servers.items():
            check(server, data.keys[engine])
        for server in peers.values():
            peer.check(server, data.platform_ids, PAIRS)
        memory = {engine: machine.memory(server.pid) for engine, server in servers.items()}
    finally:
        for server in [*servers.values(), *peers.values()]:
            server.stop()
        for file in folder.glob("list-*.txt"):
            file.unlink()  # It holds keys.
    report.add(PART, rounds)
    report.ratio(PART, "list page, of the better pgbench", "Waymark on PostgreSQL", report.fastest(PART, [LIMIT, KEPT]), 0.50)
    if peers:
        report.ratio(PART, "list page, of the better PostGraphile", "Waymark on PostgreSQL", report.fastest(PART, list(peers)), 3)
        report.notes.append("PostGraphile looks up no API key, has no limits, log or metrics here, and answers the same rows.")
    report.ratio(PART, "list page, SQLite of PostgreSQL", "Waymark on SQLite", "Waymark on PostgreSQL", None)
    for engine, (highest, of_files) in memory.items():
        # Pages of the database's file that SQLite maps are the system's cache: they go when others need memory.
        own = highest - of_files
        report.target(f"memory under {load.CONNECTIONS} connections, {engine}", f"{own:.0f} MiB, and {of_files:.0f} MiB of mapped files",
                      f"at most {MEMORY} MiB", own <= MEMORY)
