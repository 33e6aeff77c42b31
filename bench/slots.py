"""What the spine's slots cost on insert (ADR 1): 32 of them against a set of 14, with their indexes, on both databases.

    python -m bench.slots

Two tables that differ in nothing else take turns; the table shows medians and the ratio 32 : 14. Rows as the store writes
them: only the columns that have values are named.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Index, MetaData, Table, and_, insert

from bench import servers
from crm.kernel.db import Database, Fixed4, Key, Moment
from crm.records.models import SLOTS, record_table

FEW = tuple(f"t{n}" for n in range(1, 7)) + tuple(f"n{n}" for n in range(1, 5)) + tuple(f"d{n}" for n in range(1, 5))
HEAD = (
    "title", "title_sort", "state", "owner_id", "starts_at", "ends_at", "due_at", "all_day", "version", "created_at", "created_by",
    "updated_at", "updated_by", "deleted_at", "data",
)  # fmt: skip
FILLED = ("t1", "t2", "t3", "n1", "n2", "d1")
BATCH, BATCHES, ROUNDS, SINGLES = 500, 4, 15, 200
NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)


def spine(name: str, slots: tuple[str, ...]) -> Table:
    """Make a spine with these slots and the same indexes as the real one, without foreign keys."""
    columns = [
        Column("id", record_table.c.id.type, primary_key=True),
        Column("type_id", record_table.c.type_id.type, nullable=False),
    ]
    columns += [Column(one, record_table.c[one].type, nullable=record_table.c[one].nullable) for one in HEAD]
    columns += [Column(one, {"t": Key, "n": Fixed4, "d": Moment}[one[0]]) for one in slots]
    table = Table(name, MetaData(), *columns)
    live = table.c.deleted_at.is_(None)
    for one in ("title_sort", "state", "owner_id", "starts_at", "due_at", "updated_at", *slots):
        column = table.c[one]
        where = live if one in {"title_sort", "updated_at"} else and_(column.is_not(None), live)
        Index(f"ix_{name}_{one}", table.c.type_id, column, table.c.id, sqlite_where=where, postgresql_where=where)
    return table


def row(number: int, *, filled: bool) -> dict[str, Any]:
    """Make up a row, with six slots filled or none."""
    values: dict[str, Any] = {
        "type_id": 1,
        "title": f"Organisation {number}",
        "title_sort": f"organisation {number % 7919}",
        "state": "active",
        "all_day": False,
        "version": 1,
        "created_at": NOW + timedelta(seconds=number),
        "updated_at": NOW + timedelta(seconds=number),
        "data": {"f1": f"tekst {number}", "f2": number} if filled else {},
    }
    if filled:
        values |= {
            "t1": f"tekst {number % 1009}",
            "t2": f"by {number % 97}",
            "t3": "o1",
            "n1": number,
            "n2": number % 13,
            "d1": NOW,
        }
    return values


def medians(tables: list[Table], rounds: int, act: Callable[[Table, int], None]) -> list[float]:
    """Take turns, and give the median milliseconds of each."""
    took: list[list[float]] = [[] for _ in tables]
    for number in range(rounds):
        order = list(enumerate(tables))
        for place, table in order if number % 2 else reversed(order):
            begun = time.perf_counter()
            act(table, number)
            took[place].append((time.perf_counter() - begun) * 1000)
    return [statistics.median(one) for one in took]


def measure(url: str) -> list[tuple[str, float, float]]:
    """Measure one database."""
    database = Database(url)
    tables = [spine("spine_14", FEW), spine("spine_32", SLOTS)]
    for table in tables:
        table.metadata.create_all(database.engine)
    results = []
    for filled in (False, True):
        words = "six slots filled" if filled else "no slot filled (a built-in type)"

        def bulk(table: Table, number: int, filled: bool = filled) -> None:  # noqa: FBT001
            for batch in range(BATCHES):
                first = (number * BATCHES + batch) * BATCH
                with database.writing() as session:
                    session.execute(insert(table), [row(first + one, filled=filled) for one in range(BATCH)])

        def single(table: Table, number: int, filled: bool = filled) -> None:  # noqa: FBT001
            with database.writing() as session:
                session.execute(insert(table), [row(number, filled=filled)])

        for name, act, rounds in (("2,000 rows in batches of 500", bulk, ROUNDS), ("one row, committed", single, SINGLES)):
            few, many = medians(tables, rounds, act)
            results.append((f"{name}, {words}", few, many))
    database.dispose()
    return results


def main() -> None:
    """Measure both databases and print a table."""
    print("| insert | 14 slots ms | 32 slots ms | ratio |\n|---|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as folder, servers.postgresql() as server:
        for engine, url in (("SQLite", f"sqlite:///{Path(folder) / 'slots.db'}"), ("PostgreSQL", server)):
            plain = url.replace("postgresql://", "postgresql+psycopg://")
            for name, few, many in measure(plain):
                print(f"| {engine}: {name} | {few:.2f} | {many:.2f} | **{many / few:.2f}** |", flush=True)


if __name__ == "__main__":
    main()
