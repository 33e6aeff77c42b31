"""The front page of staff and administrators: what it shows, that its numbers lead to what they count, and what it asks."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from flask import Flask

from crm.kernel.clock import FixedClock
from crm.ops.models import MailOutbox
from crm.records.fields.date import DateValue
from crm.wiring import Klynge
from tests.support.queries import counting
from tests.support.screens import SEED, desk, make, make_meeting, words

#: The office's day of the fixed clock.
TODAY = date(2026, 12, 1)


def day(days: int) -> str:
    return (TODAY + timedelta(days=days)).isoformat()


def box(text: str, key: str) -> str:
    """Give the part of the page that one box is."""
    found = re.search(rf'<section[^>]*aria-labelledby="home-{key}".*?</section>', text, re.DOTALL)
    assert found is not None, key
    return found[0]


def test_the_greeting_says_the_one_thing_that_matters(app: Flask, sqlite_klynge: Klynge) -> None:
    staff = desk(app, sqlite_klynge, "staff", "mette")
    assert '<a class="matter"' not in staff.get("/").text
    make(sqlite_klynge, "task", title="Ring til Anne", due=day(-3), owner=staff.user_id)
    assert "1 opgave er overskredet." in words(staff.get("/"))
    _board, meeting = make_meeting(sqlite_klynge)
    for title in ("Budget", "Planen"):
        make(sqlite_klynge, "agenda_item", meeting=meeting, title=title, item_type="decision")
    said = "Godmorgen, Mette Styregruppemøde 1/2026 er om 23 dage – 2 punkter mangler tekst."
    page = staff.get("/")
    assert said in words(page)
    assert "overskredet." not in words(page).split("I dag")[0]
    make(sqlite_klynge, "agenda_item", meeting=meeting, title="Eventuelt", item_type="orientation", standing=True)
    assert said in words(staff.get("/"))


def test_today_and_promises_are_mine_and_their_numbers_lead_to_just_them(app: Flask, sqlite_klynge: Klynge) -> None:
    staff, other = desk(app, sqlite_klynge, "staff", "mette"), desk(app, sqlite_klynge, "staff", "bo")
    for number, title in ((-9, "For længst"), (0, "I dag"), (4, "På lørdag"), (40, "Til januar")):
        make(sqlite_klynge, "task", title=title, due=day(number), owner=staff.user_id)
    make(sqlite_klynge, "task", title="Uden dato", owner=staff.user_id)
    make(sqlite_klynge, "task", title="Bos egen", due=day(0), owner=other.user_id)
    board, _later = make_meeting(sqlite_klynge)
    at = DateValue(datetime(2026, 12, 1, 12, tzinfo=UTC), datetime(2026, 12, 1, 13, tzinfo=UTC), all_day=False)
    make(sqlite_klynge, "meeting", board=board, when=at, place="Odense")
    page = staff.get("/").text
    today, promised = box(page, "today"), box(page, "promised")
    assert re.findall(r"task-what\">\s*<a[^>]*>([^<]+)", today) == ["For længst", "I dag"]
    assert ">13.00<" in today
    assert "Møde · Odense" in today
    assert re.findall(r"task-what\">\s*<a[^>]*>([^<]+)", promised) == ["På lørdag", "Til januar", "Uden dato"]
    for part in (today, promised):
        number = re.search(r'<a class="count" href="([^"]+)">(\d+)</a>', part)
        assert number is not None
        assert staff.get(number[1]).text.count('class="task-line') == int(number[2])
    empty = other.get("/").text
    assert "Bos egen" in empty
    assert "Du har ikke lovet mere." in empty


def test_a_tick_draws_its_own_box_anew(app: Flask, sqlite_klynge: Klynge) -> None:
    staff = desk(app, sqlite_klynge, "staff", "mette")
    make(sqlite_klynge, "task", title="Nu", due=day(0), owner=staff.user_id)
    later = make(sqlite_klynge, "task", title="Senere", due=day(9), owner=staff.user_id)
    make(sqlite_klynge, "task", title="Meget senere", due=day(19), owner=staff.user_id)
    data = {"csrf_token": "", "showing": "promised"}
    answer = staff.client.post(f"/tasks/{later}/done", data={**data, "csrf_token": _token(staff)}, headers={"HX-Request": "true"})
    assert "Meget senere" in answer.text
    assert "Nu" not in words(answer).split()


def _token(staff: object) -> str:
    from tests.support.forms import token

    return token(staff.client, "/login/link")  # type: ignore[attr-defined,no-any-return]


def test_administrators_see_what_fails_or_waits_and_others_do_not(app: Flask, sqlite_klynge: Klynge, clock: FixedClock) -> None:
    admin, staff = desk(app, sqlite_klynge, "administrator", "admin"), desk(app, sqlite_klynge, "staff", "mette")
    with sqlite_klynge.works.writing(SEED) as uow:
        for number, state in enumerate(("failed", "failed", "held", "sent")):
            mail = MailOutbox(to_address="a@example.dk", subject=f"Mail {number}", text="", message_id=f"<{number}@x>", state=state)
            mail.created_at = clock.now() - timedelta(days=1)
            uow.session.add(mail)
    page = admin.get("/").text
    lines = box(page, "ops")
    assert "Baggrundsarbejdet er stoppet" in lines
    assert "Der er endnu ingen sikkerhedskopi." in lines
    for name, number in (("mails_failed", 2), ("mails_held", 1)):
        assert f'href="/ops#{name}"' in lines
        section = re.search(rf'<section[^>]*id="{name}".*?</section>', admin.get("/ops").text, re.DOTALL)
        assert section is not None
        assert section[0].count("<li>") == number
    assert 'aria-labelledby="home-ops"' not in staff.get("/").text
    assert staff.get("/ops").status_code == 403


def test_the_page_asks_the_same_few_questions_however_much_there_is(app: Flask, sqlite_klynge: Klynge) -> None:
    staff = desk(app, sqlite_klynge, "staff", "mette")
    _fill(sqlite_klynge, staff.user_id, 1)
    staff.get("/")
    with counting(sqlite_klynge.database) as few:
        staff.get("/")
    _fill(sqlite_klynge, staff.user_id, 12)
    with counting(sqlite_klynge.database) as many:
        assert staff.get("/").status_code == 200
    assert len(many) == len(few), "\n".join(many)
    assert len(many) <= 20, "\n".join(many)


def _fill(klynge: Klynge, owner: int, number: int) -> None:
    board, meeting = make_meeting(klynge)
    make(klynge, "agenda_item", meeting=meeting, title="Budget", item_type="decision")
    for place in range(number):
        about = make(klynge, "organisation", title=f"Klynge {place}")
        for due in (-1, 9):
            make(klynge, "task", title="Ring", due=day(due), owner=owner, about=about)
        make(klynge, "follow_up", title="Notat", meeting=meeting, due=day(0), owner=owner)
        make(klynge, "agenda_item", meeting=meeting, title=f"Punkt {place}", item_type="decision")
    assert board
