"""What the pages of duplicates show: records side by side, field by field, and what comes along with each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from crm.kernel.errors import AccessDenied, InvalidInput, NotFound
from crm.kernel.i18n import N_
from crm.records.fields import KINDS
from crm.records.merge import ALL, MOST, Alike, Pick, alike_record, merged_fields, takes_all, usual_pick
from crm.records.query import Row, one
from crm.records.related import links
from crm.records.relations import Relation, count_relations
from crm.records.types import Field, Links, RecordType
from crm.records.work import UnitOfWork
from crm.screens.panels import Act
from crm.screens.present import BLANK, Presenter, Shown, value_of
from crm.screens.queries import may_do


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of the records: what it is called, and how much points at it or is linked with it."""

    row: Row
    relations: int
    links: int


@dataclass(frozen=True, slots=True)
class Line:
    """A field and its values, a record each.

    `same`: there is nothing to choose, or the actor may not; `together`: all of them can stand in it.
    """

    field: Field
    shown: tuple[Shown, ...]
    pick: Pick
    same: bool
    together: bool


@dataclass(frozen=True, slots=True)
class Wizard:
    """Records side by side, the survivor first."""

    type: RecordType
    candidates: tuple[Candidate, ...]
    lines: tuple[Line, ...]

    @property
    def ids(self) -> tuple[int, ...]:
        """The records' ids."""
        return tuple(one.row.id for one in self.candidates)


def may_merge(uow: UnitOfWork, record_type: RecordType) -> bool:
    """Whether records of a type can be merged, and the actor may on at least some."""
    rights = (uow.access.may(act, record_type.key) for act in ("read", "update", "delete"))
    return record_type.matching is not None and all(rights)


def merge_acts(uow: UnitOfWork, row: Row) -> list[Act]:
    """Offer merging on the page of a record that the actor may change and delete."""
    if not may_merge(uow, uow.registry.get(row.type_key)):
        return []
    return [Act("merge", N_("Merge with another …"), f"/r/{row.id}/merge", icon="git-merge", method="get", more=True)]


def read_ids(first_id: int, text: str) -> list[int]:
    """Read the records that are to be merged: the one of the page, and those that `with` names.

    Raises:
        InvalidInput: they are no ids, or too many.
    """
    parts = [part for part in text.split(",") if part]
    if len(parts) >= MOST or not all(part.isascii() and part.isdecimal() and len(part) < 19 for part in parts):
        raise InvalidInput({"with": N_("Choose from two to %(most)s different records.", most=MOST)})
    return list(dict.fromkeys([first_id, *(int(part) for part in parts)]))


def load_wizard(
    uow: UnitOfWork, ids: Sequence[int], survivor_id: int, locale: str, picks: Mapping[str, Pick] | None = None
) -> Wizard:
    """Lay records side by side.

    Args:
        uow: a read transaction.
        ids: the records.
        survivor_id: the one that stays; shown first.
        locale: the language.
        picks: what was chosen before, when a refused merge is shown again.

    Raises:
        NotFound, AccessDenied: the actor may not see, or may not change and delete, one of them.
        InvalidInput: they are of different types, or of one without duplicates.
    """
    ids = sorted(ids, key=lambda record_id: record_id != survivor_id)
    rows = [one(uow, record_id) for record_id in ids]
    record_type = uow.registry.get(rows[0].type_key)
    if len({row.type_key for row in rows}) != 1:
        raise InvalidInput({"with": N_("Only records of the same kind can be merged.")})
    if record_type.matching is None:
        raise NotFound
    if not all(may_do(uow, act, record_type, row.id) for row in rows for act in ("update", "delete")):
        raise AccessDenied
    presenter = Presenter(uow, locale)
    readable, writable = uow.access.readable(record_type.key), uow.access.writable("update", record_type.key)
    fields = [item for item in merged_fields(record_type) if readable is None or item.api_name in {*readable, "owner"}]
    presenter.prepare((item, value_of(row, item.api_name)) for row in rows for item in fields)
    stored = {row.id: {**row.values, "owner": row.owner_id} for row in rows}
    lines = []
    for item in fields:
        line = _line(presenter, item, ids, stored, picks or {})
        if line is not None:
            fixed = writable is not None and item.api_name not in writable
            lines.append(replace(line, same=True, together=False) if fixed else line)
    return Wizard(record_type, tuple(_candidate(uow, record_type, row) for row in rows), tuple(lines))


def _line(
    presenter: Presenter, item: Field, ids: Sequence[int], stored: Mapping[int, Mapping[str, Any]], picks: Mapping[str, Pick]
) -> Line | None:
    held = [stored[record_id].get(item.api_name) for record_id in ids]
    shown = tuple(BLANK if value is None else presenter.show(item, value) for value in held)
    if all(one.blank for one in shown):
        return None
    forms = {repr(KINDS[item.kind].to_json(item, value)) if value is not None else "" for value in held}
    pick = picks.get(item.api_name, usual_pick(item, ids, stored))
    filled = sum(not one.blank for one in shown)
    return Line(item, shown, pick, len(forms) == 1, takes_all(item) and filled > 1 and len(forms) > 1)


def _candidate(uow: UnitOfWork, record_type: RecordType, row: Row) -> Candidate:
    pointing = uow.registry.pointing_at(record_type.key)
    relations = [Relation(*one) for one in pointing if not isinstance(one[1].place, Links) and uow.access.may("read", one[0].key)]
    found = count_relations(uow, row.id, relations)
    return Candidate(row, sum(count.number for count in found.values()), len(links(uow, row.id)))


def read_picks(form: Mapping[str, str]) -> dict[str, Pick]:
    """Read what was chosen for each field."""
    picks: dict[str, Pick] = {}
    for name, value in form.items():
        if name.startswith("pick."):
            picks[name.removeprefix("pick.")] = ALL if value == ALL else int(value) if value.isdecimal() and len(value) < 19 else 0
    return picks


def suggestions(uow: UnitOfWork, row: Row) -> list[Alike]:
    """Give what a record may be merged with, the surest first.

    Raises:
        NotFound: records of its type are not merged.
    """
    return alike_record(uow, uow.registry.get(row.type_key), row.id)


def old_row(uow: UnitOfWork, record_id: int) -> Row | None:
    """Give a record that was merged into another, as it was, if it is still kept and the actor may see it."""
    try:
        return one(uow, record_id, with_trash=True)
    except NotFound:
        return None
