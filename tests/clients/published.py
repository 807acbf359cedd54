"""Drives all eight operations with the client that the upstream API publishes for Python, whose models
are strict. Nothing of it is patched: it is told the base URL and the key.

    python published.py BASE_URL KEYS     KEYS: a JSON object, see keys() in tests/rest/clients.rs
"""

import json
import sys

import iblai
from iblai.clients import get_platform_api_client
from iblai.models import (
    BulkSuggestionResponse,
    PaginatedProgramGroupSuggestion,
    PaginatedProgramSuggestion,
    ProgramGroupSuggestionCreate,
    ProgramGroupSuggestionDetail,
    ProgramSuggestionBulkCreate,
    ProgramSuggestionCreate,
    ProgramSuggestionDetail,
)

BASE, KEYS = sys.argv[1], json.loads(sys.argv[2])
DS = "program-v1:acme+ds+2026"
ZH = "program-v1:acme+zh+2026"


def client(name):
    if name:
        return iblai.CatalogApi(get_platform_api_client(BASE, KEYS[name]))
    return iblai.CatalogApi(iblai.ApiClient(iblai.Configuration(host=BASE)))


def read(model, response):
    """The answer as the model that the client has for it; None where it has no body."""
    assert response.status == 200, (response.status, response.data)
    return model.from_json(response.data) if model else None


def refused(status, response):
    assert response.status == status, (response.status, response.data)
    return json.loads(response.data)


def user(name, **more):
    return ProgramSuggestionCreate(platform_key="acme", program_key=ZH, user_id=name, **more)


def group(number, **more):
    return ProgramGroupSuggestionCreate(platform_key="acme", program_key=ZH, group_id=number, **more)


def bulk(items, **more):
    return ProgramSuggestionBulkCreate(platform_key="acme", suggestion_data=items, **more)


api = client("platform")

# Lists: pages, order, search.
everything = read(
    PaginatedProgramSuggestion,
    api.catalog_suggestions_program_manage_retrieve("acme", page_size=100),
)
assert everything.count == len(everything.results) > 3
assert everything.next_page is None and everything.previous_page is None
ids = [row.id for row in everything.results]
assert ids == sorted(ids, reverse=True)
assert everything.results[0].created.utcoffset().total_seconds() == 0

rows, number = [], 1
while number:
    page = read(
        PaginatedProgramSuggestion,
        api.catalog_suggestions_program_manage_retrieve("acme", page=number, page_size=3),
    )
    rows += page.results
    number = number + 1 if page.next_page else None
    assert number is None or f"page={number}" in page.next_page
assert rows == everything.results

groups = read(
    PaginatedProgramGroupSuggestion,
    api.catalog_suggestions_program_manage_group_retrieve("acme", sort="-group_id"),
)
assert [row.group_id for row in groups.results] == sorted(
    (row.group_id for row in groups.results), reverse=True
)
found = read(
    PaginatedProgramGroupSuggestion,
    api.catalog_suggestions_program_manage_group_retrieve("acme", query="SNAKE_CASE"),
)
assert [row.group_name for row in found.results] == ["snake_case Club"]
wrong = refused(400, api.catalog_suggestions_program_manage_retrieve("acme", sort="colour"))
assert "program_name" in wrong["fields"]["sort"][0]
refused(400, api.catalog_suggestions_program_manage_retrieve("acme", page_size=0))


# One user: create, update, delete, delete again.
def suggest(body, query="acme"):
    return api.catalog_suggestions_program_manage_create(query, body)


metadata = {"from": "python", "deep": [1, {"a": None}]}
answer = suggest(user("student1", metadata=metadata, suggested_by="anna"))
assert answer.headers["X-Suggestion-Outcome"] == "created"
created = read(ProgramSuggestionDetail, answer)
assert (created.user_id, created.accepted, created.visible) == (20, False, True)
assert created.metadata == metadata
answer = suggest(user("20", accepted=True, direct=False))
assert answer.headers["X-Suggestion-Outcome"] == "updated"
updated = read(ProgramSuggestionDetail, answer)
assert updated.id == created.id and updated.accepted and updated.metadata == metadata
for wrong, code in (
    (user("nemo"), "USER_NOT_FOUND"),
    (user("student1", username="student2"), "AMBIGUOUS_USER"),
    (user("student1", platform_org="x"), "PLATFORM_MISMATCH"),
):
    assert refused(400, suggest(wrong))["code"] == code
refused(400, suggest(user("student1"), query="globex"))
read(None, api.catalog_suggestions_program_manage_destroy(created.id, platform_key="acme"))
refused(404, api.catalog_suggestions_program_manage_destroy(created.id, platform_key="acme"))
refused(404, api.catalog_suggestions_program_manage_destroy(created.id))


# One group.
def suggest_to_group(of, body):
    return of.catalog_suggestions_program_manage_group_create("acme", body)


made = read(ProgramGroupSuggestionDetail, suggest_to_group(api, group(102)))
assert (made.group_name, made.user_count, made.metadata) == ("Web Guild", 1, {})
again = read(ProgramGroupSuggestionDetail, suggest_to_group(api, group(102, visible=False)))
assert (again.id, again.visible) == (made.id, False)
assert refused(400, suggest_to_group(api, group(999)))["code"] == "GROUP_NOT_FOUND"
read(None, api.catalog_suggestions_program_manage_group_destroy("acme", made.id))
refused(404, api.catalog_suggestions_program_manage_group_destroy("acme", made.id))

# Many, of which some fail.
answer = read(
    BulkSuggestionResponse,
    api.catalog_suggestions_program_manage_bulk_create(
        bulk(
            [
                {"program_key": ZH, "user_id": 20},
                {"program_key": "no such", "user_id": 20},
                {"program_key": ZH, "user_id": "nemo"},
                {"program_key": ZH, "username": "STUDENT2", "anything": "else"},
            ]
        )
    ),
)
assert (answer.successes, answer.error_codes) == (2, ["PROGRAM_NOT_FOUND", "USER_NOT_FOUND"])

# Department mode.
dora = client("department_admin")
refused(403, dora.catalog_suggestions_program_manage_group_retrieve("acme"))
mine = read(
    PaginatedProgramGroupSuggestion,
    dora.catalog_suggestions_program_manage_group_retrieve("acme", department_mode=True),
)
assert {row.group_id for row in mine.results} == {101, 102, 106}
refused(403, suggest_to_group(dora, group(103, department_mode=True)))
inside = read(
    ProgramGroupSuggestionDetail, suggest_to_group(dora, group(102, department_mode=True))
)
read(
    None,
    dora.catalog_suggestions_program_manage_group_destroy("acme", inside.id, department_mode=True),
)
outside = read(
    BulkSuggestionResponse,
    dora.catalog_suggestions_program_manage_bulk_create(
        bulk([{"program_key": DS, "user_id": 22}], department_mode=True)
    ),
)
assert (outside.successes, outside.error_codes) == (0, ["OUT_OF_SCOPE"])

# One user's own, and those who may not.
learner = client("learner")
own = read(
    PaginatedProgramSuggestion,
    learner.catalog_suggestions_program_user_retrieve("student1", user_id=20),
)
assert own.count > 0 and all(row.user_id == 20 and row.visible for row in own.results)
refused(403, learner.catalog_suggestions_program_user_retrieve("student2"))
refused(403, learner.catalog_suggestions_program_manage_retrieve("acme"))
unknown = read(
    PaginatedProgramSuggestion, api.catalog_suggestions_program_user_retrieve("nemo")
)
assert unknown.results == []
same = api.catalog_suggestions_program_user_retrieve("student1", platform_key="acme")
assert read(PaginatedProgramSuggestion, same).count == own.count
refused(403, client("other_platform").catalog_suggestions_program_manage_retrieve("acme"))
refused(401, client(None).catalog_suggestions_program_manage_retrieve("acme"))
print("all eight operations, as the Python client calls them")
