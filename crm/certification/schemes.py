"""The rules of the label schemes as data: read once from `seeds/base/label_schemes.csv`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Final

from crm.certification.rules import LEVELS, SchemeRule
from crm.directory.places import BASE, read_rows
from crm.kernel.errors import ConfigError
from crm.kernel.i18n import Label

FILE: Final = BASE / "label_schemes.csv"
#: How the versions are called. A new one is a row of the file and a line here.
NAMES: Final = {
    "ecei-2012": Label(da="ECEI 2012 (før revisionen)", en="ECEI 2012 (before the revision)"),
    "ecei-2019": Label(da="ECEI 2019", en="ECEI 2019"),
}


@cache
def scheme_rules() -> tuple[SchemeRule, ...]:
    """Give the rows in the order of the file.

    Raises:
        ConfigError: a row cannot be read, or a version lacks a level.
    """
    try:
        rules = tuple(_rule(row) for row in read_rows(FILE))
    except (KeyError, ValueError) as error:
        raise ConfigError(f"seeds/base/label_schemes.csv cannot be read: {error}") from error
    pairs = [(rule.scheme, rule.level) for rule in rules]
    if sorted(pairs) != sorted((scheme, level) for scheme in NAMES for level in LEVELS):
        raise ConfigError("seeds/base/label_schemes.csv must have one row for each version and level")
    return rules


def _rule(row: Mapping[str, str]) -> SchemeRule:
    if row["ends"] not in {"day", "month_end"}:
        raise ValueError(f"ends: {row['ends']}")
    return SchemeRule(
        scheme=row["scheme_version"],
        level=row["level"],
        assessed_from=date.fromisoformat(row["assessed_from"]) if row["assessed_from"] else None,
        months=int(row["months"]),
        month_end=row["ends"] == "month_end",
        renew_months=int(row["renew_months"]) if row["renew_months"] else None,
        renewal_months=int(row["renewal_months"]) if row["renewal_months"] else None,
        uncertain=Label(da=row["uncertain_da"], en=row["uncertain_en"]) if row["uncertain_da"] else None,
    )


@cache
def fingerprint() -> str:
    """Give what changes when a row does: certificates are then derived anew."""
    return hashlib.sha256(repr(scheme_rules()).encode()).hexdigest()[:16]
