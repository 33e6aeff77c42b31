"""The columns of an export: of each field its own text for CSV, and its own type for Excel; of what it points at also the id."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any, Final
from zoneinfo import ZoneInfo

from crm.exchange.safe import defused
from crm.kernel.i18n import N_
from crm.records.fields import KINDS
from crm.records.fields.money import currencies_of
from crm.records.query import titles
from crm.records.types import OWNER, Field, Links, RecordType, Spine
from crm.records.work import UnitOfWork
from crm.screens.present import HEAD_LABELS, head_field, user_names

#: What a value becomes in a cell. None is an empty one.
Text = Callable[[Any], str]
Typed = Callable[[Any], Any]

#: What an Excel column is written as.
TEXT: Final = "text"
NUMBER: Final = "number"
DAY: Final = "day"
MOMENT: Final = "moment"
FLAG: Final = "flag"
#: Kinds whose text is ours, not a person's: nothing in it can be a formula.
_PLAIN: Final = frozenset({"number", "money", "progress", "rating", "duration", "date", "yes_no", "user", "users"})
#: Excel counts days from 1900, wrongly until March of it.
_FIRST_DAY: Final = date(1900, 3, 1)
#: Excel keeps fifteen digits.
_EXACT: Final = Decimal(10) ** 15


@dataclass
class Names:
    """The names of what a page of rows points at, read once a page."""

    titles: dict[int, str] = field(default_factory=dict)
    users: dict[int, str] = field(default_factory=dict)

    def read(self, uow: UnitOfWork, records: Iterable[int], users: Iterable[int]) -> None:
        """Read those that are not known; what the actor may not see has no name, and stays without."""
        wanted = {one for one in records if one not in self.titles}
        if wanted:
            found = titles(uow, wanted)
            self.titles.update({one: found[one].title if one in found else "" for one in wanted})
        missing = {one for one in users if one not in self.users}
        if missing:
            self.users.update(user_names(uow, missing))


@dataclass(frozen=True)
class ExportColumn:
    """A column: its heading, the field whose values it is made of (None: the id), and what they become."""

    heading: str
    source: int | None
    text: Text
    typed: Typed
    kind: str = TEXT
    #: Excel's number format.
    format: str = ""
    width: int = 18
    #: Stands in Excel alone: CSV has it in the cell before.
    sheet_only: bool = False


def export_fields(record_type: RecordType, names: Sequence[str]) -> tuple[Field, ...]:
    """Give the fields of these names, the spine's own as they are stored; links are left out."""
    return tuple(item for name in names if (item := _stored(record_type, name)) is not None and not isinstance(item.place, Links))


def _stored(record_type: RecordType, name: str) -> Field | None:
    found = head_field(record_type, name)
    if found is None or name in record_type.by_name:
        return found
    if name == OWNER.api_name:
        return OWNER
    config = {"time": "required"} if found.kind == "date" else {}
    return Field(name, found.kind, HEAD_LABELS[name], Spine((name,)), config=config, options=found.options)


def all_names(record_type: RecordType, readable: frozenset[str] | None) -> list[str]:
    """Give every field that may be exported: the type's own that the actor may read, and the spine's."""
    own = [item.api_name for item in record_type.fields if readable is None or item.api_name in readable]
    head = [name for name in HEAD_LABELS if name not in record_type.by_name]
    if record_type.lifecycle is None:
        head = [name for name in head if name != "state"]
    return [*(name for name in head if name == "title"), *own, *(name for name in head if name != "title")]


def columns_for(fields: Sequence[Field], names: Names, locale: str, zone: str) -> list[ExportColumn]:
    """Give the columns of an export, the id first; headings that would be the same carry the field's name."""
    found = [ExportColumn("Id", None, str, int, NUMBER, "0", 8)]
    for at, item in enumerate(fields):
        found += _columns(item, at, names, locale, zone)
    seen: set[str] = set()
    columns = []
    for column in found:
        heading = column.heading
        if heading in seen and column.source is not None:
            heading = f"{heading} [{fields[column.source].api_name}]"
        seen.add(heading)
        columns.append(replace(column, heading=defused(heading)))
    return columns


@dataclass(frozen=True)
class _Making:
    """What the columns of one field are made of."""

    item: Field
    at: int
    text: Text
    names: Names
    locale: str
    office: ZoneInfo

    @property
    def label(self) -> str:
        return self.item.label(self.locale)

    def column(self, typed: Typed, kind: str, form: str = "", width: int = 18) -> ExportColumn:
        """Give the field's main column: its own text in CSV, a type in Excel; empty stays empty."""
        return ExportColumn(self.label, self.at, self.text, lambda one: None if one is None else typed(one), kind, form, width)


def _columns(item: Field, at: int, names: Names, locale: str, zone: str) -> list[ExportColumn]:
    making = _Making(item, at, _text_of(item, zone), names, locale, ZoneInfo(zone))
    made = _MADE.get(item.kind)
    if made is not None:
        return made(making)
    width = 40 if item.kind in {"text", "rich_text"} else 24
    return [ExportColumn(making.label, at, making.text, making.text, width=width)]


def _text_of(item: Field, zone: str) -> Text:
    """Give the field's own text of a value, made safe where a person wrote it."""
    kind = KINDS[item.kind]
    if item.kind == "text":
        return lambda value: defused(value) if value else ""
    if item.kind == "choice":
        known: dict[Any, str] = {None: ""}

        def word(value: Any) -> str:
            if value not in known:
                known[value] = defused(kind.to_text(item, value, zone))
            return known[value]

        return word
    if item.kind in _PLAIN or item.kind == "relation":
        return lambda value: "" if value is None else kind.to_text(item, value, zone)
    return lambda value: "" if value is None else defused(kind.to_text(item, value, zone))


def _name(known: dict[int, str], value: int | None) -> str:
    return "" if value is None else defused(known.get(value, ""))


def _several(known: dict[int, str], values: Sequence[int] | None) -> str:
    return defused("; ".join(known.get(one, "") for one in values or ()))


def _number(value: Decimal) -> Any:
    """Give a number as Excel keeps it; one with more digits than that stays text."""
    return float(value) if abs(value) * 10_000 < _EXACT else format(value, "f")


def _number_format(item: Field) -> str:
    if item.config.get("plain"):
        return "0"
    places = int(item.config.get("decimals", 0))
    return "#,##0" + (f".{'0' * places}" if places else "")


def _pointing(making: _Making) -> list[ExportColumn]:
    """Name and id: people read the one, an import goes by the other."""
    known = making.names.titles if making.item.kind == "relation" else making.names.users
    named, ids = partial(_name, known), f"{making.label} (id)"
    return [
        ExportColumn(making.label, making.at, named, named, width=28),
        ExportColumn(ids, making.at, making.text, lambda one: one, NUMBER, "0", 8),
    ]


def _users(making: _Making) -> list[ExportColumn]:
    named, ids = partial(_several, making.names.users), f"{making.label} (id)"
    return [
        ExportColumn(making.label, making.at, named, named, width=28),
        ExportColumn(ids, making.at, making.text, making.text),
    ]


def _money(making: _Making) -> list[ExportColumn]:
    """CSV has amount and currency in one cell, as an import reads it; Excel an amount to add up, and the currency beside it."""
    amount = making.column(lambda one: _number(one.amount), NUMBER, "#,##0.00", 14)
    if len(currencies_of(making.item)) == 1:
        return [amount]
    heading = f"{making.label} ({N_('currency')(making.locale)})"
    return [amount, ExportColumn(heading, making.at, _currency, _currency, width=10, sheet_only=True)]


def _currency(value: Any) -> str:
    return "" if value is None else str(value.currency)


def _date(making: _Making) -> list[ExportColumn]:
    """CSV has start and end in one cell; Excel a column each, with real days or moments in the office's time."""
    config = making.item.config
    has_time = config.get("time", "hidden") != "hidden"
    kind, form = (MOMENT, "dd-mm-yyyy hh:mm") if has_time else (DAY, "dd-mm-yyyy")
    start = making.column(lambda one: _day(one.start, making.office), kind, form, 16)
    if config.get("end", "hidden") == "hidden":
        return [start]
    end = making.column(lambda one: _day(one.end, making.office), kind, form, 16)
    return [start, replace(end, heading=f"{making.label} ({N_('end')(making.locale)})", sheet_only=True)]


def _day(value: date | datetime | None, office: ZoneInfo) -> Any:
    """Give a day or a moment as Excel keeps it: without zone; one before its calendar as text."""
    if value is None:
        return None
    if isinstance(value, datetime):
        value = value.astimezone(office).replace(tzinfo=None)
    day = value.date() if isinstance(value, datetime) else value
    return value.isoformat() if day < _FIRST_DAY else value


#: The kinds that are more than their text in Excel, or more than one column.
_MADE: Final[dict[str, Callable[[_Making], list[ExportColumn]]]] = {
    "relation": _pointing,
    "user": _pointing,
    "users": _users,
    "number": lambda making: [making.column(_number, NUMBER, _number_format(making.item), 12)],
    "money": _money,
    "progress": lambda making: [making.column(lambda one: one / 100, NUMBER, "0%", 8)],
    "rating": lambda making: [making.column(int, NUMBER, "0", 8)],
    "duration": lambda making: [making.column(lambda one: one / 86_400, NUMBER, "[h]:mm", 10)],
    "date": _date,
    "yes_no": lambda making: [making.column(bool, FLAG, "", 8)],
}


def read_names(uow: UnitOfWork, names: Names, fields: Sequence[Field], columns: Sequence[Sequence[Any]]) -> None:
    """Read the names of all that these values point at: one query for users, and one a type of related record."""
    records: set[int] = set()
    users: set[int] = set()
    for item, values in zip(fields, columns, strict=True):
        if item.kind == "relation":
            records.update(value for value in values if value is not None)
        elif item.kind == "user":
            users.update(value for value in values if value is not None)
        elif item.kind == "users":
            users.update(one for value in values for one in value or ())
    if records or users:
        names.read(uow, records, users)
