"""Every list, search and write on the big platform, to look at how the database carries them out."""

from . import dataset

GROUP_ORDERS = ["ID", "GROUP_ID", "GROUP_NAME", "PROGRAM_KEY", "PROGRAM_NAME", "ACCEPTED", "VISIBLE", "CREATED", "MODIFIED", "USER_COUNT"]
USER_ORDERS = ["ID", "USER_ID", "USERNAME", "NAME", "PROGRAM_KEY", "PROGRAM_NAME", "ACCEPTED", "VISIBLE", "CREATED", "MODIFIED"]

_GROUP = "databaseId accepted userCount group { name } program { key name }"
_USER = "databaseId accepted user { name } program { key name }"


class Noun:
    """Suggestions to groups, or to users: how its fields and types are called."""

    def __init__(self, name, field, selection, orders, ids):
        self.name, self.field, self.selection, self.orders, self.ids = name, field, selection, orders, ids
        self.kind = field[0].upper() + field[1:]

    def connection(self, total):
        """A document for one page by cursor."""
        whole = "totalCount pageInfo { hasNextPage hasPreviousPage }" if total else "pageInfo { endCursor }"
        return (f"query($first: Int, $after: String, $last: Int, $before: String, $query: String, $departmentMode: Boolean!,"
                f" $filter: {self.kind}Filter, $orderBy: {self.kind}Order!) {{ {self.field}s(platformKey: \"{dataset.BIG}\","
                " first: $first, after: $after, last: $last, before: $before, query: $query, departmentMode: $departmentMode,"
                f" filter: $filter, orderBy: $orderBy) {{ edges {{ cursor node {{ {self.selection} }} }} {whole} }} }}")

    def page(self):
        """A document for one page by number."""
        return (f"query($page: Int!, $query: String, $departmentMode: Boolean!, $filter: {self.kind}Filter,"
                f" $orderBy: {self.kind}Order!) {{ {self.field}Page(platformKey: \"{dataset.BIG}\", page: $page, pageSize: 20,"
                " query: $query, departmentMode: $departmentMode, filter: $filter, orderBy: $orderBy)"
                f" {{ count nextPage previousPage results {{ {self.selection} }} }} }}")


GROUPS = Noun("groups", "programGroupSuggestion", _GROUP, GROUP_ORDERS, "groupIds")
USERS = Noun("users", "programSuggestion", _USER, USER_ORDERS, "userIds")


def filters(noun, scale):
    """Each filter by itself, and a common pair."""
    # Where the suggestions of the platform are by the time they were made.
    suggestion = next(line for line in dataset.lines(scale)
                      if line["type"] == ("program_group_suggestion" if noun is GROUPS else "program_suggestion")
                      and line["platform"] == dataset.BIG)
    day = suggestion["created"][:11] + "00:00:00Z"
    ids = [str(scale.first_big_group + number * 7) if noun is GROUPS else str(2 + 2 * number) for number in range(20)]
    return {
        "accepted": {"accepted": True},
        "not visible": {"visible": False},
        "one program": {"programKeys": [dataset.program_key(dataset.BIG, 3)]},
        "three programs": {"programKeys": [dataset.program_key(dataset.BIG, number) for number in (1, 4, 7)]},
        "twenty ids": {noun.ids: ids},
        "a day": {"createdAfter": day, "createdBefore": day.replace("T00", "T23")},
        "accepted of one program": {"accepted": True, "programKeys": [dataset.program_key(dataset.BIG, 3)]},
    }


def lists(client, keys, scale):
    """`(name, key, document, variables)` of every list; cursors are asked for through `client`."""
    found = []
    for noun in (GROUPS, USERS):
        for scope, key in (("platform", keys[dataset.BIG]), ("departments", keys["department"])):
            base = {"departmentMode": scope == "departments", "query": None, "filter": None}
            for field in noun.orders:
                for direction in ("ASC", "DESC"):
                    order = {**base, "orderBy": {"field": field, "direction": direction}}
                    name = f"{noun.name}, {scope}, by {field} {direction}"
                    end, _ = client.ask(noun.connection(False), {**order, "last": 20}, key)
                    cursor = end[f"{noun.field}s"]["edges"][0]["cursor"]
                    found += [
                        (f"{name}: first", key, noun.connection(False), {**order, "first": 20}),
                        (f"{name}: after a deep cursor", key, noun.connection(False), {**order, "first": 10, "after": cursor}),
                        (f"{name}: before a deep cursor", key, noun.connection(False), {**order, "last": 20, "before": cursor}),
                    ]
                    if direction == "ASC":
                        found.append((f"{name}: page 40", key, noun.page(), {**order, "page": 40}))
            order = {**base, "orderBy": {"field": "ID", "direction": "ASC"}}
            end, _ = client.ask(noun.connection(False), {**order, "last": 20}, key)
            cursor = end[f"{noun.field}s"]["edges"][0]["cursor"]
            found.append((f"{noun.name}, {scope}: after a cursor, with total and both ends", key, noun.connection(True),
                          {**order, "first": 10, "after": cursor}))
            for what, chosen in filters(noun, scale).items():
                for field in ("ID", "CREATED", "PROGRAM_NAME"):
                    order = {**base, "filter": chosen, "orderBy": {"field": field, "direction": "ASC"}}
                    found.append((f"{noun.name}, {scope}, {what}, by {field}: first", key, noun.connection(False), {**order, "first": 20}))
                found.append((f"{noun.name}, {scope}, {what}: page 1", key, noun.page(),
                              {**order, "orderBy": {"field": "ID", "direction": "ASC"}, "page": 1}))
            for what, text in searches(noun).items():
                for field in ("ID", "MODIFIED"):
                    order = {**base, "query": text, "orderBy": {"field": field, "direction": "ASC"}}
                    found.append((f"{noun.name}, {scope}, search {what}, by {field}: first", key, noun.connection(False), {**order, "first": 20}))
                    found.append((f"{noun.name}, {scope}, search {what}, by {field}: page 1", key, noun.page(), {**order, "page": 1}))
    return found


def searches(noun):
    """A selective word, words that match everything, two letters, and what matches nothing."""
    return {
        "a selective word": dataset.SELECTIVE_WORD if noun is GROUPS else "user.01234",
        "what matches all": dataset.COMMON_WORD if noun is GROUPS else "user",
        "two letters": "ou" if noun is GROUPS else "us",
        "one letter": "o" if noun is GROUPS else "u",
        "nothing": "xyzzy",
    }


def writes(client, keys, scale):
    """`(name, key, document, variables)` of bulks: half of the items are there already. Dry runs, so that nothing changes."""
    found = []
    first = scale.first_big_group
    for noun in (GROUPS, USERS):
        for scope, key in (("platform", keys[dataset.BIG]), ("departments", keys["department"])):
            whole = {"platformKey": dataset.BIG, "departmentMode": scope == "departments", "dryRun": True}
            items = []
            for number in range(scale.items):
                if noun is GROUPS:
                    # Every group has every program already: change some.
                    program, subject = number % dataset.PROGRAMS, {"group": {"databaseId": str(first + number * 4)}}
                else:
                    make = dataset.user_suggestion if number % 2 else dataset.fresh_suggestion
                    program, user = make(number)
                    subject = {"user": {"username": dataset.username(user)}}
                items.append({"programKey": dataset.program_key(dataset.BIG, program), "accepted": number % 5 == 0, **subject})
            payload = "results { index outcome userErrors { code } }"
            found.append((f"{noun.name}, {scope}, bulk create", key,
                          f"mutation($input: {noun.kind}BulkCreateInput!) {{ {noun.field}BulkCreate(input: $input) {{ {payload} }} }}",
                          {"input": {**whole, "items": items}}))
            base = {"departmentMode": scope == "departments", "query": None, "filter": None, "first": 100}
            page, _ = client.ask(noun.connection(False), {**base, "orderBy": {"field": "ID", "direction": "ASC"}}, key)
            ids = [{"databaseId": edge["node"]["databaseId"]} for edge in page[f"{noun.field}s"]["edges"]]
            found.append((f"{noun.name}, {scope}, bulk delete", key,
                          f"mutation($input: {noun.kind}BulkDeleteInput!) {{ {noun.field}BulkDelete(input: $input) {{ {payload} }} }}",
                          {"input": {**whole, "suggestions": ids}}))
    return found
