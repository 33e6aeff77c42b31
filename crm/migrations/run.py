"""Runs Alembic on a database: under a lock, so that two processes starting at once do not collide."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from crm.kernel.db import WRITE, Database
from crm.migrations.metadata import whole_metadata

FOLDER: Final = Path(__file__).resolve().parent
#: Any number that nothing else in the database takes an advisory lock on.
LOCK_KEY: Final = 5_927_001


def config() -> Config:
    """Give Alembic's configuration; there is no alembic.ini, and no address of a database in it."""
    found = Config()
    found.set_main_option("script_location", str(FOLDER))
    found.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    found.set_main_option("path_separator", "os")
    return found


def heads() -> list[str]:
    """Give the newest revisions; there must be one."""
    return list(ScriptDirectory.from_config(config()).get_heads())


def first() -> str:
    """Give the oldest revision."""
    return next(step.revision for step in ScriptDirectory.from_config(config()).walk_revisions() if step.down_revision is None)


def current(database: Database) -> str | None:
    """Give the revision that a database is at; None when it is empty."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring a database to a revision; does nothing when it is there already."""
    with _prepared(database) as settings:
        command.upgrade(settings, revision)


def downgrade(database: Database, revision: str) -> None:
    """Take a database back to a revision (`base` empties it)."""
    with _prepared(database) as settings:
        command.downgrade(settings, revision)


def difference(database: Database) -> list[Any]:
    """Give what the models say and the database lacks, or the other way round; empty when they agree."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": _is_compared})
        return list(compare_metadata(context, whole_metadata()))


def _is_compared(_item: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:  # noqa: FBT001 - Alembic's signature
    """Leave out what no model describes: Alembic's own table, and the full-text index over `search_doc` (migration 0530)."""
    if kind == "table":
        return not (name == "alembic_version" or (name or "").startswith("search_fts"))
    return (kind, name) not in {("column", "vector"), ("index", "ix_search_doc_vector")}


@contextmanager
def _prepared(database: Database) -> Iterator[Config]:
    with alone(database), database.engine.connect() as plain:
        connection = plain.execution_options(**{WRITE: True})
        _session_settings(connection, database, begin=True)
        settings = config()
        settings.attributes["connection"] = connection
        try:
            yield settings
        finally:
            connection.rollback()
            _session_settings(connection, database, begin=False)


def _session_settings(connection: Connection, database: Database, *, begin: bool) -> None:
    """Set what holds outside transactions.

    SQLite: dropping a parent table in batch mode would cascade into its children, so foreign keys are off (the pragma does
    nothing inside a transaction) and checked before each commit. PostgreSQL: a migration that waits for a lock makes every
    reader behind it wait too, so it gives up after five seconds instead.
    """
    raw = connection.connection.driver_connection
    if raw is None:
        return
    if database.is_sqlite:
        raw.execute(f"PRAGMA foreign_keys={'OFF' if begin else 'ON'}")
        return
    raw.execute("SET lock_timeout = '5s'" if begin else "RESET lock_timeout")
    raw.commit()


@contextmanager
def alone(database: Database) -> Iterator[None]:
    """Wait until no other process migrates this database."""
    if database.is_sqlite:
        name = database.engine.url.database
        if not name or name == ":memory:":
            yield
            return
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.with_name(f"{path.name}.migrating").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        return
    with database.engine.connect() as connection:
        connection.exec_driver_sql("SELECT pg_advisory_lock(%s)", (LOCK_KEY,))
        connection.commit()
        try:
            yield
        finally:
            connection.exec_driver_sql("SELECT pg_advisory_unlock(%s)", (LOCK_KEY,))
            connection.commit()
