"""Flows against a CRM database of their own: as plain functions, and on a real Prefect server with a real worker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.boards import World, make_world
from tests.support.ports import wait_until

if TYPE_CHECKING:
    from crm.ops.worker import Worker
    from crm.wiring import Klynge
    from tests.support.prefect import PrefectHouse


def bring_forward(klynge: Klynge, world: World) -> None:
    """Let the next meeting be in 30 days from the machine's day: runs of their own know no other clock."""
    from crm.kernel.clock import SystemClock
    from crm.records.fields.date import DateValue
    from tests.support.boards import SEED

    start = SystemClock().now().replace(minute=0, second=0, microsecond=0) + timedelta(days=30)
    with klynge.works.writing(SEED) as uow:
        uow.records.update(world.meeting, {"when": DateValue(start, start + timedelta(hours=4), all_day=False)})


@pytest.fixture
def flows(sqlite_database, make_settings, monkeypatch) -> Iterator[Klynge]:
    """The product as a flow finds it when its function is called outside Prefect: settings from the environment."""
    from workflows import runtime

    settings = make_settings()
    monkeypatch.setenv("KLYNGE_HOME", str(settings.home))
    monkeypatch.setenv("KLYNGE_DATABASE_URL", sqlite_database.url)
    runtime.container.cache_clear()
    yield runtime.container()
    runtime.container().database.dispose()
    runtime.container.cache_clear()


@pytest.fixture
def world(flows: Klynge) -> World:
    made = make_world(flows)
    bring_forward(flows, made)
    return made


def number_of(klynge: Klynge, world: World) -> str:
    """The next meeting's number and year, as people type it."""
    from crm.boards.services import meeting_ref
    from tests.support.boards import SEED

    with klynge.works.reading(SEED) as uow:
        meeting = meeting_ref(uow, world.meeting)
    return f"{meeting.number}/{meeting.year}"


@pytest.fixture
def number(flows: Klynge, world: World) -> str:
    return number_of(flows, world)


@dataclass
class House:
    """A CRM database, a Prefect server, a Prefect worker, and our own worker, turned by the test."""

    prefect: PrefectHouse
    klynge: Klynge
    world: World
    worker: Worker
    approver: int
    #: The next meeting, as people type it.
    number: str

    def turn(self, moment: float) -> None:
        self.worker.turn(moment)

    def work_until(self, ready: Callable[[], bool], seconds: float = 60) -> None:
        """Let our worker turn until it is so."""
        from time import monotonic

        def turned() -> bool:
            self.worker.turn(monotonic())
            return ready()

        wait_until(turned, seconds=seconds, what="the worker's work")

    def read(self, question: Callable[[Any], Any]) -> Any:
        from crm.ops.worker import ACTOR

        with self.klynge.works.reading(ACTOR) as uow:
            return question(uow)


@pytest.fixture(scope="session")
def house(prefect_house: PrefectHouse) -> Iterator[House]:
    """The session's Prefect with a worker, a small world in the CRM, and our own worker in the test's hand."""
    from crm.cli.run import build_worker
    from crm.ops.ports import FlowEngine
    from crm.wiring import build
    from integrations.prefect_client.client import PrefectClient
    from tests.support.people import add_user

    klynge = build(prefect_house.settings())
    world = make_world(klynge)
    bring_forward(klynge, world)
    approver = add_user(klynge, "administrator", "ida")
    prefect_house.start_worker()
    engine = PrefectClient(klynge.settings)
    klynge.adapters[FlowEngine.__name__] = engine
    yield House(prefect_house, klynge, world, build_worker(klynge), approver, number_of(klynge, world))
    engine.close()
    klynge.database.dispose()
