"""A membership takes from its type what nobody wrote; a period is renewed once; the criteria are there once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from crm.kernel.db import Database
from crm.kernel.errors import InvalidInput, RuleViolation
from crm.membership.seed import load_criteria
from crm.membership.services import AnswerCriterion, answer_criterion, renew_membership
from crm.records.query import list_page, one
from crm.records.work import Works
from tests.support.records import SYSTEM, works_on


@pytest.fixture
def works(database: Database) -> Works:
    return works_on(database)


def make(works: Works, type_key: str, **values: Any) -> int:
    with works.writing(SYSTEM) as uow:
        return uow.records.create(type_key, values)


def told(works: Works, record_id: int) -> tuple[str, str, Any, str | None]:
    """Give title, period, fee and status."""
    with works.reading(SYSTEM) as uow:
        row = one(uow, record_id)
    period, fee = row.values["period"], row.values["fee"]
    return row.title, f"{period.start}/{period.end or ''}", None if fee is None else fee.amount, row.values["status"]


def test_what_nobody_wrote_is_the_types(works: Works):
    member = make(works, "organisation", title="Nordisk Vand")
    year = make(works, "membership_type", title="Årligt", period_kind="fixed", fee="12500", new_days=90)
    rolling = make(works, "membership_type", title="Løbende", months=6, fee="5000")
    endless = make(works, "membership_type", title="Støtte")
    both = {"organisation": member}
    assert told(works, make(works, "membership", **both, membership_type=year)) == (
        "Nordisk Vand, Årligt 2026",
        "2026-01-01/2026-12-31",
        Decimal(12500),
        "current",
    )
    half = make(works, "membership", **both, membership_type=rolling, period={"start": "2026-10-15"}, fee="0")
    assert told(works, half) == ("Nordisk Vand, Løbende 2026–2027", "2026-10-15/2027-04-14", Decimal(0), "current")
    always = make(works, "membership", **both, membership_type=endless, period={"start": "2027-02-01"})
    assert told(works, always) == ("Nordisk Vand, Støtte 2027", "2027-02-01/", None, "future")
    fresh = make(works, "membership", **both, membership_type=year, period={"start": "2026-11-01"})
    assert told(works, fresh)[1:] == ("2026-11-01/2026-12-31", Decimal(12500), "new")
    with pytest.raises(InvalidInput) as refused:
        make(works, "membership", **both, membership_type=year, joined="2027-05-01")
    assert set(refused.value.fields) == {"joined"}
    with pytest.raises(InvalidInput):
        make(works, "membership_type", title="Halvt år", period_kind="fixed", months=6)


def test_a_period_is_renewed_once_with_the_secretariat_it_is_of(sqlite_database: Database):
    works = works_on(sqlite_database)
    member, ours, other = (make(works, "organisation", title=title) for title in ("Nordisk Vand", "Vores", "Andre"))
    year = make(works, "membership_type", title="Årligt", period_kind="fixed", fee="12500")
    both = {"organisation": member, "membership_type": year}
    made = make(works, "membership", **both, secretariat=ours, fee="9000")
    make(works, "membership", **both, secretariat=other, period={"start": "2027-01-01"})
    with works.writing(SYSTEM) as uow:
        following = renew_membership(uow, made)
    assert told(works, following)[1:] == ("2027-01-01/2027-12-31", Decimal(12500), "future")
    with works.reading(SYSTEM) as uow:
        values = one(uow, following).values
        assert (values["secretariat"], values["joined"].start.isoformat()) == (ours, "2026-01-01")
    with pytest.raises(RuleViolation), works.writing(SYSTEM) as uow:
        renew_membership(uow, made)
    endless = make(works, "membership", organisation=member, membership_type=make(works, "membership_type", title="Støtte"))
    with pytest.raises(RuleViolation), works.writing(SYSTEM) as uow:
        renew_membership(uow, endless)


def test_the_criteria_are_there_once_and_answered_once_each(sqlite_database: Database):
    works = works_on(sqlite_database)
    assert (load_criteria(works), load_criteria(works)) == (5, 0)
    with works.reading(SYSTEM) as uow:
        criteria = list_page(uow, "catalogue_criterion", sort="number").rows
    assert [(row.values["number"], row.values["text"]) for row in criteria] == [(number, None) for number in range(1, 6)]
    with works.writing(SYSTEM) as uow:
        uow.records.delete(criteria[4].id)
    assert load_criteria(works) == 0, "what was taken away stays away"
    entry = make(works, "catalogue_entry", organisation=make(works, "organisation", title="Grøn Energi Nord"))
    for values in ({"answer": "met"}, {"note": "Set på mødet"}, {"answer": ""}):
        with works.writing(SYSTEM) as uow:
            answer_criterion(uow, AnswerCriterion(entry, criteria[0].id, values))
    with works.writing(SYSTEM) as uow:
        answer_criterion(uow, AnswerCriterion(entry, criteria[1].id, {"answer": "", "note": " "}))
    with works.reading(SYSTEM) as uow:
        answers = list_page(uow, "catalogue_answer").rows
    assert [(row.title, row.values["answer"], row.values["note"]) for row in answers] == [
        ("Grøn Energi Nord, katalog, Kriterium 1", None, "Set på mødet")
    ]
    with pytest.raises(InvalidInput, match="criterion"):
        make(works, "catalogue_answer", entry=entry, criterion=criteria[0].id, answer="no")
