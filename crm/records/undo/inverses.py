"""How each kind of change is taken back, through the store and under today's rights.

A feature that writes changes of a kind of its own says here how they are undone: `register_inverse("file", undo_file)`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement

from crm.kernel.errors import RuleViolation
from crm.kernel.i18n import N_, Message
from crm.records.models import Change
from crm.records.store.context import read_values
from crm.records.store.links import find_link
from crm.records.types import Field
from crm.records.undo.past import Past
from crm.records.undo.report import Skipped
from crm.records.undo.since import changed_by_others, last_change

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

#: Takes one change back; gives what it left alone. A refusal of the store may pass through: it is reported with its reason.
Inverse = Callable[["UnitOfWork", Past], Sequence[Skipped]]
#: Names what an act did that cannot be taken back, and, with `undo`, stops what can still be stopped.
Remains = Callable[["UnitOfWork", str, bool], Sequence[Message]]

#: When a change is taken back: what comes back first, then fields, then all else, and last what goes to the trash.
FIRST, FIELDS, THEN, LAST = range(4)
CHANGED_SINCE: Final = N_("It has been changed since.")


@dataclass(frozen=True, slots=True)
class _Known:
    run: Inverse
    phase: int


_inverses: dict[str, _Known] = {}
_remains: list[Remains] = []


def register_inverse(kind: str, run: Inverse, *, phase: int = THEN) -> None:
    """Say how changes of a kind are taken back; one of the same kind is replaced."""
    _inverses[kind] = _Known(run, phase)


def register_remains(tell: Remains) -> None:
    """Have somebody asked what an act did beside its changes (mails, flows) that cannot be taken back."""
    if tell not in _remains:
        _remains.append(tell)


def kinds_of(phase: int) -> ColumnElement[bool]:
    """Give the condition on `Change.kind` for what is taken back in a phase; kinds that nobody knows stand among the rest."""
    if phase == THEN:
        return Change.kind.not_in(["update", *(kind for kind, known in _inverses.items() if known.phase != THEN)])
    kinds = [kind for kind, known in _inverses.items() if known.phase == phase]
    return Change.kind.in_([*kinds, "update"] if phase == FIELDS else kinds)


def take_back(uow: UnitOfWork, past: Past) -> Sequence[Skipped]:
    """Take one change back.

    Raises:
        RuleViolation: nobody knows how.
    """
    known = _inverses.get(past.kind)
    if known is None:
        raise RuleViolation(N_("This cannot be undone."))
    return known.run(uow, past)


def what_remains(uow: UnitOfWork, act_id: str, *, undo: bool) -> list[Message]:
    """Name what an act did that cannot be taken back; with `undo`, what can still be stopped is."""
    return [message for tell in _remains for message in tell(uow, act_id, undo)]


def _since(uow: UnitOfWork, past: Past, names: Sequence[str], item: Field | None = None) -> Skipped:
    """Word that something was changed since: by whom, and when."""
    found = last_change(uow, past, names)
    label = item.label if item is not None else None
    return Skipped(past.record_id, CHANGED_SINCE, label, found.who if found else None, found.at if found else None)


def _undo_create(uow: UnitOfWork, past: Past) -> Sequence[Skipped]:
    """A new record goes to the trash, unless others have worked on it."""
    found = changed_by_others(uow, past)
    if found is not None:
        return [Skipped(past.record_id, N_("Others have worked on it since."), None, found.who, found.at)]
    uow.records.delete(past.record_id)
    return ()


def _undo_delete(uow: UnitOfWork, past: Past) -> Sequence[Skipped]:
    if read_values(uow, [past.record_id]):
        # A part has come back with what it is a part of.
        return [] if past.type.part_of is not None else [_since(uow, past, ())]
    uow.records.restore(past.record_id)
    return ()


def _undo_restore(uow: UnitOfWork, past: Past) -> Sequence[Skipped]:
    if not read_values(uow, [past.record_id]):
        return [_since(uow, past, ())]
    uow.records.delete(past.record_id)
    return ()


def _undo_transition(uow: UnitOfWork, past: Past) -> Sequence[Skipped]:
    """The old state comes back, if the record still stands where the step took it."""
    old, new = past.patch.get("state", (None, None))
    current = read_values(uow, [past.record_id], hold="update").get(past.record_id)
    if current is not None and current["state"] != new:
        return [_since(uow, past, ("state",))]
    uow.records.step_back(past.record_id, old, new)
    return ()


def _undo_link(uow: UnitOfWork, past: Past) -> Sequence[Skipped]:
    for field, (_old, facts) in past.patch.items():
        link_id = find_link(uow, past.record_id, field, facts)
        if link_id is None:
            return [_since(uow, past, (field,), past.type.by_name.get(field))]
        uow.records.unlink(link_id)
    return ()


def _undo_unlink(uow: UnitOfWork, past: Past) -> Sequence[Skipped]:
    for field, (facts, _new) in past.patch.items():
        if find_link(uow, past.record_id, field, facts) is not None:
            return [_since(uow, past, (field,), past.type.by_name.get(field))]
        days = (_day(facts, "from_on"), _day(facts, "to_on"))
        uow.records.link(past.record_id, field, facts["to"], role=facts["role"], from_on=days[0], to_on=days[1], note=facts["note"])
    return ()


def _day(facts: Mapping[str, Any], name: str) -> date | None:
    return date.fromisoformat(facts[name]) if facts.get(name) else None


for _kind, _run, _phase in (
    ("create", _undo_create, LAST),
    ("delete", _undo_delete, FIRST),
    ("restore", _undo_restore, LAST),
    ("transition", _undo_transition, THEN),
    ("link", _undo_link, THEN),
    ("unlink", _undo_unlink, THEN),
):
    register_inverse(_kind, _run, phase=_phase)
