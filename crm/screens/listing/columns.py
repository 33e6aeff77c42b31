"""The columns of a list: those of its type, or those that the one who looks has chosen, in that order and as wide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from crm.kernel.errors import InvalidInput
from crm.kernel.i18n import N_
from crm.records.fields import KINDS
from crm.records.query import Row
from crm.records.types import Field, Links, RecordType
from crm.screens.past import fact_fields
from crm.screens.present import HEAD_LABELS, head_field

NUMBERS: Final = frozenset({"number", "money", "duration"})
MOST: Final = 40
NARROWEST: Final = 48
WIDEST: Final = 900


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column of a list; `width` in pixels, 0 as wide as what stands in it."""

    field: Field
    sortable: bool
    number: bool
    width: int = 0

    @property
    def name(self) -> str:
        """The field's name."""
        return self.field.api_name


def choosable(record_type: RecordType, readable: frozenset[str] | None) -> list[Field]:
    """Give the fields that may stand in a column: those that the actor may read, and the spine's own."""
    heads = [head_field(record_type, name) for name in HEAD_LABELS if name not in record_type.by_name]
    own = [item for item in record_type.fields if not isinstance(item.place, Links)]
    found = [item for item in own if readable is None or item.api_name in readable]
    known = [item for item in heads if item is not None and (item.api_name != "state" or item.options)]
    return sorted([*known, *found], key=lambda item: item.api_name != "title")


def usual_names(record_type: RecordType) -> tuple[str, ...]:
    """Give the columns of a type that nobody has changed; the title is always the first."""
    names = record_type.list_fields or ("title",)
    return names if "title" in names else ("title", *names)


def columns_of(
    record_type: RecordType, readable: frozenset[str] | None, chosen: tuple[tuple[str, int], ...] = ()
) -> list[ListColumn]:
    """Give the columns, chosen or usual, that the actor may read; the title is always among them, else first."""
    wanted = chosen or tuple((name, 0) for name in usual_names(record_type))
    if all(name != "title" for name, _width in wanted):
        wanted = (("title", 0), *wanted)
    found = []
    for name, width in wanted:
        item = head_field(record_type, name)
        if item is None or (readable is not None and name in record_type.by_name and name not in readable):
            continue
        found.append(ListColumn(item, is_sortable(item), item.kind in NUMBERS, width))
    return found


def with_past(record_type: RecordType, columns: Sequence[ListColumn], rows: Iterable[Row]) -> list[ListColumn]:
    """Give the columns of a list as of a day: behind the title what else is known of that day, as far as any row has it."""
    facts = [ListColumn(item, sortable=False, number=False) for item in fact_fields(record_type.key, rows)]
    return [*columns[:1], *facts, *columns[1:]]


def is_sortable(item: Field) -> bool:
    """Whether a list may be sorted by a field."""
    return KINDS[item.kind].sortable and not isinstance(item.place, Links) and not item.config.get("multiline")


def read_columns(record_type: RecordType, text: str) -> tuple[tuple[str, int], ...]:
    """Read `title:240,kind,state:100`.

    Raises:
        InvalidInput: there is no such field, it stands twice, or a width is no number.
    """
    found: dict[str, int] = {}
    for part in text.split(",") if text else ():
        name, _colon, width = part.partition(":")
        item = head_field(record_type, name)
        if item is None or isinstance(item.place, Links) or name in found or len(found) >= MOST:
            raise InvalidInput({"cols": N_("There is no column called “%(name)s” here.", name=name[:60])})
        if width and not (width.isdecimal() and width.isascii() and NARROWEST <= int(width[:6]) <= WIDEST):
            raise InvalidInput({"cols": N_("A column is %(least)s to %(most)s wide.", least=NARROWEST, most=WIDEST)})
        found[name] = int(width[:6]) if width else 0
    return tuple(found.items())
