"""Moving a card to another column: a step of the lifecycle where the columns are states, else a change of the field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm.kernel.errors import Conflict, RuleViolation
from crm.kernel.i18n import N_, Message
from crm.lifecycle.engine import Transition
from crm.records.query import Row
from crm.records.types import Field, RecordType
from crm.records.work import UnitOfWork
from crm.screens.board.columns import Column, key_of, one_column
from crm.screens.board.load import may_move
from crm.screens.present import plain_values, value_of
from crm.screens.queries import may_do


@dataclass(frozen=True, slots=True)
class Way:
    """A way to another column: a step by its key (empty: a change of the field), and what stands against it."""

    column: Column
    step: Transition | None = None
    reasons: tuple[Message, ...] = ()


class SeveralSteps(RuleViolation):
    """More than one step leads there: the one who moves the card says which."""

    code = "several_steps"

    def __init__(self, steps: Sequence[Transition]) -> None:
        self.steps = tuple(steps)
        super().__init__(N_("Several steps lead there. Choose one."))


def ways(uow: UnitOfWork, record_type: RecordType, field: Field, row: Row, columns: Sequence[Column]) -> list[Way]:
    """Give where a card may go from where it is, for the menu that does what dragging does; what is blocked says why."""
    if field.api_name != "state":
        here = key_of(value_of(row, field.api_name))
        return [Way(column) for column in columns if column.key != here and not column.retired]
    return [way for way in _steps(uow, record_type, row) if way.step is not None]


def _steps(uow: UnitOfWork, record_type: RecordType, row: Row) -> list[Way]:
    lifecycle = record_type.lifecycle
    if lifecycle is None:
        return []
    values = plain_values(row) if uow.access.readable(record_type.key) is None else uow.records.values(row.id)
    found = []
    for choice in lifecycle.choices(row.state, values, record_type.facts(uow, row.id)):
        step, target = choice.transition, lifecycle.by_key[choice.transition.target]
        if step.by_hand and step.target != row.state and may_do(uow, step.act or step.key, record_type, row.id):
            found.append(Way(Column(target.key, target.key, target.label, target.colour), step, choice.reasons))
    return found


def move_card(
    uow: UnitOfWork, record_type: RecordType, field: Field, row: Row, *, source: str, to: str, step: str | None, seen: int | None
) -> bool:
    """Move a card; False when it is there already.

    Args:
        uow: a write transaction.
        record_type: the card's type.
        field: what the board's columns are made of.
        row: the card as it is now.
        source: the column in which the one who moves it saw it.
        to: the column it goes to.
        step: which step of the lifecycle, where more than one leads there.
        seen: the version that the one who moves it saw.

    Raises:
        Conflict: it is no longer in the column where it was seen.
        SeveralSteps: more than one step leads there, and none was chosen.
        RuleViolation: no step leads there, a guard says no, or there is no such column.
        AccessDenied, InvalidInput: from the store.
    """
    here = key_of(value_of(row, field.api_name))
    if here == to:
        return False
    column = one_column(uow, field, to)
    if column is None or column.retired:
        raise RuleViolation(N_("Cards cannot be moved into that column."))
    if here != source:
        raise Conflict(N_("Someone else has moved it on in the meantime."))
    if field.api_name == "state":
        _take_step(uow, record_type, row, to, step, seen)
    elif field.api_name not in record_type.changeable or not may_move(uow, record_type, field):
        raise RuleViolation(N_("“%(field)s” cannot be changed here.", field=field.label))
    else:
        uow.records.update(row.id, {field.api_name: column.value}, seen_version=seen)
    return True


def _take_step(uow: UnitOfWork, record_type: RecordType, row: Row, to: str, chosen: str | None, seen: int | None) -> None:
    lifecycle = record_type.lifecycle
    if lifecycle is None:
        raise RuleViolation(N_("Cards cannot be moved into that column."))
    leading = [step for step in lifecycle.transitions if row.state in step.sources and step.target == to]
    by_hand = [step for step in leading if step.by_hand]
    target = lifecycle.by_key[to].label
    if not leading:
        state = lifecycle.by_key.get(row.state or "")
        current = N_("unknown") if state is None else state.label
        raise RuleViolation(N_("No step leads from “%(state)s” to “%(target)s”.", state=current, target=target))
    if not by_hand:
        raise RuleViolation(N_("“%(target)s” is set by what is done on the record's own page, not by hand.", target=target))
    allowed = [step for step in by_hand if may_do(uow, step.act or step.key, record_type, row.id)] or by_hand
    if chosen is None and len(allowed) > 1:
        raise SeveralSteps(allowed)
    step = next((one for one in allowed if one.key == chosen), None) if chosen is not None else allowed[0]
    if step is None:
        raise RuleViolation(N_("That step does not lead to “%(target)s”.", target=target))
    uow.records.transition(row.id, step.key, seen_version=seen)
