"""Stories of the demo as data: batches of orders with days counted from the day of loading. Pure: reads files, words days.

The files lie in `seeds/demo`, in order of their names; `docs` and tests name their keys. A batch that was once released is
never changed afterwards (what is loaded is recognised by it); a new one is added instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import yaml

from crm.kernel import format as words
from crm.kernel.errors import ConfigError
from crm.kernel.settings import ROOT
from crm.kernel.typed import parse_time
from crm.kernel.workdays import nearest_open_day
from crm.records.fields import DateValue
from crm.records.types import Field, Links, RecordType

DEMO: Final = ROOT / "seeds" / "demo"
_DAY_IN_TEXT: Final = re.compile(r"\{day (-?\d+)\}")
_VERBS: Final = ("create", "update", "link", "step", "pack", "follow", "say")


@dataclass(frozen=True, slots=True)
class Batch:
    """What one person did at one moment.

    `day` counts from the day of loading, `orders` are mappings with one of the verbs create, update, link, step, pack, follow
    and say (a comment).
    """

    key: str
    day: int
    time: time
    by: str
    orders: tuple[Mapping[str, Any], ...]

    def moment(self, load_day: date, zone: str) -> datetime:
        """Give the moment it is said to have happened, in UTC; always a working day."""
        return datetime.combine(story_day(load_day, self.day), self.time, ZoneInfo(zone)).astimezone(UTC)


def story_day(load_day: date, offset: int) -> date:
    """Give a day of the story. What is past moves from a weekend back to Friday; what is to come, to the nearest office day.

    Only weekends count for the past: longer moves could put what followed before what it followed.
    """
    day = load_day + timedelta(days=offset)
    if offset > 0:
        return nearest_open_day(day)
    return day - timedelta(days=max(0, day.weekday() - 4))


def read_stories(folder: Path = DEMO) -> list[Batch]:
    """Read all batches in order.

    Raises:
        ConfigError: a batch has no key of its own, or an order no verb.
    """
    batches = [_batch(raw, path) for path in sorted(folder.glob("*.yaml")) for raw in _documents(path)]
    keys = [batch.key for batch in batches]
    if len(set(keys)) != len(keys):
        raise ConfigError("two batches of seeds/demo have the same key")
    return batches


def _documents(path: Path) -> Iterator[Mapping[str, Any]]:
    yield from yaml.safe_load_all(path.read_text(encoding="utf-8"))


def _batch(raw: Mapping[str, Any], path: Path) -> Batch:
    day, _, at = str(raw["at"]).partition(" ")
    orders = tuple(raw["orders"])
    for order in orders:
        if sum(verb in order for verb in _VERBS) != 1:
            raise ConfigError(f"{path.name}: an order of batch {raw['batch']} needs one of {', '.join(_VERBS)}")
    return Batch(key=raw["batch"], day=int(day), time=parse_time(at), by=raw["by"], orders=orders)


def given_values(
    record_type: RecordType, raw: Mapping[str, Any], *, ids: Mapping[str, int], load_day: date, zone: str
) -> dict[str, Any]:
    """Turn the values of an order into what the store takes: keys of records into ids, counted days into days."""
    values: dict[str, Any] = {}
    for name, value in raw.items():
        field = record_type.by_name.get(name)
        if field is None:
            raise ConfigError(f"seeds/demo: {record_type.key} has no field {name}")
        values[name] = _value(field, value, ids, load_day, zone)
    return values


def _value(field: Field, value: Any, ids: Mapping[str, int], load_day: date, zone: str) -> Any:
    if field.kind == "relation" and not isinstance(field.place, Links):
        return ids[value]
    if field.kind == "date":
        return _date(value, load_day, zone)
    if isinstance(value, str):
        return told(value, load_day)
    return value


def _date(value: Any, load_day: date, zone: str) -> DateValue:
    """Read `-7` (a day), `{from: -7, to: 30}` (days) or `{day: 23, from: "10.00", to: "12.00"}` (moments).

    An end is given where there is one.
    """
    if isinstance(value, int):
        return DateValue(story_day(load_day, value))
    if "day" in value:
        day, office = story_day(load_day, value["day"]), ZoneInfo(zone)
        start = datetime.combine(day, parse_time(value["from"]), office).astimezone(UTC)
        end = datetime.combine(day, parse_time(value["to"]), office).astimezone(UTC) if "to" in value else None
        return DateValue(start, end, all_day=False)
    end_day = None if value.get("to") is None else load_day + timedelta(days=value["to"])
    return DateValue(load_day + timedelta(days=value["from"]), end_day)


def told(text: str, load_day: date) -> str:
    """Put days into a text: `{day -49}` becomes 13. oktober 2026."""
    return _DAY_IN_TEXT.sub(lambda match: words.day(story_day(load_day, int(match[1])), "da", "long"), text)


def day_or_none(offset: int | None, load_day: date) -> date | None:
    """Give the day of an offset, for the dates of a link."""
    return None if offset is None else load_day + timedelta(days=offset)
