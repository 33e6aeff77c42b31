"""Undoing a large act as a job: slice by slice, a transaction each, with a report of what was left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from crm.kernel.i18n import N_, Message
from crm.records.jobs import Batch, enqueue, register_job
from crm.records.undo.acts import START, next_slice, undo_part
from crm.records.undo.inverses import what_remains
from crm.records.undo.past import act_to_undo, changes_in

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

KIND: Final = "undo"
#: An act of more changes than this is undone by a job.
AT_ONCE: Final = 200
_SLICE: Final = 50


def order_undo(uow: UnitOfWork, act_id: str, *, title: Message | None = None, back: str | None = None) -> int:
    """Order the undo of an act as a job; gives the job's id. The job's act is the one that undoes.

    Raises:
        NotFound, AccessDenied, RuleViolation: as `undo_act`.
    """
    act_to_undo(uow, act_id)
    return enqueue(uow, KIND, {"act": act_id}, total=changes_in(uow, act_id), title=title, back=back)


def run(uow: UnitOfWork, batch: Batch) -> Any:
    """Undo slices until the batch's time is up."""
    act_id = str(batch.order["act"])
    if batch.place is None:
        act_to_undo(uow, act_id)
    place: tuple[int, int] | None = tuple(batch.place) if batch.place else START
    while place is not None and not batch.time_is_up():
        pasts, place = next_slice(uow, act_id, place, _SLICE)
        report = undo_part(uow, act_id, pasts)
        for undone in report.undone:
            batch.report(undone.record_id, "done")
        for skipped in report.skipped:
            batch.report(skipped.record_id, "skipped", skipped.words())
    if place is None:
        remains = what_remains(uow, act_id, undo=True)
        batch.message = remains[0] if remains else batch.message
    return list(place) if place is not None else None


register_job(KIND, N_("Undo"), run)
