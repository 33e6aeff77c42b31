"""The portal: a member sees their boards' published packs, decisions and own follow-ups; everything else is not there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from crm.boards.models import FollowUp
from crm.boards.services import approve_pack, publish_pack
from crm.records.files import attach
from crm.wiring import Klynge
from tests.support.boards import SEED, World, assembled, make_world, submitted, user_actor

Login = Callable[..., int]


@pytest.fixture
def world(sqlite_klynge: Klynge) -> World:
    return make_world(sqlite_klynge)


@pytest.fixture
def approver(sqlite_klynge: Klynge, add_user: Callable[..., int]) -> int:
    return add_user("staff", "mette")


@pytest.fixture
def member(client: FlaskClient, login: Login, world: World) -> FlaskClient:
    login(client, "board_member", "anne", person_id=world.anne)
    return client


def published(klynge: Klynge, world: World, approver: int) -> int:
    with klynge.works.writing(SEED) as uow:
        attach(uow, klynge.files, world.items[2], "Plan.pdf", "application/pdf", b"%PDF-1.7 plan")
        attach(uow, klynge.files, world.items[2], "Side.html", "text/html", b"<script>alert(1)</script>")
    submitted(klynge, world)
    with klynge.works.writing(user_actor(klynge, approver)) as uow:
        version_id = approve_pack(uow, world.meeting)
    assert world.office is not None
    publish_pack(klynge.works, version_id, world.office)
    return version_id


def token(client: FlaskClient) -> str:
    return client.get("/b/").text.split('name="csrf-token" content="')[1].split('"')[0]


def test_nothing_is_seen_before_it_is_published(member: FlaskClient, world: World, sqlite_klynge: Klynge) -> None:
    pack = assembled(sqlite_klynge, world)
    assert "Der er ikke udsendt materiale" in member.get("/b/").text
    for address in (f"/b/meetings/{world.meeting}", f"/packs/{pack.version_id}", f"/packs/{pack.version_id}.docx"):
        assert member.get(address).status_code == 404


def test_home_is_the_portal(member: FlaskClient) -> None:
    answer = member.get("/")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/b/"


def test_a_member_reads_the_pack_item_by_item(member: FlaskClient, world: World, sqlite_klynge: Klynge, approver: int) -> None:
    version = published(sqlite_klynge, world, approver)
    assert "Styregruppemøde 1/2027" in member.get("/b/").text
    front = member.get(f"/b/meetings/{world.meeting}").text
    assert "tirsdag den 27. april 2027" in front
    assert "Første punkt" in front
    item = member.get(f"/b/meetings/{world.meeting}?item={world.items[2]}").text
    assert "<h1>3. Aktivitetsplan 2. halvår 2027</h1>" in item
    assert f"?item={world.items[1]}" in item
    assert f"?item={world.items[3]}" in item
    assert "Punkt 3 af 4" in item
    last = member.get(f"/b/meetings/{world.meeting}?item={world.items[3]}").text
    assert "Næste punkt" not in last
    assert member.get(f"/packs/{version}.docx").status_code == 200
    assert member.get(f"/packs/{version}").status_code == 200
    assert member.get(f"/b/meetings/{world.meeting}?item=999999").status_code == 404


def test_what_was_published_stays_as_it_was(member: FlaskClient, world: World, sqlite_klynge: Klynge, approver: int) -> None:
    published(sqlite_klynge, world, approver)
    with sqlite_klynge.works.writing(SEED) as uow:
        uow.records.update(world.items[2], {"title": "Hemmelig ny overskrift"})
    assembled(sqlite_klynge, world)
    text = member.get(f"/b/meetings/{world.meeting}").text
    assert "Aktivitetsplan 2. halvår 2027" in text
    assert "Hemmelig" not in text


def test_annexes_are_given_as_downloads_that_can_do_nothing(
    member: FlaskClient, world: World, sqlite_klynge: Klynge, approver: int
) -> None:
    published(sqlite_klynge, world, approver)
    item = member.get(f"/b/meetings/{world.meeting}?item={world.items[2]}").text
    assert "Bilag 1 til punkt 3: Plan" in item
    links = [part.split('"')[0] for part in item.split('href="') if "/annexes/" in part.split('"')[0]]
    assert len(links) == 2
    for link in links:
        answer = member.get(link)
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["Content-Security-Policy"].startswith("sandbox")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert member.get(f"/b/meetings/{world.meeting}/annexes/999").status_code == 404


def test_another_boards_member_finds_nothing(
    client: FlaskClient, login: Login, world: World, sqlite_klynge: Klynge, approver: int
) -> None:
    version = published(sqlite_klynge, world, approver)
    login(client, "board_member", "jens", person_id=world.jens)
    assert "Styregruppemøde" not in client.get("/b/").text
    for address in (
        f"/b/meetings/{world.meeting}",
        f"/b/meetings/{world.meeting}/annexes/1",
        f"/packs/{version}",
        f"/packs/{version}.docx",
    ):
        assert client.get(address).status_code == 404


def test_a_member_has_no_way_into_the_crm(member: FlaskClient, world: World, sqlite_klynge: Klynge, approver: int) -> None:
    published(sqlite_klynge, world, approver)
    for address in (
        f"/r/{world.meeting}/x",
        "/t/meeting",
        "/t/organisation",
        f"/r/{world.meeting}/pack/member",
        "/search?q=a",
        "/trash",
    ):
        assert member.get(address).status_code == 403
    assert member.post(f"/r/{world.meeting}/pack/approve", data={"csrf_token": token(member)}).status_code == 403


def test_decisions_of_own_boards_are_listed(
    member: FlaskClient, client: FlaskClient, login: Login, world: World, sqlite_klynge: Klynge, approver: int
) -> None:
    published(sqlite_klynge, world, approver)
    with sqlite_klynge.works.writing(SEED) as uow:
        uow.records.create("decision", {"agenda_item": world.items[2], "text": "Planen blev godkendt.", "decided_on": "2027-04-27"})
    text = member.get("/b/decisions").text
    assert "Planen blev godkendt." in text
    assert "27.04.2027" in text
    login(client, "board_member", "jens", person_id=world.jens)
    assert "Planen blev godkendt." not in client.get("/b/decisions").text


def test_own_follow_ups_are_marked_as_done_and_others_are_not_there(
    member: FlaskClient, world: World, sqlite_klynge: Klynge
) -> None:
    text = member.get("/b/follow-ups").text
    assert "Notat om Østfyn" in text
    assert "overskredet" in text
    assert "Kontakt Aabenraa" not in text
    mine, others = world.follow_ups
    assert member.post(f"/b/follow-ups/{others}/complete", data={"csrf_token": token(member)}).status_code == 404
    assert member.post(f"/b/follow-ups/{mine}/complete", data={"csrf_token": token(member)}).status_code == 303
    with sqlite_klynge.works.reading(SEED) as uow:
        assert uow.get(FollowUp, mine).state == "done"
    assert member.post(f"/b/follow-ups/{mine}/complete", data={}).status_code == 400


def test_staff_may_look_into_the_portal_too(
    client: FlaskClient, login: Login, world: World, sqlite_klynge: Klynge, approver: int
) -> None:
    published(sqlite_klynge, world, approver)
    login(client, "staff", "mette")
    assert client.get("/b/").status_code == 200
    assert client.get(f"/b/meetings/{world.meeting}").status_code == 200
