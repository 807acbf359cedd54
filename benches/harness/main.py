"""The command `benches/run`."""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from . import bulk, deep, growth, listpage, live, overload, person, plans, search, startup
from .data import ROOT, Data
from .machine import Failure
from .report import Report

PARTS = {"list": listpage.run, "deep": deep.run, "search": search.run, "bulk": bulk.run, "live": live.run,
         "overload": overload.run, "startup": startup.run, "plans": plans.run}
# They have data of their own, ten million lines of them, so they are measured only where they are asked for.
GROWN = ("growth", "person")


def arguments():
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="benches/run",
        description="Measures Waymark (the build that is shipped) against PostgreSQL alone (pgbench) and against PostGraphile, "
        "in one run on one data set: interleaved rounds, a table of ratios with their spread. The first run builds "
        "the data set (1.3 million lines through `waymark import`) and keeps it below target/benches. Fails, "
        "without a table, if something else was at work on the machine meanwhile.")
    parser.add_argument("--only", default=",".join(PARTS), metavar="PARTS", help=f"some of: %(default)s; or one of {', '.join(GROWN)}: "
                        "every list on 120,000 and on 6,000,000 suggestions, and the person's side on the latter; their data takes half an hour the first time")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="rounds of each measurement (default: %(default)s)")
    parser.add_argument("--seconds", type=int, default=3, metavar="N", help="seconds of load a round (default: %(default)s)")
    parser.add_argument("--binary", type=Path, metavar="PATH", help="the program (default: cargo build --profile dist)")
    parser.add_argument("--no-peer", dest="peer", action="store_false", help="leave PostGraphile out")
    parser.add_argument("--fresh", action="store_true", help="build the data set anew")
    parser.add_argument("--anyway", action="store_true", help="print figures of disturbed rounds as well, saying so")
    chosen = parser.parse_args()
    chosen.only = chosen.only.split(",")
    unknown = [part for part in chosen.only if part not in PARTS and (part not in GROWN or len(chosen.only) > 1)]
    if unknown or chosen.rounds < 1 or chosen.seconds < 1:
        parser.error(f"--only takes {', '.join(PARTS)}, or one of {', '.join(GROWN)} alone" if unknown else "--rounds and --seconds must be at least 1")
    return chosen


def say(text):
    """Progress, for people."""
    print(text, file=sys.stderr, flush=True)


def program(chosen, folder):
    """A copy of the program: the original may be rebuilt meanwhile."""
    source = chosen.binary
    if source is None:
        if subprocess.run(["cargo", "build", "--profile", "dist", "--locked", "--bin", "waymark"], cwd=ROOT).returncode != 0:
            raise Failure("cargo build --profile dist failed")
        source = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "dist/waymark"
    if not source.is_file():
        raise Failure(f"there is no program {source}")
    copy = folder / "waymark"
    shutil.copy2(source, copy)
    return copy.resolve()


def _tell(report, folder):
    """Prints the table and keeps the rounds."""
    text = report.text()
    (folder / "results.json").write_text(json.dumps(report.json(), indent=1))
    (folder / "results.md").write_text(text)
    print(text)
    say(f"raw rounds: {folder / 'results.json'}")


def main():
    """Does it; answers the exit status."""
    chosen = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    target = Path(os.environ.get("WAYMARK_BENCHES_DIR", ROOT / "target" / "benches"))
    folder = target / time.strftime("run-%Y%m%d-%H%M%S")
    folder.mkdir(parents=True)
    data = None
    try:
        if chosen.only == ["growth"]:
            text = growth.run(target, program(chosen, folder), folder, say)
            (folder / "results.md").write_text(text)
            print(text)
            return 0
        if chosen.only == ["person"]:
            data = growth.GrowthData(target, program(chosen, folder), say)
            report = Report(chosen, data)
            person.run(chosen, data, folder, report, say)
            _tell(report, folder)
            return 0
        data = Data(target, program(chosen, folder), chosen.fresh, say)
        report = Report(chosen, data)
        for part in chosen.only:
            say(f"measuring: {part}")
            # Each part begins with the same databases, whatever the one before wrote.
            PARTS[part](chosen, data, data.copy(folder), folder, report, say)
        _tell(report, folder)
        return 0
    except Failure as failure:
        say(f"benches/run: {failure}")
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        if data is not None:
            data.postgres.stop()
        for name in ("waymark", "waymark.db", "waymark.db-wal", "waymark.db-shm"):
            (folder / name).unlink(missing_ok=True)
