"""When a case gets its rows, may be closed, is overdue, and how cases of a period are counted."""

from __future__ import annotations

from datetime import date

import pytest

from crm.cases.rules import (
    KIND_KEYS,
    CaseDays,
    CaseTotals,
    case_kinds,
    checklist_of,
    closed_on,
    first_rows,
    is_overdue,
    rows_are_done,
    tasks_are_done,
    totals,
)
from crm.records.fields import CheckRow

TODAY = date(2026, 12, 1)


def test_a_certification_begins_with_the_steps_of_the_office():
    rows = first_rows("certification")
    assert rows is not None
    assert [row.text for row in rows] == ["Aftale", "Spørgeskema", "Interview", "Rapport", "Certifikat"]
    assert not any(row.done for row in rows)
    assert (first_rows("other"), first_rows(None), first_rows("unknown")) == (None, None, None)
    assert tuple(kind.key for kind in case_kinds()) == KIND_KEYS


def test_a_kind_fills_only_an_empty_checklist_and_only_when_it_is_chosen():
    own = (CheckRow("Egen"),)
    assert checklist_of(None, {"kind": "certification", "checklist": None}) == first_rows("certification")
    assert checklist_of(None, {"kind": "certification", "checklist": own}) == own
    assert checklist_of({"kind": None}, {"kind": "funding", "checklist": None}) == first_rows("funding")
    assert checklist_of({"kind": "funding"}, {"kind": "funding", "checklist": None}) is None, "who empties it wants it empty"


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (["Interview"], "”Interview” er ikke krydset af."),
        (["A", "B", "C", "D"], "4 punkter er ikke krydset af (A, B, C …). Kryds dem af"),
    ],
)
def test_a_case_with_open_rows_is_not_closed_and_they_are_named(left: list[str], words: str):
    rows = (CheckRow("Aftale", done=True), *(CheckRow(text) for text in left))
    reason = rows_are_done({"checklist": rows}, {})
    assert reason is not None
    assert reason("da").startswith(words)
    assert rows_are_done({"checklist": (CheckRow("Aftale", done=True),)}, {}) is None
    assert rows_are_done({"checklist": None}, {}) is None


def test_a_case_with_open_tasks_is_not_closed_and_they_are_named():
    assert tasks_are_done({}, {"open_tasks": []}) is None
    reason = tasks_are_done({}, {"open_tasks": ["Ring til Anne"]})
    assert reason is not None
    assert reason("da") == "Opgaven ”Ring til Anne” er åben. Udfør eller slet den først, eller afbryd sagen."
    several = tasks_are_done({}, {"open_tasks": ["a", "b"]})
    assert several is not None
    assert several("da").startswith("2 opgaver er åbne (a, b).")


def test_the_day_of_its_end_is_kept_while_it_has_ended_and_gone_when_it_runs():
    assert closed_on("closed", None, TODAY) == TODAY
    assert closed_on("dropped", date(2026, 3, 1), TODAY) == date(2026, 3, 1)
    assert closed_on("active", date(2026, 3, 1), TODAY) is None


def test_only_a_running_case_is_overdue_from_the_day_after():
    yesterday = date(2026, 11, 30)
    assert is_overdue("waiting", yesterday, TODAY)
    assert not is_overdue("active", TODAY, TODAY)
    assert not is_overdue("closed", yesterday, TODAY)
    assert not is_overdue("active", None, TODAY)


def test_cases_of_a_period_are_counted_by_kind():
    cases = [
        CaseDays("funding", "closed", date(2026, 2, 1), date(2026, 5, 1)),
        CaseDays("funding", "active", date(2026, 3, 1), None),
        CaseDays("certification", "closed", date(2025, 1, 1), date(2027, 1, 5)),  # ended after it: ran at its end
        CaseDays("merger", "dropped", date(2025, 1, 1), date(2026, 12, 31)),  # on its last day
        CaseDays(None, "open", None, None),
        CaseDays(None, "closed", None, None),  # nobody knows when: it does not run
        CaseDays("startup", "closed", date(2025, 1, 1), date(2025, 12, 31)),  # the day before: nothing
    ]
    found = totals(cases, date(2026, 1, 1), date(2026, 12, 31))
    assert found == [
        CaseTotals("certification", 0, 0, 0, 1),
        CaseTotals("merger", 0, 0, 1, 0),
        CaseTotals("funding", 2, 1, 0, 1),
        CaseTotals(None, 0, 0, 0, 1),
    ]
