"""`undo_act`: a new act with the inverse of an earlier one, under today's rights. Redo is the undo of an undo."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from crm.kernel.errors import DomainError
from crm.records.changes import UNDO
from crm.records.models import MAX_ID
from crm.records.query import titles
from crm.records.undo.fields import undo_fields
from crm.records.undo.inverses import FIRST, LAST, kinds_of, take_back, what_remains
from crm.records.undo.past import Past, act_to_undo, read_past
from crm.records.undo.report import Skipped, Undone, UndoReport

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

PHASES: Final = range(FIRST, LAST + 1)
START: Final = (FIRST, MAX_ID)


def undo_act(uow: UnitOfWork, act_id: str) -> UndoReport:
    """Take back what an act did, as far as it can be, and say what was left alone.

    The unit of work becomes the new act: its cause is the act that is undone. A field that someone changed since, or a record
    that the store refuses to change, is left as it is and reported.

    Args:
        uow: a write transaction of the one who undoes.
        act_id: the act.

    Raises:
        NotFound, AccessDenied.
        RuleViolation: it was too long ago.
    """
    act_to_undo(uow, act_id)
    report = undo_part(uow, act_id, all_past(uow, act_id))
    report.remains += what_remains(uow, act_id, undo=True)
    return report


#: Where a large act's undo has come to: the phase, and the last change taken back in it.
Place = tuple[int, int]


def all_past(uow: UnitOfWork, act_id: str) -> list[Past]:
    """Give all changes of an act in the order in which they are taken back: what others need is there when they need it."""
    return [past for phase in PHASES for past in read_past(uow, act_id, kinds_of(phase))]


def next_slice(uow: UnitOfWork, act_id: str, place: Place, limit: int) -> tuple[list[Past], Place | None]:
    """Give the next changes after a place (at first `START`), and the place after them; None when there are no more."""
    phase, below = place
    pasts = read_past(uow, act_id, kinds_of(phase), below, limit)
    if pasts:
        return pasts, (phase, min(past.first_id or past.change_id for past in pasts))
    return ([], (phase + 1, MAX_ID)) if phase + 1 in PHASES else ([], None)


def undo_part(uow: UnitOfWork, act_id: str, pasts: Sequence[Past]) -> UndoReport:
    """Take some changes of an act back, in the order given: a large act is undone in parts, a transaction each."""
    if not uow.act.written:
        uow.act.cause, uow.act.cause_id = UNDO, act_id
    report = UndoReport(act_id, uow.act.id)
    waiting: list[Past] = []
    for past in pasts:
        if past.kind == "update":
            waiting.append(past)
            continue
        _fields(uow, report, waiting)
        waiting = []
        _one(uow, report, past)
    _fields(uow, report, waiting)
    ids = {*report.records(), *(item.record_id for item in report.skipped)}
    report.titles = {one.id: one.title for one in titles(uow, ids, with_trash=True).values()}
    return report


def _fields(uow: UnitOfWork, report: UndoReport, pasts: Sequence[Past]) -> None:
    if pasts:
        done, skipped = undo_fields(uow, pasts)
        report.undone += done
        report.skipped += skipped


def _one(uow: UnitOfWork, report: UndoReport, past: Past) -> None:
    """Take one change back; a refusal undoes nothing of it, and is reported."""
    try:
        with uow.session.begin_nested():
            skipped = take_back(uow, past)
    except DomainError as error:
        report.skipped.append(Skipped(past.record_id, error.message))
        return
    report.skipped += skipped
    if not skipped:
        report.undone.append(Undone(past.record_id, past.type.key, past.kind, tuple(past.patch)))
