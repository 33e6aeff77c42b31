"""How fast a list leaves as CSV and as Excel: rows a second, on both databases.

    python -m bench.exports --organisations 100000

The rows are those of `klynge bench seed`, written as the product writes them: page by page, each a transaction of its own,
through row and field rights, with the columns of the list and with all fields. The best of three runs counts, since what else
the machine does only ever slows one. Beside it stand the rows a second of our own processor time: what a quiet machine comes
close to on SQLite (PostgreSQL's own time is not in it).
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench import servers
from crm.cli.bench import fill, organisation_values
from crm.cli.db import upgrade_database
from crm.exchange.columns import all_names
from crm.exchange.files import Sheet
from crm.exchange.services import CSV, XLSX, Export, ExportOrder, csv_parts, next_rows, prepare
from crm.kernel.db import Database
from crm.kernel.paging import Place
from crm.records.registry import RegistryCache
from crm.records.walk import first_place
from crm.records.work import Works
from crm.screens.listing import columns_of
from crm.security.actors import system_actor
from crm.wiring import BUILTIN_TYPES

ACTOR = system_actor("bench")
#: What the design asks for, in rows a second (docs/performance.md).
LIMITS = {CSV: 40_000, XLSX: 4_000}
RUNS = 3


def write_csv(works: Works, export: Export, folder: Path) -> None:
    """Write a list as CSV."""
    with (folder / "list.csv").open("w") as file:
        for part in csv_parts(works, ACTOR, export):
            file.write(part)


def write_xlsx(works: Works, export: Export, folder: Path) -> None:
    """Write a list as Excel."""
    sheet = Sheet(folder / "list.xlsx", "Organisationer", export.columns, folder)
    place: Place | None = first_place()
    while place is not None:
        ids, values, place = next_rows(works, ACTOR, export, place)
        sheet.write(ids, values)
    sheet.close()


WRITERS: dict[str, Callable[[Works, Export, Path], None]] = {CSV: write_csv, XLSX: write_xlsx}


def orders(works: Works) -> list[tuple[str, ExportOrder]]:
    """Give what is measured: both formats, with the list's columns and with all."""
    with works.reading(ACTOR) as uow:
        record_type = uow.registry.get("organisation")
        shown = tuple(column.name for column in columns_of(record_type, None, ()))
        every = tuple(all_names(record_type, None))
    found = []
    for form in (CSV, XLSX):
        found += [(words, ExportOrder("organisation", form, names)) for words, names in (("the list's", shown), ("all", every))]
    return found


def measure(works: Works, order: ExportOrder, rows: int, folder: Path) -> tuple[int, float, float]:
    """Give the number of columns, and the rows a second of the best run: by the clock, and of our own processor time."""
    best = own = float("inf")
    for _ in range(RUNS):
        with works.reading(ACTOR) as uow:
            export = prepare(uow, order)
        begun, worked = time.perf_counter(), time.process_time()
        WRITERS[order.format](works, export, folder)
        best, own = min(best, time.perf_counter() - begun), min(own, time.process_time() - worked)
    return len(export.columns), rows / best, rows / own


def main() -> None:
    """Measure both databases and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--organisations", type=int, default=100_000)
    rows = parser.parse_args().organisations
    print("| export | columns | rows a second | of our processor time | goal | |\n|---|---:|---:|---:|---:|---|")
    with tempfile.TemporaryDirectory() as name, servers.postgresql() as server:
        folder = Path(name)
        for engine, url in (("SQLite", f"sqlite:///{folder / 'bench.db'}"), ("PostgreSQL", server)):
            database = Database(url.replace("postgresql://", "postgresql+psycopg://"))
            upgrade_database(database)
            works = Works(database, RegistryCache(BUILTIN_TYPES))
            fill(works, "organisation", rows, organisation_values)
            for words, order in orders(works):
                columns, speed, own = measure(works, order, rows, folder)
                goal = LIMITS[order.format]
                held = "holds" if speed >= goal else "**too slow**"
                line = f"| {engine}: {order.format}, {words} | {columns} | **{speed:,.0f}** | {own:,.0f} | {goal:,} | {held} |"
                print(line, flush=True)
            database.dispose()


if __name__ == "__main__":
    main()
