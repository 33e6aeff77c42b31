"""Which values the survivor of a merge gets: chosen field by field, else its own, else the first that is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from crm.kernel.errors import InvalidInput
from crm.kernel.i18n import N_
from crm.records.fields import KINDS
from crm.records.types import Field, Links, RecordType

#: Of a field with several values, or a long text: those of all records together.
ALL: Final = "all"
#: The id of the record whose value is taken, or `ALL`.
Pick = int | str


def merged_fields(record_type: RecordType) -> list[Field]:
    """Give the fields whose values are chosen: not what rules work out, numbers that are given, or links, which all move."""
    return [
        item
        for item in record_type.changeable.values()
        if not item.read_only and item.kind != "auto_number" and not isinstance(item.place, Links)
    ]


def takes_all(item: Field) -> bool:
    """Whether the values of several records can stand in a field together."""
    return KINDS[item.kind].several or (item.kind == "text" and bool(item.config.get("multiline")))


def usual_pick(item: Field, ids: Sequence[int], stored: Mapping[int, Mapping[str, Any]]) -> Pick:
    """Give what is taken unless somebody chooses: all there is where it can stand together, else the survivor's, else the next."""
    filled = [one for one in ids if not _empty(stored[one].get(item.api_name))]
    if takes_all(item) and len({repr(stored[one][item.api_name]) for one in filled}) > 1:
        return ALL
    return filled[0] if filled else ids[0]


def merged_values(
    record_type: RecordType, ids: Sequence[int], stored: Mapping[int, Mapping[str, Any]], picks: Mapping[str, Pick]
) -> dict[str, Any]:
    """Give the survivor's values; it stands first among the ids.

    Raises:
        InvalidInput: a choice names no such field, or none of the records.
    """
    known = {item.api_name: item for item in merged_fields(record_type)}
    for name, pick in picks.items():
        item = known.get(name)
        if item is None or not (pick in ids or (pick == ALL and takes_all(item))):
            raise InvalidInput({name[:60]: N_("Choose one of the records for this field.")})
    values = {}
    for name, item in known.items():
        pick = picks.get(name, usual_pick(item, ids, stored))
        found = _together(item, [stored[one].get(name) for one in ids]) if pick == ALL else stored[int(pick)].get(name)
        if item.kind == "relation" and found in ids:
            found = None  # a record is not a part of itself
        values[name] = found
    return values


def _together(item: Field, held: Sequence[Any]) -> Any:
    if item.kind == "text":
        texts = dict.fromkeys(text.strip() for text in held if text)
        return "\n\n".join(texts) or None
    kind = KINDS[item.kind]
    found: dict[str, Any] = {}
    for several in held:
        for one in several or ():
            found.setdefault(next(iter(kind.keys(item, (one,))), repr(one)), one)
    most = getattr(kind, "most", None)
    return tuple(found.values())[:most] if found else None


def _empty(value: Any) -> bool:
    return value is None or value in ("", ())
