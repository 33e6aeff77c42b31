"""A board member walks every address with every id there is: nothing of another board, no draft and no other person comes out."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from crm.boards.services import approve_pack, publish_pack
from crm.records.models import Record, StoredFile
from tests.support.boards import MEETING_TIME, SEED, assembled, make_world, submitted, user_actor
from tests.support.forms import token
from tests.web.test_security_routes import rules

#: Put into everything that Anne, a member of Styregruppen, must never meet.
CANARY = "kanariefugl"


@pytest.fixture
def world(sqlite_klynge, add_user):
    """Styregruppen has a draft pack only; the other board has a published one, an annex of words, and people of its own."""
    klynge = sqlite_klynge
    made = make_world(klynge)
    assert made.office is not None
    with klynge.works.writing(SEED, cause="seed") as uow:
        make = uow.records.create
        secret = make("board", {"title": f"{CANARY} udvalg", "kind": "committee"})
        person = make("person", {"given_name": CANARY, "family_name": "Person", "email": f"{CANARY}@example.dk"})
        make("mandate", {"board": secret, "person": person})
        meeting = make("meeting", {"board": secret, "when": MEETING_TIME, "place": f"{CANARY} sal"})
        item = make(
            "agenda_item",
            {"meeting": meeting, "title": f"{CANARY} punkt", "item_type": "decision", "recommendation": f"at {CANARY} synger"},
        )
        make("decision", {"agenda_item": item, "text": f"{CANARY} besluttet"})
        make("follow_up", {"title": f"{CANARY} opgave", "meeting": meeting, "responsible": person})
        make("follow_up", {"title": f"{CANARY} hos Jens", "meeting": made.last, "responsible": made.jens})
        uow.records.update(made.items[2], {"background": f"{CANARY} i kladden"})
    chief = user_actor(klynge, add_user("administrator", "chef"))
    other = replace(made, meeting=meeting)
    pack = submitted(klynge, other)
    with klynge.works.writing(chief) as uow:
        approve_pack(uow, meeting)
    publish_pack(klynge.works, pack.version_id, made.office)
    assembled(klynge, made)
    return made


def every_id(klynge):
    with klynge.database.reading() as session:
        found = {*session.scalars(select(Record.id)), *session.scalars(select(StoredFile.id)), *range(1, 6)}
    return sorted(found)


def addresses(app, numbers):
    """Give every rule with every id in its places."""
    for rule in rules(app):
        parts = [part for part in rule._trace if part[0]]
        if not parts:
            yield rule, rule.rule
            continue
        for number in numbers:
            path = rule.rule
            for name, converter in rule._converters.items():
                value = str(number) if type(converter).__name__ == "IdConverter" else "follow_up"
                path = re.sub(rf"<[^<>]*\b{name}>", value, path)
            yield rule, path


def test_a_board_member_meets_nothing_of_others(app, client, login, world, sqlite_klynge):
    login(client, "board_member", "anne", person_id=world.anne)
    numbers = every_id(sqlite_klynge)
    given = token(client)
    leaks, broken, opened = [], [], 0
    for rule, path in addresses(app, numbers):
        if rule.endpoint.startswith(("assets.", "login.", "links.", "language.", "me.")):
            continue
        for method in sorted(rule.methods - {"OPTIONS", "HEAD"}):
            answer = client.open(path, method=method, headers={"X-CSRF-Token": given})
            opened += 1
            if CANARY in answer.text.lower() or (
                answer.status_code == 200 and answer.mimetype not in {"text/html", "application/json"}
            ):
                leaks.append((method, path))
            if answer.status_code >= 500:
                broken.append((method, path, answer.status_code))
            answer.close()
    assert opened > 200
    assert leaks == []
    assert broken == []


def test_her_own_boards_are_there(client, login, world):
    """The walk proves nothing if the portal shows nothing at all."""
    login(client, "board_member", "anne", person_id=world.anne)
    page = client.get("/b/follow-ups")
    assert page.status_code == 200
    assert "Notat om Østfyn" in page.text


def test_an_id_that_no_database_holds_breaks_nothing(app, client, login, world):
    login(client, "administrator", "chef")
    given = token(client)
    broken = []
    for number in (0, 2**31, 2**63 - 1, 2**63, 10**30):
        for rule in rules(app):
            if "int:" not in rule.rule:
                continue
            path = rule.rule
            for name in rule.arguments:
                path = path.replace(f"<int:{name}>", str(number)).replace(f"<{name}>", "x")
            for method in sorted(rule.methods - {"OPTIONS", "HEAD"}):
                answer = client.open(path, method=method, headers={"X-CSRF-Token": given})
                if answer.status_code >= 500:
                    broken.append((method, path, answer.status_code))
                answer.close()
    assert broken == []
