"""One's own last acts as a stack: what Ctrl+Z takes back next, and what Ctrl+Shift+Z does again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from crm.records.changes import UNDO
from crm.records.models import Act, Change, ChangeValue
from crm.records.query import titles
from crm.records.undo.past import OWN_ACTS

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

#: So many acts are looked at: nobody takes more back one by one.
DEPTH: Final = 50


@dataclass(frozen=True, slots=True)
class Scope:
    """Which of one's acts are meant: those that touched a record, or records of a type; all, without either."""

    record_id: int | None = None
    type_key: str | None = None


@dataclass(frozen=True, slots=True)
class ActPart:
    """What an act did of one kind to records of one type.

    Attributes:
        kind: create, update, transition …
        count: how many changes.
        record_id: one of the records.
        title: its name; None when the actor may not see it.
        fields: the names of the fields of that record's change.
    """

    kind: str
    type_key: str
    count: int
    record_id: int
    title: str | None
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ActLine:
    """One act: when, by which cause, and what it did."""

    id: str
    at: datetime
    cause: str
    cause_id: str | None
    parts: tuple[ActPart, ...]
    #: The id of its last change: the order of acts at the same moment.
    last: int


@dataclass(frozen=True, slots=True)
class Stacks:
    """What can be taken back and what can be done again, the next first."""

    undo: tuple[ActLine, ...]
    redo: tuple[ActLine, ...]


def stacks(uow: UnitOfWork, scope: Scope) -> Stacks:
    """Give one's own stacks within a scope: at most four queries, whatever was done."""
    lines = _my_acts(uow, scope)
    done: list[ActLine] = []
    undone: list[ActLine] = []
    for line in sorted(lines, key=lambda one: (one.at, one.last)):
        if line.cause != UNDO:
            done.append(line)
            undone.clear()
        elif any(one.id == line.cause_id for one in done):
            done = [one for one in done if one.id != line.cause_id]
            undone.append(line)
        else:
            undone = [one for one in undone if one.id != line.cause_id]
            done.append(line)
    return Stacks(tuple(reversed(done)), tuple(reversed(undone)))


def _my_acts(uow: UnitOfWork, scope: Scope) -> list[ActLine]:
    mine = (Act.actor_id == uow.actor.user_id, Act.at >= uow.now() - OWN_ACTS)
    within = select(Change.id).where(Change.act_id == Act.id)
    if scope.record_id is not None:
        within = within.where(Change.record_id == scope.record_id)
    if scope.type_key is not None:
        within = within.where(Change.type_id == uow.registry.get(scope.type_key).id)
    acts = uow.session.scalars(select(Act).where(*mine, within.exists()).order_by(Act.at.desc()).limit(DEPTH)).all()
    return describe(uow, acts)


def describe(uow: UnitOfWork, acts: Sequence[Act]) -> list[ActLine]:
    """Give what acts did: three queries, whatever their number."""
    if not acts:
        return []
    last = func.max(Change.id).label("last")
    groups: Sequence[Any] = uow.session.execute(
        select(Change.act_id, Change.kind, Change.type_id, func.count().label("number"), last)
        .where(Change.act_id.in_([act.id for act in acts]))
        .group_by(Change.act_id, Change.kind, Change.type_id)
    ).all()
    examples: dict[int, Any] = {
        row.id: row
        for row in uow.session.execute(
            select(Change.id, Change.record_id, ChangeValue.patch)
            .outerjoin(ChangeValue, ChangeValue.change_id == Change.id)
            .where(Change.id.in_([group.last for group in groups]))
        )
    }
    names = titles(uow, [row.record_id for row in examples.values()], with_trash=True)
    by_act: dict[str, list[tuple[int, ActPart]]] = {}
    for group in groups:
        record_type = uow.registry.by_id.get(group.type_id)
        if record_type is None:
            continue
        example = examples[group.last]
        title = names.get(example.record_id)
        readable = uow.access.readable(record_type.key)
        fields = tuple(name for name in example.patch or {} if readable is None or name in readable or name == "state")
        part = ActPart(
            group.kind, record_type.key, group.number, example.record_id, title.title if title is not None else None, fields
        )
        by_act.setdefault(group.act_id, []).append((group.last, part))
    found = []
    for act in acts:
        parts = sorted(by_act.get(act.id, []), key=lambda pair: pair[0])
        if parts:
            found.append(ActLine(act.id, act.at, act.cause, act.cause_id, tuple(part for _, part in parts), parts[-1][0]))
    return found
