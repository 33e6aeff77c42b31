"""Organisations and people as of a day: names, regions, whether they were there, and who held which position."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from crm.directory.lifespan import ENDED, LIVE, Lifespan
from crm.directory.names import name_on
from crm.directory.queries import HeldPosition, coverages, lifespans, names_of, positions_on
from crm.directory.regions import main_region, weights_on
from crm.filters import EVERYTHING, All, Any_, Condition, Filter
from crm.kernel import format as forms
from crm.kernel.i18n import N_, Label
from crm.records.query import Row
from crm.records.work import UnitOfWork
from crm.screens.past import Past, PastFact, register_fact, register_past

#: What a row of a day carries along for the facts of that day.
_TODAY: Final = "_name_today"
_SPAN: Final = "_lifespan"


def _there_on(day: date) -> Filter:
    """Leave out what was founded later or had ended: by its own days, which a list can ask for."""
    text = day.isoformat()
    begun = Any_((Condition("founded", "empty"), Condition("founded", "le", text)))
    return All((begun, Any_((Condition("ended", "empty"), Condition("ended", "ge", text)))))


def organisations_on(uow: UnitOfWork, rows: Sequence[Row], day: date) -> list[Row]:
    """Give organisations under their names and in their regions of a day: three queries, whatever their number."""
    ids = [row.id for row in rows]
    names = names_of(uow, ids)
    covered = coverages(uow.session, ids)
    spans = lifespans(uow, ids)
    found = []
    for row in rows:
        title = name_on(names.get(row.id, ()), day, row.title)
        values: dict[str, Any] = {**row.values, _SPAN: spans.get(row.id, Lifespan())}
        if "title" in values:
            values["title"] = title
        if "region" in values and row.id in covered:
            values["region"] = main_region(weights_on(covered[row.id], day), covered[row.id])
        if title != row.title:
            values[_TODAY] = row.title
        found.append(row._replace(title=title, values=values, state=_state_on(row, values[_SPAN], day)))
    return found


def _state_on(row: Row, span: Lifespan, day: date) -> str | None:
    """Give the state of a day: what has ended since then was active."""
    return LIVE if row.state in ENDED and span.last is not None and not span.is_over(day) else row.state


def _names_today(_uow: UnitOfWork, rows: Sequence[Row], _day: date, _locale: str) -> Mapping[int, str]:
    return {row.id: str(row.values[_TODAY]) for row in rows if _TODAY in row.values}


def _existence(_uow: UnitOfWork, rows: Sequence[Row], day: date, locale: str) -> Mapping[int, str]:
    found = {}
    for row in rows:
        span: Lifespan = row.values.get(_SPAN) or Lifespan()
        if span.is_before(day) and span.first is not None:
            found[row.id] = N_("Not founded until %(day)s", day=forms.day(span.first, locale))(locale)
        elif span.is_over(day) and span.last is not None:
            found[row.id] = N_("Ended on %(day)s", day=forms.day(span.last, locale))(locale)
    return found


def _everyone(_day: date) -> Filter:
    return EVERYTHING


def _as_today(_uow: UnitOfWork, rows: Sequence[Row], _day: date) -> Sequence[Row]:
    return rows


def _positions(uow: UnitOfWork, rows: Sequence[Row], day: date, locale: str) -> Mapping[int, str]:
    """Word the positions that people held on a day, each organisation by its name of that day."""
    held = positions_on(uow, [row.id for row in rows], day)
    return {person: "; ".join(_position(one, locale) for one in positions) for person, positions in held.items()}


def _position(held: HeldPosition, locale: str) -> str:
    if not held.role:
        return held.organisation
    return N_("%(role)s at %(organisation)s", role=held.role, organisation=held.organisation)(locale)


def install() -> None:
    """Offer organisations and people as of a day."""
    register_past("organisation", Past(_there_on, organisations_on))
    register_fact("organisation", PastFact("name", Label(da="Navn i dag", en="Name today"), _names_today))
    register_fact("organisation", PastFact("there", Label(da="Fandtes", en="Existed"), _existence))
    register_past("person", Past(_everyone, _as_today))
    register_fact("person", PastFact("positions", Label(da="Stillinger den dag", en="Positions that day"), _positions))
