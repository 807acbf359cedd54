"""Rounds, interleaved: what changes on the machine meanwhile changes for all that is measured."""

# A just-in-time compiler and the caches of PostgreSQL want some thousand requests.
WARM_UP = 3


def interleaved(chosen, measurements, say):
    """Rounds by name. `measurements` are functions of name and seconds; the first round warms up."""
    rounds = {name: [] for name in measurements}
    for number in range(chosen.rounds + 1):
        for name, measure in measurements.items():
            one = measure(name, chosen.seconds if number else WARM_UP)
            if number:
                rounds[name].append(one)
                costs = ", ".join(f"{component} {used:.0f} µs" for component, used in one.cpu.items())
                say(f"  {name}: {one.rate:,.1f}/s; {costs}; others {one.foreign:.0%}")
    return rounds
