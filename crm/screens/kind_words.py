"""How values of the larger kinds are worded: money, durations, typed lists, addresses, formatted text."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from crm.kernel import format as forms
from crm.kernel.i18n import N_
from crm.records.fields.address import AddressValue
from crm.records.fields.checklist import CheckRow, open_rows
from crm.records.fields.emails import EmailValue
from crm.records.fields.money import MoneyValue
from crm.records.fields.phones import PhoneValue, written
from crm.records.fields.rating import USUAL
from crm.records.fields.rich_text import plain_text, sanitise
from crm.records.types import Field


def money(value: MoneyValue, locale: str) -> str:
    """Word an amount: 1.234,50 kr."""
    return forms.money(value.amount, locale, currency=value.currency)


def duration(seconds: int, locale: str) -> str:
    """Word a duration: 1 t. 30 min."""
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    parts = [
        N_("%(hours)s h", hours=hours) if hours else None,
        N_("%(minutes)s min", minutes=minutes) if minutes or not (hours or left) else None,
        N_("%(seconds)s s", seconds=left) if left else None,
    ]
    return " ".join(part(locale) for part in parts if part is not None)


def rating(field: Field, value: int, locale: str) -> str:
    """Word stars: 3 af 5."""
    return N_("%(value)s of %(most)s", value=value, most=field.config.get("max", USUAL))(locale)


def checklist(value: tuple[CheckRow, ...], locale: str) -> tuple[str, int]:
    """Word how far a checklist is, and in per cent: 3 af 5, 60."""
    done = len(value) - open_rows(value)
    return N_("%(value)s of %(most)s", value=done, most=len(value))(locale), 100 * done // len(value)


def email(value: EmailValue) -> tuple[str, str]:
    """Give an address, and where it leads."""
    return value.address, f"mailto:{value.address}"


def phone(value: PhoneValue) -> tuple[str, str]:
    """Give a number as people read it, and where it leads: the number alone, since a telephone dials no extension by itself."""
    words = forms.phone(value.number) if ";" not in value.number else written(value.number)
    return words, f"tel:{value.number.partition(';')[0]}"


def address(value: AddressValue) -> str:
    """Give an address on one line; what has no line has at least its municipality's code."""
    return value.line() or (value.municipality or value.country)


def rich(value: Any) -> tuple[str, Markup]:
    """Give formatted text as plain words, and as HTML: sanitised once more, whatever is stored."""
    return plain_text(value), Markup(sanitise(value))  # noqa: S704 - just sanitised
