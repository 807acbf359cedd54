"""From the start of the process to the first "ready", on a migrated database."""

from . import load, machine
from .waymark import Waymark

PART = "start-up"
MOST = 200


def run(chosen, data, urls, folder, report, say):
    """Rounds of starting and stopping."""
    rounds = {}
    for number in range(chosen.rounds + 1):
        for engine, url in urls.items():
            with machine.Watch() as watch:
                server = Waymark(data.binary, url, folder, f"start-{engine}")
                used = machine.cpu_seconds(server.pid)
            server.stop()
            if number:
                rounds.setdefault(engine, []).append(load.Round(engine, 1, server.start_up, {"Waymark": used}, watch))
                say(f"  {engine}: ready after {server.start_up * 1000:.0f} ms; others {watch.foreign:.0%}")
    report.add(PART, rounds, unit="ms")
    for engine in urls:
        report.milliseconds(PART, f"start-up to ready, {engine}", engine, MOST)
