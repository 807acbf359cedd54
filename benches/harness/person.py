"""The person's side, and what administrators see of it, on the large platform of `growth`: pages, counts, answers, and
changing what a filter finds."""

import json
import shutil
import time

from . import growth_data, load
from .machine import Failure
from .rounds import interleaved
from .waymark import LIST_QUERY, Waymark

PART = "the person's side"
ENGINES = ("postgres", "sqlite")
PEOPLE = 64
WHERE_ROWS = 100_000

_LARGE = growth_data.LARGE
_KEY = f'platformKey: "{growth_data.PLATFORM}"'
PAGE = (f"{{ suggestedPrograms({_KEY}, first: 20) {{ totalCount edges {{ cursor node {{ id state suggestedAt dueAt overdue"
        " program { key name } ways { message since groupName } } } pageInfo { hasNextPage endCursor } } }")
ADMIN = LIST_QUERY
COUNTS = f"{{ programSuggestions({_KEY}, first: 1) {{ stateCounts {{ pending accepted dismissed }} }} }}"
TOTAL = f"{{ programSuggestions({_KEY}, first: 1) {{ totalCount }} }}"
GROUP_COUNTS = (f"query($groups: [ID!]!) {{ programGroupSuggestions({_KEY}, first: 20, filter: {{ groupIds: $groups }})"
                " { edges { node { id userCount stateCounts { pending accepted dismissed } } } } }")
MEMBERS = (f"query($groups: [ID!]!) {{ programGroupSuggestions({_KEY}, first: 1, filter: {{ groupIds: $groups }})"
           " { edges { node { id members(first: 20) { edges { node { state user { username name } } } pageInfo { hasNextPage } } } } } }")
USERS = (f"query($text: String) {{ platform(key: \"{growth_data.PLATFORM}\") {{ users(query: $text, first: 20)"
         " { edges { node { username name } } } } }")
WHERE = ("mutation($input: ProgramSuggestionUpdateWhereInput!) { programSuggestionUpdateWhere(input: $input)"
         " { matchedCount updatedCount userErrors { code message } } }")


def answer(verb, program):
    """The mutation by which somebody answers for one program."""
    field = f"suggestedProgram{verb}"
    return (f'mutation {{ {field}(input: {{ suggestedProgram: {{ key: {{ {_KEY}, programKey: "{program}" }} }} }})'
            " { outcome suggestedProgram { state } userErrors { code } } }")


class _Asked:
    """Sends one request after the other for as long as a round takes."""

    def __init__(self, server, components, key, bodies, check):
        self.client, self.components, self.key, self.bodies, self.check = server.client, components, key, bodies, check
        self.at = 0

    def __call__(self, name, seconds):
        def work():
            taken = []
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                text, took = self.client.send(self.bodies[self.at % len(self.bodies)], self.key)
                self.at += 1
                taken.append(took)
                self.check(name, text)
            taken.sort()
            return len(taken), sum(taken), {"p50_ms": taken[len(taken) // 2] * 1000, "p99_ms": taken[len(taken) * 99 // 100] * 1000}

        return load.measured(name, self.components, work)


def _good(name, text):
    if b'"errors"' in text or b'"code"' in text:
        raise Failure(f"{name}: {text[:500]!r}")


def _changed(name, text):
    if b'"outcome":"UPDATED"' not in text:
        raise Failure(f"{name}: {text[:500]!r}")


def _body(query, **variables):
    return json.dumps({"query": query, "variables": variables})


def _requests(path, lines):
    path.touch(mode=0o600)
    path.write_text("".join(f"{key}\t{body}\n" for key, body in lines))
    return path


def _copy(data, folder, engine):
    """A database that the round may write to."""
    if engine == "postgres":
        data.postgres.psql("postgres", "DROP DATABASE IF EXISTS person WITH (FORCE)")
        data.postgres.psql("postgres", "CREATE DATABASE person TEMPLATE large STRATEGY file_copy")
        data.postgres.psql("person", "CHECKPOINT")
        return data.postgres.url("person")
    shutil.copyfile(data.folder / "large.db", folder / "person.db")
    return f"sqlite://{folder / 'person.db'}"


def _where(name, server, key, programs, rounds, components):
    """Rounds of changing 100,000 suggestions at once."""
    def change(number):
        body = _body(WHERE, input={"platformKey": growth_data.PLATFORM, "expectedCount": WHERE_ROWS,
                                   "filter": {"programKeys": programs}, "set": {"message": f"Round {number}"}})
        text, took = server.client.send(body, key)
        if json.loads(text)["data"]["programSuggestionUpdateWhere"]["updatedCount"] != WHERE_ROWS:
            raise Failure(f"{name}: {text[:500]!r}")
        return 1, took, {}

    return [load.measured(name, components, lambda number=number: change(number)) for number in range(rounds)]


def run(chosen, data, folder, report, say):
    """Everything on one engine after the other; `data` is that of `growth`."""
    crowd = [str(growth_data.first_crowd(_LARGE) + place) for place in range(growth_data.CROWDS)]
    learner_programs = [growth_data.program_key(number) for number in range(growth_data.LEARNER_GROUPS * growth_data.LEARNER_PROGRAMS)]
    # Forty programs of 2,500 suggestions each.
    of_program = _LARGE.users * _LARGE.by_user // growth_data.PROGRAMS
    programs = [growth_data.program_key(number) for number in range(WHERE_ROWS // of_program)]
    rounds = {}
    for engine in ENGINES:
        url = _copy(data, folder, engine)
        admin, learner = (data.done[f"large {engine}"][who] for who in ("whole platform", "person"))
        # Those whose first suggestion is visible, and its program: see `growth_data`.
        people = [(user, growth_data.program_key(user * 7 % growth_data.PROGRAMS)) for user in range(1, 2 * PEOPLE) if user % 10 != 0][:PEOPLE]
        keys = [data.key(url, "--user", growth_data.username(user)) for user, _ in people]
        server = Waymark(data.binary, url, folder, f"person-{engine}")
        components = {"Waymark": server.pid} | ({"PostgreSQL": data.postgres.process.pid} if engine == "postgres" else {})

        def asked(key, bodies, check=_good, server=server, components=components):
            return _Asked(server, components, key, bodies, check)

        def many(file, lines, connections=load.CONNECTIONS, server=server, components=components):
            requests = _requests(folder / f"list-{file}.txt", lines)
            return lambda name, seconds: load.wrk(name, server.client.url.geturl(), requests, components, seconds, connections)

        try:
            page, _ = server.client.ask(PAGE, {}, learner)
            if page["suggestedPrograms"]["totalCount"] != len(learner_programs):
                raise Failure(f"the person has {page['suggestedPrograms']['totalCount']} suggested programs")
            rounds |= interleaved(chosen, {
                f"an administrator's list page, {engine}": many("admin", [(admin, _body(ADMIN, platformKey=growth_data.PLATFORM, page=1))]),
                f"suggestedPrograms of a person, 500 in 50 groups, {engine}": many("learner", [(learner, _body(PAGE))]),
                f"totalCount of the platform, {engine}": asked(admin, [_body(TOTAL)]),
                f"stateCounts of the platform, {engine}": asked(admin, [_body(COUNTS)]),
                f"stateCounts of 20 groups of 1,000, {engine}": asked(admin, [_body(GROUP_COUNTS, groups=crowd)]),
                f"members of a group of 1,000, first page, {engine}": asked(admin, [_body(MEMBERS, groups=[one]) for one in crowd]),
                f"Platform.users, first page, {engine}": asked(admin, [_body(USERS)]),
                f"Platform.users, three letters, {engine}": asked(admin, [_body(USERS, text="123")]),
                f"one answer after the other, {engine}": asked(
                    learner, [_body(answer(verb, program)) for verb in ("Accept", "Dismiss", "Restore") for program in learner_programs], _changed),
                f"{PEOPLE} people answering at once, {engine}": many("people", [
                    (key, _body(answer(verb, program))) for verb in ("Accept", "Dismiss") for key, (_, program) in zip(keys, people, strict=True)]),
            }, say)
            name = f"changing {WHERE_ROWS:,} by a filter, {engine}"
            rounds[name] = _where(name, server, admin, programs, chosen.rounds, components)
            say(f"  {name}: {[f'{1 / one.rate:.2f} s' for one in rounds[name]]}")
        finally:
            server.stop()
            for file in folder.glob("list-*.txt"):
                file.unlink()  # It holds keys.
            for name in ("person.db", "person.db-wal", "person.db-shm"):
                (folder / name).unlink(missing_ok=True)
    data.postgres.psql("postgres", "DROP DATABASE IF EXISTS person WITH (FORCE)")
    report.add(PART, rounds)
    for engine in ENGINES:
        # The targets are for PostgreSQL where the size or the engine's one writer matters.
        only = engine == "postgres"
        report.ratio(PART, f"suggestedPrograms, of an administrator's list page, {engine}",
                     f"suggestedPrograms of a person, 500 in 50 groups, {engine}", f"an administrator's list page, {engine}", 0.5)
        report.ratio(PART, f"stateCounts of the platform, of totalCount, {engine}",
                     f"stateCounts of the platform, {engine}", f"totalCount of the platform, {engine}", 0.95)
        for what, most in (
            ("stateCounts of 20 groups of 1,000", 40), ("members of a group of 1,000, first page", 10),
            ("Platform.users, first page", 10), ("Platform.users, three letters", 10),
            ("one answer after the other", 3), (f"changing {WHERE_ROWS:,} by a filter", 6_000),
        ):
            report.milliseconds(PART, f"{what}, {engine}", f"{what}, {engine}", most if only else None)
        report.ratio(PART, f"{PEOPLE} people answering at once, of one after the other, {engine}",
                     f"{PEOPLE} people answering at once, {engine}", f"one answer after the other, {engine}", 1 if only else None)
