"""Many writers at once, threads and processes, short and long transactions: a reader skips no change and gets none twice."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from pathlib import Path

from sqlalchemy import select

from crm.kernel.db import Database
from crm.records.changes import advance, read_changes
from crm.records.models import Change
from tests.db.records.log_writer import write
from tests.support.records import works_on

WRITER = Path(__file__).parent / "log_writer.py"
TRANSACTIONS = 25


def poll(database: Database, seen: list[tuple[int, int]]) -> int:
    with database.writing() as session:
        batch = read_changes(session, "test", limit=7)
        if batch:
            seen += [(change.txid, change.id) for change in batch]
            advance(session, "test", batch[-1])
        return len(batch)


def test_no_change_is_skipped_and_none_is_given_twice(database: Database) -> None:
    # SQLite lets one write at a time, and not in turn: more of them would wait longer than they may.
    threads, processes_wanted = (2, 1) if database.is_sqlite else (4, 2)
    works = works_on(database)
    writers = [threading.Thread(target=write, args=(works, random.Random(seed), TRANSACTIONS)) for seed in range(threads)]
    command = [sys.executable, str(WRITER), database.url]
    processes = [subprocess.Popen([*command, str(100 + seed), str(TRANSACTIONS)]) for seed in range(processes_wanted)]
    for writer in writers:
        writer.start()
    seen: list[tuple[int, int]] = []
    try:
        while any(writer.is_alive() for writer in writers) or any(process.poll() is None for process in processes):
            if not poll(database, seen):
                time.sleep(0.01)
    finally:
        for writer in writers:
            writer.join()
        codes = [process.wait(timeout=60) for process in processes]
    while poll(database, seen):
        pass
    with database.reading() as session:
        written = [(row.txid, row.id) for row in session.execute(select(Change.txid, Change.id).order_by(Change.txid, Change.id))]
    assert codes == [0] * processes_wanted
    assert len(written) > (threads + processes_wanted) * TRANSACTIONS
    assert seen == written
    assert len(set(seen)) == len(seen)
