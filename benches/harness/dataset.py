"""The data set: 50 platforms, 20,000 people, 1.3 million lines in the format of `waymark import`.

Everything follows from arithmetic, so every run of every machine measures the same rows. `LISTED`
platforms carry the load of list pages; `BIG` has deep pages, searches and bulks.
"""

import json
import sys

PROGRAMS = 10  # a platform
DEPARTMENTS = 40
BIG = "big"


class Scale:
    """How much of everything there is."""

    def __init__(self, listed, listed_groups, big_groups, users, members, items):
        self.listed = [f"p{number:02}" for number in range(1, listed + 1)]
        self.listed_groups, self.big_groups, self.users, self.members = listed_groups, big_groups, users, members
        self.items = items  # of a bulk whose plans are looked at

    @property
    def first_big_group(self):
        """The id of the first group of the big platform."""
        return len(self.listed) * self.listed_groups + 1


FULL = Scale(listed=49, listed_groups=200, big_groups=10_000, users=20_000, members=50, items=1_000)
# Enough for the planner to choose as it does at full scale, and built within seconds.
SMALL = Scale(listed=9, listed_groups=40, big_groups=2_000, users=4_000, members=6, items=40)

LISTED = FULL.listed
BIG_GROUPS = FULL.big_groups
# Each group is suggested each program, and every second person one of them.
LISTED_SUGGESTIONS = FULL.listed_groups * PROGRAMS
BIG_SUGGESTIONS = FULL.big_groups * PROGRAMS
# An administrator of one department of `BIG` and all below it: half of the departments.
DEPARTMENT_ADMIN = "user.00001"

# A word that five groups of `BIG` have in their name, and one that all have: see `group_name`.
SELECTIVE_WORD = "holbeck"
COMMON_WORD = "group"

_SUBJECTS = [
    "Data Science", "Machine Learning", "Public Health", "Civil Engineering", "Modern History",
    "Applied Physics", "Business Law", "Nursing Practice", "Music Theory", "Urban Planning",
]
_KINDS = ["Evening", "Weekend", "Spring", "Autumn", "Honours"]
_FIRST = [
    "Hol", "Ash", "Wick", "Brad", "Lan", "Thorn", "Mar", "Fen", "Oak", "Stan", "Whit", "Lyn", "Bux",
    "Har", "Cal", "Dun", "Elm", "Gar", "Hest", "Ing", "Kel", "Lin", "Mel", "Nor", "Ost", "Pen",
    "Rad", "Sel", "Tarn", "Ul", "Ven", "Wal", "Yar", "Zel", "Birk", "Cran", "Dal", "Eck", "Frod", "Gled",
]
_LAST = [
    "beck", "ton", "ford", "ham", "wick", "ley", "worth", "by", "dale", "field", "stead", "mere", "well",
    "bourne", "caster", "combe", "cote", "den", "don", "fell", "gate", "grave", "hill", "holm", "hurst",
    "land", "low", "minster", "moor", "mouth", "ness", "over", "port", "ridge", "rigg", "shaw", "side",
    "stoke", "stone", "stow", "thorpe", "toft", "tree", "vale", "view", "wade", "water", "wood", "yard", "yate",
]
_DAY = 86_400


def surname(number):
    """One of 2,000."""
    return _FIRST[number % 40] + _LAST[number // 40 % 50]


def group_name(number):
    """All have "group" in them; each surname is in one of 2,000 in a row."""
    return f"{_SUBJECTS[number * 7 % 10]} {_KINDS[number % 5]} group {surname(number)}"


def program_key(platform, number):
    """The key of one of the programs of a platform."""
    return f"program-v1:{platform}+{number:02}+2026"


def username(number):
    """Of the person with this id."""
    return f"user.{number:05}"


def _instant(seconds):
    day, rest = divmod(seconds, _DAY)
    return (f"2026-{1 + day // 28 % 10:02}-{1 + day % 28:02}"
            f"T{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}Z")


def user_suggestion(number):
    """Program number and user id of one of the suggestions to people: even ids."""
    return number % PROGRAMS, 2 * number + 2


def fresh_suggestion(number):
    """The same, for those that a bulk creates and deletes: odd ids, so that none is there before."""
    return number % PROGRAMS, 2 * number + 1


def lines(scale=FULL):
    """The lines of the data set."""
    for platform in [*scale.listed, BIG]:
        yield {"type": "platform", "key": platform, "org": f"{platform}-org", "name": f"Academy {platform.upper()}"}
        for number in range(PROGRAMS):
            yield {
                "type": "program", "platform": platform, "key": program_key(platform, number),
                "name": _SUBJECTS[number], "org": f"{platform}-org",
                "description": f"What {_SUBJECTS[number]} is about, from the first step to the last.",
            }
    for user in range(1, scale.users + 1):
        yield {
            "type": "user", "id": user, "username": username(user),
            "name": f"{surname(user * 13)} {_FIRST[user * 11 % 40]}", "email": f"{username(user)}@example.org",
        }
        yield {"type": "member", "platform": BIG, "user": username(user), "role": "learner"}
    for number, platform in enumerate(scale.listed):
        for member in range(400):
            user = 1 + (number * 400 + member) % scale.users
            yield {"type": "member", "platform": platform, "user": username(user), "role": "learner",
                   "active": member % 20 != 0}
    # Two trees of departments: those below n are 2n+2 and 2n+3.
    for number in range(DEPARTMENTS):
        parent = None if number < 2 else f"dep-{(number - 2) // 2:02}"
        yield {"type": "department", "platform": BIG, "key": f"dep-{number:02}",
               "name": f"Department {number}", "parent": parent}
    yield {"type": "department_member", "platform": BIG, "department": "dep-00",
           "user": DEPARTMENT_ADMIN, "admin": True}
    for user in range(2, scale.users + 1, 5):
        yield {"type": "department_member", "platform": BIG, "department": f"dep-{user // 5 % DEPARTMENTS:02}",
               "user": username(user)}
    group = 0
    for platform in [*scale.listed, BIG]:
        for number in range(scale.big_groups if platform == BIG else scale.listed_groups):
            group += 1
            line = {"type": "group", "id": group, "platform": platform, "name": group_name(number)}
            # Every fourth group of the big platform belongs to a department.
            if platform == BIG and number % 4 == 0:
                line["department"] = f"dep-{number // 4 % DEPARTMENTS:02}"
            yield line
            for member in range(scale.members + 3 - group % 7):
                # 379 shares no divisor with the number of users: nobody is twice in a group.
                user = 1 + (group * 31 + member * 379) % scale.users
                line = {"type": "group_member", "group": group, "user": username(user)}
                if (group + member) % 17 == 0:
                    line["active"] = False
                yield line
    # Program by program, as an administrator would: neighbours in a page differ in their group.
    group = 0
    suggestion = 0
    for platform in [*scale.listed, BIG]:
        groups = scale.big_groups if platform == BIG else scale.listed_groups
        for program in range(PROGRAMS):
            for number in range(groups):
                suggestion += 1
                at = suggestion * 97
                yield {
                    "type": "program_group_suggestion", "platform": platform,
                    "program": program_key(platform, program), "group": group + 1 + number,
                    "accepted": suggestion % 3 == 0, "visible": suggestion % 10 != 0,
                    "metadata": {"source": "catalogue", "rank": suggestion % 100} if suggestion % 4 == 0 else {},
                    "created": _instant(at), "modified": _instant(at + suggestion * 37 % 5000),
                }
        group += groups
    # On the other platforms too: an index must tell the platforms apart, or it is of no use.
    for place, platform in enumerate(scale.listed):
        for member in range(1, 400):
            yield {"type": "program_suggestion", "platform": platform, "program": program_key(platform, member % PROGRAMS),
                   "user": username(1 + (place * 400 + member) % scale.users), "created": _instant(place * 4000 + member * 7)}
    for number in range(scale.users // 2):
        program, user = user_suggestion(number)
        yield {
            "type": "program_suggestion", "platform": BIG, "program": program_key(BIG, program),
            "user": username(user), "accepted": number % 3 == 0, "visible": number % 10 != 0,
            "created": _instant(number * 211), "modified": _instant(number * 211 + number * 37 % 5000),
        }


def write(stream, scale=FULL):
    """Writes the lines as NDJSON."""
    encode = json.JSONEncoder(separators=(",", ":")).encode
    batch = []
    for line in lines(scale):
        batch.append(encode(line))
        if len(batch) == 10_000:
            stream.write("\n".join(batch) + "\n")
            batch.clear()
    stream.write("\n".join(batch) + "\n")


if __name__ == "__main__":
    write(sys.stdout)
