"""Boards, meetings and their items as records: numbers, titles, rules, scopes. On both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from crm.boards.models import AgendaItem, Decision, FollowUp, Meeting
from crm.boards.services import move_item
from crm.kernel.errors import InvalidInput, NotFound, RuleViolation
from crm.records.fields.date import DateValue
from crm.records.store.orders import Create
from crm.wiring import Klynge
from tests.support.boards import SEED, World, make_world, submitted, user_actor
from tests.support.people import add_user


@pytest.fixture
def world(klynge: Klynge) -> World:
    return make_world(klynge)


def at(year: int, month: int, day: int) -> DateValue:
    return DateValue(datetime(year, month, day, 9, tzinfo=UTC), None, all_day=False)


def test_a_meeting_gets_the_next_number_of_its_year_and_its_name_from_the_board(klynge: Klynge, world: World) -> None:
    with klynge.works.writing(SEED) as uow:
        assert uow.get(Meeting, world.last).title == "Styregruppemøde 1/2026"
        assert uow.get(Meeting, world.meeting).title == "Styregruppemøde 1/2027"
        new = uow.records.create("meeting", {"board": world.board, "when": at(2027, 9, 1)})
        assert uow.get(Meeting, new).title == "Styregruppemøde 2/2027"
        other = uow.records.create("meeting", {"board": world.other_board, "when": at(2027, 9, 1)})
        assert uow.get(Meeting, other).title == "Rådgivende udvalg, møde 1/2027"


def test_meetings_made_in_one_batch_get_different_numbers(klynge: Klynge, world: World) -> None:
    orders = [Create("meeting", {"board": world.board, "when": at(2028, month, 1)}) for month in (2, 5, 9)]
    with klynge.works.writing(SEED) as uow:
        ids = uow.records.save_many(orders)
        assert [uow.get(Meeting, one).number for one in ids] == [1, 2, 3]


def test_a_number_is_given_once_also_when_its_meeting_lies_in_the_trash(klynge: Klynge, world: World) -> None:
    with klynge.works.writing(SEED) as uow:
        gone = uow.records.create("meeting", {"board": world.board, "when": at(2027, 9, 1)})
        uow.records.delete(gone)
        new = uow.records.create("meeting", {"board": world.board, "when": at(2027, 10, 1)})
        assert uow.get(Meeting, new).number == 3
    with klynge.works.writing(SEED) as uow, pytest.raises(InvalidInput, match="already has a meeting 1/2027"):
        uow.records.create("meeting", {"board": world.board, "when": at(2027, 11, 1), "number": 1})


def test_a_draft_moved_into_another_year_takes_that_years_next_number(klynge: Klynge, world: World) -> None:
    with klynge.works.writing(SEED) as uow:
        uow.records.update(world.meeting, {"when": at(2026, 12, 15)})
        assert uow.get(Meeting, world.meeting).title == "Styregruppemøde 2/2026"
        uow.records.update(world.meeting, {"when": at(2026, 12, 16), "number": 7})
        assert uow.get(Meeting, world.meeting).title == "Styregruppemøde 7/2026"


def test_items_stand_in_order_and_can_be_moved(klynge: Klynge, world: World) -> None:
    with klynge.works.writing(SEED) as uow:
        assert [uow.get(AgendaItem, one).position for one in world.items] == [1, 2, 3, 4]
        move_item(uow, world.items[3], 1)
    with klynge.works.reading(SEED) as uow:
        assert [uow.get(AgendaItem, one).position for one in world.items] == [2, 3, 4, 1]


def test_an_orientation_item_can_hold_no_decision_and_no_recommendation(klynge: Klynge, world: World) -> None:
    with klynge.works.writing(SEED) as uow:
        with pytest.raises(InvalidInput, match="cannot hold a decision"):
            uow.records.create("decision", {"agenda_item": world.items[1], "text": "Godkendt"})
        with pytest.raises(InvalidInput, match="has no recommendation"):
            uow.records.update(world.items[1], {"recommendation": "at vi godkender"})
        decision = uow.records.create("decision", {"agenda_item": world.items[2], "text": "Planen blev godkendt."})
        assert uow.get(Decision, decision).title == "Aktivitetsplan 2. halvår 2027"
        with pytest.raises(InvalidInput, match="cannot become an item for information"):
            uow.records.update(world.items[2], {"item_type": "orientation", "recommendation": None})


def test_one_person_has_one_seat_in_a_board_at_a_time(klynge: Klynge, world: World) -> None:
    with klynge.works.writing(SEED) as uow:
        with pytest.raises(InvalidInput, match="already has a seat"):
            uow.records.create("mandate", {"board": world.board, "person": world.anne, "period": DateValue(date(2027, 1, 1))})
        earlier = {"period": DateValue(date(2020, 1, 1), date(2025, 12, 31))}
        uow.records.create("mandate", {"board": world.board, "person": world.anne, **earlier})


def test_a_follow_up_is_done_and_opened_again(klynge: Klynge, world: World) -> None:
    with klynge.works.writing(SEED) as uow:
        assert uow.records.transition(world.follow_ups[0], "complete") == "done"
        assert uow.records.transition(world.follow_ups[0], "reopen") == "open"


def test_a_meeting_moves_on_only_when_its_guards_agree(klynge: Klynge, world: World) -> None:
    submitted(klynge, world)
    with klynge.works.writing(SEED) as uow:
        with pytest.raises(RuleViolation, match="has not been approved"):
            uow.records.transition(world.meeting, "publish")
        uow.records.transition(world.meeting, "reopen")
        uow.records.create("agenda_item", {"meeting": world.meeting, "title": "Budget", "item_type": "decision"})
    with klynge.works.writing(SEED) as uow:
        uow.records.transition(world.meeting, "assemble")
        with pytest.raises(RuleViolation) as refusal:
            uow.records.transition(world.meeting, "submit")
    assert refusal.value.message("da") == "Punkt 5 ”Budget” mangler tekst."


def test_a_board_member_sees_their_boards_sent_meetings_and_own_follow_ups_only(klynge: Klynge, world: World) -> None:
    submitted(klynge, world)
    member = user_actor(klynge, add_user(klynge, "board_member", "anne", person_id=world.anne))
    stranger = user_actor(klynge, add_user(klynge, "board_member", "jens", person_id=world.jens))
    with klynge.works.reading(member) as uow, pytest.raises(NotFound):
        uow.get(Meeting, world.meeting)
    with klynge.database.writing() as session:
        table = Meeting.__mapper__.inherits.local_table
        session.execute(table.update().where(table.c.id == world.meeting).values(state="published"))
    with klynge.works.reading(member) as uow:
        assert [one.id for one in uow.session.scalars(select(Meeting))] == [world.meeting]
        assert len(uow.session.scalars(select(AgendaItem)).all()) == 4
        assert [one.id for one in uow.session.scalars(select(FollowUp))] == [world.follow_ups[0]]
    with klynge.works.reading(stranger) as uow:
        assert uow.session.scalars(select(Meeting)).all() == []
        assert uow.session.scalars(select(AgendaItem)).all() == []


def test_a_former_member_sees_the_meetings_of_their_time_only(klynge: Klynge, world: World) -> None:
    with klynge.works.writing(SEED) as uow:
        person = uow.records.create("person", {"given_name": "Karen", "family_name": "Vig"})
        until = {"period": DateValue(date(2025, 1, 1), date(2026, 10, 1))}
        uow.records.create("mandate", {"board": world.board, "person": person, **until})
    with klynge.database.writing() as session:
        table = Meeting.__mapper__.inherits.local_table
        session.execute(table.update().where(table.c.id.in_([world.meeting, world.last])).values(state="published"))
    former = user_actor(klynge, add_user(klynge, "board_member", "karen", person_id=person))
    with klynge.works.reading(former) as uow:
        assert [one.id for one in uow.session.scalars(select(Meeting))] == [world.last]


def test_the_agenda_of_a_held_meeting_stays_as_it_was(klynge: Klynge, world: World) -> None:
    with klynge.works.writing(SEED) as uow:
        held = uow.records.save_many([Create("meeting", {"board": world.board, "when": at(2026, 3, 1)}, state="held")])[0]
        with pytest.raises(InvalidInput, match="stays as it was"):
            uow.records.create("agenda_item", {"title": "For sent", "meeting": held, "item_type": "discussion"})
        with pytest.raises(InvalidInput, match="stays as it was"):
            uow.records.update(world.items[2], {"meeting": held})
        assert uow.records.values(world.items[2])["meeting"] == world.meeting


def test_an_item_holds_one_decision(klynge: Klynge, world: World) -> None:
    with klynge.works.writing(SEED) as uow:
        first = uow.records.create("decision", {"agenda_item": world.items[2], "text": "Godkendt."})
        with pytest.raises(InvalidInput, match="already has a decision"):
            uow.records.create("decision", {"agenda_item": world.items[2], "text": "Afvist."})
        uow.records.update(first, {"text": "Godkendt med bemærkninger."})
        uow.records.delete(first)
        uow.records.create("decision", {"agenda_item": world.items[2], "text": "Udsat."})
