"""A bound on how long reads may take: what is too slow for a page is asked for on purpose, or not at all."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from crm.kernel.errors import KlyngeError

#: SQLite looks at the clock once in so many of its own steps: about a millisecond.
_STEPS: Final = 20_000
_CANCELLED: Final = "57014"


class TooSlowError(KlyngeError):
    """The reads were broken off; on PostgreSQL a transaction is lost with them."""


@contextmanager
def at_most(session: Session, seconds: float) -> Iterator[None]:
    """Break off the reads of a block that take longer, together.

    Raises:
        TooSlowError: they did.
    """
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        yield from _sqlite(connection.connection.driver_connection, time.monotonic() + seconds)
        return
    session.execute(text(f"SET statement_timeout = {int(seconds * 1000)}"))  # not LOCAL: reads have no transaction
    try:
        yield
    except DBAPIError as error:
        session.rollback()  # a transaction that failed takes no order, not even the one to reset its patience
        if getattr(error.orig, "sqlstate", None) == _CANCELLED:
            raise TooSlowError(f"longer than {seconds} s") from None
        raise
    finally:
        session.execute(text("RESET statement_timeout"))


def _sqlite(raw: Any, deadline: float) -> Iterator[None]:
    raw.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS)
    try:
        yield
    except DBAPIError as error:
        if "interrupted" not in str(error.orig):
            raise
        raise TooSlowError("longer than allowed") from None
    finally:
        raw.set_progress_handler(None, 0)
