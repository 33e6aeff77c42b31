"""What a list may be grouped by: a choice, a user, a relation, yes or no, one of several values, or a part of a date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from crm.kernel.errors import InvalidInput
from crm.kernel.i18n import N_, Message
from crm.records.types import Field, Links, RecordType
from crm.screens.present import head_field

#: Kinds whose values make groups as they are; those of several values put a record into each.
KINDS: Final = frozenset({"choice", "user", "relation", "yes_no", "rating", "choices", "tags", "users"})
SEVERAL: Final = frozenset({"choices", "tags", "users"})
PARTS: Final[dict[str, Message]] = {
    "year": N_("year"),
    "quarter": N_("quarter"),
    "month": N_("month"),
    "week": N_("week"),
    "day": N_("day"),
}
USUAL_PART: Final = "month"


@dataclass(frozen=True, slots=True)
class By:
    """A field to group by; of a date the part that makes a group."""

    field: Field
    part: str = ""

    @property
    def text(self) -> str:
        """As the address has it: `due:month`."""
        return f"{self.field.api_name}:{self.part}" if self.part else self.field.api_name


def is_groupable(item: Field) -> bool:
    """Whether a field makes groups."""
    return (item.kind in KINDS or item.kind == "date") and not isinstance(item.place, Links)


def groupable(record_type: RecordType, readable: frozenset[str] | None) -> list[Field]:
    """Give the fields that a list may be grouped by, of those that the actor may read."""
    heads = [head_field(record_type, name) for name in ("state", "owner", "created_at", "updated_at")]
    own = [item for item in record_type.fields if readable is None or item.api_name in readable]
    known = [item for item in heads if item is not None and item.api_name not in record_type.by_name]
    return [item for item in (*known, *own) if is_groupable(item) and (item.kind != "choice" or item.options)]


def read_by(record_type: RecordType, text: str) -> By | None:
    """Read `kind` or `due:month`; None for no grouping.

    Raises:
        InvalidInput: there is no such field, it makes no groups, or there is no such part.
    """
    if not text:
        return None
    name, _colon, part = text.partition(":")
    item = head_field(record_type, name)
    if item is None or not is_groupable(item):
        raise InvalidInput({"by": N_("The list cannot be grouped by “%(name)s”.", name=text[:60])})
    if item.kind != "date":
        if part:
            raise InvalidInput({"by": N_("The list cannot be grouped by “%(name)s”.", name=text[:60])})
        return By(item)
    if part and part not in PARTS:
        raise InvalidInput({"by": N_("The list cannot be grouped by “%(name)s”.", name=text[:60])})
    return By(item, part or USUAL_PART)
