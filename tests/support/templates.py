"""A migrated database per backend, made once a session; each test gets a copy."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from crm.kernel.db import Database
from tests.support.postgres import PostgresServer

TEMPLATE = "klynge_template"


class Backend(Protocol):
    """Something that hands out fresh databases."""

    def url(self) -> str: ...

    def drop(self, url: str) -> None: ...


class SqliteBackend:
    """Copies one file."""

    def __init__(self, folder: Path, *, prepared: bool = True) -> None:
        self.folder = folder
        self.template = folder / "template.db"
        self.made = 0
        if prepared:
            prepare(f"sqlite:///{self.template}")

    def url(self) -> str:
        self.made += 1
        path = self.folder / f"test_{self.made}.db"
        shutil.copyfile(self.template, path)
        return f"sqlite:///{path}"

    def drop(self, url: str) -> None:
        for path in self.folder.glob(Path(url).name + "*"):
            path.unlink(missing_ok=True)


class PostgresBackend:
    """Copies one database."""

    def __init__(self, server: PostgresServer) -> None:
        self.server = server
        prepare(server.create(TEMPLATE))

    def url(self) -> str:
        return self.server.copy(TEMPLATE)

    def drop(self, url: str) -> None:
        self.server.drop(url)


def prepare(url: str) -> None:
    """Do to an empty database what `klynge db upgrade` does."""
    from crm.cli.db import upgrade_database

    database = Database(url)
    try:
        upgrade_database(database)
    finally:
        database.dispose()


@contextmanager
def fresh(backend: Backend) -> Iterator[Database]:
    """Open a database of one's own, dropped at the end."""
    url = backend.url()
    database = Database(url)
    try:
        yield database
    finally:
        database.dispose()
        backend.drop(url)
