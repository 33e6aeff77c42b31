"""One date field with optional end and optional time (as Podio's).

A day has no zone; a time is a moment in UTC. In a time column or slot a day stands as local midnight of the office's zone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from crm.kernel.clock import day_start, local_day
from crm.kernel.i18n import N_
from crm.records.fields.base import FieldKind, ValueProblem, shown
from crm.records.fields.checks import is_asked
from crm.records.types import Column, Field, Spine

_DAY: Final = (
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"),
    re.compile(r"(?P<d>\d{1,2})[.\-/ ]+(?P<m>\d{1,2})[.\-/ ]+(?P<y>\d{4})"),
)
_TIME: Final = re.compile(r"(?P<h>\d{1,2})[.:](?P<m>\d{2})(?::\d{2})?")


@dataclass(frozen=True, slots=True)
class DateValue:
    """A day or a moment, with or without an end (the end of a day range is its last day)."""

    start: date | datetime
    end: date | datetime | None = None
    all_day: bool = True

    def first_day(self, zone: str) -> date:
        """The office's day it begins on."""
        return local_day(self.start, zone) if isinstance(self.start, datetime) else self.start

    def last_day(self, zone: str) -> date:
        """The office's day it ends on."""
        last = self.start if self.end is None else self.end
        return local_day(last, zone) if isinstance(last, datetime) else last

    def starts_at(self, zone: str) -> datetime:
        """The moment it begins."""
        return self.start if isinstance(self.start, datetime) else day_start(self.start, zone)

    def ends_at(self, zone: str) -> datetime | None:
        """The moment of its end column: for a day range, local midnight of the last day."""
        if self.end is None:
            return None
        return self.end if isinstance(self.end, datetime) else day_start(self.end, zone)


class DateKind(FieldKind):
    """config: `end` and `time`, each hidden (default), optional or required; `store: "day"` when the columns are plain dates.

    Columns, in order: start; end unless hidden; all-day flag when time is optional.
    """

    key = "date"
    slot = "d"
    operators = frozenset({"is", "is_not", "lt", "le", "gt", "ge", "within", "empty", "filled"})
    sortable = True
    settings = {"end": is_asked, "time": is_asked}
    keyed = True

    def clean(self, field: Field, raw: Any, zone: str) -> DateValue | None:
        """Read `DateValue`, `{"start", "end"}`, a day or a moment; check order and what the field asks for."""
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            return None
        start, end = _parts(raw)
        if start in (None, ""):
            if end in (None, ""):
                return None
            raise ValueProblem(N_("There is an end but no start."))
        first = _moment_or_day(start, zone)
        last = None if end in (None, "") else _moment_or_day(end, zone)
        return self._checked(field, first, last, zone)

    def _checked(self, field: Field, first: date | datetime, last: date | datetime | None, zone: str) -> DateValue:
        with_time, with_end = field.config.get("time", "hidden"), field.config.get("end", "hidden")
        if with_time == "hidden":
            first = local_day(first, zone) if isinstance(first, datetime) else first
            last = local_day(last, zone) if isinstance(last, datetime) else last
        if with_time == "required" and not isinstance(first, datetime):
            raise ValueProblem(N_("A time of day is needed."))
        if last is not None and isinstance(first, datetime) != isinstance(last, datetime):
            raise ValueProblem(N_("Give a time for both start and end, or for neither."))
        if with_end == "hidden" and last is not None:
            raise ValueProblem(N_("This date has no end."))
        if with_end == "required" and last is None:
            raise ValueProblem(N_("An end is needed."))
        first, last = _whole_minute(first), None if last is None else _whole_minute(last)
        if last is not None and last < first:
            raise ValueProblem(N_("The end is before the start."))
        return DateValue(first, last, not isinstance(first, datetime))

    def from_form(self, field: Field, form: Mapping[str, str]) -> Any:
        """Inputs: `x.start`, `x.start_time`, `x.end`, `x.end_time`; a missing end day is the start's."""
        name = field.api_name
        start, start_time = form.get(f"{name}.start", "").strip(), form.get(f"{name}.start_time", "").strip()
        end, end_time = form.get(f"{name}.end", "").strip(), form.get(f"{name}.end_time", "").strip()
        if end_time and not end:
            end = start
        return {"start": f"{start} {start_time}".strip(), "end": f"{end} {end_time}".strip()}

    def to_form(self, field: Field, value: Any, zone: str) -> dict[str, str]:
        """The four inputs, in ISO form (the browser words them)."""
        name = field.api_name
        inputs = {f"{name}.start": "", f"{name}.start_time": "", f"{name}.end": "", f"{name}.end_time": ""}
        if value is not None:
            for part, moment in (("start", value.start), ("end", value.end)):
                if isinstance(moment, datetime):
                    local = moment.astimezone(ZoneInfo(zone))
                    inputs[f"{name}.{part}"], inputs[f"{name}.{part}_time"] = local.date().isoformat(), local.strftime("%H:%M")
                elif moment is not None:
                    inputs[f"{name}.{part}"] = moment.isoformat()
        return inputs

    def to_json(self, field: Field, value: Any) -> dict[str, Any] | None:
        """`{"start", "end", "all_day"}` with days or UTC moments in ISO form."""
        if value is None:
            return None
        end = None if value.end is None else value.end.isoformat()
        return {"start": value.start.isoformat(), "end": end, "all_day": value.all_day}

    def from_json(self, field: Field, stored: Any) -> DateValue | None:
        """Read it."""
        if stored is None:
            return None
        read = date.fromisoformat if stored["all_day"] else datetime.fromisoformat
        return DateValue(read(stored["start"]), None if stored["end"] is None else read(stored["end"]), stored["all_day"])

    def to_columns(self, field: Field, value: Any, zone: str) -> tuple[Any, ...]:
        """Start, end, all-day: as many as the place has columns."""
        if field.config.get("store") == "day":
            columns: tuple[Any, ...] = (None, None) if value is None else (value.start, value.end)
        elif value is None:
            columns = (None, None, False)
        else:
            columns = (value.starts_at(zone), value.ends_at(zone), value.all_day)
        return self._fit(field, columns)

    def _fit(self, field: Field, columns: tuple[Any, ...]) -> tuple[Any, ...]:
        parts = columns if field.config.get("end", "hidden") != "hidden" else (columns[0], *columns[2:])
        place = field.place
        return parts[: len(place.columns)] if isinstance(place, Spine | Column) else parts

    def from_columns(self, field: Field, columns: tuple[Any, ...], zone: str) -> DateValue | None:
        """Read them; days come back as days."""
        start = columns[0]
        if start is None:
            return None
        has_end = field.config.get("end", "hidden") != "hidden"
        end = columns[1] if has_end and len(columns) > 1 else None
        if not isinstance(start, datetime):
            return DateValue(start, end, True)
        rest = columns[2:] if has_end else columns[1:]
        all_day = bool(rest[0]) if rest else field.config.get("time", "hidden") == "hidden"
        if all_day:
            return DateValue(local_day(start, zone), None if end is None else local_day(end, zone), True)
        return DateValue(start, end, False)

    def slot_value(self, field: Field, value: Any, zone: str) -> datetime | None:
        """The moment it begins."""
        return None if value is None else value.starts_at(zone)

    def to_text(self, field: Field, value: Any, zone: str) -> str:
        """In ISO form, start and end parted by a slash: 2026-12-01 10:00/2026-12-01 11:30."""
        if value is None:
            return ""
        start = _iso(value.start, zone)
        return start if value.end is None else f"{start}/{_iso(value.end, zone)}"

    def from_text(self, field: Field, text: str, zone: str) -> Any:
        """Read `to_text`; a single day may be written as people do, 1/12/2026 too."""
        start, slash, end = text.partition("/")
        return {"start": start, "end": end} if slash and "/" not in end else text

    def operand(self, field: Field, raw: Any, zone: str) -> date | datetime:
        """A day, meaning the whole of it, or a moment."""
        if isinstance(raw, DateValue):
            return raw.start
        return _moment_or_day(raw, zone)


def _iso(moment: date | datetime, zone: str) -> str:
    """Give a day, or a moment as the office's clock shows it."""
    if isinstance(moment, datetime):
        return moment.astimezone(ZoneInfo(zone)).isoformat(" ", "minutes")[:16]
    return moment.isoformat()


def _parts(raw: Any) -> tuple[Any, Any]:
    if isinstance(raw, DateValue):
        return raw.start, raw.end
    if isinstance(raw, Mapping):
        unknown = set(raw) - {"start", "end", "all_day"}
        if unknown:
            raise ValueProblem(N_("A date has “start” and “end” only."))
        return raw.get("start"), raw.get("end")
    return raw, None


def _whole_minute(value: date | datetime) -> date | datetime:
    """Cut off seconds: a form shows none, so saving it unchanged must change nothing."""
    return value.replace(second=0, microsecond=0) if isinstance(value, datetime) else value


def _moment_or_day(raw: Any, zone: str) -> date | datetime:
    """Read a day or a moment between 1800 and 2200; a moment without zone is the office's time.

    Raises:
        ValueProblem: it is neither, or out of range.
    """
    try:
        value = _read(raw, zone)
    except (ValueError, OverflowError):
        value = None
    if value is None or not 1800 <= value.year <= 2200:
        raise ValueProblem(N_("“%(raw)s” is not a date. Write for example 27-04-2027.", raw=shown(raw)))
    return value


def _read(raw: Any, zone: str) -> date | datetime | None:
    if isinstance(raw, datetime):
        return raw.astimezone(UTC) if raw.tzinfo else raw.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    if isinstance(raw, date) or not isinstance(raw, str):
        return raw if isinstance(raw, date) else None
    text = raw.strip()
    if "T" in text:
        return _read(datetime.fromisoformat(text), zone)
    day = next((found for pattern in _DAY if (found := pattern.match(text))), None)
    if day is None:
        return None
    value = date(int(day["y"]), int(day["m"]), int(day["d"]))
    rest = text[day.end() :].strip(" .,").removeprefix("kl").strip(" .")
    if not rest:
        return value
    clock = _TIME.fullmatch(rest)
    if clock is None:
        return None
    return datetime.combine(value, time(int(clock["h"]), int(clock["m"])), ZoneInfo(zone)).astimezone(UTC)
