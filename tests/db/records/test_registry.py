"""One registry under one epoch: what another process publishes is seen on the next unit of work, and no order slips past it."""

from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from crm.filters import Condition
from crm.kernel.db import Database
from crm.kernel.errors import InvalidInput
from crm.kernel.i18n import Label
from crm.records.definitions import add_field
from crm.records.models import FieldRow
from crm.records.query import count, list_page, one
from crm.records.registry import RegistryCache
from crm.records.work import Works
from crm.security.models import PlatformState
from crm.wiring import BUILTIN_TYPES
from tests.support.records import SYSTEM, add_actor, works_on

MAKER = Path(__file__).parent / "field_maker.py"


def add_elsewhere(database: Database, name: str, kind: str = "text", type_key: str = "organisation") -> None:
    """Let a second, real process publish a field."""
    subprocess.run([sys.executable, str(MAKER), database.url, type_key, name, kind], check=True, timeout=60)


def epochs(database: Database) -> tuple[int, int]:
    with database.reading() as session:
        row = session.execute(select(PlatformState.registry_epoch, PlatformState.security_epoch)).one()
        return row.registry_epoch, row.security_epoch


def test_a_field_that_another_process_publishes_is_there_on_the_next_unit_of_work(database: Database, works: Works) -> None:
    with works.writing(SYSTEM) as uow:
        made = uow.records.create("organisation", {"title": "Østfyn"})
        with pytest.raises(InvalidInput, match="no field"):
            uow.records.update(made, {"linkedin": "x"})
    add_elsewhere(database, "linkedin")
    with works.writing(SYSTEM) as uow:
        uow.records.update(made, {"linkedin": "Østfyn på LinkedIn"})
    with works.reading(SYSTEM) as uow:
        assert one(uow, made).values["linkedin"] == "Østfyn på LinkedIn"
        assert count(uow, "organisation", Condition("linkedin", "starts", "øst")).number == 1


def test_an_order_is_checked_against_the_types_as_they_are_when_it_is_written(database: Database, works: Works) -> None:
    """The page was read under the old types, by an actor who noted their epoch; then someone published."""
    anna = replace(add_actor(database, "anna", [("*", "*")]), registry_epoch=epochs(database)[0])
    with works.reading(anna) as uow:
        assert "rank" not in uow.registry.get("organisation").by_name
        page_epoch = uow.registry.epoch
    add_elsewhere(database, "rank", "number")
    with works.writing(anna) as uow:
        assert uow.registry.epoch == page_epoch + 1
        made = uow.records.create("organisation", {"title": "Ny", "rank": "3"})
        with pytest.raises(InvalidInput, match="rank"):
            uow.records.update(made, {"rank": "tre"})
    with works.reading(anna) as uow:  # her actor still names the older epoch: newer types serve as well
        assert one(uow, made).values["rank"] == 3
        assert uow.registry.epoch == page_epoch + 1


def test_a_read_that_knows_the_epoch_asks_nothing_and_one_that_does_not_asks_once(database: Database, works: Works) -> None:
    from tests.support.queries import counting

    anna = add_actor(database, "anna", [("*", "*")])
    registry, security = epochs(database)
    known = replace(anna, registry_epoch=registry, security_epoch=security)
    with works.reading(known):
        pass
    for actor, questions in (
        (known, 0),
        (replace(known, registry_epoch=0), 1),
        (replace(known, registry_epoch=0, security_epoch=0), 2),
    ):
        with counting(database) as asked, works.reading(actor):
            pass
        assert len(asked) == questions


def test_a_running_unit_of_work_keeps_the_types_it_began_with(database: Database, works: Works) -> None:
    with works.reading(SYSTEM) as uow:
        before = uow.registry
        add_elsewhere(database, "rank", "number")
        with works.reading(SYSTEM) as other:
            assert "rank" in other.registry.get("organisation").by_name
        assert uow.registry is before
        assert list_page(uow, "organisation").rows == ()


def test_a_publish_waits_for_writers_and_writers_for_a_publish(postgres_database: Database) -> None:
    works, other = works_on(postgres_database), works_on(postgres_database)
    done = threading.Event()

    def publish() -> None:
        with other.writing(SYSTEM, publishing=True) as uow:
            add_field(uow, "organisation", "rank", "number", Label(da="Rang"))
        done.set()

    with works.writing(SYSTEM) as uow:
        publisher = threading.Thread(target=publish)
        publisher.start()
        assert not done.wait(0.3)
        made = uow.records.create("organisation", {"title": "Før"})
    publisher.join(timeout=10)
    assert done.is_set()
    with works.writing(SYSTEM) as uow:
        uow.records.update(made, {"rank": 1})


def test_many_who_publish_at_once_take_turns(database: Database) -> None:
    names = [f"field_{number}" for number in range(6)]
    before, _security = epochs(database)

    def publish(name: str) -> None:
        with works_on(database).writing(SYSTEM, publishing=True) as uow:
            add_field(uow, "organisation", name, "text", Label(da=name))

    publishers = [threading.Thread(target=publish, args=(name,)) for name in names]
    for publisher in publishers:
        publisher.start()
    for publisher in publishers:
        publisher.join()
    with database.reading() as session:
        rows = session.scalars(select(FieldRow)).all()
        assert {row.api_name for row in rows} == set(names)
        assert {row.key for row in rows} == {f"f{number}" for number in range(1, 7)}
        assert {row.slot for row in rows} == {f"t{number}" for number in range(1, 7)}
    assert epochs(database)[0] == before + 6


def test_threads_that_meet_a_new_epoch_build_it_once(database: Database, works: Works) -> None:
    cache = RegistryCache(BUILTIN_TYPES)
    found = []

    def ask() -> None:
        with database.reading() as session:
            found.append(cache.current(session))

    threads = [threading.Thread(target=ask) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(registry) for registry in found}) == 1
