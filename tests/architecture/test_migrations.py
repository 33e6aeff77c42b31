"""The schema has one history, and it agrees with the code on both databases."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from crm.kernel.settings import ROOT
from crm.migrations import run
from tests.support.rows import count_rows, fill_every_table

if TYPE_CHECKING:
    from crm.kernel.db import Database


def test_there_is_one_newest_migration():
    assert len(run.heads()) == 1


def test_every_migration_is_named_by_its_day_and_says_why():
    for path in (run.FOLDER / "versions").glob("*.py"):
        assert path.name[:8].isdigit(), f"{path.name}: begin with YYYYMMDD_HHMM"
        head = path.read_text().split('"""')[1]
        assert "Why:" in head, f"{path.name}: say why"
        assert "Safe" in head, f"{path.name}: say whether the old release runs beside it"


def test_models_and_migrations_agree(database: Database):
    assert run.difference(database) == []


def test_up_down_up_keeps_every_row_of_every_table(empty_database: Database):
    """Each step back and forth again, from the newest to the second, with rows everywhere; a table made by a step goes with it."""
    run.upgrade(empty_database)
    fill_every_table(empty_database)
    before = count_rows(empty_database)
    assert all(before.values()), f"no row in {[name for name, rows in before.items() if not rows]}"
    newest = run.current(empty_database)
    run.downgrade(empty_database, run.first())
    oldest = set(count_rows(empty_database))
    run.upgrade(empty_database)
    assert run.current(empty_database) == newest
    assert count_rows(empty_database) == {name: rows if name in oldest else 0 for name, rows in before.items()}


def test_the_whole_schema_can_be_taken_down_and_set_up_again(empty_database: Database):
    run.upgrade(empty_database)
    fill_every_table(empty_database)
    run.downgrade(empty_database, "base")
    assert count_rows(empty_database) == {}
    run.upgrade(empty_database)
    assert run.difference(empty_database) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE change SET kind = 'create'",
        "DELETE FROM change",
        "UPDATE change_value SET salt = 'x'",
        "UPDATE security_event SET kind = 'x'",
        "DELETE FROM security_event",
    ],
)
def test_the_logs_cannot_be_edited(database: Database, statement: str):
    fill_every_table(database)
    with pytest.raises(IntegrityError, match="append-only"), database.writing() as session:
        session.execute(text(statement))


def test_a_published_pack_stays_as_it_was_sent(database: Database):
    fill_every_table(database)
    with database.writing() as session:
        session.execute(text("UPDATE pack_version SET mails_sent = 3"))
        session.execute(text("UPDATE pack_version SET built_by = NULL, approved_by = NULL"))
    for statement in (
        "UPDATE pack_version SET file_name = 'x'",
        "UPDATE pack_version SET published_at = NULL",
        "DELETE FROM pack_version",
    ):
        with pytest.raises(IntegrityError, match="published pack"), database.writing() as session:
            session.execute(text(statement))


def test_a_deleted_user_leaves_the_log_and_a_purged_record_takes_its_lines(database: Database):
    fill_every_table(database, only={"ab_user", "record_type", "record", "act", "change", "change_value"})
    with database.writing() as session:
        session.execute(text("DELETE FROM ab_user"))
    with database.reading() as session:
        assert session.execute(text("SELECT actor_id FROM change")).all() == [(None,)]
    with database.writing() as session:
        session.execute(text("DELETE FROM record"))
    with database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM change")) == 0


def test_a_change_gets_the_number_of_its_transaction_on_postgresql(postgres_database: Database):
    fill_every_table(postgres_database)
    with postgres_database.reading() as session:
        assert (session.scalar(text("SELECT txid FROM change")) or 0) > 0


def test_two_processes_that_upgrade_at_once_do_not_collide(empty_database: Database):
    command = [sys.executable, "-c", "from crm.cli.main import main; main()", "db", "upgrade"]
    environment = {**os.environ, "KLYNGE_DATABASE_URL": empty_database.url}
    both = [
        subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in "ab"
    ]
    told = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    assert run.current(empty_database) == run.heads()[0]
