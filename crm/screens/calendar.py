"""A list as a calendar: the records of a type by one of its dates, in the office's time.

The browser gets wall times of the office without a zone, and gives such back: so a calendar is the same wherever it is read,
and 10.00 moved over a change of the clocks is still 10.00. A range of days ends, for the browser, on the day after its last.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from crm.filters import Filter
from crm.kernel.errors import InvalidInput
from crm.kernel.i18n import N_
from crm.records.fields import DateValue
from crm.records.query import Row
from crm.records.spans import Spanning, date_fields, in_span
from crm.records.types import Field, RecordType
from crm.records.work import UnitOfWork
from crm.screens.listing.state import ListState
from crm.screens.moves import may_write, movable_ids
from crm.screens.present import Presenter, head_field

#: A year of the calendar, with the weeks that its first and last month share with others.
MOST_DAYS: Final = 400
#: How long what has no end is drawn.
_HOUR: Final = timedelta(hours=1)
_PLAIN: Final = "teal"


@dataclass(frozen=True, slots=True)
class Days:
    """The days that a calendar shows: from `first` until before `after`."""

    first: date
    after: date


def read_days(args: Mapping[str, str]) -> Days:
    """Read the days that the browser asks for.

    Raises:
        InvalidInput: they are no days, or too many.
    """
    try:
        days = Days(date.fromisoformat(args.get("from", "")), date.fromisoformat(args.get("to", "")))
    except ValueError:
        raise InvalidInput({"from": N_("The days of the calendar are written 2027-04-27.")}) from None
    if not 0 < (days.after - days.first).days <= MOST_DAYS or not 1800 <= days.first.year <= 2200:
        raise InvalidInput({"from": N_("A calendar shows at most %(days)s days at once.", days=MOST_DAYS)})
    return days


def calendar_field(uow: UnitOfWork, record_type: RecordType, by: str) -> Field | None:
    """Give the date that places the records: the one asked for, else the first among the list's columns, else the first."""
    found = date_fields(record_type, uow.access.readable(record_type.key))
    by_name = {item.api_name: item for item in found}
    listed = (by_name[name] for name in record_type.list_fields if name in by_name)
    return by_name.get(by) or next(listed, None) or next(iter(found), None)


def events(uow: UnitOfWork, record_type: RecordType, field: Field, where: Filter, days: Days, locale: str) -> dict[str, Any]:
    """Give what the calendar draws of some days: two queries, three where a scope bounds who may change what."""
    colour = colour_field(record_type, uow.access.readable(record_type.key))
    names = () if colour is None else (colour.api_name,)
    found: Spanning = in_span(uow, record_type.key, field.api_name, days.first, days.after, where=where, fields=names)
    movable = movable_ids(uow, record_type, found.rows) if may_write(uow, record_type, field) else set()
    presenter = Presenter(uow, locale)
    drawn = [_event(presenter, row, field, colour, movable=row.id in movable) for row in found.rows]
    return {"events": drawn, "capped": found.capped}


def colour_field(record_type: RecordType, readable: frozenset[str] | None) -> Field | None:
    """Give what colours a record: its state, else the first choice with colours among the list's columns."""
    if record_type.lifecycle is not None:
        return head_field(record_type, "state")
    for name in record_type.list_fields:
        item = record_type.by_name.get(name)
        coloured = item is not None and item.kind == "choice" and any(option.colour for option in item.options)
        if item is not None and coloured and (readable is None or name in readable):
            return item
    return None


def _event(presenter: Presenter, row: Row, field: Field, colour: Field | None, *, movable: bool) -> dict[str, Any]:
    value: DateValue = row.values[field.api_name]
    held = None if colour is None else row.state if colour.api_name == "state" else row.values.get(colour.api_name)
    shown = None if colour is None else presenter.show(colour, held)
    tone = (shown.colour if shown is not None and not shown.blank else None) or _PLAIN
    return {
        "id": str(row.id),
        "title": row.title,
        "url": row.url,
        **drawn_span(value, presenter.uow.zone),
        "classNames": [f"tone-{tone}"],
        "startEditable": movable,
        "durationEditable": movable and field.config.get("end", "hidden") != "hidden",
        "version": row.version,
        "state": "" if shown is None else shown.text,
        "when": presenter.day(value),
    }


def drawn_span(value: DateValue, zone: str) -> dict[str, Any]:
    """Give a date as the browser draws it: days whose end is the day after the last, or wall times of the office."""
    if isinstance(value.start, datetime):
        end = value.end if isinstance(value.end, datetime) and value.end > value.start else None
        return {"start": _wall(value.start, zone), "end": None if end is None else _wall(end, zone), "allDay": False}
    last = value.end if isinstance(value.end, date) else None
    after = None if last is None else (last + timedelta(days=1)).isoformat()
    return {"start": value.start.isoformat(), "end": after, "allDay": True}


def _wall(moment: datetime, zone: str) -> str:
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M:%S")


def moved_value(field: Field, old: DateValue | None, start: str, end: str | None) -> dict[str, str | None]:
    """Turn what the browser says of a moved record into the date's raw value.

    Args:
        field: the date.
        old: what it was: a record of one day stays one of one day, and what had no end gets none by being moved.
        start: a day, or a wall time of the office.
        end: the same; of days, the day after the last. None where the browser knows none.
    """
    if field.config.get("end", "hidden") == "hidden":
        return {"start": start, "end": None}
    if end is None:
        return {"start": start, "end": _needed_end(field, start)}
    if len(end) > len("2027-04-27"):
        return {"start": start, "end": end}
    try:
        last = (date.fromisoformat(end) - timedelta(days=1)).isoformat()
    except (ValueError, OverflowError):
        return {"start": start, "end": end}  # refused by the field itself, in its own words
    had_end = old is not None and old.end is not None
    return {"start": start, "end": last if last != start or had_end or _needed_end(field, start) else None}


def _needed_end(field: Field, start: str) -> str | None:
    """Give the end of what was dropped where the browser knows no end, but the field must have one: the day, or an hour."""
    if field.config.get("end") != "required":
        return None
    try:
        return start if len(start) <= len("2027-04-27") else (datetime.fromisoformat(start) + _HOUR).isoformat()
    except (ValueError, OverflowError):
        return None


def fits(record_type: RecordType) -> bool:
    """Whether a type has a date to be placed by."""
    return bool(date_fields(record_type, None))


def load(uow: UnitOfWork, record_type: RecordType, state: ListState, _where: Filter) -> Mapping[str, Any] | None:
    """Give what the page needs to begin; the browser then asks for the days it shows. None: the actor may read no date."""
    field = calendar_field(uow, record_type, state.by.partition(":")[0])
    if field is None:
        return None
    others = date_fields(record_type, uow.access.readable(record_type.key))
    may_create = uow.access.may("create", record_type.key) and may_be_given(uow, record_type, field)
    return {
        "field": field,
        "dates": [(item, state.grouped_by(item.api_name).url()) for item in others],
        "may_move": may_write(uow, record_type, field),
        "settings": {
            "by": field.api_name,
            "events": f"/t/{record_type.key}/calendar/events?{urlencode(_asked(state, field))}",
            "moveUrl": f"/t/{record_type.key}/calendar/move",
            "newUrl": f"/t/{record_type.key}/new" if may_create else None,
            "hasEnd": field.config.get("end", "hidden") != "hidden",
            "allDay": {"hidden": "always", "required": "never"}.get(field.config.get("time", "hidden"), "either"),
            "mode": state.more.get("mode", ""),
            "zone": uow.zone,
            "today": uow.today().isoformat(),
        },
    }


def _asked(state: ListState, field: Field) -> list[tuple[str, str]]:
    """Give the list's filters, as they are asked for again with each span of days."""
    return [(name, value) for name, value in state.own_pairs() if name not in {"by", "cols", "mode"}] + [("by", field.api_name)]


def may_be_given(uow: UnitOfWork, record_type: RecordType, field: Field) -> bool:
    """Whether the form of a new record asks the actor for this field."""
    writable = uow.access.writable("create", record_type.key)
    return not field.read_only and (writable is None or field.api_name in writable)
