"""One field of a record, edited where it stands: on its page, in a cell of a table, in the quick view, on a card.

A field is changed through the store like any other; a refusal gives back what was typed, and when two people changed the same
field, the three values are laid out to choose from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from crm.kernel.errors import AccessDenied, NotFound, RuleViolation
from crm.kernel.i18n import N_, Message
from crm.lifecycle.engine import Choice
from crm.records.fields import KINDS
from crm.records.query import Row, one
from crm.records.related import history
from crm.records.store.drafts import values_at
from crm.records.store.orders import StaleRecord
from crm.records.types import Field, Links, RecordType
from crm.records.work import UnitOfWork
from crm.screens.forms import Clash, FormField, cleaned, inputs_of, typed_inputs, with_names
from crm.screens.present import Presenter, head_field, value_of
from crm.screens.queries import may_do
from crm.screens.steps import open_steps

STATE: Final = "state"
#: Which of the three values of a conflict was chosen.
MINE, THEIRS, ORIGINAL = "mine", "theirs", "original"
_BY_SYSTEM: Final = N_("“%(field)s” is set by the system.")
#: How far back the history is read to name who changed a field.
_LOOK_BACK: Final = 50


@dataclass(frozen=True, slots=True)
class FieldOrder:
    """A field as it was posted. `began` is the version that the first editor had seen, before a conflict."""

    record_id: int
    name: str
    posted: Mapping[str, str]
    seen_version: int | None = None
    began: int | None = None
    keep: str = MINE


@dataclass(frozen=True, slots=True)
class FieldEditor:
    """What the editor of a field shows. `steps` are those of the state; `clash` is set when two people changed the field."""

    type: RecordType
    row: Row
    field: Field
    seen_version: int
    form: FormField | None = None
    steps: tuple[Choice, ...] = ()
    problems: tuple[Message, ...] = ()
    clash: Clash | None = None
    #: Who stored the other value, and when.
    clashed_by: str = ""
    clashed_at: datetime | None = None
    began: int | None = None
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Saved:
    """A record before and after a field was saved; `undo` names the act when anything was written."""

    type: RecordType
    before: Row
    after: Row
    field: Field
    act_id: str | None


def changed_between(record_type: RecordType, before: Row, after: Row, saved: str = "") -> list[Field]:
    """Give the readable fields that look otherwise now: what was saved (always), and what followed from it."""
    names = dict.fromkeys((saved, "title", STATE, "owner", "updated_at", *after.values))
    pairs = ((name, head_field(record_type, name)) for name in names)
    return [
        item
        for name, item in pairs
        if item is not None
        and (name == saved or value_of(before, name) != value_of(after, name))
        and (name in after.values or name not in record_type.by_name)
    ]


def editable_field(uow: UnitOfWork, row: Row, name: str) -> Field:
    """Give a field that the actor may change on this very record.

    Raises:
        NotFound: there is no such field, or it may not be read.
        AccessDenied, RuleViolation: it may not be changed, and why.
    """
    record_type = uow.registry.get(row.type_key)
    item = head_field(record_type, name)
    readable = uow.access.readable(record_type.key)
    if item is None or (readable is not None and name in record_type.by_name and name not in readable):
        raise NotFound(N_("There is no field “%(field)s”.", field=name[:60]))
    if name == STATE and name not in record_type.by_name:
        if record_type.lifecycle is None:
            raise RuleViolation(N_("There is no status here."))
        return item
    if isinstance(item.place, Links):
        raise RuleViolation(N_("Add and remove links one by one, on the record's page."))
    if item.read_only or name not in record_type.changeable:
        made = N_("The name is made from other fields. Open the record to change them.")
        raise RuleViolation(made if name == "title" else Message(_BY_SYSTEM.msgid, {"field": item.label}))
    if not may_do(uow, "update", record_type, row.id):
        raise AccessDenied(N_("You may read “%(title)s” but not change it.", title=row.title))
    writable = uow.access.writable("update", record_type.key)
    if writable is not None and name not in writable:
        raise AccessDenied(N_("You may not change this field."))
    return record_type.changeable[name]


def open_editor(uow: UnitOfWork, row: Row, name: str) -> FieldEditor:
    """Give the editor of a field as it is stored.

    Raises:
        NotFound, AccessDenied, RuleViolation: see `editable_field`; or no step leads out of the state.
    """
    item = editable_field(uow, row, name)
    record_type = uow.registry.get(row.type_key)
    if name == STATE and name not in record_type.by_name:
        steps = tuple(open_steps(uow, record_type, row))
        if not steps:
            raise RuleViolation(N_("There is no step that you may take from here."))
        return FieldEditor(record_type, row, item, row.version, steps=steps)
    form = _form(uow, row, item, inputs_of(item, value_of(row, name), uow.zone))
    return FieldEditor(record_type, row, item, row.version, form)


def refused_editor(uow: UnitOfWork, order: FieldOrder, problems: Mapping[str, Message]) -> FieldEditor:
    """Give the editor back as it was typed, with what is wrong: at the field, or above it where it belongs to others."""
    row = one(uow, order.record_id)
    editor = open_editor(uow, row, order.name)
    others = [_named(editor.type, name, message) for name, message in problems.items() if name != order.name]
    if editor.form is None:
        own = [message for name, message in problems.items() if name == order.name]
        return replace(editor, problems=(*own, *others), refused=True)
    typed = _form(uow, row, editor.field, typed_inputs(editor.field, order.posted, uow.zone), problems.get(order.name))
    seen = order.seen_version if order.seen_version is not None else row.version
    return replace(editor, form=typed, seen_version=seen, problems=tuple(others), refused=True)


def clashing_editor(uow: UnitOfWork, presenter: Presenter, order: FieldOrder, stale: StaleRecord) -> FieldEditor:
    """Lay a conflict out: mine, what is stored now, and what I had seen; who stored it and when."""
    row = one(uow, order.record_id)
    editor = open_editor(uow, row, order.name)
    item = editor.field
    original, stored = stale.fields.get(order.name, (None, None))
    values = (cleaned(item, order.posted, uow.zone), stored, original)
    presenter.prepare((item, value) for value in values)
    clash = Clash(item, *(presenter.show(item, value) for value in values))
    began = order.began if order.began is not None else order.seen_version
    by, at = who_changed(uow, order.record_id, order.name, began or 0)
    form = _form(uow, row, item, typed_inputs(item, order.posted, uow.zone))
    return replace(
        editor, form=form, seen_version=stale.version, clash=clash, clashed_by=by, clashed_at=at, began=began, refused=True
    )


def who_changed(uow: UnitOfWork, record_id: int, name: str, since: int) -> tuple[str, datetime | None]:
    """Give who changed a field last, after a version, and when; nothing when the history does not tell."""
    lines = history(uow, record_id, limit=_LOOK_BACK)
    found = next((line for line in lines if line.version > since and name in line.patch), None)
    return ("", None) if found is None else (found.actor_name, found.at)


def save_field(uow: UnitOfWork, order: FieldOrder) -> Saved:
    """Change one field, or take a step of the state.

    Raises:
        NotFound, AccessDenied, RuleViolation: it may not be changed, and why.
        InvalidInput: what was typed cannot be accepted.
        StaleRecord: someone else changed the same field since `seen_version`.
    """
    before = one(uow, order.record_id)
    item = editable_field(uow, before, order.name)
    record_type = uow.registry.get(before.type_key)
    if order.name == STATE and order.name not in record_type.by_name:
        step, comment = order.posted.get("step", ""), order.posted.get("comment") or None
        if not step:
            raise RuleViolation(N_("Choose a step first."))
        uow.records.transition(order.record_id, step, seen_version=order.seen_version, comment=comment)
    elif order.keep != THEIRS:
        raw = KINDS[item.kind].from_form(item, order.posted)
        if order.keep == ORIGINAL and order.began is not None:
            originals = values_at(uow, order.record_id, order.began, record_type)
            raw = KINDS[item.kind].to_json(item, originals.get(order.name))
        uow.records.update(order.record_id, {order.name: raw}, seen_version=order.seen_version)
    after = one(uow, order.record_id)
    return Saved(record_type, before, after, item, uow.act.id if uow.act.written else None)


def _form(uow: UnitOfWork, row: Row, item: Field, inputs: Mapping[str, str], error: Message | None = None) -> FormField:
    (found,) = with_names(uow, [FormField(item, inputs, error, prefix=f"r{row.id}")])
    return found


def _named(record_type: RecordType, name: str, message: Message) -> Message:
    found: Any = record_type.changeable.get(name)
    return message if found is None else N_("%(field)s: %(message)s", field=found.label, message=message)
