"""Rounds, interleaved: what changes on the machine meanwhile changes for all that is measured."""

from .report import FOREIGN


def interleaved(chosen, measurements, say, warm_up=2):
    """Rounds by name. `measurements` are functions of name and seconds.

    A round of `warm_up` seconds comes first and does not count. A round in which others were at work
    is measured again, all of it, as often as there are rounds; after that it stays, for the report to
    refuse.
    """
    rounds = {name: [] for name in measurements}
    for name, measure in measurements.items():
        measure(name, warm_up)
    spare = 0 if chosen.anyway else chosen.rounds
    done = 0
    while done < chosen.rounds:
        one_round = {}
        for name, measure in measurements.items():
            one = one_round[name] = measure(name, chosen.seconds)
            costs = ", ".join(f"{component} {used:.0f} µs" for component, used in one.cpu.items())
            say(f"  {name}: {one.rate:,.1f}/s; {costs}; others {one.foreign:.0%}")
        if spare and max(one.foreign for one in one_round.values()) > FOREIGN:
            say("  disturbed; again")
            spare -= 1
            continue
        done += 1
        for name, one in one_round.items():
            rounds[name].append(one)
    return rounds
