"""Pages of background jobs: whose they are, how they move, and whom a file is given to."""

from __future__ import annotations

import csv
import io
import re

import pytest
from sqlalchemy import select

from crm.records.jobs import JobRunner
from crm.security.models import SecurityEvent
from tests.support.screens import desk, make, words


@pytest.fixture
def anna(app, sqlite_klynge):
    return desk(app, sqlite_klynge, "staff", "anna")


@pytest.fixture
def runner(sqlite_klynge):
    return JobRunner(sqlite_klynge.works, sqlite_klynge.job_files)


@pytest.fixture
def job(anna, sqlite_klynge):
    """Sixty organisations on their way to another kind; gives the path of the job's page."""
    ids = ",".join(str(make(sqlite_klynge, "organisation", title=f"Org {number}", kind="cluster")) for number in range(60))
    values = {"bulk-ids": ids, "bulk-field": "kind", "kind": "network", "bulk-number": "60", "bulk-list": "q=Org"}
    return anna.post("/t/organisation/bulk/change", **values).location


def test_a_page_moves_while_its_job_goes_on_and_then_stands_still(anna, job, runner):
    assert 'hx-trigger="every 1s"' in anna.get(job).text
    first = anna.get(f"{job}/status?said=0").text
    assert "job-said" not in first, "nothing new to be told aloud"
    runner.drain()
    last = anna.get(f"{job}/status?said=0")
    assert "every 1s" not in last.text
    assert re.search(r'id="job-said"[^>]*>\s*Udført', last.text)
    assert 'hx-swap-oob="true"' in last.text
    assert re.search(r'action="/acts/\w+/undo"', last.text)
    assert 'href="/t/organisation?q=Org"' in last.text
    assert "60 af 60" in words(last)
    assert anna.get(f"{job}/report/done").text.count("<li>") == 60


def test_all_of_a_job_is_undone_from_its_page(anna, job, runner, sqlite_klynge):
    runner.drain()
    undo = re.search(r'action="(/acts/\w+/undo)"', anna.get(job).text)[1]
    assert anna.post(undo, next=job).location == job
    assert anna.get("/t/organisation?f.kind=cluster").text.count('data-version="3"') == 50
    page = anna.get(job)
    assert "Det hele er fortrudt." in words(page)
    assert undo not in page.text


def test_a_job_is_stopped_from_its_page(anna, job, runner):
    assert anna.post(f"{job}/cancel").location == job
    runner.drain()
    page = anna.get(job)
    assert "Stoppet" in words(page)
    assert "/cancel" not in page.text


def test_others_jobs_are_not_there_but_for_administrators(app, sqlite_klynge, anna, job, runner):
    bo = desk(app, sqlite_klynge, "staff", "bo")
    for path in (job, f"{job}/status", f"{job}/report/failed", f"{job}/file"):
        assert bo.get(path).status_code == 404, path
    assert bo.post(f"{job}/cancel").status_code == 404
    assert job not in bo.get("/jobs").text
    assert "Der er intet i gang i baggrunden." in words(bo.get("/jobs"))
    boss = desk(app, sqlite_klynge, "administrator", "boss")
    assert "af Anna Prøve" in words(boss.get(job))
    assert "Anna Prøve" in words(boss.get("/jobs"))
    runner.drain()
    assert "/undo" not in boss.get(job).text
    assert anna.get(f"{job}/report/burned").status_code == 404
    board = desk(app, sqlite_klynge, "board_member", "carl")
    assert board.get("/jobs").status_code == 403


# -- exports ------------------------------------------------------------------------------------------------------------


def test_a_list_is_fetched_as_it_stands_and_the_log_says_so(anna, sqlite_klynge):
    for name in ("Ærø", "Bo", "=HYPERLINK()"):
        make(sqlite_klynge, "organisation", title=name, kind="cluster", city="Odense")
    answer = anna.post("/t/organisation/export", **{"bulk-list": "q=&sort=title&dir=desc&cols=title,city", "format": "csv"})
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "Organisationer%202026-12-01.csv" in answer.headers["Content-Disposition"]
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Id", "Navn", "By"]
    assert [row[1] for row in rows[1:]] == ["Ærø", "Bo", "'=HYPERLINK()"]
    with sqlite_klynge.database.reading() as session:
        line = session.scalars(select(SecurityEvent).where(SecurityEvent.kind == "export")).one()
    assert (line.actor_id, line.detail) == (anna.user_id, {"type": "organisation", "format": "csv", "rows": 3})


def test_chosen_records_with_all_fields_as_excel(anna, sqlite_klynge):
    ids = [make(sqlite_klynge, "organisation", title=name, note="Vigtigt") for name in ("A", "B")]
    answer = anna.post("/t/organisation/export", **{"bulk-ids": str(ids[0]), "format": "xlsx", "columns": "all"})
    assert answer.data[:2] == b"PK"
    asked = anna.get("/t/organisation/export", query_string={"bulk-ids": str(ids[0])})
    assert "Eksportér 1 organisation" in words(asked)
    fragment = anna.get("/t/organisation/export", headers={"HX-Request": "true"})
    assert "<html" not in fragment.text


def test_a_long_list_is_a_job_whose_file_only_its_owner_gets(app, sqlite_klynge, anna, runner, monkeypatch):
    monkeypatch.setattr("crm.exchange.views.MOST_AT_ONCE", 1)
    for name in ("Ærø", "Bo"):
        make(sqlite_klynge, "organisation", title=name)
    job = anna.post("/t/organisation/export", format="csv").location
    assert anna.get(f"{job}/file").status_code == 404
    runner.drain()
    assert f'href="{job}/file"' in anna.get(job).text
    answer = anna.get(f"{job}/file")
    assert "Ærø" in answer.data.decode("utf-8-sig")
    assert "attachment" in answer.headers["Content-Disposition"]
    answer.close()
    boss = desk(app, sqlite_klynge, "administrator", "boss")
    assert boss.get(f"{job}/file").status_code == 404
    assert f"{job}/file" not in boss.get(job).text


def test_a_bad_list_is_400_and_no_right_is_403(app, sqlite_klynge, anna):
    assert anna.post("/t/organisation/export", **{"bulk-list": "sort=nothing", "format": "csv"}).status_code == 400
    assert anna.post("/t/organisation/export", format="exe").status_code == 400
    assert anna.get("/t/organisation/export?bulk-list=f.nothing%3D1").status_code == 400
    board = desk(app, sqlite_klynge, "board_member", "carl")
    assert board.post("/t/organisation/export", format="csv").status_code == 403
    with sqlite_klynge.database.reading() as session:
        assert session.scalars(select(SecurityEvent).where(SecurityEvent.kind == "export")).all() == []
