"""Ordering a flow and telling how it goes, in the caller's transaction: the worker speaks to the engine, after the commit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import select

from crm.kernel.errors import NotFound
from crm.kernel.i18n import N_, Label, Message
from crm.kernel.wording import stored
from crm.ops.models import CANCELLED, DONE, FAILED, OPEN_STATES, RUNNING, TRIGGERED, WAITING, FlowRequest
from crm.ops.ports import EngineRun, RunState
from crm.records.work import UnitOfWork

#: A run that died is started anew this often; flows are safe to run twice.
MOST_RUNS: Final = 3
#: How long an order may be unknown to the engine before it is started anew.
FORGOTTEN_AFTER: Final = timedelta(minutes=2)


def order_flow(
    uow: UnitOfWork, flow: str, parameters: Mapping[str, Any], *, subject: int | None = None, once_key: str | None = None
) -> int:
    """Order a flow; the worker starts it after the commit.

    Args:
        uow: the caller's transaction; its actor is the one who asked.
        flow: the flow's name, as `meeting-pack`.
        parameters: what the flow is given: ids and switches only.
        subject: the record it is about.
        once_key: the same key never gives a second order, even after the first has ended. Without it, an order of the same
            flow and subject that is still open is given back.

    Returns:
        The order's id.
    """
    known = select(FlowRequest.id)
    if once_key is not None:
        known = known.where(FlowRequest.once_key == once_key)
    else:
        known = known.where(FlowRequest.flow == flow, FlowRequest.record_id == subject, FlowRequest.state.in_(OPEN_STATES))
    found = uow.session.scalars(known.order_by(FlowRequest.id.desc()).limit(1)).first() if once_key or subject else None
    if found is not None:
        return found
    row = FlowRequest(
        flow=flow,
        parameters=dict(parameters),
        record_id=subject,
        requested_by=uow.actor.user_id,
        act_id=uow.act.id,
        once_key=once_key,
        idempotency_key=uuid4().hex,
        created_at=uow.now(),
    )
    uow.session.add(row)
    uow.session.flush()
    return row.id


def begin(
    uow: UnitOfWork,
    flow: str,
    *,
    run_id: str,
    idempotency_key: str | None = None,
    parameters: Mapping[str, Any] | None = None,
    subject: int | None = None,
) -> int:
    """Note that a run has begun; a run that was not ordered here gets a row now.

    Args:
        uow: the transaction.
        flow: the flow's name.
        run_id: the engine's id of the run.
        idempotency_key: what the engine was given at the start; it leads back to the order.
        parameters: what the run was given, noted for runs that were not ordered here.
        subject: the record it is about.

    Returns:
        The order's id.
    """
    row = uow.session.scalars(select(FlowRequest).where(FlowRequest.prefect_run_id == run_id)).one_or_none()
    if row is None and idempotency_key:
        row = uow.session.scalars(select(FlowRequest).where(FlowRequest.idempotency_key == idempotency_key)).one_or_none()
    if row is None:
        row = FlowRequest(
            flow=flow,
            parameters=dict(parameters or {}),
            source="engine",
            idempotency_key=f"run-{run_id}",
            created_at=uow.now(),
            runs=1,
        )
        uow.session.add(row)
    row.prefect_run_id = run_id
    row.state = RUNNING
    row.record_id = subject if subject is not None else row.record_id
    row.started_at = row.started_at or uow.now()
    row.ended_at = row.message = row.error_reference = None
    uow.session.flush()
    return row.id


def order_of(uow: UnitOfWork, request_id: int) -> FlowRequest:
    """Give an order's row.

    Raises:
        NotFound: there is no such order.
    """
    row = uow.session.get(FlowRequest, request_id)
    if row is None:
        raise NotFound
    return row


def set_subject(uow: UnitOfWork, request_id: int, subject: int) -> None:
    """Note which record an order turned out to be about."""
    order_of(uow, request_id).record_id = subject


def report_progress(
    uow: UnitOfWork, request_id: int, step: str, label: Label, *, state: str = DONE, note: Message | None = None
) -> None:
    """Note how far an order has come.

    Args:
        uow: the transaction.
        request_id: the order.
        step: the step's key; told again, its line is changed, not doubled.
        label: the step's name on screen.
        state: running, done or failed.
        note: a word beside it, as a count.
    """
    row = order_of(uow, request_id)
    now = uow.now().isoformat()
    lines = [dict(line) for line in row.progress or []]
    line = next((line for line in lines if line["key"] == step), None)
    if line is None:
        line = {"key": step, "started": now}
        lines.append(line)
    ended = None if state == RUNNING else now
    line.update(label=label.as_dict(), state=state, ended=ended, note=stored(note))
    row.progress = lines


def finish(
    uow: UnitOfWork, request_id: int, state: str, message: Message | None = None, *, error_reference: str | None = None
) -> None:
    """Note how an order ended: done, failed or cancelled, and the last word to people."""
    row = order_of(uow, request_id)
    row.state = state
    row.ended_at = uow.now()
    row.message = stored(message)
    row.error_reference = error_reference


def try_again(uow: UnitOfWork, request_id: int) -> None:
    """Put an order that failed or was cancelled back into the line, as a new run; an open or done one is left alone."""
    row = order_of(uow, request_id)
    if row.state in (FAILED, CANCELLED):
        row.runs = 0
        _requeue(row)


def reconcile(row: FlowRequest, run: EngineRun | None, now: datetime) -> bool:
    """Bring an open order in line with what the engine says about its run; tell whether anything changed.

    The flow itself reports its success and its refusals; here are only the ends of which it could not tell: a run that
    died, was cancelled, or that the engine has forgotten. A run that died is started anew a few times.
    """
    if row.state not in (TRIGGERED, RUNNING):
        return False
    if run is None:
        if now - (row.triggered_at or row.started_at or row.created_at) < FORGOTTEN_AFTER:
            return False
        return _died(row, now)
    if run.state is RunState.CRASHED:
        return _died(row, now)
    if run.state is RunState.RUNNING and row.state == TRIGGERED:
        row.state = RUNNING
        row.started_at = row.started_at or now
        return True
    if run.state in (RunState.QUEUED, RunState.RUNNING):
        return False
    row.state = {RunState.DONE: DONE, RunState.CANCELLED: CANCELLED}.get(run.state, FAILED)
    row.ended_at = now
    if row.state == FAILED and row.message is None:
        row.message = stored(N_("It failed. The administrator can see the details in Prefect."))
    return True


def _died(row: FlowRequest, now: datetime) -> bool:
    if row.source == "crm" and row.runs < MOST_RUNS:
        _requeue(row)
    else:
        row.state = FAILED
        row.ended_at = now
        row.message = stored(N_("It stopped before it was done. Try again."))
    return True


def _requeue(row: FlowRequest) -> None:
    row.state = WAITING
    row.idempotency_key = uuid4().hex
    row.prefect_run_id = row.triggered_at = row.started_at = row.ended_at = row.next_at = None
    row.trigger_attempts = 0
    row.progress = []
    row.message = row.error_reference = None
