"""Beginning a bulk edit: a few records at once, many as a job; the records are fixed first, and everything is one act."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Select, func, select

from crm.filters import EVERYTHING, Filter
from crm.kernel.errors import Conflict, InvalidInput
from crm.kernel.i18n import N_, Label, Message
from crm.records.bulk.apply import Outcome, apply_order
from crm.records.bulk.orders import BulkOrder, checked, done_words, job_title
from crm.records.jobs.kinds import Batch, register_job
from crm.records.jobs.models import DONE, FAILED, SKIPPED
from crm.records.jobs.orders import enqueue, file_report
from crm.records.models import MAX_ID, record_table
from crm.records.query import matching_ids

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

BULK_EDIT: Final = "bulk-edit"
#: Up to so many are done while one waits.
SMALL: Final = 50
#: More than a page of boxes can hold is not a choice by hand.
MOST_CHOSEN: Final = 5_000
_CHUNK: Final = 50
_AHEAD: Final = 500


@dataclass(frozen=True, slots=True)
class Chosen:
    """The records of a bulk edit: ids chosen by hand, or the whole of a list's result."""

    ids: tuple[int, ...] = ()
    where: Filter = EVERYTHING
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Started:
    """What came of it: done at once (`message`, and an act to undo), or a job. `job_id` also leads to a report of refusals."""

    message: Message
    act_id: str | None = None
    job_id: int | None = None
    is_job: bool = False
    done: int = 0
    failed: int = 0
    skipped: int = 0


def chosen_ids(uow: UnitOfWork, type_key: str, chosen: Chosen) -> Select[Any]:
    """Give the select of the records: live ones of the type that the actor may read, in the list's filter or among the ids.

    Raises:
        AccessDenied: the type may not be read.
        InvalidInput: a filter that does not fit the type, or too many ids.
    """
    statement = matching_ids(uow, type_key, chosen.where if chosen.whole else EVERYTHING)
    if chosen.whole:
        return statement
    ids = sorted({one for one in chosen.ids if 0 < one <= MAX_ID})
    if len(ids) > MOST_CHOSEN:
        raise InvalidInput(
            {"ids": N_("At most %(most)s records can be chosen by hand. Filter the list instead.", most=MOST_CHOSEN)}
        )
    return statement.where(record_table.c.id.in_(ids))


def count_chosen(uow: UnitOfWork, type_key: str, chosen: Chosen) -> int:
    """Count them, exactly."""
    return uow.session.scalar(select(func.count()).select_from(chosen_ids(uow, type_key, chosen).subquery())) or 0


def start(uow: UnitOfWork, order: BulkOrder, chosen: Chosen, *, expected: int | None, back: str | None = None) -> Started:
    """Fix the records, and do it: up to 50 at once in this transaction, more as a job.

    Args:
        uow: a write transaction.
        order: what to do.
        chosen: to what.
        expected: the number that was shown before; None when none was.
        back: the list's own path.

    Raises:
        AccessDenied, InvalidInput: see `checked` and `chosen_ids`.
        Conflict: there are more or fewer than was shown.
    """
    order = checked(uow, order)
    statement = chosen_ids(uow, order.type_key, chosen)
    ids = list(uow.session.scalars(statement.order_by(record_table.c.id).limit(SMALL + 1)))
    if not ids:
        raise InvalidInput({"ids": N_("Choose some records first.")})
    number = len(ids) if len(ids) <= SMALL else count_chosen(uow, order.type_key, chosen)
    if expected is not None and expected != number:
        raise Conflict(N_("The list has changed: there are %(number)s now. Look once more, and begin again.", number=number))
    record_type = uow.registry.get(order.type_key)
    title = job_title(record_type, order, number)
    if number > SMALL:
        job_id = enqueue(uow, BULK_EDIT, order.to_json(), records=statement, title=title, back=back)
        return Started(title, job_id=job_id, is_job=True)
    outcomes = apply_order(uow, order, ids)
    counts = {outcome: sum(one.outcome == outcome for one in outcomes) for outcome in (DONE, SKIPPED, FAILED)}
    report_id: int | None = None
    if counts[FAILED]:
        lines = [(one.record_id, one.outcome, one.reason) for one in outcomes]
        report_id = file_report(uow, BULK_EDIT, order.to_json(), lines, title=title, back=back)
    message = _told(done_words(record_type, order, counts[DONE]), outcomes, counts)
    return Started(message, uow.act.id if counts[DONE] else None, report_id, False, counts[DONE], counts[FAILED], counts[SKIPPED])


def _told(done: Message, outcomes: list[Outcome], counts: dict[str, int]) -> Message:
    """Say what was done, and what was not: a single refusal with its reason."""
    reasons = [one.reason for one in outcomes if one.outcome == FAILED and one.reason is not None]
    if counts[FAILED] == 1 and counts[DONE]:
        return N_("%(done)s One was refused: %(reason)s", done=done, reason=reasons[0])
    if counts[FAILED] and counts[DONE]:
        return N_("%(done)s %(number)s were refused.", done=done, number=counts[FAILED])
    if counts[FAILED]:
        return N_("Nothing was changed. %(reason)s", reason=reasons[0])
    if not counts[DONE]:
        return N_("Nothing was changed: it was so already.")
    return done


def run(uow: UnitOfWork, batch: Batch) -> str | None:
    """Do one batch of a bulk edit; a kind of job."""
    order = BulkOrder.from_json(batch.order)
    waiting = batch.waiting(uow, _AHEAD)
    handled = 0
    while handled < len(waiting) and (handled == 0 or not batch.time_is_up()):
        chunk = waiting[handled : handled + _CHUNK]
        for (position, _record_id), one in zip(chunk, apply_order(uow, order, [one for _at, one in chunk]), strict=True):
            batch.note(position, one.outcome, one.reason)
        handled += len(chunk)
    return None if handled == len(waiting) and len(waiting) < _AHEAD else "on"


def install() -> None:
    """Make bulk edits known as a kind of job."""
    register_job(BULK_EDIT, Label("Ret mange på én gang", "Edit many at once"), run)
