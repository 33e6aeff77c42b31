"""Earlier versions on screen: a field over time, two versions side by side, old values put back and undone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.support.queries import counting
from tests.support.screens import SEED, Desk, desk, make, words

if TYPE_CHECKING:
    from flask import Flask

    from crm.wiring import Klynge


@pytest.fixture
def staff(app: Flask, sqlite_klynge: Klynge) -> Desk:
    return desk(app, sqlite_klynge)


@pytest.fixture
def record(sqlite_klynge: Klynge) -> int:
    made = make(sqlite_klynge, "organisation", title="Havvind", city="Ribe", note="Ring på mandag")
    for values in ({"city": "Odense"}, {"note": "Ring på <tirsdag>"}):
        with sqlite_klynge.works.writing(SEED) as uow:
            uow.records.update(made, values)
    return made


def value(klynge: Klynge, record: int, name: str) -> object:
    with klynge.works.reading(SEED) as uow:
        return uow.records.values(record)[name]


def test_a_fields_values_are_shown_over_time_and_put_back(staff: Desk, sqlite_klynge: Klynge, record: int):
    page = staff.get(f"/r/{record}/history?field=city")
    assert "”By” gennem tiden" in words(page)
    assert re.search(r"Før:\s*Ribe\s*Efter:\s*Odense", words(page))
    staff.post(f"/r/{record}/history/restore", field="city", version="1", next=f"/r/{record}/history?field=city")
    told = staff.get(f"/r/{record}/history?field=city")
    assert "”By” er nu, som det var i version 1." in words(told)
    assert value(sqlite_klynge, record, "city") == "Ribe"
    undo = re.search(r'action="(/acts/\w+/undo)"', told.text)
    assert undo
    staff.post(undo[1])
    assert value(sqlite_klynge, record, "city") == "Odense"
    assert "Dette felt er aldrig blevet ændret." in words(staff.get(f"/r/{record}/history?field=website"))


def test_two_versions_are_compared_word_by_word_and_all_is_put_back(staff: Desk, sqlite_klynge: Klynge, record: int):
    page = staff.get(f"/r/{record}/history?from=3&to=1")
    assert "Version 1 og version 3" in words(page)
    assert "Ring på <del>mandag</del>" in page.text
    assert "Ring på <ins>&lt;tirsdag&gt;</ins>" in page.text
    answer = staff.post(f"/r/{record}/history/restore", version="1", next=f"/r/{record}/havvind")
    assert "2 felter er nu, som de var i version 1." in words(staff.get(answer.headers["Location"]))
    assert (value(sqlite_klynge, record, "city"), value(sqlite_klynge, record, "note")) == ("Ribe", "Ring på mandag")
    staff.post(f"/r/{record}/history/restore", version="1")
    assert "Alt er allerede, som det var dengang." in words(staff.get(f"/r/{record}"))


def test_bad_questions_get_words_and_readers_get_no_buttons(app: Flask, staff: Desk, sqlite_klynge: Klynge, record: int):
    for path in ("history?field=nothing", "history?from=9", "history?field=positions"):
        assert staff.get(f"/r/{record}/{path}").status_code == 404
    assert staff.get("/r/999999/history").status_code == 404
    reader = desk(app, sqlite_klynge, "reader")
    page = reader.get(f"/r/{record}/history")
    assert page.status_code == 200
    assert "history/restore" not in page.text
    assert reader.post(f"/r/{record}/history/restore", version="1").status_code == 403


def test_the_record_page_leads_to_each_fields_history(staff: Desk, record: int):
    page = staff.get(f"/r/{record}/havvind")
    assert f'href="/r/{record}/history?field=city"' in page.text
    assert f'href="/r/{record}/history"' in page.text


def test_many_versions_cost_the_same_questions(staff: Desk, sqlite_klynge: Klynge, record: int):
    counts = []
    staff.get(f"/r/{record}/history")
    for number in (1, 35):
        for n in range(number):
            with sqlite_klynge.works.writing(SEED) as uow:
                uow.records.update(record, {"city": f"By {number}.{n}"})
        with counting(sqlite_klynge.database) as asked:
            page = staff.get(f"/r/{record}/history?field=city")
            staff.get(f"/r/{record}/history")
        counts.append(len(asked))
    assert counts[1] <= counts[0]
    assert "Vis tidligere" in words(page)
    older = re.search(r'href="(\?field=city&amp;before=\d+)"', page.text)
    assert older
    assert "By 1.0" in words(staff.get(f"/r/{record}/history{older[1].replace('&amp;', '&')}"))
