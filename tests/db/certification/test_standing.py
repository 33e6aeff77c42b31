"""The certificate that counts today, kept on the organisation: it follows whatever happens to certificates, and the day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from crm.filters import Condition
from crm.kernel.clock import FixedClock
from crm.kernel.db import Database
from crm.records import query
from crm.records.ageing import Ager, age_all
from crm.records.merge import MergeRecords, merge_records
from crm.records.store import Create
from crm.records.undo import undo_act
from crm.records.work import Works
from tests.support.records import SYSTEM, add_actor, works_on

NONE = (None, None)


def _cluster(works: Works, title: str = "Grøn Energi Nord") -> int:
    with works.writing(SYSTEM) as uow:
        return uow.records.create("organisation", {"title": title, "kind": "cluster"})


def _award(works: Works, organisation: int, level: str, until: str, **more: Any) -> int:
    values = {"organisation": organisation, "level": level, "assessed": "2026-01-10", "valid_until": until, **more}
    with works.writing(SYSTEM) as uow:
        return uow.records.create("certificate", values)


def _standing(works: Works, organisation: int) -> tuple[str | None, str | None]:
    with works.reading(SYSTEM) as uow:
        values = query.one(uow, organisation).values
    until = values["certificate_until"]
    return values["certificate_level"], None if until is None else until.start.isoformat()


def test_it_follows_what_happens_to_certificates(database: Database) -> None:
    works = works_on(database)
    cluster = _cluster(works)
    bronze = _award(works, cluster, "bronze", "2028-01-31")
    assert _standing(works, cluster) == ("bronze", "2028-01-31")
    clerk = add_actor(database, "anna", [("certificate", "*"), ("organisation", "read")])
    with works.writing(clerk) as uow:
        values = {"organisation": cluster, "level": "gold", "assessed": "2026-02-10", "valid_until": "2027-02-28"}
        gold, act = uow.records.create("certificate", values), uow.act.id
    assert _standing(works, cluster) == ("gold", "2027-02-28"), "who may not change organisations causes it all the same"
    with works.writing(clerk) as uow:
        undo_act(uow, act)
    assert _standing(works, cluster) == ("bronze", "2028-01-31"), "the one that is not superseded any more"
    with works.writing(SYSTEM) as uow:
        uow.records.restore(gold)
    assert _standing(works, cluster) == ("gold", "2027-02-28")
    with works.writing(SYSTEM) as uow:
        uow.records.delete(gold)
        uow.records.delete(bronze)
    assert _standing(works, cluster) == NONE


def test_it_goes_along_when_a_certificate_is_moved_or_its_organisation_merged(database: Database) -> None:
    works = works_on(database)
    cluster, other = _cluster(works), _cluster(works, "Østfyn Maritim")
    _award(works, cluster, "bronze", "2028-01-31")
    gold = _award(works, cluster, "gold", "2027-02-28", assessed="2026-02-10")
    with works.writing(SYSTEM) as uow:
        uow.records.update(gold, {"organisation": other, "replaces": None})
    apart = (("bronze", "2028-01-31"), ("gold", "2027-02-28"))
    assert (_standing(works, cluster), _standing(works, other)) == apart
    anna = add_actor(database, "anna", [("*", "*")])
    with works.writing(anna) as uow:
        merge_records(uow, MergeRecords(cluster, (other,)))
        act = uow.act.id
    assert _standing(works, cluster) == ("gold", "2027-02-28")
    with works.writing(anna) as uow:
        undo_act(uow, act)
    assert (_standing(works, cluster), _standing(works, other)) == apart
    with works.reading(SYSTEM) as uow:
        found = query.list_page(uow, "organisation", where=Condition("certificate_level", "filled"), sort="certificate_until")
        assert [row.id for row in found.rows] == [other, cluster]


def test_it_turns_with_the_day(sqlite_database: Database) -> None:
    works = works_on(sqlite_database)
    cluster, later = _cluster(works), _cluster(works, "Østfyn Maritim")
    _award(works, cluster, "gold", "2026-12-31")
    _award(works, cluster, "silver", "2027-06-30", replaces=None)
    _award(works, later, "bronze", "2028-01-31", valid_from="2027-03-01")
    assert (_standing(works, cluster), _standing(works, later)) == (("gold", "2026-12-31"), NONE)
    with works.writing(SYSTEM) as uow:
        version = query.one(uow, cluster).version
    seen = []
    for day in (date(2026, 12, 31), date(2027, 1, 1), date(2027, 3, 1), date(2027, 7, 1)):
        then = Works(works.database, works.registries, clock=FixedClock(datetime(day.year, day.month, day.day, 9, tzinfo=UTC)))
        Ager(then).turn()
        seen.append((_standing(then, cluster)[0], _standing(then, later)[0]))
        assert Ager(then).turn() == 0
    assert seen == [("gold", None), ("silver", None), ("silver", "bronze"), (None, "bronze")]
    with works.reading(SYSTEM) as uow:
        assert query.one(uow, cluster).version == version + 2, "a line in its history for each turn"


def test_many_at_once_and_what_was_there_before(sqlite_database: Database) -> None:
    works = works_on(sqlite_database)
    clusters = [_cluster(works, f"Klynge {number}") for number in range(3)]
    with works.writing(SYSTEM) as uow:
        values = {"level": "silver", "assessed": "2026-05-09", "valid_until": "2028-05-31"}
        uow.records.save_many([Create("certificate", {**values, "organisation": one}) for one in clusters])
    assert {_standing(works, one) for one in clusters} == {("silver", "2028-05-31")}
    with sqlite_database.writing() as session:
        session.connection().exec_driver_sql("UPDATE organisation SET certificate_level = NULL, certificate_until = NULL")
        session.connection().exec_driver_sql("DELETE FROM ageing_basis")
    age_all(works)
    assert {_standing(works, one) for one in clusters} == {("silver", "2028-05-31")}, "as after the migration"
