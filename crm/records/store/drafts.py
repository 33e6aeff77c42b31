"""Turning orders into drafts: rights, cleaning, rules, references, conflicts. Nothing is written here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from crm.kernel.errors import AccessDenied, NotFound
from crm.kernel.i18n import N_, Message
from crm.records.fields import KINDS, ValueProblem
from crm.records.fields.base import shown
from crm.records.models import Change, ChangeValue
from crm.records.store.context import BatchContext, read_values
from crm.records.store.file_values import check_files
from crm.records.store.orders import Create, Draft, StaleRecord, Update
from crm.records.store.references import check_references, pointed_at, visible_ids
from crm.records.store.rules import apply_rules
from crm.records.types import Field, Option, RecordType

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork


def prepare(uow: UnitOfWork, orders: Sequence[Create | Update], context: BatchContext) -> list[Draft]:
    """Give a draft for each order, or refuse the whole batch.

    Raises:
        AccessDenied, NotFound: the actor may not do this, or may not see the record.
        InvalidInput: everything that is wrong, by field, of the first order that cannot be accepted.
        StaleRecord: the same fields were changed since the writer had seen the record.
    """
    drafts = _begin(uow, orders)
    for draft in drafts:
        fill(uow, draft)
    check_references(uow, drafts)
    check_files(uow, drafts)
    context.expect(pointed_at(uow, drafts))
    for draft in drafts:
        apply_rules(uow, draft, context)
    return drafts


def _begin(uow: UnitOfWork, orders: Sequence[Create | Update]) -> list[Draft]:
    ids = [order.record_id for order in orders if isinstance(order, Update)]
    stored = read_values(uow, ids, hold="update") if ids else {}
    seen = visible_ids(uow, stored)
    drafts = []
    for order in orders:
        if isinstance(order, Create):
            drafts.append(_begin_new(uow, order))
            continue
        old = stored.get(order.record_id)
        if old is None or order.record_id not in seen:
            raise NotFound
        uow.access.require("update", old["type"])
        draft = Draft(order, old["type"], old, record_id=order.record_id, version=old["version"], state=old["state"])
        draft.owner_id = old["owner"]
        drafts.append(draft)
    if len(visible_ids(uow, stored, "update")) != len(stored):
        raise AccessDenied
    return drafts


def _begin_new(uow: UnitOfWork, order: Create) -> Draft:
    record_type = uow.registry.get(order.type_key)
    uow.access.require("create", record_type.key)
    lifecycle = record_type.lifecycle
    state = lifecycle.initial if lifecycle is not None else None
    draft = Draft(order, record_type.key, state=state, owner_id=order.owner_id)
    if order.state is not None and order.state != state:
        # A record begins where its lifecycle does; only the product itself (seeds, imports) may write history.
        if uow.actor.system is None:
            raise AccessDenied
        if lifecycle is None or order.state not in lifecycle.by_key:
            draft.problems["state"] = N_("“%(raw)s” is not among the options.", raw=shown(order.state, 60))
        draft.state = order.state
    if draft.owner_id is None and "all" not in uow.access.scopes("create", record_type.key):
        draft.owner_id = uow.actor.user_id
    return draft


def fill(uow: UnitOfWork, draft: Draft) -> None:
    """Clean the given values and lay them over the old ones; what cannot be accepted is noted, and the old value kept."""
    record_type = uow.registry.get(draft.type_key)
    given, problems = clean_values(uow, record_type, draft.order.values, "create" if draft.old is None else "update")
    draft.problems.update({name: problem for name, problem in problems.items() if not _as_it_was(uow, record_type, draft, name)})
    if draft.old is None:
        _take_owner(record_type, draft, given)
        storage = uow.registry.storage(record_type.key)
        base = {**storage.blank, **{item.api_name: _default(item, uow.zone) for item in storage.begun}}
    else:
        base = {name: value for name, value in draft.old.items() if name in record_type.by_name}
        _merge_or_refuse(uow, draft, given)
        _take_owner(record_type, draft, given)
    for name, value in given.items():
        option = _newly_retired(record_type.by_name[name], base.get(name), value)
        if option is not None:
            draft.problems[name] = N_("“%(option)s” is no longer offered.", option=option.label)
    draft.new = {**base, **given}


def _as_it_was(uow: UnitOfWork, record_type: RecordType, draft: Draft, name: str) -> bool:
    """Whether a value that would be refused today is the stored one: what was kept before stands in no other change's way.

    Not where the writer has no right to the field: the answer would tell what stands there to one who guesses.
    """
    item, writable = record_type.by_name.get(name), uow.access.writable("update", record_type.key)
    if item is None or draft.old is None or draft.old.get(name) is None or (writable is not None and name not in writable):
        return False
    kind, old = KINDS[item.kind], draft.old[name]
    return draft.order.values[name] in (kind.from_form(item, kind.to_form(item, old, uow.zone)), kind.to_json(item, old))


def _take_owner(record_type: RecordType, draft: Draft, given: dict[str, Any]) -> None:
    """The owner is the head's, where no field of the type keeps it."""
    if "owner" in given and "owner" not in record_type.by_name:
        draft.owner_id = given.pop("owner")


def _newly_retired(item: Field, old: Any, new: Any) -> Option | None:
    """Give a retired option that was not chosen before."""
    if item.kind not in {"choice", "choices"}:
        return None
    before, after = ({one} if isinstance(one, str) else set(one or ()) for one in (old, new))
    found = (item.option(key) for key in sorted(after - before))
    return next((option for option in found if option is not None and option.retired), None)


def _default(item: Field, zone: str) -> Any:
    return KINDS[item.kind].clean(item, item.default, zone)


def clean_values(
    uow: UnitOfWork, record_type: RecordType, raw: Mapping[str, Any], act: str
) -> tuple[dict[str, Any], dict[str, Message]]:
    """Clean raw values by field; gather every problem rather than stop at the first."""
    writable = uow.access.writable(act, record_type.key)
    values: dict[str, Any] = {}
    problems: dict[str, Message] = {}
    for name, value in raw.items():
        item = record_type.changeable.get(name)
        if item is None:
            problems[name] = N_("There is no field “%(field)s”.", field=shown(name, 60))
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
    readable = uow.access.readable(draft.type_key)
    for name, original in values_at(uow, draft.record_id, seen, uow.registry.get(draft.type_key)).items():
        if name not in given:
            continue
        if given[name] == original:
            del given[name]
        elif draft.old.get(name) not in (given[name], original):
            clashing[name] = (original, draft.old.get(name)) if readable is None or name in readable else (None, None)
    if clashing:
        raise StaleRecord(draft.record_id, draft.version, clashing)


def values_at(uow: UnitOfWork, record_id: int, version: int, record_type: RecordType) -> dict[str, Any]:
    """Give the values that a record's later changed fields had at a version: the old value of the first change after it."""
    rows = uow.session.scalars(
        select(ChangeValue.patch)
        .join(Change, Change.id == ChangeValue.change_id)
        .where(Change.record_id == record_id, Change.version > version, Change.kind.in_(("create", "update")))
        .order_by(Change.id)
    )
    originals: dict[str, Any] = {}
    for patch in rows:
        for name, pair in patch.items():
            item = record_type.changeable.get(name)
            if item is not None and name not in originals:
                originals[name] = KINDS[item.kind].from_json(item, pair[0])
    return originals
