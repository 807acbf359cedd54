"""Load: wrk for servers, pgbench for PostgreSQL alone; and what a stretch of it cost."""

import json
import re
import shutil
import subprocess
from pathlib import Path

from . import machine
from .machine import Failure

CONNECTIONS = 64


class Round:
    """One measured stretch: requests a second, CPU time a request by component, others' share."""

    def __init__(self, name, requests, seconds, cpu, watch, **more):
        self.name, self.more = name, more
        self.foreign, self.watched = watch.foreign, watch.seconds
        self.rate = requests / seconds
        self.cpu = {component: used / requests * 1e6 for component, used in cpu.items()}

    def json(self):
        """As it is kept."""
        return {"name": self.name, "rate": self.rate, "cpu_us": self.cpu, "foreign": self.foreign, "watched_seconds": self.watched, **self.more}


def measured(name, components, work):
    """The round of some work, which answers how much was done, in how many seconds, and what else to keep."""
    before = {component: machine.cpu_seconds(pid) for component, pid in components.items()}
    with machine.Watch() as watch:
        requests, seconds, more = work()
    cpu = {component: machine.cpu_seconds(pid) - before[component] for component, pid in components.items()}
    return Round(name, requests, seconds, cpu, watch, **more)


def wrk(name, url, requests, components, seconds, connections=CONNECTIONS):
    """Sends the requests of a file to a server, over and over."""
    if shutil.which("wrk") is None:
        raise Failure("missing: wrk (Debian: apt-get install --no-install-recommends wrk)")
    script = Path(__file__).with_name("list.lua")

    def work():
        done = subprocess.run(["wrk", "-t", "1", "-c", str(connections), "-d", f"{seconds}s", "--timeout", "30s",
                               "-s", script, url, "--", requests], capture_output=True, text=True)
        found = re.search(r"^RESULT (.*)$", done.stdout, re.M)
        if done.returncode != 0 or found is None:
            raise Failure(f"wrk failed: {done.stderr}{done.stdout}")
        result = json.loads(found[1])
        if result["status"] or result["socket"] or not result["requests"]:
            raise Failure(f"{name}: {result['status']} answers were not 2xx, {result['socket']} never came")
        more = {"p50_ms": result["p50"] / 1000, "p99_ms": result["p99"] / 1000}
        return result["requests"], result["microseconds"] / 1e6, more

    return measured(name, components, work)


def pgbench(name, postgres, database, options, seconds, clients=8, settings=""):
    """Runs scripts against PostgreSQL with prepared statements."""

    def work():
        done = subprocess.run(
            postgres.client("pgbench", "-n", "-M", "prepared", "-c", clients, "-j", 1, "-T", seconds, *options) + [database],
            capture_output=True, text=True, env={**postgres.environment(), "PGOPTIONS": settings})
        count = re.search(r"number of transactions actually processed: (\d+)", done.stdout)
        rate = re.search(r"tps = ([0-9.]+) \(without", done.stdout)
        failed = re.search(r"number of failed transactions: (\d+)", done.stdout)
        if done.returncode != 0 or not count or not rate or (failed and int(failed[1])) or "error" in done.stderr:
            raise Failure(f"pgbench failed: {done.stderr}{done.stdout}")
        return int(count[1]), int(count[1]) / float(rate[1]), {}

    return measured(name, {"PostgreSQL": postgres.process.pid}, work)
