"""Turning orders into drafts: rights, cleaning, rules, references, conflicts. Nothing is written here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from crm.kernel.errors import AccessDenied, InvalidInput, NotFound
from crm.kernel.i18n import N_, Message
from crm.records.fields import KINDS, ValueProblem
from crm.records.models import Change, ChangeValue, record_table
from crm.records.store.context import BatchContext, read_values
from crm.records.store.orders import Create, Draft, StaleRecord, Update
from crm.records.types import Field, Links, RecordType
from crm.security.models import user_table

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

HEAD_NAMES = frozenset({"id", "type", "title", "state", "owner", "version", "deleted_at"})


def prepare(uow: UnitOfWork, orders: Sequence[Create | Update], context: BatchContext) -> list[Draft]:
    """Give a draft for each order, or refuse the whole batch.

    Raises:
        AccessDenied, NotFound: the actor may not do this, or may not see the record.
        InvalidInput: what is wrong, by field, of the first order that cannot be accepted.
        StaleRecord: the same fields were changed since the writer had seen the record.
    """
    drafts = _begin(uow, orders)
    for draft in drafts:
        _fill(uow, draft)
    _check_references(uow, drafts)
    context.prefetch(_pointed_at(uow, drafts))
    for draft in drafts:
        _apply_rules(uow, draft, context)
    return drafts


def _begin(uow: UnitOfWork, orders: Sequence[Create | Update]) -> list[Draft]:
    ids = [order.record_id for order in orders if isinstance(order, Update)]
    stored = read_values(uow, ids, lock=True) if ids else {}
    seen = set(ids) if not ids else visible_ids(uow, stored)
    drafts = []
    for order in orders:
        if isinstance(order, Create):
            record_type = uow.registry.get(order.type_key)
            uow.access.require("create", record_type.key)
            state = order.state or (record_type.lifecycle.initial if record_type.lifecycle else None)
            drafts.append(Draft(order, record_type.key, state=state, owner_id=order.owner_id))
            continue
        old = stored.get(order.record_id)
        if old is None or order.record_id not in seen:
            raise NotFound
        uow.access.require("update", old["type"])
        drafts.append(Draft(order, old["type"], old, record_id=order.record_id, version=old["version"], state=old["state"]))
    _check_scope(uow, drafts)
    return drafts


def visible_ids(uow: UnitOfWork, stored: Mapping[int, Mapping[str, Any]], act: str = "read") -> set[int]:
    """Give those of some records that the actor may see (or do an act on)."""
    seen: set[int] = set()
    by_type: dict[str, list[int]] = {}
    for record_id, values in stored.items():
        by_type.setdefault(values["type"], []).append(record_id)
    for type_key, members in by_type.items():
        record_type = uow.registry.get(type_key)
        condition = uow.visible(record_type, act)
        if condition is None:
            seen.update(members)
            continue
        source = uow.registry.storage(type_key).source()
        seen.update(
            uow.session.scalars(select(record_table.c.id).select_from(source).where(record_table.c.id.in_(members), condition))
        )
    return seen


def _check_scope(uow: UnitOfWork, drafts: Iterable[Draft]) -> None:
    stored = {draft.record_id: draft.old for draft in drafts if draft.old is not None}
    allowed = visible_ids(uow, stored, "update")
    if len(allowed) != len(stored):
        raise AccessDenied


def _fill(uow: UnitOfWork, draft: Draft) -> None:
    """Clean the given values and lay them over the old ones."""
    record_type = uow.registry.get(draft.type_key)
    given, problems = clean_values(uow, record_type, draft.order.values, "create" if draft.old is None else "update")
    if problems:
        raise InvalidInput(problems)
    if draft.old is None:
        base = {item.api_name: item.default for item in record_type.fields if not isinstance(item.place, Links)}
    else:
        base = {name: value for name, value in draft.old.items() if name in record_type.by_name}
        _merge_or_refuse(uow, draft, given)
    draft.new = {**base, **given}


def clean_values(
    uow: UnitOfWork, record_type: RecordType, raw: Mapping[str, Any], act: str
) -> tuple[dict[str, Any], dict[str, Message]]:
    """Clean raw values by field; gather every problem rather than stop at the first."""
    writable = uow.access.writable(act, record_type.key)
    values: dict[str, Any] = {}
    problems: dict[str, Message] = {}
    for name, value in raw.items():
        item = record_type.by_name.get(name)
        if item is None:
            problems[name] = N_("There is no field “%(field)s”.", field=str(name)[:60])
        elif writable is not None and name not in writable:
            problems[name] = N_("You may not change this field.")
        elif item.read_only and uow.actor.system is None:
            problems[name] = N_("This field is set by the system.")
        else:
            try:
                values[name] = KINDS[item.kind].clean(item, value, uow.zone)
            except ValueProblem as problem:
                problems[name] = problem.message
    return values, problems


def _merge_or_refuse(uow: UnitOfWork, draft: Draft, given: dict[str, Any]) -> None:
    """Different fields merge in silence; the same field changed since by someone else is a conflict.

    A form posts every field: what equals the value that the writer had seen was not touched, and is taken out of `given`.
    """
    seen = getattr(draft.order, "seen_version", None)
    if seen is None or seen >= draft.version or draft.old is None:
        return
    clashing: dict[str, tuple[Any, Any]] = {}
    for name, original in values_at(uow, draft.record_id, seen, uow.registry.get(draft.type_key)).items():
        if name not in given:
            continue
        if given[name] == original:
            del given[name]
        elif given[name] != draft.old.get(name):
            clashing[name] = (original, draft.old.get(name))
    if clashing:
        raise StaleRecord(draft.record_id, draft.version, clashing)


def values_at(uow: UnitOfWork, record_id: int, version: int, record_type: RecordType) -> dict[str, Any]:
    """Give the values that a record's later changed fields had at a version: the old value of the first change after it."""
    rows = uow.session.scalars(
        select(ChangeValue.patch)
        .join(Change, Change.id == ChangeValue.change_id)
        .where(Change.record_id == record_id, Change.version > version)
        .order_by(Change.id)
    )
    originals: dict[str, Any] = {}
    for patch in rows:
        for name, pair in patch.items():
            item = record_type.by_name.get(name)
            if item is not None and name not in originals:
                originals[name] = KINDS[item.kind].from_json(item, pair[0])
    return originals


def _relations(record_type: RecordType) -> list[Field]:
    return [item for item in record_type.fields if item.kind == "relation" and not isinstance(item.place, Links)]


def _pointed_at(uow: UnitOfWork, drafts: Iterable[Draft]) -> set[int]:
    ids: set[int] = set()
    for draft in drafts:
        for item in _relations(uow.registry.get(draft.type_key)):
            value = draft.new.get(item.api_name)
            if value is not None:
                ids.add(value)
    return ids


def _check_references(uow: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Every relation points to a live record of an allowed type that the actor may see; every user exists."""
    wanted: set[int] = set()
    users: set[int] = set()
    for draft in drafts:
        for item in uow.registry.get(draft.type_key).fields:
            value = draft.new.get(item.api_name)
            if value is None or (draft.old is not None and draft.old.get(item.api_name) == value):
                continue
            if item.kind == "user":
                users.add(value)
            elif item.kind == "relation" and not isinstance(item.place, Links):
                wanted.add(value)
    if not wanted and not users:
        return
    types = live_types(uow, wanted)
    known_users = set(uow.session.scalars(select(user_table.c.id).where(user_table.c.id.in_(users)))) if users else set()
    for draft in drafts:
        problems: dict[str, Message] = {}
        for item in uow.registry.get(draft.type_key).fields:
            value = draft.new.get(item.api_name)
            if value in wanted and item.kind == "relation" and types.get(value) not in item.targets:
                if draft.old is None or draft.old.get(item.api_name) != value:
                    problems[item.api_name] = N_("The chosen record does not exist, or cannot be chosen here.")
            elif value in users and item.kind == "user" and value not in known_users:
                problems[item.api_name] = N_("Choose a user from the list.")
        if problems:
            raise InvalidInput(problems)


def live_types(uow: UnitOfWork, ids: set[int]) -> dict[int, str]:
    """Give the type of each live record that the actor may see."""
    if not ids:
        return {}
    rows = uow.session.execute(
        select(record_table.c.id, record_table.c.type_id).where(
            record_table.c.id.in_(sorted(ids)), record_table.c.deleted_at.is_(None)
        )
    )
    types = {record_id: uow.registry.by_id[type_id].key for record_id, type_id in rows if type_id in uow.registry.by_id}
    seen = visible_ids(uow, {record_id: {"type": key} for record_id, key in types.items()})
    return {record_id: key for record_id, key in types.items() if record_id in seen}


def _apply_rules(uow: UnitOfWork, draft: Draft, context: BatchContext) -> None:
    record_type = uow.registry.get(draft.type_key)
    functions = record_type.functions
    head = {"id": draft.record_id, "type": draft.type_key, "state": draft.state, "version": draft.version}
    new = {**draft.new, **functions.normalise(draft.new)}
    new.update(functions.derive(draft.old, {**head, **new}, context))
    problems = dict(_missing(record_type, draft, new))
    problems.update(functions.check(draft.old, {**head, **new}, context))
    if problems:
        raise InvalidInput(problems)
    draft.new = new
    if draft.old is None:
        context.note_new(draft.type_key, {**head, **new})
    draft.title = (functions.title({**head, **new}) or "").strip()[:500] or f"#{draft.record_id or '?'}"
    old = draft.old or {}
    draft.changed = {
        name: (old.get(name), value) for name, value in new.items() if name in record_type.by_name and old.get(name) != value
    }


def _missing(record_type: RecordType, draft: Draft, new: Mapping[str, Any]) -> Iterable[tuple[str, Message]]:
    for item in record_type.fields:
        touched = draft.old is None or item.api_name in draft.order.values
        if item.required and touched and new.get(item.api_name) is None and not isinstance(item.place, Links):
            yield item.api_name, N_("“%(field)s” must be filled in.", field=item.label)
