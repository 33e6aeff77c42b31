"""Values that hang on the day: brought to it once, by the day alone, whatever was missed; and never told wrong in between."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from crm.cli.run import build_worker
from crm.filters import Condition
from crm.kernel.clock import FixedClock
from crm.kernel.db import Database
from crm.notices.models import Notice
from crm.notices.services import Wish, follow
from crm.records.ageing import ACTOR, Ager, age_all
from crm.records.ageing_models import RecordTurn
from crm.records.models import Act, Change, ChangeValue
from crm.records.query import count, list_page, one
from crm.records.registry import RegistryCache
from crm.records.store import Create
from crm.records.store.ageing import AT_ONCE
from crm.records.types import Functions, RuleContext, Values
from crm.records.work import Works
from crm.security.callers import actor_for
from crm.wiring import BUILTIN_TYPES, Klynge
from integrations.prefect_client.fake import FakeEngine
from tests.support.people import add_user
from tests.support.queries import counting
from tests.support.records import SYSTEM, builtin, works_on


class Box:
    """A mailer that keeps what it is given."""

    def __init__(self) -> None:
        self.sent: list[Any] = []

    def send(self, mail: Any) -> None:
        self.sent.append(mail)


NEW_YEAR = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)


class Office:
    """A kind of membership for a calendar year with thirty days of grace, and a member of 2026."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.works = works_on(database)
        with self.works.writing(SYSTEM) as uow:
            make = uow.records.create
            self.kind = make("membership_type", {"title": "Årligt", "period_kind": "fixed", "grace_days": 30})
            self.member = make("organisation", {"title": "Nordisk Vand"})
            self.membership = make("membership", {"organisation": self.member, "membership_type": self.kind})

    def at(self, moment: datetime) -> None:
        clock: Any = self.works.clock
        clock.moment = moment

    def stored(self, record_id: int | None = None) -> str | None:
        """Give the status as lists see it."""
        with self.works.reading(SYSTEM) as uow:
            rows = list_page(uow, "membership", where=Condition("id", "is", record_id or self.membership)).rows
            found: str | None = rows[0].values["status"]
            return found

    def turns(self) -> dict[int, date]:
        with self.works.reading(SYSTEM) as uow:
            rows = uow.session.execute(select(RecordTurn.record_id, RecordTurn.due_on))
            return {row.record_id: row.due_on for row in rows}

    def lines(self, record_id: int | None = None) -> list[tuple[Mapping[str, Any], str, str | None]]:
        """Give the changes of a record after the first, with the act's cause and system."""
        wanted = Change.record_id == (record_id or self.membership)
        statement = select(ChangeValue.patch, Act.cause, Act.system).select_from(Change)
        statement = statement.join(ChangeValue, ChangeValue.change_id == Change.id).join(Act, Act.id == Change.act_id)
        with self.works.reading(SYSTEM) as uow:
            return [(row.patch, row.cause, row.system) for row in uow.session.execute(statement.where(wanted).order_by(Change.id))][
                1:
            ]


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def test_a_new_day_brings_lists_counts_and_history_to_the_truth(office: Office):
    assert office.stored() == "current"
    assert office.turns() == {office.membership: date(2027, 1, 1)}
    ager = Ager(office.works)
    assert ager.turn() == 0, "at its start nothing has aged"
    office.at(NEW_YEAR)  # half an hour into the new year in Copenhagen
    assert ager.turn() == 1
    with office.works.reading(SYSTEM) as uow:
        assert count(uow, "membership", Condition("status", "is", "grace")).number == 1
        assert count(uow, "membership", Condition("status", "is", "current")).number == 0
    assert office.lines() == [({"status": ["current", "grace"]}, "day", ACTOR.system)]
    assert office.turns() == {office.membership: date(2027, 1, 31)}
    assert ager.turn() == 0
    assert Ager(office.works).turn() == 0
    assert len(office.lines()) == 1, "running twice changes nothing"


def test_missed_days_are_made_up_once_and_what_never_turns_again_is_asked_for_no_more(office: Office):
    office.at(datetime(2027, 6, 1, 8, tzinfo=UTC))
    assert age_all(office.works) == 1
    assert office.lines() == [({"status": ["current", "expired"]}, "day", ACTOR.system)]
    assert office.turns() == {}


def test_between_midnight_and_the_workers_turn_the_record_itself_is_shown_by_the_day(sqlite_database: Database):
    office = Office(sqlite_database)
    office.at(NEW_YEAR)
    with office.works.reading(SYSTEM) as uow:
        assert one(uow, office.membership).values["status"] == "grace"
    assert office.stored() == "current"
    assert office.lines() == [], "to look writes nothing"


def test_only_the_records_whose_day_has_come_are_read(office: Office):
    later = [
        Create("membership", {"organisation": office.member, "membership_type": office.kind, "period": {"start": "2027-02-01"}})
    ]
    with office.works.writing(SYSTEM) as uow:
        uow.records.save_many(later * 60)
    ager = Ager(office.works)
    ager.turn()
    with counting(office.database) as idle:
        ager.turn()
    office.at(NEW_YEAR)
    with counting(office.database) as asked:
        assert ager.turn() == 1
    assert len(idle) <= 4
    assert len(asked) <= len(idle) + 22
    assert sum("record_turn" in statement for statement in idle) == 1


def test_what_lies_in_the_trash_ages_when_it_comes_back(sqlite_database: Database):
    office = Office(sqlite_database)
    with office.works.writing(SYSTEM) as uow:
        uow.records.delete(office.membership)
    office.at(NEW_YEAR)
    assert age_all(office.works) == 0
    assert office.turns() == {}
    with office.works.writing(SYSTEM) as uow:
        uow.records.restore(office.membership)
    assert office.stored() == "grace"
    assert office.turns() == {office.membership: date(2027, 1, 31)}


def test_a_status_set_by_hand_holds_until_it_is_removed(sqlite_database: Database):
    office = Office(sqlite_database)
    with office.works.writing(SYSTEM) as uow:
        uow.records.update(office.membership, {"override": "current"})
    office.at(NEW_YEAR)
    assert age_all(office.works) == 0
    assert office.stored() == "current"
    with office.works.writing(SYSTEM) as uow:
        uow.records.update(office.membership, {"override": None})
    assert office.stored() == "grace"


def test_what_a_type_says_reaches_its_members_at_once_or_by_the_worker(office: Office):
    office.at(NEW_YEAR)
    age_all(office.works)
    with office.works.writing(SYSTEM) as uow:
        uow.records.update(office.kind, {"grace_days": 0})
    assert office.stored() == "expired"
    many = [
        Create("membership", {"organisation": office.member, "membership_type": office.kind, "period": {"start": "2026-01-01"}})
    ]
    with office.works.writing(SYSTEM) as uow:
        ids = uow.records.save_many(many * AT_ONCE)
        uow.records.update(office.kind, {"grace_days": 60})
    assert {office.stored(ids[0]), office.stored()} == {"expired"}, "so many wait for the worker"
    assert age_all(office.works) == AT_ONCE + 1
    assert {office.stored(ids[0]), office.stored(ids[-1]), office.stored()} == {"grace"}


def test_another_setting_or_rule_derives_all_of_a_type_anew_when_the_worker_starts(database: Database):
    works = works_on(database)
    with works.writing(SYSTEM) as uow:
        member = uow.records.create("organisation", {"title": "Nordisk Vand"})
        # Valid to 31 March 2027: four months from now.
        made = uow.records.create("certificate", {"organisation": member, "level": "gold", "assessed": "2025-03-10"})
        assert one(uow, made).values["status"] == "expiring"
    assert age_all(works) == 0
    patient = Works(database, works.registries, clock=works.clock, settings={"certificate_expiring_months": 2})
    assert age_all(patient) == 1
    assert age_all(patient) == 0
    with patient.reading(SYSTEM) as uow:
        assert one(uow, made).values["status"] == "valid"
        assert uow.session.scalar(select(RecordTurn.due_on)) == date(2027, 1, 31)


def test_one_record_that_cannot_be_derived_keeps_no_other_from_its_day(office: Office):
    good = builtin("membership").functions.derive

    def derive(old: Values | None, new: Values, context: RuleContext) -> Values:
        if context.today > date(2026, 12, 31) and new["note"] == "syg":
            raise ZeroDivisionError
        return good(old, new, context)

    broken = builtin("membership", functions=Functions(derive=derive, title=builtin("membership").functions.title))
    with office.works.writing(SYSTEM) as uow:
        ill = uow.records.create("membership", {"organisation": office.member, "membership_type": office.kind, "note": "syg"})
    types = [broken if item.key == "membership" else item for item in BUILTIN_TYPES]
    works = Works(office.database, RegistryCache(types), clock=FixedClock(NEW_YEAR))
    assert age_all(works) == 1
    assert office.stored() == "grace"
    assert office.stored(ill) == "current"
    assert office.turns()[ill] == date(2027, 1, 2), "it is tried again the next day"
    assert age_all(works) == 0


def test_a_past_written_down_today_is_brought_to_today(sqlite_database: Database):
    office = Office(sqlite_database)
    past = FixedClock(datetime(2024, 1, 10, 8, tzinfo=UTC))
    with office.works.writing(SYSTEM, clock=past) as uow:
        old = uow.records.create("membership", {"organisation": office.member, "membership_type": office.kind})
    assert office.stored(old) == "current"
    with office.works.reading(SYSTEM) as uow:
        assert one(uow, old).values["status"] == "expired"
    assert age_all(office.works) == 1
    assert office.stored(old) == "expired"
    with office.works.reading(SYSTEM) as uow:
        assert uow.session.scalar(select(func.count()).select_from(RecordTurn)) == 1


def test_the_worker_ages_at_each_new_day_and_tells_who_follows(klynge: Klynge) -> None:
    klynge.adapters.update(FlowEngine=FakeEngine(), Mailer=Box())
    anna = add_user(klynge, "staff", "anna")
    with klynge.database.reading() as session:
        actor = actor_for(session, anna)
    with klynge.works.writing(SYSTEM) as uow:
        member = uow.records.create("organisation", {"title": "Nordisk Vand"})
        year = uow.records.create("membership_type", {"title": "Årligt", "period_kind": "fixed", "grace_days": 30})
        made = uow.records.create("membership", {"organisation": member, "membership_type": year})
    with klynge.works.writing(actor) as uow:
        follow(uow, made, Wish.FOLLOW)
    worker = build_worker(klynge)
    worker.turn(0.0)
    clock: Any = klynge.clock
    clock.moment = NEW_YEAR
    worker.turn(100.0)
    worker.turn(200.0)
    with klynge.works.reading(SYSTEM) as uow:
        assert list_page(uow, "membership", where=Condition("status", "is", "grace")).rows[0].id == made
        assert uow.session.scalars(select(Notice.kind).where(Notice.user_id == anna)).all() == ["changed"]


def test_no_turn_is_ever_today_or_earlier(sqlite_database: Database):
    kind = builtin("membership")
    assert kind.ages is not None
    eager = builtin("membership", ages=type(kind.ages)(("status",), lambda _values, context: context.today - timedelta(days=3)))
    works = works_on(sqlite_database, eager)
    with works.writing(SYSTEM) as uow:
        member = uow.records.create("organisation", {"title": "Nordisk Vand"})
        year = uow.records.create("membership_type", {"title": "Årligt", "period_kind": "fixed"})
        uow.records.create("membership", {"organisation": member, "membership_type": year})
    assert age_all(works) == 0
