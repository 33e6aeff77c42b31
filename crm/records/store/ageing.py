"""Derived values that hang on the day: the store notes when they turn, and derives them again when something says so.

Only the ageing fields of a type (`Ages`) are derived again, whoever caused it: no rule refuses it, since nobody asked for it, and
a record that a later rule would not accept still ages.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, insert

from crm.records.ageing_models import RecordTurn
from crm.records.fields import KINDS
from crm.records.store import keys, writes
from crm.records.store.context import BatchContext, read_values
from crm.records.store.orders import Draft, Update
from crm.records.store.references import pointed_at
from crm.records.types import RecordType, Values, keeps_nothing, touches_nothing

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

#: So many records are derived again within the transaction that touched them; more wait for the worker's next turn.
AT_ONCE: Final = 200
_turn: Final[Any] = RecordTurn.__table__


def after_write(uow: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Note the next turns of what was written, and derive again what hangs on it."""
    ageing = [draft for draft in drafts if uow.registry.get(draft.type_key).ages is not None]
    touching = [draft for draft in drafts if uow.registry.get(draft.type_key).functions.touches is not touches_nothing]
    if ageing or touching:
        _turn_and_touch(uow, ageing, touching)
    _keep(uow, [(draft.old, _values(draft)) for draft in drafts])


def _turn_and_touch(uow: UnitOfWork, ageing: Sequence[Draft], touching: Sequence[Draft]) -> None:
    context = BatchContext(uow)
    context.expect(pointed_at(uow, [*ageing, *touching]))
    _note_changed_turns(uow, ageing, context)
    for draft in touching:
        touches = uow.registry.get(draft.type_key).functions.touches
        touch(uow, touches(draft.old, _values(draft), context))


def _note_changed_turns(uow: UnitOfWork, drafts: Iterable[Draft], context: BatchContext) -> None:
    """Note the turns that differ from what is kept: of new records those that have one, of others those that move."""
    begun: dict[int, date] = {}
    moved: dict[int, date | None] = {}
    for draft in drafts:
        turn = _next_turn(uow, draft.type_key, _values(draft), context)
        if draft.old is not None:
            if turn != _next_turn(uow, draft.type_key, draft.old, context):
                moved[draft.record_id] = turn
        elif turn is not None:
            begun[draft.record_id] = turn
    note_turns(uow, moved)
    if begun:
        uow.session.execute(insert(_turn), [{"record_id": one, "due_on": day} for one, day in sorted(begun.items())])


def after_trash(uow: UnitOfWork, values: Mapping[str, Any], deleted_at: Any) -> None:
    """Derive again what hangs on a record that went to the trash or came back, and itself: while it lay there it did not age."""
    record_type = uow.registry.get(values["type"])
    if record_type.ages is not None and deleted_at is None:
        derive_again(uow, [values["id"]])
    if record_type.functions.touches is not touches_nothing:
        touch(uow, record_type.functions.touches(values, {**values, "deleted_at": deleted_at}, BatchContext(uow)))
    _keep(uow, [(values, {**values, "deleted_at": deleted_at})])


def touch(uow: UnitOfWork, ids: Iterable[int]) -> None:
    """Derive the ageing values of records again: a few at once, many in the worker's next turn."""
    wanted = sorted({one for one in ids if one > 0})
    if len(wanted) > AT_ONCE:
        note_turns(uow, dict.fromkeys(wanted, uow.today()))
    elif wanted:
        derive_again(uow, wanted)


def derive_again(uow: UnitOfWork, ids: Collection[int]) -> int:
    """Derive the ageing values of live records for today, write those that differ, note the next turns; gives how many differed.

    What is not there, lies in the trash or does not age is left alone, without a turn. Twice changes nothing.
    """
    stored = read_values(uow, sorted(ids), hold="update")
    drafts = [_draft(values) for values in stored.values() if uow.registry.get(values["type"]).ages is not None]
    context = BatchContext(uow)
    context.expect(pointed_at(uow, drafts))
    turns: dict[int, date | None] = dict.fromkeys(ids)
    for draft in drafts:
        record_type = uow.registry.get(draft.type_key)
        found = derived(record_type, {**draft.new, **_head(draft)}, context, uow.zone)
        _lay(draft, found)
        turns[draft.record_id] = _next_turn(uow, draft.type_key, _values(draft), context)
    number = _write(uow, drafts)
    note_turns(uow, turns)
    _keep(uow, [(draft.old, _values(draft)) for draft in drafts])
    return number


def _keep(uow: UnitOfWork, changes: Iterable[tuple[Values | None, Values]]) -> None:
    """Write what other records keep of these (`Functions.keeps`), where it differs; what lies in the trash stays as it is."""
    keeping = [one for one in changes if uow.registry.get(one[1]["type"]).functions.keeps is not keeps_nothing]
    if not keeping:
        return
    context = BatchContext(uow)
    kept: dict[int, Values] = {}
    for old, new in keeping:
        kept.update(uow.registry.get(new["type"]).functions.keeps(old, new, context))
    drafts = [_draft(values) for values in read_values(uow, sorted(kept), hold="update").values()]
    for draft in drafts:
        _lay(draft, _clean(uow.registry.get(draft.type_key), kept[draft.record_id], uow.zone))
    _write(uow, drafts)


def _lay(draft: Draft, found: Values) -> None:
    draft.changed = {name: (draft.new[name], value) for name, value in found.items() if draft.new[name] != value}
    draft.new.update(found)


def _write(uow: UnitOfWork, drafts: Sequence[Draft]) -> int:
    """Write the drafts that differ, with a line in their history; gives how many."""
    changed = [draft for draft in drafts if draft.changed]
    for type_key in sorted({draft.type_key for draft in changed}):
        record_type, own = uow.registry.get(type_key), [draft for draft in changed if draft.type_key == type_key]
        writes.update_drafts(uow, record_type, own)
        keys.write_keys(uow, record_type, own)
    writes.log_drafts(uow, changed)
    return len(changed)


def derived(record_type: RecordType, values: Mapping[str, Any], context: BatchContext, zone: str) -> dict[str, Any]:
    """Give a type's ageing values by the context's day, as clean as the store keeps them."""
    found = record_type.functions.derive(values, values, context)
    fields = () if record_type.ages is None else record_type.ages.fields
    return _clean(record_type, {name: found[name] for name in fields if name in found}, zone)


def _clean(record_type: RecordType, found: Values, zone: str) -> dict[str, Any]:
    fields = ((record_type.by_name[name], value) for name, value in found.items())
    return {item.api_name: KINDS[item.kind].clean(item, value, zone) for item, value in fields}


def note_turns(uow: UnitOfWork, turns: Mapping[int, date | None]) -> None:
    """Keep the next turn of each record, or none."""
    if not turns:
        return
    uow.session.execute(delete(_turn).where(_turn.c.record_id.in_(sorted(turns))))
    rows = [{"record_id": one, "due_on": day} for one, day in sorted(turns.items()) if day is not None]
    if rows:
        uow.session.execute(insert(_turn), rows)


def _next_turn(uow: UnitOfWork, type_key: str, values: Mapping[str, Any], context: BatchContext) -> date | None:
    """Give the day of the next turn; never today's, which would be asked for without end."""
    ages = uow.registry.get(type_key).ages
    day = None if ages is None else ages.turns(values, context)
    return None if day is None else max(day, context.today + timedelta(days=1))


def _draft(values: Mapping[str, Any]) -> Draft:
    """Give a draft of a stored record that changes nothing yet."""
    order, version = Update(values["id"], {}), values["version"]
    draft = Draft(order, values["type"], dict(values), record_id=values["id"], version=version, title=values["title"])
    draft.new, draft.state, draft.owner_id = dict(values), values["state"], values["owner"]
    return draft


def _head(draft: Draft) -> dict[str, Any]:
    return {"id": draft.record_id, "type": draft.type_key, "state": draft.state, "owner": draft.owner_id, "deleted_at": None}


def _values(draft: Draft) -> dict[str, Any]:
    return {**draft.new, **_head(draft)}
