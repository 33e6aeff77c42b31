"""Counts what a page asks of the database: a list of fifty must not ask fifty times."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from crm.kernel.db import Database

#: Opening and closing a transaction, and SQLite's settings, are not questions.
QUIET = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")


@contextmanager
def counting(database: Database) -> Iterator[list[str]]:
    """Collect the statements sent while the block runs: `with counting(klynge.database) as asked: …; len(asked)`."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.lstrip().upper().startswith(QUIET):
            asked.append(statement)

    for engine in database.engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        for engine in database.engines:
            event.remove(engine, "before_cursor_execute", note)
