"""What the machine did: CPU time by process, and whether anybody else was at work."""

import os
import platform
import time
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
CORES = os.cpu_count() or 1


class Failure(Exception):
    """The benchmark cannot go on, or found something wrong; the text is for people."""


def _processes():
    """Parent, own ticks and the ticks of children that ended, by process id."""
    found = {}
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            text = Path("/proc", name, "stat").read_text()
        except OSError:
            continue  # It ended meanwhile.
        fields = text[text.rindex(")") + 2:].split()
        found[int(name)] = (int(fields[1]), int(fields[11]) + int(fields[12]), int(fields[13]) + int(fields[14]))
    return found


def _tree(processes, root):
    children = {}
    for pid, (parent, _, _) in processes.items():
        children.setdefault(parent, []).append(pid)
    found, waiting = set(), [root]
    while waiting:
        pid = waiting.pop()
        if pid in processes and pid not in found:
            found.add(pid)
            waiting += children.get(pid, [])
    return found


def cpu_seconds(pid):
    """CPU time of a process and everything below it, ended children included."""
    processes = _processes()
    return sum(sum(processes[one][1:]) for one in _tree(processes, pid)) / TICK


def memory(pid):
    """Resident memory of a process in MiB: the highest so far, and how much of it now is pages of files."""
    sizes = {}
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        name, _, rest = line.partition(":")
        if name in ("VmHWM", "RssFile"):
            sizes[name] = int(rest.split()[0]) / 1024
    return sizes["VmHWM"], sizes["RssFile"]


def own_memory(pid):
    """Resident memory of a process now in MiB, pages of files left out."""
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("RssAnon"))
    return int(line.split()[1]) / 1024


class Watch:
    """Watches a stretch of time: what all others on this machine used of its CPUs meanwhile."""

    def __enter__(self):
        self._before = self._look()
        return self

    def __exit__(self, *_):
        after = self._look()
        self.seconds = after[0] - self._before[0]
        capacity = self.seconds * CORES
        own = after[1] - self._before[1]
        busy = after[2] - self._before[2]
        others = after[3] - self._before[3]
        stolen = after[4] - self._before[4]
        # Two views, since each has a blind side: processes that this namespace does not show are in the
        # total only, which has the kernel's own work in it, too; and who ends while processes are being
        # listed may be counted twice, but never beyond the total.
        rest = max(busy - own, 0)
        self.foreign = (max(min(others, rest), rest - 0.05 * capacity) + stolen) / capacity

    @staticmethod
    def _look():
        total = [int(field) / TICK for field in Path("/proc/stat").read_text().splitlines()[0].split()[1:]]
        processes = _processes()
        ours = _tree(processes, os.getpid())
        own = sum(sum(processes[pid][1:]) for pid in ours) / TICK
        # Without kernel threads (2 and its children): what they do, they do for others.
        others = sum(sum(entry[1:]) for pid, entry in processes.items()
                     if pid not in ours and 2 not in (pid, entry[0])) / TICK
        return time.monotonic(), own, total[0] + total[1] + total[2], others, total[7]


def describe():
    """The machine in a line."""
    model = "unknown processor"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    memory_kib = int(Path("/proc/meminfo").read_text().split()[1])
    return f"{CORES} cores ({model}), {memory_kib / 1048576:.0f} GiB, {platform.system()} {platform.release()}"
