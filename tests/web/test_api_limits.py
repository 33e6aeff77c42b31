"""The rate limit, over processes too; and how many queries a call makes."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from crm.api.limits import RequestCounter, TooManyRequests
from crm.kernel.clock import FixedClock
from crm.kernel.db import Database
from crm.kernel.settings import Settings
from crm.wiring import Klynge, build
from tests.support.api import Caller, error_of


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[RequestCounter]:
    made = RequestCounter(tmp_path / "counter", 10)
    yield made
    made.close()


def allowed(counter: RequestCounter, caller: int, now: float, tries: int) -> int:
    """Give how many of some requests at one moment are let through."""
    passed = 0
    for _ in range(tries):
        try:
            counter.count(caller, now)
        except TooManyRequests:
            continue
        passed += 1
    return passed


def test_only_so_many_a_minute(counter: RequestCounter) -> None:
    assert allowed(counter, 1, 600.0, 30) == 10
    assert allowed(counter, 2, 600.0, 30) == 10


def test_the_minute_slides(counter: RequestCounter) -> None:
    assert allowed(counter, 1, 659.0, 30) == 10
    assert allowed(counter, 1, 661.0, 30) == 1
    assert allowed(counter, 1, 690.0, 30) == 4
    assert allowed(counter, 1, 900.0, 30) == 10


@given(st.floats(0, 59), st.floats(0, 59), st.integers(0, 20))
def test_whoever_waits_as_long_as_told_is_let_in(begin: float, more: float, before: int) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        counter = RequestCounter(Path(folder) / "counter", 10)
        allowed(counter, 1, 540 + more, before)
        allowed(counter, 1, 600 + begin, 30)
        with pytest.raises(TooManyRequests) as refused:
            counter.count(1, 600 + begin)
        counter.count(1, 600 + begin + refused.value.wait.total_seconds() + 0.001)
        counter.close()


def _hammer(path: str, results: Any) -> None:
    results.put(allowed(RequestCounter(Path(path), 100), 1, 600.0, 90))


def test_processes_share_one_count(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    results: Any = context.Queue()
    processes = [context.Process(target=_hammer, args=(str(tmp_path / "counter"), results)) for _ in range(3)]
    for process in processes:
        process.start()
    assert sum(results.get(timeout=60) for _ in processes) == 100
    for process in processes:
        process.join()


def test_no_limit_needs_no_file(tmp_path: Path) -> None:
    counter = RequestCounter(tmp_path / "counter", 0)
    assert allowed(counter, 1, 0.0, 1000) == 1000
    assert not (tmp_path / "counter").exists()


@pytest.fixture
def limited(sqlite_database: Database, make_settings: Callable[..., Settings], clock: FixedClock) -> Iterator[Klynge]:
    container = build(make_settings(database_url=sqlite_database.url, api_requests_per_minute=5), clock=clock)
    yield container
    container.database.dispose()


def test_the_api_says_429_and_for_how_long(limited: Klynge, clock: FixedClock) -> None:
    clock.moment = datetime(2026, 12, 1, 8, 0, 1, tzinfo=UTC)
    staff = Caller(limited, "staff")
    assert [staff.get("records/organisation").status_code for _ in range(7)] == [200] * 5 + [429] * 2
    refused = staff.post("records/organisation", {"title": "a"})
    assert refused.status_code == 429
    assert error_of(refused)["code"] == "too_many_requests"
    clock.moment += timedelta(seconds=int(refused.headers["Retry-After"]) + 1)
    assert staff.get("records/organisation").status_code == 200


def test_each_token_has_its_own_limit(limited: Klynge) -> None:
    first, second = Caller(limited, "staff"), Caller(limited, "staff")
    assert [first.get("records/organisation").status_code for _ in range(6)][-1] == 429
    assert second.get("records/organisation").status_code == 200


# -- queries -----------------------------------------------------------------------------------------------------------


@contextmanager
def counted(klynge: Klynge) -> Iterator[list[str]]:
    """Note every statement that is sent to the database."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    for engine in klynge.database.engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        for engine in klynge.database.engines:
            event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def staff(klynge: Klynge) -> Caller:
    caller = Caller(klynge, "staff")
    for number in range(60):
        caller.make(title=f"Nr. {number:03}", city="Odense")
    caller.get("records/organisation")
    return caller


@pytest.mark.parametrize(
    ("most", "call"),
    [
        (2, lambda staff: staff.get("records/organisation", query_string={"limit": 5})),
        (2, lambda staff: staff.get("records/organisation", query_string={"limit": 50})),
        (3, lambda staff: staff.get("records/organisation", query_string={"limit": 50, "count": "true"})),
        (3, lambda staff: staff.get("records/organisation/7")),
        (16, lambda staff: staff.post("records/organisation", {"title": "b", "city": "Aarhus"})),
        (18, lambda staff: staff.patch("records/organisation/7", {"city": "Aarhus"})),
    ],
)
def test_queries_a_call(klynge: Klynge, staff: Caller, most: int, call: Callable[[Caller], Any]) -> None:
    with counted(klynge) as statements:
        assert call(staff).status_code < 300
    plain = [one for one in statements if not one.startswith(("BEGIN", "COMMIT", "ROLLBACK"))]
    assert len(plain) <= most, "\n".join(plain)
