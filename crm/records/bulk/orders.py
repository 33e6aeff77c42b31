"""What may be done to many records at once, and whether it can be begun at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from crm.kernel.errors import AccessDenied, InvalidInput
from crm.kernel.i18n import N_, Label, Message
from crm.records.fields import KINDS, ValueProblem
from crm.records.types import Field, Links, RecordType

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

CHANGE: Final = "change"
STATE: Final = "state"
DELETE: Final = "delete"
#: What becomes of the values that are there: replaced, or kept and some more added or taken away.
SET: Final = "set"
ADD: Final = "add"
REMOVE: Final = "remove"
MODES: Final = (SET, ADD, REMOVE)
#: Kinds of which each record must have its own.
_OWN: Final = frozenset({"auto_number", "file", "files"})


@dataclass(frozen=True, slots=True)
class BulkOrder:
    """One act on many records of a type.

    Attributes:
        type_key: the type.
        act: `change` a field, move to a `state`, `delete` to the trash.
        field: of a change, the field's name.
        mode: of a field with several values: `set`, `add`, `remove`.
        value: of a change, the raw value; after `checked`, the value's JSON form.
        target: of a state, its key.
    """

    type_key: str
    act: str
    field: str = ""
    mode: str = SET
    value: Any = None
    target: str = ""

    def to_json(self) -> dict[str, Any]:
        """Give it as a job keeps it."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> BulkOrder:
        """Read what `to_json` gave."""
        return cls(**kept)


def editable(uow: UnitOfWork, record_type: RecordType) -> list[Field]:
    """Give the fields that many records can be given at once, in the order of the form."""
    writable = uow.access.writable("update", record_type.key)
    readable = uow.access.readable(record_type.key)
    return [
        item
        for name, item in record_type.changeable.items()
        if not item.read_only
        and not isinstance(item.place, Links)
        and item.kind not in _OWN
        and not item.config.get("unique")
        and (writable is None or name in writable)
        and (readable is None or name in readable or name not in record_type.by_name)
    ]


def targets(uow: UnitOfWork, record_type: RecordType) -> list[tuple[str, Label]]:
    """Give the states that a person may move records to, by their lifecycle and rights."""
    lifecycle = record_type.lifecycle
    if lifecycle is None:
        return []
    steps = [step for step in lifecycle.transitions if step.by_hand and uow.access.may(step.act or step.key, record_type.key)]
    reached = {step.target for step in steps}
    return [(state.key, state.label) for state in lifecycle.states if state.key in reached]


def checked(uow: UnitOfWork, order: BulkOrder) -> BulkOrder:
    """Give the order with its value cleaned, or refuse it before anything is begun.

    Raises:
        AccessDenied: the actor may do this to no record of the type.
        InvalidInput: there is no such field, act or state, or the value cannot be accepted.
    """
    record_type = uow.registry.get(order.type_key)
    uow.access.require("read", record_type.key)
    if order.act == CHANGE:
        return _checked_change(uow, record_type, order)
    if order.act == DELETE:
        uow.access.require("delete", record_type.key)
        return order
    if order.act != STATE:
        raise InvalidInput({"act": N_("Choose what to do.")})
    if order.target not in {key for key, _label in targets(uow, record_type)}:
        raise InvalidInput({"target": N_("Choose a status from the list.")})
    return order


def _checked_change(uow: UnitOfWork, record_type: RecordType, order: BulkOrder) -> BulkOrder:
    uow.access.require("update", record_type.key)
    item = next((one for one in editable(uow, record_type) if one.api_name == order.field), None)
    if item is None:
        if order.field in record_type.changeable:
            raise AccessDenied(N_("You may not change this field."))
        raise InvalidInput({"field": N_("Choose a field.")})
    kind = KINDS[item.kind]
    if order.mode not in MODES or (order.mode != SET and not kind.several):
        raise InvalidInput({"mode": N_("Choose what to do with the values that are there.")})
    try:
        value = kind.clean(item, order.value, uow.zone)
    except ValueProblem as problem:
        raise InvalidInput({order.field: problem.message}) from None
    if value is None and (item.required or order.mode != SET):
        raise InvalidInput({order.field: N_("“%(field)s” must be filled in.", field=item.label)})
    return replace(order, value=kind.to_json(item, value))


def job_title(record_type: RecordType, order: BulkOrder, number: int) -> Message:
    """Say what an order is about to do, as a heading."""
    what = {"number": number, "many": _noun(record_type, number)}
    if order.act == CHANGE:
        return N_("Change “%(field)s” on %(number)s %(many)s", field=record_type.changeable[order.field].label, **what)
    if order.act == DELETE:
        return N_("Put %(number)s %(many)s into the trash", **what)
    return N_("Move %(number)s %(many)s to “%(state)s”", state=state_label(record_type, order.target), **what)


def done_words(record_type: RecordType, order: BulkOrder, number: int) -> Message:
    """Say what an order did, for a toast."""
    what = {"number": number, "many": _noun(record_type, number)}
    if order.act == CHANGE:
        return N_("“%(field)s” is changed on %(number)s %(many)s.", field=record_type.changeable[order.field].label, **what)
    if order.act == DELETE:
        return N_("%(number)s %(many)s put into the trash.", **what)
    return N_("Status changed on %(number)s %(many)s: “%(state)s”.", state=state_label(record_type, order.target), **what)


def state_label(record_type: RecordType, key: str) -> Label:
    """Give a state's name."""
    state = record_type.lifecycle.by_key.get(key) if record_type.lifecycle is not None else None
    return state.label if state is not None else Label(key)


def _noun(record_type: RecordType, number: int) -> Label:
    return record_type.names.one if number == 1 else record_type.names.many
