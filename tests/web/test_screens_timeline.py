"""The timeline of a record: comments, kinds, pages of it, and how quick it is."""

from __future__ import annotations

import json
import re
from html import unescape
from time import perf_counter
from typing import TYPE_CHECKING

import pytest
from markupsafe import Markup
from sqlalchemy import insert, select

from crm.kernel.i18n import N_
from crm.ops.models import FlowRequest, MailOutbox
from crm.ops.services import order_flow, queue_mail
from crm.records import files
from crm.records.changes import LogEntry, log
from crm.records.comments import write_comment
from crm.records.comments.models import Comment
from crm.records.query import one
from crm.screens import timeline_sources
from crm.screens.comment_text import comment_html
from crm.screens.timeline_page import load_timeline
from crm.security.actors import Actor
from tests.support.queries import counting
from tests.support.screens import SEED, Desk, desk, make, make_meeting, words

if TYPE_CHECKING:
    from flask import Flask

    from crm.wiring import Klynge

HTMX = {"HX-Request": "true"}


@pytest.fixture
def staff(app: Flask, sqlite_klynge: Klynge) -> Desk:
    return desk(app, sqlite_klynge)


@pytest.fixture
def record(sqlite_klynge: Klynge) -> int:
    return make(sqlite_klynge, "organisation", title="Havvind")


def by_htmx(who: Desk, path: str, page: str, **values: str):
    from tests.support.forms import token

    headers = {**HTMX, "HX-Current-URL": f"http://localhost{page}"}
    return who.client.post(path, data={"csrf_token": token(who.client, "/login/link"), **values}, headers=headers)


def test_a_comment_is_sent_shown_edited_and_deleted_with_a_way_back(staff: Desk, record: int):
    page = f"/r/{record}/havvind"
    answer = by_htmx(staff, f"/r/{record}/comments", page, text="Ring på <b>mandag</b>\nhttps://a.dk/x?y=1.")
    assert answer.status_code == 200
    assert "&lt;b&gt;mandag&lt;/b&gt;" in answer.text
    assert '<a href="https://a.dk/x?y=1" rel="noopener noreferrer nofollow">' in answer.text
    said = json.loads(answer.headers["HX-Trigger"])["klynge:message"]
    assert (said["text"], said["undo_url"][:6]) == ("Kommentaren er tilføjet.", "/acts/")
    comment = re.search(r'id="comment-(\d+)"', answer.text)
    assert comment
    form = staff.get(f"/comments/{comment[1]}/edit", headers=HTMX)
    assert "Ring på &lt;b&gt;mandag" in form.text
    edited = by_htmx(staff, f"/comments/{comment[1]}/edit", page, text="Ring tirsdag")
    assert "Ring tirsdag" in words(edited)
    assert "rettet" in words(edited)
    gone = by_htmx(staff, f"/comments/{comment[1]}/delete", page)
    assert "Ring tirsdag" not in words(gone)
    staff.post(json.loads(gone.headers["HX-Trigger"])["klynge:message"]["undo_url"])
    assert "Ring tirsdag" in words(staff.get(page))


def test_a_refused_comment_comes_back_as_it_was_typed(app: Flask, staff: Desk, sqlite_klynge: Klynge, record: int):
    desk(app, sqlite_klynge, "board_member", "ole")
    page = f"/r/{record}/havvind"
    answer = by_htmx(staff, f"/r/{record}/comments", page, text="Hej @Ole Prøve, se her")
    assert answer.status_code == 422
    assert "Ole Prøve har ikke adgang til dette og kan ikke nævnes." in words(answer)
    assert "Hej @Ole Prøve, se her</textarea>" in answer.text
    people = [one_person["called"] for one_person in staff.get(f"/r/{record}/mentions").get_json()["people"]]
    assert people == ["Staff Prøve"]


def test_a_comment_is_answered_and_pinned(staff: Desk, record: int):
    page = f"/r/{record}/havvind"
    first = re.search(r'id="comment-(\d+)"', by_htmx(staff, f"/r/{record}/comments", page, text="Hvem ringer?").text)
    assert first
    assert f'name="answers" value="{first[1]}"' in staff.get(f"/comments/{first[1]}/answer").text
    text = words(by_htmx(staff, f"/r/{record}/comments", page, text="Jeg gør", answers=first[1]))
    assert "Til Staff Prøve : Hvem ringer?" in text.replace("Prøve:", "Prøve :")
    pinned = by_htmx(staff, f"/comments/{first[1]}/pin", page)
    assert pinned.text.count("Hvem ringer?") == 3
    assert "Fastgjort" in pinned.text
    assert by_htmx(staff, f"/comments/{first[1]}/loosen", page).text.count("Hvem ringer?") == 2


def test_who_is_mentioned_sees_it_on_the_front_page_until_it_is_settled(
    app: Flask, staff: Desk, sqlite_klynge: Klynge, record: int
):
    other = desk(app, sqlite_klynge, "staff", "bodil")
    assert "Nævnt" not in words(other.get("/"))
    by_htmx(staff, f"/r/{record}/comments", "/", text="@Bodil Prøve, vil du ringe?")
    home = other.get("/")
    assert "Nævnt 1 Staff Prøve lige nu · Havvind @Bodil Prøve, vil du ringe?" in words(home)
    comment = re.search(rf'href="/r/{record}/havvind#comment-(\d+)"', home.text)
    assert comment
    assert 'class="at-name at-me"' in other.get(f"/r/{record}/havvind").text
    other.post(f"/comments/{comment[1]}/settle", next="/")
    assert "Nævnt" not in words(other.get("/"))


def test_flows_and_mails_about_the_record_are_lines_and_undo_stops_what_still_waits(staff: Desk, sqlite_klynge: Klynge):
    _, meeting = make_meeting(sqlite_klynge)
    me = Actor(staff.user_id, "Staff", roles=frozenset({"staff"}))
    with sqlite_klynge.works.writing(me) as uow:
        uow.records.update(meeting, {"place": "Ribe"})
        order_flow(uow, "meeting-pack", {"meeting": meeting}, subject=meeting)
        for name in "abc":
            queue_mail(uow.session, f"{name}@example.dk", "Nyt sted", "Vi ses i Ribe", at=uow.now())
        act = uow.act.id
    with sqlite_klynge.works.writing(SEED) as uow:
        uow.session.scalars(select(MailOutbox).order_by(MailOutbox.id)).first().state = "sent"
    text = words(staff.get(f"/r/{meeting}/x?tl=flows,mails")).split("Tidslinje")[1]
    assert "Mail Nyt sted 1 af 3 sendt · lige nu" in text
    assert "Samling af mødemateriale" in text
    told = words(staff.client.get(staff.post(f"/acts/{act}/undo", next=f"/r/{meeting}").headers["Location"]))
    assert "Fortrudt: " in told
    assert "1 mail er allerede sendt." in told
    with sqlite_klynge.works.reading(SEED) as uow:
        assert [(mail.to_address, mail.state) for mail in uow.session.scalars(select(MailOutbox))] == [("a@example.dk", "sent")]
        assert [order.state for order in uow.session.scalars(select(FlowRequest))] == ["cancelled"]


def test_what_is_done_to_files_are_lines_that_open_them(staff: Desk, sqlite_klynge: Klynge, record: int):
    me = Actor(staff.user_id, "Staff", roles=frozenset({"staff"}))
    store, rules = sqlite_klynge.files, sqlite_klynge.file_rules
    with sqlite_klynge.works.writing(me) as uow:
        first = files.add_file(uow, store, rules, record, "note.txt", b"Hej").id
    with sqlite_klynge.works.writing(me) as uow:
        files.describe_file(uow, first, "referat.txt")
    page = staff.get(f"/r/{record}/x?tl=files")
    text = words(page).split("Tidslinje")[1]
    assert "Fil omdøbt note.txt → blev til referat.txt" in text
    assert "Fil tilføjet note.txt" in text
    assert f'href="/files/{first}/view"' in page.text
    with sqlite_klynge.works.writing(me) as uow:
        files.delete_file(uow, first)
    page = staff.get(f"/r/{record}/x")
    assert "Fil slettet referat.txt" in words(page)
    assert f'href="/files/{first}/view"' not in page.text.split('id="changes"')[1]


def test_kinds_are_chosen_and_stay_in_the_address(staff: Desk, record: int):
    page = f"/r/{record}/havvind?tab=overview"
    by_htmx(staff, f"/r/{record}/comments", page, text="Kun mig")
    only = staff.get(f"/r/{record}/timeline?tl=comments", headers={**HTMX, "HX-Current-URL": f"http://localhost{page}"})
    assert only.headers["HX-Replace-Url"] == f"/r/{record}/havvind?tab=overview&tl=comments"
    assert "Kun mig" in words(only)
    assert "Oprettet" not in words(only)
    again = staff.get(f"/r/{record}/havvind?tl=comments")
    assert "Oprettet" not in words(again).split("Tidslinje")[1]
    changes = words(staff.get(f"/r/{record}/havvind?tl=changes")).split("Tidslinje")[1]
    assert "Kun mig" not in changes
    assert "Oprettet" in changes
    assert staff.get(f"/r/{record}/havvind?tl=nonsense,%00").status_code == 200


def test_what_was_not_done_by_hand_names_its_cause(staff: Desk, sqlite_klynge: Klynge, record: int):
    for cause, words_for in (("import", "ved import"), ("flow", "af et flow"), ("automation", "automatisk")):
        with sqlite_klynge.works.writing(SEED, cause=cause) as uow:
            uow.records.update(record, {"city": cause})
        assert f"{cause} Klynge (seed) · lige nu · {words_for}" in words(staff.get(f"/r/{record}/x"))


def test_a_line_leads_to_the_undo_of_its_act_for_whoever_may(app: Flask, staff: Desk, sqlite_klynge: Klynge, record: int):
    staff.post(f"/r/{record}/transition/close", seen_version="1")
    page = staff.get(f"/r/{record}/havvind")
    own = re.findall(r'href="(/acts/\w{32})"', page.text.split('id="changes"')[1])
    assert len(set(own)) == 1  # the step and the day it ended are one act
    assert "Status Ophørt → bliver til Aktiv" not in words(page)
    assert staff.get(own[0]).status_code == 200
    assert "/acts/" not in desk(app, sqlite_klynge, "staff", "bodil").get(f"/r/{record}/x").text.split('id="changes"')[1]


def test_whoever_only_reads_sees_comments_and_no_box(app: Flask, staff: Desk, sqlite_klynge: Klynge, record: int):
    by_htmx(staff, f"/r/{record}/comments", "/", text="Til alle")
    reader = desk(app, sqlite_klynge, "reader")
    page = reader.get(f"/r/{record}/havvind")
    assert "Til alle" in words(page)
    assert "data-comment" not in page.text
    assert by_htmx(reader, f"/r/{record}/comments", "/", text="Nej").status_code == 403


def test_show_earlier_walks_through_every_line_once(staff: Desk, sqlite_klynge: Klynge, record: int):
    me = Actor(staff.user_id, "Staff", roles=frozenset({"staff"}))
    for n in range(40):
        with sqlite_klynge.works.writing(me) as uow:
            if n % 3:
                uow.records.update(record, {"city": f"By {n}"})
            else:
                write_comment(uow, record, f"Sagt {n}")
    seen, page = "", staff.get(f"/r/{record}/havvind")
    while True:
        seen += page.text
        more = re.search(r'hx-get="([^"]*timeline/more[^"]*)"', page.text)
        if more is None:
            break
        page = staff.get(unescape(more[1]), headers=HTMX)
    for n in range(40):
        sought = f"<ins>By {n}</ins>" if n % 3 else f">Sagt {n}</div>"
        assert seen.count(sought) == 1, sought
    assert staff.get(f"/r/{record}/timeline/more?after=broken").status_code == 200


def test_a_feature_adds_lines_of_its_own_and_takes_them_out_of_the_log(
    staff: Desk, sqlite_klynge: Klynge, record: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(timeline_sources, "_sources", dict(timeline_sources._sources))
    with sqlite_klynge.works.writing(SEED) as uow:
        uow.records.update(record, {"city": "Ribe"})
    entry = timeline_sources.Entry(1, sqlite_klynge.clock.now(), "x")
    timeline_sources.register_source(
        "odd", N_("Comment"), lambda _uow, _row, before, _limit: [] if before else [entry], template="timeline/_comment.html",
        present=lambda _uow, _row, _entries, _locale: ["worded"], log_kinds=("update",),
    )  # fmt: skip
    with sqlite_klynge.works.reading(SEED) as uow:
        page = load_timeline(uow, one(uow, record), "da")
    assert sorted(line.source for line in page.entries) == ["changes", "odd"]
    assert next(line.line for line in page.entries if line.source == "odd") == "worded"


def test_only_kinds_of_lines_that_a_record_has_are_asked_for(staff: Desk, sqlite_klynge: Klynge, record: int):
    def questions() -> int:
        with sqlite_klynge.works.reading(SEED) as uow:
            row = one(uow, record)
            with counting(sqlite_klynge.database) as asked:
                load_timeline(uow, row, "da")
        return len(asked)

    assert questions() == 2  # which there are, and the changes
    with sqlite_klynge.works.writing(SEED) as uow:
        write_comment(uow, record, "Sagt")
    assert questions() == 4  # the comments too, and which of them are pinned


def test_two_thousand_lines_cost_the_same_questions_and_little_time(staff: Desk, sqlite_klynge: Klynge, record: int):
    me = Actor(staff.user_id, "Staff", roles=frozenset({"staff"}))
    costs = []
    for most in (20, 2000):
        with sqlite_klynge.works.writing(me) as uow:
            type_id = uow.registry.get("organisation").id
            log(uow, [LogEntry(record, type_id, 1, "update", {"city": [None, f"By {n}"]}) for n in range(most // 2)])
            said = {"record_id": record, "author_id": staff.user_id, "created_at": uow.now()}
            uow.session.execute(insert(Comment), [{**said, "text": f"Sagt {n}"} for n in range(most // 2)])
        best = 1.0
        for _ in range(5):
            with counting(sqlite_klynge.database) as asked, sqlite_klynge.works.reading(me) as uow:
                begun = perf_counter()
                load_timeline(uow, one(uow, record), "da")
                best = min(best, perf_counter() - begun)
        costs.append((len(asked), best))
    assert costs[0][0] == costs[1][0]
    assert costs[1][1] < max(2 * costs[0][1], 0.02), costs


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a & <script>", "a &amp; &lt;script&gt;"),
        ("@[1] og @[2]", '<span class="at-name at-me">@Anne</span> og <span class="at-name">@tidligere bruger</span>'),
        ('https://x.dk/"onclick', '<a href="https://x.dk/" rel="noopener noreferrer nofollow">https://x.dk/</a>&#34;onclick'),
        ("javascript:alert(1)", "javascript:alert(1)"),
    ],
)
def test_a_comments_text_is_never_more_than_text_links_and_mentions(text: str, shown: str):
    assert comment_html(text, {1: "Anne"}, "da", 1) == Markup(shown)
