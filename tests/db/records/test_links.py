"""Links: role, dates and note of their own; each a line in the history of the record that holds the field."""

from __future__ import annotations

from datetime import date

import pytest

from crm.kernel.db import Database
from crm.kernel.errors import AccessDenied, InvalidInput, NotFound
from crm.records.query import one
from crm.records.related import history, links
from crm.records.store import Link
from crm.records.work import Works
from tests.support.records import SYSTEM, add_actor, everything_in

Pair = tuple[int, int]


@pytest.fixture
def pair(works: Works) -> Pair:
    """A person and an organisation."""
    with works.writing(SYSTEM) as uow:
        return uow.records.create("person", {"given_name": "Anne"}), uow.records.create("organisation", {"title": "Kontoret"})


def test_a_link_is_seen_from_both_ends_with_its_role_dates_and_note(works: Works, pair: Pair) -> None:
    person, office = pair
    with works.writing(SYSTEM) as uow:
        uow.records.link(
            person, "positions", office, role=" Formand ", from_on=date(2014, 1, 1), to_on=date(2016, 12, 31), note="a\nb"
        )
        (mine,), (theirs,) = links(uow, person), links(uow, office)
        assert (mine.role, mine.from_on, mine.to_on, mine.note) == ("Formand", date(2014, 1, 1), date(2016, 12, 31), "a\nb")
        assert (mine.outgoing, mine.label.da, mine.other.title) == (True, "Stillinger", "Kontoret")
        assert (theirs.outgoing, theirs.label.da, theirs.other.title) == (False, "Personer", "Anne")
        assert not mine.current(date(2017, 1, 1))
        assert mine.current(date(2016, 12, 31))


def test_a_link_and_its_end_are_lines_of_the_history(works: Works, pair: Pair) -> None:
    person, office = pair
    with works.writing(SYSTEM) as uow:
        link = uow.records.link(person, "positions", office, role="Konsulent")
        uow.records.unlink(link)
        ended, begun, _created = history(uow, person)
        told = {"to": office, "role": "Konsulent", "from_on": None, "to_on": None, "note": None}
        assert (begun.kind, begun.version, begun.patch) == ("link", 2, {"positions": (None, told)})
        assert (ended.kind, ended.version, ended.patch) == ("unlink", 3, {"positions": (told, None)})
        assert one(uow, person).version == 3
        assert links(uow, person) == []


def test_the_same_link_twice_is_refused_and_another_role_or_day_is_another_link(works: Works, pair: Pair) -> None:
    person, office = pair
    with works.writing(SYSTEM) as uow:
        for role, day in (("Konsulent", None), ("Direktør", None), ("Konsulent", date(2020, 1, 1))):
            uow.records.link(person, "positions", office, role=role, from_on=day)
            with pytest.raises(InvalidInput, match="already there"):
                uow.records.link(person, "positions", office, role=role, from_on=day)
        assert len(links(uow, person)) == 3


def test_links_that_cannot_be_are_refused_and_change_nothing(database: Database, works: Works, pair: Pair) -> None:
    person, office = pair
    before = everything_in(database)
    first, later = date(2020, 1, 1), date(2020, 1, 2)
    for field, target, begins, ends in (
        ("email", office, first, later),
        ("nothing\ud800", office, first, later),
        ("positions", person, first, later),
        ("positions", 4711, first, later),
        ("positions", office, later, first),
    ):
        with works.writing(SYSTEM) as uow, pytest.raises(InvalidInput):
            uow.records.link(person, field, target, from_on=begins, to_on=ends)
    for ask in (lambda: uow.records.link(4711, "positions", office), lambda: uow.records.unlink(4711)):
        with works.writing(SYSTEM) as uow, pytest.raises(NotFound):
            ask()
    assert everything_in(database) == before


def test_a_relation_with_many_values_is_not_written_as_a_value(works: Works, pair: Pair) -> None:
    with works.writing(SYSTEM) as uow, pytest.raises(InvalidInput, match="one by one"):
        uow.records.update(pair[0], {"positions": pair[1]})


def test_linking_and_unlinking_ask_for_the_right_to_change_the_field(database: Database, works: Works, pair: Pair) -> None:
    person, office = pair
    reader = add_actor(database, "viewer", [("*", "read")])
    eva = add_actor(database, "eva", [("*", "read"), ("person", "update", "all", None, ["email"])])
    ib = add_actor(database, "ib", [("person", "*")])
    with works.writing(SYSTEM) as uow:
        link = uow.records.link(person, "positions", office)
    before = everything_in(database)
    for actor in (reader, eva):
        with works.writing(actor) as uow, pytest.raises(AccessDenied):
            uow.records.link(person, "positions", office, role="Ny")
        with works.writing(actor) as uow, pytest.raises(AccessDenied):
            uow.records.unlink(link)
    with works.writing(ib) as uow, pytest.raises(InvalidInput, match="cannot be chosen"):
        uow.records.link(person, "positions", office, role="Ny")
    assert everything_in(database) == before


def test_a_link_to_what_one_may_not_see_is_told_nowhere(database: Database, works: Works, pair: Pair) -> None:
    person, office = pair
    eva = add_actor(database, "eva", [("person", "read")])
    with works.writing(SYSTEM) as uow:
        link = uow.records.link(person, "positions", office, role="Hemmelig rolle", note="hemmelig")
        uow.records.unlink(link)
        uow.records.link(person, "positions", office, role="Hemmelig rolle", note="hemmelig")
    with works.reading(eva) as uow:
        assert links(uow, person) == []
        lines = history(uow, person)
        assert [line.kind for line in lines] == ["link", "unlink", "link", "create"]
        assert "hemmelig" not in repr(lines).casefold()


def test_many_links_at_once_are_what_they_are_one_by_one(works: Works, pair: Pair) -> None:
    person, office = pair
    with works.writing(SYSTEM) as uow:
        agency = uow.records.create("organisation", {"title": "Styrelsen"})
        other = uow.records.create("person", {"given_name": "Bo"})
        since = date(2020, 1, 1)
        wanted = [
            Link(person, "positions", office, "Konsulent"),
            Link(person, "positions", agency, "Formand", since, None, "a\nb"),
            Link(other, "positions", office, " Leder "),
        ]
        uow.records.link_many(wanted)
        assert {(line.other.title, line.role, line.from_on, line.note) for line in links(uow, person)} == {
            ("Kontoret", "Konsulent", None, None),
            ("Styrelsen", "Formand", since, "a\nb"),
        }
        later, first, _created = history(uow, person)
        assert [(line.kind, line.version) for line in (first, later)] == [("link", 2), ("link", 3)]
        assert first.patch == {
            "positions": (None, {"to": office, "role": "Konsulent", "from_on": None, "to_on": None, "note": None})
        }
        assert (one(uow, person).version, one(uow, other).version) == (3, 2)


@pytest.mark.parametrize("wrong", ["there", "twice", "type", "days", "gone"])
def test_one_wrong_link_refuses_all_of_its_batch(works: Works, pair: Pair, wrong: str) -> None:
    person, office = pair
    with works.writing(SYSTEM) as uow:
        other = uow.records.create("person", {"given_name": "Bo"})
        uow.records.link(other, "positions", office, role="Leder")
    good = Link(person, "positions", office, "Konsulent")
    bad = {
        "there": Link(other, "positions", office, "Leder"),
        "twice": good,
        "type": Link(person, "positions", other),
        "days": Link(other, "positions", office, "Konsulent", date(2020, 1, 2), date(2020, 1, 1)),
        "gone": Link(10**6, "positions", office),
    }
    with works.writing(SYSTEM) as uow:
        with pytest.raises((InvalidInput, NotFound)):
            uow.records.link_many([good, bad[wrong]])
        assert links(uow, person) == []


def test_many_links_need_the_right_that_one_needs(works: Works, pair: Pair) -> None:
    person, office = pair
    reader = add_actor(works.database, "onlooker", [("*", "read")])
    with works.writing(reader) as uow, pytest.raises(AccessDenied):
        uow.records.link_many([Link(person, "positions", office)])
