"""What reads give: rows, pages, counts and names of records, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from crm.kernel.text import slug


@dataclass(frozen=True, slots=True)
class Title:
    """Just enough of a record to name and open it."""

    id: int
    type_key: str
    title: str
    state: str | None = None

    @property
    def url(self) -> str:
        """Where the record opens; the id decides, the words are decoration."""
        return f"/r/{self.id}/{slug(self.title)}"


class Row(NamedTuple):
    """A record as the actor may see it: head, and the readable values by api_name.

    A tuple: a frozen dataclass takes six times as long to make, and a list makes fifty.
    """

    id: int
    type_key: str
    title: str
    state: str | None
    version: int
    owner_id: int | None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None
    values: Mapping[str, Any]

    @property
    def url(self) -> str:
        """Where the record opens."""
        return f"/r/{self.id}/{slug(self.title)}"


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list. `restarted` says that a stale cursor made it begin anew."""

    rows: tuple[Row, ...]
    next_cursor: str | None = None
    restarted: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """How many records: exact, or the cap when there are more."""

    number: int
    capped: bool = False
