"""What was measured, as a table and as JSON."""

import statistics
import time

from . import machine
from .machine import Failure

# A round counts as disturbed when others used more of the machine than this (what is over within less
# than a second is judged by its spread alone: the system counts in hundredths of a second),
FOREIGN = 0.05
# and a measurement when its rounds, the best and the worst left out, lie further apart than this.
SPREAD = 0.25


def median(values):
    """The middle one."""
    return statistics.median(values)


class Report:
    """Collects figures; refuses to print what was disturbed."""

    def __init__(self, chosen, data):
        self.chosen, self.data = chosen, data
        self.rounds, self.targets, self.notes, self.disturbed = {}, [], [], []
        self.units = {}

    def add(self, part, rounds, unit="a second"):
        """The rounds of a part, by name of what was measured."""
        self.rounds[part] = rounds
        self.units[part] = unit
        for name, of_name in rounds.items():
            whole = sum(one.watched for one in of_name)
            foreign = max([sum(one.foreign * one.watched for one in of_name) / whole]
                          + [one.foreign for one in of_name if one.watched >= 1])
            if whole >= 1 and foreign > FOREIGN:
                self.disturbed.append(f"{part}, {name}: other processes used {foreign:.0%} of the machine in a round")
            rates = sorted(one.rate for one in of_name)
            inner = rates[1:-1] if len(rates) > 3 else rates
            spread = (inner[-1] - inner[0]) / median(rates)
            if spread > SPREAD:
                self.disturbed.append(f"{part}, {name}: its rounds differ by {spread:.0%}")
        if self.disturbed and not self.chosen.anyway:
            raise Failure("disturbed, so there is no table (--anyway prints it nevertheless):\n  " + "\n  ".join(self.disturbed))

    def target(self, what, value, text, met):
        """A figure that has a target; `met` may be None where there is none."""
        self.targets.append((what, value, text, met))

    def ratio(self, part, what, one, other, at_least):
        """Of two measurements, round by round: interleaved rounds share what the machine was like."""
        rounds = self.rounds[part]
        values = [a.rate / b.rate for a, b in zip(rounds[one], rounds[other], strict=True)]
        middle = median(values)
        self.target(what, f"{middle:.2f} ({min(values):.2f} to {max(values):.2f})",
                    f"at least {at_least:.2f}" if at_least else "", middle >= at_least if at_least else None)

    def times(self, part, what, one, other, at_most):
        """As `ratio`, of the times."""
        rounds = self.rounds[part]
        values = [b.rate / a.rate for a, b in zip(rounds[one], rounds[other], strict=True)]
        self.target(what, f"{median(values):.2f} ({min(values):.2f} to {max(values):.2f})", f"at most {at_most:.2f}", median(values) <= at_most)

    def rate(self, part, what, name, at_least):
        """How many a second."""
        rates = [one.rate for one in self.rounds[part][name]]
        self.target(what, f"{median(rates):,.0f} ({min(rates):,.0f} to {max(rates):,.0f})", f"at least {at_least:,}", median(rates) >= at_least)

    def milliseconds(self, part, what, name, at_most):
        """How long one takes."""
        taken = [1000 / one.rate for one in self.rounds[part][name]]
        self.target(what, f"{median(taken):.2f} ms ({min(taken):.2f} to {max(taken):.2f})", f"at most {at_most:,} ms" if at_most else "", median(taken) <= at_most if at_most else None)

    def fastest(self, part, names):
        """Which of them did most."""
        return max(names, key=lambda name: median([one.rate for one in self.rounds[part][name]]))

    def text(self):
        """Markdown."""
        lines = [f"Measured {time.strftime('%Y-%m-%d')} on {machine.describe()}; PostgreSQL "
                 f"{self.data.postgres.psql('postgres', 'SHOW server_version').split()[0]}; "
                 f"{self.chosen.rounds} rounds of {self.chosen.seconds} s.", ""]
        if self.disturbed:
            lines += ["**Disturbed; do not quote:**", *(f"- {text}" for text in self.disturbed), ""]
        for part, rounds in self.rounds.items():
            milliseconds = self.units[part] == "ms"
            lines += [f"| {part} | {self.units[part]}: median (min to max) | CPU µs each | p50, p99 ms |", "|---|---|---|---|"]
            for name, of_name in rounds.items():
                figures = [1000 / one.rate if milliseconds else one.rate for one in of_name]
                digits = 2 if milliseconds else 0
                cpu = ", ".join(f"{component} {median([one.cpu[component] for one in of_name]):.0f}" for component in of_name[0].cpu)
                latency = ""
                if "p50_ms" in of_name[0].more:
                    latency = ", ".join(f"{median([one.more[key] for one in of_name]):.1f}" for key in ("p50_ms", "p99_ms"))
                lines.append(f"| {name} | {median(figures):,.{digits}f} ({min(figures):,.{digits}f} to {max(figures):,.{digits}f}) | {cpu} | {latency} |")
            lines.append("")
        lines += ["| figure | measured: median (min to max) | target | met |", "|---|---|---|---|"]
        for what, value, text, met in self.targets:
            lines.append(f"| {what} | {value} | {text} | {'' if met is None else 'yes' if met else '**no**'} |")
        lines += ["", *(f"- {note}" for note in self.notes)]
        return "\n".join(lines)

    def json(self):
        """Everything, as it was measured."""
        return {
            "machine": machine.describe(), "disturbed": self.disturbed, "notes": self.notes,
            "rounds": {part: [one.json() for of_name in rounds.values() for one in of_name] for part, rounds in self.rounds.items()},
            "targets": [dict(zip(("what", "value", "target", "met"), row, strict=True)) for row in self.targets],
        }
