"""Nobody finds, or sees counted, what they may not read: rows, fields, private records, whatever the index holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy import delete

from crm.records.search import find, put_text
from crm.records.search.models import SearchDoc
from crm.security.actors import MandateSpan
from crm.security.models import Grant, PlatformState
from tests.support.records import SYSTEM, add_actor

ALL_BUT_NOTE = ["title", "kind", "phone", "city"]


@pytest.fixture
def vind(add):
    return add("organisation", title="Nordisk Vind", note="hemmeligt fyrtårn", city="Odense")


def counts(works, actor, text):
    with works.reading(actor) as uow:
        return {group.type.key: group.count.number for group in find(uow, text)}


def test_a_field_that_a_role_may_not_read_is_found_by_those_who_may_and_by_nobody_else(database, works, follower, titles, vind):
    staff = add_actor(database, "staff_", [("*", "*")])
    narrow = add_actor(database, "narrow", [("organisation", "read", "all", ALL_BUT_NOTE)])
    with works.writing(SYSTEM) as uow:
        put_text(uow, "comment", 1, vind, "Ring til Åse")
        uow.records.update(vind, {"phone": "33 12 34 56"})
    follower.turn()
    assert titles("fyrtårn", staff) == titles("fyrtårn odense åse", staff) == ["Nordisk Vind"]
    assert titles("fyrtårn", narrow) == titles("fyrtårn odense", narrow) == titles("vind fyrtårn", narrow) == []
    assert counts(works, narrow, "fyrtårn") == {}
    assert titles("odense åse", narrow) == titles("nordisk", narrow) == ["Nordisk Vind"]
    assert counts(works, narrow, "odense") == {"organisation": 1}


def test_a_right_taken_away_counts_at_once_before_the_index_is_rewritten(database, works, follower, titles, vind):
    """Until the documents are made anew, who may no longer read a field finds titles only."""
    follower.turn()
    reader = add_actor(database, "reader_", [("organisation", "read")])
    assert titles("fyrtårn", reader) == titles("odense", reader) == ["Nordisk Vind"]
    with database.writing() as session:
        session.execute(sa.update(Grant).where(Grant.type_key == "organisation").values(read_fields=ALL_BUT_NOTE))
        session.execute(sa.update(PlatformState).values(security_epoch=PlatformState.security_epoch + 1))
    assert titles("fyrtårn", reader) == titles("odense", reader) == []
    assert titles("nordisk", reader) == ["Nordisk Vind"]
    follower.turn()
    assert titles("fyrtårn", reader) == []
    assert titles("odense", reader) == ["Nordisk Vind"]
    with works.reading(SYSTEM) as uow:
        assert uow.session.scalar(sa.select(sa.func.count()).select_from(SearchDoc)) == 2
    with database.writing() as session:
        session.execute(delete(Grant).where(Grant.type_key == "organisation"))
        session.execute(sa.update(PlatformState).values(security_epoch=PlatformState.security_epoch + 1))
    follower.turn()
    assert titles("nordisk", reader) == []
    with works.reading(SYSTEM) as uow:
        assert uow.session.scalar(sa.select(sa.func.count()).select_from(SearchDoc)) == 1


def test_a_board_member_and_a_bounded_role_find_their_own_alone(database, works, follower, add, titles):
    mine, other = add("board", title="Styregruppen Vind"), add("board", title="Rådgiverne Vind")
    for board, day in ((mine, "2027-04-27"), (other, "2027-05-04")):
        with works.writing(SYSTEM) as uow:
            from crm.records.store import Create

            uow.records.save_many(
                [Create("meeting", {"board": board, "when": f"{day} 10.00", "place": "Vindmøllen"}, state="published")]
            )
    add("organisation", title="Vind A/S")
    follower.turn()
    member = add_actor(database, "member_", [("meeting", "read", "board"), ("board", "read", "board")])
    member = replace(member, mandates=(MandateSpan(mine, date(2020, 1, 1)),))
    assert counts(works, member, "vind") == {"board": 1, "meeting": 1}
    assert titles("vindmøllen", member) == [title for title in titles("vindmøllen") if "Styregruppen" in title]
    owner = add_actor(database, "owner_", [("organisation", "read", "own")])
    assert counts(works, owner, "vind") == {}
    with works.writing(SYSTEM) as uow:
        uow.records.create("organisation", {"title": "Min Vind"}, owner_id=owner.user_id)
    assert titles("vind", owner) == ["Min Vind"]
    nobody = add_actor(database, "nobody_", [])
    assert titles("vind", nobody) == []


def test_searching_asks_two_questions_whatever_is_found(database, works, follower, add):
    from tests.support.queries import counting

    staff = add_actor(database, "staff_", [("*", "*")], security_epoch=9, registry_epoch=1)
    for number in range(30):
        add("organisation", title=f"Vind {number}")
    add("person", given_name="Vind", family_name="Holm")
    follower.turn()
    with works.reading(staff) as uow:
        find(uow, "vind")
    asked = []
    for text in ("vind", "holm", "intet"):
        with works.reading(staff) as uow, counting(database) as statements:
            find(uow, text)
        asked.append(len(statements))
    assert asked == [2, 2, 2]
