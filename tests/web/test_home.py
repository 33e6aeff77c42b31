"""The front page of staff and administrators: what it shows, that its numbers lead to what they count, and what it asks."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

from flask import Flask
from sqlalchemy import update

from crm.kernel.clock import FixedClock
from crm.ops.models import MailOutbox
from crm.records.fields.date import DateValue
from crm.records.models import record_table
from crm.wiring import Klynge
from tests.support.queries import counting
from tests.support.screens import SEED, Desk, desk, make, make_meeting, words

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
        counted = re.search(r'<a class="count" href="([^"]+)">(\d+)</a>', part)
        assert counted is not None
        assert staff.get(counted[1]).text.count('class="task-line') == int(counted[2])
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


def _token(staff: Desk) -> str:
    from tests.support.forms import token

    return token(staff.client, "/login/link")


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


def test_what_ends_soon_and_whom_we_have_not_talked_with(app: Flask, sqlite_klynge: Klynge) -> None:
    staff = desk(app, sqlite_klynge, "staff", "mette")
    empty = staff.get("/").text
    assert "Ingen certifikater udløber snart." in box(empty, "certificates")
    assert "I har talt med dem alle." in box(empty, "quiet")
    names = ("Talt", "Længe siden", "Aldrig", "Med til workshop", "Bestyrelse", "Ude af kataloget", "Ligger forude")
    clusters = {name: make(sqlite_klynge, "organisation", title=name, kind="cluster") for name in names}
    for name, cluster in clusters.items():
        until = DateValue(date(2025, 1, 1), date(2026, 11, 30) if name == "Ude af kataloget" else None)
        make(sqlite_klynge, "catalogue_entry", organisation=cluster, period=until)
    _contacts(sqlite_klynge, clusters)
    for name, days in (("Talt", 77), ("Aldrig", -150), ("Bestyrelse", 500)):
        values = {"organisation": clusters[name], "level": "gold", "assessed": "2025-01-10", "valid_until": day(days)}
        make(sqlite_klynge, "certificate", **values)
    page = staff.get("/").text
    ending = box(page, "certificates")
    assert re.findall(r"<a href=\"/r/[^>]*>([^<]+)", ending) == ["Aldrig", "Talt"]
    assert "Udløber inden 6 måneder" in ending
    assert "kan fornyes til" in ending
    assert "Guld · 16.02.2027" in ending
    quiet = box(page, "quiet")
    assert re.findall(r"<a href=\"/r/[^>]*>([^<]+)", quiet) == ["Aldrig", "Ligger forude", "Længe siden"]
    assert "01.09.2026" in quiet
    assert "Ikke talt med i 90 dage" in quiet
    for part, number in ((ending, 2), (quiet, 3)):
        link = re.search(r'<a class="count" href="([^"]+)">(\d+)</a>', part)
        assert link is not None
        assert int(link[2]) == number == staff.get(unescape(link[1])).text.count("<tr data-id=")
    assert 'aria-labelledby="home-quiet"' in desk(app, sqlite_klynge, "reader", "lise").get("/").text


def _contacts(klynge: Klynge, clusters: dict[str, int]) -> None:
    """Talk with some: lately, 91 days ago, at an event, by a seat in a board that met; and plan something for one."""
    with klynge.works.writing(SEED) as uow:
        new, step = uow.records.create, uow.records.transition
        person = new("person", {"given_name": "Anne", "family_name": "Holm"})
        for name, back in (("Talt", 90), ("Længe siden", 91)):
            sparring = new("sparring", {"person": person, "held": DateValue(TODAY - timedelta(days=back)), "minutes": 15})
            uow.records.link(sparring, "organisations", clusters[name])
        for name, ahead in (("Med til workshop", -3), ("Ligger forude", 30)):
            event = new("event", {"title": name, "kind": "workshop", "when": DateValue(TODAY + timedelta(days=ahead))})
            who = {"event": event, "person": person, "organisation": clusters[name]}
            new("participation", {**who, "status": "attended" if ahead < 0 else "registered"})
            if ahead < 0:
                step(event, "hold")
        board = new("board", {"title": "Rådgivende udvalg"})
        seat = {"board": board, "person": person, "organisation": clusters["Bestyrelse"]}
        new("mandate", {**seat, "period": DateValue(date(2026, 1, 1))})
        held = DateValue(datetime(2026, 11, 10, 9, tzinfo=UTC), datetime(2026, 11, 10, 10, tzinfo=UTC), all_day=False)
        meeting = new("meeting", {"board": board, "when": held})
    with klynge.database.writing() as session:  # a meeting comes to be held by way of a pack that was sent
        session.execute(update(record_table).where(record_table.c.id == meeting).values(state="held"))
