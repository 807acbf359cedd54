"""Rounds, interleaved: what changes on the machine meanwhile changes for all that is measured."""

def interleaved(chosen, measurements, say, warm_up=2):
    """Rounds by name. `measurements` are functions of name and seconds; a round of `warm_up` seconds comes first and does not count."""
    rounds = {name: [] for name in measurements}
    for number in range(chosen.rounds + 1):
        for name, measure in measurements.items():
            one = measure(name, chosen.seconds if number else warm_up)
            if number:
                rounds[name].append(one)
                costs = ", ".join(f"{component} {used:.0f} µs" for component, used in one.cpu.items())
                say(f"  {name}: {one.rate:,.1f}/s; {costs}; others {one.foreign:.0%}")
    return rounds
