"""More requests than can be answered: what is answered well nevertheless, how fast, and with what memory."""

import json

from . import dataset, load, machine, open_load, requests
from .machine import Failure
from .report import median
from .waymark import Waymark

PART = "overload"
ENGINES = ("postgres", "sqlite")
# A page that costs the database some milliseconds, so that ten times as many as can be answered are still few for the
# client, which runs on the same machine.
QUERY = requests.USERS.connection(True)
VARIABLES = {"first": 100, "query": "user", "departmentMode": False, "orderBy": {"field": "NAME", "direction": "DESC"}}


def run(chosen, data, urls, folder, report, say):
    """The peak with 64 connections, then twice and ten times as many requests a second, whatever becomes of them."""
    rounds = {}
    for engine in ENGINES:
        server = Waymark(data.binary, urls[engine], folder, f"overload-{engine}")
        key = data.keys[engine][dataset.BIG]
        body = json.dumps({"query": QUERY, "variables": VARIABLES})
        host, port = server.address.rsplit(":", 1)
        request = (f"POST /graphql HTTP/1.1\r\nHost: {server.address}\r\nContent-Type: application/json\r\n"
                   f"Authorization: Api-Token {key}\r\nContent-Length: {len(body)}\r\n\r\n{body}").encode()
        lines = folder / "list-overload.txt"
        lines.touch(mode=0o600)
        lines.write_text(f"{key}\t{body}\n")
        components = {"Waymark": server.pid} | ({"PostgreSQL": data.postgres.process.pid} if engine == "postgres" else {})
        try:
            # Long enough for what connections and the allocator keep.
            load.wrk("warm-up", server.client.url.geturl(), lines, components, 15)
            for number in range(chosen.rounds):
                peak = load.wrk(f"64 connections, {engine}", server.client.url.geturl(), lines, components, chosen.seconds)
                if server.client.metric("waymark_requests_refused_total", reason="overloaded") and not number:
                    raise Failure("64 connections were too many already")
                peak.more["memory"] = machine.own_memory(server.pid)
                rounds.setdefault(peak.name, []).append(peak)
                say(f"  {peak.name}: {peak.rate:.0f}/s, median {peak.more['p50_ms']:.0f} ms, {peak.more['memory']:.0f} MiB")
                for times in (2, 10):
                    name = f"{times} x as many, {engine}"
                    def work(rate=peak.rate * times):
                        answers = open_load.ask((host, int(port)), request, rate, chosen.seconds)
                        return answers.in_time, chosen.seconds, {"answers": answers}

                    one = load.measured(name, components, work)
                    answers = one.more.pop("answers")
                    strange = {status: len(taken) for status, taken in answers.taken.items() if status not in (200, 503)}
                    if strange or answers.lost:
                        raise Failure(f"{name}: {strange}, {answers.lost} without an answer")
                    one.more |= {"p50_ms": answers.median() * 1000, "p99_ms": answers.at(0.99) * 1000,
                                 "memory": machine.own_memory(server.pid), "refused_p50_ms": answers.median(503) * 1000,
                                 "refused": len(answers.taken.get(503, []))}
                    rounds.setdefault(name, []).append(one)
                    say(f"  {name}: {one.rate:.0f}/s good, median {one.more['p50_ms']:.0f} ms, {one.more['memory']:.0f} MiB; "
                        f"{one.more['refused']} refused within {one.more['refused_p50_ms']:.0f} ms; others {one.foreign:.0%}")
        finally:
            server.stop()
            lines.unlink()  # It holds a key.
    report.add(PART, rounds)
    for engine in ENGINES:
        peak = rounds[f"64 connections, {engine}"]
        for times in (2, 10):
            name = f"{times} x as many, {engine}"
            report.ratio(PART, f"good answers at {times} x, of the peak, {engine}", name, f"64 connections, {engine}", 0.9)
            for what, figure, most in (("the median good answer", "p50_ms", 2), ("memory", "memory", 1.3)):
                values = [one.more[figure] / other.more[figure] for one, other in zip(rounds[name], peak, strict=True)]
                report.target(f"{what} at {times} x, of that at the peak, {engine}",
                              f"{median(values):.2f} ({min(values):.2f} to {max(values):.2f})", f"at most {most}", median(values) <= most)
