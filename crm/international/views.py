"""*Klynger og unikke virksomheder pr. land*: who was helped abroad in any period, and who stands behind each number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, render_template, request

from crm.filters import All, Condition
from crm.international import panels
from crm.international.queries import KEY, een_between, helped_between
from crm.international.rules import EenTotals
from crm.international.types import ACTIVITY
from crm.kernel.errors import InvalidInput, NotFound
from crm.kernel.i18n import N_, Label, Message
from crm.kernel.text import sort_key
from crm.kernel.typed import UnreadableError, parse_day
from crm.records.work import UnitOfWork
from crm.screens.listing import ListState
from crm.web.context import current_actor, current_locale, works
from crm.web.guard import needs

bp = Blueprint("international", __name__, template_folder="templates")
panels.install()
PAGE: Final = "/international/totals"
_EARLIEST, _LATEST = date(1900, 1, 1), date(2199, 12, 31)


@dataclass(frozen=True, slots=True)
class Asked:
    """The period that was asked for, as typed and as days; None is open at that end."""

    first: date | None = None
    last: date | None = None
    typed_first: str = ""
    typed_last: str = ""
    problem: Message | None = None

    def query(self, **more: str) -> str:
        """Give the parameters of the same period."""
        days = {"from": self.first.isoformat() if self.first else "", "to": self.last.isoformat() if self.last else ""}
        return urlencode({**days, **more})

    def people_url(self, who: str, country: str | None = None, *, everywhere: bool = False) -> str:
        """Give where the clusters or companies behind a number stand."""
        return f"{PAGE}/{who}?{self.query(**({} if everywhere else {'country': country or ''}))}"

    def list_url(self, country: str | None = None, *, everywhere: bool = False, counted: bool = False) -> str:
        """Give the list of the activities behind a number; with `counted` those with companies that are no records."""
        parts = []
        if self.first is not None:
            parts.append(Condition("held", "ge", self.first.isoformat()))
        if self.last is not None:
            parts.append(Condition("held", "le", self.last.isoformat()))
        if counted:
            parts.append(Condition("company_count", "gt", "0"))
        if not everywhere and country is None:
            parts.append(Condition("country", "empty"))
        exact = {"country": country} if country is not None else {}
        return ListState(KEY, exact=exact, where=All(tuple(parts))).url()


@bp.get(PAGE)
@needs("@crm")
def show_totals() -> Response:
    """Show clusters and companies by country; without a period in the address this year so far."""
    with works().reading(current_actor()) as uow:
        uow.access.require("read", KEY)
        asked = _asked(uow)
        found = None if asked.problem is not None else _in_words(een_between(uow, asked.first, asked.last))
        facts = {"years": _years(uow.today()), "names": _names(), "may_write": uow.access.may("create", KEY)}
    page = render_template("international/totals.html", asked=asked, found=found, page=PAGE, **facts)
    return make_response(page, 200 if asked.problem is None else 422)


@bp.get(f"{PAGE}/<who>")
@needs("@crm")
def show_helped(who: str) -> str:
    """Show the organisations behind a number: `clusters` or `companies`, in one country (`country`) or all."""
    if who not in {"clusters", "companies"}:
        raise NotFound
    country = request.args.get("country")
    with works().reading(current_actor()) as uow:
        uow.access.require("read", KEY)
        asked = _asked(uow)
        if asked.problem is not None:
            raise InvalidInput({"from": asked.problem})
        found = helped_between(uow, who, country, asked.first, asked.last)
    where = None if country is None else _names().get(country, N_("No country written down"))
    return render_template("international/helped.html", asked=asked, who=who, where=where, found=found, page=PAGE)


def _asked(uow: UnitOfWork) -> Asked:
    """Read the period of the address; what cannot be read stays as it was typed."""
    today = uow.today()
    if "from" not in request.args and "to" not in request.args:
        return Asked(today.replace(month=1, day=1), today)
    typed = [request.args.get(name, "").strip()[:40] for name in ("from", "to")]
    try:
        first, last = (parse_day(text, today=today) if text else None for text in typed)
    except UnreadableError as error:
        return Asked(typed_first=typed[0], typed_last=typed[1], problem=error.message)
    if any(day is not None and not _EARLIEST <= day <= _LATEST for day in (first, last)):
        return Asked(typed_first=typed[0], typed_last=typed[1], problem=N_("Choose days between 1900 and 2199."))
    if first is not None and last is not None and last < first:
        return Asked(typed_first=typed[0], typed_last=typed[1], problem=N_("The end is before the start."))
    return Asked(first, last)


def _years(today: date) -> list[tuple[Message, str]]:
    """Give the periods that are asked for most, each with its parameters."""
    year = today.year
    return [
        (N_("This year"), urlencode({"from": f"{year}-01-01", "to": f"{year}-12-31"})),
        (N_("Last year"), urlencode({"from": f"{year - 1}-01-01", "to": f"{year - 1}-12-31"})),
        (N_("All years"), urlencode({"from": "", "to": ""})),
    ]


def _in_words(found: EenTotals) -> EenTotals:
    """Put the countries in the order of their names as they are read; where none is written down stands last."""
    names, locale = _names(), current_locale()
    known = sorted(found.countries, key=lambda one: (one.country is None, sort_key(_name(names, one.country, locale))))
    return replace(found, countries=tuple(known))


def _name(names: Mapping[str, Label], country: str | None, locale: str) -> str:
    label = names.get(country or "")
    return country or "" if label is None else label(locale)


def _names() -> dict[str, Label]:
    return {option.key: option.label for option in ACTIVITY.by_name["country"].options}
