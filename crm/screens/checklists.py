"""Checklists on screen: a row ticked off with one click, and in words what became of the rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from crm.kernel.errors import Conflict, NotFound
from crm.kernel.i18n import N_, Message
from crm.records.fields import CheckRow
from crm.records.query import one
from crm.records.store.context import read_values
from crm.records.work import UnitOfWork
from crm.screens.inline import Saved, editable_field

#: So many rows are named in a sentence.
NAMED: Final = 6


@dataclass(frozen=True, slots=True)
class Tick:
    """That a row is done, or open again: by its place and its text, as they were seen."""

    record_id: int
    name: str
    place: int
    text: str
    done: bool


def tick(uow: UnitOfWork, order: Tick) -> Saved:
    """Tick a row off, or take that back; what others did to the other rows meanwhile stays. Twice does it once.

    Raises:
        NotFound, AccessDenied, RuleViolation: there is no such checklist, or it may not be changed.
        Conflict: the row is no longer there.
    """
    before = one(uow, order.record_id)
    item = editable_field(uow, before, order.name)
    if item.kind != "checklist":
        raise NotFound
    held = read_values(uow, [order.record_id], hold="update").get(order.record_id)
    rows: list[CheckRow] = list((held or {}).get(order.name) or ())
    at = _find(rows, order.place, order.text)
    rows[at] = replace(rows[at], done=order.done)
    uow.records.update(order.record_id, {order.name: rows})
    after = one(uow, order.record_id)
    return Saved(uow.registry.get(before.type_key), before, after, item, uow.act.id if uow.act.written else None)


def _find(rows: Sequence[CheckRow], place: int, text: str) -> int:
    if 0 <= place < len(rows) and rows[place].text == text:
        return place
    same = [index for index, row in enumerate(rows) if row.text == text]
    if len(same) != 1:
        raise Conflict(N_("The checklist has been changed in the meantime. Reload to see how it is now."))
    return same[0]


def row_words(old: Sequence[CheckRow] | None, new: Sequence[CheckRow] | None, locale: str) -> str:
    """Say what became of the rows: afkrydsede ”Interview”; tilføjede ”Rapport”. Nothing when only their order changed … says so."""
    before, after = list(old or ()), list(new or ())
    ticked, opened = _changed(before, after)
    texts, others = Counter(row.text for row in before), Counter(row.text for row in after)
    added, removed = list((others - texts).elements()), list((texts - others).elements())
    if len(added) == len(removed) == 1 and len(before) == len(after) and _place(before, removed[0]) == _place(after, added[0]):
        renamed = N_("changed %(old)s to %(new)s", old=_quoted(removed, locale), new=_quoted(added, locale))
        parts: list[Message] = [renamed]
    else:
        sentences = ((_ADDED, added), (_REMOVED, removed))
        parts = [Message(words.msgid, {"rows": _quoted(rows, locale)}) for words, rows in sentences if rows]
    moves = ((_TICKED, ticked), (_OPENED, opened))
    parts = [*(Message(words.msgid, {"rows": _quoted(rows, locale)}) for words, rows in moves if rows), *parts]
    if not parts:
        parts = [N_("changed the order")]
    return "; ".join(part(locale) for part in parts)


_TICKED: Final = N_("ticked off %(rows)s")
_OPENED: Final = N_("opened %(rows)s again")
_ADDED: Final = N_("added %(rows)s")
_REMOVED: Final = N_("removed %(rows)s")


def _changed(before: Sequence[CheckRow], after: Sequence[CheckRow]) -> tuple[list[str], list[str]]:
    """Give the texts of rows that are done now and were not, and the other way round; rows of one text are paired in order."""
    held: dict[str, list[bool]] = {}
    for row in before:
        held.setdefault(row.text, []).append(row.done)
    ticked: list[str] = []
    opened: list[str] = []
    for row in after:
        was = held.get(row.text)
        if was and was.pop(0) is not row.done:
            (ticked if row.done else opened).append(row.text)
    return ticked, opened


def _place(rows: Iterable[CheckRow], text: str) -> int:
    return next(index for index, row in enumerate(rows) if row.text == text)


def _quoted(texts: Sequence[str], locale: str) -> str:
    first, last = ("”", "”") if locale == "da" else ("“", "”")
    named = ", ".join(f"{first}{text}{last}" for text in texts[:NAMED])
    return named if len(texts) <= NAMED else N_("%(rows)s and %(number)s more", rows=named, number=len(texts) - NAMED)(locale)
