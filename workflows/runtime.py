"""What every flow stands on: the wired product, the order it belongs to, and refusals in plain words.

No Flask and no Flask-AppBuilder here: a flow run is a process of its own and should start fast.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, wraps
from typing import Any, Final, ParamSpec, TypeVar
from uuid import uuid4

from prefect.client.schemas.objects import State
from prefect.context import FlowRunContext
from prefect.exceptions import FailedRun, MissingContextError
from prefect.logging import get_run_logger
from prefect.states import Failed
from prefect.tasks import Task
from sqlalchemy.exc import OperationalError

from crm.boards.office import Office
from crm.kernel.errors import DomainError, IntegrationError
from crm.kernel.i18n import N_, Label, Message
from crm.ops.models import DONE, FAILED
from crm.ops.services import begin, finish, order_of, report_progress, set_subject
from crm.security.actors import Actor, system_actor
from crm.wiring import Klynge, build

P = ParamSpec("P")
R = TypeVar("R")

ACTOR: Final[Actor] = system_actor("flow")
#: Prefect's screen is in Danish throughout.
LOCALE: Final = "da"


@cache
def container() -> Klynge:
    """Give the wired product of this process, made from the settings at the first call."""
    return build()


def office() -> Office:
    """Give the secretariat as it signs packs and mails."""
    return Office.of(container().settings)


def logger() -> Any:
    """Give the run's logger; a plain one when called outside a run, as in tests."""
    try:
        return get_run_logger()
    except MissingContextError:
        return logging.getLogger("workflows")


def may_retry(_task: object, _run: object, state: State[Any]) -> bool:
    """Whether a failed task is worth another try: outside systems that were away, and a database that was busy."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, OperationalError) or (isinstance(error, IntegrationError) and error.retryable)


def step(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a task of a function, named in Danish as it stands in Prefect's screen.

    It is tried again a few times, with pauses, but only when that may help. Outside a flow run it is the plain function.
    """

    def make(function: Callable[P, R]) -> Callable[P, R]:
        task = Task(
            function, name=name, task_run_name=name, retries=3, retry_delay_seconds=[1, 5, 20], retry_condition_fn=may_retry
        )

        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            if FlowRunContext.get() is None:
                return function(*args, **kwargs)
            return task(*args, **kwargs)

        return call

    return make


@dataclass(frozen=True, slots=True)
class Run:
    """The engine's run, as far as a flow needs it."""

    id: str
    key: str | None


def current_run() -> Run:
    """Give this run; a made-up one when the flow's function is called outside Prefect."""
    context = FlowRunContext.get()
    if context is None or context.flow_run is None:
        return Run(str(uuid4()), None)
    return Run(str(context.flow_run.id), context.flow_run.idempotency_key)


@dataclass(frozen=True, slots=True)
class Order:
    """The order of this run in the CRM's own tables, where its page reads how far it has come."""

    id: int
    run_id: str
    #: What the CRM ordered with (`meeting_id`, `build_id`, …); empty for a run started in Prefect.
    parameters: Mapping[str, Any]
    requested_by: int | None

    def about(self, subject: int) -> None:
        """Note which record it turned out to be about."""
        with container().works.writing(ACTOR) as uow:
            set_subject(uow, self.id, subject)

    def step(self, key: str, label: Label, note: Message | None = None) -> None:
        """Note that a step is done."""
        with container().works.writing(ACTOR) as uow:
            report_progress(uow, self.id, key, label, note=note)

    def done(self, message: Message) -> None:
        """Note that all is done."""
        with container().works.writing(ACTOR) as uow:
            finish(uow, self.id, DONE, message)


def open_order(flow: str, given: Mapping[str, Any]) -> Order:
    """Find the order that this run is for, or write one down for a run that was started in Prefect."""
    run = current_run()
    with container().works.writing(ACTOR) as uow:
        request_id = begin(uow, flow, run_id=run.id, idempotency_key=run.key, parameters=given)
        row = order_of(uow, request_id)
        ordered = dict(row.parameters) if row.source == "crm" else {}
        return Order(request_id, run.id, ordered, row.requested_by)


@contextmanager
def _noting_failure(order: Order) -> Iterator[None]:
    """Write any failure into the order before it goes on to Prefect."""
    try:
        yield
    except DomainError as error:
        _note_failure(order, error.message, None)
        raise
    except Exception:
        reference = uuid4().hex[:8]
        logger().exception("reference %s", reference)
        _note_failure(
            order, N_("Something went wrong. Tell the administrator the number %(reference)s.", reference=reference), reference
        )
        raise


def _note_failure(order: Order, message: Message, reference: str | None) -> None:
    with container().works.writing(ACTOR) as uow:
        finish(uow, order.id, FAILED, message, error_reference=reference)


def in_words(flow: str, given: Mapping[str, Any], work: Callable[[Order], Any]) -> Any:
    """Do a flow's work; a refusal ends the run with its plain sentence instead of a traceback.

    Args:
        flow: the flow's name.
        given: what stood on the form, noted on the order without the approval code.
        work: what to do with the order; its answer is the run's.
    """
    order = open_order(flow, given)
    try:
        with _noting_failure(order):
            return work(order)
    except DomainError as error:
        text = error.message(LOCALE)
        logger().error(text)
        for name in ("prefect.flow_runs", "prefect.engine"):
            logging.getLogger(name).addFilter(_without_traceback)
        return Failed(message=text)


def _without_traceback(record: logging.LogRecord) -> bool:
    """Leave out the engine's traceback of a refusal: its sentence stands in the log, and nothing is broken."""
    return not (record.exc_info and isinstance(record.exc_info[1], FailedRun))
