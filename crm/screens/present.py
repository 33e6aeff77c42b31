"""Values as people read them: one `Shown` for a value, whatever its kind; all names it needs are read in one go."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from markupsafe import Markup
from sqlalchemy import select

from crm.kernel import format as forms
from crm.kernel.clock import local_day
from crm.kernel.i18n import N_, Label
from crm.records.fields import KINDS, CheckRow, DateValue, Pick
from crm.records.query import Row, Title, titles
from crm.records.types import Field, Links, Option, RecordType, Spine
from crm.records.work import UnitOfWork
from crm.screens import kind_words
from crm.security.models import user_table

#: What every record has on the spine beside its type's fields, as a list may show it.
HEAD_LABELS: Final = {
    "state": Label(da="Status", en="Status"),
    "owner": Label(da="Ansvarlig", en="Owner"),
    "updated_at": Label(da="Ændret", en="Changed"),
    "created_at": Label(da="Oprettet", en="Created"),
    "title": Label(da="Navn", en="Name"),
}
#: What is kept of types and their fields: all of some epochs.
MOST_KEPT: Final = 2_000
_HEAD_KINDS: Final = {"state": "choice", "owner": "user", "updated_at": "date", "created_at": "date", "title": "text"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A value, ready for a page: text, and how it looks."""

    text: str = ""
    url: str | None = None
    #: A badge of the palette: always for a state and what its field calls a badge (`strong`), for other choices only on the
    #: record's own page. `mark` is a sign before its words, for the eye alone.
    colour: str | None = None
    strong: bool = False
    mark: str = ""
    #: What stands in a table instead of `text`, where that is long.
    short: str = ""
    number: bool = False
    prose: bool = False
    person: bool = False
    outside: bool = False
    #: Per cent of a bar.
    progress: int | None = None
    #: Formatted text, sanitised, for the record's own page.
    html: Markup | None = None
    #: The rows of a checklist; `text` says how far it is.
    rows: tuple[CheckRow, ...] = ()
    #: Several values, each with its own look; `text` has them all.
    parts: tuple[Shown, ...] = ()

    @property
    def blank(self) -> bool:
        """Whether there is nothing to show."""
        return not self.text

    @property
    def plain(self) -> bool:
        """Whether it is its text and no more: then a page need not ask how it looks."""
        looks = self.url or self.colour or self.prose or self.person or self.parts
        return not looks and self.progress is None and self.html is None


BLANK: Final = Shown()


def initials(name: str) -> str:
    """Give the first letters of the first and last word of a name."""
    parts = [part for part in name.replace("(", " ").split() if part[0].isalnum()]
    return "".join(part[0] for part in (parts if len(parts) < 2 else (parts[0], parts[-1]))).upper()


def head_field(record_type: RecordType, name: str) -> Field | None:
    """Give a field of the type, or one of the spine's own, by name."""
    found = record_type.by_name.get(name)
    return found if found is not None or name not in HEAD_LABELS else _spine_field(record_type, name)


@lru_cache(maxsize=MOST_KEPT)
def _spine_field(record_type: RecordType, name: str) -> Field:
    options: tuple[Option, ...] = ()
    if name == "state" and record_type.lifecycle is not None:
        options = tuple(Option(state.key, state.label, state.colour) for state in record_type.lifecycle.states)
    return Field(name, _HEAD_KINDS[name], HEAD_LABELS[name], Spine((name,)), options=options)


class Presenter:
    """Words values in one language. `prepare` reads the names of all related records and users at once."""

    def __init__(self, uow: UnitOfWork, locale: str) -> None:
        self.uow = uow
        self.locale = locale
        self.titles: dict[int, Title] = {}
        self.users: dict[int, str] = {}
        self._words: dict[str, Callable[[Field, Any], Shown]] = {
            "choice": self._choice,
            "relation": self._relation,
            "user": lambda _field, one: Shown(self.users.get(one, f"#{one}"), person=True),
            "number": lambda item, one: Shown(self._number(item, one), number=True),
            "yes_no": lambda _field, one: Shown((N_("Yes") if one else N_("No"))(self.locale)),
            "date": lambda _field, one: Shown(self.day(one)),
            "money": lambda _field, one: Shown(kind_words.money(one, self.locale), number=True),
            "progress": lambda _field, one: Shown(f"{one}{forms.NBSP}%", progress=one),
            "duration": lambda _field, one: Shown(kind_words.duration(one, self.locale), number=True),
            "rating": lambda item, one: Shown(kind_words.rating(item, one, self.locale)),
            "rich_text": lambda _field, one: _rich(one),
            "address": lambda _field, one: Shown(kind_words.address(one)),
            "checklist": lambda _field, rows: _checked(rows, self.locale),
            "choices": lambda item, several: _joined([self._choice(item, one) for one in several]),
            "picks": lambda item, several: _joined([self._pick(item, one) for one in several]),
            "tags": lambda _field, several: _joined([Shown(one, colour="grey") for one in several]),
            "users": lambda _field, several: _joined([Shown(self.users.get(one, f"#{one}"), person=True) for one in several]),
            "emails": lambda _field, several: _joined([Shown(*kind_words.email(one)) for one in several]),
            "phones": lambda _field, several: _joined([Shown(*kind_words.phone(one)) for one in several]),
            "file": lambda _field, several: _joined([Shown(one.name, url=f"/files/{one.id}/latest") for one in several]),
            "link": lambda _field, one: Shown(_plain_address(one), url=one, outside=True),
        }

    def prepare(self, pairs: Iterable[tuple[Field, Any]]) -> None:
        """Read what these values point at: at most one query for users, and one a type of related record."""
        records: set[int] = set()
        users: set[int] = set()
        for field, value in pairs:
            if field.kind == "relation" and not isinstance(field.place, Links) and isinstance(value, int):
                records.add(value)
            elif field.kind in {"user", "users"} and value is not None:
                users.update(KINDS[field.kind].points_at(value))
        records -= set(self.titles)
        users -= set(self.users)
        if records:
            self.titles.update(titles(self.uow, records))
        if users:
            self.users.update(user_names(self.uow, users))

    def prepare_rows(self, fields: Sequence[Field], rows: Iterable[Row]) -> None:
        """Read the names for whole rows."""
        self.prepare((field, value_of(row, field.api_name)) for row in rows for field in fields)

    def show(self, field: Field, value: Any) -> Shown:
        """Word one value."""
        if value is None or value == "":
            return BLANK
        return self._words.get(field.kind, _text)(field, value)

    def _choice(self, field: Field, value: Any) -> Shown:
        return _shown_choice(field, str(value), self.locale)

    def _pick(self, field: Field, one: Pick) -> Shown:
        shown = self._choice(field, one.key)
        return replace(shown, text=f"{shown.text}: {' '.join(one.remark.split())}") if one.remark else shown

    def _relation(self, _field: Field, value: Any) -> Shown:
        title = self.titles.get(value)
        return Shown(N_("(no access)")(self.locale)) if title is None else Shown(title.title, url=title.url)

    def _number(self, field: Field, value: Decimal) -> str:
        text = str(value) if field.config.get("plain") else forms.number(value, self.locale)
        unit = field.config.get("unit")
        return f"{text} {unit}" if unit else text

    def day(self, value: DateValue | date | datetime) -> str:
        """Word a day, a moment or a span."""
        zone = self.uow.zone
        if isinstance(value, DateValue):
            if isinstance(value.start, datetime):
                end = value.end if isinstance(value.end, datetime) else None
                return forms.span(value.start, end, self.locale, zone=zone, style="short")
            return forms.day_span(value.start, _day(value.end, zone), self.locale)
        if isinstance(value, datetime):
            return forms.moment(value, self.locale, zone=zone)
        return forms.day(value, self.locale)


@lru_cache(maxsize=MOST_KEPT)
def _shown_choice(field: Field, value: str, locale: str) -> Shown:
    option = field.option(value)
    if option is None:
        return Shown(value)
    strong = field.api_name == "state" or bool(field.config.get("badge"))
    return Shown(option.label(locale), colour=option.colour or None, strong=strong, mark=option.mark, short=option.short)


def _day(value: date | datetime | None, zone: str) -> date | None:
    return local_day(value, zone) if isinstance(value, datetime) else value


def looks(field: Field) -> str:
    """Give how a text stands on a page: as prose, email or phone; "" as it is."""
    if field.config.get("multiline"):
        return "prose"
    name = field.api_name
    return "email" if name.endswith("email") else "phone" if name.endswith(("phone", "mobile")) else ""


_NOT_DIALLED: Final = re.compile(r"[^0-9+]+")


def _text(field: Field, value: Any) -> Shown:
    text, look = str(value), looks(field)
    if look == "prose":
        return Shown(text, prose=True)
    if look == "email" and "@" in text:
        return Shown(text, url=f"mailto:{text}")
    if look == "phone":
        return Shown(forms.phone(text), url=f"tel:{_NOT_DIALLED.sub('', text)}")
    return Shown(text)


def _joined(parts: Sequence[Shown]) -> Shown:
    return Shown(", ".join(part.text for part in parts), parts=tuple(parts))


def _rich(value: str) -> Shown:
    words, html = kind_words.rich(value)
    return Shown(words, prose=True, html=html)


def _checked(rows: tuple[CheckRow, ...], locale: str) -> Shown:
    words, progress = kind_words.checklist(rows, locale)
    return Shown(words, progress=progress, rows=rows)


def _plain_address(address: str) -> str:
    for start in ("https://", "http://", "mailto:", "tel:"):
        address = address.removeprefix(start)
    return address.removeprefix("www.").rstrip("/")


_HEAD_OF_ROW: Final[dict[str, Callable[[Row], Any]]] = {
    "state": lambda row: row.state,
    "owner": lambda row: row.owner_id,
    "updated_at": lambda row: row.updated_at,
    "created_at": lambda row: row.created_at,
    "title": lambda row: row.title,
}


def value_of(row: Row, name: str) -> Any:
    """Give a value of a row by field name, the spine's own included."""
    if name in row.values:
        return row.values[name]
    head = _HEAD_OF_ROW.get(name)
    return None if head is None else head(row)


def user_names(uow: UnitOfWork, ids: Iterable[int] | None = None) -> dict[int, str]:
    """Give the names of users by id: those asked for, or all that are active, by name."""
    columns = (user_table.c.id, user_table.c.first_name, user_table.c.last_name)
    statement = select(*columns).order_by(user_table.c.first_name, user_table.c.last_name)
    wanted = user_table.c.active.is_(True) if ids is None else user_table.c.id.in_(sorted(ids))
    rows: Iterable[Any] = uow.session.execute(statement.where(wanted))
    return {row.id: f"{row.first_name} {row.last_name}".strip() for row in rows}


def plain_values(row: Row) -> Mapping[str, Any]:
    """Give a row's values with what guards and acts expect of the head."""
    return {
        **row.values,
        "id": row.id,
        "type": row.type_key,
        "title": row.title,
        "state": row.state,
        "version": row.version,
        "owner": row.owner_id,
    }
