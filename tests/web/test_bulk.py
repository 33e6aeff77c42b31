"""Bulk edit in the browser's requests: the dialog, refusals that lose nothing, rights, and what the toast says."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from crm.records.jobs.models import Job
from crm.records.models import Change
from tests.support.queries import counting
from tests.support.screens import SEED, desk, make, words

HX = {"HX-Request": "true"}


@pytest.fixture
def anna(app, sqlite_klynge):
    return desk(app, sqlite_klynge, "staff", "anna")


@pytest.fixture
def three(sqlite_klynge):
    return [make(sqlite_klynge, "organisation", title=name, kind="cluster") for name in ("Ærø", "Bo", "Ci")]


def chosen(ids, **more):
    return {"bulk-ids": ",".join(str(one) for one in ids), **more}


def kinds(klynge, ids):
    with klynge.works.reading(SEED) as uow:
        return [uow.records.values(one)["kind"] for one in ids]


def test_the_list_has_a_bar_for_what_one_may_do(app, sqlite_klynge, anna, three):
    page = anna.get("/t/organisation").text
    acts = re.findall(r'data-bulk-act="(\w+)"', page)
    assert acts == ["change", "owner", "state", "export", "delete"]
    reader = desk(app, sqlite_klynge, "reader")
    assert re.findall(r'data-bulk-act="(\w+)"', reader.get("/t/organisation").text) == ["export"]


def test_the_dialog_offers_fields_and_then_the_control_of_the_chosen_one(anna, three):
    answer = anna.get("/t/organisation/bulk/change", query_string=chosen(three))
    assert "Ret et felt på 3 organisationer" in words(answer)
    first = answer.text
    assert '<option value="kind">' in first
    assert 'value="cvr_doubtful"' not in first, "a field that the system sets"
    second = anna.get("/t/organisation/bulk/change", query_string=chosen(three, **{"bulk-field": "kind"})).text
    assert 'name="kind"' in second
    assert "bulk-mode" not in second
    tags = anna.get("/t/organisation/bulk/change", query_string=chosen(three, **{"bulk-field": "tags"})).text
    assert tags.count('name="bulk-mode"') == 3


def test_the_dialog_asks_the_same_number_of_questions_however_many_are_chosen(anna, three, sqlite_klynge):
    asked = []
    for ids in (three[:1], three[:1], three):
        with counting(sqlite_klynge.database) as found:
            anna.get("/t/organisation/bulk/change", query_string=chosen(ids, **{"bulk-field": "owner"}))
        asked.append(len(found))
    assert asked[1] == asked[2]


def test_it_is_done_told_and_offered_to_be_undone(anna, three, sqlite_klynge):
    values = chosen(three[:2], **{"bulk-field": "kind", "kind": "network", "bulk-number": "2", "bulk-list": "q=o"})
    answer = anna.client.post("/t/organisation/bulk/change", data={**values, **anna_token(anna)}, headers=HX)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/t/organisation?q=o")
    assert kinds(sqlite_klynge, three) == ["network", "network", "cluster"]
    page = anna.get("/t/organisation").text
    assert "Slags ændret på 2 organisationer." in page
    act = re.search(r'action="(/acts/\w+/undo)"', page)[1]
    anna.post(act)
    assert kinds(sqlite_klynge, three) == ["cluster"] * 3


def anna_token(anna):
    from tests.support.forms import token

    return {"csrf_token": token(anna.client, "/login/link")}


def test_what_cannot_be_accepted_comes_back_as_it_was_typed(anna, three):
    answer = anna.post("/t/organisation/bulk/change", **chosen(three, **{"bulk-field": "website", "website": "java script"}))
    assert answer.status_code == 422
    assert 'value="java script"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert f'value="{",".join(map(str, three))}"' in answer.text


def test_a_result_that_has_grown_since_is_shown_again_before_anything_is_done(anna, three, sqlite_klynge):
    values = {"bulk-whole": "1", "bulk-number": "2", "bulk-field": "kind", "kind": "network"}
    answer = anna.post("/t/organisation/bulk/change", **values)
    assert answer.status_code == 409
    assert "der er 3 nu" in words(answer).lower()
    assert kinds(sqlite_klynge, three) == ["cluster"] * 3


def test_the_whole_result_is_the_lists_with_its_filter(anna, three, sqlite_klynge):
    assert "Vælg hele resultatet – 1 organisation" in words(anna.get("/t/organisation/bulk/number?bulk-list=q%3DBo"))
    values = {"bulk-whole": "1", "bulk-list": "q=Bo", "bulk-number": "1", "bulk-field": "kind", "kind": "network"}
    assert anna.post("/t/organisation/bulk/change", **values).status_code == 303
    assert kinds(sqlite_klynge, three) == ["cluster", "network", "cluster"]


def test_many_become_a_job_whose_page_is_next(anna, sqlite_klynge):
    ids = [make(sqlite_klynge, "organisation", title=f"Org {number}") for number in range(51)]
    answer = anna.post("/t/organisation/bulk/delete", **chosen(ids, **{"bulk-number": "51"}))
    assert re.fullmatch(r"/jobs/\d+", answer.location)
    page = anna.get(answer.location).text
    assert "Læg 51 organisationer i papirkurven" in page
    assert 'hx-trigger="every 1s"' in page


def test_a_refusal_stands_in_the_report_with_its_reason(anna, three, sqlite_klynge):
    with sqlite_klynge.works.writing(SEED) as uow:
        uow.records.transition(three[1], "close")
    anna.post("/t/organisation/bulk/state", **chosen(three, **{"bulk-target": "starting", "bulk-number": "3"}))
    assert "Status ændret på 2 organisationer: ”Under opstart”. Én blev afvist:" in words(anna.get("/t/organisation"))
    with sqlite_klynge.database.reading() as session:
        job_id = session.scalar(select(Job.id))
    report = anna.get(f"/jobs/{job_id}")
    assert f'<a href="/r/{three[1]}/bo">Bo</a>' in report.text
    assert "Intet trin fører fra ”Ophørt” til ”Under opstart”." in words(report)


def test_a_reader_changes_nothing_and_no_line_is_written(app, sqlite_klynge, three):
    reader = desk(app, sqlite_klynge, "reader")
    for act, more in (("change", {"bulk-field": "kind", "kind": "network"}), ("owner", {"owner": "1"}), ("delete", {})):
        assert reader.get(f"/t/organisation/bulk/{act}", query_string=chosen(three)).status_code == 403
        assert reader.post(f"/t/organisation/bulk/{act}", **chosen(three, **more)).status_code in {403, 422}
    assert reader.post("/t/organisation/bulk/state", **chosen(three, **{"bulk-target": "closed"})).status_code in {403, 422}
    with sqlite_klynge.database.reading() as session:
        assert set(session.scalars(select(Change.kind))) == {"create"}


def test_an_unknown_act_or_type_is_no_page(anna, three):
    for path in ("/t/organisation/bulk/burn", "/t/nothing/bulk/change"):
        assert anna.get(path, query_string=chosen(three)).status_code == 404
        assert anna.post(path, **chosen(three)).status_code == 404
