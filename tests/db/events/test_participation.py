"""Attendance as it was: organisation, position and region of the event's day, written down once and never overwritten."""

from __future__ import annotations

from datetime import date

import pytest

from crm.kernel.errors import InvalidInput, RuleViolation
from crm.records.merge import MergeRecords, merge_records
from crm.records.models import Change
from crm.records.query import one
from crm.records.undo import undo_act
from tests.db.events.conftest import World


def frozen(world: World, record_id: int) -> tuple[object, ...]:
    with world.works.reading(world.staff) as uow:
        values = one(uow, record_id).values
        return values["organisation"], values["position"], values["region"]


def test_who_attended_is_written_down_as_they_were_on_the_day_and_a_later_change_of_job_alters_nothing(world: World):
    part = world.take_part()
    assert frozen(world, part) == (None, None, None), "nothing is written down of who only signed up"
    with world.works.writing(world.staff) as uow:
        uow.records.update(part, {"status": "attended"})
    assert frozen(world, part) == (world.nord, "Klyngechef", "nordjylland"), "her new job of today plays no part"
    with world.works.writing(world.staff) as uow:
        uow.records.link(world.anne, "positions", world.aqua, role="Formand", from_on=date(2026, 10, 1))
        uow.records.update(world.nord, {"municipality": "0461"})
        uow.records.update(part, {"note": "Kom for sent"})
        uow.records.update(part, {"status": "absent"})
        uow.records.update(part, {"status": "attended"})
    assert frozen(world, part) == (world.nord, "Klyngechef", "nordjylland")


def test_holding_an_event_writes_down_everybody_on_its_list_and_undo_takes_it_back(world: World):
    parts = [world.take_part(), world.take_part(_person(world, "Jens"), organisation=world.aqua)]
    with world.works.writing(world.staff) as uow:
        assert uow.records.transition(world.workshop, "hold") == "held"
        act = uow.act.id
    assert frozen(world, parts[0]) == (world.nord, "Klyngechef", "nordjylland")
    assert frozen(world, parts[1]) == (world.aqua, None, "hovedstaden"), "what was typed beforehand stays, and has its region"
    with world.works.writing(world.staff) as uow:
        undo_act(uow, act)
    assert frozen(world, parts[0]) == (None, None, None)


def test_it_is_put_right_by_hand_with_history_and_the_region_comes_along(world: World):
    part = world.take_part(status="attended")
    with world.works.writing(world.staff) as uow:
        uow.records.update(part, {"organisation": world.aqua, "position": "Konsulent"})
    assert frozen(world, part) == (world.aqua, "Konsulent", "hovedstaden")
    with world.works.writing(world.staff) as uow:
        uow.records.update(part, {"region": "sjaelland"})
        uow.records.update(part, {"organisation": world.nord})
        kinds = [row.kind for row in uow.session.execute(Change.__table__.select().where(Change.record_id == part))]
    assert frozen(world, part) == (world.nord, "Konsulent", "sjaelland"), "a region put right by hand stays"
    assert kinds == ["create", "update", "update", "update"]


def test_a_person_is_once_on_a_list_and_the_message_names_the_one_there_is(world: World):
    first = world.take_part(status="absent")
    with pytest.raises(InvalidInput, match="Anne Holm is on the event's list already, as “Absent”"):
        world.take_part()
    with world.works.writing(world.staff) as uow:
        uow.records.delete(first)
    again = world.take_part()
    second = world.take_part(_person(world, "Jens"))
    assert again != second
    with pytest.raises(InvalidInput), world.works.writing(world.staff) as uow:
        uow.records.update(second, {"person": world.anne})


def test_nobody_attends_what_has_not_begun_or_is_cancelled(world: World):
    part = world.take_part(event=world.later)
    with pytest.raises(InvalidInput, match="day has not come"), world.works.writing(world.staff) as uow:
        uow.records.update(part, {"status": "attended"})
    with pytest.raises(RuleViolation, match="day has not come"), world.works.writing(world.staff) as uow:
        uow.records.transition(world.later, "hold")
    attended = world.take_part(status="attended")
    with pytest.raises(RuleViolation, match="1 are marked"), world.works.writing(world.staff) as uow:
        uow.records.transition(world.workshop, "cancel")
    with world.works.writing(world.staff) as uow:
        uow.records.update(attended, {"status": "registered"})
        uow.records.transition(world.workshop, "cancel")
    with pytest.raises(InvalidInput, match="cancelled"), world.works.writing(world.staff) as uow:
        uow.records.update(attended, {"status": "attended"})


def test_a_session_lies_within_its_event(world: World):
    with pytest.raises(InvalidInput, match="outside the days"), world.works.writing(world.staff) as uow:
        uow.records.create("session", {"title": "Oplæg", "event": world.later, "when": "2027-05-05 09:00"})
    with world.works.writing(world.staff) as uow:
        uow.records.create("session", {"title": "Natvandring", "event": world.later, "when": "2027-05-03 00:15"})


def _person(world: World, name: str) -> int:
    with world.works.writing(world.staff) as uow:
        return uow.records.create("person", {"given_name": name, "family_name": "Bak"})


def test_merging_keeps_what_was_written_down_and_is_refused_where_both_are_on_one_list(world: World):
    part = world.take_part(status="attended")
    double = _person(world, "Anne")
    with world.works.writing(world.staff) as uow:
        plain = uow.records.create("organisation", {"title": "Grøn Energi Nord (dublet)"})
        merge_records(uow, MergeRecords(plain, (world.nord,), picks={"municipality": plain}))
        merge_records(uow, MergeRecords(double, (world.anne,)))
    assert frozen(world, part) == (plain, "Klyngechef", "nordjylland")
    other = _person(world, "Anne")
    world.take_part(other)
    with pytest.raises(RuleViolation, match="on the event's list already"), world.works.writing(world.staff) as uow:
        merge_records(uow, MergeRecords(double, (other,)))
