"""The command `benches/profile`: samples of the server's CPU time, summed up by component."""

import argparse
import collections
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from . import listpage, load
from .data import ROOT, Data
from .machine import Failure
from .waymark import Waymark

# A sample belongs to the first of these that the function running, or else the one that called it,
# and so on outwards, is part of. What is in nobody's list (the standard library, memcpy, small
# collections) so counts for whoever calls it.
COMPONENTS = [
    ("allocator", r"^(malloc|free|cfree|calloc|realloc|_int_|__libc_(malloc|free|calloc|realloc)|malloc_|unlink_chunk|"
                  r"sysmalloc|arena_|tcache|_?rjem|je_|mi_|_mi_|__r(ust|dl|g)_(alloc|dealloc|realloc)|tikv_jemalloc)"),
    ("before execution: parse, validate, measure, cache", r"\bwaymark::graphql::operation\b"),
    ("resolvers", r"\bwaymark::graphql\b"),
    ("GraphQL over HTTP", r"\bwaymark::http::graphql\b"),
    ("callers and rules", r"\bwaymark::(auth|domain|page|clock|error)\b"),
    ("statements and rows", r"\bwaymark::db\b"),
    ("log and metrics", r"\b(waymark::(telemetry|http::request)|tracing\w*|prometheus_client|time)::"),
    ("the rest of the HTTP door", r"\bwaymark::"),
    ("executor", r"\basync_graphql(_value|_parser)?::"),
    ("driver", r"\b(sqlx\w*|sea_orm|sea_query\w*|libsqlite3_sys|flume|futures_intrusive)::|^sqlite3|^(pcache|pager|btree|vdbe|fts)[A-Z0-9]"),
    ("serialisation", r"\b(serde|serde_json|itoa|ryu|zmij)::"),
    ("hashes and cryptography", r"\b(sha2|sha1|digest|rustls|ring|aws_lc\w*|hmac|md5)::"),
    ("runtime and HTTP", r"\b(tokio|tokio_util|hyper|hyper_util|axum|axum_core|tower|tower_http|tower_service|http|http_body\w*|"
                         r"httparse|mio|bytes|matchit|futures_util|futures_core|futures_channel|parking_lot\w*|crossbeam\w*)::"),
]
_COMPILED = [(name, re.compile(pattern)) for name, pattern in COMPONENTS]
OTHER = "other"


def component(frames):
    """Of one sample, given its functions from the inside out; and the function that decided."""
    if frames and frames[0][1]:
        return "kernel", frames[0][0]
    for name, _ in frames:
        for of, pattern in _COMPILED:
            if pattern.search(name):
                return of, name
    return OTHER, frames[0][0] if frames else "?"


def _base(pid, binary):
    """Where the program is loaded."""
    for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
        fields = line.split(maxsplit=5)
        if len(fields) == 6 and fields[5] == str(binary) and int(fields[2], 16) == 0:
            return int(fields[0].split("-")[0], 16)
    raise Failure(f"{binary} is not mapped into process {pid}")


def _symbols(binary, addresses):
    """The functions at each address of the program, inlined ones first."""
    found = {}
    done = subprocess.run(["addr2line", "-e", binary, "-a", "-f", "-i", "-C"], capture_output=True, text=True,
                          input="".join(f"{one:#x}\n" for one in addresses))
    if done.returncode != 0:
        raise Failure(f"addr2line failed: {done.stderr}")
    current = None
    functions = iter(done.stdout.splitlines())
    for line in functions:
        if re.fullmatch(r"0x[0-9a-f]+", line):
            current = found.setdefault(int(line, 16), [])
        else:
            current.append(line)
            next(functions)  # The place in the source.
    return found


def samples(recording, base, binary):
    """Each sample as its frames `(function, in the kernel)`, from the inside out."""
    done = subprocess.run(["perf", "script", "-i", recording, "-F", "ip,sym,dso", "--no-inline"], capture_output=True, text=True)
    if done.returncode != 0:
        raise Failure(f"perf script failed: {done.stderr}")
    stacks = []
    for block in done.stdout.split("\n\n"):
        stack = []
        for line in block.splitlines():
            found = re.match(r"^\s*([0-9a-f]+) (.*) \(([^()]*(?:\([^()]*\))?)\)$", line)
            if found:
                stack.append((int(found[1], 16), re.sub(r"\+0x[0-9a-f]+$", "", found[2]), found[3]))
        if stack:
            stacks.append(stack)
    # An address on the stack is where the call returns to: the call is before it.
    inside = {address - base - (1 if depth else 0)
              for stack in stacks for depth, (address, _, where) in enumerate(stack) if where == str(binary)}
    names = _symbols(binary, sorted(one for one in inside if one >= 0))
    expanded = []
    for stack in stacks:
        frames = []
        for depth, (address, name, where) in enumerate(stack):
            if where == str(binary):
                # A program without line tables still has its symbols, which perf has read.
                known = [one for one in names.get(address - base - (1 if depth else 0), []) if one != "??"]
                frames += [(one, False) for one in known or [name]]
            else:
                frames.append((name, "kernel" in where or address >> 63 == 1))
        expanded.append(frames)
    return expanded


def _arguments():
    parser = argparse.ArgumentParser(
        prog="benches/profile",
        description="Serves the list pages of benches/run to 64 connections, samples where the server's CPU time goes "
        "(perf, user and kernel), and prints the shares by component. Builds the program with names and frame pointers "
        "(profile `profiling`) into target/profiling.")
    parser.add_argument("--engine", choices=("postgres", "sqlite"), default="postgres", help="default: %(default)s")
    parser.add_argument("--seconds", type=int, default=6, metavar="N", help="of load (default: %(default)s)")
    parser.add_argument("--top", type=int, default=4, metavar="N", help="functions to name for each component (default: %(default)s)")
    parser.add_argument("--binary", type=Path, metavar="PATH", help="the program, built as said above (default: build it)")
    parser.add_argument("--stacks", type=Path, metavar="FILE", help="also write folded stacks, for a flame graph")
    return parser.parse_args()


def _program(chosen):
    if chosen.binary:
        return chosen.binary.resolve()
    flags = os.environ.get("RUSTFLAGS", "") + " -C force-frame-pointers=yes"
    built = subprocess.run(["cargo", "build", "--profile", "profiling", "--locked", "--bin", "waymark"],
                           cwd=ROOT, env={**os.environ, "RUSTFLAGS": flags.strip()})
    if built.returncode != 0:
        raise Failure("cargo build failed")
    return (Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "profiling/waymark").resolve()


def _table(stacks, rate, cpu, top):
    shares = collections.Counter()
    functions = collections.defaultdict(collections.Counter)
    for frames in stacks:
        of, name = component(frames)
        shares[of] += 1
        functions[of][re.sub(r"::h[0-9a-f]{16}$", "", name)] += 1
    total = sum(shares.values())
    lines = [f"{rate:,.0f} requests/s, {cpu:.0f} µs of CPU each in the server; {total:,} samples", "",
             "| component | share | µs a request | most of it in |", "|---|---|---|---|"]
    for of, count in shares.most_common():
        most = ", ".join(f"`{name[:90]}` {hits / total:.1%}" for name, hits in functions[of].most_common(top))
        lines.append(f"| {of} | {count / total:.1%} | {count / total * cpu:.0f} | {most} |")
    return "\n".join(lines)


def main():
    """Does it; answers the exit status."""
    chosen = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    target = Path(os.environ.get("WAYMARK_BENCHES_DIR", ROOT / "target" / "benches"))
    folder = target / time.strftime("profile-%Y%m%d-%H%M%S")
    data = None
    try:
        for tool in ("perf", "addr2line"):
            if shutil.which(tool) is None:
                raise Failure(f"missing: {tool} (Debian: linux-perf, binutils)")
        binary = _program(chosen)
        folder.mkdir(parents=True)
        data = Data(target, binary, False, lambda text: print(text, file=sys.stderr))
        urls = data.copy(folder)
        server = Waymark(binary, urls[chosen.engine], folder, "profile")
        try:
            listpage.check(server, data.keys[chosen.engine])
            requests = listpage.requests_file(folder / "list.txt", data.keys[chosen.engine])
            components = {"Waymark": server.pid}
            url = server.client.url.geturl()
            load.wrk("warm-up", url, requests, components, 1)
            recording = folder / "perf.data"
            # cpu-clock, because a virtual machine may have no hardware counters.
            perf = subprocess.Popen(["perf", "record", "-q", "-e", "cpu-clock", "-F", "1999", "--call-graph", "fp", "-o", recording,
                                     "-p", str(server.pid)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            try:
                measured = load.wrk("profile", url, requests, components, chosen.seconds)
            finally:
                perf.send_signal(signal.SIGINT)
                complaint = perf.communicate(timeout=60)[1]
            if not recording.exists() or not recording.stat().st_size:
                raise Failure(f"perf recorded nothing: {complaint}")
            stacks = samples(recording, _base(server.pid, binary), binary)
        finally:
            server.stop()
        print(_table(stacks, measured.rate, measured.cpu["Waymark"], chosen.top))
        if chosen.stacks:
            folded = collections.Counter(";".join(name for name, _ in reversed(frames)) for frames in stacks)
            chosen.stacks.write_text("".join(f"{stack} {count}\n" for stack, count in folded.items()))
        return 0
    except Failure as failure:
        print(f"benches/profile: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        if data is not None:
            data.postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)
