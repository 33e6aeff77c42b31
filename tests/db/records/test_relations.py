"""What points at a record: counted in one question, to a cap, by today's rights; and its rows, the latest first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from crm.kernel.db import Database
from crm.records import relations
from crm.records.query import Count, readable_fields
from crm.records.relations import Relation, count_links, count_relations, link_sides, relation_rows, relations_to
from crm.records.store import Create
from crm.records.work import UnitOfWork, Works
from crm.security.actors import MandateSpan
from tests.support.queries import counting
from tests.support.records import SYSTEM, add_actor, works_on


@pytest.fixture
def works(database: Database) -> Works:
    return works_on(database)


def of(uow: UnitOfWork, key: str, name: str) -> Relation:
    record_type = uow.registry.get(key)
    return Relation(record_type, record_type.by_name[name])


def number(uow: UnitOfWork, key: str, record_id: int, relation: str) -> int | None:
    found = count_relations(uow, record_id, relations_to(uow, uow.registry.get(key)))
    return found[relation].number if relation in found else None


def test_every_relation_is_counted_and_trash_is_not(works: Works):
    with works.writing(SYSTEM) as uow:
        parent = uow.records.create("organisation", {"title": "Stor"})
        children = [uow.records.create("organisation", {"title": f"Lille {n}", "parent": parent}) for n in range(3)]
        uow.records.delete(children[0])
    with works.reading(SYSTEM) as uow:
        assert number(uow, "organisation", parent, "organisation.parent") == 2
        assert number(uow, "organisation", children[1], "organisation.parent") == 0


def test_a_count_ends_at_the_cap(works: Works, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(relations, "CAP", 3)
    with works.writing(SYSTEM) as uow:
        parent = uow.records.create("organisation", {"title": "Stor"})
        for n in range(5):
            uow.records.create("organisation", {"title": f"Lille {n}", "parent": parent})
    with works.reading(SYSTEM) as uow:
        wanted = [of(uow, "organisation", "parent")]
        assert count_relations(uow, parent, wanted) == {"organisation.parent": Count(3, capped=True)}


def test_rows_come_latest_first_with_the_wanted_fields_alone(works: Works):
    with works.writing(SYSTEM) as uow:
        board = uow.records.create("board", {"title": "Styregruppen", "meeting_name": "Møde"})
        for day in ("2026-03-01", "2026-05-01", "2026-04-01"):
            uow.records.create("meeting", {"board": board, "when": {"start": f"{day} 10:00"}})
    with works.reading(SYSTEM) as uow:
        relation = of(uow, "meeting", "board")
        fields = readable_fields(uow, relation.type, ["when"])
        rows = relation_rows(uow, relation, board, fields, 2)
        assert [row.values["when"].start.month for row in rows] == [5, 4]
        assert set(rows[0].values) == {"when"}


def test_links_are_counted_from_both_sides_without_what_may_not_be_seen(database: Database, works: Works):
    with works.writing(SYSTEM) as uow:
        anne, bo = (uow.records.create("person", {"given_name": name}) for name in ("Anne", "Bo"))
        office, other = (uow.records.create("organisation", {"title": name}) for name in ("Kontoret", "Andet"))
        for person in (anne, bo):
            uow.records.link(person, "positions", office, role="Konsulent")
        uow.records.link(anne, "positions", other)
        uow.records.link(office, "successors", other)
    own = add_actor(database, "own", [("organisation", "read"), ("person", "read", "own")])
    nobody = add_actor(database, "nobody", [("organisation", "read")])
    for actor, expected in ((SYSTEM, 2), (own, 0), (nobody, None)):
        with works.reading(actor) as uow:
            record_type = uow.registry.get("organisation")
            counted = count_links(uow, record_type, office, link_sides(uow, record_type))
            assert counted.get("person-positions-in") == expected
            assert counted["organisation-successors-out"] == 1
            assert counted["organisation-successors-in"] == 0
    with works.reading(SYSTEM) as uow:
        record_type = uow.registry.get("person")
        counted = count_links(uow, record_type, anne, link_sides(uow, record_type))
        assert {key: number for key, number in counted.items() if number} == {"person-positions-out": 2}


def test_a_relation_follows_the_rights_of_what_points(database: Database, works: Works):
    with works.writing(SYSTEM) as uow:
        board, other = (uow.records.create("board", {"title": name, "meeting_name": "M"}) for name in ("Mit", "Andet"))
        when = {"when": {"start": "2026-03-01 10:00"}}
        uow.records.save_many([Create("meeting", {"board": one, **when}, state="published") for one in (board, other)])
    member = add_actor(database, "member", [(key, "read", "board") for key in ("board", "meeting")])
    member = replace(member, mandates=(MandateSpan(board, date(2020, 1, 1)),))
    with works.reading(member) as uow:
        relation = of(uow, "meeting", "board")
        assert [count_relations(uow, one, [relation])["meeting.board"].number for one in (board, other)] == [1, 0]
        assert relation_rows(uow, relation, other, (), 10) == ()
        assert relations_to(uow, uow.registry.get("organisation")) == []


def test_the_number_of_questions_is_that_of_the_scopes_not_of_the_relations(database: Database, works: Works):
    staff = add_actor(database, "staff_", [("*", "*")])
    with works.writing(SYSTEM) as uow:
        parent = uow.records.create("organisation", {"title": "Stor"})
    with works.reading(staff) as uow:
        record_type = uow.registry.get("organisation")
        wanted = relations_to(uow, record_type)
        bounded = sum(uow.visible(one.type) is not None for one in wanted)
        with counting(database) as asked:
            count_relations(uow, parent, wanted)
            count_links(uow, record_type, parent, link_sides(uow, record_type))
        assert len(asked) <= 2 + bounded
        assert len(wanted) > bounded
