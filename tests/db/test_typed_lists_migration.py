"""E-mails and telephones that were one text become typed lists, and one text again; nothing that was written is lost."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from crm.directory.models import Organisation, Person
from crm.kernel.db import Database
from crm.migrations import run
from crm.records.query import one
from crm.records.registry import RegistryCache
from crm.records.related import history
from crm.records.work import Works
from crm.wiring import BUILTIN_TYPES
from tests.support.records import SYSTEM

BEFORE = "20261129_0540"
HEAD = (
    "INSERT INTO record (id, type_id, kind, title, title_sort, all_day, version, created_at, updated_at, data)"
    " VALUES (:id, :type, :kind, 'x', 'x', false, 1, '2026-12-01T08:00:00.000000Z', '2026-12-01T08:00:00.000000Z', '{}')"
)


@pytest.fixture
def old(empty_database: Database) -> Database:
    """A database of the release before, with an organisation and two persons."""
    run.upgrade(empty_database)
    run.downgrade(empty_database, BEFORE)
    with empty_database.writing() as session:
        for number, key in ((1, "organisation"), (2, "person")):
            session.execute(
                text("INSERT INTO record_type (id, key, source) VALUES (:id, :key, 'builtin')"), {"id": number, "key": key}
            )
        for row_id, kind in ((1, "organisation"), (2, "person"), (3, "person")):
            session.execute(text(HEAD), {"id": row_id, "type": 1 if kind == "organisation" else 2, "kind": kind})
        write(session, "organisation", 1, email="Post@Havn.dk", phone="33 11 22 33")
        write(session, "person", 2, email="ikke en adresse", phone="lok. 12", mobile="+46 8 506 10 000")
        write(session, "person", 3, email=None, phone="33112233", mobile="33 11 22 33")
    return empty_database


def write(session: Any, table: str, row_id: int, **columns: str | None) -> None:
    names = ", ".join(columns)
    marks = ", ".join(f":{name}" for name in columns)
    session.execute(text(f"INSERT INTO {table} (id, {names}) VALUES (:id, {marks})"), {"id": row_id, **columns})


def texts(database: Database, table: str, names: str) -> list[tuple[str | None, ...]]:
    with database.reading() as session:
        return [tuple(row) for row in session.execute(text(f"SELECT {names} FROM {table} ORDER BY id"))]


def test_texts_become_lists_with_one_primary_and_can_be_found(old: Database) -> None:
    run.upgrade(old)
    with old.reading() as session:
        organisation = session.get_one(Organisation, 1)
        first, second = session.get_one(Person, 2), session.get_one(Person, 3)
        assert organisation.emails == [{"address": "Post@Havn.dk", "type": "work", "primary": True}]
        assert organisation.phones == [{"number": "+4533112233", "type": "main", "primary": True}]
        assert first.emails == [{"address": "ikke en adresse", "type": "work", "primary": True}]
        assert first.phones == [
            {"number": "lok. 12", "type": "work", "primary": True},
            {"number": "+46850610000", "type": "mobile", "primary": False},
        ]
        assert second.emails is None
        assert second.phones == [{"number": "+4533112233", "type": "work", "primary": True}]
        keys = session.execute(text("SELECT record_id, field, key FROM record_value ORDER BY record_id, field, key"))
        assert [tuple(row) for row in keys] == [
            (1, "email", "post@havn.dk"),
            (1, "phone", "+4533112233"),
            (2, "email", "ikke en adresse"),
            (2, "phone", "+46850610000"),
            (2, "phone", "lok. 12"),
            (3, "phone", "+4533112233"),
        ]


def test_what_was_kept_stands_in_no_other_changes_way_and_old_history_is_read(old: Database) -> None:
    run.upgrade(old)
    works = Works(old, RegistryCache(BUILTIN_TYPES))
    stored = {"address": "ikke en adresse", "type": "work", "primary": True}
    with works.writing(SYSTEM) as uow:
        assert uow.records.update(2, {"given_name": "Anne", "email": [stored]}) == 2
        session = uow.session
        act = history(uow, 2)[0].act_id
        session.execute(
            text(
                "INSERT INTO change (id, txid, act_id, record_id, type_id, version, at, kind, digest)"
                " VALUES (99, 0, :act, 2, 2, 2, '2026-12-01T08:00:00.000000Z', 'update', 'x')"
            ),
            {"act": act},
        )
        session.execute(
            text("""INSERT INTO change_value (change_id, salt, patch) VALUES (99, 'x', '{"email": [null, "a@b.dk"]}')""")
        )
    with works.reading(SYSTEM) as uow:
        assert one(uow, 2).values["email"][0].address == "ikke en adresse"
        assert [step.patch["email"][1][0].address for step in history(uow, 2) if "email" in step.patch] == ["a@b.dk"]


def test_lists_become_texts_again(old: Database) -> None:
    run.upgrade(old)
    run.downgrade(old, BEFORE)
    assert texts(old, "organisation", "email, phone") == [("Post@Havn.dk", "+4533112233")]
    assert texts(old, "person", "email, phone, mobile") == [
        ("ikke en adresse", "lok. 12", "+46850610000"),
        (None, "+4533112233", None),
    ]
    with old.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM record_value")) == 0
