"""What can be ordered of the store, as small data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from crm.kernel.errors import Conflict
from crm.kernel.i18n import N_, Message


@dataclass(frozen=True, slots=True)
class Create:
    """A new record. `values` are raw values by api_name."""

    type_key: str
    values: Mapping[str, Any]
    owner_id: int | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """Changed values of a record; what is not named is left alone. `seen_version` is the version the writer had seen."""

    record_id: int
    values: Mapping[str, Any]
    seen_version: int | None = None


@dataclass(frozen=True, slots=True)
class TransitionOrder:
    """A step of the lifecycle."""

    record_id: int
    step: str
    seen_version: int | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A relation between two records, with role and dates."""

    from_id: int
    field: str
    to_id: int
    role: str = ""
    from_on: date | None = None
    to_on: date | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Delete:
    """Into the trash."""

    record_id: int


@dataclass(frozen=True, slots=True)
class Restore:
    """Out of the trash."""

    record_id: int


Order = Create | Update | TransitionOrder | Link | Delete | Restore


class StaleRecord(Conflict):
    """Someone else changed the same fields since the writer had seen the record.

    `fields` gives for each of them the value the writer had seen and the value stored now.
    """

    code = "stale"

    def __init__(self, record_id: int, version: int, fields: Mapping[str, tuple[Any, Any]]) -> None:
        self.record_id = record_id
        self.version = version
        self.fields = dict(fields)
        super().__init__(N_("Someone else has changed the same fields in the meantime."))


@dataclass(slots=True)
class Draft:
    """An order on its way through the store: what was, what is to be, and what is wrong."""

    order: Create | Update
    type_key: str
    old: dict[str, Any] | None = None
    new: dict[str, Any] = field(default_factory=dict)
    changed: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    record_id: int = 0
    version: int = 1
    title: str = ""
    state: str | None = None
    owner_id: int | None = None
    problems: dict[str, Message] = field(default_factory=dict)
