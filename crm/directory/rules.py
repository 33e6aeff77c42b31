"""Decisions about organisations and persons that need no database."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from stdnum.dk import cvr as cvr_numbers
from stdnum.exceptions import ValidationError

from crm.directory.places import SizeClass
from crm.kernel.i18n import N_, Message

_SEPARATORS: Final = re.compile(r"[\s.\-]+")


@dataclass(frozen=True, slots=True)
class RegionSpan:
    """That something lies in a region, or that a region exists, from one day to another; both days are included."""

    region_key: str
    valid_from: date
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether it was so on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def region_on(spans: Iterable[RegionSpan], day: date) -> str | None:
    """Give the key of the region that a municipality lay in on a day: Hovedstaden to 2026-12-31, then Østdanmark."""
    return next((span.region_key for span in spans if span.holds_on(day)), None)


def tidy_cvr(text: str | None) -> str | None:
    """Write a company number as registers do: eight digits without DK, spaces or points. What is none is left as typed."""
    if not text:
        return None
    bare = _SEPARATORS.sub("", text).upper().removeprefix("DK")
    return bare if bare.isdigit() else text.strip()


def cvr_is_doubtful(number: str | None) -> bool:
    """Whether a company number fails its form or check digit and should be looked up.

    Modulus 11 with weights 2 7 6 5 4 3 2 1 (Erhvervsstyrelsen: all CVR numbers satisfy it). A failed check is never a reason
    to refuse or change what someone wrote: registers have been wrong before.
    """
    if not number:
        return False
    try:
        cvr_numbers.validate(number)
    except ValidationError:
        return True
    return False


def cvr_warning(number: str | None) -> Message | None:
    """Word the doubt about a company number, or nothing."""
    if not cvr_is_doubtful(number):
        return None
    return N_("The check digit of CVR no. %(number)s does not fit. Please look it up in the register.", number=number)


def person_title(values: Mapping[str, Any]) -> str:
    """Give a person's full name."""
    return " ".join(part for part in (values.get("given_name"), values.get("family_name")) if part)


def tidy_municipality(raw: str | int | None) -> str | None:
    """Write a municipality code as four digits: registers give 151 for Ballerup."""
    if raw is None or raw == "":
        return None
    text = str(raw).strip()
    return text.zfill(4) if text.isdigit() else text


def size_class_of(employees: int, classes: Iterable[SizeClass]) -> str | None:
    """Give the key of the class that a number of employees falls into: 9 is under 10, 10 is not."""
    return next((one.key for one in classes if one.below is None or employees < one.below), None)


def region_problems(values: Mapping[str, Any]) -> dict[str, Message]:
    """Say what is missing for an organisation to be counted as it says: one that is split must name what it is split among."""
    covered, primary = values.get("regions") or (), values.get("primary_region")
    if values.get("region_rule") == "fractional" and not covered:
        return {"regions": N_("Choose the regions among which it is split.")}
    if primary is not None and covered and primary not in covered:
        return {"primary_region": N_("The primary region must be among the regions that it covers.")}
    return {}


def circle_problem(
    record_id: int, parent_id: int, parents_of: Callable[[Sequence[int]], Mapping[int, int | None]]
) -> Message | None:
    """Say what is wrong with a new parent: an organisation is no part of itself, not by way of others either.

    Args:
        record_id: the organisation.
        parent_id: what it is to be a part of.
        parents_of: gives the parents of organisations by id; asked level by level, and only for those above.
    """
    if parent_id == record_id:
        return N_("An organisation cannot be a part of itself.")
    seen, above = {record_id}, parent_id
    while above not in seen:
        seen.add(above)
        higher = parents_of([above]).get(above)
        if higher is None:
            return None
        above = higher
    return N_("That would be a circle: the chosen organisation is itself a part of this one.") if above == record_id else None
