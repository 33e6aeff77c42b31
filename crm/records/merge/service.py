"""`merge_records`: two records or more become one, in one act that can be undone; and where a merged record is found now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import Table, delete, func, insert, select, update

from crm.kernel.errors import AccessDenied, Conflict, InvalidInput, NotFound, RuleViolation
from crm.kernel.i18n import N_
from crm.records.changes import LogEntry, log
from crm.records.merge.hanging import move_hanging
from crm.records.merge.repoint import repoint_links, repoint_relations, the_house
from crm.records.merge.values import Pick, merged_values
from crm.records.merge_models import MergedRecord
from crm.records.models import MAX_ID, record_table
from crm.records.query import titles
from crm.records.storage import field_key
from crm.records.store.context import read_values
from crm.records.store.keys import unique_fields
from crm.records.store.references import visible_ids
from crm.records.types import RecordType
from crm.records.value_models import UniqueValue
from crm.security.models import Account

if TYPE_CHECKING:
    from crm.records.query import Title
    from crm.records.work import UnitOfWork

#: So many records become one at once.
MOST: Final = 10
KIND: Final = "merge"
_unique: Final = cast("Table", UniqueValue.__table__)


@dataclass(frozen=True, slots=True)
class MergeRecords:
    """Make one record of several.

    Attributes:
        survivor_id: the record that stays.
        other_ids: those that become it; they go to the trash, and their addresses lead to it.
        picks: for a field, the record whose value is taken, or `values.ALL`; else what `usual_pick` says.
        seen: the versions that the one who merges had seen, by id.
    """

    survivor_id: int
    other_ids: tuple[int, ...]
    picks: Mapping[str, Pick] = field(default_factory=dict)
    seen: Mapping[int, int] = field(default_factory=dict)


def merge_records(uow: UnitOfWork, order: MergeRecords) -> int:
    """Merge, and give the survivor's version.

    Values are chosen; relations, links, comments, tasks, files, followers and notices of the others move along; the others go to
    the trash, where their history stays.

    Raises:
        NotFound: a record does not exist, or the actor may not see it.
        AccessDenied: they may not change and delete all of them.
        InvalidInput: different types, a type without duplicates, too many, or a choice that names none of them.
        Conflict: one of them was changed since it was looked at.
        RuleViolation: something that points at one of them cannot point at the survivor.
    """
    ids = [order.survivor_id, *dict.fromkeys(order.other_ids)]
    with uow.session.begin_nested():
        stored, record_type = _hold(uow, ids, order.seen)
        _refuse_picks(uow, record_type, order.picks)
        values = merged_values(record_type, ids, stored, order.picks)
        _refuse_two_accounts(uow, ids)
        with the_house(uow):
            taken = free_unique_values(uow, record_type, ids[1:])
            moved = {}
            for one in ids[1:]:
                repoint_relations(uow, record_type, one, ids[0], ids)
                silent = repoint_links(uow, one, ids[0])
                moved[one] = {"rows": move_hanging(uow, one, ids[0]), "links": silent, "unique": taken.get(one, [])}
            for one in ids[1:]:
                uow.records.delete(one)
            version = uow.records.update(ids[0], values)
        note_merge(uow, record_type, ids[0], version, moved)
    return version


def _hold(uow: UnitOfWork, ids: Sequence[int], seen: Mapping[int, int]) -> tuple[dict[int, dict[str, Any]], RecordType]:
    """Lock and check all that is merged."""
    if not 1 < len(ids) <= MOST or len(set(ids)) != len(ids):
        raise InvalidInput({"records": N_("Choose from two to %(most)s different records.", most=MOST)})
    stored = read_values(uow, ids, hold="delete")
    if visible_ids(uow, stored) != set(ids):
        raise NotFound
    types = {values["type"] for values in stored.values()}
    record_type = uow.registry.get(stored[ids[0]]["type"])
    if len(types) != 1:
        raise InvalidInput({"records": N_("Only records of the same kind can be merged.")})
    if record_type.matching is None:
        raise InvalidInput({"records": N_("%(many)s cannot be merged.", many=record_type.names.title)})
    for act in ("update", "delete"):
        if visible_ids(uow, stored, act) != set(ids) or not uow.access.may(act, record_type.key):
            raise AccessDenied
    for one, version in seen.items():
        if one in stored and stored[one]["version"] != version:
            raise Conflict(N_("“%(title)s” was changed in the meantime. Look at both once more.", title=stored[one]["title"]))
    return stored, record_type


def _refuse_picks(uow: UnitOfWork, record_type: RecordType, picks: Mapping[str, Pick]) -> None:
    """Nobody chooses among values that they may not read, or changes what they may not write; what is usual is taken there."""
    readable, writable = uow.access.readable(record_type.key), uow.access.writable("update", record_type.key)
    for name in picks:
        if (readable is not None and name not in {*readable, "owner"}) or (writable is not None and name not in writable):
            raise InvalidInput({name[:60]: N_("You may not change this field.")})


def _refuse_two_accounts(uow: UnitOfWork, ids: Sequence[int]) -> None:
    """Two users are never made one behind their backs: each would see what the other may."""
    number = uow.session.scalar(select(func.count()).select_from(Account).where(Account.person_id.in_(ids))) or 0
    if number > 1:
        raise RuleViolation(N_("Both are users of Klynge. Let an administrator take the person off one of the users first."))


def free_unique_values(uow: UnitOfWork, record_type: RecordType, ids: Sequence[int]) -> dict[int, list[list[str]]]:
    """Let go of values that only one record may have, so that the survivor can take them; gives them by record."""
    fields = [field_key(item) for item in unique_fields(record_type) if item.kind != "auto_number"]
    if not fields:
        return {}
    mine = (_unique.c.record_id.in_(ids), _unique.c.field.in_(fields))
    rows = uow.session.execute(select(_unique.c.record_id, _unique.c.field, _unique.c.key).where(*mine)).all()
    uow.session.execute(delete(_unique).where(*mine))
    taken: dict[int, list[list[str]]] = {}
    for row in rows:
        taken.setdefault(row.record_id, []).append([row.field, row.key])
    return taken


def give_unique_values(uow: UnitOfWork, record_type: RecordType, record_id: int, values: Sequence[Sequence[str]]) -> None:
    """Give a record its values that only one may have back, from whoever has them now: the survivor, which lets go of them."""
    for name, key in values:
        mine = (_unique.c.type_id == record_type.id, _unique.c.field == name, _unique.c.key == key)
        done: Any = uow.session.execute(update(_unique).where(*mine).values(record_id=record_id))
        if not done.rowcount:
            row = {"type_id": record_type.id, "field": name, "key": key, "record_id": record_id}
            uow.session.execute(insert(_unique), row)


def note_merge(uow: UnitOfWork, record_type: RecordType, survivor_id: int, version: int, moved: Mapping[int, Any]) -> None:
    """Write the merged addresses, and the line of the survivor's history that undo reads."""
    table = cast("Table", MergedRecord.__table__)
    ids = sorted(moved)
    uow.session.execute(delete(table).where(table.c.old_id.in_(ids)))
    # What was merged into one of these before leads to the survivor now; its own undo still knows its way.
    uow.session.execute(update(table).where(table.c.survivor_id.in_(ids)).values(survivor_id=survivor_id))
    facts = {"survivor_id": survivor_id, "act_id": uow.act.id, "at": uow.now(), "by_id": uow.actor.user_id}
    log(uow, [LogEntry(survivor_id, record_type.id, version, KIND, {"merge": [None, {"from": ids}]})])
    uow.session.execute(insert(table), [{"old_id": one, **facts, "moved": moved[one]} for one in ids])


def survivor_of(uow: UnitOfWork, record_id: int) -> Title | None:
    """Give the record that another was merged into, if the actor may see it."""
    if not 0 < record_id <= MAX_ID:
        return None
    statement = select(MergedRecord.survivor_id).where(MergedRecord.old_id == record_id)
    found = uow.session.scalar(statement)
    if found is None or uow.session.scalar(select(record_table.c.id).where(*_live(record_id))) is not None:
        return None
    return titles(uow, [found]).get(found)


def _live(record_id: int) -> tuple[Any, ...]:
    return (record_table.c.id == record_id, record_table.c.deleted_at.is_(None))


def merged_into(uow: UnitOfWork, record_id: int) -> list[int]:
    """Give the ids of the records that were merged into one: their history is its history."""
    return list(uow.session.scalars(select(MergedRecord.old_id).where(MergedRecord.survivor_id == record_id)))
