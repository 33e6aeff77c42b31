"""Decisions about organisations and persons that need no database."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from stdnum.dk import cvr as cvr_numbers
from stdnum.exceptions import ValidationError

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
