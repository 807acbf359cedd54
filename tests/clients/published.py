"""Drives all eight operations with the client that the upstream API publishes for Python, whose models
are strict. Nothing of it is patched: it is told the base URL and the key.

    python published.py BASE_URL KEYS     KEYS: a JSON object, see keys() in tests/rest/clients.rs
"""

import json
import sys
from contextlib import contextmanager

import httpx
import iblai
from iblai.exceptions import ApiException
from iblai.models import (
    BulkSuggestionResponse,
    PaginatedProgramSuggestion,
    ProgramGroupSuggestionCreate,
    ProgramSuggestionBulkCreate,
    ProgramSuggestionCreate,
)

BASE, KEYS = sys.argv[1], json.loads(sys.argv[2])
DS = "program-v1:acme+ds+2026"
ZH = "program-v1:acme+zh+2026"


def client(name):
    configuration = iblai.Configuration(host=BASE)
    if name:
        configuration.api_key["PlatformApiKeyAuthentication"] = KEYS[name]
        configuration.api_key_prefix["PlatformApiKeyAuthentication"] = "Api-Token"
    return iblai.CatalogApi(iblai.ApiClient(configuration))


@contextmanager
def refused(status):
    try:
        yield
    except ApiException as error:
        assert error.status == status, (error.status, error.body)
    else:
        raise AssertionError(f"expected {status}")


def user(name, **more):
    return ProgramSuggestionCreate(platform_key="acme", program_key=ZH, user_id=name, **more)


def group(number, **more):
    return ProgramGroupSuggestionCreate(platform_key="acme", program_key=ZH, group_id=number, **more)


def bulk(items, **more):
    return ProgramSuggestionBulkCreate(platform_key="acme", suggestion_data=items, **more)


api = client("platform")

# Lists: pages, order, search.
everything = api.catalog_suggestions_program_manage_retrieve("acme", page_size=100)
assert everything.count == len(everything.results) > 3
assert everything.next_page is None and everything.previous_page is None
ids = [row.id for row in everything.results]
assert ids == sorted(ids, reverse=True)
assert everything.results[0].created.utcoffset().total_seconds() == 0

page = api.catalog_suggestions_program_manage_retrieve("acme", page_size=3)
rows = list(page.results)
while page.next_page:
    answer = httpx.get(page.next_page, headers={"Authorization": f"Api-Token {KEYS['platform']}"})
    page = PaginatedProgramSuggestion.from_json(answer.text)
    rows += page.results
assert rows == everything.results

groups = api.catalog_suggestions_program_manage_group_retrieve("acme", sort="-group_id")
assert [row.group_id for row in groups.results] == sorted(
    (row.group_id for row in groups.results), reverse=True
)
found = api.catalog_suggestions_program_manage_group_retrieve("acme", query="SNAKE_CASE")
assert [row.group_name for row in found.results] == ["snake_case Club"]
with refused(400):
    api.catalog_suggestions_program_manage_retrieve("acme", sort="colour")
with refused(400):
    api.catalog_suggestions_program_manage_retrieve("acme", page_size=0)

# One user: create, update, delete, delete again.
created = api.catalog_suggestions_program_manage_create(
    "acme", user("student1", metadata={"from": "python", "deep": [1, {"a": None}]}, suggested_by="anna")
)
assert (created.user_id, created.accepted, created.visible) == (20, False, True)
assert created.metadata == {"from": "python", "deep": [1, {"a": None}]}
updated = api.catalog_suggestions_program_manage_create("acme", user("20", accepted=True, direct=False))
assert updated.id == created.id and updated.accepted and updated.metadata == created.metadata
for wrong in (user("nemo"), user("student1", username="student2"), user("student1", platform_org="x")):
    with refused(400):
        api.catalog_suggestions_program_manage_create("acme", wrong)
with refused(400):
    api.catalog_suggestions_program_manage_create("globex", user("student1"))
api.catalog_suggestions_program_manage_destroy(created.id, platform_key="acme")
with refused(404):
    api.catalog_suggestions_program_manage_destroy(created.id, platform_key="acme")
with refused(404):
    api.catalog_suggestions_program_manage_destroy(created.id)

# One group.
made = api.catalog_suggestions_program_manage_group_create("acme", group(102))
assert (made.group_name, made.user_count, made.metadata) == ("Web Guild", 1, {})
assert api.catalog_suggestions_program_manage_group_create("acme", group(102, visible=False)).id == made.id
with refused(400):
    api.catalog_suggestions_program_manage_group_create("acme", group(999))
api.catalog_suggestions_program_manage_group_destroy("acme", made.id)
with refused(404):
    api.catalog_suggestions_program_manage_group_destroy("acme", made.id)

# Many, of which some fail.
answer = api.catalog_suggestions_program_manage_bulk_create(
    bulk(
        [
            {"program_key": ZH, "user_id": 20},
            {"program_key": "no such", "user_id": 20},
            {"program_key": ZH, "user_id": "nemo"},
            {"program_key": ZH, "username": "STUDENT2", "anything": "else"},
        ]
    )
)
assert isinstance(answer, BulkSuggestionResponse)
assert (answer.successes, answer.error_codes) == (2, ["PROGRAM_NOT_FOUND", "USER_NOT_FOUND"])

# Department mode.
dora = client("department_admin")
with refused(403):
    dora.catalog_suggestions_program_manage_group_retrieve("acme")
mine = dora.catalog_suggestions_program_manage_group_retrieve("acme", department_mode=True)
assert {row.group_id for row in mine.results} == {101, 102, 106}
with refused(403):
    dora.catalog_suggestions_program_manage_group_create("acme", group(103, department_mode=True))
inside = dora.catalog_suggestions_program_manage_group_create("acme", group(102, department_mode=True))
dora.catalog_suggestions_program_manage_group_destroy("acme", inside.id, department_mode=True)
outside = dora.catalog_suggestions_program_manage_bulk_create(
    bulk([{"program_key": DS, "user_id": 22}], department_mode=True)
)
assert (outside.successes, outside.error_codes) == (0, ["OUT_OF_SCOPE"])

# One user's own, and those who may not.
learner = client("learner")
own = learner.catalog_suggestions_program_user_retrieve("student1", user_id=20)
assert own.count > 0 and all(row.user_id == 20 and row.visible for row in own.results)
with refused(403):
    learner.catalog_suggestions_program_user_retrieve("student2")
with refused(403):
    learner.catalog_suggestions_program_manage_retrieve("acme")
assert api.catalog_suggestions_program_user_retrieve("nemo").results == []
assert api.catalog_suggestions_program_user_retrieve("student1", platform_key="acme").count == own.count
with refused(403):
    client("other_platform").catalog_suggestions_program_manage_retrieve("acme")
with refused(401):
    client(None).catalog_suggestions_program_manage_retrieve("acme")
print("all eight operations, as the Python client calls them")
