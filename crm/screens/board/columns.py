"""Which columns a board has: the states of the lifecycle, or the values of a choice, a user, or yes and no."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from crm.filters import Condition, Filter
from crm.kernel.i18n import N_, Label, Message
from crm.records.tally import tally
from crm.records.types import Field, RecordType
from crm.records.work import UnitOfWork
from crm.screens.present import head_field, user_names

#: More columns than this are no board: of the rest, those with most cards are shown.
MOST_COLUMNS: Final = 24
_KINDS: Final = frozenset({"choice", "user", "yes_no"})
#: The key of the column of what has no value.
EMPTY: Final = "-"


@dataclass(frozen=True, slots=True)
class Column:
    """A column before its cards are read. `value` is the field's; None for what has none."""

    key: str
    value: Any
    label: Label | Message | str
    colour: str = ""
    #: Offered no longer (a retired option): shown only with cards, and nothing can be moved into it.
    retired: bool = False
    mark: str = ""


def board_fields(record_type: RecordType, readable: frozenset[str] | None) -> list[Field]:
    """Give what a type's board may have as columns, of what the actor may read; the state first."""
    own = [item for item in record_type.fields if item.kind in _KINDS and (readable is None or item.api_name in readable)]
    names = [name for name in ("state", "owner") if name not in record_type.by_name]
    heads = [head_field(record_type, name) for name in names if name == "state" or name in record_type.changeable]
    found = [item for item in (*heads, *own) if item is not None]
    return [item for item in found if item.kind != "choice" or item.options]


def board_field(record_type: RecordType, readable: frozenset[str] | None, by: str) -> Field | None:
    """Give the field of the columns: the one asked for, else the first that fits the type (its owner last of all)."""
    found = board_fields(record_type, readable)
    by_name = {item.api_name: item for item in found}
    usual = sorted(found, key=lambda item: item.api_name == "owner")
    return by_name.get(by) or next(iter(usual), None)


def columns_of(uow: UnitOfWork, field: Field, counted: Sequence[Any]) -> tuple[list[Column], bool]:
    """Give the columns in the order of the lifecycle or the options, users by name; and whether some are left out.

    `counted` holds the values that there are, those of most records first. One query for names, only where users are columns.
    """
    known, cut = _known(field), False
    if known is None or len(known) > MOST_COLUMNS:
        held = [value for value in counted if value is not None]
        cut = len(held) > MOST_COLUMNS
        wanted = held[:MOST_COLUMNS]
        if known is None:
            me = uow.actor.user_id
            known = _users(uow, wanted if me is None or me in wanted else [*wanted, me])
        else:
            known = [one for one in known if one.value in set(wanted)]
    may_be_empty = field.api_name != "state" and not field.required
    return [*known, *([empty_column(field)] if may_be_empty else [])], cut


def held_values(uow: UnitOfWork, record_type: RecordType, field: Field) -> list[Any]:
    """Give the values that records have, most first; nothing where the type itself knows its columns."""
    known = _known(field)
    if known is not None and len(known) <= MOST_COLUMNS:
        return []
    return [one.value for one in tally(uow, record_type.key, field.api_name)]


def empty_column(field: Field) -> Column:
    """Give the column of what has no value."""
    return Column(EMPTY, None, N_("Nobody") if field.kind == "user" else N_("Not filled in"))


def _known(field: Field) -> list[Column] | None:
    if field.kind == "yes_no":
        return [Column("true", True, N_("Yes"), "green"), Column("false", False, N_("No"), "grey")]
    if field.kind == "choice":
        return [Column(item.key, item.key, item.label, item.colour, item.retired, item.mark) for item in field.options]
    return None


def _users(uow: UnitOfWork, ids: Sequence[int]) -> list[Column]:
    """Give a column for each user, by name; users that are gone by their number."""
    names = user_names(uow, ids) if ids else {}
    return sorted(
        (Column(str(one), one, names.get(one, f"#{one}")) for one in ids), key=lambda column: str(column.label).casefold()
    )


def one_column(uow: UnitOfWork, field: Field, key: str) -> Column | None:
    """Give a column by its key, whether or not it has cards; None when the field can have no such value."""
    if key == EMPTY:
        return empty_column(field) if field.api_name != "state" and not field.required else None
    known = _known(field)
    if known is not None:
        return next((item for item in known if item.key == key), None)
    if not (key.isascii() and key.isdecimal() and len(key) < 10):
        return None
    return next(iter(_users(uow, [int(key)])), None)


def key_of(value: Any) -> str:
    """Give the key of the column that holds a value."""
    if value is None:
        return EMPTY
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def condition_of(field: Field, column: Column) -> Filter:
    """Give what holds for the records of a column."""
    if column.value is None:
        return Condition(field.api_name, "empty")
    return Condition(field.api_name, "is", column.value)
