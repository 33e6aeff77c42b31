"""Pure decisions about collaborations: the pair has no order, and two statements of the same thing are said to be so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from crm.kernel.i18n import N_
from crm.records.types import Problems, RuleContext, Values

#: Who of the two sides has confirmed a statement.
UNCONFIRMED: Final = "none"


def derive(_old: Values | None, new: Values, context: RuleContext) -> Values:
    """Name the pair: A – B, in the order in which they were written down."""
    ids = [int(one) for one in (new.get("one"), new.get("other")) if one]
    known = context.related(ids)
    return {"_title": " – ".join(str(known[one]["title"]) for one in ids if one in known)}


def title(values: Values) -> str:
    """Give the title that `derive` found."""
    return str(values.get("_title") or "")


def check(_old: Values | None, new: Values, _context: RuleContext) -> Problems:
    """Refuse an organisation that works together with itself."""
    if new.get("one") is not None and new.get("one") == new.get("other"):
        return {"other": N_("An organisation cannot collaborate with itself. Choose another one.")}
    return {}


def same_statement(mine: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two collaborations say the same: the same pair, whichever stands first, the same kind, and periods that meet."""
    pair = {mine.get("one"), mine.get("other")}
    return (
        pair == {other.get("one"), other.get("other")}
        and mine.get("kind") == other.get("kind")
        and periods_meet(mine.get("period"), other.get("period"))
    )


def periods_meet(one: Any, other: Any) -> bool:
    """Whether two periods share a day; an open end reaches for ever, no period is always."""
    first = (getattr(one, "start", None) or date.min, getattr(one, "end", None) or date.max)
    second = (getattr(other, "start", None) or date.min, getattr(other, "end", None) or date.max)
    return bool(first[0] <= second[1] and second[0] <= first[1])


def is_unconfirmed(values: Mapping[str, Any]) -> bool:
    """Whether neither side has confirmed it: what nobody was asked about counts as that too."""
    return values.get("confirmed") in {None, UNCONFIRMED}


def partner_of(values: Mapping[str, Any], organisation_id: int) -> int | None:
    """Give the other side of a pair, seen from one of the two; None for a company that only takes part."""
    one, other = values.get("one"), values.get("other")
    if organisation_id == one:
        return other
    return one if organisation_id == other else None
