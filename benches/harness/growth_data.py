"""The two data sets of `benches/run --only growth`: one platform, small and large. Everything follows from arithmetic.

2,000 programs, 200 departments in a tree, people with suggestions of their own, groups with members; and for
`benches/run --only person` one person in 50 groups with 500 suggested programs, and 20 groups of 1,000 who answer.
"""

import json

from .dataset import _FIRST, _KINDS, _SUBJECTS, _instant, surname

PLATFORM = "grown"
PROGRAMS = 2_000
DEPARTMENTS = 200
# One who administers a department and all below it: five departments, and so 2 % of the people.
DEPARTMENT_ADMIN = "user.0000001"

# The person in many groups, their groups and what each of them is suggested.
LEARNER = "learner.0000001"
LEARNER_GROUPS = 50
LEARNER_PROGRAMS = 10
# The large groups, each with one suggestion.
CROWDS = 20
CROWD = 1_000

# Names of two characters, as they are in Chinese, Japanese and Korean.
_HAN_FIRST = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林郑谢罗梁宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡"
_HAN_LAST = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉萍红鹏飞鑫波斌莉宇浩凯琳雪辉健"


class Size:
    """How much of everything there is."""

    def __init__(self, users, groups, members, by_user, by_group):
        self.users, self.groups, self.members, self.by_user, self.by_group = users, groups, members, by_user, by_group


SMALL = Size(users=20_000, groups=800, members=100, by_user=5, by_group=25)
LARGE = Size(users=500_000, groups=20_000, members=150, by_user=10, by_group=50)


def username(number):
    """Of the person with this id."""
    return f"user.{number:07}"


def program_key(number):
    """The key of a program."""
    return f"program-v1:grown+{number:04}+2026"


def person_name(number):
    """Every 50th is of two characters; 1,600 different ones."""
    if number % 50 == 0:
        rest = number // 50
        return _HAN_FIRST[rest % 40] + _HAN_LAST[rest // 40 % 40]
    return f"{surname(number * 13)} {_FIRST[number * 11 % 40]}"


def department(user):
    """The number of the department of a person; every fifth has none."""
    return user * 7 // 5 % DEPARTMENTS if user % 5 != 0 else None


def lines(size):
    """The lines of a data set."""
    yield {"type": "platform", "key": PLATFORM, "org": "grown-org", "name": "Grown Academy"}
    for number in range(PROGRAMS):
        yield {"type": "program", "platform": PLATFORM, "key": program_key(number),
               "name": f"{_SUBJECTS[number % 10]} {surname(number * 7)}", "org": "grown-org"}
    for user in range(1, size.users + 1):
        yield {"type": "user", "id": user, "username": username(user), "name": person_name(user),
               "email": f"{username(user)}@example.org"}
        yield {"type": "member", "platform": PLATFORM, "user": username(user), "role": "learner"}
    # Those below n are 4n+4 to 4n+7: four trees of a few floors.
    for number in range(DEPARTMENTS):
        parent = None if number < 4 else f"dep-{(number - 4) // 4:03}"
        yield {"type": "department", "platform": PLATFORM, "key": f"dep-{number:03}",
               "name": f"Department {number}", "parent": parent}
    # 40 is above 164 to 167.
    yield {"type": "department_member", "platform": PLATFORM, "department": "dep-040",
           "user": DEPARTMENT_ADMIN, "admin": True}
    for user in range(2, size.users + 1):
        if department(user) is not None:
            yield {"type": "department_member", "platform": PLATFORM,
                   "department": f"dep-{department(user):03}", "user": username(user)}
    for group in range(1, size.groups + 1):
        line = {"type": "group", "id": group, "platform": PLATFORM,
                "name": f"{_SUBJECTS[group * 7 % 10]} {_KINDS[group % 5]} group {surname(group)} {group // 2000}"}
        if group % 14 == 0:
            line["department"] = "dep-165"
        elif group % 3 == 0:
            line["department"] = f"dep-{group // 3 % 160 if group // 3 % 160 != 40 else 0:03}"
        yield line
        for member in range(size.members + 3 - group % 7):
            # 379 shares no divisor with the number of users: nobody is twice in a group.
            line = {"type": "group_member", "group": group, "user": username(1 + (group * 31 + member * 379) % size.users)}
            if (group + member) % 17 == 0:
                line["active"] = False
            yield line
    number = 0
    for place in range(size.by_group):
        for group in range(1, size.groups + 1):
            number += 1
            yield {"type": "program_group_suggestion", "platform": PLATFORM,
                   "program": program_key((group * 3 + place * 41) % PROGRAMS), "group": group,
                   "accepted": number % 3 == 0, "visible": number % 10 != 0,
                   "created": _instant(number * 97), "modified": _instant(number * 97 + number * 37 % 5000)}
    number = 0
    for place in range(size.by_user):
        for user in range(1, size.users + 1):
            number += 1
            yield {"type": "program_suggestion", "platform": PLATFORM,
                   "program": program_key((user * 7 + place * 211) % PROGRAMS), "user": username(user),
                   "accepted": number % 3 == 0, "visible": number % 10 != 0,
                   "created": _instant(number * 23), "modified": _instant(number * 23 + number * 37 % 5000)}


    yield from _person_lines(size)


def first_crowd(size):
    """The id of the first of the large groups."""
    return size.groups + LEARNER_GROUPS + 1


def _person_lines(size):
    yield {"type": "user", "id": size.users + 1, "username": LEARNER, "name": "Learner Zero", "email": "learner@example.org"}
    yield {"type": "member", "platform": PLATFORM, "user": LEARNER, "role": "learner"}
    for place in range(LEARNER_GROUPS):
        group = size.groups + 1 + place
        yield {"type": "group", "id": group, "platform": PLATFORM, "name": f"Reading circle {place}"}
        yield {"type": "group_member", "group": group, "user": LEARNER}
        for number in range(LEARNER_PROGRAMS):
            program = place * LEARNER_PROGRAMS + number
            yield {"type": "program_group_suggestion", "platform": PLATFORM, "program": program_key(program),
                   "group": group, "created": _instant(program * 3_600)}
    for place in range(CROWDS):
        group = first_crowd(size) + place
        yield {"type": "group", "id": group, "platform": PLATFORM, "name": f"Lecture hall {place}"}
        yield {"type": "program_group_suggestion", "platform": PLATFORM, "program": program_key(1_000 + place), "group": group}
        for member in range(CROWD):
            user = username(1 + (place * CROWD + member) * 19 % size.users)
            yield {"type": "group_member", "group": group, "user": user}
            if member % 4 != 0:
                answer = {"answer": "accepted"} if member % 4 != 1 else {"answer": "dismissed", "reason": "no_time"}
                yield {"type": "suggestion_answer", "platform": PLATFORM, "program": program_key(1_000 + place),
                       "user": user, "answered": _instant(member), **answer}


def write(stream, size):
    """Writes the lines as NDJSON."""
    encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode
    batch = []
    for line in lines(size):
        batch.append(encode(line))
        if len(batch) == 10_000:
            stream.write("\n".join(batch) + "\n")
            batch.clear()
    stream.write("\n".join(batch) + "\n")
