"""What the palette is told: places, records and what was seen, each under the rights of the one who asks."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from crm.records.models import record_table
from crm.records.saved_views import SaveView, save_view
from crm.records.search import SearchFollower
from crm.security.actors import Actor
from crm.security.models import Grant, PlatformState, role_table
from tests.support.queries import counting
from tests.support.screens import SEED, desk, make


@pytest.fixture
def staff(app, sqlite_klynge):
    return desk(app, sqlite_klynge, username="mette")


def offered(who) -> dict[str, list[str]]:
    groups = who.get("/palette").get_json()["groups"]
    return {group["key"]: [item["label"] for item in group["items"]] for group in groups}


def found(who, text: str, **more: str) -> list[str]:
    answer = who.client.get("/palette/find", query_string={"q": text, **more})
    assert answer.status_code == 200
    return [item["label"] for item in answer.get_json()["items"]]


def test_staff_and_readers_are_offered_what_they_may_open(app, sqlite_klynge, staff):
    mine = offered(staff)
    assert "Ny organisation" in mine["new"]
    assert "Organisationer" in mine["lists"]
    assert "Min profil" in mine["go"]
    assert "Brugere" not in mine["go"]
    reader = offered(desk(app, sqlite_klynge, "reader"))
    assert "new" not in reader
    assert "Organisationer" in reader["lists"]
    assert "Brugere" in offered(desk(app, sqlite_klynge, "administrator"))["go"]
    assert staff.get("/palette").get_json()["prefixes"] == {"@": "person", "#": "case"}
    board = desk(app, sqlite_klynge, "board_member")
    assert {board.get(path).status_code for path in ("/palette", "/palette/find?q=x", "/palette/seen?ids=1")} == {403}


def test_saved_views_are_ones_own_and_shared_ones(app, sqlite_klynge, staff):
    for name, shared in (("Mine klynger", False), ("Alles klynger", True)):
        with sqlite_klynge.works.writing(Actor(staff.user_id, "Mette", roles=frozenset({"staff"}))) as uow:
            save_view(uow, SaveView("organisation", name, {"q": "klynge"}, shared))
    assert offered(staff)["views"] == ["Mine klynger", "Alles klynger"]
    assert offered(desk(app, sqlite_klynge, username="lone"))["views"] == ["Alles klynger"]


def test_records_are_found_titles_first_and_only_what_may_be_seen(app, sqlite_klynge, staff):
    make(sqlite_klynge, "organisation", title="Andet", note="Kender Nordlys")
    make(sqlite_klynge, "organisation", title="Nordlys A/S")
    make(sqlite_klynge, "person", given_name="Nordlys", family_name="Holm")
    SearchFollower(sqlite_klynge.works).turn()
    assert found(staff, "nordlys") == ["Nordlys A/S", "Nordlys Holm", "Andet"]
    assert found(staff, "nordlys", **{"in": "person"}) == ["Nordlys Holm"]
    assert found(staff, "") == found(staff, "§§") == []
    assert staff.get("/palette/find?q=x&in=nonsense").status_code == 404
    with sqlite_klynge.database.writing() as session:
        reader = session.scalar(sa.select(role_table.c.id).where(role_table.c.name == "reader"))
        session.execute(sa.delete(Grant).where(Grant.role_id == reader, Grant.type_key == "*"))
        session.add(Grant(role_id=reader, type_key="organisation", act="read", read_fields=["title"]))
        session.execute(sa.update(PlatformState).values(security_epoch=PlatformState.security_epoch + 1))
    lone = desk(app, sqlite_klynge, "reader")
    assert found(lone, "nordlys") == ["Nordlys A/S"]
    SearchFollower(sqlite_klynge.works).turn()
    assert found(lone, "nordlys") == ["Nordlys A/S"]


def test_what_was_seen_is_named_as_it_is_now_and_left_out_when_it_is_gone(sqlite_klynge, staff):
    first, second, third = (make(sqlite_klynge, "organisation", title=f"Vind {number}") for number in (1, 2, 3))
    with sqlite_klynge.works.writing(SEED) as uow:
        uow.records.update(second, {"title": "Sol 2"})
        uow.records.delete(third)

    def seen(ids: str) -> list[str]:
        return [item["label"] for item in staff.get(f"/palette/seen?ids={ids}").get_json()["items"]]

    assert seen(f"{second},{third},{first},999") == ["Sol 2", "Vind 1"]
    assert seen("") == seen("x,-1,99999999999999999999,%00") == []
    with counting(sqlite_klynge.database) as asked:
        seen(f"{first},{second}")
    assert len(asked) <= 3
    with sqlite_klynge.database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(record_table)) == 3
