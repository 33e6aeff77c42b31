"""How values are read out of the cells of a selected row: as they are, and in their JSON form; made once for a set of fields."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from crm.records.fields import KINDS, FieldKind
from crm.records.types import Field

#: Reads one value out of the cells of a selected row, in the office's zone.
Reader = Callable[[Sequence[Any], str], Any]
#: Reads all values of a row, by api_name.
Values = Callable[[Sequence[Any], str], dict[str, Any]]


@dataclass(frozen=True)
class Part:
    """How one field is read.

    Attributes:
        name: its api_name.
        first: the place of its first cell.
        read: gives its value.
        as_json: gives its JSON form.
        plain: whether the first cell is the value as it stands.
        plain_json: whether it is the JSON form.
    """

    name: str
    first: int
    read: Reader
    as_json: Reader
    plain: bool
    plain_json: bool


def column_part(item: Field, at: Sequence[int]) -> Part:
    """Read a field out of its own columns, whose places are `at`."""
    kind = KINDS[item.kind]
    first = at[0]
    plain = type(kind).from_columns is FieldKind.from_columns
    read: Reader
    if plain:
        read = lambda cells, _zone: cells[first]  # noqa: E731 - three ways of one thing
    elif len(at) == 1:
        read = lambda cells, zone: kind.from_columns(item, (cells[first],), zone)  # noqa: E731
    else:
        read = lambda cells, zone: kind.from_columns(item, tuple(cells[index] for index in at), zone)  # noqa: E731
    plain_json = plain and type(kind).to_json is FieldKind.to_json
    return Part(item.api_name, first, read, _json_reader(item, read, lambda cells: cells[first]), plain, plain_json)


def data_part(item: Field, at: int, key: str) -> Part:
    """Read a field out of the JSON data, whose place is `at`."""
    kind = KINDS[item.kind]

    def read(cells: Sequence[Any], _zone: str) -> Any:
        return kind.from_json(item, cells[at].get(key))

    return Part(item.api_name, at, read, _json_reader(item, read, lambda cells: cells[at].get(key)), plain=False, plain_json=False)


def _json_reader(item: Field, read: Reader, kept: Callable[[Sequence[Any]], Any]) -> Reader:
    """Give the reader of the JSON form; a list is kept in it, so that nothing is made of its values and unmade again."""
    kind = KINDS[item.kind]

    def worded(cells: Sequence[Any], zone: str) -> Any:
        value = read(cells, zone)
        return None if value is None else kind.to_json(item, value)

    def listed(cells: Sequence[Any], zone: str) -> Any:
        found = kept(cells)
        if not found:
            return None
        return found if isinstance(found, list) else worded(cells, zone)

    return listed if kind.several else worded


def values_reader(parts: Sequence[Part], *, as_json: bool = False) -> Values:
    """Give the reader of all values: most are a cell as it stands, and are taken together; the others are put over them."""
    if len(parts) < 2:  # `itemgetter` of one gives no tuple
        return lambda cells, zone: {part.name: (part.as_json if as_json else part.read)(cells, zone) for part in parts}
    names = tuple(part.name for part in parts)
    pick = itemgetter(*(part.first for part in parts))
    special = tuple(
        (part.name, part.as_json if as_json else part.read) for part in parts if not (part.plain_json if as_json else part.plain)
    )

    def read_all(cells: Sequence[Any], zone: str) -> dict[str, Any]:
        found = dict(zip(names, pick(cells)))  # noqa: B905 - both are made of `parts`
        for name, read in special:
            found[name] = read(cells, zone)
        return found

    return read_all
