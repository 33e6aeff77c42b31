"""The steps out of a record's state, as its page, its cell in a list and the board offer them."""

from __future__ import annotations

from crm.lifecycle.engine import Choice
from crm.records.query import Row
from crm.records.types import RecordType
from crm.records.work import UnitOfWork
from crm.screens.present import plain_values
from crm.screens.queries import may_do


def open_steps(uow: UnitOfWork, record_type: RecordType, row: Row) -> list[Choice]:
    """Give the steps that the actor has the right to; a blocked one with its reasons."""
    if record_type.lifecycle is None:
        return []
    possible = [step for step in record_type.lifecycle.transitions if row.state in step.sources and step.by_hand]
    rights = {step.act or step.key for step in possible}
    allowed = {act for act in sorted(rights) if may_do(uow, act, record_type, row.id)}
    if not allowed:
        return []
    whole = uow.access.readable(record_type.key) is None
    values = plain_values(row) if whole else uow.records.values(row.id)
    choices = record_type.lifecycle.choices(row.state, values, record_type.facts(uow, row.id))
    return [
        choice for choice in choices if choice.transition.by_hand and (choice.transition.act or choice.transition.key) in allowed
    ]
