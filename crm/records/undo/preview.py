"""What undoing an act would do, before it is done: each field with its old value, and what would be left alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from crm.kernel.i18n import Message
from crm.records.fields import KINDS
from crm.records.query import Title, titles
from crm.records.types import Field
from crm.records.undo.acts import START, next_slice
from crm.records.undo.fields import plan_fields
from crm.records.undo.inverses import what_remains
from crm.records.undo.past import Past, act_to_undo, changes_in
from crm.records.undo.report import Skipped

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

#: So many changes are shown; the rest is a number.
MOST: Final = 50


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One change of the act: which record, and per field the value now and the value that would come back."""

    title: Title
    kind: str
    fields: tuple[tuple[Field, Any, Any], ...]
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What undoing an act would do. `more`: changes that are not shown, or of records that the actor may not see."""

    act_id: str
    lines: tuple[PreviewLine, ...]
    more: int
    remains: Sequence[Message]


def preview(uow: UnitOfWork, act_id: str) -> Preview:
    """Look at what `undo_act` would do; nothing is written, and what the store would refuse is not known yet.

    Raises:
        NotFound, AccessDenied, RuleViolation: as `undo_act`.
    """
    act_to_undo(uow, act_id)
    pasts: list[Past] = []
    place: tuple[int, int] | None = START
    while place is not None and len(pasts) < MOST:
        found, place = next_slice(uow, act_id, place, MOST - len(pasts))
        pasts += found
    names = titles(uow, {past.record_id for past in pasts}, with_trash=True)
    plans = {plan.past.change_id: plan for plan in plan_fields(uow, [past for past in pasts if past.kind == "update"])}
    lines = []
    for past in pasts:
        title = names.get(past.record_id)
        if title is None:
            continue
        plan = plans.get(past.change_id)
        readable = uow.access.readable(past.type.key)
        shown = tuple(
            (item, *(KINDS[item.kind].from_json(item, side) for side in (past.patch[name][1], past.patch[name][0])))
            for name in (plan.values if plan is not None else ())
            if (item := past.type.changeable.get(name)) is not None and (readable is None or name in readable or name == "owner")
        )
        lines.append(PreviewLine(title, past.kind, shown, tuple(plan.skipped) if plan is not None else ()))
    return Preview(act_id, tuple(lines), max(0, changes_in(uow, act_id) - len(lines)), what_remains(uow, act_id, undo=False))
