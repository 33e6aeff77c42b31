"""What one person did at one moment, as data; and how its values are read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from crm.kernel import format as words
from crm.kernel.errors import ConfigError
from crm.kernel.typed import parse_time
from crm.kernel.workdays import nearest_open_day
from crm.records.fields import DateValue
from crm.records.types import Field, Links, RecordType

_DAY_IN_TEXT: Final = re.compile(r"\{day (-?\d+)\}")
VERBS: Final = ("create", "update", "link", "end", "finish", "step", "pack", "annex", "follow", "say")
Order = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Batch:
    """What one person did at one moment, in UTC.

    `orders` are mappings with one of `VERBS`: `create` makes a record and gives it a key, by which the others name it; `end` gives
    a link its last day; `finish` does the task that a sparring promised; `pack` assembles, approves and sends the material of a
    meeting; `annex` adds a file of `seeds/demo/files`; `say` is a comment.
    """

    key: str
    moment: datetime
    by: str
    orders: tuple[Order, ...]


def moment_of(day: date, at: time, zone: str) -> datetime:
    """Give a time of the office's day in UTC."""
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


def story_day(load_day: date, offset: int) -> date:
    """Give a day of the story. What is past moves from a weekend back to Friday; what is to come, to the nearest office day.

    Only weekends count for the past: longer moves could put what followed before what it followed.
    """
    day = load_day + timedelta(days=offset)
    if offset > 0:
        return nearest_open_day(day)
    return day - timedelta(days=max(0, day.weekday() - 4))


def told(text: str, load_day: date) -> str:
    """Put days into a text: `{day -49}` becomes 13. oktober 2026."""
    return _DAY_IN_TEXT.sub(lambda match: words.day(story_day(load_day, int(match[1])), "da", "long"), text)


def day_or_none(value: date | int | None, load_day: date) -> date | None:
    """Give a day, which may be counted from the day of loading; for the dates of a link."""
    return load_day + timedelta(days=value) if isinstance(value, int) else value


@dataclass(frozen=True, slots=True)
class Reading:
    """What is needed to read the values of an order: which record a key means, which user a name, and what today is."""

    ids: Mapping[str, int]
    users: Mapping[str, int]
    load_day: date
    zone: str

    def values(self, record_type: RecordType, raw: Mapping[str, Any]) -> dict[str, Any]:
        """Turn the values of an order into what the store takes: keys of records into ids, counted days into days.

        Raises:
            ConfigError: the type has no such field.
        """
        found: dict[str, Any] = {}
        for name, value in raw.items():
            field = record_type.by_name.get(name)
            if field is None:
                raise ConfigError(f"demo: {record_type.key} has no field {name}")
            found[name] = value if value is None else self._value(field, value)
        return found

    def _value(self, field: Field, value: Any) -> Any:
        if field.kind == "relation" and not isinstance(field.place, Links):
            return self.ids[value]
        if field.kind == "user":
            return self.users[value]
        if field.kind == "users":
            return [self.users[one] for one in value]
        if field.kind == "date":
            return self._date(value)
        return told(value, self.load_day) if isinstance(value, str) else value

    def _date(self, value: Any) -> DateValue:
        """Read `-7` (a day), `{from: -7, to: 30}` (days) or `{day: 23, from: "10.00", to: "12.00"}` (moments).

        An end is given where there is one; what is a date already stays as it is.
        """
        if isinstance(value, DateValue):
            return value
        if isinstance(value, date):
            return DateValue(value)
        if isinstance(value, int):
            return DateValue(story_day(self.load_day, value))
        if "day" in value:
            day = story_day(self.load_day, value["day"])
            start = moment_of(day, parse_time(value["from"]), self.zone)
            end = moment_of(day, parse_time(value["to"]), self.zone) if "to" in value else None
            return DateValue(start, end, all_day=False)
        return DateValue(self.load_day + timedelta(days=value["from"]), day_or_none(value.get("to"), self.load_day))


def keys_in(record_type: RecordType, raw: Mapping[str, Any]) -> set[str]:
    """Give the keys of other records that the values of an order name."""
    names = (name for name in raw if (field := record_type.by_name.get(name)) is not None and field.kind == "relation")
    return {raw[name] for name in names if isinstance(raw[name], str)}
