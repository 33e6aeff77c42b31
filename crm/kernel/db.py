"""The database: one declarative base, column types that behave alike on SQLite and PostgreSQL, engines.

SQLite runs with WAL, synchronous FULL and foreign keys; a writer begins IMMEDIATE, so two writers never deadlock on an
upgrade. PostgreSQL has connections of their own for reading: they can write nothing, and need no transaction's two round
trips. There is no session here without an owner: `Database.reading()` and `Database.writing()` are context managers.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Final

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Engine,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    create_engine,
    event,
    insert,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column
from sqlalchemy.sql.dml import Insert, ReturningInsert
from sqlalchemy.types import TypeDecorator, TypeEngine

WRITE: Final = "klynge_write"
#: A single question: on SQLite each statement is a transaction of its own.
ASK: Final = "klynge_ask"
#: How long a connection to SQLite waits for another writer.
BUSY_SECONDS: Final = 5
NAMING: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Moment(TypeDecorator[datetime]):
    """A moment in UTC: timestamptz on PostgreSQL, fixed-width ISO text on SQLite (so that text order is time order)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column type."""
        return dialect.type_descriptor(String(27) if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Write UTC; a time without zone is a fault of ours."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        value = value.astimezone(UTC)
        return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Read UTC."""
        return None if value is None else _read_text(value) if isinstance(value, str) else value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        """Read without the general way's steps between: a list has a hundred moments."""
        return _moment_of_text if dialect.name == "sqlite" else _moment_of_server


_read_text: Final = datetime.fromisoformat


def _moment_of_text(value: str | None) -> datetime | None:
    return None if value is None else _read_text(value)


def _moment_of_server(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(UTC)


class Fixed4(TypeDecorator[Decimal]):
    """A number with four decimals, kept as an integer × 10⁴: exact on both databases, sums included."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> int | None:
        """Scale up."""
        return None if value is None else int((Decimal(value) * 10_000).to_integral_value())

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Scale down."""
        return None if value is None else Decimal(int(value)) / 10_000


#: JSON on SQLite, JSONB on PostgreSQL.
Json = JSON().with_variant(JSONB(), "postgresql")
#: The same where None is SQL's null, not JSON's.
JsonOrNull = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
#: A sort key (`kernel.text.sort_key`): plain code-point order, whatever the locale that PostgreSQL's database was made with.
Key = String(200).with_variant(String(200, collation="C"), "postgresql")
#: bigint ids that SQLite still numbers by itself.
Id = BigInteger().with_variant(Integer, "sqlite")

long_id = Annotated[int, mapped_column(Id, primary_key=True)]
small_id = Annotated[int, mapped_column(SmallInteger, primary_key=True, autoincrement=False)]
moment = Annotated[datetime, mapped_column(Moment)]
label = Annotated[str, mapped_column(String(200))]
long_text = Annotated[str, mapped_column(Text)]


class Base(DeclarativeBase):
    """The declarative base of all tables of ours (never Flask-AppBuilder's Model: it would create them past Alembic)."""

    metadata = MetaData(naming_convention=NAMING)


def _use_wal(cursor: sqlite3.Cursor) -> None:
    """Switch to WAL, which lasts with the file.

    Two processes that open a new file at once both want it to themselves for a moment; SQLite then refuses one at once, whatever
    the busy timeout, since both hold a shared lock. The refused one asks again for as long as a writer would wait.
    """
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


_decoder: Final[Any] = json.JSONDecoder()
_scan: Final = _decoder.scan_once


def read_json(written: str) -> Any:
    """Read JSON that this app wrote: what `json.loads` gives, without its checks, since a list has hundreds of small ones."""
    try:
        return _scan(written, 0)[0]
    except StopIteration:  # it begins with white space, or is none
        return json.loads(written)


def make_engine(url: str) -> Engine:
    """Make an engine whose connections behave as the head of this file says; its errors never quote values (logs)."""
    return _sqlite_engine(url) if url.startswith("sqlite") else _server_engine(url)


def _server_engine(url: str, **more: Any) -> Engine:
    return create_engine(url, hide_parameters=True, pool_size=5, max_overflow=5, pool_pre_ping=False, pool_recycle=1800, **more)


def make_read_engine(url: str) -> Engine:
    """Make a PostgreSQL engine for reading alone: the server refuses every write, and no transaction is begun or ended.

    Reads there see what is committed at the moment of each statement (READ COMMITTED), within a transaction or without.
    """
    return _server_engine(url, isolation_level="AUTOCOMMIT", connect_args={"options": "-c default_transaction_read_only=on"})


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(
        url, hide_parameters=True, json_deserializer=read_json, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def _connect(raw: Any, _record: Any) -> None:
        raw.isolation_level = None  # we emit BEGIN ourselves: pysqlite's own does not cover DDL and SELECT
        cursor = raw.cursor()
        # LIKE as on PostgreSQL, sign by sign: keys are folded already, and so a beginning can be found by index.
        like = "case_sensitive_like=ON"
        for pragma in (f"busy_timeout={BUSY_SECONDS * 1000}", "synchronous=FULL", "foreign_keys=ON", like):
            cursor.execute(f"PRAGMA {pragma}")
        _use_wal(cursor)
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(conn: Connection) -> None:
        options = conn.get_execution_options()
        if options.get(WRITE):
            conn.exec_driver_sql("BEGIN IMMEDIATE")  # may meet another writer: the error is SQLAlchemy's, as any
        elif not options.get(ASK):
            conn.connection.driver_connection.execute("BEGIN")  # type: ignore[union-attr]  # never waits: the short way

    return engine


@cache
def adding(table: Table) -> Insert:
    """Give the statement that inserts into a table; made once, since its compiled form is then found at once."""
    return insert(table)


@cache
def _numbering(table: Table) -> ReturningInsert[tuple[int]]:
    return insert(table).returning(table.c.id, sort_by_parameter_order=True)


_LAST: Final = text("SELECT seq FROM sqlite_sequence WHERE name = :name")


def insert_rows(session: Session, table: Table, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Insert rows into a table that numbers them by itself, and give their ids, in the order of the rows.

    SQLite gives ids in order only row by row; there its only writer counts on by itself, and several rows are one statement.
    """
    connection = session.connection()
    if len(rows) > 1 and connection.dialect.name == "sqlite":
        last = connection.scalar(_LAST, {"name": table.name}) or 0
        ids = list(range(last + 1, last + 1 + len(rows)))
        connection.execute(adding(table), [{**row, "id": one} for one, row in zip(ids, rows, strict=True)])
        return ids
    return [row.id for row in connection.execute(_numbering(table), rows)]


class Database:
    """One database: an engine for reading, and one for writing; on SQLite they share connections."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = make_engine(url)
        self.write_engine = self.engine.execution_options(**{WRITE: True})
        self.read_engine = self.engine if self.is_sqlite else make_read_engine(url)
        self._ask_engine = self.read_engine.execution_options(**{ASK: True})

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return self.engine.dialect.name == "sqlite"

    @property
    def engines(self) -> tuple[Engine, ...]:
        """Give the engines that have connections of their own."""
        return (self.engine,) if self.read_engine is self.engine else (self.engine, self.read_engine)

    @contextmanager
    def asking(self) -> Iterator[Connection]:
        """Open a connection for the question that begins every request: no transaction, and nothing of the ORM."""
        with self._ask_engine.connect() as connection:
            yield connection

    @contextmanager
    def reading(self, session_class: type[Session] = Session) -> Iterator[Session]:
        """Open a session for reading; whatever else is done in it is refused or rolled back."""
        with session_class(self.read_engine, expire_on_commit=False, autoflush=False) as session:
            yield session

    @contextmanager
    def hurrying(self) -> Iterator[None]:
        """Do not wait for the disk at each commit meanwhile (SQLite): for loads that go on where they stopped.

        The file stays whole whatever happens; a power cut may take the last commits with it.
        """
        if not self.is_sqlite:
            yield
            return

        def hurry(raw: Any, _record: Any, _proxy: Any) -> None:
            raw.execute("PRAGMA synchronous=NORMAL")

        event.listen(self.engine.pool, "checkout", hurry)
        try:
            yield
        finally:
            event.remove(self.engine.pool, "checkout", hurry)
            self.engine.dispose()  # new connections wait again

    @contextmanager
    def writing(self, session_class: type[Session] = Session) -> Iterator[Session]:
        """Open a write transaction: committed at the end, rolled back on any error."""
        with session_class(self.write_engine, expire_on_commit=False) as session, session.begin():
            yield session

    def dispose(self) -> None:
        """Close all connections."""
        for engine in self.engines:
            engine.dispose()
