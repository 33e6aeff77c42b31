"""Lists and record pages as of a day: what features know of how their records were then.

A type has a past when its feature says so (`register_past`): its list and its pages then offer *Pr. dato*, and `on=2017-01-01` in
the address shows names, places and what else is known as it was on that day. Further facts of the day (the certificate it held)
come from the features that keep them (`register_fact`). What is shown so is looked at, never edited.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from crm.filters import Filter
from crm.kernel.errors import InvalidInput
from crm.kernel.i18n import N_, Label
from crm.records.fields import KINDS, ValueProblem
from crm.records.query import Row
from crm.records.types import Column, Field
from crm.records.work import UnitOfWork

#: Days have no zone: the kind of field that reads them asks for one all the same.
_ZONE: Final = "Europe/Copenhagen"
_PREFIX: Final = "past."
#: The parameter of the address.
PARAMETER: Final = "on"
_DAY: Final = Field(PARAMETER, "date", Label(da="Pr. dato", en="As of"), Column((PARAMETER,)), config={"store": "day"})


@dataclass(frozen=True, slots=True)
class Past:
    """How a type's records were on a day.

    existed: the filter of those that were there. rows: the rows as they were, in the same order, by a constant number of queries.
    """

    existed: Callable[[date], Filter]
    rows: Callable[[UnitOfWork, Sequence[Row], date], Sequence[Row]]


@dataclass(frozen=True, slots=True)
class PastFact:
    """Something else that is known of records on a day: a column of the list, a line on the page.

    load: gives words by record id, for many records by a constant number of queries, as far as the actor may read them.
    """

    key: str
    label: Label
    load: Callable[[UnitOfWork, Sequence[Row], date, str], Mapping[int, str]]


#: Gives values of a day, by record id and field, that stand in the place of today's: by a constant number of queries.
PastValues = Callable[[UnitOfWork, Sequence[Row], date], Mapping[int, Mapping[str, Any]]]

_pasts: dict[str, Past] = {}
_values: dict[str, list[PastValues]] = {}
_facts: dict[str, dict[str, PastFact]] = {}


def register_past(type_key: str, past: Past) -> None:
    """Offer a type's list and pages as of a day."""
    _pasts[type_key] = past


def register_fact(type_key: str, fact: PastFact) -> None:
    """Show a fact of the day on a type's list and pages; one of the same key is replaced."""
    _facts.setdefault(type_key, {})[fact.key] = fact


def register_values(type_key: str, values: PastValues) -> None:
    """Have fields that a feature keeps up to date show what they held on the day."""
    known = _values.setdefault(type_key, [])
    if values not in known:
        known.append(values)


def past_of(type_key: str) -> Past | None:
    """Give a type's past, or None when it has none."""
    return _pasts.get(type_key)


def read_day(type_key: str, text: str) -> date | None:
    """Read the day of an address: 2017-01-01, or as people write it; None when none is asked for.

    Raises:
        InvalidInput: it is no day, or the type has no past.
    """
    if not text.strip():
        return None
    if type_key not in _pasts:
        raise InvalidInput({PARAMETER: N_("These are shown as they are today only.")})
    try:
        found = KINDS["date"].clean(_DAY, text[:40], _ZONE)
    except ValueProblem as problem:
        raise InvalidInput({PARAMETER: problem.message}) from None
    return None if found is None else found.start


def rows_on(uow: UnitOfWork, type_key: str, rows: Sequence[Row], day: date, locale: str) -> list[Row]:
    """Give rows as they were on a day, with the facts of the day among their values (`past.certificate`)."""
    past = _pasts.get(type_key)
    if past is None:
        return list(rows)
    found = list(past.rows(uow, rows, day))
    more: dict[int, dict[str, Any]] = {row.id: {} for row in found}
    for values_on in _values.get(type_key, ()):
        for record_id, values in values_on(uow, found, day).items():
            more[record_id].update(values)
    more = {row.id: {name: more[row.id][name] for name in more[row.id].keys() & row.values.keys()} for row in found}
    for fact in _facts.get(type_key, {}).values():
        for record_id, words in fact.load(uow, found, day, locale).items():
            more[record_id][_name(fact)] = words
    return [row._replace(values={**row.values, **more[row.id]}) for row in found]


def fact_fields(type_key: str, rows: Iterable[Row]) -> list[Field]:
    """Give those facts of the day that any of some rows has, as fields for the columns of a list."""
    told = {name for row in rows for name in row.values if name.startswith(_PREFIX)}
    facts = (fact for fact in _facts.get(type_key, {}).values() if _name(fact) in told)
    return [Field(_name(fact), "text", fact.label, Column((fact.key,))) for fact in facts]


def fact_lines(row: Row, locale: str) -> list[tuple[str, str]]:
    """Give the facts of the day of one row of `rows_on`, those that have words, with their labels."""
    facts = _facts.get(row.type_key, {}).values()
    return [(fact.label(locale), str(row.values[_name(fact)])) for fact in facts if row.values.get(_name(fact))]


def _name(fact: PastFact) -> str:
    return _PREFIX + fact.key
