"""An organisation that gets another name keeps the old one; what was made in the same act goes with its undo."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from crm.filters import Condition
from crm.kernel.clock import FixedClock
from crm.kernel.db import Database
from crm.kernel.errors import InvalidInput
from crm.records.ageing import age_all
from crm.records.fields import DateValue
from crm.records.query import list_page
from crm.records.store.orders import Create, Update
from crm.records.undo import undo_act
from crm.records.work import UnitOfWork, Works
from tests.support.queries import counting
from tests.support.records import SYSTEM, add_actor, works_on


def names_of(uow: UnitOfWork, organisation_id: int) -> list[tuple[str, DateValue]]:
    rows = list_page(uow, "organisation_name", where=Condition("organisation", "is", organisation_id)).rows
    return sorted(((row.title, row.values["period"]) for row in rows), key=lambda pair: pair[1].start)


def test_the_old_name_is_kept_to_the_day_before_and_undo_takes_both_rows_away(database: Database, works: Works):
    anna = add_actor(database, "anna", [("*", "*")])
    with works.writing(anna) as uow:
        energy = uow.records.create("organisation", {"title": "Lean Energy", "founded": "2009-05-01"})
    with works.writing(anna) as uow:
        uow.records.update(energy, {"title": "CLEAN", "cvr": "13748136"})
        act = uow.act.id
    with works.reading(anna) as uow:
        assert names_of(uow, energy) == [
            ("Lean Energy", DateValue(date(2009, 5, 1), date(2026, 11, 30))),
            ("CLEAN", DateValue(date(2026, 12, 1))),
        ]
    with works.writing(anna) as uow:
        undo_act(uow, act)
    with works.reading(anna) as uow:
        assert names_of(uow, energy) == []
        assert uow.records.values(energy)["title"] == "Lean Energy"


def test_a_name_that_was_mistyped_on_its_first_day_leaves_no_trace(works: Works):
    with works.writing(SYSTEM) as uow:
        clean = uow.records.create("organisation", {"title": "Clen"})
        uow.records.update(clean, {"title": "CLEAN"})
    with works.reading(SYSTEM) as uow:
        assert names_of(uow, clean) == []


def test_many_names_change_in_one_batch_and_who_may_make_no_names_may_still_rename(database: Database, works: Works):
    with works.writing(SYSTEM) as uow:
        made = [uow.records.create("organisation", {"title": f"Klynge {number}", "founded": "2010-01-01"}) for number in range(3)]
    eva = add_actor(database, "eva", [("organisation", "*")])
    with works.writing(eva) as uow:
        uow.records.save_many([Update(one, {"title": f"Ny {one}"}) for one in made])
    with works.reading(SYSTEM) as uow:
        assert [names_of(uow, one) for one in made] == [[], [], []]
        assert uow.records.values(made[0])["title"] == f"Ny {made[0]}"


def test_importing_organisations_asks_as_often_for_three_hundred_as_for_thirty(database: Database, works: Works):
    def make(number: int) -> int:
        with works.writing(SYSTEM) as uow, counting(database) as asked:
            parent = uow.records.create("organisation", {"title": f"Moder {number}"})
            orders = [
                {"title": f"Virksomhed {number}-{one}", "parent": parent, "employees": one, "municipality": "0101"}
                for one in range(number)
            ]
            uow.records.save_many([Create("organisation", values) for values in orders])
        # SQLite gives the ids of new rows one by one; what is asked beside them is asked for all.
        return len([one for one in asked if not one.lstrip().upper().startswith("INSERT")])

    assert make(300) == make(30)


def test_an_organisation_is_no_part_of_itself_also_not_by_way_of_others(works: Works):
    with works.writing(SYSTEM) as uow:
        top = uow.records.create("organisation", {"title": "Top"})
        middle = uow.records.create("organisation", {"title": "Midt", "parent": top})
        low = uow.records.create("organisation", {"title": "Bund", "parent": middle})
        for parent in (top, middle, low):
            with pytest.raises(InvalidInput) as refused:
                uow.records.update(top, {"parent": parent})
            assert set(refused.value.fields) == {"parent"}
        uow.records.update(low, {"parent": top})
        with pytest.raises(InvalidInput):
            uow.records.save_many([Update(middle, {"parent": low}), Update(low, {"parent": middle})])


def test_the_size_follows_from_the_employees_and_the_region_from_the_day(database: Database, works: Works):
    with works.writing(SYSTEM) as uow:
        one = uow.records.create("organisation", {"title": "Ni", "kind": "cluster", "employees": 9, "municipality": "0101"})
        values = uow.records.values(one)
        assert (values["size_class"], values["region"], values["region_rule"], values["origin"]) == (
            "under_10",
            "hovedstaden",
            "primary",
            "own",
        )
        uow.records.update(one, {"employees": 250})
        assert uow.records.values(one)["size_class"] == "large"
        with pytest.raises(InvalidInput) as refused:
            uow.records.update(one, {"region_rule": "fractional"})
        assert set(refused.value.fields) == {"regions"}
    new_year = works_on(database)
    new_year.clock = FixedClock(datetime(2026, 12, 31, 23, 30, tzinfo=UTC))
    assert age_all(new_year) == 1
    with new_year.reading(SYSTEM) as uow:
        assert uow.records.values(one)["region"] == "oestdanmark"


def test_what_is_closed_has_ended_today_and_has_not_once_it_is_active_again(works: Works):
    with works.writing(SYSTEM) as uow:
        one = uow.records.create("organisation", {"title": "Klynge"})
        uow.records.transition(one, "close")
        assert uow.records.values(one)["ended"] == DateValue(date(2026, 12, 1))
        uow.records.transition(one, "reopen")
        assert uow.records.values(one)["ended"] is None


def test_names_and_sites_go_to_the_trash_with_their_organisation_and_come_back_with_it(database: Database, works: Works):
    anna = add_actor(database, "anna", [("*", "*")])
    with works.writing(anna) as uow:
        one = uow.records.create("organisation", {"title": "Ny", "founded": "2010-01-01"})
        uow.records.create("organisation_name", {"title": "Gammel", "organisation": one, "period": "2010-01-01"})
        earlier = uow.records.create("site", {"title": "Nedlagt", "organisation": one})
        site = uow.records.create("site", {"title": "Kontor", "organisation": one})
    with works.writing(anna) as uow:
        uow.records.delete(earlier)
    for back in ("undo", "restore"):
        with works.writing(anna) as uow:
            uow.clock = FixedClock(datetime(2026, 12, 2, 8, tzinfo=UTC))
            uow.records.delete(one)
            act = uow.act.id
        with works.reading(anna) as uow:
            assert list_page(uow, "site").rows == list_page(uow, "organisation_name").rows == ()
        with works.writing(anna) as uow:
            if back == "undo":
                report = undo_act(uow, act)
                assert not report.skipped
            else:
                uow.records.restore(one)
        with works.reading(anna) as uow:
            assert [row.id for row in list_page(uow, "site").rows] == [site]
            assert [title for title, _period in names_of(uow, one)] == ["Gammel"]
