"""Running a type's pure functions on a draft: normalise, derive, check, title; and finding out what changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from crm.kernel.errors import InvalidInput
from crm.kernel.i18n import N_, Message
from crm.records.fields import KINDS, ValueProblem
from crm.records.store.context import BatchContext
from crm.records.store.orders import Draft
from crm.records.types import RecordType, Values

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork


def apply_rules(uow: UnitOfWork, draft: Draft, context: BatchContext) -> None:
    """Run the rules and note the changes.

    Raises:
        InvalidInput: everything that is wrong with the draft, what was found before included.
    """
    record_type = uow.registry.get(draft.type_key)
    functions = record_type.functions
    head = {
        "id": draft.record_id,
        "type": draft.type_key,
        "state": draft.state,
        "version": draft.version,
        "owner": draft.owner_id,
        "deleted_at": None,
    }
    new = {**draft.new}
    _lay(draft, record_type, new, functions.normalise(draft.new), uow.zone)
    _lay(draft, record_type, new, functions.derive(draft.old, {**head, **new}, context), uow.zone)
    for name, problem in (*_missing(uow, record_type, draft, new), *functions.check(draft.old, {**head, **new}, context).items()):
        draft.problems.setdefault(name, problem)
    if draft.problems:
        raise InvalidInput(draft.problems)
    draft.new = new
    draft.title = (functions.title({**head, **new}) or "").strip()[:500] or f"#{draft.record_id or '?'}"
    old = draft.old or {}
    draft.changed = {
        name: (old.get(name), value) for name, value in new.items() if name in record_type.by_name and old.get(name) != value
    }
    if draft.old is not None and draft.old["owner"] != draft.owner_id and "owner" not in record_type.by_name:
        draft.changed["owner"] = (draft.old["owner"], draft.owner_id)
    if draft.old is None:
        context.note_new(draft.type_key, {**head, **new, "title": draft.title})
    elif draft.changed:
        context.note_changed(draft.record_id, {**head, **new, "title": draft.title, "version": draft.version + 1})


def _lay(draft: Draft, record_type: RecordType, new: dict[str, Any], found: Values, zone: str) -> None:
    """Lay what a rule gave over the values: as clean as if a person had typed it, so that a rule cannot store what no one may."""
    for name, value in found.items():
        item = record_type.by_name.get(name)
        if item is None or value is new.get(name):
            new[name] = value
            continue
        try:
            new[name] = KINDS[item.kind].clean(item, value, zone)
        except ValueProblem as problem:
            draft.problems.setdefault(name, problem.message)


def _missing(uow: UnitOfWork, record_type: RecordType, draft: Draft, new: Mapping[str, Any]) -> Iterable[tuple[str, Message]]:
    """What must be filled in; an automatic number is given when all else is well."""
    for item in uow.registry.storage(record_type.key).needed:
        touched = draft.old is None or item.api_name in draft.order.values
        if touched and new.get(item.api_name) is None:
            yield item.api_name, N_("“%(field)s” must be filled in.", field=item.label)
