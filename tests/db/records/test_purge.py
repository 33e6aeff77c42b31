"""The trash emptied for good: in its time, with all that hangs on a record, and never what something points at."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from crm.kernel.clock import FixedClock
from crm.kernel.db import Base, Database
from crm.kernel.errors import AccessDenied, NotFound
from crm.records.comments import write_comment
from crm.records.models import Change, Record, RecordLink
from crm.records.purge import TrashPurger, due, purge
from crm.records.query import one
from crm.records.work import Works
from crm.security.models import SecurityEvent
from tests.support.records import NOW, SYSTEM, add_actor, everything_in

MONTH = timedelta(days=30)


def later(database: Database, works: Works, days: float) -> Works:
    return Works(database, works.registries, clock=FixedClock(NOW + timedelta(days=days)))


def count(database: Database, table: str) -> int:
    with database.engine.connect() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(Base.metadata.tables[table])).scalar_one()


def test_a_record_goes_after_its_time_with_all_that_hangs_on_it(database: Database, works: Works) -> None:
    with works.writing(SYSTEM) as uow:
        person = uow.records.create("person", {"given_name": "Anne"})
        office = uow.records.create("organisation", {"title": "Kontoret"})
        kept = uow.records.create("organisation", {"title": "Bliver"})
        uow.records.link(person, "positions", office, role="Konsulent")
        write_comment(uow, office, "Hej")
        uow.records.delete(office)
    for days in (0, 29.9):
        TrashPurger(later(database, works, days), MONTH).turn()
        with works.reading(SYSTEM) as uow:
            assert one(uow, office, with_trash=True).title == "Kontoret"
    TrashPurger(later(database, works, 30.1), MONTH).turn()
    with works.reading(SYSTEM) as uow:
        with pytest.raises(NotFound):
            one(uow, office, with_trash=True)
        assert one(uow, kept).title == "Bliver"
        assert uow.session.scalar(sa.select(sa.func.count()).select_from(RecordLink)) == 0
        assert uow.session.scalar(sa.select(sa.func.count()).select_from(Change).where(Change.record_id == office)) == 0
        event = uow.session.scalars(sa.select(SecurityEvent)).one()
        assert (event.kind, event.actor_id, event.detail) == ("records_purged", None, {"records": [office]})
    assert count(database, "comment") == 0


def test_nothing_but_removal_is_written(database: Database, works: Works) -> None:
    with works.writing(SYSTEM) as uow:
        gone = uow.records.create("organisation", {"title": "Væk"})
        uow.records.create("organisation", {"title": "Bliver"})
        uow.records.delete(gone)
    before = everything_in(database, but=("security_event",))
    TrashPurger(later(database, works, 31), MONTH).turn()
    after = everything_in(database, but=("security_event",))
    new = {table: [row for row in rows if row not in before[table]] for table, rows in after.items()}
    assert {table: rows for table, rows in new.items() if rows} == {}


def test_what_is_pointed_at_stays_and_a_family_goes_together(database: Database, works: Works) -> None:
    with works.writing(SYSTEM) as uow:
        parent = uow.records.create("organisation", {"title": "Stor"})
        child = uow.records.create("organisation", {"title": "Lille", "parent": parent})
        uow.records.delete(parent)
        report = purge(uow, [parent, child])
        assert report.gone == []
        assert str(report.kept[parent]) == "“Lille” still points at it."
        uow.records.delete(child)
        assert purge(uow, [parent, child]).gone == [child, parent]


def test_a_board_and_its_meetings_go_in_the_order_that_lets_them(database: Database, works: Works) -> None:
    with works.writing(SYSTEM) as uow:
        boards = [uow.records.create("board", {"title": f"B{n}"}) for n in range(2)]
        meetings = [uow.records.create("meeting", {"board": boards[0], "when": "2027-04-27 10.00"})]
        meetings.append(uow.records.create("meeting", {"board": boards[1], "when": "2027-05-27 10.00"}))
        for record in (*meetings, *boards):
            uow.records.delete(record)
    TrashPurger(later(database, works, 31), MONTH).turn()
    with works.reading(SYSTEM) as uow:
        assert list(uow.session.scalars(sa.select(Record.id).execution_options(with_trash=True))) == []


def test_what_the_database_keeps_stays_with_a_reason(database: Database, works: Works) -> None:
    from crm.boards.models import PackVersion
    from tests.support.rows import SOME_MOMENT

    with works.writing(SYSTEM) as uow:
        board = uow.records.create("board", {"title": "B"})
        meeting = uow.records.create("meeting", {"board": board, "when": "2027-04-27 10.00"})
        other = uow.records.create("organisation", {"title": "Væk"})
        uow.session.add(
            PackVersion(
                meeting_id=meeting,
                number=1,
                document={},
                digest="x",
                file_name="x",
                word_sha256="x",
                word_size=1,
                media_type="x",
                built_at=SOME_MOMENT,
                published_at=SOME_MOMENT,
            )
        )
        uow.session.flush()
        for record in (meeting, other):
            uow.records.delete(record)
        report = purge(uow, [meeting, other])
    assert report.gone == [other]
    assert str(report.kept[meeting]) == "Something that must be kept belongs to it."


def test_only_administrators_empty_the_trash_by_hand_and_only_what_lies_in_it(database: Database, works: Works) -> None:
    staff = add_actor(database, "eva", [("*", "*"), ("@crm", "use")])
    chief = add_actor(database, "chief", [("*", "*"), ("@admin", "use")])
    with works.writing(SYSTEM) as uow:
        live = uow.records.create("organisation", {"title": "Lever"})
        dead = uow.records.create("organisation", {"title": "Død"})
        uow.records.delete(dead)
    with works.writing(staff) as uow, pytest.raises(AccessDenied):
        purge(uow, [dead])
    with works.writing(chief) as uow:
        report = purge(uow, [live, dead, 4711, -1, 2**70])
        assert (report.gone, report.kept) == ([dead], {})
        assert one(uow, live).title == "Lever"
        assert due(uow, NOW + MONTH) == []
