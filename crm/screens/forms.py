"""A record's form: fields of the type with what was typed, errors beside them, and a conflict laid open when there is one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from crm.kernel.i18n import N_, Label, Message
from crm.records.fields import KINDS, ValueProblem, emails, phones
from crm.records.fields.emails import ROWS
from crm.records.fields.money import currencies_of
from crm.records.query import Title, titles
from crm.records.store.orders import StaleRecord
from crm.records.types import Field, Links, RecordType
from crm.records.work import UnitOfWork
from crm.screens.present import Presenter, Shown, user_names

_TYPES: Final[Mapping[str, Mapping[str, Label]]] = {"emails": emails.TYPES, "phones": phones.TYPES}
_ISO_DAY: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_ISO_TIME: Final = re.compile(r"(\d{2}):(\d{2})")


@dataclass(frozen=True, slots=True)
class FileToken:
    """A file in a form: its number and name, and how the form's input writes it."""

    id: int
    name: str
    token: str


@dataclass(frozen=True, slots=True)
class FormField:
    """One field on a form. `inputs` holds what stands in its inputs, by input name, exactly as typed."""

    field: Field
    inputs: Mapping[str, str]
    error: Message | None = None
    #: A relation's chosen record, and the users that may be chosen.
    chosen: Title | None = None
    users: tuple[tuple[int, str], ...] = ()
    #: Begins the ids of its inputs: another one for a second form on the same page.
    prefix: str = "field"

    @property
    def name(self) -> str:
        """The field's name."""
        return self.field.api_name

    @property
    def id(self) -> str:
        """The id of its first input: where its label and the list of errors lead to."""
        return f"{self.prefix}-{self.name}"

    @property
    def value(self) -> str:
        """What stands in the only input of a plain field."""
        return next(iter(self.inputs.values()), "")

    @property
    def required(self) -> bool:
        """Whether it must be filled in."""
        return self.field.required

    @property
    def currencies(self) -> tuple[str, ...]:
        """The currencies of an amount."""
        return currencies_of(self.field)

    @property
    def types(self) -> Mapping[str, Label]:
        """The types of a typed list."""
        return _TYPES.get(self.field.kind, {})

    @property
    def filled_rows(self) -> int:
        """How many rows of a typed list are to be seen: up to the last that something stands in."""
        return max((row + 1 for row in range(ROWS) if self.part(f"{row}.value").strip()), default=0)

    @property
    def picked_rows(self) -> int:
        """How many rows of picks are to be seen: up to the last that something was picked in."""
        rows = range(len(self.field.options))
        return max((row + 1 for row in rows if self.part(f"{row}.key").strip()), default=0)

    @property
    def files(self) -> tuple[FileToken, ...]:
        """The files of a file field, as its input names them."""
        try:
            found = KINDS["file"].clean(replace(self.field, config={}), self.value, "") or ()
        except ValueProblem:
            return ()
        return tuple(FileToken(one.id, one.name, KINDS["file"].to_form(self.field, (one,), "")[self.name]) for one in found)

    def part(self, name: str) -> str:
        """Give what stands in one of several inputs (`start`, `end_time` …)."""
        return self.inputs.get(f"{self.name}.{name}", "")


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that two people changed: what this form says, what is stored now, and what both had seen."""

    field: Field
    mine: Shown
    stored: Shown
    original: Shown


@dataclass(frozen=True, slots=True)
class RecordForm:
    """A form, ready for the page."""

    type: RecordType
    fields: tuple[FormField, ...]
    record_id: int | None = None
    seen_version: int = 0
    #: Problems that belong to no field on the form.
    problems: tuple[Message, ...] = ()
    clashes: tuple[Clash, ...] = ()
    refused: bool = False
    #: Of a conflict: who stored the other values, when, and the version that this form began with.
    clashed_by: str = ""
    clashed_at: datetime | None = None
    began: int | None = None

    @property
    def errors(self) -> list[tuple[str, Label | None, Message]]:
        """All problems for the box above the form: (id of the input, label, message)."""
        fields = [(item.id, item.field.label, item.error) for item in self.fields if item.error is not None]
        return [*(("", None, message) for message in self.problems), *fields]


def form_fields(uow: UnitOfWork, record_type: RecordType, act: str) -> list[Field]:
    """Give the fields that the actor may fill in: no links (they are added one by one), nothing the system sets."""
    writable = uow.access.writable(act, record_type.key)
    readable = uow.access.readable(record_type.key)
    return [
        item
        for item in record_type.fields
        if not item.read_only
        and not isinstance(item.place, Links)
        and (writable is None or item.api_name in writable)
        and (readable is None or item.api_name in readable)
    ]


def inputs_of(item: Field, value: Any, zone: str) -> dict[str, str]:
    """Give the inputs of a value as people write it here: days as 27.04.2027, times as 10.00."""
    inputs = KINDS[item.kind].to_form(item, value, zone)
    if item.kind != "date":
        return inputs
    return {name: _ISO_TIME.sub(r"\1.\2", _ISO_DAY.sub(r"\3.\2.\1", text)) for name, text in inputs.items()}


def typed_inputs(item: Field, posted: Mapping[str, str], zone: str) -> dict[str, str]:
    """Give the inputs as they were posted; a box that was not ticked is empty."""
    names = KINDS[item.kind].to_form(item, None, zone)
    return {name: posted.get(name, "false" if item.kind == "yes_no" else "") for name in names}


def new_form(uow: UnitOfWork, record_type: RecordType, prefilled: Mapping[str, str]) -> RecordForm:
    """Give an empty form; what the address names is filled in."""
    fields = []
    for item in form_fields(uow, record_type, "create"):
        inputs = inputs_of(item, item.default, uow.zone)
        inputs.update({name: prefilled[name] for name in inputs if name in prefilled})
        fields.append(FormField(item, inputs))
    return RecordForm(record_type, with_names(uow, fields))


def edit_form(uow: UnitOfWork, record_type: RecordType, record_id: int, version: int, values: Mapping[str, Any]) -> RecordForm:
    """Give the form of a record as it is stored."""
    fields = [
        FormField(item, inputs_of(item, values.get(item.api_name), uow.zone)) for item in form_fields(uow, record_type, "update")
    ]
    return RecordForm(record_type, with_names(uow, fields), record_id, version)


def raw_values(
    uow: UnitOfWork,
    record_type: RecordType,
    act: str,
    posted: Mapping[str, str],
    originals: Callable[[], Mapping[str, Any]] = dict,
) -> dict[str, Any]:
    """Give the raw values of a posted form, by field.

    In a conflict a field is left out where "theirs" was chosen; where the original was, `originals` gives what it was.
    """
    found: dict[str, Any] = {}
    for item in form_fields(uow, record_type, act):
        name, kept = item.api_name, posted.get(f"keep.{item.api_name}")
        if kept == "original":
            found[name] = KINDS[item.kind].to_json(item, originals().get(name))
        elif kept != "theirs":
            found[name] = KINDS[item.kind].from_form(item, posted)
    return found


def refused_form(
    uow: UnitOfWork,
    record_type: RecordType,
    posted: Mapping[str, str],
    problems: Mapping[str, Message],
    *,
    record_id: int | None = None,
    seen_version: int = 0,
) -> RecordForm:
    """Give the form back as it was typed, with each problem beside its field; what is missing is said in the same round."""
    items = form_fields(uow, record_type, "create" if record_id is None else "update")
    problems = {**_missing(items, posted, uow.zone), **problems}
    fields = [FormField(item, typed_inputs(item, posted, uow.zone), problems.get(item.api_name)) for item in items]
    shown = {item.api_name for item in items}
    others = tuple(_named(record_type, name, message) for name, message in problems.items() if name not in shown)
    return RecordForm(record_type, with_names(uow, fields), record_id, seen_version, others, refused=True)


def _missing(items: Sequence[Field], posted: Mapping[str, str], zone: str) -> dict[str, Message]:
    """Give the required fields that nothing was typed in; a field with a default may be left to it."""
    return {
        item.api_name: N_("“%(field)s” must be filled in.", field=item.label)
        for item in items
        if item.required and item.default is None and _is_blank(item, posted, zone)
    }


def _is_blank(item: Field, posted: Mapping[str, str], zone: str) -> bool:
    kind = KINDS[item.kind]
    if item.kind == "yes_no":
        return not posted.get(item.api_name, "").strip()
    try:
        return kind.clean(item, kind.from_form(item, posted), zone) is None
    except ValueProblem:
        return False  # something is there, and the store says what is wrong with it


def _named(record_type: RecordType, name: str, message: Message) -> Message:
    found = record_type.by_name.get(name)
    return message if found is None else N_("%(field)s: %(message)s", field=found.label, message=message)


def clashing_form(
    uow: UnitOfWork,
    presenter: Presenter,
    posted: Mapping[str, str],
    stale: StaleRecord,
    stored: Mapping[str, Any],
    originals: Mapping[str, Any],
) -> RecordForm:
    """Give the form of a stale save: mine stays in the inputs, and each clash shows mine, theirs and what both had seen.

    What others changed and this form did not touch is taken over, so that the next save does not undo it.
    """
    record_type = uow.registry.get(presenter.uow.registry.get(stored["type"]).key)
    fields, facts = [], []
    for item in form_fields(uow, record_type, "update"):
        name = item.api_name
        inputs = typed_inputs(item, posted, uow.zone)
        if name in stale.fields:
            original, now = stale.fields[name]
            facts.append((item, cleaned(item, posted, uow.zone), now, original))
        elif name in originals and cleaned(item, posted, uow.zone) == originals[name]:
            inputs = inputs_of(item, stored.get(name), uow.zone)
        fields.append(FormField(item, inputs))
    presenter.prepare((item, value) for item, *values in facts for value in values)
    clashes = tuple(Clash(item, *(presenter.show(item, value) for value in values)) for item, *values in facts)
    return RecordForm(record_type, with_names(uow, fields), stale.record_id, stale.version, clashes=clashes, refused=True)


def cleaned(item: Field, posted: Mapping[str, str], zone: str) -> Any:
    """Give the value that was typed; None where it is none of this kind."""
    kind = KINDS[item.kind]
    try:
        return kind.clean(item, kind.from_form(item, posted), zone)
    except ValueProblem:
        return None


def with_names(uow: UnitOfWork, fields: Sequence[FormField]) -> tuple[FormField, ...]:
    """Add the names of chosen records (one query a type) and the users to choose from (one query)."""
    chosen = {
        int(item.value) for item in fields if item.field.kind == "relation" and item.value.isdecimal() and len(item.value) < 16
    }
    known = titles(uow, chosen)
    users = tuple(user_names(uow).items()) if any(item.field.kind in {"user", "users"} for item in fields) else ()
    found = []
    for item in fields:
        more: dict[str, Any] = {}
        if item.field.kind == "relation" and item.value.isdecimal():
            more["chosen"] = known.get(int(item.value))
        elif item.field.kind in {"user", "users"}:
            more["users"] = users
        found.append(replace(item, **more))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class LinkForm:
    """The little form that adds a link, or changes one (`link_id`), as typed."""

    field: str
    outgoing: bool
    other: str = ""
    role: str = ""
    from_on: str = ""
    to_on: str = ""
    note: str = ""
    chosen: Title | None = None
    problems: tuple[Message, ...] = ()
    link_id: int | None = None
