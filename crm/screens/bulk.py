"""What the dialog of a bulk edit shows: the fields one may choose, the control of the chosen one, the states to move to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from crm.kernel.errors import AccessDenied, InvalidInput
from crm.kernel.i18n import N_, Label, Message
from crm.records.bulk import CHANGE, DELETE, MODES, SET, SMALL, STATE, BulkOrder, Chosen, count_chosen, targets
from crm.records.bulk.orders import editable
from crm.records.fields import KINDS
from crm.records.types import Field, RecordType
from crm.records.work import UnitOfWork
from crm.screens.forms import FormField, inputs_of, typed_inputs, with_names
from crm.screens.listing.table import Asked

#: Names of the dialog's own inputs: no field can be called so.
IDS: Final = "bulk-ids"
WHOLE: Final = "bulk-whole"
LIST: Final = "bulk-list"
NUMBER: Final = "bulk-number"
FIELD: Final = "bulk-field"
MODE: Final = "bulk-mode"
TARGET: Final = "bulk-target"
#: `owner` is the change of one field, offered by itself because it is what one does most.
OWNER: Final = "owner"
ACTS: Final = (CHANGE, OWNER, STATE, DELETE)
_PREFIX: Final = "bulk"


@dataclass(frozen=True, slots=True)
class BulkDialog:
    """A dialog, ready to be drawn.

    Attributes:
        act: change, owner, state or delete.
        number: of how many records, exactly.
        fields: those to choose from.
        form: the control of the chosen field.
        states: those to move to.
        problems: what is wrong, but for the field's own.
    """

    type: RecordType
    act: str
    number: int
    ids: str
    whole: bool
    address: str
    fields: tuple[Field, ...] = ()
    form: FormField | None = None
    modes: bool = False
    mode: str = SET
    states: tuple[tuple[str, Label], ...] = ()
    target: str = ""
    problems: tuple[Message, ...] = ()

    @property
    def is_job(self) -> bool:
        """Whether it will go on in the background."""
        return self.number > SMALL

    @property
    def noun(self) -> Label:
        """The type's name for so many."""
        return self.type.names.one if self.number == 1 else self.type.names.many


def chosen_of(asked: Asked, posted: Mapping[str, str]) -> Chosen:
    """Read which records are meant: the boxes, or the whole of the list's result."""
    if posted.get(WHOLE) == "1":
        return Chosen(where=asked.where, whole=True)
    parts = posted.get(IDS, "").split(",")
    return Chosen(tuple(int(part) for part in parts if part.isdecimal() and part.isascii() and len(part) < 20))


def order_of(uow: UnitOfWork, record_type: RecordType, act: str, posted: Mapping[str, str]) -> BulkOrder:
    """Read what is to be done.

    Raises:
        InvalidInput: there is no such act or field.
    """
    if act == DELETE:
        return BulkOrder(record_type.key, DELETE)
    if act == STATE:
        return BulkOrder(record_type.key, STATE, target=posted.get(TARGET, ""))
    item = _chosen_field(editable(uow, record_type), act, posted)
    if item is None:
        raise InvalidInput({FIELD: N_("Choose a field.")})
    raw = KINDS[item.kind].from_form(item, posted)
    return BulkOrder(record_type.key, CHANGE, item.api_name, posted.get(MODE, SET), raw)


def _chosen_field(fields: list[Field], act: str, posted: Mapping[str, str]) -> Field | None:
    name = OWNER if act == OWNER else posted.get(FIELD, "")
    return next((item for item in fields if item.api_name == name), None)


def dialog(
    uow: UnitOfWork, asked: Asked, act: str, posted: Mapping[str, str], problems: Mapping[str, Message] | None = None
) -> BulkDialog:
    """Give the dialog of an act on the chosen records, with what was typed.

    Raises:
        AccessDenied: the actor may do this to no record of the type.
        InvalidInput: there is no such act, or nothing is chosen.
    """
    record_type = asked.type
    uow.access.require(DELETE if act == DELETE else "read", record_type.key)
    number = count_chosen(uow, record_type.key, chosen_of(asked, posted))
    found = BulkDialog(
        record_type,
        act,
        number,
        posted.get(IDS, ""),
        posted.get(WHOLE) == "1",
        posted.get(LIST, ""),
        problems=() if number else (N_("Choose some records first."),),
    )
    said = dict(problems or {})
    if act == STATE:
        found = replace(found, states=tuple(targets(uow, record_type)), target=posted.get(TARGET, ""))
    elif act != DELETE:
        found = _with_fields(uow, found, posted, said)
    return replace(found, problems=(*found.problems, *said.values()))


def _with_fields(uow: UnitOfWork, found: BulkDialog, posted: Mapping[str, str], said: dict[str, Message]) -> BulkDialog:
    """Add the fields and the control of the chosen one; the chosen field's problem stands beside it."""
    uow.access.require("update", found.type.key)
    fields = editable(uow, found.type)
    item = _chosen_field(fields, found.act, posted)
    if found.act == OWNER and item is None:
        raise AccessDenied(N_("You may not change this field."))
    form = None if item is None else control(uow, item, posted, said.pop(item.api_name, None))
    several = item is not None and KINDS[item.kind].several
    mode = posted.get(MODE, SET)
    return replace(found, fields=tuple(fields), form=form, modes=several, mode=mode if mode in MODES else SET)


def control(uow: UnitOfWork, item: Field, posted: Mapping[str, str], problem: Message | None = None) -> FormField:
    """Give a field's control: empty, or as it was typed."""
    typed = any(name == item.api_name or name.startswith(f"{item.api_name}.") for name in posted)
    inputs = typed_inputs(item, posted, uow.zone) if typed else inputs_of(item, None, uow.zone)
    (found,) = with_names(uow, [FormField(item, inputs, problem, prefix=_PREFIX)])
    return found
