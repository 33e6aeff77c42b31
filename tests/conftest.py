"""Fixtures for every test. All are lazy: a test that asks for no database starts none.

A missing PostgreSQL, Chromium, LibreOffice or Prefect fails the test that needs it, in plain words; nothing is skipped.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

# Read by Prefect when it is first imported, so they are set before any test module is.
for _name, _value in {
    "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
    "DO_NOT_TRACK": "1",
}.items():
    os.environ[_name] = _value

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from playwright.sync_api import Browser, Page

    from crm.kernel.clock import FixedClock
    from crm.kernel.db import Database
    from crm.kernel.settings import Settings
    from crm.wiring import Klynge
    from tests.support.postgres import PostgresServer
    from tests.support.prefect import PrefectHouse
    from tests.support.servers import LiveServer
    from tests.support.templates import Backend


def pytest_configure() -> None:
    """Property tests: no deadline (a busy machine is not a fault), and the same examples each time in CI."""
    from hypothesis import HealthCheck, settings

    settings.register_profile("klynge", deadline=None, derandomize="CI" in os.environ, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("klynge")


#: Tests of several real processes on one busy machine: one more try, and the summary names each that needed it. Such a test is
#: looked into, not lived with (CONTRIBUTING.md).
TRIED_TWICE = ("browser", "flows", "architecture/test_migrations.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give tests of several processes their second try."""
    here = Path(__file__).parent
    for item in items:
        if item.path.relative_to(here).as_posix().startswith(TRIED_TWICE):
            item.add_marker(pytest.mark.flaky(reruns=1))


NOW = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True, scope="session")
def _own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing of a developer's own set-up is read or written: no KLYNGE_… and PREFECT_… but the tests'."""
    patch = pytest.MonkeyPatch()
    for name in list(os.environ):
        if name.startswith("KLYNGE_"):
            patch.delenv(name)
    patch.setenv("KLYNGE_HOME", str(tmp_path_factory.mktemp("home")))
    patch.setenv("KLYNGE_DEMO_SIZE", "small")  # the whole demo is loaded where it is the matter (tests/db/test_demo.py)
    patch.setenv("PREFECT_HOME", str(tmp_path_factory.mktemp("prefect")))
    yield
    patch.undo()


@pytest.fixture(autouse=True, scope="session")
def _plain_logs() -> None:
    """Logs of tests in plain lines: the pretty tracebacks with all variables take seconds each."""
    import structlog

    renderer = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.processors.add_log_level, renderer])


@pytest.fixture
def clock() -> FixedClock:
    """Tuesday 1 December 2026, 09:00 in Copenhagen; stands still until a test moves it."""
    from crm.kernel.clock import FixedClock

    return FixedClock(NOW)


# ---------------------------------------------------------------------------------------------------------- databases
@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A real PostgreSQL server of this session's own."""
    from tests.support.postgres import running_postgres

    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_backend(tmp_path_factory: pytest.TempPathFactory) -> Backend:
    """Hands out copies of a migrated SQLite file."""
    from tests.support.templates import SqliteBackend

    return SqliteBackend(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_backend(postgres_server: PostgresServer) -> Backend:
    """Hands out copies of a migrated PostgreSQL database."""
    from tests.support.templates import PostgresBackend

    return PostgresBackend(postgres_server)


@pytest.fixture
def sqlite_database(sqlite_backend: Backend) -> Iterator[Database]:
    """A fresh, migrated SQLite database."""
    from tests.support.templates import fresh

    with fresh(sqlite_backend) as database:
        yield database


@pytest.fixture
def postgres_database(postgres_backend: Backend) -> Iterator[Database]:
    """A fresh, migrated PostgreSQL database."""
    from tests.support.templates import fresh

    with fresh(postgres_backend) as database:
        yield database


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Database:
    """A fresh, migrated database; the test runs once on each kind."""
    name = "sqlite_database" if request.param == "sqlite" else "postgres_database"
    return request.getfixturevalue(name)  # type: ignore[no-any-return]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without a single table, once on each kind: for tests of migrations."""
    from crm.kernel.db import Database

    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
        yield database
        database.dispose()
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    server.made += 1
    url = server.create(f"empty_{server.made}")
    database = Database(url)
    yield database
    database.dispose()
    server.drop(url)


# ------------------------------------------------------------------------------------------------------ the application
@pytest.fixture
def make_settings(tmp_path: Path) -> Callable[..., Settings]:
    """Make settings whose home is this test's own folder; keywords set the rest."""
    from crm.kernel.settings import Settings

    def make(**values: Any) -> Settings:
        home = tmp_path / "home"
        home.mkdir(exist_ok=True)
        return Settings(**{"home": home, "mode": "demo", **values})

    return make


@pytest.fixture
def klynge(database: Database, make_settings: Callable[..., Settings], clock: FixedClock) -> Iterator[Klynge]:
    """The wired container on `database`, once on each kind."""
    from crm.wiring import build

    container = build(make_settings(database_url=database.url), clock=clock)
    yield container
    container.database.dispose()


@pytest.fixture
def sqlite_klynge(sqlite_database: Database, make_settings: Callable[..., Settings], clock: FixedClock) -> Iterator[Klynge]:
    """The wired container on SQLite alone: for what does not depend on the database."""
    from crm.wiring import build

    container = build(make_settings(database_url=sqlite_database.url), clock=clock)
    yield container
    container.database.dispose()


@pytest.fixture
def app(sqlite_klynge: Klynge) -> Flask:
    """The web application on SQLite."""
    from crm.web.app import create_app

    application = create_app(sqlite_klynge)
    application.testing = True
    return application


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a face: keeps cookies, follows nothing by itself."""
    return app.test_client()


@pytest.fixture
def add_user(sqlite_klynge: Klynge) -> Callable[..., int]:
    """Make a user: `add_user("staff", "anna", person_id=…)` gives its id."""
    from tests.support.people import add_user as add

    def make(role: str, username: str | None = None, **more: Any) -> int:
        return add(sqlite_klynge, role, username, **more)

    return make


@pytest.fixture
def login(sqlite_klynge: Klynge, add_user: Callable[..., int]) -> Callable[..., int]:
    """Sign a client in as a role: `login(client, "staff")` gives the user's id. Past the form: scrypt is slow on purpose."""
    from tests.support.people import find_user, sign_in

    def enter(client: FlaskClient, role: str, username: str | None = None, **more: Any) -> int:
        user_id = find_user(sqlite_klynge, username or role) or add_user(role, username, **more)
        sign_in(sqlite_klynge, client, user_id)
        return user_id

    return enter


# -------------------------------------------------------------------------------------------------------- real Prefect
@pytest.fixture(scope="session")
def prefect_house(tmp_path_factory: pytest.TempPathFactory, sqlite_backend: Backend) -> Iterator[PrefectHouse]:
    """A real Prefect server beside a CRM database of its own; one for the session, for it takes ten seconds to start."""
    from tests.support.prefect import PrefectHouse

    house = PrefectHouse(tmp_path_factory.mktemp("house"), sqlite_backend.url())
    try:
        house.start_server()
        yield house
    finally:
        house.close()


# ------------------------------------------------------------------------------------------------------- real browsers
@pytest.fixture
def server(sqlite_klynge: Klynge, app: Flask) -> Iterator[LiveServer]:
    """The real application behind a real socket, on SQLite; the container is this test's, so its data can be set here."""
    from tests.support.servers import serving

    with serving(app) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the session."""
    from tests.support.browser import running_browser

    with running_browser() as chromium:
        yield chromium


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of a context of its own (no cookies); fails the test on an error in the console, a CSP violation included."""
    from tests.support.browser import watched_page

    if "server" in request.fixturenames:
        request.getfixturevalue("server")  # up before the page and down after it, in whatever order a test names the two
    with watched_page(browser, request.node.name) as tab:
        yield tab
