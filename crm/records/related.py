"""What a record page shows beside the fields: back-references, links, and the history."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, literal, select, union_all

from crm.kernel.i18n import Label
from crm.records.fields import KINDS
from crm.records.models import MAX_ID, Act, Change, ChangeValue, RecordLink
from crm.records.query import Title, one, titles
from crm.records.types import Field, Links, RecordType
from crm.security.models import user_table

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class LinkLine:
    """A link seen from a record: the other end, and the link's own role, dates and note."""

    id: int
    field: Field
    label: Label
    other: Title
    role: str
    from_on: date | None
    to_on: date | None
    note: str | None
    outgoing: bool

    def current(self, day: date) -> bool:
        """Whether it holds on a day."""
        return (self.from_on is None or self.from_on <= day) and (self.to_on is None or day <= self.to_on)


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A line of the history: who did what when, and the readable fields as `{api_name: (old, new)}`."""

    id: int
    act_id: str
    at: datetime
    actor_id: int | None
    actor_name: str
    kind: str
    version: int
    cause: str
    patch: Mapping[str, tuple[Any, Any]]


_link: Final[Any] = RecordLink.__table__
# Both made once, of plain tables: every record page asks them, and no rights of rows bound them.
_LINKS: Final = union_all(
    select(_link, literal(1).label("outgoing")).where(_link.c.from_id == bindparam("record_id")),
    select(_link, literal(0).label("outgoing")).where(
        _link.c.to_id == bindparam("record_id"), _link.c.from_id != bindparam("record_id")
    ),
)
_change: Final[Any] = Change.__table__
_act: Final[Any] = Act.__table__
_values: Final[Any] = ChangeValue.__table__
_HISTORY: Final = (
    select(
        *(_change.c[name] for name in ("id", "act_id", "at", "actor_id", "kind", "version")),
        *(_values.c.patch, _act.c.cause, _act.c.system, user_table.c.first_name, user_table.c.last_name),
    )
    .join(_act, _act.c.id == _change.c.act_id)
    .outerjoin(_values, _values.c.change_id == _change.c.id)
    .outerjoin(user_table, user_table.c.id == _change.c.actor_id)
    .where(
        _change.c.record_id == bindparam("record_id"),
        _change.c.id < bindparam("before"),
        _change.c.kind.not_in(bindparam("without", expanding=True)),
    )
    .order_by(_change.c.id.desc())
    .limit(bindparam("most"))
)


def links(uow: UnitOfWork, record_id: int) -> list[LinkLine]:
    """Give the links from and to a record whose other end the actor may see: at most three queries."""
    record_type = uow.registry.get(one(uow, record_id).type_key)
    rows = uow.session.execute(_LINKS, {"record_id": record_id}).mappings().all()
    others = titles(uow, [row["to_id"] if row["outgoing"] else row["from_id"] for row in rows])
    lines = []
    for row in rows:
        outgoing = bool(row["outgoing"])
        other = others.get(row["to_id"] if outgoing else row["from_id"])
        if other is None:
            continue
        holder = record_type if outgoing else uow.registry.get(other.type_key)
        item = holder.by_name.get(row["field"])
        allowed = uow.access.readable(holder.key)
        if item is None or (allowed is not None and item.api_name not in allowed):
            continue
        label = item.label if outgoing else (item.back_label or holder.names.title)
        dates = (row["from_on"], row["to_on"])
        lines.append(LinkLine(row["id"], item, label, other, row["role"], *dates, row["note"], outgoing))
    return sorted(lines, key=lambda line: (not line.current(uow.today()), line.from_on or date.min, line.id))


def history(
    uow: UnitOfWork, record_id: int, *, before: int | None = None, limit: int = 50, without: Sequence[str] = ()
) -> list[ChangeLine]:
    """Give the newest changes of a record, with the values of fields that the actor may read, and links to what they may see.

    A constant number of queries: the record, its changes, the other ends of links.

    Args:
        uow: the transaction.
        record_id: the record, live or in the trash.
        before: only changes with a lower id.
        limit: at most so many.
        without: kinds of changes that are left out.

    Raises:
        NotFound: the actor may not see the record.
    """
    record_type = uow.registry.get(one(uow, record_id, with_trash=True).type_key)
    allowed = uow.access.readable(record_type.key)
    end = MAX_ID if before is None else max(0, min(before, MAX_ID))
    rows = uow.session.execute(_HISTORY, {"record_id": record_id, "before": end, "most": limit, "without": list(without)}).all()
    linked = titles(uow, _linked(record_type, [row.patch or {} for row in rows if row.kind in _OF_FIELDS]), with_trash=True)
    lines = []
    for row in rows:
        name = f"{row.first_name} {row.last_name}".strip() if row.first_name is not None else f"Klynge ({row.system or row.cause})"
        readable = _readable(record_type, row, allowed, linked.keys())
        lines.append(ChangeLine(row.id, row.act_id, row.at, row.actor_id, name, row.kind, row.version, row.cause, readable))
    return lines


def _is_links(record_type: RecordType, name: str) -> bool:
    item = record_type.by_name.get(name)
    return item is not None and isinstance(item.place, Links)


def _linked(record_type: RecordType, patches: Sequence[Mapping[str, Any]]) -> set[int]:
    """Give the other ends of the links that patches tell of."""
    pairs = (pair for patch in patches for name, pair in patch.items() if _is_links(record_type, name))
    return {side["to"] for pair in pairs for side in pair if side is not None}


#: Kinds of changes whose patch names fields; that of others has words of its own, and a field may be called the same.
_OF_FIELDS: Final = frozenset({"create", "update", "link", "unlink"})


def _readable(
    record_type: RecordType, row: Any, allowed: frozenset[str] | None, seen: Container[int]
) -> dict[str, tuple[Any, Any]]:
    """Give the pairs of readable fields; a link's role and note only if its other end may be seen."""
    found: dict[str, tuple[Any, Any]] = {}
    for name, pair in (row.patch or {}).items():
        item = record_type.by_name.get(name) if row.kind in _OF_FIELDS else None
        if item is None:
            if name in {"state", "owner"} or (name == "comment" and row.kind == "transition"):
                found[name] = (pair[0], pair[1])
        elif allowed is None or name in allowed:
            if not isinstance(item.place, Links):
                kind = KINDS[item.kind]
                found[name] = (kind.from_json(item, pair[0]), kind.from_json(item, pair[1]))
            elif all(side is None or side["to"] in seen for side in pair):
                found[name] = (pair[0], pair[1])
    return found
