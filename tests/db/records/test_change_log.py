"""The change log: what it holds, that it proves it, and that a reader gets every change once and in order."""

from __future__ import annotations

import hashlib
import json

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import IntegrityError

from crm.kernel.db import Database
from crm.records.changes import advance, lag, read_changes
from crm.records.models import Act, Change, ChangeValue
from crm.records.query import one
from crm.records.related import history
from crm.records.store import Create
from crm.records.work import Works
from tests.support.records import SYSTEM, add_actor


def test_every_kind_of_act_is_a_line_with_a_version_of_its_own(works: Works) -> None:
    with works.writing(SYSTEM) as uow:
        made = uow.records.create("organisation", {"title": "Østfyn"})
        uow.records.update(made, {"street": "1"})
        uow.records.transition(made, "prepare", comment="Nyt")
        uow.records.unlink(uow.records.link(made, "successors", made))
        uow.records.delete(made)
        uow.records.restore(made)
        lines = history(uow, made)
        assert [line.kind for line in lines] == ["restore", "delete", "unlink", "link", "transition", "update", "create"]
        assert [line.version for line in lines] == [7, 6, 5, 4, 3, 2, 1]
        assert one(uow, made).version == 7
        assert [line.id for line in history(uow, made, before=lines[2].id, limit=2)] == [lines[3].id, lines[4].id]


def test_a_digest_proves_salt_and_values_as_they_are_read_back(database: Database, works: Works) -> None:
    hostile = 'æ ø å \u2028 " \\ 😀 Ａ e\u0301'
    with works.writing(SYSTEM) as uow:
        made = uow.records.create("organisation", {"title": hostile, "note": f"{hostile}\n{hostile}", "kind": "cluster"})
        uow.records.create("board", {"title": "Styregruppen", "items_days": 7, "names_clusters": False})
        person = uow.records.create("person", {"given_name": hostile})
        uow.records.link(person, "positions", made, role=hostile, note=hostile)
        uow.records.transition(made, "prepare", comment=hostile)
    with database.reading() as session:
        rows = session.execute(select(Change.digest, ChangeValue.salt, ChangeValue.patch).join(ChangeValue)).all()
    assert len(rows) == 5
    assert len({row.salt for row in rows}) == 5
    for digest, salt, patch in rows:
        body = json.dumps(patch, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        assert hashlib.sha256(f"{salt}{body}".encode()).hexdigest() == digest


def test_the_log_is_append_only_and_values_can_be_erased(database: Database, works: Works) -> None:
    with works.writing(SYSTEM) as uow:
        made = uow.records.create("organisation", {"title": "Østfyn"})
    for statement in (update(Change).values(version=9), delete(Change), update(ChangeValue).values(salt="x")):
        with pytest.raises(IntegrityError), database.writing() as session:
            session.execute(statement)
    with database.writing() as session:
        session.execute(delete(ChangeValue))
    with works.reading(SYSTEM) as uow:
        assert [(line.kind, line.patch) for line in history(uow, made)] == [("create", {})]


def test_an_act_spans_transactions_and_names_its_cause(database: Database, works: Works) -> None:
    anna = add_actor(database, "anna", [("*", "*")])
    with works.writing(anna, cause="import", cause_id="fil.xlsx") as uow:
        first = uow.records.create("organisation", {"title": "A"})
        act = uow.act.id
    for act_id in (act, None):
        with works.writing(anna, cause="import", cause_id="fil.xlsx", act_id=act_id) as uow:
            uow.records.update(first, {"street": act_id or "ny"})
    with works.writing(SYSTEM, cause="seed", act_id="ny"):
        pass
    with database.reading() as session:
        acts = session.scalars(select(Act).order_by(Act.at)).all()
        assert [(item.cause, item.cause_id, item.actor_id, item.system) for item in acts] == [
            ("import", "fil.xlsx", anna.user_id, None)
        ] * 2
        assert len(session.scalars(select(Change).where(Change.act_id == act)).all()) == 2
    with works.reading(anna) as uow:
        assert {line.actor_name for line in history(uow, first)} == {"Anna Prøve"}


def test_an_act_lives_on_when_a_part_of_it_is_taken_back(works: Works) -> None:
    with works.writing(SYSTEM) as uow:
        with uow.session.begin_nested() as part:
            uow.records.create("organisation", {"title": "Tilbage"})
            part.rollback()
        made = uow.records.create("organisation", {"title": "Bliver"})
        assert [line.cause for line in history(uow, made)] == ["person"]


def test_each_reader_gets_every_change_once_in_batches_of_its_own(database: Database, works: Works) -> None:
    with works.writing(SYSTEM) as uow:
        uow.records.save_many([Create("organisation", {"title": str(number)}) for number in range(25)])
    seen: dict[str, list[int]] = {"post": [], "kalender": []}
    for reader, limit in (("post", 10), ("kalender", 7)):
        with database.reading() as session:
            assert lag(session, reader) == 25
        while True:
            with database.writing() as session:
                batch = read_changes(session, reader, limit)
                if not batch:
                    break
                seen[reader] += [change.id for change in batch]
                advance(session, reader, batch[-1])
        with database.reading() as session:
            assert lag(session, reader) == 0
    assert seen["post"] == seen["kalender"] == sorted(seen["post"])
    assert len(set(seen["post"])) == 25


def test_what_a_reader_did_not_keep_it_gets_again(database: Database, works: Works) -> None:
    with works.writing(SYSTEM) as uow:
        uow.records.create("organisation", {"title": "A"})
    with database.writing() as session:
        advance(session, "post", read_changes(session, "post")[-1])
        session.rollback()
    with database.writing() as session:
        assert len(read_changes(session, "post")) == 1


def test_a_change_of_a_slow_writer_is_not_skipped(postgres_database: Database) -> None:
    """The slow writer's change has a smaller id than the quick one's, and commits after it was read for."""
    from tests.support.records import works_on

    works, database = works_on(postgres_database), postgres_database

    def unread() -> list[int]:
        with database.reading() as session:
            return [change.record_id for change in read_changes(session, "post")]

    with works.writing(SYSTEM) as slow:
        first = slow.records.create("organisation", {"title": "Langsom"})
        with works.writing(SYSTEM) as quick:
            second = quick.records.create("organisation", {"title": "Hurtig"})
        assert unread() == []
    assert unread() == [first, second]
    with database.reading() as session:
        txids = session.scalars(select(Change.txid).order_by(Change.id)).all()
        assert txids == sorted(txids)
        assert session.scalar(text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")) > txids[-1]
