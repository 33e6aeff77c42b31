"""Undo: a new act with the inverse of an earlier one; what someone changed since stays, and is named."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from crm.kernel.clock import FixedClock
from crm.kernel.db import Database
from crm.kernel.errors import AccessDenied, NotFound, RuleViolation
from crm.records.changes import LogEntry, log
from crm.records.jobs import Job, JobRunner
from crm.records.models import Act
from crm.records.query import count, one
from crm.records.related import history, links
from crm.records.store.orders import Create
from crm.records.undo import UndoReport, is_undone, order_undo, undo_act
from crm.records.work import UnitOfWork, Works
from crm.security.actors import Actor
from tests.db.records.strategies import ORGANISATION, some_of
from tests.support.records import NOW, SYSTEM, add_actor

ALL = [("*", "*")]


def acting(works: Works, actor: Actor, do: Callable[[UnitOfWork], Any]) -> tuple[str, Any]:
    """Do something in an act of its own; gives the act's id and the answer."""
    with works.writing(actor) as uow:
        return uow.act.id, do(uow)


def undo(works: Works, actor: Actor, act_id: str) -> UndoReport:
    with works.writing(actor) as uow:
        return undo_act(uow, act_id)


def values_of(works: Works, record_id: int) -> dict[str, Any]:
    with works.reading(SYSTEM) as uow:
        return uow.records.values(record_id)


@pytest.fixture
def eva(database: Database) -> Actor:
    return add_actor(database, "eva", ALL)


@pytest.fixture
def shared(works: Works, eva: Actor) -> tuple[Works, Actor]:
    return works, eva


@pytest.fixture
def bo(database: Database) -> Actor:
    return add_actor(database, "bo", ALL)


def test_changed_fields_come_back_and_redo_is_the_undo_of_an_undo(works: Works, eva: Actor) -> None:
    _, made = acting(works, eva, lambda uow: uow.records.create("organisation", {"title": "Havvind", "city": "Ribe"}))
    changed, _ = acting(works, eva, lambda uow: uow.records.update(made, {"title": "Havenergi", "city": None, "note": "Ring"}))
    report = undo(works, eva, changed)
    assert report.skipped == []
    assert {name for item in report.undone for name in item.fields} == {"title", "city", "note"}
    now = values_of(works, made)
    assert (now["title"], now["city"], now["note"], now["version"]) == ("Havvind", "Ribe", None, 3)
    with works.reading(eva) as uow:
        act = uow.session.scalars(select(Act).where(Act.id == report.undo_id)).one()
        assert (act.cause, act.cause_id, is_undone(uow, changed)) == ("undo", changed, True)
    undo(works, eva, report.undo_id)
    assert values_of(works, made)["title"] == "Havenergi"
    with works.reading(eva) as uow:
        assert not is_undone(uow, changed)


def test_what_someone_changed_since_stays_and_is_named(works: Works, eva: Actor, bo: Actor) -> None:
    _, made = acting(works, eva, lambda uow: uow.records.create("organisation", {"title": "Havvind", "city": "Ribe"}))
    changed, _ = acting(works, eva, lambda uow: uow.records.update(made, {"city": "Odense", "note": "1"}))
    acting(works, bo, lambda uow: uow.records.update(made, {"city": "Vejle"}))
    report = undo(works, eva, changed)
    now = values_of(works, made)
    assert (now["city"], now["note"]) == ("Vejle", None)
    skipped = report.skipped[0]
    assert (skipped.field("da") if skipped.field else None, skipped.who, skipped.at) == ("By", "Bo Prøve", NOW)
    assert report.titles == {made: "Havvind"}


def test_many_records_come_back_at_once_and_one_that_is_refused_stops_no_other(works: Works, eva: Actor) -> None:
    def make(uow: UnitOfWork) -> list[int]:
        return [uow.records.create("organisation", {"title": f"Nr. {n}"}) for n in range(5)]

    _, made = acting(works, eva, make)
    changed, _ = acting(works, eva, lambda uow: [uow.records.update(one_id, {"city": "Ribe"}) for one_id in made])
    acting(works, eva, lambda uow: uow.records.delete(made[2]))
    report = undo(works, eva, changed)
    assert report.count() == 4
    assert [(item.record_id, str(item.reason)) for item in report.skipped] == [(made[2], "It lies in the trash.")]
    assert [values_of(works, one_id)["city"] for one_id in made if one_id != made[2]] == [None] * 4


def test_undo_of_create_is_trash_unless_others_worked_on_it(works: Works, eva: Actor, bo: Actor) -> None:
    made_in, made = acting(works, eva, lambda uow: uow.records.create("organisation", {"title": "Ny"}))
    other_in, other = acting(works, eva, lambda uow: uow.records.create("organisation", {"title": "Anden"}))
    acting(works, bo, lambda uow: uow.records.update(other, {"city": "Ribe"}))
    gone = undo(works, eva, made_in)
    with works.reading(SYSTEM) as uow:
        assert one(uow, made, with_trash=True).deleted_at is not None
    kept = undo(works, eva, other_in)
    assert kept.undone == []
    assert kept.skipped[0].who == "Bo Prøve"
    undo(works, eva, gone.undo_id)
    assert values_of(works, made)["title"] == "Ny"


def test_a_whole_chain_made_in_one_act_goes_in_the_order_that_lets_it(works: Works, eva: Actor) -> None:
    def make(uow: UnitOfWork) -> tuple[int, int]:
        board = uow.records.create("board", {"title": "Styregruppen"})
        return board, uow.records.create("meeting", {"board": board, "when": "2027-04-27 10.00"})

    act, (board, meeting) = acting(works, eva, make)
    report = undo(works, eva, act)
    assert report.skipped == []
    assert report.records() == {board, meeting}
    back = undo(works, eva, report.undo_id)
    assert back.skipped == []
    assert values_of(works, meeting)["board"] == board


def test_a_step_goes_back_to_the_old_state_as_a_step_of_its_own(works: Works, eva: Actor) -> None:
    _, made = acting(works, eva, lambda uow: uow.records.create("organisation", {"title": "Havvind"}))
    step, _ = acting(works, eva, lambda uow: uow.records.transition(made, "close"))
    report = undo(works, eva, step)
    assert values_of(works, made)["state"] == "active"
    with works.reading(eva) as uow:
        line = history(uow, made)[0]
        assert (line.kind, line.patch, line.cause) == ("transition", {"state": ("closed", "active")}, "undo")
    undo(works, eva, report.undo_id)
    assert values_of(works, made)["state"] == "closed"


def test_a_step_taken_by_the_system_alone_is_not_undone(database: Database, works: Works, eva: Actor) -> None:
    with works.writing(SYSTEM) as uow:
        board = uow.records.create("board", {"title": "S"})
        values = {"board": board, "when": "2027-04-27 10.00"}
        meeting = uow.records.save_many([Create("meeting", values, state="published")])[0]
    held, _ = acting(works, SYSTEM, lambda uow: uow.records.step_back(meeting, "for_approval", "published"))
    with works.writing(eva) as uow, pytest.raises(RuleViolation, match="follows from what was done"):
        uow.records.step_back(meeting, "published", "for_approval")
    assert held


def test_links_come_and_go_and_keep_their_facts(works: Works, eva: Actor) -> None:
    def make(uow: UnitOfWork) -> tuple[int, int]:
        return uow.records.create("person", {"given_name": "Anne"}), uow.records.create("organisation", {"title": "Kontoret"})

    _, (person, office) = acting(works, eva, make)
    days = {"from_on": date(2014, 2, 1), "to_on": date(2016, 12, 31)}
    linked, link_id = acting(
        works, eva, lambda uow: uow.records.link(person, "positions", office, role="Direktør", note="n", **days)
    )
    undo(works, eva, linked)
    with works.reading(eva) as uow:
        assert links(uow, person) == []
    _, link_id = acting(works, eva, lambda uow: uow.records.link(person, "positions", office, role="Direktør", note="n", **days))
    unlinked, _ = acting(works, eva, lambda uow: uow.records.unlink(link_id))
    undo(works, eva, unlinked)
    with works.reading(eva) as uow:
        line = links(uow, person)[0]
        assert (line.role, line.from_on, line.to_on, line.note) == ("Direktør", *days.values(), "n")
    again = undo(works, eva, unlinked)
    assert again.undone == []


def test_deleting_and_restoring_are_undone_both_ways(works: Works, eva: Actor) -> None:
    _, made = acting(works, eva, lambda uow: uow.records.create("organisation", {"title": "Havvind"}))
    gone, _ = acting(works, eva, lambda uow: uow.records.delete(made))
    undo(works, eva, gone)
    assert values_of(works, made)["title"] == "Havvind"
    acting(works, eva, lambda uow: uow.records.delete(made))
    back, _ = acting(works, eva, lambda uow: uow.records.restore(made))
    undo(works, eva, back)
    with pytest.raises(NotFound):
        values_of(works, made)


def test_todays_rights_count_field_by_field(database: Database, works: Works) -> None:
    grants = [("organisation", "read"), ("organisation", "create"), ("organisation", "update", "all", None, ["city"])]
    ida = add_actor(database, "ida", grants)
    with works.writing(SYSTEM) as uow:
        made = uow.records.create("organisation", {"title": "Havvind"})
    others, _ = acting(works, SYSTEM, lambda uow: uow.records.update(made, {"city": "Ribe", "note": "1"}))
    with pytest.raises(AccessDenied):
        undo(works, ida, others)
    mine = Actor(ida.user_id, "Ida", roles=frozenset({"administrator"}))
    act, _ = acting(works, mine, lambda uow: uow.records.update(made, {"city": "Vejle", "note": "2"}))
    report = undo(works, ida, act)
    assert [item.fields for item in report.undone] == [("city",)]
    assert [str(item.reason) for item in report.skipped] == ["You may not change this field."]
    assert values_of(works, made)["note"] == "2"


def test_who_changed_a_field_that_one_may_not_read_is_not_told(database: Database, works: Works, bo: Actor) -> None:
    ida = add_actor(database, "ida", [("organisation", "read", "all", ["title"]), ("organisation", "update")])
    with works.writing(SYSTEM) as uow:
        made = uow.records.create("organisation", {"title": "Havvind"})
    act, _ = acting(works, ida, lambda uow: uow.records.update(made, {"city": "Ribe"}))
    acting(works, bo, lambda uow: uow.records.update(made, {"city": "Vejle"}))
    skipped = undo(works, ida, act).skipped[0]
    assert (str(skipped.reason), skipped.who, skipped.at) == ("It has been changed since.", None, None)


def test_only_own_acts_of_thirty_days_and_administrators_any(database: Database, works: Works, eva: Actor, bo: Actor) -> None:
    act, made = acting(works, eva, lambda uow: uow.records.create("organisation", {"title": "Havvind"}))
    with pytest.raises(AccessDenied):
        undo(works, bo, act)
    for unknown in ("0" * 32, "../x", "", "x" * 50):
        with pytest.raises(NotFound):
            undo(works, eva, unknown)
    later = Works(database, works.registries, clock=FixedClock(NOW + timedelta(days=31)))
    with pytest.raises(RuleViolation, match="30 days"):
        undo(later, eva, act)
    admin = add_actor(database, "chief", [*ALL, ("@admin", "use")])
    assert undo(later, admin, act).records() == {made}


def test_a_change_of_an_unknown_kind_is_left_alone_and_said(works: Works, eva: Actor) -> None:
    _, made = acting(works, eva, lambda uow: uow.records.create("organisation", {"title": "Havvind"}))
    with works.writing(eva) as uow:
        type_id = uow.registry.get("organisation").id
        log(uow, [LogEntry(made, type_id, 1, "odd", {})])
        act = uow.act.id
    assert [str(item.reason) for item in undo(works, eva, act).skipped] == ["This cannot be undone."]


def test_a_large_act_is_undone_by_a_job_in_slices_with_a_report(works: Works, eva: Actor, bo: Actor, tmp_path: Path) -> None:
    orders = [Create("organisation", {"title": f"Nr. {n:03}"}) for n in range(120)]
    made_in, made = acting(works, eva, lambda uow: uow.records.save_many(orders))
    acting(works, bo, lambda uow: uow.records.update(made[7], {"city": "Ribe"}))
    with works.writing(eva) as uow:
        job_id = order_undo(uow, made_in)
    JobRunner(works, tmp_path).drain()
    with works.reading(eva) as uow:
        job = uow.session.get_one(Job, job_id)
        assert (job.state, job.done, job.skipped, job.failed, job.total) == ("done", 119, 1, 0, 120)
        assert count(uow, "organisation").number == 1
        assert is_undone(uow, made_in)
        act = uow.session.get_one(Act, job.act_id)
        assert (act.cause, act.cause_id, act.actor_id) == ("undo", made_in, eva.user_id)
    report = undo(works, eva, job.act_id)
    assert report.count() == 119


def test_two_who_undo_at_once_undo_it_once(works: Works, eva: Actor) -> None:
    _, made = acting(works, eva, lambda uow: uow.records.create("organisation", {"title": "Havvind", "city": "Ribe"}))
    act, _ = acting(works, eva, lambda uow: uow.records.update(made, {"city": "Odense"}))
    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(lambda _turn: undo(works, eva, act), range(4)))
    assert sorted(report.count() for report in reports) == [0, 0, 0, 1]
    assert all(report.skipped == [] for report in reports)
    now = values_of(works, made)
    assert (now["city"], now["version"]) == ("Ribe", 3)


#: Fields of several kinds, whose old values must come back to the letter.
FIELDS = {name: ORGANISATION[name] for name in ("title", "kind", "cvr", "city", "municipality", "website", "note")}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=some_of(FIELDS, "title"), changes=st.lists(some_of(FIELDS), min_size=1, max_size=3))
def test_an_act_and_its_undo_give_the_old_values(
    shared: tuple[Works, Actor], first: dict[str, Any], changes: list[dict[str, Any]]
) -> None:
    works, actor = shared
    made = acting(works, actor, lambda uow: uow.records.create("organisation", first))[1]
    before = values_of(works, made)

    def change(uow: UnitOfWork) -> None:
        for values in changes:
            uow.records.update(made, values)

    act, _ = acting(works, actor, change)
    after = values_of(works, made)
    if after["version"] == before["version"]:
        return
    report = undo(works, actor, act)
    assert report.skipped == []
    volatile = {"version"}
    assert {name: value for name, value in values_of(works, made).items() if name not in volatile} == {
        name: value for name, value in before.items() if name not in volatile
    }
    undo(works, actor, report.undo_id)
    assert {**values_of(works, made), "version": 0} == {**after, "version": 0}
