"""Hands orders to the flow engine and keeps their rows in line with it.

One trigger at a time, each with its idempotency key: the engine's small database answers a crowd with errors. No network
call is made while a transaction is open.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from sqlalchemy import or_, select

from crm.kernel.errors import IntegrationError
from crm.kernel.i18n import N_
from crm.kernel.wording import stored
from crm.ops.models import FAILED, RUNNING, TRIGGERED, WAITING, FlowRequest
from crm.ops.ports import FlowEngine
from crm.ops.services import reconcile
from crm.records.work import UnitOfWork, Works
from crm.security.actors import Actor

log = structlog.get_logger()

#: The longest pause between two tries to trigger an order that the engine was too busy for.
LONGEST_PAUSE: Final = timedelta(seconds=30)
#: How many orders are handed over in one round.
ROUND: Final = 20
#: What the forms of flows offer: (flow, field) → choices.
Choices = Mapping[tuple[str, str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class _Order:
    id: int
    flow: str
    parameters: Mapping[str, Any]
    key: str


class Dispatcher:
    """The only caller of the engine's trigger."""

    def __init__(
        self, works: Works, engine: FlowEngine, actor: Actor, choices: Callable[[UnitOfWork], Choices] | None = None
    ) -> None:
        self._works = works
        self._engine = engine
        self._actor = actor
        self._choices = choices
        self._offered: dict[tuple[str, str], tuple[str, ...]] = {}
        #: up, down or unknown.
        self.engine_state = "unknown"

    def look(self) -> bool:
        """Ask whether the engine lives; what waited for it is due at once when it comes back."""
        was, self.engine_state = self.engine_state, "up" if self._engine.healthy() else "down"
        if self.engine_state == was:
            return False
        log.info("engine_state_changed", was=was, now=self.engine_state)
        if self.engine_state == "up":
            self._offered.clear()
            with self._works.writing(self._actor) as uow:
                for row in uow.session.scalars(select(FlowRequest).where(FlowRequest.state == WAITING)):
                    row.next_at = None
        return True

    def trigger_waiting(self) -> int:
        """Hand waiting orders to the engine, oldest first; give how many it took."""
        if self.engine_state == "down":
            return 0
        taken = 0
        for order in self._due():
            if not self._trigger(order):
                break
            taken += 1
        return taken

    def _due(self) -> list[_Order]:
        with self._works.reading(self._actor) as uow:
            now = uow.now()
            wanted = (
                select(FlowRequest)
                .where(FlowRequest.state == WAITING, or_(FlowRequest.next_at.is_(None), FlowRequest.next_at <= now))
                .order_by(FlowRequest.id)
                .limit(ROUND)
            )
            return [_Order(row.id, row.flow, dict(row.parameters), row.idempotency_key) for row in uow.session.scalars(wanted)]

    def _trigger(self, order: _Order) -> bool:
        """Start one run; False when the engine did not take it, so that the others wait too."""
        try:
            run_id = self._engine.start(order.flow, order.parameters, key=order.key)
        except IntegrationError as error:
            log.warning("flow_not_triggered", request_id=order.id, flow=order.flow, reason=str(error), retryable=error.retryable)
            self._note_refusal(order, error)
            return not error.retryable
        with self._works.writing(self._actor) as uow:
            row = uow.session.get(FlowRequest, order.id)
            if row is None or row.idempotency_key != order.key:
                return True
            # The run may have begun, and told so, before this line: then only the count is missing.
            row.runs += 1
            row.trigger_attempts = 0
            row.triggered_at = uow.now()
            if row.state == WAITING:
                row.state = TRIGGERED
                row.prefect_run_id = run_id
        log.info("flow_triggered", request_id=order.id, flow=order.flow, flow_run_id=run_id)
        return True

    def _note_refusal(self, order: _Order, error: IntegrationError) -> None:
        with self._works.writing(self._actor) as uow:
            row = uow.session.get(FlowRequest, order.id)
            if row is None or row.state != WAITING or row.idempotency_key != order.key:
                return
            row.trigger_attempts += 1
            if error.retryable:
                row.next_at = uow.now() + min(LONGEST_PAUSE, timedelta(seconds=0.5 * 2 ** min(row.trigger_attempts, 10)))
                return
            row.state = FAILED
            row.ended_at = uow.now()
            row.message = stored(N_("Prefect refused the order. The administrator can see why in the worker's log."))

    def follow_open(self) -> int:
        """Ask in one call how the open runs stand and bring their rows in line; give how many changed."""
        with self._works.reading(self._actor) as uow:
            wanted = select(FlowRequest.prefect_run_id).where(
                FlowRequest.state.in_((TRIGGERED, RUNNING)), FlowRequest.prefect_run_id.is_not(None)
            )
            ids = [run_id for run_id in uow.session.scalars(wanted) if run_id is not None]
        if not ids or self.engine_state == "down":
            return 0
        try:
            known = self._engine.runs(ids)
        except IntegrationError as error:
            log.warning("flow_states_unknown", reason=str(error))
            return 0
        changed = 0
        with self._works.writing(self._actor) as uow:
            now: datetime = uow.now()
            for row in uow.session.scalars(select(FlowRequest).where(FlowRequest.prefect_run_id.in_(ids))):
                changed += reconcile(row, known.get(row.prefect_run_id or ""), now)
        return changed

    def offer_choices(self) -> None:
        """Put what can be chosen (as boards) on the forms in the engine's screen, whenever it has changed."""
        if self._choices is None or self.engine_state != "up":
            return
        with self._works.reading(self._actor) as uow:
            wanted = {key: tuple(values) for key, values in self._choices(uow).items()}
        for (flow, field_name), values in wanted.items():
            if self._offered.get((flow, field_name)) == values:
                continue
            try:
                self._engine.offer_choices(flow, field_name, values)
            except IntegrationError as error:
                # The forms are registered by another process, perhaps in a minute: asked again in the next round.
                log.info("choices_not_offered", flow=flow, reason=str(error))
                continue
            self._offered[(flow, field_name)] = values
