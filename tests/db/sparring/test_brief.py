"""What one should know before one calls: all parts, under the reader's rights, and few questions for 2,000 activities."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from crm.kernel.db import Database
from crm.records.fields import DateValue
from crm.records.query import one
from crm.records.search import SearchFollower
from crm.records.store.orders import Create
from crm.records.work import Works
from crm.security.actors import Actor
from crm.sparring.queries.brief import Brief, brief_of
from tests.support.queries import counting
from tests.support.records import SYSTEM, add_actor, works_on

COMING = DateValue(datetime(2026, 12, 24, 9, tzinfo=UTC), all_day=False)


class House:
    """Fjordklyngen with Anne and Kim, all that can be told of it, and a colleague who may read nothing but organisations."""

    def __init__(self, database: Database, works: Works) -> None:
        self.works, self.database = works, database
        self.mette = add_actor(database, "mette", [("*", "*")])
        self.narrow = add_actor(database, "narrow", [("organisation", "read"), ("sparring", "read")])
        with works.writing(SYSTEM) as uow:
            make = uow.records.create
            self.fjord = make("organisation", {"title": "Fjordklyngen", "kind": "cluster"})
            self.anne = make("person", {"given_name": "Anne", "family_name": "Holm", "phone": "33112233"})
            self.kim = make("person", {"given_name": "Kim", "family_name": "Bach"})
            for person, role in ((self.anne, "Klyngechef"), (self.kim, "Konsulent")):
                uow.records.link(person, "positions", self.fjord, role=role)
            board = make("board", {"title": "Styregruppen"})
            meeting = make("meeting", {"board": board, "when": COMING})
            make("agenda_item", {"meeting": meeting, "title": "Fjordklyngen søger om udvidelse", "item_type": "decision"})
            last = make("meeting", {"board": board, "when": DateValue(datetime(2026, 10, 1, 9, tzinfo=UTC), all_day=False)})
            make("follow_up", {"title": "Sender budget", "meeting": last, "responsible": self.anne, "due": date(2026, 11, 1)})
            make("certificate", {"organisation": self.fjord, "level": "gold", "assessed": "2026-03-01", "valid_from": "2026-03-01"})
            make("case", {"title": "Udvidelse af klyngen", "organisation": self.fjord})
            camp = make("event", {"title": "Klyngecamp", "kind": "camp", "when": DateValue(date(2026, 9, 1))})
            for person in (self.anne, self.kim):
                make("participation", {"event": camp, "person": person, "organisation": self.fjord, "status": "attended"})
        for number in range(4):
            self.log(held=f"2026-11-0{number + 1}", note=f"Samtale {number}", next_step="Sender skabelon" if number == 3 else None)
        SearchFollower(works).turn()

    def log(self, **values: Any) -> None:
        with self.works.writing(self.mette) as uow:
            made = uow.records.create("sparring", {"person": self.anne, "owner": self.mette.user_id, **values})
            uow.records.link(made, "organisations", self.fjord)

    def brief(self, record_id: int, actor: Actor | None = None) -> Brief:
        with self.works.reading(actor or self.mette) as uow:
            return brief_of(uow, one(uow, record_id))


@pytest.fixture
def house(database: Database, works: Works) -> House:
    return House(database, works)


def test_an_organisations_brief_has_every_part_of_it(house: House) -> None:
    brief = house.brief(house.fjord)
    assert [line.row.values["note"] for line in brief.talks] == ["Samtale 3", "Samtale 2", "Samtale 1"]
    assert [(one.title.title, one.who, one.is_late) for one in brief.ours] == [("Sender skabelon", "Mette Prøve", True)]
    assert [(one.title.title, one.who, one.is_late) for one in brief.theirs] == [("Sender budget", "Anne Holm", True)]
    assert brief.certificate is not None
    assert brief.certificate.row.values["level"] == "gold"
    assert [case.title for case in brief.cases] == ["Udvidelse af klyngen"]
    assert [(one.event.title, one.number, one.is_ahead) for one in brief.events] == [("Klyngecamp", 2, False)]
    assert [(one.row.title, one.role, one.adviser, one.last) for one in brief.people] == [
        ("Anne Holm", "Klyngechef", "Mette Prøve", date(2026, 11, 4)),
        ("Kim Bach", "Konsulent", "", None),
    ]
    assert brief.board_item is not None
    assert (brief.board_item.item.title, brief.board_item.day) == ("Fjordklyngen søger om udvidelse", date(2026, 12, 24))


def test_a_persons_brief_is_about_them_and_their_organisation(house: House) -> None:
    brief = house.brief(house.kim)
    assert brief.talks == ()
    assert brief.theirs == ()
    assert [(one.event.title, one.number) for one in brief.events] == [("Klyngecamp", 1)]
    assert brief.subject.organisation is not None
    assert [case.title for case in brief.cases] == ["Udvidelse af klyngen"]
    assert [one.row.title for one in brief.people] == ["Kim Bach", "Anne Holm"]


def test_it_tells_nothing_of_what_the_reader_may_not_read(house: House) -> None:
    house.log(held="2026-11-30", note="Fortroligt", next_step="Ringer til formanden", confidential=True)
    with house.works.reading(house.narrow) as uow:
        brief = brief_of(uow, one(uow, house.fjord))
    assert [line.row.values["note"] for line in brief.talks] == ["Samtale 3", "Samtale 2", "Samtale 1"]
    told = (brief.ours, brief.theirs, brief.cases, brief.events, brief.people, brief.certificate, brief.board_item)
    assert told == ((), (), (), (), (), None, None)
    assert house.brief(house.fjord).talks[0].row.values["note"] == "Fortroligt", "their author sees them"


def test_two_thousand_activities_take_no_more_questions_than_few(sqlite_database: Database) -> None:
    house = House(sqlite_database, works_on(sqlite_database))

    def questions() -> int:
        with house.works.reading(house.mette) as uow, counting(house.database) as asked:
            brief_of(uow, one(uow, house.fjord))
        return len(asked)

    few = questions()
    with house.works.writing(SYSTEM) as uow:
        events = uow.records.save_many(
            [Create("event", {"title": f"Dag {n}", "when": f"2026-0{n % 9 + 1}-15"}) for n in range(100)]
        )
        tasks = [Create("task", {"title": f"Opgave {n}", "about": house.fjord, "due": "2026-12-24"}) for n in range(1200)]
        talks = [Create("sparring", {"person": house.anne, "held": "2026-10-01", "note": "x"}) for _ in range(100)]
        part = {"person": house.kim, "organisation": house.fjord, "status": "attended"}
        parts = [Create("participation", {"event": event, **part}) for event in events]
        cases = [Create("case", {"title": f"Sag {n}", "organisation": house.fjord}) for n in range(600)]
        uow.records.save_many([*tasks, *talks, *parts, *cases])
    assert questions() <= few <= 40
