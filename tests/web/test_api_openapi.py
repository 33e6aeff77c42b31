"""The OpenAPI document says what the API does, and to each caller only what they may do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crm.wiring import BUILTIN_TYPES, Klynge
from tests.support.api import Caller


@pytest.fixture
def staff(sqlite_klynge: Klynge) -> Caller:
    return Caller(sqlite_klynge, "staff")


def document(caller: Caller) -> dict[str, Any]:
    response = caller.get("openapi.json")
    assert response.status_code == 200
    found: dict[str, Any] = response.get_json()
    return found


def test_every_type_is_described(staff: Caller) -> None:
    described = document(staff)
    assert described["openapi"].startswith("3.1")
    for record_type in BUILTIN_TYPES:
        assert set(described["paths"][f"/records/{record_type.key}"]) == {"get", "post"}
        assert set(described["paths"][f"/records/{record_type.key}/{{id}}"]) == {"parameters", "get", "patch", "delete"}


def test_every_reference_leads_somewhere(staff: Caller) -> None:
    described = document(staff)

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if "$ref" in node:
                target: Any = described
                for part in node["$ref"].removeprefix("#/").split("/"):
                    target = target[part]
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(described)


def test_operation_ids_are_unique(staff: Caller) -> None:
    ids = [op["operationId"] for path in document(staff)["paths"].values() for op in path.values() if isinstance(op, dict)]
    assert len(ids) == len(set(ids))


def test_a_reader_is_told_of_reading_alone(sqlite_klynge: Klynge) -> None:
    described = document(Caller(sqlite_klynge, "reader"))
    assert {method for path in described["paths"].values() for method in path} <= {"get", "parameters"}
    assert "OrganisationCreate" not in described["components"]["schemas"]


def test_records_have_the_described_fields(staff: Caller) -> None:
    made = staff.make(title="a")
    schema = document(staff)["components"]["schemas"]["Organisation"]
    assert set(made) == set(schema["properties"])


def test_what_is_described_as_writable_is_taken(staff: Caller) -> None:
    schema = document(staff)["components"]["schemas"]["OrganisationCreate"]
    assert schema["required"] == ["title"]
    examples: dict[str, Any] = {
        "title": "a",
        "website": "a.dk",
        "kind": "company",
        "municipality": "0461",
        "email": "a@b.dk",
        "cvr": "12345678",
    }
    body = {name: examples.get(name) for name in schema["properties"]}
    assert staff.post("records/organisation", body).status_code == 201


def test_labels_are_in_the_callers_language(sqlite_klynge: Klynge, staff: Caller) -> None:
    assert json.dumps(document(staff)).count("Postcode")
