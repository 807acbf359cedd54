"""The statements that Waymark sends for a request, taken from PostgreSQL's log, as pgbench scripts."""

import re

from .machine import Failure
from .waymark import Waymark

_EXECUTE = re.compile(r"^(?:duration: (?P<ms>[0-9.]+) ms  )?(?P<step>parse|bind|execute) [^:]*: (?P<text>.*)$", re.S)
_SIMPLE = re.compile(r"^(?:duration: (?P<ms>[0-9.]+) ms  )?statement: (?P<text>.*)$", re.S)
_PARAMETER = re.compile(r"\$(\d+) = (NULL|'(?:[^']|'')*')")


class Statement:
    """One statement as it was sent: its text and the parameters, as text or None."""

    def __init__(self, text, parameters):
        self.text, self.parameters = text, parameters


def _parameters(detail):
    found = {}
    for number, value in _PARAMETER.findall(detail or ""):
        found[int(number)] = None if value == "NULL" else value[1:-1].replace("''", "'")
    return [found[number] for number in sorted(found)]


def statements(entries):
    """The statements in a part of the log."""
    found = []
    for entry in entries:
        if entry.get("error_severity") != "LOG" or entry.get("application_name") != "waymark":
            continue
        message = entry["message"]
        extended = _EXECUTE.match(message)
        simple = _SIMPLE.match(message)
        if extended and extended["step"] == "execute":
            detail = entry.get("detail", "")
            found.append(Statement(extended["text"], _parameters(detail) if detail.startswith("parameters:") else []))
        elif simple:
            found.append(Statement(simple["text"], []))
    return found


def of_requests(data, database, folder, requests):
    """What a fresh server sends for each of the requests `(key, query, variables)`, once it is warm."""
    postgres = data.postgres
    postgres.psql("postgres", f"ALTER DATABASE {database} SET log_statement = 'all'")
    try:
        server = Waymark(data.binary, postgres.url(database), folder, "capture")
        try:
            def ask_all():
                for key, query, variables in requests:
                    server.client.ask(query, variables, key)

            # Twice beforehand: the first use of a key is written down, once a minute.
            ask_all()
            ask_all()
            sent = statements(postgres.logged(ask_all))
            each, rest = divmod(len(sent), len(requests))
            if rest or not each:
                raise Failure(f"Waymark sends {len(sent)} statements for {len(requests)} requests of one kind")
            return [sent[at:at + each] for at in range(0, len(sent), each)]
        finally:
            server.stop()
    finally:
        postgres.psql("postgres", f"ALTER DATABASE {database} RESET log_statement")


def pgbench_script(captured, groups, pages):
    """A pgbench script, and its variables, that send the same for every (group, page).

    `captured[group * pages + page]` are the statements of that request. A parameter must be the same
    everywhere, or grow evenly with group and page; a text that depends on the group (the hash of a
    key) stays that of the first group: what it finds is one row by a unique index, whichever it is.
    """
    texts = {tuple(statement.text for statement in one) for one in captured}
    if len(texts) != 1:
        raise Failure(f"Waymark sends different statements for pages of one kind: {texts}")
    lines = [f"\\set group random(0, {groups - 1})", f"\\set page random(0, {pages - 1})"]
    variables = {}
    body = []
    for number, statement in enumerate(captured[0]):
        text = statement.text.strip().rstrip(";")
        for index in reversed(range(len(statement.parameters))):
            values = [one[number].parameters[index] for one in captured]
            name = f"v{number}_{index + 1}"
            expression = _expression(values, pages)
            if expression is not None:
                lines.append(f"\\set {name} {expression}")
            elif values[0] is not None:
                variables[name] = values[0]
            else:
                raise Failure(f"pgbench cannot send NULL, the parameter ${index + 1} of: {text}")
            text = re.sub(rf"\${index + 1}\b", f":{name}", text)
        body.append(text + ";")
    return "\n".join(lines + body) + "\n", variables


def _expression(values, pages):
    if not all(value is not None and re.fullmatch(r"-?\d{1,18}", value) for value in values):
        return None
    numbers = [int(value) for value in values]
    by_group = numbers[pages] - numbers[0]
    by_page = numbers[1] - numbers[0]
    for at, value in enumerate(numbers):
        if value != numbers[0] + by_group * (at // pages) + by_page * (at % pages):
            raise Failure(f"a parameter does not grow evenly with platform and page: {values}")
    return f"{numbers[0]} + {by_group} * :group + {by_page} * :page"
