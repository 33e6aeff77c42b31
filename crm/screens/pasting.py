"""Many cells of a table changed at once: pasted from a sheet, emptied, filled down. One act, so one step to undo.

A cell is read as an import reads it (`FieldKind.from_text`); what cannot be accepted is refused cell by cell with its reason, and
the other cells of its row are saved all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from crm.kernel.errors import AccessDenied, Conflict, DomainError, InvalidInput, NotFound, RuleViolation
from crm.kernel.i18n import N_, Label, Message
from crm.records.fields import KINDS, ValueProblem
from crm.records.query import Row, one
from crm.records.store.orders import StaleRecord
from crm.records.types import Field, RecordType
from crm.records.work import UnitOfWork
from crm.screens.inline import STATE, editable_field
from crm.screens.present import head_field, value_of
from crm.screens.steps import open_steps
from crm.screens.text_values import NameReader

#: More cells than this are work for an import.
MOST: Final = 2000
_REFUSALS: Final = (InvalidInput, RuleViolation, Conflict, AccessDenied, NotFound)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell to change: to a text, or to the value of another record's field (`source`), exactly as that is stored."""

    record_id: int
    field: str
    text: str = ""
    seen_version: int | None = None
    source: tuple[int, str] | None = None


@dataclass(frozen=True, slots=True)
class RefusedCell:
    """A cell that was not changed, and why."""

    record_id: int
    field: str
    title: str
    label: Label | Message | str
    reason: Message


@dataclass(slots=True)
class Pasted:
    """What came of it: rows before and after, and the cells that were refused."""

    rows: list[tuple[Row, Row]] = field(default_factory=list)
    refused: list[RefusedCell] = field(default_factory=list)
    changed: int = 0
    act_id: str | None = None


def paste(uow: UnitOfWork, record_type: RecordType, cells: Sequence[Cell], *, try_only: bool = False) -> Pasted:
    """Change cells of one type's records, row by row; with `try_only` everything is checked and nothing kept.

    Raises:
        InvalidInput: there are more cells than `MOST`.
    """
    if len(cells) > MOST:
        raise InvalidInput({"cells": N_("At most %(most)s cells at once. Import larger amounts.", most=MOST)})
    by_row: dict[int, list[Cell]] = {}
    for cell in cells:
        by_row.setdefault(cell.record_id, []).append(cell)
    names = NameReader(uow, record_type, ((cell.field, cell.text) for cell in cells if cell.source is None))
    result = Pasted()
    with uow.session.begin_nested() as everything:
        for record_id, own in by_row.items():
            _Line(uow, record_type, names, result).save(record_id, own)
        if try_only:
            everything.rollback()
        elif result.rows:
            result.act_id = uow.act.id
    return result


class _Line:
    """One row of the table: its cells are saved together, without those that are refused."""

    def __init__(self, uow: UnitOfWork, record_type: RecordType, names: NameReader, result: Pasted) -> None:
        self.uow = uow
        self.type = record_type
        self.names = names
        self.result = result

    def save(self, record_id: int, cells: Sequence[Cell]) -> None:
        try:
            before = one(self.uow, record_id, type_key=self.type.key)
        except NotFound as error:
            for cell in cells:
                self._refuse(cell, "", error.message)
            return
        values: dict[str, Any] = {}
        steps: list[Cell] = []
        for cell in cells:
            try:
                item = editable_field(self.uow, before, cell.field)
                if cell.field == STATE and cell.field not in self.type.by_name:
                    steps.append(cell)
                else:
                    values[cell.field] = self._raw(item, cell)
            except (DomainError, ValueProblem) as error:
                self._refuse(cell, before.title, _reason(error, cell.field))
        self._update(before, cells, values)
        for cell in steps:
            self._step(before, cell)
        after = one(self.uow, record_id, type_key=self.type.key)
        if after.version != before.version:
            self.result.rows.append((before, after))
            names = {cell.field for cell in cells}
            self.result.changed += sum(1 for name in names if value_of(before, name) != value_of(after, name))

    def _raw(self, item: Field, cell: Cell) -> Any:
        if cell.source is None:
            return self.names.read(item, cell.text)
        source = one(self.uow, cell.source[0], type_key=self.type.key)
        if cell.source[1] != cell.field:
            raise RuleViolation(N_("A value can be copied within its own column only."))
        return KINDS[item.kind].to_json(item, value_of(source, cell.field))

    def _update(self, before: Row, cells: Sequence[Cell], values: dict[str, Any]) -> None:
        """Save what is left until nothing is refused any more: each round takes out at least one cell."""
        seen = next((cell.seen_version for cell in cells if cell.seen_version is not None), None)
        by_name = {cell.field: cell for cell in cells}
        while values:
            try:
                with self.uow.session.begin_nested():
                    self.uow.records.update(before.id, values, seen_version=seen)
            except _REFUSALS as error:
                wrong = [name for name in _fields_of(error) if name in values] or list(values)
                for name in wrong:
                    self._refuse(by_name[name], before.title, _reason(error, name))
                    del values[name]
            else:
                return

    def _step(self, before: Row, cell: Cell) -> None:
        """Take the step that leads to the state that the cell names."""
        try:
            row = one(self.uow, before.id, type_key=self.type.key)
            key = self._step_to(row, cell)
            if key is not None:
                with self.uow.session.begin_nested():
                    self.uow.records.transition(row.id, key)
        except _REFUSALS as error:
            self._refuse(cell, before.title, _reason(error, cell.field))

    def _step_to(self, row: Row, cell: Cell) -> str | None:
        item = head_field(self.type, STATE)
        if item is None:
            raise NotFound
        wanted = one(self.uow, cell.source[0], type_key=self.type.key).state if cell.source is not None else None
        wanted = wanted or KINDS["choice"].from_text(item, cell.text, self.uow.zone)
        if wanted == row.state:
            return None
        found = next((one for one in open_steps(self.uow, self.type, row) if one.transition.target == wanted), None)
        if found is None:
            raise RuleViolation(N_("No step that you may take leads to “%(state)s”.", state=cell.text[:60] or "–"))
        return found.transition.key

    def _refuse(self, cell: Cell, title: str, reason: Message) -> None:
        item = head_field(self.type, cell.field)
        label: Label | str = item.label if item is not None else cell.field[:60]
        self.result.refused.append(RefusedCell(cell.record_id, cell.field, title, label, reason))


def _fields_of(error: DomainError) -> Iterable[str]:
    fields: Mapping[str, Any] = error.fields if isinstance(error, InvalidInput | StaleRecord) else {}
    return fields


def _reason(error: DomainError | ValueProblem, name: str) -> Message:
    if isinstance(error, InvalidInput):
        return error.fields.get(name) or next(iter(error.fields.values()), error.message)
    return error.message
